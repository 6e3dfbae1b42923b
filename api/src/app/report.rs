//! Reports: one set of figures for everyone. Each figure's definition stands with its type in the domain.

use fairfall_domain::access::Action;
use fairfall_domain::report::funnel::FunnelRow;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::report::funnel::{self, FunnelQuery};

use super::{App, AppError, Caller};

/// The longest period of a funnel report, in months.
pub const FUNNEL_MONTHS_MAX: i32 = 120;

/// The funnel by cohort; nothing for roles that may not see reports.
///
/// # Errors
/// When the period is empty or longer than [`FUNNEL_MONTHS_MAX`].
#[tracing::instrument(name = "app.report.funnel", skip_all)]
pub async fn funnel(app: &App, caller: &Caller, query: &FunnelQuery) -> Result<Option<Vec<FunnelRow>>, AppError> {
    if caller.may(Action::ViewReport).is_none() {
        return Ok(None);
    }
    let months = |number: i32| number / 100 * 12 + number % 100;
    let length = months(query.to_month.number()) - months(query.from_month.number()) + 1;
    if !(1..=FUNNEL_MONTHS_MAX).contains(&length) {
        let message = format!("1 to {FUNNEL_MONTHS_MAX} months from `from` on are allowed");
        return Err(Violations::one("to", ViolationCode::OutOfRange, message).into());
    }
    Ok(Some(funnel::funnel(&app.reader(), query).await?))
}
