//! The groups that files are of: the options of a question, with their respondents and the names of their files.

use super::file_names::FileNames;
use super::resident::Resident;
use crate::schema::{Code, QuestionOption};

/// What becomes of groups too small for files of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmallGroups {
    /// They have none.
    Skip,
    /// They have one together.
    Merge,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Indices of its options.
    pub options: Vec<usize>,
    /// Its code; of several groups together none.
    pub code: Option<String>,
    /// What it is called.
    pub label: String,
    /// A file's name without its ending: `32-shimane`.
    pub stem: String,
    /// Its respondents.
    pub n: u64,
    /// How many they are must not be said.
    pub hides_n: bool,
    /// Whether it has a deck, and why not.
    pub rule: GroupRule,
}

/// Whether a group has a deck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupRule {
    /// It has one.
    Made,
    /// It has one, with marks of a small base.
    LowBase,
    /// It has no respondents.
    Empty,
    /// It has too few.
    TooSmall,
    /// It has too few, and is in the deck of the small ones.
    Merged,
    /// Everything of it is hidden: with what is shown of others it would tell what they hide.
    Hidden,
}

impl GroupRule {
    /// Whether there is a deck.
    pub fn is_made(self) -> bool {
        matches!(self, GroupRule::Made | GroupRule::LowBase)
    }
}

impl Resident<'_> {
    /// The groups that there are.
    pub(super) fn found(&self) -> Vec<Group> {
        let Some(by) = self.by else { return Vec::new() };
        let study = self.study;
        let options = &study.spoken.questions[by].options;
        let counts = self.counts(by);
        let width = options.iter().map(|option| number_width(&option.code)).max().unwrap_or(0);
        let mut names = FileNames::besides(&["index", "manifest"]);
        let rule = |n: u64| match n {
            0 => GroupRule::Empty,
            n if n < study.smallest && study.small_groups == SmallGroups::Merge => GroupRule::Merged,
            n if n < study.smallest => GroupRule::TooSmall,
            n if n < study.low_base => GroupRule::LowBase,
            _ => GroupRule::Made,
        };
        let mut groups: Vec<Group> = options
            .iter()
            .zip(&counts)
            .enumerate()
            .map(|(place, (option, &n))| {
                let roman = study.survey.questions[by].options[place].label_en.as_deref();
                Group {
                    options: vec![place],
                    code: Some(option.code.to_string()),
                    label: option.label.clone(),
                    stem: names.unique(&stem(option, roman, width)),
                    n,
                    hides_n: false,
                    rule: rule(n),
                }
            })
            .collect();
        let small: Vec<&Group> = groups.iter().filter(|group| group.rule == GroupRule::Merged).collect();
        if !small.is_empty() {
            let labels: Vec<&str> = small.iter().map(|group| group.label.as_str()).collect();
            let n = small.iter().map(|group| group.n).sum();
            let merged = Group {
                options: small.iter().flat_map(|group| group.options.clone()).collect(),
                code: None,
                label: labels.join(study.language.choose("・", ", ")),
                stem: names.unique("merged"),
                n,
                hides_n: false,
                // Together they may still be too few.
                rule: if n < study.smallest { GroupRule::TooSmall } else { rule(n) },
            };
            groups.push(merged);
        }
        groups
    }
}

fn number_width(code: &Code) -> usize {
    match code {
        Code::Integer(number) => number.to_string().len(),
        Code::Text(_) => 0,
    }
}

/// Code and name as part of a file's name, whatever the schema has there.
fn stem(option: &QuestionOption, roman: Option<&str>, width: usize) -> String {
    let code = match &option.code {
        Code::Integer(number) => format!("{number:0>width$}"),
        Code::Text(code) => plain(code),
    };
    let name = plain(roman.unwrap_or(&option.label)).to_lowercase();
    let whole: Vec<String> = [code, name].into_iter().filter(|part| !part.is_empty()).collect();
    if whole.is_empty() { "group".into() } else { whole.join("-") }
}

/// Letters and digits of any script; everything else is a hyphen.
fn plain(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = kept.split('-').filter(|part| !part.is_empty()).collect();
    parts.join("-").chars().take(40).collect()
}
