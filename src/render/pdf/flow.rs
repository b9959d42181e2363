//! Strips down the pages: what cannot be cut, in order, each on the page where it and what it is kept with fit.

use std::rc::Rc;

use super::file::Bookmark;
use super::leaf::{Leaf, Mark};

/// What cannot be cut: a line of text, a row of a table, a chart. Its marks are placed from its upper left corner.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Strip {
    /// Height in points.
    pub(super) height: f64,
    /// Space above it, which falls away at the top of a page.
    pub(super) gap: f64,
    /// What is on it.
    pub(super) marks: Vec<Mark>,
    /// It stands on the page of what follows.
    pub(super) keep: bool,
    /// What stands above it when it is the first on its page: the head of its table.
    pub(super) head: Option<Rc<Strip>>,
    /// Its line among the bookmarks.
    pub(super) bookmark: Option<(u8, String)>,
}

/// The part of a page that is filled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// The strips on as many pages as they need.
pub(super) fn flow(strips: &[Strip], column: Column) -> (Vec<Leaf>, Vec<Bookmark>) {
    let mut pages = Pages { column, leaves: vec![Leaf::default()], y: column.top, bookmarks: Vec::new() };
    let mut rest = strips;
    while !rest.is_empty() {
        let kept = rest.iter().take_while(|strip| strip.keep).count();
        let (group, after) = rest.split_at((kept + 1).min(rest.len()));
        let height: f64 = group.iter().map(|strip| strip.gap + strip.height).sum();
        // A group higher than a page begins where it is: nothing is gained by another page.
        if pages.y + height > column.bottom && height <= column.bottom - column.top {
            pages.turn();
        }
        group.iter().for_each(|strip| pages.put(strip));
        rest = after;
    }
    (pages.leaves, pages.bookmarks)
}

struct Pages {
    column: Column,
    leaves: Vec<Leaf>,
    y: f64,
    bookmarks: Vec<Bookmark>,
}

impl Pages {
    /// Goes on at the top of the next page, unless this one is empty.
    fn turn(&mut self) {
        if self.y > self.column.top {
            self.leaves.push(Leaf::default());
            self.y = self.column.top;
        }
    }

    fn put(&mut self, strip: &Strip) {
        if self.y + strip.gap + strip.height > self.column.bottom {
            self.turn();
        }
        if self.y > self.column.top {
            self.y += strip.gap;
        } else if let Some(head) = &strip.head {
            self.draw(head);
        }
        self.draw(strip);
    }

    fn draw(&mut self, strip: &Strip) {
        if let Some((level, text)) = &strip.bookmark {
            let (level, text) = (*level, text.clone());
            self.bookmarks.push(Bookmark { level, text, page: self.leaves.len() - 1, top: self.y });
        }
        let at = (self.column.left, self.y);
        if let Some(leaf) = self.leaves.last_mut() {
            leaf.marks.extend(strip.marks.iter().map(|mark| mark.moved(at)));
        }
        self.y += strip.height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::leaf::INK;

    fn strip(height: f64, keep: bool, head: Option<&Rc<Strip>>) -> Strip {
        let marks = vec![Mark::Filled([0.0, 0.0, 10.0, height], INK)];
        Strip { height, keep, marks, head: head.cloned(), ..Strip::default() }
    }

    /// Tops of what is on each page.
    fn tops(strips: &[Strip]) -> Vec<Vec<f64>> {
        let (leaves, _) = flow(strips, Column { left: 0.0, top: 0.0, bottom: 100.0 });
        let top = |mark: &Mark| match mark {
            Mark::Filled([_, y, ..], _) => *y,
            _ => f64::NAN,
        };
        leaves.iter().map(|leaf| leaf.marks.iter().map(top).collect()).collect()
    }

    #[test]
    fn what_is_kept_together_goes_to_the_next_page_together() {
        let strips = [strip(60.0, false, None), strip(30.0, true, None), strip(30.0, false, None)];
        assert_eq!(tops(&strips), [vec![0.0], vec![0.0, 30.0]]);
    }

    #[test]
    fn a_table_longer_than_a_page_has_its_head_on_each() {
        let head = Rc::new(strip(10.0, true, None));
        let rows = (0..6).map(|_| strip(40.0, true, Some(&head)));
        let strips: Vec<Strip> = std::iter::once(Strip::clone(&head)).chain(rows).collect();
        assert_eq!(tops(&strips), vec![vec![0.0, 10.0, 50.0]; 3]);
    }

    #[test]
    fn a_space_above_falls_away_at_the_top_of_a_page() {
        let strips = [strip(90.0, false, None), Strip { gap: 20.0, ..strip(50.0, false, None) }];
        assert_eq!(tops(&strips), [vec![0.0], vec![0.0]]);
    }
}
