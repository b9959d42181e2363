//! `crosstab --explain`: methods in sentences, of what applies.

use crate::cli::{Program, repository};

fn explained(more: &[&str]) -> String {
    let schema = repository("schemas/care-manager-2016.toml");
    let data = repository("data-samples/care-manager-2016.csv");
    let run = Program::new().run(&[&["crosstab", "--schema", &schema, &data, "--explain"], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn methods_are_told_in_both_languages() {
    let asked = ["--rows", "q1,q3,q7.r1", "--cols", "q4,q3", "--test", "auto,residual", "--sig", "renkei"];
    insta::assert_snapshot!(explained(&asked));
    insta::assert_snapshot!(explained(&[&asked[..], &["--lang", "en", "--format", "md"]].concat()));
}

/// Weights, means and another preset, with what they need and nothing else.
#[test]
fn only_what_applies_is_said() {
    let plain = explained(&["--rows", "q1", "--cols", "q4"]);
    for absent in ["ウェイト", "検定", "有意", "平均", "差は", "指数"] {
        // 「検定ではない」 is said of the marks of 5 and 10 points.
        let said = plain.replace("検定ではない", "");
        assert!(!said.contains(absent), "{absent}: {plain}");
    }
    let schema = repository("schemas/weighting.toml");
    let data = repository("data-samples/weighting.csv");
    let targets = repository("examples/weighting/targets.toml");
    let asked = ["crosstab", "--schema", &schema, &data, "--targets", &targets, "--explain", "--lang", "en"];
    let more =
        ["--rows", "all", "--cols", "sex", "--test", "auto", "--sig", "spss", "--diff", "shown", "--index"];
    let run = Program::new().run(&[&asked[..], &more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout.replace(&targets, "targets.toml"));
}

#[test]
fn sentences_are_no_table() {
    for format in ["csv", "json", "tidy"] {
        let small = ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q1", "--cols", "q2", "--explain"];
        let run = Program::small().run(&[&small[..], &["--format", format]].concat());
        let message = "error: expected `--format text` or `md` with `--explain`, found another format\n  hint: it prints sentences, no tables\n";
        assert_eq!((run.code, run.stderr.as_str()), (1, message));
    }
}
