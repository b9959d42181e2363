//! The tags of a part of a package, one after another, in little memory whatever the part holds.
//!
//! An XML library hands over a text as a whole, however long; this looks for what must not be handed over.

use std::io::Read;

/// Bytes of a tag that are kept; no program writes longer ones.
const LONGEST_TAG: usize = 1 << 16;
/// Bytes of one text: Excel has room for 32,767 characters in a cell.
const LONGEST_TEXT: u64 = 1 << 20;

/// What a part holds that is not let through.
#[derive(Debug)]
pub(super) enum Fault {
    /// It cannot be unpacked.
    Broken,
    /// It has more bytes than are read.
    Large,
    /// A text, or a tag, of a length that no program writes.
    Long,
    /// A DOCTYPE, whose entities could multiply.
    Entities,
}

/// The tags of a part.
pub(super) struct Tags<R> {
    inner: R,
    buffer: Vec<u8>,
    at: usize,
    tag: Vec<u8>,
    /// Bytes that may still be read.
    left: u64,
}

impl<R: Read> Tags<R> {
    /// The tags of a part of at most so many bytes.
    pub(super) fn new(inner: R, most: u64) -> Tags<R> {
        Tags { inner, buffer: Vec::new(), at: 0, tag: Vec::new(), left: most }
    }

    /// The next tag, without its brackets; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Fault> {
        let mut text = 0;
        loop {
            let rest = &self.buffer[self.at..];
            match memchr::memchr(b'<', rest) {
                Some(end) => {
                    text += end as u64;
                    self.at += end + 1;
                    break;
                }
                None => {
                    text += rest.len() as u64;
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
            if text > LONGEST_TEXT {
                return Err(Fault::Long);
            }
        }
        if text > LONGEST_TEXT {
            return Err(Fault::Long);
        }
        self.tag.clear();
        let mut quote = None;
        let mut length = 0_u64;
        while let Some(byte) = self.byte()? {
            length += 1;
            let apart = match self.tag.as_slice() {
                [b'!', b'-', b'-', ..] => !(byte == b'>' && self.tag.len() > 4 && self.tag.ends_with(b"--")),
                [b'!', b'[', ..] => !(byte == b'>' && self.tag.ends_with(b"]]")),
                [b'?', ..] => !(byte == b'>' && self.tag.ends_with(b"?")),
                _ => quote.is_some() || byte != b'>',
            };
            if !apart {
                return match self.tag.starts_with(b"!D") {
                    true => Err(Fault::Entities),
                    false => Ok(Some(&self.tag)),
                };
            }
            let markup = matches!(self.tag.first(), Some(b'!' | b'?'));
            if !markup && matches!(byte, b'"' | b'\'') {
                quote = match quote {
                    None => Some(byte),
                    Some(opened) if opened == byte => None,
                    opened => opened,
                };
            }
            self.tag.push(byte);
            if self.tag.starts_with(b"!D") {
                return Err(Fault::Entities);
            }
            if self.tag.len() > LONGEST_TAG {
                match self.tag[0] {
                    // A long comment or text: its end is enough.
                    b'!' if length <= LONGEST_TEXT => {
                        self.tag.drain(16..LONGEST_TAG - 16);
                    }
                    _ => return Err(Fault::Long),
                }
            }
        }
        Err(Fault::Broken)
    }

    fn byte(&mut self) -> Result<Option<u8>, Fault> {
        if self.at == self.buffer.len() && !self.fill()? {
            return Ok(None);
        }
        self.at += 1;
        Ok(Some(self.buffer[self.at - 1]))
    }

    fn fill(&mut self) -> Result<bool, Fault> {
        self.buffer.resize(1 << 16, 0);
        let read = self.inner.read(&mut self.buffer).map_err(|_| Fault::Broken)?;
        self.buffer.truncate(read);
        self.at = 0;
        self.left = self.left.checked_sub(read as u64).ok_or(Fault::Large)?;
        Ok(read > 0)
    }
}

/// The name of a tag without its prefix; one that closes begins with `/`.
pub(super) fn name(tag: &[u8]) -> (bool, &[u8]) {
    let closing = tag.first() == Some(&b'/');
    let rest = &tag[usize::from(closing)..];
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(rest.len());
    let name = &rest[..end];
    let local = memchr::memrchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
    (closing, local)
}

/// Whether the tag is closed at once.
pub(super) fn is_empty(tag: &[u8]) -> bool {
    tag.last() == Some(&b'/')
}

/// The value of an attribute, as it is written.
pub(super) fn attribute<'a>(tag: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let mut rest = tag;
    loop {
        let sign = memchr::memchr(b'=', rest)?;
        let key = rest[..sign].trim_ascii_end();
        let key = &key[key.iter().rposition(u8::is_ascii_whitespace).map_or(0, |space| space + 1)..];
        let after = rest[sign + 1..].trim_ascii_start();
        let quote = *after.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let end = memchr::memchr(quote, &after[1..])? + 1;
        if key == wanted {
            return Some(&after[1..end]);
        }
        rest = &after[end + 1..];
    }
}

/// An attribute as a text, its entities resolved.
pub(super) fn text(tag: &[u8], wanted: &[u8]) -> Option<String> {
    let value = String::from_utf8_lossy(attribute(tag, wanted)?).into_owned();
    Some(quick_xml::escape::unescape(&value).map_or(value.clone(), |text| text.into_owned()))
}

/// An attribute as a number.
pub(super) fn number(tag: &[u8], wanted: &[u8]) -> Option<u64> {
    str::from_utf8(attribute(tag, wanted)?).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(xml: &str, most: u64) -> Result<Vec<String>, Fault> {
        let mut tags = Tags::new(xml.as_bytes(), most);
        let mut found = Vec::new();
        while let Some(tag) = tags.next()? {
            found.push(String::from_utf8_lossy(tag).into_owned());
        }
        Ok(found)
    }

    #[test]
    fn tags_are_found_whatever_their_attributes_hold() {
        let xml = "<?xml version=\"1.0\"?><!-- <a> --><x:c r='A>1' t=\"b\"/><v>1</v><![CDATA[<no>]]>";
        let found = all(xml, 1000).unwrap();
        assert_eq!(
            found,
            ["?xml version=\"1.0\"?", "!-- <a> --", "x:c r='A>1' t=\"b\"/", "v", "/v", "![CDATA[<no>]]"]
        );
        let tag = found[2].as_bytes();
        assert_eq!((name(tag), is_empty(tag)), ((false, &b"c"[..]), true));
        assert_eq!(attribute(tag, b"r"), Some(&b"A>1"[..]));
        assert_eq!(attribute(tag, b"t"), Some(&b"b"[..]));
        assert_eq!(attribute(tag, b"s"), None);
        assert_eq!(name(b"/x:row"), (true, &b"row"[..]));
    }

    #[test]
    fn what_could_explode_is_refused() {
        assert!(matches!(all("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>", 1000), Err(Fault::Entities)));
        assert!(matches!(all("<a>12345</a>", 6), Err(Fault::Large)));
        assert!(matches!(all(&format!("<a>{}</a>", "x".repeat(2 << 20)), 1 << 30), Err(Fault::Long)));
        assert!(matches!(all(&format!("<a b=\"{}\"/>", "x".repeat(1 << 17)), 1 << 30), Err(Fault::Long)));
        assert!(matches!(all("<a", 1000), Err(Fault::Broken)));
    }
}
