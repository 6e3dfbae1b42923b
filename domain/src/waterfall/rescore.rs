//! A new score for a lead. Behaviour and time change it, so that it is no act: nobody does it, and no act is forgotten for it.

use chrono::{DateTime, Utc};

use crate::id::ScoreModelId;
use crate::scoring::Score;

use super::event::LeadEvent;
use super::lead::Lead;

/// A lead with its new score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescored {
    /// The lead after it. Its version counts on only with the event: points that move within a grade are no change that others must know of
    /// before they may change the lead.
    pub lead: Lead,
    /// What the journal keeps, when the grade or the tier changed.
    pub event: Option<LeadEvent>,
}

/// Gives a lead its score; nothing when it has it already, or when it is closed: what reports tell of it stays.
pub fn rescore(lead: &Lead, score: Score, model: Option<ScoreModelId>, now: DateTime<Utc>) -> Option<Rescored> {
    let before = lead.demand.score;
    if before == score || !is_scored(lead) {
        return None;
    }
    let mut scored = lead.clone();
    scored.demand.score = score;
    if (before.grade(), before.tier()) == (score.grade(), score.tier()) {
        return Some(Rescored { lead: scored, event: None });
    }
    scored.version = lead.version.saturating_add(1);
    scored.updated_at = now;
    let event = LeadEvent::Scored {
        grade_before: before.grade(),
        grade: score.grade(),
        tier_before: before.tier(),
        tier: score.tier(),
        fit: score.fit(),
        engagement: score.engagement(),
        model,
    };
    Some(Rescored { lead: scored, event: Some(event) })
}

/// Whether a lead still gets scores: while it is worked on, offered or at rest.
pub const fn is_scored(lead: &Lead) -> bool {
    use super::state::LeadState;
    match &lead.state {
        LeadState::Working { .. } | LeadState::Offered { .. } | LeadState::Nurturing { .. } => true,
        LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => false,
    }
}
