//! What somebody did: the evidence of engagement.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::campaign::Channel;
use crate::code::codes;
use crate::id::{ActivityId, CampaignId, LeadId, PersonId, UserId};

codes! {
    /// What was done. The channel says by which way, so that a click in a mailing and a click on a banner are two cells of the matrix.
    pub enum ActivityKind {
        /// A page of the site was read.
        PageView = "PAGE_VIEW",
        /// A page about prices or plans was read.
        PricingView = "PRICING_VIEW",
        /// A mailing was opened. Mail programmes open by themselves, so that it says little.
        EmailOpen = "EMAIL_OPEN",
        /// A link in a mailing, a banner or a post was followed.
        Click = "CLICK",
        /// A mail was answered.
        Reply = "REPLY",
        /// A paper, a video or another piece of content was taken.
        ContentDownload = "CONTENT_DOWNLOAD",
        /// A form other than a request was sent, such as a newsletter's.
        FormSubmit = "FORM_SUBMIT",
        /// Contact was asked for.
        ContactRequest = "CONTACT_REQUEST",
        /// A demonstration or an offer was asked for.
        DemoRequest = "DEMO_REQUEST",
        /// A trial was started.
        TrialStart = "TRIAL_START",
        /// Registered for a fair, a webinar or a visit.
        EventRegister = "EVENT_REGISTER",
        /// Came to a fair, a webinar or a visit.
        EventAttend = "EVENT_ATTEND",
        /// A call in which somebody was reached.
        Call = "CALL",
        /// A meeting.
        Meeting = "MEETING",
        /// A conversation in a chat.
        Chat = "CHAT",
        /// A reaction in a social network: a comment, a share, a follow.
        SocialReaction = "SOCIAL_REACTION",
        /// Something else that shows interest.
        Other = "OTHER",
    }
}

/// Where an activity was recorded first: together they are unique, which makes recording it twice harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ActivityRef {
    /// The system, as a key.
    pub source: crate::value::Code,
    /// Its id there.
    pub external_id: crate::value::ShortText,
}

/// One thing that a person did. It is never changed: what happened, happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Stable identity.
    pub id: ActivityId,
    /// Who did it.
    pub person: PersonId,
    /// The lead it counts for; without one it counts for every lead that the person has open or at rest.
    pub lead: Option<LeadId>,
    /// By which way.
    pub channel: Channel,
    /// What was done.
    pub kind: ActivityKind,
    /// The campaign that moved them to it.
    pub campaign: Option<CampaignId>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded here; not before it happened, save for a sender's clock that is a little ahead.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it; `None` for the system itself.
    pub recorded_by: Option<UserId>,
    /// Where it was recorded first.
    pub reference: Option<ActivityRef>,
}
