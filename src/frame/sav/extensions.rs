//! Extension records of an SPSS file: what its format did not have room for at first.

use std::collections::HashMap;

use super::dictionary::whole;
use super::wire::{Damage, i32_of};

/// Values and their labels, as bytes.
pub(crate) type Labels = Vec<(Vec<u8>, Vec<u8>)>;

/// What the extension records say; texts are bytes until the encoding is known.
#[derive(Debug, Default)]
pub(crate) struct Extensions {
    /// Name of the encoding (subtype 20).
    pub(crate) encoding: Option<String>,
    /// Number of the code page (subtype 3).
    pub(crate) code_page: Option<i32>,
    /// The number that means no value (subtype 4).
    pub(crate) no_value: Option<[u8; 8]>,
    /// Multiple response sets (subtypes 7 and 19).
    pub(crate) sets: Vec<u8>,
    /// How each variable is measured (subtype 11).
    pub(crate) measures: Vec<i32>,
    /// Numbers of a variable in subtype 11: 2 or 3.
    measured: Vec<i32>,
    /// `SHORT=Long`, with tabs between (subtype 13).
    pub(crate) long_names: Vec<u8>,
    /// Widths of very long texts, by short name (subtype 14).
    pub(crate) very_long: Vec<(Vec<u8>, usize)>,
    /// How many respondents there are (subtype 16).
    pub(crate) cases: Option<u64>,
    /// Labels of long values, by name of the variable (subtype 21).
    pub(crate) long_labels: HashMap<Vec<u8>, Labels>,
    /// Missing values of long texts, by name of the variable (subtype 22).
    pub(crate) long_missing: HashMap<Vec<u8>, Vec<Vec<u8>>>,
}

impl Extensions {
    /// Spreads what is said for each variable over so many variables.
    pub(crate) fn settle(&mut self, variables: usize) {
        let step = if self.measured.len() == variables * 2 && variables > 0 { 2 } else { 3 };
        self.measures = self.measured.iter().step_by(step).copied().collect();
    }
}

/// Reads one extension record; unknown ones are left out, as the format wants it.
pub(crate) fn read(
    extensions: &mut Extensions,
    subtype: i32,
    size: u64,
    data: Vec<u8>,
    big_endian: bool,
) -> Result<(), Damage> {
    match subtype {
        3 if size == 4 && data.len() >= 32 => extensions.code_page = words(&data, big_endian).nth(7),
        4 if size == 8 && data.len() >= 8 => extensions.no_value = data[..8].try_into().ok(),
        7 | 19 => {
            extensions.sets.extend(data);
            extensions.sets.push(b'\n');
        }
        11 => extensions.measured = words(&data, big_endian).collect(),
        13 => extensions.long_names = data,
        14 => extensions.very_long = very_long(&data)?,
        16 if size == 8 && data.len() >= 16 => {
            let count = data[8..16].try_into().map_or(-1, |bytes| whole(bytes, big_endian));
            extensions.cases = u64::try_from(count).ok();
        }
        20 => {
            extensions.encoding =
                Some(String::from_utf8_lossy(&data).trim_end_matches(['\0', ' ']).to_string())
        }
        21 => {
            let mut fields = Fields { data: &data, big_endian };
            while !fields.data.is_empty() {
                let name = fields.text()?.to_vec();
                fields.count()?;
                let count = fields.count()?;
                let mut labels = Vec::new();
                for _ in 0..count {
                    labels.push((fields.text()?.to_vec(), fields.text()?.to_vec()));
                }
                extensions.long_labels.entry(name).or_insert(labels);
            }
        }
        22 => {
            let mut fields = Fields { data: &data, big_endian };
            while !fields.data.is_empty() {
                let name = fields.text()?.to_vec();
                let count = fields.take(1)?[0];
                let length = fields.count()?;
                let mut values = Vec::new();
                for number in 0..count.min(3) {
                    // Early versions of PSPP wrote the length before each value.
                    if number > 0 && fields.next_is(length) {
                        fields.count()?;
                    }
                    values.push(fields.take(length)?.to_vec());
                }
                extensions.long_missing.insert(name, values);
            }
        }
        _ => {}
    }
    Ok(())
}

fn words(data: &[u8], big_endian: bool) -> impl Iterator<Item = i32> {
    data.chunks_exact(4).map(move |bytes| i32_of(bytes.try_into().unwrap_or_default(), big_endian))
}

/// `NAME=00300\0\t`, again and again.
fn very_long(data: &[u8]) -> Result<Vec<(Vec<u8>, usize)>, Damage> {
    let mut widths = Vec::new();
    for entry in data.split(|&byte| byte == b'\t' || byte == 0).filter(|entry| !entry.is_empty()) {
        let mut parts = entry.splitn(2, |&byte| byte == b'=');
        let name = parts.next().unwrap_or_default().to_vec();
        let width = parts.next().and_then(|width| str::from_utf8(width).ok());
        let width = width.and_then(|width| width.trim().parse().ok()).filter(|width| *width <= 32_767);
        widths.push((
            name,
            width.ok_or_else(|| Damage::bad("expected the width of a long text (at most 32767)"))?,
        ));
    }
    Ok(widths)
}

/// Texts and sizes, one after another.
struct Fields<'a> {
    data: &'a [u8],
    big_endian: bool,
}

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Damage> {
        let short = || Damage::bad("labels of long texts end too early");
        let (taken, rest) = self.data.split_at_checked(count).ok_or_else(short)?;
        self.data = rest;
        Ok(taken)
    }

    fn count(&mut self) -> Result<usize, Damage> {
        let bytes = self.take(4)?.try_into().unwrap_or_default();
        usize::try_from(i32_of(bytes, self.big_endian))
            .map_err(|_| Damage::bad("expected a size, found less than 0"))
    }

    fn next_is(&self, count: usize) -> bool {
        let next = self.data.first_chunk().map(|bytes| i32_of(*bytes, self.big_endian));
        next.and_then(|next| usize::try_from(next).ok()) == Some(count)
    }

    fn text(&mut self) -> Result<&'a [u8], Damage> {
        let count = self.count()?;
        self.take(count)
    }
}
