//! Wordings and dates against the data.

use super::Judge;
use crate::calendar::Day;
use crate::figures::claim::{Answer, Cell, Operand};
use crate::figures::outcome::{Fact, Outcome};
use crate::figures::phrase::{Meaning, Phrase};
use crate::figures::wording::Numbers;
use crate::sheet::round;
use crate::stats::Ratio;

impl Judge<'_> {
    pub(super) fn phrase(
        &self,
        subject: &Operand,
        words: &str,
        phrase: &Phrase,
        numbers: Numbers,
        out: &mut Outcome,
    ) {
        let Meaning::Shares { truth, sayable, first, lead } = &phrase.meaning else { return };
        let Some(percent) = self.percent(subject, 1, out) else { return };
        let interval = truth.shown(numbers);
        if phrase.assumed {
            out.caution(self.say(
                format!("「{words}」を {interval}％ と読むのは仮定"),
                format!("that 「{words}」 means {interval}% is assumed"),
            ));
        }
        if !truth.holds(percent, numbers) {
            let share = round(percent, 2);
            out.differs(self.say(
                format!("「{words}」は {interval}％ をいうが、データでは {share}％"),
                format!("「{words}」 is said of {interval}%, and the data give {share}%"),
            ));
        } else if let Some(sayable) = sayable.filter(|sayable| !sayable.holds(percent, numbers)) {
            let (share, interval) = (round(percent, 2), sayable.shown(numbers));
            out.caution(self.say(
                format!("「{words}」は誤りではないが、{share}％ をそうはいわない（ふつう {interval}％）"),
                format!("「{words}」 is true, but nobody says it of {share}% (usually {interval}%)"),
            ));
        }
        if *first && let Operand::Cell(cell) = subject {
            self.leads(cell, percent, lead.unwrap_or(0), words, out);
        }
    }

    /// The answer is the most frequent one, by so many points.
    fn leads(&self, cell: &Cell, percent: Ratio, lead: i64, words: &str, out: &mut Outcome) {
        let rivals = self.rivals(cell);
        let Some((rival, second)) = rivals.into_iter().max_by_key(|(_, percent)| *percent) else { return };
        let ahead = percent.minus(second).unwrap_or(Ratio::whole(0));
        let name = self.name(&rival);
        if lead > 0 {
            out.fact(Fact {
                what: self.say("2位との差".into(), "lead over the second".into()),
                shown: self.say(
                    format!("{}ポイント（{name} {}％）", round(ahead, 2), round(second, 2)),
                    format!("{} points ({name} {}%)", round(ahead, 2), round(second, 2)),
                ),
                count: None,
                base: None,
                value: Some(ahead.to_f64()),
            });
        }
        let zero = Ratio::whole(0);
        if ahead <= zero {
            let how = if ahead < zero {
                self.say("上回る".into(), "is above".into())
            } else {
                self.say("同率".into(), "ties".into())
            };
            out.differs(self.say(
                format!("「{words}」ではない: {name}（{}％）が{how}", round(second, 2)),
                format!("not 「{words}」: {name} ({}%) {how}", round(second, 2)),
            ));
        } else if ahead < Ratio::whole(i128::from(lead)) {
            out.differs(self.say(
                format!("「{words}」は2位と {lead} ポイント以上の差をいうが、{} ポイント", round(ahead, 2)),
                format!("「{words}」 takes a lead of {lead} points, and it is {}", round(ahead, 2)),
            ));
        }
    }

    /// The other answers of the question that are ranked, with their percentages.
    pub(super) fn rivals(&self, cell: &Cell) -> Vec<(Cell, Ratio)> {
        let question = &self.counted.survey.questions[cell.question];
        (0..question.options.len())
            .filter(|&place| {
                let option = &question.options[place];
                // The parts of a net are no rivals of it.
                let own = match cell.answer {
                    Some(Answer::Option(own)) => own == place,
                    Some(Answer::Net(net)) => question.nets[net].of.contains(&place),
                    Some(Answer::Missing) | None => false,
                };
                !(option.other || option.exclusive || own)
            })
            .filter_map(|place| {
                let other = Cell { answer: Some(Answer::Option(place)), ..cell.clone() };
                let percent = self.counted.share(&other)?.percent()?;
                Some((other, percent))
            })
            .collect()
    }

    pub(super) fn field_period(&self, day: Day, before: bool, out: &mut Outcome) {
        let Some(period) = self.counted.survey.field_period else { return };
        let date = |day: Day| day.civil().iso();
        let (from, to, day_shown) = (date(period.from), date(period.to), date(day));
        out.fact(Fact {
            what: self.say("調査期間".into(), "field period".into()),
            shown: self.say(format!("{from}〜{to}"), format!("{from} to {to}")),
            count: None,
            base: None,
            value: None,
        });
        if before && period.to >= day {
            out.differs(self.say(
                format!("調査期間は {day_shown} より前に終わっていない"),
                format!("the field period does not end before {day_shown}"),
            ));
        }
        if !before && period.from < day {
            out.differs(self.say(
                format!("調査期間は {day_shown} より前に始まっている"),
                format!("the field period begins before {day_shown}"),
            ));
        }
    }
}
