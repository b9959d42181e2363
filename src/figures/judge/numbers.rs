//! Percentages, counts, bases, means and sums against what was printed.

use super::Judge;
use crate::figures::claim::{Answer, Cell, Operand, Scope, Verdict};
use crate::figures::counted::Share;
use crate::figures::explain::{Numbers, Way};
use crate::figures::outcome::{Fact, Outcome, ReasonKind};
use crate::figures::printed::{Printed, Rule};
use crate::schema::QuestionIndex;
use crate::sheet::round;
use crate::stats::Ratio;
use crate::tabulate::RowRole;

/// How far from a base others are looked for.
const NEAR: u64 = 1_000;

impl Judge<'_> {
    pub(super) fn numbers(
        &self,
        cell: &Cell,
        percent: Option<Printed>,
        count: Option<u64>,
        base: Option<u64>,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let Some(whole) = self.counted.base(cell) else { return self.nobody(&self.name(cell), out) };
        let share = self.counted.share(cell);
        match share {
            Some(share) => self.fact(cell, share, percent.map_or(1, |percent| percent.decimals), out),
            None => out.fact(Fact {
                what: self.name(cell),
                shown: format!("n = {}", whole.n),
                count: None,
                base: Some(whole.n),
                value: None,
            }),
        }
        let before = out.reasons.len();
        if let Some(base) = base.filter(|base| *base != whole.n) {
            let (found, printed) = (whole.n, base);
            out.differs(self.say(
                format!("公表の基数は {printed}、データでは {found}"),
                format!("printed base {printed}, the data have {found}"),
            ));
        }
        let Some(share) = share else { return };
        if let Some(count) = count.filter(|count| *count != share.part.n) {
            let found = share.part.n;
            out.differs(self.say(
                format!("公表は {count}、データでは {found}（{:+}）", i128::from(found) - i128::from(count)),
                format!(
                    "printed {count}, the data have {found} ({:+})",
                    i128::from(found) - i128::from(count)
                ),
            ));
        }
        if let Some(percent) = percent {
            self.percentage(cell, share, percent, base, rule, out);
        }
        if out.reasons.len() > before {
            self.explain(cell, Numbers { percent, count, base }, rule, out);
        }
    }

    fn percentage(
        &self,
        cell: &Cell,
        share: Share,
        percent: Printed,
        base: Option<u64>,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let Some(value) = share.percent() else { return self.nobody(&self.name(cell), out) };
        let Some(found) = Printed::of(value, percent.decimals, rule) else { return self.too_large(out) };
        if found == percent {
            return;
        }
        let n = base.unwrap_or(share.whole.n);
        if !self.counted.weighted && percent.counts(n, rule).is_none() {
            self.impossible(percent, n, rule, out);
            let ways: Vec<String> = self
                .counted
                .possible_bases(cell, percent, rule)
                .iter()
                .map(|way| self.base_in_play(way))
                .collect();
            if !ways.is_empty() {
                let ways = ways.join(self.language.choose("、", ", "));
                out.reason(
                    ReasonKind::Bases,
                    self.say(
                        format!("データにある基数でありうるもの: {ways}"),
                        format!("bases of the data on which it is possible: {ways}"),
                    ),
                );
            }
            return;
        }
        let (was, is) = (percent.shown(), found.shown());
        let needed = match percent.counts(n, rule).filter(|_| !self.counted.weighted) {
            Some((least, most)) => {
                let counts = if least == most { format!("{least}") } else { format!("{least}〜{most}") };
                let has = share.part.n;
                self.say(
                    format!("。n={n} で {was}％ となるのは k={counts}、データは k={has}"),
                    format!("; of n={n}, {was}% takes k={counts}, and the data have k={has}"),
                )
            }
            None => String::new(),
        };
        out.differs(self.say(
            format!("公表は {was}％、データでは {is}％{needed}"),
            format!("printed {was}%, the data give {is}%{needed}"),
        ));
    }

    fn base_in_play(&self, way: &Way) -> String {
        let n = way.share.whole.n;
        let words: Vec<&str> = way.otherwise.iter().map(|other| other.words(self.language)).collect();
        match words.is_empty() {
            true => format!("n={n}"),
            false => {
                self.say(format!("n={n}（{}）", words.join("、")), format!("n={n} ({})", words.join(", ")))
            }
        }
    }

    /// No count of `base` gives the percentage: says so, and which bases near would.
    fn impossible(&self, percent: Printed, base: u64, rule: Rule, out: &mut Outcome) {
        out.worsen(Verdict::Impossible);
        let was = percent.shown();
        let near: Vec<String> = percent
            .neighbours(base)
            .iter()
            .map(|(count, share)| format!("{count}/{base} = {}", round(*share, percent.decimals + 2)))
            .collect();
        let near = match near.is_empty() {
            true => String::new(),
            false => self.say(format!("（{}）", near.join("、")), format!(" ({})", near.join(", "))),
        };
        out.reason(
            ReasonKind::Impossible,
            self.say(
                format!("n={base} で {was}％ となる k はない{near}"),
                format!("no k of n={base} is {was}%{near}"),
            ),
        );
        let fits = |n: &u64| percent.counts(*n, rule).is_some();
        let below = (base.saturating_sub(NEAR).max(1)..base).rev().find(fits);
        let above = (base + 1..=base + NEAR).find(fits);
        let bases: Vec<String> = below.into_iter().chain(above).map(|n| n.to_string()).collect();
        if !bases.is_empty() {
            let bases = bases.join(self.language.choose("、", ", "));
            out.reason(
                ReasonKind::Bases,
                self.say(
                    format!("最も近いありうる基数: {bases}"),
                    format!("the nearest bases on which it is possible: {bases}"),
                ),
            );
        }
    }

    /// Names the other ways of computing that give what was printed.
    fn explain(&self, cell: &Cell, printed: Numbers, rule: Rule, out: &mut Outcome) {
        let ways = self.counted.explanations(cell, printed, rule);
        let told: Vec<String> = ways
            .iter()
            .map(|way| {
                let words: Vec<&str> = way.otherwise.iter().map(|other| other.words(self.language)).collect();
                let decimals = printed.percent.map_or(1, |percent| percent.decimals);
                let words = words.join(self.language.choose("、", ", "));
                self.say(
                    format!("{words}（{}）", self.shown(way.share, decimals)),
                    format!("{words} ({})", self.shown(way.share, decimals)),
                )
            })
            .collect();
        self.explained(&told.iter().map(String::as_str).collect::<Vec<_>>(), out);
    }

    /// Adds the ways that give the printed number, or that none does.
    pub(super) fn explained(&self, ways: &[&str], out: &mut Outcome) {
        if ways.is_empty() {
            out.reason(
                ReasonKind::Unexplained,
                self.say(
                    "公表値になる計算方法は見つからない".into(),
                    "no known way gives the printed number".into(),
                ),
            );
        }
        for way in ways {
            out.reason(
                ReasonKind::Explanation,
                self.say(format!("公表値になる計算: {way}"), format!("gives the printed number: {way}")),
            );
        }
    }

    pub(super) fn possible(
        &self,
        percent: Printed,
        count: Option<u64>,
        base: u64,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let Some((least, most)) = percent.counts(base, rule) else {
            return self.impossible(percent, base, rule, out);
        };
        out.worsen(Verdict::Possible);
        let shown = if least == most { format!("k = {least}") } else { format!("k = {least}〜{most}") };
        out.fact(Fact {
            what: format!("{}{}, n = {base}", percent.shown(), self.sign()),
            shown: shown.clone(),
            count: (least == most).then_some(least),
            base: Some(base),
            value: None,
        });
        if let Some(count) = count.filter(|count| !(least..=most).contains(count)) {
            out.differs(self.say(
                format!("公表は {count} だが、n={base} で {}％ となるのは {shown}", percent.shown()),
                format!("printed {count}, but of n={base} {}% takes {shown}", percent.shown()),
            ));
        }
    }

    pub(super) fn mean(&self, cell: &Cell, mean: Printed, rule: Rule, out: &mut Outcome) {
        let Some(value) = self.mean_of(cell, mean.decimals, out) else { return };
        self.printed(value, mean, rule, "", out);
    }

    /// A mean, noted as a fact; `None` (and a reason) when there is none.
    pub(super) fn mean_of(&self, cell: &Cell, decimals: u32, out: &mut Outcome) -> Option<Ratio> {
        let Some((value, n)) = self.counted.mean(cell) else {
            self.nobody(&self.name(cell), out);
            return None;
        };
        let shown = round(value, decimals + 2);
        self.assumed(cell, out);
        out.fact(Fact {
            what: self.name(cell),
            shown: self.say(format!("平均 {shown}（n={n}）"), format!("mean {shown} (n={n})")),
            count: None,
            base: Some(n),
            value: Some(value.to_f64()),
        });
        Some(value)
    }

    /// How many of a question's options somebody chose.
    pub(super) fn distinct(&self, cell: &Cell, printed: u64, out: &mut Outcome) {
        let options = 0..self.counted.survey.questions[cell.question].options.len();
        let given = |option: &usize| {
            let answer = Cell { answer: Some(Answer::Option(*option)), ..cell.clone() };
            self.counted.share(&answer).is_some_and(|share| share.part.n > 0)
        };
        let found = options.filter(given).count() as u64;
        out.fact(Fact {
            what: self.name(cell),
            shown: self.say(format!("{found} 種類の回答"), format!("{found} different answers")),
            count: Some(found),
            base: None,
            value: None,
        });
        if found != printed {
            out.differs(self.say(
                format!("公表は {printed}、データでは {found}"),
                format!("printed {printed}, the data have {found}"),
            ));
        }
    }

    pub(super) fn points(
        &self,
        subject: &Operand,
        other: &Operand,
        points: Printed,
        shown: Option<u32>,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let (one, two) =
            (self.percent(subject, points.decimals, out), self.percent(other, points.decimals, out));
        let (Some(one), Some(two)) = (one, two) else { return };
        let of_shown = |decimals: u32| -> Option<Printed> {
            let (one, two) = (Printed::of(one, decimals, rule)?, Printed::of(two, decimals, rule)?);
            Printed::of(one.value().minus(two.value())?, points.decimals, rule)
        };
        let raw = one.minus(two).and_then(|raw| Printed::of(raw, points.decimals, rule));
        let found = match shown {
            Some(decimals) => of_shown(decimals),
            None => raw,
        };
        let Some(found) = found else { return self.too_large(out) };
        out.fact(Fact {
            what: self.say("差".into(), "difference".into()),
            shown: match shown {
                Some(_) => self.say(
                    format!("{}ポイント（印刷された％どうし）", found.shown()),
                    format!("{} points (of printed percentages)", found.shown()),
                ),
                None => self.say(
                    format!("{}ポイント（四捨五入前の％どうし）", found.shown()),
                    format!("{} points (of raw percentages)", found.shown()),
                ),
            },
            count: None,
            base: None,
            value: Some(found.value().to_f64()),
        });
        if found == points {
            return;
        }
        out.differs(self.say(
            format!("公表の差は {}、データでは {}", points.shown(), found.shown()),
            format!("printed difference {}, the data give {}", points.shown(), found.shown()),
        ));
        let mut ways: Vec<String> = Vec::new();
        if shown.is_some() && raw == Some(points) {
            ways.push(self.say("四捨五入前の％の差".into(), "the difference of raw percentages".into()));
        }
        for decimals in (0..=points.decimals).filter(|decimals| shown != Some(*decimals)) {
            if of_shown(decimals) == Some(points) {
                ways.push(self.say(
                    format!("小数{decimals}桁に四捨五入した％どうしの差"),
                    format!("the difference of percentages printed at {decimals} decimals"),
                ));
            }
        }
        let reverse = Printed { units: -points.units, decimals: points.decimals };
        if found == reverse {
            ways.push(self.say("逆向きの差".into(), "the difference the other way round".into()));
        }
        self.explained(&ways.iter().map(String::as_str).collect::<Vec<_>>(), out);
    }

    pub(super) fn ratio(
        &self,
        above: QuestionIndex,
        below: QuestionIndex,
        scope: &Scope,
        percent: Printed,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let total = |question: QuestionIndex| -> Option<Ratio> {
            let table = self.counted.table(scope, question)?;
            let row = table.stub.iter().position(|row| row.role == RowRole::Number)?;
            table.total(row, 0).value()
        };
        let names = [above, below].map(|place| self.counted.survey.questions[place].id.clone());
        let name = format!("Σ{}/Σ{}", names[0], names[1]);
        let quotient = total(above).zip(total(below)).and_then(|(above, below)| {
            let numerator = above.numerator().checked_mul(below.denominator())?.checked_mul(100)?;
            let denominator = above.denominator().checked_mul(below.numerator())?;
            Some((above, below, Ratio::new(numerator, denominator)?))
        });
        let Some((above, below, value)) = quotient else { return self.nobody(&name, out) };
        let sum = |sum: Ratio| round(sum, if sum.numerator() % sum.denominator() == 0 { 0 } else { 2 });
        out.fact(Fact {
            what: name,
            shown: format!(
                "{}/{} = {}{}",
                sum(above),
                sum(below),
                round(value, percent.decimals + 2),
                self.sign()
            ),
            count: None,
            base: None,
            value: Some(value.to_f64()),
        });
        self.printed(value, percent, rule, self.sign(), out);
    }

    pub(super) fn gap(
        &self,
        subject: &Operand,
        target: Printed,
        gap: Printed,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let Some(percent) = self.percent(subject, gap.decimals, out) else { return };
        let Some(found) = target.value().minus(percent) else { return self.too_large(out) };
        out.fact(Fact {
            what: self
                .say(format!("目標 {}％ との差", target.shown()), format!("gap to {}%", target.shown())),
            shown: self.say(
                format!("{}ポイント", round(found, gap.decimals + 2)),
                format!("{} points", round(found, gap.decimals + 2)),
            ),
            count: None,
            base: None,
            value: Some(found.to_f64()),
        });
        self.printed(found, gap, rule, self.language.choose("ポイント", " points"), out);
    }

    pub(super) fn response(
        &self,
        sent: u64,
        returned: Option<u64>,
        percent: Printed,
        rule: Rule,
        out: &mut Outcome,
    ) {
        let returned = returned.unwrap_or(self.counted.respondents);
        let Some(value) = Ratio::new(100 * i128::from(returned), i128::from(sent)) else { return };
        out.fact(Fact {
            what: self.say("回収率".into(), "response rate".into()),
            shown: format!("{returned}/{sent} = {}{}", round(value, percent.decimals + 2), self.sign()),
            count: Some(returned),
            base: Some(sent),
            value: Some(value.to_f64()),
        });
        self.printed(value, percent, rule, self.sign(), out);
    }
}
