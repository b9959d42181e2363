//! Complementary suppression: what else must be hidden so that the hidden cannot be computed.
//!
//! For a hidden count a second table is looked for that looks the same from outside and in which the count
//! is at least a threshold away: the one for which the fewest shown counts must be hidden as well (Kelly,
//! Golden & Assad 1992, doi:10.1002/net.3230220407; the incremental attacker of Fischetti & Salazar 2001,
//! doi:10.1287/mnsc.47.7.1008.9804). Both tables then obey every equation and no count is negative, so nobody
//! can tell which of them is the true one: the pair is the proof, and it is checked, whatever found it. Hiding
//! more later does not undo it. First all hidden groups are put into each of them in turn, which is another
//! table for all their cells at once; then each count that is left has a programme of its own.

use std::collections::{HashMap, HashSet};

use super::families::{Indistinct, families, hide_columns, indistinct, prices};
use super::system::{Count, System};
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
    /// Cells of the tables; groups that are shown stay so.
    Cells,
    /// Cells, and groups where nothing else helps.
    Both,
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
    /// Counts that are known to be of nobody.
    nobody: Vec<bool>,
    /// Hidden groups that nobody outside can tell from each other.
    indistinct: Vec<Indistinct>,
    /// The counts of each of them.
    within: HashMap<usize, Vec<usize>>,
    /// Groups that were looked at among the answers of a family.
    answered: HashSet<(usize, usize)>,
    /// Groups were hidden for the sake of cells: both are looked at once more.
    again: bool,
    /// How many counts no table was found for, when everything around them is hidden.
    pub uncertain: usize,
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
            nobody: Vec::new(),
            indistinct: Vec::new(),
            within: HashMap::new(),
            answered: HashSet::new(),
            again: false,
            uncertain: 0,
        }
    }

    /// Hides what must be hidden.
    pub fn run(&mut self) {
        loop {
            self.again = false;
            self.run_once();
            if !self.again {
                break;
            }
        }
        self.find_nobody();
        for (count, _) in self.system.counts.iter_mut().zip(&self.nobody).filter(|(_, nobody)| **nobody) {
            count.width = 0;
        }
    }

    fn run_once(&mut self) {
        for stage in [Stage::Groups, Stage::Cells] {
            if stage == Stage::Cells {
                (self.indistinct, self.within) = indistinct(self.system);
            }
            loop {
                if stage == Stage::Groups {
                    self.hide_columns();
                }
                self.find_nobody();
                let mut targets = self.targets(stage);
                if targets.is_empty() {
                    break;
                }
                targets.sort_unstable();
                let mut ties: Option<Ties> = None;
                for (family, target) in targets {
                    let ties = match ties.take() {
                        Some(known) if known.family == family => ties.insert(known),
                        _ => {
                            if stage == Stage::Cells {
                                self.regroup(family);
                            }
                            ties.insert(self.ties(family))
                        }
                    };
                    match self.is_of_groups(target) && stage == Stage::Cells {
                        true => self.protect_again(target, ties),
                        false => self.protect(target, stage, ties),
                    }
                }
            }
        }
    }

    /// Counts that must be nobody because what they are a part of is seen to be: of them all is known, and nothing told,
    /// though they stand in a hidden group as well.
    fn find_nobody(&mut self) {
        self.nobody = vec![false; self.system.counts.len()];
        let is_seen = |count: &Count| count.n == 0 && !count.is_unseen();
        let mut wholes: Vec<usize> =
            (0..self.nobody.len()).filter(|&place| is_seen(&self.system.counts[place])).collect();
        // An equation of one count says that it is nobody.
        for equation in self.system.equations.iter().filter(|equation| equation.len() == 1) {
            let place = equation[0].0;
            self.nobody[place] = true;
            wholes.push(place);
        }
        while let Some(whole) = wholes.pop() {
            for &equation in &self.system.of_count[whole] {
                let terms = &self.system.equations[equation];
                let own: i64 = terms.iter().filter(|(place, _)| *place == whole).map(|(_, by)| by).sum();
                let parts = || terms.iter().filter(|(place, _)| *place != whole);
                if parts().all(|(_, by)| by * own < 0) {
                    for &(part, _) in parts() {
                        let is_new = !std::mem::replace(&mut self.nobody[part], true);
                        wholes.extend(is_new.then_some(part));
                    }
                }
            }
        }
    }

    /// A group of those who gave an answer, as a question is asked of: the other answers tell of it too.
    fn protect_again(&mut self, target: usize, ties: &Ties) {
        self.answered.insert((ties.family, target));
        let count = &mut self.system.counts[target];
        let (n, known) = (count.n as f64, (count.low, count.high));
        (count.low, count.high) = (n, n);
        self.protect(target, Stage::Cells, ties);
        let count = &mut self.system.counts[target];
        if count.high - count.low > known.1 - known.0 {
            (count.low, count.high) = known;
        }
    }

    /// Hidden groups that stand among the answers of others, with the family of these answers.
    fn groups_among_answers(&self) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for equation in &self.system.equations {
            let cells =
                || equation.iter().map(|(count, _)| *count).filter(|&count| !self.is_of_groups(count));
            let Some(family) = cells().map(|count| self.family[count]).next() else { continue };
            let groups = equation.iter().map(|(count, _)| *count).filter(|&count| self.is_of_groups(count));
            for group in groups.filter(|&group| self.system.counts[group].hidden) {
                let is_other = |count: usize| {
                    let cell = &self.system.counts[count];
                    let published = !cell.places.is_empty() && cell.base != Some(group);
                    published || self.system.other_names.contains(&count)
                };
                if self.is_secret(group) && !self.answered.contains(&(family, group)) && cells().any(is_other)
                {
                    found.push((family, group));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A hidden group is hidden everywhere: every count of it, and of parts of it.
    pub fn hide_columns(&mut self) {
        hide_columns(self.system);
    }

    /// Hidden counts that are not known to be safe, with the family to look in.
    fn targets(&self, stage: Stage) -> Vec<(usize, usize)> {
        let counts = self.system.counts.iter().enumerate();
        let unsafe_ones = counts.filter(|(place, count)| {
            let of_stage = match stage {
                Stage::Groups => self.is_of_groups(*place),
                Stage::Cells | Stage::Both => !self.is_of_groups(*place),
            };
            of_stage && count.is_unseen() && self.is_secret(*place) && !self.is_safe(*place)
        });
        let among = if stage == Stage::Cells { self.groups_among_answers() } else { Vec::new() };
        unsafe_ones.map(|(place, _)| (self.family[place], place)).chain(among).collect()
    }

    /// Whether there is something to tell of a count.
    fn is_secret(&self, place: usize) -> bool {
        self.system.counts[place].width > 0 && !self.nobody[place]
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
        if self.is_safe(target) || self.find(target, stage, ties) || self.open(target, stage, ties) {
            return;
        }
        // By row or column: all of these tables. Of a group that is seen to have nobody all is known, and nothing
        // told.
        for &place in &ties.counts {
            let count = &self.system.counts[place];
            let base = count.base.map(|base| &self.system.counts[base]);
            let is_nobody = base.is_some_and(|base| base.n == 0 && !base.is_unseen());
            let is_own = self.family[place] == ties.family && !count.places.is_empty();
            self.system.counts[place].hidden |= is_own && !is_nobody;
        }
        if stage == Stage::Groups {
            self.hide_columns();
        }
        if self.find(target, stage, ties) || self.open(target, stage, ties) {
            return;
        }
        self.uncertain += 1;
        self.system.counts[target].width = 0;
    }

    /// Looks for a table of a cell for which groups must be hidden that are shown.
    fn open(&mut self, target: usize, stage: Stage, ties: &Ties) -> bool {
        let found = stage == Stage::Cells && self.find(target, Stage::Both, ties);
        if found {
            self.hide_columns();
            self.again = true;
        }
        found
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

#[cfg(test)]
mod tests {
    use super::super::system::{Key, Part, Place, Trait};
    use super::*;
    use crate::stats::Programme;

    const THRESHOLD: u64 = 10;

    fn published(system: &mut System, key: &Key, n: u64, base: Option<usize>) -> usize {
        let count = system.count(key.clone(), n);
        let held = &mut system.counts[count];
        held.places.push(Place { table: 0, row: 0, column: 0, part: Part::Cell });
        held.width = THRESHOLD;
        held.base = held.base.or(base.filter(|base| *base != count));
        base.iter().for_each(|&base| system.counts[base].is_base = true);
        count
    }

    /// Answers (0) by groups (1), with two groups of groups and a net of the first half of the answers.
    fn table(cells: &[Vec<u64>]) -> System {
        let (rows, columns) = (cells.len() as u16, cells[0].len() as u16);
        let mut system = System::default();
        let key = |traits: &[(usize, &[u16])]| {
            let with =
                |key: Key, (of, parts): &(usize, &[u16])| key.with(Trait::Reply(*of), parts).expect("a key");
            traits.iter().fold(Key::default(), with)
        };
        let all = |count: u16| (0..count).collect::<Vec<u16>>();
        let mut groups: Vec<Vec<u16>> = all(columns).into_iter().map(|column| vec![column]).collect();
        let half = columns.div_ceil(2);
        if columns > 2 {
            groups.extend([(0..half).collect(), (half..columns).collect()]);
        }
        let mut answers: Vec<Vec<u16>> = all(rows).into_iter().map(|row| vec![row]).collect();
        if rows > 2 {
            answers.push((0..rows.div_ceil(2)).collect());
        }
        let sum = |answers: &[u16], groups: &[u16]| -> u64 {
            let each = answers.iter().flat_map(|&row| groups.iter().map(move |&group| (row, group)));
            each.map(|(row, group)| cells[usize::from(row)][usize::from(group)]).sum()
        };
        for group in std::iter::once(None).chain(groups.iter().map(Some)) {
            let parts = group.cloned().unwrap_or_else(|| all(columns));
            let own: Vec<(usize, &[u16])> = group.iter().map(|parts| (1, parts.as_slice())).collect();
            let base = published(&mut system, &key(&own), sum(&all(rows), &parts), None);
            system.counts[base].is_base = true;
            for answer in &answers {
                let own = [&own[..], &[(0, answer.as_slice())]].concat();
                published(&mut system, &key(&own), sum(answer, &parts), Some(base));
            }
        }
        system.relate(&|_| Vec::new());
        for count in system.counts.iter_mut().filter(|count| !count.places.is_empty()) {
            count.hidden = count.tells || (count.n > 0 && count.n < THRESHOLD);
        }
        hide_columns(&mut system);
        system
    }

    /// The least and the greatest value of every hidden count, for who knows all that is shown: by the other
    /// solver.
    fn attack(system: &System) -> Vec<(u64, f64, f64)> {
        let unseen: Vec<usize> =
            (0..system.counts.len()).filter(|&count| system.counts[count].is_unseen()).collect();
        let mut columns = vec![Vec::new(); unseen.len()];
        let mut right = Vec::new();
        for equation in &system.equations {
            let mut known = 0.0;
            for &(count, by) in equation {
                match unseen.binary_search(&count) {
                    Ok(place) => columns[place].push((right.len(), by as f64)),
                    Err(_) => known -= by as f64 * system.counts[count].n as f64,
                }
            }
            right.push(known);
        }
        let mut programme = Programme::new(columns, &vec![(0.0, 1e6); unseen.len()], right);
        assert!(programme.is_feasible());
        // What a shown 0 says is no secret.
        let is_secret = |count: usize| system.counts[count].hidden && system.counts[count].width > 0;
        let hidden = unseen.iter().enumerate().filter(|(_, count)| is_secret(**count));
        let mut ranges = Vec::new();
        for (place, &count) in hidden {
            let high = programme.maximise(&[(place, 1.0)]).expect("the most");
            let low = -programme.maximise(&[(place, -1.0)]).expect("the least");
            ranges.push((system.counts[count].n, low, high));
        }
        ranges
    }

    fn protected(cells: &[Vec<u64>]) -> System {
        let mut system = table(cells);
        let mut protection = Protection::new(&mut system, THRESHOLD);
        protection.run();
        assert_eq!(protection.uncertain, 0, "{cells:?}");
        for count in system.counts.iter().filter(|count| count.hidden) {
            assert!(count.low <= count.n as f64 && count.n as f64 <= count.high && count.low > -1e-6);
        }
        system
    }

    fn hidden(system: &System) -> usize {
        system.counts.iter().filter(|count| count.hidden).count()
    }

    /// Rows of few, of many and of nobody.
    fn random_tables() -> impl Iterator<Item = Vec<Vec<u64>>> {
        let mut turn: u64 = 3;
        let mut random = move |below: u64| {
            turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (turn >> 33) % below
        };
        (0..150).map(move |_| {
            let (rows, columns, scale) = (2 + random(6), 2 + random(6), [3, 12, 60][random(3) as usize]);
            let mut row = || (0..columns).map(|_| if random(5) == 0 { 0 } else { random(scale) }).collect();
            (0..rows).map(|_| row()).collect()
        })
    }

    #[test]
    fn nothing_hidden_is_known_within_less_than_the_threshold() {
        for cells in random_tables() {
            let system = protected(&cells);
            for (n, low, high) in attack(&system) {
                assert!(high - low >= THRESHOLD as f64 - 1e-4, "{n} is {low} to {high}: {cells:?}");
            }
        }
    }

    #[test]
    fn the_attack_finds_what_is_hidden_alone() {
        let cells = [[3, 40, 50], [60, 70, 80], [50, 45, 55]].map(Vec::from);
        assert_eq!(
            attack(&table(&cells)).first().map(|(n, low, high)| (*n, low.round(), high.round())),
            Some((3, 3.0, 3.0))
        );
    }

    /// Nobody in the first half chose the first answer, as is shown: nothing is hidden for the groups of which that is so.
    #[test]
    fn what_a_shown_zero_says_needs_no_protection() {
        let system = protected(&[[0, 0, 50, 60], [4, 30, 40, 70], [3, 80, 20, 90]].map(Vec::from));
        let zero = |groups: &[u16]| {
            let key =
                Key::default().with(Trait::Reply(0), &[0]).and_then(|key| key.with(Trait::Reply(1), groups));
            &system.counts[system.find(&key.expect("a key")).expect("a count")]
        };
        assert!(!zero(&[0, 1]).hidden && zero(&[0]).hidden && zero(&[0]).width == 0);
    }

    /// A rectangle of four; the total and the areas stay, and the net too.
    #[test]
    fn one_small_number_takes_three_others_with_it() {
        let cells = [[3, 40, 50, 30], [60, 70, 80, 90], [50, 45, 55, 65], [51, 46, 56, 66]].map(Vec::from);
        assert_eq!(hidden(&protected(&cells)), 4);
    }

    /// Four groups are of few; the last of them would be what an area and two groups leave.
    #[test]
    fn groups_of_few_are_hidden_and_the_others_stay() {
        let cells = [[2, 1, 3, 2, 50, 60], [3, 2, 2, 4, 70, 80], [1, 4, 3, 3, 55, 45]].map(Vec::from);
        let system = protected(&cells);
        let groups = system.counts.iter().filter(|count| count.is_base && count.hidden).count();
        assert_eq!(groups, 5);
    }
}
