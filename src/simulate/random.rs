//! Chance from a seed, the same on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"): ten lines of our
/// own, so that no dependency's update can change what a seed gives.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The numbers of a seed.
    #[cfg(test)]
    pub(super) fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// Numbers of their own for one purpose, so that a target more does not change every other question.
    pub(super) fn branch(seed: u64, purpose: &str) -> Random {
        let mut random = Random(seed);
        for byte in purpose.bytes() {
            random.0 = random.next() ^ u64::from(byte);
        }
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end` − 1; the bias of the multiplication does not matter here.
    pub(super) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Puts items into an order of chance.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Cuts a whole number into parts in proportion to weights, by largest remainders; the first of equals wins.
pub(super) fn apportion(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        let mut parts = vec![0; weights.len()];
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return parts;
    }
    let exact: Vec<f64> = weights.iter().map(|weight| total as f64 * weight / sum).collect();
    let mut parts: Vec<usize> = exact.iter().map(|part| part.floor() as usize).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&place| weights[place] > 0.0).collect();
    order.sort_by(|&one, &other| {
        let rest = |place: usize| exact[place] - exact[place].floor();
        rest(other).total_cmp(&rest(one)).then(one.cmp(&other))
    });
    let left = total.saturating_sub(parts.iter().sum());
    order.iter().cycle().take(left).for_each(|&place| parts[place] += 1);
    parts
}

/// Cuts a whole number into parts in proportion to weights, by where its items stand on the line of all weights:
/// a few of many numbers are spread over them, where remainders would give them to the first.
pub(super) fn spread_out(total: usize, weights: &[f64]) -> Vec<usize> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return apportion(total, weights);
    }
    let (mut before, mut passed) = (0, 0.0);
    let mut parts: Vec<usize> = Vec::with_capacity(weights.len());
    for weight in weights {
        passed += weight;
        let until = ((total as f64 * passed / sum + 0.5).floor() as usize).min(total);
        parts.push(until - before);
        before = until;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_follow_the_largest_remainders() {
        assert_eq!(apportion(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(apportion(7, &[0.0, 2.0, 1.0]), [0, 5, 2]);
        assert_eq!(apportion(3, &[0.0, 0.0]), [3, 0]);
        assert_eq!(apportion(0, &[1.0]), [0]);
    }

    #[test]
    fn a_few_of_many_are_spread_over_them() {
        assert_eq!(spread_out(2, &[1.0; 6]), [0, 1, 0, 0, 1, 0]);
        assert_eq!(spread_out(3, &[1.0, 0.0, 4.0, 1.0]), [1, 0, 2, 0]);
        assert_eq!(spread_out(10, &[1.0, 1.0, 1.0]), [3, 4, 3]);
        assert_eq!(spread_out(3, &[0.0, 0.0]), [3, 0]);
    }

    #[test]
    fn a_seed_gives_the_same_numbers_everywhere() {
        // The first numbers of seed 1234567, as published with the reference implementation.
        let mut random = Random::new(1_234_567);
        assert_eq!(
            [random.next(), random.next(), random.next()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }
}
