//! Whom an estimate is of: what each respondent adds to the sums behind a table's cells.
//!
//! A *feature* is such a sum: respondents of a row's cell, of its base, or a number's values. Features of
//! a code are had from the table's own arithmetic, by counting one respondent with that code alone, so that a
//! variance cannot be of other people than its estimate.

use super::assemble::{Assembly, Counts, Source};
use super::count::Counted;
use super::deviation::Estimating;
use super::piece::{Column, Piece, codes};
use super::table::Tally;
use crate::frame::Replies;
use crate::schema::{NoAnswer, Origin, Question};

/// What is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Share,
    Mean,
    Total,
    /// The share at or below a quartile (0 to 2).
    Reached(usize),
}

/// An estimate of every column: Σ of a feature, over Σ of another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Row of the table; `rows + k` for the k-th joined row.
    pub row: usize,
    pub kind: Kind,
    pub of: u32,
    /// What it is divided by.
    pub to: Option<u32>,
    /// Whom it is about.
    pub base: u32,
}

/// One respondent's part of a feature.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub feature: u32,
    pub value: f64,
}

/// Features and targets of a question's table.
pub(super) struct Membership {
    /// How many features there are.
    pub features: usize,
    pub targets: Vec<Target>,
    /// The first of three features of values up to the quartiles; a part with this feature has the value.
    pub reached: Option<u32>,
    /// For each piece that counts: of each code its parts, and the code of each respondent in file order.
    pieces: Vec<(Vec<Vec<Part>>, Vec<u16>)>,
    /// Numbers behind the question, where given.
    numbers: Vec<Numbers>,
    /// Missing rows by code that may be joined with the row of blanks, as features beyond the rows.
    pub joined: Vec<usize>,
    /// The feature of whoever gave any answer.
    pub given: u32,
}

impl Assembly<'_> {
    /// The features of a question: cells of rows, then joined rows, bases, values.
    pub(super) fn membership(
        &self,
        counts: &Counts,
        question: &Question,
        sources: &[Source],
        no_answer: NoAnswer,
        estimating: Estimating,
    ) -> Membership {
        let totals = estimating == Estimating::Totals;
        let needs_given = self.request.joint.independence || !question.points.is_empty();
        let rows = sources.len();
        let state = |row: &usize| matches!(sources[*row], Source::State(_));
        let blank = (0..rows).find(state);
        let joined: Vec<usize> = (0..rows).filter(state).skip(1).collect();
        let mut features = rows + joined.len();
        // Rows of answers share a base, unless each has its own.
        let mut shared = None;
        let bases: Vec<usize> = (0..rows)
            .map(|row| match sources[row] {
                Source::Option(_) | Source::State(_) | Source::Net(_) if question.option_bases => {
                    features += 1;
                    features - 1
                }
                Source::Option(_) | Source::State(_) | Source::Net(_) => *shared.get_or_insert_with(|| {
                    features += 1;
                    features - 1
                }),
                // Whoever gave a number, or an answer with a score, is the base.
                Source::Given | Source::Denominator | Source::Ratio | Source::Scored => row,
            })
            .collect();
        let mut next = |count: usize| {
            features += count;
            features - count
        };
        let (above, below, reached) = (next(1), next(1), next(3));
        let given = next(1);
        let points = next(question.options.len() * usize::from(!question.points.is_empty()));
        let mut targets = Vec::new();
        let mut target = |row: usize, kind, of: usize, to: Option<usize>, base: usize| {
            targets.push(Target { row, kind, of: of as u32, to: to.map(|to| to as u32), base: base as u32 });
        };
        let mut quartiles = false;
        for (row, source) in sources.iter().enumerate() {
            let base = bases[row];
            match *source {
                Source::Option(_) | Source::State(_) | Source::Net(_) => {
                    target(row, Kind::Share, row, Some(base), base);
                    if totals {
                        target(row, Kind::Total, row, None, base);
                    }
                }
                Source::Ratio => target(row, Kind::Mean, above, Some(below), base),
                Source::Denominator => {
                    target(row, Kind::Mean, below, Some(base), base);
                    target(row, Kind::Total, below, None, base);
                }
                Source::Given | Source::Scored => {
                    target(row, Kind::Mean, above, Some(base), base);
                    if matches!(source, Source::Given) {
                        target(row, Kind::Total, above, None, base);
                    }
                    quartiles = !matches!(question.origin, Origin::Ratio { .. });
                    for quartile in (0..3).filter(|_| quartiles) {
                        target(row, Kind::Reached(quartile), reached + quartile, Some(base), base);
                    }
                }
            }
            if let (Source::Option(option), false) = (source, question.points.is_empty()) {
                target(row, Kind::Mean, points + option, Some(given), given);
            }
        }
        for (place, &row) in joined.iter().enumerate() {
            target(rows + place, Kind::Share, rows + place, Some(bases[row]), bases[row]);
        }
        let reached = quartiles.then_some(reached as u32);
        // What a respondent with a code adds, by piece and code.
        let unit = |piece: usize, code: usize| {
            if let Piece::Place { .. } = &counts.pieces[piece] {
                let earlier = counts.pieces[..piece].iter();
                let place = earlier.filter(|piece| matches!(piece, Piece::Place { .. })).count();
                let option = (code < question.options.len()).then_some(points + code);
                let part = |feature| Part { feature: feature as u32, value: question.points[place] as f64 };
                return option.map(part).into_iter().collect();
            }
            let alone = self.alone(counts, piece, code);
            let mut parts: Vec<Part> = Vec::new();
            let mut add = |feature: usize, value: f64| parts.push(Part { feature: feature as u32, value });
            for (row, source) in sources.iter().enumerate() {
                if source.cell(&alone).n > 0 {
                    add(row, 1.0);
                    if Some(row) == blank {
                        (0..joined.len()).for_each(|place| add(rows + place, 1.0));
                    } else if let Some(place) = joined.iter().position(|&coded| coded == row) {
                        add(rows + place, 1.0);
                    }
                }
                let base = bases[row];
                let first = base >= rows && !bases[..row].contains(&base);
                if first && source.base(&alone, no_answer).n > 0 {
                    add(base, 1.0);
                }
            }
            if needs_given && alone.states.first().is_some_and(|state| state.n > 0) {
                add(given, 1.0);
            }
            let scored = sources.iter().any(|source| matches!(source, Source::Scored));
            if let (Piece::Codes { .. }, true) = (&counts.pieces[piece], scored)
                && let Some(score) = question.options.get(code).and_then(|option| option.score)
            {
                add(above, score as f64);
                if let Some(reached) = reached {
                    add(reached as usize, score as f64);
                }
            }
            parts
        };
        let mut pieces = Vec::new();
        let mut bytes = Vec::new();
        for (piece, what) in counts.pieces.iter().enumerate() {
            if matches!(what, Piece::Weightless { .. } | Piece::Unpaired { .. }) || what.size() == 0 {
                continue;
            }
            let table: Vec<Vec<Part>> = (0..what.size()).map(|code| unit(piece, code)).collect();
            if table.iter().all(Vec::is_empty) {
                continue;
            }
            let mut all: Vec<u16> = Vec::with_capacity(self.dataset.respondents as usize);
            for block in &self.dataset.blocks {
                match codes(block, what, &mut bytes) {
                    Column::U8(codes) => all.extend(codes.iter().map(|&code| u16::from(code))),
                    Column::U16(codes) => all.extend_from_slice(codes),
                }
            }
            pieces.push((table, all));
        }
        let numbers = self.numbers(counts, [above, below].map(|feature| feature as u32), reached);
        Membership { features, targets, reached, pieces, numbers, joined, given: given as u32 }
    }

    /// The answers of a single respondent who has one code of one piece.
    fn alone(&self, counts: &Counts, piece: usize, code: usize) -> super::assemble::Answers {
        let joints = counts.pieces.iter().enumerate().map(|(other, what)| {
            let mut tallies = vec![Tally::default(); what.size()];
            if other == piece {
                tallies[code] = Tally { n: 1, w: 1, w2: 1 };
            }
            match what {
                Piece::Values { .. } | Piece::Denominators { .. } => {
                    vec![Counted::Values { lanes: vec![Vec::new()] }]
                }
                _ => vec![Counted::Codes { size: what.size(), tallies }],
            }
        });
        let single =
            Counts { question: counts.question, pieces: counts.pieces.clone(), joints: joints.collect() };
        self.answers(&single, 0, &[0])
    }

    /// The numbers behind the question: those of a ratio's two, in one unit.
    fn numbers(&self, counts: &Counts, [above, below]: [u32; 2], reached: Option<u32>) -> Vec<Numbers> {
        let decimals = self.number_decimals(counts.question);
        let mut found = Vec::new();
        for piece in &counts.pieces {
            let (feature, from, states) = match piece {
                Piece::Values { question } => (above, *question, *question),
                Piece::Denominators { ratio, to } => (below, *to, *ratio),
                _ => continue,
            };
            let own = match (&self.survey.questions[from].origin, piece) {
                (Origin::Ratio { of, .. }, Piece::Values { .. }) => self.dataset.decimals_of(*of),
                _ => self.dataset.decimals_of(from),
            };
            let unit = 10_f64.powi(decimals as i32 - own as i32);
            let mut numbers = Numbers { feature, reached, values: Vec::new() };
            for block in &self.dataset.blocks {
                let number = |question: usize| match &block.replies[question] {
                    Some(Replies::Number(number)) => number,
                    _ => unreachable!("the plan asked for a number question's replies"),
                };
                let (values, states) = (&number(from).values, &number(states).states);
                let given = values.iter().zip(states).map(|(&value, &state)| {
                    // Not given is not a number.
                    if state == 0 { value as f64 * unit } else { f64::NAN }
                });
                numbers.values.extend(given);
            }
            found.push(numbers);
        }
        found
    }
}

/// A number of each respondent in file order; NaN where not given.
struct Numbers {
    feature: u32,
    reached: Option<u32>,
    values: Vec<f64>,
}

impl Membership {
    /// Every part of a respondent.
    #[inline]
    pub(super) fn each(&self, respondent: usize, mut part: impl FnMut(Part)) {
        for (table, codes) in &self.pieces {
            table[usize::from(codes[respondent])].iter().for_each(|&found| part(found));
        }
        for numbers in &self.numbers {
            let value = numbers.values[respondent];
            if !value.is_nan() {
                part(Part { feature: numbers.feature, value });
                if let Some(reached) = numbers.reached {
                    part(Part { feature: reached, value });
                }
            }
        }
    }
}
