//! What was asked for: `--rows`, `--cols` and `--filter`, resolved to questions.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::joint::JointNeeds;
use super::lanes::too_fine;
use super::summary::NumberMeasure;
use crate::diag::{Diagnostic, Source, plural, quote, suggestion};
use crate::schema::{Condition, Kind, NoAnswer, Origin, QuestionIndex, Survey, parse_condition};

/// One table's stub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stub {
    /// A question, a grid row or a derived question.
    Question(QuestionIndex),
    /// One option or net over the rows of a grid: its summary table.
    Summary {
        /// The grid.
        grid: QuestionIndex,
        /// Which answer stands in every row.
        answer: Answer,
    },
    /// The numbers and scores of several questions: their summary table.
    Means {
        /// One row for each.
        questions: Vec<QuestionIndex>,
        /// What is shown of them.
        measures: Vec<NumberMeasure>,
    },
}

/// An option or a net, by index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Index into the question's options.
    Option(usize),
    /// Index into the question's nets.
    Net(usize),
}

/// A filter and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The condition.
    pub condition: Condition,
    /// As the user typed it.
    pub text: String,
}

/// The tables asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// One table for each stub.
    pub stubs: Vec<Stub>,
    /// Banners side by side; each a path of nested questions. Empty: GT tables.
    pub banners: Vec<Vec<QuestionIndex>>,
    /// Who is counted.
    pub filter: Option<Filter>,
    /// Whether 無回答 is in the base; `None`: as each question says.
    pub no_answer: Option<NoAnswer>,
    /// Before the inner groups of a nested banner, their outer group as a whole.
    pub subtotals: bool,
    /// After the groups of each banner, those whose reply on it is missing.
    pub banner_missing: bool,
    /// What tests need beyond cells.
    pub joint: JointNeeds,
}

impl Request {
    /// Resolves the names of a request; `rows` and `columns` are lists as typed (`q1,q3`, `all`,
    /// `s*`, `q7:easy`, `q8+q9:mean`, `a>b`).
    ///
    /// # Errors
    /// Every name that is not there, with its place in the flag.
    pub fn resolve(
        survey: &Survey,
        rows: &str,
        columns: Option<&str>,
        filter: Option<&str>,
        no_answer: Option<NoAnswer>,
    ) -> Result<Request, Vec<Diagnostic>> {
        let (mut errors, mut of_columns) = (Vec::new(), Vec::new());
        let banners = columns.map_or(Vec::new(), |typed| banners(survey, typed, &mut of_columns));
        let stubs = stubs(survey, rows, &banners, &mut errors);
        errors.append(&mut of_columns);
        let filter = filter.and_then(|typed| {
            let source = Arc::new(Source { name: "--filter".into(), text: typed.into() });
            match parse_condition(survey, &source) {
                Ok(condition) => Some(Filter { condition, text: typed.trim().into() }),
                Err(mut found) => {
                    errors.append(&mut found);
                    None
                }
            }
        });
        let request = Request {
            stubs,
            banners,
            filter,
            no_answer,
            subtotals: false,
            banner_missing: false,
            joint: JointNeeds::default(),
        };
        if errors.is_empty() { Ok(request) } else { Err(errors) }
    }

    /// The table of one question, among those who pass the filter.
    pub fn of_question(question: QuestionIndex, filter: Option<Filter>) -> Request {
        Request {
            stubs: vec![Stub::Question(question)],
            banners: Vec::new(),
            filter,
            no_answer: None,
            subtotals: false,
            banner_missing: false,
            joint: JointNeeds::default(),
        }
    }

    /// Every question whose replies the request needs.
    pub fn questions(&self, survey: &Survey) -> Vec<QuestionIndex> {
        let mut needed: BTreeSet<QuestionIndex> = self.banners.iter().flatten().copied().collect();
        for stub in &self.stubs {
            match stub {
                Stub::Question(question) => _ = needed.insert(*question),
                Stub::Summary { grid, .. } => needed.extend(grid_rows(survey, *grid)),
                Stub::Means { questions, .. } => needed.extend(questions),
            }
        }
        if let Some(filter) = &self.filter {
            needed.extend(filter.condition.questions());
        }
        needed.into_iter().collect()
    }
}

/// The rows of a grid, in order.
pub fn grid_rows(survey: &Survey, grid: QuestionIndex) -> impl Iterator<Item = QuestionIndex> + '_ {
    (0..survey.questions.len()).filter(move |&row| survey.questions[row].grid == Some(grid))
}

/// A flag's value cut at commas: text and where it stands.
struct Typed<'a> {
    source: Arc<Source>,
    names: Vec<(&'a str, std::ops::Range<usize>)>,
}

impl<'a> Typed<'a> {
    fn new(flag: &str, text: &'a str, errors: &mut Vec<Diagnostic>) -> Self {
        let source = Arc::new(Source { name: flag.into(), text: text.into() });
        let mut names = Vec::new();
        let mut start = 0;
        for piece in text.split([',', '、', '，']) {
            let lead = piece.len() - piece.trim_start().len();
            let name = piece.trim();
            let span = start + lead..start + lead + name.len();
            if name.is_empty() {
                errors.push(
                    Diagnostic::error(format!("expected a question id in `{flag}`, found nothing"))
                        .span(&source, span),
                );
            } else {
                names.push((name, span));
            }
            // The separator is one or three bytes long.
            let rest = &text[start + piece.len()..];
            start += piece.len() + rest.chars().next().map_or(0, char::len_utf8);
        }
        Typed { source, names }
    }
}

fn unknown(survey: &Survey, typed: &Typed, name: &str, span: std::ops::Range<usize>) -> Diagnostic {
    let ids = || survey.questions.iter().map(|question| question.id.as_str());
    let error = Diagnostic::error(format!("unknown question {}", quote(name)))
        .span(&typed.source, span)
        .label("no such question in the schema");
    match suggestion(name, ids()) {
        Some(hint) => error.hint(hint),
        None => error.hint(format!("the schema has {}", listed(ids().map(String::from).collect()))),
    }
}

/// The first dozen names, in backticks.
fn listed(names: Vec<String>) -> String {
    let mut shown: Vec<String> = names.iter().take(12).map(|name| quote(name)).collect();
    if names.len() > 12 {
        shown.push(format!("… ({} in all)", names.len()));
    }
    shown.join(", ")
}

fn stubs(
    survey: &Survey,
    rows: &str,
    banners: &[Vec<QuestionIndex>],
    errors: &mut Vec<Diagnostic>,
) -> Vec<Stub> {
    let typed = Typed::new("--rows", rows, errors);
    let mut stubs = Vec::new();
    for (name, span) in &typed.names {
        if let Some((id, answer)) = name.split_once(':') {
            let answer = answer.trim();
            match measures(answer) {
                Some(measures) if !is_answer(survey, id.trim(), answer) => {
                    stubs.extend(means(survey, &typed, id, measures, span.start, errors));
                }
                _ => stubs.extend(summary(survey, &typed, id.trim(), answer, span, errors)),
            }
        } else if *name == "all" && survey.find("all").is_none() {
            let in_banner = |question: &QuestionIndex| banners.iter().any(|path| path.contains(question));
            for question in (0..survey.questions.len()).filter(|question| !in_banner(question)) {
                if survey.questions[question].kind != Kind::Text && survey.questions[question].grid.is_none()
                {
                    stubs.extend(expanded(survey, question, banners));
                }
            }
        } else if name.contains('*') {
            let found: Vec<QuestionIndex> =
                (0..survey.questions.len()).filter(|&q| fits(name, &survey.questions[q].id)).collect();
            if found.is_empty() {
                errors.push(
                    Diagnostic::error(format!("no question fits {}", quote(name)))
                        .span(&typed.source, span.clone()),
                );
            }
            let tabulable = |&q: &QuestionIndex| survey.questions[q].kind != Kind::Text;
            // Rows and places come with their question.
            let alone = |&q: &QuestionIndex| {
                let with = |of: QuestionIndex| expanded(survey, of, banners).contains(&Stub::Question(q));
                !survey.questions[q].grid.is_some_and(|of| found.contains(&of) && with(of))
            };
            let chosen = found.iter().copied().filter(tabulable).filter(alone);
            stubs.extend(chosen.flat_map(|q| expanded(survey, q, banners)));
        } else if let Some(question) = survey.find(name) {
            if survey.questions[question].kind == Kind::Text {
                errors.push(
                    Diagnostic::error(format!("{} is free text and has no table", quote(name)))
                        .span(&typed.source, span.clone())
                        .hint(format!("it can stand in a condition: `--filter \"{name} is given\"`")),
                );
            } else {
                stubs.extend(expanded(survey, question, banners));
            }
        } else {
            errors.push(unknown(survey, &typed, name, span.clone()));
        }
    }
    stubs
}

/// A grid stands for all its rows; a rank question, in a GT table, for itself and its places.
fn expanded(survey: &Survey, question: QuestionIndex, banners: &[Vec<QuestionIndex>]) -> Vec<Stub> {
    if let (Origin::Ranking { places, .. }, []) = (&survey.questions[question].origin, banners) {
        return std::iter::once(&question).chain(places).copied().map(Stub::Question).collect();
    }
    if survey.questions[question].kind == Kind::Grid {
        grid_rows(survey, question).map(Stub::Question).collect()
    } else {
        vec![Stub::Question(question)]
    }
}

/// `mean+sd` as measures; `None` when a name is none of them.
fn measures(typed: &str) -> Option<Vec<NumberMeasure>> {
    let measure = |name: &str| match name.trim() {
        "mean" => Some(NumberMeasure::Mean),
        "sd" => Some(NumberMeasure::Deviation),
        "median" => Some(NumberMeasure::Median),
        "ratio" => Some(NumberMeasure::Ratio),
        _ => None,
    };
    typed.split('+').map(measure).collect()
}

/// Whether a grid has an option or net of this name: it goes before a measure.
fn is_answer(survey: &Survey, id: &str, answer: &str) -> bool {
    let grid = survey.find(id).map(|grid| &survey.questions[grid]);
    grid.filter(|question| question.kind == Kind::Grid).is_some_and(|question| {
        question.options.iter().any(|option| option.code.to_string() == answer)
            || question.nets.iter().any(|net| net.id == answer)
    })
}

/// The questions of `q8+s*`, all of which must have numbers or scores, or be ratios; patterns take those that do.
fn means(
    survey: &Survey,
    typed: &Typed,
    ids: &str,
    measures: Vec<NumberMeasure>,
    mut start: usize,
    errors: &mut Vec<Diagnostic>,
) -> Option<Stub> {
    let ratios = measures.contains(&NumberMeasure::Ratio);
    let has_numbers = |&q: &QuestionIndex| match survey.questions[q].kind {
        Kind::Ratio => ratios,
        Kind::Number | Kind::Scale => !ratios,
        _ => false,
    };
    let (mut questions, before) = (Vec::new(), errors.len());
    if ratios && measures.len() > 1 {
        let error = Diagnostic::error("`ratio` stands alone: a ratio of sums has no mean, sd or median");
        errors.push(error.span(&typed.source, start..start + ids.len()));
        return None;
    }
    for piece in ids.split('+') {
        let id = piece.trim();
        let lead = piece.len() - piece.trim_start().len();
        let place = start + lead..start + lead + id.len();
        start += piece.len() + 1;
        let rows: Vec<QuestionIndex> = if id.is_empty() {
            let error = Diagnostic::error("expected a question id on both sides of `+`, found nothing");
            errors.push(error.span(&typed.source, place));
            continue;
        } else if id.contains('*') {
            (0..survey.questions.len())
                .filter(|&q| fits(id, &survey.questions[q].id))
                .filter(has_numbers)
                .collect()
        } else if let Some(question) = survey.find(id) {
            match survey.questions[question].kind {
                Kind::Grid => grid_rows(survey, question).filter(has_numbers).collect(),
                _ => vec![question].into_iter().filter(has_numbers).collect(),
            }
        } else {
            errors.push(unknown(survey, typed, id, place));
            continue;
        };
        if rows.is_empty() {
            let fitting = (0..survey.questions.len()).filter(has_numbers);
            let fitting: Vec<String> = fitting.map(|q| survey.questions[q].id.clone()).collect();
            let what = if ratios { "is no ratio" } else { "has no numbers or scores" };
            errors.push(Diagnostic::error(format!("{} {what}", quote(id))).span(&typed.source, place).hint(
                match fitting.is_empty() {
                    true if ratios => "`ratio = { of = …, to = … }` in a `[[derive]]` makes one".into(),
                    true => {
                        "`kind = \"scale\"` gives options scores, and so does `scores = true` a grid".into()
                    }
                    false => format!("those that have are {}", listed(fitting)),
                },
            ));
        }
        questions.extend(rows);
    }
    let mut seen = BTreeSet::new();
    questions.retain(|question| seen.insert(*question));
    (errors.len() == before).then_some(Stub::Means { questions, measures })
}

fn summary(
    survey: &Survey,
    typed: &Typed,
    id: &str,
    answer: &str,
    span: &std::ops::Range<usize>,
    errors: &mut Vec<Diagnostic>,
) -> Option<Stub> {
    let Some(grid) = survey.find(id) else {
        errors.push(unknown(survey, typed, id, span.start..span.start + id.len()));
        return None;
    };
    let question = &survey.questions[grid];
    if question.kind != Kind::Grid {
        let hint = match question.kind {
            Kind::Number | Kind::Scale => format!("ask for its mean, sd or median: `--rows {id}:mean`"),
            Kind::Ratio => format!("ask for it alone or in a summary table: `--rows {id}:ratio`"),
            _ => format!("ask for the whole question: `--rows {id}`"),
        };
        errors.push(
            Diagnostic::error(format!("a summary table needs a grid, and {} is not one", quote(id)))
                .span(&typed.source, span.clone())
                .hint(hint),
        );
        return None;
    }
    let option = question.options.iter().position(|option| option.code.to_string() == answer);
    let net = question.nets.iter().position(|net| net.id == answer);
    let answer_of = option.map(Answer::Option).or(net.map(Answer::Net));
    if answer_of.is_none() {
        let nets = question.nets.iter().map(|net| net.id.clone());
        let codes = question.options.iter().map(|option| option.code.to_string());
        let scored = question.options.iter().any(|option| option.score.is_some());
        let measures = ["mean", "sd", "median"].into_iter().filter(|_| scored).map(String::from);
        errors.push(
            Diagnostic::error(format!("{} has no option or net {}", quote(id), quote(answer)))
                .span(&typed.source, span.end - answer.len()..span.end)
                .hint(format!("it has {}", listed(nets.chain(measures).chain(codes).collect()))),
        );
    }
    Some(Stub::Summary { grid, answer: answer_of? })
}

fn banners(survey: &Survey, columns: &str, errors: &mut Vec<Diagnostic>) -> Vec<Vec<QuestionIndex>> {
    let typed = Typed::new("--cols", columns, errors);
    let mut banners = Vec::new();
    for (name, span) in &typed.names {
        if let Some(named) = survey.banners.iter().find(|banner| banner.id == *name) {
            for path in &named.paths {
                push(survey, path.clone(), name, span, &typed, &mut banners, errors);
            }
            continue;
        }
        let mut path = Vec::new();
        let mut start = span.start;
        for piece in name.split('>') {
            let lead = piece.len() - piece.trim_start().len();
            let id = piece.trim();
            let place = start + lead..start + lead + id.len();
            start += piece.len() + 1;
            if id.is_empty() {
                errors.push(
                    Diagnostic::error("expected a question id on both sides of `>`, found nothing")
                        .span(&typed.source, place),
                );
                continue;
            }
            let Some(question) = survey.find(id) else {
                errors.push(unknown(survey, &typed, id, place));
                continue;
            };
            match survey.questions[question].kind {
                Kind::Single | Kind::Scale | Kind::Multi | Kind::Rank if path.contains(&question) => errors
                    .push(
                        Diagnostic::error(format!("{} is nested in itself", quote(id)))
                            .span(&typed.source, place),
                    ),
                Kind::Single | Kind::Scale | Kind::Multi | Kind::Rank => path.push(question),
                Kind::Grid => errors.push(
                    Diagnostic::error(format!("{} is a grid and cannot be a banner", quote(id)))
                        .span(&typed.source, place)
                        .hint(format!(
                            "take one of its rows: {}",
                            listed(
                                grid_rows(survey, question)
                                    .map(|row| survey.questions[row].id.clone())
                                    .collect()
                            )
                        )),
                ),
                Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => errors.push(
                    Diagnostic::error(format!("{} has no options and cannot be a banner", quote(id)))
                        .span(&typed.source, place),
                ),
            }
        }
        push(survey, path, name, span, &typed, &mut banners, errors);
    }
    banners
}

/// Adds a banner, unless it has too many groups to count.
fn push(
    survey: &Survey,
    path: Vec<QuestionIndex>,
    name: &str,
    span: &std::ops::Range<usize>,
    typed: &Typed,
    banners: &mut Vec<Vec<QuestionIndex>>,
    errors: &mut Vec<Diagnostic>,
) {
    if too_fine(survey, &path) {
        let groups = path.iter().map(|&question| survey.questions[question].options.len());
        let groups = groups.fold(1, usize::saturating_mul) as u64;
        errors.push(
            Diagnostic::error(format!(
                "{} has too many groups to count: {}",
                quote(name),
                plural(groups, "group")
            ))
            .span(&typed.source, span.clone())
            .hint("nest fewer questions, or coarser ones: `[[derive]]` groups options"),
        );
    } else if !path.is_empty() {
        banners.push(path);
    }
}

/// Does the id fit a pattern in which `*` stands for anything?
fn fits(pattern: &str, id: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| id.strip_prefix(first)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let last = pieces.pop().unwrap_or("");
    for piece in pieces {
        match rest.find(piece) {
            Some(place) => rest = &rest[place + piece.len()..],
            None => return false,
        }
    }
    rest.len() >= last.len() && rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(fits("s*", "s01") && fits("*", "q1") && fits("q7.*", "q7.r1") && fits("*a*", "banana"));
        assert!(!fits("s*", "m01") && !fits("a*a", "a") && !fits("q*1", "q12"));
    }
}
