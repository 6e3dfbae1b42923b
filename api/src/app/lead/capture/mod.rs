//! Capture: demand comes in, once. What comes in is read ([`read`]), then attached to the person and company it belongs to ([`party`]), then
//! decided by the domain ([`decide`]).

mod consent;
mod decide;
mod matching;
mod party;
mod quality;
mod read;
mod routing;
mod score;

use fairfall_domain::access::Action;
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::CompanyDraft;
use fairfall_domain::department::Department;
use fairfall_domain::id::{CampaignId, CompanyId, LeadId, PersonId};
use fairfall_domain::person::{Person, PersonDraft};
use fairfall_domain::quality::Finding;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::waterfall::lead::{Direction, Lead};
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::Named;
use fairfall_persistence::{DatabaseFault, StoreError, UnitOfWork};

use crate::app::consent::ConsentInput;
use crate::app::draft::DemandInput;
use crate::app::enrichment::visitor::VisitorInput;
use crate::app::forecast::opening;
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::person::check_company;
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller, Rejection};

use super::resume::reactivate;
use decide::Known;
use read::Read;

/// The person of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonInput {
    /// Somebody known.
    Existing(PersonId),
    /// Somebody described; an exact match of the e-mail address attaches to the known person.
    Draft(Box<PersonDraft>),
}

/// The company of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyInput {
    /// A known one.
    Existing(CompanyId),
    /// One described; an exact match of the name's normal form and country attaches to the known company.
    Draft(Box<CompanyDraft>),
}

/// The name another system has for the lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalRefInput {
    /// The system.
    pub source: String,
    /// Its id there.
    pub id: String,
}

/// Demand as it comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureInput {
    /// Whose it is.
    pub person: PersonInput,
    /// The company.
    pub company: Option<CompanyInput>,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// The channel; the campaign's when absent.
    pub channel: Option<Channel>,
    /// Who made the first step.
    pub direction: Direction,
    /// The key of a track; chosen by the value's price band when absent.
    pub track: Option<String>,
    /// The department that created it; only admins name another than their own.
    pub origin: Option<Department>,
    /// What is known of it.
    pub demand: DemandInput,
    /// Consents that came with it.
    pub consents: Vec<ConsentInput>,
    /// Whom it should go to.
    pub wish: Wish,
    /// The name another system has for it.
    pub external: Option<ExternalRefInput>,
    /// The request of the visitor behind it.
    pub visitor: Option<VisitorInput>,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// What came of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The lead; nothing when it existed and the caller may not see it.
    pub lead: Option<Lead>,
    /// Whether it existed before: same idempotency key, same external name, an open lead that this fed, or a resting lead that this new behaviour brought back.
    pub existed: bool,
    /// What the review of a new person and company found; nothing when an earlier request brought them in.
    pub findings: Vec<Finding>,
}

/// Captures a lead.
///
/// # Errors
/// All faults of the input at once; `DuplicateLead` when the person has an open lead for the same product area that the caller may not see.
#[tracing::instrument(name = "app.lead.capture", skip_all)]
pub async fn capture(app: &App, caller: &Caller, input: CaptureInput) -> Result<Captured, AppError> {
    caller.must(Action::CaptureLead)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let rules = app.rules().await?;
    let read = std::sync::Arc::new(read::read(app, input, caller, &rules)?);
    app.store()
        .transact(move |uow| {
            let (app, caller, read, rules, keyed) = (app.clone(), caller.clone(), read.clone(), rules.clone(), keyed.clone());
            Box::pin(async move {
                let now = app.now();
                let work = || async { capture_once(&app, &caller, uow, &read, &rules).await };
                match once::<LeadId, _, _>(uow, &caller, "leadCapture", keyed.as_ref(), now, work).await? {
                    Once::New(captured) => Ok(Captured { findings: read.findings.clone(), ..captured }),
                    Once::Before(id) => captured_before(&caller, uow, id).await,
                }
            })
        })
        .await
}

async fn capture_once(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    read: &Read,
    rules: &Rules,
) -> Result<(LeadId, Captured), AppError> {
    if let Some(external) = &read.external
        && let Some(id) = repo::external_ref::find::<LeadId>(uow, external).await?
    {
        return Ok((id, captured_before(caller, uow, id).await?));
    }
    let now = app.now();
    let (person, new_person) = party::person(caller, uow, read, now).await?;
    if let Some(known) = repo::lead::find_open(uow, person.id, read.demand.product_area()).await? {
        return again(app, caller, uow, &known, read, rules).await;
    }
    let company = party::company(caller, uow, read, now).await?;
    if new_person {
        check_company(caller, uow, person.company, "person.company").await?;
    }
    let campaign = party::campaign(uow, read.campaign).await?;
    let mut stored = None;
    if new_person {
        let new = Person { company: person.company.or(company.as_ref().map(|company| company.id)), ..person.clone() };
        repo::person::insert(uow, &new).await?;
        consent::keep_new(caller, uow, &new, &read.consents, now).await?;
        stored = Some(new);
    }
    let known = Known { person: &person, is_new: new_person, company: company.as_ref(), campaign: campaign.as_ref() };
    let mut change = decide::decide(caller, read, rules, &known, now)?;
    let looked = score::begin(uow, rules, &mut change, &known, now).await?;
    routing::begin(uow, rules, &mut change, &known, read.wish, now).await?;
    repo::lead::insert(uow, &change, &caller.stamp(Action::CaptureLead, now, change.entries())).await?;
    opening::captured(uow, &change.lead, &person, company.as_ref(), now).await?;
    if let Some(external) = &read.external
        && let Named::Taken { .. } = repo::external_ref::put::<LeadId>(uow, external, change.lead.id).await?
    {
        // somebody sent the same at the same moment: done again, this finds what the other made
        return Err(AppError::Contended(StoreError::Conflict(DatabaseFault::new("the external name was just given"))));
    }
    let made = company.as_ref().filter(|company| company.version == 1 && company.created_at == now);
    matching::propose(caller, uow, change.lead.id, stored.as_ref(), made, now).await?;
    let lead = score::settle(uow, rules, change.lead, &looked, caller, now).await?;
    Ok((lead.id, Captured { lead: Some(lead), existed: false, findings: Vec::new() }))
}

async fn captured_before(caller: &Caller, uow: &UnitOfWork, id: LeadId) -> Result<Captured, AppError> {
    let lead = match caller.may(Action::ViewLead) {
        Some(grant) => repo::lead::find(uow, &grant, id).await?,
        None => None,
    };
    Ok(Captured { lead, existed: true, findings: Vec::new() })
}

/// The person has such a lead: an open one is fed, unless the caller may not see it, and a resting one comes back by this new behaviour.
async fn again(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    known: &Lead,
    read: &Read,
    rules: &Rules,
) -> Result<(LeadId, Captured), AppError> {
    if known.state.is_open() {
        if !caller.may(Action::ViewLead).is_some_and(|grant| grant.covers(&known.subject())) {
            return Err(Rejection::DuplicateLead { existing: None }.into());
        }
        matching::feed(app, caller, uow, known, read, rules).await?;
        return Ok((known.id, captured_before(caller, uow, known.id).await?));
    }
    reactivate(app, uow, known.id, rules).await?;
    score::came_back(uow, rules, known.id, caller, app.now()).await?;
    Ok((known.id, captured_before(caller, uow, known.id).await?))
}
