//! Points at the moment of a decision. Between two looks at a score its engagement decays within its grade; a gate that asks for points must not
//! see those of days ago.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::Campaign;
use fairfall_domain::scoring::Score;
use fairfall_domain::waterfall::measure::Measure;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::repo::lead_score::Scorable;
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
    if !asks_for_points(rules) {
        return Ok(());
    }
    let found = repo::lead_score::find_many(on, &Grant::system(Action::ViewLead), &[dossier.lead.id]).await?;
    let Some(score) = found.into_values().next() else { return Ok(()) };
    let stored = dossier.lead.demand.score;
    let (lead, person, company) = (dossier.lead.clone(), dossier.person.clone(), dossier.company.clone());
    let now = standing(rules, &Scorable { lead, person, company, score: None }, campaign, &score, at).score;
    let aged = Score::restore(now.fit().into(), now.engagement().into(), stored.grade(), stored.tier());
    dossier.lead.demand.score = aged.unwrap_or(stored);
    Ok(())
}

fn asks_for_points(rules: &Rules) -> bool {
    let gates = rules.agreements.all().iter().flat_map(|agreement| &agreement.gates);
    let mut criteria = gates.flat_map(|gate| gate.all.iter().chain(gate.any.iter().flat_map(|group| &group.criteria)));
    criteria.any(|criterion| criterion.measure == Measure::EngagementPoints)
}
