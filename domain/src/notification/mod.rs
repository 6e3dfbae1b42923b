//! What colleagues are told: of promises that are about to lapse or have lapsed, and of leads that went on because of it.
//!
//! A notification holds codes, ids and figures, never personal data: the words are made when it is read, in the reader's language.

pub mod audience;
pub mod wording;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{ClockId, EventId, LeadId, NotificationId, UserId};
use crate::sla::{ClockKind, SlaMoment};

pub use audience::{Audience, audience};
pub use wording::Wording;

codes! {
    /// What somebody is told.
    pub enum NotificationKind {
        /// A promise is about to lapse.
        PromiseWarned = "PROMISE_WARNED",
        /// A promise has lapsed.
        PromiseLapsed = "PROMISE_LAPSED",
        /// A lead came to whoever is told, because somebody else let its promise lapse.
        LeadGiven = "LEAD_GIVEN",
        /// A lead went from whoever is told to somebody else, because its promise lapsed.
        LeadTaken = "LEAD_TAKEN",
        /// A lead waits in the queue of a team: its promise lapsed and nobody else was found.
        LeadQueued = "LEAD_QUEUED",
        /// An offer came back to the giver, because nobody answered.
        LeadReturned = "LEAD_RETURNED",
        /// A step of the ladder could not be done; somebody must see to the lead.
        StepFailed = "STEP_FAILED",
    }
}

/// What the words are made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationContent {
    /// What was promised.
    pub clock: ClockKind,
    /// In which lap.
    pub lap: u8,
    /// After how many percent of the promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u16>,
    /// When the promise is or was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<DateTime<Utc>>,
}

impl From<&SlaMoment> for NotificationContent {
    fn from(moment: &SlaMoment) -> Self {
        Self { clock: moment.kind, lap: moment.lap, percent: moment.percent, due: moment.due }
    }
}

/// Something that one colleague is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Who is told.
    pub user: UserId,
    /// The event of the journal that it belongs to: nobody is told twice of one event.
    pub event: EventId,
    /// What.
    pub kind: NotificationKind,
    /// The lead.
    pub lead: Option<LeadId>,
    /// The clock.
    pub clock: Option<ClockId>,
    /// What the words are made of.
    pub content: NotificationContent,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// When it was read, UTC.
    pub read_at: Option<DateTime<Utc>>,
}

/// How somebody wants to be told. In the application everybody is told of everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationSettings {
    /// Whose.
    pub user: UserId,
    /// Counts the changes; 0 as long as nothing was said.
    pub version: u32,
    /// Of what no mail is sent.
    pub no_mail: BTreeSet<NotificationKind>,
}

impl NotificationSettings {
    /// What holds as long as nothing was said: a mail about everything.
    pub const fn unsaid(user: UserId) -> Self {
        Self { user, version: 0, no_mail: BTreeSet::new() }
    }

    /// Whether a mail is sent about something.
    pub fn mails(&self, kind: NotificationKind) -> bool {
        !self.no_mail.contains(&kind)
    }
}
