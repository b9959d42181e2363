//! The sums of one counting cell, as small as the dataset allows: the pass is as fast as they are small.

use super::table::Tally;

/// Sums of one counting cell; that of one respondent is what is added.
pub(super) trait Cell: Copy + Default + Send {
    /// What the sums are read with.
    type Scale: Copy + Send;
    /// The sums of one respondent with this weight.
    fn of(weight: u64, scale: Self::Scale) -> Self;
    fn add(&mut self, other: Self);
    fn tally(&self, scale: Self::Scale) -> Tally;
}

/// How many respondents.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unweighted(u64);

impl Cell for Unweighted {
    type Scale = ();

    #[inline]
    fn of(_: u64, (): ()) -> Unweighted {
        Unweighted(1)
    }

    #[inline]
    fn add(&mut self, other: Unweighted) {
        self.0 += other.0;
    }

    fn tally(&self, (): ()) -> Tally {
        let n = i128::from(self.0);
        Tally { n: self.0, w: n, w2: n }
    }
}

/// `Σw · 2^shift + n`, and Σw².
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packed([u64; 2]);

impl Packed {
    /// By how many bits Σw stands above n; `None` where the sums of the whole dataset do not fit.
    pub fn shift(respondents: u64, weights: u128, squares: u128) -> Option<u32> {
        let bits = |sum: u128| u128::BITS - sum.leading_zeros();
        let shift = bits(u128::from(respondents));
        (shift + bits(weights) <= 64 && bits(squares) <= 64).then_some(shift)
    }
}

impl Cell for Packed {
    type Scale = u32;

    #[inline]
    fn of(weight: u64, shift: u32) -> Packed {
        Packed([weight << shift | 1, weight * weight])
    }

    #[inline]
    fn add(&mut self, other: Packed) {
        self.0[0] += other.0[0];
        self.0[1] += other.0[1];
    }

    fn tally(&self, shift: u32) -> Tally {
        let [both, squares] = self.0;
        Tally { n: both & ((1 << shift) - 1), w: i128::from(both >> shift), w2: i128::from(squares) }
    }
}

/// Sums that always fit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wide {
    n: u64,
    w: i128,
    w2: i128,
}

impl Cell for Wide {
    type Scale = ();

    #[inline]
    fn of(weight: u64, (): ()) -> Wide {
        let w = i128::from(weight);
        Wide { n: 1, w, w2: w * w }
    }

    #[inline]
    fn add(&mut self, other: Wide) {
        self.n += other.n;
        self.w += other.w;
        self.w2 += other.w2;
    }

    fn tally(&self, (): ()) -> Tally {
        Tally { n: self.n, w: self.w, w2: self.w2 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums<C: Cell>(weights: &[u64], scale: C::Scale) -> Tally {
        let mut cell = C::default();
        weights.iter().for_each(|&weight| cell.add(C::of(weight, scale)));
        cell.tally(scale)
    }

    #[test]
    fn packed_sums_are_the_wide_ones_up_to_the_last_bit() {
        for weights in
            [vec![], vec![0], vec![0, 0, 1], vec![10_000; 3], vec![(1 << 31) - 1; 4], vec![1 << 31; 3]]
        {
            let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
            let squares = weights.iter().map(|&weight| u128::from(weight) * u128::from(weight)).sum();
            let shift = Packed::shift(weights.len() as u64, sum, squares).expect("they fit");
            let (packed, wide) = (sums::<Packed>(&weights, shift), sums::<Wide>(&weights, ()));
            assert_eq!((packed.n, packed.w, packed.w2), (wide.n, wide.w, wide.w2), "{weights:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_not_packed() {
        assert_eq!(Packed::shift(1, 1 << 62, 1), Some(1));
        assert_eq!(Packed::shift(1, 1 << 63, 1), None);
        assert_eq!(Packed::shift(3, 1, 1 << 63), Some(2));
        assert_eq!(Packed::shift(3, 1, 1 << 64), None);
        assert_eq!(Packed::shift(1 << 40, 1 << 22, 1), Some(41));
        assert_eq!(Packed::shift(1 << 40, 1 << 23, 1), None);
    }
}
