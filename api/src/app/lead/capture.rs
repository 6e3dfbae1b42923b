//! Capture: demand comes in, once.

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::company::{Company, CompanyDraft, CompanyFields};
use fairfall_domain::department::Department;
use fairfall_domain::id::{CampaignId, CompanyId, LeadId, PersonId};
use fairfall_domain::person::{Person, PersonDraft, PersonFields};
use fairfall_domain::routing::place::Wish;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::capture::{self as domain, CaptureDraws, CaptureOrder, origin_of};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::lead::{Direction, Lead, Origin};
use fairfall_domain::waterfall::track::Track;
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::{ExternalRef, Named};
use fairfall_persistence::{DatabaseFault, StoreError, UnitOfWork};

use crate::app::draft::{DemandInput, DemandRead};
use crate::app::idempotency::{Keyed, Once, once};
use crate::app::person::{ConsentInput, check_company, with_consents};
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

use super::resume::reactivate;

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
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// What came of a capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The lead; nothing when it existed and the caller may not see it.
    pub lead: Option<Lead>,
    /// Whether it existed before: same idempotency key, same external name, or a resting lead that this new behaviour brought back.
    pub existed: bool,
}

/// The longest name of an outside system, in characters.
const SOURCE_CHARS_MAX: usize = 100;
/// The longest id in an outside system, in characters.
const EXTERNAL_ID_CHARS_MAX: usize = 200;

/// Captures a lead.
///
/// # Errors
/// All faults of the input at once; `DuplicateLead` when the person has an open lead for the same product area.
#[tracing::instrument(name = "app.lead.capture", skip_all)]
pub async fn capture(app: &App, caller: &Caller, input: CaptureInput) -> Result<Captured, AppError> {
    caller.must(Action::CaptureLead)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let read = std::sync::Arc::new(read(input, caller)?);
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, read, rules, keyed) = (app.clone(), caller.clone(), read.clone(), rules.clone(), keyed.clone());
            Box::pin(async move {
                let now = app.now();
                let work = || async { capture_once(&app, &caller, uow, &read, &rules).await };
                match once::<LeadId, _, _>(uow, &caller, "leadCapture", keyed.as_ref(), now, work).await? {
                    Once::New(captured) => Ok(captured),
                    Once::Before(id) => captured_before(&caller, uow, id).await,
                }
            })
        })
        .await
}

/// A capture whose input was read.
struct Read {
    person: PersonRead,
    company: Option<CompanyRead>,
    campaign: Option<CampaignId>,
    channel: Option<Channel>,
    direction: Direction,
    track: Option<String>,
    origin: Department,
    demand: DemandRead,
    consents: Vec<ConsentInput>,
    wish: Wish,
    external: Option<ExternalRef>,
}

enum PersonRead {
    Existing(PersonId),
    New(Box<PersonFields>),
}

enum CompanyRead {
    Existing(CompanyId),
    New(Box<CompanyFields>),
}

fn read(input: CaptureInput, caller: &Caller) -> Result<Read, AppError> {
    let mut faults = Violations::new();
    let person = match input.person {
        PersonInput::Existing(id) => Some(PersonRead::Existing(id)),
        PersonInput::Draft(draft) => {
            nested(&mut faults, "person.new", draft.parse()).map(|fields| PersonRead::New(Box::new(fields)))
        }
    };
    let company = input.company.and_then(|company| match company {
        CompanyInput::Existing(id) => Some(CompanyRead::Existing(id)),
        CompanyInput::Draft(draft) => {
            nested(&mut faults, "company.new", draft.parse()).map(|fields| CompanyRead::New(Box::new(fields)))
        }
    });
    let demand = input.demand.read(&mut faults);
    let external = input.external.and_then(|external| read_external(&mut faults, external));
    let own = origin_of(caller.department());
    let origin = input.origin.unwrap_or(own);
    if origin != own && caller.must(Action::ManageTrack).is_err() {
        faults.add("origin", ViolationCode::Conflict, "only an admin names another department than its own");
    }
    faults.into_result()?;
    let (Some(person), Some(demand)) = (person, demand) else {
        return Err(AppError::internal("a capture without faults was not read"));
    };
    Ok(Read {
        person,
        company,
        campaign: input.campaign,
        channel: input.channel,
        direction: input.direction,
        track: input.track,
        origin,
        demand,
        consents: input.consents,
        wish: input.wish,
        external,
    })
}

fn nested<T>(faults: &mut Violations, prefix: &str, read: Result<T, Violations>) -> Option<T> {
    read.map_err(|inner| faults.nest(prefix, inner)).ok()
}

fn read_external(faults: &mut Violations, external: ExternalRefInput) -> Option<ExternalRef> {
    let fits = |text: &str, chars_max: usize| !text.trim().is_empty() && text.chars().count() <= chars_max;
    let (source, id) = (fits(&external.source, SOURCE_CHARS_MAX), fits(&external.id, EXTERNAL_ID_CHARS_MAX));
    if !source {
        faults.add("external.source", ViolationCode::OutOfRange, format!("1 to {SOURCE_CHARS_MAX} characters are allowed"));
    }
    if !id {
        faults.add("external.id", ViolationCode::OutOfRange, format!("1 to {EXTERNAL_ID_CHARS_MAX} characters are allowed"));
    }
    (source && id).then_some(ExternalRef { source: external.source, external_id: external.id })
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
    let (person, new_person) = person(caller, uow, read, now).await?;
    if let Some(known) = repo::lead::find_open(uow, person.id, read.demand.product_area()).await? {
        return again(app, caller, uow, &known, rules).await;
    }
    let company = company(caller, uow, read, now).await?;
    if new_person {
        check_company(caller, uow, person.company, "person.company").await?;
    }
    let campaign = campaign(uow, read.campaign).await?;
    if new_person {
        repo::person::insert(
            uow,
            &Person { company: person.company.or(company.as_ref().map(|company| company.id)), ..person.clone() },
        )
        .await?;
    }
    let known = Known { person: &person, is_new: new_person, company: company.as_ref(), campaign: campaign.as_ref() };
    let change = decide(caller, read, rules, &known, now)?;
    repo::lead::insert(uow, &change, &caller.stamp(Action::CaptureLead, now, change.events.len())).await?;
    if let Some(external) = &read.external
        && let Named::Taken { .. } = repo::external_ref::put::<LeadId>(uow, external, change.lead.id).await?
    {
        // somebody sent the same at the same moment: done again, this finds what the other made
        return Err(AppError::Contended(StoreError::Conflict(DatabaseFault::new("the external name was just given"))));
    }
    Ok((change.lead.id, Captured { lead: Some(change.lead), existed: false }))
}

async fn captured_before(caller: &Caller, uow: &UnitOfWork, id: LeadId) -> Result<Captured, AppError> {
    let lead = match caller.may(Action::ViewLead) {
        Some(grant) => repo::lead::find(uow, &grant, id).await?,
        None => None,
    };
    Ok(Captured { lead, existed: true })
}

/// The person has such a lead: an open one is a duplicate, a resting one comes back by this new behaviour.
async fn again(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    known: &Lead,
    rules: &Rules,
) -> Result<(LeadId, Captured), AppError> {
    if known.state.is_open() {
        let sees = caller.may(Action::ViewLead).is_some_and(|grant| grant.covers(&known.subject()));
        return Err(Rejection::DuplicateLead { existing: sees.then_some(known.id) }.into());
    }
    reactivate(app, uow, known.id, rules).await?;
    Ok((known.id, captured_before(caller, uow, known.id).await?))
}

/// The person with whether it still has to be stored.
async fn person(
    caller: &Caller,
    uow: &UnitOfWork,
    read: &Read,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Person, bool), AppError> {
    let grant = caller.must(Action::CaptureLead)?;
    match &read.person {
        PersonRead::Existing(id) => {
            let view = caller.must(Action::ViewPerson)?;
            let found = repo::person::find(uow, &view, *id).await?.ok_or_else(|| AppError::not_found("person.id"))?;
            Ok((learn(uow, found, &read.consents, now).await?, false))
        }
        PersonRead::New(fields) => {
            if let Some(email) = &fields.email
                && let Some(known) = repo::person::find_for_capture(uow, &grant, &email.key()).await?
            {
                return Ok((learn(uow, known, &read.consents, now).await?, false));
            }
            let person = Person::new(new_id(), (**fields).clone(), now);
            Ok((with_consents(person, &read.consents, now), true))
        }
    }
}

/// A known person with the consents that came with the capture. A capture never takes a withdrawal back.
async fn learn(
    uow: &UnitOfWork,
    known: Person,
    consents: &[ConsentInput],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Person, AppError> {
    let learned = with_consents(known.clone(), consents, now);
    if learned.consents == known.consents {
        return Ok(known);
    }
    let learned = Person { version: known.version.saturating_add(1), updated_at: now, ..learned };
    repo::person::update(uow, &learned, known.version).await?;
    Ok(learned)
}

async fn company(
    caller: &Caller,
    uow: &UnitOfWork,
    read: &Read,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<Company>, AppError> {
    let grant = caller.must(Action::CaptureLead)?;
    match &read.company {
        None => Ok(None),
        Some(CompanyRead::Existing(id)) => {
            let view = caller.must(Action::ViewCompany)?;
            let found = repo::company::find(uow, &view, *id).await?;
            Ok(Some(found.ok_or_else(|| AppError::not_found("company.id"))?))
        }
        Some(CompanyRead::New(fields)) => {
            let known = repo::company::find_by_name_key_and_country(uow, &grant, &fields.name.key(), fields.country).await?;
            if known.is_some() {
                return Ok(known);
            }
            let company = Company::new(new_id(), (**fields).clone(), now);
            repo::company::insert(uow, &company).await?;
            Ok(Some(company))
        }
    }
}

async fn campaign(uow: &UnitOfWork, id: Option<CampaignId>) -> Result<Option<Campaign>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let missing = || AppError::not_found("campaign");
    // whoever captures may name a campaign that it was told of, also a partner who cannot list them
    let grant = Grant::system(Action::ViewCampaign);
    Ok(Some(repo::campaign::find(uow, &grant, id).await?.ok_or_else(missing)?))
}

/// Whom and what a capture is about.
#[derive(Clone, Copy)]
struct Known<'a> {
    person: &'a Person,
    is_new: bool,
    company: Option<&'a Company>,
    campaign: Option<&'a Campaign>,
}

fn decide(
    caller: &Caller,
    read: &Read,
    rules: &Rules,
    known: &Known<'_>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Change, AppError> {
    let Known { person, is_new, company, campaign } = *known;
    // what is known of a person fills gaps only for those who may know it
    let may_know = is_new || caller.may(Action::ViewPerson).is_some();
    let demand = read.demand.clone().complete(may_know.then_some(person), company.filter(|_| may_know));
    let track = match &read.track {
        Some(key) => rules.newest(key).ok_or_else(|| AppError::not_found("track"))?,
        None => default_track(rules, demand.value.as_ref())?,
    };
    let channel = read.channel.or_else(|| campaign.map(|campaign| campaign.channel)).unwrap_or(Channel::Unknown);
    let order = CaptureOrder {
        draws: CaptureDraws { lead: new_id(), passage: new_id(), transition: new_id(), opportunity: new_id() },
        person: person.id,
        company: company.map(|company| company.id).or(person.company),
        origin: Origin {
            department: read.origin,
            direction: read.direction,
            channel,
            campaign: read.campaign,
            captured_by: Some(caller.actor.user),
        },
        demand,
        wish: read.wish,
    };
    Ok(domain::capture(order, track, &rules.roster, now)?)
}

fn default_track<'a>(rules: &'a Rules, value: Option<&fairfall_domain::value::Money>) -> Result<&'a Track, AppError> {
    rules.track_for(value).ok_or_else(|| AppError::internal("the price bands name a track that is not stored"))
}
