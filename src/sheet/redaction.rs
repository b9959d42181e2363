//! What in a comment may tell who wrote it or about whom: found by its form, replaced by what it is.
//!
//! Only what has a form can be found. A name without さん or 様 is not, and a place or an illness
//! neither; somebody has to read every comment before it is published, and the note says so.

use std::sync::LazyLock;

use regex::Regex;

use super::Language;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Personal {
    /// An address of mail.
    Mail,
    /// A web address.
    Web,
    /// A postal code.
    PostalCode,
    /// A telephone number.
    Telephone,
    /// A name with さん, 様, 氏 or 先生.
    Name,
}

impl Personal {
    /// The word that stands in its place, without brackets.
    pub fn word(self, language: Language) -> &'static str {
        match self {
            Personal::Mail => language.choose("メールアドレス", "mail address"),
            Personal::Web => language.choose("URL", "web address"),
            Personal::PostalCode => language.choose("郵便番号", "postal code"),
            Personal::Telephone => language.choose("電話番号", "telephone number"),
            Personal::Name => language.choose("氏名", "name"),
        }
    }
}

/// Full-width digits, letters and hyphens count like half-width ones; mail and web come first, for they
/// may hold what looks like a telephone number, whose beginning looks like a postal code.
static FORMS: LazyLock<Vec<(Personal, Regex)>> = LazyLock::new(|| {
    let digit = "[0-9０-９]";
    let dash = "[-‐‑–−ー－―]";
    let forms = [
        (Personal::Mail, r"[A-Za-z0-9._%+Ａ-Ｚａ-ｚ０-９-]+[@＠][A-Za-z0-9Ａ-Ｚａ-ｚ０-９.．-]+".to_string()),
        (Personal::Web, r"https?://[^\s、。）」]+".to_string()),
        (
            Personal::Telephone,
            format!(
                r"[0０]{digit}{{1,4}}(?:{dash}|[(（]){digit}{{1,4}}(?:{dash}|[)）]){digit}{{3,4}}|[0０]{digit}{{9,10}}"
            ),
        ),
        (
            Personal::PostalCode,
            format!(r"〒\s?{digit}{{3}}{dash}?{digit}{{4}}|\b{digit}{{3}}{dash}{digit}{{4}}\b"),
        ),
        (
            Personal::Name,
            r"[\p{Han}々]{1,4}(?:さん|さま|様|氏|先生)|[\p{Katakana}ー]{2,8}(?:さん|様|氏)".to_string(),
        ),
    ];
    // The expressions are constants; a test compiles them.
    forms.into_iter().filter_map(|(what, form)| Some((what, Regex::new(&form).ok()?))).collect()
});

/// Words that look like names and are none: what people are called by their part.
const PARTS: [&str; 24] = [
    "患者",
    "利用者",
    "家族",
    "皆",
    "みな",
    "医師",
    "看護師",
    "お医者",
    "医者",
    "主治医",
    "担当",
    "奥",
    "旦那",
    "息子",
    "娘",
    "父",
    "母",
    "子",
    "お子",
    "嫁",
    "兄",
    "姉",
    "客",
    "相談員",
];

/// The comment with what was found replaced by its word in 〔 〕.
pub fn redacted(comment: &str, language: Language) -> (String, Vec<Personal>) {
    let mut found = Vec::new();
    let mut text = comment.to_string();
    for (what, form) in FORMS.iter() {
        let replaced = form.replace_all(&text, |captures: &regex::Captures<'_>| {
            let whole = &captures[0];
            let part = |part: &str| whole.strip_prefix(part).is_some_and(|rest| rest.chars().count() <= 2);
            if *what == Personal::Name && PARTS.into_iter().any(part) {
                return whole.to_string();
            }
            found.push(*what);
            format!("〔{}〕", what.word(language))
        });
        text = replaced.into_owned();
    }
    (text, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_an_expression() {
        assert_eq!(FORMS.len(), 5);
    }

    #[test]
    fn what_has_a_form_is_replaced_and_told() {
        let cases = [
            ("電話は０３－1234－5678へ", "電話は〔電話番号〕へ"),
            ("090-1234-5678か0312345678", "〔電話番号〕か〔電話番号〕"),
            ("03(1234)5678", "〔電話番号〕"),
            ("a.b+c@example.co.jp に", "〔メールアドレス〕 に"),
            ("〒510-0001 桑名市", "〔郵便番号〕 桑名市"),
            ("佐藤さんと山田先生", "〔氏名〕と〔氏名〕"),
            ("サトウ様", "〔氏名〕"),
            // A name that begins like a part somebody plays.
            ("皆川さん", "〔氏名〕"),
            ("https://example.com/090-1234-5678 を見た", "〔URL〕 を見た"),
        ];
        for (comment, expected) in cases {
            assert_eq!(redacted(comment, Language::Japanese).0, expected);
        }
    }

    #[test]
    fn ordinary_words_stay() {
        for comment in [
            "患者さんと家族さん",
            "利用者様のために",
            "18時から20時まで",
            "2016年11月10日",
            "3-4人",
            "100床以下",
        ] {
            assert_eq!(redacted(comment, Language::Japanese), (comment.to_string(), Vec::new()));
        }
    }
}
