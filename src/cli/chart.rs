//! `chart`: one read of the data, a drawing or a picture for each question.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::chart_arguments::{Chart, ChartFormat};
use super::output::Output;
use super::progress::Bar;
use super::tables::{extension, inputs, load_schema, no_answer, source_options, threads};
use crate::chart::{ChartRequest, ChartSpec, FAMILIES, Style, charts, draw, svg};
use crate::diag::{Diagnostic, Failure, Place, failure, plural, quote};
use crate::render::{NoPicture, Typeface};
use crate::sheet::Profile;
use crate::tabulate::{Request, fill};

/// Where charts go.
enum Target {
    /// One chart to a file or the terminal.
    One(Box<Output>),
    /// A file for each into this folder; whether it was made for them.
    Folder(PathBuf, bool),
}

/// Draws the charts and writes them; warnings come back.
pub fn run(arguments: &Chart) -> anyhow::Result<Vec<Diagnostic>> {
    let format = format(arguments);
    let (survey, mut warnings) = load_schema(&arguments.source.schema)?;
    let resolved = Request::resolve(
        &survey,
        &arguments.rows,
        arguments.cols.as_deref(),
        arguments.filter.as_deref(),
        no_answer(arguments.no_answer),
    );
    let request = resolved.map_err(Failure::Refused)?;
    let typeface = match format {
        ChartFormat::Png => Some(typeface(arguments.font.as_deref())?),
        ChartFormat::Svg => None,
    };
    let mut files = inputs(&arguments.source);
    files.extend(arguments.font.as_deref());
    let target = Target::open(arguments.out.as_deref(), &files)?;

    let mut drawn = || -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let options = source_options(&arguments.source, &survey);
        let questions = request.questions(&survey);
        let bar = Bar::new("reading");
        let dataset = crate::frame::read(&arguments.source.data, &survey, &questions, &options, &bar)?;
        let survey = survey.in_language(arguments.lang.into());
        let workers = threads(arguments.source.reading.threads);
        let tables = fill(&survey, &request, &dataset, workers, &Bar::new("counting"));
        warnings.extend(dataset.warnings.iter().cloned());
        let profile = Profile {
            decimals: arguments.decimals,
            low_base: arguments.low_base,
            notes: survey.note.iter().chain(&arguments.note).cloned().collect(),
            ..Profile::plain(&survey, arguments.lang.into())
        };
        let asked = ChartRequest {
            kind: arguments.kind,
            highlight: arguments.highlight.clone(),
            answers: arguments.answer.clone(),
            source: arguments.origin.clone(),
            lenient: arguments.rows.split(',').any(|name| name.trim() == "all" || name.contains('*')),
        };
        let made = charts(&tables, &asked, &profile).map_err(Failure::Refused)?;
        warnings.extend(made.warnings);
        if let (Target::One(_), count @ (0 | 2..)) = (&target, made.value.len()) {
            let count = plural(count as u64, "chart");
            let error = Diagnostic::error(format!("expected one chart for one file, found {count}"));
            let error = error.hint("give a folder: `--out charts`");
            return Err(Failure::Refused(vec![error]).into());
        }
        Ok(pictures(&made.value, arguments, typeface.as_ref()).map_err(Failure::Refused)?)
    };
    match drawn() {
        Ok(files) => target.write(files, format)?,
        Err(error) => {
            target.abandon();
            return Err(error);
        }
    }
    Ok(warnings)
}

/// The format asked for, or the one that the name of the output tells.
fn format(arguments: &Chart) -> ChartFormat {
    arguments.format.unwrap_or(match extension(arguments.out.as_deref()) {
        Some("png") => ChartFormat::Png,
        _ => ChartFormat::Svg,
    })
}

/// The font of pictures.
fn typeface(file: Option<&Path>) -> Result<Typeface, Failure> {
    let Some(path) = file else {
        return Typeface::of_system().ok_or_else(|| Failure::Refused(vec![no_font()]));
    };
    let data = std::fs::read(path).map_err(|error| failure(path, "the font could not be read", &error))?;
    Typeface::of_bytes(data).ok_or_else(|| {
        let error = Diagnostic::error("expected a font (TTF, OTF, TTC), found something else");
        Failure::Refused(vec![error.at(Place::File(path.display().to_string()))])
    })
}

/// No text would be drawn, which nobody would be told.
fn no_font() -> Diagnostic {
    Diagnostic::error("expected a Japanese font for a PNG, found none on this system").hint(
        "install one (Debian, Ubuntu: `apt-get install fonts-noto-cjk`; Fedora: \
         `dnf install google-noto-sans-cjk-fonts`), or give a file with `--font`",
    )
}

/// Name and content of each file; every chart that cannot be drawn is told.
fn pictures(
    charts: &[ChartSpec],
    arguments: &Chart,
    typeface: Option<&Typeface>,
) -> Result<Vec<(String, Vec<u8>)>, Vec<Diagnostic>> {
    let style =
        Style { width: arguments.width, palette: arguments.palette.into(), hatched: arguments.pattern };
    let mut errors = Vec::new();
    let mut files = Vec::new();
    // Names differ in more than case, which some systems do not tell apart.
    let mut taken = HashSet::new();
    for chart in charts {
        let drawing = svg(chart, &draw(chart, &style), &FAMILIES);
        let content = match typeface {
            None => Ok(drawing.into_bytes()),
            Some(typeface) => {
                typeface.png(&drawing, arguments.scale).map_err(|why| refused(chart, typeface, why))
            }
        };
        let mut name = chart.id.clone();
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{}-{number}", chart.id);
            number += 1;
        }
        match content {
            Ok(content) => files.push((name, content)),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

fn refused(chart: &ChartSpec, typeface: &Typeface, why: NoPicture) -> Diagnostic {
    let chart = quote(&chart.id);
    match why {
        NoPicture::Glyphs(lacking) => {
            let shown = |c: &char| format!("{} (U+{:04X})", quote(&c.to_string()), u32::from(*c));
            let characters: Vec<String> = lacking.iter().take(8).map(shown).collect();
            Diagnostic::error(format!(
                "the chart {chart} has characters that the font {} lacks: {}",
                quote(&typeface.family),
                characters.join(", ")
            ))
            .hint(
                "give a font that has them with `--font` (Debian: `apt-get install fonts-noto-cjk`), or write an SVG",
            )
        }
        NoPicture::TooLarge => Diagnostic::error(format!("the chart {chart} would have too many pixels"))
            .hint("give a smaller `--scale`, or write an SVG"),
        NoPicture::Unreadable(why) => {
            Diagnostic::error(format!("the chart {chart} could not be drawn: {why}"))
        }
    }
}

impl Target {
    /// Opens the file, or makes the folder, before any work.
    fn open(out: Option<&Path>, inputs: &[&Path]) -> Result<Target, Failure> {
        let folder = out.filter(|path| path.is_dir() || !path.exists() && extension(out).is_none());
        let Some(path) = folder else {
            return Ok(Target::One(Box::new(Output::open(out, inputs)?)));
        };
        let new = !path.exists();
        if new {
            std::fs::create_dir(path).map_err(|error| failure(path, "could not be made", &error))?;
        }
        Ok(Target::Folder(path.to_path_buf(), new))
    }

    fn write(self, files: Vec<(String, Vec<u8>)>, format: ChartFormat) -> Result<(), Failure> {
        match self {
            Target::One(mut output) => {
                let written = files.iter().try_for_each(|(_, content)| output.write_all(content));
                output.finish(written)
            }
            Target::Folder(folder, _) => {
                let ending = match format {
                    ChartFormat::Svg => "svg",
                    ChartFormat::Png => "png",
                };
                for (name, content) in files {
                    let path = folder.join(format!("{name}.{ending}"));
                    let mut output = Output::open(Some(&path), &[])?.one_of_many();
                    let written = output.write_all(&content);
                    output.finish(written)?;
                }
                Ok(())
            }
        }
    }

    /// Leaves nothing behind.
    fn abandon(self) {
        if let Target::Folder(folder, true) = self {
            _ = std::fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::no_font;

    /// Whoever runs this may have a font, so that the message is tested where it is made.
    #[test]
    fn a_system_without_a_japanese_font_is_told_which_package_has_one() {
        assert_eq!(
            no_font().render(false),
            "error: expected a Japanese font for a PNG, found none on this system\n  \
             hint: install one (Debian, Ubuntu: `apt-get install fonts-noto-cjk`; Fedora: \
             `dnf install google-noto-sans-cjk-fonts`), or give a file with `--font`\n"
        );
    }
}
