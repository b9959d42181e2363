//! Published figures against data: verdicts, and why a number differs.

use serde_json::Value;

use crate::cli::{Program, Run, repository};

const SCHEMA: &str = r#"
[survey]
id = "t"
title = "t"
respondent = "id"

[survey.about]
field_period = { from = 2016-11-10, to = 2016-11-15 }

[[question]]
id = "q1"
text = "Q1"
kind = "single"
options = [ { code = 1, label = "あ" }, { code = 2, label = "い" }, { code = 3, label = "う" }, { code = 4, label = "その他", other = true } ]
nets = [ { id = "top", label = "計", of = [1, 2] } ]

[[question]]
id = "q2"
text = "Q2"
kind = "multi"
options = [ { code = 1, label = "か" }, { code = 2, label = "き" } ]

[[question]]
id = "q3"
text = "Q3"
kind = "single"
asked_if = "q1 == 1"
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" } ]

[[question]]
id = "a"
text = "実施した件数"
kind = "number"

[[question]]
id = "b"
text = "退院した件数"
kind = "number"

[[question]]
id = "g"
text = "G"
kind = "grid"
rows = [ { id = "r1", label = "小" }, { id = "r2", label = "中" }, { id = "r3", label = "大" } ]
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" } ]
"#;

/// Respondents with these cells under a header; an id is put in front.
fn data(header: &str, rows: &[(usize, &str)]) -> String {
    let mut data = format!("id,{header}\n");
    let all = rows.iter().flat_map(|(count, cells)| std::iter::repeat_n(cells, *count));
    for (id, cells) in all.enumerate() {
        data += &format!("{id},{cells}\n");
    }
    data
}

const HEADER: &str = "q1,q2_1,q2_2,q3,a,b,g_r1,g_r2,g_r3";

fn run(data: &str, figures: &str, more: &[&str]) -> Run {
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data).file("f.toml", figures);
    program.run(&[&["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"], more].concat())
}

/// What was found of one figure, its id and quotation left out.
struct Found {
    code: i32,
    figure: Value,
}

impl Found {
    fn verdict(&self) -> &str {
        self.figure["verdict"].as_str().expect("a verdict")
    }

    fn texts(&self, kind: &str) -> Vec<&str> {
        let reasons = self.figure["reasons"].as_array().expect("reasons");
        let of_kind = reasons.iter().filter(|reason| reason["kind"] == kind);
        of_kind.map(|reason| reason["text"].as_str().expect("a text")).collect()
    }
}

/// Judges one figure, given by its keys.
fn found(data: &str, keys: &str) -> Found {
    let run = run(data, &format!("[[figure]]\nid = \"f\"\n{keys}\n"), &["--format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    Found { code: run.code, figure: value["figures"][0].clone() }
}

fn holds(data: &str, keys: &str) {
    let found = found(data, keys);
    assert_eq!((found.verdict(), found.code), ("reproduced", 0), "{}", found.figure);
}

/// Judges one figure that differs: what is said of it.
fn differs(data: &str, keys: &str) -> String {
    let found = found(data, keys);
    assert_eq!((found.verdict(), found.code), ("differs", 1), "{}", found.figure);
    found.texts("differs").join("\n")
}

/// The explanations of a figure that is not reproduced.
fn explained(data: &str, keys: &str) -> Vec<String> {
    let found = found(data, keys);
    assert!(["differs", "impossible"].contains(&found.verdict()), "{}", found.figure);
    let prefix = "公表値になる計算: ";
    found.texts("explanation").iter().map(|text| text.trim_start_matches(prefix).to_string()).collect()
}

// ---- the care-manager survey

fn release(data: &str, more: &[&str]) -> Run {
    let arguments = [
        "verify",
        "--schema",
        &repository("schemas/care-manager-2016.toml"),
        data,
        "--figures",
        &repository("examples/care-manager-2016/figures.toml"),
    ];
    Program::new().run(&[&arguments, more].concat())
}

fn figures_of(run: &Run) -> Vec<Value> {
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    value["figures"].as_array().expect("figures").clone()
}

#[test]
fn rows_6_7_10_to_17_every_figure_and_wording_of_the_release_is_as_expected() {
    let run = release(&repository("data-samples/care-manager-2016.csv"), &["--format", "json"]);
    assert_eq!(run.code, 0, "{}{}", run.stderr, run.stdout);
    let figures = figures_of(&run);
    let of = |verdict: &str| figures.iter().filter(|figure| figure["verdict"] == verdict).count();
    assert_eq!((of("reproduced"), of("differs"), figures.len()), (34, 1, 35));
    let fact = |id: &str| {
        let figure = figures.iter().find(|figure| figure["id"] == id).unwrap_or_else(|| panic!("{id}"));
        let fact = &figure["facts"][0];
        (fact["count"].as_u64(), fact["base"].as_u64())
    };
    assert_eq!(fact("q9-first"), (Some(449), Some(604)));
    assert_eq!(fact("q1-q2"), (Some(257), Some(274)));
    assert_eq!(fact("q1-q3"), (Some(184), Some(800)));
    assert_eq!(fact("q7-small"), (Some(237), Some(604)));
}

#[test]
fn row_22_the_survey_ends_before_the_meeting_it_was_made_because_of() {
    let run = release(&repository("data-samples/care-manager-2016.csv"), &["--format", "json"]);
    let figures = figures_of(&run);
    let period = figures.iter().find(|figure| figure["id"] == "after-the-meeting").expect("it is there");
    assert_eq!(period["verdict"], "differs");
    assert_eq!(period["as_expected"], true);
    assert_eq!(period["reasons"][0]["text"], "調査期間は 2016-11-16 より前に始まっている");
    assert_eq!(period["facts"][0]["shown"], "2016-11-10〜2016-11-15");
}

#[test]
fn row_17_one_respondent_changed_makes_the_figures_that_depend_on_it_differ_and_each_says_why() {
    let text = std::fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("the sample");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let q9 = header.iter().position(|name| name == "q9").expect("q9");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("it is written");
    let mut changed = false;
    for record in reader.records() {
        let record = record.expect("a record");
        let change = !changed && &record[q9] == "1";
        changed |= change;
        let cells = record.iter().enumerate();
        writer
            .write_record(cells.map(|(place, cell)| if change && place == q9 { "2" } else { cell }))
            .expect("it is written");
    }
    let data = writer.into_inner().expect("bytes");
    let program = Program::new().file("d.csv", data);
    let run = release(&program.path("d.csv").display().to_string(), &["--format", "json", "--failed"]);
    assert_eq!(run.code, 1);
    let told: Vec<(String, String)> = figures_of(&run)
        .iter()
        .map(|figure| {
            let text = |value: &Value| value.as_str().expect("a text").to_string();
            (text(&figure["id"]), text(&figure["reasons"][0]["text"]))
        })
        .collect();
    let expected = [
        ("q9-first", "公表は 74.3％、データでは 74.2％。n=604 で 74.3％ となるのは k=449、データは k=448"),
        ("q9-second", "公表は 11.9％、データでは 12.1％。n=604 で 11.9％ となるのは k=72、データは k=73"),
    ];
    assert_eq!(told, expected.map(|(id, text)| (id.to_string(), text.to_string())));
}

#[test]
fn nothing_assumed_is_presented_as_published() {
    let run = release(&repository("data-samples/care-manager-2016.csv"), &[]);
    let paragraph = |id: &str| {
        let mut paragraphs = run.stdout.split("\n\n");
        paragraphs.find(|text| text.contains(&format!("] {id}"))).unwrap_or_else(|| panic!("{id}"))
    };
    assert!(paragraph("q4-q11").contains("選択肢「いつも利用する」の文言は公表されていない（仮定）"));
    assert!(paragraph("q1-q3").contains("読みは仮定"));
    assert!(paragraph("q5-title").contains("「圧倒的多数」を [50, 100]％ と読むのは仮定"));
    assert!(!paragraph("q9-first").contains("仮定"));
    assert!(run.stdout.contains("※ 模擬データ"));
}

// Two ways of computing meet: whatever `tab` prints of the sample, `verify` reproduces.
#[test]
fn every_percentage_that_tab_prints_is_reproduced() {
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    for (filter, no_answer) in [("", "include"), ("q1 == 2", "include"), ("q4 == 1", "exclude")] {
        let mut tab = vec!["tab", "--schema", &schema, &data, "--format", "tidy", "--no-answer", no_answer];
        if !filter.is_empty() {
            tab.extend(["--filter", filter]);
        }
        let tidy = Program::new().run(&tab).stdout;
        let mut reader = csv::Reader::from_reader(tidy.as_bytes());
        let mut figures = format!("[figures]\nno_answer = \"{no_answer}\"\nfilter = \"{filter}\"\n");
        let mut n = String::new();
        let mut count = 0;
        for record in reader.records() {
            let record = record.expect("tidy output is CSV");
            let (question, code, measure, value, role) =
                (&record[1], &record[2], &record[7], &record[8], &record[10]);
            if measure == "n" {
                n = value.to_string();
            }
            if measure != "col_pct" || !["option", "net"].contains(&role) {
                continue;
            }
            // The full value has far more digits than one decimal takes, so no tie is near.
            let percent: f64 = value.parse().expect("a number");
            let code = if role == "net" { format!("net = \"{code}\"") } else { format!("option = {code}") };
            figures += &format!(
                "[[figure]]\nid = \"f{count}\"\nquestion = \"{question}\"\n{code}\ncount = {n}\npercent = \"{percent:.3}\"\n"
            );
            count += 1;
        }
        assert!(count > 100, "{count} figures of {tidy}");
        let program = Program::new().file("f.toml", figures);
        let path = program.path("f.toml").display().to_string();
        let run = program.run(&["verify", "--schema", &schema, &data, "--figures", &path, "--failed"]);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
}

// ---- what a figure can assert

#[test]
fn a_percentage_a_count_and_a_base_are_checked_together() {
    let data = data(HEADER, &[(19, "1,1,0,1,,,1,1,1"), (55, "2,1,0,,,,1,1,1"), (1, ",1,0,,,,1,1,1")]);
    holds(&data, "question = \"q1\"\noption = 1\npercent = \"25.3\"\ncount = 19\nbase = 75");
    let told = differs(&data, "question = \"q1\"\noption = 1\npercent = \"25.7\"\ncount = 20\nbase = 74");
    assert_eq!(
        told,
        "公表の基数は 74、データでは 75\n公表は 20、データでは 19（-1）\n公表は 25.7％、データでは 25.3％。n=74 で 25.7％ となるのは k=19、データは k=19"
    );
    holds(&data, "question = \"q1\"\nmissing = true\npercent = \"1.3\"\ncount = 1");
    holds(&data, "question = \"q1\"\nbase = 74\nno_answer = \"exclude\"");
}

#[test]
fn row_51_an_impossible_percentage_names_the_bases_that_would_give_it() {
    let data = data(HEADER, &[(19, "1,1,0,1,,,1,1,1"), (55, "2,1,0,,,,1,1,1"), (1, ",1,0,,,,1,1,1")]);
    let found = found(&data, "question = \"q1\"\noption = 1\npercent = \"26\"");
    assert_eq!((found.verdict(), found.code), ("impossible", 1));
    assert_eq!(found.texts("impossible"), ["n=75 で 26％ となる k はない（19/75 = 25.33、20/75 = 26.67）"]);
    assert_eq!(
        found.texts("bases"),
        [
            "最も近いありうる基数: 74, 76".replace(", ", "、"),
            "データにある基数でありうるもの: n=74（無回答を基数から除く）".into()
        ]
    );
    assert_eq!(found.texts("explanation"), ["公表値になる計算: 無回答を基数から除く（19/74 = 25.68％）"]);
    // Known of the source, it passes and stays visible.
    let expected =
        self::found(&data, "question = \"q1\"\noption = 1\npercent = \"26\"\nexpect = \"impossible\"");
    assert_eq!((expected.verdict(), expected.code), ("impossible", 0));
}

#[test]
fn row_51_a_percentage_without_data_is_possible_or_impossible() {
    let data = data(HEADER, &[(1, "1,1,0,1,,,1,1,1")]);
    let possible = found(&data, "percent = \"71.8\"\nbase = 39");
    assert_eq!((possible.verdict(), possible.code), ("possible", 0));
    let impossible = found(&data, "percent = \"71.8\"\nbase = 30");
    assert_eq!((impossible.verdict(), impossible.code), ("impossible", 1));
    let above = found(&data, "percent = \"120\"\nbase = 30");
    assert_eq!(above.texts("impossible"), ["n=30 で 120％ となる k はない"]);
    assert!(differs(&data, "percent = \"71.8\"\nbase = 39\ncount = 27").contains("k = 28"));
}

#[test]
fn row_9_a_net_of_rounded_parts_is_named_where_it_differs() {
    // 2/16 is 12.5 and 5/16 is 31.25: rounded 13 + 31 = 44, and 7/16 = 43.75 is 44; of 1/8 and 1/8, 13 + 13 is not 25.
    let data = data(HEADER, &[(1, "1,1,0,1,,,1,1,1"), (1, "2,1,0,,,,1,1,1"), (6, "3,1,0,,,,1,1,1")]);
    holds(&data, "question = \"q1\"\nnet = \"top\"\npercent = \"25\"");
    let found = found(&data, "question = \"q1\"\nnet = \"top\"\npercent = \"26\"");
    assert_eq!(found.verdict(), "impossible");
    assert_eq!(
        found.texts("explanation"),
        ["公表値になる計算: 計を四捨五入後の内訳の和とする（2/8 = 25.00％）"]
    );
}

#[test]
fn other_roundings_explain_a_number() {
    // 1/8 = 12.5, and 43/124 = 34.677 is 34 truncated.
    let eighth = data(HEADER, &[(1, "1,1,0,1,,,1,1,1"), (7, "2,1,0,,,,1,1,1")]);
    assert_eq!(
        explained(&eighth, "question = \"q1\"\noption = 1\npercent = \"12\""),
        ["偶数へ丸める（1/8 = 12.50％）", "切り捨てる（1/8 = 12.50％）"]
    );
    holds(&eighth, "question = \"q1\"\noption = 1\npercent = \"12\"\nrule = \"half-even\"");
    // 11/200 = 5.45 to one decimal would be 5.5, and that 6.
    let twice = data(HEADER, &[(109, "1,1,0,1,,,1,1,1"), (1891, "2,1,0,,,,1,1,1")]);
    assert_eq!(
        explained(&twice, "question = \"q1\"\noption = 1\npercent = \"6\""),
        ["二度四捨五入する（109/2000 = 5.45％）"]
    );
}

#[test]
fn row_7_mentions_and_respondents_explain_one_another() {
    let data = data(HEADER, &[(6, "1,1,1,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1")]);
    holds(&data, "question = \"q2\"\noption = 1\npercent = \"100.0\"");
    holds(&data, "question = \"q2\"\noption = 1\npercent = \"62.5\"\nof = \"mentions\"");
    assert_eq!(
        explained(&data, "question = \"q2\"\noption = 1\npercent = \"62.5\""),
        ["回答総数を基数とする（10/16 = 62.500％）"]
    );
    assert_eq!(
        explained(&data, "question = \"q2\"\noption = 1\npercent = \"100.0\"\nof = \"mentions\""),
        ["回答者を基数とする（10/10 = 100.000％）"]
    );
}

#[test]
fn a_routed_base_and_dropped_conditions_explain_a_number() {
    let data = data(HEADER, &[(3, "1,1,1,1,,,1,1,1"), (2, "1,1,0,2,,,1,1,1"), (5, "2,0,1,,,,1,1,1")]);
    holds(&data, "question = \"q3\"\noption = 1\npercent = \"60\"");
    assert_eq!(
        explained(&data, "question = \"q3\"\noption = 1\npercent = \"30\""),
        ["非該当も含めた全員を基数とする（3/10 = 30.00％）"]
    );
    assert_eq!(
        explained(&data, "question = \"q2\"\noption = 1\nwithin = \"q1 == 1\"\npercent = \"50\""),
        ["グループで絞らない（5/10 = 50.00％）"]
    );
    assert_eq!(
        explained(&data, "question = \"q2\"\noption = 1\nfilter = \"q1 == 1\"\npercent = \"50\""),
        ["条件で絞らない（5/10 = 50.00％）"]
    );
    let found = found(&data, "question = \"q3\"\noption = 1\npercent = \"20\"");
    assert_eq!(found.texts("unexplained"), ["公表値になる計算方法は見つからない"]);
}

#[test]
fn weights_explain_a_number() {
    let schema = SCHEMA.replacen("respondent = \"id\"", "respondent = \"id\"\nweight = \"w\"", 1);
    let data = "id,q1,w\n1,1,3\n2,2,1\n";
    let schema = &schema[..schema.find("[[question]]\nid = \"q2\"").expect("q2")];
    let figures = "[[figure]]\nid = \"f\"\nquestion = \"q1\"\noption = 1\npercent = \"50\"\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", data).file("f.toml", figures);
    let verify = ["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"];
    let weighted = program.run(&verify);
    assert_eq!(weighted.code, 1);
    assert!(weighted.stdout.contains("→ 公表は 50％、データでは 75％\n"), "{}", weighted.stdout);
    assert!(weighted.stdout.contains("公表値になる計算: ウェイトをかけない"), "{}", weighted.stdout);
    assert_eq!(program.run(&[&verify[..], &["--no-weight"]].concat()).code, 0);
}

#[test]
fn row_13_a_gap_between_groups_names_the_question() {
    let even = data(HEADER, &[(5, "1,1,0,1,,,1,1,1"), (5, "2,1,0,,,,1,1,1")]);
    let keys =
        "no_difference = { groups = \"q1\", of = [1, 2], questions = [\"q2\", \"g\"], points = \"5\" }";
    holds(&even, keys);
    let gap = data(HEADER, &[(5, "1,1,0,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1"), (1, "2,1,0,,,,1,1,2")]);
    assert_eq!(
        differs(&gap, keys),
        "g.r3 大「はい」 の差 20.00 ポイントは基準の 5 を超える\ng.r3 大「いいえ」 の差 20.00 ポイントは基準の 5 を超える"
    );
}

#[test]
fn row_14_a_trend_over_ordered_rows_goes_one_way() {
    let falling = data(HEADER, &[(5, "1,1,0,1,,,1,1,2"), (5, "1,1,0,1,,,1,2,2")]);
    let keys = "question = \"g\"\noption = 1\ntrend = ";
    holds(&falling, &format!("{keys}\"falling\""));
    assert!(
        differs(&falling, &format!("{keys}\"rising\"")).contains("一方向でない: g.r1 小「はい」 100.00％")
    );
    let level = data(HEADER, &[(5, "1,1,0,1,,,1,1,1")]);
    assert_eq!(differs(&level, &format!("{keys}\"falling\"")), "最初と最後が同じ");
}

#[test]
fn a_trend_goes_over_the_groups_of_a_question_too() {
    let rows = [
        (1, "1,1,0,1,,,1,1,1"),
        (1, "2,1,1,,,,1,1,1"),
        (1, "2,1,0,,,,1,1,1"),
        (1, "3,1,1,,,,1,1,1"),
        (1, "4,1,1,,,,1,1,1"),
    ];
    holds(&data(HEADER, &rows), "question = \"q2\"\noption = 2\ngroups = \"q1\"\ntrend = \"rising\"");
    assert_eq!(
        differs(
            &data(HEADER, &rows[..4]),
            "question = \"q2\"\noption = 2\ngroups = \"q1\"\ntrend = \"rising\""
        ),
        "q2「き」［その他］: 回答者がいないため算出できない"
    );
}

#[test]
fn a_figure_expected_to_be_wrong_fails_when_it_is_right() {
    let data = data(HEADER, &[(1, "1,1,0,1,,,1,1,1"), (1, "2,1,0,,,,1,1,1")]);
    let found = found(&data, "question = \"q1\"\noption = 1\npercent = \"50\"\nexpect = \"differs\"");
    assert_eq!((found.verdict(), found.code), ("reproduced", 1));
    assert_eq!(found.figure["as_expected"], false);
}

#[test]
fn row_15_the_top_answer_is_the_same_in_each_group_or_it_is_said_where_not() {
    let keys = "question = \"q2\"\nsame_top = { groups = \"q1\", of = [1, 2] }";
    let same = data(HEADER, &[(5, "1,1,0,1,,,1,1,1"), (5, "2,1,0,,,,1,1,1")]);
    holds(&same, keys);
    let other = data(HEADER, &[(5, "1,1,0,1,,,1,1,1"), (5, "2,0,1,,,,1,1,1")]);
    assert_eq!(differs(&other, keys), "「い」では q2「か」 ではなく q2「き」［い］ が最多");
    let tie = data(HEADER, &[(5, "1,1,1,1,,,1,1,1"), (5, "2,1,0,,,,1,1,1")]);
    assert_eq!(differs(&tie, keys), "q2「か」［あ］ と q2「き」［あ］ が同率（100.00％）");
}

#[test]
fn row_16_a_ranking_leaves_out_other_and_says_ties() {
    // その他 is the most frequent, and is not ranked.
    let data = data(
        HEADER,
        &[(3, "1,1,0,1,,,1,1,1"), (2, "2,1,0,,,,1,1,1"), (2, "3,1,0,,,,1,1,1"), (9, "4,1,0,,,,1,1,1")],
    );
    holds(&data, "question = \"q1\"\nranking = [1]");
    assert_eq!(
        differs(&data, "question = \"q1\"\nranking = [1, 2]"),
        "q1「い」 は2位を q1「う」 と分け合う（12.50％）"
    );
    holds(&data, "question = \"q1\"\nranking = [1, 2, 3]\nties = true");
    assert!(differs(&data, "question = \"q1\"\nranking = [2]").contains("q1「あ」（18.75％）が先に来る"));
    assert!(
        differs(&data, "question = \"q1\"\nranking = [1]\nfrom_bottom = true").contains("下から1位ではない")
    );
}

#[test]
fn wordings_are_judged_from_raw_and_true_is_not_sayable() {
    // 39.96% prints as 40.0 and is not 4割以上.
    let near = data(HEADER, &[(999, "1,1,0,1,,,1,1,1"), (1501, "2,1,0,,,,1,1,1")]);
    holds(&near, "question = \"q1\"\noption = 1\npercent = \"40.0\"");
    assert_eq!(
        differs(&near, "question = \"q1\"\noption = 1\nphrase = \"４割以上\""),
        "「４割以上」は [40, 100]％ をいうが、データでは 39.96％"
    );
    holds(&near, "question = \"q1\"\noption = 1\nphrase = \"約四割\"");
    let sixty = data(HEADER, &[(6, "1,1,0,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1")]);
    let found = found(&sixty, "question = \"q1\"\noption = 1\nphrase = \"4割以上\"");
    assert_eq!(found.verdict(), "reproduced");
    assert_eq!(
        found.figure["cautions"][0],
        "「4割以上」は誤りではないが、60.00％ をそうはいわない（ふつう [40, 50)％）"
    );
    assert!(
        differs(&sixty, "question = \"q1\"\noption = 2\nphrase = \"最多\"")
            .contains("q1「あ」（60.00％）が上回る")
    );
    assert!(differs(&sixty, "question = \"q1\"\noption = 1\nphrase = \"圧倒的多数\"\nwithin = \"q1 in [1, 2]\"\nfilter = \"q2 has 2\"").contains("算出できない"));
}

#[test]
fn row_30_three_tenths_of_nineteen_municipalities_are_five_or_six() {
    for (count, verdict) in [(4, "differs"), (5, "reproduced"), (6, "reproduced"), (7, "differs")] {
        let data = data(HEADER, &[(count, "1,1,0,1,,,1,1,1"), (19 - count, "2,1,0,,,,1,1,1")]);
        let found = found(&data, "question = \"q1\"\noption = 1\nphrase = \"３割程度\"");
        assert_eq!(found.verdict(), verdict, "{count}");
    }
}

const WAVES: &str = r#"
[[reference]]
id = "r1"
label = "2019年度"
source = "ニッセイ基礎研究所"
values = { nouhau = "68.9", hyouka = "70.6" }

[[reference]]
id = "r3"
label = "2021年度"
source = "ニッセイ基礎研究所"
values = { jinzai = "69.7", nouhau = "72.8", hyouka = "70.1" }

[[reference]]
id = "r4"
label = "2022年度"
source = "ニッセイ基礎研究所"
values = { jinzai = "71.8", nouhau = "70.7", hyouka = "66.1" }
"#;

#[test]
fn row_31_changes_between_waves_need_no_microdata() {
    let data = data(HEADER, &[(1, "1,1,0,1,,,1,1,1")]);
    let figure = |id: &str, keys: &str| format!("[[figure]]\nid = \"{id}\"\n{keys}\n");
    let figures = [
        figure("up", "value = \"r4.jinzai\"\nsince = \"r3.jinzai\"\nchange = \"up\"\npoints = \"2.1\""),
        figure("down", "value = \"r4.nouhau\"\nsince = \"r3.nouhau\"\nchange = \"down\"\npoints = \"-2.1\""),
        figure("flat", "value = \"r3.hyouka\"\nsince = \"r1.hyouka\"\nchange = \"flat\"\nflat = \"1\""),
        figure(
            "not-up",
            "value = \"r4.hyouka\"\nsince = \"r3.hyouka\"\nchange = \"up\"\nexpect = \"differs\"",
        ),
        figure(
            "other-way",
            "value = \"r4.nouhau\"\nsince = \"r3.nouhau\"\npoints = \"2.1\"\nexpect = \"differs\"",
        ),
    ];
    let run = run(&data, &format!("{WAVES}{}", figures.concat()), &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("→ 増えていない（-4.00ポイント）"), "{}", run.stdout);
    assert!(run.stdout.contains("公表値になる計算: 逆向きの差"), "{}", run.stdout);
    assert!(run.stdout.contains("2022年度 jinzai: 71.8％（ニッセイ基礎研究所）"), "{}", run.stdout);
}

#[test]
fn row_32_a_net_with_those_who_consider_it_is_a_sum_of_counts() {
    let data = data(HEADER, &[(1, "1,1,0,1,,,1,1,1"), (2, "2,1,0,,,,1,1,1"), (4, "3,1,0,,,,1,1,1")]);
    // 14.3 + 28.6 is 42.9 as well, but 3/7 at no decimals is 43 where 14 + 29 is 43; at two, 14.29 + 28.57 = 42.86.
    holds(&data, "question = \"q1\"\nnet = \"top\"\ncount = 3\npercent = \"42.86\"\nphrase = \"約4割\"");
}

#[test]
fn row_41_a_ratio_of_sums_is_over_those_who_gave_both() {
    let data = data(HEADER, &[(1, "1,1,0,1,10,15,1,1,1"), (1, "2,1,0,,14,18,1,1,1"), (1, "2,1,0,,7,,1,1,1")]);
    holds(&data, "ratio = { above = \"a\", below = \"b\" }\npercent = \"72.7\"");
    let found = found(&data, "ratio = { above = \"a\", below = \"b\" }\npercent = \"72.8\"");
    assert_eq!(found.verdict(), "differs");
    assert_eq!(found.figure["facts"][0]["shown"], "24/33 = 72.727％");
    let waves = "[[reference]]\nid = \"t\"\nlabel = \"前回\"\nsource = \"鳥取県\"\nvalues = { now = \"68.4\", then = \"77.6\" }\n";
    let figure = "[[figure]]\nid = \"f\"\nvalue = \"t.now\"\nsince = \"t.then\"\npoints = \"-9.2\"\nchange = \"down\"\n";
    assert_eq!(run(&data, &format!("{waves}{figure}"), &[]).code, 0);
}

#[test]
fn row_43_the_gap_to_a_target_is_of_the_raw_share() {
    let data = data(HEADER, &[(1389, "1,1,0,1,,,1,1,1"), (352, "2,1,0,,,,1,1,1")]);
    holds(&data, "question = \"q1\"\noption = 1\npercent = \"79.8\"\ntarget = \"100\"\ngap = \"20.2\"");
    assert!(
        differs(&data, "question = \"q1\"\noption = 1\ntarget = \"100\"\ngap = \"20.3\"")
            .contains("公表は 20.3ポイント")
    );
}

#[test]
fn differences_of_printed_and_of_raw_percentages_explain_one_another() {
    // 39.24 and 19.37: −19.87 raw, −19.8 as printed.
    let small = "1,1,0,1,,,1,1,1";
    let data = data(HEADER, &[(117, small), (120, "2,1,0,,,,1,1,2"), (367, "2,1,0,,,,2,1,2")]);
    let keys = "question = \"g.r3\"\noption = 1\nlower_than = { question = \"g.r1\" }\npoints = ";
    holds(&data, &format!("{keys}\"-19.9\""));
    holds(&data, &format!("{keys}\"-19.8\"\npoints_of_decimals = 1"));
    assert_eq!(explained(&data, &format!("{keys}\"-19.8\"")), ["小数1桁に四捨五入した％どうしの差"]);
    assert_eq!(explained(&data, &format!("{keys}\"-19.9\"\npoints_of_decimals = 1")), ["四捨五入前の％の差"]);
}

#[test]
fn a_response_rate_and_a_mean_are_figures() {
    let data = data(HEADER, &[(74, "1,1,0,1,3,4,1,1,1"), (1, "1,1,0,1,4,4,1,1,1")]);
    holds(&data, "sent = 77\npercent = \"97.4\"");
    holds(&data, "sent = 340\nreturned = 268\npercent = \"79\"");
    assert!(differs(&data, "sent = 78\npercent = \"97.4\"").contains("データでは 96.2％"));
    holds(&data, "question = \"a\"\nmean = \"3.0\"");
    assert!(differs(&data, "question = \"a\"\nmean = \"3.1\"").contains("公表は 3.1、データでは 3.0"));
}

#[test]
fn a_wording_of_one_s_own_goes_before_the_built_in_ones() {
    let program = Program::new()
        .file("s.toml", SCHEMA)
        .file("d.csv", data(HEADER, &[(6, "1,1,0,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1")]))
        .file("p.toml", "[[phrase]]\nsay = \"{N}割弱\"\ntrue = \"[10N-3, 10N)\"\nassumed = true\n")
        .file("f.toml", "[[figure]]\nid = \"f\"\nquestion = \"q1\"\noption = 1\nphrase = \"7割弱\"\n");
    let verify = ["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"];
    let own = program.run(&[&verify[..], &["--phrase-file", "p.toml"]].concat());
    assert_eq!(own.code, 1);
    assert!(own.stdout.contains("「7割弱」は [67, 70)％ をいうが、データでは 60.00％"), "{}", own.stdout);
    let built_in = program.run(&verify);
    assert!(built_in.stderr.contains("`7割弱` has no agreed meaning"), "{}", built_in.stderr);
}

#[test]
fn a_report_is_text_or_markdown_in_either_language() {
    let data = data(HEADER, &[(19, "1,1,0,1,,,1,1,1"), (55, "2,1,0,,,,1,1,1"), (1, ",1,0,,,,1,1,1")]);
    let figures = "[figures]\ntitle = \"小さな調査\"\n[[figure]]\nid = \"f\"\nquote = \"あが26％\"\nat = \"1ページ\"\nquestion = \"q1\"\noption = 1\npercent = \"26\"\nremark = \"無回答に注意\"\n[[figure]]\nid = \"g\"\nquestion = \"q1\"\noption = 2\ncount = 55\n";
    assert_eq!(
        run(&data, figures, &[]).stdout,
        "\
小さな調査
公表値 2 件: 再現 1、不可能 1。想定と違うもの 1

[✗ 不可能] f　1ページ
  “あが26％”
  → n=75 で 26％ となる k はない（19/75 = 25.33、20/75 = 26.67）
  → 最も近いありうる基数: 74、76
  → データにある基数でありうるもの: n=74（無回答を基数から除く）
  → 公表値になる計算: 無回答を基数から除く（19/74 = 25.68％）
  q1「あ」: 19/75 = 25.33％
  ※ 無回答に注意

[再現] g
  q1「い」: 55/75 = 73.333％
"
    );
    assert_eq!(
        run(&data, figures, &["--format", "md", "--failed", "--lang", "en"]).stdout,
        "\
小さな調査

2 figures: reproduced 1, impossible 1; 1 not as expected

| verdict | figure | quotation | data | reasons and notes |
| :-- | :-- | :-- | :-- | :-- |
| ✗ impossible | f<br>1ページ | あが26％ | q1「あ」: 19/75 = 25.33% | no k of n=75 is 26% (19/75 = 25.33, 20/75 = 26.67)<br>the nearest bases on which it is possible: 74, 76<br>bases of the data on which it is possible: n=74 (no answer out of the base)<br>gives the printed number: no answer out of the base (19/74 = 25.68%)<br>※ 無回答に注意 |
"
    );
}

/// A schema of municipalities, whose codes are the respondents' keys.
const MUNICIPAL: &str = r#"
[survey]
id = "m"
title = "m"
respondent = "city"

[[question]]
id = "city"
text = "市区町村"
kind = "single"
options = "@municipalities"

[[derive]]
id = "pref"
label = "都道府県"
from = "city"
groups = "@prefectures"

[[question]]
id = "q1"
text = "取組"
kind = "multi"
options = [ { code = 1, label = "仕組みづくり" }, { code = 2, label = "その他" } ]
nets = [ { id = "any", label = "計", of = [1, 2] } ]

[[question]]
id = "n"
text = "取組数"
kind = "number"
"#;

/// 松江市, 出雲市 and 浜田市 of 島根県, and two of Tokyo.
const CITIES: &str =
    "city,q1_1,q1_2,n\n322032,1,0,3\n322016,1,1,4\n322024,0,1,2\n131016,0,1,1\n131024,0,1,\n";

fn municipal(keys: &str, more: &[&str]) -> Run {
    let figures = format!("[[figure]]\nid = \"f\"\n{keys}\n");
    let program = Program::new().file("s.toml", MUNICIPAL).file("d.csv", CITIES).file("f.toml", figures);
    program.run(&[&["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"], more].concat())
}

#[test]
fn row_34_municipalities_with_an_answer_are_listed_by_name_in_the_order_of_their_codes() {
    let keys = "quote = \"（松江市、出雲市など）\"\nquestion = \"q1\"\noption = 1\nwithin = \"pref == 32\"\nnamed = [\"322016\", \"322032\"]";
    let run = municipal(keys, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let shown = "  q1「仕組みづくり」［「都道府県」が「島根県」］: 該当 2（島根県松江市、島根県出雲市）\n";
    assert!(run.stdout.contains(shown), "{}", run.stdout);
    // 浜田市 is in the data without the answer, 千代田区 outside the group, 益田市 not in the data.
    let keys = keys.replace("\"322016\"", "\"322024\", \"131016\", \"322041\"");
    let run = municipal(&keys, &[]);
    assert_eq!(run.code, 1);
    for told in [
        "→ 島根県浜田市 は q1「仕組みづくり」［「都道府県」が「島根県」］ にあたらない\n",
        "→ 東京都千代田区 は q1「仕組みづくり」［「都道府県」が「島根県」］ にあたらない\n",
        "→ 島根県益田市 はデータにない\n",
    ] {
        assert!(run.stdout.contains(told), "{told}{}", run.stdout);
    }
}

#[test]
fn row_34_a_person_who_was_not_named_is_not_listed() {
    let data = "id,q1,q2_1,q2_2,q3,a,b,g_r1,g_r2,g_r3\nann,1,1,0,1,,,1,1,1\nbob,1,1,0,1,,,1,1,1\n";
    let figures = "[[figure]]\nid = \"f\"\nquestion = \"q1\"\nnet = \"top\"\nnamed = [\"ｂｏｂ\"]\n";
    let run = run(data, figures, &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("該当 2（bob）\n"), "{}", run.stdout);
    assert!(!run.stdout.contains("ann"));
}

#[test]
fn row_25_a_group_is_compared_with_the_whole_with_and_without_itself() {
    // 2 of 3 in 島根県, 2 of 5 in all, 0 of 2 elsewhere.
    let figure = |other: &str, points: &str| {
        let keys = "question = \"q1\"\noption = 1\nwithin = \"pref == 32\"";
        municipal(&format!("{keys}\nhigher_than = \"{other}\"\npoints = \"{points}\""), &["--lang", "en"])
    };
    for (other, points, base) in [("whole", "26.7", "2/5 = 40.000%"), ("others", "66.7", "0/2 = 0.000%")] {
        let run = figure(other, points);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        assert!(run.stdout.contains(base), "{}", run.stdout);
        assert!(!run.stdout.contains("=="), "{}", run.stdout);
    }
    assert_eq!(figure("whole", "66.7").code, 1);
    assert!(
        figure("others", "66.7").stdout.contains("q1「仕組みづくり」［not (“都道府県” is “Shimane”)］: 0/2")
    );
}

#[test]
fn means_are_compared_between_groups() {
    let keys = "question = \"n\"\nwithin = \"pref == 32\"\n";
    let run = municipal(&format!("{keys}higher_than = \"others\""), &[]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("平均 3.000（n=3）"), "{}", run.stdout);
    assert!(run.stdout.contains("平均 1.000（n=1）"), "{}", run.stdout);
    let run = municipal(&format!("{keys}lower_than = \"others\""), &[]);
    assert!(
        run.stdout.contains("→ n［「都道府県」が「島根県」］（3.00）は n［（「都道府県」が「島根県」）ではない］（1.00）を下回らない\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn nearly_the_same_is_a_number_of_points() {
    // 6 and 4 of 10.
    let data = data(HEADER, &[(6, "1,1,0,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1")]);
    let keys = "question = \"q1\"\noption = 2\nsame_as = { option = 1, points = ";
    holds(&data, &format!("{keys}\"20\" }}"));
    assert_eq!(differs(&data, &format!("{keys}\"19.9\" }}")), "差 20.00 ポイントは基準の 19.9 を超える");
}

#[test]
fn how_many_offices_answered_is_a_figure() {
    let data = data(HEADER, &[(6, "1,1,0,1,,,1,1,1"), (4, "2,1,0,,,,1,1,1")]);
    holds(&data, "question = \"q1\"\ndistinct = 2");
    assert_eq!(differs(&data, "question = \"q1\"\ndistinct = 3"), "公表は 3、データでは 2");
}

#[test]
fn row_31_references_stand_in_files_of_their_own_and_a_missing_item_says_so() {
    let figures = "references = [\"waves/r.toml\"]\n[[figure]]\nid = \"f\"\nvalue = \"r4.jinzai\"\nsince = \"r1.jinzai\"\nchange = \"up\"\n";
    let waves = WAVES.replace("values = { nouhau", "values = { jinzai = \"-\", nouhau");
    let program =
        Program::new().file("s.toml", SCHEMA).file("d.csv", data(HEADER, &[(1, "1,1,0,1,,,1,1,1")]));
    std::fs::create_dir_all(program.path("file/waves")).expect("a folder");
    let program = program.file("file/f.toml", figures).file("file/waves/r.toml", &waves);
    let verify = ["verify", "--schema", "s.toml", "d.csv", "--figures", "file/f.toml"];
    let missing = program.run(&verify);
    assert_eq!(missing.code, 1);
    assert!(
        missing.stdout.contains("→ 2019年度 jinzai: 公表されていない\n"),
        "{}{}",
        missing.stdout,
        missing.stderr
    );
    let program = program.file("file/f.toml", figures.replace("r1.", "r3."));
    assert_eq!(program.run(&verify).code, 0);
    std::fs::remove_file(program.path("file/waves/r.toml")).expect("it was there");
    let gone = program.run(&verify);
    assert_eq!(gone.code, 3);
    assert!(gone.stderr.contains("the references could not be read"), "{}", gone.stderr);
}

#[test]
fn rows_31_and_36_references_are_tables_of_their_own() {
    let folder = repository("examples/municipal-progress-r3");
    let files = ["r1", "r3", "r4"].map(|wave| format!("{folder}/reference-{wave}.toml"));
    let run = Program::new().run(&["references", &files[0], &files[1], &files[2], "--format", "md"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn verify_reads_data_as_tab_does() {
    let figures = "[[figure]]\nid = \"f\"\nquestion = \"q1\"\noption = 1\npercent = \"75\"\n";
    let schema = &SCHEMA[..SCHEMA.find("[[question]]\nid = \"q2\"").expect("q2")];
    // CP932, semicolons, a line of title, two header rows, a weight column and a file of weights.
    let data = b"\x92\xb2\x8d\xb8\nid;Q;w\n;q1;\n1;1;3\n2;2;1\n";
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", data)
        .file("w.csv", "id,weight\n1,6\n2,2\n")
        .file("f.toml", figures);
    let verify = ["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"];
    let reading = ["--encoding", "cp932", "--delimiter", "semicolon", "--skip", "1", "--header-rows", "2"];
    for weighting in [["--weight", "w"], ["--weights", "w.csv"]] {
        let run = program.run(&[&verify[..], &reading, &weighting].concat());
        assert_eq!(run.code, 0, "{weighting:?} {}{}", run.stdout, run.stderr);
    }
    assert_eq!(program.run(&[&verify[..], &reading, &["--no-weight"]].concat()).code, 1);
}

#[test]
fn verify_reads_a_wave_by_its_own_codes() {
    let schema = &SCHEMA[..SCHEMA.find("[[question]]\nid = \"q2\"").expect("q2")];
    let wave = "[[wave]]\nid = \"r1\"\nlabel = \"前回\"\n\n[wave.questions.q1]\ncodes = { 9 = 1, 8 = 2, 7 = 3, 6 = 4 }\n";
    let program = Program::new()
        .file("s.toml", format!("{schema}{wave}"))
        .file("d.csv", "id,q1\n1,9\n2,8\n")
        .file("f.toml", "[[figure]]\nid = \"f\"\nquestion = \"q1\"\noption = 1\npercent = \"50\"\n");
    let verify = ["verify", "--schema", "s.toml", "d.csv", "--figures", "f.toml"];
    let run = program.run(&[&verify[..], &["--wave", "r1"]].concat());
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert_eq!(program.run(&verify).code, 1);
}
