//! Where a group stands among all: rank, quarter, class, the last wave; in messages, charts and reports. And who gave
//! which answer, by name.

use crate::cli::{Program, Run, repository};
use crate::pptx::package::{Parts, elements};

const SCHEMA: &str = r#"
[survey]
id = "five"
title = "五つの地域"
respondent = "id"
[[question]]
id = "area"
text = "地域"
kind = "single"
options = [{ code = 1, label = "東" }, { code = 2, label = "西" }, { code = 3, label = "南" }, { code = 4, label = "北" }, { code = 5, label = "中" }]
[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]
[[derive]]
id = "size"
label = "規模"
from = "area"
groups = [{ code = 1, label = "大規模", of = [1, 2] }, { code = 2, label = "小規模", rest = true }]
"#;

/// Respondents of each area who are for it, and against it.
fn data(areas: &[(u32, u32)]) -> String {
    let mut lines = vec!["id,area,q1".to_string()];
    for (area, (yes, no)) in areas.iter().enumerate() {
        for answer in std::iter::repeat_n(1, *yes as usize).chain(std::iter::repeat_n(2, *no as usize)) {
            lines.push(format!("{},{},{answer}", lines.len(), area + 1));
        }
    }
    lines.join("\n") + "\n"
}

/// 75 %, 50 %, 50 %, 25 % and one respondent.
fn five(study: &str, sections: &str) -> Program {
    let head = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nsmallest = 2\n";
    Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", data(&[(3, 1), (2, 2), (2, 2), (1, 3), (1, 0)]))
        .file("before.csv", data(&[(3, 1), (1, 3), (3, 1), (1, 3), (1, 0)]))
        .file("study.toml", format!("{head}{study}\n{sections}"))
}

const BOTH: &str = "class = \"size\"\nlast = { data = \"before.csv\" }";

fn deck(program: &Program, group: &str) -> Run {
    program.run(&["deck", "study.toml", "--group", group, "--out", "o.pptx"])
}

/// The paragraphs of a part.
fn words(parts: &Parts, name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for element in elements(name, &parts[name]) {
        match () {
            () if element.is("a:p") => words.push(String::new()),
            () if element.is("a:t") => words.last_mut().expect("a paragraph").push_str(&element.text),
            () => {}
        }
    }
    words
}

fn parts(program: &Program) -> Parts {
    crate::pptx::package::check(&std::fs::read(program.path("o.pptx")).expect("a deck"))
}

/// The message of the slide for a group.
fn message(program: &Program, group: &str) -> String {
    let run = deck(program, group);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    words(&parts(program), "ppt/slides/slide2.xml")[1].clone()
}

#[test]
fn rank_quarter_class_and_change_stand_in_messages() {
    let all = "{share} {rank}/{ranked} {quarter} {class} {class_share} {class_rank}/{class_ranked} {before} {change}";
    let slide = format!(
        "[deck]\ntitle = \"{{group}}\"\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\nrank = 1\n\
         message = [\"{all}\", {{ standing = true }}, {{ phrase = true }}]\n"
    );
    let program = five(BOTH, &slide);
    for (group, expected) in [
        ("area=1", "75.0％ 1位/4 上位4分の1 大規模 62.5％ 1位/2 75.0％ ±0.0"),
        ("area=2", "50.0％ 同率2位/4 上から2番目の4分の1 大規模 62.5％ 2位/2 25.0％ +25.0"),
        ("area=3", "50.0％ 同率2位/4 上から2番目の4分の1 小規模 44.4％ 1位/2 75.0％ −25.0"),
        ("area=4", "25.0％ 4位/4 下位4分の1 小規模 44.4％ 2位/2 25.0％ ±0.0"),
    ] {
        assert_eq!(message(&program, group), expected, "{group}");
    }
    // What writes itself; without classes and waves it says what there is.
    let own = "[deck]\ntitle = \"a\"\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\nrank = 1\nmessage = [{ standing = true }, { phrase = true }]\n";
    assert_eq!(
        message(&five(BOTH, own), "area=2"),
        "「賛成」は50.0％で、4グループ中同率2位（上から2番目の4分の1）である。大規模（全体で62.5％）では2グループ中2位。前回から+25.0ポイント。"
    );
    assert_eq!(
        message(&five("lang = \"en\"", own), "area=1"),
        "賛成: 75.0%, 1st of 4 groups (the top quarter)."
    );
    // A group too small to be ranked says something else; so does everybody.
    let program = five("", own);
    let small = std::fs::read_to_string(program.path("study.toml")).expect("a study");
    std::fs::write(program.path("study.toml"), small.replace("smallest = 2", "smallest = 1"))
        .expect("a study");
    assert!(message(&program, "area=5").contains("100.0％で、5グループ中1位"));
    let run = program.run(&["deck", "study.toml", "--out", "o.pptx"]);
    assert_eq!(run.code, 0);
    assert!(words(&parts(&program), "ppt/slides/slide2.xml")[1].contains("最多"));
}

#[test]
fn charts_show_all_groups_in_order_the_class_and_the_last_wave() {
    let slides = "[deck]\ntitle = \"a\"\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\nrank = 1\nranking = true\n\
                  [[deck.slides]]\nheadline = \"b\"\nrows = \"q1\"\ncompare = \"class\"\n\
                  [[deck.slides]]\nheadline = \"c\"\nrows = \"q1\"\ncompare = \"last\"\n";
    let program = five(BOTH, slides);
    let run = deck(&program, "area=3");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let parts = parts(&program);
    let texts = |name: &str, path: &str| -> Vec<String> {
        let all = elements(name, &parts[name]).into_iter();
        all.filter(|element| element.is("c:v") && element.path.contains(path))
            .map(|element| element.text)
            .collect()
    };
    let ranking = "ppt/charts/chart1.xml";
    // Equal ones in the order of their codes; the small one is not there.
    assert_eq!(texts(ranking, "/c:cat/"), ["東*", "西*", "南*", "北*"]);
    assert_eq!(texts(ranking, "/c:val/"), ["75", "50", "50", "25"]);
    // One pink, the others grey.
    let colours: Vec<String> = elements(ranking, &parts[ranking])
        .into_iter()
        .filter(|element| element.is("a:srgbClr") && element.path.contains("/c:ser/"))
        .map(|element| element.get("val").to_string())
        .collect();
    assert_eq!(colours.iter().filter(|colour| *colour == "E4007F").count(), 1);
    assert_eq!(colours.iter().filter(|colour| *colour == "A0A0A0").count(), 1);
    let note = words(&parts, "ppt/slides/slide2.xml");
    assert!(
        note.iter().any(|line| line.contains("人数の少ない、または秘匿された1グループは順位に含まない")),
        "{note:?}"
    );
    let of_class = "ppt/charts/chart2.xml";
    assert_eq!(texts(of_class, "/c:tx/"), ["南 (n=4*)", "小規模 (n=9*)"]);
    assert_eq!(texts(of_class, "/c:val/"), ["50", "50", "44.44444444444444", "55.55555555555556"]);
    let before = "ppt/charts/chart3.xml";
    assert_eq!(texts(before, "/c:tx/"), ["南 (n=4*)", "前回 (n=4*)"]);
    assert_eq!(texts(before, "/c:val/"), ["50", "50", "75", "25"]);
}

#[test]
fn reports_of_groups_say_where_they_stand() {
    let report = "[report]\ntitle = \"{group}\"\n[[report.sections]]\nheadline = \"賛成は{rank}\"\nrows = \"q1\"\n\
                  rank = 1\nranking = true\nsay = true\n";
    let program = five(BOTH, report);
    let run = program.run(&["batch", "study.toml", "--by", "area", "--make", "md", "--out", "o"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, "warning: `中` has 1 respondent and no files\n"));
    let report = std::fs::read_to_string(program.path("o/1-東/report.md"));
    let report = report.expect("a report");
    assert!(
        report.contains("賛成は1位") && report.contains("4グループ中1位（上位4分の1）である。"),
        "{report}"
    );
    let chart = std::fs::read_to_string(program.path("o/1-東/charts/01-00-q1_x_area-ranking.svg"));
    assert!(chart.expect("a chart").contains("東*"));
}

#[test]
fn mistakes_of_standings_are_told_with_their_places() {
    let slide = |keys: &str| format!("[deck]\ntitle = \"a\"\n[[deck.slides]]\nheadline = \"a\"\n{keys}\n");
    let rank = "rows = \"q1\"\nrank = 1\n";
    for (study, deck_keys, message, hint) in [
        (
            "",
            "rows = \"q1\"\nrank = 7".to_string(),
            "expected an answer to rank groups by, found `7`",
            "it has `1`, `2`",
        ),
        (
            "",
            "rank = 1".into(),
            "missing key `rows` beside `rank`",
            "`rows = \"q1\"` says whose answer groups are ranked by",
        ),
        (
            "",
            "rows = \"q1\"\nmessage = { standing = true }".into(),
            "missing key `rank` beside `standing`",
            "`rank = 2` says by which answer groups are compared",
        ),
        (
            "",
            "rows = \"q1\"\nmessage = \"{rank}\"".into(),
            "slide `a` for 西: `{rank}` has no answer to be of",
            "`rank = 2` says by which answer groups are compared",
        ),
        (
            "",
            format!("{rank}message = \"{{class}}\""),
            "slide `a` for 西: `{class}` has no class to be of",
            "`class = \"area\"` under `[study]` says which groups are alike",
        ),
        (
            "",
            format!("{rank}message = \"{{change}}\""),
            "slide `a` for 西: `{change}` has no last wave to be of",
            "`last = { data = \"…\", wave = \"…\" }` under `[study]` names it",
        ),
        (
            "",
            "rows = \"q1\"\ncompare = \"class\"".into(),
            "missing key `class` under `[study]` for `compare = \"class\"`",
            "`class = \"area\"` says which groups are alike",
        ),
        (
            "",
            "rows = \"q1\"\ncompare = \"last\"".into(),
            "missing key `last` under `[study]` for `compare = \"last\"`",
            "`last = { data = \"…\", wave = \"…\" }` names the wave before",
        ),
        (
            "class = \"sise\"",
            "rows = \"q1\"".into(),
            "expected a question with one answer each for `class`, found `sise`",
            "did you mean `size`?",
        ),
        (
            "class = \"q1\"",
            "rows = \"q1\"".into(),
            "`東` has respondents of several classes",
            "a class is of whole groups: `[[derive]]` from the question of `--by` makes classes of its options",
        ),
        (
            "weights = \"w.csv\"\nlast = { data = \"before.csv\" }",
            "rows = \"q1\"".into(),
            "a file of weights is of one wave, and `last` names another",
            "`weight = \"…\"` names a column that both have; `weighted = false` counts respondents",
        ),
        (
            "",
            "rows = \"q1\"\nnames = true".into(),
            "respondents have no names: their key is no question of the schema",
            "`respondent = \"city\"` with a question `city` whose options are municipalities names them",
        ),
    ] {
        let run = deck(&five(study, &slide(&deck_keys)), "area=2");
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!((run.code, lines[0]), (1, format!("error: {message}").as_str()), "{}", run.stderr);
        assert!(lines[1].trim_start().starts_with("--> study.toml:"), "{}", run.stderr);
        let told = lines.iter().find_map(|line| line.trim_start().strip_prefix("= hint: ")).unwrap_or("");
        assert_eq!(told, hint, "{}", run.stderr);
    }
}

/// Row 34 of what the documents ask for: who gave which answer, in the order of codes, with a switch.
#[test]
fn row_34_municipalities_are_listed_by_their_answer() {
    let study = |more: &str| {
        let (schema, data) = (
            repository("schemas/municipal-progress-r3.toml"),
            repository("data-samples/municipal-progress-r3.csv"),
        );
        Program::new().file(
            "study.toml",
            format!(
                "[study]\nschema = {schema:?}\ndata = {data:?}\n[deck]\ntitle = \"a\"\n{more}\n\
                 [[deck.slides]]\nheadline = \"協議会\"\nrows = \"q1\"\nnames = true\n"
            ),
        )
    };
    let program = study("");
    let run = deck(&program, "pref=32");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let slide = words(&parts(&program), "ppt/slides/slide2.xml");
    let at = slide.iter().position(|line| line == "設置している").expect("an answer");
    let (n, names) = (slide[at + 1].parse::<usize>().expect("a number"), slide[at + 2].split('、').count());
    assert_eq!(n, names);
    assert!(slide[at + 2].starts_with("松江市、"), "{slide:?}");
    // Together they are the 19, each once, and in the order of their codes among those of one answer.
    let rest: usize = slide[at + 4].parse().expect("a number");
    assert_eq!(n + rest, 19);
    let program = study("lists = false");
    assert_eq!(deck(&program, "pref=32").code, 0);
    assert!(!words(&parts(&program), "ppt/slides/slide2.xml").iter().any(|line| line.contains("松江市")));
}

#[test]
fn an_appendix_has_the_figures_as_tables() {
    let program = five(
        "",
        "[deck]\ntitle = \"a\"\nappendix = [\"q1\"]\n[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n",
    );
    let run = deck(&program, "area=1");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let parts = parts(&program);
    let slide = words(&parts, "ppt/slides/slide3.xml");
    let table =
        ["どう思いますか", "東 (n=4*)", "全国 (n=17*)", "賛成", "75.0", "52.9", "反対", "25.0", "47.1"];
    let at = slide.iter().rposition(|line| line == table[0]).expect("a table");
    assert_eq!(slide[at..at + table.len()], table);
    // Of the question it is called, and no chart stands on it.
    assert_eq!(slide[0], "どう思いますか");
    assert_eq!(parts.keys().filter(|name| name.starts_with("ppt/charts/chart")).count(), 1);
}
