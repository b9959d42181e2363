//! Mutated input at every door: data files, questionnaires, conditions, packed cells, names of files, corrections.
//! Whatever comes in, nothing panics, nothing takes seconds, and what must hold of every result holds.
//!
//! An ordinary run replays the seeds and some thousands of mutations of them, always the same ones. By hand, for ten
//! minutes on one door (`docs/trust.md` says what that found):
//!
//! ```sh
//! RENKEI_FUZZ_SECONDS=600 cargo test --release fuzz::data_files -- --nocapture
//! ```
//!
//! Mutations are blind: coverage that guides them needs a nightly compiler (cargo-fuzz) and every dependency built anew.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use renkei::check::{Wanted, check, questions};
use renkei::diag::{Failure, Quiet, Source};
use renkei::frame::{ReadOptions, Replies, read_corrections, read_in_blocks};
use renkei::schema::{Language, Survey, load, parse_condition};
use renkei::study::FileNames;

use crate::cli::repository;
use crate::data::{AGE, HELP, NOTE, PETS, SEX, SURVEY, all, survey};

/// Mutations of an ordinary run.
const ORDINARY: u64 = 1_500;
/// No input of this size may take longer, on a busy machine.
const SLOWEST: Duration = Duration::from_secs(20);
/// Inputs do not grow beyond this.
const LARGEST: usize = 1 << 16;

/// Words that mean something somewhere.
const WORDS: [&[u8]; 40] = [
    b"\"",
    b",",
    b";",
    b"\n",
    b"\r\n",
    b"\r",
    b"\t",
    b"\0",
    b"\x1a",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"=",
    b"'",
    b"[",
    b"]",
    b"{",
    b"}",
    b"(",
    b")",
    b"[[",
    b"not ",
    b" and ",
    b" has ",
    b" in [",
    b"0",
    b"-1",
    b"9223372036854775808",
    b"1e309",
    b"0.1",
    b"2016-02-30",
    "令和".as_bytes(),
    "１".as_bytes(),
    "～".as_bytes(),
    "\u{3099}".as_bytes(),
    "\u{200b}".as_bytes(),
    b"\x81",
    b"\xE0\x40",
    b"<r>",
    b"../",
    b"rest = true",
];

/// Numbers that look like chance, always the same: <https://prng.di.unimi.it/splitmix64.c>.
pub struct Numbers(pub u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below the bound.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// One of the seeds, changed in a few places.
fn mutated(seeds: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut input = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(input.len() + 1);
        let most = 1 << numbers.below(9);
        let until = (at + 1 + numbers.below(most)).min(input.len());
        match numbers.below(7) {
            0 if at < input.len() => input[at] ^= 1 << numbers.below(8),
            1 => drop(input.drain(at.min(until)..until)),
            2 => {
                let copy = input[at.min(until)..until].to_vec();
                let to = numbers.below(input.len() + 1);
                drop(input.splice(to..to, copy));
            }
            3 => {
                let other = &seeds[numbers.below(seeds.len())];
                let from = numbers.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            4 => {
                let word = WORDS[numbers.below(WORDS.len())].repeat(1 << numbers.below(6));
                drop(input.splice(at..at, word));
            }
            _ => drop(input.splice(at..at, WORDS[numbers.below(WORDS.len())].iter().copied())),
        }
        input.truncate(LARGEST);
    }
    input
}

/// Replays the seeds of a door and mutations of them.
fn hammer(door: &str, mut seeds: Vec<Vec<u8>>, knock: impl Fn(&[u8])) {
    if let Ok(found) = fs::read_dir(repository("tests/fuzz/found")) {
        let mut paths: Vec<PathBuf> = found.map(|entry| entry.expect("an entry").path()).collect();
        paths.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(door)));
        paths.sort();
        seeds.extend(paths.iter().map(|path| fs::read(path).expect("what was found")));
    }
    assert!(!seeds.is_empty());
    let seconds = std::env::var("RENKEI_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let begun = Instant::now();
    let mut numbers = Numbers(if seconds.is_some() { u64::from(std::process::id()) } else { 1 });
    let mut knocks = 0_u64;
    loop {
        let input = match seeds.get(usize::try_from(knocks).unwrap_or(usize::MAX)) {
            Some(seed) => seed.clone(),
            None => mutated(&seeds, &mut numbers),
        };
        let one = Instant::now();
        let sound = catch_unwind(AssertUnwindSafe(|| knock(&input))).is_ok() && one.elapsed() < SLOWEST;
        if !sound {
            let path = std::env::temp_dir().join(format!("{door}-{knocks}"));
            fs::write(&path, &input).expect("the input is kept");
            panic!(
                "{door}: input {knocks} fell over or took {:?}; it is in {}",
                one.elapsed(),
                path.display()
            );
        }
        knocks += 1;
        match seconds {
            Some(seconds) if begun.elapsed() >= Duration::from_secs(seconds) => break,
            None if knocks >= ORDINARY + seeds.len() as u64 => break,
            _ => {}
        }
    }
    if seconds.is_some() {
        println!("{door}: {knocks} inputs in {:?}, nothing found", begun.elapsed());
    }
}

fn lines(file: &str) -> Vec<Vec<u8>> {
    let text = fs::read_to_string(repository(&format!("tests/fuzz/{file}"))).expect("seeds");
    text.lines().map(|line| line.as_bytes().to_vec()).collect()
}

/// The files of a folder with this ending, in order.
fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(repository(folder)).expect("seeds");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|own| own == ending));
    paths.sort();
    paths.iter().map(|path| fs::read(path).expect("a seed")).collect()
}

const REST: &str = r#"[[question]]
id = "r"
text = "r"
kind = "rank"
places = 2
columns = "r_{place}"
options = [ { code = 1, label = "a" }, { code = 2, label = "b" }, { code = 3, label = "c" } ]
[[question]]
id = "g"
text = "g"
kind = "grid"
rows = [ { id = "a", label = "A" }, { id = "b", label = "B" } ]
options = [ { code = 1, label = "a" }, { code = 2, label = "b" } ]
[[question]]
id = "day"
text = "d"
kind = "date"
[[question]]
id = "month"
text = "m"
kind = "single"
options = [ { code = "3-1", label = "a" }, { code = "4-1", label = "b" } ]
"#;

fn everything() -> Survey {
    survey(&[SURVEY, SEX, HELP, PETS, AGE, NOTE, REST].concat())
}

/// A scratch file that one door writes again and again.
fn scratch(ending: &str) -> tempfile::TempPath {
    tempfile::Builder::new().suffix(ending).tempfile().expect("a temporary file").into_temp_path()
}

#[test]
fn data_files_of_any_bytes_are_read_or_refused() {
    let schema = fs::read_to_string(repository("tests/corpus/schema.toml")).expect("the schema");
    let survey = load("schema.toml", &schema).expect("a sound schema").value;
    let needed = all(&survey);
    let path = scratch(".csv");
    hammer("data", files("tests/corpus", "csv"), |input| {
        fs::write(&path, input).expect("a temporary file");
        for (place, options) in [
            ReadOptions { threads: 1, ..ReadOptions::default() },
            ReadOptions { threads: 1, lenient: true, ..ReadOptions::default() },
            ReadOptions {
                threads: 1,
                lenient: true,
                keys: true,
                log: Some(needed.clone()),
                ..ReadOptions::default()
            },
        ]
        .into_iter()
        .enumerate()
        {
            let block_bytes = if place == 1 { 64 } else { 1 << 20 };
            let read = read_in_blocks(&path, &survey, &needed, &options, &Quiet, block_bytes);
            let told: String = match &read {
                Ok(dataset) => dataset.warnings.iter().map(|warning| warning.render(false)).collect(),
                Err(Failure::Refused(errors)) => errors.iter().map(|error| error.render(false)).collect(),
                Err(Failure::Io(error)) => error.render(false),
            };
            assert!(!told.chars().any(|c| c.is_control() && c != '\n'), "{told:?}");
            if let Ok(dataset) = read {
                let rows: usize = dataset.blocks.iter().map(|block| block.len).sum();
                assert!(rows > 0, "nobody is no survey");
                let wanted = Wanted::default();
                let found = check(&survey, &dataset, &wanted);
                assert!(found.records as usize <= rows);
                _ = questions(&survey, &wanted);
            }
        }
    });
}

#[test]
fn questionnaires_of_any_text_are_loaded_or_refused() {
    hammer(
        "schema",
        files("schemas", "toml").into_iter().filter(|seed| seed.len() < 20_000).collect(),
        |input| {
            let text = String::from_utf8_lossy(input);
            match load("s.toml", &text) {
                Ok(loaded) => {
                    let spoken = loaded.value.in_language(Language::English);
                    assert_eq!(spoken.questions.len(), loaded.value.questions.len());
                }
                Err(errors) => {
                    assert!(!errors.is_empty());
                    errors.iter().for_each(|error| assert!(!error.render(false).is_empty()));
                }
            }
        },
    );
}

#[test]
fn conditions_of_any_text_are_read_or_refused() {
    let survey = everything();
    hammer("condition", lines("expressions.txt"), |input| {
        let source =
            Source { name: "--filter".to_string(), text: String::from_utf8_lossy(input).into_owned() };
        match parse_condition(&survey, &Arc::new(source)) {
            Ok(condition) => {
                assert!(condition.questions().iter().all(|&index| index < survey.questions.len()))
            }
            Err(errors) => errors.iter().for_each(|error| assert!(!error.render(true).is_empty())),
        }
    });
}

#[test]
fn packed_cells_of_any_bytes_give_options_or_are_refused() {
    let survey = survey(&[SURVEY, PETS].concat());
    let needed = all(&survey);
    let path = scratch(".csv");
    hammer("packed", lines("packed.txt"), |input| {
        let cell = String::from_utf8_lossy(input).replace('"', "\"\"");
        fs::write(&path, format!("id,pets\n1,\"{cell}\"\n2,1\n")).expect("a temporary file");
        let options = ReadOptions { threads: 1, ..ReadOptions::default() };
        let Ok(dataset) = read_in_blocks(&path, &survey, &needed, &options, &Quiet, 1 << 20) else { return };
        for block in &dataset.blocks {
            if let Some(Some(Replies::Multi { octets, .. })) = block.replies.first() {
                assert!(octets.iter().all(|octet| octet.iter().all(|bits| *bits < 8)), "three options");
            }
        }
    });
}

#[test]
fn names_of_files_are_of_one_file_each() {
    hammer("names", lines("names.txt"), |input| {
        use unicode_normalization::UnicodeNormalization;
        let mut names = FileNames::besides(&["index"]);
        let mut taken = std::collections::HashSet::new();
        for wanted in String::from_utf8_lossy(input).split(['\n', ' ', ',']) {
            let name = names.unique(wanted);
            assert!(!name.is_empty() && name.len() < 250, "{name:?}");
            assert!(Path::new(&name).components().count() == 1, "{name:?}");
            let folded: String = name.nfc().collect::<String>().to_lowercase().nfc().collect();
            assert!(folded != "index" && taken.insert(folded), "{name:?}");
        }
    });
}

#[test]
fn corrections_of_any_bytes_are_read_or_refused() {
    let survey = everything();
    for ending in ["csv", "toml"] {
        let path = scratch(&format!(".{ending}"));
        hammer("corrections", files("tests/fuzz", ending), |input| {
            fs::write(&path, input).expect("a temporary file");
            match read_corrections(&path, &survey) {
                Ok(corrections) => {
                    assert!(corrections.list.iter().all(|own| !own.written.reason.value.is_empty()))
                }
                Err(Failure::Refused(errors)) => assert!(!errors.is_empty()),
                Err(Failure::Io(error)) => panic!("{}", error.render(false)),
            }
        });
    }
}
