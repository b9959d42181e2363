//! How many columns of a tall table of numbers are independent.

/// Rows with less than this part of their length left are sums of earlier ones: R's tolerance of `qr`.
const TOLERANCE: f64 = 1e-5;

/// Rank of the rows, each of so many numbers.
///
/// Rows are taken one by one and freed of what earlier ones had (Gram and Schmidt, twice); no more rows are
/// looked at when the rank is as large as it can be. Rows like the one before are many where units have
/// many respondents, and are passed over.
pub(super) fn rank(rows: &[f64], columns: usize) -> usize {
    if columns == 0 {
        return 0;
    }
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut before: Option<Vec<f64>> = None;
    for row in rows.chunks_exact(columns) {
        let length = norm(row);
        if length == 0.0 {
            continue;
        }
        let mut rest: Vec<f64> = row.iter().map(|value| value / length).collect();
        if before.as_ref().is_some_and(|before| before.iter().zip(&rest).all(|(a, b)| (a - b).abs() < 1e-12))
        {
            continue;
        }
        before = Some(rest.clone());
        for _ in 0..2 {
            for known in &basis {
                let along: f64 = known.iter().zip(&rest).map(|(a, b)| a * b).sum();
                known.iter().zip(&mut rest).for_each(|(known, rest)| *rest -= along * known);
            }
        }
        let left = norm(&rest);
        if left > TOLERANCE {
            rest.iter_mut().for_each(|value| *value /= left);
            basis.push(rest);
            if basis.len() == columns {
                break;
            }
        }
    }
    basis.len()
}

fn norm(row: &[f64]) -> f64 {
    row.iter().map(|value| value * value).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn a_row_that_is_a_sum_of_others_adds_nothing() {
        assert_eq!(rank(&[1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 0.0, 2.0], 3), 2);
        assert_eq!(rank(&[1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 2.5], 3), 3);
        assert_eq!(rank(&[0.0, 0.0], 2), 0);
        assert_eq!(rank(&[], 2), 0);
    }
}
