//! Workbooks, unzipped: their parts, and every cell as Excel would show it.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use quick_xml::events::Event;
use renkei::calendar::Day;
use renkei::sheet::{Format, Value, number, round};
use renkei::stats::Ratio;

use crate::cli::{Program, repository};

/// The parts of a workbook by name.
pub struct Parts(BTreeMap<String, String>);

/// A cell: a number with its format, or words.
#[derive(Debug, Clone, PartialEq)]
enum Found {
    Number(f64, String),
    Words(String),
}

impl Found {
    /// As Excel shows it.
    fn shown(&self) -> String {
        match self {
            Found::Number(value, format) => displayed(*value, format),
            Found::Words(words) => words.clone(),
        }
    }
}

/// The elements of a part: name, attributes, and the text directly in it.
fn elements(xml: &str) -> Vec<(String, BTreeMap<String, String>, String)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut open) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Eof => break,
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let closed = matches!(event, Event::Empty(_));
                let (Event::Start(start) | Event::Empty(start)) = event else { unreachable!() };
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.expect("an attribute");
                    let value = quick_xml::escape::unescape(&attribute.value).expect("a value");
                    (attribute.key.as_ref().to_string(), value.into_owned())
                });
                let name = start.name().as_ref().to_string();
                found.push((name, attributes.collect(), String::new()));
                if !closed {
                    open.push(found.len() - 1);
                }
            }
            Event::End(_) => _ = open.pop(),
            Event::Text(text) => {
                if let Some(&at) = open.last() {
                    found[at].2.push_str(&text);
                }
            }
            Event::GeneralRef(reference) => {
                let name = format!("&{};", &*reference);
                if let Some(&at) = open.last() {
                    found[at].2.push_str(&quick_xml::escape::unescape(&name).expect("an entity"));
                }
            }
            _ => {}
        }
    }
    assert!(open.is_empty(), "elements are left open");
    found
}

impl Parts {
    fn of(path: &Path) -> Parts {
        let file = std::fs::File::open(path).expect("the workbook");
        let mut zip = zip::ZipArchive::new(file).expect("a zip");
        let mut parts = BTreeMap::new();
        for place in 0..zip.len() {
            let mut part = zip.by_index(place).expect("a part");
            let name = part.name().expect("a name").to_string();
            let mut text = String::new();
            part.read_to_string(&mut text).expect("text");
            elements(&text);
            parts.insert(name, text);
        }
        Parts(parts)
    }

    fn part(&self, name: &str) -> &str {
        &self.0[name]
    }

    fn sheet_names(&self) -> Vec<String> {
        let sheets = elements(self.part("xl/workbook.xml")).into_iter().filter(|(name, ..)| name == "sheet");
        sheets.map(|(_, attributes, _)| attributes["name"].clone()).collect()
    }

    fn strings(&self) -> Vec<String> {
        let mut strings: Vec<String> = Vec::new();
        for (name, _, text) in elements(self.part("xl/sharedStrings.xml")) {
            match name.as_str() {
                "si" => strings.push(String::new()),
                "t" => strings.last_mut().expect("an entry").push_str(&text),
                _ => {}
            }
        }
        strings
    }

    /// The number format of each style.
    fn formats(&self) -> Vec<String> {
        let mut own: BTreeMap<String, String> =
            [("0", ""), ("1", "0"), ("2", "0.00"), ("3", "#,##0"), ("4", "#,##0.00")]
                .map(|(id, code)| (id.to_string(), code.to_string()))
                .into();
        let (mut formats, mut cells) = (Vec::new(), false);
        for (name, attributes, _) in elements(self.part("xl/styles.xml")) {
            match name.as_str() {
                "numFmt" => _ = own.insert(attributes["numFmtId"].clone(), attributes["formatCode"].clone()),
                "cellStyleXfs" => cells = false,
                "cellXfs" => cells = true,
                "cellStyles" => cells = false,
                "xf" if cells => formats.push(own[&attributes["numFmtId"]].clone()),
                _ => {}
            }
        }
        formats
    }

    /// The rows of a sheet that have cells; columns by letter.
    fn rows(&self, sheet: usize) -> Vec<BTreeMap<String, Found>> {
        let (strings, formats) = (self.strings(), self.formats());
        let mut rows: Vec<BTreeMap<String, Found>> = Vec::new();
        let mut cell = BTreeMap::new();
        for (name, attributes, text) in elements(self.part(&format!("xl/worksheets/sheet{}.xml", sheet + 1)))
        {
            match name.as_str() {
                "row" => rows.push(BTreeMap::new()),
                "c" => cell = attributes,
                "f" => panic!("a formula"),
                "v" => {
                    let column = cell["r"].trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
                    let style = cell.get("s").map_or(0, |style| style.parse::<usize>().expect("a style"));
                    let found = match cell.get("t").map(String::as_str) {
                        Some("s") => Found::Words(strings[text.parse::<usize>().expect("an index")].clone()),
                        None => Found::Number(text.parse().expect("a number"), formats[style].clone()),
                        Some(other) => panic!("a cell of type {other}"),
                    };
                    // Columns in order: A … Z, AA.
                    rows.last_mut().expect("a row").insert(format!("{column:>3}"), found);
                }
                _ => {}
            }
        }
        rows.retain(|row| !row.is_empty());
        rows
    }
}

/// A number as Excel shows it by a number format: rounded half away from zero.
fn displayed(value: f64, format: &str) -> String {
    if format.contains('年') {
        let day = Day(value as i64 - 25_569);
        return day.civil().japanese(format.contains("ggg"));
    }
    let sections: Vec<&str> = format.split(';').collect();
    let section = match sections.as_slice() {
        [_, below, _] if value < 0.0 => below,
        [_, _, zero] if value == 0.0 => zero,
        [first, ..] => first,
        [] => "",
    };
    let decimals = section
        .split_once('.')
        .map_or(0, |(_, places)| places.chars().take_while(|c| *c == '0').count() as u32);
    let unsigned = if sections.len() == 3 { value.abs() } else { value };
    let digits = match section.contains('#') {
        true => number(Value::Real(unsigned), Format::Measure { decimals }),
        false => renkei::sheet::round_real(unsigned, decimals).expect("a number"),
    };
    let (mut out, mut put, mut rest) = (String::new(), false, section.chars());
    while let Some(c) = rest.next() {
        match c {
            '"' => out.extend(rest.by_ref().take_while(|c| *c != '"')),
            '_' => _ = rest.next(),
            '0' | '#' | ',' | '.' => {
                if !put {
                    out.push_str(&digits);
                }
                put = true;
            }
            c => out.push(c),
        }
    }
    out
}

fn book(schema: &str, data: &str, arguments: &[&str]) -> (Program, Parts) {
    let (schema, data) = (repository(schema), repository(data));
    let program = Program::new();
    let fixed = [arguments[0], "--schema", &schema, &data, "--out", "b.xlsx"];
    let run = program.run(&[&fixed, &arguments[1..]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let parts = Parts::of(&program.path("b.xlsx"));
    (program, parts)
}

#[test]
fn the_parts_of_a_small_book() {
    let program = Program::small();
    let arguments =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q1", "--cols", "q2", "--out", "b.xlsx"];
    let run = program.run(&arguments);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let parts = Parts::of(&program.path("b.xlsx"));
    // One table needs no contents.
    assert_eq!(parts.sheet_names(), ["q1"]);
    let shown = [
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "docProps/core.xml",
    ]
    .map(|name| format!("== {name}\n{}\n", parts.part(name).replace("><", ">\n<")));
    insta::assert_snapshot!(shown.concat());
}

#[test]
fn a_book_has_the_same_bytes_whenever_it_is_made() {
    let program = Program::small();
    let bytes = |name: &str| {
        let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--charts", "--out", name]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        // The clock of zip has steps of two seconds, that of properties of one.
        std::thread::sleep(std::time::Duration::from_millis(2100));
        std::fs::read(program.path(name)).expect("the workbook")
    };
    assert_eq!(bytes("one.xlsx"), bytes("two.xlsx"));
}

/// A book shows, cell by cell, what the CSV of the same run prints.
#[test]
fn every_cell_is_seen_as_it_is_printed() {
    let every = ("schemas/every-kind.toml", "data-samples/every-kind.csv");
    let care = ("schemas/care-manager-2016.toml", "data-samples/care-manager-2016.csv");
    let dates = ("schemas/dates.toml", "data-samples/dates.csv");
    let requests: [((&str, &str), &[&str]); 6] = [
        (every, &["tab"]),
        (
            every,
            &["crosstab", "--rows", "all", "--cols", "age_group,q4", "--cell", "both", "--diff", "--index=1"],
        ),
        (every, &["crosstab", "--rows", "all", "--cols", "age_group>q1", "--axis", "top", "--no-weight"]),
        (care, &["tab", "--decimals", "2"]),
        (care, &["crosstab", "--rows", "all", "--cols", "q4", "--sig", "renkei", "--test", "auto,residual"]),
        (dates, &["tab"]),
    ];
    let mut numbers = 0;
    for ((schema, data), request) in requests {
        let (program, parts) = book(schema, data, &[request, &["--sheets", "one", "--no-hatch"]].concat());
        let sheet = parts.sheet_names().iter().position(|name| name.ends_with('表')).expect("the tables");
        let rows = parts.rows(sheet);
        let (schema, data) = (repository(schema), repository(data));
        let fixed = [request[0], "--schema", &schema, &data, "--format", "csv", "--no-hatch"];
        let run = program.run(&[&fixed, &request[1..]].concat());
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(run.stdout.trim_start_matches('\u{feff}').as_bytes());
        let lines = csv.records().map(|record| record.expect("a line"));
        let lines: Vec<Vec<String>> = lines
            .map(|line| line.iter().filter(|field| !field.is_empty()).map(str::to_string).collect::<Vec<_>>())
            .filter(|line| !line.is_empty())
            .collect();
        // The first row has the link to the contents.
        assert_eq!(rows[0].values().next().map(Found::shown).as_deref(), Some("← 目次"));
        assert_eq!(rows.len() - 1, lines.len(), "{request:?}");
        for (row, line) in rows[1..].iter().zip(&lines) {
            let seen: Vec<String> = row.values().map(Found::shown).collect();
            for ((cell, seen), printed) in row.values().zip(&seen).zip(line) {
                let number = matches!(cell, Found::Number(..));
                numbers += u32::from(number);
                // The CSV has no thousands, and an apostrophe where words look like a formula.
                let (seen, printed) = match number {
                    true => (seen.replace(',', ""), printed.clone()),
                    false => (seen.clone(), printed.trim_start_matches('\'').to_string()),
                };
                assert_eq!(seen, printed, "{request:?} {row:?}");
            }
            assert_eq!(seen.len(), line.len(), "{request:?} {row:?}");
        }
    }
    assert!(numbers > 3_000, "{numbers} numbers");
}

#[test]
fn every_number_is_that_of_the_tables() {
    let request = ["tab", "--no-number", "--low-base", "0"];
    let care = ["schemas/care-manager-2016.toml", "data-samples/care-manager-2016.csv"];
    let (program, parts) = book(care[0], care[1], &request);
    let (schema, data) = (repository(care[0]), repository(care[1]));
    let run = program.run(&["tab", "--schema", &schema, &data, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let sheet = parts.sheet_names().iter().position(|name| name == "GT表").expect("the tables");
    let rows = parts.rows(sheet);
    let mut compared = 0;
    for table in json["tables"].as_array().expect("tables") {
        let kind = table["question"]["kind"].as_str().expect("a kind");
        if !table["grid"].is_null() || !["single", "multi"].contains(&kind) {
            continue;
        }
        let words = |key: &str| table["question"][key].as_str().expect("words");
        let title = Found::Words(format!("{} {}", words("id"), words("heading")));
        let start = rows.iter().position(|row| row.get("  A") == Some(&title)).expect("the title");
        // Lines above and notes below have words in the first column only.
        let cells = rows[start..].iter().skip_while(|row| row.len() == 1).take_while(|row| row.len() > 1);
        let cells: Vec<_> = cells.collect();
        for (place, row) in table["stub"].as_array().expect("rows").iter().enumerate() {
            let label = match row["label"].as_str().expect("a label") {
                "" => "無回答",
                label => label,
            };
            let label = Found::Words(label.to_string());
            let count = table["cells"][place][0][0].as_i64().expect("a count");
            let base = table["bases"][place][0][0].as_i64().expect("a base");
            let Some(found) = cells.iter().find(|row| row.get("  A") == Some(&label)) else {
                // 無回答 is shown where somebody did not answer.
                assert_eq!((row["role"].as_str(), count), (Some("missing"), 0), "{label:?}");
                continue;
            };
            let (Found::Number(n, _), Found::Number(percent, format)) = (&found["  B"], &found["  C"]) else {
                panic!("{label:?} has no numbers: {found:?}");
            };
            assert_eq!(*n, count as f64, "{label:?}");
            let exact = Ratio::new(100 * i128::from(count), base.into()).expect("a base");
            assert!((percent - exact.to_f64()).abs() <= 0.05, "{label:?}");
            if count > 0 {
                assert_eq!(displayed(*percent, format), round(exact, 1), "{label:?}");
            }
            compared += 1;
        }
    }
    assert!(compared > 60, "{compared} rows");
}

#[test]
fn sheets_are_by_question_banner_or_one() {
    let request = ["crosstab", "--rows", "q1,q6", "--cols", "age_group>q1,q4"];
    let names = |sheets: &[&str]| {
        let every = ["schemas/every-kind.toml", "data-samples/every-kind.csv"];
        book(every[0], every[1], &[&request[..], sheets].concat()).1
    };
    assert_eq!(names(&[]).sheet_names(), ["目次", "調査概要", "q1", "q6"]);
    assert_eq!(names(&["--sheets", "one"]).sheet_names(), ["目次", "調査概要", "クロス表"]);
    let banners = names(&["--sheets", "banner", "--lang", "en"]);
    assert_eq!(banners.sheet_names(), ["Contents", "About", "age_group>q1", "q4"]);
    // Every table has its line in the contents, with a link that leads to it.
    let links: Vec<String> = elements(banners.part("xl/worksheets/sheet1.xml"))
        .into_iter()
        .filter(|(name, ..)| name == "hyperlink")
        .map(|(_, attributes, _)| attributes["location"].clone())
        .collect();
    assert_eq!(links.len(), 9);
    assert!(links[1].starts_with("'age_group>q1'!A2"), "{links:?}");
    for (place, link) in links.iter().enumerate() {
        let (sheet, cell) = link.split_once("!A").expect("a place");
        let names = banners.sheet_names();
        let sheet = names.iter().position(|name| name == sheet.trim_matches('\'')).expect("the sheet");
        let target = format!(r#"r="A{cell}""#);
        assert!(banners.part(&format!("xl/worksheets/sheet{}.xml", sheet + 1)).contains(&target), "{place}");
    }
}

#[test]
fn charts_are_of_the_cells_of_their_table() {
    let every = ("schemas/every-kind.toml", "data-samples/every-kind.csv");
    let (_, parts) = book(every.0, every.1, &["tab", "--rows", "q1,q4", "--charts"]);
    let rows = parts.rows(2);
    // A single is a band: a series for each answer, 無回答 last, and no net.
    let band = elements(parts.part("xl/charts/chart1.xml"));
    let texts = |of: &str| {
        band.iter().filter(|(name, ..)| name == of).map(|(.., text)| text.clone()).collect::<Vec<_>>()
    };
    let references = texts("c:f");
    assert_eq!(references.len(), 1 + 2 * 5, "{references:?}");
    let values = texts("c:v");
    for label in ["月に1回以上", "利用したことがない", "無回答"] {
        let row = rows.iter().find(|row| row.get("  A") == Some(&Found::Words(label.into()))).expect("a row");
        let Found::Number(percent, _) = &row["  D"] else { panic!("no percentage") };
        let at = values.iter().position(|value| value == label).expect("the series");
        let value: f64 = values[at + 1].parse().expect("a value");
        assert!((value - percent).abs() < 1e-9, "{label}");
    }
    assert!(!values.iter().any(|value| value.contains("（計）")));
    // Several answers are bars, from zero, in the order of the table.
    let bars = parts.part("xl/charts/chart2.xml");
    assert!(bars.contains(r#"<c:grouping val="clustered"/>"#) && bars.contains(r#"<c:min val="0"/>"#));
    assert_eq!(bars.matches("<c:ser>").count(), 1);
    // Where lines of counts stand between percentages, each cell is named by itself.
    let request = ["crosstab", "--rows", "q1", "--cols", "age_group", "--cell", "both", "--charts"];
    let (_, parts) = book(every.0, every.1, &request);
    assert!(
        parts.part("xl/charts/chart1.xml").contains("('q1'!$F$"),
        "{}",
        parts.part("xl/charts/chart1.xml")
    );
}

#[test]
fn a_table_too_large_for_a_chart_is_told() {
    let program = Program::new();
    let (schema, data) = (repository("schemas/every-kind.toml"), repository("data-samples/every-kind.csv"));
    let run = program.run(&[
        "crosstab",
        "--schema",
        &schema,
        &data,
        "--rows",
        "q3",
        "--cols",
        "age_group,q4",
        "--charts",
        "--out",
        "b.xlsx",
    ]);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            0,
            "warning: b.xlsx: 1 table without a chart\n  hint: of several answers, six groups are compared in a chart at most\n"
        )
    );
}

#[test]
fn hostile_words_stay_words() {
    let long = "長".repeat(40_000);
    let words = [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "<r>broken & not xml</r>",
        "<r><t>x</t></r></si><si><t>99.9</t></si><si><r><t>y</t></r>",
        "\u{1b}[31m\u{7}\u{fffe}",
        "_x0041_",
        "𠮷",
        &long,
    ];
    let options: Vec<String> = words
        .iter()
        .zip(1..)
        .map(|(label, code)| {
            format!("{{ code = {code}, label = {} }}", serde_json::to_string(label).expect("a text"))
        })
        .collect();
    let question = |id: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\ntext = \"=HYPERLINK(1)\"\nkind = \"single\"\noptions = [{}]\n",
            options.join(", ")
        )
    };
    let schema = format!("[survey]\nid = \"h\"\ntitle = \"<r>&</r>\"\n{}{}", question("q1"), question("Q1"));
    let program = Program::new().file("s.toml", schema).file("d.csv", "q1,Q1\n1,2\n3,4\n5,6\n7,8\n9,9\n");
    let request = [
        "crosstab", "--schema", "s.toml", "d.csv", "--rows", "all", "--cols", "q1", "--axis", "top",
        "--charts", "--out", "b.xlsx",
    ];
    let run = program.run(&request);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("b.xlsx: shortened 2 texts to the 32,767 characters that a cell holds"),
        "{}",
        run.stderr
    );
    let parts = Parts::of(&program.path("b.xlsx"));
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--sheets", "question", "--out", "t.xlsx"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let tab = Parts::of(&program.path("t.xlsx"));
    assert_eq!(tab.sheet_names(), ["目次", "q1", "Q1~2"]);
    for parts in [&parts, &tab] {
        let strings = parts.strings();
        let counts = elements(parts.part("xl/sharedStrings.xml"));
        assert_eq!(counts[0].1["uniqueCount"], strings.len().to_string());
        for words in &words[..5] {
            assert!(strings.iter().any(|string| string == words), "{words:?} is not in {strings:?}");
        }
        assert!(strings.iter().any(|string| string.starts_with("\\u{1b}[31m\\u{7}")));
        let shortened = strings.iter().find(|string| string.starts_with("長長")).expect("the long label");
        assert_eq!(shortened.chars().count(), 32_767);
        assert!(shortened.ends_with('…'));
        // Reading rows fails on a formula.
        (0..parts.sheet_names().len()).for_each(|sheet| _ = parts.rows(sheet));
        // Words that look like a formula are marked as text.
        assert!(parts.part("xl/styles.xml").contains("quotePrefix=\"1\""));
    }
}

#[test]
fn lists_of_words_are_books_too() {
    let program = Program::small();
    for (request, sheet) in [
        (vec!["codebook", "--schema", "s.toml", "d.csv"], "設問一覧"),
        (vec!["comments", "--schema", "s.toml", "d.csv"], "表"),
    ] {
        let run = program.run(&[request, vec!["--out", "b.xlsx"]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let parts = Parts::of(&program.path("b.xlsx"));
        assert_eq!(parts.sheet_names(), [sheet]);
        assert!(parts.rows(0).len() > 2);
    }
}

#[test]
fn a_pipe_takes_a_book() {
    let program = Program::small();
    let arguments = ["tab", "--schema", "s.toml", "d.csv", "--format", "xlsx"];
    let output = program.command(&arguments).output().expect("renkei starts");
    assert!(output.status.success() && output.stdout.starts_with(b"PK"));
}
