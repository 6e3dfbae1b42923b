//! Scores as of now, with what made them.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::{LeadId, ScoreModelId};
use fairfall_domain::scoring::score_override::Standing;
use fairfall_domain::scoring::{Hit, Score, ScoreOverride, Tally};
use fairfall_domain::waterfall::measure::Evidence;
use fairfall_domain::waterfall::rescore::is_scored;
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead_score::Scorable;

use super::rules::Rules;
use super::{App, AppError, Caller};

/// A score with what made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The lead.
    pub lead: LeadId,
    /// The score that counts.
    pub score: Score,
    /// What the rules alone say.
    pub by_rules: Score,
    /// The parts of the rules, fit before engagement.
    pub hits: Vec<Hit>,
    /// What was set by hand, while it holds.
    pub by_hand: Option<ScoreOverride>,
    /// The model that was asked.
    pub model: ScoreModelId,
    /// The moment of the score: now, or when the lead was closed.
    pub at: DateTime<Utc>,
    /// When time alone will change the grade.
    pub next_change_at: Option<DateTime<Utc>>,
}

/// The scores of leads; those the caller may not see are left out. What was found of a person or company is told to those who may see persons.
pub async fn find_many(app: &App, caller: &Caller, leads: &[LeadId]) -> Result<Vec<Explained>, AppError> {
    let Some(grant) = caller.may(Action::ViewLead) else { return Ok(Vec::new()) };
    let rules = app.rules().await?;
    let now = app.now();
    let reader = app.reader();
    let found = repo::score_replay::of_leads(&reader, &grant, leads).await?;
    let campaigns = rules.campaigns_of(&reader, found.iter().filter_map(|one| one.lead.origin.campaign).collect()).await?;
    let told = found.iter().map(|one| {
        let campaign = one.lead.origin.campaign.and_then(|id| campaigns.get(&id));
        explain(&rules, one, campaign, now)
    });
    let mut explained: Vec<Explained> = told.collect();
    if caller.may(Action::ViewPerson).is_none() {
        explained.iter_mut().flat_map(|one| &mut one.hits).for_each(|hit| hit.found = None);
    }
    Ok(explained)
}

fn explain(rules: &Rules, one: &Scorable, campaign: Option<&Campaign>, now: DateTime<Utc>) -> Explained {
    let lead = &one.lead;
    // a closed lead keeps its figures; its rules are told as of then
    let at = if is_scored(lead) { now } else { lead.stage_since };
    let evidence = Evidence {
        demand: &lead.demand,
        origin: &lead.origin,
        person: &one.person,
        company: one.company.as_ref(),
        campaign,
        captured_at: lead.captured_at,
        now: at,
    };
    let model = &rules.score_model;
    let nothing = Tally::new();
    let tally = one.score.as_ref().map_or(&nothing, |score| &score.tally);
    let scored = model.rules.score(&evidence, tally, at);
    let by_hand = one.score.as_ref().and_then(|score| score.by_hand.clone()).filter(|said| said.holds_at(at));
    let standing = Standing::of(&scored, by_hand.as_ref(), model.grading(), at);
    let open = is_scored(lead);
    Explained {
        lead: lead.id,
        score: if open { standing.score } else { lead.demand.score },
        by_rules: scored.score,
        next_change_at: standing.next_change_at.filter(|_| open),
        hits: scored.fit.into_iter().chain(scored.engagement).collect(),
        by_hand,
        model: model.id,
        at,
    }
}
