//! Tests of whole tables, comparisons of columns, corrections: what may be said of differences.
//!
//! In: [`crate::tabulate::Table`]s and [`Options`]. Out: [`Findings`]: statistics with their degrees of
//! freedom and p-values, or why they were not computed; letters on cells. Everything is computed from
//! tallies, never from printed numbers. This room must not know output or rounding.
//!
//! Formulas and their sources are in `docs/significance.md`.

mod change;
mod contingency;
mod correction;
mod fisher;
mod matrix;
mod paired;
mod pairs;
mod preset;
mod several;
mod test;
mod whole;

pub use change::{Change, Compared, Occasion, Paired, Untested, changes};
pub use contingency::{ChiSquared, Contingency, RaoScott};
pub use correction::{Correction, adjusted};
pub use fisher::{DRAWN, Fisher, SEED, fisher};
pub use paired::{Symmetry, cochran, contrast, marginal_homogeneity, symmetry};
pub use pairs::{
    Against, Comparison, Group, HIGHER, LOWER, Lettering, Sharing, compare, difference_of_means,
    difference_of_proportions,
};
pub use preset::Preset;
pub use several::{SeveralAnswers, bilder_loughin};
pub use test::{Statistic, Test};
pub use whole::{Findings, TestLine, find};

use crate::schema::{Language, Sampling};
use crate::tabulate::{JointNeeds, Opposite};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Tests of whole tables.
    pub tests: Vec<Test>,
    /// How columns are compared; `None`: they are not.
    pub comparison: Option<Comparing>,
    /// How respondents came into the survey.
    pub sampling: Option<Sampling>,
    /// The survey declares a design of its sample.
    pub designed: bool,
    /// Seed of Fisher's test where tables are drawn.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { tests: Vec::new(), comparison: None, sampling: None, designed: false, seed: SEED }
    }
}

/// How columns are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparing {
    /// Whose definition.
    pub preset: Preset,
    /// Levels in hundredths of a percent, the stricter first: letters at it are upper-case, at the other
    /// lower-case.
    pub levels: Vec<u32>,
    /// Of several comparisons.
    pub correction: Correction,
    /// With what.
    pub against: Against,
}

impl Options {
    /// What the tests need beyond the cells of a table.
    pub fn needs(&self) -> JointNeeds {
        // A column against the Total, of which it is a part, needs nothing but both.
        let columns = |comparing: &Comparing| comparing.against != Against::Total;
        let any = |tests: &[Test]| self.tests.iter().any(|test| tests.contains(test));
        // Other programs' definitions know no design.
        let differences = self.comparison.as_ref().filter(|comparing| comparing.preset == Preset::Renkei);
        let census = self.sampling == Some(Sampling::Census);
        JointNeeds {
            columns: self.comparison.as_ref().is_some_and(columns),
            rows: any(&[Test::Cochran, Test::Contrast]),
            patterns: any(&[Test::Auto, Test::BilderLoughin]),
            differences: differences.map(|comparing| match comparing.against {
                Against::Columns => Opposite::Columns,
                Against::Rest => Opposite::Rest,
                Against::Total => Opposite::Total,
            }),
            independence: any(&[Test::RaoScott]) || (any(&[Test::Auto]) && !census),
        }
    }

    /// Whether anything is asked for.
    pub fn any(&self) -> bool {
        !self.tests.is_empty() || self.comparison.is_some()
    }
}

/// Why a statistic was not computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRun {
    /// A census: there is nobody else to infer about.
    Census,
    /// Fewer than two answers or two groups with respondents.
    Degenerate,
    /// The banner is made of the question itself.
    Itself,
    /// The banner's groups overlap.
    Overlap,
    /// Numbers have no table of counts.
    Number,
    /// Each answer has a base of its own.
    OwnBases,
    /// Weights: the statistic is of respondents counted as one.
    Weights,
    /// Too large to compute.
    TooLarge,
    /// The design leaves nothing to chance: targets fix the table.
    NoVariance,
    /// Too many cells without respondents.
    EmptyCells,
    /// A cell is hidden.
    Hidden,
    /// Some answers are left out of the table (`--top`).
    RowsLeftOut,
    /// The program whose definitions are taken has none for it.
    NotDefined,
    /// The two questions do not have the same options.
    OtherOptions,
    /// Weights: the test is of counts, and there is none for weights.
    CountsOnly,
    /// Nobody's answers differ.
    NoChange,
    /// The table is not the summary table of a grid's rows.
    NotRows,
    /// The rows have the same respondents.
    SameRespondents,
    /// Neither side takes several answers.
    OneAnswer,
}

impl NotRun {
    /// The reason in words.
    pub fn words(self, language: Language) -> &'static str {
        let (japanese, english) = match self {
            NotRun::Census => ("全数調査のため", "census"),
            NotRun::Degenerate => {
                ("回答または区分が2つ未満のため", "fewer than two answers or groups with respondents")
            }
            NotRun::Itself => ("同じ設問どうしのため", "the question against itself"),
            NotRun::Overlap => ("区分が重複するため", "groups overlap"),
            NotRun::Number => ("数値の設問のため", "not a table of counts"),
            NotRun::OwnBases => ("選択肢ごとに基数が違うため", "each answer has a base of its own"),
            NotRun::Weights => ("ウェイトがあるため（rs を使う）", "weights: use rs"),
            NotRun::TooLarge => ("表が大きすぎるため", "table too large"),
            NotRun::NoVariance => (
                "標本による変動がないため（目標で定まる表など）",
                "the sample leaves no variance (targets fix the table)",
            ),
            NotRun::EmptyCells => ("該当者のないセルが多いため", "too many empty cells"),
            NotRun::Hidden => ("秘匿されたセルがあるため", "a cell is suppressed"),
            NotRun::OtherOptions => {
                ("両設問の選択肢が同じでないため", "the two questions do not have the same options")
            }
            NotRun::CountsOnly => {
                ("ウェイトがあるため（人数による検定）", "weights: the test is of respondents counted as one")
            }
            NotRun::NoChange => ("回答の異なる人がいないため", "nobody's answers differ"),
            NotRun::NotRows => (
                "グリッドの集計表（q:選択肢）ではないため",
                "not a summary table of a grid's rows (`q:answer`)",
            ),
            NotRun::SameRespondents => (
                "行は同じ回答者のため（対応のある contrast を使う）",
                "the rows have the same respondents: use contrast, which is paired",
            ),
            NotRun::OneAnswer => {
                ("どちらも複数回答の設問ではないため", "neither question takes several answers")
            }
            NotRun::NotDefined => ("このプログラムに定義がないため", "the program has no definition of it"),
            NotRun::RowsLeftOut => ("掲載しない選択肢があるため", "some answers are left out"),
        };
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }
}
