//! Dates: what is refused in schemas, conditions and data, and what a middle day is.

use crate::cli::Program;
use crate::refusal::{SINGLE, SURVEY, refuses, refuses_condition};

/// A date question `day`; keys may follow.
const DAY: &str = "[[question]]\nid = \"day\"\ntext = \"t\"\nkind = \"date\"\n";
/// A number question `age`.
const AGE: &str = "[[question]]\nid = \"age\"\ntext = \"t\"\nkind = \"number\"\n";
/// A derived question; `from` and groups must follow.
const HEAD: &str = "[[derive]]\nid = \"d\"\nlabel = \"d\"\n";
const LIMITS: &str = "from = 2016-11-01\nto = 2016-12-31\n";

#[test]
fn limits_and_order_belong_to_dates() {
    refuses(
        &[SURVEY, DAY, "from = 2016-12-01\nto = 2016-11-01\n"],
        "the last day is before the first
  at: 2016-11-01
  hint: `from` is the first day that is allowed, `to` the last",
    );
    refuses(
        &[SURVEY, AGE, "order = \"mdy\"\n", DAY, "order = \"ymd\"\nto = \"2016-11-01\"\n"],
        "`order` does not belong to a number question
  at: order
  hint: it belongs to questions of kind `date`
expected `mdy` or `dmy` for `order`, found `ymd`
  at: \"ymd\"
expected a date such as 2016-11-10 without quotes for `to`, found a string
  at: \"2016-11-01\"",
    );
    refuses(
        &[SURVEY, DAY, "from = 0000-11-01\n"],
        "there is no day `0000-11-01`
  at: 0000-11-01",
    );
}

#[test]
fn a_range_belongs_to_numbers() {
    refuses(
        &[SURVEY, AGE, "from = 120\nto = 0.5\n"],
        "the greatest number is less than the least
  at: 0.5
  hint: `from` is the least number that is allowed, `to` the greatest",
    );
    refuses(
        &[SURVEY, AGE, "from = 2016-11-01\n", SINGLE, "to = 5\n"],
        "expected a number for `from`, found a date or time
  at: 2016-11-01
`to` does not belong to a single question
  at: to
  hint: it belongs to questions of kind `date` or `number`
expected a date such as 2016-11-10 without quotes for `to`, found an integer
  at: 5",
    );
}

#[test]
fn periods_need_a_date_with_limits() {
    refuses(
        &[SURVEY, DAY, HEAD, "from = \"day\"\nby = \"month\"\n"],
        "`by` needs the first and last day of `day`
  at: \"month\"
  hint: write `from` and `to` at `day`: the groups do not depend on the data",
    );
    refuses(
        &[SURVEY, AGE, HEAD, "from = \"age\"\nby = \"month\"\n"],
        "`by` needs a date in `from`, found the number question `age`
  at: \"age\"
  hint: group a number by `bands`",
    );
    refuses(
        &[SURVEY, DAY, "from = 1800-01-01\nto = 2016-12-31\n", HEAD, "from = \"day\"\nby = \"month\"\n"],
        "`d` has more than 600 groups
  at: \"month\"
  hint: take longer periods, or narrow the question's days",
    );
    refuses(
        &[
            SURVEY,
            DAY,
            LIMITS,
            HEAD,
            "from = \"day\"\nby = \"year\"\nbands = [ { code = 1, label = \"x\", to = 2016-12-01 } ]\n",
        ],
        "`d` has both `bands` and `by`
  at: \"year\"
  hint: `by` makes the groups itself; keep one",
    );
    refuses(
        &[SURVEY, DAY, HEAD, "from = \"day\"\ngroups = [ { code = 1, label = \"x\", of = [1] } ]\n"],
        "expected a question with options in `from`, found the date question `day`
  at: \"day\"
  hint: group a date by `bands` or `by`",
    );
}

#[test]
fn bands_of_a_date_have_dates_and_bands_of_a_number_numbers() {
    let bands = |from: &str, list: &str| format!("from = \"{from}\"\nbands = [ {list} ]\n");
    refuses(
        &[SURVEY, DAY, HEAD, &bands("day", "{ code = 1, label = \"x\", to = 20161201 }")],
        "expected a date such as 2016-11-10 without quotes, found a number in a band of `d`
  at: 20161201",
    );
    refuses(
        &[SURVEY, AGE, HEAD, &bands("age", "{ code = 1, label = \"x\", to = 2016-12-01 }")],
        "expected a number, found a date in a band of `d`
  at: 2016-12-01",
    );
    let both = "{ code = 1, label = \"x\", to = 2016-12-02 }, { code = 2, label = \"y\", from = 2016-12-01 }";
    refuses(
        &[SURVEY, DAY, HEAD, &bands("day", both)],
        "bands `x` and `y` of `d` share days
  at: { code = 2, label = \"y\", from = 2016-12-01 }
  hint: `to` is not in the band; say `overlap = true` if bands shall overlap (再掲)",
    );
}

#[test]
fn conditions_compare_dates_with_dates() {
    let refused = |condition: &str, messages: &str| {
        refuses_condition(&[SURVEY, DAY, AGE, SINGLE], condition, messages);
    };
    refused(
        "day >= 2016",
        "expected a date such as `2016-11-10` for `day`, found the number `2016`\n  at: 2016",
    );
    refused(
        "age >= 2016-11-10",
        "expected a number for `age`, found the date `2016-11-10`\n  at: 2016-11-10",
    );
    refused(
        "day == \"2016-11-10\"",
        "expected a date such as `2016-11-10` for `day`, found text `2016-11-10`\n  at: \"2016-11-10\"",
    );
    refused("day < 2016-02-30", "there is no day `2016-02-30`\n  at: 2016-02-30");
    refused("q1 > 2016-11-10", "`>` compares numbers, found a date\n  at: 2016-11-10");
    refused(
        "day has 2016-11-10",
        "`has` is for multi questions, but `day` is a date question\n  at: has\n  hint: write `day == …`",
    );
}

/// Every cell that is no day of the question, and why.
#[test]
fn cells_that_are_no_day_say_why() {
    let schema = [SURVEY, DAY, "from = 2016-11-01\n", DAY, "order = \"dmy\"\n"].concat();
    let schema =
        schema.replacen("id = \"day\"", "id = \"due\"", 2).replacen("id = \"due\"", "id = \"day\"", 1);
    let data = "day,due\n42684.25,10.11.16\n10/11/2016,\n28年11月10日,\n2016年11月,\n平成29年2月29日,\n\
                平成31年5月1日,\n明治5年1月1日,\n2016/11/10(金),\n2016-10-31,\nまだ,\n";
    let run = Program::new()
        .file("s.toml", &schema)
        .file("d.csv", data)
        .run(&["tab", "--schema", "s.toml", "d.csv"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    insta::assert_snapshot!(run.stderr);
}

#[test]
fn lenient_reading_makes_what_is_no_day_missing() {
    let schema = [SURVEY, DAY].concat();
    let data = "day\n2016-11-10\nまだ\n2016-11-12\n";
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--lenient"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

/// Weights decide the middle day, and a respondent of weight zero gives no day.
#[test]
fn the_middle_day_is_the_first_by_which_half_of_the_weight_is_reached() {
    let schema =
        [SURVEY, "weight = \"w\"\n", DAY, "missing = [ { code = 19000101, label = \"未定\" } ]\n"].concat();
    let data = "day,w\n2016-11-01,0\n2016-11-02,1\n2016-11-03,1\n2016-11-10,1.5\n2016-11-20,0.5\n1900-01-01,1\n19000101,1\n";
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let tidy = |extra: &[&str]| -> Vec<String> {
        let fixed = [
            "tab",
            "--schema",
            "s.toml",
            "d.csv",
            "--format",
            "tidy",
            "--measures",
            "n,earliest,middle,latest",
        ];
        let run = program.run(&[&fixed[..], extra].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout
            .lines()
            .skip(1)
            .map(|line| line.split(',').nth(8).unwrap_or_default().to_string())
            .collect()
    };
    assert_eq!(tidy(&[]), ["6", "1900-01-01", "2016-11-03", "2016-11-20", "0", "1"]);
    assert_eq!(tidy(&["--no-weight"]), ["6", "1900-01-01", "2016-11-02", "2016-11-20", "0", "1"]);
    assert_eq!(
        tidy(&["--filter", "day >= 2016-11-10"]),
        ["2", "2016-11-10", "2016-11-10", "2016-11-20", "0", "0"]
    );
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--format", "json"]);
    assert!(
        run.stdout.contains("[\"2016-11-20\",1,\"5\"]") && run.stdout.contains("\"kind\":\"date\""),
        "{}",
        run.stdout
    );
}

/// A year's and a month's groups; a date in a band is a condition like any other.
#[test]
fn periods_cover_the_limits_whatever_the_data_hold() {
    let schema = [SURVEY, "era = true\n", DAY, "from = 2018-12-31\nto = 2019-05-01\n"].concat();
    let schema = ["year", "month", "fiscal_year"].iter().fold(schema, |schema, by| {
        schema + &format!("[[derive]]\nid = \"{by}\"\nlabel = \"{by}\"\nfrom = \"day\"\nby = \"{by}\"\n")
    });
    let data = "day\n2018-12-31\n2019-04-30\n2019-05-01\n\n";
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let run = program.run(&[
        "tab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "year,month,fiscal_year",
        "--cell",
        "count",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn the_field_period_is_printed_in_eras_where_the_survey_says_so() {
    let period = "[survey.about]\nfield_period = { from = 2019-04-30, to = 2019-05-01 }\n";
    let printed = |era: &str| {
        let schema = [SURVEY, era, period, SINGLE].concat();
        renkei::schema::load("s.toml", &schema).expect("a sound schema").value.about[0].1.clone()
    };
    assert_eq!(printed(""), "2019年4月30日〜2019年5月1日");
    assert_eq!(printed("era = true\n"), "平成31年4月30日〜令和元年5月1日");
}

/// Two of three gave a date: n is of them, and so is what is said of it.
#[test]
fn the_n_of_a_date_is_of_those_who_gave_one() {
    let schema = [SURVEY, SINGLE, "[[question]]\nid = \"d\"\ntext = \"d\"\nkind = \"date\"\n"].concat();
    let data = "id,q1,d\n1,1,2019-05-01\n2,1,\n3,2,2020-05-01\n";
    let program = Program::new().file("s.toml", &schema).file("d.csv", data);
    let table = ["crosstab", "--schema", "s.toml", "d.csv", "--rows", "d", "--cols", "q1", "--low-base", "0"];
    let run = program.run(&[&table[..], &["--explain-base", "--lang", "en", "--format", "csv"]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("Base of days 2 = 2 with an answer (3 in the data − 0 not asked − 1 without"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("n,2,"), "{}", run.stdout);
}
