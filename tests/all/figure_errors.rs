//! Mistakes of a file of figures or wordings: each with its smallest input, and what the user reads.

use renkei::diag::{Diagnostic, Place};
use renkei::figures::{Phrases, load, read_references};
use renkei::schema::Language;

const SCHEMA: &str = r#"
[survey]
id = "t"
title = "t"

[[question]]
id = "q1"
text = "Q1"
kind = "single"
options = [ { code = 1, label = "あ" }, { code = 2, label = "い" } ]
nets = [ { id = "top", label = "計", of = [1] } ]

[[question]]
id = "a"
text = "A"
kind = "number"

[[question]]
id = "t1"
text = "T"
kind = "text"

[[question]]
id = "g"
text = "G"
kind = "grid"
rows = [ { id = "r1", label = "小" } ]
options = [ { code = 1, label = "はい" } ]
"#;

fn described(errors: &[Diagnostic]) -> String {
    let mut lines = Vec::new();
    for error in errors {
        lines.push(error.message.clone());
        if let Some(Place::Span { source, span }) = &error.place {
            let at = source.text[span.clone()].lines().next().unwrap_or_default();
            lines.push(format!("  at: {at}"));
        }
        lines.extend(error.hints.iter().map(|hint| format!("  hint: {hint}")));
    }
    lines.join("\n")
}

/// Asserts what a file of one figure with these keys is refused with.
#[track_caller]
fn refuses(keys: &str, messages: &str) {
    refuses_file(&format!("[[figure]]\nid = \"f\"\n{keys}\n"), messages);
}

#[track_caller]
fn refuses_file(text: &str, messages: &str) {
    refuses_with(SCHEMA, text, messages);
}

#[track_caller]
fn refuses_with(schema: &str, text: &str, messages: &str) {
    let survey = renkei::schema::load("s.toml", schema).expect("a sound schema").value;
    let phrases = Phrases::load(None).expect("the built-in wordings are sound").value;
    match load("f.toml", text, Vec::new(), (&survey, Language::Japanese), &phrases) {
        Ok(_) => panic!("the figures are accepted"),
        Err(errors) => assert_eq!(described(&errors), messages),
    }
}

#[track_caller]
fn refuses_phrase(keys: &str, messages: &str) {
    match Phrases::load(Some(("p.toml", &format!("[[phrase]]\n{keys}\n")))) {
        Ok(_) => panic!("the wording is accepted"),
        Err(errors) => assert_eq!(described(&errors), messages),
    }
}

#[test]
fn names_are_known() {
    refuses(
        "question = \"q11\"\noption = 1\npercent = \"1\"",
        "unknown question `q11` in `question`\n  at: \"q11\"\n  hint: did you mean `q1`?",
    );
    refuses(
        "question = \"q1\"\noption = 3\npercent = \"1\"",
        "`q1` has no option `3`\n  at: 3\n  hint: it has `1`, `2`, `top`",
    );
    refuses(
        "question = \"q1\"\nnet = \"tip\"\npercent = \"1\"",
        "`q1` has no net `tip`\n  at: \"tip\"\n  hint: it has `1`, `2`, `top`",
    );
    refuses("question = \"g\"\noption = 1\nranking = [\"r2\"]", "`g` has no row `r2`\n  at: \"r2\"");
    refuses(
        "question = \"q1\"\nranking = [7]",
        "`q1` has no option `7`\n  at: 7\n  hint: it has `1`, `2`, `top`",
    );
    refuses(
        "value = \"r.x\"\nhigher_than = { question = \"q1\", option = 1 }",
        "unknown value `r.x`\n  at: \"r.x\"\n  hint: a value is written `id.name` and stands in a `[[reference]]`",
    );
    refuses("question = \"t1\"\nbase = 1", "`t1` is free text and has no figures\n  at: \"t1\"");
    refuses(
        "question = \"q1\"\noption = 1\nwithin = \"q1 == 9\"\npercent = \"1\"",
        "`q1` has no option with code `9`\n  at: 9\n  hint: its codes are `1`, `2`",
    );
}

#[test]
fn numbers_are_in_quotes_as_printed() {
    refuses(
        "question = \"q1\"\noption = 1\npercent = 48.0",
        "expected `percent` in quotes, as printed\n  at: 48.0\n  hint: `\"48.0\"` and `\"48\"` are different figures",
    );
    refuses(
        "question = \"q1\"\noption = 1\npercent = \"many\"",
        "expected a printed number for `percent`, found `many`\n  at: \"many\"\n  hint: digits with a point, such as `\"74.3\"`",
    );
    refuses(
        "question = \"q1\"\noption = 1\ncount = -1",
        "expected a count for `count`, found `-1`\n  at: -1",
    );
}

#[test]
fn what_was_printed_stands_in_the_quotation() {
    refuses(
        "quote = \"74.3％で最多\"\nquestion = \"q1\"\noption = 1\npercent = \"73.4\"\nphrase = \"7割超\"",
        "`73.4` does not stand in the quotation\n  at: \"73.4\"\n  hint: quote the words that print it\n`7割超` does not stand in the quotation\n  at: \"7割超\"\n  hint: quote the words that print it",
    );
}

#[test]
fn a_figure_asserts_something_of_something() {
    refuses(
        "question = \"q1\"",
        "the figure asserts nothing\n  at: [[figure]]\n  hint: give `percent`, `count`, `mean`, `phrase`, `ranking`, `higher_than` …",
    );
    refuses(
        "percent = \"1\"",
        "expected `question`, or `percent` and `base`, found neither\n  at: [[figure]]\n  hint: without data only a percentage of a base can be judged",
    );
    refuses(
        "question = \"q1\"\npercent = \"1\"",
        "expected `option`, `net` or `missing` for a share, found none\n  at: [[figure]]\n  hint: `q1` has `1`, `2`, `top`",
    );
    refuses(
        "question = \"q1\"\noption = 1\nnet = \"top\"\npercent = \"1\"",
        "expected one of `option`, `net` and `missing`, found more\n  at: [[figure]]",
    );
    refuses("ranking = [1]", "missing key `question` in `[[figure]]`\n  at: [[figure]]");
    refuses("question = \"q1\"\nranking = []", "expected the codes of answers, found none\n  at: []");
    refuses(
        "question = \"q1\"\noption = 1\nof = \"mentions\"\npercent = \"1\"",
        "`q1` has no mentions\n  at: [[figure]]\n  hint: only a multi question has; leave out `of`",
    );
    refuses("question = \"q1\"\nmean = \"1\"", "expected a number or a scale for `mean`\n  at: \"1\"");
    refuses_file(
        "",
        "expected a figure, found none\n  at:\n  hint: write `[[figure]]`".replace("at:", "at: ").as_str(),
    );
    refuses_file(
        "[[figure]]\nid = \"f\"\nsent = 1\npercent = \"1\"\n[[figure]]\nid = \"f\"\nsent = 1\npercent = \"1\"\n",
        "id `f` is used twice\n  at: \"f\"",
    );
}

#[test]
fn a_figure_is_of_one_row_of_a_grid() {
    let told = "`g` is a grid, and a figure is of one row\n  at: \"g\"\n  hint: such as `g.r1`";
    refuses("question = \"g\"\noption = 1\npercent = \"1\"", told);
    refuses("question = \"g\"\nbase = 1", told);
    refuses("question = \"g\"\nsame_top = { groups = \"q1\" }", told);
}

#[test]
fn keys_that_go_together_do() {
    refuses("sent = 3", "missing key `percent` beside `sent`\n  at: [[figure]]");
    refuses("sent = 0\npercent = \"1\"", "expected a count above 0 for `sent`\n  at: [[figure]]");
    refuses(
        "returned = 3\nquestion = \"q1\"\nbase = 3",
        "missing key `sent` beside `returned`\n  at: [[figure]]",
    );
    refuses(
        "ratio = { above = \"a\", below = \"a\" }",
        "missing key `percent` beside `ratio`\n  at: [[figure]]",
    );
    refuses(
        "ratio = { above = \"q1\", below = \"a\" }\npercent = \"1\"",
        "expected a number question, found `q1`\n  at: \"q1\"",
    );
    refuses(
        "question = \"q1\"\noption = 1\npoints = \"1\"",
        "`points` is a difference, and nothing is compared\n  at: \"1\"\n  hint: add `higher_than`, `lower_than` or `since`",
    );
    refuses(
        "question = \"q1\"\noption = 1\nchange = \"up\"",
        "missing key `since` beside `change`\n  at: \"up\"",
    );
    refuses(
        "question = \"q1\"\noption = 1\ntarget = \"100\"",
        "`target` and `gap` go together\n  at: \"100\"",
    );
    refuses(
        "question = \"q1\"\noption = 1\ntrend = \"rising\"",
        "a trend needs a grid, or `groups`\n  at: [[figure]]\n  hint: `groups = \"age\"` takes the options of `age` in order",
    );
    refuses(
        "question = \"g\"\ntrend = \"rising\"",
        "expected `option` or `net` for the rows of a grid, found none\n  at: [[figure]]",
    );
    refuses(
        "field_period_before = 2016-01-01",
        "the schema has no field period to compare with\n  at: 2016-01-01\n  hint: `field_period` stands in `[survey.about]`",
    );
    refuses(
        "no_difference = { groups = \"a\", points = \"5\" }",
        "`a` has no options and no groups\n  at: \"a\"",
    );
    refuses(
        "no_difference = { groups = \"q1\", questions = [\"a\"], points = \"5\" }",
        "`a` has no options\n  at: \"a\"\n  hint: answers are compared, not numbers or texts",
    );
    refuses(
        "question = \"a\"\ncorrelation = { with = \"q1\", groups = \"q1\" }",
        "missing key `direction` in `correlation`\n  at: { with = \"q1\", groups = \"q1\" }",
    );
    refuses(
        "question = \"a\"\ncorrelation = { with = \"q1\", groups = \"q1\", direction = \"positive\" }",
        "expected a number or a scale for `correlation`, found `q1`\n  at: \"q1\"",
    );
    refuses(
        "no_difference = { groups = \"q1\", of = [1], points = \"5\" }",
        "expected two groups or more to compare\n  at: \"q1\"",
    );
}

#[test]
fn references_say_who_published_them() {
    let figure = "[[figure]]\nid = \"f\"\nvalue = \"r.x\"\nsince = \"r.x\"\n";
    refuses_file(
        &format!("[[reference]]\nid = \"r\"\nvalues = {{ x = \"1\" }}\n{figure}change = \"up\"\n"),
        "expected `source` or `assumed = true` in `[[reference]]`, found neither\n  at: [[reference]]\n  hint: say who published the numbers, or that nobody did",
    );
    let sound = "[[reference]]\nid = \"r\"\nassumed = true\nvalues = { x = \"1\" }\n";
    refuses_file(
        &format!("{sound}{figure}"),
        "missing key `change` or `points` beside `since`\n  at: \"r.x\"",
    );
    refuses_file(
        &format!("{sound}{figure}change = \"flat\"\n"),
        "missing key `flat` beside `change = \"flat\"`\n  at: \"flat\"\n  hint: points within which a change is none: `\"2\"`",
    );
    refuses_file(
        &format!("{sound}{figure}change = \"up\"\npercent = \"1\"\n"),
        "a reference has its percentage, and nothing to check it by\n  at: [[figure]]",
    );
    refuses_file(
        &format!("{sound}{sound}{figure}change = \"up\"\n"),
        "reference `r` is declared twice\n  at: \"r\"",
    );
    refuses_file(
        &format!(
            "[[reference]]\nid = \"r\"\nassumed = true\nvalues = {{ x = \"one\" }}\n{}",
            "[[figure]]\nid = \"f\"\nquestion = \"q1\"\nbase = 1\n"
        ),
        "expected a printed number, found `one`\n  at: \"one\"",
    );
}

#[test]
fn wordings_are_known_and_agreed() {
    refuses(
        "question = \"q1\"\noption = 1\nphrase = \"まあまあ\"",
        "the wording `まあまあ` is not known\n  at: \"まあまあ\"\n  hint: say when it is true in a `[[phrase]]` of your own, and give it with `--phrase-file`",
    );
    refuses(
        "question = \"q1\"\noption = 1\nphrase = \"三割弱\"",
        "`三割弱` has no agreed meaning\n  at: \"三割弱\"\n  hint: readers take it for anything from just below to half a tenth less: say 約3割 or 3割近く",
    );
}

#[test]
fn wordings_of_a_file_say_when_they_are_true() {
    refuses_phrase(
        "say = \"{N}割\"\ntrue = \"10N..\"\nassumed = true",
        "expected an interval for `true`, found `10N..`\n  at: \"10N..\"\n  hint: such as `[10N, 10N+10)`: `[` belongs to it, `(` does not",
    );
    refuses_phrase(
        "say = \"{X}割\"\ntrue = \"[0, 1]\"\nassumed = true",
        "expected a wording, found `{X}割`\n  at: \"{X}割\"\n  hint: words with `{N}`, or `{N}` and `{M}`, such as `{N}割以上`",
    );
    refuses_phrase(
        "say = \"{N}割\"\ntrue = \"[0, 1]\"",
        "expected `evidence` or `assumed = true` in `[[phrase]]`, found neither\n  at: [[phrase]]\n  hint: say where the reading was seen, or that nobody published it",
    );
    refuses_phrase("say = \"{N}割\"\nassumed = true", "missing key `true` in `[[phrase]]`\n  at: [[phrase]]");
}

#[test]
fn respondents_are_named_where_the_schema_knows_them() {
    refuses(
        "question = \"q1\"\noption = 1\nnamed = [\"12\"]",
        "respondents are known by their key, and the schema names none\n  at: [\"12\"]\n  hint: say `respondent = \"…\"` under `[survey]`",
    );
    refuses(
        "question = \"q1\"\nnamed = [\"12\"]",
        "expected `option`, `net` or `missing` for a share, found none\n  at: [[figure]]\n  hint: `q1` has `1`, `2`, `top`\nrespondents are known by their key, and the schema names none\n  at: [\"12\"]\n  hint: say `respondent = \"…\"` under `[survey]`",
    );
    let schema = SCHEMA.replace("title = \"t\"", "title = \"t\"\nrespondent = \"q1\"");
    let text = "[[figure]]\nid = \"f\"\nquestion = \"q1\"\noption = 1\nnamed = [\"12\"]\n";
    refuses_with(&schema, text, "`q1` has no option `12`\n  at: \"12\"\n  hint: it has `1`, `2`, `top`");
    let text = "[[reference]]\nid = \"r\"\nassumed = true\nvalues = { x = \"1\" }\n[[figure]]\nid = \"f\"\nvalue = \"r.x\"\nnamed = [\"1\"]\n";
    refuses_with(&schema, text, "a reference has no respondents\n  at: [\"1\"]");
}

#[test]
fn a_group_is_compared_with_the_whole_it_is_part_of() {
    refuses(
        "question = \"q1\"\noption = 1\nhigher_than = \"whole\"",
        "missing key `within`: there is no group to be left\n  at: \"whole\"",
    );
    refuses(
        "question = \"q1\"\noption = 1\nwithin = \"a > 1\"\nlower_than = \"wole\"",
        "expected `whole` or `others` for `lower_than`, found `wole`\n  at: \"wole\"\n  hint: did you mean `whole`?",
    );
    let mean = "a mean is compared with a mean, and without `points`\n  at: [[figure]]";
    refuses("question = \"a\"\nhigher_than = { question = \"q1\", option = 1 }", mean);
    refuses("question = \"a\"\nwithin = \"q1 == 1\"\nhigher_than = \"whole\"\npoints = \"1\"", mean);
    refuses(
        "question = \"q1\"\noption = 1\nsame_as = { option = 2 }",
        "missing key `points` in `same_as`\n  at: { option = 2 }",
    );
    refuses(
        "question = \"a\"\ndistinct = 2",
        "expected a question with options for `distinct`\n  at: [[figure]]",
    );
}

#[test]
fn groups_are_for_a_trend() {
    refuses(
        "question = \"q1\"\noption = 1\npercent = \"1\"\ngroups = \"q1\"",
        "missing key `trend` beside `groups`\n  at: \"q1\"\n  hint: `same_top` and `no_difference` have their own",
    );
}

#[test]
fn files_of_references_tell_their_mistakes() {
    let refuses = |text: &str, messages: &str| match read_references(&[("r.toml".into(), text.into())]) {
        Ok(_) => panic!("the references are accepted"),
        Err(errors) => assert_eq!(described(&errors), messages),
    };
    refuses("", "expected a reference, found none\n  at: \n  hint: write `[[reference]]`");
    refuses(
        "[[reference]]\nid = \"r\"\nassumed = true\nvalues = { xyz = \"1\" }\nlabels = { xyy = \"い\" }\n",
        "label for `xyy`, which is not in `values`\n  at: xyy\n  hint: did you mean `xyz`?",
    );
    let one = "[[reference]]\nid = \"r\"\nassumed = true\nvalues = { x = \"-\" }\n";
    let files = [("a.toml".to_string(), one.to_string()), ("b.toml".to_string(), one.to_string())];
    let errors = read_references(&files).expect_err("one id stands in two files");
    assert_eq!(described(&errors), "reference `r` is declared twice\n  at: \"r\"");
}
