//! The data of an SPSS file, unpacked element by element.

use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use flate2::read::ZlibDecoder;

use super::dictionary::{Dictionary, ELEMENT, Packing};
use super::wire::{Damage, Wire, i64_of};

/// Bytes of the file in memory at once.
const BUFFER: usize = 1 << 18;
/// Data that unpack to more than so many times their size are no honest answers.
const MOST_EXPANSION: u64 = 250;
/// Below this nobody is harmed.
const HARMLESS: u64 = 64 << 20;

/// Cases one after another.
pub(crate) struct Cases {
    source: BufReader<Box<dyn Read + Send>>,
    packing: Packing,
    no_value: [u8; ELEMENT],
    big_endian: bool,
    bias: f64,
    /// What the next elements are, and how many of them are used.
    codes: [u8; ELEMENT],
    used: usize,
    /// The element that each small code stands for.
    small: Box<[[u8; ELEMENT]; 256]>,
    ended: bool,
}

impl Cases {
    /// The cases of a file whose dictionary has been read.
    pub(crate) fn open<R: Read + Seek + Send + 'static>(
        mut file: R,
        size: u64,
        dictionary: &Dictionary,
        no_value: [u8; ELEMENT],
    ) -> Result<Cases, Damage> {
        file.seek(SeekFrom::Start(dictionary.data))?;
        let source: Box<dyn Read + Send> = match dictionary.packing {
            Packing::Plain | Packing::Bytes => Box::new(file),
            Packing::Zlib => Box::new(Blocks::open(file, size, dictionary)?),
        };
        let mut small = Box::new([[0; ELEMENT]; 256]);
        for (code, element) in small.iter_mut().enumerate() {
            let value = code as f64 - dictionary.bias;
            *element = if dictionary.big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
        }
        small[usize::from(SPACES)] = *b"        ";
        small[usize::from(NO_VALUE)] = no_value;
        Ok(Cases {
            source: BufReader::with_capacity(BUFFER, source),
            packing: dictionary.packing,
            no_value,
            big_endian: dictionary.big_endian,
            bias: dictionary.bias,
            codes: [0; ELEMENT],
            used: ELEMENT,
            small,
            ended: false,
        })
    }

    /// The next case; `false` at the end of the file, an error within a case.
    pub(crate) fn next(&mut self, case: &mut [[u8; ELEMENT]]) -> Result<bool, Damage> {
        for (place, element) in case.iter_mut().enumerate() {
            let found = match self.packing {
                Packing::Plain => eight(&mut self.source)?,
                Packing::Bytes | Packing::Zlib => self.unpacked()?,
            };
            match found {
                Some(found) => *element = found,
                None if place == 0 => return Ok(false),
                None => return Err(Damage::bad("the file ends in the middle of a respondent")),
            }
        }
        Ok(true)
    }

    fn unpacked(&mut self) -> Result<Option<[u8; ELEMENT]>, Damage> {
        loop {
            if self.ended {
                return Ok(None);
            }
            if self.used == ELEMENT {
                match eight(&mut self.source)? {
                    Some(codes) => self.codes = codes,
                    None => {
                        self.ended = true;
                        continue;
                    }
                }
                self.used = 0;
            }
            let code = self.codes[self.used];
            self.used += 1;
            match code {
                NOTHING => {}
                END => self.ended = true,
                AS_IT_IS => match eight(&mut self.source)? {
                    Some(element) => return Ok(Some(element)),
                    None => return Err(Damage::bad("the file ends in the middle of a value")),
                },
                code => return Ok(Some(self.small[usize::from(code)])),
            }
        }
    }
}

/// What the code of an element says.
pub(super) const NOTHING: u8 = 0;
pub(super) const END: u8 = 252;
pub(super) const AS_IT_IS: u8 = 253;
pub(super) const SPACES: u8 = 254;
pub(super) const NO_VALUE: u8 = 255;

impl std::fmt::Debug for Cases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cases")
            .field("packing", &self.packing)
            .field("no_value", &self.no_value)
            .field("big_endian", &self.big_endian)
            .field("bias", &self.bias)
            .finish_non_exhaustive()
    }
}

/// The next eight bytes; `None` at the end of the file.
#[inline]
fn eight(source: &mut BufReader<Box<dyn Read + Send>>) -> Result<Option<[u8; ELEMENT]>, Damage> {
    if let Some(&element) = source.buffer().first_chunk() {
        source.consume(ELEMENT);
        return Ok(Some(element));
    }
    let mut element = [0; ELEMENT];
    let mut filled = 0;
    while filled < ELEMENT {
        match source.read(&mut element[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(Damage::bad("the file ends in the middle of a value")),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error)
                if error.kind() == io::ErrorKind::InvalidData
                    || error.kind() == io::ErrorKind::InvalidInput =>
            {
                return Err(Damage::bad(format!("the packed data cannot be unpacked: {error}")));
            }
            Err(error) => return Err(Damage::Io(error)),
        }
    }
    Ok(Some(element))
}

/// The zlib blocks of a .zsav, one after another.
struct Blocks<R: Read> {
    decoder: Option<ZlibDecoder<io::Take<R>>>,
    /// Packed and unpacked size of each block still to come.
    sizes: std::vec::IntoIter<(u64, u64)>,
    /// Unpacked bytes that the block at hand still owes.
    owed: u64,
}

impl<R: Read + Seek> Blocks<R> {
    fn open(file: R, size: u64, dictionary: &Dictionary) -> Result<Blocks<R>, Damage> {
        const WHAT: &str = "the list of packed blocks";
        let big = dictionary.big_endian;
        let mut file = file;
        let mut header = [0; 24];
        file.read_exact(&mut header).map_err(|_| Damage::bad("the file ends before its packed data"))?;
        let field = |at: usize| {
            let bytes = header[at..at + 8].try_into().unwrap_or_default();
            u64::try_from(i64_of(bytes, big)).unwrap_or(u64::MAX)
        };
        let (start, trailer, length) = (field(0), field(8), field(16));
        let lying = || Damage::bad("the places of the packed data are outside the file");
        if start != dictionary.data
            || trailer < start + 24
            || length < 24
            || trailer.checked_add(length) > Some(size)
        {
            return Err(lying());
        }
        file.seek(SeekFrom::Start(trailer))?;
        let mut wire = Wire::new(&mut file, length);
        wire.big_endian = big;
        wire.skip(16, WHAT)?;
        let _block_size = wire.i32(WHAT)?;
        let count = wire.count(WHAT)?;
        if count * 24 > length {
            return Err(Damage::bad(format!("{count} packed blocks do not fit into the file")));
        }
        let (mut sizes, mut at, mut unpacked) = (Vec::new(), start + 24, 0u64);
        for _ in 0..count {
            wire.skip(8, WHAT)?;
            let begins = i64_of(wire.array(WHAT)?, big);
            let (whole, packed) = (wire.count(WHAT)?, wire.count(WHAT)?);
            if u64::try_from(begins) != Ok(at) || at + packed > trailer {
                return Err(lying());
            }
            at += packed;
            unpacked += whole;
            sizes.push((packed, whole));
        }
        if unpacked > HARMLESS && unpacked / size.max(1) > MOST_EXPANSION {
            return Err(Damage::bad(format!(
                "the file unpacks to {} times its size, which answers do not",
                unpacked / size.max(1)
            )));
        }
        file.seek(SeekFrom::Start(start + 24))?;
        let mut blocks = Blocks { decoder: None, sizes: sizes.into_iter(), owed: 0 };
        blocks.begin(file);
        Ok(blocks)
    }

    fn begin(&mut self, file: R) {
        if let Some((packed, whole)) = self.sizes.next() {
            self.decoder = Some(ZlibDecoder::new(file.take(packed)));
            self.owed = whole;
        }
    }
}

impl<R: Read + Seek> Read for Blocks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(decoder) = &mut self.decoder else { return Ok(0) };
            // No block gives more than the list of blocks says.
            let room = buffer.len().min(usize::try_from(self.owed).unwrap_or(usize::MAX));
            let read = if room == 0 { 0 } else { decoder.read(&mut buffer[..room])? };
            if read > 0 {
                self.owed -= read as u64;
                return Ok(read);
            }
            if buffer.is_empty() {
                return Ok(0);
            }
            if self.owed > 0 {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "a block is shorter than it says"));
            }
            let Some(decoder) = self.decoder.take() else { return Ok(0) };
            let mut rest = decoder.into_inner();
            io::copy(&mut rest, &mut io::sink())?;
            self.begin(rest.into_inner());
        }
    }
}
