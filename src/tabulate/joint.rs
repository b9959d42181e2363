//! What tests need beyond cells, bases and value counts: respondents that columns share, the values of all
//! who are given on a banner, a grid's rows by respondent, answers given together. Collected only for
//! requests that say so.

use super::battery::Battery;
use super::contrast::Opposite;
use super::patterns::Patterns;
use super::table::Tally;
use crate::stats::Distribution;

/// What the tests of a request need; nothing by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JointNeeds {
    /// Columns are compared with one another or with the rest.
    pub columns: bool,
    /// The rows of a grid are compared.
    pub rows: bool,
    /// Several answers are tested together.
    pub patterns: bool,
    /// Differences of columns are tested under the design, where there is one.
    pub differences: Option<Opposite>,
    /// Answers are tested for independence of a banner under the design, where there is one.
    pub independence: bool,
}

impl JointNeeds {
    /// Whether a design of the sample would be used.
    pub fn design(&self) -> bool {
        self.differences.is_some() || self.independence
    }
}

/// Two columns of a banner that share respondents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// A column of the table.
    pub left: usize,
    /// A later one of the same banner.
    pub right: usize,
    /// For each stub row: respondents in both columns and in the row's base.
    pub bases: Vec<Tally>,
}

/// What was collected of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JointColumns {
    /// Pairs that share nobody are left out.
    pub overlaps: Vec<Overlap>,
    /// For each banner and stub row: values of those given on the banner.
    pub given: Vec<Vec<Distribution>>,
}

/// Joint counts of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Joint {
    pub(super) columns: Option<JointColumns>,
    /// Of a grid's summary table, one answer over its rows, by column; empty where it was not collected.
    pub batteries: Vec<Battery>,
    /// For each banner, answers given together; `None` where neither side takes several.
    pub(super) patterns: Vec<Option<Patterns>>,
}

impl Joint {
    /// Whether it is known which respondents columns share.
    pub fn has_columns(&self) -> bool {
        self.columns.is_some()
    }

    /// Respondents in both columns, in a row's base; nobody where it was not collected.
    pub fn shared(&self, row: usize, left: usize, right: usize) -> Tally {
        let (left, right) = (left.min(right), left.max(right));
        let overlaps = self.columns.iter().flat_map(|columns| &columns.overlaps);
        let of_pair = |overlap: &&Overlap| (overlap.left, overlap.right) == (left, right);
        overlaps.filter(of_pair).map(|overlap| overlap.bases[row]).sum()
    }

    /// Answers given together on the stub's question and a banner.
    pub fn patterns(&self, banner: usize) -> Option<&Patterns> {
        self.patterns.get(banner)?.as_ref()
    }

    /// Values of a number or score row of all who are given on a banner.
    pub fn given(&self, row: usize, banner: usize) -> Option<&Distribution> {
        self.columns.as_ref()?.given.get(banner)?.get(row)
    }

    /// The sum of two over different respondents; `None` when only one of them was collected.
    pub(super) fn merge(&self, other: &Joint) -> Option<Joint> {
        let columns = match (&self.columns, &other.columns) {
            (None, None) => None,
            (Some(one), Some(other)) => Some(one.merge(other)),
            _ => return None,
        };
        if self.batteries.len() != other.batteries.len() {
            return None;
        }
        let batteries =
            self.batteries.iter().zip(&other.batteries).map(|(one, other)| one.merge(other)).collect();
        if self.patterns.len() != other.patterns.len() {
            return None;
        }
        let patterns = self.patterns.iter().zip(&other.patterns);
        let patterns = patterns.map(|(one, other)| Some(one.as_ref()?.merge(other.as_ref()?)));
        Some(Joint { columns, batteries, patterns: patterns.collect() })
    }

    /// The rows in this order.
    pub(super) fn select_rows(&self, rows: &[usize]) -> Joint {
        let columns = self.columns.as_ref().map(|columns| JointColumns {
            overlaps: columns
                .overlaps
                .iter()
                .map(|overlap| Overlap {
                    bases: rows.iter().map(|&row| overlap.bases[row]).collect(),
                    ..*overlap
                })
                .collect(),
            given: columns
                .given
                .iter()
                .map(|given| rows.iter().map(|&row| given[row].clone()).collect())
                .collect(),
        });
        // What is of respondents and not of rows stays as it is.
        Joint { columns, ..self.clone() }
    }

    /// Rows of several tables with the same columns under one another.
    pub(super) fn stacked<'a>(mut joints: impl Iterator<Item = &'a Joint>) -> Joint {
        let mut stacked = joints.next().cloned().unwrap_or_default();
        for joint in joints {
            if let (Some(mine), Some(theirs)) = (&mut stacked.columns, &joint.columns) {
                for (mine, theirs) in mine.overlaps.iter_mut().zip(&theirs.overlaps) {
                    mine.bases.extend(&theirs.bases);
                }
                for (mine, theirs) in mine.given.iter_mut().zip(&theirs.given) {
                    mine.extend(theirs.iter().cloned());
                }
            }
        }
        stacked
    }

    /// Every tally, to change its unit.
    pub(super) fn tallies(&mut self) -> impl Iterator<Item = &mut Tally> {
        let columns = self.columns.iter_mut();
        columns.flat_map(|columns| &mut columns.overlaps).flat_map(|overlap| &mut overlap.bases)
    }

    /// Every row of values, to change its unit.
    pub(super) fn values(&mut self) -> impl Iterator<Item = &mut Distribution> {
        self.columns.iter_mut().flat_map(|columns| columns.given.iter_mut().flatten())
    }
}

impl JointColumns {
    fn merge(&self, other: &JointColumns) -> JointColumns {
        let mut sum = self.clone();
        for (mine, theirs) in sum.overlaps.iter_mut().zip(&other.overlaps) {
            mine.bases.iter_mut().zip(&theirs.bases).for_each(|(mine, theirs)| *mine += *theirs);
        }
        for (mine, theirs) in sum.given.iter_mut().flatten().zip(other.given.iter().flatten()) {
            *mine = mine.merge(theirs);
        }
        sum
    }
}
