//! Names as SPSS wants them: long ones for people, of eight bytes for the file.

use std::collections::HashSet;

/// Words of SPSS's language, which name no variable.
const RESERVED: [&str; 13] =
    ["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"];
/// Bytes of a long name.
const LONGEST: usize = 64;
/// Bytes of a short name.
const SHORT: usize = 8;

/// The names of a file's variables, each different from the others whatever the case of letters.
#[derive(Debug, Default)]
pub(super) struct Names {
    long: HashSet<String>,
    short: HashSet<String>,
}

impl Names {
    /// A legal name as like this one as can be.
    pub(super) fn long(&mut self, name: &str) -> String {
        let mut legal: String = name.chars().map(|own| if fits(own) { own } else { '_' }).collect();
        if !legal.starts_with(|first: char| first.is_alphabetic() || first == '@') {
            legal.insert(0, 'v');
        }
        if RESERVED.contains(&legal.to_uppercase().as_str()) {
            legal.push('_');
        }
        let mut legal = cut(&legal, LONGEST).trim_end_matches('.').to_string();
        let base = legal.clone();
        for number in 2.. {
            if self.long.insert(legal.to_uppercase()) {
                break;
            }
            let suffix = format!("_{number}");
            legal = cut(&base, LONGEST - suffix.len()).to_string() + &suffix;
        }
        legal
    }

    /// A short name: the long one where it fits.
    pub(super) fn short(&mut self, long: &str, number: usize) -> String {
        let upper = long.to_ascii_uppercase();
        if upper.is_ascii() && upper.len() <= SHORT && self.short.insert(upper.clone()) {
            return upper;
        }
        (number..)
            .map(|number| format!("V{number}"))
            .find(|name| self.short.insert(name.clone()))
            .unwrap_or_default()
    }
}

fn fits(own: char) -> bool {
    own.is_alphanumeric() || matches!(own, '.' | '_' | '$' | '#' | '@')
}

/// As much of a text as has so many bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal_and_stay_different() {
        let mut names = Names::default();
        let long: Vec<String> = ["q1", "Q1", "性別(SA)", "1a", "by", "q7.r1", "a b", "a_b", "x."]
            .iter()
            .map(|name| names.long(name))
            .collect();
        assert_eq!(long, ["q1", "Q1_2", "性別_SA_", "v1a", "by_", "q7.r1", "a_b", "a_b_2", "x"]);
        let long = names.long(&"あ".repeat(40));
        assert_eq!((long.len(), names.long(&"あ".repeat(40)).len()), (63, 62));
    }

    #[test]
    fn short_names_are_the_long_ones_where_these_fit() {
        let mut names = Names::default();
        let short: Vec<String> = ["q1", "V2", "性別", "q3_10_other"]
            .iter()
            .enumerate()
            .map(|(at, name)| names.short(name, at + 1))
            .collect();
        assert_eq!(short, ["Q1", "V2", "V3", "V4"]);
    }
}
