//! Which columns are set against each other, so that their differences need a variance.

use super::columns::Columns;
use super::table::ColumnRole;

/// What columns are set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opposite {
    /// Each other column of their banner.
    Columns,
    /// Everybody else who is given on the banner.
    Rest,
    /// The Total.
    Total,
}

/// Pairs of columns whose differences need a variance.
#[derive(Debug, Default)]
pub(super) struct Contrasts {
    /// Two columns, of those in the table or after them of [`Contrasts::rests`].
    pub pairs: Vec<(usize, usize)>,
    /// For each pair what the table calls the two; the second is nothing for the rest.
    pub named: Vec<(usize, Option<usize>)>,
    /// Lane set and lanes of columns that no table shows: of each column everybody else who is given on its banner.
    pub rests: Vec<(usize, Vec<usize>)>,
    /// The contrast of two columns, if any.
    of: Vec<Option<u32>>,
    columns: usize,
}

impl Contrasts {
    pub(super) fn of(columns: &Columns, opposite: Option<Opposite>) -> Contrasts {
        let shown = columns.words.len();
        let mut contrasts = Contrasts { columns: shown, ..Contrasts::default() };
        let group = |column: &usize| {
            let words = &columns.words[*column];
            words.role == ColumnRole::Group
        };
        let groups: Vec<usize> = (0..shown).filter(group).collect();
        for (place, &left) in groups.iter().enumerate() {
            match opposite {
                None => {}
                Some(Opposite::Columns) => {
                    let banner = columns.words[left].banner;
                    let later = groups[place + 1..].iter();
                    for &right in later.filter(|&&right| columns.words[right].banner == banner) {
                        contrasts.add((left, right), Some(right));
                    }
                }
                Some(Opposite::Total) => contrasts.add((left, 0), Some(0)),
                Some(Opposite::Rest) => {
                    let (set, lanes) = columns.lanes(left);
                    let given = columns.sets[set].given.iter();
                    let rest = given.filter(|lane| !lanes.contains(lane)).copied().collect();
                    contrasts.add((left, shown + contrasts.rests.len()), None);
                    contrasts.rests.push((set, rest));
                }
            }
        }
        contrasts.columns = shown + contrasts.rests.len();
        contrasts.of = vec![None; contrasts.columns * contrasts.columns];
        for (place, &(left, right)) in contrasts.pairs.iter().enumerate() {
            contrasts.of[left * contrasts.columns + right] = Some(place as u32);
            contrasts.of[right * contrasts.columns + left] = Some(place as u32);
        }
        contrasts
    }

    fn add(&mut self, pair: (usize, usize), right: Option<usize>) {
        self.named.push((pair.0, right));
        self.pairs.push(pair);
    }

    /// The contrasts of which both columns are among these.
    pub(super) fn among(&self, columns: &[usize]) -> Vec<usize> {
        if self.pairs.is_empty() {
            return Vec::new();
        }
        let later = |place: usize| columns[place + 1..].iter();
        let of = |left: usize, right: usize| {
            self.of[left * self.columns + right].map(|contrast| contrast as usize)
        };
        columns
            .iter()
            .enumerate()
            .flat_map(|(place, &left)| later(place).filter_map(move |&right| of(left, right)))
            .collect()
    }
}

/// Sampling units and strata that have somebody of a base in both columns of a contrast.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shared {
    pub units: u64,
    pub strata: u64,
    /// Strata of which a variance is known.
    pub known: u64,
}
