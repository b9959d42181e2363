//! Judged figures as a report that a person reads, as Markdown, and as JSON.

use serde_json::{Value, json};

use super::markdown::escaped;
use crate::diag::visible;
use crate::figures::{Judgement, Outcome, Verdict};
use crate::sheet::Language;

/// Figures in the words of a language.
#[derive(Debug, Clone, Copy)]
pub struct Verdicts<'a> {
    /// What was found.
    pub judgement: &'a Judgement,
    /// Language of the words.
    pub language: Language,
    /// Only figures that are not as expected.
    pub failed: bool,
}

impl Verdicts<'_> {
    fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.judgement.outcomes.iter().filter(|outcome| !self.failed || !outcome.as_expected())
    }

    fn verdict(&self, outcome: &Outcome) -> String {
        let word = word(outcome.verdict, self.language);
        match (outcome.as_expected(), outcome.expect) {
            (true, None) => word.to_string(),
            (true, Some(_)) => format!("{word}{}", self.language.choose("・想定どおり", ", as expected")),
            (false, None) => format!("✗ {word}"),
            (false, Some(expected)) => {
                let expected = self::word(expected, self.language);
                match self.language {
                    Language::Japanese => format!("✗ {word}・想定は{expected}"),
                    Language::English => format!("✗ {word}, expected {expected}"),
                }
            }
        }
    }

    /// How many of each verdict, and whether all are as expected.
    fn summary(&self) -> String {
        let outcomes = &self.judgement.outcomes;
        let verdicts = [Verdict::Reproduced, Verdict::Possible, Verdict::Differs, Verdict::Impossible];
        let counts: Vec<String> = verdicts
            .iter()
            .map(|verdict| (verdict, outcomes.iter().filter(|outcome| outcome.verdict == *verdict).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(verdict, count)| format!("{} {count}", word(*verdict, self.language)))
            .collect();
        let unexpected = outcomes.iter().filter(|outcome| !outcome.as_expected()).count();
        match self.language {
            Language::Japanese => {
                let end = match unexpected {
                    0 => "すべて想定どおり".to_string(),
                    count => format!("想定と違うもの {count}"),
                };
                format!("公表値 {} 件: {}。{end}", outcomes.len(), counts.join("、"))
            }
            Language::English => {
                let end = match unexpected {
                    0 => "all as expected".to_string(),
                    count => format!("{count} not as expected"),
                };
                format!("{} figures: {}; {end}", outcomes.len(), counts.join(", "))
            }
        }
    }

    fn above(&self) -> Vec<String> {
        let Judgement { title, source, notes, .. } = self.judgement;
        let notes = notes.iter().map(|note| format!("※ {note}"));
        title.iter().chain(source).cloned().chain(notes).map(|line| visible(&line)).collect()
    }

    /// Aligned for nobody: a paragraph for each figure, its verdict first.
    pub fn text(&self) -> String {
        let mut out = self.above().join("\n");
        if !out.is_empty() {
            out.push('\n');
        }
        out += &format!("{}\n", self.summary());
        for outcome in self.outcomes() {
            let at = outcome.at.iter().map(|at| format!("　{}", visible(at))).collect::<String>();
            out += &format!("\n[{}] {}{at}\n", self.verdict(outcome), visible(&outcome.id));
            if let Some(quote) = &outcome.quote {
                out += &format!("  “{}”\n", visible(&quote.replace('\n', " ")));
            }
            for reason in &outcome.reasons {
                out += &format!("  → {}\n", visible(&reason.text));
            }
            for fact in &outcome.facts {
                out += &format!("  {}: {}\n", visible(&fact.what), visible(&fact.shown));
            }
            for caution in outcome.cautions.iter().chain(&outcome.remark) {
                out += &format!("  ※ {}\n", visible(caution));
            }
        }
        out
    }

    /// One table.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        for line in self.above() {
            out += &format!("{}\n\n", escaped(&line));
        }
        out += &format!("{}\n\n", escaped(&self.summary()));
        out += match self.language {
            Language::Japanese => "| 判定 | 公表値 | 引用 | データ | 理由・注 |\n",
            Language::English => "| verdict | figure | quotation | data | reasons and notes |\n",
        };
        out += "| :-- | :-- | :-- | :-- | :-- |\n";
        for outcome in self.outcomes() {
            let lines =
                |lines: Vec<String>| lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br>");
            let figure = std::iter::once(&outcome.id).chain(&outcome.at).cloned().collect();
            let facts = outcome.facts.iter().map(|fact| format!("{}: {}", fact.what, fact.shown)).collect();
            let notes = outcome.cautions.iter().chain(&outcome.remark).map(|caution| format!("※ {caution}"));
            let told = outcome.reasons.iter().map(|reason| reason.text.clone()).chain(notes).collect();
            let cells = [
                escaped(&self.verdict(outcome)),
                lines(figure),
                lines(outcome.quote.iter().cloned().collect()),
                lines(facts),
                lines(told),
            ];
            out += &format!("| {} |\n", cells.join(" | "));
        }
        out
    }

    /// For programs.
    pub fn json(&self) -> String {
        let figures: Vec<Value> = self
            .outcomes()
            .map(|outcome| {
                let facts: Vec<Value> = outcome
                    .facts
                    .iter()
                    .map(|fact| {
                        json!({ "what": fact.what, "shown": fact.shown, "count": fact.count, "base": fact.base, "value": fact.value })
                    })
                    .collect();
                let reasons: Vec<Value> = outcome
                    .reasons
                    .iter()
                    .map(|reason| json!({ "kind": reason.kind.word(), "text": reason.text }))
                    .collect();
                json!({
                    "id": outcome.id,
                    "at": outcome.at,
                    "quote": outcome.quote,
                    "verdict": outcome.verdict.word(),
                    "expected": outcome.expect.map(Verdict::word),
                    "as_expected": outcome.as_expected(),
                    "facts": facts,
                    "reasons": reasons,
                    "cautions": outcome.cautions,
                    "remark": outcome.remark,
                })
            })
            .collect();
        let value = json!({
            "schema_version": super::json::SCHEMA_VERSION,
            "title": self.judgement.title,
            "source": self.judgement.source,
            "note": (!self.judgement.notes.is_empty()).then(|| self.judgement.notes.join("\n")),
            "as_expected": self.judgement.as_expected(),
            "figures": figures,
        });
        format!("{value}\n")
    }
}

fn word(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Reproduced => language.choose("再現", "reproduced"),
        Verdict::Possible => language.choose("ありうる", "possible"),
        Verdict::Differs => language.choose("不一致", "differs"),
        Verdict::Impossible => language.choose("不可能", "impossible"),
    }
}
