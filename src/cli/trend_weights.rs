//! The weights of each wave: files of them, or targets that they shall reach.

use std::path::{Path, PathBuf};

use super::trend_arguments::Trend as Arguments;
use crate::diag::{Diagnostic, Failure, quote, suggestion};
use crate::frame::WeightSource;
use crate::schema::Survey;

/// What was typed for the waves, in their order.
pub struct WaveWeights<'a> {
    weights: Vec<Option<&'a Path>>,
    /// Targets of each wave.
    pub targets: Vec<Option<&'a Path>>,
}

impl<'a> WaveWeights<'a> {
    /// Each wave's files; `ids`: the waves, none for one file that a question divides.
    pub fn of(arguments: &'a Arguments) -> Result<WaveWeights<'a>, Failure> {
        let ids: Vec<&str> = arguments.waves.iter().map(|wave| wave.id.as_str()).collect();
        let mut errors = Vec::new();
        let mut files = |flag, typed| by_wave(flag, typed, &ids, &mut errors);
        let (weights, targets) =
            (files("--weights", &arguments.weights), files("--targets", &arguments.targets));
        if errors.is_empty() { Ok(WaveWeights { weights, targets }) } else { Err(Failure::Refused(errors)) }
    }

    /// Every file.
    pub fn files(&self) -> impl Iterator<Item = &'a Path> + '_ {
        self.weights.iter().chain(&self.targets).flatten().copied()
    }

    /// Where a wave's weights come from; with targets its base weights.
    pub fn source(&self, wave: usize, arguments: &Arguments, survey: &Survey) -> WeightSource {
        match (self.weights[wave], &arguments.weight, &survey.weight) {
            (Some(file), ..) => WeightSource::File(file.to_path_buf()),
            _ if arguments.no_weight => WeightSource::None,
            (_, Some(column), _) | (_, None, Some(column)) => WeightSource::Column(column.clone()),
            (_, None, None) => WeightSource::None,
        }
    }

    /// Whether a wave has another weight than its questionnaire says.
    pub fn is_other(&self, wave: usize, arguments: &Arguments, survey: &Survey) -> bool {
        let named = arguments.weight.is_some() && arguments.weight != survey.weight;
        named || arguments.no_weight || self.weights[wave].is_some() || self.targets[wave].is_some()
    }
}

/// The file of each wave: `WAVE=FILE`, or a file for all that have none of their own.
fn by_wave<'a>(
    flag: &str,
    typed: &'a [PathBuf],
    ids: &[&str],
    errors: &mut Vec<Diagnostic>,
) -> Vec<Option<&'a Path>> {
    let mut files: Vec<Option<&Path>> = vec![None; ids.len().max(1)];
    let mut shared: Option<&Path> = None;
    for typed in typed {
        let words = typed.to_str().and_then(|text| text.split_once('='));
        match words.map(|(id, file)| (ids.iter().position(|known| *known == id), id, file)) {
            Some((Some(wave), id, file)) if files[wave].replace(Path::new(file)).is_some() => {
                errors.push(Diagnostic::error(format!("wave {} is given twice in `{flag}`", quote(id))));
            }
            Some((Some(_), ..)) => {}
            Some((None, id, _)) if !typed.exists() => {
                let error = Diagnostic::error(format!("unknown wave {} in `{flag}`", quote(id)));
                errors.push(match suggestion(id, ids.iter().copied()) {
                    Some(hint) => error.hint(hint),
                    None => error.hint("it takes `WAVE=FILE` with a wave of `--wave`, or one file for all"),
                });
            }
            _ if shared.replace(typed).is_some() => {
                let error = Diagnostic::error(format!("`{flag}` has two files that name no wave"));
                errors.push(error.hint("it takes `WAVE=FILE` with a wave of `--wave`, or one file for all"));
            }
            _ => {}
        }
    }
    for file in &mut files {
        *file = file.or(shared);
    }
    files
}
