//! Where a group stands among all groups by the share of one answer: its rank, its quarter, within its class, and since
//! the last wave.
//!
//! Ranked are groups that have files of their own and whose share may be shown; equal shares have one rank, and the
//! next is counted on (1, 2, 2, 4). A group is in the top quarter when fewer than a quarter of those ranked are above it.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::blanks::Blanks;
use super::groups::Group;
use super::resident::Resident;
use crate::chart::{ChartSpec, RankedGroup};
use crate::diag::{Diagnostic, quote, thousands};
use crate::schema::{Condition, QuestionIndex};
use crate::sheet::{Language, Profile, round};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, Request, RowRole, Table};

/// One answer by which groups are compared.
pub(super) struct StandingPlan {
    /// The table that has the answer, of one question and without a banner.
    pub request: Request,
    /// Code of an option, id of a net; of a summary table the grid's row.
    pub answer: String,
}

/// All groups by the share of one answer.
pub(super) struct Ranking {
    /// What was counted.
    pub request: Request,
    /// The answer × groups, everybody first.
    pub table: Table,
    /// The row of the answer.
    pub row: usize,
    /// The same in the last wave.
    pub before: Option<Table>,
    /// The same of each class as a whole.
    pub classes: Vec<Option<Table>>,
    /// The groups that are ranked, by their codes.
    codes: Vec<Option<String>>,
    /// The share of each, and in the last wave, once somebody asks.
    shares: [OnceLock<Vec<Option<Ratio>>>; 2],
}

/// The class of each group: other groups of the same class are like it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Classes {
    /// The question whose options are classes.
    pub question: Option<QuestionIndex>,
    /// Of each group, the option.
    pub of: Vec<Option<usize>>,
    /// Words of the options.
    pub labels: Vec<String>,
}

/// Where one group stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// Words of the answer.
    pub answer: String,
    pub share: Ratio,
    pub among: Rank,
    pub class: Option<ClassStanding>,
    /// Its share in the last wave.
    pub before: Option<Ratio>,
}

/// A rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rank {
    /// 1 is the largest share.
    pub rank: usize,
    /// How many have it.
    pub tied: usize,
    /// How many are ranked.
    pub of: usize,
}

/// Where a group stands in its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ClassStanding {
    pub label: String,
    /// Of everybody in the class.
    pub share: Option<Ratio>,
    pub among: Rank,
}

impl Rank {
    fn of(share: Ratio, all: &[Ratio]) -> Rank {
        let above = all.iter().filter(|other| **other > share).count();
        let tied = all.iter().filter(|other| **other == share).count();
        Rank { rank: above + 1, tied, of: all.len() }
    }

    /// 0 is the top quarter.
    fn quarter(self) -> usize {
        4 * (self.rank - 1) / self.of.max(1)
    }
}

impl StandingPlan {
    /// The row of the answer.
    fn row(&self, table: &Table) -> Option<usize> {
        let code = |row: &crate::tabulate::StubRow| row.code.as_ref().map(ToString::to_string);
        let of_grid = |id: &str| id.rsplit_once('.').is_some_and(|(_, row)| row == self.answer);
        table.stub.iter().position(|row| match table.is_summary() {
            true => of_grid(&row.question),
            false => code(row).as_deref() == Some(self.answer.as_str()),
        })
    }
}

impl Resident<'_> {
    /// The class of each group, where the study has classes.
    ///
    /// # Errors
    /// Groups whose respondents are of several classes.
    pub(super) fn classes_of(&self, groups: &[Group]) -> Result<Classes, Vec<Diagnostic>> {
        let (Some(class), Some(by)) = (&self.study.class, self.by) else { return Ok(Classes::default()) };
        let question = &self.study.spoken.questions[class.value];
        let table = self.crossed(&Request::of_question(class.value, self.study.filter.clone()), by, false);
        let Some(table) = table else { return Ok(Classes::default()) };
        let columns = columns(&table);
        let options: Vec<usize> =
            (0..table.stub.len()).filter(|&row| table.stub[row].role == RowRole::Option).collect();
        let mut errors = Vec::new();
        let of = groups.iter().map(|group| {
            let &column = columns.get(group.code.as_ref()?)?;
            let with = |row: usize| table.cell(row, column).value().map_or(0, |tally| tally.n);
            let held: Vec<usize> = (0..options.len()).filter(|&place| with(options[place]) > 0).collect();
            match held.as_slice() {
                [one] if with(options[*one]) == group.n => Some(*one),
                [] => None,
                _ => {
                    let error = format!("{} has respondents of several classes", quote(&group.label));
                    errors.push(Diagnostic::error(error).span(&self.study.source, class.span.clone()).hint(
                        "a class is of whole groups: `[[derive]]` from the question of `--by` makes classes of its options",
                    ));
                    None
                }
            }
        });
        let of = of.collect();
        // One tells what is wrong; of 1,741 nobody reads more.
        errors.truncate(5);
        let labels = question.options.iter().map(|option| option.label.clone()).collect();
        if errors.is_empty() { Ok(Classes { question: Some(class.value), of, labels }) } else { Err(errors) }
    }

    /// All groups by one answer.
    pub(super) fn ranking(
        &self,
        plan: &StandingPlan,
        groups: &[Group],
        classes: &Classes,
    ) -> Option<Ranking> {
        let by = self.by?;
        let table = self.crossed(&plan.request, by, false)?;
        let row = plan.row(&table)?;
        let of_class = |question: QuestionIndex, class: usize| {
            let condition = classes.condition(question, class);
            self.fill_within(&plan.request, Some(&condition), 1).into_iter().next()
        };
        let of_classes = classes.question.map_or_else(Vec::new, |question| {
            (0..classes.labels.len()).map(|class| of_class(question, class)).collect()
        });
        let code = |group: &Group| group.code.clone().filter(|_| group.rule.is_made());
        Some(Ranking {
            before: self.crossed(&plan.request, by, true),
            classes: of_classes,
            codes: groups.iter().map(code).collect(),
            shares: Default::default(),
            request: plan.request.clone(),
            table,
            row,
        })
    }

    /// What the class of a group is called.
    pub(super) fn class_label(&self, group: Option<&Group>) -> Option<&str> {
        self.class(group?).map(|class| self.classes.labels[class].as_str())
    }

    /// All groups by one answer, with one of them to look at.
    pub(super) fn ranking_chart(
        &self,
        ranking: &Ranking,
        own: Option<&Group>,
        profile: &Profile,
    ) -> ChartSpec {
        let groups = self.groups();
        let order = ranking.in_order();
        let ranked = order.iter().map(|&(place, share)| RankedGroup {
            label: &groups[place].label,
            code: groups[place].code.as_deref(),
            n: groups[place].n,
            share,
            highlight: own.is_some_and(|own| own.options == groups[place].options),
        });
        let ranked: Vec<RankedGroup<'_>> = ranked.collect();
        let left = groups.iter().filter(|group| group.code.is_some() && group.n > 0).count() - ranked.len();
        let note = match profile.language {
            Language::Japanese => format!("人数の少ない、または秘匿された{left}グループは順位に含まない"),
            Language::English => format!("{left} small or suppressed groups are not ranked"),
        };
        let notes = if left > 0 { vec![note] } else { Vec::new() };
        crate::chart::ranked(&ranking.table, ranking.row, &ranked, notes, profile)
    }

    fn crossed(&self, request: &Request, banner: QuestionIndex, before: bool) -> Option<Table> {
        let request = Request { banners: vec![vec![banner]], ..request.clone() };
        let tables = match before {
            true => self.fill_before(&request, None)?,
            false => self.fill_within(&request, None, 1),
        };
        tables.into_iter().next()
    }
}

/// The column of each code.
fn columns(table: &Table) -> HashMap<String, usize> {
    let columns = table.columns.iter().enumerate();
    let groups = columns.filter(|(_, column)| column.role == ColumnRole::Group && column.codes.len() == 1);
    groups.map(|(at, column)| (column.codes[0].to_string(), at)).collect()
}

impl Classes {
    /// That a respondent is of a class.
    pub(super) fn condition(&self, question: QuestionIndex, class: usize) -> Condition {
        let accepts = (0..self.labels.len()).map(|option| option == class).collect();
        Condition::Answer { question, accepts }
    }
}

impl Ranking {
    /// The share of each group that is ranked: of those that have files of their own, what is not hidden.
    fn shares(&self) -> &[Option<Ratio>] {
        self.shares[0].get_or_init(|| self.shares_in(&self.table))
    }

    fn shares_before(&self) -> Option<&[Option<Ratio>]> {
        let before = self.before.as_ref()?;
        Some(self.shares[1].get_or_init(|| self.shares_in(before)))
    }

    fn shares_in(&self, table: &Table) -> Vec<Option<Ratio>> {
        let columns = columns(table);
        let share = |code: &Option<String>| {
            let &column = columns.get(code.as_ref()?)?;
            table.column_percent(self.row, column).value()
        };
        self.codes.iter().map(share).collect()
    }

    /// Where a group stands; `None` where it is not ranked.
    pub(super) fn standing(&self, group: usize, classes: &Classes) -> Option<Standing> {
        let shares = self.shares();
        let share = shares[group]?;
        let all: Vec<Ratio> = shares.iter().flatten().copied().collect();
        let class = classes.of.get(group).copied().flatten().map(|class| {
            let alike = shares.iter().zip(&classes.of).filter(|(_, of)| **of == Some(class));
            let whole = self.classes.get(class).and_then(Option::as_ref);
            let alike: Vec<Ratio> = alike.filter_map(|(share, _)| *share).collect();
            ClassStanding {
                label: classes.labels[class].clone(),
                share: whole.and_then(|table| table.column_percent(self.row, 0).value()),
                among: Rank::of(share, &alike),
            }
        });
        Some(Standing {
            answer: self.table.stub[self.row].label.clone(),
            share,
            among: Rank::of(share, &all),
            class,
            before: self.shares_before().and_then(|before| before[group]),
        })
    }

    /// The groups that are ranked, from the largest share to the smallest, equal ones in the order of their codes.
    pub(super) fn in_order(&self) -> Vec<(usize, Ratio)> {
        let ranked = self.shares().iter().enumerate().filter_map(|(group, share)| Some((group, (*share)?)));
        let mut ranked: Vec<(usize, Ratio)> = ranked.collect();
        ranked.sort_by_key(|(_, share)| std::cmp::Reverse(*share));
        ranked
    }
}

/// The blanks that a standing fills.
pub(super) const STANDING: [&str; 10] = [
    "{share}",
    "{rank}",
    "{ranked}",
    "{quarter}",
    "{class}",
    "{class_share}",
    "{class_rank}",
    "{class_ranked}",
    "{before}",
    "{change}",
];

/// How a text says where a group stands.
pub(super) struct StandingWords {
    pub language: Language,
    pub decimals: u32,
}

impl StandingWords {
    fn percent(&self, share: Ratio) -> String {
        format!("{}{}", round(share, self.decimals), self.language.choose("％", "%"))
    }

    /// 12位, 同率12位
    fn rank(&self, rank: Rank) -> String {
        let number = thousands(rank.rank as u64);
        match (self.language, rank.tied > 1) {
            (Language::Japanese, false) => format!("{number}位"),
            (Language::Japanese, true) => format!("同率{number}位"),
            (Language::English, tied) => {
                let ending = match (rank.rank % 10, rank.rank % 100) {
                    (_, 11..=13) => "th",
                    (1, _) => "st",
                    (2, _) => "nd",
                    (3, _) => "rd",
                    _ => "th",
                };
                format!("{}{number}{ending}", if tied { "joint " } else { "" })
            }
        }
    }

    fn quarter(&self, rank: Rank) -> &'static str {
        let (japanese, english) = match rank.quarter() {
            0 => ("上位4分の1", "the top quarter"),
            1 => ("上から2番目の4分の1", "the second quarter"),
            2 => ("上から3番目の4分の1", "the third quarter"),
            _ => ("下位4分の1", "the bottom quarter"),
        };
        self.language.choose(japanese, english)
    }

    /// Points since the last wave, of raw shares, with their sign.
    fn change(&self, now: Ratio, before: Ratio) -> Option<String> {
        let shown = round(now.minus(before)?, self.decimals);
        Some(match shown.strip_prefix('-') {
            Some(less) => format!("−{less}"),
            None if shown.chars().any(|c| c.is_ascii_digit() && c != '0') => format!("+{shown}"),
            None => format!("±{shown}"),
        })
    }

    /// 「設置している」は63.2％で、47グループ中12位（上から2番目の4分の1）である。
    pub(super) fn sentence(&self, standing: &Standing) -> String {
        let (share, of) = (self.percent(standing.share), standing.among.of);
        let (rank, quarter) = (self.rank(standing.among), self.quarter(standing.among));
        let mut parts = vec![match self.language {
            Language::Japanese => {
                format!("「{}」は{share}で、{of}グループ中{rank}（{quarter}）である。", standing.answer)
            }
            Language::English => {
                format!("{}: {share}, {rank} of {of} groups ({quarter}).", standing.answer)
            }
        }];
        if let Some(class) = &standing.class {
            let (rank, of, label) = (self.rank(class.among), class.among.of, &class.label);
            let share = class.share.map(|share| self.percent(share));
            parts.push(match (self.language, share) {
                (Language::Japanese, Some(share)) => {
                    format!("{label}（全体で{share}）では{of}グループ中{rank}。")
                }
                (Language::Japanese, None) => format!("{label}では{of}グループ中{rank}。"),
                (Language::English, Some(share)) => {
                    format!("In {label} ({share} as a whole): {rank} of {of}.")
                }
                (Language::English, None) => format!("In {label}: {rank} of {of}."),
            });
        }
        let change = standing.before.and_then(|before| self.change(standing.share, before));
        parts.extend(change.map(|change| match self.language {
            Language::Japanese => format!("前回から{change}ポイント。"),
            Language::English => format!("Since the last wave: {change} points."),
        }));
        parts.join(self.language.choose("", " "))
    }

    /// `{share}`, `{rank}` and the others, or why there is nothing to say.
    pub(super) fn blanks(&self, blanks: Blanks, standing: Option<Result<&Standing, &str>>) -> Blanks {
        let nothing = |word: &str| match standing {
            None => Diagnostic::error(format!("{} has no answer to be of", quote(word)))
                .hint("`rank = 2` says by which answer groups are compared"),
            Some(Err(label)) => {
                let error =
                    Diagnostic::error(format!("{} is not ranked, and has no {}", quote(label), quote(word)));
                error.hint(
                    "everybody, groups under `smallest`, groups put together and hidden shares have no rank",
                )
            }
            Some(Ok(_)) => match word {
                "{class}" | "{class_share}" | "{class_rank}" | "{class_ranked}" => {
                    Diagnostic::error(format!("{} has no class to be of", quote(word)))
                        .hint("`class = \"area\"` under `[study]` says which groups are alike")
                }
                _ => Diagnostic::error(format!("{} has no last wave to be of", quote(word)))
                    .hint("`last = { data = \"…\", wave = \"…\" }` under `[study]` names it"),
            },
        };
        let known = standing.and_then(Result::ok);
        let class = known.and_then(|known| known.class.as_ref());
        let ranked = |rank: Rank| thousands(rank.of as u64);
        let before = known.and_then(|known| Some((known.share, known.before?)));
        let values = [
            known.map(|known| self.percent(known.share)),
            known.map(|known| self.rank(known.among)),
            known.map(|known| ranked(known.among)),
            known.map(|known| self.quarter(known.among).to_string()),
            class.map(|class| class.label.clone()),
            class.and_then(|class| class.share).map(|share| self.percent(share)),
            class.map(|class| self.rank(class.among)),
            class.map(|class| ranked(class.among)),
            before.map(|(_, before)| self.percent(before)),
            before.and_then(|(now, before)| self.change(now, before)),
        ];
        STANDING
            .into_iter()
            .zip(values)
            .fold(blanks, |blanks, (word, value)| blanks.with(word, value.ok_or_else(|| nothing(word))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_have_one_rank_and_the_next_is_counted_on() {
        let all: Vec<Ratio> = [50, 40, 40, 30, 30, 30, 20].into_iter().map(Ratio::whole).collect();
        let ranks: Vec<(usize, usize)> =
            all.iter().map(|share| Rank::of(*share, &all)).map(|rank| (rank.rank, rank.tied)).collect();
        assert_eq!(ranks, [(1, 1), (2, 2), (2, 2), (4, 3), (4, 3), (4, 3), (7, 1)]);
        let quarters: Vec<usize> = all.iter().map(|share| Rank::of(*share, &all).quarter()).collect();
        assert_eq!(quarters, [0, 0, 0, 1, 1, 1, 3]);
    }

    #[test]
    fn forty_seven_have_quarters_of_twelve_twelve_twelve_and_eleven() {
        let all: Vec<Ratio> = (1..=47).map(Ratio::whole).collect();
        let in_quarter =
            |quarter| all.iter().filter(|share| Rank::of(**share, &all).quarter() == quarter).count();
        assert_eq!([0, 1, 2, 3].map(in_quarter), [12, 12, 12, 11]);
    }

    #[test]
    fn ranks_and_changes_are_said_in_both_languages() {
        let words = |language| StandingWords { language, decimals: 1 };
        let rank = |rank, tied| Rank { rank, tied, of: 47 };
        let english = words(Language::English);
        let said =
            [(1, 1), (2, 3), (13, 1), (22, 1), (43, 1)].map(|(place, tied)| english.rank(rank(place, tied)));
        assert_eq!(said, ["1st", "joint 2nd", "13th", "22nd", "43rd"]);
        let japanese = words(Language::Japanese);
        assert_eq!(
            [(1, 1), (2, 3)].map(|(place, tied)| japanese.rank(rank(place, tied))),
            ["1位", "同率2位"]
        );
        let change = |now, before| japanese.change(Ratio::whole(now), Ratio::whole(before)).expect("it fits");
        assert_eq!([change(5, 2), change(2, 5), change(2, 2)], ["+3.0", "−3.0", "±0.0"]);
    }
}
