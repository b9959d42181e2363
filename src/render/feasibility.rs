//! What printed percentages can be of: for a person, and as JSON.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use crate::diag::thousands;
use crate::figures::{AtBase, LARGEST_BASE, Published, Rule};
use crate::sheet::{Language, round};

/// Bases told one by one; of more, only those that fit are listed.
const MOST_TOLD: u64 = 12;
/// Ranges of fitting bases a person reads.
const MOST_RANGES: usize = 24;

/// A feasibility question and the bases to look at.
#[derive(Debug)]
pub struct Feasibility {
    /// What was printed.
    pub published: Published,
    /// The bases to look at.
    pub within: Vec<RangeInclusive<u64>>,
    /// The bases that fit.
    pub fitting: Vec<RangeInclusive<u64>>,
}

impl Feasibility {
    /// Looks at all the bases.
    pub fn new(published: Published, within: Vec<RangeInclusive<u64>>) -> Feasibility {
        let fitting = published.bases(&within);
        Feasibility { published, within, fitting }
    }

    /// How many bases some ranges have.
    fn size(ranges: &[RangeInclusive<u64>]) -> u64 {
        ranges.iter().map(|range| (range.end() + 1).saturating_sub(*range.start())).sum()
    }

    /// The bases worth a paragraph: all when few, else those that fit when they are few.
    fn told(&self) -> Vec<AtBase> {
        let ranges = match Self::size(&self.within) <= MOST_TOLD {
            true => &self.within,
            false => &self.fitting,
        };
        if Self::size(ranges) > MOST_TOLD {
            return Vec::new();
        }
        ranges.iter().cloned().flatten().map(|base| self.published.at(base)).collect()
    }

    /// As a person reads it.
    pub fn text(&self, language: Language) -> String {
        let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
        let mut out = String::new();
        for at in self.told() {
            let fits = match at.fits {
                true => "",
                false => language.choose("　×", "  does not fit"),
            };
            out += &format!("n = {}{fits}\n", thousands(at.base));
            for (percent, counts) in self.published.percents.iter().zip(&at.counts) {
                let shown = format!("{}{}", percent.shown(), language.choose("％", "%"));
                let told = match *counts {
                    Some((least, most)) if least == most => format!("k = {}", thousands(least)),
                    Some((least, most)) => format!("k = {}〜{}", thousands(least), thousands(most)),
                    None => {
                        let near: Vec<String> = percent
                            .neighbours(at.base)
                            .iter()
                            .map(|(count, share)| {
                                let shown = round(*share, percent.decimals + 2);
                                format!("{count}/{} = {shown}", at.base)
                            })
                            .collect();
                        let which = match percent.counts(at.base, self.published.rule) {
                            // The percentage is possible, but not of the count that was given.
                            Some(_) => say("その k では不可能", "not of this count"),
                            None => say("不可能", "impossible"),
                        };
                        format!(
                            "{which}{}",
                            language.choose("（", " (").to_string()
                                + &near.join(language.choose("、", ", "))
                                + language.choose("）", ")")
                        )
                    }
                };
                out += &format!("  {shown:>8} {told}\n");
            }
            if let Some(ways) = at.ways {
                out += &match language {
                    Language::Japanese => format!("  合計が n になる組合せ: {ways}\n"),
                    Language::English => format!("  ways to add up to n: {ways}\n"),
                };
            }
        }
        let rule = match self.published.rule {
            Rule::HalfUp => say("四捨五入", "half up"),
            Rule::HalfEven => say("偶数への丸め", "half to even"),
            Rule::Truncate => say("切り捨て", "truncated"),
        };
        let looked: Vec<String> = self.within.iter().map(range).collect();
        let looked = looked.join(language.choose("、", ", "));
        let mut fitting: Vec<String> = self.fitting.iter().take(MOST_RANGES).map(range).collect();
        if self.fitting.len() > MOST_RANGES {
            fitting.push("…".into());
        }
        let count = Self::size(&self.fitting);
        let list = match fitting.is_empty() {
            true => say("なし", "none"),
            false => fitting.join(language.choose("、", ", ")),
        };
        out += &match language {
            Language::Japanese => format!(
                "すべてに合う n: {list}（{rule}、調べた n は {looked}、合うのは {}）\n",
                thousands(count)
            ),
            Language::English => {
                format!("n that fit all: {list} ({rule}; looked at {looked}; {} fit)\n", thousands(count))
            }
        };
        if self.published.counts.is_some() && self.fitting.iter().any(|range| *range.end() == LARGEST_BASE) {
            out += &match language {
                Language::Japanese => format!("{} より大きい n は調べていない\n", thousands(LARGEST_BASE)),
                Language::English => format!("n above {} were not looked at\n", thousands(LARGEST_BASE)),
            };
        }
        out
    }

    /// For programs: ranges of bases as pairs, and the counts where few bases are told.
    pub fn json(&self) -> String {
        let pairs = |ranges: &[RangeInclusive<u64>]| -> Vec<Value> {
            ranges.iter().map(|range| json!([range.start(), range.end()])).collect()
        };
        let percents: Vec<String> = self.published.percents.iter().map(|percent| percent.shown()).collect();
        let bases: Vec<Value> = self
            .told()
            .into_iter()
            .map(|at| {
                let counts: Vec<Value> = at
                    .counts
                    .iter()
                    .map(|counts| counts.map_or(Value::Null, |(least, most)| json!([least, most])))
                    .collect();
                json!({ "base": at.base, "fits": at.fits, "counts": counts, "ways": at.ways.map(|ways| ways.to_string()) })
            })
            .collect();
        let rule = match self.published.rule {
            Rule::HalfUp => "half-up",
            Rule::HalfEven => "half-even",
            Rule::Truncate => "truncate",
        };
        let value = json!({
            "schema_version": super::json::SCHEMA_VERSION,
            "percents": percents,
            "counts": self.published.counts,
            "rule": rule,
            "parts": self.published.parts,
            "looked_at": pairs(&self.within),
            "fitting": pairs(&self.fitting),
            "fitting_count": Self::size(&self.fitting),
            "bases": bases,
        });
        format!("{value}\n")
    }
}

fn range(range: &RangeInclusive<u64>) -> String {
    match range.start() == range.end() {
        true => thousands(*range.start()),
        false => format!("{}〜{}", thousands(*range.start()), thousands(*range.end())),
    }
}
