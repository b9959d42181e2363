//! A random questionnaire.
//!
//! Everything is drawn from lists of numbers, so that proptest can shrink a failing case by making
//! the numbers smaller and the lists shorter.

use proptest::prelude::*;

use super::expression::Expression;
use super::schema::toml;

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
}
