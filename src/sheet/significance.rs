//! What tests and letters say, in words under the table.

use super::interval::variance;
use super::profile::{Language, Profile};
use super::round_real;
use crate::diag::thousands;
use crate::schema::Sampling;
use crate::significance::{
    Against, DRAWN, Findings, HIGHER, LOWER, Lettering, Options, Preset, Test, TestLine, find,
};
use crate::tabulate::Table;

/// The lines under a table: each test, the legend of letters, and what both are worth.
pub(super) fn notes(table: &Table, findings: &Findings, options: &Options, profile: &Profile) -> Vec<String> {
    let mut notes = Vec::new();
    // Those over the rows come last.
    for banner in (0..table.banners.len()).map(Some).chain([None]) {
        let of_banner: Vec<&TestLine> = findings.tests.iter().filter(|line| line.banner == banner).collect();
        let together = |one: &&TestLine, next: &&TestLine| {
            let rows = one.row.is_some() && next.row.is_some();
            (rows || (one.column.is_some() && next.column.is_some())) && one.asked == next.asked
        };
        for lines in of_banner.chunk_by(together) {
            notes.push(told(table, banner, lines, profile));
        }
    }
    let counted = findings.tests.iter().any(|line| line.values.is_ok() && line.test.counts_respondents());
    if counted && (options.designed || table.sample().is_some()) {
        notes.push(
            profile
                .language
                .choose(
                    "Rao–Scott 以外の検定は標本設計を考慮しない",
                    "tests other than Rao–Scott take no account of the sample's design",
                )
                .into(),
        );
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

/// The lines under a table without a banner: tests over its rows.
pub(super) fn of_rows(table: &Table, profile: &Profile) -> Vec<String> {
    notes(table, &find(table, &profile.significance), &profile.significance, profile)
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
pub fn definition(options: &Options, table: &Table, language: Language) -> Option<String> {
    let comparing = options.comparison.as_ref()?;
    let preset = comparing.preset;
    let designed = table.sample().filter(|_| preset == Preset::Renkei);
    let marks = match (comparing.against, language) {
        (Against::Columns, Language::Japanese) => ["大文字", "小文字"],
        (Against::Columns, Language::English) => ["upper case", "lower case"],
        _ => ["▲▼", "△▽"],
    };
    let levels = levels_words(&comparing.levels, marks, language);
    let words = designed.map(|sample| {
        let (test, between) =
            (language.choose("差の t 検定", "t test of the difference"), language.choose("、", "; "));
        format!("{test}{between}{}", variance(sample, language))
    });
    let words = words.unwrap_or_else(|| preset.words(language).to_string());
    let correction = comparing.correction.name();
    let least = preset.least_base();
    let family = match comparing.against {
        Against::Columns => {
            language.choose("行と集計軸ごとの全対", "all pairs of a banner's columns in a row")
        }
        Against::Rest => language.choose(
            "行と集計軸ごとの全列、それぞれ他の回答者と",
            "all columns of a banner in a row, each against everybody else",
        ),
        Against::Total => language.choose(
            "行と集計軸ごとの全列、それぞれ全体と",
            "all columns of a banner in a row, each against the total",
        ),
    };
    Some(match language {
        Language::Japanese => format!(
            "{}: {words}、{levels}、補正 {correction}（{family}）、n が {least} 未満の列は比べない",
            preset.name()
        ),
        Language::English => format!(
            "{}: {words}; {levels}; correction {correction} over {family}; bases under {least} not compared",
            preset.name()
        ),
    })
}

/// `両側1%（大文字）・5%（小文字）`; `marks` are how each of two levels is told.
fn levels_words(levels: &[u32], [strict, loose]: [&str; 2], language: Language) -> String {
    let levels: Vec<String> = levels.iter().map(percent_words).collect();
    match levels.as_slice() {
        [one, other] => match language {
            Language::Japanese => format!("両側{one}（{strict}）・{other}（{loose}）"),
            Language::English => format!("two-sided {one} ({strict}), {other} ({loose})"),
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
    let definition = definition(options, table, language).unwrap_or_default();
    let some = lettering.letters.iter().flatten().any(|letters| !letters.is_empty());
    let comparing = options.comparison.as_ref();
    let against = comparing.map_or(Against::Columns, |comparing| comparing.against);
    let other = match against {
        Against::Columns => "",
        Against::Rest => language.choose("その列を除く回答者", "everybody else given on the banner"),
        Against::Total => language.choose("全体", "the total"),
    };
    // With two levels there are two pairs of marks.
    let levels = comparing.map_or(1, |comparing| comparing.levels.len());
    let marks = |marks: [&str; 2]| marks[..levels].concat();
    let (higher, lower) = (marks(HIGHER), marks(LOWER));
    notes.push(match (some, language) {
        (true, Language::Japanese) if against == Against::Columns => {
            format!("A・B… はその列より有意に大きいことを示す（{definition}）")
        }
        (true, Language::English) if against == Against::Columns => {
            format!("A, B …: larger than that column ({definition})")
        }
        (true, Language::Japanese) => {
            format!("{higher} は{other}より有意に大きく、{lower} は有意に小さいことを示す（{definition}）")
        }
        (true, Language::English) => {
            format!("{higher}: larger than {other}, {lower}: smaller ({definition})")
        }
        _ if lettering.comparisons.is_empty() => match language {
            Language::Japanese => format!("比べられる列はない（{definition}）"),
            Language::English => format!("no columns could be compared ({definition})"),
        },
        (false, Language::Japanese) if against == Against::Columns => {
            format!("列の間に有意な差は見られない（{definition}）")
        }
        (false, Language::English) if against == Against::Columns => {
            format!("no column differs from another ({definition})")
        }
        (false, Language::Japanese) => format!("{other}と有意な差のある列はない（{definition}）"),
        (false, Language::English) => format!("no column differs from {other} ({definition})"),
    });
    if let (Some(comparing), false) = (comparing, lettering.comparisons.is_empty()) {
        let shared = against == Against::Columns && table.banners.iter().any(|banner| banner.overlapping);
        notes.extend(
            (shared || against == Against::Total).then(|| comparing.preset.overlap_words(language).into()),
        );
    }
    let columns = |columns: &[usize]| {
        let labels = columns.iter().map(|&column| {
            let here = &table.columns[column];
            let label = here.labels.last().map_or("", String::as_str);
            match against {
                Against::Columns => format!("{label} ({})", here.letter),
                _ => label.to_string(),
            }
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
        Test::McNemar => language.choose("マクネマー検定", "McNemar"),
        Test::Marginal => {
            language.choose("周辺同等性の検定（Stuart–Maxwell）", "marginal homogeneity (Stuart–Maxwell)")
        }
        Test::BilderLoughin => language.choose(
            "複数回答の独立性の検定（Bilder–Loughin）",
            "independence of several answers (Bilder–Loughin)",
        ),
        Test::Cochran => language.choose("コクランのQ検定", "Cochran's Q"),
        Test::Contrast => language.choose("対応のある線形対比", "paired linear contrast"),
    }
}

/// One test of the table, or of its answers one by one.
fn told(table: &Table, banner: Option<usize>, lines: &[&TestLine], profile: &Profile) -> String {
    let language = profile.language;
    let comma = language.choose("、", ", ");
    let test = if lines[0].row.is_some() { lines[0].asked } else { lines[0].test };
    let answers = lines[0].value("mcnemar_df").is_some_and(|df| df > 1.0);
    let rows = || language.choose("行の間、全体", "between the rows, total").to_string();
    let within = lines[0].column.is_some();
    let test = match test {
        // Of more than two answers it has another author.
        Test::McNemar if answers => language.choose("対称性の検定（Bowker）", "symmetry (Bowker)"),
        test => test_name(test, language),
    };
    let name = banner.map_or_else(rows, |banner| {
        let name = name(table, banner);
        if within { format!("{}{name}", language.choose("行の間、", "between the rows, ")) } else { name }
    });
    let head = match language {
        Language::Japanese => format!("{test}（{name}）"),
        Language::English => format!("{test} ({name})"),
    };
    let said = lines.iter().map(|line| {
        let said = match &line.values {
            Ok(_) => statistics(line, language).join(comma),
            Err(why) => format!("{}{}", language.choose("行わない: ", "not run: "), why.words(language)),
        };
        match (line.row, line.column) {
            (Some(row), _) => format!("{} {said}", table.stub[row].label),
            (None, Some(column)) => format!("{} {said}", table.columns[column].labels.join(" > ")),
            (None, None) => said,
        }
    });
    format!("{head}: {}", said.collect::<Vec<_>>().join(language.choose("／", "; ")))
}

/// That a p-value was found by drawing tables, with the seed and its error.
pub fn drawn(line: &TestLine, language: Language) -> Option<String> {
    let (error, seed) = (line.value("fisher_se")?, line.value("fisher_seed")? as u64);
    let error = match error < 0.0001 {
        true => language.choose("0.0001 未満", "under 0.0001").to_string(),
        false => round_real(error, 4)?,
    };
    let count = thousands(u64::from(DRAWN));
    Some(match language {
        Language::Japanese => format!("モンテカルロ法 {count} 回（種 {seed}）、標準誤差 {error}"),
        Language::English => format!("Monte Carlo, {count} tables (seed {seed}), standard error {error}"),
    })
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
    for name in ["mcnemar", "marginal", "cochran"] {
        let letter = if name == "cochran" { "Q" } else { "χ²" };
        of(value(name, 2).zip(whole(&format!("{name}_df"))).map(|(x, df)| format!("{letter}({df})={x}")));
    }
    of(value("contrast", 2).zip(whole("contrast_df")).map(|(t, df)| format!("t({df})={t}")));
    of(value("bl_x2", 2).zip(value("bl_rs2", 2).zip(value("bl_df", 1))).map(|(x2, (scaled, df))| {
        let second = language.choose("Rao–Scott 2次", "Rao–Scott second order");
        format!("X²={x2}{}{second} χ²({df})={scaled}", language.choose("、", ", "))
    }));
    of(value("trend", 2).map(|x| format!("χ²(1)={x}")));
    if line.value("mcnemar_exact_p").is_some() {
        of(line.value("mcnemar_p").map(p_value));
    }
    let exact = line.row.is_some() && line.asked == Test::Auto && line.test == Test::Fisher;
    let binomial = line.value("mcnemar_exact_p").is_some();
    of(line.p().map(|p| {
        if binomial {
            format!("{} {}", language.choose("正確", "exact"), p_value(p))
        } else if exact {
            format!("Fisher {}", p_value(p))
        } else {
            p_value(p)
        }
    }));
    if line.value("bonferroni_p").is_some() {
        return vec![format!(
            "{} {}",
            language.choose("全選択肢で（Bonferroni）", "all answers together (Bonferroni)"),
            said.join(" ")
        )];
    }
    // One answer of several is told in short.
    if line.row.is_some() {
        said.extend(drawn(line, language));
        return said;
    }
    said.extend(drawn(line, language));
    said.extend(
        value("cramers_v", 3).map(|v| format!("{}={v}", language.choose("クラメールのV", "Cramér's V"))),
    );
    said.extend(
        value("bl_bonferroni_p", 3)
            .map(|_| format!("Bonferroni {}", p_value(line.value("bl_bonferroni_p").unwrap_or_default()))),
    );
    said.extend(line.value("rows_n").map(|n| {
        let n = thousands(n as u64);
        match language {
            Language::Japanese => format!("全行に回答した {n} 人"),
            Language::English => format!("{n} given on every row"),
        }
    }));
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
