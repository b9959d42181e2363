//! What is tallied of a stub: small integers for each respondent, or values.

use super::count::MOST_CELLS;
use super::lanes::multi;
use crate::frame::{Block, Codes, Number, Replies};
use crate::schema::{Kind, Origin, QuestionIndex, Survey};

/// What is tallied of one stub: its codes, patterns or values.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A single's code.
    Codes { question: QuestionIndex, size: usize },
    /// A rank question's place: the code of the single that it is.
    Place { question: QuestionIndex, size: usize },
    /// A scale's or a place's code, of respondents with weight zero only.
    Weightless { question: QuestionIndex, size: usize },
    /// Patterns of eight options of a multi.
    Octet { question: QuestionIndex, octet: usize },
    /// One option of a multi: without, with.
    Member { question: QuestionIndex, option: usize },
    /// Eight nets of a multi of more than eight options; each net as bits over its octets.
    Nets { question: QuestionIndex, nets: Vec<Vec<u8>> },
    /// Options that only some were offered, together: 0 not on offer, 1 chosen, then the state of the
    /// others (0 given). Each option comes with the earlier one that offers it (`None`: to all); `of` so
    /// many options of the question.
    Offered { question: QuestionIndex, earlier: QuestionIndex, options: Vec<Offer>, of: usize, size: usize },
    /// State of a multi, a number or a text.
    States { question: QuestionIndex, size: usize },
    /// Values of a number; of a ratio, those of the number above the line.
    Values { question: QuestionIndex },
    /// Values of the number below the line of a ratio, where both were given.
    Denominators { ratio: QuestionIndex, to: QuestionIndex },
    /// Who gave only one number of a ratio: 0 nobody, 1 only the upper one, 2 only the lower one.
    Unpaired { ratio: QuestionIndex, of: QuestionIndex, to: QuestionIndex },
}

/// An option, and the option of the earlier question that offers it.
pub type Offer = (usize, Option<usize>);

impl Piece {
    /// How many different codes the piece has; 0 for values.
    pub fn size(&self) -> usize {
        match self {
            Piece::Codes { size, .. }
            | Piece::Place { size, .. }
            | Piece::Offered { size, .. }
            | Piece::Weightless { size, .. }
            | Piece::States { size, .. } => *size,
            Piece::Octet { .. } | Piece::Nets { .. } => 256,
            Piece::Member { .. } => 2,
            Piece::Unpaired { .. } => 3,
            Piece::Values { .. } | Piece::Denominators { .. } => 0,
        }
    }
}

/// A multi of more options than this is tallied option by option: two cells each, not 256 for eight.
const MOST_BY_OCTET: usize = 64;

/// The pieces of a question; a multi goes option by option when its patterns times `lanes` are too many.
pub fn pieces(survey: &Survey, index: QuestionIndex, lanes: usize, zero_weights: bool) -> Vec<Piece> {
    let question = &survey.questions[index];
    let mut pieces = pieces_of_kind(survey, index, lanes, zero_weights);
    if let (true, Some(earlier)) = (question.option_bases, question.limited_to) {
        let offer = |option: usize| -> Offer {
            (option, survey.questions[earlier].option_of(&question.options[option].code))
        };
        let together = (0..question.options.len()).map(|option| vec![option]);
        let nets = question.nets.iter().map(|net| net.of.clone());
        pieces.extend(together.chain(nets).map(|of| Piece::Offered {
            question: index,
            earlier,
            options: of.into_iter().map(offer).collect(),
            of: question.options.len(),
            size: question.states() + 3,
        }));
    }
    pieces
}

fn pieces_of_kind(survey: &Survey, index: QuestionIndex, lanes: usize, zero_weights: bool) -> Vec<Piece> {
    let question = &survey.questions[index];
    let options = question.options.len();
    let states = Piece::States { question: index, size: question.states() + 1 };
    match question.kind {
        Kind::Single => vec![Piece::Codes { question: index, size: options + question.states() }],
        Kind::Scale => {
            let size = options + question.states();
            let mut pieces = vec![Piece::Codes { question: index, size }];
            // A deviation counts respondents with a weight above zero, which tallies do not tell.
            if zero_weights {
                pieces.push(Piece::Weightless { question: index, size });
            }
            pieces
        }
        Kind::Multi | Kind::Rank => {
            let octets = options.div_ceil(8);
            let by_option = lanes * 256 > MOST_CELLS || options > MOST_BY_OCTET;
            let mut pieces = vec![states];
            if by_option {
                pieces.extend((0..options).map(|option| Piece::Member { question: index, option }));
            } else {
                pieces.extend((0..octets).map(|octet| Piece::Octet { question: index, octet }));
            }
            // Patterns of one octet tell its nets; those of several octets, or members, do not.
            if octets > 1 || by_option {
                for nets in question.nets.chunks(8) {
                    let bits = |net: &crate::schema::Net| {
                        let mut bits = vec![0_u8; octets];
                        net.of.iter().for_each(|option| bits[option / 8] |= 1 << (option % 8));
                        bits
                    };
                    pieces.push(Piece::Nets { question: index, nets: nets.iter().map(bits).collect() });
                }
            }
            if let Origin::Ranking { places, .. } = &question.origin {
                let size = options + question.states();
                for &place in places {
                    pieces.push(Piece::Place { question: place, size });
                    if zero_weights {
                        pieces.push(Piece::Weightless { question: place, size });
                    }
                }
            }
            pieces
        }
        Kind::Number | Kind::Date => vec![states, Piece::Values { question: index }],
        Kind::Ratio => {
            let mut pieces = vec![states, Piece::Values { question: index }];
            if let Origin::Ratio { of, to, .. } = question.origin {
                pieces.push(Piece::Denominators { ratio: index, to });
                pieces.push(Piece::Unpaired { ratio: index, of, to });
            }
            pieces
        }
        Kind::Text => vec![states],
        Kind::Grid => Vec::new(),
    }
}

/// A piece's codes in a block.
pub(super) enum Column<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
}

/// The codes of a piece; what is not stored as such is written into `bytes`.
pub(super) fn codes<'a>(block: &'a Block, piece: &Piece, bytes: &'a mut Vec<u8>) -> Column<'a> {
    let mut made = |make: &dyn Fn(usize) -> u8| {
        bytes.clear();
        bytes.extend((0..block.len).map(make));
    };
    match piece {
        Piece::Codes { question, .. }
        | Piece::Place { question, .. }
        | Piece::Weightless { question, .. } => match &block.replies[*question] {
            Some(Replies::Single(Codes::U8(codes))) => return Column::U8(codes),
            Some(Replies::Single(Codes::U16(codes))) => return Column::U16(codes),
            _ => unreachable!("the plan asked for a single question's replies"),
        },
        Piece::Octet { question, octet } => return Column::U8(&multi(block, *question).0[*octet]),
        Piece::Member { question, option } => {
            let octet = &multi(block, *question).0[option / 8];
            made(&|i| octet[i] >> (option % 8) & 1);
        }
        Piece::Nets { question, nets } => {
            let octets = multi(block, *question).0;
            made(&|i| {
                let any = |net: &Vec<u8>| octets.iter().zip(net).any(|(octet, bits)| octet[i] & bits != 0);
                nets.iter().enumerate().map(|(place, net)| u8::from(any(net)) << place).sum()
            });
        }
        Piece::States { question, .. } => match &block.replies[*question] {
            Some(Replies::Multi { states: Some(states), .. }) => return Column::U8(states),
            Some(Replies::Multi { octets, states: None }) => {
                bytes.clear();
                bytes.extend(octets[0].iter().map(|&octet| u8::from(octet == 0)));
            }
            Some(Replies::Number(number)) => return Column::U8(&number.states),
            Some(Replies::Text(states)) => return Column::U8(states),
            _ => unreachable!("the plan asked for replies with states"),
        },
        Piece::Offered { question, earlier, options, of, .. } => {
            let offers = multi(block, *earlier).0;
            let bit =
                |octets: &[Vec<u8>], option: usize, i: usize| octets[option / 8][i] >> (option % 8) & 1 == 1;
            let mut enter = |reply: &dyn Fn(usize, usize) -> bool, state: &dyn Fn(usize) -> u8| {
                made(&|i| {
                    let on_offer = |(_, from): &&Offer| from.is_none_or(|from| bit(offers, from, i));
                    let mut offered = options.iter().filter(on_offer);
                    match offered.clone().next() {
                        None => 0,
                        Some(_) if offered.any(|(option, _)| reply(*option, i)) => 1,
                        Some(_) => 2 + state(i),
                    }
                });
            };
            match &block.replies[*question] {
                Some(Replies::Single(codes)) => {
                    enter(&|option, i| codes.at(i) == option, &|i| {
                        u8::try_from((codes.at(i) + 1).saturating_sub(*of)).unwrap_or(u8::MAX)
                    });
                }
                _ => {
                    let (octets, states) = multi(block, *question);
                    enter(&|option, i| bit(octets, option, i), &|i| match states {
                        Some(states) => states[i],
                        None => u8::from(octets.iter().all(|octet| octet[i] == 0)),
                    });
                }
            }
        }
        Piece::Unpaired { ratio, of, to } => {
            const MISSING: u8 = 1;
            let states = |question: &QuestionIndex| &number(block, *question).states;
            let (own, of, to) = (states(ratio), states(of), states(to));
            made(&|i| match (own[i], of[i], to[i]) {
                (MISSING, 0, _) => 1,
                (MISSING, _, 0) => 2,
                _ => 0,
            });
        }
        Piece::Values { .. } | Piece::Denominators { .. } => unreachable!("values have no codes"),
    }
    Column::U8(bytes)
}

/// The values and states of a number in a block.
pub(super) fn number(block: &Block, question: QuestionIndex) -> &Number {
    match &block.replies[question] {
        Some(Replies::Number(number)) => number,
        _ => unreachable!("the plan asked for a number question's replies"),
    }
}
