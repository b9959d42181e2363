//! `[survey.design]`: how the sample was drawn, or the replicate weights that tell it.

use std::ops::Range;

use crate::diag::Diagnostic;
use crate::toml::{Keys, Mistakes, Typed, Value};

/// How the sample was drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Design {
    /// In stages.
    Stages(Stages),
    /// Told by replicate weights.
    Replicates(Replicates),
}

impl Design {
    /// Where it stands in the schema.
    pub fn span(&self) -> &Range<usize> {
        match self {
            Design::Stages(stages) => &stages.span,
            Design::Replicates(replicates) => &replicates.span,
        }
    }
}

/// A sample drawn in stages; columns by their headers.
#[derive(Debug, Clone, PartialEq)]
pub struct Stages {
    /// The stratum within which units of the first stage were drawn.
    pub strata: Option<String>,
    /// The sampling unit of each stage, the first stage first; none: respondents themselves.
    pub clusters: Vec<String>,
    /// Of each stage how many units there were to draw from, or the fraction drawn.
    pub fpc: Vec<String>,
    /// Ids of clusters repeat between strata.
    pub nest: bool,
    /// What a stratum with a single unit counts for.
    pub lonely: Option<Lonely>,
    /// Where `[survey.design]` stands.
    pub span: Range<usize>,
}

/// What a stratum with a single unit counts for: the remedies of R's `survey.lonely.psu`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lonely {
    /// The unit's distance from the mean of the whole sample.
    Adjust,
    /// As much as the other strata on average.
    Average,
    /// Nothing: it was certain to be drawn.
    Certainty,
    /// Nothing.
    Remove,
}

impl Lonely {
    /// Every remedy by its name.
    pub const ALL: [(&'static str, Lonely); 4] = [
        ("adjust", Lonely::Adjust),
        ("average", Lonely::Average),
        ("certainty", Lonely::Certainty),
        ("remove", Lonely::Remove),
    ];
}

/// Replicate weights.
#[derive(Debug, Clone, PartialEq)]
pub struct Replicates {
    /// Headers; in one of them `*` may stand for any text.
    pub columns: Vec<String>,
    /// How they were made.
    pub kind: ReplicateKind,
    /// Factor of the sum of squares, where it is not that of the kind.
    pub scale: Option<f64>,
    /// Factor of each replicate's square; empty: 1.
    pub rscales: Vec<f64>,
    /// They hold the weight already; otherwise they are factors of it.
    pub combined: bool,
    /// Squares are around the estimate itself, not around the replicates' mean.
    pub mse: bool,
    /// Where `replicates` stands.
    pub span: Range<usize>,
}

/// How replicate weights were made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ReplicateKind {
    /// Jackknife without strata.
    Jackknife,
    /// Jackknife with strata.
    StratifiedJackknife,
    /// Balanced repeated replication.
    Balanced,
    /// Fay's, with ρ.
    Fay(f64),
    /// Bootstrap.
    Bootstrap,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Jackknife,
    StratifiedJackknife,
    Balanced,
    Fay,
    Bootstrap,
}

const KINDS: [(&str, Kind); 5] = [
    ("JK1", Kind::Jackknife),
    ("JKn", Kind::StratifiedJackknife),
    ("BRR", Kind::Balanced),
    ("Fay", Kind::Fay),
    ("bootstrap", Kind::Bootstrap),
];

/// Reads `[survey.design]`.
pub(super) fn read(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Design> {
    let before = mistakes.count();
    let span = keys.span().clone();
    let strata = keys.text("strata", mistakes);
    let clusters = columns(&mut keys, "cluster", mistakes);
    let fpc = columns(&mut keys, "fpc", mistakes);
    let nest = keys.flag("nest", mistakes);
    let lonely = keys.word("lonely", &Lonely::ALL, mistakes);
    let replicates_span = keys.key_span("replicates");
    let replicates = keys.table("replicates", mistakes).map(|keys| replicates(keys, mistakes));
    let stages = ["strata", "cluster", "fpc", "nest", "lonely"].into_iter().find(|key| keys.has(key));
    let stages = stages.and_then(|key| Some((key, keys.key_span(key)?)));
    let meant = keys.finish(mistakes);
    if let (Some((key, span)), Some(_)) = (&stages, &replicates_span) {
        let error = Diagnostic::error(format!("`{key}` and `replicates` exclude each other"));
        mistakes.error(span, error.hint("replicate weights tell the design by themselves"));
    }
    if stages.is_none() && replicates_span.is_none() && meant.is_empty() {
        let error = Diagnostic::error("`[survey.design]` says nothing of the design");
        mistakes.error(&span, error.hint("name columns: `strata`, `cluster`, `fpc`, or `replicates`"));
    }
    if let (Some(nest), None) = (&nest, &strata)
        && nest.value
        && !meant.contains(&"strata")
    {
        let error = Diagnostic::error("`nest = true` needs `strata`: ids repeat between strata");
        mistakes.error(&nest.span, error);
    }
    if let Some(fpc) = &fpc {
        let stages = clusters.as_ref().map_or(1, |clusters| clusters.value.len());
        if fpc.value.len() != stages {
            let error = Diagnostic::error(format!(
                "expected a column in `fpc` for each stage, which is {stages}, found {}",
                fpc.value.len()
            ));
            mistakes.error(&fpc.span, error);
        }
    }
    if mistakes.count() > before {
        return None;
    }
    if replicates_span.is_some() {
        return replicates.flatten().map(Design::Replicates);
    }
    let plain = |list: Option<Typed<Vec<String>>>| list.map_or(Vec::new(), |list| list.value);
    Some(Design::Stages(Stages {
        strata: strata.map(|strata| strata.value),
        clusters: plain(clusters),
        fpc: plain(fpc),
        nest: nest.is_some_and(|nest| nest.value),
        lonely: lonely.map(|lonely| lonely.value),
        span,
    }))
}

/// A header, or several.
fn columns(keys: &mut Keys<'_>, key: &'static str, mistakes: &mut Mistakes) -> Option<Typed<Vec<String>>> {
    let value = keys.value(key)?;
    if let Some(text) = value.as_text() {
        return Some(Typed { value: vec![text.to_string()], span: value.span() });
    }
    if !value.is_list() {
        return value.unexpected("a column or a list of columns", mistakes);
    }
    let list = value.list(mistakes)?;
    let names: Vec<String> =
        list.value.iter().filter_map(|value| value.text(mistakes)).map(|text| text.value).collect();
    if list.value.is_empty() {
        mistakes.error(&list.span, Diagnostic::error(format!("`{key}` names no column")));
    }
    for (place, name) in names.iter().enumerate() {
        if names[..place].contains(name) {
            let error = Diagnostic::error(format!("`{key}` names `{name}` twice"));
            mistakes.error(&list.span, error);
        }
    }
    Some(Typed { value: names, span: list.span })
}

fn replicates(mut keys: Keys<'_>, mistakes: &mut Mistakes) -> Option<Replicates> {
    let before = mistakes.count();
    let span = keys.span().clone();
    keys.require("columns");
    keys.require("kind");
    let columns = columns(&mut keys, "columns", mistakes);
    let kind = keys.word("kind", &KINDS, mistakes);
    let positive = |value: Option<Value<'_>>, mistakes: &mut Mistakes| {
        let real = value?.real(mistakes)?;
        if real.value > 0.0 {
            return Some(real);
        }
        mistakes.error(&real.span, Diagnostic::error("expected a number above 0"));
        None
    };
    let scale = positive(keys.value("scale"), mistakes);
    let rscales = match keys.value("rscales") {
        Some(value) if value.is_list() => value.list(mistakes).map(|list| {
            list.map(|values| {
                values.iter().filter_map(|value| positive(Some(*value), mistakes)).map(|x| x.value).collect()
            })
        }),
        value => positive(value, mistakes).map(|real| real.map(|value| vec![value])),
    };
    let rho = keys.value("rho").and_then(|value| value.real(mistakes));
    let combined = keys.flag("combined", mistakes);
    let mse = keys.flag("mse", mistakes);
    for (key, span) in ["scale", "rscales"].map(|key| (key, keys.key_span(key))) {
        if let (Some(kind), Some(span)) = (&kind, span)
            && matches!(kind.value, Kind::Balanced | Kind::Fay)
        {
            let error = Diagnostic::error(format!("replicates of this kind have no `{key}`"));
            mistakes.error(&span, error.hint("it follows from their number, and from `rho`"));
        }
    }
    let rscaled = keys.has("rscales");
    keys.finish(mistakes);
    let (columns, kind) = (columns?, kind?);
    match (&rho, kind.value) {
        (None, Kind::Fay) => {
            let error = Diagnostic::error("replicates of Fay's kind need `rho`");
            mistakes.error(&kind.span, error.hint("such as `rho = 0.3`"));
        }
        (Some(rho), Kind::Fay) if !(0.0..1.0).contains(&rho.value) => {
            mistakes.error(&rho.span, Diagnostic::error("expected `rho` from 0 to less than 1"));
        }
        (Some(rho), kind) if kind != Kind::Fay => {
            mistakes.error(&rho.span, Diagnostic::error("only replicates of Fay's kind have `rho`"));
        }
        _ => {}
    }
    if kind.value == Kind::StratifiedJackknife && !rscaled {
        let error = Diagnostic::error("replicates of kind JKn need `rscales`");
        let hint = "one number for each, (n-1)/n of the stratum in which it leaves a unit out";
        mistakes.error(&kind.span, error.hint(hint));
    }
    (mistakes.count() == before).then(|| Replicates {
        columns: columns.value,
        kind: match kind.value {
            Kind::Jackknife => ReplicateKind::Jackknife,
            Kind::StratifiedJackknife => ReplicateKind::StratifiedJackknife,
            Kind::Balanced => ReplicateKind::Balanced,
            Kind::Fay => ReplicateKind::Fay(rho.map_or(0.0, |rho| rho.value)),
            Kind::Bootstrap => ReplicateKind::Bootstrap,
        },
        scale: scale.map(|scale| scale.value),
        rscales: rscales.map_or(Vec::new(), |rscales| rscales.value),
        combined: combined.is_none_or(|combined| combined.value),
        mse: mse.is_some_and(|mse| mse.value),
        span,
    })
}
