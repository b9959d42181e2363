//! `options = "@prefectures"`: the 47 prefectures with the spellings found in exports.

use super::{Code, QuestionOption};

/// Names in the order of their JIS X 0401 codes, 1 to 47.
const PREFECTURES: [(&str, &str); 47] = [
    ("北海道", "Hokkaido"),
    ("青森県", "Aomori"),
    ("岩手県", "Iwate"),
    ("宮城県", "Miyagi"),
    ("秋田県", "Akita"),
    ("山形県", "Yamagata"),
    ("福島県", "Fukushima"),
    ("茨城県", "Ibaraki"),
    ("栃木県", "Tochigi"),
    ("群馬県", "Gunma"),
    ("埼玉県", "Saitama"),
    ("千葉県", "Chiba"),
    ("東京都", "Tokyo"),
    ("神奈川県", "Kanagawa"),
    ("新潟県", "Niigata"),
    ("富山県", "Toyama"),
    ("石川県", "Ishikawa"),
    ("福井県", "Fukui"),
    ("山梨県", "Yamanashi"),
    ("長野県", "Nagano"),
    ("岐阜県", "Gifu"),
    ("静岡県", "Shizuoka"),
    ("愛知県", "Aichi"),
    ("三重県", "Mie"),
    ("滋賀県", "Shiga"),
    ("京都府", "Kyoto"),
    ("大阪府", "Osaka"),
    ("兵庫県", "Hyogo"),
    ("奈良県", "Nara"),
    ("和歌山県", "Wakayama"),
    ("鳥取県", "Tottori"),
    ("島根県", "Shimane"),
    ("岡山県", "Okayama"),
    ("広島県", "Hiroshima"),
    ("山口県", "Yamaguchi"),
    ("徳島県", "Tokushima"),
    ("香川県", "Kagawa"),
    ("愛媛県", "Ehime"),
    ("高知県", "Kochi"),
    ("福岡県", "Fukuoka"),
    ("佐賀県", "Saga"),
    ("長崎県", "Nagasaki"),
    ("熊本県", "Kumamoto"),
    ("大分県", "Oita"),
    ("宮崎県", "Miyazaki"),
    ("鹿児島県", "Kagoshima"),
    ("沖縄県", "Okinawa"),
];

/// The 47 options, with integer codes 1 to 47.
///
/// Integer codes, not `"01"`, so that `of = [13, 23]` and `pref == 13` mean what they say.
/// Matching keys keep letter case, so the romanised names come in the three cases that occur.
pub(super) fn options() -> Vec<QuestionOption> {
    let mut options = Vec::with_capacity(PREFECTURES.len());
    for (code, (label, roman)) in (1..).zip(PREFECTURES) {
        let mut spellings = Vec::new();
        if code < 10 {
            spellings.push(format!("{code:02}"));
        }
        // 北海道 is never called 北海; the others drop their last character.
        let short = match label.strip_suffix(['都', '府', '県']) {
            Some(short) => {
                spellings.push(short.to_string());
                Some(short.to_string())
            }
            None => None,
        };
        for name in std::iter::once(label).chain(short.as_deref()) {
            spellings.extend([
                format!("{code} {name}"),
                format!("{code}{name}"),
                format!("{code:02} {name}"),
                format!("{code:02}{name}"),
            ]);
        }
        spellings.extend([roman.to_string(), roman.to_lowercase(), roman.to_uppercase()]);
        spellings.sort();
        spellings.dedup();
        options.push(QuestionOption {
            label_en: Some(roman.to_string()),
            short,
            spellings,
            ..QuestionOption::new(Code::Integer(code), label.to_string())
        });
    }
    options
}
