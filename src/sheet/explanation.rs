//! Who is in a table's base and who is not, in words and numbers that add up.

use std::collections::BTreeMap;

use super::codebook::asked_words;
use super::profile::{Language, Profile};
use super::round;
use crate::diag::thousands;
use crate::schema::{Condition, Kind, NoAnswer, Survey};
use crate::tabulate::{Reach, Table, Tally};

/// The words of a survey's conditions, which tables do not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// By question: who was asked, and what its options are limited to.
    asked: BTreeMap<String, Vec<String>>,
    /// The filter.
    filter: Option<String>,
}

impl Explanation {
    /// The words of every question's conditions and of the filter.
    pub fn of(survey: &Survey, filter: Option<&Condition>, language: Language) -> Explanation {
        let asked = survey.questions.iter().map(|question| {
            let words = asked_words(survey, question, language);
            let mut facts: Vec<String> = words
                .map(|words| language.choose("対象: ", "Asked: ").to_string() + &words)
                .into_iter()
                .collect();
            if let Some(earlier) = question.limited_to {
                let earlier = survey.questions[earlier].heading();
                facts.push(match language {
                    Language::Japanese => format!("選択肢は「{earlier}」で選んだものに限る"),
                    Language::English => format!("Options: only those chosen in “{earlier}”"),
                });
            }
            (question.id.clone(), facts)
        });
        let filter = filter.map(|filter| {
            language.choose("条件: ", "Filter: ").to_string() + &filter.in_words(survey, language)
        });
        Explanation { asked: asked.collect(), filter }
    }

    /// The base of each table, told once where all agree.
    pub(super) fn lines(&self, tables: &[&Table], profile: &Profile) -> Vec<String> {
        let mut told: Vec<(String, Vec<String>)> = Vec::new();
        for table in tables {
            if table.is_summary() {
                for row in &table.stub {
                    let reach = table.reach.iter().find(|reach| reach.question == row.question);
                    told.extend(reach.map(|reach| (row.label.clone(), self.told(table, reach, profile))));
                }
            } else {
                let reach = table.reach.first();
                let heading = table.question.heading.clone();
                told.extend(reach.map(|reach| (heading, self.told(table, reach, profile))));
            }
        }
        let agree = told.windows(2).all(|pair| pair[0].1 == pair[1].1);
        let mut lines: Vec<String> = match (agree, told.first()) {
            (true, Some((_, words))) => words.clone(),
            _ => told
                .iter()
                .flat_map(|(row, words)| words.iter().map(move |w| format!("{row}: {w}")))
                .collect(),
        };
        lines.extend(self.filter.clone());
        lines
    }

    fn told(&self, table: &Table, reach: &Reach, profile: &Profile) -> Vec<String> {
        let language = profile.language;
        let account = Account::of(table, reach);
        let people = |(words, n): &(Words, u64)| match language {
            Language::Japanese => format!("{} {}{}", words.0, thousands(*n), profile.unit),
            Language::English => format!("{} {}", thousands(*n), words.1),
        };
        let join =
            |parts: &[(Words, u64)], sign: &str| parts.iter().map(people).collect::<Vec<_>>().join(sign);
        let (inside, outside) = (join(&account.inside, " + "), join(&account.outside, " − "));
        let (base, all) = (thousands(account.base.n), thousands(reach.respondents()));
        let unit = &profile.unit;
        let whose = match (account.of_numbers, table.columns.len()) {
            (true, _) if table.question.kind == Kind::Date => {
                language.choose("最も早い日などの基数", "Base of days")
            }
            (true, _) if table.question.kind == Kind::Ratio => {
                language.choose("比率の基数", "Base of the ratio")
            }
            (true, _) => language.choose("平均などの基数", "Base of means"),
            (false, 1) => language.choose("基数", "Base"),
            (false, _) => language.choose("全体の基数", "Base of the total"),
        };
        let mut lines = vec![match language {
            Language::Japanese => {
                format!("{whose} {base}{unit} = {inside}（データの {all}{unit} − {outside}）")
            }
            Language::English => format!("{whose} {base} = {inside} ({all} in the data − {outside})"),
        }];
        if let Some(weight) = &table.weight {
            let weighted = round(table.weight_sum(account.base.w), 1);
            let effective = account.base.effective().map_or("…".into(), |n| round(n, 1));
            lines.push(match language {
                Language::Japanese => {
                    format!("ウェイト（{weight}）後の基数 Σw={weighted}、有効母数 {effective}")
                }
                Language::English => {
                    format!("Weighted base ({weight}) Σw={weighted}, effective base {effective}")
                }
            });
        }
        lines.extend(self.asked.get(&reach.question).into_iter().flatten().cloned());
        lines
    }
}

/// Words in Japanese and English.
type Words = (&'static str, &'static str);

/// Everybody in the file, in the base or out of it.
struct Account {
    base: Tally,
    inside: Vec<(Words, u64)>,
    outside: Vec<(Words, u64)>,
    /// The base is of numbers, days or scores.
    of_numbers: bool,
}

impl Account {
    fn of(table: &Table, reach: &Reach) -> Account {
        let of_numbers =
            table.means.is_some() || table.question.kind.is_measured() || table.question.kind == Kind::Ratio;
        let missing = (("無回答", "without an answer"), reach.missing.n);
        let mut outside = Vec::new();
        if table.filter.is_some() {
            outside.push((("条件に合わない", "outside the filter"), reach.filtered_out));
        }
        outside.push((("非該当", "not asked"), reach.not_asked.n));
        let given = (("回答", "with an answer"), reach.given.n);
        if let (true, Some(scored)) = (of_numbers, reach.scored) {
            let unscored = reach.given.n - scored.n;
            outside.extend([missing, (("得点のない回答", "with an answer without a score"), unscored)]);
            let inside = vec![(("得点のある回答", "with a score"), scored.n)];
            return Account { base: scored, inside, outside, of_numbers };
        }
        if of_numbers || table.no_answer == NoAnswer::Exclude {
            outside.push(missing);
            return Account { base: reach.given, inside: vec![given], outside, of_numbers };
        }
        Account { base: reach.given.merge(reach.missing), inside: vec![given, missing], outside, of_numbers }
    }
}
