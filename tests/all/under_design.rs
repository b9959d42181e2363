//! Tests and comparisons of columns under sampling designs, and variances of weights that were made to reach margins,
//! against R's package survey.
//!
//! `tests/authority/under-design.json` is written by `tests/authority/under-design.R`, which names source, exact call,
//! version and date; `outside` runs it again. Statistics and degrees of freedom hold to 1e-8, and p with them; with
//! raked weights to 1e-7, for both sides stop raking when margins hold to 1e-14, and R's residuals are from the weights
//! after each margin of its last pass.

use renkei::design::{Calibration, Sample};
use renkei::diag::Quiet;
use renkei::frame::{ReadOptions, WeightSource, read};
use renkei::schema::Survey;
use renkei::significance::{Against, Comparing, Correction, Options, Preset, Test, find};
use renkei::tabulate::{Estimating, Opposite, Request, RowRole, Table, fill_with_spread};
use serde_json::Value;

/// The committed numbers.
pub const UNDER_DESIGN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/authority/under-design.json");

const MORE: &str = r#"
[[derive]]
id = "again"
label = "again"
overlap = true
groups = [ { code = 1, label = "E, H", when = "stype in [1, 2]" }, { code = 2, label = "no award", when = "award == 1" } ]
"#;

/// The tables of a set, with what tests against this need.
fn tables(set: &Value, opposite: Opposite, independence: bool) -> Vec<Table> {
    let schema = crate::design::schema(set["design"].as_str().expect("a design")) + MORE;
    let survey = crate::data::survey(&schema);
    let request = Request::resolve(&survey, "award,wide,api,enroll", Some("stype,again"), None, None);
    let mut request = request.expect("a sound request");
    request.joint.columns = true;
    request.joint.differences = Some(opposite);
    request.joint.independence = independence;
    let weighted = set["weighted"].as_bool().expect("weighted or not");
    let weight = if weighted { WeightSource::Column("pw".to_string()) } else { WeightSource::None };
    let design = survey.design.is_some();
    let options = ReadOptions { weight, design, ..ReadOptions::default() };
    let file = crate::design::authority(set["file"].as_str().expect("a file"));
    let mut dataset =
        read(&file, &survey, &request.questions(&survey), &options, &Quiet).expect("sound data");
    let calibration = set["targets"].as_str().map(|targets| calibrate(&mut dataset, targets, &survey));
    let sample = Sample::of(&survey, &dataset).expect("a sound design");
    let sample = Sample { calibration, ..sample };
    fill_with_spread(&survey, &request, &dataset, Some((&sample, Estimating::Totals)), 2, &Quiet)
}

fn calibrate(dataset: &mut renkei::frame::Dataset, targets: &str, survey: &Survey) -> Calibration {
    let targets = renkei::weight::load("t.toml", targets, survey).expect("sound targets").value;
    let weighting = renkei::weight::weigh(&targets, survey, dataset).expect("weights");
    dataset.reweigh(&weighting.weights, "targets").expect("weights that fit");
    let reached = weighting.reached().expect("margins that hold");
    Calibration::new(&reached.margins, &reached.numbers, &reached.weighted, reached.base)
}

fn numbers() -> Value {
    serde_json::from_str(&std::fs::read_to_string(UNDER_DESIGN).expect("the committed numbers"))
        .expect("JSON")
}

struct Checks {
    relative: f64,
    made: usize,
    failures: Vec<String>,
}

impl Checks {
    fn new(relative: f64) -> Checks {
        Checks { relative, made: 0, failures: Vec::new() }
    }

    fn near(&mut self, what: &str, found: Option<f64>, expected: &Value) {
        let Some(expected) = expected.as_f64() else { return };
        self.made += 1;
        let off = found.map(|found| (found - expected).abs());
        if off.is_none_or(|off| off > self.relative * expected.abs() && off > 1e-10) {
            self.failures.push(format!("{what}: {found:?}, expected {expected}"));
        }
    }

    #[track_caller]
    fn pass(self, least: usize) {
        assert!(self.made > least, "{}", self.made);
        let failures = &self.failures;
        let shown = failures[..failures.len().min(40)].join("\n");
        assert!(failures.is_empty(), "{} of {}:\n{shown}", failures.len(), self.made);
    }
}

/// A share or a mean of a column, and of the rest by what the table says of all and of the column.
fn value(table: &Table, column: Option<usize>, of: usize) -> f64 {
    let measured = table.stub[0].role == RowRole::Number;
    let sums = |column: usize| match measured {
        true => {
            let values = table.numbers(0, column).value().expect("values");
            (values.total().expect("a total") as f64, values.w() as f64)
        }
        false => (table.cell(0, column).value().expect("a cell").w as f64, table.base(0, column).w as f64),
    };
    let unit = if measured { 10_f64.powi(table.number_decimals as i32) } else { 1.0 };
    let (sum, base) = match column {
        Some(column) => sums(column),
        // Everybody is given on the banner.
        None => (sums(0).0 - sums(of).0, sums(0).1 - sums(of).1),
    };
    sum / base / unit
}

fn check_differences(set: &Value, checks: &mut Checks) {
    let name = set["name"].as_str().expect("a name");
    let against = [("columns", Opposite::Columns), ("total", Opposite::Total), ("rest", Opposite::Rest)];
    for (word, opposite) in against {
        let tables = tables(set, opposite, false);
        let wanted = set["differences"].as_array().expect("differences");
        for found in wanted.iter().filter(|found| found["against"] == word) {
            let row = found["row"].as_str().expect("a row");
            let table = tables.iter().find(|table| table.question.id == row).expect("a table");
            let shift = if found["banner"] == "again" { 3 } else { 0 };
            let left = found["left"].as_u64().expect("a column") as usize + shift;
            let right = match found["right"].as_i64().expect("a column") {
                -1 => None,
                0 => Some(0),
                right => Some(right as usize + shift),
            };
            let what = format!("{name} {row} {left} {word} {right:?}");
            let spread = table.variance_of_difference(0, left, right);
            let difference = value(table, Some(left), left) - value(table, right, left);
            let t = spread.map(|spread| difference / spread.variance.sqrt());
            checks.near(&format!("{what} t"), t, &found["t"]);
            checks.near(&format!("{what} df"), spread.map(|spread| spread.df), &found["df"]);
            // What the letters say, where the preset compares.
            let comparing = Comparing {
                preset: Preset::Renkei,
                levels: vec![500],
                correction: Correction::None,
                against: match opposite {
                    Opposite::Columns => Against::Columns,
                    Opposite::Total => Against::Total,
                    Opposite::Rest => Against::Rest,
                },
            };
            let options = Options { comparison: Some(comparing), ..Options::default() };
            let lettering = find(table, &options).lettering.expect("comparisons");
            let same = |made: &&renkei::significance::Comparison| {
                (made.row, made.left, made.right) == (0, left, right)
            };
            if let Some(made) = lettering.comparisons.iter().find(same) {
                checks.near(&format!("{what} statistic"), Some(made.statistic), &found["t"]);
                checks.near(&format!("{what} p"), Some(made.p), &found["p"]);
            }
        }
    }
}

fn check_tests(set: &Value, checks: &mut Checks) {
    let name = set["name"].as_str().expect("a name");
    let tables = tables(set, Opposite::Columns, true);
    for expected in set["tests"].as_array().expect("tests") {
        let row = expected["row"].as_str().expect("a row");
        let table = tables.iter().find(|table| table.question.id == row).expect("a table");
        let options = Options { tests: vec![Test::Auto], ..Options::default() };
        let findings = find(table, &options);
        let line = findings.tests.iter().find(|line| line.banner == Some(0)).expect("a test");
        assert_eq!(line.test, Test::RaoScott, "{name}");
        for key in ["rs_f", "rs_df1", "rs_df2", "rs_p", "rs1_chisq", "rs1_df", "rs1_p"] {
            checks.near(&format!("{name} {row} {key}"), line.value(key), &expected[key]);
        }
        // Most frequent first says the same.
        let sorted = renkei::tabulate::sort_rows(std::slice::from_ref(table));
        let again = find(&sorted[0], &options);
        let again = again.tests.iter().find(|line| line.banner == Some(0)).expect("a test");
        checks.near(&format!("{name} {row} sorted"), again.value("rs_f"), &expected["rs_f"]);
    }
}

#[test]
fn tests_of_tables_are_svychisq_under_every_design() {
    let mut checks = Checks::new(1e-8);
    numbers()["sets"].as_array().expect("sets").iter().for_each(|set| check_tests(set, &mut checks));
    checks.pass(250);
}

#[test]
fn differences_of_columns_are_svyttest_under_every_design() {
    let mut checks = Checks::new(1e-8);
    numbers()["sets"].as_array().expect("sets").iter().for_each(|set| check_differences(set, &mut checks));
    checks.pass(1600);
}

#[test]
fn variances_of_weights_made_to_reach_margins_are_those_of_rake_poststratify_and_calibrate() {
    let mut checks = Checks::new(1e-7);
    for set in numbers()["calibrated"].as_array().expect("sets") {
        let name = set["name"].as_str().expect("a name");
        let tables = tables(set, Opposite::Columns, false);
        for estimate in set["estimates"].as_array().expect("estimates") {
            let row = estimate["row"].as_str().expect("a row");
            let table = tables.iter().find(|table| table.question.id == row).expect("a table");
            let column = estimate["column"].as_u64().expect("a column") as usize;
            let what = format!("{name} {row} {column}");
            let share = table.stub[0].role == RowRole::Option;
            let (error, unit) = match share {
                true => (table.share_error(0, column), 100.0),
                false => (table.mean_error(0, column), 1.0),
            };
            checks.near(&format!("{what} mean"), Some(value(table, Some(column), 0)), &estimate["mean"]);
            checks.near(&format!("{what} se"), error.value().map(|error| error / unit), &estimate["se"]);
            checks.near(&format!("{what} df"), table.degrees_of_freedom(0, column).value(), &estimate["df"]);
            checks.near(
                &format!("{what} total se"),
                table.total_error(0, column).value(),
                &estimate["total_se"],
            );
        }
        check_tests(set, &mut checks);
        check_differences(set, &mut checks);
    }
    checks.pass(900);
}

/// The sum over the categories of a margin is known, so its shares are not left to chance.
#[test]
fn what_the_targets_fix_has_no_standard_error() {
    let numbers = numbers();
    let set =
        numbers["calibrated"].as_array().expect("sets").iter().find(|set| set["name"] == "rake_cluster");
    let tables = tables(set.expect("a set"), Opposite::Columns, false);
    let award = tables.iter().find(|table| table.question.id == "award").expect("a table");
    let error = award.share_error(0, 0).value().expect("an error");
    assert!(error < 1e-4, "{error}");
}

/// The schools drawn by stratum, as a user has them.
fn schools(design: &str) -> crate::cli::Program {
    let schema =
        crate::design::schema(design).replace("respondent = \"id\"", "respondent = \"id\"\nweight = \"pw\"");
    let file = |name: &str| std::fs::read(crate::design::authority(name)).expect("a file of data");
    let targets = "[[target]]\nquestion = \"award\"\nshares = { 1 = 40, 2 = 60 }\n[[target]]\nquestion = \"stype\"\nshares = { 1 = 70, 2 = 14, 3 = 16 }\n";
    let program = crate::cli::Program::new().file("s.toml", schema).file("t.toml", targets);
    program.file("d.csv", file("apistrat")).file("e.csv", file("apiclus1"))
}

#[track_caller]
fn shown(program: &crate::cli::Program, arguments: &[&str]) -> String {
    let run = program.run(arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn the_legend_of_letters_and_the_methods_name_the_design() {
    let program = schools("strata = \"stype\"\nfpc = \"fpc\"");
    let asked = ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "wide", "--cols", "stype"];
    let tested = [&asked[..], &["--test", "auto,lr", "--sig", "renkei"]].concat();
    let text = shown(&program, &tested);
    for said in [
        "※ Rao–Scott 検定（stype）: F(1.8, 329.7)=15.29、p<0.001",
        "（renkei: 差の t 検定、分散は標本設計（層・有限母集団）による線形化、両側5%、補正 holm（行と集計軸ごとの全対）、n が 30 未満の列は比べない）",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let english = shown(&program, &[&tested[..], &["--explain", "--lang", "en"]].concat());
    for said in
        ["the cells' covariance under the design", "R survey's svyttest", "Woodruff 1971, Binder 1983"]
    {
        assert!(english.contains(said), "{said}: {english}");
    }
    // Other programs' definitions know no design.
    let spss = shown(&program, &[&asked[..], &["--sig", "spss"]].concat());
    assert!(spss.contains("spss: ウェイト後nによる z 検定"), "{spss}");
    let plain = shown(&program, &[&asked[..], &["--no-weight", "--test", "chisq"]].concat());
    assert!(plain.contains("※ Rao–Scott 以外の検定は標本設計を考慮しない\n"), "{plain}");
    let tidy = shown(&program, &[&tested[..], &["--format", "tidy"]].concat());
    let letters = "letters,,renkei: t test of the difference; variance: linearised, strata, finite population; two-sided 5%";
    assert!(tidy.contains(&letters.replace("letters,,", "letters,,\"")), "{tidy}");
    let json = shown(&program, &[&tested[..], &["--format", "json"]].concat());
    assert!(json.contains("renkei: t test of the difference; variance: linearised, strata"), "{json}");
}

#[test]
fn variances_say_whether_they_know_of_targets() {
    let program = schools("");
    let asked = ["tab", "--schema", "s.toml", "d.csv", "--rows", "wide", "--interval", "auto"];
    let targets = shown(&program, &[&asked[..], &["--targets", "t.toml"]].concat());
    assert!(
        targets.contains("分散はウェイトによる線形化（目標への調整を残差で反映）、自由度 181\n"),
        "{targets}"
    );
    let given = shown(&program, &asked);
    assert!(given.contains("分散は所与のウェイトによる線形化、自由度 181\n"), "{given}");
    // Cut weights have left their margins.
    let cut = format!(
        "[weight]\ntrim = {{ to = [0.5, 1.4], how = \"spread\" }}\n{}",
        std::fs::read_to_string(program.path("t.toml")).expect("targets")
    );
    let program = program.file("cut.toml", cut);
    let cut = shown(&program, &[&asked[..], &["--targets", "cut.toml"]].concat());
    assert!(cut.contains("分散は所与のウェイトによる線形化"), "{cut}");
}

#[test]
fn a_study_weights_to_its_targets_and_tests_by_them() {
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\ntargets = \"t.toml\"\n[[tables]]\nid = \"award\"\nrows = \"wide\"\ncols = \"award\"\ntests = [\"auto\"]\nsig = \"renkei\"\n";
    let program = schools("").file("study.toml", study);
    shown(&program, &["report", "study.toml", "--out", "made", "--only", "json,csv"]);
    let made = std::fs::read_to_string(program.path("made/tables-award.json")).expect("tables");
    let told = shown(
        &program,
        &[
            "crosstab",
            "--schema",
            "s.toml",
            "d.csv",
            "--targets",
            "t.toml",
            "--rows",
            "wide",
            "--cols",
            "award",
            "--test",
            "auto",
            "--sig",
            "renkei",
            "--format",
            "json",
        ],
    );
    let significance = |text: &str| -> Value {
        let json: Value = serde_json::from_str(text).expect("JSON");
        json["tables"][0]["significance"].clone()
    };
    assert!(
        significance(&made)["columns"]["definition"]
            .as_str()
            .is_some_and(|words| words.contains("residuals"))
    );
    assert_eq!(significance(&made), significance(&told));
    let refused =
        program.file("t.toml", "[[target]]\nquestion = \"award\"\nshares = { 1 = 40, 2 = 60, 3 = 0 }\n");
    assert_eq!(refused.run(&["report", "study.toml", "--out", "other"]).code, 1);
}

#[test]
fn waves_have_targets_of_their_own() {
    let program = schools("");
    let other = "[[target]]\nquestion = \"award\"\nshares = { 1 = 50, 2 = 50 }\n";
    let program = program.file("u.toml", other);
    let asked =
        ["trend", "--schema", "s.toml", "--wave", "a=d.csv", "--wave", "b=e.csv", "--rows", "award,wide"];
    let each = shown(&program, &[&asked[..], &["--targets", "a=t.toml", "--targets", "b=u.toml"]].concat());
    assert!(each.contains("ウェイト: a = t.toml, b = u.toml\n"), "{each}");
    assert!(each.contains("目標への調整を残差で反映"), "{each}");
    let awarded = each.lines().find(|line| line.starts_with("yes")).expect("a line");
    assert!(awarded.contains("60.0") && awarded.contains("50.0") && awarded.contains("-10.0"), "{awarded}");
    // A panel has a weight for each wave and none for the change.
    let panel = program.run(&[&asked[..], &["--targets", "t.toml", "--panel"]].concat());
    let message = "error: `--panel` counts each respondent as one: waves have weights, and a change has none\n  hint: leave `--weights` and `--targets` out\n";
    assert_eq!((panel.code, panel.stderr.as_str()), (1, message));
    // A panel's changes do not go by the design that is declared, which is said wherever they are.
    let designed = schools("cluster = \"dnum\"");
    let asked_panel = [
        "trend",
        "--schema",
        "s.toml",
        "--wave",
        "a=e.csv",
        "--wave",
        "b=e.csv",
        "--rows",
        "wide",
        "--panel",
        "--no-weight",
    ];
    let told =
        |program: &crate::cli::Program, more: &[&str]| shown(program, &[&asked_panel[..], more].concat());
    assert!(
        told(&designed, &[]).contains("※ 調査票にある標本設計は、同じ回答者の変化の検定に反映していない")
    );
    let english = "the declared sampling design is not in the tests of a panel's changes";
    for more in [["--lang", "en"], ["--format", "json"], ["--format", "md"]] {
        let more = if more[1] == "md" { vec!["--format", "md", "--lang", "en"] } else { more.to_vec() };
        assert!(told(&designed, &more).contains(english), "{more:?}");
        assert!(!told(&schools(""), &more).contains(english), "{more:?}");
    }
    for (more, message) in [
        (
            &["--targets", "x=none.toml"][..],
            "error: unknown wave `x` in `--targets`\n  hint: it takes `WAVE=FILE` with a wave of `--wave`, or one file for all\n",
        ),
        (
            &["--targets", "a=t.toml", "--targets", "a=u.toml"],
            "error: wave `a` is given twice in `--targets`\n",
        ),
        (
            &["--targets", "t.toml", "--targets", "u.toml"],
            "error: `--targets` has two files that name no wave\n  hint: it takes `WAVE=FILE` with a wave of `--wave`, or one file for all\n",
        ),
    ] {
        let run = program.run(&[&asked[..], more].concat());
        assert_eq!((run.code, run.stderr.as_str()), (1, message));
    }
}

/// Two files are a sample whose strata are those of both, so that variances and degrees of freedom add up: R's
/// `svyttest` of both in one design.
#[test]
fn changes_of_waves_go_by_the_design_of_each() {
    let later = std::fs::read(crate::design::authority("apiclus2")).expect("a file of data");
    let program = schools("cluster = \"dnum\"").file("f.csv", later);
    let two =
        ["trend", "--schema", "s.toml", "--wave", "a=e.csv", "--wave", "b=f.csv", "--rows", "wide,award,api"];
    let tidy = shown(&program, &[&two[..], &["--format", "tidy"]].concat());
    let mut checks = Checks::new(1e-8);
    for expected in numbers()["changes"].as_array().expect("changes") {
        let row = expected["row"].as_str().expect("a row");
        for (measure, key) in [("change", "t"), ("change_df", "df"), ("change_p", "p")] {
            let cells = |line: &str| -> Vec<String> { line.split(',').map(String::from).collect() };
            let code = if row == "api" { "" } else { "1" };
            let is_it = |line: &Vec<String>| line[1] == row && line[2] == code && line[7] == measure;
            let line =
                tidy.lines().map(cells).find(is_it).unwrap_or_else(|| panic!("{row} {measure}: {tidy}"));
            let value = line.get(8);
            checks.near(
                &format!("{row} {measure}"),
                value.and_then(|value| value.parse().ok()),
                &expected[key],
            );
        }
    }
    checks.pass(8);
    let asked = ["trend", "--schema", "s.toml", "--wave", "a=e.csv", "--wave", "b=e.csv", "--rows", "wide"];
    let tidy = shown(&program, &[&asked[..], &["--format", "tidy"]].concat());
    // Fifteen districts in each, no strata: 14 + 14 − 1.
    assert!(tidy.lines().any(|line| line.contains(",change_df,27,")), "{tidy}");
    let one = shown(&program, &["trend", "--schema", "s.toml", "e.csv", "--by", "award", "--rows", "wide"]);
    assert!(one.contains("分散は標本設計（クラスター）による線形化"), "{one}");
}

#[test]
fn fishers_draws_have_a_seed_and_an_error_that_are_told() {
    let schema = crate::cli::repository("schemas/care-manager-2016.toml");
    let data = crate::cli::repository("data-samples/care-manager-2016.csv");
    let program = crate::cli::Program::new();
    let asked =
        ["crosstab", "--schema", &schema, &data, "--rows", "q7.r1", "--cols", "q1", "--test", "fisher"];
    let with = |more: &[&str]| shown(&program, &[&asked[..], more].concat());
    let (first, again, other) = (with(&[]), with(&["--seed", "1"]), with(&["--seed", "2"]));
    assert!(first.contains("モンテカルロ法 20,000 回（種 1）、標準誤差 "), "{first}");
    assert!(other.contains("（種 2）"), "{other}");
    assert_eq!(first, again);
    let tidy = with(&["--format", "tidy", "--measures", "fisher_p,fisher_seed"]);
    assert!(tidy.contains("\"Monte Carlo, 20,000 tables (seed 1), standard error "), "{tidy}");
    assert!(tidy.contains(",fisher_seed,1,"), "{tidy}");
    assert!(with(&["--explain"]).contains("モンテカルロ法 20,000 回（種 1）"));
}

#[test]
fn the_rows_of_a_grid_are_tested_in_every_group() {
    let schema = crate::cli::repository("schemas/care-manager-2016.toml");
    let data = crate::cli::repository("data-samples/care-manager-2016.csv");
    let program = crate::cli::Program::new();
    let asked = ["--schema", &schema, &data, "--rows", "q7:easy", "--test", "cochran,contrast"];
    let text = shown(&program, &[&["crosstab"], &asked[..], &["--cols", "q4"]].concat());
    let said = "※ コクランのQ検定（行の間、情報提供）: 医療機関からの要請の有無に関わらず常に提供している Q(4)=106.29、p<0.001、全行に回答した 372 人／";
    assert!(text.contains(said), "{text}");
    // A group is what a filter leaves.
    let alone = shown(&program, &[&["tab"], &asked[..], &["--filter", "q4 == 1"]].concat());
    assert!(
        alone.contains("※ コクランのQ検定（行の間、全体）: Q(4)=106.29、p<0.001、全行に回答した 372 人\n"),
        "{alone}"
    );
    assert!(alone.contains("t(371)=-8.00"), "{alone}");
}

/// What is said of tests, letters and intervals, and the letters.
fn said(program: &crate::cli::Program, file: &str) -> (Vec<String>, Value) {
    let asked = ["crosstab", "--schema", "s.toml", file, "--rows", "award,wide,api", "--cols", "stype,again"];
    let tested =
        [&asked[..], &["--test", "auto", "--sig", "renkei", "--level", "5,20", "--correction", "none"]]
            .concat();
    let text = shown(program, &tested);
    let json: Value =
        serde_json::from_str(&shown(program, &[&tested[..], &["--format", "json"]].concat())).expect("JSON");
    let tables = json["tables"].as_array().expect("tables").iter();
    let letters = tables.map(|table| table["significance"]["columns"]["letters"].clone()).collect();
    (text.lines().filter(|line| line.starts_with('※')).map(String::from).collect(), letters)
}

#[test]
fn the_order_of_respondents_and_the_scale_of_weights_change_no_test() {
    let text = std::fs::read_to_string(crate::design::authority("small")).expect("a file of data");
    let (header, rows) = text.split_once('\n').expect("a header");
    let reversed: Vec<&str> = rows.lines().rev().collect();
    let weight = header.split(',').position(|name| name == "pw").expect("a weight");
    let heavier = rows.lines().map(|row| {
        let mut cells: Vec<String> = row.split(',').map(String::from).collect();
        cells[weight] = format!("{}", cells[weight].parse::<f64>().expect("a number") * 4.0);
        cells.join(",")
    });
    let heavier: Vec<String> = heavier.collect();
    let design = "strata = \"stratum\"\ncluster = \"psu\"\nnest = true";
    let schema =
        crate::design::schema(design).replace("respondent = \"id\"", "respondent = \"id\"\nweight = \"pw\"");
    let program = crate::cli::Program::new()
        .file("s.toml", schema + MORE)
        .file("a.csv", &text)
        .file("b.csv", format!("{header}\n{}\n", reversed.join("\n")))
        .file("c.csv", format!("{header}\n{}\n", heavier.join("\n")));
    let first = said(&program, "a.csv");
    assert!(first.0.iter().any(|line| line.contains("Rao–Scott 検定（stype）")), "{first:?}");
    assert!(first.1.to_string().contains('A') || first.1.to_string().contains('b'), "{first:?}");
    assert_eq!(first, said(&program, "b.csv"));
    assert_eq!(first, said(&program, "c.csv"));
}
