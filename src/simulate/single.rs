//! Questions of one answer, and numbers: how many of each group get which answer, and who.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::order::{limits, place_before, places_before};
use super::population::{Groups, Population, has, state};
use super::random::{Random, apportion, spread_out};
use super::spread::spread;
use super::system::{Row, System, Unsolved};
use super::wish::{Domain, Wish, Wishes, contradiction};
use crate::diag::{Diagnostic, Source};
use crate::frame::Replies;
use crate::schema::QuestionIndex;

/// A question to be answered.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) question: QuestionIndex,
    pub(super) domain: Domain,
    /// How frequent each answer is where no target says.
    pub(super) weights: Vec<f64>,
    pub(super) wishes: Wishes,
    /// Every respondent has an answer of their own.
    pub(super) unique: bool,
    /// Options that nobody has.
    pub(super) except: Vec<usize>,
}

/// How many of what is counted somebody has, at least and at most; `None`: no count, for 無回答.
pub(super) type Limits = Option<(usize, usize)>;

/// Several questions of which each respondent has certain answers to so many.
#[derive(Debug)]
pub(super) struct Link {
    /// The class of each respondent.
    pub(super) class: Vec<u32>,
    /// How many at least and at most, for each class; `None`: 無回答 to all.
    pub(super) limits: Vec<Limits>,
    /// For each question: which of its answers count.
    pub(super) accepts: Vec<Vec<bool>>,
    /// The count's id.
    pub(super) id: String,
}

/// The answer of those who were not asked.
pub(super) const NOT_ASKED: u32 = u32::MAX;

/// Answers that no wish tells apart, as one variable of the system.
#[derive(Debug)]
struct Kinds {
    /// The answers of each kind.
    codes: Vec<Vec<usize>>,
}

impl Kinds {
    fn new(part: &Part, accepts: Option<&Vec<bool>>, each: bool) -> Kinds {
        let mut kinds: BTreeMap<Vec<u64>, Vec<usize>> = BTreeMap::new();
        let mut order: Vec<Vec<u64>> = Vec::new();
        for code in (0..part.domain.codes()).filter(|code| !part.except.contains(code)) {
            let mut sign: Vec<u64> = part
                .wishes
                .wishes
                .iter()
                .map(|wish| u64::from(wish.answers.get(code) == Some(&true)))
                .collect();
            sign.push(u64::from(accepts.is_some_and(|accepts| accepts.get(code) == Some(&true))));
            // 無回答 stays apart, so that it is never a remainder of an option.
            sign.push(u64::from(code >= part.domain.given));
            sign.push(if each { code as u64 } else { 0 });
            if !kinds.contains_key(&sign) {
                order.push(sign.clone());
            }
            kinds.entry(sign).or_default().push(code);
        }
        Kinds { codes: order.iter().map(|sign| kinds.remove(sign).unwrap_or_default()).collect() }
    }
}

/// A variable: a kind of answers to a part in a group.
struct Variable {
    group: usize,
    part: usize,
    kind: usize,
}

/// Gives every respondent an answer to each part; `answers[part][respondent]`.
pub(super) fn deal(
    population: &Population<'_>,
    asked: &[bool],
    parts: &[Part],
    link: Option<&Link>,
    random: &mut Random,
    source: &Arc<Source>,
) -> Result<Vec<Vec<u32>>, Diagnostic> {
    let mut groups = Groups::new(asked);
    let limited: Vec<bool> = parts.iter().map(|part| is_limited(population, part.question)).collect();
    for (part, &limited) in parts.iter().zip(&limited) {
        for group in used_groups(&part.wishes) {
            groups.split(|row| usize::from(part.wishes.groups[group][row]));
        }
        let wished = !part.wishes.wishes.is_empty() || part.unique;
        if limited && wished {
            split_by_choice(population, part, &mut groups);
        } else if limited && parts.len() == 1 {
            return Ok(vec![each_alone(population, part, asked, random)]);
        }
    }
    if let Some(link) = link {
        groups.split(|row| link.class[row] as usize);
    }
    let kinds: Vec<Kinds> = parts
        .iter()
        .enumerate()
        .map(|(place, part)| Kinds::new(part, link.map(|link| &link.accepts[place]), limited[place]))
        .collect();
    // Answers that are never given by themselves are tried only where nothing else helps.
    let solved = [true, false].map(|sparing| Model::new(population, &groups, parts, &kinds, link, sparing));
    let [sparing, lavish] = solved;
    let (model, counts) = match sparing.system.solve(&sparing.start) {
        Ok(counts) => (sparing, counts),
        Err(_) => match lavish.system.solve(&lavish.start) {
            Ok(counts) => (lavish, counts),
            Err(verdict) => return Err(lavish.complaint(population, parts, link, verdict, source)),
        },
    };
    Ok(model.hand_out(population, &groups, parts, &kinds, link, &counts, random))
}

/// Groups, other than everybody asked, that a wish names.
pub(super) fn used_groups(wishes: &Wishes) -> Vec<usize> {
    let used = |group: &usize| wishes.wishes.iter().any(|wish| wish.group == *group);
    (1..wishes.groups.len()).filter(used).collect()
}

/// Whether not every answer is on offer to everybody.
pub(super) fn is_limited(population: &Population<'_>, question: QuestionIndex) -> bool {
    limits(population.survey, question).is_some() || place_before(population.survey, question).is_some()
}

/// Tells apart respondents to whom other answers are on offer.
pub(super) fn split_by_choice(population: &Population<'_>, part: &Part, groups: &mut Groups) {
    for code in 0..part.domain.codes() {
        groups.split(|row| usize::from(offered(population, part.question, code, row)));
    }
}

/// Whether an answer is on offer to a respondent: it was chosen before where that limits the options, and in
/// an order no option comes twice and no place after one that is left out.
pub(super) fn offered(population: &Population<'_>, question: QuestionIndex, code: usize, row: usize) -> bool {
    let survey = population.survey;
    let own = &survey.questions[question];
    let at = |place: QuestionIndex| match &population.block.replies[place] {
        Some(Replies::Single(codes)) => codes.at(row),
        _ => own.options.len(),
    };
    let options = own.options.len();
    if let Some(before) = place_before(survey, question).map(at) {
        let fits = match code < options {
            true => {
                before < options && !places_before(survey, question).iter().any(|&place| at(place) == code)
            }
            // The end of the order, or 無回答 as at the first place.
            false => {
                if before < options {
                    code == options
                } else {
                    code == before
                }
            }
        };
        if !fits {
            return false;
        }
    }
    let (Some(earlier), Some(option)) = (limits(survey, question), own.options.get(code)) else {
        return true;
    };
    let other = &population.survey.questions[earlier];
    match (&population.block.replies[earlier], other.option_of(&option.code)) {
        (Some(chosen), Some(place)) => state(chosen, other, row) != 0 || has(chosen, place, row),
        _ => true,
    }
}

/// A question limited to earlier answers, without targets: everybody by chance.
fn each_alone(population: &Population<'_>, part: &Part, asked: &[bool], random: &mut Random) -> Vec<u32> {
    let pick = |row: usize, random: &mut Random| {
        let open = |code: &usize| offered(population, part.question, *code, row);
        let codes: Vec<usize> = (0..part.domain.codes()).filter(open).collect();
        let sum: f64 = codes.iter().map(|&code| part.weights[code]).sum();
        let mut left = sum * random.below(1 << 30) as f64 / f64::from(1 << 30);
        for &code in &codes {
            left -= part.weights[code];
            if left < 0.0 {
                return code as u32;
            }
        }
        codes.first().map_or(NOT_ASKED, |&code| code as u32)
    };
    asked.iter().enumerate().map(|(row, asked)| if *asked { pick(row, random) } else { NOT_ASKED }).collect()
}

/// The system of some questions together.
struct Model {
    system: System,
    start: Vec<f64>,
    variables: Vec<Variable>,
    /// Row, part and wish.
    wishes: Vec<(usize, usize, usize)>,
}

impl Model {
    fn new(
        population: &Population<'_>,
        groups: &Groups,
        parts: &[Part],
        kinds: &[Kinds],
        link: Option<&Link>,
        sparing: bool,
    ) -> Model {
        let mut model =
            Model { system: System::default(), start: Vec::new(), variables: Vec::new(), wishes: Vec::new() };
        for (group, members) in groups.members.iter().enumerate() {
            let row = members[0] as usize;
            let limits = link.map(|link| link.limits[link.class[row] as usize]);
            for (place, part) in parts.iter().enumerate() {
                let weight_of = |kind: usize| {
                    let codes = kinds[place].codes[kind].iter();
                    codes.map(|&code| part.weights[code]).sum::<f64>()
                };
                let open = |kind: &usize| {
                    let codes = &kinds[place].codes[*kind];
                    let first = codes[0];
                    let wished = part.wishes.wishes.iter().any(|wish| wish.answers.get(first) == Some(&true));
                    let missing = first >= part.domain.given;
                    let fits = match limits {
                        // 無回答 to all of them, or the first of them answered, so that there is a count.
                        Some(None) => missing,
                        Some(Some(_)) => !(missing && place == 0),
                        None => true,
                    };
                    let seldom = weight_of(*kind) < 1e-6 && !wished && !matches!(limits, Some(None));
                    fits && !(sparing && seldom) && offered(population, part.question, first, row)
                };
                let open: Vec<usize> = (0..kinds[place].codes.len()).filter(open).collect();
                let sum: f64 = open.iter().map(|&kind| weight_of(kind)).sum();
                let mut terms = Vec::new();
                for kind in open {
                    let variable = model.system.variable();
                    model.start.push(members.len() as f64 * weight_of(kind) / sum.max(NEARLY));
                    model.variables.push(Variable { group, part: place, kind });
                    terms.push((variable, 1));
                }
                model.system.exactly(terms, members.len() as i64);
            }
        }
        for (place, part) in parts.iter().enumerate() {
            for (number, wish) in part.wishes.wishes.iter().enumerate() {
                let terms = model.terms(|variable| {
                    let member = groups.members[variable.group][0] as usize;
                    let code = kinds[variable.part].codes[variable.kind][0];
                    variable.part == place && part.wishes.groups[wish.group][member] && wish.answers[code]
                });
                model.wishes.push((model.system.rows.len(), place, number));
                model.system.rows.push(Row { terms, low: Some(wish.low), high: Some(wish.high) });
            }
            if part.unique {
                for kind in 0..kinds[place].codes.len() {
                    let codes = &kinds[place].codes[kind];
                    if codes[0] < part.domain.given {
                        let terms = model.terms(|variable| variable.part == place && variable.kind == kind);
                        model.system.at_most(terms, codes.len() as i64);
                    }
                }
            }
        }
        if let Some(link) = link {
            for (group, members) in groups.members.iter().enumerate() {
                let Some((low, high)) = link.limits[link.class[members[0] as usize] as usize] else {
                    continue;
                };
                let terms = model.terms(|variable| {
                    let code = kinds[variable.part].codes[variable.kind][0];
                    variable.group == group && link.accepts[variable.part].get(code) == Some(&true)
                });
                let people = members.len();
                let (low, high) = (Some((low * people) as i64), Some((high * people) as i64));
                model.system.rows.push(Row { terms, low, high });
            }
        }
        model
    }

    fn terms(&self, of: impl Fn(&Variable) -> bool) -> Vec<(usize, i64)> {
        (0..self.variables.len())
            .filter(|&place| of(&self.variables[place]))
            .map(|place| (place, 1))
            .collect()
    }

    fn complaint(
        &self,
        population: &Population<'_>,
        parts: &[Part],
        link: Option<&Link>,
        verdict: Unsolved,
        source: &Arc<Source>,
    ) -> Diagnostic {
        let rows: Vec<(usize, &Wish)> =
            self.wishes.iter().map(|&(row, part, wish)| (row, &parts[part].wishes.wishes[wish])).collect();
        let id = &population.survey.questions[parts[0].question].id;
        contradiction(id, link.map(|link| link.id.as_str()), &self.system, &rows, verdict, source)
    }

    #[allow(clippy::too_many_arguments)]
    fn hand_out(
        &self,
        population: &Population<'_>,
        groups: &Groups,
        parts: &[Part],
        kinds: &[Kinds],
        link: Option<&Link>,
        counts: &[i64],
        random: &mut Random,
    ) -> Vec<Vec<u32>> {
        let mut answers = vec![vec![NOT_ASKED; population.len()]; parts.len()];
        // Where no two have the same answer, those of a kind are handed out from one pile.
        let mut piles: Vec<Vec<Vec<usize>>> = kinds.iter().map(|kinds| kinds.codes.clone()).collect();
        piles.iter_mut().flatten().for_each(|pile| random.shuffle(pile));
        let mut dealt: Vec<Vec<Vec<(usize, usize)>>> =
            vec![vec![Vec::new(); parts.len()]; groups.members.len()];
        for (variable, &count) in self.variables.iter().zip(counts) {
            let count = usize::try_from(count).unwrap_or(0);
            dealt[variable.group][variable.part].push((variable.kind, count));
        }
        for (members, dealt) in groups.members.iter().zip(&dealt) {
            let mut of_part: Vec<(Vec<u32>, Vec<u32>)> = Vec::new();
            for (place, part) in parts.iter().enumerate() {
                let (mut counted, mut others) = (Vec::new(), Vec::new());
                for &(kind, count) in &dealt[place] {
                    let codes = &kinds[place].codes[kind];
                    let counts = link.is_some_and(|link| link.accepts[place].get(codes[0]) == Some(&true));
                    let into = if counts { &mut counted } else { &mut others };
                    if part.unique && codes[0] < part.domain.given {
                        let pile = &mut piles[place][kind];
                        into.extend(pile.split_off(pile.len() - count).into_iter().map(|code| code as u32));
                        continue;
                    }
                    let weights: Vec<f64> = codes.iter().map(|&code| part.weights[code]).collect();
                    let measured = population.survey.questions[part.question].kind.is_measured();
                    let dealt =
                        if measured { spread_out(count, &weights) } else { apportion(count, &weights) };
                    for (&code, count) in codes.iter().zip(dealt) {
                        into.extend(std::iter::repeat_n(code as u32, count));
                    }
                }
                random.shuffle(&mut counted);
                random.shuffle(&mut others);
                of_part.push((counted, others));
            }
            let limits = link.and_then(|link| link.limits[link.class[members[0] as usize] as usize]);
            let sizes: Vec<usize> = of_part.iter().map(|(counted, _)| counted.len()).collect();
            let counted = limits.map(|limits| spread(members.len(), &sizes, limits, random));
            for (place, (mut own, mut others)) in of_part.into_iter().enumerate() {
                for (person, &row) in members.iter().enumerate() {
                    let counts = counted.as_ref().is_some_and(|counted| counted[place][person]);
                    let code = if counts { own.pop() } else { others.pop().or_else(|| own.pop()) };
                    answers[place][row as usize] = code.unwrap_or(NOT_ASKED);
                }
            }
        }
        answers
    }
}

/// Stands in for a sum of nothing.
const NEARLY: f64 = 1e-12;
