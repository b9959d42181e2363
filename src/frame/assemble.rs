//! Coded blocks put together: final codes, one scale for each column, routing.

use super::coding::Book;
use super::dataset::FileSpan;
use super::keys::KeySpan;
use super::layout::{Layout, Role};
use super::ledger::{Class, Ledger};
use super::log::{Log, MOST, Noting};
use super::named_records::named_records;
use super::number::{Scaled, rescale};
use super::read::Alone;
use super::route::{Dependencies, route};
use super::worker::CodedBlock;
use super::{
    Block, Codes, Dataset, ReadOptions, Replies, WeightSource, comments, derived, design, ratio, repeat,
    weight_file, weights,
};
use crate::diag::{Diagnostic, Failure, Place, plural, quote, thousands};
use crate::schema::{Constant, Origin, QuestionIndex, Survey};

/// Makes the dataset of all blocks, which are in file order and free of defects that refuse.
pub(crate) fn assemble(
    survey: &Survey,
    dependencies: &Dependencies,
    layout: &Layout,
    mut coded: Vec<CodedBlock>,
    (ledger, mut log): (&Ledger, Option<Log>),
    (options, alone): (&ReadOptions, &Alone<'_>),
    file: &str,
) -> Result<Dataset, Failure> {
    coded.retain(|block| block.rows > 0);
    let superseded = alone.superseded.map_or(&[][..], |superseded| &superseded.records);
    let mut dataset = Dataset {
        respondents: coded.iter().map(CodedBlock::respondents).sum(),
        superseded: superseded.len() as u64,
        masters: alone.masters.to_vec(),
        files: vec![FileSpan { name: file.to_string(), first_block: 0 }],
        ..Dataset::default()
    };
    for table in alone.masters.iter().flatten() {
        dataset.number_decimals.extend_from_slice(table.decimals());
    }
    let constants = survey
        .questions
        .iter()
        .enumerate()
        .filter(|(_, question)| matches!(question.origin, Origin::Constant(Constant::Number(_))));
    dataset.number_decimals.extend(constants.map(|(index, _)| (index, 0)));
    if let Some(log) = &mut log {
        log.superseded = superseded.iter().map(|record| (0, record.clone())).collect();
    }
    let mut errors = Vec::new();
    if survey.count.is_some() && dataset.respondents > repeat::MOST {
        let error = Diagnostic::error(format!(
            "the records stand for {} respondents together, more than fit",
            thousands(dataset.respondents)
        ))
        .at(Place::File(file.to_string()));
        errors.push(error.hint(format!("expected at most {}", thousands(repeat::MOST))));
    }
    for (index, task) in layout.tasks.iter().enumerate() {
        let Some(question) = task.question.filter(|_| task.needed) else { continue };
        match &task.role {
            Role::Single(book) if !book.either.is_empty() => {
                let labels = ledger.tasks[index].classes.contains_key(&Class::Label);
                dataset.either.push((question, labels));
                for block in &mut coded {
                    for (_, replies) in block.replies.iter_mut().filter(|(task, _)| *task == index) {
                        finalise(replies, book, labels);
                    }
                }
            }
            Role::Packed(book) if book.ambiguous => {
                let labels = ledger.tasks[index].classes.contains_key(&Class::Label);
                for block in coded.iter_mut().filter(|_| labels) {
                    let as_labels = block.as_labels.iter().position(|(task, _)| *task == index);
                    let own = block.replies.iter_mut().find(|(task, _)| *task == index);
                    if let (Some(place), Some(own)) = (as_labels, own) {
                        own.1 = block.as_labels.swap_remove(place).1;
                    }
                }
            }
            Role::Number(_) | Role::Date(_) => match unify(&mut coded, index) {
                Some(decimals) => dataset.number_decimals.push((question, decimals)),
                None => errors.push(
                    Diagnostic::error(format!(
                        "the numbers of question {} need more than 18 digits together",
                        quote(&survey.questions[question].id)
                    ))
                    .at(Place::File(file.to_string()))
                    .hint("round the column to fewer decimals"),
                ),
            },
            _ => {}
        }
        let made_missing = match &task.role {
            Role::Selected(_) | Role::Place(_) | Role::Placed(_) | Role::Ordered(_) => {
                ledger.tasks[index].made_missing
            }
            _ => ledger.tasks[index].total.map_or(0, |sighting| sighting.count),
        };
        if made_missing > 0 {
            add(&mut dataset.made_missing, question, made_missing);
            if let Origin::Ranking { places, .. } = &survey.questions[question].origin {
                places.iter().for_each(|&place| add(&mut dataset.made_missing, place, made_missing));
            }
        }
    }
    dataset.design = options.design.then(|| design::gather(&mut coded, layout)).flatten();
    let mut weights = match block_weights(&mut coded, survey, options, file, &mut dataset) {
        Ok(weights) => weights,
        Err(Failure::Refused(more)) => {
            errors.extend(more);
            Vec::new()
        }
        Err(failure) => return Err(failure),
    }
    .into_iter();
    if !errors.is_empty() {
        return Err(Failure::Refused(errors));
    }
    let questions = survey.questions.len();
    let mut blocks: Vec<Block> = coded
        .into_iter()
        .enumerate()
        .map(|(index, block)| {
            let mut replies: Vec<Option<Replies>> = (0..questions).map(|_| None).collect();
            for (task, coded) in block.replies {
                if layout.duration == Some(task)
                    && let (Replies::Number(number), Some(log)) = (&coded, &mut log)
                {
                    let decimals = block.decimals.iter().find(|(own, _)| *own == task);
                    log.blocks[index].durations = Some((number.clone(), decimals.map_or(0, |own| own.1)));
                }
                if let Some(question) = layout.tasks[task].question {
                    replies[question] = Some(coded);
                }
            }
            for (question, ranked) in block.ranked {
                replies[question] = Some(ranked);
            }
            let keys = block.keys.iter().filter(|_| layout.hands_on_keys).flat_map(KeySpan::keys);
            let keyed = |key: &[u8]| match alone.key_prefix {
                "" => String::from_utf8_lossy(key).into(),
                prefix => format!("{prefix}{}", String::from_utf8_lossy(key)).into(),
            };
            let keys = keys.map(keyed).collect();
            let weights = weights.next();
            let records = Block { len: block.rows, replies, weights, keys, comments: block.comments };
            match block.counts {
                Some(counts) => repeat::repeated(records, &counts),
                None => records,
            }
        })
        .collect();
    for (index, block) in blocks.iter_mut().enumerate() {
        let overridden = log.as_mut().map(|log| &mut log.overridden).filter(|noted| noted.len() <= MOST);
        let questions = layout.logs.as_deref().unwrap_or_default();
        let noted = overridden.map(|overridden| Noting { block: index, questions, overridden });
        for (question, overridden) in route(survey, dependencies, &dataset, block, noted) {
            add(&mut dataset.answered_not_asked, question, overridden);
        }
    }
    dataset.answered_not_asked.sort_unstable();
    if log.is_none() {
        dataset.warnings.extend(outside_limits(survey, dependencies, &blocks, file));
    }
    dataset.log = log;
    dataset.warnings.extend(ratio::contradictions(survey, dependencies, &dataset, &blocks, file));
    if !alone.several {
        dataset.warnings.extend(comments::unknown_respondents(survey, dependencies, &blocks, file));
    }
    let weights = blocks.iter().flat_map(|block| block.weights.iter().flatten());
    dataset.zero_weights = weights.filter(|&&weight| weight == 0).count() as u64;
    dataset.blocks = blocks;
    Ok(dataset)
}

/// A warning for each question with replies that the answers it is limited to do not allow.
fn outside_limits(
    survey: &Survey,
    dependencies: &Dependencies,
    blocks: &[Block],
    file: &str,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (index, question) in survey.questions.iter().enumerate() {
        let Some(earlier) = question.limited_to.filter(|_| dependencies.needs(index)) else { continue };
        let count = |block: &Block| {
            let mut rows: Vec<usize> = derived::outside_limit(survey, block, index, earlier)
                .into_iter()
                .map(|(row, _)| row)
                .collect();
            rows.dedup();
            rows.len() as u64
        };
        let count = blocks.iter().map(count).sum();
        if count > 0 {
            let warning = Diagnostic::warning(format!(
                "question {} has an option that was not chosen at {} from {}",
                quote(&question.id),
                quote(&survey.questions[earlier].id),
                plural(count, "respondent")
            ));
            warnings.push(warning.at(Place::File(file.to_string())));
        }
    }
    warnings
}

fn add(counts: &mut Vec<(QuestionIndex, u64)>, question: QuestionIndex, more: u64) {
    match counts.iter_mut().find(|(index, _)| *index == question) {
        Some((_, count)) => *count += more,
        None => counts.push((question, more)),
    }
}

/// Local codes into final ones, now that the column's reading is known.
fn finalise(replies: &mut Replies, book: &Book, labels: bool) {
    let final_code = |local: u16| match local.checked_sub(book.final_codes) {
        Some(place) => book
            .either
            .get(usize::from(place))
            .map_or(local, |&(code, label)| if labels { label } else { code }),
        None => local,
    };
    let Replies::Single(codes) = replies else { return };
    let finals: Vec<u16> = match codes {
        Codes::U8(codes) => codes.iter().map(|&code| final_code(code.into())).collect(),
        Codes::U16(codes) => codes.iter().map(|&code| final_code(code)).collect(),
    };
    *codes = super::route::narrowed(finals, usize::from(book.final_codes));
}

/// Gives a number column one scale; `None` when a value does not fit.
fn unify(coded: &mut [CodedBlock], task: usize) -> Option<u32> {
    let decimals_of =
        |block: &CodedBlock| block.decimals.iter().find(|(own, _)| *own == task).map_or(0, |own| own.1);
    let decimals = coded.iter().map(decimals_of).max().unwrap_or(0);
    for block in coded {
        let by = decimals - decimals_of(block);
        if by == 0 {
            continue;
        }
        for (_, replies) in block.replies.iter_mut().filter(|(own, _)| *own == task) {
            let Replies::Number(number) = replies else { continue };
            for value in &mut number.values {
                *value = rescale(*value, by)?;
            }
        }
    }
    Some(decimals)
}

/// The weights of every block.
fn block_weights(
    coded: &mut [CodedBlock],
    survey: &Survey,
    options: &ReadOptions,
    file: &str,
    dataset: &mut Dataset,
) -> Result<Vec<Vec<u64>>, Failure> {
    let refused = |error: Diagnostic| Failure::Refused(vec![error.at(Place::File(file.to_string()))]);
    let (name, scaled) = match &options.weight {
        WeightSource::None => return Ok(Vec::new()),
        WeightSource::Column(name) => {
            (name.clone(), coded.iter_mut().filter_map(|block| block.weights.take()).collect())
        }
        WeightSource::File(path) => {
            let Some(respondent) = &survey.respondent else {
                return Err(refused(weight_file::no_key()));
            };
            (path.display().to_string(), joined_weights(coded, path, respondent, file)?)
        }
    };
    let Some((weights, decimals)) = weights::unify(scaled) else {
        return Err(refused(weight_file::too_many_digits()));
    };
    dataset.weight_decimals = decimals;
    dataset.weight_name = Some(name);
    Ok(weights)
}

/// Weights from a file, for every block.
fn joined_weights(
    coded: &mut [CodedBlock],
    path: &std::path::Path,
    respondent: &str,
    file: &str,
) -> Result<Vec<Scaled>, Failure> {
    let spans: Vec<KeySpan> = coded.iter().filter_map(|block| block.keys.clone()).collect();
    let keys: Vec<&str> =
        spans.iter().flat_map(KeySpan::keys).map(|key| str::from_utf8(key).unwrap_or_default()).collect();
    let shown = |rows: &[usize]| named_records(rows, &[]);
    let mut joined = weight_file::join(path, respondent, file, &keys, &shown)?.into_iter();
    let mut blocks = Vec::with_capacity(coded.len());
    for block in coded {
        let mut scaled = Scaled { values: vec![0; block.rows], decimals: 0 };
        for (row, weight) in joined.by_ref().take(block.rows).enumerate() {
            if !scaled.put(row, weight) {
                let error = weight_file::too_many_digits().at(Place::File(path.display().to_string()));
                return Err(Failure::Refused(vec![error]));
            }
        }
        blocks.push(scaled);
    }
    Ok(blocks)
}
