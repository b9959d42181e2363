//! What is looked for in all respondents together.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;

use super::{About, Earlier, Finding, Kind, Look, Place, is_checked};
use crate::frame::{Dataset, MOST_LOGGED, Replies, states};
use crate::schema::{FEWEST_IDENTICAL, Gravity, Kind as QuestionKind, QuestionIndex, Rule, Scaled};
use crate::stats::{Distribution, Entry, Ratio};

/// Fewer numbers than this have no middle that the others could be far from.
const FEWEST_NUMBERS: u64 = 20;

/// So many pairs of records alike are expected by chance where two are not called identical.
const EXPECTED_PAIRS: f64 = 0.01;

/// A row of the dataset.
type Row = (usize, usize);

impl Look<'_> {
    /// Looks at the file as a whole; where only some questions are wanted, at their numbers and the keys.
    pub(super) fn whole(&mut self) {
        self.duplicate_keys();
        self.superseded();
        for index in 0..self.survey.questions.len() {
            if self.wants(index) && is_checked(self.survey, index) {
                self.suspicious_numbers(index);
            }
        }
        if self.wanted.questions.is_none() {
            self.identical();
            self.absent();
            self.not_replied();
        }
    }

    fn earlier(&self, (block, row): Row) -> Earlier {
        Earlier { file: self.log.file_of(block), record: self.log.place(block, row).0 }
    }

    /// Records that do not count.
    fn superseded(&mut self) {
        self.cut |= self.log.superseded.len() > MOST_LOGGED;
        for (file, own) in self.log.superseded.iter().take(MOST_LOGGED) {
            let (record, name) = &own.by;
            let of = self.log.files.iter().position(|file| file.name == *name).unwrap_or(*file);
            let kind = Kind::Superseded { by: Earlier { file: of, record: *record } };
            let finding = Finding {
                kind,
                gravity: Gravity::Note,
                place: Some(Place { file: *file, record: own.record, line: own.line, row: None }),
                respondent: Some(own.key.clone()),
                column: self.survey.respondent.clone(),
                question: None,
                value: None,
                hint: None,
            };
            self.findings.push(((*file, own.record, 0, kind.word()), finding));
        }
    }

    /// Keys of an earlier record.
    fn duplicate_keys(&mut self) {
        let state = FixedState::default();
        let mut hashes: Vec<(u64, u32, u32)> = Vec::new();
        for (place, block) in self.dataset.blocks.iter().enumerate() {
            for (row, key) in block.keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
                // The header again and lines of totals are called that.
                if !self.is_broken(place, row) {
                    hashes.push((state.hash_one(key), small(place), small(row)));
                }
            }
        }
        let key = |row: Row| &self.dataset.blocks[row.0].keys[row.1];
        let repeated = repeated(hashes, |one, other| key(one) == key(other));
        for (row, first) in self.room(repeated) {
            let value = self.key(row.0, row.1).map(str::to_string);
            let columns = &self.columns[self.log.file_of(row.0)];
            let column = self.survey.respondent.as_deref().and_then(|column| columns.get(column).copied());
            let first = self.earlier(first);
            let about = About { column, value, ..About::default() };
            self.add(Kind::DuplicateKey { first }, Gravity::Error, row, about);
        }
    }

    /// Records with all answers of an earlier one.
    fn identical(&mut self) {
        let gravity = self.gravity(Rule::Identical);
        if gravity == Gravity::Off {
            return;
        }
        let declared = self.survey.check.identical_questions;
        let least = declared.unwrap_or(FEWEST_IDENTICAL);
        // The key is no answer.
        let own = |index: &QuestionIndex| {
            let columns = self.survey.questions[*index].origin.columns();
            is_checked(self.survey, *index) && columns.first() != self.survey.respondent.as_ref()
        };
        let questions: Vec<QuestionIndex> = (0..self.survey.questions.len()).filter(own).collect();
        let state = FixedState::default();
        let mut hashes: Vec<(u64, u32, u32)> = Vec::new();
        for (place, block) in self.dataset.blocks.iter().enumerate() {
            let words = &self.log.blocks[place].words;
            let mut hash: Vec<u64> = (0..block.len).map(|row| words.get(row).copied().unwrap_or(0)).collect();
            let mut answered = vec![0; block.len];
            for &index in &questions {
                let Some(Some(replies)) = block.replies.get(index) else { continue };
                let states = states(replies, &self.survey.questions[index], block.len);
                for row in 0..block.len {
                    answered[row] += usize::from(states[row] == 0);
                    let mut hasher = state.build_hasher();
                    (hash[row], index, states[row]).hash(&mut hasher);
                    match replies {
                        Replies::Text(_) => {}
                        replies => answer(replies, row).hash(&mut hasher),
                    }
                    hash[row] = hasher.finish();
                }
            }
            for row in 0..block.len {
                if answered[row] >= least && !self.is_broken(place, row) {
                    hashes.push((hash[row], small(place), small(row)));
                }
            }
        }
        let same = |one: Row, other: Row| {
            let words = |row: Row| self.log.blocks[row.0].words.get(row.1).copied().unwrap_or(0);
            words(one) == words(other) && questions.iter().all(|&index| self.alike(index, one, other))
        };
        let mut found = repeated(hashes, same);
        if declared.is_none() && !found.is_empty() {
            let chances = Chances::of(self.dataset, &questions);
            found.retain(|&(row, _)| chances.pairs_like(self.dataset, row) < EXPECTED_PAIRS);
        }
        for (row, first) in self.room(found) {
            let first = self.earlier(first);
            self.add(Kind::Identical { first }, gravity, row, About::default());
        }
    }

    /// Whether two respondents gave the same reply.
    fn alike(&self, index: QuestionIndex, one: Row, other: Row) -> bool {
        let replies = |row: Row| self.dataset.blocks[row.0].replies.get(index).and_then(Option::as_ref);
        let (own, others) = (one.1, other.1);
        match (replies(one), replies(other)) {
            (Some(Replies::Single(a)), Some(Replies::Single(b))) => a.at(own) == b.at(others),
            (
                Some(Replies::Multi { octets: a, states: sa }),
                Some(Replies::Multi { octets: b, states: sb }),
            ) => {
                let state =
                    |states: &Option<Vec<u8>>, row: usize| states.as_ref().map_or(0, |states| states[row]);
                state(sa, own) == state(sb, others) && a.iter().zip(b).all(|(a, b)| a[own] == b[others])
            }
            (Some(Replies::Number(a)), Some(Replies::Number(b))) => {
                (a.values[own], a.states[own]) == (b.values[others], b.states[others])
            }
            (Some(Replies::Text(a)), Some(Replies::Text(b))) => a[own] == b[others],
            (None, None) => true,
            _ => false,
        }
    }

    /// Numbers far from all others: more than so many interquartile ranges from the median.
    ///
    /// Where half of the respondents gave one number there is no range, and nothing is suspicious.
    fn suspicious_numbers(&mut self, index: QuestionIndex) {
        let gravity = self.gravity(Rule::SuspiciousNumber);
        if self.survey.questions[index].kind != QuestionKind::Number || gravity == Gravity::Off {
            return;
        }
        let number = |place: usize| match self.dataset.blocks[place].replies.get(index) {
            Some(Some(Replies::Number(number))) => Some(number),
            _ => None,
        };
        let mut values: Vec<i64> = Vec::new();
        let places = 0..self.dataset.blocks.len();
        for number in places.clone().filter_map(number) {
            values.extend(
                number.values.iter().zip(&number.states).filter(|(_, state)| **state == 0).map(|(v, _)| *v),
            );
        }
        values.sort_unstable();
        let entries = values.chunk_by(|one, other| one == other).map(|same| {
            let n = same.len() as u64;
            Entry { value: same[0], n, weighted: n, w: n.into() }
        });
        let distribution = Distribution::from_entries(entries.collect());
        let Some((low, high)) = bounds(&distribution, self.survey.check.suspicious_distance) else { return };
        let decimals = self.dataset.decimals_of(index);
        let kind = Kind::SuspiciousNumber { least: half(low, decimals), greatest: half(high, decimals) };
        let mut found = Vec::new();
        for place in places {
            let Some(number) = number(place) else { continue };
            for row in 0..number.values.len() {
                let doubled = 2 * i128::from(number.values[row]);
                if number.states[row] == 0 && !(low..=high).contains(&doubled) && !self.is_broken(place, row)
                {
                    found.push((number.values[row], (place, row)));
                }
            }
        }
        self.cut |= found.len() > MOST_LOGGED;
        for (value, row) in found.into_iter().take(MOST_LOGGED) {
            let value = Some(crate::schema::written((value, decimals)));
            self.add(kind, gravity, row, About { question: Some(index), value, ..About::default() });
        }
    }

    /// Municipalities of which there is no record; where the survey asks for none, groups that were sent some.
    fn absent(&mut self) {
        let gravity = self.gravity(Rule::Absent);
        let Some(sent) = self.wanted.sent.filter(|_| gravity != Gravity::Off) else { return };
        let municipalities = self.survey.questions.iter().position(|question| question.municipalities);
        let Some(index) = municipalities.or(sent.by) else { return };
        let question = &self.survey.questions[index];
        let mut seen = vec![false; question.options.len()];
        for block in &self.dataset.blocks {
            if let Some(Some(Replies::Single(codes))) = block.replies.get(index) {
                (0..block.len).for_each(|row| {
                    if let Some(seen) = seen.get_mut(codes.at(row)) {
                        *seen = true;
                    }
                });
            }
        }
        let expected = |option: usize| {
            sent.by != Some(index) || sent.counts.get(option).is_none_or(|(count, _)| *count > 0)
        };
        for option in (0..seen.len()).filter(|&option| !seen[option] && expected(option)) {
            let finding = Finding {
                kind: Kind::Absent,
                gravity,
                place: None,
                respondent: None,
                column: None,
                question: Some(index),
                value: Some(crate::frame::option_shown(question, option)),
                hint: None,
            };
            self.findings.push(((usize::MAX, u64::MAX, option, Kind::Absent.word()), finding));
        }
    }

    /// Who is in the list of those who were asked, and not in the data.
    fn not_replied(&mut self) {
        let gravity = self.gravity(Rule::Absent);
        let Some(asked) = self.wanted.asked.filter(|_| gravity != Gravity::Off) else { return };
        let seen: HashSet<&str> =
            self.dataset.blocks.iter().flat_map(|block| block.keys.iter().map(AsRef::as_ref)).collect();
        let absent = asked.respondents.iter().map(|(key, _)| key).enumerate();
        let absent = absent.filter(|(_, key)| !seen.contains(key.as_str()));
        let found = absent.map(|(place, key)| {
            let finding = Finding {
                kind: Kind::Absent,
                gravity,
                place: None,
                respondent: Some(key.clone()),
                column: None,
                question: None,
                value: None,
                hint: None,
            };
            ((usize::MAX, u64::MAX, place, Kind::Absent.word()), finding)
        });
        let found = found.collect();
        let found = self.room(found);
        self.findings.extend(found);
    }

    /// As many as are kept, in file order.
    fn room<T>(&mut self, mut found: Vec<T>) -> Vec<T> {
        self.cut |= found.len() > MOST_LOGGED;
        found.truncate(MOST_LOGGED);
        found
    }
}

/// What a respondent answered, as a number: which option, which options, how much.
fn answer(replies: &Replies, row: usize) -> u64 {
    match replies {
        Replies::Single(codes) => codes.at(row) as u64,
        Replies::Multi { octets, .. } => {
            let mut hasher = FixedState::default().build_hasher();
            octets.iter().for_each(|octet| octet[row].hash(&mut hasher));
            hasher.finish()
        }
        Replies::Number(number) => number.values[row].cast_unsigned(),
        Replies::Text(states) => u64::from(states[row]),
    }
}

/// How often each answer was given, to tell whether two records are alike by chance.
struct Chances {
    respondents: u64,
    /// For each question how many gave each answer.
    counts: Vec<(QuestionIndex, HashMap<u64, u64>)>,
}

impl Chances {
    fn of(dataset: &Dataset, questions: &[QuestionIndex]) -> Chances {
        let respondents = dataset.blocks.iter().map(|block| block.len as u64).sum();
        let counts = questions.iter().map(|&index| {
            let mut counts: HashMap<u64, u64> = HashMap::new();
            for block in &dataset.blocks {
                let Some(Some(replies)) = block.replies.get(index) else { continue };
                (0..block.len).for_each(|row| *counts.entry(answer(replies, row)).or_default() += 1);
            }
            (index, counts)
        });
        Chances { respondents, counts: counts.collect() }
    }

    /// How many pairs of records are expected to be alike and as this one, were answers to one question unrelated to
    /// those to another. Where they are related, more are; so what is told must be much rarer than one.
    fn pairs_like(&self, dataset: &Dataset, (place, row): Row) -> f64 {
        let all = self.respondents as f64;
        let own = |(index, counts): &(QuestionIndex, HashMap<u64, u64>)| {
            let replies = dataset.blocks[place].replies.get(*index)?.as_ref()?;
            Some(*counts.get(&answer(replies, row))? as f64 / all)
        };
        self.counts.iter().filter_map(own).fold(all * all, |pairs, share| pairs * share)
    }
}

/// Rows that are the same as an earlier one, with the first such, in file order. Equal hashes are confirmed.
fn repeated(mut hashes: Vec<(u64, u32, u32)>, same: impl Fn(Row, Row) -> bool) -> Vec<(Row, Row)> {
    hashes.sort_unstable();
    let row = |entry: &(u64, u32, u32)| (entry.1 as usize, entry.2 as usize);
    let mut found = Vec::new();
    for alike in hashes.chunk_by(|one, other| one.0 == other.0) {
        let first = row(&alike[0]);
        found.extend(alike[1..].iter().map(row).filter(|&own| same(own, first)).map(|own| (own, first)));
    }
    found.sort_unstable();
    found
}

/// Twice the least and the greatest number that are not suspicious.
fn bounds(distribution: &Distribution, distance: u32) -> Option<(i128, i128)> {
    if distribution.n() < FEWEST_NUMBERS {
        return None;
    }
    // Quantiles are values or lie half way between two.
    let doubled = |ratio: Ratio| Some(ratio.numerator() * 2 / ratio.denominator());
    let quantile = |quarters: i128| doubled(distribution.quantile(quarters, 4)?);
    let (first, median, third) = (quantile(1)?, quantile(2)?, quantile(3)?);
    let reach = (third - first) * i128::from(distance);
    (reach > 0).then(|| (median - reach, median + reach))
}

/// Half of a doubled number, with one more decimal where it needs one.
fn half(doubled: i128, decimals: u32) -> Scaled {
    let fit = |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
    match doubled % 2 {
        0 => (fit(doubled / 2), decimals),
        _ => (fit(doubled * 5), decimals + 1),
    }
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: impl IntoIterator<Item = i64>) -> Distribution {
        let entry = |value| Entry { value, n: 1, weighted: 1, w: 1 };
        Distribution::from_entries(values.into_iter().map(entry).collect())
    }

    #[test]
    fn numbers_are_suspicious_ten_interquartile_ranges_from_the_median() {
        // Quartiles of 1 to 20 are 5.5 and 15.5, the median 10.5.
        assert_eq!(bounds(&values(1..=20), 10), Some((21 - 200, 21 + 200)));
        assert_eq!(half(221, 0), (1105, 1));
        assert_eq!(half(-180, 2), (-90, 2));
        assert_eq!(bounds(&values(1..=19), 10), None, "too few");
        assert_eq!(bounds(&values(std::iter::repeat_n(5, 30)), 10), None, "no range");
    }

    #[test]
    fn repeated_rows_point_to_the_first() {
        let hashes = vec![(7, 1, 0), (9, 0, 1), (7, 0, 0), (7, 0, 2)];
        assert_eq!(repeated(hashes.clone(), |_, _| true), [((0, 2), (0, 0)), ((1, 0), (0, 0))]);
        assert_eq!(repeated(hashes, |_, _| false), []);
    }
}
