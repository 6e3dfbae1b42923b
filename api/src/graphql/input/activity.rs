//! Activities as they come in.

use async_graphql::{ID, InputObject, OneofObject};
use fairfall_domain::scoring::activity_draft::ActivityDraft;

use crate::app::activity::{ActivityInput, SubjectInput};
use crate::graphql::scalar::Timestamp;

/// A name that another system has for a lead or a person.
#[derive(Clone, Debug, InputObject)]
pub struct ActivityExternalInput {
    /// The system.
    pub source: String,
    /// Its id there.
    pub id: String,
}

/// Whom an activity is about.
#[derive(Clone, Debug, OneofObject)]
pub enum ActivitySubjectInput {
    /// A lead, by id: it counts for this one alone.
    Lead(ID),
    /// A person, by id: it counts for every lead that the person has open or at rest.
    Person(ID),
    /// The person with this e-mail address.
    Email(String),
    /// The lead that another system calls so, or else the person.
    External(ActivityExternalInput),
}

/// What is told of an activity. All faults of an activity are reported at once.
macro_rules! activity_input {
    ($(#[$doc:meta])* $name:ident { $( $(#[$extra_doc:meta])* $extra:ident: $extra_kind:ty, )* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// Whom it is about.
            pub subject: ActivitySubjectInput,
            /// What was done: a value of `ActivityKind`, such as `CLICK`.
            pub kind: String,
            /// What came of it: a value of `ContactOutcome`; for CALL, MEETING, CHAT and EMAIL alone. Without one a call, meeting or chat took place.
            /// A first contact is promised as one that reached them.
            pub outcome: Option<String>,
            /// What was written down of it, at most 2,000 characters; asked for with NOTE.
            pub note: Option<String>,
            /// By which way: a value of `Channel`, such as `EMAIL`; the campaign's when absent, else UNKNOWN.
            pub channel: Option<String>,
            /// When it happened; at most 5 minutes from now and 5 years ago. Now when absent.
            pub occurred_at: Option<Timestamp>,
            /// The id of the campaign that moved them to it.
            pub campaign: Option<ID>,
            /// The key of the system in which it was recorded first. With `externalId` it makes a retry harmless: the same pair is stored once.
            pub source: Option<String>,
            /// Its id in that system; at most 200 characters.
            pub external_id: Option<String>,
            $( $(#[$extra_doc])* pub $extra: $extra_kind, )*
        }

        impl $name {
            /// The activity as it was typed.
            pub fn read(self) -> ActivityInput {
                ActivityInput {
                    subject: self.subject.into(),
                    draft: ActivityDraft {
                        kind: self.kind,
                        channel: self.channel,
                        outcome: self.outcome,
                        note: self.note,
                        occurred_at: self.occurred_at.map(|at| at.0),
                        source: self.source,
                        external_id: self.external_id,
                    },
                    campaign: self.campaign.map(|campaign| campaign.0),
                }
            }
        }
    };
}

activity_input! {
    /// An activity to be recorded.
    ActivityRecordInput {
        /// Makes a retry harmless where no `source` and `externalId` are told. Kept for a day; at most 200 characters.
        idempotency_key: Option<String>,
    }
}

activity_input! {
    /// One of many activities to be recorded.
    ActivityItemInput {}
}

/// Activities to be recorded together.
#[derive(Clone, Debug, InputObject)]
pub struct ActivitiesRecordInput {
    /// The activities, 1 to 500, and not more than the server takes in one list (250 as shipped).
    pub activities: Vec<ActivityItemInput>,
    /// Makes a retry harmless where activities carry no `source` and `externalId`. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl From<ActivitySubjectInput> for SubjectInput {
    fn from(typed: ActivitySubjectInput) -> Self {
        match typed {
            ActivitySubjectInput::Lead(id) => Self::Lead(id.0),
            ActivitySubjectInput::Person(id) => Self::Person(id.0),
            ActivitySubjectInput::Email(email) => Self::Email(email),
            ActivitySubjectInput::External(ActivityExternalInput { source, id }) => Self::External { source, id },
        }
    }
}
