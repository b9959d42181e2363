//! Who is meant, in traits: sets of respondents that can be joined, met and taken from each other.

use std::collections::{BTreeMap, BTreeSet};

use super::system::Trait;
use crate::schema::QuestionIndex;

/// What is true of all who are meant, and of nobody else of those who are looked at.
pub(super) type Traits = BTreeMap<Trait, BTreeSet<u16>>;

/// Who is meant, among those who are looked at.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    Nobody,
    /// Everybody of whom this is true.
    Those(Traits),
    /// No words of other questions say it.
    Else,
}

impl Said {
    pub(super) fn or_else(said: Option<Traits>) -> Said {
        said.map_or(Said::Else, Said::Those)
    }

    /// Of those who are looked at; what is true of all of them need not be said.
    pub(super) fn among(self, around: &Traits) -> Said {
        let Said::Those(mut traits) = self else { return self };
        let apart = |(what, parts): (&Trait, &BTreeSet<u16>)| {
            around.get(what).is_some_and(|own| own.is_disjoint(parts))
        };
        if traits.iter().any(apart) {
            return Said::Nobody;
        }
        traits.retain(|what, parts| !around.get(what).is_some_and(|own| own.is_subset(parts)));
        Said::Those(traits)
    }

    /// Those of them who are not among others.
    pub(super) fn without(self, others: &Said) -> Said {
        match (self, others) {
            (Said::Nobody, _) => Said::Nobody,
            (said, Said::Nobody) => said,
            (Said::Those(_), Said::Those(others)) if others.is_empty() => Said::Nobody,
            (Said::Those(some), Said::Those(others)) => without(some, others),
            _ => Said::Else,
        }
    }

    /// Those who are meant by any.
    pub(super) fn any(each: impl Iterator<Item = Said>) -> Said {
        let mut known = Vec::new();
        for said in each {
            match said {
                Said::Nobody => {}
                Said::Those(traits) => known.push(Some(traits)),
                Said::Else => return Said::Else,
            }
        }
        if known.is_empty() { Said::Nobody } else { Said::or_else(any(known.into_iter())) }
    }
}

/// The question that a trait is of.
pub(super) fn question_of(what: &Trait) -> Option<QuestionIndex> {
    match what {
        Trait::Reply(question)
        | Trait::Within(question)
        | Trait::Choice(question, _)
        | Trait::Net(question, _)
        | Trait::AnyOf(question, _)
        | Trait::Missing(question, _) => Some(*question),
        Trait::Asked(_) | Trait::Words(_) => None,
    }
}

pub(super) fn one(what: Trait, parts: impl IntoIterator<Item = u16>) -> Traits {
    BTreeMap::from([(what, parts.into_iter().collect())])
}

/// Those who are meant by either, where that can be said: both say the same but for the parts of one trait.
fn union(one: &Traits, other: &Traits) -> Option<Traits> {
    let differs: Vec<&Trait> =
        one.iter().filter(|(what, parts)| other.get(what) != Some(parts)).map(|(what, _)| what).collect();
    if one.len() != other.len() || differs.len() > 1 || differs.iter().any(|what| !has_parts(what)) {
        return None;
    }
    let mut both = one.clone();
    for what in differs {
        both.get_mut(what)?.extend(other.get(what)?);
    }
    Some(both)
}

/// Those who are meant by both; `None` where nobody can be.
pub(super) fn both(one: &Traits, other: &Traits) -> Option<Traits> {
    let mut both = one.clone();
    for (what, parts) in other {
        let own = both.entry(what.clone()).or_insert_with(|| parts.clone());
        own.retain(|part| parts.contains(part));
    }
    both.values().all(|parts| !parts.is_empty()).then_some(both)
}

/// Whether a trait has parts of which everybody has one.
fn has_parts(what: &Trait) -> bool {
    matches!(what, Trait::Reply(_) | Trait::Within(_))
}

/// Those who chose any of these options.
pub(super) fn chosen(question: QuestionIndex, options: impl Iterator<Item = usize>) -> Traits {
    let options: BTreeSet<usize> = options.collect();
    match (options.len(), options.first()) {
        (1, Some(&option)) => one(Trait::Choice(question, option), [1]),
        _ => one(Trait::AnyOf(question, options.into_iter().collect()), [1]),
    }
}

/// Those who are meant by any.
pub(super) fn any(each: impl Iterator<Item = Option<Traits>>) -> Option<Traits> {
    let each: Vec<Traits> = each.collect::<Option<_>>()?;
    let mut options: BTreeSet<usize> = BTreeSet::new();
    let mut of: BTreeSet<QuestionIndex> = BTreeSet::new();
    let mut is_chosen = each.len() > 1;
    for traits in &each {
        match traits.keys().next().filter(|_| traits.len() == 1) {
            Some(Trait::Choice(question, option)) => {
                of.insert(*question);
                options.insert(*option);
            }
            Some(Trait::AnyOf(question, own)) => {
                of.insert(*question);
                options.extend(own);
            }
            _ => is_chosen = false,
        }
    }
    if let (true, 1, Some(&question)) = (is_chosen, of.len(), of.first()) {
        return Some(chosen(question, options.into_iter()));
    }
    let mut each = each.iter();
    let first = each.next()?.clone();
    each.try_fold(first, |said, own| union(&said, own))
}

/// Those of some who are not among others.
pub(super) fn without(some: Traits, others: &Traits) -> Said {
    // Who differs in one thing is apart.
    let apart = |(what, parts): (&Trait, &BTreeSet<u16>)| {
        has_parts(what) && others.get(what).is_some_and(|own| own.is_disjoint(parts))
    };
    if some.iter().any(apart) {
        return Said::Those(some);
    }
    // The others must be told from them by one thing alone.
    let wider = |what: &Trait, own: &BTreeSet<u16>| some.get(what).is_some_and(|parts| parts.is_subset(own));
    let telling: Vec<(&Trait, &BTreeSet<u16>)> =
        others.iter().filter(|(what, own)| !wider(what, own)).collect();
    match telling[..] {
        [] => Said::Nobody,
        [(what, own)] if has_parts(what) && some.contains_key(what) => {
            let mut left = some;
            left.entry(what.clone()).or_default().retain(|part| !own.contains(part));
            Said::Those(left)
        }
        _ => Said::Else,
    }
}
