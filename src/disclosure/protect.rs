//! Complementary suppression: what else must be hidden so that the hidden cannot be computed.
//!
//! For a hidden count a second table is looked for that looks the same from outside and in which the count
//! is at least a threshold away: a linear programme finds the one for which the fewest shown counts must
//! be hidden as well (Kelly, Golden & Assad 1992, doi:10.1002/net.3230220407; the incremental attacker of
//! Fischetti & Salazar 2001, doi:10.1287/mnsc.47.7.1008.9804). Both tables then obey every equation and no
//! count is negative, so nobody can tell which of them is the true one: the pair is the proof. Hiding more
//! later does not undo it. What has no such table is hidden by rows or columns.

use std::collections::{HashMap, HashSet};

use super::system::{System, Trait};
use crate::stats::Programme;

/// Counts in one programme at most.
const MANY: usize = 12_000;
/// Equations in one programme at most: more take seconds each. What is not found with these is hidden by rows
/// or columns.
const MANY_EQUATIONS: usize = 700;

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
    members: HashMap<usize, Vec<usize>>,
    /// What a cell is of besides its column.
    row_of: Vec<usize>,
    /// Cells by row and column.
    cell_of: HashMap<(usize, usize), usize>,
    cells_of: HashMap<usize, Vec<usize>>,
    /// The threshold of groups of which something may be shown.
    usual: u64,
    /// How many counts no table was found for, when everything around them is hidden.
    pub uncertain: usize,
}

impl<'a> Protection<'a> {
    pub fn new(system: &'a mut System, usual: u64) -> Protection<'a> {
        let family = families(system);
        let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
        family.iter().enumerate().for_each(|(count, &family)| members.entry(family).or_default().push(count));
        let mut rows: HashMap<Vec<(Trait, Vec<u16>)>, usize> = HashMap::new();
        let (mut row_of, mut cell_of) = (vec![usize::MAX; system.counts.len()], HashMap::new());
        let mut cells_of: HashMap<usize, Vec<usize>> = HashMap::new();
        for (place, count) in system.counts.iter().enumerate() {
            let Some(base) = count.base.filter(|_| !count.places.is_empty()) else { continue };
            let around = &system.counts[base].key.traits;
            let own = count.key.traits.iter().filter(|(what, _)| !around.contains_key(*what));
            let own: Vec<(Trait, Vec<u16>)> =
                own.map(|(what, parts)| (what.clone(), parts.clone())).collect();
            let next = rows.len();
            row_of[place] = *rows.entry(own).or_insert(next);
            cell_of.insert((row_of[place], base), place);
            cells_of.entry(base).or_default().push(place);
        }
        Protection { system, family, members, row_of, cell_of, cells_of, usual, uncertain: 0 }
    }

    /// Hides what must be hidden.
    pub fn run(&mut self) {
        loop {
            self.hide_columns();
            let targets = self.targets(Stage::Groups);
            if targets.is_empty() {
                break;
            }
            for target in targets {
                self.protect(target, Stage::Groups);
            }
        }
        loop {
            let targets = self.targets(Stage::Cells);
            if targets.is_empty() {
                break;
            }
            for target in targets {
                self.protect(target, Stage::Cells);
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

    fn protect(&mut self, target: usize, stage: Stage) {
        if self.is_safe(target) {
            return;
        }
        let family = match stage {
            Stage::Groups => usize::MAX,
            Stage::Cells => self.family[target],
        };
        let everything = self.members.get(&family).cloned().unwrap_or_default();
        let bases = self.members.get(&usize::MAX).cloned().unwrap_or_default();
        let free = |system: &System, from: &[usize]| -> Vec<usize> {
            from.iter().copied().filter(|&count| system.counts[count].is_unseen()).collect()
        };
        let in_groups = |system: &System, count: usize| {
            let base = system.counts[count].base.unwrap_or(count);
            !system.counts[base].key.traits.is_empty()
        };
        let outside = |system: &System| match stage {
            Stage::Groups => Vec::new(),
            Stage::Cells => free(system, &bases),
        };
        let near = [self.near(target, 10, 6, false), self.near(target, 24, 14, true)];
        let grouped: Vec<usize> =
            everything.iter().copied().filter(|&count| in_groups(self.system, count)).collect();
        for mut may_change in near.into_iter().chain([grouped.clone(), everything.clone()]) {
            let found = !may_change.is_empty() && may_change.len() <= MANY && {
                may_change.extend(outside(self.system));
                self.find(target, &may_change, family)
            };
            if found {
                return;
            }
        }
        // By row or column: all groups of these tables, then their totals.
        for hidden in [grouped, everything] {
            for place in hidden {
                // Of a group that is seen to have nobody all is known, and nothing told.
                let base = self.system.counts[place].base.map(|base| &self.system.counts[base]);
                let is_nobody = base.is_some_and(|base| base.n == 0 && !base.is_unseen());
                let count = &mut self.system.counts[place];
                count.hidden |= !count.places.is_empty() && !is_nobody;
            }
            if stage == Stage::Groups {
                self.hide_columns();
            }
            let near = [self.near(target, 10, 6, false), self.near(target, 24, 14, true)];
            let all = self.members.get(&family).cloned().unwrap_or_default();
            for may_change in near.into_iter().chain([all]) {
                let mut may_change = free(self.system, &may_change);
                may_change.extend(outside(self.system));
                if may_change.len() <= MANY && self.find(target, &may_change, family) {
                    return;
                }
            }
        }
        self.uncertain += 1;
        self.system.counts[target].width = 0;
    }

    /// The counts of a few columns, and of a few rows of them: those that are hidden already, then the largest.
    /// Columns that are parts of one group with the target's (prefectures of an area) leave the group as it is.
    fn near(&self, target: usize, rows: usize, columns: usize, further: bool) -> Vec<usize> {
        let counts = &self.system.counts;
        let Some(base) = counts[target].base else { return Vec::new() };
        let signature = counts[base].key.signature();
        let beside = |equation: &&usize| -> usize {
            let members = self.system.equations[**equation].iter();
            members
                .filter(|(count, _)| counts[*count].is_base && counts[*count].key.signature() == signature)
                .count()
        };
        let equations = self.system.of_count[base].iter();
        let Some(equation) = equations.filter(|equation| beside(equation) > 1).min_by_key(beside) else {
            return Vec::new();
        };
        let mut others: Vec<usize> = match further {
            false => self.system.equations[*equation].iter().map(|(count, _)| *count).collect(),
            true => self.cells_of.keys().copied().collect(),
        };
        let is_beside = |count: usize| counts[count].is_base && counts[count].key.signature() == signature;
        others.retain(|&count| count != base && is_beside(count));
        let rank = |count: Option<&usize>| {
            let count = count.map(|&count| &counts[count]);
            (!count.is_some_and(|count| count.hidden), std::cmp::Reverse(count.map_or(0, |count| count.n)))
        };
        others.sort_by_key(|&other| (rank(self.cell_of.get(&(self.row_of[target], other))), other));
        let is_union = |column: &usize| counts[*column].key.traits.values().any(|parts| parts.len() > 1);
        // What is known of several groups together changes with them.
        let unions: Vec<usize> = others.iter().skip(columns).copied().filter(is_union).collect();
        others.truncate(columns);
        others.extend(unions.into_iter().filter(|_| further));
        let mut of_base: Vec<usize> = self.cells_of.get(&base).cloned().unwrap_or_default();
        of_base.sort_by_key(|&count| (count != target, rank(Some(&count)), count));
        let chosen: HashSet<usize> = of_base.iter().take(rows).map(|&count| self.row_of[count]).collect();
        let near = |column: &usize| {
            let cells = self.cells_of.get(column).map_or(&[][..], Vec::as_slice).iter().copied();
            cells
                .filter(|&count| counts[count].hidden || chosen.contains(&self.row_of[count]))
                .collect::<Vec<_>>()
        };
        std::iter::once(base).chain(others).flat_map(|column| near(&column)).collect()
    }

    /// Looks for another table in which the target is far enough away, and hides what differs.
    fn find(&mut self, target: usize, may_change: &[usize], family: usize) -> bool {
        let wanted = self.wanted(target);
        let count = &self.system.counts[target];
        let n = count.n as f64;
        let (up, down) = (count.low + wanted - n, n - (count.high - wanted));
        if up <= 0.0 || down <= 0.0 || self.differ(target, 1.0, up, may_change, family) {
            return true;
        }
        if down <= n && self.differ(target, -1.0, down, may_change, family) {
            return true;
        }
        // In a small group there may be room for both only: from nobody to a threshold.
        n < wanted
            && n > 0.0
            && self.differ(target, -1.0, n, may_change, family)
            && self.differ(target, 1.0, wanted - n, may_change, family)
    }

    fn differ(&mut self, target: usize, sign: f64, by: f64, may_change: &[usize], family: usize) -> bool {
        let mut places: Vec<usize> = may_change.to_vec();
        let mut known: HashSet<usize> = places.iter().copied().collect();
        if known.insert(target) {
            places.push(target);
        }
        let mut equations: Vec<usize> = Vec::new();
        let mut seen: HashSet<usize> = HashSet::new();
        let mut at = 0;
        // What is left of a sum changes with it.
        while at < places.len() {
            for &equation in &self.system.of_count[places[at]] {
                if self.is_of(equation, family) && seen.insert(equation) {
                    equations.push(equation);
                    for &(count, _) in &self.system.equations[equation] {
                        if self.system.counts[count].places.is_empty() && known.insert(count) {
                            places.push(count);
                        }
                    }
                }
            }
            at += 1;
        }
        if equations.len() > MANY_EQUATIONS {
            return false;
        }
        let row_of: HashMap<usize, usize> =
            equations.iter().enumerate().map(|(row, &equation)| (equation, row)).collect();
        let (mut columns, mut bounds, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for (place, &count) in places.iter().enumerate() {
            let mut entries: Vec<(usize, f64)> = Vec::new();
            for &equation in &self.system.of_count[count] {
                let Some(&row) = row_of.get(&equation) else { continue };
                let of = self.system.equations[equation].iter().filter(|(other, _)| *other == count);
                let coefficient: i64 = of.map(|(_, coefficient)| coefficient).sum();
                entries.push((row, coefficient as f64));
            }
            let held = &self.system.counts[count];
            let price = self.price(count);
            let negative: Vec<(usize, f64)> = entries.iter().map(|&(row, entry)| (row, -entry)).collect();
            columns.extend([entries, negative]);
            let (mut most, mut least) = (1e7, held.n as f64);
            if count == target {
                (most, least) = if sign > 0.0 { (by, 0.0) } else { (0.0, by) };
            }
            bounds.extend([(0.0, most), (0.0, least)]);
            let gain = if count == target { 1e6 } else { 0.0 };
            weights.extend([(2 * place, gain - price), (2 * place + 1, gain - price)]);
        }
        let mut programme = Programme::new(columns, &bounds, vec![0.0; equations.len()]);
        if !programme.is_feasible() || programme.maximise(&weights).is_none() {
            return false;
        }
        let change = |place: usize| programme.value(2 * place) - programme.value(2 * place + 1);
        let changes: Vec<(usize, f64)> = places
            .iter()
            .enumerate()
            .map(|(place, &count)| (count, change(place)))
            .filter(|(_, change)| change.abs() > 1e-7)
            .map(|(count, change)| match (change - change.round()).abs() < 1e-5 {
                true => (count, change.round()),
                false => (count, change),
            })
            .filter(|(_, change)| *change != 0.0)
            .collect();
        let reached =
            changes.iter().find(|(count, _)| *count == target).map_or(0.0, |(_, change)| change * sign);
        if reached < by - 1e-6 || !self.holds(&changes, family) {
            return false;
        }
        for (count, change) in changes {
            let count = &mut self.system.counts[count];
            count.hidden |= !count.places.is_empty();
            let other = count.n as f64 + change;
            (count.low, count.high) = (count.low.min(other), count.high.max(other));
        }
        true
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

    /// What it costs to hide a count: nobody (0) is worth showing, totals are worth most.
    fn price(&self, place: usize) -> f64 {
        let count = &self.system.counts[place];
        if count.is_unseen() {
            return 0.001;
        }
        let base = count.base.unwrap_or(place);
        match () {
            () if self.system.counts[base].key.traits.is_empty() => 40.0,
            () if count.n == 0 => 4.0,
            () if count.key.traits.values().any(|parts| parts.len() > 1) => 2.0,
            () => 1.0,
        }
    }
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
