//! A file of targets: what was written becomes [`Targets`], or every mistake at once.
//!
//! ```toml
//! [weight]
//! method = "rake"                        # or "cell"
//! bounds = [0.3, 3]                      # each weight as a multiple of its base weight
//!
//! [[target]]
//! question = "sex"
//! shares = { 1 = 48.6, 2 = 51.4 }        # by code or label; they add up to 1 or to 100
//!
//! [[target]]
//! questions = ["region", "age"]          # cells
//! totals = { "1>1" = 1200, "1>2" = 800 }
//!
//! [[target]]
//! question = "q3"                        # a multi question, by a net or by options
//! net = "ict"
//! shares = { any = 45.2, none = 54.8 }
//! missing = "own"
//!
//! [[target]]
//! question = "beds"                      # a number, by its mean or its total
//! mean = 74.2
//! ```

use std::ops::Range;
use std::sync::Arc;

use super::number;
use super::targets::{Bounds, Margin, Member, Method, Missing, NumberTarget, Targets, Trim, TrimBy};
use crate::diag::{Diagnostic, Source, Warned, plural, quote, suggestion};
use crate::schema::{Code, Kind, QuestionIndex, Survey, matching_key};
use crate::toml::{Document, Keys, Mistakes, Typed, Value};

/// How far shares may add up from 100, in points, unless `share_tolerance` says otherwise.
const SHARE_TOLERANCE: f64 = 0.001;
/// Cells of one margin at most.
const MOST_CELLS: usize = 1_000_000;

const MISSING: [(&str, Missing); 2] = [("error", Missing::Error), ("own", Missing::Own)];

/// Reads a file of targets.
///
/// # Errors
/// Every mistake in it.
pub fn load(name: &str, text: &str, survey: &Survey) -> Result<Warned<Targets>, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.to_string(), text: text.to_string() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut keys = document.keys();
    let settings = keys.table("weight", &mut mistakes);
    let settings = settings.map_or_else(Settings::default, |keys| settings_of(keys, &mut mistakes));
    let tables = keys.tables("target", &mut mistakes);
    if tables.is_empty() && mistakes.count() == 0 {
        let error = Diagnostic::error("expected `[[target]]`, found none");
        mistakes.error(&(0..0), error.hint("say `question = \"…\"` and `shares = { … }` under it"));
    }
    let written = tables.len();
    let (of_numbers, of_margins): (Vec<Keys<'_>>, Vec<Keys<'_>>) =
        tables.into_iter().partition(number::is_written);
    let find = |id: &Typed<String>, mistakes: &mut Mistakes| find(id, survey, mistakes);
    let numbers: Vec<NumberTarget> = of_numbers
        .into_iter()
        .filter_map(|table| number::target(table, survey, find, &mut mistakes))
        .collect();
    let margins: Vec<Margin> =
        of_margins.into_iter().filter_map(|table| margin(table, survey, &settings, &mut mistakes)).collect();
    keys.finish(&mut mistakes);
    let total = settings.total.as_ref().map(|total| total.value);
    if margins.len() + numbers.len() == written {
        together(&margins, &settings, &mut mistakes);
        number::together(&numbers, &margins, (settings.method, total), survey, &mut mistakes);
    }
    let Settings { method, tolerance, iterations, bounds, trim, .. } = settings;
    let warnings = mistakes.finish()?;
    let targets = Targets { margins, numbers, total, method, tolerance, iterations, bounds, trim, source };
    Ok(Warned { value: targets, warnings })
}

/// `[weight]`
struct Settings {
    method: Method,
    total: Option<Typed<f64>>,
    tolerance: f64,
    iterations: u32,
    share_tolerance: f64,
    missing: Missing,
    bounds: Option<Bounds>,
    trim: Option<Trim>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            method: Method::Rake,
            total: None,
            tolerance: 1e-9,
            iterations: 1000,
            share_tolerance: SHARE_TOLERANCE,
            missing: Missing::Error,
            bounds: None,
            trim: None,
        }
    }
}

fn settings_of(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Settings {
    let default = Settings::default();
    let method = keys.word("method", &[("rake", Method::Rake), ("cell", Method::Cell)], mistakes);
    let total = keys.value("total").and_then(|value| value.real(mistakes)).filter(|total| {
        let found = total.value <= 0.0;
        if found {
            let error = Diagnostic::error("expected a total above zero, found none");
            mistakes.error(&total.span, error);
        }
        !found
    });
    let tolerance = keys
        .value("tolerance")
        .and_then(|value| within(&value, 1e-13..=0.1, "a tolerance from 1e-13 to 0.1", mistakes));
    let iterations = keys.value("iterations").and_then(|value| {
        within(&value, 1.0..=1_000_000.0, "a number of passes from 1 to 1000000", mistakes)
            .filter(|_| value.integer(mistakes).is_some())
    });
    let share_tolerance = keys
        .value("share_tolerance")
        .and_then(|value| within(&value, 0.0..=5.0, "points from 0 to 5", mistakes));
    let missing = keys.word("missing", &MISSING, mistakes);
    let bounds = keys.value("bounds").and_then(|value| bounds(&value, mistakes));
    let trim = keys.table("trim", mistakes).and_then(|keys| trim(keys, mistakes));
    if let (Some(_), Some(trim)) = (&bounds, &trim) {
        let error = Diagnostic::error("expected `bounds` or `trim`, found both");
        let hint = "with `bounds` the margins are reached within limits; `trim` cuts weights";
        mistakes.error(&trim.span, error.hint(hint));
    }
    keys.finish(mistakes);
    Settings {
        method: method.map_or(default.method, |word| word.value),
        total,
        tolerance: tolerance.unwrap_or(default.tolerance),
        iterations: iterations.map_or(default.iterations, |number| number as u32),
        share_tolerance: share_tolerance.unwrap_or(default.share_tolerance),
        missing: missing.map_or(default.missing, |word| word.value),
        bounds,
        trim,
    }
}

/// A number within a range, or a mistake.
fn within(
    value: &Value<'_>,
    range: std::ops::RangeInclusive<f64>,
    expected: &str,
    mistakes: &mut Mistakes,
) -> Option<f64> {
    let number = value.real(mistakes)?;
    if !range.contains(&number.value) {
        let found = &mistakes.source().text[number.span.clone()];
        let error = Diagnostic::error(format!("expected {expected}, found {}", quote(found)));
        mistakes.error(&number.span, error);
        return None;
    }
    Some(number.value)
}

/// `[lowest, highest]`, at least zero and in order.
fn limits(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<(f64, f64)> {
    let list = value.list(mistakes)?;
    let numbers: Vec<Typed<f64>> = list.value.iter().filter_map(|value| value.real(mistakes)).collect();
    if numbers.len() < list.value.len() {
        return None;
    }
    match numbers.as_slice() {
        [low, high] if low.value >= 0.0 && low.value < high.value => Some((low.value, high.value)),
        _ => {
            let error = Diagnostic::error("expected the lowest and the highest, such as `[0.3, 3]`");
            mistakes.error(&list.span, error);
            None
        }
    }
}

/// `[0.3, 3]` or `{ absolute = [0.3, 3] }`.
fn bounds(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Bounds> {
    if !value.is_list() {
        let mut keys = value.table("bounds", mistakes)?;
        keys.require("absolute");
        let absolute = keys.value("absolute").and_then(|value| limits(&value, mistakes));
        keys.finish(mistakes);
        return absolute.map(|(from, to)| Bounds::Absolute { from, to });
    }
    let (from, to) = limits(value, mistakes)?;
    if from > 1.0 || to < 1.0 {
        let error = Diagnostic::error("expected bounds with 1 between them, found others");
        let hint = "they are of each weight as a multiple of its base weight; `{ absolute = [\u{2026}] }` is \
                    of weights themselves";
        mistakes.error(&value.span(), error.hint(hint));
        return None;
    }
    Some(Bounds::Ratio { from, to })
}

fn trim(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Trim> {
    let span = keys.span().clone();
    keys.require("to");
    let to = keys.value("to").and_then(|value| limits(&value, mistakes));
    let spread = TrimBy::Spread { strict: false };
    let how = keys.word("how", &[("spread", spread), ("rerake", TrimBy::Rerake)], mistakes);
    let strict = keys.flag("strict", mistakes);
    keys.finish(mistakes);
    let by = match (how.map_or(spread, |word| word.value), strict) {
        (TrimBy::Rerake, Some(strict)) => {
            let error = Diagnostic::error("expected `strict` with `how = \"spread\"`, found another way");
            let hint = "`rerake` leaves no weight outside in any case";
            mistakes.error(&strict.span, error.hint(hint));
            return None;
        }
        (TrimBy::Spread { .. }, Some(strict)) => TrimBy::Spread { strict: strict.value },
        (by, None) => by,
    };
    to.map(|(from, to)| Trim { from, to, by, span })
}

/// One `[[target]]`.
fn margin(
    mut keys: Keys<'_>,
    survey: &Survey,
    settings: &Settings,
    mistakes: &mut Mistakes,
) -> Option<Margin> {
    let span = keys.span().clone();
    let before = mistakes.count();
    let members = members(&mut keys, survey, mistakes);
    let missing = keys.word("missing", &MISSING, mistakes).map_or(settings.missing, |word| word.value);
    let (totals, shares) = (keys.table("totals", mistakes), keys.table("shares", mistakes));
    let written = keys.has("totals") || keys.has("shares");
    if !written || (keys.has("totals") && keys.has("shares")) {
        let found = if written { "both" } else { "neither" };
        let error =
            Diagnostic::error(format!("expected `totals` or `shares` in `[[target]]`, found {found}"));
        mistakes.error(&span, error);
    }
    keys.finish(mistakes);
    let (members, is_share) = (members?, shares.is_some());
    let numbers = shares.or(totals)?;
    let counts: Vec<usize> = members.iter().map(|member| member.categories(survey)).collect();
    let cells = counts.iter().try_fold(1_usize, |all, &count| all.checked_mul(count));
    let Some(cells) = cells.filter(|&cells| cells <= MOST_CELLS) else {
        let error = Diagnostic::error(format!("expected at most {MOST_CELLS} cells, found more"));
        mistakes.error(&span, error.hint("target some of the questions apart"));
        return None;
    };
    let numbers_span = numbers.span().clone();
    let mut targets = targets(numbers, &members, survey, cells, mistakes);
    if mistakes.count() > before {
        return None;
    }
    let sum: f64 = targets.iter().flatten().sum();
    if is_share {
        let tolerance = settings.share_tolerance;
        let whole =
            [1.0, 100.0].into_iter().find(|whole| (sum - whole).abs() <= tolerance * whole / 100.0 + 1e-12);
        match whole {
            // Shares that do not add up quite are parts of what they add up to.
            Some(_) => targets.iter_mut().flatten().for_each(|share| *share /= sum),
            None => {
                let shown = (sum * 1e6).round() / 1e6;
                let error = Diagnostic::error(format!(
                    "expected shares that add up to 1 or 100, found {shown} in all"
                ));
                let hint = format!(
                    "they may be {tolerance} points from 100; say `share_tolerance = \u{2026}` under `[weight]` \
                     if they were rounded"
                );
                mistakes.error(&numbers_span, error.hint(hint));
                return None;
            }
        }
    } else if sum <= 0.0 {
        mistakes.error(&numbers_span, Diagnostic::error("expected a total above zero, found none"));
        return None;
    }
    Some(Margin { members, targets, shares: is_share, missing, span })
}

/// `question`, with `net` or without, or `questions`.
fn members(keys: &mut Keys<'_>, survey: &Survey, mistakes: &mut Mistakes) -> Option<Vec<Member>> {
    let one = keys.text("question", mistakes);
    let several = keys.list("questions", mistakes);
    let net = keys.value("net");
    if keys.has("question") == keys.has("questions") {
        let found = if keys.has("question") { "both" } else { "neither" };
        let error =
            Diagnostic::error(format!("expected `question` or `questions` in `[[target]]`, found {found}"));
        mistakes.error(keys.span(), error);
        return None;
    }
    if let Some(several) = several {
        if let Some(net) = net {
            let error = Diagnostic::error("expected `net` beside `question`, found it beside `questions`");
            mistakes.error(&net.span(), error.hint("make a derived question of the net, and cross that"));
            return None;
        }
        let ids: Vec<Typed<String>> = several.value.iter().filter_map(|value| value.text(mistakes)).collect();
        let members: Vec<Member> =
            ids.iter().filter_map(|id| options_of(id, survey, mistakes)).map(Member::Options).collect();
        if members.len() < several.value.len() {
            return None;
        }
        let twice = (1..members.len()).find(|&place| members[..place].contains(&members[place]));
        if let Some(place) = twice {
            let error = Diagnostic::error(format!("question {} stands twice", quote(&ids[place].value)));
            mistakes.error(&ids[place].span, error);
            return None;
        }
        if members.is_empty() {
            mistakes.error(&several.span, Diagnostic::error("expected questions, found none"));
            return None;
        }
        return Some(members);
    }
    let id = one?;
    match net {
        Some(net) => net_of(&id, &net, survey, mistakes).map(|member| vec![member]),
        None => options_of(&id, survey, mistakes).map(|question| vec![Member::Options(question)]),
    }
}

/// The question with this id.
fn find(id: &Typed<String>, survey: &Survey, mistakes: &mut Mistakes) -> Option<QuestionIndex> {
    let found = survey.find(&id.value);
    if found.is_none() {
        let error = Diagnostic::error(format!("unknown question {}", quote(&id.value)));
        let hint = suggestion(&id.value, survey.questions.iter().map(|question| question.id.as_str()));
        mistakes.error(&id.span, hint.into_iter().fold(error, Diagnostic::hint));
    }
    found
}

/// A question each of whose respondents has one option.
fn options_of(id: &Typed<String>, survey: &Survey, mistakes: &mut Mistakes) -> Option<QuestionIndex> {
    let index = find(id, survey, mistakes)?;
    let hint = match survey.questions[index].kind {
        Kind::Single | Kind::Scale => return Some(index),
        Kind::Multi | Kind::Rank => "say which of its options with `net = \"\u{2026}\"` or `net = [1, 2]`",
        Kind::Grid => "name one of its rows",
        Kind::Number => {
            "say `mean = \u{2026}` or `total = \u{2026}`, or make groups of it with a derived question and `bands`"
        }
        Kind::Date => "make groups of it with a derived question and `bands`",
        Kind::Ratio => "weight to a question with answers",
        Kind::Text => "make groups of it with a derived question and `comments`",
    };
    let error = Diagnostic::error(format!(
        "expected a question with one answer, found {}, which is of kind `{}`",
        quote(&id.value),
        survey.questions[index].kind.word()
    ));
    mistakes.error(&id.span, error.hint(hint));
    None
}

/// `net = "id"` or `net = [1, 2]`.
fn net_of(id: &Typed<String>, net: &Value<'_>, survey: &Survey, mistakes: &mut Mistakes) -> Option<Member> {
    let index = find(id, survey, mistakes)?;
    let question = &survey.questions[index];
    if question.options.is_empty() || question.kind == Kind::Grid {
        let error = Diagnostic::error(format!(
            "expected a question with nets, found {}, which is of kind `{}`",
            quote(&id.value),
            question.kind.word()
        ));
        mistakes.error(&id.span, error);
        return None;
    }
    let mut of = vec![false; question.options.len()];
    if !net.is_list() {
        let typed = net.text(mistakes)?;
        let Some(net) = question.nets.iter().find(|net| net.id == typed.value) else {
            let error = Diagnostic::error(format!("{} has no net {}", quote(&id.value), quote(&typed.value)));
            let hint = suggestion(&typed.value, question.nets.iter().map(|net| net.id.as_str()))
                .unwrap_or_else(|| "a list of codes does as well: `net = [1, 2]`".to_string());
            mistakes.error(&typed.span, error.hint(hint));
            return None;
        };
        net.of.iter().for_each(|&option| of[option] = true);
        return Some(Member::Net { question: index, of, label: net.label.clone() });
    }
    let mut labels = Vec::new();
    for value in net.list(mistakes)?.value {
        let code = match value.as_integer(mistakes) {
            Some(code) => Code::Integer(code?),
            None => Code::Text(value.text(mistakes)?.value),
        };
        let Some(option) = option(&code.to_string(), index, survey) else {
            let typed = Typed { value: code.to_string(), span: value.span() };
            unknown_option(&typed, &typed.value, index, survey, mistakes);
            return None;
        };
        of[option] = true;
        labels.push(question.options[option].label.clone());
    }
    if labels.is_empty() {
        mistakes.error(&net.span(), Diagnostic::error("expected codes in `net`, found none"));
        return None;
    }
    Some(Member::Net { question: index, of, label: labels.join("・") })
}

/// The option with this code, or else with this label.
fn option(typed: &str, question: QuestionIndex, survey: &Survey) -> Option<usize> {
    let options = &survey.questions[question].options;
    let key = matching_key(typed);
    let same = |label: &String| matching_key(label) == key;
    let by_code = || options.iter().position(|option| option.code.to_string() == typed);
    let by_label =
        || options.iter().position(|option| same(&option.label) || option.spellings.iter().any(same));
    by_code().or_else(by_label)
}

fn unknown_option(
    key: &Typed<String>,
    part: &str,
    question: QuestionIndex,
    survey: &Survey,
    mistakes: &mut Mistakes,
) {
    let question = &survey.questions[question];
    let error = Diagnostic::error(format!("{} has no option {}", quote(&question.id), quote(part)));
    let codes: Vec<String> =
        question.options.iter().take(10).map(|option| format!("`{}`", option.code)).collect();
    let more = if question.options.len() > codes.len() { ", \u{2026}" } else { "" };
    let is_missing = question.missing.iter().any(|missing| missing.code.to_string() == part);
    let hint = match is_missing {
        true => "it is a missing code; `missing = \"own\"` lets the missing keep their share".to_string(),
        false => format!("its codes are {}{more}", codes.join(", ")),
    };
    mistakes.error(&key.span, error.hint(hint));
}

/// The numbers of a margin, by category.
fn targets(
    mut numbers: Keys<'_>,
    members: &[Member],
    survey: &Survey,
    cells: usize,
    mistakes: &mut Mistakes,
) -> Vec<Option<f64>> {
    let mut targets = vec![None; cells];
    let others = numbers.others();
    if others.is_empty() {
        mistakes.error(numbers.span(), Diagnostic::error("expected a number for each category, found none"));
    }
    for (key, value) in others {
        let number = value.real(mistakes);
        let Some(category) = category(&key, members, survey, mistakes) else { continue };
        let Some(number) = number else { continue };
        if number.value < 0.0 {
            let found = quote(&mistakes.source().text[number.span.clone()]);
            let error = Diagnostic::error(format!("expected a target of zero or more, found {found}"));
            mistakes.error(&number.span, error);
        } else if targets[category].replace(number.value).is_some() {
            let error = Diagnostic::error(format!("{} has a target already", quote(&key.value)));
            mistakes.error(&key.span, error.hint("a code and its label are one category"));
        }
    }
    targets
}

/// The category that a key names: `1`, `東京都`, `any`, or `1>2` for a cell.
fn category(
    key: &Typed<String>,
    members: &[Member],
    survey: &Survey,
    mistakes: &mut Mistakes,
) -> Option<usize> {
    let parts: Vec<&str> = match members.len() {
        1 => vec![key.value.as_str()],
        _ => key.value.split('>').map(str::trim).collect(),
    };
    if parts.len() != members.len() {
        let expected = plural(members.len() as u64, "code");
        let error =
            Diagnostic::error(format!("expected {expected} with `>` between, found {}", quote(&key.value)));
        mistakes.error(&key.span, error.hint("a cell is named in the order of `questions`: `\"1>2\" = 120`"));
        return None;
    }
    let mut category = 0;
    for (part, member) in parts.into_iter().zip(members) {
        let place = match member {
            Member::Options(question) => option(part, *question, survey),
            Member::Net { .. } => ["any", "none"].iter().position(|word| *word == part),
        };
        let Some(place) = place else {
            match member {
                Member::Options(question) => unknown_option(key, part, *question, survey, mistakes),
                Member::Net { .. } => {
                    let error = format!("expected `any` or `none` of a net, found {}", quote(part));
                    mistakes.error(&key.span, Diagnostic::error(error));
                }
            }
            return None;
        };
        category = category * member.categories(survey) + place;
    }
    Some(category)
}

/// What margins must be to one another.
fn together(margins: &[Margin], settings: &Settings, mistakes: &mut Mistakes) {
    if let (Method::Cell, [_, second, ..]) = (settings.method, margins) {
        let error = Diagnostic::error("expected one target with `method = \"cell\"`, found several");
        let hint = "cross the questions with `questions = [\u{2026}]`, or say `method = \"rake\"`";
        mistakes.error(&second.span, error.hint(hint));
    }
    for (place, margin) in margins.iter().enumerate() {
        if margins[..place].iter().any(|earlier| earlier.members == margin.members) {
            let error = Diagnostic::error("the same margin has a target already");
            mistakes.error(&margin.span, error);
        }
    }
    let total = |margin: &Margin| margin.targets.iter().flatten().sum::<f64>();
    let mut totals = margins.iter().filter(|margin| !margin.shares);
    let (one, as_in) = match &settings.total {
        Some(total) => (total.value, "as `total` says"),
        None => match totals.next() {
            Some(first) => (total(first), "as in the first target"),
            None => return,
        },
    };
    for other in totals {
        let two = total(other);
        // Totals of one population, published with more or fewer digits, are the same total.
        if (one - two).abs() > 1e-9 * one {
            let error = Diagnostic::error(format!(
                "expected totals that add up to {} {as_in}, found {}",
                as_typed(one),
                as_typed(two)
            ));
            mistakes
                .error(&other.span, error.hint("all margins are of one population; `shares` need no total"));
        }
    }
}

/// A number as it would be typed.
pub(super) fn as_typed(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

/// Where a margin stands, for later rooms' diagnostics.
impl Margin {
    /// Its ids, for messages: `sex`, `sex>age`, or `q3` with a net.
    pub fn name(&self, survey: &Survey) -> String {
        let ids: Vec<&str> =
            self.members.iter().map(|member| survey.questions[member.question()].id.as_str()).collect();
        ids.join(">")
    }

    /// Its place in the file.
    pub(super) fn place(&self) -> Range<usize> {
        self.span.clone()
    }
}
