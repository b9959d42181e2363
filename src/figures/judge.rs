//! Figures against counts: a verdict for each, its numbers, and why.

mod groups;
mod numbers;
mod wording;

use super::claim::{Answer, Assertion, Cell, Change, Claim, Figures, Of, Operand};
use super::counted::{Counted, Share};
use super::outcome::{Fact, Judgement, Outcome};
use super::printed::{Printed, Rule};
use crate::schema::NoAnswer;
use crate::sheet::{Language, round};
use crate::stats::Ratio;

/// Judges every figure of a file.
pub fn judge(figures: &Figures, counted: &Counted<'_>, language: Language) -> Judgement {
    let judge = Judge { figures, counted, language };
    Judgement {
        title: figures.title.clone(),
        source: figures.source.clone(),
        notes: counted.survey.note.clone(),
        outcomes: figures.claims.iter().map(|claim| judge.claim(claim)).collect(),
    }
}

/// What judging needs.
struct Judge<'a> {
    figures: &'a Figures,
    counted: &'a Counted<'a>,
    language: Language,
}

impl Judge<'_> {
    /// One of two texts.
    fn say(&self, japanese: String, english: String) -> String {
        match self.language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }

    fn claim(&self, claim: &Claim) -> Outcome {
        let mut outcome = Outcome::new(claim);
        if claim.assumed {
            outcome.caution(self.say(
                "何についての数値かは公表されておらず、読みは仮定".into(),
                "what the figure is of was not published: the reading is assumed".into(),
            ));
        }
        for assertion in &claim.assertions {
            self.assertion(claim, assertion, &mut outcome);
        }
        outcome
    }

    fn assertion(&self, claim: &Claim, assertion: &Assertion, out: &mut Outcome) {
        let rule = claim.rule;
        match assertion {
            Assertion::Numbers { cell, percent, count, base } => {
                self.numbers(cell, *percent, *count, *base, rule, out);
            }
            Assertion::Possible { percent, count, base } => self.possible(*percent, *count, *base, rule, out),
            Assertion::Mean { cell, mean } => self.mean(cell, *mean, rule, out),
            Assertion::Phrase { subject, words, phrase, numbers } => {
                self.phrase(subject, words, phrase, *numbers, out);
            }
            Assertion::Compare { subject, other, higher } => self.compare(subject, other, *higher, out),
            Assertion::Near { subject, other, points } => self.near(subject, other, *points, out),
            Assertion::Distinct { cell, distinct } => self.distinct(cell, *distinct, out),
            Assertion::Points { subject, other, points, shown } => {
                self.points(subject, other, *points, *shown, rule, out);
            }
            Assertion::Change { subject, since, change, flat } => {
                self.change(subject, since, *change, *flat, out);
            }
            Assertion::Ranking { ranked, order, from_bottom, ties } => {
                self.ranking(ranked, order, *from_bottom, *ties, out);
            }
            Assertion::Trend { cells, rising } => self.trend(cells, *rising, out),
            Assertion::NoDifference { groups, questions, points, scope, no_answer } => {
                self.no_difference(groups, questions, *points, scope, *no_answer, out);
            }
            Assertion::SameTop { cell, groups } => self.same_top(cell, groups, out),
            Assertion::Correlation { cell, with, groups, positive, level } => {
                self.correlation((cell, with), groups, *positive, *level, out);
            }
            Assertion::Named { cell, named } => self.named(cell, named, out),
            Assertion::Ratio { above, below, scope, percent } => {
                self.ratio(*above, *below, scope, *percent, rule, out);
            }
            Assertion::Gap { subject, target, gap } => self.gap(subject, *target, *gap, rule, out),
            Assertion::FieldPeriod { day, before } => self.field_period(*day, *before, out),
            Assertion::Response { sent, returned, percent } => {
                self.response(*sent, *returned, *percent, rule, out);
            }
        }
    }

    /// The sign of per cent.
    fn sign(&self) -> &'static str {
        self.language.choose("％", "%")
    }

    /// What a cell is called: `q9「家族や親族から聞く」`.
    fn name(&self, cell: &Cell) -> String {
        let question = &self.counted.survey.questions[cell.question];
        let row = match question.grid {
            Some(_) => format!(" {}", question.heading()),
            None => String::new(),
        };
        let answer = match cell.answer {
            Some(Answer::Option(option)) => format!("「{}」", question.options[option].label),
            Some(Answer::Net(net)) => format!("「{}」", question.nets[net].label),
            Some(Answer::Missing) => format!("「{}」", self.language.words().no_answer),
            None => String::new(),
        };
        let mut details: Vec<String> = cell.scope.label().into_iter().collect();
        match cell.of {
            Of::Respondents => {}
            Of::Mentions => details.push(self.language.choose("回答総数比", "of mentions").into()),
            Of::All => details.push(self.language.choose("全員比", "of all").into()),
        }
        if cell.no_answer == NoAnswer::Exclude && cell.of == Of::Respondents {
            details.push(self.language.choose("無回答を除く", "no answer excluded").into());
        }
        let details =
            if details.is_empty() { String::new() } else { format!("［{}］", details.join("、")) };
        format!("{}{row}{answer}{details}", question.id)
    }

    /// Warns of labels that nobody published.
    fn assumed(&self, cell: &Cell, out: &mut Outcome) {
        let question = &self.counted.survey.questions[cell.question];
        let options: Vec<usize> = match cell.answer {
            Some(Answer::Option(option)) => vec![option],
            Some(Answer::Net(net)) => question.nets[net].of.clone(),
            _ => Vec::new(),
        };
        let labels: Vec<String> = options
            .iter()
            .map(|&option| &question.options[option])
            .filter(|option| option.assumed)
            .map(|option| format!("「{}」", option.label))
            .collect();
        if !labels.is_empty() {
            let labels = labels.concat();
            out.caution(self.say(
                format!("選択肢{labels}の文言は公表されていない（仮定）"),
                format!("the wording of {labels} was not published (assumed)"),
            ));
        }
        if question.assumed {
            // A row of a grid is known by its label.
            let name = match question.grid {
                Some(_) => format!("{}「{}」", question.id, question.heading()),
                None => question.id.clone(),
            };
            out.caution(self.say(
                format!("{name} の文言は公表されていない（仮定）"),
                format!("the wording of {name} was not published (assumed)"),
            ));
        }
    }

    /// `449/604 = 74.34％`, with two decimals more than were printed.
    fn shown(&self, share: Share, decimals: u32) -> String {
        let Some(percent) = share.percent() else {
            return self.say("基数が0".into(), "the base is 0".into());
        };
        let percent = round(percent, decimals + 2);
        let (k, n) = (share.part.n, share.whole.n);
        match self.counted.weighted {
            false => format!("{k}/{n} = {percent}{}", self.sign()),
            true => self.say(
                format!("{percent}％（ウェイト後、{k}/{n}）"),
                format!("{percent}% (weighted, {k}/{n})"),
            ),
        }
    }

    /// Notes a cell's numbers, and its assumed labels.
    fn fact(&self, cell: &Cell, share: Share, decimals: u32, out: &mut Outcome) {
        self.assumed(cell, out);
        out.fact(Fact {
            what: self.name(cell),
            shown: self.shown(share, decimals),
            count: Some(share.part.n),
            base: Some(share.whole.n),
            value: share.percent().map(Ratio::to_f64),
        });
    }

    /// The percentage of an operand, noted as a fact; `None` (and a reason) when it has none.
    fn percent(&self, operand: &Operand, decimals: u32, out: &mut Outcome) -> Option<Ratio> {
        match operand {
            Operand::Cell(cell) => {
                let share = self.counted.share(cell);
                if let Some(share) = share {
                    self.fact(cell, share, decimals, out);
                }
                let percent = share.and_then(Share::percent);
                if percent.is_none() {
                    self.nobody(&self.name(cell), out);
                }
                percent
            }
            Operand::Reference { reference, value } => {
                let reference = &self.figures.references[*reference];
                let value = &reference.values[*value];
                let what = format!("{} {}", reference.label, value.heading());
                if reference.assumed {
                    out.caution(self.say(
                        format!("「{}」の値は公表されていない（仮定）", reference.label),
                        format!("the values of {} were not published (assumed)", reference.label),
                    ));
                }
                let Some(printed) = value.percent else {
                    out.differs(
                        self.say(format!("{what}: 公表されていない"), format!("{what}: not published")),
                    );
                    return None;
                };
                out.fact(Fact {
                    what,
                    shown: match &reference.source {
                        Some(source) => self.say(
                            format!("{}％（{source}）", printed.shown()),
                            format!("{}% ({source})", printed.shown()),
                        ),
                        None => format!("{}{}", printed.shown(), self.sign()),
                    },
                    count: None,
                    base: None,
                    value: Some(printed.value().to_f64()),
                });
                Some(printed.value())
            }
        }
    }

    /// There is nobody to compute from.
    fn nobody(&self, what: &str, out: &mut Outcome) {
        out.differs(self.say(
            format!("{what}: 回答者がいないため算出できない"),
            format!("{what}: nobody to compute from"),
        ));
    }

    /// Sums of weights that do not fit are not judged, and not passed either.
    fn too_large(&self, out: &mut Outcome) {
        out.differs(
            self.say("数が大きすぎて算出できない".into(), "the numbers are too large to compute".into()),
        );
    }

    /// What an operand is called.
    fn operand_name(&self, operand: &Operand) -> String {
        match operand {
            Operand::Cell(cell) => self.name(cell),
            Operand::Reference { reference, value } => {
                let reference = &self.figures.references[*reference];
                format!("{} {}", reference.label, reference.values[*value].heading())
            }
        }
    }

    /// A share, or where the operand has no answer a mean.
    fn measured(&self, operand: &Operand, out: &mut Outcome) -> Option<Ratio> {
        match operand {
            Operand::Cell(cell) if cell.answer.is_none() => self.mean_of(cell, 1, out),
            _ => self.percent(operand, 1, out),
        }
    }

    fn compare(&self, subject: &Operand, other: &Operand, higher: bool, out: &mut Outcome) {
        let (one, two) = (self.measured(subject, out), self.measured(other, out));
        let (Some(one), Some(two)) = (one, two) else { return };
        if (higher && one > two) || (!higher && one < two) {
            return;
        }
        let unit = match subject {
            Operand::Cell(cell) if cell.answer.is_none() => "",
            _ => self.sign(),
        };
        let (a, b) = (self.operand_name(subject), self.operand_name(other));
        let (x, y) = (round(one, 2), round(two, 2));
        out.differs(match higher {
            true => self.say(
                format!("{a}（{x}{unit}）は {b}（{y}{unit}）を上回らない"),
                format!("{a} ({x}{unit}) is not above {b} ({y}{unit})"),
            ),
            false => self.say(
                format!("{a}（{x}{unit}）は {b}（{y}{unit}）を下回らない"),
                format!("{a} ({x}{unit}) is not below {b} ({y}{unit})"),
            ),
        });
    }

    fn near(&self, subject: &Operand, other: &Operand, points: Printed, out: &mut Outcome) {
        let (one, two) = (self.percent(subject, 1, out), self.percent(other, 1, out));
        let Some(apart) = one.zip(two).and_then(|(one, two)| one.max(two).minus(one.min(two))) else {
            return;
        };
        let (shown, criterion) = (round(apart, 2), points.shown());
        out.caution(self.say(
            format!("差が {criterion} ポイント以下を「同じ」とする基準は仮定"),
            format!("that {criterion} points at most are no difference is assumed"),
        ));
        if apart > points.value() {
            out.differs(self.say(
                format!("差 {shown} ポイントは基準の {criterion} を超える"),
                format!("they differ by {shown} points, more than {criterion}"),
            ));
        }
    }

    fn change(&self, subject: &Operand, since: &Operand, change: Change, flat: Printed, out: &mut Outcome) {
        let (now, then) = (self.percent(subject, 1, out), self.percent(since, 1, out));
        let Some(points) = now.zip(then).and_then(|(now, then)| now.minus(then)) else { return };
        let zero = Ratio::whole(0);
        let size = if points < zero { zero.minus(points).unwrap_or(points) } else { points };
        let holds = match change {
            Change::Up => points > zero,
            Change::Down => points < zero,
            Change::Flat => size <= flat.value(),
        };
        let shown = round(points, 2);
        out.fact(Fact {
            what: self.say("差".into(), "difference".into()),
            shown: self.say(format!("{shown}ポイント"), format!("{shown} points")),
            count: None,
            base: None,
            value: Some(points.to_f64()),
        });
        if !holds {
            out.differs(match change {
                Change::Up => self.say(
                    format!("増えていない（{shown}ポイント）"),
                    format!("it did not grow ({shown} points)"),
                ),
                Change::Down => self.say(
                    format!("減っていない（{shown}ポイント）"),
                    format!("it did not fall ({shown} points)"),
                ),
                Change::Flat => self.say(
                    format!("横ばいの基準 ±{} ポイントを超える（{shown}ポイント）", flat.shown()),
                    format!("it changed by more than {} points ({shown})", flat.shown()),
                ),
            });
        }
    }

    /// A number computed from the data against one printed.
    fn printed(&self, value: Ratio, printed: Printed, rule: Rule, unit: &str, out: &mut Outcome) {
        let Some(found) = Printed::of(value, printed.decimals, rule) else { return self.too_large(out) };
        if found == printed {
            return;
        }
        let (was, is) = (printed.shown(), found.shown());
        out.differs(self.say(
            format!("公表は {was}{unit}、データでは {is}{unit}"),
            format!("printed {was}{unit}, the data give {is}{unit}"),
        ));
        let ways: Vec<&str> = super::explain::otherwise_rounded(value, printed.decimals, rule)
            .into_iter()
            .filter(|(_, shown)| *shown == printed)
            .filter_map(|(otherwise, _)| Some(otherwise?.words(self.language)))
            .collect();
        self.explained(&ways, out);
    }
}
