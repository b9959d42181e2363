//! A file of 1,741 municipalities and 200 columns with 500 defects of 25 kinds in known places: `check` finds all of
//! them and nothing else.
//!
//! `RENKEI_PLANTED=FOLDER cargo test planted` leaves the file and its schema there, to be timed (`benches/check/run`).

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::cli::Program;
use crate::data::survey;
use crate::fuzz::Numbers;

/// Defects of each kind.
const EACH: usize = 20;

const SCHEMA: &str = r#"[survey]
id = "planted"
title = "欠陥を埋め込んだ調査"
respondent = "id"
weight = "w"
[survey.about]
sent = 1741
[survey.check]
duration = "sec"
order = [["opened", "closed"]]
[[question]]
id = "city"
text = "市区町村"
kind = "single"
options = "@municipalities"
[[question]]
id = "home"
text = "広域連合の事務局"
kind = "single"
options = "@municipalities"
[[question]]
id = "opened"
text = "開始日"
kind = "date"
from = 2020-01-01
to = 2020-12-31
[[question]]
id = "closed"
text = "終了日"
kind = "date"
[[question]]
id = "age"
text = "年数"
kind = "number"
from = 0
to = 120
[[question]]
id = "income"
text = "予算"
kind = "number"
[[question]]
id = "sex"
text = "実施"
kind = "single"
options = [ { code = 1, label = "していない" }, { code = 2, label = "している" } ]
[[question]]
id = "later"
text = "取組"
kind = "multi"
asked_if = "sex == 2"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
[[question]]
id = "help"
text = "相談先"
kind = "multi"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" }, { code = 4, label = "なし", exclusive = true } ]
[[question]]
id = "most"
text = "主な相談先"
kind = "single"
limited_to = "help"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
[[question]]
id = "pets"
text = "分野"
kind = "multi"
packed = { column = "pets", separator = ";" }
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
[[question]]
id = "r"
text = "順位"
kind = "rank"
places = 2
columns = "r_{place}"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
[[question]]
id = "g"
text = "評価"
kind = "grid"
rows = [ { id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "C" }, { id = "d", label = "D" }, { id = "e", label = "E" } ]
options = [ { code = 1, label = "良い" }, { code = 2, label = "普通" }, { code = 3, label = "悪い" } ]
[[question]]
id = "month"
text = "月"
kind = "single"
options = [ { code = "3-1", label = "3月1日" }, { code = "4-1", label = "4月1日" } ]
[[question]]
id = "note"
text = "自由記述"
kind = "text"
"#;

/// Columns before the plain questions.
const COLUMNS: &str = "id,w,sec,city,home,opened,closed,age,income,sex,later_1,later_2,later_3,help_1,help_2,help_3,\
    help_4,most,pets,r_1,r_2,g_a,g_b,g_c,g_d,g_e,month,note";

/// A file and what is wrong with it: kind, record (0: none) and value or nothing, sorted.
struct Planted {
    schema: String,
    data: String,
    expected: Vec<String>,
    kinds: usize,
}

fn planted() -> Planted {
    let mut schema = SCHEMA.to_string();
    let mut header = COLUMNS.to_string();
    let plain = 200 - COLUMNS.split(',').count();
    for place in 0..plain {
        let options = "options = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" }, { code = 3, label = \"c\" } ]";
        header += &format!(",s{place}");
        let _ =
            write!(schema, "[[question]]\nid = \"s{place}\"\ntext = \"s\"\nkind = \"single\"\n{options}\n");
    }
    let known = survey(&schema);
    let city = &known.questions[known.find("city").expect("city")];
    let codes: Vec<String> = city.options.iter().map(|option| option.code.to_string()).collect();
    let mut numbers = Numbers(20_161_124);
    let names: Vec<&str> = header.split(',').collect();
    let column = |name: &str| names.iter().position(|own| *own == name).expect("a column");

    let mut expected: Vec<(&str, usize, String)> = Vec::new();
    let mut kinds = 0;
    // Absent: the first, but for some of all prefectures.
    let absent: Vec<usize> = (0..EACH).map(|place| place * 87 + 3).collect();
    expected.extend(absent.iter().map(|&place| ("absent", 0, codes[place].clone())));
    kinds += 1;
    let mut records: Vec<Vec<String>> = (0..codes.len())
        .filter(|place| !absent.contains(place))
        .map(|place| record(place, &codes[place], plain, &mut numbers))
        .collect();

    // Each defect has a record of its own, so that one cannot hide another.
    let mut free: Vec<usize> = (0..records.len()).collect();
    let set = |record: &mut Vec<String>, name: &str, value: &str| record[column(name)] = value.to_string();
    type Defect<'a> = Box<dyn FnMut(usize, &mut Vec<String>) -> &'static str + 'a>;
    let one = |name: &'static str, value: &'static str, kind: &'static str| -> Defect<'_> {
        Box::new(move |_, record| {
            set(record, name, value);
            kind
        })
    };
    let mut defects: Vec<Defect<'_>> = vec![
        one("s1", "7", "unknown_code"),
        one("most", "1;2", "several_answers"),
        one("pets", "1;9", "unknown_code"),
        one("age", "五歳", "not_a_number"),
        one("age", "121", "out_of_range"),
        one("closed", "2020-02-30", "not_a_date"),
        one("opened", "2019-12-31", "out_of_range"),
        one("closed", "2019-12-01", "out_of_order"),
        one("w", "-1", "weight"),
        one("sec", "5", "speeding"),
        one("income", "99999", "suspicious_number"),
        one("id", "", "blank_key"),
        one("s0", "", "blank"),
        one("month", "2020/3/1", "unknown_code"),
        Box::new(|_, record| {
            for (name, value) in [("sex", "2"), ("later_1", "1"), ("later_2", "済"), ("later_3", "0")] {
                set(record, name, value);
            }
            "unknown_code"
        }),
        Box::new(|_, record| {
            set(record, "r_2", &record[column("r_1")].clone());
            "rank"
        }),
        Box::new(|place, record| {
            if place % 2 == 0 {
                record.pop();
            } else {
                record.push("1".to_string());
            }
            "fields"
        }),
        Box::new(|place, record| {
            // The last digit of a code checks the others.
            let code = record[column("home")].clone();
            let last = code.as_bytes()[code.len() - 1] - b'0';
            let wrong = (usize::from(last) + 1 + place % 8) % 10;
            set(record, "home", &format!("{}{wrong}", &code[..code.len() - 1]));
            "unknown_code"
        }),
        Box::new(|_, record| {
            for name in ["help_1", "help_4"] {
                set(record, name, "1");
            }
            "exclusive"
        }),
        Box::new(|_, record| {
            for (name, value) in [("help_1", "1"), ("help_2", "0"), ("help_3", "0"), ("most", "2")] {
                set(record, name, value);
            }
            "limited_to"
        }),
        Box::new(|_, record| {
            for (name, value) in [("sex", "1"), ("later_1", "0"), ("later_2", "1"), ("later_3", "0")] {
                set(record, name, value);
            }
            "not_asked"
        }),
        Box::new(|_, record| {
            for name in ["g_a", "g_b", "g_c", "g_d", "g_e"] {
                set(record, name, "2");
            }
            "straight_lining"
        }),
    ];
    for defect in &mut defects {
        for _ in 0..EACH {
            let place = free.swap_remove(numbers.below(free.len()));
            let kind = defect(place, &mut records[place]);
            expected.push((kind, place + 1, String::new()));
        }
        kinds += 1;
    }
    // Copies of clean records, and keys of earlier ones.
    for copy in 0..EACH {
        let place = free.swap_remove(numbers.below(free.len()));
        let mut record = records[place].clone();
        record[0] = format!("copy{copy}");
        records.push(record);
        expected.push(("identical", records.len(), String::new()));
    }
    kinds += 1;
    for _ in 0..EACH {
        let mut places = [0, 0].map(|_| free.swap_remove(numbers.below(free.len())));
        places.sort_unstable();
        records[places[1]][0] = records[places[0]][0].clone();
        expected.push(("duplicate_key", places[1] + 1, String::new()));
    }
    kinds += 1;
    let mut data = header.clone();
    for record in records {
        data += "\n";
        data += &record.join(",");
    }
    data += "\n";
    let mut expected: Vec<String> =
        expected.into_iter().map(|(kind, record, value)| format!("{kind} {record} {value}")).collect();
    expected.sort();
    Planted { schema, data, expected, kinds }
}

/// A record with nothing wrong in it.
fn record(place: usize, city: &str, plain: usize, numbers: &mut Numbers) -> Vec<String> {
    let mut any = |least: usize, count: usize| (least + numbers.below(count)).to_string();
    let asked = any(1, 2) == "2";
    let helped = any(1, 3);
    let chosen = |option: &str| if helped == option { "1" } else { "0" }.to_string();
    let first = 1 + place % 3;
    let mut record = vec![
        format!("k{place}"),
        any(1, 3),
        any(200, 500),
        city.to_string(),
        city.to_string(),
        format!("2020-0{}-1{}", any(1, 6), any(0, 9)),
        format!("2020-1{}-0{}", any(0, 2), any(1, 9)),
        any(0, 121),
        any(100, 100),
        if asked { "2" } else { "1" }.to_string(),
        if asked { "1" } else { "" }.to_string(),
        if asked { "0" } else { "" }.to_string(),
        if asked { any(0, 2) } else { String::new() },
        chosen("1"),
        chosen("2"),
        chosen("3"),
        "0".to_string(),
        helped.clone(),
        ["1", "2", "1;3"][place % 3].to_string(),
        first.to_string(),
        (first % 3 + 1).to_string(),
        "1".to_string(),
        "3".to_string(),
        any(1, 3),
        any(1, 3),
        any(1, 3),
        ["3-1", "4-1"][place % 2].to_string(),
        if place.is_multiple_of(5) { "\"自由な、\n言葉\"".to_string() } else { String::new() },
    ];
    record.extend((0..plain).map(|_| any(1, 3)));
    record
}

#[test]
fn five_hundred_planted_defects_of_twenty_five_kinds_are_found_and_none_invented() {
    let planted = planted();
    assert_eq!((planted.kinds, planted.expected.len()), (25, 500));
    if let Some(folder) = std::env::var_os("RENKEI_PLANTED") {
        fs::write(Path::new(&folder).join("s.toml"), &planted.schema).expect("the schema is written");
        fs::write(Path::new(&folder).join("d.csv"), &planted.data).expect("the data are written");
    }
    let program = Program::new().file("s.toml", planted.schema).file("d.csv", planted.data);
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--blanks", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let finding = |finding: &serde_json::Value| {
        let kind = finding["kind"].as_str().expect("a kind");
        let record = finding["record"].as_u64().unwrap_or(0);
        let value = finding["value"].as_str().filter(|_| record == 0).unwrap_or_default();
        format!("{kind} {record} {value}")
    };
    let mut found: Vec<String> = json["findings"].as_array().expect("findings").iter().map(finding).collect();
    found.sort();
    assert_eq!(found, planted.expected);
}
