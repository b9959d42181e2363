//! How form services and panels lay their exports out.

/// The layout of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportLayout {
    /// Google Forms: a timestamp, the questions' texts, several answers in one cell.
    Google,
    /// Microsoft Forms: five columns about the response, the questions' texts, several answers ended by `;`.
    Microsoft,
    /// SurveyMonkey: questions over options, a column for each.
    SurveyMonkey,
    /// Qualtrics: three rows of header, codes, texts and ids.
    Qualtrics,
    /// LimeSurvey: codes, texts or both.
    LimeSurvey,
    /// Panels such as Questant, Surveroid and Freeasy: option numbers, 1/0/blank, `q1_s2_c3`.
    Panel,
    /// Readers of marked forms: -1 is 無回答, -9999 無効.
    Omr,
    /// The columns that the questionnaire declares, and nothing else is looked for.
    Plain,
}

impl ExportLayout {
    /// Every layout and its word.
    pub const ALL: [(&'static str, ExportLayout); 8] = [
        ("google", ExportLayout::Google),
        ("microsoft", ExportLayout::Microsoft),
        ("surveymonkey", ExportLayout::SurveyMonkey),
        ("qualtrics", ExportLayout::Qualtrics),
        ("limesurvey", ExportLayout::LimeSurvey),
        ("panel", ExportLayout::Panel),
        ("omr", ExportLayout::Omr),
        ("plain", ExportLayout::Plain),
    ];
}
