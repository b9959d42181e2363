//! Respondents put together who are in the same category of every margin.
//!
//! Raking gives all of a cell the same factor, so it walks cells, not respondents: a million
//! respondents are some ten thousand cells. Base weights are added as integers and cells are put in the
//! order of their categories, so the order of respondents changes nothing.

use std::collections::HashMap;

/// No cell: weight zero.
pub(super) const NOBODY: u32 = u32::MAX;

/// The cells, and who is in which.
#[derive(Debug)]
pub(super) struct Cells {
    /// The cell of each respondent; [`NOBODY`] for those of weight zero.
    pub(super) of: Vec<u32>,
    /// For each margin, the category of each cell.
    pub(super) categories: Vec<Vec<u32>>,
    /// Respondents in each cell.
    pub(super) respondents: Vec<u64>,
    /// Their base weights together, in the units of the data.
    pub(super) base: Vec<u128>,
    /// The base weight of each one of them, where cells are of one base weight; else of the first.
    pub(super) each: Vec<u64>,
}

/// Makes cells of the category of each respondent on each margin, and of the base weight too where
/// limits are on weights themselves.
pub(super) fn cells(margins: &[Vec<u32>], base: &[u64], by_base: bool) -> Cells {
    let mut of: Vec<u32> = base.iter().map(|&weight| if weight == 0 { NOBODY } else { 0 }).collect();
    let mut count = 1;
    for categories in margins {
        count = refine(&mut of, count, categories);
    }
    if by_base {
        let mut distinct = base.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let rank = |weight| distinct.binary_search(weight).unwrap_or(0) as u32;
        let ranks: Vec<u32> = base.iter().map(rank).collect();
        count = refine(&mut of, count, &ranks);
    }
    let mut first = vec![usize::MAX; count];
    for (respondent, &cell) in of.iter().enumerate() {
        if cell != NOBODY && first[cell as usize] == usize::MAX {
            first[cell as usize] = respondent;
        }
    }
    let key = |cell: usize| {
        let respondent = first[cell];
        let base = if by_base { base[respondent] } else { 0 };
        (margins.iter().map(move |categories| categories[respondent]).collect::<Vec<u32>>(), base)
    };
    let mut order: Vec<usize> = (0..count).filter(|&cell| first[cell] != usize::MAX).collect();
    order.sort_by_cached_key(|&cell| key(cell));
    let mut place = vec![NOBODY; count];
    order.iter().enumerate().for_each(|(at, &cell)| place[cell] = at as u32);
    let mut cells = Cells {
        of,
        categories: margins
            .iter()
            .map(|categories| order.iter().map(|&cell| categories[first[cell]]).collect())
            .collect(),
        respondents: vec![0; order.len()],
        base: vec![0; order.len()],
        each: order.iter().map(|&cell| base[first[cell]]).collect(),
    };
    for (cell, &weight) in cells.of.iter_mut().zip(base) {
        if *cell != NOBODY {
            *cell = place[*cell as usize];
            cells.respondents[*cell as usize] += 1;
            cells.base[*cell as usize] += u128::from(weight);
        }
    }
    cells
}

/// Splits cells by one more key; gives how many there are then.
fn refine(of: &mut [u32], count: usize, keys: &[u32]) -> usize {
    let width = keys.iter().max().map_or(0, |&most| most as usize) + 1;
    let mut next = 0_u32;
    let mut number = |slot: &mut u32| {
        if *slot == NOBODY {
            *slot = next;
            next += 1;
        }
        *slot
    };
    // A table of all pairs where it is not larger than the data; else only of those that occur.
    if count.saturating_mul(width) <= 4 * of.len() + 1024 {
        let mut table = vec![NOBODY; count * width];
        for (cell, &key) in of.iter_mut().zip(keys).filter(|(cell, _)| **cell != NOBODY) {
            *cell = number(&mut table[*cell as usize * width + key as usize]);
        }
    } else {
        let mut table: HashMap<(u32, u32), u32, foldhash::fast::FixedState> = HashMap::default();
        for (cell, &key) in of.iter_mut().zip(keys).filter(|(cell, _)| **cell != NOBODY) {
            *cell = number(table.entry((*cell, key)).or_insert(NOBODY));
        }
    }
    next as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Cells are those of a map from what a respondent is in to who is in it, in its order.
    fn assert_cells(margins: &[Vec<u32>], base: &[u64], by_base: bool) {
        let mut by_key: BTreeMap<(Vec<u32>, u64), Vec<usize>> = BTreeMap::new();
        for respondent in (0..base.len()).filter(|&respondent| base[respondent] > 0) {
            let own = margins.iter().map(|categories| categories[respondent]).collect();
            let each = if by_base { base[respondent] } else { 0 };
            by_key.entry((own, each)).or_default().push(respondent);
        }
        let found = cells(margins, base, by_base);
        assert_eq!(found.respondents.len(), by_key.len());
        assert_eq!((found.base.len(), found.each.len()), (by_key.len(), by_key.len()));
        for respondent in (0..base.len()).filter(|&respondent| base[respondent] == 0) {
            assert_eq!(found.of[respondent], NOBODY);
        }
        for (cell, ((own, _), respondents)) in by_key.iter().enumerate() {
            assert!(respondents.iter().all(|&respondent| found.of[respondent] == cell as u32), "{own:?}");
            let categories: Vec<u32> = found.categories.iter().map(|margin| margin[cell]).collect();
            assert_eq!(&categories, own);
            assert_eq!(found.respondents[cell], respondents.len() as u64);
            assert_eq!(found.base[cell], respondents.iter().map(|&one| u128::from(base[one])).sum::<u128>());
            assert_eq!(found.each[cell], base[respondents[0]]);
        }
    }

    #[test]
    fn cells_are_those_of_a_map() {
        let mut turn: u64 = 7;
        let mut random = |below: u32| {
            turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (turn >> 33) as u32 % below
        };
        // Few categories are numbered by a table, many of few respondents by a map.
        for (respondents, categories) in [(0, 3), (1, 1), (40, 2), (300, 5), (300, 40), (30, 4_000)] {
            for weights in [1, 3, 50] {
                let margins: Vec<Vec<u32>> =
                    (0..3).map(|_| (0..respondents).map(|_| random(categories)).collect()).collect();
                let base: Vec<u64> = (0..respondents).map(|_| u64::from(random(weights + 1))).collect();
                for by_base in [false, true] {
                    assert_cells(&margins, &base, by_base);
                    assert_cells(&margins[..1], &base, by_base);
                    assert_cells(&[], &base, by_base);
                }
            }
        }
    }
}
