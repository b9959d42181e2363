//! The coded replies as a polars frame, for users of the library.

use polars::prelude::{Column, DataFrame, NamedFrom, PolarsResult, Series};

use super::condition::states;
use super::{Block, Codes, Dataset, Replies};
use crate::schema::{Code, Question, QuestionIndex, Survey, code_key};

impl Dataset {
    /// The replies that were read, one row for each respondent in file order.
    ///
    /// A single question is a column of its codes (integers where all codes are, else text), a
    /// multi one `UInt8` column of 0 and 1 for each option, named `q3_1` after its code, a number
    /// a `Float64` column. Replies that are not given are null. The weight comes last, under its
    /// name. Text questions have no column, for their words are not kept.
    ///
    /// # Errors
    /// Two columns with one name, such as a weight called like a question.
    pub fn frame(&self, survey: &Survey) -> PolarsResult<DataFrame> {
        let mut columns = Vec::new();
        let first = self.blocks.first();
        let read = |index: &QuestionIndex| {
            first.is_some_and(|block| block.replies.get(*index).is_some_and(Option::is_some))
        };
        for index in (0..survey.questions.len()).filter(read) {
            let question = &survey.questions[index];
            match first.and_then(|block| block.replies[index].as_ref()) {
                Some(Replies::Single(_)) => columns.push(self.single(question, index)),
                Some(Replies::Multi { .. }) => columns.extend(self.multi(question, index)),
                Some(Replies::Number(_)) => columns.push(self.number(question, index)),
                Some(Replies::Text(_)) | None => {}
            }
        }
        if let Some(name) = &self.weight_name {
            let unit = unit(self.weight_decimals);
            let weights = self.blocks.iter().flat_map(|block| block.weights.iter().flatten());
            let weights: Vec<f64> = weights.map(|&weight| weight as f64 / unit).collect();
            columns.push(Series::new(name.as_str().into(), weights).into());
        }
        DataFrame::new_infer_height(columns)
    }

    /// The replies of one question, block by block.
    fn replies(&self, index: QuestionIndex) -> impl Iterator<Item = (&Block, &Replies)> {
        self.blocks.iter().filter_map(move |block| Some((block, block.replies.get(index)?.as_ref()?)))
    }

    fn single(&self, question: &Question, index: QuestionIndex) -> Column {
        let mut options: Vec<usize> = Vec::new();
        for (_, replies) in self.replies(index) {
            match replies {
                Replies::Single(Codes::U8(codes)) => {
                    options.extend(codes.iter().map(|&code| usize::from(code)))
                }
                Replies::Single(Codes::U16(codes)) => {
                    options.extend(codes.iter().map(|&code| usize::from(code)))
                }
                _ => {}
            }
        }
        let integers: Option<Vec<i64>> = question
            .options
            .iter()
            .map(|option| match option.code {
                Code::Integer(code) => Some(code),
                Code::Text(_) => None,
            })
            .collect();
        let name = question.id.as_str().into();
        match integers {
            Some(codes) => {
                let values: Vec<Option<i64>> =
                    options.iter().map(|&option| codes.get(option).copied()).collect();
                Series::new(name, values).into()
            }
            None => {
                let codes: Vec<String> =
                    question.options.iter().map(|option| option.code.to_string()).collect();
                let values: Vec<Option<&str>> =
                    options.iter().map(|&option| codes.get(option).map(String::as_str)).collect();
                Series::new(name, values).into()
            }
        }
    }

    fn multi(&self, question: &Question, index: QuestionIndex) -> Vec<Column> {
        let column = |(place, code): (usize, String)| -> Column {
            let mut values: Vec<Option<u8>> = Vec::new();
            for (block, replies) in self.replies(index) {
                let Replies::Multi { octets, .. } = replies else { continue };
                let states = states(replies, question, block.len);
                let selected = octets[place / 8].iter().map(|octet| octet >> (place % 8) & 1);
                values.extend(selected.zip(states).map(|(selected, state)| (state == 0).then_some(selected)));
            }
            Series::new(format!("{}_{code}", question.id).into(), values).into()
        };
        question.options.iter().map(|option| code_key(&option.code)).enumerate().map(column).collect()
    }

    fn number(&self, question: &Question, index: QuestionIndex) -> Column {
        let unit = unit(self.decimals_of(index));
        let mut values: Vec<Option<f64>> = Vec::new();
        for (_, replies) in self.replies(index) {
            let Replies::Number(number) = replies else { continue };
            let pairs = number.values.iter().zip(&number.states);
            values.extend(pairs.map(|(&value, &state)| (state == 0).then_some(value as f64 / unit)));
        }
        Series::new(question.id.as_str().into(), values).into()
    }
}

/// A power of ten; exact up to 22 decimals, so that one division rounds once.
fn unit(decimals: u32) -> f64 {
    10f64.powi(i32::try_from(decimals).unwrap_or(i32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Number, fixture};

    #[test]
    fn replies_that_are_not_given_are_null() {
        let survey = fixture::survey(vec![
            fixture::single("q1", &[(3, "a"), (5, "b")]),
            fixture::multi("q2", &[(1, "a"), (2, "b")]),
            fixture::number("q3"),
        ]);
        let block = Block {
            len: 3,
            replies: vec![
                Some(Replies::Single(Codes::U8(vec![1, 2, 0]))),
                Some(Replies::Multi { octets: vec![vec![0b10, 0, 0b11]], states: None }),
                Some(Replies::Number(Number { values: vec![125, 0, -5], states: vec![0, 1, 0] })),
            ],
            weights: Some(vec![15, 10, 0]),
            ..Block::default()
        };
        let dataset = Dataset {
            respondents: 3,
            blocks: vec![block],
            number_decimals: vec![(2, 1)],
            weight_decimals: 1,
            weight_name: Some("w".to_string()),
            ..Dataset::default()
        };
        let frame = dataset.frame(&survey).unwrap();
        let series = |name: &str| frame.column(name).unwrap().as_materialized_series().clone();
        let names: Vec<&str> = frame.get_column_names().into_iter().map(|name| name.as_str()).collect();
        assert_eq!(names, ["q1", "q2_1", "q2_2", "q3", "w"]);
        assert_eq!(series("q1").i64().unwrap().to_vec(), [Some(5), None, Some(3)]);
        assert_eq!(series("q2_1").u8().unwrap().to_vec(), [Some(0), None, Some(1)]);
        assert_eq!(series("q2_2").u8().unwrap().to_vec(), [Some(1), None, Some(1)]);
        assert_eq!(series("q3").f64().unwrap().to_vec(), [Some(12.5), None, Some(-0.5)]);
        assert_eq!(series("w").f64().unwrap().to_vec(), [Some(1.5), Some(1.0), Some(0.0)]);
    }
}
