//! Every count of a release under one name, and the equations between them.
//!
//! A count is of respondents with certain traits: `pref = 13`, `q1 in {1, 2}`, "chose option 4 of q3". Two
//! cells with the same traits are one count, in whichever table and file they stand; a base and a cell of
//! another table may be one too. Equations follow from the traits: a count is the sum of those with one more
//! trait, for each part that the trait can have, and of the rest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::schema::QuestionIndex;

/// Parts from here on are of whoever is in no group of a question.
pub(super) const OUTSIDE: u16 = 60_000;

/// Something that is true of a respondent or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Trait {
    /// The reply to a question, one of several parts: options, then what is missing.
    Reply(QuestionIndex),
    /// An option of a multi question, chosen or not.
    Choice(QuestionIndex, usize),
    /// Any of the options of a net of a multi question.
    Net(QuestionIndex, String),
    /// Any of these options of a multi question, where something else is made of them as well.
    AnyOf(QuestionIndex, Vec<usize>),
    /// A number between two places where questions made of it cut it; parts after the last: how it is missing.
    Within(QuestionIndex),
    /// No answer to a multi question, or the missing of a banner.
    Missing(QuestionIndex, usize),
    /// Was asked, where that is not the reply to another question.
    Asked(String),
    /// A filter, a wave, an option on offer: known by its words only.
    Words(String),
}

/// The traits of those who are counted, with the parts that they may have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Key {
    pub traits: BTreeMap<Trait, Vec<u16>>,
    /// Mentions of this question are counted, not respondents.
    pub mentions: Option<QuestionIndex>,
}

impl Key {
    /// With one more trait; `None` where nobody can have both.
    pub fn with(&self, what: Trait, parts: &[u16]) -> Option<Key> {
        let mut key = self.clone();
        let mut kept: Vec<u16> = match key.traits.get(&what) {
            Some(known) => known.iter().copied().filter(|part| parts.contains(part)).collect(),
            None => parts.to_vec(),
        };
        if kept.is_empty() {
            return None;
        }
        kept.sort_unstable();
        key.traits.insert(what, kept);
        Some(key)
    }

    /// Whether everybody counted chose some option of a multi question.
    pub fn chooses(&self, question: QuestionIndex) -> bool {
        self.traits.keys().any(|what| matches!(what, Trait::Choice(of, _) if *of == question))
    }

    /// With one trait fewer.
    pub fn without(&self, what: &Trait) -> Key {
        let mut key = self.clone();
        key.traits.remove(what);
        key
    }

    /// Whether everybody counted here is counted there too.
    pub fn is_within(&self, other: &Key) -> bool {
        other.traits.iter().all(|(what, parts)| {
            self.traits.get(what).is_some_and(|own| own.iter().all(|part| parts.contains(part)))
        })
    }
}

/// Where a count stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Cell,
    Base,
    Mentions,
}

/// A place in a release's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub table: usize,
    pub row: usize,
    pub column: usize,
    pub part: Part,
}

/// One count.
#[derive(Debug, Clone)]
pub(super) struct Count {
    pub key: Key,
    pub n: u64,
    /// Where it is published; nowhere: a rest, known only by subtraction.
    pub places: Vec<Place>,
    pub hidden: bool,
    /// The count that it is a part of, in its column.
    pub base: Option<usize>,
    /// Others stand on it.
    pub is_base: bool,
    /// It is all of a count but too few.
    pub tells: bool,
    /// How far apart the least and the greatest value that it may have must be at least, once hidden.
    pub width: u64,
    /// Least and greatest value of tables that look the same from outside.
    pub low: f64,
    pub high: f64,
}

impl Count {
    /// Whether nobody outside sees it.
    pub fn is_unseen(&self) -> bool {
        self.hidden || self.places.is_empty()
    }
}

/// A sum that is zero.
pub(super) type Equation = Vec<(usize, i64)>;

/// The counts of a release and what they have to do with each other.
#[derive(Debug, Default)]
pub(super) struct System {
    pub counts: Vec<Count>,
    pub equations: Vec<Equation>,
    /// The equations that a count is in.
    pub of_count: Vec<Vec<usize>>,
    /// Cells of answers that nobody in their group can have given.
    pub impossible: Vec<Place>,
    /// Unpublished counts that are another name of a published one.
    pub other_names: BTreeSet<usize>,
    known: HashMap<Key, usize>,
}

impl System {
    /// The count with this key; added when there is none.
    pub fn count(&mut self, key: Key, n: u64) -> usize {
        if let Some(&known) = self.known.get(&key) {
            return known;
        }
        let place = self.add(key.clone(), n);
        self.known.insert(key, place);
        place
    }

    /// A count that no key finds: what a bound leaves.
    pub fn add(&mut self, key: Key, n: u64) -> usize {
        let value = n as f64;
        self.counts.push(Count {
            key,
            n,
            places: Vec::new(),
            hidden: false,
            base: None,
            is_base: false,
            tells: false,
            width: 0,
            low: value,
            high: value,
        });
        self.of_count.push(Vec::new());
        self.counts.len() - 1
    }

    pub fn find(&self, key: &Key) -> Option<usize> {
        self.known.get(key).copied()
    }

    pub fn equate(&mut self, equation: Equation) {
        let sum: i64 = equation.iter().map(|&(count, by)| by * self.counts[count].n as i64).sum();
        debug_assert_eq!(sum, 0, "an equation that the counts do not obey");
        let place = self.equations.len();
        equation.iter().for_each(|&(count, _)| self.of_count[count].push(place));
        self.equations.push(equation);
    }

    /// `more` is `less` and something.
    pub fn at_least(&mut self, more: &[usize], less: &[usize]) {
        let sum =
            |system: &System, counts: &[usize]| counts.iter().map(|&count| system.counts[count].n).sum();
        let (most, least): (u64, u64) = (sum(self, more), sum(self, less));
        // Where it does not hold, the table is of another shape than was thought.
        let Some(left) = most.checked_sub(least) else { return };
        let slack = self.add(Key::default(), left);
        let signed =
            |counts: &[usize], sign: i64| counts.iter().map(|&count| (count, sign)).collect::<Vec<_>>();
        self.equate([signed(more, 1), signed(less, -1), vec![(slack, -1)]].concat());
    }

    /// A whole is its parts and the rest; `complete`: a rest of nobody is known to be nobody.
    ///
    /// Whether it can be so.
    fn divide(&mut self, whole: usize, parts: &[usize], complete: bool) -> bool {
        let sum: u64 = parts.iter().map(|&part| self.counts[part].n).sum();
        let Some(first) = parts.first() else { return false };
        let Some(left) = self.counts[whole].n.checked_sub(sum) else { return false };
        let mut equation: Equation = parts.iter().map(|&part| (part, 1)).collect();
        equation.push((whole, -1));
        if left > 0 || !complete {
            let rest = self.add(Key::default(), left);
            let least = self.counts[whole].width;
            // Too few are left over: what subtraction tells must not be told either.
            self.counts[rest].width = if complete && left > 0 && left < least { least } else { 0 };
            self.counts[rest].base = self.counts[*first].base.or(self.counts[whole].base);
            equation.push((rest, 1));
        }
        self.equate(equation);
        true
    }

    /// Makes the equations that follow from the traits. `asked`: the traits that an answer to a question
    /// brings with it.
    pub fn relate(&mut self, asked: &dyn Fn(QuestionIndex) -> Vec<Trait>) {
        // Counts that differ in the parts of one trait only.
        let mut families: BTreeMap<(Trait, Key), Vec<usize>> = BTreeMap::new();
        for (place, count) in self.counts.iter().enumerate() {
            for what in count.key.traits.keys() {
                families.entry((what.clone(), count.key.without(what))).or_default().push(place);
            }
        }
        for ((what, around), members) in families {
            let parts = |system: &System, place: usize| system.counts[place].key.traits[&what].clone();
            let (leaves, unions) =
                leaves(members.into_iter().map(|place| (place, parts(self, place))).collect());
            let mut wholes: Vec<usize> = self.find(&around).into_iter().collect();
            if let Trait::Reply(question) | Trait::Within(question) = what {
                let wider = asked(question).iter().fold(around.clone(), |key, what| key.without(what));
                wholes.extend(self.find(&wider).filter(|wider| !wholes.contains(wider)));
            }
            let one_of_many = matches!(what, Trait::Reply(_) | Trait::Within(_));
            for &whole in &wholes {
                if !leaves.is_empty() {
                    let all: Vec<usize> = leaves.iter().map(|(place, _)| *place).collect();
                    if !self.divide(whole, &all, one_of_many) {
                        // Those in no group of one question may be in a group of another.
                        let inside =
                            leaves.iter().filter(|(_, parts)| parts.iter().all(|part| *part < OUTSIDE));
                        let inside: Vec<usize> = inside.map(|(place, _)| *place).collect();
                        self.divide(whole, &inside, one_of_many);
                    }
                }
                for &(place, _) in unions.iter().chain(&leaves) {
                    // Who is not among them can be computed as well, and is as unsure as who is: all of the
                    // whole, where nobody is among them.
                    let own = self.counts[place].n;
                    let left = self.counts[whole].n.saturating_sub(own);
                    self.counts[place].tells |= own > 0 && left > 0 && left < self.counts[whole].width;
                }
            }
            // One union of another, which nothing else takes apart.
            for (one, parts) in &unions {
                for (other, all) in &unions {
                    if parts.len() < all.len() && is_part(parts, all) {
                        let left = self.counts[*other].n.saturating_sub(self.counts[*one].n);
                        self.divide(*other, &[*one], left > 0);
                    }
                }
            }
            for (union, own) in unions {
                let inside = leaves.iter().filter(|(_, leaf)| is_part(leaf, &own));
                let (inside, known): (Vec<usize>, Vec<usize>) =
                    inside.map(|(place, leaf)| (*place, leaf.len())).unzip();
                if !inside.is_empty() {
                    self.divide(union, &inside, known.iter().sum::<usize>() == own.len());
                }
            }
        }
        // A group is no more than the one it is a part of.
        for part in (0..self.counts.len()).filter(|&part| self.counts[part].is_base).collect::<Vec<_>>() {
            let key = self.counts[part].key.clone();
            for what in key.traits.keys() {
                let whole = self.find(&key.without(what)).filter(|&whole| self.counts[whole].is_base);
                whole.iter().for_each(|&whole| self.at_least(&[whole], &[part]));
            }
        }
    }
}

/// The sets that hold no other, where no two of them overlap, and the others.
#[expect(clippy::type_complexity)]
fn leaves(sets: Vec<(usize, Vec<u16>)>) -> (Vec<(usize, Vec<u16>)>, Vec<(usize, Vec<u16>)>) {
    let holds_another = |place: &usize, own: &[u16]| {
        sets.iter().any(|(other, set)| other != place && set.len() < own.len() && is_part(set, own))
    };
    let smallest: Vec<bool> = sets.iter().map(|(place, own)| !holds_another(place, own)).collect();
    let mut parts: Vec<u16> = sets
        .iter()
        .zip(&smallest)
        .filter(|(_, is)| **is)
        .flat_map(|((_, own), _)| own.iter().copied())
        .collect();
    let all = parts.len();
    parts.sort_unstable();
    parts.dedup();
    let apart = parts.len() == all;
    let is_leaf = |place: usize| if apart { smallest[place] } else { sets[place].1.len() == 1 };
    let leaf: Vec<bool> = (0..sets.len()).map(is_leaf).collect();
    let (leaves, unions): (Vec<_>, Vec<_>) = sets.into_iter().zip(leaf).partition(|(_, leaf)| *leaf);
    let bare = |list: Vec<((usize, Vec<u16>), bool)>| list.into_iter().map(|(set, _)| set).collect();
    (bare(leaves), bare(unions))
}

/// Whether one ascending list is a part of another.
fn is_part(one: &[u16], other: &[u16]) -> bool {
    let mut rest = other.iter();
    one.iter().all(|part| rest.any(|known| known == part))
}
