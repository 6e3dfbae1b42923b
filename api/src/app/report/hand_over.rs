//! How good hand-overs were, and whether promises for months were kept.

use chrono::NaiveDate;
use fairfall_domain::access::Action;
use fairfall_domain::department::Department;
use fairfall_domain::report::commitment::{CommitmentMonth, CommitmentRow, assemble, months};
use fairfall_domain::report::hand_over::{HandOverFigures, HandOverKey, by_version};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::report::Span;
use fairfall_persistence::report::hand_over::{HandOverQuery as Counted, hand_overs, in_time};

use super::{Period, SMALL_COHORT_LEADS};
use crate::app::{App, AppError, Caller};

/// Most rows of the report about hand-overs, those with the most hand-overs first.
pub const HAND_OVER_ROWS_MAX: usize = 250;
/// Most months of the report about commitments.
pub const COMMITMENT_MONTHS_MAX: usize = 24;

/// Which hand-overs, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandOverQuery {
    /// The period in which they were made.
    pub period: Period,
    /// Only by this department.
    pub giving: Option<Department>,
    /// Only to this department.
    pub taking: Option<Department>,
}

/// The figures as a caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOvers {
    /// The rows, those with the most hand-overs first.
    pub rows: Vec<(HandOverKey, HandOverFigures)>,
    /// How many rows are not told because there are more than [`HAND_OVER_ROWS_MAX`].
    pub more_rows: usize,
    /// How many rows were withheld because they hold fewer than [`SMALL_COHORT_LEADS`] hand-overs.
    pub withheld: usize,
}

/// How good the hand-overs of a period were; nothing for roles that may not see reports.
///
/// # Errors
/// A period that is too long.
#[tracing::instrument(name = "app.report.hand_over_quality", skip_all)]
pub async fn quality(app: &App, caller: &Caller, query: &HandOverQuery) -> Result<Option<HandOvers>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let HandOverQuery { period, giving, taking } = *query;
    let counted = Counted { periods: vec![period.span()?], giving, taking, now: app.now() };
    let mut rows: Vec<_> = by_version(&hand_overs(&app.reader(), &counted).await?).into_iter().collect();
    let all = rows.len();
    if caller.may(Action::ViewPerson).is_none() {
        rows.retain(|(_, figures)| figures.hand_overs() >= SMALL_COHORT_LEADS);
    }
    let withheld = all - rows.len();
    rows.sort_by_key(|(_, figures)| std::cmp::Reverse(figures.hand_overs()));
    let more_rows = rows.len().saturating_sub(HAND_OVER_ROWS_MAX);
    rows.truncate(HAND_OVER_ROWS_MAX);
    Ok(Some(HandOvers { rows, more_rows, withheld }))
}

/// Which months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentQuery {
    /// A day of the first month.
    pub from: NaiveDate,
    /// A day of the last month.
    pub to: NaiveDate,
    /// Only the agreement with this key.
    pub agreement: Option<String>,
}

/// The promises as a caller may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitmentReport {
    /// By key and month.
    pub rows: Vec<CommitmentRow>,
    /// How many promises were withheld because they rest on fewer than [`SMALL_COHORT_LEADS`] cases.
    pub withheld: usize,
}

/// What was promised for months, and whether it was kept; nothing for roles that may not see reports.
///
/// # Errors
/// When the period is empty or longer than [`COMMITMENT_MONTHS_MAX`].
#[tracing::instrument(name = "app.report.commitments", skip_all)]
pub async fn commitments(app: &App, caller: &Caller, query: &CommitmentQuery) -> Result<Option<CommitmentReport>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let rules = app.rules().await?;
    let months = checked(months(rules.calendars.zone(), query.from, query.to))?;
    let periods: Vec<Span> = months.iter().map(|month| Span { from: month.from, until: month.until }).collect();
    let (reader, now) = (app.reader(), app.now());
    let made = hand_overs(&reader, &Counted { periods: periods.clone(), giving: None, taking: None, now }).await?;
    let clocks = in_time(&reader, &periods).await?;
    let mut rows = assemble(rules.agreements.all(), &months, &made, &clocks, now);
    rows.retain(|row| query.agreement.as_ref().is_none_or(|key| row.agreement == *key));
    let mut withheld = 0;
    if caller.may(Action::ViewPerson).is_none() {
        for row in &mut rows {
            let all = row.commitments.len();
            row.commitments.retain(|one| one.basis() >= SMALL_COHORT_LEADS);
            withheld += all - row.commitments.len();
        }
        rows.retain(|row| !row.commitments.is_empty());
    }
    Ok(Some(CommitmentReport { rows, withheld }))
}

fn checked(months: Vec<CommitmentMonth>) -> Result<Vec<CommitmentMonth>, Violations> {
    if (1..=COMMITMENT_MONTHS_MAX).contains(&months.len()) {
        return Ok(months);
    }
    let message = format!("1 to {COMMITMENT_MONTHS_MAX} months from `from` on are allowed");
    Err(Violations::one("to", ViolationCode::OutOfRange, message))
}
