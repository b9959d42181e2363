//! Charts of intervals and of waves: what they show is what tables print, and what makes none is told.

use crate::cli::Program;

const SCHEMA: &str = r#"
[survey]
id = "s"
title = "s"
SAMPLING
[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]
[[question]]
id = "g"
text = "項目"
kind = "grid"
rows = [{ id = "a", label = "い" }, { id = "b", label = "ろ" }]
options = [{ code = 1, label = "はい" }, { code = 2, label = "いいえ" }]
[[question]]
id = "m"
text = "あてはまるもの"
kind = "multi"
packed = { column = "m", separator = ";" }
options = [1, 2, 3, 4, 5, 6, 7, 8, 9]
"#;
const DATA: &str = "q1,g_a,g_b,m\n1,1,2,1;2\n1,2,2,3\n2,1,1,4;9\n1,1,1,5\n2,2,1,\n";

fn program(sampling: &str) -> Program {
    let options: Vec<String> =
        (1..=9).map(|code| format!("{{ code = {code}, label = \"答{code}\" }}")).collect();
    let schema = SCHEMA.replace("SAMPLING", sampling);
    let schema = schema.replace("[1, 2, 3, 4, 5, 6, 7, 8, 9]", &format!("[{}]", options.join(", ")));
    Program::new().file("s.toml", schema).file("d.csv", DATA)
}

fn chart(program: &Program, more: &[&str]) -> (i32, String) {
    let run = program.run(&[&["chart", "--schema", "s.toml", "d.csv", "--out", "c.svg"], more].concat());
    (run.code, run.stderr)
}

#[test]
fn an_interval_plot_shows_the_intervals_of_the_table() {
    let program = program("");
    for rows in [&["--rows", "q1"][..], &["--rows", "q1", "--confidence", "90", "--interval", "beta"]] {
        assert_eq!(chart(&program, &[rows, &["--kind", "interval"]].concat()), (0, String::new()));
        let svg = std::fs::read_to_string(program.path("c.svg")).expect("a drawing");
        let measures = ["--measures", "col_pct,col_pct_lo,col_pct_hi", "--format", "tidy"];
        let tidy = program.run(&[&["tab", "--schema", "s.toml", "d.csv"], rows, &measures].concat());
        assert_eq!(tidy.code, 0, "{}", tidy.stderr);
        let of = |code: &str, measure: &str| {
            let fields = |line: &str| line.split(',').map(str::to_string).collect::<Vec<_>>();
            let fits = |line: &Vec<String>| line[2] == code && line[7] == measure;
            let line = tidy.stdout.lines().map(fields).find(fits).expect("a line");
            renkei::sheet::round_real(line[8].parse().expect("a number"), 1).expect("a number")
        };
        for code in ["1", "2"] {
            let range = format!("[{}〜{}]", of(code, "col_pct_lo"), of(code, "col_pct_hi"));
            assert!(svg.contains(&range) && svg.contains(&of(code, "col_pct")), "{range}: {svg}");
        }
    }
}

#[test]
fn what_has_no_intervals_is_told() {
    let told = |sampling: &str, more: &[&str], message: &str| {
        let program = program(sampling);
        assert_eq!(chart(&program, more), (1, message.to_string()));
        assert!(!program.path("c.svg").exists());
    };
    told(
        "",
        &["--rows", "q1", "--interval", "wilson"],
        "error: expected `--kind interval` with `--interval`, found another kind\n  \
         hint: that kind shows estimates and their intervals\n",
    );
    told(
        "",
        &["--rows", "g", "--kind", "interval"],
        "error: `g` has several questions: no `interval` of all in one\n  \
         hint: a grid's net (`--rows q7:easy`) or one of its rows (`q7.r1`) has intervals\n",
    );
    told(
        "sampling = \"census\"",
        &["--rows", "q1", "--kind", "interval"],
        "error: no variances of `q1` were counted, and `interval` shows them\n  \
         hint: `renkei chart --kind interval` counts them, of a census with `--interval wilson` only\n",
    );
}

#[test]
fn waves_that_make_no_chart_are_told() {
    let program = program("");
    for (more, message) in [
        (
            &["--rows", "q1,m"][..],
            "error: expected one question for one chart, found 2 questions\n  hint: name it: `--rows q1`\n",
        ),
        (
            &["--rows", "m", "--kind", "line"],
            "error: `m` would have 9 lines, and 8 can be told apart\n  \
             hint: `--kind grouped` shows bars of each wave\n",
        ),
    ] {
        let waves =
            ["trend", "--schema", "s.toml", "--wave", "a=d.csv", "--wave", "b=d.csv", "--out", "c.svg"];
        let run = program.run(&[&waves[..], more].concat());
        assert_eq!((run.code, run.stderr.as_str()), (1, message));
        assert!(!program.path("c.svg").exists());
    }
}
