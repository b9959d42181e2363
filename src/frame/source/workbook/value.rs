//! What a typed cell says as a cell of a CSV.

use calamine::{Data, DataRef, ExcelDateTime};

/// The text of a cell, as a CSV saved from the sheet would have it; `None` for a blank.
///
/// Numbers are written as Excel shows them, to 15 digits: 1.0 is `1`, and 0.1 + 0.2 is `0.3`. Days are ISO. TRUE and
/// FALSE stay words: whether they mean 1 and 0 is for the questionnaire to say. So do errors (`#N/A`), which no
/// question has as an option.
pub(super) fn text(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_string(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(true) => "TRUE".to_string(),
        DataRef::Bool(false) => "FALSE".to_string(),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    })
}

/// An owned value, borrowed: both are read the same way.
pub(super) fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(truth) => DataRef::Bool(*truth),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        _ => DataRef::Empty,
    }
}

/// A number to 15 significant digits, without an exponent where it is a usual one.
fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let fifteen: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if fifteen == 0.0 {
        return "0".to_string();
    }
    match fifteen.abs() {
        size if (1e-9..1e20).contains(&size) => format!("{fifteen}"),
        _ => format!("{fifteen:E}"),
    }
}

/// A day, a day with its time, or a time alone.
fn moment_text(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    // To the second, as Excel shows it: 0.999999 of a day is the next one.
    let seconds = (value * 86_400.0).round();
    if moment.is_duration() || (0.0..86_400.0).contains(&seconds) {
        let whole = seconds.abs() as u64;
        let sign = if seconds < 0.0 { "-" } else { "" };
        return format!("{sign}{:02}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    }
    let rounded = seconds / 86_400.0;
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let (year, month, day) = match rounded.floor() > value.floor() {
        // Rounded up to the next day.
        true => {
            let kind = calamine::ExcelDateTimeType::DateTime;
            let next = ExcelDateTime::new(rounded, kind, is_1904(moment)).to_ymd_hms_milli();
            (next.0, next.1, next.2)
        }
        false => (year, month, day),
    };
    let of_day = (seconds % 86_400.0) as u64;
    match of_day {
        0 => format!("{year:04}-{month:02}-{day:02}"),
        _ => {
            let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
    }
}

/// Whether days are counted from 1904: calamine keeps that to itself, but day 0 tells.
fn is_1904(moment: &ExcelDateTime) -> bool {
    let kind = calamine::ExcelDateTimeType::DateTime;
    let from_1904 = ExcelDateTime::new(moment.as_f64(), kind, true);
    from_1904.to_ymd_hms_milli() == moment.to_ymd_hms_milli()
}

/// `2016-11-10T00:00:00` as `2016-11-10`, with its time where it has one.
fn iso(text: &str) -> String {
    match text.split_once('T') {
        Some((day, time)) if time.trim_end_matches(['0', ':', '.', 'Z']).is_empty() => day.to_string(),
        Some((day, time)) => format!("{day} {time}"),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn numbers_are_written_as_excel_shows_them() {
        let shown: Vec<String> =
            [1.0, -9999.0, 0.1 + 0.2, 2.5, 1e15, 123_456_789_012.5, 0.0, -0.0, 1e-7, 1e21, 1.0 / 3.0]
                .into_iter()
                .map(number_text)
                .collect();
        let expected = [
            "1",
            "-9999",
            "0.3",
            "2.5",
            "1000000000000000",
            "123456789012.5",
            "0",
            "0",
            "0.0000001",
            "1E21",
            "0.333333333333333",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn days_and_times_are_iso() {
        let shown = |value, kind, is_1904| moment_text(&ExcelDateTime::new(value, kind, is_1904));
        assert_eq!(shown(42_684.0, DateTime, false), "2016-11-10");
        assert_eq!(shown(42_684.0 + 9.5 / 24.0, DateTime, false), "2016-11-10 09:30:00");
        assert_eq!(shown(42_684.999_999_9, DateTime, false), "2016-11-11");
        assert_eq!(shown(41_222.0, DateTime, true), "2016-11-10");
        assert_eq!(shown(0.5, DateTime, false), "12:00:00");
        assert_eq!(shown(1.5, TimeDelta, false), "36:00:00");
        assert_eq!(iso("2016-11-10T00:00:00"), "2016-11-10");
        assert_eq!(iso("2016-11-10T09:30:00"), "2016-11-10 09:30:00");
    }
}
