//! The folder of a batch: which files are there, what each was made of, and how a run that was interrupted goes on.
//!
//! What is done is told in a journal, a line for each group and product as soon as its files stand under their names;
//! the manifest is written from it once, at the end. Both are believed only where a file still is what they say.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::manifest::{hash, named};
use super::output::Output;
use super::products::Made;
use crate::diag::{Diagnostic, Failure, Place, failure, quote};
use crate::study::Study;

pub const MANIFEST: &str = "manifest.json";
const JOURNAL: &str = ".renkei-journal";

/// A product of a group, as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Hash of everything that it was made of.
    pub key: String,
    /// Its files, and the hash of each.
    pub files: BTreeMap<String, String>,
}

/// What there is of every group (by stem) and product (by name).
pub type Entries = BTreeMap<String, BTreeMap<String, Entry>>;

/// The folder, held by this run alone.
pub struct Folder<'a> {
    path: &'a Path,
    inputs: Vec<&'a Path>,
    journal: Mutex<File>,
    entries: Mutex<Entries>,
}

impl<'a> Folder<'a> {
    /// Opens the folder for these groups, by stem, and tidies up after a run that was interrupted.
    ///
    /// # Errors
    /// A folder that cannot be written, that another run is writing into, or that has groups of another question.
    pub fn open(path: &'a Path, study: &'a Study, by: &str, stems: &[&str]) -> Result<Folder<'a>, Failure> {
        let (entries, of) = known(path);
        let refused = |error: String, hint: &str| {
            let place = Place::File(path.display().to_string());
            Failure::Refused(vec![Diagnostic::error(error).at(place).hint(hint)])
        };
        if let Some(of) = of.filter(|of| of != by && !entries.is_empty()) {
            let error = format!("the folder has files of the groups of {}, found `--by {by}`", quote(&of));
            return Err(refused(error, "give each question a folder of its own"));
        }
        fs::create_dir_all(path).map_err(|error| failure(path, "could not be made", &error))?;
        let journal = path.join(JOURNAL);
        let broken = |error: &std::io::Error| failure(&journal, "could not be written", error);
        let file = File::options().create(true).append(true).open(&journal);
        let mut file = file.map_err(|error| broken(&error))?;
        // Some file systems know no locks; there nothing keeps two runs apart.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(refused("another batch is writing into the folder".into(), "wait until it is done"));
        }
        // A line that was torn is one of its own.
        let line = format!("\n{}\n", json!({ "by": by }));
        file.write_all(line.as_bytes()).map_err(|error| broken(&error))?;
        for folder in std::iter::once(path.to_path_buf()).chain(stems.iter().map(|stem| path.join(stem))) {
            sweep(&folder);
            sweep(&folder.join("charts"));
        }
        let inputs = study.files.iter().map(PathBuf::as_path).collect();
        Ok(Folder { path, inputs, journal: Mutex::new(file), entries: Mutex::new(entries) })
    }

    /// What there is now.
    pub fn entries(&self) -> Entries {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a product is what would be made.
    pub fn is_current(&self, stem: &str, product: &str, key: &str) -> bool {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(stem).and_then(|products| products.get(product)).cloned();
        drop(entries);
        let entry = entry.filter(|entry| entry.key == key);
        entry.is_some_and(|entry| entry.files.iter().all(|(name, sha256)| self.is(name, sha256)))
    }

    /// Whether a file still is what it was.
    fn is(&self, name: &str, sha256: &str) -> bool {
        fs::read(self.path.join(name)).is_ok_and(|bytes| hash(&bytes) == sha256)
    }

    /// Writes a product's files, takes away those of before that it has no more, and notes both.
    pub fn put(&self, stem: &str, product: &str, key: String, made: &[Made]) -> Result<(), Failure> {
        for file in made {
            self.write(&file.name, &file.bytes, false)?;
        }
        let files = made.iter().map(|file| (file.name.clone(), hash(&file.bytes))).collect();
        let entry = Entry { key, files };
        let line = json!({ "group": stem, "product": product, "entry": shown(&entry) });
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let before = entries.entry(stem.into()).or_default().insert(product.into(), entry);
        let left: Vec<(String, String)> = before.map_or_else(Vec::new, |before| unnamed(before, &entries));
        drop(entries);
        left.iter().for_each(|(name, sha256)| self.remove(name, sha256));
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        // One write: lines of two threads do not mix.
        let written = journal.write_all(format!("{line}\n").as_bytes());
        written.map_err(|error| failure(&self.path.join(JOURNAL), "could not be written", &error))
    }

    /// Takes away what no group has any more, as far as it still is what was written.
    pub fn keep_only(&self, keeps: &dyn Fn(&str) -> bool) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<String> = entries.keys().filter(|stem| !keeps(stem)).cloned().collect();
        let gone: Vec<Entry> =
            gone.iter().filter_map(|stem| entries.remove(stem)).flat_map(BTreeMap::into_values).collect();
        let left: Vec<(String, String)> =
            gone.into_iter().flat_map(|entry| unnamed(entry, &entries)).collect();
        drop(entries);
        left.iter().for_each(|(name, sha256)| self.remove(name, sha256));
    }

    fn remove(&self, name: &str, sha256: &str) {
        if self.is(name, sha256) {
            _ = fs::remove_file(self.path.join(name));
            let above = Path::new(name).ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
            // Those with other files in them stay.
            above.for_each(|above| _ = fs::remove_dir(self.path.join(above)));
        }
    }

    /// A file of the folder, beside its place and renamed.
    pub fn write(&self, name: &str, bytes: &[u8], durable: bool) -> Result<(), Failure> {
        let path = self.path.join(name);
        let parent = path.parent().unwrap_or(self.path);
        fs::create_dir_all(parent).map_err(|error| failure(parent, "could not be made", &error))?;
        let output = Output::open(Some(&path), &self.inputs)?;
        let mut output = if durable { output } else { output.one_of_many() };
        let written = output.write_all(bytes);
        output.finish(written)
    }

    /// Writes the manifest; the journal has done its work.
    pub fn close(self, study: &Study, by: &str, inputs: &[(String, String)]) -> Result<(), Failure> {
        let of_group = |(stem, products): (String, BTreeMap<String, Entry>)| {
            let products = products.iter().map(|(name, entry)| (name.clone(), shown(entry)));
            (stem, Value::Object(products.collect()))
        };
        let groups: Map<String, Value> = self.entries().into_iter().map(of_group).collect();
        let manifest = json!({
            "renkei": env!("CARGO_PKG_VERSION"),
            "survey": study.survey.id,
            "by": by,
            "disclosure": crate::disclosure::stated(&study.survey, false),
            "inputs": named(inputs.iter().cloned()),
            "groups": groups,
        });
        let text = serde_json::to_string_pretty(&manifest).unwrap_or_default() + "\n";
        self.write(MANIFEST, text.as_bytes(), true)?;
        drop(self.journal);
        _ = fs::remove_file(self.path.join(JOURNAL));
        Ok(())
    }
}

/// The files of an entry that none of the others has.
fn unnamed(entry: Entry, entries: &Entries) -> Vec<(String, String)> {
    let has = |name: &String| {
        entries.values().flat_map(BTreeMap::values).any(|entry| entry.files.contains_key(name))
    };
    entry.files.into_iter().filter(|(name, _)| !has(name)).collect()
}

fn shown(entry: &Entry) -> Value {
    json!({ "key": entry.key, "files": named(entry.files.clone()) })
}

/// What earlier runs left, as far as it can be read, and of which question: what is damaged is as nothing.
pub fn known(folder: &Path) -> (Entries, Option<String>) {
    let text = fs::read_to_string(folder.join(MANIFEST)).unwrap_or_default();
    let manifest: Value = serde_json::from_str(&text).unwrap_or_default();
    let mut entries = Entries::new();
    for (stem, products) in manifest["groups"].as_object().into_iter().flatten() {
        for (product, entry) in products.as_object().into_iter().flatten() {
            add(&mut entries, stem, product, entry);
        }
    }
    // The last line may be torn.
    let mut by = manifest["by"].as_str().map(str::to_string);
    for line in fs::read_to_string(folder.join(JOURNAL)).unwrap_or_default().lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_default();
        by = line["by"].as_str().map(str::to_string).or(by);
        if let (Some(stem), Some(product)) = (line["group"].as_str(), line["product"].as_str()) {
            add(&mut entries, stem, product, &line["entry"]);
        }
    }
    (entries, by)
}

fn add(entries: &mut Entries, stem: &str, product: &str, entry: &Value) {
    let files = entry["files"].as_object().into_iter().flatten();
    let files = files.filter_map(|(name, sha256)| Some((name.clone(), sha256.as_str()?.to_string())));
    let files: BTreeMap<String, String> = files.collect();
    if let (Some(key), true) = (entry["key"].as_str(), files.keys().all(|name| is_inside(name))) {
        let entry = Entry { key: key.into(), files };
        entries.entry(stem.into()).or_default().insert(product.into(), entry);
    }
}

/// Whether a name leads to a place in the folder.
fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn sweep(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else { return };
    for file in files.flatten() {
        let name = file.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(".renkei-") && name.ends_with(".tmp") {
            _ = fs::remove_file(file.path());
        }
    }
}
