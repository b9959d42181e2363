//! Pages as a browser has them: without a complaint, usable by everybody, whole on paper.

use std::path::{Path, PathBuf};

use super::pdf::{numbers, pages};
use super::{answers, browsed, browser, skipped};
use crate::cli::{Program, repository};

/// axe-core as `.ci/run` fetches it.
fn axe() -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/package/axe.min.js");
    std::fs::read_to_string(path).ok()
}

/// The example's pages.
fn made(program: &Program) -> [PathBuf; 2] {
    let study = repository("examples/care-manager-2016/study.toml");
    let run = program.run(&["report", &study, "--out", "out", "--only", "html,tables"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    ["report.html", "tables.html"].map(|name| program.path("out").join(name))
}

/// A copy of a page with a script of ours, for which its policy is taken away.
fn with_script(page: &Path, script: &str) -> PathBuf {
    let text = std::fs::read_to_string(page).expect("the page");
    let (before, rest) = text.split_once("<meta http-equiv=").expect("a policy");
    let (_, after) = rest.split_once('>').expect("its end");
    let copy = page.with_extension("copy.html");
    let (start, end) = after.rsplit_once("</body>").expect("a body");
    std::fs::write(&copy, format!("{before}{start}<script>{script}</script></body>{end}")).expect("the copy");
    copy
}

/// What a script left in the last `<pre>`.
fn left(dom: &str) -> String {
    let (_, rest) = dom.rsplit_once("<pre").expect("what the script left");
    let (_, rest) = rest.split_once('>').expect("its end");
    let text = rest.split_once("</pre>").expect("its end").0;
    quick_xml::escape::unescape(text).expect("text").into_owned()
}

#[test]
fn axe_finds_nothing_serious_in_the_pages_of_a_study_light_or_dark() {
    let test = "axe_finds_nothing_serious_in_the_pages_of_a_study_light_or_dark";
    if !answers("chromium", &["--version"]) {
        skipped(test, "Chromium");
        return;
    }
    let Some(axe) = axe() else {
        skipped(test, "axe-core (`.ci/run` fetches it from npm)");
        return;
    };
    let program = Program::new();
    let run = "axe.run(document, { resultTypes: ['violations'] }).then((found) => {\
               const left = document.createElement('pre');\
               left.textContent = JSON.stringify({ dark: matchMedia('(prefers-color-scheme: dark)').matches,\
                 rules: found.passes.length,\
                 violations: found.violations.map((v) => [v.impact, v.id, v.nodes[0].html, v.nodes[0].failureSummary]) });\
               document.body.append(left); });";
    for page in made(&program) {
        // Also with a reader's choices made, where there are any.
        let choices = "const view = document.getElementById('view');\
                       if (view) { view.value = 'c'; view.dispatchEvent(new Event('change')); }";
        for script in ["", choices] {
            let copy = with_script(&page, &format!("{axe};{script};{run}"));
            for (scheme, dark) in [("0", true), ("1", false)] {
                let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
                let dom = browsed(&copy, &program.path("profile"), &["--virtual-time-budget=20000", &scheme]);
                let found: serde_json::Value = serde_json::from_str(&left(&dom)).expect("JSON");
                assert_eq!(found["dark"], dark, "{scheme}");
                assert!(found["rules"].as_u64().expect("a count") > 10, "{found}");
                let serious =
                    |one: &&serde_json::Value| matches!(one[0].as_str(), Some("serious" | "critical"));
                let serious: Vec<_> =
                    found["violations"].as_array().expect("a list").iter().filter(serious).collect();
                assert!(serious.is_empty(), "{}: {serious:?}", page.display());
            }
        }
    }
}

#[test]
fn pages_of_a_study_lose_no_number_on_paper() {
    let test = "pages_of_a_study_lose_no_number_on_paper";
    if !answers("chromium", &["--version"]) || !answers("pdftotext", &["-v"]) {
        skipped(test, "Chromium and pdftotext (poppler-utils)");
        return;
    }
    let program = Program::new();
    for page in made(&program) {
        let script = "const seen = document.body.innerText; const left = document.createElement('pre');\
                      left.textContent = seen; document.body.append(left);";
        let seen = left(&browsed(&with_script(&page, script), &program.path("profile"), &[]));
        let printed = page.with_extension("pdf");
        let output = browser(&program.path("profile"))
            .args(["--no-pdf-header-footer", &format!("--print-to-pdf={}", printed.display())])
            .arg(format!("file://{}", page.display()))
            .output()
            .expect("chromium");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut on_paper = numbers(&pages(&printed).concat()).into_iter();
        let seen = numbers(&seen);
        assert!(seen.len() > 200, "{seen:?}");
        // Both are sorted.
        for number in seen {
            assert!(on_paper.any(|known| known == number), "{}: {number} is cut off", page.display());
        }
    }
}
