//! What is said of a sampling design that cannot be: in the schema, in the data, in the request.

use renkei::design::Sample;
use renkei::diag::Quiet;
use renkei::frame::ReadOptions;

use crate::cli::Program;
use crate::refusal::{SINGLE, SURVEY};

/// The messages for what is written under `[survey.design]`.
#[track_caller]
fn schema(design: &str, messages: &str) {
    crate::refusal::refuses(&[SURVEY, "[survey.design]\n", design, "\n", SINGLE], messages);
}

fn reading() -> ReadOptions {
    ReadOptions { design: true, ..crate::data::plain() }
}

/// The messages of reading data, columns after `id` and `q1`.
#[track_caller]
fn data(design: &str, data: &str, messages: &str) {
    crate::data::refuses(&["[survey.design]\n", design, "\n", SINGLE], data, &reading(), messages);
}

/// The messages about a sample that was read.
#[track_caller]
fn sample(design: &str, data: &str, messages: &str) {
    let survey =
        crate::data::survey(&[crate::data::SURVEY, "[survey.design]\n", design, "\n", SINGLE].concat());
    let (_folder, path) = crate::data::write(data.as_bytes());
    let needed = crate::data::all(&survey);
    let dataset = renkei::frame::read(&path, &survey, &needed, &reading(), &Quiet).expect("sound data");
    let errors = Sample::of(&survey, &dataset).expect_err("the design is accepted");
    let lines = errors.iter().flat_map(|error| {
        let hints = error.hints.iter().map(|hint| format!("  hint: {hint}"));
        std::iter::once(error.message.clone()).chain(hints).collect::<Vec<_>>()
    });
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), messages);
}

#[test]
fn a_design_that_says_nothing_is_refused() {
    schema(
        "",
        "`[survey.design]` says nothing of the design\n  at: [survey.design]\n  hint: name columns: `strata`, `cluster`, `fpc`, or `replicates`",
    );
}

#[test]
fn stages_and_replicates_exclude_each_other() {
    schema(
        "strata = \"h\"\nreplicates = { columns = \"rw*\", kind = \"JK1\" }",
        "`strata` and `replicates` exclude each other\n  at: strata\n  hint: replicate weights tell the design by themselves",
    );
}

#[test]
fn nest_needs_strata() {
    schema(
        "cluster = \"c\"\nnest = true",
        "`nest = true` needs `strata`: ids repeat between strata\n  at: true",
    );
}

#[test]
fn each_stage_has_a_population_or_none_has() {
    schema(
        "cluster = [\"c\", \"d\"]\nfpc = \"N\"",
        "expected a column in `fpc` for each stage, which is 2, found 1\n  at: \"N\"",
    );
}

#[test]
fn columns_of_the_design_are_named_once() {
    schema("cluster = 3", "expected a column or a list of columns for `cluster`, found an integer\n  at: 3");
    schema("cluster = []", "`cluster` names no column\n  at: []");
    schema("cluster = [\"c\", \"c\"]", "`cluster` names `c` twice\n  at: [\"c\", \"c\"]");
}

#[test]
fn a_remedy_is_one_of_four() {
    schema(
        "strata = \"h\"\nlonely = \"adjusted\"",
        "expected `adjust`, `average`, `certainty` or `remove` for `lonely`, found `adjusted`\n  at: \"adjusted\"\n  hint: did you mean `adjust`?",
    );
}

#[test]
fn replicates_have_what_their_kind_needs() {
    let replicates = |rest: &str| format!("replicates = {{ columns = \"rw*\", {rest} }}");
    let refuses = |rest: &str, messages: &str| schema(&replicates(rest), messages);
    refuses(
        "kind = \"Fay\"",
        "replicates of Fay's kind need `rho`\n  at: \"Fay\"\n  hint: such as `rho = 0.3`",
    );
    refuses("kind = \"Fay\", rho = 1", "expected `rho` from 0 to less than 1\n  at: 1");
    refuses("kind = \"BRR\", rho = 0.3", "only replicates of Fay's kind have `rho`\n  at: 0.3");
    refuses(
        "kind = \"BRR\", scale = 2",
        "replicates of this kind have no `scale`\n  at: scale\n  hint: it follows from their number, and from `rho`",
    );
    refuses(
        "kind = \"JKn\"",
        "replicates of kind JKn need `rscales`\n  at: \"JKn\"\n  hint: one number for each, (n-1)/n of the stratum in which it leaves a unit out",
    );
    refuses("kind = \"JK1\", scale = 0", "expected a number above 0\n  at: 0");
}

#[test]
fn everybody_has_a_place_in_the_design() {
    data(
        "strata = \"h\"\ncluster = \"c\"\nfpc = \"N\"",
        "id,q1,h,c,N\n1,1,,x,4\n2,1,a,,4\n3,2,,y,-1\n4,2,a,y,many\n",
        "error: data.csv:2: record 1, column `h`: expected a stratum, found a blank in 2 records, first here
  hint: every respondent has a place in the sampling design
error: data.csv:3: record 2, column `c`: expected a sampling unit (cluster), found a blank
  hint: every respondent has a place in the sampling design
error: data.csv:4: record 3, column `N`: expected a number of units above 0 (fpc), or the fraction drawn, found `-1`
error: data.csv:5: record 4, column `N`: expected a number of units above 0 (fpc), or the fraction drawn, found `many`
",
    );
}

#[test]
fn columns_of_the_design_must_be_there() {
    data(
        "strata = \"stratum\"",
        "id,q1,stratums\n1,1,a\n",
        "error: data.csv:1: header: expected a column `stratum` for the sampling design, found none in the header
  hint: did you mean `stratums`?
",
    );
}

#[test]
fn replicate_weights_are_numbers_and_several() {
    let design = "replicates = { columns = \"rw*\", kind = \"JK1\", rscales = [1, 1, 1] }";
    let plain = "replicates = { columns = \"rw*\", kind = \"JK1\" }";
    data(
        plain,
        "id,q1,rw1,rw2\n1,1,-0.5,1\n",
        "error: data.csv:2: record 1, column `rw1`: expected a replicate weight of zero or more, found `-0.5`
",
    );
    for (design, header, message) in [
        (plain, "id,q1", "no column of the data fits `rw*` of the replicate weights"),
        (plain, "id,q1,rw1", "expected two replicate weights or more, found one"),
        (design, "id,q1,rw1,rw2", "expected a number in `rscales` for each of 2 replicate weights, found 3"),
    ] {
        let found = crate::data::refusal(
            &[crate::data::SURVEY, "[survey.design]\n", design, "\n", SINGLE].concat(),
            format!("{header}\n").as_bytes(),
            &reading(),
        );
        assert_eq!(found.lines().next(), Some(format!("error: {message}").as_str()));
    }
}

#[test]
fn a_cluster_in_two_strata_is_refused_unless_ids_repeat() {
    let rows = "id,q1,h,c\n1,1,1,a\n2,1,1,b\n3,2,2,a\n4,2,2,c\n";
    sample(
        "strata = \"h\"\ncluster = \"c\"",
        rows,
        "1 cluster of `c` stands in more than one stratum: a\n  hint: if ids repeat between strata, say `nest = true`",
    );
}

#[test]
fn a_stratum_with_one_unit_is_refused_with_its_remedies() {
    let remedies = "
  hint: join such strata with similar ones, or say under `[survey.design]` what they count for:
  hint: `lonely = \"adjust\"`: the unit's distance from the mean of the whole sample
  hint: `lonely = \"average\"`: as much as the other strata on average
  hint: `lonely = \"certainty\"`: nothing, for the unit was certain to be drawn
  hint: `lonely = \"remove\"`: nothing, though it was not";
    let rows = "id,q1,h,c\n1,1,10,a\n2,1,9,b\n3,2,2,d\n4,2,2,e\n";
    let message = "2 strata have only one sampling unit, and no variance: stratum `9`, stratum `10`";
    sample("strata = \"h\"\ncluster = \"c\"", rows, &format!("{message}{remedies}"));
    let message = "the sample has only one sampling unit, and no variance";
    sample("cluster = \"h\"", "id,q1,h\n1,1,1\n2,2,1\n", &format!("{message}{remedies}"));
    let rows = "id,q1,c,d,N,M\n1,1,a,1,9,9\n2,1,b,2,9,9\n3,2,b,3,9,9\n";
    let two = "cluster = [\"c\", \"d\"]\nfpc = [\"N\", \"M\"]";
    let message = "unit `a` has only one sampling unit at stage 2, and no variance";
    sample(two, rows, &format!("{message}{remedies}"));
    sample(
        &format!("{two}\nlonely = \"average\""),
        rows,
        "unit `a` has only one sampling unit at stage 2, and `average` has no other stratum to go by there\n  hint: say `lonely = \"adjust\"`, `\"certainty\"` or `\"remove\"`",
    );
}

#[test]
fn populations_are_of_a_stratum_and_not_smaller_than_the_sample() {
    let rows = |numbers: [&str; 4]| {
        let row = |(place, number): (usize, &&str)| format!("{place},1,{},{number}\n", place / 2);
        format!("id,q1,h,N\n{}", numbers.iter().enumerate().map(row).collect::<String>())
    };
    let design = "strata = \"h\"\nfpc = \"N\"";
    sample(
        design,
        &rows(["5", "6", "7", "7"]),
        "expected one number in `N` for all respondents of stratum `0`, found several",
    );
    sample(
        design,
        &rows(["5", "6", "7", "8"]),
        "expected one number in `N` for all respondents of a stratum, found several in 2: stratum `0`, stratum `1`",
    );
    sample(
        design,
        &rows(["1", "1", "7", "7"]),
        "`N` has sampling units fewer than the sample: 1 in stratum `0`, of which the sample has 2\n  hint: `fpc` counts the sampling units of the stage in the population, not respondents",
    );
    sample(
        design,
        &rows(["0.5", "0.5", "7", "7"]),
        "expected `fpc` as numbers of units (1 or more) or as fractions drawn (1 or less), found both",
    );
}

/// A schema with a design, and its data.
fn program(design: &str) -> Program {
    let survey =
        "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"id\"\nweight = \"w\"\n[survey.design]\n";
    Program::new()
        .file("s.toml", [survey, design, "\n", SINGLE].concat())
        .file("d.csv", "id,q1,w,rw1,rw2\n1,1,1,2,0\n2,2,1,0,2\n3,1,1,1,1\n")
}

#[test]
fn replicate_weights_belong_to_their_weight() {
    let program = program("replicates = { columns = \"rw*\", kind = \"JK1\" }");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--interval", "auto", "--no-weight"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: the replicate weights of the schema hold its weight, and another one is asked for
  hint: leave `--weight`, `--weights`, `--no-weight` and `--targets` out, or give the replicates as factors (`combined = false`)
"
    );
    assert_eq!(program.run(&["tab", "--schema", "s.toml", "d.csv", "--no-weight"]).code, 0);
    assert_eq!(program.run(&["tab", "--schema", "s.toml", "d.csv", "--interval", "auto"]).code, 0);
}

#[test]
fn intervals_are_of_percentages_within_groups() {
    let program = program("cluster = \"id\"");
    let run =
        program.run(&["tab", "--schema", "s.toml", "d.csv", "--interval", "auto", "--percent", "total"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: expected `--percent banner` with `--interval`, found another base
  hint: intervals are of percentages within the groups
"
    );
    for typed in ["49", "100", "most"] {
        let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--confidence", typed]);
        assert_eq!(run.code, 2);
        let expected = "expected a percentage from 50 to less than 100, such as `95`";
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn a_sample_is_not_larger_than_its_population() {
    let run = Program::new().run(&["sampling-error", "--n", "1500,10", "--population", "1200"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: expected at most the 1,200 of `--population` in `--n`, found 1,500
  hint: `--population` is how many the sample is of
"
    );
}
