//! `batch`: one read of the data, the slides of every group, an index and a manifest.
//!
//! The manifest says of each file what it was made of and what it holds. It is written after every deck, so that an
//! interrupted run goes on where it was: a deck of the same inputs whose file is unchanged is not made again.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::deck::{flag, template};
use super::deck_arguments::Batch;
use super::manifest::{hash, input_hashes, named};
use super::output::Output;
use super::progress::Bar;
use super::tables::threads;
use crate::diag::{Diagnostic, Failure, Progress, failure};
use crate::render::pptx::Template;
use crate::render::{IndexLine, Typeface};
use crate::report::Deck;
use crate::sheet::Language;
use crate::study::{DeckGroup, GroupRule, Study};

const MANIFEST: &str = "manifest.json";

/// What the manifest says of a deck.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    file: String,
    /// Hash of everything that it was made of.
    key: String,
    /// Hash of the file.
    sha256: String,
}

/// Makes the decks that are not there; warnings come back.
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
    let template = template(study.template.as_deref())?;
    let typeface = Typeface::of_system();
    let workers = threads(arguments.jobs);
    let resident = study.resident(Some(by), workers, &Bar::new("reading"))?;
    warnings.extend(resident.warnings().iter().cloned());
    let groups = resident.groups();
    let wanted = |group: &DeckGroup| {
        group.rule.is_made() && (only.is_empty() || group.options.iter().all(|option| only.contains(option)))
    };
    let inputs = input_hashes(&study)?;
    let font = typeface.as_ref().map_or("", |typeface| typeface.family.as_str());
    let run = Run { study: &study, by: &arguments.by, inputs, font, folder: &arguments.out };
    let mut entries = run.known_entries();
    let current = |group: &&DeckGroup| !run.is_current(group, &entries);
    let todo: Vec<&DeckGroup> = groups.iter().filter(|group| wanted(group)).filter(current).collect();

    // Every deck is worded before any is written: one that the data contradict refuses all.
    let worded = each(&todo, workers, &|group| resident.deck(Some(group)));
    let mut decks = Vec::new();
    for (group, deck) in todo.iter().zip(worded) {
        match deck {
            Ok(deck) => decks.push((*group, deck)),
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(Failure::Refused(errors).into());
    }
    fs::create_dir_all(run.folder).map_err(|error| failure(run.folder, "could not be made", &error))?;
    if only.is_empty() {
        run.forget(&groups, &mut entries);
    }
    warnings.extend(run.write_decks(&decks, &mut entries, workers, template.as_ref(), typeface.as_ref())?);
    let lines: Vec<IndexLine> = groups.iter().map(|group| run.line(group, &entries)).collect();
    let title = crate::study::deck_title(&study);
    run.write("index.csv", crate::render::index_csv(&lines).as_bytes())?;
    run.write("index.html", crate::render::index_html(&title, &lines, study.language).as_bytes())?;
    run.write(MANIFEST, run.manifest(&entries).as_bytes())?;
    let skipped = groups.iter().filter(|group| matches!(group.rule, GroupRule::Empty | GroupRule::TooSmall));
    warnings.extend(skipped.map(|group| {
        let n = crate::diag::plural(group.n, "respondent");
        Diagnostic::warning(format!("{} has {n} and no deck", crate::diag::quote(&group.label)))
    }));
    Ok(warnings)
}

/// What all decks of a run share.
struct Run<'a> {
    study: &'a Study,
    by: &'a str,
    /// Name and hash of every file read.
    inputs: Vec<(String, String)>,
    font: &'a str,
    folder: &'a Path,
}

impl Run<'_> {
    /// The hash of everything a group's deck is made of: its tables are made of the same.
    fn key(&self, group: &DeckGroup) -> String {
        let mut all = format!("{}\n{}\n{:?}\n", env!("CARGO_PKG_VERSION"), self.by, group);
        all += self.font;
        for (name, hash) in &self.inputs {
            all += &format!("\n{name} {hash}");
        }
        hash(all.as_bytes())
    }

    fn file(group: &DeckGroup) -> String {
        format!("{}.pptx", group.stem)
    }

    /// What an earlier run left, as far as it can be read: a damaged manifest is as none.
    fn known_entries(&self) -> BTreeMap<String, Entry> {
        let text = fs::read_to_string(self.folder.join(MANIFEST)).unwrap_or_default();
        let manifest: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let mut entries = BTreeMap::new();
        for (stem, entry) in manifest["decks"].as_object().into_iter().flatten() {
            let text = |name: &str| entry[name].as_str().map(str::to_string);
            let plain = |file: &String| Path::new(file).file_name().is_some_and(|name| name == file.as_str());
            if let (Some(file), Some(key), Some(sha256)) =
                (text("file").filter(plain), text("key"), text("sha256"))
            {
                entries.insert(stem.clone(), Entry { file, key, sha256 });
            }
        }
        entries
    }

    /// Whether a group's file is what would be made.
    fn is_current(&self, group: &DeckGroup, entries: &BTreeMap<String, Entry>) -> bool {
        let same = |entry: &&Entry| entry.file == Run::file(group) && entry.key == self.key(group);
        entries.get(&group.stem).filter(same).is_some_and(|entry| self.is_there(entry))
    }

    fn is_there(&self, entry: &Entry) -> bool {
        fs::read(self.folder.join(&entry.file)).is_ok_and(|bytes| hash(&bytes) == entry.sha256)
    }

    /// Takes away files of ours that no group has any more.
    fn forget(&self, groups: &[DeckGroup], entries: &mut BTreeMap<String, Entry>) {
        entries.retain(|stem, entry| {
            let made = groups.iter().any(|group| group.rule.is_made() && group.stem == *stem);
            if !made && self.is_there(entry) {
                _ = fs::remove_file(self.folder.join(&entry.file));
            }
            made
        });
    }

    fn write_decks(
        &self,
        decks: &[(&DeckGroup, Deck)],
        entries: &mut BTreeMap<String, Entry>,
        workers: usize,
        template: Option<&Template>,
        typeface: Option<&Typeface>,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let bar = Bar::new("making decks");
        let done = AtomicUsize::new(0);
        let shared = Mutex::new(entries);
        let made = each(decks, workers, &|(group, deck): &(&DeckGroup, Deck)| {
            let made = crate::render::pptx_deck(deck, template.cloned(), typeface);
            let (bytes, warnings) = made.map_err(Failure::Refused)?;
            let file = Run::file(group);
            self.write(&file, &bytes)?;
            let entry = Entry { file, key: self.key(group), sha256: hash(&bytes) };
            let mut entries = shared.lock().unwrap_or_else(PoisonError::into_inner);
            entries.insert(group.stem.clone(), entry);
            self.write(MANIFEST, self.manifest(&entries).as_bytes())?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            bar.advance(done as u64, decks.len() as u64);
            bar.name(&group.label);
            let of_group = |warning: Diagnostic| {
                let message = format!("{}: {}", group.label, warning.message);
                Diagnostic { message, ..warning }
            };
            Ok(warnings.into_iter().map(of_group).collect::<Vec<_>>())
        });
        let made: Result<Vec<Vec<Diagnostic>>, Failure> = made.into_iter().collect();
        Ok(made?.concat())
    }

    fn manifest(&self, entries: &BTreeMap<String, Entry>) -> String {
        let decks: serde_json::Map<String, serde_json::Value> = entries
            .iter()
            .map(|(stem, entry)| {
                let entry =
                    serde_json::json!({ "file": entry.file, "key": entry.key, "sha256": entry.sha256 });
                (stem.clone(), entry)
            })
            .collect();
        let manifest = serde_json::json!({
            "renkei": env!("CARGO_PKG_VERSION"),
            "survey": self.study.survey.id,
            "by": self.by,
            "inputs": named(self.inputs.iter().cloned()),
            "decks": decks,
        });
        serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n"
    }

    fn line(&self, group: &DeckGroup, entries: &BTreeMap<String, Entry>) -> IndexLine {
        let language = self.study.language;
        let say = |japanese: &str, english: &str| language.choose(japanese, english).to_string();
        let entry = entries.get(&group.stem).filter(|_| group.rule.is_made());
        let outdated = entry.is_some_and(|entry| entry.key != self.key(group));
        let rule = match group.rule {
            _ if outdated => say("以前の入力から作成", "made of earlier inputs"),
            GroupRule::Made | GroupRule::LowBase if entry.is_none() => {
                say("作成対象外（--only）", "not asked for (--only)")
            }
            GroupRule::Made => say("作成", "made"),
            GroupRule::LowBase => {
                say("作成（* n が小さいため参考値）", "made (* small base: indicative only)")
            }
            GroupRule::Empty => say("回答者なし", "no respondents"),
            GroupRule::TooSmall => match language {
                Language::Japanese => format!("n が {} 未満のため作成せず", self.study.smallest),
                Language::English => format!("not made: base under {}", self.study.smallest),
            },
            GroupRule::Merged => match language {
                Language::Japanese => format!("n が {} 未満のため合算", self.study.smallest),
                Language::English => {
                    format!("base under {}: in the deck of small groups", self.study.smallest)
                }
            },
        };
        IndexLine {
            code: group.code.clone(),
            label: group.label.clone(),
            n: group.n,
            file: entry.map(|entry| entry.file.clone()),
            rule,
        }
    }

    /// A file of the folder, beside its place and renamed.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let inputs: Vec<&Path> = self.study.files.iter().map(|path| path.as_path()).collect();
        let mut output = Output::open(Some(&self.folder.join(name)), &inputs)?;
        let written = output.write_all(bytes);
        output.finish(written)
    }
}

/// The work done on each, several at a time; results in the order of what was given.
fn each<T: Sync, R: Send>(all: &[T], workers: usize, work: &(dyn Fn(&T) -> R + Sync)) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut own = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(one) = all.get(place) else { break own };
                own.push((place, work(one)));
            }
        };
        let handles: Vec<_> = (0..workers.min(all.len())).map(|_| scope.spawn(worker)).collect();
        let join = |handle: std::thread::ScopedJoinHandle<'_, Vec<(usize, R)>>| match handle.join() {
            Ok(results) => results,
            Err(bug) => std::panic::resume_unwind(bug),
        };
        handles.into_iter().flat_map(join).collect()
    });
    results.sort_by_key(|(place, _)| *place);
    results.into_iter().map(|(_, result)| result).collect()
}
