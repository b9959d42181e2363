//! The whole program, through a small builder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with files, and renkei run in it.
pub struct Program {
    folder: TempDir,
}

/// What a run left.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"

[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]

[[question]]
id = "q2"
text = "あてはまるもの"
kind = "multi"
columns = "q2_{code}"
options = [{ code = 1, label = "あ" }, { code = 2, label = "い" }]

[[question]]
id = "memo"
text = "ご自由に"
kind = "text"
"#;

const DATA: &str = "id,q1,q2_1,q2_2,memo\n1,1,1,0,秘密の感想\n2,2,1,1,\n3,1,0,0,\n4,,0,1,\n";

impl Program {
    /// A folder with a small schema and its data.
    pub fn small() -> Program {
        Program::new().file("s.toml", SCHEMA).file("d.csv", DATA)
    }

    pub fn new() -> Program {
        Program { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Program {
        fs::write(self.path(name), content).expect("a temporary file");
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
        command.current_dir(self.folder.path()).args(arguments).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.command(arguments))
    }

    pub fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into()).collect();
        names.sort();
        names
    }
}

pub fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } = command.output().expect("renkei starts");
    Run {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).expect("output is UTF-8"),
        stderr: String::from_utf8(stderr).expect("messages are UTF-8"),
    }
}

/// Every file below a folder with its bytes.
pub fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        match path.is_dir() {
            true => {
                found.extend(tree(&path).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)))
            }
            false => _ = found.insert(name, fs::read(&path).expect("a file")),
        }
    }
    found
}

/// A file of the repository.
pub fn repository(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name).display().to_string()
}

const TAB: [&str; 4] = ["tab", "--schema", "s.toml", "d.csv"];

fn tab<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&TAB, more].concat()
}

#[test]
fn a_gt_table_is_what_an_analyst_expects() {
    let run = Program::small().run(&tab(&["--rows", "q1"]));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "q1 どう思いますか\n基数: 回答者全体（無回答を含む）\n\
         ---------------------\n選択肢  回答数     ％\n---------------------\n\
         全体        4*  100.0\n賛成        2    50.0\n反対        1    25.0\n無回答      1    25.0\n\
         ---------------------\n※ * は n が 30 未満のため参考値\n"
    );
    assert_eq!(run.stderr, "");
}

#[test]
fn done_is_0_refused_1_command_line_2_input_output_3() {
    let program = Program::small();
    assert_eq!(program.run(&tab(&[])).code, 0);
    assert_eq!(program.run(&tab(&["--rows", "q9"])).code, 1);
    assert_eq!(program.run(&["tab", "--schema", "s.toml"]).code, 2);
    assert_eq!(program.run(&tab(&["--percent", "most"])).code, 2);
    assert_eq!(program.run(&["tab", "--schema", "s.toml", "none.csv"]).code, 3);
    assert_eq!(program.run(&["tab", "--schema", "none.toml", "d.csv"]).code, 3);
}

#[test]
fn all_mistakes_of_a_request_are_told_at_once_with_their_place() {
    let run = Program::small().run(&[
        "crosstab",
        "--schema",
        "s.toml",
        "d.csv",
        "--rows",
        "q1,g2,memo",
        "--cols",
        "q1>qq",
        "--filter",
        "q1 == 7",
    ]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "\
error: unknown question `g2`
 --> --rows:1:4
  |
1 | q1,g2,memo
  |    ^^ no such question in the schema
  |
  = hint: did you mean `q2`?

error: `memo` is free text and has no table
 --> --rows:1:7
  |
1 | q1,g2,memo
  |       ^^^^
  |
  = hint: it can stand in a condition: `--filter \"memo is given\"`

error: unknown question `qq`
 --> --cols:1:4
  |
1 | q1>qq
  |    ^^ no such question in the schema
  |
  = hint: did you mean `q1`?

error: `q1` has no option with code `7`
 --> --filter:1:7
  |
1 | q1 == 7
  |       ^
  |
  = hint: its codes are `1`, `2`
"
    );
}

#[test]
fn a_refused_run_leaves_nothing_behind() {
    let program = Program::small().file("bad.csv", "id,q1,q2_1,q2_2,memo\n1,9,0,0,\n");
    let before = program.files();
    let run = program.run(&["tab", "--schema", "s.toml", "bad.csv", "--out", "out.csv"]);
    assert_eq!(run.code, 1);
    assert_eq!(program.files(), before);
}

#[test]
fn the_output_may_not_be_an_input() {
    for name in ["d.csv", "s.toml", "./d.csv"] {
        let program = Program::small();
        let run = program.run(&tab(&["--out", name]));
        assert_eq!(run.code, 1, "{name}");
        assert!(run.stderr.contains("`--out` is one of the files read"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(program.path("d.csv")).expect("still there"), DATA);
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_an_input_is_the_input_and_another_link_is_replaced() {
    let program = Program::small().file("elsewhere.csv", "precious");
    std::os::unix::fs::symlink(program.path("d.csv"), program.path("alias.csv")).expect("a link");
    assert_eq!(program.run(&tab(&["--out", "alias.csv"])).code, 1);
    std::os::unix::fs::symlink(program.path("elsewhere.csv"), program.path("out.csv")).expect("a link");
    assert_eq!(program.run(&tab(&["--out", "out.csv"])).code, 0);
    assert_eq!(fs::read_to_string(program.path("elsewhere.csv")).expect("untouched"), "precious");
    assert!(fs::symlink_metadata(program.path("out.csv")).expect("written").file_type().is_file());
}

#[test]
fn an_unwritable_output_fails_before_the_data_are_read() {
    // The data file is not there either: had it been opened first, the message would name it.
    let program = Program::small();
    let run = program.run(&["tab", "--schema", "s.toml", "none.csv", "--out", "no/such/folder/out.csv"]);
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("no/such/folder/out.csv"), "{}", run.stderr);
    assert!(!run.stderr.contains("none.csv"), "{}", run.stderr);
    assert_eq!(program.run(&tab(&["--out", "."])).code, 3);
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_is_quiet_and_a_full_disk_is_not() {
    let program = Program::small();
    let shell = |line: &str| {
        let mut command = Command::new("sh");
        let renkei = env!("CARGO_BIN_EXE_renkei");
        command.current_dir(program.path("")).args(["-c", &line.replace("renkei", renkei)]);
        run(&mut command)
    };
    // `exec` so that the status is renkei's own; the reader is gone before it starts to write.
    let closed = shell("{ renkei tab --schema s.toml d.csv; echo $? >&2; } | true");
    assert_eq!(closed.stderr, "0\n");
    let full = shell("renkei tab --schema s.toml d.csv > /dev/full");
    assert_eq!(full.code, 3, "{}", full.stderr);
    assert!(full.stderr.contains("stdout: could not be written"), "{}", full.stderr);
}

#[test]
fn the_name_of_the_output_tells_its_format() {
    let program = Program::small();
    for (name, start) in [
        ("o.csv", "\u{feff}表1　q1 どう思いますか\r\n"),
        ("o.md", "### 表1　q1 どう思いますか\n"),
        ("o.json", "{\"schema_version\":1,\"tables\":[\n{\"question\":{\"id\":\"q1\","),
        ("o.txt", "表1　q1 どう思いますか\n"),
    ] {
        let run = program.run(&tab(&["--out", name]));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
        let written = fs::read_to_string(program.path(name)).expect("written");
        assert!(written.starts_with(start), "{name}: {written}");
    }
}

#[test]
fn free_text_never_leaves() {
    let program = Program::small().file("bad.csv", DATA.replace("4,,0,1,", "4,7,0,1,別の秘密"));
    for arguments in [tab(&[]), tab(&["--format", "json"]), tab(&["--format", "tidy"])] {
        let run = program.run(&arguments);
        assert!(!run.stdout.contains("秘密") && !run.stderr.contains("秘密"));
    }
    let refused = program.run(&["tab", "--schema", "s.toml", "bad.csv"]);
    assert_eq!(refused.code, 1);
    assert!(!refused.stderr.contains("秘密"), "{}", refused.stderr);
}

#[test]
fn lenient_counts_what_it_cannot_read_and_says_so() {
    let program = Program::small().file("bad.csv", DATA.replace("4,,0,1,", "4,7,0,1,"));
    let run = program.run(&["tab", "--schema", "s.toml", "bad.csv", "--rows", "q1", "--lenient"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("無回答      1    25.0\n"), "{}", run.stdout);
    assert!(run.stdout.contains("※ データ全体で、読み取れない回答 1 件は無回答とした\n"), "{}", run.stdout);
}

#[test]
fn colour_is_for_terminals() {
    let run = Program::small().run(&tab(&[]));
    assert!(!run.stdout.contains('\u{1b}'));
    let refused = Program::small().run(&tab(&["--rows", "q9"]));
    assert!(!refused.stderr.contains('\u{1b}'));
}

#[test]
fn help_has_examples_and_version_is_the_package_s() {
    let program = Program::new();
    for command in ["tab", "crosstab"] {
        let run = program.run(&[command, "--help"]);
        assert!(run.stdout.contains("Examples:"), "{}", run.stdout);
    }
    let version = program.run(&["--version"]);
    assert_eq!(version.stdout, format!("renkei {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_header_again_or_a_line_of_totals_is_no_respondent_however_lenient() {
    for line in ["id,q1,q2_1,q2_2,memo\n", "合計,3,1,1,\n"] {
        let program = Program::small().file("more.csv", format!("{DATA}{line}"));
        let run = program.run(&["tab", "--schema", "s.toml", "more.csv", "--lenient"]);
        assert_eq!(run.code, 1, "{}", run.stdout);
        let expected =
            "error: more.csv:6: record 5, column `id`: expected a respondent, found a header or total line";
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_file_behind_and_exits_130() {
    let program = Program::small();
    // A data file that never ends: renkei waits in the middle of its work, the output opened.
    let fifo = program.path("data.fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    let before = program.files();
    let mut child = program
        .command(&["tab", "--schema", "s.toml", "data.fifo", "--out", "out.csv"])
        .spawn()
        .expect("renkei starts");
    // Opening for writing waits until renkei has opened for reading: its output is open by then.
    let (opened, waiting) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        opened.send(fs::OpenOptions::new().write(true).open(&fifo).expect("the pipe"))
    });
    let patience = std::time::Duration::from_secs(60);
    let writer = waiting.recv_timeout(patience).expect("renkei opens its data");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(kill.success());
    assert_eq!(child.wait().expect("renkei ends").code(), Some(130));
    drop(writer);
    assert_eq!(program.files(), before);
}
