//! Hidden is gone: numbers that a run without the rules shows are in no output with them.

use std::io::Read;

use super::{RULES, data, schema};
use crate::cli::Program;

/// Of 113 respondents 7 (6.2 %): hidden, and nothing else prints so.
const COUNTS: [[u64; 3]; 3] = [[7, 31, 37], [47, 43, 41], [59, 53, 61]];

fn program(rules: &str) -> Program {
    let counts: Vec<Vec<u64>> = COUNTS.iter().map(|row| row.to_vec()).collect();
    Program::new().file("s.toml", schema(3, 3, rules)).file("d.csv", data(&counts))
}

/// All text of a file; of a package, of every part of it, and of packages in it.
pub fn text(bytes: &[u8]) -> String {
    if !bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a package");
    let mut all = String::new();
    for place in 0..archive.len() {
        let mut inner = Vec::new();
        archive.by_index(place).expect("a part").read_to_end(&mut inner).expect("a part");
        all += &text(&inner);
        all.push('\n');
    }
    all
}

/// What an output says with the rules and without.
fn both(arguments: &[&str], out: &str) -> [String; 2] {
    [RULES, ""].map(|rules| {
        let program = program(rules);
        let run = program.run(&[arguments, &["--out", out]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!run.stderr.contains("6.2"), "{}", run.stderr);
        text(&std::fs::read(program.path(out)).expect("the output"))
    })
}

fn is_hidden_in(arguments: &[&str], out: &str, needle: &str) {
    let [with, without] = both(arguments, out);
    assert!(without.contains(needle), "{out}: {needle} is not shown without the rules\n{without}");
    assert!(!with.contains(needle), "{out}: {needle}\n{with}");
}

#[test]
fn a_hidden_number_is_in_no_format() {
    let cross =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g", "--cell", "both", "--diff"];
    for (out, needle) in [
        ("t.txt", "6.2"),
        ("t.csv", "6.2"),
        ("t.md", "6.2"),
        ("t.json", "[[7,\"7\",\"7\"]"),
        ("t.xlsx", "6.194"),
    ] {
        let needle = if out == "t.json" { "[7,\"7\",\"7\"]" } else { needle };
        is_hidden_in(&cross, out, needle);
    }
    is_hidden_in(&[&cross[..], &["--format", "tidy"]].concat(), "t.tidy", "6.194");
    is_hidden_in(&[&cross[..], &["--format", "tidy"]].concat(), "t.tidy", "q,1,Q1,g,1,G1,n,7,");
    is_hidden_in(&[&cross[..], &["--charts"]].concat(), "charts.xlsx", "6.194");
}

#[test]
fn tests_and_letters_that_a_hidden_cell_enters_are_not_made() {
    let arguments = [
        "crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g", "--test", "auto", "--sig",
        "renkei",
    ];
    let run = program(RULES).run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("秘匿されたセルがあるため"), "{}", run.stdout);
    assert!(!run.stdout.contains("p="), "{}", run.stdout);
}

#[test]
fn a_chart_has_no_bar_no_label_and_no_description_of_a_hidden_number() {
    let chart = ["chart", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g"];
    is_hidden_in(&chart, "c.svg", ">6.2");
    let [with, _] = both(&chart, "c.svg");
    assert!(with.contains("秘匿"), "{with}");
}

#[test]
fn tables_say_that_numbers_are_hidden_and_below_which() {
    let run = program(RULES).run(&["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g"]);
    assert!(run.stdout.contains("秘匿処理: あり（10 未満は x、0 は表示）"), "{}", run.stdout);
    assert!(run.stdout.contains("x は秘匿"), "{}", run.stdout);
    let run = program("").run(&["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g"]);
    assert!(!run.stdout.contains("秘匿"), "{}", run.stdout);
}

/// 3 of 5: with another threshold other cells are hidden.
#[test]
fn a_threshold_of_five_hides_four_and_shows_five() {
    let counts = vec![vec![4, 40, 50], vec![60, 70, 80], vec![50, 5, 55]];
    let rules = RULES.replace("10", "5");
    let program = Program::new().file("s.toml", schema(3, 3, &rules)).file("d.csv", data(&counts));
    let arguments =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g", "--format", "tidy"];
    let run = program.run(&arguments);
    assert!(run.stdout.contains("q,1,Q1,g,1,G1,n,,suppressed,"), "{}", run.stdout);
    assert!(run.stdout.contains("q,3,Q3,g,2,G2,n,5,"), "{}", run.stdout);
}

#[test]
fn hidden_rows_are_not_ranked() {
    let counts = vec![vec![3, 1, 2], vec![50, 45, 55], vec![60, 70, 80], vec![2, 0, 1], vec![3, 3, 3]];
    let program = Program::new().file("s.toml", schema(5, 3, RULES)).file("d.csv", data(&counts));
    let arguments = [
        "tab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "q",
        "--sort",
        "--format",
        "tidy",
        "--measures",
        "n",
    ];
    let run = program.run(&arguments);
    let options = run.stdout.lines().filter(|line| line.contains(",option,"));
    let (hidden, shown): (Vec<&str>, Vec<&str>) = options.partition(|line| line.contains(",suppressed,"));
    let code = |line: &&str| line.split(',').nth(2).map(str::to_string);
    let codes: Vec<_> = hidden.iter().filter_map(code).collect();
    // Q1 has 6 respondents, Q4 has 3 and Q5 has 9: they stand as in the questionnaire, after those that are shown.
    assert!(codes.contains(&"4".to_string()) && codes.is_sorted(), "{}", run.stdout);
    assert!(!shown.is_empty() && run.stdout.find(shown[0]) < run.stdout.find(hidden[0]), "{}", run.stdout);
}

#[test]
fn the_audit_is_exit_code_1_where_it_recovers_and_0_where_it_does_not() {
    let tidy =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q,m", "--cols", "g,area", "--format", "tidy"];
    for (more, code) in [("", 0), ("\ncomplementary = false", 1)] {
        let program = program(&format!("{RULES}{more}"));
        let run = program.run(&[&tidy[..], &["--out", "t.csv"]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let audit = program.run(&["audit", "t.csv"]);
        assert_eq!(audit.code, code, "{}{}", audit.stdout, audit.stderr);
        assert_eq!(audit.stdout.contains("recovered nothing"), code == 0, "{}", audit.stdout);
        assert_eq!(audit.stdout.contains("  q = 1, g 1: 7\n"), code == 1, "{}", audit.stdout);
    }
}

#[test]
fn groups_that_nearly_coincide_are_told() {
    let more = "\n[[derive]]\nid = \"young\"\nlabel = \"young\"\n\
                groups = [{ code = 1, label = \"most\", when = \"g in [1, 2] or (g == 3 and q == 4)\" }]\n";
    let counts = vec![vec![40, 50, 60], vec![60, 70, 80], vec![50, 45, 55], vec![20, 30, 3]];
    let schema = schema(4, 3, RULES) + more;
    let program = Program::new().file("s.toml", schema).file("d.csv", data(&counts));
    let run =
        program.run(&["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "area,young"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "warning: the groups \"one\" and \"most\" differ by fewer than 10 respondents, who may be seen by subtraction\n  \
             hint: leave one of the two groups out, or change where they are cut\n"
        ) || run.stderr.contains("the groups `one` and `most` differ by fewer than 10 respondents"),
        "{}",
        run.stderr
    );
}

#[test]
fn groups_of_few_inhabitants_have_a_threshold_of_their_own() {
    let rules = format!(
        "{RULES}\nby = \"g\"\npopulation = {{ 1 = 1500, 2 = 20000, 3 = 900000 }}\n\
         bands = [{{ below = 2000 }}, {{ below = 25000, threshold = 35 }}]"
    );
    let counts = vec![vec![40, 30, 60], vec![60, 70, 30], vec![50, 45, 55]];
    let program = Program::new().file("s.toml", schema(3, 3, &rules)).file("d.csv", data(&counts));
    let arguments =
        ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g", "--format", "tidy"];
    let run = program.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // Nothing of the smallest, nothing below 35 of the next.
    assert!(run.stdout.contains("q,1,Q1,g,1,G1,base,,suppressed,"), "{}", run.stdout);
    assert!(run.stdout.contains("q,1,Q1,g,2,G2,n,,suppressed,"), "{}", run.stdout);
}

#[test]
fn numbers_that_one_respondent_decides_are_not_shown() {
    let schema = "[survey]\nid = \"n\"\ntitle = \"t\"\n".to_string()
        + RULES
        + "\n[[question]]\nid = \"v\"\ntext = \"v\"\nkind = \"number\"\n\
           [[question]]\nid = \"d\"\ntext = \"d\"\nkind = \"date\"\n";
    let rows = (1..=24).map(|n| format!("{},2020-01-{n:02}\n", n * n));
    let program =
        Program::new().file("s.toml", schema).file("d.csv", "v,d\n".to_string() + &rows.collect::<String>());
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--format", "tidy"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let said = |measure: &str| {
        let line = run.stdout.lines().find(|line| line.contains(&format!(",{measure},")));
        line.unwrap_or_default().contains("suppressed")
    };
    // 24 of 10: the mean and the median stand, a quarter is 6.
    assert!(!said("mean") && !said("median"), "{}", run.stdout);
    assert!(said("p25") && said("p75") && said("earliest") && said("latest"), "{}", run.stdout);
    let json = program.run(&["tab", "--schema", "s.toml", "d.csv", "--format", "json"]);
    assert!(!json.stdout.contains("[576,"), "{}", json.stdout);
}

#[test]
fn an_answer_that_everybody_in_a_group_gave_is_told() {
    let counts = vec![vec![40, 30, 60], vec![0, 70, 30], vec![0, 45, 55]];
    let program = Program::new().file("s.toml", schema(3, 3, RULES)).file("d.csv", data(&counts));
    let run = program.run(&["crosstab", "--schema", "s.toml", "d.csv", "--rows", "q", "--cols", "g"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.starts_with("hidden: 0 of ") && run.stderr.contains(
            "warning: nine of ten or more in a group gave one answer: `G1 (q)`\n  \
             hint: that tells it of nearly everybody in the group; leave the group out if the answer is sensitive\n"
        ),
        "{}",
        run.stderr
    );
}
