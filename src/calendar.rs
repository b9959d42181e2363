//! Days, Western and Japanese: 2016-11-10 is 平成28年11月10日.
//!
//! In: year, month and day, with or without an era. Out: a day as the number of days since
//! 1970-01-01, and back. This room must not know cells, questions or output; it uses no other.
//!
//! The days are those of the Gregorian calendar, which Japan has kept since 明治6年1月1日
//! (1873-01-01). The eras of the calendar before that have other months and days, and are not here.

/// A day, as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

/// A day's year, month and day of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    /// Western year.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// A Japanese era.
#[derive(Debug, PartialEq, Eq)]
pub struct Era {
    /// Its name: 平成.
    pub name: &'static str,
    /// The letter forms write for it: H.
    pub letter: char,
    /// Its first day; of 明治 the first day of the calendar of today.
    first: Civil,
    /// The Western year before its first.
    before: i64,
}

/// The eras, earliest first; each ends the day before the next begins.
pub static ERAS: [Era; 5] = [
    Era { name: "明治", letter: 'M', first: civil(1873, 1, 1), before: 1867 },
    Era { name: "大正", letter: 'T', first: civil(1912, 7, 30), before: 1911 },
    Era { name: "昭和", letter: 'S', first: civil(1926, 12, 25), before: 1925 },
    Era { name: "平成", letter: 'H', first: civil(1989, 1, 8), before: 1988 },
    Era { name: "令和", letter: 'R', first: civil(2019, 5, 1), before: 2018 },
];

const fn civil(year: i64, month: u8, day: u8) -> Civil {
    Civil { year, month, day }
}

/// Days of a month; 0 for a month that there is not.
pub fn days_of(year: i64, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

impl Civil {
    /// The day; `None` for one that there is not (2月30日) and outside the years 1 to 9999.
    pub fn to_day(self) -> Option<Day> {
        let Civil { year, month, day } = self;
        if !(1..=9999).contains(&year) || day == 0 || day > days_of(year, month) {
            return None;
        }
        // Years begin in March here, so that the leap day is the last of a year. The days before a
        // month in it are (153 m + 2) / 5: months of 31, 30, 31, 30, 31 days repeat.
        let year = if month <= 2 { year - 1 } else { year };
        let months = (i64::from(month) + 9) % 12;
        let days = (153 * months + 2) / 5 + i64::from(day) - 1;
        // 719,468 days from 0000-03-01 to 1970-01-01.
        Some(Day(365 * year + year / 4 - year / 100 + year / 400 + days - 719_468))
    }

    /// The era at this day; `None` before 明治6年.
    pub fn era(self) -> Option<&'static Era> {
        ERAS.iter().rev().find(|era| era.first <= self)
    }

    /// `2016-11-10`
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `2016年11月10日`, or `平成28年11月10日`.
    pub fn japanese(self, era: bool) -> String {
        let year = match self.era().filter(|_| era) {
            Some(era) => era.year(self.year),
            None => format!("{}年", self.year),
        };
        format!("{year}{}月{}日", self.month, self.day)
    }
}

impl Day {
    /// Year, month and day.
    pub fn civil(self) -> Civil {
        // The inverse of `Civil::to_day`, in cycles of 400 years (146,097 days).
        let days = self.0 + 719_468;
        let (cycle, of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (of_cycle - of_cycle / 1460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
        let of_year = of_cycle - (365 * year + year / 4 - year / 100);
        let months = (5 * of_year + 2) / 153;
        let day = of_year - (153 * months + 2) / 5 + 1;
        let month = (months + 2) % 12 + 1;
        let year = 400 * cycle + year + i64::from(month <= 2);
        // Both are small by construction.
        Civil { year, month: month as u8, day: day as u8 }
    }
}

impl Era {
    /// The era of this name or letter.
    pub fn find(written: &str) -> Option<&'static Era> {
        let letter = |era: &&Era| written.len() == 1 && written.starts_with(era.letter);
        ERAS.iter().find(|era| era.name == written || letter(era))
    }

    /// The Western year of a year of the era: 令和3 is 2021.
    pub fn western(&self, year: i64) -> i64 {
        self.before + year
    }

    /// A Western year in the era: `平成28年`, `令和元年`.
    pub fn year(&self, western: i64) -> String {
        match western - self.before {
            1 => format!("{}元年", self.name),
            year => format!("{}{year}年", self.name),
        }
    }
}

/// A calendar year in Japanese words; `平成31年・令和元年` where an era ended in it.
pub fn year_in_words(year: i64, era: bool) -> String {
    span_in_words(civil(year, 1, 1), civil(year, 12, 31), era)
}

/// A month in Japanese words: `2016年11月`, `平成28年11月`.
pub fn month_in_words(year: i64, month: u8, era: bool) -> String {
    let year = span_in_words(civil(year, month, 1), civil(year, month, days_of(year, month)), era);
    format!("{year}{month}月")
}

/// A fiscal year (April to March) in Japanese words: `2021年度`, `令和3年度`.
///
/// It has the era of its first day, but for 2019, which the government called 令和元年度 throughout.
pub fn fiscal_year_in_words(year: i64, era: bool) -> String {
    let named = if year == 2019 { civil(2019, 5, 1) } else { civil(year, 4, 1) };
    format!("{}度", span_in_words(named, named, era))
}

fn span_in_words(first: Civil, last: Civil, era: bool) -> String {
    match (first.era().filter(|_| era), last.era()) {
        (Some(one), Some(other)) if one == other => one.year(first.year),
        (Some(one), Some(other)) => {
            let next = other.year(first.year);
            format!("{}・{next}", one.year(first.year))
        }
        _ => format!("{}年", first.year),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn japanese(year: i64, month: u8, day: u8) -> String {
        civil(year, month, day).japanese(true)
    }

    #[test]
    fn days_are_those_of_a_plain_walk_through_the_calendar() {
        let mut walked = civil(1600, 1, 1);
        let mut days = walked.to_day().expect("a day").0;
        assert_eq!(days, -135_140);
        while walked.year < 2401 {
            assert_eq!(walked.to_day(), Some(Day(days)), "{walked:?}");
            assert_eq!(Day(days).civil(), walked, "{days}");
            days += 1;
            walked.day += 1;
            if walked.day > days_of(walked.year, walked.month) {
                (walked.day, walked.month) = (1, walked.month + 1);
            }
            if walked.month > 12 {
                (walked.month, walked.year) = (1, walked.year + 1);
            }
        }
        assert_eq!(civil(1970, 1, 1).to_day(), Some(Day(0)));
        assert_eq!(civil(2016, 11, 10).to_day(), Some(Day(17_115)));
    }

    #[test]
    fn there_are_no_other_days() {
        for (year, month, day) in [
            (2016, 2, 30),
            (2015, 2, 29),
            (1900, 2, 29),
            (2016, 4, 31),
            (2016, 13, 1),
            (2016, 0, 1),
            (2016, 1, 0),
        ] {
            assert_eq!(civil(year, month, day).to_day(), None, "{year}-{month}-{day}");
        }
        assert!(civil(2000, 2, 29).to_day().is_some() && civil(2016, 2, 29).to_day().is_some());
    }

    #[test]
    fn an_era_begins_on_its_first_day() {
        for (before, first) in [
            ((1912, 7, 29, "明治45年7月29日"), (1912, 7, 30, "大正元年7月30日")),
            ((1926, 12, 24, "大正15年12月24日"), (1926, 12, 25, "昭和元年12月25日")),
            ((1989, 1, 7, "昭和64年1月7日"), (1989, 1, 8, "平成元年1月8日")),
            ((2019, 4, 30, "平成31年4月30日"), (2019, 5, 1, "令和元年5月1日")),
            ((1872, 12, 31, "1872年12月31日"), (1873, 1, 1, "明治6年1月1日")),
        ] {
            for (year, month, day, words) in [before, first] {
                assert_eq!(japanese(year, month, day), words);
            }
        }
    }

    #[test]
    fn years_of_eras_and_western_years_are_told_from_each_other() {
        for (era, year, western) in
            [("明治", 6, 1873), ("大正", 1, 1912), ("S", 64, 1989), ("平成", 27, 2015), ("R", 3, 2021)]
        {
            assert_eq!(Era::find(era).expect("an era").western(year), western);
        }
        assert_eq!(japanese(2015, 8, 1), "平成27年8月1日");
        assert_eq!(civil(2015, 8, 1).japanese(false), "2015年8月1日");
        assert_eq!(civil(2015, 8, 1).iso(), "2015-08-01");
        assert!(Era::find("h").is_none() && Era::find("慶応").is_none());
    }

    #[test]
    fn periods_have_the_words_of_their_eras() {
        assert_eq!(fiscal_year_in_words(2021, true), "令和3年度");
        assert_eq!(fiscal_year_in_words(2021, false), "2021年度");
        assert_eq!(fiscal_year_in_words(2019, true), "令和元年度");
        assert_eq!(fiscal_year_in_words(2018, true), "平成30年度");
        assert_eq!(fiscal_year_in_words(1988, true), "昭和63年度");
        assert_eq!(year_in_words(2019, true), "平成31年・令和元年");
        assert_eq!(year_in_words(2019, false), "2019年");
        assert_eq!(month_in_words(2019, 4, true), "平成31年4月");
        assert_eq!(month_in_words(2019, 5, true), "令和元年5月");
        assert_eq!(month_in_words(1989, 1, true), "昭和64年・平成元年1月");
        assert_eq!(month_in_words(2016, 11, false), "2016年11月");
    }
}
