//! The model that Fairfall ships, so that a new installation scores from the first lead on. It is data (`reference/score-model.json`): a start
//! to be replayed against an organisation's own leads and changed.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::id::ScoreModelId;
use crate::value::{LongText, ShortText};
use crate::violation::{ViolationCode, Violations};

use super::model::{Birth, ScoreModel};
use super::rule::ScoreRules;

const MODEL: &str = include_str!("../../reference/score-model.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    name: ShortText,
    note: LongText,
    rules: ScoreRules,
}

/// The shipped model, number 1, in force from `installed_at`, with an id that is the same in every installation.
///
/// # Errors
/// None in practice: a test reads the data and holds every check.
pub fn model_at(installed_at: DateTime<Utc>) -> Result<ScoreModel, Violations> {
    let shipped: Shipped = serde_json::from_str(MODEL)
        .map_err(|error| Violations::one("scoreModel", ViolationCode::Malformed, error.to_string()))?;
    let id = ScoreModelId::from(Uuid::from_u128(0x0000_0000_0000_8000_8005_0000_0000_0001));
    let draft = ScoreModel::draft(Birth { id, number: 1, by: None, at: installed_at }, shipped.name, shipped.rules, None)?;
    Ok(ScoreModel { note: Some(shipped.note), version: 1, ..draft.publish(installed_at)? })
}

/// The shipped model as of 1970: for what needs its rules alone.
///
/// # Errors
/// As [`model_at`].
pub fn model() -> Result<ScoreModel, Violations> {
    model_at(DateTime::UNIX_EPOCH)
}
