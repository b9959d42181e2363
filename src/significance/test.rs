//! The tests of whole tables and their statistics, by name.

/// A test of a whole table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// The one that fits: Rao–Scott's with weights, else Pearson's, and Fisher's where it is sparse.
    Auto,
    /// Pearson's.
    Pearson,
    /// The likelihood ratio.
    LikelihoodRatio,
    /// Rao and Scott's, for weights.
    RaoScott,
    /// Fisher's exact test.
    Fisher,
    /// Trend over the groups in their order.
    Trend,
    /// Adjusted standardised residuals, in the cells.
    Residual,
    /// McNemar's of two questions with the same options; Bowker's of more than two.
    McNemar,
    /// Stuart and Maxwell's: the same distribution of two questions with the same options.
    Marginal,
    /// Bilder and Loughin's of several answers together.
    BilderLoughin,
    /// Cochran's Q over the rows of a grid.
    Cochran,
    /// The paired linear contrast over the rows of a grid.
    Contrast,
}

impl Test {
    /// Every test by its name.
    pub const ALL: [(&'static str, Test); 12] = [
        ("auto", Test::Auto),
        ("chisq", Test::Pearson),
        ("lr", Test::LikelihoodRatio),
        ("rs", Test::RaoScott),
        ("fisher", Test::Fisher),
        ("trend", Test::Trend),
        ("residual", Test::Residual),
        ("mcnemar", Test::McNemar),
        ("marginal", Test::Marginal),
        ("bilder-loughin", Test::BilderLoughin),
        ("cochran", Test::Cochran),
        ("contrast", Test::Contrast),
    ];

    /// Those of tables without a banner: over the rows of a grid. A trend is refused there in words.
    pub const OF_ROWS: [(&'static str, Test); 3] =
        [("cochran", Test::Cochran), ("contrast", Test::Contrast), ("trend", Test::Trend)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Test::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }

    /// Whether it takes respondents as drawn independently, each counting as one.
    pub fn counts_respondents(self) -> bool {
        !matches!(self, Test::RaoScott | Test::Auto)
    }

    /// The statistic that stands for it where it was not run.
    pub fn statistic(self) -> Statistic {
        match self {
            Test::Auto | Test::Pearson | Test::Residual => Statistic("chisq"),
            Test::LikelihoodRatio => Statistic("lr"),
            Test::RaoScott => Statistic("rs_f"),
            Test::Fisher => Statistic("fisher_p"),
            Test::Trend => Statistic("trend"),
            Test::McNemar => Statistic("mcnemar"),
            Test::Marginal => Statistic("marginal"),
            Test::BilderLoughin => Statistic("bl_x2"),
            Test::Cochran => Statistic("cochran"),
            Test::Contrast => Statistic("contrast"),
        }
    }
}

/// A statistic by its name in tidy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statistic(pub &'static str);

impl Statistic {
    /// Every statistic's name.
    pub const ALL: [&'static str; 40] = [
        "chisq",
        "chisq_df",
        "chisq_p",
        "lr",
        "lr_df",
        "lr_p",
        "rs_f",
        "rs_df1",
        "rs_df2",
        "rs_p",
        "rs1_chisq",
        "rs1_df",
        "rs1_p",
        "fisher_p",
        "fisher_se",
        "fisher_seed",
        "trend",
        "trend_p",
        "cramers_v",
        "expected_min",
        "bonferroni_p",
        "mcnemar",
        "mcnemar_df",
        "mcnemar_p",
        "mcnemar_exact_p",
        "marginal",
        "marginal_df",
        "marginal_p",
        "bl_x2",
        "bl_rs2",
        "bl_df",
        "bl_p",
        "bl_bonferroni_p",
        "rows_n",
        "cochran",
        "cochran_df",
        "cochran_p",
        "contrast",
        "contrast_df",
        "contrast_p",
    ];
}
