//! What a schema means, and that no text makes the reader panic.

use std::sync::Arc;

use proptest::prelude::*;
use renkei::diag::Source;
use renkei::schema::{Code, Comparison, Condition, Kind, Origin, Survey, load, parse_condition};

fn survey(text: &str) -> Survey {
    match load("schema.toml", text) {
        Ok(loaded) => loaded.value,
        Err(errors) => {
            panic!("{}", errors.iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n"))
        }
    }
}

fn condition(survey: &Survey, text: &str) -> Condition {
    let source = Arc::new(Source { name: "--filter".to_string(), text: text.to_string() });
    match parse_condition(survey, &source) {
        Ok(condition) => condition,
        Err(errors) => {
            panic!("{}", errors.iter().map(|error| error.render(false)).collect::<Vec<_>>().join("\n"))
        }
    }
}

const EXAMPLE: &str = r#"
[survey]
id = "care"
title = "連携"
respondent = "id"
weight = "w"
no_answer = "exclude"
sampling = "volunteer"
note = "模擬データ"
[survey.about]
population = "ケアマネジャー"
mode = "インターネット調査"
field_period = { from = 2016-11-10, to = 2016-11-15 }
sent = 1234
"協力" = "日本医師会"

[[question]]
id = "q1"
text = "感じますか"
short = "連携"
kind = "single"
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" }, { code = 3, label = "その他(具体的に)" } ]
missing = [ { code = 9, label = "無回答" } ]
not_asked = [ 88, "非該当" ]
asked_if = "q3 has any [1, 2] and not (age < 20 or area == 2)"
nets = [ { id = "pos", label = "計", of = [1, 2] } ]
no_answer = "include"
values = "label"

[[question]]
id = "q3"
text = "どれですか"
kind = "multi"
options = [ { code = 1, label = "a", spellings = ["エー", "01"] }, { code = 2, label = "b" }, { code = 3, label = "ない", exclusive = true } ]
columns = "Q3_{code}"
selected = ["○", 1]
none_selected = "reply"

[[question]]
id = "q4"
text = "どれですか"
kind = "multi"
options = [ { code = "x", label = "a" } ]
packed = { column = "q4", separator = ";" }

[[question]]
id = "q7"
text = "満足度"
kind = "grid"
options = [ { code = 1, label = "満足" }, { code = 2, label = "不満" } ]
rows = [ { id = "r1", label = "価格" }, { id = "2", label = "品質", column = "quality" } ]
asked_if = 'q4 has "x"'

[[question]]
id = "age"
text = "年齢"
kind = "number"
missing = [ { code = 999, label = "無回答" } ]

[[question]]
id = "free"
text = "自由"
kind = "text"

[[question]]
id = "pref"
text = "都道府県"
kind = "single"
options = "@prefectures"

[[derive]]
id = "wide"
label = "広域"
from = "area"
groups = [ { code = 1, label = "全国", of = [1, 2] } ]

[[derive]]
id = "area"
label = "都市部／地方"
from = "pref"
groups = [ { code = 1, label = "都市部", of = [13, 23, 27] }, { code = 2, label = "地方", rest = true } ]
"#;

#[test]
fn schema_becomes_what_it_means() {
    let survey = survey(EXAMPLE);
    assert_eq!(survey.unit, "名");
    assert_eq!(
        survey.about,
        [
            ("調査対象", "ケアマネジャー"),
            ("調査方法", "インターネット調査"),
            ("調査期間", "2016年11月10日〜2016年11月15日"),
            ("配布数", "1,234"),
            ("協力", "日本医師会"),
        ]
        .map(|(label, text)| (label.to_string(), text.to_string()))
    );
    let ids: Vec<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
    assert_eq!(
        ids,
        ["q1", "q3", "q4", "q7", "q7.r1", "q7.2", "age", "free", "pref", "area", "wide"],
        "a grid is followed by its rows; derived questions come last, in order of dependency"
    );
    let q1 = &survey.questions[0];
    assert_eq!(q1.not_asked, [Code::Integer(88), Code::Text("非該当".to_string())]);
    assert!(q1.options[2].other && !q1.options[1].other);
    assert_eq!(q1.nets[0].of, [0, 1]);
    assert_eq!(q1.asked_if.as_ref().map(|asked| asked.questions().into_iter().collect::<Vec<_>>()), {
        Some(vec![1, 6, 9])
    });
    let Origin::Columns { columns, selected, none_is_reply, .. } = &survey.questions[1].origin else {
        panic!()
    };
    assert_eq!(columns, &["Q3_1", "Q3_2", "Q3_3"]);
    assert_eq!(selected, &["○", "1"]);
    assert!(*none_is_reply);
    let Origin::Rows(rows) = &survey.questions[3].origin else { panic!() };
    assert_eq!(rows, &[4, 5]);
    for (row, header) in [(4, "q7_r1"), (5, "quality")] {
        let row = &survey.questions[row];
        assert!(matches!(&row.origin, Origin::Column(column) if column == header));
        assert_eq!(row.grid, Some(3));
        assert_eq!(row.kind, Kind::Single);
        assert_eq!(row.asked_if, survey.questions[3].asked_if);
        assert_eq!(row.text, "満足度");
    }
    assert_eq!(survey.questions[4].short.as_deref(), Some("価格"));
    let Origin::Regrouped { from, group_of } = &survey.questions[9].origin else { panic!() };
    assert_eq!((*from, group_of[12], group_of[0]), (8, Some(0), Some(1)));
    let Origin::Regrouped { from, group_of } = &survey.questions[10].origin else { panic!() };
    assert_eq!((*from, group_of.as_slice()), (9, [Some(0), Some(0)].as_slice()));
    assert_eq!(survey.questions[10].text, "広域");
}

#[test]
fn example_of_the_documentation_loads() {
    let documentation = include_str!("../../src/schema/mod.rs");
    let lines = documentation.lines().skip_while(|line| *line != "//! ```toml").skip(1);
    let lines = lines.take_while(|line| *line != "//! ```").filter_map(|line| line.strip_prefix("//!"));
    let text = lines.collect::<Vec<_>>().join("\n");
    assert_eq!(survey(&text).questions.len(), 4);
}

#[test]
fn cells_are_read_by_code_and_by_label() {
    let survey = survey(EXAMPLE);
    let q1 = survey.questions[0].spellings();
    assert_eq!(
        [q1.code("1.0"), q1.code("９"), q1.code("88"), q1.code("非該当")],
        [Some(0), Some(3), Some(4), Some(4)]
    );
    assert_eq!(
        [q1.label(" はい"), q1.label("無回答"), q1.label("非該当"), q1.label("1")],
        [Some(0), Some(3), Some(4), None]
    );
    let q3 = survey.questions[1].spellings();
    assert_eq!(
        [q3.label("ｴｰ"), q3.code("01"), q3.code("エー"), q3.label("01")],
        [Some(0), Some(0), None, None]
    );
    let pref = survey.questions[8].spellings();
    for cell in ["1", "01", "1.0", "０１"] {
        assert_eq!(pref.code(cell), Some(0), "{cell}");
    }
    for cell in ["東京都", "東京", "13 東京都", "13東京都", "13　東京", "Tokyo", "TOKYO", "tokyo"]
    {
        assert_eq!(pref.label(cell), Some(12), "{cell}");
    }
    assert_eq!(pref.label("京都"), Some(25));
    assert_eq!(pref.code("48"), None);
}

#[test]
fn not_binds_more_tightly_than_and_than_or() {
    let survey = survey(EXAMPLE);
    let with = |text| condition(&survey, text);
    assert_eq!(
        with("not q1 == 1 and q1 == 2 or q1 == 3"),
        with("((not (q1 == 1)) and (q1 == 2)) or (q1 == 3)")
    );
    assert_ne!(with("not (q1 == 1 and q1 == 2)"), with("not q1 == 1 and q1 == 2"));
}

#[test]
fn comparisons_with_codes_list_the_options_they_accept() {
    let survey = survey(EXAMPLE);
    let answer = |accepts: [bool; 3]| Condition::Answer { question: 0, accepts: accepts.to_vec() };
    for (text, accepts) in [
        ("q1 == 2", [false, true, false]),
        ("q1 == 2.0", [false, true, false]),
        ("q1 == \"2\"", [false, true, false]),
        ("q1 != 2", [true, false, true]),
        ("q1 < 2", [true, false, false]),
        ("q1 <= 2", [true, true, false]),
        ("q1 > 1.5", [false, true, true]),
        ("q1 >= -1", [true, true, true]),
        ("q1 in [1,3]", [true, false, true]),
    ] {
        assert_eq!(condition(&survey, text), answer(accepts), "{text}");
    }
    assert_eq!(
        condition(&survey, "age >= -12.50"),
        Condition::Number { question: 6, comparison: Comparison::GreaterOrEqual, value: -125, decimals: 1 }
    );
    assert_eq!(
        condition(&survey, "q3 has any [3, 1, 3]"),
        Condition::Selected { question: 1, any_of: vec![0, 2] }
    );
    assert_eq!(condition(&survey, "q7.2 == 1").questions().into_iter().collect::<Vec<_>>(), [5]);
    assert_eq!(condition(&survey, "pref == 13").questions().into_iter().collect::<Vec<_>>(), [8]);
}

#[test]
fn options_in_no_group_are_warned_of() {
    let text = EXAMPLE.replace(", { code = 2, label = \"地方\", rest = true }", "");
    let text = text
        .replace("or area == 2", "")
        .replace("of = [1, 2] } ]\n\n[[derive]]", "of = [1] } ]\n\n[[derive]]");
    let loaded = load("schema.toml", &text).expect("a warning refuses nothing");
    assert_eq!(loaded.warnings.len(), 1);
    assert!(loaded.warnings[0].message.ends_with("of `pref` are in no group of `area`"));
}

/// Pieces that make many texts nearly right, where a reader has most to decide.
fn nearly(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![9 => prop::sample::select(pieces).prop_map(str::to_string), 1 => ".{0,3}"],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

/// A sound schema with some lines taken out, doubled, or put in from elsewhere.
fn damaged() -> impl Strategy<Value = String> {
    let lines: Vec<&'static str> = EXAMPLE.split_inclusive('\n').collect();
    let line = prop_oneof![proptest::sample::select(lines.clone()), proptest::sample::select(SCHEMA_PIECES)];
    proptest::collection::vec((0..lines.len(), 0..3_usize, line), 0..5).prop_map(move |damages| {
        let mut lines = lines.clone();
        for (place, damage, line) in damages {
            let place = place.min(lines.len() - 1);
            match damage {
                0 => lines[place] = "",
                1 => lines.insert(place, line),
                _ => lines[place] = line,
            }
        }
        lines.concat()
    })
}

const SCHEMA_PIECES: &[&str] = &[
    "[survey]\n",
    "[[question]]\n",
    "[[derive]]\n",
    "[survey.about]\n",
    "id = \"q1\"\n",
    "id = \"q2\"\n",
    "id = \"q1.r1\"\n",
    "title = \"\"\n",
    "text = \"日本\"\n",
    "label = \"a\"\n",
    "kind = \"single\"\n",
    "kind = \"multi\"\n",
    "kind = \"grid\"\n",
    "kind = \"number\"\n",
    "kind = 1\n",
    "options = \"@prefectures\"\n",
    "options = [ { code = 1, label = \"a\" }, { code = 2 } ]\n",
    "options = []\n",
    "options = [1]\n",
    "rows = [ { id = \"r1\", label = \"a\" }, {} ]\n",
    "columns = \"q{code}\"\n",
    "packed = { column = \"q\", separator = \"\" }\n",
    "missing = [ { code = 1, label = \"無\" } ]\n",
    "not_asked = [1, \"a\", 2.5]\n",
    "asked_if = \"q1 == 1\"\n",
    "asked_if = \"q2 has 1 and q1.r1 < 2\"\n",
    "asked_if = '''\nq1'''\n",
    "asked_if = \"\\\"日\"\n",
    "nets = [ { id = \"n\", label = \"計\", of = [1, 1] } ]\n",
    "from = \"q1\"\n",
    "from = \"q2\"\n",
    "groups = [ { code = 1, label = \"a\", of = [1] }, { code = 2, label = \"b\", rest = true } ]\n",
    "groups = [ {} ]\n",
    "field_period = { from = 2016-11-10, to = 2015-01-01T00:00:00 }\n",
    "sent = -1\n",
    "x = 99999999999999999999\n",
    "\r\n",
    "\u{feff}",
];

const EXPRESSION_PIECES: &[&str] = &[
    "q1",
    "q3",
    "q7.r1",
    "q7",
    "age",
    "free",
    " ",
    "(",
    ")",
    "[",
    "]",
    ",",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    " in ",
    " has ",
    " any ",
    " is ",
    "given",
    "missing",
    "asked",
    " and ",
    " or ",
    " not ",
    "1",
    "9",
    "-",
    "1.5",
    "99999999999999999999",
    "\"x\"",
    "\"",
    "'",
    "日本",
    "＝",
    "\u{200b}",
    "=",
    "&&",
    "1a",
    ".",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_load_panic(text in prop_oneof![any::<String>(), nearly(SCHEMA_PIECES), damaged()]) {
        match load("schema.toml", &text) {
            Ok(_) => {}
            Err(errors) => {
                prop_assert!(!errors.is_empty());
                for error in errors {
                    error.render(false);
                }
            }
        }
    }

    #[test]
    fn no_text_makes_parse_condition_panic(text in prop_oneof![any::<String>(), nearly(EXPRESSION_PIECES)]) {
        thread_local!(static SURVEY: Survey = survey(EXAMPLE));
        let source = Arc::new(Source { name: "--filter".to_string(), text });
        if let Err(errors) = SURVEY.with(|survey| parse_condition(survey, &source)) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                error.render(false);
            }
        }
    }
}

#[test]
fn brackets_beyond_all_measure_are_refused_not_crashed_on() {
    let survey = survey(EXAMPLE);
    for text in [format!("{}q1 == 1", "(".repeat(100_000)), format!("{}q1 == 1", "not ".repeat(100_000))] {
        let source = Arc::new(Source { name: "--filter".to_string(), text });
        let errors = parse_condition(&survey, &source).expect_err("too deep");
        assert_eq!(errors[0].message, "brackets and `not` go more than 64 deep");
    }
}
