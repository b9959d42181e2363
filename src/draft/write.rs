//! A draft as text.

use std::fmt::Write;

use super::Drafted;
use super::column::Column;
use super::guess::{Answer, Aside, Code, Guess, Guessed, Guessing};
use super::single::missing_proposal;
use super::words::{self, Purpose};
use crate::diag::plural;
use crate::frame::{Encoding, ExportLayout, ReadOptions, Rows};

/// A TOML string.
fn text(words: &str) -> String {
    let mut quoted = String::with_capacity(words.len() + 2);
    quoted.push('"');
    for sign in words.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            sign if sign.is_control() => _ = write!(quoted, "\\u{:04X}", u32::from(sign)),
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

/// Words in a comment: one line.
fn comment(words: &str) -> String {
    words.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// The schema.
pub(super) fn schema(
    guessed: &Guessed,
    columns: &[Column],
    rows: &Rows,
    records: u64,
    (header_rows, layout): (usize, Option<ExportLayout>),
) -> String {
    let mut out = String::new();
    let file = comment(&rows.name);
    // Writing to a String does not fail.
    _ = writeln!(
        out,
        "# A first draft, made by `renkei init` from {file}: {}, {}.\n\
         # Every guess says why. Look at each: write the words of the questionnaire, put options in its order, say who\n\
         # was asked (`asked_if`), which codes are 無回答 (`missing`), and take away what is no question.",
        plural(records, "record"),
        plural(columns.len() as u64, "column"),
    );
    let mut how = Vec::new();
    if rows.encoding != Encoding::Utf8 {
        how.push(format!("encoding {}", encoding_word(rows.encoding)));
    }
    if rows.delimiter != b',' {
        how.push(format!(
            "delimiter `{}`",
            if rows.delimiter == b'\t' { "tab".to_string() } else { char::from(rows.delimiter).to_string() }
        ));
    }
    if let Some(layout) = layout {
        let word = layout.word();
        how.push(format!(
            "an export of {}, which reading recognises (`--layout {word}` names it)",
            layout.service()
        ));
    } else if header_rows > 1 {
        how.push(format!("a header of {header_rows} rows: say `--header-rows {header_rows}`"));
    }
    if !how.is_empty() {
        _ = writeln!(out, "# Found: {}.", how.join(", "));
    }
    let stem = std::path::Path::new(&rows.name).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let stem = stem.unwrap_or_else(|| "survey".to_string());
    let fits = |sign: char| !(sign.is_control() || sign.is_whitespace() || "/\\:*?\"<>|".contains(sign));
    let id: String = stem.chars().map(|sign| if fits(sign) { sign } else { '-' }).collect();
    let id = id.trim_start_matches('.');
    let id = if id.is_empty() { "survey" } else { id };
    // The layout knows columns by the first row of the header.
    let header_rows = if layout.is_some() { 0 } else { header_rows };
    let title = guessed.title.as_deref().unwrap_or(&stem);
    _ = writeln!(out, "\n[survey]\nid = {}\ntitle = {}", text(id), text(title));
    match guessed.key {
        Some(key) => {
            let column = &columns[key];
            let why = "every record has another value";
            _ = writeln!(out, "respondent = {}   # {why}", text(&column_name(column, header_rows)));
        }
        None => _ = writeln!(out, "# respondent = \"…\"   # no column of respondents' keys was found"),
    }
    if let Some(weight) = guessed.weight {
        let name = text(&column_name(&columns[weight], header_rows));
        _ = writeln!(out, "weight = {name}   # the file says so");
    }
    aside(&mut out, guessed, columns, header_rows);
    for guess in &guessed.questions {
        question(&mut out, guess, columns, header_rows);
    }
    out
}

/// The columns that are no questions, as comments; never what stands in them.
fn aside(out: &mut String, guessed: &Guessed, columns: &[Column], header_rows: usize) {
    if guessed.aside.is_empty() {
        return;
    }
    _ = writeln!(out, "\n# Columns that are no questions:");
    for (place, aside) in &guessed.aside {
        let name = comment(&column_name(&columns[*place], header_rows));
        let what = match aside {
            Aside::Purpose(Purpose::Personal) => {
                "personal data: take the column out of the file before it goes to anybody".to_string()
            }
            Aside::Purpose(Purpose::About) => "about the reply, not an answer".to_string(),
            Aside::Purpose(Purpose::Sample) => {
                "a weight or a part of the sampling design? Then say so under [survey] (weight = \"…\")"
                    .to_string()
            }
            Aside::Times => "days with times: when the reply came".to_string(),
            Aside::Empty => "blank in every record".to_string(),
            Aside::Unnamed => format!("column {}, without a name", place + 1),
            Aside::Other => "the words of その他".to_string(),
        };
        let name = if name.is_empty() { String::new() } else { format!("`{name}`: ") };
        _ = writeln!(out, "#   {name}{what}");
    }
}

/// The name that reading knows a column by: all rows of its header.
fn column_name(column: &Column, header_rows: usize) -> String {
    if header_rows == 0 {
        return column.header.first().cloned().unwrap_or_default();
    }
    if header_rows < 2 {
        return column.name().to_string();
    }
    let last = column.header.last().map(String::as_str).unwrap_or_default();
    if last.is_empty() {
        return column.name().to_string();
    }
    let parts: Vec<&str> = column.header.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join(" / ")
}

fn question(out: &mut String, guess: &Guess, columns: &[Column], header_rows: usize) {
    _ = writeln!(out);
    for reason in &guess.reasons {
        _ = writeln!(out, "# {}", comment(reason));
    }
    let column = column_name(&columns[guess.columns[0]], header_rows);
    let of_file: Vec<&Answer> =
        options(&guess.kind).iter().filter(|answer| answer.missing.is_some()).collect();
    for answer in of_file {
        let code = match &answer.code {
            Code::Number(code) => code.to_string(),
            Code::Text(code) => code.clone(),
        };
        let proposal = missing_proposal(&code, answer.missing.unwrap_or(0));
        _ = writeln!(out, "# {}, and take it out of options", comment(&proposal));
    }
    let (kind, own_column) = match &guess.kind {
        Guessing::Single(_) | Guessing::Prefectures | Guessing::Municipalities => ("single", true),
        Guessing::Columns { .. } | Guessing::Packed { .. } => ("multi", false),
        Guessing::Grid { .. } => ("grid", false),
        Guessing::Rank { .. } => ("rank", false),
        Guessing::Number { .. } => ("number", true),
        Guessing::Date => ("date", true),
        Guessing::Text => ("text", true),
    };
    _ = writeln!(
        out,
        "[[question]]\nid = {}\ntext = {}\nkind = \"{kind}\"",
        text(&guess.id),
        text(&guess.text)
    );
    if own_column && column != guess.id && !guess.found {
        _ = writeln!(out, "column = {}", text(&column));
    }
    match &guess.kind {
        Guessing::Single(options) => write_options(out, options),
        Guessing::Prefectures => _ = writeln!(out, "options = \"@prefectures\""),
        Guessing::Municipalities => _ = writeln!(out, "options = \"@municipalities\""),
        Guessing::Columns { template, options, selected, missing } => {
            if !guess.found && *template != format!("{}_{{code}}", guess.id) {
                _ = writeln!(out, "columns = {}", text(template));
            }
            if !selected.is_empty() {
                let tokens: Vec<String> = selected.iter().map(|token| text(token)).collect();
                _ = writeln!(out, "selected = [{}]", tokens.join(", "));
            }
            write_options(out, options);
            write_missing(out, missing);
        }
        // The layout sees whether answers are in one cell or in columns.
        Guessing::Packed { options, .. } if guess.found => write_options(out, options),
        Guessing::Packed { separator, options } => {
            _ = writeln!(out, "packed = {{ column = {}, separator = {} }}", text(&column), text(separator));
            write_options(out, options);
        }
        Guessing::Grid { rows, options } => {
            _ = writeln!(out, "rows = [");
            for (row, label, place) in rows {
                let name = column_name(&columns[*place], header_rows);
                let own = match guess.found || name == format!("{}_{row}", guess.id) {
                    true => String::new(),
                    false => format!(", column = {}", text(&name)),
                };
                _ = writeln!(out, "  {{ id = \"{row}\", label = {}{own} }},", text(label));
            }
            _ = writeln!(out, "]");
            write_options(out, options);
        }
        Guessing::Rank { template, places, options } => {
            _ = writeln!(out, "columns = {}\nplaces = {places}", text(template));
            write_options(out, options);
        }
        Guessing::Number { words } => write_missing(out, words),
        Guessing::Date | Guessing::Text => {}
    }
    write_told_missing(out, &guess.told_missing);
}

/// The values that the file says are no answers; 非該当 is not 無回答.
fn write_told_missing(out: &mut String, told: &[Answer]) {
    let (not_asked, missing): (Vec<&Answer>, Vec<&Answer>) =
        told.iter().partition(|answer| answer.label == "非該当");
    if !missing.is_empty() {
        let list = missing
            .iter()
            .map(|own| format!("{{ code = {}, label = {} }}", code(&own.code), text(&own.label)));
        _ = writeln!(out, "missing = [ {} ]", list.collect::<Vec<_>>().join(", "));
    }
    if !not_asked.is_empty() {
        let list: Vec<String> = not_asked.iter().map(|own| code(&own.code)).collect();
        _ = writeln!(out, "not_asked = [ {} ]", list.join(", "));
    }
}

fn options(kind: &Guessing) -> &[Answer] {
    match kind {
        Guessing::Single(options)
        | Guessing::Columns { options, .. }
        | Guessing::Packed { options, .. }
        | Guessing::Grid { options, .. }
        | Guessing::Rank { options, .. } => options,
        _ => &[],
    }
}

fn code(code: &Code) -> String {
    match code {
        Code::Number(code) => code.to_string(),
        Code::Text(code) => text(code),
    }
}

fn write_options(out: &mut String, options: &[Answer]) {
    _ = writeln!(out, "options = [");
    for answer in options {
        let other = if words::is_other(&answer.label) { ", other = true" } else { "" };
        _ = writeln!(out, "  {{ code = {}, label = {}{other} }},", code(&answer.code), text(&answer.label));
    }
    _ = writeln!(out, "]");
}

fn write_missing(out: &mut String, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let list = (1..).zip(words).map(|(number, word)| {
        let plain = word.parse::<i64>().is_ok_and(|code| code.to_string() == *word);
        let label = match (plain, number) {
            (false, _) => word.clone(),
            (true, 1) => "無回答".to_string(),
            (true, number) => format!("無回答{number}"),
        };
        let code = if plain { word.clone() } else { text(word) };
        format!("{{ code = {code}, label = {} }}", text(&label))
    });
    _ = writeln!(out, "missing = [ {} ]", list.collect::<Vec<_>>().join(", "));
}

fn encoding_word(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Cp932 => "cp932",
        Encoding::Utf16Le => "utf-16le",
        Encoding::Utf16Be => "utf-16be",
    }
}

/// The study.
pub(super) fn study(schema: &str, data: &str, drafted: &Drafted, options: &ReadOptions) -> String {
    let mut out = String::from(
        "# A first draft, made by `renkei init`: all questions as GT tables, and a report to be written.\n\
         #\n#     renkei report study.toml --out report\n\n[study]\n",
    );
    _ = writeln!(out, "schema = {}\ndata = {}", text(schema), text(data));
    if let Some(encoding) = options.encoding {
        _ = writeln!(out, "encoding = \"{}\"", encoding_word(encoding));
    }
    if let Some(delimiter) = options.delimiter {
        let word = match delimiter {
            b',' => "comma".to_string(),
            b'\t' => "tab".to_string(),
            b';' => "semicolon".to_string(),
            other => char::from(other).to_string(),
        };
        _ = writeln!(out, "delimiter = {}", text(&word));
    }
    if options.skip > 0 {
        _ = writeln!(out, "skip = {}", options.skip);
    }
    if let Some(layout) = drafted.layout.or(options.layout) {
        _ = writeln!(out, "layout = \"{}\"", layout.word());
    } else if drafted.header_rows > 1 {
        _ = writeln!(out, "header_rows = {}", drafted.header_rows);
    }
    out.push_str(
        "\n[[tables]]\nid = \"gt\"\ntitle = \"GT表\"\nrows = \"all\"\n\n\
         # [[tables]]\n# id = \"cross\"\n# title = \"クロス集計\"\n# rows = \"all\"\n# cols = \"q1,q2\"   # the groups that are compared\n",
    );
    out
}
