//! `[deck]` as it was typed: every key read, no name resolved.

use super::written::{code, texts};
use crate::chart::Kind;
use crate::diag::{Diagnostic, quote};
use crate::report::{DeckFolio, DeckSize};
use crate::toml::{Keys, Mistakes, Typed, Value};

const SIZES: [(&str, DeckSize); 2] = [("16:9", DeckSize::Wide), ("a4", DeckSize::A4)];

/// `[deck]`
pub(super) struct WrittenDeck {
    pub size: DeckSize,
    pub template: Option<Typed<String>>,
    pub title: Option<Typed<String>>,
    pub subtitle: Option<Typed<String>>,
    pub cover_note: Option<Typed<String>>,
    pub footer: Option<Typed<String>>,
    pub figures: Vec<Typed<String>>,
    pub whole: Option<String>,
    pub nation: Option<String>,
    pub group_colour: Option<(u8, u8, u8)>,
    pub other_colour: Option<(u8, u8, u8)>,
    pub compare: Option<Typed<String>>,
    pub lists: bool,
    pub most_listed: usize,
    pub slides: Vec<WrittenSlide>,
}

/// `[[deck.slides]]`
pub(super) struct WrittenSlide {
    pub number: Option<String>,
    pub headline: Typed<String>,
    pub messages: Vec<WrittenMessage>,
    /// One message and no other to take instead.
    pub alone: bool,
    pub figures: Vec<Typed<String>>,
    pub section: Option<String>,
    /// `None`: from the schema.
    pub question: Option<Vec<Typed<String>>>,
    pub text: Vec<Typed<String>>,
    /// Findings, each with what it means.
    pub results: Vec<(Typed<String>, Vec<Typed<String>>)>,
    pub about: bool,
    pub charts: Vec<WrittenChart>,
    /// Each with the figures without which it does not stand.
    pub notes: Vec<(Typed<String>, Vec<Typed<String>>)>,
    pub footnotes: Vec<Typed<String>>,
    pub list: Option<Typed<String>>,
    pub rank: Option<Typed<String>>,
    /// A chart of all groups by that answer.
    pub ranking: bool,
    /// A table of who gave which answer.
    pub names: Option<Typed<bool>>,
    /// A table of the figures instead of charts.
    pub table: bool,
    pub folio: DeckFolio,
    pub speaker: Vec<Typed<String>>,
}

/// A sentence, or where one comes from.
pub(super) enum WrittenMessage {
    /// These words, and the figures that they lean on beside those of the slide.
    Fixed(Typed<String>, Vec<Typed<String>>),
    /// What is true of these rows.
    Say(Typed<String>),
    /// What is true of the slide's first chart.
    Phrase,
    /// Where the group stands by the answer that groups are ranked by.
    Standing(std::ops::Range<usize>),
}

/// Charts of one slide.
pub(super) struct WrittenChart {
    pub rows: Typed<String>,
    pub answers: Vec<Typed<String>>,
    pub grid_rows: Vec<Typed<String>>,
    pub kind: Option<Kind>,
    pub compare: Option<Typed<String>>,
    pub filter: Option<Typed<String>>,
}

pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> WrittenDeck {
    keys.require("title");
    let (mut group_colour, mut other_colour) = (None, None);
    if let Some(mut palette) = keys.table("palette", mistakes) {
        group_colour = colour(&mut palette, "group", mistakes);
        other_colour = colour(&mut palette, "others", mistakes);
        palette.finish(mistakes);
    }
    let most = keys.integer("most_listed", mistakes);
    if let Some(most) = most.as_ref().filter(|most| !(1..=100).contains(&most.value)) {
        let error = "expected a number from 1 to 100 for `most_listed`";
        mistakes.error(&most.span, Diagnostic::error(error));
    }
    let slides = keys.tables("slides", mistakes);
    let appendix = texts(&mut keys, "appendix", mistakes);
    let deck = WrittenDeck {
        size: keys.word("size", &SIZES, mistakes).map_or(DeckSize::Wide, |typed| typed.value),
        template: keys.text("template", mistakes),
        title: keys.text("title", mistakes),
        subtitle: keys.text("subtitle", mistakes),
        cover_note: keys.text("cover_note", mistakes),
        footer: keys.text("footer", mistakes),
        figures: texts(&mut keys, "figures", mistakes),
        whole: keys.text("whole", mistakes).map(|typed| typed.value),
        nation: keys.text("nation", mistakes).map(|typed| typed.value),
        group_colour,
        other_colour,
        compare: keys.text("compare", mistakes),
        lists: keys.flag("lists", mistakes).is_none_or(|typed| typed.value),
        most_listed: most.and_then(|most| usize::try_from(most.value).ok()).unwrap_or(10),
        slides: slides
            .into_iter()
            .map(|keys| slide(keys, mistakes))
            .chain(appendix.into_iter().map(appended))
            .collect(),
    };
    keys.finish(mistakes);
    deck
}

/// `E4007F`, with `#` or without.
fn colour(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<(u8, u8, u8)> {
    let typed = keys.text(key, mistakes)?;
    let digits = typed.value.strip_prefix('#').unwrap_or(&typed.value);
    let hexadecimal = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(number) = u32::from_str_radix(digits, 16).ok().filter(|_| hexadecimal) else {
        let error = format!("expected a colour such as `E4007F` for `{key}`, found {}", quote(&typed.value));
        mistakes.error(&typed.span, Diagnostic::error(error));
        return None;
    };
    let [_, red, green, blue] = number.to_be_bytes();
    Some((red, green, blue))
}

fn slide(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> WrittenSlide {
    keys.require("headline");
    let span = keys.span().clone();
    let (messages, alone) = messages(&mut keys, mistakes);
    let charts = charts(&mut keys, mistakes);
    let question = match keys.value("question") {
        None => None,
        Some(value) if value.is_list() => Some(
            value
                .list(mistakes)
                .map_or_else(Vec::new, |list| list.value)
                .iter()
                .filter_map(|value| value.text(mistakes))
                .collect(),
        ),
        Some(value) => Some(value.text(mistakes).into_iter().collect()),
    };
    let folio = match keys.value("folio") {
        None => DeckFolio::Counted,
        Some(value) if value.is_flag() => match value.flag(mistakes) {
            Some(flag) if !flag.value => DeckFolio::None,
            _ => DeckFolio::Counted,
        },
        Some(value) => value.text(mistakes).map_or(DeckFolio::Counted, |text| DeckFolio::Fixed(text.value)),
    };
    let results = keys.tables("results", mistakes).into_iter().filter_map(|mut keys| {
        keys.require("finding");
        let (finding, meaning) = (keys.text("finding", mistakes), texts(&mut keys, "meaning", mistakes));
        keys.finish(mistakes);
        Some((finding?, meaning))
    });
    let results = results.collect();
    let slide = WrittenSlide {
        number: keys.text("number", mistakes).map(|typed| typed.value),
        headline: keys.text("headline", mistakes).unwrap_or(Typed { value: String::new(), span }),
        messages,
        alone,
        figures: texts(&mut keys, "figures", mistakes),
        section: keys.text("section", mistakes).map(|typed| typed.value),
        question,
        text: texts(&mut keys, "text", mistakes),
        results,
        about: keys.flag("about", mistakes).is_some_and(|typed| typed.value),
        charts,
        notes: notes(&mut keys, mistakes),
        footnotes: texts(&mut keys, "footnotes", mistakes),
        list: keys.value("list").and_then(|value| code(&value, mistakes)),
        rank: keys.value("rank").and_then(|value| code(&value, mistakes)),
        ranking: keys.flag("ranking", mistakes).is_some_and(|typed| typed.value),
        names: keys.flag("names", mistakes).filter(|typed| typed.value),
        table: keys.flag("table", mistakes).is_some_and(|typed| typed.value),
        folio,
        speaker: texts(&mut keys, "speaker", mistakes),
    };
    keys.finish(mistakes);
    slide
}

/// A slide of the appendix: the figures of some rows as a table.
fn appended(rows: Typed<String>) -> WrittenSlide {
    let chart = WrittenChart {
        rows: rows.clone(),
        answers: Vec::new(),
        grid_rows: Vec::new(),
        kind: None,
        compare: None,
        filter: None,
    };
    WrittenSlide {
        number: None,
        // Of which question it is, the plan says.
        headline: rows,
        messages: Vec::new(),
        alone: false,
        figures: Vec::new(),
        section: None,
        question: None,
        text: Vec::new(),
        results: Vec::new(),
        about: false,
        charts: vec![chart],
        notes: Vec::new(),
        footnotes: Vec::new(),
        list: None,
        rank: None,
        ranking: false,
        names: None,
        table: true,
        folio: DeckFolio::Counted,
        speaker: Vec::new(),
    }
}

/// Texts, some as `{ text = "…", figures = ["…"] }`.
fn notes(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<(Typed<String>, Vec<Typed<String>>)> {
    let list = keys.list("notes", mistakes).map_or_else(Vec::new, |list| list.value);
    let note = |value: &Value<'_>| {
        if !value.is_table() {
            return value.text(mistakes).map(|text| (text, Vec::new()));
        }
        let mut keys = value.table("notes", mistakes)?;
        keys.require("text");
        let note = (keys.text("text", mistakes), texts(&mut keys, "figures", mistakes));
        keys.finish(mistakes);
        note.0.map(|text| (text, note.1))
    };
    list.iter().filter_map(note).collect()
}

fn codes(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Vec<Typed<String>> {
    let list = keys.list(key, mistakes).map_or_else(Vec::new, |list| list.value);
    list.iter().filter_map(|value| code(value, mistakes)).collect()
}

/// The message or its alternatives, and whether there is but one.
fn messages(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> (Vec<WrittenMessage>, bool) {
    let Some(value) = keys.value("message") else { return (Vec::new(), false) };
    match value.is_list() {
        true => {
            let list = value.list(mistakes).map_or_else(Vec::new, |list| list.value);
            (list.iter().filter_map(|value| message(value, mistakes)).collect(), false)
        }
        false => (message(&value, mistakes).into_iter().collect(), true),
    }
}

fn message(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<WrittenMessage> {
    if !value.is_table() {
        return value.text(mistakes).map(|text| WrittenMessage::Fixed(text, Vec::new()));
    }
    let mut keys = value.table("message", mistakes)?;
    let span = keys.span().clone();
    let (text, say) = (keys.text("text", mistakes), keys.text("say", mistakes));
    let phrase = keys.flag("phrase", mistakes).is_some_and(|typed| typed.value);
    let standing = keys.flag("standing", mistakes).is_some_and(|typed| typed.value);
    let figures = texts(&mut keys, "figures", mistakes);
    keys.finish(mistakes);
    match (text, say, phrase, standing) {
        (Some(text), None, false, false) => Some(WrittenMessage::Fixed(text, figures)),
        (None, Some(say), false, false) => Some(WrittenMessage::Say(say)),
        (None, None, true, false) => Some(WrittenMessage::Phrase),
        (None, None, false, true) => Some(WrittenMessage::Standing(span)),
        _ => {
            let error = "expected one of `text`, `say`, `phrase = true` and `standing = true` for a message";
            mistakes.error(&span, Diagnostic::error(error));
            None
        }
    }
}

/// The charts: `rows` of the slide itself, or `charts` with rows of their own.
fn charts(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<WrittenChart> {
    let several = keys.tables("charts", mistakes);
    // What the slide compares with, its charts do.
    let compare = keys
        .value("compare")
        .and_then(|value| value.as_text().map(|text| Typed { value: text.to_string(), span: value.span() }));
    let own = of_rows(keys, mistakes);
    if let (false, Some(span)) = (several.is_empty() || own.is_empty(), keys.key_span("charts")) {
        let error = "expected `rows` or `charts`, found both";
        mistakes.error(&span, Diagnostic::error(error).hint("charts have rows of their own"));
    }
    let several = several.into_iter().flat_map(|mut keys| {
        keys.require("rows");
        let mut charts = of_rows(&mut keys, mistakes);
        keys.finish(mistakes);
        for chart in &mut charts {
            chart.compare = chart.compare.take().or(compare.clone());
        }
        charts
    });
    let several: Vec<WrittenChart> = several.collect();
    own.into_iter().chain(several).collect()
}

fn of_rows(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<WrittenChart> {
    let rows = texts(keys, "rows", mistakes);
    let answers = codes(keys, "answers", mistakes);
    let grid_rows = texts(keys, "grid_rows", mistakes);
    let kind = keys.word("kind", &Kind::ALL, mistakes).map(|typed| typed.value);
    let compare = keys.text("compare", mistakes);
    let filter = keys.text("filter", mistakes);
    rows.into_iter()
        .map(|rows| WrittenChart {
            rows,
            answers: answers.clone(),
            grid_rows: grid_rows.clone(),
            kind,
            compare: compare.clone(),
            filter: filter.clone(),
        })
        .collect()
}
