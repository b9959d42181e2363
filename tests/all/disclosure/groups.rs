//! Files of groups are one release: what is hidden in one is in none of the others, nor beside them.

use std::collections::BTreeMap;
use std::path::Path;

use super::outputs::text;
use super::{RULES, data, schema};
use crate::cli::{Program, Run, tree};

/// Of 113 respondents of the first group 7 (6.2 %): hidden, and nothing else prints so.
const COUNTS: [[u64; 4]; 3] = [[7, 31, 37, 40], [47, 43, 41, 43], [59, 53, 61, 57]];

const FIGURES: &str = "[[figure]]\nid = \"few\"\nquestion = \"q\"\noption = 1\nwithin = \"g == 1\"\nphrase = \"1割未満\"\n\
                       [[figure]]\nid = \"less\"\nquestion = \"q\"\noption = 1\nwithin = \"g == 1\"\nphrase = \"5割未満\"\n";

const STUDY: &str = r#"
[study]
schema = "s.toml"
data = "d.csv"
figures = "f.toml"
[[tables]]
id = "gt"
rows = "q,m"
[[tables]]
id = "cross"
rows = "q"
cols = "area"
cell = "both"
[report]
title = "{group}の{n}名"
[[report.sections]]
headline = "q"
rows = "q"
rank = 1
ranking = true
table = true
say = true
figures = ["less"]
text = ["第1の回答は{share}、{rank}。", "{less.count}人。", "5割未満だった。"]
[deck]
title = "{group}の{n}名（全体{nation_n}名）"
[[deck.slides]]
headline = "q"
rows = "q"
rank = 1
figures = ["less"]
message = [{ standing = true }, { text = "1割未満です。", figures = ["few"] }, { phrase = true }]
notes = [{ text = "1割未満だった。", figures = ["few"] }]
speaker = ["{less.count}人、{share}、{rank}"]
[[deck.slides]]
headline = "q"
rows = "q"
compare = "others"
figures = ["less"]
message = "5割未満です。"
[[deck.slides]]
headline = "順位"
rows = "q"
rank = 1
ranking = true
[[deck.slides]]
headline = "m"
rows = "m"
kind = "bar"
message = { phrase = true }
[[deck.slides]]
headline = "表"
rows = "q"
table = true
"#;

fn program(rules: &str, counts: &[[u64; 4]]) -> Program {
    let counts: Vec<Vec<u64>> = counts.iter().map(|row| row.to_vec()).collect();
    Program::new()
        .file("s.toml", schema(3, 4, rules))
        .file("d.csv", data(&counts))
        .file("f.toml", FIGURES)
        .file("study.toml", STUDY)
}

fn batch(program: &Program, out: &str, more: &[&str]) -> Run {
    let run = program.run(&[&["batch", "study.toml", "--by", "g", "--out", out], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

/// Every file below a folder, as text.
fn files(folder: &Path) -> BTreeMap<String, String> {
    tree(folder).into_iter().map(|(name, bytes)| (name, text(&bytes))).collect()
}

const ALL: &str = "deck,html,md,docx,charts,tables,xlsx,csv,json";

/// The numbers of a text: digits with points in and between them.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
}

/// 7 of 113, however many places are printed; `7` alone is many things.
fn tells(text: &str) -> bool {
    numbers(text)
        .any(|number| number == "6.2" || number.starts_with("6.19469") || number == "0.061946902654867256")
        || text.contains("[7,\"7\",\"7\"]")
        || text.match_indices("7人").any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn a_hidden_number_is_in_no_file_of_any_group() {
    let open = program("", &COUNTS);
    batch(&open, "o", &["--make", ALL]);
    let hidden = program(RULES, &COUNTS);
    let run = batch(&hidden, "o", &["--make", ALL]);
    assert!(run.stderr.starts_with("hidden: "), "{}", run.stderr);
    assert!(!tells(&run.stderr), "{}", run.stderr);
    let (open, hidden) = (files(&open.path("o")), files(&hidden.path("o")));
    assert_eq!(open.keys().collect::<Vec<_>>(), hidden.keys().collect::<Vec<_>>());
    for name in open.keys().filter(|name| name.starts_with("1-g1")) {
        // Without the rules every file of the group has it.
        assert!(tells(&open[name]), "{name}");
    }
    for (name, text) in &hidden {
        let found = numbers(text).find(|number| tells(number));
        assert!(!tells(text), "{name} tells {found:?}");
    }
    // A group that hides a cell is not ranked, and its words say nothing of it.
    let deck = &hidden["1-g1.pptx"];
    assert!(!deck.contains("割未満") && deck.contains("秘匿した数値によるため、記載しない。"), "{deck}");
    assert!(deck.contains("秘匿人、秘匿、秘匿"), "{deck}");
    let report = &hidden["1-g1/report.md"];
    assert!(report.contains("第1の回答は秘匿、秘匿。") && report.contains("秘匿人。"), "{report}");
    assert!(
        report.contains("秘匿した数値によるため、記載しない。") && !report.contains("割未満"),
        "{report}"
    );
    assert!(report.contains("G1の113名"), "{report}");
}

#[test]
fn the_same_cells_are_hidden_whichever_groups_are_made() {
    let program = program(RULES, &COUNTS);
    batch(&program, "all", &[]);
    batch(&program, "one", &["--only", "2"]);
    let (all, one) = (files(&program.path("all")), files(&program.path("one")));
    assert_eq!(one["2-g2.pptx"], all["2-g2.pptx"]);
    assert!(!one.contains_key("1-g1.pptx"));
    let run = program.run(&["deck", "study.toml", "--group", "g=2", "--out", "two.pptx"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(text(&std::fs::read(program.path("two.pptx")).expect("a deck")), all["2-g2.pptx"]);
}

/// What hides more now is made again too, though nobody asked for it.
#[test]
fn a_folder_is_one_release() {
    let program = program(RULES, &COUNTS);
    batch(&program, "o", &[]);
    let counts: Vec<Vec<u64>> =
        [[7, 31, 37, 40], [47, 43, 41, 43], [59, 53, 3, 57]].iter().map(|row| row.to_vec()).collect();
    std::fs::write(program.path("d.csv"), data(&counts)).expect("data");
    batch(&program, "o", &["--only", "2", "--make", "json"]);
    batch(&program, "new", &["--make", "deck,json"]);
    let (old, new) = (files(&program.path("o")), files(&program.path("new")));
    for name in ["1-g1.pptx", "2-g2.pptx", "3-g3.pptx", "2-g2/tables-gt.json"] {
        assert_eq!(old[name], new[name], "{name}");
    }
}

#[test]
fn a_small_group_has_no_files_and_nobody_says_how_many_it_has() {
    let counts = [[20, 31, 2, 40], [47, 43, 3, 43], [59, 53, 1, 57]];
    let program = program(RULES, &counts);
    let run = batch(&program, "o", &[]);
    let files = files(&program.path("o"));
    let lines: Vec<&str> = files["index.csv"].lines().collect();
    assert!(lines.contains(&"3,G3,x,,n が 10 未満のため作成せず"), "{lines:?}");
    // Alone it would be what the others leave of all.
    assert_eq!(lines.iter().filter(|line| line.contains(",x,")).count(), 2, "{lines:?}");
    assert!(lines.iter().any(|line| line.ends_with(",x,,秘匿のため作成せず")), "{lines:?}");
    assert_eq!(files.keys().filter(|name| name.ends_with(".pptx")).count(), 2);
    let audit = program.run(&["audit", "o"]);
    assert_eq!(audit.code, 0, "{}", audit.stdout);
    assert!(files["index.html"].contains("秘匿処理: あり（10 未満は x、0 は表示）"));
    assert!(files["manifest.json"].contains("\"disclosure\": \"Disclosure control: fewer than 10 are x"));
    let told = "warning: 2 groups have no files, for how many respondents they have is hidden: `";
    assert!(run.stderr.contains(told), "{}", run.stderr);
    let refused = program.run(&["deck", "study.toml", "--group", "g=3", "--out", "three.pptx"]);
    assert_eq!(refused.code, 1);
    let error = "error: how many respondents `G3` has is hidden: it has no deck\n  \
                 hint: `[survey.disclosure]` of the schema says how few are hidden, and others with them\n";
    assert!(refused.stderr.ends_with(error), "{}", refused.stderr);
    assert!(!program.path("three.pptx").exists());
}

/// A town of few inhabitants has its own threshold, however many answered.
#[test]
fn a_group_of_whom_nothing_may_be_shown_is_told_as_hidden() {
    let bands =
        "by = \"g\"\npopulation = { 1 = 1500, 2 = 90000, 3 = 90000, 4 = 90000 }\nbands = [{ below = 2000 }]";
    let program = program(&format!("{RULES}\n{bands}"), &COUNTS);
    batch(&program, "o", &[]);
    let index = &files(&program.path("o"))["index.csv"];
    assert!(index.contains("1,G1,x,,秘匿のため作成せず"), "{index}");
}

#[test]
fn the_audit_of_a_batch_recovers_nothing_and_without_complements_what_is_hidden() {
    for (more, code) in [("", 0), ("\ncomplementary = false", 1)] {
        let program = program(&format!("{RULES}{more}"), &COUNTS);
        batch(&program, "o", &["--make", "deck,json"]);
        let audit = program.run(&["audit", "o"]);
        assert_eq!(audit.code, code, "{}{}", audit.stdout, audit.stderr);
        assert_eq!(audit.stdout.contains("recovered nothing"), code == 0, "{}", audit.stdout);
        // 7 of 113 in the slides, by what the other answers leave.
        assert_eq!(audit.stdout.contains("= Q1, file G1: 7\n"), code == 1, "{}", audit.stdout);
    }
}

/// Towns that answer for themselves: who gave which answer is a number of one.
fn towns(respondents: &str) -> Program {
    let towns = 40;
    let options: Vec<String> =
        (1..=towns).map(|town| format!("{{ code = {town}, label = \"T{town:02}\" }}")).collect();
    let schema = format!(
        "[survey]\nid = \"t\"\ntitle = \"t\"\nrespondent = \"town\"\n\
         [survey.disclosure]\nrespondents = \"{respondents}\"\nthreshold = 3\n\
         [[question]]\nid = \"town\"\ntext = \"town\"\nkind = \"single\"\noptions = [{}]\n\
         [[question]]\nid = \"g\"\ntext = \"g\"\nkind = \"single\"\n\
         options = [{{ code = 1, label = \"G1\" }}, {{ code = 2, label = \"G2\" }}]\n\
         [[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\n\
         options = [{{ code = 1, label = \"A\" }}, {{ code = 2, label = \"B\" }}, {{ code = 3, label = \"C\" }}]\n",
        options.join(", ")
    );
    // Of G1, 2 gave A, 8 B and 10 C; of G2, 6, 7 and 7.
    let answer = |town: u32| match town {
        1..=2 | 21..=26 => 1,
        3..=10 | 27..=33 => 2,
        _ => 3,
    };
    let rows =
        (1..=towns).map(|town| format!("{town},{},{}\n", if town <= 20 { 1 } else { 2 }, answer(town)));
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n[deck]\ntitle = \"{group}\"\n\
                 [[deck.slides]]\nheadline = \"q\"\nrows = \"q\"\nlist = 1\nmessage = [\"{list}がAです。\", { phrase = true }]\n\
                 [[deck.slides]]\nheadline = \"names\"\nrows = \"q\"\nnames = true\n";
    Program::new()
        .file("s.toml", schema)
        .file("d.csv", "town,g,q\n".to_string() + &rows.collect::<String>())
        .file("study.toml", study)
}

#[test]
fn respondents_are_named_only_where_their_number_is_shown_and_persons_never() {
    let decks = |respondents: &str| -> BTreeMap<String, String> {
        let program = towns(respondents);
        batch(&program, "o", &[]);
        files(&program.path("o"))
    };
    let organisations = decks("organisations");
    let named = |deck: &str| -> Vec<String> {
        (1..=40).map(|town| format!("T{town:02}")).filter(|town| deck.contains(town.as_str())).collect()
    };
    let first = named(&organisations["1-g1.pptx"]);
    assert!(!first.contains(&"T01".to_string()) && !first.contains(&"T02".to_string()), "{first:?}");
    // What must be hidden with them has no names either: 2 and 8 are 10.
    assert!(first.len() == 10 || first.len() == 8 || first.is_empty(), "{first:?}");
    let persons = decks("persons");
    for (name, deck) in persons.iter().filter(|(name, _)| name.ends_with(".pptx")) {
        assert!(named(deck).is_empty(), "{name}: {:?}", named(deck));
    }
}

/// A figure of a group and the column of a book are of the same people: one is as hidden as the other.
#[test]
fn a_figure_of_a_group_is_hidden_where_its_column_is() {
    let cells = || (1..=3).flat_map(|option| (1..=4).map(move |group| (option, group)));
    let figure = |(option, group): (usize, usize)| {
        format!(
            "[[figure]]\nid = \"c{option}{group}\"\nquestion = \"q\"\noption = {option}\nwithin = \"g == {group}\"\n\
             phrase = \"8割未満\"\n"
        )
    };
    let said =
        |(option, group): (usize, usize)| format!("\"{option}の{group}は{{c{option}{group}.count}}人。\"");
    let study = format!(
        "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nfigures = \"f.toml\"\n[[tables]]\nid = \"book\"\nrows = \"q\"\n\
         cols = \"g\"\ncell = \"count\"\n[report]\ntitle = \"t\"\n[[report.sections]]\nheadline = \"q\"\ntext = [{}]\nfigures = [{}]\n",
        cells().map(said).collect::<Vec<_>>().join(", "),
        cells().map(|(option, group)| format!("\"c{option}{group}\"")).collect::<Vec<_>>().join(", ")
    );
    let program = program(RULES, &COUNTS)
        .file("f.toml", cells().map(figure).collect::<String>())
        .file("study.toml", study);
    let run = program.run(&["report", "study.toml", "--out", "o"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let files = files(&program.path("o"));
    let report = &files["report.md"];
    let book = &files["tables-book.csv"];
    let mut hidden = 0;
    for (option, group) in cells() {
        let n = COUNTS[option - 1][group - 1];
        let line = book.lines().find(|line| line.contains(&format!(",G{group},"))).expect("a group's line");
        let cell = line.split(',').nth(2 + option).expect("a cell");
        let shown = cell != "x";
        assert!(!shown || cell == n.to_string(), "{cell}: {book}");
        let told = match shown {
            true => format!("{option}の{group}は{n}人。"),
            false => format!("{option}の{group}は秘匿人。"),
        };
        assert!(report.contains(&told), "{told}: {report}\n{book}");
        hidden += usize::from(!shown);
    }
    assert!((4..12).contains(&hidden), "{hidden}: {book}");
}

/// The answers of a question are groups as well where it is a banner: who is in too small a one is not what the others
/// leave of the file's group.
#[test]
fn a_question_by_itself_is_safe_in_every_file() {
    let counts = [[20, 31, 2, 40], [47, 43, 30, 43], [59, 4, 61, 57]];
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n[[tables]]\nid = \"t\"\nrows = \"q,m\"\ncols = \"q,m\"\n";
    let audited = |rules: &str| {
        let program = program(rules, &counts).file("study.toml", study);
        let run = batch(&program, "o", &["--make", "json"]);
        assert!(!run.stderr.contains("nothing could be proved"), "{}", run.stderr);
        program.run(&["audit", "o"])
    };
    let audit = audited(RULES);
    assert_eq!(audit.code, 0, "{}", audit.stdout);
    let audit = audited(&format!("{RULES}\ncomplementary = false"));
    assert_eq!(audit.code, 1, "{}", audit.stdout);
}
