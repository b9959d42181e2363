//! UTF-16 into UTF-8: Excel's "Unicode text".

use std::fs::File;
use std::io::{self, Read, Write};

use encoding_rs::{DecoderResult, UTF_16BE, UTF_16LE};

/// Where a text stops being UTF-16.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotWide {
    /// Physical line, from 1.
    pub(crate) line: u64,
    /// Offset in the file.
    pub(crate) offset: u64,
}

/// Copies a text of UTF-16 as UTF-8, without its mark; gives the bytes written.
pub(crate) fn narrow(
    mut from: impl Read,
    into: &mut File,
    big_endian: bool,
) -> io::Result<Result<u64, NotWide>> {
    let encoding = if big_endian { UTF_16BE } else { UTF_16LE };
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut bytes = vec![0; 1 << 16];
    let mut text = vec![0; 1 << 18];
    let (mut offset, mut line, mut size) = (0u64, 1u64, 0u64);
    loop {
        let filled = from.read(&mut bytes)?;
        let mut rest = &bytes[..filled];
        loop {
            let (result, read, written) =
                decoder.decode_to_utf8_without_replacement(rest, &mut text, filled == 0);
            rest = &rest[read..];
            offset += read as u64;
            line += memchr::memchr_iter(b'\n', &text[..written]).count() as u64;
            size += written as u64;
            into.write_all(&text[..written])?;
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let offset = offset.saturating_sub(u64::from(length) + u64::from(after));
                    return Ok(Err(NotWide { line, offset }));
                }
            }
        }
        if filled == 0 {
            return Ok(Ok(size));
        }
    }
}
