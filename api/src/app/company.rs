//! Companies.

use fairfall_domain::access::Action;
use fairfall_domain::company::{Company, CompanyDraft, CompanyPatch};
use fairfall_domain::id::CompanyId;
use fairfall_domain::origin::{FieldOrigin, Source};
use fairfall_domain::quality::{review_company, review_company_change};
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::repo;
use fairfall_persistence::repo::company::CompanyFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork};

use crate::clock::new_id;

use super::duplicate::{Finder, seek_companies};
use super::idempotency::{Keyed, Once, once};
use super::merge::refuse_merged_away;
use super::quality::Checked;
use super::score::{self, Occasion};
use super::{App, AppError, Caller, Rejection};

/// A company.
pub async fn find(app: &App, caller: &Caller, id: CompanyId) -> Result<Option<Company>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// Several companies, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[CompanyId]) -> Result<Vec<Company>, AppError> {
    let Some(grant) = caller.may(Action::ViewCompany) else { return Ok(Vec::new()) };
    Ok(repo::company::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of companies, last changed first.
#[tracing::instrument(name = "app.company.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: &CompanyFilter, args: &PageArgs) -> Result<Page<Company>, AppError> {
    let Some(grant) = caller.may(Action::ViewCompany) else { return Ok(Page::empty()) };
    Ok(repo::company::page(&app.reader(), &grant, filter, args).await?)
}

/// Stores a new company.
///
/// # Errors
/// All faults of the draft at once.
#[tracing::instrument(name = "app.company.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, draft: CompanyDraft, key: Option<String>) -> Result<Checked<Company>, AppError> {
    caller.must(Action::UpdateCompany)?;
    let keyed = Keyed::read(key.as_deref(), &draft)?;
    let now = app.now();
    let (fields, findings) = review_company(draft, &app.rules().await?.quality).read()?;
    let company = Company::new(new_id(), fields, now).noting(None, &FieldOrigin::of(Source::User, now));
    app.store()
        .transact(move |uow| {
            let (caller, keyed, company, findings) = (caller.clone(), keyed.clone(), company.clone(), findings.clone());
            Box::pin(async move {
                let work = || async {
                    check_owner(&caller, uow, &company).await?;
                    repo::company::insert(uow, &company).await?;
                    seek_companies(uow, std::slice::from_ref(&company), &Finder::of(&caller, now)).await?;
                    caller.audit(uow, Action::UpdateCompany, "company", company.id.uuid(), now).await?;
                    Ok((company.id, company.clone()))
                };
                match once::<CompanyId, _, _>(uow, &caller, "companyCreate", keyed.as_ref(), now, work).await? {
                    Once::New(record) => Ok(Checked { record, findings }),
                    Once::Before(id) => {
                        let grant = caller.must(Action::ViewCompany)?;
                        let known = repo::company::find(uow, &grant, id).await?;
                        known.map(Checked::unseen).ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await
}

/// The owner must be a user whom the caller knows.
async fn check_owner(caller: &Caller, uow: &UnitOfWork, company: &Company) -> Result<(), AppError> {
    let Some(owner) = company.owner else { return Ok(()) };
    let missing = || AppError::not_found("owner");
    let view = caller.may(Action::ViewUser).ok_or_else(missing)?;
    repo::user::find(uow, &view, owner).await?.map(drop).ok_or_else(missing)
}

/// Changes a company.
///
/// # Errors
/// All faults of the patch at once; `NotFound`, `VersionConflict`; `MergeRefused` for what was merged into another.
#[tracing::instrument(name = "app.company.update", skip_all)]
pub async fn update(
    app: &App,
    caller: &Caller,
    id: CompanyId,
    expected: Option<u32>,
    patch: CompanyPatch,
) -> Result<Checked<Company>, AppError> {
    let typed = FieldOrigin::of(Source::User, app.now());
    update_from(app, caller, id, expected, patch, typed).await
}

/// Changes a company on the word of any source.
pub(super) async fn update_from(
    app: &App,
    caller: &Caller,
    id: CompanyId,
    expected: Option<u32>,
    patch: CompanyPatch,
    origin: FieldOrigin,
) -> Result<Checked<Company>, AppError> {
    let view = caller.may(Action::ViewCompany).ok_or_else(|| AppError::not_found("company"))?;
    let grant = caller.must(Action::UpdateCompany)?;
    let now = app.now();
    let (patch, origin) = (std::sync::Arc::new(patch), std::sync::Arc::new(origin));
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (caller, grant, view, patch) = (caller.clone(), grant.clone(), view.clone(), patch.clone());
            let (rules, origin) = (rules.clone(), origin.clone());
            Box::pin(async move {
                let Some(seen) = repo::company::load_for_command(uow, &view, id).await? else {
                    refuse_merged_away::<Company>(uow, &caller, id).await?;
                    return Err(AppError::not_found("company"));
                };
                if repo::company::find(uow, &grant, id).await?.is_none() {
                    return Err(Rejection::NotAllowed { action: Action::UpdateCompany }.into());
                }
                let expected = expected.unwrap_or(seen.version);
                if expected != seen.version {
                    return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                }
                let (fields, findings) = review_company_change(&seen, &patch, &rules.quality).read()?;
                let changed = seen.revise(fields, now).noting(Some(&seen), &origin);
                check_owner(&caller, uow, &changed).await?;
                repo::company::update(uow, &changed, expected).await?;
                seek_companies(uow, std::slice::from_ref(&changed), &Finder::of(&caller, now)).await?;
                score::refresh_company(uow, &rules, id, &Occasion::of(&caller, Cause::Circumstance, now)).await?;
                caller.audit(uow, Action::UpdateCompany, "company", id.uuid(), now).await?;
                Ok(Checked { record: changed, findings })
            })
        })
        .await
}
