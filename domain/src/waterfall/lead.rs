//! The lead: one person's demand for one product area, on its way down a track.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::{DepartmentSet, Subject};
use crate::campaign::Channel;
use crate::code::codes;
use crate::department::Department;
use crate::id::{CampaignId, CompanyId, LeadId, PassageId, PersonId, UserId};
use crate::scoring::Score;
use crate::value::{Code, CountryCode, LanguageTag, Money, PostalCode, ShortText, SubdivisionCode};

use super::act::Act;
use super::bant::Bant;
use super::state::LeadState;
use super::track::TrackRef;

codes! {
    /// Who made the first step.
    pub enum Direction {
        /// They came to us.
        Inbound = "INBOUND",
        /// We went to them.
        Outbound = "OUTBOUND",
    }
}

/// A value of a custom attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum AttributeValue {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A short text.
    Text(ShortText),
}

/// The most custom attributes a lead carries.
pub const ATTRIBUTES_MAX: usize = 50;

/// The last act, kept so that the same command sent twice is told from a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LastAct {
    /// The act.
    pub act: Act,
    /// A digest of the command's arguments.
    pub digest: u64,
    /// Who did it; nobody when it happened by itself.
    pub actor: Option<UserId>,
}

/// What is known of the demand itself; changed by updates, not by acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// What they may buy.
    pub product_area: Code,
    /// A short name for lists, without personal data.
    pub title: Option<ShortText>,
    /// The expected value.
    pub value: Option<Money>,
    /// Budget, authority, need, timeline.
    pub bant: Bant,
    /// Fit and engagement.
    pub score: Score,
    /// The country that decides the team.
    pub country: Option<CountryCode>,
    /// The state or province.
    pub subdivision: Option<SubdivisionCode>,
    /// The postal code.
    pub postal_code: Option<PostalCode>,
    /// The language the contact wants to be spoken to in.
    pub language: Option<LanguageTag>,
    /// Custom attributes, at most [`ATTRIBUTES_MAX`].
    pub attributes: BTreeMap<Code, AttributeValue>,
}

/// Where the demand came from; never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The department that created it.
    pub department: Department,
    /// Who made the first step.
    pub direction: Direction,
    /// The channel.
    pub channel: Channel,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// Who captured it; nobody for an import.
    pub captured_by: Option<UserId>,
}

/// The lead aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    /// Its stable id.
    pub id: LeadId,
    /// Counts changes from 1; two writers cannot both make the same version.
    pub version: u32,
    /// Whose demand it is.
    pub person: PersonId,
    /// The company that may buy.
    pub company: Option<CompanyId>,
    /// Where it came from.
    pub origin: Origin,
    /// What is known of it.
    pub demand: Demand,
    /// The track version of the current or last passage.
    pub track: TrackRef,
    /// The current or last passage.
    pub passage: PassageId,
    /// The number of that passage, from 1.
    pub passage_number: u32,
    /// Where it stands.
    pub state: LeadState,
    /// The departments that ever had it or were offered it.
    pub touched: DepartmentSet,
    /// The last act.
    pub last_act: Option<LastAct>,
    /// When the next promise about it is due that whoever has it must keep, UTC.
    pub next_due: Option<DateTime<Utc>>,
    /// When it was captured, UTC.
    pub captured_at: DateTime<Utc>,
    /// When it last changed stage, UTC.
    pub stage_since: DateTime<Utc>,
    /// When it last changed at all, UTC.
    pub updated_at: DateTime<Utc>,
}

impl Lead {
    /// What the access table needs to know of this lead.
    pub fn subject(&self) -> Subject {
        let placement = self.state.placement();
        let offer = self.state.offer();
        Subject {
            owner: placement.person,
            assignee: offer.and_then(|offer| offer.person),
            captured_by: self.origin.captured_by,
            team: placement.team,
            offered_team: offer.and_then(|offer| offer.team),
            departments: self.touched,
        }
    }
}
