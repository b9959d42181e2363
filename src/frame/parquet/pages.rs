//! The pages of a column, one after another, unpacked.
//!
//! A page reader of the parquet crate makes what it needs to unpack and to pack for every column of every row group, which
//! for Zstandard costs more than to unpack the few kilobytes of an answer's column. Pages of Zstandard therefore come as
//! they are in the file, and are unpacked here with what each thread makes once.

use std::cell::RefCell;
use std::fs::File;
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use zstd::bulk::Decompressor;
use zstd::zstd_safe::get_frame_content_size;

use super::Damage;
use super::cursor::damage;

/// A column of a row group is read at once up to so many bytes, and page by page beyond.
const AT_ONCE: u64 = 256 * 1024;
/// The format counts a page's bytes in 31 bits.
const MOST_BYTES: u64 = i32::MAX as u64;

/// What one thread unpacks pages with.
#[derive(Clone)]
pub(super) struct Unpacker(Rc<RefCell<Decompressor<'static>>>);

impl Unpacker {
    pub(super) fn new() -> Result<Unpacker, Damage> {
        Ok(Unpacker(Rc::new(RefCell::new(Decompressor::new()?))))
    }

    fn unpack(&self, packed: &Bytes) -> Result<Bytes, Damage> {
        // A page without values may be nothing at all.
        if packed.is_empty() {
            return Ok(Bytes::new());
        }
        let wrong = |error: std::io::Error| Damage::bad(format!("a page cannot be unpacked: {error}"));
        match get_frame_content_size(packed).ok().flatten() {
            Some(size) if size > MOST_BYTES => Err(Damage::bad("a page is larger than the format allows")),
            Some(size) => {
                let capacity = usize::try_from(size).unwrap_or(usize::MAX);
                self.0.borrow_mut().decompress(packed, capacity).map(Bytes::from).map_err(wrong)
            }
            None => {
                let mut all = Vec::new();
                let stream = zstd::Decoder::new(&packed[..]).map_err(wrong)?;
                stream.take(MOST_BYTES + 1).read_to_end(&mut all).map_err(wrong)?;
                match all.len() as u64 > MOST_BYTES {
                    true => Err(Damage::bad("a page is larger than the format allows")),
                    false => Ok(Bytes::from(all)),
                }
            }
        }
    }
}

/// A page as it stands in the file, or unpacked by the parquet crate.
pub(super) struct Raw(Page);

/// The pages of one column of one row group.
pub(super) struct Pages {
    reader: Box<dyn PageReader>,
    /// Where pages come as they are.
    unpacker: Option<Unpacker>,
}

impl Pages {
    pub(super) fn open(
        file: &Arc<File>,
        unpacker: &Unpacker,
        group: &RowGroupMetaData,
        column: usize,
    ) -> Result<Pages, Damage> {
        let metadata = group.column(column);
        let first = metadata.dictionary_page_offset().unwrap_or_else(|| metadata.data_page_offset());
        if first < 0 || metadata.data_page_offset() < 0 || metadata.compressed_size() < 0 {
            return Err(Damage::bad("a column begins before the file"));
        }
        let (start, length) = metadata.byte_range();
        let chunk = Chunk { file: Arc::clone(file), start, held: None };
        let held = if length <= AT_ONCE { Some(chunk.get_bytes(start, length as usize)) } else { None };
        let chunk = Arc::new(Chunk { held: held.transpose().map_err(damage)?, ..chunk });
        let rows = usize::try_from(group.num_rows()).unwrap_or(usize::MAX);
        let is_ours = matches!(metadata.compression(), Compression::ZSTD(_));
        let reader = match is_ours {
            true => {
                let bare = metadata.clone().into_builder().set_compression(Compression::UNCOMPRESSED);
                SerializedPageReader::new(chunk, &bare.build().map_err(damage)?, rows, None)
            }
            false => SerializedPageReader::new(chunk, metadata, rows, None),
        };
        let reader = Box::new(reader.map_err(damage)?);
        Ok(Pages { reader, unpacker: is_ours.then(|| unpacker.clone()) })
    }

    pub(super) fn next(&mut self) -> Result<Option<Raw>, Damage> {
        Ok(self.reader.get_next_page().map_err(damage)?.map(Raw))
    }

    pub(super) fn unpack(&self, raw: Raw) -> Result<Page, Damage> {
        let Some(unpacker) = &self.unpacker else { return Ok(raw.0) };
        let mut page = raw.0;
        match &mut page {
            Page::DataPage { buf, .. } | Page::DictionaryPage { buf, .. } => *buf = unpacker.unpack(buf)?,
            Page::DataPageV2 {
                buf, is_compressed: true, def_levels_byte_len, rep_levels_byte_len, ..
            } => {
                let levels = *def_levels_byte_len as usize + *rep_levels_byte_len as usize;
                if levels > buf.len() {
                    return Err(Damage::bad("a page ends before its values"));
                }
                let values = unpacker.unpack(&buf.slice(levels..))?;
                *buf = [&buf[..levels], &values].concat().into();
            }
            Page::DataPageV2 { .. } => {}
        }
        Ok(page)
    }
}

impl Raw {
    pub(super) fn page(&self) -> &Page {
        &self.0
    }
}

/// The bytes of one column of one row group.
struct Chunk {
    file: Arc<File>,
    start: u64,
    held: Option<Bytes>,
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl Chunk {
    fn held_from(&self, at: u64) -> Option<Result<Bytes, ParquetError>> {
        let held = self.held.as_ref()?;
        let from = at.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let from = from.filter(|from| *from <= held.len());
        let outside = || ParquetError::EOF("a page begins outside its column".to_string());
        Some(from.map(|from| held.slice(from..)).ok_or_else(outside))
    }
}

impl ChunkReader for Chunk {
    type T = Box<dyn Read>;

    fn get_read(&self, at: u64) -> Result<Self::T, ParquetError> {
        Ok(match self.held_from(at) {
            Some(held) => Box::new(bytes::Buf::reader(held?)),
            None => Box::new(self.file.get_read(at)?),
        })
    }

    fn get_bytes(&self, at: u64, length: usize) -> Result<Bytes, ParquetError> {
        match self.held_from(at) {
            Some(held) => {
                let held = held?;
                let short = || ParquetError::EOF("a page ends outside its column".to_string());
                if length <= held.len() { Ok(held.slice(..length)) } else { Err(short()) }
            }
            None => self.file.get_bytes(at, length),
        }
    }
}
