//! Hostile and broken input, and broken surroundings, of the whole program: nothing hangs, nothing falls over, nothing
//! is written where it should not be, and no answer is told.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use renkei::diag::{Failure, Quiet};
use renkei::frame::{ReadOptions, read_in_blocks};

use crate::cli::{Program, Run, run};
use crate::data::{AGE, HELP, NOTE, PETS, SEX, SURVEY, all, plain, rendered, survey, write};

/// A questionnaire with every way of writing answers and a free text.
fn schema() -> String {
    [SURVEY, SEX, HELP, PETS, AGE, NOTE].concat()
}

/// Five respondents whose free texts hold ひみつ.
const DATA: &str = "id,sex,help_1,help_2,help_3,pets,age,note\n\
    1,1,1,0,0,1;2,20,ひみつ\n\
    2,2,0,1,0,2,30,\"ひみつ、ひみつ\"\n\
    3,1,0,0,1,,40,\"ひみつ\nひみつ\"\n\
    4,9,0,0,0,,,ひみつ\n\
    5,2,1,1,0,3,50,ひみつ\n";

#[track_caller]
fn refused_soon(program: &Program, arguments: &[&str]) -> Run {
    let begun = Instant::now();
    let run = program.run(arguments);
    assert_eq!(run.code, 1, "{}", &run.stderr[..run.stderr.len().min(500)]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    run
}

#[test]
fn row_58_nesting_without_end_is_refused_and_no_stack_overflows() {
    const DEEP: usize = 100_000;
    let head = "[survey]\nid = \"s\"\ntitle = \"s\"\n";
    let nested = [
        format!("{head}note = {}{}\n", "[".repeat(DEEP), "]".repeat(DEEP)),
        format!("{head}note = {}1{}\n", "{ a = ".repeat(DEEP), " }".repeat(DEEP)),
        format!("{head}{} = 1\n", vec!["a"; DEEP].join(".")),
        format!("{head}[{}]\n", vec!["a"; DEEP].join(".")),
        format!("{head}note = \"{}\n", "\\\"".repeat(DEEP)),
    ];
    for schema in nested {
        let program = Program::new().file("s.toml", schema).file("d.csv", DATA);
        refused_soon(&program, &["tab", "--schema", "s.toml", "d.csv"]);
    }
    let program = Program::new().file("s.toml", schema()).file("d.csv", DATA);
    // The system allows 128 KiB for one argument.
    for condition in [
        format!("{}sex == 1{}", "(".repeat(50_000), ")".repeat(50_000)),
        format!("{}sex == 1", "not ".repeat(30_000)),
        "(".repeat(100_000),
    ] {
        let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--filter", &condition]);
        assert_eq!(run.code, 1, "{}", &run.stderr[..run.stderr.len().min(500)]);
    }
}

#[test]
fn row_60_many_columns_and_large_cells_are_read() {
    let mut schema = SURVEY.to_string();
    let (mut header, mut record) = ("id".to_string(), "1".to_string());
    for place in 0..2_000 {
        schema += &SEX.replace("\"sex\"", &format!("\"s{place}\""));
        header += &format!(",s{place}");
        record += ",1";
    }
    schema += NOTE;
    let data = format!("{header},note\n{record},\"{}\"\n", "ひみつ\n".repeat(100_000));
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "s0,s1999"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("s1999") && !run.stdout.contains("ひみつ"));
}

#[test]
fn row_74_a_quote_or_a_comma_astray_anywhere_tells_no_answer() {
    let survey = survey(&schema());
    let needed = all(&survey);
    for (at, _) in DATA.char_indices() {
        for change in ["\"", "", ",", "\n", ";"] {
            let mut data = DATA.to_string();
            match change {
                "" => _ = data.remove(at),
                _ => data.insert_str(at, change),
            }
            let (_folder, path) = write(data.as_bytes());
            let told = match read_in_blocks(&path, &survey, &needed, &plain(), &Quiet, 64) {
                Ok(dataset) => rendered(&dataset.warnings, &path),
                Err(Failure::Refused(errors)) => rendered(&errors, &path),
                Err(Failure::Io(error)) => rendered(&[*error], &path),
            };
            assert!(!told.contains('ひ'), "{change:?} at {at}: {told}");
        }
    }
}

#[test]
fn row_80_messages_hold_no_escapes_and_nothing_that_turns_text_around() {
    let evil = "\u{1b}[31m\u{7}\u{202e}x";
    let program = Program::new()
        .file("s.toml", schema())
        .file(
            "d.csv",
            format!("id,sex,help_1,help_2,help_3,pets,age,note\n1,{evil},{evil},0,0,{evil},{evil},x\n"),
        )
        .file("h.csv", format!("id,{evil},sex,{evil}\n1,1,1,1\n"))
        .file(
            "s2.toml",
            format!(
                "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"q{}\"\n",
                evil.escape_unicode()
            ),
        )
        .file("c.csv", format!("respondent,question,old,new,reason\n{evil},{evil},{evil},{evil},{evil}\n"));
    let name = format!("{}.csv", evil.replace('\u{7}', ""));
    let runs = [
        vec!["tab", "--schema", "s.toml", "d.csv"],
        vec!["check", "--schema", "s.toml", "d.csv"],
        vec!["tab", "--schema", "s.toml", "h.csv"],
        vec!["tab", "--schema", "s2.toml", "d.csv"],
        vec!["tab", "--schema", "s.toml", "d.csv", "--corrections", "c.csv"],
        vec!["tab", "--schema", "s.toml", &name],
        vec!["tab", "--schema", "s.toml", "d.csv", "--rows", evil],
        vec!["tab", "--schema", "s.toml", "d.csv", "--filter", evil],
        vec!["tab", "--schema", "s.toml", "d.csv", "--out", &name],
    ];
    for arguments in runs {
        let run = program.run(&arguments);
        assert_ne!(run.code, 0, "{arguments:?}");
        for text in [&run.stderr, &run.stdout] {
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn rows_81_and_82_files_of_groups_stay_in_their_folder_and_are_one_for_each_group() {
    let codes = [
        "../up",
        "a/b",
        "a\\b",
        "CON",
        "con",
        "nul.txt",
        "..",
        ".",
        "none",
        "None",
        "ガ",
        "カ\u{3099}x",
        "\u{202e}",
        "x",
    ];
    let options: Vec<String> = codes
        .iter()
        .enumerate()
        .map(|(place, code)| format!("{{ code = {code:?}, label = \"l{place}\" }}"))
        .collect();
    // TOML writes escapes as Rust does, but for their braces.
    let options = options.join(", ").replace("\\u{202e}", "\\u202e").replace("\\u{3099}", "\\u3099");
    let schema = format!(
        "{SURVEY}{AGE}[[question]]\nid = \"by\"\ntext = \"t\"\nkind = \"single\"\nvalues = \"code\"\noptions = [ {options} ]\n"
    );
    let mut data = "id,by,age\n".to_string();
    for (place, code) in codes.iter().enumerate() {
        data += &format!("{place},{code},x\n");
    }
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let before = program.files();
    let run = program.run(&["check", "--schema", "s.toml", "d.csv", "--by", "by", "--out", "found"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let entries = fs::read_dir(program.path("found")).expect("the folder");
    let names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().to_lowercase()).collect();
    let distinct: std::collections::HashSet<&String> = names.iter().collect();
    assert_eq!((names.len(), distinct.len()), (codes.len(), codes.len()), "{names:?}");
    for name in &names {
        let stem = name.trim_end_matches(".csv");
        assert!(!["con", "nul", "", ".", ".."].contains(&stem), "{name}");
    }
    let mut after = program.files();
    after.retain(|name| name != "found");
    assert_eq!(after, before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever names are wanted: one file each where upper and lower case, composed and decomposed are the same.
    #[test]
    fn row_82_names_of_files_are_injective_whatever_is_wanted(
        wanted in prop::collection::vec("\\PC{0,8}|(?i:con|aux|com1|index)|[aAａガカ\u{3099}\u{301}ßẞſK\u{212a}]{0,6}|.{60,90}", 1..30),
    ) {
        use unicode_normalization::UnicodeNormalization;
        let mut names = renkei::study::FileNames::besides(&["index"]);
        let mut taken = std::collections::HashSet::from(["index".to_string()]);
        for wanted in &wanted {
            let name = names.unique(wanted);
            prop_assert!(name.len() <= 240 && !name.is_empty(), "{name:?}");
            prop_assert!(!name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '.']), "{name:?}");
            prop_assert!(!name.contains(char::is_control) && !name.contains(char::is_whitespace), "{name:?}");
            let folded: String = name.nfc().collect::<String>().to_lowercase().nfc().collect();
            prop_assert!(!["con", "prn", "aux", "nul", "com1"].contains(&folded.as_str()), "{name:?}");
            prop_assert!(taken.insert(folded), "{name:?} of {wanted:?}");
        }
    }
}

#[test]
fn row_87_places_that_cannot_be_written_leave_nothing_and_exit_3() {
    let program = Program::small();
    for out in ["/proc/renkei.csv", "none/o.csv", "s.toml/o.csv", "/dev/full"] {
        let before = program.files();
        let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--out", out]);
        assert_eq!(run.code, 3, "{out}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("error: {out}: could not be written: ")), "{}", run.stderr);
        assert_eq!(program.files(), before, "{out}");
    }
}

/// What a run makes, with these surroundings.
fn made(program: &Program, arguments: &[&str], surroundings: &[(&str, &str)]) -> String {
    let mut command = program.command(arguments);
    command.envs(surroundings.iter().copied());
    let run = run(&mut command);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout + &run.stderr
}

#[test]
fn row_90_neither_zone_language_folder_nor_threads_change_a_byte() {
    let program = Program::new().file("s.toml", schema()).file("d.csv", DATA);
    fs::create_dir(program.path("other")).expect("a folder");
    let surroundings: [&[(&str, &str)]; 4] = [
        &[],
        &[("TZ", "Pacific/Kiritimati"), ("LANG", "ja_JP.UTF-8"), ("LC_ALL", "ja_JP.UTF-8")],
        &[("TZ", "America/Los_Angeles"), ("LC_ALL", "tr_TR.ISO-8859-9"), ("USER", "nobody"), ("HOME", "/")],
        &[
            ("RAYON_NUM_THREADS", "3"),
            ("POLARS_MAX_THREADS", "3"),
            ("COLUMNS", "40"),
            ("SOURCE_DATE_EPOCH", "1"),
        ],
    ];
    for format in ["text", "csv", "tidy", "json", "md"] {
        let mut seen = None;
        for (place, surroundings) in surroundings.iter().enumerate() {
            for threads in ["1", "2", "16"] {
                let arguments = [
                    "crosstab",
                    "--schema",
                    "s.toml",
                    "d.csv",
                    "--rows",
                    "all",
                    "--cols",
                    "sex",
                    "--format",
                    format,
                    "--threads",
                    threads,
                ];
                let one = made(&program, &arguments, surroundings);
                let first = seen.get_or_insert_with(|| one.clone());
                assert_eq!(&one, first, "{format}, surroundings {place}, {threads} threads");
            }
        }
    }
    // A book, from another folder and with other names of its files.
    let book = [
        "crosstab", "--schema", "s.toml", "d.csv", "--rows", "all", "--cols", "sex", "--charts", "--out",
        "o.xlsx",
    ];
    made(&program, &book, surroundings[1]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
    command.current_dir(program.path("other")).args([
        "crosstab",
        "--schema",
        "../s.toml",
        "../d.csv",
        "--rows",
        "all",
        "--cols",
        "sex",
        "--charts",
        "--out",
        "other.xlsx",
        "--threads",
        "1",
    ]);
    assert_eq!(run(&mut command).code, 0);
    let bytes = |name: &str| fs::read(program.path(name)).expect("the book");
    assert_eq!(bytes("o.xlsx"), bytes("other/other.xlsx"));
}

#[test]
fn reading_options_of_a_hostile_file_are_those_of_any() {
    // A file that is all quotes, all commas, all line ends or one endless line is refused or read, and soon.
    let survey = survey(&[SURVEY, SEX].concat());
    for hostile in ["\"", ",", "\n", "\r", "\u{feff}", "a", "\0", "\"\n", "\",", "id,sex\n\"", "id,sex\n,\n"]
    {
        let data = hostile.repeat(200_000 / hostile.len());
        let begun = Instant::now();
        let (_folder, path) = write(data.as_bytes());
        _ = read_in_blocks(&path, &survey, &all(&survey), &ReadOptions::default(), &Quiet, 1 << 16);
        assert!(begun.elapsed() < Duration::from_secs(20), "{hostile:?}: {:?}", begun.elapsed());
    }
}
