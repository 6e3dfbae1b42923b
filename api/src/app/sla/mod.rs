//! Promises: the clocks that run, seen and paused by people, and watched: what is done when their time comes, and who is told.

pub mod alert;
mod batch;
pub mod clock;
pub mod escalate;
mod single;
pub mod sweep;
pub(in crate::app) mod tell;

use fairfall_domain::sla::{Clock, LadderStep};

use crate::app::AppError;
use crate::app::rules::Rules;

/// The ladder of a clock, by rules that know its agreement: see [`Rules::knowing`].
fn ladder_of<'r>(rules: &'r Rules, clock: &Clock) -> Result<&'r [LadderStep], AppError> {
    if rules.agreements.by_id(clock.agreement.id).is_none() {
        return Err(AppError::internal(format!("agreement `{}` of clock `{}` is not stored", clock.agreement.id, clock.id)));
    }
    Ok(rules.agreements.clock_rule(clock).map_or(&[], |rule| rule.ladder.as_slice()))
}
