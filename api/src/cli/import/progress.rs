//! How far an import is: a bar on a terminal, a line every few seconds elsewhere.

use std::time::{Duration, Instant};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::super::output::note;
use crate::app::import::Progress;

/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(5);

const TEMPLATE: &str = "{bar:30} {percent:>3}%  {msg}, {eta} left";

/// The bar. It moves by bytes of the file, because the number of rows is known only at the end.
#[derive(Debug)]
pub(super) struct Bar {
    shown: ProgressBar,
    bytes: u64,
    /// Where the first chunk ended, from which on rates are told: an import that goes on passes over what is done in no time.
    first: Option<(Instant, Progress)>,
    told: Instant,
}

impl Bar {
    /// A bar for a file of so many bytes.
    pub(super) fn new(bytes: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(bytes), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self { shown: bar, bytes, first: None, told: Instant::now() }
    }

    /// Shows how far it is.
    pub(super) fn show(&mut self, progress: &Progress) {
        self.shown.set_position(progress.bytes);
        let Some((started, first)) = self.first else {
            self.first = Some((Instant::now(), *progress));
            self.shown.reset_eta();
            return;
        };
        let seconds = started.elapsed().as_secs_f64();
        let rate = per_second(progress.rows.saturating_sub(first.rows), seconds);
        let message = format!(
            "{} rows, {} rows/s, {} rejected",
            HumanCount(progress.rows),
            HumanCount(rate),
            HumanCount(progress.rejected)
        );
        if !self.shown.is_hidden() {
            self.shown.set_message(message);
        } else if self.told.elapsed() >= LINE_EVERY {
            self.told = Instant::now();
            let bytes_per_second = per_second(progress.bytes.saturating_sub(first.bytes), seconds).max(1);
            let left = Duration::from_secs(self.bytes.saturating_sub(progress.bytes) / bytes_per_second);
            note(format!("{message}, {} left", HumanDuration(left)));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.shown.finish_and_clear();
    }
}

/// So many in a second, rounded.
pub(super) fn per_second(count: u64, seconds: f64) -> u64 {
    let millis = Duration::try_from_secs_f64(seconds).unwrap_or_default().as_millis().max(1);
    u64::try_from(u128::from(count) * 1000 / millis).unwrap_or(u64::MAX)
}
