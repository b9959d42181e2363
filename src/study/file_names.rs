//! Names of files that are made of a survey's codes and labels: one for each, on every system.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

/// Bytes that are left for a name where systems allow 255: an ending and a number still fit.
const LONGEST: usize = 200;

/// What Windows keeps for itself, whatever the ending.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The names given so far. No path is taken from data: what is no letter, digit, `-` or `_` becomes `-`.
#[derive(Debug, Default)]
pub struct FileNames {
    taken: HashSet<String>,
}

impl FileNames {
    /// With names of which another file has each already.
    pub fn besides(names: &[&str]) -> FileNames {
        FileNames { taken: names.iter().map(|name| folded(name)).collect() }
    }

    /// A name without ending, near to what is wanted, that no other file has on a system which does not tell upper
    /// from lower case or composed from decomposed letters.
    pub fn unique(&mut self, wanted: &str) -> String {
        let sign = |sign: char| if sign.is_alphanumeric() || sign == '_' { sign } else { '-' };
        let mut stem: String = wanted.nfc().map(sign).collect();
        while stem.len() > LONGEST {
            stem.pop();
        }
        let stem = stem.trim_matches('-');
        let stem = if stem.is_empty() { "group".to_string() } else { stem.to_string() };
        let mut name = stem.clone();
        let mut number = 1;
        while is_reserved(&name) || !self.taken.insert(folded(&name)) {
            number += 1;
            name = format!("{stem}-{number}");
        }
        name
    }
}

/// The same for names that some system takes for one.
fn folded(name: &str) -> String {
    // Lower case first: ẞ has no other upper case, and ß has SS. Folding may leave what composes anew.
    let lower = name.nfkc().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfkc().collect()
}

fn is_reserved(name: &str) -> bool {
    let folded = folded(name);
    let numbered = ["com", "lpt"].iter().find_map(|device| folded.strip_prefix(device));
    RESERVED.contains(&folded.as_str())
        || numbered.is_some_and(|number| number.chars().count() == 1 && number.chars().all(char::is_numeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_one_file_each_on_every_system() {
        let mut names = FileNames::besides(&["index"]);
        assert_eq!(names.unique("32-島根県"), "32-島根県");
        assert_eq!(names.unique("../../etc/passwd"), "etc-passwd");
        assert_eq!(names.unique("A"), "A");
        assert_eq!(names.unique("a"), "a-2");
        assert_eq!(names.unique("Ａ"), "Ａ-3", "full width is the same to some");
        assert_eq!(names.unique("ガ"), "ガ");
        assert_eq!(names.unique("カ\u{3099}"), "ガ-2");
        assert_eq!(names.unique("Index"), "Index-2");
        assert_eq!(names.unique("con"), "con-2");
        assert_eq!(names.unique("LPT9"), "LPT9-2");
        assert_eq!(names.unique("COM¹"), "COM¹-2");
        assert_eq!(names.unique("console"), "console");
        assert_eq!((names.unique("ẞß"), names.unique("ßß")), ("ẞß".into(), "ßß-2".into()));
        assert_eq!((names.unique("comx"), names.unique("com12")), ("comx".into(), "com12".into()));
        assert_eq!((names.unique(""), names.unique(" . ")), ("group".into(), "group-2".into()));
        assert_eq!(names.unique(&"x".repeat(LONGEST)).len(), LONGEST);
        assert_eq!(names.unique(&"県".repeat(100)), "県".repeat(66));
        assert_eq!(names.unique(&"県".repeat(99)), format!("{}-2", "県".repeat(66)));
    }
}
