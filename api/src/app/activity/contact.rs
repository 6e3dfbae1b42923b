//! What keeps the promise of a first contact.

use chrono::{DateTime, Utc};
use fairfall_domain::id::LeadId;
use fairfall_domain::scoring::Activity;
use fairfall_domain::sla::Clock;
use fairfall_domain::sla::clock::ClockEnd;
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::rules::Rules;
use crate::app::sla::tell::{Told, note};
use crate::app::{AppError, Caller};

/// Ends the clocks of first contacts that were made, at the time of the earliest. Who recorded them must work for the department that promised it, or
/// for none: a telephone system, an administrator. `leads` are held by the unit of work.
///
/// What happened before the clock began keeps nothing: it was not done for this promise. What is recorded after the time was over was too late, even
/// when it says that it happened before.
pub(super) async fn met(
    uow: &UnitOfWork,
    rules: &Rules,
    caller: &Caller,
    leads: &[LeadId],
    fresh: &[&Activity],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let contacts: Vec<&&Activity> = fresh.iter().filter(|activity| activity.is_contact()).collect();
    if contacts.is_empty() || leads.is_empty() {
        return Ok(());
    }
    let (mut ended, mut told): (Vec<Clock>, Vec<Told>) = (Vec::new(), Vec::new());
    for found in repo::clock::first_contacts(uow, leads).await? {
        let mut clock = found.clock.clone();
        let counts = |activity: &&&&Activity| {
            activity.person == found.person
                && activity.lead.is_none_or(|lead| lead == clock.lead)
                && activity.occurred_at >= clock.started_at
        };
        let of_department = caller.department().is_none_or(|department| department == clock.department);
        let Some(first) = contacts.iter().filter(counts).map(|activity| activity.occurred_at).min().filter(|_| of_department)
        else {
            continue;
        };
        clock.end(ClockEnd::Met, &rules.calendars, first.min(now), now);
        told.extend(Told::happened(&found.clock, &clock, found.lead_version, caller.actor.user, now));
        ended.push(clock);
    }
    note(uow, &told, now).await?;
    repo::clock::put(uow, &ended).await?;
    let leads: Vec<LeadId> = ended.iter().map(|clock| clock.lead).collect();
    Ok(repo::clock::settle_due(uow, &leads).await?)
}
