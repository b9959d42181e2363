//! Words with places for numbers: `{N}割以上` is 3割以上, ３割以上 and 三割以上.

use crate::schema::matching_key;

/// The numbers of a wording.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Numbers {
    /// At `{N}`.
    pub first: i64,
    /// At `{M}`.
    pub second: i64,
}

/// How digits are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// 3
    Half,
    /// ３
    Full,
}

/// Words with places for numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// As written in the file.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Words(String),
    First,
    Second,
}

const KANJI: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

impl Wording {
    /// Reads a wording; `None` when it is empty or has a place it cannot have.
    pub fn read(text: &str) -> Option<Wording> {
        let key = folded(text);
        let mut pieces = Vec::new();
        let mut rest = key.as_str();
        while let Some(start) = rest.find('{') {
            if start > 0 {
                pieces.push(Piece::Words(rest[..start].to_string()));
            }
            let place = if rest[start..].starts_with("{N}") {
                Piece::First
            } else if rest[start..].starts_with("{M}") {
                Piece::Second
            } else {
                return None;
            };
            pieces.push(place);
            rest = &rest[start + 3..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_string()));
        }
        let words = pieces.iter().any(|piece| matches!(piece, Piece::Words(_)));
        words.then(|| Wording { text: text.to_string(), pieces })
    }

    /// The numbers of a text that is this wording, in whatever digits.
    pub fn numbers(&self, text: &str) -> Option<Numbers> {
        let key = folded(text);
        let mut rest = key.as_str();
        let mut numbers = Numbers::default();
        for piece in &self.pieces {
            match piece {
                Piece::Words(words) => rest = rest.strip_prefix(words.as_str())?,
                Piece::First => (numbers.first, rest) = number(rest)?,
                Piece::Second => (numbers.second, rest) = number(rest)?,
            }
        }
        rest.is_empty().then_some(numbers)
    }

    /// All tenths the wording can be said with, ascending: 1 to 9, and of two the second is one more.
    pub fn all_numbers(&self) -> Vec<Numbers> {
        match (self.pieces.contains(&Piece::First), self.pieces.contains(&Piece::Second)) {
            (true, true) => (1..9).map(|first| Numbers { first, second: first + 1 }).collect(),
            (true, false) => (1..10).map(|first| Numbers { first, second: 0 }).collect(),
            _ => vec![Numbers::default()],
        }
    }

    /// The words with these numbers.
    pub fn say(&self, numbers: Numbers, width: Width) -> String {
        let digits = |number: i64| match width {
            Width::Half => number.to_string(),
            Width::Full => full_width(&number.to_string()),
        };
        self.text.replace("{N}", &digits(numbers.first)).replace("{M}", &digits(numbers.second))
    }
}

/// Digits and the point in full width.
pub fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '0'..='9' => char::from_u32(u32::from(c) - u32::from('0') + u32::from('０')).unwrap_or(c),
        '.' => '．',
        '-' => '－',
        ',' => '，',
        c => c,
    };
    text.chars().map(wide).collect()
}

/// Without white space (a PDF has `8 割`), full width folded.
pub fn folded(text: &str) -> String {
    matching_key(text).replace(' ', "")
}

/// The number a text begins with, in digits or in kanji to ten, and what follows.
fn number(text: &str) -> Option<(i64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=2).contains(&digits) {
        return Some((text[..digits].parse().ok()?, &text[digits..]));
    }
    let first = text.chars().next()?;
    let value = match first {
        '十' => 10,
        _ => 1 + KANJI.iter().position(|kanji| *kanji == first)? as i64,
    };
    Some((value, &text[first.len_utf8()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wording_is_read_in_every_kind_of_digits() {
        let wording = Wording::read("{N}割を超える").expect("a wording");
        for text in ["3割を超える", "３割を超える", "三割を超える", "3 割を超える"] {
            assert_eq!(wording.numbers(text), Some(Numbers { first: 3, second: 0 }), "{text}");
        }
        let two = Wording::read("{N}〜{M}割").expect("a wording");
        assert_eq!(two.numbers("６～７割"), Some(Numbers { first: 6, second: 7 }));
        assert_eq!(two.numbers("６割"), None);
        assert_eq!(wording.numbers("3割を超えるだろう"), None);
        assert_eq!(two.say(Numbers { first: 6, second: 7 }, Width::Full), "６〜７割");
    }
}
