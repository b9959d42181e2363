//! All tables of a study as one HTML page: nothing from the network, complete without its script.
//!
//! Every number is in the page as `sheet` prints it, in every view a reader can choose; the script shows and hides,
//! moves rows and columns to places found here, and computes nothing.

mod face;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use self::face::{Face, Line, Slot, faces};
use super::page::{about_section, drawing, mark_class, policy, spanned};
use crate::chart::{ChartRequest, FAMILIES, Palette, Style, charts, draw, svg};
use crate::diag::visible;
use crate::sheet::{Axis, Content, Language, Profile, Role, Sheet};
use crate::tabulate::Table;

const STYLE: &str = concat!(include_str!("../document/paper.css"), include_str!("tables.css"));
const SCRIPT: &str = include_str!("page.js");

/// The page of all books of tables.
pub struct TablesPage<'a> {
    /// Title of the survey.
    pub title: &'a str,
    /// Language of the words that the page adds.
    pub language: Language,
    /// 調査概要
    pub about: Option<Sheet>,
    /// What must be known of the data.
    pub notes: &'a [String],
    /// The books.
    pub books: Vec<TablesBook<'a>>,
}

/// Tables that a reader may choose to see alone.
pub struct TablesBook<'a> {
    /// Part of ids in the page.
    pub id: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// Its tables.
    pub tables: &'a [Table],
    /// The same in the other order: by frequency, or as asked when `sorted`.
    pub reordered: &'a [Table],
    /// Whether most frequent answers come first.
    pub sorted: bool,
    /// How they are presented.
    pub profile: &'a Profile,
}

/// A question with all that the books have of it.
struct Item {
    id: String,
    heading: String,
    wording: Option<String>,
    part: Option<String>,
    charts: Vec<String>,
    /// Tables, with the place of their book.
    faces: Vec<(usize, Face)>,
}

impl TablesPage<'_> {
    /// The page.
    pub fn html(&self) -> String {
        let language = self.language;
        let items = self.items();
        let page = markup! {
            (DOCTYPE)
            html lang=(language.choose("ja", "en")) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy(STYLE, Some(SCRIPT)));
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="generator" content="renkei";
                    title { (visible(self.title)) }
                    style { (PreEscaped(STYLE)) }
                }
                body data-view="b" {
                    header { h1 { (visible(self.title)) } }
                    @if let Some(about) = &self.about { (about_section(about)) }
                    (self.contents(&items))
                    (self.controls())
                    main { @for (place, item) in items.iter().enumerate() { (self.item(item, place, &items)) } }
                    footer { @for note in self.notes { p.note { "※ " (visible(note)) } } }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string() + "\n"
    }

    /// Questions in the order in which the books have them first.
    fn items(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for (place, book) in self.books.iter().enumerate() {
            for tables in book.tables.chunk_by(|one, next| key(one) == key(next)) {
                let at = items.iter().position(|item| item.id == key(&tables[0]));
                let at = at.unwrap_or_else(|| {
                    items.push(Item::of(&tables[0]));
                    items.len() - 1
                });
                // One drawing: of everybody where a book has them alone, otherwise of the first book's groups.
                let whole = tables[0].columns.len() == 1;
                if items[at].charts.is_empty()
                    || whole && items[at].faces.iter().all(|(book, _)| !self.is_whole(*book))
                {
                    items[at].charts = drawings(tables, book.profile);
                }
            }
            for face in faces(book.tables, book.reordered, book.profile) {
                if let Some(item) = items.iter_mut().find(|item| item.id == face.question) {
                    item.faces.push((place, face));
                }
            }
        }
        items
    }

    /// Whether a book's tables have no groups.
    fn is_whole(&self, book: usize) -> bool {
        self.books[book].tables.iter().all(|table| table.columns.len() == 1)
    }

    fn contents(&self, items: &[Item]) -> Markup {
        markup! {
            nav aria-labelledby="contents" {
                h2 id="contents" { (self.language.choose("目次", "Contents")) }
                @for part in items.chunk_by(|one, next| one.part == next.part) {
                    @if let Some(name) = &part[0].part { p { b { (visible(name)) } } }
                    ol { @for item in part { li { a href={ "#" (anchor(&item.id)) } { (visible(&item.heading)) } } } }
                }
            }
        }
    }

    /// What a reader may choose; shown by the script, for without it nothing can be chosen.
    fn controls(&self) -> Markup {
        let say = |japanese, english| self.language.choose(japanese, english);
        let sorted = self.books.iter().any(|book| book.sorted);
        markup! {
            div #controls hidden role="search"
                data-copy=(say("コピー", "Copy")) data-csv="CSV" data-svg="SVG"
                data-copied=(say("表をコピーしました", "The table was copied"))
                data-uncopied=(say("コピーできませんでした", "The table could not be copied"))
                data-found=(say("{all}問中{shown}問", "{shown} of {all} questions")) {
                @if self.books.len() > 1 {
                    label { (say("集計表", "Tables"))
                        select id="book" {
                            option value="" { (say("すべて", "All")) }
                            @for book in &self.books { option value=(book.id) { (visible(book.title)) } }
                        }
                    }
                }
                label { (say("表示", "Cells"))
                    select id="view" {
                        option value="b" { (say("実数と％", "Counts and %")) }
                        option value="p" { (say("％", "%")) }
                        option value="c" { (say("実数", "Counts")) }
                        option value="s" { (say("％（その回答をした人の内訳）", "% of those who gave the answer")) }
                    }
                }
                label { (say("並び順", "Order"))
                    select id="sort" {
                        option value="questionnaire" { (say("調査票の順", "Questionnaire")) }
                        option value="frequency" selected[sorted] { (say("多い順", "Most frequent first")) }
                    }
                }
                label { (say("設問をさがす", "Find questions")) input id="filter" type="search" autocomplete="off"; }
                p #status role="status" aria-live="polite" {}
            }
        }
    }

    fn item(&self, item: &Item, place: usize, items: &[Item]) -> Markup {
        let first = (0..=place).rev().take_while(|at| items[*at].part == item.part).last().unwrap_or(place);
        let part = item.part.as_ref().map(|_| format!("part-{first}"));
        markup! {
            @if let (Some(name), true) = (&item.part, first == place) {
                h2.part id=[part.as_ref()] { (visible(name)) }
            }
            section.item id=(anchor(&item.id)) data-part=[part] {
                h3 { (visible(&item.heading)) }
                @if let Some(wording) = &item.wording { p.wording { (visible(wording)) } }
                @for (number, chart) in item.charts.iter().enumerate() {
                    @let id = format!("chart-{}-{}", item.id, number + 1);
                    figure.chart id=(id) { (drawing(chart, &id, &table_id(item, 1))) }
                }
                @for (number, (book, face)) in item.faces.iter().enumerate() {
                    (self.table(item, number + 1, &self.books[*book], face))
                }
            }
        }
    }

    fn table(&self, item: &Item, number: usize, book: &TablesBook<'_>, face: &Face) -> Markup {
        let columns = face.header.last().map_or(0, Vec::len);
        let mut class = "table".to_string();
        let wide = ["", " wide", " wider", " widest"];
        class += wide[[12, 18, 30].iter().filter(|most| columns > **most).count()];
        if face.shares {
            class += " shares";
        }
        let order =
            face.order.as_ref().map(|order| order.iter().map(usize::to_string).collect::<Vec<_>>().join(" "));
        let answers = match face.answers {
            Axis::Side => "side",
            Axis::Top => "top",
        };
        let above = face.above.iter().filter(|line| Some(&line.text) != item.wording.as_ref());
        markup! {
            div class=(class) id=(table_id(item, number)) data-book=(book.id) data-order=[order] data-answers=(answers)
                data-sorted[book.sorted] {
                div.scroll tabindex="0" role="region" aria-label=(visible(&face.title)) {
                    table {
                        caption { b { (visible(&face.title)) } @for line in above { span class=[line.class()] { (visible(&line.text)) } } }
                        thead { @for row in &face.header { tr { @for slot in row { (slot.header()) } } } }
                        tbody {
                            @for row in &face.body {
                                tr { @for (place, slot) in row.iter().enumerate() { (slot.body(place < face.side)) } }
                            }
                        }
                    }
                }
                @if !face.notes.is_empty() {
                    ul.table-notes.notes { @for line in &face.notes { li class=[line.class()] { (visible(&line.text)) } } }
                }
            }
        }
    }
}

/// The question that a table is of, as a whole: rows of a grid and places of a rank question are of one.
fn key(table: &Table) -> &str {
    table.grid.as_deref().unwrap_or(&table.question.id)
}

fn table_id(item: &Item, number: usize) -> String {
    format!("table-{}-{number}", item.id)
}

fn anchor(id: &str) -> String {
    format!("q-{id}")
}

/// The usual charts of a question; none where there is no chart of it.
fn drawings(tables: &[Table], profile: &Profile) -> Vec<String> {
    let request = ChartRequest { lenient: true, ..ChartRequest::default() };
    let style = Style { width: 720, palette: Palette::Auto, hatched: false };
    let made = charts(tables, &request, profile).map_or_else(|_| Vec::new(), |made| made.value);
    made.iter().map(|chart| svg(chart, &draw(chart, &style), &FAMILIES)).collect()
}

impl Item {
    fn of(table: &Table) -> Item {
        let id = key(table).to_string();
        let question = &table.question;
        let (heading, wording) = match table.grid.is_some() {
            true => (format!("{id} {}", question.text), None),
            false => (
                format!("{id} {}", question.heading),
                Some(question.text.clone()).filter(|text| *text != question.heading),
            ),
        };
        let part = question.section.clone();
        Item { id, heading, wording, part, charts: Vec::new(), faces: Vec::new() }
    }
}

impl Line {
    /// The views in which it is shown.
    fn class(&self) -> Option<String> {
        let views = self.views.chars().map(|view| format!(" in-{view}"));
        (!self.views.is_empty()).then(|| format!("in{}", views.collect::<String>()))
    }
}

impl Slot {
    fn only(&self) -> Option<String> {
        self.only.map(|view| format!("only-{view}"))
    }

    fn header(&self) -> Markup {
        markup! {
            @if self.cell.content != Content::Covered {
                th scope="col" class=[self.only()] colspan=[spanned(&self.cell)] { (visible(&self.cell.shown())) }
            }
        }
    }

    fn body(&self, side: bool) -> Markup {
        let cell = &self.cell;
        let text = visible(&cell.shown());
        if cell.content == Content::Covered {
            return markup! {};
        }
        if side && matches!(cell.content, Content::Text(_) | Content::Empty) {
            return markup! { th scope="row" colspan=[spanned(cell)] { (text) } };
        }
        let marked = markup! { (text) @if !cell.mark_text().is_empty() { em { (cell.mark_text()) } } };
        let class = match (&self.count, cell.role, &cell.content) {
            (Some(_), Role::Net, _) => Some("net".to_string()),
            (Some(_), ..) => None,
            (None, Role::Net, _) => Some(format!("net {}", mark_class(cell).unwrap_or(""))),
            (None, _, Content::Text(_)) => Some("words".to_string()),
            (None, ..) => mark_class(cell).map(str::to_string),
        };
        let class: Vec<String> =
            class.into_iter().chain(self.only()).map(|name| name.trim().to_string()).collect();
        let class = (!class.is_empty()).then(|| class.join(" "));
        markup! {
            td class=[class] colspan=[spanned(cell)] {
                @match &self.count {
                    None => (marked),
                    Some(count) => {
                        i { (visible(&count.shown())) }
                        b class=[mark_class(cell)] { (marked) }
                        @if let Some(share) = &self.share { u { (visible(&share.shown())) } }
                    }
                }
            }
        }
    }
}
