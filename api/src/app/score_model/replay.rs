//! Replays: a model against the one in force, over the leads that are stored. Nothing is written.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::{CampaignId, ScoreModelId};
use fairfall_domain::scoring::replay::{Compared, Replay};
use fairfall_domain::scoring::{Score, ScoreModel, ScoreRules, Tally};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::measure::Evidence;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead_score::Scorable;
use fairfall_persistence::repo::score_replay::{CHUNK_MAX, ClosedPassage};

use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};

/// Most days that a replay looks back.
pub const REPLAY_DAYS_MAX: u32 = 730;
/// Most open leads, and most closed passages, of a replay.
pub const REPLAY_LEADS_MAX: u32 = 10_000;

/// What is replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayInput {
    /// The model that is tried; any but the one in force makes sense.
    pub model: ScoreModelId,
    /// Leads captured and passages closed within so many days, 1 to [`REPLAY_DAYS_MAX`].
    pub days: u32,
    /// At most so many open leads and so many closed passages, the newest, 1 to [`REPLAY_LEADS_MAX`].
    pub leads_max: u32,
}

/// The figures of a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The model in force.
    pub before: ScoreModel,
    /// The model that was tried.
    pub after: ScoreModel,
    /// The first moment that was looked at.
    pub since: DateTime<Utc>,
    /// The moment at which open leads were scored.
    pub at: DateTime<Utc>,
    /// The figures.
    pub figures: Replay,
    /// Whether there were more open leads or closed passages than were looked at.
    pub cut_short: bool,
}

impl ReplayInput {
    fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        for (field, value, max) in [("days", self.days, REPLAY_DAYS_MAX), ("leadsMax", self.leads_max, REPLAY_LEADS_MAX)] {
            if value == 0 || value > max {
                faults.add(field, ViolationCode::OutOfRange, format!("1 to {max} are allowed"));
            }
        }
        faults.into_result()
    }
}

/// Both models over stored leads.
struct Run<'a> {
    app: &'a App,
    rules: &'a Rules,
    grant: Grant,
    models: (&'a ScoreRules, &'a ScoreRules),
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    left: u32,
}

/// Compares a model with the one in force.
///
/// # Errors
/// Bounds out of range; `NotFound`.
#[tracing::instrument(name = "app.score_model.replay", skip_all)]
pub async fn replay(app: &App, caller: &Caller, input: ReplayInput) -> Result<Replayed, AppError> {
    let grant = caller.must(Action::ManageScoreModel)?;
    input.check()?;
    let rules = app.rules().await?;
    let now = app.now();
    let since = now - TimeDelta::days(input.days.into());
    let view = caller.must(Action::ViewScoreModel)?;
    let after = repo::score_model::find(&app.reader(), &view, input.model).await?;
    let after = after.ok_or_else(|| AppError::not_found("model"))?;
    let before = rules.score_model.clone();
    let mut figures = Replay::default();
    let models = (&before.rules, &after.rules);
    let run = || Run { app, rules: &rules, grant: grant.clone(), models, since, now, left: input.leads_max };
    let more_open = run().open(&mut figures).await?;
    let more_closed = run().closed(&mut figures).await?;
    let figures = figures.finished();
    Ok(Replayed { before, after, since, at: now, figures, cut_short: more_open || more_closed })
}

impl Run<'_> {
    /// Open leads as of now. Answers whether there are more than were looked at.
    async fn open(mut self, figures: &mut Replay) -> Result<bool, AppError> {
        let reader = self.app.reader();
        let mut last = None;
        loop {
            let limit = self.left.min(CHUNK_MAX);
            let chunk = repo::score_replay::open_leads(&reader, &self.grant, self.since, last.as_ref(), limit.max(1)).await?;
            if limit == 0 || chunk.is_empty() {
                return Ok(!chunk.is_empty());
            }
            let named = chunk.iter().filter_map(|one| one.lead.origin.campaign).collect();
            let campaigns = self.rules.campaigns_of(&reader, named).await?;
            for one in &chunk {
                let tally = one.score.as_ref().map_or(const { &Tally::new() }, |score| &score.tally);
                let (before, after) = self.both(one, &campaigns, tally, self.now);
                let origin = &one.lead.origin;
                figures.add_open(Compared {
                    lead: one.lead.id,
                    origin: origin.department,
                    channel: origin.channel,
                    before,
                    after,
                });
            }
            self.left = self.left.saturating_sub(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
            last = chunk.into_iter().next_back().map(|one| one.lead);
            tokio::task::yield_now().await;
        }
    }

    /// Closed passages as of their closing. Answers whether there are more than were looked at.
    async fn closed(mut self, figures: &mut Replay) -> Result<bool, AppError> {
        let reader = self.app.reader();
        let mut last: Option<ClosedPassage> = None;
        loop {
            let limit = self.left.min(CHUNK_MAX);
            let chunk =
                repo::score_replay::closed_passages(&reader, &self.grant, self.since, last.as_ref(), limit.max(1)).await?;
            if limit == 0 || chunk.is_empty() {
                return Ok(!chunk.is_empty());
            }
            let named = chunk.iter().filter_map(|one| one.scorable.lead.origin.campaign).collect();
            let campaigns = self.rules.campaigns_of(&reader, named).await?;
            for one in &chunk {
                let tally = one.scorable.score.as_ref().map(|score| score.tally.until(one.at)).unwrap_or_default();
                let (before, after) = self.both(&one.scorable, &campaigns, &tally, one.at);
                figures.add_closed(before, after, one.outcome);
            }
            self.left = self.left.saturating_sub(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
            last = chunk.into_iter().next_back();
            tokio::task::yield_now().await;
        }
    }

    fn both(
        &self,
        one: &Scorable,
        campaigns: &BTreeMap<CampaignId, Campaign>,
        tally: &Tally,
        at: DateTime<Utc>,
    ) -> (Score, Score) {
        let evidence = Evidence {
            demand: &one.lead.demand,
            origin: &one.lead.origin,
            person: &one.person,
            company: one.company.as_ref(),
            campaign: one.lead.origin.campaign.and_then(|id| campaigns.get(&id)),
            captured_at: one.lead.captured_at,
            now: at,
        };
        (self.models.0.points(&evidence, tally, at), self.models.1.points(&evidence, tally, at))
    }
}
