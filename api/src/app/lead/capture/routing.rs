//! Where a captured lead goes.

use chrono::{DateTime, Utc};
use fairfall_domain::routing::RoutingCause;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::waterfall::change::Change;
use fairfall_persistence::UnitOfWork;

use super::decide::Known;
use crate::app::AppError;
use crate::app::lead::{Subject, route_new};
use crate::app::rules::Rules;

/// Routes a lead that was captured and scored and is not stored yet, unless whoever captured it has it or somebody was asked for.
pub(super) async fn begin(
    uow: &UnitOfWork,
    rules: &Rules,
    change: &mut Change,
    known: &Known<'_>,
    wish: Wish,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let lead = change.lead.clone();
    let subject = Subject { lead: &lead, person: known.person, company: known.company };
    route_new(uow, rules, &mut [(change, subject)], wish, RoutingCause::Capture, now).await
}
