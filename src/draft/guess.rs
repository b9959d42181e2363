//! What each question is: its kind, its answers, and why.

use std::collections::{HashMap, HashSet};

use super::column::Column;
use super::family::{Family, Member, families};
use super::heading::{Heading, heading};
use super::single::{Places, of_column};
use super::together::{grid, of_family};
use super::told::Told;
use super::words::{self, Purpose};
use crate::frame::{Described, ExportLayout};
use crate::schema::matching_key;

/// Rows of a grid that stand side by side without a word of it.
const LEAST_ROWS: usize = 3;

/// What is guessed of a file.
#[derive(Debug, Default)]
pub(super) struct Guessed {
    /// What the file calls itself.
    pub(super) title: Option<String>,
    /// The column of respondents' keys.
    pub(super) key: Option<usize>,
    /// The column of the weight, where the file says it.
    pub(super) weight: Option<usize>,
    /// Columns that are no questions.
    pub(super) aside: Vec<(usize, Aside)>,
    pub(super) questions: Vec<Guess>,
}

/// Why a column is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aside {
    Purpose(Purpose),
    /// Days with times.
    Times,
    /// Nobody wrote anything.
    Empty,
    /// It has no name.
    Unnamed,
    /// The words of その他, which the layout knows.
    Other,
}

/// A guessed question.
#[derive(Debug)]
pub(super) struct Guess {
    pub(super) id: String,
    pub(super) text: String,
    /// Columns, in file order.
    pub(super) columns: Vec<usize>,
    pub(super) kind: Guessing,
    /// Why, and what to look at; comments of the draft.
    pub(super) reasons: Vec<String>,
    /// The layout finds its columns by its id and text.
    pub(super) found: bool,
    /// Values that the file says are no answers.
    pub(super) told_missing: Vec<Answer>,
}

impl Guess {
    pub(super) fn new(
        id: String,
        text: String,
        columns: Vec<usize>,
        kind: Guessing,
        reasons: Vec<String>,
    ) -> Guess {
        Guess { id, text, columns, kind, reasons, found: false, told_missing: Vec::new() }
    }
}

/// What a question is.
#[derive(Debug)]
pub(super) enum Guessing {
    Single(Vec<Answer>),
    Prefectures,
    Municipalities,
    /// One column an option; tokens that mean selected, where they are not the usual one.
    Columns {
        template: String,
        options: Vec<Answer>,
        selected: Vec<String>,
        missing: Vec<String>,
    },
    Packed {
        separator: &'static str,
        options: Vec<Answer>,
    },
    Grid {
        /// Id, words and place of each.
        rows: Vec<(String, String, usize)>,
        options: Vec<Answer>,
    },
    /// Each column holds an option: the first place, the second.
    Rank {
        template: String,
        places: usize,
        options: Vec<Answer>,
    },
    /// Words beside numbers, which mean 無回答.
    Number {
        words: Vec<String>,
    },
    Date,
    Text,
}

/// An answer on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// As TOML has it: a number, or text.
    pub(super) code: Code,
    pub(super) label: String,
    /// It looks like 無回答, and occurs so often.
    pub(super) missing: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    Number(i64),
    Text(String),
}

/// Guesses all of a file.
pub(super) fn survey(
    columns: &[Column],
    header_rows: usize,
    layout: Option<ExportLayout>,
    described: Option<&Described>,
) -> Guessed {
    let told = described.map(|described| Told::new(described, columns));
    let mut guessed = Guessed {
        title: described.and_then(|described| described.title.clone()),
        key: key(columns),
        weight: told.as_ref().and_then(Told::weight),
        ..Guessed::default()
    };
    let headings = Headings::new(columns, layout);
    let families = families(columns, header_rows, headings.as_ref().map(|own| own.all.as_slice()));
    let sets = Places::new();
    let mut ids = HashSet::new();
    let mut taken = HashSet::new();
    for (place, column) in columns.iter().enumerate() {
        if taken.contains(&place) || guessed.key == Some(place) || guessed.weight == Some(place) {
            continue;
        }
        if let Some(guess) = told.as_ref().and_then(|told| told.question(place, &mut ids)) {
            taken.extend(guess.columns.iter().copied());
            guessed.questions.push(guess);
            continue;
        }
        let family = families.iter().find(|family| family.members[0].place == place);
        let number = guessed.questions.len() + 1;
        if let Some(guess) = family.and_then(|family| of_family(family, columns, number, &mut ids)) {
            taken.extend(guess.columns.iter().copied());
            guessed.questions.push(guess);
            continue;
        }
        let code = headings.as_ref().map_or("", |own| own.all[place].id.as_str());
        if let Some(aside) = aside(column, code) {
            guessed.aside.push((place, aside));
            continue;
        }
        if let Some(own) = headings.as_ref().filter(|own| own.all[place].other) {
            let aside = if own.has_question(place) { Aside::Other } else { Aside::Unnamed };
            guessed.aside.push((place, aside));
            continue;
        }
        let free = layout.is_some_and(ExportLayout::takes_own_words);
        let (kind, reasons) = of_column(column, &sets, free);
        // A prefecture is asked for before the first question.
        let name = match (&kind, column.header[0].is_ascii()) {
            (Guessing::Prefectures, false) => "pref",
            _ => "",
        };
        let mut guess = match &headings {
            Some(own) => {
                let Heading { id: code, text, part, .. } = &own.all[place];
                let (code, text) = match part {
                    // A part that is alone is a question, and no layout knows it as one.
                    Some(part) => ("", format!("{text} [{}]", part.label)),
                    None => (code.as_str(), text.clone()),
                };
                let id = id(&[name, code, &text], number, &mut ids);
                let found = part.is_none() && (own.finds(place) || code == id);
                Guess { found, ..Guess::new(id, text, vec![place], kind, reasons) }
            }
            None => {
                let id = id(&[name, &column.header[0], column.name()], number, &mut ids);
                Guess::new(id, text(column, header_rows), vec![place], kind, reasons)
            }
        };
        if let Some(label) = told.as_ref().and_then(|told| told.label(place)) {
            guess.text = label.to_string();
        }
        guessed.questions.push(guess);
    }
    if layout == Some(ExportLayout::Microsoft) {
        put_rows_together(&mut guessed.questions, columns, &mut ids);
    }
    guessed
}

/// What the headers of an export say.
struct Headings {
    all: Vec<Heading>,
    /// How many questions have these words.
    texts: HashMap<String, usize>,
}

impl Headings {
    fn new(columns: &[Column], layout: Option<ExportLayout>) -> Option<Headings> {
        let layout = layout?;
        let all: Vec<Heading> = columns.iter().map(|column| heading(layout, column)).collect();
        let mut texts: HashMap<String, usize> = HashMap::new();
        for heading in all.iter().filter(|heading| heading.part.is_none() && !heading.other) {
            *texts.entry(matching_key(&heading.text)).or_default() += 1;
        }
        Some(Headings { all, texts })
    }

    /// Whether the layout finds the question by its words.
    fn finds(&self, place: usize) -> bool {
        self.texts.get(&matching_key(&self.all[place].text)) == Some(&1)
    }

    /// Whether the question is there whose その他 the column's words are of.
    fn has_question(&self, place: usize) -> bool {
        let Heading { id, text, .. } = &self.all[place];
        self.all
            .iter()
            .any(|other| !other.other && (other.text == *text || (!id.is_empty() && other.id == *id)))
    }
}

/// Makes grids of questions side by side with the same answers: the export names their rows and nothing else.
fn put_rows_together(questions: &mut Vec<Guess>, columns: &[Column], ids: &mut HashSet<String>) {
    let labels = |guess: &Guess| match &guess.kind {
        Guessing::Single(options) if options.len() >= LEAST_ROWS => {
            let mut labels: Vec<String> = options.iter().map(|option| matching_key(&option.label)).collect();
            labels.sort_unstable();
            labels
        }
        _ => Vec::new(),
    };
    let mut first = 0;
    while first < questions.len() {
        let own = labels(&questions[first]);
        let alike = questions[first..].iter().take_while(|guess| !own.is_empty() && labels(guess) == own);
        let last = first + alike.count();
        if last - first >= LEAST_ROWS {
            let member = |guess: &Guess| Member {
                place: guess.columns[0],
                code: guess.text.clone(),
                label: guess.text.clone(),
            };
            let members: Vec<Member> = questions[first..last].iter().map(member).collect();
            let places: Vec<usize> = members.iter().map(|member| member.place).collect();
            let family = Family { members, found: true, ..Family::default() };
            let own: Vec<&Column> = places.iter().map(|&place| &columns[place]).collect();
            if let Some((kind, mut reasons)) = grid(&family, &own) {
                questions[first..last].iter().for_each(|guess| _ = ids.remove(&guess.id));
                reasons.push("the export has the rows' words only: write the question's".to_string());
                let id = id(&[], first + 1, ids);
                let guess = Guess::new(id, "…".to_string(), places, kind, reasons);
                questions.splice(first..last, [Guess { found: true, ..guess }]);
            }
        }
        first += 1;
    }
}

/// The column of respondents' keys: named so, or the first with another whole number in each record.
fn key(columns: &[Column]) -> Option<usize> {
    let named = columns.iter().position(|column| words::names_key(column.name()) && column.is_unique());
    let named = named.or_else(|| {
        columns
            .iter()
            .position(|column| column.header.iter().any(|name| words::names_key(name)) && column.is_unique())
    });
    named.or_else(|| {
        let first = columns.first()?;
        (first.is_unique()
            && first.are_integers()
            && first.given > 1
            && words::purpose(first.name()).is_none())
        .then_some(0)
    })
}

fn aside(column: &Column, code: &str) -> Option<Aside> {
    if column.name().is_empty() {
        return Some(Aside::Unnamed);
    }
    let purpose = column.header.iter().map(String::as_str).chain([code]).find_map(words::purpose);
    match purpose {
        Some(purpose) => Some(Aside::Purpose(purpose)),
        None if column.given == 0 => Some(Aside::Empty),
        None if column.are_times() => Some(Aside::Times),
        None => None,
    }
}

/// The words of a question: its header, without the code in front where there is more.
fn text(column: &Column, header_rows: usize) -> String {
    let text = match header_rows {
        2 | 3 => column.header.get(usize::from(header_rows == 3)).filter(|text| !text.is_empty()),
        _ => None,
    };
    text.map_or(column.name(), String::as_str).to_string()
}

/// An id: the first of these names that can be one, else the number that one of them begins with, else the
/// question's place.
pub(super) fn id(names: &[&str], place: usize, ids: &mut HashSet<String>) -> String {
    let fits = |id: &str| {
        id.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_')
            && id.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
    };
    let numbered = |name: &&str| {
        let key = matching_key(name);
        let rest = key.trim_start_matches(['Q', 'q', '問', '設', '.', ' ']);
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (rest.len() < key.len() && !digits.is_empty()).then(|| format!("q{digits}"))
    };
    // The header of a single answer in an export of two rows is no name.
    let named = names.iter().filter(|name| fits(name) && **name != "Response").map(ToString::to_string);
    let own = named.chain(names.iter().filter_map(numbered)).find(|id| !ids.contains(id));
    let id = own.unwrap_or_else(|| {
        let free = |number: &usize| !ids.contains(&format!("q{number}"));
        // Questions about who answers have names, and the first that has none is the first of all.
        let before = ids.iter().filter(|id| ["pref", "municipality"].contains(&id.as_str())).count();
        let place = place.saturating_sub(before).max(1);
        format!("q{}", (place..).find(free).unwrap_or(place))
    });
    ids.insert(id.clone());
    id
}
