//! The targets file: what was typed, with names looked up in the questionnaire.

use std::ops::Range;
use std::sync::Arc;

use crate::calendar::{Civil, Day};
use crate::diag::{Diagnostic, Place, Source, quote, suggestion};
use crate::schema::{
    Code, Condition, Kind, Question, QuestionIndex, Survey, code_key, parse_condition, typed_day,
};
use crate::toml::{Document, Keys, Mistakes, Typed, Value};

/// A file of targets.
#[derive(Debug)]
pub struct Targets {
    /// Share of 無回答 where no target says otherwise, in 1 / 100,000.
    pub(super) missing: u32,
    /// Weights dealt in turn, as written.
    pub(super) weights: Vec<String>,
    pub(super) targets: Vec<Target>,
    pub(super) source: Arc<Source>,
}

/// `[[target]]`
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) question: QuestionIndex,
    /// Where the question is named.
    pub(super) span: Range<usize>,
    pub(super) condition: Option<(Condition, Range<usize>)>,
    pub(super) goals: Vec<Goal>,
    /// Numbers: the least and the greatest, and their decimals.
    pub(super) range: Option<(i64, i64, u32)>,
    pub(super) texts: Vec<String>,
    pub(super) unique: bool,
    /// Options that nobody has.
    pub(super) except: Vec<usize>,
}

/// One number that the data shall have.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    pub(super) what: What,
    pub(super) amount: Amount,
    pub(super) span: Range<usize>,
}

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Option(usize),
    Net(usize),
    MissingCode(usize),
    /// 無回答, by blank and by code.
    Missing,
    Given,
    /// Answers of a multi question, all options together.
    Mentions,
    /// Respondents with this number, in units of `10^-decimals`.
    Value(i64, u32),
    /// The sum of the numbers, `10^-decimals`.
    Sum(u32),
    Mean,
}

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    /// Exactly so many.
    Count(i64),
    /// As many as print so, rounded half up: digits and decimals.
    Printed(i64, u32),
}

/// Reads a file of targets; `name` is the path as the user gave it.
///
/// # Errors
/// Every mistake of the file, in its order.
pub fn read_targets(survey: &Survey, name: &str, text: &str) -> Result<Targets, Vec<Diagnostic>> {
    let source = Arc::new(Source { name: name.to_string(), text: text.to_string() });
    let document = Document::parse(&source).map_err(|error| vec![error])?;
    let mut mistakes = Mistakes::new(Arc::clone(&source));
    let mut keys = document.keys();
    let (missing, weights) = match keys.table("simulate", &mut mistakes) {
        Some(keys) => settings(survey, keys, &mut mistakes),
        None => (0, Vec::new()),
    };
    let tables = keys.tables("target", &mut mistakes);
    let targets = tables.into_iter().filter_map(|keys| target(survey, keys, &mut mistakes)).collect();
    keys.finish(&mut mistakes);
    mistakes.finish()?;
    Ok(Targets { missing, weights, targets, source })
}

/// `[simulate]`
fn settings(survey: &Survey, mut keys: Keys<'_>, mistakes: &mut Mistakes) -> (u32, Vec<String>) {
    let mut missing = 0;
    if let Some(value) = keys.value("missing") {
        match printed(&value, mistakes) {
            Some(Amount::Printed(digits, decimals))
                if decimals <= 3 && (0..=50 * 10_i64.pow(decimals)).contains(&digits) =>
            {
                let share = digits * 1000 / 10_i64.pow(decimals);
                missing = u32::try_from(share).unwrap_or(0);
            }
            Some(_) => {
                let error =
                    Diagnostic::error("expected a share of at most 50%, such as \"2%\", for `missing`");
                mistakes.error(&value.span(), error.hint("it is the 無回答 of questions without a target"));
            }
            None => {}
        }
    }
    if let (Some(span), None) = (keys.key_span("weights"), &survey.weight) {
        let error = Diagnostic::error("`weights` are given, but the schema has no weight");
        mistakes.error(&span, error.hint("name their column in `[survey]`: `weight = \"weight\"`"));
    }
    let mut weights = Vec::new();
    for value in keys.list("weights", mistakes).map(|list| list.value).unwrap_or_default() {
        let Some(weight) = value.decimal(mistakes) else { continue };
        if weight.value.0 < 0 {
            mistakes.error(&weight.span, Diagnostic::error("expected a weight, found a negative number"));
        }
        weights.push(written(weight.value.0, weight.value.1));
    }
    keys.finish(mistakes);
    (missing, weights)
}

/// Digits with so many decimals, as cells have them.
pub(super) fn written(digits: i64, decimals: u32) -> String {
    crate::schema::written((digits, decimals))
}

fn target(survey: &Survey, mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Target> {
    keys.require("question");
    let name = keys.text("question", mistakes);
    let index = name.as_ref().and_then(|name| find(survey, name, mistakes));
    let question = index.map(|index| &survey.questions[index]);
    let typed = keys.text("where", mistakes);
    let condition = typed.and_then(|typed| condition(survey, typed, mistakes));
    let mut goals = Vec::new();
    for (key, percent) in [("counts", false), ("percent", true)] {
        let Some(mut answers) = keys.table(key, mistakes) else { continue };
        for (name, value) in answers.others() {
            let amount = if percent { printed(&value, mistakes) } else { count(&value, mistakes) };
            let Some(question) = question else { continue };
            let what = answer(question, &name).map_err(|error| mistakes.error(&name.span, error)).ok();
            let span = name.span.start..value.span().end;
            goals.extend(what.zip(amount).map(|(what, amount)| Goal { what, amount, span }));
        }
    }
    let single = |key: &'static str, what: What, keys: &mut Keys<'_>, mistakes: &mut Mistakes| {
        let value = keys.value(key)?;
        let amount = match (value.as_integer(mistakes).is_some(), key) {
            (_, "mentions") => count(&value, mistakes),
            (true, "missing" | "given") => count(&value, mistakes),
            _ => printed(&value, mistakes),
        }?;
        let what = match (what, amount) {
            (What::Sum(_), Amount::Printed(_, decimals)) => What::Sum(decimals),
            (what, _) => what,
        };
        let span = keys.key_span(key)?.start..value.span().end;
        Some(Goal { what, amount, span })
    };
    goals.extend(single("missing", What::Missing, &mut keys, mistakes));
    goals.extend(single("given", What::Given, &mut keys, mistakes));
    goals.extend(single("mentions", What::Mentions, &mut keys, mistakes));
    goals.extend(single("sum", What::Sum(0), &mut keys, mistakes));
    goals.extend(single("mean", What::Mean, &mut keys, mistakes));
    let range = keys.list("range", mistakes).and_then(|list| match question {
        Some(question) if question.kind == Kind::Date => days(question, &list, mistakes),
        question => range(question, &list, mistakes),
    });
    let texts = keys.list("texts", mistakes).map(|list| list.value).unwrap_or_default();
    let texts = texts.iter().filter_map(|text| Some(text.text(mistakes)?.value)).collect();
    let unique = keys.flag("unique", mistakes).is_some_and(|flag| flag.value);
    let mut except = Vec::new();
    for value in keys.list("except", mistakes).map(|list| list.value).unwrap_or_default() {
        let code = match value.as_integer(mistakes) {
            Some(code) => code.map(|code| code.to_string()),
            None => value.text(mistakes).map(|text| text.value),
        };
        let (Some(code), Some(question)) = (code, question) else { continue };
        match answer(question, &Typed { value: code, span: value.span() }) {
            Ok(What::Option(option)) => except.push(option),
            Ok(_) => mistakes.error(&value.span(), Diagnostic::error("expected the code of an option")),
            Err(error) => mistakes.error(&value.span(), error),
        }
    }
    if let Some(question) = question {
        check_keys(question, &keys, mistakes);
        if let (Some(name), Kind::Grid) = (&name, question.kind) {
            let error = Diagnostic::error(format!("expected one row of the grid `{}`", question.id));
            mistakes.error(&name.span, error.hint(format!("a row is written `{}.r1`", question.id)));
        }
    }
    keys.finish(mistakes);
    Some(Target { question: index?, span: name?.span, condition, goals, range, texts, unique, except })
}

/// Reports keys that this kind of question cannot have.
fn check_keys(question: &Question, keys: &Keys<'_>, mistakes: &mut Mistakes) {
    use crate::schema::Origin;
    let asked = question.origin.is_asked() || matches!(question.origin, Origin::Ranking { .. });
    for (key, fits) in [
        ("counts", question.kind != Kind::Text),
        ("percent", question.kind != Kind::Text),
        ("mentions", question.kind == Kind::Multi && asked),
        ("sum", question.kind == Kind::Number && asked),
        ("mean", question.kind == Kind::Number && asked),
        ("range", question.kind.is_measured() && asked),
        ("texts", question.kind == Kind::Text),
        ("unique", question.kind.takes_one_option() && asked),
        ("except", question.kind.takes_one_option() && asked),
    ] {
        if let (Some(span), false) = (keys.key_span(key), fits) {
            let what = if asked { question.kind.word() } else { "derived" };
            let error = format!("`{key}` is no target of the {what} question `{}`", question.id);
            mistakes.error(&span, Diagnostic::error(error));
        }
    }
}

fn find(survey: &Survey, name: &Typed<String>, mistakes: &mut Mistakes) -> Option<QuestionIndex> {
    let found = survey.find(&name.value);
    if found.is_none() {
        let mut error = Diagnostic::error(format!("unknown question {}", quote(&name.value)));
        let ids = survey.questions.iter().map(|question| question.id.as_str());
        if let Some(hint) = suggestion(&name.value, ids) {
            error = error.hint(hint);
        }
        mistakes.error(&name.span, error);
    }
    found
}

/// Reads a condition; its mistakes point into the file where the file has it letter by letter.
fn condition(
    survey: &Survey,
    typed: Typed<String>,
    mistakes: &mut Mistakes,
) -> Option<(Condition, Range<usize>)> {
    let own = Arc::new(Source { name: "where".to_string(), text: typed.value.clone() });
    let errors = match parse_condition(survey, &own) {
        Ok(condition) => return Some((condition, typed.span)),
        Err(errors) => errors,
    };
    let start = typed.span.start + 1;
    let as_written = mistakes.source().text.get(start..typed.span.end - 1) == Some(&typed.value);
    for mut error in errors {
        let span = match error.place.take() {
            Some(Place::Span { span, .. }) if as_written => start + span.start..start + span.end,
            _ => typed.span.clone(),
        };
        mistakes.error(&span, error);
    }
    None
}

/// What a key of `counts` or `percent` names: an option, a net, a missing code; or a number.
fn answer(question: &Question, name: &Typed<String>) -> Result<What, Diagnostic> {
    let id = &question.id;
    if question.kind == Kind::Date {
        return match day(&name.value) {
            Some(Day(day)) => Ok(What::Value(day, 0)),
            None => {
                let error =
                    format!("expected a day such as 2020-12-31 for `{id}`, found {}", quote(&name.value));
                Err(Diagnostic::error(error))
            }
        };
    }
    if question.kind == Kind::Number {
        return match decimal(&name.value) {
            Some((digits, decimals)) => Ok(What::Value(digits, decimals)),
            None => {
                Err(Diagnostic::error(format!("expected a number for `{id}`, found {}", quote(&name.value))))
            }
        };
    }
    let code = Code::Text(name.value.clone());
    if let Some(option) = question.option_of(&code) {
        return Ok(What::Option(option));
    }
    if let Some(net) = question.nets.iter().position(|net| net.id == name.value) {
        return Ok(What::Net(net));
    }
    let key = code_key(&code);
    if let Some(place) = question.missing.iter().position(|missing| code_key(&missing.code) == key) {
        return Ok(What::MissingCode(place));
    }
    let error = Diagnostic::error(format!("`{id}` has no option or net {}", quote(&name.value)));
    let codes = question.options.iter().take(10).map(|option| option.code.to_string());
    let all: Vec<String> =
        codes.chain(question.nets.iter().map(|net| net.id.clone())).map(|name| quote(&name)).collect();
    let more = if question.options.len() > 10 { ", …" } else { "" };
    Err(error.hint(format!("it has {}{more}", all.join(", "))))
}

/// A number of respondents.
fn count(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Amount> {
    let count = value.integer(mistakes)?;
    if count.value < 0 {
        let error = format!("expected a number of respondents, found `{}`", count.value);
        mistakes.error(&count.span, Diagnostic::error(error));
        return None;
    }
    Some(Amount::Count(count.value))
}

/// A printed number: `74.3`, `"74.3"` or `"74.3%"`; its decimals are those it was printed with.
fn printed(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Amount> {
    let Some(text) = value.as_text() else {
        return value.decimal(mistakes).map(|number| Amount::Printed(number.value.0, number.value.1));
    };
    let number = decimal(text.trim().trim_end_matches(['%', '％']).trim());
    match number {
        Some((digits, decimals)) => Some(Amount::Printed(digits, decimals)),
        None => {
            let error = format!("expected a number such as \"74.3\", found {}", quote(text));
            mistakes.error(&value.span(), Diagnostic::error(error));
            None
        }
    }
}

/// Digits with at most 6 decimals.
fn decimal(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if unsigned.is_empty() || !digits(unsigned) || !digits(fraction) || fraction.len() > 6 {
        return None;
    }
    let number = format!("{whole}{fraction}").parse::<i64>().ok()?;
    (number.unsigned_abs() < 1_000_000_000_000).then_some((number, fraction.len() as u32))
}

/// `2020-12-31`
fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let civil = Civil { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? };
    let written = parts.next().is_none() && civil.iso() == text;
    civil.to_day().filter(|_| written)
}

/// `[first, last]`: days that the question allows.
fn days(
    question: &Question,
    list: &Typed<Vec<Value<'_>>>,
    mistakes: &mut Mistakes,
) -> Option<(i64, i64, u32)> {
    let before = mistakes.count();
    let days: Vec<_> = list.value.iter().filter_map(|value| typed_day(value, mistakes)).collect();
    match &days[..] {
        [first, last] if first.value <= last.value => {
            let limits = question.dates.limits;
            if limits.hold(first.value) && limits.hold(last.value) {
                return Some((first.value.0, last.value.0, 0));
            }
            let error = Diagnostic::error(format!("`{}` does not allow all of these days", question.id));
            mistakes.error(&list.span, error.hint("the schema has its first and last day: `from` and `to`"));
        }
        _ if mistakes.count() == before => {
            let error = Diagnostic::error("expected the first and the last day for `range`");
            mistakes.error(&list.span, error.hint("such as `range = [2020-04-01, 2021-03-31]`"));
        }
        _ => {}
    }
    None
}

/// `[least, greatest]`, both with the same decimals in the end.
fn range(
    question: Option<&Question>,
    list: &Typed<Vec<Value<'_>>>,
    mistakes: &mut Mistakes,
) -> Option<(i64, i64, u32)> {
    let before = mistakes.count();
    let limits: Vec<_> = list.value.iter().filter_map(|value| value.decimal(mistakes)).collect();
    if let [low, high] = &limits[..] {
        let decimals = low.value.1.max(high.value.1);
        let scaled = |(digits, own): (i64, u32)| digits.checked_mul(10_i64.checked_pow(decimals - own)?);
        let (low, high) = (scaled(low.value), scaled(high.value));
        if let (Some(low), Some(high)) = (low, high)
            && low <= high
            && high.abs_diff(low) < MOST_NUMBERS
        {
            if let Some(question) = question
                && !(question.range.holds((low, decimals)) && question.range.holds((high, decimals)))
            {
                let error = format!("`{}` does not allow all of these numbers", question.id);
                let hint = "the schema has its least and greatest number: `from` and `to`";
                mistakes.error(&list.span, Diagnostic::error(error).hint(hint));
                return None;
            }
            return Some((low, high, decimals));
        }
    }
    if mistakes.count() == before {
        let error = Diagnostic::error("expected the least and the greatest number for `range`");
        let hint = "such as `range = [1, 40]`; at most 100,000 different numbers, by the decimals written";
        mistakes.error(&list.span, error.hint(hint));
    }
    None
}

/// Different numbers that a number question may have.
pub(super) const MOST_NUMBERS: u64 = 100_000;
