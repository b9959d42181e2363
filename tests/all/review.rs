//! Regressions found in review: each test names what was wrong.

use crate::cli::{Program, Run, repository};

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

// A table of counts spoke of percentages; with --decimals 0 a `0.0` was explained that was not there.
#[test]
fn notes_speak_only_of_what_the_table_shows() {
    let mut data = String::from("id,q1,q2_1,q2_2,memo\n");
    for id in 1..=600 {
        let (q1, q2) = (if id == 1 { 1 } else { 2 }, id % 2);
        data.push_str(&format!("{id},{q1},{q2},1,\n"));
    }
    let program = Program::small().file("d.csv", data);
    let counts = run(&program, "crosstab --schema s.toml d.csv --rows q1,q2 --cols q2 --cell count");
    assert_eq!(counts.code, 0, "{}", counts.stderr);
    for word in ["％", "四捨五入", "100を"] {
        assert!(!counts.stdout.contains(word), "{word}: {}", counts.stdout);
    }
    let whole = run(&program, "tab --schema s.toml d.csv --rows q1 --decimals 0");
    assert!(whole.stdout.contains("※ 0 は表示単位未満\n"), "{}", whole.stdout);
    let mentions = run(&program, "crosstab --schema s.toml d.csv --rows q1,q2 --cols q1 --percent mention");
    let (of_q1, of_q2) = mentions.stdout.split_once("\n\nq2 ").expect("two tables");
    assert!(of_q1.contains("％は各グループのnを100とする"), "{of_q1}");
    assert!(
        of_q2.contains("％は各グループの回答総数を100とする") && !of_q2.contains("100を超える"),
        "{of_q2}"
    );
}

// `--top` did nothing when the rows of a grid showed a net.
#[test]
fn the_top_rows_of_a_summary_are_counted_for_nets_too() {
    let (schema, data) = (repository("schemas/every-kind.toml"), repository("data-samples/every-kind.csv"));
    for answer in ["known", "1"] {
        let rows = format!("q6:{answer}");
        let program = Program::new();
        let asked = ["tab", "--schema", &schema, &data, "--rows", &rows, "--top", "1", "--no-weight"];
        let top = program.run(&asked);
        assert!(top.stdout.contains("上位1項目のみ掲載"), "{}", top.stdout);
        assert_eq!(top.stdout.matches(" 40  ").count(), 1, "{}", top.stdout);
    }
}

// The operating system refused so many threads, and the run ended as a bug (255).
#[test]
fn too_many_threads_are_a_mistake_of_the_command_line() {
    let program = Program::small();
    assert_eq!(run(&program, "tab --schema s.toml d.csv --threads 100000").code, 2);
    assert_eq!(run(&program, "tab --schema s.toml d.csv --threads 256").code, 0);
}

// `--out /dev/null` as root replaced the device by a file.
#[cfg(unix)]
#[test]
fn a_pipe_as_output_is_written_to_and_stays_a_pipe() {
    use std::os::unix::fs::FileTypeExt;
    let program = Program::small();
    let pipe = program.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("the pipe can be read")
    });
    let written = run(&program, "tab --schema s.toml d.csv --rows q1 --out pipe");
    assert_eq!(written.code, 0, "{}", written.stderr);
    assert!(std::fs::metadata(&pipe).expect("it is there").file_type().is_fifo());
    assert!(reader.join().expect("the reader ends").starts_with("q1 どう思いますか\n"));
}

// A code of -1 left tidy as `'-1`, which no program finds again.
#[test]
fn a_negative_code_is_itself_in_tidy() {
    let schema = many_singles(1, 1).replace("code = 1,", "code = -1,").replace("\"o1\"", "\"=1+1\"");
    let program = Program::new().file("s.toml", schema).file("d.csv", "id,s1\n1,-1\n");
    let tidy = run(&program, "tab --schema s.toml d.csv --format tidy --measures n");
    assert!(tidy.stdout.contains("\n1,s1,-1,'=1+1,"), "{}{}", tidy.stdout, tidy.stderr);
}

// It was "unknown question ``".
#[test]
fn a_nested_banner_without_an_end_says_what_is_missing() {
    let refused = run(&Program::small(), "crosstab --schema s.toml d.csv --rows q1 --cols q2>");
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("expected a question id on both sides of `>`"), "{}", refused.stderr);
}

// A summary table told the 無回答 of its first row only, and a grid's sheet not whose it was.
#[test]
fn excluded_no_answers_of_a_grid_are_told_by_row_or_not_at_all() {
    let (schema, data) = (repository("schemas/every-kind.toml"), repository("data-samples/every-kind.csv"));
    let tab = |rows: &str| {
        Program::new()
            .run(&["tab", "--schema", &schema, &data, "--no-answer", "exclude", "--rows", rows])
            .stdout
    };
    let (summary, grid) = (tab("q6:known"), tab("q6"));
    assert!(!summary.contains("を基数から除いた"), "{summary}");
    assert!(grid.contains("※ 予約・取り寄せ: 無回答 1人 を基数から除いた\n"), "{grid}");
    assert!(grid.contains("※ 調べものの相談: 無回答 4人 を基数から除いた\n"), "{grid}");
}

// Labels of nested banners alone were wider than the terminal, and titles were not broken.
#[test]
fn nested_banners_fit_a_narrow_terminal() {
    use unicode_width::UnicodeWidthStr;
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    for (width, axis) in [("40", "side"), ("40", "top"), ("80", "side"), ("80", "top")] {
        let asked = ["--rows", "q1,q3,q7:easy", "--cols", "area>q1>q4", "--width", width, "--axis", axis];
        let text =
            Program::new().run(&[&["crosstab", "--schema", &schema, &data], asked.as_slice()].concat());
        assert_eq!(text.code, 0, "{}", text.stderr);
        let widest = text.stdout.lines().map(UnicodeWidthStr::width).max();
        assert!(widest <= width.parse().ok(), "{width} {axis}: {widest:?}");
    }
}

// A key of full-width spaces counted as a respondent.
#[test]
fn a_key_of_full_width_spaces_is_blank() {
    for key in ["\u{3000}", "\u{a0}\u{3000}"] {
        let program =
            Program::small().file("d.csv", format!("id,q1,q2_1,q2_2,memo\n1,1,1,0,\n{key},1,1,0,\n"));
        let refused = run(&program, "tab --schema s.toml d.csv");
        assert_eq!(refused.code, 1);
        assert!(refused.stderr.contains("the respondent's key is blank"), "{}", refused.stderr);
    }
}

// Three nested multis of 60 options are 27 lanes, but 216,000 groups, each with its own set of lanes.
#[test]
fn nested_multis_with_too_many_groups_are_refused() {
    let mut schema = many_singles(3, 60);
    for question in 1..=3 {
        let text = format!("text = \"S{question}\"\nkind = ");
        let packed = format!("packed = {{ column = \"s{question}\", separator = \";\" }}\n");
        schema = schema.replace(&format!("{text}\"single\"\n"), &format!("{text}\"multi\"\n{packed}"));
    }
    let program = Program::new().file("s.toml", schema).file("d.csv", "id,s1,s2,s3\n1,1,2;3,60\n");
    let refused = run(&program, "crosstab --schema s.toml d.csv --rows s1 --cols s1>s2>s3");
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stderr.contains("216,000 groups"), "{}", refused.stderr);
}

#[test]
fn the_rows_of_a_grid_keep_one_order_when_sorted() {
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    let run =
        Program::new().run(&["tab", "--schema", &schema, &data, "--rows", "q7", "--sort", "--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let header = lines.iter().find(|line| line.starts_with(",n,")).expect("a header");
    // Over the five rows: 1,212, 707, 558, 371 (関わりがない is no その他) and 172.
    assert!(header.starts_with(",n,やや取りにくい,やや取りやすい,非常に取りにくい,"), "{header}");
    // In the hospitals of 500 beds 非常に取りにくい (139) comes before やや取りやすい (97) by itself.
    let last = lines.iter().find(|line| line.starts_with("500床以上,")).expect("a row");
    assert!(last.starts_with("500床以上,604,252,97,139,"), "{last}");
}
