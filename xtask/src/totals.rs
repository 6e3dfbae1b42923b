//! How many tests passed, read from what the runners print.

use std::fmt;

use crate::watch::Stream;

/// A program that runs tests and sums them up in its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runner {
    /// `cargo test`: one summary a test binary.
    Cargo,
    /// `cargo nextest run`: one summary for all.
    Nextest,
}

impl Runner {
    /// Where the summary is printed.
    pub fn stream(self) -> Stream {
        match self {
            Self::Cargo => Stream::Output,
            Self::Nextest => Stream::Errors,
        }
    }

    /// The figures of a line that is a summary. (nextest also shows what failed tests printed, and these are built
    /// with the harness whose summary the other one is: each runner's words are looked for alone.)
    fn figures(self, line: &str) -> Option<&str> {
        match self {
            Self::Cargo => line.strip_prefix("test result: ")?.split_once(". ").map(|(_, figures)| figures),
            Self::Nextest => line.strip_prefix("Summary [")?.split_once(" run: ").map(|(_, figures)| figures),
        }
    }
}

/// Tests counted over all runners of one task.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    passed: u64,
    failed: u64,
    skipped: u64,
    summaries: u64,
}

impl Totals {
    /// Whether any runner came to its end.
    pub fn is_empty(self) -> bool {
        self.summaries == 0
    }

    /// Counts a line when it is a summary.
    pub fn read(&mut self, runner: Runner, line: &str) {
        let line = without_colours(line);
        let Some(figures) = runner.figures(line.trim()) else { return };
        self.summaries += 1;
        for figure in without_parentheses(figures).split([',', ';']) {
            let mut words = figure.trim().splitn(2, ' ');
            let (Some(Ok(number)), Some(kind)) = (words.next().map(str::parse::<u64>), words.next()) else {
                continue;
            };
            match kind.trim() {
                "passed" => self.passed += number,
                "failed" | "timed out" | "exec failed" => self.failed += number,
                "skipped" | "ignored" => self.skipped += number,
                // measured, filtered out, finished in ...: figures that are not tests run
                _ => {}
            }
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let plain = parts.next().unwrap_or_default().to_owned();
    parts.fold(plain, |text, part| text + part.split_once('m').map_or("", |(_, rest)| rest))
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Runner, Totals};

    const NEXTEST: &str =
        "     Summary [   0.5s] 10 tests run: 7 passed (1 slow, 1 flaky), 1 failed, 1 timed out, 1 exec failed, 3 skipped";
    const CARGO: &str = "test result: FAILED. 5 passed; 1 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.00s";

    fn read(lines: &[(Runner, &str)]) -> String {
        let mut totals = Totals::default();
        for (runner, line) in lines {
            totals.read(*runner, line);
        }
        totals.to_string()
    }

    #[test]
    fn both_runners_are_added_up() {
        assert_eq!(read(&[(Runner::Nextest, NEXTEST)]), "7 passed, 3 failed, 3 skipped");
        let lines = [(Runner::Nextest, NEXTEST), (Runner::Cargo, CARGO), (Runner::Cargo, "test it ... ok")];
        assert_eq!(read(&lines), "12 passed, 4 failed, 5 skipped");
    }

    #[test]
    fn a_failed_test_that_prints_its_own_summary_is_not_counted_twice() {
        assert_eq!(read(&[(Runner::Nextest, CARGO), (Runner::Nextest, NEXTEST)]), "7 passed, 3 failed, 3 skipped");
    }

    #[test]
    fn colours_are_not_in_the_way() {
        let line = "\u{1b}[32;1m Summary\u{1b}[0m [ 0.5s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m \u{1b}[32mpassed\u{1b}[0m, 0 skipped";
        assert_eq!(read(&[(Runner::Nextest, line)]), "2 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn nothing_is_counted_without_a_summary() {
        let mut totals = Totals::default();
        totals.read(Runner::Cargo, "error: could not compile");
        assert!(totals.is_empty());
        totals.read(Runner::Cargo, "test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
        assert!(!totals.is_empty());
    }
}
