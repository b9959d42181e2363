//! Who gets which of several things, each given so many times.

use super::random::Random;

/// Gives each thing to as many of `people` as its size says; everybody gets at least `low` and at most
/// `high` of them. `result[thing][person]`.
///
/// Going round in a circle, nobody gets two things more than anybody else, which keeps both limits whenever
/// they can be kept. Then things change hands at random, within the limits, so that some have many and
/// some few.
pub(super) fn spread(
    people: usize,
    sizes: &[usize],
    (low, high): (usize, usize),
    random: &mut Random,
) -> Vec<Vec<bool>> {
    let mut order: Vec<usize> = (0..people).collect();
    random.shuffle(&mut order);
    let mut has = vec![vec![false; people]; sizes.len()];
    let mut owned = vec![0_usize; people];
    let mut at = 0;
    for (has, &size) in has.iter_mut().zip(sizes) {
        for _ in 0..size.min(people) {
            has[order[at]] = true;
            owned[order[at]] += 1;
            at = (at + 1) % people;
        }
    }
    if people < 2 {
        return has;
    }
    for (thing, &size) in sizes.iter().enumerate() {
        for _ in 0..size {
            let (giver, taker) = (random.below(people), random.below(people));
            let moves = has[thing][giver] && !has[thing][taker];
            if moves && owned[giver] > low && owned[taker] < high {
                has[thing][giver] = false;
                has[thing][taker] = true;
                owned[giver] -= 1;
                owned[taker] += 1;
            }
        }
    }
    has
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_limits_are_kept() {
        let mut random = Random::new(7);
        let has = spread(50, &[30, 20, 10, 40], (1, 3), &mut random);
        let sizes: Vec<usize> = has.iter().map(|has| has.iter().filter(|has| **has).count()).collect();
        assert_eq!(sizes, [30, 20, 10, 40]);
        let owned: Vec<usize> = (0..50).map(|one| has.iter().filter(|has| has[one]).count()).collect();
        assert!(owned.iter().all(|owned| (1..=3).contains(owned)), "{owned:?}");
        assert!((1..=3).all(|count| owned.contains(&count)), "chance leaves nobody alike: {owned:?}");
    }
}
