//! Expressions as typed: words, signs and brackets, nothing looked up yet.
//!
//! `not` binds more tightly than `and`, `and` more tightly than `or`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{Comparison, State};
use crate::calendar::{Civil, Day};
use crate::diag::{Diagnostic, quote, visible};
use crate::toml::Typed;

/// How deep brackets and `not` may go; the parser calls itself, so there must be a floor.
const DEEPEST: usize = 64;

/// An expression as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// `q1 == 2`
    Compare { question: Typed<String>, comparison: Typed<Comparison>, value: Typed<Literal> },
    /// `q1 in [1, 2]`
    In { question: Typed<String>, word: Range<usize>, values: Vec<Typed<Literal>> },
    /// `q3 has 4`, `q3 has any [1, 2]`
    Has { question: Typed<String>, word: Range<usize>, values: Vec<Typed<Literal>> },
    /// `q1 is missing`
    Is { question: Typed<String>, state: State },
    /// `… and …`
    And(Vec<Expression>),
    /// `… or …`
    Or(Vec<Expression>),
    /// `not …`
    Not(Box<Expression>),
}

/// A code or number as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Literal {
    /// `12.5` is 125 with 1 decimal.
    Number { value: i64, decimals: u32 },
    /// `"a1"`
    Text(String),
    /// `2016-11-10`
    Date(Day),
}

/// A mistake, with its place in the expression.
pub(super) type Complaint = Typed<Diagnostic>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Literal(Literal),
    Comparison(Comparison),
    Sign(char),
    End,
}

/// Parses a whole expression.
pub(super) fn parse(text: &str) -> Result<Expression, Complaint> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens, place: 0, depth: 0 };
    let expression = parser.any()?;
    match parser.peek().value {
        Token::End => Ok(expression),
        Token::Sign(')') => Err(parser.complain("there is a `)` too many")),
        _ => Err(parser.expected("`and`, `or` or the end")),
    }
}

fn tokens(text: &str) -> Result<Vec<Typed<Token>>, Complaint> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(first) = text[start..].chars().next() {
        let rest = &text[start..];
        let (token, length) = match first {
            _ if first.is_whitespace() => {
                start += first.len_utf8();
                continue;
            }
            'A'..='Z' | 'a'..='z' | '_' => {
                let length = run(rest, |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
                (Token::Word(rest[..length].to_string()), length)
            }
            '0'..='9' if is_date(rest) => (Token::Literal(Literal::Date(date(rest, start)?)), DATE),
            '0'..='9' | '-' => number(rest, start)?,
            '"' | '\'' => match rest[1..].find(first) {
                Some(length) => (Token::Literal(Literal::Text(rest[1..=length].to_string())), length + 2),
                None => {
                    let error = Diagnostic::error(format!("a quote `{first}` is not closed"));
                    return Err(Typed { value: error, span: start..text.len() });
                }
            },
            '(' | ')' | '[' | ']' | ',' => (Token::Sign(first), 1),
            _ => comparison(rest, start)?,
        };
        tokens.push(Typed { value: token, span: start..start + length });
        start += length;
    }
    tokens.push(Typed { value: Token::End, span: text.len()..text.len() });
    Ok(tokens)
}

/// How many bytes at the beginning satisfy the condition.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn number(rest: &str, start: usize) -> Result<(Token, usize), Complaint> {
    let sign = usize::from(rest.starts_with('-'));
    let whole = run(&rest[sign..], |c| c.is_ascii_digit());
    let mut length = sign + whole;
    let mut digits = rest[..length].to_string();
    let mut decimals = 0;
    if let Some(after) = rest[length..].strip_prefix('.') {
        let fraction = run(after, |c| c.is_ascii_digit());
        let kept = after[..fraction].trim_end_matches('0');
        digits.push_str(kept);
        decimals = kept.len();
        length += 1 + fraction;
    }
    // Letters that follow belong to the word in the message.
    let end = length + run(&rest[length..], |c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    let span = start..start + end.max(1);
    if whole == 0 || end > length || rest[..length].ends_with('.') {
        let error = Diagnostic::error(format!("expected a number, found {}", quote(&rest[..end.max(1)])));
        return Err(Typed { value: error.hint("text codes are written in quotes, such as `\"a1\"`"), span });
    }
    match (digits.parse(), u32::try_from(decimals)) {
        (Ok(value), Ok(decimals)) if decimals <= 18 => {
            Ok((Token::Literal(Literal::Number { value, decimals }), length))
        }
        _ => {
            let error = format!("expected a number of at most 18 digits, found {}", quote(&rest[..length]));
            Err(Typed { value: Diagnostic::error(error), span })
        }
    }
}

/// Bytes of a date.
const DATE: usize = "2016-11-10".len();

/// Whether the text begins as `2016-11-10` does, and nothing follows the day.
fn is_date(rest: &str) -> bool {
    let made = rest.bytes().zip(*b"dddd-dd-dd").filter(|(byte, pattern)| match pattern {
        b'd' => byte.is_ascii_digit(),
        sign => byte == sign,
    });
    let ends = |next: char| !next.is_ascii_alphanumeric() && next != '_' && next != '-';
    made.count() == DATE && rest[DATE..].chars().next().is_none_or(ends)
}

fn date(rest: &str, start: usize) -> Result<Day, Complaint> {
    // Digits they are, and few.
    let number = |range: Range<usize>| rest[range].parse::<u16>().unwrap_or(0);
    let [month, day] = [5..7, 8..10].map(|range| number(range) as u8);
    let civil = Civil { year: number(0..4).into(), month, day };
    civil.to_day().ok_or_else(|| {
        let error = Diagnostic::error(format!("there is no day {}", quote(&rest[..DATE])));
        Typed { value: error, span: start..start + DATE }
    })
}

fn comparison(rest: &str, start: usize) -> Result<(Token, usize), Complaint> {
    let signs = [
        ("==", Comparison::Equal),
        ("!=", Comparison::NotEqual),
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ];
    if rest.starts_with("<>") {
        return Err(foreign(start, "<>", "!="));
    }
    if let Some((sign, comparison)) = signs.iter().find(|(sign, _)| rest.starts_with(sign)) {
        return Ok((Token::Comparison(*comparison), sign.len()));
    }
    for (sign, ours) in [
        ("=", "=="),
        ("＝", "=="),
        ("&&", "and"),
        ("&", "and"),
        ("||", "or"),
        ("|", "or"),
        ("!", "not"),
        ("≦", "<="),
        ("≧", ">="),
        ("≠", "!="),
    ] {
        if rest.starts_with(sign) {
            return Err(foreign(start, sign, ours));
        }
    }
    let character: String = rest.chars().take(1).collect();
    let span = start..start + character.len();
    let mut error = Diagnostic::error(format!("unexpected character `{}`", visible(&character)));
    let narrow: String = character.nfkc().collect();
    if visible(&character) != character {
        error = error.hint("remove this invisible character");
    } else if narrow.is_ascii() && narrow != character {
        error = error.hint(format!("write `{narrow}` in half width"));
    } else if !character.is_ascii() {
        error = error.hint("expressions use ids and codes, not labels");
    }
    Err(Typed { value: error, span })
}

fn foreign(start: usize, sign: &str, ours: &str) -> Complaint {
    let error = Diagnostic::error(format!("unexpected `{sign}`")).hint(format!("write `{ours}`"));
    Typed { value: error, span: start..start + sign.len() }
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Typed<Token>>,
    place: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &Typed<Token> {
        // The last token is the end, and nothing steps over it.
        &self.tokens[self.place.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Typed<Token> {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(&self.peek().value, Token::Word(typed) if typed == word);
        if found {
            self.place += 1;
        }
        found
    }

    fn sign(&mut self, sign: char) -> bool {
        let found = self.peek().value == Token::Sign(sign);
        if found {
            self.place += 1;
        }
        found
    }

    fn complain(&self, message: impl Into<String>) -> Complaint {
        Typed { value: Diagnostic::error(message), span: self.peek().span.clone() }
    }

    /// "expected X, found Y" at the next token.
    fn expected(&self, expected: &str) -> Complaint {
        let token = self.peek();
        let found = match token.value {
            Token::End => "the end".to_string(),
            _ => quote(&self.text[token.span.clone()]),
        };
        self.complain(format!("expected {expected}, found {found}"))
    }

    fn any(&mut self) -> Result<Expression, Complaint> {
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Or(parts) })
    }

    fn all(&mut self) -> Result<Expression, Complaint> {
        let mut parts = vec![self.one()?];
        while self.word("and") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::And(parts) })
    }

    fn one(&mut self) -> Result<Expression, Complaint> {
        let start = self.place;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.complain(format!("brackets and `not` go more than {DEEPEST} deep")));
        }
        let expression = if self.word("not") {
            Expression::Not(Box::new(self.one()?))
        } else if self.sign('(') {
            let inner = self.any()?;
            if !self.sign(')') {
                let opened = self.tokens[start].span.start;
                let mut complaint = self.expected("`and`, `or` or `)`");
                if self.peek().value == Token::End {
                    complaint.value.message = "a `(` is not closed".to_string();
                    complaint.span = opened..opened + 1;
                }
                return Err(complaint);
            }
            inner
        } else {
            self.statement()?
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn statement(&mut self) -> Result<Expression, Complaint> {
        const WORDS: [&str; 6] = ["and", "or", "in", "has", "is", "not"];
        let question = match &self.peek().value {
            Token::Word(word) if !WORDS.contains(&word.as_str()) => word.clone(),
            _ => return Err(self.expected("a question's id")),
        };
        let question = Typed { value: question, span: self.next().span };
        let span = self.peek().span.clone();
        if let Token::Comparison(comparison) = self.peek().value {
            self.place += 1;
            let value = self.literal()?;
            let comparison = Typed { value: comparison, span };
            return Ok(Expression::Compare { question, comparison, value });
        }
        if self.word("in") {
            return Ok(Expression::In { question, word: span, values: self.list()? });
        }
        if self.word("has") {
            let values = match self.word("any") {
                true => self.list()?,
                false => vec![self.literal()?],
            };
            return Ok(Expression::Has { question, word: span, values });
        }
        if self.word("is") {
            for (word, state) in
                [("given", State::Given), ("missing", State::Missing), ("asked", State::Asked)]
            {
                if self.word(word) {
                    return Ok(Expression::Is { question, state });
                }
            }
            let mut complaint = self.expected("`given`, `missing` or `asked`");
            if self.word("not") {
                complaint.value =
                    complaint.value.hint(format!("write `not {} is …`", visible(&question.value)));
            }
            return Err(complaint);
        }
        let mut complaint = self.expected("a comparison, `in`, `has` or `is`");
        if self.peek().value == Token::End {
            complaint.value = complaint.value.hint(format!("such as `{} == 1`", visible(&question.value)));
        }
        Err(complaint)
    }

    fn literal(&mut self) -> Result<Typed<Literal>, Complaint> {
        match &self.peek().value {
            Token::Literal(literal) => {
                let value = literal.clone();
                Ok(Typed { value, span: self.next().span })
            }
            Token::Word(word) => {
                let hint = format!("text codes are written in quotes: `\"{}\"`", visible(word));
                let mut complaint = self.expected("a code");
                complaint.value = complaint.value.hint(hint);
                Err(complaint)
            }
            _ => Err(self.expected("a code")),
        }
    }

    fn list(&mut self) -> Result<Vec<Typed<Literal>>, Complaint> {
        if !self.sign('[') {
            return Err(self.expected("a list such as `[1, 2]`"));
        }
        let mut values = vec![self.literal()?];
        while self.sign(',') {
            values.push(self.literal()?);
        }
        if !self.sign(']') {
            return Err(self.expected("`,` or `]`"));
        }
        Ok(values)
    }
}
