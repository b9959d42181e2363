//! 調査概要: what the survey was.

use super::{Cell, Language, Role, Sheet, standing_notes};
use crate::diag::thousands;
use crate::disclosure::stated;
use crate::schema::Survey;

/// What is known of the survey, in the order the schema has it, and how many `respondents` the data hold, with what is
/// said of disclosure control; `None` when nothing is known.
pub fn about(survey: &Survey, respondents: Option<u64>, language: Language) -> Option<Sheet> {
    let mut sheet = in_brief(survey, respondents, language)?;
    // Whoever reads a publication must know whether small numbers are hidden, and which.
    let said = stated(survey, language == Language::Japanese);
    sheet.body.extend(said.split_once(": ").map(|(label, text)| line(label, text)));
    Some(sheet)
}

fn line(label: &str, text: &str) -> Vec<Cell> {
    vec![Cell::text(label, Role::Label), Cell::text(text, Role::Label)]
}

/// The same for those who have the data, from whom nothing is hidden.
pub fn in_brief(survey: &Survey, respondents: Option<u64>, language: Language) -> Option<Sheet> {
    let label = |label: &str| match (language, label) {
        (Language::English, "調査対象") => "Population".to_string(),
        (Language::English, "調査方法") => "Mode".to_string(),
        (Language::English, "調査期間") => "Field period".to_string(),
        (Language::English, "配布数") => "Sent".to_string(),
        (_, label) => label.to_string(),
    };
    let mut lines: Vec<(String, String)> =
        survey.about.iter().map(|(own, text)| (label(own), text.clone())).collect();
    if let Some(respondents) = respondents {
        let unit = language.choose(survey.unit.as_str(), "");
        let count = format!("{}{unit}", thousands(respondents));
        lines.push((language.choose("有効回答数", "Respondents").to_string(), count));
    }
    if lines.is_empty() {
        return None;
    }
    let wave = survey.wave.as_ref().map(|wave| match language {
        Language::Japanese => format!("（{}）", wave.label),
        Language::English => format!(" ({})", wave.label),
    });
    Some(Sheet {
        title: format!("{}{}", survey.title, wave.unwrap_or_default()),
        above: Vec::new(),
        header: vec![vec![
            Cell::text(language.choose("調査概要", "About the survey"), Role::Header),
            Cell::text("", Role::Header),
        ]],
        body: lines.iter().map(|(label, text)| line(label, text)).collect(),
        side: 2,
        notes: standing_notes(survey, language),
    })
}
