//! `simulate`: respondents that nobody asked, with the figures of a file of targets.

use std::io::Write;
use std::path::Path;

use super::arguments::{LineEnding, SchemaArguments, Simulate, ValuesChoice, WrittenEncoding};
use super::output::Output;
use super::tables::{load_schema, read_text};
use crate::diag::{Diagnostic, Failure, Place, plural};
use crate::frame::Encoding;
use crate::schema::Survey;
use crate::simulate::{Layout, csv, read_targets, simulate};

/// Makes the data and writes them; warnings come back.
pub fn run(arguments: &Simulate) -> anyhow::Result<Vec<Diagnostic>> {
    // Data are made for the questionnaire of today, not for an earlier wave's.
    let schema = SchemaArguments {
        schema: arguments.schema.clone(),
        overlays: arguments.overlays.clone(),
        wave: None,
        corrections: None,
    };
    let (survey, mut warnings) = load_schema(&schema)?;
    let (name, text) = match &arguments.targets {
        Some(path) => read_text(path, "the targets could not be read")?,
        None => ("no targets".to_string(), String::new()),
    };
    let targets = read_targets(&survey, &name, &text).map_err(Failure::Refused)?;
    let inputs: Vec<&Path> = schema.files().chain(arguments.targets.as_deref()).collect();
    let mut output = Output::open(arguments.out.as_deref(), &inputs)?;
    let respondents = arguments.respondents as usize;
    let made = simulate(&survey, &targets, respondents, arguments.seed).map_err(Failure::Refused)?;
    let data = csv(&made, layout(arguments)).map_err(|error| Failure::Refused(vec![error]))?;
    let written = output.write_all(&data);
    output.finish(written)?;
    super::say(&format!(
        "simulated {} with {} of {}, seed {}\n",
        plural(u64::from(arguments.respondents), "respondent"),
        plural(made.met as u64, "target figure"),
        survey.id,
        arguments.seed
    ));
    warnings.extend(unsaid(&survey, &arguments.schema));
    Ok(warnings)
}

fn layout(arguments: &Simulate) -> Layout {
    let (encoding, mark) = match arguments.encoding {
        WrittenEncoding::Utf8 => (Encoding::Utf8, false),
        WrittenEncoding::Utf8Mark => (Encoding::Utf8, true),
        WrittenEncoding::Cp932 => (Encoding::Cp932, false),
        WrittenEncoding::Utf16Le => (Encoding::Utf16Le, true),
    };
    Layout {
        labels: arguments.values == ValuesChoice::Label,
        encoding,
        mark,
        delimiter: arguments.delimiter,
        crlf: arguments.line_ending == LineEnding::Crlf,
    }
}

/// A warning where tables of the data would not say that nobody answered.
fn unsaid(survey: &Survey, schema: &Path) -> Option<Diagnostic> {
    let notes = survey.note.iter().chain(&survey.note_en).map(|note| note.to_lowercase());
    let mut words = notes.flat_map(|note| ["模擬", "架空", "simulated"].map(|word| note.contains(word)));
    let warning = Diagnostic::warning("tables of these data will not say that they are simulated")
        .at(Place::File(schema.display().to_string()))
        .hint("write `note = \"模擬データ\"` in `[survey]`, which every table then carries, and take it out for real data");
    (!words.any(|said| said)).then_some(warning)
}
