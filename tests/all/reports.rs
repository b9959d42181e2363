//! Studies and their reports: everything from one file, and no number that the data do not give.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::{Program, Run, repository, tree};

const STUDY: &str = "examples/care-manager-2016/study.toml";

fn made(program: &Program, study: &str, out: &str) -> BTreeMap<String, Vec<u8>> {
    let run = program.run(&["report", study, "--out", out]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    tree(&program.path(out))
}

fn text<'f>(files: &'f BTreeMap<String, Vec<u8>>, name: &str) -> &'f str {
    std::str::from_utf8(&files[name]).expect("text")
}

/// The release in the order it was printed in: row 21 of what the documents ask for.
#[test]
fn row_21_the_release_has_its_parts_in_order_in_every_format() {
    let program = Program::new();
    let files = made(&program, &repository(STUDY), "out");
    let parts = [
        "News Release",
        "ケアマネジャーの4割が在宅医療・介護の連携を",
        "～【ケアマネドットコム調べ】",
        "604名より回答をいただきました",
        "（抜粋）】",
        "調査結果1．",
        "4割以上のケアマネが",
        "Q. ケアマネジャーとして、現場における",
        "◆考察",
        "48％と、半分以下にとどまった",
        "調査結果5．",
        "*医療ソーシャルワーカーとは",
        "調査結果7．",
        "39.2％だったのに対し、500床以上の規模になると19.4％まで減少した",
        "調査結果9．",
        "74.3％で最多となった。次いで「介護サービス事業所から聞く」11.9％",
        "調査結果10．",
        "（個別回答抜粋）",
        "往診医が不足しているため",
        "調査概要",
        "有効回答数",
        "【「ケアマネドットコム」とは】",
        "模擬データ",
    ];
    for name in ["report.html", "report.md"] {
        let report = text(&files, name).replace("\\*", "*");
        let body = report.split_once("<body>").map_or(report.as_str(), |(_, body)| body);
        // In Markdown a label and its headline stand together, in HTML apart.
        let body = body.replace("<span class=\"label\">", "").replace("</span>", "");
        let mut at = 0;
        for part in parts {
            let found = body[at..].find(part).unwrap_or_else(|| panic!("{name}: no {part} after {at}"));
            at += found;
        }
    }
}

#[test]
fn a_study_makes_the_same_bytes_again_and_says_what_of() {
    let program = Program::new();
    let (one, two) = (made(&program, &repository(STUDY), "one"), made(&program, &repository(STUDY), "two"));
    assert_eq!(one, two);
    let manifest: Value = serde_json::from_slice(&one["manifest.json"]).expect("JSON");
    let named: Vec<&String> = manifest["outputs"].as_object().expect("outputs").keys().collect();
    let written: Vec<&String> = one.keys().filter(|name| *name != "manifest.json").collect();
    assert_eq!(named, written);
    for input in ["study.toml", "care-manager-2016.toml", "care-manager-2016.csv", "figures.toml"] {
        assert_eq!(manifest["inputs"][input].as_str().expect("a hash").len(), 64);
    }
    for (name, bytes) in &one {
        let folder = env!("CARGO_MANIFEST_DIR").as_bytes();
        assert!(
            !bytes.windows(folder.len()).any(|part| part == folder),
            "{name} names a folder of this machine"
        );
    }
}

/// The percentages that a chart shows, by its texts, are those of the tables of the same run.
#[test]
fn every_number_of_a_chart_is_that_of_the_tables() {
    let files = made(&Program::new(), &repository(STUDY), "out");
    let tables: Value = serde_json::from_slice(&files["tables-gt.json"]).expect("JSON");
    let mut compared = 0;
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".svg")) {
        let id = name.rsplit_once('-').and_then(|(_, rest)| rest.strip_suffix(".svg")).expect("an id");
        let of = |table: &&Value| table["question"]["id"] == id && table["stub"][0]["role"] == "option";
        let Some(table) = tables["tables"].as_array().expect("tables").iter().find(of) else { continue };
        let count = |grid: &str, row: usize| table[grid][row][0][0].as_u64().expect("a count");
        let rows = 0..table["cells"].as_array().expect("rows").len();
        let expected: Vec<String> = rows
            .filter(|row| count("cells", *row) > 0)
            .map(|row| {
                // Half up from integers, written anew.
                let (k, n) = (count("cells", row), count("bases", row));
                let tenths = (2 * k * 1000 + n) / (2 * n);
                format!("{}.{}", tenths / 10, tenths % 10)
            })
            .collect();
        let svg = std::str::from_utf8(bytes).expect("text");
        for number in &expected {
            let shown = format!(">{number}<");
            assert!(svg.contains(&shown), "{name} has no {number}");
            compared += 1;
        }
    }
    assert!(compared >= 20, "{compared}");
}

/// The study's words about data of which one respondent answers otherwise.
#[test]
fn one_respondent_less_and_there_is_no_report() {
    let study = std::fs::read_to_string(repository(STUDY)).expect("the study");
    let data = std::fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("the data");
    let figures = repository("examples/care-manager-2016/figures.toml");
    let schema = repository("schemas/care-manager-2016.toml");
    let study = study
        .replace("../../schemas/care-manager-2016.toml", &schema)
        .replace("../../data-samples/care-manager-2016.csv", "d.csv")
        .replace("\"figures.toml\"", &format!("\"{figures}\""));
    // Respondent 1 hears of admissions from somebody else.
    let changed = data.replacen(
        "1,27,2,2,0,0,0,1,0,0,1,0,0,0,2,3,1,4,4,4,4,4,1,,3,4",
        "1,27,2,2,0,0,0,1,0,0,1,0,0,0,2,3,1,4,4,4,4,4,4,,3,4",
        1,
    );
    assert_ne!(data, changed);
    let program = Program::new().file("study.toml", &study).file("d.csv", &changed);
    let run = program.run(&["report", "study.toml", "--out", "out"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    assert!(!program.path("out").exists(), "nothing is left behind");
    insta::assert_snapshot!(run.stderr);
}

const SCHEMA: &str = r#"
[survey]
id = "s"
title = "s"
respondent = "no"
unit = "名"

[[question]]
id = "q1"
text = "好きですか"
kind = "single"
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" } ]

[[question]]
id = "t"
text = "ご意見"
kind = "text"
"#;

const FIGURES: &str = r#"
[[figure]]
id = "yes"
quote = "6割以上が「はい」（60％）"
question = "q1"
option = 1
percent = "60"
phrase = "6割以上"

[[figure]]
id = "no"
quote = "「いいえ」は41％"
question = "q1"
option = 2
percent = "41"
expect = "impossible"
"#;

const DATA: &str = "no,q1,t\n1,1,電話090-1234-5678\n2,1,\n3,1,\n4,2,=1+1<b>\n5,2,\n";

fn report(report: &str) -> (Program, Run) {
    let study = format!("[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nfigures = \"f.toml\"\n{report}");
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", DATA)
        .file("f.toml", FIGURES)
        .file("study.toml", &study);
    let run = program.run(&["report", "study.toml", "--out", "out"]);
    (program, run)
}

#[track_caller]
fn refuses(keys: &str, told: &str) {
    let (program, run) = report(keys);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(!program.path("out").exists(), "nothing is left behind");
    // Each message without the picture of its line.
    let lines: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error") || line.trim_start().starts_with(['-', '=']))
        .map(str::trim)
        .filter(|line| !line.starts_with("---"))
        .collect();
    assert_eq!(lines.join("\n"), told, "{}", run.stderr);
}

#[test]
fn words_that_only_data_can_say_need_a_figure() {
    refuses(
        "[report]\ntitle = \"60％が「はい」\"",
        "error: `60％` is asserted by no figure that the text names\n--> study.toml:6:10\n\
         = hint: name the figure in `figures`, or let `{id}` print its number",
    );
    refuses(
        "[report]\ntitle = \"6割が、4割が、半数が\"\nfigures = [\"yes\"]",
        "error: `6割` is asserted by no figure that the text names\n--> study.toml:6:10\n\
         = hint: name the figure in `figures`, or let `{id}` print its number\n\
         error: `4割` is asserted by no figure that the text names\n--> study.toml:6:14\n\
         = hint: name the figure in `figures`, or let `{id}` print its number\n\
         error: `半数` is asserted by no figure that the text names\n--> study.toml:6:18\n\
         = hint: name the figure in `figures`, or let `{id}` print its number",
    );
    // A finding about the source is no fact to print.
    refuses(
        "[report]\ntitle = \"41％は「いいえ」、{no}\"\nfigures = [\"no\"]",
        "error: `41％` is impossible, by figure `no`\n--> study.toml:6:10\n\
         = hint: n=5 で 41％ となる k はない（2/5 = 40.00、3/5 = 60.00）\n= hint: 最も近いありうる基数: 17\n\
         = hint: 公表値になる計算方法は見つからない\n\
         error: `no` is impossible, by figure `no`\n--> study.toml:6:20\n\
         = hint: n=5 で 41％ となる k はない（2/5 = 40.00、3/5 = 60.00）\n= hint: 最も近いありうる基数: 17\n\
         = hint: 公表値になる計算方法は見つからない",
    );
}

#[test]
fn names_of_a_study_are_those_of_its_files() {
    refuses(
        "[report]\ntitle = \"{yess}\"\nfigures = [\"yse\"]\n[[report.sections]]\nheadline = \"h\"\nrows = \"q1,q9\"\ncols = \"zz\"\nfilter = \"q1 == 7\"\n",
        "error: unknown figure `yse`\n--> study.toml:7:12\n= hint: did you mean `yes`?\n\
         error: unknown question `q9`\n--> study.toml:10:12\n= hint: did you mean `q1`?\n\
         error: unknown question `zz`\n--> study.toml:11:9\n= hint: the schema has `q1`, `t`\n\
         error: `q1` has no option with code `7`\n--> study.toml:12:17\n= hint: its codes are `1`, `2`",
    );
}

#[test]
fn letters_and_tests_stand_in_and_under_a_table() {
    refuses(
        "[report]\ntitle = \"t\"\n[[report.sections]]\nheadline = \"h\"\nrows = \"q1\"\nsig = \"renkei\"\n",
        "error: expected `table = true` beside `sig`, found none\n--> study.toml:10:7\n\
         = hint: letters and tests stand in and under a table",
    );
    refuses(
        "[report]\ntitle = \"t\"\n[[report.sections]]\nheadline = \"h\"\nrows = \"q1\"\ntests = [\"auto\"]\n",
        "error: expected `table = true` beside `tests`, found none\n--> study.toml:10:10\n\
         = hint: letters and tests stand in and under a table",
    );
}

#[test]
fn a_report_prints_numbers_of_figures_and_comments_without_personal_data() {
    let (program, run) = report(
        "[[tables]]\nid = \"gt\"\nrows = \"all\"\n[report]\ntitle = \"{yes}（{yes.count}/{yes.base}）が「はい」\"\n[[report.sections]]\nheadline = \"6割以上が「はい」\"\nfigures = [\"yes\"]\nrows = \"q1\"\ntable = true\nsay = true\nissues = [\"なぜか\"]\nmeaning = \"好まれている\"\nnotes = \"注\"\nexcerpts = { question = \"t\", respondents = [4, 1] }\n",
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    let files = tree(&program.path("out"));
    let (html, markdown) = (text(&files, "report.html"), text(&files, "report.md"));
    assert!(html.contains("<h1>60％（3/5）が「はい」</h1>"), "{html}");
    assert!(html.contains("<li>=1+1&lt;b&gt;</li>") && !html.contains("090-1234"), "{html}");
    assert!(markdown.contains("- =1+1&lt;b&gt;\n") && !markdown.contains("090-1234"), "{markdown}");
    insta::assert_snapshot!(markdown);
}

/// Row 44 and the talk of the documents: findings in circles with ⇒ what they mean, and Ⅰ to Ⅳ with 論点 in a box.
#[test]
fn a_talk_and_a_committee_s_paper_have_their_forms() {
    let program = Program::new();
    let talk = made(&program, &repository("examples/kuwana-2019/study.toml"), "talk");
    let paper = made(&program, &repository("examples/eight-initiatives-2015/study.toml"), "paper");
    let in_order = |text: &str, parts: &[&str]| {
        let mut at = 0;
        for part in parts {
            let found = text[at..].find(part);
            at += found.unwrap_or_else(|| panic!("{part} is not where it belongs in {text}"));
        }
    };
    let words = |html: &str| html.replace("<span class=\"label\">", "").replace("</span>", "");
    let findings = [
        "①ケアマネジャーの主な基礎資格は、介護福祉士が65％",
        "⇒ 医療職以外を基礎資格とする方が多い",
        "④",
        "⑤",
    ];
    in_order(text(&talk, "report.md"), &findings);
    in_order(&words(text(&talk, "report.html")), &findings);
    let forms = [
        "Ⅰ．在宅医療・介護連携に係る",
        "Ⅱ．",
        "３　在宅医療・介護連携推進事業の８つの取組のうち、１つ以上",
        "７９．８％、全てを実施している市町村は２．５％",
        "100万人以上",
        "Ⅲ．",
        "Ⅳ．",
        "論点",
        "国及び都道府県（保健所）の役割",
    ];
    in_order(&words(text(&paper, "report.html")), &forms);
    in_order(text(&paper, "report.md"), &forms);
    let run = program.run(&["deck", &repository("examples/kuwana-2019/study.toml"), "--out", "talk.pptx"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let bytes = std::fs::read(program.path("talk.pptx")).expect("slides");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut slide = String::new();
    let mut part = zip.by_name("ppt/slides/slide2.xml").expect("a slide");
    std::io::Read::read_to_string(&mut part, &mut slide).expect("text");
    in_order(
        &slide,
        &["24事業所75名", findings[0], findings[1], "②在宅介護サービス事業所(33％)", "⇒ 介護保険事業所と"],
    );
}
