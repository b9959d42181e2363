//! Drafts of schemas: they load, their tables are right, and what respondents wrote is not in them.

use std::collections::HashMap;
use std::path::Path;

use renkei::diag::Quiet;
use renkei::frame::{Codes, Dataset, ReadOptions, Replies, read};
use renkei::schema::{Kind, Origin, Question, QuestionIndex, Survey, code_key, load, matching_key};

use crate::cli::{Program, repository};

/// Counts of a question's replies: codes of options and missing codes, or values of numbers.
fn counts(survey: &Survey, dataset: &Dataset, index: QuestionIndex) -> HashMap<String, u64> {
    let question = &survey.questions[index];
    let mut counts: HashMap<String, u64> = HashMap::new();
    let mut add = |key: String| *counts.entry(key).or_default() += 1;
    let decimals = dataset.decimals_of(index);
    for block in &dataset.blocks {
        match block.replies[index].as_ref().expect("replies") {
            Replies::Single(codes) => {
                let all: Vec<usize> = match codes {
                    Codes::U8(codes) => codes.iter().map(|&code| code.into()).collect(),
                    Codes::U16(codes) => codes.iter().map(|&code| code.into()).collect(),
                };
                all.into_iter().filter_map(|code| spelled(question, code)).for_each(&mut add);
            }
            Replies::Multi { octets, .. } => {
                for option in 0..question.options.len() {
                    let column = &octets[option / 8];
                    let selected = column.iter().filter(|octet| **octet >> (option % 8) & 1 == 1);
                    let key = code_key(&question.options[option].code);
                    selected.for_each(|_| add(key.clone()));
                }
            }
            Replies::Number(number) => {
                for (value, state) in number.values.iter().zip(&number.states) {
                    if *state == 0 {
                        add(renkei::schema::written((*value, decimals)));
                    }
                }
            }
            Replies::Text(states) => {
                states.iter().filter(|state| **state == 0).for_each(|_| add("words".into()))
            }
        }
    }
    counts
}

/// The code of an option or a missing code; a blank has none.
fn spelled(question: &Question, code: usize) -> Option<String> {
    let options = question.options.len();
    match code {
        code if code < options => Some(code_key(&question.options[code].code)),
        code if code > options => {
            question.missing.get(code - options - 1).map(|missing| code_key(&missing.code))
        }
        _ => None,
    }
}

fn read_with(survey: &Survey, data: &Path, header_rows: usize) -> Dataset {
    let all: Vec<QuestionIndex> = (0..survey.questions.len()).collect();
    let options = ReadOptions { threads: 1, header_rows, ..ReadOptions::default() };
    read(data, survey, &all, &options, &Quiet)
        .unwrap_or_else(|failure| panic!("{}: {failure}", data.display()))
}

fn drafted(data: &Path, header_rows: usize) -> (String, Survey) {
    let options = ReadOptions { header_rows, ..ReadOptions::default() };
    let draft = renkei::draft::draft(data, &options).unwrap_or_else(|failure| panic!("{failure}")).value;
    let survey = load("draft.toml", &draft.schema);
    let survey = survey.unwrap_or_else(|errors| {
        let told: String = errors.iter().map(|error| error.render(false)).collect();
        panic!("{told}\n{}", draft.schema)
    });
    assert!(survey.warnings.is_empty(), "{:?}", survey.warnings);
    (draft.schema, survey.value)
}

/// Labels of the real schema by code, to compare a draft of words with it.
fn as_codes(question: &Question, counts: HashMap<String, u64>, draft: &Question) -> HashMap<String, u64> {
    let spelling = question.spellings();
    let of_draft: HashMap<String, &str> =
        draft.options.iter().map(|option| (code_key(&option.code), option.label.as_str())).collect();
    let mut found: HashMap<String, u64> = HashMap::new();
    for (code, count) in counts {
        let label = of_draft.get(&code).copied().unwrap_or(&code);
        let place = spelling.code(label).or_else(|| spelling.label(label));
        let options = question.options.len();
        // A code of 非該当 is an answer in the draft, which nobody has told it.
        if place.is_some_and(|place| place >= options + question.missing.len()) {
            continue;
        }
        let key = place.and_then(|place| match place {
            place if place < options => Some(code_key(&question.options[place].code)),
            place => question.missing.get(place - options).map(|missing| code_key(&missing.code)),
        });
        *found.entry(key.unwrap_or(code)).or_default() += count;
    }
    found
}

/// Compares every question of a schema with the draft's of the same column; gives how many were compared.
fn compare(schema: &str, data: &str) -> (usize, Vec<String>) {
    let path = repository(&format!("schemas/{schema}.toml"));
    let text = std::fs::read_to_string(&path).expect("a schema");
    let real = load(&path, &text).unwrap_or_else(|_| panic!("{path}")).value;
    let data = repository(&format!("data-samples/{data}.csv"));
    let data = Path::new(&data);
    let (_, draft) = drafted(data, 0);
    let (of_real, of_draft) = (read_with(&real, data, 0), read_with(&draft, data, 0));
    let (mut compared, mut differing) = (0, Vec::new());
    for (index, question) in real.questions.iter().enumerate() {
        let (column, kind) = match &question.origin {
            Origin::Column(column) => (column.clone(), question.kind),
            Origin::Columns { columns, .. } => (columns[0].clone(), question.kind),
            Origin::Packed { column, .. } => (column.clone(), question.kind),
            _ => continue,
        };
        let overridden = of_real.answered_not_asked.iter().any(|(own, _)| *own == index);
        if kind == Kind::Text || kind == Kind::Date || overridden || Some(&column) == real.respondent.as_ref()
        {
            continue;
        }
        let own =
            draft.questions.iter().position(|question| question.origin.columns().first() == Some(&column));
        let Some(own) = own else {
            differing.push(format!("{schema}: {} is not in the draft", question.id));
            continue;
        };
        let found = counts(&draft, &of_draft, own);
        let found = if draft.questions[own].options.is_empty() {
            found
        } else {
            as_codes(question, found, &draft.questions[own])
        };
        let mut expected = counts(&real, &of_real, index);
        // Options that nobody chose are in no file; in a column for each, missing codes are no mentions.
        expected.retain(|_, count| *count > 0);
        if kind == Kind::Multi {
            let options: Vec<String> = question.options.iter().map(|option| code_key(&option.code)).collect();
            expected.retain(|code, _| options.contains(code));
        }
        if found != expected {
            differing.push(format!("{schema}: {} {:?}: {found:?}, expected {expected:?}", question.id, kind));
        }
        compared += 1;
    }
    (compared, differing)
}

/// The samples whose schemas are of the same names, and read every column as it stands.
const SAMPLES: [(&str, &str); 16] = [
    ("care-manager-2016", "care-manager-2016"),
    ("care-manager-2017", "care-manager-2017"),
    ("derived", "derived"),
    ("eight-initiatives-2015", "eight-initiatives-2015"),
    ("every-kind", "every-kind"),
    ("follow-up", "follow-up"),
    ("guidebook-indicators", "guidebook-indicators"),
    ("kuwana-2019", "kuwana-2019"),
    ("limited-options", "limited-options"),
    ("missed-cases", "missed-cases"),
    ("municipal-progress-r3", "municipal-progress-r3"),
    ("municipalities", "municipalities"),
    ("ratios", "ratios"),
    ("routing", "routing"),
    ("scale", "scale"),
    ("weighting", "weighting"),
];

#[test]
fn drafts_of_the_samples_have_the_counts_of_their_schemas() {
    let (mut compared, mut differing) = (0, Vec::new());
    for (schema, data) in SAMPLES {
        let (count, more) = compare(schema, data);
        compared += count;
        differing.extend(more);
    }
    assert!(differing.is_empty(), "{compared} compared\n{}", differing.join("\n"));
    assert!(compared > 150, "{compared}");
}

#[test]
fn every_sample_has_a_draft_that_loads_and_makes_tables() {
    for entry in std::fs::read_dir(repository("data-samples")).expect("samples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            let (_, survey) = drafted(&path, 0);
            read_with(&survey, &path, 0);
        }
    }
}

const FORM: &str = "タイムスタンプ,メールアドレス,Q1. 仕事に満足していますか。,お住まいの都道府県,年代,使っているもの（いくつでも）,勤続年数,ご意見をお書きください\n";

fn form() -> String {
    let rows = [
        ("満足", "東京都", "30代", "電話;FAX", "3", "会議が多い、と思う"),
        ("やや満足", "島根県", "20代", "FAX", "12", ""),
        ("どちらともいえない", "東京都", "40代", "電話;メール", "無回答", "秘密のこと"),
        ("満足", "大阪府", "30代", "メール", "7", ""),
        ("不満", "島根県", "20代", "電話", "99", "特にない"),
        ("やや不満", "東京都", "40代", "電話;FAX;メール", "1", ""),
        ("やや満足", "東京都", "30代", "FAX;メール", "", "特にない"),
        ("満足", "大阪府", "20代", "電話", "5", ""),
    ];
    let row = |(number, (a, b, c, d, e, f)): (usize, &(&str, &str, &str, &str, &str, &str))| {
        format!("2026/11/{} 9:05:00,person{number}@example.jp,{a},{b},{c},{d},{e},{f}\n", number + 1)
    };
    let lines: String = std::iter::repeat_n(rows, 3)
        .flatten()
        .enumerate()
        .map(|(number, values)| row((number, &values)))
        .collect();
    format!("{FORM}{lines}")
}

#[test]
fn a_form_is_drafted_with_reasons_and_without_words_of_respondents() {
    let program = Program::new().file("form.csv", form());
    let run = program.run(&["init", "form.csv"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    for secret in ["秘密", "会議が多い", "person1", "特にない"] {
        assert!(!run.stdout.contains(secret), "{}", run.stdout);
    }
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_draft_replaces_nothing_and_says_what_to_do_next() {
    let program = Program::new().file("form.csv", form());
    let run = program.run(&["init", "form.csv", "--out", "made"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stderr);
    let run = program.run(&["tab", "--schema", "made/schema.toml", "form.csv", "--rows", "q1"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = program.run(&["report", "made/study.toml", "--out", "report"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let before = std::fs::read_to_string(program.path("made/schema.toml")).expect("the schema");
    std::fs::remove_file(program.path("made/study.toml")).expect("the study");
    let run = program.run(&["init", "form.csv", "--out", "made"]);
    let expected = "error: made/schema.toml: the file is there already, and a draft replaces nothing\n  hint: name another folder, or move the file away\n";
    assert_eq!((run.code, run.stderr.as_str()), (1, expected));
    assert!(!program.path("made/study.toml").exists());
    assert_eq!(std::fs::read_to_string(program.path("made/schema.toml")).expect("the schema"), before);
}

#[test]
fn two_rows_of_header_are_options_under_questions() {
    let head = "Respondent ID,Email Address,満足度,使っているもの,,,その他のご意見\n,,Response,電話,FAX,メール,Open-Ended Response\n";
    let rows: String = (1..=9)
        .map(|id| {
            let mark =
                |every: usize, word: &str| if id % every == 0 { word.to_string() } else { String::new() };
            let word = ["満足", "不満", "どちらともいえない"][id % 3];
            format!(
                "{id},a{id}@example.jp,{word},{},{},{},言葉{id}\n",
                mark(1, "電話"),
                mark(2, "FAX"),
                mark(3, "メール")
            )
        })
        .collect();
    let program = Program::new().file("d.csv", format!("{head}{rows}"));
    let run = program.run(&["init", "d.csv", "--out", "."]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let request = ["--header-rows", "2", "--rows", "all", "--cell", "count"];
    let run = program.run(&[&["tab", "--schema", "schema.toml", "d.csv"], &request[..]].concat());
    assert_eq!(run.code, 0, "{}", run.stderr);
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    let program = Program::new()
        .file("empty.csv", "")
        .file("header.csv", "id,q1\n")
        .file("numbers.csv", "1,2\n3,4\n")
        .file("quote.csv", "id,q1\n1,\"a\n");
    let refused = |file: &str| {
        let run = program.run(&["init", file]);
        assert_eq!(run.code, 1, "{}", run.stdout);
        run.stderr
    };
    assert_eq!(
        refused("empty.csv"),
        "error: empty.csv: expected a header and respondents, found an empty file\n"
    );
    assert_eq!(
        refused("header.csv"),
        "error: header.csv: expected respondents, found only a header\n  hint: a draft is made from answers\n"
    );
    assert_eq!(
        refused("numbers.csv"),
        "error: numbers.csv: expected a header with names of columns, found none\n  hint: where lines stand above the header, say `--skip`\n"
    );
    assert!(refused("quote.csv").starts_with("error: quote.csv:2: "), "{}", refused("quote.csv"));
}

#[test]
fn matching_keys_are_not_lost_on_the_way() {
    // Widths do not make two options of one.
    let data = "id,a\n1,２０代\n2,20代\n3,30代\n4,20代\n5,30代\n6,３０代\n";
    let program = Program::new().file("d.csv", data);
    let run = program.run(&["init", "d.csv"]);
    assert_eq!(run.stdout.matches("{ code").count(), 2, "{}", run.stdout);
    assert_eq!(matching_key("２０代"), "20代");
}
