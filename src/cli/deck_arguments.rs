//! `deck` and `batch`: slides on one group, or on every group of a question.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub struct DeckArguments {
    /// The study, in TOML, with a `[deck]`.
    pub study: PathBuf,
    /// The group: a question and the code or the label of its option, `pref=32`; default: everybody.
    #[arg(long, value_name = "QUESTION=GROUP", value_parser = group)]
    pub group: Option<(String, String)>,
    /// The file to write; by its name slides (.pptx) or pages (.pdf).
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The font of a PDF and of pictures on slides, a TTF, OTF or TTC file; default: a Japanese gothic of the system.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Threads to work with; default: as many as the machine has.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub threads: u16,
}

#[derive(Debug, Args)]
pub struct Batch {
    /// The study, in TOML, with a `[deck]`.
    pub study: PathBuf,
    /// The question whose options are the groups.
    #[arg(long, value_name = "QUESTION")]
    pub by: String,
    /// The folder to write into; made when it is not there. What is there and still right is kept.
    #[arg(long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Only these groups, by code or label.
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Decks to make at a time; default: as many as the machine has processors.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u16).range(..=256))]
    pub jobs: u16,
}

fn group(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((question, group)) if !question.trim().is_empty() && !group.trim().is_empty() => {
            Ok((question.trim().into(), group.trim().into()))
        }
        _ => Err("expected a question and a group such as `pref=32`".into()),
    }
}

pub const DECK_EXAMPLES: &str = "\
Examples:
  Slides on the municipalities of one prefecture, beside the nation:
    renkei deck examples/municipal-progress-r3/study.toml --group pref=32 --out shimane.pptx
  The same on everybody, as PDF:
    renkei deck examples/municipal-progress-r3/study.toml --out nation.pdf";

pub const BATCH_EXAMPLES: &str = "\
Examples:
  Slides for every prefecture, with an index of them:
    renkei batch examples/municipal-progress-r3/study.toml --by pref --out decks
  Two of them:
    renkei batch study.toml --by pref --out decks --only 32,13";
