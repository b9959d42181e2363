//! A study's tables as a page and its report as a Word document, taken apart.

use std::collections::BTreeMap;
use std::io::Read;

use quick_xml::events::Event;
use renkei::report::{Block, Document, Picture, Section};
use renkei::sheet::{Language, round};
use renkei::stats::Ratio;
use serde_json::Value;

use crate::cli::{Program, repository};

/// An element of a page: its name, attributes, the text in it, and the elements in it.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub inside: Vec<Node>,
}

impl Node {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// The node and all in it, in order.
    pub fn all(&self) -> Vec<&Node> {
        std::iter::once(self).chain(self.inside.iter().flat_map(Node::all)).collect()
    }

    pub fn named<'a>(&'a self, name: &str) -> Vec<&'a Node> {
        self.all().into_iter().filter(|node| node.name == name).collect()
    }
}

/// Elements that HTML never closes.
const VOID: [&str; 5] = ["meta", "br", "input", "img", "link"];

/// Parses a page of ours, which closes all that it opens; what its script says is no markup and left out.
pub fn parse(html: &str) -> Node {
    let script = html.rsplit_once("<script>").and_then(|(before, rest)| {
        let (_, after) = rest.split_once("</script>")?;
        Some(format!("{before}<script></script>{after}"))
    });
    let html = script.as_deref().unwrap_or(html);
    let mut reader = quick_xml::Reader::from_str(html);
    reader.config_mut().check_end_names = false;
    let mut open = vec![Node::default()];
    loop {
        match reader.read_event().expect("a page") {
            Event::Eof => break,
            event @ (Event::Start(_) | Event::Empty(_)) => {
                let empty = matches!(event, Event::Empty(_));
                let (Event::Start(start) | Event::Empty(start)) = event else { unreachable!() };
                let name = start.name().as_ref().to_string();
                let attributes = start.html_attributes().map(|attribute| {
                    let attribute = attribute.expect("an attribute");
                    let value = quick_xml::escape::unescape(&attribute.value).expect("a value");
                    (attribute.key.as_ref().to_string(), value.into_owned())
                });
                let attributes = attributes.collect();
                open.push(Node { name: name.clone(), attributes, ..Node::default() });
                if empty || VOID.contains(&name.as_str()) {
                    close(&mut open);
                }
            }
            Event::End(end) => {
                let name = end.name().as_ref().to_string();
                let known = open.last().expect("an element").name.clone();
                assert_eq!(known, name, "closed otherwise than opened");
                close(&mut open);
            }
            Event::Text(text) => {
                open.iter_mut().for_each(|node| node.text += &text);
            }
            Event::GeneralRef(name) => {
                let name = format!("&{};", &*name);
                let text = quick_xml::escape::unescape(&name).expect("a character");
                open.iter_mut().for_each(|node| node.text += &text);
            }
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "an element is left open");
    open.remove(0)
}

fn close(open: &mut Vec<Node>) {
    let node = open.pop().expect("an element");
    open.last_mut().expect("its parent").inside.push(node);
}

/// Runs a study and gives the folder it filled.
fn report(program: &Program, study: &str, more: &[&str]) -> std::path::PathBuf {
    let run = program.run(&[&["report", study, "--out", "out"], more].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    program.path("out")
}

fn example() -> String {
    repository("examples/care-manager-2016/study.toml")
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A count as tables print it.
fn count(n: i128) -> String {
    if n == 0 { "-".into() } else { renkei::diag::thousands(n as u64) }
}

fn percent(n: i128, base: i128) -> String {
    match Ratio::new(100 * n, base) {
        Some(_) if n == 0 => "-".into(),
        Some(ratio) => round(ratio, 1),
        None => "…".into(),
    }
}

/// A cell's number without its marks.
fn plain(node: &Node) -> String {
    let marks: String = node.named("em").iter().map(|mark| mark.text.as_str()).collect();
    node.text.strip_suffix(&marks).unwrap_or(&node.text).to_string()
}

/// Every number of every cell is that of the versioned tables of the same run.
#[test]
fn every_number_of_the_page_is_that_of_the_json() {
    let program = Program::new();
    let out = report(&program, &example(), &["--only", "tables,json"]);
    let page = parse(&read(&out.join("tables.html")));
    let boxes: Vec<&Node> = page.all().into_iter().filter(|node| !node.get("data-book").is_empty()).collect();
    let (mut checked, mut shares) = (0, 0);
    for book in ["gt", "progress"] {
        let json: Value =
            serde_json::from_str(&read(&out.join(format!("tables-{book}.json")))).expect("JSON");
        let mut of_book = boxes.iter().filter(|node| node.get("data-book") == book);
        // Tables of a question stand together in the page, in the order of the book.
        let tables = json["tables"].as_array().expect("tables");
        let crossed = book == "progress";
        let mut place = 0;
        while place < tables.len() {
            let grid = &tables[place]["grid"];
            let together = if crossed || grid.is_null() {
                1
            } else {
                tables[place..].iter().take_while(|table| table["grid"] == *grid).count()
            };
            let node = if crossed {
                // By question, whichever book has it first.
                let id = grid.as_str().or(tables[place]["question"]["id"].as_str()).expect("an id");
                let of: Vec<_> = boxes
                    .iter()
                    .filter(|node| {
                        node.get("data-book") == book && node.get("id").starts_with(&format!("table-{id}-"))
                    })
                    .collect();
                let nth =
                    tables[..place].iter().filter(|table| table["grid"] == *grid && !grid.is_null()).count();
                of[nth]
            } else {
                of_book.next().expect("a table")
            };
            checked += compare(node, &tables[place..place + together], crossed, &mut shares);
            place += together;
        }
    }
    let numbers = |name: &str| boxes.iter().map(|node| node.named(name).len()).sum::<usize>();
    assert!(checked > 1000 && numbers("i") > 1000, "{checked}");
    assert_eq!(
        numbers("i"),
        numbers("b") - boxes.len(),
        "each count has its percentage, each caption its title"
    );
    assert_eq!(shares, numbers("u"), "every share of an answer was compared");
}

/// Compares a table of the page with those it is made of; how many cells were compared.
fn compare(node: &Node, tables: &[Value], crossed: bool, shares: &mut usize) -> usize {
    let whole = |value: &Value| i128::from(value[0].as_u64().expect("a number of respondents"));
    let body = node.named("tbody")[0].named("tr");
    let heads = node.named("thead")[0].named("th");
    let mut checked = 0;
    for (at, table) in tables.iter().enumerate() {
        let columns = table["columns"].as_array().expect("columns").len();
        for (row, stub) in table["stub"].as_array().expect("rows").iter().enumerate() {
            let label = stub["label"].as_str().filter(|label| !label.is_empty()).unwrap_or("無回答");
            for column in 0..columns {
                let (n, base) = (whole(&table["cells"][row][column]), whole(&table["bases"][row][column]));
                // Groups are the rows that have counts; where none stand, the table is of an answer a row.
                let groups: Vec<&&Node> = body.iter().filter(|row| !row.named("i").is_empty()).collect();
                if groups.is_empty() {
                    let Some(line) = body.iter().find(|row| row.inside[0].text == label) else {
                        assert_eq!((stub["role"].as_str(), n), (Some("missing"), 0), "{label}");
                        continue;
                    };
                    assert_eq!(line.inside[1].text, count(n), "{label}");
                    assert_eq!(line.inside[2].text, percent(n, base), "{label}");
                    checked += 1;
                    continue;
                }
                let line = groups[if crossed { column } else { at }];
                let Some(place) = heads.iter().position(|head| head.text == label) else {
                    assert_eq!((stub["role"].as_str(), n), (Some("missing"), 0), "{label}");
                    continue;
                };
                let cell = &line.inside[place];
                let number = |name: &str| cell.named(name).first().map_or(plain(cell), |node| plain(node));
                assert_eq!((number("i"), number("b")), (count(n), percent(n, base)), "{label}, {column}");
                if let Some(share) = cell.named("u").first() {
                    // Of those who gave the answer and one of the banner's; the Total is of itself.
                    let banner = |column: usize| &table["columns"][column]["banner"];
                    let of_banner = (0..columns).filter(|other| banner(*other) == banner(column));
                    let of: i128 = of_banner.map(|other| whole(&table["cells"][row][other])).sum();
                    assert_eq!(share.text, percent(n, of), "{label}, {column}");
                    *shares += 1;
                }
                checked += 1;
            }
        }
    }
    checked
}

const HOSTILE: [&str; 4] =
    ["<script>alert(1)</script>", "]]> -->", "\" onmouseover=\"alert(1)", "a &amp; b </td>"];

fn hostile() -> Program {
    let quoted = |text: &str| serde_json::to_string(text).expect("a string");
    let options: Vec<String> = HOSTILE
        .iter()
        .enumerate()
        .map(|(place, label)| format!("{{ code = {}, label = {} }}", place + 1, quoted(label)))
        .collect();
    let question = |id: &str| {
        let words = quoted(HOSTILE[0]);
        format!(
            "[[question]]\nid = \"{id}\"\nsection = {words}\ntext = {words}\nkind = \"single\"\noptions = [{}]\n",
            options.join(", ")
        )
    };
    let words = quoted(HOSTILE[0]);
    let schema = format!(
        "[survey]\nid = \"h\"\ntitle = {words}\nnote = {words}\n{}{}",
        question("q1"),
        question("q2")
    );
    let study = format!(
        "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n\
         [[tables]]\nid = \"gt\"\ntitle = {words}\nrows = \"all\"\n\
         [[tables]]\nid = \"x\"\nrows = \"q1\"\ncols = \"q2\"\nsort = true\n\
         [report]\ntitle = {words}\npublisher = {words}\n\
         [[report.sections]]\nheadline = {words}\nrows = \"q1\"\ncols = \"q2\"\ntable = true\nview = {words}\n"
    );
    let data = "q1,q2\n1,2\n2,2\n2,3\n4,1\n3,4\n";
    Program::new().file("s.toml", schema).file("d.csv", data).file("study.toml", study)
}

#[test]
fn hostile_words_are_text_in_the_page_and_in_the_document() {
    let program = hostile();
    let out = report(&program, "study.toml", &[]);
    for name in ["tables.html", "report.html"] {
        let page = parse(&read(&out.join(name)));
        let scripts = if name == "tables.html" { 1 } else { 0 };
        assert_eq!(page.named("script").len(), scripts, "{name}");
        let armed =
            page.all().into_iter().flat_map(|node| node.attributes.keys()).any(|key| key.starts_with("on"));
        assert!(!armed, "{name}");
        HOSTILE.iter().for_each(|words| assert!(page.text.contains(words), "{name}: {words}"));
    }
    let parts = Parts::of(&std::fs::read(out.join("report.docx")).expect("the document"));
    let text = parts.texts().concat();
    HOSTILE.iter().for_each(|words| assert!(text.contains(words), "{words}"));
}

#[test]
fn the_page_is_complete_without_its_script() {
    let program = Program::new();
    let out = report(&program, &example(), &["--only", "tables"]);
    let page = parse(&read(&out.join("tables.html")));
    // Nothing that is content is hidden, and controls that would do nothing are not shown.
    let hidden: Vec<&str> = page
        .all()
        .into_iter()
        .filter(|node| node.attributes.contains_key("hidden"))
        .map(|node| node.get("id"))
        .collect();
    assert_eq!(hidden, ["controls"]);
    assert!(page.named("button").is_empty());
    let links: Vec<&str> = page.named("a").iter().map(|link| link.get("href")).collect();
    let ids: Vec<&str> = page.all().iter().map(|node| node.get("id")).filter(|id| !id.is_empty()).collect();
    assert!(links.iter().all(|link| ids.contains(&&link[1..])), "{links:?}");
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "an id stands twice");
    for table in page.named("table") {
        assert_eq!(table.named("caption").len(), 1);
        assert!(table.named("th").iter().all(|head| ["col", "row"].contains(&head.get("scope"))));
    }
    assert_eq!(page.named("svg").len(), 12, "a chart of each question");
}

#[test]
fn most_frequent_answers_first_is_an_order_of_the_page_itself() {
    let program = hostile();
    let out = report(&program, "study.toml", &["--only", "tables"]);
    let page = parse(&read(&out.join("tables.html")));
    let boxes: Vec<&Node> = page.all().into_iter().filter(|node| !node.get("data-book").is_empty()).collect();
    // 2, 1, 3, 4 below 全体; q2 likewise.
    let orders: Vec<(&str, &str)> =
        boxes.iter().map(|node| (node.get("data-book"), node.get("data-order"))).collect();
    assert_eq!(orders, [("gt", "0 2 1 3 4"), ("x", "0 1 2 4 3 5 6"), ("gt", "0 2 1 3 4")]);
    let sorted: Vec<bool> = boxes.iter().map(|node| node.attributes.contains_key("data-sorted")).collect();
    assert_eq!(sorted, [false, true, false]);
}

#[test]
fn two_hundred_questions_by_twenty_columns_are_under_five_megabytes() {
    let options = |count: usize| -> String {
        let options = (1..=count).map(|code| format!("{{ code = {code}, label = \"選択肢の言葉{code}\" }}"));
        options.collect::<Vec<_>>().join(", ")
    };
    let mut schema = "[survey]\nid = \"big\"\ntitle = \"大きな調査\"\n".to_string();
    let question = |id: &str, count: usize| {
        format!(
            "[[question]]\nid = \"{id}\"\ntext = \"設問{id}のことばをここに書きます\"\nkind = \"single\"\noptions = [{}]\n",
            options(count)
        )
    };
    schema += &question("banner", 19);
    (1..=200).for_each(|number| schema += &question(&format!("q{number}"), 8));
    let mut data = "banner".to_string();
    (1..=200).for_each(|number| data += &format!(",q{number}"));
    for respondent in 0..400 {
        data += &format!("\n{}", respondent % 19 + 1);
        (0..200)
            .for_each(|number| data += &format!(",{}", (respondent * 7 + number * respondent / 3) % 8 + 1));
    }
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n[[tables]]\nid = \"gt\"\nrows = \"all\"\n\
                 [[tables]]\nid = \"x\"\nrows = \"all\"\ncols = \"banner\"\n";
    let program = Program::new().file("s.toml", schema).file("d.csv", data).file("study.toml", study);
    let out = report(&program, "study.toml", &["--only", "tables"]);
    let bytes = std::fs::metadata(out.join("tables.html")).expect("the page").len();
    assert!(bytes < 5_000_000, "{bytes}");
    let page = parse(&read(&out.join("tables.html")));
    assert_eq!(page.named("table").len(), 401);
}

/// The parts of a package by name.
struct Parts(BTreeMap<String, Vec<u8>>);

impl Parts {
    fn of(bytes: &[u8]) -> Parts {
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a zip");
        let mut parts = BTreeMap::new();
        for at in 0..zip.len() {
            let mut part = zip.by_index(at).expect("a part");
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("bytes");
            parts.insert(part.name().expect("a name").to_string(), bytes);
        }
        Parts(parts)
    }

    fn tree(&self, name: &str) -> Node {
        parse(std::str::from_utf8(&self.0[name]).expect("UTF-8"))
    }

    /// The text of each paragraph of the body.
    fn texts(&self) -> Vec<String> {
        self.tree("word/document.xml").named("w:p").iter().map(|paragraph| paragraph.text.clone()).collect()
    }

    /// Every part is well-formed, has a type, and leads only to parts that there are.
    fn check(&self) {
        let types = self.tree("[Content_Types].xml");
        for name in self.0.keys().filter(|name| name.ends_with(".xml") || name.ends_with(".rels")) {
            _ = self.tree(name);
        }
        for node in types.named("Override") {
            assert!(self.0.contains_key(&node.get("PartName")[1..]), "{node:?}");
        }
        let main = self.tree("word/_rels/document.xml.rels");
        let ids: Vec<&str> = main.named("Relationship").iter().map(|node| node.get("Id")).collect();
        for node in main.named("Relationship") {
            assert!(self.0.contains_key(&format!("word/{}", node.get("Target"))), "{node:?}");
        }
        for node in self.tree("_rels/.rels").named("Relationship") {
            assert!(self.0.contains_key(node.get("Target")), "{node:?}");
        }
        let document = self.tree("word/document.xml");
        for node in document.all() {
            for key in ["r:id", "r:embed"] {
                assert!(node.get(key).is_empty() || ids.contains(&node.get(key)), "{node:?}");
            }
        }
        let styles = self.tree("word/styles.xml");
        let known: Vec<&str> = styles.named("w:style").iter().map(|style| style.get("w:styleId")).collect();
        for style in document.named("w:pStyle") {
            assert!(known.contains(&style.get("w:val")), "{style:?}");
        }
    }
}

fn digits(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).map(str::to_string).collect()
}

#[test]
fn the_word_document_says_what_the_page_says_in_the_same_order() {
    let program = Program::new();
    let out = report(&program, &example(), &["--only", "docx,html"]);
    let parts = Parts::of(&std::fs::read(out.join("report.docx")).expect("the document"));
    parts.check();
    let text = parts.texts().join("\n");
    let marks = [
        "2016年11月24日",
        "ケアマネジャーの4割が",
        "～【ケアマネドットコム調べ】",
        "604名より回答",
        "（抜粋）】",
        "調査結果1．4割以上",
        "◆考察",
        "調査結果2．",
        "調査結果10．",
        "【調査概要】",
        "【「ケアマネドットコム」とは】",
        "※ 模擬データ",
    ];
    let mut at = 0;
    for mark in marks {
        let found = text[at..].find(mark);
        at += found.unwrap_or_else(|| panic!("{mark} is not where it belongs"));
    }
    // The page's charts are pictures in the document, or words where there is no font to draw them with: every number
    // of the page's own words stands there in the same order.
    let mut page = read(&out.join("report.html"));
    for (opening, closing) in [("<svg", "</svg>"), ("<details", "</details>")] {
        while let (Some(start), Some(end)) = (page.find(opening), page.find(closing)) {
            page.replace_range(start..end + closing.len(), "");
        }
    }
    let mut written = digits(&text).into_iter();
    for number in digits(&parse(&page).named("body")[0].text) {
        assert!(written.any(|known| known == number), "{number} is not where it belongs in {text}");
    }
    let footer = parts.tree("word/footer1.xml");
    assert_eq!(footer.text.trim(), "- 1 -");
    assert_eq!(footer.named("w:fldSimple")[0].get("w:instr"), " PAGE ");
}

/// Whoever does not see a chart is led to a table of the same figures: the section's own, or one that opens under it.
#[test]
fn every_chart_of_a_page_leads_to_a_table_of_its_figures() {
    let program = Program::new();
    let out = report(&program, &example(), &["--only", "tables,html"]);
    for (file, own) in [("report.html", true), ("tables.html", false)] {
        let page = parse(&read(&out.join(file)));
        let charts = page.named("svg");
        assert!(charts.len() >= 8, "{file}: {}", charts.len());
        for chart in charts {
            let led = chart.get("aria-details");
            let of: Vec<&Node> = page.all().into_iter().filter(|node| node.get("id") == led).collect();
            let [table] = of.as_slice() else { panic!("{file}: {} tables are called {led}", of.len()) };
            let heads = table.named("th");
            let scoped = |scope: &str| heads.iter().filter(|head| head.get("scope") == scope).count();
            assert!(
                table.named("caption").len() == 1 && scoped("col") > 1 && scoped("row") > 0,
                "{file}: {led}"
            );
            if !own {
                continue;
            }
            // Each line of the description is a line of the table, the words below it its notes.
            let described = chart.named("desc")[0].text.clone();
            let lines: Vec<String> =
                table.named("tbody")[0].named("tr").iter().map(|row| row.text.clone()).collect();
            assert!(!lines.is_empty() && described.lines().count() >= lines.len());
            for (line, said) in lines.iter().zip(described.lines()) {
                assert_eq!(digits(line).concat(), digits(said).concat(), "{led}: {line}; {said}");
            }
        }
    }
}

/// A study whose report has the tables of every question by a banner, with letters and a test.
fn tested() -> Program {
    let file = |path: &str| serde_json::to_string(&repository(path)).expect("a string");
    let study = format!(
        "[study]\nschema = {}\ndata = {}\n[[tables]]\nid = \"x\"\nrows = \"q1,q2,q5\"\ncols = \"q4\"\nsig = \"renkei\"\n\
         tests = [\"auto\"]\n[report]\ntitle = \"t\"\n[[report.sections]]\nheadline = \"h\"\nrows = \"q1,q2,q5\"\n\
         cols = \"q4\"\nchart = false\ntable = true\nsig = \"renkei\"\ntests = [\"auto\"]\n",
        file("schemas/care-manager-2016.toml"),
        file("data-samples/care-manager-2016.csv")
    );
    Program::new().file("study.toml", study)
}

/// Every output that carries a mark carries the legend: test, preset, level, correction, least base.
#[test]
fn what_a_section_asks_of_tests_stands_with_its_legend_in_every_format() {
    let program = tested();
    let out = report(&program, "study.toml", &[]);
    let page = parse(&read(&out.join("report.html"))).named("body")[0].text.clone();
    let word = Parts::of(&std::fs::read(out.join("report.docx")).expect("the document")).texts().join("\n");
    let tables = parse(&read(&out.join("tables.html"))).named("body")[0].text.clone();
    let book = Parts::of(&std::fs::read(out.join("tables.xlsx")).expect("the workbook"));
    let strings = book.tree("xl/sharedStrings.xml").text.clone();
    let legend = "はその列より有意に大きいことを示す（renkei: 有効母数による t 検定（％はプールした分散、平均は Welch）、両側5%";
    for (name, text) in [
        ("html", &page),
        ("docx", &word),
        ("md", &read(&out.join("report.md"))),
        ("tables", &tables),
        ("xlsx", &strings),
    ] {
        for part in [legend, "補正 holm", "n が 30 未満の列は比べない", "カイ2乗検定（情報提供）: χ²(4)="]
        {
            assert!(text.contains(part), "{name} has no {part}: {text}");
        }
    }
    // 57.5 of those who always inform, against 33.7 of those who do when asked: larger than B.
    assert!(page.contains("57.5 +37.1 -5.4B"), "{page}");
    assert!(word.contains("57.5 +\n37.1 -\n5.4\n\n\n\nB\n"), "{word}");
    let json: Value = serde_json::from_str(&read(&out.join("tables-x.json"))).expect("JSON");
    assert_eq!(json["tables"][0]["significance"]["columns"]["preset"], "renkei");
}

/// The figures of the Markdown are those of the versioned tables of the same run.
#[test]
fn every_number_of_the_markdown_is_that_of_the_json() {
    let program = tested();
    let out = report(&program, "study.toml", &["--only", "md,json"]);
    let json: Value = serde_json::from_str(&read(&out.join("tables-x.json"))).expect("JSON");
    let text = read(&out.join("report.md"));
    let lines: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with('|') && !line.starts_with("| :--"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let mut lines = lines.iter().peekable();
    let mut checked = 0;
    let whole = |value: &Value| i128::from(value[0].as_u64().expect("a number of respondents"));
    for table in json["tables"].as_array().expect("tables") {
        let head = lines.next().expect("a heading");
        let of = head.iter().position(|cell| *cell == "n").expect("a base");
        for (column, group) in table["columns"].as_array().expect("columns").iter().enumerate() {
            let (counts, shares) = (lines.next().expect("counts"), lines.next().expect("percentages"));
            // Letters, where a column has any.
            while lines.next_if(|line| line[of].is_empty()).is_some() {}
            let label = group["labels"][0].as_str().unwrap_or("全体");
            assert!(counts.iter().any(|cell| cell.starts_with(label)), "{counts:?} is not of {label}");
            for (row, stub) in table["stub"].as_array().expect("rows").iter().enumerate() {
                let label = stub["label"].as_str().filter(|label| !label.is_empty()).unwrap_or("無回答");
                let (n, base) = (whole(&table["cells"][row][column]), whole(&table["bases"][row][column]));
                let Some(place) = head.iter().position(|cell| *cell == label) else {
                    assert_eq!((stub["role"].as_str(), n), (Some("missing"), 0), "{label}");
                    continue;
                };
                let share = shares[place].split(' ').next().expect("a number");
                assert_eq!(
                    (counts[place], share),
                    (count(n).as_str(), percent(n, base).as_str()),
                    "{label}: {shares:?}"
                );
                assert_eq!(counts[of].trim_end_matches(['\\', '*']), count(base), "{counts:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 40 && lines.next().is_none(), "{checked}");
}

/// Without a Japanese font everything is made that needs none, and what does is told with what to install.
#[test]
#[cfg(target_os = "linux")]
fn without_a_font_a_report_is_made_but_for_its_pictures_and_pages() {
    let fonts = "<?xml version=\"1.0\"?>\n<fontconfig><dir>FONTS</dir></fontconfig>\n";
    let program = Program::new();
    let folder = program.path("fonts");
    std::fs::create_dir(&folder).expect("a folder");
    let program = program.file("fonts.conf", fonts.replace("FONTS", &folder.display().to_string()));
    let renkei = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_renkei"));
        command.env("FONTCONFIG_FILE", program.path("fonts.conf")).args(arguments);
        crate::cli::run(&mut command)
    };
    let out = program.path("out");
    let shown = out.display().to_string();
    let run = renkei(&["report", &example(), "--out", &shown]);
    let hint = "  hint: install one (Debian, Ubuntu: `apt-get install fonts-noto-cjk`; Fedora: `dnf install google-noto-sans-cjk-fonts`), or give a file with `--font`\n";
    let told = format!(
        "warning: {shown}/report.docx: charts stand in the document in words, for there is no Japanese font to draw them with\n{hint}\
         warning: {shown}/report.pdf: expected a Japanese font for a PDF, found none on this system\n{hint}"
    );
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.ends_with(&told), "{}", run.stderr);
    assert!(
        out.join("report.html").exists()
            && out.join("tables.xlsx").exists()
            && !out.join("report.pdf").exists()
    );
    let manifest: Value = serde_json::from_str(&read(&out.join("manifest.json"))).expect("JSON");
    assert_eq!(manifest["font"], Value::Null);
    Parts::of(&std::fs::read(out.join("report.docx")).expect("the document")).check();
    let picture = program.path("q1.png").display().to_string();
    let [schema, data] =
        ["schemas/care-manager-2016.toml", "data-samples/care-manager-2016.csv"].map(repository);
    let run = renkei(&["chart", "--schema", &schema, &data, "--rows", "q1", "--out", &picture]);
    let told = format!("error: expected a Japanese font for a PNG, found none on this system\n{hint}");
    assert_eq!((run.code, run.stderr), (1, told));
    assert!(!program.path("q1.png").exists());
}

#[test]
fn a_study_makes_the_same_bytes_twice() {
    let files = || {
        let program = hostile();
        let out = report(&program, "study.toml", &[]);
        let read = |name: &str| std::fs::read(out.join(name)).expect("a file");
        ["tables.html", "report.docx", "tables.xlsx", "manifest.json"].map(read)
    };
    let (one, other) = (files(), files());
    assert!(one == other);
}

const DRAWING: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"720\" height=\"360\" viewBox=\"0 0 720 360\">\
    <rect width=\"720\" height=\"360\" fill=\"#0b5394\"/></svg>\n";

fn charted() -> Document {
    let figures = renkei::sheet::Sheet {
        title: "h".into(),
        above: Vec::new(),
        header: Vec::new(),
        body: Vec::new(),
        side: 1,
        notes: Vec::new(),
    };
    let description = "賛成: 48.0\n反対: <52.0>".into();
    let picture = Picture { id: "q1".into(), svg: DRAWING.into(), description, figures };
    let section = Section {
        id: "result-1".into(),
        label: "1.".into(),
        headline: "h".into(),
        question: None,
        blocks: vec![Block::Chart(picture)],
    };
    Document {
        language: Language::Japanese,
        kind: None,
        date: None,
        publisher: None,
        title: "t".into(),
        subtitle: None,
        lead: Vec::new(),
        results: None,
        sections: vec![section],
        about: None,
        closing: Vec::new(),
        notes: Vec::new(),
    }
}

#[test]
fn a_chart_is_a_picture_with_words_for_those_who_do_not_see_it() {
    let png = b"\x89PNG as drawn".to_vec();
    let bytes = renkei::render::docx(&charted(), &|_| Some(png.clone())).expect("memory");
    let parts = Parts::of(&bytes);
    parts.check();
    assert_eq!(parts.0["word/media/chart1.png"], png);
    assert_eq!(parts.0["word/media/chart1.svg"], DRAWING.as_bytes());
    let document = parts.tree("word/document.xml");
    let named = |name: &str| document.named(name)[0];
    assert_eq!(named("wp:docPr").get("descr"), "賛成: 48.0\n反対: <52.0>");
    assert!(!named("a:blip").get("r:embed").is_empty() && !named("asvg:svgBlip").get("r:embed").is_empty());
    // As wide as the text, and half as high.
    let (wide, high) = (named("wp:extent").get("cx"), named("wp:extent").get("cy"));
    assert_eq!((wide, high), ("6120130", "3060065"));
}

#[test]
fn a_chart_that_no_font_draws_is_told_in_words() {
    let parts = Parts::of(&renkei::render::docx(&charted(), &|_| None).expect("memory"));
    parts.check();
    let document = parts.tree("word/document.xml");
    assert!(document.named("w:drawing").is_empty());
    let words = document.named("w:t").iter().map(|text| text.text.clone()).collect::<Vec<_>>();
    assert_eq!(words, ["t", "1.h", "賛成: 48.0", "反対: <52.0>"]);
}
