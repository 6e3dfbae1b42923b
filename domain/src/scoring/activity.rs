//! What somebody did: the evidence of engagement.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::campaign::Channel;
use crate::code::codes;
use crate::id::{ActivityId, CampaignId, LeadId, PersonId, UserId};
use crate::value::LongText;

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
        /// A mail that a colleague wrote to them. It says nothing of their interest.
        Email = "EMAIL",
        /// Something a colleague wrote down. It says nothing of their interest.
        Note = "NOTE",
        /// A reaction in a social network: a comment, a share, a follow.
        SocialReaction = "SOCIAL_REACTION",
        /// Something else that shows interest.
        Other = "OTHER",
    }
}

codes! {
    /// What came of trying to reach somebody.
    pub enum ContactOutcome {
        /// They were reached: talked to, met, or they answered.
        Reached = "REACHED",
        /// Nobody answered.
        NotReached = "NOT_REACHED",
        /// A message was left.
        MessageLeft = "MESSAGE_LEFT",
        /// They asked for another time.
        Postponed = "POSTPONED",
        /// It was not them: a wrong number or address.
        WrongContact = "WRONG_CONTACT",
    }
}

impl ActivityKind {
    /// Whether it is a try to reach somebody, which has an outcome.
    pub const fn has_outcome(self) -> bool {
        matches!(self, Self::Call | Self::Meeting | Self::Chat | Self::Email)
    }

    /// Whether it says something of the interest of who did it, so that engagement may count it.
    pub const fn shows_interest(self) -> bool {
        !matches!(self, Self::Email | Self::Note)
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
    /// What came of it, when it was a try to reach them. Without one, a call, meeting or chat took place.
    pub outcome: Option<ContactOutcome>,
    /// What the colleague wrote down of it; may hold personal data.
    pub note: Option<LongText>,
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

impl Activity {
    /// Whether both sides came together: what keeps the promise of a first contact. A mail counts once it was answered; a try that reached nobody
    /// does not.
    pub fn is_contact(&self) -> bool {
        let reached = self.outcome.is_none_or(|outcome| outcome == ContactOutcome::Reached);
        match self.kind {
            ActivityKind::Call | ActivityKind::Meeting | ActivityKind::Chat => reached,
            ActivityKind::Email => self.outcome == Some(ContactOutcome::Reached),
            ActivityKind::Reply => true,
            ActivityKind::PageView
            | ActivityKind::PricingView
            | ActivityKind::EmailOpen
            | ActivityKind::Click
            | ActivityKind::ContentDownload
            | ActivityKind::FormSubmit
            | ActivityKind::ContactRequest
            | ActivityKind::DemoRequest
            | ActivityKind::TrialStart
            | ActivityKind::EventRegister
            | ActivityKind::EventAttend
            | ActivityKind::SocialReaction
            | ActivityKind::Note
            | ActivityKind::Other => false,
        }
    }

    /// Whether engagement counts it: what somebody did, not what was tried in vain.
    pub fn shows_interest(&self) -> bool {
        self.kind.shows_interest() && self.outcome.is_none_or(|outcome| outcome == ContactOutcome::Reached)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity(kind: ActivityKind, outcome: Option<ContactOutcome>) -> Activity {
        Activity {
            id: uuid::Uuid::nil().into(),
            person: uuid::Uuid::nil().into(),
            lead: None,
            channel: Channel::Phone,
            kind,
            outcome,
            note: None,
            campaign: None,
            occurred_at: DateTime::UNIX_EPOCH,
            recorded_at: DateTime::UNIX_EPOCH,
            recorded_by: None,
            reference: None,
        }
    }

    #[test]
    fn a_contact_takes_two() {
        let contacts: Vec<_> = ActivityKind::ALL.iter().filter(|kind| activity(**kind, None).is_contact()).collect();
        assert_eq!(contacts, [&ActivityKind::Reply, &ActivityKind::Call, &ActivityKind::Meeting, &ActivityKind::Chat]);
        for kind in ActivityKind::ALL.iter().filter(|kind| kind.has_outcome()) {
            for outcome in ContactOutcome::ALL {
                let one = activity(*kind, Some(*outcome));
                assert_eq!(one.is_contact(), *outcome == ContactOutcome::Reached, "{kind} {outcome}");
            }
        }
    }

    #[test]
    fn what_was_tried_in_vain_shows_no_interest() {
        assert!(activity(ActivityKind::Call, None).shows_interest());
        assert!(activity(ActivityKind::Call, Some(ContactOutcome::Reached)).shows_interest());
        assert!(!activity(ActivityKind::Call, Some(ContactOutcome::MessageLeft)).shows_interest());
        assert!(!activity(ActivityKind::Email, Some(ContactOutcome::Reached)).shows_interest(), "their answer is a REPLY");
        assert!(!activity(ActivityKind::Note, None).shows_interest());
    }
}
