//! What somebody may be contacted for, and which way.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;

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

/// What a person said about one purpose and channel.
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
}
