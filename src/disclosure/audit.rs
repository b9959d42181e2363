//! The attack: what an outsider can compute of what a set of files hides.
//!
//! The outsider knows that answers of a single question add up to its base, groups to everybody, options of
//! a multiple answer to its mentions, that nobody is counted less than zero times, and how percentages are
//! rounded. Of each hidden number the least and the greatest possible value are found (linear programmes
//! over all files together); too near to each other, it is as good as published. Written apart from the
//! suppressor: it shares nothing with it but the solver of linear programmes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::evidence::{Evidence, Line, Range, Subject};
use crate::stats::Programme;

/// A hidden number that can be computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// What it counts.
    pub subject: Subject,
    /// What it must be, at least and at most.
    pub range: Range,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Audit {
    /// Numbers read.
    pub shown: usize,
    /// Numbers marked as hidden.
    pub hidden: usize,
    /// What could be computed within less than the threshold.
    pub recovered: Vec<Recovered>,
    /// Shown numbers of fewer than the threshold, but not none.
    pub small: Vec<Recovered>,
    /// Parts of the files of which the numbers contradict each other, so that nothing was computed.
    pub contradictions: usize,
}

/// One unknown, or known, number.
struct Unknown {
    range: Range,
    hidden: bool,
}

#[derive(Default)]
struct Model {
    place: HashMap<Subject, usize>,
    subjects: Vec<Option<Subject>>,
    unknowns: Vec<Unknown>,
    /// Sums that are zero.
    sums: Vec<Vec<(usize, f64)>>,
}

const MOST: f64 = 1e7;

impl Model {
    fn add(&mut self, subject: Option<Subject>, range: Range, hidden: bool) -> usize {
        self.subjects.push(subject);
        self.unknowns.push(Unknown { range, hidden });
        self.unknowns.len() - 1
    }

    fn is_exact(&self, place: usize) -> Option<f64> {
        let range = self.unknowns[place].range;
        (range.high - range.low < 1e-9).then_some(range.low)
    }

    /// The whole is its parts, and perhaps others.
    fn sum(&mut self, whole: usize, parts: &[usize], others: bool) {
        let mut sum: Vec<(usize, f64)> = parts.iter().map(|&part| (part, 1.0)).collect();
        sum.push((whole, -1.0));
        if others {
            sum.push((self.add(None, Range { low: 0.0, high: MOST }, false), 1.0));
        }
        self.sums.push(sum);
    }

    /// The whole is its groups, and perhaps others; of groups that overlap, each is a part of it.
    fn groups(&mut self, whole: usize, groups: &[usize], others: bool, apart: bool) {
        match apart {
            true => self.sum(whole, groups, others),
            false => groups.iter().for_each(|&group| self.sum(whole, &[group], true)),
        }
    }

    /// Whether the known parts of a whole can leave nothing for others.
    fn fits(&self, whole: usize, parts: &[usize]) -> bool {
        let low: f64 = parts.iter().map(|&part| self.unknowns[part].range.low).sum();
        let high: f64 = parts.iter().map(|&part| self.unknowns[part].range.high).sum();
        let whole = self.unknowns[whole].range;
        low <= whole.high + 1e-6 && high >= whole.low - 1e-6
    }
}

/// Attacks what was read: which hidden numbers are known within less than `threshold`.
pub fn audit(evidence: &Evidence, threshold: f64) -> Audit {
    let evidence = &evidence.settled();
    let mut model = Model::default();
    for (subject, said) in &evidence.said {
        let range = said.unwrap_or(Range { low: 0.0, high: MOST });
        let place = model.add(Some(subject.clone()), range, said.is_none());
        model.place.insert(subject.clone(), place);
    }
    relate(&mut model, evidence);
    let mut found = Audit {
        shown: evidence.said.values().flatten().count(),
        hidden: evidence.said.values().filter(|said| said.is_none()).count(),
        ..Audit::default()
    };
    for (subject, said) in &evidence.said {
        if let Some(range) = said.filter(|range| range.low > 0.5 && range.high < threshold - 0.5) {
            found.small.push(Recovered { subject: subject.clone(), range });
        }
    }
    for part in parts(&model) {
        attack(&model, &part, threshold, &mut found);
    }
    found.recovered.sort_by(|one, other| one.subject.cmp(&other.subject));
    found
}

/// What an outsider knows of sums.
fn relate(model: &mut Model, evidence: &Evidence) {
    let subjects: Vec<Subject> = evidence.said.keys().cloned().collect();
    // Everybody is asked most questions: their bases are one number for each group.
    let everybody = |model: &Model, question: &str| {
        let base =
            subjects.iter().find(|s| s.line == Line::Base && s.question == question && s.by.is_empty());
        base.and_then(|base| model.is_exact(model.place[base]))
    };
    let questions: BTreeSet<&str> = subjects.iter().map(|subject| subject.question.as_str()).collect();
    let most = questions.iter().filter_map(|question| everybody(model, question)).fold(0.0, f64::max);
    let is_of_all = |question: &&str| most > 0.0 && everybody(model, question) == Some(most);
    let of_all: BTreeSet<&str> = questions.iter().copied().filter(is_of_all).collect();
    let mut shared: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for subject in subjects.iter().filter(|subject| subject.line == Line::Base) {
        if of_all.contains(subject.question.as_str()) {
            let place = model.place[subject];
            let around = subject.question.split_once('|').map_or("", |(_, around)| around).to_string();
            let key = (around, subject.by.clone(), subject.group.clone());
            match shared.get(&key) {
                Some(&known) => model.sums.push(vec![(known, 1.0), (place, -1.0)]),
                None => _ = shared.insert(key, place),
            }
        }
    }
    // Answers of a group.
    let mut columns: BTreeMap<(&str, &str, &str), Vec<&Subject>> = BTreeMap::new();
    for subject in &subjects {
        let key = (subject.question.as_str(), subject.by.as_str(), subject.group.as_str());
        columns.entry(key).or_default().push(subject);
    }
    let of_line = |column: &[&Subject], line: Line| -> Vec<Subject> {
        column.iter().filter(|subject| subject.line == line).map(|subject| (*subject).clone()).collect()
    };
    let mut single: BTreeMap<&str, bool> = BTreeMap::new();
    for question in &questions {
        let known = evidence.single.get(question.split('|').next().unwrap_or_default());
        known.iter().for_each(|is| _ = single.insert(question, **is));
    }
    for ((question, by, _), column) in &columns {
        // What everybody answered, where it is seen whole, tells whether one answer each was allowed.
        let (base, answers) = (of_line(column, Line::Base), of_line(column, Line::Part));
        let (Some(base), true) = (base.first(), by.is_empty()) else { continue };
        let known: Option<f64> = answers.iter().map(|answer| model.is_exact(model.place[answer])).sum();
        let whole = model.is_exact(model.place[base]);
        let is_single = match (known, whole) {
            (Some(known), Some(whole)) => (known - whole).abs() < 1e-6,
            _ => {
                let parts: Vec<usize> = answers.iter().map(|answer| model.place[answer]).collect();
                of_line(column, Line::Mentions).is_empty() && model.fits(model.place[base], &parts)
            }
        };
        single.insert(question, is_single);
    }
    let is_related = |subject: &&Subject| match subject.line {
        Line::Part | Line::Net => true,
        Line::Base => of_all.contains(subject.question.as_str()),
        Line::Mentions => false,
    };
    relate_groups(model, subjects.iter().filter(is_related), &single, &evidence.nets);
    for ((question, _, _), column) in &columns {
        let places = |model: &Model, line: Line| -> Vec<usize> {
            of_line(column, line).iter().map(|subject| model.place[subject]).collect()
        };
        let (bases, answers, mentions) =
            (places(model, Line::Base), places(model, Line::Part), places(model, Line::Mentions));
        let options: Vec<usize> = of_line(column, Line::Part)
            .iter()
            .filter(|subject| !subject.answer.starts_with("missing"))
            .map(|subject| model.place[subject])
            .collect();
        let is_single = single.get(question).copied().unwrap_or(false);
        if let Some(&base) = bases.first() {
            match is_single {
                true if !answers.is_empty() => model.sum(base, &answers, false),
                _ => answers.iter().for_each(|&answer| model.sum(base, &[answer], true)),
            }
        }
        if let (Some(&all), false) = (mentions.first(), options.is_empty()) {
            model.sum(all, &options, false);
        }
        for net in of_line(column, Line::Net) {
            let place = model.place[&net];
            let of = evidence.nets.get(&(net.question.clone(), net.answer.clone()));
            let inside = |answer: &String| {
                let answer = Subject { line: Line::Part, answer: answer.clone(), ..net.clone() };
                model.place.get(&answer).copied()
            };
            let inside: Vec<usize> = of.into_iter().flatten().filter_map(inside).collect();
            let whole = of.is_some_and(|of| of.len() == inside.len());
            match (is_single && whole, bases.first()) {
                (true, _) => model.sum(place, &inside, false),
                (false, base) => {
                    inside.iter().for_each(|&part| model.sum(place, &[part], true));
                    base.iter().for_each(|&&base| model.sum(base, &[place], true));
                }
            }
        }
    }
    // Parts of groups; those of several answers overlap.
    let apart = |by: &str| by.split('>').all(|by| evidence.single.get(by) != Some(&false));
    // Who gave no answer is in no group of those who did.
    let missing: BTreeSet<&str> = subjects
        .iter()
        .filter(|subject| subject.line == Line::Part && subject.answer.starts_with("missing"))
        .filter(|subject| model.is_exact(model.place[*subject]) != Some(0.0))
        .filter_map(|subject| subject.question.split('|').next())
        .collect();
    let is_whole = |by: &str| apart(by) && by.split('>').all(|by| !missing.contains(by));
    type Lines<'a> = BTreeMap<(Line, &'a str), Vec<&'a Subject>>;
    let mut parts: BTreeMap<(&str, &str, &str), Lines> = BTreeMap::new();
    for subject in &subjects {
        if let (Some((_, _)), Some((of, _))) = (subject.by.rsplit_once('>'), subject.group.rsplit_once('>')) {
            let lines = parts.entry((&subject.question, &subject.by, of)).or_default();
            lines.entry((subject.line, &subject.answer)).or_default().push(subject);
        }
    }
    for ((_, by, of), lines) in &parts {
        let (by, last) = by.rsplit_once('>').unwrap_or(("", by));
        let by = by.to_string();
        let places = |model: &Model, (line, answer): (Line, &str), parts: &[&Subject]| {
            let (answer, group) = (answer.to_string(), format!("{of}#"));
            let whole = Subject { line, answer, by: by.clone(), group, ..parts[0].clone() };
            let parts: Vec<usize> = parts.iter().map(|part| model.place[*part]).collect();
            model.place.get(&whole).map(|&whole| (whole, parts))
        };
        let bases = lines.get(&(Line::Base, "")).and_then(|bases| places(model, (Line::Base, ""), bases));
        let complete = bases.is_some_and(|(whole, parts)| is_whole(last) && model.fits(whole, &parts));
        for (&line, subjects) in lines {
            if let Some((whole, parts)) = places(model, line, subjects) {
                let others = !complete || !model.fits(whole, &parts);
                model.groups(whole, &parts, others, apart(last));
            }
        }
    }
    // Groups of everybody.
    let mut lines: BTreeMap<(&str, Line, &str, &str), Vec<usize>> = BTreeMap::new();
    for subject in subjects.iter().filter(|subject| !subject.by.is_empty()) {
        let key = (subject.question.as_str(), subject.line, subject.answer.as_str(), subject.by.as_str());
        lines.entry(key).or_default().push(model.place[subject]);
    }
    let mut complete: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    let whole_of = |model: &Model, question: &str, line: Line, answer: &str| {
        let subject = Subject {
            question: question.into(),
            line,
            answer: answer.into(),
            by: String::new(),
            group: String::new(),
        };
        model.place.get(&subject).copied()
    };
    for ((question, line, answer, by), groups) in
        lines.iter().filter(|((_, line, _, _), _)| *line == Line::Base)
    {
        if let Some(whole) = whole_of(model, question, *line, answer) {
            complete.insert((question, by), is_whole(by) && model.fits(whole, groups));
        }
    }
    for ((question, line, answer, by), groups) in &lines {
        if let Some(whole) = whole_of(model, question, *line, answer) {
            // Where the groups can be everybody, they are taken to be.
            let others = !complete.get(&(*question, *by)).copied().unwrap_or(false);
            model.groups(whole, groups, others || !model.fits(whole, groups), apart(by));
        }
    }
}

/// A group of those who gave an answer is that answer's respondents, nobody in it gave another where one was allowed,
/// and those of two groups are the same in either; in a group of nobody, and of an answer of nobody, is nobody. Who knows
/// that has computed nothing.
fn relate_groups<'s>(
    model: &mut Model,
    subjects: impl Iterator<Item = &'s Subject>,
    single: &BTreeMap<&str, bool>,
    nets: &BTreeMap<(String, String), Vec<String>>,
) {
    let group = |path: &[(&str, &str)]| {
        let (by, groups): (Vec<&str>, Vec<&str>) = path.iter().copied().unzip();
        let group = if path.is_empty() { String::new() } else { format!("{}#", groups.join(">")) };
        (by.join(">"), group)
    };
    let mut nobody = Vec::new();
    for subject in subjects {
        let Some(groups) = subject.group.strip_suffix('#') else { continue };
        let (id, around) = subject.question.split_once('|').unwrap_or((&subject.question, ""));
        let path: Vec<(&str, &str)> = subject.by.split('>').zip(groups.split('>')).collect();
        let base = Subject { line: Line::Base, answer: String::new(), ..subject.clone() };
        let is_empty = model.place.get(&base).is_some_and(|&base| model.is_exact(base) == Some(0.0));
        // Of a wider group, which leaves out some of the questions, or all of them.
        let is_nobody_in = |kept: usize| {
            let kept = path.iter().enumerate().filter(|(place, _)| kept >> place & 1 == 1);
            let (by, group) = group(&kept.map(|(_, own)| *own).collect::<Vec<_>>());
            let wider = Subject { by, group, ..subject.clone() };
            model.place.get(&wider).is_some_and(|&wider| model.is_exact(wider) == Some(0.0))
        };
        let wider = (1 << path.len().min(8)) - 1;
        if subject.line != Line::Base && (is_empty || (0..wider).any(is_nobody_in)) {
            nobody.push(model.place[subject]);
        }
        for (place, &(by, code)) in path.iter().enumerate() {
            let (line, answer) = (Line::Part, code.to_string());
            let outside = group(&[&path[..place], &path[place + 1..]].concat());
            let same = match subject.line {
                Line::Base => {
                    let (by, group) = outside;
                    Subject { question: [path[place].0, around].join("|"), line, answer, by, group }
                }
                _ if by != id => continue,
                Line::Net => {
                    let of = nets.get(&(subject.question.clone(), subject.answer.clone()));
                    let one = single.get(subject.question.as_str()) == Some(&true);
                    match of.map(|of| of.iter().any(|answer| answer == code)) {
                        Some(true) => base.clone(),
                        Some(false) if one => {
                            nobody.push(model.place[subject]);
                            continue;
                        }
                        _ => continue,
                    }
                }
                _ if subject.answer == code => base.clone(),
                _ if single.get(subject.question.as_str()) == Some(&true)
                    || subject.answer.starts_with("missing") =>
                {
                    nobody.push(model.place[subject]);
                    continue;
                }
                _ => {
                    let mut path = path.clone();
                    path[place].1 = &subject.answer;
                    Subject { answer, group: group(&path).1, ..subject.clone() }
                }
            };
            let Some(&same) = model.place.get(&same) else { continue };
            model.sums.push(vec![(model.place[subject], 1.0), (same, -1.0)]);
            if is_empty {
                nobody.push(same);
            }
        }
    }
    for place in nobody {
        model.unknowns[place] = Unknown { range: Range { low: 0.0, high: 0.0 }, hidden: false };
    }
}

/// What hangs together through numbers that are not known exactly.
fn parts(model: &Model) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..model.unknowns.len()).collect();
    fn root(parent: &mut [usize], mut place: usize) -> usize {
        while parent[place] != place {
            parent[place] = parent[parent[place]];
            place = parent[place];
        }
        place
    }
    let open = |place: &usize| model.is_exact(*place).is_none();
    for sum in &model.sums {
        let members: Vec<usize> = sum.iter().map(|(place, _)| *place).filter(open).collect();
        for pair in members.windows(2) {
            let (one, other) = (root(&mut parent, pair[0]), root(&mut parent, pair[1]));
            parent[one.max(other)] = one.min(other);
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for place in (0..model.unknowns.len()).filter(open) {
        parts.entry(root(&mut parent, place)).or_default().push(place);
    }
    let hides = |part: &Vec<usize>| part.iter().any(|&place| model.unknowns[place].hidden);
    parts.into_values().filter(hides).collect()
}

fn attack(model: &Model, part: &[usize], threshold: f64, found: &mut Audit) {
    let at: HashMap<usize, usize> = part.iter().enumerate().map(|(at, &place)| (place, at)).collect();
    let (mut columns, mut right) = (vec![Vec::new(); part.len()], Vec::new());
    for sum in &model.sums {
        if !sum.iter().any(|(place, _)| at.contains_key(place)) {
            continue;
        }
        let row = right.len();
        let mut known = 0.0;
        for (place, by) in sum {
            match (at.get(place), model.is_exact(*place)) {
                (Some(&at), _) => columns[at].push((row, *by)),
                (None, exact) => known -= by * exact.unwrap_or(0.0),
            }
        }
        right.push(known);
    }
    let bounds: Vec<(f64, f64)> = part
        .iter()
        .map(|&place| (model.unknowns[place].range.low, model.unknowns[place].range.high))
        .collect();
    let mut programme = Programme::new(columns, &bounds, right);
    if !programme.is_feasible() {
        found.contradictions += 1;
        return;
    }
    let hidden: Vec<usize> = (0..part.len()).filter(|&at| model.unknowns[part[at]].hidden).collect();
    let mut seen = vec![(f64::INFINITY, f64::NEG_INFINITY); part.len()];
    let look = |programme: &Programme, seen: &mut Vec<(f64, f64)>| {
        for &at in &hidden {
            let value = programme.value(at);
            seen[at] = (seen[at].0.min(value), seen[at].1.max(value));
        }
    };
    look(&programme, &mut seen);
    let is_wide = |seen: &[(f64, f64)], at: usize| seen[at].1 - seen[at].0 >= threshold - 1e-6;
    // Many at once first: as long as it shows some of them to be far apart that were not seen to be.
    let mut turn: u64 = 1;
    loop {
        let narrow: Vec<usize> = hidden.iter().copied().filter(|&at| !is_wide(&seen, at)).collect();
        let sum: Vec<(usize, f64)> = narrow
            .iter()
            .map(|&at| {
                turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (at, if turn >> 63 == 0 { 1.0 } else { -1.0 })
            })
            .collect();
        for sign in [1.0, -1.0] {
            let sum: Vec<(usize, f64)> = sum.iter().map(|&(at, by)| (at, sign * by)).collect();
            if programme.maximise(&sum).is_some() {
                look(&programme, &mut seen);
            }
        }
        let left = narrow.iter().filter(|&&at| !is_wide(&seen, at)).count();
        if left == 0 || (narrow.len() - left) * 20 < narrow.len() {
            break;
        }
    }
    for &at in &hidden {
        for sign in [1.0, -1.0] {
            if is_wide(&seen, at) {
                break;
            }
            if programme.maximise(&[(at, sign)]).is_none() {
                // Not found: as if it could be anything, which the count of contradictions tells.
                found.contradictions += 1;
                seen[at] = (0.0, MOST);
            }
            look(&programme, &mut seen);
        }
        let (low, high) = seen[at];
        if let (true, Some(subject)) = (high - low < threshold - 1e-6, &model.subjects[part[at]]) {
            found.recovered.push(Recovered { subject: subject.clone(), range: Range { low, high } });
        }
    }
}
