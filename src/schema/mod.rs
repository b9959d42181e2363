//! The questionnaire as it is meant: [`Survey`], [`Question`], options, nets, derived questions
//! and conditions, all names resolved to indices.
//!
//! In: a schema file's text. Out: a [`Survey`], or every mistake of the file at once, each with
//! file:line:column and a hint. This room must not know data files, tables or output.
//!
//! Two stages: `typed` is what was written (TOML with spans), `resolve` makes it what is meant.
//! The second goes on after a mistake, but does not judge what refers to something mistaken, so
//! that one mistake is one message.
//!
//! A small schema:
//!
//! ```toml
//! [survey]
//! id = "care-manager-2016"
//! title = "在宅医療・介護の連携推進に関する実態調査"
//! respondent = "id"                  # column of the respondent's key
//!
//! [[question]]
//! id = "q1"                          # also the column, unless `column` says otherwise
//! text = "連携は推進されていると感じますか"
//! kind = "single"
//! options = [ { code = 1, label = "感じる" }, { code = 2, label = "感じない" } ]
//! missing = [ { code = 9, label = "無回答" } ]
//!
//! [[question]]
//! id = "q2"
//! text = "感じない理由をすべて選んでください"
//! kind = "multi"
//! columns = "q2_{code}"              # one column an option; also the default
//! asked_if = "q1 == 2"
//! options = [ { code = 1, label = "時間がない" }, { code = 2, label = "特にない", exclusive = true } ]
//!
//! [[question]]
//! id = "pref"
//! text = "都道府県"
//! kind = "single"
//! options = "@prefectures"
//!
//! [[derive]]
//! id = "area"
//! label = "都市部／地方"
//! from = "pref"
//! groups = [ { code = 1, label = "都市部", of = [13, 23, 27] }, { code = 2, label = "地方", rest = true } ]
//! ```

mod bands;
mod check;
mod codes;
mod comments;
mod corrections;
mod count;
mod dates;
mod dependencies;
mod derive;
mod design;
mod difference;
mod disclosure;
mod expression;
mod language;
mod master;
mod matching;
mod municipalities;
mod named_banner;
mod nets;
mod prefectures;
mod question;
mod range;
mod rank;
mod ratio;
mod resolve;
mod resubmission;
mod scale;
mod sent;
mod survey;
mod syntax;
mod typed;
mod typed_derive;
mod typed_wave;
mod wave;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub use check::{CheckRules, FEWEST_IDENTICAL, Gravity, Rule};
pub use comments::{CodeFrame, CommentRule};
pub use corrections::{CORRECTION_COLUMNS, Correction, Corrections, Placed, WrittenCorrection};
pub use dates::{Dates, DayOrder, Limits, typed as typed_day};
pub use design::{Design, Lonely, ReplicateKind, Replicates, Stages};
pub use disclosure::{Disclosure, PopulationBand, PopulationBands, Respondents};
pub use expression::{Comparison, Condition, State, parse_condition};
pub use language::Language;
pub use master::Master;
pub use matching::{Spelling, code_key, integer_of, matching_key};
pub use municipalities::{municipality_hint, municipality_meant};
pub use range::{NumberRange, Scaled, written};
pub use resolve::{load, load_with};
pub use resubmission::{Keep, Resubmission};
pub use wave::{Stored, Wave};

use crate::calendar::Day;
use crate::diag::{Place, Source};

/// What a schema file may hold, as a JSON Schema (draft 2020-12), for editors.
pub const JSON_SCHEMA: &str = include_str!("schema.json");

/// Place of a question in [`Survey::questions`].
pub type QuestionIndex = usize;

/// A questionnaire, resolved.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Identifier; goes into file names and manifests.
    pub id: String,
    /// Title as printed.
    pub title: String,
    /// Days are printed in Japanese eras (和暦) where words are Japanese.
    pub era: bool,
    /// Column of the respondent's key.
    pub respondent: Option<String>,
    /// Column of the weight.
    pub weight: Option<String>,
    /// Column of how many respondents a record stands for, where the data are aggregated.
    pub count: Option<String>,
    /// Which reply counts of a respondent who replied more than once; `None`: nobody may.
    pub resubmission: Option<Resubmission>,
    /// What one respondent is called after a number (`名`, `市町村`).
    pub unit: String,
    /// How respondents came to be in the survey, when declared.
    pub sampling: Option<Sampling>,
    /// How the sample was drawn, when declared.
    pub design: Option<Design>,
    /// 調査概要: label and text, in the order to print.
    pub about: Vec<(String, String)>,
    /// 調査期間, when declared.
    pub field_period: Option<FieldPeriod>,
    /// How many questionnaires were sent, when declared.
    pub sent: Option<Sent>,
    /// What `renkei check` looks for, and how bad it is.
    pub check: CheckRules,
    /// How few respondents are too few to be shown, when declared.
    pub disclosure: Option<Disclosure>,
    /// Notes about the data that every output carries: what is declared (`模擬データ`), how many corrections.
    pub note: Vec<String>,
    /// The title in English, where there is one.
    pub title_en: Option<String>,
    /// The notes in English, where there are any.
    pub note_en: Vec<String>,
    /// Corrections of the data file, applied as it is read.
    pub corrections: Option<Arc<Corrections>>,
    /// All questions in questionnaire order; a grid is followed by its rows, derived ones come last.
    pub questions: Vec<Question>,
    /// Named banners, usable wherever a banner is asked for.
    pub banners: Vec<NamedBanner>,
    /// Earlier waves, whose files differ.
    pub waves: Vec<Wave>,
    /// Files whose rows respondents belong to.
    pub masters: Vec<Master>,
    /// The wave whose files this survey describes; `None`: those of today.
    pub wave: Option<Wave>,
    /// The schema file, for later diagnostics that point into it.
    pub source: Arc<Source>,
}

/// The first and the last day on which replies were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldPeriod {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// How many questionnaires were sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// To everybody; `None`: the sum of a file's counts.
    pub total: Option<u64>,
    /// Where it stands in the schema file.
    pub span: Range<usize>,
    /// The question of the groups, a single.
    pub by: Option<QuestionIndex>,
    /// To the group of each of its options, and where that stands.
    pub counts: Vec<(u64, Place)>,
    /// The file of the counts, relative to the schema.
    pub file: Option<String>,
}

/// A named banner: banners that stand side by side under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBanner {
    /// Identifier, different from every question's.
    pub id: String,
    /// For each banner its questions, outermost first.
    pub paths: Vec<Vec<QuestionIndex>>,
}

/// How respondents came to be in the survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// A probability sample.
    Probability,
    /// Everybody was asked.
    Census,
    /// Whoever wanted to answer (a site's members).
    Volunteer,
}

/// Whether 無回答 counts in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// 無回答 is in the base and has its row.
    Include,
    /// 無回答 is out of the base.
    Exclude,
}

/// A question, a row of a grid, or a derived question: whatever has replies.
#[derive(Debug, Clone)]
pub struct Question {
    /// Identifier: `q1`, a grid row `q7.r1`, a derived `area`.
    pub id: String,
    /// Wording. A grid row has the grid's wording.
    pub text: String,
    /// Short wording for headings; a grid row's label.
    pub short: Option<String>,
    /// Part of the questionnaire it stands in.
    pub section: Option<String>,
    /// The words in English, where there are any.
    pub english: English,
    /// What a reply looks like.
    pub kind: Kind,
    /// Options in questionnaire order; empty for number and text. A grid and its rows share them.
    pub options: Vec<QuestionOption>,
    /// The options are the municipalities of Japan.
    pub municipalities: bool,
    /// Declared missing codes. A blank is missing too and needs no code.
    pub missing: Vec<MissingCode>,
    /// Codes (or labels) that mean 非該当.
    pub not_asked: Vec<Code>,
    /// Who was asked; `None`: everybody.
    pub asked_if: Option<Condition>,
    /// A multi question whose chosen options are the only ones on offer here, matched by code;
    /// options that it does not have are on offer to all.
    pub limited_to: Option<QuestionIndex>,
    /// The base of an option is those to whom it was on offer (`base = "option"`), not the question's.
    pub option_bases: bool,
    /// Of a rank question the points of each place; who is not ranked has none, which is 0.
    pub points: Vec<i64>,
    /// Nets over the options. A grid's rows have the grid's nets.
    pub nets: Vec<Net>,
    /// Whether 無回答 is in the base, unless the request says otherwise.
    pub no_answer: NoAnswer,
    /// Where replies come from.
    pub origin: Origin,
    /// How a coded cell is read.
    pub values: Values,
    /// What cells hold in this wave, where that differs.
    pub stored: Option<Stored>,
    /// Options that were not on offer in this wave.
    pub not_offered: Vec<usize>,
    /// How the cells of a date are read, and which days it allows.
    pub dates: Dates,
    /// The numbers that a number question allows.
    pub range: NumberRange,
    /// For a grid row, the grid; for a place, the rank question; for others `None`.
    pub grid: Option<QuestionIndex>,
    /// Nobody published this question's wording; it is there to make the schema run.
    pub assumed: bool,
    /// Where the question's id stands in the schema file.
    pub span: Range<usize>,
}

/// A question's words in English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct English {
    /// Wording.
    pub text: Option<String>,
    /// Short wording; a grid row's label.
    pub short: Option<String>,
    /// Part of the questionnaire.
    pub section: Option<String>,
}

/// What a reply looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One option (SA).
    Single,
    /// Any number of options (MA).
    Multi,
    /// One of several ordered options with scores, which have a mean.
    Scale,
    /// Several rows with the same options; the rows are questions of their own.
    Grid,
    /// Some of the options in order; each place is a question of its own (a single).
    Rank,
    /// A decimal number.
    Number,
    /// A day. Its values are numbers: days since 1970-01-01, without decimals.
    Date,
    /// A number set against another number: over respondents, the sum of one to the sum of the other.
    Ratio,
    /// Free text (FA); never tabulated beyond given/missing, never printed.
    Text,
}

/// Where the replies of a question come from.
#[derive(Debug, Clone)]
pub enum Origin {
    /// One column of the data.
    Column(String),
    /// A multi question with one column for each option.
    Columns {
        /// Headers, one for each option; in a wave none or several.
        columns: Vec<String>,
        /// The option of each column.
        of: Vec<usize>,
        /// Tokens that mean selected.
        selected: Vec<String>,
        /// Whether "nothing selected" is a reply (`none_selected = "reply"`) instead of 無回答.
        none_is_reply: bool,
    },
    /// A multi question packed into one column.
    Packed {
        /// The header.
        column: String,
        /// What stands between two answers.
        separator: String,
    },
    /// A grid: its rows, as questions.
    Rows(Vec<QuestionIndex>),
    /// A rank question.
    Ranking {
        /// Where the places stand.
        columns: RankColumns,
        /// The question of each place.
        places: Vec<QuestionIndex>,
    },
    /// A place of this rank question.
    Place(QuestionIndex),
    /// No column: this wave did not ask, and everybody is 非該当.
    NotAsked,
    /// No column: everybody in the file has this reply (`set` of a source).
    Constant(Constant),
    /// A column of a master, by the row that a respondent belongs to.
    Joined {
        /// Place in [`Survey::masters`].
        master: usize,
        /// The question whose replies are the master's keys; `None`: the respondent's key is.
        of: Option<QuestionIndex>,
        /// Where its replies stand in the master.
        own: Box<Origin>,
    },
    /// Regrouped options of another question: for each option of `from`, its group, if any.
    /// From a single it makes a single; from a multi a multi (in a group: any of its options).
    Regrouped {
        /// The question whose options are grouped.
        from: QuestionIndex,
        /// Group (index into the derived question's options) of each option of `from`.
        group_of: Vec<Option<usize>>,
    },
    /// Groups of respondents by conditions.
    Conditions {
        /// The condition of each group (of each option); `None`: those who are in no other group.
        groups: Vec<Option<Condition>>,
        /// A respondent may be in several groups: the question is a multi. Otherwise the first
        /// condition that holds decides.
        overlap: bool,
        /// The question whose state decides who is missing and not asked; `None`: all that the
        /// conditions name.
        from: Option<QuestionIndex>,
    },
    /// Answers made of comments. From a text question a multi; with `into`, that question with the
    /// words of one of its options (その他) put back among the others.
    Comments {
        /// The text question.
        text: QuestionIndex,
        /// The question and its option whose words the text is.
        into: Option<(QuestionIndex, usize)>,
        /// Which comment makes which answer.
        frame: CodeFrame,
    },
    /// A number: how many of several questions have one of certain options, or how many of
    /// certain options a multi has.
    Count {
        /// Questions, and which of their options count.
        sources: Vec<(QuestionIndex, Vec<bool>)>,
    },
    /// The sum of one number to the sum of another, over those who gave both.
    Ratio {
        /// The number above the line.
        of: QuestionIndex,
        /// The number below it.
        to: QuestionIndex,
        /// `of` is a part of `to`, so that it cannot be more.
        part: bool,
        /// How many of `to` the ratio is for: 100 makes it a percentage.
        per: u32,
        /// Whom it is about; `None`: everybody.
        when: Option<Condition>,
    },
}

impl Origin {
    /// Whether it is made of other questions by a `[[derive]]`.
    pub fn is_derived(&self) -> bool {
        match self {
            Origin::Regrouped { .. }
            | Origin::Conditions { .. }
            | Origin::Comments { .. }
            | Origin::Count { .. }
            | Origin::Joined { .. }
            | Origin::Ratio { .. } => true,
            Origin::Column(_)
            | Origin::Columns { .. }
            | Origin::Packed { .. }
            | Origin::Rows(_)
            | Origin::Ranking { .. }
            | Origin::Place(_)
            | Origin::Constant(_)
            | Origin::NotAsked => false,
        }
    }

    /// The questions that a derived one is made of; none for others.
    pub fn sources(&self) -> Vec<QuestionIndex> {
        let mut sources: Vec<QuestionIndex> = Vec::new();
        let named = |condition: &Condition| condition.questions();
        match self {
            Origin::Regrouped { from, .. } => sources.push(*from),
            Origin::Conditions { groups, from, .. } => {
                sources.extend(groups.iter().flatten().flat_map(named));
                sources.extend(from);
                sources.sort_unstable();
            }
            Origin::Comments { text, into, .. } => {
                sources.extend(into.map(|(question, _)| question));
                sources.push(*text);
            }
            Origin::Count { sources: counted } => {
                sources.extend(counted.iter().map(|(source, _)| *source));
            }
            Origin::Ratio { of, to, when, .. } => {
                sources.extend([*of, *to]);
                sources.extend(when.iter().flat_map(named));
            }
            Origin::Joined { of, .. } => sources.extend(of),
            Origin::Column(_)
            | Origin::Columns { .. }
            | Origin::Packed { .. }
            | Origin::Rows(_)
            | Origin::Ranking { .. }
            | Origin::Place(_)
            | Origin::Constant(_)
            | Origin::NotAsked => {}
        }
        sources.dedup();
        sources
    }

    /// Headers of the columns that it reads.
    pub fn columns(&self) -> &[String] {
        match self {
            Origin::Column(column) | Origin::Packed { column, .. } => std::slice::from_ref(column),
            Origin::Columns { columns, .. } => columns,
            Origin::Ranking { columns, .. } => columns.names(),
            Origin::Rows(_)
            | Origin::Place(_)
            | Origin::NotAsked
            | Origin::Regrouped { .. }
            | Origin::Conditions { .. }
            | Origin::Comments { .. }
            | Origin::Count { .. }
            | Origin::Constant(_)
            | Origin::Joined { .. }
            | Origin::Ratio { .. } => &[],
        }
    }

    /// Whether respondents answered it themselves: it has columns of its own, or is a place of a rank
    /// question, which has.
    pub fn is_asked(&self) -> bool {
        match self {
            Origin::Column(_) | Origin::Columns { .. } | Origin::Packed { .. } | Origin::Place(_) => true,
            Origin::Rows(_)
            | Origin::Ranking { .. }
            | Origin::NotAsked
            | Origin::Regrouped { .. }
            | Origin::Conditions { .. }
            | Origin::Comments { .. }
            | Origin::Ratio { .. }
            | Origin::Constant(_)
            | Origin::Joined { .. }
            | Origin::Count { .. } => false,
        }
    }
}

/// A reply that everybody in a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constant {
    /// This option.
    Option(usize),
    /// This number.
    Number(i64),
}

/// The columns of a rank question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RankColumns {
    /// One for each place, holding the option.
    ByPlace(Vec<String>),
    /// One for each option, holding the place.
    ByOption(Vec<String>),
    /// One for all, holding the options in order.
    InOrder {
        /// The header.
        column: String,
        /// What stands between two options.
        separator: String,
    },
}

impl RankColumns {
    /// Their headers.
    pub fn names(&self) -> &[String] {
        match self {
            RankColumns::ByPlace(columns) | RankColumns::ByOption(columns) => columns,
            RankColumns::InOrder { column, .. } => std::slice::from_ref(column),
        }
    }
}

/// How the cells of a coded column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// By code.
    Code,
    /// By label.
    Label,
    /// The one reading that fits every cell of the column.
    Auto,
}

/// A stored value of an option.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// `code = 1`
    Integer(i64),
    /// `code = "a1"`
    Text(String),
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Code::Integer(code) => write!(f, "{code}"),
            Code::Text(code) => f.write_str(code),
        }
    }
}

/// An answer on offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionOption {
    /// Stored value.
    pub code: Code,
    /// Words, as printed.
    pub label: String,
    /// Words in English, where there are any.
    pub label_en: Option<String>,
    /// Shorter words for tight places.
    pub short: Option<String>,
    /// Other spellings a cell may use (`東京`, `Tokyo`).
    pub spellings: Vec<String>,
    /// Excludes every other option of a multi question (特にない).
    pub exclusive: bool,
    /// その他: stays last when options are sorted.
    pub other: bool,
    /// Nobody published this label; it is there to make the schema run.
    pub assumed: bool,
    /// Score on a scale; `None` where the option counts for no mean (わからない), and on other questions.
    pub score: Option<i64>,
}

impl QuestionOption {
    /// An option of which nothing but code and label is known.
    pub fn new(code: Code, label: String) -> QuestionOption {
        QuestionOption {
            code,
            label,
            label_en: None,
            short: None,
            spellings: Vec::new(),
            exclusive: false,
            other: false,
            assumed: false,
            score: None,
        }
    }
}

impl Kind {
    /// Whether a reply is one option: a scale is a single with scores.
    pub fn takes_one_option(self) -> bool {
        match self {
            Kind::Single | Kind::Scale => true,
            Kind::Multi | Kind::Grid | Kind::Rank => false,
            Kind::Number | Kind::Date | Kind::Ratio | Kind::Text => false,
        }
    }

    /// Whether a reply may be several options: those chosen, or those ranked at any place.
    pub fn takes_several_options(self) -> bool {
        matches!(self, Kind::Multi | Kind::Rank)
    }

    /// Whether a reply is a value on a line: a number, a day, or two numbers of a ratio.
    pub fn is_measured(self) -> bool {
        matches!(self, Kind::Number | Kind::Date | Kind::Ratio)
    }
}

/// A declared missing code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingCode {
    /// Stored value.
    pub code: Code,
    /// Words (`無回答`).
    pub label: String,
    /// Words in English, where there are any.
    pub label_en: Option<String>,
}

/// Respondents with any of several options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Net {
    /// Identifier, different from every option's and missing code of the question.
    pub id: String,
    /// Words (`取りやすい（計）`).
    pub label: String,
    /// Words in English, where there are any.
    pub label_en: Option<String>,
    /// Options, as indices into the question's options.
    pub of: Vec<usize>,
}

impl Question {
    /// How many states besides "given" a reply can have: blank, each declared missing code, not asked.
    pub fn states(&self) -> usize {
        self.missing.len() + 2
    }

    /// The heading: the short wording where there is one.
    pub fn heading(&self) -> &str {
        self.short.as_deref().unwrap_or(&self.text)
    }

    /// The option whose words of the respondent's own (その他) `text` takes.
    pub fn option_with_words(&self, text: &Question) -> Option<usize> {
        let number = text.id.strip_prefix(&self.id)?.strip_prefix(".other")?;
        if text.kind != Kind::Text || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // The words carry the label of their option, and no two options have one label.
        self.options.iter().position(|option| Some(&option.label) == text.short.as_ref())
    }
}

impl Survey {
    /// The question with this id.
    pub fn find(&self, id: &str) -> Option<QuestionIndex> {
        self.questions.iter().position(|question| question.id == id)
    }
}
