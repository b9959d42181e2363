//! What counts have to do with each other before any is protected: which hang together, which groups nobody can tell
//! apart, and what hiding one costs.

use std::collections::{BTreeMap, HashMap};

use super::system::{Count, Key, System, Trait};

/// Hidden groups by the same question, in the same shown groups of groups.
#[derive(Debug, Clone)]
pub(super) struct Indistinct {
    pub of: Trait,
    /// Each with its parts.
    pub members: Vec<(usize, Vec<u16>)>,
}

/// What it costs to hide each count: nobody (0) is worth showing, totals are worth most, and a group is worth
/// everything that is hidden with it.
pub(super) fn prices(system: &System) -> Vec<f64> {
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
pub(super) fn indistinct(system: &System) -> (Vec<Indistinct>, HashMap<usize, Vec<usize>>) {
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
    type Class = (Trait, Key, Vec<bool>);
    let mut found: BTreeMap<Class, Vec<(usize, Vec<u16>)>> = BTreeMap::new();
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

/// Which counts are of groups: bases, and what is beside them where answers are groups as well (who gave none, in a
/// question that is a banner too).
fn groups(system: &System) -> Vec<bool> {
    let mut groups: Vec<bool> = system.counts.iter().map(|count| count.is_base).collect();
    loop {
        let known = groups.clone();
        for equation in &system.equations {
            let parts = equation.iter().filter(|(place, by)| *by > 0 && known[*place]);
            if parts.count() > 1 {
                let published = equation.iter().filter(|(place, _)| !system.counts[*place].places.is_empty());
                published.for_each(|(place, _)| groups[*place] = true);
            }
        }
        if groups == known {
            return groups;
        }
    }
}

/// Which cells hang together: those in one equation, but not through a base that both stand on.
/// `usize::MAX`: groups, and what is left of them.
pub(super) fn families(system: &System) -> Vec<usize> {
    let count = system.counts.len();
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut place: usize) -> usize {
        while parent[place] != place {
            parent[place] = parent[parent[place]];
            place = parent[place];
        }
        place
    }
    let groups = groups(system);
    let is_cell = |place: usize| !groups[place] && !system.counts[place].places.is_empty();
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
