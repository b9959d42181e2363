//! From counts to tables: lanes are summed into columns, codes into rows.

use super::battery::batteries;
use super::columns::{Columns, CountedBanner, Pair};
use super::count::{Counted, count};
use super::deviation::Estimating;
use super::joint::{Joint, JointColumns, Overlap};
use super::patterns::patterns;
use super::piece::{Piece, pieces};
use super::reach::Reach;
use super::request::{Request, Stub, grid_rows};
use super::summary::{means, summary};
use super::table::{Banner, Grid, Note, QuestionWords, RowRole, StubRow, Table, Tally};
use crate::design::Sample;
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
    fill_with_spread(survey, request, dataset, None, threads, progress)
}

/// [`fill`], with variances under the sample's design: of the estimates, and what tests need of it.
pub fn fill_with_spread(
    survey: &Survey,
    request: &Request,
    dataset: &Dataset,
    sample: Option<(&Sample, Estimating)>,
    threads: usize,
    progress: &dyn Progress,
) -> Vec<Table> {
    let columns = Columns::of(survey, request);
    let sets = &columns.sets;
    let widest = sets.iter().map(|set| set.size + 1).max().unwrap_or(1);

    let mut counted: Vec<QuestionIndex> = Vec::new();
    for stub in &request.stubs {
        match stub {
            Stub::Question(question) => counted.push(*question),
            Stub::Summary { grid, .. } => counted.extend(grid_rows(survey, *grid)),
            Stub::Means { questions, .. } => counted.extend(questions),
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
    let mut joints = count(dataset, &all, sets, &inside, threads, progress).into_iter();
    let counts: Vec<Counts> = plan
        .into_iter()
        .map(|(question, pieces)| {
            let joints = joints.by_ref().take(pieces.len()).collect();
            Counts { question, pieces, joints }
        })
        .collect();

    let assembly = Assembly { survey, request, dataset, columns: &columns };
    let spreads = sample.map_or(Vec::new(), |(sample, estimating)| {
        assembly.spreads(&counts, sample, &inside, estimating, threads)
    });
    let of = |question: &QuestionIndex| {
        // Every stub's questions were counted above, in ascending order.
        let place = counts.binary_search_by_key(question, |counts| counts.question).ok()?;
        let spread = spreads.get(place).cloned();
        Some(Table { spread, ..assembly.table(&counts[place]) })
    };
    request
        .stubs
        .iter()
        .filter_map(|stub| match stub {
            Stub::Question(question) => {
                let mut table = of(question)?;
                if request.joint.patterns {
                    let together =
                        |banner: &CountedBanner| patterns(survey, dataset, &inside, *question, &banner.path);
                    table.joint.patterns = columns.banners.iter().map(together).collect();
                }
                Some(table)
            }
            Stub::Summary { grid, answer } => {
                let rows: Vec<(QuestionIndex, Table)> =
                    grid_rows(survey, *grid).filter_map(|row| Some((row, of(&row)?))).collect();
                let mut table = summary(survey, *grid, *answer, &rows)?;
                if request.joint.rows {
                    let rows: Vec<QuestionIndex> = rows.iter().map(|(row, _)| *row).collect();
                    table.joint.batteries = batteries(survey, dataset, &columns, &inside, &rows, *answer);
                }
                Some(table)
            }
            Stub::Means { questions, measures } => {
                let rows: Vec<(QuestionIndex, Table)> =
                    questions.iter().filter_map(|row| Some((*row, of(row)?))).collect();
                means(survey, measures, &rows)
            }
        })
        .collect()
}

/// The counts of one question.
pub(super) struct Counts {
    pub(super) question: QuestionIndex,
    pub(super) pieces: Vec<Piece>,
    /// `[piece][lane set]`
    pub(super) joints: Vec<Vec<Counted>>,
}

/// What every table of the request shares.
pub(super) struct Assembly<'a> {
    pub(super) survey: &'a Survey,
    pub(super) request: &'a Request,
    pub(super) dataset: &'a Dataset,
    pub(super) columns: &'a Columns,
}

/// Tallies of one question over some lanes.
pub(super) struct Answers {
    /// By option.
    options: Vec<Tally>,
    /// By net: respondents, each once.
    nets: Vec<Tally>,
    /// By state; 0 is given.
    pub(super) states: Vec<Tally>,
    /// Values of a number, or scores of a scale.
    values: Distribution,
    /// Values below the line of a ratio; `values` has those above it.
    denominators: Distribution,
    /// Respondents who gave only what is above the line of a ratio, and only what is below it.
    unpaired: [u64; 2],
    /// Respondents with an option that has a score.
    scored: Tally,
    /// By option of a rank question: its points, of those who gave an answer.
    points: Vec<Distribution>,
    /// By option, then by net, where each has a base of its own.
    offered: Vec<Offered>,
}

/// Those to whom an option, or any option of a net, was on offer.
#[derive(Clone, Copy)]
struct Offered {
    chosen: Tally,
    given: Tally,
    missing: Tally,
}

impl Assembly<'_> {
    pub(super) fn table(&self, counts: &Counts) -> Table {
        self.table_with(counts, &[])
    }

    /// The table with more columns than it shows: of these lane sets and lanes.
    pub(super) fn table_with(&self, counts: &Counts, more: &[(usize, Vec<usize>)]) -> Table {
        let shown = self.columns.words.len();
        let width = shown + more.len();
        let question = &self.survey.questions[counts.question];
        let no_answer = self.request.no_answer.unwrap_or(question.no_answer);
        let (stub, sources) = stub(self.survey, question, no_answer);
        let mut table = Table {
            question: words(question),
            grid: question.grid.map(|grid| self.survey.questions[grid].id.clone()),
            wave: self.survey.wave.as_ref().map(|wave| (wave.id.clone(), wave.label.clone())),
            filter: self.request.filter.as_ref().map(|filter| filter.text.clone()),
            weight: self.dataset.weight_name.clone(),
            weight_decimals: self.dataset.weight_decimals,
            number_decimals: self.number_decimals(counts.question),
            routed: routed(self.survey, counts.question) || self.partly_asked(counts.question),
            no_answer,
            points: question.points.clone(),
            option_bases: question.option_bases,
            question_bases: vec![Tally::default(); width],
            columns: self.columns.words.clone(),
            banners: Vec::new(),
            means: None,
            reach: Vec::new(),
            notes: Vec::new(),
            cells: Grid::new(stub.len(), width),
            bases: Grid::new(stub.len(), width),
            both: Grid::new(stub.len(), width),
            mentions: Grid::new(stub.len(), width),
            column_mentions: vec![Tally::default(); width],
            numbers: Grid::new(stub.len(), width),
            denominators: Grid::new(stub.len(), width),
            hidden: Default::default(),
            joint: Joint::default(),
            spread: None,
            stub,
        };
        let (set, everybody) = self.columns.lanes(0);
        let total = self.answers(counts, set, everybody);
        enter(&mut table, question, &sources, 0, &total);
        for column in 1..table.columns.len() {
            let (set, lanes) = self.columns.lanes(column);
            enter(&mut table, question, &sources, column, &self.answers(counts, set, lanes));
        }
        for (place, (set, lanes)) in more.iter().enumerate() {
            enter(&mut table, question, &sources, shown + place, &self.answers(counts, *set, lanes));
        }
        let mut given_values = Vec::new();
        for banner in &self.columns.banners {
            let (path, set) = (&banner.path, &self.columns.sets[banner.set]);
            let given = self.answers(counts, banner.set, &set.given);
            let outside = self.answers(counts, banner.set, &set.outside);
            if self.columns.pairs.is_some() {
                given_values.push(sources.iter().map(|source| source.values(&given)).collect());
            }
            table.banners.push(Banner {
                path: path.iter().map(|&question| words(&self.survey.questions[question])).collect(),
                subtotal_of: banner.subtotal_of,
                overlapping: path.iter().any(|&q| self.survey.questions[q].kind.takes_several_options()),
                answered: sources.iter().map(|source| source.cell(&given)).collect(),
                both: sources.iter().map(|source| source.given(&given)).collect(),
                outside: sources.iter().map(|source| source.base(&outside, no_answer)).collect(),
            });
        }
        let overlap = |pair: &Pair| {
            let (set, lanes) = pair.lanes();
            let shared = self.answers(counts, set, lanes);
            let bases = sources.iter().map(|source| source.base(&shared, no_answer)).collect();
            Overlap { left: pair.left, right: pair.right, bases }
        };
        let columns = self
            .columns
            .pairs
            .as_ref()
            .map(|pairs| JointColumns { overlaps: pairs.iter().map(overlap).collect(), given: given_values });
        table.joint = Joint { columns, ..Joint::default() };
        table.reach.push(self.reach(question, &total));
        self.note(&mut table, counts.question, &total);
        table
    }

    /// Decimal places of a number; of a ratio the finer of its two, so that both are in one unit.
    pub(super) fn number_decimals(&self, question: QuestionIndex) -> u32 {
        match self.survey.questions[question].origin {
            Origin::Ratio { of, to, .. } => self.dataset.decimals_of(of).max(self.dataset.decimals_of(to)),
            _ => self.dataset.decimals_of(question),
        }
    }

    fn reach(&self, question: &Question, total: &Answers) -> Reach {
        let inside: u64 = total.states.iter().map(|tally| tally.n).sum();
        Reach {
            question: question.id.clone(),
            filtered_out: self.dataset.respondents - inside,
            not_asked: total.states[question.states()],
            missing: missing(total).sum(),
            given: total.states[0],
            scored: (question.kind == Kind::Scale).then_some(total.scored),
        }
    }

    /// Whether some of the files did not ask what the question comes from.
    fn partly_asked(&self, index: QuestionIndex) -> bool {
        let partly = &self.dataset.partly_asked;
        match &self.survey.questions[index].origin {
            _ if partly.is_empty() => false,
            Origin::Regrouped { from, .. } | Origin::Conditions { from: Some(from), .. } => {
                self.partly_asked(*from)
            }
            Origin::Comments { text, into, .. } => {
                self.partly_asked(into.map_or(*text, |(question, _)| question))
            }
            Origin::Joined { of: Some(of), .. } => self.partly_asked(*of),
            Origin::Place(rank) => self.partly_asked(*rank),
            _ => partly.contains(&index),
        }
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
        let [no_denominator, no_numerator] = total.unpaired;
        if no_denominator > 0 {
            table.notes.push(Note::NoDenominator(no_denominator));
        }
        if no_numerator > 0 {
            table.notes.push(Note::NoNumerator(no_numerator));
        }
        let not_in_wave = is_absent(self.survey, question);
        let mut options = table.stub.iter().filter(|row| row.role == RowRole::Option).peekable();
        if not_in_wave || (options.peek().is_some() && options.all(|row| !row.offered)) {
            table.notes.push(Note::NotInWave);
        } else if table.stub.iter().any(|row| !row.offered) {
            table.notes.push(Note::NotOffered);
        }
        if self.partly_asked(question) {
            table.notes.push(Note::PartlyAsked);
        }
        if self.dataset.superseded > 0 {
            table.notes.push(Note::Superseded(self.dataset.superseded));
        }
        if self.dataset.zero_weights > 0 {
            table.notes.push(Note::ZeroWeights(self.dataset.zero_weights));
        }
    }

    pub(super) fn answers(&self, counts: &Counts, set: usize, lanes: &[usize]) -> Answers {
        let question = &self.survey.questions[counts.question];
        let options = question.options.len();
        let mut answers = Answers {
            options: Vec::with_capacity(options),
            nets: vec![Tally::default(); question.nets.len()],
            states: Vec::new(),
            values: Distribution::default(),
            denominators: Distribution::default(),
            unpaired: [0; 2],
            scored: Tally::default(),
            points: Vec::new(),
            offered: Vec::new(),
        };
        let (mut places, mut weightless_places) = (Vec::new(), Vec::new());
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
                Piece::Offered { .. } => answers.offered.push(Offered {
                    chosen: codes[1],
                    given: codes[1].merge(codes[2]),
                    // Between given and not asked.
                    missing: codes[3..codes.len() - 1].iter().copied().sum(),
                }),
                Piece::Place { .. } => places.push(codes[..options].to_vec()),
                Piece::Weightless { .. } => {
                    weightless = codes[..options].iter().map(|tally| tally.n).collect();
                    weightless_places.push(weightless.clone());
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
                Piece::Values { question } => {
                    let of = match self.survey.questions[*question].origin {
                        Origin::Ratio { of, .. } => of,
                        _ => *question,
                    };
                    answers.values = self.in_unit(counts.question, of, joint.values(lanes));
                }
                Piece::Denominators { to, .. } => {
                    answers.denominators = self.in_unit(counts.question, *to, joint.values(lanes));
                }
                Piece::Unpaired { .. } => answers.unpaired = [codes[1].n, codes[2].n],
            }
        }
        if question.kind.takes_one_option() {
            for (net, tally) in question.nets.iter().zip(&mut answers.nets) {
                *tally = net.of.iter().map(|&option| answers.options[option]).sum();
            }
        }
        if !question.points.is_empty() {
            weightless_places.resize(places.len(), vec![0; options]);
            answers.points = ranked_points(&question.points, answers.states[0], &places, &weightless_places);
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

impl Assembly<'_> {
    /// Values of a number in the unit of the question's table.
    fn in_unit(&self, question: QuestionIndex, number: QuestionIndex, values: Vec<Entry>) -> Distribution {
        let values = Distribution::from_entries(values);
        match self.number_decimals(question) - self.dataset.decimals_of(number) {
            0 => values,
            // Numbers too long for the unit of the other are not those of a survey: not available.
            finer => 10_i64.checked_pow(finer).and_then(|finer| values.times(finer, 1)).unwrap_or_default(),
        }
    }
}

/// The points of each option: those of its place, and 0 for who gave an answer without it.
fn ranked_points(
    points: &[i64],
    given: Tally,
    places: &[Vec<Tally>],
    weightless: &[Vec<u64>],
) -> Vec<Distribution> {
    // Whoever ranks anything has a first place.
    let given_weightless: u64 = weightless.iter().take(1).flatten().sum();
    let options = places.first().map_or(0, Vec::len);
    let of = |option: usize| {
        let mut rest = Entry { value: 0, n: given.n, weighted: given.n - given_weightless, w: given.w };
        let mut entries = Vec::new();
        for ((&value, place), weightless) in points.iter().zip(places).zip(weightless) {
            let tally = place[option];
            let weighted = tally.n - weightless[option];
            entries.push(Entry { value, n: tally.n, weighted, w: tally.w });
            rest.n -= tally.n;
            rest.weighted -= weighted;
            rest.w -= tally.w;
        }
        entries.push(rest);
        entries.retain(|entry| entry.n > 0);
        Distribution::from_entries(entries)
    };
    (0..options).map(of).collect()
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
        Origin::Comments { text, into, .. } => routed(survey, into.map_or(*text, |(question, _)| question)),
        Origin::Ratio { of, to, when, .. } => when.is_some() || routed(survey, *of) || routed(survey, *to),
        Origin::Count { sources } => sources.iter().all(|(source, _)| routed(survey, *source)),
        Origin::NotAsked => true,
        _ => question.asked_if.is_some() || !question.not_asked.is_empty(),
    }
}

/// Did the wave ask nothing that the question comes from?
pub fn is_absent(survey: &Survey, index: QuestionIndex) -> bool {
    match &survey.questions[index].origin {
        Origin::NotAsked => true,
        Origin::Count { sources } => sources.iter().all(|(source, _)| is_absent(survey, *source)),
        _ => false,
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
pub(super) enum Source {
    Option(usize),
    /// Those given: a number's row.
    Given,
    /// Those given: the row of what is below the line of a ratio.
    Denominator,
    /// Those given: the row of both.
    Ratio,
    /// A missing state.
    State(usize),
    Net(usize),
    /// Those whose answer has a score.
    Scored,
}

impl Source {
    /// The base of its own, where it has one.
    fn offered(self, answers: &Answers) -> Option<Offered> {
        let place = match self {
            Source::Option(option) => option,
            Source::Net(net) => answers.options.len() + net,
            Source::Given | Source::Denominator | Source::Ratio | Source::State(_) | Source::Scored => {
                return None;
            }
        };
        answers.offered.get(place).copied()
    }

    /// Respondents who gave the answer; of those to whom it was on offer, where that is the base.
    pub(super) fn cell(self, answers: &Answers) -> Tally {
        if let Some(offered) = self.offered(answers) {
            return offered.chosen;
        }
        match self {
            Source::Option(option) => answers.options[option],
            Source::Given | Source::Denominator | Source::Ratio => answers.states[0],
            Source::State(state) => answers.states[state],
            Source::Net(net) => answers.nets[net],
            Source::Scored => answers.scored,
        }
    }

    /// Those of its base who are given.
    fn given(self, answers: &Answers) -> Tally {
        self.offered(answers).map_or(answers.states[0], |offered| offered.given)
    }

    /// Those who could have given it; a mean has the base of those who gave a number, or an answer
    /// with a score.
    pub(super) fn base(self, answers: &Answers, no_answer: NoAnswer) -> Tally {
        if !matches!(self, Source::Option(_) | Source::State(_) | Source::Net(_)) {
            return self.cell(answers);
        }
        let missing = self.offered(answers).map_or_else(|| missing(answers).sum(), |offered| offered.missing);
        match no_answer {
            NoAnswer::Exclude => self.given(answers),
            NoAnswer::Include => self.given(answers).merge(missing),
        }
    }

    /// Values of a number, scores of a scale; of other rows none.
    fn values(self, answers: &Answers) -> Distribution {
        match self {
            Source::Given | Source::Scored => answers.values.clone(),
            _ => Distribution::default(),
        }
    }

    /// Mentions behind the cell.
    fn mentions(self, question: &Question, answers: &Answers) -> Tally {
        match self {
            Source::Net(net) => {
                question.nets[net].of.iter().map(|&option| Source::Option(option).cell(answers)).sum()
            }
            _ => self.cell(answers),
        }
    }
}

/// Enters a column.
fn enter(table: &mut Table, question: &Question, sources: &[Source], column: usize, answers: &Answers) {
    let options = 0..answers.options.len();
    table.column_mentions[column] = options.map(|option| Source::Option(option).cell(answers)).sum();
    table.question_bases[column] = Source::State(0).base(answers, table.no_answer);
    for (row, source) in sources.iter().enumerate() {
        table.cells[(row, column)] = source.cell(answers);
        table.bases[(row, column)] = source.base(answers, table.no_answer);
        table.both[(row, column)] = source.given(answers);
        table.mentions[(row, column)] = source.mentions(question, answers);
        match source {
            Source::Given | Source::Scored => table.numbers[(row, column)] = answers.values.clone(),
            Source::Denominator => table.numbers[(row, column)] = answers.denominators.clone(),
            Source::Ratio => {
                table.numbers[(row, column)] = answers.values.clone();
                table.denominators[(row, column)] = answers.denominators.clone();
            }
            Source::Option(option) => {
                if let Some(points) = answers.points.get(*option) {
                    table.numbers[(row, column)] = points.clone();
                }
            }
            Source::State(_) | Source::Net(_) => {}
        }
    }
}

/// The rows of a question's table and where they come from: options (or the number, or the two numbers
/// of a ratio and the ratio), 無回答 by blank
/// and by code, nets, the score of a scale.
pub(super) fn stub(survey: &Survey, question: &Question, no_answer: NoAnswer) -> (Vec<StubRow>, Vec<Source>) {
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
        per: None,
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
    if let Origin::Ratio { of, to, per, .. } = question.origin {
        let number = |key: &str, number: QuestionIndex| {
            let code = crate::schema::Code::Text(key.to_string());
            row(RowRole::Number, Some(code), survey.questions[number].heading())
        };
        rows.push((number("of", of), Source::Given));
        rows.push((number("to", to), Source::Denominator));
        let ratio = StubRow { per: Some(per), ..row(RowRole::Ratio, None, question.heading()) };
        rows.push((ratio, Source::Ratio));
    } else if question.kind.is_measured() {
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

/// A question's words.
pub(super) fn words(question: &Question) -> QuestionWords {
    QuestionWords {
        id: question.id.clone(),
        text: question.text.clone(),
        heading: question.heading().to_string(),
        section: question.section.clone(),
        kind: question.kind,
    }
}
