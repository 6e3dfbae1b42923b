//! Leads: what a caller may see of them, and the acts.

mod acts;
mod capture;
mod command;
mod resume;
mod routing;
mod update;

use std::collections::BTreeMap;

use fairfall_domain::access::Action;
use fairfall_domain::id::{CompanyId, LeadId, PassageId, PersonId};
use fairfall_domain::opportunity::Opportunity;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::transition::Transition;
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::ExternalRef;
use fairfall_persistence::repo::lead::{LeadFilter, LeadSort, QueueScope};
use fairfall_persistence::{Page, PageArgs};

use super::{App, AppError, Caller};

pub use acts::{ActOption, Blocked, acts};
pub use capture::{CaptureInput, Captured, CompanyInput, ExternalRefInput, PersonInput, capture};
pub use command::{CommandInput, Commanded, command};
pub(super) use command::{authorise, facts, refuse_words, track_of, words_of_erased};
pub use resume::{RESUMED_MAX, Resumed, resume_due};
pub(super) use routing::{Routed, Subject, route_new, routed};
pub use update::{LeadPatch, Updated, update};

/// Counting stops here; lists of this size are searched, not counted.
pub const COUNT_MAX: u64 = 10_000;

/// A lead.
pub async fn find(app: &App, caller: &Caller, id: LeadId) -> Result<Option<Lead>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// A lead by the name another system has for it.
pub async fn find_external(app: &App, caller: &Caller, source: &str, external_id: &str) -> Result<Option<Lead>, AppError> {
    let name = ExternalRef { source: source.to_owned(), external_id: external_id.to_owned() };
    match repo::external_ref::find::<LeadId>(&app.reader(), &name).await? {
        Some(id) => find(app, caller, id).await,
        None => Ok(None),
    }
}

/// Several leads, in no order; what the caller may not see is left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[LeadId]) -> Result<Vec<Lead>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    Ok(repo::lead::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of leads.
#[tracing::instrument(name = "app.lead.page", skip_all)]
pub async fn page(
    app: &App,
    caller: &Caller,
    filter: &LeadFilter,
    sort: LeadSort,
    args: &PageArgs,
) -> Result<Page<Lead>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Page::empty()) };
    Ok(repo::lead::page(&app.reader(), &grant, filter, sort, args).await?)
}

/// A page of the leads of each of some people, changed last first; those without any that the caller may see are left out.
pub async fn of_people(
    app: &App,
    caller: &Caller,
    people: &[PersonId],
    args: &PageArgs,
) -> Result<BTreeMap<PersonId, Page<Lead>>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(BTreeMap::new()) };
    Ok(repo::lead::page_of_people(&app.reader(), &grant, people, args).await?)
}

/// A page of the leads of each of some companies, as [`of_people`].
pub async fn of_companies(
    app: &App,
    caller: &Caller,
    companies: &[CompanyId],
    args: &PageArgs,
) -> Result<BTreeMap<CompanyId, Page<Lead>>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(BTreeMap::new()) };
    Ok(repo::lead::page_of_companies(&app.reader(), &grant, companies, args).await?)
}

/// How many leads a filter finds, exact up to [`COUNT_MAX`].
pub async fn count(app: &App, caller: &Caller, filter: &LeadFilter) -> Result<u64, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(0) };
    Ok(repo::lead::count(&app.reader(), &grant, filter, COUNT_MAX).await?)
}

/// What waits for the caller or the caller's teams, longest waiting first.
#[tracing::instrument(name = "app.lead.queue", skip_all)]
pub async fn queue(app: &App, caller: &Caller, scope: QueueScope, args: &PageArgs) -> Result<Page<Lead>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Page::empty()) };
    Ok(repo::lead::queue_page(&app.reader(), &grant, scope, args).await?)
}

/// The passages of leads, oldest first within each lead.
pub async fn passages(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<Passage>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    Ok(repo::lead::find_passages(&app.reader(), &grant, leads).await?)
}

/// The transitions of leads, oldest first within each lead.
pub async fn transitions(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<Transition>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    let mut found = repo::lead::find_transitions(&app.reader(), &grant, leads).await?;
    if caller.may(Action::ViewPerson).is_none() {
        // free words may hold personal data
        for transition in &mut found {
            transition.note = None;
        }
    }
    Ok(found)
}

/// The opportunities of passages.
pub async fn opportunities(app: &App, caller: &Caller, passages: &[PassageId]) -> Result<Vec<Opportunity>, AppError> {
    let Some(grant) = caller.may(Action::ViewOpportunity) else { return Ok(Vec::new()) };
    Ok(repo::opportunity::find_many_of_passages(&app.reader(), &grant, passages).await?)
}
