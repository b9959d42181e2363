//! Cutting weights as R survey's `trimWeights` does.

/// Cuts weights to their limits and gives what is cut off to those not cut, the same to each (not in
/// proportion to their weights); `respondents` says how many have each weight. Gives how many were
/// cut, or nothing where nobody is left to take it.
///
/// With `strict` it is repeated until no weight is outside; without, those who take may end outside.
pub(super) fn spread(
    weights: &mut [f64],
    respondents: &[u64],
    (low, high): (f64, f64),
    strict: bool,
) -> Option<u64> {
    let mut ever = vec![false; weights.len()];
    for _ in 0..ROUNDS {
        let outside: Vec<bool> = weights.iter().map(|weight| *weight < low || *weight > high).collect();
        if !outside.contains(&true) {
            return Some(cut(&ever, respondents));
        }
        let (mut cut_off, mut takers) = (0.0, 0);
        for ((weight, &outside), &count) in weights.iter_mut().zip(&outside).zip(respondents) {
            if outside {
                let kept = weight.clamp(low, high);
                cut_off += (*weight - kept) * count as f64;
                *weight = kept;
            } else {
                takers += count;
            }
        }
        ever.iter_mut().zip(&outside).for_each(|(ever, outside)| *ever |= outside);
        if takers == 0 {
            return None;
        }
        let share = cut_off / takers as f64;
        weights.iter_mut().zip(&outside).filter(|(_, outside)| !**outside).for_each(|(w, _)| *w += share);
        if !strict {
            return Some(cut(&ever, respondents));
        }
    }
    None
}

/// Rounds of `strict` after which it comes to no end.
const ROUNDS: u32 = 10_000;

/// How many respondents were ever cut.
fn cut(ever: &[bool], respondents: &[u64]) -> u64 {
    ever.iter().zip(respondents).filter(|(ever, _)| **ever).map(|(_, count)| count).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_goes_in_equal_shares_to_those_not_cut() {
        let mut weights = [0.5, 1.0, 2.5];
        assert_eq!(spread(&mut weights, &[1, 2, 1], (0.6, 2.0), false), Some(2));
        assert_eq!(weights, [0.6, 1.2, 2.0]);
    }

    #[test]
    fn who_is_at_a_limit_is_not_outside_and_takes() {
        let mut weights = [1.0, 2.0, 5.0];
        assert_eq!(spread(&mut weights, &[1, 1, 1], (1.0, 4.0), false), Some(1));
        assert_eq!(weights, [1.5, 2.5, 4.0]);
        let mut weights = [1.0, 4.0, 6.0];
        assert_eq!(spread(&mut weights, &[1, 1, 1], (1.0, 4.0), false), Some(1));
        assert_eq!(weights, [2.0, 5.0, 4.0]);
        let mut weights = [1.0, 5.0];
        assert_eq!(spread(&mut weights, &[4, 2], (0.0, 4.0), false), Some(2));
        assert_eq!(weights, [1.5, 4.0], "two gave one each to four");
    }

    #[test]
    fn strict_goes_on_until_nobody_is_outside() {
        let mut weights = [1.9, 3.0, 1.0];
        assert_eq!(spread(&mut weights, &[1, 1, 1], (0.0, 2.0), true), Some(2));
        assert!(weights.iter().all(|weight| *weight <= 2.0), "{weights:?}");
        assert!((weights.iter().sum::<f64>() - 5.9).abs() < 1e-12);
    }

    #[test]
    fn somebody_must_be_left_to_take() {
        assert_eq!(spread(&mut [3.0, 0.1], &[1, 1], (0.5, 2.0), false), None);
    }
}
