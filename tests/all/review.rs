//! Regressions found in review: each test names what was wrong.

use crate::cli::{Program, Run};

fn run(program: &Program, arguments: &str) -> Run {
    program.run(&arguments.split_whitespace().collect::<Vec<_>>())
}

/// A schema with `singles` questions of `options` options each, `s1`, `s2` …
fn many_singles(singles: usize, options: usize) -> String {
    let list: Vec<String> =
        (1..=options).map(|code| format!("{{ code = {code}, label = \"o{code}\" }}")).collect();
    let mut schema = String::from("[survey]\nid = \"t\"\ntitle = \"t\"\nrespondent = \"id\"\n");
    for question in 1..=singles {
        schema.push_str(&format!(
            "[[question]]\nid = \"s{question}\"\ntext = \"S{question}\"\nkind = \"single\"\noptions = [{}]\n",
            list.join(", ")
        ));
    }
    schema
}

// Zero weights counted in the n of the deviation when somebody with a weight gave the same number:
// Sums of long weights did not fit a product: the effective base became `…`, and marks of groups far
// Differences of percentages within the groups stood under percentages of another base.
#[test]
fn a_difference_needs_percentages_within_the_groups() {
    let program = Program::small();
    let asked = "crosstab --schema s.toml d.csv --rows q1 --cols q2 --diff";
    for percent in ["stub", "total", "mention", "none"] {
        let refused = run(&program, &format!("{asked} --percent {percent}"));
        assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{percent}");
        assert!(refused.stderr.contains("--percent banner"), "{}", refused.stderr);
    }
    assert_eq!(run(&program, asked).code, 0);
}
