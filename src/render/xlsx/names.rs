//! Names of sheets: at most 31 characters, without those that Excel forbids, and unique.

use std::collections::BTreeSet;

/// What Excel allows.
const LONGEST: usize = 31;

/// The names given so far.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A name as near to `wanted` as Excel allows, that no other sheet has.
    pub fn unique(&mut self, wanted: &str) -> String {
        let legal: String =
            wanted.chars().map(|c| if c.is_control() || "[]:*?/\\'".contains(c) { '_' } else { c }).collect();
        let mut name = cut(&legal, LONGEST);
        if name.is_empty() {
            name.push('_');
        }
        let mut count = 1;
        // Excel does not tell upper from lower case, and keeps `History` for itself.
        while name.eq_ignore_ascii_case("history") || !self.taken.insert(name.to_lowercase()) {
            count += 1;
            let end = format!("~{count}");
            name = cut(&legal, LONGEST - end.len()) + &end;
        }
        name
    }
}

/// The first characters, as many as Excel counts.
fn cut(text: &str, longest: usize) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= longest
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_legal_and_unique() {
        let mut names = Names::default();
        let long = "a".repeat(40);
        assert_eq!(names.unique("q1"), "q1");
        assert_eq!(names.unique("Q1"), "Q1~2");
        assert_eq!(names.unique("q1"), "q1~3");
        assert_eq!(names.unique(&long), "a".repeat(31));
        assert_eq!(names.unique(&long), format!("{}~2", "a".repeat(29)));
        assert_eq!(names.unique("History"), "History~2");
        assert_eq!(names.unique("'a/b:c'"), "_a_b_c_");
        assert_eq!(names.unique(""), "_");
        assert_eq!(names.unique("age>sex"), "age>sex");
        assert_eq!(names.unique(&"𠮷".repeat(20)), "𠮷".repeat(15));
    }
}
