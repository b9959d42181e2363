//! Charts: what is drawn of the sample data, and what may never happen to any label.

use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use renkei::chart::{
    Category, ChartSpec, FAMILIES, Figure, Kind, MIN_WIDTH, Measure, Palette, Role, Scene, Series, Style,
    draw, svg,
};
use renkei::sheet::Language;
use renkei::stats::Ratio;
use renkei::tabulate::Shown;

use crate::cli::{Program, repository, run};

const PLAIN: Style = Style { width: 800, palette: Palette::Auto, hatched: false };

/// The elements of an SVG, with their text; that it is well-formed XML goes without saying.
fn elements(svg: &str) -> Vec<(String, String)> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut elements, mut open): (Vec<(String, String)>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => {
                open.push(elements.len());
                elements.push((start.name().as_ref().to_string(), String::new()));
            }
            Event::Empty(empty) => elements.push((empty.name().as_ref().to_string(), String::new())),
            Event::Text(text) => {
                if let Some(&place) = open.last() {
                    elements[place].1 += &text;
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(&place) = open.last() {
                    elements[place].1 += match &*reference {
                        "lt" => "<",
                        "gt" => ">",
                        "amp" => "&",
                        "quot" => "\"",
                        other => panic!("&{other};"),
                    };
                }
            }
            Event::End(_) => _ = open.pop(),
            Event::Eof => return elements,
            _ => {}
        }
    }
}

#[test]
fn the_gallery_is_what_its_commands_draw() {
    let gallery = std::fs::read_to_string(repository("docs/gallery.md")).expect("the gallery");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut drawn = Vec::new();
    for line in gallery.lines().filter_map(|line| line.strip_prefix("renkei ")) {
        let (arguments, out) = line.split_once(" --out ").expect("a file");
        let path = folder.path().join(Path::new(out).file_name().expect("a file"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_renkei"));
        command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments.split(' ')).arg("--out").arg(&path);
        let run = run(&mut command);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "`{line}`");
        let fresh = std::fs::read_to_string(&path).expect("a drawing");
        elements(&fresh);
        let committed = std::fs::read_to_string(repository(out)).expect("a committed drawing");
        assert!(fresh == committed, "{out} differs: look at it, then run docs/redraw-gallery");
        assert!(gallery.contains(&format!("]({})", out.trim_start_matches("docs/"))), "{out} is shown");
        drawn.push(line);
    }
    for (name, _) in Kind::ALL {
        let file = format!("--out docs/gallery/{name}.svg");
        assert!(drawn.iter().any(|line| line.ends_with(&file)), "{name} is in the gallery");
    }
}

#[test]
fn a_drawing_has_its_words_figures_and_a_description() {
    let program = Program::small();
    let run =
        program.run(&["chart", "--schema", "s.toml", "d.csv", "--rows", "q2", "--source", "出所 <A&B>"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let elements = elements(&run.stdout);
    let texts: Vec<&str> =
        elements.iter().filter(|(name, _)| name == "text").map(|(_, text)| text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "あてはまるもの",
            "0",
            "20",
            "40",
            "60",
            "80",
            "100%",
            "あ",
            "50.0",
            "い",
            "50.0",
            "無回答",
            "25.0",
            "n=4*　基数: 回答者全体（無回答を含む）　複数回答",
            "* は n が 30 未満のため参考値",
            "出典：出所 <A&B>",
        ]
    );
    let of = |name: &str| elements.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str());
    assert_eq!(of("title"), Some("あてはまるもの"));
    assert_eq!(
        of("desc"),
        Some(
            "あ: 50.0\nい: 50.0\n無回答: 25.0\nn=4*　基数: 回答者全体（無回答を含む）　複数回答\n* は n が 30 未満のため参考値"
        )
    );
    assert!(run.stdout.contains("role=\"img\" aria-labelledby=\"title desc\""));
}

#[test]
fn charts_of_all_questions_are_files_named_after_them() {
    let program = Program::small();
    let run = program.run(&["chart", "--schema", "s.toml", "d.csv", "--rows", "all", "--out", "charts"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let mut names: Vec<String> = std::fs::read_dir(program.path("charts"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    assert_eq!(names, ["q1.svg", "q2.svg"]);
}

fn category(label: &str, place: usize, n: Option<u64>) -> Category {
    Category {
        label: label.to_string(),
        code: Some((place + 1).to_string()),
        n,
        low_base: n.is_some_and(|n| n < 30),
        role: if place == 0 { Role::Total } else { Role::Group },
        highlight: place == 1,
    }
}

fn figure(tenths: i128) -> Shown<Figure> {
    match tenths % 13 {
        11 => Shown::Suppressed,
        12 => Shown::Undefined,
        _ => {
            let value = Ratio::new(tenths, 10).expect("a ratio");
            let label = renkei::sheet::round(value, 1);
            Shown::Value(Figure { value, label, difference: Ratio::new(tenths - 300, 10), range: None })
        }
    }
}

/// A chart of these labels: as many series as there are names, with these figures in turn.
fn spec(kind: Kind, labels: &[String], names: &[String], tenths: &[i128], n: Option<u64>) -> ChartSpec {
    let single = matches!(kind, Kind::Bar | Kind::Pie | Kind::Donut | Kind::Histogram | Kind::Map);
    let one_band = kind == Kind::Band;
    let labels = if one_band { &labels[..1] } else { labels };
    let names = match kind {
        _ if single => &names[..1],
        Kind::Pairs | Kind::Scatter => &names[..2],
        _ => names,
    };
    let parts = matches!(kind, Kind::Band | Kind::Bands | Kind::Likert);
    let share = if parts { names.len() as i128 } else { 1 };
    let series = names.iter().enumerate().map(|(index, name)| Series {
        name: name.clone(),
        code: None,
        n: n.filter(|_| !parts && !single),
        low_base: false,
        role: Role::Answer,
        highlight: false,
        side: [Some(1), Some(-1), Some(0), None][index % 4],
        values: (0..labels.len())
            .map(|place| match figure(tenths[(index * 7 + place) % tenths.len()]) {
                Shown::Value(known) => figure(Ratio::numerator(known.value) / share / 13 * 13),
                other => other,
            })
            .collect(),
    });
    ChartSpec {
        id: "q".into(),
        kind,
        title: labels.concat(),
        question: Some(names.concat()),
        categories: labels.iter().enumerate().map(|(place, label)| category(label, place, n)).collect(),
        series: series.collect(),
        measure: Measure::Percent,
        ordered: false,
        caption: vec![labels.concat()],
        source: Some(names[0].clone()),
        language: Language::Japanese,
    }
}

/// Whether every text is on the canvas and none over another.
fn in_order(scene: &Scene) -> Result<(), String> {
    for (place, text) in scene.texts.iter().enumerate() {
        let right = text.x + text.width;
        let bottom = text.y + text.height;
        if text.x < -0.01 || text.y < 0.0 || right > scene.width + 0.01 || bottom > scene.height {
            return Err(format!("off the canvas {}×{}: {text:?}", scene.width, scene.height));
        }
        if let Some(other) = scene.texts[place + 1..].iter().find(|other| other.overlaps(text)) {
            return Err(format!("{text:?} is under {other:?}"));
        }
    }
    Ok(())
}

fn label() -> impl Strategy<Value = String> {
    let characters = prop_oneof![
        6 => proptest::sample::select("在宅医療介護連携の推進にをはがっーャュ、。「」（）・〜％ｱﾞｶ１２𠮷髙".chars().collect::<Vec<_>>()),
        2 => proptest::sample::select("abWM 019.,-/%&<>\"'".chars().collect::<Vec<_>>()),
        1 => proptest::sample::select("\u{202E}\u{0}\u{FFFE}\n\tשלום🈡👨\u{200D}👩\u{301}".chars().collect::<Vec<_>>()),
    ];
    proptest::collection::vec(characters, 0..=60).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever labels say and however many there are.
    #[test]
    fn no_text_overlaps_another_or_leaves_the_canvas(
        labels in proptest::collection::vec(label(), 3..=12),
        names in proptest::collection::vec(label(), 2..=12),
        tenths in proptest::collection::vec(0_i128..=1000, 30),
        n in proptest::option::of(0_u64..2_000_000),
        width in MIN_WIDTH..1200,
        hatched: bool,
    ) {
        for (name, kind) in Kind::ALL {
            let spec = spec(kind, &labels, &names, &tenths, n);
            let scene = draw(&spec, &Style { width, hatched, palette: Palette::Auto });
            if let Err(why) = in_order(&scene) {
                return Err(TestCaseError::fail(format!("{name}: {why}")));
            }
            let drawing = svg(&spec, &scene, &FAMILIES);
            prop_assert!(elements(&drawing).iter().all(|(name, _)| name != "script"));
            prop_assert_eq!(svg(&spec, &draw(&spec, &Style { width, hatched, palette: Palette::Auto }), &FAMILIES), drawing);
        }
    }
}

#[test]
fn forty_characters_twelve_options_and_twelve_groups_all_stand_in_full() {
    let long =
        |what: &str, place: usize| format!("{what}{place:02}{}", "在宅医療・介護の連携を推進する".repeat(3));
    let labels: Vec<String> = (0..12).map(|place| long("選択肢", place)).collect();
    let names: Vec<String> = (0..12).map(|place| long("グループ", place)).collect();
    let tenths: Vec<i128> = (0..30).map(|place| place * 13).collect();
    for kind in [Kind::Grouped, Kind::Heat, Kind::Bands, Kind::Line] {
        let spec = spec(kind, &labels, &names, &tenths, Some(123));
        let scene = draw(&spec, &PLAIN);
        in_order(&scene).unwrap_or_else(|why| panic!("{kind:?}: {why}"));
        let drawn: String = scene.texts.iter().map(|text| text.text.as_str()).collect();
        for words in ["選択肢11", "グループ11"] {
            assert!(drawn.contains(words), "{kind:?} shows {words}");
        }
    }
}

#[test]
fn hostile_labels_are_text_and_nothing_else() {
    let hostile =
        ["<script>alert(1)</script>", "a & b \"c\" 'd'", "\u{0}\u{1b}[31m赤\u{202E}逆", "שלום", "𠮷野家"];
    let labels: Vec<String> = hostile.iter().map(ToString::to_string).collect();
    for (_, kind) in Kind::ALL {
        let spec = spec(kind, &labels, &labels, &[130, 260, 0], Some(40));
        let drawing = svg(&spec, &draw(&spec, &PLAIN), &FAMILIES);
        let elements = elements(&drawing);
        let known = ["svg", "title", "desc", "rect", "g", "text", "polygon", "polyline", "circle", "line"];
        let strange = elements.iter().find(|(name, _)| !known.contains(&name.as_str()));
        assert_eq!(strange, None, "{kind:?}");
        assert!(!drawing.contains(['\u{0}', '\u{1b}', '\u{202E}']), "{kind:?}");
        let of = |name: &str| elements.iter().find(|(known, _)| known == name).expect("there").1.clone();
        assert!(of("title").starts_with("<script>alert(1)</script>"), "{kind:?}");
        assert!(of("desc").contains("<script>alert(1)</script>"), "{kind:?}");
    }
}

#[test]
fn hidden_undefined_and_none_are_told_apart() {
    let labels: Vec<String> = ["あ", "い", "う"].map(String::from).into();
    let mut spec = spec(Kind::Bar, &labels, &["系列".to_string()], &[0], None);
    let none = Figure { value: Ratio::whole(0), label: "-".into(), difference: None, range: None };
    spec.series[0].values = vec![Shown::Suppressed, Shown::Undefined, Shown::Value(none)];
    let scene = draw(&spec, &PLAIN);
    let texts: Vec<&str> = scene.texts.iter().map(|text| text.text.as_str()).collect();
    let after = |label: &str| texts[texts.iter().position(|text| *text == label).expect("a label") + 1];
    assert_eq!([after("あ"), after("い"), after("う")], ["秘匿", "…", "-"]);
}

/// What is left of a band is what its only hidden part is.
#[test]
fn a_band_with_a_hidden_part_shows_no_part() {
    let labels: Vec<String> = ["全体", "男性"].map(String::from).into();
    let names: Vec<String> = ["はい", "いいえ"].map(String::from).into();
    let mut spec = spec(Kind::Bands, &labels, &names, &[130], None);
    let half = |label: &str| {
        Shown::Value(Figure { value: Ratio::whole(50), label: label.into(), difference: None, range: None })
    };
    spec.series[0].values = vec![half("50.0"), half("61.0")];
    spec.series[1].values = vec![half("50.0"), Shown::Suppressed];
    for kind in [Kind::Bands, Kind::Likert] {
        let scene = draw(&ChartSpec { kind, ..spec.clone() }, &PLAIN);
        let shown = |words: &str| scene.texts.iter().any(|text| text.text == words);
        assert!(shown("秘匿") && shown("50.0") && !shown("61.0"), "{kind:?}");
    }
}

/// 34.4 over 30.6 with their figures exchanged would be two wrong numbers.
#[test]
fn a_figure_on_a_line_stands_by_no_other_series_point() {
    let labels: Vec<String> = ["一", "二"].map(String::from).into();
    let names: Vec<String> = ["甲", "乙"].map(String::from).into();
    let mut spec = spec(Kind::Line, &labels, &names, &[130], None);
    let of = |tenths: i128| {
        let value = Ratio::new(tenths, 10).expect("a ratio");
        Shown::Value(Figure { value, label: renkei::sheet::round(value, 1), difference: None, range: None })
    };
    spec.series[0].values = vec![of(306), of(500)];
    spec.series[1].values = vec![of(344), of(500)];
    let scene = draw(&spec, &PLAIN);
    let top = |words: &str| {
        scene.texts.iter().filter(|text| text.text == words).map(|text| text.y).collect::<Vec<_>>()
    };
    assert!(top("34.4")[0] < top("30.6")[0]);
    // Two points in one place: neither figure can be told to be whose.
    assert_eq!(top("50.0").len(), 0);
}
