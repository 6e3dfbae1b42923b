//! Agreements: read by everybody who works under them, written by the managers of the two departments, in force when both have signed.

mod keep;
mod replay;
mod scope;
mod sign;
mod write;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Scope};
use fairfall_domain::agreement::{Agreement, AgreementFault, AgreementRefusal};
use fairfall_domain::id::AgreementId;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::agreement::AgreementFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork, repo};

use super::{App, AppError, Caller, Rejection};

pub use keep::note_successors;
pub use replay::{REPLAY_DAYS_MAX, REPLAY_LEADS_MAX, Replayed, replay};
pub use sign::{Signed, sign};
pub use write::{AgreementDraft, AgreementUpdate, delete, draft, propose, update, withdraw};

/// The kind of thing in audit rows.
const KIND: &str = AgreementId::PREFIX;

/// A page of the versions of agreements that meet a filter, by key, the first version of each first.
#[tracing::instrument(name = "app.agreement.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: &AgreementFilter, args: &PageArgs) -> Result<Page<Agreement>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Page::empty());
    }
    let now = app.now();
    let page = repo::agreement::page(&app.reader(), filter, now, args).await?;
    // not the rules, which may be a moment old: a version is shown as what it was found as
    let signed = repo::agreement::signed(&app.reader()).await?;
    Ok(page.map(|agreement| shown(agreement, signed.all(), now)))
}

/// Some versions, in no order.
pub async fn find_many(app: &App, caller: &Caller, ids: &[AgreementId]) -> Result<Vec<Agreement>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Vec::new());
    }
    let found = repo::agreement::find_many(&app.reader(), ids).await?;
    let (rules, now) = (app.rules().await?, app.now());
    Ok(found.into_iter().map(|agreement| shown(agreement, rules.agreements.all(), now)).collect())
}

/// The agreements of other keys that are as narrow for some lead, so that it is not their scope which decides between them.
pub async fn overlapping(app: &App, caller: &Caller, own: &Agreement) -> Result<Vec<Agreement>, AppError> {
    if caller.may(Action::ViewAgreement).is_none() {
        return Ok(Vec::new());
    }
    let (rules, now) = (app.rules().await?, app.now());
    Ok(rules.agreements.overlapping(own, now).cloned().collect())
}

/// A version as it stands at the time of reading: its successor's date may have come since it was written.
fn shown(agreement: Agreement, versions: &[Agreement], now: DateTime<Utc>) -> Agreement {
    Agreement { state: agreement.state_at(versions, now), ..agreement }
}

/// A version with all of its key, held until the unit of work ends.
async fn held(caller: &Caller, uow: &UnitOfWork, id: AgreementId) -> Result<(Agreement, Vec<Agreement>), AppError> {
    let missing = || AppError::not_found("agreement");
    caller.may(Action::ViewAgreement).ok_or_else(missing)?;
    let seen = repo::agreement::find_many(uow, &[id]).await?.pop().ok_or_else(missing)?;
    let versions = repo::agreement::of_key(uow, &seen.key).await?;
    let version = versions.iter().find(|version| version.id == id).cloned().ok_or_else(missing)?;
    Ok((version, versions))
}

/// The caller must be an admin or a manager of one of the two departments.
fn authorise(caller: &Caller, agreement: &Agreement) -> Result<(), AppError> {
    let action = Action::ManageAgreement;
    let grant = caller.must(action)?;
    let reaches = match grant.scope() {
        Scope::All => true,
        Scope::Department => grant.department().is_some_and(|own| own == agreement.giving || own == agreement.taking),
        Scope::Team | Scope::Pool | Scope::Own => false,
    };
    if reaches { Ok(()) } else { Err(Rejection::NotAllowed { action }.into()) }
}

/// The revision that is written over; the caller must have read it.
fn expected(typed: Option<u32>, current: u32) -> Result<u32, AppError> {
    match typed.filter(|typed| *typed != current) {
        Some(_) => Err(Rejection::VersionConflict { current: Some(current) }.into()),
        None => Ok(current),
    }
}

/// What the domain made of it, with the faults that only the database shows.
fn whole(mut faults: Violations, made: Result<Agreement, AgreementFault>) -> Result<Agreement, AppError> {
    match made {
        Ok(agreement) => {
            faults.into_result()?;
            Ok(agreement)
        }
        Err(AgreementFault::Refused(refusal)) => Err(refusal.into()),
        Err(AgreementFault::Invalid(more)) => {
            faults.append(more);
            Err(faults.into())
        }
    }
}

impl From<AgreementRefusal> for AppError {
    fn from(refusal: AgreementRefusal) -> Self {
        Rejection::AgreementRefused(refusal).into()
    }
}
