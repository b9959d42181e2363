//! The one rounding rule: half away from zero, once, from the raw value, in integers.

use renkei::sheet::{round, round_real};
use renkei::stats::Ratio;

/// Digits of a printed number without its point, and how many stand behind it.
fn digits(shown: &str) -> (u128, usize) {
    let (mut number, mut behind) = (0, None);
    for byte in shown.bytes() {
        match byte {
            b'.' if behind.is_none() => behind = Some(0),
            b'0'..=b'9' => {
                number = number * 10 + u128::from(byte - b'0');
                behind = behind.map(|behind| behind + 1);
            }
            _ => panic!("`{shown}` is no unsigned number"),
        }
    }
    (number, behind.unwrap_or(0))
}

/// All percentages of up to 2,000 respondents, at 0 to 3 decimals.
#[test]
fn every_percentage_of_up_to_two_thousand_is_rounded_half_away_from_zero() {
    let check = |decimals: u32| {
        let unit = 10_u128.pow(decimals + 2);
        for n in 1..=2000_u128 {
            for k in 1..=n {
                let expected = (2 * k * unit + n) / (2 * n);
                let percent = Ratio::new(k as i128 * 100, n as i128).expect("n is positive");
                let shown = round(percent, decimals);
                assert_eq!(digits(&shown), (expected, decimals as usize), "{k}/{n} at {decimals}: {shown}");
            }
        }
    };
    std::thread::scope(|scope| {
        for decimals in 0..=3 {
            scope.spawn(move || check(decimals));
        }
    });
}

#[test]
fn a_number_below_zero_is_rounded_like_its_opposite_and_zero_has_no_sign() {
    for n in 1..=150_i128 {
        for k in 1..=2 * n {
            for decimals in 0..=3 {
                let above = round(Ratio::new(k, n).expect("n is positive"), decimals);
                let below = round(Ratio::new(-k, n).expect("n is positive"), decimals);
                match above.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) {
                    true => assert_eq!(below, format!("-{above}")),
                    false => assert_eq!(below, above),
                }
            }
        }
    }
}

#[test]
fn ties_go_away_from_zero_at_every_decimal() {
    for decimals in 0..=6 {
        let unit = 10_i128.pow(decimals);
        for whole in 0..1000 {
            let tie = Ratio::new(2 * whole + 1, 2 * unit).expect("a power of ten");
            let (number, behind) = digits(&round(tie, decimals));
            assert_eq!((number, behind), (whole as u128 + 1, decimals as usize));
            // The least bit under the tie goes the other way.
            let under = Ratio::new((2 * whole + 1) * (1 << 60) - 1, 2 * unit * (1 << 60)).expect("positive");
            assert_eq!(digits(&round(under, decimals)).0, whole as u128);
            let opposite = Ratio::whole(0).minus(tie).expect("small");
            assert_eq!(round(opposite, decimals), format!("-{}", round(tie, decimals)));
        }
    }
}

/// Where a single division would overflow, long division takes over: both must agree at the border.
#[test]
fn numbers_near_the_limits_of_128_bits_are_rounded_like_small_ones() {
    for bits in [60, 100, 110, 118, 120, 122, 124, 125, 126] {
        let scale = (1_i128 << bits) / 8;
        for (k, n, shown) in [(1, 8, "0.125"), (7, 8, "0.875"), (3, 4, "0.750"), (5, 8, "0.625")] {
            let ratio = Ratio::new(k * scale, n * scale).expect("positive");
            assert_eq!(round(ratio, 3), shown, "{bits}");
            assert_eq!(round(ratio, 2), round(Ratio::new(k, n).expect("positive"), 2), "{bits}");
        }
    }
    let third = Ratio::new(i128::MAX / 3, i128::MAX).expect("positive");
    assert_eq!(round(third, 30), format!("0.{}", "3".repeat(30)));
    assert_eq!(round(Ratio::whole(i128::MAX), 0), i128::MAX.to_string());
    assert_eq!(round(Ratio::whole(i128::MIN), 0), i128::MIN.to_string());
    assert_eq!(round(Ratio::whole(i128::MAX), 2), format!("{}.00", i128::MAX));
    let nines = Ratio::new(i128::MAX - 1, i128::MAX).expect("positive");
    assert_eq!(round(nines, 37), format!("1.{}", "0".repeat(37)));
}

#[test]
fn a_computed_number_is_rounded_as_its_thirteen_digits_read() {
    for (value, decimals, shown) in [
        (0.285, 2, "0.29"),
        (1.005, 2, "1.01"),
        (-1.005, 2, "-1.01"),
        (28.749999999999996, 1, "28.8"),
        (28.75, 1, "28.8"),
        (28.749999999990, 1, "28.7"),
        (0.0, 1, "0.0"),
        (-0.04, 1, "0.0"),
        (1e-300, 1, "0.0"),
        (999_999.95, 1, "1000000.0"),
    ] {
        assert_eq!(round_real(value, decimals).as_deref(), Some(shown), "{value:?}");
    }
}
