//! What other programs read of our files, and we of theirs: pyreadstat, haven, PSPP, polars, DuckDB.

use std::path::Path;
use std::process::Command;

use renkei::frame::{Described, MissingValues, SetHolds, describe};
use renkei::schema::Code;
use serde_json::Value;

use crate::cli::{Program, repository};
use crate::conversion::{DATA, done, program};
use crate::outside::{r_has, skipped};

/// A Python that has these modules.
fn python_with(modules: &str) -> Option<&'static str> {
    let script = format!("import {modules}");
    ["python3", "/usr/bin/python3"].into_iter().find(|python| {
        Command::new(python).args(["-c", &script]).output().is_ok_and(|output| output.status.success())
    })
}

#[track_caller]
fn output(command: &mut Command) -> String {
    let output = command.output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn read(python: &str, script: &str, arguments: &[&Path]) -> Value {
    let script = repository(&format!("tests/exchange/{script}"));
    let mut command = Command::new(python);
    serde_json::from_str(&output(command.arg(script).args(arguments))).expect("JSON")
}

/// A code as a program writes it: numbers with a decimal point, texts without the spaces that fill them.
fn code(value: &Value) -> Code {
    match value.as_f64() {
        Some(number) => Code::Integer(number as i64),
        None => Code::Text(value.as_str().unwrap_or_default().trim_end().to_string()),
    }
}

#[test]
fn pyreadstat_reads_what_we_write() {
    let test = "pyreadstat_reads_what_we_write";
    let Some(python) = python_with("pyreadstat") else { return skipped(test, "Python with pyreadstat") };
    let program = program();
    for file in ["a.sav", "a.zsav"] {
        done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", file]));
        let theirs = read(python, "read_spss.py", &[&program.path(file)]);
        let described = describe(&program.path(file), None).expect("a file").expect("a description");
        assert_eq!(theirs["title"].as_str(), described.title.as_deref());
        assert_eq!(theirs["rows"], 5);
        same_as_pyreadstat(&described, &theirs);
        let use_set = &theirs["sets"]["use"];
        assert_eq!((use_set["type"].as_str(), use_set["counted_value"].as_f64()), (Some("D"), Some(1.0)));
        assert_eq!(theirs["sets"]["wish"]["type"], "C");
        let data = |column: &str| theirs["data"][column].clone();
        assert_eq!(data("sex"), serde_json::json!([1.0, 2.0, 8.0, 9.0, null]));
        assert_eq!(data("region"), serde_json::json!(["north", "south-west-of-all", "na", "", "north"]));
        assert_eq!(data("minutes"), serde_json::json!([12.5, -3.0, 999.0, 0.25, null]));
        assert_eq!(data("comment")[4].as_str().map(|words| words.chars().count()), Some(400));
        assert_eq!(data("comment")[3], "改行\nと\"引用\"");
        // Seconds from 1582-10-14: 17115 days after 1970-01-01, which is 141428 days after it.
        assert_eq!(data("visited")[0], (17_115.0 + 141_428.0) * 86_400.0);
    }
}

/// Labels, missing values and measures are those that another program reads.
#[track_caller]
fn same_as_pyreadstat(described: &Described, theirs: &Value) {
    let names: Vec<&str> =
        theirs["names"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    let own: Vec<&str> = described.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(own, names);
    for column in &described.columns {
        assert_eq!(column.label.as_deref(), theirs["labels"][&column.name].as_str(), "{}", column.name);
        let mut labels: Vec<(Code, String)> = theirs["values"][&column.name]
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| (code(&pair[0]), pair[1].as_str().unwrap_or_default().to_string()))
            .collect();
        let mut own = column.labels.clone();
        labels.sort();
        own.sort();
        assert_eq!(own, labels, "{}", column.name);
        let missing: Vec<MissingValues> = theirs["missing"][&column.name]
            .as_array()
            .into_iter()
            .flatten()
            .map(|range| match (range["lo"].as_f64(), range["hi"].as_f64()) {
                (Some(from), Some(to)) if from < to => MissingValues::Range { from, to },
                _ => MissingValues::Value(code(&range["lo"])),
            })
            .collect();
        assert_eq!(column.missing, missing, "{}", column.name);
        let measure = theirs["measures"][&column.name].as_str().filter(|measure| *measure != "unknown");
        assert_eq!(
            column.measure.map(|own| format!("{own:?}").to_lowercase()).as_deref(),
            measure,
            "{}",
            column.name
        );
    }
}

#[test]
fn haven_reads_what_we_write() {
    let test = "haven_reads_what_we_write";
    if !r_has("'haven', 'jsonlite'") {
        return skipped(test, "Rscript with haven and jsonlite");
    }
    let program = program();
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", "a.sav"]));
    let script = repository("tests/exchange/read_spss.R");
    let theirs = output(Command::new("Rscript").arg(script).arg(program.path("a.sav")));
    let theirs: Value = serde_json::from_str(&theirs).expect("JSON");
    let described = describe(&program.path("a.sav"), None).expect("a file").expect("a description");
    let names: Vec<&String> = theirs.as_object().expect("columns").keys().collect();
    assert_eq!(names.len(), described.columns.len());
    for column in &described.columns {
        let own = &theirs[&column.name];
        assert_eq!(column.label.as_deref(), own["label"][0].as_str(), "{}", column.name);
        let list = |key: &str| own[key].as_array().cloned().unwrap_or_default();
        let labels: Vec<(Code, String)> = list("values")
            .iter()
            .zip(&list("words"))
            .map(|(value, words)| (code(value), words.as_str().unwrap_or_default().to_string()))
            .collect();
        assert_eq!(column.labels, labels, "{}", column.name);
        let missing: Vec<MissingValues> =
            list("missing").iter().map(|value| MissingValues::Value(code(value))).collect();
        assert_eq!(column.missing, missing, "{}", column.name);
    }
    assert_eq!(theirs["sex"]["data"], serde_json::json!([1, 2, 8, 9, null]));
    assert_eq!(theirs["comment"]["data"][4].as_str().map(|words| words.chars().count()), Some(400));
}

const THEIRS: &str = r#"
[survey]
id = "theirs"
title = "theirs"
respondent = "回答者番号"
[[question]]
id = "sex"
column = "性別"
text = "t"
kind = "single"
options = [{ code = 1, label = "男性" }, { code = 2, label = "女性" }]
missing = [{ code = 9, label = "無回答" }]
[[question]]
id = "score"
text = "t"
kind = "number"
missing = [{ code = -99, label = "a" }, { code = -98, label = "b" }]
[[question]]
id = "region"
text = "t"
kind = "single"
options = [{ code = "01", label = "北海道" }, { code = "47", label = "沖縄県" }]
missing = [{ code = "99", label = "無回答" }]
[[question]]
id = "words"
column = "自由回答"
text = "t"
kind = "text"
[[question]]
id = "day"
text = "t"
kind = "date"
"#;

#[test]
fn what_pyreadstat_writes_is_read() {
    let test = "what_pyreadstat_writes_is_read";
    let Some(python) = python_with("pyreadstat, polars") else {
        return skipped(test, "Python with pyreadstat");
    };
    let program = Program::new().file("s.toml", THEIRS);
    for (file, more) in [("a.sav", &[][..]), ("a.zsav", &["zsav"])] {
        let script = repository("tests/exchange/write_spss.py");
        output(Command::new(python).arg(script).arg(program.path(file)).args(more));
        let theirs = read(python, "read_spss.py", &[&program.path(file)]);
        let described = describe(&program.path(file), None).expect("a file").expect("a description");
        same_as_pyreadstat(&described, &theirs);
        done(&program.run(&["convert", "--schema", "s.toml", file, "--texts", "--out", "b.csv"]));
        let written = std::fs::read_to_string(program.path("b.csv")).expect("a file");
        assert_eq!(
            written.replace(&"あ".repeat(400), "長い"),
            "\u{feff}回答者番号,性別,score,region,自由回答,day\r\n\
             1,1,1.5,01,\"とても良い、\"\"最高\"\"\",2016-11-10\r\n\
             2,2,2.25,47,,1970-01-01\r\n\
             3,9,-99,99,\"改行\nあり\",\r\n\
             4,1,-98,01,長い,2026-01-13\r\n\
             5,,1000000,,x,1999-12-31\r\n",
            "{file}"
        );
    }
}

#[test]
fn what_pspp_writes_is_read_with_its_sets_and_it_reads_ours() {
    let test = "what_pspp_writes_is_read_with_its_sets_and_it_reads_ours";
    if !Command::new("pspp").arg("--version").output().is_ok_and(|output| output.status.success()) {
        return skipped(test, "PSPP (pspp)");
    }
    let script = std::fs::read_to_string(repository("tests/exchange/write_spss.sps")).expect("a script");
    let program = program().file("w.sps", script.replace("@FILE@", "theirs.sav"));
    let mut pspp = Command::new("pspp");
    output(pspp.current_dir(program.path("")).arg("w.sps"));
    let described = describe(&program.path("theirs.sav"), None).expect("a file").expect("a description");
    assert_eq!(described.weight.as_deref(), Some("w"));
    let sets: Vec<_> = described
        .sets
        .iter()
        .map(|set| (set.name.as_str(), set.label.as_deref(), set.columns.join(" "), set.holds.clone()))
        .collect();
    let selected = SetHolds::Dichotomies { selected: Code::Integer(1) };
    assert_eq!(
        sets,
        [
            ("q3", Some("相談相手"), "q3_1 q3_2 q3_3".to_string(), selected),
            ("rank", Some("望む順"), "r1 r2".to_string(), SetHolds::Categories)
        ]
    );
    assert_eq!(described.columns[4].missing, [MissingValues::Range { from: 8.0, to: 9.0 }]);
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", "a.sav"]));
    let show =
        "GET FILE='a.sav'.\nMRSETS /DISPLAY NAME=[$use $wish].\nDISPLAY DICTIONARY.\nFREQUENCIES sex.\n";
    std::fs::write(program.path("r.sps"), show).expect("a script");
    let mut pspp = Command::new("pspp");
    let shown = output(pspp.current_dir(program.path("")).args(["-O", "format=csv", "r.sps"]));
    for words in ["$use", "use_1", "利用の目的（いくつでも）", "$wish", "答えたくない"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("error"), "{shown}");
}

#[test]
fn polars_and_duckdb_read_what_we_write_and_we_what_polars_writes() {
    let test = "polars_and_duckdb_read_what_we_write_and_we_what_polars_writes";
    let Some(python) = python_with("polars, duckdb") else {
        return skipped(test, "Python with polars and duckdb");
    };
    let program = program();
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", "a.parquet"]));
    let theirs = read(python, "columnar.py", &[Path::new("read"), &program.path("a.parquet")]);
    assert_eq!(theirs["polars"], theirs["duckdb"]);
    let types: Vec<&str> = ["id", "sex", "region", "minutes", "visited", "w"]
        .into_iter()
        .filter_map(|column| theirs["types"][column].as_str())
        .collect();
    assert_eq!(types, ["Int64", "Int64", "String", "Float64", "String", "Float64"]);
    let second: Vec<Option<&str>> =
        theirs["polars"][1].as_array().expect("a row").iter().map(Value::as_str).collect();
    assert_eq!(second[..5], [Some("2"), Some("2"), Some("south-west-of-all"), None, Some("0")]);

    let tab = |file: &str| {
        let run = program.run(&["tab", "--schema", "s.toml", file, "--format", "tidy"]);
        done(&run);
        run.stdout
    };
    std::fs::write(program.path("plain.csv"), DATA.replace("長い", "x")).expect("a file");
    let script = repository("tests/exchange/columnar.py");
    let mut command = Command::new(python);
    output(command.arg(script).arg("write").arg(program.path("b.parquet")).arg(program.path("plain.csv")));
    assert_eq!(tab("b.parquet"), tab("d.csv"));
}
