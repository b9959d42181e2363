//! The command line: arguments become a request, results are printed, failures become exit codes.
//!
//! clap and indicatif live only here, and nothing below prints. Data go to stdout, words to stderr.

mod arguments;
mod audit;
mod batch;
mod batch_files;
mod chart;
mod chart_arguments;
mod check;
mod check_arguments;
mod comments;
mod convert;
mod convert_arguments;
mod deck;
mod deck_arguments;
mod feasible;
mod figure_arguments;
mod init;
mod interval_arguments;
mod manifest;
mod output;
mod products;
mod progress;
mod questionnaire;
mod report;
mod report_arguments;
mod returns;
mod sampling_error;
mod sheets;
mod simulate;
mod tables;
mod trend;
mod trend_arguments;
mod trend_weights;
mod typeface;
mod verify;
mod weight;
mod weight_arguments;
mod workbook;

use std::io::{IsTerminal, Write};
use std::panic::{Location, UnwindSafe};
use std::process::ExitCode;

use clap::Parser;

use crate::diag::{Diagnostic, Failure};
use arguments::{Arguments, Command, SchemaCommand};

/// Exit codes other programs rely on; 2 is clap's.
const DONE: u8 = 0;
const REFUSED: u8 = 1;
const IO: u8 = 3;
const INTERRUPTED: i32 = 130;
const BUG: u8 = 255;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    ExitCode::from(guarded(|| run(Arguments::parse())))
}

/// The exit code of some work, whose warnings and errors are told; a panic in it is a bug of ours, told in two lines.
fn guarded(work: impl FnOnce() -> anyhow::Result<Vec<Diagnostic>> + UnwindSafe) -> u8 {
    std::panic::set_hook(Box::new(|bug| say(&bug_words(bug.location()))));
    let code = std::panic::catch_unwind(|| match work() {
        Ok(warnings) => {
            tell(&warnings);
            DONE
        }
        Err(error) => match error.downcast::<Failure>() {
            Ok(Failure::Refused(errors)) => {
                tell(&errors);
                REFUSED
            }
            Ok(Failure::Io(error)) => {
                tell(&[*error]);
                IO
            }
            // Whatever a user can cause is a `Failure`.
            Err(bug) => {
                say(&format!("error: renkei stopped on a bug of its own: {bug:#}\n"));
                BUG
            }
        },
    });
    code.unwrap_or(BUG)
}

/// What is said of a panic: where it was, and not its words, which may hold an answer.
fn bug_words(place: Option<&Location<'_>>) -> String {
    let place = place.map(ToString::to_string).unwrap_or_default();
    format!(
        "error: renkei stopped on a bug of its own at {place}\n  \
         hint: please report it with the command line and the schema, without the data\n"
    )
}

fn run(arguments: Arguments) -> anyhow::Result<Vec<Diagnostic>> {
    match arguments.command {
        Command::Init(arguments) => init::run(&arguments),
        Command::Tab(tab) => tables::run(tab.into()),
        Command::Crosstab(crosstab) => tables::run(crosstab.into()),
        Command::Chart(arguments) => chart::run(&arguments),
        Command::Codebook(codebook) => questionnaire::run(&codebook),
        Command::Returns(arguments) => returns::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Deck(arguments) => deck::run(&arguments),
        Command::Batch(arguments) => batch::run(&arguments),
        Command::Comments(comments) => comments::run(&comments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Feasible(arguments) => feasible::run(&arguments),
        Command::Verify(arguments) => verify::verify(&arguments),
        Command::References(arguments) => verify::list_references(&arguments),
        Command::Say(arguments) => verify::say(&arguments),
        Command::SamplingError(arguments) => sampling_error::run(&arguments),
        Command::Simulate(simulate) => simulate::run(&simulate),
        Command::Weight(arguments) => weight::run(&arguments),
        Command::Trend(arguments) => trend::run(&arguments),
        Command::Schema(SchemaCommand::Json { figures }) => questionnaire::schema_json(figures),
    }
}

/// Diagnostics to stderr, in colour on a terminal.
fn tell(diagnostics: &[Diagnostic]) {
    let colour = colour(std::io::stderr().is_terminal());
    let mut before_long = false;
    for diagnostic in diagnostics {
        let text = diagnostic.render(colour);
        // One-line messages stand together; those with a source line stand apart.
        let long = text.lines().count() > 2;
        if before_long || (long && !std::ptr::eq(diagnostic, &diagnostics[0])) {
            say("\n");
        }
        say(&text);
        before_long = long;
    }
}

/// Colour on a terminal, unless `NO_COLOR` is set and not empty.
fn colour(terminal: bool) -> bool {
    terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Words to stderr; when nobody listens there is nobody to tell.
fn say(words: &str) {
    _ = std::io::stderr().write_all(words.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_bug_told_without_its_words() {
        let before = std::panic::take_hook();
        let code = guarded(|| panic!("ひみつ"));
        std::panic::set_hook(before);
        assert_eq!(code, BUG);
        let words = bug_words(Some(Location::caller()));
        assert!(words.starts_with("error: renkei stopped on a bug of its own at src/cli/mod.rs:"), "{words}");
        assert_eq!(words.lines().count(), 2);
    }
}
