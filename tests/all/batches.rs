//! Batches: every product of every group, made again when and only when what it is made of changes, and whole whatever
//! interrupts it.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::cli::{Program, Run, tree};

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"
[[question]]
id = "area"
text = "お住まいの地域"
short = "地域"
kind = "single"
options = [{ code = 1, label = "東", label_en = "East" }, { code = 2, label = "西", label_en = "West" }, { code = 3, label = "南", label_en = "South" }]
[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]
"#;
const DATA: &str = "id,area,q1\n1,1,1\n2,1,1\n3,1,2\n4,2,2\n5,2,2\n6,2,1\n7,3,1\n8,3,2\n9,3,2\n";
const FIGURES: &str = "[[reference]]\nid = \"before\"\nlabel = \"前年度の全国\"\nassumed = true\nvalues = { yes = \"40.0\", no = \"60.0\" }\n\
                       labels = { yes = \"賛成\", no = \"反対\" }\n[[figure]]\nid = \"all\"\nquote = \"9人\"\nquestion = \"q1\"\nbase = 9\n";
const REPORT: &str = r#"
[[tables]]
id = "gt"
rows = "q1"
[report]
title = "{group}の{n}名（全国{nation_n}名）"
[[report.sections]]
headline = "賛否"
rows = "q1"
table = true
say = true
"#;
const DECK: &str = "[deck]\ntitle = \"{group}\"\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n";

/// A small study with these sections.
fn small(sections: &str) -> Program {
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nfigures = \"f.toml\"\nsmallest = 2\n";
    Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", DATA)
        .file("f.toml", FIGURES)
        .file("study.toml", format!("{study}{sections}"))
}

fn names(tree: &BTreeMap<String, Vec<u8>>) -> Vec<&str> {
    tree.keys().map(String::as_str).collect()
}

fn batch(program: &Program, more: &[&str]) -> Run {
    program.run(&[&["batch", "study.toml", "--by", "area", "--out", "o"], more].concat())
}

fn made(program: &Program, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let run = batch(program, more);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    tree(&program.path("o"))
}

/// The files of a tree, as text.
fn text<'t>(tree: &'t BTreeMap<String, Vec<u8>>, name: &str) -> &'t str {
    std::str::from_utf8(&tree[name]).expect("text")
}

#[test]
fn reports_workbooks_and_folders_of_charts_are_made_of_every_group() {
    let program = small(REPORT);
    let files = made(&program, &["--make", "md,html,docx,charts,tables,xlsx,csv,json"]);
    let mut expected: Vec<String> = ["index.csv", "index.html", "manifest.json"].map(String::from).to_vec();
    for stem in ["1-east", "2-west", "3-south"] {
        let own = ["charts/01-01-q1.svg", "report.docx", "report.html", "report.md", "tables-gt.csv"];
        let own = own.into_iter().chain(["tables-gt.json", "tables.html", "tables.xlsx"]);
        expected.extend(own.map(|file| format!("{stem}/{file}")));
    }
    expected.sort();
    assert_eq!(names(&files), expected);
    // Whom a file is of it says itself, and its numbers are theirs.
    let report = text(&files, "2-west/report.md");
    assert!(
        report.contains("西の3名（全国9名）") && report.contains("「反対」との回答が66.7％で最多となった"),
        "{report}"
    );
    assert!(report.contains("条件: 地域: 西"), "{report}");
    assert!(text(&files, "1-east/tables.html").contains("小さな調査　東"));
    let json: Value = serde_json::from_slice(&files["3-south/tables-gt.json"]).expect("JSON");
    assert_eq!(
        json["tables"][0]["cells"],
        serde_json::json!([[[1, "1", "1"]], [[2, "2", "2"]], [[0, "0", "0"]]])
    );
    assert_eq!(
        text(&files, "index.csv").lines().nth(1),
        Some(
            "1,東,3,1-east/charts/;1-east/report.docx;1-east/report.html;1-east/report.md;1-east/tables-gt.csv;\
             1-east/tables-gt.json;1-east/tables.html;1-east/tables.xlsx,作成（* n が小さいため参考値）"
        )
    );
    assert!(text(&files, "index.html").contains("href=\"1-east/charts/\""));
    // One at a time makes the same.
    let second = program.run(&[
        "batch",
        "study.toml",
        "--by",
        "area",
        "--make",
        "html,md,docx,charts,tables,xlsx,csv,json",
        "--jobs",
        "1",
        "--out",
        "p",
    ]);
    assert_eq!(second.code, 0);
    assert!(tree(&program.path("p")) == files);
}

#[test]
fn products_of_several_runs_stand_beside_one_another() {
    let program = small(&format!("{REPORT}{DECK}"));
    let first = made(&program, &[]);
    assert!(first.contains_key("1-east.pptx") && !first.contains_key("1-east/report.html"));
    let second = made(&program, &["--make", "html", "--only", "西"]);
    assert_eq!(
        text(&second, "index.csv").replace("\r\n", "\n"),
        "\u{FEFF}code,group,n,files,rule\n\
         1,東,3,1-east.pptx,以前に作成（今回は --only の対象外）\n\
         2,西,3,2-west.pptx;2-west/report.html,作成（* n が小さいため参考値）\n\
         3,南,3,3-south.pptx,以前に作成（今回は --only の対象外）\n"
    );
    assert!(second["1-east.pptx"] == first["1-east.pptx"]);
}

/// The key of each group's deck.
fn keys(program: &Program) -> Vec<String> {
    let files = made(program, &[]);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let groups = manifest["groups"].as_object().expect("groups").values();
    groups.map(|group| group["deck"]["key"].as_str().expect("a key").to_string()).collect()
}

/// Which decks are made again when respondent 4, of the west, changes their mind.
fn made_again(sections: &str) -> Vec<bool> {
    let program = small(sections);
    let before = keys(&program);
    let modified = |stem: &str| {
        let file = program.path("o").join(format!("{stem}.pptx"));
        std::fs::metadata(file).and_then(|file| file.modified()).expect("a file")
    };
    let stems = ["1-east", "2-west", "3-south"];
    let written = stems.map(modified);
    let program_data = DATA.replace("4,2,2", "4,2,1");
    std::fs::write(program.path("d.csv"), program_data).expect("data");
    let after = keys(&program);
    let changed: Vec<bool> = before.iter().zip(&after).map(|(before, after)| before != after).collect();
    // What has another key was written again, and nothing else.
    let again: Vec<bool> =
        stems.iter().zip(written).map(|(stem, written)| modified(stem) != written).collect();
    assert_eq!(changed, again);
    changed
}

#[test]
fn one_respondent_changes_every_deck_that_shows_the_nation() {
    assert_eq!(made_again(DECK), [true, true, true]);
}

#[test]
fn one_respondent_changes_one_deck_where_the_nation_is_a_published_wave() {
    assert_eq!(made_again(&format!("{DECK}compare = \"before\"\n")), [false, true, false]);
    // So it is of reports, which show their group alone.
    let program = small(REPORT.replace("（全国{nation_n}名）", "").as_str());
    let before = made(&program, &["--make", "html"]);
    std::fs::write(program.path("d.csv"), DATA.replace("4,2,2", "4,2,1")).expect("data");
    let after = made(&program, &["--make", "html"]);
    let same = |stem: &str| before[&format!("{stem}/report.html")] == after[&format!("{stem}/report.html")];
    assert_eq!(["1-east", "2-west", "3-south"].map(same), [true, false, true]);
}

#[test]
fn a_template_a_wording_and_a_group_that_is_gone_are_noticed() {
    let program = small(&format!("{REPORT}{DECK}"));
    let before = keys(&program);
    let study = std::fs::read_to_string(program.path("study.toml")).expect("a study");
    std::fs::write(program.path("study.toml"), study.replace("headline = \"a\"", "headline = \"b\""))
        .expect("a study");
    let after = keys(&program);
    assert!(before.iter().zip(&after).all(|(before, after)| before != after));
    // The group's files go with it; what somebody changed by hand stays.
    made(&program, &["--make", "charts"]);
    std::fs::write(program.path("o/3-south.pptx"), "mine").expect("a file");
    std::fs::write(program.path("d.csv"), DATA.replace(",3,", ",1,")).expect("data");
    let run = batch(&program, &["--make", "charts"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "warning: `南` has 0 respondents and no files\n"));
    let files = tree(&program.path("o"));
    assert!(files["3-south.pptx"] == b"mine" && !program.path("o/3-south").exists());
    assert!(program.path("o/1-east/charts/01-01-q1.svg").exists());
}

#[test]
fn two_inputs_of_one_name_are_two_in_the_manifest() {
    let program = small(DECK);
    std::fs::create_dir(program.path("schema")).expect("a folder");
    std::fs::rename(program.path("s.toml"), program.path("schema/f.toml")).expect("a schema");
    let study = std::fs::read_to_string(program.path("study.toml")).expect("a study");
    std::fs::write(program.path("study.toml"), study.replace("\"s.toml\"", "\"schema/f.toml\""))
        .expect("a study");
    let files = made(&program, &[]);
    let manifest: Value = serde_json::from_slice(&files["manifest.json"]).expect("JSON");
    let inputs: Vec<&String> = manifest["inputs"].as_object().expect("inputs").keys().collect();
    assert_eq!(inputs, ["d.csv", "f.toml", "schema/f.toml", "study.toml"]);
    assert_ne!(manifest["inputs"]["schema/f.toml"], manifest["inputs"]["f.toml"]);
}

#[test]
fn a_folder_is_of_one_question_and_of_one_run() {
    let program = small(DECK);
    made(&program, &[]);
    let run = program.run(&["batch", "study.toml", "--by", "q1", "--out", "o"]);
    let message = "error: o: the folder has files of the groups of `area`, found `--by q1`\n  \
                   hint: give each question a folder of its own\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, message));
    let journal = std::fs::File::create(program.path("o/.renkei-journal")).expect("a file");
    journal.lock().expect("a lock");
    let run = batch(&program, &[]);
    let message = "error: o: another batch is writing into the folder\n  hint: wait until it is done\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, message));
    drop(journal);
    assert_eq!(batch(&program, &[]).code, 0);
}

#[test]
fn what_the_study_does_not_have_is_not_made_of_groups() {
    for (sections, make, what, hint) in [
        ("", "deck", "`[deck]`", "`[deck]` and `[[deck.slides]]` say what stands on slides"),
        ("", "docx", "`[report]`", "`[report]` and `[[report.sections]]` say what stands in a report"),
        (
            DECK,
            "xlsx",
            "`[[tables]]`",
            "each `[[tables]]` is a book of tables: `id = \"gt\"`, `rows = \"all\"`",
        ),
    ] {
        let run = batch(&small(sections), &["--make", make]);
        let message = format!("error: study.toml: the study has no {what}\n  hint: {hint}\n");
        assert_eq!((run.code, run.stderr), (1, message));
    }
}

#[test]
fn a_manifest_that_names_files_elsewhere_is_as_none() {
    let program = small(DECK);
    let first = made(&program, &[]);
    std::fs::write(program.path("precious.txt"), "mine").expect("a file");
    let sha256 = "9c5b3f0c5bd3d2ee7fc7ac1b9cd9ad06bcb6d2ca4a6f5ef6ad0f0ef86d0a3b5e";
    let manifest = format!(
        "{{\"by\":\"area\",\"groups\":{{\"9-gone\":{{\"deck\":{{\"key\":\"k\",\"files\":{{\"../precious.txt\":\"{sha256}\"}}}}}}}}}}"
    );
    std::fs::write(program.path("o/manifest.json"), manifest).expect("a manifest");
    assert!(made(&program, &[]) == first);
    assert!(program.path("precious.txt").exists());
}

/// A small generator (Knuth's MMIX), so that every run kills at the same times.
struct Moments(u64);

impl Moments {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

/// Groups enough that a kill hits one of them.
fn many() -> Program {
    let options: Vec<String> =
        (1..=60).map(|code| format!("{{ code = {code}, label = \"区{code}\" }}")).collect();
    let listed = "options = [{ code = 1, label = \"東\", label_en = \"East\" }, { code = 2, label = \"西\", label_en = \"West\" }, { code = 3, label = \"南\", label_en = \"South\" }]";
    assert!(SCHEMA.contains(listed));
    let schema = SCHEMA.replace(listed, &format!("options = [{}]", options.join(", ")));
    let rows: Vec<String> = (0..240).map(|id| format!("{id},{},{}", id % 60 + 1, id % 7 % 2 + 1)).collect();
    let slides = "[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n".repeat(8);
    let program = small(&format!("{REPORT}{DECK}{slides}"));
    program.file("s.toml", schema).file("d.csv", format!("id,area,q1\n{}\n", rows.join("\n")))
}

const ALL: [&str; 2] = ["--make", "deck,html,charts,xlsx"];

/// Starts a batch into `o` and ends it by this signal after some milliseconds; whether it was still running.
#[cfg(unix)]
fn interrupted(program: &Program, signal: &str, after: u64) -> (bool, Option<i32>) {
    let arguments = [&["batch", "study.toml", "--by", "area", "--out", "o"], &ALL[..]].concat();
    let mut child = program.command(&arguments).spawn().expect("renkei starts");
    std::thread::sleep(std::time::Duration::from_millis(after));
    let running = child.try_wait().expect("a child").is_none();
    let id = child.id().to_string();
    if running {
        let killed = std::process::Command::new("kill").args([signal, &id]).status();
        assert!(killed.expect("kill is there").success());
    }
    (running, child.wait().expect("it ends").code())
}

/// How many times a batch is killed; `benches/batch kills` does it more often.
fn kills() -> u64 {
    std::env::var("RENKEI_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(8)
}

#[cfg(unix)]
#[test]
fn a_batch_killed_at_any_point_ends_as_one_that_was_not() {
    let program = many();
    let whole = program.run(&[&["batch", "study.toml", "--by", "area", "--out", "whole"], &ALL[..]].concat());
    assert_eq!((whole.code, whole.stderr.as_str()), (0, ""));
    let whole = tree(&program.path("whole"));
    let mut moments = Moments(20_261_128);
    let (mut killed, mut inside) = (0, 0);
    // What a whole run takes is found on the way: after a run that was over in time, kills come sooner.
    let mut longest = 4_000;
    while killed < kills() {
        let after = moments.next(longest);
        let (running, _) = interrupted(&program, "-KILL", after);
        if !running {
            longest = (after * 3 / 4).max(20);
        } else {
            killed += 1;
            inside += u64::from(program.path("o").exists());
        }
        // Nothing is torn: what stands under a name is what stands there at the end.
        for (name, bytes) in
            program.path("o").exists().then(|| tree(&program.path("o"))).into_iter().flatten()
        {
            let unfinished = name.rsplit('/').next().is_some_and(|file| file.starts_with(".renkei-"));
            assert!(unfinished || whole.get(&name) == Some(&bytes), "{name} is torn");
        }
        // Some kills hit a folder that has everything but what was begun last, some an empty one.
        if killed % 3 == 0 && program.path("o").exists() {
            std::fs::remove_dir_all(program.path("o")).expect("the folder");
        }
    }
    assert!(inside > 0, "no kill came while files were made");
    let run = program.run(&[&["batch", "study.toml", "--by", "area", "--out", "o"], &ALL[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let after = tree(&program.path("o"));
    assert_eq!(names(&after), names(&whole));
    assert!(after == whole);
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_whole_files_only() {
    let program = many();
    let whole_only = |program: &Program| {
        let files = if program.path("o").exists() { tree(&program.path("o")) } else { Default::default() };
        assert!(files.keys().all(|name| !name.ends_with(".tmp")), "{:?}", names(&files));
        files.keys().any(|name| name.ends_with(".pptx"))
    };
    // Before the handler is set there are no files, and the signal ends it; on a busy machine it comes late.
    let (_, code) = interrupted(&program, "-INT", 20);
    assert!([None, Some(0), Some(130)].contains(&code), "{code:?}");
    whole_only(&program);
    std::fs::remove_dir_all(program.path("o")).ok();
    let arguments = [&["batch", "study.toml", "--by", "area", "--out", "o"], &ALL[..]].concat();
    // A batch that is over between its first deck and the signal is made again.
    let caught = (0..20).any(|_| {
        let mut child = program.command(&arguments).spawn().expect("renkei starts");
        while child.try_wait().expect("a child").is_none() && !decks(&program.path("o")) {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        killed.expect("kill is there");
        let code = child.wait().expect("it ends").code();
        assert!([Some(0), Some(130)].contains(&code), "{code:?}");
        assert!(whole_only(&program));
        let caught = code == Some(130);
        if !caught {
            std::fs::remove_dir_all(program.path("o")).expect("the folder");
        }
        caught
    });
    assert!(caught, "every batch was over before the signal came");
}

/// Whether a batch has put a deck into its folder.
#[cfg(unix)]
fn decks(folder: &Path) -> bool {
    let inside =
        |folder: &Path| std::fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    let mut files = inside(folder).flat_map(|path| inside(&path).chain([path]).collect::<Vec<_>>());
    files.any(|path| path.extension().is_some_and(|end| end == "pptx"))
}

/// Sentences of everybody, or of a group of another question, stand in each group's file: that is said.
#[test]
fn figures_of_no_group_of_the_batch_are_told() {
    let deck = "[deck]\ntitle = \"{group}\"\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n\
                message = \"9人\"\nfigures = [\"all\"]\n";
    let run = batch(&small(deck), &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told = "warning: the figures that texts lean on are of no group of `area`: each group is told the same\n  \
                hint: a figure with `within = \"area == …\"` is judged of each group\n";
    assert_eq!(run.stderr, told);
    let within =
        FIGURES.replace("question = \"q1\"\nbase = 9", "question = \"q1\"\nwithin = \"area == 1\"\nbase = 3");
    let run = batch(&small(deck).file("f.toml", within), &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
