//! One smallest broken file for each thing that reading says about data.

use renkei::frame::{Encoding, ReadOptions, WeightSource};

use super::data::{SURVEY, refusal};

const SEX: &str = r#"[[question]]
id = "sex"
text = "性別"
kind = "single"
options = [ { code = 1, label = "男性" }, { code = 2, label = "女性" } ]
missing = [ { code = 9, label = "無回答" } ]
"#;
const AREA: &str = r#"[[question]]
id = "area"
text = "地域"
kind = "single"
options = [ { code = "01", label = "北海道" }, { code = "02", label = "青森県" } ]
"#;
const HELP: &str = r#"[[question]]
id = "help"
text = "相談先"
kind = "multi"
columns = "help_{code}"
options = [ { code = 1, label = "家族" }, { code = 2, label = "友人" }, { code = 3, label = "いない", exclusive = true } ]
"#;
const AGE: &str = r#"[[question]]
id = "age"
text = "年齢"
kind = "number"
"#;
const PETS: &str = r#"[[question]]
id = "pets"
text = "ペット"
kind = "multi"
packed = { column = "pets", separator = ";" }
options = [ { code = 1, label = "いぬ" }, { code = 2, label = "ねこ" }, { code = 3, label = "へびとかめれおんとう" } ]
"#;
const NOTE: &str = r#"[[question]]
id = "note"
text = "自由回答"
kind = "text"
"#;
const CHILDREN: &str = r#"[[question]]
id = "children"
text = "子の数"
kind = "single"
options = [ { code = 1, label = "0" }, { code = 2, label = "1" }, { code = 3, label = "2" }, { code = 4, label = "3" } ]
"#;

fn plain() -> ReadOptions {
    ReadOptions { threads: 1, ..ReadOptions::default() }
}

fn declared(encoding: Encoding) -> ReadOptions {
    ReadOptions { encoding: Some(encoding), ..plain() }
}

fn weighted() -> ReadOptions {
    ReadOptions { weight: WeightSource::Column("w".to_string()), ..plain() }
}

#[track_caller]
fn refuses(schema: &[&str], data: impl AsRef<[u8]>, options: &ReadOptions, expected: &str) {
    let found = refusal(&[&[SURVEY], schema].concat().concat(), data.as_ref(), options);
    assert_eq!(found, expected);
}

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
fn utf_16_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"\xFF\xFEi\0d\0",
        &plain(),
        r#"error: data.csv: expected a CSV file, found UTF-16 text
 |
hint: save it as CSV UTF-8; Excel's "Unicode text" is UTF-16
"#,
    );
}

#[test]
fn a_workbook_is_refused_with_advice() {
    refuses(
        &[SEX],
        b"PK\x03\x04rest",
        &plain(),
        "error: data.csv: expected a CSV file, found an Excel workbook (xlsx) or another zip
 |
hint: save the sheet as CSV (UTF-8)
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
 |
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
 |
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
 |
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
 |
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
 |
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
 |
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
 |
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
 |
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
 |
hint: did you mean `sox`?
error: data.csv:1: header: expected a column `help_3` for question `help`, found none in the header
 |
hint: did you mean `help_1`?
",
    );
}

#[test]
fn columns_separated_by_tabs_are_recognised() {
    refuses(
        &[SEX],
        b"id\tsex\n1\t1\n",
        &plain(),
        "error: data.csv:1: header: expected columns separated by commas, found tabs
 |
hint: export the answers as CSV with commas
",
    );
}

#[test]
fn a_note_to_excel_is_recognised() {
    refuses(
        &[SEX],
        b"sep=,\nid,sex\n1,1\n",
        &plain(),
        "error: data.csv:1: header: expected a header, found a note to Excel (`sep=`)
 |
hint: remove the first line
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
 |
hint: is the record cut short, or a line break not quoted?
error: data.csv:4: record 3: expected 2 fields, found 3
 |
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
 |
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
 |
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
 |
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
 |
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

#[test]
fn an_unknown_code_is_said_once_with_its_count() {
    refuses(&[SEX], b"id,sex\n1,1\n2,\"7\n\"\n3,7\n4,8\n", &plain(), "error: data.csv:3: record 2, column `sex`: `7` is no option of question `sex` in 2 records, first here
error: data.csv:6: record 4, column `sex`: `8` is no option of question `sex`
");
}

#[test]
fn a_label_that_is_nearly_right_gets_a_suggestion() {
    refuses(
        &[PETS],
        "id,pets\n1,いぬ;ねこ\n2,いぬ;へびとかめれおん\n3,へびとかめれおんと\n",
        &plain(),
        "error: data.csv:3: record 2, column `pets`: `へびとかめれおん` is no option of question `pets`
 |
hint: did you mean `へびとかめれおんとう`?
error: data.csv:4: record 3, column `pets`: `へびとかめれおんと` is no option of question `pets`
 |
hint: did you mean `へびとかめれおんとう`?
",
    );
}

#[test]
fn a_lost_zero_is_suspected() {
    refuses(
        &[AREA],
        b"id,area\n1,01\n2,1\n",
        &plain(),
        "error: data.csv:3: record 2, column `area`: `1` is no option of question `area`
 |
hint: did Excel drop a leading zero?
",
    );
}

#[test]
fn a_date_made_by_excel_is_suspected() {
    refuses(
        &[AREA],
        "id,area\n1,01\n2,3月1日\n",
        &plain(),
        "error: data.csv:3: record 2, column `area`: `3月1日` is no option of question `area`
 |
hint: did Excel make a date of a code or label such as 3-1?
",
    );
}

#[test]
fn undeclared_words_for_missing_are_refused() {
    refuses(
        &[SEX, AGE],
        b"id,sex,age\n1,NULL,n/a\n2,-,.\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `NULL` is no option of question `sex`
 |
hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:3: record 2, column `sex`: `-` is no option of question `sex`
 |
hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:2: record 1, column `age`: expected a number, found `n/a` for question `age`
 |
hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:3: record 2, column `age`: expected a number, found `.` for question `age`
 |
hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
",
    );
}

#[test]
fn a_zero_width_character_is_shown() {
    refuses(
        &[SEX],
        "id,sex\n1,\u{200b}1\n",
        &plain(),
        r#"error: data.csv:2: record 1, column `sex`: `\u{200b}1` is no option of question `sex`
"#,
    );
}

#[test]
fn codes_and_labels_in_one_column_are_refused() {
    refuses(
        &[SEX],
        "id,sex\n1,1\n2,女性\n",
        &plain(),
        r#"error: data.csv:3: record 2, column `sex`: codes and labels stand in one column: `1` and `女性`
 |
hint: say how column `sex` is read: `values = "code"` or `values = "label"`
"#,
    );
}

#[test]
fn a_column_that_means_two_things_is_refused() {
    refuses(
        &[CHILDREN],
        b"id,children\n1,1\n2,2\n",
        &plain(),
        r#"error: data.csv:2: record 1, column `children`: `1` is the code of one option and the label of another, and no other cell tells which is meant
 |
hint: say how column `children` is read: `values = "code"` or `values = "label"`
"#,
    );
}

#[test]
fn a_mark_that_does_not_mean_selected_is_refused() {
    refuses(
        &[HELP],
        "id,help_1,help_2,help_3\n1,0,1,0\n2,○,0,2\n",
        &plain(),
        "error: data.csv:3: record 2, column `help_1`: expected a mark of selected, 0 or a blank, found `○`
 |
hint: which marks mean selected is said by `selected` of question `help`
error: data.csv:3: record 2, column `help_3`: expected a mark of selected, 0 or a blank, found `2`
 |
hint: which marks mean selected is said by `selected` of question `help`
",
    );
}

#[test]
fn a_cell_that_is_no_number_is_refused_whole() {
    refuses(&[AGE], "id,age\n1,12\n2,12歳\n3,1E+05\n4,NaN\n5,99999999999999999999\n", &plain(), "error: data.csv:3: record 2, column `age`: expected a number, found `12歳` for question `age`
error: data.csv:4: record 3, column `age`: expected a number, found `1E+05` for question `age`
 |
hint: Excel writes large numbers so and loses digits; format the column as a number
error: data.csv:5: record 4, column `age`: expected a number, found `NaN` for question `age`
 |
hint: if it means 無回答, declare it under `missing`; if 非該当, under `not_asked`
error: data.csv:6: record 5, column `age`: expected a number of up to 18 digits, found `99999999999999999999` for question `age`
");
}

#[test]
fn numbers_that_cannot_share_a_scale_are_refused() {
    refuses(&[AGE], b"id,age\n1,9223372036854775807\n2,0.5\n", &plain(), "error: data.csv:3: record 2, column `age`: `0.5` and the other numbers of question `age` need more than 18 digits together
");
}

#[test]
fn weights_are_checked() {
    refuses(
        &[SEX],
        b"id,sex,w\n1,1,1.5\n2,1,-1\n3,1,\n4,2,heavy\n5,2,\n",
        &weighted(),
        "error: data.csv:3: record 2, column `w`: expected a weight of zero or more, found `-1`
error: data.csv:4: record 3, column `w`: expected a weight, found a blank in 2 records, first here
 |
hint: write 0 for a respondent who must not count
error: data.csv:5: record 4, column `w`: expected a weight, found `heavy`
",
    );
}

#[test]
fn a_weight_column_that_is_not_there_is_named() {
    refuses(
        &[SEX],
        b"id,sex,wt\n1,1,1\n",
        &weighted(),
        "error: data.csv:1: header: expected a column `w` for the weight, found none in the header
 |
hint: did you mean `wt`?
",
    );
}

#[test]
fn errors_come_by_column_and_record() {
    refuses(
        &[SEX, AGE],
        b"id,sex,age\n1,7,x\n2,8,1\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `7` is no option of question `sex`
error: data.csv:3: record 2, column `sex`: `8` is no option of question `sex`
error: data.csv:2: record 1, column `age`: expected a number, found `x` for question `age`
",
    );
}

#[test]
fn a_free_text_answer_is_never_quoted() {
    refuses(
        &[SEX, NOTE],
        "id,sex,note\n1,7,my secret\n2,1,my \u{200b}secret\n",
        &plain(),
        "error: data.csv:2: record 1, column `sex`: `7` is no option of question `sex`
",
    );
}

#[test]
fn of_many_unknown_values_ten_are_told() {
    let mut data = "id,sex\n".to_string();
    for id in 1..=30 {
        data.push_str(&format!("{id},{}\n", 100 + id % 13));
    }
    refuses(&[SEX], data, &plain(), "error: data.csv:2: record 1, column `sex`: `101` is no option of question `sex` in 3 records, first here
error: data.csv:3: record 2, column `sex`: `102` is no option of question `sex` in 3 records, first here
error: data.csv:4: record 3, column `sex`: `103` is no option of question `sex` in 3 records, first here
error: data.csv:5: record 4, column `sex`: `104` is no option of question `sex` in 3 records, first here
error: data.csv:6: record 5, column `sex`: `105` is no option of question `sex` in 2 records, first here
error: data.csv:7: record 6, column `sex`: `106` is no option of question `sex` in 2 records, first here
error: data.csv:8: record 7, column `sex`: `107` is no option of question `sex` in 2 records, first here
error: data.csv:9: record 8, column `sex`: `108` is no option of question `sex` in 2 records, first here
error: data.csv:10: record 9, column `sex`: `109` is no option of question `sex` in 2 records, first here
error: data.csv:11: record 10, column `sex`: `110` is no option of question `sex` in 2 records, first here
error: data.csv:11: record 10, column `sex`: and 3 other values like these in 6 cells
");
}
