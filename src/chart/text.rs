//! How wide text is and where it breaks, without a font: the same on every machine.

use super::advance::ADVANCES;

/// Widths of Noto Sans CJK JP are a little less than those of other gothics, whose Latin letters are wider.
const GENEROUS: f64 = 1.06;

/// Width of a text at a size, a little generous.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| advance(c) * size).sum()
}

fn advance(c: char) -> f64 {
    let Ok(code) = u16::try_from(u32::from(c)) else { return 1.0 };
    let place = ADVANCES.partition_point(|&(_, last, _)| last < code);
    match ADVANCES.get(place) {
        Some(&(first, _, thousandths)) if first <= code => f64::from(thousandths) / 1000.0 * GENEROUS,
        _ => 1.0,
    }
}

/// The text as it may be drawn: line breaks are spaces, and characters that are not seen, turn the
/// direction of writing or stand in no XML file are left out.
pub fn clean(text: &str) -> String {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
            || matches!(c, '\u{FEFF}' | '\u{061C}' | '\u{00AD}' | '\u{FFF9}'..='\u{FFFB}')
            || u32::from(c) & 0xFFFE == 0xFFFE
    };
    let spaced = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    let kept: String = spaced.filter(|&c| !hidden(c)).collect();
    kept.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// No line begins with one of these (行頭禁則).
const NO_START: &str = "、。，．,.・：；:;？！?!）」』】〕］｝〉》〟’”)]}ー～〜…‥々ゝゞヽヾぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ％%‰℃°′″ﾞﾟｰ｡｣､･ｧｨｩｪｫｬｭｮｯ";
/// No line ends with one of these (行末禁則).
const NO_END: &str = "（「『【〔［｛〈《〝‘“([{｢￥＄￡№＃";

#[derive(PartialEq)]
enum Script {
    Kanji,
    Hiragana,
    Katakana,
    /// Letters and digits of words that are not broken.
    Word,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\u{3041}'..='\u{309F}' => Script::Hiragana,
        '\u{30A0}'..='\u{30FF}' | '\u{FF66}'..='\u{FF9F}' => Script::Katakana,
        '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' => Script::Kanji,
        '\u{20000}'..='\u{3FFFF}' | '々' | '〇' => Script::Kanji,
        // Full-width digits and letters are words too: １００ is one number.
        '\u{FF10}'..='\u{FF5A}' => Script::Word,
        _ if c.is_alphanumeric() => Script::Word,
        _ => Script::Other,
    }
}

/// How bad it is to break between two characters: a phrase (文節) begins where kana end, so a line does too.
fn badness(before: char, after: char) -> f64 {
    use Script::{Hiragana, Kanji, Katakana, Other, Word};
    let joined = matches!(after, '\u{0300}'..='\u{036F}' | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}');
    if joined || NO_START.contains(after) || NO_END.contains(before) {
        return 4000.0;
    }
    if before == ' ' || after == ' ' {
        return 0.0;
    }
    match (script(before), script(after)) {
        (Word, Word) => 400.0,
        (Hiragana, Kanji | Katakana | Word) => 0.0,
        (Other, _) if "-/".contains(before) || !before.is_ascii() => 0.0,
        (_, Other) if NO_END.contains(after) && !after.is_ascii() => 0.0,
        (Other, Word) | (Word, Other) => 200.0,
        (Kanji, Kanji) | (Hiragana, Hiragana) => 8.0,
        (Katakana, Katakana) => 30.0,
        (Kanji, Hiragana) => 16.0,
        // 100床, 20歳
        (Word, _) => 20.0,
        _ => 4.0,
    }
}

/// The text in as few lines as it takes, even in length, and broken where reading allows it.
pub fn wrap(text: &str, size: f64, limit: f64) -> Vec<String> {
    let text = clean(text);
    if width(&text, size) <= limit {
        return vec![text];
    }
    let characters: Vec<char> = text.chars().collect();
    let count = characters.len();
    // For each place the cost of the best lines up to it, and where the last of them begins.
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0); count + 1];
    for end in 1..=count {
        best[end].0 = f64::INFINITY;
        let mut wide = 0.0;
        for start in (0..end).rev() {
            let c = characters[start];
            // A space at either end of a line is not drawn.
            let outer = c == ' ' && (start + 1 == end || start == 0);
            wide += if outer { 0.0 } else { advance(c) * size };
            // One character stands in a line, however narrow that is.
            if wide > limit && start + 1 < end {
                break;
            }
            let slack = ((limit - wide) / limit).max(0.0);
            let even = slack * slack * if end == count { 4.0 } else { 20.0 };
            let broken = if end < count { badness(characters[end - 1], characters[end]) } else { 0.0 };
            let cost = best[start].0 + 100.0 + even + broken;
            if cost < best[end].0 {
                best[end] = (cost, start);
            }
        }
    }
    let mut lines = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = best[end].1;
        lines.push(characters[start..end].iter().collect::<String>().trim().to_string());
        end = start;
    }
    lines.reverse();
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_is_one_em_and_half_width_katakana_half_of_it() {
        assert_eq!(width("連携", 10.0), 20.0);
        assert_eq!(width("𠮷", 10.0), 10.0);
        assert!((width("ﾊﾝ", 10.0) - 10.0 * GENEROUS).abs() < 1e-9);
        assert!((width("604", 10.0) - 3.0 * 5.55 * GENEROUS).abs() < 1e-9);
    }

    #[test]
    fn lines_break_between_phrases() {
        let lines = wrap("医療機関からの要請の有無に関わらず常に提供している", 10.0, 130.0);
        assert_eq!(lines, ["医療機関からの要請の有無に", "関わらず常に提供している"]);
    }

    #[test]
    fn no_line_begins_or_ends_with_what_must_not_stand_there() {
        let text = "（その他）、「ショッピングセンター」。キャッシュカード（１００％）ーーっと「『なか』」ー";
        for limit in 20..120 {
            for line in wrap(text, 10.0, f64::from(limit)) {
                assert!(width(&line, 10.0) <= f64::from(limit) + 1e-9, "{line}");
                if limit >= 70 {
                    assert!(!NO_START.contains(line.chars().next().unwrap()), "{limit}: {line}");
                    assert!(!NO_END.contains(line.chars().last().unwrap()), "{limit}: {line}");
                }
            }
        }
    }

    #[test]
    fn words_and_numbers_stay_whole_where_they_fit() {
        assert_eq!(wrap("Long Term Care 12,345", 10.0, 80.0), ["Long Term Care", "12,345"]);
        assert_eq!(wrap("abcdefghijklmnop", 10.0, 50.0).concat(), "abcdefghijklmnop");
    }

    #[test]
    fn what_cannot_be_drawn_is_left_out() {
        assert_eq!(clean("a\u{202E}b\u{0}\u{FFFF}\n c"), "ab c");
    }
}
