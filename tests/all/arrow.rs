//! Arrow (Feather) files: every kind of column, and files that are not what they say.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float32Array, Float64Array,
    Int8Array, Int64Array, LargeStringArray, ListArray, NullArray, RecordBatch, StringArray, StringViewArray,
    Time64MicrosecondArray, TimestampMillisecondArray, UInt64Array,
};
use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};

use crate::cli::Program;

/// A file of these columns, in two batches.
fn file(columns: Vec<(&str, ArrayRef)>, packed: Option<CompressionType>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter(columns).expect("a batch");
    let options = IpcWriteOptions::default().try_with_compression(packed).expect("options");
    let mut file = Vec::new();
    let mut writer = FileWriter::try_new_with_options(&mut file, &batch.schema(), options).expect("a writer");
    writer.write(&batch.slice(0, 1)).expect("a batch");
    writer.write(&batch.slice(1, batch.num_rows() - 1)).expect("a batch");
    writer.finish().expect("a file");
    file
}

fn kinds() -> Vec<(&'static str, ArrayRef)> {
    let categories: DictionaryArray<UInt32Type> =
        [Some("はい"), None, Some("いいえ"), Some("はい")].into_iter().collect();
    let decimals = Decimal128Array::from(vec![Some(125), Some(-5), None, Some(1_000)]);
    vec![
        ("id", Arc::new(Int64Array::from(vec![1, 2, 3, 4])) as ArrayRef),
        ("category", Arc::new(categories)),
        ("word", Arc::new(StringArray::from(vec![Some("a,\"b\""), Some(""), None, Some("髙")]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("い"), None, Some("ろ"), Some("は")]))),
        (
            "view",
            Arc::new(StringViewArray::from(vec![
                Some("a word of more than twelve bytes"),
                None,
                Some("に"),
                None,
            ])),
        ),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None, Some(true)]))),
        ("small", Arc::new(Int8Array::from(vec![Some(-9), None, Some(0), Some(127)]))),
        ("huge", Arc::new(UInt64Array::from(vec![Some(u64::MAX), None, Some(0), Some(7)]))),
        ("single", Arc::new(Float32Array::from(vec![Some(0.1), None, Some(2.5), Some(-3.0)]))),
        ("double", Arc::new(Float64Array::from(vec![Some(0.1), None, Some(1.0), Some(-12.75)]))),
        ("decimal", Arc::new(decimals.with_precision_and_scale(10, 2).expect("decimals"))),
        ("day", Arc::new(Date32Array::from(vec![Some(0), None, Some(-1), Some(20_000)]))),
        (
            "moment",
            Arc::new(TimestampMillisecondArray::from(vec![Some(1_577_934_245_999), None, Some(0), Some(-1)])),
        ),
        ("time", Arc::new(Time64MicrosecondArray::from(vec![Some(3_723_000_001), None, Some(0), Some(1)]))),
        ("nothing", Arc::new(NullArray::new(4))),
    ]
}

/// A program with a schema in which every column is a text, so that its cells can be seen.
fn program(columns: &[&str]) -> Program {
    let program = Program::new();
    let texts = columns
        .iter()
        .map(|name| format!("[[question]]\nid = \"{name}\"\ntext = \"{name}\"\nkind = \"text\"\n"));
    let head = "[survey]\nid = \"t\"\ntitle = \"t\"\nrespondent = \"id\"\n";
    let schema = head.to_string() + &texts.collect::<String>();
    std::fs::write(program.path("s.toml"), schema).expect("a schema");
    program
}

#[test]
fn columns_of_every_kind_become_cells() {
    let names: Vec<&str> = kinds().iter().skip(1).map(|(name, _)| *name).collect();
    let program = program(&names);
    for packed in [None, Some(CompressionType::LZ4_FRAME), Some(CompressionType::ZSTD)] {
        std::fs::write(program.path("d.arrow"), file(kinds(), packed)).expect("a file");
        let run = program.run(&["convert", "--schema", "s.toml", "d.arrow", "--texts", "--out", "d.csv"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let csv = std::fs::read_to_string(program.path("d.csv")).expect("a file");
        assert_eq!(
            csv.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
            "id,category,word,large,view,flag,small,huge,single,double,decimal,day,moment,time,nothing\n\
             1,はい,\"a,\"\"b\"\"\",い,a word of more than twelve bytes,1,-9,18446744073709551615,0.1,0.1,1.25,1970-01-01,\
             2020-01-02 03:04:05,01:02:03,\n\
             2,,,,,0,,,,,-0.05,,,,\n\
             3,いいえ,,ろ,に,,0,0,2.5,1,,1969-12-31,1970-01-01,00:00:00,\n\
             4,はい,髙,は,,1,127,7,-3,-12.75,10.00,2024-10-04,1969-12-31 23:59:59,00:00:00,\n"
        );
    }
}

#[test]
fn a_draft_knows_the_columns_of_an_arrow_file() {
    let program = Program::new();
    std::fs::write(program.path("d.arrow"), file(kinds(), None)).expect("a file");
    let run = program.run(&["init", "d.arrow", "--out", "draft"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let draft = std::fs::read_to_string(program.path("draft/schema.toml")).expect("a draft");
    assert!(draft.contains("id = \"day\"\ntext = \"day\"\nkind = \"date\""), "{draft}");
    assert!(draft.contains("id = \"double\"\ntext = \"double\"\nkind = \"number\""), "{draft}");
}

#[test]
fn lists_have_no_cells() {
    let program = program(&["list"]);
    let list = ListArray::from_iter_primitive::<arrow_array::types::Int64Type, _, _>(vec![
        Some(vec![Some(1), Some(2)]),
        None,
    ]);
    let columns = vec![("id", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef), ("list", Arc::new(list))];
    std::fs::write(program.path("d.arrow"), file(columns, None)).expect("a file");
    let run = program.run(&["tab", "--schema", "s.toml", "d.arrow"]);
    assert_eq!(run.code, 1);
    assert_eq!(
        run.stderr,
        "error: d.arrow: column `list` holds lists\n  hint: write it as a number, a day or a text, with a column for \
         each answer\n"
    );
}

#[test]
fn damaged_arrow_files_are_refused_in_time() {
    let names: Vec<&str> = kinds().iter().skip(1).map(|(name, _)| *name).collect();
    let program = program(&names);
    for packed in [None, Some(CompressionType::LZ4_FRAME)] {
        let whole = file(kinds(), packed);
        let run_with = |bytes: &[u8]| {
            std::fs::write(program.path("b.arrow"), bytes).expect("a file");
            let run = program.run(&["tab", "--schema", "s.toml", "b.arrow"]);
            assert!(run.code == 0 || run.code == 1, "{}: {}", run.code, run.stderr);
            run.code
        };
        for cut in (0..20).map(|part| whole.len() * part / 20) {
            assert_eq!(run_with(&whole[..cut]), 1, "cut at {cut}");
        }
        for at in (6..whole.len()).step_by(whole.len() / 60) {
            for value in [vec![whole[at] ^ 0xFF], vec![0xFF, 0xFF, 0xFF, 0x7F], vec![0xFF; 8]] {
                let mut bytes = whole.clone();
                let end = (at + value.len()).min(whole.len());
                bytes[at..end].copy_from_slice(&value[..end - at]);
                run_with(&bytes);
            }
        }
    }
}
