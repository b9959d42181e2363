//! The records before the data of an SPSS file: variables, labels, missing values.
//!
//! The format is described by PSPP (<https://www.gnu.org/software/pspp/pspp-dev/html_node/System-File-Format.html>);
//! names in comments are its.

use std::collections::HashMap;
use std::io::Read;

use super::extensions::{self, Extensions};
use super::wire::{Damage, Wire, f64_of, i32_of, i64_of};

/// Bytes of an element, of which cases are made.
pub(crate) const ELEMENT: usize = 8;
/// More variables than SPSS has ever had in a file.
const MOST_VARIABLES: usize = 1 << 20;

/// How cases are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    Plain,
    Bytes,
    /// Bytes, and these in zlib blocks.
    Zlib,
}

/// A variable as its record has it; texts are bytes until the encoding is known.
#[derive(Debug, Clone, Default)]
pub(crate) struct RawVariable {
    /// The name of eight bytes.
    pub(crate) short: Vec<u8>,
    /// 0: numbers; else bytes of text, at most 255 in one record.
    pub(crate) width: usize,
    /// Where it begins in a case.
    pub(crate) element: usize,
    pub(crate) label: Option<Vec<u8>>,
    pub(crate) missing: Vec<[u8; ELEMENT]>,
    /// The first two of `missing` are the ends of a range.
    pub(crate) range: bool,
    /// How it is shown: the type of the print format, and its decimals.
    pub(crate) format: u8,
    pub(crate) decimals: u8,
    /// Value and label, in file order.
    pub(crate) labels: Vec<(Vec<u8>, Vec<u8>)>,
}

/// All records before the data.
#[derive(Debug)]
pub(crate) struct Dictionary {
    pub(crate) big_endian: bool,
    pub(crate) packing: Packing,
    /// How many respondents the file says it has; `None`: it does not know.
    pub(crate) cases: Option<u64>,
    pub(crate) bias: f64,
    pub(crate) title: Vec<u8>,
    pub(crate) variables: Vec<RawVariable>,
    /// Elements of a case.
    pub(crate) elements: usize,
    /// Place of the weight among the variables.
    pub(crate) weight: Option<usize>,
    pub(crate) extensions: Extensions,
    /// Where the data begin.
    pub(crate) data: u64,
}

/// Reads everything before the data.
pub(crate) fn read<R: Read>(wire: &mut Wire<R>) -> Result<Dictionary, Damage> {
    const HEADER: &str = "the header";
    let magic = wire.array::<4>(HEADER)?;
    let zipped = &magic == b"$FL3";
    wire.skip(60, HEADER)?;
    // layout_code is 2 or 3 in the file's own order of bytes.
    let layout = wire.array::<4>(HEADER)?;
    wire.big_endian = match (i32_of(layout, false), i32_of(layout, true)) {
        (2 | 3, _) => false,
        (_, 2 | 3) => true,
        (found, _) => {
            return Err(Damage::bad(format!("expected an SPSS file of layout 2 or 3, found {found}")));
        }
    };
    let _nominal_size = wire.i32(HEADER)?;
    let packing = match (wire.i32(HEADER)?, zipped) {
        (0, false) => Packing::Plain,
        (1, false) => Packing::Bytes,
        (2, true) => Packing::Zlib,
        (found, _) => return Err(Damage::bad(format!("expected compression 0, 1 or 2, found {found}"))),
    };
    let weight = wire.i32(HEADER)?;
    let cases = wire.i32(HEADER)?;
    let bias = f64_of(wire.array(HEADER)?, wire.big_endian);
    wire.skip(17, HEADER)?;
    let title = wire.bytes(64, HEADER)?;
    wire.skip(3, HEADER)?;
    let mut dictionary = Dictionary {
        big_endian: wire.big_endian,
        packing,
        cases: u64::try_from(cases).ok(),
        bias,
        title,
        variables: Vec::new(),
        elements: 0,
        weight: None,
        extensions: Extensions::default(),
        data: 0,
    };
    // For each element the variable that begins there.
    let mut begins: HashMap<usize, usize> = HashMap::new();
    let mut pending = None;
    loop {
        let at = wire.at;
        match wire.i32("the records before the data")? {
            2 => variable(wire, &mut dictionary, &mut begins)?,
            3 => pending = Some(value_labels(wire)?),
            4 => {
                let labels = pending.take().ok_or_else(|| {
                    Damage::bad(format!("a list of variables without labels at offset {at}"))
                })?;
                labelled(wire, &mut dictionary, &begins, &labels)?;
            }
            6 => {
                let lines = wire.count("the documents")?;
                wire.skip(lines.saturating_mul(80), "the documents")?;
            }
            7 => {
                let subtype = wire.i32("an extension record")?;
                let size = wire.count("an extension record")?;
                let count = wire.count("an extension record")?;
                let data = wire.bytes(size.saturating_mul(count), "an extension record")?;
                extensions::read(&mut dictionary.extensions, subtype, size, data, wire.big_endian)?;
            }
            999 => {
                wire.skip(4, "the records before the data")?;
                break;
            }
            found => {
                return Err(Damage::bad(format!(
                    "expected a record of SPSS at offset {at}, found type {found}"
                )));
            }
        }
    }
    if dictionary.variables.is_empty() {
        return Err(Damage::bad("the file has no variables"));
    }
    if let Some(cases) = dictionary.extensions.cases {
        dictionary.cases = Some(cases);
    }
    dictionary.weight = match weight {
        0 => None,
        index => {
            let element = usize::try_from(index - 1).ok();
            let variable = element.and_then(|element| begins.get(&element).copied());
            Some(
                variable
                    .ok_or_else(|| Damage::bad(format!("the weight is variable {index}, which is none")))?,
            )
        }
    };
    dictionary.data = wire.at;
    Ok(dictionary)
}

fn variable<R: Read>(
    wire: &mut Wire<R>,
    dictionary: &mut Dictionary,
    begins: &mut HashMap<usize, usize>,
) -> Result<(), Damage> {
    const WHAT: &str = "a variable";
    let at = wire.at;
    let bad = |words: String| Damage::bad(format!("{words} at offset {at}"));
    let width = wire.i32(WHAT)?;
    let has_label = wire.i32(WHAT)?;
    let missing = wire.i32(WHAT)?;
    let print = wire.i32(WHAT)?;
    let _write = wire.i32(WHAT)?;
    let short = wire.array::<ELEMENT>(WHAT)?;
    let label = match has_label {
        0 => None,
        1 => {
            let length = wire.count(WHAT)?;
            let mut label = wire.bytes(length.div_ceil(4) * 4, WHAT)?;
            label.truncate(usize::try_from(length).unwrap_or(usize::MAX));
            Some(label)
        }
        found => return Err(bad(format!("expected 0 or 1 for a variable's label, found {found}"))),
    };
    if !(-3..=3).contains(&missing) || missing == -1 {
        return Err(bad(format!("expected up to 3 missing values, found {missing}")));
    }
    let mut values = Vec::new();
    for _ in 0..missing.abs() {
        values.push(wire.array::<ELEMENT>(WHAT)?);
    }
    let element = dictionary.elements;
    dictionary.elements += 1;
    if width == -1 {
        // The rest of a text longer than an element.
        let held = dictionary.variables.last().map_or(0, |last| last.element + last.width.div_ceil(ELEMENT));
        if element >= held {
            return Err(bad("the rest of a text without its beginning".to_string()));
        }
        return Ok(());
    }
    let width = usize::try_from(width).ok().filter(|width| *width <= 255);
    let width = width.ok_or_else(|| bad("expected a width of at most 255".to_string()))?;
    if dictionary.variables.len() >= MOST_VARIABLES {
        return Err(bad(format!("expected at most {MOST_VARIABLES} variables, found more")));
    }
    let (range, missing) = (missing < -1, values);
    if range && width > 0 {
        return Err(bad("expected no range of missing values for texts".to_string()));
    }
    begins.insert(element, dictionary.variables.len());
    let [decimals, _, format, _] = print.to_le_bytes();
    dictionary.variables.push(RawVariable {
        short: trimmed(&short).to_vec(),
        width,
        element,
        label,
        missing,
        range,
        format,
        decimals,
        labels: Vec::new(),
    });
    Ok(())
}

/// Values and labels of one record.
type Labels = Vec<([u8; ELEMENT], Vec<u8>)>;

fn value_labels<R: Read>(wire: &mut Wire<R>) -> Result<Labels, Damage> {
    const WHAT: &str = "the value labels";
    let count = wire.count(WHAT)?;
    // Sixteen bytes hold the shortest.
    if count > wire.size / 16 {
        return Err(Damage::bad(format!("{count} value labels do not fit into the file")));
    }
    let mut labels = Vec::new();
    for _ in 0..count {
        let value = wire.array::<ELEMENT>(WHAT)?;
        let [length] = wire.array::<1>(WHAT)?;
        let padded = (u64::from(length) + 1).div_ceil(8) * 8 - 1;
        let mut label = wire.bytes(padded, WHAT)?;
        label.truncate(usize::from(length));
        labels.push((value, label));
    }
    Ok(labels)
}

fn labelled<R: Read>(
    wire: &mut Wire<R>,
    dictionary: &mut Dictionary,
    begins: &HashMap<usize, usize>,
    labels: &Labels,
) -> Result<(), Damage> {
    const WHAT: &str = "the variables of value labels";
    let count = wire.count(WHAT)?;
    if count > dictionary.elements as u64 {
        return Err(Damage::bad(format!("value labels for {count} variables, of which the file has fewer")));
    }
    for _ in 0..count {
        let index = wire.i32(WHAT)?;
        let element = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        let place = element.and_then(|element| begins.get(&element).copied());
        let place =
            place.ok_or_else(|| Damage::bad(format!("value labels for variable {index}, which is none")))?;
        let variable = &mut dictionary.variables[place];
        // A file could have every variable share every label, many times over.
        if variable.labels.is_empty() {
            let bytes = if variable.width == 0 { ELEMENT } else { variable.width.min(ELEMENT) };
            variable.labels =
                labels.iter().map(|(value, label)| (value[..bytes].to_vec(), label.clone())).collect();
        }
    }
    Ok(())
}

/// Without the spaces and NULs that fill a field.
pub(crate) fn trimmed(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    &text[..end]
}

/// The number of an element.
pub(crate) fn number(element: [u8; ELEMENT], big_endian: bool) -> f64 {
    f64_of(element, big_endian)
}

/// The whole number of eight bytes.
pub(crate) fn whole(element: [u8; ELEMENT], big_endian: bool) -> i64 {
    i64_of(element, big_endian)
}
