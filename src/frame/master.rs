//! Masters: files with a row for each municipality, office or respondent, whose columns become replies.
//!
//! A master is read as the data are, with the questions that are its own; a respondent then has the replies of the
//! row that their key leads to. Who has no row has not answered, and is told.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::condition::{not_asked_state, states};
use super::named_records::named_records;
use super::read::{Alone, read_part};
use super::route::{Dependencies, narrowed};
use super::{Block, Codes, Dataset, ExportLayout, Number, ReadOptions, Replies};
use crate::diag::{Diagnostic, Failure, Place, Progress, Severity, plural, quote};
use crate::schema::{Gravity, Kind, Master, Origin, Question, QuestionIndex, Survey, matching_key};

/// Bytes of a block of a master.
const BLOCK_BYTES: usize = 1 << 20;
/// Values that a message names.
const NAMED: usize = 5;

/// The rows of a master.
#[derive(Debug)]
pub struct MasterTable {
    /// The file, as the user would give it.
    file: String,
    rows: usize,
    /// The row of each key, as the keys of the data are matched.
    by_key: HashMap<String, u32>,
    /// The row of each option of the question whose replies are the keys.
    by_option: Vec<Option<u32>>,
    /// The replies of its questions, in one block.
    replies: Vec<(QuestionIndex, Replies)>,
    /// Decimal places of its numbers.
    decimals: Vec<(QuestionIndex, u32)>,
}

/// Where a respondent's reply to a question of a master comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Of(u32),
    /// The key was given, and the master has no row of it.
    None,
    /// The key was not given.
    Missing,
    NotAsked,
}

/// Reads the masters that the request touches.
pub(crate) fn read(
    survey: &Survey,
    dependencies: &Dependencies,
    options: &ReadOptions,
    progress: &dyn Progress,
) -> Result<Vec<Option<Arc<MasterTable>>>, Failure> {
    let mut tables = Vec::with_capacity(survey.masters.len());
    let mut errors = Vec::new();
    for (place, master) in survey.masters.iter().enumerate() {
        let own: Vec<QuestionIndex> = (0..survey.questions.len())
            .filter(|&index| dependencies.needs(index) && of_master(survey, index) == Some(place))
            .collect();
        if own.is_empty() {
            tables.push(None);
            continue;
        }
        match table(survey, master, &own, options.threads, progress) {
            Ok(table) => tables.push(Some(Arc::new(table))),
            Err(Failure::Refused(more)) => errors.extend(more),
            Err(failure) => return Err(failure),
        }
    }
    if errors.is_empty() { Ok(tables) } else { Err(Failure::Refused(errors)) }
}

fn of_master(survey: &Survey, index: QuestionIndex) -> Option<usize> {
    match survey.questions[index].origin {
        Origin::Joined { master, .. } => Some(master),
        _ => None,
    }
}

fn table(
    survey: &Survey,
    master: &Master,
    own: &[QuestionIndex],
    threads: usize,
    progress: &dyn Progress,
) -> Result<MasterTable, Failure> {
    let folder = Path::new(&survey.source.name).parent().unwrap_or(Path::new(""));
    let path = folder.join(&master.file);
    let layout = Some(ExportLayout::Plain);
    let options = ReadOptions { keys: true, threads, layout, ..ReadOptions::default() };
    let alone = Alone { several: true, ..Alone::default() };
    let of_master = as_master(survey, master, own);
    let dataset = read_part(&path, &of_master, own, &options, &alone, progress, BLOCK_BYTES)
        .map_err(|failure| in_master(failure, &master.id))?;
    let keys: Vec<&str> = dataset.blocks.iter().flat_map(|block| &block.keys).map(|key| &**key).collect();
    let file = path.display().to_string();
    let refused = |error: Diagnostic| Failure::Refused(vec![error.at(Place::File(file.clone()))]);
    let mut by_key = HashMap::new();
    for (row, key) in (0..).zip(&keys) {
        if let Some(first) = by_key.insert(matching_key(key), row) {
            return Err(refused(twice(master, first, row)));
        }
    }
    let mut by_option = Vec::new();
    if let Some(question) = master.of.map(|of| &survey.questions[of]).filter(|own| !own.options.is_empty()) {
        let spelling = question.spellings();
        by_option = vec![None; question.options.len()];
        for (row, key) in (0..).zip(&keys) {
            let option = spelling.code(key).or_else(|| spelling.label(key));
            let Some(slot) = option.and_then(|option| by_option.get_mut(option)) else { continue };
            if let Some(first) = slot.replace(row) {
                return Err(refused(twice(master, first, row)));
            }
        }
    }
    let mut replies: Vec<(QuestionIndex, Replies)> = Vec::new();
    for &index in own {
        let parts = dataset.blocks.iter().filter_map(|block| block.replies[index].as_ref());
        if let Some(joined) =
            parts.cloned().reduce(|one, other| one_after_another(one, other, &survey.questions[index]))
        {
            replies.push((index, joined));
        }
    }
    Ok(MasterTable { file, rows: keys.len(), by_key, by_option, replies, decimals: dataset.number_decimals })
}

fn twice(master: &Master, first: u32, row: u32) -> Diagnostic {
    let (first, row) = (first + 1, row + 1);
    Diagnostic::error(format!("records {first} and {row} of master {} have the same key", quote(&master.id)))
        .hint("a master has one row for each key")
}

/// The survey as a master's file is read: its key, and the questions that are its own.
fn as_master(survey: &Survey, master: &Master, own: &[QuestionIndex]) -> Survey {
    let mut survey = survey.clone();
    survey.respondent = Some(master.key.clone());
    (survey.weight, survey.count, survey.design, survey.resubmission) = (None, None, None, None);
    survey.check.duration = None;
    survey.corrections = None;
    for (index, question) in survey.questions.iter_mut().enumerate() {
        (question.asked_if, question.limited_to) = (None, None);
        question.origin = match &question.origin {
            Origin::Joined { own: origin, .. } if own.contains(&index) => (**origin).clone(),
            _ => Origin::NotAsked,
        };
    }
    survey
}

/// Messages about the respondent's key are about the master's.
fn in_master(failure: Failure, id: &str) -> Failure {
    let Failure::Refused(mut errors) = failure else { return failure };
    for error in &mut errors {
        error.message =
            error.message.replace("the respondent's key", &format!("the key of master {}", quote(id)));
    }
    Failure::Refused(errors)
}

/// Replies of two blocks in one.
fn one_after_another(one: Replies, other: Replies, question: &Question) -> Replies {
    match (one, other) {
        (Replies::Single(Codes::U8(mut codes)), Replies::Single(Codes::U8(more))) => {
            codes.extend(more);
            Replies::Single(Codes::U8(codes))
        }
        (Replies::Single(Codes::U16(mut codes)), Replies::Single(Codes::U16(more))) => {
            codes.extend(more);
            Replies::Single(Codes::U16(codes))
        }
        (Replies::Number(mut number), Replies::Number(more)) => {
            number.values.extend(more.values);
            number.states.extend(more.states);
            Replies::Number(number)
        }
        (one @ Replies::Multi { .. }, other @ Replies::Multi { .. }) => {
            let length = |replies: &Replies| match replies {
                Replies::Multi { octets, .. } => octets.first().map_or(0, Vec::len),
                _ => 0,
            };
            let mut all = states(&one, question, length(&one));
            all.extend(states(&other, question, length(&other)));
            let (Replies::Multi { mut octets, .. }, Replies::Multi { octets: more, .. }) = (one, other)
            else {
                return Replies::Multi { octets: Vec::new(), states: Some(all) };
            };
            octets.iter_mut().zip(more).for_each(|(octet, more)| octet.extend(more));
            Replies::Multi { octets, states: Some(all) }
        }
        // A question's replies are of one kind in every block.
        (one, _) => one,
    }
}

/// For each respondent of a block the row of a master.
fn rows(survey: &Survey, master: &Master, table: &MasterTable, block: &Block) -> Option<Vec<Row>> {
    let row = |key: &str| table.by_key.get(&matching_key(key)).map_or(Row::None, |&row| Row::Of(row));
    let Some(of) = master.of else {
        let known = block.keys.len() == block.len;
        return known.then(|| block.keys.iter().map(|key| row(key)).collect());
    };
    let question = &survey.questions[of];
    let replies = block.replies.get(of)?.as_ref()?;
    let mut rows: Vec<Row> = states(replies, question, block.len)
        .into_iter()
        .map(|state| match state {
            0 => Row::None,
            state if state == not_asked_state(question) => Row::NotAsked,
            _ => Row::Missing,
        })
        .collect();
    match replies {
        Replies::Single(codes) => {
            for (own, place) in
                rows.iter_mut().enumerate().filter(|(_, row)| **row == Row::None).map(|(at, row)| (row, at))
            {
                if let Some(Some(found)) = table.by_option.get(codes.at(place)) {
                    *own = Row::Of(*found);
                }
            }
        }
        Replies::Text(_) => {
            let words = block.comments.iter().find(|(question, _)| *question == of);
            for (place, words) in words.iter().flat_map(|(_, words)| words) {
                if let Some(own) = rows.get_mut(*place as usize).filter(|own| **own == Row::None) {
                    *own = row(words);
                }
            }
        }
        Replies::Multi { .. } | Replies::Number(_) => return None,
    }
    Some(rows)
}

/// The replies of a block to a question of a master.
pub(crate) fn joined(
    survey: &Survey,
    dataset: &Dataset,
    block: &Block,
    index: QuestionIndex,
    place: usize,
) -> Option<Replies> {
    let table = dataset.masters.get(place)?.as_ref()?;
    let rows = rows(survey, survey.masters.get(place)?, table, block)?;
    let question = &survey.questions[index];
    let (_, source) = table.replies.iter().find(|(own, _)| *own == index)?;
    let of_row = states(source, question, table.rows);
    let state = |row: &Row| match row {
        Row::Of(row) => of_row[*row as usize],
        Row::None | Row::Missing => 1,
        Row::NotAsked => not_asked_state(question),
    };
    let states: Vec<u8> = rows.iter().map(state).collect();
    Some(match source {
        Replies::Single(codes) => {
            let options = question.options.len();
            let code = |(row, state): (&Row, &u8)| match row {
                Row::Of(row) => codes.at(*row as usize),
                _ => options + usize::from(*state) - 1,
            };
            let codes = rows.iter().zip(&states).map(code);
            let codes = codes.map(|code| u16::try_from(code).unwrap_or(u16::MAX)).collect();
            Replies::Single(narrowed(codes, options + question.states()))
        }
        Replies::Multi { octets, .. } => {
            let each = |octet: &Vec<u8>| {
                rows.iter().map(|row| if let Row::Of(row) = row { octet[*row as usize] } else { 0 }).collect()
            };
            Replies::Multi { octets: octets.iter().map(each).collect(), states: Some(states) }
        }
        Replies::Number(number) => {
            let value = |row: &Row| if let Row::Of(row) = row { number.values[*row as usize] } else { 0 };
            Replies::Number(Number { values: rows.iter().map(value).collect(), states })
        }
        Replies::Text(_) => return None,
    })
}

impl MasterTable {
    /// Decimal places of its numbers.
    pub(crate) fn decimals(&self) -> &[(QuestionIndex, u32)] {
        &self.decimals
    }
}

/// What was said of rows that found no partner.
#[derive(Debug, Default)]
pub(crate) struct Matched {
    pub(crate) errors: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Matched {
    fn tell(&mut self, gravity: Gravity, mut diagnostic: Diagnostic) {
        match gravity {
            Gravity::Error => self.errors.push(diagnostic),
            Gravity::Off => {}
            Gravity::Note | Gravity::Warning => {
                diagnostic.severity = Severity::Warning;
                self.warnings.push(diagnostic);
            }
        }
    }
}

/// Looks for respondents without a row and rows without a respondent.
pub(crate) fn match_rows(
    survey: &Survey,
    masters: &[Option<Arc<MasterTable>>],
    dataset: &Dataset,
) -> Matched {
    let mut matched = Matched::default();
    for (master, table) in survey.masters.iter().zip(masters) {
        let Some(table) = table else { continue };
        let mut used = vec![false; table.rows];
        let mut without = Vec::new();
        let mut options: HashMap<usize, u64> = HashMap::new();
        let mut before = 0;
        for block in &dataset.blocks {
            let rows = rows(survey, master, table, block).unwrap_or_default();
            let codes = master.of.and_then(|of| match block.replies.get(of) {
                Some(Some(Replies::Single(codes))) => Some(codes),
                _ => None,
            });
            for (place, row) in rows.iter().enumerate() {
                match row {
                    Row::Of(row) => used[*row as usize] = true,
                    Row::None => {
                        without.push(before + place);
                        if let Some(codes) = codes {
                            *options.entry(codes.at(place)).or_default() += 1;
                        }
                    }
                    Row::Missing | Row::NotAsked => {}
                }
            }
            before += block.len;
        }
        let id = quote(&master.id);
        if !without.is_empty() {
            matched.tell(master.unmatched, unmatched(survey, master, table, dataset, &without, options));
        }
        let unused: Vec<usize> = (0..used.len()).filter(|&row| !used[row]).collect();
        if !unused.is_empty() {
            let error = Diagnostic::error(format!(
                "{} of master {id} {} to no respondent: {}",
                plural(unused.len() as u64, "row"),
                if unused.len() == 1 { "belongs" } else { "belong" },
                named_records(&unused, &[])
            ));
            let error = error.at(Place::File(table.file.clone()));
            matched.tell(
                master.unused,
                error.hint("say `unused = \"off\"` under `[[master]]` where that is as it should be"),
            );
        }
    }
    matched
}

fn unmatched(
    survey: &Survey,
    master: &Master,
    table: &MasterTable,
    dataset: &Dataset,
    without: &[usize],
    options: HashMap<usize, u64>,
) -> Diagnostic {
    let whose = match master.of.map(|of| &survey.questions[of]) {
        Some(question) => format!("reply to question {}", quote(&question.id)),
        None => "key".to_string(),
    };
    let mut message = format!(
        "{} {} a {whose} that master {} ({}) does not have",
        plural(without.len() as u64, "respondent"),
        if without.len() == 1 { "has" } else { "have" },
        quote(&master.id),
        quote(&table.file),
    );
    // Free words are not told, and keys are respondents'.
    let question = master.of.map(|of| &survey.questions[of]).filter(|question| question.kind != Kind::Text);
    if let Some(question) = question {
        let mut options: Vec<(usize, u64)> = options.into_iter().collect();
        options.sort_unstable();
        let named: Vec<String> = options
            .iter()
            .take(NAMED)
            .map(|(option, count)| {
                let label =
                    question.options.get(*option).map_or_else(String::new, |option| option.code.to_string());
                format!("{} ({count})", quote(&label))
            })
            .collect();
        let more = if options.len() > NAMED { ", …" } else { "" };
        message = format!("{message}: {}{more}", named.join(", "));
    }
    // Where a record stands for several respondents, their places are no records.
    let file = match dataset.files.as_slice() {
        [file] => file.name.clone(),
        files => files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", "),
    };
    if survey.count.is_none() {
        let spans = dataset.spans();
        message = format!("{message}; {}", named_records(without, &spans));
    }
    let hint = match master.unmatched {
        Gravity::Error => {
            "add the rows, or say `unmatched = \"warning\"` under `[[master]]` to count them as 無回答"
        }
        _ => "they count as 無回答 of its questions",
    };
    Diagnostic::error(message).at(Place::File(file)).hint(hint)
}
