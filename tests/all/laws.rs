//! Laws of the heart: what must hold of every table, whatever the questionnaire and the data.
//!
//! The oracle counts with a loop over respondents, by what the README says of bases and nets and not by the code.

mod columns;
mod expression;
mod oracle;
mod printed;
mod respondents;
mod schema;
mod simulated;
mod survey;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use renkei::diag::{Failure, Quiet};
use renkei::frame::{Dataset, ReadOptions, WeightSource, read_in_blocks};
use renkei::schema::{NoAnswer, Survey};
use renkei::stats::Ratio;
use renkei::tabulate::{Request, RowRole, Table, Tally, fill};

use oracle::Asked;
use survey::{Case, Draws, Kind, Questionnaire, Respondent, State, case};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn load(questionnaire: &Questionnaire) -> Survey {
    match renkei::schema::load("laws.toml", &questionnaire.toml) {
        Ok(loaded) => loaded.value,
        Err(errors) => panic!("{}", errors.iter().map(|error| error.render(false)).collect::<String>()),
    }
}

fn read_with(survey: &Survey, csv: &str, threads: usize, block_bytes: usize) -> Dataset {
    let file = tempfile::NamedTempFile::with_suffix(".csv").expect("a temporary file");
    std::fs::write(file.path(), csv).expect("a temporary file");
    let questions: Vec<usize> = (0..survey.questions.len()).collect();
    let weight = survey.weight.clone().map_or(WeightSource::None, WeightSource::Column);
    let options = ReadOptions { threads, weight, ..ReadOptions::default() };
    match read_in_blocks(file.path(), survey, &questions, &options, &Quiet, block_bytes) {
        Ok(dataset) => dataset,
        Err(Failure::Refused(errors)) => {
            panic!("{}\n{csv}", errors.iter().map(|error| error.render(false)).collect::<String>())
        }
        Err(Failure::Io(error)) => panic!("{}", error.render(false)),
    }
}

fn read(survey: &Survey, csv: &str) -> Dataset {
    read_with(survey, csv, 2, 300)
}

fn request(survey: &Survey, rows: &str, cols: Option<&str>, filter: Option<&str>) -> Request {
    match Request::resolve(survey, rows, cols, filter, None) {
        Ok(request) => request,
        Err(errors) => panic!("{}", errors.iter().map(|error| error.render(false)).collect::<String>()),
    }
}

/// Every question, in the order of [`Questionnaire::questions`].
const ROWS: &str = "s,t,m,v,c,g.r1,g.r2,h.r1,h.r2,r,r.1,r.2,l,n,d,e,b,w,k";

fn resolve(survey: &Survey, questionnaire: &Questionnaire, asked: &Asked) -> Request {
    let filter = asked.filter.as_ref().map(|filter| filter.text(&questionnaire.questions));
    let exclude = |exclude: bool| if exclude { NoAnswer::Exclude } else { NoAnswer::Include };
    let cols = asked.cols(questionnaire);
    // Without a banner the places come with their rank question.
    let rows = if cols.is_none() { ROWS.replace("r.1,r.2,", "") } else { ROWS.to_string() };
    let request = request(survey, &rows, cols.as_deref(), filter.as_deref());
    Request { no_answer: asked.exclude.map(exclude), joint: everything().needs(), ..request }
}

/// A questionnaire, its survey, respondents, and a request.
struct Drawn {
    questionnaire: Questionnaire,
    survey: Survey,
    respondents: Vec<Respondent>,
    asked: Asked,
    request: Request,
}

impl Drawn {
    fn new(case: &Case) -> Drawn {
        let questionnaire = Questionnaire::draw(case);
        let asked = Asked::draw(&mut Draws::new(&case.request), &questionnaire);
        Drawn::of(case, questionnaire, asked)
    }

    fn of(case: &Case, questionnaire: Questionnaire, asked: Asked) -> Drawn {
        let survey = load(&questionnaire);
        let respondents = questionnaire.respondents(case);
        let request = resolve(&survey, &questionnaire, &asked);
        Drawn { questionnaire, survey, respondents, asked, request }
    }

    fn tables_of<'a>(&'a self, respondents: impl IntoIterator<Item = &'a Respondent>) -> Vec<Table> {
        self.fill(&self.request, &read(&self.survey, &self.questionnaire.csv(respondents)))
    }

    fn tables(&self) -> Vec<Table> {
        self.tables_of(&self.respondents)
    }

    fn fill(&self, request: &Request, dataset: &Dataset) -> Vec<Table> {
        fill(&self.survey, request, dataset, 2, &Quiet)
    }

    fn check(&self, tables: &[Table]) -> Result<(), TestCaseError> {
        for (stub, table) in tables.iter().enumerate() {
            oracle::compare(&self.questionnaire, &self.respondents, &self.asked, stub, table)
                .map_err(|difference| TestCaseError::fail(format!("{difference}\n{}", self.told())))?;
        }
        Ok(())
    }

    fn told(&self) -> String {
        let filter = self.asked.filter.as_ref().map(|filter| filter.text(&self.questionnaire.questions));
        format!(
            "{}\n{}\ncols {:?} filter {filter:?} exclude {:?}",
            self.questionnaire.toml,
            self.questionnaire.csv(&self.respondents),
            self.asked.cols(&self.questionnaire),
            self.asked.exclude,
        )
    }
}

/// Every test, and letters.
fn everything() -> renkei::significance::Options {
    use renkei::significance::{Against, Comparing, Correction, Options, Preset, Test};
    let comparison = Comparing {
        preset: Preset::Crunch,
        levels: vec![100, 2000],
        correction: Correction::None,
        against: Against::Columns,
    };
    Options {
        tests: Test::ALL.map(|(_, test)| test).to_vec(),
        comparison: Some(comparison),
        ..Options::default()
    }
}

fn merged(one: &Table, other: &Table) -> Result<Table, TestCaseError> {
    one.merge(other).ok_or_else(|| TestCaseError::fail("tables of one request do not merge"))
}

fn cell(table: &Table, row: usize, column: usize) -> Tally {
    table.cell(row, column).value().unwrap_or_default()
}

/// Every row and column.
fn places(table: &Table) -> impl Iterator<Item = (usize, usize)> + use<> {
    let (rows, columns) = (table.stub.len(), table.columns.len());
    (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn every_number_of_a_table_is_what_a_loop_over_respondents_counts(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        drawn.check(&drawn.tables())?;
    }

}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn neither_threads_nor_blocks_change_a_table(case in case(1..60)) {
        let drawn = Drawn::new(&case);
        let csv = drawn.questionnaire.csv(&drawn.respondents);
        let tables = drawn.fill(&drawn.request, &read_with(&drawn.survey, &csv, 1, 1 << 20));
        for (threads, block_bytes) in [(1, 100), (2, 300), (16, 150)] {
            let dataset = read_with(&drawn.survey, &csv, threads, block_bytes);
            let same = fill(&drawn.survey, &drawn.request, &dataset, threads, &Quiet);
            prop_assert_eq!(&same, &tables);
        }
    }

    #[test]
    fn tables_of_groups_told_apart_by_a_filter_add_up_to_all(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let drawn = Drawn::of(&case, drawn.questionnaire, Asked { filter: None, ..drawn.asked });
        let options = &drawn.questionnaire.questions[0].options;
        let mut filters: Vec<String> = options.iter().map(|code| format!("s == {code}")).collect();
        filters.extend(["s is missing".to_string(), "not s is asked".to_string()]);
        let dataset = read(&drawn.survey, &drawn.questionnaire.csv(&drawn.respondents));
        let cols = drawn.asked.cols(&drawn.questionnaire);
        let without_words = |mut table: Table| {
            table.filter = None;
            table.notes.clear();
            // Each group's filter leaves out the others.
            table.reach.iter_mut().for_each(|reach| reach.filtered_out = 0);
            table
        };
        let mut sums: Vec<Table> = Vec::new();
        for filter in &filters {
            let request = Request {
                filter: request(&drawn.survey, ROWS, cols.as_deref(), Some(filter)).filter,
                ..drawn.request.clone()
            };
            let group = drawn.fill(&request, &dataset).into_iter().map(without_words);
            sums = match sums.is_empty() {
                true => group.collect(),
                false => sums.iter().zip(group).map(|(sum, table)| merged(sum, &table)).collect::<Result<_, _>>()?,
            };
        }
        for (sum, table) in sums.into_iter().zip(drawn.fill(&drawn.request, &dataset)) {
            prop_assert_eq!(sum, without_words(table));
        }
    }

    #[test]
    fn a_summary_table_has_the_rows_of_its_grid(case in case(1..30)) {
        let drawn = Drawn::new(&case);
        let nets = drawn.questionnaire.questions[drawn.questionnaire.find("g.r1")].nets.len();
        let answers = if nets > 0 { "g:2,g:net0" } else { "g:2" };
        let cols = drawn.asked.cols(&drawn.questionnaire);
        let request = Request { stubs: request(&drawn.survey, answers, cols.as_deref(), None).stubs, ..drawn.request.clone() };
        let summaries = drawn.fill(&request, &read(&drawn.survey, &drawn.questionnaire.csv(&drawn.respondents)));
        let tables = drawn.tables();
        for (summary, code) in summaries.iter().zip(["2", "net0"]) {
            for (place, id) in ["g.r1", "g.r2"].into_iter().enumerate() {
                let table = &tables[drawn.questionnaire.find(id)];
                let row = table.stub.iter().position(|row| row.code.as_ref().is_some_and(|of| of.to_string() == code));
                let row = row.expect("an option or net");
                prop_assert_eq!(&summary.stub[place].question, id);
                for column in 0..table.columns.len() {
                    prop_assert_eq!(summary.cell(place, column), table.cell(row, column));
                    prop_assert_eq!(summary.base(place, column), table.base(row, column));
                    prop_assert_eq!(summary.both(place, column), table.both(row, column));
                }
                for (banner, of_row) in summary.banners.iter().zip(&table.banners) {
                    prop_assert_eq!(banner.answered[place], of_row.answered[row]);
                    prop_assert_eq!(banner.both[place], of_row.both[row]);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn wide_questions_nested_are_counted_like_any_other(case in case(1..60)) {
        // Pairs of multi questions of up to 20 options: too many patterns, so option by option.
        let questionnaire = Questionnaire::draw(&case);
        let asked = Asked::draw(&mut Draws::new(&case.request), &questionnaire);
        let (m, v) = (questionnaire.find("m"), questionnaire.find("v"));
        let drawn = Drawn::of(&case, questionnaire, Asked { banners: vec![vec![v, m], vec![0, v]], ..asked });
        drawn.check(&drawn.tables())?;
    }

    #[test]
    fn a_multi_in_a_single_of_eighty_options_is_counted_like_any_other(case in case(1..60)) {
        let questionnaire = Questionnaire::with_first(&case, Some(80));
        let asked = Asked::draw(&mut Draws::new(&case.request), &questionnaire);
        let v = questionnaire.find("v");
        let drawn = Drawn::of(&case, questionnaire, Asked { banners: vec![vec![0, v]], ..asked });
        drawn.check(&drawn.tables())?;
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn nobody_merged_with_a_table_leaves_it(case in case(1..30)) {
        let drawn = Drawn::new(&case);
        let mut dataset = read(&drawn.survey, &drawn.questionnaire.csv(&drawn.respondents));
        let tables = drawn.fill(&drawn.request, &dataset);
        // The same units, and nobody in the file: a file with a header only is refused.
        (dataset.respondents, dataset.zero_weights) = (0, 0);
        dataset.blocks.clear();
        dataset.answered_not_asked.clear();
        for (nobody, table) in drawn.fill(&drawn.request, &dataset).iter().zip(tables) {
            prop_assert_eq!(&merged(nobody, &table)?, &table);
            prop_assert_eq!(&merged(&table, nobody)?, &table);
        }
    }

    #[test]
    fn merging_commutes_and_associates(case in case(3..40)) {
        let drawn = Drawn::new(&case);
        let third = drawn.respondents.len() / 3;
        let (a, rest) = drawn.respondents.split_at(third);
        let (b, c) = rest.split_at(third);
        let (a, b, c) = (drawn.tables_of(a), drawn.tables_of(b), drawn.tables_of(c));
        for ((a, b), c) in a.iter().zip(&b).zip(&c) {
            prop_assert_eq!(merged(a, b)?, merged(b, a)?);
            prop_assert_eq!(merged(&merged(a, b)?, c)?, merged(a, &merged(b, c)?)?);
        }
    }

    #[test]
    fn a_table_of_two_files_is_the_sum_of_their_tables(case in case(2..40), cut in any::<prop::sample::Index>()) {
        let drawn = Drawn::new(&case);
        let (a, b) = drawn.respondents.split_at(1 + cut.index(drawn.respondents.len() - 1));
        for ((a, b), whole) in drawn.tables_of(a).iter().zip(drawn.tables_of(b)).zip(drawn.tables()) {
            prop_assert_eq!(merged(a, &b)?, whole);
        }
    }

    #[test]
    fn the_order_of_respondents_changes_no_byte(
        (case, order) in case(1..40).prop_flat_map(|case| {
            let order: Vec<usize> = (0..case.respondents.len()).collect();
            (Just(case), Just(order).prop_shuffle())
        })
    ) {
        let drawn = Drawn::new(&case);
        let shuffled = order.iter().map(|&place| &drawn.respondents[place]);
        let json = renkei::render::json(&drawn.tables(), &everything(), None);
        prop_assert_eq!(renkei::render::json(&drawn.tables_of(shuffled), &everything(), None), json);
    }

    #[test]
    fn weights_of_one_make_respondents_and_weights_agree(case in case(1..40)) {
        let mut drawn = Drawn::new(&case);
        let decimals = drawn.questionnaire.weight_decimals.unwrap_or(0);
        let unit = 10_i128.pow(decimals);
        for respondent in &mut drawn.respondents {
            respondent.cells[0] = respondents::decimal(unit as i64, decimals);
        }
        for table in drawn.tables() {
            for (row, column) in places(&table) {
                for tally in [cell(&table, row, column), table.base(row, column), table.both(row, column), table.mentions(row, column).value().unwrap_or_default()] {
                    prop_assert_eq!(tally.w, i128::from(tally.n) * unit);
                    prop_assert_eq!(tally.w2, i128::from(tally.n) * unit * unit);
                }
                if let Some(effective) = table.base(row, column).effective() {
                    prop_assert_eq!(effective, Ratio::whole(i128::from(table.base(row, column).n)));
                }
            }
        }
    }

    #[test]
    fn weights_times_three_leave_percentages_and_effective_bases(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let decimals = drawn.questionnaire.weight_decimals.unwrap_or(0);
        let mut threefold = drawn.respondents.clone();
        for respondent in &mut threefold {
            respondent.cells[0] = respondents::decimal(respondent.weight as i64 * 3, decimals);
        }
        for (table, threefold) in drawn.tables().iter().zip(drawn.tables_of(&threefold)) {
            for (row, column) in places(table) {
                prop_assert_eq!(table.column_percent(row, column), threefold.column_percent(row, column));
                prop_assert_eq!(table.row_percent(row, column), threefold.row_percent(row, column));
                prop_assert_eq!(table.total_percent(row, column), threefold.total_percent(row, column));
                prop_assert_eq!(table.mention_percent(row, column), threefold.mention_percent(row, column));
                prop_assert_eq!(table.difference(row, column), threefold.difference(row, column));
                prop_assert_eq!(table.base(row, column).effective(), threefold.base(row, column).effective());
                prop_assert_eq!(table.mean(row, column), threefold.mean(row, column));
                prop_assert_eq!(table.quartile(row, column, 1), threefold.quartile(row, column, 1));
            }
        }
    }

    #[test]
    fn an_effective_base_is_never_above_the_respondents(case in case(1..40)) {
        for table in Drawn::new(&case).tables() {
            for (row, column) in places(&table) {
                let base = table.base(row, column);
                prop_assert!(base.effective().is_none_or(|effective| effective <= Ratio::whole(i128::from(base.n))));
                prop_assert_eq!(base.effective().is_none(), base.w == 0);
            }
        }
    }

    #[test]
    fn options_and_missing_of_a_single_part_its_base_and_a_net_is_the_sum_of_its_options(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        for (question, table) in drawn.questionnaire.questions.iter().zip(drawn.tables()) {
            // With a base by option the parts have bases of their own.
            if question.kind != Kind::Single || question.limited_to.is_some() {
                continue;
            }
            for column in 0..table.columns.len() {
                let parts = (0..table.stub.len()).filter(|&row| table.stub[row].role != RowRole::Net);
                let sum: Tally = parts.map(|row| cell(&table, row, column)).sum();
                prop_assert_eq!(sum, table.base(0, column));
                for (row, net) in table.stub.iter().enumerate().filter(|(_, row)| row.role == RowRole::Net) {
                    let place = |code| table.stub.iter().position(|row| row.code.as_ref() == Some(code));
                    let parts = net.of.iter().filter_map(place);
                    let sum: Tally = parts.map(|option| cell(&table, option, column)).sum();
                    prop_assert_eq!(sum, cell(&table, row, column));
                }
            }
        }
    }

    #[test]
    fn a_net_of_a_multi_lies_between_its_largest_part_and_their_sum(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        for (question, table) in drawn.questionnaire.questions.iter().zip(drawn.tables()) {
            if !matches!(question.kind, Kind::Multi { .. }) {
                continue;
            }
            for (row, column) in places(&table).filter(|&(row, _)| table.stub[row].role == RowRole::Net) {
                let place = |code| table.stub.iter().position(|row| row.code.as_ref() == Some(code));
                let options = || table.stub[row].of.iter().filter_map(place);
                let parts = || options().map(|option| cell(&table, option, column));
                let (net, sum) = (cell(&table, row, column), parts().sum::<Tally>());
                prop_assert!(parts().all(|part| part.n <= net.n && part.w <= net.w));
                prop_assert!(net.n <= sum.n.min(table.base(row, column).n));
                prop_assert!(net.w <= sum.w.min(table.base(row, column).w));
                prop_assert_eq!(table.mentions(row, column).value().unwrap_or_default(), sum);
            }
        }
    }

    #[test]
    fn codes_joined_in_a_derived_group_add_their_respondents(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let tables = drawn.tables();
        let derived = drawn.questionnaire.find("d");
        let survey::Origin::Derived { from, group_of } = &drawn.questionnaire.questions[derived].origin else { panic!() };
        for (row, column) in places(&tables[derived]) {
            if tables[derived].stub[row].role == RowRole::Option {
                let options = (0..group_of.len()).filter(|&option| group_of[option] == row);
                let sum: Tally = options.map(|option| cell(&tables[*from], option, column)).sum();
                prop_assert_eq!(sum, cell(&tables[derived], row, column));
            }
        }
    }

    #[test]
    fn every_respondent_twice_doubles_counts_and_keeps_percentages(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let twice = drawn.respondents.iter().chain(&drawn.respondents);
        for (table, twice) in drawn.tables().iter().zip(drawn.tables_of(twice)) {
            prop_assert_eq!(&merged(table, table)?, &twice);
            for (row, column) in places(table) {
                prop_assert_eq!(cell(&twice, row, column).n, cell(table, row, column).n * 2);
                prop_assert_eq!(table.column_percent(row, column), twice.column_percent(row, column));
                prop_assert_eq!(table.row_percent(row, column), twice.row_percent(row, column));
                prop_assert_eq!(table.mean(row, column), twice.mean(row, column));
                for quartile in 1..=3 {
                    prop_assert_eq!(table.quartile(row, column, quartile), twice.quartile(row, column, quartile));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn printed_numbers_read_back_as_the_tables_numbers(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        printed::check(&drawn.tables()).map_err(|error| TestCaseError::fail(format!("{error}\n{}", drawn.told())))?;
    }
}

/// A respondent whose reply is nothing but blanks has given one, where the questionnaire says so.
#[test]
fn nothing_selected_is_a_reply_where_declared_whether_cells_are_zero_or_blank() {
    let toml = r#"
        [survey]
        id = "laws"
        title = "laws"
        [[question]]
        id = "m"
        text = "m"
        kind = "multi"
        options = [{ code = 1, label = "a" }, { code = 2, label = "b" }]
        none_selected = "reply"
    "#;
    let survey = renkei::schema::load("laws.toml", toml).expect("a sound schema").value;
    let dataset = read(&survey, "id,m_1,m_2\n1,1,0\n2,0,0\n3,,\n");
    let table = &fill(&survey, &request(&survey, "m", None, None), &dataset, 1, &Quiet)[0];
    assert_eq!((table.base(0, 0).n, table.both(0, 0).n), (3, 3));
}

#[test]
fn states_of_the_oracle_cover_what_the_generator_draws() {
    // A generator that never draws a state proves nothing about it.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut states, mut sizes) = (std::collections::BTreeSet::new(), [0_usize; 3]);
    for _ in 0..64 {
        let case = case(20..40).new_tree(&mut runner).expect("a case").current();
        let questionnaire = Questionnaire::draw(&case);
        for respondent in questionnaire.respondents(&case) {
            for (question, reply) in questionnaire.questions.iter().zip(&respondent.replies) {
                states.insert((question.id.clone(), format!("{:?}", reply.state)));
                if let (Kind::Multi { .. }, State::Given) = (question.kind, reply.state) {
                    sizes[(question.options.len() - 1) / 8] += 1;
                }
            }
        }
    }
    assert!(sizes.iter().all(|&replies| replies > 100), "{sizes:?}");
    for id in ROWS.split(',') {
        // What is made of conditions and counts has no codes of its own.
        let coded = !["w", "k"].contains(&id);
        for state in
            ["Given", "Blank", "Coded(0)", "NotAsked"].into_iter().filter(|s| coded || *s != "Coded(0)")
        {
            assert!(states.contains(&(id.to_string(), state.to_string())), "{id} is never {state}");
        }
    }
}

/// A file may write its weights or numbers with fewer decimals than another.
#[test]
fn tables_in_different_units_merge_into_the_finer_one() {
    let toml = "[survey]\nid = \"laws\"\ntitle = \"laws\"\nweight = \"weight\"\n\
                [[question]]\nid = \"n\"\ntext = \"n\"\nkind = \"number\"\n";
    let survey = renkei::schema::load("laws.toml", toml).expect("a sound schema").value;
    let table = |rows: &str| {
        let dataset = read(&survey, &format!("id,weight,n\n{rows}"));
        fill(&survey, &request(&survey, "n", None, None), &dataset, 1, &Quiet).remove(0)
    };
    let (coarse, fine) = (table("1,2,7\n2,1,\n"), table("3,0.25,7.5\n4,1.5,7\n"));
    let whole = table("1,2,7\n2,1,\n3,0.25,7.5\n4,1.5,7\n");
    assert_eq!((coarse.merge(&fine), fine.merge(&coarse)), (Some(whole.clone()), Some(whole)));
}

/// A lane is a number of 16 bits: it went round, and put respondents into other groups' columns.
#[test]
fn nested_groups_too_many_to_count_are_refused_and_others_counted() {
    let options = |count: usize| {
        let option = |code: usize| format!("{{ code = {code}, label = \"甲{code}\" }}");
        (1..=count).map(option).collect::<Vec<_>>().join(", ")
    };
    let mut toml = "[survey]\nid = \"laws\"\ntitle = \"laws\"\n".to_string();
    for (id, count) in [("a", 40), ("b", 40), ("c", 40), ("d", 20)] {
        toml += &format!(
            "[[question]]\nid = \"{id}\"\ntext = \"文\"\nkind = \"single\"\noptions = [{}]\n",
            options(count)
        );
    }
    let survey = renkei::schema::load("laws.toml", &toml).expect("a sound schema").value;
    let errors = Request::resolve(&survey, "a", Some("d, a > b>c"), None, None).expect_err("too many");
    let shown = errors.iter().map(|error| error.render(false)).collect::<String>();
    insta::assert_snapshot!(shown, @r"
    error: `a > b>c` has too many groups to count: 64,000 groups
     --> --cols:1:4
      |
    1 | d, a > b>c
      |    ^^^^^^^
      |
      = hint: nest fewer questions, or coarser ones: `[[derive]]` groups options
    ");

    let dataset = read(&survey, "id,a,b,c,d\n1,1,1,1,1\n2,40,40,40,20\n");
    let tables = fill(&survey, &request(&survey, "a", Some("a>b>d"), None), &dataset, 1, &Quiet);
    let counted: Vec<usize> =
        (0..tables[0].columns.len()).filter(|&column| tables[0].base(0, column).n > 0).collect();
    assert_eq!(counted, [0, 1, 40 * 40 * 20]);
}
