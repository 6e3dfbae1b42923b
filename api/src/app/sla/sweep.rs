//! After a change of a calendar, what is due when is worked out anew for all open clocks in business time; what has lapsed stays due when it was
//! due, and closed ones stay as they ended.
//!
//! Worked off in parts, each in a transaction of its own, by whichever node comes first; see [`clock_sweep`] for why twice.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use fairfall_domain::sla::Clock;
use fairfall_domain::sla::follow::next_due;
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo::clock_sweep::{self, SweptLead};
use uuid::Uuid;

use super::ladder_of;
use crate::app::rules::Rules;
use crate::app::{App, AppError};
use crate::clock::new_id;

/// Parts that a change of a calendar works off itself: small organisations see at once what it did.
const OWN_PARTS_MAX: u32 = 4;
/// Parts of one round of the worker; the rules are read once for them.
const ROUND_PARTS_MAX: u32 = 20;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Parts that were looked at.
    pub parts: u32,
    /// Clocks whose due times moved.
    pub moved: usize,
    /// Whether there is more to do at once.
    pub more: bool,
}

/// What one part came to.
enum Part {
    /// There was nothing to do, or another node is at it.
    None,
    /// Looked at, with clocks moved.
    Done {
        /// How many clocks moved.
        moved: usize,
        /// Whether there is more to do in this pass.
        more: bool,
    },
}

/// Asks for a sweep; to be written with the change that makes it necessary.
pub(in crate::app) async fn request(uow: &UnitOfWork, now: DateTime<Utc>) -> Result<Uuid, AppError> {
    let id = new_id();
    clock_sweep::request(uow, id, now).await?;
    Ok(id)
}

/// Works off what a change that was just committed asked for, as far as a request may take. What is left, and whatever fails here, is the worker's.
pub(in crate::app) async fn at_once(app: &App, sweep: Uuid) {
    app.forget_rules();
    if let Err(error) = parts(app, &[sweep], OWN_PARTS_MAX).await {
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::warn!(error, "a changed calendar is not yet seen in what is due");
    }
}

/// Works off a round of what is asked for; one cheap statement when nothing is.
///
/// # Errors
/// When the database fails.
#[tracing::instrument(name = "app.clock.sweep", level = "debug", skip_all)]
pub async fn sweep_due(app: &App) -> Result<Swept, AppError> {
    let ids = clock_sweep::due(&app.reader(), app.now()).await?;
    if ids.is_empty() {
        return Ok(Swept::default());
    }
    // read after the changes that these sweeps are for
    app.forget_rules();
    parts(app, &ids, ROUND_PARTS_MAX).await
}

async fn parts(app: &App, ids: &[Uuid], parts_max: u32) -> Result<Swept, AppError> {
    let rules = app.rules().await?;
    let mut swept = Swept::default();
    while swept.parts < parts_max {
        match part(app, ids, &rules).await? {
            Part::None => return Ok(Swept { more: false, ..swept }),
            Part::Done { moved, more } => {
                swept = Swept { parts: swept.parts.saturating_add(1), moved: swept.moved.saturating_add(moved), more };
            }
        }
    }
    Ok(swept)
}

async fn part(app: &App, ids: &[Uuid], rules: &Arc<Rules>) -> Result<Part, AppError> {
    let (now, ids): (_, Arc<[Uuid]>) = (app.now(), ids.into());
    let done = app.store().transact(move |uow| {
        let (ids, rules) = (Arc::clone(&ids), Arc::clone(rules));
        Box::pin(async move {
            let Some(sweep) = clock_sweep::take(uow, &ids, now).await? else { return Ok(Part::None) };
            let part = clock_sweep::part(uow, &sweep).await?;
            let agreements = part.leads.iter().flat_map(|lead| &lead.clocks).map(|clock| clock.agreement.id);
            let (clocks, leads) = derived(&part.leads, &*rules.knowing_all(uow, agreements).await?);
            clock_sweep::move_due(uow, &clocks, &leads).await?;
            let more = clock_sweep::advance(uow, &sweep, &part).await?;
            Ok::<_, AppError>(Part::Done { moved: clocks.len(), more })
        })
    });
    done.await
}

/// The clocks whose due times are others now, and the leads of which the same holds.
fn derived(leads: &[SweptLead], rules: &Rules) -> (Vec<Clock>, Vec<SweptLead>) {
    let (mut moved, mut moved_leads) = (Vec::new(), Vec::new());
    for seen in leads {
        let mut lead = seen.clone();
        for clock in &mut lead.clocks {
            match ladder_of(rules, clock) {
                Ok(ladder) => clock.derive(ladder, &rules.calendars),
                // it keeps what it had, and holds up no other
                Err(error) => tracing::error!(%error, clock = %clock.id, "a promise has no rule"),
            }
        }
        moved.extend(lead.clocks.iter().zip(&seen.clocks).filter(|(now, before)| now != before).map(|(now, _)| now.clone()));
        lead.next_due = next_due(&lead.clocks);
        if lead.next_due != seen.next_due {
            moved_leads.push(lead);
        }
    }
    (moved, moved_leads)
}
