//! What an answer made of others says in their words: "area 1" is "pref 1 or 3".
//!
//! Options regrouped one by one have a root (`Naming::root`); here are those made by conditions, bands of a number, and
//! what is made of several answers. A count that can be said in both ways is one number with two names.

use std::collections::{BTreeMap, BTreeSet};

use super::Placed;
use super::naming::{GIVEN, Naming};
use super::said::{Said, Traits, any, both, chosen, one, question_of, without};
use super::system::{Key, Part, System, Trait};
use crate::diag::Diagnostic;
use crate::schema::{Comparison, Condition, Kind, Origin, Question, QuestionIndex};

/// What the rows of a question made of others say in the words of those.
#[derive(Debug, Default)]
struct Meaning {
    /// The one question that it is made of, which whoever is in a group was asked.
    root: Option<QuestionIndex>,
    /// Of each group.
    groups: Vec<Said>,
    /// Of each way to give no answer: by blank, by code.
    missing: Vec<Said>,
    /// Of everybody who was asked.
    everybody: Option<Said>,
    /// Of those who gave an answer, where it is one of several.
    given: Option<Said>,
}

/// Where conditions on a number cut it: parts 0, 1, 2 and so on are below the first value, at it, between it and the next.
type Cuts = BTreeMap<QuestionIndex, Vec<(i64, u32)>>;

/// The other name of a count.
enum Name {
    Key(Key),
    /// Nobody can be counted there.
    Nobody,
}

impl Naming<'_> {
    /// Gives every count that can be said in other words its other name, and says that they are one number.
    pub(super) fn translate(&self, system: &mut System) {
        let cuts = self.cuts();
        let is_made = |question: &QuestionIndex| self.is_made(*question);
        let made: BTreeSet<QuestionIndex> = (0..self.survey.questions.len()).filter(is_made).collect();
        if made.is_empty() {
            return;
        }
        // Nets are told by their options only where something else is made of these.
        let told: BTreeSet<QuestionIndex> = made
            .iter()
            .flat_map(|&question| match &self.survey.questions[question].origin {
                Origin::Regrouped { from, .. } => BTreeSet::from([*from]),
                Origin::Conditions { groups, .. } => {
                    groups.iter().flatten().flat_map(Condition::questions).collect()
                }
                _ => BTreeSet::new(),
            })
            .collect();
        for place in 0..system.counts.len() {
            let n = system.counts[place].n;
            match self.translated(&system.counts[place].key, &made, &told, &cuts) {
                Some(Name::Key(key)) => {
                    let other = system.count(key, n);
                    debug_assert_eq!(system.counts[other].n, n, "two names of other people");
                    if other != place && system.counts[other].n == n {
                        system.counts[other].is_base |= system.counts[place].is_base;
                        system.equate(vec![(place, 1), (other, -1)]);
                        if system.counts[other].places.is_empty() {
                            system.other_names.insert(other);
                        }
                    }
                }
                Some(Name::Nobody) if n == 0 => {
                    system.equate(vec![(place, 1)]);
                    let cells = system.counts[place].places.iter().filter(|place| place.part == Part::Cell);
                    system.impossible.extend(cells.copied());
                }
                Some(Name::Nobody) => debug_assert_eq!(n, 0, "nobody can be there"),
                None => {}
            }
        }
        several(system);
    }

    /// Questions that are published beside those they are made of, where this room cannot say how: what one tells of the
    /// other is not protected.
    pub(super) fn untold(&self, release: &[Placed<'_>]) -> Vec<Diagnostic> {
        let tables = release.iter().map(|placed| &placed.table);
        let stubs = tables.clone().flat_map(|table| table.stub.iter().map(|row| row.question.as_str()));
        let banners = tables.flat_map(|table| &table.banners).flat_map(|banner| &banner.path);
        let published: BTreeSet<QuestionIndex> = stubs
            .chain(banners.map(|words| words.id.as_str()))
            .filter_map(|id| self.survey.find(id))
            .collect();
        let cuts = self.cuts();
        let mut told = Vec::new();
        for &question in &published {
            let own = &self.survey.questions[question];
            let sources: BTreeSet<QuestionIndex> = match &own.origin {
                Origin::Joined { of: Some(of), .. } => BTreeSet::from([*of]),
                Origin::Conditions { groups, .. } => {
                    let meaning = self.meaning(question, &Traits::new(), &cuts);
                    let is_clear = !meaning.groups.contains(&Said::Else);
                    let sources = groups.iter().flatten().flat_map(Condition::questions);
                    sources.filter(|_| !is_clear).collect()
                }
                _ => BTreeSet::new(),
            };
            let beside: Vec<String> = sources
                .intersection(&published)
                .map(|&source| crate::diag::quote(&self.survey.questions[source].id))
                .collect();
            if !beside.is_empty() {
                let warning = format!(
                    "what {} tells of {} is not protected: it is made of it in a way that cannot be followed",
                    crate::diag::quote(&own.id),
                    crate::diag::listed(beside.into_iter())
                );
                let hint =
                    "publish one of them, or make groups of the options of one question (`from`, `of`)";
                told.push(Diagnostic::warning(warning).hint(hint));
            }
        }
        told
    }

    /// Questions by conditions that leave somebody out who answered.
    pub(super) fn find_partial(&self) -> BTreeSet<QuestionIndex> {
        let cuts = self.cuts();
        let is_partial = |question: &QuestionIndex| match &self.survey.questions[*question].origin {
            Origin::Conditions { groups, overlap: false, .. } if groups.iter().all(Option::is_some) => {
                let everybody = self.meaning(*question, &Traits::new(), &cuts).everybody;
                everybody != Some(Said::Those(Traits::new()))
            }
            _ => false,
        };
        (0..self.survey.questions.len()).filter(is_partial).collect()
    }

    /// Whether this room says what a question is made of.
    fn is_made(&self, question: QuestionIndex) -> bool {
        match &self.survey.questions[question].origin {
            Origin::Regrouped { from, .. } => !self.survey.questions[*from].kind.takes_one_option(),
            Origin::Conditions { .. } => true,
            _ => false,
        }
    }

    fn translated(
        &self,
        key: &Key,
        made: &BTreeSet<QuestionIndex>,
        told: &BTreeSet<QuestionIndex>,
        cuts: &Cuts,
    ) -> Option<Name> {
        if key.mentions.is_some() {
            return None;
        }
        let mut named: BTreeMap<QuestionIndex, Vec<&Trait>> = BTreeMap::new();
        for what in key.traits.keys() {
            let question = match what {
                Trait::Asked(id) => self.survey.find(id),
                _ => question_of(what),
            };
            if let Some(question) = question
                && (made.contains(&question) || told.contains(&question))
            {
                named.entry(question).or_default().push(what);
            }
        }
        let mut new = key.clone();
        for (question, own) in named {
            let own: Vec<Trait> = own.into_iter().cloned().collect();
            let around: Traits = new
                .traits
                .iter()
                .filter(|(what, _)| !own.contains(what))
                .map(|(what, parts)| (what.clone(), parts.iter().copied().collect()))
                .collect();
            let meaning = made.contains(&question).then(|| self.meaning(question, &around, cuts));
            // Who is in a group was asked.
            let told =
                |what: &&Trait| own.len() == 1 || meaning.is_none() || !matches!(what, Trait::Asked(_));
            let mut said = Vec::new();
            for what in own.iter().filter(told) {
                match self.said(question, what, &key.traits[what], meaning.as_ref(), cuts) {
                    Said::Those(traits) => said.push(traits),
                    Said::Nobody => return Some(Name::Nobody),
                    Said::Else => break,
                }
            }
            if said.len() < own.iter().filter(told).count() {
                continue;
            }
            own.iter().for_each(|what| _ = new.traits.remove(what));
            let mut roots: BTreeSet<QuestionIndex> =
                meaning.iter().filter_map(|meaning| meaning.root).collect();
            for (what, parts) in said.into_iter().flatten() {
                roots.extend(question_of(&what).filter(|_| meaning.is_some()));
                let parts: Vec<u16> = parts.into_iter().collect();
                let Some(with) = new.with(what, &parts) else { return Some(Name::Nobody) };
                new = with;
            }
            for root in roots {
                new = self.within_asked(&new, root)?;
            }
        }
        (new != *key).then_some(Name::Key(new))
    }

    /// What one trait says of a question, in other words.
    fn said(
        &self,
        question: QuestionIndex,
        what: &Trait,
        parts: &[u16],
        meaning: Option<&Meaning>,
        cuts: &Cuts,
    ) -> Said {
        let own = &self.survey.questions[question];
        let of = |list: &[Said], place: usize| list.get(place).cloned().unwrap_or(Said::Else);
        let any_of = |options: &[usize]| match meaning {
            Some(meaning) => Said::any(options.iter().map(|&option| of(&meaning.groups, option))),
            None => Said::Those(chosen(question, options.iter().copied())),
        };
        match (what, meaning) {
            (Trait::Choice(_, option), _) => any_of(&[*option]),
            (Trait::Net(_, id), _) if id != GIVEN => {
                own.nets.iter().find(|net| net.id == *id).map_or(Said::Else, |net| any_of(&net.of))
            }
            (Trait::Net(..), Some(meaning)) => meaning.given.clone().unwrap_or(Said::Else),
            (Trait::Missing(_, which), Some(meaning)) => of(&meaning.missing, *which),
            (Trait::Asked(_), Some(meaning)) => meaning.everybody.clone().unwrap_or(Said::Else),
            (Trait::Reply(_), Some(meaning)) => Said::any(parts.iter().map(|&part| {
                let part = usize::from(part);
                match part.checked_sub(own.options.len()) {
                    Some(which) => of(&meaning.missing, which),
                    None => of(&meaning.groups, part),
                }
            })),
            // Given, or how it is missing.
            (Trait::Reply(_), None) if own.kind.is_measured() && cuts.contains_key(&question) => {
                let last = last(question, cuts);
                let given = parts.contains(&0).then_some(0..=last);
                let missing = parts.iter().filter(|part| **part > 0).map(|part| last + part);
                Said::Those(one(Trait::Within(question), given.into_iter().flatten().chain(missing)))
            }
            _ => Said::Those(BTreeMap::from([(what.clone(), parts.iter().copied().collect())])),
        }
    }

    /// Every value at which a condition cuts a number.
    fn cuts(&self) -> Cuts {
        let mut cuts = Cuts::new();
        for question in &self.survey.questions {
            if let Origin::Conditions { groups, .. } = &question.origin {
                groups.iter().flatten().for_each(|condition| cut(condition, &mut cuts));
            }
        }
        for values in cuts.values_mut() {
            values.sort_by(|left, right| compare(*left, *right));
            values.dedup_by(|left, right| compare(*left, *right).is_eq());
        }
        cuts
    }

    fn meaning(&self, question: QuestionIndex, around: &Traits, cuts: &Cuts) -> Meaning {
        let own = &self.survey.questions[question];
        match &own.origin {
            Origin::Regrouped { from, group_of } => regrouped(own, *from, group_of),
            Origin::Conditions { groups, overlap, from } => {
                self.by_conditions(own, groups, *overlap, *from, around, cuts)
            }
            _ => Meaning::default(),
        }
    }

    fn by_conditions(
        &self,
        own: &Question,
        conditions: &[Option<Condition>],
        overlap: bool,
        from: Option<QuestionIndex>,
        around: &Traits,
        cuts: &Cuts,
    ) -> Meaning {
        let mut groups: Vec<Said> = Vec::new();
        for condition in conditions {
            let said = condition
                .as_ref()
                .map_or(Said::Nobody, |condition| Said::or_else(self.holds(condition, cuts)).among(around));
            // The first condition that holds decides.
            let alone = match overlap {
                true => said,
                false => groups.iter().fold(said, Said::without),
            };
            groups.push(alone);
        }
        let rest = conditions.iter().position(Option::is_none);
        let unclear = groups.contains(&Said::Else);
        let mut roots: BTreeSet<QuestionIndex> = BTreeSet::new();
        for said in &groups {
            if let Said::Those(traits) = said {
                roots.extend(traits.keys().filter_map(question_of));
            }
        }
        if roots.is_empty() {
            let all: BTreeSet<QuestionIndex> =
                conditions.iter().flatten().flat_map(Condition::questions).collect();
            roots = if all.len() == 1 { all } else { roots };
        }
        let mut meaning = Meaning { groups, ..Meaning::default() };
        if unclear {
            rest.iter().for_each(|&rest| meaning.groups[rest] = Said::Else);
            return meaning;
        }
        match (roots.len(), roots.first()) {
            // Those who are looked at are all in one group, or in none.
            (0, _) if from.is_none() => {
                let held = meaning.groups.iter().any(|said| *said != Said::Nobody);
                let everybody = || Said::Those(Traits::new());
                if let Some(rest) = rest.filter(|_| !held) {
                    meaning.groups[rest] = everybody();
                }
                meaning.missing = vec![Said::Nobody];
                meaning.everybody =
                    Some(if held || overlap || rest.is_some() { everybody() } else { Said::Nobody });
            }
            (1, Some(&root)) if from.is_none_or(|from| from == root) => {
                self.of_one(&mut meaning, own, root, (rest, overlap, from.is_some()), around, cuts);
            }
            _ => rest.iter().for_each(|&rest| meaning.groups[rest] = Said::Else),
        }
        meaning
    }

    /// The rest, the missing and all of a question made of one.
    fn of_one(
        &self,
        meaning: &mut Meaning,
        own: &Question,
        root: QuestionIndex,
        (rest, overlap, inherits): (Option<usize>, bool, bool),
        around: &Traits,
        cuts: &Cuts,
    ) {
        let asked = &self.survey.questions[root];
        let given = Said::or_else(self.given(root, cuts));
        let missing: Vec<Said> = (0..=asked.missing.len())
            .map(|which| match asked.kind {
                kind if kind.takes_one_option() => {
                    let (root, part) = self.missing(root, which);
                    Said::Those(one(Trait::Reply(root), [part]))
                }
                kind if kind.is_measured() => {
                    Said::Those(one(Trait::Within(root), [last(root, cuts) + 1 + which as u16]))
                }
                Kind::Multi => Said::Those(one(Trait::Missing(root, which), [1])),
                _ => Said::Else,
            })
            .collect();
        // A blank, whatever the reason.
        let nobody = Said::any(missing.iter().cloned());
        let others = meaning.groups.iter().enumerate().filter(|(group, _)| Some(*group) != rest);
        let left = others.fold(given.clone().among(around), |left, (_, said)| left.without(said));
        meaning.everybody = Some(match overlap || rest.is_some() || left == Said::Nobody {
            true => Said::Those(Traits::new()),
            false => {
                let covered = Said::any(meaning.groups.iter().cloned());
                Said::any([covered, nobody.clone()].into_iter()).among(around)
            }
        });
        if let Some(rest) = rest {
            meaning.groups[rest] = left;
        }
        let among = |said: Said| said.among(around);
        meaning.missing = match inherits {
            true if own.missing.len() == asked.missing.len() => missing.into_iter().map(among).collect(),
            true => Vec::new(),
            false => vec![nobody.among(around)],
        };
        meaning.given = Some(given.among(around));
        meaning.root = Some(root);
    }

    /// Those who gave an answer to a question.
    fn given(&self, question: QuestionIndex, cuts: &Cuts) -> Option<Traits> {
        let own = &self.survey.questions[question];
        match own.kind {
            kind if kind.takes_one_option() => {
                let (root, parts) = self.root(question, (0..own.options.len() as u16).collect());
                Some(one(Trait::Reply(root), parts))
            }
            kind if kind.is_measured() => Some(one(Trait::Within(question), 0..=last(question, cuts))),
            Kind::Multi => Some(one(Trait::Net(question, GIVEN.into()), [1])),
            _ => None,
        }
    }

    /// Those for whom a condition holds; `None`: that cannot be said by traits, or nobody.
    fn holds(&self, condition: &Condition, cuts: &Cuts) -> Option<Traits> {
        match condition {
            Condition::Answer { question, accepts } => {
                let own = &self.survey.questions[*question];
                let parts = (0..accepts.len()).filter(|&option| accepts[option]).map(|option| option as u16);
                let (root, parts) = self.root(*question, parts.collect());
                (own.kind.takes_one_option() && !parts.is_empty()).then(|| one(Trait::Reply(root), parts))
            }
            Condition::Selected { question, any_of } => {
                let several = self.survey.questions[*question].kind == Kind::Multi && !any_of.is_empty();
                several.then(|| chosen(*question, any_of.iter().copied()))
            }
            Condition::Number { question, comparison, value, decimals } => {
                let values = cuts.get(question)?;
                let place = values.iter().position(|cut| compare(*cut, (*value, *decimals)).is_eq())?;
                let (at, last) = (2 * place as u16 + 1, last(*question, cuts));
                let parts: Vec<u16> = match comparison {
                    Comparison::Equal => vec![at],
                    Comparison::NotEqual => (0..=last).filter(|&part| part != at).collect(),
                    Comparison::Less => (0..at).collect(),
                    Comparison::LessOrEqual => (0..=at).collect(),
                    Comparison::Greater => (at + 1..=last).collect(),
                    Comparison::GreaterOrEqual => (at..=last).collect(),
                };
                Some(one(Trait::Within(*question), parts))
            }
            Condition::And(all) => {
                let mut all = all.iter().map(|condition| self.holds(condition, cuts));
                let first = all.next()??;
                all.try_fold(first, |said, own| both(&said, &own?))
            }
            Condition::Or(each) => any(each.iter().map(|condition| self.holds(condition, cuts))),
            Condition::Not(inner) => {
                let own = inner.questions();
                let question = own.first().filter(|_| own.len() == 1)?;
                match without(self.given(*question, cuts)?, &self.holds(inner, cuts)?) {
                    Said::Those(left) => Some(left),
                    Said::Nobody | Said::Else => None,
                }
            }
            Condition::State { .. } => None,
        }
    }
}

/// Groups of several answers: any of their options.
fn regrouped(own: &Question, from: QuestionIndex, group_of: &[Option<usize>]) -> Meaning {
    let groups = (0..own.options.len()).map(|group| {
        let options = (0..group_of.len()).filter(|&option| group_of[option] == Some(group));
        Said::Those(chosen(from, options))
    });
    let missing = (0..=own.missing.len()).map(|which| Said::Those(one(Trait::Missing(from, which), [1])));
    Meaning {
        root: Some(from),
        groups: groups.collect(),
        missing: missing.collect(),
        everybody: None,
        given: Some(Said::Those(one(Trait::Net(from, GIVEN.into()), [1]))),
    }
}

fn compare((left, decimals): (i64, u32), (right, others): (i64, u32)) -> std::cmp::Ordering {
    let scaled = |value: i64, by: u32| i128::from(value) * 10_i128.pow(by);
    scaled(left, others.saturating_sub(decimals)).cmp(&scaled(right, decimals.saturating_sub(others)))
}

/// The last part of a number that conditions cut; those who gave none have the parts after it.
fn last(question: QuestionIndex, cuts: &Cuts) -> u16 {
    2 * cuts.get(&question).map_or(0, Vec::len) as u16
}

fn cut(condition: &Condition, cuts: &mut Cuts) {
    match condition {
        Condition::Number { question, value, decimals, .. } => {
            cuts.entry(*question).or_default().push((*value, *decimals));
        }
        Condition::And(inner) | Condition::Or(inner) => inner.iter().for_each(|inner| cut(inner, cuts)),
        Condition::Not(inner) => cut(inner, cuts),
        Condition::Answer { .. } | Condition::Selected { .. } | Condition::State { .. } => {}
    }
}

/// Whoever chose any of some options are at least those of any of fewer, and at most those of each together.
fn several(system: &mut System) {
    /// Counts, each with the options that any of was chosen.
    type Alike = Vec<(usize, Vec<usize>)>;
    let mut alike: BTreeMap<(QuestionIndex, Key), Alike> = BTreeMap::new();
    for (place, count) in system.counts.iter().enumerate().filter(|(_, count)| count.key.mentions.is_none()) {
        for what in count.key.traits.keys() {
            let (question, options) = match what {
                Trait::AnyOf(question, options) => (*question, options.clone()),
                Trait::Choice(question, option) => (*question, vec![*option]),
                _ => continue,
            };
            alike.entry((question, count.key.without(what))).or_default().push((place, options));
        }
    }
    for members in alike.into_values() {
        for (place, own) in members.iter().filter(|(_, own)| own.len() > 1) {
            let inside = |options: &[usize]| options.iter().all(|option| own.contains(option));
            for (part, options) in members.iter().filter(|(_, options)| options.len() < own.len()) {
                if inside(options) {
                    system.at_least(&[*place], &[*part]);
                }
            }
            let single = members.iter().filter(|(_, options)| options.len() == 1 && inside(options));
            let single: Vec<usize> = single.map(|(part, _)| *part).collect();
            if single.len() == own.len() {
                system.at_least(&single, &[*place]);
            }
        }
    }
}
