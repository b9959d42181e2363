//! Pages for print: what other programs find in a PDF.

use std::path::Path;
use std::process::Command;

use super::{answers, skipped};
use crate::cli::{Program, repository};

/// Whether there are a font to make a PDF with and the programs to look at it; says what is missing.
fn lacking(test: &str) -> bool {
    let missing = match renkei::render::Typeface::of_system() {
        None => Some("a Japanese font (fonts-noto-cjk)"),
        Some(_) if !answers("pdftotext", &["-v"]) => Some("pdftotext (poppler-utils)"),
        Some(_) => None,
    };
    missing.inspect(|missing| skipped(test, missing)).is_some()
}

fn told(program: &str, arguments: &[&str], path: &Path, more: &[&str]) -> String {
    let output = Command::new(program).args(arguments).arg(path).args(more).output().expect(program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The text of each page.
pub(super) fn pages(path: &Path) -> Vec<String> {
    let text = told("pdftotext", &["-layout"], path, &["-"]);
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_string).collect();
    assert_eq!(pages.pop().as_deref(), Some(""), "a page ends with a form feed");
    pages
}

/// Every number in a text, sorted: a table may be read by columns.
pub(super) fn numbers(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let runs = text.split(|c: char| !part(c)).map(|run| run.trim_matches(['.', ',']));
    let mut numbers: Vec<String> = runs.filter(|run| !run.is_empty()).map(str::to_string).collect();
    numbers.sort();
    numbers
}

/// The page's words without what is said to those who do not see its charts.
fn words_of_page(html: &str) -> String {
    let page = crate::study_pages::parse(html);
    let told: Vec<String> = ["title", "desc"]
        .iter()
        .flat_map(|name| page.named("svg").into_iter().flat_map(|svg| svg.named(name)).collect::<Vec<_>>())
        .map(|node| node.text.clone())
        .collect();
    let mut texts = Vec::new();
    leaves(&page, &mut texts);
    texts.retain(|text| !told.contains(text));
    texts.join("\n")
}

fn leaves(node: &crate::study_pages::Node, texts: &mut Vec<String>) {
    match node.name.as_str() {
        // Details are the figures of a chart once more, which are folded away and not printed.
        "head" | "script" | "title" | "desc" | "details" => {}
        _ if node.inside.is_empty() => texts.push(node.text.clone()),
        // The words between elements belong to a paragraph as a whole.
        "p" | "h1" | "h2" | "h3" | "h4" | "li" | "td" | "th" | "dd" | "dt" => texts.push(node.text.clone()),
        _ => node.inside.iter().for_each(|inner| leaves(inner, texts)),
    }
}

#[test]
fn a_report_as_pdf_says_what_the_page_says_with_every_number() {
    let test = "a_report_as_pdf_says_what_the_page_says_with_every_number";
    if lacking(test) {
        return;
    }
    let program = Program::new();
    let study = repository("examples/care-manager-2016/study.toml");
    let make = |out: &str| {
        let run = program.run(&["report", &study, "--out", out, "--only", "pdf,html"]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        std::fs::read(program.path(out).join("report.pdf")).expect("pages")
    };
    let (one, two) = (make("one"), make("two"));
    assert!(one == two, "the same input gives other bytes");
    assert!(one.windows(9).any(|part| part == b"/Outlines"), "no bookmarks");
    let path = program.path("one/report.pdf");
    let pages = pages(&path);
    // In the order of the page, folios at the foot.
    let whole = pages.concat();
    let mut at = 0;
    for mark in [
        "2016年11月24日",
        "News Release",
        "ケアマネジャーの4割が",
        "（抜粋）】",
        "調査結果1．",
        "◆考察",
        "調査結果2．",
        "調査結果10．",
        "（個別回答抜粋）",
        "【調査概要】",
        "【「ケアマネドットコム」とは】",
        "※ 模擬データ",
    ] {
        let found = whole[at..].find(mark);
        at += found.unwrap_or_else(|| panic!("{mark} is not where it belongs"));
    }
    let mut folios = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let folio = page.trim_end().lines().last().unwrap_or("").split_whitespace().collect::<String>();
        assert_eq!(folio, format!("{}/{}", at + 1, pages.len()));
        folios.extend([(at + 1).to_string(), pages.len().to_string()]);
    }
    // The page's numbers are those of the tables, which other tests see to.
    let html = std::fs::read_to_string(program.path("one/report.html")).expect("the page");
    let mut expected = numbers(&words_of_page(&html));
    expected.extend(folios);
    expected.sort();
    assert!(expected.len() > 200);
    assert_eq!(numbers(&whole), expected);
    // One font, in the file, of it what is needed.
    let fonts = told("pdffonts", &[], &path, &[]);
    let font: Vec<&str> = fonts.lines().nth(2).expect("a font").split_whitespace().collect();
    assert_eq!(
        (fonts.lines().count(), &font[font.len() - 5..font.len() - 2]),
        (3, &["yes", "yes", "yes"][..]),
        "{fonts}"
    );
    let manifest = std::fs::read_to_string(program.path("one/manifest.json")).expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
    let family = renkei::render::Typeface::of_system().expect("a font").family;
    assert_eq!(manifest["font"], family);
}

#[test]
fn a_long_table_has_its_head_on_every_page_and_a_short_one_is_not_cut() {
    let test = "a_long_table_has_its_head_on_every_page_and_a_short_one_is_not_cut";
    if lacking(test) {
        return;
    }
    let options = |count: u32, word: &str| {
        let options = (1..=count).map(|code| format!("{{ code = {code}, label = \"{word}{code}番\" }}"));
        options.collect::<Vec<_>>().join(", ")
    };
    let schema = format!(
        "[survey]\nid = \"t\"\ntitle = \"t\"\n[[question]]\nid = \"long\"\ntext = \"長い設問\"\nkind = \"single\"\noptions = [{}]\n\
         [[question]]\nid = \"wide\"\ntext = \"広い設問\"\nkind = \"single\"\noptions = [{}]\n",
        options(90, "行"),
        options(40, "列")
    );
    let data: String = (0..360).map(|at| format!("{},{}\n", at % 90 + 1, at % 40 + 1)).collect();
    let study = "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n[report]\ntitle = \"表\"\n\
                 [[report.sections]]\nheadline = \"長い\"\nrows = \"long\"\ntable = true\nchart = false\n\
                 [[report.sections]]\nheadline = \"短い\"\nrows = \"wide\"\ntable = true\nchart = false\n\
                 [[report.sections]]\nheadline = \"広い\"\nrows = \"wide\"\ncols = \"wide\"\ntable = true\nchart = false\n";
    let program = Program::new()
        .file("s.toml", schema)
        .file("d.csv", format!("long,wide\n{data}"))
        .file("study.toml", study);
    let run = program.run(&["report", "study.toml", "--out", "out", "--only", "pdf"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let pages = pages(&program.path("out/report.pdf"));
    let rows =
        |page: &str, word: &str| page.lines().filter(|line| line.trim_start().starts_with(word)).count();
    let long: Vec<&String> = pages.iter().filter(|page| rows(page, "行") > 0).collect();
    assert!(long.len() > 1, "{} pages", long.len());
    assert_eq!(long.iter().map(|page| rows(page, "行")).sum::<usize>(), 90);
    for page in &long {
        assert!(page.contains("選択肢"), "the head is missing: {page}");
    }
    // Forty columns do not fit: they stand below one another, each part with the labels of the rows.
    let crossed: Vec<&String> = pages.iter().filter(|page| page.contains("列40番")).collect();
    assert!(!crossed.is_empty());
    let numbers = numbers(&pages.concat()).iter().filter(|number| number.as_str() == "100.0").count();
    assert!(numbers >= 40, "each column has its own row at 100 %: {numbers}");
}

#[test]
fn a_report_that_the_font_cannot_set_is_told_and_the_rest_is_made() {
    let test = "a_report_that_the_font_cannot_set_is_told_and_the_rest_is_made";
    if lacking(test) {
        return;
    }
    let program = Program::small().file(
        "study.toml",
        "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\n[report]\ntitle = \"笑顔😀\"\n\
         [[report.sections]]\nheadline = \"賛否\"\nrows = \"q1\"\n",
    );
    let family = renkei::render::Typeface::of_system().expect("a font").family;
    let told = |kind: &str, place: &str| {
        format!(
            "{kind}: {place}the report has characters that the font `{family}` lacks: `😀` (U+1F600)\n  \
             hint: give a font that has them with `--font` (Debian: `apt-get install fonts-noto-cjk`), or leave the PDF out with `--only`\n"
        )
    };
    let run = program.run(&["report", "study.toml", "--out", "out"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains(&told("warning", "out/report.pdf: ")), "{}", run.stderr);
    assert!(program.path("out/report.html").exists() && !program.path("out/report.pdf").exists());
    let run = program.run(&["report", "study.toml", "--out", "alone", "--only", "pdf"]);
    assert_eq!((run.code, run.stderr), (1, told("error", "")));
    assert!(!program.path("alone").exists());
    // A font that is none.
    let run = program.run(&["report", "study.toml", "--out", "alone", "--font", "d.csv"]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "error: d.csv: expected a font (TTF, OTF, TTC), found something else\n");
}

#[test]
fn a_deck_as_pdf_has_a_page_for_each_slide_with_its_words_and_numbers() {
    let test = "a_deck_as_pdf_has_a_page_for_each_slide_with_its_words_and_numbers";
    if lacking(test) {
        return;
    }
    let slides = "footer = \"脚注\"\n[[deck.slides]]\nnumber = \"1\"\nheadline = \"賛否\"\nrows = \"q1\"\nmessage = { say = \"q1\" }\n\
                  [[deck.slides]]\nheadline = \"ふたつ\"\nrows = [\"q1\", \"q2\"]\nnotes = [\"注\"]\n\
                  [[deck.slides]]\nheadline = \"まとめ\"\ntext = [\"これで終わり。\"]\n";
    for (size, points) in [("16:9", "960 x 540 pts"), ("a4", "841.89 x 595.276 pts (A4)")] {
        let program = crate::decks::small("smallest = 2", &format!("size = \"{size}\"\n{slides}"));
        let run = program.run(&["deck", "study.toml", "--group", "area=1", "--out", "o.pdf"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        let again = program.run(&["deck", "study.toml", "--group", "area=1", "--out", "again.pdf"]);
        assert_eq!(again.code, 0);
        let bytes = |name: &str| std::fs::read(program.path(name)).expect("pages");
        assert!(bytes("o.pdf") == bytes("again.pdf"), "the same input gives other bytes");
        let info = told("pdfinfo", &[], &program.path("o.pdf"), &[]);
        assert!(info.contains(&format!("Page size:       {points}")), "{info}");
        let pages = pages(&program.path("o.pdf"));
        assert_eq!(pages.len(), 4);
        for (page, words) in
            [(1, "賛否"), (1, "「賛成」との回答が66.7％"), (2, "ふたつ"), (2, "※ 注"), (3, "これで終わり。")]
        {
            assert!(bare(&pages[page]).contains(&bare(words)), "{words}: {}", pages[page]);
        }
        // The group's and the nation's bars, and n of both.
        for number in ["66.7", "33.3", "57.1", "42.9", "3", "7"] {
            assert!(numbers(&pages[1]).iter().any(|known| known == number), "{number}: {}", pages[1]);
        }
        assert!(pages[1..].iter().all(|page| page.contains("脚注")));
    }
}

/// A text without its spaces, which a page has where lines and full-width signs leave some.
fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn hostile_words_are_words_on_pages_of_a_deck() {
    let test = "hostile_words_are_words_on_pages_of_a_deck";
    if lacking(test) {
        return;
    }
    let slide = "[[deck.slides]]\nheadline = \"<script>alert(1)</script>\"\nrows = \"q1\"\nnotes = [\"]]> & </svg>\"]\n";
    let program = crate::decks::small("smallest = 2", slide);
    let run = program.run(&["deck", "study.toml", "--group", "area=1", "--out", "o.pdf"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let pages = pages(&program.path("o.pdf"));
    for words in ["<script>alert(1)</script>", "※ ]]> & </svg>"] {
        assert!(bare(&pages[1]).contains(&bare(words)), "{words}: {}", pages[1]);
    }
}
