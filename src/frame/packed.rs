//! Multi questions packed into one column: `1;3;4`, or labels with a separator between them.

use super::export::Dialect;
use crate::schema::{Question, Spelling, Values, matching_key};

/// A reply to a multi question: one bit for each option, and the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PackedReply {
    /// Option `i` is bit `i % 8` of `octets[i / 8]`.
    pub(crate) octets: Vec<u8>,
    pub(crate) state: u8,
    /// Options as written, for a rank question.
    pub(crate) order: Vec<u16>,
    /// Something stands behind a piece that is empty.
    pub(crate) gap: bool,
    /// An option that excludes all others stands beside another.
    pub(crate) exclusive_broken: bool,
    /// Words of the respondent's own are among them, as その他.
    pub(crate) free: bool,
}

/// What a distinct packed cell means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackedReading {
    /// The same, read as codes or as labels.
    Plain(PackedReply),
    /// Codes and not labels.
    CodeOnly(PackedReply),
    /// Labels and not codes.
    LabelOnly(PackedReply),
    /// Codes of some options and labels of others.
    Either(PackedReply, PackedReply),
    /// The piece means nothing.
    Unknown(String),
}

impl PackedReading {
    /// The reply, read as labels or as codes where it may be either.
    pub(crate) fn reply(&self, labels: bool) -> Option<&PackedReply> {
        match self {
            PackedReading::Plain(reply)
            | PackedReading::CodeOnly(reply)
            | PackedReading::LabelOnly(reply) => Some(reply),
            PackedReading::Either(as_codes, as_labels) => Some(if labels { as_labels } else { as_codes }),
            PackedReading::Unknown(_) => None,
        }
    }
}

/// How the cells of a packed column are read.
#[derive(Debug)]
pub(crate) struct PackedBook {
    spelling: Spelling,
    values: Values,
    /// Characters between two pieces, as they are in a matching key.
    separators: Vec<char>,
    /// Label keys that contain a separator, the longest first.
    long_labels: Vec<(String, usize)>,
    options: usize,
    exclusive: Vec<usize>,
    /// Reading a column may meet cells that are both codes and labels.
    pub(crate) ambiguous: bool,
    /// States are stored beside the bits.
    pub(crate) states: bool,
    /// The option that words of the respondent's own are.
    free: Option<usize>,
}

impl PackedBook {
    /// Bytes of one reply's bits.
    pub(crate) fn octets(&self) -> usize {
        self.options.div_ceil(8)
    }

    /// The book of a packed question.
    pub(crate) fn new(question: &Question, separator: &str) -> PackedBook {
        let spelling = question.spellings();
        let key = matching_key(separator);
        let mut separators: Vec<char> =
            if key.is_empty() { vec![' '] } else { key.chars().take(1).collect() };
        if separators[0] == ',' {
            separators.push('、');
        }
        let mut long_labels: Vec<(String, usize)> = spelling
            .by_label
            .iter()
            .filter(|(label, _)| label.contains(&separators[..]))
            .map(|(label, &place)| (label.clone(), place))
            .collect();
        long_labels.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then(one.0.cmp(&other.0)));
        let ambiguous = question.values == Values::Auto
            && spelling
                .by_label
                .iter()
                .any(|(label, &place)| spelling.code(label).is_some_and(|code| code != place));
        PackedBook {
            spelling,
            values: question.values,
            separators,
            long_labels,
            options: question.options.len(),
            exclusive: super::layout::exclusive_options(question),
            ambiguous,
            states: super::layout::stores_states(question),
            free: None,
        }
    }

    /// The book in an export where cells mean more.
    pub(crate) fn with(self, dialect: &Dialect, question: &Question) -> PackedBook {
        let other = question.options.iter().position(|option| option.other);
        PackedBook { free: other.filter(|_| dialect.free), ..self }
    }

    /// What a cell that is not blank means.
    pub(crate) fn read(&self, cell: &str) -> PackedReading {
        match (self.declared(cell), self.free) {
            (PackedReading::Unknown(piece), Some(other)) => {
                let label = |piece: &str| self.spelling.by_label.get(piece).copied();
                // What is no option's label is the respondent's own, whatever separators it holds.
                let read = self.pieces(&matching_key(cell), true, |piece| label(piece).or(Some(other)));
                // No class of reading: its words must not get into a message.
                let read = read.map(|reply| PackedReading::Plain(PackedReply { free: true, ..reply }));
                read.unwrap_or(PackedReading::Unknown(piece))
            }
            (reading, _) => reading,
        }
    }

    /// What a cell means by what the questionnaire declares.
    fn declared(&self, cell: &str) -> PackedReading {
        let key = matching_key(cell);
        let code = |piece: &str| self.spelling.code(piece);
        let label = |piece: &str| self.spelling.by_label.get(piece).copied();
        match self.values {
            Values::Code => {
                self.pieces(&key, false, code).map_or_else(PackedReading::Unknown, PackedReading::Plain)
            }
            Values::Label => {
                self.pieces(&key, true, label).map_or_else(PackedReading::Unknown, PackedReading::Plain)
            }
            Values::Auto => match (self.pieces(&key, false, code), self.pieces(&key, true, label)) {
                (Ok(one), Ok(other)) if one == other => PackedReading::Plain(one),
                (Ok(one), Ok(other)) => PackedReading::Either(one, other),
                (Ok(one), Err(_)) => PackedReading::CodeOnly(one),
                (Err(_), Ok(other)) => PackedReading::LabelOnly(other),
                (Err(one), Err(other)) => {
                    // Name the piece that is neither; a cell that mixes both readings as a whole.
                    let neither = [one, other]
                        .into_iter()
                        .find(|piece| code(piece).is_none() && label(piece).is_none())
                        .unwrap_or(key);
                    PackedReading::Unknown(neither)
                }
            },
        }
    }

    /// Reads all pieces of a key one way, or gives the first piece that means nothing.
    fn pieces(
        &self,
        key: &str,
        labels: bool,
        place_of: impl Fn(&str) -> Option<usize>,
    ) -> Result<PackedReply, String> {
        let mut octets = vec![0u8; self.options.div_ceil(8)];
        let (mut state, mut order, mut gap, mut first) = (0, Vec::new(), false, true);
        let mut rest = key;
        loop {
            let before = rest;
            rest =
                rest.trim_start_matches(|character| character == ' ' || self.separators.contains(&character));
            if rest.is_empty() {
                break;
            }
            let passed = &before[..before.len() - rest.len()];
            let separators = passed.chars().filter(|character| *character != ' ').count();
            gap |= separators > usize::from(!first);
            first = false;
            let long = if labels { self.long_label(rest) } else { None };
            let (place, next) = match long {
                Some(found) => found,
                None => {
                    let end = rest.find(&self.separators[..]).unwrap_or(rest.len());
                    let piece = rest[..end].trim();
                    (place_of(piece).ok_or_else(|| piece.to_string())?, end)
                }
            };
            rest = &rest[next..];
            if place < self.options {
                order.push(u16::try_from(place).unwrap_or(u16::MAX));
                octets[place / 8] |= 1 << (place % 8);
            } else {
                state = state.max(2 + u8::try_from(place - self.options).unwrap_or(u8::MAX - 2));
            }
        }
        let selected: u32 = octets.iter().map(|octet| octet.count_ones()).sum();
        let exclusive_broken = state == 0
            && selected > 1
            && self.exclusive.iter().any(|&option| octets[option / 8] >> (option % 8) & 1 == 1);
        if state != 0 {
            octets.fill(0);
        } else if selected == 0 {
            state = 1;
        }
        Ok(PackedReply { octets, state, order, gap, exclusive_broken, free: false })
    }

    /// The longest label that begins here and ends where a piece ends.
    fn long_label(&self, rest: &str) -> Option<(usize, usize)> {
        self.long_labels.iter().find_map(|(label, place)| {
            let after = rest.strip_prefix(label.as_str())?;
            let ends = after.trim_start().chars().next().is_none_or(|next| self.separators.contains(&next));
            ends.then_some((*place, label.len()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::fixture::multi;

    fn bits(reading: PackedReading) -> u8 {
        match reading {
            PackedReading::Plain(reply)
            | PackedReading::CodeOnly(reply)
            | PackedReading::LabelOnly(reply) => reply.octets[0],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn codes_are_counted_once_whatever_the_width_of_the_separator() {
        let book = PackedBook::new(&multi("q", &[(1, "家族"), (2, "友人"), (3, "なし")]), ";");
        assert_eq!(bits(book.read("1;3")), 0b101);
        assert_eq!(bits(book.read("３；1; 1;")), 0b101);
        assert_eq!(bits(book.read("友人;なし")), 0b110);
        assert_eq!(book.read("1;7"), PackedReading::Unknown("7".to_string()));
    }

    #[test]
    fn the_longest_label_wins_where_labels_contain_the_separator() {
        let book = PackedBook::new(&multi("q", &[(1, "家族"), (2, "家族、友人"), (3, "友人")]), ",");
        assert_eq!(bits(book.read("家族、友人")), 0b010);
        assert_eq!(bits(book.read("家族,友人")), 0b101);
        assert_eq!(bits(book.read("家族、友人，友人")), 0b110);
    }
}
