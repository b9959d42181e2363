//! What others' code comes from where, under which licence: the lists of `.ci/deny.toml`, kept without cargo-deny.

use std::process::Command;

use crate::cli::repository;

fn lists() -> toml::Table {
    let text = std::fs::read_to_string(repository(".ci/deny.toml")).expect("the lists");
    text.parse().expect("TOML")
}

fn words(value: &toml::Value) -> Vec<String> {
    let list = value.as_array().expect("a list");
    list.iter().map(|word| word.as_str().expect("a word").to_string()).collect()
}

/// Whether an expression such as `(MIT OR Apache-2.0) AND ISC` can be met by what is allowed.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    // Old manifests write `/` for OR. No licence here stands in two pairs of brackets.
    let expression = expression.replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        let part = part.trim().trim_start_matches('(').trim_end_matches(')');
        part.split(" OR ").any(|name| allowed.iter().any(|own| own == name.trim()))
    })
}

#[test]
fn every_crate_comes_from_the_registry_under_a_licence_of_the_list() {
    let lists = lists();
    let (licences, registries) =
        (words(&lists["licenses"]["allow"]), words(&lists["sources"]["allow-registry"]));
    // The lock file names every crate of every system.
    let lock: toml::Table =
        std::fs::read_to_string(repository("Cargo.lock")).expect("the lock file").parse().expect("TOML");
    for package in lock["package"].as_array().expect("packages") {
        let source = package.get("source").and_then(toml::Value::as_str);
        let known =
            source.is_none_or(|source| registries.iter().any(|own| source == format!("registry+{own}")));
        assert!(known && (source.is_some() || package["name"].as_str() == Some("renkei")), "{package}");
        assert!(source.is_none() || package.get("checksum").is_some(), "{package}");
    }
    // Licences stand in the sources that were built here.
    let metadata = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform"])
        .arg(format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
        .output()
        .expect("cargo");
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).expect("JSON");
    let mut seen = 0;
    for package in metadata["packages"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        if name == "renkei" {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(is_allowed(licence, &licences), "{name}: {licence:?}");
        seen += 1;
    }
    assert!(seen > 100, "{seen}");
    for refused in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "(MIT OR ISC) AND AGPL-3.0-only"] {
        assert!(!is_allowed(refused, &licences), "{refused}");
    }
}

#[test]
fn no_code_of_ours_is_unsafe() {
    for root in ["src/lib.rs", "src/main.rs"] {
        let text = std::fs::read_to_string(repository(root)).expect("a root");
        assert!(text.contains("#![forbid(unsafe_code)]"), "{root}");
    }
}
