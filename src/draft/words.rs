//! Words that tell what a column or a value is for, wherever it comes from.

use crate::schema::matching_key;

/// What a column is for, when it is no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It tells who a person is.
    Personal,
    /// When, how and from where the reply came.
    About,
    /// A weight or a part of the sampling design.
    Sample,
}

/// Headers that tell who a person is; where they are ASCII, as whole words.
const PERSONAL: [&str; 21] = [
    "氏名",
    "お名前",
    "名前",
    "メールアドレス",
    "email",
    "email address",
    "e-mail",
    "mail",
    "電話",
    "tel",
    "phone",
    "住所",
    "address",
    "recipientfirstname",
    "recipientlastname",
    "recipientemail",
    "first name",
    "last name",
    "ip",
    "ip address",
    "ipaddress",
];
/// Headers of what a service notes about a reply.
const ABOUT: [&str; 51] = [
    "タイムスタンプ",
    "timestamp",
    "startdate",
    "enddate",
    "recordeddate",
    "start time",
    "completion time",
    "last modified time",
    "開始時刻",
    "完了時刻",
    "最終変更時刻",
    "開始日時",
    "終了日時",
    "回答日時",
    "送信日時",
    "更新日時",
    "submitdate",
    "datestamp",
    "lastpage",
    "startlanguage",
    "seed",
    "refurl",
    "token",
    "date created",
    "date modified",
    "collector id",
    "collectorid",
    "custom data",
    "custom data 1",
    "duration (in seconds)",
    "duration",
    "回答時間",
    "所要時間",
    "finished",
    "progress",
    "status",
    "ステータス",
    "distributionchannel",
    "userlanguage",
    "externalreference",
    "externaldatareference",
    "locationlatitude",
    "locationlongitude",
    "language",
    "interviewtime",
    "submitted",
    "開始時間",
    "完了時間",
    "終了時刻",
    "終了時間",
    "最終更新時刻",
];
const SAMPLE: [&str; 13] = [
    "weight",
    "weights",
    "wt",
    "ウェイト",
    "ウエイト",
    "stratum",
    "strata",
    "psu",
    "cluster",
    "fpc",
    "層",
    "抽出率",
    "集計用ウェイト",
];
/// Headers of respondents' keys.
const KEYS: [&str; 22] = [
    "id",
    "no",
    "no.",
    "番号",
    "回答者id",
    "回答者番号",
    "回答番号",
    "回答id",
    "整理番号",
    "調査票番号",
    "通し番号",
    "管理番号",
    "respondent",
    "respondent id",
    "respondentid",
    "respondent_id",
    "response id",
    "responseid",
    "sampleid",
    "sample id",
    "サンプル番号",
    "サンプルid",
];
/// Parts of headers of comments.
const TEXTS: [&str; 16] = [
    "自由",
    "ご意見",
    "意見をお",
    "具体的に",
    "お書きください",
    "ご記入",
    "記述",
    "コメント",
    "備考",
    "memo",
    "メモ",
    "open-ended",
    "comment",
    "free text",
    "感想",
    "その他の内容",
];
/// Parts of headers that offer answers to choose from.
const OFFERS: [&str; 14] = [
    "いくつでも",
    "すべて",
    "全て",
    "選択",
    "選び",
    "選んで",
    "ひとつ",
    "一つ",
    "1つ",
    "あてはまる",
    "当てはまる",
    "(ma)",
    "(sa)",
    "select",
];
/// Parts of headers of numbers.
const NUMBERS: [&str; 22] = [
    "年齢",
    "人数",
    "件数",
    "回数",
    "日数",
    "年数",
    "時間",
    "分数",
    "金額",
    "円",
    "割合",
    "台数",
    "世帯",
    "人口",
    "病床数",
    "店舗数",
    "age",
    "count",
    "number of",
    "何人",
    "何回",
    "何件",
];
/// Words and codes that often mean 無回答.
const MISSING: [&str; 19] = [
    "無回答",
    "未回答",
    "回答なし",
    "不明",
    "無効",
    "na",
    "n/a",
    "n.a.",
    "null",
    "none",
    "nan",
    "#n/a",
    "missing",
    "無回答・不明",
    "不明・無回答",
    "該当なし",
    "非該当",
    "-",
    ".",
];
/// Numbers that often mean 無回答 or 非該当.
const MISSING_NUMBERS: [i64; 8] = [-1, -9, -99, -9999, 99, 999, 9999, 88];

fn folded(text: &str) -> String {
    matching_key(text).to_lowercase()
}

/// Whether a header is one of a service's or person's columns, and which.
pub(super) fn purpose(header: &str) -> Option<Purpose> {
    let key = folded(header);
    let is = |words: &[&str]| words.iter().any(|word| key == *word);
    let has = |words: &[&str]| words.iter().filter(|word| !word.is_ascii()).any(|word| key.contains(word));
    // Of what uses メール, a question may ask.
    if is(&PERSONAL) || key == "メール" || (key.chars().count() <= 12 && has(&PERSONAL)) {
        Some(Purpose::Personal)
    } else if is(&ABOUT) {
        Some(Purpose::About)
    } else if is(&SAMPLE) {
        Some(Purpose::Sample)
    } else {
        None
    }
}

/// Whether a header is one of respondents' keys.
pub(super) fn names_key(header: &str) -> bool {
    let key = folded(header);
    KEYS.iter().any(|word| key == *word)
}

/// Whether a header asks for words of the respondent's own.
pub(super) fn asks_words(header: &str) -> bool {
    let key = folded(header);
    TEXTS.iter().any(|word| key.contains(word))
        || key.ends_with("_t")
        || key.ends_with("fa")
        || key.strip_suffix('t').is_some_and(|rest| rest.ends_with(|sign: char| sign.is_ascii_digit()))
        || key.ends_with("_other")
        || key.ends_with("[other]")
}

/// Whether a header asks for words of the respondent's own, or may: `理由` and `その他` do where nothing is said to be
/// chosen.
pub(super) fn asks_own_words(header: &str) -> bool {
    let key = folded(header);
    let may = ["理由", "その他", "reason", "other ("].iter().any(|word| key.contains(word));
    asks_words(header) || (may && !OFFERS.iter().any(|word| key.contains(word)))
}

/// Whether a header asks for a number.
pub(super) fn asks_number(header: &str) -> bool {
    let key = folded(header);
    NUMBERS.iter().any(|word| if word.is_ascii() { key == *word } else { key.contains(word) })
}

/// Whether a header asks for a prefecture.
pub(super) fn asks_prefecture(header: &str) -> bool {
    let key = folded(header);
    key.contains("都道府県") || key.contains("prefecture") || key == "pref"
}

/// Whether a word often means 無回答.
pub(super) fn means_missing(value: &str) -> bool {
    let key = folded(value);
    MISSING.iter().any(|word| key == *word)
}

/// Whether a code often means 無回答: one that stands apart from the others, which go up to `greatest`.
pub(super) fn may_mean_missing(code: i64, greatest: i64) -> bool {
    (MISSING_NUMBERS.contains(&code) || (code == 9 && greatest < 8)) && (code < 0 || code > greatest + 1)
}

/// Whether an option is その他.
pub(super) fn is_other(label: &str) -> bool {
    let key = folded(label);
    key.starts_with("その他") || key == "other" || key.starts_with("other (")
}
