//! One table in every way a reader may want it: counts, percentages, both, shares of an answer; and in two orders.

use crate::sheet::{Arranged, Axis, Cell, CellChoice, Content, PercentBase, Profile, Sheet, arranged};
use crate::tabulate::Table;

/// A table with all that may stand in its cells.
pub(super) struct Face {
    /// Id of the question it is of.
    pub question: String,
    pub title: String,
    pub above: Vec<Line>,
    pub header: Vec<Vec<Slot>>,
    pub body: Vec<Vec<Slot>>,
    /// How many leading columns are labels.
    pub side: usize,
    pub notes: Vec<Line>,
    /// Where answers stand.
    pub answers: Axis,
    /// Whether its cells have a share of the answer beside the others.
    pub shares: bool,
    /// The other order of its rows or columns, as places in this one.
    pub order: Option<Vec<usize>>,
}

/// A line of words, and in which views it is true: `c`, `p`, `b`, `s`; all when there are none.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub views: String,
}

/// A cell in its views.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    pub cell: Cell,
    /// 実数, where the cell is a percentage.
    pub count: Option<Cell>,
    /// The percentage of those who gave the answer, where there is one.
    pub share: Option<Cell>,
    /// The one view, besides both, that has this column.
    pub only: Option<char>,
}

impl Slot {
    fn plain(cell: Cell) -> Slot {
        Slot { cell, count: None, share: None, only: None }
    }

    /// All that it says.
    fn words(&self) -> String {
        let views = [Some(&self.cell), self.count.as_ref(), self.share.as_ref()];
        views.into_iter().flatten().map(|cell| cell.shown() + "\u{1}").collect()
    }
}

/// The faces of a book's tables; `other` are the same tables in the other order.
pub(super) fn faces(tables: &[Table], other: &[Table], profile: &Profile) -> Vec<Face> {
    let mut faces = in_views(tables, profile);
    let others = in_views(other, profile);
    if faces.len() == others.len() {
        faces.iter_mut().zip(&others).for_each(|(face, other)| face.order = order(face, other));
    }
    faces
}

fn in_views(tables: &[Table], profile: &Profile) -> Vec<Face> {
    let with = |cell: CellChoice, percent: Option<PercentBase>| {
        arranged(tables, &Profile { cell, percent, ..profile.clone() })
    };
    let both = with(CellChoice::Both, profile.percent);
    let counts = with(CellChoice::Count, profile.percent);
    let percents = with(CellChoice::Percent, profile.percent);
    let shares = with(CellChoice::Percent, Some(PercentBase::Stub));
    let of_groups = profile.percent == Some(PercentBase::Banner);
    if [&counts, &percents, &shares].iter().any(|views| views.len() != both.len()) {
        return both.into_iter().map(one).collect();
    }
    let views = both.into_iter().zip(counts).zip(percents).zip(shares);
    views
        .map(|(((both, count), percent), share)| {
            // Shares are another view only of what has groups, and where they are not what is shown anyway.
            let share = (of_groups && share.sheet.body != percent.sheet.body).then_some(share);
            face(both, &count.sheet, &percent.sheet, share.as_ref().map(|share| &share.sheet))
        })
        .collect()
}

fn is_alike(one: &Sheet, other: &Sheet) -> bool {
    one.side == other.side
        && one.header == other.header
        && one.body.len() == other.body.len()
        && one.body.iter().zip(&other.body).all(|(one, other)| one.len() == other.len())
}

fn face(both: Arranged, count: &Sheet, percent: &Sheet, share: Option<&Sheet>) -> Face {
    let lines_in_cells = is_alike(count, percent) && both.sheet.body.len() > percent.body.len();
    if lines_in_cells {
        let share = share.filter(|share| is_alike(share, percent));
        return Face { shares: share.is_some(), ..in_lines(&both, count, percent, share) };
    }
    let columns = both.sheet.header.last().map_or(0, Vec::len);
    let mut face = one(both);
    // Counts and percentages in columns of their own: each is known by its header.
    if face.body.len() == percent.body.len() && face.body.len() == count.body.len() {
        for column in face.side..columns {
            let Some(header) = face.header.last().and_then(|row| row.get(column)) else { continue };
            let has = |sheet: &Sheet| sheet.header.last().is_some_and(|row| row.contains(&header.cell));
            let only = match (has(count), has(percent)) {
                (true, false) => Some('c'),
                (false, true) => Some('p'),
                _ => None,
            };
            let rows = face.header.iter_mut().chain(&mut face.body);
            rows.filter_map(|row| row.get_mut(column)).for_each(|slot| slot.only = only);
        }
    }
    face
}

/// A table as it is, in every view.
fn one(arranged: Arranged) -> Face {
    let Arranged { question, answers, sheet, .. } = arranged;
    let line = |text: String| Line { text, views: String::new() };
    let slots = |rows: Vec<Vec<Cell>>| -> Vec<Vec<Slot>> {
        rows.into_iter().map(|row| row.into_iter().map(Slot::plain).collect()).collect()
    };
    Face {
        question,
        title: sheet.title,
        above: sheet.above.into_iter().map(line).collect(),
        header: slots(sheet.header),
        body: slots(sheet.body),
        side: sheet.side,
        notes: sheet.notes.into_iter().map(line).collect(),
        answers,
        shares: false,
        order: None,
    }
}

/// Counts and percentages as lines of the same cells.
fn in_lines(both: &Arranged, count: &Sheet, percent: &Sheet, share: Option<&Sheet>) -> Face {
    let slot = |row: usize, column: usize| {
        let cell = percent.body[row][column].clone();
        let other = |sheet: &Sheet| Some(sheet.body[row][column].clone());
        let (count, share) = (other(count), share.and_then(other));
        let differs = [&count, &share].into_iter().flatten().any(|other| other.content != cell.content);
        match differs {
            true => Slot { cell, count, share, only: None },
            false => Slot::plain(cell),
        }
    };
    let body = percent.body.iter().enumerate();
    let body = body.map(|(row, cells)| (0..cells.len()).map(|column| slot(row, column)).collect()).collect();
    let views = |of: fn(&Sheet) -> &Vec<String>| {
        let mut views = vec![('b', of(&both.sheet)), ('c', of(count)), ('p', of(percent))];
        views.extend(share.map(|share| ('s', of(share))));
        lines(&views)
    };
    Face {
        above: views(|sheet| &sheet.above),
        notes: views(|sheet| &sheet.notes),
        header: percent.header.iter().map(|row| row.iter().cloned().map(Slot::plain).collect()).collect(),
        body,
        side: percent.side,
        question: both.question.clone(),
        title: both.sheet.title.clone(),
        answers: both.answers,
        shares: false,
        order: None,
    }
}

/// The lines of several views, each once, in their order.
fn lines(views: &[(char, &Vec<String>)]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (view, texts) in views {
        let mut at = 0;
        for text in *texts {
            match lines.iter().position(|line| line.text == *text) {
                Some(known) => {
                    lines[known].views.push(*view);
                    at = known + 1;
                }
                None => {
                    lines.insert(at, Line { text: text.clone(), views: view.to_string() });
                    at += 1;
                }
            }
        }
    }
    for line in lines.iter_mut().filter(|line| line.views.len() == views.len()) {
        line.views.clear();
    }
    lines
}

/// At which place of a face each row (or column) of the other stands; `None` where they are not the same rows, are
/// in the same order, or where the order would tell of what is hidden.
fn order(face: &Face, other: &Face) -> Option<Vec<usize>> {
    let hidden = |slot: &Slot| slot.cell.content == Content::Suppressed;
    if face.body.iter().flatten().any(hidden) {
        return None;
    }
    let keys = |face: &Face| -> Vec<String> {
        match face.answers {
            Axis::Side => face.body.iter().map(|row| row.iter().map(Slot::words).collect()).collect(),
            Axis::Top => {
                let columns = face.header.last().map_or(0, Vec::len);
                let rows = || face.header.iter().chain(&face.body);
                let key = |column: usize| rows().filter_map(|row| row.get(column)).map(Slot::words).collect();
                (0..columns).map(key).collect()
            }
        }
    };
    // Where columns move, none may span others.
    let spans = |row: &Vec<Slot>| row.iter().any(|slot| slot.cell.columns > 1);
    if face.answers == Axis::Top && face.header.iter().chain(&face.body).any(spans) {
        return None;
    }
    let (here, there) = (keys(face), keys(other));
    let fixed = if face.answers == Axis::Top { face.side } else { 0 };
    let mut free: Vec<usize> = (fixed..here.len()).collect();
    let mut order: Vec<usize> = (0..fixed).collect();
    for key in there.get(fixed..)? {
        let at = free.iter().position(|&place| here[place] == *key)?;
        order.push(free.remove(at));
    }
    (free.is_empty() && !order.is_sorted()).then_some(order)
}
