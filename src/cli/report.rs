//! `report`: one read of the data, every product of a study, a manifest.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::{hash, input_hashes, named};
use super::output::Output;
use super::progress::Bar;
use super::report_arguments::{Product, Report};
use super::tables::threads;
use super::typeface::{INSTALL, no_font, typeface};
use super::workbook::about_page;
use crate::diag::{Diagnostic, Failure, Place, Severity, failure, plural, quote};
use crate::figures::Verdict;
use crate::render::{Book, NoPicture, Page, TablesBook, TablesPage, Typeface, Verdicts};
use crate::report::{Document, Picture};
use crate::sheet::{Profile, about, arrange, arranged};
use crate::study::{Findings, Study};

/// The report as pages.
const PDF: &str = "report.pdf";

/// A file to write: its name in the folder, and what is in it.
struct Made {
    name: String,
    bytes: Vec<u8>,
}

/// Makes everything, then writes it; warnings come back.
pub fn run(arguments: &Report) -> anyhow::Result<Vec<Diagnostic>> {
    let study = Study::load(&arguments.study)?;
    let mut warnings = study.warnings;
    let study = study.value;
    let findings = study.run(threads(arguments.threads), &Bar::new("reading"), &Bar::new("counting"))?;
    warnings.extend(findings.warnings.iter().cloned());
    warnings.extend(super::tables::told(findings.suppressed.clone()));
    // What is expected of the figures is part of the study: a report is not made beside it.
    if let Some(judgement) = findings.judgement.as_ref().filter(|judgement| !judgement.as_expected()) {
        let wrong = judgement.outcomes.iter().filter(|outcome| !outcome.as_expected());
        let errors = wrong.map(|outcome| {
            let what = crate::diag::quote(&outcome.id);
            let found = match outcome.verdict {
                Verdict::Reproduced | Verdict::Possible => "is right, and was expected not to be",
                Verdict::Differs => "is not what the data give",
                Verdict::Impossible => "is impossible",
            };
            let error = Diagnostic::error(format!("figure {what} {found}"));
            outcome.reasons.iter().take(3).fold(error, |error, reason| error.hint(reason.text.clone()))
        });
        return Err(Failure::Refused(errors.collect()).into());
    }
    let wanted = |product: Product| arguments.only.is_empty() || arguments.only.contains(&product);
    let mut made = products(&study, &findings, &wanted);
    let mut font = None;
    if let Some(document) = &findings.document {
        // Markdown's pictures are files; a page has them inside.
        if wanted(Product::Charts) || wanted(Product::Md) {
            made.extend(document.pictures().map(|picture| Made {
                name: format!("charts/{}.svg", picture.id),
                bytes: picture.svg.clone().into_bytes(),
            }));
        }
        let drawn = wanted(Product::Docx) && document.pictures().next().is_some();
        let typeface = match drawn || wanted(Product::Pdf) {
            true => typeface(arguments.font.as_deref())?,
            false => None,
        };
        if wanted(Product::Docx) {
            made.push(word(document, &arguments.out, typeface.as_ref(), &mut warnings)?);
        }
        if wanted(Product::Pdf) {
            match pages(document, typeface.as_ref()) {
                Ok(pages) => made.push(pages),
                // Who asked for it alone is not helped by a warning.
                Err(why) if arguments.only.contains(&Product::Pdf) => {
                    return Err(Failure::Refused(vec![why]).into());
                }
                Err(why) => {
                    let place = Place::File(arguments.out.join(PDF).display().to_string());
                    warnings.push(Diagnostic { severity: Severity::Warning, ..why }.at(place));
                }
            }
        }
        font = typeface.map(|typeface| typeface.family);
    }
    if wanted(Product::Xlsx) && !findings.books.is_empty() {
        made.push(workbook(&study, &findings, &arguments.out, &mut warnings)?);
    }
    made.push(manifest(&study, &made, font.as_deref())?);
    write(&arguments.out, &made, &study.files)?;
    let files = plural(made.len() as u64, "file");
    super::say(&format!("wrote {files} to {}\n", arguments.out.display()));
    Ok(warnings)
}

fn products(study: &Study, findings: &Findings, wanted: &dyn Fn(Product) -> bool) -> Vec<Made> {
    let mut made = Vec::new();
    let mut add = |name: String, text: String| made.push(Made { name, bytes: text.into_bytes() });
    if let Some(document) = &findings.document {
        if wanted(Product::Html) {
            add("report.html".into(), crate::render::document_html(document));
        }
        if wanted(Product::Md) {
            add("report.md".into(), crate::render::document_markdown(document));
        }
    }
    if wanted(Product::Tables) && !findings.books.is_empty() {
        add("tables.html".into(), tables_page(study, findings));
    }
    for book in &findings.books {
        if wanted(Product::Csv) {
            // A mark would make a number text; only small bases are marked.
            let profile = Profile { hatch: false, ..book.profile.clone() };
            add(format!("tables-{}.csv", book.id), crate::render::csv(&arrange(&book.tables, &profile)));
        }
        if wanted(Product::Json) {
            let json = crate::render::json(&book.tables, &book.profile.significance, None);
            add(format!("tables-{}.json", book.id), json);
        }
    }
    // Figures are judged by what tables hide: the judgement is not for publication.
    let open = study.survey.disclosure.is_none() && wanted(Product::Figures);
    if let Some(judgement) = findings.judgement.as_ref().filter(|_| open) {
        let verdicts = Verdicts { judgement, language: study.language, failed: false };
        add("figures.md".into(), verdicts.markdown());
    }
    made
}

/// The report as pages.
fn pages(document: &Document, typeface: Option<&Typeface>) -> Result<Made, Diagnostic> {
    let typeface = typeface.ok_or_else(|| no_font("a PDF"))?;
    let pages = crate::render::document_pdf(document, typeface);
    let bytes = pages.map_err(|why| why.told("the report", typeface, "leave the PDF out with `--only`"))?;
    Ok(Made { name: PDF.into(), bytes })
}

/// The report as a Word document.
fn word(
    document: &Document,
    folder: &Path,
    typeface: Option<&Typeface>,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Made, Failure> {
    let name = "report.docx";
    let path = folder.join(name);
    let told = RefCell::new(Vec::new());
    let draw = |picture: &Picture| {
        // 150 dots an inch on A4.
        let drawn = typeface?.png(&picture.svg, 1.5);
        let tell = |why| {
            let error = format!("the chart {} stands in the document in words: {why}", quote(&picture.id));
            told.borrow_mut().push(Diagnostic::warning(error).at(Place::File(path.display().to_string())));
        };
        drawn.map_err(|why| tell(reason(&why))).ok()
    };
    let bytes = crate::render::docx(document, &draw)
        .map_err(|error| failure(&path, "could not be written", &error))?;
    warnings.extend(told.into_inner());
    if typeface.is_none() && document.pictures().next().is_some() {
        let error = "charts stand in the document in words, for there is no Japanese font to draw them with";
        let warning = Diagnostic::warning(error).at(Place::File(path.display().to_string()));
        warnings.push(warning.hint(INSTALL));
    }
    Ok(Made { name: name.into(), bytes })
}

fn reason(why: &NoPicture) -> String {
    match why {
        NoPicture::Glyphs(lacking) => {
            let shown: Vec<String> =
                lacking.iter().take(8).map(|c| format!("U+{:04X}", u32::from(*c))).collect();
            format!("the font lacks {}", shown.join(", "))
        }
        NoPicture::TooLarge => "it would have too many pixels".into(),
        NoPicture::Unreadable(why) => why.clone(),
    }
}

/// All books as one workbook, a sheet for each.
fn workbook(
    study: &Study,
    findings: &Findings,
    folder: &Path,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Made, Failure> {
    let name = "tables.xlsx";
    let path = folder.join(name);
    let survey = &study.spoken;
    let mut pages = Vec::from_iter(about_page(survey, Some(findings.respondents), study.language));
    pages.extend(
        findings
            .books
            .iter()
            .map(|book| Page { name: book.title.clone(), tables: arranged(&book.tables, &book.profile) }),
    );
    let book = Book { title: survey.title.clone(), language: study.language, pages, charts: false };
    let mut bytes = Vec::new();
    let left = book.write(&mut bytes).map_err(|error| failure(&path, "could not be written", &error))?;
    warnings.extend(super::workbook::warnings(left, Some(&path)));
    Ok(Made { name: name.into(), bytes })
}

/// The page of all books.
fn tables_page(study: &Study, findings: &Findings) -> String {
    let books = findings.books.iter().map(|book| TablesBook {
        id: &book.id,
        title: &book.title,
        tables: &book.tables,
        reordered: &book.reordered,
        sorted: book.sorted,
        profile: &book.profile,
    });
    let survey = &study.spoken;
    let page = TablesPage {
        title: &survey.title,
        language: study.language,
        about: about(survey, Some(findings.respondents), study.language),
        notes: survey.note.as_slice(),
        books: books.collect(),
    };
    page.html()
}

/// What was made of what: versions, the font of pages and pictures, and the SHA-256 of every file read and written.
fn manifest(study: &Study, made: &[Made], font: Option<&str>) -> Result<Made, Failure> {
    let mut manifest = serde_json::json!({
        "renkei": env!("CARGO_PKG_VERSION"),
        "survey": study.survey.id,
        "disclosure": crate::disclosure::stated(&study.survey, false),
        "inputs": named(input_hashes(study)?),
        "outputs": named(made.iter().map(|file| (file.name.clone(), hash(&file.bytes)))),
    });
    if let Some(font) = font {
        manifest["font"] = font.into();
    }
    let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
    Ok(Made { name: "manifest.json".into(), bytes: text.into_bytes() })
}

/// Writes the files, each beside its place and renamed; the manifest last, so that it is of whole files.
fn write(folder: &Path, made: &[Made], inputs: &[PathBuf]) -> Result<(), Failure> {
    use std::io::Write;
    let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
    for file in made {
        let path = folder.join(&file.name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(|error| failure(parent, "could not be made", &error))?;
        let mut output = Output::open(Some(&path), &inputs)?.one_of_many();
        let written = output.write_all(&file.bytes);
        output.finish(written)?;
    }
    Ok(())
}
