//! Published figures and wordings against the data, and the sentences that data allow.
//!
//! In: a file of published figures, a [`crate::schema::Survey`], a [`crate::frame::Dataset`]. Out: a
//! verdict for each figure (reproduced, differs and why, impossible), sentences, and which counts a
//! printed percentage can have. This room must not know output formats or terminals.
//!
//! `read` makes a file into `claim`s, `counted` plans and fills their tables, `judge` compares, and
//! `explain` looks for another way of computing that gives a number that differs. `phrase` knows when
//! a wording is true; `sentence` says what may be said.
//!
//! A file of figures. Each `[[figure]]` names a cell (`question` with `option`, `net` or `missing`; `filter`,
//! `within`, `of`, `no_answer`) or a `value` of a `[[reference]]`, and asserts whatever it has keys for; all must hold:
//!
//! ```toml
//! references = ["r4.toml"]          # files of `[[reference]]`, beside this one
//!
//! [figures]
//! title = "…"                       # also: source, filter, no_answer, rule
//!
//! [[reference]]                     # percentages without data
//! id = "r3"
//! question = "q4"                  # for `renkei trend`; names are then codes, ids of nets, or have their labels
//! source = "厚生労働省"              # or: assumed = true; also: label, about, base
//! values = { jinzai = "69.7", shigen = "-" }               # `-`: not published
//! labels = { jinzai = "人材の育成" }
//!
//! [[figure]]
//! id = "q9-family"
//! quote = "「家族や親族から聞く」が 7割超（74.3％）"
//! at = "調査結果９"
//! question = "q9"
//! option = 1                        # or: net = "easy", missing = true
//! percent = "74.3"                  # as printed; also: count, base, mean
//! phrase = "7割超"
//! higher_than = { option = 2 }      # or lower_than; what it leaves out is the figure's own
//! # without a row, of a number or a scale: means are compared
//! # higher_than = "whole"           the same without `within`; "others": those outside it
//! points = "62.4"                   # of raw percentages; of printed ones: points_of_decimals = 1
//!
//! # Other assertions:
//! # ranking = [1, 2, 3]             first to last, その他 left out; ties, from_bottom; rows of a grid
//! # trend = "falling"               over the rows of a grid, or over `groups = "age"`
//! # same_top = { groups = "q1", of = [1, 2] }
//! # no_difference = { groups = "area", points = "5" }         all questions, or `questions = [...]`
//! # since = "r3.jinzai", change = "up" | "down" | "flat"      flat = "1" point
//! # correlation = { with = "support", groups = "pref", direction = "positive", level = "5" }   of means
//! # same_as = { option = 2, points = "10" }                 ほぼ同じ: so many points apart at most
//! # distinct = 24                 so many of the question's answers were given
//! # named = ["322016"]              these respondents gave the answer, by their keys
//! # ratio = { above = "a", below = "b" }, percent             sums over those who gave both
//! # sent = 77, percent              response rate; returned, else the respondents
//! # target = "100", gap = "20.2"
//! # field_period_before = 2016-11-16, field_period_after = 2016-11-16
//! # percent, base                   without a question: is there any count?
//! # expect = "differs" | "impossible", remark, assumed = true (the reading is ours), rule
//! ```

mod claim;
mod counted;
mod explain;
mod feasible;
mod judge;
mod listed;
mod outcome;
mod phrase;
mod printed;
mod published;
mod read;
mod rebound;
mod reference;
mod reference_table;
mod said;
mod sentence;
mod wording;

pub use claim::{Figures, Reference, ReferenceValue, Verdict};
pub use counted::{Counted, Plan};
pub use feasible::{AtBase, LARGEST_BASE, Published};
pub use judge::judge;
pub use listed::{key_question, named_respondents};
pub use outcome::{Fact, Judgement, Outcome, Reason, ReasonKind};
pub use phrase::{Interval, Meaning, Phrase, Phrases};
pub use printed::{Printed, Rule};
pub use published::published;
pub use read::{load, reference_files};
pub use rebound::GroupOf;
pub use reference::read_references;
pub use reference_table::reference_tables;
pub use said::{Said, said};
pub use sentence::{Saying, say};
pub use wording::{Numbers, Width, Wording, full_width};

/// A JSON Schema of files of figures and of references.
pub const JSON_SCHEMA: &str = include_str!("figures.json");
