//! Makes `data-samples/care-manager-2016.csv`: 604 invented replies to a real questionnaire.
//!
//! 模擬データ: no row is a person. A press release of 2016-11-24 (株式会社エス・エム・エス,
//! 『在宅医療・介護の連携推進に関する実態調査』) printed some percentages and some wordings (4割以上, 最多,
//! 圧倒的多数); the counts below satisfy every one of them, and everything the release did not print is
//! assumed. The counts are dealt out exactly, never drawn: randomness only decides who gets which answer,
//! so a table of this file can be checked against a published figure to the last digit.
//!
//! ```text
//! cargo run --example care_manager_2016 > data-samples/care-manager-2016.csv
//! ```
//!
//! Only `std`, integers and an own generator of random numbers: the bytes depend on nothing but this file,
//! and a test can include it by `#[path]` and compare [`csv`] with the committed sample.

use std::fmt::Write as _;
use std::io::{self, Write as _};

/// Respondents: 有効回答数 604名 (printed).
const RESPONDENTS: usize = 604;

/// Any number would do; the field period's first day is easy to remember.
const SEED: u64 = 20161110;

/// Stands for 無回答, a blank cell.
const BLANK: u8 = 0;

/// Q1 × Q4, `[q1][q4]`: 推進されていると感じる, 〜いないと感じる, どちらともいえない × 常に, 要請時のみ, 提供していない.
///
/// Printed: 48% feel progress (290), 4割以上 do not (274), and those who always provide information feel
/// progress more than those who do on request (here 57.5% and 33.7%).
const PROGRESS_BY_PROVISION: [[usize; 3]; 3] = [[214, 70, 6], [138, 122, 14], [20, 16, 4]];

/// Q2 by Q1: 感じている, 感じていない. Printed: 94% of those who see no progress, 8割以上 of all (495).
const SUPPORT_BY_PROGRESS: [[usize; 2]; 3] = [[85, 205], [17, 257], [7, 33]];

/// Q3 by Q1, mentions of each option: the eight initiatives ア–ク, その他, 特にない.
///
/// Printed: the fourth is 最多 in both groups, with 23% among those who see no progress. As the largest of
/// so many options that can only be a share of mentions (184 of 800; of respondents it is 67.2%).
const WISHES_BY_PROGRESS: [[usize; 10]; 3] = [
    [74, 102, 128, 164, 92, 98, 78, 26, 8, 10],
    [62, 118, 140, 184, 96, 90, 72, 28, 6, 4],
    [9, 12, 15, 20, 11, 12, 9, 3, 1, 4],
];

/// Q5 and Q6: 医師, 看護師, ソーシャルワーカー, リハビリ職, 薬剤師, 管理栄養士, 事務職, その他; last 無回答.
/// Printed: 圧倒的多数 for ソーシャルワーカー (easiest) and for 医師 (hardest).
const EASIEST: [usize; 9] = [34, 118, 392, 28, 9, 3, 7, 8, 5];
const HARDEST: [usize; 9] = [421, 52, 12, 14, 27, 15, 38, 18, 7];

/// Q7, a row a bed class: 非常に取りやすい, やや取りやすい, やや取りにくい, 非常に取りにくい, 関わりがない.
/// Printed: the first two together, 39.2% for the smallest class (237) and 19.4% for the largest (117).
const EASE_BY_BEDS: [[usize; 5]; 5] = [
    [52, 185, 208, 87, 72],
    [41, 164, 236, 98, 65],
    [33, 142, 254, 110, 65],
    [26, 119, 262, 124, 73],
    [20, 97, 252, 139, 96],
];

/// Q9: 家族や親族, 介護サービス事業所, 医療機関, 本人, その他. Printed: 74.3, 11.9, 5.3 and 3.1%.
const NEWS_FROM: [usize; 5] = [449, 72, 32, 19, 32];

/// Q11 and Q12, `[q1][q4]`: いつも, ときどき, あまりない, ない; last 無回答.
/// Printed: those who feel progress use both more often.
const CONFERENCE: [[[usize; 5]; 3]; 3] = [
    [[78, 88, 36, 10, 2], [17, 28, 18, 7, 0], [1, 2, 2, 1, 0]],
    [[28, 52, 40, 16, 2], [13, 37, 50, 21, 1], [1, 3, 6, 4, 0]],
    [[4, 8, 5, 2, 1], [2, 5, 6, 3, 0], [0, 1, 2, 1, 0]],
];
const CARE_MANAGER_TIME: [[[usize; 5]; 3]; 3] = [
    [[34, 72, 62, 42, 4], [6, 20, 24, 19, 1], [0, 1, 2, 3, 0]],
    [[10, 36, 48, 42, 2], [5, 24, 46, 45, 2], [0, 2, 4, 8, 0]],
    [[2, 6, 7, 5, 0], [1, 3, 6, 6, 0], [0, 0, 2, 2, 0]],
];

/// Respondents of each prefecture, 北海道 to 沖縄県; about proportional to the population of 2015.
const PREFECTURES: [usize; 47] = [
    26, 6, 6, 11, 5, 5, 9, 14, 9, 9, 35, 30, 60, 44, 11, 5, 6, 4, 4, 10, 10, 18, 33, 9, 7, 13, 40, 27, 7, 5,
    3, 3, 9, 14, 7, 4, 5, 7, 3, 25, 4, 7, 9, 6, 5, 8, 7,
];

/// 東京都, 愛知県 and 大阪府 are 都市部, as printed.
const URBAN: [usize; 3] = [13, 23, 27];

/// Q10, invented but for the eight that were printed: who may have written it (a code of Q1, or anybody) and the words.
const COMMENTS: [(Option<u8>, &[&str]); 3] = [
    (
        Some(1),
        &[
            "地域の病院で入退院の連絡票が統一され、やりとりが楽になりました。",
            "訪問看護師さんに間に入ってもらうと話が早い。",
            "多職種の研修に参加してから、病棟に電話しやすくなった。",
            "市の連携拠点に相談員がいて助かっています。",
            "医師会が開く事例検討会に声をかけてもらえるようになった。続けてほしい。",
            "受診に同席させてもらうと、その後の調整がスムーズです。",
            "救急搬送のとき、お薬手帳と連絡先をまとめたカードが役に立った。",
            "病院の相談員さんには本当に感謝しています。",
            "近くの診療所が訪問診療を始めてくれて、選択肢が増えた。",
            "良かった点：退院前カンファレンスの日程を早めに知らせてくれる。\n困る点：オンラインで参加できない。",
            "月1回の合同会議で顔を合わせるので、電話1本で済むことが増えました。",
            "連携ノートを3年続けています。\n・病院も書いてくれる\n・家族も読める",
        ],
    ),
    (
        Some(2),
        &[
            "退院の日が決まってから連絡が来ることが多く、サービスの調整が間に合わない。1週間前には知りたい。",
            "連携室の担当者が替わるたびに、一からの説明になってしまう。",
            "夜間や休日の相談先がはっきりしない。",
            "行政の担当課が医療と介護で分かれていて、どこに相談すればよいのかわかりにくい。",
            "情報提供書を渡しても、病棟まで届いていないことがある。",
            "病院からも入院の一報がほしい。",
            "大きな病院ほど、どこが窓口なのか迷います。",
            "病院の先生と在宅の先生の間でも、情報が共有されていないように感じる。",
            "転院を繰り返すうちに、それまでの経過が途切れてしまう。",
            "暮らしぶりを伝えられないまま退院先が決まってしまうことがある。",
            "FAXの返事が来ない。\n電話では取り次いでもらえない。",
            "会議は開かれているが、現場で何が変わったのか見えてこない。",
            "電話をかける時間にいつも迷う。\"今よろしいですか\" から始めている。",
        ],
    ),
    (
        None,
        &[
            "主治医に連絡する方法が病院ごとに違う。\"電話\",\"FAX\",\"連携室経由\" などの一覧があると助かる。",
            "顔の見える関係づくりが大切。年に数回でも合同の勉強会があると話しやすくなる。",
            "薬の変更を早く知りたい。",
            "「ケアマネタイム」を知らない事業所も多いのでは？ 周知が必要だと思います。",
            "医療用語が難しく、質問するのに気後れする。入門の研修があるとうれしい。",
            "1人で40件近く担当していると, 会議に出る時間がなかなか取れない。",
            "連携システムが入った地域ですが, まだ使っている医療機関が少ないです。",
            "入院時の情報提供書は、1枚にまとまっていると書きやすいし読んでもらいやすい。",
            "看取りについて、本人・家族・医師・ケアマネで早めに話し合える場がほしい。",
            "調査の結果を地域にも返してください。",
            "歯科や薬局との連携も、もっと話題になってよいと思う。",
            "市町村をまたぐと書式が変わるので、広域でそろえてほしい。",
            "認知症の方の入院では、ふだんの様子を伝えることが特に大事だと思う。",
            "事業所の若い職員を連れて、病院へあいさつ回りをしています。",
            "遠方の病院とはオンラインで面談できるとありがたい。",
            "連絡の手間が報われる仕組みがあるとよい。",
            "リハビリの目標を文書でもらえると、ケアプランに反映しやすいです。",
            "利用者さんやご家族にも、連携の意味を知ってもらう機会が必要。",
            "栄養士さんとの接点がほとんどない。",
            "在宅医療の講座を、住民と専門職が一緒に聞けるとよいと思います。",
            "設問6は病院によって違うので、1つに決めるのが難しかった。",
            "まずは自分から声をかけるように心がけている。",
            "インフルエンザの時期は面会ができず, 状態の把握に苦労する。",
            "特になし",
            "特になし。",
            "特にありません",
            "なし",
            // The eight that the release prints (個別回答抜粋), word for word.
            "往診医が不足しているため、在宅医療が促進されても結局病院に戻ってしまう。往診医を増やすべき。",
            "退院連携加算をもっと手厚くして、必ず連携しなければならないようにしては？",
            "医療・介護がいつでもどこでも連携が取れるようにするコミュニケーションツールの開発が必要。",
            "独居の利用者の在宅医療（特に緊急時）はキーパーソンが不在であることが多く対応が難しい。",
            "医療機関側の敷居の高さがある。介護を見下している。",
            "医師によって在宅医療に協力的かどうかがかなり違う。バラつきが大きい。",
            "ケアマネがもっと医療を勉強すべき。",
            "医療機関のホームページで連携例を紹介したり、連携室の有無を掲載してほしい。",
        ],
    ),
];

// A test that includes this file calls `csv` and leaves `main` unused.
#[allow(dead_code)]
fn main() -> io::Result<()> {
    io::stdout().write_all(csv().as_bytes())
}

/// The whole sample file: UTF-8, LF, a header line and a record for each respondent.
pub fn csv() -> String {
    let mut random = SplitMix64(SEED);
    let mut respondents = ask_progress_and_provision(&mut random);
    ask_support(&mut respondents, &mut random);
    ask_wishes(&mut respondents, &mut random);
    ask_partners(&mut respondents, &mut random);
    ask_ease_by_beds(&mut respondents, &mut random);
    ask_news(&mut respondents, &mut random);
    ask_for_comments(&mut respondents, &mut random);
    ask_frequencies(&mut respondents, &mut random);
    settle(&mut respondents, &mut random);
    random.shuffle(&mut respondents);
    write_csv(&respondents)
}

/// One invented care manager; answers are codes, 0 is 無回答.
#[derive(Default)]
struct Respondent {
    pref: u8,
    q1: u8,
    q2: u8,
    q3: [bool; 10],
    q4: u8,
    q5: u8,
    q6: u8,
    q7: [u8; 5],
    q9: u8,
    q10: &'static str,
    q11: u8,
    q12: u8,
    /// How near they stand to hospitals: makes one person's answers to Q7, Q11 and Q12 agree.
    closeness: u64,
}

impl Respondent {
    /// The cell of Q1 × Q4 they are in, from 0.
    fn cell(&self) -> (usize, usize) {
        (usize::from(self.q1) - 1, usize::from(self.q4) - 1)
    }
}

/// Makes the respondents, with Q1, Q4 and a closeness that both of them raise.
fn ask_progress_and_provision(random: &mut SplitMix64) -> Vec<Respondent> {
    let mut respondents = Vec::with_capacity(RESPONDENTS);
    for (q1, row) in (1..).zip(PROGRESS_BY_PROVISION) {
        for (q4, count) in (1..).zip(row) {
            let cell = [200, 0, 100][usize::from(q1 - 1)] + [100, 50, 0][usize::from(q4 - 1)];
            for _ in 0..count {
                let closeness = cell + random.below(1000);
                respondents.push(Respondent { q1, q4, closeness, ..Respondent::default() });
            }
        }
    }
    assert_eq!(respondents.len(), RESPONDENTS);
    respondents
}

fn ask_support(respondents: &mut [Respondent], random: &mut SplitMix64) {
    for (q1, counts) in SUPPORT_BY_PROGRESS.iter().enumerate() {
        let group = random.shuffled(who(respondents, |respondent| respondent.cell().0 == q1));
        for (respondent, q2) in deal(&group, counts) {
            respondents[respondent].q2 = q2;
        }
    }
}

/// Q3: 特にない to some, and to each of the others at least one wish.
fn ask_wishes(respondents: &mut [Respondent], random: &mut SplitMix64) {
    for (q1, counts) in WISHES_BY_PROGRESS.iter().enumerate() {
        let group = random.shuffled(who(respondents, |respondent| respondent.cell().0 == q1));
        let (nothing, wishing) = group.split_at(counts[9]);
        for &respondent in nothing {
            respondents[respondent].q3[9] = true;
        }
        // Some tick much, some little: without that the number of wishes varies less than people do.
        let wordiness: Vec<u64> = wishing.iter().map(|_| random.below(300)).collect();
        for (option, &count) in counts[..9].iter().enumerate() {
            let eagerness = wordiness.iter().map(|&wordiness| wordiness + random.below(700)).collect();
            for &place in by_falling_score(eagerness).iter().take(count) {
                respondents[wishing[place]].q3[option] = true;
            }
        }
        // Whoever got nothing takes a wish over from somebody with several; the counts stay.
        for &respondent in wishing {
            while respondents[respondent].q3.iter().all(|&selected| !selected) {
                let giver = wishing[random.index(wishing.len())];
                let option = random.index(9);
                let wishes = respondents[giver].q3.iter().filter(|&&selected| selected).count();
                if wishes > 2 && respondents[giver].q3[option] {
                    respondents[giver].q3[option] = false;
                    respondents[respondent].q3[option] = true;
                }
            }
        }
    }
}

/// Q5 and Q6: nobody calls the same partner easiest and hardest.
fn ask_partners(respondents: &mut [Respondent], random: &mut SplitMix64) {
    let everybody: Vec<usize> = (0..RESPONDENTS).collect();
    for (respondent, q5) in deal(&random.shuffled(everybody.clone()), &EASIEST) {
        respondents[respondent].q5 = blank_if(q5, 9);
    }
    for (respondent, q6) in deal(&random.shuffled(everybody), &HARDEST) {
        respondents[respondent].q6 = blank_if(q6, 9);
    }
    let same = |one: &Respondent, q6: u8| q6 != BLANK && one.q5 == q6;
    for one in 0..RESPONDENTS {
        while same(&respondents[one], respondents[one].q6) {
            let other = random.index(RESPONDENTS);
            let (q6, others) = (respondents[one].q6, respondents[other].q6);
            if !same(&respondents[one], others) && !same(&respondents[other], q6) {
                respondents[one].q6 = others;
                respondents[other].q6 = q6;
            }
        }
    }
}

/// Q7: who has nothing to do with large hospitals has little to do with the next smaller class, and who
/// finds one class easy finds its neighbours nearly as easy.
fn ask_ease_by_beds(respondents: &mut [Respondent], random: &mut SplitMix64) {
    // Low: works with small hospitals only; high: with large ones only.
    let reach: Vec<u64> = respondents.iter().map(|_| random.below(1000)).collect();
    for (row, counts) in EASE_BY_BEDS.iter().enumerate() {
        let distance = reach.iter().map(|&reach| {
            let distance = if row < 2 { reach } else { 1000 - reach };
            distance + random.below(60)
        });
        let order = by_falling_score(distance.collect());
        let (uninvolved, involved) = order.split_at(counts[4]);
        for &respondent in uninvolved {
            respondents[respondent].q7[row] = 5;
        }
        let ease = involved.iter().map(|&one| respondents[one].closeness + random.below(300)).collect();
        let order: Vec<usize> = by_falling_score(ease).into_iter().map(|place| involved[place]).collect();
        for (respondent, q7) in deal(&order, &counts[..4]) {
            respondents[respondent].q7[row] = q7;
        }
    }
}

fn ask_news(respondents: &mut [Respondent], random: &mut SplitMix64) {
    let order = random.shuffled((0..RESPONDENTS).collect());
    for (respondent, q9) in deal(&order, &NEWS_FROM) {
        respondents[respondent].q9 = q9;
    }
}

fn ask_for_comments(respondents: &mut [Respondent], random: &mut SplitMix64) {
    for (q1, comments) in COMMENTS {
        for &comment in comments {
            let silent = who(respondents, |respondent| {
                respondent.q10.is_empty() && q1.is_none_or(|q1| respondent.q1 == q1)
            });
            respondents[silent[random.index(silent.len())]].q10 = comment;
        }
    }
}

/// Q11 and Q12: within a cell of Q1 × Q4, the closer to hospitals the more often.
fn ask_frequencies(respondents: &mut [Respondent], random: &mut SplitMix64) {
    for q1 in 0..3 {
        for q4 in 0..3 {
            let group = random.shuffled(who(respondents, |respondent| respondent.cell() == (q1, q4)));
            for (respondent, q11) in deal_frequencies(&group, &CONFERENCE[q1][q4], respondents, random) {
                respondents[respondent].q11 = q11;
            }
            for (respondent, q12) in deal_frequencies(&group, &CARE_MANAGER_TIME[q1][q4], respondents, random)
            {
                respondents[respondent].q12 = q12;
            }
        }
    }
}

/// Deals a frequency question: blanks to anybody, answers by closeness with some chance.
fn deal_frequencies(
    group: &[usize],
    counts: &[usize; 5],
    respondents: &[Respondent],
    random: &mut SplitMix64,
) -> Vec<(usize, u8)> {
    let group = random.shuffled(group.to_vec());
    let (blank, given) = group.split_at(counts[4]);
    let score = given.iter().map(|&one| respondents[one].closeness + random.below(900)).collect();
    let order: Vec<usize> = by_falling_score(score).into_iter().map(|place| given[place]).collect();
    let mut dealt = deal(&order, &counts[..4]);
    dealt.extend(blank.iter().map(|&respondent| (respondent, BLANK)));
    dealt
}

/// Gives everybody a prefecture. Printed: between 都市部 and 地方 no large difference (大きな差はなかった).
///
/// Chance alone would leave gaps of ten points with 133 urban respondents, so people move between the
/// areas until no option differs by more than 3 points or by more than one standard error.
fn settle(respondents: &mut [Respondent], random: &mut SplitMix64) {
    let urban_count: usize = URBAN.iter().map(|&pref| PREFECTURES[pref - 1]).sum();
    let order = random.shuffled((0..RESPONDENTS).collect());
    let (urban, rural) = order.split_at(urban_count);
    let (mut urban, mut rural) = (urban.to_vec(), rural.to_vec());

    let choices: Vec<Vec<usize>> = respondents.iter().map(choices).collect();
    let count = |group: &[usize]| {
        let mut counts = vec![0i64; CHOICES];
        group.iter().flat_map(|&one| &choices[one]).for_each(|&choice| counts[choice] += 1);
        counts
    };
    let (totals, mut counts) = (count(&order), count(&urban));
    let excess = |counts: &[i64]| {
        let each = counts.iter().zip(&totals);
        each.map(|(&urban, &total)| area_excess(urban, total, urban_count as i64)).sum::<i64>()
    };
    let mut worst = excess(&counts);
    while worst > 0 {
        let (one, other) = (random.index(urban.len()), random.index(rural.len()));
        let mut moved = counts.clone();
        choices[urban[one]].iter().for_each(|&choice| moved[choice] -= 1);
        choices[rural[other]].iter().for_each(|&choice| moved[choice] += 1);
        let now = excess(&moved);
        if now < worst {
            (worst, counts) = (now, moved);
            std::mem::swap(&mut urban[one], &mut rural[other]);
        }
    }

    let (urban, rural) = (random.shuffled(urban), random.shuffled(rural));
    let (mut urban, mut rural) = (urban.into_iter(), rural.into_iter());
    for (pref, &count) in PREFECTURES.iter().enumerate() {
        let area = if URBAN.contains(&(pref + 1)) { &mut urban } else { &mut rural };
        for respondent in area.take(count) {
            respondents[respondent].pref = pref as u8 + 1;
        }
    }
}

/// How far an option's difference between the areas is beyond what is allowed; 0 if it is not.
///
/// With u of U urban and t − u of R rural respondents the difference is (u(U+R) − tU) / UR, and its
/// squared standard error with the pooled share is t(U+R−t) / (U+R)UR.
fn area_excess(urban: i64, total: i64, urban_count: i64) -> i64 {
    let (all, rural_count) = (RESPONDENTS as i64, RESPONDENTS as i64 - urban_count);
    let product = urban_count * rural_count;
    let difference = (urban * all - total * urban_count).abs();
    let three_points = (difference * 100 - 3 * product).max(0);
    let one_error = (difference * difference * all - total * (all - total) * product).max(0).isqrt();
    three_points + one_error
}

/// How many options [`choices`] tells apart.
const CHOICES: usize = 128;

/// Everything a respondent chose in any question, numbered; the nets of Q7 and having commented as well.
fn choices(respondent: &Respondent) -> Vec<usize> {
    let singles = [
        (0, respondent.q1),
        (4, respondent.q2),
        (8, respondent.q4),
        (12, respondent.q5),
        (21, respondent.q6),
        (30, respondent.q9),
        (36, respondent.q11),
        (41, respondent.q12),
    ];
    let mut chosen: Vec<usize> = singles.iter().map(|&(first, code)| first + usize::from(code)).collect();
    chosen.extend((0..10).filter(|&option| respondent.q3[option]).map(|option| 46 + option));
    for (row, &code) in respondent.q7.iter().enumerate() {
        chosen.push(56 + 10 * row + usize::from(code));
        chosen.extend((code <= 2).then_some(62 + 10 * row));
        chosen.extend((code == 3 || code == 4).then_some(63 + 10 * row));
    }
    chosen.extend((!respondent.q10.is_empty()).then_some(106));
    chosen
}

fn write_csv(respondents: &[Respondent]) -> String {
    let mut csv = String::from("id,pref,q1,q2");
    (1..=10).for_each(|option| csv.push_str(&format!(",q3_{option}")));
    csv.push_str(",q4,q5,q6");
    (1..=5).for_each(|row| csv.push_str(&format!(",q7_r{row}")));
    csv.push_str(",q9,q10,q11,q12\n");
    for (id, one) in (1..).zip(respondents) {
        let mut cells = vec![id.to_string(), one.pref.to_string(), one.q1.to_string(), one.q2.to_string()];
        cells.extend(one.q3.iter().map(|&selected| u8::from(selected).to_string()));
        cells.extend([one.q4, one.q5, one.q6].map(cell));
        cells.extend(one.q7.map(cell));
        cells.extend([cell(one.q9), quoted(one.q10), cell(one.q11), cell(one.q12)]);
        writeln!(csv, "{}", cells.join(",")).expect("a String takes any text");
    }
    csv
}

fn cell(code: u8) -> String {
    if code == BLANK { String::new() } else { code.to_string() }
}

/// Quotes a text as RFC 4180 does, only where it must.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_string()
    }
}

fn who(respondents: &[Respondent], is: impl Fn(&Respondent) -> bool) -> Vec<usize> {
    (0..respondents.len()).filter(|&index| is(&respondents[index])).collect()
}

/// Gives the first `counts[0]` of `order` code 1, the next `counts[1]` code 2, and so on.
fn deal(order: &[usize], counts: &[usize]) -> Vec<(usize, u8)> {
    assert_eq!(order.len(), counts.iter().sum::<usize>(), "counts must use up the group");
    let codes = (1u8..).zip(counts).flat_map(|(code, &count)| std::iter::repeat_n(code, count));
    order.iter().copied().zip(codes).collect()
}

fn blank_if(code: u8, blank: u8) -> u8 {
    if code == blank { BLANK } else { code }
}

/// Places of the scores, highest first; ties keep their order.
fn by_falling_score(scores: Vec<u64>) -> Vec<usize> {
    let mut places: Vec<usize> = (0..scores.len()).collect();
    places.sort_by_key(|&place| std::cmp::Reverse(scores[place]));
    places
}

/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"): small enough to
/// keep here, so that no dependency's update can change the sample.
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `end` − 1; the bias of the multiplication (under 2⁻⁵⁰) does not matter here.
    fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    fn shuffled(&mut self, mut items: Vec<usize>) -> Vec<usize> {
        self.shuffle(&mut items);
        items
    }
}
