//! Rankings, trends and comparisons of groups.

use super::Judge;
use crate::figures::claim::{Answer, Cell, Group, Of, Operand, Scope};
use crate::figures::counted::Share;
use crate::figures::listed::key_question;
use crate::figures::outcome::{Fact, Outcome};
use crate::figures::printed::Printed;
use crate::schema::{NoAnswer, QuestionIndex, code_key};
use crate::sheet::{p_value, round, round_real};
use crate::stats::{Ratio, correlation};

/// Differences told of those that are too large.
const MOST_TOLD: usize = 5;

/// Respondents listed by name.
const MOST_LISTED: usize = 30;

impl Judge<'_> {
    pub(super) fn ranking(
        &self,
        ranked: &[Cell],
        order: &[usize],
        from_bottom: bool,
        ties: bool,
        out: &mut Outcome,
    ) {
        let percents: Vec<Option<Ratio>> =
            ranked.iter().map(|cell| self.counted.share(cell).and_then(Share::percent)).collect();
        for &place in order {
            if let Some(share) = self.counted.share(&ranked[place]) {
                self.fact(&ranked[place], share, 1, out);
            }
        }
        for (rank, &place) in order.iter().enumerate() {
            let Some(own) = percents[place] else { return self.nobody(&self.name(&ranked[place]), out) };
            let rest = (0..ranked.len()).filter(|other| !order[..=rank].contains(other));
            // The one that stands most in the way.
            let rivals = rest.filter_map(|other| Some((other, percents[other]?)));
            let rival = match from_bottom {
                true => rivals.min_by_key(|(_, percent)| *percent),
                false => rivals.max_by_key(|(_, percent)| *percent),
            };
            let Some((rival, percent)) = rival else { continue };
            let beaten = if from_bottom { percent < own } else { percent > own };
            if !beaten && (ties || percent != own) {
                continue;
            }
            let (name, other) = (self.name(&ranked[place]), self.name(&ranked[rival]));
            let (own, percent, rank) = (round(own, 2), round(percent, 2), rank + 1);
            let ja = if from_bottom { "下から" } else { "" };
            let en = if from_bottom { " from the bottom" } else { "" };
            out.differs(match beaten {
                true => self.say(
                    format!("{name}（{own}％）は{ja}{rank}位ではない: {other}（{percent}％）が先に来る"),
                    format!("{name} ({own}%) is not number {rank}{en}: {other} ({percent}%) comes first"),
                ),
                false => self.say(
                    format!("{name} は{ja}{rank}位を {other} と分け合う（{own}％）"),
                    format!("{name} shares number {rank}{en} with {other} ({own}%)"),
                ),
            });
        }
    }

    pub(super) fn trend(&self, cells: &[Cell], rising: bool, out: &mut Outcome) {
        let mut steps: Vec<(&Cell, Ratio)> = Vec::new();
        for cell in cells {
            let Some(value) = self.measured(&Operand::Cell(cell.clone()), out) else { return };
            steps.push((cell, value));
        }
        let unit = if cells.iter().any(|cell| cell.answer.is_some()) { self.sign() } else { "" };
        let against = |one: Ratio, two: Ratio| if rising { two < one } else { two > one };
        for pair in steps.windows(2) {
            let ((before, one), (after, two)) = (pair[0], pair[1]);
            if against(one, two) {
                let (before, after) = (self.name(before), self.name(after));
                let (one, two) = (round(one, 2), round(two, 2));
                out.differs(self.say(
                    format!("一方向でない: {before} {one}{unit} から {after} {two}{unit} へ"),
                    format!("not one way: {before} {one}{unit}, then {after} {two}{unit}"),
                ));
            }
        }
        let ends = steps.first().zip(steps.last());
        if ends.is_some_and(|((_, first), (_, last))| first == last) {
            out.differs(self.say("最初と最後が同じ".into(), "the first and the last are equal".into()));
        }
    }

    pub(super) fn no_difference(
        &self,
        groups: &[Group],
        questions: &[QuestionIndex],
        points: Printed,
        scope: &Scope,
        no_answer: Option<NoAnswer>,
        out: &mut Outcome,
    ) {
        let mut gaps: Vec<(Ratio, String)> = Vec::new();
        let survey = self.counted.survey;
        for &question in questions {
            for option in 0..survey.questions[question].options.len() {
                let cell = |scope: Scope| Cell {
                    question,
                    answer: Some(Answer::Option(option)),
                    scope,
                    of: Of::Respondents,
                    no_answer: no_answer.unwrap_or(survey.questions[question].no_answer),
                };
                let shares = groups.iter().map(|group| cell(scope.inside(group)));
                let percents: Vec<Ratio> =
                    shares.filter_map(|cell| self.counted.share(&cell)?.percent()).collect();
                let gap = percents.iter().max().zip(percents.iter().min());
                if let Some(gap) = gap.and_then(|(most, least)| most.minus(*least)) {
                    gaps.push((gap, self.name(&cell(scope.clone()))));
                }
            }
        }
        gaps.sort_by(|(one, _), (two, _)| two.cmp(one));
        let Some((largest, where_)) = gaps.first() else {
            return self.nobody(self.language.choose("比較", "the comparison"), out);
        };
        let names: Vec<&str> = groups.iter().map(|group| group.label.as_str()).collect();
        out.fact(Fact {
            what: self.say(
                format!("{}の差の最大（{}設問）", names.join("・"), questions.len()),
                format!("largest difference of {} ({} questions)", names.join(", "), questions.len()),
            ),
            shown: self.say(
                format!("{}ポイント（{where_}）", round(*largest, 2)),
                format!("{} points ({where_})", round(*largest, 2)),
            ),
            count: None,
            base: None,
            value: Some(largest.to_f64()),
        });
        let criterion = points.shown();
        out.caution(self.say(
            format!("「大差なし」の基準（差が {criterion} ポイント以下）は仮定"),
            format!("the criterion of no difference ({criterion} points at most) is assumed"),
        ));
        let far: Vec<&(Ratio, String)> = gaps.iter().filter(|(gap, _)| *gap > points.value()).collect();
        for (gap, name) in far.iter().take(MOST_TOLD) {
            let gap = round(*gap, 2);
            out.differs(self.say(
                format!("{name} の差 {gap} ポイントは基準の {criterion} を超える"),
                format!("{name} differs by {gap} points, more than {criterion}"),
            ));
        }
        if far.len() > MOST_TOLD {
            let more = far.len() - MOST_TOLD;
            out.differs(self.say(format!("ほかに {more} 項目"), format!("and {more} more answers")));
        }
    }

    pub(super) fn same_top(&self, cell: &Cell, groups: &[Group], out: &mut Outcome) {
        let mut tops: Vec<(&Group, Cell)> = Vec::new();
        for group in groups {
            let whole = Cell { answer: None, scope: cell.scope.inside(group), ..cell.clone() };
            let mut rivals = self.rivals(&whole);
            rivals.sort_by(|(_, one), (_, two)| two.cmp(one));
            let Some((top, most)) = rivals.first().cloned() else {
                return self.nobody(&self.name(&whole), out);
            };
            if let Some(share) = self.counted.share(&top) {
                self.fact(&top, share, 1, out);
            }
            if let Some((second, percent)) = rivals.get(1).filter(|(_, percent)| *percent == most) {
                out.differs(self.say(
                    format!(
                        "{} と {} が同率（{}％）",
                        self.name(&top),
                        self.name(second),
                        round(*percent, 2)
                    ),
                    format!("{} and {} tie ({}%)", self.name(&top), self.name(second), round(*percent, 2)),
                ));
            }
            tops.push((group, top));
        }
        let wanted = cell.answer.or(tops.first().and_then(|(_, top)| top.answer));
        for (group, top) in &tops {
            if top.answer != wanted {
                let expected = self.name(&Cell { answer: wanted, scope: Scope::default(), ..cell.clone() });
                out.differs(self.say(
                    format!("「{}」では {expected} ではなく {} が最多", group.label, self.name(top)),
                    format!("in {}, {} is first, not {expected}", group.label, self.name(top)),
                ));
            }
        }
    }

    /// Means of two numbers go together over groups. Groups in which nobody gave one of the two are left out,
    /// and each group counts once, however many respondents it has.
    pub(super) fn correlation(
        &self,
        (cell, with): (&Cell, &Cell),
        groups: &[Group],
        positive: bool,
        level: Printed,
        out: &mut Outcome,
    ) {
        let mean = |cell: &Cell, group: &Group| {
            let cell = Cell { scope: cell.scope.inside(group), ..cell.clone() };
            self.counted.mean(&cell).map(|(mean, _)| mean.to_f64())
        };
        let pairs: Vec<(f64, f64)> =
            groups.iter().filter_map(|group| Some((mean(with, group)?, mean(cell, group)?))).collect();
        let (one, other) = (self.name(cell), self.name(with));
        self.assumed(cell, out);
        self.assumed(with, out);
        let Some(found) = correlation(&pairs) else {
            return out.differs(self.say(
                format!("{one} と {other} の相関は算出できない（{} グループ）", pairs.len()),
                format!("{one} and {other} have no correlation ({} groups)", pairs.len()),
            ));
        };
        let (r, p) = (round_real(found.r, 3).unwrap_or_default(), p_value(found.p));
        out.fact(Fact {
            what: self.say(format!("{one} と {other}"), format!("{one} and {other}")),
            shown: self.say(
                format!("グループ平均の相関係数 r = {r}（{} グループ、{p}）", found.pairs),
                format!("correlation of the groups' means r = {r} ({} groups, {p})", found.pairs),
            ),
            count: None,
            base: Some(found.pairs as u64),
            value: Some(found.r),
        });
        let criterion = level.shown();
        out.caution(self.say(
            format!("相関の基準（Pearson、両側 {criterion}％ 水準）は仮定"),
            format!("the criterion of correlation (Pearson, two-sided at {criterion}%) is assumed"),
        ));
        if 100.0 * found.p > level.value().to_f64() {
            out.differs(self.say(
                format!("相関があるとはいえない（{p}）"),
                format!("they cannot be said to go together ({p})"),
            ));
        } else if (found.r > 0.0) != positive {
            out.differs(
                self.say(format!("相関の向きが逆（r = {r}）"), format!("it goes the other way (r = {r})")),
            );
        }
    }

    /// Those named gave the answer; where respondents are municipalities, all who did are listed.
    pub(super) fn named(&self, cell: &Cell, named: &[String], out: &mut Outcome) {
        let found = self.counted.listings.iter().find(|known| known.cell == *cell && known.named == named);
        let Some(listing) = found else { return };
        let survey = self.counted.survey;
        let by = key_question(survey).map(|question| &survey.questions[question]);
        let name = |key: &String| {
            let option = by.and_then(|by| by.options.iter().find(|option| code_key(&option.code) == *key));
            option.map_or(key.clone(), |option| option.label.clone())
        };
        self.assumed(cell, out);
        // A person's key is shown to nobody who did not write it down.
        let public = by.is_some_and(|by| by.municipalities);
        let shown: Vec<String> = listing
            .keys
            .iter()
            .filter(|key| public || named.contains(key))
            .take(MOST_LISTED)
            .map(name)
            .collect();
        let (count, shown) = (listing.keys.len(), shown.join(self.language.choose("、", ", ")));
        let more = if public && count > MOST_LISTED { self.language.choose("…", " …") } else { "" };
        out.fact(Fact {
            what: self.name(cell),
            shown: self
                .say(format!("該当 {count}（{shown}{more}）"), format!("{count} in all ({shown}{more})")),
            count: Some(count as u64),
            base: None,
            value: None,
        });
        for key in named.iter().filter(|key| !listing.keys.contains(key)) {
            let (name, answer) = (name(key), self.name(cell));
            out.differs(match listing.known.contains(key) {
                true => self
                    .say(format!("{name} は {answer} にあたらない"), format!("{name} is not among {answer}")),
                false => self.say(format!("{name} はデータにない"), format!("{name} is not in the data")),
            });
        }
    }
}
