//! Which answers respondents gave together on stub and banner: what tests of several answers need.

use std::collections::BTreeMap;

use super::lanes::multi;
use crate::frame::{Block, Dataset, Replies};
use crate::schema::{QuestionIndex, Survey};

/// More answers than this are not counted together.
const MOST_ANSWERS: usize = 64;

/// A reply to one side: a question, or a banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// One of so many answers: a reply is its number.
    One(usize),
    /// Any of so many: a reply has a bit for each.
    Several(usize),
}

/// How many respondents gave each pair of replies, of those given on both sides; unweighted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patterns {
    /// The stub's question.
    pub stub: Side,
    /// The banner.
    pub banner: Side,
    /// Respondents by reply on the stub and on the banner.
    pub counts: BTreeMap<(u64, u64), u64>,
}

impl Patterns {
    /// Both together.
    pub(super) fn merge(&self, other: &Patterns) -> Patterns {
        let mut sum = self.clone();
        for (&replies, &n) in &other.counts {
            *sum.counts.entry(replies).or_default() += n;
        }
        sum
    }
}

/// The side of a path of questions; `None` where it has too many answers, or several answers are nested.
fn side(survey: &Survey, path: &[QuestionIndex]) -> Option<Side> {
    let options = |&question: &QuestionIndex| survey.questions[question].options.len();
    let takes_one = |&question: &QuestionIndex| survey.questions[question].kind.takes_one_option();
    match path {
        [question] if survey.questions[*question].kind.takes_several_options() => {
            Some(Side::Several(options(question))).filter(|_| options(question) <= MOST_ANSWERS)
        }
        path if path.iter().all(takes_one) => Some(Side::One(path.iter().map(options).product())),
        _ => None,
    }
}

/// Walks over the respondents once; `None` where neither side takes several answers, or one cannot be counted.
pub(super) fn patterns(
    survey: &Survey,
    dataset: &Dataset,
    inside: &dyn Fn(&Block) -> Option<Vec<bool>>,
    stub: QuestionIndex,
    path: &[QuestionIndex],
) -> Option<Patterns> {
    let (of_stub, of_banner) = (side(survey, &[stub])?, side(survey, path)?);
    if matches!((of_stub, of_banner), (Side::One(_), Side::One(_))) {
        return None;
    }
    let mut counts = BTreeMap::new();
    for block in &dataset.blocks {
        let inside = inside(block);
        for i in (0..block.len).filter(|&i| inside.as_ref().is_none_or(|inside| inside[i])) {
            let replies = reply(survey, block, &[stub], i).zip(reply(survey, block, path, i));
            if let Some(replies) = replies {
                *counts.entry(replies).or_default() += 1;
            }
        }
    }
    Some(Patterns { stub: of_stub, banner: of_banner, counts })
}

fn reply(survey: &Survey, block: &Block, path: &[QuestionIndex], i: usize) -> Option<u64> {
    path.iter().try_fold(0, |before, &question| match block.replies[question].as_ref()? {
        Replies::Single(codes) => {
            let (code, options) = (codes.at(i), survey.questions[question].options.len());
            (code < options).then_some(before * options as u64 + code as u64)
        }
        _ => {
            let (octets, states) = multi(block, question);
            let given = states.map_or(octets[0][i] != 0, |states| states[i] == 0);
            let bits = octets.iter().rev().fold(0, |bits, octet| bits << 8 | u64::from(octet[i]));
            given.then_some(bits)
        }
    })
}
