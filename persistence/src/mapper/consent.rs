//! Words about consent and requests for it: row to domain and back.

use fairfall_domain::consent::{ConsentRecord, OptIn, Proof};
use fairfall_domain::id::{ConsentRecordId, OptInId, PersonId, UserId};

use crate::entity::{consent_optin, consent_record};
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};

impl TryFrom<consent_record::Model> for ConsentRecord {
    type Error = StoreError;

    fn try_from(row: consent_record::Model) -> Result<Self, StoreError> {
        let id = ConsentRecordId::from(row.id);
        let stored = Stored::new("consent_record", id);
        Ok(Self {
            id,
            person: PersonId::from(row.person_id),
            purpose: stored.text("purpose", &row.purpose)?,
            channel: stored.text("channel", &row.channel)?,
            status: stored.text("status", &row.status)?,
            basis: stored.maybe("basis", row.basis.as_deref())?,
            expires_at: row.expires_at,
            proof: Proof {
                how: stored.maybe("how", row.how.as_deref())?,
                text: stored.maybe("text", row.text.as_deref())?,
                text_version: stored.maybe("text_version", row.text_version.as_deref())?,
                language: stored.maybe("language", row.language.as_deref())?,
                given_at: row.given_at,
                address: stored.maybe("address", row.address.as_deref())?,
                user_agent: row.user_agent,
                confirmed_at: row.confirmed_at,
                confirmed_from: stored.maybe("confirmed_from", row.confirmed_from.as_deref())?,
                grounds: stored.maybe("grounds", row.grounds.as_deref())?,
            },
            actor: row.actor_id.map(UserId::from),
            opt_in: row.optin_id.map(OptInId::from),
            at: row.at,
            erased_at: row.erased_at,
        })
    }
}

impl From<&ConsentRecord> for consent_record::Model {
    fn from(record: &ConsentRecord) -> Self {
        let proof = &record.proof;
        Self {
            id: record.id.uuid(),
            person_id: record.person.uuid(),
            purpose: record.purpose.to_string(),
            channel: record.channel.to_string(),
            status: record.status.to_string(),
            basis: record.basis.map(|basis| basis.to_string()),
            expires_at: record.expires_at,
            how: proof.how.map(|how| how.to_string()),
            text: proof.text.as_ref().map(ToString::to_string),
            text_version: proof.text_version.as_ref().map(ToString::to_string),
            language: proof.language.as_ref().map(ToString::to_string),
            given_at: proof.given_at,
            address: proof.address.map(|address| address.to_string()),
            user_agent: proof.user_agent.clone(),
            confirmed_at: proof.confirmed_at,
            confirmed_from: proof.confirmed_from.map(|address| address.to_string()),
            grounds: proof.grounds.as_ref().map(ToString::to_string),
            actor_id: record.actor.map(UserId::uuid),
            optin_id: record.opt_in.map(OptInId::uuid),
            at: record.at,
            erased_at: record.erased_at,
        }
    }
}

impl TryFrom<consent_optin::Model> for OptIn {
    type Error = StoreError;

    fn try_from(row: consent_optin::Model) -> Result<Self, StoreError> {
        let id = OptInId::from(row.id);
        let stored = Stored::new("consent_optin", id);
        Ok(Self {
            id,
            person: PersonId::from(row.person_id),
            purpose: stored.text("purpose", &row.purpose)?,
            channels: stored.json("channels", &row.channels)?,
            proof: stored.json("proof", &row.proof)?,
            mailed_to: row.mailed_to,
            actor: row.actor_id.map(UserId::from),
            requested_at: row.requested_at,
            expires_at: row.expires_at,
            state: stored.text("state", &row.state)?,
            closed_at: row.closed_at,
        })
    }
}

/// The row of a request, with the hash of its link's token.
pub(crate) fn to_row(opt_in: &OptIn, token_hash: &str) -> Result<consent_optin::Model, StoreError> {
    Ok(consent_optin::Model {
        id: opt_in.id.uuid(),
        person_id: opt_in.person.uuid(),
        purpose: opt_in.purpose.to_string(),
        channels: to_json(&opt_in.channels)?,
        proof: to_json(&opt_in.proof)?,
        mailed_to: opt_in.mailed_to.clone(),
        token_hash: token_hash.to_owned(),
        actor_id: opt_in.actor.map(UserId::uuid),
        requested_at: opt_in.requested_at,
        expires_at: opt_in.expires_at,
        state: opt_in.state.to_string(),
        closed_at: opt_in.closed_at,
    })
}
