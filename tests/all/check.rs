//! `check`: each kind of finding by its smallest input, and how they are told.

use renkei::check::{Findings, Gravity, Kind, Wanted, check, questions};
use renkei::frame::ReadOptions;

use crate::cli::{Program, Run, repository};
use crate::data::{AGE, HELP, NOTE, PETS, SEX, SURVEY, read_text, survey};
use crate::fuzz::Numbers;
use crate::refusal::refuses as refuses_schema;

/// The findings of a file as `kind respondent line column value`.
#[track_caller]
fn found(schema: &[&str], data: &str) -> Vec<String> {
    let run = run(schema, data, &["--format", "json", "--lang", "en"]);
    let json: serde_json::Value =
        serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let list = json["findings"].as_array().expect("findings");
    let word = |value: &serde_json::Value| match value {
        serde_json::Value::Null => "-".to_string(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let line = |finding: &serde_json::Value| {
        ["kind", "respondent", "line", "column", "value"].map(|key| word(&finding[key])).join(" ")
    };
    list.iter().map(line).collect()
}

#[track_caller]
fn run(schema: &[&str], data: &str, arguments: &[&str]) -> Run {
    let program = Program::new().file("s.toml", schema.concat()).file("d.csv", data);
    program.run(&[&["check", "--schema", "s.toml", "d.csv"], arguments].concat())
}

const LATER: &str = r#"[[question]]
id = "later"
text = "続き"
kind = "multi"
asked_if = "sex == 2"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;
const CHOSEN: &str = r#"[[question]]
id = "most"
text = "いちばん"
kind = "single"
limited_to = "help"
options = [ { code = 1, label = "家族" }, { code = 2, label = "友人" } ]
"#;
const GRID: &str = r#"[[question]]
id = "g"
text = "評価"
kind = "grid"
rows = [ { id = "a", label = "A" }, { id = "b", label = "B" }, { id = "c", label = "C" }, { id = "d", label = "D" } ]
options = [ { code = 1, label = "良い" }, { code = 2, label = "悪い" } ]
"#;
const RANK: &str = r#"[[question]]
id = "r"
text = "順位"
kind = "rank"
places = 2
columns = "r_{place}"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
"#;
const DAY: &str = "[[question]]\nid = \"day\"\ntext = \"日\"\nkind = \"date\"\nto = 2016-12-31\n";

#[test]
fn every_cell_that_cannot_be_read_is_a_finding_and_not_every_value() {
    assert_eq!(
        found(&[SURVEY, SEX], "id,sex\n1,7\n2,1\n3,7\n4,1;2\n"),
        ["unknown_code 1 2 sex 7", "unknown_code 3 4 sex 7", "several_answers 4 5 sex 1;2"]
    );
    assert_eq!(found(&[SURVEY, HELP], "id,help_1,help_2,help_3\n1,1,x,0\n"), ["unknown_code 1 2 help_2 x"]);
    assert_eq!(found(&[SURVEY, PETS], "id,pets\n1,1;7\n"), ["unknown_code 1 2 pets 7"]);
    assert_eq!(found(&[SURVEY, AGE], "id,age\n1,五歳\n"), ["not_a_number 1 2 age 五歳"]);
    assert_eq!(
        found(&[SURVEY, AGE, "from = 0\nto = 120.5\n"], "id,age\n1,120.5\n2,120.51\n3,-1\n4,１２１\n"),
        ["out_of_range 2 3 age 120.51", "out_of_range 3 4 age -1", "out_of_range 4 5 age １２１"]
    );
    assert_eq!(
        found(&[SURVEY, DAY], "id,day\n1,2016-12-31\n2,2017-01-01\n3,2016/11/31\n"),
        ["out_of_range 2 3 day 2017-01-01", "not_a_date 3 4 day 2016/11/31"]
    );
    assert_eq!(
        found(&[SURVEY, RANK], "id,r_1,r_2\n1,1,1\n2,,2\n3,2,1\n4,5,1\n"),
        ["rank 1 2 r_1 -", "rank 2 3 r_1 -", "unknown_code 4 5 r_1 5"]
    );
    let survey = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\nweight = \"w\"\ncount = \"c\"\n";
    assert_eq!(
        found(&[survey, SEX], "id,w,c,sex\n1,-1,1,1\n2,,x,1\n3,1,900,8\n"),
        ["weight 1 2 w -1", "weight 2 3 w -", "count 2 3 c x", "unknown_code 3 4 sex 8"]
    );
    assert_eq!(
        found(&[SURVEY, SEX], "id,sex\n1,1\n2,男性\n3,女性\n"),
        ["codes_and_labels 2 3 sex -"],
        "where the other reading begins"
    );
}

#[test]
fn records_that_are_broken_are_findings_and_have_no_others() {
    assert_eq!(
        found(
            &[SURVEY, SEX, AGE],
            "id,sex,age\n1,7,x,余分\n2\n\n\"3\",\"\n1\",9\n合計,1,x\nid,sex,age\n,1,2\n"
        ),
        [
            "fields 1 2 - -",
            "fields 2 3 - -",
            "no_respondent - 7 id -",
            "no_respondent - 8 id -",
            "blank_key - 9 id -"
        ]
    );
    assert_eq!(found(&[SURVEY, SEX], "id,sex,\n1,1,\n2,1,ひみつ\n"), ["unnamed_column 2 3  -"]);
    // Nothing can be said behind a quote that is never closed.
    let run = run(&[SURVEY, SEX], "id,sex\n1,7\n2,\"1\n", &[]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(run.stderr.contains("a quote opens here and is never closed"), "{}", run.stderr);
}

#[test]
fn keys_and_whole_records_are_compared() {
    assert_eq!(
        found(&[SURVEY, SEX], "id,sex\n3,1\n1,1\n3,2\n2,1\n3,1\n"),
        ["duplicate_key 3 4 id 3", "duplicate_key 3 6 id 3"]
    );
    let five: Vec<String> = (1..=5).map(|number| SEX.replace("\"sex\"", &format!("\"s{number}\""))).collect();
    let schema: Vec<&str> =
        [SURVEY].into_iter().chain(five.iter().map(String::as_str)).chain([NOTE]).collect();
    let data = "id,s1,s2,s3,s4,s5,note\n1,1,2,1,2,1,秘密\n2,1,2,1,2,1,\n3,1,2,1,2,1,秘密\n4,,2,1,2,1,\n5,,2,1,2,1,\n";
    let five = "[survey.check]\nidentical_questions = 5\n";
    let strict: Vec<&str> = [&schema[..1], &[five], &schema[1..]].concat();
    assert_eq!(found(&strict, data), ["identical 3 4 - -"], "words count, four answers are too few");
    assert_eq!(found(&schema, data), [""; 0], "chance makes so short records alike");
    let looser = "[survey.check]\nidentical_questions = 4\nidentical = \"error\"\n";
    let schema: Vec<&str> = [&schema[..1], &[looser], &schema[1..]].concat();
    assert_eq!(found(&schema, data), ["identical 3 4 - -", "identical 5 6 - -"]);
}

/// Of 840 simulated respondents with three questions most have a twin; a copied record of many questions is told.
#[test]
fn identical_records_are_told_where_chance_does_not_make_them() {
    let schema = |questions: usize| {
        let question = |place: usize| SEX.replace("\"sex\"", &format!("\"s{place}\""));
        SURVEY.to_string() + &(0..questions).map(question).collect::<String>()
    };
    let data = |questions: usize| {
        let header: String = (0..questions).map(|place| format!(",s{place}")).collect();
        let answer = |record: usize, place: usize| 1 + Numbers((record * 100 + place) as u64).below(2);
        let record = |record: usize| {
            // The last is a copy of the first.
            let answers: String =
                (0..questions).map(|place| format!(",{}", answer(record % 59, place))).collect();
            format!("{record}{answers}\n")
        };
        format!("id{header}\n{}", (0..60).map(record).collect::<String>())
    };
    assert_eq!(found(&[&schema(6)], &data(6)), [""; 0]);
    assert_eq!(found(&[&schema(40)], &data(40)), ["identical 59 61 - -"]);
}

#[test]
fn days_and_numbers_are_in_the_order_that_is_declared() {
    let day = |id: &str| DAY.replace("\"day\"", &format!("\"{id}\""));
    let order = format!("{SURVEY}[survey.check]\norder = [[\"sent\", \"day\"], [\"low\", \"age\"]]\n");
    let low = AGE.replace("\"age\"", "\"low\"");
    let schema = [&order, &day("sent"), DAY, &low, AGE];
    let data = "id,sent,day,low,age\n1,2016-02-01,2016-02-01,3,3\n2,2016-02-02,2016-02-01,3.5,3.25\n3,2016-02-02,,,1\n";
    assert_eq!(found(&schema, data), ["out_of_order 2 3 day 2016-02-01", "out_of_order 2 3 age 3.25"]);
    let told = run(&schema, data, &["--lang", "en"]);
    assert!(told.stdout.contains("not before sent"), "{}", told.stdout);
    refuses_schema(
        &[SURVEY, "[survey.check]\norder = [[\"sex\"], [\"age\"], [\"age\", \"sent\"]]\n", SEX, AGE],
        "expected dates, or numbers, in `order`, found the single question `sex`
  at: \"sex\"
expected two questions or more in an order
  at: [\"age\"]
unknown question `sent` in `order`
  at: \"sent\"",
    );
}

#[test]
fn findings_are_a_page_without_scripts_and_json_one_by_one() {
    let data = "id,sex\n<b>1</b>,<script>7</script>\n2,8\n";
    let page = run(&[SURVEY, SEX], data, &["--format", "html"]).stdout;
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Content-Security-Policy"), "{page}");
    assert!(page.contains("&lt;script&gt;7&lt;/script&gt;") && !page.contains("<script"), "{page}");
    assert!(page.contains("<caption>"), "{page}");
    // As serde writes the same value.
    let json = run(&[SURVEY, SEX], data, &["--format", "json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json, format!("{value}\n"));
    assert_eq!(value["findings"].as_array().map(Vec::len), Some(2));
}

#[test]
fn rules_of_the_questionnaire_are_kept() {
    let data = "id,help_1,help_2,help_3,most\n1,1,0,0,1\n2,1,0,0,2\n3,0,1,1,2\n";
    assert_eq!(found(&[SURVEY, HELP, CHOSEN], data), ["limited_to 2 3 most 2", "exclusive 3 4 help_3 2;3"]);
    let data = "id,sex,later_1,later_2\n1,1,0,1\n2,2,0,1\n3,1,0,0\n4,,1,1\n";
    assert_eq!(
        found(&[SURVEY, SEX, LATER], data),
        ["not_asked 1 2 later_2 2", "not_asked 4 5 later_1 1;2"],
        "with the respondent's key"
    );
    assert_eq!(
        found(&[SURVEY, GRID], "id,g_a,g_b,g_c,g_d\n1,1,1,1,1\n2,1,1,1,2\n3,1,1,1,\n"),
        ["straight_lining 1 2 g_a 1"]
    );
    let speed = format!("{SURVEY}[survey.check]\nduration = \"sec\"\nfastest = 30\n");
    assert_eq!(
        found(&[&speed, SEX], "id,sec,sex\n1,29.9,1\n2,30,1\n3,,1\n4,長い,1\n"),
        ["speeding 1 2 sec 29.9", "not_a_number 4 5 sec 長い"]
    );
}

#[test]
fn one_number_far_from_all_others_is_suspicious() {
    let mut data = "id,age\n".to_string();
    (1..=20).for_each(|age| data += &format!("{age},{age}\n"));
    // Quartiles of 1 to 20 and 111 or 112 are 6 and 16, the median is 11: up to 111.
    assert_eq!(found(&[SURVEY, AGE], &format!("{data}21,111\n")), Vec::<String>::new());
    assert_eq!(found(&[SURVEY, AGE], &format!("{data}21,112\n")), ["suspicious_number 21 22 age 112"]);
    let wide = format!("{SURVEY}[survey.check]\nsuspicious_distance = 11\n");
    assert_eq!(found(&[&wide, AGE], &format!("{data}21,112\n")), Vec::<String>::new());
}

#[test]
fn blanks_are_counted_and_listed_when_asked_for() {
    let data = "id,sex,later_1,later_2,note\n1,,,,\n2,2,0,0,\n3,1,,,\n4,8,,,\n";
    let schema = [SURVEY, SEX, LATER, NOTE];
    let plain = run(&schema, data, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&plain.stdout).expect("JSON");
    assert_eq!(
        json["blanks"].to_string(),
        r#"[{"asked":4,"blank":1,"question":"sex"},{"asked":1,"blank":1,"question":"later"}]"#,
        "a cell that cannot be read is no blank, a text may be one"
    );
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(1));
    let listed = run(&schema, data, &["--blanks", "--format", "csv", "--lang", "en"]);
    let lines: Vec<&str> = listed.stdout.lines().skip(1).map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "note,blank though asked,1,1,2,sex,sex,,an answer,",
            "note,blank though asked,2,2,3,later_1,later,,an answer,",
            "error,no option,4,4,5,sex,sex,8,\"1 to 2, 9\",",
        ]
    );
}

#[test]
fn who_is_absent_is_told_where_it_is_known_who_was_asked() {
    let schema = [
        "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\n[survey.sent]\nby = \"sex\"\n",
        "counts = { 1 = 3, 2 = 4 }\n",
        SEX,
    ];
    assert_eq!(found(&schema, "id,sex\n1,1\n2,1\n"), ["absent - - - 2"]);
    assert_eq!(found(&schema, "id,sex\n1,1\n2,2\n"), Vec::<String>::new());
}

#[test]
fn errors_fail_and_warnings_do_when_they_shall() {
    let codes = |schema: &[&str], data: &str| {
        [&[][..], &["--strict"]].map(|arguments| run(schema, data, arguments).code)
    };
    assert_eq!(codes(&[SURVEY, SEX], "id,sex\n1,1\n2,2\n"), [0, 0]);
    let clean = run(&[SURVEY, SEX], "id,sex\n1,1\n2,2\n", &["--lang", "en"]).stdout;
    assert!(clean.contains("d.csv: 2 records; 0 errors, 0 warnings, 0 notes\n"), "{clean}");
    assert!(clean.contains("\n(nothing found)"), "{clean}");
    assert_eq!(codes(&[SURVEY, SEX], "id,sex\n1,7\n2,2\n"), [1, 1]);
    let warned = "id,help_1,help_2,help_3\n1,1,0,1\n";
    assert_eq!(codes(&[SURVEY, HELP], warned), [0, 1]);
    for (gravity, expected) in [("off", [0, 0]), ("note", [0, 0]), ("error", [1, 1])] {
        let survey = format!("{SURVEY}[survey.check]\nexclusive = \"{gravity}\"\n");
        assert_eq!(codes(&[&survey, HELP], warned), expected, "{gravity}");
    }
    let blank = format!("{SURVEY}[survey.check]\nblank = \"error\"\n");
    assert_eq!(codes(&[&blank, SEX], "id,sex\n1,\n"), [1, 1]);
}

#[test]
fn a_clean_file_has_no_errors() {
    let [schema, data] =
        [repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv")];
    let run = Program::new().run(&["check", "--schema", &schema, &data, "--strict", "--lang", "en"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(
        run.stdout.contains(": 604 records; 0 errors, 0 warnings, 181 notes, 27 blanks"),
        "{}",
        run.stdout
    );
}

#[test]
fn the_report_says_what_is_expected_and_what_may_have_happened() {
    let city = "[[question]]\nid = \"city\"\ntext = \"市区町村\"\nkind = \"single\"\noptions = \"@municipalities\"\n";
    let data = "id,city,sex,age,pets,note\n1,131017,-,1E+05,へびとかめれおん,秘密\n2,131016,1;2,5,1,秘密\n2,131016,2,500,1,\n";
    let schema = [SURVEY, city, SEX, AGE, "to = 120\n", PETS, NOTE];
    insta::assert_snapshot!("check_text", run(&schema, data, &["--width", "120"]).stdout);
    insta::assert_snapshot!("check_english", run(&schema, data, &["--lang", "en", "--format", "md"]).stdout);
    let short = run(&schema, data, &["--limit", "1"]).stdout;
    assert!(short.contains("※ ほか6件（--all ですべて）"), "{short}");
}

#[test]
fn words_of_the_respondents_own_are_never_shown() {
    let other = SEX.replace("label = \"女性\" }", "label = \"女性\", text = \"own\" }");
    let note = format!("{NOTE}asked_if = \"sex == 2\"\n");
    let data = "id,sex,own,note\n1,1,ひみつ,ひみつ\n2,7,ひみつ,ひみつ\n3,1,ひみつ,ひ,みつ\n";
    for format in ["text", "csv", "json", "md"] {
        let run = run(&[SURVEY, &other, &note], data, &["--format", format, "--blanks"]);
        assert!(run.stdout.contains("note"), "{}", run.stdout);
        assert!(!(run.stdout + &run.stderr).contains('ひ'), "{format}");
    }
}

#[test]
fn one_file_for_each_group_goes_back_to_it() {
    let schema = [SURVEY, SEX, AGE].concat();
    let data = "id,sex,age\n1,1,x\n2,2,5\n3,9,y\n4,1,z\n";
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let arguments =
        ["check", "--schema", "s.toml", "d.csv", "--by", "sex", "--out", "folder", "--lang", "en"];
    let run = program.run(&arguments);
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (1, "", ""));
    let read = |name: &str| std::fs::read_to_string(program.path("folder").join(name)).expect("a file");
    assert_eq!(
        read("1.csv").lines().skip(1).collect::<Vec<_>>(),
        ["error,not a number,1,1,2,age,age,x,a number,", "error,not a number,4,4,5,age,age,z,a number,",]
    );
    assert_eq!(read("none.csv").lines().count(), 2);
    assert!(!program.path("folder").join("2.csv").exists());
    let again = program.run(&arguments);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("expected a new or empty folder, found files in it"), "{}", again.stderr);
}

#[test]
fn questions_can_be_picked_and_must_be_there() {
    let schema = [SURVEY, SEX, AGE, GRID];
    let data = "id,sex,age,g_a,g_b,g_c,g_d\n1,7,x,1,1,1,8\n1,7,x,1,1,1,1\n";
    let picked = |list: &str| {
        let run = run(&schema, data, &["--question", list, "--format", "csv", "--lang", "en"]);
        let lines: Vec<String> =
            run.stdout.lines().skip(1).map(|line| line.split(',').nth(6).unwrap_or("").into()).collect();
        lines.join(" ")
    };
    assert_eq!(picked("sex"), "sex  sex", "the key is everybody's");
    assert_eq!(picked("g"), "g.d  g");
    let half = "[[derive]]\nid = \"half\"\nlabel = \"半\"\nfrom = \"sex\"\ngroups = [ { code = 1, label = \"x\", rest = true } ]\n";
    let derived = run(&[SURVEY, SEX, half], "id,sex\n1,1\n", &["--question", "half"]);
    assert_eq!(
        derived.stderr,
        "error: question `half` is made of others and has no cells to check\n  hint: it is made of `sex`\n"
    );
    let ranked = run(&[SURVEY, RANK], "id,r_1,r_2\n1,1,1\n", &["--question", "r.1", "--lang", "en"]);
    assert!(ranked.stdout.contains("one option at two places"), "{}", ranked.stdout);
    let told = run(&schema, data, &["--question", "sx", "--by", "age", "--out", "x"]);
    assert_eq!(told.code, 1);
    assert_eq!(
        told.stderr,
        "error: unknown question `sx` in `--question`\n  hint: did you mean `sex`?\n\
         error: expected a single question in `--by`, found the number question `age`\n  \
         hint: each finding goes into one file\n"
    );
}

#[test]
fn rules_are_checked_in_the_schema() {
    refuses_schema(
        &[
            "[survey]\nid = \"s\"\ntitle = \"s\"\n[survey.check]\nfastest = 5\nidentical = \"bad\"\nstraight_lining_rows = 1\n",
            SEX,
        ],
        "`fastest` needs the column of the seconds that respondents took
  at: fastest
  hint: say `duration = \"…\"`
expected `off`, `note`, `warning` or `error` for `identical`, found `bad`
  at: \"bad\"
expected 2 to 1,000,000 for `straight_lining_rows`, found `1`
  at: 1",
    );
    let speed = format!("{SURVEY}[survey.check]\nduration = \"sec\"\n");
    let run = run(&[&speed, SEX], "id,sex\n1,1\n", &[]);
    assert_eq!(
        run.stderr,
        "error: d.csv:1: header: expected a column `sec` for the duration in `[survey.check]`, found none in the header\n  hint: did you mean `sex`?\n"
    );
}

#[test]
fn the_json_schema_knows_every_key_of_the_rules() {
    let json: serde_json::Value =
        serde_json::from_str(&Program::new().run(&["schema", "json"]).stdout).expect("JSON");
    let known = json["$defs"]["survey"]["properties"]["check"]["properties"].as_object().expect("properties");
    let text = "[survey]\nid = \"s\"\ntitle = \"s\"\n[survey.check]\nzzzzzzzzzzzz = 1\n";
    let errors = renkei::schema::load("s.toml", &format!("{text}{SEX}")).expect_err("an unknown key");
    let mut told: Vec<&str> = errors[0].hints[0]
        .trim_start_matches("known keys are ")
        .split(", ")
        .map(|key| key.trim_matches('`'))
        .collect();
    told.sort_unstable();
    let mut known: Vec<&str> = known.keys().map(String::as_str).collect();
    known.sort_unstable();
    assert_eq!(told, known);
}

/// Every kind in one file, with records of several lines and blank lines, so that places are put to the test.
#[test]
fn findings_do_not_depend_on_threads_and_blocks() {
    let schema = [SURVEY, SEX, LATER, HELP, CHOSEN, GRID, AGE, RANK, NOTE].concat();
    let survey = survey(&schema);
    let mut data =
        "id,sex,later_1,later_2,help_1,help_2,help_3,most,g_a,g_b,g_c,g_d,age,r_1,r_2,note\n".to_string();
    for respondent in 0..60 {
        let sex = ["1", "2", "7", "9", ""][respondent % 5];
        let note = ["", "\"二行の\n感想\"", "短い"][respondent % 3];
        let key = if respondent % 20 == 19 { 3 } else { respondent };
        let age = if respondent == 40 { 9999 } else { 20 + respondent % 7 };
        let (most, rank) = (respondent % 4, ["1,2", "2,2", ",1"][respondent % 3]);
        data += &format!(
            "{key},{sex},1,0,1,{},{},{most},1,1,1,{},{age},{rank},{note}\n",
            respondent % 2,
            respondent % 3 % 2,
            1 + respondent % 2
        );
        if respondent % 11 == 5 {
            data += "\nbroken,1\n";
        }
    }
    let findings = |threads: usize, block_bytes: usize| -> Findings {
        let wanted = Wanted { blanks: true, ..Wanted::default() };
        let options = ReadOptions {
            threads,
            lenient: true,
            keys: true,
            log: Some((0..survey.questions.len()).collect()),
            ..ReadOptions::default()
        };
        let dataset =
            read_text(&survey, &questions(&survey, &wanted), data.as_bytes(), &options, block_bytes);
        let mut findings = check(&survey, &dataset.unwrap_or_else(|told| panic!("{told}")), &wanted);
        // Which block a record is in is no part of what is told.
        for place in findings.list.iter_mut().filter_map(|finding| finding.place.as_mut()) {
            place.row = Some((0, 0));
        }
        // The file has another name each time.
        findings.files.clear();
        findings
    };
    let expected = findings(1, 1 << 20);
    let kinds: std::collections::BTreeSet<&str> =
        expected.list.iter().map(|found| found.kind.word()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>().join(" "),
        "blank duplicate_key exclusive fields limited_to not_asked rank straight_lining suspicious_number unknown_code"
    );
    let suspicious = expected.list.iter().find(|found| matches!(found.kind, Kind::SuspiciousNumber { .. }));
    let line = 1 + data.lines().position(|line| line.contains(",9999,")).expect("a line") as u64;
    assert_eq!(suspicious.and_then(|found| found.place).map(|place| place.line), Some(line));
    assert!(expected.count(Gravity::Error) > 20);
    for (threads, block_bytes) in [(1, 1), (2, 40), (16, 97), (2, 1000)] {
        assert_eq!(
            findings(threads, block_bytes),
            expected,
            "{threads} threads, blocks of {block_bytes} bytes"
        );
    }
}

/// More findings than are kept: the first ones of the file, whoever read which block, and it is said.
#[test]
fn the_first_hundred_thousand_findings_are_kept() {
    let schema = [SURVEY, SEX].concat();
    let survey = survey(&schema);
    let data: String = (0..100_002).map(|respondent| format!("{respondent},7\n")).collect();
    let findings = |records: usize, threads: usize| {
        let wanted = Wanted::default();
        let options = ReadOptions { threads, lenient: true, log: Some(vec![0]), ..ReadOptions::default() };
        let text: String = std::iter::once("id,sex")
            .chain(data.lines().take(records))
            .map(|line| format!("{line}\n"))
            .collect();
        let dataset = read_text(&survey, &questions(&survey, &wanted), text.as_bytes(), &options, 50_000);
        let findings = check(&survey, &dataset.expect("readable"), &wanted);
        let last = findings.list.last().and_then(|found| found.place).map(|place| place.record);
        (findings.list.len(), last, findings.cut)
    };
    assert_eq!(findings(100_000, 2), (100_000, Some(100_000), false));
    assert_eq!(findings(100_002, 1), (100_000, Some(100_000), true));
    assert_eq!(findings(100_002, 2), (100_000, Some(100_000), true));
}

#[test]
fn simulated_numbers_are_within_their_range() {
    let schema = [SURVEY, AGE, "from = 15\nto = 18.5\n"].concat();
    let program = Program::new().file("s.toml", schema);
    let made = |targets: &[&str]| {
        let arguments = ["simulate", "--schema", "s.toml", "--respondents", "300", "--out", "d.csv"];
        program.run(&[&arguments, targets].concat())
    };
    assert_eq!(made(&[]).code, 0);
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let shown = program.run(&["codebook", "--schema", "s.toml"]).stdout;
    assert!(shown.contains("範囲: 15〜18.5"), "{shown}");
    let targets = "[[target]]\nquestion = \"age\"\nrange = [10, 18]\n";
    std::fs::write(program.path("t.toml"), targets).expect("a file of targets");
    let refused = made(&["--targets", "t.toml"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("error: `age` does not allow all of these numbers\n --> t.toml:3:9"),
        "{}",
        refused.stderr
    );
}

const ASKED: &str = "id,sex\n1,1\n2,2\n3,女性\n4,1\n";

fn asked(list: &str, arguments: &[&str]) -> (Program, Run) {
    let program = Program::new().file("s.toml", [SURVEY, SEX].concat()).file("d.csv", "id,sex\n2,2\n1,1\n");
    let program = program.file("asked.csv", list);
    let run = program.run(
        &[&["check", "--schema", "s.toml", "d.csv", "--asked", "asked.csv", "--lang", "en"], arguments]
            .concat(),
    );
    (program, run)
}

#[test]
fn who_did_not_reply_is_listed_from_a_list_of_keys() {
    let (_, run) = asked(ASKED, &["--format", "csv"]);
    let lines: Vec<&str> = run.stdout.lines().skip(1).map(str::trim_end).collect();
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(lines, ["warning,no record,3,,,,,,,", "warning,no record,4,,,,,,,"]);
    let (_, all) = asked("id\n1\n2\n", &["--format", "csv"]);
    assert_eq!(all.stdout.lines().count(), 1, "{}", all.stdout);
}

#[test]
fn who_did_not_reply_stands_in_the_file_of_the_group() {
    let (program, run) = asked(ASKED, &["--by", "sex", "--out", "folder"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let of = |group: &str| {
        let text = std::fs::read_to_string(program.path(&format!("folder/{group}.csv"))).expect("a file");
        text.lines().skip(1).map(|line| line.trim_end().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(of("1"), ["warning,no record,4,,,,,,,"]);
    assert_eq!(of("2"), ["warning,no record,3,,,,,,,"]);
}

#[test]
fn what_is_amiss_in_a_list_of_keys_is_told_all_at_once() {
    let (_, run) = asked("id,sex\n1,1\n,2\n1,7\n", &["--by", "sex", "--out", "folder"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: asked.csv:3: record 2, column `id`: the key is blank\n\
         error: asked.csv:4: record 3, column `id`: the key is the same as in record 1\n\
         error: asked.csv:4: record 3, column `sex`: `sex` has no option `7`\n"
    );
    let (_, run) = asked("number\n1\n", &[]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: asked.csv:1: header: expected a column `id` for the respondents' keys, found none in the header\n"
    );
    let program = Program::new().file("s.toml", ["[survey]\nid = \"s\"\ntitle = \"s\"\n", SEX].concat());
    let program = program.file("d.csv", "sex\n1\n").file("asked.csv", "id\n1\n");
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--asked", "asked.csv"]);
    assert_eq!(
        run.stderr,
        "error: a list of who was asked has the respondents' keys, and the schema names none\n  \
         hint: say `respondent = \"…\"` under `[survey]`\n"
    );
}
