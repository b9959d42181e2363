//! One schema for each family of questions, each with data and its GT book as a person reads it.

use crate::cli::{Program, repository};

/// What a command prints of a family's schema and data.
fn shown(family: &str, arguments: &[&str]) -> String {
    let schema = repository(&format!("schemas/{family}.toml"));
    let data = repository(&format!("data-samples/{family}.csv"));
    let fixed = [arguments[0], "--schema", &schema, &data];
    let run = Program::new().run(&[&fixed, &arguments[1..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn scales_have_boxes_and_means_of_scores() {
    insta::assert_snapshot!(shown("scale", &["tab"]));
    insta::assert_snapshot!(shown("scale", &["crosstab", "--rows", "q1,q2.r1", "--cols", "sex"]));
    let measures = "n,base,mean,sd,median,p25,p75";
    insta::assert_snapshot!(shown(
        "scale",
        &["tab", "--rows", "q1", "--format", "tidy", "--measures", measures]
    ));
}
