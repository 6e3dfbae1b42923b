//! The agreements that Fairfall ships: a minimal set so that a new installation works. They are data (`reference/agreements.json`) and are
//! replaced by what the two departments sign.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use crate::department::Department;
use crate::id::AgreementId;
use crate::label::Labels;
use crate::sla::ClockRule;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::gate::{Criterion, Gate};

use super::{Agreement, AgreementScope, AgreementState, Commitments, HandOverMode, Signature};

const AGREEMENTS: &str = include_str!("../../reference/agreements.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    id: u64,
    key: Code,
    labels: Labels,
    giving: Department,
    taking: Department,
    hand_over: HandOverMode,
    gates: Vec<Gate>,
    #[serde(default)]
    recycle_when: Vec<Criterion>,
    #[serde(default)]
    reactivate_when: Vec<Criterion>,
    #[serde(default)]
    clocks: Vec<ClockRule>,
}

/// The shipped agreements, version 1 each, in force from `installed_at` and signed by nobody in particular, with ids that are the same in
/// every installation.
///
/// # Errors
/// None in practice: a test reads the data and holds every check.
pub fn agreements(installed_at: DateTime<Utc>) -> Result<Vec<Agreement>, Violations> {
    let rows: Vec<Shipped> = serde_json::from_str(AGREEMENTS)
        .map_err(|error| Violations::one("agreements", ViolationCode::Malformed, error.to_string()))?;
    let signature = Some(Signature { by: None, at: installed_at });
    rows.into_iter()
        .map(|row| {
            let agreement = Agreement {
                id: AgreementId::from(Uuid::from_u128(0x0000_0000_0000_8000_8001_0000_0000_0000 | u128::from(row.id))),
                key: row.key,
                version: 1,
                labels: row.labels,
                giving: row.giving,
                taking: row.taking,
                state: AgreementState::InForce,
                in_force_from: Some(installed_at),
                signed_giving: signature,
                signed_taking: signature,
                hand_over: row.hand_over,
                gates: row.gates,
                recycle_when: row.recycle_when,
                reactivate_when: row.reactivate_when,
                scope: AgreementScope::default(),
                revision: 1,
                clocks: row.clocks,
                reject_reasons: Vec::new(),
                commitments: Commitments::default(),
            };
            agreement.check()?;
            Ok(agreement)
        })
        .collect()
}
