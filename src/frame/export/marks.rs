//! How an export is known: the columns and rows that a service puts into every file.

use super::ExportLayout;

/// The layout that the first rows of a file show, and what shows it.
pub(super) fn shown(rows: &[Vec<String>]) -> Option<(ExportLayout, String)> {
    let layouts = [
        ExportLayout::Qualtrics,
        ExportLayout::SurveyMonkey,
        ExportLayout::Google,
        ExportLayout::Microsoft,
        ExportLayout::LimeSurvey,
    ];
    layouts.into_iter().find_map(|layout| Some((layout, mark(layout, rows)?)))
}

/// What shows that the rows are of a layout.
pub(super) fn mark(layout: ExportLayout, rows: &[Vec<String>]) -> Option<String> {
    let cell = |row: usize, column: usize| {
        rows.get(row).and_then(|row| row.get(column)).map_or("", |cell| cell.trim())
    };
    let first = |words: &[&str], column: usize| words.contains(&cell(0, column));
    match layout {
        ExportLayout::Google => first(&TIMESTAMP, 0).then(|| format!("its first column is `{}`", cell(0, 0))),
        ExportLayout::Microsoft => (first(&["ID", "Id"], 0) && first(&STARTED, 1) && first(&COMPLETED, 2))
            .then(|| format!("it begins with `{}`, `{}` and `{}`", cell(0, 0), cell(0, 1), cell(0, 2))),
        ExportLayout::SurveyMonkey => (first(&RESPONDENT, 0) && first(&COLLECTOR, 1))
            .then(|| format!("it begins with `{}` and `{}`", cell(0, 0), cell(0, 1))),
        ExportLayout::Qualtrics => {
            let ids = rows.get(2).is_some_and(|row| row.iter().any(|cell| is_import_id(cell)));
            ids.then(|| "its third row holds ImportIds".to_string())
        }
        ExportLayout::LimeSurvey => {
            let header = rows.first()?;
            let has = |words: &[&str]| header.iter().find(|cell| words.contains(&code(cell)));
            let (sent, last) = (has(&SUBMITTED)?, has(&LAST_PAGE)?);
            Some(format!("it has `{sent}` and `{last}`"))
        }
        ExportLayout::Panel | ExportLayout::Omr | ExportLayout::Plain => None,
    }
}

/// What a layout's mark is, for who named a layout whose mark is not there.
pub(super) fn expected(layout: ExportLayout) -> &'static str {
    match layout {
        ExportLayout::Google => "a first column `タイムスタンプ` or `Timestamp`",
        ExportLayout::Microsoft => {
            "`ID`, `開始時刻` (`Start time`) and `完了時刻` (`Completion time`) at the beginning"
        }
        ExportLayout::SurveyMonkey => "`Respondent ID` and `Collector ID` at the beginning",
        ExportLayout::Qualtrics => "three header rows, the third with ImportIds",
        ExportLayout::LimeSurvey => "columns `submitdate` and `lastpage` (`送信日時`, `最後のページ`)",
        ExportLayout::Panel | ExportLayout::Omr | ExportLayout::Plain => "nothing",
    }
}

/// Whether the column is one that the service adds to the answers.
pub(super) fn is_key(layout: ExportLayout, header: &str) -> bool {
    let words: &[&str] = match layout {
        ExportLayout::Google => &[],
        ExportLayout::Microsoft => &["ID", "Id"],
        ExportLayout::SurveyMonkey => &RESPONDENT,
        ExportLayout::Qualtrics => &["ResponseId", "ResponseID"],
        ExportLayout::LimeSurvey => &["id", "Response ID", "回答ID", "回答 ID"],
        ExportLayout::Panel | ExportLayout::Omr => &[
            "ID",
            "id",
            "No",
            "NO",
            "No.",
            "SAMPLEID",
            "SampleID",
            "回答者番号",
            "回答者ID",
            "整理番号",
            "調査票番号",
        ],
        ExportLayout::Plain => &[],
    };
    words.contains(&header.trim()) || (layout == ExportLayout::LimeSurvey && words.contains(&code(header)))
}

/// Rows of a layout's header.
pub(super) fn header_rows(layout: ExportLayout) -> usize {
    match layout {
        ExportLayout::SurveyMonkey => 2,
        ExportLayout::Qualtrics => 3,
        _ => 1,
    }
}

/// What a layout is called.
pub(super) fn name(layout: ExportLayout) -> &'static str {
    match layout {
        ExportLayout::Google => "Google Forms",
        ExportLayout::Microsoft => "Microsoft Forms",
        ExportLayout::SurveyMonkey => "SurveyMonkey",
        ExportLayout::Qualtrics => "Qualtrics",
        ExportLayout::LimeSurvey => "LimeSurvey",
        ExportLayout::Panel => "a panel",
        ExportLayout::Omr => "a reader of marked forms",
        ExportLayout::Plain => "no service",
    }
}

/// The code before a text: `submitdate. Date submitted`.
fn code(header: &str) -> &str {
    let header = header.trim();
    header.split_once(". ").map_or(header, |(code, _)| code)
}

/// `{"ImportId":"QID4"}`.
fn is_import_id(cell: &str) -> bool {
    cell.trim_start().starts_with("{\"ImportId\"")
}

const TIMESTAMP: [&str; 2] = ["タイムスタンプ", "Timestamp"];
const STARTED: [&str; 3] = ["開始時刻", "開始時間", "Start time"];
const COMPLETED: [&str; 3] = ["完了時刻", "完了時間", "Completion time"];
const RESPONDENT: [&str; 4] = ["Respondent ID", "RespondentID", "回答者ID", "回答者 ID"];
const COLLECTOR: [&str; 4] = ["Collector ID", "CollectorID", "コレクターID", "コレクター ID"];
const SUBMITTED: [&str; 5] = ["submitdate", "Date submitted", "送信日時", "送信日", "提出日時"];
const LAST_PAGE: [&str; 4] = ["lastpage", "Last page", "最後のページ", "最終ページ"];
