//! Reading TOML by hand, with spans and our own messages.
//!
//! In: a source text. Out: typed values with the place they were written at, and every mistake of
//! shape (unknown key, wrong type, missing key) at once. This room must not know what any key
//! means; the shapes of each kind of file live in the file's own room.
//!
//! serde stops at its first mistake, and `toml` draws its own caret, which is misaligned under
//! Japanese text; so the document is walked here and only `toml`'s message and span are used.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use ::toml::Spanned;
use ::toml::de::{DeInteger, DeTable, DeValue};

use crate::diag::{Diagnostic, Failure, Place, Source, failure, quote, suggestion};

/// Name and text of a file in TOML; `broken` is what is said when it cannot be read.
///
/// # Errors
/// `Io` when the file cannot be read, `Refused` when it is not UTF-8.
pub fn read_text(path: &Path, broken: &str) -> Result<(String, String), Failure> {
    let text = std::fs::read(path).map_err(|error| failure(path, broken, &error))?;
    let name = path.display().to_string();
    let text = String::from_utf8(text).map_err(|_| {
        Failure::Refused(vec![
            Diagnostic::error("expected a file in UTF-8, found other bytes")
                .at(Place::File(name.clone()))
                .hint("save it as UTF-8; only the data may be CP932"),
        ])
    })?;
    Ok((name, text))
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed<T> {
    /// The value.
    pub value: T,
    /// Bytes of the source text.
    pub span: Range<usize>,
}

impl<T> Typed<T> {
    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Typed<U> {
        Typed { value: change(self.value), span: self.span }
    }
}

/// The mistakes and warnings found so far in one source text.
#[derive(Debug)]
pub struct Mistakes {
    source: Arc<Source>,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl Mistakes {
    /// None yet.
    pub fn new(source: Arc<Source>) -> Self {
        Mistakes { source, errors: Vec::new(), warnings: Vec::new() }
    }

    /// The text they are found in.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Adds an error that points at `span`.
    pub fn error(&mut self, span: &Range<usize>, error: Diagnostic) {
        let error = error.span(&self.source, span.clone());
        self.errors.push(error);
    }

    /// Adds a warning that points at `span`.
    pub fn warning(&mut self, span: &Range<usize>, warning: Diagnostic) {
        let warning = warning.span(&self.source, span.clone());
        self.warnings.push(warning);
    }

    /// Adds errors that have their place already.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = Diagnostic>) {
        self.errors.extend(errors);
    }

    /// How many errors there are.
    pub fn count(&self) -> usize {
        self.errors.len()
    }

    /// The warnings, or all errors; both in the order of the text.
    ///
    /// # Errors
    /// When there is any error.
    pub fn finish(self) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
        if self.errors.is_empty() { Ok(in_order(self.warnings)) } else { Err(in_order(self.errors)) }
    }
}

/// Sorts diagnostics by where they point; those without a span come first.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| match &diagnostic.place {
        Some(crate::diag::Place::Span { span, .. }) => Some(span.start),
        _ => None,
    });
    diagnostics
}

/// A TOML document, parsed but not yet understood.
#[derive(Debug)]
pub struct Document<'t> {
    table: DeTable<'t>,
}

impl<'t> Document<'t> {
    /// Parses the text of a file.
    ///
    /// # Errors
    /// The first mistake of syntax; after it the rest of the text cannot be trusted.
    pub fn parse(source: &'t Arc<Source>) -> Result<Self, Diagnostic> {
        match DeTable::parse(&source.text) {
            Ok(table) => Ok(Document { table: table.into_inner() }),
            Err(error) => {
                let end = source.text.len();
                let span = error.span().unwrap_or(end..end);
                Err(Diagnostic::error(format!("not TOML: {}", error.message())).span(source, span))
            }
        }
    }

    /// The keys at the top of the file.
    pub fn keys(&self) -> Keys<'_> {
        Keys::new("the file".to_string(), 0..0, &self.table)
    }
}

/// One table being read: each key asked for is a known key, whatever is left is a mistake.
#[derive(Debug)]
pub struct Keys<'t> {
    what: String,
    span: Range<usize>,
    table: &'t DeTable<'t>,
    known: Vec<&'static str>,
    required: Vec<&'static str>,
}

impl<'t> Keys<'t> {
    fn new(what: String, span: Range<usize>, table: &'t DeTable<'t>) -> Self {
        Keys { what, span, table, known: Vec::new(), required: Vec::new() }
    }

    /// Where the table was written: its header, or the braces and what is between.
    pub fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Whether the key was written, with whatever value.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Where the key itself was written.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.table.get_key_value(key).map(|(key, _)| key.span())
    }

    /// Says that [`Keys::finish`] shall miss the key when it is absent.
    pub fn require(&mut self, key: &'static str) {
        self.required.push(key);
    }

    /// A value of any type.
    pub fn value(&mut self, key: &'static str) -> Option<Value<'t>> {
        self.known.push(key);
        self.table.get(key).map(|value| Value { value, what: key })
    }

    /// A string.
    pub fn text(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<String>> {
        self.value(key)?.text(mistakes)
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<i64>> {
        self.value(key)?.integer(mistakes)
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<bool>> {
        self.value(key)?.flag(mistakes)
    }

    /// One of several words.
    pub fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        mistakes: &mut Mistakes,
    ) -> Option<Typed<T>> {
        let typed = self.text(key, mistakes)?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == typed.value) {
            return Some(Typed { value: *meaning, span: typed.span });
        }
        let names: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let mut error = Diagnostic::error(format!(
            "expected {} for `{key}`, found {}",
            one_of(&names),
            quote(&typed.value)
        ));
        if let Some(hint) = suggestion(&typed.value, words.iter().map(|(word, _)| *word)) {
            error = error.hint(hint);
        }
        mistakes.error(&typed.span, error);
        None
    }

    /// A list.
    pub fn list(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<Vec<Value<'t>>>> {
        self.value(key)?.list(mistakes)
    }

    /// A table under this key, as `[…]` or `{ … }`.
    pub fn table(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<Keys<'t>> {
        self.value(key)?.table(key, mistakes)
    }

    /// Several tables, as `[[…]]`; what is not a table is a mistake and left out.
    pub fn tables(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Vec<Keys<'t>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        if let DeValue::Table(_) = value.value.get_ref() {
            let error = Diagnostic::error(format!("expected a list of tables for `{key}`, found a table"))
                .hint(format!("write `[[{key}]]` with double brackets"));
            mistakes.error(&value.span(), error);
            return Vec::new();
        }
        let list = value.list(mistakes).map_or_else(Vec::new, |list| list.value);
        list.into_iter().filter_map(|value| value.table(&format!("[[{key}]]"), mistakes)).collect()
    }

    /// All keys not asked for so far, in the order written.
    pub fn others(&mut self) -> Vec<(Typed<String>, Value<'t>)> {
        let mut others: Vec<_> = self
            .table
            .iter()
            .filter(|(key, _)| !self.known.contains(&key.get_ref().as_ref()))
            .map(|(key, value)| {
                let name = Typed { value: key.get_ref().to_string(), span: key.span() };
                (name, Value { value, what: key.get_ref() })
            })
            .collect();
        others.sort_by_key(|(key, _)| key.span.start);
        others
    }

    /// Reports unknown keys and missing required ones.
    ///
    /// Returns the known keys that unknown ones were probably meant to be, so that a typing error
    /// is not reported a second time as something missing.
    pub fn finish(mut self, mistakes: &mut Mistakes) -> Vec<&'static str> {
        let mut meant = Vec::new();
        for (key, _) in self.others() {
            let mut error = Diagnostic::error(format!("unknown key {} in {}", quote(&key.value), self.what));
            let absent = self.known.iter().copied().filter(|known| !self.has(known));
            if let Some(near) = nearest(&key.value, absent) {
                meant.push(near);
                error = error.hint(format!("did you mean `{near}`?"));
            } else {
                let mut known = self.known.clone();
                known.dedup();
                let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                error = error.hint(format!("known keys are {}", names.join(", ")));
            }
            mistakes.error(&key.span, error);
        }
        for key in std::mem::take(&mut self.required) {
            if !self.has(key) && !meant.contains(&key) {
                let error = Diagnostic::error(format!("missing key `{key}` in {}", self.what));
                mistakes.error(&self.span, error);
            }
        }
        meant
    }
}

/// The known name nearest to what was typed, when one is near.
fn nearest(typed: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let names: Vec<&'static str> = names.collect();
    let hint = suggestion(typed, names.iter().copied())?;
    names.into_iter().find(|name| hint == format!("did you mean `{name}`?"))
}

/// "`a`, `b` or `c`".
pub fn one_of(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => name.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// One value, not yet known to be of the expected type.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t> {
    value: &'t Spanned<DeValue<'t>>,
    what: &'t str,
}

impl<'t> Value<'t> {
    /// Where it was written.
    pub fn span(&self) -> Range<usize> {
        self.value.span()
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        self.value.get_ref().is_array()
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Whether it is `true` or `false`.
    pub fn is_flag(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Boolean(_))
    }

    /// The string, if it is one; no mistake otherwise.
    pub fn as_text(&self) -> Option<&str> {
        self.value.get_ref().as_str()
    }

    /// `true` or `false`, if it is one; no mistake otherwise.
    pub fn as_flag(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// The whole number, if it is one; no mistake otherwise, except that it must fit 64 bits.
    pub fn as_integer(&self, mistakes: &mut Mistakes) -> Option<Option<i64>> {
        let DeValue::Integer(integer) = self.value.get_ref() else { return None };
        let parsed = parse(integer);
        if parsed.is_none() {
            let error = Diagnostic::error(format!(
                "expected an integer of at most 64 bits, found {}",
                quote(&integer.to_string())
            ));
            mistakes.error(&self.span(), error);
        }
        Some(parsed)
    }

    /// A string, or a mistake.
    pub fn text(&self, mistakes: &mut Mistakes) -> Option<Typed<String>> {
        match self.value.get_ref() {
            DeValue::String(text) => Some(Typed { value: text.to_string(), span: self.span() }),
            _ => self.unexpected("a string", mistakes),
        }
    }

    /// A whole number, or a mistake.
    pub fn integer(&self, mistakes: &mut Mistakes) -> Option<Typed<i64>> {
        match self.as_integer(mistakes) {
            Some(value) => value.map(|value| Typed { value, span: self.span() }),
            None => self.unexpected("an integer", mistakes),
        }
    }

    /// A number written with digits and a point as (digits, decimal places), or a mistake.
    pub fn decimal(&self, mistakes: &mut Mistakes) -> Option<Typed<(i64, u32)>> {
        if let Some(value) = self.as_integer(mistakes) {
            return value.map(|value| Typed { value: (value, 0), span: self.span() });
        }
        let DeValue::Float(float) = self.value.get_ref() else {
            return self.unexpected("a number", mistakes);
        };
        let (whole, fraction) = float.as_str().split_once('.').unwrap_or((float.as_str(), ""));
        let digits = format!("{whole}{fraction}").parse().ok();
        let Some(digits) = digits.filter(|_| fraction.len() <= 9) else {
            let error = Diagnostic::error(format!(
                "expected a number of at most 9 decimals, found {}",
                quote(float.as_str())
            ));
            mistakes.error(&self.span(), error);
            return None;
        };
        Some(Typed { value: (digits, fraction.len() as u32), span: self.span() })
    }

    /// A number of any form (`12`, `0.5`, `1e-9`) as a double, or a mistake.
    pub fn real(&self, mistakes: &mut Mistakes) -> Option<Typed<f64>> {
        if let Some(value) = self.as_integer(mistakes) {
            return value.map(|value| Typed { value: value as f64, span: self.span() });
        }
        let DeValue::Float(float) = self.value.get_ref() else {
            return self.unexpected("a number", mistakes);
        };
        match float.as_str().parse::<f64>().ok().filter(|value| value.is_finite()) {
            Some(value) => Some(Typed { value, span: self.span() }),
            None => {
                let error = format!("expected a finite number, found {}", quote(float.as_str()));
                mistakes.error(&self.span(), Diagnostic::error(error));
                None
            }
        }
    }

    /// `true` or `false`, or a mistake.
    pub fn flag(&self, mistakes: &mut Mistakes) -> Option<Typed<bool>> {
        match self.value.get_ref() {
            DeValue::Boolean(value) => Some(Typed { value: *value, span: self.span() }),
            _ => self.unexpected("`true` or `false`", mistakes),
        }
    }

    /// Whether it is a date, with a time or without.
    pub fn is_date(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Datetime(_))
    }

    /// A date without a time as (year, month, day), or a mistake.
    pub fn date(&self, mistakes: &mut Mistakes) -> Option<Typed<(u16, u8, u8)>> {
        match self.value.get_ref() {
            DeValue::Datetime(written) if written.time.is_none() => {
                let date = written.date?;
                Some(Typed { value: (date.year, date.month, date.day), span: self.span() })
            }
            _ => self.unexpected("a date such as 2016-11-10 without quotes", mistakes),
        }
    }

    /// A list, or a mistake.
    pub fn list(&self, mistakes: &mut Mistakes) -> Option<Typed<Vec<Value<'t>>>> {
        match self.value.get_ref() {
            DeValue::Array(list) => {
                let values = list.iter().map(|value| Value { value, what: self.what }).collect();
                Some(Typed { value: values, span: self.span() })
            }
            _ => self.unexpected("a list", mistakes),
        }
    }

    /// A table, or a mistake; `name` is what messages call it.
    pub fn table(&self, name: &str, mistakes: &mut Mistakes) -> Option<Keys<'t>> {
        match self.value.get_ref() {
            DeValue::Table(table) => Some(Keys::new(format!("`{name}`"), self.span(), table)),
            _ => self.unexpected("a table", mistakes),
        }
    }

    /// Reports that the value has another type.
    pub fn unexpected<T>(&self, expected: &str, mistakes: &mut Mistakes) -> Option<T> {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "`true` or `false`",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let error = format!("expected {expected} for {}, found {found}", quote(self.what));
        mistakes.error(&self.span(), Diagnostic::error(error));
        None
    }
}

/// The integer, when it fits.
fn parse(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}
