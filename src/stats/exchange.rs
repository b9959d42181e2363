//! What else must change when one number does, where equations hold: the cheapest way.
//!
//! A dual simplex from no change at all: the equations that the target leaves open are closed one by one,
//! each by the variable that costs least beside the prices so far, as a shortest path is found from its end.
//! Equations that nothing has reached stay out of the basis, so that the work depends on how much must change
//! and not on how much there is.

/// How a variable may change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// What a change by one costs; more than nothing.
    pub price: f64,
    /// How far down it may go. Upwards there is no limit.
    pub down: f64,
}

/// Sums that are zero, over variables.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// (variable, coefficient) of each equation.
    equations: Vec<Vec<(usize, f64)>>,
    /// (equation, coefficient) of each variable.
    columns: Vec<Vec<(usize, f64)>>,
}

/// Numbers closer to zero are zero.
const EPSILON: f64 = 1e-9;
/// Steps after which the inverse is made anew.
const REFRESH: usize = 1500;
/// Steps at most.
const MANY: usize = 4000;

/// A variable moving one way: upwards, or downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Move {
    variable: usize,
    downwards: bool,
}

impl Move {
    fn sign(self) -> f64 {
        if self.downwards { -1.0 } else { 1.0 }
    }

    fn place(self) -> usize {
        2 * self.variable + usize::from(self.downwards)
    }
}

/// Where a move stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It does not change.
    None,
    Basic,
    /// As far as it can go.
    Full,
}

/// What does not fit yet.
#[derive(Debug, Clone, Copy)]
enum Lack {
    /// A move of the basis goes too far, or backwards.
    Move(usize),
    /// An equation outside the basis is not met.
    Equation(usize),
}

impl Exchange {
    /// Equations over this many variables.
    pub fn new(variables: usize, equations: Vec<Vec<(usize, f64)>>) -> Exchange {
        let mut columns = vec![Vec::new(); variables];
        for (row, equation) in equations.iter().enumerate() {
            equation.iter().for_each(|&(variable, by)| columns[variable].push((row, by)));
        }
        Exchange { equations, columns }
    }

    /// The changes for the least price when the target changes by `by`, the target's among them; `None`
    /// where there are none. Variables without room do not change.
    pub fn cheapest(
        &self,
        target: usize,
        by: f64,
        room: &dyn Fn(usize) -> Option<Room>,
    ) -> Option<Vec<(usize, f64)>> {
        let mut search = Search::new(self, target, by, room);
        for step in 1..=MANY {
            let Some((lack, over)) = search.lack() else { return Some(search.changes(target, by)) };
            let weights = search.row_of(lack);
            let entering = search.entering(&weights, over)?;
            search.replace(lack, over, &weights, entering);
            if step % REFRESH == 0 {
                search.refresh()?;
            }
        }
        None
    }
}

/// A move that can mend what lacks.
#[derive(Debug, Clone, Copy)]
struct Mending {
    of: Move,
    /// What it does to what lacks.
    effect: f64,
    /// What its price has above what it makes up for.
    dear: f64,
}

impl Mending {
    /// What it costs for what it does; of those that cost the same, the one that does most comes first.
    fn rank(&self) -> (f64, f64) {
        (self.dear / self.effect.abs(), -self.effect.abs())
    }
}

struct Search<'a> {
    exchange: &'a Exchange,
    rooms: Vec<Option<Room>>,
    target: usize,
    standing: Vec<Standing>,
    /// What the moves of the basis must add up to in each equation.
    left: Vec<f64>,
    /// What they leave open, of the equations outside the basis.
    open: Vec<f64>,
    /// Equations that something has reached.
    reached: Vec<usize>,
    is_reached: Vec<bool>,
    /// The equations of the basis, and where each stands in it.
    active: Vec<usize>,
    place_of: Vec<Option<usize>>,
    basis: Vec<Move>,
    /// Where each variable stands in the basis.
    basic: Vec<Option<usize>>,
    inverse: Vec<Vec<f64>>,
    values: Vec<f64>,
    /// What each equation of the basis costs.
    prices: Vec<f64>,
    full: Vec<Move>,
    /// What each variable does to the row that is looked at.
    effect: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(
        exchange: &'a Exchange,
        target: usize,
        by: f64,
        room: &dyn Fn(usize) -> Option<Room>,
    ) -> Search<'a> {
        let (variables, equations) = (exchange.columns.len(), exchange.equations.len());
        let mut search = Search {
            exchange,
            rooms: (0..variables).map(room).collect(),
            target,
            standing: vec![Standing::None; 2 * variables],
            left: vec![0.0; equations],
            open: vec![0.0; equations],
            reached: Vec::new(),
            is_reached: vec![false; equations],
            active: Vec::new(),
            place_of: vec![None; equations],
            basis: Vec::new(),
            basic: vec![None; variables],
            inverse: Vec::new(),
            values: Vec::new(),
            prices: Vec::new(),
            full: Vec::new(),
            effect: vec![0.0; variables],
        };
        search.take(target, by);
        search
    }

    /// A variable outside the basis changes: the rest must make up for it.
    fn take(&mut self, variable: usize, by: f64) {
        let exchange = self.exchange;
        for &(row, coefficient) in &exchange.columns[variable] {
            self.left[row] -= coefficient * by;
            self.open[row] -= coefficient * by;
            self.reach(row);
            if let Some(at) = self.place_of[row] {
                for place in 0..self.basis.len() {
                    let change = coefficient * by * self.inverse[place][at];
                    if change != 0.0 {
                        self.add(place, -change);
                    }
                }
            }
        }
    }

    /// A move of the basis goes further by so much.
    fn add(&mut self, place: usize, by: f64) {
        self.values[place] += by;
        let sign = self.basis[place].sign();
        for &(row, coefficient) in &self.exchange.columns[self.basis[place].variable] {
            self.open[row] -= coefficient * sign * by;
        }
    }

    /// A move outside the basis goes all the way, or back.
    fn turn(&mut self, of: Move) {
        let most = self.most(of) * of.sign();
        match self.standing[of.place()] {
            Standing::Full => {
                self.standing[of.place()] = Standing::None;
                self.full.retain(|known| *known != of);
                self.take(of.variable, -most);
            }
            _ => {
                self.standing[of.place()] = Standing::Full;
                self.full.push(of);
                self.take(of.variable, most);
            }
        }
    }

    fn reach(&mut self, row: usize) {
        if !std::mem::replace(&mut self.is_reached[row], true) {
            self.reached.push(row);
        }
    }

    fn column(&self, of: Move) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.exchange.columns[of.variable].iter().map(move |&(row, by)| (row, by * of.sign()))
    }

    /// Prices differ by a little, so that no two ways cost the same and the search does not go round.
    fn price(&self, of: Move) -> f64 {
        let turn = (of.place() as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 44;
        self.rooms[of.variable].map_or(0.0, |room| room.price * (1.0 + turn as f64 * 1e-9))
    }

    fn most(&self, of: Move) -> f64 {
        match of.downwards {
            true => self.rooms[of.variable].map_or(0.0, |room| room.down),
            false => f64::INFINITY,
        }
    }

    /// What the basis leaves open, reckoned anew.
    fn open(&mut self) {
        self.reached.iter().for_each(|&row| self.open[row] = self.left[row]);
        for place in 0..self.basis.len() {
            let value = self.values[place];
            self.column(self.basis[place]).for_each(|(row, by)| self.open[row] -= by * value);
        }
    }

    /// What fits least, and by how much it is too much or too little.
    fn lack(&self) -> Option<(Lack, f64)> {
        let moves = self.values.iter().enumerate().map(|(place, &value)| {
            let most = self.most(self.basis[place]);
            (Lack::Move(place), if value > most { value - most } else { value.min(0.0) })
        });
        let outside = self.reached.iter().filter(|row| self.place_of[**row].is_none());
        let equations = outside.map(|&row| (Lack::Equation(row), self.open[row]));
        let amiss = moves.chain(equations).filter(|(_, over)| over.abs() > 1e-7);
        amiss.max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()))
    }

    /// The row of the inverse of what lacks: a weight for each equation of the basis, and one outside it.
    fn row_of(&self, lack: Lack) -> Vec<(usize, f64)> {
        let weights = |line: &[f64]| self.active.iter().copied().zip(line.iter().copied()).collect();
        match lack {
            Lack::Move(place) => weights(&self.inverse[place]),
            Lack::Equation(row) => {
                let mut line = vec![0.0; self.active.len()];
                for &(variable, by) in &self.exchange.equations[row] {
                    if let Some(place) = self.basic[variable] {
                        let by = by * self.basis[place].sign();
                        line.iter_mut().zip(&self.inverse[place]).for_each(|(sum, entry)| *sum -= by * entry);
                    }
                }
                let mut weights: Vec<(usize, f64)> = weights(&line);
                weights.push((row, 1.0));
                weights
            }
        }
    }

    /// The move that mends what lacks at the least price. Cheaper ones that do not reach far enough go all
    /// the way.
    fn entering(&mut self, weights: &[(usize, f64)], over: f64) -> Option<Mending> {
        let mut candidates = self.candidates(weights, over > 0.0);
        let mut left = over.abs();
        while let Some(best) = cheapest(&candidates) {
            let candidate = candidates.swap_remove(best);
            left -= candidate.effect.abs() * self.most(candidate.of);
            if left < EPSILON {
                return Some(candidate);
            }
            self.turn(candidate.of);
        }
        None
    }

    fn candidates(&mut self, weights: &[(usize, f64)], too_much: bool) -> Vec<Mending> {
        let exchange = self.exchange;
        let mut touched: Vec<usize> = Vec::new();
        for &(row, weight) in weights.iter().filter(|(_, weight)| weight.abs() > EPSILON) {
            for &(variable, by) in &exchange.equations[row] {
                if self.effect[variable] == 0.0 {
                    touched.push(variable);
                }
                self.effect[variable] += weight * by;
            }
        }
        let mut candidates = Vec::new();
        for variable in touched {
            let effect = std::mem::take(&mut self.effect[variable]);
            if effect.abs() < 1e-7 || variable == self.target || self.rooms[variable].is_none() {
                continue;
            }
            for downwards in [false, true] {
                let of = Move { variable, downwards };
                let is_full = match self.standing[of.place()] {
                    Standing::Basic => continue,
                    Standing::None => false,
                    Standing::Full => true,
                };
                let effect = effect * of.sign();
                // From nothing it can grow only, from as far as it goes shrink only.
                if ((effect > 0.0) == too_much) == is_full || self.most(of) < EPSILON {
                    continue;
                }
                let within =
                    self.column(of).filter_map(|(row, by)| Some(self.prices[self.place_of[row]?] * by));
                let dear = self.price(of) - within.sum::<f64>();
                candidates.push(Mending { of, effect, dear: (if is_full { -dear } else { dear }).max(0.0) });
            }
        }
        candidates
    }

    /// Puts a move into the basis, for another or for the equation that lacks it.
    fn replace(&mut self, lack: Lack, over: f64, weights: &[(usize, f64)], entering: Mending) {
        let Mending { of, effect, dear } = entering;
        let is_full = self.standing[of.place()] == Standing::Full;
        if is_full {
            self.turn(of);
        }
        self.standing[of.place()] = Standing::Basic;
        let entries: Vec<(usize, f64)> = self.column(of).collect();
        let mut change = vec![0.0; self.basis.len()];
        for &(row, by) in &entries {
            self.reach(row);
            if let Some(place) = self.place_of[row] {
                change.iter_mut().zip(&self.inverse).for_each(|(sum, line)| *sum += by * line[place]);
            }
        }
        let ratio = (if is_full { -dear } else { dear }) / effect;
        self.prices.iter_mut().zip(weights).for_each(|(price, (_, weight))| *price += ratio * weight);
        match lack {
            Lack::Move(place) => {
                let pivot = change[place];
                let line: Vec<f64> = self.inverse[place].iter().map(|entry| entry / pivot).collect();
                change[place] = 0.0;
                let value = self.values[place] / pivot;
                self.subtract(&change, &line, value);
                self.add(place, -self.values[place]);
                let leaving = std::mem::replace(&mut self.basis[place], of);
                (self.basic[leaving.variable], self.basic[of.variable]) = (None, Some(place));
                self.inverse[place] = line;
                self.add(place, value);
                self.standing[leaving.place()] = Standing::None;
                if over > 0.0 {
                    self.turn(leaving);
                }
            }
            Lack::Equation(row) => {
                self.inverse.iter_mut().for_each(|line| line.push(0.0));
                // There will be more of them.
                let mut line: Vec<f64> = Vec::with_capacity(2 * weights.len());
                line.extend(weights.iter().map(|(_, weight)| weight / effect));
                let value = self.open[row] / effect;
                self.subtract(&change, &line, value);
                self.inverse.push(line);
                self.values.push(0.0);
                self.prices.push(ratio);
                self.place_of[row] = Some(self.active.len());
                self.active.push(row);
                self.basic[of.variable] = Some(self.basis.len());
                self.basis.push(of);
                self.add(self.basis.len() - 1, value);
            }
        }
    }

    /// What a new line of the inverse takes from the others.
    fn subtract(&mut self, change: &[f64], line: &[f64], value: f64) {
        let entries: Vec<(usize, f64)> =
            line.iter().copied().enumerate().filter(|(_, entry)| entry.abs() > 1e-11).collect();
        for (place, &factor) in change.iter().enumerate().filter(|(_, factor)| factor.abs() > 1e-11) {
            let other = &mut self.inverse[place];
            entries.iter().for_each(|&(at, entry)| other[at] -= factor * entry);
            self.add(place, -factor * value);
        }
    }

    /// Makes the inverse anew from the basis: errors of many steps do not add up.
    fn refresh(&mut self) -> Option<()> {
        let size = self.basis.len();
        // Equations by moves, with the unit matrix beside it.
        let mut matrix = vec![vec![0.0; 2 * size]; size];
        for (place, &of) in self.basis.iter().enumerate() {
            for (row, by) in self.column(of) {
                if let Some(at) = self.place_of[row] {
                    matrix[at][place] += by;
                }
            }
        }
        (0..size).for_each(|place| matrix[place][size + place] = 1.0);
        for column in 0..size {
            let largest = |&one: &usize, &other: &usize| {
                matrix[one][column].abs().total_cmp(&matrix[other][column].abs())
            };
            let best = (column..size).max_by(largest)?;
            if matrix[best][column].abs() < EPSILON {
                return None;
            }
            matrix.swap(best, column);
            let by = matrix[column][column];
            matrix[column].iter_mut().for_each(|entry| *entry /= by);
            let line = matrix[column].clone();
            for (other, entries) in matrix.iter_mut().enumerate() {
                let factor = entries[column];
                if other != column && factor != 0.0 {
                    entries.iter_mut().zip(&line).for_each(|(entry, by)| *entry -= factor * by);
                }
            }
        }
        self.inverse = matrix.into_iter().map(|line| line[size..].to_vec()).collect();
        let left: Vec<f64> = self.active.iter().map(|&row| self.left[row]).collect();
        self.values = self.inverse.iter().map(|line| product(line, &left)).collect();
        self.prices = vec![0.0; size];
        for (line, &of) in self.inverse.iter().zip(&self.basis) {
            let price = self.price(of);
            self.prices.iter_mut().zip(line).for_each(|(sum, by)| *sum += price * by);
        }
        self.open();
        Some(())
    }

    fn changes(&self, target: usize, by: f64) -> Vec<(usize, f64)> {
        let basis = self.basis.iter().zip(&self.values).map(|(of, value)| (of.variable, value * of.sign()));
        let full = self.full.iter().map(|&of| (of.variable, self.most(of) * of.sign()));
        let mut changes: Vec<(usize, f64)> = basis.chain(full).chain([(target, by)]).collect();
        changes.sort_by_key(|(variable, _)| *variable);
        changes.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            if is_same {
                kept.1 += next.1;
            }
            is_same
        });
        changes.retain(|(_, change)| change.abs() > 1e-7);
        changes
    }
}

fn cheapest(candidates: &[Mending]) -> Option<usize> {
    let ranked = candidates.iter().enumerate().map(|(place, candidate)| (place, candidate.rank()));
    ranked
        .min_by(|(_, one), (_, other)| one.0.total_cmp(&other.0).then(one.1.total_cmp(&other.1)))
        .map(|(place, _)| place)
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows and columns of a table with fixed sums: cell `row * columns + column`.
    fn table(rows: usize, columns: usize) -> Exchange {
        let row = |row: usize| (0..columns).map(|column| (row * columns + column, 1.0)).collect();
        let column = |column: usize| (0..rows).map(|row| (row * columns + column, 1.0)).collect();
        Exchange::new(rows * columns, (0..rows).map(row).chain((0..columns).map(column)).collect())
    }

    fn by_cell(changes: Option<Vec<(usize, f64)>>) -> Vec<(usize, f64)> {
        changes.expect("changes").into_iter().map(|(cell, by)| (cell, by.round())).collect()
    }

    #[test]
    fn a_cell_changes_with_three_others_and_the_cheapest_ones() {
        // Of the four rectangles through the first cell the one through the last is cheap.
        let room =
            |cell: usize| Some(Room { price: if [2, 6, 8].contains(&cell) { 1.0 } else { 5.0 }, down: 9.0 });
        assert_eq!(by_cell(table(3, 3).cheapest(0, 4.0, &room)), [(0, 4.0), (2, -4.0), (6, -4.0), (8, 4.0)]);
    }

    #[test]
    fn what_a_cheap_cell_cannot_give_a_dear_one_gives() {
        // 4 are wanted of the row; the cheap cell has 3.
        let one_row = Exchange::new(3, vec![vec![(0, 1.0), (1, 1.0), (2, 1.0)]]);
        let room = |cell: usize| Some(Room { price: [1.0, 1.0, 9.0][cell], down: [0.0, 3.0, 5.0][cell] });
        assert_eq!(by_cell(one_row.cheapest(0, 4.0, &room)), [(0, 4.0), (1, -3.0), (2, -1.0)]);
    }

    #[test]
    fn what_has_no_room_does_not_change_and_where_nothing_has_there_is_no_way() {
        let room = |cell: usize| ([0, 1, 3, 4].contains(&cell)).then_some(Room { price: 1.0, down: 2.0 });
        assert_eq!(by_cell(table(3, 3).cheapest(4, 2.0, &room)), [(0, 2.0), (1, -2.0), (3, -2.0), (4, 2.0)]);
        assert_eq!(table(3, 3).cheapest(4, 3.0, &room), None);
        assert_eq!(table(3, 3).cheapest(4, 1.0, &|cell| room(cell).filter(|_| cell != 3)), None);
    }

    /// Against the other solver, which knows nothing of this one: the least price of random tables.
    #[test]
    fn the_price_is_that_of_the_primal_simplex() {
        let mut turn: u64 = 1;
        let mut random = |below: u64| {
            turn = turn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (turn >> 33) % below
        };
        for (rows, columns) in [(2, 2), (3, 4), (5, 5), (6, 4)] {
            for _ in 0..40 {
                let cells = rows * columns;
                let rooms: Vec<Room> = (0..cells)
                    .map(|_| Room { price: 1.0 + random(9) as f64, down: random(7) as f64 })
                    .collect();
                let (target, by) = (random(cells as u64) as usize, 1.0 + random(9) as f64);
                let exchange = table(rows, columns);
                let found = exchange.cheapest(target, by, &|cell| Some(rooms[cell]));
                let entries =
                    |cell: usize, sign: f64| vec![(cell / columns, sign), (rows + cell % columns, sign)];
                let both = (0..cells).flat_map(|cell| [entries(cell, 1.0), entries(cell, -1.0)]);
                let bounds: Vec<(f64, f64)> = (0..cells)
                    .flat_map(|cell| match cell == target {
                        true => [(by, by), (0.0, 0.0)],
                        false => [(0.0, 1e6), (0.0, rooms[cell].down)],
                    })
                    .collect();
                let mut primal =
                    crate::stats::Programme::new(both.collect(), &bounds, vec![0.0; rows + columns]);
                assert_eq!(primal.is_feasible(), found.is_some());
                let Some(found) = found else { continue };
                let price = |cell: usize| if cell == target { 0.0 } else { -rooms[cell].price };
                let sum: Vec<(usize, f64)> = (0..cells)
                    .flat_map(|cell| [(2 * cell, price(cell)), (2 * cell + 1, price(cell))])
                    .collect();
                let least = -primal.maximise(&sum).expect("a least price");
                let own: f64 = found.iter().map(|&(cell, by)| by.abs() * -price(cell)).sum();
                // Prices differ by up to a thousandth, so that no two ways cost the same.
                assert!((own - least).abs() <= 2e-3 * least + 1e-6, "{own} {least}");
                for equation in &exchange.equations {
                    let left: f64 = equation
                        .iter()
                        .map(|(cell, _)| {
                            found.iter().find(|(known, _)| known == cell).map_or(0.0, |(_, by)| *by)
                        })
                        .sum();
                    assert!(left.abs() < 1e-6, "{left}");
                }
                assert!(found.iter().all(|&(cell, by)| cell == target || by >= -rooms[cell].down - 1e-6));
            }
        }
    }
}
