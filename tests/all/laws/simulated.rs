//! Laws of simulated data: figures counted in random data are targets that can be met, and are met.

use proptest::prelude::*;
use renkei::schema::Code;
use renkei::simulate::{Layout, csv, read_targets, simulate};
use renkei::tabulate::{Request, RowRole, Table};

use super::respondents::decimal;
use super::survey::{Case, Draws, Kind, Origin, Questionnaire, Respondent, State, case};
use super::{cases, load, read, request};

/// One figure: the table's question, the group of `s` (a code), the row's role and code, the count.
#[derive(Debug)]
struct Figure {
    question: String,
    group: Option<i64>,
    row: (RowRole, Option<String>),
    count: usize,
}

/// Respondents who were asked exactly what the schema says: simulated data have no codes of 非該当.
fn respondents(questionnaire: &Questionnaire, case: &Case) -> Vec<Respondent> {
    let routed = |respondent: &Respondent| {
        questionnaire.questions.iter().zip(&respondent.replies).all(|(question, reply)| {
            let asked = question.asked_if.as_ref().is_none_or(|asked_if| {
                asked_if.truth(&questionnaire.questions, &respondent.replies) == Some(true)
            });
            !matches!(question.origin, Origin::Asked) || asked == (reply.state != State::NotAsked)
        })
    };
    questionnaire.respondents(case).into_iter().filter(routed).collect()
}

/// A file of targets with some of the figures of the data, and the figures.
fn targets(
    questionnaire: &Questionnaire,
    respondents: &[Respondent],
    draws: &mut Draws,
) -> (String, Vec<Figure>) {
    let (mut toml, mut figures) = (String::new(), Vec::new());
    // Nets of a multi that overlap cannot have targets together.
    let mut nets_of: Vec<Vec<Vec<bool>>> = vec![Vec::new(); questionnaire.questions.len()];
    let crossed = draws.chance(2);
    // Who was asked must be the same: everybody, or those with certain replies to `s`, of which all is told.
    let alike = |question: &super::survey::Question| {
        question.asked_if.as_ref().is_none_or(|asked_if| {
            let text = asked_if.text(&questionnaire.questions);
            let words =
                text.split(|c: char| !c.is_ascii_alphanumeric() && c != '.').filter(|word| !word.is_empty());
            let known = ["s", "in", "is", "given", "missing", "asked", "not", "and", "or"];
            words.into_iter().all(|word| known.contains(&word) || word.parse::<i64>().is_ok())
        })
    };
    for (place, question) in questionnaire.questions.iter().enumerate() {
        let from = match question.origin {
            Origin::Derived { from, .. } => &questionnaire.questions[from],
            Origin::Asked | Origin::Place(_) => question,
            // Bands, conditions and counts stand on several questions; they are told by those.
            Origin::Bands { .. } | Origin::When { .. } | Origin::Count(_) => continue,
        };
        // What was on offer depends on answers that may be others here; of an order its places are told.
        let told_elsewhere = question.limited_to.is_some() || matches!(question.kind, Kind::Rank { .. });
        if told_elsewhere || !alike(from) {
            continue;
        }
        // The second place has what the first leaves over: all is told of both.
        let whole = place == 0 || matches!(question.origin, Origin::Place(_));
        let groups: Vec<Option<i64>> = match crossed && from.id != "s" {
            true => questionnaire.questions[0].options.iter().map(|code| Some(*code)).collect(),
            false => vec![None],
        };
        let root = match &question.origin {
            Origin::Derived { from, .. } => *from,
            _ => place,
        };
        let multi = matches!(question.kind, Kind::Multi { .. });
        // In the options of the root.
        let spread = |of: &dyn Fn(usize) -> bool| -> Vec<bool> {
            match &question.origin {
                Origin::Derived { group_of, .. } => group_of.iter().map(|&group| of(group)).collect(),
                _ => (0..question.options.len()).map(of).collect(),
            }
        };
        let mut fits = |set: Vec<bool>| {
            let meet = |a: &Vec<bool>, b: &Vec<bool>| a.iter().zip(b).any(|(a, b)| *a && *b);
            let within = |a: &Vec<bool>, b: &Vec<bool>| a.iter().zip(b).all(|(a, b)| !a || *b);
            let fits = !multi
                || nets_of[root].iter().all(|net| !meet(net, &set) || within(net, &set) || within(&set, net));
            if fits {
                nets_of[root].push(set);
            }
            fits
        };
        let options: Vec<usize> = (0..question.options.len())
            .filter(|&option| (whole || !draws.chance(4)) && fits(spread(&|of| of == option)))
            .collect();
        let nets: Vec<usize> = (0..question.nets.len())
            .filter(|&net| !draws.chance(3) && fits(spread(&|of| question.nets[net].contains(&of))))
            .collect();
        let mut some = || whole || !draws.chance(3);
        let (silent, codes, mentions) = (some(), some(), some());
        for group in groups {
            let inside = |respondent: &&Respondent| {
                group.is_none_or(|code| {
                    let option = questionnaire.questions[0].options.iter().position(|own| *own == code);
                    respondent.replies[0].options[option.expect("an option of s")]
                })
            };
            let replies: Vec<_> = respondents.iter().filter(inside).map(|one| &one.replies[place]).collect();
            let mut counts: Vec<String> = Vec::new();
            let mut figure = |role, code: Option<String>, count| {
                let question = question.id.clone();
                figures.push(Figure { question, group, row: (role, code), count });
            };
            for &option in &options {
                let count = replies.iter().filter(|reply| reply.options[option]).count();
                counts.push(format!("{} = {count}", question.options[option]));
                figure(RowRole::Option, Some(question.options[option].to_string()), count);
            }
            for &net in &nets {
                let count = replies
                    .iter()
                    .filter(|reply| question.nets[net].iter().any(|&of| reply.options[of]))
                    .count();
                counts.push(format!("net{net} = {count}"));
                figure(RowRole::Net, Some(format!("net{net}")), count);
            }
            for (code, own) in question.missing.iter().enumerate().filter(|_| codes) {
                let count = replies.iter().filter(|reply| reply.state == State::Coded(code)).count();
                if !matches!(question.kind, Kind::Number { .. }) {
                    counts.push(format!("{own} = {count}"));
                    figure(RowRole::Missing, Some(own.to_string()), count);
                }
            }
            let given: Vec<_> = replies.iter().filter(|reply| reply.state == State::Given).collect();
            let mut keys = String::new();
            if let Kind::Number { decimals } = question.kind {
                let all = respondents.iter().map(|one| &one.replies[place]);
                let all: Vec<i64> =
                    all.filter(|reply| reply.state == State::Given).map(|reply| reply.number).collect();
                let (low, high) =
                    (all.iter().min().copied().unwrap_or(0), all.iter().max().copied().unwrap_or(0));
                keys += &format!("range = [{}, {}]\n", decimal(low, decimals), decimal(high, decimals));
                let mut values: Vec<i64> = given.iter().map(|reply| reply.number).collect();
                values.sort_unstable();
                if silent && !values.is_empty() {
                    let sum: i64 = values.iter().sum();
                    keys += &format!("sum = {}\n", decimal(sum, decimals));
                }
            }
            let multi_asked = multi && matches!(question.origin, Origin::Asked);
            if multi_asked && mentions {
                let count: usize =
                    given.iter().map(|reply| reply.options.iter().filter(|own| **own).count()).sum();
                keys += &format!("mentions = {count}\n");
            }
            if silent {
                let count = replies
                    .iter()
                    .filter(|reply| matches!(reply.state, State::Blank | State::Coded(_)))
                    .count();
                keys += &format!("missing = {count}\n");
                figure(RowRole::Missing, None, count);
            }
            toml += &format!("[[target]]\nquestion = \"{}\"\n", question.id);
            if let Some(code) = group {
                toml += &format!("where = \"s == {code}\"\n");
            }
            toml += &format!("{keys}counts = {{ {} }}\n\n", counts.join(", "));
        }
    }
    (toml, figures)
}

fn count_of(table: &Table, figure: &Figure) -> u64 {
    let column = table
        .columns
        .iter()
        .position(|column| match figure.group {
            None => column.banner.is_none(),
            Some(code) => column.codes == [Code::Integer(code)],
        })
        .expect("a column");
    let rows = table.stub.iter().enumerate().filter(|(_, row)| {
        let code = row.code.as_ref().map(ToString::to_string);
        let all_missing = figure.row == (RowRole::Missing, None);
        row.role == figure.row.0 && (all_missing || code == figure.row.1)
    });
    rows.map(|(row, _)| table.cell(row, column).value().unwrap_or_default().n).sum()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn simulated_data_have_the_figures_of_any_data(case in case(1..60), seed in any::<u64>()) {
        let questionnaire = Questionnaire::draw(&case);
        let survey = load(&questionnaire);
        let respondents = respondents(&questionnaire, &case);
        prop_assume!(!respondents.is_empty());
        let (toml, figures) = targets(&questionnaire, &respondents, &mut Draws::new(&case.request));
        let told = |errors: Vec<renkei::diag::Diagnostic>| {
            let errors: String = errors.iter().map(|error| error.render(false)).collect();
            TestCaseError::fail(format!("{errors}\n{}\n{toml}\n{}", questionnaire.toml, questionnaire.csv(&respondents)))
        };
        let targets = read_targets(&survey, "targets.toml", &toml).map_err(told)?;
        let made = simulate(&survey, &targets, respondents.len(), seed).map_err(told)?;
        let data = csv(&made, Layout::default()).expect("UTF-8 has every character");
        let data = String::from_utf8(data).expect("UTF-8");
        let dataset = read(&survey, &data);
        prop_assert!(dataset.warnings.is_empty(), "{:?}\n{}", dataset.warnings, data);
        // Where selecting nothing is an answer and 非該当 has no code, a blank cannot say which of them it is.
        for (question, _) in &dataset.answered_not_asked {
            let question = &questionnaire.questions[questionnaire.find(&survey.questions[*question].id)];
            let unsaid = question.kind == Kind::Multi { packed: false, none_is_reply: true };
            prop_assert!(unsaid && question.not_asked.is_empty(), "{}\n{data}", question.id);
        }
        for cols in [None, Some("s")] {
            let rows = if cols.is_some() { "t,m,v,c,g.r1,g.r2,h.r1,h.r2,r.1,r.2,n,d,e" } else { super::ROWS };
            let request = Request {
                no_answer: Some(renkei::schema::NoAnswer::Include),
                ..request(&survey, rows, cols, None)
            };
            let tables = renkei::tabulate::fill(&survey, &request, &dataset, 2, &renkei::diag::Quiet);
            for figure in figures.iter().filter(|figure| figure.group.is_some() == cols.is_some()) {
                let table = tables.iter().find(|table| table.question.id == figure.question).expect("a table");
                prop_assert_eq!(count_of(table, figure), figure.count as u64, "{:?}\n{}\n{}\n{}", figure, questionnaire.toml, toml, data);
            }
        }
    }
}
