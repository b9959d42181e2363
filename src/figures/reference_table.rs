//! References as tables of their own: the same items side by side, one column for each reference.

use super::claim::Reference;
use crate::sheet::{Cell, Content, Format, Language, Role, Sheet, Value};
use crate::stats::Ratio;

/// One table for all references that share an item; the items in the order in which they first stand.
pub fn reference_tables(references: &[Reference], language: Language) -> Vec<Sheet> {
    let shares = |one: &Reference, two: &Reference| {
        one.values.iter().any(|value| two.values.iter().any(|other| other.name == value.name))
    };
    let mut tables: Vec<Vec<&Reference>> = Vec::new();
    for reference in references {
        match tables.iter_mut().find(|table| table.iter().any(|known| shares(known, reference))) {
            Some(table) => table.push(reference),
            None => tables.push(vec![reference]),
        }
    }
    tables.iter().map(|table| sheet(table, language)).collect()
}

fn sheet(references: &[&Reference], language: Language) -> Sheet {
    let mut items: Vec<&str> = Vec::new();
    for value in references.iter().flat_map(|reference| &reference.values) {
        if !items.contains(&value.name.as_str()) {
            items.push(&value.name);
        }
    }
    let percents = references
        .iter()
        .map(|reference| format!("{}{}", reference.label, language.choose("（％）", " (%)")));
    let header: Vec<Cell> =
        [String::new()].into_iter().chain(percents).map(|text| Cell::text(text, Role::Header)).collect();
    let mut not_published = false;
    let mut body = Vec::new();
    if references.iter().any(|reference| reference.base.is_some()) {
        let base = |reference: &&Reference| match reference.base {
            Some(base) => {
                let value = Value::Exact(Ratio::whole(i128::from(base)));
                Cell::new(Content::Number(value, Format::Count { decimals: 0 }), Role::Base)
            }
            None => Cell::text("-", Role::Base),
        };
        not_published |= references.iter().any(|reference| reference.base.is_none());
        body.push([Cell::text("n", Role::Label)].into_iter().chain(references.iter().map(base)).collect());
    }
    for name in items {
        let values = || references.iter().flat_map(|reference| &reference.values);
        let label = values().filter(|value| value.name == name).find_map(|value| value.label.as_deref());
        let mut row = vec![Cell::text(label.unwrap_or(name), Role::Label)];
        for reference in references {
            let value = reference.values.iter().find(|value| value.name == name);
            row.push(match value.and_then(|value| value.percent) {
                // A printed 0.0 stays one: 「-」 is what nobody printed.
                Some(percent) => {
                    let format = Format::Measure { decimals: percent.decimals };
                    Cell::new(Content::Number(Value::Exact(percent.value()), format), Role::Data)
                }
                None => {
                    not_published = true;
                    Cell::text("-", Role::Data)
                }
            });
        }
        body.push(row);
    }
    let mut notes = Vec::new();
    if not_published {
        notes.push(language.choose("「-」は公表されていないもの。", "-: not published.").to_string());
    }
    let mut sources: Vec<(&str, Vec<&str>)> = Vec::new();
    for reference in references {
        if reference.assumed {
            notes.push(match language {
                Language::Japanese => format!("{}の値は公表されていない（仮定）。", reference.label),
                Language::English => {
                    format!("The values of {} were not published: assumed.", reference.label)
                }
            });
        }
        let Some(source) = &reference.source else { continue };
        match sources.iter_mut().find(|(known, _)| known == source) {
            Some((_, labels)) => labels.push(&reference.label),
            None => sources.push((source, vec![&reference.label])),
        }
    }
    let one = sources.len() == 1;
    notes.extend(sources.into_iter().map(|(source, labels)| match (language, one) {
        (Language::Japanese, true) => format!("出典: {source}"),
        (Language::Japanese, false) => format!("出典（{}）: {source}", labels.join("、")),
        (Language::English, true) => format!("Source: {source}"),
        (Language::English, false) => format!("Source ({}): {source}", labels.join(", ")),
    }));
    let title = references.iter().find_map(|reference| reference.about.clone());
    Sheet {
        title: title.unwrap_or_else(|| language.choose("公表値", "Published percentages").to_string()),
        above: Vec::new(),
        header: vec![header],
        body,
        side: 1,
        notes,
    }
}
