//! Who comes in again: found beside the e-mail address by what else is the same for sure, fed where the demand is known, and proposed where it is
//! only likely.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, LeadId};
use fairfall_domain::matching::{MatchBand, PersonRecord, assess};
use fairfall_domain::person::{Person, PersonFields};
use fairfall_domain::scoring::Activity;
use fairfall_domain::value::EmailAddress;
use fairfall_domain::waterfall::change::Outcome;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_domain::waterfall::feed::{deed, fill};
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::update::{UpdateOrder, update};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo;
use fairfall_persistence::repo::activity::Holding;
use fairfall_persistence::repo::external_ref::Named;

use super::party;
use super::read::{PersonRead, Read};
use crate::app::duplicate::{Finder, company_like, person_like, seek_companies, seek_people};
use crate::app::rules::Rules;
use crate::app::score::{self, Occasion};
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

use super::super::command::{save, track_of};
use super::super::update::follow_band;

/// The known person whom a described one is for sure: by the e-mail address, unless many read it and the names differ; else by telephone number and name.
pub(super) async fn known_person(uow: &UnitOfWork, grant: &Grant, described: &Person) -> Result<Option<Person>, AppError> {
    if let Some(email) = &described.email
        && let Some(first) = repo::person::find_for_capture(uow, grant, &email.key()).await?
    {
        let record = PersonRecord::of_person(described, None);
        let same = |known: &Person| assess::people(&record, &PersonRecord::of_person(known, None)).band == Some(MatchBand::Exact);
        // the address may lead to somebody by a merge, whose own address is another one
        if first.email.as_ref().map(EmailAddress::key) != Some(email.key()) || same(&first) {
            return Ok(Some(first));
        }
        let others = repo::person::find_by_email_key(uow, grant, &email.key()).await?;
        return Ok(others.into_iter().find(same));
    }
    person_like(uow, described).await
}

/// The known company which a described one is for sure, beside the one with the same name.
pub(super) async fn known_company(uow: &UnitOfWork, read: &Read, described: &Company) -> Result<Option<Company>, AppError> {
    company_like(uow, described, mail_domain(&read.person).as_deref()).await
}

fn mail_domain(person: &PersonRead) -> Option<String> {
    let email = |fields: &PersonFields| fields.email.as_ref().map(EmailAddress::domain);
    match person {
        PersonRead::New(fields) => email(fields),
        PersonRead::Existing(_) => None,
    }
}

/// Looks for records like the new ones that came with a lead.
pub(super) async fn propose(
    caller: &Caller,
    uow: &UnitOfWork,
    lead: LeadId,
    person: Option<&Person>,
    company: Option<&Company>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if let Some(company) = company {
        seek_companies(uow, std::slice::from_ref(company), &Finder::of(caller, now)).await?;
    }
    if let Some(person) = person {
        let by = Finder::of(caller, now).with_lead(person.id, lead);
        seek_people(uow, std::slice::from_ref(person), &by).await?;
    }
    Ok(())
}

/// Feeds an open lead of the same person and product area: what was unknown of the demand is filled, what the person did counts, and the name that
/// another system has for it leads to it from now on.
pub(super) async fn feed(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    known: &Lead,
    read: &Read,
    rules: &Rules,
) -> Result<(), AppError> {
    let now = app.now();
    let channel = match read.channel {
        Some(channel) => channel,
        None => party::campaign(uow, read.campaign).await?.map_or(Channel::Unknown, |campaign| campaign.channel),
    };
    // people before leads: the order in which everybody locks them
    repo::activity::hold(uow, &[known.person], Holding::Shared).await?;
    let filled = fill_gaps(app, caller, uow, known.id, read, rules).await?;
    let occasion = Occasion::of(caller, Cause::Behaviour, now);
    match deed(channel, read.direction) {
        Some(kind) => {
            let activity = Activity {
                id: new_id(),
                person: known.person,
                lead: Some(known.id),
                channel,
                kind,
                outcome: None,
                note: None,
                campaign: read.campaign,
                occurred_at: now,
                recorded_at: now,
                recorded_by: Some(caller.actor.user),
                reference: None,
            };
            repo::activity::insert_many(uow, &[activity]).await?;
            score::recount(uow, rules, &[known.id], &occasion).await?;
        }
        None => score::refresh(uow, rules, &[], &[known.id], &occasion).await?,
    }
    if let Some(external) = &read.external
        && let Named::Taken { by } = repo::external_ref::put::<LeadId>(uow, external, known.id).await?
        && by != known.id
    {
        return Err(AppError::internal("the external name was free and is not"));
    }
    tell(caller, uow, known.id, channel, &filled, now).await?;
    caller.audit(uow, Action::CaptureLead, "lead", known.id.uuid(), now).await
}

/// Fills the gaps of the demand; answers what was filled.
async fn fill_gaps(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    lead: LeadId,
    read: &Read,
    rules: &Rules,
) -> Result<Vec<String>, AppError> {
    let now = app.now();
    let missing = || AppError::internal("an open lead is gone");
    let mut dossier = repo::lead::load_for_command(uow, lead).await?.ok_or_else(missing)?;
    let (expected, value_before) = (dossier.lead.version, dossier.lead.demand.value);
    let demand = fill(&dossier.lead.demand, &read.demand.clone().complete(None, None));
    let company = match dossier.lead.company {
        Some(company) => Some(company),
        None => party::company(caller, uow, read, now).await?.map(|company| company.id),
    };
    let order = UpdateOrder { demand, company };
    match update(&dossier.lead, &dossier.passage, order, track_of(rules, &dossier.lead)?, now)? {
        Outcome::AlreadyDone => Ok(Vec::new()),
        Outcome::Done(change) => {
            save(uow, &change, expected, caller, Action::CaptureLead, now).await?;
            let fields = change.events.iter().flat_map(fields_of).collect();
            dossier.lead = change.lead;
            // where the stage is not on the track of the value's band, the lead stays on its own
            follow_band(app, caller, uow, &mut dossier, value_before, rules).await?;
            Ok(fields)
        }
    }
}

fn fields_of(event: &fairfall_domain::waterfall::event::LeadEvent) -> Vec<String> {
    if let fairfall_domain::waterfall::event::LeadEvent::Updated { fields } = event { fields.clone() } else { Vec::new() }
}

/// Notes that the lead was fed.
async fn tell(
    caller: &Caller,
    uow: &UnitOfWork,
    lead: LeadId,
    channel: Channel,
    filled: &[String],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let stored = repo::lead::find(uow, &Grant::system(Action::ViewLead), lead).await?;
    let stored = stored.ok_or_else(|| AppError::internal("an open lead is gone"))?;
    let entry = NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::LeadFed,
        subject: AnyId::Lead(lead),
        subject_version: stored.version,
        lead: Some(lead),
        actor: Some(caller.actor.user),
        payload: serde_json::json!({ "channel": channel, "fields": filled }),
    };
    Ok(journal::append(uow, &[entry]).await?)
}
