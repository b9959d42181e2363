//! A survey whose every word is an attack, through every output of a study: each is parsed as its reader would.

use crate::cli::{Program, Run, tree};
use crate::pptx::package::{Parts, elements, unzip};
use crate::study_pages::parse;

/// Labels of the options, which are groups of a batch as well.
const WORDS: [&str; 10] = [
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "</title></svg><img src=x onerror=alert(1)>",
    "]]> --> */ </style>",
    "\" onmouseover=\"alert(1)",
    "../../etc/passwd",
    "C:\\nul\\..\\con",
    "_x0041_ &amp; &#x41;",
    "\u{202E}fdp.exe\u{1b}[31m",
    "{{group}} ${HOME} %s %n",
];

fn program() -> Program {
    let quoted = |text: &str| serde_json::to_string(text).expect("a string");
    let options =
        WORDS.iter().zip(1..).map(|(label, code)| format!("{{ code = {code}, label = {} }}", quoted(label)));
    let options = options.collect::<Vec<_>>().join(", ");
    let question = |id: &str, words: &str| {
        let words = quoted(words);
        format!(
            "[[question]]\nid = \"{id}\"\nsection = {words}\ntext = {words}\nkind = \"single\"\noptions = [{options}]\n"
        )
    };
    let multi = format!(
        "[[question]]\nid = \"m\"\ntext = {0}\nkind = \"multi\"\npacked = {{ column = \"m\", separator = \";\" }}\noptions = [{options}]\n",
        quoted(WORDS[0])
    );
    let title = quoted(WORDS[1]);
    let schema = format!(
        "[survey]\nid = \"h\"\ntitle = {title}\nnote = {title}\n{}{}{multi}",
        question("q1", WORDS[2]),
        question("q2", WORDS[3])
    );
    let study = format!(
        "[study]\nschema = \"s.toml\"\ndata = \"d.csv\"\nsmallest = 1\n\
         [[tables]]\nid = \"gt\"\ntitle = {title}\nrows = \"all\"\n\
         [[tables]]\nid = \"x\"\ntitle = {0}\nrows = \"all\"\ncols = \"q2\"\n\
         [report]\ntitle = {title}\npublisher = {0}\nlead = [{1}]\n\
         [[report.sections]]\nheadline = {0}\nrows = \"q1\"\ncols = \"q2\"\ntable = true\nview = {1}\n\
         [[report.sections]]\nheadline = {title}\nrows = \"m\"\n\
         [deck]\ntitle = \"<b>{{group}}</b>\"\nfooter = {title}\n\
         [[deck.slides]]\nheadline = {title}\nmessage = {0}\nrows = \"q1\"\nnotes = [{1}]\n\
         [[deck.slides]]\nheadline = {0}\nrows = \"m\"\n",
        quoted(WORDS[2]),
        quoted(WORDS[4]),
    );
    let rows =
        (0..60).map(|at| format!("{},{},{};{}\n", at % 10 + 1, at % 7 + 1, at % 10 + 1, (at + 3) % 10 + 1));
    let data = format!("q1,q2,m\n{}", rows.map(|row| row.replace(";;", ";")).collect::<String>());
    Program::new().file("s.toml", schema).file("d.csv", data).file("study.toml", study)
}

fn done(run: &Run) {
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(!run.stderr.contains(['\u{1b}', '\u{202E}']), "{:?}", run.stderr);
}

/// Every XML part is well-formed, nothing leads out of the package, and no cell is a formula.
fn package(name: &str, bytes: &[u8]) -> Parts {
    let (parts, _) = unzip(bytes);
    for (part, bytes) in &parts {
        if part.ends_with(".xlsx") {
            package(&format!("{name}/{part}"), bytes);
        }
        if !part.ends_with(".xml") && !part.ends_with(".rels") {
            continue;
        }
        for element in elements(&format!("{name}/{part}"), bytes) {
            assert!(element.get("TargetMode") != "External", "{name}/{part} leads out: {element:?}");
            // Charts refer to cells by formulas of their own; cells have none.
            assert!(!(part.contains("worksheets/") && element.is("f")), "{name}/{part}: {element:?}");
            assert!(!element.is("script") && !element.is("img"), "{name}/{part}: {element:?}");
        }
    }
    parts
}

fn text(parts: &Parts, starting: &str) -> String {
    let of = parts.iter().filter(|(part, _)| part.starts_with(starting) && part.ends_with(".xml"));
    of.flat_map(|(part, bytes)| elements(part, bytes))
        .map(|element| element.text)
        .collect::<Vec<_>>()
        .join("\n")
}

/// What a reader sees of the words: characters that are not seen are written out.
fn seen(words: &str) -> String {
    renkei::diag::visible(words)
}

#[test]
fn every_output_of_a_study_has_hostile_words_as_words() {
    let program = program();
    done(&program.run(&["report", "study.toml", "--out", "out"]));
    let files = tree(&program.path("out"));
    let mut looked_at = Vec::new();
    for (name, bytes) in &files {
        let text_of = || std::str::from_utf8(bytes).expect("UTF-8");
        match name.rsplit('.').next().expect("an ending") {
            "html" => {
                let page = parse(text_of());
                let scripts = usize::from(name == "tables.html");
                assert_eq!((page.named("script").len(), page.named("img").len()), (scripts, 0), "{name}");
                let armed = page.all().into_iter().flat_map(|node| node.attributes.keys());
                assert!(!armed.into_iter().any(|key| key.starts_with("on")), "{name}");
                for words in WORDS {
                    assert!(page.text.contains(&seen(words)), "{name}: {words:?}");
                }
            }
            "svg" => {
                let all = elements(name, bytes);
                assert!(
                    !all.iter().any(|one| one.is("script") || one.is("img") || one.is("foreignObject")),
                    "{name}"
                );
            }
            "xlsx" => {
                let strings = text(&package(name, bytes), "xl/sharedStrings");
                for words in WORDS.iter().filter(|words| !words.contains('\u{202E}')) {
                    assert!(strings.contains(words), "{name}: {words:?}");
                }
            }
            "docx" => assert!(text(&package(name, bytes), "word/document").contains(WORDS[4]), "{name}"),
            "csv" => {
                for cell in text_of().split([',', '\n']) {
                    let cell = cell.trim_start_matches(['\u{FEFF}', '"']);
                    assert!(!cell.starts_with(['=', '@']), "{name}: {cell:?} is a formula");
                }
            }
            "json" => _ = serde_json::from_slice::<serde_json::Value>(bytes).expect("JSON"),
            "md" => assert!(!text_of().contains("<script>") && !text_of().contains("<img"), "{name}"),
            "pdf" => assert!(bytes.starts_with(b"%PDF-") && !contains(bytes, b"/JavaScript"), "{name}"),
            other => panic!("a file that nothing looks at: {name} ({other})"),
        }
        // What is read on a terminal turns nothing of it on or off.
        if ["html", "svg", "md", "json", "csv"].iter().any(|ending| name.ends_with(ending)) {
            assert!(!bytes.contains(&0x1b), "{name} has an escape");
        }
        looked_at.push(name.rsplit('.').next().expect("an ending"));
    }
    for ending in ["html", "svg", "xlsx", "docx", "csv", "json", "md"] {
        assert!(looked_at.contains(&ending), "no {ending} was made");
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn hostile_groups_have_decks_under_names_of_our_own() {
    let program = program();
    let before = program.files();
    done(&program.run(&["batch", "study.toml", "--by", "q1", "--out", "decks"]));
    let mut after = program.files();
    after.retain(|name| name != "decks");
    assert_eq!(after, before, "something is written beside the folder");
    let files = tree(&program.path("decks"));
    let decks: Vec<&String> = files.keys().filter(|name| name.ends_with(".pptx")).collect();
    assert_eq!(decks.len(), WORDS.len(), "{decks:?}");
    for name in decks {
        assert!(
            !name.contains(['/', '\\', '<', '>', '"', ':', '|', '?', '*', '\u{202E}', '\u{1b}']),
            "{name:?}"
        );
        let parts = package(name, &files[name]);
        let words = text(&parts, "ppt/slides/slide");
        assert!(words.contains(WORDS[1]) && words.contains(WORDS[2]), "{name}: {words}");
    }
    let index = parse(std::str::from_utf8(&files["index.html"]).expect("UTF-8"));
    assert!(index.named("script").is_empty() && index.named("img").is_empty());
    for words in WORDS {
        assert!(index.text.contains(&seen(words)), "{words:?}");
    }
}
