//! `convert`: the data for other programs.

use std::io;
use std::path::Path;

use super::convert_arguments::{Convert, DataFormat, OutEncoding};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, inputs, load_schema, source_options};
use crate::diag::{Diagnostic, Failure, Place, thousands};
use crate::frame::convert::{
    Cell, Column, Columns, CsvStyle, Unmappable, Wanted, columns, csv, json, parquet, sav, shown,
    substituted, triple_s,
};
use crate::frame::{Encoding, ReadOptions};
use crate::render::{DataBook, DataCell, TooLarge, data_fits};
use crate::schema::{Code, Kind, Origin, Survey};

/// Writes the data; warnings come back.
pub fn run(arguments: &Convert) -> anyhow::Result<Vec<Diagnostic>> {
    let format = format(arguments)?;
    refuse_unused(arguments, format)?;
    let source = &arguments.source;
    let (survey, mut warnings) = load_schema(&source.schema)?;
    let targets = match &arguments.targets {
        Some(path) => {
            let targets = super::weight::load_targets(path, &survey)?;
            warnings.extend(targets.warnings);
            Some((path, targets.value))
        }
        None => None,
    };
    let mut files = inputs(source);
    files.extend(arguments.targets.as_deref());
    let mut output = Output::open(Some(&arguments.out), &files)?;
    // The data of a Triple-S survey stand beside its definition.
    let mut beside = match format {
        DataFormat::TripleS => Some(data_beside(&arguments.out, &files)?),
        _ => None,
    };
    let questions: Vec<usize> =
        (0..survey.questions.len()).filter(|&index| is_wanted(&survey, index, arguments)).collect();
    let texts = |index: &usize| survey.questions[*index].kind == Kind::Text;
    let options = ReadOptions {
        keys: survey.respondent.is_some() && survey.count.is_none(),
        words: questions.iter().copied().filter(|index| arguments.texts && texts(index)).collect(),
        ..source_options(source, &survey)
    };
    let mut dataset =
        crate::frame::read_all(&source.data, &survey, &questions, &options, &Bar::new("reading"))?;
    warnings.append(&mut dataset.warnings);
    if let Some((path, targets)) = &targets {
        super::weight::reweigh(&mut dataset, targets, path, &survey, crate::sheet::Language::English)?;
    }
    let spread = matches!(format, DataFormat::Sav | DataFormat::Zsav | DataFormat::TripleS);
    let wanted = Wanted { derived: arguments.derived, texts: arguments.texts, spread };
    let mut columns = columns(&survey, &dataset, wanted);
    warnings.append(&mut columns.notes);
    let at = |told: Diagnostic| told.at(Place::File(arguments.out.display().to_string()));
    let written = match format {
        DataFormat::Csv => {
            let style = CsvStyle {
                labels: arguments.labels,
                encoding: match arguments.out_encoding {
                    OutEncoding::Utf8 => Encoding::Utf8,
                    OutEncoding::Cp932 => Encoding::Cp932,
                },
                unmappable: if arguments.substitute { Unmappable::Substitute } else { Unmappable::Refuse },
            };
            match csv(&columns, style, &mut output) {
                Ok(Ok(count)) => {
                    warnings.extend(substituted(count).map(at));
                    Ok(())
                }
                Ok(Err(refused)) => return Err(Failure::Refused(vec![at(refused)]).into()),
                Err(error) => Err(error),
            }
        }
        DataFormat::Json => json(&columns, &mut output),
        DataFormat::Sav | DataFormat::Zsav => sav(&columns, format == DataFormat::Zsav, &mut output)
            .map(|told| warnings.extend(told.into_iter().map(at))),
        DataFormat::Xlsx => {
            fits(&columns).map_err(|error| Failure::Refused(vec![at(error)]))?;
            workbook(&columns, arguments.labels, &mut output).map(|left| {
                warnings.extend(super::workbook::warnings(left, Some(&arguments.out)));
            })
        }
        DataFormat::Parquet => parquet(&columns, &mut output),
        DataFormat::TripleS => match &mut beside {
            Some(data) => {
                triple_s(&columns, &mut output, data).map(|told| warnings.extend(told.into_iter().map(at)))
            }
            None => Ok(()),
        },
    };
    if let Some(data) = beside.filter(|_| written.is_ok()) {
        data.finish(Ok(()))?;
    }
    output.finish(written)?;
    Ok(warnings)
}

/// The format asked for, or the one that the name says.
fn format(arguments: &Convert) -> Result<DataFormat, Failure> {
    let named = match extension(Some(&arguments.out)).map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => Some(DataFormat::Csv),
        Some("xlsx") => Some(DataFormat::Xlsx),
        Some("sav") => Some(DataFormat::Sav),
        Some("zsav") => Some(DataFormat::Zsav),
        Some("parquet") => Some(DataFormat::Parquet),
        Some("sss" | "xml") => Some(DataFormat::TripleS),
        Some("json") => Some(DataFormat::Json),
        _ => None,
    };
    arguments.format.or(named).ok_or_else(|| {
        let error = Diagnostic::error("the name of the output says no format");
        let hint = "expected .csv, .xlsx, .sav, .zsav, .parquet, .sss or .json, or say `--format`";
        Failure::Refused(vec![error.at(Place::File(arguments.out.display().to_string())).hint(hint)])
    })
}

/// The data of a Triple-S survey, beside its definition: nobody named that file, so that no other is replaced by it.
fn data_beside(definition: &Path, files: &[&Path]) -> Result<Output, Failure> {
    let data = definition.with_extension("csv");
    if data.exists() && !definition.exists() {
        let error = "the data of the Triple-S survey go here, and the file is there already";
        return Err(Failure::Refused(vec![
            Diagnostic::error(error)
                .at(Place::File(data.display().to_string()))
                .hint("give `--out` another name, or take the file away"),
        ]));
    }
    Output::open(Some(&data), files)
}

/// What was asked for and would change nothing.
fn refuse_unused(arguments: &Convert, format: DataFormat) -> Result<(), Failure> {
    let mut errors = Vec::new();
    if arguments.labels && !matches!(format, DataFormat::Csv | DataFormat::Xlsx) {
        let error = "expected CSV or xlsx with `--labels`, found another format";
        errors.push(Diagnostic::error(error).hint("other formats have codes and their labels"));
    }
    if arguments.out_encoding == OutEncoding::Cp932 && format != DataFormat::Csv {
        let error = "expected CSV with `--out-encoding cp932`, found another format";
        errors.push(Diagnostic::error(error).hint("other formats are always Unicode"));
    }
    if arguments.substitute && arguments.out_encoding != OutEncoding::Cp932 {
        let error = "expected `--out-encoding cp932` with `--substitute`";
        errors.push(Diagnostic::error(error).hint("UTF-8 has every character"));
    }
    if arguments.source.schema.wave.is_some() {
        let error = "expected no `--wave`: a file of a wave has its columns and codes";
        errors.push(Diagnostic::error(error).hint("convert it with a schema of that wave"));
    }
    if errors.is_empty() { Ok(()) } else { Err(Failure::Refused(errors)) }
}

/// Whether a question's replies are read for the file.
fn is_wanted(survey: &Survey, index: usize, arguments: &Convert) -> bool {
    let question = &survey.questions[index];
    let derived = question.origin.is_derived();
    match question.kind {
        Kind::Ratio | Kind::Grid => false,
        _ => (!derived || arguments.derived) && !matches!(question.origin, Origin::NotAsked),
    }
}

/// Refuses what a sheet has no room for.
fn fits(columns: &Columns<'_>) -> Result<(), Diagnostic> {
    let records = columns.respondents();
    data_fits(records, columns.columns.len()).map_err(|too_large| {
        let found = match too_large {
            TooLarge::Rows => format!("{} respondents", thousands(records)),
            TooLarge::Columns => format!("{} columns", thousands(columns.columns.len() as u64)),
        };
        Diagnostic::error(format!("a sheet has 1,048,576 rows and 16,384 columns, found {found}"))
            .hint("write .csv or .parquet")
    })
}

/// A sheet of data, and one of what its columns mean.
fn workbook(columns: &Columns<'_>, labels: bool, out: &mut Output) -> io::Result<crate::render::Left> {
    let mut book = DataBook::new(&columns.survey().title)?;
    book.sheet("data", |rows| {
        rows.row(columns.columns.iter().map(|column| DataCell::Words(&column.name)))?;
        let numbers: Vec<bool> = columns.columns.iter().map(|column| columns.is_number(column)).collect();
        columns.each_record(|cells| {
            let texts: Vec<_> = cells
                .iter()
                .zip(&columns.columns)
                .map(|(cell, column)| shown(cell, column, labels))
                .collect();
            let places = cells.iter().zip(&texts).zip(&numbers);
            rows.row(places.map(|((cell, text), number)| data_cell(cell, text, *number, labels)))
        })
    })?;
    book.sheet("codebook", |rows| {
        let header = ["column", "question", "text", "code", "label", "missing"];
        rows.row(header.iter().map(|name| DataCell::Words(name)))?;
        columns.columns.iter().try_for_each(|column| meanings(columns.survey(), column, rows))
    })?;
    book.write(out)
}

fn data_cell<'a>(cell: &Cell<'_>, text: &'a str, number: bool, labels: bool) -> DataCell<'a> {
    match cell {
        Cell::Blank => DataCell::Blank,
        Cell::Coded(_) if labels => DataCell::Words(text),
        _ if number => text.parse().map_or(DataCell::Words(text), DataCell::Number),
        _ => DataCell::Words(text),
    }
}

/// The rows of the codebook for a column: its words, then its values.
fn meanings(survey: &Survey, column: &Column, rows: &mut crate::render::DataRows<'_>) -> io::Result<()> {
    let question = column.question.map_or("", |index| survey.questions[index].id.as_str());
    let head = [column.name.as_str(), question, &column.label].map(DataCell::Words);
    rows.row(head.into_iter())?;
    for coded in &column.coded {
        let code = match &coded.code {
            Code::Integer(code) => DataCell::Number(*code as f64),
            Code::Text(code) => DataCell::Words(code),
        };
        let label = coded.label.as_deref().map_or(DataCell::Blank, DataCell::Words);
        let missing = if coded.missing { DataCell::Words("missing") } else { DataCell::Blank };
        let own =
            [DataCell::Words(&column.name), DataCell::Words(question), DataCell::Blank, code, label, missing];
        rows.row(own.into_iter())?;
    }
    Ok(())
}
