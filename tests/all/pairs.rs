//! Tests that need more than cells: columns that share respondents, columns against the rest and the Total,
//! paired answers, rows of a grid, several answers; against R's numbers, by laws, and as they are printed.
//!
//! `tests/authority/pairs.json` is written by `tests/authority/pairs.R`, which names source, exact call,
//! version and date; `outside` runs it again.

use proptest::prelude::*;
use renkei::frame::{Dataset, ReadOptions, WeightSource};
use renkei::schema::Survey;
use renkei::significance::{
    Against, Comparing, Correction, Group, Lettering, Options, Preset, Sharing, Test, cochran, compare,
    difference_of_means, difference_of_proportions, find, marginal_homogeneity, symmetry,
};
use renkei::tabulate::{Battery, Request, Table, Tally, fill};
use serde_json::Value;

use crate::cli::{Program, repository};
use crate::data::{all, plain, read_text, survey};

/// The committed numbers.
pub const PAIRS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/pairs.json");

const SCHEMA: &str = r#"
[survey]
id = "pairs"
title = "pairs"
respondent = "id"

[[question]]
id = "a"
text = "a"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "b"
text = "b"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "c"
text = "c"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]

[[question]]
id = "d"
text = "d"
kind = "single"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]

[[question]]
id = "s"
text = "s"
kind = "scale"
options = [{ code = 1, label = "1", score = 1 }, { code = 2, label = "2", score = 2 }, { code = 3, label = "3", score = 3 }, { code = 4, label = "4", score = 4 }, { code = 5, label = "5", score = 5 }]

[[question]]
id = "m"
text = "m"
kind = "multi"
columns = "m{code}"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }, { code = 4, label = "4" }]

[[question]]
id = "k"
text = "k"
kind = "multi"
columns = "k{code}"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }, { code = 3, label = "3" }]

[[question]]
id = "g"
text = "g"
kind = "grid"
options = [{ code = 1, label = "1" }, { code = 2, label = "2" }]
rows = [{ id = "r1", label = "1" }, { id = "r2", label = "2" }, { id = "r3", label = "3" }, { id = "r4", label = "4" }]
"#;

fn numbers() -> Value {
    let text = std::fs::read_to_string(PAIRS).expect("the committed numbers");
    serde_json::from_str(&text).expect("JSON")
}

fn read(survey: &Survey, csv: &str, weighted: bool) -> Dataset {
    let weight = if weighted { WeightSource::Column("w".into()) } else { WeightSource::None };
    let options = ReadOptions { weight, ..plain() };
    read_text(survey, &all(survey), csv.as_bytes(), &options, 1 << 20).expect("sound data")
}

fn tables(
    survey: &Survey,
    dataset: &Dataset,
    rows: &str,
    cols: Option<&str>,
    options: &Options,
) -> Vec<Table> {
    let request = Request::resolve(survey, rows, cols, None, None).expect("a sound request");
    let request = Request { joint: options.needs(), ..request };
    fill(survey, &request, dataset, 1, &renkei::diag::Quiet)
}

fn comparing(preset: Preset, against: Against) -> Comparing {
    Comparing { preset, levels: vec![500], correction: Correction::None, against }
}

fn near(found: f64, expected: &Value, what: &str) {
    let expected = expected.as_f64().unwrap_or_else(|| panic!("{what}: no number"));
    assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1e-4), "{what}: {found}, R {expected}");
}

fn named<T: Copy>(known: &[(&str, T)], name: &Value) -> T {
    known.iter().find(|(known, _)| name == known).expect("a known name").1
}

/// To 1e-8: both sides sum a few dozen doubles; tails are cdflib's against R's own.
#[test]
fn comparisons_of_columns_are_those_of_r_by_each_definition() {
    let numbers = numbers();
    let survey = survey(SCHEMA);
    let csv = numbers["csv"].as_str().expect("the data");
    let datasets = [false, true].map(|weighted| read(&survey, csv, weighted));
    let comparisons = numbers["comparisons"].as_array().expect("comparisons");
    assert_eq!(comparisons.len(), 340);
    for set in comparisons {
        let dataset = &datasets[usize::from(set["weighted"] == true)];
        let comparing = comparing(named(&Preset::ALL, &set["preset"]), named(&Against::ALL, &set["against"]));
        let options = Options { comparison: Some(comparing.clone()), ..Options::default() };
        let (question, banner) = (set["question"].as_str().expect("rows"), set["banner"].as_str());
        let table = tables(&survey, dataset, question, banner, &options).remove(0);
        let Lettering { comparisons, .. } = compare(&table, &comparing);
        let code = set["code"].as_i64().map(|code| code.to_string());
        let row = table
            .stub
            .iter()
            .position(|row| {
                row.code.as_ref().map(ToString::to_string) == code
                    && row.role != renkei::tabulate::RowRole::Missing
            })
            .expect("the row");
        let column = |value: &Value| value.as_u64().map(|column| column as usize);
        let of_set = |found: &&renkei::significance::Comparison| {
            (found.row, Some(found.left), found.right) == (row, column(&set["left"]), column(&set["right"]))
        };
        let found = comparisons.iter().find(of_set).unwrap_or_else(|| panic!("{set}: not compared"));
        near(found.statistic, &set["found"]["statistic"], &set.to_string());
        near(found.p, &set["found"]["p"], &set.to_string());
        match found.df {
            Some(df) => near(df, &set["found"]["df"], &set.to_string()),
            None => assert!(set["found"]["df"].is_null(), "{set}"),
        }
    }
}

fn tally(n: u64, w: i128, w2: i128) -> Tally {
    Tally { n, w, w2 }
}

/// Two columns that share respondents: in one alone, in the other alone, in both; with and without the answer.
fn overlapping() -> impl Strategy<Value = (Group, Group, Sharing)> {
    let part = (1_u64..60, 1_u64..60, 1_i128..6).prop_map(|(yes, no, w)| {
        let of = |n: u64| tally(n, i128::from(n) * w, i128::from(n) * w * w);
        (of(yes), of(yes + no))
    });
    (part.clone(), part.clone(), part, 0_u64..50).prop_map(|(left, right, both, outside)| {
        let group =
            |alone: (Tally, Tally)| Group { cell: alone.0.merge(both.0), base: alone.1.merge(both.1) };
        let whole = left.1.n + right.1.n + both.1.n + outside;
        (group(left), group(right), Sharing { base: both.1, whole })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_that_share_respondents_compare_both_ways_alike((a, b, sharing) in overlapping()) {
        for (name, preset) in Preset::ALL {
            let forth = difference_of_proportions(preset, a, b, Some(sharing), 1.0);
            let back = difference_of_proportions(preset, b, a, Some(sharing), 1.0);
            match (forth, back) {
                (Some(forth), Some(back)) => {
                    prop_assert!((forth.0 + back.0).abs() <= 1e-9 * forth.0.abs(), "{name}: {forth:?} {back:?}");
                    prop_assert!((forth.2 - back.2).abs() <= 1e-9, "{name}");
                }
                (forth, back) => prop_assert_eq!(forth.is_some(), back.is_some()),
            }
        }
        let (one, other) = ([2.5, 1.2, 40.0], [3.0, 0.8, 55.0]);
        let (forth, back) = (difference_of_means(one, other, 12.0), difference_of_means(other, one, 12.0));
        prop_assert_eq!(forth.map(|t| -t.0), back.map(|t| t.0));
    }

    /// Whoever is in both adds nothing to the difference: knowing it can only sharpen the pooled tests.
    #[test]
    fn sharing_respondents_never_makes_a_pooled_difference_less_certain((a, b, sharing) in overlapping()) {
        for preset in [Preset::Renkei, Preset::Spss] {
            let apart = difference_of_proportions(preset, a, b, None, 1.0);
            let shared = difference_of_proportions(preset, a, b, Some(sharing), 1.0);
            if let (Some(apart), Some(shared)) = (apart, shared) {
                prop_assert!(shared.0.abs() >= apart.0.abs() - 1e-12, "{preset:?} {apart:?} {shared:?}");
            }
        }
    }
}

/// Means without anybody in both are Welch's, and of one sample compared with itself nothing differs.
#[test]
fn the_test_of_overlapping_means_ends_in_welch_and_in_nothing() {
    let welch = difference_of_means([5.0, 2.0, 30.0], [4.0, 1.0, 20.0], 0.0).expect("a test");
    // 4/30 + 1/20, and Welch's degrees of freedom.
    let v = 4.0 / 30.0 + 1.0 / 20.0;
    assert!((welch.0 - 1.0 / f64::sqrt(v)).abs() < 1e-12);
    let df = v * v / ((4.0 / 30.0) * (4.0 / 30.0) / 29.0 + 0.05 * 0.05 / 19.0);
    assert!((welch.1.expect("degrees of freedom") - df).abs() < 1e-9);
    assert_eq!(difference_of_means([5.0, 2.0, 30.0], [5.0, 2.0, 30.0], 30.0), None);
}

fn shown(more: &[&str]) -> String {
    let schema = repository("schemas/care-manager-2016.toml");
    let data = repository("data-samples/care-manager-2016.csv");
    let run = Program::new().run(&[&["crosstab", "--schema", &schema, &data], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn columns_that_share_respondents_have_letters_and_a_note() {
    let asked = ["--rows", "q4", "--cols", "q3", "--sig", "dimensions"];
    let text = shown(&asked);
    assert!(text.contains("※ 重複する回答者の分だけ差の分散を小さくしている\n"), "{text}");
    assert!(text.contains("※ A・B… はその列より有意に大きいことを示す（dimensions: "), "{text}");
    let crunch = shown(&["--rows", "q4", "--cols", "q3", "--sig", "crunch", "--lang", "en"]);
    assert!(crunch.contains("the variance is that of the difference of their sizes"), "{crunch}");
}

#[test]
fn marks_tell_a_column_from_the_rest_and_from_the_total() {
    let of = |against: &str, more: &[&str]| {
        let asked =
            ["--rows", "q1", "--cols", "q4", "--sig", "renkei", "--level", "1,5", "--against", against];
        shown(&[&asked[..], more].concat())
    };
    insta::assert_snapshot!(of("total", &[]));
    insta::assert_snapshot!(of("rest", &["--lang", "en"]));
    let tidy = of("rest", &["--format", "tidy", "--measures", "letters"]);
    assert!(tidy.contains(",letters,▲,,option,group,A,"), "{tidy}");
    assert!(tidy.contains("each against everybody else"), "{tidy}");
    let json: Value = serde_json::from_str(&of("total", &["--format", "json"])).expect("JSON");
    let columns = &json["tables"][0]["significance"]["columns"];
    assert_eq!(columns["against"], "total");
    assert_eq!(columns["comparisons"][0]["right"], 0);
    let crunch = shown(&["--rows", "q1", "--cols", "q4", "--sig", "crunch", "--against", "total"]);
    assert!(crunch.contains("「情報提供」の列は比べない: このプログラムに定義がないため"), "{crunch}");
}

/// What a line of a test says, by name.
fn check(table: &Table, options: &Options, test: Test, expected: &Value, what: &str) {
    let findings = find(table, options);
    let line = findings.tests.iter().find(|line| line.asked == test).expect("a line of the test");
    assert!(line.values.is_ok(), "{what}: {line:?}");
    let mut checked = 0;
    for (name, expected) in expected.as_object().expect("numbers") {
        match line.value(name) {
            Some(found) => {
                near(found, expected, &format!("{what}: {name}"));
                checked += 1;
            }
            None => assert!(expected.is_null() || !name.starts_with(test.statistic().0), "{what}: no {name}"),
        }
    }
    assert!(checked >= 3, "{what}: {line:?}");
}

/// The first so many respondents.
fn first(csv: &str, respondents: &Value) -> String {
    let respondents = respondents.as_u64().expect("a number") as usize;
    csv.lines().take(1 + respondents).map(|line| format!("{line}\n")).collect()
}

fn asked(tests: &[Test]) -> Options {
    Options { tests: tests.to_vec(), ..Options::default() }
}

/// To 1e-8, as above. The contrast of R is half of ours, which leaves t as it is.
#[test]
fn paired_answers_rows_of_a_grid_and_several_answers_are_those_of_r() {
    let numbers = numbers();
    let survey = survey(SCHEMA);
    let csv = numbers["csv"].as_str().expect("the data");
    let list = |key: &str| numbers[key].as_array().expect("a list").clone();
    for set in list("paired") {
        let dataset = read(&survey, &first(csv, &set["first"]), false);
        for test in [Test::McNemar, Test::Marginal] {
            let (rows, options) = (set["rows"].as_str().expect("rows"), asked(&[test]));
            let table = tables(&survey, &dataset, rows, set["cols"].as_str(), &options).remove(0);
            check(&table, &options, test, &set["found"], &set.to_string());
        }
    }
    let dataset = read(&survey, csv, false);
    for set in list("rows") {
        for test in [Test::Cochran, Test::Contrast] {
            let options = asked(&[test]);
            let table = tables(&survey, &dataset, &format!("g:{}", set["code"]), None, &options).remove(0);
            check(&table, &options, test, &set["found"], &set.to_string());
        }
    }
    for set in list("several") {
        let dataset = read(&survey, &first(csv, &set["first"]), false);
        let options = asked(&[Test::BilderLoughin]);
        let (rows, cols) = (set["rows"].as_str().expect("rows"), set["cols"].as_str().expect("columns"));
        // Which of the two is the banner changes nothing.
        for (rows, cols) in [(rows, cols), (cols, rows)] {
            let table = tables(&survey, &dataset, rows, Some(cols), &options).remove(0);
            check(&table, &options, Test::BilderLoughin, &set["found"], &set.to_string());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paired_tests_do_not_depend_on_which_question_comes_first(
        counts in (2_usize..5).prop_flat_map(|size| proptest::collection::vec(proptest::collection::vec(0_u64..30, size), size))
    ) {
        let turned: Vec<Vec<u64>> =
            (0..counts.len()).map(|row| counts.iter().map(|line| line[row]).collect()).collect();
        let p = |counts: &[Vec<u64>]| symmetry(counts).map(|found| (found.chi_squared.p, found.exact));
        prop_assert_eq!(p(&counts).is_ok(), p(&turned).is_ok());
        if let (Ok(one), Ok(other)) = (p(&counts), p(&turned)) {
            prop_assert!((one.0 - other.0).abs() < 1e-12);
            prop_assert_eq!(one.1, other.1);
        }
        if let (Ok(one), Ok(other)) = (marginal_homogeneity(&counts), marginal_homogeneity(&turned)) {
            prop_assert!((one.p - other.p).abs() < 1e-9);
        }
    }

    /// Two rows of a grid are two questions: Q is McNemar's χ², and so is Stuart and Maxwell's statistic.
    #[test]
    fn of_two_rows_cochran_is_mcnemar(both in 0_u64..50, one in 0_u64..50, other in 1_u64..50, neither in 0_u64..50) {
        let battery = Battery {
            n: both + one + other + neither,
            with: vec![both + one, both + other],
            answers: 2 * both + one + other,
            answers_squared: 4 * both + one + other,
            contrast: other as i64 - one as i64,
            contrast_squared: one + other,
        };
        let counts = [vec![both, one], vec![other, neither]];
        let mcnemar = symmetry(&counts).expect("somebody differs").chi_squared;
        let q = cochran(&battery).expect("somebody differs");
        let stuart = marginal_homogeneity(&counts).expect("somebody differs");
        prop_assert!((q.statistic - mcnemar.statistic).abs() < 1e-9 && q.df == mcnemar.df);
        prop_assert!((stuart.statistic - mcnemar.statistic).abs() < 1e-9);
    }
}

/// Ten options stand in two octets, so that pairs are counted in both ways; and within another question.
#[test]
fn shared_respondents_are_those_whom_a_filter_finds_in_both_columns() {
    let schema = std::fs::read_to_string(repository("schemas/care-manager-2016.toml")).expect("the schema");
    let data = std::fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("the data");
    let survey = survey(&schema);
    let dataset = read(&survey, &data, false);
    let options =
        Options { comparison: Some(comparing(Preset::Renkei, Against::Columns)), ..Options::default() };
    for cols in ["q3", "q4>q3"] {
        let whole = tables(&survey, &dataset, "q1", Some(cols), &options).remove(0);
        for left in 1..whole.columns.len() {
            let codes: Vec<String> = whole.columns[left].codes.iter().map(ToString::to_string).collect();
            let filter = match codes.as_slice() {
                [option] => format!("q3 has {option}"),
                codes => format!("q4 == {} and q3 has {}", codes[0], codes[1]),
            };
            let request =
                Request::resolve(&survey, "q1", Some(cols), Some(&filter), None).expect("a request");
            let inside = fill(&survey, &request, &dataset, 1, &renkei::diag::Quiet).remove(0);
            for right in (1..whole.columns.len()).filter(|&right| right != left) {
                assert_eq!(
                    whole.joint.shared(0, left, right),
                    inside.base(0, right),
                    "{cols} {left} {right}"
                );
            }
        }
    }
}

#[test]
fn a_correction_only_removes_marks() {
    let marks = |correction: &str, against: &str| {
        let asked = ["--rows", "q1,q2,q5", "--cols", "q3,q4", "--sig", "spss", "--against", against];
        let json = shown(&[&asked[..], &["--correction", correction, "--format", "json"]].concat());
        let json: Value = serde_json::from_str(&json).expect("JSON");
        let tables = json["tables"].as_array().expect("tables").clone();
        let letters = tables
            .iter()
            .flat_map(|table| table["significance"]["columns"]["letters"].as_array().expect("rows").clone());
        let cells: Vec<Value> = letters.flat_map(|row| row.as_array().expect("cells").clone()).collect();
        cells.iter().map(|cell| cell.as_str().expect("letters").to_string()).collect::<Vec<_>>()
    };
    for (against, _) in Against::ALL {
        let all = marks("none", against);
        assert!(all.iter().any(|letters| !letters.is_empty()), "{against}");
        for correction in ["bonferroni", "holm", "bh"] {
            for (corrected, all) in marks(correction, against).iter().zip(&all) {
                assert!(corrected.chars().all(|letter| all.contains(letter)), "{against}: {corrected} {all}");
            }
        }
    }
}

#[test]
fn tests_over_the_rows_of_a_grid_say_how_many_answered_all() {
    let schema = repository("schemas/care-manager-2016.toml");
    let data = repository("data-samples/care-manager-2016.csv");
    let tab = |more: &[&str]| {
        let asked = ["tab", "--schema", &schema, &data, "--test", "cochran,contrast,trend"];
        let run = Program::new().run(&[&asked[..], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let text = tab(&["--rows", "q7:easy"]);
    for line in [
        "※ コクランのQ検定（行の間、全体）: Q(4)=174.51、p<0.001、全行に回答した 604 人\n",
        "※ 対応のある線形対比（行の間、全体）: t(603)=-10.23、p<0.001、全行に回答した 604 人\n",
        "※ 傾向の検定（行の間、全体）: 行わない: 行は同じ回答者のため（対応のある contrast を使う）\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let cut = tab(&["--rows", "q7:easy", "--top", "2"]);
    assert!(cut.contains("コクランのQ検定（行の間、全体）: 行わない: 掲載しない選択肢があるため"), "{cut}");
    let question = tab(&["--rows", "q1", "--lang", "en"]);
    let said = "※ Cochran's Q (between the rows, total): not run: not a summary table of a grid's rows (`q:answer`)\n";
    assert!(question.contains(said), "{question}");
    let json: Value = serde_json::from_str(&tab(&["--rows", "q7:easy", "--format", "json"])).expect("JSON");
    let tests = &json["tables"][0]["significance"]["tests"];
    assert!(tests[0]["banner"].is_null() && tests[0]["statistics"]["rows_n"] == 604.0, "{tests}");
    assert_eq!(tests[2]["not_run"], "the rows have the same respondents: use contrast, which is paired");
}

#[test]
fn paired_and_several_answers_say_what_was_done_or_why_not() {
    for (rows, cols, test, said) in [
        ("q7.r1", "q7.r5", "mcnemar", "対称性の検定（Bowker）（500床以上）: χ²(8)=166.79、p<0.001\n"),
        (
            "q7.r1",
            "q7.r5",
            "marginal",
            "周辺同等性の検定（Stuart–Maxwell）（500床以上）: χ²(4)=138.36、p<0.001\n",
        ),
        // Codes 1 to 3 both, and nothing else in common.
        ("q1", "q4", "mcnemar", "マクネマー検定（情報提供）: 行わない: 両設問の選択肢が同じでないため\n"),
        ("q1", "q4", "bilder-loughin", "行わない: どちらも複数回答の設問ではないため\n"),
        (
            "q3",
            "q4",
            "auto",
            "複数回答の独立性の検定（Bilder–Loughin）（情報提供）: X²=20.48、Rao–Scott 2次 χ²(20.8)=21.35、p=0.428",
        ),
        ("q1", "q3", "auto", "複数回答の独立性の検定（Bilder–Loughin）（期待するバックアップ）: X²=30.47"),
    ] {
        let text = shown(&["--rows", rows, "--cols", cols, "--test", test]);
        assert!(text.contains(said), "{rows} {cols} {test}: {text}");
    }
    let questions = |w: &str| {
        let question = |id: &str| {
            format!(
                "[[question]]\nid = \"{id}\"\ntext = \"{id}\"\nkind = \"single\"\noptions = [{{ code = 1, label = \"x\" }}, {{ code = 2, label = \"y\" }}]\n"
            )
        };
        format!("[survey]\nid = \"p\"\ntitle = \"p\"\n{w}{}{}", question("a"), question("b"))
    };
    let run = |schema: &str, data: &str| {
        let program = Program::new().file("s.toml", schema).file("d.csv", data);
        let asked = ["--rows", "a", "--cols", "b", "--test", "mcnemar,marginal"];
        let run = program.run(&[&["crosstab", "--schema", "s.toml", "d.csv"], &asked[..]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let small = run(&questions(""), "a,b\n1,2\n1,2\n1,2\n2,1\n1,1\n");
    assert!(small.contains("マクネマー検定（b）: χ²(1)=1.00、p=0.317、正確 p=0.625\n"), "{small}");
    let same = run(&questions(""), "a,b\n1,1\n2,2\n");
    assert!(same.contains("マクネマー検定（b）: 行わない: 回答の異なる人がいないため\n"), "{same}");
    let weighted = run(&questions("weight = \"w\"\n"), "a,b,w\n1,2,1\n2,1,2\n");
    assert!(weighted.contains("行わない: ウェイトがあるため（人数による検定）\n"), "{weighted}");
}

#[test]
fn a_question_is_not_tested_against_itself() {
    let schema = crate::cli::repository("schemas/care-manager-2016.toml");
    let data = crate::cli::repository("data-samples/care-manager-2016.csv");
    let run = crate::cli::Program::new().run(&[
        "crosstab", "--schema", &schema, &data, "--rows", "q3,q1", "--cols", "q3,q1", "--test", "auto",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told: Vec<&str> = run.stdout.lines().filter(|line| line.contains("同じ設問どうしのため")).collect();
    assert_eq!(told.len(), 2, "{}", run.stdout);
}
