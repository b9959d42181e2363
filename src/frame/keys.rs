//! The respondents' keys: no two may be the same.
//!
//! Most exports are in ascending order of the key, which is seen while reading and costs nothing
//! to keep. Only when they are not is the file read again, for hashes of the keys; and only when
//! two hashes are equal a third time, to know whether the keys are.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::io;

use foldhash::fast::RandomState;

use super::Encoding;
use super::cells::{empty_line, take};
use super::file::{Data, decode};
use super::ledger::{Here, Position};

/// The keys of one block: are they in ascending order?
#[derive(Debug, Clone)]
pub(crate) struct KeySpan {
    first: Vec<u8>,
    last: Vec<u8>,
    /// The last key where it came as a number, and is not written yet.
    last_number: Option<u64>,
    /// Ascending as numbers written without leading zeros.
    numeric: bool,
    /// Ascending byte by byte.
    bytewise: bool,
    /// All keys, one after another, where they are kept.
    pub(crate) kept: Vec<u8>,
    /// Where each kept key ends.
    pub(crate) ends: Vec<u32>,
    any: bool,
}

impl Default for KeySpan {
    fn default() -> Self {
        KeySpan {
            first: Vec::new(),
            last: Vec::new(),
            last_number: None,
            numeric: true,
            bytewise: true,
            kept: Vec::new(),
            ends: Vec::new(),
            any: false,
        }
    }
}

impl KeySpan {
    /// The next key, a number without leading zeros.
    #[inline]
    pub(crate) fn push_number(&mut self, key: u64, keep: bool) {
        let digits = |key: u64| key.checked_ilog10();
        match self.last_number {
            // Of as many digits each, they are in the order of their bytes too.
            Some(last) if !keep && last < key && digits(last) == digits(key) => self.last_number = Some(key),
            _ => {
                self.push(key.to_string().as_bytes(), keep);
                self.last_number = Some(key);
            }
        }
    }

    /// Writes the last key, where it came as a number.
    pub(crate) fn settle(&mut self) {
        if let Some(last) = self.last_number.take() {
            self.last = last.to_string().into_bytes();
        }
    }

    /// The next key.
    #[inline]
    pub(crate) fn push(&mut self, key: &[u8], keep: bool) {
        self.settle();
        if self.any {
            self.numeric = self.numeric && is_plain_number(key) && by_number(&self.last, key);
            self.bytewise = self.bytewise && self.last.as_slice() < key;
        } else {
            self.any = true;
            self.numeric = is_plain_number(key);
            self.first.extend_from_slice(key);
        }
        self.last.clear();
        self.last.extend_from_slice(key);
        if keep {
            self.kept.extend_from_slice(key);
            self.ends.push(super::ledger::count32(self.kept.len()));
        }
    }

    /// Blank keys up to so many, for records without one.
    pub(crate) fn pad(&mut self, records: usize) {
        self.ends.resize(records.max(self.ends.len()), super::ledger::count32(self.kept.len()));
    }

    /// The kept keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.kept[start as usize..end as usize])
    }
}

fn is_plain_number(key: &[u8]) -> bool {
    key.len() < 20 && key.iter().all(u8::is_ascii_digit) && (key.len() == 1 || key.first() != Some(&b'0'))
}

/// Plain numbers are ordered by length first.
fn by_number(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) < (other.len(), other)
}

/// Whether the keys of all blocks, in file order, ascend; then no two are the same.
pub(crate) fn ascending<'a>(spans: impl Iterator<Item = &'a KeySpan> + Clone) -> bool {
    let spans = spans.filter(|span| span.any);
    let pairs = || spans.clone().zip(spans.clone().skip(1));
    let numeric = spans.clone().all(|span| span.numeric)
        && pairs().all(|(one, other)| by_number(&one.last, &other.first));
    numeric || (spans.clone().all(|span| span.bytewise) && pairs().all(|(one, other)| one.last < other.first))
}

/// Records that repeat an earlier key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Repeated {
    /// How many records do.
    pub(crate) count: u64,
    /// The first of them.
    pub(crate) record: Position,
    /// The record it repeats.
    pub(crate) earlier: Position,
}

/// What is called with each key, and with what finds its place.
pub(crate) type Visit<'a> = dyn FnMut(&[u8], &dyn Fn() -> Position) + 'a;

/// Looks for keys that stand in more than one record; `each` gives all keys, and twice the same.
pub(crate) fn repeated(
    mut each: impl FnMut(&mut Visit<'_>) -> io::Result<()>,
) -> io::Result<Option<Repeated>> {
    let state = RandomState::default();
    let mut hashes = Vec::new();
    each(&mut |key, _| hashes.push(state.hash_one(key)))?;
    hashes.sort_unstable();
    let suspects: HashSet<u64> =
        hashes.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    drop(hashes);
    if suspects.is_empty() {
        return Ok(None);
    }
    let mut seen: HashMap<Box<[u8]>, Position> = HashMap::new();
    let mut found: Option<Repeated> = None;
    each(&mut |key, position| {
        if !suspects.contains(&state.hash_one(key)) {
            return;
        }
        match (seen.get(key), &mut found) {
            (None, _) => {
                seen.insert(key.into(), position());
            }
            (Some(_), Some(found)) => found.count += 1,
            (Some(&earlier), None) => found = Some(Repeated { count: 1, record: position(), earlier }),
        }
    })?;
    Ok(found)
}

/// Walks over the keys of the file. Structure has been checked: this pass need not.
pub(crate) fn each_key(
    data: &Data,
    encoding: Encoding,
    column: usize,
    block_bytes: usize,
    visit: &mut Visit<'_>,
) -> io::Result<()> {
    let mut scanner = data.scanner(block_bytes)?;
    let (mut bytes, mut text) = (Vec::new(), String::new());
    let grammar = data.grammar;
    let _header = data.header(&mut scanner, encoding)?;
    while let Some(ticket) = scanner.next(&mut bytes)? {
        // The second byte of a character in CP932 may look like a delimiter.
        let Ok(buffer) = decode(&bytes, encoding, &mut text) else { return Ok(()) };
        let plain = memchr::memchr(b'"', buffer).is_none();
        let mut at = 0;
        let mut row = 0;
        while at < buffer.len() {
            if let Some(length) = empty_line(buffer, at, grammar.line_end) {
                at += length;
                continue;
            }
            let start = at;
            for place in 0.. {
                let Ok(cell) = take(buffer, at, grammar) else { return Ok(()) };
                at = cell.next;
                if place == column {
                    let here = Here { bytes: buffer, grammar, block: ticket.index, row, start };
                    visit(cell.content(buffer).trim_ascii(), &|| here.position());
                    if plain && !cell.last {
                        at = memchr::memchr(grammar.line_end, &buffer[at..])
                            .map_or(buffer.len(), |end| at + end + 1);
                        break;
                    }
                }
                if cell.last {
                    break;
                }
            }
            row += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascend(blocks: &[&[&str]]) -> bool {
        let spans: Vec<KeySpan> = blocks
            .iter()
            .map(|keys| {
                let mut span = KeySpan::default();
                keys.iter().for_each(|key| span.push(key.as_bytes(), false));
                span
            })
            .collect();
        ascending(spans.iter())
    }

    #[test]
    fn numbers_are_as_good_as_their_words() {
        let all = [0, 1, 2, 9, 10, 11, 10, 99, 100, 101, 101, 500, 1_000, u64::MAX / 2];
        for start in 0..all.len() {
            for end in start + 1..=all.len() {
                let (mut numbers, mut words) = (KeySpan::default(), KeySpan::default());
                all[start..end].iter().for_each(|&key| numbers.push_number(key, false));
                all[start..end].iter().for_each(|&key| words.push(key.to_string().as_bytes(), false));
                numbers.settle();
                let told = |span: &KeySpan| {
                    (span.first.clone(), span.last.clone(), span.numeric, span.bytewise, span.any)
                };
                assert_eq!(told(&numbers), told(&words), "{:?}", &all[start..end]);
            }
        }
    }

    #[test]
    fn ascending_keys_are_seen_within_and_across_blocks() {
        assert!(ascend(&[&["1", "2", "9", "10"], &[], &["11"]]));
        assert!(ascend(&[&["a1", "a2"], &["b"]]));
        assert!(ascend(&[&["001", "002"], &["010"]]));
        assert!(!ascend(&[&["1", "2"], &["2"]]));
        assert!(!ascend(&[&["2", "1"]]));
        assert!(!ascend(&[&["b"], &["a"]]));
        assert!(!ascend(&[&["9", "10", "a"]]));
    }
}
