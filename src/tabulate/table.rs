//! The heart: a [`Table`] of sufficient statistics, its words, and nothing rounded.

use super::hidden::Hidden;
use super::joint::Joint;
use super::reach::Reach;
use super::spread::Spread;
use super::summary::Means;
use crate::schema::{Code, Kind, NoAnswer};
use crate::stats::Distribution;

/// What a cell holds: respondents, Σw and Σw².
///
/// Weights are integers in units of `10^-decimals` (see [`Table::weight_decimals`]), so sums are
/// exact and no order of respondents, chunks or threads changes them. Unweighted, all three agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Respondents (or mentions), unweighted.
    pub n: u64,
    /// Σw.
    pub w: i128,
    /// Σw².
    pub w2: i128,
}

impl Tally {
    /// Both together.
    pub fn merge(self, other: Tally) -> Tally {
        Tally { n: self.n + other.n, w: self.w + other.w, w2: self.w2 + other.w2 }
    }

    /// What is left when a part of it is taken away.
    pub fn without(self, part: Tally) -> Tally {
        Tally { n: self.n - part.n, w: self.w - part.w, w2: self.w2 - part.w2 }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        *self = self.merge(other);
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), Tally::merge)
    }
}

/// What may be read of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown<T> {
    /// There it is.
    Value(T),
    /// 秘匿: hidden.
    Suppressed,
    /// Nobody could have answered, or there is nothing to compute from.
    Undefined,
}

impl<T> Shown<T> {
    /// The value, when there is one to see.
    pub fn value(self) -> Option<T> {
        match self {
            Shown::Value(value) => Some(value),
            Shown::Suppressed | Shown::Undefined => None,
        }
    }

    /// Changes the value, or makes it undefined.
    pub fn and_then<U>(self, change: impl FnOnce(T) -> Option<U>) -> Shown<U> {
        match self {
            Shown::Value(value) => change(value).map_or(Shown::Undefined, Shown::Value),
            Shown::Suppressed => Shown::Suppressed,
            Shown::Undefined => Shown::Undefined,
        }
    }

    /// Both, unless one is hidden (first) or undefined.
    pub fn with<U>(self, other: Shown<U>) -> Shown<(T, U)> {
        match (self, other) {
            (Shown::Value(one), Shown::Value(two)) => Shown::Value((one, two)),
            (Shown::Suppressed, _) | (_, Shown::Suppressed) => Shown::Suppressed,
            _ => Shown::Undefined,
        }
    }
}

/// Rows × columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid<T> {
    columns: usize,
    cells: Vec<T>,
}

impl<T: Clone + Default> Grid<T> {
    /// All default.
    pub fn new(rows: usize, columns: usize) -> Self {
        Grid { columns, cells: vec![T::default(); rows * columns] }
    }
}

impl<T> std::ops::Index<(usize, usize)> for Grid<T> {
    type Output = T;
    fn index(&self, (row, column): (usize, usize)) -> &T {
        &self.cells[row * self.columns + column]
    }
}

impl<T> std::ops::IndexMut<(usize, usize)> for Grid<T> {
    fn index_mut(&mut self, (row, column): (usize, usize)) -> &mut T {
        &mut self.cells[row * self.columns + column]
    }
}

/// The words of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionWords {
    /// Identifier.
    pub id: String,
    /// Wording.
    pub text: String,
    /// Short wording, or the wording.
    pub heading: String,
    /// Part of the questionnaire it stands in.
    pub section: Option<String>,
    /// What a reply looks like.
    pub kind: Kind,
}

/// What a stub row counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowRole {
    /// Respondents with an option.
    Option,
    /// Respondents whose reply is missing.
    Missing,
    /// Respondents with any of several options.
    Net,
    /// The scores of a scale's options: mean, quantiles.
    Score,
    /// A number: mean, quantiles, total.
    Number,
    /// The total of a number to the total of another.
    Ratio,
}

/// One row of the stub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StubRow {
    /// What it counts.
    pub role: RowRole,
    /// The question it belongs to: in a grid's summary table each row has its own.
    pub question: String,
    /// Option's or missing code, or the net's id; `None` for 無回答 by blank and for numbers.
    pub code: Option<Code>,
    /// Words.
    pub label: String,
    /// Stays last when rows are sorted: その他, 特にない.
    pub last: bool,
    /// Codes of the options this net is of; empty for others.
    pub of: Vec<Code>,
    /// Nobody published this label.
    pub assumed: bool,
    /// It was on offer in the table's wave; a net, where any of its options was.
    pub offered: bool,
    /// An option's score; `None` for other rows, and for options without one.
    pub score: Option<i64>,
    /// How many of what is below the line a ratio is for; `None` for other rows.
    pub per: Option<u32>,
}

/// What a banner column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnRole {
    /// Everyone in the stub's base.
    Total,
    /// Those who gave this reply on the banner.
    Group,
    /// Those who gave this reply on the outer questions of a nested banner, whatever the inner ones.
    Subtotal,
    /// Those whose reply on the banner is missing.
    Missing,
}

/// One column of the banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BannerColumn {
    /// Total, group, …
    pub role: ColumnRole,
    /// Which banner it belongs to (index into [`Table::banners`]); `None` for the Total.
    pub banner: Option<usize>,
    /// Codes along the question path; empty for the Total and for the missing.
    pub codes: Vec<Code>,
    /// Words along the question path; empty for the Total and for the missing.
    pub labels: Vec<String>,
    /// Its options were on offer in the table's wave.
    pub offered: bool,
    /// A, B, … within its banner; empty for all but groups.
    pub letter: String,
}

/// A banner: the questions nested in it, and the counts over respondents given on all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// Question path, outermost first.
    pub path: Vec<QuestionWords>,
    /// The nested banner (index into [`Table::banners`]) of which this one's groups are subtotals.
    pub subtotal_of: Option<usize>,
    /// Groups overlap, for a question on the path is a multi.
    pub overlapping: bool,
    /// For each stub row: respondents given on the banner who gave the answer.
    pub answered: Vec<Tally>,
    /// For each stub row: respondents given on stub and banner.
    pub both: Vec<Tally>,
    /// For each stub row: respondents in its base who are not given on the banner.
    pub outside: Vec<Tally>,
}

/// A fact about a table that its reader must know; a table has its notes in this order, one of a
/// kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// This many respondents in no column's base, for their reply is missing.
    NoAnswerExcluded(u64),
    /// This many replies were given where the question was not asked, and count as 非該当.
    AnsweredNotAsked(u64),
    /// This many replies could not be read and count as 無回答 (`--lenient`).
    MadeMissing(u64),
    /// Respondents with weight zero.
    ZeroWeights(u64),
    /// This many gave what is above the line of a ratio but not what is below it, and are in neither sum.
    NoDenominator(u64),
    /// This many gave only what is below the line.
    NoNumerator(u64),
    /// Only the first rows are shown.
    Top(usize),
    /// Some of the files stacked did not ask the question: their respondents are 非該当.
    PartlyAsked,
    /// This many records are not counted, for a later or earlier one of the same respondent is.
    Superseded(u64),
    /// The wave did not ask the question.
    NotInWave,
    /// The wave did not have some options; nets are of the others.
    NotOffered,
}

impl Note {
    /// The respondents it counts; `None` where it counts none.
    pub fn respondents(&self) -> Option<u64> {
        match self {
            Note::NoAnswerExcluded(n)
            | Note::AnsweredNotAsked(n)
            | Note::MadeMissing(n)
            | Note::ZeroWeights(n)
            | Note::NoDenominator(n)
            | Note::NoNumerator(n) => Some(*n),
            // Who replied twice is told by no answer.
            Note::Top(_) | Note::PartlyAsked | Note::Superseded(_) | Note::NotInWave | Note::NotOffered => {
                None
            }
        }
    }
}

/// One table: sufficient statistics and words, nothing rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The stub's question; for a grid's summary table the grid.
    pub question: QuestionWords,
    /// The grid this table's question is a row of.
    pub grid: Option<String>,
    /// Id and words of the wave, when it is not that of today.
    pub wave: Option<(String, String)>,
    /// Text of the filter, when there is one.
    pub filter: Option<String>,
    /// Name of the weight, when there is one.
    pub weight: Option<String>,
    /// A weight is an integer times `10^-weight_decimals`.
    pub weight_decimals: u32,
    /// Decimal places of a number question's values.
    pub number_decimals: u32,
    /// Only those were asked who meet a condition: bases are smaller than the survey.
    pub routed: bool,
    /// Whether 無回答 is in the bases.
    pub no_answer: NoAnswer,
    /// Points of each place of a rank question; empty for others.
    pub points: Vec<i64>,
    /// The base of an option or net is those to whom it was on offer, so that rows differ in base.
    pub option_bases: bool,
    /// Rows.
    pub stub: Vec<StubRow>,
    /// Columns: the Total first.
    pub columns: Vec<BannerColumn>,
    /// Banners the group columns belong to.
    pub banners: Vec<Banner>,
    /// For a summary table of numbers and scores, what it shows of them.
    pub means: Option<Means>,
    /// Who is in the base and who is not; in a summary table for each row's question.
    pub reach: Vec<Reach>,
    /// What the reader must know.
    pub notes: Vec<Note>,
    /// What tests need beyond cells, where the request said so.
    pub joint: Joint,
    pub(super) cells: Grid<Tally>,
    pub(super) bases: Grid<Tally>,
    pub(super) question_bases: Vec<Tally>,
    pub(super) both: Grid<Tally>,
    pub(super) mentions: Grid<Tally>,
    pub(super) column_mentions: Vec<Tally>,
    pub(super) numbers: Grid<Distribution>,
    /// What is below the line in ratio rows; `numbers` has what is above it.
    pub(super) denominators: Grid<Distribution>,
    pub(super) hidden: Hidden,
    /// Variances of the estimates, where they were asked for.
    pub(super) spread: Option<Spread>,
}

impl Table {
    pub(super) fn shown<T: Clone>(&self, grid: &Grid<T>, row: usize, column: usize) -> Shown<T> {
        if self.hidden.cells.contains(&(row, column)) {
            Shown::Suppressed
        } else if self.bases[(row, column)].n == 0 || !self.is_offered(row, column) {
            Shown::Undefined
        } else {
            Shown::Value(grid[(row, column)].clone())
        }
    }

    /// Whether the wave's questionnaire had the row's and the column's options.
    pub fn is_offered(&self, row: usize, column: usize) -> bool {
        self.stub[row].offered && self.columns[column].offered
    }

    /// Respondents in the column who gave the answer: the only way to read a cell.
    pub fn cell(&self, row: usize, column: usize) -> Shown<Tally> {
        self.shown(&self.cells, row, column)
    }

    /// Respondents in the column who could have given the answer.
    pub fn base(&self, row: usize, column: usize) -> Tally {
        self.bases[(row, column)]
    }

    /// Respondents in the column who are in the question's base, whatever the rows' own bases are; of a
    /// number or a date those who gave one.
    pub fn question_base(&self, column: usize) -> Tally {
        match self.question.kind {
            kind if (kind.is_measured() || kind == Kind::Ratio) && !self.stub.is_empty() => {
                self.bases[(0, column)]
            }
            _ => self.question_bases[column],
        }
    }

    /// Whether each row has a base of its own: in a summary table, and with bases by option.
    pub fn has_row_bases(&self) -> bool {
        self.option_bases || self.is_summary()
    }

    /// Whether mentions can be set against the base: not where each option has its own.
    pub fn has_mention_shares(&self) -> bool {
        self.has_mentions() && !self.option_bases
    }

    /// The base counted over respondents given on stub and banner.
    pub fn both(&self, row: usize, column: usize) -> Tally {
        self.both[(row, column)]
    }

    /// Mentions behind the cell: differs from the cell for nets of a multi question. Those of a net tell
    /// its options' sum, and are hidden with any of them.
    pub fn mentions(&self, row: usize, column: usize) -> Shown<Tally> {
        let net = self.has_mentions() && self.stub[row].role == RowRole::Net;
        let hidden = |part: usize| self.hidden.cells.contains(&(part, column));
        if net && self.hidden.threshold.is_some() && (0..self.stub.len()).any(hidden) {
            return Shown::Suppressed;
        }
        self.shown(&self.mentions, row, column)
    }

    /// Mentions in the column (M.T. is mentions over respondents).
    pub fn column_mentions(&self, column: usize) -> Tally {
        self.column_mentions[column]
    }

    /// Values of a number row, scores of a score row, points of an option of a rank question; of a ratio
    /// row the values above the line.
    pub fn numbers(&self, row: usize, column: usize) -> Shown<Distribution> {
        self.shown_values(&self.numbers, row, column)
    }

    /// Values below the line of a ratio row.
    pub fn denominators(&self, row: usize, column: usize) -> Shown<Distribution> {
        self.shown_values(&self.denominators, row, column)
    }

    /// Whether replies are weighted.
    pub fn weighted(&self) -> bool {
        self.weight.is_some()
    }

    /// Whether this is a grid's summary table: each row has its own question, and so its own base.
    pub fn is_summary(&self) -> bool {
        self.stub.iter().any(|row| row.question != self.question.id)
    }

    /// Whether mentions differ from respondents.
    pub fn has_mentions(&self) -> bool {
        self.question.kind.takes_several_options()
    }

    /// Whether the row is an option that has points: of those who gave an answer, 0 from those who
    /// did not rank it.
    pub fn has_points(&self, row: usize) -> bool {
        !self.points.is_empty() && self.stub[row].role == RowRole::Option
    }

    /// The sum of two tables of the same shape over different respondents.
    ///
    /// `None` when stubs or columns differ, or a cell is hidden: what is hidden cannot be added
    /// without telling it. Of two units the finer one is kept; `None` when it does not fit.
    pub fn merge(&self, other: &Table) -> Option<Table> {
        let weight_decimals = self.weight_decimals.max(other.weight_decimals);
        let number_decimals = self.number_decimals.max(other.number_decimals);
        if (weight_decimals, number_decimals) != (self.weight_decimals, self.number_decimals) {
            return self.in_units(weight_decimals, number_decimals)?.merge(other);
        }
        if (weight_decimals, number_decimals) != (other.weight_decimals, other.number_decimals) {
            return self.merge(&other.in_units(weight_decimals, number_decimals)?);
        }
        let same = self.question == other.question
            && self.stub == other.stub
            && self.points == other.points
            && self.option_bases == other.option_bases
            && self.columns == other.columns
            && self.weight == other.weight
            && self.no_answer == other.no_answer
            && self.filter == other.filter
            && self.means == other.means
            && self.wave == other.wave
            && self.hidden.is_empty()
            && other.hidden.is_empty();
        if !same {
            return None;
        }
        let mut sum = self.clone();
        sum.joint = self.joint.merge(&other.joint)?;
        for (grid, added) in [
            (&mut sum.cells, &other.cells),
            (&mut sum.bases, &other.bases),
            (&mut sum.both, &other.both),
            (&mut sum.mentions, &other.mentions),
        ] {
            add(&mut grid.cells, &added.cells);
        }
        add(&mut sum.column_mentions, &other.column_mentions);
        add(&mut sum.question_bases, &other.question_bases);
        for (grid, added) in
            [(&mut sum.numbers, &other.numbers), (&mut sum.denominators, &other.denominators)]
        {
            for (mine, added) in grid.cells.iter_mut().zip(&added.cells) {
                *mine = mine.merge(added);
            }
        }
        for (mine, added) in sum.banners.iter_mut().zip(&other.banners) {
            add(&mut mine.answered, &added.answered);
            add(&mut mine.both, &added.both);
            add(&mut mine.outside, &added.outside);
        }
        for (mine, added) in sum.reach.iter_mut().zip(&other.reach) {
            mine.add(added);
        }
        // Variances are of the sample as a whole: those of two parts say nothing of it.
        sum.spread = None;
        sum.notes = merge_notes(&self.notes, &other.notes);
        Some(sum)
    }

    /// The same table in finer units; `None` when its sums do not fit.
    fn in_units(&self, weight_decimals: u32, number_decimals: u32) -> Option<Table> {
        let by = weight_decimals.checked_sub(self.weight_decimals)?;
        let finer = 10_i64.checked_pow(number_decimals.checked_sub(self.number_decimals)?)?;
        // Without weights a respondent weighs 1, whatever the unit.
        let unit = if self.weighted() { 10_i128.checked_pow(by)? } else { 1 };
        let mut table = Table { weight_decimals, number_decimals, ..self.clone() };
        let grids = [&mut table.cells, &mut table.bases, &mut table.both, &mut table.mentions];
        let of_grids = grids.into_iter().flat_map(|grid| &mut grid.cells);
        let of_banners = table
            .banners
            .iter_mut()
            .flat_map(|banner| banner.answered.iter_mut().chain(&mut banner.both).chain(&mut banner.outside));
        let of_reach = table.reach.iter_mut().flat_map(|reach| {
            [&mut reach.not_asked, &mut reach.missing, &mut reach.given].into_iter().chain(&mut reach.scored)
        });
        let of_columns = table.column_mentions.iter_mut().chain(&mut table.question_bases);
        for tally in of_grids.chain(of_banners).chain(of_columns).chain(of_reach).chain(table.joint.tallies())
        {
            tally.w = tally.w.checked_mul(unit)?;
            tally.w2 = tally.w2.checked_mul(unit)?.checked_mul(unit)?;
        }
        let numbers = table.numbers.cells.iter_mut().chain(&mut table.denominators.cells);
        for values in numbers.chain(table.joint.values()) {
            *values = values.times(finer, unit)?;
        }
        Some(table)
    }

    /// Adds one row's respondents to another's; they must be different respondents.
    pub(super) fn add_row(&mut self, row: usize, added: usize) {
        if let Some(spread) = &mut self.spread {
            spread.join_rows(row, added);
        }
        for column in 0..self.columns.len() {
            let (cell, mentions) = (self.cells[(added, column)], self.mentions[(added, column)]);
            self.cells[(row, column)] += cell;
            self.mentions[(row, column)] += mentions;
            if self.hidden.cells.contains(&(added, column)) {
                self.hide(row, column);
            }
        }
        for banner in &mut self.banners {
            let answered = banner.answered[added];
            banner.answered[row] += answered;
        }
    }

    /// The rows in this order, others left out; nets keep pointing at the rows that stay.
    pub fn select_rows(&self, rows: &[usize]) -> Table {
        let pick = |grid: &Grid<Tally>| pick_rows(grid, rows);
        let stub = rows.iter().map(|&row| self.stub[row].clone()).collect();
        let mut banners = self.banners.clone();
        for banner in &mut banners {
            banner.answered = rows.iter().map(|&row| banner.answered[row]).collect();
            banner.both = rows.iter().map(|&row| banner.both[row]).collect();
            banner.outside = rows.iter().map(|&row| banner.outside[row]).collect();
        }
        let means = self.means.as_ref().map(|means| Means {
            measures: means.measures.clone(),
            scores: rows.iter().map(|&row| means.scores[row].clone()).collect(),
        });
        Table {
            stub,
            means,
            banners,
            joint: self.joint.select_rows(rows),
            cells: pick(&self.cells),
            bases: pick(&self.bases),
            both: pick(&self.both),
            mentions: pick(&self.mentions),
            numbers: pick_rows(&self.numbers, rows),
            denominators: pick_rows(&self.denominators, rows),
            spread: self.spread.as_ref().map(|spread| spread.select_rows(rows)),
            hidden: self.hidden.select_rows(rows),
            ..self.clone()
        }
    }
}

fn pick_rows<T: Clone>(grid: &Grid<T>, rows: &[usize]) -> Grid<T> {
    let cells = rows
        .iter()
        .flat_map(|&row| grid.cells[row * grid.columns..(row + 1) * grid.columns].iter().cloned())
        .collect();
    Grid { columns: grid.columns, cells }
}

fn add(mine: &mut [Tally], added: &[Tally]) {
    for (mine, added) in mine.iter_mut().zip(added) {
        *mine += *added;
    }
}

pub(super) fn merge_notes(one: &[Note], two: &[Note]) -> Vec<Note> {
    let mut merged = one.to_vec();
    for note in two {
        let place =
            merged.iter().position(|known| std::mem::discriminant(known) == std::mem::discriminant(note));
        match (place.map(|place| &mut merged[place]), note) {
            (Some(Note::NoAnswerExcluded(mine)), Note::NoAnswerExcluded(added))
            | (Some(Note::AnsweredNotAsked(mine)), Note::AnsweredNotAsked(added))
            | (Some(Note::MadeMissing(mine)), Note::MadeMissing(added))
            | (Some(Note::NoDenominator(mine)), Note::NoDenominator(added))
            | (Some(Note::NoNumerator(mine)), Note::NoNumerator(added))
            | (Some(Note::Superseded(mine)), Note::Superseded(added))
            | (Some(Note::ZeroWeights(mine)), Note::ZeroWeights(added)) => *mine += added,
            (Some(_), _) => {}
            (None, note) => merged.push(note.clone()),
        }
    }
    // In one order, whichever table a note came from: merging commutes.
    merged.sort_unstable();
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_notes_stand_in_one_order() {
        let (one, other) = ([Note::AnsweredNotAsked(1)], [Note::NoAnswerExcluded(2), Note::ZeroWeights(3)]);
        let merged = [Note::NoAnswerExcluded(2), Note::AnsweredNotAsked(1), Note::ZeroWeights(3)];
        assert_eq!(merge_notes(&one, &other), merged);
        assert_eq!(merge_notes(&other, &one), merged);
    }
}
