//! Where each respondent stands on a banner: a small integer, the lane.
//!
//! A banner's questions are coded together into one lane for each respondent, so that the count
//! of a stub against a whole banner is one table lookup, nested and overlapping groups included.
//! A group column is then a set of lanes, and the Total is all of them.

use std::collections::BTreeMap;

use crate::frame::{Block, Codes, Replies};
use crate::schema::{Kind, QuestionIndex, Survey};

/// A multi of more options than this goes option by option: three lanes each, not 257 for eight.
const MOST_BY_OCTET: usize = 16;
/// More lanes than this (a multi nested in a multi) are split: one lane set for each group.
const MOST_LANES: usize = 60_000;

/// How one question of the path enters the lane.
#[derive(Debug, Clone)]
enum Part {
    /// A single's code: option or state.
    Single { question: QuestionIndex, options: usize, states: usize },
    /// Eight options of a multi by their pattern; 256 is "not given".
    Octet { question: QuestionIndex, octet: usize },
    /// One option: 0 not given, 1 given without it, 2 with it.
    Member { question: QuestionIndex, option: usize },
    /// 0 given, 1 missing, 2 not asked.
    State { question: QuestionIndex, options: usize, not_asked: usize },
    /// 1 with all of these options, else 0.
    All { members: Vec<(QuestionIndex, usize)> },
}

impl Part {
    fn size(&self) -> usize {
        match self {
            Part::Single { options, states, .. } => options + states,
            Part::Octet { .. } => 257,
            Part::Member { .. } | Part::State { .. } => 3,
            Part::All { .. } => 2,
        }
    }

    /// Is a respondent with this code given on the question?
    fn given(&self, code: usize) -> bool {
        match self {
            Part::Single { options, .. } => code < *options,
            Part::Octet { .. } => code != 256,
            Part::Member { .. } => code != 0,
            Part::State { .. } => code == 0,
            Part::All { .. } => code == 1,
        }
    }

    /// The options a respondent with this code has given, as far as this part can tell.
    fn options(&self, code: usize) -> Vec<usize> {
        match self {
            Part::Single { options, .. } => (code < *options).then_some(code).into_iter().collect(),
            Part::Octet { .. } if code == 256 => Vec::new(),
            Part::Octet { octet, .. } => {
                (0..8).filter(|bit| code >> bit & 1 == 1).map(|bit| octet * 8 + bit).collect()
            }
            Part::Member { option, .. } => (code == 2).then_some(*option).into_iter().collect(),
            Part::State { .. } | Part::All { .. } => Vec::new(),
        }
    }
}

/// A way to number respondents for some of a banner's group columns.
#[derive(Debug)]
pub struct LaneSet {
    parts: Vec<Part>,
    /// Lanes, without the one for those outside the filter, which is `size`.
    pub size: usize,
    /// The banner's groups that this set counts, each with its lanes.
    pub groups: BTreeMap<usize, Vec<usize>>,
    /// Lanes of respondents given on every question of the path.
    pub given: Vec<usize>,
    /// The other lanes.
    pub outside: Vec<usize>,
}

impl LaneSet {
    /// The set with one lane for everybody.
    pub fn everybody() -> LaneSet {
        LaneSet { parts: Vec::new(), size: 1, groups: BTreeMap::new(), given: vec![0], outside: Vec::new() }
    }

    /// The set whose only group is those missing on a question of the path. Whoever is given on the
    /// others, or not asked them, could have been in a group of the banner.
    pub fn missing(survey: &Survey, path: &[QuestionIndex]) -> LaneSet {
        let part = |&index: &QuestionIndex| Part::State {
            question: index,
            options: survey.questions[index].options.len(),
            not_asked: survey.questions[index].states(),
        };
        let mut set = LaneSet::new(path.iter().map(part).collect(), &vec![0; path.len()]);
        let missing = (0..set.size).filter(|&lane| set.codes(lane).contains(&1)).collect();
        set.groups = BTreeMap::from([(0, missing)]);
        set
    }

    /// The set whose only group is those with all of these options.
    pub fn all(members: Vec<(QuestionIndex, usize)>) -> LaneSet {
        let mut set = LaneSet::new(vec![Part::All { members }], &[0]);
        set.groups = BTreeMap::from([(0, vec![1])]);
        set
    }

    /// `radix`: how many options each question of the path has; groups are numbered outermost slowest.
    fn new(parts: Vec<Part>, radix: &[usize]) -> LaneSet {
        let size = parts.iter().map(Part::size).product();
        let mut set =
            LaneSet { parts, size, groups: BTreeMap::new(), given: Vec::new(), outside: Vec::new() };
        for lane in 0..size {
            let codes = set.codes(lane);
            let given = set.parts.iter().zip(&codes).all(|(part, &code)| part.given(code));
            if given { &mut set.given } else { &mut set.outside }.push(lane);
            let mut groups = vec![0];
            for ((part, &code), options) in set.parts.iter().zip(&codes).zip(radix) {
                // A pattern of the last octet has bits that are no option.
                let given: Vec<usize> = part.options(code).into_iter().filter(|o| o < options).collect();
                groups = groups
                    .iter()
                    .flat_map(|group| given.iter().map(move |option| group * options + option))
                    .collect();
            }
            for group in groups {
                set.groups.entry(group).or_default().push(lane);
            }
        }
        set
    }

    /// The code of each part in a lane.
    fn codes(&self, mut lane: usize) -> Vec<usize> {
        let mut codes = vec![0; self.parts.len()];
        for (code, part) in codes.iter_mut().zip(&self.parts).rev() {
            *code = lane % part.size();
            lane /= part.size();
        }
        codes
    }

    /// Writes the lane of each respondent of the block; those outside the filter get `size`.
    pub fn write(&self, block: &Block, inside: Option<&[bool]>, lanes: &mut Vec<u16>) {
        lanes.clear();
        lanes.resize(block.len, 0);
        for part in &self.parts {
            let size = part.size() as u16;
            let mut enter = |codes: &mut dyn Iterator<Item = u16>| {
                for (lane, code) in lanes.iter_mut().zip(codes) {
                    *lane = *lane * size + code;
                }
            };
            match part {
                Part::Single { question, .. } => match &block.replies[*question] {
                    // The usual part, many times as fast without a call for each respondent.
                    Some(Replies::Single(Codes::U8(codes))) => {
                        for (lane, &code) in lanes.iter_mut().zip(codes) {
                            *lane = *lane * size + u16::from(code);
                        }
                    }
                    Some(Replies::Single(Codes::U16(codes))) => enter(&mut codes.iter().copied()),
                    _ => unreachable!("the plan asked for a single question's replies"),
                },
                Part::Octet { question, octet } => {
                    let given = |octets: &[Vec<u8>], states: Option<&Vec<u8>>, i: usize| match states {
                        Some(states) => states[i] == 0,
                        None => octets[0][i] != 0,
                    };
                    let (octets, states) = multi(block, *question);
                    enter(
                        &mut (0..block.len).map(|i| {
                            if given(octets, states, i) { u16::from(octets[*octet][i]) } else { 256 }
                        }),
                    );
                }
                Part::Member { question, option } => {
                    let (octets, states) = multi(block, *question);
                    enter(&mut (0..block.len).map(|i| {
                        let given = states.map_or(octets[0][i] != 0, |states| states[i] == 0);
                        let has = octets[option / 8][i] >> (option % 8) & 1;
                        u16::from(given) + u16::from(given) * u16::from(has)
                    }));
                }
                Part::All { members } => {
                    let with = |(question, option): &(QuestionIndex, usize), i: usize| match &block.replies
                        [*question]
                    {
                        Some(Replies::Single(codes)) => codes.at(i) == *option,
                        _ => multi(block, *question).0[option / 8][i] >> (option % 8) & 1 == 1,
                    };
                    enter(&mut (0..block.len).map(|i| u16::from(members.iter().all(|m| with(m, i)))));
                }
                Part::State { question, options, not_asked } => {
                    let state = |state: usize| match state {
                        0 => 0,
                        state if state == *not_asked => 2,
                        _ => 1,
                    };
                    // A single's codes are its options, then its states but for given.
                    let single = |code: usize| state((code + 1).saturating_sub(*options));
                    match &block.replies[*question] {
                        Some(Replies::Single(codes)) => {
                            enter(&mut (0..block.len).map(|i| single(codes.at(i))));
                        }
                        _ => {
                            let (octets, states) = multi(block, *question);
                            enter(&mut (0..block.len).map(|i| match states {
                                Some(states) => state(usize::from(states[i])),
                                None => u16::from(octets[0][i] == 0),
                            }));
                        }
                    }
                }
            }
        }
        if let Some(inside) = inside {
            for (lane, inside) in lanes.iter_mut().zip(inside) {
                if !inside {
                    *lane = self.size as u16;
                }
            }
        }
    }
}

/// Patterns and states of a multi question in a block.
pub fn multi(block: &Block, question: QuestionIndex) -> (&[Vec<u8>], Option<&Vec<u8>>) {
    match &block.replies[question] {
        Some(Replies::Multi { octets, states }) => (octets, states.as_ref()),
        _ => unreachable!("the plan asked for a multi question's replies"),
    }
}

/// The groups of a banner as option indices along its path, outermost slowest.
pub fn groups(survey: &Survey, path: &[QuestionIndex]) -> Vec<Vec<usize>> {
    path.iter().fold(vec![Vec::new()], |groups, &question| {
        let options = survey.questions[question].options.len();
        groups
            .iter()
            .flat_map(|group| (0..options).map(|option| [group.as_slice(), &[option]].concat()))
            .collect()
    })
}

/// The lane sets that together count every group of a banner; each also knows who is given.
pub fn lane_sets(survey: &Survey, path: &[QuestionIndex]) -> Vec<LaneSet> {
    let radix: Vec<usize> = path.iter().map(|&question| survey.questions[question].options.len()).collect();
    let parts = |by_octet: usize| {
        choices(path, |index| {
            let options = survey.questions[index].options.len();
            match survey.questions[index].kind {
                Kind::Multi | Kind::Rank if options <= by_octet => {
                    (0..options.div_ceil(8)).map(|octet| Part::Octet { question: index, octet }).collect()
                }
                Kind::Multi | Kind::Rank => {
                    (0..options).map(|option| Part::Member { question: index, option }).collect()
                }
                _ => vec![single(survey, index)],
            }
        })
    };
    let size = |parts: &Vec<Part>| parts.iter().map(Part::size).product::<usize>();
    let octets = parts(MOST_BY_OCTET);
    let sets = if octets.iter().all(|parts| size(parts) <= MOST_LANES) { octets } else { parts(0) };
    sets.into_iter().map(|parts| LaneSet::new(parts, &radix)).collect()
}

/// Whether the banner's groups are too many: for a lane even option by option, or to be columns, for
/// a multi option by option takes few lanes but one set of them for each group.
pub fn too_fine(survey: &Survey, path: &[QuestionIndex]) -> bool {
    let groups = path.iter().map(|&index| survey.questions[index].options.len());
    if groups.fold(1, usize::saturating_mul) > MOST_LANES {
        return true;
    }
    let sizes = path.iter().map(|&index| match survey.questions[index].kind {
        Kind::Multi | Kind::Rank => Part::Member { question: index, option: 0 }.size(),
        _ => single(survey, index).size(),
    });
    sizes.fold(1, usize::saturating_mul) > MOST_LANES
}

fn single(survey: &Survey, index: QuestionIndex) -> Part {
    let question = &survey.questions[index];
    Part::Single { question: index, options: question.options.len(), states: question.states() }
}

/// Every way to take one part for each question of the path.
fn choices(path: &[QuestionIndex], parts: impl Fn(QuestionIndex) -> Vec<Part>) -> Vec<Vec<Part>> {
    path.iter().fold(vec![Vec::new()], |sets, &question| {
        let parts = parts(question);
        sets.iter()
            .flat_map(|set| parts.iter().map(|part| [set.as_slice(), std::slice::from_ref(part)].concat()))
            .collect()
    })
}
