//! Files of statistics programs as others write them, and as nobody should.

use std::time::{Duration, Instant};

use renkei::frame::{Holds, MissingValues, SetHolds, describe};
use renkei::schema::Code;

use crate::cli::Program;
use crate::conversion::{done, program};

/// The kinds of variable of Triple-S 2.0, at fixed places; the survey is the one that the specification goes by,
/// a house and its visitors, in our words.
const FIXED: &str = r#"<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE sss PUBLIC "-//triple-s//DTD Survey Interchange v2.0//EN" "http://www.triple-s.org/dtd/sss_v20.dtd">
<sss version="2.0" modes="interview analysis">
<!-- what follows is not asked of anybody -->
<date>14 April 2005</date>
<survey>
<name>SP5201-1</name>
<title>Historic House<br/>First Wave</title>
<record ident="V">
<variable ident="1" type="quantity" use="serial"><name>ID</name><label>Respondent</label><position start="1" finish="4"/>
<values><range from="1" to="9999"/></values></variable>
<variable ident="2" type="single"><name>Q1</name><label>Visits <text mode="analysis">(times)</text>to the house</label><position start="5"/>
<values><value code="1">First &amp; only</value><value code="2">Before</value><value code="9">Caf&#233;</value></values></variable>
<variable ident="3" type="multiple"><name>Q2</name><label>Seen</label><position start="6" finish="8"/>
<values><value code="1">Sherwood</value><value code="2">Castle</value><value code="3">Other</value></values></variable>
<variable ident="4" type="multiple"><name>Q3</name><label>Liked most</label><position start="9" finish="12"/>
<spread subfields="2" width="2"/>
<values><value code="7">Rooms</value><value code="10">Garden</value><value code="12">Shop</value></values></variable>
<variable ident="5" type="character"><name>Q4</name><label>Why</label><position start="13" finish="20"/></variable>
<variable ident="6" type="logical"><name>Q5</name><label>Again</label><position start="21"/></variable>
<variable ident="7" type="quantity"><name>Q6</name><label>Miles</label><position start="22" finish="26"/>
<values><range from="0.0" to="999.9"/><value code="999.9">Abroad</value></values></variable>
<variable ident="8" type="date"><name>Q7</name><label>Day</label><position start="27" finish="34"/></variable>
<variable ident="9" type="time"><name>Q8</name><label>Time</label><position start="35" finish="40"/></variable>
<variable ident="99" type="quantity" use="weight"><name>W</name><label>Weight</label><position start="41" finish="46"/></variable>
</record>
</survey>
</sss>
"#;

const FIXED_DATA: &str = "   111011210nice    1 12.520050414093000 1.250
   22000 7  caf\u{e9}    0  0.020050415       0.750
   3                                     1.000
";

const HOUSE: &str = r#"
[survey]
id = "house"
title = "house"
respondent = "ID"
weight = "W"
[[question]]
id = "Q1"
text = "t"
kind = "single"
options = [{ code = 1, label = "a" }, { code = 2, label = "b" }, { code = 9, label = "c" }]
[[question]]
id = "Q2"
text = "t"
kind = "multi"
none_selected = "reply"
options = [{ code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" }]
[[question]]
id = "Q3"
text = "t"
kind = "multi"
options = [{ code = 7, label = "a" }, { code = 10, label = "b" }, { code = 12, label = "c" }]
[[question]]
id = "Q4"
text = "t"
kind = "text"
[[question]]
id = "Q5"
text = "t"
kind = "single"
options = [{ code = 0, label = "no" }, { code = 1, label = "yes" }]
[[question]]
id = "Q6"
text = "t"
kind = "number"
[[question]]
id = "Q7"
text = "t"
kind = "date"
"#;

fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|own| u8::try_from(u32::from(own)).unwrap_or(b'?')).collect()
}

#[test]
fn triple_s_is_read_with_every_kind_of_variable() {
    let program = Program::new()
        .file("s.toml", HOUSE)
        .file("house.xml", latin(FIXED))
        .file("house.asc", latin(FIXED_DATA));
    let run = program.run(&["convert", "--schema", "s.toml", "house.xml", "--texts", "--out", "out.csv"]);
    done(&run);
    let written = std::fs::read_to_string(program.path("out.csv")).expect("a file");
    assert_eq!(
        written,
        "\u{feff}ID,Q1,Q2_1,Q2_2,Q2_3,Q3_7,Q3_10,Q3_12,Q4,Q5,Q6,Q7,W\r\n\
         1,1,1,0,1,0,1,1,nice,1,12.5,2005-04-14,1.25\r\n\
         2,2,0,0,0,1,0,0,café,0,0,2005-04-15,0.75\r\n\
         3,,0,0,0,,,,,,,,1\r\n"
    );
    let described = describe(&program.path("house.xml"), None).expect("a file").expect("a description");
    assert_eq!(described.title.as_deref(), Some("Historic House First Wave"));
    assert_eq!(described.weight.as_deref(), Some("W"));
    let column = |name: &str| described.columns.iter().find(|column| column.name == name).expect("a column");
    assert_eq!(column("Q1").label.as_deref(), Some("Visits to the house"));
    let labels: Vec<&str> = column("Q1").labels.iter().map(|(_, label)| label.as_str()).collect();
    assert_eq!(labels, ["First & only", "Before", "Café"]);
    assert_eq!((column("Q7").holds, column("Q3_10").label.as_deref()), (Holds::Days, Some("Garden")));
    assert_eq!(described.sets[1].columns, ["Q3_7", "Q3_10", "Q3_12"]);
    assert_eq!(described.sets[1].holds, SetHolds::Dichotomies { selected: Code::Integer(1) });
}

#[test]
fn triple_s_with_data_between_commas_is_the_same() {
    let at = |text: &str, position: &str, field: usize| {
        let start = text.find(position).expect("a position");
        let end = start + text[start..].find("/>").expect("its end");
        format!("{}<position start=\"{field}\"{}", &text[..start], &text[end..])
    };
    let mut definition =
        FIXED.replace("<record ident=\"V\">", "<record ident=\"V\" format=\"csv\" skip=\"1\">");
    for (position, field) in
        ["1\"", "5\"", "6\"", "9\"", "13\"", "21\"", "22\"", "27\"", "35\"", "41\""].into_iter().zip(1..)
    {
        // Those that are fields already have no finish.
        let position =
            format!("<position start=\"{position}{}", if matches!(field, 2 | 6) { "/" } else { " " });
        definition = at(&definition, &position, field);
    }
    let program = Program::new().file("s.toml", HOUSE).file("house.sss", latin(&definition)).file(
        "house.csv",
        "ID,Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,W\n1,1,101,1210,nice,1,12.5,20050414,093000,1.250\n\
         2,2,000,7,caf\u{e9},0,0.0,20050415,,0.750\n3,,,,,,,,,1.000\n",
    );
    done(&program.run(&["convert", "--schema", "s.toml", "house.sss", "--texts", "--out", "out.csv"]));
    let written = std::fs::read_to_string(program.path("out.csv")).expect("a file");
    assert!(written.contains("1,1,1,0,1,0,1,1,nice,1,12.5,2005-04-14,1.25\r\n"), "{written}");
    assert!(written.contains("2,2,0,0,0,1,0,0,café,0,0,2005-04-15,0.75\r\n"), "{written}");
}

#[test]
fn a_definition_that_is_wrong_is_told_with_its_line() {
    let told = |definition: &str, data: &str| {
        let program =
            Program::new().file("s.toml", HOUSE).file("h.sss", latin(definition)).file("h.asc", data);
        let run = program.run(&["tab", "--schema", "s.toml", "h.sss"]);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""));
        run.stderr.lines().next().unwrap_or_default().to_string()
    };
    let bomb = FIXED.replace(
        "\"http://www.triple-s.org/dtd/sss_v20.dtd\">",
        "\"x\" [ <!ENTITY a \"aaaa\"> <!ENTITY b \"&a;&a;\"> <!ENTITY c SYSTEM \"file:///etc/passwd\"> ]>",
    );
    assert_eq!(
        told(&bomb, FIXED_DATA),
        "error: h.sss: line 2 of the definition: expected a DOCTYPE without declarations, found entities"
    );
    assert_eq!(
        told(&FIXED.replace("First &amp; only", "&c;"), FIXED_DATA),
        "error: h.sss: line 13 of the definition: the entity `c` is not resolved"
    );
    assert_eq!(
        told(&FIXED.replace("start=\"5\"", "start=\"five\""), FIXED_DATA),
        "error: h.sss: line 12 of the definition: expected a number for `start`, found `five`"
    );
    assert_eq!(
        told(&FIXED.replace("type=\"time\"", "type=\"smell\""), FIXED_DATA),
        "error: h.sss: line 24 of the definition: a variable of type `smell`"
    );
    assert_eq!(
        told(FIXED.split("</survey>").next().unwrap_or_default(), FIXED_DATA),
        "error: h.sss: the definition ends before `</sss>`"
    );
    assert_eq!(
        told(FIXED, "   111211210\n"),
        "error: h.sss: record 1 of the data: expected 0 and 1 for the answers to `Q2`"
    );
    assert_eq!(told(FIXED, "   1110112 8\n"), "error: h.sss: record 1 of the data: `8` is no value of `Q3`");
    let deep = format!("<sss>{}", "<a>".repeat(100_000));
    assert!(
        told(&deep, FIXED_DATA).ends_with("elements stand within each other more than Triple-S has them")
    );
    let lonely = Program::new().file("s.toml", HOUSE).file("h.sss", latin(FIXED));
    assert_eq!(
        lonely.run(&["tab", "--schema", "s.toml", "h.sss"]).stderr,
        "error: h.sss: the definition's data are not beside it\n  hint: put the data beside the definition, under its \
         name with .csv or .asc\n"
    );
}

/// What a damaged file may do: be refused, or be read where the damage is in words; quickly, and without a panic.
#[track_caller]
fn harmless(program: &Program, file: &str, bytes: &[u8]) {
    std::fs::write(program.path(file), bytes).expect("a file");
    let start = Instant::now();
    let run = program.run(&["tab", "--schema", "s.toml", file]);
    assert!(start.elapsed() < Duration::from_secs(10), "{file}: {:?}", start.elapsed());
    assert!(matches!(run.code, 0 | 1), "{file}: {} {}", run.code, run.stderr);
    assert!(run.code == 0 || run.stderr.starts_with("error: "), "{file}: {}", run.stderr);
}

#[test]
fn an_element_of_a_hundred_thousand_attributes_is_read_in_one_pass() {
    // quick-xml before 0.41 compared each with all before it: a minute (RUSTSEC-2026-0194).
    let many: String = (0..100_000).map(|n| format!(" a{n}=\"\"")).collect();
    let definition = FIXED.replace("<record ident=\"V\"", &format!("<record ident=\"V\"{many}"));
    assert!(definition.len() > 900_000, "the element is another");
    let program = Program::new().file("s.toml", HOUSE).file("h.asc", FIXED_DATA);
    harmless(&program, "h.sss", &latin(&definition));
}

#[test]
fn damaged_files_are_refused_in_time() {
    let program = program();
    for file in ["a.sav", "a.zsav", "a.parquet"] {
        done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", file]));
        let whole = std::fs::read(program.path(file)).expect("a file");
        let damaged = format!("damaged-{file}");
        // Cut anywhere, it is never read as if it were whole.
        for cut in (0..20).map(|part| whole.len() * part / 20) {
            std::fs::write(program.path(&damaged), &whole[..cut]).expect("a file");
            let run = program.run(&["tab", "--schema", "s.toml", &damaged]);
            assert_eq!(run.code, 1, "{damaged} at {cut}: {}", run.stderr);
        }
        // A byte here and there, and the largest numbers where sizes and counts may stand.
        for at in (4..whole.len()).step_by(whole.len() / 40) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            harmless(&program, &damaged, &bytes);
            for value in [[0xFF, 0xFF, 0xFF, 0x7F], [0xFF; 4]] {
                let end = (at + 4).min(whole.len());
                let mut bytes = whole.clone();
                bytes[at..end].copy_from_slice(&value[..end - at]);
                harmless(&program, &damaged, &bytes);
            }
        }
    }
}

#[test]
fn sizes_that_lie_are_told() {
    let program = program();
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", "a.sav"]));
    let whole = std::fs::read(program.path("a.sav")).expect("a file");
    let told = |at: usize, value: i32| {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        std::fs::write(program.path("b.sav"), &bytes).expect("a file");
        let run = program.run(&["tab", "--schema", "s.toml", "b.sav"]);
        assert_eq!(run.code, 1);
        run.stderr.lines().next().unwrap_or_default().to_string()
    };
    // The header, and the label of the first variable.
    assert_eq!(told(64, 7), "error: b.sav: expected an SPSS file of layout 2 or 3, found 7");
    assert_eq!(told(72, 3), "error: b.sav: expected compression 0, 1 or 2, found 3");
    assert_eq!(told(76, 9_999), "error: b.sav: the weight is variable 9999, which is none");
    let found = format!("found {}", whole.len() - 212);
    assert_eq!(
        told(208, i32::MAX),
        format!(
            "error: b.sav: the file ends in a variable: expected 2147483648 bytes at offset 212, {found}"
        )
    );
    assert_eq!(told(176, 5), "error: b.sav: expected a record of SPSS at offset 176, found type 5");
}

#[test]
fn a_defect_is_named_by_record_and_column() {
    let program = program();
    let wrong = Program::new().file(
        "s.toml",
        crate::conversion::SCHEMA
            .replace("code = 2, label = \"女性", "code = 7, label = \"女性")
            .replace("of = [2]", "of = [7]")
            .replace("sex in [1, 2]", "sex == 1"),
    );
    for file in ["a.sav", "a.parquet"] {
        done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--texts", "--out", file]));
        std::fs::copy(program.path(file), wrong.path(file)).expect("a copy");
        let run = wrong.run(&["tab", "--schema", "s.toml", file, "--rows", "sex"]);
        assert_eq!(run.code, 1);
        let first = run.stderr.lines().next().unwrap_or_default();
        assert!(first.starts_with(&format!("error: {file}: record 2, column `sex`: ")), "{first}");
        // And in full by check, which reads a Parquet file record by record.
        let run = wrong.run(&["check", "--schema", "s.toml", file, "--question", "sex"]);
        assert_eq!(run.code, 1, "{}", run.stderr);
    }
}

#[test]
fn keys_that_stand_twice_are_found_in_any_order() {
    let data = crate::conversion::DATA.replace("\n4,2,", "\n1,2,");
    let program = program().file("d.csv", data);
    for file in ["a.sav", "a.parquet"] {
        // Without its key the file is as good as any.
        let schema = crate::conversion::SCHEMA.replace("respondent = \"id\"", "");
        let keyed = schema.replace(
            "[[derive]]",
            "[[question]]\nid = \"id\"\ntext = \"t\"\nkind = \"number\"\n\n[[derive]]",
        );
        let program = Program::new()
            .file("k.toml", keyed)
            .file("s.toml", crate::conversion::SCHEMA)
            .file("d.csv", std::fs::read(program.path("d.csv")).expect("a file"));
        done(&program.run(&["convert", "--schema", "k.toml", "d.csv", "--texts", "--out", file]));
        let run = program.run(&["tab", "--schema", "s.toml", file]);
        assert_eq!(run.code, 1);
        assert!(
            run.stderr.starts_with(&format!(
                "error: {file}: record 5, column `id`: the respondent's key is the same as in record 1\n"
            )),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_range_of_missing_values_is_one_of_the_things_described() {
    let many = (80..90)
        .map(|code| format!("{{ code = {code}, label = \"m{code}\" }}"))
        .collect::<Vec<_>>()
        .join(", ");
    let schema = format!(
        "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"q1\"\ntext = \"t\"\nkind = \"single\"\n\
         options = [{{ code = 1, label = \"a\" }}]\nmissing = [{many}, {{ code = -1, label = \"x\" }}]\n"
    );
    let program = Program::new().file("s.toml", schema).file("d.csv", "q1\n1\n85\n-1\n");
    let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", "a.sav"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let described = describe(&program.path("a.sav"), None).expect("a file").expect("a description");
    let missing = [MissingValues::Range { from: 80.0, to: 89.0 }, MissingValues::Value(Code::Integer(-1))];
    assert_eq!(described.columns[0].missing, missing);
}

#[test]
fn texts_are_in_the_encoding_that_the_file_names_or_the_one_that_is_said() {
    let schema = crate::conversion::SCHEMA.replace("男性", "表示");
    let program = program().file("s.toml", &schema);
    done(&program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", "a.sav"]));
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).position(|own| own == from).expect("bytes to replace");
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let whole = std::fs::read(program.path("a.sav")).expect("a file");
    // 表 ends with the byte of a backslash in CP932; a label keeps its length.
    let cp932 = replaced(&whole, "表示".as_bytes(), b"\x95\x5C\x8E\xA6  ");
    std::fs::write(program.path("named.sav"), replaced(&cp932, b"UTF-8", b"CP932")).expect("a file");
    std::fs::write(program.path("wrong.sav"), replaced(&cp932, b"UTF-8", b"ascii")).expect("a file");
    std::fs::write(program.path("odd.sav"), replaced(&cp932, b"UTF-8", b"klngn")).expect("a file");
    let first = |file: &str, encoding| {
        let described = describe(&program.path(file), encoding).expect("a file").expect("a description");
        described.columns[1].labels[0].1.clone()
    };
    assert_eq!(first("named.sav", None), "表示");
    assert_eq!(first("wrong.sav", Some(renkei::frame::Encoding::Cp932)), "表示");
    assert_ne!(first("wrong.sav", None), "表示");
    assert_eq!(
        program.run(&["tab", "--schema", "s.toml", "odd.sav"]).stderr,
        "error: odd.sav: the file's texts are in the encoding `klngn`\n  hint: say `--encoding cp932` or `--encoding \
         utf-8` if you know it\n"
    );
}

#[test]
fn what_is_not_read_is_named() {
    let program = program();
    let told = |bytes: &[u8]| {
        std::fs::write(program.path("a.bin"), bytes).expect("a file");
        program.run(&["tab", "--schema", "s.toml", "a.bin"]).stderr
    };
    assert_eq!(
        told(b"\x1C\0\0\0\0\0\0\0ENCRYPTEDSAV\x15\0\0\0 and noise"),
        "error: a.bin: expected a CSV file, found an SPSS file with a password\n  hint: save it without a password in \
         SPSS\n"
    );
    assert_eq!(
        told(b"<stata_dta><header><release>118</release>"),
        "error: a.bin: expected a CSV file, found a Stata file\n  hint: export the answers as CSV (UTF-8) or for SPSS \
         (.sav)\n"
    );
    assert_eq!(
        told(b"ARROW1\0\0\xFF\xFF\xFF\xFF"),
        "error: a.bin: the file ends before what it says it holds\n  hint: the file is damaged; save it again in the \
         program it comes from\n"
    );
}
