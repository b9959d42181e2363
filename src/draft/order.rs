//! The order of answers, where their words tell it: scales from very much to not at all, and bands of numbers.

use crate::schema::matching_key;

/// Words that make an answer the opposite.
const AGAINST: [&str; 17] = [
    "ない",
    "不満",
    "悪い",
    "反対",
    "低い",
    "少ない",
    "弱い",
    "不安",
    "不十分",
    "困難",
    "嫌い",
    "disagree",
    "dissatisfied",
    "poor",
    "unlikely",
    "never",
    "not ",
];
/// Words for the middle.
const MIDDLE: [&str; 11] = [
    "どちらともいえ",
    "どちらとも言え",
    "どちらでも",
    "ふつう",
    "普通",
    "どちらともつか",
    "中立",
    "neither",
    "neutral",
    "変わらない",
    "まあまあ",
];
/// Words for who has no opinion, who stand last.
const NO_OPINION: [&str; 7] =
    ["わからない", "分からない", "無回答", "未回答", "don't know", "該当しない", "答えたくない"];
/// Words that make an answer stronger, and weaker.
const STRONG: [&str; 15] = [
    "とても",
    "非常に",
    "大変",
    "たいへん",
    "かなり",
    "全く",
    "まったく",
    "十分",
    "strongly",
    "very",
    "extremely",
    "いつも",
    "必ず",
    "大いに",
    "完全",
];
const WEAK: [&str; 16] = [
    "やや",
    "どちらかといえば",
    "どちらかと言えば",
    "まあ",
    "あまり",
    "それほど",
    "ある程度",
    "少し",
    "多少",
    "somewhat",
    "slightly",
    "ときどき",
    "時々",
    "たまに",
    "概ね",
    "おおむね",
];

/// Places of the answers in their order, where the words tell it.
pub(super) fn of_scale(labels: &[&str]) -> Option<Vec<usize>> {
    let keys: Vec<String> = labels.iter().map(|label| matching_key(label).to_lowercase()).collect();
    let has = |key: &str, words: &[&str]| words.iter().any(|word| key.contains(word));
    let rank = |key: &String| -> i32 {
        if has(key, &NO_OPINION) {
            return 100;
        }
        if has(key, &MIDDLE) {
            return 0;
        }
        let strength = match (has(key, &STRONG), has(key, &WEAK)) {
            (_, true) => 1,
            (true, _) => 3,
            _ => 2,
        };
        if has(key, &AGAINST) { strength } else { -strength }
    };
    let mut ranks: Vec<(i32, usize)> =
        keys.iter().enumerate().map(|(place, key)| (rank(key), place)).collect();
    ranks.sort_unstable();
    let opinions: Vec<i32> = ranks.iter().map(|(rank, _)| *rank).filter(|&rank| rank != 100).collect();
    let distinct = opinions.windows(2).all(|pair| pair[0] != pair[1]);
    let sides = opinions.iter().any(|&rank| rank < 0) && opinions.iter().any(|&rank| rank > 0);
    let graded = keys.iter().any(|key| has(key, &STRONG) || has(key, &WEAK) || has(key, &MIDDLE));
    (opinions.len() >= 3 && distinct && sides && graded)
        .then(|| ranks.into_iter().map(|(_, place)| place).collect())
}

/// Places of the answers by the first number in each, where every one has one: 20代, 30〜39歳, 100万円未満.
pub(super) fn of_bands(labels: &[&str]) -> Option<Vec<usize>> {
    let mut bands = Vec::with_capacity(labels.len());
    for (place, label) in labels.iter().enumerate() {
        let key = matching_key(label);
        if NO_OPINION.iter().any(|word| key.contains(word)) || super::words::means_missing(&key) {
            bands.push((i64::MAX, 0, place));
            continue;
        }
        let begin = key.find(|sign: char| sign.is_ascii_digit())?;
        let digits: String = key[begin..]
            .chars()
            .take_while(|sign| sign.is_ascii_digit() || *sign == ',')
            .filter(|sign| *sign != ',')
            .collect();
        let below = key.contains("未満") && !key.contains('〜') && !key.contains("以上");
        bands.push((digits.parse().ok()?, i64::from(!below), place));
    }
    bands.sort_unstable();
    let few = bands.iter().filter(|(from, ..)| *from != i64::MAX).count();
    let distinct = bands.windows(2).all(|pair| (pair[0].0, pair[0].1) != (pair[1].0, pair[1].1));
    (few >= 2 && distinct).then(|| bands.into_iter().map(|(_, _, place)| place).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ordered<'a>(labels: &[&'a str], of: fn(&[&str]) -> Option<Vec<usize>>) -> Option<Vec<&'a str>> {
        Some(of(labels)?.into_iter().map(|place| labels[place]).collect())
    }

    #[test]
    fn five_points_have_their_order() {
        for scale in [
            &["とてもそう思う", "そう思う", "どちらともいえない", "そう思わない", "全くそう思わない"][..],
            &[
                "そう思う",
                "ややそう思う",
                "どちらともいえない",
                "あまりそう思わない",
                "そう思わない",
                "わからない",
            ],
            &["満足", "やや満足", "どちらともいえない", "やや不満", "不満"],
            &["非常に満足", "満足", "普通", "不満", "非常に不満"],
            &["十分に取れている", "取れている", "あまり取れていない", "全く取れていない"],
            &["Strongly agree", "Agree", "Neither", "Disagree", "Strongly disagree"],
        ] {
            let mut mixed = scale.to_vec();
            mixed.rotate_left(2);
            mixed.swap(0, 1);
            let found = ordered(&mixed, of_scale);
            assert_eq!(found.as_deref(), Some(scale), "{mixed:?}");
        }
        for none in [&["東京", "大阪", "京都"][..], &["はい", "いいえ"], &["行かない", "行った", "行く予定"]]
        {
            assert_eq!(of_scale(none), None, "{none:?}");
        }
    }

    #[test]
    fn bands_have_the_order_of_their_numbers() {
        let bands = ["40代", "20代", "無回答", "30代"];
        assert_eq!(ordered(&bands, of_bands).as_deref(), Some(&["20代", "30代", "40代", "無回答"][..]));
        let money = ["300〜500万円未満", "100万円未満", "100〜300万円未満", "1,000万円以上"];
        let expected = ["100万円未満", "100〜300万円未満", "300〜500万円未満", "1,000万円以上"];
        assert_eq!(ordered(&money, of_bands).as_deref(), Some(&expected[..]));
        assert_eq!(of_bands(&["a1", "b"]), None);
    }
}
