//! What a text says that only data can say, and whether a figure says it too.
//!
//! A report may print `48％`, `4割以上`, `19.8ポイント`, `604名` and words such as 最多 only where one of its figures asserts
//! them of the data: so a report cannot print a number that its data do not give.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::claim::{Assertion, Claim};
use super::printed::Printed;
use super::wording::folded;

/// A number or a wording in a text, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// From there to the end, folded: how long a wording is, only a figure knows.
    rest: String,
}

/// Numbers with a sign of what they count, and wordings without one.
static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    let wordings = "過半数|半数|半分|圧倒的多数|最多|最も多|大差な|大きな差はな";
    let number = r"約?[0-9]+(?:\.[0-9]+)?(?:[~〜～][0-9]+)?(?:%|割|ポイント|点差|倍)";
    Regex::new(&format!("{number}|約?(?:{wordings})"))
        .unwrap_or_else(|error| panic!("a fixed pattern: {error}"))
});

/// What makes a wording another one when it follows.
const TAILS: [&str; 11] =
    ["以上", "以下", "未満", "超", "を超", "近く", "程度", "弱", "強", "前後", "にとどま"];

/// Everything in a text that only data can say; numbers of respondents where they have the survey's unit.
pub fn said(text: &str, unit: &str) -> Vec<Said> {
    let (folded_text, places) = folded_with_places(text);
    let mut found: Vec<Range<usize>> = PATTERN.find_iter(&folded_text).map(|hit| hit.range()).collect();
    let unit = folded(unit);
    if !unit.is_empty() {
        for (end, _) in folded_text.match_indices(unit.as_str()) {
            let before = &folded_text[..end];
            let digits =
                before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit() || c == ',').len();
            if digits > 0 {
                found.push(end - digits..end + unit.len());
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
        .into_iter()
        .map(|range| Said {
            span: places[range.start]..places[range.end],
            rest: folded_text[range.start..].to_string(),
        })
        .collect()
}

/// The folded text, and for each of its bytes (and its end) where that stands in the text.
fn folded_with_places(text: &str) -> (String, Vec<usize>) {
    let (mut whole, mut places) = (String::new(), Vec::new());
    for (at, character) in text.char_indices() {
        // One by one: nothing that is looked for is made of several characters.
        let one = folded(character.encode_utf8(&mut [0; 4]));
        places.extend(std::iter::repeat_n(at, one.len()));
        whole += &one;
    }
    places.push(text.len());
    (whole, places)
}

impl Said {
    /// Whether a figure asserts it.
    pub fn is_in(&self, claim: &Claim, unit: &str) -> bool {
        let phrase = |words: &str| {
            let words = folded(words);
            self.rest
                .strip_prefix(words.as_str())
                .is_some_and(|after| !TAILS.iter().any(|tail| after.starts_with(tail)))
        };
        let number = |printed: Printed, sign: &str| {
            let bare = self.rest.strip_prefix('約').unwrap_or(&self.rest);
            bare.strip_prefix(printed.shown().trim_start_matches('-'))
                .is_some_and(|after| after.starts_with(sign))
        };
        let count = |count: u64| {
            let digits = self.rest.len()
                - self.rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ',').len();
            self.rest[..digits].replace(',', "") == count.to_string()
                && self.rest[digits..].starts_with(folded(unit).as_str())
        };
        let first = ["最多", "最も多"].iter().any(|word| self.rest.starts_with(word));
        claim.assertions.iter().any(|assertion| match assertion {
            Assertion::Numbers { percent, count: k, base, .. } => {
                percent.is_some_and(|percent| number(percent, "%"))
                    || k.is_some_and(count)
                    || base.is_some_and(count)
            }
            Assertion::Possible { percent, count: k, base } => {
                number(*percent, "%") || k.is_some_and(count) || count(*base)
            }
            Assertion::Phrase { words, .. } => phrase(words) || (first && folded(words).starts_with('最')),
            Assertion::Points { points, .. } | Assertion::Gap { gap: points, .. } => {
                number(*points, "ポイント")
            }
            Assertion::Ratio { percent, .. } | Assertion::Response { percent, .. } => number(*percent, "%"),
            Assertion::Ranking { from_bottom, .. } => first && !from_bottom,
            Assertion::SameTop { .. } => first,
            Assertion::NoDifference { .. } => {
                ["大差な", "大きな差はな"].iter().any(|word| self.rest.starts_with(word))
            }
            Assertion::Distinct { distinct, .. } => count(*distinct),
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        said(text, "名").into_iter().map(|said| &text[said.span]).collect()
    }

    #[test]
    fn numbers_of_data_are_found_and_dates_are_not() {
        let text = "2016年11月、ケアマネ604名の 8 割を超え、４８．０％と半分以下、19.8ポイント、６～７割が最多、8つの事業";
        assert_eq!(texts(text), ["604名", "8 割", "４８．０％", "半分", "19.8ポイント", "６～７割", "最多"]);
        assert!(texts("2018年4月までに8つの事業、100床以下の規模、1,000名").eq(&["1,000名"]));
    }
}
