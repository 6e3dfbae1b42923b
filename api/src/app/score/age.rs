//! Points at the moment of a decision. Between two looks at a score its engagement decays within its grade; a gate that asks for points must not
//! see those of days ago.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::agreement::Agreement;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::company::Company;
use fairfall_domain::id::{CampaignId, LeadId};
use fairfall_domain::person::Person;
use fairfall_domain::scoring::Score;
use fairfall_domain::waterfall::gate::Criterion;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::measure::{Evidence, Measure};
use fairfall_domain::waterfall::rescore::is_scored;
use fairfall_persistence::repo::agreement_replay::ReplayLead;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::repo::lead_score::LeadScore;
use fairfall_persistence::{Readable, repo};

use super::standing;
use crate::app::AppError;
use crate::app::rules::Rules;

/// Brings a lead's points to a moment, when an agreement in force asks for engagement points. Grade and tier stay: they change with their event.
pub(in crate::app) async fn age(
    on: &impl Readable,
    rules: &Rules,
    dossier: &mut Dossier,
    campaign: Option<&Campaign>,
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    if !rules.agreements.all().iter().any(gates_ask_for_points) {
        return Ok(());
    }
    let found = scores(on, &[dossier.lead.id]).await?;
    let Some(score) = found.into_values().next() else { return Ok(()) };
    dossier.lead.demand.score = aged(rules, (&dossier.lead, &dossier.person, dossier.company.as_ref()), campaign, &score, at);
    Ok(())
}

/// Brings the points of leads that a version is tried on to a moment, when that version asks for engagement points: it must not be said to pass
/// whom its gates would stop. One statement, and nothing is written. Closed leads keep the score that they were closed with.
pub(in crate::app) async fn age_for_replay(
    on: &impl Readable,
    rules: &Rules,
    (tried, leads): (&Agreement, &mut [ReplayLead]),
    campaigns: &BTreeMap<CampaignId, Campaign>,
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    if !gates_ask_for_points(tried) && !tried.recycle_when.iter().any(asks_for_points) {
        return Ok(());
    }
    let ids: Vec<LeadId> = leads.iter().map(|one| one.lead.id).collect();
    let found = scores(on, &ids).await?;
    for one in leads.iter_mut().filter(|one| is_scored(&one.lead)) {
        let Some(score) = found.get(&one.lead.id) else { continue };
        let campaign = one.lead.origin.campaign.and_then(|id| campaigns.get(&id));
        one.lead.demand.score = aged(rules, (&one.lead, &one.person, one.company.as_ref()), campaign, score, at);
    }
    Ok(())
}

async fn scores(on: &impl Readable, leads: &[LeadId]) -> Result<BTreeMap<LeadId, LeadScore>, AppError> {
    Ok(repo::lead_score::find_many(on, &Grant::system(Action::ViewLead), leads).await?)
}

/// The points of a moment with the grade and the tier that are stored.
fn aged(
    rules: &Rules,
    (lead, person, company): (&Lead, &Person, Option<&Company>),
    campaign: Option<&Campaign>,
    score: &LeadScore,
    at: DateTime<Utc>,
) -> Score {
    let stored = lead.demand.score;
    let captured_at = lead.captured_at;
    let evidence = Evidence { demand: &lead.demand, origin: &lead.origin, person, company, campaign, captured_at, now: at };
    let now = standing(rules, &evidence, score, at).score;
    Score::restore(now.fit().into(), now.engagement().into(), stored.grade(), stored.tier()).unwrap_or(stored)
}

fn gates_ask_for_points(agreement: &Agreement) -> bool {
    let gates = agreement.gates.iter();
    let mut criteria = gates.flat_map(|gate| gate.all.iter().chain(gate.any.iter().flat_map(|group| &group.criteria)));
    criteria.any(asks_for_points)
}

fn asks_for_points(criterion: &Criterion) -> bool {
    criterion.measure == Measure::EngagementPoints
}
