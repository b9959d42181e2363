//! Why a printed number is not the one of the data: other ways of computing it that give it.

use super::claim::{Answer, Cell, Of};
use super::counted::{Counted, Share, wider};
use super::printed::{Printed, Rule};
use crate::schema::NoAnswer;
use crate::sheet::Language;
use crate::stats::Ratio;

/// The numbers of a cell as they were printed.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    /// Percentage.
    pub percent: Option<Printed>,
    /// Count.
    pub count: Option<u64>,
    /// Base.
    pub base: Option<u64>,
}

/// One thing that was done otherwise than the figure says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// The group's condition dropped.
    WithoutGroup,
    /// The filter dropped.
    WithoutFilter,
    /// 無回答 in the base.
    NoAnswerIn,
    /// 無回答 out of the base.
    NoAnswerOut,
    /// Of respondents.
    OfRespondents,
    /// Of mentions.
    OfMentions,
    /// Of all respondents, asked or not.
    OfAll,
    /// Without weights.
    Unweighted,
    /// Rounded half up.
    HalfUp,
    /// Rounded half to even.
    HalfEven,
    /// Truncated.
    Truncated,
    /// Rounded twice.
    Twice,
    /// A net summed from rounded parts.
    RoundedParts,
}

impl Otherwise {
    /// In words.
    pub fn words(self, language: Language) -> &'static str {
        match self {
            Otherwise::WithoutGroup => language.choose("グループで絞らない", "without the group's condition"),
            Otherwise::WithoutFilter => language.choose("条件で絞らない", "without the filter"),
            Otherwise::NoAnswerIn => language.choose("無回答を基数に含める", "no answer in the base"),
            Otherwise::NoAnswerOut => language.choose("無回答を基数から除く", "no answer out of the base"),
            Otherwise::OfRespondents => language.choose("回答者を基数とする", "of respondents"),
            Otherwise::OfMentions => language.choose("回答総数を基数とする", "of mentions"),
            Otherwise::OfAll => {
                language.choose("非該当も含めた全員を基数とする", "of all respondents, asked or not")
            }
            Otherwise::Unweighted => language.choose("ウェイトをかけない", "without weights"),
            Otherwise::HalfUp => language.choose("四捨五入する", "rounded half up"),
            Otherwise::HalfEven => language.choose("偶数へ丸める", "rounded half to even"),
            Otherwise::Truncated => language.choose("切り捨てる", "truncated"),
            Otherwise::Twice => language.choose("二度四捨五入する", "rounded twice"),
            Otherwise::RoundedParts => {
                language.choose("計を四捨五入後の内訳の和とする", "the net summed from rounded parts")
            }
        }
    }
}

/// A way of computing a cell.
#[derive(Debug, Clone)]
pub struct Way {
    /// What is otherwise than the figure says; nothing for the figure's own way.
    pub otherwise: Vec<Otherwise>,
    /// What comes out.
    pub share: Share,
}

impl Counted<'_> {
    /// The ways of counting a cell: the figure's own first.
    fn ways(&self, cell: &Cell) -> Vec<(Cell, Way)> {
        let multi = self.survey.questions[cell.question].kind.takes_several_options();
        let mut ways = Vec::new();
        for scope in wider(&cell.scope) {
            for no_answer in [NoAnswer::Include, NoAnswer::Exclude] {
                for of in [Of::Respondents, Of::Mentions, Of::All] {
                    if of == Of::Mentions && !multi {
                        continue;
                    }
                    // 無回答 matters to a base of respondents only.
                    if of != Of::Respondents && no_answer != cell.no_answer {
                        continue;
                    }
                    let mut otherwise = Vec::new();
                    if scope.within.is_none() && cell.scope.within.is_some() {
                        otherwise.push(Otherwise::WithoutGroup);
                    }
                    if scope.filter.is_none() && cell.scope.filter.is_some() {
                        otherwise.push(Otherwise::WithoutFilter);
                    }
                    if no_answer != cell.no_answer {
                        otherwise.push(match no_answer {
                            NoAnswer::Include => Otherwise::NoAnswerIn,
                            NoAnswer::Exclude => Otherwise::NoAnswerOut,
                        });
                    }
                    if of != cell.of {
                        otherwise.push(match of {
                            Of::Respondents => Otherwise::OfRespondents,
                            Of::Mentions => Otherwise::OfMentions,
                            Of::All => Otherwise::OfAll,
                        });
                    }
                    let other = Cell { scope: scope.clone(), no_answer, of, ..cell.clone() };
                    let Some(share) = self.share(&other) else { continue };
                    // Where everybody was asked, all are the respondents: said once.
                    let said = ways.iter().any(|(known, way): &(Cell, Way)| {
                        known.scope == other.scope && way.share == share && of == Of::All
                    });
                    if of == cell.of || !said {
                        ways.push((other, Way { otherwise, share }));
                    }
                }
            }
        }
        ways.sort_by_key(|(_, way)| way.otherwise.len());
        ways
    }

    /// The ways that give what was printed, with the fewest things otherwise.
    pub fn explanations(&self, cell: &Cell, printed: Numbers, rule: Rule) -> Vec<Way> {
        let mut found: Vec<Way> = Vec::new();
        for (cell, way) in self.ways(cell) {
            let Share { part, whole } = way.share;
            if printed.count.is_some_and(|count| count != part.n)
                || printed.base.is_some_and(|base| base != whole.n)
            {
                continue;
            }
            let Some(percent) = printed.percent else {
                found.push(way);
                continue;
            };
            for (otherwise, shown) in self.roundings(&cell, way.share, percent.decimals, rule) {
                if shown == percent {
                    let otherwise = [way.otherwise.clone(), otherwise].concat();
                    found.push(Way { otherwise, share: way.share });
                }
            }
        }
        let fewest = found.iter().map(|way| way.otherwise.len()).min().unwrap_or(0);
        found.retain(|way| way.otherwise.len() == fewest && fewest > 0);
        // The same number by the same count of steps is told once for each way of counting.
        found.dedup_by(|one, other| one.otherwise == other.otherwise);
        found
    }

    /// A share printed in every way: weighted or not, by every rule.
    fn roundings(
        &self,
        cell: &Cell,
        share: Share,
        decimals: u32,
        rule: Rule,
    ) -> Vec<(Vec<Otherwise>, Printed)> {
        let mut printed = Vec::new();
        let raw =
            [(None, share.percent()), (self.weighted.then_some(Otherwise::Unweighted), share.unweighted())];
        for (place, (otherwise, percent)) in raw.into_iter().enumerate() {
            let Some(percent) = percent.filter(|_| place == 0 || otherwise.is_some()) else { continue };
            let base: Vec<Otherwise> = otherwise.into_iter().collect();
            for (changed, shown) in otherwise_rounded(percent, decimals, rule) {
                printed.push((base.iter().copied().chain(changed).collect(), shown));
            }
        }
        if let Some(sum) = self.rounded_parts(cell, decimals, rule) {
            printed.push((vec![Otherwise::RoundedParts], sum));
        }
        printed
    }

    /// A net as the sum of its parts' printed percentages.
    fn rounded_parts(&self, cell: &Cell, decimals: u32, rule: Rule) -> Option<Printed> {
        let Some(Answer::Net(net)) = cell.answer else { return None };
        let parts = &self.survey.questions[cell.question].nets.get(net)?.of;
        let mut units = 0;
        for &option in parts {
            let part = Cell { answer: Some(Answer::Option(option)), ..cell.clone() };
            units += Printed::of(self.share(&part)?.percent()?, decimals, rule)?.units;
        }
        Some(Printed { units, decimals })
    }

    /// Bases in play on which a percentage is possible, with what is otherwise there.
    pub fn possible_bases(&self, cell: &Cell, percent: Printed, rule: Rule) -> Vec<Way> {
        let mut found: Vec<Way> = Vec::new();
        for (_, way) in self.ways(cell) {
            let base = way.share.whole.n;
            let known = found.iter().any(|known| known.share.whole.n == base);
            if !known && percent.counts(base, rule).is_some() {
                found.push(way);
            }
        }
        found
    }
}

/// A value printed by the rule, and by every other.
pub fn otherwise_rounded(value: Ratio, decimals: u32, rule: Rule) -> Vec<(Option<Otherwise>, Printed)> {
    let rules = [
        (Rule::HalfUp, Otherwise::HalfUp),
        (Rule::HalfEven, Otherwise::HalfEven),
        (Rule::Truncate, Otherwise::Truncated),
    ];
    let mut printed: Vec<(Option<Otherwise>, Printed)> = rules
        .into_iter()
        .filter_map(|(other, otherwise)| {
            Some(((other != rule).then_some(otherwise), Printed::of(value, decimals, other)?))
        })
        .collect();
    let twice = Printed::of(value, decimals + 1, Rule::HalfUp)
        .and_then(|once| Printed::of(once.value(), decimals, Rule::HalfUp));
    printed.extend(twice.map(|twice| (Some(Otherwise::Twice), twice)));
    printed
}
