//! The words around a chart, and what stands out in it.

use super::draft::Draft;
use super::request::ChartRequest;
use super::spec::{ChartSpec, Kind, Role};
use super::values::{column_base, low};
use crate::diag::{Diagnostic, quote, suggestion};
use crate::sheet::{Language, Profile, base_line, interval_notes, table_notes};
use crate::tabulate::Table;

/// The words around a draft.
pub(super) fn worded(
    tables: &[&Table],
    draft: Draft,
    request: &ChartRequest,
    profile: &Profile,
) -> ChartSpec {
    let table = tables[0];
    let language = profile.language;
    let grid = table
        .grid
        .as_deref()
        .filter(|_| tables.len() > 1 && tables.iter().all(|other| other.grid == table.grid));
    let mut title = match grid {
        Some(_) => table.question.text.clone(),
        None => {
            let headings: Vec<&str> = tables.iter().map(|table| table.question.heading.as_str()).collect();
            headings.join(language.choose("／", " / "))
        }
    };
    if title.is_empty() {
        // Means of different questions have no words in common.
        title = language.choose("平均", "Means").to_string();
    }
    if let Some((_, wave)) = &table.wave {
        title.push_str(&language.choose("（{}）", " ({})").replace("{}", wave));
    }
    let mut id = grid.unwrap_or(&table.question.id).to_string();
    if table.is_summary() {
        let code = table.stub.first().and_then(|row| row.code.as_ref());
        id = code.map_or(id.clone(), |code| format!("{id}_{code}"));
    }
    id.extend(tables[1..].iter().filter(|_| grid.is_none()).map(|table| format!("_{}", table.question.id)));
    for (place, banner) in table.banners.iter().filter(|banner| banner.subtotal_of.is_none()).enumerate() {
        title.push_str(if place == 0 { " × " } else { language.choose("、", ", ") });
        let path: Vec<&str> = banner.path.iter().map(|question| question.heading.as_str()).collect();
        title.push_str(&path.join(" > "));
        let ids: Vec<&str> = banner.path.iter().map(|question| question.id.as_str()).collect();
        id.push_str(if place == 0 { "_x_" } else { "_" });
        id.push_str(&ids.join("-"));
    }
    let id = file_name(&id);
    let question = (grid.is_none() && tables.len() == 1 && table.question.text != table.question.heading)
        .then(|| table.question.text.clone())
        .filter(|text| !text.is_empty());

    let mut caption = draft.notes;
    let alone = table.columns.len() == 1 && tables.len() == 1 && !table.has_row_bases();
    let mut of = base_line(table, profile);
    let n = column_base(table, 0, None);
    let told = draft.categories.iter().any(|category| category.n.is_some());
    if let (true, false, Some(n)) = (alone, told, n) {
        let mark = if low(n, profile) { "*" } else { "" };
        of = format!("n={}{mark}{}{of}", crate::diag::thousands(n), language.choose("　", "; "));
    }
    if table.has_mentions() {
        of.push_str(language.choose("　複数回答", "; several answers allowed"));
    }
    caption.push(of);
    if let Some(filter) = &table.filter {
        caption.push(format!("{}{filter}", language.choose("条件: ", "Filter: ")));
    }
    let small = draft.categories.iter().any(|category| category.low_base)
        || draft.series.iter().any(|series| series.low_base)
        || (alone && n.is_some_and(|n| low(n, profile)));
    if small {
        caption.push(small_base(profile));
    }
    if draft.kind == Kind::Interval {
        caption.extend(interval_notes(tables, profile));
    }
    for note in
        tables.iter().flat_map(|table| table_notes(table, profile)).chain(profile.notes.iter().cloned())
    {
        if !caption.contains(&note) {
            caption.push(note);
        }
    }
    ChartSpec {
        id,
        kind: draft.kind,
        title,
        question,
        categories: draft.categories,
        series: draft.series,
        measure: draft.measure,
        ordered: draft.ordered,
        caption,
        source: request.source.clone(),
        language,
    }
}

/// A name that is one on every system, made of ids.
pub(super) fn file_name(ids: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' };
    ids.chars().map(plain).take(80).collect()
}

/// What the mark of a small base means.
pub(super) fn small_base(profile: &Profile) -> String {
    match profile.language {
        Language::Japanese => format!("* は n が {} 未満のため参考値", profile.low_base),
        Language::English => format!("* base under {}: indicative only", profile.low_base),
    }
}

/// Which answer the figures are of, where a chart shows one of several.
pub(super) fn share_of(answer: &str, language: Language) -> String {
    match language {
        Language::Japanese => format!("値は「{answer}」の割合"),
        Language::English => format!("figures are shares of {answer}"),
    }
}

/// Makes what is named stand out: an answer by its code or words, else a group by its words or code.
/// A name that nothing in any chart has is told.
pub(super) fn highlight(charts: &mut [ChartSpec], names: &[String]) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for name in names {
        let mut found = false;
        for chart in charts.iter_mut() {
            found |= highlight_in(chart, name);
        }
        if !found && !charts.is_empty() {
            let words = charts.iter().flat_map(|chart| {
                let categories = chart.categories.iter().map(|category| category.label.as_str());
                categories.chain(chart.series.iter().map(|series| series.name.as_str()))
            });
            let error = Diagnostic::error(format!("nothing to highlight is called {}", quote(name)));
            errors.push(match suggestion(name, words) {
                Some(hint) => error.hint(hint),
                None => error.hint("give the code or the label of an answer or of a group"),
            });
        }
    }
    errors
}

fn highlight_in(chart: &mut ChartSpec, name: &str) -> bool {
    let group = |role: Role| matches!(role, Role::Group | Role::Total);
    // Pairs are of a group that was named, whatever answers have the same code.
    let pairs = matches!(chart.kind, Kind::Pairs | Kind::Combo);
    let pairs = pairs && chart.series.iter().any(|series| group(series.role));
    for by_group in [pairs, !pairs] {
        for by_code in [!by_group, by_group] {
            let fits = |role: Role, code: &Option<String>, label: &str| {
                group(role) == by_group && if by_code { code.as_deref() == Some(name) } else { label == name }
            };
            let mut found = false;
            for series in
                chart.series.iter_mut().filter(|series| fits(series.role, &series.code, &series.name))
            {
                (series.highlight, found) = (true, true);
            }
            for category in chart
                .categories
                .iter_mut()
                .filter(|category| fits(category.role, &category.code, &category.label))
            {
                (category.highlight, found) = (true, true);
            }
            if found {
                return true;
            }
        }
    }
    false
}
