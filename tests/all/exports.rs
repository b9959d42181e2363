//! One survey as each service exports it: the samples are made here, and give the tables of the CSV.
//!
//! `RENKEI_WRITE_SAMPLES=1 cargo test exports::` writes `data-samples/exports` anew from
//! `data-samples/care-manager-2016.csv` and its schema; without it the files are held to what it would write.
//! `plain.ods` and `plain.xls` are LibreOffice's own: `soffice --headless --infilter="CSV:44,34,76,1" --convert-to ods`
//! of the CSV, and `--convert-to xls` of that. Files of statistics programs are what `renkei convert` writes.

use std::collections::HashMap;

use renkei::schema::{Kind, Origin, Question, Survey};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use crate::cli::{Program, Run, repository};

const SCHEMA: &str = "schemas/care-manager-2016.toml";
const CLEAN: &str = "data-samples/care-manager-2016.csv";

/// A table of cells; numbers stay words until a sheet takes them.
type Rows = Vec<Vec<String>>;

/// The sample as it is in the CSV.
struct Sample {
    survey: Survey,
    records: Vec<HashMap<String, String>>,
    columns: Vec<String>,
}

impl Sample {
    fn load() -> Sample {
        let schema = std::fs::read_to_string(repository(SCHEMA)).expect("the schema");
        let survey = renkei::schema::load("s.toml", &schema).expect("the schema loads").value;
        let mut reader = csv::Reader::from_path(repository(CLEAN)).expect("the data");
        let columns: Vec<String> = reader.headers().expect("a header").iter().map(String::from).collect();
        let records = reader.records().map(|record| {
            let record = record.expect("a record");
            columns.iter().cloned().zip(record.iter().map(String::from)).collect()
        });
        Sample { survey, records: records.collect(), columns: columns.clone() }
    }

    /// Questions with columns of their own, in order; rows of a grid stand for it.
    fn questions(&self) -> impl Iterator<Item = &Question> {
        self.survey.questions.iter().filter(|question| !question.origin.columns().is_empty())
    }

    fn question(&self, id: &str) -> &Question {
        self.survey.questions.iter().find(|question| question.id == id).expect("a question")
    }

    /// Code or words of a single answer, the words of a text.
    fn answer(&self, record: &HashMap<String, String>, question: &Question, words: bool) -> String {
        let cell = &record[&question.origin.columns()[0]];
        let option = question.options.iter().find(|option| option.code.to_string() == *cell);
        option.filter(|_| words).map_or(cell.clone(), |option| option.label.clone())
    }

    /// Labels or codes of the answers that were chosen.
    fn chosen(&self, record: &HashMap<String, String>, question: &Question, words: bool) -> Vec<String> {
        let Origin::Columns { columns, of, .. } = &question.origin else { panic!("columns") };
        let chosen = columns.iter().zip(of).filter(|(column, _)| record[*column] == "1");
        chosen
            .map(|(_, &option)| match words {
                true => question.options[option].label.clone(),
                false => question.options[option].code.to_string(),
            })
            .collect()
    }

    /// A header text: of a row of a grid with the row behind it.
    fn header(&self, question: &Question) -> String {
        match (question.grid, &question.short) {
            (Some(_), Some(row)) => format!("{} [{row}]", question.text),
            _ => question.text.clone(),
        }
    }
}

/// When the respondent with this number answered, from the field period: made up, and read by nobody.
fn moment(number: usize) -> (u8, u8, u8, u8) {
    let minutes = number * 11;
    (10 + (minutes / 1440) as u8, (minutes / 60 % 24) as u8, (minutes % 60) as u8, (number * 7 % 60) as u8)
}

fn google(sample: &Sample, separator: &str) -> Rows {
    let mut rows = vec![vec!["タイムスタンプ".to_string()]];
    rows[0].extend(sample.questions().map(|question| sample.header(question)));
    for (number, record) in sample.records.iter().enumerate() {
        let (day, hour, minute, second) = moment(number);
        let half = if hour < 12 { "午前" } else { "午後" };
        let mut row =
            vec![format!("2016/11/{day} {}:{minute:02}:{second:02} {half} GMT+9", (hour + 11) % 12 + 1)];
        row.extend(sample.questions().map(|question| match question.kind {
            Kind::Multi => sample.chosen(record, question, true).join(separator),
            _ => sample.answer(record, question, true),
        }));
        rows.push(row);
    }
    rows
}

fn microsoft(sample: &Sample) -> Rows {
    let mut rows: Rows = vec![["ID", "開始時刻", "完了時刻", "メール", "名前"].map(String::from).into()];
    rows[0].extend(sample.questions().map(|question| match (question.grid, &question.short) {
        (Some(_), Some(row)) => row.clone(),
        _ => question.text.clone(),
    }));
    for (number, record) in sample.records.iter().enumerate() {
        let (day, hour, minute, second) = moment(number);
        let time = format!("2016-11-{day} {hour:02}:{minute:02}:{second:02}");
        let mut row = vec![record["id"].clone(), time.clone(), time, "anonymous".to_string(), String::new()];
        row.extend(sample.questions().map(|question| match question.kind {
            Kind::Multi => {
                sample.chosen(record, question, true).iter().map(|label| format!("{label};")).collect()
            }
            _ => sample.answer(record, question, true),
        }));
        rows.push(row);
    }
    rows
}

fn surveymonkey(sample: &Sample) -> Rows {
    const META: [&str; 9] = [
        "Respondent ID",
        "Collector ID",
        "Date Created",
        "Date Modified",
        "IP Address",
        "Email Address",
        "First Name",
        "Last Name",
        "Custom Data 1",
    ];
    let mut above: Vec<String> = META.map(String::from).into();
    let mut below = vec![String::new(); META.len()];
    let mut grid = None;
    for question in sample.questions() {
        match (question.kind, question.grid) {
            (Kind::Multi, _) => {
                for (place, option) in question.options.iter().enumerate() {
                    above.push(if place == 0 { question.text.clone() } else { String::new() });
                    below.push(option.label.clone());
                }
            }
            (_, Some(own)) => {
                above.push(if grid == Some(own) { String::new() } else { question.text.clone() });
                below.push(question.short.clone().expect("a row has a label"));
                grid = Some(own);
            }
            (kind, None) => {
                above.push(question.text.clone());
                below.push(if kind == Kind::Text { "Open-Ended Response" } else { "Response" }.to_string());
            }
        }
    }
    let mut rows = vec![above, below];
    for (number, record) in sample.records.iter().enumerate() {
        let (day, hour, minute, second) = moment(number);
        let time = format!("2016-11-{day} {hour:02}:{minute:02}:{second:02}");
        let mut row = vec![record["id"].clone(), "91827364".to_string(), time.clone(), time];
        row.resize(META.len(), String::new());
        for question in sample.questions() {
            match question.kind {
                Kind::Multi => {
                    let chosen = sample.chosen(record, question, true);
                    let label =
                        |label: &String| if chosen.contains(label) { label.clone() } else { String::new() };
                    row.extend(question.options.iter().map(|option| label(&option.label)));
                }
                _ => row.push(sample.answer(record, question, true)),
            }
        }
        rows.push(row);
    }
    rows
}

fn qualtrics(sample: &Sample) -> Rows {
    const META: [(&str, &str, &str); 6] = [
        ("StartDate", "開始日", "startDate"),
        ("EndDate", "終了日", "endDate"),
        ("Progress", "進行状況", "progress"),
        ("Finished", "終了", "finished"),
        ("ResponseId", "回答ID", "_recordId"),
        ("UserLanguage", "ユーザー言語", "userLanguage"),
    ];
    let id = |id: &str| format!("{{\"ImportId\":\"{id}\"}}");
    let mut header: [Vec<String>; 3] = [
        META.iter().map(|meta| meta.0.to_string()).collect(),
        META.iter().map(|meta| meta.1.to_string()).collect(),
        META.iter().map(|meta| id(meta.2)).collect(),
    ];
    for (number, question) in sample.questions().enumerate() {
        let row =
            question.id.rsplit_once('.').map(|(grid, row)| format!("{grid}_{}", row.trim_start_matches('r')));
        header[0].push(row.unwrap_or(question.id.clone()));
        // Line breaks of the editor stay in the header.
        let text = question.text.replace('。', "。\n");
        header[1].push(match &question.short {
            Some(row) if question.grid.is_some() => format!("{text} - {row}"),
            _ => text,
        });
        header[2].push(id(&format!("QID{}", number + 1)));
    }
    let mut rows: Rows = header.into();
    for (number, record) in sample.records.iter().enumerate() {
        let (day, hour, minute, second) = moment(number);
        let time = format!("2016-11-{day} {hour:02}:{minute:02}:{second:02}");
        let key = format!("R_{:011x}", (number as u64 + 1) * 7_919_333);
        let mut row = vec![time.clone(), time, "100".to_string(), "1".to_string(), key, "JA".to_string()];
        row.extend(sample.questions().map(|question| match question.kind {
            Kind::Multi => sample.chosen(record, question, false).join(","),
            _ => sample.answer(record, question, false),
        }));
        rows.push(row);
    }
    rows
}

fn limesurvey(sample: &Sample) -> Rows {
    const META: [&str; 5] = [
        "id. Response ID",
        "submitdate. Date submitted",
        "lastpage. Last page",
        "startlanguage. Start language",
        "seed. Seed",
    ];
    let mut header: Vec<String> = META.map(String::from).into();
    for question in sample.questions() {
        match (question.kind, question.id.rsplit_once('.')) {
            (Kind::Multi, _) => header.extend(question.options.iter().map(|option| match option.other {
                true => format!("{}[other]. {} [その他]", question.id, question.text),
                false => {
                    format!("{}[SQ{:0>3}]. {} [{}]", question.id, option.code, question.text, option.label)
                }
            })),
            (_, Some((grid, row))) => header.push(format!("{grid}[{row}]. {}", sample.header(question))),
            _ => header.push(format!("{}. {}", question.id, question.text)),
        }
        if question.kind == Kind::Single && question.options.iter().any(|option| option.other) {
            header.push(format!("{}[other]. {} [その他]", question.id, question.text));
        }
    }
    let mut rows = vec![header];
    for (number, record) in sample.records.iter().enumerate() {
        let (day, hour, minute, second) = moment(number);
        let time = format!("2016-11-{day} {hour:02}:{minute:02}:{second:02}");
        let mut row = vec![
            record["id"].clone(),
            time,
            "4".to_string(),
            "ja".to_string(),
            format!("{}", number * 31 + 7),
        ];
        for question in sample.questions() {
            let other = question.options.iter().find(|option| option.other);
            if question.kind == Kind::Multi {
                let chosen = sample.chosen(record, question, true);
                row.extend(question.options.iter().map(|option| {
                    match (chosen.contains(&option.label), option.other) {
                        // LimeSurvey writes what was typed, and no mark beside it.
                        (true, true) => "その他の記入（模擬）",
                        (true, false) => "Y",
                        (false, true) => "",
                        (false, false) => "N",
                    }
                    .to_string()
                }));
                continue;
            }
            let answer = sample.answer(record, question, true);
            let is_other = other.is_some_and(|other| other.label == answer);
            row.push(if is_other { "-oth-".to_string() } else { answer });
            if question.kind == Kind::Single && other.is_some() {
                row.push(if is_other { "その他の記入（模擬）" } else { "" }.to_string());
            }
        }
        rows.push(row);
    }
    rows
}

fn panel(sample: &Sample) -> Rows {
    let mut header = vec!["SAMPLEID".to_string()];
    for question in sample.questions() {
        match (question.kind, question.id.rsplit_once('.')) {
            (Kind::Multi, _) => {
                header
                    .extend(question.options.iter().map(|option| format!("{}c{}", question.id, option.code)));
            }
            (_, Some((grid, row))) => header.push(format!("{grid}s{}", row.trim_start_matches('r'))),
            (Kind::Text, _) => header.push(format!("{}t", question.id)),
            _ => header.push(question.id.clone()),
        }
    }
    let mut rows = vec![header];
    for record in &sample.records {
        let mut row = vec![format!("9{:0>5}", record["id"])];
        for question in sample.questions() {
            match &question.origin {
                Origin::Columns { columns, .. } => {
                    row.extend(columns.iter().map(|column| record[column].clone()))
                }
                _ => row.push(sample.answer(record, question, false)),
            }
        }
        rows.push(row);
    }
    rows
}

fn omr(sample: &Sample) -> Rows {
    let mut rows = vec![sample.columns.clone()];
    let mut blanks = 0;
    for record in &sample.records {
        let row = sample.columns.iter().map(|column| {
            let cell = record[column].clone();
            let is_text = sample.question("q10").origin.columns().contains(column);
            if !cell.is_empty() || is_text {
                return cell;
            }
            // Every fourth 無回答 is 無効: two marks where one was asked for.
            blanks += 1;
            if blanks % 4 == 0 { "-9999" } else { "-1" }.to_string()
        });
        rows.push(row.collect());
    }
    rows
}

fn plain(sample: &Sample) -> Rows {
    let mut rows = vec![sample.columns.clone()];
    rows.extend(
        sample
            .records
            .iter()
            .map(|record| sample.columns.iter().map(|column| record[column].clone()).collect()),
    );
    rows
}

fn csv_of(rows: &Rows, line_end: csv::Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(line_end).from_writer(Vec::new());
    rows.iter().for_each(|row| writer.write_record(row).expect("memory"));
    writer.into_inner().expect("memory")
}

fn cp932(text: &[u8]) -> Vec<u8> {
    renkei::frame::encode(str::from_utf8(text).expect("UTF-8"), renkei::frame::Encoding::Cp932)
        .expect("CP932")
}

/// A sheet: numbers as numbers, days as days; `merged` header cells reach over the blank ones after them.
fn xlsx_of(rows: &Rows, merged: bool) -> Vec<u8> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(2016, 11, 24).expect("a day");
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet();
    let time = Format::new().set_num_format("yyyy/mm/dd hh:mm:ss");
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let place = (row as u32, column as u16);
            if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(place.0, place.1, number).expect("a cell");
            } else if row > 0 && cell.len() == 19 && cell.starts_with("2016-11-") {
                let moment = ExcelDateTime::parse_from_str(&cell.replace(' ', "T")).expect("a time");
                sheet.write_datetime_with_format(place.0, place.1, &moment, &time).expect("a cell");
            } else {
                sheet.write_string(place.0, place.1, cell).expect("a cell");
            }
        }
    }
    if merged {
        merge(sheet, &rows[0]);
    }
    book.save_to_buffer().expect("a workbook")
}

fn merge(sheet: &mut Worksheet, header: &[String]) {
    let mut first = 0;
    for column in 1..=header.len() {
        if header.get(column).is_some_and(String::is_empty) {
            continue;
        }
        if column - first > 1 {
            let (from, to) = (first as u16, column as u16 - 1);
            sheet.merge_range(0, from, 0, to, &header[first], &Format::new()).expect("an area");
        }
        first = column;
    }
}

/// Every sample that is made here.
fn samples(sample: &Sample) -> Vec<(&'static str, Vec<u8>)> {
    let lf = || csv::Terminator::Any(b'\n');
    vec![
        ("google-forms.csv", csv_of(&google(sample, ";"), lf())),
        ("google-sheet.xlsx", xlsx_of(&google(sample, ", "), false)),
        ("microsoft-forms.xlsx", xlsx_of(&microsoft(sample), false)),
        ("surveymonkey.csv", csv_of(&surveymonkey(sample), lf())),
        ("surveymonkey.xlsx", xlsx_of(&surveymonkey(sample), true)),
        ("qualtrics.csv", csv_of(&qualtrics(sample), lf())),
        ("limesurvey.csv", csv_of(&limesurvey(sample), lf())),
        ("panel-cp932.csv", cp932(&csv_of(&panel(sample), csv::Terminator::CRLF))),
        ("omr.csv", csv_of(&omr(sample), lf())),
        ("plain.xlsx", xlsx_of(&plain(sample), false)),
    ]
}

/// That a sample is what is made today; it is written where that is asked for.
fn is_sample(name: &str, made: &[u8]) {
    let folder = repository("data-samples/exports");
    let path = std::path::Path::new(&folder).join(name);
    if std::env::var_os("RENKEI_WRITE_SAMPLES").is_some() {
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(&path, made).expect("a sample");
    } else {
        let found = std::fs::read(&path).expect("a sample");
        assert!(
            found == made,
            "{name} is not what `RENKEI_WRITE_SAMPLES=1 cargo test exports::` would write"
        );
    }
}

#[test]
fn the_samples_are_made_from_the_csv() {
    for (name, made) in samples(&Sample::load()) {
        is_sample(name, &made);
    }
}

/// Files of statistics programs, as `renkei convert --texts` writes them; the data of Triple-S are a file of their own.
const CONVERTED: [&str; 5] =
    ["care-manager.sav", "care-manager.zsav", "care-manager.parquet", "care-manager.sss", "care-manager.csv"];

#[test]
fn files_of_programs_are_converted_from_the_csv() {
    let program = Program::new();
    let (schema, data) = (repository(SCHEMA), repository(CLEAN));
    for name in CONVERTED.iter().filter(|name| !name.ends_with(".csv")) {
        let run = program.run(&["convert", "--schema", &schema, &data, "--texts", "--out", name]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    for name in CONVERTED {
        is_sample(name, &std::fs::read(program.path(name)).expect("a converted file"));
    }
}

fn tidy(data: &str, more: &[&str]) -> Run {
    let (schema, data) = (repository(SCHEMA), repository(data));
    let request = ["--rows", "all", "--cols", "q1,area,q3,q1>q4", "--format", "tidy"];
    Program::new().run(&[&["crosstab", "--schema", &schema, &data], &request[..], more].concat())
}

#[test]
fn every_export_gives_the_tables_of_the_csv() {
    let clean = tidy(CLEAN, &[]);
    assert_eq!(clean.code, 0, "{}", clean.stderr);
    let shown = [
        ("google-forms.csv", "Google Forms: its first column is `タイムスタンプ`", "google"),
        ("google-sheet.xlsx", "Google Forms: its first column is `タイムスタンプ`", "google"),
        (
            "microsoft-forms.xlsx",
            "Microsoft Forms: it begins with `ID`, `開始時刻` and `完了時刻`",
            "microsoft",
        ),
        (
            "surveymonkey.csv",
            "SurveyMonkey: it begins with `Respondent ID` and `Collector ID`",
            "surveymonkey",
        ),
        (
            "surveymonkey.xlsx",
            "SurveyMonkey: it begins with `Respondent ID` and `Collector ID`",
            "surveymonkey",
        ),
        ("qualtrics.csv", "Qualtrics: its third row holds ImportIds", "qualtrics"),
        (
            "limesurvey.csv",
            "LimeSurvey: it has `submitdate. Date submitted` and `lastpage. Last page`",
            "limesurvey",
        ),
        ("panel-cp932.csv", "a panel: its columns are numbered as panels number them", "panel"),
        (
            "omr.csv",
            "a reader of marked forms: it has cells of -9999; -1 and -9999 (無効) count as 無回答 unless the schema \
             declares them",
            "omr",
        ),
        ("plain.xlsx", "", ""),
        ("plain.ods", "", ""),
        ("plain.xls", "", ""),
        ("care-manager.sav", "", ""),
        ("care-manager.zsav", "", ""),
        ("care-manager.parquet", "", ""),
        ("care-manager.sss", "", ""),
        ("care-manager.arrow", "", ""),
    ];
    for (name, why, layout) in shown {
        let path = format!("data-samples/exports/{name}");
        let run = tidy(&path, &[]);
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(run.stdout == clean.stdout, "{name}: other tables\n{}", run.stderr);
        let note = match layout {
            "" => String::new(),
            layout => format!(
                "note: {}: read as an export of {why}\n  hint: say `--layout {layout}` to have no such note, or \
                 `--layout plain` to read it as it is\n",
                repository(&path)
            ),
        };
        assert!(run.stderr.starts_with(&note) || run.stderr.contains(&note), "{name}: {}", run.stderr);
        if !layout.is_empty() {
            let named = tidy(&path, &["--layout", layout]);
            assert_eq!(named.code, 0, "{name}: {}", named.stderr);
            assert!(named.stdout == clean.stdout, "{name}: other tables with --layout {layout}");
            assert!(!named.stderr.contains("read as an export"), "{name}: {}", named.stderr);
        }
    }
}
