//! A progress bar on stderr: only on a terminal, and only when the work takes a while.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::diag::Progress;

/// Shorter work shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears when it is needed and goes when it is dropped.
pub struct Bar {
    what: &'static str,
    started: Instant,
    terminal: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    /// A bar for a piece of work.
    pub fn new(what: &'static str) -> Bar {
        let terminal = std::io::stderr().is_terminal();
        Bar { what, started: Instant::now(), terminal, bar: OnceLock::new() }
    }
}

impl Progress for Bar {
    fn name(&self, what: &str) {
        if let Some(bar) = self.bar.get() {
            bar.set_message(crate::diag::visible(what));
        }
    }

    fn advance(&self, done: u64, total: u64) {
        if !self.terminal || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::new(total);
            if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:30}] {percent:>3}% {eta}") {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message(self.what);
            bar
        });
        bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
