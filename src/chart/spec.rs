//! What a chart shows, without a place, a size or a colour in it.

use crate::diag::{quote, thousands};
use crate::sheet::{Cell, Language, Role as CellRole, Sheet};
use crate::stats::Ratio;
use crate::tabulate::Shown;

/// What kind of chart it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One 100 % band.
    Band,
    /// Several 100 % bands: rows of a grid, or groups.
    Bands,
    /// 100 % bands about a middle line between the two sides of a scale.
    Likert,
    /// A pie.
    Pie,
    /// A pie with a hole.
    Donut,
    /// Bars.
    Bar,
    /// Bars for each group, beside one another.
    Grouped,
    /// Two bars for each item: two measures, or a group and everybody.
    Pairs,
    /// Columns and a line over the same items: two measures.
    Combo,
    /// Lines over ordered rows or groups.
    Line,
    /// A table in colours of the difference from the total.
    Heat,
    /// Estimates and their intervals.
    Interval,
    /// How often numbers occur.
    Histogram,
    /// Groups as points of two measures.
    Scatter,
    /// Prefectures as tiles.
    Map,
}

impl Kind {
    /// All, by name.
    pub const ALL: [(&str, Kind); 15] = [
        ("band", Kind::Band),
        ("bands", Kind::Bands),
        ("likert", Kind::Likert),
        ("pie", Kind::Pie),
        ("donut", Kind::Donut),
        ("bar", Kind::Bar),
        ("grouped", Kind::Grouped),
        ("pairs", Kind::Pairs),
        ("combo", Kind::Combo),
        ("line", Kind::Line),
        ("heat", Kind::Heat),
        ("interval", Kind::Interval),
        ("histogram", Kind::Histogram),
        ("scatter", Kind::Scatter),
        ("map", Kind::Map),
    ];

    /// Its name, as typed.
    pub fn name(self) -> &'static str {
        Kind::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Its name in backticks.
    pub(super) fn quoted(self) -> String {
        quote(self.name())
    }
}

/// A chart: categories × series of figures, and the words around them.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSpec {
    /// Made of question ids: a file's name.
    pub id: String,
    /// What kind of chart.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// The question's wording, where the title is another.
    pub question: Option<String>,
    /// What bars, bands, points or tiles are of.
    pub categories: Vec<Category>,
    /// What is shown of each category.
    pub series: Vec<Series>,
    /// What figures are.
    pub measure: Measure,
    /// Series stand in an order (a scale), and their colours in one too.
    pub ordered: bool,
    /// What is below: n, whom percentages are of, notes.
    pub caption: Vec<String>,
    /// Where the data come from.
    pub source: Option<String>,
    /// Language of the few words that a drawing adds.
    pub language: Language,
}

/// What figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Percentages, on an axis from 0 to 100.
    Percent,
    /// Other numbers: means, ratios, counts.
    Number,
}

/// What a category or a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An answer, a row of a grid, a net.
    Answer,
    /// その他 and the like, which stand last.
    Other,
    /// 無回答
    Missing,
    /// Everybody.
    Total,
    /// A group.
    Group,
}

/// One category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Words.
    pub label: String,
    /// Code of the option or the group, where it has one.
    pub code: Option<String>,
    /// Its base, where categories differ in it.
    pub n: Option<u64>,
    /// The base is small: 参考値.
    pub low_base: bool,
    /// What it is.
    pub role: Role,
    /// It is the one to look at.
    pub highlight: bool,
}

/// One series.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Words.
    pub name: String,
    /// Code of the option or the group, where it has one.
    pub code: Option<String>,
    /// Its base, where series differ in it.
    pub n: Option<u64>,
    /// The base is small: 参考値.
    pub low_base: bool,
    /// What it is.
    pub role: Role,
    /// It is the one to look at.
    pub highlight: bool,
    /// Its side of a scale: 1, −1, or 0 for the middle; `None`: it is on no scale.
    pub side: Option<i8>,
    /// For each category.
    pub values: Vec<Shown<Figure>>,
}

/// A number as it is and as it is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Exact.
    pub value: Ratio,
    /// Rounded, by the rules of tables.
    pub label: String,
    /// Points from the total, exact, where there is a total to differ from.
    pub difference: Option<Ratio>,
    /// Its interval, where the chart is of intervals.
    pub range: Option<Range>,
}

/// An interval of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// Its lower end; `None`: below what the sample can tell.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// As it is printed.
    pub label: String,
}

impl ChartSpec {
    /// The figures as text, a line for each category: for those who do not see the drawing.
    pub fn described(&self) -> String {
        let mut lines = Vec::new();
        for (place, category) in self.categories.iter().enumerate() {
            let n = category.n.map_or(String::new(), |n| format!(" (n={n})"));
            let figures: Vec<String> = self
                .series
                .iter()
                .map(|series| {
                    let figure = self.told(&series.values[place]);
                    if self.series.len() == 1 { figure } else { format!("{} {figure}", series.name) }
                })
                .collect();
            lines.push(format!("{}{n}: {}", category.label, figures.join(", ")));
        }
        lines.extend(self.caption.iter().cloned());
        lines.join("\n")
    }

    /// The figures as a table, a line for each category: for those who do not see the drawing, and those who copy.
    pub fn figures(&self) -> Sheet {
        let words = |text: &str, role| Cell::text(text, role);
        let based = self.categories.iter().any(|category| category.n.is_some());
        let of_one = self.language.choose("値", "Value");
        let mut header = vec![words("", CellRole::Header)];
        header.extend(based.then(|| words("n", CellRole::Header)));
        header.extend(self.series.iter().map(|series| {
            let name = if self.series.len() == 1 { of_one } else { &series.name };
            let n =
                series.n.map_or(String::new(), |n| format!(" (n={}{})", thousands(n), star(series.low_base)));
            words(&format!("{name}{n}"), CellRole::Header)
        }));
        let line = |(place, category): (usize, &Category)| {
            let mut line = vec![words(&category.label, CellRole::Label)];
            let n = category.n.map_or(String::new(), |n| thousands(n) + star(category.low_base));
            line.extend(based.then(|| words(&n, CellRole::Data)));
            line.extend(
                self.series.iter().map(|series| words(&self.told(&series.values[place]), CellRole::Data)),
            );
            line
        };
        Sheet {
            title: self.title.clone(),
            above: match self.measure {
                Measure::Percent => vec![self.language.choose("単位: ％", "In %").to_string()],
                Measure::Number => Vec::new(),
            },
            header: vec![header],
            body: self.categories.iter().enumerate().map(line).collect(),
            side: 1,
            notes: self.caption.clone(),
        }
    }

    /// A figure as it is printed, with its interval where it has one.
    fn told(&self, figure: &Shown<Figure>) -> String {
        let range = match figure {
            Shown::Value(Figure { range: Some(range), .. }) => format!(" [{}]", range.label),
            _ => String::new(),
        };
        self.printed(figure) + &range
    }

    /// A figure as it is printed beside its mark.
    pub fn printed(&self, figure: &Shown<Figure>) -> String {
        match figure {
            Shown::Value(figure) => figure.label.clone(),
            Shown::Suppressed => self.language.choose("秘匿", "x").to_string(),
            Shown::Undefined => "…".to_string(),
        }
    }
}

/// The mark of a small base.
fn star(low_base: bool) -> &'static str {
    if low_base { "*" } else { "" }
}
