//! How tables were made, in sentences for a methods section: only what applies to the tables at hand.

use super::footnote::base_line;
use super::profile::{Difference, Language, PercentBase, Profile};
use super::round;
use super::significance::{caveat, definition};
use super::variances::variances;
use crate::diag::{plural, thousands};
use crate::schema::Kind;
use crate::significance::{Correction, Findings, Preset, Test, TestLine, find};
use crate::tabulate::{RowRole, Table};

/// A heading and its sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub heading: String,
    /// Sentences.
    pub lines: Vec<String>,
}

/// The methods of some tables of one request. Tests are run, for which one fits depends on the data.
pub fn methods(tables: &[Table], profile: &Profile) -> Vec<Section> {
    let language = profile.language;
    let findings: Vec<Findings> = tables.iter().map(|table| find(table, &profile.significance)).collect();
    let sections = [
        (("推定量", "Estimators"), estimators(tables, profile)),
        (("基数", "Bases"), bases(tables, profile)),
        (("ウェイト", "Weights"), weights(tables, profile)),
        (("分散と区間", "Variances and intervals"), variances(tables, &findings, profile)),
        (("表全体の検定", "Tests of whole tables"), tests(tables, &findings, profile)),
        (("列の比較", "Comparisons of columns"), comparisons(tables, &findings, profile)),
        (("標本", "Sample"), sample(&findings, profile)),
        (("丸めと表示", "Rounding and marks"), rounding(profile)),
    ];
    sections
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|((japanese, english), lines)| Section {
            heading: language.choose(japanese, english).to_string(),
            lines,
        })
        .collect()
}

/// Sentences in the order in which they are first said, each with what it is of where it is not of all.
struct Grouped {
    said: Vec<(String, Vec<String>)>,
}

impl Grouped {
    fn new() -> Grouped {
        Grouped { said: Vec::new() }
    }

    fn add(&mut self, words: String, of: String) {
        match self.said.iter_mut().find(|(known, _)| *known == words) {
            Some((_, all)) if all.contains(&of) => {}
            Some((_, all)) => all.push(of),
            None => self.said.push((words, vec![of])),
        }
    }

    fn lines(self, language: Language) -> Vec<String> {
        let line =
            |(words, of): (String, Vec<String>)| format!("{}: {words}", of.join(language.choose("、", ", ")));
        self.said.into_iter().map(line).collect()
    }
}

pub(super) fn has(tables: &[Table], role: RowRole) -> bool {
    tables.iter().any(|table| table.stub.iter().any(|row| row.role == role))
}

fn estimators(tables: &[Table], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let weighted = tables.iter().any(Table::weighted);
    let mut lines = Vec::new();
    let counted = tables.iter().any(|table| table.means.is_none() && !table.question.kind.is_measured());
    if let (true, Some(percent)) = (counted, profile.percent) {
        let of = match percent {
            PercentBase::Banner => {
                language.choose("その区分の基数に入る人", "those in the base of the group")
            }
            PercentBase::Stub => language.choose(
                "その回答をし集計軸にも回答した人",
                "those who gave the answer and are given on the banner",
            ),
            PercentBase::Total => language
                .choose("設問と集計軸の両方に回答した人", "those given on both the question and the banner"),
            PercentBase::Mention => language.choose("その区分の回答総数", "the mentions of the group"),
        };
        lines.push(match (language, weighted) {
            (Language::Japanese, false) => format!("％ = 100·k/n。k は該当する回答の数、n は{of}の数"),
            (Language::Japanese, true) => {
                format!("％ = 100·Σwy/Σw。y は該当する回答なら1、他は0、w はウェイト、和は{of}にわたる")
            }
            (Language::English, false) => {
                format!("percentage = 100·k/n: k gave the answer, n counts {of}")
            }
            (Language::English, true) => {
                format!(
                    "percentage = 100·Σwy/Σw: y is 1 for the answer, else 0, w the weight, sums over {of}"
                )
            }
        });
    }
    let several = |table: &Table| table.has_mentions() && has(std::slice::from_ref(table), RowRole::Net);
    if tables.iter().any(several) {
        lines.push(say(
            "複数回答の計は、含まれる選択肢を一つ以上選んだ人（一人を一度だけ数える）",
            "a net of several answers counts whoever gave any of its options, once",
        ));
    }
    if has(tables, RowRole::Number) || has(tables, RowRole::Score) {
        lines.push(match weighted {
            false => say(
                "平均 = Σx/n、標準偏差 = √(Σ(x−m)²/(n−1))、四分位は R の type 2（n は数値または得点のある人）",
                "mean = Σx/n, deviation = √(Σ(x−m)²/(n−1)), quartiles as R's type 2 (n: those with a number or score)",
            ),
            true => say(
                "平均 = Σwx/Σw、標準偏差 = √(n/(n−1)·Σw(x−m)²/Σw)（R survey の svyvar）、四分位は R の type 2 を\
                 ウェイトで（n は数値または得点のある人）",
                "mean = Σwx/Σw, deviation = √(n/(n−1)·Σw(x−m)²/Σw) (R survey's svyvar), quartiles as R's type 2 \
                 on weights (n: those with a number or score)",
            ),
        });
    }
    if has(tables, RowRole::Ratio) {
        lines.push(say(
            "比率 = 分子の合計/分母の合計（両方を答えた人の合計の比）",
            "ratio = sum of numerators / sum of denominators, of those who gave both",
        ));
    }
    lines
}

fn bases(tables: &[Table], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let mut grouped = Grouped::new();
    for table in tables {
        grouped.add(base_line(table, profile), table.question.id.clone());
    }
    let mut lines = grouped.lines(language);
    if let Some(filter) = tables.first().and_then(|table| table.filter.as_ref()) {
        lines.push(format!("{}{filter}", language.choose("条件: ", "Filter: ")));
    }
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    lines.push(say(
        "無回答は、尋ねられたが回答のないもの。非該当（尋ねられていない人）は基数に含まない",
        "no answer: asked, without a reply; whoever was not asked is in no base",
    ));
    if tables.iter().any(|table| table.columns.len() > 1) {
        lines.push(say(
            "全体の列は、集計軸への回答によらず、設問の基数に入る人すべて",
            "the total column is everyone in the question's base, whatever they answered on the banner",
        ));
    }
    lines
}

fn weights(tables: &[Table], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let Some(weight) = tables.first().and_then(|table| table.weight.as_ref()) else { return Vec::new() };
    let mut lines = vec![match language {
        Language::Japanese => {
            format!("ウェイト: {weight}。n は加重しない人数、有効母数 e = (Σw)²/Σw²（Kish 1965）")
        }
        Language::English => {
            format!("weight: {weight}; n is unweighted, the effective base e = (Σw)²/Σw² (Kish 1965)")
        }
    }];
    let mut grouped = Grouped::new();
    for table in tables.iter().filter(|table| !table.has_row_bases()) {
        let Some(base) = table.shown_question_base(0).value() else { continue };
        let (n, w) = (thousands(base.n), round(table.weight_sum(base.w), 1));
        let effective = base.effective().map_or("…".into(), |e| round(e, 1));
        let whole = language.choose("全体", "total");
        grouped.add(format!("{whole} n={n}, Σw={w}, e={effective}"), table.question.id.clone());
    }
    lines.extend(grouped.lines(language));
    lines
}

/// What a test computes, and who defined it.
fn formula(test: Test, designed: bool, language: Language) -> &'static str {
    match test {
        Test::RaoScott if designed => language.choose(
            "Rao–Scott 検定: F = X²/tr Δ、自由度 d = (tr Δ)²/tr Δ² と dν。X² は n にそろえた加重表、Δ = (C'D⁻¹C/n)⁻¹(C'D⁻¹VD⁻¹C)、\
             V は標本設計によるセルの比率の共分散、D は観測比率、C は独立からの対比、ν は標本の自由度（Rao・Scott 1981・1984。\
             R survey の svychisq）",
            "Rao–Scott: F = X²/tr Δ on d = (tr Δ)²/tr Δ² and dν degrees of freedom; X² of the weighted table scaled to n, \
             Δ = (C'D⁻¹C/n)⁻¹(C'D⁻¹VD⁻¹C), V the cells' covariance under the design, D their observed proportions, C the \
             contrasts off independence, ν the sample's degrees of freedom (Rao and Scott 1981, 1984; R survey's svychisq)",
        ),
        Test::Pearson | Test::Auto => language.choose(
            "カイ2乗検定: X² = Σ(O−E)²/E、自由度 (r−1)(c−1)、連続性の補正なし（Pearson。R の chisq.test(correct = FALSE)）",
            "chi-squared: X² = Σ(O−E)²/E on (r−1)(c−1) degrees of freedom, no correction for continuity \
             (Pearson; R's chisq.test(correct = FALSE))",
        ),
        Test::LikelihoodRatio => language.choose(
            "尤度比検定: G² = 2ΣO·ln(O/E)、自由度 (r−1)(c−1)（R の loglin）",
            "likelihood ratio: G² = 2ΣO·ln(O/E) on (r−1)(c−1) degrees of freedom (R's loglin)",
        ),
        Test::RaoScott => language.choose(
            "Rao–Scott 検定: F = X²/tr Δ、自由度 d = (tr Δ)²/tr Δ² と d(n−1)。X² は n にそろえた加重表、Δ は観測比率による\
             （Rao・Scott 1984 の2次の補正。R survey の svychisq）",
            "Rao–Scott: F = X²/tr Δ on d = (tr Δ)²/tr Δ² and d(n−1) degrees of freedom; X² of the weighted table \
             scaled to n, Δ from observed proportions (second order, Rao and Scott 1984; R survey's svychisq)",
        ),
        Test::Fisher => language.choose(
            "フィッシャーの正確検定: 周辺度数を固定し、観測と同じか小さい確率の表の確率の和（両側。R の fisher.test）。表が多すぎるときは\
             乱数による表から求め、p = (1 + 同じか小さい表)/(1 + 表の数)",
            "Fisher's exact test: the probability of tables as rare or rarer, margins given (two-sided; R's fisher.test); where \
             tables are too many they are drawn, p = (1 + those as rare)/(1 + tables drawn)",
        ),
        Test::Trend => language.choose(
            "傾向の検定: 区分の順に得点 1、2、… を与える。2回答は Cochran–Armitage（R の prop.trend.test）、3回答以上は (n−1)r²",
            "trend: scores 1, 2, … in the order of the groups; of two answers Cochran–Armitage (R's prop.trend.test), \
             of more (n−1)r²",
        ),
        Test::McNemar => language.choose(
            "McNemar 検定: χ² = (b−c)²/(b+c)、連続性の補正なし、変わった人が25人未満なら二項分布による正確な p。3回答以上は Bowker の\
             対称性の検定（R の mcnemar.test(correct = FALSE)、binom.test）",
            "McNemar: χ² = (b−c)²/(b+c), no correction for continuity, exact by the binomial where fewer than 25 \
             changed; Bowker's test of symmetry for more answers (R's mcnemar.test(correct = FALSE), binom.test)",
        ),
        Test::Marginal => language.choose(
            "Stuart–Maxwell 検定: d'S⁻¹d、d は周辺度数の差、S はその共分散（Stuart 1955、Maxwell 1970）",
            "Stuart–Maxwell: d'S⁻¹d, d the differences of the margins, S their covariance (Stuart 1955, Maxwell 1970)",
        ),
        Test::BilderLoughin => language.choose(
            "Bilder–Loughin 検定: X²_S は選択肢ごとの Pearson の X² の和、0 のセルは 0.5 として計算、p は Rao–Scott の2次の補正\
             （一方だけ複数回答: Bilder・Loughin・Nettleton 2000、両方: Bilder・Loughin 2004。R の MRCV）",
            "Bilder–Loughin: X²_S is the sum of Pearson's X² of each answer, with 0.5 in empty cells; p by Rao and Scott's \
             second-order correction (several answers on one side: Bilder, Loughin and Nettleton 2000; on both: Bilder and \
             Loughin 2004; R's MRCV)",
        ),
        Test::Cochran => language.choose(
            "コクランのQ検定: Q = (k−1)(kΣG² − (ΣG)²)/(kΣL − ΣL²)、G は行、L は回答者ごとの数、自由度 k−1（Cochran 1950）",
            "Cochran's Q: (k−1)(kΣG² − (ΣG)²)/(kΣL − ΣL²), G by row and L by respondent, on k−1 degrees of freedom \
             (Cochran 1950)",
        ),
        Test::Contrast => language.choose(
            "対応のある線形対比: 回答者ごとの Σ(行の順位−中央)·x の平均の t 検定（R の t.test）",
            "paired linear contrast: t test of the mean over respondents of Σ(place − middle)·x (R's t.test)",
        ),
        Test::Residual => language.choose(
            "調整済み残差: (O−E)/√(E(1−r/N)(1−c/N))、N は有効母数（Haberman 1973）",
            "adjusted residuals: (O−E)/√(E(1−r/N)(1−c/N)), N the effective base (Haberman 1973)",
        ),
    }
}

fn tests(tables: &[Table], findings: &[Findings], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    if profile.significance.tests.is_empty() {
        return Vec::new();
    }
    let mut formulas: Vec<&str> = Vec::new();
    let mut chosen = Grouped::new();
    let mut several = false;
    for (table, findings) in tables.iter().zip(findings) {
        for line in &findings.tests {
            if line.value("bonferroni_p").is_some() {
                several = true;
                continue;
            }
            let words = formula(line.test, table.sample().is_some(), language);
            if line.values.is_ok() && !formulas.contains(&words) {
                formulas.push(words);
            }
            chosen.add(why(table, line, language), of_what(table, line));
        }
        let words = formula(Test::Residual, false, language);
        if !findings.residuals.is_empty() && !formulas.contains(&words) {
            formulas.push(words);
        }
    }
    let mut lines = vec![
        language
            .choose(
                "設問と集計軸の両方に回答した人による（無回答・非該当を除く）",
                "of those given on both the question and the banner (no answer and not asked left out)",
            )
            .to_string(),
    ];
    lines.extend(formulas.into_iter().map(String::from));
    lines.extend(chosen.lines(language));
    if several {
        lines.push(
            language
                .choose(
                    "複数回答は選択肢ごとに（選んだ／選ばない）検定し、全体では最小の p × 選択肢の数（Bonferroni。Bilder・Loughin）",
                    "of several answers each option is tested, given or not; together the smallest p times their \
                     number (Bonferroni; Bilder and Loughin)",
                )
                .to_string(),
        );
    }
    lines
}

/// `a>b` of a banner.
fn path(table: &Table, banner: usize) -> String {
    let ids = table.banners[banner].path.iter().map(|question| question.id.as_str());
    ids.collect::<Vec<_>>().join(">")
}

/// `q1 × q4`, or `q3:2 × q4` of one answer.
fn of_what(table: &Table, line: &TestLine) -> String {
    let stub = match line.row.map(|row| &table.stub[row]) {
        None => table.question.id.clone(),
        // The rows of a summary table are questions.
        Some(row) if table.is_summary() => row.question.clone(),
        Some(row) => match &row.code {
            Some(code) => format!("{}:{code}", row.question),
            None => row.question.clone(),
        },
    };
    let group = line.column.map(|column| format!(" = {}", table.columns[column].labels.join(" > ")));
    match line.banner {
        Some(banner) => format!("{stub} × {}{}", path(table, banner), group.unwrap_or_default()),
        None => stub,
    }
}

/// Which test was run and why.
fn why(table: &Table, line: &TestLine, language: Language) -> String {
    let name = super::significance::test_name(line.test, language);
    if let Err(why) = &line.values {
        let not = language.choose("行わない", "not run");
        return format!("{name} {not} — {}", why.words(language));
    }
    let reason = match (line.asked, line.test) {
        (Test::Auto, Test::RaoScott) if !table.weighted() => {
            language.choose("auto: 標本設計があるため", "auto: the sample has a design")
        }
        (Test::Auto, Test::RaoScott) => {
            language.choose("auto: ウェイトがあるため", "auto: the table is weighted")
        }
        (Test::Auto, Test::Fisher) => language.choose(
            "auto: 期待度数が5未満のセルが2割を超えるか、1未満のセルがあるため",
            "auto: over a fifth of expected counts are under 5, or one is under 1",
        ),
        (Test::Auto, _) if !table.weighted() => {
            language.choose("auto: ウェイトがないため", "auto: no weights")
        }
        _ => language.choose("指定による", "as asked"),
    };
    let drawn = super::significance::drawn(line, language);
    let reason = match &drawn {
        Some(drawn) => format!("{reason}{}{drawn}", language.choose("、", "; ")),
        None => reason.to_string(),
    };
    match language {
        Language::Japanese => format!("{name}（{reason}）"),
        Language::English => format!("{name} ({reason})"),
    }
}

fn comparisons(tables: &[Table], findings: &[Findings], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let Some(comparing) = profile.significance.comparison.as_ref() else { return Vec::new() };
    let preset = comparing.preset;
    let designed = tables.iter().find(|table| preset == Preset::Renkei && table.sample().is_some());
    let of = designed.or(tables.first());
    let mut lines: Vec<String> =
        of.and_then(|table| definition(&profile.significance, table, language)).into_iter().collect();
    lines.push(match preset {
        Preset::Renkei if designed.is_some() => say(
            "％・平均: t = d/√v(d)。d は列の差、v(d) = v₁+v₂−2v₁₂ は標本設計による差の分散（両列にいる人と共通のクラスターの共分散 v₁₂ を含む）。\
             自由度は、いずれかの列に人のいる抽出単位の数 − 層の数 − 1（反復ウェイトは階数 − 2）（R survey の svyttest）",
            "percentages and means: t = d/√v(d), d the difference, v(d) = v₁+v₂−2v₁₂ its variance under the design (v₁₂: \
             respondents in both columns, and clusters that have both); degrees of freedom: sampling units with somebody in \
             either column, less strata, less 1 (replicate weights: their rank less 2) (R survey's svyttest)",
        ),
        Preset::Renkei => say(
            "％: t = (p₁−p₂)/√(p̄(1−p̄)(1/e₁+1/e₂))、p̄ = (e₁p₁+e₂p₂)/(e₁+e₂)、自由度 e₁+e₂−2、e は有効母数",
            "percentages: t = (p₁−p₂)/√(p̄(1−p̄)(1/e₁+1/e₂)), p̄ = (e₁p₁+e₂p₂)/(e₁+e₂), e₁+e₂−2 degrees of \
             freedom, e the effective base",
        ),
        Preset::Spss => say(
            "％: z = (p₁−p₂)/√(p̄(1−p̄)(1/w₁+1/w₂))、p̄ は加重度数をプールした比率、w は加重した基数、正規分布（SPSS CTABLES）",
            "percentages: z = (p₁−p₂)/√(p̄(1−p̄)(1/w₁+1/w₂)), p̄ pooled over weighted counts, w the weighted base, \
             normal (SPSS CTABLES)",
        ),
        Preset::Dimensions => say(
            "％: t = (p₁−p₂)/√(p̄(1−p̄)(1/e₁+1/e₂))、p̄ は加重度数をプールした比率、自由度 e₁+e₂−2（UNICOM Dimensions、Quantipy による）",
            "percentages: t = (p₁−p₂)/√(p̄(1−p̄)(1/e₁+1/e₂)), p̄ pooled over weighted counts, e₁+e₂−2 degrees of \
             freedom (UNICOM Dimensions, after Quantipy)",
        ),
        Preset::Crunch => say(
            "％: t = (p₁−p₂)/√(p₁(1−p₁)/e₁+p₂(1−p₂)/e₂)、自由度 e₁+e₂−2（crunch-cube による）",
            "percentages: t = (p₁−p₂)/√(p₁(1−p₁)/e₁+p₂(1−p₂)/e₂), e₁+e₂−2 degrees of freedom (after crunch-cube)",
        ),
    });
    if !tables.iter().any(Table::weighted) && designed.is_none() {
        lines.push(say("ウェイトがないため、e と w は n に等しい", "without weights e and w are n"));
    }
    let means = has(tables, RowRole::Number) || has(tables, RowRole::Score);
    // The definition says of the others that they compare no means.
    if means && designed.is_none() && matches!(preset, Preset::Renkei | Preset::Crunch) {
        lines.push(say(
            "平均: t = (m₁−m₂)/√(s₁²/n₁+s₂²/n₂)、自由度は Welch–Satterthwaite（renkei では n に有効母数）",
            "means: t = (m₁−m₂)/√(s₁²/n₁+s₂²/n₂), degrees of freedom of Welch and Satterthwaite (renkei: n is the \
             effective base)",
        ));
    }
    let correction = match comparing.correction {
        Correction::None => None,
        Correction::Bonferroni => {
            Some(say("Bonferroni: p × 対の数", "Bonferroni: p times the number of pairs"))
        }
        Correction::Holm => Some(say(
            "Holm 1979: 小さい順に p × 残りの対の数（族の誤り率を水準以下に保つ）",
            "Holm 1979: in ascending order p times the pairs left (the chance of any false letter is at most the level)",
        )),
        Correction::BenjaminiHochberg => Some(say(
            "Benjamini・Hochberg 1995: 偽発見率を水準以下に保つ",
            "Benjamini and Hochberg 1995: the false discovery rate is at most the level",
        )),
    };
    lines.extend(correction);
    let mut refused = Grouped::new();
    for (table, findings) in tables.iter().zip(findings) {
        let Some(lettering) = &findings.lettering else { continue };
        let id = &table.question.id;
        for (banner, why) in &lettering.not_run {
            let not = language.choose("列を比べない", "columns not compared");
            let of = format!("{id} × {}", path(table, *banner));
            refused.add(format!("{not} — {}", why.words(language)), of);
        }
        if !lettering.too_small.is_empty() {
            let labels = lettering.too_small.iter().map(|&column| {
                let column = &table.columns[column];
                column.labels.join(" > ")
            });
            let labels = labels.collect::<Vec<_>>().join(language.choose("、", ", "));
            let small = language.choose("n が小さく比べない列", "columns too small to compare");
            refused.add(format!("{small} — {labels}"), id.clone());
        }
        if table.question.kind == Kind::Date {
            let not = language.choose("日付は比べない", "days are not compared");
            refused.add(not.to_string(), id.clone());
        }
    }
    lines.extend(refused.lines(language));
    lines
}

/// What tests are worth, where there are any.
fn sample(findings: &[Findings], profile: &Profile) -> Vec<String> {
    let tested = findings
        .iter()
        .any(|found| found.lettering.is_some() || found.tests.iter().any(|line| line.values.is_ok()));
    let caveat = caveat(profile.significance.sampling, profile.language).filter(|_| tested);
    caveat.map(String::from).into_iter().collect()
}

fn rounding(profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let decimals = profile.decimals;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let mut lines = Vec::new();
    if profile.percent.is_some() {
        lines.push(match language {
            Language::Japanese => format!(
                "％は整数の比から一度だけ四捨五入し、小数{decimals}桁で示す。内訳の合計を100に合わせる調整はしない"
            ),
            Language::English => format!(
                "percentages are rounded half up, once, from the ratio of integers, to {}; parts are \
                 not adjusted to add up to 100",
                plural(u64::from(decimals), "decimal place")
            ),
        });
    }
    lines.extend(profile.difference.map(|difference| match difference {
        Difference::Raw => {
            say("全体との差は四捨五入前の％の差", "differences from the total are of raw percentages")
        }
        Difference::Shown => {
            say("全体との差は表示した％どうしの差", "differences from the total are of printed percentages")
        }
    }));
    if profile.index.is_some() {
        lines.push(say(
            "指数は四捨五入前の値で全体を100とする",
            "indices set the total to 100, from raw values",
        ));
    }
    if profile.low_base > 0 {
        lines.push(match language {
            Language::Japanese => format!("n が {} 未満の基数は * を付け、参考値とする", profile.low_base),
            Language::English => format!("bases under {} are marked * as indicative only", profile.low_base),
        });
    }
    if profile.hatch && profile.percent == Some(PercentBase::Banner) {
        lines.push(say(
            "++・+ は全体より10・5ポイント以上高い、--・- は低い区分（参考値を除く。検定ではない）",
            "++ and + mark groups 10 and 5 points or more above the total, -- and - below (small bases left out; no test)",
        ));
    }
    lines
}
