//! What needs programs that are not ours: skipped with a line on the real stderr where they are
//! missing, a failure where `RENKEI_REQUIRE_TOOLS=1`.

use std::io::Write;
use std::path::Path;
use std::process::Command;

mod browser;
mod contact_sheet;
mod pdf;

/// Says that a test is skipped; libtest hides `eprintln!`, but not this.
pub fn skipped(test: &str, lacking: &str) {
    assert!(
        std::env::var("RENKEI_REQUIRE_TOOLS").as_deref() != Ok("1"),
        "{test}: {lacking} is needed, and RENKEI_REQUIRE_TOOLS=1"
    );
    // Where stderr is closed there is nobody to tell.
    _ = writeln!(std::io::stderr(), "skipped: {test}: {lacking} is missing");
}

/// Whether R is there with these packages.
pub fn r_has(packages: &str) -> bool {
    let check = format!("for (p in c({packages})) stopifnot(requireNamespace(p, quietly = TRUE))");
    let output = Command::new("Rscript").args(["-e", &check]).output();
    output.is_ok_and(|output| output.status.success())
}

#[test]
fn r_still_gives_the_numbers_that_are_committed() {
    if !r_has("'survey', 'jsonlite'") {
        skipped("r_still_gives_the_numbers_that_are_committed", "Rscript with survey and jsonlite");
        return;
    }
    // Another version of R may round the last digit otherwise, and says so itself in `about`. Weights
    // are found by iteration, which ends elsewhere in the last digits.
    runs_again("numbers", crate::authority::NUMBERS, 1e-14);
    runs_again("weights", crate::weighting::WEIGHTS, 1e-10);
    // So are log-odds.
    runs_again("design", crate::design::DESIGN, 1e-8);
    // Eigenvalues and matrices are other libraries' where R is built otherwise.
    runs_again("pairs", crate::pairs::PAIRS, 1e-10);
    runs_again("trend", crate::trend::NUMBERS, 1e-12);
    // Bounded calibration needs one package more; raking ends elsewhere in the last digits.
    if r_has("'MASS'") {
        runs_again("under-design", crate::under_design::UNDER_DESIGN, 1e-8);
    }
}

/// Runs a script of R again and compares its sets with the committed ones.
fn runs_again(script: &str, committed: &str, relative: f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/authority/{script}.R"));
    let written = folder.path().join("numbers.json");
    let output = Command::new("Rscript").arg(script).arg(&written).output().expect("Rscript");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |path: &Path| -> serde_json::Value {
        let text = std::fs::read_to_string(path).expect("numbers");
        serde_json::from_str(&text).expect("JSON")
    };
    let (fresh, committed) = (read(&written), read(Path::new(committed)));
    // Another version of R may round the last digit otherwise, and says so itself in `about`.
    for key in
        ["sets", "calibrated", "changes", "tables", "adjusted", "comparisons", "paired", "rows", "several"]
            .into_iter()
            .filter(|key| committed.get(key).is_some())
    {
        same(&fresh[key], &committed[key], relative, key);
    }
}

/// Equal but for so small a part of each number.
fn same(fresh: &serde_json::Value, committed: &serde_json::Value, relative: f64, place: &str) {
    use serde_json::Value::{Array, Number, Object};
    match (fresh, committed) {
        (Array(one), Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                same(one, other, relative, &format!("{place}[{at}]"));
            }
        }
        (Object(one), Object(other)) if one.keys().eq(other.keys()) => {
            for (key, value) in one {
                same(value, &other[key], relative, &format!("{place}.{key}"));
            }
        }
        (Number(one), Number(other)) => {
            let (one, other) = (one.as_f64().expect("a number"), other.as_f64().expect("a number"));
            assert!((one - other).abs() <= relative * other.abs(), "{place}: {one} is not {other}");
        }
        (one, other) => assert_eq!(one, other, "{place}"),
    }
}

#[test]
fn csv_opens_in_a_spreadsheet_as_numbers_and_harmless_text() {
    let test = "csv_opens_in_a_spreadsheet_as_numbers_and_harmless_text";
    if !Command::new("soffice").arg("--version").output().is_ok_and(|output| output.status.success()) {
        skipped(test, "LibreOffice (soffice)");
        return;
    }
    let schema = r#"
[survey]
id = "hostile"
title = "hostile"

[[question]]
id = "q1"
text = "=1+1"
kind = "single"
options = [{ code = 1, label = "=SUM(A1:A9)" }, { code = 2, label = "㈱髙﨑、\"引用\"" }]
"#;
    let program = crate::cli::Program::new().file("s.toml", schema).file("d.csv", "q1\n1\n1\n2\n");
    let run = program.run(&["tab", "--schema", "s.toml", "d.csv", "--low-base", "0", "--out", "out.csv"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    // UTF-8 as its byte order mark says; numbers and formulas recognised as on opening a file.
    let output = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", program.path("profile").display()))
        .args(["--headless", "--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir"])
        .args([program.path(""), program.path("out.csv")])
        .output()
        .expect("soffice");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sheet = std::fs::read_to_string(program.path("out.fods")).expect("the converted sheet");
    assert!(!sheet.contains("table:formula"), "a formula");
    for text in ["㈱髙﨑、&quot;引用&quot;", "㈱髙﨑、\"引用\""] {
        if sheet.contains(text) {
            assert!(sheet.contains("=SUM(A1:A9)"));
            assert!(sheet.contains("office:value=\"66.7\""), "66.7 is no number");
            return;
        }
    }
    panic!("the label is not in the sheet");
}

/// Whether a program is there and answers.
pub fn answers(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

#[test]
fn other_programs_read_a_book() {
    let test = "other_programs_read_a_book";
    if !answers("soffice", &["--version"]) {
        skipped(test, "LibreOffice (soffice)");
        return;
    }
    let program = crate::cli::Program::new();
    let file = crate::cli::repository;
    let (schema, data) = (file("schemas/care-manager-2016.toml"), file("data-samples/care-manager-2016.csv"));
    let request = ["--rows", "q1", "--cols", "q4", "--charts", "--out", "b.xlsx"];
    let run = program.run(&[&["crosstab", "--schema", &schema, &data], &request[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let profile = format!("-env:UserInstallation=file://{}", program.path("profile").display());
    for kind in ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1", "pdf"] {
        let output = Command::new("soffice")
            .args([&profile, "--headless", "--convert-to", kind, "--outdir"])
            .args([program.path(""), program.path("b.xlsx")])
            .output()
            .expect("soffice");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(std::fs::read(program.path("b.pdf")).expect("the pages").starts_with(b"%PDF"));
    // As LibreOffice shows it: the digits of the README's table.
    let seen = std::fs::read_to_string(program.path("b-q1.csv")).expect("the sheet");
    assert!(seen.contains("604,48.0"), "{seen}");
    // Debian's own Python has Debian's packages, whichever comes first on the path.
    let pythons = ["/usr/bin/python3", "python3"];
    let Some(python) = pythons.into_iter().find(|python| answers(python, &["-c", "import openpyxl"])) else {
        skipped(test, "Python with openpyxl");
        return;
    };
    let script = "\
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
sheet = book['q1']
row = next(row for row in sheet.iter_rows() if any(cell.value == 604 for cell in row))
print(book.sheetnames, [cell.value for cell in row][-4:], row[-1].number_format, len(sheet._charts))
";
    let output =
        Command::new(python).args(["-c", script]).arg(program.path("b.xlsx")).output().expect("python3");
    let printed = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        printed.trim(),
        "['目次', '調査概要', 'q1'] [604, 48.01324503311258, 45.36423841059602, 6.622516556291391] \
         0.0;-0.0;\"-\" 1",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_terminal_is_not_given_a_book() {
    let test = "a_terminal_is_not_given_a_book";
    if !answers("script", &["--version"]) {
        skipped(test, "script (bsdutils)");
        return;
    }
    let program = crate::cli::Program::small();
    let renkei = format!("{} tab --schema s.toml d.csv --format xlsx", env!("CARGO_BIN_EXE_renkei"));
    let output = Command::new("script")
        .args(["-qec", &renkei, "/dev/null"])
        .current_dir(program.path(""))
        .env("NO_COLOR", "1")
        .output()
        .expect("script");
    assert_eq!(output.status.code(), Some(1));
    let seen = String::from_utf8_lossy(&output.stdout).replace("\r\n", "\n");
    assert_eq!(seen, "error: a workbook is not written to a terminal\n  hint: give `--out book.xlsx`\n");
}

/// The width that a font gives a text, by the program that draws pictures.
fn drawn_width(fonts: &std::sync::Arc<resvg::usvg::fontdb::Database>, text: &str) -> f64 {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text y='9' font-size='100' \
         font-family='Noto Sans CJK JP'>{text}</text></svg>"
    );
    let options = resvg::usvg::Options { fontdb: fonts.clone(), ..Default::default() };
    let tree = resvg::usvg::Tree::from_str(&svg, &options).expect("an SVG");
    f64::from(tree.root().bounding_box().width())
}

#[test]
fn text_is_as_wide_as_measured_or_a_little_less() {
    let test = "text_is_as_wide_as_measured_or_a_little_less";
    let mut fonts = resvg::usvg::fontdb::Database::new();
    fonts.load_system_fonts();
    let family = resvg::usvg::fontdb::Family::Name("Noto Sans CJK JP");
    if fonts.query(&resvg::usvg::fontdb::Query { families: &[family], ..Default::default() }).is_none() {
        skipped(test, "the font Noto Sans CJK JP (fonts-noto-cjk)");
        return;
    }
    let fonts = std::sync::Arc::new(fonts);
    for text in [
        "どちらともいえない",
        "医療・介護（計）、その他",
        "AVATAR Wave To. fi",
        "ﾊﾝｶｸｶﾅ(括弧)",
        "0123456789.5%",
        "café Straße Ωмир",
        "𠮷野家・髙島屋",
        "１００％〜①※",
        "iiiillll....",
        "WWWMMM@@@",
    ] {
        let (drawn, measured) = (drawn_width(&fonts, text), renkei::chart::width(text, 100.0));
        // A bounding box ends with the ink or the advance of the last letter; 3 is less than any.
        assert!(drawn <= measured + 3.0 && drawn >= measured * 0.85, "{text}: {drawn} for {measured}");
    }
}

#[test]
fn a_picture_is_a_png_of_the_size_asked_for_and_lacks_no_glyph() {
    let test = "a_picture_is_a_png_of_the_size_asked_for_and_lacks_no_glyph";
    let Some(typeface) = renkei::render::Typeface::of_system() else {
        skipped(test, "a Japanese font (fonts-noto-cjk)");
        return;
    };
    let schema = |label: &str| {
        format!(
            "[survey]\nid = \"t\"\ntitle = \"t\"\n[[question]]\nid = \"q\"\ntext = \"設問\"\nkind = \"single\"\n\
             options = [{{ code = 1, label = \"{label}\" }}]\n"
        )
    };
    let program = crate::cli::Program::new()
        .file("s.toml", schema("はい"))
        .file("smile.toml", schema("😀はい"))
        .file("d.csv", "q\n1\n");
    let arguments = ["d.csv", "--rows", "q", "--width", "500", "--scale", "2", "--out", "q.png"];
    let run = program.run(&[&["chart", "--schema", "s.toml"], &arguments[..]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let png = std::fs::read(program.path("q.png")).expect("a picture");
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(u32::from_be_bytes(png[16..20].try_into().expect("four bytes")), 1000);
    std::fs::remove_file(program.path("q.png")).expect("the picture");

    let run = program.run(&[&["chart", "--schema", "smile.toml"], &arguments[..]].concat());
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        format!(
            "error: the chart `q` has characters that the font `{}` lacks: `😀` (U+1F600)\n  \
             hint: give a font that has them with `--font` (Debian: `apt-get install fonts-noto-cjk`), or write an SVG\n",
            typeface.family
        )
    );
    assert!(!program.path("q.png").exists());
}

/// Chromium without a window and without asking anything of the network.
fn browser(profile: &Path) -> Command {
    let mut browser = Command::new("chromium");
    browser.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]);
    browser.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    browser.arg(format!("--user-data-dir={}", profile.display()));
    browser
}

/// A page as Chromium has it after its scripts; what it logged must be nothing.
fn browsed(page: &Path, profile: &Path, more: &[&str]) -> String {
    let output = browser(profile)
        .args(["--enable-logging=stderr", "--dump-dom"])
        .args(more)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let console: Vec<&str> = told.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(console.is_empty(), "{}: {console:?}", page.display());
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn a_browser_shows_the_pages_of_a_study_without_a_complaint() {
    let test = "a_browser_shows_the_pages_of_a_study_without_a_complaint";
    if !answers("chromium", &["--version"]) {
        skipped(test, "Chromium");
        return;
    }
    let program = crate::cli::Program::new();
    let study = crate::cli::repository("examples/care-manager-2016/study.toml");
    let run = program.run(&["report", &study, "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (out, profile) = (program.path("out"), program.path("profile"));
    assert!(browsed(&out.join("report.html"), &profile, &[]).contains("調査結果1．"));
    let dom = browsed(&out.join("tables.html"), &profile, &[]);
    // The script ran under the page's own policy: every table can be copied and saved, every chart saved.
    let (tables, charts) = (dom.matches("<caption>").count(), dom.matches("<figure").count());
    assert!(tables > 10 && charts > 5, "{tables} tables, {charts} charts");
    assert_eq!(dom.matches("<button").count(), 2 * tables + charts);

    // A reader's choices, by a second script, for which the copy's policy is taken away.
    let page = std::fs::read_to_string(out.join("tables.html")).expect("the page");
    let (before, rest) = page.split_once("<meta http-equiv=").expect("a policy");
    let (_, after) = rest.split_once('>').expect("its end");
    let reader = r##"<script>
      const choose = (id, value, kind) => {
        const control = document.getElementById(id);
        control.value = value;
        control.dispatchEvent(new Event(kind));
      };
      const said = [];
      const say = (what, value) => said.push(`${what}=${value};`);
      const table = document.querySelector("#table-q3-1 table");
      const first = () => table.tBodies[0].rows[1].cells[0].textContent;
      say("asked", first());
      choose("sort", "frequency", "change");
      say("frequent", first());
      choose("sort", "questionnaire", "change");
      say("again", first());
      let saved;
      window.Blob = class { constructor(parts) { saved = parts.join(""); } };
      URL.createObjectURL = () => "#";
      HTMLAnchorElement.prototype.click = () => {};
      choose("view", "p", "change");
      document.querySelector("#table-q1-1 .tools button:last-child").click();
      choose("filter", "ソーシャルワーカー", "input");
      say("status", document.getElementById("status").textContent);
      say("shown", [...document.querySelectorAll("section.item:not([hidden])")].map((s) => s.id).join(" "));
      choose("book", "gt", "change");
      say("books", document.querySelectorAll("div.table:not([hidden])").length);
      say("csv", saved.split("\r\n").join("|"));
      const mark = document.createElement("pre");
      mark.textContent = said.join("\n");
      document.body.append(mark);
    </script></body>"##;
    let after = after.replace("</body>", reader);
    std::fs::write(out.join("read.html"), format!("{before}{after}")).expect("the copy");
    let dom = browsed(&out.join("read.html"), &profile, &[]);
    let (_, said) = dom.rsplit_once("<pre>").expect("what the reader saw");
    for seen in [
        "asked=地域の医療・介護の資源の把握;",
        "frequent=医療・介護関係者の情報共有の支援;",
        "again=地域の医療・介護の資源の把握;",
        "status=12問中2問;",
        "shown=q-q5 q-q6;",
        "books=12;",
        "選択肢,％|全体,100.0|",
    ] {
        assert!(said.contains(seen), "{seen}: {said}");
    }
}

#[test]
fn other_programs_read_a_word_document() {
    let test = "other_programs_read_a_word_document";
    if !answers("soffice", &["--version"]) {
        skipped(test, "LibreOffice (soffice)");
        return;
    }
    let program = crate::cli::Program::new();
    let study = crate::cli::repository("examples/care-manager-2016/study.toml");
    let run = program.run(&["report", &study, "--out", "out", "--only", "docx"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let profile = format!("-env:UserInstallation=file://{}", program.path("profile").display());
    let output = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir"])
        .args([program.path(""), program.path("out/report.docx")])
        .output()
        .expect("soffice");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = std::fs::read_to_string(program.path("report.txt")).expect("the text");
    assert!(seen.contains("調査結果1．4割以上のケアマネが") && seen.contains("有効回答数：604名"), "{seen}");
}
