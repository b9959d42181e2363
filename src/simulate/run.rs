//! The respondents, question by question.

use std::sync::Arc;

use super::multi::{self, Counted};
use super::number;
use super::order::{Order, Unit, is_key, other_of, place_before};
use super::plausible::{self, NEVER, WORDS, WRITING};
use super::population::{Population, has};
use super::random::Random;
use super::single::{self, Limits, Link, NOT_ASKED, Part};
use super::targets::{Amount, Target, Targets, What};
use super::wish::{Wish, wishes};
use crate::diag::{Diagnostic, Source, plural};
use crate::frame::{Number, Replies, narrowed};
use crate::schema::{Kind, Origin, QuestionIndex, Survey};

/// Simulated respondents.
#[derive(Debug)]
pub struct Simulation<'s> {
    pub(super) population: Population<'s>,
    /// The weight of each respondent, as written.
    pub(super) weights: Vec<String>,
    /// Numbers that were asked for, all of which the data have.
    pub met: usize,
}

/// Makes respondents that have the targets; the same seed makes the same ones everywhere.
///
/// # Errors
/// Every target that cannot be met, and why. Targets for questions that depend on such a one are not judged.
pub fn simulate<'s>(
    survey: &'s Survey,
    targets: &Targets,
    respondents: usize,
    seed: u64,
) -> Result<Simulation<'s>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let order = Order::new(survey, targets, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut run = Run {
        population: Population::new(survey, respondents),
        order: &order,
        targets,
        source: &targets.source,
        seed,
        failed: vec![false; survey.questions.len()],
        errors,
    };
    for unit in &order.units {
        run.answer(unit);
    }
    for index in 0..survey.questions.len() {
        // The writer needs the state of a whole order.
        if survey.questions[index].kind == Kind::Rank {
            run.population.know(index);
        }
    }
    let Run { population, mut errors, .. } = run;
    if !errors.is_empty() {
        errors.sort_by_key(|error| match &error.place {
            Some(crate::diag::Place::Span { span, .. }) => Some(span.start),
            _ => None,
        });
        return Err(errors);
    }
    let figures = |target: &Target| target.goals.len() + usize::from(!target.texts.is_empty());
    let met = targets.targets.iter().map(figures).sum();
    let dealt = |weights: &Vec<String>| {
        let mut weights: Vec<String> = weights.iter().cycle().take(respondents).cloned().collect();
        Random::branch(seed, "weight").shuffle(&mut weights);
        weights
    };
    let weights = match targets.weights.is_empty() {
        true => vec!["1".to_string(); respondents],
        false => dealt(&targets.weights),
    };
    Ok(Simulation { population, weights, met })
}

struct Run<'s, 't> {
    population: Population<'s>,
    order: &'t Order<'t>,
    targets: &'t Targets,
    source: &'t Arc<Source>,
    seed: u64,
    /// Questions whose targets could not be met.
    failed: Vec<bool>,
    errors: Vec<Diagnostic>,
}

impl Run<'_, '_> {
    fn answer(&mut self, unit: &Unit) {
        let survey = self.population.survey;
        let before = self.errors.len();
        let first = unit.questions[0];
        let asked: Vec<Vec<bool>> = unit.questions.iter().map(|&question| self.asked(question)).collect();
        if asked.iter().any(|other| *other != asked[0]) {
            let Some(count) = unit.count else { return };
            let error = format!("`{}` cannot have targets", survey.questions[count].id);
            let hint = "the questions it counts are not asked of the same respondents";
            let error = Diagnostic::error(error).hint(hint);
            let span = self.order.targets[&count][0].span.clone();
            self.errors.push(error.span(self.source, span));
            self.failed[first] = true;
            return;
        }
        let asked = &asked[0];
        let mut parts: Vec<Part> =
            unit.questions.iter().map(|&question| self.part(question, asked)).collect();
        let class = unit.count.map(|count| self.classes(count, asked));
        if self.errors.len() > before {
            self.errors_of(unit);
            return;
        }
        let mut random = Random::branch(self.seed, &survey.questions[first].id);
        if survey.questions[first].kind == Kind::Multi {
            let rates = plausible::rates(&survey.questions[first], &mut random);
            let counted = class.flatten().zip(unit.count).map(|((class, limits), count)| Counted {
                class,
                limits,
                accepts: accepts(survey, count).swap_remove(0),
                id: survey.questions[count].id.clone(),
            });
            let dealt = multi::deal(
                &self.population,
                asked,
                &parts[0],
                &rates,
                counted.as_ref(),
                &mut random,
                self.source,
            );
            match dealt {
                Ok(replies) => self.population.block.replies[first] = Some(replies),
                Err(error) => {
                    self.errors.push(error);
                    self.failed[first] = true;
                }
            }
            return;
        }
        let link = class.flatten().zip(unit.count).map(|((class, limits), count)| Link {
            class,
            limits,
            accepts: accepts(survey, count),
            id: survey.questions[count].id.clone(),
        });
        for part in &mut parts {
            tilt(part);
        }
        match single::deal(&self.population, asked, &parts, link.as_ref(), &mut random, self.source) {
            Ok(answers) => {
                for (part, answers) in parts.iter().zip(answers) {
                    self.store(part, answers, &mut random);
                }
            }
            Err(error) => {
                self.errors.push(error);
                self.errors_of(unit);
            }
        }
    }

    fn errors_of(&mut self, unit: &Unit) {
        unit.questions.iter().for_each(|&question| self.failed[question] = true);
    }

    /// Who can answer the question.
    fn asked(&mut self, question: QuestionIndex) -> Vec<bool> {
        let survey = self.population.survey;
        let mut asked = self.population.asked(question);
        // Words of one's own go with the option they belong to.
        let other = other_of(survey, question);
        if let Some((base, _)) = other {
            self.population.know(base);
        }
        let replies = other.and_then(|(base, _)| self.population.block.replies[base].as_ref());
        if let (Some((_, option)), Some(replies)) = (other, replies) {
            for (row, asked) in asked.iter_mut().enumerate() {
                *asked &= match replies {
                    Replies::Single(codes) => codes.at(row) == option,
                    _ => has(replies, option, row),
                };
            }
        }
        asked
    }

    /// A question with its wishes.
    fn part(&mut self, index: QuestionIndex, asked: &[bool]) -> Part {
        let survey = self.population.survey;
        let question = &survey.questions[index];
        let targets: Vec<&Target> = self.order.targets.get(&index).cloned().unwrap_or_default();
        // Targets under conditions on questions that failed cannot be judged.
        let sound = |target: &&Target| match &target.condition {
            Some((condition, _)) => condition.questions().iter().all(|&question| !self.doubtful(question)),
            None => true,
        };
        let targets: Vec<&Target> = targets.into_iter().filter(sound).collect();
        let is_key = is_key(survey, question);
        // Numbers that are keys count the respondents.
        let keys = (is_key && question.kind == Kind::Number).then_some((1, self.population.len() as i64, 0));
        let range = targets.iter().find_map(|target| target.range).or(keys);
        let mut domain = plausible::domain(survey, index, range);
        let mut random = Random::branch(self.seed, &format!("{} assumed", question.id));
        let mut weights = match question.kind {
            Kind::Text => {
                domain.given = 1;
                let mut weights = vec![f64::from(WRITING), f64::from(100_000 - WRITING)];
                weights.resize(domain.codes(), NEVER);
                weights
            }
            _ => plausible::weights(question, &domain, self.targets.missing, &mut random),
        };
        if place_before(survey, index).is_some() {
            let given: f64 = weights[..domain.given].iter().sum();
            weights[domain.given] = given * plausible::STOPPING / (1.0 - plausible::STOPPING);
            weights[domain.given + 1..].fill(NEVER);
        }
        if question.kind == Kind::Multi {
            weights.truncate(domain.given);
            let share = f64::from(self.targets.missing) / 100_000.0;
            weights.extend(plausible::states(1.0 - share, domain.states, self.targets.missing));
        }
        let all = self.targets;
        let asked_of = (index, &domain, asked);
        let mut wishes = wishes(&mut self.population, asked_of, &targets, all, &mut self.errors);
        for (place, target) in targets.iter().enumerate() {
            let said = target.goals.iter().any(|goal| goal.what == What::Given || goal.what == What::Missing);
            if !target.texts.is_empty() && !said {
                let group = self.group_of(&wishes.groups, target, asked);
                let count = target.texts.len() as i64;
                let answers = (0..domain.codes()).map(|code| code == 0).collect();
                let base = wishes.groups[group].iter().filter(|member| **member).count() as i64;
                let span = Some(targets[place].span.clone());
                wishes.wishes.push(Wish { group, answers, low: count, high: count, span, base });
            }
        }
        let unique = is_key && question.kind != Kind::Text || targets.iter().any(|target| target.unique);
        let mut except: Vec<usize> =
            targets.iter().flat_map(|target| target.except.iter().copied()).collect();
        let respondents = asked.iter().filter(|asked| **asked).count();
        let most = domain.given.saturating_sub(except.len());
        if unique && respondents > most {
            let error = Diagnostic::error(format!(
                "expected at most {}, each with another answer to `{}`, found {respondents}",
                plural(most as u64, "respondent"),
                question.id
            ));
            self.errors.push(match targets.iter().find(|target| target.unique) {
                Some(target) => error.span(self.source, target.span.clone()),
                None => error.hint("it is the respondent's key"),
            });
        }
        if is_key {
            // A key is never missing.
            except.extend(domain.given..domain.codes());
        }
        Part { question: index, domain, weights, wishes, unique, except }
    }

    fn group_of(&mut self, groups: &[Vec<bool>], target: &Target, asked: &[bool]) -> usize {
        let Some((condition, _)) = &target.condition else { return 0 };
        let holds = self.population.holds(condition);
        let same = |group: &Vec<bool>| {
            group.iter().zip(&holds).zip(asked).all(|((member, holds), asked)| *member == (*holds && *asked))
        };
        groups.iter().position(same).unwrap_or(0)
    }

    /// Whether a question, or one it is made of, could not be answered.
    fn doubtful(&self, index: QuestionIndex) -> bool {
        let sources = super::population::sources(&self.population.survey.questions[index]);
        self.failed[index] || sources.into_iter().any(|source| self.doubtful(source))
    }

    /// How many each respondent has of what a count with targets counts.
    fn classes(&mut self, count: QuestionIndex, asked: &[bool]) -> Option<(Vec<u32>, Vec<Limits>)> {
        let part = self.part(count, asked);
        let survey = self.population.survey;
        let mut random = Random::branch(self.seed, &survey.questions[count].id);
        let dealt = single::deal(
            &self.population,
            asked,
            std::slice::from_ref(&part),
            None,
            &mut random,
            self.source,
        );
        let codes = match dealt {
            Ok(mut dealt) => dealt.swap_remove(0),
            Err(error) => {
                self.errors.push(error);
                return None;
            }
        };
        // Numbers that no target tells apart are a class; none is one of its own.
        let mut class_of = Vec::new();
        let mut limits: Vec<Limits> = Vec::new();
        let same = |one: usize, other: usize| {
            part.wishes.wishes.iter().all(|wish| wish.answers.get(one) == wish.answers.get(other))
        };
        for number in 0..part.domain.given {
            match limits.last_mut() {
                Some(Some((_, high))) if number > 1 && same(number - 1, number) => *high = number,
                _ => limits.push(Some((number, number))),
            }
            class_of.push(limits.len() as u32 - 1);
        }
        class_of.resize(part.domain.codes(), limits.len() as u32);
        limits.push(None);
        let class = |code: &u32| class_of.get(*code as usize).copied().unwrap_or(0);
        Some((codes.iter().map(class).collect(), limits))
    }

    /// Puts answers where conditions and the writer find them.
    fn store(&mut self, part: &Part, mut answers: Vec<u32>, random: &mut Random) {
        let survey = self.population.survey;
        let question = &survey.questions[part.question];
        let not_asked = question.states();
        let state_of = |code: u32| match code {
            NOT_ASKED if question.asked_if.is_none() => 1,
            NOT_ASKED => u8::try_from(not_asked).unwrap_or(u8::MAX),
            code => u8::try_from((code as usize + 1).saturating_sub(part.domain.given)).unwrap_or(u8::MAX),
        };
        let replies = match question.kind {
            Kind::Number | Kind::Date => {
                number::meet(part, &mut answers, &question.id, random, self.source, &mut self.errors);
                self.population.dataset.number_decimals.push((part.question, part.domain.decimals));
                let value = |code: u32| match (code as usize) < part.domain.given {
                    true => part.domain.least + i64::from(code),
                    false => 0,
                };
                let values = answers.iter().map(|&code| value(code)).collect();
                Replies::Number(Number {
                    values,
                    states: answers.iter().map(|&code| state_of(code)).collect(),
                })
            }
            Kind::Text => {
                let states: Vec<u8> = answers.iter().map(|&code| state_of(code)).collect();
                self.write_texts(part, &states, random);
                Replies::Text(states)
            }
            _ => {
                let options = question.options.len();
                let code = |code: u32| match code {
                    NOT_ASKED => u16::try_from(options + not_asked - 1).unwrap_or(u16::MAX),
                    code => u16::try_from(code).unwrap_or(u16::MAX),
                };
                let codes = answers.into_iter().map(code).collect();
                Replies::Single(narrowed(codes, options + not_asked))
            }
        };
        if is_key(survey, question)
            && let Replies::Single(codes) = &replies
        {
            let key = |row| question.options[codes.at(row)].code.to_string().into();
            self.population.block.keys = (0..self.population.len()).map(key).collect();
        }
        self.population.block.replies[part.question] = Some(replies);
    }

    /// Deals out the words of the targets to those who wrote something.
    fn write_texts(&mut self, part: &Part, states: &[u8], random: &mut Random) {
        let mut words = vec![WORDS.to_string()];
        let mut of: Vec<u32> = vec![0; states.len()];
        let targets: Vec<&Target> = self.order.targets.get(&part.question).cloned().unwrap_or_default();
        let everybody = vec![true; states.len()];
        for target in targets {
            let group = match &target.condition {
                Some((condition, _)) => self.population.holds(condition),
                None => everybody.clone(),
            };
            let wrote = |row: &usize| states[*row] == 0 && group[*row] && of[*row] == 0;
            let mut rows: Vec<usize> = (0..states.len()).filter(wrote).collect();
            random.shuffle(&mut rows);
            let first = words.len() as u32;
            words.extend(target.texts.iter().cloned());
            // With a number to write, the words go round; else each is written once.
            let more = target.goals.iter().any(|goal| goal.what == What::Given);
            let count = if more { rows.len() } else { target.texts.len() };
            let numbers = (first..words.len() as u32).cycle().take(count);
            rows.into_iter().zip(numbers).for_each(|(row, number)| of[row] = number);
        }
        // Words are coded into answers, which conditions may name.
        let comments = (0..states.len()).filter(|&row| states[row] == 0);
        let comments = comments.map(|row| (row as u32, words[of[row] as usize].as_str().into())).collect();
        self.population.block.comments.push((part.question, comments));
        self.population.texts.insert(part.question, (words, of));
    }
}

/// For each question that a count adds up: which of its answers count.
fn accepts(survey: &Survey, count: QuestionIndex) -> Vec<Vec<bool>> {
    match &survey.questions[count].origin {
        Origin::Count { sources } => sources.iter().map(|(_, accepts)| accepts.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Makes numbers so frequent that their mean is near the one asked for.
fn tilt(part: &mut Part) {
    let Part { domain, weights, wishes, .. } = part;
    let Some(total) = wishes.totals.iter().find(|total| total.group == 0) else { return };
    let people = wishes.groups[0].iter().filter(|member| **member).count().max(1) as f64;
    let (digits, decimals) = match total.goal.amount {
        Amount::Printed(digits, decimals) => (digits as f64, decimals),
        Amount::Count(count) => (count as f64, 0),
    };
    let mut mean = digits / 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
    if total.goal.what != What::Mean {
        mean /= people;
    }
    let mean = mean * 10_f64.powi(i32::try_from(domain.decimals).unwrap_or(0));
    let distance = |place: usize| (domain.least + place as i64) as f64 - mean;
    let moment = |weights: &[f64], sign: f64| -> f64 {
        (0..domain.given).map(|place| (distance(place) * sign).max(0.0) * weights[place]).sum()
    };
    let (above, below) = (moment(weights, 1.0), moment(weights, -1.0));
    if above > 0.0 && below > 0.0 {
        for place in (0..domain.given).filter(|&place| distance(place) > 0.0) {
            weights[place] *= below / above;
        }
    }
}
