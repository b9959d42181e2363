//! Subtotals, columns of the missing, indices, summary tables of means, and who is in a base.

use super::*;
use renkei::tabulate::ColumnRole;

fn tally<'a>(respondents: impl Iterator<Item = &'a Respondent>) -> Tally {
    let weigh = |r: &Respondent| Tally { n: 1, w: r.weight, w2: r.weight * r.weight };
    respondents.map(weigh).sum()
}

/// Given, missing or not asked.
fn is_missing(respondent: &Respondent, question: usize) -> bool {
    matches!(respondent.replies[question].state, State::Blank | State::Coded(_))
}

fn without_filter(case: &Case) -> Drawn {
    let drawn = Drawn::new(case);
    Drawn::of(case, drawn.questionnaire, Asked { filter: None, exclude: Some(false), ..drawn.asked })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn groups_missing_and_not_asked_part_the_total(case in case(1..40)) {
        let drawn = without_filter(&case);
        let request = Request { banner_missing: true, ..drawn.request.clone() };
        let dataset = read(&drawn.survey, &drawn.questionnaire.csv(&drawn.respondents));
        for (stub, table) in drawn.fill(&request, &dataset).iter().enumerate() {
            let in_base = |r: &&Respondent| r.replies[stub].state != State::NotAsked;
            let plain = (0..table.stub.len()).find(|&row| table.stub[row].role == RowRole::Missing);
            let row = plain.expect("無回答 is in the base");
            for (banner, path) in drawn.asked.banners.iter().enumerate() {
                let columns = || (0..table.columns.len()).filter(|&c| table.columns[c].banner == Some(banner));
                let last = columns().next_back().expect("columns of the banner");
                prop_assert_eq!(table.columns[last].role, ColumnRole::Missing);
                prop_assert_eq!(columns().filter(|&c| table.columns[c].role == ColumnRole::Missing).count(), 1);
                let missing = |r: &&Respondent| path.iter().any(|&place| is_missing(r, place));
                let expected = tally(drawn.respondents.iter().filter(in_base).filter(missing));
                prop_assert_eq!(table.base(row, last), expected, "{}", drawn.told());
                prop_assert!(table.row_percent(row, last).value().is_none());
                prop_assert!(table.index(row, last).value().is_none());
                let given = |r: &Respondent| path.iter().all(|&p| r.replies[p].state == State::Given);
                let asked = |r: &&Respondent| given(r) || missing(r);
                let rest = tally(drawn.respondents.iter().filter(in_base).filter(|r| !asked(r)));
                let parts: Tally = columns().map(|column| table.base(row, column)).sum();
                if !table.banners[banner].overlapping {
                    prop_assert_eq!(parts.merge(rest), table.base(row, 0));
                }
            }
        }
    }

    #[test]
    fn a_subtotal_is_the_group_of_the_outer_questions(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let dataset = read(&drawn.survey, &drawn.questionnaire.csv(&drawn.respondents));
        let with = drawn.fill(&Request { subtotals: true, ..drawn.request.clone() }, &dataset);
        let without = drawn.tables();
        let outer: Vec<Vec<usize>> = drawn.request.banners.iter().map(|path| vec![path[0]]).collect();
        let outer = drawn.fill(&Request { banners: outer, ..drawn.request.clone() }, &dataset);
        for ((with, without), outer) in with.iter().zip(&without).zip(&outer) {
            let (mut groups, mut subtotals) = (1, 0);
            for column in 1..with.columns.len() {
                let here = &with.columns[column];
                let banner = here.banner.expect("a banner");
                let (other, place) = match here.role {
                    ColumnRole::Subtotal => {
                        subtotals += 1;
                        let nested = with.banners[banner].subtotal_of.expect("a nested banner");
                        let asked_for = (0..nested).filter(|&b| with.banners[b].subtotal_of.is_none()).count();
                        let same = |c: &usize| outer.columns[*c].banner == Some(asked_for) && outer.columns[*c].codes == here.codes;
                        (outer, (1..outer.columns.len()).find(same).expect("the outer group"))
                    }
                    _ => {
                        groups += 1;
                        (without, groups - 1)
                    }
                };
                prop_assert_eq!(&here.codes, &other.columns[place].codes);
                for row in 0..with.stub.len() {
                    prop_assert_eq!(with.cell(row, column), other.cell(row, place));
                    prop_assert_eq!(with.base(row, column), other.base(row, place));
                    prop_assert_eq!(with.both(row, column), other.both(row, place));
                    prop_assert_eq!(with.mentions(row, column), other.mentions(row, place));
                    prop_assert_eq!(with.numbers(row, column), other.numbers(row, place));
                    prop_assert_eq!(with.row_percent(row, column), other.row_percent(row, place));
                    prop_assert_eq!(with.total_percent(row, 0), without.total_percent(row, 0));
                }
            }
            prop_assert_eq!(groups, without.columns.len());
            let expected: usize = drawn.request.banners.iter().filter(|path| path.len() == 2)
                .map(|path| drawn.survey.questions[path[0]].options.len()).sum();
            prop_assert_eq!(subtotals, expected);
        }
    }

    #[test]
    fn an_index_is_the_group_over_the_total(case in case(1..40)) {
        for table in Drawn::new(&case).tables() {
            for (row, column) in places(&table) {
                let index = table.index(row, column).value();
                let ratio = if matches!(table.stub[row].role, RowRole::Number | RowRole::Score) {
                    let (group, total) = (table.numbers(row, column).value(), table.numbers(row, 0).value());
                    let (group, total) = (group.unwrap_or_default(), total.unwrap_or_default());
                    let mean = |of: &renkei::stats::Distribution| (of.total().expect("it fits"), of.w());
                    (mean(&group), mean(&total))
                } else {
                    let share = |column| (cell(&table, row, column).w, table.base(row, column).w);
                    (share(column), share(0))
                };
                let ((part, base), (whole_part, whole_base)) = ratio;
                let expected = (base > 0 && whole_base > 0 && whole_part > 0)
                    .then(|| Ratio::new(100 * part * whole_base, base * whole_part).expect("not zero"));
                prop_assert_eq!(index, expected);
                if column == 0 && index.is_some() {
                    prop_assert_eq!(index, Some(Ratio::whole(100)));
                }
            }
        }
    }

    #[test]
    fn everybody_in_the_file_is_in_the_base_or_out_of_it_for_one_reason(case in case(1..40)) {
        let drawn = Drawn::new(&case);
        let questions = &drawn.questionnaire.questions;
        let inside = |r: &&Respondent| {
            drawn.asked.filter.as_ref().is_none_or(|filter| filter.truth(questions, &r.replies) == Some(true))
        };
        for (stub, table) in drawn.tables().iter().enumerate() {
            let [reach] = table.reach.as_slice() else { panic!("one question") };
            let state = |state: &dyn Fn(&Respondent) -> bool| {
                tally(drawn.respondents.iter().filter(inside).filter(|r| state(r)))
            };
            prop_assert_eq!(reach.given, state(&|r| r.replies[stub].state == State::Given));
            prop_assert_eq!(reach.missing, state(&|r| is_missing(r, stub)));
            prop_assert_eq!(reach.not_asked, state(&|r| r.replies[stub].state == State::NotAsked));
            prop_assert_eq!(reach.filtered_out, drawn.respondents.iter().filter(|r| !inside(r)).count() as u64);
            prop_assert_eq!(reach.respondents(), drawn.respondents.len() as u64);
        }
    }
}

const SCORED: &str = r#"
[survey]
id = "laws"
title = "laws"
[[question]]
id = "g"
text = "文"
short = "満足度"
kind = "grid"
scores = true
rows = [{ id = "r1", label = "本" }, { id = "r2", label = "席" }]
options = [{ code = 1, label = "不満" }, { code = 3, label = "満足" }, { code = 4, label = "不明", score = false }]
[[question]]
id = "h"
text = "時間"
kind = "number"
[[question]]
id = "k"
text = "回数"
kind = "number"
[[question]]
id = "a"
text = "軸"
kind = "single"
options = [{ code = 1, label = "甲" }, { code = 2, label = "乙" }]
"#;

/// Rows of different units, with bases of their own.
#[test]
fn a_summary_table_of_means_has_the_means_of_its_questions() {
    let survey = renkei::schema::load("laws.toml", SCORED).expect("a sound schema").value;
    let data = "id,g_r1,g_r2,h,k,a\n1,1,3,0.25,7,1\n2,3,4,,5,2\n3,3,,1.5,,1\n4,,1,2,1,\n";
    let dataset = read(&survey, data);
    let table =
        |rows: &str| fill(&survey, &request(&survey, rows, Some("a"), None), &dataset, 2, &Quiet).remove(0);
    for (rows, ids) in [
        ("g+h+k:mean", &["g.r1", "g.r2", "h", "k"][..]),
        ("g:mean", &["g.r1", "g.r2"]),
        ("*:sd+median", &["g.r1", "g.r2", "h", "k"]),
    ] {
        let summary = table(rows);
        assert_eq!(summary.stub.iter().map(|row| row.question.as_str()).collect::<Vec<_>>(), ids);
        for (row, id) in ids.iter().enumerate() {
            let own = table(id);
            let number =
                |row: &renkei::tabulate::StubRow| matches!(row.role, RowRole::Number | RowRole::Score);
            let place = own.stub.iter().position(number).expect("a number row");
            for column in 0..3 {
                assert_eq!(summary.mean(row, column), own.mean(place, column));
                assert_eq!(summary.quartile(row, column, 2), own.quartile(place, column, 2));
                assert_eq!(summary.base(row, column), own.base(place, column));
                let sd = |table: &Table, row| table.standard_deviation(row, column).value();
                let (mine, theirs) = (sd(&summary, row), sd(&own, place));
                assert_eq!(mine.is_some(), theirs.is_some());
                assert!(mine.zip(theirs).is_none_or(|(mine, theirs)| (mine - theirs).abs() < 1e-12));
            }
            assert_eq!(summary.reach[row], own.reach[0]);
            assert_eq!(summary.reach[row].respondents(), 4);
        }
    }
}

#[test]
fn a_mean_needs_numbers_or_scores() {
    let survey = renkei::schema::load("laws.toml", SCORED).expect("a sound schema").value;
    let errors = Request::resolve(&survey, "a+h:mean,g+:sd,z+h:mean,g:avg,h:avg", None, None, None);
    let shown: String = errors.expect_err("mistakes").iter().map(|error| error.render(false)).collect();
    insta::assert_snapshot!(shown);
}

/// At each level of a banner of three questions, and for a reply left out on the inner ones.
#[test]
fn subtotals_of_three_levels_are_the_groups_of_one_and_two() {
    let mut toml = "[survey]\nid = \"laws\"\ntitle = \"laws\"\n".to_string();
    for id in ["a", "b", "c"] {
        toml += &format!(
            "[[question]]\nid = \"{id}\"\ntext = \"文\"\nkind = \"single\"\n\
             options = [{{ code = 1, label = \"甲\" }}, {{ code = 2, label = \"乙\" }}]\n"
        );
    }
    let survey = renkei::schema::load("laws.toml", &toml).expect("a sound schema").value;
    let dataset = read(&survey, "id,a,b,c\n1,1,1,1\n2,1,2,\n3,1,,2\n4,2,1,2\n5,,2,2\n6,2,2,1\n");
    let table = |cols: &str| {
        let request =
            Request { subtotals: true, banner_missing: true, ..request(&survey, "c", Some(cols), None) };
        fill(&survey, &request, &dataset, 1, &Quiet).remove(0)
    };
    let ids = |table: &Table, column: usize| -> (String, String) {
        let banner = table.columns[column].banner.expect("a banner");
        let path: Vec<&str> =
            table.banners[banner].path.iter().map(|question| question.id.as_str()).collect();
        let codes: Vec<String> = table.columns[column].codes.iter().map(ToString::to_string).collect();
        (path.join(">"), codes.join(">"))
    };
    let nested = table("a>b>c");
    let order: Vec<String> = (1..nested.columns.len()).map(|column| ids(&nested, column).1).collect();
    let inner = |a: u8| {
        let of = |b: u8| vec![format!("{a}>{b}"), format!("{a}>{b}>1"), format!("{a}>{b}>2")];
        [vec![a.to_string()], of(1), of(2)].concat()
    };
    assert_eq!(order, [inner(1), inner(2), vec![String::new()]].concat());
    for outer in [table("a"), table("a>b")] {
        for other in (1..outer.columns.len()).filter(|&c| outer.columns[c].role != ColumnRole::Missing) {
            let same = |column: &usize| ids(&nested, *column) == ids(&outer, other);
            let column = (1..nested.columns.len()).find(same).expect("the subtotal");
            for row in 0..nested.stub.len() {
                assert_eq!(nested.cell(row, column), outer.cell(row, other));
                assert_eq!(nested.base(row, column), outer.base(row, other));
                assert_eq!(nested.row_percent(row, column), outer.row_percent(row, other));
            }
        }
    }
    // Respondents 2, 3 and 5 have left out a reply somewhere on the way.
    assert_eq!(nested.base(0, nested.columns.len() - 1).n, 3);
}
