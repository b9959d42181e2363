//! Tests of whole tables: which cells they are of, and which tests are run.

use super::{
    ChiSquared, Contingency, Lettering, NotRun, Options, Statistic, Test, bilder_loughin, cochran, compare,
    contrast, fisher, marginal_homogeneity, symmetry,
};
use crate::schema::Sampling;
use crate::tabulate::{CellCovariance, ColumnRole, Note, RowRole, Shown, Table, Tally};

/// One test of a table, or of one of its answers, against a banner.
#[derive(Debug, Clone, PartialEq)]
pub struct TestLine {
    /// The banner; `None`: over the rows, of the Total column.
    pub banner: Option<usize>,
    /// The banner's group within which it is over the rows.
    pub column: Option<usize>,
    /// The answer tested by itself: given or not.
    pub row: Option<usize>,
    /// The test asked for.
    pub asked: Test,
    /// The test run.
    pub test: Test,
    /// Statistics, or why there are none.
    pub values: Result<Vec<(Statistic, f64)>, NotRun>,
}

/// What was found of a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Findings {
    /// Tests, in the order asked for.
    pub tests: Vec<TestLine>,
    /// Adjusted standardised residuals by row and column, where there are any.
    pub residuals: Vec<Vec<Option<f64>>>,
    /// Comparisons of columns.
    pub lettering: Option<Lettering>,
}

/// Computes what is asked for of a table.
pub fn find(table: &Table, options: &Options) -> Findings {
    let mut findings = Findings {
        lettering: options.comparison.as_ref().map(|comparing| compare(table, comparing)),
        ..Findings::default()
    };
    if options.tests.contains(&Test::Residual) {
        findings.residuals = vec![vec![None; table.columns.len()]; table.stub.len()];
    }
    for (banner, words) in table.banners.iter().enumerate() {
        if words.subtotal_of.is_some() || options.tests.is_empty() {
            continue;
        }
        let columns: Vec<usize> = (0..table.columns.len())
            .filter(|&column| {
                let here = &table.columns[column];
                here.role == ColumnRole::Group && here.banner == Some(banner)
            })
            .collect();
        findings.against(table, banner, &columns, options);
    }
    let without_banner = table.banners.is_empty();
    for &test in &options.tests {
        let of_rows = Test::OF_ROWS.iter().any(|(_, known)| *known == test);
        // With a banner a trend is over its groups.
        if of_rows && (test != Test::Trend || without_banner) {
            let line = |banner, column: usize| TestLine {
                banner,
                column: banner.map(|_| column),
                row: None,
                asked: test,
                test,
                values: over_rows(table, test, column),
            };
            let whole = line(None, 0);
            let refused = whole.values.as_ref().err().copied();
            // What is wrong with the table is said once.
            if refused.is_none_or(|why| why == NotRun::NoChange) {
                let group = |&column: &usize| table.columns[column].role == ColumnRole::Group;
                let groups = (0..table.columns.len()).filter(group);
                let groups =
                    groups.filter_map(|column| Some(line(Some(table.columns[column].banner?), column)));
                findings.tests.extend(groups.filter(|_| table.columns.len() > 1));
            }
            findings.tests.push(whole);
        }
    }
    findings
}

/// A test over the rows of a grid's summary table, of those in a column.
fn over_rows(table: &Table, test: Test, column: usize) -> Result<Vec<(Statistic, f64)>, NotRun> {
    let battery = match table.joint.batteries.get(column) {
        // Those of means have the same respondents too.
        _ if test == Test::Trend && table.is_summary() => return Err(NotRun::SameRespondents),
        None => return Err(NotRun::NotRows),
        _ if table.option_bases => return Err(NotRun::OwnBases),
        _ if table.weighted() => return Err(NotRun::CountsOnly),
        Some(battery) if table.stub.len() < battery.with.len() => return Err(NotRun::RowsLeftOut),
        Some(battery) => battery,
    };
    if (0..table.stub.len()).any(|row| table.cell(row, column) == Shown::Suppressed) {
        return Err(NotRun::Hidden);
    }
    let n = (Statistic("rows_n"), battery.n as f64);
    Ok(match test {
        Test::Cochran => {
            let found = cochran(battery)?;
            vec![
                (Statistic("cochran"), found.statistic),
                (Statistic("cochran_df"), found.df),
                (Statistic("cochran_p"), found.p),
                n,
            ]
        }
        _ => {
            let (t, df, p) = contrast(battery)?;
            vec![(Statistic("contrast"), t), (Statistic("contrast_df"), df), (Statistic("contrast_p"), p), n]
        }
    })
}

impl Findings {
    fn against(&mut self, table: &Table, banner: usize, columns: &[usize], options: &Options) {
        let options_of = |row: &usize| match table.is_summary() {
            true => table.stub[*row].role != RowRole::Missing,
            false => table.stub[*row].role == RowRole::Option,
        };
        let rows: Vec<usize> = (0..table.stub.len()).filter(options_of).collect();
        let refused = match () {
            () if table.question.kind.is_measured() || table.means.is_some() || rows.is_empty() => {
                Some(NotRun::Number)
            }
            () if table.banners[banner].path.iter().any(|question| question.id == table.question.id) => {
                Some(NotRun::Itself)
            }
            () if table.option_bases => Some(NotRun::OwnBases),
            () if table.banners[banner].overlapping => Some(NotRun::Overlap),
            () => None,
        };
        let one_table = table.question.kind.takes_one_option() && !table.is_summary();
        let together = options.tests.contains(&Test::BilderLoughin);
        for &test in &options.tests {
            if matches!(test, Test::Cochran | Test::Contrast) {
                continue;
            }
            let census = test == Test::Auto && options.sampling == Some(Sampling::Census);
            if let Some(why) = refused.or(census.then_some(NotRun::Census)) {
                // Groups that overlap are a question of several answers too.
                let several = match (test, why) {
                    (Test::BilderLoughin, NotRun::Overlap) => true,
                    (Test::Auto, NotRun::Overlap) => {
                        !together && table.sample().is_none() && table.joint.patterns(banner).is_some()
                    }
                    _ => false,
                };
                let (test, values) = match several {
                    true => (Test::BilderLoughin, several_answers(table, banner)),
                    false => (test, Err(why)),
                };
                self.tests.push(TestLine::of_banner(banner, test, values));
            } else if let Test::McNemar | Test::Marginal = test {
                let values = paired(table, banner, &rows, columns, test);
                self.tests.push(TestLine::of_banner(banner, test, values));
            } else if test == Test::BilderLoughin {
                let values = several_answers(table, banner);
                self.tests.push(TestLine::of_banner(banner, test, values));
            } else if one_table {
                let cells = whole(table, &rows, columns);
                self.run(table, (banner, None), (test, options.seed), cells, &rows, columns);
            } else {
                let before = self.tests.len();
                for &row in &rows {
                    let cells = given_or_not(table, row, columns);
                    self.run(table, (banner, Some(row)), (test, options.seed), cells, &[row], columns);
                }
                if !table.is_summary() {
                    let top = table.notes.iter().any(|note| matches!(note, Note::Top(_)));
                    self.together(banner, test, before, top);
                }
                if test == Test::Auto
                    && !together
                    && !table.weighted()
                    && table.sample().is_none()
                    && table.joint.patterns(banner).is_some()
                {
                    let line =
                        TestLine::of_banner(banner, Test::BilderLoughin, several_answers(table, banner));
                    self.tests.push(TestLine { asked: test, ..line });
                }
            }
        }
    }

    /// Runs a test; `rows` are the table's rows of the first rows of cells.
    fn run(
        &mut self,
        table: &Table,
        (banner, row): (usize, Option<usize>),
        (test, seed): (Test, u64),
        cells: Result<Vec<Vec<Tally>>, NotRun>,
        rows: &[usize],
        columns: &[usize],
    ) {
        let made = cells.and_then(|cells| Contingency::new(&cells, table.weighted()));
        let designed = table.sample().is_some();
        let under = table.cell_covariance(row, banner).filter(|covariance| covariance.rows == rows);
        let mut push = |run: Test, values| {
            self.tests.push(TestLine {
                banner: Some(banner),
                column: None,
                row,
                asked: test,
                test: run,
                values,
            });
        };
        let made = match made {
            Ok(made) => made,
            Err(why) => return push(test, Err(why)),
        };
        match test {
            Test::Residual => {
                for (r, c, z) in made.residuals() {
                    // Of an answer given or not, only the first row is one of the table's.
                    if let Some(&row) = rows.get(r) {
                        self.residuals[row][columns[c]] = Some(z).filter(|z| z.is_finite());
                    }
                }
            }
            Test::Auto | Test::RaoScott if designed => {
                // The covariance of a table that is too large was not made.
                let found = under.ok_or(NotRun::TooLarge);
                push(
                    Test::RaoScott,
                    found.and_then(|under| values(Test::RaoScott, &made, Some(under), seed)),
                );
            }
            Test::Auto if table.weighted() => push(Test::RaoScott, values(Test::RaoScott, &made, None, seed)),
            // Of several answers each has one p-value, for they are corrected together.
            Test::Auto if row.is_some() && made.is_sparse() => {
                push(Test::Fisher, values(Test::Fisher, &made, None, seed))
            }
            Test::Auto => {
                push(Test::Pearson, values(Test::Pearson, &made, None, seed));
                if row.is_none() && made.is_sparse() {
                    push(Test::Fisher, values(Test::Fisher, &made, None, seed));
                }
            }
            test => push(test, values(test, &made, None, seed)),
        }
    }

    /// Of several answers together: the smallest p times their number (Bonferroni), over the lines since
    /// `before`.
    fn together(&mut self, banner: usize, asked: Test, before: usize, rows_left_out: bool) {
        let p: Vec<f64> = self.tests[before..].iter().filter_map(TestLine::p).collect();
        let Some(least) = p.iter().copied().reduce(f64::min) else { return };
        let together = vec![(Statistic("bonferroni_p"), (least * p.len() as f64).min(1.0))];
        // Those left out would be part of the family.
        let values = if rows_left_out { Err(NotRun::RowsLeftOut) } else { Ok(together) };
        self.tests.push(TestLine::of_banner(banner, asked, values));
    }
}

impl TestLine {
    /// The test that was asked for, of all answers by a banner.
    fn of_banner(banner: usize, test: Test, values: Result<Vec<(Statistic, f64)>, NotRun>) -> TestLine {
        TestLine { banner: Some(banner), column: None, row: None, asked: test, test, values }
    }

    /// A statistic of it.
    pub fn value(&self, name: &str) -> Option<f64> {
        let values = self.values.as_ref().ok()?;
        values.iter().find(|(statistic, _)| statistic.0 == name).map(|(_, value)| *value)
    }

    /// Its p-value.
    pub fn p(&self) -> Option<f64> {
        let names = ["chisq_p", "lr_p", "rs_p", "fisher_p", "trend_p", "mcnemar_exact_p", "mcnemar_p"];
        let others = ["marginal_p", "bl_p", "cochran_p", "contrast_p", "bonferroni_p"];
        names.iter().chain(&others).find_map(|name| self.value(name))
    }
}

/// The statistics of a test; of Rao and Scott's under a design, where there is one.
fn values(
    test: Test,
    table: &Contingency,
    under: Option<&CellCovariance>,
    seed: u64,
) -> Result<Vec<(Statistic, f64)>, NotRun> {
    let named = |names: [&'static str; 3], found: ChiSquared| {
        names.map(Statistic).into_iter().zip([found.statistic, found.df, found.p]).collect::<Vec<_>>()
    };
    let beside =
        [(Statistic("cramers_v"), table.cramers_v()), (Statistic("expected_min"), table.least_expected())];
    Ok(match test {
        Test::Pearson | Test::Auto | Test::Residual => {
            [named(["chisq", "chisq_df", "chisq_p"], table.pearson()?), beside.to_vec()].concat()
        }
        Test::LikelihoodRatio => named(["lr", "lr_df", "lr_p"], table.likelihood_ratio()?),
        Test::RaoScott => {
            let found = table.rao_scott(under)?;
            let second = [("rs_f", found.f), ("rs_df1", found.df1), ("rs_df2", found.df2), ("rs_p", found.p)];
            let second = second.map(|(name, value)| (Statistic(name), value));
            [&second[..], &named(["rs1_chisq", "rs1_df", "rs1_p"], found.first), &beside].concat()
        }
        Test::Fisher => {
            let found = fisher(table, seed)?;
            let drawn = found
                .error
                .map(|error| [(Statistic("fisher_se"), error), (Statistic("fisher_seed"), seed as f64)]);
            std::iter::once((Statistic("fisher_p"), found.p)).chain(drawn.into_iter().flatten()).collect()
        }
        Test::Trend => {
            let found = table.trend()?;
            vec![(Statistic("trend"), found.statistic), (Statistic("trend_p"), found.p)]
        }
        // Of paired answers or several answers, which are no table of answers by groups.
        Test::McNemar | Test::Marginal | Test::BilderLoughin | Test::Cochran | Test::Contrast => {
            return Err(NotRun::NotRows);
        }
    })
}

/// A test of two questions with the same options, answered by the same respondents.
fn paired(
    table: &Table,
    banner: usize,
    rows: &[usize],
    columns: &[usize],
    test: Test,
) -> Result<Vec<(Statistic, f64)>, NotRun> {
    let several = !table.question.kind.takes_one_option() || table.is_summary();
    if several || table.banners[banner].path.len() != 1 {
        return Err(NotRun::OtherOptions);
    }
    if table.weighted() {
        return Err(NotRun::CountsOnly);
    }
    let cells = whole(table, rows, columns)?;
    let row_of = |column: &usize| {
        let here = &table.columns[*column];
        // Codes 1, 2, 3 are those of many questions that have nothing else in common.
        rows.iter().position(|&row| {
            let stub = &table.stub[row];
            stub.code.as_ref() == here.codes.first() && Some(&stub.label) == here.labels.first()
        })
    };
    // The columns' order may be another, and the rows may be sorted.
    let places: Option<Vec<usize>> = columns.iter().map(row_of).collect();
    let places = places.filter(|places| places.len() == rows.len()).ok_or(NotRun::OtherOptions)?;
    let counts: Vec<Vec<u64>> =
        places.iter().map(|&row| cells[row].iter().map(|cell| cell.n).collect()).collect();
    let named = |names: [&'static str; 3], found: ChiSquared| {
        names.map(Statistic).into_iter().zip([found.statistic, found.df, found.p]).collect::<Vec<_>>()
    };
    if test == Test::Marginal {
        let found = marginal_homogeneity(&counts)?;
        return Ok(named(["marginal", "marginal_df", "marginal_p"], found));
    }
    let found = symmetry(&counts)?;
    let exact = found.exact.map(|p| (Statistic("mcnemar_exact_p"), p));
    Ok(named(["mcnemar", "mcnemar_df", "mcnemar_p"], found.chi_squared).into_iter().chain(exact).collect())
}

/// Bilder and Loughin's test of the table's question and a banner.
fn several_answers(table: &Table, banner: usize) -> Result<Vec<(Statistic, f64)>, NotRun> {
    if table.weighted() {
        return Err(NotRun::CountsOnly);
    }
    if table.notes.iter().any(|note| matches!(note, Note::Top(_))) {
        return Err(NotRun::RowsLeftOut);
    }
    let hidden = |(row, column)| table.cell(row, column) == Shown::Suppressed;
    let columns = 0..table.columns.len();
    if (0..table.stub.len()).flat_map(|row| columns.clone().map(move |column| (row, column))).any(hidden) {
        return Err(NotRun::Hidden);
    }
    let words = &table.banners[banner];
    let why = match (words.overlapping, table.question.kind.takes_several_options()) {
        (true, _) if words.path.len() > 1 => NotRun::Overlap,
        (false, false) => NotRun::OneAnswer,
        _ => NotRun::TooLarge,
    };
    let found = bilder_loughin(table.joint.patterns(banner).ok_or(why)?)?;
    let values = [
        ("bl_x2", found.statistic),
        ("bl_rs2", found.scaled),
        ("bl_df", found.df),
        ("bl_p", found.p),
        ("bl_bonferroni_p", found.bonferroni),
        ("expected_min", found.least_expected),
    ];
    Ok(values.map(|(name, value)| (Statistic(name), value)).to_vec())
}

/// Answers by groups, of those given on both.
fn whole(table: &Table, rows: &[usize], columns: &[usize]) -> Result<Vec<Vec<Tally>>, NotRun> {
    let cell = |row: usize, column: usize| match table.cell(row, column) {
        Shown::Value(tally) => Ok(tally),
        Shown::Suppressed => Err(NotRun::Hidden),
        // Nobody is in the column's base.
        Shown::Undefined => Ok(Tally::default()),
    };
    let cells: Vec<Vec<Tally>> = rows
        .iter()
        .map(|&row| columns.iter().map(|&column| cell(row, column)).collect::<Result<_, _>>())
        .collect::<Result<_, _>>()?;
    let all = |place: usize| cells.iter().map(|row| row[place].n).sum::<u64>();
    let complete = (0..columns.len()).all(|place| all(place) == table.both(rows[0], columns[place]).n);
    if complete { Ok(cells) } else { Err(NotRun::RowsLeftOut) }
}

/// Who gave the answer and who did not, of those given on both.
fn given_or_not(table: &Table, row: usize, columns: &[usize]) -> Result<Vec<Vec<Tally>>, NotRun> {
    let given = columns.iter().map(|&column| match table.cell(row, column) {
        Shown::Value(tally) => Ok(tally),
        Shown::Suppressed => Err(NotRun::Hidden),
        Shown::Undefined => Ok(Tally::default()),
    });
    let given = given.collect::<Result<Vec<Tally>, NotRun>>()?;
    let not = |(place, &column): (usize, &usize)| {
        let (all, with) = (table.both(row, column), given[place]);
        Tally { n: all.n - with.n, w: all.w - with.w, w2: all.w2 - with.w2 }
    };
    let not = columns.iter().enumerate().map(not).collect();
    Ok(vec![given, not])
}
