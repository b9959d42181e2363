//! A study: one file that names the questionnaire, the data, the tables, the figures and the report.
//!
//! In: `study.toml` and the files it names. Out: a [`Study`], resolved, and when it is [run](Study::run) its
//! [`Findings`]: all tables from one read of the data, the figures judged, the report as a document.
//!
//! ```toml
//! [study]
//! schema = "survey.toml"
//! data = "data.csv"                      # encoding, delimiter, skip, header_rows, lenient as on the command line
//! with = ["additions.toml"]
//! figures = "figures.toml"               # what the report leans on
//! filter = "age >= 65"
//! lang = "ja"
//!
//! [[tables]]                             # a book of tables: GT without `cols`
//! id = "area"
//! title = "地域別"
//! rows = "all"
//! cols = "area,age>sex"
//! cell = "both"                          # count, percent
//! sort = true
//! sig = "renkei"
//! tests = ["auto"]
//!
//! [report]
//! title = "ケアマネジャーの4割が…「推進されていないと感じる」と回答！"
//! lead = ["…604名より回答をいただきました。"]
//! figures = ["respondents"]              # for title, subtitle and lead
//! section = "調査結果{n}．"
//!
//! [[report.sections]]
//! headline = "4割以上のケアマネが「推進されていないと感じる」と回答"
//! rows = "q1"                            # as --rows; cols, filter
//! figures = ["q1-negative"]
//! text = ["…"]
//! view = ["…"]                           # ◆考察
//! ```

mod findings;
mod place;
mod report;
mod resolve;
mod written;

pub use findings::{BookFindings, Findings};
pub use resolve::{Book, Study};
