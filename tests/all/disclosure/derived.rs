//! Questions made of others: an area by conditions, bands of a number twice, several answers joined. Who adds and
//! subtracts across them must compute nothing that is hidden.

use proptest::prelude::*;
use renkei::disclosure::{Placed, Whom, suppress};
use renkei::schema::Survey;
use renkei::tabulate::{Shown, Table};

use super::{RULES, rank, survey, tables};

fn schema() -> String {
    let options = |labels: &str| {
        let each = labels.chars().enumerate();
        let each = each.map(|(place, label)| format!("{{ code = {}, label = \"{label}\" }}", place + 1));
        format!("[{}]", each.collect::<Vec<_>>().join(", "))
    };
    let single = |id: &str, labels: &str| {
        format!(
            "[[question]]\nid = \"{id}\"\ntext = \"{id}\"\nkind = \"single\"\noptions = {}\n",
            options(labels)
        )
    };
    let derived = |id: &str, rest: &str| format!("[[derive]]\nid = \"{id}\"\nlabel = \"{id}\"\n{rest}\n");
    let groups = |each: &[&str]| {
        let each = each.iter().enumerate();
        let each =
            each.map(|(place, is)| format!("{{ code = {0}, label = \"group {0}\", {is} }}", place + 1));
        format!("groups = [{}]", each.collect::<Vec<_>>().join(", "))
    };
    let bands = |each: &[&str]| groups(each).replace("groups", "bands");
    [
        format!("[survey]\nid = \"d\"\ntitle = \"t\"\n{RULES}\n"),
        single("p", "ABCDE") + "missing = [{ code = 9, label = \"none\" }]\n",
        single("g", "xyz"),
        format!(
            "[[question]]\nid = \"m\"\ntext = \"m\"\nkind = \"multi\"\ncolumns = \"m_{{code}}\"\noptions = {}\n\
             nets = [{{ id = \"late\", label = \"late\", of = [2, 3] }}]\n",
            options("klm")
        ),
        "[[question]]\nid = \"age\"\ntext = \"age\"\nkind = \"number\"\n".to_string(),
        derived("some", &groups(&["when = \"p in [1, 3]\"", "when = \"p in [2, 4]\""])),
        derived("rest", &groups(&["when = \"p in [1, 3]\"", "rest = true"])),
        derived("both", &groups(&["when = \"p == 2 or p == 4\"", "when = \"p in [1, 3, 5]\""])),
        derived("lap", &("from = \"p\"\noverlap = true\n".to_string() + &groups(&["of = [1, 3]", "of = [3, 4, 5]"]))),
        derived("pair", &groups(&["when = \"p in [1, 3] and g == 1\"", "when = \"g == 2\"", "rest = true"])),
        derived("ten", &("from = \"age\"\n".to_string() + &bands(&["to = 20", "from = 20, to = 40", "from = 40"]))),
        derived("half", &("from = \"age\"\n".to_string() + &bands(&["to = 40", "from = 40"]))),
        derived("old", &groups(&["when = \"age >= 20\"", "when = \"not age >= 20\""])),
        derived("mm", &("from = \"m\"\n".to_string() + &groups(&["of = [1]", "of = [2, 3]"]))),
        derived("ml", &("from = \"m\"\noverlap = true\n".to_string() + &groups(&["of = [1, 2]", "of = [2]"]))),
    ]
    .concat()
}

/// p, age, the answers to m, g.
type Reply = (&'static str, &'static str, u8, u8);
const PLACES: [&str; 7] = ["1", "2", "3", "4", "5", "9", ""];
const AGES: [&str; 4] = ["10", "20", "45", ""];

fn data(replies: &[Reply]) -> String {
    let mut text = String::from("p,age,m_1,m_2,m_3,g\n");
    for (p, age, m, g) in replies {
        text += &format!("{p},{age},{},{},{},{g}\n", m & 1, m >> 1 & 1, m >> 2 & 1);
    }
    text
}

/// Every count of tables, and whether it is shown: cells, bases, mentions.
fn counts(tables: &[Table]) -> Vec<Shown<u64>> {
    let mut found = Vec::new();
    for table in tables {
        for column in 0..table.columns.len() {
            for row in 0..table.stub.len() {
                found.push(table.shown_base(row, column).and_then(|tally| Some(tally.n)));
                found.push(table.cell(row, column).and_then(|tally| Some(tally.n)));
            }
            if table.has_mentions() {
                found.push(table.shown_column_mentions(column).and_then(|tally| Some(tally.n)));
            }
        }
    }
    found
}

/// What no sum or difference of shown counts may be.
fn withstands(survey: &Survey, replies: &[Reply], kinds: &[Reply], rows: &str, cols: &str) {
    // What each kind of respondent adds to each count.
    let each: Vec<Vec<u64>> = kinds
        .iter()
        .map(|kind| {
            let alone = counts(&tables(survey, &data(&[*kind]), rows, cols));
            alone.into_iter().map(|count| count.value().unwrap_or(0)).collect()
        })
        .collect();
    let mut all = tables(survey, &data(replies), rows, cols);
    let real: Vec<u64> = counts(&all).into_iter().map(|count| count.value().unwrap_or(0)).collect();
    let mut placed: Vec<Placed<'_>> = Whom::default().place(&mut all).collect();
    suppress(survey, &mut placed);
    let counts = counts(&all);
    let of = |count: usize| each.iter().map(|kind| kind[count]).collect::<Vec<u64>>();
    let shown: Vec<Vec<u64>> = (0..counts.len())
        .filter(|&count| !matches!(counts[count], Shown::Suppressed))
        .map(of)
        .filter(|line| line.iter().any(|&n| n > 0))
        .collect();
    const PRIME: u64 = 2_147_483_647;
    let known = rank(shown.clone(), PRIME);
    for count in (0..counts.len()).filter(|&count| matches!(counts[count], Shown::Suppressed)) {
        // Nobody is no secret.
        if real[count] > 0 {
            let with = [&shown[..], &[of(count)]].concat();
            assert!(rank(with, PRIME) > known, "count {count} of {rows} by {cols}: {replies:?}");
        }
    }
}

#[test]
fn groups_that_cannot_be_followed_are_told_where_they_stand_beside_their_sources() {
    let survey = survey(&schema());
    let told = |rows: &str| {
        let mut all = tables(&survey, &data(&[("1", "20", 1, 1)]), rows, "g");
        let mut placed: Vec<Placed<'_>> = Whom::default().place(&mut all).collect();
        let warnings = suppress(&survey, &mut placed).warnings;
        warnings.iter().map(|warning| warning.render(false)).find(|text| text.contains("not protected"))
    };
    // Its rest is of two questions.
    let text = told("p,pair").expect("a warning");
    assert!(text.contains("what `pair` tells of `p`, `g` is not protected"), "{text}");
    assert_eq!(told("p,some,rest,both,lap,ten,half,old,m,mm,ml"), None);
}

fn replies(most: usize) -> impl Strategy<Value = Vec<Reply>> {
    let place = prop_oneof![1 => 0..3usize, 8 => 3..5usize, 1 => 5..7usize];
    let age = prop_oneof![1 => 0..1usize, 6 => 1..3usize, 1 => 3..4usize];
    let reply = (place, age, prop_oneof![2 => 0..8u8, 1 => Just(2u8)], 1..4u8);
    prop::collection::vec(reply.prop_map(|(p, age, m, g)| (PLACES[p], AGES[age], m, g)), 1..most)
}

/// Every kind of respondent, where only this much of them matters.
fn kinds(places: &'static [&'static str], ages: &'static [&'static str], answers: u8) -> Vec<Reply> {
    let each = places.iter().flat_map(move |p| {
        ages.iter().flat_map(move |age| (0..answers).flat_map(move |m| (1..4).map(move |g| (*p, *age, m, g))))
    });
    each.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn areas_by_conditions_tell_nothing_of_their_parts(replies in replies(200)) {
        let survey = survey(&schema());
        let kinds = kinds(&PLACES, &["10"], 1);
        for rows in ["p,some", "p,rest", "p,both", "p,lap", "p,pair", "some,lap,both,rest"] {
            withstands(&survey, &replies, &kinds, rows, "g");
        }
        withstands(&survey, &replies, &kinds, "g", "p,some,both");
        withstands(&survey, &replies, &kinds, "g,rest", "p,pair");
    }

    #[test]
    fn bands_of_one_number_tell_nothing_of_each_other(replies in replies(200)) {
        let survey = survey(&schema());
        let kinds = kinds(&["1"], &AGES, 1);
        withstands(&survey, &replies, &kinds, "ten,half,old", "g");
        withstands(&survey, &replies, &kinds, "g", "ten,half,old");
    }

    #[test]
    fn several_answers_joined_tell_nothing_of_the_answers(replies in replies(200)) {
        let survey = survey(&schema());
        let kinds = kinds(&["1"], &["10"], 8);
        withstands(&survey, &replies, &kinds, "m,mm,ml", "g");
        withstands(&survey, &replies, &kinds, "g", "m,mm,ml");
    }
}
