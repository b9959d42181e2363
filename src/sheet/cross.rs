//! Cross tables: groups against answers, banner down the side or on top.

use super::arrange::{heading, row_label, shown_rows};
use super::interval::{self, Of, interval_cell};
use super::means::{has_row_bases, index_cell, measure_words, measured};
use super::profile::{Axis, CellChoice, Difference, PercentBase, Profile};
use super::ratio::{line_label, ratio_cell, ratio_label};
use super::{Cell, Content, Format, Mark, Role, Sheet, Value};
use super::{footnote, significance};
use crate::schema::Kind;
use crate::significance::{Findings, Test, find};
use crate::stats::Ratio;
use crate::tabulate::{ColumnRole, NumberMeasure, RowRole, Shown, Table, Tally};

/// One group: a column of a table.
pub(super) struct Line<'a> {
    pub table: &'a Table,
    pub column: usize,
    /// Words along the banner's path, outermost first.
    pub labels: Vec<String>,
    /// The banner it belongs to.
    pub banner: Option<usize>,
}

impl<'a> Line<'a> {
    pub fn of(table: &'a Table, column: usize, profile: &Profile) -> Line<'a> {
        let here = &table.columns[column];
        let labels = match here.role {
            ColumnRole::Total => vec![profile.language.words().total.to_string()],
            ColumnRole::Group => {
                let mut labels = here.labels.clone();
                if let (Some(last), true) = (labels.last_mut(), profile.has_letters()) {
                    last.push_str(&format!(" ({})", here.letter));
                }
                labels
            }
            ColumnRole::Subtotal => [&here.labels[..], &[profile.language.words().subtotal.into()]].concat(),
            ColumnRole::Missing => vec![profile.language.words().no_answer.to_string()],
        };
        // A subtotal stands among the groups it is of.
        let banner = here.banner.map(|banner| table.banners[banner].subtotal_of.unwrap_or(banner));
        Line { table, column, labels, banner }
    }

    /// The banner's heading; empty for the Total.
    fn heading(&self) -> String {
        let path = self.banner.map(|banner| &self.table.banners[banner].path);
        let names = path.into_iter().flatten().map(|question| question.heading.as_str());
        names.collect::<Vec<_>>().join(" > ")
    }
}

/// What is shown of a group: an answer, or a measure of a number.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    Base,
    WeightedBase,
    EffectiveBase,
    Row(usize),
    NumberBase(usize),
    ScoreBase(usize),
    Mean(usize),
    Points(usize),
    Deviation(usize),
    Quartile(usize, usize),
    Sum(usize),
    Ratio(usize),
    /// Of a date's row: earliest, middle or latest.
    Day(usize, usize),
    /// Of a mean, a ratio or a median.
    Interval(usize, Of),
    MentionsPerHundred,
}

impl Item {
    /// The measures of a number's or a date's row, n first.
    pub fn of_number(row: usize, kind: Kind) -> Vec<Item> {
        if kind == Kind::Date {
            return vec![Item::NumberBase(row), Item::Day(row, 0), Item::Day(row, 1), Item::Day(row, 2)];
        }
        vec![
            Item::NumberBase(row),
            Item::Mean(row),
            Item::Deviation(row),
            Item::Quartile(row, 1),
            Item::Quartile(row, 2),
            Item::Quartile(row, 3),
            Item::Sum(row),
        ]
    }

    /// The measures of a score row; with its n where some replies have no score.
    pub fn of_score(row: usize, tables: &[&Table]) -> Vec<Item> {
        let unscored = |table: &&Table| {
            (0..table.columns.len()).any(|column| table.base(row, column).n != table.question_base(column).n)
        };
        let mut items = Vec::new();
        if tables.iter().any(unscored) {
            items.push(Item::ScoreBase(row));
        }
        items.extend([Item::Mean(row), Item::Deviation(row), Item::Quartile(row, 2)]);
        items
    }

    pub fn label(self, table: &Table, profile: &Profile) -> String {
        let words = profile.language.words();
        match self {
            Item::Base => "n".into(),
            Item::NumberBase(_) if table.question.kind == Kind::Date => {
                profile.language.choose("日付の回答", "Gave a date").into()
            }
            Item::NumberBase(_) if table.question.kind == Kind::Ratio => {
                profile.language.choose("両方の回答", "Gave both").into()
            }
            Item::NumberBase(_) => profile.language.choose("数値の回答", "Gave a number").into(),
            Item::ScoreBase(_) => profile.language.choose("得点のn", "n scored").into(),
            Item::WeightedBase => words.weighted_base.into(),
            Item::EffectiveBase => words.effective_base.into(),
            Item::Row(row) => row_label(&table.stub[row], profile),
            Item::Mean(_) => words.mean.into(),
            Item::Points(_) => profile.language.choose("得点", "Points").into(),
            Item::Deviation(_) => words.deviation.into(),
            Item::Quartile(_, quartile) => words.quartiles[quartile - 1].into(),
            Item::Sum(row) if table.question.kind == Kind::Ratio => line_label(&table.stub[row], profile),
            Item::Sum(_) => words.sum.into(),
            Item::Ratio(row) => ratio_label(&table.stub[row], profile),
            Item::Day(_, which) => words.days[which].into(),
            Item::Interval(_, of) => {
                let heading = profile
                    .interval
                    .map_or(String::new(), |level| interval::heading(level, profile.language));
                let whose = match of {
                    Of::Median => words.quartiles[1],
                    Of::Share | Of::Mean if table.question.kind == Kind::Ratio => words.ratio,
                    Of::Share | Of::Mean => words.mean,
                };
                format!("{whose}{}{heading}", profile.language.choose("の", ": "))
            }
            Item::MentionsPerHundred => "M.T.".into(),
        }
    }

    /// The cell of a measure: everything but an answer's layers.
    pub fn cell(self, table: &Table, column: usize, profile: &Profile) -> Cell {
        let exact = |shown: Shown<Ratio>, decimals: u32| match shown {
            Shown::Value(ratio) => Content::Number(Value::Exact(ratio), Format::Measure { decimals }),
            other => unseen(other),
        };
        // A number is shown to one digit more than it has; scores have two by convention.
        let digits = table.number_decimals;
        let score = |row: usize| u32::from(table.stub[row].role == RowRole::Score);
        match self {
            Item::Base => base_of(table.shown_question_base(column), profile),
            Item::NumberBase(row) | Item::ScoreBase(row) => base_cell(table, row, column, profile),
            Item::WeightedBase => match table.shown_question_base(column) {
                Shown::Value(base) => weighted(table, base.w, Role::Base),
                other => Cell::new(unseen(other), Role::Base),
            },
            Item::EffectiveBase => Cell::new(
                exact(table.shown_question_base(column).and_then(|base| base.effective()), 1),
                Role::Base,
            ),
            Item::Row(row) => counted(table, row, column),
            Item::Mean(row) => Cell::new(exact(table.mean(row, column), digits + 1 + score(row)), Role::Net),
            Item::Points(row) => Cell::new(exact(table.mean(row, column), 2), Role::Data),
            Item::Deviation(row) => Cell::new(
                match table.standard_deviation(row, column) {
                    Shown::Value(real) => Content::Number(
                        Value::Real(real),
                        Format::Measure { decimals: digits + 1 + score(row) },
                    ),
                    other => unseen(other),
                },
                Role::Data,
            ),
            Item::Quartile(row, quartile) => {
                Cell::new(exact(table.quartile(row, column, quartile as i128), digits + 1), Role::Data)
            }
            Item::Sum(row) => Cell::new(exact(table.total(row, column), digits), Role::Data),
            Item::Ratio(row) => ratio_cell(table, row, column, profile),
            Item::Day(row, which) => Cell::new(
                match table.days(row, column) {
                    Shown::Value(days) => Content::Number(
                        Value::Exact(Ratio::whole(i128::from(days[which]))),
                        Format::Day(profile.days()),
                    ),
                    other => unseen(other),
                },
                Role::Data,
            ),
            Item::Interval(row, of) => interval_cell(table, row, column, of, profile),
            Item::MentionsPerHundred => Cell::new(
                match table.mentions_per_hundred(column) {
                    Shown::Value(ratio) => {
                        Content::Number(Value::Exact(ratio), Format::Percent { decimals: profile.decimals })
                    }
                    other => unseen(other),
                },
                Role::Net,
            ),
        }
    }
}

/// One of the lines an answer's cell is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    RowBase,
    Count,
    Percent,
    Difference,
    Points,
    Index,
    Interval,
    /// Adjusted standardised residual.
    Residual,
    /// Letters of the columns it is larger than.
    Letters,
    /// A mean, deviation or median of a summary table.
    Measure(NumberMeasure),
}

/// Arranges groups against answers.
pub(super) fn cross(lines: &[Line], profile: &Profile) -> Sheet {
    let table = lines[0].table;
    let tables: Vec<&Table> = distinct(lines);
    let (title, mut above) = heading(table, profile);
    let items = items(&tables, profile);
    let layers = layers(&tables, profile);
    if !table.question.kind.is_measured() || table.means.is_some() {
        above.push(layers_line(&layers, table.weighted(), profile));
    }
    // The rows of a grid stand together only without a banner, where there is nothing to compare.
    let findings = find(table, &profile.significance);
    let (header, body, side) = match profile.axis {
        Axis::Side => side_axis(lines, &items, &layers, &findings, profile),
        Axis::Top => top_axis(lines, &items, &layers, &findings, profile),
    };
    let mut notes = significance::notes(table, &findings, &profile.significance, profile);
    notes.extend(interval::notes(&tables, profile));
    notes.extend(footnote::notes(&tables, &body, profile));
    Sheet { title, above, header, body, side, notes }
}

fn distinct<'a>(lines: &[Line<'a>]) -> Vec<&'a Table> {
    let mut tables: Vec<&Table> = Vec::new();
    for line in lines {
        if !tables.iter().any(|table| std::ptr::eq(*table, line.table)) {
            tables.push(line.table);
        }
    }
    tables
}

fn items(tables: &[&Table], profile: &Profile) -> Vec<Item> {
    let table = tables[0];
    let mut items = Vec::new();
    // In a summary table each row has its own base, shown with the row.
    if table.option_bases || !has_row_bases(tables) {
        items.push(Item::Base);
        if table.weighted() {
            items.extend([Item::WeightedBase, Item::EffectiveBase]);
        }
    }
    for row in shown_rows(tables) {
        match table.stub[row].role {
            _ if table.means.is_some() => items.push(Item::Row(row)),
            RowRole::Number if table.question.kind == Kind::Ratio => items.push(Item::Sum(row)),
            RowRole::Number => {
                items.extend(with_intervals(
                    Item::of_number(row, table.question.kind).split_off(1),
                    tables,
                    profile,
                ));
            }
            RowRole::Ratio => items.extend(with_intervals(vec![Item::Ratio(row)], tables, profile)),
            RowRole::Score => items.extend(with_intervals(Item::of_score(row, tables), tables, profile)),
            _ => items.push(Item::Row(row)),
        }
    }
    if table.has_mention_shares() && !table.is_summary() && profile.percent.is_some() {
        items.push(Item::MentionsPerHundred);
    }
    items
}

/// Measures with the interval of each that has one behind it.
pub(super) fn with_intervals(items: Vec<Item>, tables: &[&Table], profile: &Profile) -> Vec<Item> {
    if !shows_intervals(tables, profile) {
        return items;
    }
    let with = |item: Item| match item {
        Item::Mean(row) | Item::Ratio(row) => vec![item, Item::Interval(row, Of::Mean)],
        // A sample tells more of the median of scores than its interval, which is one of few values.
        Item::Quartile(row, 2) if tables[0].stub[row].role == RowRole::Number => {
            vec![item, Item::Interval(row, Of::Median)]
        }
        _ => vec![item],
    };
    items.into_iter().flat_map(with).collect()
}

fn layers(tables: &[&Table], profile: &Profile) -> Vec<Layer> {
    let mut layers = Vec::new();
    if has_row_bases(tables) {
        layers.push(Layer::RowBase);
    }
    let banner = tables[0].columns.len() > 1;
    let index = profile.index.filter(|_| banner).map(|_| Layer::Index);
    let letters = (banner && profile.significance.comparison.is_some()).then_some(Layer::Letters);
    if let Some(means) = &tables[0].means {
        layers.extend(means.measures.iter().map(|&measure| Layer::Measure(measure)));
        let ratios = means.measures.contains(&NumberMeasure::Ratio);
        if ratios && profile.difference.is_some() && tables[0].columns.len() > 1 {
            layers.push(Layer::Difference);
        }
        layers.extend(shows_intervals(tables, profile).then_some(Layer::Interval));
        // An index is of means, or of ratios.
        layers.extend(index.filter(|_| ratios || means.measures.contains(&NumberMeasure::Mean)));
        layers.extend(letters);
        return layers;
    }
    // Counts and percentages apart are two sheets: `Apart` does not come here.
    let percent = profile.percent.is_some() && profile.cell != CellChoice::Count;
    if profile.cell != CellChoice::Percent || !percent {
        layers.push(Layer::Count);
    }
    if percent {
        layers.push(Layer::Percent);
        layers.extend(shows_intervals(tables, profile).then_some(Layer::Interval));
        if profile.difference.is_some() && tables[0].columns.len() > 1 {
            layers.push(Layer::Difference);
        }
        layers.extend(index);
    }
    if banner && profile.significance.tests.contains(&Test::Residual) {
        layers.push(Layer::Residual);
    }
    layers.extend(letters);
    if !tables[0].points.is_empty() {
        layers.push(Layer::Points);
    }
    layers
}

/// Whether intervals are shown: asked for, and there are variances.
pub(super) fn shows_intervals(tables: &[&Table], profile: &Profile) -> bool {
    profile.interval.is_some() && tables.iter().all(|table| table.spread().is_some())
}

/// What the lines of a cell are: `上段: 実数、下段: ％`.
fn layers_line(layers: &[Layer], weighted: bool, profile: &Profile) -> String {
    let names: Vec<&str> = layers
        .iter()
        .map(|layer| match layer {
            Layer::RowBase => "n",
            Layer::Count if weighted => profile.language.choose("実数（ウェイト後）", "weighted count"),
            Layer::Count => profile.language.choose("実数", "count"),
            Layer::Percent => profile.language.choose("％", "%"),
            Layer::Points => profile.language.choose("得点", "points"),
            Layer::Difference => {
                profile.language.choose("全体との差（ポイント）", "difference from total (points)")
            }
            Layer::Index => profile.language.choose("指数（全体=100）", "index (total = 100)"),
            Layer::Interval => profile.language.choose("信頼区間", "interval"),
            Layer::Residual => profile.language.choose("調整済み残差", "adjusted residual"),
            Layer::Letters if profile.has_letters() => profile.language.choose("有意差", "letters"),
            Layer::Letters => profile.language.choose("有意差", "differs"),
            Layer::Measure(measure) => measure_words(*measure, profile),
        })
        .collect();
    format!("{}{}", profile.language.choose("表示: ", "Cells: "), names.join(" / "))
}

type Rows = Vec<Vec<Cell>>;

/// Questions nested at most.
fn levels(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.labels.len()).max().unwrap_or(1)
}

fn side_axis(
    lines: &[Line],
    items: &[Item],
    layers: &[Layer],
    findings: &Findings,
    profile: &Profile,
) -> (Rows, Rows, usize) {
    let banners = usize::from(lines.iter().any(|line| line.banner.is_some()));
    let side = banners + levels(lines);
    let table = lines[0].table;
    let mut header = vec![Cell::text("", Role::Header); side];
    header.extend(items.iter().map(|item| Cell::text(item.label(table, profile), Role::Header)));
    let mut body = Vec::new();
    let mut before: Option<&Line> = None;
    for line in lines {
        // A label stands once, where its groups begin.
        let mut known = before.filter(|before| before.banner == line.banner);
        let mut labels = Vec::new();
        if banners == 1 {
            labels.push(if known.is_some() { String::new() } else { line.heading() });
        }
        for level in 0..side - banners {
            let label = line.labels.get(level).cloned().unwrap_or_default();
            known = known.filter(|before| before.labels.get(level) == Some(&label));
            labels.push(if known.is_some() && level + 1 < line.labels.len() { String::new() } else { label });
        }
        for (place, layer) in layers.iter().enumerate() {
            let first = place == 0;
            let label = |label: &String| Cell::text(if first { label.as_str() } else { "" }, Role::Label);
            let mut row: Vec<Cell> = labels.iter().map(label).collect();
            row.extend(items.iter().map(|item| layered(*item, line, *layer, first, findings, profile)));
            // The total has no difference from itself.
            if first || row[side..].iter().any(|cell| cell.content != Content::Empty) {
                body.push(row);
            }
        }
        before = Some(line);
    }
    (vec![header], body, side)
}

fn top_axis(
    lines: &[Line],
    items: &[Item],
    layers: &[Layer],
    findings: &Findings,
    profile: &Profile,
) -> (Rows, Rows, usize) {
    let table = lines[0].table;
    // Each header row with the words that a cell must share with its neighbour to be one with it.
    let mut header: Rows = Vec::new();
    let mut above: Vec<String> = lines.iter().map(Line::heading).collect();
    if lines.iter().any(|line| line.banner.is_some()) {
        header.push(header_row(lines, &above, &|line| line.heading()));
    }
    for level in 0..levels(lines) {
        let label = |line: &Line| line.labels.get(level).cloned().unwrap_or_default();
        for (words, line) in above.iter_mut().zip(lines) {
            words.push('\0');
            words.push_str(&label(line));
        }
        header.push(header_row(lines, &above, &label));
    }
    let mut body = Vec::new();
    for item in items {
        let layers: Vec<&Layer> = match item {
            Item::Row(_) => layers.iter().collect(),
            // A measure has its own line and, if it is a mean, its index and letters.
            Item::Mean(_) => {
                let of_means = |layer: &&Layer| matches!(layer, Layer::Index | Layer::Letters);
                layers[..1].iter().chain(layers[1..].iter().filter(of_means)).collect()
            }
            Item::Ratio(_) => {
                let compared = |layer: &&Layer| matches!(layer, Layer::Difference | Layer::Index);
                layers[..1].iter().chain(layers[1..].iter().filter(compared)).collect()
            }
            _ => layers[..1].iter().collect(),
        };
        for (place, layer) in layers.into_iter().enumerate() {
            let first = place == 0;
            // Only options have points.
            if *layer == Layer::Points && !matches!(item, Item::Row(row) if table.has_points(*row)) {
                continue;
            }
            let label = if first { item.label(table, profile) } else { String::new() };
            let mut row = vec![Cell::text(label, Role::Label)];
            row.extend(lines.iter().map(|line| layered(*item, line, *layer, first, findings, profile)));
            // 無回答 to a number has no index.
            if first || row[1..].iter().any(|cell| cell.content != Content::Empty) {
                body.push(row);
            }
        }
    }
    (header, body, 1)
}

/// A header row in which neighbours with the same words, here and above, are one cell.
fn header_row(lines: &[Line], above: &[String], label: &dyn Fn(&Line) -> String) -> Vec<Cell> {
    let mut row = vec![Cell::text("", Role::Header)];
    let mut place = 0;
    while place < lines.len() {
        let text = label(&lines[place]);
        let same = above[place..].iter().take_while(|words| **words == above[place]).count();
        let span = if text.is_empty() { 1 } else { same };
        row.push(Cell { columns: span, ..Cell::text(text, Role::Header) });
        row.extend((1..span).map(|_| Cell::new(Content::Covered, Role::Header)));
        place += span;
    }
    row
}

/// An item's cell in one layer; measures have only the first.
fn layered(
    item: Item,
    line: &Line,
    layer: Layer,
    first: bool,
    findings: &Findings,
    profile: &Profile,
) -> Cell {
    let (table, column) = (line.table, line.column);
    let percent = profile.percent.unwrap_or(PercentBase::Banner);
    match (item, layer) {
        (Item::Row(row), Layer::RowBase) => base_cell(table, row, column, profile),
        (Item::Row(row), Layer::Count) => match table.cell(row, column) {
            Shown::Value(tally) if table.weighted() => weighted(table, tally.w, data(table, row)),
            _ => counted(table, row, column),
        },
        // In a number's table 無回答 has no percentage: means are of those who gave a number.
        (Item::Row(row), Layer::Percent) if table.question.kind.is_measured() => counted(table, row, column),
        (Item::Row(row), Layer::Percent) => {
            let mut cell = percent_cell(table, row, column, percent, profile);
            cell.marks.extend(hatch(table, row, column, profile));
            cell
        }
        (Item::Row(row), Layer::Points) if table.has_points(row) => {
            Item::Points(row).cell(table, column, profile)
        }
        (Item::Row(row), Layer::Measure(measure)) => measured(table, row, column, measure, profile),
        // In a number's table 無回答 has no percentage.
        (Item::Row(_), Layer::Interval) if table.question.kind.is_measured() && table.means.is_none() => {
            Cell::new(Content::Empty, Role::Data)
        }
        (Item::Row(row), Layer::Interval) => {
            let of = if table.means.is_some() { Of::Mean } else { Of::Share };
            interval_cell(table, row, column, of, profile)
        }
        (Item::Row(row) | Item::Mean(row) | Item::Ratio(row), Layer::Index) => {
            index_cell(table, row, column, profile)
        }
        // 無回答 to a ratio is no percentage, and has no difference.
        (Item::Row(row), Layer::Difference)
            if table.question.kind == Kind::Ratio && table.stub[row].role == RowRole::Missing =>
        {
            Cell::new(Content::Empty, Role::Data)
        }
        (Item::Row(row) | Item::Ratio(row), Layer::Difference) => difference(table, row, column, profile),
        (Item::Row(row), Layer::Residual) => {
            let residual = findings.residuals.get(row).and_then(|residuals| residuals[column]);
            let content = residual
                .map_or(Content::Empty, |z| Content::Number(Value::Real(z), Format::Measure { decimals: 2 }));
            Cell::new(content, Role::Data)
        }
        (Item::Row(row) | Item::Mean(row), Layer::Letters) => {
            let letters = findings.lettering.as_ref().map(|found| found.letters[row][column].as_str());
            Cell::new(
                letters
                    .filter(|letters| !letters.is_empty())
                    .map_or(Content::Empty, |letters| Content::Text(letters.to_string())),
                Role::Data,
            )
        }
        (measure, _) if first => measure.cell(table, column, profile),
        _ => Cell::new(Content::Empty, Role::Data),
    }
}

/// The one figure of a row that a chart shows: a percentage of the group, a mean, a ratio.
pub fn figure_cell(table: &Table, row: usize, column: usize, profile: &Profile) -> Cell {
    match table.stub[row].role {
        RowRole::Score | RowRole::Number => Item::Mean(row).cell(table, column, profile),
        RowRole::Ratio => Item::Ratio(row).cell(table, column, profile),
        RowRole::Option | RowRole::Missing | RowRole::Net => {
            percent_cell(table, row, column, PercentBase::Banner, profile)
        }
    }
}

/// The content of a cell without a value.
pub(super) fn unseen<T>(shown: Shown<T>) -> Content {
    match shown {
        Shown::Suppressed => Content::Suppressed,
        Shown::Undefined | Shown::Value(_) => Content::Undefined,
    }
}

/// Nets and means stand out from the data.
pub(super) fn data(table: &Table, row: usize) -> Role {
    match table.stub[row].role {
        RowRole::Net => Role::Net,
        RowRole::Option | RowRole::Missing | RowRole::Score | RowRole::Number | RowRole::Ratio => Role::Data,
    }
}

/// n, marked when it is small.
pub(super) fn base_cell(table: &Table, row: usize, column: usize, profile: &Profile) -> Cell {
    if !table.columns[column].offered {
        return Cell::new(Content::Undefined, Role::Base);
    }
    base_of(table.shown_base(row, column), profile)
}

/// n of a base, marked when it is small.
pub(super) fn base_of(base: Shown<Tally>, profile: &Profile) -> Cell {
    let n = match base {
        Shown::Value(base) => base.n,
        other => return Cell::new(unseen(other), Role::Base),
    };
    let value = Value::Exact(Ratio::whole(i128::from(n)));
    let mut cell = Cell::new(Content::Number(value, Format::Measure { decimals: 0 }), Role::Base);
    if n > 0 && n < profile.low_base {
        cell.marks.push(Mark::LowBase);
    }
    cell
}

/// Respondents who gave the answer, unweighted.
pub(super) fn counted(table: &Table, row: usize, column: usize) -> Cell {
    let content = match table.cell(row, column) {
        Shown::Value(tally) => {
            let value = Value::Exact(Ratio::whole(i128::from(tally.n)));
            Content::Number(value, Format::Count { decimals: 0 })
        }
        other => unseen(other),
    };
    Cell::new(content, data(table, row))
}

/// Σw as a number.
pub(super) fn weighted(table: &Table, w: i128, role: Role) -> Cell {
    Cell::new(Content::Number(Value::Exact(table.weight_sum(w)), Format::Count { decimals: 1 }), role)
}

/// A percentage.
pub(super) fn percent_cell(
    table: &Table,
    row: usize,
    column: usize,
    percent: PercentBase,
    profile: &Profile,
) -> Cell {
    let total = table.columns[column].role == ColumnRole::Total;
    let shown = match percent {
        PercentBase::Banner => table.column_percent(row, column),
        PercentBase::Mention if table.has_mentions() => table.mention_percent(row, column),
        PercentBase::Mention => table.column_percent(row, column),
        // Of those who gave the answer, the Total is all.
        PercentBase::Stub if total => {
            table.cell(row, column).and_then(|cell| (cell.w > 0).then_some(Ratio::whole(100)))
        }
        PercentBase::Stub => table.row_percent(row, column),
        PercentBase::Total => table.total_percent(row, column),
    };
    let decimals = profile.decimals;
    // Somebody is there, though without weight: not "none".
    let weightless = table.cell(row, column).value().is_some_and(|cell| cell.n > 0 && cell.w == 0);
    let content = match shown {
        Shown::Value(ratio) if weightless => {
            Content::Number(Value::Exact(ratio), Format::Measure { decimals })
        }
        Shown::Value(ratio) => Content::Number(Value::Exact(ratio), Format::Percent { decimals }),
        other => unseen(other),
    };
    Cell::new(content, data(table, row))
}

/// Points from the total: of raw percentages, or of the printed ones.
fn difference(table: &Table, row: usize, column: usize, profile: &Profile) -> Cell {
    // A ratio that is no percentage has no points.
    let points = table.stub[row].per.is_none_or(|per| per == 100);
    if !points || matches!(table.columns[column].role, ColumnRole::Total | ColumnRole::Missing) {
        return Cell::new(Content::Empty, Role::Data);
    }
    let shown = match profile.difference {
        Some(Difference::Shown) => {
            table.percentage(row, column).with(table.percentage(row, 0)).and_then(|(group, total)| {
                printed(group, profile.decimals)?.minus(printed(total, profile.decimals)?)
            })
        }
        _ => table.difference(row, column),
    };
    let content = match shown {
        Shown::Value(ratio) => {
            Content::Number(Value::Exact(ratio), Format::Points { decimals: profile.decimals })
        }
        other => unseen(other),
    };
    Cell::new(content, data(table, row))
}

/// The printed percentage as a number again.
pub(super) fn printed(ratio: Ratio, decimals: u32) -> Option<Ratio> {
    let digits = super::round(ratio, decimals).replace('.', "");
    Ratio::new(digits.parse().ok()?, 10_i128.pow(decimals))
}

/// ±5 and ±10 points from the total, on raw percentages; small bases are not marked.
fn hatch(table: &Table, row: usize, column: usize, profile: &Profile) -> Option<Mark> {
    let percent = profile.percent == Some(PercentBase::Banner);
    let group = matches!(table.columns[column].role, ColumnRole::Group | ColumnRole::Subtotal);
    if !profile.hatch || !percent || !group || table.base(row, column).n < profile.low_base {
        return None;
    }
    let points = table.difference(row, column).value()?;
    let at_least = |points: Ratio, limit: i128| points >= Ratio::whole(limit);
    let negative = Ratio::whole(0).minus(points)?;
    match () {
        () if at_least(points, 10) => Some(Mark::FarAbove),
        () if at_least(points, 5) => Some(Mark::Above),
        () if at_least(negative, 10) => Some(Mark::FarBelow),
        () if at_least(negative, 5) => Some(Mark::Below),
        () => None,
    }
}
