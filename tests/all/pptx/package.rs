//! Reads a package back as a strict program would, and says all that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

/// The entries of a package, by name.
pub type Parts = BTreeMap<String, Vec<u8>>;

/// The entries, and their names in the order of the file.
pub fn unzip(bytes: &[u8]) -> (Parts, Vec<String>) {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut parts = Parts::new();
    let mut order = Vec::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        assert!(parts.insert(name.clone(), bytes).is_none(), "{name} is there twice");
        order.push(name);
    }
    (parts, order)
}

/// An element: name, attributes, and the text directly in it.
#[derive(Debug, Clone, Default)]
pub struct Element {
    pub path: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
}

impl Element {
    pub fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    pub fn is(&self, name: &str) -> bool {
        self.path.rsplit('/').next() == Some(name)
    }
}

/// The elements of a part in order; a part that is not well formed fails the test.
pub fn elements(name: &str, bytes: &[u8]) -> Vec<Element> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut found: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}"));
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let above = open.last().map_or("", |at| found[*at].path.as_str());
                let path = format!("{above}/{}", start.name().as_ref());
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{name}: {error}"));
                    let value = quick_xml::escape::unescape(&attribute.value)
                        .unwrap_or_else(|error| panic!("{name}: {error}"));
                    (attribute.key.as_ref().to_string(), value.into_owned())
                });
                found.push(Element { path, attributes: attributes.collect(), text: String::new() });
                if matches!(event, Event::Start(_)) {
                    open.push(found.len() - 1);
                }
            }
            Event::End(_) => _ = open.pop(),
            Event::Text(text) => {
                if let Some(at) = open.last() {
                    found[*at].text += &text;
                }
            }
            Event::GeneralRef(reference) => {
                let at = *open.last().expect("within an element");
                let word = reference.to_string();
                found[at].text += match word.as_str() {
                    "amp" => "&",
                    "lt" => "<",
                    "gt" => ">",
                    "quot" => "\"",
                    "apos" => "'",
                    other => panic!("{name}: &{other};"),
                };
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{name} ends too early");
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..);
    assert!(text.chars().all(legal), "{name} has characters that XML cannot hold");
    found
}

fn relations_of(part: &str) -> String {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    format!("{folder}/_rels/{name}.rels").trim_start_matches('/').to_string()
}

fn resolve(from: &str, target: &str) -> String {
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for step in target.split('/') {
        if step == ".." { _ = folders.pop() } else { folders.push(step) }
    }
    folders.join("/")
}

/// What a part's relations lead to, by id.
pub fn related(parts: &Parts, part: &str) -> BTreeMap<String, String> {
    let name = relations_of(part);
    let Some(bytes) = parts.get(&name) else { return BTreeMap::new() };
    let all = elements(&name, bytes);
    let relations: Vec<&Element> = all.iter().filter(|element| element.is("Relationship")).collect();
    let target = |relation: &Element| match relation.get("TargetMode") {
        "External" => relation.get("Target").to_string(),
        _ => {
            let target = resolve(part, relation.get("Target"));
            assert!(parts.contains_key(&target), "{name}: {target} is not there");
            target
        }
    };
    let found: BTreeMap<String, String> =
        relations.iter().map(|one| (one.get("Id").into(), target(one))).collect();
    assert_eq!(found.len(), relations.len(), "{name}: an id is there twice");
    found
}

/// Types, relations, references, ids, and charts against their workbooks.
pub fn check(bytes: &[u8]) -> Parts {
    let (parts, order) = unzip(bytes);
    assert_eq!(order[0], "[Content_Types].xml");
    let types = elements(&order[0], &parts[&order[0]]);
    let endings: BTreeSet<&str> = types.iter().map(|element| element.get("Extension")).collect();
    let named: BTreeSet<&str> = types.iter().map(|element| element.get("PartName")).collect();
    for name in named.iter().filter(|name| !name.is_empty()) {
        assert!(parts.contains_key(&name[1..]), "{name} has a type but is not there");
    }
    let mut reached: BTreeSet<String> = related(&parts, "").into_values().collect();
    for (name, bytes) in &parts {
        let ending = name.rsplit('.').next().expect("an ending");
        let slashed = format!("/{name}");
        assert!(named.contains(slashed.as_str()) || endings.contains(ending), "{name} has no type");
        if matches!(ending, "xml" | "rels") && name != "[Content_Types].xml" {
            // What is XML to the package must be something.
            assert!(ending == "rels" || named.contains(slashed.as_str()), "{name} is XML and no more");
            let ids = related(&parts, name);
            reached.extend(ids.values().cloned());
            let all = elements(name, bytes);
            for (key, value) in all.iter().flat_map(|element| &element.attributes) {
                if matches!(key.as_str(), "r:id" | "r:embed" | "r:link") && !value.is_empty() {
                    assert!(ids.contains_key(value), "{name}: {key}={value} leads nowhere");
                }
            }
            let shapes: Vec<&str> =
                all.iter().filter(|element| element.is("p:cNvPr")).map(|element| element.get("id")).collect();
            assert_eq!(shapes.iter().collect::<BTreeSet<_>>().len(), shapes.len(), "{name}: ids of shapes");
            if name.starts_with("ppt/charts/") && ending == "xml" {
                chart(name, &all, &ids, &parts);
            }
        }
    }
    for name in parts.keys().filter(|name| !name.ends_with(".rels") && *name != "[Content_Types].xml") {
        assert!(reached.contains(name), "nothing leads to {name}");
    }
    parts
}

/// Every formula of a chart against the cells it names.
fn chart(name: &str, all: &[Element], ids: &BTreeMap<String, String>, parts: &Parts) {
    let data = all.iter().find(|element| element.is("c:externalData")).expect("a workbook");
    let cells = cells(&parts[&ids[data.get("r:id")]]);
    let mut formulas = 0;
    for (at, formula) in all.iter().enumerate().filter(|(_, element)| element.is("c:f")) {
        formulas += 1;
        let inside = all[at + 1..].iter().take_while(|element| element.path.contains("Cache"));
        let mut cached = BTreeMap::new();
        let mut point = "";
        for element in inside {
            if element.is("c:pt") {
                point = element.get("idx");
            } else if element.is("c:v") {
                cached.insert(point.parse::<usize>().expect("a number"), element.text.clone());
            }
        }
        let range = formula.text.strip_prefix("Sheet1!").expect("the one sheet").replace('$', "");
        let (from, to) = range.split_once(':').unwrap_or((&range, &range));
        let column: String = from.chars().filter(char::is_ascii_alphabetic).collect();
        let row = |cell: &str| cell[column.len()..].parse::<usize>().expect("a row");
        for (at, row) in (row(from)..=row(to)).enumerate() {
            let cell = cells.get(&format!("{column}{row}")).cloned().unwrap_or_default();
            let point = cached.remove(&at).unwrap_or_default();
            let same = match (cell.parse::<f64>(), point.parse::<f64>()) {
                (Ok(cell), Ok(point)) => cell == point,
                // PowerPoint reads the mark of a suppressed point as zero.
                (Err(_), Ok(point)) if cell == "x" => point == 0.0,
                _ => cell == point,
            };
            assert!(same, "{name}: {column}{row} has {cell:?}, the chart {point:?}");
        }
        assert!(cached.is_empty(), "{name}: {range} and more points: {cached:?}");
    }
    assert!(formulas > 0, "{name} has no formulas");
}

/// The cells of a workbook's first sheet, as text.
pub fn cells(workbook: &[u8]) -> BTreeMap<String, String> {
    let (parts, _) = unzip(workbook);
    let strings = elements("strings", parts.get("xl/sharedStrings.xml").map_or(b"<sst/>", Vec::as_slice));
    // What looks like an escape in a workbook is escaped there itself.
    let strings = strings.into_iter().filter(|element| element.is("t"));
    let strings: Vec<String> = strings.map(|element| element.text.replace("_x005F_", "_")).collect();
    let sheet = elements("sheet", &parts["xl/worksheets/sheet1.xml"]);
    let mut found = BTreeMap::new();
    let (mut place, mut text) = (String::new(), false);
    for element in sheet {
        if element.is("c") {
            (place, text) = (element.get("r").into(), element.get("t") == "s");
        } else if element.is("v") {
            let value = if text {
                strings[element.text.parse::<usize>().expect("a place")].clone()
            } else {
                element.text
            };
            found.insert(place.clone(), value);
        }
    }
    found
}

/// The package with these words of one part changed.
pub fn changed(bytes: &[u8], part: &str, from: &str, to: &str) -> Vec<u8> {
    let (mut parts, order) = unzip(bytes);
    let text = String::from_utf8(parts[part].clone()).expect("UTF-8");
    assert!(text.contains(from), "{part} has no {from}");
    parts.insert(part.into(), text.replace(from, to).into_bytes());
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in order {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("an entry");
        std::io::Write::write_all(&mut zip, &parts[&name]).expect("its bytes");
    }
    zip.finish().expect("a zip").into_inner()
}
