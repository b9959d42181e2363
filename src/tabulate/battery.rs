//! The rows of a grid answered by the same respondents: what paired tests over the rows need of each
//! respondent, summed.

use super::columns::Columns;
use super::request::Answer;
use crate::frame::{Block, Dataset, Replies};
use crate::schema::{QuestionIndex, Survey};

/// One answer over the rows of a grid, of the respondents given on every row; unweighted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Battery {
    /// Respondents given on every row.
    pub n: u64,
    /// Those of them with the answer, by row in the questionnaire's order.
    pub with: Vec<u64>,
    /// Σ of each one's rows with the answer.
    pub answers: u64,
    /// Σ of their squares.
    pub answers_squared: u64,
    /// Σ of each one's linear contrast: the sum of (2·place − rows + 1) over the rows with the answer, places
    /// from 0.
    pub contrast: i64,
    /// Σ of its squares.
    pub contrast_squared: u64,
}

impl Battery {
    /// Enters a respondent who gave the answer on some of the rows.
    fn enter(&mut self, with: &[bool]) {
        let (mut answers, mut contrast) = (0, 0);
        for (place, _) in with.iter().enumerate().filter(|(_, with)| **with) {
            self.with[place] += 1;
            answers += 1;
            contrast += 2 * place as i64 - with.len() as i64 + 1;
        }
        self.n += 1;
        self.answers += answers;
        self.answers_squared += answers * answers;
        self.contrast += contrast;
        self.contrast_squared += (contrast * contrast) as u64;
    }

    /// Both together.
    pub(super) fn merge(&self, other: &Battery) -> Battery {
        Battery {
            n: self.n + other.n,
            with: self.with.iter().zip(&other.with).map(|(mine, theirs)| mine + theirs).collect(),
            answers: self.answers + other.answers,
            answers_squared: self.answers_squared + other.answers_squared,
            contrast: self.contrast + other.contrast,
            contrast_squared: self.contrast_squared + other.contrast_squared,
        }
    }
}

/// Walks over the respondents once; of each column.
pub(super) fn batteries(
    survey: &Survey,
    dataset: &Dataset,
    columns: &Columns,
    inside: &dyn Fn(&Block) -> Option<Vec<bool>>,
    rows: &[QuestionIndex],
    answer: Answer,
) -> Vec<Battery> {
    let wanted: Vec<Vec<bool>> = rows
        .iter()
        .map(|&row| {
            let question = &survey.questions[row];
            let of = match answer {
                Answer::Option(option) => vec![option],
                Answer::Net(net) => question.nets.get(net).map_or_else(Vec::new, |net| net.of.clone()),
            };
            (0..question.options.len()).map(|option| of.contains(&option)).collect()
        })
        .collect();
    let none = Battery {
        n: 0,
        with: vec![0; rows.len()],
        answers: 0,
        answers_squared: 0,
        contrast: 0,
        contrast_squared: 0,
    };
    let mut batteries = vec![none; columns.words.len()];
    let columns_of = columns.of_lanes();
    let mut lanes: Vec<Vec<u16>> = columns.sets.iter().map(|_| Vec::new()).collect();
    let mut with = vec![false; rows.len()];
    for block in &dataset.blocks {
        let inside = inside(block);
        for (set, lanes) in columns.sets.iter().zip(&mut lanes) {
            set.write(block, inside.as_deref(), lanes);
        }
        for i in (0..block.len).filter(|&i| inside.as_ref().is_none_or(|inside| inside[i])) {
            let given = rows.iter().zip(&wanted).zip(&mut with).all(|((&row, wanted), with)| {
                let reply = replied(block, row, i, wanted);
                *with = reply == Some(true);
                reply.is_some()
            });
            if !given {
                continue;
            }
            for (lanes, columns) in lanes.iter().zip(&columns_of) {
                for &column in &columns[usize::from(lanes[i])] {
                    batteries[usize::from(column)].enter(&with);
                }
            }
        }
    }
    batteries
}

/// Whether the respondent gave one of the wanted options; `None`: no reply was given.
fn replied(block: &Block, row: QuestionIndex, i: usize, wanted: &[bool]) -> Option<bool> {
    match block.replies[row].as_ref()? {
        Replies::Single(codes) => wanted.get(codes.at(i)).copied(),
        Replies::Multi { octets, states } => {
            let given = states.as_ref().map_or(octets[0][i] != 0, |states| states[i] == 0);
            let has = |option: usize| octets[option / 8][i] >> (option % 8) & 1 == 1;
            given.then(|| wanted.iter().enumerate().any(|(option, wanted)| *wanted && has(option)))
        }
        Replies::Number(_) | Replies::Text(_) => None,
    }
}
