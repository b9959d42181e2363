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
fn rows_49_50_51_and_53_bases_that_were_not_printed_and_what_is_impossible() {
    let figures = as_expected("kuwana-2019", &[("impossible", 6), ("possible", 6), ("reproduced", 20)]);
    assert_eq!(fact(&figures, "response-rate"), "75/77 = 97.403％");
    assert_eq!(fact(&figures, "q1-care-worker"), "49/75 = 65.33％");
    assert_eq!(fact(&figures, "q3-care"), "19/74 = 25.68％");
    assert_eq!(fact(&figures, "q5-sharing"), "32/74 = 43.24％");
    for id in ["q3-care-on-75", "q3-illness-on-75", "q4-health-insurance-on-75", "q5-faces-on-75"] {
        assert_eq!(figures[id]["verdict"], "impossible", "{id}");
    }
}

#[test]
fn one_care_manager_who_answers_otherwise_makes_one_figure_differ() {
    let program = changed("kuwana-2019", &[("q4", "1")], "q4", "2");
    assert_eq!(failing("kuwana-2019", &program), ["q4-health-insurance"]);
    // 無回答 is out of the base: 73 remain, every share of the question moves, and 18 and 18 tie.
    let program = changed("kuwana-2019", &[("q3", "1")], "q3", "");
    assert_eq!(failing("kuwana-2019", &program), ["q3-care", "q3-order", "q3-state"]);
}

#[test]
fn rows_38_39_40_and_43_one_or_more_of_eight_and_all_of_them() {
    let figures = as_expected("eight-initiatives-2015", &[("differs", 1), ("reproduced", 9)]);
    assert_eq!(fact(&figures, "one-or-more"), "1389/1741 = 79.782％");
    let gap = &figures["gap-to-all"]["facts"][1];
    assert_eq!(
        (gap["what"].as_str(), gap["shown"].as_str()),
        (Some("目標 100％ との差"), Some("20.218ポイント"))
    );
}

#[test]
fn row_41_shares_of_cases_leave_out_moves_to_another_hospital() {
    let found = as_expected("missed-cases", &[("differs", 1), ("reproduced", 2)]);
    assert_eq!(fact(&found, "discharged-without-notice"), "44/110 = 40.000％");
    let program = changed("missed-cases", &[("event", "2"), ("contact", "2")], "event", "3");
    let (_, figures) = figures("missed-cases", &program.path("d.csv").display().to_string());
    assert_eq!(fact(&figures, "discharged-without-notice"), "43/109 = 39.450％");
}

#[test]
fn one_municipality_without_its_only_initiative_makes_the_share_and_the_gap_differ() {
    let only: Vec<(String, &str)> = "abcdefgh"
        .chars()
        .map(|item| (format!("items_{item}"), if item == 'a' { "1" } else { "3" }))
        .collect();
    let only: Vec<(&str, &str)> = only.iter().map(|(column, code)| (column.as_str(), *code)).collect();
    let program = changed("eight-initiatives-2015", &only, "items_a", "3");
    assert_eq!(failing("eight-initiatives-2015", &program), ["gap-to-all", "one-or-more"]);
}

#[test]
fn rows_15_16_25_30_31_32_34_36_and_41_every_sentence_on_the_municipalities_of_a_prefecture() {
    let figures = as_expected("municipal-progress-r3", &[("differs", 1), ("reproduced", 103)]);
    assert_eq!(fact(&figures, "3-1"), "5/19 = 26.316％");
    assert_eq!(fact(&figures, "5-1-kdb"), "14/19 = 73.684％");
    assert_eq!(fact(&figures, "nation-scenes"), "533/1717 = 31.043％");
    assert!(fact(&figures, "21-4").contains("松江市") && fact(&figures, "21-4").contains("出雲市"));
    // What a wave did not publish is said, and not taken for 0.
    assert_eq!(figures["years-people-1-3"]["reasons"][0]["text"], "2019年度 jinzai: 公表されていない");
}

#[test]
fn one_municipality_that_answers_otherwise_makes_the_figures_that_depend_on_it_differ() {
    let name = "municipal-progress-r3";
    let program = changed(name, &[("city", "32"), ("q3_r1", "1")], "q3_r1", "2");
    assert_eq!(failing(name, &program), ["3-1"]);
    let program = changed(name, &[("city", "322016")], "q5c_2", "0");
    assert_eq!(failing(name, &program), ["21-4"]);
    let program = changed(name, &[("city", "13"), ("q4a1", "1")], "q4a1", "2");
    assert_eq!(failing(name, &program), ["nation-a1-1", "nation-a1-2"]);
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
        ("[figure.correlation]", "/$defs/figure/properties/correlation"),
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
