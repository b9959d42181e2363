//! Summary tables: one row for each of several questions.

use super::assemble::words;
use super::joint::Joint;
use super::request::{Answer, grid_rows};
use super::spread::Spread;
use super::table::{Grid, Note, QuestionWords, RowRole, StubRow, Table, merge_notes};
use crate::schema::{QuestionIndex, Survey};
use crate::stats::Distribution;

/// What a summary table shows of its rows' numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberMeasure {
    /// Mean.
    Mean,
    /// Standard deviation.
    Deviation,
    /// Median.
    Median,
    /// The sum of one number to the sum of another.
    Ratio,
}

/// An option's label and its score, if it has one.
pub type Score = (String, Option<i64>);

/// What a summary table of numbers and scores shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Means {
    /// Of each row, in the order asked for.
    pub measures: Vec<NumberMeasure>,
    /// For each row the scores of its options; empty for a number.
    pub scores: Vec<Vec<Score>>,
}

/// One answer of every row of a grid as one table.
pub(super) fn summary(
    survey: &Survey,
    grid: QuestionIndex,
    answer: Answer,
    rows: &[(QuestionIndex, Table)],
) -> Option<Table> {
    let question = &survey.questions[grid];
    let role = match answer {
        Answer::Option(_) => RowRole::Option,
        Answer::Net(_) => RowRole::Net,
    };
    let place = |table: &Table| {
        let mut fitting = table.stub.iter().enumerate().filter(|(_, row)| row.role == role);
        let (Answer::Option(wanted) | Answer::Net(wanted)) = answer;
        fitting.nth(wanted).map(|(place, _)| place)
    };
    let picked: Vec<Table> =
        rows.iter().filter_map(|(_, table)| Some(table.select_rows(&[place(table)?]))).collect();
    let label = picked.first()?.stub[0].label.clone();
    let heading = format!("{}：{label}", question.heading());
    stacked(survey, QuestionWords { heading, ..words(question) }, rows, &picked)
}

/// The numbers and scores of several questions as one table; the rows of one grid stand under its words.
pub(super) fn means(
    survey: &Survey,
    measures: &[NumberMeasure],
    rows: &[(QuestionIndex, Table)],
) -> Option<Table> {
    let asked: Vec<QuestionIndex> = rows.iter().map(|(row, _)| *row).collect();
    let first = &survey.questions[*asked.first()?];
    let grid = first.grid.filter(|&grid| grid_rows(survey, grid).eq(asked.iter().copied()));
    let ids: Vec<&str> = asked.iter().map(|&row| survey.questions[row].id.as_str()).collect();
    let question = match (grid, ids.as_slice()) {
        (Some(grid), _) => words(&survey.questions[grid]),
        (None, [_]) => words(first),
        // Each row has its own words.
        (None, _) => QuestionWords {
            id: ids.join("+"),
            text: String::new(),
            heading: String::new(),
            section: None,
            kind: first.kind,
        },
    };
    let decimals = rows.iter().map(|(_, table)| table.number_decimals).max()?;
    let picked = rows.iter().filter_map(|(_, table)| {
        let number = |row: &StubRow| match row.role {
            // A ratio's table has the two numbers too.
            RowRole::Number | RowRole::Score => !measures.contains(&NumberMeasure::Ratio),
            RowRole::Ratio => true,
            _ => false,
        };
        let mut picked = table.select_rows(&[table.stub.iter().position(number)?]);
        for column in 0..picked.columns.len() {
            // Numbers too long for the unit of the others are not those of a survey: not available.
            let finer = 10_i64.checked_pow(decimals - table.number_decimals);
            for grid in [&mut picked.numbers, &mut picked.denominators] {
                let values = &mut grid[(0, column)];
                *values = finer.and_then(|finer| values.times(finer, 1)).unwrap_or_default();
            }
        }
        for values in picked.joint.values() {
            let finer = 10_i64.checked_pow(decimals - table.number_decimals);
            *values = finer.and_then(|finer| values.times(finer, 1)).unwrap_or_default();
        }
        picked.number_decimals = decimals;
        Some(picked)
    });
    let picked: Vec<Table> = picked.collect();
    let scores = asked.iter().map(|&row| {
        let options = survey.questions[row].options.iter();
        options.map(|option| (option.label.clone(), option.score)).collect()
    });
    let means = Means { measures: measures.to_vec(), scores: scores.collect() };
    let table = stacked(survey, question, rows, &picked)?;
    Some(Table { means: Some(means), ..table })
}

/// Tables of one row each under one another.
fn stacked(
    survey: &Survey,
    question: QuestionWords,
    rows: &[(QuestionIndex, Table)],
    picked: &[Table],
) -> Option<Table> {
    let mut summary = picked.first()?.clone();
    let columns = summary.columns.len();
    summary.question = question;
    summary.routed = picked.iter().any(|table| table.routed);
    summary.reach = picked.iter().flat_map(|table| table.reach.clone()).collect();
    summary.grid = None;
    summary.spread = Spread::stacked(picked.iter().map(|table| table.spread.as_ref()));
    // Replies add up over the rows; respondents do not, and each row has its own n.
    summary.notes = picked
        .iter()
        .map(|table| &table.notes)
        .fold(Vec::new(), |notes, added| merge_notes(&notes, added))
        .into_iter()
        .filter(|note| {
            let of_respondents =
                matches!(note, Note::NoAnswerExcluded(_) | Note::ZeroWeights(_) | Note::Superseded(_));
            !of_respondents && !matches!(note, Note::NoDenominator(_) | Note::NoNumerator(_))
        })
        .chain(
            summary
                .notes
                .iter()
                .filter(|note| matches!(note, Note::ZeroWeights(_) | Note::Superseded(_)))
                .cloned(),
        )
        .collect();
    for grid in [&mut summary.cells, &mut summary.bases, &mut summary.both, &mut summary.mentions] {
        *grid = Grid::new(picked.len(), columns);
    }
    summary.numbers = Grid::<Distribution>::new(picked.len(), columns);
    summary.denominators = Grid::<Distribution>::new(picked.len(), columns);
    summary.joint = Joint::stacked(picked.iter().map(|table| &table.joint));
    summary.stub = Vec::new();
    summary.banners.iter_mut().for_each(|banner| {
        banner.answered.clear();
        banner.both.clear();
        banner.outside.clear();
    });
    for (place, (table, (row, _))) in picked.iter().zip(rows).enumerate() {
        let heading = survey.questions[*row].heading().to_string();
        summary.stub.push(StubRow { label: heading, of: Vec::new(), ..table.stub[0].clone() });
        for column in 0..columns {
            summary.cells[(place, column)] = table.cells[(0, column)];
            summary.bases[(place, column)] = table.bases[(0, column)];
            summary.both[(place, column)] = table.both[(0, column)];
            summary.mentions[(place, column)] = table.mentions[(0, column)];
            summary.numbers[(place, column)] = table.numbers[(0, column)].clone();
            summary.denominators[(place, column)] = table.denominators[(0, column)].clone();
        }
        for (mine, theirs) in summary.banners.iter_mut().zip(&table.banners) {
            mine.answered.extend(&theirs.answered);
            mine.both.extend(&theirs.both);
            mine.outside.extend(&theirs.outside);
        }
    }
    Some(summary)
}
