//! All groups by one answer, the largest share first.

use super::spec::{Category, ChartSpec, Figure, Kind, Measure, Role, Series};
use super::values::row_series;
use super::words::worded;
use super::{ChartRequest, draft::Draft};
use crate::sheet::{Language, Profile, base_line, round, table_notes};
use crate::stats::Ratio;
use crate::tabulate::{Shown, Table};

/// A group of a ranking.
#[derive(Debug, Clone)]
pub struct RankedGroup<'a> {
    /// What it is called.
    pub label: &'a str,
    /// Its code.
    pub code: Option<&'a str>,
    /// Its respondents.
    pub n: u64,
    /// Its share of the answer, in per cent.
    pub share: Ratio,
    /// It is the one to look at.
    pub highlight: bool,
}

/// The chart of a ranking: `table` has the answer in `row`, and everybody in its first column.
pub fn ranked(
    table: &Table,
    row: usize,
    groups: &[RankedGroup<'_>],
    notes: Vec<String>,
    profile: &Profile,
) -> ChartSpec {
    let language = profile.language;
    let category = |group: &RankedGroup<'_>| {
        let low = group.n < profile.low_base;
        Category {
            label: format!("{}{}", group.label, if low { "*" } else { "" }),
            code: group.code.map(str::to_string),
            n: None,
            low_base: low,
            role: Role::Group,
            highlight: group.highlight,
        }
    };
    let value = |group: &RankedGroup<'_>| {
        let label = round(group.share, profile.decimals);
        Shown::Value(Figure { value: group.share, label, difference: None, range: None })
    };
    let answer = table.stub[row].label.clone();
    let series = Series {
        name: answer.clone(),
        values: groups.iter().map(value).collect(),
        ..row_series(table, row, &[], profile)
    };
    let mut caption = vec![base_line(table, profile)];
    if groups.iter().any(|group| group.n < profile.low_base) {
        caption.push(match language {
            Language::Japanese => format!("* は n が {} 未満のため参考値", profile.low_base),
            Language::English => format!("* base under {}: indicative only", profile.low_base),
        });
    }
    for note in notes.into_iter().chain(table_notes(table, profile)).chain(profile.notes.iter().cloned()) {
        if !caption.contains(&note) {
            caption.push(note);
        }
    }
    let draft = Draft {
        kind: Kind::Bar,
        categories: groups.iter().map(category).collect(),
        series: vec![series],
        measure: Measure::Percent,
        ordered: false,
        notes: Vec::new(),
    };
    let made = worded(&[table], draft, &ChartRequest::default(), profile);
    let title = match language {
        Language::Japanese => format!("{}「{answer}」の順位", made.title),
        Language::English => format!("{}: groups by {answer}", made.title),
    };
    ChartSpec { id: format!("{}-ranking", made.id), title, caption, ..made }
}
