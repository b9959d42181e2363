//! What needs programs that are not ours: skipped with a line on the real stderr where they are
//! missing, a failure where `RENKEI_REQUIRE_TOOLS=1`.

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Says that a test is skipped; libtest hides `eprintln!`, but not this.
fn skipped(test: &str, lacking: &str) {
    assert!(
        std::env::var("RENKEI_REQUIRE_TOOLS").as_deref() != Ok("1"),
        "{test}: {lacking} is needed, and RENKEI_REQUIRE_TOOLS=1"
    );
    // Where stderr is closed there is nobody to tell.
    _ = writeln!(std::io::stderr(), "skipped: {test}: {lacking} is missing");
}

/// Whether R is there with these packages.
fn r_has(packages: &str) -> bool {
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
    runs_again("trend", crate::trend::NUMBERS, 1e-12);
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
    for key in ["sets", "tables", "adjusted"].into_iter().filter(|key| committed.get(key).is_some()) {
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
