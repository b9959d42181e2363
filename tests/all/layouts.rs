//! One survey in every encoding and layout gives the same bytes.

use std::collections::HashMap;

use renkei::schema::{Kind, Origin, Survey};

use crate::cli::{Program, repository};

fn schema_text() -> String {
    std::fs::read_to_string(repository("schemas/care-manager-2016.toml")).expect("the schema")
}

fn data_text() -> String {
    std::fs::read_to_string(repository("data-samples/care-manager-2016.csv")).expect("the data")
}

/// Header and records.
type Sheet = (Vec<String>, Vec<Vec<String>>);

fn records(text: &str) -> Sheet {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").iter().map(String::from).collect();
    let rows =
        reader.records().map(|row| row.expect("a record").iter().map(String::from).collect()).collect();
    (header, rows)
}

fn written((header, rows): &Sheet) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header).expect("memory");
    rows.iter().for_each(|row| writer.write_record(row).expect("memory"));
    String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8")
}

/// All tables of the survey as tidy output.
fn tidy(schema: &str, data: &[u8], more: &[&str]) -> String {
    let program = Program::new().file("s.toml", schema).file("d.csv", data);
    let request = ["--rows", "all", "--cols", "q1,area,q3,q1>q4", "--format", "tidy"];
    let run = program.run(&[&["crosstab", "--schema", "s.toml", "d.csv"], &request[..], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    run.stdout
}

fn labelled(survey: &Survey, sheet: &Sheet) -> Sheet {
    let labels: HashMap<&str, HashMap<String, &str>> = survey
        .questions
        .iter()
        .filter(|question| question.kind == Kind::Single)
        .filter_map(|question| match &question.origin {
            Origin::Column(column) => {
                let labels = question.options.iter().map(|o| (o.code.to_string(), o.label.as_str()));
                Some((column.as_str(), labels.collect()))
            }
            _ => None,
        })
        .collect();
    let multi = survey.questions.iter().find(|question| question.id == "q3").expect("q3");
    let (header, rows) = sheet;
    let cell = |column: &String, cell: &String| {
        if let Some(option) = column.strip_prefix("q3_").filter(|_| cell == "1") {
            let option = multi.options.iter().find(|o| o.code.to_string() == option).expect("an option");
            return option.label.clone();
        }
        labels
            .get(column.as_str())
            .and_then(|labels| labels.get(cell))
            .map_or(cell.clone(), |l| l.to_string())
    };
    let rows = rows.iter().map(|row| header.iter().zip(row).map(|(c, v)| cell(c, v)).collect()).collect();
    (header.clone(), rows)
}

#[test]
fn row_2_every_encoding_layout_and_order_gives_the_same_bytes() {
    let (schema, data) = (schema_text(), data_text());
    let survey = renkei::schema::load("s.toml", &schema).expect("the schema loads").value;
    let sheet = records(&data);
    let clean = tidy(&schema, data.as_bytes(), &[]);
    assert!(clean.lines().count() > 5_000);
    let same = |what: &str, schema: &str, data: &[u8], more: &[&str]| {
        assert!(tidy(schema, data, more) == clean, "{what} differs");
    };

    same("BOM", &schema, &[b"\xEF\xBB\xBF", data.as_bytes()].concat(), &[]);
    same("CRLF", &schema, data.replace('\n', "\r\n").as_bytes(), &[]);

    let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(&data);
    assert!(!lossy);
    same("CP932, found out", &schema, &cp932, &[]);
    same("CP932, declared", &schema, &cp932, &["--encoding", "cp932"]);

    let labels = labelled(&survey, &sheet);
    same("labels", &schema, written(&labels).as_bytes(), &[]);
    let label_text = written(&labels);
    let (cp932, _, lossy) = encoding_rs::SHIFT_JIS.encode(&label_text);
    assert!(!lossy);
    same("labels in CP932", &schema, &cp932, &[]);

    // Columns backwards; rows by a stride that visits each once.
    let (header, rows) = &sheet;
    let backwards = |row: &Vec<String>| row.iter().rev().cloned().collect::<Vec<_>>();
    let shuffled: Vec<_> = (0..rows.len()).map(|place| backwards(&rows[place * 271 % rows.len()])).collect();
    same("shuffled columns and rows", &schema, written(&(backwards(header), shuffled)).as_bytes(), &[]);

    // Packed: the ten columns of q3 in one.
    let packed_schema =
        schema.replace("columns = \"q3_{code}\"", "packed = { column = \"q3\", separator = \";\" }");
    assert_ne!(packed_schema, schema);
    let is_q3 = |column: &String| column.starts_with("q3_");
    let packed_row = |row: &Vec<String>| {
        let chosen = header.iter().zip(row).filter(|(column, cell)| is_q3(column) && *cell == "1");
        let codes: Vec<&str> = chosen.map(|(column, _)| &column[3..]).collect();
        let rest = header.iter().zip(row).filter(|(column, _)| !is_q3(column)).map(|(_, cell)| cell.clone());
        [rest.collect(), vec![codes.join(";")]].concat()
    };
    let packed_header =
        [header.iter().filter(|c| !is_q3(c)).cloned().collect(), vec!["q3".to_string()]].concat();
    let packed = (packed_header, rows.iter().map(packed_row).collect());
    same("packed", &packed_schema, written(&packed).as_bytes(), &[]);

    for threads in ["1", "2", "16"] {
        same(threads, &schema, data.as_bytes(), &["--threads", threads]);
    }
}
