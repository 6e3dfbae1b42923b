//! The campaigns that a file names by key; made when the mapping says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::{Campaign, CampaignDraft, Channel};
use fairfall_domain::id::CampaignId;
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ValueError, ViolationCode};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;

use crate::app::AppError;
use crate::clock::new_id;

use super::row::RowDraft;
use super::run::{Job, contended};

/// The most campaigns that one run knows by key: a column that names another one in each row is mapped wrongly.
const CAMPAIGNS_MAX: usize = 1_000;

/// A campaign that a file names.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The campaign.
    pub(super) id: CampaignId,
    /// Its channel.
    pub(super) channel: Channel,
    fresh: Option<Box<Campaign>>,
}

/// The campaigns that the rows of a chunk name, or why one cannot be had.
pub(super) type Campaigns = BTreeMap<Code, Result<Named, ValueError>>;

/// Looks up those that the run does not know yet.
pub(super) async fn load<'a>(
    uow: &UnitOfWork,
    job: &Job,
    known: &BTreeMap<Code, Named>,
    rows: impl Iterator<Item = &'a RowDraft>,
    now: DateTime<Utc>,
) -> Result<Campaigns, AppError> {
    let mut all: Campaigns = BTreeMap::new();
    for row in rows {
        let Some(key) = &row.campaign else { continue };
        if all.contains_key(key) {
            continue;
        }
        let named = match known.get(key) {
            Some(named) => Ok(named.clone()),
            None if known.len() + all.len() >= CAMPAIGNS_MAX => {
                Err(ValueError::new(ViolationCode::OutOfRange, format!("the file names more than {CAMPAIGNS_MAX} campaigns")))
            }
            None => find(uow, job, key, row.channel, now).await?,
        };
        all.insert(key.clone(), named);
    }
    Ok(all)
}

async fn find(
    uow: &UnitOfWork,
    job: &Job,
    key: &Code,
    channel: Option<Channel>,
    now: DateTime<Utc>,
) -> Result<Result<Named, ValueError>, AppError> {
    let grant = Grant::system(Action::ViewCampaign);
    if let Some(known) = repo::campaign::find_by_key(uow, &grant, key.as_str()).await? {
        return Ok(Ok(Named { id: known.id, channel: known.channel, fresh: None }));
    }
    if !job.mapping.create_campaigns {
        let message = "there is no campaign with this key, and the mapping does not say `create_campaigns = true`";
        return Ok(Err(ValueError::new(ViolationCode::NotFound, message)));
    }
    let draft = CampaignDraft {
        key: Some(key.to_string()),
        name: Some(key.to_string()),
        channel: channel.map(|channel| channel.to_string()),
        ..CampaignDraft::default()
    };
    let campaign = Campaign::new(new_id(), draft.parse()?, now);
    Ok(Ok(Named { id: campaign.id, channel: campaign.channel, fresh: Some(Box::new(campaign)) }))
}

/// Stores those of the campaigns that are new and that a lead needs; answers them as they are known from now on.
pub(super) async fn store(
    uow: &UnitOfWork,
    job: &Job,
    used: &BTreeSet<Code>,
    campaigns: &Campaigns,
    now: DateTime<Utc>,
) -> Result<Vec<(Code, Named)>, AppError> {
    let mut known = Vec::with_capacity(used.len());
    for key in used {
        let Some(Ok(named)) = campaigns.get(key) else { continue };
        if let Some(campaign) = &named.fresh {
            repo::campaign::insert(uow, campaign).await.map_err(contended)?;
            job.audit(uow, Action::ManageCampaign, CampaignId::PREFIX, campaign.id.uuid(), now).await?;
        }
        known.push((key.clone(), Named { fresh: None, ..named.clone() }));
    }
    Ok(known)
}
