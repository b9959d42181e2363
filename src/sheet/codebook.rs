//! The questionnaire as sheets: wording, kind, who was asked, options with codes, and their n.

use super::arrange::in_brackets;
use super::cross::{counted, percent_cell};
use super::profile::{Language, PercentBase, Profile};
use super::{Cell, Role, Sheet};
use crate::calendar::Day;
use crate::schema::{Code, Kind, Limits, Origin, Question, Scaled, Survey, written};
use crate::tabulate::{RowRole, Table};

/// One line of a question's list: option, missing code or net.
struct Entry {
    role: RowRole,
    code: Option<Code>,
    label: String,
    note: String,
}

/// A sheet for each question; the rows of a grid are listed in the grid's. `tables` give n and ％.
pub fn codebook(survey: &Survey, tables: Option<&[Table]>, profile: &Profile) -> Vec<Sheet> {
    let language = profile.language;
    let questions = || survey.questions.iter().filter(|question| question.grid.is_none());
    let sheet = |question: &Question| {
        let mine = counted_of(survey, question, tables);
        let mut header = vec![language.choose("コード", "Code").to_string()];
        header.push(language.choose("内容", "Words").to_string());
        header.push(language.choose("備考", "Remarks").to_string());
        for table in &mine {
            let row =
                if table.grid.is_some() { format!("{} ", table.question.heading) } else { String::new() };
            header.extend([format!("{row}n"), language.choose("％", "%").to_string()]);
        }
        let mut body = Vec::new();
        for entry in entries(survey, question, &mine, language) {
            if question.municipalities && entry.role == RowRole::Option && !is_chosen(&entry, &mine) {
                continue;
            }
            let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let mut line: Vec<Cell> = [code, entry.label.clone(), entry.note.clone()]
                .map(|text| Cell::text(text, Role::Label))
                .into();
            line.extend(mine.iter().flat_map(|table| numbers(table, &entry, profile)));
            body.push(line);
        }
        Sheet {
            title: title(survey, question, language),
            above: facts(survey, question, language),
            header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
            body,
            // A text table needs a column beside its labels.
            side: if mine.is_empty() { 2 } else { 3 },
            notes: Vec::new(),
        }
    };
    questions().map(sheet).collect()
}

/// Whether anybody has the entry's option.
fn is_chosen(entry: &Entry, tables: &[&Table]) -> bool {
    tables.iter().any(|table| {
        let row = table.stub.iter().position(|row| row.role == entry.role && row.code == entry.code);
        row.and_then(|row| table.cell(row, 0).value()).is_some_and(|tally| tally.n > 0)
    })
}

/// All questions in one list, a line for each option: for spreadsheets.
pub fn codebook_list(survey: &Survey, tables: Option<&[Table]>, profile: &Profile) -> Sheet {
    let language = profile.language;
    let mut header = vec!["id", "section", "text", "kind", "asked", "role", "code", "label", "remarks"];
    if tables.is_some() {
        header.extend(["n", "pct"]);
    }
    let mut body = Vec::new();
    for question in &survey.questions {
        let mine = counted_of(survey, question, tables.filter(|_| question.kind != Kind::Grid));
        let text = match question.grid {
            Some(_) => format!("{} {}", question.text, question.heading()),
            None => question.text.clone(),
        };
        let before = [
            question.id.clone(),
            question.section.clone().unwrap_or_default(),
            text,
            question.kind.word().to_string(),
            asked(survey, question, language),
        ];
        for entry in entries(survey, question, &mine, language) {
            let role = match entry.role {
                RowRole::Option => "option",
                RowRole::Missing => "missing",
                RowRole::Net => "net",
                RowRole::Number | RowRole::Score | RowRole::Ratio => "",
            };
            let code = entry.code.as_ref().map(ToString::to_string).unwrap_or_default();
            let words = [role.to_string(), code, entry.label.clone(), entry.note.clone()];
            let mut line: Vec<Cell> =
                before.iter().chain(&words).map(|text| Cell::text(text.as_str(), Role::Label)).collect();
            if tables.is_some() {
                let numbers = mine.first().map(|table| numbers(table, &entry, profile));
                line.extend(
                    numbers.unwrap_or_else(|| [Cell::text("", Role::Data), Cell::text("", Role::Data)]),
                );
            }
            body.push(line);
        }
    }
    Sheet {
        title: match &survey.wave {
            Some(wave) => format!("{}{}", survey.title, in_brackets(&wave.label, language)),
            None => survey.title.clone(),
        },
        above: Vec::new(),
        header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
        body,
        side: 9,
        notes: survey.note.clone(),
    }
}

/// The tables that count a question; of a grid, those of its rows.
fn counted_of<'a>(survey: &Survey, question: &Question, tables: Option<&'a [Table]>) -> Vec<&'a Table> {
    let find = |id: &str| tables.into_iter().flatten().find(|table| table.question.id == id);
    match &question.origin {
        Origin::Rows(rows) => rows.iter().filter_map(|&row| find(&survey.questions[row].id)).collect(),
        _ => find(&question.id).into_iter().collect(),
    }
}

fn title(survey: &Survey, question: &Question, language: Language) -> String {
    let assumed = if question.assumed { language.choose("（仮）", " (assumed)") } else { "" };
    let wave = survey.wave.as_ref().map(|wave| in_brackets(&wave.label, language)).unwrap_or_default();
    format!("{} {}{assumed}{wave}", question.id, question.heading())
}

/// The lines under a question's title.
fn facts(survey: &Survey, question: &Question, language: Language) -> Vec<String> {
    let fact = |japanese: &'static str, english: &'static str, words: &str| {
        format!("{}: {words}", language.choose(japanese, english))
    };
    let mut facts = Vec::new();
    if let Some(section) = &question.section {
        facts.push(fact("区分", "Section", section));
    }
    if question.heading() != question.text {
        facts.push(question.text.clone());
    }
    facts.push(fact("種別", "Kind", kind(survey, question, language)));
    facts.push(fact("対象", "Asked", &asked(survey, question, language)));
    if question.municipalities {
        let all = crate::diag::thousands(question.options.len() as u64);
        facts.push(match language {
            Language::Japanese => {
                format!("選択肢: 全国の市区町村 {all}（コード6桁）。回答のあったものだけを示す")
            }
            Language::English => {
                format!("Options: the {all} municipalities by code; listed are those with answers")
            }
        });
    }
    if let Some(earlier) = question.limited_to {
        let words = &survey.questions[earlier].id;
        facts.push(fact("選択肢の限定", "Options limited to", words));
        if question.option_bases {
            let base = language.choose("その選択肢が提示された人", "those to whom it was on offer");
            facts.push(fact("各選択肢の基数", "Base of each option", base));
        }
    }
    facts.extend(days(question, survey.era, language));
    facts.extend(allowed_numbers(question, language));
    if let Origin::Rows(rows) = &question.origin {
        for row in rows.iter().map(|&row| &survey.questions[row]) {
            let assumed = if row.assumed && !question.assumed {
                language.choose("（仮）", " (assumed)")
            } else {
                ""
            };
            facts.push(fact("行", "Row", &format!("{} {}{assumed}", row.id, row.heading())));
        }
    }
    if let Origin::Ranking { places, .. } = &question.origin {
        for (place, points) in places.iter().map(|&place| &survey.questions[place]).zip(&question.points) {
            let points = format!("{}{points}", language.choose("得点 ", "points "));
            let comma = language.choose("、", ", ");
            facts.push(fact("順位", "Place", &format!("{} {}{comma}{points}", place.id, place.heading())));
        }
    }
    if let Some(source) = source(survey, question) {
        facts.push(fact("作成元", "Derived from", &source));
    }
    facts
}

/// The days that a date question allows.
fn days(question: &Question, era: bool, language: Language) -> Option<String> {
    let Limits { first, last } = question.dates.limits;
    if first.is_none() && last.is_none() {
        return None;
    }
    let words = |day: Option<Day>| {
        let civil = day.map(Day::civil);
        let words = civil.map(|civil| match language {
            Language::Japanese => civil.japanese(era),
            Language::English => civil.iso(),
        });
        words.unwrap_or_default()
    };
    let to = language.choose("〜", " to ");
    Some(format!("{}: {}{to}{}", language.choose("範囲", "Days"), words(first), words(last)))
}

/// The numbers that a number question allows.
fn allowed_numbers(question: &Question, language: Language) -> Option<String> {
    let range = question.range;
    let words = |end: Option<Scaled>| end.map(written).unwrap_or_default();
    let to = language.choose("〜", " to ");
    let shown = format!("{}{to}{}", words(range.least), words(range.greatest));
    (!range.is_open()).then(|| format!("{}: {shown}", language.choose("範囲", "Numbers")))
}

/// The ids that a derived question comes from.
fn source(survey: &Survey, question: &Question) -> Option<String> {
    let ids = |places: Vec<usize>| {
        let ids: Vec<&str> = places.into_iter().map(|place| survey.questions[place].id.as_str()).collect();
        ids.join(", ")
    };
    question.origin.is_derived().then(|| ids(question.origin.sources()))
}

fn kind(survey: &Survey, question: &Question, language: Language) -> &'static str {
    let several = match &question.origin {
        Origin::Rows(rows) => rows.iter().any(|&row| survey.questions[row].kind == Kind::Multi),
        _ => false,
    };
    match question.kind {
        Kind::Single => language.choose("単一回答", "one answer"),
        Kind::Scale => language.choose("単一回答（尺度）", "one answer on a scale"),
        Kind::Multi => language.choose("複数回答", "several answers"),
        Kind::Grid if several => language.choose("表形式（行ごとに複数回答）", "grid, several answers a row"),
        Kind::Grid => language.choose("表形式（行ごとに単一回答）", "grid, one answer a row"),
        Kind::Rank => language.choose("順位回答", "ranking"),
        Kind::Number => language.choose("数値", "number"),
        Kind::Date => language.choose("日付", "date"),
        Kind::Ratio => language.choose("合計の比率", "ratio of sums"),
        Kind::Text => language.choose("自由回答", "free text"),
    }
}

fn asked(survey: &Survey, question: &Question, language: Language) -> String {
    let everybody = || language.choose("全員", "everybody").to_string();
    asked_words(survey, question, language).unwrap_or_else(everybody)
}

/// Who was asked, in words; `None`: everybody.
pub(super) fn asked_words(survey: &Survey, question: &Question, language: Language) -> Option<String> {
    let from = match &question.origin {
        Origin::Regrouped { from, .. } | Origin::Conditions { from: Some(from), .. } => Some(*from),
        Origin::Comments { text, into, .. } => Some(into.map_or(*text, |(question, _)| question)),
        _ => None,
    };
    match (&question.asked_if, &question.origin) {
        (_, Origin::NotAsked) => {
            Some(language.choose("この回では尋ねていない", "nobody in this wave").to_string())
        }
        (Some(condition), _) => Some(condition.in_words(survey, language)),
        (None, _) if from.is_some() => asked_words(survey, &survey.questions[from?], language),
        (None, Origin::Ratio { when: Some(condition), .. }) => Some(condition.in_words(survey, language)),
        (None, Origin::Conditions { .. } | Origin::Count { .. } | Origin::Ratio { .. }) => {
            Some(language.choose("作成元の対象者", "those asked about its sources").to_string())
        }
        (None, _) => None,
    }
}

fn entries(survey: &Survey, question: &Question, tables: &[&Table], language: Language) -> Vec<Entry> {
    let option = |(place, option): (usize, &crate::schema::QuestionOption)| {
        let mut notes = Vec::new();
        if let Some(score) = option.score {
            notes.push(format!("{}{score}", language.choose("得点 ", "score ")));
        }
        if option.exclusive {
            notes.push(language.choose("排他", "excludes others").to_string());
        }
        if option.assumed {
            notes.push(language.choose("（仮）", "assumed").to_string());
        }
        notes.extend(in_wave(question, place, language));
        notes.extend(members(survey, question, place, language));
        Entry {
            role: RowRole::Option,
            code: Some(option.code.clone()),
            label: option.label.clone(),
            note: notes.join(language.choose("、", ", ")),
        }
    };
    let mut entries: Vec<Entry> = question.options.iter().enumerate().map(option).collect();
    let number = |label: &str| Entry {
        role: RowRole::Number,
        code: None,
        label: label.to_string(),
        note: String::new(),
    };
    match question.kind {
        Kind::Number => entries.push(number(language.choose("数値の回答", "Gave a number"))),
        Kind::Date => entries.push(number(language.choose("日付の回答", "Gave a date"))),
        Kind::Ratio => entries.push(Entry {
            role: RowRole::Ratio,
            ..number(language.choose("分子・分母の両方に回答", "Gave both numbers"))
        }),
        Kind::Text => {
            entries.push(number(language.choose("自由回答（集計しない）", "free text, not counted")))
        }
        Kind::Single | Kind::Scale | Kind::Multi | Kind::Rank | Kind::Grid => {}
    }
    let blank = |table: &&Table| {
        let row = table.stub.iter().position(|row| row.role == RowRole::Missing && row.code.is_none());
        row.and_then(|row| table.cell(row, 0).value()).is_some_and(|tally| tally.n > 0)
    };
    if tables.iter().any(blank) {
        entries.push(Entry {
            role: RowRole::Missing,
            code: None,
            label: language.words().no_answer.to_string(),
            note: language.choose("空欄", "blank").to_string(),
        });
    }
    entries.extend(question.missing.iter().enumerate().map(|(place, missing)| {
        Entry {
            role: RowRole::Missing,
            code: Some(missing.code.clone()),
            label: missing.label.clone(),
            note: std::iter::once(language.choose("無回答", "no answer").to_string())
                .chain(in_wave(question, question.options.len() + place, language))
                .collect::<Vec<_>>()
                .join(language.choose("、", ", ")),
        }
    }));
    entries.extend(question.nets.iter().map(|net| {
        let codes: Vec<String> =
            net.of.iter().map(|&place| question.options[place].code.to_string()).collect();
        Entry {
            role: RowRole::Net,
            code: Some(Code::Text(net.id.clone())),
            label: net.label.clone(),
            note: format!("{}{}", language.choose("計: ", "net of "), codes.join(", ")),
        }
    }));
    entries
}

/// What stands in a wave's cells for an option or missing code, where that differs from today's.
fn in_wave(question: &Question, place: usize, language: Language) -> Option<String> {
    if matches!(question.origin, Origin::NotAsked) {
        return None;
    }
    if question.not_offered.contains(&place) {
        return Some(language.choose("この回になし", "not in this wave").to_string());
    }
    let stored = question.stored.as_ref()?;
    let codes = stored.codes.iter().filter(|(_, own)| *own == place).map(|(code, _)| code.to_string());
    let labels =
        stored.labels.iter().filter(|(_, own)| *own == place).map(|(label, _)| format!("「{label}」"));
    let today = question.options.get(place).map(|option| &option.code);
    let today = today.or_else(|| Some(&question.missing.get(place - question.options.len())?.code))?;
    let words: Vec<String> = codes.chain(labels).collect();
    let same = words == [today.to_string()];
    let words = words.join(language.choose("、", ", "));
    (!same).then(|| format!("{}{words}", language.choose("この回の値: ", "in this wave: ")))
}

/// What a derived question's group holds: codes, or a condition in words.
fn members(survey: &Survey, question: &Question, group: usize, language: Language) -> Option<String> {
    match &question.origin {
        Origin::Regrouped { from, group_of } => {
            let options = survey.questions[*from].options.iter().zip(group_of);
            let own: Vec<String> = options
                .filter(|(_, own)| **own == Some(group))
                .map(|(option, _)| option.code.to_string())
                .collect();
            let more = if own.len() > 20 { ", …" } else { "" };
            Some(format!("{}{more}", own[..own.len().min(20)].join(", ")))
        }
        Origin::Conditions { groups, .. } => Some(match &groups[group] {
            Some(condition) => condition.in_words(survey, language),
            None => language.choose("残り全部", "the rest").to_string(),
        }),
        Origin::Comments { frame, .. } => {
            let rules = frame.rules.iter().filter(|rule| rule.option == group);
            let words = rules.flat_map(|rule| {
                let pattern = rule.pattern.iter().map(|pattern| format!("/{pattern}/"));
                rule.words.iter().cloned().chain(pattern)
            });
            let words: Vec<String> = words.collect();
            match frame.rest == Some(group) {
                true => Some(language.choose("残り全部", "the rest").to_string()),
                false => (!words.is_empty()).then(|| words.join(", ")),
            }
        }
        _ => None,
    }
}

/// n and ％ of an entry.
fn numbers(table: &Table, entry: &Entry, profile: &Profile) -> [Cell; 2] {
    let row = table.stub.iter().position(|row| row.role == entry.role && row.code == entry.code);
    match row {
        Some(row) if entry.role == RowRole::Number => [counted(table, row, 0), Cell::text("", Role::Data)],
        Some(row) if table.question.kind.is_measured() => {
            [counted(table, row, 0), Cell::text("", Role::Data)]
        }
        Some(row) => [counted(table, row, 0), percent_cell(table, row, 0, PercentBase::Banner, profile)],
        _ => [Cell::text("", Role::Data), Cell::text("", Role::Data)],
    }
}
