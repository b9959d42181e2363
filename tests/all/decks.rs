//! Decks of a study: 島根県's 39 slides, the same of any prefecture, all of them at once, and what is refused.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::cli::{Program, Run, repository, tree};
use crate::pptx::package::{Element, Parts, check, elements, related};

const STUDY: &str = "examples/municipal-progress-r3/study.toml";

/// A chart as it is in the file.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    title: String,
    stacked: bool,
    series: Vec<(String, String)>,
    categories: Vec<String>,
    /// For each series its numbers, as written.
    values: Vec<Vec<String>>,
}

/// A slide: its paragraphs, title first, and its charts.
struct Slide {
    words: Vec<String>,
    charts: Vec<Drawn>,
}

fn words(all: &[Element]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for element in all {
        if element.is("a:p") {
            words.push(String::new());
        } else if element.is("a:t") {
            words.last_mut().expect("a paragraph").push_str(&element.text);
        }
    }
    words
}

fn drawn(name: &str, parts: &Parts) -> Drawn {
    let all = elements(name, &parts[name]);
    let within = |place: &str| -> Vec<Vec<String>> {
        let mut found: Vec<Vec<String>> = Vec::new();
        for element in &all {
            if element.is("c:ser") {
                found.push(Vec::new());
            } else if element.is("c:v") && element.path.contains(&format!("/c:ser/{place}/")) {
                found.last_mut().expect("a series").push(element.text.clone());
            }
        }
        found
    };
    let colours = all.iter().filter(|one| one.path.ends_with("/c:ser/c:spPr/a:solidFill/a:srgbClr"));
    let colours: Vec<String> = colours.map(|one| one.get("val").to_string()).collect();
    let names = within("c:tx").into_iter().map(|name| name.concat());
    let grouping = all.iter().find(|one| one.is("c:grouping"));
    Drawn {
        title: words(&all[..all.iter().position(|one| one.is("c:plotArea")).expect("a plot")]).concat(),
        stacked: grouping.is_some_and(|one| one.get("val") == "stacked"),
        series: names.zip(colours.into_iter().chain(std::iter::repeat(String::new()))).collect(),
        categories: within("c:cat").first().cloned().unwrap_or_default(),
        values: within("c:val"),
    }
}

fn slides(path: &Path) -> Vec<Slide> {
    let parts = check(&std::fs::read(path).expect("a deck"));
    let mut slides = Vec::new();
    while let Some(bytes) = parts.get(&format!("ppt/slides/slide{}.xml", slides.len() + 1)) {
        let name = format!("ppt/slides/slide{}.xml", slides.len() + 1);
        let mut charts: Vec<String> =
            related(&parts, &name).into_values().filter(|part| part.contains("/charts/")).collect();
        charts.sort_by_key(|name| (name.len(), name.clone()));
        slides.push(Slide {
            words: words(&elements(&name, bytes)),
            charts: charts.iter().map(|name| drawn(name, &parts)).collect(),
        });
    }
    slides
}

fn deck(group: &str) -> Vec<Slide> {
    let program = Program::new();
    let run = program.run(&["deck", &repository(STUDY), "--group", group, "--out", "d.pptx"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    slides(&program.path("d.pptx"))
}

fn number(slide: &Slide) -> &str {
    slide.words[0].split_once('　').map_or("", |(number, _)| number)
}

#[test]
fn rows_27_and_28_shimane_has_39_slides_with_these_numbers_in_order() {
    let numbers = "1 2.① 2.② 3 4 5.① 5.② 6 7 8 9 10 11 12.① 12.② 12.③ 12.④ 13 14 15 16 17.① 17.② 18 19 20 \
                   21.① 21.② 21.③ 21.④ 21.⑤ 22.① 22.② 23.① 23.② 24";
    let slides = deck("pref=32");
    let found: Vec<&str> = slides.iter().map(number).filter(|number| !number.is_empty()).collect();
    assert_eq!((slides.len(), found.join(" ")), (39, numbers.to_string()));
    assert_eq!((number(&slides[18]), number(&slides[28])), ("12.④", "21.①"));
    // One question on three slides, two questions on one, a good practice by name.
    assert_eq!([16, 17, 18].map(|at| slides[at].charts[0].categories.len()), [2, 2, 3]);
    assert_eq!(slides[19].charts.len(), 2);
    let says = |at: usize, text: &str| slides[at].words.iter().any(|words| words == text);
    assert!(says(5, "３割程度の市町村で委託実施されています。"));
    assert!(says(15, "伸び悩んでいます。好事例として「出雲市在宅医療・介護連携基本計画」が挙げられます。"));
    assert!(says(13, "※ 郡市医師会等の医療関係者、介護関係者、包括支援センターが参加"));
}

#[test]
fn row_26_decks_of_three_prefectures_differ_in_numbers_names_and_wordings_only() {
    let bare = |text: &str, name: &str| -> String {
        let text = text.replace(name, "□");
        let digits: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        // 島根's and 富山's bases are small, 北海道's is not everywhere.
        let mut short = digits.replace('*', "");
        while short.contains("00") {
            short = short.replace("00", "0");
        }
        short
    };
    let shape = |code: &str, name: &str| -> Vec<(String, Vec<Drawn>)> {
        let of = |chart: Drawn| Drawn {
            series: chart.series.into_iter().map(|(series, colour)| (bare(&series, name), colour)).collect(),
            categories: chart.categories.iter().map(|category| bare(category, name)).collect(),
            values: Vec::new(),
            ..chart
        };
        let slides = deck(&format!("pref={code}")).into_iter();
        slides.map(|slide| (slide.words[0].clone(), slide.charts.into_iter().map(of).collect())).collect()
    };
    let shimane = shape("32", "島根県");
    assert_eq!(shimane, shape("1", "北海道"));
    assert_eq!(shimane, shape("Toyama", "富山県"));
    // A sentence that does not hold elsewhere is not said there.
    let toyama = deck("pref=富山県");
    assert_eq!(toyama[2].words[1], "市町村においては、介護系の部署が多くなっています。");
    assert!(
        toyama[5].words[1].starts_with("委託：委託している：「②対応策の実施（普及啓発）」が40.0％で最多"),
        "{:?}",
        toyama[5].words
    );
}

#[test]
fn row_29_every_chart_with_two_series_has_exactly_one_pink() {
    let charts: Vec<Drawn> = deck("pref=32").into_iter().flat_map(|slide| slide.charts).collect();
    let two: Vec<&Drawn> = charts.iter().filter(|chart| !chart.stacked).collect();
    assert_eq!((charts.len(), two.len()), (48, 44));
    for chart in two {
        let colours: Vec<&str> = chart.series.iter().map(|(_, colour)| colour.as_str()).collect();
        assert_eq!(colours, ["E4007F", "A0A0A0"], "{}", chart.title);
    }
}

#[test]
fn the_bands_of_the_group_have_a_line_of_its_colour() {
    let program = Program::new();
    let run = program.run(&["deck", &repository(STUDY), "--group", "pref=32", "--out", "o.pptx"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let parts = check(&std::fs::read(program.path("o.pptx")).expect("a deck"));
    let mut bands = 0;
    for name in parts.keys().filter(|name| name.starts_with("ppt/charts/chart")) {
        let chart = drawn(name, &parts);
        let all = elements(name, &parts[name]);
        let lines = all.iter().filter(|one| one.path.ends_with("/c:dPt/c:spPr/a:ln/a:solidFill/a:srgbClr"));
        let pink = lines.filter(|one| one.get("val") == "E4007F").count();
        // Every piece of every second band: the group's stands above the nation's.
        let pieces = if chart.stacked { chart.series.len() * chart.categories.len() / 2 } else { 0 };
        assert_eq!(pink, pieces, "{name}");
        bands += usize::from(chart.stacked);
    }
    assert_eq!(bands, 4);
}

/// The percentages of a question's rows by label, from the table as JSON.
pub fn percentages(question: &str, filter: &[&str]) -> BTreeMap<String, f64> {
    let survey = "municipal-progress-r3";
    let (schema, data) =
        (repository(&format!("schemas/{survey}.toml")), repository(&format!("data-samples/{survey}.csv")));
    let asked = ["tab", "--schema", &schema, &data, "--rows", question, "--format", "json"];
    let run = Program::new().run(&[&asked[..], filter].concat());
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let table = &json["tables"][0];
    let rows = table["stub"].as_array().expect("rows").iter().enumerate();
    let percent = |(row, stub): (usize, &Value)| {
        let tally = |grid: &str| table[grid][row][0][0].as_f64().expect("a number");
        (stub["label"].as_str().expect("a label").to_string(), 100.0 * tally("cells") / tally("bases"))
    };
    rows.map(percent).collect()
}

#[test]
fn values_of_charts_are_those_of_the_tables() {
    let slides = deck("pref=32");
    for (at, place, question) in
        [(2, 0, "dept"), (2, 1, "q1"), (6, 0, "q4a1"), (18, 0, "q4a7_2"), (33, 0, "q6a"), (37, 0, "q7:1")]
    {
        let chart = &slides[at].charts[place];
        let (group, nation) =
            (percentages(question, &["--filter", "pref == 32"]), percentages(question, &[]));
        assert!(!chart.categories.is_empty());
        for (row, label) in chart.categories.iter().enumerate() {
            for (series, table) in [(0, &group), (1, &nation)] {
                let value: f64 = chart.values[series][row].parse().expect("a number");
                assert!((value - table[label]).abs() < 1e-9, "{question} {label}: {value}");
            }
        }
    }
}

#[test]
fn row_26_a_batch_of_47_is_the_same_twice_and_goes_on_where_it_was() {
    let program = Program::new();
    let study = repository(STUDY);
    let batch = |folder: &str, more: &[&str]| {
        let run = program.run(&[&["batch", study.as_str(), "--by", "pref", "--out", folder], more].concat());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        tree(&program.path(folder))
    };
    let first = batch("a", &[]);
    assert_eq!(first.len(), 50);
    assert!(first.contains_key("32-shimane.pptx") && first.contains_key("01-hokkaido.pptx"));
    let index = String::from_utf8(first["index.csv"].clone()).expect("UTF-8");
    assert!(index.contains("\r\n32,島根県,19,32-shimane.pptx,作成（* n が小さいため参考値）\r\n"), "{index}");
    assert!(String::from_utf8_lossy(&first["index.html"]).contains("href=\"13-tokyo.pptx\""));
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    let second = batch("b", &["--jobs", "1"]);
    assert!(first == second, "{:?} {:?}", names(&first), names(&second));
    // A run that was interrupted: files missing, one torn, no index, one untouched since.
    for name in ["01-hokkaido.pptx", "47-okinawa.pptx", "index.html"] {
        std::fs::remove_file(program.path("a").join(name)).expect("it is there");
    }
    std::fs::write(program.path("a/16-toyama.pptx"), b"PK").expect("it is torn");
    let written = |name: &str| {
        std::fs::metadata(program.path("a").join(name)).and_then(|file| file.modified()).expect("a file")
    };
    let before = written("32-shimane.pptx");
    let again = batch("a", &[]);
    assert!(again == first, "{:?}", names(&again));
    assert_eq!(written("32-shimane.pptx"), before);
    // Two only: the deck of one is the deck of a run of its own.
    let two = batch("c", &["--only", "32,富山"]);
    assert_eq!(
        names(&two),
        ["16-toyama.pptx", "32-shimane.pptx", "index.csv", "index.html", "manifest.json"]
    );
    assert!(two["32-shimane.pptx"] == first["32-shimane.pptx"]);
}

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"
[[question]]
id = "area"
text = "地域"
kind = "single"
options = [{ code = 1, label = "東/京", label_en = "Tokyo / East" }, { code = 2, label = "大阪" }, { code = 3, label = "空" }, { code = 4, label = "小" }]
[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]
[[question]]
id = "q2"
text = "あてはまるもの"
kind = "multi"
columns = "q2_{code}"
options = [{ code = 1, label = "あ" }, { code = 2, label = "い" }]
"#;
const DATA: &str =
    "id,area,q1,q2_1,q2_2\n1,1,1,1,0\n2,1,1,1,1\n3,1,2,0,1\n4,2,2,1,0\n5,2,2,1,1\n6,2,1,0,1\n7,4,1,1,1\n";
const FIGURES: &str = "[[figure]]\nid = \"most\"\nquote = \"半数以上が賛成\"\nquestion = \"q1\"\nwithin = \"area == 1\"\n\
                       option = 1\nphrase = \"半数以上\"\n";

/// A small study with these keys of `[study]` and slides.
pub fn small(study: &str, deck: &str) -> Program {
    let head = "schema = \"s.toml\"\ndata = \"d.csv\"\nfigures = \"f.toml\"\n";
    let text = format!("[study]\n{head}{study}\n[deck]\ntitle = \"{{group}}\"\n{deck}");
    Program::new().file("s.toml", SCHEMA).file("d.csv", DATA).file("f.toml", FIGURES).file("study.toml", text)
}

fn of_group(program: &Program, group: &str) -> Run {
    program.run(&["deck", "study.toml", "--group", group, "--out", "o.pptx"])
}

#[test]
fn row_30_a_sentence_that_the_data_contradict_is_an_error_with_slide_phrase_and_value() {
    let slide = "[[deck.slides]]\nnumber = \"1\"\nheadline = \"賛否\"\nrows = \"q1\"\nfigures = [\"most\"]\n";
    let program = small("smallest = 2", &format!("{slide}message = \"半数以上が賛成しています。\"\n"));
    // The figure was found within one group, and is judged within the other.
    assert_eq!(of_group(&program, "area=1").code, 0);
    std::fs::remove_file(program.path("o.pptx")).expect("a deck");
    let run = of_group(&program, "area=2");
    assert_eq!((run.code, program.path("o.pptx").exists()), (1, false));
    assert_eq!(
        run.stderr,
        "error: slide `1` for 大阪: figure `most` (`半数以上が賛成`) is not what the data give
  --> study.toml:13:11
   |
13 | message = \"半数以上が賛成しています。\"
   |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   |
   = hint: q1「賛成」［大阪］: 1/3 = 33.333％
   = hint: 「半数以上」は [50, 100]％ をいうが、データでは 33.33％
   = hint: a list of messages takes the first that the data bear out; `{ say = \"q1\" }` writes itself
"
    );
    // With another to take, or none, the slide says what is true.
    let program = small("smallest = 2", &format!("{slide}message = [\"半数以上が賛成しています。\"]\n"));
    assert_eq!(of_group(&program, "area=2").code, 0);
    let said = &slides(&program.path("o.pptx"))[1].words[1];
    assert_eq!(said, "「反対」との回答が66.7％で最多となった。次いで「賛成」33.3％だった。");
    // A batch that would hold one such deck writes none.
    let program = small("smallest = 2", &format!("{slide}message = \"半数以上が賛成しています。\"\n"));
    let run = program.run(&["batch", "study.toml", "--by", "area", "--out", "decks"]);
    assert_eq!((run.code, program.path("decks").exists()), (1, false));
}

#[test]
fn row_35_small_groups_are_left_out_or_put_together_and_the_index_says_so() {
    let slide = "[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n";
    let index = |study: &str| {
        let program = small(study, slide);
        let run = program.run(&["batch", "study.toml", "--by", "area", "--out", "decks"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let index = std::fs::read_to_string(program.path("decks/index.csv")).expect("an index");
        (
            index.replace("\r\n", "\n"),
            run.stderr,
            tree(&program.path("decks")).into_keys().collect::<Vec<_>>(),
        )
    };
    let (skipped, warnings, files) = index("smallest = 2");
    assert_eq!(
        skipped,
        "\u{FEFF}code,group,n,files,rule\n\
         1,東/京,3,1-tokyo-east.pptx,作成（* n が小さいため参考値）\n\
         2,大阪,3,2-大阪.pptx,作成（* n が小さいため参考値）\n\
         3,空,0,,回答者なし\n\
         4,小,1,,n が 2 未満のため作成せず\n"
    );
    assert_eq!(
        warnings,
        "warning: `空` has 0 respondents and no files\nwarning: `小` has 1 respondent and no files\n"
    );
    assert_eq!(files, ["1-tokyo-east.pptx", "2-大阪.pptx", "index.csv", "index.html", "manifest.json"]);
    let (merged, _, files) = index("smallest = 4\nsmall_groups = \"merge\"");
    assert!(merged.ends_with(
        "4,小,1,,n が 4 未満のため合算\n,東/京・大阪・小,7,merged.pptx,作成（* n が小さいため参考値）\n"
    ));
    assert_eq!(files, ["index.csv", "index.html", "manifest.json", "merged.pptx"]);
}

#[test]
fn charts_of_a_slide_are_compared_as_the_slide_says() {
    let charts = "charts = [{ rows = \"q1\", kind = \"pie\" }, { rows = \"q2\", compare = \"nation\" }, { rows = \"q1\", kind = \"band\" }]";
    let deck = format!("[[deck.slides]]\nheadline = \"a\"\ncompare = \"none\"\n{charts}\n");
    let program = small("smallest = 2", &deck);
    let run = of_group(&program, "area=1");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let charts = &slides(&program.path("o.pptx"))[1].charts;
    assert_eq!(charts.iter().map(|chart| chart.values.len()).collect::<Vec<_>>(), [1, 2, 2]);
    // A band is one bar of its answers.
    assert_eq!((charts[2].stacked, charts[2].categories.len()), (true, 1));
}

/// Mistakes of groups on the command line, each with its exact words.
#[test]
fn groups_that_there_are_not() {
    let program = small("smallest = 2", "[[deck.slides]]\nheadline = \"a\"\nrows = \"q1\"\n");
    for (group, message) in [
        (
            "area=9",
            "error: --group: `area` has no group `9`\n  hint: give the code or the label of one of its options\n",
        ),
        ("aria=1", "error: --group: unknown question `aria`\n  hint: did you mean `area`?\n"),
        (
            "q2=1",
            "error: --group: expected a question with one answer each for groups, found `q2`\n  \
             hint: a `[[derive]]` makes groups of others\n",
        ),
        (
            "area=4",
            "error: `小` has 1 respondent, and a group of fewer than 2 has no deck\n  \
             hint: `smallest` under `[study]` says how few are enough\n",
        ),
    ] {
        let run = of_group(&program, group);
        assert_eq!((run.code, run.stderr.as_str()), (1, message));
    }
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", DATA)
        .file("study.toml", "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n");
    let run = of_group(&program, "area=1");
    let message = "error: study.toml: the study has no `[deck]`\n  hint: `[deck]` and `[[deck.slides]]` say what stands on slides\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, message));
}

/// Each mistake of a deck with the line that has it, and its hint.
#[test]
fn mistakes_of_a_deck_are_told_with_their_places() {
    let slide = |keys: &str| format!("[[deck.slides]]\nheadline = \"a\"\n{keys}\n");
    for (deck, message, hint) in [
        (
            "palette = { group = \"pink\" }\n".to_string(),
            "expected a colour such as `E4007F` for `group`, found `pink`",
            "",
        ),
        ("most_listed = 0\n".to_string(), "expected a number from 1 to 100 for `most_listed`", ""),
        (
            slide("rows = \"q1\"\ncompare = \"nacion\""),
            "expected `nation`, `others`, `class`, `last`, `none` or a reference for `compare`, found `nacion`",
            "did you mean `nation`?",
        ),
        (slide("rows = \"q1\"\nanswers = [3]"), "`q1` has no option or net `3`", "it has `1`, `2`"),
        (
            slide("rows = \"q1\"\ngrid_rows = [\"r1\"]"),
            "`q1` has no row `r1`",
            "`grid_rows` chooses rows of a grid",
        ),
        (
            slide("rows = \"q1\"\nlist = 1"),
            "respondents have no names: their key is no question of the schema",
            "`respondent = \"city\"` with a question `city` whose options are municipalities names them",
        ),
        (
            slide("message = { say = \"q1\", text = \"b\" }"),
            "expected one of `text`, `say`, `phrase = true` and `standing = true` for a message",
            "",
        ),
        (
            slide("message = { phrase = true }"),
            "missing key `rows` beside `phrase`",
            "a sentence is of a slide's first chart; `{ say = \"q1\" }` names another",
        ),
        (
            slide("rows = \"q1\"\ncharts = [{ rows = \"q1\" }]"),
            "expected `rows` or `charts`, found both",
            "charts have rows of their own",
        ),
        (
            slide("rows = \"q1\"\nkind = \"pie\""),
            "`pie` shows one group, beside nothing",
            "`compare = \"none\"` leaves the group alone",
        ),
        (
            slide("rows = \"q1\"\nmessage = \"3割です。\""),
            "slide `a` for 大阪: `3割` is asserted by no figure that the text names",
            "name the figure in `figures`, or let `{id}` print its number",
        ),
        (
            slide("rows = \"q1\"\nmessage = \"{list}です。\""),
            "slide `a` for 大阪: `{list}` has nobody to name",
            "`list = 2` names those who gave this answer, where anybody did",
        ),
        (
            slide("rows = \"q1,q2\"\nkind = \"pairs\"\ncompare = \"none\""),
            "`q1` and `q2` have different options and make no pairs",
            "`answers` chooses those that both have",
        ),
    ] {
        let run = of_group(&small("smallest = 2", &deck), "area=2");
        let lines: Vec<&str> = run.stderr.lines().collect();
        assert_eq!((run.code, lines[0]), (1, format!("error: {message}").as_str()), "{}", run.stderr);
        assert!(lines[1].trim_start().starts_with("--> study.toml:"), "{}", run.stderr);
        let told = lines.iter().find_map(|line| line.trim_start().strip_prefix("= hint: ")).unwrap_or("");
        assert_eq!(told, hint, "{}", run.stderr);
    }
}

/// Two charts of other respondents each say which base is whose; charts of the same say it once.
#[test]
fn bases_of_a_slide_name_their_charts_where_they_differ() {
    let slides = deck("pref=32");
    let bases = |folio: usize| -> Vec<&String> {
        slides[folio - 1].words.iter().filter(|words| words.contains("基数")).collect()
    };
    let differ = bases(27);
    assert_eq!(differ.len(), 2, "{differ:?}");
    assert!(differ[0].starts_with("情報共有の方法　基数: 回答者全体"), "{differ:?}");
    assert!(differ[1].starts_with("活用状況の把握　基数: この設問の対象者"), "{differ:?}");
    let same = bases(28);
    assert!(same.len() == 2 && same.iter().all(|base| base.contains("　基数: ")), "{same:?}");
    let same = bases(11);
    assert!(same.len() == 1 && same[0].starts_with("基数: 回答者全体"), "{same:?}");
}
