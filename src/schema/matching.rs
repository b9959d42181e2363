//! The matching key: when do two spellings mean the same option?

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use super::{Code, Question};

/// NFKC, wave dashes and minus signs folded, white space trimmed and inner runs made one space.
///
/// The long vowel `ー` is a letter and stays. Zero-width characters stay too: a cell that holds
/// one is not what it seems and must surface as an unknown value.
pub fn matching_key(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return text.replace('~', "〜");
    }
    let mut key = String::with_capacity(text.len());
    let mut space = false;
    for character in text.nfkc() {
        if character.is_whitespace() {
            space = true;
            continue;
        }
        if space && !key.is_empty() {
            key.push(' ');
        }
        space = false;
        key.push(match character {
            '\u{301C}' | '\u{FF5E}' | '~' | '\u{223C}' | '\u{223E}' | '\u{02DC}' => '〜',
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' | '\u{FE63}' | '\u{2043}' => '-',
            other => other,
        });
    }
    key
}

/// The matching key of a code: integers in plain decimal digits.
pub fn code_key(code: &Code) -> String {
    match code {
        Code::Integer(code) => code.to_string(),
        Code::Text(code) => matching_key(code),
    }
}

/// The whole number a cell holds: `1`, `01`, `+1`, `1.0` and `１` are 1.
///
/// Spreadsheets write integer codes in all these ways. `1.5`, `1,000` and `1e3` are no codes.
pub fn integer_of(cell: &str) -> Option<i64> {
    let key = matching_key(cell);
    let (negative, digits) = match key.as_bytes().first()? {
        b'-' => (true, &key[1..]),
        b'+' => (false, &key[1..]),
        _ => (false, key.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || fraction.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let size: i64 = whole.parse().ok()?;
    Some(if negative { -size } else { size })
}

/// How the cells of a coded column spell a question's replies.
///
/// Both maps lead from a matching key to a place: an option's index; `options.len() + i` for the
/// declared missing code `i`; `options.len() + missing.len()` for every code of 非該当.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Keys of codes, integers in plain decimal digits, and of other spellings that are numbers.
    pub by_code: HashMap<String, usize>,
    /// Keys of labels and of other spellings. Codes of 非該当 are here as well, for they may be
    /// given as labels.
    pub by_label: HashMap<String, usize>,
}

impl Spelling {
    /// What a cell means when it holds a code; `1.0`, `01` and `+1` mean the integer code 1.
    pub fn code(&self, cell: &str) -> Option<usize> {
        let exact = self.by_code.get(&matching_key(cell)).copied();
        exact.or_else(|| self.by_code.get(&integer_of(cell)?.to_string()).copied())
    }

    /// What a cell means when it holds a label.
    pub fn label(&self, cell: &str) -> Option<usize> {
        self.by_label.get(&matching_key(cell)).copied()
    }
}

impl Question {
    /// How cells spell this question's replies.
    pub fn spellings(&self) -> Spelling {
        let mut spelling = Spelling::default();
        let Spelling { by_code, by_label } = &mut spelling;
        let offered = |place: &usize| !self.not_offered.contains(place);
        let codes = self.options.iter().map(|option| &option.code);
        let codes = codes.chain(self.missing.iter().map(|missing| &missing.code)).enumerate();
        let own: Vec<(&Code, usize)> = match &self.stored {
            Some(stored) => stored.codes.iter().map(|(code, place)| (code, *place)).collect(),
            None => codes.map(|(place, code)| (code, place)).collect(),
        };
        for (code, place) in own {
            by_code.entry(code_key(code)).or_insert(place);
        }
        // The wave's own words first: they may be another option's today.
        for (label, place) in self.stored.iter().flat_map(|stored| &stored.labels) {
            by_label.entry(matching_key(label)).or_insert(*place);
        }
        for (place, option) in self.options.iter().enumerate().filter(|(place, _)| offered(place)) {
            by_label.entry(matching_key(&option.label)).or_insert(place);
        }
        for (place, missing) in self.missing.iter().enumerate() {
            by_label.entry(matching_key(&missing.label)).or_insert(self.options.len() + place);
        }
        for code in &self.not_asked {
            by_code.entry(code_key(code)).or_insert(self.options.len() + self.missing.len());
            by_label.entry(code_key(code)).or_insert(self.options.len() + self.missing.len());
        }
        // Last, so that no spelling hides what another option is really called.
        for (place, option) in self.options.iter().enumerate().filter(|(place, _)| offered(place)) {
            for written in &option.spellings {
                let map = if integer_of(written).is_some() { &mut *by_code } else { &mut *by_label };
                map.entry(matching_key(written)).or_insert(place);
            }
        }
        spelling
    }

    /// The option with this code; the integer 1 and the text `1` are the same code.
    pub fn option_of(&self, code: &Code) -> Option<usize> {
        let key = code_key(code);
        self.options.iter().position(|option| code_key(&option.code) == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_spaces_and_dashes_do_not_matter() {
        for (one, other) in [
            ("２０〜２９歳", "20~29歳"),
            ("20～29歳", "20∼29歳"),
            ("１－２", "1−2"),
            ("1‐2", "1—2"),
            ("\u{3000}東京 \u{a0} 都 ", "東京 都"),
            ("ｱﾝｹｰﾄ", "アンケート"),
            ("はい\n", "はい"),
        ] {
            assert_eq!(matching_key(one), matching_key(other), "{one} {other}");
        }
    }

    #[test]
    fn letters_that_differ_stay_different() {
        for (one, other) in
            [("カード", "カ-ド"), ("a", "A"), ("東京\u{200b}", "東京"), ("ab", "a b"), ("1〜2", "1-2")]
        {
            assert_ne!(matching_key(one), matching_key(other), "{one} {other}");
        }
    }

    #[test]
    fn spreadsheet_numbers_are_integers() {
        for cell in ["1", "01", "+1", "1.0", "1.00", " １ ", "００１．０"] {
            assert_eq!(integer_of(cell), Some(1), "{cell}");
        }
        for cell in ["", "-", "1.5", "1.", ".0", "1,000", "1e3", "a", "1 2", "99999999999999999999", "--1"] {
            assert_eq!(integer_of(cell), None, "{cell}");
        }
        assert_eq!(integer_of("−3"), Some(-3));
    }

    #[test]
    fn matching_key_is_its_own_key() {
        for text in ["２０〜２９歳", "a ~ b", "－", "か\u{3099}", "㍿", "ﾊﾟ"] {
            let key = matching_key(text);
            assert_eq!(matching_key(&key), key);
        }
    }
}
