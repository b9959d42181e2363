//! What stands in a column: its distinct values as long as they are few, and what all of them have in common.

use std::collections::{HashMap, HashSet};

use crate::schema::{integer_of, matching_key};

/// Distinct values that are kept; a question with more has no options.
const MOST_VALUES: usize = 2_000;
/// Distinct parts that are kept.
const MOST_PARTS: usize = 80;
/// What may stand between several answers in one cell.
pub(super) const SEPARATORS: [&str; 6] = [";", "；", "、", ", ", "|", ","];

/// A column of a file.
#[derive(Debug, Default)]
pub(super) struct Column {
    /// The rows of its header.
    pub(super) header: Vec<String>,
    /// Cells that are not blank.
    pub(super) given: u64,
    /// Blank cells.
    pub(super) blank: u64,
    /// Distinct values with how often each occurs, in the order of the file; what is beyond the limit is not kept.
    values: Vec<(String, u64)>,
    places: HashMap<String, usize>,
    /// There are more than are kept.
    pub(super) overfull: bool,
    /// Characters of the longest cell.
    pub(super) longest: usize,
    /// A cell has several lines or ends as a sentence does.
    pub(super) sentences: bool,
    /// No value stands twice, as far as was looked.
    seen: Option<HashSet<String>>,
    /// Cells that are no number, and the words of them as long as they are few.
    pub(super) words: Vec<(String, u64)>,
    numbers: u64,
    integers: u64,
    /// Least and greatest number, as written.
    pub(super) bounds: Option<((f64, String), (f64, String))>,
    dates: u64,
    times: u64,
    parts: Vec<Parts>,
}

/// Cells cut at a separator.
#[derive(Debug, Default, Clone)]
struct Parts {
    /// Cells that hold the separator.
    cut: u64,
    /// Parts with how often each occurs.
    /// By matching key, the place in `found`.
    places: HashMap<String, usize>,
    found: Vec<(String, u64)>,
    overfull: bool,
}

impl Column {
    pub(super) fn new(header: Vec<String>) -> Column {
        Column {
            header,
            seen: Some(HashSet::new()),
            parts: vec![Parts::default(); SEPARATORS.len()],
            ..Column::default()
        }
    }

    /// Takes a cell.
    pub(super) fn take(&mut self, cell: &str) {
        if cell.is_empty() {
            self.blank += 1;
            return;
        }
        self.given += 1;
        self.longest = self.longest.max(cell.chars().count());
        self.sentences |= cell.contains(['\n', '。']) || cell.ends_with('.');
        if self.seen.as_mut().is_some_and(|seen| !seen.insert(cell.to_string())) {
            self.seen = None;
        }
        let key = matching_key(cell);
        match self.places.get(&key) {
            Some(&place) => self.values[place].1 += 1,
            None if self.values.len() < MOST_VALUES => {
                self.places.insert(key.clone(), self.values.len());
                self.values.push((cell.to_string(), 1));
            }
            None => self.overfull = true,
        }
        match number(&key) {
            Some(value) => {
                self.numbers += 1;
                self.integers += u64::from(integer_of(cell).is_some());
                let own = (value, key.clone());
                let (least, greatest) = self.bounds.take().unwrap_or_else(|| (own.clone(), own.clone()));
                let least = if own.0 < least.0 { own.clone() } else { least };
                let greatest = if own.0 > greatest.0 { own } else { greatest };
                self.bounds = Some((least, greatest));
            }
            None => match self.words.iter().position(|(word, _)| *word == cell) {
                Some(place) => self.words[place].1 += 1,
                None if self.words.len() < 8 => self.words.push((cell.to_string(), 1)),
                None => {}
            },
        }
        let (day, time) = moment(&key);
        self.dates += u64::from(day && !time);
        self.times += u64::from(time);
        for (parts, separator) in self.parts.iter_mut().zip(SEPARATORS) {
            parts.take(cell, &key, separator);
        }
    }

    /// The last row of the header that is not blank.
    pub(super) fn name(&self) -> &str {
        self.header.iter().rev().map(String::as_str).find(|name| !name.is_empty()).unwrap_or_default()
    }

    /// Distinct values with their counts.
    pub(super) fn values(&self) -> &[(String, u64)] {
        &self.values
    }

    /// Whether every cell has another value, and none is blank.
    pub(super) fn is_unique(&self) -> bool {
        self.given > 0 && self.blank == 0 && self.seen.is_some()
    }

    /// Whether all cells that are not blank are whole numbers, but for a few words such as 無回答.
    pub(super) fn are_integers(&self) -> bool {
        self.integers > 0 && self.integers == self.numbers && self.only_few_words()
    }

    /// Whether all cells that are not blank are numbers, but for a few words.
    pub(super) fn are_numbers(&self) -> bool {
        self.numbers > 0 && self.only_few_words()
    }

    fn only_few_words(&self) -> bool {
        let words = self.given - self.numbers;
        let told: u64 = self.words.iter().map(|(_, count)| count).sum();
        words == told && self.words.iter().all(|(word, _)| super::words::means_missing(word))
    }

    /// Whether all cells that are not blank are days.
    pub(super) fn are_dates(&self) -> bool {
        self.dates > 0 && self.dates == self.given
    }

    /// Whether all cells that are not blank are days with a time.
    pub(super) fn are_times(&self) -> bool {
        self.times > 0 && self.times + self.dates == self.given
    }

    /// The separator that cuts the cells into few answers, and the answers by how often each is given.
    ///
    /// The answers must come again and again: a comment has commas too, and its parts do not.
    pub(super) fn packed(&self) -> Option<(&'static str, Vec<(String, u64)>)> {
        let of = |place: usize| {
            let parts = &self.parts[place];
            let total: u64 = parts.found.iter().map(|(_, count)| count).sum();
            let distinct = parts.found.len() as u64;
            // A list that ends with the separator has it in every cell.
            let often = parts.cut * 20 >= self.given && parts.cut > 1;
            let few = !parts.overfull && distinct >= 2 && total >= distinct * 3;
            let seldom = parts.found.iter().filter(|(_, count)| *count == 1).count() as u64;
            let lengthy =
                parts.found.iter().any(|(part, _)| part.chars().count() > 60 || part.contains('。'));
            (often && few && seldom * 5 <= distinct && !lengthy)
                .then(|| (SEPARATORS[place], parts.found.clone()))
        };
        (0..SEPARATORS.len()).find_map(of)
    }
}

impl Parts {
    fn take(&mut self, cell: &str, key: &str, separator: &str) {
        if self.overfull {
            return;
        }
        if !cell.contains(separator) {
            return self.count(cell, key.to_string());
        }
        self.cut += 1;
        for part in cell.split(separator).map(str::trim).filter(|part| !part.is_empty()) {
            self.count(part, matching_key(part));
        }
    }

    fn count(&mut self, part: &str, key: String) {
        match self.places.get(&key) {
            Some(&place) => self.found[place].1 += 1,
            None if self.found.len() < MOST_PARTS => {
                self.places.insert(key, self.found.len());
                self.found.push((part.to_string(), 1));
            }
            None => self.overfull = true,
        }
    }
}

/// A number as cells hold it.
fn number(key: &str) -> Option<f64> {
    let digits = key.strip_prefix(['-', '+']).unwrap_or(key);
    let plain = !digits.is_empty()
        && digits.starts_with(|sign: char| sign.is_ascii_digit())
        && digits.chars().all(|sign| sign.is_ascii_digit() || sign == '.')
        && digits.matches('.').count() < 2;
    plain.then(|| key.parse().ok()).flatten()
}

/// Whether it is a day, and whether it has a time.
fn moment(key: &str) -> (bool, bool) {
    let parts: Vec<i64> = key
        .split(|sign: char| !sign.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .take(6)
        .map_while(|part| part.parse().ok())
        .collect();
    let begins = key.starts_with(|sign: char| sign.is_ascii_digit());
    let year = |at: usize| parts.get(at).is_some_and(|year| (1900..=2100).contains(year));
    let small = |at: usize, most: i64| parts.get(at).is_some_and(|part| (1..=most).contains(part));
    let cut = key.contains(['/', '-']) || (key.contains('年') && key.contains('月'));
    // Which of two numbers is the month, nobody can say: only a time makes such a cell anything.
    let first = year(0) && small(1, 12) && small(2, 31);
    let day = begins && cut && (first || (year(2) && small(0, 31) && small(1, 31)));
    let time = day && parts.len() >= 5 && (key.contains(':') || key.contains('時'));
    ((first && begins && cut) || time, time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str]) -> Column {
        let mut column = Column::new(vec!["q".to_string()]);
        cells.iter().for_each(|cell| column.take(cell));
        column
    }

    #[test]
    fn numbers_days_and_times_are_told_apart() {
        assert!(column(&["1", "2", "", "無回答"]).are_integers());
        assert!(!column(&["1.5", "2"]).are_integers());
        assert!(column(&["1.5", "2"]).are_numbers());
        assert!(column(&["2026/1/2", "2026年3月4日"]).are_dates());
        assert!(column(&["2026/1/2 9:05:00", "2026-03-04T10:00:00"]).are_times());
        assert!(!column(&["2026", "1999"]).are_dates());
        assert!(!column(&["1", "多い"]).are_numbers());
    }

    #[test]
    fn several_answers_in_a_cell_come_again_and_commas_of_comments_do_not() {
        let packed = column(&["あ;い", "い", "あ;い;う", "う;あ", "い;う", "う"]);
        let (separator, parts) = packed.packed().expect("packed");
        assert_eq!((separator, parts.len()), (";", 3));
        assert!(column(&["よい、と思う", "時間、人手が足りない", "特に、なし"]).packed().is_none());
    }
}
