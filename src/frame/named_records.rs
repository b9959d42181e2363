//! Records in words: which of them, and in which file where there are several.

use crate::diag::quote;

/// How many records a message names.
const NAMED: usize = 5;

/// `records 1, 2, 3, …` of rows counted from 0 over all files, each of which has so many.
pub(crate) fn named_records(rows: &[usize], files: &[(&str, usize)]) -> String {
    let more = if rows.len() > NAMED { ", …" } else { "" };
    if files.len() < 2 {
        let named: Vec<String> = rows.iter().take(NAMED).map(|row| (row + 1).to_string()).collect();
        let noun = if rows.len() == 1 { "record" } else { "records" };
        return format!("{noun} {}{more}", named.join(", "));
    }
    let named = rows.iter().take(NAMED).map(|&row| {
        let mut before = 0;
        let file = files.iter().find(|(_, count)| {
            before += count;
            row < before
        });
        match file {
            Some((name, count)) => format!("record {} of {}", row + 1 + count - before, quote(name)),
            None => format!("record {}", row + 1),
        }
    });
    format!("{}{more}", named.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_of_several_files_are_counted_in_each() {
        assert_eq!(named_records(&[0], &[("a", 9)]), "record 1");
        assert_eq!(named_records(&[0, 2, 3, 4, 5, 6], &[("a", 9)]), "records 1, 3, 4, 5, 6, …");
        assert_eq!(
            named_records(&[1, 2, 4], &[("a", 2), ("b", 9)]),
            "record 2 of `a`, record 1 of `b`, record 3 of `b`"
        );
    }
}
