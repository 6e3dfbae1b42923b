//! Asks the data provider about a record, and writes what it tells where nothing better is known.

use fairfall_domain::access::Action;
use fairfall_domain::change::Change;
use fairfall_domain::company::{Company, CompanyDraft, CompanyPatch};
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::origin::{FieldOrigin, Origins, Source, company_fields, person_fields};
use fairfall_domain::person::{Person, PersonDraft, PersonPatch};
use fairfall_domain::violation::{Violation, Violations};

use super::provider::{DataProvider, ProviderFault};
use crate::app::{App, AppError, Caller, Rejection, company, person};

/// What came of asking a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enriched<T> {
    /// The record after it.
    pub record: T,
    /// The fields that were written.
    pub filled: Vec<String>,
    /// What the provider told and what was not of the right form, by field.
    pub refused: Vec<Violation>,
}

fn provider(app: &App) -> Result<&DataProvider, AppError> {
    app.provider().ok_or_else(|| Rejection::ProviderFailed(ProviderFault::NotConfigured).into())
}

/// Asks about a company.
///
/// # Errors
/// `NotFound`, `NotAllowed`, `VersionConflict`; `ProviderFailed` when there is no answer, and then nothing changes.
#[tracing::instrument(name = "app.enrichment.company", skip_all)]
pub async fn enrich_company(
    app: &App,
    caller: &Caller,
    id: CompanyId,
    expected: Option<u32>,
) -> Result<Enriched<Company>, AppError> {
    caller.must(Action::UpdateCompany)?;
    let known = company::find(app, caller, id).await?.ok_or_else(|| AppError::not_found("company"))?;
    let provider = provider(app)?;
    let told = provider.company(&known).await.map_err(Rejection::ProviderFailed)?;
    let (patch, refused) = company_patch(&known, told);
    let origin = FieldOrigin { source: Source::Provider, name: Some(provider.key().clone()), at: app.now() };
    let record = company::update_from(app, caller, id, expected.or(Some(known.version)), patch, origin).await?.record;
    let filled = differing(&company_fields(&known), &company_fields(&record));
    Ok(Enriched { record, filled, refused })
}

/// Asks about a person.
///
/// # Errors
/// As [`enrich_company`]; `ProviderFailed` also when people may not be asked about.
#[tracing::instrument(name = "app.enrichment.person", skip_all)]
pub async fn enrich_person(
    app: &App,
    caller: &Caller,
    id: PersonId,
    expected: Option<u32>,
) -> Result<Enriched<Person>, AppError> {
    caller.must(Action::UpdatePerson)?;
    let known = person::find(app, caller, id).await?.ok_or_else(|| AppError::not_found("person"))?;
    let provider = provider(app)?;
    let told = provider.person(&known).await.map_err(Rejection::ProviderFailed)?;
    let (patch, refused) = person_patch(&known, told);
    let origin = FieldOrigin { source: Source::Provider, name: Some(provider.key().clone()), at: app.now() };
    let record = person::update_from(app, caller, id, expected.or(Some(known.version)), patch, origin).await?.record;
    let filled = differing(&person_fields(&known), &person_fields(&record));
    Ok(Enriched { record, filled, refused })
}

fn differing(before: &[(&'static str, Option<String>)], after: &[(&'static str, Option<String>)]) -> Vec<String> {
    before.iter().zip(after).filter(|(before, after)| before != after).map(|((field, _), _)| (*field).to_owned()).collect()
}

/// Tells a field again only where a provider may write it.
fn writes(origins: &Origins, known: &[(&'static str, Option<String>)], field: &str, told: &mut Option<String>) {
    let has_value = known.iter().any(|(name, value)| *name == field && value.is_some());
    if !origins.may_write(field, has_value, Source::Provider) {
        *told = None;
    }
}

/// Leaves out what does not parse, one fault after the other, until the patch holds.
fn settle<P>(
    mut patch: P,
    check: impl Fn(&P) -> Result<(), Violations>,
    clear: impl Fn(&mut P, &str) -> bool,
) -> (P, Vec<Violation>) {
    let mut refused = Vec::new();
    while let Err(faults) = check(&patch) {
        let before = refused.len();
        for fault in faults {
            if clear(&mut patch, &fault.field) {
                refused.push(fault);
            }
        }
        if refused.len() == before {
            break;
        }
    }
    (patch, refused)
}

/// Takes a told field back; false when it was not told.
fn unset(field: &mut Change<String>) -> bool {
    matches!(std::mem::replace(field, Change::Keep), Change::Set(_))
}

fn set(told: Option<String>) -> Change<String> {
    told.map_or(Change::Keep, Change::Set)
}

fn company_patch(known: &Company, mut told: CompanyDraft) -> (CompanyPatch, Vec<Violation>) {
    let values = company_fields(known);
    for (field, value) in [
        ("country", &mut told.country),
        ("subdivision", &mut told.subdivision),
        ("postalCode", &mut told.postal_code),
        ("city", &mut told.city),
        ("industry", &mut told.industry),
        ("employees", &mut told.employees),
        ("website", &mut told.website),
        ("registerNumber", &mut told.register_number),
    ] {
        writes(&known.origins, &values, field, value);
    }
    let patch = CompanyPatch {
        country: set(told.country),
        subdivision: set(told.subdivision),
        postal_code: set(told.postal_code),
        city: set(told.city),
        industry: set(told.industry),
        employees: set(told.employees),
        website: set(told.website),
        register_number: set(told.register_number),
        ..CompanyPatch::default()
    };
    let clear = |patch: &mut CompanyPatch, field: &str| match field {
        "country" => unset(&mut patch.country),
        "subdivision" => unset(&mut patch.subdivision),
        "postalCode" => unset(&mut patch.postal_code),
        "city" => unset(&mut patch.city),
        "industry" => unset(&mut patch.industry),
        "employees" => unset(&mut patch.employees),
        "website" => unset(&mut patch.website),
        "registerNumber" => unset(&mut patch.register_number),
        _ => false,
    };
    settle(patch, |patch| patch.parse(known).map(drop), clear)
}

fn person_patch(known: &Person, mut told: PersonDraft) -> (PersonPatch, Vec<Violation>) {
    let values = person_fields(known);
    for (field, value) in [
        ("phone", &mut told.phone),
        ("language", &mut told.language),
        ("country", &mut told.country),
        ("subdivision", &mut told.subdivision),
        ("postalCode", &mut told.postal_code),
        ("city", &mut told.city),
        ("jobTitle", &mut told.job_title),
    ] {
        writes(&known.origins, &values, field, value);
    }
    let patch = PersonPatch {
        phone: set(told.phone),
        language: set(told.language),
        country: set(told.country),
        subdivision: set(told.subdivision),
        postal_code: set(told.postal_code),
        city: set(told.city),
        job_title: set(told.job_title),
        ..PersonPatch::default()
    };
    let clear = |patch: &mut PersonPatch, field: &str| match field {
        "phone" => unset(&mut patch.phone),
        "language" => unset(&mut patch.language),
        "country" => unset(&mut patch.country),
        "subdivision" => unset(&mut patch.subdivision),
        "postalCode" => unset(&mut patch.postal_code),
        "city" => unset(&mut patch.city),
        "jobTitle" => unset(&mut patch.job_title),
        _ => false,
    };
    settle(patch, |patch| patch.parse(known).map(drop), clear)
}
