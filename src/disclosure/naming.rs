//! What each cell of a table counts, as traits of respondents.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::system::{Count, Key, OUTSIDE, Part, Place, System, Trait};
use super::{Placed, Whom};
use crate::schema::{Code, Condition, Disclosure, Kind, NoAnswer, Origin, QuestionIndex, Survey};
use crate::tabulate::{ColumnRole, RowRole, Shown, StubRow, Table};

/// The net of those who gave any answer to a multi question.
pub(super) const GIVEN: &str = "given";

/// Finds the names of counts.
pub(super) struct Naming<'a> {
    pub(super) survey: &'a Survey,
    rules: &'a Disclosure,
    /// Questions that everybody was asked, wherever they stand in the release.
    of_all: HashMap<QuestionIndex, bool>,
    /// Questions by conditions that leave somebody out who answered: how many is a number of its own, and no reader knows
    /// that it is nobody.
    partial: BTreeSet<QuestionIndex>,
}

impl<'a> Naming<'a> {
    pub fn new(survey: &'a Survey, rules: &'a Disclosure, release: &[Placed<'_>]) -> Naming<'a> {
        let mut everybody: BTreeMap<&Whom, u64> = BTreeMap::new();
        for placed in release {
            for row in 0..placed.table.stub.len() {
                let most = everybody.entry(&placed.whom).or_default();
                *most = (*most).max(placed.table.base(row, 0).n);
            }
        }
        let mut of_all = HashMap::new();
        for placed in release.iter().filter(|placed| placed.table.no_answer == NoAnswer::Include) {
            for (row, stub) in placed.table.stub.iter().enumerate() {
                let Some(question) = survey.find(&stub.question) else { continue };
                if !matches!(stub.role, RowRole::Option | RowRole::Net | RowRole::Missing) {
                    continue;
                }
                let all = everybody.get(&placed.whom) == Some(&placed.table.base(row, 0).n);
                *of_all.entry(question).or_insert(true) &= all && !placed.table.option_bases;
            }
        }
        let mut naming = Naming { survey, rules, of_all, partial: BTreeSet::new() };
        naming.partial = naming.find_partial();
        naming.partial.iter().for_each(|&question| _ = naming.of_all.insert(question, false));
        naming
    }

    /// Everything that a release counts.
    pub fn system(&self, release: &[Placed<'_>]) -> System {
        let mut system = System::default();
        for (number, placed) in release.iter().enumerate() {
            let Some(around) = self.around(placed) else { continue };
            for column in 0..placed.table.columns.len() {
                if let Some(region) = self.region(placed.table, column, &around) {
                    self.column(&mut system, number, placed.table, column, &region);
                }
            }
        }
        self.between(&mut system, release);
        self.translate(&mut system);
        system.relate(&|question| {
            let asked = self.asked(question).into_iter().map(|(what, _)| what);
            if self.partial.contains(&question) { Vec::new() } else { asked.collect() }
        });
        system
    }

    /// Groups that a nested banner is in and nobody publishes: everybody is the sum of what is nested all the same.
    fn between(&self, system: &mut System, release: &[Placed<'_>]) {
        let mut of_column: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
        for (count, held) in system.counts.iter().enumerate() {
            for place in &held.places {
                of_column.entry((place.table, place.column)).or_default().push(count);
            }
        }
        let mut sums: BTreeMap<Key, BTreeSet<usize>> = BTreeMap::new();
        for ((table, column), counts) in of_column {
            let table = &release[table].table;
            let here = &table.columns[column];
            let Some(banner) = here.banner.filter(|_| here.role == ColumnRole::Group) else { continue };
            let path = &table.banners[banner].path;
            let mut inner: Vec<Trait> = Vec::new();
            for words in path.iter().skip(1).rev() {
                let Some(question) = self.survey.find(&words.id) else { break };
                // Groups of several answers overlap.
                if !self.survey.questions[question].kind.takes_one_option() {
                    break;
                }
                inner.push(Trait::Reply(self.root(question, Vec::new()).0));
                for &count in &counts {
                    let key = &system.counts[count].key;
                    let around = inner.iter().fold(key.clone(), |key, inner| key.without(inner));
                    sums.entry(around).or_default().insert(count);
                }
            }
        }
        for (key, parts) in sums {
            if system.find(&key).is_none() {
                let n = parts.into_iter().map(|part| system.counts[part].n).sum();
                system.count(key, n);
            }
        }
    }

    /// The traits of everybody whom a table is of.
    fn around(&self, placed: &Placed<'_>) -> Option<Key> {
        let mut key = Key::default();
        for (question, options) in &placed.whom.within {
            key = self.reply(&key, *question, options)?;
        }
        if let Some(wave) = &placed.whom.wave {
            key = key.with(Trait::Words(format!("wave {wave}")), &[1])?;
        }
        match &placed.whom.words {
            Some(words) => key.with(Trait::Words(words.clone()), &[1]),
            None => Some(key),
        }
    }

    /// Those of a column.
    fn region(&self, table: &Table, column: usize, around: &Key) -> Option<Key> {
        let here = &table.columns[column];
        let Some(banner) = here.banner.map(|banner| &table.banners[banner]) else {
            return Some(around.clone());
        };
        if here.role == ColumnRole::Missing {
            let path: Vec<&str> = banner.path.iter().map(|question| question.id.as_str()).collect();
            return around.with(Trait::Words(format!("missing on {}", path.join(">"))), &[1]);
        }
        let mut key = around.clone();
        for (words, code) in banner.path.iter().zip(&here.codes) {
            let question = self.survey.find(&words.id)?;
            let option = self.option(question, code)?;
            key = match self.survey.questions[question].kind.takes_one_option() {
                true => self.reply(&key, question, &[option])?,
                false => self.within_asked(&key, question)?.with(Trait::Choice(question, option), &[1])?,
            };
        }
        Some(key)
    }

    fn option(&self, question: QuestionIndex, code: &Code) -> Option<usize> {
        self.survey.questions[question].options.iter().position(|option| option.code == *code)
    }

    /// Those with one of these options; of regrouped options, with those that they are made of.
    fn reply(&self, key: &Key, question: QuestionIndex, options: &[usize]) -> Option<Key> {
        let parts: Vec<u16> = options.iter().map(|&option| option as u16).collect();
        let (root, parts) = self.root(question, parts);
        self.within_asked(key, root)?.with(Trait::Reply(root), &parts)
    }

    pub(super) fn root(&self, question: QuestionIndex, parts: Vec<u16>) -> (QuestionIndex, Vec<u16>) {
        let Origin::Regrouped { from, group_of } = &self.survey.questions[question].origin else {
            return (question, parts);
        };
        if !self.survey.questions[*from].kind.takes_one_option() {
            return (question, parts);
        }
        let grouped = group_of.iter().enumerate();
        let inside = |group: Option<usize>| group.is_some_and(|group| parts.contains(&(group as u16)));
        let of: Vec<u16> =
            grouped.filter(|(_, group)| inside(**group)).map(|(option, _)| option as u16).collect();
        self.root(*from, of)
    }

    /// Those whose reply is missing: of regrouped options, whoever is missing there, unless some options are
    /// in no group.
    pub(super) fn missing(&self, question: QuestionIndex, which: usize) -> (QuestionIndex, u16) {
        let asked = &self.survey.questions[question];
        match &asked.origin {
            Origin::Regrouped { from, group_of } if self.survey.questions[*from].kind.takes_one_option() => {
                match group_of.iter().all(Option::is_some) {
                    true => self.missing(*from, which),
                    false => (self.root(*from, Vec::new()).0, OUTSIDE + which as u16),
                }
            }
            _ => (question, (asked.options.len() + which) as u16),
        }
    }

    /// What is true of everybody who was asked a question.
    fn asked(&self, question: QuestionIndex) -> Vec<(Trait, Vec<u16>)> {
        let asked = &self.survey.questions[question];
        if let Origin::Regrouped { from, .. } = &asked.origin {
            return self.asked(*from);
        }
        if self
            .of_all
            .get(&question)
            .copied()
            .unwrap_or(asked.asked_if.is_none() && !asked.origin.is_derived())
        {
            return Vec::new();
        }
        match &asked.asked_if {
            Some(Condition::Answer { question: earlier, accepts }) => {
                let parts = (0..accepts.len()).filter(|&option| accepts[option]).map(|option| option as u16);
                let (root, parts) = self.root(*earlier, parts.collect());
                let mut traits = self.asked(root);
                traits.push((Trait::Reply(root), parts));
                traits
            }
            Some(condition) => vec![(Trait::Asked(format!("{condition:?}")), vec![1])],
            None => vec![(Trait::Asked(asked.id.clone()), vec![1])],
        }
    }

    pub(super) fn within_asked(&self, key: &Key, question: QuestionIndex) -> Option<Key> {
        self.asked(question).into_iter().try_fold(key.clone(), |key, (what, parts)| key.with(what, &parts))
    }

    /// The least number of respondents that may be shown of those with these traits.
    fn least(&self, key: &Key) -> u64 {
        let usual = self.rules.threshold;
        let Some(bands) = &self.rules.bands else { return usual };
        let options = 0..self.survey.questions[bands.by].options.len();
        let is_in = |option: &usize| {
            let (root, parts) = self.root(bands.by, vec![*option as u16]);
            let own = key.traits.get(&Trait::Reply(root));
            own.is_some_and(|own| own.iter().any(|part| parts.contains(part)))
        };
        let groups: Vec<usize> = options.filter(is_in).collect();
        if groups.is_empty() {
            return usual;
        }
        let population: u64 = groups.iter().map(|&group| bands.population[group]).sum();
        let band = bands.bands.iter().find(|band| population < band.below);
        band.map_or(usual, |band| band.threshold.unwrap_or(u64::MAX))
    }

    fn put(&self, system: &mut System, key: Key, n: u64, place: Place, base: Option<usize>) -> usize {
        let least = self.least(&key);
        let count = system.count(key, n);
        let held: &mut Count = &mut system.counts[count];
        held.places.push(place);
        held.width = least;
        held.base = held.base.or(base.filter(|base| *base != count));
        if let Some(base) = base {
            system.counts[base].is_base = true;
        }
        count
    }

    /// The counts of one column.
    fn column(&self, system: &mut System, number: usize, table: &Table, column: usize, region: &Key) {
        let place = |row: usize, part: Part| Place { table: number, row, column, part };
        let mut cells: Vec<Option<usize>> = vec![None; table.stub.len()];
        let mut bases: Vec<Option<usize>> = vec![None; table.stub.len()];
        for (row, stub) in table.stub.iter().enumerate() {
            let Some(question) = self.survey.find(&stub.question) else { continue };
            let Some(asked) = self.within_asked(region, question) else { continue };
            let Some(base) = self.base(table, stub, question, &asked) else { continue };
            let n = table.base(row, column).n;
            let base = self.put(system, base, n, place(row, Part::Base), None);
            system.counts[base].is_base = true;
            bases[row] = Some(base);
            let n = match table.cell(row, column) {
                Shown::Value(cell) => cell.n,
                Shown::Suppressed | Shown::Undefined => 0,
            };
            let cell = place(row, Part::Cell);
            cells[row] = match stub.role {
                // What they are computed from is their base.
                RowRole::Score | RowRole::Number | RowRole::Ratio => {
                    system.counts[base].places.push(cell);
                    None
                }
                _ => match self.answer(stub, question, &system.counts[base].key) {
                    Some(key) => Some(self.put(system, key, n, cell, Some(base))),
                    // Who gave none is in no group that the outside knows of.
                    None if stub.role == RowRole::Missing => None,
                    None => {
                        system.impossible.push(cell);
                        None
                    }
                },
            };
        }
        self.several(system, number, table, column, &cells, &bases);
    }

    /// Those whom a row's percentages, or its mean, are of.
    fn base(&self, table: &Table, stub: &StubRow, question: QuestionIndex, asked: &Key) -> Option<Key> {
        let own = &self.survey.questions[question];
        let key = match stub.role {
            RowRole::Score => {
                let scored = own.options.iter().enumerate().filter(|(_, option)| option.score.is_some());
                let options: Vec<usize> = scored.map(|(place, _)| place).collect();
                return self.reply(asked, question, &options);
            }
            RowRole::Number | RowRole::Ratio => return asked.with(Trait::Reply(question), &[0]),
            _ if table.option_bases => {
                let words = format!("{} on offer at {}", stub.label, own.id);
                asked.with(Trait::Words(words), &[1])?
            }
            _ => asked.clone(),
        };
        match (table.no_answer, own.kind) {
            (NoAnswer::Include, _) => Some(key),
            (NoAnswer::Exclude, kind) if kind.takes_one_option() => {
                let options: Vec<usize> = (0..own.options.len()).collect();
                self.reply(&key, question, &options)
            }
            (NoAnswer::Exclude, kind) if kind.is_measured() => key.with(Trait::Reply(question), &[0]),
            (NoAnswer::Exclude, _) => key.with(Trait::Net(question, GIVEN.into()), &[1]),
        }
    }

    /// Those who gave a row's answer.
    fn answer(&self, stub: &StubRow, question: QuestionIndex, base: &Key) -> Option<Key> {
        let own = &self.survey.questions[question];
        let one = own.kind.takes_one_option();
        let missing = || match &stub.code {
            None => 0,
            Some(code) => {
                own.missing.iter().position(|known| known.code == *code).map_or(0, |place| place + 1)
            }
        };
        match stub.role {
            RowRole::Option | RowRole::Net if one => {
                let codes = if stub.role == RowRole::Net { &stub.of[..] } else { stub.code.as_slice() };
                let options = codes.iter().map(|code| self.option(question, code));
                self.reply(base, question, &options.collect::<Option<Vec<usize>>>()?)
            }
            RowRole::Option => {
                let option = self.option(question, stub.code.as_ref()?)?;
                base.with(Trait::Choice(question, option), &[1])
            }
            RowRole::Net => {
                let id = stub.code.as_ref().map(ToString::to_string).unwrap_or_default();
                base.with(Trait::Net(question, id), &[1])
            }
            RowRole::Missing if own.kind.is_measured() => {
                base.with(Trait::Reply(question), &[1 + missing() as u16])
            }
            RowRole::Missing if one => {
                let (root, part) = self.missing(question, missing());
                base.with(Trait::Reply(root), &[part])
            }
            // Who chose an option gave an answer.
            RowRole::Missing if base.chooses(question) => None,
            RowRole::Missing => base.with(Trait::Missing(question, missing()), &[1]),
            RowRole::Score | RowRole::Number | RowRole::Ratio => None,
        }
    }

    /// What several answers have to do with each other: mentions add up, a net has at least each of its
    /// options and at most their sum, and who gave none gave no option.
    fn several(
        &self,
        system: &mut System,
        number: usize,
        table: &Table,
        column: usize,
        cells: &[Option<usize>],
        bases: &[Option<usize>],
    ) {
        if !table.has_mentions() || table.is_summary() {
            return;
        }
        let of_role = |role: RowRole| {
            let rows = (0..cells.len()).filter(move |&row| table.stub[row].role == role);
            rows.filter_map(|row| cells[row]).collect::<Vec<usize>>()
        };
        let (options, missing) = (of_role(RowRole::Option), of_role(RowRole::Missing));
        let base = bases.iter().flatten().next().copied();
        let (false, Some(base), Some(question)) =
            (options.is_empty(), base, self.survey.find(&table.question.id))
        else {
            return;
        };
        let mentions: u64 = options.iter().map(|&option| system.counts[option].n).sum();
        if table.column_mentions(column).n == mentions && !table.option_bases {
            let key = Key { mentions: Some(question), ..system.counts[base].key.clone() };
            let place = Place { table: number, row: 0, column, part: Part::Mentions };
            let all = self.put(system, key, mentions, place, Some(base));
            let mut equation: Vec<(usize, i64)> = options.iter().map(|&option| (option, 1)).collect();
            equation.push((all, -1));
            system.equate(equation);
        }
        for row in (0..cells.len()).filter(|&row| table.stub[row].role == RowRole::Net) {
            let Some(net) = cells[row] else { continue };
            let inside = |&part: &usize| {
                let code = table.stub[part].code.as_ref();
                table.stub[part].role == RowRole::Option
                    && code.is_some_and(|code| table.stub[row].of.contains(code))
            };
            let parts: Vec<usize> = (0..cells.len()).filter(inside).filter_map(|part| cells[part]).collect();
            parts.iter().for_each(|&part| system.at_least(&[net], &[part]));
            system.at_least(&parts, &[net]);
        }
        if table.question.kind == Kind::Multi && !missing.is_empty() && !table.option_bases {
            options.iter().for_each(|&option| system.at_least(&[base], &[&missing[..], &[option]].concat()));
            system.at_least(&[&options[..], &missing[..]].concat(), &[base]);
        }
    }
}

impl Naming<'_> {
    /// Means of scores whose options are hidden: with the others a mean tells the hidden one.
    pub fn scores(&self, system: &System, release: &[Placed<'_>]) -> Vec<(usize, usize, usize)> {
        let mut hidden = Vec::new();
        for (number, placed) in release.iter().enumerate() {
            let table = &placed.table;
            let Some(around) = self.around(placed) else { continue };
            for (row, stub) in table.stub.iter().enumerate().filter(|(_, stub)| stub.role == RowRole::Score) {
                let Some(question) = self.survey.find(&stub.question) else { continue };
                for column in 0..table.columns.len() {
                    let region = self.region(table, column, &around);
                    let Some(asked) = region.and_then(|key| self.within_asked(&key, question)) else {
                        continue;
                    };
                    let options = &self.survey.questions[question].options;
                    let is_hidden = |option: usize| {
                        let key = self.reply(&asked, question, &[option]);
                        let count = key.and_then(|key| system.find(&key));
                        count.is_some_and(|count| system.counts[count].hidden)
                    };
                    if (0..options.len()).any(|option| options[option].score.is_some() && is_hidden(option)) {
                        hidden.push((number, row, column));
                    }
                }
            }
        }
        hidden
    }
}
