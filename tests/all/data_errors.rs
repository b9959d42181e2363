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
    println!("<<{}\n{found}>>", std::thread::current().name().unwrap_or_default());
    assert_eq!(found, expected);
}

#[test]
fn an_empty_file_is_no_survey() {
    refuses(&[SEX], b"", &plain(), "");
}

#[test]
fn a_header_alone_has_no_respondents() {
    refuses(&[SEX], b"id,sex\n", &plain(), "");
}

#[test]
fn utf_16_is_refused_with_advice() {
    refuses(&[SEX], b"\xFF\xFEi\0d\0", &plain(), "");
}

#[test]
fn a_workbook_is_refused_with_advice() {
    refuses(&[SEX], b"PK\x03\x04rest", &plain(), "");
}

#[test]
fn a_gzip_file_is_refused_with_advice() {
    refuses(&[SEX], b"\x1F\x8Brest", &plain(), "");
}

#[test]
fn a_web_page_is_refused_with_advice() {
    refuses(&[SEX], b"\n<!DOCTYPE html>\n<html></html>", &plain(), "");
}

#[test]
fn json_is_refused_with_advice() {
    refuses(&[SEX], b"[ {\"id\": 1}]", &plain(), "");
}

#[test]
fn iso_2022_jp_is_refused_with_advice() {
    refuses(&[SEX], b"id,\x1B$B@-JL\x1B(B\n1,1\n", &plain(), "");
}

#[test]
fn a_nul_byte_is_named() {
    refuses(&[SEX], b"id,sex\n1,1\n2,\0\n", &plain(), "");
}

#[test]
fn bytes_that_are_neither_utf_8_nor_cp932_are_named() {
    refuses(&[SEX], b"id,sex\n1,1\n2,1\xFF\n", &plain(), "");
}

#[test]
fn bad_bytes_in_declared_utf_8_are_named() {
    refuses(&[SEX], b"id,sex\n1,1\n\n2,\x92j\x90\xAB\n", &declared(Encoding::Utf8), "");
}

#[test]
fn cp932_declared_over_a_mark_of_utf_8_is_refused() {
    refuses(&[SEX], b"\xEF\xBB\xBFid,sex\n1,1\n", &declared(Encoding::Cp932), "");
}

#[test]
fn two_columns_of_one_name_are_refused() {
    refuses(&[SEX], b"id,sex,sex\n1,1,1\n", &plain(), "");
}

#[test]
fn every_declared_column_must_be_there() {
    refuses(&[SEX, HELP], b"id,sox,help_1,help_2\n1,1,1,1\n", &plain(), "");
}

#[test]
fn columns_separated_by_tabs_are_recognised() {
    refuses(&[SEX], b"id\tsex\n1\t1\n", &plain(), "");
}

#[test]
fn a_note_to_excel_is_recognised() {
    refuses(&[SEX], b"sep=,\nid,sex\n1,1\n", &plain(), "");
}

#[test]
fn short_and_long_records_are_named() {
    refuses(&[SEX], b"id,sex\n1,1\n2\n3,1,1\n4\n", &plain(), "");
}

#[test]
fn an_unclosed_quote_is_named_where_it_opens() {
    refuses(&[SEX, NOTE], b"id,sex,note\n1,1,ok\n2,1,\"my secret\n3,1,ok\n", &plain(), "");
}

#[test]
fn text_after_a_closing_quote_is_named() {
    refuses(&[SEX, NOTE], b"id,sex,note\n1,1,\"a\nb\"\n2,1,\"my\" secret\n", &plain(), "");
}

#[test]
fn a_stray_quote_is_named() {
    refuses(&[SEX, NOTE], b"id,sex,note\n1,1,5\" secret\n", &plain(), "");
}

#[test]
fn a_quote_astray_in_the_header_is_named() {
    refuses(&[SEX], b"id,se\"x\n1,1\n", &plain(), "");
}

#[test]
fn a_blank_key_is_named() {
    refuses(&[SEX], b"id,sex\n1,1\n,2\n ,2\n", &plain(), "");
}

#[test]
fn a_repeated_key_names_both_records_and_not_the_key() {
    refuses(&[SEX], b"id,sex\na,1\nsecret,1\nb,2\nsecret,2\n", &plain(), "");
}

#[test]
fn an_unknown_code_is_said_once_with_its_count() {
    refuses(&[SEX], b"id,sex\n1,1\n2,\"7\n\"\n3,7\n4,8\n", &plain(), "");
}

#[test]
fn a_label_that_is_nearly_right_gets_a_suggestion() {
    refuses(&[PETS], "id,pets\n1,いぬ;ねこ\n2,いぬ;へびとかめれおん\n3,へびとかめれおんと\n", &plain(), "");
}

#[test]
fn a_lost_zero_is_suspected() {
    refuses(&[AREA], b"id,area\n1,01\n2,1\n", &plain(), "");
}

#[test]
fn a_date_made_by_excel_is_suspected() {
    refuses(&[AREA], "id,area\n1,01\n2,3月1日\n", &plain(), "");
}

#[test]
fn undeclared_words_for_missing_are_refused() {
    refuses(&[SEX, AGE], b"id,sex,age\n1,NULL,n/a\n2,-,.\n", &plain(), "");
}

#[test]
fn a_zero_width_character_is_shown() {
    refuses(&[SEX], "id,sex\n1,\u{200b}1\n", &plain(), "");
}

#[test]
fn codes_and_labels_in_one_column_are_refused() {
    refuses(&[SEX], "id,sex\n1,1\n2,女性\n", &plain(), "");
}

#[test]
fn a_column_that_means_two_things_is_refused() {
    refuses(&[CHILDREN], b"id,children\n1,1\n2,2\n", &plain(), "");
}

#[test]
fn a_mark_that_does_not_mean_selected_is_refused() {
    refuses(&[HELP], "id,help_1,help_2,help_3\n1,0,1,0\n2,○,0,2\n", &plain(), "");
}

#[test]
fn a_cell_that_is_no_number_is_refused_whole() {
    refuses(&[AGE], "id,age\n1,12\n2,12歳\n3,1E+05\n4,NaN\n5,99999999999999999999\n", &plain(), "");
}

#[test]
fn numbers_that_cannot_share_a_scale_are_refused() {
    refuses(&[AGE], b"id,age\n1,9223372036854775807\n2,0.5\n", &plain(), "");
}

#[test]
fn weights_are_checked() {
    refuses(&[SEX], b"id,sex,w\n1,1,1.5\n2,1,-1\n3,1,\n4,2,heavy\n5,2,\n", &weighted(), "");
}

#[test]
fn a_weight_column_that_is_not_there_is_named() {
    refuses(&[SEX], b"id,sex,wt\n1,1,1\n", &weighted(), "");
}

#[test]
fn errors_come_by_column_and_record() {
    refuses(&[SEX, AGE], b"id,sex,age\n1,7,x\n2,8,1\n", &plain(), "");
}

#[test]
fn a_free_text_answer_is_never_quoted() {
    refuses(&[SEX, NOTE], "id,sex,note\n1,7,my secret\n2,1,my \u{200b}secret\n", &plain(), "");
}

#[test]
fn of_many_unknown_values_ten_are_told() {
    let mut data = "id,sex\n".to_string();
    for id in 1..=30 {
        data.push_str(&format!("{id},{}\n", 100 + id % 13));
    }
    refuses(&[SEX], data, &plain(), "");
}
