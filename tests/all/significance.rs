//! Tests and letters: R's numbers, the presets' definitions, laws, and what is printed.

use proptest::prelude::*;
use renkei::significance::{
    ChiSquared, Contingency, Correction, Group, NotRun, Preset, Sharing, adjusted, difference_of_proportions,
    fisher,
};
use renkei::tabulate::Tally;
use serde_json::Value;

use crate::authority::NUMBERS;
use crate::cli::{Program, repository};

fn numbers() -> Value {
    let text = std::fs::read_to_string(NUMBERS).expect("the committed numbers");
    serde_json::from_str(&text).expect("JSON")
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().into_iter().flatten().map(|value| value.as_f64().expect("a number")).collect()
}

/// Respondents one by one, group by group and answer by answer, as numbers.R has them.
fn cells(set: &Value) -> Vec<Vec<Tally>> {
    let rows: Vec<Vec<f64>> = set["rows"].as_array().expect("rows").iter().map(list).collect();
    let weights: Vec<i128> = match set["w"].as_array() {
        None => vec![1],
        Some(texts) => texts
            .iter()
            .map(|text| {
                (text.as_str().expect("a text").parse::<f64>().expect("a number") * 100.0).round() as i128
            })
            .collect(),
    };
    let mut weights = weights.iter().cycle();
    let mut cells = vec![vec![Tally::default(); rows[0].len()]; rows.len()];
    for column in 0..rows[0].len() {
        for (row, counts) in rows.iter().enumerate() {
            for _ in 0..counts[column] as u64 {
                let w = *weights.next().expect("weights go round");
                cells[row][column] += Tally { n: 1, w, w2: w * w };
            }
        }
    }
    cells
}

/// To 1e-8: both sides sum a few dozen doubles; p-values are cdflib's against R's own.
#[test]
fn tests_of_tables_are_those_of_r() {
    let numbers = numbers();
    let sets = numbers["tables"].as_array().expect("tables");
    assert_eq!(sets.len(), 12);
    for set in sets {
        let name = set["name"].as_str().expect("a name");
        let weighted = !set["w"].is_null();
        let table = Contingency::new(&cells(set), weighted).expect("a table");
        let check = |key: &str, found: f64| {
            let expected = set[key].as_f64().unwrap_or_else(|| panic!("{name}: no {key}"));
            assert!((found - expected).abs() <= 1e-8 * expected.abs(), "{name}: {key} {found}, R {expected}");
        };
        for ((_, _, found), expected) in table.residuals().into_iter().zip(list(&set["stdres"])) {
            assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1.0), "{name}: {found} {expected}");
        }
        assert_eq!(table.residuals().len(), list(&set["stdres"]).len(), "{name}");
        if weighted {
            let found = table.rao_scott(None).expect("a test");
            check("rs_f", found.f);
            check("rs_df1", found.df1);
            check("rs_df2", found.df2);
            check("rs_p", found.p);
            check("rs1_p", found.first.p);
            check("cramers_v", table.cramers_v());
            assert_eq!(table.pearson(), Err(NotRun::Weights), "{name}");
            continue;
        }
        let ChiSquared { statistic, df, p } = table.pearson().expect("a test");
        check("chisq", statistic);
        check("chisq_df", df);
        check("chisq_p", p);
        check("expected_min", table.least_expected());
        check("lr", table.likelihood_ratio().expect("a test").statistic);
        check("trend", table.trend().expect("a test").statistic);
        if !set["fisher_p"].is_null() {
            let found = fisher(&table, renkei::significance::SEED).expect("a test");
            assert_eq!(found.error, None, "{name}: enumerated");
            check("fisher_p", found.p);
        }
    }
}

#[test]
fn corrections_are_those_of_r() {
    let numbers = &numbers()["adjusted"];
    let p = list(&numbers["p"]);
    for (name, correction) in Correction::ALL.into_iter().filter(|(name, _)| *name != "none") {
        for (found, expected) in adjusted(&p, correction).into_iter().zip(list(&numbers[name])) {
            assert!((found - expected).abs() < 1e-14, "{name}: {found} {expected}");
        }
    }
}

#[test]
fn a_table_of_one_answer_or_one_group_or_nobody_is_not_tested() {
    let one = Tally { n: 1, w: 1, w2: 1 };
    let none = Tally::default();
    for cells in [vec![], vec![vec![one]], vec![vec![one, one], vec![none, none]], vec![vec![one, none]; 2]] {
        assert_eq!(Contingency::new(&cells, false).err(), Some(NotRun::Degenerate));
    }
}

fn tally(n: u64, w: i128, w2: i128) -> Tally {
    Tally { n, w, w2 }
}

/// By hand, from the formulas in docs/significance.md: 60 of 100 against 40 of 100.
#[test]
fn each_preset_computes_what_it_is_defined_to() {
    let counted = |yes: u64, n: u64| Group {
        cell: tally(yes, i128::from(yes), i128::from(yes)),
        base: tally(n, i128::from(n), i128::from(n)),
    };
    // Weights with Σw² twice Σw: an effective base of 50.
    let weighted = |yes: u64| Group {
        cell: tally(yes, i128::from(yes), 2 * i128::from(yes)),
        base: tally(100, 100, 200),
    };
    let (none, shared) = (None, Some(Sharing { base: tally(20, 20, 20), whole: 180 }));
    let (left, right) = (counted(60, 100), counted(40, 100));
    for (preset, left, right, both, statistic, df) in [
        (Preset::Spss, left, right, none, 8_f64.sqrt(), None),
        (Preset::Spss, left, right, shared, 10_f64.sqrt(), None),
        (Preset::Spss, weighted(60), weighted(40), none, 8_f64.sqrt(), None),
        (Preset::Dimensions, left, right, none, 8_f64.sqrt(), Some(198.0)),
        (Preset::Dimensions, left, right, shared, 10_f64.sqrt(), Some(178.0)),
        (Preset::Dimensions, weighted(60), weighted(40), none, 2.0, Some(98.0)),
        (Preset::Renkei, left, right, shared, 10_f64.sqrt(), Some(178.0)),
        (Preset::Renkei, weighted(60), weighted(40), none, 2.0, Some(98.0)),
        (Preset::Crunch, left, right, none, 0.2 / 0.0048_f64.sqrt(), Some(198.0)),
        (Preset::Crunch, weighted(60), weighted(40), none, 0.2 / 0.0096_f64.sqrt(), Some(98.0)),
    ] {
        let found = difference_of_proportions(preset, left, right, both, 1.0).expect("a comparison");
        assert!((found.0 - statistic).abs() < 1e-12, "{preset:?}: {found:?}, expected {statistic}");
        assert_eq!(found.1, df, "{preset:?}");
    }
    // Bases of 50 and 100, effective 50 and 50: Dimensions pools counts, renkei effective counts.
    let (small, large) = (counted(30, 50), weighted(40));
    let of = |preset| difference_of_proportions(preset, small, large, none, 1.0).expect("a comparison").0;
    let pooled = |p: f64| 0.2 / (p * (1.0 - p) * 0.04).sqrt();
    assert!((of(Preset::Renkei) - pooled(0.5)).abs() < 1e-12);
    assert!((of(Preset::Dimensions) - pooled(70.0 / 150.0)).abs() < 1e-12);
    // SPSS leaves out 0 % and 100 %.
    assert_eq!(difference_of_proportions(Preset::Spss, counted(0, 50), right, none, 1.0), None);
    assert!(difference_of_proportions(Preset::Renkei, counted(0, 50), right, none, 1.0).is_some());
    // Two columns of 0 % have no variance.
    for (_, preset) in Preset::ALL {
        assert_eq!(difference_of_proportions(preset, counted(0, 50), counted(0, 60), none, 1.0), None);
    }
}

fn groups() -> impl Strategy<Value = Group> {
    (1_u64..200, 1_u64..200, 1_i128..9, 1_i128..9).prop_map(|(yes, no, wy, wn)| {
        let (y, n) = (i128::from(yes), i128::from(no));
        Group {
            cell: tally(yes, y * wy, y * wy * wy),
            base: tally(yes + no, y * wy + n * wn, y * wy * wy + n * wn * wn),
        }
    })
}

fn tables() -> impl Strategy<Value = Vec<Vec<Tally>>> {
    (2_usize..5, 2_usize..5).prop_flat_map(|(rows, columns)| {
        let cell =
            (1_u64..30, 1_i128..9).prop_map(|(n, w)| tally(n, i128::from(n) * w, i128::from(n) * w * w));
        proptest::collection::vec(proptest::collection::vec(cell, columns), rows)
    })
}

fn times(tally: Tally, k: i128) -> Tally {
    Tally { n: tally.n, w: tally.w * k, w2: tally.w2 * k * k }
}

fn close(one: f64, other: f64) -> bool {
    (one - other).abs() <= 1e-9 * one.abs().max(1e-6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_against_b_is_minus_b_against_a(a in groups(), b in groups()) {
        for (_, preset) in Preset::ALL {
            let forth = difference_of_proportions(preset, a, b, None, 1.0);
            let back = difference_of_proportions(preset, b, a, None, 1.0);
            match (forth, back) {
                (Some(forth), Some(back)) => {
                    prop_assert!(close(forth.0, -back.0) || forth.0.abs() < 1e-12);
                    prop_assert!(close(forth.2, back.2));
                }
                (forth, back) => prop_assert_eq!(forth.is_some(), back.is_some()),
            }
        }
    }

    #[test]
    fn a_correction_never_lowers_a_p_value(p in proptest::collection::vec(0.0..1.0_f64, 0..12)) {
        for (_, correction) in Correction::ALL {
            for (p, corrected) in p.iter().zip(adjusted(&p, correction)) {
                prop_assert!(corrected >= *p && corrected <= 1.0);
            }
        }
        let of = |correction| adjusted(&p, correction);
        let [bonferroni, holm, bh] = [Correction::Bonferroni, Correction::Holm, Correction::BenjaminiHochberg].map(of);
        for place in 0..p.len() {
            prop_assert!(bh[place] <= holm[place] + 1e-15 && holm[place] <= bonferroni[place] + 1e-15);
        }
    }

    #[test]
    fn weights_times_a_factor_change_no_test(cells in tables(), a in groups(), b in groups(), k in 2_i128..1000) {
        let of = |k: i128| {
            let cells: Vec<Vec<Tally>> =
                cells.iter().map(|row| row.iter().map(|&cell| times(cell, k)).collect()).collect();
            Contingency::new(&cells, true).expect("a table")
        };
        let (one, other) = (of(1).rao_scott(None).expect("a test"), of(k).rao_scott(None).expect("a test"));
        prop_assert!(close(one.f, other.f) && close(one.df1, other.df1) && close(one.p, other.p));
        for ((_, _, one), (_, _, other)) in of(1).residuals().iter().zip(of(k).residuals()) {
            prop_assert!(close(*one, other));
        }
        let scaled = |group: Group| Group { cell: times(group.cell, k), base: times(group.base, k) };
        for preset in [Preset::Renkei, Preset::Dimensions, Preset::Crunch] {
            let one = difference_of_proportions(preset, a, b, None, 1.0);
            let other = difference_of_proportions(preset, scaled(a), scaled(b), None, 1.0);
            match (one, other) {
                (Some(one), Some(other)) => prop_assert!(close(one.0, other.0) || one.0.abs() < 1e-9),
                (one, other) => prop_assert_eq!(one.is_some(), other.is_some()),
            }
        }
    }

    /// Without weights the design effect is n/(n−1), the variance of a mean over n−1.
    #[test]
    fn rao_scott_with_unit_weights_is_pearson_times_n_less_one_over_n(cells in tables()) {
        let unit = |cell: &Tally| tally(cell.n, i128::from(cell.n), i128::from(cell.n));
        let cells: Vec<Vec<Tally>> = cells.iter().map(|row| row.iter().map(unit).collect()).collect();
        let table = Contingency::new(&cells, false).expect("a table");
        let (pearson, rao_scott) = (table.pearson().expect("a test"), table.rao_scott(None).expect("a test"));
        let n = table.n() as f64;
        prop_assert!(close(rao_scott.first.statistic, pearson.statistic * (n - 1.0) / n));
        prop_assert!(close(rao_scott.df1, pearson.df));
    }
}

fn shown(more: &[&str]) -> String {
    let schema = repository("schemas/care-manager-2016.toml");
    let data = repository("data-samples/care-manager-2016.csv");
    let run = Program::new().run(&[&["crosstab", "--schema", &schema, &data], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn tests_and_letters_stand_in_and_under_a_table() {
    let asked =
        ["--rows", "q1", "--cols", "q4", "--test", "auto,residual", "--sig", "renkei", "--level", "1,5"];
    insta::assert_snapshot!(shown(&asked));
    insta::assert_snapshot!(shown(
        &[&asked[..], &["--format", "md", "--lang", "en", "--axis", "top"]].concat()
    ));
}

#[test]
fn tidy_and_json_have_tests_letters_and_their_definition() {
    let asked = ["--rows", "q1,q3", "--cols", "q4,q3", "--test", "chisq,fisher", "--sig", "spss"];
    let measures = "letters,residual,chisq,chisq_df,chisq_p,cramers_v,fisher_p,bonferroni_p";
    let tidy = shown(&[&asked[..], &["--format", "tidy", "--measures", measures]].concat());
    let line =
        |start: &str| tidy.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_string();
    let value = |start: &str| line(start).split(',').nth(8).unwrap_or_default().to_string();
    assert_eq!(
        value(
            "1,q1,1,推進されていると感じる,q4,1,医療機関からの要請の有無に関わらず常に提供している,letters"
        ),
        "BC"
    );
    assert_eq!(value("1,q1,,,q4,,,chisq_df"), "4");
    assert!(value("1,q1,,,q4,,,chisq,").starts_with("38.07298803732"), "{}", line("1,q1,,,q4,,,chisq,"));
    assert!(
        line("1,q1,,,q4,,,letters,,spss: z test on weighted bases").ends_with(",test,banner,,include,,,")
    );
    assert!(line("1,q1,,,q3,,,chisq,,").contains("not_run: groups overlap"));
    assert!(line("1,q1,,,q3,,,letters,,").contains("letters,,spss: z test on weighted bases"));
    assert!(value("2,q3,1,地域の医療・介護の資源の把握,q4,,,chisq_p").parse::<f64>().is_ok());
    assert!(value("2,q3,,,q4,,,bonferroni_p").parse::<f64>().is_ok());
    let json: Value =
        serde_json::from_str(&shown(&[&asked[..], &["--format", "json"]].concat())).expect("JSON");
    let found = &json["tables"][0]["significance"];
    assert_eq!(found["columns"]["letters"][0][1], "BC");
    assert_eq!(found["columns"]["preset"], "spss");
    assert_eq!(found["caveat"], "not a random sample: tests are indicative only");
    let csv = shown(&["--rows", "q1", "--cols", "q4", "--sig", "spss", "--format", "csv"]);
    assert!(csv.contains(",BC,") && csv.contains("※ A・B… はその列より有意に大きい"), "{csv}");
}

#[test]
fn a_census_gets_no_tests_unless_they_are_named() {
    let schema = "[survey]\nid = \"c\"\ntitle = \"c\"\nsampling = \"census\"\n\
        [[question]]\nid = \"a\"\ntext = \"a\"\nkind = \"single\"\noptions = [{ code = 1, label = \"x\" }, { code = 2, label = \"y\" }]\n\
        [[question]]\nid = \"b\"\ntext = \"b\"\nkind = \"single\"\noptions = [{ code = 1, label = \"x\" }, { code = 2, label = \"y\" }]\n";
    let program = || Program::new().file("s.toml", schema).file("d.csv", "a,b\n1,1\n2,2\n1,2\n");
    let run = |test: &str| {
        let asked = ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "a", "--cols", "b", "--test", test];
        let run = program().run(&asked);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
    };
    let auto = run("auto");
    assert!(auto.contains("独立性の検定（b）: 行わない: 全数調査のため"), "{auto}");
    let named = run("chisq");
    assert!(named.contains("χ²(1)=0.75、p=0.386"), "{named}");
    assert!(named.contains("※ 全数調査のため、検定は標本誤差の意味を持たない"), "{named}");
}

#[test]
fn letters_are_of_percentages_within_the_groups() {
    let small =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q1", "--cols", "q2", "--sig", "renkei"];
    let run = Program::small().run(&[&small[..], &["--percent", "stub"]].concat());
    assert_eq!(run.code, 1);
    let said = "expected `--percent banner` with `--sig`, found another base";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(run.stderr.contains("letters compare percentages within the groups"), "{}", run.stderr);
    let run = Program::small().run(&[&small[..], &["--level", "5,1"]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("expected the stricter level first: `1,5`"), "{}", run.stderr);
}

#[test]
fn a_table_cut_to_its_first_answers_is_not_tested_as_a_whole() {
    for question in ["q1", "q3"] {
        let asked = ["--rows", question, "--cols", "q4", "--top", "2", "--test", "auto,residual"];
        let cut = shown(&asked);
        assert!(cut.contains("※ 独立性の検定（情報提供）: 行わない: 掲載しない選択肢があるため"), "{cut}");
        // An option of several is tested by itself.
        assert_eq!(cut.contains("χ²(2)="), question == "q3", "{cut}");
        assert_eq!(cut.contains("残差は調整済み"), question == "q3", "{cut}");
    }
}
