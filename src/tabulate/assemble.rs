//! From counts to tables: lanes are summed into columns, codes into rows.

use super::count::{Joint, Piece, count, pieces};
use super::lanes::{LaneSet, groups, lane_sets};
use super::request::{Answer, Request, Stub, grid_rows};
use super::table::{
    Banner, BannerColumn, ColumnRole, Grid, Note, QuestionWords, RowRole, StubRow, Table, Tally, merge_notes,
};
use crate::diag::Progress;
use crate::frame::{Block, Dataset, holds};
use crate::schema::{Kind, NoAnswer, Origin, Question, QuestionIndex, Survey};
use crate::stats::{Distribution, Entry};

/// Fills every table of a request in one pass over the respondents.
///
/// `dataset` must hold the replies to [`Request::questions`].
pub fn fill(
    survey: &Survey,
    request: &Request,
    dataset: &Dataset,
    threads: usize,
    progress: &dyn Progress,
) -> Vec<Table> {
    let banners: Vec<Vec<LaneSet>> = match request.banners.as_slice() {
        [] => vec![vec![LaneSet::everybody()]],
        paths => paths.iter().map(|path| lane_sets(survey, path)).collect(),
    };
    let ends: Vec<usize> = banners
        .iter()
        .scan(0, |end, sets| {
            *end += sets.len();
            Some(*end)
        })
        .collect();
    let layout: Vec<std::ops::Range<usize>> =
        ends.iter().zip(&banners).map(|(end, sets)| end - sets.len()..*end).collect();
    let sets: Vec<LaneSet> = banners.into_iter().flatten().collect();
    let widest = sets.iter().map(|set| set.size + 1).max().unwrap_or(1);

    let mut counted: Vec<QuestionIndex> = Vec::new();
    for stub in &request.stubs {
        match stub {
            Stub::Question(question) => counted.push(*question),
            Stub::Summary { grid, .. } => counted.extend(grid_rows(survey, *grid)),
        }
    }
    counted.sort_unstable();
    counted.dedup();
    let zero_weights = dataset.zero_weights > 0;
    let plan: Vec<(QuestionIndex, Vec<Piece>)> =
        counted.iter().map(|&question| (question, pieces(survey, question, widest, zero_weights))).collect();
    let all: Vec<Piece> = plan.iter().flat_map(|(_, pieces)| pieces.iter().cloned()).collect();
    let inside = |block: &Block| {
        request.filter.as_ref().map(|filter| holds(&filter.condition, survey, dataset, block))
    };
    let mut joints = count(dataset, &all, &sets, &inside, threads, progress).into_iter();
    let counts: Vec<Counts> = plan
        .into_iter()
        .map(|(question, pieces)| {
            let joints = joints.by_ref().take(pieces.len()).collect();
            Counts { question, pieces, joints }
        })
        .collect();

    let columns = columns(survey, request);
    let assembly = Assembly { survey, request, dataset, sets: &sets, layout: &layout, columns: &columns };
    let of = |question: &QuestionIndex| {
        // Every stub's questions were counted above, in ascending order.
        let place = counts.binary_search_by_key(question, |counts| counts.question).ok()?;
        Some(assembly.table(&counts[place]))
    };
    request
        .stubs
        .iter()
        .filter_map(|stub| match stub {
            Stub::Question(question) => of(question),
            Stub::Summary { grid, answer } => {
                let rows: Vec<(QuestionIndex, Table)> =
                    grid_rows(survey, *grid).filter_map(|row| Some((row, of(&row)?))).collect();
                summary(survey, *grid, *answer, &rows)
            }
        })
        .collect()
}

/// The counts of one question.
struct Counts {
    question: QuestionIndex,
    pieces: Vec<Piece>,
    /// `[piece][lane set]`
    joints: Vec<Vec<Joint>>,
}

/// What every table of the request shares.
struct Assembly<'a> {
    survey: &'a Survey,
    request: &'a Request,
    dataset: &'a Dataset,
    sets: &'a [LaneSet],
    /// The lane sets of each banner.
    layout: &'a [std::ops::Range<usize>],
    columns: &'a [BannerColumn],
}

/// Tallies of one question over some lanes.
struct Answers {
    /// By option.
    options: Vec<Tally>,
    /// By net: respondents, each once.
    nets: Vec<Tally>,
    /// By state; 0 is given.
    states: Vec<Tally>,
    /// Values of a number, or scores of a scale.
    values: Distribution,
    /// Respondents with an option that has a score.
    scored: Tally,
}

impl Assembly<'_> {
    fn table(&self, counts: &Counts) -> Table {
        let question = &self.survey.questions[counts.question];
        let no_answer = self.request.no_answer.unwrap_or(question.no_answer);
        let (stub, sources) = stub(question, no_answer);
        let mut table = Table {
            question: words(question),
            grid: question.grid.map(|grid| self.survey.questions[grid].id.clone()),
            wave: self.survey.wave.as_ref().map(|wave| (wave.id.clone(), wave.label.clone())),
            filter: self.request.filter.as_ref().map(|filter| filter.text.clone()),
            weight: self.dataset.weight_name.clone(),
            weight_decimals: self.dataset.weight_decimals,
            number_decimals: look_up(&self.dataset.number_decimals, counts.question).unwrap_or(0),
            routed: routed(self.survey, counts.question),
            no_answer,
            columns: self.columns.to_vec(),
            banners: Vec::new(),
            notes: Vec::new(),
            cells: Grid::new(stub.len(), self.columns.len()),
            bases: Grid::new(stub.len(), self.columns.len()),
            both: Grid::new(stub.len(), self.columns.len()),
            mentions: Grid::new(stub.len(), self.columns.len()),
            column_mentions: vec![Tally::default(); self.columns.len()],
            numbers: Grid::new(stub.len(), self.columns.len()),
            hidden: Default::default(),
            stub,
        };
        let total = self.answers(counts, 0, &(0..self.sets[0].size).collect::<Vec<_>>());
        enter(&mut table, question, &sources, 0, &total);
        let mut first_column = 1;
        for (path, sets) in self.request.banners.iter().zip(self.layout) {
            for set in sets.clone() {
                for (group, lanes) in &self.sets[set].groups {
                    let answers = self.answers(counts, set, lanes);
                    enter(&mut table, question, &sources, first_column + group, &answers);
                }
            }
            first_column += path.iter().map(|&q| self.survey.questions[q].options.len()).product::<usize>();
            let first = &self.sets[sets.start];
            let given = self.answers(counts, sets.start, &first.given);
            let outside = self.answers(counts, sets.start, &first.outside);
            table.banners.push(Banner {
                path: path.iter().map(|&question| words(&self.survey.questions[question])).collect(),
                overlapping: path.iter().any(|&q| self.survey.questions[q].kind == Kind::Multi),
                answered: sources.iter().map(|source| source.cell(&given)).collect(),
                both: vec![given.states[0]; table.stub.len()],
                outside: sources.iter().map(|source| source.base(&outside, no_answer)).collect(),
            });
        }
        self.note(&mut table, counts.question, &total);
        table
    }

    fn note(&self, table: &mut Table, question: QuestionIndex, total: &Answers) {
        let missing: u64 = missing(total).map(|tally| tally.n).sum();
        if table.no_answer == NoAnswer::Exclude && missing > 0 {
            table.notes.push(Note::NoAnswerExcluded(missing));
        }
        if let Some(count) = look_up(&self.dataset.answered_not_asked, question) {
            table.notes.push(Note::AnsweredNotAsked(count));
        }
        if let Some(count) = look_up(&self.dataset.made_missing, question) {
            table.notes.push(Note::MadeMissing(count));
        }
        let not_in_wave = matches!(self.survey.questions[question].origin, Origin::NotAsked);
        let mut options = table.stub.iter().filter(|row| row.role == RowRole::Option).peekable();
        if not_in_wave || (options.peek().is_some() && options.all(|row| !row.offered)) {
            table.notes.push(Note::NotInWave);
        } else if table.stub.iter().any(|row| !row.offered) {
            table.notes.push(Note::NotOffered);
        }
        if self.dataset.zero_weights > 0 {
            table.notes.push(Note::ZeroWeights(self.dataset.zero_weights));
        }
    }

    fn answers(&self, counts: &Counts, set: usize, lanes: &[usize]) -> Answers {
        let question = &self.survey.questions[counts.question];
        let options = question.options.len();
        let mut answers = Answers {
            options: Vec::with_capacity(options),
            nets: vec![Tally::default(); question.nets.len()],
            states: Vec::new(),
            values: Distribution::default(),
            scored: Tally::default(),
        };
        let mut weightless = vec![0; options];
        let mut nets_counted = 0;
        for (piece, joints) in counts.pieces.iter().zip(&counts.joints) {
            let joint = &joints[set];
            let codes = joint.codes(lanes);
            match piece {
                Piece::Codes { .. } => {
                    let (given, states) = codes.split_at(options);
                    answers.states = [&[given.iter().copied().sum()], states].concat();
                    answers.options = given.to_vec();
                }
                Piece::Weightless { .. } => {
                    weightless = codes[..options].iter().map(|tally| tally.n).collect();
                }
                Piece::States { .. } => answers.states = codes,
                Piece::Octet { octet, .. } => {
                    // Few patterns occur in a small group.
                    let seen: Vec<(usize, Tally)> = (1..256)
                        .map(|pattern| (pattern, codes[pattern]))
                        .filter(|(_, seen)| seen.n > 0)
                        .collect();
                    let with = |bits: usize| -> Tally {
                        seen.iter().filter(|(pattern, _)| pattern & bits != 0).map(|(_, tally)| *tally).sum()
                    };
                    for bit in 0..(options - octet * 8).min(8) {
                        answers.options.push(with(1 << bit));
                    }
                    if options <= 8 {
                        for (net, tally) in question.nets.iter().zip(&mut answers.nets) {
                            let bits = net.of.iter().fold(0, |bits, option| bits | 1 << option);
                            *tally = with(bits);
                        }
                    }
                }
                Piece::Member { .. } => answers.options.push(codes[1]),
                Piece::Nets { nets, .. } => {
                    for bit in 0..nets.len() {
                        let with = (0..256).filter(|pattern| pattern >> bit & 1 == 1);
                        answers.nets[nets_counted + bit] = with.map(|pattern| codes[pattern]).sum();
                    }
                    nets_counted += nets.len();
                }
                Piece::Values { .. } => {
                    answers.values = Distribution::from_entries(joint.values(lanes));
                }
            }
        }
        if question.kind.takes_one_option() {
            for (net, tally) in question.nets.iter().zip(&mut answers.nets) {
                *tally = net.of.iter().map(|&option| answers.options[option]).sum();
            }
        }
        if question.kind == Kind::Scale {
            let scored = || question.options.iter().zip(answers.options.iter().zip(&weightless));
            let entries = scored().filter_map(|(option, (tally, weightless))| {
                let (value, weighted) = (option.score?, tally.n - weightless);
                (tally.n > 0).then_some(Entry { value, n: tally.n, weighted, w: tally.w })
            });
            answers.values = Distribution::from_entries(entries.collect());
            let tallies = scored().filter(|(option, _)| option.score.is_some()).map(|(_, (tally, _))| *tally);
            answers.scored = tallies.sum();
        }
        answers
    }
}

/// Were only some respondents asked? A derived question has the routing of those it comes from.
fn routed(survey: &Survey, index: QuestionIndex) -> bool {
    let question = &survey.questions[index];
    match &question.origin {
        Origin::Regrouped { from, .. } | Origin::Conditions { from: Some(from), .. } => routed(survey, *from),
        // Without a rest, a single's groups need not hold everybody.
        Origin::Conditions { groups, overlap, from: None } => {
            let mut sources = groups.iter().flatten().flat_map(|condition| condition.questions());
            (!overlap && groups.iter().all(Option::is_some)) || sources.all(|source| routed(survey, source))
        }
        Origin::Count { sources } => sources.iter().all(|(source, _)| routed(survey, *source)),
        Origin::NotAsked => true,
        _ => question.asked_if.is_some() || !question.not_asked.is_empty(),
    }
}

fn look_up<T: Copy>(list: &[(QuestionIndex, T)], question: QuestionIndex) -> Option<T> {
    list.iter().find(|(index, _)| *index == question).map(|(_, value)| *value)
}

/// The missing states: between given (first) and not asked (last).
fn missing(answers: &Answers) -> impl Iterator<Item = Tally> + '_ {
    answers.states[1..answers.states.len() - 1].iter().copied()
}

/// Where a stub row's tally comes from.
#[derive(Clone, Copy)]
enum Source {
    Option(usize),
    /// Those given: a number's row.
    Given,
    /// A missing state.
    State(usize),
    Net(usize),
    /// Those whose answer has a score.
    Scored,
}

impl Source {
    /// Respondents who gave the answer.
    fn cell(self, answers: &Answers) -> Tally {
        match self {
            Source::Option(option) => answers.options[option],
            Source::Given => answers.states[0],
            Source::State(state) => answers.states[state],
            Source::Net(net) => answers.nets[net],
            Source::Scored => answers.scored,
        }
    }

    /// Those who could have given it; a mean has the base of those who gave a number, or an answer
    /// with a score.
    fn base(self, answers: &Answers, no_answer: NoAnswer) -> Tally {
        match (self, no_answer) {
            (Source::Given | Source::Scored, _) => self.cell(answers),
            (_, NoAnswer::Exclude) => answers.states[0],
            (_, NoAnswer::Include) => answers.states[0].merge(missing(answers).sum()),
        }
    }

    /// Mentions behind the cell.
    fn mentions(self, question: &Question, answers: &Answers) -> Tally {
        match self {
            Source::Net(net) => question.nets[net].of.iter().map(|&option| answers.options[option]).sum(),
            _ => self.cell(answers),
        }
    }
}

/// Enters a column.
fn enter(table: &mut Table, question: &Question, sources: &[Source], column: usize, answers: &Answers) {
    table.column_mentions[column] = answers.options.iter().copied().sum();
    for (row, source) in sources.iter().enumerate() {
        table.cells[(row, column)] = source.cell(answers);
        table.bases[(row, column)] = source.base(answers, table.no_answer);
        table.both[(row, column)] = answers.states[0];
        table.mentions[(row, column)] = source.mentions(question, answers);
        if matches!(source, Source::Given | Source::Scored) {
            table.numbers[(row, column)] = answers.values.clone();
        }
    }
}

/// The rows of a question's table and where they come from: options (or the number), 無回答 by blank
/// and by code, nets, the score of a scale.
fn stub(question: &Question, no_answer: NoAnswer) -> (Vec<StubRow>, Vec<Source>) {
    let row = |role, code, label: &str| StubRow {
        role,
        question: question.id.clone(),
        code,
        label: label.to_string(),
        last: false,
        of: Vec::new(),
        assumed: false,
        offered: true,
        score: None,
    };
    let mut rows: Vec<(StubRow, Source)> = Vec::new();
    for (place, option) in question.options.iter().enumerate() {
        let words = StubRow {
            last: option.other || option.exclusive,
            assumed: option.assumed,
            score: option.score,
            offered: !question.not_offered.contains(&place),
            ..row(RowRole::Option, Some(option.code.clone()), &option.label)
        };
        rows.push((words, Source::Option(place)));
    }
    if question.kind.is_measured() {
        rows.push((row(RowRole::Number, None, question.heading()), Source::Given));
    }
    if no_answer == NoAnswer::Include {
        rows.push((row(RowRole::Missing, None, ""), Source::State(1)));
        for (place, missing) in question.missing.iter().enumerate() {
            let words = row(RowRole::Missing, Some(missing.code.clone()), &missing.label);
            rows.push((words, Source::State(2 + place)));
        }
    }
    for (place, net) in question.nets.iter().enumerate() {
        let words = StubRow {
            offered: net.of.is_empty() || net.of.iter().any(|option| !question.not_offered.contains(option)),
            of: net.of.iter().map(|&option| question.options[option].code.clone()).collect(),
            ..row(RowRole::Net, Some(crate::schema::Code::Text(net.id.clone())), &net.label)
        };
        rows.push((words, Source::Net(place)));
    }
    if question.kind == Kind::Scale {
        rows.push((row(RowRole::Score, None, question.heading()), Source::Scored));
    }
    rows.into_iter().unzip()
}

fn words(question: &Question) -> QuestionWords {
    QuestionWords {
        id: question.id.clone(),
        text: question.text.clone(),
        heading: question.heading().to_string(),
        section: question.section.clone(),
        kind: question.kind,
    }
}

fn columns(survey: &Survey, request: &Request) -> Vec<BannerColumn> {
    let mut columns = vec![BannerColumn {
        role: ColumnRole::Total,
        banner: None,
        codes: Vec::new(),
        labels: Vec::new(),
        offered: true,
        letter: String::new(),
    }];
    for (banner, path) in request.banners.iter().enumerate() {
        for (place, group) in groups(survey, path).into_iter().enumerate() {
            let offered =
                path.iter().zip(&group).all(|(&q, option)| !survey.questions[q].not_offered.contains(option));
            let options = path.iter().zip(group).map(|(&q, option)| &survey.questions[q].options[option]);
            let (codes, labels) = options.map(|option| (option.code.clone(), option.label.clone())).unzip();
            let role = ColumnRole::Group;
            columns.push(BannerColumn {
                role,
                banner: Some(banner),
                codes,
                labels,
                offered,
                letter: letter(place),
            });
        }
    }
    columns
}

/// A … Z, AA, AB …
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8);
    match place / 26 {
        0 => last.to_string(),
        before => letter(before - 1) + &last.to_string(),
    }
}

/// One answer of every row of a grid as one table.
fn summary(
    survey: &Survey,
    grid: QuestionIndex,
    answer: Answer,
    rows: &[(QuestionIndex, Table)],
) -> Option<Table> {
    let question = &survey.questions[grid];
    let role = match answer {
        Answer::Option(_) => RowRole::Option,
        Answer::Net(_) => RowRole::Net,
    };
    let place = |table: &Table| {
        let mut fitting = table.stub.iter().enumerate().filter(|(_, row)| row.role == role);
        let (Answer::Option(wanted) | Answer::Net(wanted)) = answer;
        fitting.nth(wanted).map(|(place, _)| place)
    };
    let picked: Vec<Table> =
        rows.iter().filter_map(|(_, table)| Some(table.select_rows(&[place(table)?]))).collect();
    let mut summary = picked.first()?.clone();
    let columns = summary.columns.len();
    let label = summary.stub[0].label.clone();
    summary.question =
        QuestionWords { heading: format!("{}：{label}", question.heading()), ..words(question) };
    summary.grid = None;
    // Replies add up over the rows; respondents do not, and each row has its own n.
    summary.notes = picked
        .iter()
        .map(|table| &table.notes)
        .fold(Vec::new(), |notes, added| merge_notes(&notes, added))
        .into_iter()
        .filter(|note| !matches!(note, Note::NoAnswerExcluded(_) | Note::ZeroWeights(_)))
        .chain(summary.notes.iter().filter(|note| matches!(note, Note::ZeroWeights(_))).cloned())
        .collect();
    for grid in [&mut summary.cells, &mut summary.bases, &mut summary.both, &mut summary.mentions] {
        *grid = Grid::new(picked.len(), columns);
    }
    summary.numbers = Grid::new(picked.len(), columns);
    summary.stub = Vec::new();
    summary.banners.iter_mut().for_each(|banner| {
        banner.answered.clear();
        banner.both.clear();
        banner.outside.clear();
    });
    for (place, (table, (row, _))) in picked.iter().zip(rows).enumerate() {
        let heading = survey.questions[*row].heading().to_string();
        summary.stub.push(StubRow { label: heading, of: Vec::new(), ..table.stub[0].clone() });
        for column in 0..columns {
            summary.cells[(place, column)] = table.cells[(0, column)];
            summary.bases[(place, column)] = table.bases[(0, column)];
            summary.both[(place, column)] = table.both[(0, column)];
            summary.mentions[(place, column)] = table.mentions[(0, column)];
        }
        for (mine, theirs) in summary.banners.iter_mut().zip(&table.banners) {
            mine.answered.extend(&theirs.answered);
            mine.both.extend(&theirs.both);
            mine.outside.extend(&theirs.outside);
        }
    }
    Some(summary)
}
