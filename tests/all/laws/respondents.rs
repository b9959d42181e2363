//! Random respondents: their cells, and what each reply means by the design's words.

use std::fmt::Write as _;

use super::expression::Expression;
use super::survey::{
    Case, Draws, Kind, Origin, PLACES, Question, Questionnaire, Reply, Respondent, State, Written,
};

impl Questionnaire {
    /// The respondents of a case.
    pub fn respondents(&self, case: &Case) -> Vec<Respondent> {
        case.respondents.iter().map(|numbers| self.respondent(&mut Draws::new(numbers))).collect()
    }

    fn respondent(&self, draws: &mut Draws) -> Respondent {
        let weight = draws.below(50_000) as i128 * i128::from(!draws.chance(10));
        let mut respondent =
            Respondent { cells: Vec::new(), replies: Vec::new(), astray: Vec::new(), weight };
        respondent.cells.push(decimal(weight as i64, self.weight_decimals.unwrap_or(0)));
        // What was ranked, whether or not it was asked.
        let mut ranked = (State::Blank, Vec::new());
        for (place, question) in self.questions.iter().enumerate() {
            let mut reply = match &question.origin {
                Origin::Asked => {
                    let (reply, order) = question.answer(draws, &mut respondent.cells);
                    if let Kind::Rank { .. } = question.kind {
                        ranked = (reply.state, order);
                    }
                    reply
                }
                Origin::Place(place) => match (ranked.0, ranked.1.get(*place)) {
                    (State::Given, Some(&option)) => {
                        let mut reply = question.silent(State::Given);
                        reply.options[option] = true;
                        reply
                    }
                    (State::Given, None) => question.silent(State::Blank),
                    (state, _) => question.silent(state),
                },
                Origin::Derived { from, group_of } => {
                    let source = &respondent.replies[*from];
                    let in_group = |group: usize| {
                        group_of.iter().zip(&source.options).any(|(of, given)| *of == group && *given)
                    };
                    let options = (0..question.options.len()).map(in_group).collect();
                    Reply { state: source.state, options, number: 0 }
                }
                Origin::Bands { from, bands, overlap } => {
                    let source = &respondent.replies[*from];
                    let Kind::Number { decimals } = self.questions[*from].kind else { panic!() };
                    let unit = 10_i64.pow(decimals);
                    let inside = |(from, to): &(Option<i64>, Option<i64>)| {
                        from.is_none_or(|from| source.number >= from * unit)
                            && to.is_none_or(|to| source.number < to * unit)
                    };
                    match source.state {
                        State::Given => {
                            question.grouped(&bands.iter().map(inside).collect::<Vec<_>>(), *overlap)
                        }
                        state => question.silent(state),
                    }
                }
                Origin::When { conditions, overlap } => {
                    self.grouped_by(question, conditions, *overlap, &respondent.replies)
                }
                Origin::Count(sources) => {
                    let replies = || sources.iter().map(|(source, of)| (&respondent.replies[*source], of));
                    let state = match () {
                        () if replies().any(|(reply, _)| reply.state == State::Given) => State::Given,
                        () if replies().any(|(reply, _)| reply.state != State::NotAsked) => State::Blank,
                        () => State::NotAsked,
                    };
                    let number = |(reply, of): (&Reply, &Vec<usize>)| {
                        of.iter().filter(|&&option| reply.options[option]).count() as i64
                    };
                    let number = replies().map(number).sum();
                    Reply { number: if state == State::Given { number } else { 0 }, ..question.silent(state) }
                }
            };
            let asked = |expression: &Expression| expression.truth(&self.questions, &respondent.replies);
            if question.asked_if.as_ref().is_some_and(|asked_if| asked(asked_if) != Some(true)) {
                if reply.state == State::Given {
                    respondent.astray.push(place);
                }
                reply = question.silent(State::NotAsked);
            }
            respondent.replies.push(reply);
        }
        if self.weight_decimals.is_none() {
            respondent.weight = 1;
        }
        respondent
    }

    /// The reply to a question whose groups are conditions.
    fn grouped_by(
        &self,
        question: &Question,
        conditions: &[Option<Expression>],
        overlap: bool,
        replies: &[Reply],
    ) -> Reply {
        let truth = |condition: &Expression| condition.truth(&self.questions, replies);
        let held: Vec<bool> = conditions
            .iter()
            .map(|condition| condition.as_ref().is_some_and(|condition| truth(condition) == Some(true)))
            .collect();
        if held.contains(&true) {
            return question.grouped(&held, overlap);
        }
        let named = |condition: &Expression| condition.questions();
        let all: Vec<usize> = conditions.iter().flatten().flat_map(named).collect();
        if all.iter().all(|&source| replies[source].state == State::NotAsked) {
            return question.silent(State::NotAsked);
        }
        let missing = |&source: &usize| matches!(replies[source].state, State::Blank | State::Coded(_));
        let unsure =
            |condition: &Expression| truth(condition).is_none() && named(condition).iter().any(missing);
        if conditions.iter().flatten().any(unsure) {
            return question.silent(State::Blank);
        }
        let rest: Vec<bool> = conditions.iter().map(Option::is_none).collect();
        question.grouped(&rest, overlap)
    }

    /// A CSV of these respondents, numbered from `first`.
    pub fn csv<'a>(&self, respondents: impl IntoIterator<Item = &'a Respondent>) -> String {
        let mut csv = self.header().join(",") + "\n";
        for (place, respondent) in respondents.into_iter().enumerate() {
            // Keys in no order, so that they have to be compared.
            _ = writeln!(csv, "{},{}", (place * 7919) % 100_003, respondent.cells.join(","));
        }
        csv
    }
}

impl Question {
    pub fn label(&self, code: i64) -> String {
        match code {
            98.. => format!("不明{code}"),
            _ => format!("甲{code}"),
        }
    }

    /// In these groups, or in the first of them; a single's reply in no group is as if not asked.
    fn grouped(&self, member: &[bool], overlap: bool) -> Reply {
        let first = member.iter().position(|member| *member);
        let in_group = |group: usize| if overlap { member[group] } else { first == Some(group) };
        match first {
            None if !overlap => self.silent(State::NotAsked),
            _ => Reply { state: State::Given, options: (0..member.len()).map(in_group).collect(), number: 0 },
        }
    }

    fn silent(&self, state: State) -> Reply {
        Reply { state, options: vec![false; self.options.len()], number: 0 }
    }

    /// Draws an answer, writes its cells, and says what it means where the question is asked.
    /// A rank question also gives the options in order.
    fn answer(&self, draws: &mut Draws, cells: &mut Vec<String>) -> (Reply, Vec<usize>) {
        let columns = match self.kind {
            Kind::Multi { packed: false, .. } | Kind::Rank { written: Written::ByOption } => {
                self.options.len()
            }
            Kind::Rank { written: Written::ByPlace } => PLACES,
            _ => 1,
        };
        let coded = |code: i64| match self.by_label {
            true => self.label(code),
            false => code.to_string(),
        };
        let state = match draws.below(10) {
            7 => State::Blank,
            8 if !self.missing.is_empty() => State::Coded(draws.below(self.missing.len())),
            9 if !self.not_asked.is_empty() => State::NotAsked,
            _ => State::Given,
        };
        let (mut reply, mut order) = (self.silent(state), Vec::new());
        match state {
            State::Blank => {}
            State::Coded(place) => cells.extend(vec![coded(self.missing[place]); columns]),
            State::NotAsked => cells.extend(vec![coded(self.not_asked[0]); columns]),
            State::Given => match self.kind {
                Kind::Single | Kind::Scale => {
                    let option = draws.below(self.options.len());
                    reply.options[option] = true;
                    cells.push(coded(self.options[option]));
                }
                Kind::Number { decimals } => {
                    reply.number = draws.below(4000) as i64 / [1, 100][draws.below(2)] - 20;
                    cells.push(decimal(reply.number, decimals));
                }
                Kind::Rank { written } => {
                    let first = draws.below(self.options.len());
                    let other = draws.below(self.options.len() - 1);
                    order = vec![first, other + usize::from(other >= first)];
                    order.truncate(1 + draws.below(PLACES));
                    order.iter().for_each(|&option| reply.options[option] = true);
                    let codes = order.iter().map(|&option| self.options[option].to_string());
                    let unranked = ["0", ""][draws.below(2)].to_string();
                    match written {
                        Written::ByPlace => {
                            cells.extend(
                                (0..PLACES).map(|place| codes.clone().nth(place).unwrap_or_default()),
                            );
                        }
                        Written::ByOption => cells.extend((0..self.options.len()).map(|option| {
                            let place = order.iter().position(|ranked| *ranked == option);
                            place.map_or(unranked.clone(), |place| (place + 1).to_string())
                        })),
                        Written::InOrder => cells.push(codes.collect::<Vec<_>>().join(";")),
                    }
                }
                Kind::Multi { packed, none_is_reply } => {
                    let (bits, often) = (draws.below(usize::MAX), draws.chance(2));
                    let more = draws.below(usize::MAX);
                    for (place, given) in reply.options.iter_mut().enumerate() {
                        *given = bits >> place & 1 == 1 && (often || more >> place & 1 == 1);
                    }
                    // Not selected is 0 or blank, to the whim of the export.
                    let unselected = ["0", ""][draws.below(2)];
                    if reply.options.iter().all(|given| !given) && !none_is_reply {
                        reply.state = State::Blank;
                    }
                    let given = || self.options.iter().zip(&reply.options).filter(|(_, given)| **given);
                    if packed {
                        let codes: Vec<String> = given().map(|(code, _)| code.to_string()).collect();
                        cells.push(codes.join(";"));
                    } else {
                        let cell = |given: &bool| if *given { "1" } else { unselected }.to_string();
                        cells.extend(reply.options.iter().map(cell));
                    }
                }
            },
        }
        if state == State::Blank {
            cells.extend(vec![String::new(); columns]);
            if matches!(self.kind, Kind::Multi { none_is_reply: true, .. }) {
                reply.state = State::Given;
            }
        }
        (reply, order)
    }
}

/// `digits · 10^-decimals`, with all its decimals.
pub fn decimal(digits: i64, decimals: u32) -> String {
    let unit = 10_u64.pow(decimals);
    let sign = if digits < 0 { "-" } else { "" };
    match decimals {
        0 => digits.to_string(),
        _ => {
            let (whole, rest) = (digits.unsigned_abs() / unit, digits.unsigned_abs() % unit);
            format!("{sign}{whole}.{rest:0width$}", width = decimals as usize)
        }
    }
}
