//! `docs/trust.md`: a line for every row of the list of threats, and every test it cites is there.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::repository;

/// Row, threat and tests of each line of the table.
fn table() -> Vec<(u32, String)> {
    let page = fs::read_to_string(repository("docs/trust.md")).expect("the page");
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        Some((cells[0].parse().ok()?, cells[2..].join(" | ")))
    });
    rows.collect()
}

/// The `module::test` names of a text.
fn cited(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('`').skip(1).step_by(2).filter_map(|word| word.split_once("::"))
}

fn sources_under(path: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(path).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources_under(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Whether a test of this name is in the module.
fn exists(module: &str, test: &str) -> bool {
    let mut files = match module.ends_with(".rs") {
        true => vec![PathBuf::from(repository(&format!("src/{module}")))],
        false => vec![PathBuf::from(repository(&format!("tests/all/{module}.rs")))],
    };
    sources_under(Path::new(&repository(&format!("tests/all/{module}"))), &mut files);
    let function = format!("fn {test}(");
    files.iter().any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(&function)))
}

#[test]
fn every_row_has_its_line_and_a_test_or_a_reason() {
    let rows = table();
    let numbers: Vec<u32> = rows.iter().map(|(row, _)| *row).collect();
    assert_eq!(numbers, (1..=90).collect::<Vec<_>>());
    for (row, tests) in &rows {
        let told = cited(tests).next().is_some() || tests.contains("open: ");
        assert!(told, "row {row} has neither a test nor a reason: {tests}");
    }
}

#[test]
fn every_test_that_the_table_cites_exists() {
    let page = fs::read_to_string(repository("docs/trust.md")).expect("the page");
    let absent: Vec<String> = cited(&page)
        .filter(|(module, test)| *module != "module" && *module != "room/file.rs" && !exists(module, test))
        .map(|(module, test)| format!("{module}::{test}"))
        .collect();
    assert!(absent.is_empty(), "{}", absent.join("\n"));
}
