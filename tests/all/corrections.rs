//! Corrections: a file beside the data, applied while it is read, told in every output.

use std::fs;

use proptest::prelude::*;
use renkei::frame::{ReadOptions, read_corrections};

use crate::cli::{Program, Run, repository};
use crate::data::{AGE, AREA, HELP, NOTE, PETS, SEX, SURVEY, all, plain, read_text, survey, write};

const DATA: &str = "id,sex,help_1,help_2,help_3,pets,age,note\n\
    a1,1,1,0,0,1;2,20,\"前の行\nひみつの言葉\"\n\
    a2,2,0,1,0,2,\"30\",\n\
    a3,1,0,0,1,,40,x\n";

fn schema() -> String {
    [SURVEY, SEX, HELP, PETS, AGE, NOTE].concat()
}

fn with(corrections: &str, arguments: &[&str]) -> (Program, Run) {
    let program = Program::new().file("s.toml", schema()).file("d.csv", DATA).file("c.csv", corrections);
    let run = program.run(arguments);
    (program, run)
}

const TIDY: [&str; 12] = [
    "tab",
    "--schema",
    "s.toml",
    "d.csv",
    "--corrections",
    "c.csv",
    "--format",
    "tidy",
    "--measures",
    "n",
    "--rows",
    "all",
];

/// `row,row_code,n` of the rows that somebody is in.
fn counts(run: &Run) -> Vec<String> {
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mut reader = csv::Reader::from_reader(run.stdout.trim_start_matches('\u{feff}').as_bytes());
    let records = reader.records().map(|record| record.expect("a record"));
    let lines = records.map(|record| format!("{} {} {}", &record[1], &record[2], &record[8]));
    lines.filter(|line| !line.ends_with(" 0")).collect()
}

/// Header and records of a file of corrections.
fn file(records: &[&str]) -> String {
    format!("respondent,question,old,new,reason\n{}\n", records.join("\n"))
}

#[test]
fn a_correction_is_read_as_if_the_cell_held_it_whatever_the_question() {
    let corrections = file(&[
        "a1,sex,1,2,電話で確認",
        "a2,help_1,0,1,調査票の写し",
        "a3,pets,,1;2,調査票の写し",
        "a2,age,30,31.5,誤入力",
        "a1,note,\"前の行\nひみつの言葉\",,撤回",
    ]);
    let (program, run) = with(&corrections, &TIDY);
    let corrected = counts(&run);
    // The same as a file that was edited by hand.
    let edited = "id,sex,help_1,help_2,help_3,pets,age,note\n\
        a1,2,1,0,0,1;2,20,\n\
        a2,2,1,1,0,2,31.5,\n\
        a3,1,0,0,1,1;2,40,x\n";
    let by_hand = Program::new().file("s.toml", schema()).file("d.csv", edited);
    let by_hand = by_hand.run(&[&TIDY[..4], &TIDY[6..]].concat());
    assert_eq!(corrected, counts(&by_hand));
    assert_eq!(run.stdout, by_hand.stdout);
    assert_eq!(
        fs::read_to_string(program.path("d.csv")).expect("the data"),
        DATA,
        "the data stay as they are"
    );
}

#[test]
fn corrections_in_toml_say_the_same() {
    let toml = "[[correction]]\nrespondent = \"a2\"\nquestion = \"age\"\nold = 30\nnew = 31.5\nreason = \"誤入力\"\n";
    let program = Program::new().file("s.toml", schema()).file("d.csv", DATA).file("c.toml", toml);
    let arguments: Vec<&str> =
        TIDY.iter().map(|word| if *word == "c.csv" { "c.toml" } else { word }).collect();
    let (_, csv) = with(&file(&["a2,age,30,31.5,誤入力"]), &TIDY);
    assert_eq!(program.run(&arguments).stdout, csv.stdout);
}

#[test]
fn corrections_from_japanese_excel_are_read_and_match_folded_spellings() {
    let text = file(&["a1,sex,１,女性,電話で確認", "a3,sex,男性,2,電話で確認"]);
    let cp932 = renkei::frame::encode(&text, renkei::frame::Encoding::Cp932).expect("words of CP932");
    let program = Program::new()
        .file("s.toml", [SURVEY, SEX].concat())
        .file("d.csv", "id,sex\na1,1\na2,2\na3,1\n")
        .file("c.csv", cp932);
    let run = program.run(&TIDY);
    assert_eq!(run.code, 1, "the words of an option are not its code as it stands");
    assert!(
        run.stderr.contains("expected `男性` in record 3 (line 4) of `d.csv`, found `1`"),
        "{}",
        run.stderr
    );
}

/// What a refused file of corrections says.
#[track_caller]
fn refuses(records: &[&str], expected: &str) {
    let (_, run) = with(&file(records), &TIDY);
    assert_eq!(run.stderr, expected);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
}

#[test]
fn every_correction_that_does_not_fit_is_told_where_it_stands() {
    refuses(
        &["zz,sex,1,2,x", "a1,sex,2,1,x", "a2,age,29,30,x", "a3,pets,1,2,x", "a3,sex,2,1,x"],
        "\
error: c.csv:2: record 1, column `respondent`: no record of `d.csv` has this respondent's key
error: c.csv:3: record 2, column `old`: expected `2` in record 1 (line 2) of `d.csv`, found `1`
  hint: the new value stands there: leave the correction out
error: c.csv:4: record 3, column `old`: expected `29` in record 2 (line 4) of `d.csv`, found `30`
  hint: the new value stands there: leave the correction out
error: c.csv:5: record 4, column `old`: expected `1` in record 3 (line 5) of `d.csv`, found a blank
  hint: the data have changed, or another answer was meant
error: c.csv:6: record 5, column `old`: expected `2` in record 3 (line 5) of `d.csv`, found `1`
  hint: the new value stands there: leave the correction out
",
    );
}

#[test]
fn words_of_a_respondent_are_not_told() {
    refuses(
        &["a3,note,y,z,x"],
        "\
error: c.csv:2: record 1, column `old`: the words in record 3 (line 5) of `d.csv` are not the old ones
  hint: the data have changed, or another answer was meant
",
    );
}

#[test]
fn a_new_value_must_be_one_that_the_question_can_have() {
    refuses(
        &["a1,sex,1,7,x", "a1,pets,1;2,1;9,x", "a1,age,20,二十,x", "a2,help_1,0,2,x"],
        "\
error: c.csv:2: record 1, column `new`: expected a new value that question `sex` can have, found `7`
error: c.csv:3: record 2, column `new`: expected a new value that question `pets` can have, found `1;9`
error: c.csv:4: record 3, column `new`: expected a new value that question `age` can have, found `二十`
error: c.csv:5: record 4, column `new`: expected a new value that question `help` can have, found `2`
",
    );
}

#[test]
fn every_correction_that_cannot_be_one_is_told() {
    refuses(
        &[",sex,1,2,", "a1,sx,1,2,x", "a1,help,1,2,x", "a1,age,20,20,x", "a1,sex,1,2,x", "a1,sex,1,9,x"],
        "\
error: c.csv:2: record 1, column `respondent`: the respondent's key is blank
error: c.csv:2: record 1, column `reason`: the reason is blank
error: c.csv:3: record 2, column `question`: unknown question `sx`
  hint: did you mean `sex`?
error: c.csv:4: record 3, column `question`: expected a question with one column, found `help` with 3 columns
  hint: name one of them, such as `help_1`
error: c.csv:5: record 4, column `new`: the new value is the old one
error: c.csv:7: record 6, column `question`: the cell is corrected twice, first by correction 5
",
    );
    refuses(
        &["a1,sex,1,\"2\n\",x", "a1,note,x,\"a\nb\",x"],
        "\
error: c.csv:4: record 2, column `new`: expected a new value on one line, found a control character
",
    );
}

#[test]
fn a_file_that_is_no_file_of_corrections_is_refused() {
    let (_, run) = with("respondent,question,old,nwe\na1,sex,1,2\n", &TIDY);
    assert_eq!(
        run.stderr,
        "\
error: c.csv:1: header: expected a column `new` for corrections, found none in the header
  hint: did you mean `nwe`?
error: c.csv:1: header: expected a column `reason` for corrections, found none in the header
  hint: did you mean `respondent`?
"
    );
    let program = Program::new()
        .file("s.toml", "[survey]\nid = \"s\"\ntitle = \"s\"\n".to_string() + SEX)
        .file("d.csv", "sex\n1\n")
        .file("c.csv", file(&[]));
    let run = program.run(&TIDY);
    assert_eq!(
        run.stderr,
        "\
error: corrections find their record by the respondent's key, and the schema names none
  hint: say `respondent = \"…\"` under `[survey]`
"
    );
    let program = Program::new()
        .file("s.toml", schema())
        .file("d.csv", DATA)
        .file("c.toml", "[[correction]]\nold = 1\n");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--corrections", "c.toml"]);
    assert_eq!(run.code, 1);
    for key in ["respondent", "question", "new", "reason"] {
        assert!(run.stderr.contains(&format!("missing key `{key}` in `[[correction]]`")), "{}", run.stderr);
    }
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--corrections", "none.csv"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
}

#[test]
fn two_records_of_one_respondent_cannot_be_told_apart() {
    let program = Program::new()
        .file("s.toml", [SURVEY, SEX].concat())
        .file("d.csv", "id,sex\n1,1\n1,1\n")
        .file("c.csv", file(&["1,sex,1,2,x"]));
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--corrections", "c.csv"]);
    assert_eq!(
        run.stderr,
        "\
error: c.csv:2: record 1, column `respondent`: 2 records of `d.csv` have this respondent's key
  hint: a correction is of one record
"
    );
}

#[test]
fn every_output_says_how_many_answers_were_corrected() {
    let corrections = file(&["a1,sex,1,2,電話", "a2,age,30,31,電話"]);
    let note = "※ データの回答2件を訂正して読んだ";
    for command in
        ["tab", "crosstab --rows sex --cols help", "codebook", "comments", "check", "chart --rows sex"]
    {
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["--schema", "s.toml", "d.csv", "--corrections", "c.csv"]);
        if command.starts_with("chart") {
            words.extend(["--out", "c.svg"]);
        }
        let (program, run) = with(&corrections, &words);
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        let svg = fs::read_to_string(program.path("c.svg")).unwrap_or_default();
        assert!((run.stdout + &svg).contains("データの回答2件を訂正して読んだ"), "{command}");
    }
    let (_, run) =
        with(&corrections, &["tab", "--schema", "s.toml", "d.csv", "--corrections", "c.csv", "--lang", "en"]);
    assert!(run.stdout.contains("※ 2 answers of the data were corrected"), "{}", run.stdout);
    assert!(!run.stdout.contains("a1"), "no keys");
    let (_, run) = with(
        &corrections,
        &["say", "--schema", "s.toml", "d.csv", "--corrections", "c.csv", "--rows", "sex"],
    );
    assert!(run.stdout.contains(note), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_survey_that_says_something_of_its_data_goes_on_saying_it() {
    let schema = schema().replace("title = \"s\"\n", "title = \"s\"\nnote = \"模擬データ\"\n");
    let program =
        Program::new().file("s.toml", schema).file("d.csv", DATA).file("c.csv", file(&["a1,sex,1,2,x"]));
    let tab = ["tab", "--schema", "s.toml", "d.csv", "--corrections", "c.csv", "--rows", "sex"];
    let run = program.run(&tab);
    assert!(run.stdout.contains("※ 模擬データ\n※ データの回答1件を訂正して読んだ\n"), "{}", run.stdout);
    let run = program.run(&[&tab[..], &["--lang", "en"]].concat());
    assert!(run.stdout.contains("※ 模擬データ\n※ 1 answer of the data was corrected\n"), "{}", run.stdout);
}

#[test]
fn corrections_of_a_wave_are_of_its_file() {
    let program = Program::new()
        .file("s.toml", [SURVEY, SEX].concat())
        .file("one.csv", "id,sex\n1,1\n2,1\n")
        .file("two.csv", "id,sex\n1,2\n2,2\n")
        .file("c.csv", file(&["1,sex,2,1,x"]));
    let trend = ["trend", "--schema", "s.toml", "--wave", "a=one.csv", "--wave", "b=two.csv", "--lang", "en"];
    let run = program.run(&[&trend[..], &["--corrections", "b=c.csv"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("※ 1 answer of the data was corrected"), "{}", run.stdout);
    let run = program.run(&[&trend[..], &["--corrections", "a=c.csv"]].concat());
    assert!(
        run.stderr.contains("expected `2` in record 1 (line 2) of `one.csv`, found `1`"),
        "{}",
        run.stderr
    );
    let run = program.run(&[&trend[..], &["--corrections", "c.csv"]].concat());
    assert_eq!(
        run.stderr,
        "error: no file of wave `` to correct\n  hint: say `--corrections` with `a=FILE` or `b=FILE`\n"
    );
}

#[test]
fn a_study_names_its_corrections_and_its_manifest_has_them() {
    let program = Program::new().file(
        "study.toml",
        format!(
            "[study]\nschema = \"{}\"\ndata = \"{}\"\ncorrections = \"c.csv\"\n[[tables]]\nid = \"gt\"\ntitle = \"GT\"\nrows = \"q1\"\n",
            repository("schemas/care-manager-2016.toml"),
            repository("data-samples/care-manager-2016.csv")
        ),
    );
    let data = fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("the sample");
    let mut reader = csv::Reader::from_reader(data.as_bytes());
    let place = reader.headers().expect("a header").iter().position(|name| name == "q1").expect("q1");
    let record = reader.records().next().expect("a record").expect("a record");
    let new = if &record[place] == "1" { "2" } else { "1" };
    let program = program.file("c.csv", file(&[&format!("{},q1,{},{new},電話", &record[0], &record[place])]));
    let run = program.run(&["report", "study.toml", "--out", "made"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let page = fs::read_to_string(program.path("made/tables.html")).expect("the page");
    assert!(page.contains("データの回答1件を訂正して読んだ"));
    let manifest = fs::read_to_string(program.path("made/manifest.json")).expect("the manifest");
    assert!(manifest.contains("c.csv"), "{manifest}");
}

proptest! {
    /// Wherever blocks end and however cells are quoted, a corrected file is read as one edited by hand.
    #[test]
    fn a_corrected_file_reads_as_the_edited_one(
        sexes in prop::collection::vec((1..=2_u8, any::<bool>(), any::<bool>()), 1..40),
        block in 1..200_usize,
        threads in 1..3_usize,
    ) {
        let cell = |sex: u8, quoted: bool| if quoted { format!("\"{sex}\"") } else { sex.to_string() };
        let (mut data, mut edited) = ("note,sex,id,area\n".to_string(), "note,sex,id,area\n".to_string());
        let mut corrections = file(&[]);
        for (key, &(sex, quoted, wrong)) in sexes.iter().enumerate() {
            data += &format!("\"a\n\",{},k{key},01\n", cell(sex, quoted));
            let right = if wrong { 3 - sex } else { sex };
            edited += &format!("\"a\n\",{right},k{key},01\n");
            if wrong {
                corrections += &format!("k{key},sex,{sex},{right},x\n");
            }
        }
        let survey = survey(&[SURVEY, SEX, AREA, NOTE].concat());
        let options = ReadOptions { threads, ..plain() };
        let (_folder, path) = write(corrections.as_bytes());
        let of = read_corrections(&path, &survey).expect("sound corrections");
        let by_hand = read_text(&survey, &all(&survey), edited.as_bytes(), &options, block).expect("sound data");
        let survey = survey.corrected(of);
        let read = read_text(&survey, &all(&survey), data.as_bytes(), &options, block).expect("sound data");
        let replies = |dataset: &renkei::frame::Dataset| -> Vec<String> {
            let sex = survey.find("sex").expect("sex");
            dataset.blocks.iter().flat_map(|block| (0..block.len).map(move |row| {
                renkei::frame::shown(&survey_of(), dataset, block, sex, row).unwrap_or_default()
            })).collect()
        };
        prop_assert_eq!(replies(&read), replies(&by_hand));
    }
}

/// The questionnaire of the law.
fn survey_of() -> renkei::schema::Survey {
    survey(&[SURVEY, SEX, AREA, NOTE].concat())
}
