//! The pass: every stub counted against every lane, block by block.
//!
//! A count is a joint distribution of stub codes and lanes. Nothing is decided here about bases,
//! 無回答 or nets: those are sums over codes, made afterwards.

use std::collections::HashMap;
use std::ops::Range;

use super::cell::{Cell, Packed, Unweighted, Wide};
use super::lanes::LaneSet;
use super::piece::{Column, Piece, codes, number};
use super::table::Tally;
use crate::diag::Progress;
use crate::frame::{Block, Dataset};
use crate::stats::Entry;

/// Counting cells held at once by a thread; more stubs than fit are counted in further passes.
pub(super) const MOST_CELLS: usize = 4 << 20;
/// Lane sets are counted in one step as long as their cells stay in the nearest cache.
const MOST_TOGETHER: usize = 2_048;

/// The joint distribution of a piece's codes and a lane set's lanes.
#[derive(Debug, Clone)]
pub enum Counted {
    /// `tallies[lane * size + code]`.
    Codes { size: usize, tallies: Vec<Tally> },
    /// Entries by lane, in no order.
    Values { lanes: Vec<Vec<Entry>> },
}

impl Counted {
    /// Tallies by code, summed over lanes.
    pub fn codes(&self, lanes: &[usize]) -> Vec<Tally> {
        let Counted::Codes { size, tallies } = self else { return Vec::new() };
        let mut sums = vec![Tally::default(); *size];
        for &lane in lanes {
            for (sum, tally) in sums.iter_mut().zip(&tallies[lane * size..(lane + 1) * size]) {
                *sum += *tally;
            }
        }
        sums
    }

    /// Value counts of the lanes.
    pub fn values(&self, lanes: &[usize]) -> Vec<Entry> {
        let Counted::Values { lanes: entries } = self else { return Vec::new() };
        lanes.iter().flat_map(|&lane| entries[lane].iter().copied()).collect()
    }
}

/// Says for a block who passes the filter; `None`: everybody.
pub type Inside<'a> = dyn Fn(&Block) -> Option<Vec<bool>> + Sync + 'a;

/// Counts every piece against every lane set: `[piece][lane set]`.
///
/// Blocks are shared out among threads; sums are
/// of integers, so the result does not depend on how.
pub fn count(
    dataset: &Dataset,
    pieces: &[Piece],
    sets: &[LaneSet],
    inside: &Inside,
    threads: usize,
    progress: &dyn Progress,
) -> Vec<Vec<Counted>> {
    let lanes: usize = sets.iter().map(|set| set.size + 1).sum();
    let mut joints = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        let mut cells = 0;
        let mut end = start;
        while end < pieces.len() && (end == start || cells + pieces[end].size() * lanes <= MOST_CELLS) {
            cells += pieces[end].size() * lanes;
            end += 1;
        }
        joints.extend(count_some(dataset, &pieces[start..end], sets, inside, threads));
        start = end;
        progress.advance(end as u64, pieces.len() as u64);
    }
    joints
}

fn count_some(
    dataset: &Dataset,
    pieces: &[Piece],
    sets: &[LaneSet],
    inside: &Inside,
    threads: usize,
) -> Vec<Vec<Counted>> {
    let plan = Plan::new(pieces, sets);
    if dataset.weight_name.is_none() {
        return plan.count::<Unweighted>(dataset, (), inside, threads);
    }
    let weights = || dataset.blocks.iter().flat_map(|block| block.weights.iter().flatten());
    let sum: u128 = weights().map(|&weight| u128::from(weight)).sum();
    let squares: u128 = weights().map(|&weight| u128::from(weight) * u128::from(weight)).sum();
    match Packed::shift(dataset.respondents, sum, squares) {
        Some(shift) => plan.count::<Packed>(dataset, shift, inside, threads),
        None => plan.count::<Wide>(dataset, (), inside, threads),
    }
}

/// What is counted against what.
struct Plan<'a> {
    pieces: &'a [Piece],
    sets: &'a [LaneSet],
    /// Lane sets that are counted in one step.
    together: Vec<Together>,
    /// For each piece, by which of them.
    of_piece: Vec<Vec<usize>>,
}

/// Lane sets whose lanes are one joint lane of each respondent; theirs are its margins.
#[derive(Debug, PartialEq, Eq)]
struct Together {
    /// The lane sets, the first slowest.
    sets: Vec<usize>,
    /// Joint lanes; the last of them is of those outside the filter.
    size: usize,
}

impl Together {
    /// As few steps as the cells of a piece of this size allow.
    fn of(sets: &[LaneSet], size: usize) -> Vec<Together> {
        let mut largest: Vec<usize> = (0..sets.len()).collect();
        largest.sort_by_key(|&set| std::cmp::Reverse(sets[set].size));
        let mut steps: Vec<Together> = Vec::new();
        for set in largest {
            let lanes = sets[set].size + 1;
            match steps.iter_mut().find(|step| step.size * lanes * size <= MOST_TOGETHER) {
                Some(step) => {
                    step.sets.push(set);
                    step.size *= lanes;
                }
                None => steps.push(Together { sets: vec![set], size: lanes }),
            }
        }
        steps
    }

    /// Writes the joint lane of each respondent.
    fn write(&self, sets: &[LaneSet], lanes: &[Vec<u16>], joint: &mut Vec<u16>) {
        joint.clear();
        joint.extend_from_slice(&lanes[self.sets[0]]);
        for &set in &self.sets[1..] {
            let size = sets[set].size as u16 + 1;
            for (joint, &lane) in joint.iter_mut().zip(&lanes[set]) {
                *joint = *joint * size + lane;
            }
        }
    }

    /// The sums of each of its lane sets, of cells by joint lane and code.
    fn margins(&self, sets: &[LaneSet], size: usize, cells: &[Tally]) -> Vec<(usize, Vec<Tally>)> {
        let mut step = self.size;
        let margin = |&set: &usize| {
            let lanes = sets[set].size + 1;
            step /= lanes;
            let mut sums = vec![Tally::default(); lanes * size];
            for (joint, codes) in cells.chunks_exact(size).enumerate() {
                let lane = joint / step % lanes;
                let sums = &mut sums[lane * size..(lane + 1) * size];
                sums.iter_mut().zip(codes).for_each(|(sum, cell)| *sum += *cell);
            }
            (set, sums)
        };
        self.sets.iter().map(margin).collect()
    }
}

impl<'a> Plan<'a> {
    fn new(pieces: &'a [Piece], sets: &'a [LaneSet]) -> Plan<'a> {
        let mut together: Vec<Together> = Vec::new();
        let mut step = |own: Together| {
            let known = together.iter().position(|known| *known == own);
            known.unwrap_or_else(|| {
                together.push(own);
                together.len() - 1
            })
        };
        let of_piece = pieces.iter().map(|piece| match piece.size() {
            0 => Vec::new(),
            size => Together::of(sets, size).into_iter().map(&mut step).collect(),
        });
        let of_piece = of_piece.collect();
        Plan { pieces, sets, together, of_piece }
    }

    fn count<C: Cell>(
        &self,
        dataset: &Dataset,
        scale: C::Scale,
        inside: &Inside,
        threads: usize,
    ) -> Vec<Vec<Counted>> {
        let all = dataset.blocks.len();
        let threads = threads.clamp(1, all.max(1));
        if threads == 1 {
            return Counter::<C>::over(self, dataset, 0..all, scale, inside).joints(self, scale);
        }
        let share = all.div_ceil(threads).max(1);
        let mut counters: Vec<Counter<C>> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|thread| {
                    let blocks = (thread * share).min(all)..((thread + 1) * share).min(all);
                    scope.spawn(move || Counter::<C>::over(self, dataset, blocks, scale, inside))
                })
                .collect();
            // A worker's panic is a bug: let it be seen as one.
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)))
                .collect()
        });
        let mut total = counters.remove(0);
        for counter in counters {
            total.add(counter);
        }
        total.joints(self, scale)
    }
}

/// Sums of one value of a number.
#[derive(Clone, Copy, Default)]
struct Valued {
    n: u64,
    weighted: u64,
    w: i128,
}

/// Sums by lane and value.
type Values = HashMap<(u16, i64), Valued, foldhash::fast::FixedState>;

/// One thread's counts.
struct Counter<C> {
    /// `[piece][step]`
    cells: Vec<Vec<Vec<C>>>,
    /// `[piece][lane set]`
    values: Vec<Vec<Values>>,
}

impl<C: Cell> Counter<C> {
    fn over(plan: &Plan, dataset: &Dataset, blocks: Range<usize>, scale: C::Scale, inside: &Inside) -> Self {
        let cells = plan.pieces.iter().zip(&plan.of_piece).map(|(piece, steps)| {
            steps.iter().map(|&step| vec![C::default(); piece.size() * plan.together[step].size]).collect()
        });
        let values = plan.pieces.iter().map(|_| plan.sets.iter().map(|_| HashMap::default()).collect());
        let mut counter = Counter { cells: cells.collect(), values: values.collect() };
        let mut lanes: Vec<Vec<u16>> = plan.sets.iter().map(|_| Vec::new()).collect();
        let mut joint: Vec<Vec<u16>> = plan.together.iter().map(|_| Vec::new()).collect();
        let (mut bytes, mut weightless, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for block in &dataset.blocks[blocks] {
            let inside = inside(block);
            if inside.as_ref().is_some_and(|inside| !inside.contains(&true)) {
                continue;
            }
            for (set, lanes) in plan.sets.iter().zip(&mut lanes) {
                set.write(block, inside.as_deref(), lanes);
            }
            for (together, joint) in plan.together.iter().zip(&mut joint) {
                together.write(plan.sets, &lanes, joint);
            }
            let weights = block.weights.as_deref();
            own.clear();
            own.extend(weights.into_iter().flatten().map(|&weight| C::of(weight, scale)));
            let own = weights.map(|_| &own[..]);
            for (place, piece) in plan.pieces.iter().enumerate() {
                let measured = match piece {
                    Piece::Values { question } => Some((*question, *question)),
                    Piece::Denominators { ratio, to } => Some((*to, *ratio)),
                    _ => None,
                };
                if let Some((values, given)) = measured {
                    let (values, given) = (number(block, values), number(block, given));
                    counter.add_values(place, &values.values, &given.states, &lanes, weights);
                    continue;
                }
                let column = codes(block, piece, &mut bytes);
                let mut steps: Vec<(&[u16], &mut [C])> = Vec::with_capacity(plan.of_piece[place].len());
                if let (Piece::Weightless { .. }, Some(weights)) = (piece, weights) {
                    weightless.clear();
                    weightless.extend(plan.of_piece[place].iter().map(|&step| -> Vec<u16> {
                        let outside = plan.together[step].size as u16 - 1;
                        let lane = |(&lane, &weight)| if weight == 0 { lane } else { outside };
                        joint[step].iter().zip(weights).map(lane).collect()
                    }));
                    let cells = counter.cells[place].iter_mut();
                    steps.extend(
                        weightless.iter().zip(cells).map(|(lanes, cells)| (&lanes[..], &mut cells[..])),
                    );
                } else {
                    let cells = counter.cells[place].iter_mut();
                    let lanes = plan.of_piece[place].iter().map(|&step| &joint[step][..]);
                    steps.extend(lanes.zip(cells).map(|(lanes, cells)| (lanes, &mut cells[..])));
                }
                match column {
                    Column::U8(codes) => tally(codes, &mut steps, own, piece.size(), C::of(1, scale)),
                    Column::U16(codes) => tally(codes, &mut steps, own, piece.size(), C::of(1, scale)),
                }
            }
        }
        counter
    }

    /// Adds the values where the state is given.
    fn add_values(
        &mut self,
        place: usize,
        numbers: &[i64],
        states: &[u8],
        lanes: &[Vec<u16>],
        weights: Option<&[u64]>,
    ) {
        for (lanes, values) in lanes.iter().zip(&mut self.values[place]) {
            for (i, &lane) in lanes.iter().enumerate().filter(|(i, _)| states[*i] == 0) {
                let weight = weights.map_or(1, |weights| weights[i]);
                let valued: &mut Valued = values.entry((lane, numbers[i])).or_default();
                valued.n += 1;
                valued.weighted += u64::from(weight > 0);
                valued.w += i128::from(weight);
            }
        }
    }

    fn add(&mut self, other: Self) {
        let added = other.cells.iter().flatten().flatten();
        self.cells.iter_mut().flatten().flatten().zip(added).for_each(|(mine, added)| mine.add(*added));
        for (mine, added) in self.values.iter_mut().flatten().zip(other.values.into_iter().flatten()) {
            for (key, valued) in added {
                let mine = mine.entry(key).or_default();
                mine.n += valued.n;
                mine.weighted += valued.weighted;
                mine.w += valued.w;
            }
        }
    }

    fn joints(self, plan: &Plan, scale: C::Scale) -> Vec<Vec<Counted>> {
        let all = plan.pieces.iter().zip(&plan.of_piece).zip(self.cells.into_iter().zip(self.values));
        all.map(|((piece, steps), (cells, values))| {
            if let Piece::Values { .. } | Piece::Denominators { .. } = piece {
                let by_lane = |(set, values): (&LaneSet, Values)| {
                    let mut lanes = vec![Vec::new(); set.size + 1];
                    for ((lane, value), Valued { n, weighted, w }) in values {
                        lanes[usize::from(lane)].push(Entry { value, n, weighted, w });
                    }
                    Counted::Values { lanes }
                };
                return plan.sets.iter().zip(values).map(by_lane).collect();
            }
            let size = piece.size();
            let mut by_set: Vec<(usize, Vec<Tally>)> = Vec::with_capacity(plan.sets.len());
            for (&step, cells) in steps.iter().zip(cells) {
                let cells: Vec<Tally> = cells.iter().map(|cell| cell.tally(scale)).collect();
                by_set.extend(plan.together[step].margins(plan.sets, size, &cells));
            }
            by_set.sort_unstable_by_key(|(set, _)| *set);
            by_set.into_iter().map(|(_, tallies)| Counted::Codes { size, tallies }).collect()
        })
        .collect()
    }
}

/// Adds a block's respondents, by as many lanes at a time as pays; `own` has what each of them adds, where they differ.
fn tally<I: Copy + Into<usize>, C: Cell>(
    codes: &[I],
    steps: &mut [(&[u16], &mut [C])],
    own: Option<&[C]>,
    size: usize,
    one: C,
) {
    let (pairs, last) = steps.as_chunks_mut::<2>();
    let last = last.as_chunks_mut::<1>().0;
    match own {
        Some(own) => {
            pairs.iter_mut().for_each(|pair| add(codes, pair, own.iter().copied(), size));
            last.iter_mut().for_each(|step| add(codes, step, own.iter().copied(), size));
        }
        None => {
            pairs.iter_mut().for_each(|pair| add(codes, pair, std::iter::repeat(one), size));
            last.iter_mut().for_each(|step| add(codes, step, std::iter::repeat(one), size));
        }
    }
}

/// The kernel: one addition for each respondent and step.
fn add<I: Copy + Into<usize>, C: Cell, const STEPS: usize>(
    codes: &[I],
    steps: &mut [(&[u16], &mut [C]); STEPS],
    own: impl Iterator<Item = C>,
    size: usize,
) {
    // Of one length all of them, as the compiler sees here.
    let lanes: [&[u16]; STEPS] = std::array::from_fn(|step| &steps[step].0[..codes.len()]);
    let mut cells = steps.each_mut().map(|(_, cells)| &mut **cells);
    for (at, (&code, own)) in codes.iter().zip(own).enumerate() {
        for (lanes, cells) in lanes.iter().zip(&mut cells) {
            cells[usize::from(lanes[at]) * size + code.into()].add(own);
        }
    }
}
