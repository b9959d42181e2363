//! The figures files of the examples: every published figure and sentence of four documents, against their data.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::{Program, Run, repository};
use crate::families::unknown;

fn verify(name: &str, data: &str, more: &[&str]) -> Run {
    let (schema, figures) =
        (repository(&format!("schemas/{name}.toml")), repository(&format!("examples/{name}/figures.toml")));
    Program::new().run(&[&["verify", "--schema", &schema, data, "--figures", &figures], more].concat())
}

fn sample(name: &str) -> String {
    repository(&format!("data-samples/{name}.csv"))
}

/// The figures of an example, by id.
fn figures(name: &str, data: &str) -> (i32, BTreeMap<String, Value>) {
    let run = verify(name, data, &["--format", "json"]);
    let value: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.stderr));
    let figures = value["figures"].as_array().expect("figures").clone();
    let by_id = |figure: Value| (figure["id"].as_str().expect("an id").to_string(), figure);
    (run.code, figures.into_iter().map(by_id).collect())
}

/// Verifies an example: exit 0 and so many of each verdict.
#[track_caller]
fn as_expected(name: &str, verdicts: &[(&str, usize)]) -> BTreeMap<String, Value> {
    let (code, figures) = figures(name, &sample(name));
    let mut found: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, figure) in &figures {
        assert_eq!(figure["as_expected"], true, "{id}: {figure}");
        *found.entry(figure["verdict"].as_str().expect("a verdict")).or_default() += 1;
    }
    assert_eq!((code, found), (0, verdicts.iter().copied().collect()));
    figures
}

fn fact<'a>(figures: &'a BTreeMap<String, Value>, id: &str) -> &'a str {
    figures[id]["facts"][0]["shown"].as_str().expect("a fact")
}

/// The sample with one cell changed: of the first record whose columns begin so.
fn changed(name: &str, of: &[(&str, &str)], column: &str, to: &str) -> Program {
    let text = std::fs::read_to_string(sample(name)).expect("the sample");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|known| known == name).expect("a column");
    let mut records: Vec<Vec<String>> = reader
        .records()
        .map(|record| record.expect("a record").iter().map(str::to_string).collect())
        .collect();
    let such =
        |record: &&mut Vec<String>| of.iter().all(|(column, start)| record[place(column)].starts_with(start));
    let record = records.iter_mut().find(such).expect("such a record");
    assert_ne!(record[place(column)], to);
    record[place(column)] = to.to_string();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("it is written");
    records.iter().for_each(|record| writer.write_record(record).expect("it is written"));
    Program::new().file("d.csv", writer.into_inner().expect("bytes"))
}

/// The ids of the figures that are not as expected.
fn failing(name: &str, program: &Program) -> Vec<String> {
    let (code, figures) = figures(name, &program.path("d.csv").display().to_string());
    assert_eq!(code, 1);
    figures.into_iter().filter(|(_, figure)| figure["as_expected"] == false).map(|(id, _)| id).collect()
}

#[test]
fn row_52_the_counts_of_offices_and_what_is_said_of_them() {
    let figures = as_expected("kuwana-resources", &[("reproduced", 25)]);
    assert_eq!(fact(&figures, "medical-percent"), "56/205 = 27.317％");
    assert_eq!(fact(&figures, "care-percent"), "47/165 = 28.485％");
}

#[test]
fn one_office_more_makes_the_figures_that_depend_on_it_differ() {
    let program = changed("kuwana-resources", &[("facility", "2")], "offices", "20");
    assert_eq!(failing("kuwana-resources", &program), ["clinic", "clinic-percent", "medical-percent"]);
}

#[test]
fn the_json_schema_of_figures_knows_the_keys_that_are_read() {
    let json = Program::new().run(&["schema", "json", "--figures"]).stdout;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    for entry in std::fs::read_dir(repository("examples")).expect("examples") {
        let Ok(files) = std::fs::read_dir(entry.expect("an entry").path()) else { continue };
        for file in files.map(|file| file.expect("a file").path()) {
            let name = file.file_name().and_then(|name| name.to_str()).expect("a name");
            if name == "figures.toml" || name.starts_with("reference") {
                let text = std::fs::read_to_string(&file).expect("a file of figures");
                assert_eq!(unknown(&json, &text), Vec::<String>::new(), "{}", file.display());
            }
        }
    }
    // An unknown key is told with the known ones: they are those of the JSON Schema, no more and no fewer.
    let schema =
        "[survey]\nid = \"t\"\ntitle = \"t\"\n[[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"number\"\n";
    let survey = renkei::schema::load("s.toml", schema).expect("a sound schema").value;
    let phrases = renkei::figures::Phrases::load(None).expect("sound wordings").value;
    for (head, place) in [
        ("[[figure]]", "/$defs/figure"),
        ("[[reference]]", "/$defs/reference"),
        ("[figures]", "/properties/figures"),
        ("[figure.higher_than]", "/$defs/cell"),
        ("[figure.same_as]", "/$defs/figure/properties/same_as"),
        ("[figure.same_top]", "/$defs/figure/properties/same_top"),
        ("[figure.no_difference]", "/$defs/figure/properties/no_difference"),
        ("[figure.ratio]", "/$defs/figure/properties/ratio"),
    ] {
        let above = if head.starts_with("[figure.") { "[[figure]]\n" } else { "" };
        let text = format!("{above}{head}\nzzzzzzzzzzzz = 1\n");
        let language = renkei::schema::Language::Japanese;
        let errors = renkei::figures::load("f.toml", &text, Vec::new(), (&survey, language), &phrases)
            .expect_err("an unknown key");
        let error = errors.iter().find(|error| error.message.contains("`zzzzzzzzzzzz`")).expect("it is told");
        let mut told: Vec<&str> = error.hints[0]
            .trim_start_matches("known keys are ")
            .split(", ")
            .map(|key| key.trim_matches('`'))
            .collect();
        told.sort_unstable();
        told.dedup();
        let known = json.pointer(place).expect("a definition")["properties"].as_object().expect("properties");
        let mut known: Vec<&str> = known.keys().map(String::as_str).collect();
        known.sort_unstable();
        assert_eq!(told, known, "{head}");
    }
}
