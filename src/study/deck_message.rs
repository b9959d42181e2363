//! The sentence of a slide: the first of its messages that the data bear out, or one that writes itself.

use super::blanks::Blanks;
use super::counted::SlideTables;
use super::deck::{MessagePlan, SlidePlan};
use super::deck_made::{Making, chosen};
use super::standing::{STANDING, StandingWords};
use crate::diag::{Diagnostic, quote};
use crate::figures::{Phrases, Saying, Width};
use crate::report::{not_shown, nothing_shown};
use crate::sheet::{Language, round};
use crate::stats::Ratio;
use crate::tabulate::{RowRole, Table};
use crate::toml::{Mistakes, Typed};

impl Making<'_> {
    /// The message of a slide.
    pub(super) fn message(
        &self,
        slide: &SlidePlan,
        counted: &SlideTables,
        names: Option<&str>,
        mistakes: &mut Mistakes,
    ) -> Option<String> {
        // A message without what it has to say is no message where there is another.
        let blanks = &self.blanks(Some((slide, counted)), names, slide.alone);
        // The group's of the slide's first chart.
        let tables = counted.charts.first().map_or(&[][..], |chart| &chart.own);
        let mut said = counted.said.iter();
        for message in &slide.messages {
            match message {
                MessagePlan::Say(_) => return self.or_nothing(self.say(said.next()?, slide)),
                MessagePlan::Phrase => return self.or_nothing(self.phrase(tables, slide)),
                // A group that is not ranked has another message.
                MessagePlan::Standing => {
                    if let Some(standing) = &counted.standing {
                        return Some(self.standing_words().sentence(standing));
                    }
                }
                MessagePlan::Fixed(text, figures) => {
                    let figures: Vec<String> = slide.figures.iter().chain(figures).cloned().collect();
                    if figures.iter().any(|id| self.counted.hidden.contains(id)) {
                        match slide.alone {
                            true => return self.or_nothing(None),
                            false => continue,
                        }
                    }
                    match self.borne_out(&text.value, &figures, blanks) {
                        Ok(text) => return Some(text),
                        Err(errors) if slide.alone => {
                            self.contradicted(slide, text, errors, mistakes);
                            return Some(text.value.clone());
                        }
                        Err(_) => {}
                    }
                }
            }
        }
        // All that was written is contradicted: what is true is said instead.
        if slide.messages.is_empty() { None } else { self.or_nothing(self.phrase(tables, slide)) }
    }

    /// What is said, or in a release that hides numbers that nothing is.
    fn or_nothing(&self, said: Option<String>) -> Option<String> {
        let nothing = || {
            let hides = self.resident.release.is_some();
            hides.then(|| nothing_shown(self.resident.study.language).to_string())
        };
        said.or_else(nothing)
    }

    /// A text that must hold: titles, notes.
    pub(super) fn text(
        &self,
        typed: &Typed<String>,
        figures: &[String],
        blanks: &Blanks,
        mistakes: &mut Mistakes,
    ) -> String {
        match self.completed(&typed.value, figures, blanks) {
            Ok(text) => text,
            Err(errors) => {
                errors.into_iter().for_each(|error| mistakes.error(&typed.span, error));
                typed.value.clone()
            }
        }
    }

    fn contradicted(
        &self,
        slide: &SlidePlan,
        text: &Typed<String>,
        errors: Vec<Diagnostic>,
        mistakes: &mut Mistakes,
    ) {
        let slide = slide.number.as_ref().unwrap_or(&slide.headline.value);
        for error in errors {
            let message = format!("slide {} for {}: {}", quote(slide), self.label, error.message);
            let hint = "a list of messages takes the first that the data bear out; \
                        `{ say = \"q1\" }` writes itself";
            mistakes.error(&text.span, Diagnostic { message, ..error }.hint(hint));
        }
    }

    /// A message, when every figure that it leans on is as expected of this group.
    fn borne_out(&self, text: &str, figures: &[String], blanks: &Blanks) -> Result<String, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        for id in figures {
            let outcome = self.words.judgement.outcomes.iter().find(|outcome| outcome.id == *id);
            match outcome {
                None => errors.push(
                    Diagnostic::error(format!("figure {} is of another group", quote(id)))
                        .hint("it compares with what was published of that group"),
                ),
                Some(outcome) if outcome.expect.is_some() || !outcome.as_expected() => {
                    let phrase = outcome
                        .quote
                        .as_deref()
                        .map_or(String::new(), |phrase| format!(" ({})", quote(phrase)));
                    let mut error =
                        Diagnostic::error(format!("figure {}{phrase} is not what the data give", quote(id)));
                    for fact in outcome.facts.iter().take(2) {
                        error = error.hint(format!("{}: {}", fact.what, fact.shown));
                    }
                    for reason in outcome.reasons.iter().take(2) {
                        error = error.hint(reason.text.clone());
                    }
                    errors.push(error);
                }
                Some(_) => {}
            }
        }
        match self.completed(text, figures, blanks) {
            Ok(text) if errors.is_empty() => Ok(text),
            Ok(_) => Err(errors),
            // What a figure contradicts need not be told twice.
            Err(more) if errors.is_empty() => Err(more),
            Err(_) => Err(errors),
        }
    }

    /// The text with its numbers and names.
    fn completed(&self, text: &str, figures: &[String], blanks: &Blanks) -> Result<String, Vec<Diagnostic>> {
        let completed = blanks.complete(text, |text| self.words.complete(text, figures));
        completed.map_err(|errors| errors.into_iter().map(|(_, error)| error).collect())
    }

    /// What stands in the blanks of a slide's texts; `None`: of texts that are of no slide.
    /// What is hidden stands in them as such where they `must` be filled.
    pub(super) fn blanks(
        &self,
        slide: Option<(&SlidePlan, &SlideTables)>,
        names: Option<&str>,
        must: bool,
    ) -> Blanks {
        let hides = must && self.resident.release.is_some();
        let hidden = not_shown(self.resident.study.language);
        let lists = slide.is_some_and(|(slide, _)| slide.list.is_some());
        let list = names.or((hides && lists).then_some(hidden)).map(str::to_string).ok_or_else(|| {
            Diagnostic::error("`{list}` has nobody to name")
                .hint("`list = 2` names those who gave this answer, where anybody did")
        });
        let nation = self.resident.shown_respondents();
        let own = if self.counted.group.is_some() { Some(self.counted.respondents) } else { nation };
        let blanks = Blanks::of(self.label, own, nation, self.resident.study.language).with("{list}", list);
        let standing = slide
            .filter(|(slide, _)| slide.rank.is_some())
            .map(|(_, counted)| counted.standing.as_ref().ok_or(self.label));
        let is_ranked = self.counted.group.as_ref().is_some_and(|group| group.code.is_some());
        match standing {
            Some(Err(_)) if hides && is_ranked => blanks.hiding(&STANDING, hidden),
            standing => self.standing_words().blanks(blanks, standing),
        }
    }

    fn standing_words(&self) -> StandingWords {
        StandingWords { language: self.resident.study.language, decimals: self.plan.profile.decimals }
    }

    /// A note that stands only where its figures hold, where it leans on any.
    pub(super) fn note(
        &self,
        typed: &Typed<String>,
        figures: &[String],
        slide: &SlidePlan,
        blanks: &Blanks,
        mistakes: &mut Mistakes,
    ) -> Option<String> {
        match figures.is_empty() {
            true => Some(self.text(typed, &slide.figures, blanks, mistakes)),
            false => self.borne_out(&typed.value, figures, blanks).ok(),
        }
    }

    fn say(&self, tables: &[Table], slide: &SlidePlan) -> Option<String> {
        let rows = slide.charts.first().map_or(&[][..], |chart| &chart.grid_rows);
        let shown = chosen(tables, rows);
        let table = shown.first()?;
        match rows.is_empty() || !table.is_summary() {
            true => self.most_frequent(tables.first()?),
            // Of some rows of a grid none is the most frequent of all.
            false => self.shares(table, &(0..table.stub.len()).collect::<Vec<_>>()),
        }
    }

    /// What is true of the first table of the slide's first chart.
    fn phrase(&self, tables: &[Table], slide: &SlidePlan) -> Option<String> {
        let chart = slide.charts.first()?;
        let shown = chosen(tables, &chart.grid_rows);
        let table = shown.first()?;
        if chart.answers.is_empty() && (chart.grid_rows.is_empty() || !table.is_summary()) {
            return self.most_frequent(table);
        }
        let codes = |row: &usize| {
            let code = table.stub[*row].code.as_ref().map(ToString::to_string);
            table.is_summary() || code.is_some_and(|code| chart.answers.contains(&code))
        };
        self.shares(table, &(0..table.stub.len()).filter(codes).collect::<Vec<_>>())
    }

    /// The share of each of some answers, in order: of a part of them none is said to be the most frequent.
    fn shares(&self, table: &Table, rows: &[usize]) -> Option<String> {
        let language = self.resident.study.language;
        let decimals = self.plan.profile.decimals;
        let shares = rows.iter().filter_map(|&row| {
            let percent = round(table.column_percent(row, 0).value()?, decimals);
            let label = &table.stub[row].label;
            Some(match language {
                Language::Japanese => format!("「{label}」{percent}％"),
                Language::English => format!("{label} {percent}%"),
            })
        });
        let shares: Vec<String> = shares.collect();
        if shares.is_empty() {
            return None;
        }
        Some(match language {
            Language::Japanese => format!("{}は{}だった。", table.question.heading, shares.join("、")),
            Language::English => format!("{}: {}.", table.question.heading, shares.join(", ")),
        })
    }

    /// The most frequent answers. Where any is hidden nobody knows which they are: the largest of those that are shown.
    fn most_frequent(&self, table: &Table) -> Option<String> {
        if !table.hides() {
            return self.sentence(table);
        }
        let percent = |row: &usize| table.column_percent(*row, 0).value();
        let mut rows: Vec<usize> = (0..table.stub.len())
            .filter(|&row| table.is_summary() || table.stub[row].role == RowRole::Option)
            .filter(|row| percent(row).is_some_and(|percent| percent > Ratio::whole(0)))
            .collect();
        rows.sort_by_key(|row| std::cmp::Reverse(percent(row)));
        rows.truncate(2);
        self.shares(table, &rows)
    }

    fn sentence(&self, table: &Table) -> Option<String> {
        let study = self.resident.study;
        let language = study.language;
        let saying = Saying {
            survey: &study.spoken,
            language,
            decimals: self.plan.profile.decimals,
            top: 2,
            digits: Width::Half,
            percent_sign: if language == Language::English { Width::Half } else { Width::Full },
            phrases: None::<&Phrases>,
        };
        let sentence = crate::figures::say(table, &saying).into_iter().next()?;
        // Rows of a grid say what they are of; a question alone stands above its answers.
        Some(match table.grid.as_ref().or(table.is_summary().then_some(&table.question.id)) {
            Some(_) => format!("{}{}{sentence}", table.question.heading, language.choose("：", ": ")),
            None => sentence,
        })
    }
}
