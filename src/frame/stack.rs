//! Several files as one dataset: stacked by what their columns mean, with masters joined and re-submissions left out.
//!
//! Each file is read by itself, with its own encoding, columns and wave, and the coded blocks are put one after
//! another. Nothing is rewritten, one file costs what it did, and every defect knows its file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dataset::FileSpan;
use super::master::{self, MasterTable};
use super::named_records::named_records;
use super::number::{Scaled, rescale};
use super::read::{Alone, read_part};
use super::resubmission::{self, Superseded};
use super::route::Dependencies;
use super::sources::{self, Part};
use super::{Block, Dataset, ReadOptions, Replies, WeightSource, comments, weight_file, weights};
use crate::diag::{Diagnostic, Failure, Place, Progress, plural, quote};
use crate::schema::{Keep, QuestionIndex, Survey};

/// Reads several files as one: the replies to `needed`, and to what their routing and regrouping needs.
///
/// A path that ends in `.toml` is a list of sources, which says how each file is to be read.
///
/// # Errors
/// `Refused` with the defects of every file; `Io` when one cannot be read.
pub(crate) fn read_parts(
    paths: &[PathBuf],
    survey: &Survey,
    needed: &[QuestionIndex],
    options: &ReadOptions,
    progress: &dyn Progress,
    block_bytes: usize,
) -> Result<Dataset, Failure> {
    let parts = sources::parts(paths, survey, options)?;
    let dependencies = Dependencies::new(survey, needed);
    let masters = master::read(survey, &dependencies, options, progress)?;
    let superseded = resubmission::find(&parts, survey, block_bytes)?;
    let several = parts.len() > 1;
    let mut stacked = Dataset::default();
    let mut errors = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let own = own_options(part, survey, &masters, several);
        let alone = Alone {
            masters: &masters,
            superseded: superseded.get(place),
            several,
            key_prefix: &part.key_prefix,
        };
        match read_part(&part.path, &part.survey, needed, &own, &alone, progress, block_bytes) {
            Ok(dataset) if errors.is_empty() => append(&mut stacked, dataset, survey, &mut errors),
            Ok(_) => {}
            Err(Failure::Refused(more)) => errors.extend(more),
            Err(failure) => return Err(failure),
        }
    }
    if errors.is_empty() && several {
        // A correction is of one record of one of the files.
        let corrections = survey.corrections.iter().flat_map(|corrections| &corrections.list);
        let unmet = corrections.filter(|own| !stacked.corrected.contains(&own.written.question.place));
        errors.extend(unmet.map(|own| {
            let error = "no record of the files has this respondent's key";
            Diagnostic::error(error).at(own.written.respondent.place.clone())
        }));
    }
    if errors.is_empty() && several && options.log.is_none() {
        errors.extend(repeated_keys(&stacked, &parts, &superseded, block_bytes)?);
    }
    if errors.is_empty() && several {
        errors.extend(join_weights(&mut stacked, survey, options)?);
        stacked.warnings.extend(comments::unknown_respondents(
            survey,
            &dependencies,
            &stacked.blocks,
            &names(&stacked.files),
        ));
    }
    let matched = master::match_rows(survey, &masters, &stacked);
    errors.extend(matched.errors);
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    stacked.warnings.extend(matched.warnings);
    if let (Some(rule), true) = (&survey.resubmission, stacked.superseded > 0) {
        let keep = match rule.keep {
            Keep::First => "first",
            Keep::Last => "last",
        };
        let warning = Diagnostic::warning(format!(
            "{} left out: the {keep} reply of each respondent counts",
            plural(stacked.superseded, "record")
        ));
        let hint = "`renkei check` lists them";
        stacked.warnings.push(warning.at(Place::File(names(&stacked.files))).hint(hint));
    }
    stacked.partly_asked = partly_asked(survey, &parts);
    if several && !options.keys {
        stacked.blocks.iter_mut().for_each(|block| block.keys = Vec::new());
    }
    Ok(stacked)
}

/// The options that a file is read with: keys and words where something is joined by them.
fn own_options(
    part: &Part<'_>,
    survey: &Survey,
    masters: &[Option<Arc<MasterTable>>],
    several: bool,
) -> ReadOptions {
    let mut options = part.options.clone();
    options.keys |= several && survey.respondent.is_some();
    for (master, _) in survey.masters.iter().zip(masters).filter(|(_, table)| table.is_some()) {
        match master.of {
            None => options.keys = true,
            Some(of) if survey.questions[of].options.is_empty() => options.words.push(of),
            Some(_) => {}
        }
    }
    // Weights are joined to the respondents of all files.
    if several && matches!(options.weight, WeightSource::File(_)) {
        options.weight = WeightSource::None;
    }
    options
}

/// The questions that some of the files did not ask.
fn partly_asked(survey: &Survey, parts: &[Part<'_>]) -> Vec<QuestionIndex> {
    use crate::schema::Origin;
    let not_asked =
        |part: &Part<'_>, index: usize| matches!(part.survey.questions[index].origin, Origin::NotAsked);
    (0..survey.questions.len())
        .filter(|&index| !matches!(survey.questions[index].origin, Origin::NotAsked))
        .filter(|&index| parts.iter().any(|part| not_asked(part, index)))
        .collect()
}

/// Names of the files, as messages about all of them have them.
fn names(files: &[FileSpan]) -> String {
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    names.join(", ")
}

/// Puts a dataset after another.
fn append(stacked: &mut Dataset, mut more: Dataset, survey: &Survey, errors: &mut Vec<Diagnostic>) {
    if stacked.files.is_empty() {
        *stacked = more;
        return;
    }
    let file = more.files.first().map(|file| file.name.clone()).unwrap_or_default();
    let refused =
        |message: String, hint: &str| Diagnostic::error(message).at(Place::File(file.clone())).hint(hint);
    let first = stacked.files.first().map(|file| quote(&file.name)).unwrap_or_default();
    for &(question, labels) in &more.either {
        match stacked.either.iter().find(|(own, _)| *own == question) {
            Some(&(_, own)) if own != labels => errors.push(refused(
                format!(
                    "question {} would be read as {} here and as {} in {first}",
                    quote(&survey.questions[question].id),
                    if labels { "labels" } else { "codes" },
                    if own { "labels" } else { "codes" },
                ),
                "say `values = \"code\"` or `values = \"label\"` in the schema",
            )),
            Some(_) => {}
            None => stacked.either.push((question, labels)),
        }
    }
    let blocks = stacked.blocks.len();
    for file in &mut more.files {
        file.first_block += blocks;
    }
    one_scale(stacked, &mut more, survey, &mut |message| {
        errors.push(refused(message, "round the column to fewer decimals"));
    });
    match (&mut stacked.design, more.design.take()) {
        (Some(own), Some(other)) => {
            if let Err(message) = own.append(other) {
                errors.push(refused(message, "files of one survey have the same replicate weights"));
            }
        }
        (own, other) => *own = own.take().or(other),
    }
    let add = |own: &mut Vec<(QuestionIndex, u64)>, other: Vec<(QuestionIndex, u64)>| {
        for (question, count) in other {
            match own.iter_mut().find(|(index, _)| *index == question) {
                Some((_, own)) => *own += count,
                None => own.push((question, count)),
            }
        }
        own.sort_unstable();
    };
    add(&mut stacked.made_missing, std::mem::take(&mut more.made_missing));
    add(&mut stacked.answered_not_asked, std::mem::take(&mut more.answered_not_asked));
    stacked.respondents += more.respondents;
    stacked.superseded += more.superseded;
    stacked.zero_weights += more.zero_weights;
    stacked.weight_name = stacked.weight_name.take().or(more.weight_name.take());
    stacked.warnings.append(&mut more.warnings);
    stacked.corrected.append(&mut more.corrected);
    match (&mut stacked.log, more.log.take()) {
        (Some(own), Some(other)) => own.append(other, blocks),
        (own, other) => *own = own.take().or(other),
    }
    stacked.blocks.append(&mut more.blocks);
    stacked.files.append(&mut more.files);
}

/// Gives weights and numbers of two datasets one scale.
fn one_scale(one: &mut Dataset, other: &mut Dataset, survey: &Survey, broken: &mut dyn FnMut(String)) {
    let decimals = one.weight_decimals.max(other.weight_decimals);
    for dataset in [&mut *one, &mut *other] {
        let by = decimals - dataset.weight_decimals;
        let weights =
            dataset.blocks.iter_mut().filter(|_| by > 0).flat_map(|block| block.weights.iter_mut().flatten());
        let mut fits = true;
        for weight in weights {
            let scaled = 10_u64.checked_pow(by).and_then(|ten| weight.checked_mul(ten));
            fits &= scaled.is_some();
            *weight = scaled.unwrap_or(*weight);
        }
        if !fits {
            broken("the weights need more digits together than can be added exactly".to_string());
        }
        dataset.weight_decimals = decimals;
    }
    for index in 0..survey.questions.len() {
        let has = |dataset: &Dataset| dataset.number_decimals.iter().any(|(own, _)| *own == index);
        if !has(one) && !has(other) {
            continue;
        }
        let decimals = one.decimals_of(index).max(other.decimals_of(index));
        for dataset in [&mut *one, &mut *other] {
            let by = decimals - dataset.decimals_of(index);
            let mut fits = true;
            for block in dataset.blocks.iter_mut().filter(|_| by > 0) {
                let Some(Some(Replies::Number(number))) = block.replies.get_mut(index) else { continue };
                for value in &mut number.values {
                    let scaled = rescale(*value, by);
                    fits &= scaled.is_some();
                    *value = scaled.unwrap_or(*value);
                }
            }
            if !fits {
                let id = quote(&survey.questions[index].id);
                broken(format!("the numbers of question {id} need more than 18 digits together"));
            }
            dataset.number_decimals.retain(|(own, _)| *own != index);
            dataset.number_decimals.push((index, decimals));
        }
    }
}

/// Keys that stand in more than one file; within a file reading has looked for them.
fn repeated_keys(
    stacked: &Dataset,
    parts: &[Part<'_>],
    superseded: &[Superseded],
    block_bytes: usize,
) -> Result<Option<Diagnostic>, Failure> {
    let mut seen: HashMap<&str, (usize, u64)> = HashMap::new();
    let mut found: Option<((usize, u64), (usize, u64))> = None;
    let mut count = 0;
    for (place, _) in stacked.files.iter().enumerate() {
        let mut record = 0;
        for key in stacked.blocks_of(place).iter().flat_map(|block| &block.keys) {
            record += 1;
            match seen.get(&**key) {
                Some(&earlier) => {
                    count += 1;
                    found.get_or_insert((earlier, (place, record)));
                }
                None => _ = seen.insert(key, (place, record)),
            }
        }
    }
    let Some((earlier, own)) = found else { return Ok(None) };
    let place_of = |(place, record): (usize, u64)| {
        let left_out = superseded.get(place).map_or(0, |own| own.before(record));
        resubmission::record_place(&parts[place], record + left_out, block_bytes)
    };
    let ((_, first), (place, _)) = (place_of(earlier)?, place_of(own)?);
    let mut message = format!(
        "the respondent's key is the same as in {first} of {}",
        quote(&stacked.files[earlier.0].name)
    );
    if count > 1 {
        message = format!("{message}; {} repeat an earlier key", plural(count, "record"));
    }
    let hint = "where each file counts from 1, give its source a `key_prefix`; where somebody replied twice, say \
                which reply counts with `[survey.resubmission]`";
    Ok(Some(Diagnostic::error(message).at(place).hint(hint)))
}

/// Weights of a file, joined to the respondents of all files; gives what is wrong.
fn join_weights(
    stacked: &mut Dataset,
    survey: &Survey,
    options: &ReadOptions,
) -> Result<Vec<Diagnostic>, Failure> {
    let WeightSource::File(path) = &options.weight else { return Ok(Vec::new()) };
    let refused = |error: Diagnostic| vec![error.at(Place::File(names(&stacked.files)))];
    let Some(respondent) = &survey.respondent else { return Ok(refused(weight_file::no_key())) };
    let keys: Vec<&str> = stacked.blocks.iter().flat_map(|block| &block.keys).map(|key| &**key).collect();
    let shown = |rows: &[usize]| named_records(rows, &stacked.spans());
    let joined = match weight_file::join(path, respondent, &names(&stacked.files), &keys, &shown) {
        Ok(joined) => joined,
        Err(Failure::Refused(errors)) => return Ok(errors),
        Err(failure) => return Err(failure),
    };
    let mut joined = joined.into_iter();
    let mut scaled = Vec::with_capacity(stacked.blocks.len());
    for block in &stacked.blocks {
        let mut own = Scaled { values: vec![0; block.len], decimals: 0 };
        for (row, weight) in joined.by_ref().take(block.len).enumerate() {
            if !own.put(row, weight) {
                return Ok(refused(weight_file::too_many_digits()));
            }
        }
        scaled.push(own);
    }
    let Some((weights, decimals)) = weights::unify(scaled) else {
        return Ok(refused(weight_file::too_many_digits()));
    };
    stacked.zero_weights = weights.iter().flatten().filter(|&&weight| weight == 0).count() as u64;
    stacked.weight_decimals = decimals;
    stacked.weight_name = Some(path.display().to_string());
    stacked.blocks.iter_mut().zip(weights).for_each(|(block, weights)| block.weights = Some(weights));
    Ok(Vec::new())
}

impl Dataset {
    /// The blocks of a file.
    pub fn blocks_of(&self, file: usize) -> &[Block] {
        let first = self.files.get(file).map_or(self.blocks.len(), |file| file.first_block);
        let next = self.files.get(file + 1).map_or(self.blocks.len(), |file| file.first_block);
        &self.blocks[first..next]
    }

    /// Each file with how many respondents it has.
    pub(crate) fn spans(&self) -> Vec<(&str, usize)> {
        let respondents = |file: usize| self.blocks_of(file).iter().map(|block| block.len).sum();
        self.files.iter().enumerate().map(|(place, file)| (file.name.as_str(), respondents(place))).collect()
    }
}

/// Every file that is read for these paths: lists of sources and what they list, and the schema's masters.
///
/// # Errors
/// `Refused` when a list of sources has mistakes; `Io` when one cannot be read.
pub fn files_read(paths: &[PathBuf], survey: &Survey) -> Result<Vec<PathBuf>, Failure> {
    let mut files = sources::files(paths)?;
    let folder = Path::new(&survey.source.name).parent().unwrap_or(Path::new(""));
    files.extend(survey.masters.iter().map(|master| folder.join(&master.file)));
    Ok(files)
}
