//! Campaigns.

use fairfall_domain::access::Action;
use fairfall_domain::campaign::{Campaign, CampaignDraft, CampaignPatch};
use fairfall_domain::id::CampaignId;
use fairfall_persistence::repo;
use fairfall_persistence::repo::campaign::CampaignFilter;
use fairfall_persistence::{Page, PageArgs};

use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};

/// A campaign.
pub async fn find(app: &App, caller: &Caller, id: CampaignId) -> Result<Option<Campaign>, AppError> {
    Ok(find_many(app, caller, &[id]).await?.pop())
}

/// A campaign by its key.
pub async fn find_by_key(app: &App, caller: &Caller, key: &str) -> Result<Option<Campaign>, AppError> {
    let Some(grant) = caller.may(Action::ViewCampaign) else { return Ok(None) };
    Ok(repo::campaign::find_by_key(&app.reader(), &grant, key).await?)
}

/// Several campaigns, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[CampaignId]) -> Result<Vec<Campaign>, AppError> {
    let Some(grant) = caller.may(Action::ViewCampaign) else { return Ok(Vec::new()) };
    Ok(repo::campaign::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of campaigns, last changed first.
#[tracing::instrument(name = "app.campaign.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: CampaignFilter, args: &PageArgs) -> Result<Page<Campaign>, AppError> {
    let Some(grant) = caller.may(Action::ViewCampaign) else { return Ok(Page::empty()) };
    Ok(repo::campaign::page(&app.reader(), &grant, filter, args).await?)
}

fn key_taken(error: fairfall_persistence::StoreError) -> AppError {
    AppError::taken(error, "campaign", &["key"], "key")
}

/// Stores a new campaign.
///
/// # Errors
/// All faults of the draft at once; `Taken` when the key is.
#[tracing::instrument(name = "app.campaign.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, draft: CampaignDraft, key: Option<String>) -> Result<Campaign, AppError> {
    caller.must(Action::ManageCampaign)?;
    let keyed = Keyed::read(key.as_deref(), &draft)?;
    let now = app.now();
    let campaign = Campaign::new(new_id(), draft.parse()?, now);
    app.store()
        .transact(move |uow| {
            let (caller, keyed, campaign) = (caller.clone(), keyed.clone(), campaign.clone());
            Box::pin(async move {
                let work = || async {
                    repo::campaign::insert(uow, &campaign).await.map_err(key_taken)?;
                    caller.audit(uow, Action::ManageCampaign, "campaign", campaign.id.uuid(), now).await?;
                    Ok((campaign.id, campaign.clone()))
                };
                match once::<CampaignId, _, _>(uow, &caller, "campaignCreate", keyed.as_ref(), now, work).await? {
                    Once::New(campaign) => Ok(campaign),
                    Once::Before(id) => {
                        let grant = caller.must(Action::ViewCampaign)?;
                        repo::campaign::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await
}

/// Changes a campaign.
///
/// # Errors
/// All faults of the patch at once; `NotFound`, `VersionConflict`, `Taken`.
#[tracing::instrument(name = "app.campaign.update", skip_all)]
pub async fn update(
    app: &App,
    caller: &Caller,
    id: CampaignId,
    expected: Option<u32>,
    patch: CampaignPatch,
) -> Result<Campaign, AppError> {
    let view = caller.may(Action::ViewCampaign).ok_or_else(|| AppError::not_found("campaign"))?;
    caller.must(Action::ManageCampaign)?;
    let now = app.now();
    let patch = std::sync::Arc::new(patch);
    app.store()
        .transact(move |uow| {
            let (caller, view, patch) = (caller.clone(), view.clone(), patch.clone());
            Box::pin(async move {
                let seen = repo::campaign::find(uow, &view, id).await?.ok_or_else(|| AppError::not_found("campaign"))?;
                let expected = expected.unwrap_or(seen.version);
                if expected != seen.version {
                    return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                }
                let changed = seen.revise(patch.parse(&seen)?, now);
                repo::campaign::update(uow, &changed, expected).await.map_err(key_taken)?;
                caller.audit(uow, Action::ManageCampaign, "campaign", id.uuid(), now).await?;
                Ok(changed)
            })
        })
        .await
}
