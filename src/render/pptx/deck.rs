//! A presentation with the layouts its slides stand on, and its way into a package.

use std::io::{self, Seek, Write};

use super::arrange::{Page, Places};
use super::layout::{self, LayoutPart};
use super::package::{Package, Relations, Types};
use super::parts::{self, Pieces};
use super::presentation::{Content, Layout, Presentation};
use super::slide::{Files, Setting, Writer};
use super::template::{Part, Template};
use super::text::Measure;
use super::theme::{self, Palette};
use super::workbook;
use crate::diag::{Diagnostic, quote, suggestion};

/// A presentation that can be written.
#[derive(Debug)]
pub struct Deck<'a> {
    presentation: &'a Presentation,
    base: Base,
    /// For each slide its layout, as a place in the base's.
    chosen: Vec<usize>,
}

/// What the slides stand on: our own parts or a template's.
#[derive(Debug)]
struct Base {
    parts: Vec<Part>,
    relations: Relations,
    pieces: Pieces,
    layouts: Vec<LayoutPart>,
    page: Page,
    palette: Palette,
    notes_master: Option<String>,
}

const OFFICE: &str = "application/vnd.openxmlformats-officedocument";
const NOTES_MASTER: &str = "ppt/notesMasters/notesMaster1.xml";
const MAIN: &str = "ppt/presentation.xml";

impl<'a> Deck<'a> {
    /// Chooses a layout for every slide; the template's names that are not there are told all at once.
    pub fn new(presentation: &'a Presentation, template: Option<Template>) -> Result<Self, Vec<Diagnostic>> {
        let ours = template.is_none();
        let base = template.map_or_else(|| own(presentation), taken);
        let mut errors = Vec::new();
        let mut of_layout = |wanted: Layout| {
            let named = presentation.layout_names.iter().find(|(layout, _)| *layout == wanted && !ours);
            match named {
                Some((_, name)) => named_layout(&base.layouts, name).unwrap_or_else(|error| {
                    errors.push(error);
                    0
                }),
                None => typed_layout(&base.layouts, wanted),
            }
        };
        // Each layout is asked for once, so that a name that is not there is told once.
        let all = Layout::ALL.map(|layout| {
            let used = presentation.slides.iter().any(|slide| slide.layout == layout);
            if used { of_layout(layout) } else { 0 }
        });
        if !errors.is_empty() {
            return Err(errors);
        }
        let place =
            |layout: Layout| Layout::ALL.iter().position(|one| *one == layout).map_or(0, |at| all[at]);
        let chosen = presentation.slides.iter().map(|slide| place(slide.layout)).collect();
        Ok(Deck { presentation, base, chosen })
    }

    /// Width and height of the pages, in millimetres.
    pub fn page(&self) -> (f64, f64) {
        (self.base.page.width, self.base.page.height)
    }

    /// Where the parts of each slide stand, for other formats of the same slides.
    pub fn places(&self, measure: Measure) -> Vec<Places> {
        let setting = self.setting(measure);
        let layouts = self.chosen.iter().map(|layout| &self.base.layouts[*layout]);
        let slides = self.presentation.slides.iter().zip(layouts);
        slides.map(|(slide, layout)| Places::of(slide, layout, &setting)).collect()
    }

    fn setting<'b>(&'b self, measure: Measure<'b>) -> Setting<'b> {
        Setting {
            page: self.base.page,
            palette: &self.base.palette,
            measure,
            footer: self.presentation.footer.as_deref(),
        }
    }

    /// Writes the package. Warnings tell what does not fit its place.
    pub fn write(&self, out: impl Write + Seek, measure: Measure) -> io::Result<Vec<Diagnostic>> {
        let files = self.files();
        let notes = self.presentation.slides.iter().any(|slide| slide.notes.is_some());
        let own_notes = notes && self.base.notes_master.is_none();
        let mut package = Package::new(out, &self.types(&files, own_notes))?;
        let mut root = Relations::default();
        root.add("officeDocument", MAIN);
        root.add_as(
            "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
            "docProps/core.xml",
        );
        root.add("extended-properties", "docProps/app.xml");
        package.part("_rels/.rels", root.root().as_bytes())?;
        package.part("docProps/app.xml", parts::app().as_bytes())?;
        package.part("docProps/core.xml", parts::core(self.presentation).as_bytes())?;
        let mut relations = self.base.relations.clone();
        let slides =
            (1..=self.presentation.slides.len()).map(|number| relations.add("slide", slide_part(number)));
        let slides: Vec<String> = slides.collect();
        let notes_id = own_notes.then(|| relations.add("notesMaster", NOTES_MASTER));
        let main = self.base.pieces.part(&slides, notes_id.as_deref());
        package.related(MAIN, main.as_bytes(), &relations)?;
        for part in &self.base.parts {
            package.related(&part.name, &part.bytes, &part.relations)?;
        }
        if own_notes {
            let (master, relations) = parts::notes_master(&self.notes_theme());
            package.related(NOTES_MASTER, master.as_bytes(), &relations)?;
            package.part(&self.notes_theme(), theme::part(&self.presentation.theme).as_bytes())?;
        }
        let warnings = self.slides(&mut package, files, measure)?;
        package.finish()?;
        Ok(warnings)
    }

    fn slides<W: Write + Seek>(
        &self,
        package: &mut Package<W>,
        mut files: Files,
        measure: Measure,
    ) -> io::Result<Vec<Diagnostic>> {
        let setting = self.setting(measure);
        let notes_master = self.base.notes_master.as_deref().unwrap_or(NOTES_MASTER);
        let mut warnings = Vec::new();
        let mut workbooks = 0;
        for (at, slide) in self.presentation.slides.iter().enumerate() {
            let mut writer = Writer::new(&setting, &self.base.layouts[self.chosen[at]], at + 1);
            let part = writer.part(slide, &mut files);
            let name = slide_part(at + 1);
            let notes_part = notes_part(at + 1);
            if let Some(notes) = &slide.notes {
                writer.relations.add("notesSlide", &notes_part);
                let mut relations = Relations::default();
                relations.add("notesMaster", notes_master);
                relations.add("slide", &name);
                package.related(&notes_part, parts::notes(notes).as_bytes(), &relations)?;
            }
            package.related(&name, part.as_bytes(), &writer.relations)?;
            for (name, plot) in &writer.charts {
                workbooks += 1;
                let workbook = workbook_part(workbooks);
                let mut relations = Relations::default();
                let id = relations.add("package", &workbook);
                package.related(name, plot.part(&id).as_bytes(), &relations)?;
                package.part(&workbook, &workbook::bytes(plot.chart)?)?;
            }
            for (name, bytes) in &writer.pictures {
                package.part(name, bytes)?;
            }
            warnings.append(&mut writer.warnings);
        }
        Ok(warnings)
    }

    /// Names for charts and pictures that no part of a template has.
    fn files(&self) -> Files {
        let free = |stem: &str| {
            let mut stem = stem.to_string();
            while self.base.parts.iter().any(|part| part.name.starts_with(&stem)) {
                stem.push('-');
            }
            stem
        };
        Files { chart: free("ppt/charts/chart"), charts: 0, picture: free("ppt/media/picture"), pictures: 0 }
    }

    fn notes_theme(&self) -> String {
        let free = |number: &usize| {
            let name = format!("ppt/theme/theme{number}.xml");
            !self.base.parts.iter().any(|part| part.name == name)
        };
        format!("ppt/theme/theme{}.xml", (2..).find(free).unwrap_or(0))
    }

    fn types(&self, files: &Files, own_notes: bool) -> Types {
        let mut types = Types::default();
        let of = |kind: &str| format!("{OFFICE}.presentationml.{kind}+xml");
        types.add(MAIN, of("presentation.main"));
        types.add("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml");
        types.add("docProps/app.xml", format!("{OFFICE}.extended-properties+xml"));
        for part in &self.base.parts {
            types.add(&part.name, &part.kind);
        }
        if own_notes {
            types.add(NOTES_MASTER, of("notesMaster"));
            types.add(self.notes_theme(), format!("{OFFICE}.theme+xml"));
        }
        let mut charts = 0;
        for (at, slide) in self.presentation.slides.iter().enumerate() {
            types.add(slide_part(at + 1), of("slide"));
            if slide.notes.is_some() {
                types.add(notes_part(at + 1), of("notesSlide"));
            }
            let placed = slide.placed.iter().map(|(_, content)| content);
            for _ in slide.content.iter().chain(placed).filter(|content| matches!(content, Content::Chart(_)))
            {
                charts += 1;
                types.add(format!("{}{charts}.xml", files.chart), format!("{OFFICE}.drawingml.chart+xml"));
            }
        }
        types
    }
}

fn slide_part(number: usize) -> String {
    format!("ppt/slides/slide{number}.xml")
}

fn notes_part(number: usize) -> String {
    format!("ppt/notesSlides/notesSlide{number}.xml")
}

fn workbook_part(number: usize) -> String {
    format!("ppt/embeddings/Workbook{number}.xlsx")
}

/// Our own master, layouts and theme.
fn own(presentation: &Presentation) -> Base {
    let (cx, cy) = presentation.size.emu();
    let page = Page { width: cx as f64 / 36_000.0, height: cy as f64 / 36_000.0, body: None };
    let layouts = layout::own(page.width, page.height);
    let master = "ppt/slideMasters/slideMaster1.xml";
    let mut relations = Relations::default();
    let master_id = relations.add("slideMaster", master);
    relations.add("theme", "ppt/theme/theme1.xml");
    relations.add("tableStyles", "ppt/tableStyles.xml");
    relations.add("presProps", "ppt/presProps.xml");
    relations.add("viewProps", "ppt/viewProps.xml");
    let part = |name: &str, kind: &str, text: String, relations: Relations| Part {
        name: name.into(),
        kind: format!("{OFFICE}.{kind}+xml"),
        bytes: text.into_bytes(),
        relations,
    };
    let (text, master_relations) = layout::master(&layouts, page.width, page.height);
    let mut parts = vec![
        part(master, "presentationml.slideMaster", text, master_relations),
        part("ppt/theme/theme1.xml", "theme", theme::part(&presentation.theme), Relations::default()),
        part(
            "ppt/tableStyles.xml",
            "presentationml.tableStyles",
            parts::table_styles(),
            Relations::default(),
        ),
        part(
            "ppt/presProps.xml",
            "presentationml.presProps",
            parts::properties("p:presentationPr"),
            Relations::default(),
        ),
        part(
            "ppt/viewProps.xml",
            "presentationml.viewProps",
            parts::properties("p:viewPr"),
            Relations::default(),
        ),
    ];
    for layout in &layouts {
        let mut relations = Relations::default();
        relations.add("slideMaster", master);
        parts.push(part(&layout.part, "presentationml.slideLayout", layout::part(layout), relations));
    }
    Base {
        parts,
        relations,
        pieces: parts::presentation(cx, cy, &master_id),
        layouts,
        page,
        palette: presentation.theme.palette,
        notes_master: None,
    }
}

fn taken(template: Template) -> Base {
    let (width, height) = template.size;
    let whole = layout::areas(width, height)[0];
    let below = whole.top + whole.height + 2.0;
    // A template whose master says nothing has the same page as ours.
    let body = template.body.unwrap_or(super::presentation::Area {
        top: below,
        height: height - below - 12.5,
        ..whole
    });
    Base {
        parts: template.parts,
        relations: template.relations,
        pieces: template.pieces,
        layouts: template.layouts,
        page: Page { width, height, body: Some(body) },
        palette: template.palette,
        notes_master: template.notes_master,
    }
}

fn named_layout(layouts: &[LayoutPart], name: &str) -> Result<usize, Diagnostic> {
    layouts.iter().position(|layout| layout.name == name).ok_or_else(|| {
        let names = || layouts.iter().map(|layout| layout.name.as_str());
        let error = Diagnostic::error(format!(
            "expected the name of a layout of the template, found {}",
            quote(name)
        ));
        let known: Vec<String> = names().map(quote).collect();
        let error = error.hint(format!("its layouts are {}", known.join(", ")));
        suggestion(name, names()).into_iter().fold(error, Diagnostic::hint)
    })
}

/// The layout that will do: the one of our name, or the first of a template's types that fit.
fn typed_layout(layouts: &[LayoutPart], wanted: Layout) -> usize {
    let kinds: &[&str] = match wanted {
        Layout::Title | Layout::Note => &["title"],
        Layout::Section => &["secHead", "title"],
        Layout::Body => &["obj", "tx"],
        // Charts and tables stand in what the title leaves free.
        Layout::Chart | Layout::TwoCharts | Layout::Table => &["titleOnly", "obj"],
    };
    let named = layouts.iter().position(|layout| layout.name == layout::name(wanted));
    let of_kind = |kind: &&str| layouts.iter().position(|layout| layout.kind == *kind);
    let titled = || layouts.iter().position(|layout| layout.holder(layout::Purpose::Title).is_some());
    named.or_else(|| kinds.iter().find_map(of_kind)).or_else(titled).unwrap_or(0)
}
