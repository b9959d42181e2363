//! Which columns a survey makes, and what is said of each.

use super::super::{Dataset, DescribedSet, Holds, Measure, SetHolds};
use super::{Coded, Column, Columns, Source, Wanted, coded_states};
use crate::diag::{Diagnostic, plural, quote};
use crate::schema::{Code, Kind, Origin, Question, QuestionIndex, RankColumns, Survey, Values};

/// What 非該当 is called where the schema has a code and no word for it.
const NOT_ASKED: &str = "非該当";

/// The columns of all replies that were read.
pub fn columns<'a>(survey: &'a Survey, dataset: &'a Dataset, wanted: Wanted) -> Columns<'a> {
    let mut made =
        Columns { survey, dataset, columns: Vec::new(), sets: Vec::new(), weight: None, notes: Vec::new() };
    if let Some(respondent) = &survey.respondent
        && dataset.blocks.iter().all(|block| block.keys.len() == block.len)
    {
        let label = "respondent's key".to_string();
        made.add(respondent, label, Holds::Words, Vec::new(), Measure::Nominal, None, Source::Key);
    }
    let (mut texts, mut ratios) = (0, 0);
    for (index, question) in survey.questions.iter().enumerate() {
        let read =
            dataset.blocks.first().is_some_and(|block| block.replies.get(index).is_some_and(Option::is_some));
        if question.origin.is_derived() && !wanted.derived {
            continue;
        }
        match question.kind {
            Kind::Text if !wanted.texts => {
                texts += 1;
                made.question(index, question, wanted.spread);
            }
            Kind::Ratio => ratios += 1,
            Kind::Rank => made.rank(index, question, wanted.spread),
            _ if read => made.question(index, question, wanted.spread),
            _ => {}
        }
    }
    if let Some(name) = &dataset.weight_name {
        let name = survey.weight.clone().unwrap_or_else(|| match name.contains(['/', '\\', '.']) {
            // A file's name is no name of a column.
            true => "weight".to_string(),
            false => name.clone(),
        });
        let name = made.free(name);
        made.weight = Some(made.columns.len());
        let holds = Holds::Numbers { decimals: dataset.weight_decimals };
        made.add(&name, "weight".to_string(), holds, Vec::new(), Measure::Scale, None, Source::Weight);
    }
    if texts > 0 {
        let note = format!(
            "the words of {} left out: `{}` stands where there were some",
            plural(texts, "text question"),
            super::WRITTEN
        );
        made.notes.push(
            Diagnostic::warning(note)
                .hint("`--texts` takes the words of respondents along; read them before you hand them on"),
        );
    }
    let by_label =
        |question: &&Question| question.values == Values::Label && !question.origin.columns().is_empty();
    let by_label = survey.questions.iter().filter(by_label).count() as u64;
    if by_label > 0 {
        let note = format!("{} read by label, and files of codes have codes", plural(by_label, "question"));
        made.notes.push(
            Diagnostic::warning(note)
                .hint("to read such a file, leave `values = \"label\"` out of the schema"),
        );
    }
    if ratios > 0 {
        let note =
            format!("{} left out: it belongs to a table, not to a respondent", plural(ratios, "ratio"));
        made.notes.push(Diagnostic::warning(note));
    }
    made.blanks();
    made
}

impl Columns<'_> {
    #[allow(clippy::too_many_arguments, reason = "each is a part of a column")]
    fn add(
        &mut self,
        name: &str,
        label: String,
        holds: Holds,
        coded: Vec<Coded>,
        measure: Measure,
        question: Option<QuestionIndex>,
        source: Source,
    ) {
        let name = name.to_string();
        // Two questions may read one column; it is written once.
        if !self.columns.iter().any(|column| column.name == name) {
            self.columns.push(Column { name, label, holds, coded, measure, question, source });
        }
    }

    /// A name that no column has.
    fn free(&self, name: String) -> String {
        let taken = |name: &String| self.columns.iter().any(|column| column.name == *name);
        (1..)
            .map(|number| if number == 1 { name.clone() } else { format!("{name}_{number}") })
            .find(|name| !taken(name))
            .unwrap_or(name)
    }

    fn question(&mut self, index: QuestionIndex, question: &Question, spread: bool) {
        let own = |column: &str| if column.is_empty() { question.id.clone() } else { column.to_string() };
        let label = label(question);
        match &question.origin {
            Origin::Columns { columns, of, selected, .. } => {
                let selected = token(selected);
                let columns: Vec<(String, usize)> = columns.iter().cloned().zip(of.iter().copied()).collect();
                self.options(index, question, &columns, &selected);
            }
            Origin::Packed { column, .. } if !spread => {
                let coded = states(question);
                let source = Source::Packed(index);
                self.add(column, label, Holds::Words, coded, Measure::Nominal, Some(index), source);
            }
            Origin::Packed { column, .. } => {
                self.spread(question, column, "columns");
                let columns = option_columns(question, column);
                self.options(index, question, &columns, &Code::Integer(1));
            }
            _ if question.kind == Kind::Multi => {
                let columns = option_columns(question, &question.id);
                self.options(index, question, &columns, &Code::Integer(1));
            }
            origin => {
                let column = own(origin.columns().first().map_or("", String::as_str));
                let (holds, source, measure) = match question.kind {
                    Kind::Number => {
                        let decimals = self.dataset.decimals_of(index);
                        (Holds::Numbers { decimals }, Source::Measured(index), Measure::Scale)
                    }
                    Kind::Date => (Holds::Days, Source::Measured(index), Measure::Scale),
                    Kind::Text => (Holds::Words, Source::Text(index), Measure::Nominal),
                    Kind::Scale => (Holds::Numbers { decimals: 0 }, Source::Single(index), Measure::Ordinal),
                    _ => (Holds::Numbers { decimals: 0 }, Source::Single(index), Measure::Nominal),
                };
                if matches!(origin, Origin::Place(_)) {
                    return;
                }
                let mut coded = match source {
                    Source::Single(_) => options(question),
                    _ => Vec::new(),
                };
                coded.extend(states(question));
                self.add(&column, label, holds, coded, measure, Some(index), source);
            }
        }
    }

    /// One column for each option of a multi, and its set.
    fn options(
        &mut self,
        index: QuestionIndex,
        question: &Question,
        columns: &[(String, usize)],
        selected: &Code,
    ) {
        for (column, option) in columns {
            let words = &question.options[*option].label;
            let mut coded = vec![
                Coded { code: unselected(selected), label: None, missing: false },
                Coded { code: selected.clone(), label: Some(words.clone()), missing: false },
            ];
            coded.extend(states(question));
            let holds = Holds::Numbers { decimals: 0 };
            let source = Source::Selected(index, *option);
            self.add(column, words.clone(), holds, coded, Measure::Nominal, Some(index), source);
        }
        self.set(
            question,
            columns.iter().map(|(column, _)| column.clone()),
            SetHolds::Dichotomies { selected: selected.clone() },
        );
    }

    fn rank(&mut self, index: QuestionIndex, question: &Question, spread: bool) {
        let Origin::Ranking { columns, places } = &question.origin else { return };
        let by_place: Vec<String> = match columns {
            RankColumns::ByPlace(columns) => columns.clone(),
            RankColumns::ByOption(columns) => {
                for (option, column) in columns.iter().enumerate() {
                    let mut coded: Vec<Coded> = (1..=places.len())
                        .map(|place| Coded {
                            code: Code::Integer(place as i64),
                            label: Some(format!("{place}位")),
                            missing: false,
                        })
                        .collect();
                    coded.extend(states(question));
                    let words = question.options[option].label.clone();
                    let holds = Holds::Numbers { decimals: 0 };
                    self.add(
                        column,
                        words,
                        holds,
                        coded,
                        Measure::Ordinal,
                        Some(index),
                        Source::Placed(index, option),
                    );
                }
                return;
            }
            RankColumns::InOrder { column, .. } if !spread => {
                let coded = states(question);
                let source = Source::InOrder(index);
                self.add(column, label(question), Holds::Words, coded, Measure::Nominal, Some(index), source);
                return;
            }
            RankColumns::InOrder { column, .. } => {
                self.spread(question, column, "places");
                (1..=places.len()).map(|place| format!("{column}_{place}")).collect()
            }
        };
        for (column, &place) in by_place.iter().zip(places) {
            let own = &self.survey.questions[place];
            let mut coded = options(own);
            coded.extend(states(own));
            let holds = Holds::Numbers { decimals: 0 };
            self.add(column, label(own), holds, coded, Measure::Nominal, Some(place), Source::Single(place));
        }
        self.set(question, by_place.into_iter(), SetHolds::Categories);
    }

    fn set(&mut self, question: &Question, columns: impl Iterator<Item = String>, holds: SetHolds) {
        let columns: Vec<String> = columns.collect();
        if columns.len() > 1 {
            self.sets.push(DescribedSet {
                name: question.id.clone(),
                label: Some(label(question)),
                columns,
                holds,
            });
        }
    }

    fn spread(&mut self, question: &Question, column: &str, what: &str) {
        let note =
            format!("question {} is one column in the schema, and several in the file", quote(&question.id));
        let hint = match what {
            "places" => {
                format!("to read the file, say `columns = \"{column}_{{place}}\"` instead of `packed`")
            }
            _ => format!("to read the file, say `columns = \"{column}_{{code}}\"` instead of `packed`"),
        };
        self.notes.push(Diagnostic::warning(note).hint(hint));
    }

    /// Says where a blank means two things.
    fn blanks(&mut self) {
        let mut both = 0;
        let mut seen = std::collections::HashSet::new();
        for column in &self.columns {
            let Some(index) = column.question.filter(|index| seen.insert(*index)) else { continue };
            let question = &self.survey.questions[index];
            if !question.not_asked.is_empty() {
                continue;
            }
            let last = question.states();
            let (mut blank, mut not_asked) = (false, false);
            for block in &self.dataset.blocks {
                let Some(replies) = block.replies.get(index).and_then(Option::as_ref) else { continue };
                for state in super::super::states(replies, question, block.len) {
                    blank |= state == 1;
                    not_asked |= usize::from(state) == last;
                }
            }
            both += u64::from(blank && not_asked);
        }
        if both > 0 {
            let note = format!("a blank is 無回答 or 非該当 in {}", plural(both, "question"));
            self.notes.push(
                Diagnostic::warning(note)
                    .hint("the schema's `asked_if` tells them apart; a file without it does not: declare codes for `not_asked`"),
            );
        }
    }
}

/// The words of a question; a row of a grid with its own after the grid's.
fn label(question: &Question) -> String {
    match (&question.grid, &question.short) {
        (Some(_), Some(row)) => format!("{}／{row}", question.text),
        _ => question.text.clone(),
    }
}

fn options(question: &Question) -> Vec<Coded> {
    let coded = |option: &crate::schema::QuestionOption| Coded {
        code: option.code.clone(),
        label: Some(option.label.clone()),
        missing: false,
    };
    question.options.iter().map(coded).collect()
}

/// The values of replies that are none: missing codes, then the code of 非該当.
fn states(question: &Question) -> Vec<Coded> {
    let mut coded: Vec<Coded> = question
        .missing
        .iter()
        .map(|missing| Coded {
            code: missing.code.clone(),
            label: Some(missing.label.clone()),
            missing: true,
        })
        .collect();
    let code = question.not_asked.iter().find(|code| matches!(code, Code::Integer(_)));
    if let Some(code) = code.or(question.not_asked.first()) {
        let words = question.not_asked.iter().find_map(|code| match code {
            Code::Text(words) => Some(words.clone()),
            Code::Integer(_) => None,
        });
        let label = Some(words.unwrap_or_else(|| NOT_ASKED.to_string()));
        coded.push(Coded { code: code.clone(), label, missing: true });
    }
    debug_assert_eq!(coded.len(), coded_states(question));
    coded
}

/// `q3_1`, `q3_2`, … for a multi that has no columns of its own.
fn option_columns(question: &Question, column: &str) -> Vec<(String, usize)> {
    let code = |option: &crate::schema::QuestionOption| crate::schema::code_key(&option.code);
    question
        .options
        .iter()
        .map(code)
        .enumerate()
        .map(|(option, code)| (format!("{column}_{code}"), option))
        .collect()
}

/// What means selected: 1 where the schema takes it.
fn token(selected: &[String]) -> Code {
    match selected.first() {
        Some(first) if !selected.iter().any(|token| token == "1") => {
            first.parse().map_or_else(|_| Code::Text(first.clone()), Code::Integer)
        }
        _ => Code::Integer(1),
    }
}

fn unselected(selected: &Code) -> Code {
    match selected {
        Code::Integer(_) => Code::Integer(0),
        Code::Text(_) => Code::Text("0".to_string()),
    }
}

/// What stands between the answers of one cell.
pub(super) fn separator(question: &Question) -> &str {
    match &question.origin {
        Origin::Packed { separator, .. } => separator,
        Origin::Ranking { columns: RankColumns::InOrder { separator, .. }, .. } => separator,
        _ => ";",
    }
}
