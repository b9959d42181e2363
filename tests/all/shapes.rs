//! The shapes that a file may have: delimiters, encodings, headers, sizes, pipes.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use renkei::frame::{Encoding, ReadOptions, Replies};

use super::data::{HELP, NOTE, PETS, SEX, SURVEY, all, plain, read_text, refuses, survey};

/// A questionnaire whose columns are named by two rows of the header.
const ROWS: &str = r#"
[[question]]
id = "trust"
text = "信頼"
kind = "single"
column = "信頼 / 医師"
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" } ]

[[question]]
id = "help"
text = "相談"
kind = "single"
column = "相談 / 医師"
options = [ { code = 1, label = "はい" }, { code = 2, label = "いいえ" } ]
"#;

/// The codes of all questions in order, each as one list.
#[track_caller]
fn replies(schema: &[&str], data: &[u8], options: &ReadOptions, block_bytes: usize) -> String {
    let survey = survey(&[&[SURVEY], schema].concat().concat());
    let dataset = match read_text(&survey, &all(&survey), data, options, block_bytes) {
        Ok(dataset) => dataset,
        Err(errors) => panic!("{errors}"),
    };
    let mut told = vec![String::new(); survey.questions.len()];
    for block in &dataset.blocks {
        for (told, replies) in told.iter_mut().zip(&block.replies) {
            match replies {
                Some(Replies::Single(renkei::frame::Codes::U8(codes))) => {
                    codes.iter().for_each(|code| told.push_str(&format!("{code} ")));
                }
                Some(Replies::Multi { octets, .. }) => {
                    octets[0].iter().for_each(|octet| told.push_str(&format!("{octet:03b} ")));
                }
                Some(Replies::Text(states)) => {
                    states.iter().for_each(|state| told.push_str(&format!("{state} ")));
                }
                _ => {}
            }
        }
    }
    format!("{} {told:?} {}", dataset.respondents, dataset.warnings.len())
}

#[test]
fn several_header_rows_name_columns_by_all_of_them() {
    let data = "id,信頼,,相談,\n,医師,看護師,医師,看護師\n1,1,x,2,y\n2,2,x,1,y\n";
    let options = ReadOptions { header_rows: 2, ..plain() };
    for block_bytes in [1, 7, 1 << 20] {
        let found = replies(&[ROWS], data.as_bytes(), &options, block_bytes);
        assert_eq!(found, r#"2 ["0 1 ", "1 0 "] 0"#);
    }
    // Without the option, the file says what it takes.
    refuses(
        &[ROWS],
        data,
        &plain(),
        "error: data.csv:1: header: the header seems to be on lines 1 to 2: together they have 3 of the 3 declared columns, this line has 1
  hint: say `--header-rows 2`
",
    );
}

#[test]
fn a_last_name_that_stands_twice_is_no_name() {
    refuses(
        &[SEX],
        "id,Q1,Q2\n,sex,sex\n1,1,2\n",
        &ReadOptions { header_rows: 2, ..plain() },
        "error: data.csv:1: header: column `sex` stands in the header twice, as columns 2 and 3
  hint: give each column a name of its own
",
    );
}

#[test]
fn a_file_shorter_than_what_is_skipped_has_no_header() {
    refuses(
        &[SEX],
        "id,sex\n1,1\n",
        &ReadOptions { skip: 9, ..plain() },
        "error: data.csv:2: header: expected a header after 9 lines, found none
  hint: `--skip` counts the lines before the header
",
    );
}

#[test]
fn lines_and_records_count_from_where_they_are() {
    refuses(
        &[SEX],
        "題名 \"\nsep\n\nid;sex\n1;1\n2;7\n",
        &ReadOptions { skip: 2, ..plain() },
        "error: data.csv:6: record 2, column `sex`: `7` is no option of question `sex`
",
    );
}

#[test]
fn any_sign_may_stand_between_cells_in_any_encoding() {
    // The second byte of ポ in CP932 is the bar.
    let data = "ポ|id|sex|help_1|help_2|help_3|note\nポ|2|1|1|0|0|ポ\n\"ポ\"|1|2||1||\"|\"\n";
    let options = ReadOptions { delimiter: Some(b'|'), ..plain() };
    let expected = r#"2 ["0 1 ", "001 010 ", "0 0 "] 0"#;
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(data);
    let wide: Vec<u8> = data.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let declared = ReadOptions { encoding: Some(Encoding::Utf16Be), ..options.clone() };
    for block_bytes in [1, 9, 1 << 20] {
        assert_eq!(replies(&[SEX, HELP, NOTE], data.as_bytes(), &options, block_bytes), expected);
        assert_eq!(replies(&[SEX, HELP, NOTE], &cp932, &options, block_bytes), expected);
        assert_eq!(replies(&[SEX, HELP, NOTE], &wide, &declared, block_bytes), expected);
    }
}

#[test]
fn a_digit_alone_is_a_code_under_every_delimiter() {
    for delimiter in [',', '\t', ';', '|', '-', '!', '~'] {
        let data = "id,sex,pets\n10,1,\n2,2,1\n3,,2\n4,9,\n".replace(',', &delimiter.to_string());
        let options = ReadOptions { delimiter: Some(delimiter as u8), ..plain() };
        let found = replies(&[SEX, PETS], data.as_bytes(), &options, 1 << 20);
        assert_eq!(found, r#"4 ["0 1 2 3 ", "000 001 010 000 "] 0"#, "{delimiter}");
    }
}

#[test]
fn blank_records_at_the_end_count_where_nobody_has_a_key() {
    let schema = ["[survey]\nid = \"s\"\ntitle = \"s\"\n", SEX].concat();
    let survey = survey(&schema);
    let read = read_text(&survey, &all(&survey), b"sex,x\n1,\n,\n,\n", &plain(), 1 << 20);
    assert_eq!(read.map(|dataset| dataset.respondents), Ok(3));
}

#[test]
fn padding_within_a_record_is_a_defect() {
    refuses(
        &[SEX],
        b"id,sex\n1,1\n2,2\0\0\0\0",
        &plain(),
        r#"error: data.csv:3: record 2: expected text, found a NUL byte
  hint: the file is damaged or not in UTF-8 or CP932; export it again
error: data.csv:3: record 2, column `sex`: `2\u{0}\u{0}\u{0}\u{0}` is no option of question `sex`
"#,
    );
}

#[test]
fn a_cell_of_64_megabytes_is_text() {
    let mut data = b"id,sex,note\n1,1,\"".to_vec();
    data.resize(data.len() + 64_000_000, b'a');
    data.extend(b"\"\n2,2,\n");
    assert_eq!(replies(&[SEX, NOTE], &data, &plain(), 1 << 20), r#"2 ["0 1 ", "0 1 "] 0"#);
}

#[test]
fn two_thousand_columns_are_many_but_fine() {
    let options: Vec<String> =
        (1..=2000).map(|code| format!("{{ code = {code}, label = \"選択肢{code}\" }}")).collect();
    let wide = format!(
        "[[question]]\nid = \"w\"\ntext = \"w\"\nkind = \"multi\"\ncolumns = \"w_{{code}}\"\noptions = [ {} ]\n",
        options.join(", ")
    );
    let survey = survey(&[SURVEY, &wide].concat());
    let names: Vec<String> = (1..=2000).map(|code| format!("w_{code}")).collect();
    let mut data = format!("id,{}\n", names.join(","));
    for id in 1..=50 {
        data.push_str(&format!("{id}{}\n", ",0,1".repeat(1000)));
    }
    let dataset = read_text(&survey, &[0], data.as_bytes(), &plain(), 1 << 16).unwrap();
    assert_eq!(dataset.respondents, 50);
    let Some(Replies::Multi { octets, .. }) = &dataset.blocks[0].replies[0] else { panic!("no multi") };
    assert!(octets.iter().all(|octet| octet.iter().all(|&bits| bits == 0b1010_1010)));
}

#[test]
fn standard_input_is_read_like_a_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");
    let run = |data: &str, input: &[u8]| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_renkei"))
            .current_dir(folder)
            .args(["tab", "--schema", "schema.toml", data])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("renkei runs");
        child.stdin.take().expect("a pipe").write_all(input).expect("renkei reads");
        let output = child.wait_with_output().expect("renkei ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let read = |name: &str| std::fs::read(format!("{folder}/{name}")).expect("a file of the corpus");
    let clean = run("clean.csv", b"");
    for name in ["clean.csv", "cp932.csv", "unicode-text.csv", "quoted.csv"] {
        assert_eq!(run("-", &read(name)), clean, "{name}");
    }
    // In another order of keys, which takes more than one pass.
    let (code, stdout, stderr) = run("-", &read("key-twice.csv"));
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert_eq!(
        stderr,
        "error: standard input:6: record 4, column `id`: the respondent's key is the same as in record 2 (line 3)\n"
    );
}

proptest! {
    #[test]
    fn no_bytes_and_no_options_make_reading_panic(
        text in "(id|sex|note|[129,;\t|\"\r\n家=\u{0}\u{1A} .-]){0,60}",
        noise in prop::collection::vec(any::<u8>(), 0..20),
        at in any::<prop::sample::Index>(),
        skip in 0u64..4,
        header_rows in 0usize..4,
        delimiter in prop::option::of(prop::sample::select(b",;\t|".to_vec())),
        encoding in prop::option::of(prop::sample::select(vec![
            Encoding::Utf8, Encoding::Cp932, Encoding::Utf16Le, Encoding::Utf16Be])),
        block_bytes in 1usize..60,
    ) {
        let survey = survey(&[SURVEY, SEX, NOTE].concat());
        let mut data = text.into_bytes();
        let at = at.index(data.len() + 1);
        data.splice(at..at, noise);
        let options = ReadOptions { skip, header_rows, delimiter, encoding, ..plain() };
        let read = |block_bytes| {
            let read = read_text(&survey, &all(&survey), &data, &options, block_bytes);
            read.map(|dataset| (dataset.respondents, format!("{:?}", dataset.warnings)))
        };
        let folderless = |read: Result<(u64, String), String>| read.map(|(respondents, _)| respondents);
        prop_assert_eq!(folderless(read(block_bytes)), folderless(read(1 << 20)));
    }

    #[test]
    fn a_table_reads_the_same_under_each_delimiter_and_encoding(
        rows in prop::collection::vec(("[129]", "[a\",;\t|\r\n家ポ]{0,5}"), 1..8),
        delimiter in prop::sample::select(b",;\t|".to_vec()),
        block_bytes in 1usize..60,
    ) {
        let written = |delimiter: u8| {
            let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
            writer.write_record(["id", "sex", "note"]).unwrap();
            for (place, (sex, note)) in rows.iter().enumerate() {
                writer.write_record([&format!("k{place}"), sex, note]).unwrap();
            }
            writer.into_inner().unwrap()
        };
        let schema = [SEX, NOTE];
        let expected = replies(&schema, &written(b','), &plain(), 1 << 20);
        let cut = written(delimiter);
        let declared = ReadOptions { delimiter: Some(delimiter), ..plain() };
        prop_assert_eq!(&replies(&schema, &cut, &declared, block_bytes), &expected);
        let text = String::from_utf8(cut).unwrap();
        let wide: Vec<u8> = "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        prop_assert_eq!(&replies(&schema, &wide, &declared, block_bytes), &expected);
        let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode(&text);
        let declared = ReadOptions { encoding: Some(Encoding::Cp932), ..declared };
        prop_assert_eq!(&replies(&schema, &cp932, &declared, block_bytes), &expected);
    }
}
