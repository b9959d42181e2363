//! Complementary suppression: what else must be hidden so that the hidden cannot be computed.
//!
//! For a hidden count a second table is looked for that looks the same from outside and in which the count
//! is at least a threshold away: the one for which the fewest shown counts must be hidden as well (Kelly,
//! Golden & Assad 1992, doi:10.1002/net.3230220407; the incremental attacker of Fischetti & Salazar 2001,
//! doi:10.1287/mnsc.47.7.1008.9804). Both tables then obey every equation and no count is negative, so nobody
//! can tell which of them is the true one: the pair is the proof, and it is checked, whatever found it. Hiding
//! more later does not undo it. First all hidden groups are put into each of them in turn, which is another
//! table for all their cells at once; then each count that is left has a programme of its own.

use std::collections::{BTreeMap, HashMap};

use super::system::{Count, Key, System, Trait};
use crate::stats::{Exchange, Room};

/// What it costs to change what is hidden already.
const HIDDEN: f64 = 0.001;
/// And what nobody publishes: what is left of a sum.
const LEFT: f64 = 0.000_01;

/// Which counts may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Bases: how many respondents groups have.
    Groups,
    /// Cells of the tables.
    Cells,
}

/// The work of making a system safe.
pub(super) struct Protection<'a> {
    system: &'a mut System,
    /// The cells that hang together, by any of them.
    family: Vec<usize>,
    /// The threshold of groups of which something may be shown.
    usual: u64,
    /// What it costs to hide each count.
    price: Vec<f64>,
    /// Hidden groups that nobody outside can tell from each other.
    indistinct: Vec<Indistinct>,
    /// The counts of each of them.
    within: HashMap<usize, Vec<usize>>,
    /// How many counts no table was found for, when everything around them is hidden.
    pub uncertain: usize,
}

/// Hidden groups by the same question, in the same shown groups of groups.
#[derive(Debug, Clone)]
struct Indistinct {
    of: Trait,
    /// Each with its parts.
    members: Vec<(usize, Vec<u16>)>,
}

/// The equations of one family and of the groups, with numbers of their own.
struct Ties {
    family: usize,
    exchange: Exchange,
    /// The counts in them, ascending.
    counts: Vec<usize>,
}

/// Another table that looks the same from outside.
struct Other {
    changes: Vec<(usize, f64)>,
    /// What it costs to hide what differs.
    cost: f64,
}

impl Ties {
    fn place(&self, count: usize) -> Option<usize> {
        self.counts.binary_search(&count).ok()
    }
}

impl<'a> Protection<'a> {
    pub fn new(system: &'a mut System, usual: u64) -> Protection<'a> {
        let family = families(system);
        let price = prices(system);
        Protection {
            system,
            family,
            usual,
            price,
            indistinct: Vec::new(),
            within: HashMap::new(),
            uncertain: 0,
        }
    }

    /// Hides what must be hidden.
    pub fn run(&mut self) {
        for stage in [Stage::Groups, Stage::Cells] {
            if stage == Stage::Cells {
                (self.indistinct, self.within) = indistinct(self.system);
            }
            loop {
                if stage == Stage::Groups {
                    self.hide_columns();
                }
                let mut targets = self.targets(stage);
                if targets.is_empty() {
                    break;
                }
                targets.sort_by_key(|&target| (self.family[target], target));
                let mut ties: Option<Ties> = None;
                for target in targets {
                    let family = self.family[target];
                    let ties = match ties.take() {
                        Some(known) if known.family == family => ties.insert(known),
                        _ => {
                            if stage == Stage::Cells {
                                self.regroup(family);
                            }
                            ties.insert(self.ties(family))
                        }
                    };
                    self.protect(target, stage, ties);
                }
            }
        }
    }

    /// A hidden group is hidden everywhere: every count of it, and of parts of it.
    pub fn hide_columns(&mut self) {
        hide_columns(self.system);
    }

    /// Hidden counts that are not known to be safe.
    fn targets(&self, stage: Stage) -> Vec<usize> {
        let counts = self.system.counts.iter().enumerate();
        let unsafe_ones = counts.filter(|(place, count)| {
            let of_stage = match stage {
                Stage::Groups => self.is_of_groups(*place),
                Stage::Cells => !self.is_of_groups(*place),
            };
            of_stage && count.is_unseen() && count.width > 0 && !self.is_safe(*place)
        });
        unsafe_ones.map(|(place, _)| place).collect()
    }

    fn is_safe(&self, place: usize) -> bool {
        let count = &self.system.counts[place];
        count.high - count.low >= self.wanted(place) - 1e-6
    }

    /// How wide the interval of a count must be; where nothing may be shown, as wide as elsewhere.
    fn wanted(&self, place: usize) -> f64 {
        match self.system.counts[place].width {
            u64::MAX => self.usual as f64,
            width => width as f64,
        }
    }

    /// Bases, and what is left of them.
    fn is_of_groups(&self, place: usize) -> bool {
        self.family[place] == usize::MAX
    }

    /// Nobody outside sees who is in which of the hidden groups: all of them may be in any one of them, with
    /// all their answers.
    fn regroup(&mut self, family: usize) {
        for groups in self.indistinct.clone() {
            for &(own, ref own_parts) in &groups.members {
                let mut changes: HashMap<usize, f64> = HashMap::new();
                for (other, other_parts) in groups.members.iter().filter(|(other, _)| *other != own) {
                    for &count in &self.within[other] {
                        if ![usize::MAX, family].contains(&self.family[count]) {
                            continue;
                        }
                        let held = &self.system.counts[count];
                        let mut key = held.key.clone();
                        let parts = key.traits.get_mut(&groups.of);
                        match parts {
                            Some(parts) if parts == other_parts => parts.clone_from(own_parts),
                            _ => continue,
                        }
                        let n = held.n as f64;
                        let Some(image) = self.system.find(&key) else { continue };
                        *changes.entry(count).or_default() -= n;
                        *changes.entry(image).or_default() += n;
                    }
                }
                self.accept(changes, family);
            }
        }
    }

    fn accept(&mut self, mut changes: HashMap<usize, f64>, family: usize) {
        let mut equations: Vec<usize> =
            changes.keys().flat_map(|count| self.system.of_count[*count].iter().copied()).collect();
        equations.sort_unstable();
        equations.dedup();
        // What is left of a sum changes with it; it is in no other.
        for &equation in equations.iter().filter(|equation| self.is_of(**equation, family)) {
            let terms = &self.system.equations[equation];
            let sum: f64 =
                terms.iter().map(|(count, by)| changes.get(count).copied().unwrap_or(0.0) * *by as f64).sum();
            let rest = terms.iter().find(|(count, _)| self.system.counts[*count].places.is_empty());
            if let (Some(&(rest, by)), true) = (rest, sum != 0.0) {
                *changes.entry(rest).or_default() -= sum / by as f64;
            }
        }
        let mut changes: Vec<(usize, f64)> =
            changes.into_iter().filter(|(_, change)| *change != 0.0).collect();
        changes.sort_unstable_by_key(|(count, _)| *count);
        let unseen = changes.iter().all(|(count, _)| self.system.counts[*count].is_unseen());
        if unseen && self.holds(&changes, family) {
            self.widen(changes);
        }
    }

    /// Another table that looks the same: what differs is hidden, and may be either.
    fn widen(&mut self, changes: Vec<(usize, f64)>) {
        for (count, change) in changes {
            let count = &mut self.system.counts[count];
            count.hidden |= !count.places.is_empty();
            let other = count.n as f64 + change;
            (count.low, count.high) = (count.low.min(other), count.high.max(other));
        }
    }

    fn protect(&mut self, target: usize, stage: Stage, ties: &Ties) {
        if self.is_safe(target) || self.find(target, stage, ties) {
            return;
        }
        self.uncertain += 1;
        self.system.counts[target].width = 0;
    }

    /// The equations that a family's cells are in, and those of the groups.
    fn ties(&self, family: usize) -> Ties {
        let is_near = |equation: &&Vec<(usize, i64)>| {
            equation.iter().all(|(count, _)| [usize::MAX, family].contains(&self.family[*count]))
        };
        let near: Vec<&Vec<(usize, i64)>> = self.system.equations.iter().filter(is_near).collect();
        let mut counts: Vec<usize> =
            near.iter().flat_map(|equation| equation.iter().map(|(count, _)| *count)).collect();
        counts.sort_unstable();
        counts.dedup();
        let place: HashMap<usize, usize> =
            counts.iter().enumerate().map(|(place, &count)| (count, place)).collect();
        let equations = near.iter().map(|equation| {
            let mut own: Vec<(usize, f64)> = Vec::new();
            for (count, by) in equation.iter() {
                match own.iter_mut().find(|(known, _)| *known == place[count]) {
                    Some((_, sum)) => *sum += *by as f64,
                    None => own.push((place[count], *by as f64)),
                }
            }
            own
        });
        Ties { family, exchange: Exchange::new(counts.len(), equations.collect()), counts }
    }

    /// Looks for another table in which the target is far enough away, and hides what differs.
    fn find(&mut self, target: usize, stage: Stage, ties: &Ties) -> bool {
        let wanted = self.wanted(target);
        let count = &self.system.counts[target];
        let n = count.n as f64;
        let (up, down) = (count.low + wanted - n, n - (count.high - wanted));
        if up <= 0.0 || down <= 0.0 {
            return true;
        }
        let more = self.other(target, up, stage, ties);
        let is_free = more.as_ref().is_some_and(|more| more.cost < 1.0);
        let fewer = if is_free || down > n { None } else { self.other(target, -down, stage, ties) };
        let other = match (more, fewer) {
            (Some(more), Some(fewer)) => Some(if fewer.cost < more.cost { fewer } else { more }),
            (more, fewer) => more.or(fewer),
        };
        if let Some(other) = other {
            self.widen(other.changes);
            return true;
        }
        // In a small group there may be room for both only: from nobody to a threshold.
        if n >= wanted || n == 0.0 {
            return false;
        }
        let Some(fewer) = self.other(target, -n, stage, ties) else { return false };
        self.widen(fewer.changes);
        let Some(more) = self.other(target, wanted - n, stage, ties) else { return false };
        self.widen(more.changes);
        true
    }

    /// The table in which the target differs by so much, for which the least must be hidden as well.
    fn other(&self, target: usize, by: f64, stage: Stage, ties: &Ties) -> Option<Other> {
        let room = |place: usize| {
            let count = ties.counts[place];
            let own = &self.system.counts[count];
            // A group that is shown stays so when its cells are looked at.
            let is_fixed = stage == Stage::Cells && self.is_of_groups(count) && !own.is_unseen();
            let price = match () {
                () if !own.is_unseen() => self.price[count],
                () if own.places.is_empty() => LEFT,
                // What changes with a group is more than a cell.
                () if self.is_of_groups(count) => 20.0 * HIDDEN,
                () => HIDDEN,
            };
            (!is_fixed).then_some(Room { price, down: own.n as f64 })
        };
        let changes = ties.exchange.cheapest(ties.place(target)?, by, &room)?;
        let changes: Vec<(usize, f64)> = changes
            .into_iter()
            .map(|(place, change)| match (change - change.round()).abs() < 1e-5 {
                true => (ties.counts[place], change.round()),
                false => (ties.counts[place], change),
            })
            .filter(|(_, change)| *change != 0.0)
            .collect();
        let seen = changes.iter().filter(|(count, _)| !self.system.counts[*count].is_unseen());
        let cost = seen.map(|(count, _)| self.price[*count]).sum();
        self.holds(&changes, ties.family).then_some(Other { changes, cost })
    }

    /// Whether an equation is of groups alone, or of groups and the cells of one family. Of a hidden group all
    /// cells are hidden, in every family: what a change of who belongs to it changes there can be made up for
    /// among the hidden groups.
    fn is_of(&self, equation: usize, family: usize) -> bool {
        let mut counts = self.system.equations[equation].iter().map(|(count, _)| self.family[*count]);
        counts.all(|own| own == usize::MAX || own == family)
    }

    /// Whether the other table obeys every equation too, and counts nobody less than nobody.
    fn holds(&self, changes: &[(usize, f64)], family: usize) -> bool {
        let changed: HashMap<usize, f64> = changes.iter().copied().collect();
        let least =
            changes.iter().all(|&(count, change)| self.system.counts[count].n as f64 + change > -1e-6);
        let mut equations: Vec<usize> =
            changes.iter().flat_map(|(count, _)| self.system.of_count[*count].iter().copied()).collect();
        equations.sort_unstable();
        equations.dedup();
        equations.retain(|&equation| self.is_of(equation, family));
        least
            && equations.iter().all(|&equation| {
                let terms = self.system.equations[equation].iter();
                let sum: f64 =
                    terms.map(|(count, by)| changed.get(count).copied().unwrap_or(0.0) * *by as f64).sum();
                sum.abs() < 1e-6
            })
    }
}

/// What it costs to hide each count: nobody (0) is worth showing, totals are worth most, and a group is worth
/// everything that is hidden with it.
fn prices(system: &System) -> Vec<f64> {
    let mut cells = vec![0.0; system.counts.len()];
    for count in system.counts.iter().filter(|count| !count.places.is_empty()) {
        count.base.iter().for_each(|&base| cells[base] += 1.0);
    }
    let bases: Vec<usize> = (0..cells.len()).filter(|&place| system.counts[place].is_base).collect();
    let of_group = |group: usize| -> f64 {
        let key = &system.counts[group].key;
        bases.iter().filter(|&&base| system.counts[base].key.is_within(key)).map(|&base| cells[base]).sum()
    };
    let of_count = |(place, count): (usize, &Count)| {
        let base = count.base.unwrap_or(place);
        match () {
            () if count.is_base => 1.0 + of_group(place),
            () if system.counts[base].key.traits.is_empty() => 40.0,
            () if count.n == 0 => 4.0,
            () if count.key.traits.values().any(|parts| parts.len() > 1) => 2.0,
            () => 1.0,
        }
    };
    system.counts.iter().enumerate().map(of_count).collect()
}

/// Hidden groups that may be exchanged, and the counts of each.
fn indistinct(system: &System) -> (Vec<Indistinct>, HashMap<usize, Vec<usize>>) {
    let is_base = |place: &usize| system.counts[*place].is_base && !system.counts[*place].places.is_empty();
    let bases: Vec<usize> = (0..system.counts.len()).filter(is_base).collect();
    // What is shown of several groups together keeps them apart from others.
    let mut unions: BTreeMap<(Trait, Key), Vec<&Vec<u16>>> = BTreeMap::new();
    let hidden = bases.iter().filter(|base| system.counts[**base].hidden);
    for &base in bases.iter().filter(|base| !system.counts[**base].hidden) {
        let key = &system.counts[base].key;
        for (of, parts) in key.traits.iter().filter(|(_, parts)| parts.len() > 1) {
            unions.entry((of.clone(), key.without(of))).or_default().push(parts);
        }
    }
    let mut found: BTreeMap<(Trait, Key, Vec<bool>), Vec<(usize, Vec<u16>)>> = BTreeMap::new();
    for &base in hidden {
        let key = &system.counts[base].key;
        for (of, parts) in &key.traits {
            let around = key.without(of);
            let inside = |union: &&Vec<u16>| parts.iter().all(|part| union.contains(part));
            let class = (of.clone(), around.clone());
            let inside =
                unions.get(&class).map(|unions| unions.iter().map(inside).collect()).unwrap_or_default();
            found.entry((of.clone(), around, inside)).or_default().push((base, parts.clone()));
        }
    }
    found.retain(|_, members| members.len() > 1);
    let within = found.values().flatten().map(|(base, _)| {
        let key = &system.counts[*base].key;
        let inside = |place: &usize| {
            !system.counts[*place].places.is_empty() && system.counts[*place].key.is_within(key)
        };
        (*base, (0..system.counts.len()).filter(inside).collect::<Vec<usize>>())
    });
    let within = within.collect();
    let indistinct = found.into_iter().map(|((of, _, _), members)| Indistinct { of, members });
    (indistinct.collect(), within)
}

/// A hidden group is hidden everywhere: every count of it, and of parts of it.
pub(super) fn hide_columns(system: &mut System) {
    let hidden = |system: &System| -> Vec<usize> {
        let counts = system.counts.iter().enumerate();
        counts.filter(|(_, count)| count.is_base && count.hidden).map(|(place, _)| place).collect()
    };
    let groups = hidden(system);
    let keys: Vec<_> = groups.iter().map(|&group| system.counts[group].key.clone()).collect();
    for place in 0..system.counts.len() {
        let count = &system.counts[place];
        if count.hidden || count.places.is_empty() {
            continue;
        }
        if keys.iter().any(|key| count.key.is_within(key)) {
            system.counts[place].hidden = true;
        }
    }
}

/// Which cells hang together: those in one equation, but not through a base that both stand on.
/// `usize::MAX`: bases, and what is left of them.
fn families(system: &System) -> Vec<usize> {
    let count = system.counts.len();
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut place: usize) -> usize {
        while parent[place] != place {
            parent[place] = parent[parent[place]];
            place = parent[place];
        }
        place
    }
    let is_cell = |place: usize| !system.counts[place].is_base && !system.counts[place].places.is_empty();
    let is_left = |place: usize| system.counts[place].places.is_empty();
    let mut of_cells = vec![false; count];
    for equation in &system.equations {
        let cells: Vec<usize> = equation
            .iter()
            .map(|(place, _)| *place)
            .filter(|&place| is_cell(place) || is_left(place))
            .collect();
        if !equation.iter().any(|(place, _)| is_cell(*place)) {
            continue;
        }
        for pair in cells.windows(2) {
            let (one, other) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[one.max(other)] = one.min(other);
        }
        cells.iter().for_each(|&cell| of_cells[cell] = true);
    }
    (0..count)
        .map(|place| match is_cell(place) || of_cells[place] {
            true => root(&mut parent, place),
            false => usize::MAX,
        })
        .collect()
}
