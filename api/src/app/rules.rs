//! The rules every decision needs (tracks, price bands, agreements, teams), read once and kept for a moment: a command then costs no statement
//! for them. Changes made on this node are seen at once, those of other nodes after [`RULES_MS_MAX`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::agreement::AgreementBook;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::{CampaignId, TrackId};
use fairfall_domain::quality::QualityPolicy;
use fairfall_domain::routing::Roster;
use fairfall_domain::scoring::ScoreModel;
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::band::PriceBands;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::track::Track;
use fairfall_persistence::{Readable, repo};

use super::{App, AppError};

/// For how long rules are kept, in milliseconds.
pub const RULES_MS_MAX: i64 = 2_000;

/// The rules as they were read.
#[derive(Clone, Debug)]
pub struct Rules {
    /// All versions of all tracks.
    pub tracks: Vec<Track>,
    /// Which track a value takes.
    pub bands: PriceBands,
    /// The agreements in force.
    pub agreements: AgreementBook,
    /// The teams with their active members.
    pub roster: Roster,
    /// What is done about findings in records.
    pub quality: QualityPolicy,
    /// The model by which leads are scored.
    pub score_model: ScoreModel,
    /// Campaigns, as far as one list reaches; gates ask whether they are account-based.
    campaigns: Vec<Campaign>,
}

impl Rules {
    /// A version of a track.
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id() == id)
    }

    /// The newest version of a track.
    pub fn newest(&self, key: &str) -> Option<&Track> {
        self.tracks.iter().filter(|track| track.key().as_str() == key).max_by_key(|track| track.version())
    }

    /// The track that a value takes.
    pub fn track_for(&self, value: Option<&Money>) -> Option<&Track> {
        self.newest(self.bands.track_for(value).as_str())
    }

    /// The campaign of a lead: from memory, or read when it is not there.
    pub(super) async fn campaign(&self, uow: &impl Readable, lead: &Lead) -> Result<Option<Campaign>, AppError> {
        let Some(id) = lead.origin.campaign else { return Ok(None) };
        match self.campaigns.iter().find(|campaign| campaign.id == id) {
            Some(known) => Ok(Some(known.clone())),
            None => Ok(repo::campaign::find(uow, &Grant::system(Action::ViewCampaign), id).await?),
        }
    }

    /// Some campaigns by id: from memory, or read when they are not there; unknown ids are left out.
    pub(super) async fn campaigns_of(
        &self,
        on: &impl Readable,
        mut ids: BTreeSet<CampaignId>,
    ) -> Result<BTreeMap<CampaignId, Campaign>, AppError> {
        let mut found: BTreeMap<CampaignId, Campaign> = self
            .campaigns
            .iter()
            .filter(|campaign| ids.remove(&campaign.id))
            .map(|campaign| (campaign.id, campaign.clone()))
            .collect();
        let rest: Vec<CampaignId> = ids.into_iter().collect();
        let read = repo::campaign::find_many(on, &Grant::system(Action::ViewCampaign), &rest).await?;
        found.extend(read.into_iter().map(|campaign| (campaign.id, campaign)));
        Ok(found)
    }

    /// Whether a track is one of those that price bands choose between; leads on others are not moved by their value.
    pub fn is_banded(&self, key: &str) -> bool {
        self.bands.bands().iter().any(|band| band.track.as_str() == key)
    }
}

/// The rules and when they were read.
#[derive(Debug, Default)]
pub struct RulesCache {
    kept: RwLock<Option<(DateTime<Utc>, Arc<Rules>)>>,
    /// Counts the changes made on this node: what was read before one is not kept after it.
    changes: AtomicU64,
    /// One reader at a time; the others take what it read.
    reading: tokio::sync::Mutex<()>,
}

impl App {
    /// The rules, at most [`RULES_MS_MAX`] old.
    pub async fn rules(&self) -> Result<Arc<Rules>, AppError> {
        if let Some(rules) = self.kept_rules() {
            return Ok(rules);
        }
        let cache = &self.0.rules;
        let _reading = cache.reading.lock().await;
        if let Some(rules) = self.kept_rules() {
            return Ok(rules);
        }
        let (now, changes) = (self.now(), cache.changes.load(Ordering::SeqCst));
        let rules = Arc::new(self.read_rules().await?);
        if cache.changes.load(Ordering::SeqCst) == changes {
            *cache.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&rules)));
        }
        Ok(rules)
    }

    fn kept_rules(&self) -> Option<Arc<Rules>> {
        let (read_at, rules) = self.0.rules.kept.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        let age = self.now() - read_at;
        (age >= TimeDelta::zero() && age <= TimeDelta::milliseconds(RULES_MS_MAX)).then_some(rules)
    }

    /// Forgets the rules after a change.
    pub(super) fn forget_rules(&self) {
        self.0.rules.changes.fetch_add(1, Ordering::SeqCst);
        *self.0.rules.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    async fn read_rules(&self) -> Result<Rules, AppError> {
        let reader = self.reader();
        let bands = repo::price_band::get(&reader).await?;
        let bands = bands.ok_or_else(|| AppError::internal("no price bands are stored: run `fairfall migrate up` again"))?;
        let model = repo::score_model::in_force(&reader).await?;
        let score_model =
            model.ok_or_else(|| AppError::internal("no score model is in force: run `fairfall migrate up` again"))?;
        Ok(Rules {
            tracks: repo::track::all(&reader).await?,
            bands,
            agreements: repo::agreement::in_force(&reader).await?,
            roster: repo::team::roster(&reader).await?,
            quality: repo::quality_policy::get(&reader).await?,
            score_model,
            campaigns: repo::campaign::list(&reader, &Grant::system(Action::ViewCampaign)).await?,
        })
    }
}
