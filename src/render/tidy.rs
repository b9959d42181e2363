//! Tidy: one line for each cell and measure, full precision, for programs.

use std::fmt::Write as _;
use std::io;

use crate::calendar::Day;
use crate::schema::{Kind, NoAnswer};
use crate::sheet::{Language, Profile};
use crate::significance::{Findings, find};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, Interval, Level, RowRole, Shown, Table};

/// What a tidy line says of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Respondents.
    N,
    /// Σw.
    Wn,
    /// Respondents of the base.
    Base,
    /// Σw of the base.
    Wbase,
    /// Kish's effective base.
    Ebase,
    /// Mentions.
    Mentions,
    /// Σw of mentions.
    Wmentions,
    /// Percentage within the banner group.
    ColPct,
    /// Percentage of those who gave the answer.
    RowPct,
    /// Percentage of all in the table.
    TotPct,
    /// Percentage of the group's mentions.
    MentionPct,
    /// Points from the total.
    Diff,
    /// Percentage or mean where the total's is 100.
    Index,
    /// Mean of a number.
    Mean,
    /// Standard deviation.
    Sd,
    /// Quartile 1.
    P25,
    /// Median.
    Median,
    /// Quartile 3.
    P75,
    /// Σwx.
    Total,
    /// Σwx of one number for each so many of another.
    Ratio,
    /// Σwx above the line of a ratio.
    Numerator,
    /// Σwx below it.
    Denominator,
    /// Earliest day.
    Earliest,
    /// The first day by which half are reached.
    Middle,
    /// Latest day.
    Latest,
    /// Standard error of the percentage within the group, in points.
    ColPctSe,
    /// Its interval: lower end.
    ColPctLo,
    /// Upper end.
    ColPctHi,
    /// Standard error of a mean.
    MeanSe,
    /// Its interval: lower end.
    MeanLo,
    /// Upper end.
    MeanHi,
    /// Lower end of the interval of quartile 1, 2 or 3.
    QuartileLo(usize),
    /// Upper end.
    QuartileHi(usize),
    /// Standard error of a total, or of a weighted count.
    TotalSe,
    /// Its interval: lower end.
    TotalLo,
    /// Upper end.
    TotalHi,
    /// Standard error of a ratio.
    RatioSe,
    /// Its interval: lower end.
    RatioLo,
    /// Upper end.
    RatioHi,
    /// Design effect of a percentage or a mean.
    Deff,
    /// Adjusted standardised residual.
    Residual,
    /// Letters of the columns it is larger than.
    Letters,
}

/// Every measure with its name in the `measure` column, in the order written.
pub const MEASURES: [(Measure, &str); 46] = [
    (Measure::N, "n"),
    (Measure::Wn, "wn"),
    (Measure::Base, "base"),
    (Measure::Wbase, "wbase"),
    (Measure::Ebase, "ebase"),
    (Measure::Mentions, "mentions"),
    (Measure::Wmentions, "wmentions"),
    (Measure::ColPct, "col_pct"),
    (Measure::RowPct, "row_pct"),
    (Measure::TotPct, "tot_pct"),
    (Measure::MentionPct, "mention_pct"),
    (Measure::Diff, "diff"),
    (Measure::Index, "index"),
    (Measure::Mean, "mean"),
    (Measure::Sd, "sd"),
    (Measure::P25, "p25"),
    (Measure::Median, "median"),
    (Measure::P75, "p75"),
    (Measure::Total, "total"),
    (Measure::Ratio, "ratio"),
    (Measure::Numerator, "numerator"),
    (Measure::Denominator, "denominator"),
    (Measure::Earliest, "earliest"),
    (Measure::Middle, "middle"),
    (Measure::Latest, "latest"),
    (Measure::ColPctSe, "col_pct_se"),
    (Measure::ColPctLo, "col_pct_lo"),
    (Measure::ColPctHi, "col_pct_hi"),
    (Measure::MeanSe, "mean_se"),
    (Measure::MeanLo, "mean_lo"),
    (Measure::MeanHi, "mean_hi"),
    (Measure::QuartileLo(1), "p25_lo"),
    (Measure::QuartileHi(1), "p25_hi"),
    (Measure::QuartileLo(2), "median_lo"),
    (Measure::QuartileHi(2), "median_hi"),
    (Measure::QuartileLo(3), "p75_lo"),
    (Measure::QuartileHi(3), "p75_hi"),
    (Measure::TotalSe, "total_se"),
    (Measure::TotalLo, "total_lo"),
    (Measure::TotalHi, "total_hi"),
    (Measure::RatioSe, "ratio_se"),
    (Measure::RatioLo, "ratio_lo"),
    (Measure::RatioHi, "ratio_hi"),
    (Measure::Deff, "deff"),
    (Measure::Residual, "residual"),
    (Measure::Letters, "letters"),
];

/// The columns of the format.
pub const COLUMNS: [&str; 17] = [
    "table",
    "row",
    "row_code",
    "row_label",
    "col",
    "col_code",
    "col_label",
    "measure",
    "value",
    "note",
    "row_role",
    "col_role",
    "col_letter",
    "base_kind",
    "wave",
    "filter",
    "weight",
];

impl Measure {
    /// Whether it needs the variance of an estimate.
    pub fn is_of_variance(self) -> bool {
        matches!(
            self,
            Measure::ColPctSe
                | Measure::ColPctLo
                | Measure::ColPctHi
                | Measure::MeanSe
                | Measure::MeanLo
                | Measure::MeanHi
                | Measure::QuartileLo(_)
                | Measure::QuartileHi(_)
                | Measure::TotalSe
                | Measure::TotalLo
                | Measure::TotalHi
                | Measure::RatioSe
                | Measure::RatioLo
                | Measure::RatioHi
                | Measure::Deff
        )
    }

    fn applies(self, table: &Table, findings: &Findings, row: usize, column: usize) -> bool {
        let score = table.stub[row].role == RowRole::Score;
        let number = score || table.stub[row].role == RowRole::Number;
        let date = table.question.kind == Kind::Date;
        let ratio = table.stub[row].role == RowRole::Ratio;
        let measured = number || ratio;
        let of_missing = table.stub[row].role == RowRole::Missing;
        // Those missing on the banner are compared with nobody.
        let group = matches!(table.columns[column].role, ColumnRole::Group | ColumnRole::Subtotal);
        match self {
            Measure::N | Measure::Wn | Measure::Base | Measure::Wbase | Measure::Ebase => true,
            Measure::Mentions | Measure::Wmentions | Measure::MentionPct => {
                table.has_mentions() && !of_missing
            }
            Measure::ColPct => !measured,
            Measure::RowPct => !measured && group,
            Measure::TotPct => !measured && !of_missing && group,
            Measure::Diff => group && (!measured || table.stub[row].per == Some(100)),
            Measure::Index => {
                let counted = !matches!(table.question.kind, Kind::Number | Kind::Ratio);
                group && !date && (measured || counted)
            }
            _ if self.is_of_variance() && table.spread().is_none() => false,
            Measure::ColPctSe | Measure::ColPctLo | Measure::ColPctHi => !measured,
            Measure::Deff => !ratio && !date,
            Measure::QuartileLo(_) | Measure::QuartileHi(_) => {
                number && !date && table.question.kind != Kind::Ratio
            }
            Measure::TotalSe | Measure::TotalLo | Measure::TotalHi => !score && !ratio && !date,
            Measure::RatioSe | Measure::RatioLo | Measure::RatioHi => ratio,
            Measure::MeanSe | Measure::MeanLo | Measure::MeanHi => (number && !date) || table.has_points(row),
            Measure::Mean if table.has_points(row) => true,
            Measure::Mean | Measure::Sd | Measure::P25 | Measure::Median | Measure::P75 => number && !date,
            // A sum of scores says nothing.
            Measure::Total => number && !score && !date,
            Measure::Ratio | Measure::Numerator | Measure::Denominator => ratio,
            Measure::Earliest | Measure::Middle | Measure::Latest => number && date,
            Measure::Residual => findings.residuals.get(row).is_some_and(|row| row[column].is_some()),
            Measure::Letters => {
                let group = table.columns[column].role == ColumnRole::Group;
                findings.lettering.is_some() && group && !of_missing && !date
            }
        }
    }

    fn of(
        self,
        table: &Table,
        findings: &Findings,
        row: usize,
        column: usize,
        level: Level,
    ) -> Shown<Number> {
        let real = |shown: Shown<f64>| shown.and_then(|real| Some(Number::Real(real)));
        let low = |interval: Shown<Interval>| interval.and_then(|interval| Some(Number::Real(interval.low?)));
        let high =
            |interval: Shown<Interval>| interval.and_then(|interval| Some(Number::Real(interval.high?)));
        let base = table.shown_base(row, column);
        let count = |n: u64| Number::Exact(Ratio::whole(i128::from(n)));
        let day = |which: usize| table.days(row, column).and_then(|days| Some(Number::Day(Day(days[which]))));
        let weight = |w: i128| Some(Number::Exact(table.weight_sum(w)));
        let exact = |shown: Shown<Ratio>| shown.and_then(|ratio| Some(Number::Exact(ratio)));
        match self {
            Measure::N => table.cell(row, column).and_then(|cell| Some(count(cell.n))),
            Measure::Wn => table.cell(row, column).and_then(|cell| weight(cell.w)),
            Measure::Base => base.and_then(|base| Some(count(base.n))),
            Measure::Wbase => base.and_then(|base| weight(base.w)),
            Measure::Ebase => exact(base.and_then(|base| base.effective())),
            Measure::Mentions => table.mentions(row, column).and_then(|mentions| Some(count(mentions.n))),
            Measure::Wmentions => table.mentions(row, column).and_then(|mentions| weight(mentions.w)),
            Measure::ColPct => exact(table.column_percent(row, column)),
            Measure::RowPct => exact(table.row_percent(row, column)),
            Measure::TotPct => exact(table.total_percent(row, column)),
            Measure::MentionPct => exact(table.mention_percent(row, column)),
            Measure::Diff => exact(table.difference(row, column)),
            Measure::Index => exact(table.index(row, column)),
            Measure::Mean => exact(table.mean(row, column)),
            Measure::Sd => table.standard_deviation(row, column).and_then(|sd| Some(Number::Real(sd))),
            Measure::P25 => exact(table.quartile(row, column, 1)),
            Measure::Median => exact(table.quartile(row, column, 2)),
            Measure::P75 => exact(table.quartile(row, column, 3)),
            Measure::Total => exact(table.total(row, column)),
            Measure::Ratio => exact(table.ratio(row, column)),
            Measure::Numerator => exact(table.total(row, column)),
            Measure::Denominator => exact(table.denominator(row, column)),
            Measure::Earliest => day(0),
            Measure::Middle => day(1),
            Measure::Latest => day(2),
            Measure::ColPctSe => real(table.share_error(row, column)),
            Measure::ColPctLo => low(table.share_interval(row, column, level)),
            Measure::ColPctHi => high(table.share_interval(row, column, level)),
            Measure::MeanSe | Measure::RatioSe => real(table.mean_error(row, column)),
            Measure::MeanLo | Measure::RatioLo => low(table.mean_interval(row, column, level)),
            Measure::MeanHi | Measure::RatioHi => high(table.mean_interval(row, column, level)),
            Measure::QuartileLo(which) => low(table.quartile_interval(row, column, which, level)),
            Measure::QuartileHi(which) => high(table.quartile_interval(row, column, which, level)),
            Measure::TotalSe => real(table.total_error(row, column)),
            Measure::TotalLo => low(table.total_interval(row, column, level)),
            Measure::TotalHi => high(table.total_interval(row, column, level)),
            Measure::Deff => real(table.design_effect(row, column)),
            Measure::Residual => {
                let residual = findings.residuals.get(row).and_then(|row| row[column]);
                residual.map_or(Shown::Undefined, |z| Shown::Value(Number::Real(z)))
            }
            // Not a number: written by `letters`.
            Measure::Letters => Shown::Undefined,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Number {
    Exact(Ratio),
    Real(f64),
    Day(Day),
}

impl Number {
    /// The shortest text that reads back as the same double; whole numbers without a point.
    fn write(self, line: &mut String) {
        // Writing into a string does not fail.
        _ = match self {
            Number::Exact(ratio) if ratio.denominator() == 1 => write!(line, "{}", ratio.numerator()),
            Number::Exact(ratio) => write!(line, "{}", ratio.to_f64()),
            Number::Real(real) => write!(line, "{real}"),
            Number::Day(day) => write!(line, "{}", day.civil().iso()),
        };
    }
}

/// What is written.
pub struct TidyStyle<'a> {
    /// Measures, written in the order of [`MEASURES`], those that apply to the cell.
    pub measures: &'a [Measure],
    /// Statistics of whole tables.
    pub statistics: &'a [&'a str],
    /// Language, tests and comparisons, and the number of respondents under which a line's note says so.
    pub profile: &'a Profile,
}

/// Writes all tables.
///
/// # Errors
/// Those of `out`.
pub fn tidy(out: &mut dyn io::Write, tables: &[Table], style: &TidyStyle) -> io::Result<()> {
    let TidyStyle { measures, statistics, profile } = *style;
    let (low_base, language) = (profile.low_base, profile.language);
    let level = profile.interval.unwrap_or_default();
    let chosen: Vec<(Measure, &str)> =
        MEASURES.iter().copied().filter(|(measure, _)| measures.contains(measure)).collect();
    // A line is put together from parts made once for its row and its column: there are many lines.
    let mut lines = COLUMNS.join(",") + "\n";
    let mut columns: Vec<ColumnParts> = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        // The tables of one request have the same columns, if not the same base.
        let before = number.checked_sub(1).map(|before| &tables[before]);
        if !before.is_some_and(|before| same_columns(before, table)) {
            columns =
                (0..table.columns.len()).map(|column| ColumnParts::of(table, column, language)).collect();
        }
        let findings = find(table, &profile.significance);
        for (row, stub) in table.stub.iter().enumerate() {
            let code = stub.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let label = match (stub.role, &stub.code) {
                (RowRole::Missing, None) => language.words().no_answer,
                _ => &stub.label,
            };
            let before =
                format!("{},{},{},{},", number + 1, field(&stub.question), field(&code), field(label));
            let role = super::row_role(stub.role);
            for (column, parts) in columns.iter().enumerate() {
                for (measure, name) in
                    chosen.iter().filter(|(measure, _)| measure.applies(table, &findings, row, column))
                {
                    for part in [&before, &parts.before, *name, ","] {
                        lines.push_str(part);
                    }
                    let note = match measure.of(table, &findings, row, column, level) {
                        _ if *measure == Measure::Letters => {
                            let letters =
                                findings.lettering.as_ref().map(|found| &found.letters[row][column]);
                            lines.push_str(&field(letters.map_or("", String::as_str)));
                            if table.base(row, column).n < low_base { "low_base" } else { "" }
                        }
                        Shown::Value(value) => {
                            value.write(&mut lines);
                            if table.base(row, column).n < low_base { "low_base" } else { "" }
                        }
                        Shown::Suppressed => "suppressed",
                        Shown::Undefined => "undefined",
                    };
                    for part in [",", note, ",", role, &parts.after] {
                        lines.push_str(part);
                    }
                }
                if lines.len() > 1 << 16 {
                    out.write_all(lines.as_bytes())?;
                    lines.clear();
                }
            }
        }
        let letters = chosen.iter().any(|(measure, _)| *measure == Measure::Letters);
        of_whole_table(&mut lines, number, table, &findings, (statistics, letters), profile);
    }
    out.write_all(lines.as_bytes())
}

/// Lines of tests, and of what letters are.
fn of_whole_table(
    lines: &mut String,
    number: usize,
    table: &Table,
    findings: &Findings,
    (statistics, letters): (&[&str], bool),
    profile: &Profile,
) {
    let base_kind = base_kind(table);
    let wave = field(table.wave.as_ref().map_or("", |(id, _)| id));
    let filter = field(table.filter.as_deref().unwrap_or(""));
    let weight = field(table.weight.as_deref().unwrap_or(""));
    let mut line = |(banner, column): (Option<usize>, Option<usize>),
                    row: Option<usize>,
                    measure: &str,
                    value: Option<f64>,
                    note: &str| {
        let stub = row.map(|row| &table.stub[row]);
        let question = field(stub.map_or(&table.question.id, |stub| &stub.question));
        let code = stub.and_then(|stub| stub.code.as_ref()).map(ToString::to_string).unwrap_or_default();
        let label = field(stub.map_or("", |stub| &stub.label));
        // A test within a group stands in the group's column.
        let (col, role) = match column {
            Some(column) => (column_fields(table, column, profile.language), "group"),
            None => (field(&path(table, banner)) + ",,", "banner"),
        };
        let value = value.map(|value| value.to_string()).unwrap_or_default();
        // Writing into a string does not fail.
        _ = writeln!(
            lines,
            "{},{question},{},{label},{col},{measure},{value},{},test,{role},,{base_kind},{wave},{filter},{weight}",
            number + 1,
            field(&code),
            field(note),
        );
    };
    for test in &findings.tests {
        match &test.values {
            Ok(values) => {
                let drawn = crate::sheet::drawn(test, Language::English).unwrap_or_default();
                for (statistic, value) in values.iter().filter(|(name, _)| statistics.contains(&name.0)) {
                    let note = if statistic.0 == "fisher_p" { drawn.as_str() } else { "" };
                    line((test.banner, test.column), test.row, statistic.0, Some(*value), note);
                }
            }
            Err(why) if statistics.contains(&test.test.statistic().0) => {
                let note = format!("not_run: {}", why.words(Language::English));
                line((test.banner, test.column), test.row, test.test.statistic().0, None, &note);
            }
            Err(_) => {}
        }
    }
    let Some(lettering) = findings.lettering.as_ref().filter(|_| letters) else { return };
    let definition = crate::sheet::definition(&profile.significance, table, Language::English);
    let definition = definition.unwrap_or_default();
    let caveat = crate::sheet::caveat(profile.significance.sampling, Language::English);
    let note = [Some(definition.as_str()), caveat].into_iter().flatten().collect::<Vec<_>>().join("; ");
    for banner in (0..table.banners.len()).filter(|&banner| table.banners[banner].subtotal_of.is_none()) {
        match lettering.not_run.iter().find(|(refused, _)| *refused == banner) {
            None => line((Some(banner), None), None, "letters", None, &note),
            Some((_, why)) => {
                line(
                    (Some(banner), None),
                    None,
                    "letters",
                    None,
                    &format!("not_run: {}", why.words(Language::English)),
                );
            }
        }
    }
}

fn base_kind(table: &Table) -> &'static str {
    match table.no_answer {
        NoAnswer::Include => "include",
        NoAnswer::Exclude => "exclude",
    }
}

/// The ids of a banner's questions; of the Total nothing.
fn path(table: &Table, banner: Option<usize>) -> String {
    let ids = banner.map(|banner| table.banners[banner].path.iter().map(|question| question.id.as_str()));
    ids.into_iter().flatten().collect::<Vec<_>>().join(">")
}

fn same_columns(one: &Table, other: &Table) -> bool {
    let banners = |table: &Table| table.banners.iter().map(|banner| banner.path.clone()).collect::<Vec<_>>();
    one.columns == other.columns
        && banners(one) == banners(other)
        && (&one.filter, &one.weight, one.no_answer) == (&other.filter, &other.weight, other.no_answer)
}

/// What the lines of a column have in common.
struct ColumnParts {
    /// `col,col_code,col_label,`
    before: String,
    /// `,col_role,col_letter,base_kind,wave,filter,weight` and the end of the line.
    after: String,
}

impl ColumnParts {
    fn of(table: &Table, column: usize, language: Language) -> ColumnParts {
        let letter = &table.columns[column].letter;
        let role = match table.columns[column].role {
            ColumnRole::Total => "total",
            ColumnRole::Group => "group",
            ColumnRole::Subtotal => "subtotal",
            ColumnRole::Missing => "missing",
        };
        let base_kind = base_kind(table);
        let wave = field(table.wave.as_ref().map_or("", |(id, _)| id));
        let filter = field(table.filter.as_deref().unwrap_or(""));
        let weight = field(table.weight.as_deref().unwrap_or(""));
        ColumnParts {
            before: column_fields(table, column, language) + ",",
            after: format!(",{role},{letter},{base_kind},{wave},{filter},{weight}\n"),
        }
    }
}

/// `col,col_code,col_label`; nested banners as `a>b` with codes `1>2`.
fn column_fields(table: &Table, column: usize, language: Language) -> String {
    let here = &table.columns[column];
    let path = path(table, here.banner);
    let codes: Vec<String> = here.codes.iter().map(ToString::to_string).collect();
    let label = match here.role {
        ColumnRole::Missing => language.words().no_answer.to_string(),
        ColumnRole::Total | ColumnRole::Group | ColumnRole::Subtotal => here.labels.join(" > "),
    };
    format!("{},{},{}", field(&path), field(&codes.join(">")), field(&label))
}

/// A CSV field, quoted where it must be; what a spreadsheet would take for a formula is made text.
pub(super) fn field(text: &str) -> String {
    let text = super::csv::harmless(text);
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
