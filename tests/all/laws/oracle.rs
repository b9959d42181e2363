//! Tables counted by a plain loop over respondents, by the words of the design.

use std::collections::BTreeMap;

use renkei::schema::Code;
use renkei::tabulate::{ColumnRole, Note, RowRole, Shown, Table, Tally};

use super::expression::Expression;
use super::survey::{Draws, Kind, PLACES, Questionnaire, Respondent, State};

/// What is asked of `renkei`, in a form the oracle understands too.
#[derive(Debug, Clone)]
pub struct Asked {
    pub banners: Vec<Vec<usize>>,
    pub filter: Option<Expression>,
    pub exclude: Option<bool>,
}

impl Asked {
    pub fn draw(draws: &mut Draws, questionnaire: &Questionnaire) -> Asked {
        let choices: Vec<usize> = (0..questionnaire.questions.len())
            .filter(|&place| !matches!(questionnaire.questions[place].kind, Kind::Number { .. }))
            .collect();
        let mut banners = Vec::new();
        for _ in 0..draws.below(3) {
            let mut path = vec![choices[draws.below(choices.len())]];
            if draws.chance(2) {
                let inner = choices[draws.below(choices.len())];
                // Nested multi questions have thousands of lanes or groups, and take their time: not often.
                let wide = [path[0], inner].iter().any(|&place| {
                    matches!(questionnaire.questions[place].kind, Kind::Multi { .. } | Kind::Rank { .. })
                });
                let groups = [path[0], inner].map(|place| questionnaire.questions[place].options.len());
                let few = groups.iter().product::<usize>() <= 60;
                if !path.contains(&inner) && few && (!wide || draws.chance(4)) {
                    path.push(inner);
                }
            }
            banners.push(path);
        }
        let filter = draws.chance(2).then(|| Expression::draw(draws, &questionnaire.questions, 2));
        let exclude = [None, Some(true), Some(false)][draws.below(3)];
        Asked { banners, filter, exclude }
    }

    pub fn cols(&self, questionnaire: &Questionnaire) -> Option<String> {
        let id = |place: &usize| questionnaire.questions[*place].id.clone();
        let path = |path: &Vec<usize>| path.iter().map(id).collect::<Vec<_>>().join(">");
        let banners: Vec<String> = self.banners.iter().map(path).collect();
        (!banners.is_empty()).then(|| banners.join(","))
    }
}

/// What a row counts.
enum Row {
    Option(usize),
    Missing(State),
    Net(Vec<usize>),
    Number,
    /// The scores of a scale.
    Score,
}

/// Questions, each with the option that a member of the group has given.
type Group = Vec<(usize, usize)>;

/// Counts one table and compares every number of `table` with its own.
pub fn compare(
    questionnaire: &Questionnaire,
    respondents: &[Respondent],
    asked: &Asked,
    stub: usize,
    table: &Table,
) -> Result<(), String> {
    let question = &questionnaire.questions[stub];
    let exclude = asked.exclude.unwrap_or(question.exclude);
    let weighted = questionnaire.weight_decimals.is_some();
    let inside: Vec<&Respondent> = respondents
        .iter()
        .filter(|respondent| {
            let truth = |filter: &Expression| filter.truth(&questionnaire.questions, &respondent.replies);
            asked.filter.as_ref().is_none_or(|filter| truth(filter) == Some(true))
        })
        .collect();
    let count = |times: &dyn Fn(&Respondent) -> usize| {
        let mut tally = Tally::default();
        for respondent in &inside {
            for _ in 0..times(respondent) {
                tally.n += 1;
                tally.w += respondent.weight;
                tally.w2 += respondent.weight * respondent.weight;
            }
        }
        tally
    };
    let same = |what: &str, mine: Tally, theirs: Tally| match mine == theirs {
        true => Ok(()),
        false => Err(format!("{}: {what}: expected {mine:?}, found {theirs:?}", question.id)),
    };

    // Rows: options, 無回答 by blank and by code where it is in the base, nets.
    let number = matches!(question.kind, Kind::Number { .. });
    let mut rows: Vec<(Row, RowRole, Option<Code>)> = Vec::new();
    for (place, code) in question.options.iter().enumerate() {
        rows.push((Row::Option(place), RowRole::Option, Some(Code::Integer(*code))));
    }
    if number {
        rows.push((Row::Number, RowRole::Number, None));
    }
    if !exclude {
        rows.push((Row::Missing(State::Blank), RowRole::Missing, None));
        for (place, code) in question.missing.iter().enumerate() {
            rows.push((Row::Missing(State::Coded(place)), RowRole::Missing, Some(Code::Integer(*code))));
        }
    }
    for (place, of) in question.nets.iter().enumerate() {
        rows.push((Row::Net(of.clone()), RowRole::Net, Some(Code::Text(format!("net{place}")))));
    }
    if question.kind == Kind::Scale {
        rows.push((Row::Score, RowRole::Score, None));
    }
    let found: Vec<(RowRole, Option<Code>)> =
        table.stub.iter().map(|row| (row.role, row.code.clone())).collect();
    let expected: Vec<(RowRole, Option<Code>)> =
        rows.iter().map(|(_, role, code)| (*role, code.clone())).collect();
    if found != expected {
        return Err(format!("{}: rows: expected {expected:?}, found {found:?}", question.id));
    }

    // Columns: the Total, then every combination of options along each path, outermost slowest.
    let mut columns: Vec<(Option<usize>, Group)> = vec![(None, Group::new())];
    for (banner, path) in asked.banners.iter().enumerate() {
        let mut groups: Vec<Group> = vec![Group::new()];
        for &place in path {
            let options = 0..questionnaire.questions[place].options.len();
            groups = groups
                .iter()
                .flat_map(|group| {
                    options.clone().map(move |option| [group.as_slice(), &[(place, option)]].concat())
                })
                .collect();
        }
        columns.extend(groups.into_iter().map(|group| (Some(banner), group)));
    }
    let expected: Vec<(ColumnRole, Option<usize>, Vec<Code>)> = columns
        .iter()
        .map(|(banner, group)| {
            let code = |&(place, option): &(usize, usize)| {
                Code::Integer(questionnaire.questions[place].options[option])
            };
            let role = if banner.is_some() { ColumnRole::Group } else { ColumnRole::Total };
            (role, *banner, group.iter().map(code).collect())
        })
        .collect();
    let found: Vec<(ColumnRole, Option<usize>, Vec<Code>)> =
        table.columns.iter().map(|column| (column.role, column.banner, column.codes.clone())).collect();
    if found != expected {
        return Err(format!("{}: columns: expected {expected:?}, found {found:?}", question.id));
    }

    let state = |respondent: &Respondent| respondent.replies[stub].state;
    let in_base = |respondent: &Respondent| match state(respondent) {
        State::Given => true,
        State::Blank | State::Coded(_) => !exclude,
        State::NotAsked => false,
    };
    let score = |respondent: &Respondent| {
        let given = respondent.replies[stub].options.iter().position(|given| *given)?;
        question.scores.get(given).copied().flatten()
    };
    let offered = |respondent: &Respondent, option: usize| match question.limited_to {
        Some(earlier) if option < questionnaire.questions[earlier].options.len() => {
            respondent.replies[earlier].options[option]
        }
        _ => true,
    };
    let on_offer = |respondent: &Respondent, row: &Row| match row {
        Row::Option(option) => offered(respondent, *option),
        Row::Net(of) => of.iter().any(|&option| offered(respondent, option)),
        Row::Missing(_) | Row::Number | Row::Score => true,
    };
    let mentions = |respondent: &Respondent, row: &Row| {
        let options = &respondent.replies[stub].options;
        match row {
            Row::Option(option) => usize::from(options[*option] && offered(respondent, *option)),
            Row::Missing(missing) => usize::from(state(respondent) == *missing),
            Row::Net(of) => {
                of.iter().filter(|&&option| options[option] && offered(respondent, option)).count()
            }
            Row::Number => usize::from(state(respondent) == State::Given),
            Row::Score => usize::from(score(respondent).is_some()),
        }
    };
    for (column, (_, group)) in columns.iter().enumerate() {
        let member = |respondent: &Respondent| {
            group.iter().all(|&(place, option)| respondent.replies[place].options[option])
        };
        for (place, (row, role, _)) in rows.iter().enumerate() {
            let what = |name: &str| format!("{name} of row {place}, column {column}");
            let base = count(&|r| {
                usize::from(match role {
                    RowRole::Number => member(r) && state(r) == State::Given,
                    RowRole::Score => member(r) && score(r).is_some(),
                    _ => member(r) && in_base(r) && on_offer(r, row),
                })
            });
            same(&what("base"), base, table.base(place, column))?;
            let both = count(&|r| usize::from(member(r) && state(r) == State::Given && on_offer(r, row)));
            same(&what("both"), both, table.both(place, column))?;
            if base.n == 0 {
                if table.cell(place, column) != Shown::Undefined {
                    return Err(format!("{}: {} has no base", question.id, what("cell")));
                }
                continue;
            }
            let shown = |shown: Shown<Tally>| shown.value().ok_or(format!("{} is hidden", what("cell")));
            let cell = count(&|r| usize::from(member(r) && mentions(r, row) > 0));
            same(&what("cell"), cell, shown(table.cell(place, column))?)?;
            let cell = count(&|r| usize::from(member(r)) * mentions(r, row));
            same(&what("mentions"), cell, shown(table.mentions(place, column))?)?;
            let ranked = matches!(question.kind, Kind::Rank { .. }) && *role == RowRole::Option;
            if matches!(role, RowRole::Number | RowRole::Score) || ranked {
                let points = |r: &Respondent| {
                    let Row::Option(option) = row else { return None };
                    let at = |place: &usize| r.replies[stub + 1 + place].options[*option];
                    let place = (0..PLACES).find(at);
                    (state(r) == State::Given)
                        .then(|| place.map_or(0, |place| question.scores[place].unwrap_or(0)))
                };
                let value = |r: &Respondent| match role {
                    RowRole::Option => points(r),
                    RowRole::Score => score(r),
                    _ => (state(r) == State::Given).then_some(r.replies[stub].number),
                };
                let mut values: BTreeMap<i64, (u64, u64, i128)> = BTreeMap::new();
                for respondent in inside.iter().filter(|r| member(r)) {
                    let Some(value) = value(respondent) else { continue };
                    let value = values.entry(value).or_default();
                    value.0 += 1;
                    value.1 += u64::from(respondent.weight > 0);
                    value.2 += respondent.weight;
                }
                let found = table.numbers(place, column).value().ok_or("numbers are hidden")?;
                let found: BTreeMap<i64, (u64, u64, i128)> = found
                    .entries()
                    .iter()
                    .map(|entry| (entry.value, (entry.n, entry.weighted, entry.w)))
                    .collect();
                if found != values {
                    return Err(format!("{}: {values:?}, found {found:?}", what("numbers")));
                }
            }
        }
        let all = count(&|r| {
            let options = r.replies[stub].options.iter().enumerate();
            usize::from(member(r)) * options.filter(|(option, given)| **given && offered(r, *option)).count()
        });
        same(&format!("mentions of column {column}"), all, table.column_mentions(column))?;
    }

    for (banner, path) in asked.banners.iter().enumerate() {
        let given = |r: &Respondent| path.iter().all(|&place| r.replies[place].state == State::Given);
        let found = &table.banners[banner];
        let overlapping = path.iter().any(|&place| {
            matches!(questionnaire.questions[place].kind, Kind::Multi { .. } | Kind::Rank { .. })
        });
        if found.overlapping != overlapping {
            return Err(format!("{}: banner {banner} overlaps or not", question.id));
        }
        let outside_given = count(&|r| usize::from(state(r) == State::Given && !given(r)));
        for (place, (row, ..)) in rows.iter().enumerate() {
            let expected = match table.stub[place].role {
                RowRole::Number => outside_given,
                RowRole::Score => count(&|r| usize::from(score(r).is_some() && !given(r))),
                _ => count(&|r| usize::from(in_base(r) && !given(r) && on_offer(r, row))),
            };
            same(&format!("outside banner {banner}, row {place}"), expected, found.outside[place])?;
            let answered = count(&|r| usize::from(given(r) && mentions(r, row) > 0));
            same(&format!("answered of row {place}, banner {banner}"), answered, found.answered[place])?;
            let both = count(&|r| usize::from(given(r) && state(r) == State::Given && on_offer(r, row)));
            same(&format!("both of row {place}, banner {banner}"), both, found.both[place])?;
        }
    }

    let missing = count(&|r| usize::from(matches!(state(r), State::Blank | State::Coded(_)))).n;
    let astray = respondents.iter().filter(|r| r.astray.contains(&stub)).count() as u64;
    let zeros = respondents.iter().filter(|r| weighted && r.weight == 0).count() as u64;
    let mut notes = Vec::new();
    notes.extend((exclude && missing > 0).then_some(Note::NoAnswerExcluded(missing)));
    notes.extend((astray > 0).then_some(Note::AnsweredNotAsked(astray)));
    notes.extend((zeros > 0).then_some(Note::ZeroWeights(zeros)));
    match table.notes == notes {
        true => Ok(()),
        false => Err(format!("{}: notes: expected {notes:?}, found {:?}", question.id, table.notes)),
    }
}
