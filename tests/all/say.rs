//! Sentences that are true of a question.

use crate::cli::{Program, Run, repository};

fn say(more: &[&str]) -> Run {
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    let run = Program::new().run(&[&["say", "--schema", &schema, &data], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run
}

#[test]
fn row_16_the_sentence_of_the_release_comes_out_to_the_letter() {
    let said = say(&["--rows", "q9"]).stdout;
    assert_eq!(
        said.lines().next(),
        Some(
            "「家族や親族から聞く」との回答が74.3％で最多となった。次いで「介護サービス事業所から聞く」11.9％、「医療機関から聞く」5.3％、「本人から聞く」3.1％だった。"
        )
    );
    assert!(said.contains("※ n=604\n"), "{said}");
    assert!(said.contains("※ 模擬データ"), "{said}");
}

#[test]
fn digits_and_the_sign_are_as_asked_for() {
    let said = say(&["--rows", "q9", "--top", "2", "--digits", "full", "--percent-sign", "half"]).stdout;
    assert!(said.starts_with("「家族や親族から聞く」との回答が７４．３%で最多となった。次いで「介護サービス事業所から聞く」１１．９%だった。\n"), "{said}");
    let english = say(&["--rows", "q9", "--top", "2", "--decimals", "0", "--lang", "en"]).stdout;
    assert!(
        english.starts_with(
            "“家族や親族から聞く” came first with 74%, followed by “介護サービス事業所から聞く” (12%).\n"
        ),
        "{english}"
    );
}

#[test]
fn the_rows_of_a_grid_are_no_answers() {
    let said = say(&["--rows", "q7:easy", "--top", "2"]).stdout;
    assert!(said.contains("※ 「101〜200床」の文言は公表されていない（仮定）"), "{said}");
    assert!(
        said.starts_with("「100床以下」が39.2％で最多となった。次いで「101〜200床」33.9％だった。\n"),
        "{said}"
    );
}

#[test]
fn assumed_labels_are_said_to_be_assumed() {
    let said = say(&["--rows", "q3", "--top", "1"]).stdout;
    assert!(!said.contains("公表されていない"), "{said}");
    let said = say(&["--rows", "q3", "--top", "2"]).stdout;
    assert!(
        said.contains("※ 「切れ目のない在宅医療と介護の提供体制の構築推進」の文言は公表されていない（仮定）"),
        "{said}"
    );
}

const SCHEMA: &str = r#"
[survey]
id = "t"
title = "t"
respondent = "id"
unit = "市町村"

[[question]]
id = "q1"
text = "Q1"
kind = "single"
options = [ { code = 1, label = "あ" }, { code = 2, label = "い" }, { code = 3, label = "う" }, { code = 4, label = "え" } ]

[[question]]
id = "a"
text = "件数"
kind = "number"
"#;

fn said_of(rows: &[(usize, &str)], more: &[&str]) -> String {
    let mut data = String::from("id,q1,a\n");
    for (id, cells) in rows.iter().flat_map(|(count, cells)| std::iter::repeat_n(cells, *count)).enumerate() {
        data += &format!("{id},{cells}\n");
    }
    let program = Program::new().file("s.toml", SCHEMA).file("d.csv", data);
    let run = program.run(&[&["say", "--schema", "s.toml", "d.csv"], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

#[test]
fn ties_are_said_and_never_cut() {
    let rows = [(4, "1,"), (4, "2,"), (1, "3,"), (1, "4,")];
    assert_eq!(
        said_of(&rows, &["--rows", "q1", "--top", "3"]),
        "「あ」と「い」がともに40.0％で最多となった。次いで「う」と「え」がともに10.0％だった。\n※ n=10\n"
    );
}

#[test]
fn the_base_is_said() {
    let said = said_of(
        &[(1, "1,"), (3, ",")],
        &["--rows", "q1", "--no-answer", "exclude", "--filter", "q1 is asked"],
    );
    assert_eq!(said, "「あ」との回答が100.0％で最多となった。\n※ n=1、無回答を除く、q1 is asked\n");
}

#[test]
fn a_share_has_the_wordings_that_are_sayable_of_it() {
    let said = said_of(&[(6, "1,"), (13, "2,")], &["--rows", "q1", "--phrases", "--digits", "full"]);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(
        lines[1..],
        [
            "６割以上の市町村が「い」を選んだ（６８．４％）。ほかの言い方: ６割超、約７割、７割程度*、７割近く*、７割未満*、過半数*、多くの*、圧倒的多数*",
            "３割以上の市町村が「あ」を選んだ（３１．６％）。ほかの言い方: ３割超、約３割、３割程度*",
            "※ * の言い方の読みは仮定",
            "※ n=19",
        ]
    );
}

#[test]
fn a_number_has_a_mean_and_nobody_has_nothing() {
    assert_eq!(
        said_of(&[(1, "1,3"), (1, "1,4"), (1, "1,")], &["--rows", "a"]),
        "「件数」の平均は3.5であった（n=2）。\n"
    );
    assert_eq!(
        said_of(&[(1, ",")], &["--rows", "q1,a"]),
        "q1　Q1\n回答者がいないため、いえることはない。\n\na　件数\n回答者がいないため、いえることはない。\n"
    );
}
