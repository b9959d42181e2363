//! What a data file means: the same replies however it is written, cut and read.

use proptest::prelude::*;
use renkei::frame::{Codes, Dataset, Encoding, Number, ReadOptions, Replies, WeightSource};
use renkei::schema::Survey;

use super::data::{SURVEY, all, read_text, survey, write};

const QUESTIONS: &str = r#"
[[question]]
id = "sex"
text = "性別"
kind = "single"
options = [ { code = 1, label = "男性" }, { code = 2, label = "女性" } ]
missing = [ { code = 9, label = "無回答" } ]

[[question]]
id = "age"
text = "年齢"
kind = "number"
missing = [ { code = 999, label = "無回答" } ]

[[question]]
id = "note"
text = "自由回答"
kind = "text"

[[question]]
id = "why"
text = "女性に"
kind = "single"
asked_if = "sex == 2"
options = [ { code = 1, label = "ソフト〜表" }, { code = 2, label = "能力" } ]
not_asked = [ 88, "非該当" ]

[[derive]]
id = "half"
label = "上下"
from = "why"
groups = [ { code = 1, label = "上", of = [1] }, { code = 2, label = "下", rest = true } ]
"#;

const COLUMNS: &str = r#"
[[question]]
id = "help"
text = "相談先"
kind = "multi"
columns = "help_{code}"
options = [ { code = 1, label = "家族" }, { code = 2, label = "友人" }, { code = 3, label = "いない", exclusive = true } ]
"#;

const PACKED: &str = r#"
[[question]]
id = "help"
text = "相談先"
kind = "multi"
packed = { column = "help", separator = ";" }
options = [ { code = 1, label = "家族" }, { code = 2, label = "友人" }, { code = 3, label = "いない", exclusive = true } ]
"#;

/// Six respondents. The second and fifth wrote several lines.
const DATA: &str = "id,sex,age,note,why,help_1,help_2,help_3,w\n\
    1,1,36,,,1,0,0,1\n\
    2,2,\"1,234.5\",\"二行の\n\"\"答え\"\"\",1,1,1,0,0.5\n\
    3,9,999,x,1,0,0,1,0\n\
    \n\
    4,,,,,0,0,0,1.25\n\
    5,2,７,\"a,\nb\n\",2,,,,1\n\
    6,2,-0.25,x,88,1,0,1,1\n";

fn weighted(threads: usize) -> ReadOptions {
    ReadOptions { threads, weight: WeightSource::Column("w".to_string()), ..ReadOptions::default() }
}

fn columns() -> Survey {
    survey(&[SURVEY, QUESTIONS, COLUMNS].concat())
}

/// All replies of a question, block borders forgotten, written out.
fn joined(dataset: &Dataset, question: usize) -> Vec<String> {
    let mut replies = Vec::new();
    for block in &dataset.blocks {
        let Some(coded) = &block.replies[question] else { continue };
        for row in 0..block.len {
            replies.push(match coded {
                Replies::Single(Codes::U8(codes)) => format!("{}", codes[row]),
                Replies::Single(Codes::U16(codes)) => format!("{}", codes[row]),
                Replies::Multi { octets, states } => {
                    let state = states.as_ref().map(|states| states[row]);
                    format!("{:?} {state:?}", octets.iter().map(|octet| octet[row]).collect::<Vec<_>>())
                }
                Replies::Number(Number { values, states }) => format!("{} {}", values[row], states[row]),
                Replies::Text(states) => format!("{}", states[row]),
            });
        }
    }
    replies
}

/// Everything a dataset says, block borders forgotten.
fn told(survey: &Survey, dataset: &Dataset) -> String {
    let mut replies: Vec<_> =
        all(survey).into_iter().map(|q| (survey.questions[q].id.clone(), joined(dataset, q))).collect();
    replies.sort();
    let weights: Vec<u64> =
        dataset.blocks.iter().flat_map(|block| block.weights.clone().unwrap_or_default()).collect();
    format!(
        "{replies:?} {weights:?} {} {} {:?} {:?} {:?} {}",
        dataset.respondents,
        dataset.weight_decimals,
        dataset.zero_weights,
        dataset.made_missing,
        dataset.answered_not_asked,
        dataset.warnings.len()
    )
}

#[track_caller]
fn accepted(survey: &Survey, data: &[u8], options: &ReadOptions, block_bytes: usize) -> Dataset {
    match read_text(survey, &all(survey), data, options, block_bytes) {
        Ok(dataset) => dataset,
        Err(errors) => panic!("{errors}"),
    }
}

#[track_caller]
fn means_the_same(data: &[u8], options: &ReadOptions) {
    let survey = columns();
    let expected = told(&survey, &accepted(&survey, DATA.as_bytes(), &weighted(1), 1 << 20));
    let found = told(&survey, &accepted(&survey, data, options, 1 << 20));
    assert_eq!(found, expected);
}

#[test]
fn replies_are_coded_by_option_and_state() {
    let survey = columns();
    let dataset = accepted(&survey, DATA.as_bytes(), &weighted(1), 1 << 20);
    let replies = |id: &str| joined(&dataset, survey.find(id).unwrap());
    assert_eq!(dataset.respondents, 6);
    assert_eq!(replies("sex"), ["0", "1", "3", "2", "1", "1"]);
    assert_eq!(replies("age"), ["3600 0", "123450 0", "0 2", "0 1", "700 0", "-25 0"]);
    assert_eq!(dataset.decimals_of(survey.find("age").unwrap()), 2);
    assert_eq!(replies("note"), ["1", "0", "0", "1", "0", "0"]);
    // Only women were asked; the third respondent's answer is overridden, the sixth says so.
    assert_eq!(replies("why"), ["3", "0", "3", "3", "1", "3"]);
    assert_eq!(dataset.answered_not_asked, [(survey.find("why").unwrap(), 1)]);
    assert_eq!(replies("half"), ["3", "0", "3", "3", "1", "3"]);
    assert_eq!(replies("help"), ["[1] None", "[3] None", "[4] None", "[0] None", "[0] None", "[5] None"]);
    assert_eq!(dataset.blocks[0].weights, Some(vec![100, 50, 0, 125, 100, 100]));
    assert_eq!((dataset.weight_decimals, dataset.zero_weights), (2, 1));
    assert_eq!(dataset.warnings.len(), 1);
    assert!(dataset.warnings[0].message.contains("excludes all others"), "{:?}", dataset.warnings);
}

#[test]
fn threads_and_block_borders_do_not_matter() {
    let survey = columns();
    let expected = told(&survey, &accepted(&survey, DATA.as_bytes(), &weighted(1), 1 << 20));
    for threads in [1, 2, 16] {
        for block_bytes in [1, 2, 3, 7, 20, 33, 64, 150] {
            let found = told(&survey, &accepted(&survey, DATA.as_bytes(), &weighted(threads), block_bytes));
            assert_eq!(found, expected, "{threads} threads, blocks of {block_bytes}");
        }
    }
}

#[test]
fn defects_are_the_same_for_any_threads_and_block_borders() {
    let survey = columns();
    let data = DATA.replace("2,2,", "2,7,").replace("5,2,７", "5,7,many").replace("6,2,", "6,8,");
    let expected = read_text(&survey, &all(&survey), data.as_bytes(), &weighted(1), 1 << 20).unwrap_err();
    assert!(
        expected
            .contains("data.csv:3: record 2, column `sex`: `7` is no option of question `sex` in 2 records")
    );
    assert!(expected.contains("data.csv:8: record 5, column `age`"), "{expected}");
    for threads in [1, 2, 16] {
        for block_bytes in [1, 2, 3, 7, 20, 33, 64, 150] {
            let found = read_text(&survey, &all(&survey), data.as_bytes(), &weighted(threads), block_bytes);
            assert_eq!(found.unwrap_err(), expected, "{threads} threads, blocks of {block_bytes}");
        }
    }
}

#[test]
fn a_mark_of_utf_8_is_no_part_of_the_first_header() {
    means_the_same(&[b"\xEF\xBB\xBF", DATA.as_bytes()].concat(), &weighted(1));
}

#[test]
fn cp932_is_detected_and_can_be_declared() {
    let labels = DATA.replace(",1,1,1,0,0.5", ",ソフト〜表,1,1,0,0.5").replace(",2,,,,1", ",能力,,,,1");
    let labels = labels.replace("3,9,999,x,1,", "3,9,999,x,ソフト～表,");
    means_the_same(labels.as_bytes(), &weighted(2));
    // U+301C has no place in CP932, where Japanese keyboards write U+FF5E.
    let labels = labels.replace('〜', "～");
    let (bytes, _, unmappable) = encoding_rs::SHIFT_JIS.encode(&labels);
    assert!(!unmappable);
    means_the_same(&bytes, &weighted(2));
    means_the_same(&bytes, &ReadOptions { encoding: Some(Encoding::Cp932), ..weighted(1) });
}

#[test]
fn characters_that_only_one_machine_knows_are_a_warning() {
    let survey = columns();
    let (encoded, _, _) = encoding_rs::SHIFT_JIS.encode(DATA);
    let data = [&*encoded, b"7,2,1,\xF0\x40,1,1,0,0,1\n"].concat();
    let dataset = accepted(&survey, &data, &weighted(1), 40);
    let warning = dataset.warnings[0].render(false);
    assert!(
        warning.contains("data.csv:12: record 7: characters outside the standard set (外字)"),
        "{warning}"
    );
}

#[test]
fn a_file_that_is_not_there_is_no_refusal_of_data() {
    let survey = columns();
    let path = std::path::Path::new("nowhere/data.csv");
    let read = renkei::frame::read(path, &survey, &[], &weighted(1), &renkei::diag::Quiet);
    let Err(renkei::diag::Failure::Io(error)) = read else { panic!("read") };
    assert!(error.render(false).starts_with("error: nowhere/data.csv: cannot read the file: "), "{error:?}");
}

#[test]
fn windows_and_old_macintosh_line_ends_are_read() {
    let windows = DATA.replace('\n', "\r\n");
    means_the_same(windows.as_bytes(), &weighted(1));
    let macintosh = DATA.replace('\n', "\r");
    means_the_same(macintosh.as_bytes(), &weighted(1));
    means_the_same(DATA.trim_end().as_bytes(), &weighted(1));
    means_the_same(windows.trim_end().as_bytes(), &weighted(1));
}

#[test]
fn columns_may_stand_in_any_order_and_cells_be_quoted() {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(DATA.as_bytes());
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    for record in reader.records() {
        let record = record.unwrap();
        writer.write_field("undeclared").unwrap();
        for cell in record.iter().rev() {
            writer.write_field(cell).unwrap();
        }
        writer.write_record(None::<&[u8]>).unwrap();
    }
    means_the_same(&writer.into_inner().unwrap(), &weighted(2));
}

#[test]
fn labels_full_width_digits_and_spaces_mean_their_codes() {
    let labels = DATA
        .replace("1,1,36", "1,男性,３６")
        .replace("2,2,", "2, 女性 ,")
        .replace("3,9,999", "3,無回答,無回答");
    let labels = labels.replace("5,2,７", "5,女性,7.0").replace("6,2,", "6,\u{3000}女性,");
    let survey = columns();
    let expected = told(&survey, &accepted(&survey, DATA.as_bytes(), &weighted(1), 1 << 20));
    assert_eq!(told(&survey, &accepted(&survey, labels.as_bytes(), &weighted(1), 1 << 20)), expected);
    let codes = DATA.replace("1,1,36", "1,１,36.0").replace("2,2,", "2,02,").replace("5,2,", "5,2.0,");
    assert_eq!(told(&survey, &accepted(&survey, codes.as_bytes(), &weighted(1), 1 << 20)), expected);
}

#[test]
fn a_packed_column_means_what_the_columns_mean() {
    let columns = columns();
    let expected = told(&columns, &accepted(&columns, DATA.as_bytes(), &weighted(1), 1 << 20));
    let packed = survey(&[SURVEY, QUESTIONS, PACKED].concat());
    let data = DATA.replace("help_1,help_2,help_3", "help").replace(",1,1,0,0.5", ",2; 1;1,0.5");
    let data = data.replace(",1,0,0,1\n", ",1,1\n").replace(",0,0,1,0\n", ",3,0\n");
    let data =
        data.replace(",0,0,0,1.25", ",,1.25").replace(",,,,1\n", ",;,1\n").replace(",1,0,1,1\n", ",1；3,1\n");
    assert_eq!(told(&packed, &accepted(&packed, data.as_bytes(), &weighted(1), 1 << 20)), expected);
    let labels = data.replace("2; 1;1", "友人；家族").replace(",1；3,", ",家族;いない,");
    let labels = labels.replace(",,1,1\n", ",,家族,1\n").replace(",3,0\n", ",いない,0\n");
    assert_eq!(told(&packed, &accepted(&packed, labels.as_bytes(), &weighted(1), 1 << 20)), expected);
}

#[test]
fn a_code_that_is_another_label_is_read_as_the_rest_of_its_column() {
    let survey = survey(
        &[
            SURVEY,
            r#"
            [[question]]
            id = "children"
            text = "子の数"
            kind = "single"
            options = [ { code = 1, label = "0" }, { code = 2, label = "1" }, { code = 3, label = "2" } ]
            "#,
        ]
        .concat(),
    );
    let read = |data: &str, block_bytes| {
        let options = ReadOptions { threads: 2, ..ReadOptions::default() };
        joined(&accepted(&survey, data.as_bytes(), &options, block_bytes), 0)
    };
    for block_bytes in [4, 1 << 20] {
        assert_eq!(read("id,children\n1,1\n2,2\n3,0\n", block_bytes), ["1", "2", "0"]);
        assert_eq!(read("id,children\n1,1\n2,2\n3,3\n", block_bytes), ["0", "1", "2"]);
    }
}

#[test]
fn none_selected_can_be_a_reply_whether_cells_are_0_or_blank() {
    let schema =
        [SURVEY, COLUMNS, "none_selected = \"reply\"\n", "missing = [ { code = 9, label = \"無回答\" } ]\n"];
    let survey = survey(&schema.concat());
    let data = "id,help_1,help_2,help_3\n1,1,0,0\n2,0,0,0\n3,,,\n4,0,,\n5,9,0,0\n6,1,,無回答\n";
    let dataset = accepted(&survey, data.as_bytes(), &ReadOptions::default(), 1 << 20);
    assert_eq!(
        joined(&dataset, 0),
        ["[1] Some(0)", "[0] Some(0)", "[0] Some(0)", "[0] Some(0)", "[0] Some(2)", "[0] Some(2)"]
    );
}

#[test]
fn a_question_with_many_options_needs_wider_codes() {
    let options: Vec<String> =
        (1..=300).map(|code| format!("{{ code = {code}, label = \"市{code}\" }}")).collect();
    let question = format!(
        "[[question]]\nid = \"city\"\ntext = \"市\"\nkind = \"single\"\noptions = [ {} ]\n",
        options.join(", ")
    );
    let survey = survey(&[SURVEY, &question].concat());
    let data = "id,city\n1,300\n2,市7\n3,\n".replace("市7", "7");
    let dataset = accepted(&survey, data.as_bytes(), &ReadOptions::default(), 1 << 20);
    assert_eq!(dataset.blocks[0].replies[0], Some(Replies::Single(Codes::U16(vec![299, 6, 300]))));
}

#[test]
fn lenient_reading_makes_unknown_values_missing_and_counts_them() {
    let survey = columns();
    let data = DATA.replace("1,1,36", "1,7,old").replace(",1,1,0,0.5", ",1,?,0,0.5");
    let options = ReadOptions { lenient: true, ..weighted(1) };
    let dataset = accepted(&survey, data.as_bytes(), &options, 1 << 20);
    let at = |id: &str| survey.find(id).unwrap();
    assert_eq!(joined(&dataset, at("sex"))[0], "2");
    assert_eq!(joined(&dataset, at("age"))[0], "0 1");
    assert_eq!(joined(&dataset, at("help"))[1], "[0] None");
    assert_eq!(dataset.made_missing, [(at("sex"), 1), (at("age"), 1), (at("help"), 1)]);
    let ragged = DATA.replace("1,1,36", "1,36");
    assert!(read_text(&survey, &all(&survey), ragged.as_bytes(), &options, 1 << 20).is_err());
}

#[test]
fn defects_of_questions_not_needed_are_warnings() {
    let survey = columns();
    let data = DATA.replace("1,1,36", "1,7,old").replace("5,2,", "5,7,");
    let needed = [survey.find("help").unwrap()];
    let dataset = read_text(&survey, &needed, data.as_bytes(), &weighted(2), 40).unwrap();
    let messages: Vec<&str> = dataset.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(
        messages[..2],
        [
            "2 cells of question `sex`, which this request does not touch, are no option: `7` here first",
            "1 cell of question `age`, which this request does not touch, is no number: `old` here",
        ]
    );
    // Routing makes a question needed.
    let needed = [survey.find("half").unwrap()];
    assert!(read_text(&survey, &needed, data.as_bytes(), &weighted(2), 40).is_err());
}

#[test]
fn keys_in_any_order_are_fine_when_no_two_are_the_same() {
    let survey = survey(&[SURVEY, COLUMNS].concat());
    let mut data = "id,help_1,help_2,help_3\n".to_string();
    for id in (0..500).rev() {
        data.push_str(&format!("\"{id}\n\",1,0,0\n"));
    }
    accepted(&survey, data.as_bytes(), &ReadOptions::default(), 50);
    data.push_str("250,1,0,0\n");
    let errors = read_text(&survey, &[0], data.as_bytes(), &ReadOptions::default(), 50).unwrap_err();
    assert_eq!(
        errors,
        "error: data.csv:1002: record 501, column `id`: the respondent's key is the same as in record 250 (line 500)\n"
    );
}

#[test]
fn weights_are_joined_from_a_file_by_key() {
    let survey = columns();
    let (_folder, weights) = write("weight,id\n0.5,6\n1,5\n1.25,4\n0,3\n1,2\n2,1\n".as_bytes());
    let options = ReadOptions { weight: WeightSource::File(weights.clone()), ..ReadOptions::default() };
    let dataset = accepted(&survey, DATA.as_bytes(), &options, 40);
    let joined: Vec<u64> = dataset.blocks.iter().flat_map(|block| block.weights.clone().unwrap()).collect();
    assert_eq!(joined, [200, 100, 0, 125, 100, 50]);
    assert_eq!((dataset.weight_decimals, dataset.zero_weights), (2, 1));
    std::fs::write(&weights, "id,weight\n1,1\n3,1\n4,1\n5,1\nsecret,1\n6,1\n").unwrap();
    let errors = read_text(&survey, &all(&survey), DATA.as_bytes(), &options, 40).unwrap_err();
    let shown = errors.replace(&format!("{}/", weights.parent().unwrap().display()), "");
    assert!(shown.contains("1 respondent in the data has no weight in `"), "{shown}");
    assert!(shown.contains("`: record 2\n"), "{shown}");
    assert!(shown.contains("1 weight belongs to no respondent of `"), "{shown}");
    assert!(!shown.contains("secret"), "{shown}");
    std::fs::write(&weights, "id,weight\n1,1\n1,2\n2,-1\n").unwrap();
    let errors = read_text(&survey, &all(&survey), DATA.as_bytes(), &options, 40).unwrap_err();
    assert!(
        errors.contains("record 2, column `id`: the respondent's key is the same as in record 1"),
        "{errors}"
    );
    assert!(
        errors.contains("record 3, column `weight`: expected a weight of zero or more, found `-1`"),
        "{errors}"
    );
}

#[test]
fn progress_ends_at_the_size_of_the_file() {
    struct Last(std::sync::Mutex<Vec<(u64, u64)>>);
    impl renkei::diag::Progress for Last {
        fn advance(&self, done: u64, total: u64) {
            self.0.lock().unwrap().push((done, total));
        }
    }
    let survey = columns();
    let (_folder, path) = write(DATA.as_bytes());
    let last = Last(std::sync::Mutex::new(Vec::new()));
    renkei::frame::read_in_blocks(&path, &survey, &all(&survey), &weighted(2), &last, 40).unwrap();
    let calls = last.0.into_inner().unwrap();
    let size = DATA.len() as u64;
    assert_eq!(calls.last(), Some(&(size, size)));
    assert!(calls.windows(2).all(|pair| pair[0].0 <= pair[1].0));
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(
        cells in prop::collection::vec("[129,;\"\r\n家\u{200b}a .-]{0,8}", 0..30),
        noise in prop::collection::vec(any::<u8>(), 0..40),
        at in any::<prop::sample::Index>(),
        header in any::<bool>(),
        lenient in any::<bool>(),
        block_bytes in 1usize..80,
    ) {
        let survey = columns();
        let mut data = if header { b"id,sex,age,note,why,help_1,help_2,help_3,w\n".to_vec() } else { Vec::new() };
        data.extend(cells.join(",").into_bytes());
        let at = at.index(data.len() + 1);
        data.splice(at..at, noise);
        let options = ReadOptions { lenient, ..weighted(2) };
        let one = read_text(&survey, &all(&survey), &data, &options, block_bytes);
        let other = read_text(&survey, &all(&survey), &data, &ReadOptions { threads: 1, ..options }, 1 << 20);
        let said = |read: Result<Dataset, String>| read.map(|dataset| told(&survey, &dataset));
        prop_assert_eq!(said(one), said(other));
    }
}
