//! Questions of several answers: how many of each group have which option, net and number of answers, and who.
//!
//! Options and nets form a tree: a net's children are its options and the nets within it, and all options
//! together are the root. Whoever is in a net has at least one of its children, and with that alone any
//! numbers in which no child is greater than its net, and the children together not smaller, can be handed
//! out exactly.

use std::sync::Arc;

use super::plausible::{NEVER, NOTHING};
use super::population::{Groups, Population};
use super::random::Random;
use super::single::{Limits, Part, is_limited, offered, split_by_choice, used_groups};
use super::spread::spread;
use super::system::{Row, System, Unsolved};
use super::wish::{Wish, contradiction};
use crate::diag::{Diagnostic, Source};
use crate::frame::Replies;
use crate::schema::{Origin, Question};

/// How many of certain options each class of respondents has.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) class: Vec<u32>,
    /// At least and at most; `None`: 無回答.
    pub(super) limits: Vec<Limits>,
    pub(super) accepts: Vec<bool>,
    pub(super) id: String,
}

/// A node of the tree of nets: an option, or a net with its children.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Option(usize),
    Net(Vec<bool>, Vec<Node>),
}

/// What somebody can be who has none of the ordinary options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Other {
    /// 無回答: the state.
    Missing(usize),
    /// Nothing selected, which is an answer.
    Nothing,
    /// An exclusive option.
    Exclusive(usize),
}

/// A question of several answers, with what is asked of it.
struct Shape<'a> {
    question: &'a Question,
    part: &'a Part,
    /// How frequent each option is where no target says.
    rates: &'a [f64],
    counted: Option<&'a Counted>,
    /// Nets that matter, the greatest first.
    nets: &'a [Vec<bool>],
    /// Without answers that are never given by themselves.
    sparing: bool,
}

/// The variables of one group of respondents.
struct GroupVariables {
    others: Vec<(Other, usize)>,
    /// For each option its variable.
    options: Vec<Option<usize>>,
    /// Nets of more than one option: their options and their variable.
    nets: Vec<(Vec<bool>, usize)>,
    tree: Vec<Node>,
    limits: Limits,
}

/// Gives every respondent who is asked a reply.
pub(super) fn deal(
    population: &Population<'_>,
    asked: &[bool],
    part: &Part,
    rates: &[f64],
    counted: Option<&Counted>,
    random: &mut Random,
    source: &Arc<Source>,
) -> Result<Replies, Diagnostic> {
    let question = &population.survey.questions[part.question];
    let mut groups = Groups::new(asked);
    for group in used_groups(&part.wishes) {
        groups.split(|row| usize::from(part.wishes.groups[group][row]));
    }
    if is_limited(population, part.question) {
        split_by_choice(population, part, &mut groups);
    }
    if let Some(counted) = counted {
        groups.split(|row| counted.class[row] as usize);
    }
    let nets = nets(question, part, counted, source)?;
    // Answers that are never given by themselves are tried only where nothing else helps.
    let shape = Shape { question, part, rates, counted, nets: &nets, sparing: true };
    let sparing = Model::new(population, &groups, &shape);
    if let Ok(counts) = sparing.system.solve(&sparing.start) {
        return Ok(sparing.hand_out(population.len(), question, &groups, counted, &counts, random));
    }
    let lavish = Model::new(population, &groups, &Shape { sparing: false, ..shape });
    match lavish.system.solve(&lavish.start) {
        Ok(counts) => Ok(lavish.hand_out(population.len(), question, &groups, counted, &counts, random)),
        Err(verdict) => Err(lavish.complaint(question, part, counted, verdict, source)),
    }
}

/// Ordinary options of a set of answers: those that exclude no other.
fn ordinary(question: &Question, answers: &[bool]) -> Vec<bool> {
    question.options.iter().zip(answers).map(|(option, wanted)| *wanted && !option.exclusive).collect()
}

fn size(set: &[bool]) -> usize {
    set.iter().filter(|member| **member).count()
}

fn within(one: &[bool], other: &[bool]) -> bool {
    one.iter().zip(other).all(|(one, other)| !one || *other)
}

/// The nets of more than one option that matter; each two apart, or one within the other.
fn nets(
    question: &Question,
    part: &Part,
    counted: Option<&Counted>,
    source: &Arc<Source>,
) -> Result<Vec<Vec<bool>>, Diagnostic> {
    let mut nets: Vec<Vec<bool>> = Vec::new();
    let of_count = counted.map(|counted| ordinary(question, &counted.accepts)).filter(|set| size(set) > 1);
    let wished = part.wishes.wishes.iter().map(|wish| (ordinary(question, &wish.answers), wish.span.clone()));
    for (set, span) in of_count.iter().map(|set| (set.clone(), None)).chain(wished) {
        if size(&set) < 2 || nets.contains(&set) {
            continue;
        }
        let apart = |other: &Vec<bool>| !set.iter().zip(other).any(|(one, other)| *one && *other);
        let crossing = nets.iter().any(|net| !apart(net) && !within(&set, net) && !within(net, &set));
        let inside_count = of_count.as_ref().is_some_and(|count| within(&set, count) && set != *count);
        if crossing || inside_count {
            let error =
                format!("a net of `{}` overlaps another one, or a count, that has a target", question.id);
            let error = Diagnostic::error(error)
                .hint("such nets can have targets when they share no option, or one is within the other");
            return Err(match span {
                Some(span) => error.span(source, span),
                None => error,
            });
        }
        nets.push(set);
    }
    // The greatest first, so that a net comes before those within it.
    nets.sort_by_key(|net| std::cmp::Reverse(size(net)));
    Ok(nets)
}

/// The children of a set: the greatest nets within it, and the options in none of them.
fn tree(set: &[bool], nets: &[Vec<bool>], whole: bool) -> Vec<Node> {
    let mut left = set.to_vec();
    let mut children = Vec::new();
    for (place, net) in nets.iter().enumerate() {
        // The root may have a net of all its options; a net is not its own child.
        let inside = within(net, &left) && (whole || net != set);
        if inside {
            left.iter_mut().zip(net).for_each(|(left, taken)| *left &= !taken);
            children.push(Node::Net(net.clone(), tree(net, &nets[place + 1..], false)));
        }
    }
    children.extend((0..left.len()).filter(|&option| left[option]).map(Node::Option));
    children
}

struct Model {
    system: System,
    start: Vec<f64>,
    groups: Vec<GroupVariables>,
    /// Row and wish.
    wishes: Vec<(usize, usize)>,
}

impl Model {
    fn new(population: &Population<'_>, groups: &Groups, shape: &Shape<'_>) -> Model {
        let mut model =
            Model { system: System::default(), start: Vec::new(), groups: Vec::new(), wishes: Vec::new() };
        let wishes = &shape.part.wishes;
        for members in &groups.members {
            let row = members[0] as usize;
            let limits = shape.counted.map(|counted| counted.limits[counted.class[row] as usize]);
            let offered = |option: usize| offered(population, shape.part.question, option, row);
            model.group(shape, members.len(), limits, &offered);
        }
        for (number, wish) in wishes.wishes.iter().enumerate() {
            let mut terms = Vec::new();
            for (group, members) in model.groups.iter().zip(&groups.members) {
                if wishes.groups[wish.group][members[0] as usize] {
                    terms.extend(group.terms(shape.question, wish));
                }
            }
            model.wishes.push((model.system.rows.len(), number));
            model.system.rows.push(Row { terms, low: Some(wish.low), high: Some(wish.high) });
        }
        model
    }

    fn variable(&mut self, start: f64) -> usize {
        self.start.push(start);
        self.system.variable()
    }

    /// What somebody of a group can be who has no ordinary option.
    fn others(
        &mut self,
        shape: &Shape<'_>,
        people: usize,
        limits: Option<Limits>,
        offered: &dyn Fn(usize) -> bool,
    ) -> Vec<(Other, usize)> {
        let question = shape.question;
        let people = people as f64;
        let none_is_reply = matches!(question.origin, Origin::Columns { none_is_reply: true, .. });
        let options = question.options.len();
        let accepts = |option: usize| shape.counted.is_some_and(|counted| counted.accepts[option]);
        let wished =
            |code: usize| shape.part.wishes.wishes.iter().any(|wish| wish.answers.get(code) == Some(&true));
        let mut others = Vec::new();
        for state in 0..shape.part.domain.states {
            let share = shape.part.weights[options + state];
            // A blank is an answer where selecting nothing is one; who has a count has answered.
            let impossible = (state == 0 && none_is_reply) || matches!(limits, Some(Some(_)));
            let seldom = share <= NEVER && !wished(options + state) && limits.is_none();
            if !(impossible || (shape.sparing && seldom)) {
                others.push((Other::Missing(state), self.variable(people * share)));
            }
        }
        if none_is_reply && matches!(limits, None | Some(Some((0, _)))) {
            others.push((Other::Nothing, self.variable(people * NOTHING)));
        }
        for option in (0..options).filter(|&option| question.options[option].exclusive && offered(option)) {
            let fits = match limits {
                None => true,
                Some(None) => false,
                Some(Some((0, _))) => !accepts(option),
                Some(Some((low, _))) => accepts(option) && low == 1,
            };
            if fits {
                others.push((Other::Exclusive(option), self.variable(people * NOTHING)));
            }
        }
        others
    }

    /// The variables and rows of one group.
    fn group(
        &mut self,
        shape: &Shape<'_>,
        people: usize,
        limits: Option<Limits>,
        offered: &dyn Fn(usize) -> bool,
    ) {
        let Shape { question, rates, counted, nets, .. } = *shape;
        let options = question.options.len();
        let silent = matches!(limits, Some(None));
        let others = self.others(shape, people, limits, offered);
        let people_share = people as f64;
        let taken: f64 = others.iter().map(|(_, variable)| self.start[*variable]).sum();
        let rest = (people_share - taken).max(people_share * 0.1);
        let ordinary = self.variable(if silent { 0.0 } else { rest });
        let mut terms: Vec<(usize, i64)> = others.iter().map(|(_, variable)| (*variable, 1)).collect();
        terms.push((ordinary, 1));
        self.system.exactly(terms, people as i64);
        let nobody = matches!(limits, Some(Some((0, _))));
        let mut of_options = vec![None; options];
        for option in (0..options).filter(|&option| !question.options[option].exclusive && offered(option)) {
            let counts = counted.is_some_and(|counted| counted.accepts[option]);
            if !(silent || nobody && counts) {
                of_options[option] = Some(self.variable(rest * rates[option]));
            }
        }
        let mut variables = GroupVariables {
            others,
            options: of_options,
            nets: Vec::new(),
            tree: Vec::new(),
            limits: limits.flatten().filter(|limits| limits.0 > 0),
        };
        for net in nets {
            let members = (0..options).filter(|&option| net[option] && variables.options[option].is_some());
            let none: f64 = members.clone().map(|option| 1.0 - rates[option]).product();
            if members.count() > 0 {
                let variable = self.variable(rest * (1.0 - none));
                variables.nets.push((net.clone(), variable));
            }
        }
        let all: Vec<bool> = question.options.iter().map(|option| !option.exclusive).collect();
        variables.tree = tree(&all, nets, true);
        self.cover(&variables, &variables.tree, ordinary);
        if let (Some((low, high)), Some(counted)) = (variables.limits, counted) {
            let own = (0..options).filter(|&option| counted.accepts[option]);
            let own: Vec<usize> = own.filter_map(|option| variables.options[option]).collect();
            let with = |times: usize| {
                let mut terms: Vec<(usize, i64)> = own.iter().map(|&variable| (variable, 1)).collect();
                terms.push((ordinary, -(times as i64)));
                terms
            };
            self.system.rows.push(Row { terms: with(low), low: Some(0), high: None });
            self.system.rows.push(Row { terms: with(high), low: None, high: Some(0) });
            let set = self::ordinary(question, &counted.accepts);
            if let Some(net) = variables.net(&set) {
                self.system.exactly(vec![(net, 1), (ordinary, -1)], 0);
            }
        }
        self.groups.push(variables);
    }

    /// No child is greater than its net, and the children together are not smaller.
    fn cover(&mut self, variables: &GroupVariables, children: &[Node], net: usize) {
        let mut together = vec![(net, -1)];
        for child in children {
            let Some(variable) = variables.of(child) else { continue };
            self.system.at_most(vec![(variable, 1), (net, -1)], 0);
            together.push((variable, 1));
            if let Node::Net(_, own) = child {
                self.cover(variables, own, variable);
            }
        }
        self.system.rows.push(Row { terms: together, low: Some(0), high: None });
    }

    fn complaint(
        &self,
        question: &Question,
        part: &Part,
        counted: Option<&Counted>,
        verdict: Unsolved,
        source: &Arc<Source>,
    ) -> Diagnostic {
        let rows: Vec<(usize, &Wish)> =
            self.wishes.iter().map(|&(row, wish)| (row, &part.wishes.wishes[wish])).collect();
        contradiction(
            &question.id,
            counted.map(|counted| counted.id.as_str()),
            &self.system,
            &rows,
            verdict,
            source,
        )
    }

    fn hand_out(
        &self,
        respondents: usize,
        question: &Question,
        groups: &Groups,
        counted: Option<&Counted>,
        counts: &[i64],
        random: &mut Random,
    ) -> Replies {
        let not_asked = u8::try_from(question.states()).unwrap_or(u8::MAX);
        let mut states = vec![not_asked; respondents];
        let mut octets = vec![vec![0_u8; respondents]; question.options.len().div_ceil(8)];
        let of_count = counted.map(|counted| ordinary(question, &counted.accepts));
        let count = |variable: usize| usize::try_from(counts[variable]).unwrap_or(0);
        for (variables, members) in self.groups.iter().zip(&groups.members) {
            let mut members = members.clone();
            random.shuffle(&mut members);
            members.iter().for_each(|&row| states[row as usize] = 0);
            for &(other, variable) in &variables.others {
                for row in members.split_off(members.len() - count(variable)) {
                    let row = row as usize;
                    match other {
                        Other::Missing(state) => states[row] = u8::try_from(state + 1).unwrap_or(u8::MAX),
                        Other::Nothing => {}
                        Other::Exclusive(option) => octets[option / 8][row] |= 1 << (option % 8),
                    }
                }
            }
            let mut open = vec![(variables.tree.as_slice(), members, (1, usize::MAX))];
            while let Some((children, people, limits)) = open.pop() {
                let sizes: Vec<usize> =
                    children.iter().map(|child| variables.of(child).map_or(0, count)).collect();
                for (child, has) in children.iter().zip(spread(people.len(), &sizes, limits, random)) {
                    let owners = people.iter().zip(&has).filter(|(_, has)| **has).map(|(row, _)| *row);
                    match child {
                        Node::Option(option) => {
                            owners.for_each(|row| octets[option / 8][row as usize] |= 1 << (option % 8));
                        }
                        Node::Net(set, own) => {
                            let counts = of_count.as_ref() == Some(set);
                            let limits = variables.limits.filter(|_| counts).unwrap_or((1, usize::MAX));
                            open.push((own, owners.collect(), limits));
                        }
                    }
                }
            }
        }
        Replies::Multi { octets, states: Some(states) }
    }
}

impl GroupVariables {
    fn net(&self, set: &[bool]) -> Option<usize> {
        self.nets.iter().find(|(net, _)| net == set).map(|(_, variable)| *variable)
    }

    fn of(&self, node: &Node) -> Option<usize> {
        match node {
            Node::Option(option) => self.options[*option],
            Node::Net(set, _) => self.net(set),
        }
    }

    /// The variables that a wish adds up.
    fn terms(&self, question: &Question, wish: &Wish) -> Vec<(usize, i64)> {
        let options = question.options.len();
        let mut terms: Vec<(usize, i64)> = Vec::new();
        let wanted = |code: usize| wish.answers.is_empty() || wish.answers[code];
        for &(other, variable) in &self.others {
            let counts = match other {
                Other::Missing(state) => !wish.answers.is_empty() && wish.answers[options + state],
                Other::Nothing => false,
                Other::Exclusive(option) => wanted(option),
            };
            terms.extend(counts.then_some((variable, 1)));
        }
        let set = ordinary(question, &wish.answers);
        if wish.answers.is_empty() {
            terms.extend(self.options.iter().flatten().map(|&variable| (variable, 1)));
        } else if size(&set) == 1 {
            let option = set.iter().position(|member| *member);
            terms.extend(option.and_then(|option| self.options[option]).map(|variable| (variable, 1)));
        } else {
            terms.extend(self.net(&set).map(|variable| (variable, 1)));
        }
        terms
    }
}
