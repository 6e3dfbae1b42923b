//! People as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::consent::ConsentDraft;
use fairfall_domain::id::PersonId;
use fairfall_domain::person::{BuyingRole, PersonDraft, PersonPatch};
use fairfall_domain::violation::Violations;

use super::consent::{ConsentInput, consents};
use super::record::{draft, patch};
use super::{id, whole};
use crate::graphql::code::Coded;

/// The fields of a person that people type.
macro_rules! person_fields {
    ($then:ident! { $($head:tt)* }) => {
        $then! {
            $($head)*
            required {}
            optional {
                /// Given name or names. One of the two names is needed.
                given_name: String,
                /// Family name. One of the two names is needed.
                family_name: String,
                /// E-mail address.
                email: String,
                /// Telephone number; without a `+` it is read as a number of the country.
                phone: String,
                /// Language to speak and write in: a tag such as `de` or `en-GB`.
                language: String,
                /// Country: a code of two letters such as `DE`.
                country: String,
                /// Region within the country: a code such as `DE-BY`, or without the country in front.
                subdivision: String,
                /// Postal code in the layout of the country.
                postal_code: String,
                /// Town.
                city: String,
                /// Job title as the person uses it.
                job_title: String,
                /// The company that the person works for.
                company: ID,
                /// The part that the person plays in the company's decision to buy.
                buying_role: Coded<BuyingRole>,
            }
        }
    };
}

person_fields! { draft! {
    /// A person who is not known yet.
    PersonDraftInput => PersonDraft
    extra {}
    rest {}
} }

person_fields! { draft! {
    /// A new person.
    PersonCreateInput => PersonDraft
    extra {
        /// What the person allowed or forbade.
        consents: Option<Vec<ConsentInput>>,
        /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
        idempotency_key: Option<String>,
    }
    rest {}
} }

person_fields! { patch! {
    /// A change of a person. Omitted fields stay, null empties a field.
    PersonUpdateInput => PersonPatch
    extra {
        /// The person.
        person: ID,
    }
    rest {}
} }

impl PersonCreateInput {
    /// The draft, the consents and the idempotency key.
    pub fn read(self) -> (PersonDraft, Vec<ConsentDraft>, Option<String>) {
        (self.draft(), consents(self.consents), self.idempotency_key)
    }
}

impl PersonUpdateInput {
    /// The person, the version that the caller read, and the change.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(PersonId, Option<u32>, PersonPatch), Violations> {
        let mut faults = Violations::new();
        let person = id(&mut faults, "person", &self.person);
        whole(faults, person.map(|person| (person, self.expected_version, self.patch())))
    }
}

/// What a person said about being contacted: the latest word counts.
#[derive(Clone, Debug, InputObject)]
pub struct PersonConsentRecordInput {
    /// The person.
    pub person: ID,
    /// What was said.
    pub consents: Vec<ConsentInput>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl PersonConsentRecordInput {
    /// The person, the version that the caller read, and what was said.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(PersonId, Option<u32>, Vec<ConsentDraft>), Violations> {
        let mut faults = Violations::new();
        let person = id(&mut faults, "person", &self.person);
        let consents = consents(Some(self.consents));
        whole(faults, person.map(|person| (person, self.expected_version, consents)))
    }
}
