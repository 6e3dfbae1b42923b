//! Many clocks at once: those of which people are told, without touching their leads.

use std::sync::Arc;

use chrono::TimeDelta;
use fairfall_domain::id::{ClockId, LeadId};
use fairfall_domain::sla::Clock;
use fairfall_domain::sla::escalate::{climb, due};
use fairfall_persistence::{StoreError, UnitOfWork, repo};

use super::ladder_of;
use super::tell::{Told, note, notify};
use crate::app::rules::Rules;
use crate::app::{App, AppError};

/// The most clocks of one transaction.
pub(super) const BATCH_MAX: u32 = 100;

/// After what time a clock in trouble is looked at again.
pub(super) const PUT_OFF: TimeDelta = TimeDelta::minutes(1);

/// What came of a batch.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Clocks that are done with.
    pub(super) done: u32,
    /// Clocks whose lead must be held, with their leads.
    pub(super) rest: Vec<(ClockId, LeadId)>,
    /// Clocks that cannot be read; they were put off.
    pub(super) corrupt: Vec<(ClockId, StoreError)>,
}

/// Takes clocks that are due and does what needs no lead.
pub(super) async fn batch(app: &App, rules: &Arc<Rules>) -> Result<Batch, AppError> {
    app.store()
        .transact(|uow| {
            let (app, rules) = (app.clone(), Arc::clone(rules));
            Box::pin(async move { work(&app, uow, &rules).await })
        })
        .await
}

async fn work(app: &App, uow: &UnitOfWork, rules: &Rules) -> Result<Batch, AppError> {
    let now = app.now();
    let mut batch = Batch::default();
    let (mut climbed, mut told): (Vec<Clock>, Vec<Told>) = (Vec::new(), Vec::new());
    for taken in repo::escalation::take_due(uow, now, BATCH_MAX).await? {
        let mut clock = match taken.clock {
            Ok(clock) => clock,
            Err(error) => {
                repo::escalation::put_off(uow, taken.id, now + PUT_OFF).await?;
                batch.corrupt.push((taken.id, error));
                continue;
            }
        };
        let Ok(ladder) = ladder_of(rules, &clock) else {
            // what these rules do not know is read with the lead
            batch.rest.push((taken.id, taken.lead));
            continue;
        };
        let found = due(&clock, ladder, &rules.calendars, now);
        if found.needs_lead() {
            batch.rest.push((taken.id, taken.lead));
            continue;
        }
        let due_before = clock.due_at;
        let steps = climb(&mut clock, &found, ladder, &rules.calendars, now);
        if clock.due_at != due_before {
            // its calendar changed: the lead's own due time must follow
            batch.rest.push((taken.id, taken.lead));
            continue;
        }
        let lead = (taken.lead, taken.lead_version);
        told.extend(steps.into_iter().map(|step| Told::new(step, clock.giving, lead)));
        climbed.push(clock);
    }
    note(uow, &told, now).await?;
    repo::escalation::put_climbed(uow, &climbed).await?;
    notify(app, uow, &told, now).await?;
    batch.done = u32::try_from(climbed.len()).unwrap_or(BATCH_MAX);
    Ok(batch)
}
