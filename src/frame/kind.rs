//! What a file is when it is no CSV, and what to do.

/// Telling from its first bytes what a file that is no text really is.
pub(crate) fn kind(head: &[u8]) -> Option<(&'static str, &'static str)> {
    const EXPORT: &str = "export the answers as CSV (UTF-8)";
    const SHEET: &str = "open it and save the sheet as CSV (UTF-8)";
    const UNPACK: &str = "unpack it first";
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        // Workbooks are read: what is left is something else.
        let has = |name: &[u8]| memchr::memmem::find(head, name).is_some();
        return Some(match () {
            () if has(b"word/") => ("a Word document (docx)", EXPORT),
            () if has(b"ppt/") => ("a PowerPoint presentation (pptx)", EXPORT),
            () => ("a zip file", UNPACK),
        });
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0") {
        return Some(("an old Office file that is no workbook", EXPORT));
    }
    if head.get(8..20) == Some(b"ENCRYPTEDSAV") {
        return Some(("an SPSS file with a password", "save it without a password in SPSS"));
    }
    let known: [(&[u8], &str, &str); 13] = [
        (b"\xFF\xFE\0\0", "UTF-32 text", "save it as CSV UTF-8"),
        (b"\0\0\xFE\xFF", "UTF-32 text", "save it as CSV UTF-8"),
        (b"\x1F\x8B", "a gzip file", UNPACK),
        (b"BZh", "a bzip2 file", UNPACK),
        (b"\x28\xB5\x2F\xFD", "a zstd file", UNPACK),
        (b"\xFD7zXZ", "an xz file", UNPACK),
        (b"7z\xBC\xAF\x27\x1C", "a 7-Zip file", UNPACK),
        (b"%PDF", "a PDF", EXPORT),
        (
            b"\xFF\xFF\xFF\xFF",
            "an Arrow stream",
            "write it as an Arrow (Feather) file, as Parquet or CSV (UTF-8)",
        ),
        (b"<stata_dta>", "a Stata file", "export the answers as CSV (UTF-8) or for SPSS (.sav)"),
        (b"SQLite format 3\0", "an SQLite database", EXPORT),
        (b"{\\rtf", "a Word (RTF) file", EXPORT),
        (b"MIME-Version:", "a web archive (MHTML)", SHEET),
    ];
    if let Some((_, found, hint)) = known.iter().find(|(magic, ..)| head.starts_with(magic)) {
        return Some((found, hint));
    }
    let text = head.strip_prefix(super::file::BYTE_ORDER_MARK).unwrap_or(head).trim_ascii_start();
    let start = text[..text.len().min(64)].to_ascii_lowercase();
    if [&b"<!doctype html"[..], b"<html", b"<head", b"<table", b"<body"]
        .iter()
        .any(|tag| start.starts_with(tag))
    {
        let hint = "a download that needs a login often gives a web page; download the CSV again";
        return Some(("a web page (HTML)", hint));
    }
    if start.starts_with(b"<?xml") {
        return Some(("XML", EXPORT));
    }
    let json = match *start.as_slice() {
        [b'{', ref rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'"' | b'}')),
        [b'[', ref rest @ ..] => matches!(rest.trim_ascii_start().first(), Some(b'{' | b'[' | b'"' | b']')),
        _ => false,
    };
    if json {
        return Some(("JSON", EXPORT));
    }
    let header = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    if header.windows(2).any(|pair| pair == b"\x1B$" || pair == b"\x1B(") {
        return Some(("ISO-2022-JP text", "save it as CSV UTF-8"));
    }
    None
}
