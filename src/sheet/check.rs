//! Findings of a check in words: a summary by question, and the list in file order.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::profile::Language;
use super::{Cell, Content, Format, Role, Sheet, Value};
use crate::calendar::Day;
use crate::check::{Earlier, Fault, Finding, Findings, Gravity, Hint, Kind, MOST_LOGGED, NotDate, RankFault};
use crate::diag::{plural, thousands};
use crate::schema::{Code, Kind as QuestionKind, Origin, Question, RankColumns, Survey, code_key, written};
use crate::stats::Ratio;

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLine {
    /// The file; empty for what is in none.
    pub file: String,
    /// エラー, 警告, 注意
    pub gravity: &'static str,
    /// What it is.
    pub what: String,
    /// The respondent's key.
    pub respondent: String,
    /// Record; empty for none.
    pub record: String,
    /// Line; empty for none.
    pub line: String,
    /// Header of the column.
    pub column: String,
    /// The question's id.
    pub question: String,
    /// The value, at most 40 characters.
    pub value: String,
    /// What was expected.
    pub expected: String,
    /// What may have happened.
    pub hint: String,
}

/// Headers of a [`FoundLine`], in the order of its fields; the file is one of them where there are several.
pub fn found_headers(language: Language, several: bool) -> Vec<&'static str> {
    let headers = match language {
        Language::Japanese => {
            ["重大度", "種別", "回答者", "レコード", "行", "列", "設問", "値", "期待される値", "ヒント"]
        }
        Language::English => [
            "severity",
            "kind",
            "respondent",
            "record",
            "line",
            "column",
            "question",
            "value",
            "expected",
            "hint",
        ],
    };
    let file = several.then_some(language.choose("ファイル", "file"));
    file.into_iter().chain(headers).collect()
}

impl FoundLine {
    /// Its fields.
    pub fn fields(&self, several: bool) -> Vec<&str> {
        let fields = [
            self.gravity,
            &self.what,
            &self.respondent,
            &self.record,
            &self.line,
            &self.column,
            &self.question,
            &self.value,
            &self.expected,
            &self.hint,
        ];
        several.then_some(self.file.as_str()).into_iter().chain(fields).collect()
    }
}

/// A finding in the words of a language.
pub fn found_line(survey: &Survey, files: &[String], finding: &Finding, language: Language) -> FoundLine {
    let question = finding.question.map(|index| &survey.questions[index]);
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    FoundLine {
        file: finding.place.and_then(|place| files.get(place.file).cloned()).unwrap_or_default(),
        gravity: gravity_word(finding.gravity, language),
        what: kind_words(finding.kind, language).to_string(),
        respondent: clipped(finding.respondent.as_deref().unwrap_or_default()),
        record: number(finding.place.map(|place| place.record)),
        line: number(finding.place.map(|place| place.line)),
        column: finding.column.clone().unwrap_or_default(),
        question: question.map(|question| question.id.clone()).unwrap_or_default(),
        value: clipped(finding.value.as_deref().unwrap_or_default()),
        expected: expected(survey, files, question, finding, language),
        hint: finding.hint.as_ref().map(|hint| hint_words(hint, language)).unwrap_or_default(),
    }
}

fn clipped(value: &str) -> String {
    let mut shown: String = value.chars().take(40).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    shown
}

fn gravity_word(gravity: Gravity, language: Language) -> &'static str {
    match gravity {
        Gravity::Error => language.choose("エラー", "error"),
        Gravity::Warning => language.choose("警告", "warning"),
        Gravity::Note | Gravity::Off => language.choose("注意", "note"),
    }
}

fn kind_words(kind: Kind, language: Language) -> &'static str {
    let words = match kind {
        Kind::Unread(fault) => match fault {
            Fault::Unknown => ("選択肢にない値", "no option"),
            Fault::SeveralAnswers(_) => ("単一回答に複数の回答", "several answers to one question"),
            Fault::NotNumber => ("数値でない", "not a number"),
            Fault::NotDate => ("日付でない", "not a date"),
            Fault::OutOfRange => ("範囲外", "out of range"),
            Fault::Weight => ("ウェイトでない", "not a weight"),
            Fault::Count => ("件数でない", "not a count"),
            Fault::BlankKey => ("回答者番号が空白", "blank key"),
            Fault::Furniture => ("回答者でない行", "not a respondent"),
            Fault::Fields { .. } => ("列の数が違う", "number of fields"),
            Fault::Unnamed => ("名前のない列に値", "value in a column without a name"),
            Fault::Mixed => ("番号とラベルが混在", "codes and labels mixed"),
            Fault::Rank(RankFault::Twice) => ("同じ選択肢が複数の順位", "one option at two places"),
            Fault::Rank(RankFault::Shared) => ("一つの順位に複数の選択肢", "two options at one place"),
            Fault::Rank(RankFault::Gap) => ("途中の順位が空白", "a place left out"),
            Fault::Rank(RankFault::Beyond) => ("順位が多すぎる", "too many places"),
        },
        Kind::DuplicateKey { .. } => ("回答者番号の重複", "duplicate key"),
        Kind::Superseded { .. } => ("再提出のため除外", "left out: replied again"),
        Kind::Exclusive => ("排他的な選択肢とほかの選択肢", "exclusive option beside another"),
        Kind::LimitedTo => ("前問で選んでいない選択肢", "option not chosen before"),
        Kind::NotAsked => ("非該当なのに回答", "answered though not asked"),
        Kind::Blank => ("該当なのに空白", "blank though asked"),
        Kind::Identical { .. } => ("全設問が同じ回答", "identical answers"),
        Kind::StraightLining { .. } => ("全行同じ回答", "straight-lining"),
        Kind::Speeding { .. } => ("回答時間が短い", "speeding"),
        Kind::OutOfOrder { .. } => ("順序が逆", "out of order"),
        Kind::SuspiciousNumber { .. } => ("かけ離れた数値", "suspicious number"),
        Kind::Absent => ("回答がない", "no record"),
    };
    language.choose(words.0, words.1)
}

/// What should stand there.
fn expected(
    survey: &Survey,
    files: &[String],
    question: Option<&Question>,
    finding: &Finding,
    language: Language,
) -> String {
    let say = |japanese: String, english: String| match language {
        Language::Japanese => japanese,
        Language::English => english,
    };
    // Another file's record is named with the file.
    let named = |other: Earlier| {
        let own = finding.place.is_none_or(|place| place.file == other.file);
        let file = files.get(other.file).filter(|_| !own);
        let japanese = file.map(|file| format!("{file}の")).unwrap_or_default();
        let english = file.map(|file| format!(" of {file}")).unwrap_or_default();
        (format!("{japanese}レコード{}", other.record), format!("record {}{english}", other.record))
    };
    let like = |other: Earlier| {
        let (japanese, english) = named(other);
        say(format!("{japanese}と同じ"), format!("same as {english}"))
    };
    match (finding.kind, question) {
        (Kind::Unread(Fault::Unknown | Fault::SeveralAnswers(_)), Some(question)) => {
            let one = matches!(finding.kind, Kind::Unread(Fault::SeveralAnswers(_)));
            let one = if one { language.choose("一つ: ", "one of ") } else { "" };
            format!("{one}{}", options(question, finding.column.as_deref(), language))
        }
        (Kind::Unread(Fault::NotNumber | Fault::NotDate | Fault::OutOfRange), Some(question)) => {
            let range = limits(question, survey.era, language);
            let kind = match question.kind {
                QuestionKind::Date => language.choose("日付", "a date"),
                _ => language.choose("数値", "a number"),
            };
            let space = language.choose(" ", ", ");
            if range.is_empty() { kind.to_string() } else { format!("{kind}{space}{range}") }
        }
        (Kind::Unread(Fault::NotNumber), None) => language.choose("秒数", "seconds").to_string(),
        (Kind::Unread(Fault::Weight), _) => {
            language.choose("0以上の数値", "a number of zero or more").to_string()
        }
        (Kind::Unread(Fault::Count), _) => {
            language.choose("0以上の整数", "a whole number of zero or more").to_string()
        }
        (Kind::Unread(Fault::Fields { expected, found }), _) => say(
            format!("{expected}列（{found}列あり）"),
            format!("{}, found {found}", plural(expected as u64, "field")),
        ),
        (Kind::DuplicateKey { first } | Kind::Identical { first }, _) => like(first),
        (Kind::Superseded { by }, _) => {
            let (japanese, english) = named(by);
            say(format!("{japanese}を集計"), format!("{english} counts"))
        }
        (Kind::Exclusive, Some(question)) => {
            let exclusive = question.options.iter().filter(|option| option.exclusive);
            let codes: Vec<String> = exclusive.map(|option| code_key(&option.code)).collect();
            let codes = codes.join(language.choose("、", ", "));
            say(format!("{codes} は単独"), format!("{codes} alone"))
        }
        (Kind::LimitedTo, Some(question)) => {
            let earlier =
                question.limited_to.map(|index| survey.questions[index].id.as_str()).unwrap_or_default();
            say(format!("{earlier} で選んだもの"), format!("what was chosen at {earlier}"))
        }
        (Kind::NotAsked, _) => language.choose("空白（非該当）", "a blank: not asked").to_string(),
        (Kind::Blank, _) => language.choose("回答", "an answer").to_string(),
        (Kind::StraightLining { rows }, _) => say(format!("{rows}行"), plural(rows as u64, "row")),
        (Kind::Speeding { fastest }, _) => {
            say(format!("{fastest}秒以上"), format!("{fastest} seconds or more"))
        }
        (Kind::SuspiciousNumber { least, greatest }, _) => {
            format!("{}{}{}", written(least), language.choose("〜", " to "), written(greatest))
        }
        (Kind::OutOfOrder { earlier }, _) => {
            let id = &survey.questions[earlier].id;
            say(format!("{id} 以後"), format!("not before {id}"))
        }
        (Kind::Absent, Some(question)) => {
            let value = finding.value.as_deref().unwrap_or_default();
            let own = question
                .options
                .iter()
                .find(|option| code_key(&option.code) == value || option.label == value);
            own.map(|option| option.label.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The numbers or days that a question allows; empty where all are.
fn limits(question: &Question, era: bool, language: Language) -> String {
    let day = |day: Option<Day>| {
        let words = day.map(Day::civil).map(|day| match language {
            Language::Japanese => day.japanese(era),
            Language::English => day.iso(),
        });
        words.unwrap_or_default()
    };
    let number = |number: Option<_>| number.map(written).unwrap_or_default();
    let (first, last) = match question.kind {
        QuestionKind::Date => (day(question.dates.limits.first), day(question.dates.limits.last)),
        _ => (number(question.range.least), number(question.range.greatest)),
    };
    if first.is_empty() && last.is_empty() {
        return String::new();
    }
    format!("{first}{}{last}", language.choose("〜", " to ")).trim().to_string()
}

/// What may stand in a column of a question with options.
fn options(question: &Question, column: Option<&str>, language: Language) -> String {
    let comma = language.choose("、", ", ");
    let mut shown = match &question.origin {
        Origin::Columns { selected, .. } => {
            let marks = selected.iter().cloned().chain(["0".to_string()]);
            format!("{}{comma}{}", marks.collect::<Vec<_>>().join(comma), language.choose("空白", "blank"))
        }
        Origin::Ranking { columns: RankColumns::ByOption(_), places } => match places.len() {
            1 => "1".to_string(),
            places => format!("1{}{places}", language.choose("〜", " to ")),
        },
        _ if question.municipalities => {
            language.choose("市区町村コード6桁または名称", "a municipality's six digits or name").to_string()
        }
        _ => codes(question.options.iter().map(|option| &option.code), language),
    };
    // The marks of a column are those of its question.
    if column.is_some() && !question.missing.is_empty() {
        shown = format!(
            "{shown}{comma}{}",
            codes(question.missing.iter().map(|missing| &missing.code), language)
        );
    }
    shown
}

/// Codes with runs of integers drawn together; of many the first.
fn codes<'a>(codes: impl Iterator<Item = &'a Code>, language: Language) -> String {
    const MOST: usize = 8;
    let mut parts: Vec<(String, Option<(i64, i64)>)> = Vec::new();
    for code in codes {
        match (code, parts.last_mut()) {
            (Code::Integer(code), Some((_, Some((_, last))))) if *code == *last + 1 => *last = *code,
            (Code::Integer(code), _) => parts.push((String::new(), Some((*code, *code)))),
            (Code::Text(code), _) => parts.push((code.clone(), None)),
        }
    }
    let more = parts.len() > MOST;
    let to = language.choose("〜", " to ");
    let written = parts.into_iter().take(MOST).map(|part| match part {
        (_, Some((first, last))) if first == last => first.to_string(),
        (_, Some((first, last))) => format!("{first}{to}{last}"),
        (text, None) => text,
    });
    let mut written: Vec<String> = written.collect();
    if more {
        written.push("…".to_string());
    }
    written.join(language.choose("、", ", "))
}

fn hint_words(hint: &Hint, language: Language) -> String {
    let japanese = language == Language::Japanese;
    match hint {
        Hint::Undeclared if japanese => {
            "無回答なら調査票の missing に、非該当なら not_asked に書く".to_string()
        }
        Hint::Undeclared => {
            "if it means 無回答, declare it under missing; if 非該当, under not_asked".to_string()
        }
        Hint::CheckDigit(name, right) if japanese => format!("検査数字が違う: {name}は {right}"),
        Hint::CheckDigit(name, right) => format!("the check digit is wrong: {name} is {right}"),
        Hint::LostZero => language.choose("先頭の0が落ちた？", "did Excel drop a leading zero?").to_string(),
        Hint::Dated(Some(option)) if japanese => format!("Excelが「{option}」を日付にした？"),
        Hint::Dated(Some(option)) => format!("did Excel make a date of {option}?"),
        Hint::Dated(None) => {
            language.choose("Excelが日付にした？", "did Excel make a date of it?").to_string()
        }
        Hint::Exponent => language
            .choose("Excelが指数にして桁を失った？", "Excel writes long numbers so and loses digits")
            .to_string(),
        Hint::Nearest(label) if japanese => format!("「{label}」？"),
        Hint::Nearest(label) => format!("did you mean {label}?"),
        Hint::Header => language
            .choose("列の名前: 複数のファイルをつないだ？", "the column's own name: are exports joined?")
            .to_string(),
        Hint::Date(reason) => date_words(*reason, language),
    }
}

fn date_words(reason: NotDate, language: Language) -> String {
    let words = match reason {
        NotDate::Serial(day) => {
            let day = day.civil().iso();
            return match language {
                Language::Japanese => format!("Excelの内部の数値（{day}）"),
                Language::English => format!("Excel stores {day} as this number"),
            };
        }
        NotDate::Era(civil) => {
            return match language {
                Language::Japanese => format!("その日は{}", civil.japanese(true)),
                Language::English => format!("that day is {}", civil.japanese(true)),
            };
        }
        NotDate::Text | NotDate::Outside(_) => ("", ""),
        NotDate::Order => ("月と日の順が不明（order を書く）", "which number is the month? say order"),
        NotDate::Century => ("西暦の上2桁または元号が不明", "which century, or which era?"),
        NotDate::NoDay => ("日がない", "a date has a day of the month"),
        NotDate::NoSuchDay => ("その日はない", "there is no such day"),
        NotDate::OldCalendar => ("明治5年までは旧暦", "until 明治5年 the calendar had other months"),
        NotDate::Weekday => ("曜日が合わない", "the weekday is that of another day"),
    };
    language.choose(words.0, words.1).to_string()
}

/// Question, gravity and kind: what the lines of a summary are sorted by.
type SummaryOrder = (Option<usize>, Reverse<Gravity>, &'static str);

/// How many findings of each kind each question has.
pub fn summary_sheet(survey: &Survey, findings: &Findings, file: &str, language: Language) -> Sheet {
    // In the order of the questionnaire, what is no question's first; errors before warnings.
    let mut counts: BTreeMap<SummaryOrder, (Kind, u64)> = BTreeMap::new();
    for finding in &findings.list {
        let key = (finding.question, Reverse(finding.gravity), finding.kind.word());
        counts.entry(key).or_insert((finding.kind, 0)).1 += 1;
    }
    let blank_gravity = survey.check.gravity(crate::schema::Rule::Blank);
    for blanks in &findings.blanks {
        let key = (Some(blanks.question), Reverse(blank_gravity), Kind::Blank.word());
        counts.insert(key, (Kind::Blank, blanks.blank));
    }
    let count = |count: u64| {
        let value = Value::Exact(Ratio::whole(count.into()));
        Cell::new(Content::Number(value, Format::Count { decimals: 0 }), Role::Data)
    };
    let mut body: Vec<Vec<Cell>> = counts
        .into_iter()
        .map(|((question, gravity, _), (kind, found))| {
            let question = question.map(|index| &survey.questions[index]);
            let id =
                question.map_or(language.choose("（ファイル）", "(file)"), |question| &question.id);
            vec![
                Cell::text(id, Role::Label),
                Cell::text(question.map(|question| question.heading()).unwrap_or_default(), Role::Label),
                Cell::text(gravity_word(gravity.0, language), Role::Label),
                Cell::text(kind_words(kind, language), Role::Label),
                count(found),
            ]
        })
        .collect();
    if body.is_empty() {
        let nothing = Cell::text(language.choose("（検出なし）", "(nothing found)"), Role::Label);
        let blank = || Cell::new(Content::Empty, Role::Label);
        body.push(vec![nothing, blank(), blank(), blank(), Cell::new(Content::Empty, Role::Data)]);
    }
    let header = match language {
        Language::Japanese => ["設問", "見出し", "重大度", "種別", "件数"],
        Language::English => ["question", "heading", "severity", "kind", "count"],
    };
    let [errors, warnings, notes] =
        [Gravity::Error, Gravity::Warning, Gravity::Note].map(|gravity| findings.count(gravity) as u64);
    let records = thousands(findings.records);
    let blanks: u64 = findings.blanks.iter().map(|blanks| blanks.blank).sum();
    let above = match language {
        Language::Japanese => {
            let blanks = if blanks > 0 {
                format!("、該当なのに空白 {}", thousands(blanks))
            } else {
                String::new()
            };
            format!(
                "{file}: {records}レコード。エラー {}、警告 {}、注意 {}{blanks}",
                thousands(errors),
                thousands(warnings),
                thousands(notes)
            )
        }
        Language::English => {
            let blanks = if blanks > 0 { format!(", {}", plural(blanks, "blank")) } else { String::new() };
            format!(
                "{file}: {}; {}, {}, {}{blanks}",
                plural(findings.records, "record"),
                plural(errors, "error"),
                plural(warnings, "warning"),
                plural(notes, "note")
            )
        }
    };
    Sheet {
        title: language.choose("データの検査", "Check of the data").to_string(),
        above: vec![survey.title.clone(), above],
        header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
        body,
        side: 4,
        notes: survey.note.iter().cloned().chain(cut_note(findings, language)).collect(),
    }
}

/// What is said where there are more findings than are kept.
fn cut_note(findings: &Findings, language: Language) -> Option<String> {
    let most = thousands(MOST_LOGGED as u64);
    findings.cut.then(|| match language {
        Language::Japanese => format!("検出はファイルの先頭から{most}件まで（ほかにもある）"),
        Language::English => {
            format!("only the first {most} findings of the file are counted; there are more")
        }
    })
}

/// The findings in file order, the first `limit` of them.
pub fn findings_sheet(
    survey: &Survey,
    findings: &Findings,
    limit: usize,
    language: Language,
) -> Option<Sheet> {
    if findings.list.is_empty() {
        return None;
    }
    let several = findings.files.len() > 1;
    let headers = found_headers(language, false);
    // The record's number is that of its line, but for the header's lines.
    let shown = |line: &FoundLine| {
        let both = [line.expected.as_str(), line.hint.as_str()].into_iter().filter(|part| !part.is_empty());
        let both: Vec<&str> = both.collect();
        vec![
            match several && !line.file.is_empty() {
                true => Cell::text(format!("{}:{}", line.file, line.line), Role::Label),
                false => Cell::text(&*line.line, Role::Label),
            },
            Cell::text(&*line.respondent, Role::Label),
            Cell::text(if line.column.is_empty() { &*line.question } else { &*line.column }, Role::Label),
            Cell::text(line.gravity, Role::Label),
            Cell::text(&*line.what, Role::Label),
            Cell::text(&*line.value, Role::Label),
            Cell::text(both.join(language.choose("。", "; ")), Role::Label),
        ]
    };
    let body: Vec<Vec<Cell>> = findings
        .list
        .iter()
        .take(limit)
        .map(|finding| shown(&found_line(survey, &findings.files, finding, language)))
        .collect();
    let expected = language.choose("期待される値・ヒント", "expected, hint");
    let header = [headers[4], headers[2], headers[5], headers[0], headers[1], headers[7], expected];
    let left = findings.list.len().saturating_sub(limit) as u64;
    let notes = (left > 0).then(|| match language {
        Language::Japanese => format!("ほか{}件（--all ですべて）", thousands(left)),
        Language::English => format!("and {} (--all lists them)", plural(left, "other finding")),
    });
    Some(Sheet {
        title: language.choose("検出一覧（ファイル順）", "Findings, in file order").to_string(),
        above: Vec::new(),
        header: vec![header.into_iter().map(|text| Cell::text(text, Role::Header)).collect()],
        body,
        side: 7,
        notes: notes.into_iter().collect(),
    })
}
