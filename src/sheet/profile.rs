//! How tables are presented: language, axis, what stands in a cell, thresholds, words.

use super::Days;
use super::explanation::Explanation;
use crate::disclosure::stated;
pub use crate::schema::Language;
use crate::schema::Survey;
use crate::significance::{Against, Options};
use crate::tabulate::Level;

/// Where the banner stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// Down the side (表側), as Japanese reports have it.
    Side,
    /// On top (表頭).
    Top,
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellChoice {
    /// 実数
    Count,
    /// ％
    Percent,
    /// 実数 over ％
    Both,
    /// One table of 実数, one of ％
    Apart,
}

/// What a percentage is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PercentBase {
    /// The banner group.
    Banner,
    /// Those who gave the stub's answer.
    Stub,
    /// All respondents given on stub and banner.
    Total,
    /// The group's mentions.
    Mention,
}

/// Which difference from the total is shown, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Difference {
    /// Of the raw percentages, rounded once.
    Raw,
    /// Of the percentages as printed.
    Shown,
}

/// All of presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Language.
    pub language: Language,
    /// Where the banner stands.
    pub axis: Axis,
    /// What stands in a cell.
    pub cell: CellChoice,
    /// What percentages are parts of; `None`: no percentages.
    pub percent: Option<PercentBase>,
    /// Decimal places of percentages.
    pub decimals: u32,
    /// Whether and which differences from the total are shown.
    pub difference: Option<Difference>,
    /// Decimal places of indices, where they are shown.
    pub index: Option<u32>,
    /// Whether the lowest and the highest ratio among a banner's groups are told.
    pub range: bool,
    /// Number of the first table, where tables are numbered.
    pub number: Option<u64>,
    /// What is said of the base under each table, where it is explained.
    pub explanation: Option<Explanation>,
    /// Intervals, where they are shown.
    pub interval: Option<Level>,
    /// Tests and comparisons of columns.
    pub significance: Options,
    /// Bases below this many respondents are marked `*` (参考値); 0: none.
    pub low_base: u64,
    /// Whether cells five and ten points from the total are marked.
    pub hatch: bool,
    /// Whether days are printed in eras where words are Japanese.
    pub era: bool,
    /// Name of a respondent after a number (`名`).
    pub unit: String,
    /// Notes under every table: the survey's own and the user's.
    pub notes: Vec<String>,
}

impl Profile {
    /// Whether columns are compared with one another, so that each has a letter.
    pub(super) fn has_letters(&self) -> bool {
        self.significance.comparison.as_ref().is_some_and(|asked| asked.against == Against::Columns)
    }

    /// Tables of a survey as they are: one decimal, nothing compared, marked or numbered.
    pub fn plain(survey: &Survey, language: Language) -> Profile {
        Profile {
            language,
            axis: Axis::Side,
            cell: CellChoice::Both,
            percent: Some(PercentBase::Banner),
            decimals: 1,
            difference: None,
            index: None,
            range: false,
            number: None,
            explanation: None,
            interval: None,
            significance: Options::default(),
            low_base: 0,
            hatch: false,
            era: survey.era,
            unit: survey.unit.clone(),
            notes: standing_notes(survey, language),
        }
    }

    /// How days are written.
    pub(super) fn days(&self) -> Days {
        match (self.language, self.era) {
            (Language::English, _) => Days::Iso,
            (Language::Japanese, false) => Days::Western,
            (Language::Japanese, true) => Days::Era,
        }
    }
}

/// What every output of a survey says: its note, and how small numbers are hidden where they are.
pub fn standing_notes(survey: &Survey, language: Language) -> Vec<String> {
    let stated = survey.disclosure.as_ref().map(|_| stated(survey, language == Language::Japanese));
    survey.note.iter().cloned().chain(stated).collect()
}

/// The words around the numbers, in one language.
#[derive(Debug)]
pub struct Words {
    /// 全体
    pub total: &'static str,
    /// 計: an outer group of a nested banner as a whole
    pub subtotal: &'static str,
    /// 無回答
    pub no_answer: &'static str,
    /// 選択肢
    pub answer: &'static str,
    /// 回答数
    pub count: &'static str,
    /// ウェイト後n
    pub weighted_base: &'static str,
    /// ウェイト後の回答数
    pub weighted_count: &'static str,
    /// 有効母数
    pub effective_base: &'static str,
    /// 平均 …
    pub mean: &'static str,
    /// 標準偏差
    pub deviation: &'static str,
    /// 第1四分位, 中央値, 第3四分位
    pub quartiles: [&'static str; 3],
    /// 合計
    pub sum: &'static str,
    /// 比率
    pub ratio: &'static str,
    /// 最も早い日, 中央の日, 最も遅い日
    pub days: [&'static str; 3],
    /// ％ of respondents, of mentions
    pub of_respondents: &'static str,
    /// ％ of mentions
    pub of_mentions: &'static str,
}

const JAPANESE: Words = Words {
    total: "全体",
    subtotal: "計",
    no_answer: "無回答",
    answer: "選択肢",
    count: "回答数",
    weighted_base: "ウェイト後n",
    weighted_count: "ウェイト後",
    effective_base: "有効母数",
    mean: "平均",
    deviation: "標準偏差",
    quartiles: ["第1四分位", "中央値", "第3四分位"],
    sum: "合計",
    ratio: "比率",
    days: ["最も早い日", "中央の日", "最も遅い日"],
    of_respondents: "％（回答者）",
    of_mentions: "％（回答総数）",
};

const ENGLISH: Words = Words {
    total: "Total",
    subtotal: "All",
    no_answer: "No answer",
    answer: "Answer",
    count: "Count",
    weighted_base: "Weighted n",
    weighted_count: "Weighted",
    effective_base: "Effective n",
    mean: "Mean",
    deviation: "SD",
    quartiles: ["25%", "Median", "75%"],
    sum: "Sum",
    ratio: "Ratio",
    days: ["Earliest", "Middle", "Latest"],
    of_respondents: "% (respondents)",
    of_mentions: "% (mentions)",
};

impl Language {
    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Language::Japanese => &JAPANESE,
            Language::English => &ENGLISH,
        }
    }

    /// One of two texts.
    pub fn choose<'a>(self, japanese: &'a str, english: &'a str) -> &'a str {
        match self {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }
}
