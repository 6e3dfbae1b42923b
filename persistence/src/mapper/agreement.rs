//! Agreements: row to domain and back. What lists and look-ups filter by has columns; the rest is one document.

use chrono::{DateTime, Utc};
use fairfall_domain::agreement::{Agreement, AgreementScope, Commitments, HandOverMode, Signature};
use fairfall_domain::id::AgreementId;
use fairfall_domain::label::Labels;
use fairfall_domain::sla::ClockRule;
use fairfall_domain::waterfall::gate::{Criterion, Gate};
use fairfall_domain::waterfall::reason::RejectReason;
use serde::{Deserialize, Serialize};

use crate::entity::agreement::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

/// The column `definition`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    labels: Labels,
    hand_over: HandOverMode,
    gates: Vec<Gate>,
    signed_giving: Option<Signature>,
    signed_taking: Option<Signature>,
    // absent in what was written before agreements told of these
    #[serde(default)]
    recycle_when: Vec<Criterion>,
    #[serde(default)]
    reactivate_when: Vec<Criterion>,
    #[serde(default)]
    scope: AgreementScope,
    #[serde(default)]
    clocks: Vec<ClockRule>,
    #[serde(default)]
    reject_reasons: Vec<RejectReason>,
    #[serde(default)]
    commitments: Commitments,
}

impl TryFrom<Model> for Agreement {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = AgreementId::from(row.id);
        let stored = Stored::new("agreement", id);
        let definition: Definition = stored.json("definition", &row.definition)?;
        let agreement = Self {
            id,
            key: stored.text("key", &row.key)?,
            version: stored.count("version", row.version)?,
            labels: definition.labels,
            giving: stored.text("giving", &row.giving)?,
            taking: stored.text("taking", &row.taking)?,
            state: stored.text("state", &row.state)?,
            in_force_from: row.in_force_from,
            signed_giving: definition.signed_giving,
            signed_taking: definition.signed_taking,
            hand_over: definition.hand_over,
            gates: definition.gates,
            recycle_when: definition.recycle_when,
            reactivate_when: definition.reactivate_when,
            scope: definition.scope,
            revision: stored.count("revision", row.revision)?,
            clocks: definition.clocks,
            reject_reasons: definition.reject_reasons,
            commitments: definition.commitments,
        };
        agreement.check().map_err(|_| stored.corrupt("definition"))?;
        Ok(agreement)
    }
}

/// The row of an agreement that is written at `now`.
pub(crate) fn to_row(agreement: &Agreement, now: DateTime<Utc>) -> Result<Model, StoreError> {
    let definition = Definition {
        labels: agreement.labels.clone(),
        hand_over: agreement.hand_over,
        gates: agreement.gates.clone(),
        signed_giving: agreement.signed_giving,
        signed_taking: agreement.signed_taking,
        recycle_when: agreement.recycle_when.clone(),
        reactivate_when: agreement.reactivate_when.clone(),
        scope: agreement.scope.clone(),
        clocks: agreement.clocks.clone(),
        reject_reasons: agreement.reject_reasons.clone(),
        commitments: agreement.commitments,
    };
    Ok(Model {
        id: agreement.id.uuid(),
        key: agreement.key.to_string(),
        version: to_count(agreement.version)?,
        giving: agreement.giving.to_string(),
        taking: agreement.taking.to_string(),
        state: agreement.state.to_string(),
        in_force_from: agreement.in_force_from,
        definition: to_json(&definition)?,
        created_at: now,
        revision: to_count(agreement.revision)?,
        updated_at: Some(now),
    })
}
