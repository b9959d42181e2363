//! A study: one file that names the questionnaire, the data, the tables, the figures and the report.
//!
//! In: `study.toml` and the files it names. Out: a [`Study`], resolved, and when it is [run](Study::run) its
//! [`Findings`]: all tables from one read of the data, the figures judged, the report as a document.
//!
//! ```toml
//! [study]
//! schema = "survey.toml"
//! data = "data.csv"                      # encoding, sheet, layout, delimiter, skip, header_rows, lenient as on the command line
//! with = ["additions.toml"]
//! figures = "figures.toml"               # what the report leans on
//! targets = "targets.toml"               # weights are made to reach these; or weight = "column", weights = "file"
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
//! section = "調査結果{n}．"              # or "{roman}．" (Ⅰ．), "{circled}" (①)
//!
//! [[report.sections]]
//! headline = "4割以上のケアマネが「推進されていないと感じる」と回答"
//! rows = "q1"                            # as --rows; cols, filter
//! figures = ["q1-negative"]
//! text = ["…"]
//! points = ["…"]                         # numbered paragraphs
//! meaning = "…"                          # ⇒
//! view = ["…"]                           # ◆考察
//! issues = ["…"]                         # 論点, numbered, in a box
//! table = true                           # the table as well, with `sig` and `tests` as in [[tables]]
//!
//! [deck]                                 # slides for any group of a question: `--group pref=32`, `--by pref`
//! title = "{group}内市町村の取り組み状況"    # {group}, {n}, {nation_n} in every text; {list} in messages
//! size = "16:9"                          # or "a4"; template = "own.pptx"; subtitle, cover_note, footer, figures
//! palette = { group = "E4007F", others = "A0A0A0" }
//! compare = "nation"                     # "others", "class", "last", "none", or the id of a reference; also of a
//!                                        # slide and a chart
//! nation = "全国"                         # what everybody is called; `whole` in a deck without a group
//! most_listed = 10                       # names in {list}; lists = false names nobody
//!
//! [[deck.slides]]
//! number = "12.④"
//! headline = "定量的な指標"
//! rows = "q4a7_2"                        # as --rows; a list makes charts side by side, and so do `charts`
//! answers = [5, 6, 7]                    # options and nets; grid_rows = ["r1"], kind, filter
//! figures = ["12-4"]                     # judged within the deck's group
//! message = ["定量的な指標は設定しやすい傾向にあります。", { say = "q4a7_2" }]   # the first that the data bear out
//! list = 2                               # {list}: who gave this answer; also: section, question, text, about
//! rank = 2                               # groups are ranked by this answer: {share} {rank} {ranked} {quarter}
//!                                        # {class} {class_share} {class_rank} {class_ranked} {before} {change}
//! ranking = true                         # a chart of all groups instead; message { standing = true } says where it stands
//! table = true                           # a table of the figures instead of charts; `appendix = ["q1", "q2"]` of the
//!                                        # deck adds such slides
//! results = [{ finding = "①…", meaning = "…" }]   # instead of charts: findings and, ⇒, what they mean
//! names = true                           # a table of who gave which answer
//! notes = ["…"]                          # ※; footnotes, folio = false, speaker
//! ```
//! `[study]` says which groups have no files: `smallest = 10`, `small_groups = "skip"` or `"merge"`; which are alike:
//! `class = "area"`; and what was before: `last = { data = "r2.csv", wave = "r2" }`.
//!
//! Of groups, three steps: [`Resident`] reads once; [`Resident::count`] makes a [`Counted`], all that is said of a group's
//! data; [`Resident::deck`] and [`Resident::findings`] word it, and read no respondents. Where the schema has
//! `[survey.disclosure]`, all groups are counted as soon as the data are read, and what must not be published is taken out
//! of all of them together: [`Resident::count`] hands out what is left.

mod blanks;
mod counted;
mod deck;
mod deck_made;
mod deck_message;
mod deck_written;
mod each;
mod file_names;
mod findings;
mod groups;
mod place;
mod release;
mod report;
mod resident;
mod resolve;
mod standing;
mod weighting;
mod written;

pub use counted::Counted;
pub use deck_made::deck_title;
pub use each::each;
pub use file_names::FileNames;
pub use findings::{BookFindings, Findings};
pub use groups::{Group, GroupRule, SmallGroups};
pub use resident::{Resident, Wanted};
pub use resolve::{Book, Study};
