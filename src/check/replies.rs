//! What is looked for in the replies of each respondent.

use std::collections::HashSet;

use super::{About, Blanks, Kind, Look, is_checked};
use crate::frame::{Block, MOST_LOGGED, Number, Replies, option_shown, outside_limit, shown, states};
use crate::schema::{Gravity, Kind as QuestionKind, Origin, QuestionIndex, Rule};

impl Look<'_> {
    /// Looks at every respondent; gives the blanks of each question.
    pub(super) fn replies(&mut self) -> Vec<Blanks> {
        let unread: HashSet<(usize, usize, QuestionIndex)> = (self.log.defects.iter())
            .filter_map(|defect| Some((defect.block, defect.row, defect.question?)))
            .collect();
        let overridden = self.log.overridden.iter().filter(|answer| self.wants(answer.question));
        let overridden: Vec<_> = overridden.cloned().collect();
        for answer in overridden {
            if self.is_broken(answer.block, answer.row) {
                continue;
            }
            let file = self.log.file_of(answer.block);
            let about = About {
                column: answer.option.and_then(|option| self.column_of(file, answer.question, option)),
                question: Some(answer.question),
                value: answer.value,
                ..About::default()
            };
            self.add(Kind::NotAsked, self.gravity(Rule::NotAsked), (answer.block, answer.row), about);
        }
        let mut blanks: Vec<Blanks> = (0..self.survey.questions.len())
            .map(|question| Blanks { question, blank: 0, asked: 0 })
            .collect();
        // Blocks are in file order: once there are enough findings, those of later blocks are not kept.
        let mut listed = 0;
        for place in 0..self.dataset.blocks.len() {
            let before = self.findings.len();
            let block = &self.dataset.blocks[place];
            for (index, blanks) in blanks.iter_mut().enumerate() {
                if !self.wants(index) {
                    continue;
                }
                if listed <= MOST_LOGGED {
                    self.straight_lining(place, block, index);
                }
                if !is_checked(self.survey, index) {
                    continue;
                }
                if listed <= MOST_LOGGED {
                    self.exclusive(place, block, index);
                    self.limited(place, block, index);
                }
                self.blank(place, block, index, &unread, blanks, listed <= MOST_LOGGED);
            }
            if listed <= MOST_LOGGED {
                self.out_of_order(place, block);
                self.speeding(place);
            }
            self.cut |= listed > MOST_LOGGED;
            listed += self.findings.len() - before;
        }
        blanks.retain(|blanks| blanks.blank > 0);
        blanks
    }

    /// Options that exclude all others beside another.
    fn exclusive(&mut self, place: usize, block: &Block, index: QuestionIndex) {
        let question = &self.survey.questions[index];
        let exclusive: Vec<usize> =
            (0..question.options.len()).filter(|&option| question.options[option].exclusive).collect();
        let Some(Some(Replies::Multi { octets, .. })) = block.replies.get(index) else { return };
        if exclusive.is_empty() {
            return;
        }
        for row in 0..block.len {
            let has = |option: usize| octets[option / 8][row] >> (option % 8) & 1 == 1;
            let selected: u32 = octets.iter().map(|octet| octet[row].count_ones()).sum();
            let Some(&own) = exclusive.iter().find(|&&option| selected > 1 && has(option)) else { continue };
            if self.is_broken(place, row) {
                continue;
            }
            let column = self.column_of(self.log.file_of(place), index, own);
            let value = shown(self.survey, self.dataset, block, index, row);
            let about = About { column, question: Some(index), value, ..About::default() };
            self.add(Kind::Exclusive, self.gravity(Rule::Exclusive), (place, row), about);
        }
    }

    /// Options that were not chosen at the question which limits them.
    fn limited(&mut self, place: usize, block: &Block, index: QuestionIndex) {
        let question = &self.survey.questions[index];
        let Some(earlier) = question.limited_to else { return };
        let outside = outside_limit(self.survey, block, index, earlier);
        for options in outside.chunk_by(|one, other| one.0 == other.0) {
            let row = options[0].0;
            if self.is_broken(place, row) {
                continue;
            }
            let codes: Vec<String> =
                options.iter().map(|&(_, option)| option_shown(question, option)).collect();
            let column = self.column_of(self.log.file_of(place), index, options[0].1);
            let value = Some(codes.join(";"));
            let about = About { column, question: Some(index), value, ..About::default() };
            self.add(Kind::LimitedTo, self.gravity(Rule::LimitedTo), (place, row), about);
        }
    }

    /// Blanks of those who were asked. Texts may be left blank by anybody.
    fn blank(
        &mut self,
        place: usize,
        block: &Block,
        index: QuestionIndex,
        unread: &HashSet<(usize, usize, QuestionIndex)>,
        blanks: &mut Blanks,
        room: bool,
    ) {
        let question = &self.survey.questions[index];
        let gravity = self.gravity(Rule::Blank);
        if question.kind == QuestionKind::Text || gravity == Gravity::Off {
            return;
        }
        let Some(Some(replies)) = block.replies.get(index) else { return };
        let not_asked = question.states();
        for (row, state) in states(replies, question, block.len).into_iter().enumerate() {
            if usize::from(state) == not_asked || self.is_broken(place, row) {
                continue;
            }
            blanks.asked += 1;
            // What could not be read counts as blank in the replies.
            if state != 1 || unread.contains(&(place, row, index)) {
                continue;
            }
            blanks.blank += 1;
            if room && (self.wanted.blanks || gravity > Gravity::Note) {
                let about = About { question: Some(index), ..About::default() };
                self.add(Kind::Blank, gravity, (place, row), about);
            }
        }
    }

    /// One answer in every row of a grid.
    fn straight_lining(&mut self, place: usize, block: &Block, index: QuestionIndex) {
        let gravity = self.gravity(Rule::StraightLining);
        let Origin::Rows(rows) = &self.survey.questions[index].origin else { return };
        let (survey, dataset) = (self.survey, self.dataset);
        if rows.len() < survey.check.straight_lining_rows || gravity == Gravity::Off {
            return;
        }
        let replies: Vec<&Replies> =
            rows.iter().filter_map(|&row| block.replies.get(row)?.as_ref()).collect();
        if replies.len() < rows.len() {
            return;
        }
        let options = survey.questions[index].options.len();
        for row in 0..block.len {
            let same = match replies[0] {
                Replies::Single(first) => {
                    let code = first.at(row);
                    let own = |replies: &&Replies| matches!(replies, Replies::Single(codes) if codes.at(row) == code);
                    code < options && replies.iter().all(own)
                }
                Replies::Multi { octets: first, .. } => {
                    let same = |octets: &Vec<Vec<u8>>| {
                        octets.iter().zip(first).all(|(one, other)| one[row] == other[row])
                    };
                    let own =
                        |replies: &&Replies| matches!(replies, Replies::Multi { octets, .. } if same(octets));
                    first.iter().any(|octet| octet[row] != 0) && replies.iter().all(own)
                }
                Replies::Number(_) | Replies::Text(_) => false,
            };
            if same && !self.is_broken(place, row) {
                let value = shown(survey, dataset, block, rows[0], row);
                let about = About { question: Some(index), value, ..About::default() };
                self.add(Kind::StraightLining { rows: rows.len() }, gravity, (place, row), about);
            }
        }
    }

    /// Days and numbers before those that must not come after them.
    fn out_of_order(&mut self, place: usize, block: &Block) {
        let gravity = self.gravity(Rule::OutOfOrder);
        let (survey, dataset) = (self.survey, self.dataset);
        let pairs = survey.check.order.iter().flat_map(|list| list.windows(2));
        for (earlier, later) in pairs.map(|pair| (pair[0], pair[1])) {
            let number = |index: QuestionIndex| match block.replies.get(index) {
                Some(Some(Replies::Number(number))) => Some((number, dataset.decimals_of(index))),
                _ => None,
            };
            let (Some(one), Some(other)) = (number(earlier), number(later)) else { continue };
            if gravity == Gravity::Off || !self.wants(later) {
                continue;
            }
            let scale = |value: i64, decimals: u32| i128::from(value) * 10_i128.pow(decimals);
            for row in 0..block.len {
                let given = one.0.states[row] == 0 && other.0.states[row] == 0;
                let before = scale(other.0.values[row], one.1) < scale(one.0.values[row], other.1);
                if given && before && !self.is_broken(place, row) {
                    let value = shown(survey, dataset, block, later, row);
                    let about = About { question: Some(later), value, ..About::default() };
                    self.add(Kind::OutOfOrder { earlier }, gravity, (place, row), about);
                }
            }
        }
    }

    /// Respondents who took less time than anybody can.
    fn speeding(&mut self, place: usize) {
        let (fastest, gravity) = (self.survey.check.fastest, self.gravity(Rule::Speeding));
        let Some((Number { values, states }, decimals)) = &self.log.blocks[place].durations else { return };
        let least = i128::from(fastest) * 10_i128.pow(*decimals);
        if self.wanted.questions.is_some() {
            return;
        }
        let columns = &self.columns[self.log.file_of(place)];
        let column = self.survey.check.duration.as_deref().and_then(|column| columns.get(column).copied());
        for row in 0..values.len() {
            if states[row] == 0 && i128::from(values[row]) < least && !self.is_broken(place, row) {
                let value = Some(crate::schema::written((values[row], *decimals)));
                self.add(
                    Kind::Speeding { fastest },
                    gravity,
                    (place, row),
                    About { column, value, ..About::default() },
                );
            }
        }
    }
}
