//! A deck with every shape, every kind of chart, long labels, and texts made to break it.

use renkei::calendar::Civil;
use renkei::render::pptx::*;

/// 島根's pink and everybody else's grey.
const PINK: Colour = Colour::Rgb(Rgb(0xE8, 0x4A, 0x8A));
const GREY: Colour = Colour::Rgb(Rgb(0xA6, 0xA6, 0xA6));

pub const LONG: &str =
    "医療・介護関係者の情報共有の支援（情報共有ツールの作成・導入、研修、在宅での看取りや急変時を含む）";

pub fn sizes(largest: f64, smallest: f64) -> Sizes {
    Sizes { largest, smallest }
}

/// A series of percentages, labelled as printed with one decimal place.
pub fn series(name: &str, colour: Colour, values: &[f64]) -> Series {
    Series {
        name: name.into(),
        colour,
        mark: Mark::Bar,
        points: values.iter().map(|value| Point::new(*value, format!("{value:.1}%"))).collect(),
        decimals: 1,
        suffix: "%".into(),
        labels: LabelPlace::OutsideEnd,
    }
}

pub fn chart(kind: Kind, grouping: Grouping, categories: &[&str], series: Vec<Series>) -> Chart {
    Chart {
        kind,
        grouping,
        title: None,
        description: "選択肢ごとの割合。島根県と全国を比べる。".into(),
        categories: categories.iter().map(|name| name.to_string()).collect(),
        series,
        axis: Axis::percent(),
        second_axis: None,
        legend: Legend::Top,
        gap: 60,
        overlap: 0,
        sizes: sizes(13.0, 8.0),
    }
}

fn slide(layout: Layout, title: &str, content: Vec<Content>) -> Slide {
    Slide {
        message: Some(Text::plain(
            "８割を超える市町村が取り組んでいるが、効果の評価は３割程度にとどまっている。",
            20.0,
            14.0,
        )),
        question: Some(Text::plain(
            "①-7．在宅医療・介護連携に関する相談支援の取組について、実施状況を教えてください。（あてはまるもの全てに○）",
            12.0,
            9.0,
        )),
        content,
        footnotes: vec!["※ 小数第2位を四捨五入しているため、内訳の合計が100％にならないことがある。".into()],
        ..Slide::new(layout, title)
    }
}

const ITEMS: [&str; 6] = [
    "地域の医療・介護の資源の把握",
    "在宅医療・介護連携の課題の抽出と対応策の検討",
    "切れ目のない在宅医療と介護の提供体制の構築推進",
    LONG,
    "在宅医療・介護連携に関する相談支援",
    "その他",
];
const AREAS: [&str; 4] = ["全国 (n=1,717)", "島根県 (n=19)", "松江圏域 (n=2)", "隠岐圏域 (n=4)"];

fn stacked(kind: Kind, grouping: Grouping) -> Chart {
    let answers = ["実施している", "検討している", "実施していない", "無回答"];
    let values =
        [[52.4, 63.2, 100.0, 25.0], [30.1, 26.3, 0.0, 50.0], [16.7, 10.5, 0.0, 25.0], [0.8, 0.0, 0.0, 0.0]];
    let mut all: Vec<Series> = answers
        .iter()
        .zip(values)
        .zip(1..)
        .map(|((name, values), at)| series(name, Colour::Accent(at), &values))
        .collect();
    all[3].colour = GREY;
    all.iter_mut().for_each(|series| series.labels = LabelPlace::Centre);
    chart(kind, grouping, &AREAS, all)
}

fn paired(kind: Kind) -> Chart {
    let pair = vec![
        series("島根県 (n=19)", PINK, &[84.2, 68.4, 52.6, 31.6, 100.0, 5.3]),
        series("全国 (n=1,717)", GREY, &[79.8, 72.8, 49.1, 35.0, 91.2, 2.5]),
    ];
    chart(kind, Grouping::Clustered, &ITEMS, pair)
}

fn one(kind: Kind) -> Chart {
    let mut chart = chart(
        kind,
        Grouping::Clustered,
        &ITEMS[..5],
        vec![series("全国", GREY, &[31.9, 28.75, 20.0, 11.3, 8.1])],
    );
    chart.series[0].points[1].label = Some("28.8%".into());
    chart.series[0].points[1].colour = Some(PINK);
    chart.legend = Legend::None;
    chart
}

fn suppressed() -> Chart {
    let mut chart =
        chart(Kind::Bar, Grouping::Clustered, &AREAS, vec![series("実施", GREY, &[52.4, 63.2, 0.0, 25.0])]);
    let points = &mut chart.series[0].points;
    points[1].colour = Some(PINK);
    points[2] =
        Point { value: Shown::Suppressed(Some("x".into())), label: None, colour: None, outline: None };
    points[3] = Point { value: Shown::Missing, label: None, colour: None, outline: None };
    chart.series[0].labels = LabelPlace::InsideEnd;
    chart.legend = Legend::None;
    chart
}

fn combination() -> Chart {
    let years = ["令和元年", "令和2年", "令和3年", "令和4年"];
    let mut places = series("実施市町村数", GREY, &[1201.0, 1388.0, 1452.0, 1502.0]);
    (places.decimals, places.suffix) = (0, String::new());
    places
        .points
        .iter_mut()
        .zip(["1,201", "1,388", "1,452", "1,502"])
        .for_each(|(point, label)| point.label = Some(label.into()));
    places.labels = LabelPlace::Centre;
    let mut rate = series("実施率", PINK, &[69.7, 72.8, 0.0, 71.8]);
    rate.points[2] =
        Point { value: Shown::Suppressed(Some("x".into())), label: None, colour: None, outline: None };
    rate.mark = Mark::SecondLine;
    let mut chart = chart(Kind::Column, Grouping::Clustered, &years, vec![places, rate]);
    chart.axis =
        Axis { title: Some("市町村数".into()), maximum: Some(2000.0), step: Some(500.0), ..Axis::open() };
    chart.second_axis = Some(Axis { title: Some("割合".into()), ..Axis::percent() });
    chart.title = Some("実施市町村数と実施率".into());
    chart
}

pub fn table(rows: usize) -> Table {
    let head = |text: &str| TableCell { align: Align::Centre, ..TableCell::new(text) };
    let mut all = vec![
        vec![
            head("市町村").spanning(1, 2),
            head("n").spanning(1, 2),
            head("実施している").spanning(2, 1),
            head(""),
        ],
        vec![head(""), head(""), head("島根県"), head("全国")],
    ];
    for at in 0..rows {
        let mut row = vec![
            TableCell::new(if at % 5 == 3 { LONG.to_string() } else { format!("第{}市町村", at + 1) }),
            TableCell::number((at * 7).to_string()),
            TableCell::number(format!("{}.4%", at % 100)),
            TableCell::number("x"),
        ];
        row[2].fill = (at == 1).then_some(PINK);
        all.push(row);
    }
    Table {
        columns: vec![5.0, 1.0, 1.5, 1.5],
        head: 2,
        rows: all,
        sizes: sizes(14.0, 8.0),
        description: "市町村別の割合".into(),
    }
}

/// A picture of 2 × 1 pixels, and the same as SVG.
pub fn picture() -> Picture {
    const PNG: &[u8] = include_bytes!("two.png");
    let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="1" height="1" fill="#E84A8A"/></svg>"##;
    Picture::new(PNG.to_vec(), Some(svg.to_vec()), "桃色と灰色の四角").expect("a PNG")
}

/// Texts that end a careless writer's document, or mean something in a workbook.
pub const HOSTILE: [&str; 8] = [
    "<r>broken & not xml</r>",
    "]]></a:t><p:bad/>",
    "\u{0}\u{B}\u{1F}\u{FFFE}control",
    "=HYPERLINK(\"http://example.org\")",
    "\" ' & < > _x0041_",
    "\u{202E}right to left\u{202C} 👨‍👩‍👧‍👦 𠮷野家",
    "first\r\nsecond\nthird\ttab",
    "",
];

pub fn hostile() -> Slide {
    let mut chart = chart(
        Kind::Bar,
        Grouping::Clustered,
        &HOSTILE,
        vec![series(HOSTILE[0], PINK, &[1.0; 8]), series(HOSTILE[1], GREY, &[f64::NAN, f64::INFINITY, -5.0])],
    );
    chart.title = Some(HOSTILE[1].into());
    chart.description = HOSTILE[6].into();
    chart.series[0].points.iter_mut().zip(HOSTILE).for_each(|(point, text)| point.label = Some(text.into()));
    chart.series[0].suffix = HOSTILE[4].into();
    let mut table = table(0);
    table.rows.extend(HOSTILE.map(|text| vec![TableCell::new(text).spanning(9, 9)]));
    table.description = HOSTILE[1].into();
    let mut slide =
        slide(Layout::TwoCharts, HOSTILE[1], vec![Content::Chart(chart.into()), Content::Table(table)]);
    slide.message = Some(Text::plain(HOSTILE[0], 20.0, 9.0));
    slide.footnotes = HOSTILE.map(String::from).into();
    slide.folio = Folio::Fixed(HOSTILE[1].into());
    slide.notes = Some(HOSTILE.join("\n"));
    slide
}

pub fn presentation(size: SlideSize, slides: Vec<Slide>) -> Presentation {
    Presentation {
        size,
        theme: Theme::default(),
        title: "在宅医療・介護連携推進事業 実施状況調査".into(),
        creator: "島根県".into(),
        created: Civil { year: 2026, month: 11, day: 20 }.to_day(),
        footer: Some("出典：在宅医療・介護連携推進事業実施状況調査（令和4年度）".into()),
        slides,
        layout_names: Vec::new(),
    }
}

/// Two slides: the least in which every kind of part is.
pub fn small() -> Presentation {
    let mut one = slide(
        Layout::Chart,
        "1. 実施状況",
        vec![Content::Chart(stacked(Kind::Bar, Grouping::Hundred).into())],
    );
    one.notes = Some("島根県は19市町村。\n詳しくは別表。".into());
    let two = Slide { content: vec![Content::Picture(picture())], ..Slide::new(Layout::Body, "2. 絵") };
    presentation(SlideSize::Wide, vec![one, two])
}

/// Every layout, shape and kind of chart.
pub fn everything(size: SlideSize) -> Presentation {
    let text = |text: &str| Content::Text(Text::plain(text, 20.0, 12.0));
    let mut note = Text::plain(
        "本調査の結果は、令和4年10月1日現在の状況について市町村が回答したものであり、その後の変更は反映していない。",
        16.0,
        10.0,
    );
    note.fill = Some(Colour::Rgb(Rgb(0xFC, 0xE4, 0xEC)));
    note.border = Some(PINK);
    note.anchor = Anchor::Middle;
    let mut rich = Text::plain("", 20.0, 10.0);
    rich.paragraphs = vec![
        Paragraph {
            runs: vec![
                Run::plain("調査対象は"),
                Run::plain("全ての市町村").bold().coloured(PINK),
                Run::plain("である。"),
            ],
            bullet: true,
            align: Align::Left,
        },
        Paragraph::bullet(LONG.repeat(3)),
        Paragraph::plain("右に寄せた行").aligned(Align::Right),
        Paragraph::plain("改行の\nある段落"),
    ];
    let mut inset = Text::plain("全国より 4.4ポイント高い", 14.0, 8.0);
    inset.fill = Some(Colour::SecondLight);
    inset.border = Some(Colour::SecondDark);
    let charts = |one: Chart, other: Chart| vec![Content::Chart(one.into()), Content::Chart(other.into())];
    let chart = |title: &str, chart: Chart| slide(Layout::Chart, title, vec![Content::Chart(chart.into())]);
    let mut placed = chart("4. 一つの系列と強調", one(Kind::Bar));
    placed.placed.push((Area { left: 230.0, top: 120.0, width: 60.0, height: 12.0 }, Content::Text(inset)));
    let mut pie = one(Kind::Pie);
    pie.categories = ["ほぼ毎月", "年に数回", "年に一回", "なし", "無回答"].map(String::from).into();
    let mut doughnut = one(Kind::Doughnut);
    doughnut.legend = Legend::Right;
    doughnut.title = Some("ドーナツ".into());
    let mut lines = paired(Kind::Line);
    lines.series[0].points[2] = Point { value: Shown::Missing, label: None, colour: None, outline: None };
    let mut closing = chart("13. 県の説明用 固定の頁番号", suppressed());
    closing.folio = Folio::Fixed("12.④".into());
    let mut slides = vec![
        Slide {
            folio: Folio::None,
            content: vec![text("島根県 健康福祉部\n令和5年3月")],
            ..Slide::new(Layout::Title, "在宅医療・介護連携推進事業の実施状況に関する調査結果について")
        },
        Slide {
            content: vec![text("島根県"), Content::Text(note)],
            ..Slide::new(Layout::Note, "表紙と注記")
        },
        Slide { content: vec![text("市町村の取組")], ..Slide::new(Layout::Section, "第１章") },
        Slide { content: vec![Content::Text(rich)], ..Slide::new(Layout::Body, "調査の概要") },
        chart("1. 100％積み上げ横棒", stacked(Kind::Bar, Grouping::Hundred)),
        chart("2. 並べた横棒（島根は桃色、全国は灰色）", paired(Kind::Bar)),
        chart("3. 並べた縦棒", paired(Kind::Column)),
        placed,
        chart("5. 積み上げ縦棒", stacked(Kind::Column, Grouping::Stacked)),
        chart("6. 折れ線（一つ欠測）", lines),
        slide(Layout::TwoCharts, "7. 円とドーナツ", charts(pie, doughnut)),
        slide(Layout::TwoCharts, "8. 二つの設問", charts(paired(Kind::Bar), one(Kind::Column))),
        chart("9. 二つの尺度", combination()),
        closing,
        slide(Layout::Table, "10. 表", vec![Content::Table(table(12))]),
        slide(Layout::Body, "11. 絵と文", vec![Content::Picture(picture()), text(LONG)]),
        hostile(),
    ];
    slides[4].notes = Some("話すこと。\n二行目。".into());
    presentation(size, slides)
}
