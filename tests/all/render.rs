//! What a person reads, as snapshots, and what no format may show.

use renkei::frame::{ReadOptions, WeightSource};
use renkei::render::{MEASURES, TextStyle};
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
        renkei::render::tidy(&mut tidy, tables, &measures, 0, Language::Japanese).expect("memory");
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
    let before = render(&tables);
    assert!(before.iter().all(|text| text.contains("53.3")), "{before:?}");
    tables[0].hide(row, column);
    let after = render(&tables);
    for text in &after {
        assert!(!text.contains("53.3"), "{text}");
    }
    assert!(after[..3].iter().all(|text| text.contains('x')), "{after:?}");
    // Count, percentages, mentions and difference are hidden; bases are not.
    assert_eq!(after[3].matches(",suppressed,").count(), after[3].lines().count() - 3, "{}", after[3]);
    let json = renkei::render::json(&tables);
    assert_eq!(json.matches("\"suppressed\"").count(), 2);
}

#[test]
fn two_runs_give_the_same_bytes() {
    for format in ["text", "csv", "md", "json", "tidy"] {
        let request = ["crosstab", "--rows", "all", "--cols", "q1,q4", "--format", format];
        assert_eq!(shown(&request), shown(&request), "{format}");
    }
}
