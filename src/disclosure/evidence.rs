//! What an outsider reads in published files: respondents behind each answer of each group, as far as the
//! numbers tell them. Nothing here knows the tables that the files were made of.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// What a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// An answer, or no answer: the parts of a single question's base.
    Part,
    /// Several answers together.
    Net,
    /// Everybody who could have answered.
    Base,
    /// All answers that were given.
    Mentions,
}

/// What is counted: an answer to a question in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The question, with its filter and wave.
    pub question: String,
    /// What the line counts.
    pub line: Line,
    /// The answer; of a base nothing.
    pub answer: String,
    /// The questions of the groups; nothing: everybody.
    pub by: String,
    /// The group.
    pub group: String,
}

/// Respondents, between two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Range {
    fn exactly(n: f64) -> Range {
        Range { low: n, high: n }
    }
}

/// Everything read.
#[derive(Debug, Default)]
pub struct Evidence {
    /// What is said of each subject; `None`: it is marked as hidden.
    pub said: BTreeMap<Subject, Option<Range>>,
    /// Answers of which a net is, by question and net.
    pub nets: BTreeMap<(String, String), Vec<String>>,
    /// Files in which numbers were found.
    pub files: Vec<String>,
    /// Whether a question takes one answer, by its id, where a file says so.
    pub single: BTreeMap<String, bool>,
    /// What questions are called where a file is of one of their groups.
    questions: BTreeMap<String, String>,
    /// Codes of their answers, by question and label.
    codes: BTreeMap<(String, String), String>,
    /// What charts of slides show; whom it is of all files together tell.
    charted: Vec<Charted>,
}

/// What a chart shows of a group.
#[derive(Debug, Clone)]
struct Charted {
    file: String,
    question: String,
    label: String,
    /// The file is of this group.
    own: bool,
    base: f64,
    /// Percentages; text or nothing: it is hidden.
    answers: Vec<(String, Option<String>)>,
}

impl Evidence {
    /// Adds what a file says; whether it is of a kind that can be read.
    ///
    /// # Errors
    /// Why a file of a known kind cannot be read.
    pub fn read(&mut self, name: &str, bytes: &[u8]) -> Result<bool, String> {
        let read = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") if bytes.starts_with(b"table,row,row_code,") => self.tidy(bytes),
            Some("csv") if bytes.starts_with(b"\xEF\xBB\xBFcode,group,n,") => self.index(bytes),
            Some("json") => return self.json(name, bytes),
            Some("pptx") => self.deck(name, bytes),
            _ => return Ok(false),
        };
        read.map(|()| {
            self.files.push(name.to_string());
            true
        })
    }

    fn say(&mut self, subject: Subject, range: Option<Range>) {
        let said = self.said.entry(subject).or_insert(range);
        *said = match (*said, range) {
            (Some(known), Some(new)) => {
                Some(Range { low: known.low.max(new.low), high: known.high.min(new.high) })
            }
            (known, new) => known.or(new),
        };
    }

    /// `--format tidy`
    fn tidy(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut reader = csv::Reader::from_reader(bytes);
        let names = reader.headers().map_err(|error| error.to_string())?.clone();
        let at = |name: &str| names.iter().position(|known| known == name).unwrap_or(usize::MAX);
        let [row, code, col, col_code, measure, value, note, role, wave, filter] =
            ["row", "row_code", "col", "col_code", "measure", "value", "note", "row_role", "wave", "filter"]
                .map(at);
        // Percentages are of bases that may stand on later lines.
        let mut shares: Vec<(Subject, f64)> = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let field = |place: usize| record.get(place).unwrap_or("");
            let line = match field(role) {
                "option" | "missing" => Line::Part,
                "net" => Line::Net,
                _ => continue,
            };
            let question = [field(row), field(filter), field(wave)].join("|");
            let answer = if field(role) == "missing" {
                format!("missing {}", field(code))
            } else {
                field(code).into()
            };
            let subject = Subject {
                question,
                line,
                answer,
                by: field(col).to_string(),
                group: if field(col).is_empty() { String::new() } else { format!("{}#", field(col_code)) },
            };
            let subject = match field(measure) {
                "base" => Subject { line: Line::Base, answer: String::new(), ..subject },
                _ => subject,
            };
            let number = field(value).parse::<f64>().ok();
            match (field(measure), number) {
                ("n" | "base", Some(n)) => self.say(subject, Some(Range::exactly(n))),
                ("n" | "base", None) if field(note) == "suppressed" => self.say(subject, None),
                ("col_pct", Some(share)) => shares.push((subject, share)),
                _ => {}
            }
        }
        for (subject, share) in shares {
            let base = Subject { line: Line::Base, answer: String::new(), ..subject.clone() };
            if let Some(Some(base)) = self.said.get(&base).copied() {
                // Printed in full: only the last digit of a double is lost.
                let slack = 1e-9 * base.high.max(1.0);
                let range =
                    Range { low: share / 100.0 * base.low - slack, high: share / 100.0 * base.high + slack };
                // A weighted percentage tells no count.
                if (range.low + slack - (range.low + slack).round()).abs() < 1e-6 {
                    self.say(subject, Some(range));
                }
            }
        }
        Ok(())
    }

    /// `--format json`
    fn json(&mut self, name: &str, bytes: &[u8]) -> Result<bool, String> {
        let file: serde_json::Value = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let Some(tables) = file["tables"].as_array().filter(|_| file["schema_version"].is_number()) else {
            return Ok(false);
        };
        for table in tables {
            self.json_table(table);
        }
        self.files.push(name.to_string());
        Ok(true)
    }

    fn json_table(&mut self, table: &serde_json::Value) {
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        let empty = Vec::new();
        let list = |value: &serde_json::Value| value.as_array().unwrap_or(&empty).clone();
        let columns = list(&table["columns"]);
        let kind = table["question"]["kind"].as_str().unwrap_or_default();
        let multi = matches!(kind, "multi" | "rank");
        let banners = list(&table["banners"]);
        let asked = banners.iter().flat_map(|banner| list(&banner["path"]));
        for question in asked.chain([table["question"].clone()]) {
            let one = matches!(question["kind"].as_str(), Some("single" | "scale"));
            self.single.insert(text(&question["id"]), one);
        }
        let (of, filter) = whom(&text(&table["filter"]));
        let around = [filter, text(&table["wave"]["id"])].join("|");
        let id = text(&table["question"]["id"]);
        self.questions.insert(text(&table["question"]["heading"]), id.clone());
        let group = |column: usize| {
            let banner = columns[column]["banner"].as_u64().map(|banner| &banners[banner as usize]);
            let path = banner.map(|banner| list(&banner["path"])).unwrap_or_default();
            let by: Vec<String> = path.iter().map(|question| text(&question["id"])).collect();
            let codes: Vec<String> = list(&columns[column]["codes"]).iter().map(text).collect();
            // Of a group's file all groups are parts of it.
            let by: Vec<String> = of.iter().map(|(by, _)| by.clone()).chain(by).collect();
            let codes: Vec<String> = of.iter().map(|(_, group)| group.clone()).chain(codes).collect();
            let group = if by.is_empty() { String::new() } else { format!("{}#", codes.join(">")) };
            (by.join(">"), group)
        };
        let range = |value: &serde_json::Value| match value {
            serde_json::Value::Array(tally) => Some(tally[0].as_f64().map(Range::exactly)),
            serde_json::Value::String(_) => Some(None),
            _ => None,
        };
        for (row, stub) in list(&table["stub"]).iter().enumerate() {
            let role = stub["role"].as_str().unwrap_or_default();
            let line = match role {
                "option" | "missing" => Line::Part,
                "net" => Line::Net,
                _ => continue,
            };
            let question = format!("{}|{around}", text(&stub["question"]));
            let code = text(&stub["code"]);
            if role == "option" {
                self.codes.insert((id.clone(), text(&stub["label"])), code.clone());
            }
            let answer = if role == "missing" { format!("missing {code}") } else { code };
            if line == Line::Net {
                let of = list(&stub["of"]).iter().map(text).collect();
                self.nets.insert((question.clone(), answer.clone()), of);
            }
            for column in 0..columns.len() {
                let (by, group) = group(column);
                let subject = Subject { question: question.clone(), line, answer: answer.clone(), by, group };
                let base = Subject { line: Line::Base, answer: String::new(), ..subject.clone() };
                if let Some(range) = range(&table["cells"][row][column]) {
                    self.say(subject.clone(), range);
                }
                if let Some(range) = range(&table["bases"][row][column]) {
                    self.say(base.clone(), range);
                }
                if multi
                    && row == 0
                    && let Some(range) = range(&table["column_mentions"][column])
                {
                    self.say(Subject { line: Line::Mentions, ..base }, range);
                }
            }
        }
    }

    /// The workbooks in the charts of a group's slides: percentages of the group, beside others.
    fn deck(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let mut archive =
            zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let books: Vec<String> = archive
            .file_names()
            .flatten()
            .map(|part| part.to_string())
            .filter(|part| part.starts_with("ppt/embeddings/") && part.ends_with(".xlsx"))
            .collect();
        for book in books {
            let mut inner = Vec::new();
            let mut part = archive.by_name(&book).map_err(|error| error.to_string())?;
            part.read_to_end(&mut inner).map_err(|error| error.to_string())?;
            drop(part);
            self.chart(name, &book, &workbook(&inner)?);
        }
        Ok(())
    }

    /// Groups are the series of bars, and the categories of bands; the first is whom the file is of.
    fn chart(&mut self, file: &str, book: &str, cells: &BTreeMap<(usize, usize), String>) {
        let last = |place: &dyn Fn(&(usize, usize)) -> usize| cells.keys().map(place).max().unwrap_or(0);
        let (rows, columns) = (last(&|(row, _)| *row), last(&|(_, column)| *column));
        let bars =
            (1..=columns).any(|column| cells.get(&(0, column)).is_some_and(|cell| counted(cell).is_some()));
        let (groups, answers) = if bars { (columns, rows) } else { (rows, columns) };
        let at = |group: usize, answer: usize| if bars { (answer, group) } else { (group, answer) };
        let mut own = None;
        for group in 1..=groups {
            let Some((label, base)) = cells.get(&at(group, 0)).and_then(|cell| counted(cell)) else {
                continue;
            };
            // Bands of several rows of a grid say which: `row｜group`.
            let (heading, label) = label.rsplit_once('｜').unwrap_or(("", &label));
            let answers = (1..=answers).filter_map(|answer| {
                Some((cells.get(&at(0, answer))?.clone(), cells.get(&at(group, answer)).cloned()))
            });
            self.charted.push(Charted {
                file: file.to_string(),
                question: format!("{}{heading}", book.rsplit('/').next().unwrap_or(book)),
                label: label.to_string(),
                own: own.get_or_insert_with(|| label.to_string()) == label,
                base,
                answers: answers.collect(),
            });
        }
    }

    /// A subject with ids and codes where files had headings and labels.
    fn named(&self, subject: &Subject) -> Subject {
        let groups = subject.group.strip_suffix('#');
        let groups = groups.filter(|groups| groups.split('>').count() == subject.by.split('>').count());
        let Some(groups) = groups else { return subject.clone() };
        let pairs = subject.by.split('>').zip(groups.split('>')).map(|(by, group)| {
            let id = self.questions.get(by);
            let code = id.and_then(|id| self.codes.get(&(id.clone(), group.to_string())));
            id.zip(code).map_or((by, group), |(id, code)| (id.as_str(), code.as_str()))
        });
        let (by, group): (Vec<&str>, Vec<&str>) = pairs.unzip();
        Subject { by: by.join(">"), group: format!("{}#", group.join(">")), ..subject.clone() }
    }

    /// What all files say together: who stands beside others in the charts of every file with one base is everybody.
    pub(super) fn settled(&self) -> Evidence {
        let mut settled = Evidence {
            nets: self.nets.clone(),
            files: self.files.clone(),
            single: self.single.clone(),
            ..Evidence::default()
        };
        for (subject, range) in &self.said {
            settled.say(self.named(subject), *range);
        }
        let mut beside: BTreeMap<(&str, &str), Vec<&Charted>> = BTreeMap::new();
        let mut files: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for chart in &self.charted {
            files.entry(&chart.question).or_default().insert(&chart.file);
            if !chart.own {
                beside.entry((&chart.question, &chart.label)).or_default().push(chart);
            }
        }
        let everybody = |chart: &Charted| {
            let all = &beside[&(chart.question.as_str(), chart.label.as_str())];
            let seen: BTreeSet<&str> = all.iter().map(|chart| chart.file.as_str()).collect();
            seen.len() == files[chart.question.as_str()].len()
                && all.iter().all(|other| (other.base - chart.base).abs() < 0.5)
        };
        // Series of two measures have one name in every file: they are no groups.
        let mut owners: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for chart in self.charted.iter().filter(|chart| chart.own) {
            owners.entry((&chart.question, &chart.label)).or_default().insert(&chart.file);
        }
        let is_group = |chart: &Charted| owners[&(chart.question.as_str(), chart.label.as_str())].len() == 1;
        let mut most = 0.0_f64;
        for chart in &self.charted {
            let (by, group) = match chart.own {
                true if is_group(chart) => ("file", format!("{}#", chart.label)),
                true => ("measure", format!("{} {}#", chart.label, chart.file)),
                false if everybody(chart) => ("", String::new()),
                false => ("beside", format!("{} {}#", chart.label, chart.file)),
            };
            most = if by.is_empty() { most.max(chart.base) } else { most };
            for (answer, value) in &chart.answers {
                let subject = Subject {
                    question: chart.question.clone(),
                    line: Line::Part,
                    answer: answer.clone(),
                    by: by.to_string(),
                    group: group.clone(),
                };
                let whole = Subject { line: Line::Base, answer: String::new(), ..subject.clone() };
                settled.say(whole, Some(Range::exactly(chart.base)));
                settled.say(subject, value.as_ref().and_then(|value| share(value, chart.base)));
            }
        }
        let index = |subject: &Subject| subject.question == INDEX;
        if most > 0.0 && settled.said.keys().any(index) {
            let (by, group, answer) = (String::new(), String::new(), String::new());
            let all = Subject { question: INDEX.into(), line: Line::Base, answer, by, group };
            settled.say(all, Some(Range::exactly(most)));
        }
        settled
    }

    /// The index of a batch: how many respondents each group has.
    fn index(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut reader = csv::Reader::from_reader(bytes);
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let field = |place: usize| record.get(place).unwrap_or("");
            // Several groups together are no group beside them.
            if field(0).is_empty() {
                continue;
            }
            let (question, group) = (INDEX.to_string(), format!("{}#", field(1)));
            let subject =
                Subject { question, line: Line::Base, answer: String::new(), by: "file".into(), group };
            self.say(subject, field(2).parse().ok().map(Range::exactly));
        }
        Ok(())
    }
}

/// What the index of a batch is said to be of.
const INDEX: &str = "index";

/// Respondents behind a percentage of a chart: its workbook has it in full, unless it was rounded before.
fn share(value: &str, base: f64) -> Option<Range> {
    let share = value.parse::<f64>().ok()?;
    let n = share / 100.0 * base;
    let exact = (n - n.round()).abs() < 1e-6 * base.max(1.0) && (value.len() > 6 || base <= 1000.0);
    let range = |by: f64| (share + by) / 100.0 * base;
    Some(match exact {
        true => Range::exactly(n.round()),
        false => Range { low: range(-0.05).max(0.0), high: range(0.05) },
    })
}

/// `地域: 西、age >= 65`: the file is of a group, and what is left of the filter.
fn whom(filter: &str) -> (Option<(String, String)>, String) {
    let Some((by, rest)) = filter.split_once(": ") else { return (None, filter.to_string()) };
    let cut = rest.find('、').map(|at| (at, at + '、'.len_utf8())).or(rest.find("; ").map(|at| (at, at + 2)));
    let (group, rest) = cut.map_or((rest, ""), |(end, start)| (&rest[..end], &rest[start..]));
    (Some((by.to_string(), group.to_string())), rest.to_string())
}

/// `島根県 (n=19*)`
fn counted(series: &str) -> Option<(String, f64)> {
    let (label, n) = series.rsplit_once(" (n=")?;
    let digits: String = n.chars().filter(char::is_ascii_digit).collect();
    Some((label.to_string(), digits.parse().ok()?))
}

/// Cells of the first sheet of a workbook.
fn workbook(bytes: &[u8]) -> Result<BTreeMap<(usize, usize), String>, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut part = |name: &str| -> Result<String, String> {
        let mut text = String::new();
        let mut part = archive.by_name(name).map_err(|error| error.to_string())?;
        part.read_to_string(&mut text).map_err(|error| error.to_string())?;
        Ok(text)
    };
    let sheet = part("xl/worksheets/sheet1.xml")?;
    let strings = part("xl/sharedStrings.xml").unwrap_or_default();
    let strings: Vec<String> = between(&strings, "<si>", "</si>").into_iter().map(plain).collect();
    let mut cells = BTreeMap::new();
    for cell in between(&sheet, "<c ", "</c>") {
        let Some(reference) = between(cell, "r=\"", "\"").first().copied() else { continue };
        let Some(value) = between(cell, "<v>", "</v>").first().copied() else { continue };
        let column = reference
            .bytes()
            .take_while(u8::is_ascii_uppercase)
            .fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
        let digits: String = reference.chars().filter(char::is_ascii_digit).collect();
        let (Ok(row), Some(column)) = (digits.parse::<usize>(), column.checked_sub(1)) else { continue };
        let text = match cell.contains("t=\"s\"") {
            true => {
                value.parse::<usize>().ok().and_then(|place| strings.get(place).cloned()).unwrap_or_default()
            }
            false => value.to_string(),
        };
        cells.insert((row.saturating_sub(1), column), text);
    }
    Ok(cells)
}

fn between<'t>(text: &'t str, open: &str, close: &str) -> Vec<&'t str> {
    let parts = text.split(open).skip(1);
    parts.filter_map(|part| part.find(close).map(|end| &part[..end])).collect()
}

/// The text of marked up text.
fn plain(marked: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in marked.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
