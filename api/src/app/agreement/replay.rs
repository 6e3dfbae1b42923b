//! What a version would have done to the leads of the last days. Nothing is written and nothing is locked.
//!
//! It is read in chunks, and between them others get their turn: when the connection closes or the request's time is over, it ends there.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::replay::{GateFigures, Replay, Resting, Sample};
use fairfall_domain::agreement::{Agreement, Matter};
use fairfall_domain::id::AgreementId;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::measure::Evidence;
use fairfall_domain::waterfall::stage::OpenStage;
use fairfall_persistence::repo;
use fairfall_persistence::repo::agreement_replay::{CHUNK_MAX, ReplayLead};

use super::authorise;
use crate::app::rules::Rules;
use crate::app::score;
use crate::app::{App, AppError, Caller};

/// Most days that a replay looks back.
pub const REPLAY_DAYS_MAX: u32 = 90;
/// Most leads that a replay looks at, the newest.
pub const REPLAY_LEADS_MAX: u32 = 20_000;

/// What a replay answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// The version that was tried.
    pub agreement: Agreement,
    /// Leads captured since were looked at.
    pub since: DateTime<Utc>,
    /// The moment as of which its gates were asked.
    pub at: DateTime<Utc>,
    /// Leads that were looked at.
    pub looked_at: u64,
    /// Those for which it would hold.
    pub in_scope: u64,
    /// By the stage that is entered.
    pub gates: Vec<(OpenStage, GateFigures)>,
    /// What rests.
    pub rest: Resting,
    /// Whether there were more leads than were looked at.
    pub cut_short: bool,
}

/// Asks the gates of a version of the leads that were captured in the last days.
///
/// # Errors
/// Bounds out of range; `NotFound`, `NotAllowed`.
#[tracing::instrument(name = "app.agreement.replay", skip_all)]
pub async fn replay(app: &App, caller: &Caller, id: AgreementId, days: u32) -> Result<Replayed, AppError> {
    if !(1..=REPLAY_DAYS_MAX).contains(&days) {
        let message = format!("1 to {REPLAY_DAYS_MAX} are allowed");
        return Err(Violations::one("days", ViolationCode::OutOfRange, message).into());
    }
    let agreement = super::find_many(app, caller, &[id]).await?.pop().ok_or_else(|| AppError::not_found("agreement"))?;
    authorise(caller, &agreement)?;
    let grant = caller.must(Action::ManageAgreement)?;
    let (rules, reader, now) = (app.rules().await?, app.reader(), app.now());
    let since = now - TimeDelta::days(days.into());
    let (mut replay, mut left) = (Replay::of(&agreement), REPLAY_LEADS_MAX);
    let mut last: Option<ReplayLead> = None;
    let cut_short = loop {
        let limit = left.min(CHUNK_MAX);
        let after = last.as_ref().map(|one| &one.lead);
        let mut chunk = repo::agreement_replay::chunk(&reader, &grant, since, after, limit.max(1)).await?;
        if limit == 0 || chunk.is_empty() {
            break !chunk.is_empty();
        }
        look(app, &rules, (&agreement, chunk.as_mut_slice()), &mut replay, now).await?;
        left = left.saturating_sub(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        last = chunk.into_iter().next_back();
        tokio::task::yield_now().await;
    };
    let Replay { looked_at, in_scope, gates, rest, .. } = replay;
    let gates = gates.into_iter().collect();
    Ok(Replayed { agreement, since, at: now, looked_at, in_scope, gates, rest, cut_short })
}

/// Looks at a chunk of leads, with the points that they have now: the gates of real acts see no others.
async fn look(
    app: &App,
    rules: &Rules,
    (tried, chunk): (&Agreement, &mut [ReplayLead]),
    replay: &mut Replay<'_>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let reader = app.reader();
    let named = chunk.iter().filter_map(|one| one.lead.origin.campaign).collect();
    let campaigns = rules.campaigns_of(&reader, named).await?;
    score::age_for_replay(&reader, rules, (tried, &mut *chunk), &campaigns, now).await?;
    for one in &*chunk {
        let lead = &one.lead;
        let Some(track) = rules.track(lead.track.id) else { continue };
        let evidence = Evidence {
            demand: &lead.demand,
            origin: &lead.origin,
            person: &one.person,
            company: one.company.as_ref(),
            campaign: lead.origin.campaign.and_then(|id| campaigns.get(&id)),
            captured_at: lead.captured_at,
            now,
        };
        let matter = Matter::of(lead, one.company.as_ref(), &rules.directory);
        replay.add(&Sample { lead, track, evidence, matter, reached: one.reached });
    }
    Ok(())
}
