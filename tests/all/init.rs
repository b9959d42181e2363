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

/// Every export of one survey.
fn exports() -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(repository("data-samples/exports")).expect("exports");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    // The data of the Triple-S survey are read by its definition.
    paths.retain(|path| !path.ends_with("care-manager.csv"));
    paths.sort();
    assert!(paths.len() > 14, "{paths:?}");
    paths
}

#[test]
fn every_export_has_a_draft_that_loads_and_is_read() {
    for path in exports() {
        let (schema, survey) = drafted(&path, 0);
        assert!(survey.questions.len() > 10, "{}\n{schema}", path.display());
        read_with(&survey, &path, 0);
        // The words of その他, and of whoever wrote a remark.
        for words in ["記入（模擬）", "設問6は病院によって"] {
            assert!(!schema.contains(words), "{}\n{schema}", path.display());
        }
    }
}

/// A text with the hunks of a unified diff applied; `None`: they are of another text.
fn edited(text: &str, diff: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (mut made, mut at) = (Vec::new(), 0);
    for line in diff.lines().filter(|line| !line.starts_with("---") && !line.starts_with("+++")) {
        if let Some(hunk) = line.strip_prefix("@@ -") {
            let start: usize = hunk.split([',', ' ']).next()?.parse().ok()?;
            made.extend(lines.get(at..start.max(1) - 1)?);
            at = start.max(1) - 1;
        } else if let Some(added) = line.strip_prefix('+') {
            made.push(added);
        } else {
            let own = line.get(1..).unwrap_or_default();
            if lines.get(at) != Some(&own) {
                return None;
            }
            at += 1;
            if !line.starts_with('-') {
                made.push(own);
            }
        }
    }
    made.extend(lines.get(at..)?);
    Some(made.join("\n") + "\n")
}

/// What a person changes in the draft of each export to have the published tables, with the ids, codes and words of the
/// questionnaire: `tests/fixtures/init`.
#[test]
fn drafts_with_their_edits_give_the_published_tables() {
    let request = ["--rows", "all", "--cols", "q1,area,q3,q1>q4", "--format", "tidy"];
    let (schema, data) =
        (repository("schemas/care-manager-2016.toml"), repository("data-samples/care-manager-2016.csv"));
    let clean = Program::new().run(&[&["crosstab", "--schema", &schema, &data], &request[..]].concat());
    assert_eq!(clean.code, 0, "{}", clean.stderr);
    for path in exports() {
        let (draft, _) = drafted(&path, 0);
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let diff = repository(&format!("tests/fixtures/init/{name}.diff"));
        let diff = std::fs::read_to_string(&diff).unwrap_or_else(|error| panic!("{diff}: {error}"));
        let schema =
            edited(&draft, &diff).unwrap_or_else(|| panic!("{name}: the diff is of another draft:\n{draft}"));
        let program = Program::new().file("s.toml", schema);
        let path = path.display().to_string();
        let run = program.run(&[&["crosstab", "--schema", "s.toml", &path], &request[..]].concat());
        assert_eq!(run.code, 0, "{name}: {}", run.stderr);
        assert!(run.stdout == clean.stdout, "{name}: other tables");
    }
}

#[test]
fn what_one_respondent_wrote_is_never_an_option() {
    let secrets = ["隣の佐藤さんに反対された", "山田医院", "病気のため"];
    let rows = |free: bool| -> String {
        let cell = |id: usize| match (id % 10, free) {
            (9, true) => secrets[id / 10],
            (even, _) if even % 2 == 0 => "賛成",
            _ => "反対",
        };
        (0..30).map(|id| format!("2026/1/{} 9:00:00,{}\n", id % 28 + 1, cell(id))).collect()
    };
    let draft = |head: &str, free: bool| {
        let program = Program::new().file("d.csv", format!("{head}\n{}", rows(free)));
        let run = program.run(&["init", "d.csv", "--out", "."]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let schema = std::fs::read_to_string(program.path("schema.toml")).expect("a schema");
        for secret in secrets {
            assert!(!schema.contains(secret), "{schema}");
        }
        (program, schema)
    };
    // Google Forms writes what was typed for その他 among the answers.
    let (program, schema) = draft("タイムスタンプ,ご意向", true);
    assert!(schema.contains("label = \"その他\", other = true"), "{schema}");
    let run = program.run(&[
        "tab",
        "--schema",
        "schema.toml",
        "d.csv",
        "--rows",
        "q1",
        "--format",
        "tidy",
        "--measures",
        "n",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let other = run.stdout.lines().find(|line| line.contains("その他"));
    assert!(other.is_some_and(|line| line.contains(",n,3,")), "{}", run.stdout);
    // Elsewhere the column is a text, and a question where every answer comes again.
    let (_, schema) = draft("記入日,ご意向", true);
    assert!(schema.contains("kind = \"text\""), "{schema}");
    let (_, schema) = draft("記入日,ご意向", false);
    assert!(schema.contains("label = \"賛成\""), "{schema}");
    // A header that may ask for words decides, and the draft says so; one that offers answers does not.
    let (_, schema) = draft("記入日,反対の理由", false);
    assert!(schema.contains("# its values come again and again: if they are answers on offer"), "{schema}");
    assert!(schema.contains("kind = \"text\"") && !schema.contains("label"), "{schema}");
    let (_, schema) = draft("記入日,その理由（ひとつだけ）", false);
    assert!(schema.contains("label = \"賛成\""), "{schema}");
}

#[test]
fn what_a_file_tells_of_itself_is_in_its_draft() {
    let program = crate::conversion::program();
    for file in ["a.sav", "a.parquet", "t.sss"] {
        let run = program.run(&["convert", "--schema", "s.toml", "d.csv", "--out", file]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        let (schema, survey) = drafted(&program.path(file), 0);
        read_with(&survey, &program.path(file), 0);
        let question = |id: &str| {
            survey.questions.iter().find(|own| own.id == id).unwrap_or_else(|| panic!("{id}\n{schema}"))
        };
        let labels =
            |id: &str| -> Vec<&str> { question(id).options.iter().map(|own| own.label.as_str()).collect() };
        assert_eq!(survey.title, "図書館の調査（模擬データ）", "{file}");
        assert_eq!(question("sex").text, "あなたの性別をお答えください。");
        assert_eq!(
            (question("use").kind, labels("use")),
            (Kind::Multi, vec!["本", "席", "催し"]),
            "{file}\n{schema}"
        );
        assert_eq!(question("minutes").text, "滞在した時間（分）");
        if file == "t.sss" {
            // It has no missing values.
            assert_eq!(labels("sex"), ["男性", "女性, \"その他\"", "答えたくない", "無回答"]);
            continue;
        }
        assert_eq!(survey.weight.as_deref(), Some("w"));
        assert_eq!(labels("sex"), ["男性", "女性, \"その他\""]);
        let missing: Vec<&str> = question("sex").missing.iter().map(|own| own.label.as_str()).collect();
        assert_eq!(missing, ["答えたくない", "無回答"]);
        assert_eq!(labels("region"), ["北", "南西"]);
        assert_eq!(question("satisfaction").not_asked.len(), 1, "{schema}");
        assert_eq!((question("wish").kind, labels("wish").len()), (Kind::Rank, 3));
        assert_eq!(question("minutes").kind, Kind::Number);
        assert_eq!(question("visited").kind, Kind::Date);
        assert_eq!(question("comment").kind, Kind::Text);
    }
}

#[test]
fn columns_of_panels_are_put_together() {
    let head = "SAMPLEID,q1,q2c1,q2c2,q2c3,q2c3t,q3s1,q3s2,q4_1_1,q4_1_2,q5FA,q6_yn1,q6_yn2\n";
    let line = |id: usize| {
        let (yes, no) = (id % 2, (id + 1) % 2);
        let mark = |yes: usize| if yes == 1 { "Y" } else { "N" };
        let words = if id == 5 { "個人の言葉" } else { "" };
        format!(
            "{id},{},{yes},{no},{yes},{words},{},{},{yes},{no},{words},{},{}\n",
            id % 3 + 1,
            id % 4 + 1,
            id % 3 + 1,
            mark(yes),
            mark(no)
        )
    };
    let data: String = (1..=40).map(line).collect();
    let program = Program::new().file("d.csv", format!("{head}{data}"));
    let (schema, survey) = drafted(&program.path("d.csv"), 0);
    read_with(&survey, &program.path("d.csv"), 0);
    let kind = |id: &str| {
        let found = survey.questions.iter().find(|own| own.id == id);
        found.map(|own| (own.kind, own.options.len())).unwrap_or_else(|| panic!("{id}\n{schema}"))
    };
    assert_eq!(survey.respondent.as_deref(), Some("SAMPLEID"));
    assert_eq!(kind("q2"), (Kind::Multi, 3));
    assert_eq!(kind("q3").0, Kind::Grid, "{schema}");
    assert_eq!(kind("q4_1"), (Kind::Multi, 2));
    assert_eq!((kind("q2c3t").0, kind("q5FA").0), (Kind::Text, Kind::Text));
    assert_eq!(kind("q6"), (Kind::Multi, 2), "{schema}");
    assert!(!schema.contains("個人の言葉"), "{schema}");
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
