//! Answers in workbooks: what is read, what is refused, and where it stands.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

use crate::cli::{Program, Run};

const SCHEMA: &str = r#"
[survey]
id = "small"
title = "小さな調査"
respondent = "id"

[[question]]
id = "q1"
text = "どう思いますか"
kind = "single"
options = [{ code = 1, label = "賛成" }, { code = 2, label = "反対" }]

[[question]]
id = "hours"
text = "時間"
kind = "number"

[[question]]
id = "day"
text = "日"
kind = "date"
"#;

const CSV: &str = "id,q1,hours,day\n1,賛成,2.5,2016-11-10\n2,反対,0.3,2016-11-11\n3,反対,,\n";

/// The sheet of [`CSV`], typed as Excel types it.
fn answers(sheet: &mut Worksheet) {
    for (column, name) in ["id", "q1", "hours", "day"].iter().enumerate() {
        sheet.write(0, column as u16, *name).expect("a cell");
    }
    let day = Format::new().set_num_format("yyyy/mm/dd");
    for row in 1..=3 {
        sheet.write(row, 0, row).expect("a cell");
    }
    sheet.write(1, 1, "賛成").expect("a cell");
    let run = Format::new().set_bold();
    sheet.write_rich_string(2, 1, &[(&Format::new(), "反"), (&run, "対")]).expect("a cell");
    sheet.write(3, 1, "反対").expect("a cell");
    sheet.write(1, 2, 2.5).expect("a cell");
    sheet.write(2, 2, 0.1 + 0.2).expect("a cell");
    for (row, written) in [(1, "2016-11-10"), (2, "2016-11-11")] {
        let moment = ExcelDateTime::parse_from_str(written).expect("a day");
        sheet.write_with_format(row, 3, &moment, &day).expect("a cell");
    }
}

fn bytes(mut book: Workbook) -> Vec<u8> {
    book.set_properties(&DocProperties::new());
    book.save_to_buffer().expect("a workbook")
}

fn book(change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    answers(sheet);
    change(sheet);
    bytes(book)
}

/// A package of these parts.
fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        // By its rule the first part of an OpenDocument is not packed.
        let method =
            if *name == "mimetype" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method);
        package.start_file(*name, options).expect("a part");
        package.write_all(content.as_bytes()).expect("a part");
    }
    package.finish().expect("a package").into_inner()
}

/// An xlsx of one sheet with this XML inside it, and these shared strings.
fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    const NS: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/officeDocument\" \
                 Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{RELATIONS}/worksheet\" \
                 Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{RELATIONS}/sharedStrings\" \
                 Target=\"sharedStrings.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{NS}\" xmlns:r=\"{RELATIONS}\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" \
                 r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &format!("<worksheet xmlns=\"{NS}\">{sheet}</worksheet>")),
        ("xl/sharedStrings.xml", strings),
    ])
}

fn inline(cell: &str, text: &str) -> String {
    format!("<c r=\"{cell}\" t=\"inlineStr\"><is>{text}</is></c>")
}

fn header() -> String {
    let cells = [("A1", "id"), ("B1", "q1"), ("C1", "hours"), ("D1", "day")];
    let cells: String = cells.iter().map(|(cell, name)| inline(cell, &format!("<t>{name}</t>"))).collect();
    format!("<row r=\"1\">{cells}</row>")
}

fn tab(name: &str, data: &[u8], more: &[&str]) -> Run {
    let program = Program::new().file("s.toml", SCHEMA).file(name, data);
    program.run(&[&["tab", "--schema", "s.toml", name, "--format", "tidy"], more].concat())
}

#[track_caller]
fn refused(name: &str, data: &[u8], expected: &str) {
    let run = tab(name, data, &[]);
    assert_eq!((run.stderr.as_str(), run.stdout.as_str(), run.code), (expected, "", 1));
}

#[track_caller]
fn as_the_csv(run: &Run) {
    let clean = tab("d.csv", CSV.as_bytes(), &[]);
    assert_eq!(clean.code, 0, "{}", clean.stderr);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, clean.stdout);
}

#[test]
fn a_sheet_gives_the_tables_of_its_csv() {
    let run = tab("d.xlsx", &book(|_| {}), &[]);
    as_the_csv(&run);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_workbook_with_macros_is_read_and_a_binary_one_is_not() {
    as_the_csv(&tab("d.xlsm", &book(|_| {}), &[]));
    let binary = package(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.bin", "\u{1}")]);
    refused(
        "d.xlsb",
        &binary,
        "error: d.xlsb: expected an Excel workbook (xlsx), found a binary one (xlsb)
  hint: open it and save it as xlsx, or save the sheet as CSV (UTF-8)
",
    );
}

#[test]
fn titles_above_the_header_and_columns_beside_it_do_not_matter() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 2, "調査の結果").expect("a cell");
    for (column, name) in ["id", "q1", "hours", "day"].iter().enumerate() {
        sheet.write(3, column as u16 + 2, *name).expect("a cell");
    }
    for (row, cells) in
        [["1", "賛成", "2.5", "2016-11-10"], ["2", "反対", "0.3", "2016/11/11"], ["3", "反対", "", ""]]
            .iter()
            .enumerate()
    {
        for (column, cell) in cells.iter().enumerate() {
            sheet.write(row as u32 + 4, column as u16 + 2, *cell).expect("a cell");
        }
    }
    as_the_csv(&tab("d.xlsx", &bytes(book), &["--skip", "3"]));
}

#[test]
fn a_cell_that_fits_nothing_is_named_as_in_the_sheet() {
    let data = book(|sheet| {
        sheet.set_name("回答 1").expect("a name");
        sheet.write(2, 1, 7).expect("a cell");
        sheet.write(3, 2, "二時間").expect("a cell");
    });
    refused(
        "d.xlsx",
        &data,
        "error: d.xlsx:'回答 1'!B3: record 2, column `q1`: `7` is no option of question `q1`
error: d.xlsx:'回答 1'!C4: record 3, column `hours`: expected a number, found `二時間` for question `hours`
",
    );
}

#[test]
fn truth_and_errors_are_no_answers_until_the_questionnaire_says_so() {
    let data = book(|sheet| {
        sheet.write(1, 1, true).expect("a cell");
        sheet.write_formula(2, 2, Formula::new("1/0").set_result("#DIV/0!")).expect("a cell");
    });
    let run = tab("d.xlsx", &data, &[]);
    assert_eq!(run.code, 1);
    let first = "error: d.xlsx:Sheet1!B2: record 1, column `q1`: `TRUE` is no option of question `q1`\n";
    assert!(run.stderr.starts_with(first), "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "error: d.xlsx:Sheet1!C3: record 2, column `hours`: expected a number, found `#DIV/0!`"
        ),
        "{}",
        run.stderr
    );
}

#[test]
fn the_same_key_twice_names_both_rows() {
    let data = book(|sheet| {
        sheet.write(3, 0, 1).expect("a cell");
    });
    refused(
        "d.xlsx",
        &data,
        "error: d.xlsx:Sheet1!A4: record 3, column `id`: the respondent's key is the same as in record 1 (row 2)\n",
    );
}

#[test]
fn furigana_is_no_part_of_a_name_and_blank_rows_are_no_respondents() {
    let phonetic = "<t>反対</t><rPh sb=\"0\" eb=\"2\"><t>ハンタイ</t></rPh><phoneticPr fontId=\"1\"/>";
    let rows = format!(
        "<sheetData>{}<row r=\"2\"><c r=\"A2\"><v>1.0</v></c>{}<c r=\"C2\"><v>2.5</v></c>{}</row>\
         <row r=\"4\"><c r=\"A4\"><v>2</v></c>{}<c r=\"C4\"><v>0.30000000000000004</v></c>{}</row>\
         <row r=\"5\"><c r=\"A5\"><v>3</v></c>{}</row></sheetData>",
        header(),
        inline("B2", "<t>賛成</t>"),
        inline("D2", "<t>2016-11-10</t>"),
        inline("B4", phonetic),
        inline("D4", "<t>2016-11-11</t>"),
        inline("B5", "<t>反対</t>"),
    );
    as_the_csv(&tab("d.xlsx", &xlsx(&rows, "<sst/>"), &[]));
}

#[test]
fn merged_cells_are_not_filled_down() {
    let data = book(|sheet| {
        sheet.merge_range(1, 1, 3, 1, "賛成", &Format::new()).expect("an area");
    });
    let run = tab("d.xlsx", &data, &["--rows", "q1", "--measures", "n"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("q1,1,賛成,,,,n,1,"), "{}", run.stdout);
    assert_eq!(
        run.stderr,
        "warning: d.xlsx: cells `Sheet1!B2:B4` are merged: the value counts for the first alone
  hint: unmerge them and write the value into each, if it is every respondent's
"
    );
}

#[test]
fn one_sheet_that_is_seen_is_read_and_hidden_ones_are_named() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("集計").expect("a name").set_hidden(true);
    answers(book.add_worksheet().set_name("回答").expect("a name").set_active(true));
    book.add_worksheet().set_name("鍵").expect("a name").set_very_hidden(true);
    let run = tab("d.xlsx", &bytes(book), &[]);
    as_the_csv(&run);
    assert_eq!(
        run.stderr,
        "warning: d.xlsx: sheet `回答` is read; the workbook also has `集計` (hidden), `鍵` (very hidden)\n"
    );
}

#[test]
fn several_sheets_are_named_and_one_is_chosen() {
    let several = || {
        let mut book = Workbook::new();
        answers(book.add_worksheet().set_name("回答").expect("a name"));
        book.add_worksheet().set_name("メモ").expect("a name").write(0, 0, "x").expect("a cell");
        bytes(book)
    };
    refused(
        "d.xlsx",
        &several(),
        "error: d.xlsx: the workbook has 2 sheets: `回答`, `メモ`
  hint: say which one holds the answers: `--sheet NAME`, or its number
",
    );
    as_the_csv(&tab("d.xlsx", &several(), &["--sheet", "回答"]));
    as_the_csv(&tab("d.xlsx", &several(), &["--sheet", "1"]));
    let run = tab("d.xlsx", &several(), &["--sheet", "回荅"]);
    assert!(run.stderr.starts_with("error: d.xlsx: the workbook has no sheet `回荅`\n"), "{}", run.stderr);
    let run = tab("d.xlsx", &several(), &["--sheet", "3"]);
    assert_eq!(run.stderr, "error: d.xlsx: expected sheet 3, found 2 sheets: `回答`, `メモ`\n");
    let run = tab("d.csv", CSV.as_bytes(), &["--sheet", "1"]);
    assert_eq!(
        run.stderr,
        "error: d.csv: expected a workbook with a sheet 1, found a text
  hint: leave `--sheet` out, or give the workbook itself
"
    );
}

#[test]
fn a_formula_that_was_never_calculated_is_no_blank() {
    let rows = format!(
        "<sheetData>{}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\"><f>1+1</f></c></row></sheetData>",
        header()
    );
    refused(
        "d.xlsx",
        &xlsx(&rows, "<sst/>"),
        "error: d.xlsx:Sheet1!B2: the formula here has no result
  hint: the program that wrote the file did not calculate it: open it in Excel and save it
",
    );
}

#[test]
fn an_empty_sheet_is_no_survey() {
    refused(
        "d.xlsx",
        &xlsx("<sheetData/>", "<sst/>"),
        "error: d.xlsx: expected a header and respondents, found nothing in sheet `Sheet1`\n",
    );
}

#[test]
fn a_workbook_that_is_cut_short_is_said_to_be() {
    let whole = book(|_| {});
    refused(
        "d.xlsx",
        &whole[..whole.len() / 2],
        "error: d.xlsx: the workbook is cut short: the list of its parts, at the end of the file, is missing
  hint: download it again, or open it and save it anew
",
    );
    let rows = format!("<sheetData>{}<row r=\"2\"><c r=\"A2\"><v>1</v", header());
    let mut broken = xlsx(&rows, "<sst/>");
    let run = tab("d.xlsx", &broken, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    // A byte of the packed sheet turns.
    broken = book(|_| {});
    let name = b"xl/worksheets/sheet1.xml";
    let at = broken.windows(name.len()).position(|bytes| bytes == name).expect("the sheet") + name.len() + 40;
    broken[at] ^= 0x55;
    broken[at + 1] ^= 0x55;
    let run = tab("d.xlsx", &broken, &[]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stderr.contains("`xl/worksheets/sheet1.xml`"), "{}", run.stderr);
}

#[test]
fn a_stray_cell_far_away_is_named() {
    let rows = format!(
        "<sheetData>{}<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>",
        header()
    );
    refused(
        "d.xlsx",
        &xlsx(&rows, "<sst/>"),
        "error: d.xlsx: sheet `Sheet1` reaches over 1,048,576 rows and 16,384 columns, but only 5 of its cells hold \
         anything
  hint: delete what stands far away from the answers (cell XFD1048576?)
",
    );
}

#[test]
fn packages_that_lie_or_explode_are_refused() {
    const HINT: &str =
        "  hint: no spreadsheet program writes such a file; if you trust it, open it and save it anew\n";
    let rows = format!("<sheetData>{}</sheetData>", header());
    refused(
        "d.xlsx",
        &xlsx(&rows, "<sst uniqueCount=\"4000000000\"><si><t>a</t></si></sst>"),
        &format!("error: d.xlsx: the workbook says that it has 4,000,000,000 strings, and has 1\n{HINT}"),
    );
    let bomb =
        "<!DOCTYPE sst [<!ENTITY a \"xxxxxxxx\"><!ENTITY b \"&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    refused(
        "d.xlsx",
        &xlsx(&rows, bomb),
        &format!("error: d.xlsx: `xl/sharedStrings.xml` declares entities, which no workbook needs\n{HINT}"),
    );
    let long = format!("<sst><si><t>{}</t></si></sst>", "x".repeat(3 << 20));
    refused(
        "d.xlsx",
        &xlsx(&rows, &long),
        &format!(
            "error: d.xlsx: a text in `xl/sharedStrings.xml` is longer than 1 MiB; Excel has room for 32,767 \
             characters in a cell\n{HINT}"
        ),
    );
    let row = "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"A2\"><v>1</v></c></row>";
    refused(
        "d.xlsx",
        &xlsx(&format!("<sheetData>{}{row}</sheetData>", header()), "<sst/>"),
        &format!("error: d.xlsx: the cells of the sheet are out of order: cell A2 after B2\n{HINT}"),
    );
    let row = "<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>";
    refused(
        "d.xlsx",
        &xlsx(&format!("<sheetData>{}{row}</sheetData>", header()), "<sst/>"),
        &format!("error: d.xlsx: the workbook has a cell `XFE2`, which no sheet has\n{HINT}"),
    );
    // The list of parts says that the sheet has 3 GB.
    let mut lies = xlsx(&rows, "<sst/>");
    let name = b"xl/worksheets/sheet1.xml";
    let last = lies.windows(name.len()).rposition(|bytes| bytes == name).expect("the sheet");
    lies[last - 22..last - 18].copy_from_slice(&3_000_000_000_u32.to_le_bytes());
    refused(
        "d.xlsx",
        &lies,
        "error: d.xlsx: `xl/worksheets/sheet1.xml` of the workbook is larger than 2,048 MiB
  hint: save the sheet as CSV (UTF-8): of that any size is read
",
    );
    // And that it has 100 MB, packed into some hundred bytes.
    lies[last - 22..last - 18].copy_from_slice(&100_000_000_u32.to_le_bytes());
    let run = tab("d.xlsx", &lies, &[]);
    assert!(run.stderr.contains("unpacks to more than 200 times its"), "{}", run.stderr);
    assert_eq!(run.code, 1);
}

/// An OpenDocument spreadsheet with these rows in a table.
fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Sheet1\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    let manifest =
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    package(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
        ("META-INF/manifest.xml", manifest),
    ])
}

fn open_cells(cells: &[&str]) -> String {
    let cell = |text: &&str| match text.parse::<f64>() {
        Ok(number) => format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>"),
        Err(_) if text.is_empty() => "<table:table-cell></table:table-cell>".to_string(),
        Err(_) => {
            format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
            )
        }
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

#[test]
fn an_open_document_gives_the_tables_of_its_csv() {
    let rows: String = [
        ["id", "q1", "hours", "day"],
        ["1", "賛成", "2.5", "2016-11-10"],
        ["2", "反対", "0.3", "2016-11-11"],
        ["3", "反対", "", ""],
    ]
    .iter()
    .map(|cells| open_cells(cells))
    .collect();
    as_the_csv(&tab("d.ods", &ods(&rows), &[]));
}

#[test]
fn an_open_document_that_repeats_itself_is_refused() {
    let repeated = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
                    table:number-columns-repeated=\"16000\" office:value-type=\"float\" office:value=\"1\"/>\
                    </table:table-row>";
    let rows = format!("{}{repeated}", open_cells(&["id", "q1", "hours", "day"]));
    refused(
        "d.ods",
        &ods(&rows),
        "error: d.ods: the sheets up to `Sheet1` have 16,000,016,000 cells, expected at most 4,000,000
  hint: save it as xlsx, or the sheet as CSV (UTF-8): of those any size is read
",
    );
}

#[test]
fn a_workbook_with_a_password_is_said_to_have_one() {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let data = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 504], &name].concat();
    refused(
        "d.xlsx",
        &data,
        "error: d.xlsx: the workbook is protected by a password
  hint: open it with its password and save it without one, or save the sheet as CSV (UTF-8)
",
    );
}

#[test]
fn a_study_names_its_sheet() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("メモ").expect("a name");
    answers(book.add_worksheet().set_name("回答").expect("a name"));
    let data = bytes(book);
    let study = |sheet: &str| {
        format!(
            "[study]\nschema = \"s.toml\"\ndata = \"d.xlsx\"\n{sheet}\n[[tables]]\nid = \"gt\"\nrows = \"q1\"\n"
        )
    };
    let run = |sheet: &str| {
        let program =
            Program::new().file("s.toml", SCHEMA).file("d.xlsx", &data).file("t.toml", study(sheet));
        program.run(&["report", "t.toml", "--out", "out"])
    };
    for sheet in ["sheet = \"回答\"", "sheet = 2"] {
        let run = run(sheet);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    let run = run("sheet = 0");
    assert!(run.stderr.contains("expected a number from 1 on for `sheet`"), "{}", run.stderr);
}
