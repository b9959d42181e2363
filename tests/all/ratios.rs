//! Ratios of sums: published figures, who is in both sums, and mistakes.

use proptest::prelude::*;
use renkei::stats::Ratio;
use renkei::tabulate::{Request, RowRole, Shown, Table, fill};

use crate::cli::{Program, repository};
use crate::data::{self, read_text, weighted};
use crate::refusal::{SINGLE, SURVEY, refuses};

fn shown(arguments: &[&str]) -> String {
    let (schema, data) = (repository("schemas/ratios.toml"), repository("data-samples/ratios.csv"));
    let run = Program::new().run(&[&[arguments[0], "--schema", &schema, &data], &arguments[1..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stderr, "");
    run.stdout
}

#[test]
fn ratios_stand_in_books_cross_tables_and_summaries() {
    insta::assert_snapshot!(shown(&["tab"]));
    let cross = ["crosstab", "--rows", "discharge_rate", "--cols", "area,area>attached", "--range"];
    insta::assert_snapshot!(shown(&cross));
    let more = ["--diff", "--index", "--subtotals", "--axis", "top", "--lang", "en"];
    insta::assert_snapshot!(shown(&[&cross[..], &more].concat()));
    insta::assert_snapshot!(shown(&["tab", "--rows", "*_rate:ratio", "--sort"]));
    let summary = ["crosstab", "--rows", "discharge_rate+caseload:ratio", "--cols", "area", "--range"];
    insta::assert_snapshot!(shown(&summary));
    let cross = ["crosstab", "--rows", "discharge_rate", "--cols", "area"];
    let measures = ["--format", "tidy", "--measures", "n,base,total,ratio,numerator,denominator,diff"];
    insta::assert_snapshot!(shown(&[&cross[..], &measures].concat()));
    insta::assert_snapshot!(
        shown(&["codebook"])
            .lines()
            .skip_while(|line| !line.starts_with("discharge_rate"))
            .collect::<Vec<_>>()
            .join("\n")
    );
}

/// Three surveys of prefectures and medical areas have printed 24/33 as 72.7, 35/40 as 87.5 and 52/54 as 96.3.
#[test]
fn published_rates_come_out_to_the_digit() {
    let told =
        shown(&["crosstab", "--rows", "discharge_rate", "--cols", "area", "--range", "--format", "csv"]);
    for line in [
        "地域,A地域,4*,24,33,72.7,-",
        ",B地域,3*,35,40,87.5,1",
        ",C地域,4*,52,54,96.3,-",
        "※ 「地域」の範囲 72.7〜96.3（差 23.6ポイント）",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn the_guidebook_s_indicators_and_plan_have_books() {
    for (family, cross) in [
        ("guidebook-indicators", ["--rows", "i_*:ratio,rule", "--cols", "year,area>year", "--diff"]),
        ("guidebook-plan", ["--rows", "done,status", "--cols", "item", "--range"]),
    ] {
        let schema = repository(&format!("schemas/{family}.toml"));
        let data = repository(&format!("data-samples/{family}.csv"));
        for arguments in [&["tab"][..], &[&["crosstab"], &cross[..]].concat()] {
            let run =
                Program::new().run(&[&[arguments[0], "--schema", &schema, &data], &arguments[1..]].concat());
            assert_eq!((run.code, run.stderr.as_str()), (0, ""));
            insta::assert_snapshot!(run.stdout);
        }
    }
}

const TWO: &str = r#"[[question]]
id = "n"
text = "n"
kind = "number"
[[question]]
id = "m"
text = "m"
kind = "number"
[[question]]
id = "g"
text = "g"
kind = "single"
options = [ { code = 1, label = "x" }, { code = 2, label = "y" } ]
"#;

const RATE: &str = "[[derive]]\nid = \"r\"\nlabel = \"r\"\n";

fn program(ratio: &str, records: &[&str]) -> Program {
    let schema = [data::SURVEY, TWO, RATE, ratio].concat();
    let numbered = records.iter().enumerate().map(|(place, record)| format!("{},{record}\n", place + 1));
    Program::new()
        .file("s.toml", schema)
        .file("d.csv", "id,n,m,g\n".to_string() + &numbered.collect::<String>())
}

#[test]
fn something_out_of_nothing_and_a_part_above_its_whole_are_told() {
    let records = ["1,2,1", "5,0,1", "3,2,1", "7,0,2", "0,0,2", "4,,2"];
    let run = program("ratio = { of = \"n\", to = \"m\", part = true }\n", &records)
        .run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "r", "--format", "md"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stderr, @r"
    warning: d.csv: ratio `r`: `m` is 0 where `n` is not in 2 records, first in record 2
      hint: both count in the sums as they are
    warning: d.csv: ratio `r`: `n` is more than `m`, of which it is a part in record 3
      hint: correct the data, or drop `part = true`
    ");
    // 16 of 4; the last one gave no denominator.
    assert!(run.stdout.contains("400.0"), "{}", run.stdout);
    let run = program("ratio = { of = \"n\", to = \"m\" }\n", &records[2..3])
        .run(&["tab", "--schema", "s.toml", "d.csv", "--rows", "r"]);
    assert_eq!(run.stderr, "", "more than the whole is a matter of parts");
}

#[test]
fn a_sum_of_nothing_has_no_ratio() {
    let run = program("ratio = { of = \"n\", to = \"m\" }\n", &["0,0,1", "1,4,2"]).run(&[
        "crosstab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "r",
        "--cols",
        "g",
        "--range",
        "--low-base",
        "0",
    ]);
    insta::assert_snapshot!(run.stdout, @r#"
    r r × g
    基数: 回答者全体（n と比率は分子・分母の両方の回答者のみ）
    --------------------------------------
                                      比率
             n  分子：n  分母：m    （％）
    --------------------------------------
       全体  2        1        4      25.0
    g  x     1        0        0         …
       y     1        1        4      25.0
    --------------------------------------
    ※ … は対象者なし・算出不能
    ※ 比率は分子の合計 ÷ 分母の合計 × 100
    ※ 「g」の範囲 25.0〜25.0（差 0.0ポイント）
    "#);
}

/// One blank number takes the other one out as well; whoever is outside `when` was not asked.
#[test]
fn both_sums_are_over_those_who_gave_both() {
    let records = ["1,2,1", "3,,1", ",5,1", ",,1", "4,8,2", "9,9,"];
    let run = program("ratio = { of = \"n\", to = \"m\", when = \"g == 1\" }\n", &records).run(&[
        "tab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "r",
        "--explain-base",
        "--low-base",
        "0",
    ]);
    insta::assert_snapshot!(run.stdout, @r#"
    r r
    基数: この設問の対象者（比率は分子・分母の両方の回答者のみ）
    ----------------
                  値
    ----------------
    全体           4
    両方の回答     1
    分子：n        1
    分母：m        2
    比率（％）  50.0
    無回答         3
    ----------------
    ※ 比率の基数 1名 = 回答 1名（データの 6名 − 非該当 2名 − 無回答 3名）
    ※ 対象: 「g」が「x」
    ※ 比率は分子の合計 ÷ 分母の合計 × 100
    ※ 分母が無回答の 1名 は、分子の回答も除いた
    ※ 分子が無回答の 1名 は、分母の回答も除いた
    "#);
}

#[test]
fn a_condition_can_ask_whether_there_are_both_numbers_and_no_more() {
    let program = program("ratio = { of = \"n\", to = \"m\" }\n", &["1,2,1", "3,,1"]);
    let with = |filter: &str| {
        program.run(&[
            "tab", "--schema", "s.toml", "d.csv", "--rows", "g", "--filter", filter, "--cell", "count",
            "--format", "csv",
        ])
    };
    assert!(with("r is given").stdout.contains("全体,1*"), "{}", with("r is given").stdout);
    insta::assert_snapshot!(with("r > 50").stderr, @r"
    error: `>` compares one reply, but `r` is a ratio question
     --> --filter:1:3
      |
    1 | r > 50
      |   ^
      |
      = hint: write `r is given` or `r is missing`
    ");
}

#[test]
fn a_ratio_is_of_two_numbers() {
    refuses(
        &[SURVEY, SINGLE, RATE, "ratio = { of = \"q1\", to = \"q2\", per = 50, parts = true }\n"],
        r#"expected a number question in `of` of a ratio, found the single question `q1`
  at: "q1"
  hint: a `count` in a `[[derive]]` makes a number of answers
unknown question `q2` in `to` of a ratio
  at: "q2"
  hint: did you mean `q1`?
expected 1, 100, 1000, 10000 or 100000 for `per`, found `50`
  at: 50
  hint: 100 makes a percentage, 1 the plain ratio, 100000 a rate for each 100,000
unknown key `parts` in `ratio`
  at: parts
  hint: did you mean `part`?"#,
    );
    refuses(
        &[SURVEY, SINGLE, RATE, "ratio = { of = \"q1\" }\n"],
        r#"missing key `to` in `ratio`
  at: { of = "q1" }
expected a number question in `of` of a ratio, found the single question `q1`
  at: "q1"
  hint: a `count` in a `[[derive]]` makes a number of answers"#,
    );
    refuses(
        &[
            SURVEY,
            TWO,
            RATE,
            "from = \"g\"\nby = \"year\"\nratio = { of = \"n\", to = \"n\", when = \"k == 1\" }\n",
        ],
        r#"`r` is a ratio and nothing else
  at: "g"
  hint: keep one key; a ratio's numbers are named by `of` and `to`
`r` is a ratio and nothing else
  at: "year"
  hint: keep one key; a ratio's numbers are named by `of` and `to`
`n` is set against itself in `ratio`
  at: "n"
  hint: `of` is the part or the count, `to` what it is out of
unknown question `k`
  at: k"#,
    );
    refuses(
        &[
            SURVEY,
            TWO,
            RATE,
            "ratio = { of = \"n\", to = \"s\" }\n[[derive]]\nid = \"s\"\nlabel = \"s\"\nratio = { of = \"r\", to = \"n\" }\n",
        ],
        r#"`r` is derived from itself: `r` from `s` from `r`
  at: "s""#,
    );
    refuses(
        &[
            SURVEY,
            TWO,
            RATE,
            "ratio = { of = \"n\", to = \"m\" }\n[[derive]]\nid = \"b\"\nlabel = \"b\"\nfrom = \"r\"\ngroups = []\n",
        ],
        r#"expected a question with options in `from`, found the ratio question `r`
  at: "r"
  hint: a ratio is of sums; respondents have none to be grouped by"#,
    );
}

#[test]
fn ratios_are_asked_for_as_ratios() {
    let program = program("ratio = { of = \"n\", to = \"m\" }\n", &["1,2,1"]);
    let told = |rows: &str| program.run(&["tab", "--schema", "s.toml", "d.csv", "--rows", rows]).stderr;
    insta::assert_snapshot!(told("r:mean"), @r#"
    error: `r` has no numbers or scores
     --> --rows:1:1
      |
    1 | r:mean
      | ^
      |
      = hint: those that have are `n`, `m`
    "#);
    insta::assert_snapshot!(told("n+r:ratio"), @r#"
    error: `n` is no ratio
     --> --rows:1:1
      |
    1 | n+r:ratio
      | ^
      |
      = hint: those that have are `r`
    "#);
    insta::assert_snapshot!(told("r:ratio+mean"), @r#"
    error: `ratio` stands alone: a ratio of sums has no mean, sd or median
     --> --rows:1:1
      |
    1 | r:ratio+mean
      | ^
    "#);
    insta::assert_snapshot!(told("r:1"), @r#"
    error: a summary table needs a grid, and `r` is not one
     --> --rows:1:1
      |
    1 | r:1
      | ^^^
      |
      = hint: ask for it alone or in a summary table: `--rows r:ratio`
    "#);
    let run = program.run(&["crosstab", "--schema", "s.toml", "d.csv", "--rows", "g", "--cols", "r"]);
    insta::assert_snapshot!(run.stderr, @r#"
    error: `r` has no options and cannot be a banner
     --> --cols:1:1
      |
    1 | r
      | ^
    "#);
}

/// A record: n in tenths, m in whole numbers, group, weight in hundredths.
type Record = (Option<i64>, Option<i64>, u8, i64);

fn csv(records: &[Record]) -> String {
    let mut csv = "id,n,m,g,w\n".to_string();
    for (place, (n, m, g, w)) in records.iter().enumerate() {
        let n = n.map_or(String::new(), |n| format!("{}.{}", n / 10, n % 10));
        let m = m.map_or(String::new(), |m| m.to_string());
        csv += &format!("{place},{n},{m},{g},{}.{:02}\n", w / 100, w % 100);
    }
    csv
}

fn table(records: &[Record]) -> Table {
    let schema = [data::SURVEY, TWO, RATE, "ratio = { of = \"n\", to = \"m\", per = 1000 }\n"].concat();
    let survey = data::survey(&schema);
    let request = Request::resolve(&survey, "r", Some("g"), None, None).expect("a request");
    // Small blocks, so that sums are of several.
    let dataset = read_text(&survey, &request.questions(&survey), csv(records).as_bytes(), &weighted(), 64);
    let dataset = dataset.unwrap_or_else(|told| panic!("{told}"));
    fill(&survey, &request, &dataset, 2, &renkei::diag::Quiet).remove(0)
}

fn ratio(table: &Table, column: usize) -> Option<Ratio> {
    let row = table.stub.iter().position(|row| row.role == RowRole::Ratio).expect("a ratio's row");
    match table.ratio(row, column) {
        Shown::Value(ratio) => Some(ratio),
        _ => None,
    }
}

/// Σwn/Σwm × 1000 by a loop over records.
fn expected(records: &[Record], inside: impl Fn(u8) -> bool) -> Option<Ratio> {
    let (mut above, mut below) = (0, 0);
    for (n, m, g, w) in records {
        if let (Some(n), Some(m), true) = (n, m, inside(*g)) {
            above += i128::from(n * w);
            below += i128::from(10 * m * w);
        }
    }
    Ratio::new(1000 * above, below)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Weighted, with decimals, in any order and in parts: the exact ratio of the two sums.
    #[test]
    fn a_ratio_is_exactly_that_of_the_sums(
        records in proptest::collection::vec(
            (proptest::option::weighted(0.8, 0_i64..300), proptest::option::weighted(0.8, 0_i64..40), 1..3_u8, 1_i64..400),
            2..24,
        ),
        cut in 0_usize..24,
    ) {
        let whole = table(&records);
        prop_assert_eq!(ratio(&whole, 0), expected(&records, |_| true));
        prop_assert_eq!(ratio(&whole, 1), expected(&records, |g| g == 1));
        prop_assert_eq!(ratio(&whole, 2), expected(&records, |g| g == 2));
        let backwards: Vec<Record> = records.iter().rev().copied().collect();
        prop_assert_eq!(&table(&backwards), &whole);
        let cut = 1 + cut % (records.len() - 1);
        let (one, two) = (table(&records[..cut]), table(&records[cut..]));
        prop_assert_eq!(one.merge(&two), two.merge(&one));
        let merged = one.merge(&two).expect("parts of one table");
        for column in 0..3 {
            prop_assert_eq!(ratio(&merged, column), ratio(&whole, column));
        }
        prop_assert_eq!(&merged.notes, &whole.notes);
    }
}
