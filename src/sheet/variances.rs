//! How variances are had and intervals made of them, in sentences for a methods section.

use super::interval::variance;
use super::methods::has;
use super::profile::Profile;
use crate::design::About;
use crate::significance::{Findings, Test};
use crate::tabulate::{IntervalMethod, RowRole, Table};

/// How variances are had, and intervals made of them.
pub(super) fn variances(tables: &[Table], findings: &[Findings], profile: &Profile) -> Vec<String> {
    let language = profile.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let used = |(table, found): (&Table, &Findings)| {
        let tested = found.lettering.is_some() || found.tests.iter().any(|line| line.test == Test::RaoScott);
        (profile.interval.is_some() && table.spread().is_some()) || (tested && table.sample().is_some())
    };
    let known = |table: &'_ Table| table.spread().or(table.sample()).cloned();
    let of = tables.iter().zip(findings).find(|pair| used(*pair));
    let Some(spread) = of.and_then(|(table, _)| known(table)) else { return Vec::new() };
    let wilson = profile.interval.is_some_and(|level| level.method(&spread) == IntervalMethod::Wilson)
        && spread.about == About::Undeclared;
    let mut lines = Vec::new();
    if spread.replicates.is_some() {
        lines.push(variance(&spread, language));
        lines.push(say(
            "v = Σ c(θ_r − θ)²。θ_r は各組のウェイトによる推定値、θ はその平均（`mse = true` なら推定値）、c は種別の係数。自由度は反復ウェイトの\
             階数 − 1（Wolter 2007。R survey の svrVar）",
            "v = Σ c(θ_r − θ)²: θ_r the estimate under each replicate, θ their mean (with `mse = true` the estimate), c the \
             factor of their kind; degrees of freedom: their rank less 1 (Wolter 2007; R survey's svrVar)",
        ));
    } else if !wilson {
        lines.push(variance(&spread, language));
        lines.push(say(
            "v = Σ_h (1−f_h)·n_h/(n_h−1)·Σ_i (z_hi − z̄_h)²。z は抽出単位ごとの線形化値の和（比率は w(y−p)/Σw）、h は層、f は抽出率。\
             区分は標本設計を保つ（外の人は0）。自由度は基数に人のいる抽出単位の数 − 層の数（Woodruff 1971、Binder 1983。R survey の svyrecvar）",
            "v = Σ_h (1−f_h)·n_h/(n_h−1)·Σ_i (z_hi − z̄_h)²: z sums of linearised values by sampling unit (of a share \
             w(y−p)/Σw), h strata, f fractions drawn; groups keep the design (others count 0); degrees of freedom: units with \
             somebody of the base, less strata (Woodruff 1971, Binder 1983; R survey's svyrecvar)",
        ));
    }
    lines.extend(spread.calibrated.then(|| match spread.replicates {
        None => say(
            "ウェイトは目標から作られたので、z は目標の区分や数量で説明される分を除いた残差（Deville・Särndal 1992。R survey の rake、postStratify、calibrate）",
            "the weights were made of targets: z are residuals from what the targets' categories and numbers explain (Deville and \
             Särndal 1992; R survey's rake, postStratify, calibrate)",
        ),
        Some(_) => say(
            "反復ウェイトは目標に合わせ直していないので、分散は目標への調整を反映しない",
            "the replicates were not weighted to the targets, so the variance does not account for them",
        ),
    }));
    let given = spread.about == About::Weights && !spread.calibrated;
    lines.extend(given.then(|| {
        say(
            "ウェイトは所与の抽出ウェイトとして扱う。それが目標に合わせて作られていても、分散はそれを反映しない",
            "weights are taken as given; if they were made to reach targets, the variance does not account for it",
        )
    }));
    let Some(level) = profile.interval.filter(|_| spread_of_cells(tables)) else { return lines };
    let counted = tables.iter().any(|table| table.means.is_none() && !table.question.kind.is_measured());
    lines.extend(counted.then(|| match level.method(&spread) {
        IntervalMethod::Logit => say(
            "割合の区間（ロジット法）: logit(p) ± t·√v/(p(1−p)) を戻したもの。0%・100% は Korn–Graubard 法",
            "intervals of shares (logit): logit(p) ± t·√v/(p(1−p)), transformed back; of 0% and 100% Korn–Graubard's",
        ),
        IntervalMethod::Wilson => say(
            "割合の区間（Wilson 1927）: (p + z²/2m ± z√(p(1−p)/m + z²/4m²))/(1 + z²/m)。m は n（標本設計やウェイトがあれば p(1−p)/v と t）",
            "intervals of shares (Wilson 1927): (p + z²/2m ± z√(p(1−p)/m + z²/4m²))/(1 + z²/m), m = n (with weights or a \
             design p(1−p)/v, and t)",
        ),
        IntervalMethod::Beta => say(
            "割合の区間（Korn・Graubard 1998）: ベータ分布、有効な数 p(1−p)/v·(t_{n−1}/t_ν)²",
            "intervals of shares (Korn and Graubard 1998): beta, on the effective number p(1−p)/v·(t_{n−1}/t_ν)²",
        ),
        IntervalMethod::Mean => say("割合の区間: p ± t·√v", "intervals of shares: p ± t·√v"),
        IntervalMethod::SamplingError => {
            say("標本誤差の範囲: p ± 2√((N−n)/(N−1)·p(1−p)/n)", "range of sampling error: p ± 2√((N−n)/(N−1)·p(1−p)/n)")
        }
    }));
    if has(tables, RowRole::Number) || has(tables, RowRole::Score) || has(tables, RowRole::Ratio) {
        lines.push(say(
            "平均・比率の区間: m ± t·√v。四分位の区間は、その値以下の割合の区間の両端にあたる値（Woodruff 1952）",
            "intervals of means and ratios: m ± t·√v; of quartiles the values at the ends of the interval of the share at or \
             below them (Woodruff 1952)",
        ));
    }
    lines
}

fn spread_of_cells(tables: &[Table]) -> bool {
    tables.iter().any(|table| table.spread().is_some())
}
