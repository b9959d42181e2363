//! The files that a study's findings make, of everybody or of a group.

use std::cell::RefCell;
use std::path::Path;

use super::report_arguments::Product;
use super::typeface::{INSTALL, no_font};
use super::workbook::about_page;
use crate::diag::{Diagnostic, Failure, Place, failure, quote};
use crate::render::{Book, NoPicture, Page, TablesBook, TablesPage, Typeface, Verdicts};
use crate::report::{Document, Picture};
use crate::sheet::{Profile, about, arrange, arranged};
use crate::study::{Findings, Study};

/// The report as pages.
pub const PDF: &str = "report.pdf";

/// A file to write: its name in the folder, and what is in it.
pub struct Made {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// What products are made with.
pub struct Maker<'a> {
    pub study: &'a Study,
    /// The folder they will stand in, for messages.
    pub folder: &'a Path,
    /// The font of pictures and pages.
    pub typeface: Option<&'a Typeface>,
}

impl Maker<'_> {
    /// The files of one product; none, where the study has nothing for it.
    pub fn make(
        &self,
        product: Product,
        findings: &Findings,
        warnings: &mut Vec<Diagnostic>,
    ) -> Result<Vec<Made>, Failure> {
        let text = |name: &str, text: String| Made { name: name.into(), bytes: text.into_bytes() };
        let document = findings.document.as_ref();
        let books = !findings.books.is_empty();
        Ok(match (product, document) {
            (Product::Html, Some(document)) => {
                vec![text("report.html", crate::render::document_html(document))]
            }
            // Markdown's pictures are files; a page has them inside.
            (Product::Md, Some(document)) => {
                let report = text("report.md", crate::render::document_markdown(document));
                std::iter::once(report).chain(pictures(document)).collect()
            }
            (Product::Charts, Some(document)) => pictures(document).collect(),
            (Product::Docx, Some(document)) => vec![self.word(document, warnings)?],
            (Product::Pdf, Some(document)) => {
                vec![self.pages(document).map_err(|why| Failure::Refused(vec![why]))?]
            }
            (Product::Tables, _) if books => vec![text("tables.html", self.tables_page(findings))],
            (Product::Xlsx, _) if books => vec![self.workbook(findings, warnings)?],
            (Product::Csv, _) => {
                let of_book = |book: &crate::study::BookFindings| {
                    // A mark would make a number text; only small bases are marked.
                    let profile = Profile { hatch: false, ..book.profile.clone() };
                    let sheets = arrange(&book.tables, &profile);
                    text(&format!("tables-{}.csv", book.id), crate::render::csv(&sheets))
                };
                findings.books.iter().map(of_book).collect()
            }
            (Product::Json, _) => {
                let of_book = |book: &crate::study::BookFindings| {
                    let json = crate::render::json(&book.tables, &book.profile.significance, None);
                    text(&format!("tables-{}.json", book.id), json)
                };
                findings.books.iter().map(of_book).collect()
            }
            (Product::Figures, _) => {
                // Figures are judged by what tables hide: the judgement is not for publication.
                let open = self.study.survey.disclosure.is_none();
                let verdicts = findings.judgement.iter().filter(|_| open).map(|judgement| {
                    let verdicts = Verdicts { judgement, language: self.study.language, failed: false };
                    text("figures.md", verdicts.markdown())
                });
                verdicts.collect()
            }
            _ => Vec::new(),
        })
    }

    /// The report as pages.
    fn pages(&self, document: &Document) -> Result<Made, Diagnostic> {
        let typeface = self.typeface.ok_or_else(|| no_font("a PDF"))?;
        let pages = crate::render::document_pdf(document, typeface);
        let bytes =
            pages.map_err(|why| why.told("the report", typeface, "leave the PDF out with `--only`"))?;
        Ok(Made { name: PDF.into(), bytes })
    }

    /// The report as a Word document.
    fn word(&self, document: &Document, warnings: &mut Vec<Diagnostic>) -> Result<Made, Failure> {
        let name = "report.docx";
        let path = self.folder.join(name);
        let typeface = self.typeface;
        let told = RefCell::new(Vec::new());
        let draw = |picture: &Picture| {
            // 150 dots an inch on A4.
            let drawn = typeface?.png(&picture.svg, 1.5);
            let tell = |why| {
                let error =
                    format!("the chart {} stands in the document in words: {why}", quote(&picture.id));
                told.borrow_mut()
                    .push(Diagnostic::warning(error).at(Place::File(path.display().to_string())));
            };
            drawn.map_err(|why| tell(reason(&why))).ok()
        };
        let bytes = crate::render::docx(document, &draw)
            .map_err(|error| failure(&path, "could not be written", &error))?;
        warnings.extend(told.into_inner());
        if typeface.is_none() && document.pictures().next().is_some() {
            let error =
                "charts stand in the document in words, for there is no Japanese font to draw them with";
            let warning = Diagnostic::warning(error).at(Place::File(path.display().to_string()));
            warnings.push(warning.hint(INSTALL));
        }
        Ok(Made { name: name.into(), bytes })
    }

    /// All books as one workbook, a sheet for each.
    fn workbook(&self, findings: &Findings, warnings: &mut Vec<Diagnostic>) -> Result<Made, Failure> {
        let name = "tables.xlsx";
        let path = self.folder.join(name);
        let (study, survey) = (self.study, &self.study.spoken);
        let mut pages = Vec::from_iter(about_page(survey, findings.respondents, study.language));
        pages.extend(
            findings
                .books
                .iter()
                .map(|book| Page { name: book.title.clone(), tables: arranged(&book.tables, &book.profile) }),
        );
        let title = self.title(findings);
        let book = Book { title, language: study.language, pages, charts: false };
        let mut bytes = Vec::new();
        let left = book.write(&mut bytes).map_err(|error| failure(&path, "could not be written", &error))?;
        warnings.extend(super::workbook::warnings(left, Some(&path)));
        Ok(Made { name: name.into(), bytes })
    }

    /// The page of all books.
    fn tables_page(&self, findings: &Findings) -> String {
        let books = findings.books.iter().map(|book| TablesBook {
            id: &book.id,
            title: &book.title,
            tables: &book.tables,
            reordered: &book.reordered,
            sorted: book.sorted,
            profile: &book.profile,
        });
        let survey = &self.study.spoken;
        let page = TablesPage {
            title: &self.title(findings),
            language: self.study.language,
            about: about(survey, findings.respondents, self.study.language),
            notes: survey.note.as_slice(),
            books: books.collect(),
        };
        page.html()
    }

    /// The survey's title, with whom tables are of where they are of a group.
    fn title(&self, findings: &Findings) -> String {
        let title = &self.study.spoken.title;
        match &findings.group {
            Some(group) => format!("{title}{}{group}", self.study.language.choose("　", ": ")),
            None => title.clone(),
        }
    }
}

fn pictures(document: &Document) -> impl Iterator<Item = Made> {
    document.pictures().map(|picture| Made {
        name: format!("charts/{}.svg", picture.id),
        bytes: picture.svg.clone().into_bytes(),
    })
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
