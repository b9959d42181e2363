//! What the documents say is what happens.

use std::process::Command;

use crate::cli::{repository, run};

/// The fenced blocks of a document: language and content.
pub fn blocks(document: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in document.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language.trim().to_string(), String::new())),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some((_, content)), None) => *content += &format!("{line}\n"),
            (None, None) => {}
        }
    }
    blocks
}

/// Runs a `cargo run -- …` or `renkei …` line of a document from the repository's root.
fn run_line(line: &str) -> crate::cli::Run {
    let arguments = line.strip_prefix("cargo run -- ").or_else(|| line.strip_prefix("renkei "));
    let arguments = arguments.unwrap_or_else(|| panic!("a command of renkei, found `{line}`"));
    let renkei = env!("CARGO_BIN_EXE_renkei");
    let mut command = Command::new("sh");
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(["-c", &format!("'{renkei}' {arguments}")]);
    run(&mut command)
}

#[test]
fn every_command_of_the_readme_runs_and_prints_what_it_shows() {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let blocks = blocks(&readme);
    let mut compared = 0;
    for (place, (language, content)) in blocks.iter().enumerate() {
        if language != "sh" {
            continue;
        }
        // A line that goes on is one command.
        let content = content.replace("\\\n", " ");
        let lines = content.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
        for line in lines.filter(|line| !line.starts_with("cargo test") && !line.starts_with("benches/")) {
            let run = run_line(line);
            assert_eq!(run.code, 0, "`{line}`: {}", run.stderr);
            if let Some((_, shown)) = blocks.get(place + 1).filter(|(language, _)| language == "text") {
                assert_eq!(&run.stdout, shown, "what `{line}` prints");
                compared += 1;
            }
        }
    }
    assert!(compared >= 1, "the README shows the output of its first command");
}

#[test]
fn the_readme_s_second_command_is_cargo_test() {
    let readme = std::fs::read_to_string(repository("README.md")).expect("the README");
    let commands: Vec<String> = blocks(&readme)
        .into_iter()
        .filter(|(language, _)| language == "sh")
        .flat_map(|(_, content)| content.lines().map(String::from).collect::<Vec<_>>())
        .collect();
    assert!(commands[0].starts_with("cargo run "), "{commands:?}");
    assert_eq!(commands[1], "cargo test");
}

#[test]
fn every_schema_loads_without_a_warning_and_says_what_it_teaches() {
    let folder = std::fs::read_dir(repository("schemas")).expect("schemas");
    for entry in folder {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a schema");
        assert!(text.starts_with("# "), "{}: begins with a comment", path.display());
        match renkei::schema::load(&path.display().to_string(), &text) {
            Ok(survey) => {
                let told: Vec<String> = survey.warnings.iter().map(|warning| warning.render(false)).collect();
                assert!(told.is_empty(), "{}", told.join("\n"));
            }
            Err(errors) => {
                let told: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
                panic!("{}", told.join("\n"));
            }
        }
    }
}

#[test]
fn the_schemas_in_documents_load() {
    let mut loaded = 0;
    for document in ["README.md", "docs/architecture.md"] {
        let text = std::fs::read_to_string(repository(document)).expect("a document");
        for (_, schema) in blocks(&text).iter().filter(|(language, _)| language == "toml") {
            let survey = renkei::schema::load(document, schema);
            let told: String = survey.err().into_iter().flatten().map(|error| error.render(false)).collect();
            assert!(told.is_empty(), "{told}");
            loaded += 1;
        }
    }
    assert!(loaded >= 1, "the README shows a schema");
}
