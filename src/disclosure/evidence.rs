//! What an outsider reads in published files: respondents behind each answer of each group, as far as the
//! numbers tell them. Nothing here knows the tables that the files were made of.

use std::collections::BTreeMap;
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
}

impl Evidence {
    /// Adds what a file says; whether it is of a kind that can be read.
    ///
    /// # Errors
    /// Why a file of a known kind cannot be read.
    pub fn read(&mut self, name: &str, bytes: &[u8]) -> Result<bool, String> {
        let read = match name.rsplit_once('.').map(|(_, ending)| ending) {
            Some("csv") if bytes.starts_with(b"table,row,row_code,") => self.tidy(bytes),
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
        let multi = matches!(table["question"]["kind"].as_str(), Some("multi" | "rank"));
        let around = [text(&table["filter"]), text(&table["wave"]["id"])].join("|");
        let group = |column: usize| {
            let banner = columns[column]["banner"].as_u64().map(|banner| &table["banners"][banner as usize]);
            let path = banner.map(|banner| list(&banner["path"])).unwrap_or_default();
            let by: Vec<String> = path.iter().map(|question| text(&question["id"])).collect();
            let codes: Vec<String> = list(&columns[column]["codes"]).iter().map(text).collect();
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
        let file = name.rsplit('/').next().unwrap_or(name).to_string();
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
            let cells = workbook(&inner)?;
            self.chart(&file, &book, &cells);
        }
        Ok(())
    }

    fn chart(&mut self, file: &str, book: &str, cells: &BTreeMap<(usize, usize), String>) {
        let columns = cells.keys().map(|(_, column)| *column).max().unwrap_or(0);
        let rows = cells.keys().map(|(row, _)| *row).max().unwrap_or(0);
        for column in 1..=columns {
            let Some(series) = cells.get(&(0, column)) else { continue };
            let Some((label, base)) = counted(series) else { continue };
            for row in 1..=rows {
                let (Some(answer), Some(value)) = (cells.get(&(row, 0)), cells.get(&(row, column))) else {
                    continue;
                };
                // The nation stands in every file, the group in its own.
                let group =
                    if file.contains(&label) || column == 1 { format!("{label}#") } else { String::new() };
                let subject = Subject {
                    question: book.rsplit('/').next().unwrap_or(book).to_string(),
                    line: Line::Part,
                    answer: answer.clone(),
                    by: if group.is_empty() { String::new() } else { "file".into() },
                    group,
                };
                let whole = Subject { line: Line::Base, answer: String::new(), ..subject.clone() };
                self.say(whole, Some(Range::exactly(base)));
                match value.parse::<f64>() {
                    Ok(share) => {
                        let share = if share.abs() <= 1.0 { share * 100.0 } else { share };
                        let range = |by: f64| (share + by) / 100.0 * base;
                        self.say(subject, Some(Range { low: range(-0.05).max(0.0), high: range(0.05) }));
                    }
                    Err(_) => self.say(subject, None),
                }
            }
        }
    }
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
