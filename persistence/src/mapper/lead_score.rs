//! What a lead's score is made from: row to domain and back.

use fairfall_domain::id::{LeadId, ScoreModelId};
use fairfall_domain::scoring::{ScoreOverride, Tally};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::repo::lead_score::LeadScore;
use crate::sql::Columns;

/// Every column with its `PostgreSQL` type, in the order of [`values`] and [`read`].
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("lead_id", "uuid"),
    ("tally", "text"),
    ("by_hand", "text"),
    ("model_id", "uuid"),
    ("next_change_at", "timestamptz"),
    ("scored_at", "timestamptz"),
];

/// The columns that a score is read back from.
pub(crate) const READ: &str = "lead_score.lead_id, lead_score.tally, lead_score.by_hand, lead_score.model_id, lead_score.next_change_at, lead_score.scored_at";

/// The values of every column.
pub(crate) fn values(score: &LeadScore) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        score.lead.uuid().into(),
        to_json(&score.tally)?.into(),
        score.by_hand.as_ref().map(to_json).transpose()?.into(),
        score.model.map(ScoreModelId::uuid).into(),
        score.next_change_at.into(),
        score.scored_at.into(),
    ])
}

/// Reads a score from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<LeadScore, StoreError> {
    let lead = LeadId::from(row.next::<Uuid>()?);
    let stored = Stored::new("lead_score", lead);
    let tally: Tally = stored.json("tally", &row.next::<String>()?)?;
    let by_hand: Option<ScoreOverride> = row.next::<Option<String>>()?.map(|json| stored.json("by_hand", &json)).transpose()?;
    Ok(LeadScore {
        lead,
        tally,
        by_hand,
        model: row.next::<Option<Uuid>>()?.map(ScoreModelId::from),
        next_change_at: row.next()?,
        scored_at: row.next()?,
    })
}

/// What a new score changes in the table `lead`, with the types of `PostgreSQL`.
pub(crate) const OF_LEAD: &[(&str, &str)] = &[
    ("id", "uuid"),
    ("fit", "smallint"),
    ("engagement", "smallint"),
    ("grade", "text"),
    ("tier", "text"),
    ("score_rank", "integer"),
    ("version", "integer"),
    ("updated_at", "timestamptz"),
];

/// The values of [`OF_LEAD`].
pub(crate) fn values_of_lead(lead: &Lead) -> Result<Vec<Value>, StoreError> {
    let score = lead.demand.score;
    Ok(vec![
        lead.id.uuid().into(),
        i16::from(score.fit()).into(),
        i16::from(score.engagement()).into(),
        text(&score.grade()),
        text(&score.tier()),
        score.rank().into(),
        to_count(lead.version)?.into(),
        lead.updated_at.into(),
    ])
}
