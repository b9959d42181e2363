//! Disclosure control: what is hidden cannot be computed, and is nowhere.
//!
//! The oracle of the properties is exact and knows nothing of the suppressor: a system of equations over
//! fractions (up to 8 × 8), or its rank modulo two primes (up to 20 × 20), decides whether a hidden number
//! has one value only; widths of intervals are those of `renkei audit`, which reads the outputs.

use proptest::prelude::*;
use renkei::disclosure::{Evidence, Line, Placed, Whom, audit, suppress};
use renkei::frame::{ReadOptions, read};
use renkei::schema::Survey;
use renkei::tabulate::{Request, RowRole, Shown, Table, fill};

/// A questionnaire of one answer with nets, a multiple answer and groups with regions.
fn schema(options: usize, groups: usize, rules: &str) -> String {
    let listed = |count: usize, word: &str| -> String {
        let each = (1..=count).map(|code| format!("{{ code = {code}, label = \"{word}{code}\" }}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let half =
        |count: usize| (1..=count.div_ceil(2)).map(|code| code.to_string()).collect::<Vec<_>>().join(", ");
    format!(
        "[survey]\nid = \"d\"\ntitle = \"t\"\n{rules}\n\
         [[question]]\nid = \"g\"\ntext = \"g\"\nkind = \"single\"\noptions = [{}]\n\
         [[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\noptions = [{}]\n\
         nets = [{{ id = \"low\", label = \"low\", of = [{}] }}]\n\
         [[question]]\nid = \"m\"\ntext = \"m\"\nkind = \"multi\"\ncolumns = \"m_{{code}}\"\noptions = [{}]\n\
         nets = [{{ id = \"any\", label = \"any\", of = [1, 2] }}]\n\
         [[derive]]\nid = \"area\"\nlabel = \"area\"\nfrom = \"g\"\n\
         groups = [{{ code = 1, label = \"one\", of = [{}] }}, {{ code = 2, label = \"two\", rest = true }}]\n",
        listed(groups, "G"),
        listed(options, "Q"),
        half(options),
        listed(3, "M"),
        half(groups),
    )
}

const RULES: &str = "[survey.disclosure]\nrespondents = \"persons\"\nthreshold = 10";

/// Respondents from numbers: `counts[option][group]`.
fn data(counts: &[Vec<u64>]) -> String {
    let mut text = String::from("g,q,m_1,m_2,m_3\n");
    let mut turn: u64 = 7;
    for (option, row) in counts.iter().enumerate() {
        for (group, &n) in row.iter().enumerate() {
            for _ in 0..n {
                // A plain generator: the answers to m only have to differ.
                turn = turn.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let bits = turn >> 40;
                text += &format!(
                    "{},{},{},{},{}\n",
                    group + 1,
                    option + 1,
                    bits & 1,
                    bits >> 1 & 1,
                    bits >> 2 & 1
                );
            }
        }
    }
    text
}

/// The tables of a request over these data.
fn tables(survey: &Survey, data: &str, rows: &str, cols: &str) -> Vec<Table> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("d.csv");
    std::fs::write(&path, data).expect("a file");
    let request = Request::resolve(survey, rows, Some(cols), None, None).expect("a request");
    let questions = request.questions(survey);
    let dataset =
        read(&path, survey, &questions, &ReadOptions::default(), &renkei::diag::Quiet).expect("data");
    fill(survey, &request, &dataset, 1, &renkei::diag::Quiet)
}

fn survey(text: &str) -> Survey {
    renkei::schema::load("s.toml", text).expect("a schema").value
}

/// Tables suppressed as one release.
fn released(survey: &Survey, mut tables: Vec<Table>) -> Vec<Table> {
    let mut placed: Vec<Placed<'_>> = Whom::default().place(&mut tables).collect();
    let found = suppress(survey, &mut placed);
    assert_eq!(found.uncertain, 0);
    tables
}

fn evidence(tables: &[Table]) -> Evidence {
    let json = renkei::render::json(tables, &Default::default(), None);
    let mut evidence = Evidence::default();
    assert!(evidence.read("t.json", json.as_bytes()).expect("json"));
    evidence
}

/// Numbers modulo a prime.
fn rank(mut rows: Vec<Vec<u64>>, prime: u64) -> usize {
    let power = |mut base: u64, mut exponent: u64| {
        let mut result = 1;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result * base % prime;
            }
            base = base * base % prime;
            exponent >>= 1;
        }
        result
    };
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = 0;
    for column in 0..columns {
        let Some(pivot) = (found..rows.len()).find(|&row| !rows[row][column].is_multiple_of(prime)) else {
            continue;
        };
        rows.swap(found, pivot);
        let inverse = power(rows[found][column] % prime, prime - 2);
        let lead: Vec<u64> = rows[found].iter().map(|entry| entry * inverse % prime).collect();
        for (row, line) in rows.iter_mut().enumerate() {
            let factor = line[column];
            if row != found && factor != 0 {
                line.iter_mut()
                    .zip(&lead)
                    .for_each(|(entry, lead)| *entry = (*entry + prime - factor * lead % prime) % prime);
            }
        }
        rows[found] = lead;
        found += 1;
    }
    found
}

/// The hidden cells of q × g, and the equations over them that the shown ones give: groups, regions, the
/// total, the net; by hand. Columns: the total, the groups, the regions.
fn equations(table: &Table, groups: usize) -> (Vec<(usize, usize)>, Vec<Vec<u64>>) {
    let of_role = |role: RowRole| (0..table.stub.len()).filter(move |&row| table.stub[row].role == role);
    // Who gave no answer is unknown too, where that is hidden.
    let rows: Vec<usize> = of_role(RowRole::Option).chain(of_role(RowRole::Missing)).collect();
    let net = of_role(RowRole::Net).next().expect("a net");
    let shown = |row: usize, column: usize| table.cell(row, column) != Shown::Suppressed;
    let unknown: Vec<(usize, usize)> = rows
        .iter()
        .flat_map(|&row| (1..=groups).map(move |column| (row, column)))
        .filter(|&(row, column)| !shown(row, column))
        .collect();
    let in_net =
        |row: usize| table.stub[row].code.as_ref().is_some_and(|code| table.stub[net].of.contains(code));
    let inside = |column: usize, group: usize| match column {
        0 => true,
        column if column <= groups => column == group,
        column => (group <= groups.div_ceil(2)) == (column == groups + 1),
    };
    let sum = |of: &dyn Fn(usize) -> bool, column: usize| -> Vec<u64> {
        unknown.iter().map(|&(row, group)| u64::from(of(row) && inside(column, group))).collect()
    };
    let mut equations = Vec::new();
    for column in 0..table.columns.len() {
        if table.shown_base(rows[0], column) != Shown::Suppressed {
            equations.push(sum(&|_| true, column));
        }
        if shown(net, column) {
            equations.push(sum(&in_net, column));
        }
        if column == 0 || column > groups {
            for &row in rows.iter().filter(|&&row| shown(row, column)) {
                equations.push(sum(&|other| other == row, column));
            }
        }
    }
    (unknown, equations)
}

/// Whether an unknown is the same in every solution: its unit vector is a combination of the equations.
fn is_unique(equations: &[Vec<u64>], place: usize) -> bool {
    // Where nothing is shown nothing is known.
    let Some(unknowns) = equations.first().map(Vec::len) else { return false };
    let unit: Vec<u64> = (0..unknowns).map(|other| u64::from(other == place)).collect();
    let more: Vec<Vec<u64>> = equations.iter().cloned().chain([unit]).collect();
    [2_147_483_647, 1_000_000_007]
        .iter()
        .any(|&prime| rank(equations.to_vec(), prime) == rank(more.clone(), prime))
}

/// The same over fractions.
fn is_unique_exactly(equations: &[Vec<u64>], place: usize) -> bool {
    type Fraction = (i128, i128);
    fn reduced((a, b): Fraction) -> Fraction {
        fn divisor(a: i128, b: i128) -> i128 {
            if b == 0 { a.abs() } else { divisor(b, a % b) }
        }
        let by = divisor(a, b).max(1) * b.signum();
        (a / by, b / by)
    }
    let rank = |rows: Vec<Vec<u64>>| {
        let mut rows: Vec<Vec<Fraction>> = rows
            .into_iter()
            .map(|row| row.into_iter().map(|entry| (i128::from(entry), 1)).collect())
            .collect();
        let (mut found, columns) = (0, rows.first().map_or(0, Vec::len));
        for column in 0..columns {
            let Some(pivot) = (found..rows.len()).find(|&row| rows[row][column].0 != 0) else { continue };
            rows.swap(found, pivot);
            let lead = rows[found].clone();
            for row in rows.iter_mut().skip(found + 1) {
                let (a, b) = row[column];
                let (c, d) = lead[column];
                // entry − lead · (a/b) / (c/d)
                let factor = reduced((a * d, b * c));
                for (entry, lead) in row.iter_mut().zip(&lead) {
                    let taken = reduced((lead.0 * factor.0, lead.1 * factor.1));
                    *entry = reduced((entry.0 * taken.1 - taken.0 * entry.1, entry.1 * taken.1));
                }
            }
            found += 1;
        }
        found
    };
    // Where nothing is shown nothing is known.
    let Some(unknowns) = equations.first().map(Vec::len) else { return false };
    let unit: Vec<u64> = (0..unknowns).map(|other| u64::from(other == place)).collect();
    rank(equations.to_vec()) == rank(equations.iter().cloned().chain([unit]).collect())
}

fn counts(
    options: std::ops::Range<usize>,
    groups: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Vec<u64>>> {
    let cell = prop_oneof![3 => 0u64..12, 2 => 5u64..60, 1 => Just(0u64)];
    (options, groups).prop_flat_map(move |(options, groups)| {
        prop::collection::vec(prop::collection::vec(cell.clone(), groups), options)
            .prop_filter("nobody", |counts| counts.iter().flatten().any(|&n| n > 0))
    })
}

fn nothing_is_unique(counts: &[Vec<u64>], exactly: bool) {
    let survey = survey(&schema(counts.len(), counts[0].len(), RULES));
    let all = released(&survey, tables(&survey, &data(counts), "q,m", "g,area"));
    let (unknown, equations) = equations(&all[0], counts[0].len());
    for (place, hidden) in unknown.iter().enumerate() {
        assert!(!is_unique(&equations, place), "{hidden:?} of {counts:?}");
        assert!(!exactly || !is_unique_exactly(&equations, place), "{hidden:?} of {counts:?}");
    }
    let found = audit(&evidence(&all), 10.0);
    assert_eq!((found.contradictions, &found.recovered), (0, &Vec::new()), "{counts:?}");
    assert_eq!(found.small, Vec::new(), "{counts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_cell_of_a_small_table_has_one_value_only(counts in counts(2..9, 2..9)) {
        nothing_is_unique(&counts, true);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn no_hidden_cell_of_a_large_table_has_one_value_only(counts in counts(9..21, 9..21)) {
        nothing_is_unique(&counts, false);
    }
}

/// Of a group that is seen to have nobody every count is nobody: none of them has another value.
#[test]
fn what_is_known_of_a_group_of_nobody_is_not_hidden() {
    nothing_is_unique(&[vec![0, 7, 3, 0, 1], vec![0, 9, 1, 0, 0], vec![0, 9, 1, 10, 0]].map(Vec::from), true);
}

/// A table in which one cell only is small: hidden alone, the sums tell it.
const ONE_SMALL: [[u64; 3]; 3] = [[3, 40, 50], [60, 70, 80], [50, 45, 55]];

fn one_small() -> Vec<Vec<u64>> {
    ONE_SMALL.iter().map(|row| row.to_vec()).collect()
}

#[test]
fn without_complementary_suppression_the_audit_computes_the_hidden_cell() {
    let rules = format!("{RULES}\ncomplementary = false");
    let survey = survey(&schema(3, 3, &rules));
    let all = released(&survey, tables(&survey, &data(&one_small()), "q", "g,area"));
    let found = audit(&evidence(&all), 10.0);
    let told = found.recovered.iter().find(|one| one.subject.line == Line::Part && one.subject.by == "g");
    let told = told.expect("the hidden cell");
    assert_eq!((told.subject.answer.as_str(), told.subject.group.as_str()), ("1", "1#"));
    assert!((told.range.low - 3.0).abs() < 1e-6 && (told.range.high - 3.0).abs() < 1e-6);
    let (_, equations) = equations(&all[0], 3);
    assert!(is_unique(&equations, 0) && is_unique_exactly(&equations, 0));
}

#[test]
fn with_it_a_small_cell_is_one_of_ten_or_more() {
    nothing_is_unique(&one_small(), true);
}

#[test]
fn a_single_small_group_is_not_hidden_alone() {
    let counts = vec![vec![2, 30, 40, 50], vec![3, 60, 70, 80], vec![1, 45, 55, 65]];
    nothing_is_unique(&counts, true);
    let survey = survey(&schema(3, 4, RULES));
    let all = released(&survey, tables(&survey, &data(&counts), "q", "g"));
    let hidden = (1..=4).filter(|&column| all[0].shown_base(0, column) == Shown::Suppressed).count();
    assert!(hidden >= 2, "{hidden}");
    assert_eq!(all[0].base(0, 1).n, 0, "what is hidden is gone");
}

/// Per-group tables and those of everybody, suppressed together: the same cells are hidden in both.
#[test]
fn tables_of_groups_and_of_everybody_hide_the_same_cells() {
    let survey = survey(&schema(3, 3, RULES));
    let text = data(&one_small());
    let mut nation = tables(&survey, &text, "q", "g");
    let mut of_groups: Vec<(Whom, Vec<Table>)> = (0..3)
        .map(|option| {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("d.csv");
            std::fs::write(&path, &text).expect("a file");
            let filter = format!("g == {}", option + 1);
            let request = Request::resolve(&survey, "q", None, Some(&filter), None).expect("a request");
            let questions = request.questions(&survey);
            let options = ReadOptions::default();
            let dataset = read(&path, &survey, &questions, &options, &renkei::diag::Quiet).expect("data");
            let tables = fill(&survey, &request, &dataset, 1, &renkei::diag::Quiet);
            (Whom::of_request(&survey, &request), tables)
        })
        .collect();
    let mut placed: Vec<Placed<'_>> = Whom::default().place(&mut nation).collect();
    for (whom, tables) in &mut of_groups {
        placed.extend(whom.place(tables));
    }
    suppress(&survey, &mut placed);
    let mut hidden = 0;
    for (option, (_, tables)) in of_groups.iter().enumerate() {
        for row in 0..tables[0].stub.len() {
            let (own, beside) = (tables[0].cell(row, 0), nation[0].cell(row, option + 1));
            assert_eq!(own, beside, "row {row} of group {option}");
            hidden += usize::from(own == Shown::Suppressed);
        }
    }
    assert!(hidden >= 4, "{hidden}");
}

mod derived;
mod edges;
mod errors;
mod groups;
mod outputs;
