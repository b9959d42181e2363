//! A study as it was typed: every key read, no name resolved.

use std::path::PathBuf;
use std::sync::Arc;

use super::deck_written::{self, WrittenDeck};
use super::groups::SmallGroups;
use crate::calendar::{Civil, Day};
use crate::diag::{Diagnostic, Source};
use crate::frame::{Encoding, ExportLayout, Sheet};
use crate::schema::NoAnswer;
use crate::sheet::{CellChoice, Language, PercentBase};
use crate::significance::{Preset, Test};
use crate::toml::{Document, Keys, Mistakes, Typed, Value};

const LANGUAGES: [(&str, Language); 2] = [("ja", Language::Japanese), ("en", Language::English)];
const ENCODINGS: [(&str, Encoding); 4] = [
    ("utf-8", Encoding::Utf8),
    ("cp932", Encoding::Cp932),
    ("utf-16le", Encoding::Utf16Le),
    ("utf-16be", Encoding::Utf16Be),
];
const CELLS: [(&str, CellChoice); 3] =
    [("count", CellChoice::Count), ("percent", CellChoice::Percent), ("both", CellChoice::Both)];
const PERCENTS: [(&str, Option<PercentBase>); 5] = [
    ("banner", Some(PercentBase::Banner)),
    ("stub", Some(PercentBase::Stub)),
    ("total", Some(PercentBase::Total)),
    ("mention", Some(PercentBase::Mention)),
    ("none", None),
];
const NO_ANSWER: [(&str, NoAnswer); 2] = [("include", NoAnswer::Include), ("exclude", NoAnswer::Exclude)];
const DIGITS: [(&str, bool); 2] = [("half", false), ("full", true)];

const SMALL_GROUPS: [(&str, SmallGroups); 2] = [("skip", SmallGroups::Skip), ("merge", SmallGroups::Merge)];

/// Everything of a study file.
pub(super) struct Written {
    pub source: Arc<Source>,
    pub settings: Settings,
    pub tables: Vec<WrittenTables>,
    pub report: Option<WrittenReport>,
    pub deck: Option<WrittenDeck>,
}

/// `[study]`
pub(super) struct Settings {
    pub schema: Option<Typed<String>>,
    pub overlays: Vec<Typed<String>>,
    pub wave: Option<Typed<String>>,
    pub data: Vec<Typed<String>>,
    pub corrections: Option<Typed<String>>,
    pub encoding: Option<Encoding>,
    pub sheet: Option<Sheet>,
    pub layout: Option<ExportLayout>,
    pub delimiter: Option<u8>,
    pub skip: u64,
    pub header_rows: usize,
    pub lenient: bool,
    pub weight: Option<String>,
    pub weights: Option<Typed<String>>,
    pub weighted: bool,
    pub targets: Option<Typed<String>>,
    pub filter: Option<Typed<String>>,
    pub no_answer: Option<NoAnswer>,
    pub figures: Option<Typed<String>>,
    pub phrases: Option<Typed<String>>,
    pub language: Language,
    pub decimals: u32,
    pub low_base: u64,
    pub smallest: u64,
    pub small_groups: SmallGroups,
    pub class: Option<Typed<String>>,
    pub last: Option<WrittenLast>,
}

/// `last` of `[study]`
pub(super) struct WrittenLast {
    pub data: Typed<String>,
    pub wave: Option<Typed<String>>,
}

/// `[[tables]]`
pub(super) struct WrittenTables {
    pub id: Typed<String>,
    pub title: Option<String>,
    pub rows: Typed<String>,
    pub cols: Option<Typed<String>>,
    pub filter: Option<Typed<String>>,
    pub cell: Option<CellChoice>,
    pub percent: Option<PercentBase>,
    pub sort: bool,
    pub preset: Option<Preset>,
    pub tests: Vec<Test>,
}

/// `[report]`
pub(super) struct WrittenReport {
    pub kind: Option<String>,
    pub date: Option<Day>,
    pub publisher: Option<String>,
    pub title: Option<Typed<String>>,
    pub subtitle: Option<Typed<String>>,
    pub lead: Vec<Typed<String>>,
    pub figures: Vec<Typed<String>>,
    pub results: Option<String>,
    pub section: String,
    pub about: bool,
    pub full_width: bool,
    pub sections: Vec<WrittenSection>,
    pub closing: Vec<(String, Vec<Typed<String>>)>,
}

/// `[[report.sections]]`
pub(super) struct WrittenSection {
    pub headline: Typed<String>,
    pub rows: Option<Typed<String>>,
    pub cols: Option<Typed<String>>,
    pub filter: Option<Typed<String>>,
    pub question: Option<bool>,
    pub charts: bool,
    pub kind: Option<crate::chart::Kind>,
    pub highlight: Vec<String>,
    pub answers: Vec<String>,
    pub table: bool,
    pub preset: Option<Typed<Preset>>,
    pub tests: Vec<Typed<Test>>,
    pub say: bool,
    pub rank: Option<Typed<String>>,
    pub ranking: bool,
    pub figures: Vec<Typed<String>>,
    pub text: Vec<Typed<String>>,
    pub points: Vec<Typed<String>>,
    pub meaning: Vec<Typed<String>>,
    pub view: Vec<Typed<String>>,
    pub view_notes: Vec<Typed<String>>,
    pub issues: Vec<Typed<String>>,
    pub notes: Vec<Typed<String>>,
    pub excerpts: Option<Excerpts>,
}

/// Comments of some respondents, word for word.
pub(super) struct Excerpts {
    pub question: Typed<String>,
    pub respondents: Vec<Typed<String>>,
}

/// Reads the text of a study file.
pub(super) fn read(source: &Arc<Source>) -> Result<(Written, Mistakes), Vec<Diagnostic>> {
    let document = Document::parse(source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(source));
    let mut keys = document.keys();
    keys.require("study");
    let settings = keys.table("study", &mut mistakes).map(|keys| settings_of(keys, &mut mistakes));
    let tables = keys.tables("tables", &mut mistakes);
    let tables = tables.into_iter().filter_map(|keys| tables_of(keys, &mut mistakes)).collect();
    let report = keys.table("report", &mut mistakes).map(|keys| report_of(keys, &mut mistakes));
    let deck = keys.table("deck", &mut mistakes).map(|keys| deck_written::read(keys, &mut mistakes));
    keys.finish(&mut mistakes);
    match settings {
        Some(settings) => {
            Ok((Written { source: Arc::clone(source), settings, tables, report, deck }, mistakes))
        }
        None => Err(mistakes.finish().err().unwrap_or_default()),
    }
}

/// A text, or a list of texts.
pub(super) fn texts(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Vec<Typed<String>> {
    let Some(value) = keys.value(key) else { return Vec::new() };
    match value.is_list() {
        true => {
            let list = value.list(mistakes).map_or_else(Vec::new, |list| list.value);
            list.iter().filter_map(|value| value.text(mistakes)).collect()
        }
        false => value.text(mistakes).into_iter().collect(),
    }
}

/// A whole number from 0 to `most`.
fn whole(keys: &mut Keys<'_>, key: &'static str, most: u64, mistakes: &mut Mistakes) -> Option<u64> {
    let typed = keys.integer(key, mistakes)?;
    let number = u64::try_from(typed.value).ok().filter(|number| *number <= most);
    if number.is_none() {
        let error = Diagnostic::error(format!("expected a number from 0 to {most} for `{key}`"));
        mistakes.error(&typed.span, error);
    }
    number
}

/// A sheet by its name, or by its number.
fn sheet(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Option<Sheet> {
    let value = keys.value("sheet")?;
    if value.as_text().is_some() {
        return value.text(mistakes).map(|typed| Sheet::Name(typed.value));
    }
    let typed = value.integer(mistakes)?;
    let number = usize::try_from(typed.value).ok().filter(|number| *number > 0);
    if number.is_none() {
        mistakes.error(&typed.span, Diagnostic::error("expected a number from 1 on for `sheet`"));
    }
    number.map(Sheet::Number)
}

fn settings_of(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Settings {
    keys.require("schema");
    keys.require("data");
    let delimiter = keys.text("delimiter", mistakes).and_then(|typed| {
        let byte = match typed.value.as_str() {
            "comma" => Some(b','),
            "tab" | "\t" => Some(b'\t'),
            "semicolon" => Some(b';'),
            other => match *other.as_bytes() {
                [byte] if crate::frame::is_delimiter(byte) => Some(byte),
                _ => None,
            },
        };
        if byte.is_none() {
            let error = "expected `comma`, `tab`, `semicolon`, or one sign such as `|`";
            mistakes.error(&typed.span, Diagnostic::error(error));
        }
        byte
    });
    let settings = Settings {
        schema: keys.text("schema", mistakes),
        overlays: texts(&mut keys, "with", mistakes),
        wave: keys.text("wave", mistakes),
        data: texts(&mut keys, "data", mistakes),
        corrections: keys.text("corrections", mistakes),
        encoding: keys.word("encoding", &ENCODINGS, mistakes).map(|typed| typed.value),
        sheet: sheet(&mut keys, mistakes),
        layout: keys.word("layout", &ExportLayout::ALL, mistakes).map(|typed| typed.value),
        delimiter,
        skip: whole(&mut keys, "skip", 1_000_000, mistakes).unwrap_or(0),
        header_rows: whole(&mut keys, "header_rows", 9, mistakes).unwrap_or(1) as usize,
        lenient: keys.flag("lenient", mistakes).is_some_and(|typed| typed.value),
        weight: keys.text("weight", mistakes).map(|typed| typed.value),
        weights: keys.text("weights", mistakes),
        weighted: keys.flag("weighted", mistakes).is_none_or(|typed| typed.value),
        targets: keys.text("targets", mistakes),
        filter: keys.text("filter", mistakes),
        no_answer: keys.word("no_answer", &NO_ANSWER, mistakes).map(|typed| typed.value),
        figures: keys.text("figures", mistakes),
        phrases: keys.text("phrases", mistakes),
        language: keys.word("lang", &LANGUAGES, mistakes).map_or(Language::Japanese, |typed| typed.value),
        decimals: whole(&mut keys, "decimals", 6, mistakes).unwrap_or(1) as u32,
        low_base: whole(&mut keys, "low_base", u64::from(u32::MAX), mistakes).unwrap_or(30),
        smallest: whole(&mut keys, "smallest", u64::from(u32::MAX), mistakes).unwrap_or(10),
        small_groups: keys
            .word("small_groups", &SMALL_GROUPS, mistakes)
            .map_or(SmallGroups::Skip, |typed| typed.value),
        class: keys.text("class", mistakes),
        last: keys.table("last", mistakes).and_then(|mut keys| {
            keys.require("data");
            let (data, wave) = (keys.text("data", mistakes), keys.text("wave", mistakes));
            keys.finish(mistakes);
            Some(WrittenLast { data: data?, wave })
        }),
    };
    keys.finish(mistakes);
    settings
}

fn tables_of(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<WrittenTables> {
    keys.require("id");
    keys.require("rows");
    let id = keys.text("id", mistakes);
    if let Some(id) = &id
        && !is_file_name(&id.value)
    {
        let error = Diagnostic::error(format!(
            "expected letters, digits, `-` and `_` for `id`, found `{}`",
            id.value
        ));
        mistakes.error(&id.span, error.hint("the id is part of file and sheet names"));
    }
    let written = WrittenTables {
        title: keys.text("title", mistakes).map(|typed| typed.value),
        cols: keys.text("cols", mistakes),
        filter: keys.text("filter", mistakes),
        cell: keys.word("cell", &CELLS, mistakes).map(|typed| typed.value),
        percent: keys
            .word("percent", &PERCENTS, mistakes)
            .map_or(Some(PercentBase::Banner), |typed| typed.value),
        sort: keys.flag("sort", mistakes).is_some_and(|typed| typed.value),
        preset: keys.word("sig", &Preset::ALL, mistakes).map(|typed| typed.value),
        tests: tests(&mut keys, mistakes).into_iter().map(|typed| typed.value).collect(),
        rows: keys.text("rows", mistakes).unwrap_or(Typed { value: "all".into(), span: keys.span().clone() }),
        id: id.unwrap_or(Typed { value: String::new(), span: keys.span().clone() }),
    };
    keys.finish(mistakes);
    Some(written)
}

/// `tests`, by name.
fn tests(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Vec<Typed<Test>> {
    let tests = texts(keys, "tests", mistakes).into_iter().filter_map(|typed| {
        let known = Test::ALL.iter().find(|(name, _)| *name == typed.value);
        if known.is_none() {
            let names: Vec<String> = Test::ALL.iter().map(|(name, _)| name.to_string()).collect();
            let error = format!("expected {}, found `{}`", crate::toml::one_of(&names), typed.value);
            mistakes.error(&typed.span, Diagnostic::error(error));
        }
        known.map(|(_, test)| Typed { value: *test, span: typed.span })
    });
    tests.collect()
}

/// Whether a name may be part of a file's name on every system.
fn is_file_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !name.is_empty() && name.len() <= 40 && name.chars().all(plain)
}

fn report_of(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> WrittenReport {
    keys.require("title");
    let date = keys.value("date").and_then(|value| value.date(mistakes));
    let date = date.and_then(|typed| {
        let (year, month, day) = typed.value;
        Civil { year: i64::from(year), month, day }.to_day()
    });
    let sections = keys.tables("sections", mistakes);
    let closing = keys.tables("closing", mistakes).into_iter().filter_map(|mut keys| {
        keys.require("title");
        let title = keys.text("title", mistakes);
        let text = texts(&mut keys, "text", mistakes);
        keys.finish(mistakes);
        Some((title?.value, text))
    });
    let closing = closing.collect();
    let report = WrittenReport {
        kind: keys.text("kind", mistakes).map(|typed| typed.value),
        date,
        publisher: keys.text("publisher", mistakes).map(|typed| typed.value),
        title: keys.text("title", mistakes),
        subtitle: keys.text("subtitle", mistakes),
        lead: texts(&mut keys, "lead", mistakes),
        figures: texts(&mut keys, "figures", mistakes),
        results: keys.text("results", mistakes).map(|typed| typed.value),
        section: keys.text("section", mistakes).map_or_else(|| "{n}．".into(), |typed| typed.value),
        about: keys.flag("about", mistakes).is_none_or(|typed| typed.value),
        full_width: keys.word("digits", &DIGITS, mistakes).is_some_and(|typed| typed.value),
        sections: sections.into_iter().filter_map(|keys| section_of(keys, mistakes)).collect(),
        closing,
    };
    keys.finish(mistakes);
    report
}

fn section_of(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<WrittenSection> {
    keys.require("headline");
    let excerpts = keys.table("excerpts", mistakes).and_then(|mut keys| {
        keys.require("question");
        keys.require("respondents");
        let question = keys.text("question", mistakes);
        let list = keys.list("respondents", mistakes).map_or_else(Vec::new, |list| list.value);
        let respondents = list.iter().filter_map(|value| match value.as_integer(mistakes) {
            Some(integer) => Some(Typed { value: integer?.to_string(), span: value.span() }),
            None => value.text(mistakes),
        });
        let respondents = respondents.collect();
        keys.finish(mistakes);
        Some(Excerpts { question: question?, respondents })
    });
    let charts = chart(&mut keys, mistakes);
    let section = WrittenSection {
        rows: keys.text("rows", mistakes),
        cols: keys.text("cols", mistakes),
        filter: keys.text("filter", mistakes),
        question: keys.flag("question", mistakes).map(|typed| typed.value),
        charts: charts.0,
        kind: charts.1,
        highlight: codes(&mut keys, "highlight", mistakes),
        answers: codes(&mut keys, "answers", mistakes),
        table: keys.flag("table", mistakes).is_some_and(|typed| typed.value),
        preset: keys.word("sig", &Preset::ALL, mistakes),
        tests: tests(&mut keys, mistakes),
        say: keys.flag("say", mistakes).is_some_and(|typed| typed.value),
        rank: keys.value("rank").and_then(|value| code(&value, mistakes)),
        ranking: keys.flag("ranking", mistakes).is_some_and(|typed| typed.value),
        figures: texts(&mut keys, "figures", mistakes),
        text: texts(&mut keys, "text", mistakes),
        points: texts(&mut keys, "points", mistakes),
        meaning: texts(&mut keys, "meaning", mistakes),
        view: texts(&mut keys, "view", mistakes),
        view_notes: texts(&mut keys, "view_notes", mistakes),
        issues: texts(&mut keys, "issues", mistakes),
        notes: texts(&mut keys, "notes", mistakes),
        excerpts,
        headline: keys
            .text("headline", mistakes)
            .unwrap_or(Typed { value: String::new(), span: keys.span().clone() }),
    };
    keys.finish(mistakes);
    Some(section)
}

/// `chart = false`, or a kind of chart; charts are drawn unless it says no.
fn chart(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> (bool, Option<crate::chart::Kind>) {
    if let Some(drawn) = keys.value("chart").and_then(|value| value.as_flag()) {
        return (drawn, None);
    }
    (true, keys.word("chart", &crate::chart::Kind::ALL, mistakes).map(|typed| typed.value))
}

/// A code: a whole number or a text.
pub(super) fn code(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<String>> {
    match value.as_integer(mistakes) {
        Some(integer) => Some(Typed { value: integer?.to_string(), span: value.span() }),
        None => value.text(mistakes),
    }
}

/// Codes of options: whole numbers or texts, one or a list.
fn codes(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Vec<String> {
    let Some(value) = keys.value(key) else { return Vec::new() };
    match value.is_list() {
        true => {
            let list = value.list(mistakes).map_or_else(Vec::new, |list| list.value);
            list.iter().filter_map(|value| Some(code(value, mistakes)?.value)).collect()
        }
        false => code(&value, mistakes).map(|typed| typed.value).into_iter().collect(),
    }
}

/// A path as typed, relative to the study's folder.
pub(super) fn beside(folder: &std::path::Path, typed: &Typed<String>) -> PathBuf {
    folder.join(&typed.value)
}
