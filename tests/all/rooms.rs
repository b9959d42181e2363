//! Who may use whom: the picture in `docs/architecture.md`, kept true.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms it may use. Arrows point down only.
const ROOMS: [(&str, &[&str]); 22] = [
    (
        "cli",
        &[
            "study",
            "report",
            "render",
            "report",
            "chart",
            "figures",
            "sheet",
            "trend",
            "disclosure",
            "significance",
            "tabulate",
            "design",
            "simulate",
            "weight",
            "check",
            "draft",
            "frame",
            "schema",
            "toml",
            "diag",
        ],
    ),
    (
        "render",
        &[
            "report",
            "chart",
            "figures",
            "sheet",
            "trend",
            "significance",
            "tabulate",
            "weight",
            "check",
            "schema",
            "stats",
            "calendar",
            "diag",
        ],
    ),
    (
        "study",
        &[
            "report",
            "chart",
            "figures",
            "sheet",
            "disclosure",
            "significance",
            "tabulate",
            "design",
            "weight",
            "frame",
            "schema",
            "stats",
            "toml",
            "calendar",
            "diag",
        ],
    ),
    ("report", &["chart", "figures", "sheet", "diag"]),
    ("chart", &["sheet", "trend", "tabulate", "schema", "stats", "diag"]),
    ("figures", &["sheet", "trend", "tabulate", "frame", "schema", "toml", "stats", "calendar", "diag"]),
    (
        "sheet",
        &[
            "trend",
            "disclosure",
            "significance",
            "tabulate",
            "design",
            "weight",
            "check",
            "schema",
            "stats",
            "calendar",
            "diag",
        ],
    ),
    ("trend", &["significance", "tabulate", "frame", "schema", "stats"]),
    ("disclosure", &["significance", "tabulate", "schema", "stats", "diag"]),
    ("significance", &["tabulate", "schema", "stats", "diag"]),
    ("tabulate", &["design", "frame", "schema", "stats", "diag"]),
    ("design", &["frame", "schema", "stats", "diag"]),
    ("simulate", &["frame", "schema", "toml", "calendar", "diag"]),
    ("weight", &["frame", "schema", "toml", "stats", "diag"]),
    ("check", &["frame", "schema", "stats", "calendar", "diag"]),
    ("draft", &["frame", "schema", "diag"]),
    ("frame", &["schema", "toml", "calendar", "diag"]),
    ("schema", &["toml", "calendar", "diag"]),
    ("toml", &["diag"]),
    ("stats", &[]),
    ("calendar", &[]),
    ("diag", &[]),
];

/// Crates that live in one room only.
const WALLED: [(&str, &str); 14] = [
    ("maud", "render"),
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("polars", "frame"),
    ("calamine", "frame"),
    ("encoding_rs", "frame"),
    ("annotate_snippets", "diag"),
    ("textwrap", "render"),
    ("rust_xlsxwriter", "render"),
    ("resvg", "render"),
    ("krilla", "render"),
    ("krilla_svg", "render"),
    ("plotters", "chart"),
    ("cdflib", "stats"),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("src is readable") {
        let path = entry.expect("src is readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The room a file belongs to, and its code without comments.
fn rooms_and_code() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    files
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&src).expect("found below src");
            let room = inside.components().next()?.as_os_str().to_str()?.trim_end_matches(".rs").to_string();
            let code: String = fs::read_to_string(&path)
                .expect("a source file is text")
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .map(|line| format!("{line}\n"))
                .collect();
            (room != "lib" && room != "main").then_some((room, path, code))
        })
        .collect()
}

#[test]
fn rooms_use_only_rooms_below() {
    let mut broken = Vec::new();
    for (room, path, code) in rooms_and_code() {
        let allowed = ROOMS.iter().find(|(name, _)| *name == room).map(|(_, allowed)| *allowed);
        let Some(allowed) = allowed else {
            broken.push(format!("{room} is not in the table of rooms"));
            continue;
        };
        for (used, _) in ROOMS {
            let uses = code.contains(&format!("crate::{used}::"))
                || code.contains(&format!("crate::{used};"))
                || code.contains(&format!("crate::{{{used}"));
            if uses && used != room && !allowed.contains(&used) {
                broken.push(format!("{}: {room} uses {used}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_crate_with_a_wall_stays_behind_it() {
    let mut broken = Vec::new();
    for (room, path, code) in rooms_and_code() {
        for (krate, home) in WALLED {
            if code.contains(&format!("{krate}::")) && room != home {
                broken.push(format!("{}: {krate} is used outside {home}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let mut broken = Vec::new();
    for (room, path, code) in rooms_and_code() {
        for word in ["println!", "print!(", "eprint", "dbg!"] {
            if code.contains(word) && room != "cli" {
                broken.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
