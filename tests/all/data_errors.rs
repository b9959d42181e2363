//! One smallest broken file for each thing that reading says about files and records.

use renkei::frame::Encoding;

use super::data::{HELP, NOTE, SEX, declared, plain, refuses};

#[test]
fn an_empty_file_is_no_survey() {
    refuses(
        &[SEX],
        b"",
        &plain(),
        "error: data.csv: expected a header and respondents, found an empty file
",
    );
}

#[test]
fn a_header_alone_has_no_respondents() {
    refuses(
        &[SEX],
        b"id,sex\n",
        &plain(),
        "error: data.csv: expected respondents, found only a header
",
    );
}

#[test]
fn a_zip_file_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"PK\x03\x04rest",
        &plain(),
        "error: data.csv: expected a CSV file, found a zip file
  hint: unpack it first
",
    );
}

#[test]
fn a_gzip_file_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"\x1F\x8Brest",
        &plain(),
        "error: data.csv: expected a CSV file, found a gzip file
  hint: unpack it first
",
    );
}

#[test]
fn a_web_page_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"\n<!DOCTYPE html>\n<html></html>",
        &plain(),
        "error: data.csv: expected a CSV file, found a web page (HTML)
  hint: a download that needs a login often gives a web page; download the CSV again
",
    );
}

#[test]
fn json_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"[ {\"id\": 1}]",
        &plain(),
        "error: data.csv: expected a CSV file, found JSON
  hint: export the answers as CSV (UTF-8)
",
    );
}

#[test]
fn iso_2022_jp_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"id,\x1B$B@-JL\x1B(B\n1,1\n",
        &plain(),
        "error: data.csv: expected a CSV file, found ISO-2022-JP text
  hint: save it as CSV UTF-8
",
    );
}

#[test]
fn a_nul_byte_is_named() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n2,\0\n",
        &plain(),
        r#"error: data.csv:3: record 2: expected text, found a NUL byte
  hint: the file is damaged or not in UTF-8 or CP932; export it again
error: data.csv:3: record 2, column `sex`: `\u{0}` is no option of question `sex`
"#,
    );
}

#[test]
fn bytes_that_are_neither_utf_8_nor_cp932_are_named() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n2,1\xFF\n",
        &plain(),
        "error: data.csv:3: record 2: byte 0xFF at column 4 (offset 14 in the file) is no character of CP932
  hint: nor is the file UTF-8: the byte at offset 14 is none of it
  hint: save the file as CSV UTF-8 and read that
",
    );
}

#[test]
fn bad_bytes_in_declared_utf_8_are_named() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n\n2,\x92j\x90\xAB\n",
        &declared(Encoding::Utf8),
        "error: data.csv:4: record 2: byte 0x92 at column 3 (offset 14 in the file) is no character of UTF-8
  hint: if the file comes from Japanese Excel, say `--encoding cp932`
",
    );
}

#[test]
fn cp932_declared_over_a_mark_of_utf_8_is_refused() {
    refuses(
        &[SEX],
        b"\xEF\xBB\xBFid,sex\n1,1\n",
        &declared(Encoding::Cp932),
        "error: data.csv: the file is declared to be CP932, but begins with the mark of UTF-8
  hint: leave `--encoding` out: the mark is proof
",
    );
}

#[test]
fn two_columns_of_one_name_are_refused() {
    refuses(
        &[SEX],
        b"id,sex,sex\n1,1,1\n",
        &plain(),
        "error: data.csv:1: header: column `sex` stands in the header twice, as columns 2 and 3
  hint: give each column a name of its own
",
    );
}

#[test]
fn every_declared_column_must_be_there() {
    refuses(
        &[SEX, HELP],
        b"id,sox,help_1,help_2\n1,1,1,1\n",
        &plain(),
        "error: data.csv:1: header: expected a column `sex` for question `sex`, found none in the header
  hint: did you mean `sox`?
error: data.csv:1: header: expected a column `help_3` for question `help`, found none in the header
  hint: did you mean `help_1`?
",
    );
}

#[test]
fn short_and_long_records_are_named() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n2\n3,1,1\n4\n",
        &plain(),
        "error: data.csv:3: record 2: expected 2 fields, found 1 in 2 records, first here
  hint: is the record cut short, or a line break not quoted?
error: data.csv:4: record 3: expected 2 fields, found 3
  hint: does a cell contain a comma without quotes around the cell?
",
    );
}

#[test]
fn an_unclosed_quote_is_named_where_it_opens() {
    refuses(
        &[SEX, NOTE],
        b"id,sex,note\n1,1,ok\n2,1,\"my secret\n3,1,ok\n",
        &plain(),
        "error: data.csv:3: record 2: a quote opens here and is never closed
  hint: close the quote, or write a quote that belongs to the text twice within quotes
",
    );
}

#[test]
fn text_after_a_closing_quote_is_named() {
    refuses(
        &[SEX, NOTE],
        b"id,sex,note\n1,1,\"a\nb\"\n2,1,\"my\" secret\n",
        &plain(),
        "error: data.csv:4: record 2: a quote opens here, and text follows the quote that closes it
  hint: is a quote missing, or a quote inside the cell not written twice?
",
    );
}

#[test]
fn a_stray_quote_is_named() {
    refuses(
        &[SEX, NOTE],
        b"id,sex,note\n1,1,5\" secret\n",
        &plain(),
        "error: data.csv:2: record 1: a cell that does not begin with a quote contains one
  hint: put quotes around the cell and write the quote in it twice
",
    );
}

#[test]
fn a_quote_astray_in_the_header_is_named() {
    refuses(
        &[SEX],
        b"id,se\"x\n1,1\n",
        &plain(),
        "error: data.csv:1: header: a cell that does not begin with a quote contains one
  hint: put quotes around the cell and write the quote in it twice
",
    );
}

#[test]
fn a_blank_key_is_named() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n,2\n ,2\n",
        &plain(),
        "error: data.csv:3: record 2, column `id`: the respondent's key is blank in 2 records, first here
",
    );
}

#[test]
fn a_repeated_key_names_both_records_and_not_the_key() {
    refuses(
        &[SEX],
        b"id,sex\na,1\nsecret,1\nb,2\nsecret,2\n",
        &plain(),
        "error: data.csv:5: record 4, column `id`: the respondent's key is the same as in record 2 (line 3)
",
    );
}
