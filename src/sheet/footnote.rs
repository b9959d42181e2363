//! What is said under a table: each note only where it applies.

use super::profile::{CellChoice, Language, PercentBase, Profile};
use super::{Cell, Content, Format, Mark, Value, number, ratio};
use crate::diag::{plural, thousands};
use crate::schema::{Kind, NoAnswer};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, Note, RowRole, Score, Shown, Table};

/// Whom percentages are of.
pub fn base_line(table: &Table, profile: &Profile) -> String {
    let language = profile.language;
    let who = match (table.routed, table.filter.is_some()) {
        (true, _) if table.question.heading.is_empty() => {
            language.choose("各設問の対象者", "respondents who were asked each question")
        }
        (true, false) => language.choose("この設問の対象者", "respondents who were asked"),
        (true, true) => {
            language.choose("条件に合うこの設問の対象者", "respondents who meet the filter and were asked")
        }
        (false, false) => language.choose("回答者全体", "all respondents"),
        (false, true) => language.choose("条件に合う回答者", "respondents who meet the filter"),
    };
    let missing = match table.no_answer {
        NoAnswer::Include => language.choose("無回答を含む", "no answer included"),
        NoAnswer::Exclude => language.choose("無回答を除く", "no answer excluded"),
    };
    let missing = if table.stub.iter().any(|row| row.role == RowRole::Ratio) {
        match table.columns.len() == 1 && table.means.is_none() {
            true => {
                language.choose("比率は分子・分母の両方の回答者のみ", "ratio of those who gave both numbers")
            }
            false => language.choose(
                "n と比率は分子・分母の両方の回答者のみ",
                "n and ratio of those who gave both numbers",
            ),
        }
    } else if table.means.is_some() {
        language.choose("n は得点・数値の回答者のみ", "n: those who gave a number or an answer with a score")
    } else if table.question.kind == Kind::Date {
        match table.columns.len() {
            1 => language.choose("最も早い日などは日付の回答者のみ", "days of those who gave a date"),
            _ => {
                language.choose("n と最も早い日などは日付の回答者のみ", "n and days of those who gave a date")
            }
        }
    } else if table.question.kind == Kind::Number {
        match table.columns.len() {
            1 => language.choose("平均などは数値の回答者のみ", "means of those who gave a number"),
            _ => language.choose("n と平均などは数値の回答者のみ", "n and means of those who gave a number"),
        }
    } else {
        missing
    };
    let percent = match profile.percent {
        _ if table.columns.len() == 1 || table.question.kind.is_measured() => "",
        _ if table.means.is_some() => "",
        _ if profile.cell == CellChoice::Count => "",
        // Only a multi question has mentions; others show percentages within the group.
        Some(PercentBase::Mention) if !table.has_mentions() => {
            language.choose("％は各グループのnを100とする", "% within the group")
        }
        Some(PercentBase::Banner) => language.choose("％は各グループのnを100とする", "% within the group"),
        Some(PercentBase::Stub) => language.choose(
            "％はその回答をし集計軸にも回答した人を100とする",
            "% of those who gave the answer and are given on the banner",
        ),
        Some(PercentBase::Total) => language.choose(
            "％は設問と集計軸の両方に回答した人を100とする",
            "% of all who are given on both the question and the banner",
        ),
        Some(PercentBase::Mention) => {
            language.choose("％は各グループの回答総数を100とする", "% of the group's mentions")
        }
        None => "",
    };
    let weight = match &table.weight {
        Some(weight) => format!("{}{weight}", language.choose("ウェイト: ", "weight: ")),
        None => String::new(),
    };
    let base = match language {
        Language::Japanese => format!("基数: {who}（{missing}）"),
        Language::English => format!("Base: {who} ({missing})"),
    };
    let parts = [base.as_str(), percent, weight.as_str()];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(language.choose("　", "; "))
}

/// The notes of a sheet over these tables with these cells.
pub fn notes(tables: &[&Table], body: &[Vec<Cell>], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let cells = || body.iter().flatten();
    let marked = |mark: Mark| cells().any(|cell| cell.marks.contains(&mark));
    let mut notes = profile.explanation.as_ref().map_or(Vec::new(), |words| words.lines(tables, profile));
    if marked(Mark::LowBase) {
        notes.push(match language {
            Language::Japanese => format!("* は n が {} 未満のため参考値", profile.low_base),
            Language::English => format!("* base under {}: indicative only", profile.low_base),
        });
    }
    if marked(Mark::FarAbove) || marked(Mark::Above) || marked(Mark::Below) || marked(Mark::FarBelow) {
        notes.push(say(
            "++ / + は全体より10 / 5ポイント以上高い、-- / - は10 / 5ポイント以上低い（参考値のグループを除く）",
            "++ / + 10 / 5 points or more above the total, -- / - below (small bases left out)",
        ));
    }
    notes.extend(symbols(body, profile));
    if tables.iter().any(|table| parts_miss_100(table, profile)) {
        notes.push(say(
            "四捨五入のため、内訳の合計は100にならないことがある",
            "parts may not add up to 100 because of rounding",
        ));
    }
    let ranked = |table: &&Table| !table.points.is_empty() && table.columns.len() == 1;
    let several = tables.iter().any(|table| table.has_mention_shares() && !ranked(table));
    if profile.percent.is_some() && several {
        // Mentions add up to 100; in a GT table percentages of respondents stand beside theirs.
        let of_mentions = profile.percent == Some(PercentBase::Mention)
            && tables.iter().all(|table| table.columns.len() > 1);
        notes.push(if profile.cell == CellChoice::Count || of_mentions {
            say("M.T. は回答者100人あたりの回答数", "M.T.: mentions per 100 respondents")
        } else {
            say(
                "複数回答のため、内訳の合計は100を超えることがある（M.T. は回答者100人あたりの回答数）",
                "several answers allowed: parts may add up to more than 100 (M.T.: mentions per 100 respondents)",
            )
        });
    }
    if cells().any(|cell| matches!(cell.content, Content::Number(_, Format::Points { .. }))) {
        notes.push(match profile.difference {
            _ if tables.iter().any(|table| ratio::has_ratios(table)) => match profile.difference {
                Some(super::Difference::Shown) => say(
                    "差は表示した比率どうしの差（ポイント）",
                    "differences are of the printed ratios, in points",
                ),
                _ => say("差は四捨五入前の比率の差（ポイント）", "differences are of raw ratios, in points"),
            },
            Some(super::Difference::Shown) => say(
                "差は表示した％どうしの差（ポイント）",
                "differences are of the printed percentages, in points",
            ),
            _ => say("差は四捨五入前の％の差（ポイント）", "differences are of raw percentages, in points"),
        });
    }
    if cells().any(|cell| matches!(cell.content, Content::Number(_, Format::Index { .. }))) {
        let means = |table: &&Table| table.means.is_some() || table.question.kind == Kind::Number;
        let means = tables.iter().all(means);
        notes.push(match (means, tables.iter().any(|table| has_means(table))) {
            _ if tables.iter().any(|table| ratio::has_ratios(table)) => say(
                "指数は全体の比率を100とする（四捨五入前の比率による）",
                "index: the total's ratio is 100 (from raw ratios)",
            ),
            (true, _) => say(
                "指数は全体の平均を100とする（四捨五入前の平均による）",
                "index: the total's mean is 100 (from raw means)",
            ),
            (_, true) => say(
                "指数は全体の％、平均では全体の平均を100とする（四捨五入前の値による）",
                "index: the total's percentage, or mean, is 100 (from raw values)",
            ),
            _ => say(
                "指数は全体の％を100とする（四捨五入前の％による）",
                "index: the total's percentage is 100 (from raw percentages)",
            ),
        });
    }
    let days = |cell: &Cell| matches!(cell.content, Content::Number(_, Format::Day(_)));
    if cells().any(days) {
        notes.push(say(
            "中央の日は、回答者の半数に達した最初の日",
            "middle: the first day by which half are reached",
        ));
    }
    for table in tables {
        let subtotals = |banner: usize| table.banners.iter().any(|other| other.subtotal_of == Some(banner));
        if table.columns.iter().any(|column| column.role == ColumnRole::Subtotal) {
            notes.push(say(
                "計は外側の区分の回答者全員（内側の無回答・非該当を含む）",
                "All: everybody in the outer group, whatever they answered on the inner question",
            ));
        }
        for (place, banner) in table.banners.iter().enumerate() {
            // Whoever is outside the outer questions only is outside the whole.
            if banner.subtotal_of.is_some() || !table.shows_banner(place) {
                continue;
            }
            let missing = table
                .columns
                .iter()
                .position(|column| column.role == ColumnRole::Missing && column.banner == Some(place));
            // The missing may have a column of their own.
            let outside = || {
                let shown = |row: usize| missing.map_or(0, |column| table.base(row, column).n);
                banner.outside.iter().enumerate().map(move |(row, tally)| tally.n.saturating_sub(shown(row)))
            };
            let (Some(least), Some(most @ 1..)) = (outside().min(), outside().max()) else { continue };
            let name: Vec<&str> = banner.path.iter().map(|question| question.heading.as_str()).collect();
            let name = name.join(" > ");
            // The rows of a summary table have bases of their own.
            let n = match least == most || !table.has_row_bases() {
                true => thousands(most),
                false => format!("{}{}{}", thousands(least), language.choose("〜", "–"), thousands(most)),
            };
            let who = match missing {
                None => language.choose("無回答・非該当", "not given on"),
                Some(_) => language.choose("非該当", "not asked"),
            };
            let place = match subtotals(place) {
                false => language.choose("全体", "the total only"),
                true => language.choose("全体と計", "the total and subtotals only"),
            };
            notes.push(match language {
                Language::Japanese => format!("「{name}」の{who} {n}{} は{place}にのみ含む", profile.unit),
                Language::English => format!("{n} {who} {name} are in {place}"),
            });
        }
        if table.banners.iter().any(|banner| banner.overlapping) {
            notes.push(say(
                "集計軸は複数回答のため、グループは重複する",
                "groups overlap: the banner allows several answers",
            ));
        }
    }
    if tables.iter().any(|table| table.option_bases) {
        notes.push(say(
            "各選択肢の n と％は、その選択肢が提示された人による（全体の n は設問の基数）",
            "n and % of each answer are of those to whom it was on offer (the total's n: all in the base)",
        ));
    }
    notes.extend(tables.iter().flat_map(|table| scores(table, profile)));
    notes.extend(tables.iter().filter_map(|table| points(table, profile)));
    notes.extend(tables.iter().flat_map(|table| ratio::notes(table, profile)));
    for table in tables {
        for note in &table.notes {
            // In a sheet of several questions it must be said whose 無回答 it is.
            let whose = matches!(note, Note::NoAnswerExcluded(_)) && tables.len() > 1;
            let heading = if whose { format!("{}: ", table.question.heading) } else { String::new() };
            notes.push(heading + &told(note, profile));
        }
    }
    notes.extend(profile.notes.iter().cloned());
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(note.clone()));
    notes
}

/// What the table itself has to say, without its cells.
pub fn table_notes(table: &Table, profile: &Profile) -> Vec<String> {
    table.notes.iter().map(|note| told(note, profile)).collect()
}

fn has_means(table: &Table) -> bool {
    table.stub.iter().any(|row| matches!(row.role, RowRole::Score | RowRole::Number))
}

/// Which scores means are of: `平均は得点（満足=5、…）による`. Rows of a summary table may differ.
pub(super) fn scores(table: &Table, profile: &Profile) -> Vec<String> {
    let Some(means) = &table.means else {
        let score = table.stub.iter().any(|row| row.role == RowRole::Score);
        let options = table.stub.iter().filter(|row| row.role == RowRole::Option);
        let scores: Vec<Score> = options.map(|row| (row.label.clone(), row.score)).collect();
        return score.then(|| of_scores(&scores, profile)).into_iter().collect();
    };
    let scaled = || table.stub.iter().zip(&means.scores).filter(|(_, scores)| !scores.is_empty());
    let one = scaled().all(|(_, scores)| Some(scores) == scaled().next().map(|(_, first)| first));
    let rows = scaled().take(if one { 1 } else { usize::MAX });
    rows.map(|(row, scores)| {
        let whose = if one { String::new() } else { format!("{}: ", row.label) };
        whose + &of_scores(scores, profile)
    })
    .collect()
}

fn of_scores(scores: &[Score], profile: &Profile) -> String {
    let language = profile.language;
    let scored: Vec<String> =
        scores.iter().filter_map(|(label, score)| Some(format!("{label}={}", (*score)?))).collect();
    let unscored: Vec<&str> =
        scores.iter().filter(|(_, score)| score.is_none()).map(|(label, _)| label.as_str()).collect();
    let comma = language.choose("、", ", ");
    let without = match (unscored.is_empty(), language) {
        (true, Language::Japanese) => "無回答".to_string(),
        (true, Language::English) => "no answer".to_string(),
        (false, Language::Japanese) => format!("{}、無回答", unscored.join(comma)),
        (false, Language::English) => format!("{}, no answer", unscored.join(comma)),
    };
    match language {
        Language::Japanese => format!("平均は得点（{}）による。{without}を除く", scored.join(comma)),
        Language::English => format!("means are of scores ({}), without {without}", scored.join(comma)),
    }
}

/// Which points a mean is of, and over whom.
fn points(table: &Table, profile: &Profile) -> Option<String> {
    if table.points.is_empty() {
        return None;
    }
    let language = profile.language;
    let place =
        |(place, points): (usize, &i64)| format!("{}{}={points}", place + 1, language.choose("位", ""));
    let places: Vec<String> = table.points.iter().enumerate().map(place).collect();
    Some(match language {
        Language::Japanese => {
            format!("得点は回答者（無回答を除く）の平均（{}、順位なし=0）", places.join("、"))
        }
        Language::English => {
            format!("points are means of those who answered (places {}; not ranked 0)", places.join(", "))
        }
    })
}

pub(super) fn told(note: &Note, profile: &Profile) -> String {
    let unit = &profile.unit;
    match (note, profile.language) {
        (Note::NoAnswerExcluded(n), Language::Japanese) => {
            format!("無回答 {}{unit} を基数から除いた", thousands(*n))
        }
        (Note::NoAnswerExcluded(n), Language::English) => {
            format!("{} without an answer are left out of the base", thousands(*n))
        }
        (Note::AnsweredNotAsked(n), Language::Japanese) => {
            format!("データ全体で、対象外の回答 {} 件は非該当とした", thousands(*n))
        }
        (Note::AnsweredNotAsked(n), Language::English) => {
            format!(
                "{} answers of respondents who were not asked are left out, in all of the data",
                thousands(*n)
            )
        }
        (Note::MadeMissing(n), Language::Japanese) => {
            format!("データ全体で、読み取れない回答 {} 件は無回答とした", thousands(*n))
        }
        (Note::MadeMissing(n), Language::English) => {
            format!("{} answers could not be read and count as no answer, in all of the data", thousands(*n))
        }
        (Note::NoDenominator(n), Language::Japanese) => {
            format!("分母が無回答の {}{unit} は、分子の回答も除いた", thousands(*n))
        }
        (Note::NoDenominator(n), Language::English) => {
            format!("{} gave the numerator without the denominator and are in neither", thousands(*n))
        }
        (Note::NoNumerator(n), Language::Japanese) => {
            format!("分子が無回答の {}{unit} は、分母の回答も除いた", thousands(*n))
        }
        (Note::NoNumerator(n), Language::English) => {
            format!("{} gave the denominator without the numerator and are in neither", thousands(*n))
        }
        (Note::PartlyAsked, Language::Japanese) => {
            "この設問のない調査票（ファイル）の回答者は非該当とした".into()
        }
        (Note::PartlyAsked, Language::English) => {
            "not in the questionnaire of every file: the others' respondents were not asked".into()
        }
        (Note::Superseded(n), Language::Japanese) => {
            format!("同じ回答者の再提出 {}件を除いた", thousands(*n))
        }
        (Note::Superseded(n), Language::English) => {
            format!("{} of respondents who replied more than once left out", plural(*n, "record"))
        }
        (Note::NotInWave, Language::Japanese) => "この回の調査票にない設問のため、全員を非該当とした".into(),
        (Note::NotInWave, Language::English) => "not in this wave's questionnaire: nobody was asked".into(),
        (Note::NotOffered, Language::Japanese) => {
            "この回の調査票にない選択肢は … とした（計はほかの選択肢による）".into()
        }
        (Note::NotOffered, Language::English) => {
            "options that this wave did not offer are … (nets are of the others)".into()
        }
        (Note::Top(count), Language::Japanese) => format!("上位{count}項目のみ掲載"),
        (Note::Top(count), Language::English) => format!("first {count} answers only"),
        (Note::ZeroWeights(n), Language::Japanese) => {
            format!("データ全体で、ウェイト0の回答者は {}{unit}", thousands(*n))
        }
        (Note::ZeroWeights(n), Language::English) => {
            format!("{} respondents have weight zero, in all of the data", thousands(*n))
        }
    }
}

/// The legend of the symbols that occur.
pub(super) fn symbols(body: &[Vec<Cell>], profile: &Profile) -> Option<String> {
    let language = profile.language;
    let none = |cell: &Cell| match cell.content {
        Content::Number(Value::Exact(ratio), Format::Count { .. } | Format::Percent { .. }) => {
            ratio.numerator() == 0
        }
        _ => false,
    };
    let below_unit = |cell: &Cell| match cell.content {
        Content::Number(Value::Exact(ratio), format @ Format::Percent { decimals }) => {
            ratio.numerator() > 0 && number(Value::Exact(ratio), format) == number_of_zero(decimals)
        }
        _ => false,
    };
    type Test<'a> = &'a dyn Fn(&Cell) -> bool;
    let zero = number_of_zero(profile.decimals);
    let (below_unit_ja, below_unit_en) =
        (format!("{zero} は表示単位未満"), format!("{zero} below the unit shown"));
    let legend: [(Test, &str, &str); 4] = [
        (&none, "- は該当なし", "- none"),
        (&below_unit, &below_unit_ja, &below_unit_en),
        (&|cell| cell.content == Content::Suppressed, "x は秘匿", "x suppressed"),
        (
            &|cell| cell.content == Content::Undefined,
            "… は対象者なし・算出不能",
            "… nobody asked, or not available",
        ),
    ];
    let said: Vec<&str> = legend
        .iter()
        .filter(|(test, _, _)| body.iter().flatten().any(test))
        .map(|(_, japanese, english)| language.choose(japanese, english))
        .collect();
    (!said.is_empty()).then(|| said.join(language.choose("、", ", ")))
}

fn number_of_zero(decimals: u32) -> String {
    super::round(Ratio::whole(0), decimals)
}

/// Do the printed percentages of a single question's parts add up to something else than 100?
pub(super) fn parts_miss_100(table: &Table, profile: &Profile) -> bool {
    let summary = table.is_summary();
    // A single question has no mentions: asked for them, it shows percentages within the group.
    let whole = matches!(profile.percent, Some(PercentBase::Banner | PercentBase::Mention))
        || table.columns.len() == 1;
    let top = table.notes.iter().any(|note| matches!(note, Note::Top(_)));
    let percent = profile.percent.is_some() && profile.cell != CellChoice::Count;
    if summary
        || top
        || table.option_bases
        || table.means.is_some()
        || !table.question.kind.takes_one_option()
        || !whole
        || !percent
    {
        return false;
    }
    let part = |row: &usize| matches!(table.stub[*row].role, RowRole::Option | RowRole::Missing);
    (0..table.columns.len()).any(|column| {
        let parts = (0..table.stub.len()).filter(part).map(|row| match table.column_percent(row, column) {
            // Printed digits without the point add exactly.
            Shown::Value(ratio) => {
                super::round(ratio, profile.decimals).replace('.', "").parse::<i128>().ok()
            }
            Shown::Suppressed | Shown::Undefined => None,
        });
        parts.sum::<Option<i128>>().is_some_and(|sum| sum != 100 * 10_i128.pow(profile.decimals))
    })
}
