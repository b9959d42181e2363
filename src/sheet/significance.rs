//! What tests and letters say, in words under the table.

use super::profile::{Language, Profile};
use super::round_real;
use crate::diag::thousands;
use crate::schema::Sampling;
use crate::significance::{DRAWN, Findings, Lettering, Options, Test, TestLine};
use crate::tabulate::Table;

/// The lines under a table: each test, the legend of letters, and what both are worth.
pub(super) fn notes(table: &Table, findings: &Findings, options: &Options, profile: &Profile) -> Vec<String> {
    let mut notes = Vec::new();
    for banner in 0..table.banners.len() {
        let of_banner: Vec<&TestLine> = findings.tests.iter().filter(|line| line.banner == banner).collect();
        for lines in
            of_banner.chunk_by(|one, next| one.row.is_some() && next.row.is_some() && one.asked == next.asked)
        {
            notes.push(told(table, banner, lines, profile));
        }
    }
    if findings.residuals.iter().flatten().any(Option::is_some) {
        notes.push(
            profile
                .language
                .choose(
                    "残差は調整済み標準化残差（有効母数による。±1.96 を超えると5%水準で偏りがある）",
                    "residuals: adjusted standardised, on effective bases (beyond ±1.96: 5% level)",
                )
                .into(),
        );
    }
    if let Some(lettering) = &findings.lettering {
        notes.extend(legend(table, lettering, options, profile));
    }
    if !notes.is_empty() {
        notes.extend(caveat(options.sampling, profile.language).map(String::from));
    }
    notes
}

/// What tests are worth where respondents are no random sample.
pub fn caveat(sampling: Option<Sampling>, language: Language) -> Option<&'static str> {
    match sampling {
        Some(Sampling::Census) => Some(language.choose(
            "全数調査のため、検定は標本誤差の意味を持たない",
            "a census: tests have no meaning of sampling error",
        )),
        Some(Sampling::Volunteer) => Some(language.choose(
            "無作為標本ではないため、検定は参考にとどまる",
            "not a random sample: tests are indicative only",
        )),
        Some(Sampling::Probability) | None => None,
    }
}

/// The letters' definition in one line: also what tidy and json say.
pub fn definition(options: &Options, language: Language) -> Option<String> {
    let comparing = options.comparison.as_ref()?;
    let preset = comparing.preset;
    let levels = levels_words(&comparing.levels, language);
    let (words, correction) = (preset.words(language), comparing.correction.name());
    let least = preset.least_base();
    Some(match language {
        Language::Japanese => format!(
            "{}: {words}、{levels}、補正 {correction}（行と集計軸ごとの全対）、n が {least} 未満の列は比べない",
            preset.name()
        ),
        Language::English => format!(
            "{}: {words}; {levels}; correction {correction} over all pairs of a banner's columns in a row; \
             bases under {least} not compared",
            preset.name()
        ),
    })
}

/// `両側1%（大文字）・5%（小文字）`
fn levels_words(levels: &[u32], language: Language) -> String {
    let levels: Vec<String> = levels.iter().map(percent_words).collect();
    match levels.as_slice() {
        [one, other] => match language {
            Language::Japanese => format!("両側{one}（大文字）・{other}（小文字）"),
            Language::English => format!("two-sided {one} (upper case), {other} (lower case)"),
        },
        levels => format!("{}{}", language.choose("両側", "two-sided "), levels.concat()),
    }
}

/// `5%` of a level in hundredths of a percent.
pub(super) fn percent_words(level: &u32) -> String {
    let text = round_real(f64::from(*level) / 100.0, 2).unwrap_or_default();
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

fn legend(table: &Table, lettering: &Lettering, options: &Options, profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let mut notes = Vec::new();
    let definition = definition(options, language).unwrap_or_default();
    let some = lettering.letters.iter().flatten().any(|letters| !letters.is_empty());
    notes.push(match (some, language) {
        (true, Language::Japanese) => format!("A・B… はその列より有意に大きいことを示す（{definition}）"),
        (true, Language::English) => format!("A, B …: larger than that column ({definition})"),
        _ if lettering.comparisons.is_empty() => match language {
            Language::Japanese => format!("比べられる列はない（{definition}）"),
            Language::English => format!("no columns could be compared ({definition})"),
        },
        (false, Language::Japanese) => format!("列の間に有意な差は見られない（{definition}）"),
        (false, Language::English) => format!("no column differs from another ({definition})"),
    });
    let columns = |columns: &[usize]| {
        let labels = columns.iter().map(|&column| {
            let here = &table.columns[column];
            let label = here.labels.last().map_or("", String::as_str);
            format!("{label} ({})", here.letter)
        });
        labels.collect::<Vec<_>>().join(language.choose("、", ", "))
    };
    if !lettering.too_small.is_empty() {
        let which = columns(&lettering.too_small);
        notes.push(format!("{}{which}", language.choose("n が小さく比べない列: ", "too small to compare: ")));
    }
    if !lettering.small.is_empty() {
        let which = columns(&lettering.small);
        notes.push(format!(
            "{}{which}",
            language.choose("n が100未満で比較は参考の列: ", "bases under 100, indicative only: ")
        ));
    }
    for (banner, why) in &lettering.not_run {
        let name = name(table, *banner);
        notes.push(match language {
            Language::Japanese => format!("「{name}」の列は比べない: {}", why.words(language)),
            Language::English => format!("columns of {name} are not compared: {}", why.words(language)),
        });
    }
    notes
}

fn name(table: &Table, banner: usize) -> String {
    let path: Vec<&str> =
        table.banners[banner].path.iter().map(|question| question.heading.as_str()).collect();
    path.join(" > ")
}

pub(super) fn test_name(test: Test, language: Language) -> &'static str {
    match test {
        Test::Auto => language.choose("独立性の検定", "test of independence"),
        Test::Pearson => language.choose("カイ2乗検定", "chi-squared"),
        Test::LikelihoodRatio => language.choose("尤度比検定", "likelihood ratio"),
        Test::RaoScott => language.choose("Rao–Scott 検定", "Rao–Scott"),
        Test::Fisher => language.choose("フィッシャーの正確検定", "Fisher's exact"),
        Test::Trend => language.choose("傾向の検定", "trend"),
        Test::Residual => language.choose("残差", "residuals"),
    }
}

/// One test of the table, or of its answers one by one.
fn told(table: &Table, banner: usize, lines: &[&TestLine], profile: &Profile) -> String {
    let language = profile.language;
    let comma = language.choose("、", ", ");
    let test = if lines[0].row.is_some() { lines[0].asked } else { lines[0].test };
    let (test, name) = (test_name(test, language), name(table, banner));
    let head = match language {
        Language::Japanese => format!("{test}（{name}）"),
        Language::English => format!("{test} ({name})"),
    };
    let said = lines.iter().map(|line| {
        let said = match &line.values {
            Ok(_) => statistics(line, language).join(comma),
            Err(why) => format!("{}{}", language.choose("行わない: ", "not run: "), why.words(language)),
        };
        match line.row {
            Some(row) => format!("{} {said}", table.stub[row].label),
            None => said,
        }
    });
    format!("{head}: {}", said.collect::<Vec<_>>().join(language.choose("／", "; ")))
}

fn statistics(line: &TestLine, language: Language) -> Vec<String> {
    let value = |name: &str, decimals: u32| round_real(line.value(name)?, decimals);
    let mut said = Vec::new();
    let mut of = |text: Option<String>| said.extend(text);
    let whole = |name: &str| value(name, 0);
    of(value("chisq", 2).zip(whole("chisq_df")).map(|(x, df)| format!("χ²({df})={x}")));
    of(value("lr", 2).zip(whole("lr_df")).map(|(x, df)| format!("G²({df})={x}")));
    of(value("rs_f", 2)
        .zip(value("rs_df1", 1).zip(value("rs_df2", 1)))
        .map(|(f, (df1, df2))| format!("F({df1}, {df2})={f}")));
    of(value("trend", 2).map(|x| format!("χ²(1)={x}")));
    let exact = line.row.is_some() && line.asked == Test::Auto && line.test == Test::Fisher;
    of(line.p().map(|p| if exact { format!("Fisher {}", p_value(p)) } else { p_value(p) }));
    if line.value("bonferroni_p").is_some() {
        return vec![format!(
            "{} {}",
            language.choose("全選択肢で（Bonferroni）", "all answers together (Bonferroni)"),
            said.join(" ")
        )];
    }
    // One answer of several is told in short.
    if line.row.is_some() {
        return said;
    }
    said.extend(value("fisher_se", 4).map(|error| match language {
        Language::Japanese => format!("モンテカルロ法 {} 回、標準誤差 {error}", thousands(u64::from(DRAWN))),
        Language::English => {
            format!("Monte Carlo, {} tables, standard error {error}", thousands(u64::from(DRAWN)))
        }
    }));
    said.extend(
        value("cramers_v", 3).map(|v| format!("{}={v}", language.choose("クラメールのV", "Cramér's V"))),
    );
    said.extend(
        value("expected_min", 1)
            .map(|least| format!("{} {least}", language.choose("最小の期待度数", "least expected count"))),
    );
    said
}

/// `p=0.012`, `p<0.001`; the value printed decides nothing.
pub fn p_value(p: f64) -> String {
    match p < 0.001 {
        true => "p<0.001".into(),
        false => format!("p={}", round_real(p, 3).unwrap_or_default()),
    }
}
