//! What somebody may be contacted for, and which way: the words of people, the law they rest on, and the one gate that everything asks.
//!
//! A [`ConsentWord`] is what was said; it becomes a [`ConsentRecord`], which is never changed again, and the [`ConsentState`] that stands
//! for the purpose and channel since. [`may_contact`] reads nothing but states.

mod basis;
mod gate;
mod optin;
mod record;
mod withdrawal;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;

pub use basis::{BASIS_TABLE, BasisRule, LegalBasis};
pub use gate::{DenyReason, Permission, may_contact};
pub use optin::{
    ASKED_MAX, ASKED_WITHIN, ConfirmFault, OPT_IN_VALID, OptIn, OptInDraft, OptInRequest, OptInState, OptInWish, asked_too_often,
};
pub use record::{ConsentDraft, ConsentRecord, ConsentWord, How, Proof, ProofDraft, Sender};
pub use withdrawal::withdraw;

codes! {
    /// What somebody may be contacted for.
    pub enum Purpose {
        /// About the demand they have, by sales.
        SalesContact = "SALES_CONTACT",
        /// With news and offers.
        Marketing = "MARKETING",
        /// About what they bought.
        Service = "SERVICE",
    }
}

codes! {
    /// The way somebody may be contacted.
    pub enum ContactChannel {
        /// By e-mail.
        Email = "EMAIL",
        /// By telephone.
        Phone = "PHONE",
        /// By letter.
        Post = "POST",
        /// By text message.
        Sms = "SMS",
    }
}

codes! {
    /// Whether contact is allowed. Everything but GRANTED means no.
    pub enum ConsentStatus {
        /// Never asked or never answered.
        Unknown = "UNKNOWN",
        /// Given.
        Granted = "GRANTED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
}

/// What stands for one purpose and channel since the last word about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ConsentState {
    /// What for.
    pub purpose: Purpose,
    /// Which way.
    pub channel: ContactChannel,
    /// Allowed or not.
    pub status: ConsentStatus,
    /// When it was said.
    pub recorded_at: DateTime<Utc>,
    /// What GRANTED rests on; absent with any other status. GRANTED without it was recorded before bases were asked for, and was consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<LegalBasis>,
    /// When GRANTED lapses by itself; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// Until when the person can still confirm what it was asked for last; absent when nothing was asked since the last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_until: Option<DateTime<Utc>>,
    /// Whether GRANTED came by an electronic form that nobody has confirmed: whose address it is, is not proven.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
}

impl ConsentState {
    /// A word as it stands, without what belongs to some words only.
    pub const fn said(purpose: Purpose, channel: ContactChannel, status: ConsentStatus, at: DateTime<Utc>) -> Self {
        Self { purpose, channel, status, recorded_at: at, basis: None, expires_at: None, pending_until: None, unconfirmed: false }
    }

    /// What GRANTED rests on; nothing for any other status.
    pub fn rests_on(&self) -> Option<LegalBasis> {
        match self.status {
            ConsentStatus::Granted => Some(self.basis.unwrap_or(LegalBasis::Consent)),
            ConsentStatus::Unknown | ConsentStatus::Withdrawn => None,
        }
    }

    /// Whether it stays although a later word came. A tick in a form that nobody confirmed proves less than what stands, and a withdrawal ends with
    /// nothing less than proven consent: otherwise another basis could follow.
    pub fn outlasts(&self, later: &Self) -> bool {
        match self.status {
            ConsentStatus::Withdrawn => later.unconfirmed || later.status == ConsentStatus::Unknown,
            ConsentStatus::Granted => {
                later.unconfirmed && !self.unconfirmed && self.expires_at.is_none_or(|end| end > later.recorded_at)
            }
            ConsentStatus::Unknown => false,
        }
    }

    /// Whether it is about this purpose and channel.
    pub fn is_about(&self, purpose: Purpose, channel: ContactChannel) -> bool {
        self.purpose == purpose && self.channel == channel
    }
}
