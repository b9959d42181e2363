//! Whose definition of a comparison of columns: programs disagree, so each is named.

use super::Correction;
use crate::schema::Language;

/// A named definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// renkei's own: pooled t on Kish's effective bases, Holm over the pairs of a row.
    Renkei,
    /// SPSS CTABLES' comparison of proportions.
    Spss,
    /// UNICOM Dimensions, as Quantipy mimics it.
    Dimensions,
    /// Crunch, as crunch-cube computes it.
    Crunch,
}

impl Preset {
    /// Every preset by its name.
    pub const ALL: [(&'static str, Preset); 4] = [
        ("renkei", Preset::Renkei),
        ("spss", Preset::Spss),
        ("dimensions", Preset::Dimensions),
        ("crunch", Preset::Crunch),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        Preset::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// The correction it has unless another is asked for.
    pub fn correction(self) -> Correction {
        match self {
            Preset::Renkei => Correction::Holm,
            Preset::Spss => Correction::Bonferroni,
            Preset::Dimensions | Preset::Crunch => Correction::None,
        }
    }

    /// Columns of fewer respondents are not compared.
    pub fn least_base(self) -> u64 {
        match self {
            Preset::Renkei | Preset::Dimensions => 30,
            Preset::Spss => 2,
            Preset::Crunch => 1,
        }
    }

    /// Bases under this are small, though compared: `None`, it has no such rule.
    pub fn small_base(self) -> Option<u64> {
        match self {
            Preset::Renkei | Preset::Dimensions => Some(100),
            Preset::Spss | Preset::Crunch => None,
        }
    }

    /// How it takes account of respondents who are in both of what is compared.
    pub fn overlap_words(self, language: Language) -> &'static str {
        let (japanese, english) = match self {
            Preset::Renkei | Preset::Spss | Preset::Dimensions => (
                "重複する回答者の分だけ差の分散を小さくしている",
                "the variance of a difference is smaller by the respondents in both",
            ),
            Preset::Crunch => (
                "重複する列の差の分散は列の大きさの差の分散（crunch-cube の定義）、平均は比べない",
                "columns that share respondents: the variance is that of the difference of their sizes (crunch-cube's definition); means are not compared",
            ),
        };
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }

    /// What it computes, of percentages and of means.
    pub fn words(self, language: Language) -> &'static str {
        let (japanese, english) = match self {
            Preset::Renkei => (
                "有効母数による t 検定（％はプールした分散、平均は Welch）",
                "t test on effective bases (percentages: pooled variance; means: Welch)",
            ),
            Preset::Spss => (
                "ウェイト後nによる z 検定（プールした分散、平均は比べない）",
                "z test on weighted bases (pooled variance; means are not compared)",
            ),
            Preset::Dimensions => (
                "有効母数による t 検定（プールした分散、平均は比べない）",
                "t test on effective bases (pooled variance; means are not compared)",
            ),
            Preset::Crunch => (
                "有効母数による t 検定（プールしない分散、平均は n による Welch）",
                "t test on effective bases (unpooled variance; means: Welch on n)",
            ),
        };
        match language {
            Language::Japanese => japanese,
            Language::English => english,
        }
    }
}
