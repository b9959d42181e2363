//! Which columns a request has, and in which lanes each one's respondents stand.
//!
//! A subtotal of a nested banner is a group of its outer questions alone, so it is counted as a banner
//! of its own: whoever gave no reply to the inner questions is in it too.

use std::collections::BTreeMap;

use super::lanes::{LaneSet, groups, lane_sets};
use super::request::Request;
use super::table::{BannerColumn, ColumnRole};
use crate::schema::{QuestionIndex, Survey};

/// Pairs of columns counted by lane sets of their own, each of which costs a walk over the respondents: all
/// pairs of 60 options, but not those of a large nested banner.
const MOST_PAIR_SETS: usize = 2_000;

/// A banner that is counted: one asked for, or the outer questions of one.
pub struct CountedBanner {
    /// Questions, outermost first.
    pub path: Vec<QuestionIndex>,
    /// The banner whose subtotals its groups are.
    pub subtotal_of: Option<usize>,
    /// A lane set that knows who is given on it.
    pub set: usize,
}

/// The columns of a request.
pub struct Columns {
    /// Every lane set to count.
    pub sets: Vec<LaneSet>,
    /// Words and codes, the Total first.
    pub words: Vec<BannerColumn>,
    /// For each banner of the tables, in their order.
    pub banners: Vec<CountedBanner>,
    /// Set and group of each column but the Total.
    places: Vec<(usize, usize)>,
    /// Columns of one banner that may share respondents; `None` where the request does not need them, or
    /// they are too many.
    pub pairs: Option<Vec<Pair>>,
    /// The Total's lanes, in the first set.
    total: Vec<usize>,
}

/// Two columns, and where the respondents in both stand.
pub struct Pair {
    /// The earlier column.
    pub left: usize,
    /// The later one.
    pub right: usize,
    set: usize,
    lanes: Vec<usize>,
}

impl Pair {
    /// The lane set of those in both columns, and their lanes.
    pub fn lanes(&self) -> (usize, &[usize]) {
        (self.set, &self.lanes)
    }
}

impl Columns {
    /// The columns of a request and the lanes they need.
    pub fn of(survey: &Survey, request: &Request) -> Columns {
        let total = column(ColumnRole::Total, None);
        let mut columns = Columns {
            sets: Vec::new(),
            words: vec![total],
            banners: Vec::new(),
            places: Vec::new(),
            pairs: None,
            total: Vec::new(),
        };
        for path in &request.banners {
            columns.add(survey, path, request);
        }
        if columns.sets.is_empty() {
            columns.sets.push(LaneSet::everybody());
        }
        columns.total = (0..columns.sets[0].size).collect();
        if request.joint.columns {
            columns.pairs = columns.paired(survey);
        }
        columns
    }

    /// The lane set of a column, and the lanes of its respondents.
    pub fn lanes(&self, column: usize) -> (usize, &[usize]) {
        match column.checked_sub(1).map(|place| self.places[place]) {
            None => (0, &self.total),
            Some((set, group)) => (set, self.sets[set].groups.get(&group).map_or(&[], Vec::as_slice)),
        }
    }

    /// The columns that each lane of each set is part of; nobody outside the filter is in one.
    pub fn of_lanes(&self) -> Vec<Vec<Vec<u16>>> {
        let mut columns_of: Vec<Vec<Vec<u16>>> =
            self.sets.iter().map(|set| vec![Vec::new(); set.size + 1]).collect();
        for column in 0..self.words.len() {
            let (set, lanes) = self.lanes(column);
            for &lane in lanes {
                columns_of[set][lane].push(column as u16);
            }
        }
        columns_of
    }

    /// Finds the columns that share respondents. Two groups counted by one lane set share lanes; groups of
    /// a wide multi are counted by sets of their own, and their pair needs one more.
    fn paired(&mut self, survey: &Survey) -> Option<Vec<Pair>> {
        let (before, mut pairs) = (self.sets.len(), Vec::new());
        for right in 1..self.words.len() {
            for left in 1..right {
                let (one, other) = (&self.words[left], &self.words[right]);
                let groups = [one, other].iter().all(|column| column.role == ColumnRole::Group);
                if !groups || one.banner != other.banner {
                    continue;
                }
                let ((set, group), (other_set, other_group)) =
                    (self.places[left - 1], self.places[right - 1]);
                let (set, lanes) = if set == other_set {
                    let (mine, theirs) =
                        (&self.sets[set].groups[&group], &self.sets[set].groups[&other_group]);
                    (set, mine.iter().filter(|lane| theirs.contains(lane)).copied().collect())
                } else {
                    let Some(members) = one.banner.and_then(|banner| {
                        shared_members(survey, &self.banners[banner].path, group, other_group)
                    }) else {
                        continue;
                    };
                    if self.sets.len() - before == MOST_PAIR_SETS {
                        self.sets.truncate(before);
                        return None;
                    }
                    self.sets.push(LaneSet::all(members));
                    (self.sets.len() - 1, vec![1])
                };
                if !lanes.is_empty() {
                    pairs.push(Pair { left, right, set, lanes });
                }
            }
        }
        Some(pairs)
    }

    fn add(&mut self, survey: &Survey, path: &[QuestionIndex], request: &Request) {
        let outermost = if request.subtotals { 1 } else { path.len() };
        let nested = self.banners.len() + path.len() - outermost;
        // For each number of questions from the outside, where its groups are counted.
        let mut sets_of: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        for depth in outermost..=path.len() {
            let first = self.sets.len();
            self.sets.extend(lane_sets(survey, &path[..depth]));
            let counted = (first..self.sets.len())
                .flat_map(|set| self.sets[set].groups.keys().map(move |&group| (group, set)));
            sets_of.insert(depth, counted.collect());
            self.banners.push(CountedBanner {
                path: path[..depth].to_vec(),
                subtotal_of: (depth < path.len()).then_some(nested),
                set: first,
            });
        }
        for (place, group) in groups(survey, path).into_iter().enumerate() {
            for depth in outermost..=path.len() {
                // A subtotal stands before the first of its inner groups.
                if group[depth..].iter().any(|&option| option > 0) {
                    continue;
                }
                let number = group[..depth].iter().zip(path).fold(0, |number, (&option, &question)| {
                    number * survey.questions[question].options.len() + option
                });
                let Some(&set) = sets_of.get(&depth).and_then(|sets| sets.get(&number)) else { continue };
                let options = path.iter().zip(&group[..depth]);
                let offered =
                    options.clone().all(|(&q, option)| !survey.questions[q].not_offered.contains(option));
                let options = options.map(|(&q, &option)| &survey.questions[q].options[option]);
                let (codes, labels) =
                    options.map(|option| (option.code.clone(), option.label.clone())).unzip();
                let inner = depth == path.len();
                self.places.push((set, number));
                self.words.push(BannerColumn {
                    codes,
                    labels,
                    offered,
                    letter: if inner { letter(place) } else { String::new() },
                    ..column(
                        if inner { ColumnRole::Group } else { ColumnRole::Subtotal },
                        Some(nested - (path.len() - depth)),
                    )
                });
            }
        }
        if request.banner_missing {
            self.places.push((self.sets.len(), 0));
            self.sets.push(LaneSet::missing(survey, path));
            self.words.push(column(ColumnRole::Missing, Some(nested)));
        }
    }
}

/// The options that somebody in two groups of a banner has; `None` where nobody can be in both, for a
/// question on the path takes one option.
fn shared_members(
    survey: &Survey,
    path: &[QuestionIndex],
    mut one: usize,
    mut other: usize,
) -> Option<Vec<(QuestionIndex, usize)>> {
    let mut members = Vec::new();
    for &question in path.iter().rev() {
        let options = survey.questions[question].options.len();
        let (mine, theirs) = (one % options, other % options);
        if mine != theirs && survey.questions[question].kind.takes_one_option() {
            return None;
        }
        members.push((question, mine));
        members.push((question, theirs));
        (one, other) = (one / options, other / options);
    }
    members.dedup();
    Some(members)
}

fn column(role: ColumnRole, banner: Option<usize>) -> BannerColumn {
    BannerColumn { role, banner, codes: Vec::new(), labels: Vec::new(), offered: true, letter: String::new() }
}

/// A … Z, AA, AB …
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    match place / 26 {
        0 => last.to_string(),
        before => letter(before - 1) + &last.to_string(),
    }
}
