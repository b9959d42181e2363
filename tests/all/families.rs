//! One schema for each family of questions, each with data and its GT book as a person reads it.

use crate::cli::{Program, repository};

/// What a command prints of a family's schema and data.
fn shown(family: &str, arguments: &[&str]) -> String {
    let schema = repository(&format!("schemas/{family}.toml"));
    let data = repository(&format!("data-samples/{family}.csv"));
    let fixed = [arguments[0], "--schema", &schema, &data];
    let run = Program::new().run(&[&fixed, &arguments[1..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn scales_have_boxes_and_means_of_scores() {
    insta::assert_snapshot!(shown("scale", &["tab"]));
    insta::assert_snapshot!(shown("scale", &["crosstab", "--rows", "q1,q2.r1", "--cols", "sex"]));
    let measures = "n,base,mean,sd,median,p25,p75";
    insta::assert_snapshot!(shown(
        "scale",
        &["tab", "--rows", "q1", "--format", "tidy", "--measures", measures]
    ));
}

#[test]
fn grids_have_several_answers_a_row() {
    insta::assert_snapshot!(shown("grid-multi", &["tab"]));
    insta::assert_snapshot!(shown("grid-multi", &["tab", "--rows", "q2,q2:coop", "--lang", "en", "--sort"]));
    insta::assert_snapshot!(shown("grid-multi", &["crosstab", "--rows", "q2.r1,q2:coop", "--cols", "q2.r4"]));
    insta::assert_snapshot!(shown("grid-multi", &["codebook"]));
}

/// One column a row, with all answers in it, holds what one column an answer holds.
#[test]
fn a_packed_grid_counts_what_columns_count() {
    let read = |path: &str| std::fs::read_to_string(repository(path)).expect("a sample");
    let (schema, data) = (read("schemas/grid-multi.toml"), read("data-samples/grid-multi.csv"));
    let packed = "each = \"multi\"\npacked = { column = \"q2_{row}\", separator = \";\" }";
    let packed_schema = schema.replace("each = \"multi\"\n", &format!("{packed}\n"));
    let mut packed_data = "no,q1,q2_r1,q2_r2,q2_r3,q2_r4\n".to_string();
    for record in data.lines().skip(1) {
        let cells: Vec<&str> = record.split(',').collect();
        let row = |cells: &[&str]| {
            let chosen = (1..=5).filter(|code| cells[code - 1] == "1").map(|code| code.to_string());
            chosen.collect::<Vec<_>>().join(";")
        };
        let rows: Vec<String> = cells[2..].chunks(5).map(row).collect();
        packed_data += &format!("{},{},{}\n", cells[0], cells[1], rows.join(","));
    }
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", data)
        .file("packed.toml", packed_schema)
        .file("packed.csv", packed_data);
    let told = |schema: &str, data: &str| {
        let run = program.run(&["tab", "--schema", schema, data, "--rows", "q2,q2:coop", "--format", "json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    assert_eq!(told("s.toml", "d.csv"), told("packed.toml", "packed.csv"));
}

#[test]
fn ranks_have_places_and_points() {
    insta::assert_snapshot!(shown("rank", &["tab"]));
    insta::assert_snapshot!(shown("rank", &["tab", "--rows", "q2", "--sort", "--top", "3", "--lang", "en"]));
    let percent = ["tab", "--rows", "q2", "--cell", "percent", "--no-answer", "exclude"];
    insta::assert_snapshot!(shown("rank", &percent));
    insta::assert_snapshot!(shown("rank", &["tab", "--rows", "q2.1,q2.2,q2.3"]));
    insta::assert_snapshot!(shown("rank", &["crosstab", "--rows", "q2", "--cols", "q2.1"]));
    insta::assert_snapshot!(shown("rank", &["codebook"]));
    let measures = ["tab", "--rows", "q2", "--format", "tidy", "--measures", "n,base,mean"];
    insta::assert_snapshot!(shown("rank", &measures));
}

/// A column an option, and one column in order, hold what a column a place holds.
#[test]
fn a_rank_is_the_same_however_it_is_written() {
    let read = |path: &str| std::fs::read_to_string(repository(path)).expect("a sample");
    let (schema, data) = (read("schemas/rank.toml"), read("data-samples/rank.csv"));
    let with = |keys: &str| schema.replace("places = 3\n", &format!("places = 3\n{keys}\n"));
    let (mut by_option, mut in_order) = (String::new(), String::new());
    for (place, record) in data.lines().enumerate() {
        let cells: Vec<&str> = record.split(',').collect();
        let before = cells[..6].join(",");
        if place == 0 {
            by_option += &format!("{before},q2_1,q2_2,q2_3,q2_4,q2_5\n");
            in_order += &format!("{before},q2\n");
            continue;
        }
        let order: Vec<&str> = cells[6..].iter().copied().filter(|cell| !cell.is_empty()).collect();
        let at = |code: &str| order.iter().position(|ranked| *ranked == code);
        let places = ["1", "2", "3", "4", "5"].map(|code| at(code).map_or(0, |place| place + 1).to_string());
        by_option += &format!("{before},{}\n", places.join(","));
        in_order += &format!("{before},{}\n", order.join(";"));
    }
    let program = Program::new()
        .file("s.toml", schema.clone())
        .file("d.csv", data)
        .file("by_option.toml", with("columns = \"q2_{code}\""))
        .file("by_option.csv", by_option)
        .file("in_order.toml", with("packed = { column = \"q2\", separator = \";\" }"))
        .file("in_order.csv", in_order);
    let told = |name: &str, data: &str| {
        let run = program.run(&["tab", "--schema", name, data, "--rows", "q2", "--format", "json"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let expected = told("s.toml", "d.csv");
    assert_eq!(told("by_option.toml", "by_option.csv"), expected);
    assert_eq!(told("in_order.toml", "in_order.csv"), expected);
}

#[test]
fn options_on_offer_to_some_have_bases_of_their_own() {
    insta::assert_snapshot!(shown("limited-options", &["tab", "--rows", "q2"]));
    let english = ["tab", "--rows", "q2", "--sort", "--lang", "en", "--no-answer", "exclude"];
    insta::assert_snapshot!(shown("limited-options", &english));
    insta::assert_snapshot!(shown("limited-options", &["crosstab", "--rows", "q2", "--cols", "sex"]));
    let shares = ["crosstab", "--rows", "q2", "--cols", "sex", "--percent", "mention", "--axis", "top"];
    insta::assert_snapshot!(shown("limited-options", &shares));
}

#[test]
fn dates_are_read_limited_grouped_and_printed_in_eras() {
    insta::assert_snapshot!(shown("dates", &["tab"]));
    insta::assert_snapshot!(shown("dates", &["crosstab", "--rows", "opened,visits", "--cols", "opened_era"]));
    insta::assert_snapshot!(shown("dates", &["tab", "--lang", "en", "--rows", "opened,opened_in"]));
    insta::assert_snapshot!(shown("dates", &["codebook"]));
    let measures = "n,base,earliest,middle,latest,mean,median,total,col_pct";
    insta::assert_snapshot!(shown(
        "dates",
        &["tab", "--rows", "opened", "--format", "tidy", "--measures", measures]
    ));
}

#[test]
fn groups_by_conditions_bands_and_counts() {
    insta::assert_snapshot!(shown("derived", &["tab"]));
    insta::assert_snapshot!(shown("derived", &["crosstab", "--rows", "stage", "--cols", "again"]));
}

#[test]
fn a_file_of_an_earlier_wave_is_read_by_its_own_codes() {
    insta::assert_snapshot!(shown("waves", &["tab"]));
    let schema = repository("schemas/waves.toml");
    let data = repository("data-samples/waves-r1.csv");
    let wave = |arguments: &[&str]| {
        let run = Program::new()
            .run(&[&[arguments[0], "--schema", &schema, &data, "--wave", "r1"], &arguments[1..]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    insta::assert_snapshot!(wave(&["tab"]));
    insta::assert_snapshot!(wave(&["crosstab", "--rows", "q1,q2", "--cols", "record,q4"]));
    insta::assert_snapshot!(wave(&["tab", "--lang", "en", "--rows", "q1,q4"]));
    insta::assert_snapshot!(wave(&["codebook"]));
    insta::assert_snapshot!(wave(&[
        "tab",
        "--rows",
        "q1,q4",
        "--format",
        "tidy",
        "--measures",
        "n,base,col_pct"
    ]));
    assert!(
        wave(&["tab", "--rows", "q4", "--format", "json"])
            .contains(r#""wave":{"id":"r1","label":"令和元年度"}"#)
    );
}

/// States of the derived question for each respondent, and the table that counts them.
#[test]
fn conditions_tell_who_is_missing_who_was_not_asked_and_who_is_the_rest() {
    let schema = r#"
[survey]
id = "s"
title = "s"
[[question]]
id = "a"
text = "a"
kind = "single"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[question]]
id = "b"
text = "b"
kind = "single"
asked_if = "a == 1"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[derive]]
id = "rest"
label = "rest"
groups = [
  { code = 1, label = "b1", when = "b == 1" },
  { code = 2, label = "a1", when = "a == 1 and not b == 1" },
  { code = 3, label = "others", rest = true },
]
[[derive]]
id = "none"
label = "none"
groups = [ { code = 1, label = "b1", when = "b == 1" } ]
[[derive]]
id = "both"
label = "both"
overlap = true
groups = [ { code = 1, label = "a1", when = "a == 1" }, { code = 2, label = "b1", when = "b == 1" } ]
[[derive]]
id = "n1"
label = "n1"
count = { questions = ["a", "b"], of = [1] }
"#;
    // b1; a1 and b2; b not answered; not asked about b; nothing answered (b is not asked then).
    let data = "a,b\n1,1\n1,2\n1,\n2,\n,\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "rest,none,both,n1"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn follow_up_questions_in_sections_and_in_english() {
    insta::assert_snapshot!(shown("follow-up", &["tab", "--rows", "metropolis,q1,q2"]));
    insta::assert_snapshot!(shown(
        "follow-up",
        &["crosstab", "--rows", "q1", "--cols", "metropolis", "--lang", "en"]
    ));
}

#[test]
fn words_of_one_s_own_are_never_printed_and_can_be_asked_for() {
    let told = shown("follow-up", &["tab", "--filter", "q1.other is given", "--rows", "q1"]);
    assert!(told.contains("その他"), "{told}");
    for format in ["text", "json", "tidy"] {
        let told = shown("follow-up", &["tab", "--rows", "all", "--format", format]);
        assert!(!told.contains("秘密") && !told.contains("便利"), "{told}");
    }
}

#[test]
fn answers_that_an_earlier_answer_does_not_allow_are_counted() {
    let schema = repository("schemas/follow-up.toml");
    let data = repository("data-samples/follow-up.csv");
    let run = Program::new().run(&["tab", "--schema", &schema, &data, "--rows", "q2"]);
    let warning = "question `q2` has an option that was not chosen at `q1` from 1 respondent";
    assert!(run.code == 0 && run.stderr.contains(warning), "{}", run.stderr);
}

#[test]
fn additions_of_one_s_own_stand_beside_the_schema() {
    let additions = r#"
[[derive]]
id = "parent"
label = "子どもと同居"
groups = [{ code = 1, label = "同居", when = "child == 1" }, { code = 2, label = "ほか", rest = true }]
[[net]]
question = "q2"
id = "felt"
label = "感じる（計）"
of = [1, 2]
[[banner]]
id = "mine"
questions = ["parent", "parent>sex"]
"#;
    let schema = repository("schemas/derived.toml");
    let data = repository("data-samples/derived.csv");
    let program = Program::new().file("my.toml", additions);
    let fixed = ["crosstab", "--schema", &schema, &data, "--with", "my.toml", "--rows", "q2:felt"];
    let run = program.run(&[&fixed[..], &["--cols", "mine,basic"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn mistakes_of_additions_point_into_their_file() {
    let additions = r#"
[[derive]]
id = "sex"
label = "x"
groups = [{ code = 1, label = "同居", when = "child == 3" }]
[[net]]
question = "q22"
id = "felt"
label = "感じる（計）"
of = [1, 2]
[[net]]
question = "q2"
id = "felt"
label = "感じる（計）"
of = [4]
[[banner]]
id = "child"
questions = ["q2", "age>sex", "sexx"]
[[question]]
id = "q9"
"#;
    let schema = repository("schemas/derived.toml");
    let data = repository("data-samples/derived.csv");
    let program = Program::new().file("my.toml", additions);
    let run = program.run(&["tab", "--schema", &schema, &data, "--with", "my.toml"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    insta::assert_snapshot!(run.stderr);
    let run = program.run(&["tab", "--schema", &schema, &data, "--with", "absent.toml"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("absent.toml: the additions could not be read: no such file or folder"),
        "{}",
        run.stderr
    );
}

#[test]
fn municipalities_are_known_by_code_and_grouped_by_prefecture() {
    insta::assert_snapshot!(shown("municipalities", &["tab", "--rows", "region"]));
    insta::assert_snapshot!(shown("municipalities", &["tab", "--rows", "city", "--top", "3"]));
}

#[test]
fn municipalities_are_known_by_name_and_a_wrong_check_digit_is_told() {
    let schema = repository("schemas/municipalities.toml");
    let names = "no,city\n1,札幌市\n2,東京都府中市\n3,広島県 府中市\n";
    let wrong = "no,city\n1,131017\n2,011002\n3,府中市\n4,12025\n";
    let program = Program::new().file("names.csv", names).file("wrong.csv", wrong);
    let run = program.run(&["tab", "--schema", &schema, "names.csv", "--rows", "region", "--no-weight"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = program.run(&["tab", "--schema", &schema, "wrong.csv", "--rows", "city"]);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn the_codebook_is_the_questionnaire_in_words() {
    insta::assert_snapshot!(shown("derived", &["codebook"]));
    insta::assert_snapshot!(shown("scale", &["codebook", "--format", "md"]));
    insta::assert_snapshot!(
        shown("follow-up", &["codebook", "--format", "csv"]).replace("\r\n", "\n").replace('\u{feff}', "")
    );
    let schema = repository("schemas/every-kind.toml");
    let run = Program::new().run(&["codebook", "--schema", &schema, "--lang", "en"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("Asked: “利用頻度” is “月に1回以上” or “年に数回”"), "{}", run.stdout);
}

/// The keys of a file that the JSON Schema does not know.
pub fn unknown(json: &serde_json::Value, text: &str) -> Vec<String> {
    let file: toml::Table = text.parse().expect("TOML");
    let mut found = Vec::new();
    unknown_keys(json, json, &toml::Value::Table(file), &mut found);
    found
}

/// Every key of a schema with the keys that the JSON Schema knows at its place.
fn unknown_keys(
    json: &serde_json::Value,
    place: &serde_json::Value,
    value: &toml::Value,
    found: &mut Vec<String>,
) {
    let place = match place.get("$ref").and_then(|name| name.as_str()) {
        Some(name) => json.pointer(name.trim_start_matches('#')).expect("a definition"),
        None => place,
    };
    let choices = place.get("anyOf").and_then(|choices| choices.as_array());
    match value {
        toml::Value::Array(values) => {
            let items = place.get("items").or_else(|| choices?.iter().find_map(|choice| choice.get("items")));
            for value in values {
                unknown_keys(json, items.unwrap_or(&serde_json::Value::Null), value, found);
            }
        }
        toml::Value::Table(table) => {
            for (key, value) in table {
                match place.pointer(&format!("/properties/{key}")) {
                    Some(inner) => unknown_keys(json, inner, value, found),
                    None => match place.get("additionalProperties") {
                        None => {}
                        Some(inner) if inner.is_object() => unknown_keys(json, inner, value, found),
                        Some(_) => found.push(key.clone()),
                    },
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_json_schema_knows_every_key_of_every_schema() {
    let run = Program::new().run(&["schema", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for entry in std::fs::read_dir(repository("schemas")).expect("schemas") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a schema");
        let found = unknown(&json, &text);
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

/// The same values read as a scale and as a number have the same mean, deviation and quartiles, with
/// weights of zero among them: a deviation counts respondents whose weight is above zero.
#[test]
fn a_scale_measures_what_a_number_measures() {
    let schema = r#"
[survey]
id = "s"
title = "s"
weight = "w"
[[question]]
id = "s"
text = "s"
kind = "scale"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" }, { code = 5, label = "d" } ]
[[question]]
id = "x"
text = "x"
kind = "number"
[[question]]
id = "g"
text = "g"
kind = "multi"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;
    // Many who weigh nothing, and one.
    for most in [60, 1] {
        let (mut data, mut nothing) = (String::from("s,x,w,g_1,g_2\n"), 0);
        for row in 0_u32..60 {
            let value = ["1", "2", "3", "5", "2", ""][(row * 7 % 6) as usize];
            let weight = match ["0", "1.25", "0.5", "2", "0", "0.75", "3"][(row % 7) as usize] {
                "0" if nothing == most => "1",
                weight => weight,
            };
            nothing += u32::from(weight == "0");
            data += &format!("{value},{value},{weight},{},{}\n", row % 2, u32::from(row % 3 == 0));
        }
        let program = Program::new().file("s.toml", schema).file("d.csv", data);
        let measured = |rows: &str, role: &str| -> Vec<String> {
            let fixed = [
                "crosstab", "--schema", "s.toml", "d.csv", "--cols", "g", "--format", "tidy", "--rows", rows,
            ];
            let run =
                program.run(&[&fixed[..], &["--measures", "n,wn,base,mean,sd,p25,median,p75"]].concat());
            assert_eq!(run.code, 0, "{}", run.stderr);
            let lines = run.stdout.lines().filter(|line| line.contains(&format!(",{role},")));
            // Column, code, label, measure, value.
            lines.map(|line| line.split(',').collect::<Vec<_>>()[4..9].join(",")).collect()
        };
        let scores = measured("s", "score");
        assert_eq!(scores.len(), 24);
        assert_eq!(scores, measured("x", "number"));
    }
}

#[test]
fn means_of_a_grid_stand_in_one_table() {
    insta::assert_snapshot!(shown(
        "scale",
        &["tab", "--rows", "q2:mean+sd+median,q1+q2:mean", "--explain-base"]
    ));
    insta::assert_snapshot!(shown(
        "scale",
        &["crosstab", "--rows", "q2:mean", "--cols", "sex", "--index", "--lang", "en", "--format", "md"],
    ));
}

#[test]
fn conditions_of_every_form_decide_who_was_asked() {
    insta::assert_snapshot!(shown("routing", &["tab", "--explain-base"]));
    insta::assert_snapshot!(shown(
        "routing",
        &["crosstab", "--rows", "q3,q7", "--cols", "worker", "--cell", "both"]
    ));
    insta::assert_snapshot!(shown("routing", &["codebook", "--lang", "en"]));
}

#[test]
fn the_example_of_additions_stands_beside_its_schema() {
    let additions = repository("examples/care-manager-2016/additions.toml");
    let request = ["--with", &additions, "--rows", "q5,lively", "--cols", "standard"];
    insta::assert_snapshot!(shown("care-manager-2016", &[&["crosstab"], &request[..]].concat()));
}
