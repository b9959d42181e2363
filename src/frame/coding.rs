//! From the words of a cell to a small integer, decided once for each distinct cell.
//!
//! Codes that a worker stores while reading are *local*: final codes first, then one extra code
//! for each spelling that means one option read as a code and another read as a label. When the
//! whole column has been seen, the reading is known and extra codes become final ones.

use std::collections::HashMap;

use super::export::Dialect;
use crate::schema::{Question, Spelling, Values, integer_of};

/// What a distinct cell means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The same, read as a code or as a label (or the schema says how to read).
    Plain(u16),
    /// It is a code and no label.
    CodeOnly(u16),
    /// It is a label and no code.
    LabelOnly(u16),
    /// A code of one option and the label of another.
    Either(u16),
    /// Neither.
    Unknown,
}

/// How the cells of a single question (or of one column of a multi) become local codes.
#[derive(Debug)]
pub(crate) struct Book {
    spelling: Spelling,
    values: Values,
    /// For each place of the spelling (options, missing codes, not asked): the final code.
    place_codes: Vec<u16>,
    /// Code of a blank cell.
    pub(crate) blank: u16,
    /// Code of a cell that means nothing.
    pub(crate) unknown: u16,
    /// Number of final codes; local code `final_codes + i` is `either[i]`.
    pub(crate) final_codes: u16,
    /// Final code (read as code, read as label) of spellings that are both.
    pub(crate) either: Vec<(u16, u16)>,
    /// Where in `either` a pair of places stands.
    either_places: HashMap<(usize, usize), u16>,
    /// Code of words that are no option, where they are the respondent's own.
    pub(crate) free: Option<u16>,
    /// Code of その他.
    pub(crate) other: Option<u16>,
    /// Numbers that mean a blank.
    blanks: &'static [i64],
}

/// Codes of one column of a multi question: not selected, selected, blank, then the declared
/// missing codes, not asked, and a cell that means nothing.
pub(crate) const NOT_SELECTED: u16 = 0;
/// The option of the column is selected.
pub(crate) const SELECTED: u16 = 1;
/// The cell is blank.
pub(crate) const BLANK: u16 = 2;
/// Code of the first declared missing code; a state is its code minus one.
pub(crate) const FIRST_MISSING: u16 = 3;

/// Words for selected, as matching keys have them, and for not selected.
const OPPOSITES: [(&str, &str); 6] =
    [("Y", "N"), ("Yes", "No"), ("はい", "いいえ"), ("TRUE", "FALSE"), ("True", "False"), ("true", "false")];

impl Book {
    /// The book of a single question; `values` says how cells are read.
    pub(crate) fn single(question: &Question) -> Book {
        let options = question.options.len();
        let missing = question.missing.len();
        let mut place_codes: Vec<u16> = (0..options).map(small).collect();
        // Blank comes between the options and the declared missing codes.
        place_codes.extend((0..=missing).map(|place| small(options + 1 + place)));
        let blank = small(options);
        Book::new(
            question.spellings(),
            question.values,
            place_codes,
            blank,
            blank,
            small(options + missing + 2),
        )
    }

    /// The book of one place of a rank question: a cell that means nothing is not taken for a blank.
    pub(crate) fn place(question: &Question) -> Book {
        let book = Book::single(question);
        Book { unknown: book.final_codes, final_codes: book.final_codes + 1, ..book }
    }

    /// The book of the column of one option of a rank question, which holds its place.
    pub(crate) fn placed(question: &Question, places: usize) -> Book {
        let (options, missing) = (question.options.len(), question.missing.len());
        let all = question.spellings();
        let mut spelling = Spelling::default();
        for (key, &place) in all.by_code.iter().chain(&all.by_label).filter(|(_, place)| **place >= options) {
            spelling.by_code.entry(key.clone()).or_insert(place - options + places);
        }
        for place in 0..places {
            for key in [format!("{}", place + 1), crate::schema::matching_key(&format!("{}位", place + 1))] {
                spelling.by_code.entry(key).or_insert(place);
            }
        }
        let blank = places + missing + 1;
        spelling.by_code.entry("0".to_string()).or_insert(blank);
        let mut place_codes: Vec<u16> = (0..places).map(small).collect();
        place_codes.extend((0..=missing).map(|place| small(places + 1 + place)));
        place_codes.push(small(places));
        let unknown = small(places + missing + 2);
        Book::new(spelling, Values::Code, place_codes, small(places), unknown, unknown + 1)
    }

    /// The book of the column of one option of a multi question.
    pub(crate) fn selected(
        question: &Question,
        option: usize,
        selected: &[String],
        dialect: &Dialect,
    ) -> Book {
        let all = question.spellings();
        let options = question.options.len();
        let missing = question.missing.len();
        let mut spelling = Spelling::default();
        let unselected = options + missing + 1;
        // Places: those of the question, of which only this option's is used, then "not selected".
        for token in selected {
            let key = crate::schema::matching_key(token);
            spelling.by_code.insert(key.clone(), option);
        }
        spelling.by_code.entry("0".to_string()).or_insert(unselected);
        let declared: Vec<String> = spelling.by_code.keys().cloned().collect();
        for (yes, no) in OPPOSITES {
            // Who says that TRUE is selected says that FALSE is not.
            if dialect.yes_no {
                spelling.by_code.entry(yes.to_string()).or_insert(option);
            }
            if dialect.yes_no || declared.iter().any(|token| token == yes) {
                spelling.by_code.entry(no.to_string()).or_insert(unselected);
            }
        }
        for (key, &place) in all.by_code.iter().chain(&all.by_label) {
            if place == option || place >= options {
                spelling.by_code.entry(key.clone()).or_insert(place);
            }
        }
        let mut place_codes = vec![SELECTED; options];
        place_codes.extend((0..=missing).map(|place| FIRST_MISSING + small(place)));
        place_codes.push(NOT_SELECTED);
        let unknown = FIRST_MISSING + small(missing) + 1;
        // Where the service writes その他's words in place of a mark, words are one.
        let free = (dialect.other_words && question.options[option].other).then_some(SELECTED);
        let book = Book::new(spelling, Values::Code, place_codes, BLANK, unknown, unknown + 1);
        Book { free, ..book }
    }

    fn new(
        spelling: Spelling,
        values: Values,
        place_codes: Vec<u16>,
        blank: u16,
        unknown: u16,
        final_codes: u16,
    ) -> Book {
        let mut book = Book {
            spelling,
            values,
            place_codes,
            blank,
            unknown,
            final_codes,
            either: Vec::new(),
            either_places: HashMap::new(),
            free: None,
            other: None,
            blanks: &[],
        };
        if values == Values::Auto {
            // `01` is the integer code 1 as well, so labels are looked up the way cells are.
            let mut pairs: Vec<(usize, usize)> = book
                .spelling
                .by_label
                .iter()
                .filter_map(|(key, &label)| Some((book.spelling.code(key)?, label)))
                .filter(|(code, label)| code != label)
                .collect();
            pairs.sort_unstable();
            pairs.dedup();
            for pair in pairs {
                let local = book.final_codes + small(book.either.len());
                book.either.push((book.place_codes[pair.0], book.place_codes[pair.1]));
                book.either_places.insert(pair, local);
            }
        }
        book
    }

    /// The book in an export where cells mean more.
    pub(crate) fn with(self, dialect: &Dialect, question: &Question) -> Book {
        let other = question.options.iter().position(|option| option.other);
        let other = other.map(|other| self.place_codes[other]);
        // Of a multi question a column of an option has nothing but that option.
        let single = question.kind != crate::schema::Kind::Multi;
        let free = other.filter(|_| dialect.free && single).or(self.free);
        Book { free, other, blanks: dialect.blanks, ..self }
    }

    /// The code of a cell that means nothing.
    pub(crate) fn nothing(&self) -> u16 {
        self.free.unwrap_or(self.unknown)
    }

    /// How many different local codes there are.
    pub(crate) fn local_codes(&self) -> usize {
        usize::from(self.final_codes) + self.either.len()
    }

    /// What a cell means; blank cells are the caller's.
    pub(crate) fn read(&self, cell: &str) -> Reading {
        match self.declared(cell) {
            Reading::Unknown if integer_of(cell).is_some_and(|number| self.blanks.contains(&number)) => {
                Reading::Plain(self.blank)
            }
            reading => reading,
        }
    }

    /// What a cell means by what the questionnaire declares.
    fn declared(&self, cell: &str) -> Reading {
        let code = |place: usize| self.place_codes[place];
        match self.values {
            Values::Code => {
                self.spelling.code(cell).map_or(Reading::Unknown, |place| Reading::Plain(code(place)))
            }
            Values::Label => {
                self.spelling.label(cell).map_or(Reading::Unknown, |place| Reading::Plain(code(place)))
            }
            Values::Auto => match (self.spelling.code(cell), self.spelling.label(cell)) {
                (None, None) => Reading::Unknown,
                (Some(place), None) => Reading::CodeOnly(code(place)),
                (None, Some(place)) => Reading::LabelOnly(code(place)),
                (Some(one), Some(other)) if one == other => Reading::Plain(code(one)),
                (Some(one), Some(other)) => match self.either_places.get(&(one, other)) {
                    Some(&local) => Reading::Either(local),
                    None => Reading::Unknown,
                },
            },
        }
    }
}

/// Schemas have far fewer options than this; `layout` refuses those that have more.
pub(crate) const MOST_CODES: usize = 60_000;

fn small(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::{multi, single};

    #[test]
    fn a_cell_is_read_as_code_label_or_both() {
        let book = Book::single(&single("q1", &[(1, "はい"), (2, "いいえ"), (3, "3")]));
        assert_eq!(book.read("1"), Reading::CodeOnly(0));
        assert_eq!(book.read(" 01 "), Reading::CodeOnly(0));
        assert_eq!(book.read("２.0"), Reading::CodeOnly(1));
        assert_eq!(book.read("はい"), Reading::LabelOnly(0));
        assert_eq!(book.read("3"), Reading::Plain(2));
        assert_eq!(book.read("4"), Reading::Unknown);
    }

    #[test]
    fn a_code_that_is_another_options_label_gets_a_code_of_its_own() {
        let book = Book::single(&single("children", &[(1, "0"), (2, "1"), (3, "2")]));
        assert_eq!(book.read("0"), Reading::LabelOnly(0));
        assert_eq!(book.read("3"), Reading::CodeOnly(2));
        assert_eq!(book.read("1"), Reading::Either(book.final_codes));
        assert_eq!(book.either, [(0, 1), (1, 2)]);
    }

    #[test]
    fn a_column_of_a_multi_knows_its_own_option_and_zero() {
        let question = multi("q3", &[(1, "家族"), (2, "友人")]);
        let book = Book::selected(&question, 1, &["1".to_string()], &Dialect::default());
        assert_eq!(book.read("1"), Reading::Plain(SELECTED));
        assert_eq!(book.read("2"), Reading::Plain(SELECTED));
        assert_eq!(book.read("友人"), Reading::Plain(SELECTED));
        assert_eq!(book.read("0"), Reading::Plain(NOT_SELECTED));
        assert_eq!(book.read("家族"), Reading::Unknown);
        assert_eq!(book.read("3"), Reading::Unknown);
    }
}
