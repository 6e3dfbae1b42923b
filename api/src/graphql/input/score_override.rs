//! Scores set by hand, as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::LeadId;
use fairfall_domain::scoring::Grade;
use fairfall_domain::scoring::score_override::OverrideDraft;
use fairfall_domain::violation::Violations;

use super::{id, whole};
use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

/// Points, 0 to 100 each.
#[derive(Clone, Debug, InputObject)]
pub struct ScorePointsInput {
    /// Points for who they are.
    pub fit: i32,
    /// Points for what they did.
    pub engagement: i32,
}

/// A score set by hand: a grade or points, why, and until when.
#[derive(Clone, Debug, InputObject)]
pub struct LeadScoreOverrideInput {
    /// The lead.
    pub lead: ID,
    /// The grade; the points stay those of the rules. Either this or `points`.
    pub grade: Option<Coded<Grade>>,
    /// The points, from which the grade is read. Either these or `grade`.
    pub points: Option<ScorePointsInput>,
    /// Why; at most 200 characters, without personal data.
    pub reason: String,
    /// Until when it holds; at most 90 days from now.
    pub until: Timestamp,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

impl LeadScoreOverrideInput {
    /// The lead, the version that the caller read, and what is said.
    ///
    /// # Errors
    /// A malformed id; the other faults are told by the use case.
    pub fn read(self) -> Result<(LeadId, Option<u32>, OverrideDraft), Violations> {
        let mut faults = Violations::new();
        let lead = id(&mut faults, "lead", &self.lead);
        let draft = OverrideDraft {
            grade: self.grade.map(|code| code.0),
            points: self.points.map(|points| (points.fit.into(), points.engagement.into())),
            reason: Some(self.reason),
            until: Some(self.until.0),
        };
        whole(faults, lead.map(|lead| (lead, self.expected_version, draft)))
    }
}

/// A lead whose score the rules shall give again.
#[derive(Clone, Debug, InputObject)]
pub struct LeadScoreOverrideEndInput {
    /// The lead.
    pub lead: ID,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

impl LeadScoreOverrideEndInput {
    /// The lead and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(LeadId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let lead = id(&mut faults, "lead", &self.lead);
        whole(faults, lead.map(|lead| (lead, self.expected_version)))
    }
}
