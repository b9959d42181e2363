//! A release's tables with cells hidden (秘匿), so that nobody can compute what is hidden; and the attack.
//!
//! In: every table that is published together, wherever it stands, and the rules of `[survey.disclosure]`.
//! Out: the same tables with hidden cells, which are not in them any more. This room must not know how
//! tables look.
//!
//! `naming` says what each cell counts, `system` holds the counts and the equations between them,
//! `protect` hides more until every hidden count is one of many possible ones; `audit` reads a set of
//! outputs as an outsider would, with nothing of the other three. How and why: `docs/disclosure.md`.

mod audit;
mod evidence;
mod families;
mod meaning;
mod naming;
mod protect;
mod said;
mod system;
mod whom;

pub use self::audit::{Audit, Recovered, audit};
pub use self::evidence::{Evidence, Line, Range, Subject};
use self::families::hide_columns;
use self::naming::Naming;
use self::protect::Protection;
use self::system::Part;
pub use self::whom::{Placed, Whom};
use crate::diag::Diagnostic;
use crate::schema::{Respondents, Survey};
use crate::tabulate::{ColumnRole, RowRole};

/// What was hidden.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suppressed {
    /// Different counts that are published: cells, bases, mentions.
    pub counts: usize,
    /// Of them, hidden for there are too few respondents.
    pub primary: usize,
    /// Hidden in all.
    pub hidden: usize,
    /// 秘匿インターバル: the narrowest of the hidden counts' intervals that were proved.
    pub interval: Option<f64>,
    /// Hidden counts of which nothing was proved though everything around them is hidden.
    pub uncertain: usize,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
}

impl Suppressed {
    /// How much was hidden, and what it costs; `None` where nothing is published or protected.
    pub fn in_words(&self) -> Option<String> {
        let count = |n: usize| crate::diag::thousands(n as u64);
        let proved = match (self.interval, self.uncertain) {
            (Some(interval), 0) => format!("; each may be other by {interval:.0} or more"),
            (Some(_), n) => format!("; of {} nothing could be proved", count(n)),
            (None, _) => String::new(),
        };
        (self.counts > 0).then(|| {
            let (hidden, primary) = (count(self.hidden), count(self.primary));
            format!(
                "hidden: {hidden} of {} numbers, {primary} of them for too few respondents{proved}\n",
                count(self.counts)
            )
        })
    }
}

/// Hides what must be hidden in the tables of a release; without `[survey.disclosure]` nothing.
pub fn suppress(survey: &Survey, release: &mut [Placed<'_>]) -> Suppressed {
    let Some(rules) = &survey.disclosure else { return Suppressed::default() };
    let mut warnings = warnings(rules.threshold, release);
    if rules.respondents == Respondents::Persons {
        warnings.extend(told_of_all(rules.threshold, release));
    }
    let naming = Naming::new(survey, rules, release);
    warnings.extend(naming.untold(release));
    let mut system = naming.system(release);
    for count in system.counts.iter_mut().filter(|count| !count.places.is_empty()) {
        let few = count.n > 0 && count.n < count.width;
        count.hidden = few || count.tells || (count.n == 0 && !rules.zero_shown);
    }
    hide_columns(&mut system);
    let published =
        |system: &system::System| system.counts.iter().filter(|count| !count.places.is_empty()).count();
    let hidden = |system: &system::System| system.counts.iter().filter(|count| count.hidden).count();
    let mut found = Suppressed {
        counts: published(&system),
        primary: hidden(&system),
        warnings,
        ..Suppressed::default()
    };
    if rules.complementary {
        let mut protection = Protection::new(&mut system, rules.threshold);
        protection.run();
        found.uncertain = protection.uncertain;
        // Who is known to be nobody has no width.
        let unsure = system.counts.iter().filter(|count| count.hidden && count.width > 0);
        let widths = unsure.map(|count| count.high - count.low);
        found.interval = widths.min_by(f64::total_cmp);
    }
    found.hidden = hidden(&system);
    let scores = naming.scores(&system, release);
    for placed in release.iter_mut() {
        placed.table.protect(rules.threshold);
    }
    for count in system.counts.iter().filter(|count| count.hidden) {
        for place in &count.places {
            let table = &mut *release[place.table].table;
            match place.part {
                Part::Cell => table.hide(place.row, place.column),
                Part::Base => table.hide_base(place.row, place.column),
                Part::Mentions => table.hide_mentions(place.column),
            }
        }
    }
    for place in &system.impossible {
        release[place.table].table.rule_out(place.row, place.column);
    }
    for (table, row, column) in scores {
        release[table].table.hide(row, column);
    }
    found
}

/// Two groups of one release that may be the same people but for a few, whom a subtraction shows.
fn warnings(threshold: u64, release: &[Placed<'_>]) -> Vec<Diagnostic> {
    let mut warnings: Vec<String> = Vec::new();
    for placed in release {
        let table = &placed.table;
        let groups: Vec<usize> = (0..table.columns.len())
            .filter(|&column| table.columns[column].role == ColumnRole::Group)
            .collect();
        for (place, &one) in groups.iter().enumerate() {
            for &other in &groups[place + 1..] {
                let (left, right) = (&table.columns[one], &table.columns[other]);
                let apart = table.question_base(one).n.abs_diff(table.question_base(other).n);
                if left.banner == right.banner || apart == 0 || apart >= threshold {
                    continue;
                }
                let within = |small: usize, large: usize| {
                    (0..table.stub.len()).all(|row| {
                        let cells = table.cell(row, small).value().zip(table.cell(row, large).value());
                        cells.is_none_or(|(small, large)| small.n <= large.n)
                    })
                };
                if !within(one, other) && !within(other, one) {
                    continue;
                }
                let name = |column: usize| crate::diag::quote(&table.columns[column].labels.join(" > "));
                warnings.push(format!(
                    "the groups {} and {} differ by fewer than {threshold} respondents, who may be seen by subtraction",
                    name(one),
                    name(other)
                ));
            }
        }
    }
    warnings.sort_unstable();
    warnings.dedup();
    let told = warnings.into_iter().map(|warning| {
        Diagnostic::warning(warning).hint("leave one of the two groups out, or change where they are cut")
    });
    told.collect()
}

/// Answers that nine of ten in a group gave, or all: they tell it of each of them.
fn told_of_all(threshold: u64, release: &[Placed<'_>]) -> Option<Diagnostic> {
    let mut groups: Vec<String> = Vec::new();
    for placed in release {
        let table = &placed.table;
        let is_group = |column: &usize| table.columns[*column].role == ColumnRole::Group;
        for column in (0..table.columns.len()).filter(is_group) {
            let is_told = |row: usize| {
                let (n, base) =
                    (table.cell(row, column).value().map_or(0, |cell| cell.n), table.base(row, column).n);
                let left = base.saturating_sub(n);
                // What too few did not answer is hidden.
                table.stub[row].role == RowRole::Option
                    && base >= threshold
                    && 10 * left <= base
                    && (left == 0 || left >= threshold)
            };
            if (0..table.stub.len()).any(is_told) {
                groups.push(format!("{} ({})", table.columns[column].labels.join(" > "), table.question.id));
            }
        }
    }
    groups.sort_unstable();
    groups.dedup();
    let listed = crate::diag::listed(groups.iter().map(|group| crate::diag::quote(group)));
    (!groups.is_empty()).then(|| {
        Diagnostic::warning(format!("nine of ten or more in a group gave one answer: {listed}")).hint(
            "that tells it of nearly everybody in the group; leave the group out if the answer is sensitive",
        )
    })
}

/// What every output says of disclosure control: `秘匿処理: あり（…）`, or `なし`.
pub fn stated(survey: &Survey, japanese: bool) -> String {
    let Some(rules) = &survey.disclosure else {
        return if japanese { "秘匿処理: なし".into() } else { "Disclosure control: none".into() };
    };
    let zero = match (rules.zero_shown, japanese) {
        (true, true) => "、0 は表示",
        (false, true) => "、0 も秘匿",
        (true, false) => ", 0 is shown",
        (false, false) => ", 0 is hidden too",
    };
    let bands = match (rules.bands.is_some(), japanese) {
        (true, true) => "、人口により異なる",
        (true, false) => ", by population",
        (false, _) => "",
    };
    let own = match (rules.complementary, japanese) {
        (true, _) => "",
        (false, true) => "、補完秘匿なし",
        (false, false) => ", no complementary suppression",
    };
    match japanese {
        true => format!("秘匿処理: あり（{} 未満は x{zero}{bands}{own}）", rules.threshold),
        false => format!("Disclosure control: fewer than {} are x{zero}{bands}{own}", rules.threshold),
    }
}
