//! Code frames: which words of a comment make which answer.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use regex::Regex;

use super::codes::{self, Ledger};
use super::derive::derived;
use super::question::{self, Draft};
use super::typed::{self, Role, TypedOption};
use super::typed_derive::TypedDerive;
use super::{Code, Kind, NoAnswer, Origin, Question, QuestionIndex, matching_key};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Keys, Mistakes, Typed};

/// Which answers a comment makes: by its words, or as somebody who read it decided.
#[derive(Debug, Clone, Default)]
pub struct CodeFrame {
    /// Rules in file order; a comment makes the option of each rule that it meets.
    pub rules: Vec<CommentRule>,
    /// The option of a comment that meets no rule.
    pub rest: Option<usize>,
    /// Options by respondent's key, instead of the rules.
    pub by_respondent: HashMap<String, Vec<usize>>,
}

/// A rule of a code frame.
#[derive(Debug, Clone)]
pub struct CommentRule {
    /// The option it makes.
    pub option: usize,
    /// Any of them is enough.
    pub words: Vec<String>,
    /// The words as [`folded`].
    folded: Vec<String>,
    /// Or this, on the comment as folded.
    pub pattern: Option<Regex>,
}

impl CodeFrame {
    /// Whether any comment can make the option.
    pub fn makes(&self, option: usize) -> bool {
        self.rest == Some(option)
            || self.rules.iter().any(|rule| rule.option == option)
            || self.by_respondent.values().any(|options| options.contains(&option))
    }

    /// The options that a comment makes, in order; those decided for the respondent if there are any.
    pub fn options(&self, comment: &str, respondent: Option<&str>) -> Vec<usize> {
        if let Some(options) = respondent.and_then(|key| self.by_respondent.get(&matching_key(key))) {
            return options.clone();
        }
        let comment = folded(comment);
        let meets = |rule: &&CommentRule| {
            rule.folded.iter().any(|word| comment.contains(word))
                || rule.pattern.as_ref().is_some_and(|pattern| pattern.is_match(&comment))
        };
        let mut options: Vec<usize> = self.rules.iter().filter(meets).map(|rule| rule.option).collect();
        if options.is_empty() {
            options.extend(self.rest);
        }
        options.sort_unstable();
        options.dedup();
        options
    }
}

/// A comment as rules see it: the matching key in small letters, so that ＩＣＴ, ICT and ict are one.
fn folded(comment: &str) -> String {
    matching_key(comment).to_lowercase()
}

/// One entry of `comments` or `recode`, as typed.
pub(super) struct TypedRule {
    span: Range<usize>,
    /// An answer of its own (`comments`).
    option: Option<TypedOption>,
    /// An option of the question (`recode`).
    to: Option<Typed<Code>>,
    words: Option<Typed<Vec<Typed<String>>>>,
    pattern: Option<Typed<String>>,
    rest: bool,
    /// Something in it could not be read.
    doubtful: bool,
}

/// `by_respondent = { "12" = [1, 2] }`
type ByRespondent = Vec<(Typed<String>, Vec<Typed<Code>>)>;

/// A code frame as typed.
pub(super) struct TypedFrame {
    /// `recode`: words of その他 put back into the question's options.
    pub recode: bool,
    pub rules: Vec<TypedRule>,
    pub by_respondent: ByRespondent,
}

/// Reads `comments` or `recode`, with `by_respondent`.
pub(super) fn read(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Option<TypedFrame> {
    let by_respondent = keys.table("by_respondent", mistakes);
    let decided_span = by_respondent.as_ref().map(|keys| keys.span().clone());
    let by_respondent = by_respondent.map(|keys| decided(keys, mistakes)).unwrap_or_default();
    let comments = keys.list("comments", mistakes);
    let recode = keys.list("recode", mistakes);
    if let (None, None, Some(span)) = (&comments, &recode, decided_span) {
        let error = Diagnostic::error("`by_respondent` belongs to a code frame, and there is none");
        mistakes.error(&span, error.hint("write `comments = [ … ]`, the answers that comments can make"));
    }
    let written = if comments.is_some() { "comments" } else { "recode" };
    for key in
        ["groups", "bands", "count", "overlap"].iter().filter(|_| comments.is_some() || recode.is_some())
    {
        if let Some(span) = keys.key_span(key) {
            let error = Diagnostic::error(format!("`{key}` does not belong beside `{written}`"));
            mistakes.error(&span, error.hint("group the answers in a second `[[derive]]`"));
        }
    }
    if let (Some(_), Some(recode)) = (&comments, &recode) {
        let error = Diagnostic::error("`recode` does not belong beside `comments`");
        let hint =
            "`comments` makes answers of a text question, `recode` puts words of その他 back; keep one";
        mistakes.error(&recode.span, error.hint(hint));
    }
    let (list, recode) = match (comments, recode) {
        (Some(comments), _) => (comments, false),
        (None, Some(recode)) => (recode, true),
        (None, None) => return None,
    };
    let name = if recode { "recode" } else { "comments" };
    let tables: Vec<_> = list.value.iter().filter_map(|value| value.table(name, mistakes)).collect();
    let rules = tables.into_iter().map(|keys| rule(keys, recode, mistakes)).collect();
    Some(TypedFrame { recode, rules, by_respondent })
}

fn decided(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> ByRespondent {
    let respondents = keys.others();
    respondents
        .into_iter()
        .filter_map(|(key, value)| {
            let list = value.list(mistakes)?;
            Some((key, list.value.iter().filter_map(|value| typed::code(value, mistakes)).collect()))
        })
        .collect()
}

fn rule(mut keys: Keys<'_>, recode: bool, mistakes: &mut Mistakes) -> TypedRule {
    let before = mistakes.count();
    let (option, to) = match recode {
        true => {
            keys.require("to");
            (None, keys.value("to").and_then(|value| typed::code(&value, mistakes)))
        }
        false => (Some(typed::option(&mut keys, Role::Group, mistakes)), None),
    };
    let words = keys
        .list("words", mistakes)
        .map(|list| list.map(|values| values.iter().filter_map(|value| value.text(mistakes)).collect()));
    let pattern = keys.text("pattern", mistakes);
    let rest = !recode && keys.flag("rest", mistakes).is_some_and(|rest| rest.value);
    let span = keys.span().clone();
    keys.finish(mistakes);
    TypedRule { span, option, to, words, pattern, rest, doubtful: mistakes.count() > before }
}

/// The question that a code frame makes: a multi of its answers, or the question itself with words
/// of その他 put back among its options.
pub(super) fn draft(
    id: String,
    derive: &TypedDerive,
    frame: &TypedFrame,
    no_answer: NoAnswer,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Draft {
    let span = derive.id.as_ref().map_or(0..0, |id| id.span.clone());
    let place_of = |from: &Typed<String>, mistakes: &mut Mistakes| match frame.recode {
        true => recoded(from, drafts, mistakes),
        false => commented(from, drafts, mistakes).map(|text| (text, None)),
    };
    let origin = derive.from.as_ref().and_then(|from| place_of(from, mistakes));
    let doubtful = origin.is_none() || frame.rules.iter().any(|rule| rule.doubtful);
    let mut ledger = Ledger::new(&id);
    let source = origin.map(|(text, into)| &drafts[into.map_or(text, |(question, _)| question)].question);
    let (missing, not_asked) =
        source.map_or((Vec::new(), Vec::new()), |from| (from.missing.clone(), from.not_asked.clone()));
    ledger.inherit(&missing, &not_asked);
    let own: Vec<TypedOption> = frame.rules.iter().filter_map(|rule| rule.option.clone()).collect();
    let options = match (frame.recode, source) {
        (true, Some(source)) => source.options.clone(),
        _ => ledger.options(&own, mistakes),
    };
    let recoded = source.filter(|_| frame.recode);
    // Comments are counted over those who wrote one, unless the schema says otherwise here.
    let no_answer = match frame.recode {
        true => source.map_or(no_answer, |source| source.no_answer),
        false => NoAnswer::Exclude,
    };
    let kind = recoded.map_or(Kind::Multi, |source| source.kind);
    let mut question = Question {
        options,
        missing,
        not_asked,
        nets: recoded.map_or(Vec::new(), |source| source.nets.clone()),
        assumed: source.is_some_and(|source| source.assumed),
        ..derived(derive, &id, kind, no_answer)
    };
    question.nets.extend(super::nets::resolve(&question, &derive.nets, doubtful, mistakes));
    let rules = rules(frame, &question, doubtful, mistakes);
    let rest = frame.rules.iter().position(|rule| rule.rest);
    let by_respondent = by_respondent(frame, &question, doubtful, mistakes);
    if let Some((text, into)) = origin {
        let frame = CodeFrame { rules, rest, by_respondent };
        question.origin = Origin::Comments { text, into, frame };
    }
    Draft::new(question, doubtful, span)
}

fn rules(
    frame: &TypedFrame,
    question: &Question,
    doubtful: bool,
    mistakes: &mut Mistakes,
) -> Vec<CommentRule> {
    let mut rules = Vec::new();
    let mut rest_seen = false;
    for (place, typed) in frame.rules.iter().enumerate() {
        let words: Vec<String> = typed
            .words
            .iter()
            .flat_map(|words| &words.value)
            .map(|word| {
                if folded(&word.value).is_empty() {
                    let error = Diagnostic::error("expected a word, found an empty text");
                    mistakes.error(&word.span, error.hint("every comment contains an empty text"));
                }
                word.value.clone()
            })
            .collect();
        let folded = words.iter().map(|word| folded(word)).collect();
        let pattern = typed.pattern.as_ref().and_then(|pattern| expression(pattern, mistakes));
        let named = typed.words.is_some() || typed.pattern.is_some();
        match (typed.rest, named) {
            (true, true) => {
                let error = Diagnostic::error("an answer has both `rest` and words");
                mistakes.error(&typed.span, error.hint("`rest = true` takes comments that meet no rule"));
            }
            (true, false) if rest_seen => {
                let error =
                    Diagnostic::error(format!("`{}` has two answers with `rest = true`", question.id));
                mistakes.error(&typed.span, error.hint("only one can take the remaining comments"));
            }
            (true, false) => {
                rest_seen = true;
                continue;
            }
            // An answer may be given by hand only.
            (false, false) if !typed.doubtful && frame.by_respondent.is_empty() => {
                let error = Diagnostic::error("a rule has neither `words` nor `pattern`");
                let hint = "write `words = [\"情報共有\"]`, a regular expression `pattern = \"顔.{0,4}見える\"`, or `rest = true`";
                mistakes.error(&typed.span, error.hint(hint));
            }
            _ => {}
        }
        let option = match &typed.to {
            Some(to) => {
                let places =
                    codes::places(question, std::slice::from_ref(to), doubtful, "`recode`", mistakes);
                places.first().map(|place| place.value)
            }
            None => Some(place),
        };
        rules.extend(option.map(|option| CommentRule { option, words, folded, pattern }));
    }
    rules
}

/// A regular expression, on the comment in small letters and half-width signs.
fn expression(pattern: &Typed<String>, mistakes: &mut Mistakes) -> Option<Regex> {
    match regex::RegexBuilder::new(&pattern.value).case_insensitive(true).build() {
        Ok(regex) => Some(regex),
        Err(error) => {
            let words = error.to_string();
            let reason = words.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let error = Diagnostic::error(format!("expected a regular expression: {reason}"));
            let hint = "put `\\` before a sign that stands for itself, or list plain texts as `words`";
            mistakes.error(&pattern.span, error.hint(hint));
            None
        }
    }
}

fn by_respondent(
    frame: &TypedFrame,
    question: &Question,
    doubtful: bool,
    mistakes: &mut Mistakes,
) -> HashMap<String, Vec<usize>> {
    let mut decided = BTreeMap::new();
    for (key, codes) in &frame.by_respondent {
        let places = codes::places(question, codes, doubtful, "the list", mistakes);
        if let (Kind::Single | Kind::Scale, Some(second)) = (question.kind, places.get(1)) {
            let error = Diagnostic::error(format!("`{}` takes one answer", question.id));
            mistakes.error(&second.span, error);
        }
        if decided.insert(matching_key(&key.value), places).is_some() {
            let error = Diagnostic::error(format!("respondent {} is decided twice", quote(&key.value)));
            mistakes.error(&key.span, error);
        }
    }
    decided
        .into_iter()
        .map(|(key, places)| (key, places.into_iter().map(|place| place.value).collect()))
        .collect()
}

/// The text question that comments are taken from.
fn commented(from: &Typed<String>, drafts: &[Draft], mistakes: &mut Mistakes) -> Option<QuestionIndex> {
    let place = question::find(&from.value, &from.span, "`from`", drafts, mistakes)?;
    let question = &drafts[place].question;
    if question.kind == Kind::Text || drafts[place].doubtful {
        return Some(place);
    }
    let error = Diagnostic::error(format!(
        "`comments` needs a text question in `from`, found the {} question `{}`",
        question.kind.word(),
        question.id
    ));
    mistakes.error(&from.span, error.hint("put options into groups by `groups`"));
    None
}

/// The words of その他, and the question with the option whose words they are.
fn recoded(
    from: &Typed<String>,
    drafts: &[Draft],
    mistakes: &mut Mistakes,
) -> Option<(QuestionIndex, Option<(QuestionIndex, usize)>)> {
    let place = question::find(&from.value, &from.span, "`from`", drafts, mistakes)?;
    let question = &drafts[place].question;
    if question.kind == Kind::Rank {
        let error =
            Diagnostic::error(format!("`recode` does not belong to the rank question `{}`", question.id));
        mistakes.error(&from.span, error.hint("an order with words put back in could hold an option twice"));
        return None;
    }
    // Words of two options would be told apart by nothing.
    let words = drafts.iter().position(|draft| draft.question.id == format!("{}.other", question.id));
    let words = words.and_then(|words| Some((words, question.option_with_words(&drafts[words].question)?)));
    match words {
        Some((words, option)) => Some((words, Some((place, option)))),
        _ if drafts[place].doubtful => None,
        _ => {
            let error = Diagnostic::error(format!(
                "`recode` needs the words of その他, and `{}` has none",
                question.id
            ));
            let hint =
                "name their column at the option: `{ code = 9, label = \"その他\", text = \"q3_other\" }`";
            mistakes.error(&from.span, error.hint(hint));
            None
        }
    }
}
