//! `batch`: one read of the data, the files of every group, an index and a manifest.
//!
//! Every group is counted and worded before anything is written, so that one that the data contradict refuses all. What
//! is kept of this is a key for each product: the hash of what its files are made of. A product whose key and files are
//! those of an earlier run is not made again.

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use clap::ValueEnum;
use sha2::{Digest, Sha256};

use super::batch_files::{Entries, Folder, known};
use super::deck::{flag, template};
use super::deck_arguments::{Batch, GroupProduct};
use super::manifest::{digits, hash, input_hashes};
use super::products::{Made, Maker};
use super::progress::Bar;
use super::tables::threads;
use super::typeface::no_font;
use crate::diag::{Diagnostic, Failure, failure, listed, quote};
use crate::render::pptx::Template;
use crate::render::{IndexLine, Typeface};
use crate::report::Deck;
use crate::sheet::{Language, about};
use crate::study::{Findings, Group, GroupRule, Resident, Study, Wanted, each};

/// Makes the files that are not there; warnings come back.
pub fn run(arguments: &Batch) -> anyhow::Result<Vec<Diagnostic>> {
    let loaded = Study::load(&arguments.study)?;
    let (study, mut warnings) = (loaded.value, loaded.warnings);
    let refused = |error: Diagnostic, name| Failure::Refused(vec![error.at(flag(name))]);
    let (by, _) = study.grouping(&arguments.by, None).map_err(|error| refused(error, "--by"))?;
    let mut only = Vec::new();
    let mut errors = Vec::new();
    for name in &arguments.only {
        match study.grouping(&arguments.by, Some(name.trim())) {
            Ok((_, option)) => only.extend(option),
            Err(error) => errors.push(error.at(flag("--only"))),
        }
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors).into());
    }
    let mut products = products(arguments, &study);
    // A folder is one release: where numbers are hidden, all of it is of the same hidden numbers.
    let there = if study.spoken.disclosure.is_some() { known(&arguments.out).0 } else { Entries::new() };
    let names: Vec<&String> = there.values().flat_map(|products| products.keys()).collect();
    products = GroupProduct::value_variants()
        .iter()
        .copied()
        .filter(|product| products.contains(product) || names.iter().any(|name| *name == product.name()))
        .collect();
    let wanted = Wanted {
        deck: products.iter().any(|product| product.is_deck()),
        report: products.iter().any(|product| product.is_report()),
        books: products.iter().any(|product| product.is_tables()),
    };
    let drawn = |product: &GroupProduct| {
        product.is_deck() || matches!(product, GroupProduct::Docx | GroupProduct::Pdf)
    };
    let typeface = products.iter().any(drawn).then(Typeface::of_system).flatten();
    let pages = |product: &GroupProduct| matches!(product, GroupProduct::Pdf | GroupProduct::DeckPdf);
    if products.iter().any(pages) && typeface.is_none() {
        return Err(Failure::Refused(vec![no_font("a PDF")]).into());
    }
    let workers = threads(arguments.jobs);
    let inputs = input_hashes(&study)?;
    let resident = study.resident(Some(by), wanted, workers, &Bar::new("reading"), &Bar::new("counting"))?;
    warnings.extend(resident.warnings().cloned());
    warnings.extend(super::tables::told(resident.suppressed()));
    let groups = resident.groups();
    let is_wanted = |group: &&Group| {
        let asked = only.is_empty() || group.options.iter().all(|option| only.contains(option));
        group.rule.is_made() && (asked || there.contains_key(&group.stem))
    };
    let all: Vec<&Group> = groups.iter().filter(is_wanted).collect();
    let run = Run {
        study: &study,
        resident: &resident,
        products: &products,
        template: template(study.template.as_deref())?,
        template_hash: template_hash(study.template.as_deref())?,
        maker: Maker { study: &study, folder: &arguments.out, typeface: typeface.as_ref() },
    };

    let mut keys = Vec::new();
    let name = |group: &&Group| group.label.clone();
    for found in each(&all, workers, &Bar::new("counting"), &name, &|group| run.keys(group)) {
        match found {
            Ok(found) => keys.push(found),
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors).into());
    }
    let stems: Vec<&str> = groups.iter().map(|group| group.stem.as_str()).collect();
    let folder = Folder::open(&arguments.out, &study, &arguments.by, &stems)?;
    if only.is_empty() {
        let made = |stem: &str| groups.iter().any(|group| group.rule.is_made() && group.stem == stem);
        folder.keep_only(&made);
    }
    let todo = all.iter().zip(keys).filter_map(|(group, mut keys)| {
        keys.retain(|(product, key)| !folder.is_current(&group.stem, product.name(), key));
        (!keys.is_empty()).then_some((*group, keys))
    });
    let todo: Vec<Todo<'_>> = todo.collect();
    let (files, name) = (Bar::new("making files"), |todo: &Todo<'_>| todo.0.label.clone());
    for told in each(&todo, workers, &files, &name, &|todo| run.make(todo, &folder)) {
        warnings.extend(told?);
    }
    let entries = folder.entries();
    let lines: Vec<IndexLine> =
        groups.iter().map(|group| line(&study, group, &entries, is_wanted(&group))).collect();
    folder.write("index.csv", crate::render::index_csv(&lines).as_bytes(), true)?;
    let title = index_title(&study);
    let stated = crate::disclosure::stated(&study.spoken, study.language == Language::Japanese);
    let page = crate::render::index_html(&title, &stated, &lines, study.language);
    folder.write("index.html", page.as_bytes(), true)?;
    folder.close(&study, &arguments.by, &inputs)?;
    let without =
        |group: &&Group| matches!(group.rule, GroupRule::Empty | GroupRule::TooSmall | GroupRule::Hidden);
    let (hidden, told): (Vec<&Group>, Vec<&Group>) =
        groups.iter().filter(without).partition(|group| group.hides_n);
    warnings.extend(told.into_iter().map(|group| {
        let n = crate::diag::plural(group.n, "respondent");
        Diagnostic::warning(format!("{} has {n} and no files", quote(&group.label)))
    }));
    warnings.extend(hidden_groups(&hidden));
    Ok(warnings)
}

/// That there are groups of which nothing may be said, and which.
fn hidden_groups(groups: &[&Group]) -> Option<Diagnostic> {
    let listed = listed(groups.iter().map(|group| quote(&group.label)));
    let (groups, have) = match groups.len() {
        0 => return None,
        1 => ("1 group has".to_string(), "it has"),
        n => (format!("{} groups have", crate::diag::thousands(n as u64)), "they have"),
    };
    Some(Diagnostic::warning(format!(
        "{groups} no files, for how many respondents {have} is hidden: {listed}"
    )))
}

/// What is made: what was asked for, in one order and once, or what the study has for it.
fn products(arguments: &Batch, study: &Study) -> Vec<GroupProduct> {
    if arguments.make.is_empty() {
        return vec![if study.has_deck() { GroupProduct::Deck } else { GroupProduct::Html }];
    }
    let all = GroupProduct::value_variants().iter().copied();
    all.filter(|product| arguments.make.contains(product)).collect()
}

fn template_hash(path: Option<&Path>) -> Result<String, Failure> {
    let Some(path) = path else { return Ok(String::new()) };
    let bytes = fs::read(path).map_err(|error| failure(path, "the template could not be read", &error))?;
    Ok(hash(&bytes))
}

/// The survey's title, or that of its deck.
fn index_title(study: &Study) -> String {
    let title = crate::study::deck_title(study);
    if title.is_empty() { study.spoken.title.clone() } else { title }
}

/// A group, and what is to be made of it with the hash of what it is made of.
type Todo<'a> = (&'a Group, Vec<(GroupProduct, String)>);

/// What all groups of a run share.
struct Run<'a> {
    study: &'a Study,
    resident: &'a Resident<'a>,
    products: &'a [GroupProduct],
    template: Option<Template>,
    template_hash: String,
    maker: Maker<'a>,
}

impl Run<'_> {
    /// What a group's files say.
    fn worded(&self, group: &Group) -> Result<(Option<Deck>, Findings), Vec<Diagnostic>> {
        let counted = self.resident.count(Some(group))?;
        let deck = match self.products.iter().any(|product| product.is_deck()) {
            true => self.resident.deck(&counted)?,
            false => None,
        };
        Ok((deck, self.resident.findings(&counted)?))
    }

    /// The hash of everything that the files of each product are made of: what they say, and with what it is written.
    fn keys(&self, group: &Group) -> Result<Vec<(GroupProduct, String)>, Vec<Diagnostic>> {
        let (deck, findings) = self.worded(group)?;
        let survey = &self.study.spoken;
        let font = self.maker.typeface.map(|typeface| typeface.family.as_str());
        let key = |product: &GroupProduct| {
            let mut key = Key(Sha256::new());
            let version = env!("CARGO_PKG_VERSION");
            // Writing into a hash does not fail.
            _ = write!(key, "{version} {} {:?} ", product.name(), self.study.language);
            _ = match product {
                GroupProduct::Deck | GroupProduct::DeckPdf => {
                    write!(key, "{deck:?} {} {font:?}", self.template_hash)
                }
                GroupProduct::Docx | GroupProduct::Pdf => write!(key, "{:?} {font:?}", findings.document),
                product if product.is_report() => write!(key, "{:?}", findings.document),
                _ => {
                    let about = about(survey, findings.respondents, self.study.language);
                    let words = (&survey.title, &survey.note, &findings.group, about);
                    write!(key, "{:?} {words:?}", findings.books)
                }
            };
            (*product, digits(&key.0.finalize()))
        };
        Ok(self.products.iter().map(key).collect())
    }

    /// Makes a group's files.
    fn make(&self, (group, keys): &Todo<'_>, folder: &Folder<'_>) -> Result<Vec<Diagnostic>, Failure> {
        let (deck, findings) = self.worded(group).map_err(Failure::Refused)?;
        let mut warnings = Vec::new();
        for (product, key) in keys {
            let made = match (product.of_report(), &deck) {
                (Some(product), _) => {
                    let made = self.maker.make(product, &findings, &mut warnings)?;
                    let inside = |file: Made| Made { name: format!("{}/{}", group.stem, file.name), ..file };
                    made.into_iter().map(inside).collect()
                }
                (None, Some(deck)) if *product == GroupProduct::DeckPdf => {
                    let pages = self.maker.typeface.map(|typeface| {
                        crate::render::deck_pdf(deck, self.template.clone(), typeface)
                            .map_err(Failure::Refused)
                    });
                    let pages = pages.transpose()?.into_iter();
                    pages.map(|bytes| Made { name: format!("{}.pdf", group.stem), bytes }).collect()
                }
                (None, Some(deck)) => {
                    let made = crate::render::pptx_deck(deck, self.template.clone(), self.maker.typeface);
                    let (bytes, told) = made.map_err(Failure::Refused)?;
                    warnings.extend(told);
                    vec![Made { name: format!("{}.pptx", group.stem), bytes }]
                }
                (None, None) => Vec::new(),
            };
            folder.put(&group.stem, product.name(), key.clone(), &made)?;
        }
        let of_group = |warning: Diagnostic| {
            let message = format!("{}: {}", group.label, warning.message);
            Diagnostic { message, ..warning }
        };
        Ok(warnings.into_iter().map(of_group).collect())
    }
}

/// A hash that text is written into.
struct Key(Sha256);

impl fmt::Write for Key {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

/// What the index says of a group.
fn line(study: &Study, group: &Group, entries: &Entries, wanted: bool) -> IndexLine {
    let language = study.language;
    let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
    let mut files: Vec<String> = Vec::new();
    for entry in entries.get(&group.stem).into_iter().flat_map(|products| products.values()) {
        for name in entry.files.keys() {
            // Of many charts their folder is enough.
            let name = name.find("/charts/").map_or(name.as_str(), |at| &name[..at + "/charts/".len()]);
            if !files.iter().any(|known| known == name) {
                files.push(name.to_string());
            }
        }
    }
    files.sort_unstable();
    let rule = match group.rule {
        GroupRule::Made | GroupRule::LowBase if !wanted && files.is_empty() => {
            say("作成対象外（--only）", "not asked for (--only)")
        }
        GroupRule::Made | GroupRule::LowBase if !wanted => {
            say("以前に作成（今回は --only の対象外）", "made before (not asked for now: --only)")
        }
        GroupRule::Made => say("作成", "made"),
        GroupRule::LowBase => say("作成（* n が小さいため参考値）", "made (* small base: indicative only)"),
        GroupRule::Empty => say("回答者なし", "no respondents"),
        GroupRule::TooSmall => match language {
            Language::Japanese => format!("n が {} 未満のため作成せず", study.smallest),
            Language::English => format!("not made: base under {}", study.smallest),
        },
        GroupRule::Hidden => say("秘匿のため作成せず", "not made: hidden with others"),
        GroupRule::Merged => match language {
            Language::Japanese => format!("n が {} 未満のため合算", study.smallest),
            Language::English => format!("base under {}: with the other small groups", study.smallest),
        },
    };
    let n = (!group.hides_n).then_some(group.n);
    IndexLine { code: group.code.clone(), label: group.label.clone(), n, files, rule }
}
