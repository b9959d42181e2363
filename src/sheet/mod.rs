//! The visible face of a table: typed cells with roles, spans and marks, and its footnotes.
//!
//! In: [`crate::tabulate::Table`]s and a [`Profile`]. Out: [`Sheet`]s that every renderer of rows
//! and cells takes. Rounding, symbols and the words around numbers are decided here and nowhere
//! else. This room must not know file formats or terminals.

mod about;
mod arrange;
mod check;
mod codebook;
mod comments;
mod cross;
mod explanation;
mod footnote;
mod gt;
mod interval;
mod means;
mod methods;
mod profile;
mod ranking;
mod ratio;
mod redaction;
mod returns;
mod rounding;
mod significance;
mod trend;
mod variances;
mod weighting;

pub use about::{about, in_brief};
pub use arrange::{Arranged, Shares, arrange, arranged, row_label, shown_rows};
pub use check::{FoundLine, findings_sheet, found_headers, found_line, summary_sheet};
pub use codebook::{codebook, codebook_list};
pub use comments::{CommentList, comment_list};
pub use cross::figure_cell;
pub use explanation::Explanation;
pub use footnote::{base_line, table_notes};
pub use interval::{figure_interval, notes as interval_notes, sampling_errors};
pub use methods::{Section, methods};
pub use profile::{Axis, CellChoice, Difference, Language, PercentBase, Profile, Words, standing_notes};
pub use redaction::{Personal, redacted};
pub use returns::{absent_sheet, returns_sheet};
pub use rounding::{round, round_real};
pub use significance::{caveat, definition, drawn, p_value};
pub use trend::{change_definition, panel_caveat, trend_cell, trend_rows, trend_sheet};
pub use weighting::weighting;

use crate::calendar::Day;
use crate::stats::Ratio;

/// A table as it is read: title, header, body, notes.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Title.
    pub title: String,
    /// Lines between title and table: wording, base, filter, unit.
    pub above: Vec<String>,
    /// Header rows, each as wide as the body.
    pub header: Vec<Vec<Cell>>,
    /// Body rows.
    pub body: Vec<Vec<Cell>>,
    /// How many leading columns are labels.
    pub side: usize,
    /// Footnotes: only what applies.
    pub notes: Vec<String>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What stands in it.
    pub content: Content,
    /// What it is.
    pub role: Role,
    /// Columns it spans; those to its right are [`Content::Covered`].
    pub columns: usize,
    /// Marks on it.
    pub marks: Vec<Mark>,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A number and how it is shown.
    Number(Value, Format),
    /// Nothing.
    Empty,
    /// Spanned by a cell to the left.
    Covered,
    /// 秘匿.
    Suppressed,
    /// Not asked, or not available.
    Undefined,
}

/// A number: exact, or computed in floating point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// Exact.
    Exact(Ratio),
    /// Computed.
    Real(f64),
}

/// How a number is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A count with thousands separators; none is `-`.
    Count {
        /// Decimal places; 0 for respondents, more for weighted counts.
        decimals: u32,
    },
    /// A percentage; none is `-`.
    Percent {
        /// Decimal places.
        decimals: u32,
    },
    /// A difference in points, with its sign.
    Points {
        /// Decimal places.
        decimals: u32,
    },
    /// A percentage or mean where the total's is 100.
    Index {
        /// Decimal places.
        decimals: u32,
    },
    /// A mean, deviation, quantile or total.
    Measure {
        /// Decimal places.
        decimals: u32,
    },
    /// A day; the value is days since 1970-01-01.
    Day(Days),
}

/// How a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// 2016-11-10
    Iso,
    /// 2016年11月10日
    Western,
    /// 平成28年11月10日
    Era,
}

/// What a cell is, for renderers that style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A header.
    Header,
    /// A label at the side.
    Label,
    /// The number of respondents a percentage is of.
    Base,
    /// A number of the table.
    Data,
    /// A number of a net or a mean.
    Net,
}

/// A mark on a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The base is small: 参考値.
    LowBase,
    /// Ten points or more above the total.
    FarAbove,
    /// Five points or more above the total.
    Above,
    /// Five points or more below the total.
    Below,
    /// Ten points or more below the total.
    FarBelow,
}

impl Cell {
    /// A cell of one column without marks.
    pub fn new(content: Content, role: Role) -> Cell {
        Cell { content, role, columns: 1, marks: Vec::new() }
    }

    /// Words.
    pub fn text(text: impl Into<String>, role: Role) -> Cell {
        Cell::new(Content::Text(text.into()), role)
    }

    /// The number as printed, symbols included, marks not; words as they are.
    pub fn shown(&self) -> String {
        match &self.content {
            Content::Text(text) => text.clone(),
            Content::Number(value, format) => number(*value, *format),
            Content::Empty | Content::Covered => String::new(),
            Content::Suppressed => "x".into(),
            Content::Undefined => "…".into(),
        }
    }

    /// The marks as a suffix of plain characters.
    pub fn mark_text(&self) -> &'static str {
        match self.marks.first() {
            Some(Mark::LowBase) => "*",
            // Apart from the number, for `-` is a number too: none.
            Some(Mark::FarAbove) => " ++",
            Some(Mark::Above) => " +",
            Some(Mark::Below) => " -",
            Some(Mark::FarBelow) => " --",
            None => "",
        }
    }
}

/// A number as printed.
pub fn number(value: Value, format: Format) -> String {
    let decimals = match format {
        Format::Count { decimals }
        | Format::Percent { decimals }
        | Format::Points { decimals }
        | Format::Index { decimals }
        | Format::Measure { decimals } => decimals,
        Format::Day(days) => return day(value, days),
    };
    let shown = match value {
        Value::Exact(ratio) => round(ratio, decimals),
        // A number too large to print at these decimals is not one of a survey.
        Value::Real(real) => round_real(real, decimals).unwrap_or_else(|| "…".into()),
    };
    let none = matches!(value, Value::Exact(ratio) if ratio.numerator() == 0);
    match format {
        Format::Count { .. } | Format::Percent { .. } if none => "-".into(),
        Format::Count { .. } => thousands(&shown),
        Format::Points { .. }
            if !shown.starts_with('-') && shown.bytes().any(|b| (b'1'..=b'9').contains(&b)) =>
        {
            format!("+{shown}")
        }
        Format::Percent { .. } | Format::Points { .. } => shown,
        Format::Index { .. } | Format::Measure { .. } | Format::Day(_) => thousands(&shown),
    }
}

fn day(value: Value, days: Days) -> String {
    let Value::Exact(number) = value else { return "…".into() };
    let Ok(number) = i64::try_from(number.numerator()) else { return "…".into() };
    let civil = Day(number).civil();
    match days {
        Days::Iso => civil.iso(),
        Days::Western => civil.japanese(false),
        Days::Era => civil.japanese(true),
    }
}

/// Separators in the whole part of a decimal text.
fn thousands(shown: &str) -> String {
    let (sign, unsigned) = shown.strip_prefix('-').map_or(("", shown), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').map_or((unsigned, None), |(w, f)| (w, Some(f)));
    let mut text = String::from(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}
