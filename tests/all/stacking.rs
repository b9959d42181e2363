//! Several files as one dataset: stacked, joined with masters, without re-submissions.

use proptest::prelude::*;

use crate::cli::{Program, repository};

const SCHEMA: &str = r#"
[survey]
id = "s"
title = "s"
respondent = "id"
[[question]]
id = "office"
text = "office"
kind = "single"
options = [ { code = 1, label = "east" }, { code = 2, label = "west" } ]
[[question]]
id = "a"
text = "a"
kind = "single"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[question]]
id = "b"
text = "b"
kind = "multi"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
[[question]]
id = "c"
text = "c"
kind = "number"
"#;

const HEADER: &str = "id,office,a,b_1,b_2,c\n";

fn tidy(program: &Program, data: &[&str], threads: &str) -> String {
    let request = ["crosstab", "--schema", "s.toml", "--rows", "all", "--cols", "office", "--format", "tidy"];
    let run = program.run(&[&request[..], &["--threads", threads], data].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// The tables of several files are those of the files put one after another, on any number of threads.
    #[test]
    fn files_stacked_are_the_file_of_their_records(
        records in prop::collection::vec((1..=2, 0..=2, 0..=1, 0..=1, 0..400), 2..40),
        cut in 1..39_usize,
    ) {
        let cut = cut.min(records.len() - 1);
        let line = |(place, &(office, a, one, two, c)): (usize, &(i32, i32, i32, i32, i32))| {
            let a = if a == 0 { String::new() } else { a.to_string() };
            // One file has decimals and the other need not.
            let c = if place % 7 == 3 { format!("{}.{}", c / 10, c % 10) } else { c.to_string() };
            [place.to_string(), office.to_string(), a, one.to_string(), two.to_string(), c]
        };
        let lines: Vec<[String; 6]> = records.iter().enumerate().map(line).collect();
        let whole: String = lines.iter().map(|cells| cells.join(",") + "\n").collect();
        let first: String = lines[..cut].iter().map(|cells| cells.join(",") + "\n").collect();
        // The second file has its columns in another order, under other names, between tabs.
        let second: String = lines[cut..]
            .iter()
            .map(|[id, office, a, one, two, c]| [c, two, one, a, office, id].map(String::as_str).join("\t") + "\n")
            .collect();
        let list = "[[source]]\nfile = \"1.csv\"\n[[source]]\nfile = \"2.csv\"\n\
                    columns = { id = \"No\", office = \"店\", a = \"Q1\", b = \"Q2-{code}\", c = \"数\" }\n";
        let program = Program::new()
            .file("s.toml", SCHEMA)
            .file("whole.csv", format!("{HEADER}{whole}"))
            .file("1.csv", format!("{HEADER}{first}"))
            .file("2.csv", format!("数\tQ2-2\tQ2-1\tQ1\t店\tNo\n{second}"))
            .file("list.toml", list);
        let expected = tidy(&program, &["whole.csv"], "1");
        prop_assert_eq!(&tidy(&program, &["list.toml"], "1"), &expected);
        prop_assert_eq!(&tidy(&program, &["list.toml"], "3"), &expected);
    }
}

#[test]
fn a_file_can_say_what_everybody_in_it_answers_and_what_was_not_asked() {
    let list = "[[source]]\nfile = \"e.csv\"\nset = { office = \"east\" }\nkey_prefix = \"e\"\n\
                [[source]]\nfile = \"w.csv\"\nset = { office = 2 }\nkey_prefix = \"w\"\nnot_asked = [\"b\", \"c\"]\n";
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("e.csv", "id,a,b_1,b_2,c\n1,1,1,0,3\n2,2,0,0,5\n")
        .file("w.csv", "a,id\n1,1\n1,2\n2,3\n")
        .file("list.toml", list);
    let run = program.run(&[
        "crosstab",
        "--schema",
        "s.toml",
        "list.toml",
        "--rows",
        "all",
        "--cols",
        "office",
        "--cell",
        "count",
    ]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
    // The same respondents in one file, where 非該当 has a code.
    let coded = SCHEMA.replace("kind = \"number\"", "kind = \"number\"\nnot_asked = [88]").replace(
        "id = \"b\"\ntext = \"b\"\nkind = \"multi\"",
        "id = \"b\"\ntext = \"b\"\nkind = \"multi\"\nnot_asked = [88]",
    );
    let whole =
        format!("{HEADER}e1,1,1,1,0,3\ne2,1,2,0,0,5\nw1,2,1,88,88,88\nw2,2,1,88,88,88\nw3,2,2,88,88,88\n");
    let other = Program::new().file("s.toml", coded).file("d.csv", whole);
    assert_eq!(tidy(&program, &["list.toml"], "2"), tidy(&other, &["d.csv"], "2"));
}

#[test]
fn a_file_of_an_earlier_wave_is_read_as_that_wave_was() {
    let wave = "[[wave]]\nid = \"w\"\nlabel = \"w\"\n[wave.questions.a]\ncolumn = \"old\"\n";
    let program = Program::new()
        .file("s.toml", format!("{SCHEMA}{wave}"))
        .file("then.csv", "id,office,old,b_1,b_2,c\n1,1,1,1,0,3\n2,2,2,0,0,5\n")
        .file("now.csv", format!("{HEADER}3,1,2,1,1,\n"))
        .file("whole.csv", format!("{HEADER}1,1,1,1,0,3\n2,2,2,0,0,5\n3,1,2,1,1,\n"))
        .file("list.toml", "[[source]]\nfile = \"then.csv\"\nwave = \"w\"\n[[source]]\nfile = \"now.csv\"\n")
        .file("no.toml", "[[source]]\nfile = \"then.csv\"\nwave = \"v\"\n");
    assert_eq!(tidy(&program, &["list.toml"], "2"), tidy(&program, &["whole.csv"], "1"));
    let run = program.run(&["tab", "--schema", "s.toml", "no.toml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("error: unknown wave `v` in `wave`\n --> no.toml:3:8\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_sampling_design_goes_over_all_files() {
    let design = "[survey.design]\nstrata = \"st\"\ncluster = \"psu\"\n[[question]]\nid = \"office\"";
    let schema = SCHEMA.replacen("[[question]]\nid = \"office\"", design, 1);
    let line = |id: usize| {
        let (stratum, unit) = (id % 2, id % 10);
        format!("{id},{},{},{},1,{},{stratum},{unit}\n", id % 2 + 1, id * id / 7 % 2 + 1, id / 2 % 2, id % 7)
    };
    let head = HEADER.replace('\n', ",st,psu\n");
    let of = |ids: std::ops::Range<usize>| format!("{head}{}", ids.map(line).collect::<String>());
    let program = Program::new()
        .file("s.toml", schema)
        .file("1.csv", of(0..23))
        .file("2.csv", of(23..60))
        .file("whole.csv", of(0..60));
    let errors = |data: &[&str]| {
        let request =
            ["tab", "--schema", "s.toml", "--format", "tidy", "--measures", "n,col_pct,col_pct_se,deff"];
        let run = program.run(&[&request[..], data].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let whole = errors(&["whole.csv"]);
    assert!(whole.contains("col_pct_se") && whole.contains("deff"), "{whole}");
    assert_eq!(errors(&["1.csv", "2.csv"]), whole);
}

#[test]
fn aggregated_records_and_weights_of_a_file_go_together() {
    let schema = SCHEMA.replace("respondent = \"id\"", "count = \"times\"");
    let program = Program::new()
        .file("s.toml", schema)
        .file("1.csv", "times,office,a,b_1,b_2,c\n3,1,1,1,0,2\n0,1,2,1,1,\n")
        .file("2.csv", "c,times,office,a,b_1,b_2\n9,2,2,2,0,1\n")
        .file("whole.csv", "times,office,a,b_1,b_2,c\n3,1,1,1,0,2\n0,1,2,1,1,\n2,2,2,0,1,9\n");
    assert_eq!(tidy(&program, &["1.csv", "2.csv"], "2"), tidy(&program, &["whole.csv"], "1"));
    let weights = "id,weight\n1,0.5\n2,1\n3,2.25\n";
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("w.csv", weights)
        .file("1.csv", format!("{HEADER}1,1,1,1,0,2\n2,1,2,1,1,\n"))
        .file("2.csv", format!("{HEADER}3,2,2,0,1,9\n"))
        .file("whole.csv", format!("{HEADER}1,1,1,1,0,2\n2,1,2,1,1,\n3,2,2,0,1,9\n"));
    let weighted = |data: &[&str]| tidy(&program, &[&["--weights", "w.csv"], data].concat(), "2");
    assert_eq!(weighted(&["1.csv", "2.csv"]), weighted(&["whole.csv"]));
    let program = program.file("w.csv", "id,weight\n1,0.5\n2,1\n");
    let run = program.run(&["tab", "--schema", "s.toml", "1.csv", "2.csv", "--weights", "w.csv"]);
    let expected =
        "error: 1.csv, 2.csv: 1 respondent in the data has no weight in `w.csv`: record 1 of `2.csv`\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
}

#[test]
fn defects_name_their_file_and_keys_are_unique_over_all_files() {
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("1.csv", format!("{HEADER}1,1,7,1,0,2\n2,1,2,1,1,\n"))
        .file("2.csv", format!("{HEADER}3,2,2,0,1,9\n4,2,2,0,1,x\n"));
    let run = program.run(&["tab", "--schema", "s.toml", "1.csv", "2.csv"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr.lines().filter(|line| line.starts_with("error")).count(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("1.csv:2: record 1, column `a`"), "{}", run.stderr);
    assert!(run.stderr.contains("2.csv:3: record 2, column `c`"), "{}", run.stderr);

    let program = program
        .file("1.csv", format!("{HEADER}1,1,1,1,0,2\n\n2,1,2,1,1,\n"))
        .file("2.csv", format!("{HEADER}3,2,2,0,1,9\n2,2,2,0,1,1\n1,2,2,0,1,1\n"));
    let run = program.run(&["tab", "--schema", "s.toml", "1.csv", "2.csv"]);
    let expected = "error: 2.csv:3: record 2, column `id`: the respondent's key is the same as in record 2 (line 4) of `1.csv`; 2 records repeat an earlier key
  hint: where each file counts from 1, give its source a `key_prefix`; where somebody replied twice, say which reply counts with `[survey.resubmission]`
";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
}

#[test]
fn mistakes_in_a_list_of_sources_are_told_at_once() {
    let list = "[[source]]
file = \"d.csv\"
columns = { q9 = \"Q9\", b = \"B\" }
set = { office = \"north\", c = \"many\", memo = 1 }
not_asked = [\"z\"]
wave = \"r1\"
encoding = \"sjis\"
";
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", HEADER).file("list.toml", list);
    let run = program.run(&["tab", "--schema", "s.toml", "list.toml"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr);
    let run = program.file("list.toml", "").run(&["tab", "--schema", "s.toml", "list.toml"]);
    let expected = "error: list.toml: the list has no sources\n  hint: add a `[[source]]` with a `file`\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
}

const TWICE: &str = "[survey.resubmission]\nkeep = \"last\"\nby = \"at\"\n[[question]]\nid = \"office\"";

#[test]
fn of_several_replies_of_a_respondent_the_declared_one_counts() {
    let schema = SCHEMA.replacen("[[question]]\nid = \"office\"", TWICE, 1);
    let header = "id,at,office,a,b_1,b_2,c\n";
    // What is wrong in a record that does not count refuses nothing; a quoted line break keeps its lines.
    let data = format!(
        "{header}1,2026/11/2 9:05:00,1,77,0,0,1\n2,2026/11/2 9:00:00,1,1,1,0,1\n1,2026/11/2 10:00:00,1,2,0,1,4\n\"3\n\",2026/11/1 8:00:00,2,1,0,0,7\n"
    );
    let kept = format!("{header}2,,1,1,1,0,1\n1,,1,2,0,1,4\n3,,2,1,0,0,7\n");
    let program = Program::new().file("s.toml", &schema).file("d.csv", data).file("kept.csv", kept);
    assert_eq!(tidy(&program, &["d.csv"], "1"), tidy(&program, &["kept.csv"], "1"));
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "a"]);
    let expected = "warning: d.csv: 1 record left out: the last reply of each respondent counts\n  hint: `renkei check` lists them\n";
    assert_eq!((run.code, run.stderr.as_str()), (0, expected));
    assert!(run.stdout.contains("※ 同じ回答者の再提出 1件を除いた"), "{}", run.stdout);
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--format", "csv"]);
    assert!(run.stdout.contains("注意,再提出のため除外,1,1,2,id,,,レコード3を集計,"), "{}", run.stdout);

    // In another file; the first counts by the order of the files.
    let first = schema.replace("keep = \"last\"\nby = \"at\"", "keep = \"first\"");
    let program = Program::new()
        .file("s.toml", &first)
        .file("1.csv", format!("{header}1,,1,1,0,0,1\n2,,1,1,1,0,1\n"))
        .file("2.csv", format!("{header}3,,2,1,0,0,1\n2,,2,2,1,0,9\n4,,2,9,1,0,9\n"));
    let run = program.run(&["tab", "--schema", "s.toml", "1.csv", "2.csv", "--rows", "a"]);
    assert!(run.stderr.contains("2.csv:4: record 3, column `a`"), "{}", run.stderr);

    // A tie is an error, and so is a time that cannot be read.
    let data = format!(
        "{header}1,2026/11/2,1,1,0,0,1\n1,2026-11-02,1,1,1,0,1\n2,soon,1,1,1,0,1\n2,2026/11/2,1,1,1,0,1\n3,soon,1,1,1,0,1\n"
    );
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv"]);
    let expected = "error: d.csv:3: record 2, column `at`: the reply was submitted at the same time as that of record 1 (line 2) of the same respondent
  hint: take one of the two out of the data
error: d.csv:4: record 3, column `at`: expected when this reply was submitted, for the respondent replied 2 times; found `soon`
  hint: a date with or without a time, or a number, all written alike
";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
}

fn municipalities(master: &str) -> String {
    format!(
        r#"
[survey]
id = "m"
title = "m"
respondent = "no"
[[master]]
id = "list"
file = "{master}"
key = "code"
of = "city"
[[question]]
id = "city"
text = "city"
kind = "single"
options = "@municipalities"
[[question]]
id = "form"
column = "kind"
text = "kind of municipality"
kind = "single"
master = "list"
options = "@master"
[[derive]]
id = "town"
label = "city or not"
from = "form"
groups = [ {{ code = 1, label = "city", of = ["市", "特別区"] }}, {{ code = 2, label = "rest", rest = true }} ]
"#
    )
}

/// One file of many municipalities joined with a master: each has its row, and a wrong check digit is told.
#[test]
fn row_24_all_municipalities_join_with_a_master() {
    let master = repository("data-samples/municipality-master.csv");
    let rows = std::fs::read_to_string(&master).expect("the master");
    // With check digit, without it, and by name: 1,741 records in another order than the master's.
    let codes: Vec<&str> = rows.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let cell = |(place, code): (usize, &&str)| match place % 2 {
        0 => format!("{place},{code}\n"),
        _ => format!("{place},{}\n", &code[..5]),
    };
    let data: String = codes.iter().rev().enumerate().map(cell).collect();
    let program =
        Program::new().file("s.toml", municipalities(&master)).file("d.csv", format!("no,city\n{data}"));
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "form,town", "--cell", "count"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);

    let data = format!("no,city\n{}", data.replace("011002", "011003"));
    let run = program.file("d.csv", data).run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "form"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("`011003` is no option of question `city`"), "{}", run.stderr);
    assert!(run.stderr.contains("check digit"), "{}", run.stderr);
}

#[test]
fn rows_without_a_partner_are_told_on_either_side() {
    let schema = municipalities("m.csv").replace(", \"特別区\"", "");
    let program = Program::new()
        .file("s.toml", &schema)
        .file("m.csv", "code,kind\n322016,市\n322024,市\n323438,町\n")
        .file("d.csv", "no,city\n1,322016\n2,32201\n3,325287\n4,\n5,325287\n6,324418\n");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "form"]);
    let expected = "error: d.csv: 3 respondents have a reply to question `city` that master `list` (`m.csv`) does not have: `324418` (1), `325287` (2); records 3, 5, 6
  hint: add the rows, or say `unmatched = \"warning\"` under `[[master]]` to count them as 無回答
";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
    let lenient = schema.replace("of = \"city\"", "of = \"city\"\nunmatched = \"warning\"");
    let program = program.file("s.toml", &lenient);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "form", "--cell", "count"]);
    let expected = "warning: d.csv: 3 respondents have a reply to question `city` that master `list` (`m.csv`) does not have: `324418` (1), `325287` (2); records 3, 5, 6
  hint: they count as 無回答 of its questions
warning: m.csv: 2 rows of master `list` belong to no respondent: records 2, 3
  hint: say `unused = \"off\"` under `[[master]]` where that is as it should be
";
    assert_eq!((run.code, run.stderr.as_str()), (0, expected));
    insta::assert_snapshot!(run.stdout);

    let twice = "code,kind\n322016,市\n32201,町\n";
    let run = program.file("m.csv", twice).run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "form"]);
    let expected = "error: m.csv: records 1 and 2 of master `list` have the same key\n  hint: a master has one row for each key\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
}

#[test]
fn mistakes_about_masters_and_resubmissions_have_their_places() {
    let schema = r#"
[survey]
id = "m"
title = "m"
[survey.resubmission]
keep = "last"
[[master]]
id = "list"
file = "m.csv"
key = "code"
of = "many"
[[master]]
id = "other"
file = "none.csv"
key = "code"
[[question]]
id = "many"
text = "many"
kind = "multi"
options = [ { code = 1, label = "x" } ]
[[question]]
id = "form"
text = "form"
kind = "single"
master = "lost"
options = [ { code = 1, label = "x" } ]
[[question]]
id = "kind"
text = "kind"
kind = "single"
options = "@master"
[[question]]
id = "size"
text = "size"
kind = "single"
master = "list"
options = "@master"
[[question]]
id = "none"
text = "none"
kind = "single"
master = "other"
options = "@master"
"#;
    let program = Program::new().file("s.toml", schema).file("m.csv", "code,sizes\n1,2\n").file("d.csv", "");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv"]);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn additions_bring_no_master() {
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", format!("{HEADER}1,1,1,1,0,3\n"))
        .file("add.toml", "[[master]]\nid = \"m\"\nfile = \"m.csv\"\nkey = \"id\"\n");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--with", "add.toml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.starts_with("error: unknown key `master` in the file\n --> add.toml:1:3\n"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("known keys are `derive`, `net`, `banner`"), "{}", run.stderr);
}

#[test]
fn a_study_reads_several_files_and_hashes_them_all() {
    let study = "[study]\nschema = \"s.toml\"\ndata = [\"1.csv\", \"2.csv\"]\n[[tables]]\nid = \"t\"\ntitle = \"t\"\nrows = \"a\"\ncols = \"office\"\n";
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("study.toml", study)
        .file("1.csv", format!("{HEADER}1,1,1,1,0,2\n"))
        .file("2.csv", format!("{HEADER}2,2,2,0,1,9\n"));
    let run = program.run(&["report", "study.toml", "--out", "made"]);
    if run.code != 0 {
        panic!("{}", run.stderr);
    }
    let manifest = std::fs::read_to_string(program.path("made/manifest.json")).expect("a manifest");
    assert!(manifest.contains("\"1.csv\"") && manifest.contains("\"2.csv\""), "{manifest}");
}

#[test]
fn no_output_replaces_a_file_that_a_list_or_a_schema_names() {
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("list.toml", "[[source]]\nfile = \"d.csv\"\n")
        .file("d.csv", format!("{HEADER}1,1,1,1,0,2\n"));
    let run = program.run(&["tab", "--schema", "s.toml", "list.toml", "--out", "d.csv"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("would be lost"), "{}", run.stderr);
}

#[test]
fn corrections_find_their_record_in_whichever_file_it_is() {
    let list = "[[source]]\nfile = \"1.csv\"\nkey_prefix = \"e\"\n\
                [[source]]\nfile = \"2.csv\"\nkey_prefix = \"w\"\ncolumns = { a = \"Q1\" }\n";
    let corrections = "respondent,question,old,new,reason\ne1,a,1,2,telephone\nw1,a,2,1,telephone\n";
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("list.toml", list)
        .file("c.csv", corrections)
        .file("1.csv", format!("{HEADER}1,1,1,1,0,2\n"))
        .file("2.csv", "id,office,Q1,b_1,b_2,c\n1,2,2,0,1,9\n")
        .file("whole.csv", format!("{HEADER}e1,1,2,1,0,2\nw1,2,1,0,1,9\n"));
    let corrected = tidy(&program, &["list.toml", "--corrections", "c.csv"], "2");
    assert_eq!(corrected, tidy(&program, &["whole.csv"], "1"));
    let program = program.file("c.csv", format!("{corrections}w9,a,2,1,telephone\n"));
    let run = program.run(&["tab", "--schema", "s.toml", "list.toml", "--corrections", "c.csv"]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.contains("no record of the files has this respondent's key"), "{}", run.stderr);
}
