//! The rules every decision needs (tracks, price bands, agreements, teams, routing), read once and kept for a moment: a command then costs no statement
//! for them. Changes made on this node are seen at once, those of other nodes after [`RULES_MS_MAX`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::agreement::AgreementBook;
use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::forecast::history::GradeHistory;
use fairfall_domain::id::{AgreementId, CampaignId, TrackId};
use fairfall_domain::quality::QualityPolicy;
use fairfall_domain::routing::{Directory, Roster};
use fairfall_domain::scoring::ScoreModel;
use fairfall_domain::sla::CalendarBook;
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::band::PriceBands;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::state::LeadState;
use fairfall_domain::waterfall::track::Track;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::{Readable, repo};

use super::{App, AppError};

/// For how long rules are kept, in milliseconds.
pub const RULES_MS_MAX: i64 = 2_000;

/// For how long the history that turns amounts into expected values is kept, in milliseconds.
pub const WORTH_MS_MAX: i64 = 600_000;

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
    /// Territories, pools and what routing knows of colleagues.
    pub directory: Arc<Directory>,
    /// The attributes that were defined.
    pub attributes: AttributeBook,
    /// Whose hours count for whom.
    pub calendars: CalendarBook,
    /// How often leads of each grade were won: what turns an amount into an expected value.
    pub history: Arc<GradeHistory>,
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

    /// What a lead is worth as far as it is known, in minor units of the price bands' currency: the amount times how often leads of its grade
    /// were won, or the amount itself as long as too little has closed. Amounts in other currencies count as unknown: no rate is guessed.
    pub fn worth(&self, lead: &Lead) -> Option<i64> {
        let amount = lead.demand.value.filter(|value| value.currency() == self.bands.currency())?.amount_minor();
        match self.history.probability(lead.demand.score.grade()) {
            Some(probability) => Some(expected(amount, probability)),
            None => Some(amount),
        }
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

    /// These rules with the agreements under which a lead is offered and its clocks run: one that another node put in force after they were read is
    /// read now. Most often all are known and nothing is read.
    pub(super) async fn knowing(&self, on: &impl Readable, dossier: &Dossier) -> Result<Cow<'_, Self>, AppError> {
        self.knowing_all(on, agreements_of(dossier)).await
    }

    /// The same for any agreements.
    pub(super) async fn knowing_all(
        &self,
        on: &impl Readable,
        ids: impl Iterator<Item = AgreementId>,
    ) -> Result<Cow<'_, Self>, AppError> {
        let unknown: BTreeSet<AgreementId> = ids.filter(|id| self.agreements.by_id(*id).is_none()).collect();
        if unknown.is_empty() {
            return Ok(Cow::Borrowed(self));
        }
        let found = repo::agreement::find_many(on, &Vec::from_iter(unknown)).await?;
        let agreements = AgreementBook::new(self.agreements.all().iter().cloned().chain(found).collect());
        Ok(Cow::Owned(Self { agreements, ..self.clone() }))
    }

    /// Tells that nothing is decided by half the rules.
    ///
    /// # Errors
    /// `Internal` when a lead is offered, or one of its clocks runs, under an agreement that is not among these: see [`Rules::knowing`].
    pub(super) fn must_know(&self, dossier: &Dossier) -> Result<(), AppError> {
        let unknown = agreements_of(dossier).find(|id| self.agreements.by_id(*id).is_none());
        unknown.map_or(Ok(()), |id| Err(AppError::internal(format!("agreement `{id}` is not stored"))))
    }

    /// Whether a track is one of those that price bands choose between; leads on others are not moved by their value.
    pub fn is_banded(&self, key: &str) -> bool {
        self.bands.bands().iter().any(|band| band.track.as_str() == key)
    }
}

/// The agreements under which a lead is offered and its clocks run.
fn agreements_of(dossier: &Dossier) -> impl Iterator<Item = AgreementId> + '_ {
    let offered = if let LeadState::Offered { agreement, .. } = &dossier.lead.state { Some(agreement.id) } else { None };
    offered.into_iter().chain(dossier.clocks.iter().map(|clock| clock.agreement.id))
}

/// An amount times a probability, in whole minor units: by thousandths of a percent, so that every machine finds the same.
fn expected(amount: i64, probability: f64) -> i64 {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "a probability has at most 100,000 of these parts"
    )]
    let parts = (probability.clamp(0.0, 1.0) * 100_000.0).round() as i64;
    let exact = i128::from(amount).saturating_mul(i128::from(parts)).div_euclid(100_000);
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// The rules and when they were read.
#[derive(Debug, Default)]
pub struct RulesCache {
    kept: RwLock<Option<(DateTime<Utc>, Arc<Rules>)>>,
    /// What turns amounts into expected values, and when it was read: kept longer, because it is counted over all that ever closed.
    history: RwLock<Option<(DateTime<Utc>, Arc<GradeHistory>)>>,
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

    /// The grades' history as routing weighs leads with it, at most [`WORTH_MS_MAX`] old. Not the one that reports of chances read: those want what
    /// closed a moment ago, and here a moment does not matter.
    async fn worth_history(&self) -> Result<Arc<GradeHistory>, AppError> {
        let kept = self.0.rules.history.read().unwrap_or_else(PoisonError::into_inner).clone();
        let now = self.now();
        let fresh = kept.filter(|(read_at, _)| (0..=WORTH_MS_MAX).contains(&(now - *read_at).num_milliseconds()));
        if let Some((_, history)) = fresh {
            return Ok(history);
        }
        let history = Arc::new(repo::passage_features::grade_history(&self.reader()).await?);
        *self.0.rules.history.write().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&history)));
        Ok(history)
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
            agreements: repo::agreement::signed(&reader).await?,
            roster: repo::team::roster(&reader).await?,
            directory: Arc::new(repo::routing::directory(&reader, self.reference().await?).await?),
            attributes: AttributeBook::new(repo::attribute::all(&reader).await?),
            calendars: repo::calendar::book(&reader).await?,
            history: self.worth_history().await?,
            quality: repo::quality_policy::get(&reader).await?,
            score_model,
            campaigns: repo::campaign::list(&reader, &Grant::system(Action::ViewCampaign)).await?,
        })
    }
}
