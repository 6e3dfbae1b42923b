//! Reports: one set of figures for everyone. Each figure's definition stands with its type in the domain.

pub mod fairness;
pub mod hand_over;
pub mod misrouting;
pub mod sla;

use chrono::{Days, NaiveDate, NaiveTime};
use fairfall_domain::access::Action;
use fairfall_domain::report::funnel::FunnelRow;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::report::Span;
use fairfall_persistence::report::funnel::{self, FunnelQuery};

use super::{App, AppError, Caller};

/// The longest period of a funnel report, in months.
pub const FUNNEL_MONTHS_MAX: i32 = 120;

/// Cohorts of fewer leads are withheld from roles that may not see personal data: few leads could be told apart.
pub const SMALL_COHORT_LEADS: u64 = 5;

/// The longest period of a report about routings, in days.
pub const PERIOD_DAYS_MAX: i64 = 366;

/// Days by UTC, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Period {
    /// How many days it has.
    pub fn days(self) -> i64 {
        (self.to - self.from).num_days().saturating_add(1)
    }

    /// The moments of its days.
    ///
    /// # Errors
    /// When it is empty or longer than [`PERIOD_DAYS_MAX`].
    pub fn span(self) -> Result<Span, Violations> {
        let after = self.to.checked_add_days(Days::new(1)).filter(|_| (1..=PERIOD_DAYS_MAX).contains(&self.days()));
        let message = || format!("1 to {PERIOD_DAYS_MAX} days from `from` on are allowed");
        let after = after.ok_or_else(|| Violations::one("to", ViolationCode::OutOfRange, message()))?;
        let begin = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Ok(Span { from: begin(self.from), until: begin(after) })
    }
}

/// The funnel as a caller may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Funnel {
    /// The rows.
    pub rows: Vec<FunnelRow>,
    /// How many rows were withheld because they hold fewer than [`SMALL_COHORT_LEADS`] leads.
    pub withheld: usize,
}

/// The funnel by cohort; nothing for roles that may not see reports.
///
/// # Errors
/// When the period is empty or longer than [`FUNNEL_MONTHS_MAX`].
#[tracing::instrument(name = "app.report.funnel", skip_all)]
pub async fn funnel(app: &App, caller: &Caller, query: &FunnelQuery) -> Result<Option<Funnel>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let months = |number: i32| number / 100 * 12 + number % 100;
    let length = months(query.to_month.number()) - months(query.from_month.number()) + 1;
    if !(1..=FUNNEL_MONTHS_MAX).contains(&length) {
        let message = format!("1 to {FUNNEL_MONTHS_MAX} months from `from` on are allowed");
        return Err(Violations::one("to", ViolationCode::OutOfRange, message).into());
    }
    let mut rows = funnel::funnel(&app.reader(), query).await?;
    let all = rows.len();
    if caller.may(Action::ViewPerson).is_none() {
        rows.retain(|row| row.leads >= SMALL_COHORT_LEADS);
    }
    Ok(Some(Funnel { withheld: all - rows.len(), rows }))
}
