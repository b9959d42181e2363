//! The respondents while they are made: the replies so far, and who belongs together.

use std::collections::BTreeMap;

use crate::frame::{Block, Dataset, Replies, derive, holds};
use crate::schema::{Condition, Origin, Question, QuestionIndex, Survey};

/// Replies so far, as the reader would have them: conditions and derived questions mean the same here as
/// in every table, because it is the same code that reads them.
#[derive(Debug)]
pub(super) struct Population<'s> {
    pub(super) survey: &'s Survey,
    pub(super) dataset: Dataset,
    pub(super) block: Block,
    /// The words of text questions, and for each respondent which of them.
    pub(super) texts: BTreeMap<QuestionIndex, (Vec<String>, Vec<u32>)>,
}

impl<'s> Population<'s> {
    pub(super) fn new(survey: &'s Survey, respondents: usize) -> Population<'s> {
        let replies = survey.questions.iter().map(|_| None).collect();
        Population {
            survey,
            dataset: Dataset::default(),
            block: Block {
                len: respondents,
                replies,
                keys: (1..=respondents).map(|key| key.to_string().into()).collect(),
                ..Block::default()
            },
            texts: BTreeMap::new(),
        }
    }

    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.block.len
    }

    /// Makes the replies of a derived question, if they can be made by now.
    pub(super) fn know(&mut self, index: QuestionIndex) {
        if self.block.replies[index].is_some() {
            return;
        }
        for source in sources(&self.survey.questions[index]) {
            self.know(source);
        }
        self.block.replies[index] = match &self.survey.questions[index].origin {
            Origin::Ranking { places, .. } => self.ranked(index, places),
            _ => derive(self.survey, &self.dataset, &self.block, index),
        };
    }

    /// Who ranked which options at any place: what a rank question is counted by.
    fn ranked(&self, index: QuestionIndex, places: &[QuestionIndex]) -> Option<Replies> {
        let options = self.survey.questions[index].options.len();
        let mut octets = vec![vec![0_u8; self.len()]; options.div_ceil(8)];
        let mut states = vec![0_u8; self.len()];
        for (number, &place) in places.iter().enumerate() {
            let replies = self.block.replies[place].as_ref()?;
            for row in 0..self.len() {
                let state = state(replies, &self.survey.questions[place], row);
                match replies {
                    Replies::Single(codes) if state == 0 => {
                        octets[codes.at(row) / 8][row] |= 1 << (codes.at(row) % 8);
                    }
                    // Whoever has nothing at the first place has nothing at all.
                    _ if number == 0 => states[row] = u8::try_from(state).unwrap_or(u8::MAX),
                    _ => {}
                }
            }
        }
        Some(Replies::Multi { octets, states: Some(states) })
    }

    /// For whom the condition holds.
    pub(super) fn holds(&mut self, condition: &Condition) -> Vec<bool> {
        for question in condition.questions() {
            self.know(question);
        }
        holds(condition, self.survey, &self.dataset, &self.block)
    }

    /// Who is asked.
    pub(super) fn asked(&mut self, question: QuestionIndex) -> Vec<bool> {
        match &self.survey.questions[question].asked_if {
            Some(condition) => self.holds(condition),
            None => vec![true; self.len()],
        }
    }
}

/// The questions a derived one is made of; of a rank question its places, which are dealt one by one.
pub(super) fn sources(question: &Question) -> Vec<QuestionIndex> {
    match &question.origin {
        Origin::Ranking { places, .. } => places.clone(),
        origin => origin.sources(),
    }
}

/// Who was asked, in groups that no target and no earlier answer tells apart.
#[derive(Debug)]
pub(super) struct Groups {
    /// The group of each respondent; `NOBODY` for those not asked.
    of: Vec<u32>,
    /// The respondents of each group.
    pub(super) members: Vec<Vec<u32>>,
}

const NOBODY: u32 = u32::MAX;

impl Groups {
    /// All who were asked in one group.
    pub(super) fn new(asked: &[bool]) -> Groups {
        let of: Vec<u32> = asked.iter().map(|asked| if *asked { 0 } else { NOBODY }).collect();
        let mut groups = Groups { of, members: Vec::new() };
        groups.gather(1);
        groups
    }

    /// Tells apart those of different classes, which are small numbers.
    pub(super) fn split(&mut self, class: impl Fn(usize) -> usize) {
        let asked = || (0..self.of.len()).filter(|&row| self.of[row] != NOBODY);
        let classes = asked().map(&class).max().map_or(1, |most| most + 1);
        let place = |row: usize| self.of[row] as usize * classes + class(row);
        let mut numbers = vec![NOBODY; self.members.len() * classes];
        asked().for_each(|row| numbers[place(row)] = 0);
        let mut count = 0;
        for number in numbers.iter_mut().filter(|number| **number == 0) {
            *number = count;
            count += 1;
        }
        let of = (0..self.of.len()).map(|row| match self.of[row] {
            NOBODY => NOBODY,
            _ => numbers[place(row)],
        });
        self.of = of.collect();
        self.gather(count as usize);
    }

    fn gather(&mut self, count: usize) {
        self.members = vec![Vec::new(); count];
        for (row, &group) in (0..).zip(&self.of) {
            if group != NOBODY {
                self.members[group as usize].push(row);
            }
        }
        // Nobody asked is no group, rather than one of nobody.
        self.members.retain(|members| !members.is_empty());
    }
}

/// The state of each reply: 0 given, then missing by blank and by code, last not asked.
pub(super) fn state(replies: &Replies, question: &Question, row: usize) -> usize {
    match replies {
        Replies::Single(codes) => (codes.at(row) + 1).saturating_sub(question.options.len()),
        Replies::Multi { octets, states: None } => usize::from(octets.iter().all(|octet| octet[row] == 0)),
        Replies::Multi { states: Some(states), .. } | Replies::Text(states) => usize::from(states[row]),
        Replies::Number(number) => usize::from(number.states[row]),
    }
}

/// Whether a multi reply has the option.
pub(super) fn has(replies: &Replies, option: usize, row: usize) -> bool {
    match replies {
        Replies::Multi { octets, .. } => octets[option / 8][row] >> (option % 8) & 1 == 1,
        _ => false,
    }
}
