//! An event as subscribers see it.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use fairfall_domain::id::AnyId;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::journal::JournalEntry;

use super::payload::EventPayload;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::object::user::UserObject;
use crate::graphql::scalar::{self, EventCursor, Timestamp};

/// An event of the journal.
#[derive(Clone, Debug)]
pub struct EventObject(pub JournalEntry);

impl From<JournalEntry> for EventObject {
    fn from(entry: JournalEntry) -> Self {
        Self(entry)
    }
}

impl EventObject {
    /// Where it stands in the journal.
    pub const fn position(&self) -> EventCursor {
        EventCursor(self.0.position)
    }
}

/// Something that happened to a lead, or to what became of it.
#[Object(name = "Event")]
impl EventObject {
    /// Its id. An event may come twice after a reconnection; it is known again by its id.
    async fn id(&self) -> ID {
        scalar::id(self.0.event)
    }

    /// Its place in the stream: give it back as `after` to go on behind this event.
    async fn cursor(&self) -> EventCursor {
        self.position()
    }

    /// When it happened.
    async fn occurred_at(&self) -> Timestamp {
        Timestamp(self.0.occurred_at)
    }

    /// What happened.
    #[graphql(name = "type")]
    async fn kind(&self) -> Coded<EventKind> {
        self.0.kind.into()
    }

    /// To what it happened.
    async fn subject(&self) -> EventSubject {
        EventSubject { id: scalar::id(self.0.subject), kind: self.0.subject.into() }
    }

    /// The version of the subject that the event made. A client that has this version or a later one knows the event already.
    async fn subject_version(&self) -> u32 {
        self.0.subject_version
    }

    /// Who did it; absent when it happened by itself, or when the caller may not see the user.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.actor).await
    }

    /// The lead as it is now, which may be later than the event; absent when the caller may not see it any more.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, self.0.lead).await
    }

    /// What changed.
    async fn payload(&self) -> EventPayload {
        EventPayload::of(&self.0)
    }
}

/// What an event happened to.
#[derive(Clone, Debug, SimpleObject)]
pub struct EventSubject {
    /// Its id.
    pub id: ID,
    /// What it is.
    pub kind: EventSubjectKind,
}

/// Declares the kinds of things that have ids.
macro_rules! subject_kinds {
    ($( $(#[$doc:meta])* $name:ident, )+) => {
        /// What kind of thing an event happened to.
        #[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
        pub enum EventSubjectKind {
            $( $(#[$doc])* $name, )+
        }

        impl From<AnyId> for EventSubjectKind {
            fn from(id: AnyId) -> Self {
                match id { $( AnyId::$name(_) => Self::$name, )+ }
            }
        }
    };
}

subject_kinds! {
    /// A lead.
    Lead,
    /// A trip of a lead down its track.
    Passage,
    /// A step that a lead took.
    Transition,
    /// A person.
    Person,
    /// A company.
    Company,
    /// A campaign.
    Campaign,
    /// A user.
    User,
    /// A team.
    Team,
    /// A session.
    Session,
    /// A track.
    Track,
    /// An agreement.
    Agreement,
    /// An opportunity.
    Opportunity,
    /// A customer.
    Customer,
    /// An event.
    Event,
    /// A partner's key.
    ApiKey,
    /// A run of an import.
    Import,
    /// A version of the score model.
    ScoreModel,
    /// Something a person did.
    Activity,
    /// A trained model of the chance to win.
    ForecastModel,
    /// A pair of records that may be the same.
    Duplicate,
    /// A merge of two records.
    Merge,
    /// A word about a consent.
    ConsentRecord,
    /// A request for consent.
    OptIn,
    /// A territory.
    Territory,
    /// A pool of those who may receive leads.
    Pool,
    /// The account of one routing.
    RoutingDecision,
    /// A draft of another routing.
    RoutingDraft,
    /// A time in which somebody is absent.
    Absence,
    /// A calendar of working hours.
    Calendar,
    /// A running promise.
    Clock,
    /// Something that a colleague was told.
    Notification,
    /// A rating of a lead by whoever took it.
    Feedback,
    /// A custom attribute of leads.
    Attribute,
}
