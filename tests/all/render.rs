//! What a person reads, as snapshots, and what no format may show.

use renkei::frame::{ReadOptions, WeightSource};
use renkei::render::{MEASURES, TextStyle, TidyStyle};
use renkei::sheet::{Axis, CellChoice, Difference, Language, PercentBase, Profile};
use renkei::tabulate::{Request, Table};

use crate::cli::{Program, repository};

fn shown(arguments: &[&str]) -> String {
    let (schema, data) = (repository("schemas/every-kind.toml"), repository("data-samples/every-kind.csv"));
    let fixed = [arguments[0], "--schema", &schema, &data];
    let run = Program::new().run(&[&fixed, &arguments[1..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn the_gt_book_of_every_kind_of_question() {
    insta::assert_snapshot!(shown(&["tab"]));
}

#[test]
fn the_cross_book_of_every_kind_of_question() {
    insta::assert_snapshot!(shown(&["crosstab", "--rows", "all", "--cols", "age_group,q4", "--no-weight"]));
}

#[test]
fn counts_over_percentages_and_differences_with_a_nested_banner_on_top() {
    insta::assert_snapshot!(shown(&[
        "crosstab",
        "--rows",
        "q4,q6:known",
        "--cols",
        "age_group>q1,q1",
        "--axis",
        "top",
        "--cell",
        "both",
        "--diff",
        "--low-base",
        "5",
        "--no-weight",
    ]));
}

#[test]
fn counts_and_percentages_apart_in_english_within_80_columns() {
    insta::assert_snapshot!(shown(&[
        "crosstab",
        "--rows",
        "q3",
        "--cols",
        "age_group",
        "--cell",
        "apart",
        "--lang",
        "en",
        "--width",
        "80",
    ]));
}

#[test]
fn markdown_and_csv_say_the_same_as_text() {
    let request = ["crosstab", "--rows", "q2,q7", "--cols", "age_group", "--format"];
    insta::assert_snapshot!(shown(&[&request[..], &["md"]].concat()));
    let csv = shown(&[&request[..], &["csv"]].concat());
    assert!(csv.starts_with('\u{feff}') && csv.lines().count() > 10);
    assert_eq!(csv.matches('\n').count(), csv.matches("\r\n").count());
    insta::assert_snapshot!(csv.replace("\r\n", "\n"));
}

#[test]
fn tidy_and_json_have_every_measure() {
    let request = ["crosstab", "--rows", "q4,q7", "--cols", "age_group>q1", "--format"];
    insta::assert_snapshot!(shown(&[&request[..], &["tidy"]].concat()));
    insta::assert_snapshot!(shown(&[&request[..], &["json"]].concat()));
}

fn tables() -> Vec<Table> {
    let text = std::fs::read_to_string(repository("schemas/every-kind.toml")).expect("the schema");
    let survey = renkei::schema::load("s.toml", &text).expect("the schema loads").value;
    let request = Request::resolve(&survey, "q4", Some("age_group"), None, None).expect("a request");
    let options = ReadOptions { weight: WeightSource::None, ..ReadOptions::default() };
    let data = repository("data-samples/every-kind.csv");
    let dataset = renkei::frame::read(
        data.as_ref(),
        &survey,
        &request.questions(&survey),
        &options,
        &renkei::diag::Quiet,
    )
    .expect("the data");
    renkei::tabulate::fill(&survey, &request, &dataset, 1, &renkei::diag::Quiet)
}

fn profile() -> Profile {
    Profile {
        language: Language::Japanese,
        axis: Axis::Side,
        cell: CellChoice::Both,
        percent: Some(PercentBase::Banner),
        decimals: 1,
        difference: Some(Difference::Raw),
        index: None,
        range: false,
        number: None,
        explanation: None,
        interval: None,
        significance: Default::default(),
        low_base: 0,
        hatch: true,
        era: false,
        unit: "人".into(),
        notes: Vec::new(),
    }
}

#[test]
fn a_hidden_cell_is_in_no_format() {
    let mut tables = tables();
    // 本や雑誌の充実 of 60歳以上: 8 of 15, 53.3 %.
    let (row, column) = (1, 3);
    assert_eq!(tables[0].cell(row, column).value().map(|tally| tally.n), Some(8));
    let line_of = |text: &str| -> String {
        text.lines().skip_while(|line| !line.contains("60歳以上")).take(3).collect::<Vec<_>>().join("\n")
    };
    let plain = TextStyle { width: None, colour: false };
    let render = |tables: &[Table]| {
        let sheets = renkei::sheet::arrange(tables, &profile());
        let mut tidy = Vec::new();
        let measures: Vec<_> = MEASURES.iter().map(|(measure, _)| *measure).collect();
        let profile = profile();
        let style = TidyStyle { measures: &measures, statistics: &[], profile: &profile };
        renkei::render::tidy(&mut tidy, tables, &style).expect("memory");
        let tidy = String::from_utf8(tidy).expect("UTF-8");
        let hidden: Vec<&str> =
            tidy.lines().filter(|l| l.starts_with("1,q4,2,") && l.contains(",age_group,3,")).collect();
        [
            line_of(&renkei::render::text(&sheets, plain)),
            line_of(&renkei::render::csv(&sheets)),
            line_of(&renkei::render::markdown(&sheets)),
            hidden.join("\n"),
        ]
    };
    // A page with that table alone, and no order of its answers, which would tell of a hidden one.
    let page = |tables: &[Table]| {
        let (profile, table) = (profile(), std::slice::from_ref(&tables[0]));
        let reordered = renkei::tabulate::sort_rows(table);
        let book = renkei::render::TablesBook {
            id: "b",
            title: "b",
            tables: table,
            reordered: &reordered,
            sorted: false,
            profile: &profile,
        };
        let language = Language::Japanese;
        let (books, notes) = (vec![book], Vec::<String>::new());
        renkei::render::TablesPage { title: "t", language, about: None, notes: &notes, books }.html()
    };
    assert!(page(&tables).contains("53.3") && page(&tables).contains("data-order="));
    let before = render(&tables);
    assert!(before.iter().all(|text| text.contains("53.3")), "{before:?}");
    tables[0].hide(row, column);
    let hidden = page(&tables);
    assert!(!hidden.contains("53.3") && !hidden.contains("data-order=") && hidden.contains(">x<"));
    let after = render(&tables);
    for text in &after {
        assert!(!text.contains("53.3"), "{text}");
    }
    assert!(after[..3].iter().all(|text| text.contains('x')), "{after:?}");
    // Count, percentages, mentions and difference are hidden; bases are not.
    assert_eq!(after[3].matches(",suppressed,").count(), after[3].lines().count() - 3, "{}", after[3]);
    let json = renkei::render::json(&tables, &Default::default(), None);
    assert_eq!(json.matches("\"suppressed\"").count(), 2);
}

#[test]
fn two_runs_give_the_same_bytes() {
    for format in ["text", "csv", "md", "json", "tidy"] {
        let request = ["crosstab", "--rows", "all", "--cols", "q1,q4", "--format", format];
        assert_eq!(shown(&request), shown(&request), "{format}");
    }
}

#[test]
fn subtotals_missing_and_indices_of_a_nested_banner() {
    let request = ["crosstab", "--rows", "q1,q7", "--cols", "age_group>q8", "--no-weight", "--low-base", "3"];
    let more = ["--subtotals", "--banner-missing", "--index", "--explain-base"];
    insta::assert_snapshot!(shown(&[&request[..], &more].concat()));
    let english = ["--axis", "top", "--lang", "en", "--index=1", "--filter", "age is given"];
    insta::assert_snapshot!(shown(&[&request[..], &more[..2], &more[3..], &english].concat()));
    let tidy = shown(&[&request[..], &more[..2], &["--format", "tidy", "--measures", "n,index"]].concat());
    let of = |line: &&str| line.starts_with("1,q1,1,");
    insta::assert_snapshot!(tidy.lines().filter(of).collect::<Vec<_>>().join("\n"));
}

#[test]
fn an_index_and_a_difference_are_of_percentages_within_the_groups() {
    let program = Program::small();
    let request = ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q1", "--cols", "q2"];
    let run = program.run(&[&request[..], &["--index", "--diff", "--percent", "stub"]].concat());
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stderr, @r"
    error: expected `--percent banner` with `--diff`, found another base
      hint: a difference from the total compares percentages within the groups
    error: expected `--percent banner` with `--index`, found another base
      hint: an index compares percentages within the groups with the total's
    ");
}

#[test]
fn bases_are_explained_where_nobody_is_in_them() {
    let request = ["tab", "--rows", "q2,q6,q7,q8", "--filter", "q1 == 3", "--explain-base"];
    insta::assert_snapshot!(shown(&request));
}

#[test]
fn a_book_is_numbered_and_a_grid_is_one_table_whether_split_or_not() {
    let titles = |arguments: &[&str]| -> Vec<String> {
        let text = shown(arguments);
        let numbered = text.lines().filter(|line| line.starts_with("表") || line.starts_with("Table "));
        numbered
            .filter_map(|line| line.split_whitespace().next().map(String::from))
            .filter(|title| title != "表示:")
            .collect()
    };
    let together = titles(&["tab", "--rows", "q5,q6,q7", "--number=4"]);
    assert_eq!(together, ["表4", "表5", "表6"]);
    let apart = titles(&["crosstab", "--rows", "q5,q6,q7", "--cols", "q1", "--number=4"]);
    assert_eq!(apart, ["表4", "表5-1", "表5-2", "表5-3", "表6"]);
    let counts_and_percentages =
        titles(&["crosstab", "--rows", "q5,q8", "--cols", "q1", "--cell", "apart", "--number"]);
    assert_eq!(counts_and_percentages, ["表1", "表1", "表2", "表2"]);
    assert_eq!(titles(&["tab", "--rows", "q5,q6"]), Vec::<String>::new());
    assert_eq!(titles(&["tab", "--rows", "all"]).len(), 11);
    assert_eq!(titles(&["tab", "--no-number"]), Vec::<String>::new());
}

#[test]
fn a_rank_question_and_its_places_have_one_number() {
    let (schema, data) = (repository("schemas/rank.toml"), repository("data-samples/rank.csv"));
    let titles = |command: &str, more: &[&str]| -> Vec<String> {
        let run = Program::new().run(&[&[command, "--schema", &schema, &data, "--number"], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let numbered = run.stdout.lines().filter(|line| line.starts_with('表') && !line.starts_with("表示"));
        numbered.filter_map(|line| line.split_whitespace().next().map(String::from)).collect()
    };
    assert_eq!(titles("tab", &["--rows", "q2,q1"]), ["表1", "表2"]);
    let apart = ["--rows", "q2,q2.1,q2.2,q1", "--cols", "q1"];
    assert_eq!(titles("crosstab", &apart), ["表1", "表1-1", "表1-2", "表2"]);
}
