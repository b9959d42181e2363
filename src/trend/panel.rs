//! Respondents of every wave: their replies side by side, and datasets narrowed to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::frame::{Block, Codes, Dataset, Replies, holds, states};
use crate::schema::{Condition, Kind, NoAnswer, Question, QuestionIndex, Survey};
use crate::significance::Paired;
use crate::stats::Ratio;
use crate::tabulate::{RowRole, StubRow, is_absent};

/// The panel's replies to some questions, as far as changes need them.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Respondents of every wave.
    pub respondents: u64,
    /// The waves' questionnaires: rows are found in the first, for all have today's options.
    survey: Survey,
    /// By question: its replies.
    replies: BTreeMap<QuestionIndex, Asked>,
}

/// Of one question: by wave, the reply of each respondent in its base in all waves that asked it.
#[derive(Debug, Clone)]
struct Asked {
    /// `None` where the wave did not ask the question.
    waves: Vec<Option<Vec<Reply>>>,
    /// Decimal places of numbers, by wave.
    decimals: Vec<u32>,
}

/// A reply as changes need it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Reply {
    Missing,
    Options(Vec<usize>),
    Number(i64),
}

/// What the panel says of one row and step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PanelStep {
    /// Who changed.
    pub paired: Paired,
    /// The mean change of a number or score, exact.
    pub difference: Option<Ratio>,
}

impl Panel {
    /// Finds the respondents of every wave by their keys, and makes 非該当 of every reply that is not in the
    /// question's base in all waves that asked it: what is counted afterwards is of the panel. Whoever does not
    /// meet the filter in some wave is not of it.
    pub fn narrow(
        surveys: &[Survey],
        datasets: &mut [Dataset],
        questions: &[QuestionIndex],
        filter: Option<&Condition>,
        no_answer: Option<NoAnswer>,
    ) -> Panel {
        let places = common(surveys, datasets, filter);
        let mut replies = BTreeMap::new();
        for &question in questions {
            let asked: Vec<bool> = surveys.iter().map(|survey| !is_absent(survey, question)).collect();
            let all: Vec<Vec<Option<Reply>>> = surveys
                .iter()
                .zip(datasets.iter())
                .map(|(survey, dataset)| of_question(survey, dataset, question, no_answer))
                .collect();
            let inside = |respondent: &&Vec<usize>| {
                let mut waves = respondent.iter().zip(&all).zip(&asked);
                waves.all(|((&place, wave), asked)| !asked || wave[place].is_some())
            };
            let kept: Vec<&Vec<usize>> = places.iter().filter(inside).collect();
            let reply = |wave: usize| {
                let replies = kept.iter().filter_map(|respondent| all[wave][respondent[wave]].clone());
                asked[wave].then(|| replies.collect())
            };
            let waves = (0..datasets.len()).map(reply).collect();
            let decimals = datasets.iter().map(|dataset| dataset.decimals_of(question)).collect();
            replies.insert(question, Asked { waves, decimals });
            for (wave, dataset) in datasets.iter_mut().enumerate() {
                let stay: BTreeSet<usize> = kept.iter().map(|respondent| respondent[wave]).collect();
                leave_out(dataset, &surveys[wave].questions[question], question, &stay);
            }
        }
        let survey = surveys[0].clone();
        Panel { respondents: places.len() as u64, survey, replies }
    }

    /// Who changed from a wave to the next; `None` where one of them did not ask.
    pub(super) fn step(&self, stub: &StubRow, step: usize) -> Option<PanelStep> {
        let index = self.survey.find(&stub.question)?;
        let (question, asked) = (&self.survey.questions[index], self.replies.get(&index)?);
        let (earlier, later) = (asked.waves.get(step)?.as_ref()?, asked.waves.get(step + 1)?.as_ref()?);
        let pairs = earlier.iter().zip(later);
        match stub.role {
            RowRole::Option | RowRole::Net => {
                let of = match stub.role {
                    RowRole::Net => {
                        let id = stub.code.as_ref()?.to_string();
                        question.nets.iter().find(|net| net.id == id)?.of.clone()
                    }
                    _ => vec![question.option_of(stub.code.as_ref()?)?],
                };
                let has = |reply: &Reply| match reply {
                    Reply::Options(options) => options.iter().any(|option| of.contains(option)),
                    _ => false,
                };
                let (mut n, mut gained, mut lost) = (0, 0, 0);
                for (earlier, later) in pairs {
                    n += 1;
                    gained += u64::from(has(later) && !has(earlier));
                    lost += u64::from(has(earlier) && !has(later));
                }
                Some(PanelStep { paired: Paired::Answer { n, gained, lost }, difference: None })
            }
            RowRole::Score | RowRole::Number => {
                let finest = asked.decimals[step].max(asked.decimals[step + 1]);
                let number = |reply: &Reply, wave: usize| -> Option<i128> {
                    match reply {
                        Reply::Number(value) => {
                            let unit = 10_i128.checked_pow(finest - asked.decimals[wave])?;
                            i128::from(*value).checked_mul(unit)
                        }
                        Reply::Options(options) => question.options[*options.first()?].score.map(i128::from),
                        Reply::Missing => None,
                    }
                };
                let (mut n, mut sum, mut squares) = (0_u64, 0_i128, 0_i128);
                for (earlier, later) in pairs {
                    let both = number(earlier, step).zip(number(later, step + 1));
                    let Some((earlier, later)) = both else { continue };
                    let change = later - earlier;
                    n += 1;
                    sum += change;
                    squares = squares.checked_add(change.checked_mul(change)?)?;
                }
                let unit = 10_i128.checked_pow(finest)?;
                let real = unit as f64;
                let paired =
                    Paired::Number { n, sum: sum as f64 / real, squares: squares as f64 / (real * real) };
                let difference = Ratio::new(sum, unit.checked_mul(i128::from(n))?);
                Some(PanelStep { paired, difference })
            }
            RowRole::Missing | RowRole::Ratio => None,
        }
    }
}

/// The respondents of every wave who meet the filter in each: their place in each file.
fn common(surveys: &[Survey], datasets: &[Dataset], filter: Option<&Condition>) -> Vec<Vec<usize>> {
    let keys: Vec<HashMap<&str, usize>> = surveys
        .iter()
        .zip(datasets)
        .map(|(survey, dataset)| {
            let mut keys = HashMap::new();
            let mut start = 0;
            for block in &dataset.blocks {
                let inside = filter.map(|filter| holds(filter, survey, dataset, block));
                for (row, key) in block.keys.iter().enumerate() {
                    if inside.as_ref().is_none_or(|inside| inside[row]) {
                        keys.insert(key.as_ref(), start + row);
                    }
                }
                start += block.len;
            }
            keys
        })
        .collect();
    let Some(first) = keys.first() else { return Vec::new() };
    let places = |key: &&str| keys.iter().map(|keys| keys.get(key).copied()).collect();
    let mut respondents: Vec<Vec<usize>> = first.keys().filter_map(places).collect();
    respondents.sort_unstable();
    respondents
}

/// The replies of a file to a question; `None` for whoever is not in its base.
fn of_question(
    survey: &Survey,
    dataset: &Dataset,
    question: QuestionIndex,
    no_answer: Option<NoAnswer>,
) -> Vec<Option<Reply>> {
    let asked = &survey.questions[question];
    let missing = no_answer.unwrap_or(asked.no_answer) == NoAnswer::Include && !asked.kind.is_measured();
    dataset
        .blocks
        .iter()
        .flat_map(|block| {
            let Some(Some(replies)) = block.replies.get(question) else { return vec![None; block.len] };
            let states = states(replies, asked, block.len);
            let reply = |row: usize| match usize::from(states[row]) {
                0 => Some(given(replies, asked, row)),
                state if state != asked.states() && missing => Some(Reply::Missing),
                _ => None,
            };
            (0..block.len).map(reply).collect()
        })
        .collect()
}

fn given(replies: &Replies, question: &Question, row: usize) -> Reply {
    match replies {
        Replies::Single(codes) => Reply::Options(vec![codes.at(row)]),
        Replies::Multi { octets, .. } => Reply::Options(
            (0..question.options.len()).filter(|o| octets[o / 8][row] >> (o % 8) & 1 == 1).collect(),
        ),
        Replies::Number(number) => Reply::Number(number.values[row]),
        Replies::Text(_) => Reply::Missing,
    }
}

/// Makes 非該当 of the replies of everybody who does not stay.
fn leave_out(dataset: &mut Dataset, question: &Question, index: QuestionIndex, stay: &BTreeSet<usize>) {
    let mut start = 0;
    for block in &mut dataset.blocks {
        let leaving: Vec<usize> = (0..block.len).filter(|row| !stay.contains(&(start + row))).collect();
        start += block.len;
        not_asked(block, question, index, &leaving);
    }
}

fn not_asked(block: &mut Block, question: &Question, index: QuestionIndex, rows: &[usize]) {
    let len = block.len;
    let Some(Some(replies)) = block.replies.get_mut(index) else { return };
    let state = question.states();
    let small = u8::try_from(state).unwrap_or(u8::MAX);
    let known = states(replies, question, len);
    match replies {
        // Options come first, then the states but for given.
        Replies::Single(Codes::U8(codes)) => {
            let code = u8::try_from(question.options.len() + state - 1).unwrap_or(u8::MAX);
            rows.iter().for_each(|&row| codes[row] = code);
        }
        Replies::Single(Codes::U16(codes)) => {
            let code = u16::try_from(question.options.len() + state - 1).unwrap_or(u16::MAX);
            rows.iter().for_each(|&row| codes[row] = code);
        }
        Replies::Multi { octets, states } => {
            let states = states.get_or_insert(known);
            for &row in rows {
                states[row] = small;
                octets.iter_mut().for_each(|octet| octet[row] = 0);
            }
        }
        Replies::Number(number) => {
            for &row in rows {
                number.states[row] = small;
                number.values[row] = 0;
            }
        }
        Replies::Text(states) => rows.iter().for_each(|&row| states[row] = small),
    }
}

/// Whether the panel can follow a question: one reply or several, or a number.
pub fn follows(kind: Kind) -> bool {
    matches!(kind, Kind::Single | Kind::Scale | Kind::Multi | Kind::Number)
}
