//! The same attack where tables are odd: few respondents in all, nobody hidden as well, answers missing, questions
//! not asked, three banners side by side, a nested one.

use proptest::prelude::*;
use renkei::disclosure::{Placed, Whom, audit, suppress};

use super::{evidence, survey, tables};

/// Three banners, of which the last is a group of the first; an answer that may be missing and a multiple answer that
/// only some were asked.
fn schema(rules: &str) -> String {
    format!(
        "[survey]\nid = \"d\"\ntitle = \"t\"\n{rules}\n\
         [[question]]\nid = \"g\"\ntext = \"g\"\nkind = \"single\"\nmissing = [{{ code = 9, label = \"none\" }}]\n\
         options = [{{ code = 1, label = \"a\" }}, {{ code = 2, label = \"b\" }}, {{ code = 3, label = \"c\" }}, {{ code = 4, label = \"d\" }}]\n\
         [[question]]\nid = \"h\"\ntext = \"h\"\nkind = \"single\"\noptions = [{{ code = 1, label = \"x\" }}, {{ code = 2, label = \"y\" }}]\n\
         [[question]]\nid = \"q\"\ntext = \"q\"\nkind = \"single\"\nmissing = [{{ code = 9, label = \"none\" }}]\n\
         options = [{{ code = 1, label = \"p\" }}, {{ code = 2, label = \"r\" }}, {{ code = 3, label = \"s\" }}]\n\
         nets = [{{ id = \"low\", label = \"low\", of = [1, 2] }}]\n\
         [[question]]\nid = \"m\"\ntext = \"m\"\nkind = \"multi\"\nasked_if = \"q in [1, 2]\"\ncolumns = \"m_{{code}}\"\n\
         options = [{{ code = 1, label = \"k\" }}, {{ code = 2, label = \"l\" }}]\n\
         nets = [{{ id = \"any\", label = \"any\", of = [1, 2] }}]\n\
         [[derive]]\nid = \"area\"\nlabel = \"area\"\nfrom = \"g\"\n\
         groups = [{{ code = 1, label = \"one\", of = [1, 2] }}, {{ code = 2, label = \"two\", rest = true }}]\n"
    )
}

/// A respondent: g, h, q and the answers to m.
type Reply = (usize, usize, usize, bool, bool);

fn replies(most: usize) -> impl Strategy<Value = Vec<Reply>> {
    let reply = (
        // Who is in no group is not in the tables, so that the attack takes the groups for everybody.
        prop_oneof![4 => 1usize..3, 2 => Just(3usize), 1 => Just(4usize)],
        1usize..3,
        prop_oneof![6 => 1usize..3, 2 => Just(3usize), 1 => Just(9usize)],
        any::<bool>(),
        prop::bool::weighted(0.2),
    );
    prop::collection::vec(reply, 1..most)
}

fn data(replies: &[Reply]) -> String {
    let mut text = String::from("g,h,q,m_1,m_2\n");
    for (g, h, q, one, two) in replies {
        let (one, two) = match *q {
            1 | 2 => (u8::from(*one).to_string(), u8::from(*two).to_string()),
            _ => (String::new(), String::new()),
        };
        text += &format!("{g},{h},{q},{one},{two}\n");
    }
    text
}

fn withstands(replies: &[Reply], rules: &str, cols: &str) {
    all_withstand(replies, rules, "q,m", cols);
}

fn all_withstand(replies: &[Reply], rules: &str, rows: &str, cols: &str) {
    let survey = survey(&schema(rules));
    let mut all = tables(&survey, &data(replies), rows, cols);
    let mut placed: Vec<Placed<'_>> = Whom::default().place(&mut all).collect();
    suppress(&survey, &mut placed);
    let found = audit(&evidence(&all), 10.0);
    assert_eq!((found.contradictions, &found.recovered), (0, &Vec::new()), "{replies:?}");
    assert_eq!(found.small, Vec::new(), "{replies:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_handful_of_respondents_is_protected(replies in replies(40)) {
        withstands(&replies, super::RULES, "g,h,area");
    }

    #[test]
    fn three_banners_side_by_side_and_missing_answers_tell_nothing(replies in replies(400)) {
        withstands(&replies, super::RULES, "g,h,area");
    }

    #[test]
    fn a_nested_banner_tells_nothing(replies in replies(400)) {
        withstands(&replies, super::RULES, "area>h");
    }

    /// The question of the rows is a banner too: its answers are groups, its missing ones are none.
    #[test]
    fn a_question_by_itself_tells_nothing(replies in replies(200)) {
        all_withstand(&replies, super::RULES, "q,h,g", "q,g");
        all_withstand(&replies, super::RULES, "q,h", "g>q");
    }

    /// Nobody of a group is in an area that it is no part of: an empty cell, not a hidden one.
    #[test]
    fn an_area_by_its_groups_tells_nothing(replies in replies(100)) {
        all_withstand(&replies, super::RULES, "area,q", "g,area>h");
    }

    #[test]
    fn several_answers_by_themselves_tell_nothing(replies in replies(200)) {
        all_withstand(&replies, super::RULES, "m,q", "m");
    }

    #[test]
    fn nobody_hidden_as_well_tells_nothing(replies in replies(300)) {
        withstands(&replies, &format!("{}\nzero = \"hide\"", super::RULES), "g,area");
    }
}
