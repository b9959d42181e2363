//! `[[derive]]` as typed: groups, bands, counts and ratios, every key with its place.

use std::ops::Range;

use super::comments::{self, TypedFrame};
use super::dates::{self, Period};
use super::typed::{NO_ANSWER, Role, TypedNet, TypedOption, codes, nets, option, words};
use super::{Code, English, NoAnswer};
use crate::calendar::Day;
use crate::toml::{Keys, Mistakes, Typed, Value};

/// `[[derive]]`
pub(super) struct TypedDerive {
    pub id: Option<Typed<String>>,
    pub label: Option<Typed<String>>,
    pub short: Option<String>,
    pub section: Option<String>,
    pub english: English,
    pub from: Option<Typed<String>>,
    pub groups: Option<TypedGroups>,
    pub bands: Option<Typed<Vec<TypedBand>>>,
    pub by: Option<Typed<Period>>,
    pub count: Option<TypedCount>,
    pub ratio: Option<TypedRatio>,
    pub frame: Option<TypedFrame>,
    pub overlap: bool,
    pub nets: Vec<TypedNet>,
    pub no_answer: Option<NoAnswer>,
    /// A group's code could not be read.
    pub doubtful: bool,
}

/// A group of a derived question.
pub(super) struct TypedGroup {
    pub span: Range<usize>,
    pub option: TypedOption,
    pub of: Option<Typed<Vec<Typed<Code>>>>,
    pub rest: Option<Typed<bool>>,
    pub when: Option<Typed<String>>,
    /// Neither `of` nor `rest` can be judged.
    pub doubtful: bool,
}

/// `groups = …`
pub(super) enum TypedGroups {
    /// A list.
    List(Typed<Vec<TypedGroup>>),
    /// `"@prefectures"`, written here.
    Prefectures(Range<usize>),
}

impl TypedGroups {
    /// Where they were written.
    pub(super) fn span(&self) -> &Range<usize> {
        match self {
            TypedGroups::List(list) => &list.span,
            TypedGroups::Prefectures(span) => span,
        }
    }
}

/// A limit of a band.
#[derive(Debug, Clone, Copy)]
pub(super) enum TypedLimit {
    /// Digits and decimal places.
    Number(i64, u32),
    /// A day.
    Date(Day),
}

/// A band of a number or a date: from inclusive, to exclusive.
pub(super) struct TypedBand {
    pub span: Range<usize>,
    pub option: TypedOption,
    pub from: Option<Typed<TypedLimit>>,
    pub to: Option<Typed<TypedLimit>>,
    /// A limit could not be read.
    pub doubtful: bool,
}

/// `count = { questions = [...], of = [...] }` or `count = { multi = "q3", of = [...] }`
pub(super) struct TypedCount {
    pub span: Range<usize>,
    pub questions: Option<Typed<Vec<Typed<String>>>>,
    pub multi: Option<Typed<String>>,
    pub of: Option<Typed<Vec<Typed<Code>>>>,
    /// A key could not be read.
    pub doubtful: bool,
}

/// `ratio = { of = "adjusted", to = "discharged" }`
pub(super) struct TypedRatio {
    pub of: Option<Typed<String>>,
    pub to: Option<Typed<String>>,
    pub part: bool,
    pub per: Option<Typed<i64>>,
    pub when: Option<Typed<String>>,
    /// A key could not be read.
    pub doubtful: bool,
}

pub(super) fn derive(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedDerive {
    for key in ["id", "label"] {
        keys.require(key);
    }
    let id = keys.text("id", mistakes);
    let label = keys.text("label", mistakes);
    let short = keys.text("short", mistakes).map(|text| text.value);
    let section = words(&mut keys, "section", mistakes);
    let english = English {
        text: words(&mut keys, "label_en", mistakes),
        short: words(&mut keys, "short_en", mistakes),
        section: words(&mut keys, "section_en", mistakes),
    };
    let bands = keys.list("bands", mistakes).map(|list| {
        list.map(|values| {
            let tables: Vec<_> = values.iter().filter_map(|value| value.table("bands", mistakes)).collect();
            tables.into_iter().map(|keys| band(keys, mistakes)).collect::<Vec<_>>()
        })
    });
    let by = keys.word("by", &dates::PERIODS, mistakes);
    let count = keys.table("count", mistakes).map(|keys| count(keys, mistakes));
    let ratio = keys.table("ratio", mistakes).map(|keys| ratio(keys, mistakes));
    let frame = comments::read(&mut keys, mistakes);
    let overlap = keys.flag("overlap", mistakes).is_some_and(|flag| flag.value);
    let from = keys.text("from", mistakes);
    let groups = groups(&mut keys, mistakes);
    let when = |groups: &TypedGroups| match groups {
        TypedGroups::List(groups) => groups.value.iter().any(|group| group.when.is_some()),
        TypedGroups::Prefectures(_) => false,
    };
    if !keys.has("count") && !keys.has("ratio") {
        if !["bands", "comments", "recode", "by"].iter().any(|key| keys.has(key)) {
            keys.require("groups");
        }
        if !groups.as_ref().is_some_and(when) {
            keys.require("from");
        }
    }
    let nets = nets(&mut keys, mistakes);
    let no_answer = keys.word("no_answer", &NO_ANSWER, mistakes).map(|word| word.value);
    keys.finish(mistakes);
    let unreadable = |groups: &TypedGroups| match groups {
        TypedGroups::List(groups) => groups.value.iter().any(|group| group.option.code.is_none()),
        TypedGroups::Prefectures(_) => false,
    };
    let unreadable_band =
        |bands: &Typed<Vec<TypedBand>>| bands.value.iter().any(|band| band.option.code.is_none());
    let doubtful = match (&groups, &bands, &count) {
        (None, Some(bands), None) => unreadable_band(bands),
        (None, None, Some(count)) => count.doubtful,
        (None, None, None) if ratio.is_some() => ratio.as_ref().is_some_and(|ratio| ratio.doubtful),
        (None, None, None) => frame.is_none() && by.is_none(),
        (groups, ..) => groups.as_ref().is_none_or(unreadable),
    };
    TypedDerive {
        id,
        label,
        short,
        section,
        english,
        from,
        groups,
        bands,
        by,
        count,
        ratio,
        frame,
        overlap,
        nets,
        no_answer,
        doubtful,
    }
}

fn groups(keys: &mut Keys<'_>, mistakes: &mut Mistakes) -> Option<TypedGroups> {
    let value = keys.value("groups")?;
    if value.as_text() == Some("@prefectures") {
        return Some(TypedGroups::Prefectures(value.span()));
    }
    let list = value.list(mistakes)?;
    Some(TypedGroups::List(list.map(|values| {
        let tables: Vec<_> = values.iter().filter_map(|value| value.table("groups", mistakes)).collect();
        tables.into_iter().map(|keys| group(keys, mistakes)).collect::<Vec<_>>()
    })))
}

fn group(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedGroup {
    let option = option(&mut keys, Role::Group, mistakes);
    let before = mistakes.count();
    let of = codes(&mut keys, "of", mistakes);
    let rest = keys.flag("rest", mistakes);
    let when = keys.text("when", mistakes);
    let unreadable = mistakes.count() > before;
    let span = keys.span().clone();
    let meant = keys.finish(mistakes);
    let doubtful = unreadable || ["of", "rest", "when"].iter().any(|key| meant.contains(key));
    TypedGroup { span, option, of, rest, when, doubtful }
}

fn band(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedBand {
    let option = option(&mut keys, Role::Group, mistakes);
    let before = mistakes.count();
    let from = keys.value("from").and_then(|value| limit(&value, mistakes));
    let to = keys.value("to").and_then(|value| limit(&value, mistakes));
    let span = keys.span().clone();
    keys.finish(mistakes);
    TypedBand { span, option, from, to, doubtful: mistakes.count() > before }
}

fn limit(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<TypedLimit>> {
    if value.is_date() {
        return dates::typed(value, mistakes).map(|day| day.map(TypedLimit::Date));
    }
    value.decimal(mistakes).map(|limit| limit.map(|(value, decimals)| TypedLimit::Number(value, decimals)))
}

fn count(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedCount {
    keys.require("of");
    let before = mistakes.count();
    let questions = keys
        .list("questions", mistakes)
        .map(|list| list.map(|values| values.iter().filter_map(|value| value.text(mistakes)).collect()));
    let multi = keys.text("multi", mistakes);
    let of = codes(&mut keys, "of", mistakes);
    let span = keys.span().clone();
    keys.finish(mistakes);
    TypedCount { span, questions, multi, of, doubtful: mistakes.count() > before }
}

fn ratio(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> TypedRatio {
    keys.require("of");
    keys.require("to");
    let before = mistakes.count();
    let of = keys.text("of", mistakes);
    let to = keys.text("to", mistakes);
    let part = keys.flag("part", mistakes).is_some_and(|part| part.value);
    let per = keys.integer("per", mistakes);
    let when = keys.text("when", mistakes);
    keys.finish(mistakes);
    TypedRatio { of, to, part, per, when, doubtful: mistakes.count() > before }
}
