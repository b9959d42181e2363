//! One block of records into coded columns: the hot path.
//!
//! A cell of one byte or two digits goes through a table of its column; any other cell goes
//! through a dictionary of the distinct cells met so far, so that folding, matching and defects
//! are decided once for each distinct value and not once for each of a hundred million cells.

mod columns;

use memchr::memchr_iter;

pub(crate) use self::columns::Table;

use super::cells::{Cell, Grammar, QuoteDefect, empty_line, take};
use super::coding::Book;
use super::design::{DesignColumn, DesignSink};
use super::keys::KeySpan;
use super::layout::{Layout, Role};
use super::ledger::{Here, Ledger, Position, QuoteFault, Sighting, count32};
use super::log::{Entry, Noted, Records, Watch};
use super::lookup::{Dictionary, MOST_CACHED, NOTHING, day, look_up, look_up_packed, number, text};
use super::multi::{self, Fold};
use super::number::Scaled;
use super::packed::PackedReading;
use super::{Codes, Number, Replies};
use super::{Comments, repeat, weights};
use crate::schema::QuestionIndex;

/// Table entry of cells that must be looked up.
const LOOK_UP: u8 = u8::MAX;
/// A column of the file: how its cells are coded quickly.
struct Lane {
    /// Nobody wants the column.
    skipped: bool,
    /// It serves one task whose codes fit a byte.
    narrow: bool,
    one: Box<[u8; 256]>,
    two: [u8; 100],
    blank: u8,
    codes: Vec<u8>,
}

/// What is kept of a task's cells in the block at hand.
enum Sink {
    /// Codes, where the lane does not hold them, and the cells known so far.
    Codes(Vec<u16>, Dictionary<u16>),
    Packed {
        known: Dictionary<u32>,
        readings: Vec<PackedReading>,
        replies: Vec<u32>,
    },
    Number(Scaled, Vec<u8>),
    Text {
        states: Vec<u8>,
        kept: Option<Comments>,
    },
    Key(KeySpan),
    Weight(Scaled),
    Count(Vec<u32>),
    Design(DesignSink),
    Nothing,
}

/// Codes the blocks given to it.
pub(crate) struct Worker<'a> {
    layout: &'a Layout,
    grammar: Grammar,
    lanes: Vec<Lane>,
    sinks: Vec<Sink>,
    /// All defects found so far.
    pub(crate) ledger: Ledger,
    /// The records of the block at hand, where every defect is kept.
    watch: Option<Watch>,
}

/// A coded block; single codes are still local ones.
#[derive(Debug, Default)]
pub(crate) struct CodedBlock {
    pub(crate) index: u32,
    pub(crate) rows: usize,
    pub(crate) lines: usize,
    /// Replies by task; for a multi with a column for each option, at its first option's task.
    pub(crate) replies: Vec<(usize, Replies)>,
    /// Replies to rank questions and their places, by question.
    pub(crate) ranked: Vec<(QuestionIndex, Replies)>,
    /// Packed replies read as labels, where the column may mean either.
    pub(crate) as_labels: Vec<(usize, Replies)>,
    /// Decimals of each number task.
    pub(crate) decimals: Vec<(usize, u32)>,
    pub(crate) weights: Option<Scaled>,
    /// Words of text questions that are kept.
    pub(crate) comments: Vec<(QuestionIndex, Comments)>,
    /// How many respondents each record stands for.
    pub(crate) counts: Option<Vec<u32>>,
    pub(crate) keys: Option<KeySpan>,
    /// Columns of the sampling design, by task.
    pub(crate) design: Vec<(usize, DesignColumn)>,
    /// Where its records stand, where every defect is kept.
    pub(crate) records: Records,
}

/// The words exports put where a respondent's key would stand in a line of totals.
const TOTALS: [&str; 7] = ["合計", "総計", "計", "全体", "Total", "TOTAL", "total"];

impl<'a> Worker<'a> {
    /// A worker for a file of this layout.
    pub(crate) fn new(layout: &'a Layout, grammar: Grammar) -> Worker<'a> {
        let sinks = layout.tasks.iter().map(|task| match &task.role {
            Role::Key => Sink::Key(KeySpan::default()),
            Role::Weight => Sink::Weight(Scaled::default()),
            Role::Count => Sink::Count(Vec::new()),
            Role::Single(_) | Role::Selected(_) | Role::Place(_) | Role::Placed(_) => {
                Sink::Codes(Vec::new(), Dictionary::default())
            }
            Role::Packed(_) | Role::Ordered(_) => {
                Sink::Packed { known: Dictionary::default(), readings: Vec::new(), replies: Vec::new() }
            }
            Role::Number(_) | Role::Date(_) => Sink::Number(Scaled::default(), Vec::new()),
            Role::Text(_) => {
                let keeps = task.question.is_some_and(|question| layout.kept_words.contains(&question));
                Sink::Text { states: Vec::new(), kept: keeps.then(Vec::new) }
            }
            Role::Design(role) => Sink::Design(DesignSink::new(*role)),
            Role::Unnamed => Sink::Nothing,
        });
        let lanes = layout.columns.iter().map(|tasks| {
            let book = match tasks[..] {
                [task] => layout.tasks[task].role.book(),
                _ => None,
            };
            let narrow = book.filter(|book| book.local_codes() < usize::from(LOOK_UP));
            Lane {
                skipped: tasks.iter().all(|&task| {
                    matches!(layout.tasks[task].role, Role::Text(_)) && !layout.tasks[task].needed
                }),
                narrow: narrow.is_some(),
                one: Box::new([LOOK_UP; 256]),
                two: [LOOK_UP; 100],
                blank: narrow.map_or(0, |book| narrow_code(book.blank)),
                codes: Vec::new(),
            }
        });
        Worker {
            layout,
            grammar,
            lanes: lanes.collect(),
            sinks: sinks.collect(),
            ledger: layout.ledger(),
            watch: layout.logs.as_ref().map(|_| Watch::default()),
        }
    }

    /// Codes one block of text that has been proved to be UTF-8.
    pub(crate) fn code(&mut self, index: u32, bytes: &[u8]) -> CodedBlock {
        let lines = memchr_iter(self.grammar.line_end, bytes).count();
        self.prepare(lines + 1);
        let last_column = self.lanes.len() - 1;
        let mut here = Here { bytes, grammar: self.grammar, block: index, row: 0, start: 0 };
        let mut at = 0;
        while at < bytes.len() {
            if let Some(length) = empty_line(bytes, at, self.grammar.line_end) {
                at += length;
                continue;
            }
            here.start = at;
            if let Some(watch) = &mut self.watch {
                watch.begin(bytes, self.grammar.line_end, at);
            }
            // The usual delimiter as a constant makes the hot loop a few percent faster.
            let taken = match self.grammar.delimiter {
                b',' => self.record::<true>(at, last_column, here),
                _ => self.record::<false>(at, last_column, here),
            };
            match taken {
                Ok(next) => {
                    at = next;
                    if self.watch.is_some() {
                        self.watched(here);
                    }
                }
                Err((defect, cell)) => {
                    let opened = match defect {
                        QuoteDefect::Stray { .. } => cell,
                        QuoteDefect::TextAfter { opened } | QuoteDefect::Unclosed { opened } => opened,
                    };
                    let fault = QuoteFault { defect, at: here.position_at(opened) };
                    self.ledger.quote.get_or_insert(fault);
                    here.row += 1;
                    break;
                }
            }
            here.row += 1;
        }
        self.finish(here, lines)
    }

    /// Makes room for so many records.
    fn prepare(&mut self, rows: usize) {
        for (lane, tasks) in self.lanes.iter_mut().zip(&self.layout.columns) {
            if lane.narrow {
                lane.codes.clear();
                lane.codes.resize(rows, lane.blank);
            }
            for &task in tasks {
                match &mut self.sinks[task] {
                    Sink::Codes(codes, _) if !lane.narrow => {
                        codes.clear();
                        codes.resize(rows, self.layout.tasks[task].role.book().map_or(0, |book| book.blank));
                    }
                    Sink::Codes(..) => {}
                    Sink::Packed { replies, .. } => {
                        replies.clear();
                        replies.resize(rows, u32::MAX);
                    }
                    Sink::Number(scaled, states) => {
                        *scaled = Scaled { values: vec![0; rows], decimals: 0 };
                        states.clear();
                        states.resize(rows, 1);
                    }
                    Sink::Text { states, .. } => {
                        states.clear();
                        states.resize(rows, 1);
                    }
                    Sink::Key(keys) => *keys = KeySpan::default(),
                    Sink::Nothing => {}
                    Sink::Weight(scaled) => *scaled = Scaled { values: vec![0; rows], decimals: 0 },
                    Sink::Count(counts) => *counts = vec![0; rows],
                    Sink::Design(sink) => sink.prepare(rows),
                }
            }
        }
    }

    /// Codes the record at `at`; gives where the next one begins.
    #[inline]
    fn record<const COMMA: bool>(
        &mut self,
        mut at: usize,
        last_column: usize,
        here: Here<'_>,
    ) -> Result<usize, (QuoteDefect, usize)> {
        let bytes = here.bytes;
        let delimiter = if COMMA { b',' } else { self.grammar.delimiter };
        let grammar = Grammar { delimiter, ..self.grammar };
        for column in 0..=last_column {
            let lane = &mut self.lanes[column];
            if lane.narrow
                && let Some(&[first, second, third]) =
                    bytes.get(at..at + 3).and_then(|near| near.first_chunk())
            {
                // Digits and letters stand above the comma, quotes and line ends below it.
                if first > b',' && second == delimiter && (COMMA || first != delimiter) {
                    let code = lane.one[usize::from(first)];
                    if code != LOOK_UP && column < last_column {
                        lane.codes[here.row] = code;
                        at += 2;
                        continue;
                    }
                } else if first == delimiter && column < last_column {
                    lane.codes[here.row] = lane.blank;
                    at += 1;
                    continue;
                } else if third == delimiter && column < last_column {
                    let place = two_digits(first, second);
                    if let Some(&code) = lane.two.get(place)
                        && code != LOOK_UP
                    {
                        lane.codes[here.row] = code;
                        at += 3;
                        continue;
                    }
                }
            }
            let cell = take(bytes, at, grammar).map_err(|defect| (defect, at))?;
            if !lane.skipped {
                self.slow(column, cell, here);
            }
            at = cell.next;
            if cell.last != (column == last_column) {
                return self.ragged(cell, column + 1, here);
            }
        }
        Ok(at)
    }

    /// A record with too few or too many fields; skips to its end.
    #[cold]
    fn ragged(
        &mut self,
        mut cell: Cell,
        mut found: usize,
        here: Here<'_>,
    ) -> Result<usize, (QuoteDefect, usize)> {
        while !cell.last {
            let at = cell.next;
            cell = take(here.bytes, at, here.grammar).map_err(|defect| (defect, at))?;
            found += 1;
        }
        let first = here.position();
        if let Some(watch) = &mut self.watch {
            watch.fields.push((count32(here.row), found));
        }
        self.ledger.broken.insert((here.block, count32(here.row)));
        self.ledger
            .ragged
            .entry(found)
            .and_modify(|sighting| sighting.count += 1)
            .or_insert(Sighting { count: 1, first });
        Ok(cell.next)
    }

    /// A cell that no table codes.
    fn slow(&mut self, column: usize, cell: Cell, here: Here<'_>) {
        let content = cell.content(here.bytes);
        let content = trimmed(&content);
        let lane = &mut self.lanes[column];
        for &task in &self.layout.columns[column] {
            let ledger = &mut self.ledger.tasks[task];
            let role = &self.layout.tasks[task].role;
            match (&mut self.sinks[task], role) {
                (
                    Sink::Codes(codes, known),
                    Role::Single(book) | Role::Selected(book) | Role::Place(book) | Role::Placed(book),
                ) => {
                    // A quoted cell, or the last of its record, may still be one of the usual ones.
                    let usual = match *content {
                        [only] => lane.one[usize::from(only)],
                        [first, second] => {
                            lane.two.get(two_digits(first, second)).copied().unwrap_or(LOOK_UP)
                        }
                        _ => LOOK_UP,
                    };
                    if usual != LOOK_UP {
                        lane.codes[here.row] = usual;
                        continue;
                    }
                    let code = look_up(content, known, book, ledger, here);
                    if !lane.narrow {
                        codes[here.row] = if code == NOTHING { book.nothing() } else { code };
                        continue;
                    }
                    if code == NOTHING {
                        lane.codes[here.row] = narrow_code(book.nothing());
                        continue;
                    }
                    let code = narrow_code(code);
                    lane.codes[here.row] = code;
                    match *content {
                        [only] if only > b',' && only != here.grammar.delimiter => {
                            lane.one[usize::from(only)] = code
                        }
                        [first, second] => {
                            if let Some(entry) = lane.two.get_mut(two_digits(first, second)) {
                                *entry = code;
                            }
                        }
                        _ => {}
                    }
                }
                (Sink::Packed { known, readings, replies }, Role::Packed(book) | Role::Ordered(book)) => {
                    replies[here.row] = look_up_packed(content, known, readings, book, ledger, here);
                }
                (Sink::Number(scaled, states), Role::Number(book)) => {
                    number(content, scaled, states, book, ledger, here);
                }
                (Sink::Number(scaled, states), Role::Date(book)) => {
                    day(content, scaled, states, book, ledger, here);
                }
                (Sink::Text { states, kept }, Role::Text(spelling)) => {
                    states[here.row] = text(content, spelling);
                    if let Some(watch) = self.watch.as_mut().filter(|_| states[here.row] == 0) {
                        watch.words(column, content);
                    }
                    if let Some(kept) = kept.as_mut().filter(|_| states[here.row] == 0) {
                        kept.push((count32(here.row), String::from_utf8_lossy(content).into()));
                    }
                }
                (Sink::Key(keys), _) => {
                    if is_blank(content) {
                        ledger.blank(here);
                    } else if !content[0].is_ascii_digit()
                        && is_furniture(content, &self.layout.headers[self.layout.tasks[task].column])
                    {
                        ledger.furniture(here);
                    } else {
                        keys.push(content, self.layout.keeps_keys);
                    }
                }
                (Sink::Nothing, _) if content.is_empty() => {}
                (Sink::Nothing, _) => ledger.unnamed(here),
                (Sink::Weight(scaled), _) => match weights::weight(content) {
                    Some(weight) if scaled.put(here.row, weight) => {}
                    _ if content.is_empty() => ledger.blank(here),
                    _ => ledger.value(&String::from_utf8_lossy(content), here),
                },
                (Sink::Count(counts), _) => match repeat::count(content) {
                    Some(count) => counts[here.row] = count,
                    None if content.is_empty() => ledger.blank(here),
                    None => ledger.value(&String::from_utf8_lossy(content), here),
                },
                (Sink::Design(_), _) if is_blank(content) => ledger.blank(here),
                (Sink::Design(sink), _) => sink.take_in(content, ledger, here),
                _ => {}
            }
        }
    }

    /// Ends a record where every defect is kept: one that is broken has no other defects, and every record a key.
    #[cold]
    fn watched(&mut self, here: Here<'_>) {
        let row = count32(here.row);
        let Some(watch) = &mut self.watch else { return };
        let fields = watch.fields.last().is_some_and(|(broken, _)| *broken == row);
        // The key is the first task.
        let key = self.layout.tasks.first().filter(|task| matches!(task.role, Role::Key));
        let noted = key.and_then(|_| self.ledger.tasks[0].log.as_ref()?.last());
        let furniture = noted == Some(&(row, Noted::Furniture));
        if fields || furniture {
            watch.broken.push(row);
            for log in self.ledger.tasks.iter_mut().filter_map(|task| task.log.as_mut()) {
                let other = |noted: &Noted| fields || *noted != Noted::Furniture;
                while log.last().is_some_and(|(own, noted)| *own == row && other(noted)) {
                    log.pop();
                }
            }
        }
        if let Some(Sink::Key(keys)) = self.sinks.first_mut() {
            keys.pad(here.row + 1);
        }
    }

    /// Hands the block's defects to the ledger.
    fn log(&mut self, block: u32) -> Records {
        let Some(watch) = &mut self.watch else { return Records::default() };
        let entry = |row, task, column, noted| Entry { block, row, task, column, noted };
        let mut entries: Vec<Entry> =
            watch.fields.iter().map(|&(row, found)| entry(row, None, 0, Noted::Fields(found))).collect();
        for (index, ledger) in self.ledger.tasks.iter_mut().enumerate() {
            let column = self.layout.tasks[index].column;
            let noted = ledger.log.iter_mut().flat_map(std::mem::take);
            entries.extend(noted.map(|(row, noted)| entry(row, Some(index), column, noted)));
        }
        // Orders are looked at when the block ends, those of broken records too.
        entries.retain(|entry| {
            !matches!(entry.noted, Noted::Rank(_)) || watch.broken.binary_search(&entry.row).is_err()
        });
        self.ledger.log_block(entries);
        watch.finish()
    }

    /// Takes the columns of the block out.
    fn finish(&mut self, here: Here<'_>, lines: usize) -> CodedBlock {
        let rows = here.row;
        let mut block = CodedBlock { index: here.block, rows, lines, ..CodedBlock::default() };
        for (index, task) in self.layout.tasks.iter().enumerate() {
            if !task.needed {
                continue;
            }
            let lane = &mut self.lanes[task.column];
            match (&mut self.sinks[index], &task.role) {
                (Sink::Codes(codes, _), Role::Single(book)) => {
                    let codes = if lane.narrow {
                        let mut codes = std::mem::take(&mut lane.codes);
                        codes.truncate(rows);
                        codes.shrink_to_fit();
                        Codes::U8(codes)
                    } else {
                        super::route::narrowed(codes[..rows].to_vec(), book.local_codes())
                    };
                    block.replies.push((index, Replies::Single(codes)));
                }
                (Sink::Packed { readings, replies, .. }, Role::Packed(book)) => {
                    let (replies, as_labels, exclusive) = multi::unpack(book, readings, &replies[..rows]);
                    block.replies.push((index, replies));
                    block.as_labels.extend(as_labels.map(|replies| (index, replies)));
                    note_exclusive(&mut self.ledger.tasks[index].exclusive, exclusive, here);
                    if readings.len() > MOST_CACHED {
                        self.sinks[index] = Sink::Packed {
                            known: Dictionary::default(),
                            readings: Vec::new(),
                            replies: Vec::new(),
                        };
                    }
                }
                (Sink::Number(scaled, states), _) => {
                    let mut values = std::mem::take(&mut scaled.values);
                    values.truncate(rows);
                    let states = states[..rows].to_vec();
                    block.decimals.push((index, scaled.decimals));
                    block.replies.push((index, Replies::Number(Number { values, states })));
                }
                (Sink::Text { states, kept }, _) => {
                    block.replies.push((index, Replies::Text(states[..rows].to_vec())));
                    if let (Some(kept), Some(question)) = (kept, task.question) {
                        block.comments.push((question, std::mem::take(kept)));
                    }
                }
                (Sink::Key(keys), _) => {
                    keys.settle();
                    block.keys = Some(std::mem::take(keys));
                }
                (Sink::Weight(scaled), _) => {
                    scaled.values.truncate(rows);
                    block.weights = Some(std::mem::take(scaled));
                }
                (Sink::Count(counts), _) => {
                    counts.truncate(rows);
                    // Where every defect is kept, a record is a record.
                    block.counts = Some(std::mem::take(counts)).filter(|_| self.watch.is_none());
                }
                (Sink::Design(sink), _) => block.design.push((index, sink.take(rows))),
                _ => {}
            }
        }
        for &(single, words) in &self.layout.others {
            let (Sink::Text { states, .. }, Role::Single(book)) =
                (&self.sinks[words], &self.layout.tasks[single].role)
            else {
                continue;
            };
            let replies = block.replies.iter_mut().find(|(task, _)| *task == single);
            let (Some((_, Replies::Single(codes))), Some(other)) = (replies, book.other) else { continue };
            // Whoever wrote something and chose nothing has chosen その他.
            match codes {
                Codes::U8(codes) => {
                    let (blank, other) = (narrow_code(book.blank), narrow_code(other));
                    let chosen =
                        codes.iter_mut().zip(states).filter(|(code, state)| **code == blank && **state == 0);
                    chosen.for_each(|(code, _)| *code = other);
                }
                Codes::U16(codes) => {
                    let chosen = codes
                        .iter_mut()
                        .zip(states)
                        .filter(|(code, state)| **code == book.blank && **state == 0);
                    chosen.for_each(|(code, _)| *code = other);
                }
            }
        }
        for columns in &self.layout.multis {
            let Some(&(_, first)) = columns.tasks.first() else { continue };
            let unknown = match &self.layout.tasks[first].role {
                Role::Selected(book) => book.unknown,
                _ => continue,
            };
            let dirty = columns.tasks.iter().any(|&(_, task)| self.ledger.tasks[task].total.is_some());
            let mut fold = Fold::new(rows, columns.options, columns.states, columns.none_is_reply, dirty);
            for &(option, task) in &columns.tasks {
                let lane = &self.lanes[self.layout.tasks[task].column];
                match &self.sinks[task] {
                    _ if lane.narrow => fold.column(option, &lane.codes[..rows]),
                    Sink::Codes(codes, _) => fold.column(option, &codes[..rows]),
                    _ => {}
                }
            }
            let folded = fold.finish(unknown, &columns.exclusive);
            let ledger = &mut self.ledger.tasks[first];
            ledger.made_missing += folded.made_missing;
            note_exclusive(&mut ledger.exclusive, folded.exclusive, here);
            block.replies.push((first, folded.replies));
        }
        for ranking in &self.layout.rankings {
            let Some(&first) = ranking.tasks.first() else { continue };
            let ranked = match &self.sinks[first] {
                Sink::Packed { readings, replies, .. } => ranking.fold_in_order(readings, &replies[..rows]),
                _ => ranking.fold(rows, &|column, row| {
                    let task = ranking.tasks[column];
                    let lane = &self.lanes[self.layout.tasks[task].column];
                    match &self.sinks[task] {
                        _ if lane.narrow => u16::from(lane.codes[row]),
                        Sink::Codes(codes, _) => codes[row],
                        _ => 0,
                    }
                }),
            };
            let ledger = &mut self.ledger.tasks[first];
            ledger.made_missing += ranked.broken;
            for (fault, row) in ranked.faults {
                if let Some(log) = &mut ledger.log {
                    log.push((count32(row), Noted::Rank(fault)));
                }
                // The place is looked for only once.
                let seen = ledger.faults.entry(fault);
                let seen = seen.or_insert_with(|| Sighting { count: 0, first: record_position(here, row) });
                seen.count += 1;
            }
            if ranking.needed {
                block.ranked.extend(ranked.replies);
            }
            if let Sink::Packed { readings, .. } = &self.sinks[first]
                && readings.len() > MOST_CACHED
            {
                self.sinks[first] =
                    Sink::Packed { known: Dictionary::default(), readings: Vec::new(), replies: Vec::new() };
            }
        }
        block.records = self.log(here.block);
        block
    }
}

impl Role {
    /// The book of a task whose cells become codes.
    fn book(&self) -> Option<&Book> {
        match self {
            Role::Single(book) | Role::Selected(book) | Role::Place(book) | Role::Placed(book) => Some(book),
            _ => None,
        }
    }
}

/// Place in a table of two digits; beyond it for anything else.
#[inline]
fn two_digits(first: u8, second: u8) -> usize {
    let (first, second) = (first.wrapping_sub(b'0'), second.wrapping_sub(b'0'));
    if first > 9 || second > 9 { usize::MAX } else { usize::from(first) * 10 + usize::from(second) }
}

fn narrow_code(code: u16) -> u8 {
    u8::try_from(code).unwrap_or(LOOK_UP)
}

/// Notes replies with an exclusive option beside another: how many in this block, and the first.
fn note_exclusive(slot: &mut Option<Sighting>, (count, first): (u64, Option<usize>), here: Here<'_>) {
    match (slot, first) {
        (Some(sighting), _) => sighting.count += count,
        (slot, Some(row)) => *slot = Some(Sighting { count, first: record_position(here, row) }),
        (_, None) => {}
    }
}

/// The position of another record of the block, found by walking to it.
fn record_position(here: Here<'_>, row: usize) -> Position {
    let mut at = 0;
    let mut seen = 0;
    while at < here.bytes.len() {
        if let Some(length) = empty_line(here.bytes, at, here.grammar.line_end) {
            at += length;
            continue;
        }
        if seen == row {
            break;
        }
        while let Ok(cell) = take(here.bytes, at, here.grammar) {
            at = cell.next;
            if cell.last {
                break;
            }
        }
        seen += 1;
    }
    Here { row, start: at, ..here }.position()
}

/// Without the ASCII white space around it.
#[inline]
fn trimmed(content: &[u8]) -> &[u8] {
    match (content.first(), content.last()) {
        (Some(first), Some(last)) if *first <= b' ' || *last <= b' ' => content.trim_ascii(),
        _ => content,
    }
}

/// Nothing, or only spaces: full-width ones and no-break spaces are not trimmed with the cell.
fn is_blank(content: &[u8]) -> bool {
    match content.first() {
        None => true,
        Some(first) if first.is_ascii() => false,
        Some(_) => str::from_utf8(content).is_ok_and(|text| text.trim().is_empty()),
    }
}

/// Is the key the header's own name, or a total's: no respondent?
fn is_furniture(key: &[u8], header: &str) -> bool {
    key == header.as_bytes() || TOTALS.iter().any(|word| key == word.as_bytes())
}
