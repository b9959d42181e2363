//! Dates: the limits of a date question, the order of day and month, and periods as groups.

use super::typed::TypedQuestion;
use super::{Code, Comparison, Condition, Kind, Question, QuestionIndex, QuestionOption};
use crate::calendar::{self, Civil, Day};
use crate::diag::{Diagnostic, quote};
use crate::toml::{Mistakes, Typed, Value};

/// How the cells of a date question are read, and which days it allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dates {
    /// Order of day and month where the year comes last; `None`: such cells are refused.
    pub order: Option<DayOrder>,
    /// The days that are allowed.
    pub limits: Limits,
}

/// The order of day and month in `11/10/2016`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayOrder {
    /// `mdy`: the tenth of November.
    MonthFirst,
    /// `dmy`: the eleventh of October.
    DayFirst,
}

/// First and last day; both are within.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The first day.
    pub first: Option<Day>,
    /// The last day.
    pub last: Option<Day>,
}

impl Limits {
    /// Whether the day is within.
    pub fn hold(self, day: Day) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }

    /// Whether there are both a first and a last day.
    pub fn are_closed(self) -> bool {
        self.first.is_some() && self.last.is_some()
    }
}

/// The words of `order`.
pub(super) const ORDERS: [(&str, DayOrder); 2] = [("mdy", DayOrder::MonthFirst), ("dmy", DayOrder::DayFirst)];

/// Periods that a date can be grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Period {
    Month,
    Year,
    FiscalYear,
}

/// The words of `by`.
pub(super) const PERIODS: [(&str, Period); 3] =
    [("month", Period::Month), ("year", Period::Year), ("fiscal_year", Period::FiscalYear)];

/// A day as typed, or a mistake. TOML has no days that there are not.
pub fn typed(value: &Value<'_>, mistakes: &mut Mistakes) -> Option<Typed<Day>> {
    let Typed { value: (year, month, day), span } = value.date(mistakes)?;
    let civil = Civil { year: year.into(), month, day };
    match civil.to_day() {
        Some(day) => Some(Typed { value: day, span }),
        None => {
            let error = Diagnostic::error(format!("there is no day {}", quote(&civil.iso())));
            mistakes.error(&span, error);
            None
        }
    }
}

/// What a date question says of its days.
pub(super) fn resolve(question: &TypedQuestion, mistakes: &mut Mistakes) -> Dates {
    let (first, last) = (&question.from, &question.to);
    let date = question.kind.as_ref().is_some_and(|kind| kind.value == Kind::Date);
    if let (Some(first), Some(last), true) = (first, last, date)
        && first.value > last.value
    {
        let error = Diagnostic::error("the last day is before the first");
        mistakes.error(&last.span, error.hint("`from` is the first day that is allowed, `to` the last"));
    }
    let limits =
        Limits { first: first.as_ref().map(|day| day.value), last: last.as_ref().map(|day| day.value) };
    Dates { order: question.order, limits }
}

/// More groups than this are no table.
const MOST_GROUPS: usize = 600;

/// The periods that the question's limits cover, as options and as conditions on it.
///
/// They come from the limits and not from the data, so that tables of several files have one shape.
pub(super) fn periods(
    id: &str,
    question: &Question,
    place: QuestionIndex,
    by: &Typed<Period>,
    era: bool,
    mistakes: &mut Mistakes,
) -> (Vec<QuestionOption>, Vec<Option<Condition>>) {
    let limits = question.dates.limits;
    let (Some(first), Some(last)) = (limits.first, limits.last) else {
        let error = Diagnostic::error(format!("`by` needs the first and last day of `{}`", question.id));
        let hint =
            format!("write `from` and `to` at `{}`: the groups do not depend on the data", question.id);
        mistakes.error(&by.span, error.hint(hint));
        return (Vec::new(), Vec::new());
    };
    let (mut options, mut conditions) = (Vec::new(), Vec::new());
    let mut start = by.value.start(first.civil());
    while start <= last {
        if options.len() == MOST_GROUPS {
            let error = Diagnostic::error(format!("`{id}` has more than {MOST_GROUPS} groups"));
            mistakes.error(&by.span, error.hint("take longer periods, or narrow the question's days"));
            break;
        }
        let next = by.value.next(start.civil());
        let limit = |comparison, day: Day| Condition::Number {
            question: place,
            comparison,
            value: day.0,
            decimals: 0,
        };
        let from = limit(Comparison::GreaterOrEqual, start);
        conditions.push(Some(Condition::And(vec![from, limit(Comparison::Less, next)])));
        options.push(by.value.option(start.civil(), era));
        start = next;
    }
    (options, conditions)
}

impl Period {
    /// The first day of the period that holds a day.
    fn start(self, day: Civil) -> Day {
        let (year, month) = match self {
            Period::Month => (day.year, day.month),
            Period::Year => (day.year, 1),
            Period::FiscalYear => (day.year - i64::from(day.month < 4), 4),
        };
        first_of(year, month)
    }

    /// The first day of the next period, given that of one.
    fn next(self, start: Civil) -> Day {
        match (self, start.month) {
            (Period::Month, 12) => first_of(start.year + 1, 1),
            (Period::Month, month) => first_of(start.year, month + 1),
            (Period::Year | Period::FiscalYear, month) => first_of(start.year + 1, month),
        }
    }

    /// Code and words of the period that begins so.
    fn option(self, start: Civil, era: bool) -> QuestionOption {
        let Civil { year, month, .. } = start;
        let (code, label, english) = match self {
            Period::Month => {
                let code = format!("{year:04}-{month:02}");
                (Code::Text(code.clone()), calendar::month_in_words(year, month, era), code)
            }
            Period::Year => (Code::Integer(year), calendar::year_in_words(year, era), year.to_string()),
            Period::FiscalYear => {
                (Code::Integer(year), calendar::fiscal_year_in_words(year, era), format!("FY{year}"))
            }
        };
        QuestionOption { label_en: Some(english), ..QuestionOption::new(code, label) }
    }
}

/// The first of a month of a year that a day was in; the year after 9999 has no days.
fn first_of(year: i64, month: u8) -> Day {
    Civil { year, month, day: 1 }.to_day().unwrap_or(Day(i64::MAX))
}
