//! Categories and series of each kind of chart, and why a table has none.

use super::request::ChartRequest;
use super::spec::{Category, Kind, Measure, Role, Series};
use super::values::{
    answers, column_base, column_category, column_label, column_series, figure, low, row_category,
    row_series, sides,
};
use crate::diag::{Diagnostic, quote};
use crate::schema;
use crate::sheet::{Language, Profile, shown_rows};
use crate::tabulate::{ColumnRole, RowRole, Table, sort_rows};

/// What a chart is made of, before its words.
pub(super) struct Draft {
    pub kind: Kind,
    pub categories: Vec<Category>,
    pub series: Vec<Series>,
    pub measure: Measure,
    pub ordered: bool,
    pub notes: Vec<String>,
}

/// What a table or a group of tables is called in a message.
pub(super) fn named(tables: &[&Table]) -> String {
    let first = tables[0];
    quote(first.grid.as_deref().filter(|_| tables.len() > 1).unwrap_or(&first.question.id))
}

/// Whether each column has one figure: a mean, a ratio, the only row of a summary table.
pub(super) fn is_one_figure(table: &Table) -> bool {
    let measured = matches!(table.question.kind, schema::Kind::Number | schema::Kind::Ratio);
    (measured && !table.is_summary()) || (table.means.is_some() && table.stub.len() == 1)
}

/// The row of which a column has one figure: asked for, the only one, the first net, or the first option.
pub(super) fn one_row(table: &Table, request: &ChartRequest) -> Result<usize, Diagnostic> {
    if let Some(answer) = request.answers.first() {
        return named_row(table, answer);
    }
    let of = |role: RowRole| table.stub.iter().position(|row| row.role == role);
    let measured =
        is_one_figure(table).then(|| of(RowRole::Ratio).or(of(RowRole::Number)).or(of(RowRole::Score)));
    let row = measured.flatten().or(of(RowRole::Net)).or(of(RowRole::Option)).or(of(RowRole::Score));
    row.ok_or_else(|| Diagnostic::error(format!("{} has nothing to show", quote(&table.question.id))))
}

/// The option or net with this code, or the words.
pub(super) fn named_row(table: &Table, answer: &str) -> Result<usize, Diagnostic> {
    let shown = |row: &crate::tabulate::StubRow| row.code.as_ref().map(ToString::to_string);
    let by_code = table.stub.iter().position(|row| shown(row).as_deref() == Some(answer));
    let found = by_code.or_else(|| table.stub.iter().position(|row| row.label == answer));
    found.ok_or_else(|| {
        let codes: Vec<String> =
            table.stub.iter().filter_map(shown).take(12).map(|code| quote(&code)).collect();
        let question = quote(&table.question.id);
        Diagnostic::error(format!("{question} has no option or net {} for `--answer`", quote(answer)))
            .hint(format!("it has {}", codes.join(", ")))
    })
}

fn all_columns(table: &Table) -> Vec<usize> {
    (0..table.columns.len()).collect()
}

/// Percentages, unless a row is a mean, or a ratio for something else than a hundred.
pub(super) fn measure(table: &Table, rows: &[usize]) -> Measure {
    let percent = |&row: &usize| match table.stub[row].role {
        RowRole::Option | RowRole::Missing | RowRole::Net => true,
        RowRole::Ratio => table.stub[row].per == Some(100),
        RowRole::Score | RowRole::Number => false,
    };
    if rows.iter().all(percent) { Measure::Percent } else { Measure::Number }
}

/// Whether the options stand in an order: they have scores, or nets of neighbours.
pub(super) fn ordered(table: &Table) -> bool {
    let nets = table.stub.iter().any(|row| row.role == RowRole::Net);
    table.question.kind == schema::Kind::Scale || (table.question.kind == schema::Kind::Single && nets)
}

pub(super) fn parts_of_a_whole(
    tables: &[&Table],
    kind: Kind,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let (table, name, what) = (tables[0], named(tables), kind.quoted());
    let options = table.stub.iter().filter(|row| row.role == RowRole::Option).count();
    if table.has_mentions() {
        let error = Diagnostic::error(format!(
            "{name} allows several answers, which are no parts of one whole: no {what}"
        ));
        return Err(error.hint("`--kind bar` shows them as bars"));
    }
    if tables.len() > 1 || table.columns.len() > 1 || table.is_summary() {
        let error = Diagnostic::error(format!(
            "expected one question without `--cols` for {what}, found several wholes"
        ));
        return Err(error.hint("`--kind bands` shows several as bands under one another"));
    }
    if !table.question.kind.takes_one_option() {
        let error = Diagnostic::error(format!("{name} has no options, which {what} is made of"));
        return Err(error.hint("leave `--kind` away: the chart is then of the question's kind"));
    }
    if options > 6 {
        let error = Diagnostic::error(format!("{name} has {options} options, and {what} takes at most 6"));
        return Err(error.hint("`--kind bar` shows them as bars; a `[[derive]]` makes fewer of them"));
    }
    let rows = answers(table);
    let categories = rows.iter().map(|&row| row_category(table, row, profile)).collect();
    let series = vec![column_series(table, 0, &rows, profile)];
    Ok(Draft { kind, categories, series, measure: Measure::Percent, ordered: ordered(table), notes: vec![] })
}

pub(super) fn of_bands(tables: &[&Table], kind: Kind, profile: &Profile) -> Result<Draft, Diagnostic> {
    let (table, name) = (tables[0], named(tables));
    if !table.question.kind.takes_one_option() || table.is_summary() {
        let error = Diagnostic::error(format!("{name} has no parts that make 100 %: no {}", kind.quoted()));
        return Err(error.hint("leave `--kind` away: the chart is then of the question's kind"));
    }
    let several = tables.len() > 1 || table.columns.len() > 1;
    if kind == Kind::Band && several {
        let error =
            Diagnostic::error(format!("expected one question without `--cols` for {}", kind.quoted()));
        return Err(error.hint("`--kind bands` shows several as bands under one another"));
    }
    let part = |row: &usize| matches!(table.stub[*row].role, RowRole::Option | RowRole::Missing);
    let rows: Vec<usize> = shown_rows(tables).into_iter().filter(part).collect();
    let (categories, mut series) = match tables.len() > 1 || table.grid.is_some() && !several {
        true => of_grid(tables, &rows, profile),
        false => {
            let columns = all_columns(table);
            let categories = columns.iter().map(|&column| column_category(table, column, None, profile));
            let series = rows.iter().map(|&row| row_series(table, row, &columns, profile));
            (categories.collect(), series.collect())
        }
    };
    let mut categories: Vec<Category> = categories;
    if kind == Kind::Band {
        // Its n is the caption's.
        categories.iter_mut().for_each(|category| category.n = None);
    }
    let mut notes = Vec::new();
    if kind == Kind::Likert {
        let sides = sides(table, &rows);
        if !sides.contains(&Some(1)) || !sides.contains(&Some(-1)) {
            let error = Diagnostic::error(format!("{name} has no two sides for {}", kind.quoted()));
            return Err(
                error.hint("scores, two nets, or options in order make them; `--kind bands` needs none")
            );
        }
        series.iter_mut().zip(sides).for_each(|(series, side)| series.side = side);
        let left_out: Vec<&str> =
            series.iter().filter(|series| series.side.is_none()).map(|series| series.name.as_str()).collect();
        if !left_out.is_empty() {
            notes.push(match profile.language {
                Language::Japanese => {
                    format!("「{}」は図から除いた（％の基数には含む）", left_out.join("」「"))
                }
                Language::English => format!("in the base, but not drawn: {}", left_out.join(", ")),
            });
        }
        series.retain(|series| series.side.is_some());
    }
    let ordered = ordered(table);
    Ok(Draft { kind, categories, series, measure: Measure::Percent, ordered, notes })
}

/// The rows of a grid as categories, their answers as series.
fn of_grid(tables: &[&Table], rows: &[usize], profile: &Profile) -> (Vec<Category>, Vec<Series>) {
    let categories = tables.iter().map(|table| {
        let n = column_base(table, 0, None);
        Category {
            label: table.question.heading.clone(),
            code: Some(table.question.id.clone()),
            n,
            low_base: n.is_some_and(|n| low(n, profile)),
            role: Role::Answer,
            highlight: false,
        }
    });
    let series = rows.iter().map(|&row| {
        let mut series = row_series(tables[0], row, &[], profile);
        series.values = tables.iter().map(|table| figure(table, row, 0, profile)).collect();
        series
    });
    (categories.collect(), series.collect())
}

pub(super) fn of_bars(
    tables: &[&Table],
    kind: Kind,
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let (table, name) = (tables[0], named(tables));
    let banner = table.columns.len() > 1;
    if kind == Kind::Bar
        && tables.len() == 1
        && (is_one_figure(table) || (banner && !request.answers.is_empty()))
    {
        let row = one_row(table, request)?;
        let of_row = !table.question.kind.takes_one_option() && !table.has_mentions();
        let base = (of_row || table.has_row_bases()).then_some(row);
        let columns = all_columns(table);
        let categories = columns.iter().map(|&column| column_category(table, column, base, profile));
        let series = vec![row_series(table, row, &columns, profile)];
        let measure = measure(table, &[row]);
        return Ok(Draft {
            kind,
            categories: categories.collect(),
            series,
            measure,
            ordered: false,
            notes: vec![],
        });
    }
    if kind == Kind::Bar && (banner || tables.len() > 1) {
        let error = Diagnostic::error(format!(
            "{name} has several groups with several answers each: no {}",
            kind.quoted()
        ));
        return Err(error.hint("`--kind grouped` shows all; `--answer CODE` one answer of each group"));
    }
    if kind != Kind::Bar && !banner && tables.len() == 1 {
        let error = Diagnostic::error(format!("{name} has one group only: no {}", kind.quoted()));
        return Err(error.hint("`--cols` names the groups; `--kind bar` shows one"));
    }
    if is_one_figure(table) {
        let error = Diagnostic::error(format!("{name} has one figure for each group: no {}", kind.quoted()));
        return Err(error.hint("`--kind bar` shows it"));
    }
    let part = |row: &usize| {
        table.is_summary() || matches!(table.stub[*row].role, RowRole::Option | RowRole::Missing)
    };
    if tables.len() > 1 {
        let rows: Vec<usize> = shown_rows(tables).into_iter().filter(part).collect();
        let (categories, series) = of_grid(tables, &rows, profile);
        let (categories, series) = turned(categories, series);
        return Ok(Draft {
            kind,
            categories,
            series,
            measure: Measure::Percent,
            ordered: false,
            notes: vec![],
        });
    }
    // Answers of which any number can be given have no order of their own.
    let sorted = match table.has_mentions() {
        true => sort_rows(std::slice::from_ref(table)).remove(0),
        false => table.clone(),
    };
    let rows = answers(&sorted);
    let categories = rows.iter().map(|&row| row_category(&sorted, row, profile)).collect();
    let columns = all_columns(&sorted);
    let series = columns.iter().map(|&column| column_series(&sorted, column, &rows, profile)).collect();
    let mut draft =
        Draft { kind, categories, series, measure: measure(&sorted, &rows), ordered: false, notes: vec![] };
    if kind == Kind::Bar {
        draft.series.iter_mut().for_each(|series| series.n = None);
    }
    Ok(draft)
}

/// Categories as series and series as categories.
pub(super) fn turned(categories: Vec<Category>, series: Vec<Series>) -> (Vec<Category>, Vec<Series>) {
    let turned_series = categories.iter().enumerate().map(|(place, category)| Series {
        name: category.label.clone(),
        code: category.code.clone(),
        n: category.n,
        low_base: category.low_base,
        role: category.role,
        highlight: false,
        side: None,
        values: series.iter().map(|series| series.values[place].clone()).collect(),
    });
    let turned_series = turned_series.collect();
    let turned_categories = series.into_iter().map(|series| Category {
        label: series.name,
        code: series.code,
        n: None,
        low_base: false,
        role: series.role,
        highlight: false,
    });
    (turned_categories.collect(), turned_series)
}

pub(super) fn pairs(
    tables: &[&Table],
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let kind = request.kind.filter(|kind| *kind == Kind::Combo).unwrap_or(Kind::Pairs);
    let table = tables[0];
    let rows = answers(table);
    if table.columns.len() == 1 {
        let [one, other] = tables else {
            let error = Diagnostic::error(format!(
                "expected two questions for {} without `--cols`, found {}",
                kind.quoted(),
                tables.len()
            ));
            return Err(error.hint(
                "name two with the same options: `--rows q22,q23`; or a group: `--cols area --highlight 1`",
            ));
        };
        let words = |table: &Table| -> Vec<String> {
            answers(table).into_iter().map(|row| table.stub[row].label.clone()).collect()
        };
        let of_options = |table: &Table| -> Vec<String> {
            table.stub.iter().filter(|row| row.role == RowRole::Option).map(|row| row.label.clone()).collect()
        };
        if one.question.kind.is_measured()
            || (of_options(one) != of_options(other) && words(one) != words(other))
        {
            let error = Diagnostic::error(format!(
                "{} and {} have different options and make no pairs",
                quote(&one.question.id),
                quote(&other.question.id)
            ));
            return Err(error
                .hint("two questions with the same options, or two nets of grids with the same rows, do"));
        }
        // 無回答 may have been given to one of them only.
        let rows = if one.is_summary() { rows } else { shown_rows(tables) };
        let part = |row: &usize| {
            one.is_summary() || matches!(one.stub[*row].role, RowRole::Option | RowRole::Missing)
        };
        let rows: Vec<usize> = rows.into_iter().filter(part).filter(|&row| row < other.stub.len()).collect();
        let categories =
            rows.iter().map(|&row| Category { n: None, low_base: false, ..row_category(one, row, profile) });
        // Two measures, not everybody twice: each has a colour.
        let series = tables.iter().map(|table| Series {
            name: table.question.heading.clone(),
            role: Role::Answer,
            ..column_series(table, 0, &rows, profile)
        });
        let (categories, series) = (categories.collect(), series.collect());
        return Ok(Draft {
            kind,
            categories,
            series,
            measure: measure(one, &rows),
            ordered: false,
            notes: vec![],
        });
    }
    let groups: Vec<usize> =
        (1..table.columns.len()).filter(|&column| table.columns[column].role == ColumnRole::Group).collect();
    let wanted = |column: &usize| {
        let here = &table.columns[*column];
        let codes: Vec<String> = here.codes.iter().map(ToString::to_string).collect();
        request
            .highlight
            .iter()
            .any(|name| *name == column_label(table, *column, profile) || *name == codes.join(">"))
    };
    let found: Vec<usize> = groups.iter().copied().filter(wanted).collect();
    let columns = match (&found[..], &groups[..]) {
        ([one], _) => vec![*one, 0],
        ([], [one, other]) => vec![*one, *other],
        _ => {
            let labels = groups.iter().take(12).map(|&column| quote(&column_label(table, column, profile)));
            let labels: Vec<String> = labels.collect();
            let error = Diagnostic::error(format!(
                "expected one group in `--highlight` to set against the total in {}",
                kind.quoted()
            ));
            return Err(error.hint(format!("the groups are {}", labels.join(", "))));
        }
    };
    let categories = rows.iter().map(|&row| row_category(table, row, profile)).collect();
    let series = columns.iter().map(|&column| column_series(table, column, &rows, profile)).collect();
    Ok(Draft { kind, categories, series, measure: measure(table, &rows), ordered: false, notes: vec![] })
}

pub(super) fn scatter(
    tables: &[&Table],
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let hint = "two measures and a banner: `--rows x:mean,y:mean --cols area --kind scatter`";
    let [one, other] = tables else {
        let error =
            Diagnostic::error(format!("expected two questions for `scatter`, found {}", tables.len()));
        return Err(error.hint(hint));
    };
    if one.columns.len() < 3 {
        return Err(Diagnostic::error("expected groups in `--cols` for `scatter`, each of which is a point")
            .hint(hint));
    }
    let columns: Vec<usize> = (1..one.columns.len()).collect();
    let mut series = Vec::new();
    let mut percent = true;
    for table in [one, other] {
        let row = one_row(table, request)?;
        percent &= measure(table, &[row]) == Measure::Percent;
        let mut of_row = row_series(table, row, &columns, profile);
        if of_row.name != table.question.heading && !table.is_summary() && !table.question.heading.is_empty()
        {
            of_row.name = format!("{}：{}", table.question.heading, of_row.name);
        }
        series.push(of_row);
    }
    let categories = columns.iter().map(|&column| column_category(one, column, None, profile)).collect();
    let measure = if percent { Measure::Percent } else { Measure::Number };
    Ok(Draft { kind: Kind::Scatter, categories, series, measure, ordered: false, notes: vec![] })
}

pub(super) fn line(
    tables: &[&Table],
    request: &ChartRequest,
    profile: &Profile,
) -> Result<Draft, Diagnostic> {
    let (kind, table) = (Kind::Line, tables[0]);
    let banner = table.columns.len() > 1;
    let done = |categories: Vec<Category>, series: Vec<Series>, measure: Measure| {
        Ok(Draft { kind, categories, series, measure, ordered: false, notes: vec![] })
    };
    if table.is_summary() && table.stub.len() > 1 {
        let rows = answers(table);
        let categories = rows.iter().map(|&row| row_category(table, row, profile)).collect();
        let columns = all_columns(table);
        let series = columns.iter().map(|&column| column_series(table, column, &rows, profile));
        let mut series: Vec<Series> = series.collect();
        if !banner {
            series.iter_mut().for_each(|series| series.n = None);
        }
        return done(categories, series, measure(table, &rows));
    }
    let mut rows = Vec::new();
    for answer in &request.answers {
        rows.push(named_row(table, answer)?);
    }
    let of = |role: RowRole| (0..table.stub.len()).filter(move |&row| table.stub[row].role == role);
    if rows.is_empty() {
        rows = match is_one_figure(table) {
            true => vec![one_row(table, request)?],
            false => of(RowRole::Net).collect(),
        };
    }
    if rows.is_empty() {
        rows = of(RowRole::Option).collect();
    }
    if rows.len() > 8 {
        let error = Diagnostic::error(format!(
            "{} would have {} lines, and 8 can be told apart",
            named(tables),
            rows.len()
        ));
        return Err(error.hint("name some answers: `--answer 1,2`"));
    }
    if tables.len() > 1 {
        let (categories, series) = of_grid(tables, &rows, profile);
        return done(categories, series, Measure::Percent);
    }
    // The total is no point on a line of groups.
    let columns: Vec<usize> = (1..table.columns.len()).collect();
    if columns.len() < 2 {
        let error = Diagnostic::error(format!("{} has no ordered rows or groups for `line`", named(tables)));
        return Err(error.hint("a grid's net (`--rows q7:easy`) or groups in `--cols` make them"));
    }
    let base = is_one_figure(table).then(|| rows[0]);
    let categories = columns.iter().map(|&column| column_category(table, column, base, profile)).collect();
    let series = rows.iter().map(|&row| row_series(table, row, &columns, profile)).collect();
    done(categories, series, measure(table, &rows))
}

pub(super) fn map(table: &Table, request: &ChartRequest, profile: &Profile) -> Result<Draft, Diagnostic> {
    let kind = Kind::Map;
    let prefectures = |categories: &[Category]| {
        let codes = || categories.iter().filter_map(|category| category.code.as_ref()?.parse::<u8>().ok());
        (1..=47).all(|code| codes().any(|other| other == code))
    };
    let rows = answers(table);
    let by_row: Vec<Category> = rows
        .iter()
        .filter(|&&row| table.stub[row].role == RowRole::Option)
        .map(|&row| row_category(table, row, profile))
        .collect();
    if table.columns.len() == 1 && prefectures(&by_row) {
        let rows: Vec<usize> =
            rows.into_iter().filter(|&row| table.stub[row].role == RowRole::Option).collect();
        let series = vec![Series { n: None, ..column_series(table, 0, &rows, profile) }];
        return Ok(Draft {
            kind,
            categories: by_row,
            series,
            measure: Measure::Percent,
            ordered: false,
            notes: vec![],
        });
    }
    let columns: Vec<usize> = (1..table.columns.len()).collect();
    let row = one_row(table, request)?;
    let base = is_one_figure(table).then_some(row);
    let by_column: Vec<Category> =
        columns.iter().map(|&column| column_category(table, column, base, profile)).collect();
    if !prefectures(&by_column) {
        let error = Diagnostic::error("expected the 47 prefectures as the question or in `--cols` for `map`");
        return Err(error.hint("`options = \"@prefectures\"` brings them"));
    }
    let series = vec![row_series(table, row, &columns, profile)];
    let notes = match is_one_figure(table) {
        true => Vec::new(),
        false => vec![super::words::share_of(&series[0].name, profile.language)],
    };
    Ok(Draft { kind, categories: by_column, series, measure: measure(table, &[row]), ordered: false, notes })
}
