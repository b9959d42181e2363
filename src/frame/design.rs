//! The columns of a sampling design: who was drawn with whom, from how many, and replicate weights.

use std::collections::HashMap;

use super::layout::{Layout, Role};
use super::ledger::{Here, TaskLedger};
use super::lookup::Dictionary;
use super::number::{Decimal, folded};
use super::worker::CodedBlock;
use crate::diag::{Diagnostic, quote};
use crate::schema::Design;

/// What a column of the design tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DesignRole {
    /// The stratum.
    Stratum,
    /// The sampling unit of a stage.
    Cluster(usize),
    /// How many units there were at a stage, or the fraction drawn.
    Population(usize),
    /// A replicate weight.
    Replicate,
}

impl DesignRole {
    /// What a cell should have held.
    pub(crate) fn words(self) -> &'static str {
        match self {
            DesignRole::Stratum => "a stratum",
            DesignRole::Cluster(_) => "a sampling unit (cluster)",
            DesignRole::Population(_) => "a number of units above 0 (fpc), or the fraction drawn",
            DesignRole::Replicate => "a replicate weight of zero or more",
        }
    }
}

/// The columns of a design, all respondents in file order.
#[derive(Debug, Clone, Default)]
pub struct DesignColumns {
    /// The stratum of each respondent.
    pub strata: Option<Units>,
    /// The sampling unit of each respondent, by stage.
    pub clusters: Vec<Units>,
    /// How many units there were to draw from, or the fraction drawn, by stage.
    pub populations: Vec<Vec<f64>>,
    /// Replicate weights, by replicate.
    pub replicates: Vec<Vec<f64>>,
}

/// Strata or sampling units: for each respondent the place of a label.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// Places in `labels`.
    pub codes: Vec<u32>,
    /// Labels, whole numbers in their order and then texts.
    pub labels: Vec<Box<str>>,
}

/// The columns that a design needs of those in the header; `*` takes them in the header's order.
pub(crate) fn columns(design: &Design, headers: &[String]) -> Result<Vec<(String, DesignRole)>, Diagnostic> {
    match design {
        Design::Stages(stages) => {
            let strata = stages.strata.iter().map(|column| (column.clone(), DesignRole::Stratum));
            let of_stage = |columns: &[String], role: fn(usize) -> DesignRole| {
                let columns = columns.iter().cloned().enumerate();
                columns.map(|(stage, column)| (column, role(stage))).collect::<Vec<_>>()
            };
            let clusters = of_stage(&stages.clusters, DesignRole::Cluster);
            let populations = of_stage(&stages.fpc, DesignRole::Population);
            Ok(strata.chain(clusters).chain(populations).collect())
        }
        Design::Replicates(replicates) => {
            let mut columns: Vec<String> = Vec::new();
            for written in &replicates.columns {
                let Some((before, after)) = written.split_once('*') else {
                    columns.push(written.clone());
                    continue;
                };
                let fits = |header: &&String| {
                    header.len() >= before.len() + after.len()
                        && header.starts_with(before)
                        && header.ends_with(after)
                };
                let found: Vec<String> = headers.iter().filter(fits).cloned().collect();
                if found.is_empty() {
                    let message =
                        format!("no column of the data fits {} of the replicate weights", quote(written));
                    return Err(Diagnostic::error(message));
                }
                columns
                    .extend(found.into_iter().filter(|column| !columns.contains(column)).collect::<Vec<_>>());
            }
            let (count, factors) = (columns.len(), replicates.rscales.len());
            if count < 2 {
                return Err(Diagnostic::error("expected two replicate weights or more, found one"));
            }
            if factors > 1 && factors != count {
                return Err(Diagnostic::error(format!(
                    "expected a number in `rscales` for each of {count} replicate weights, found {factors}"
                )));
            }
            Ok(columns.into_iter().map(|column| (column, DesignRole::Replicate)).collect())
        }
    }
}

/// A column of the design in a block.
#[derive(Debug)]
pub(crate) enum DesignColumn {
    /// Places in the block's own labels.
    Labels(Vec<u32>, Vec<Box<str>>),
    Numbers(Vec<f64>),
}

/// A column of the design as it is read.
pub(crate) enum DesignSink {
    Labels { known: Dictionary<u32>, codes: Vec<u32>, labels: Vec<Box<str>> },
    Numbers { values: Vec<f64>, zero: bool },
}

impl DesignSink {
    pub(crate) fn new(role: DesignRole) -> DesignSink {
        match role {
            DesignRole::Stratum | DesignRole::Cluster(_) => {
                DesignSink::Labels { known: Dictionary::default(), codes: Vec::new(), labels: Vec::new() }
            }
            DesignRole::Population(_) => DesignSink::Numbers { values: Vec::new(), zero: false },
            DesignRole::Replicate => DesignSink::Numbers { values: Vec::new(), zero: true },
        }
    }

    pub(crate) fn prepare(&mut self, rows: usize) {
        match self {
            DesignSink::Labels { codes, .. } => *codes = vec![0; rows],
            DesignSink::Numbers { values, .. } => *values = vec![0.0; rows],
        }
    }

    /// Takes a cell; what is not expected goes into the ledger.
    pub(crate) fn take_in(&mut self, content: &[u8], ledger: &mut TaskLedger, here: Here<'_>) {
        if !self.put(here.row, content) {
            ledger.value(&String::from_utf8_lossy(content), here);
        }
    }

    /// Takes a cell; says whether it is what is expected.
    fn put(&mut self, row: usize, content: &[u8]) -> bool {
        match self {
            DesignSink::Labels { known, codes, labels } => {
                codes[row] = match known.get(content) {
                    Some(&code) => code,
                    None => {
                        let code = super::ledger::count32(labels.len());
                        labels.push(String::from_utf8_lossy(content).into());
                        known.insert(content.into(), code);
                        code
                    }
                };
                true
            }
            DesignSink::Numbers { values, zero } => match folded(content) {
                Ok(number) if number.digits > 0 || (*zero && number.digits == 0) => {
                    values[row] = real(number);
                    true
                }
                _ => false,
            },
        }
    }

    /// The column of a block that ends after so many rows.
    pub(crate) fn take(&mut self, rows: usize) -> DesignColumn {
        match self {
            DesignSink::Labels { known, codes, labels } => {
                known.clear();
                codes.truncate(rows);
                DesignColumn::Labels(std::mem::take(codes), std::mem::take(labels))
            }
            DesignSink::Numbers { values, .. } => {
                values.truncate(rows);
                DesignColumn::Numbers(std::mem::take(values))
            }
        }
    }
}

fn real(number: Decimal) -> f64 {
    number.digits as f64 / 10_f64.powi(number.decimals as i32)
}

/// The design of all blocks, taken out of them; a record that stands for several respondents is in it
/// as often.
pub(crate) fn gather(coded: &mut [CodedBlock], layout: &Layout) -> Option<DesignColumns> {
    let mut design = DesignColumns::default();
    let mut any = false;
    for (index, task) in layout.tasks.iter().enumerate() {
        let Role::Design(role) = task.role else { continue };
        any = true;
        let (mut codes, mut labels) = (Vec::new(), Vec::new());
        let mut known: HashMap<Box<str>, u32> = HashMap::new();
        let mut numbers = Vec::new();
        for block in coded.iter_mut() {
            let Some(place) = block.design.iter().position(|(own, _)| *own == index) else { continue };
            let (_, column) = block.design.swap_remove(place);
            let counts = block.counts.as_deref();
            let times = |row: usize| counts.map_or(1, |counts| counts[row] as usize);
            match column {
                DesignColumn::Labels(own, words) => {
                    let places: Vec<u32> = words
                        .into_iter()
                        .map(|word| {
                            let next = super::ledger::count32(labels.len());
                            *known.entry(word).or_insert_with_key(|word| {
                                labels.push(word.clone());
                                next
                            })
                        })
                        .collect();
                    for (row, code) in own.into_iter().enumerate() {
                        codes.extend(std::iter::repeat_n(places[code as usize], times(row)));
                    }
                }
                DesignColumn::Numbers(own) => {
                    for (row, value) in own.into_iter().enumerate() {
                        numbers.extend(std::iter::repeat_n(value, times(row)));
                    }
                }
            }
        }
        match role {
            DesignRole::Stratum => design.strata = Some(sorted(codes, labels)),
            DesignRole::Cluster(_) => design.clusters.push(sorted(codes, labels)),
            DesignRole::Population(_) => design.populations.push(numbers),
            DesignRole::Replicate => design.replicates.push(numbers),
        }
    }
    any.then_some(design)
}

impl DesignColumns {
    /// Puts the columns of another file behind; labels mean the same in both.
    pub(crate) fn append(&mut self, other: DesignColumns) -> Result<(), String> {
        if self.replicates.len() != other.replicates.len() {
            let (own, others) = (self.replicates.len(), other.replicates.len());
            return Err(format!("found {others} replicate weights here and {own} in the files before"));
        }
        self.strata = match (self.strata.take(), other.strata) {
            (Some(own), Some(other)) => Some(own.append(other)),
            (own, other) => own.or(other),
        };
        let clusters = std::mem::take(&mut self.clusters);
        self.clusters =
            clusters.into_iter().zip(other.clusters).map(|(own, other)| own.append(other)).collect();
        let behind = |own: &mut Vec<Vec<f64>>, other: Vec<Vec<f64>>| {
            own.iter_mut().zip(other).for_each(|(own, other)| own.extend(other));
        };
        behind(&mut self.populations, other.populations);
        behind(&mut self.replicates, other.replicates);
        Ok(())
    }
}

impl Units {
    fn append(self, other: Units) -> Units {
        let mut labels = self.labels;
        let mut known: HashMap<Box<str>, u32> =
            (0..).zip(&labels).map(|(place, label)| (label.clone(), place)).collect();
        let places: Vec<u32> = other
            .labels
            .into_iter()
            .map(|label| {
                let next = super::ledger::count32(labels.len());
                *known.entry(label).or_insert_with_key(|label| {
                    labels.push(label.clone());
                    next
                })
            })
            .collect();
        let mut codes = self.codes;
        codes.extend(other.codes.into_iter().map(|code| places[code as usize]));
        sorted(codes, labels)
    }
}

/// Labels in one order, in whichever order they were met: sums over units must not depend on it.
fn sorted(mut codes: Vec<u32>, labels: Vec<Box<str>>) -> Units {
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let key = |label: &str| label.parse::<i64>().unwrap_or(i64::MAX);
    order.sort_by(|&one, &other| {
        let (one, other) = (&labels[one], &labels[other]);
        key(one).cmp(&key(other)).then_with(|| one.cmp(other))
    });
    let mut places = vec![0; labels.len()];
    for (place, &label) in order.iter().enumerate() {
        places[label] = super::ledger::count32(place);
    }
    codes.iter_mut().for_each(|code| *code = places[*code as usize]);
    Units { codes, labels: order.into_iter().map(|label| labels[label].clone()).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(labels: &[&str]) -> Units {
        let mut known: Vec<Box<str>> = Vec::new();
        let codes = labels.iter().map(|label| {
            let place = known.iter().position(|own| **own == **label).unwrap_or_else(|| {
                known.push((*label).into());
                known.len() - 1
            });
            super::super::ledger::count32(place)
        });
        let codes = codes.collect();
        sorted(codes, known)
    }

    #[test]
    fn units_of_files_put_together_are_those_of_the_file_of_all_records() {
        let (one, other) = (["3", "b", "10", "3"], ["a", "2", "3", "b"]);
        let whole = units(&[one, other].concat());
        let joined = units(&one).append(units(&other));
        assert_eq!((joined.codes, joined.labels), (whole.codes, whole.labels));
    }

    #[test]
    fn files_with_another_number_of_replicate_weights_are_refused() {
        let of =
            |count: usize| DesignColumns { replicates: vec![vec![1.0]; count], ..DesignColumns::default() };
        let mut own = of(2);
        assert_eq!(own.append(of(2)), Ok(()));
        assert_eq!(own.replicates, [[1.0, 1.0], [1.0, 1.0]]);
        let told = "found 3 replicate weights here and 2 in the files before".to_string();
        assert_eq!(own.append(of(3)), Err(told));
    }
}
