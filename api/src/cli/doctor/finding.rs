//! What was found, and what to do.

use std::fmt;

/// Whether something must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) verdict: Verdict,
    subject: &'static str,
    found: String,
    to_do: Option<String>,
}

impl Finding {
    /// All is well.
    pub(super) fn ok(subject: &'static str, found: impl Into<String>) -> Self {
        Self { verdict: Verdict::Ok, subject, found: found.into(), to_do: None }
    }

    /// Something must be done.
    pub(super) fn problem(subject: &'static str, found: impl Into<String>, to_do: impl Into<String>) -> Self {
        Self { verdict: Verdict::Problem, subject, found: found.into(), to_do: Some(to_do.into()) }
    }

    /// A problem when it does not hold.
    pub(super) fn of(holds: Result<String, (String, String)>, subject: &'static str) -> Self {
        match holds {
            Ok(found) => Self::ok(subject, found),
            Err((found, to_do)) => Self::problem(subject, found, to_do),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Ok => "ok",
            Verdict::Problem => "PROBLEM",
        };
        writeln!(f, "  {mark:<8} {:<14} {}", self.subject, self.found)?;
        match &self.to_do {
            Some(to_do) => writeln!(f, "  {:<8} {:<14} to do: {to_do}", "", ""),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_to_do() {
        let text = Finding::problem("port", "taken", "take another").to_string();
        assert_eq!(text, "  PROBLEM  port           taken\n                          to do: take another\n");
    }
}
