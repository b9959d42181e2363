//! Comments coded into answers, and words of その他 put back among the options.

use renkei::diag::Quiet;
use renkei::frame::{ReadOptions, WeightSource, read_in_blocks};
use renkei::tabulate::{Request, fill};

use crate::cli::{Program, repository};
use crate::refusal::{SINGLE, SURVEY, refuses};

fn shown(arguments: &[&str]) -> String {
    let schema = repository("schemas/comments.toml");
    let data = repository("data-samples/comments.csv");
    let run = Program::new().run(&[&[arguments[0], "--schema", &schema, &data], &arguments[1..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout
}

#[test]
fn comments_make_answers_and_words_of_other_go_back() {
    insta::assert_snapshot!(shown(&["tab"]));
    insta::assert_snapshot!(shown(&[
        "crosstab",
        "--rows",
        "needs",
        "--cols",
        "q1_recoded",
        "--cell",
        "count"
    ]));
}

/// Followed by hand: what each respondent of the sample wrote.
#[test]
fn each_comment_makes_the_answers_of_its_words() {
    for (respondents, condition) in [
        ("5", "needs has 1"), // 1, 7, 8 (１８時), 15, and 20 by hand
        ("5", "needs has 2"), // 3, 4, 9, 18, and 20 by hand
        ("5", "needs has 3"), // 4, 11, 16, 19, and 14 by hand
        ("2", "needs has 9"), // 6, 13
        ("1", "needs has 2 and needs has 3"),
        ("15", "needs is given"),
        ("3", "q1_recoded has 4"), // 6, 13 (who wrote nothing there), 18
        ("7", "q1 has 4"),
    ] {
        let tidy = shown(&[
            "tab",
            "--rows",
            "q1",
            "--filter",
            condition,
            "--format",
            "tidy",
            "--measures",
            "base",
            "--no-answer",
            "include",
        ]);
        let base =
            tidy.lines().nth(1).and_then(|line| line.split(',').nth(8)).unwrap_or_default().to_string();
        assert_eq!(base, respondents, "{condition}");
    }
}

#[test]
fn answers_decided_by_hand_for_nobody_are_told_as_a_count() {
    let overlay = r#"
[[derive]]
id = "mine"
label = "m"
from = "q2"
comments = [ { code = 1, label = "a", words = ["体操"] }, { code = 2, label = "b" } ]
by_respondent = { "1" = [2], "99" = [1], "１００" = [] }
"#;
    let (schema, data) = (repository("schemas/comments.toml"), repository("data-samples/comments.csv"));
    let program = Program::new().file("mine.toml", overlay);
    let run = program.run(&[
        "tab",
        "--schema",
        &schema,
        &data,
        "--with",
        "mine.toml",
        "--rows",
        "mine",
        "--cell",
        "count",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = "warning: DATA: 2 respondents of `by_respondent` of question `mine` are not in the data\n";
    assert_eq!(run.stderr.replace(&data, "DATA"), expected);
    insta::assert_snapshot!(run.stdout);
}

const TEXT: &str = r#"[[question]]
id = "q8"
text = "t"
kind = "text"
"#;

#[test]
fn a_code_frame_says_which_words_make_an_answer() {
    refuses(
        &[
            SURVEY,
            TEXT,
            r#"[[derive]]
id = "d"
label = "d"
from = "q8"
comments = [
  { code = 1, label = "a" },
  { code = 2, label = "b", words = [""] },
  { code = 3, label = "c", pattern = "(" },
  { code = 4, label = "d", rest = true },
  { code = 5, label = "e", rest = true },
]
"#,
        ],
        r#"a rule has neither `words` nor `pattern`
  at: { code = 1, label = "a" }
  hint: write `words = ["情報共有"]`, a regular expression `pattern = "顔.{0,4}見える"`, or `rest = true`
expected a word, found an empty text
  at: ""
  hint: every comment contains an empty text
expected a regular expression: unclosed group
  at: "("
  hint: put `\` before a sign that stands for itself, or list plain texts as `words`
`d` has two answers with `rest = true`
  at: { code = 5, label = "e", rest = true }
  hint: only one can take the remaining comments"#,
    );
}

#[test]
fn comments_come_from_text_and_recoding_needs_the_words_of_other() {
    refuses(
        &[
            SURVEY,
            SINGLE,
            TEXT,
            r#"[[derive]]
id = "d"
label = "d"
from = "q1"
comments = [ { code = 1, label = "a", words = ["a"] } ]
[[derive]]
id = "e"
label = "e"
from = "q1"
recode = [ { to = 1, words = ["a"] } ]
[[derive]]
id = "f"
label = "f"
from = "q8"
overlap = true
comments = [ { code = 1, label = "a", words = ["a"] } ]
recode = [ { to = 1, words = ["a"] } ]
"#,
        ],
        r#"`comments` needs a text question in `from`, found the single question `q1`
  at: "q1"
  hint: put options into groups by `groups`
`recode` needs the words of その他, and `q1` has none
  at: "q1"
  hint: name their column at the option: `{ code = 9, label = "その他", text = "q3_other" }`
`overlap` does not belong beside `comments`
  at: overlap
  hint: group the answers in a second `[[derive]]`
`recode` does not belong beside `comments`
  at: [ { to = 1, words = ["a"] } ]
  hint: `comments` makes answers of a text question, `recode` puts words of その他 back; keep one"#,
    );
}

#[test]
fn answers_by_hand_need_keys_and_known_codes() {
    refuses(
        &[
            SURVEY,
            TEXT,
            r#"[[derive]]
id = "d"
label = "d"
from = "q8"
comments = [ { code = 1, label = "a", words = ["a"], rest = true } ]
by_respondent = { "1" = [2], "１" = [1] }
[[derive]]
id = "e"
label = "e"
from = "q8"
by_respondent = { "1" = [2] }
groups = [ { code = 1, label = "a", rest = true } ]
"#,
        ],
        r#"`by_respondent` needs the respondent's key, and the schema names none
  at: "d"
  hint: say `respondent = "…"` under `[survey]`
an answer has both `rest` and words
  at: { code = 1, label = "a", words = ["a"], rest = true }
  hint: `rest = true` takes comments that meet no rule
`d` has no option with code `2`
  at: 2
  hint: its codes are `1`
respondent `１` is decided twice
  at: "１"
expected a question with options in `from`, found the text question `q8`
  at: "q8"
  hint: code comments by `comments`
`by_respondent` belongs to a code frame, and there is none
  at: { "1" = [2] }
  hint: write `comments = [ … ]`, the answers that comments can make"#,
    );
}

fn listed(arguments: &[&str]) -> crate::cli::Run {
    let schema = repository("schemas/comments.toml");
    let data = repository("data-samples/comments.csv");
    Program::new().run(&[&["comments", "--schema", &schema, &data], arguments].concat())
}

#[test]
fn comments_are_listed_in_an_order_that_does_not_tell_who_wrote_them() {
    let run = listed(&["--width", "60"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn row_18_excerpts_stand_in_the_order_asked_for_word_for_word() {
    let run = listed(&["--rows", "q2", "--only", "19,7,3", "--as-written", "--format", "csv"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let expected = "\u{feff}q2 望むこと\r
集いの場に望むことをご自由にお書きください。\r
記入のあった回答者: 15人　うち 3件を抜粋\r
番号,記入内容,望むこと（自由記述の分類）\r
1,教室,行事の充実\r
2,\"夜の時間にも開いてほしい
仕事の後に行きたい\",場所・時間\r
3,話し相手がほしい,話し相手・交流\r
※ 模擬データ（説明のために作成したもので、実際の回答ではありません）\r
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn telephone_numbers_and_names_are_replaced_unless_asked_for() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"no\"\n[[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"text\"\n";
    let data = "no,q\n1,佐藤さんへ 090-1234-5678\n2,=1+1\n3,\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let run = |more: &[&str]| {
        program.run(&[&["comments", "--schema", "s.toml", "d.csv", "--format", "csv"], more].concat())
    };
    let redacted = run(&["--lang", "en"]);
    assert_eq!(
        redacted.stdout,
        "\u{feff}q q\r\nWrote something: 2 respondents\r\nNo.,Comment\r\n1,'=1+1\r\n2,〔name〕へ 〔telephone number〕\r\n"
    );
    assert_eq!(
        redacted.stderr,
        "warning: replaced 1 telephone number, 1 name
  hint: names without さん or 様, places and illnesses are not found: read all before you publish
"
    );
    let written = run(&["--as-written", "--keys"]);
    assert!(written.stdout.contains("2,1,佐藤さんへ 090-1234-5678\r\n"), "{}", written.stdout);
}

#[test]
fn only_those_who_wrote_something_can_be_listed() {
    let run = listed(&["--rows", "q2", "--only", "1,2,999"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: respondent `2` of `--only` wrote nothing at `q2`
  hint: or is not in the data, or does not pass the filter
error: respondent `999` of `--only` wrote nothing at `q2`
  hint: or is not in the data, or does not pass the filter
"
    );
    let run = listed(&["--rows", "q1,q3", "--filter", "q1 has 1"]);
    assert_eq!(
        run.stderr,
        "error: expected a text question in `--rows`, found the multi question `q1`
  hint: `renkei tab` counts questions with options
error: unknown question `q3` in `--rows`
  hint: did you mean `q2`?
"
    );
}

/// A wave's file with a title, in which one answer cannot be read.
#[test]
fn comments_are_listed_from_any_file_that_tables_are_made_of() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"text\"\n\
                  asked_if = \"a == 1\"\n[[question]]\nid = \"a\"\ntext = \"a\"\nkind = \"single\"\n\
                  options = [ { code = 1, label = \"x\" } ]\n[[wave]]\nid = \"w\"\nlabel = \"w\"\n[wave.questions.q]\ncolumn = \"FA\"\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", "title\nFA|a\none|1\ntwo|7\n");
    let fixed =
        ["--schema", "s.toml", "d.csv", "--wave", "w", "--skip", "1", "--delimiter", "|", "--lenient"];
    let run = program.run(&[&["comments"], &fixed[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.starts_with("q q（w）\n"), "{}", run.stdout);
    assert!(run.stdout.contains("one") && !run.stdout.contains("two"), "{}", run.stdout);
    let run = program.run(&[&["codebook"], &fixed[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("q q（w）"), "{}", run.stdout);
}

/// Answers made of comments, words put back, places and days, of records that stand for several.
#[test]
fn neither_threads_nor_blocks_change_what_comments_and_records_make() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\nrespondent = \"no\"\ncount = \"times\"\nweight = \"w\"\n\
        [[question]]\nid = \"m\"\ntext = \"m\"\nkind = \"multi\"\npacked = { column = \"m\", separator = \";\" }\n\
        options = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\", text = \"o\" } ]\n\
        [[question]]\nid = \"l\"\ntext = \"l\"\nkind = \"multi\"\nlimited_to = \"m\"\nbase = \"option\"\n\
        options = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n\
        [[question]]\nid = \"r\"\ntext = \"r\"\nkind = \"rank\"\npacked = { column = \"r\", separator = \">\" }\n\
        options = [ { code = 1, label = \"a\" }, { code = 2, label = \"b\" } ]\n\
        [[question]]\nid = \"d\"\ntext = \"d\"\nkind = \"date\"\nfrom = 2019-01-01\nto = 2020-12-31\n\
        [[derive]]\nid = \"y\"\nlabel = \"y\"\nfrom = \"d\"\nby = \"year\"\n\
        [[question]]\nid = \"t\"\ntext = \"t\"\nkind = \"text\"\n\
        [[derive]]\nid = \"f\"\nlabel = \"f\"\nfrom = \"t\"\ncomments = [ { code = 1, label = \"x\", words = [\"x\"] }, \
        { code = 2, label = \"rest\", rest = true } ]\nby_respondent = { \"7\" = [1, 2] }\n\
        [[derive]]\nid = \"e\"\nlabel = \"e\"\nfrom = \"m\"\nrecode = [ { to = 1, words = [\"z\"] } ]\n";
    let mut data = "no,times,w,m,o,l_1,l_2,r,d,t\n".to_string();
    for no in 0..60_usize {
        let (packed, rank) = (["", "1", "2", "1;2"][no % 4], ["", "1", "2>1", "1>2"][no / 2 % 4]);
        let (day, text) =
            (["", "2019-05-01", "令和2年5月1日"][no % 3], ["", "ｘ", "y", "\"a\nx\""][no / 3 % 4]);
        let (one, two, words) = (no % 2, no / 4 % 2, ["", "ｚ", "q"][no / 5 % 3]);
        let times = no % 3;
        data += &format!("{no},{times},1.{no},{packed},{words},{one},{two},{rank},{day},{text}\n");
    }
    let survey = renkei::schema::load("s.toml", schema).expect("a sound schema").value;
    let request = Request::resolve(&survey, "all", Some("f>y,r.1"), None, None).expect("a sound request");
    let request = Request { subtotals: true, banner_missing: true, ..request };
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    std::fs::write(file.path(), data).expect("a temporary file");
    let tables = |threads: usize, block_bytes: usize| {
        let weight = WeightSource::Column("w".to_string());
        let options = ReadOptions { threads, weight, ..ReadOptions::default() };
        let needed = request.questions(&survey);
        let dataset = read_in_blocks(file.path(), &survey, &needed, &options, &Quiet, block_bytes);
        fill(&survey, &request, &dataset.expect("sound data"), threads, &Quiet)
    };
    let expected = tables(1, 1 << 20);
    assert_eq!(expected[0].base(0, 0).n, 60);
    for (threads, block_bytes) in [(1, 1), (2, 40), (16, 97), (2, 1000)] {
        assert_eq!(
            tables(threads, block_bytes),
            expected,
            "{threads} threads, blocks of {block_bytes} bytes"
        );
    }
}

/// Who is not asked `q` cannot have meant its その他; a wave that asked everybody asked for the words as well.
#[test]
fn words_of_other_are_of_those_who_were_asked() {
    let schema = "[survey]\nid = \"s\"\ntitle = \"s\"\n[[question]]\nid = \"a\"\ntext = \"a\"\nkind = \"single\"\n\
                  options = [ { code = 1, label = \"x\" }, { code = 2, label = \"y\" } ]\n\
                  [[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\nasked_if = \"a == 1\"\n\
                  options = [ { code = 1, label = \"x\" }, { code = 2, label = \"other\", text = \"o\" } ]\n\
                  [[wave]]\nid = \"w\"\nlabel = \"w\"\n[wave.questions.a]\nasked = false\n[wave.questions.q]\nasked = true\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", "a,q,o\n1,2,one\n2,2,two\n");
    let run = program.run(&["comments", "--schema", "s.toml", "d.csv"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("one") && !run.stdout.contains("two"), "{}", run.stdout);
    let run = program.run(&["comments", "--schema", "s.toml", "d.csv", "--wave", "w"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("one") && run.stdout.contains("two"), "{}", run.stdout);
}
