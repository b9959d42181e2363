//! A random questionnaire and random respondents, with what each reply means by the design's words.
//!
//! Everything is drawn from lists of numbers, so that proptest can shrink a failing case by making
//! the numbers smaller and the lists shorter.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::expression::Expression;

/// Numbers to draw from; zeros once they are used up.
pub struct Draws<'a>(std::slice::Iter<'a, u32>);

impl<'a> Draws<'a> {
    pub fn new(numbers: &'a [u32]) -> Self {
        Draws(numbers.iter())
    }

    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.0.next().map_or(0, |number| *number as usize % count.max(1))
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }
}

/// The numbers of a case.
#[derive(Debug, Clone)]
pub struct Case {
    pub shape: Vec<u32>,
    pub request: Vec<u32>,
    pub respondents: Vec<Vec<u32>>,
}

pub fn case(respondents: std::ops::Range<usize>) -> impl Strategy<Value = Case> {
    let numbers = |count: usize| proptest::collection::vec(any::<u32>(), count);
    (numbers(260), numbers(40), proptest::collection::vec(numbers(60), respondents))
        .prop_map(|(shape, request, respondents)| Case { shape, request, respondents })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Single,
    Scale,
    Multi { packed: bool, none_is_reply: bool },
    Rank { written: Written },
    Number { decimals: u32 },
}

/// How the places of a rank question are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    ByPlace,
    ByOption,
    InOrder,
}

/// How many places a rank question of the test has.
pub const PLACES: usize = 2;

/// Where replies come from.
#[derive(Debug, Clone)]
pub enum Origin {
    Asked,
    /// For each option of the other question its group.
    Derived {
        from: usize,
        group_of: Vec<usize>,
    },
    /// Whole numbers from which, and up to which, a number belongs to each group.
    Bands {
        from: usize,
        bands: Vec<(Option<i64>, Option<i64>)>,
        overlap: bool,
    },
    /// The condition of each group; `None` is the rest.
    When {
        conditions: Vec<Option<Expression>>,
        overlap: bool,
    },
    /// A place of the rank question.
    Place(usize),
    /// Questions, and which of their options count.
    Count(Vec<(usize, Vec<usize>)>),
}

#[derive(Debug, Clone)]
pub struct Question {
    pub id: String,
    pub kind: Kind,
    pub options: Vec<i64>,
    /// The score of each option of a scale, the points of each place of a rank question.
    pub scores: Vec<Option<i64>>,
    pub missing: Vec<i64>,
    pub not_asked: Vec<i64>,
    pub asked_if: Option<Expression>,
    pub nets: Vec<Vec<usize>>,
    pub exclude: bool,
    pub by_label: bool,
    pub grid: bool,
    /// Only what was chosen there is on offer here, and each option's base are those who were offered it.
    pub limited_to: Option<usize>,
    pub origin: Origin,
}

/// What a respondent said, as the design understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub state: State,
    /// For each option: was it given?
    pub options: Vec<bool>,
    pub number: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Given,
    Blank,
    Coded(usize),
    NotAsked,
}

#[derive(Debug, Clone)]
pub struct Respondent {
    pub cells: Vec<String>,
    pub replies: Vec<Reply>,
    /// Questions answered where they were not asked.
    pub astray: Vec<usize>,
    pub weight: i128,
}

/// A questionnaire; `s t m v c g.r1 g.r2 h.r1 h.r2 r r.1 r.2 l n d e b w k`, in the order of the schema.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    pub questions: Vec<Question>,
    pub weight_decimals: Option<u32>,
    pub toml: String,
}

impl Questionnaire {
    /// One of small questions.
    pub fn draw(case: &Case) -> Questionnaire {
        Questionnaire::with_first(case, None)
    }

    /// One whose first question has so many options.
    pub fn with_first(case: &Case, first_options: Option<usize>) -> Questionnaire {
        let draws = &mut Draws::new(&case.shape);
        let mut questions: Vec<Question> = Vec::new();
        let weight_decimals = draws.chance(2).then(|| draws.below(5) as u32);
        let exclude_all = draws.chance(4);
        let question = |id: &str, kind: Kind, options: usize, draws: &mut Draws| {
            let options: Vec<i64> = (1..=options as i64).collect();
            let missing = [98, 99][..draws.below(3)].to_vec();
            let nets = (0..draws.below(4))
                .map(|_| {
                    let mut of: Vec<usize> = (0..options.len()).filter(|_| draws.chance(3)).collect();
                    if of.is_empty() {
                        of.push(draws.below(options.len()));
                    }
                    of
                })
                .collect();
            let by_label = kind == Kind::Single && draws.chance(3);
            Question {
                id: id.to_string(),
                kind,
                options,
                scores: Vec::new(),
                missing,
                not_asked: if !by_label && draws.chance(3) { vec![88] } else { Vec::new() },
                asked_if: None,
                nets,
                exclude: if draws.chance(3) { !exclude_all } else { exclude_all },
                by_label,
                grid: false,
                limited_to: None,
                origin: Origin::Asked,
            }
        };
        let routed = |draws: &mut Draws, before: &[Question]| {
            draws.chance(2).then(|| Expression::draw(draws, before, 1))
        };
        let count = first_options.unwrap_or(2 + draws.below(5));
        questions.push(question("s", Kind::Single, count, draws));
        let count = 2 + draws.below(5);
        questions.push(Question {
            asked_if: routed(draws, &questions),
            ..question("t", Kind::Single, count, draws)
        });
        let multi = |draws: &mut Draws| match draws.below(3) {
            0 => Kind::Multi { packed: false, none_is_reply: false },
            1 => Kind::Multi { packed: true, none_is_reply: false },
            _ => Kind::Multi { packed: false, none_is_reply: true },
        };
        let (kind, count) = (multi(draws), 1 + draws.below(20));
        questions.push(Question { asked_if: routed(draws, &questions), ..question("m", kind, count, draws) });
        let (kind, count) = (multi(draws), 1 + draws.below(20));
        questions.push(question("v", kind, count, draws));
        let scale = question("c", Kind::Scale, 1 + draws.below(6), draws);
        let score = |draws: &mut Draws| (!draws.chance(5)).then(|| draws.below(7) as i64 - 2);
        let scores = scale.options.iter().map(|_| score(draws)).collect();
        questions.push(Question { scores, asked_if: routed(draws, &questions), ..scale });
        let count = 2 + draws.below(3);
        let row = Question {
            asked_if: routed(draws, &questions),
            grid: true,
            by_label: false,
            ..question("g.r1", Kind::Single, count, draws)
        };
        questions.push(row.clone());
        questions.push(Question { id: "g.r2".to_string(), ..row });
        let (kind, count) = (multi(draws), 1 + draws.below(12));
        let row = Question {
            asked_if: routed(draws, &questions),
            grid: true,
            ..question("h.r1", kind, count, draws)
        };
        questions.push(row.clone());
        questions.push(Question { id: "h.r2".to_string(), ..row });
        let written = [Written::ByPlace, Written::ByOption, Written::InOrder][draws.below(3)];
        let rank = question("r", Kind::Rank { written }, PLACES + draws.below(9), draws);
        let scores = (0..PLACES).map(|_| Some(draws.below(6) as i64 - 1)).collect();
        let rank = Question { scores, asked_if: routed(draws, &questions), ..rank };
        questions.push(rank.clone());
        for place in 0..PLACES {
            questions.push(Question {
                id: format!("r.{}", place + 1),
                kind: Kind::Single,
                scores: Vec::new(),
                origin: Origin::Place(place),
                ..rank.clone()
            });
        }
        let several = Kind::Multi { packed: draws.chance(2), none_is_reply: false };
        let kind = if draws.chance(2) { several } else { Kind::Single };
        let limited = question("l", kind, 1 + draws.below(12), draws);
        let limited_to = Some(2);
        questions.push(Question { limited_to, asked_if: routed(draws, &questions), ..limited });
        let kind = Kind::Number { decimals: draws.below(3) as u32 };
        let number = Question {
            asked_if: routed(draws, &questions),
            nets: Vec::new(),
            options: Vec::new(),
            not_asked: Vec::new(),
            ..question("n", kind, 1, draws)
        };
        let missing = number.missing.iter().map(|code| code * 100).collect();
        questions.push(Question { missing, ..number });
        for (id, from) in [("d", draws.below(2)), ("e", 2 + draws.below(2))] {
            let source = questions[from].clone();
            let groups = 1 + draws.below(source.options.len().min(10));
            // Every group has an option: the first ones go one to each.
            let group_of: Vec<usize> = (0..source.options.len())
                .map(|option| if option < groups { option } else { draws.below(groups) })
                .collect();
            let derived = question(id, source.kind, groups, draws);
            questions.push(Question {
                missing: source.missing,
                not_asked: source.not_asked,
                by_label: false,
                exclude: source.exclude,
                origin: Origin::Derived { from, group_of },
                ..derived
            });
        }
        let find = |id: &str| questions.iter().position(|question| question.id == id).unwrap_or_default();
        let several = Kind::Multi { packed: false, none_is_reply: false };
        let (n, overlap) = (find("n"), draws.chance(2));
        let cut = draws.below(30) as i64 - 15;
        let next = cut + 1 + draws.below(15) as i64;
        let mut bands = match overlap {
            true => vec![(None, Some(next)), (Some(cut), None)],
            false => vec![(None, Some(cut)), (Some(cut), Some(next))],
        };
        if draws.chance(2) && !overlap {
            bands.push((Some(next), None));
        }
        let banded = question("b", if overlap { several } else { Kind::Single }, bands.len(), draws);
        let banded = Question {
            missing: questions[n].missing.clone(),
            not_asked: Vec::new(),
            by_label: false,
            origin: Origin::Bands { from: n, bands, overlap },
            ..banded
        };
        let overlap = draws.chance(2);
        let asked = &questions[..n];
        let mut conditions: Vec<Option<Expression>> =
            (0..1 + draws.below(3)).map(|_| Some(Expression::draw(draws, asked, 1))).collect();
        if draws.chance(2) {
            conditions.push(None);
        }
        let grouped = question("w", if overlap { several } else { Kind::Single }, conditions.len(), draws);
        let grouped = Question {
            missing: Vec::new(),
            not_asked: Vec::new(),
            by_label: false,
            origin: Origin::When { conditions, overlap },
            ..grouped
        };
        let sources = match draws.below(3) {
            0 => vec![(find("s"), vec![0]), (find("t"), vec![0])],
            1 => vec![(find("g.r1"), vec![0, 1]), (find("g.r2"), vec![0, 1])],
            _ => {
                let m = find("m");
                let of: Vec<usize> = (0..questions[m].options.len()).filter(|_| draws.chance(2)).collect();
                vec![(m, if of.is_empty() { vec![0] } else { of })]
            }
        };
        let counted = Question {
            missing: Vec::new(),
            not_asked: Vec::new(),
            nets: Vec::new(),
            options: Vec::new(),
            origin: Origin::Count(sources),
            ..question("k", Kind::Number { decimals: 0 }, 1, draws)
        };
        questions.extend([banded, grouped, counted]);
        let toml = toml(&questions, weight_decimals);
        Questionnaire { questions, weight_decimals, toml }
    }

    pub fn find(&self, id: &str) -> usize {
        self.questions.iter().position(|question| question.id == id).expect("a question of the test")
    }

    pub fn header(&self) -> Vec<String> {
        let mut header = vec!["id".to_string(), "weight".to_string()];
        for question in self.questions.iter().filter(|question| matches!(question.origin, Origin::Asked)) {
            match question.kind {
                Kind::Rank { written: Written::ByPlace } => {
                    header.extend((1..=PLACES).map(|place| format!("{}_{place}", question.id)));
                }
                Kind::Multi { packed: false, .. } | Kind::Rank { written: Written::ByOption } => {
                    let id = question.id.replace('.', "_");
                    header.extend(question.options.iter().map(|code| format!("{id}_{code}")));
                }
                _ => header.push(question.id.replace('.', "_")),
            }
        }
        header
    }

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

fn toml(questions: &[Question], weight_decimals: Option<u32>) -> String {
    let mut toml = String::from("[survey]\nid = \"laws\"\ntitle = \"laws\"\nrespondent = \"id\"\n");
    if weight_decimals.is_some() {
        toml.push_str("weight = \"weight\"\n");
    }
    let list = |codes: &[i64], question: &Question| {
        let item = |(place, code): (usize, &i64)| {
            let score = match question.scores.get(place) {
                Some(score)
                    if question.kind == Kind::Scale
                        && codes.len() == question.scores.len()
                        && codes == question.options =>
                {
                    let score = score.map_or("false".to_string(), |score| score.to_string());
                    format!(", score = {score}")
                }
                _ => String::new(),
            };
            format!("{{ code = {code}, label = \"{}\"{score} }}", question.label(*code))
        };
        codes.iter().enumerate().map(item).collect::<Vec<_>>().join(", ")
    };
    for question in questions
        .iter()
        .filter(|question| !question.id.ends_with(".r2") && !matches!(question.origin, Origin::Place(_)))
    {
        let mut line = |key: &str, value: String| _ = writeln!(toml, "{key} = {value}");
        let codes = |options: &[usize]| {
            let codes = options.iter().map(|&option| question.options[option].to_string());
            codes.collect::<Vec<_>>().join(", ")
        };
        match &question.origin {
            Origin::Asked => {
                let id = question.id.split('.').next().unwrap_or_default();
                line("\n[[question]]\nid", format!("\"{id}\""));
                line("text", "\"文\"".to_string());
                let kind = match question.kind {
                    _ if question.grid => "grid",
                    Kind::Single => "single",
                    Kind::Scale => "scale",
                    Kind::Multi { .. } => "multi",
                    Kind::Rank { .. } => "rank",
                    Kind::Number { .. } => "number",
                };
                line("kind", format!("\"{kind}\""));
                if question.grid {
                    line(
                        "rows",
                        "[{ id = \"r1\", label = \"一\" }, { id = \"r2\", label = \"二\" }]".to_string(),
                    );
                }
                if let (true, Kind::Multi { .. }) = (question.grid, question.kind) {
                    line("each", "\"multi\"".to_string());
                }
                if !question.options.is_empty() {
                    line("options", format!("[{}]", list(&question.options, question)));
                }
                if let Kind::Multi { packed: true, .. } = question.kind {
                    let column = question.id.replace(".r1", "_{row}");
                    line("packed", format!("{{ column = \"{column}\", separator = \";\" }}"));
                }
                if let Kind::Multi { none_is_reply: true, .. } = question.kind {
                    line("none_selected", "\"reply\"".to_string());
                }
                if let Kind::Rank { written } = question.kind {
                    line("places", PLACES.to_string());
                    let points: Vec<i64> = question.scores.iter().flatten().copied().collect();
                    line("points", format!("{points:?}"));
                    match written {
                        Written::ByPlace => {}
                        Written::ByOption => line("columns", "\"r_{code}\"".to_string()),
                        Written::InOrder => {
                            line("packed", "{ column = \"r\", separator = \";\" }".to_string());
                        }
                    }
                }
                line("missing", format!("[{}]", list(&question.missing, question)));
                line("not_asked", format!("{:?}", question.not_asked));
                if let Some(earlier) = question.limited_to {
                    line("limited_to", format!("\"{}\"", questions[earlier].id));
                    line("base", "\"option\"".to_string());
                }
                if let Some(asked_if) = &question.asked_if {
                    line("asked_if", format!("'{}'", asked_if.text(questions)));
                }
            }
            Origin::Derived { from, group_of } => {
                line("\n[[derive]]\nid", format!("\"{}\"", question.id));
                line("label", format!("\"{}\"", question.id));
                line("from", format!("\"{}\"", questions[*from].id));
                let last = question.options.len() - 1;
                let groups = question.options.iter().enumerate().map(|(group, code)| {
                    let of = (0..group_of.len()).filter(|&option| group_of[option] == group);
                    let of: Vec<i64> = of.map(|option| questions[*from].options[option]).collect();
                    let of = if group == last { "rest = true".to_string() } else { format!("of = {of:?}") };
                    format!("{{ code = {code}, label = \"{}\", {of} }}", question.label(*code))
                });
                line("groups", format!("[{}]", groups.collect::<Vec<_>>().join(", ")));
            }
            Origin::Place(_) => {}
            Origin::Bands { from, bands, overlap } => {
                derived_lines(question, *overlap, &mut line);
                line("from", format!("\"{}\"", questions[*from].id));
                let limit = |key: &str, limit: &Option<i64>| {
                    limit.map_or(String::new(), |limit| format!(", {key} = {limit}"))
                };
                let bands = question.options.iter().zip(bands).map(|(code, (from, to))| {
                    let limits = limit("from", from) + &limit("to", to);
                    format!("{{ code = {code}, label = \"{}\"{limits} }}", question.label(*code))
                });
                line("bands", format!("[{}]", bands.collect::<Vec<_>>().join(", ")));
            }
            Origin::When { conditions, overlap } => {
                derived_lines(question, *overlap, &mut line);
                let groups = question.options.iter().zip(conditions).map(|(code, condition)| {
                    let who = match condition {
                        Some(condition) => format!("when = '{}'", condition.text(questions)),
                        None => "rest = true".to_string(),
                    };
                    format!("{{ code = {code}, label = \"{}\", {who} }}", question.label(*code))
                });
                line("groups", format!("[{}]", groups.collect::<Vec<_>>().join(", ")));
            }
            Origin::Count(sources) => {
                derived_lines(question, false, &mut line);
                let (first, of) = &sources[0];
                let of: Vec<i64> = of.iter().map(|&option| questions[*first].options[option]).collect();
                let sources = match questions[*first].kind {
                    Kind::Multi { .. } => format!("multi = \"{}\"", questions[*first].id),
                    _ if questions[*first].grid => "questions = [\"g\"]".to_string(),
                    _ => "questions = [\"s\", \"t\"]".to_string(),
                };
                line("count", format!("{{ {sources}, of = {of:?} }}"));
            }
        }
        if !question.nets.is_empty() {
            let net = |(place, of): (usize, &Vec<usize>)| {
                format!("{{ id = \"net{place}\", label = \"計{place}\", of = [{}] }}", codes(of))
            };
            let nets: Vec<String> = question.nets.iter().enumerate().map(net).collect();
            line("nets", format!("[{}]", nets.join(", ")));
        }
        line("no_answer", format!("\"{}\"", if question.exclude { "exclude" } else { "include" }));
    }
    toml
}

fn derived_lines(question: &Question, overlap: bool, line: &mut dyn FnMut(&str, String)) {
    line("\n[[derive]]\nid", format!("\"{}\"", question.id));
    line("label", format!("\"{}\"", question.id));
    if overlap {
        line("overlap", "true".to_string());
    }
}
