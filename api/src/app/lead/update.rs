//! Updates of what is known of a demand. When the value changes its price band, the lead moves to that band's track by itself.

use fairfall_domain::access::{Action, Grant};
use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::change::Change as Patch;
use fairfall_domain::id::{CompanyId, LeadId};
use fairfall_domain::value::{Code, CountryCode, LanguageTag, Money, PostalCode, ShortText};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::bant::{Authority, Budget, Need};
use fairfall_domain::waterfall::change::Outcome;
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_domain::waterfall::lead::{ATTRIBUTES_MAX, Demand, Lead};
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::update::{self as domain, UpdateOrder};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::Dossier;

use crate::app::draft::{AttributeInput, MoneyInput, check_timeline, read_attribute, read_money, read_subdivision};
use crate::app::rules::Rules;
use crate::app::score::{self, Occasion};
use crate::app::{App, AppError, Caller, Rejection};

use super::command::{authorise, facts, refuse_words, save, track_of};

/// Changes of what is known; what is kept is not named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadPatch {
    /// The lead.
    pub lead: LeadId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// What they may buy.
    pub product_area: Patch<String>,
    /// A short name for lists.
    pub title: Patch<String>,
    /// The expected value.
    pub value: Patch<MoneyInput>,
    /// BANT: the budget.
    pub budget: Patch<Budget>,
    /// BANT: the authority.
    pub authority: Patch<Authority>,
    /// BANT: the need.
    pub need: Patch<Need>,
    /// BANT: months until the purchase.
    pub timeline_months: Patch<i64>,
    /// Country code.
    pub country: Patch<String>,
    /// Subdivision code.
    pub subdivision: Patch<String>,
    /// Postal code.
    pub postal_code: Patch<String>,
    /// Language tag.
    pub language: Patch<String>,
    /// The company.
    pub company: Patch<CompanyId>,
    /// Custom attributes to set, or to remove where none is given.
    pub attributes: Vec<(String, Option<AttributeInput>)>,
}

/// What came of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Updated {
    /// The lead after it.
    pub lead: Lead,
    /// Whether nothing changed.
    pub already_done: bool,
    /// Why the lead did not move to the track of its new price band; the update itself was stored.
    pub retrack: Option<Refusal>,
}

/// Changes what is known of a lead.
///
/// # Errors
/// All faults of the input at once; `NotFound`, `NotAllowed`, `VersionConflict`; `Closed` for closed leads.
#[tracing::instrument(name = "app.lead.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: LeadPatch) -> Result<Updated, AppError> {
    let rules = app.rules().await?;
    let patch = std::sync::Arc::new(patch);
    app.store()
        .transact(move |uow| {
            let (app, caller, patch, rules) = (app.clone(), caller.clone(), patch.clone(), rules.clone());
            Box::pin(async move { update_once(&app, &caller, uow, &patch, &rules).await })
        })
        .await
}

async fn update_once(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    patch: &LeadPatch,
    rules: &Rules,
) -> Result<Updated, AppError> {
    let mut dossier = repo::lead::load_for_command(uow, patch.lead).await?.ok_or_else(|| AppError::not_found("lead"))?;
    authorise(caller, &dossier.lead, Action::UpdateLead)?;
    if patch.expected_version.is_some_and(|expected| expected != dossier.lead.version) {
        return Err(Rejection::VersionConflict { current: Some(dossier.lead.version) }.into());
    }
    refuse_words(&dossier, &personal(patch))?;
    let order = read(patch, &dossier.lead, &rules.attributes)?;
    if let Some(company) = order.company.filter(|company| Some(*company) != dossier.lead.company) {
        let view = caller.must(Action::ViewCompany)?;
        repo::company::find(uow, &view, company).await?.ok_or_else(|| AppError::not_found("company"))?;
    }
    let now = app.now();
    let expected = dossier.lead.version;
    let value_before = dossier.lead.demand.value;
    match domain::update(&dossier.lead, &dossier.passage, order, track_of(rules, &dossier.lead)?, now)? {
        Outcome::AlreadyDone => Ok(Updated { lead: dossier.lead, already_done: true, retrack: None }),
        Outcome::Done(change) => {
            save(uow, &change, expected, caller, Action::UpdateLead, now).await?;
            dossier.lead = change.lead;
            let retrack = follow_band(app, caller, uow, &mut dossier, value_before, rules).await?;
            let lead = dossier.lead.id;
            score::refresh(uow, rules, &[], &[lead], &Occasion::of(caller, Cause::Circumstance, now)).await?;
            // what was learned may have changed the score, and the score may have taken the lead further
            let now_known = repo::lead::find(uow, &Grant::system(Action::ViewLead), lead).await?;
            Ok(Updated { lead: now_known.unwrap_or(dossier.lead), already_done: false, retrack })
        }
    }
}

/// Moves a lead on a banded track to the track of its value; tells the refusal when its stage is not on that track.
pub(super) async fn follow_band(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    dossier: &mut Dossier,
    value_before: Option<Money>,
    rules: &Rules,
) -> Result<Option<Refusal>, AppError> {
    let band = |value: Option<&Money>| rules.bands.track_for(value).clone();
    let Some(value) = dossier.lead.demand.value else { return Ok(None) };
    let crossed = band(value_before.as_ref()) != band(Some(&value));
    let Some(target) = rules.track_for(Some(&value)).filter(|_| crossed) else { return Ok(None) };
    // a track that was chosen by hand beside the bands is kept
    if !dossier.lead.state.is_open()
        || !rules.is_banded(dossier.lead.track.key.as_str())
        || *target.key() == dossier.lead.track.key
    {
        return Ok(None);
    }
    let order = Order { command: Command::Retrack { track: target.key().clone() }, note: None };
    let now = app.now();
    let rules = &*rules.knowing(uow, dossier).await?;
    let campaign = rules.campaign(uow, &dossier.lead).await?;
    let change = {
        let facts = facts(dossier, campaign.as_ref(), rules, ActingParty::ITSELF, &order.command, None)?;
        match execute(&dossier.lead, &dossier.passage, &order, &facts, now) {
            Ok(Outcome::Done(change)) => change,
            Ok(Outcome::AlreadyDone) => return Ok(None),
            Err(refusal) => return Ok(Some(refusal)),
        }
    };
    save(uow, &change, dossier.lead.version, caller, Act::Retrack.action(), now).await?;
    dossier.lead = change.lead;
    Ok(None)
}

/// The fields that a patch sets and that an erasure empties.
fn personal(patch: &LeadPatch) -> Vec<&'static str> {
    let texts = [
        ("title", &patch.title),
        ("subdivision", &patch.subdivision),
        ("postalCode", &patch.postal_code),
        ("language", &patch.language),
    ];
    let texts = texts.into_iter().filter(|(_, text)| matches!(text, Patch::Set(_))).map(|(field, _)| field);
    let attributes = patch.attributes.iter().any(|(_, value)| value.is_some()).then_some("attributes");
    texts.chain(attributes).collect()
}

fn read(patch: &LeadPatch, lead: &Lead, defined: &AttributeBook) -> Result<UpdateOrder, Violations> {
    let mut faults = Violations::new();
    let mut demand = lead.demand.clone();
    read_place(patch, &mut demand, &mut faults);
    read_facts(patch, &mut demand, &mut faults);
    read_attributes(patch, &mut demand, defined, &mut faults);
    let company = match &patch.company {
        Patch::Keep => lead.company,
        Patch::Clear => None,
        Patch::Set(company) => Some(*company),
    };
    faults.into_result()?;
    Ok(UpdateOrder { demand, company })
}

/// Sets an optional field from a patch of text.
fn set<T>(
    faults: &mut Violations,
    field: &str,
    patch: &Patch<String>,
    target: &mut Option<T>,
    parse: impl FnOnce(&str) -> Result<T, fairfall_domain::value::ValueError>,
) {
    match patch {
        Patch::Keep => {}
        Patch::Clear => *target = None,
        Patch::Set(text) => *target = faults.check_optional(field, Some(text), parse),
    }
}

fn read_place(patch: &LeadPatch, demand: &mut Demand, faults: &mut Violations) {
    set(faults, "country", &patch.country, &mut demand.country, CountryCode::parse);
    let country = demand.country;
    match &patch.subdivision {
        Patch::Keep => demand.subdivision = demand.subdivision.filter(|subdivision| Some(subdivision.country()) == country),
        Patch::Clear => demand.subdivision = None,
        Patch::Set(text) => demand.subdivision = read_subdivision(faults, Some(text), country),
    }
    set(faults, "postalCode", &patch.postal_code, &mut demand.postal_code, |text| PostalCode::parse(text, country));
    set(faults, "language", &patch.language, &mut demand.language, LanguageTag::parse);
}

fn read_facts(patch: &LeadPatch, demand: &mut Demand, faults: &mut Violations) {
    match &patch.product_area {
        Patch::Keep => {}
        Patch::Clear => faults.add("productArea", ViolationCode::Required, "must be given"),
        Patch::Set(text) => {
            if let Some(area) = faults.check_required("productArea", Some(text), Code::parse) {
                demand.product_area = area;
            }
        }
    }
    set(faults, "title", &patch.title, &mut demand.title, ShortText::parse);
    match &patch.value {
        Patch::Keep => {}
        Patch::Clear => demand.value = None,
        Patch::Set(typed) => demand.value = read_money(faults, "value", typed),
    }
    demand.bant.budget = patch.budget.apply(demand.bant.budget);
    demand.bant.authority = patch.authority.apply(demand.bant.authority);
    demand.bant.need = patch.need.apply(demand.bant.need);
    match patch.timeline_months {
        Patch::Keep => {}
        Patch::Clear => demand.bant.timeline_months = None,
        Patch::Set(months) => demand.bant.timeline_months = Some(u16::try_from(months).unwrap_or(u16::MAX)),
    }
    check_timeline(faults, &demand.bant);
}

fn read_attributes(patch: &LeadPatch, demand: &mut Demand, defined: &AttributeBook, faults: &mut Violations) {
    for (key, value) in &patch.attributes {
        let field = format!("attributes.{key}");
        let Some(key) = faults.check(&field, Code::parse(key)) else { continue };
        match value {
            None => drop(demand.attributes.remove(&key)),
            Some(typed) => {
                if let Some(read) = faults.check(&field, read_attribute(&key, typed, defined)) {
                    demand.attributes.insert(key, read);
                }
            }
        }
    }
    if demand.attributes.len() > ATTRIBUTES_MAX {
        faults.add("attributes", ViolationCode::TooLong, format!("at most {ATTRIBUTES_MAX} attributes are allowed"));
    }
}
