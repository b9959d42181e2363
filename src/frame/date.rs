//! Days as people and programs write them: `2016-11-10`, `2016年11月10日`, `平成28年11月10日`, `H28.11.10`.

use crate::calendar::{Civil, Day, Era};
use crate::diag::{Diagnostic, quote};
use crate::schema::{Dates, DayOrder, Limits, Question, matching_key};

/// Why a cell is not a day we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotDate {
    /// It is something else.
    Text,
    /// The number a spreadsheet stores for this day.
    Serial(Day),
    /// Which number is the day and which the month is unknown.
    Order,
    /// A year of two digits, in no century or in several.
    Century,
    /// It names no day of the month, or a part of it: `2016年11月`, `6月末`.
    NoDay,
    /// The month has no such day.
    NoSuchDay,
    /// The calendar of 明治 before its sixth year had other months.
    OldCalendar,
    /// The day belongs to another era.
    Era(Civil),
    /// The weekday beside it is that of another day.
    Weekday,
    /// It is before the first or after the last day that the question allows.
    Outside(Day),
}

/// Reads a whole cell; a time after the day is left out.
pub(crate) fn date(cell: &str, order: Option<DayOrder>, limits: Limits) -> Result<Day, NotDate> {
    let key = matching_key(cell);
    let key = without_time(&key);
    let (key, weekday) = without_weekday(key);
    // `平成28年 11月 10日`: forms leave room for two digits.
    let written: String = key.chars().filter(|character| *character != ' ').collect();
    let day = day(&written, order, limits)?;
    if weekday.is_some_and(|weekday| weekday != (day.0 + 4).rem_euclid(7) as usize) {
        return Err(NotDate::Weekday);
    }
    match limits.hold(day) {
        true => Ok(day),
        false => Err(NotDate::Outside(day)),
    }
}

/// A cell of a date question that is no day, or not one of its days.
pub(crate) fn defect(cell: &str, shown: &str, question: &Question, told: &str) -> Diagnostic {
    let Dates { order, limits } = question.dates;
    let id = quote(&question.id);
    let error = |words: &str| Diagnostic::error(format!("{words} for question {id}{told}"));
    let expected = error(&format!("expected a date, found {shown}"));
    // The cell was refused, so there is a reason.
    match date(cell, order, limits).err().unwrap_or(NotDate::Text) {
        NotDate::Text => expected,
        NotDate::Serial(day) => expected.hint(format!(
            "Excel stores {} as this number; format the column as a date such as 2016-11-10",
            day.civil().iso()
        )),
        NotDate::Order => {
            let hint = "which number is the month? say `order = \"mdy\"` or `order = \"dmy\"`";
            expected.hint(hint.to_string())
        }
        NotDate::Century => {
            let hint = "which century, or which era? write four digits of the year; with `order`, `from` and `to` can tell it";
            expected.hint(hint.to_string())
        }
        NotDate::NoDay => {
            expected.hint("a date has a day of the month; for 月末 write the last day".to_string())
        }
        NotDate::NoSuchDay => error(&format!("there is no day {shown}")),
        NotDate::OldCalendar => expected
            .hint("until 明治5年 (1872) the calendar had other months; write the Western date".to_string()),
        NotDate::Era(civil) => error(&format!("{shown} belongs to another era"))
            .hint(format!("that day is {}", civil.japanese(true))),
        NotDate::Weekday => error(&format!("{shown} has the weekday of another day")),
        NotDate::Outside(day) => {
            let day = day.civil().iso();
            let said = |limit: Option<Day>| limit.map(|day| day.civil().iso()).unwrap_or_default();
            let hint = match (limits.first, limits.last) {
                (Some(_), None) => format!("its first day is {}", said(limits.first)),
                (None, _) => format!("its last day is {}", said(limits.last)),
                _ => format!("its days are {} to {}", said(limits.first), said(limits.last)),
            };
            error(&format!("the date {day} is out of range")).hint(hint)
        }
    }
}

/// Leaves out ` 12:34`, ` 午後 1:23:45`, `T12:34:56.7`, ` 1:23:45 午後 GMT+9`.
///
/// Not a time of another zone (`Z`): the day may be another one here.
fn without_time(key: &str) -> &str {
    let Some(place) = key.find(':') else { return key };
    let Some(start) = key[..place].rfind([' ', 'T']) else { return key };
    let (mut day, mut time) = (&key[..start], key[start + 1..].to_string());
    if let Some(earlier) = ["午前", "午後", "AM", "PM"].iter().find_map(|half| day.strip_suffix(half)) {
        day = earlier.trim_end();
    }
    for zone in [" GMT+9", " JST", "+09:00"] {
        time = time.strip_suffix(zone).map_or(time.clone(), str::to_string);
    }
    for half in [" 午前", " 午後", " AM", " PM"] {
        time = time.strip_suffix(half).map_or(time.clone(), str::to_string);
    }
    let (whole, fraction) = time.split_once('.').unwrap_or((&time, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let digits = |text: &str| (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let two = |text: &&str| digits(text) && text.len() <= 2;
    if (2..=3).contains(&parts.len()) && parts.iter().all(two) && digits(fraction) { day } else { key }
}

/// `2016/11/10(木)`: the day, and its weekday with Sunday as 0.
fn without_weekday(key: &str) -> (&str, Option<usize>) {
    let inner = key.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    let weekday = |name: &str| {
        let name = name.strip_suffix("曜日").or(name.strip_suffix("曜")).unwrap_or(name);
        ["日", "月", "火", "水", "木", "金", "土"].iter().position(|day| *day == name)
    };
    match inner.and_then(|(day, name)| Some((day, weekday(name)?))) {
        Some((day, weekday)) => (day.trim_end(), Some(weekday)),
        None => (key, None),
    }
}

fn day(written: &str, order: Option<DayOrder>, limits: Limits) -> Result<Day, NotDate> {
    if let Some((era, rest)) = era(written) {
        let [year, month, day] = parts(rest)?;
        let year = if year == "元" { 1 } else { number(year, 2)? };
        return day_of_era(era, year, number(month, 2)?, number(day, 2)?);
    }
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if written.len() == 8 && digits(written) {
        return western(number(&written[..4], 4)?, number(&written[4..6], 2)?, number(&written[6..], 2)?);
    }
    if let Some(serial) = serial(written) {
        return Err(NotDate::Serial(serial));
    }
    let [first, second, third] = parts(written)?;
    if first.len() == 4 {
        return western(number(first, 4)?, number(second, 2)?, number(third, 2)?);
    }
    if written.contains('年') {
        return Err(NotDate::Century);
    }
    let numbers = (number(first, 2)?, number(second, 2)?, number(third, 4)?);
    let (month, day) = match order.ok_or(NotDate::Order)? {
        DayOrder::MonthFirst => (numbers.0, numbers.1),
        DayOrder::DayFirst => (numbers.1, numbers.0),
    };
    if third.len() == 4 {
        return western(numbers.2, month, day);
    }
    // The century is known where only one of the two puts the day within the question's limits.
    let centuries = [1900, 2000].map(|century| western(century + numbers.2, month, day));
    let mut fitting = centuries.iter().flatten().filter(|day| limits.are_closed() && limits.hold(**day));
    match (fitting.next(), fitting.next()) {
        (Some(day), None) => Ok(*day),
        _ => Err(NotDate::Century),
    }
}

/// The era a cell begins with, and the rest; a letter may be small.
fn era(written: &str) -> Option<(&'static Era, &str)> {
    let named = crate::calendar::ERAS.iter().find_map(|era| Some((era, written.strip_prefix(era.name)?)));
    named.or_else(|| {
        let (letter, rest) = written.split_at_checked(1)?;
        let numbered = rest.starts_with(|next: char| next.is_ascii_digit() || next == '元');
        Era::find(&letter.to_ascii_uppercase()).filter(|_| numbered).map(|era| (era, rest))
    })
}

/// Year, month and day as written, in that order or another.
fn parts(written: &str) -> Result<[&str; 3], NotDate> {
    if let Some((year, rest)) = written.split_once('年') {
        let (month, day) = rest.split_once('月').ok_or(part_of_day(rest.is_empty()))?;
        let day = day.strip_suffix('日').ok_or(part_of_day(vague(day)))?;
        return Ok([year, month, day]);
    }
    for sign in ['-', '/', '.'] {
        let mut parts = written.split(sign);
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(year), Some(month), Some(day), None) => return Ok([year, month, day]),
            (Some(year), Some(month), None, None) if sign != '.' => {
                return Err(part_of_day(number(year, 4).is_ok() && number(month, 2).is_ok()));
            }
            _ => {}
        }
    }
    Err(part_of_day(written.ends_with('月') || vague(written.rsplit_once('月').map_or("-", |(_, day)| day))))
}

/// No day, or words for some days.
fn vague(day: &str) -> bool {
    ["", "末", "末日", "頃", "ごろ", "初", "初旬", "上旬", "中旬", "下旬", "中"].contains(&day)
}

fn part_of_day(part: bool) -> NotDate {
    if part { NotDate::NoDay } else { NotDate::Text }
}

fn number(text: &str, longest: usize) -> Result<i64, NotDate> {
    let digits = !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(NotDate::Text)
}

fn western(year: i64, month: i64, day: i64) -> Result<Day, NotDate> {
    let civil = civil(year, month, day).ok_or(NotDate::NoSuchDay)?;
    civil.to_day().ok_or(NotDate::NoSuchDay)
}

fn day_of_era(era: &'static Era, year: i64, month: i64, day: i64) -> Result<Day, NotDate> {
    let civil = civil(era.western(year), month, day).ok_or(NotDate::NoSuchDay)?;
    let found = civil.to_day().filter(|_| year > 0).ok_or(NotDate::NoSuchDay)?;
    match civil.era() {
        Some(own) if own == era => Ok(found),
        Some(_) => Err(NotDate::Era(civil)),
        None => Err(NotDate::OldCalendar),
    }
}

fn civil(year: i64, month: i64, day: i64) -> Option<Civil> {
    Some(Civil { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
}

/// The day of a number such as 42684, which Excel stores for 2016-11-10; decimals are the time.
fn serial(written: &str) -> Option<Day> {
    let (whole, fraction) = written.split_once('.').unwrap_or((written, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let days: i64 = whole.parse().ok().filter(|_| whole.len() == 5 && digits(whole) && digits(fraction))?;
    // Counted from 1899-12-30: Excel believes in 1900-02-29.
    Some(Day(days - 25_569))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Limits = Limits { first: None, last: None };

    fn read(cell: &str) -> Result<String, NotDate> {
        date(cell, None, NONE).map(|day| day.civil().iso())
    }

    #[test]
    fn the_same_day_is_written_in_many_ways() {
        for cell in [
            "2016-11-10",
            "2016/11/10",
            "2016.11.10",
            "2016年11月10日",
            "20161110",
            "２０１６／１１／１０",
            "平成28年11月10日",
            "平成２８年１１月１０日",
            "平成28年 11月 10日",
            "H28.11.10",
            "H28/11/10",
            "h28-11-10",
            "㍻28.11.10",
            "2016-11-10 12:34",
            "2016-11-10T12:34:56",
            "2016/11/10 9:05:00.123",
            "2016/11/10 午後 1:23:45",
            "2016/11/10 1:23:45 午後 GMT+9",
            "2016年11月10日(木)",
            "2016/11/10（木曜日）",
            "2016−11−10",
            " 2016-11-10 ",
        ] {
            assert_eq!(read(cell).as_deref(), Ok("2016-11-10"), "{cell}");
        }
        assert_eq!(read("令和元年5月1日").as_deref(), Ok("2019-05-01"));
        assert_eq!(read("R3.6.30").as_deref(), Ok("2021-06-30"));
        assert_eq!(read("R元.5.1").as_deref(), Ok("2019-05-01"));
        assert_eq!(read("㋿3年6月30日").as_deref(), Ok("2021-06-30"));
        assert_eq!(read("㍾45.7.29").as_deref(), Ok("1912-07-29"));
        assert_eq!(read("㍽1.7.30").as_deref(), Ok("1912-07-30"));
        assert_eq!(read("㍼64.1.7").as_deref(), Ok("1989-01-07"));
    }

    #[test]
    fn what_is_no_day_says_why() {
        let civil = |year, month, day| Civil { year, month, day };
        for (cell, reason) in [
            ("42684", NotDate::Serial(Day(17_115))),
            ("42684.5", NotDate::Serial(Day(17_115))),
            ("11/10/2016", NotDate::Order),
            ("10.11.16", NotDate::Order),
            ("28年11月10日", NotDate::Century),
            ("2016年11月", NotDate::NoDay),
            ("2016/11", NotDate::NoDay),
            ("令和３年６月末", NotDate::NoDay),
            ("6月下旬", NotDate::NoDay),
            ("2016-02-30", NotDate::NoSuchDay),
            ("平成29年2月29日", NotDate::NoSuchDay),
            ("20161301", NotDate::NoSuchDay),
            ("2016/11/300", NotDate::Text),
            ("昭和64年1月8日", NotDate::Era(civil(1989, 1, 8))),
            ("平成31年5月1日", NotDate::Era(civil(2019, 5, 1))),
            ("令和元年4月30日", NotDate::Era(civil(2019, 4, 30))),
            ("明治5年12月2日", NotDate::OldCalendar),
            ("令和0年5月1日", NotDate::NoSuchDay),
            ("2016/11/10(金)", NotDate::Weekday),
            ("2016-11-10T23:00:00Z", NotDate::Text),
            ("2016-11-10 about noon", NotDate::Text),
            ("yesterday", NotDate::Text),
            ("-", NotDate::Text),
            ("2016", NotDate::Text),
            ("1.5", NotDate::Text),
            ("日", NotDate::Text),
        ] {
            assert_eq!(read(cell), Err(reason), "{cell}");
        }
    }

    #[test]
    fn a_declared_order_tells_month_and_day_and_limits_tell_the_century() {
        let year = |year| Limits {
            first: Civil { year, month: 1, day: 1 }.to_day(),
            last: Civil { year: year + 1, month: 12, day: 31 }.to_day(),
        };
        let read = |cell, order, limits| date(cell, Some(order), limits).map(|day| day.civil().iso());
        assert_eq!(read("11/10/2016", DayOrder::MonthFirst, NONE).as_deref(), Ok("2016-11-10"));
        assert_eq!(read("11/10/2016", DayOrder::DayFirst, NONE).as_deref(), Ok("2016-10-11"));
        assert_eq!(read("10.11.16", DayOrder::DayFirst, year(2016)).as_deref(), Ok("2016-11-10"));
        assert_eq!(read("10.11.16", DayOrder::DayFirst, NONE), Err(NotDate::Century));
        assert_eq!(read("31/12/2016", DayOrder::MonthFirst, NONE), Err(NotDate::NoSuchDay));
        assert!(matches!(read("2015-12-31", DayOrder::DayFirst, year(2016)), Err(NotDate::Outside(_))));
    }
}
