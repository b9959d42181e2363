//! The pass: every stub counted against every lane, block by block.
//!
//! A count is a joint distribution of stub codes and lanes. Nothing is decided here about bases,
//! 無回答 or nets: those are sums over codes, made afterwards.

use std::collections::HashMap;
use std::ops::{AddAssign, Range};

use super::lanes::{LaneSet, multi};
use super::table::Tally;
use crate::diag::Progress;
use crate::frame::{Block, Codes, Dataset, Number, Replies};
use crate::schema::{Kind, Origin, QuestionIndex, Survey};
use crate::stats::Entry;

/// Counting cells held at once by a thread; more stubs than fit are counted in further passes.
const MOST_CELLS: usize = 4 << 20;

/// What is tallied of one stub: its codes, patterns or values.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A single's code.
    Codes { question: QuestionIndex, size: usize },
    /// A rank question's place: the code of the single that it is.
    Place { question: QuestionIndex, size: usize },
    /// A scale's or a place's code, of respondents with weight zero only.
    Weightless { question: QuestionIndex, size: usize },
    /// Patterns of eight options of a multi.
    Octet { question: QuestionIndex, octet: usize },
    /// One option of a multi: without, with.
    Member { question: QuestionIndex, option: usize },
    /// Eight nets of a multi of more than eight options; each net as bits over its octets.
    Nets { question: QuestionIndex, nets: Vec<Vec<u8>> },
    /// Options that only some were offered, together: 0 not on offer, 1 chosen, then the state of the
    /// others (0 given). Each option comes with the earlier one that offers it (`None`: to all); `of` so
    /// many options of the question.
    Offered { question: QuestionIndex, earlier: QuestionIndex, options: Vec<Offer>, of: usize, size: usize },
    /// State of a multi, a number or a text.
    States { question: QuestionIndex, size: usize },
    /// Values of a number; of a ratio, those of the number above the line.
    Values { question: QuestionIndex },
    /// Values of the number below the line of a ratio, where both were given.
    Denominators { ratio: QuestionIndex, to: QuestionIndex },
    /// Who gave only one number of a ratio: 0 nobody, 1 only the upper one, 2 only the lower one.
    Unpaired { ratio: QuestionIndex, of: QuestionIndex, to: QuestionIndex },
}

/// An option, and the option of the earlier question that offers it.
pub type Offer = (usize, Option<usize>);

impl Piece {
    /// How many different codes the piece has; 0 for values.
    pub fn size(&self) -> usize {
        match self {
            Piece::Codes { size, .. }
            | Piece::Place { size, .. }
            | Piece::Offered { size, .. }
            | Piece::Weightless { size, .. }
            | Piece::States { size, .. } => *size,
            Piece::Octet { .. } | Piece::Nets { .. } => 256,
            Piece::Member { .. } => 2,
            Piece::Unpaired { .. } => 3,
            Piece::Values { .. } | Piece::Denominators { .. } => 0,
        }
    }
}

/// A multi of more options than this is tallied option by option: two cells each, not 256 for eight.
const MOST_BY_OCTET: usize = 64;

/// The pieces of a question; a multi goes option by option when its patterns times `lanes` are too many.
pub fn pieces(survey: &Survey, index: QuestionIndex, lanes: usize, zero_weights: bool) -> Vec<Piece> {
    let question = &survey.questions[index];
    let mut pieces = pieces_of_kind(survey, index, lanes, zero_weights);
    if let (true, Some(earlier)) = (question.option_bases, question.limited_to) {
        let offer = |option: usize| -> Offer {
            (option, survey.questions[earlier].option_of(&question.options[option].code))
        };
        let together = (0..question.options.len()).map(|option| vec![option]);
        let nets = question.nets.iter().map(|net| net.of.clone());
        pieces.extend(together.chain(nets).map(|of| Piece::Offered {
            question: index,
            earlier,
            options: of.into_iter().map(offer).collect(),
            of: question.options.len(),
            size: question.states() + 3,
        }));
    }
    pieces
}

fn pieces_of_kind(survey: &Survey, index: QuestionIndex, lanes: usize, zero_weights: bool) -> Vec<Piece> {
    let question = &survey.questions[index];
    let options = question.options.len();
    let states = Piece::States { question: index, size: question.states() + 1 };
    match question.kind {
        Kind::Single => vec![Piece::Codes { question: index, size: options + question.states() }],
        Kind::Scale => {
            let size = options + question.states();
            let mut pieces = vec![Piece::Codes { question: index, size }];
            // A deviation counts respondents with a weight above zero, which tallies do not tell.
            if zero_weights {
                pieces.push(Piece::Weightless { question: index, size });
            }
            pieces
        }
        Kind::Multi | Kind::Rank => {
            let octets = options.div_ceil(8);
            let by_option = lanes * 256 > MOST_CELLS || options > MOST_BY_OCTET;
            let mut pieces = vec![states];
            if by_option {
                pieces.extend((0..options).map(|option| Piece::Member { question: index, option }));
            } else {
                pieces.extend((0..octets).map(|octet| Piece::Octet { question: index, octet }));
            }
            // Patterns of one octet tell its nets; those of several octets, or members, do not.
            if octets > 1 || by_option {
                for nets in question.nets.chunks(8) {
                    let bits = |net: &crate::schema::Net| {
                        let mut bits = vec![0_u8; octets];
                        net.of.iter().for_each(|option| bits[option / 8] |= 1 << (option % 8));
                        bits
                    };
                    pieces.push(Piece::Nets { question: index, nets: nets.iter().map(bits).collect() });
                }
            }
            if let Origin::Ranking { places, .. } = &question.origin {
                let size = options + question.states();
                for &place in places {
                    pieces.push(Piece::Place { question: place, size });
                    if zero_weights {
                        pieces.push(Piece::Weightless { question: place, size });
                    }
                }
            }
            pieces
        }
        Kind::Number | Kind::Date => vec![states, Piece::Values { question: index }],
        Kind::Ratio => {
            let mut pieces = vec![states, Piece::Values { question: index }];
            if let Origin::Ratio { of, to, .. } = question.origin {
                pieces.push(Piece::Denominators { ratio: index, to });
                pieces.push(Piece::Unpaired { ratio: index, of, to });
            }
            pieces
        }
        Kind::Text => vec![states],
        Kind::Grid => Vec::new(),
    }
}

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

/// Sums of one counting cell; `S` is wide enough for Σw² of the whole dataset.
#[derive(Clone, Copy, Default)]
struct Cell<S> {
    n: u64,
    w: S,
    w2: S,
}

/// An integer that sums of weights fit in.
trait Sum: Copy + Default + AddAssign + Into<i128> + Send {
    fn of(weight: u64) -> Self;
    fn square(weight: u64) -> Self;
}

impl Sum for u64 {
    fn of(weight: u64) -> u64 {
        weight
    }
    fn square(weight: u64) -> u64 {
        weight * weight
    }
}

impl Sum for i128 {
    fn of(weight: u64) -> i128 {
        i128::from(weight)
    }
    fn square(weight: u64) -> i128 {
        i128::from(weight) * i128::from(weight)
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
    let largest = dataset.blocks.iter().flat_map(|block| block.weights.iter().flatten()).max();
    let largest = u128::from(largest.copied().unwrap_or(1)).max(1);
    // Σw ≤ Σw² for integers, so one bound serves both.
    if largest * largest * u128::from(dataset.respondents.max(1)) < 1 << 64 {
        count_with::<u64>(dataset, pieces, sets, inside, threads)
    } else {
        count_with::<i128>(dataset, pieces, sets, inside, threads)
    }
}

fn count_with<S: Sum>(
    dataset: &Dataset,
    pieces: &[Piece],
    sets: &[LaneSet],
    inside: &Inside,
    threads: usize,
) -> Vec<Vec<Counted>> {
    let threads = threads.clamp(1, dataset.blocks.len().max(1));
    if threads == 1 {
        let all = Counter::<S>::over(dataset, 0..dataset.blocks.len(), pieces, sets, inside);
        return all.joints(pieces, sets, dataset.weight_name.is_some());
    }
    let share = dataset.blocks.len().div_ceil(threads).max(1);
    let mut counters: Vec<Counter<S>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                let blocks = (thread * share).min(dataset.blocks.len())
                    ..((thread + 1) * share).min(dataset.blocks.len());
                scope.spawn(move || Counter::<S>::over(dataset, blocks, pieces, sets, inside))
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
    total.joints(pieces, sets, dataset.weight_name.is_some())
}

/// Sums of one value of a number.
#[derive(Clone, Copy, Default)]
struct Valued<S> {
    n: u64,
    weighted: u64,
    w: S,
}

/// Sums by lane and value.
type Values<S> = HashMap<(u16, i64), Valued<S>, foldhash::fast::FixedState>;

/// One thread's counts.
struct Counter<S> {
    cells: Vec<Vec<Vec<Cell<S>>>>,
    values: Vec<Vec<Values<S>>>,
}

impl<S: Sum> Counter<S> {
    fn over(
        dataset: &Dataset,
        blocks: Range<usize>,
        pieces: &[Piece],
        sets: &[LaneSet],
        inside: &Inside,
    ) -> Self {
        let cells = pieces.iter().map(|piece| {
            sets.iter().map(|set| vec![Cell::default(); piece.size() * (set.size + 1)]).collect()
        });
        let values = pieces.iter().map(|_| sets.iter().map(|_| HashMap::default()).collect());
        let mut counter = Counter { cells: cells.collect(), values: values.collect() };
        let mut lanes: Vec<Vec<u16>> = sets.iter().map(|_| Vec::new()).collect();
        let (mut bytes, mut weightless) = (Vec::new(), Vec::new());
        for block in &dataset.blocks[blocks] {
            let inside = inside(block);
            if inside.as_ref().is_some_and(|inside| !inside.contains(&true)) {
                continue;
            }
            for (set, lanes) in sets.iter().zip(&mut lanes) {
                set.write(block, inside.as_deref(), lanes);
            }
            for (place, piece) in pieces.iter().enumerate() {
                let measured = match piece {
                    Piece::Values { question } => Some((*question, *question)),
                    Piece::Denominators { ratio, to } => Some((*to, *ratio)),
                    _ => None,
                };
                if let Some((values, given)) = measured {
                    let (values, given) = (number(block, values), number(block, given));
                    let weights = block.weights.as_deref();
                    counter.add_values(place, &values.values, &given.states, &lanes, weights);
                    continue;
                }
                let size = piece.size();
                let column = codes(block, piece, &mut bytes);
                for ((lanes, set), cells) in lanes.iter().zip(sets).zip(&mut counter.cells[place]) {
                    let weights = block.weights.as_deref();
                    let lanes = match (piece, weights) {
                        (Piece::Weightless { .. }, Some(weights)) => {
                            weightless.clear();
                            let outside = set.size as u16;
                            let lane = |(&lane, &weight)| if weight == 0 { lane } else { outside };
                            weightless.extend(lanes.iter().zip(weights).map(lane));
                            &weightless
                        }
                        _ => lanes,
                    };
                    match column {
                        Column::U8(codes) => tally(codes, lanes, weights, size, cells),
                        Column::U16(codes) => tally(codes, lanes, weights, size, cells),
                    }
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
                let valued: &mut Valued<S> = values.entry((lane, numbers[i])).or_default();
                valued.n += 1;
                valued.weighted += u64::from(weight > 0);
                valued.w += S::of(weight);
            }
        }
    }

    fn add(&mut self, other: Self) {
        for (mine, added) in
            self.cells.iter_mut().flatten().flatten().zip(other.cells.iter().flatten().flatten())
        {
            mine.n += added.n;
            mine.w += added.w;
            mine.w2 += added.w2;
        }
        for (mine, added) in self.values.iter_mut().flatten().zip(other.values.into_iter().flatten()) {
            for (key, valued) in added {
                let mine = mine.entry(key).or_default();
                mine.n += valued.n;
                mine.weighted += valued.weighted;
                mine.w += valued.w;
            }
        }
    }

    fn joints(self, pieces: &[Piece], sets: &[LaneSet], weighted: bool) -> Vec<Vec<Counted>> {
        let tally = |cell: &Cell<S>| {
            let n = i128::from(cell.n);
            let (w, w2) = if weighted { (cell.w.into(), cell.w2.into()) } else { (n, n) };
            Tally { n: cell.n, w, w2 }
        };
        let all = pieces.iter().zip(self.cells.into_iter().zip(self.values));
        all.map(|(piece, (cells, values))| {
            let by_set = sets.iter().zip(cells.into_iter().zip(values));
            by_set
                .map(|(set, (cells, values))| match piece {
                    Piece::Values { .. } | Piece::Denominators { .. } => {
                        let mut lanes = vec![Vec::new(); set.size + 1];
                        for ((lane, value), Valued { n, weighted, w }) in values {
                            lanes[usize::from(lane)].push(Entry { value, n, weighted, w: w.into() });
                        }
                        Counted::Values { lanes }
                    }
                    _ => Counted::Codes { size: piece.size(), tallies: cells.iter().map(tally).collect() },
                })
                .collect()
        })
        .collect()
    }
}

/// The kernel: one addition for each respondent.
fn tally<C: Copy + Into<usize>, S: Sum>(
    codes: &[C],
    lanes: &[u16],
    weights: Option<&[u64]>,
    size: usize,
    cells: &mut [Cell<S>],
) {
    match weights {
        None => {
            for (&code, &lane) in codes.iter().zip(lanes) {
                cells[usize::from(lane) * size + code.into()].n += 1;
            }
        }
        Some(weights) => {
            for ((&code, &lane), &weight) in codes.iter().zip(lanes).zip(weights) {
                let cell = &mut cells[usize::from(lane) * size + code.into()];
                cell.n += 1;
                cell.w += S::of(weight);
                cell.w2 += S::square(weight);
            }
        }
    }
}

/// A piece's codes in a block.
pub(super) enum Column<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
}

/// The codes of a piece; what is not stored as such is written into `bytes`.
pub(super) fn codes<'a>(block: &'a Block, piece: &Piece, bytes: &'a mut Vec<u8>) -> Column<'a> {
    let mut made = |make: &dyn Fn(usize) -> u8| {
        bytes.clear();
        bytes.extend((0..block.len).map(make));
    };
    match piece {
        Piece::Codes { question, .. }
        | Piece::Place { question, .. }
        | Piece::Weightless { question, .. } => match &block.replies[*question] {
            Some(Replies::Single(Codes::U8(codes))) => return Column::U8(codes),
            Some(Replies::Single(Codes::U16(codes))) => return Column::U16(codes),
            _ => unreachable!("the plan asked for a single question's replies"),
        },
        Piece::Octet { question, octet } => return Column::U8(&multi(block, *question).0[*octet]),
        Piece::Member { question, option } => {
            let octet = &multi(block, *question).0[option / 8];
            made(&|i| octet[i] >> (option % 8) & 1);
        }
        Piece::Nets { question, nets } => {
            let octets = multi(block, *question).0;
            made(&|i| {
                let any = |net: &Vec<u8>| octets.iter().zip(net).any(|(octet, bits)| octet[i] & bits != 0);
                nets.iter().enumerate().map(|(place, net)| u8::from(any(net)) << place).sum()
            });
        }
        Piece::States { question, .. } => match &block.replies[*question] {
            Some(Replies::Multi { states: Some(states), .. }) => return Column::U8(states),
            Some(Replies::Multi { octets, states: None }) => made(&|i| u8::from(octets[0][i] == 0)),
            Some(Replies::Number(number)) => return Column::U8(&number.states),
            Some(Replies::Text(states)) => return Column::U8(states),
            _ => unreachable!("the plan asked for replies with states"),
        },
        Piece::Offered { question, earlier, options, of, .. } => {
            let offers = multi(block, *earlier).0;
            let bit =
                |octets: &[Vec<u8>], option: usize, i: usize| octets[option / 8][i] >> (option % 8) & 1 == 1;
            let mut enter = |reply: &dyn Fn(usize, usize) -> bool, state: &dyn Fn(usize) -> u8| {
                made(&|i| {
                    let on_offer = |(_, from): &&Offer| from.is_none_or(|from| bit(offers, from, i));
                    let mut offered = options.iter().filter(on_offer);
                    match offered.clone().next() {
                        None => 0,
                        Some(_) if offered.any(|(option, _)| reply(*option, i)) => 1,
                        Some(_) => 2 + state(i),
                    }
                });
            };
            match &block.replies[*question] {
                Some(Replies::Single(codes)) => {
                    enter(&|option, i| codes.at(i) == option, &|i| {
                        u8::try_from((codes.at(i) + 1).saturating_sub(*of)).unwrap_or(u8::MAX)
                    });
                }
                _ => {
                    let (octets, states) = multi(block, *question);
                    enter(&|option, i| bit(octets, option, i), &|i| match states {
                        Some(states) => states[i],
                        None => u8::from(octets.iter().all(|octet| octet[i] == 0)),
                    });
                }
            }
        }
        Piece::Unpaired { ratio, of, to } => {
            const MISSING: u8 = 1;
            let states = |question: &QuestionIndex| &number(block, *question).states;
            let (own, of, to) = (states(ratio), states(of), states(to));
            made(&|i| match (own[i], of[i], to[i]) {
                (MISSING, 0, _) => 1,
                (MISSING, _, 0) => 2,
                _ => 0,
            });
        }
        Piece::Values { .. } | Piece::Denominators { .. } => unreachable!("values have no codes"),
    }
    Column::U8(bytes)
}

fn number(block: &Block, question: QuestionIndex) -> &Number {
    match &block.replies[question] {
        Some(Replies::Number(number)) => number,
        _ => unreachable!("the plan asked for a number question's replies"),
    }
}
