//! Odd and broken files, one for each row of the list of what reading defends against: each gives the
//! tables of the clean file, or the message that stands here. The numbers are those of the list.
//!
//! Every cell of the text column in `tests/corpus` holds ひみつ, which must never reach stderr.

use std::path::Path;
use std::process::Command;

/// What reading a file of the corpus leads to; both with everything on stderr.
enum Outcome {
    /// The tables of the clean file.
    Same(&'static str),
    /// No table.
    Refused(&'static str),
}

use Outcome::{Refused, Same};

/// File, arguments, outcome.
type Case = (&'static str, &'static [&'static str], Outcome);

#[rustfmt::skip]
const CORPUS: &[Case] = &[
    // A clean file.
    ("clean", &[], Same("")),
    // 20 a mark glued to the first header.
    ("mark", &[], Same("")),
    // 21, 22, 23 CP932, with characters of Windows-31J and second bytes like a backslash.
    ("cp932", &[], Same("")),
    ("cp932", &["--encoding", "cp932"], Same("")),
    // 24 waves and dashes.
    ("dashes", &[], Same("")),
    // 25 bytes that are no text.
    ("bad-byte", &[], Refused("error: bad-byte.csv:7: record 5: byte 0xFF at column 14 (offset 264 in the file) is no character of UTF-8
  hint: if the file comes from Japanese Excel, say `--encoding cp932`
")),
    // 26 UTF-16.
    ("utf-16le", &[], Same("")),
    ("utf-16be", &[], Same("")),
    ("unicode-text", &[], Same("")),
    ("utf-16le-without-mark", &[], Refused("error: utf-16le-without-mark.csv: expected a CSV file, found UTF-16 text without its mark
  hint: say `--encoding utf-16le`
")),
    ("utf-16le-without-mark", &["--encoding", "utf-16le"], Same("")),
    ("utf-16le-cut", &[], Refused("error: utf-16le-cut.csv: the text stops being UTF-16 on line 7 (offset 442 in the file)
  hint: the file is damaged; export it again
")),
    ("utf-16be", &["--encoding", "utf-16le"], Refused("error: utf-16be.csv: the file is declared to be UTF-16LE, but begins with the mark of UTF-16BE
  hint: leave `--encoding` out: the mark is proof
")),
    // 27 other Japanese encodings.
    ("euc-jp", &[], Refused("error: euc-jp.csv:2: record 1: byte 0xEA at column 32 (offset 83 in the file) is no character of CP932
  hint: nor is the file UTF-8: the byte at offset 61 is none of it
  hint: save the file as CSV UTF-8 and read that
")),
    ("iso-2022-jp", &[], Refused("error: iso-2022-jp.csv: expected a CSV file, found ISO-2022-JP text
  hint: save it as CSV UTF-8
")),
    // 28 characters of one machine (外字).
    ("private-character", &[], Same("warning: private-character.csv:4: record 3, column `band`: characters outside the standard set (外字) begin here; each machine may show them differently
")),
    // 30 twins, composed and decomposed.
    ("decomposed", &[], Same("")),
    // 31 zero-width characters.
    ("zero-width", &[], Refused("error: zero-width.csv:3: record 2, column `sex`: `\\u{200b}2` is no option of question `sex`
")),
    // 32 ragged records.
    ("short-record", &[], Refused("error: short-record.csv:6: record 4: expected 10 fields, found 9
  hint: is the record cut short, or a line break not quoted?
")),
    ("long-record", &[], Refused("error: long-record.csv:3: record 2: expected 10 fields, found 11
  hint: does a cell contain a comma without quotes around the cell?
")),
    ("mixed-records", &[], Refused("error: mixed-records.csv:3: record 2: expected 10 fields, found 11
  hint: does a cell contain a comma without quotes around the cell?
error: mixed-records.csv:6: record 4: expected 10 fields, found 2
  hint: is the record cut short, or a line break not quoted?
")),
    // 33 quotes.
    ("unclosed-quote", &[], Refused("error: unclosed-quote.csv:3: record 2: a quote opens here, and text follows the quote that closes it
  hint: is a quote missing, or a quote inside the cell not written twice?
")),
    ("stray-quote", &[], Refused("error: stray-quote.csv:2: record 1: a cell that does not begin with a quote contains one
  hint: put quotes around the cell and write the quote in it twice
")),
    ("text-after-quote", &[], Refused("error: text-after-quote.csv:3: record 2: a quote opens here, and text follows the quote that closes it
  hint: is a quote missing, or a quote inside the cell not written twice?
")),
    ("quoted", &[], Same("")),
    // 34 blank lines, records and columns.
    ("blank-lines", &[], Same("")),
    ("blank-records", &[], Same("warning: blank-records.csv: after the last respondent the file has 2 blank records, not counted
")),
    ("blank-columns", &[], Same("")),
    ("unnamed-column", &[], Refused("error: unnamed-column.csv:3: record 2: column 11 has no name, but something stands in it
  hint: give the column a name, or put quotes around a cell that contains the delimiter
")),
    // 35 line ends.
    ("cr", &[], Same("")),
    ("crlf", &[], Same("")),
    // 36 a header twice, or alone, or none; columns in another order.
    ("header-twice", &[], Refused("error: header-twice.csv:1: header: column `help_1` stands in the header twice, as columns 5 and 6
  hint: give each column a name of its own
error: header-twice.csv:1: header: expected a column `help_2` for question `help`, found none in the header
  hint: did you mean `help_1`?
")),
    ("header-only", &[], Refused("error: header-only.csv: expected respondents, found only a header
")),
    ("empty", &[], Refused("error: empty.csv: expected a header and respondents, found an empty file
")),
    ("columns-in-other-order", &[], Same("")),
    // 37 records and lines apart.
    ("error-after-newline", &[], Refused("error: error-after-newline.csv:6: record 4, column `sex`: `8` is no option of question `sex`
")),
    // 38 exports joined, a row of totals.
    ("joined-exports", &[], Refused("error: joined-exports.csv:8: record 6, column `id`: expected a respondent, found a header or total line
  hint: remove such lines from the data: they would count as respondents
error: joined-exports.csv:8: record 6, column `sex`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `area`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `band`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `help_1`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `help_2`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `help_3`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `pets`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
error: joined-exports.csv:8: record 6, column `age`: the column's own name stands in a record
  hint: are several exports joined here, each with its header?
")),
    ("total-row", &[], Refused("error: total-row.csv:8: record 6, column `id`: expected a respondent, found a header or total line
  hint: remove such lines from the data: they would count as respondents
error: total-row.csv:8: record 6, column `sex`: `5` is no option of question `sex`
error: total-row.csv:8: record 6, column `help_1`: expected a mark of selected, 0 or a blank, found `2`
  hint: which marks mean selected is said by `selected` of question `help`
error: total-row.csv:8: record 6, column `help_2`: expected a mark of selected, 0 or a blank, found `3`
  hint: which marks mean selected is said by `selected` of question `help`
error: total-row.csv:8: record 6, column `help_3`: expected a mark of selected, 0 or a blank, found `2`
  hint: which marks mean selected is said by `selected` of question `help`
")),
    // 39 what stands above a header, and between cells.
    ("title-rows", &[], Refused("error: title-rows.csv:1: header: the header seems to be on line 4: it has 10 of the 10 declared columns, this line has none
  hint: say `--skip 3`
")),
    ("title-rows", &["--skip", "3"], Same("")),
    ("title-rows", &["--skip", "1"], Refused("error: title-rows.csv:2: header: the header seems to be on line 4: it has 10 of the 10 declared columns, this line has none
  hint: say `--skip 3`
")),
    ("clean", &["--skip", "2"], Refused("error: clean.csv:3: header: the header seems to be on line 1: it has 10 of the 10 declared columns, this line has none
  hint: `--skip` counts the lines before the header: leave it out
")),
    ("clean", &["--header-rows", "2"], Refused("error: clean.csv:1: header: the header seems to be on line 1: it has 10 of the 10 declared columns, 2 rows from here have none
  hint: say `--header-rows 1`
")),
    ("header-rows", &[], Refused("error: header-rows.csv:1: header: the header seems to be on line 2: it has 10 of the 10 declared columns, this line has none
  hint: say `--skip 1`
")),
    ("header-rows", &["--skip", "1"], Same("")),
    ("header-rows", &["--header-rows", "2"], Same("")),
    ("survey-monkey", &[], Refused("error: survey-monkey.csv:1: header: the header seems to be on lines 1 to 2: together they have 10 of the 10 declared columns, this line has 1
  hint: say `--header-rows 2`
")),
    ("survey-monkey", &["--header-rows", "2"], Same("")),
    ("sep-note", &[], Same("")),
    ("sep-note-comma", &[], Same("")),
    ("sep-note-wrong", &[], Refused("error: sep-note-wrong.csv:2: header: the delimiter seems to be comma: 10 of the 10 declared columns are found with it, none with semicolon
  hint: say `--delimiter comma`
")),
    ("sep-note-wrong", &["--delimiter", "comma"], Same("")),
    ("sep-note", &["--skip", "1"], Same("")),
    ("tabs", &[], Same("")),
    ("tabs", &["--delimiter", "tab"], Same("")),
    ("tabs", &["--delimiter", "comma"], Refused("error: tabs.csv:1: header: the delimiter seems to be tab: 10 of the 10 declared columns are found with it, none with comma
  hint: say `--delimiter tab`
")),
    ("semicolons", &[], Same("")),
    ("semicolons", &["--delimiter", ";"], Same("")),
    ("bars", &[], Refused("error: bars.csv:1: header: expected columns separated by commas, found `|` between words
  hint: say `--delimiter '|'`
")),
    ("bars", &["--delimiter", "|"], Same("")),
    // 40 tails.
    ("nul-tail", &[], Same("warning: nul-tail.csv: after the last respondent the file has 40 NUL bytes, not counted
")),
    ("ctrl-z-tail", &[], Same("warning: ctrl-z-tail.csv: after the last respondent the file has a mark of the end (Ctrl-Z), not counted
")),
    ("nul-inside", &[], Refused("error: nul-inside.csv:3: record 2: expected text, found a NUL byte
  hint: the file is damaged or not in UTF-8 or CP932; export it again
error: nul-inside.csv:3: record 2, column `sex`: `2\\u{0}` is no option of question `sex`
")),
    ("ctrl-z-inside", &[], Refused("error: ctrl-z-inside.csv:3: record 2: a mark of the end (Ctrl-Z) stands here, and text follows it
  hint: are these two files joined? remove the mark
")),
    // 41 other kinds of file.
    ("html", &[], Refused("error: html.csv: expected a CSV file, found a web page (HTML)
  hint: a download that needs a login often gives a web page; download the CSV again
")),
    ("gzip", &[], Refused("error: gzip.csv: expected a CSV file, found a gzip file
  hint: unpack it first
")),
    ("json", &[], Refused("error: json.csv: expected a CSV file, found JSON
  hint: export the answers as CSV (UTF-8)
")),
    ("xlsx", &[], Refused("error: xlsx.csv: the workbook is damaged: it has no part `_rels/.rels`
  hint: download it again, or open it and save it anew
")),
    ("xls", &[], Refused("error: xls.csv: the workbook (xls) is damaged or cut short: its sectors do not hold together
  hint: download it again, or open it and save it anew
")),
    ("encrypted", &[], Refused("error: encrypted.csv: the workbook is protected by a password
  hint: open it with its password and save it without one, or save the sheet as CSV (UTF-8)
")),
    ("pdf", &[], Refused("error: pdf.csv: expected a CSV file, found a PDF
  hint: export the answers as CSV (UTF-8)
")),
    // 42 leading zeros.
    ("zero-lost", &[], Refused("error: zero-lost.csv:2: record 1, column `area`: `1` is no option of question `area`
  hint: did Excel drop a leading zero?
")),
    // 43 what Excel makes of codes.
    ("date", &[], Refused("error: date.csv:4: record 3, column `area`: `3月1日` is no option of question `area`
  hint: did Excel make a date of `3-1`?
")),
    ("date-in-full", &[], Refused("error: date-in-full.csv:4: record 3, column `area`: `2016/3/1` is no option of question `area`
  hint: did Excel make a date of `3-1`?
")),
    ("date-in-english", &[], Refused("error: date-in-english.csv:4: record 3, column `area`: `1-Mar` is no option of question `area`
  hint: did Excel make a date of `3-1`?
")),
    ("exponent", &[], Refused("error: exponent.csv:3: record 2, column `area`: `1E+05` is no option of question `area`
  hint: Excel writes long codes so and loses digits; format the column as text
error: exponent.csv:7: record 5, column `age`: expected a number, found `1.2E+05` for question `age`
  hint: Excel writes large numbers so and loses digits; format the column as a number
")),
    // 44 widths and spaces; labels; integers with a point.
    ("full-width", &[], Same("")),
    ("labels", &[], Same("")),
    ("numbers-with-point", &[], Same("")),
    // 45 codes that nobody declared.
    ("unknown-codes", &[], Refused("error: unknown-codes.csv:2: record 1, column `sex`: `7` is no option of question `sex` in 2 records, first here
error: unknown-codes.csv:7: record 5, column `area`: `05` is no option of question `area`
")),
    // 46 words for missing that nobody declared.
    ("missing-words", &[], Refused("error: missing-words.csv:2: record 1, column `sex`: `NULL` is no option of question `sex`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: missing-words.csv:7: record 5, column `sex`: `99` is no option of question `sex`
error: missing-words.csv:7: record 5, column `area`: `-` is no option of question `area`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: missing-words.csv:2: record 1, column `age`: expected a number, found `n/a` for question `age`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
")),
    // 47, 48 several answers in a cell.
    ("packed-duplicates", &[], Same("")),
    ("packed-codes", &[], Same("")),
    ("packed-unknown", &[], Refused("error: packed-unknown.csv:2: record 1, column `pets`: `かめ` is no option of question `pets`
")),
    ("two-answers", &[], Refused("error: two-answers.csv:2: record 1, column `sex`: `1;2` gives 2 answers to the single-answer question `sex`
  hint: if it takes several answers, declare it `multi` with `packed`
error: two-answers.csv:3: record 2, column `sex`: `1,2` gives 2 answers to the single-answer question `sex`
  hint: if it takes several answers, declare it `multi` with `packed`
")),
    // 49 marks of selected.
    ("marks", &[], Refused("error: marks.csv:2: record 1, column `help_1`: expected a mark of selected, 0 or a blank, found `○`
  hint: which marks mean selected is said by `selected` of question `help`
")),
    ("option-as-mark", &[], Same("")),
    // 50 keys.
    ("key-twice", &[], Refused("error: key-twice.csv:6: record 4, column `id`: the respondent's key is the same as in record 2 (line 3)
")),
    ("key-blank", &[], Refused("error: key-blank.csv:6: record 4, column `id`: the respondent's key is blank
")),
    // 51 text is text; 15 numbers are whole cells.
    ("yaml-words", &[], Same("")),
    ("number-with-unit", &[], Refused("error: number-with-unit.csv:2: record 1, column `age`: expected a number, found `34歳` for question `age`
error: number-with-unit.csv:3: record 2, column `age`: expected a number, found `NaN` for question `age`
  hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
")),
];

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// Exit code, stdout and stderr of a run over all questions.
fn tables(file: &str, arguments: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .current_dir(FOLDER)
        .args(["tab", "--schema", "schema.toml", "--format", "tidy"])
        .arg(format!("{file}.csv"))
        .args(arguments)
        .output()
        .expect("renkei runs");
    (output.status.code(), output.stdout, String::from_utf8(output.stderr).expect("words are UTF-8"))
}

#[test]
fn each_file_gives_the_clean_tables_or_its_message() {
    let (code, clean, _) = tables("clean", &[]);
    assert_eq!(code, Some(0));
    let mut wrong = String::new();
    for (file, arguments, outcome) in CORPUS {
        let (code, stdout, stderr) = tables(file, arguments);
        let (expected_code, expected, same) = match outcome {
            Same(warnings) => (0, warnings, stdout == clean),
            Refused(errors) => (1, errors, stdout.is_empty()),
        };
        if code != Some(expected_code) || !same || stderr != *expected {
            wrong += &format!("{file} {arguments:?}: exit {code:?}, right output: {same}\n{stderr}\n");
        }
        if stderr.contains("ひみつ") || stderr.contains('\u{FFFD}') {
            wrong += &format!("{file} {arguments:?}: a free text is on stderr\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn each_file_of_the_corpus_has_its_line() {
    for entry in std::fs::read_dir(Path::new(FOLDER)).expect("the corpus is there") {
        let path = entry.expect("the corpus is readable").path();
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name in ASCII");
        let known = name == "schema" || CORPUS.iter().any(|(file, ..)| *file == name);
        assert!(known, "{name} is in no test");
    }
}
