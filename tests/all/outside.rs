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
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authority/numbers.R");
    let written = folder.path().join("numbers.json");
    let output = Command::new("Rscript").arg(script).arg(&written).output().expect("Rscript");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |path: &Path| -> serde_json::Value {
        let text = std::fs::read_to_string(path).expect("numbers");
        serde_json::from_str(&text).expect("JSON")
    };
    let (fresh, committed) = (read(&written), read(Path::new(crate::authority::NUMBERS)));
    // Another version of R may round the last digit otherwise, and says so itself in `about`.
    same(&fresh["sets"], &committed["sets"], "sets");
}

/// Equal in all but the last of 15 digits.
fn same(fresh: &serde_json::Value, committed: &serde_json::Value, place: &str) {
    use serde_json::Value::{Array, Number, Object};
    match (fresh, committed) {
        (Array(one), Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                same(one, other, &format!("{place}[{at}]"));
            }
        }
        (Object(one), Object(other)) if one.keys().eq(other.keys()) => {
            for (key, value) in one {
                same(value, &other[key], &format!("{place}.{key}"));
            }
        }
        (Number(one), Number(other)) => {
            let (one, other) = (one.as_f64().expect("a number"), other.as_f64().expect("a number"));
            assert!((one - other).abs() <= 1e-14 * other.abs(), "{place}: {one} is not {other}");
        }
        (one, other) => assert_eq!(one, other, "{place}"),
    }
}
