//! `convert`, and reading what it and others wrote: the same tables, labels and missing values.

use renkei::frame::{Described, Holds, Measure, MissingValues, SetHolds, describe};
use renkei::schema::Code;

use proptest::prelude::*;

use crate::cli::{Program, Run, repository};

/// A survey with everything a file of data may have to hold.
pub const SCHEMA: &str = r#"
[survey]
id = "exchange"
title = "図書館の調査（模擬データ）"
respondent = "id"
weight = "w"

[[question]]
id = "sex"
text = "あなたの性別をお答えください。"
kind = "single"
options = [{ code = 1, label = "男性" }, { code = 2, label = "女性, \"その他\"" }]
missing = [{ code = 8, label = "答えたくない" }, { code = 9, label = "無回答" }]

[[question]]
id = "region"
text = "お住まいの地域"
kind = "single"
options = [{ code = "north", label = "北" }, { code = "south-west-of-all", label = "南西" }]
missing = [{ code = "na", label = "不明" }]

[[question]]
id = "satisfaction"
text = "図書館に満足していますか。"
kind = "scale"
options = [{ code = 1, label = "不満", score = 1 }, { code = 2, label = "普通", score = 2 }, { code = 3, label = "満足", score = 3 }]
asked_if = "sex in [1, 2]"
not_asked = [88, "非該当"]

[[question]]
id = "use"
text = "利用の目的（いくつでも）"
kind = "multi"
columns = "use_{code}"
options = [{ code = 1, label = "本" }, { code = 2, label = "席" }, { code = 3, label = "催し" }]
missing = [{ code = 9, label = "無回答" }]

[[question]]
id = "wish"
text = "望むこと（二つまで、順に）"
kind = "rank"
columns = "wish_{place}"
places = 2
options = [{ code = 1, label = "開館時間" }, { code = 2, label = "蔵書" }, { code = 3, label = "静けさ" }]

[[question]]
id = "minutes"
text = "滞在した時間（分）"
kind = "number"
missing = [{ code = 999, label = "わからない" }]

[[question]]
id = "visited"
text = "最後に訪れた日"
kind = "date"
missing = [{ code = 9, label = "覚えていない" }]

[[question]]
id = "comment"
text = "ご自由に"
kind = "text"

[[derive]]
id = "woman"
label = "女性"
from = "sex"
groups = [{ code = 1, label = "女性", of = [2] }, { code = 2, label = "それ以外", rest = true }]
"#;

pub const DATA: &str = "\
id,w,sex,region,satisfaction,use_1,use_2,use_3,wish_1,wish_2,minutes,visited,comment
1,1.25,1,north,3,1,0,1,2,1,12.5,2016-11-10,とても良い
2,0.75,2,south-west-of-all,,0,1,0,3,,-3,1970-01-01,
3,1,8,na,88,9,9,9,,,999,9,=1+1
5,1,9,,,,,,1,2,0.25,,\"改行\nと\"\"引用\"\"\"
4,2,,north,,0,0,0,,,,2026-02-28,長い
";

/// A folder with the survey and its data.
pub fn program() -> Program {
    let long = "あ".repeat(400);
    Program::new().file("s.toml", SCHEMA).file("d.csv", DATA.replace("長い", &long))
}

#[track_caller]
pub fn done(run: &Run) {
    assert_eq!(run.code, 0, "{}", run.stderr);
}

/// The tidy tables of a file: every question alone, and by another.
#[track_caller]
fn tables(program: &Program, schema: &str, file: &str) -> String {
    // A workbook has a sheet of data and one of what they mean.
    let sheet: &[&str] = if file.ends_with(".xlsx") { &["--sheet", "data"] } else { &[] };
    let tab = program.run(&[&["tab", "--schema", schema, file, "--format", "tidy"], sheet].concat());
    done(&tab);
    let cols = ["crosstab", "--schema", schema, file, "--rows", "all", "--cols", "sex", "--format", "tidy"];
    let cross = program.run(&[&cols, sheet].concat());
    done(&cross);
    tab.stdout + &cross.stdout
}

#[test]
fn every_format_gives_the_same_tables() {
    let program = program();
    let expected = tables(&program, "s.toml", "d.csv");
    assert!(expected.lines().count() > 200);
    for file in ["a.csv", "a.sav", "a.zsav", "a.parquet", "a.xlsx"] {
        let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", file]);
        done(&run);
        assert_eq!(run.stderr, "", "{file}");
        assert_eq!(tables(&program, "s.toml", file), expected, "{file}");
        // And once more, from that.
        let again = format!("again-{file}");
        let sheet: &[&str] = if file.ends_with(".xlsx") { &["--sheet", "data"] } else { &[] };
        done(
            &program
                .run(&[&["convert", "--schema", "s.toml", file, "--texts", "--out", &again], sheet].concat()),
        );
        let bytes = |name: &str| std::fs::read(program.path(name)).expect("a file");
        assert_eq!(bytes(file), bytes(&again), "{file}");
    }
}

#[test]
fn triple_s_says_what_it_cannot_hold() {
    let program = program();
    let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", "a.sss"]);
    done(&run);
    assert_eq!(
        run.stderr,
        "warning: a.sss: Triple-S has no missing values: in 4 variables they are values like others\n  \
         hint: their labels are there; say to whoever reads the file which they are\n\
         warning: a.sss: 2 replies of 2 variables were no answers with a code; Triple-S has no place for it, and they \
         are blank\n"
    );
    // A blank in the place of a code is 無回答 all the same.
    let blank = |text: &str| text.replace(",9,9,9,", ",,,,").replace(",999,9,", ",999,,");
    let program = program.file("blank.csv", blank(DATA));
    assert_eq!(tables(&program, "s.toml", "a.sss"), tables(&program, "s.toml", "blank.csv"));
    assert_eq!(program.files(), ["a.csv", "a.sss", "blank.csv", "d.csv", "s.toml"]);
}

#[test]
fn a_file_tells_of_its_columns_what_the_schema_did() {
    let program = program();
    let out = ["--texts", "--derived", "--out"];
    for file in ["a.sav", "a.zsav", "a.parquet"] {
        done(&program.run(&[&["convert", "--schema", "s.toml", "d.csv"], &out[..], &[file]].concat()));
        let described = describe(&program.path(file), None).expect("a file").expect("a description");
        assert_eq!(described.title.as_deref(), Some("図書館の調査（模擬データ）"));
        assert_eq!((described.weight.as_deref(), described.records), (Some("w"), Some(5)));
        let names: Vec<&str> = described.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "id",
                "sex",
                "region",
                "satisfaction",
                "use_1",
                "use_2",
                "use_3",
                "wish_1",
                "wish_2",
                "minutes",
                "visited",
                "comment",
                "woman",
                "w"
            ]
        );
        same_words(&described);
    }
}

/// What is known of a few columns, whatever the format.
fn same_words(described: &Described) {
    let column = |name: &str| described.columns.iter().find(|column| column.name == name).expect("a column");
    let sex = column("sex");
    assert_eq!(sex.label.as_deref(), Some("あなたの性別をお答えください。"));
    let labels: Vec<(String, &str)> =
        sex.labels.iter().map(|(code, label)| (code.to_string(), label.as_str())).collect();
    let expected = [("1", "男性"), ("2", "女性, \"その他\""), ("8", "答えたくない"), ("9", "無回答")];
    assert_eq!(labels, expected.map(|(code, label)| (code.to_string(), label)));
    let value = |code| MissingValues::Value(Code::Integer(code));
    assert_eq!(sex.missing, [value(8), value(9)]);
    assert_eq!(
        (sex.measure, column("satisfaction").measure),
        (Some(Measure::Nominal), Some(Measure::Ordinal))
    );
    assert_eq!(column("satisfaction").missing, [value(88)]);
    let region = column("region");
    assert_eq!(region.holds, Holds::Words);
    assert_eq!(region.missing, [MissingValues::Value(Code::Text("na".to_string()))]);
    assert_eq!(region.labels[1], (Code::Text("south-west-of-all".to_string()), "南西".to_string()));
    assert_eq!(column("visited").holds, Holds::Days);
    assert_eq!(column("minutes").holds, Holds::Numbers { decimals: 2 });
    assert_eq!(column("use_2").label.as_deref(), Some("席"));
    let sets: Vec<_> =
        described.sets.iter().map(|set| (set.name.as_str(), set.label.as_deref(), &set.holds)).collect();
    let dichotomies = SetHolds::Dichotomies { selected: Code::Integer(1) };
    assert_eq!(
        sets,
        [
            ("use", Some("利用の目的（いくつでも）"), &dichotomies),
            ("wish", Some("望むこと（二つまで、順に）"), &SetHolds::Categories)
        ]
    );
    assert_eq!(described.sets[0].columns, ["use_1", "use_2", "use_3"]);
}

#[test]
fn who_wrote_something_is_known_without_the_words() {
    let program = program();
    let expected = tables(&program, "s.toml", "d.csv");
    for file in ["a.csv", "a.sav", "a.zsav", "a.parquet", "a.xlsx"] {
        done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", file]));
        assert_eq!(tables(&program, "s.toml", file), expected, "{file}");
    }
}

#[test]
fn the_data_of_triple_s_replace_no_other_file() {
    let program = program().file("a.csv", "mine\n");
    let convert = ["convert", "--schema", "s.toml", "d.csv", "--out", "a.sss"];
    let run = program.run(&convert);
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (
            1,
            "error: a.csv: the data of the Triple-S survey go here, and the file is there already\n  \
             hint: give `--out` another name, or take the file away\n"
        )
    );
    assert_eq!(std::fs::read(program.path("a.csv")).expect("the file"), b"mine\n");
    assert_eq!(program.files(), ["a.csv", "d.csv", "s.toml"]);
    // A survey that was written here before is written again.
    std::fs::remove_file(program.path("a.csv")).expect("a file");
    done(&program.run(&convert));
    done(&program.run(&convert));
}

#[test]
fn words_of_respondents_go_along_only_when_asked_for() {
    let program = program();
    for file in ["a.csv", "a.sav", "a.parquet", "a.json", "a.xlsx", "t.sss"] {
        let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", file]);
        done(&run);
        assert!(
            run.stderr.starts_with(
                "warning: the words of 1 text question left out: `（記入あり）` stands where there were some\n  hint: \
                 `--texts` takes the words of respondents along; read them before you hand them on\n"
            ),
            "{file}: {}",
            run.stderr
        );
        let bytes = std::fs::read(program.path(file)).expect("a file");
        let has = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(!has("とても良い"), "{file}");
    }
}

#[test]
fn a_csv_has_codes_or_labels() {
    let program = program();
    let read =
        |name: &str| String::from_utf8(std::fs::read(program.path(name)).expect("a file")).expect("UTF-8");
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--derived", "--out", "a.csv"]));
    assert_eq!(
        read("a.csv"),
        "\u{feff}id,sex,region,satisfaction,use_1,use_2,use_3,wish_1,wish_2,minutes,visited,comment,woman,w\r\n\
         1,1,north,3,1,0,1,2,1,12.5,2016-11-10,（記入あり）,2,1.25\r\n\
         2,2,south-west-of-all,,0,1,0,3,,-3,1970-01-01,,1,0.75\r\n\
         3,8,na,88,9,9,9,,,999,9,（記入あり）,8,1\r\n\
         5,9,,88,,,,1,2,0.25,,（記入あり）,9,1\r\n\
         4,,north,88,,,,,,,2026-02-28,（記入あり）,,2\r\n"
    );
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--labels", "--out", "a.csv"]));
    let labels = read("a.csv");
    let second = labels.lines().nth(2).expect("a respondent");
    assert_eq!(second, "2,\"女性, \"\"その他\"\"\",南西,,0,席,0,静けさ,,-3,1970-01-01,,0.75");
    assert!(
        labels.contains(
            "3,答えたくない,不明,非該当,無回答,無回答,無回答,,,わからない,覚えていない,（記入あり）,1\r\n"
        ),
        "{labels}"
    );
}

#[test]
fn what_cp932_does_not_have_is_refused_or_replaced() {
    let program = Program::new()
        .file("s.toml", SCHEMA.replace("label = \"南西\"", "label = \"𠮷野\""))
        .file("d.csv", DATA);
    let arguments =
        ["convert", "--schema", "s.toml", "d.csv", "--labels", "--out-encoding", "cp932", "--out", "a.csv"];
    let run = program.run(&arguments);
    assert_eq!((run.code, program.files()), (1, vec!["d.csv".to_string(), "s.toml".to_string()]));
    assert_eq!(
        run.stderr,
        "error: a.csv: CP932 has no `𠮷` (U+20BB7), which stands in record 2, column `region`\n  \
         hint: write UTF-8, or say `--substitute`: 〓 stands for every such character then\n"
    );
    let run = program.run(&[&arguments[..], &["--substitute"]].concat());
    done(&run);
    assert!(
        run.stderr.contains("warning: a.csv: 1 character that CP932 does not have became 〓\n"),
        "{}",
        run.stderr
    );
    let bytes = std::fs::read(program.path("a.csv")).expect("a file");
    // 〓野, and never `&#134071;`.
    assert!(bytes.windows(4).any(|window| window == [0x81, 0xAC, 0x96, 0xEC]));
    assert!(!bytes.windows(2).any(|window| window == b"&#"));
}

#[test]
fn names_that_spss_does_not_take_are_told() {
    let program = Program::new()
        .file("s.toml", "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"q1\"\ncolumn = \"問1(SA)\"\ntext = \"t\"\nkind = \"single\"\noptions = [{ code = 1, label = \"a\" }]\n[[question]]\nid = \"by\"\ntext = \"t\"\nkind = \"multi\"\npacked = { column = \"by\", separator = \";\" }\noptions = [{ code = 1, label = \"a\" }, { code = 7, label = \"b\" }]\n")
        .file("d.csv", "問1(SA),by\n1,1;7\n1,7\n");
    let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", "a.sav"]);
    done(&run);
    assert_eq!(
        run.stderr,
        "warning: question `by` is one column in the schema, and several in the file\n  \
         hint: to read the file, say `columns = \"by_{code}\"` instead of `packed`\n\
         warning: a.sav: 1 column name that SPSS does not take: `問1(SA)` is `問1_SA_`\n  \
         hint: a schema that reads the file names these columns\n"
    );
    let described = describe(&program.path("a.sav"), None).expect("a file").expect("a description");
    let names: Vec<&str> = described.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["問1_SA_", "by_1", "by_7"]);
}

#[test]
fn what_changes_nothing_is_refused() {
    let program = program();
    let told = |more: &[&str]| {
        let run = program.run(&[&["convert", "--schema", "s.toml", "d.csv"], more].concat());
        assert_eq!(run.code, 1);
        run.stderr
    };
    assert_eq!(
        told(&["--out", "a.dat"]),
        "error: a.dat: the name of the output says no format\n  hint: expected .csv, .xlsx, .sav, .zsav, .parquet, .sss \
         or .json, or say `--format`\n"
    );
    assert_eq!(
        told(&["--out", "a.sav", "--labels", "--out-encoding", "cp932"]),
        "error: expected CSV or xlsx with `--labels`, found another format\n  hint: other formats have codes and their \
         labels\nerror: expected CSV with `--out-encoding cp932`, found another format\n  hint: other formats are always \
         Unicode\n"
    );
    assert_eq!(
        told(&["--out", "a.csv", "--substitute"]),
        "error: expected `--out-encoding cp932` with `--substitute`\n  hint: UTF-8 has every character\n"
    );
    assert_eq!(program.files(), ["d.csv", "s.toml"]);
}

#[test]
fn weights_of_targets_go_along() {
    let targets = "[[target]]\nquestion = \"sex\"\nshares = { 1 = 50, 2 = 50 }\nmissing = \"own\"\n";
    let program = program().file("t.toml", targets);
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--targets", "t.toml", "--out", "a.csv"]));
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--no-weight", "--out", "b.csv"]));
    let read = |name: &str| std::fs::read_to_string(program.path(name)).expect("a file");
    let text = read("a.csv");
    let weights: Vec<&str> =
        text.lines().skip(1).take(2).filter_map(|line| line.rsplit(',').next()).collect();
    // The two who gave an answer had 1.25 and 0.75.
    assert!(weights[0] == weights[1] && weights[0].starts_with("0.8333"), "{weights:?}");
    assert!(read("b.csv").starts_with(
        "\u{feff}id,sex,region,satisfaction,use_1,use_2,use_3,wish_1,wish_2,minutes,visited,comment\r\n"
    ));
}

#[test]
fn the_care_managers_are_the_same_in_every_format() {
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    let program = Program::new();
    let tab = |file: &str| {
        let sheet: &[&str] = if file.ends_with(".xlsx") { &["--sheet", "data"] } else { &[] };
        let run = program.run(&[&["tab", "--schema", &schema, file, "--format", "tidy"], sheet].concat());
        done(&run);
        run.stdout
    };
    let expected = tab(&data);
    for file in ["a.csv", "a.sav", "a.zsav", "a.parquet", "t.sss", "a.xlsx"] {
        done(&program.run(&["convert", "--schema", &schema, &data, "--texts", "--out", file]));
        assert_eq!(tab(file), expected, "{file}");
    }
}

/// One record for [`SCHEMA`] from some numbers; `plain`: without codes that Triple-S has no place for.
fn record(id: usize, of: &[usize; 8], plain: bool) -> String {
    let pick = |place: usize, list: &[&str]| list[of[place] % list.len()].to_string();
    let weight = format!("{}.{:02}", of[0] % 3, of[1] % 100 + 1);
    let used = match pick(3, &["set", "set", "none", "blank", "missing"]).as_str() {
        "set" => format!("{},{},1", of[4] % 2, of[5] % 2),
        "missing" if !plain => "9,9,9".to_string(),
        "blank" => ",,".to_string(),
        _ => "0,0,0".to_string(),
    };
    let minutes = match pick(5, &["12.5", "-3", "0.25", "100000", "", "999"]) {
        code if code == "999" && plain => String::new(),
        value => value,
    };
    let day = match pick(6, &["2016-11-10", "1970-01-01", "", "9"]) {
        code if code == "9" && plain => String::new(),
        value => value,
    };
    let words = pick(7, &["", "とても良い", "\"a, b\"", "=1+1", "\"二行\nの言葉\"", "𠮷野"]);
    let fields = [
        id.to_string(),
        weight,
        pick(0, &["1", "2", "8", "9", ""]),
        pick(1, &["north", "south-west-of-all", "na", ""]),
        pick(2, &["1", "2", "3", "88", ""]),
        used,
        pick(4, &["2,1", "3,", ",", "1,3"]),
        minutes,
        day,
        words,
    ];
    fields.join(",") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// What was converted and converted back is what a CSV of it was at once: every code, missing kind and word.
    #[test]
    fn a_way_there_and_back_loses_nothing(
        records in prop::collection::vec(prop::array::uniform8(0..600_usize), 1..30),
        plain in any::<bool>(),
    ) {
        let head = DATA.lines().next().unwrap_or_default();
        let lines: String = (1..).zip(&records).map(|(id, of)| record(id, of, plain)).collect();
        let program = Program::new().file("s.toml", SCHEMA).file("d.csv", format!("{head}\n{lines}"));
        let convert = |from: &str, to: &str| {
            let sheet: &[&str] = if from.ends_with(".xlsx") { &["--sheet", "data"] } else { &[] };
            let run = program.run(&[&["convert", "--schema", "s.toml", from, "--texts", "--out", to], sheet].concat());
            assert_eq!(run.code, 0, "{from}: {}\n{lines}", run.stderr);
            std::fs::read_to_string(program.path(to)).unwrap_or_default()
        };
        let expected = convert("d.csv", "at-once.csv");
        for file in ["a.sav", "a.zsav", "a.parquet", "a.xlsx", "t.sss"] {
            if file == "t.sss" && !plain {
                continue;
            }
            convert("d.csv", file);
            prop_assert_eq!(&convert(file, "back.csv"), &expected, "{}", file);
        }
    }
}
