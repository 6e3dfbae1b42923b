//! Protection of people's data: what is left of an erased person, and for how long data is kept.

pub mod retention;

pub use retention::{RetentionCase, RetentionPolicy, RetentionRule};

use chrono::{DateTime, Utc};

use crate::origin::Origins;
use crate::person::Person;
use crate::value::PersonName;

/// The name that an erased person's record carries.
pub const ERASED_NAME: &str = "erased";

impl Person {
    /// The record without anything that tells whose it was: it stays for the leads that refer to it, so that figures go on counting them
    /// (Art. 17 GDPR; recital 26: what cannot be tied to a person is no personal data). The country stays, as figures ask for it.
    #[must_use]
    pub fn erased(&self, now: DateTime<Utc>) -> Self {
        Self {
            id: self.id,
            version: self.version.saturating_add(1),
            name: PersonName::parse(None, Some(ERASED_NAME)).unwrap_or_else(|_| self.name.clone()),
            email: None,
            phone: None,
            language: None,
            country: self.country,
            subdivision: None,
            postal_code: None,
            city: None,
            job_title: None,
            company: None,
            buying_role: None,
            consents: Vec::new(),
            origins: Origins::default(),
            created_at: self.created_at,
            updated_at: now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::person::PersonDraft;
    use uuid::Uuid;

    #[test]
    fn nothing_tells_whose_record_it_was() {
        let text = |typed: &str| Some(typed.to_owned());
        let draft = PersonDraft {
            given_name: text("Annegret"),
            family_name: text("Zwiebelhuber"),
            email: text("annegret@zwiebel.example"),
            phone: text("+498912345678"),
            language: text("de-DE"),
            country: text("DE"),
            subdivision: text("DE-BY"),
            postal_code: text("80331"),
            city: text("Zwiesel"),
            job_title: text("Zwiebelkundlerin"),
            company: None,
            buying_role: text("DECIDER"),
        };
        let at = DateTime::from_timestamp(9, 0).unwrap();
        let person = Person::new(PersonId::from(Uuid::from_u128(1)), draft.parse().unwrap(), DateTime::UNIX_EPOCH);
        let erased = person.erased(at);
        assert_eq!((erased.id, erased.version, erased.country), (person.id, 2, person.country));
        let left = serde_json::to_string(&erased).unwrap();
        for word in ["nnegret", "wiebel", "12345678", "80331", "Zwiesel", "de-DE", "DE-BY", "DECIDER"] {
            assert!(!left.contains(word), "{word}");
        }
    }
}
