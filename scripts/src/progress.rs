//! How far long work is, for who sits at a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;

/// A bar below what is printed, without colours. There is none where a program or a file gets what is printed.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar for work of this name; it is seen when it is [set](Self::set) first.
    pub fn new(what: &str) -> Self {
        let is_seen = std::io::stdout().is_terminal() && std::io::stderr().is_terminal();
        let target = if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> ");
        Self(ProgressBar::with_draw_target(Some(0), target).with_style(style).with_message(what.to_owned()))
    }

    /// No bar.
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// So much is done, of so much.
    pub fn set(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
        // It draws no more than so often by itself.
        self.0.force_draw();
    }

    /// Makes room for what is printed now; the bar comes back when it is set again.
    pub fn clear(&self) {
        self.0.suspend(|| ());
        self.0.reset();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
