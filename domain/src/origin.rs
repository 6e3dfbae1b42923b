//! Where each field of a record comes from, and who may write over whom.
//!
//! What a person typed is worth more than what a form brought, that more than what a data provider knows, and that more than what was guessed
//! from a request. Enrichment fills gaps and replaces what is worth less; it never writes over what is worth as much or more.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::company::Company;
use crate::person::Person;
use crate::value::Code;

codes! {
    /// Where a value comes from, from the least trusted on.
    pub enum Source {
        /// Read off a request: the browser's language, the country of the address, the device.
        Request = "REQUEST",
        /// Told by a data provider.
        Provider = "PROVIDER",
        /// Read from a file.
        Import = "IMPORT",
        /// Brought by a form, a partner or a colleague together with a lead.
        Capture = "CAPTURE",
        /// Typed by a colleague into the record.
        User = "USER",
    }
}

/// Where one value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOrigin {
    /// The kind of source.
    pub source: Source,
    /// Which one: the provider's key or the import's source; absent where there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Code>,
    /// When it was written.
    pub at: DateTime<Utc>,
}

impl FieldOrigin {
    /// From a source that needs no name.
    pub const fn of(source: Source, at: DateTime<Utc>) -> Self {
        Self { source, name: None, at }
    }
}

/// The origins of a record's fields, by the field's name in the API. Fields without a value have none; nor have those written before origins
/// were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origins(BTreeMap<String, FieldOrigin>);

impl Origins {
    /// The origin of a field.
    pub fn get(&self, field: &str) -> Option<&FieldOrigin> {
        self.0.get(field)
    }

    /// Every known origin, by the field's name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldOrigin)> {
        self.0.iter().map(|(field, origin)| (field.as_str(), origin))
    }

    /// Whether no origin is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a source may write a field that has a value or not: gaps always, values only when they are worth less. A value of unknown origin
    /// counts as typed.
    pub fn may_write(&self, field: &str, has_value: bool, source: Source) -> bool {
        !has_value || self.get(field).is_some_and(|known| known.source < source)
    }

    /// Takes the origins of some fields from another record, together with their values.
    pub(crate) fn take(&mut self, fields: &[&str], from: &Self) {
        for field in fields {
            match from.get(field) {
                Some(origin) => drop(self.0.insert((*field).to_owned(), origin.clone())),
                None => drop(self.0.remove(*field)),
            }
        }
    }

    fn note(&mut self, field: &str, before: Option<&str>, after: Option<&str>, origin: &FieldOrigin) {
        match after {
            None => drop(self.0.remove(field)),
            Some(_) if before == after => {}
            Some(_) => drop(self.0.insert(field.to_owned(), origin.clone())),
        }
    }

    /// The origins after a record changed: whatever differs comes from `origin`.
    fn after(
        &self,
        before: &[(&'static str, Option<String>)],
        after: &[(&'static str, Option<String>)],
        origin: &FieldOrigin,
    ) -> Self {
        let mut origins = self.clone();
        for (field, value) in after {
            let known = before.iter().find(|(name, _)| name == field).and_then(|(_, value)| value.as_deref());
            origins.note(field, known, value.as_deref(), origin);
        }
        origins
    }
}

fn text(value: Option<&impl ToString>) -> Option<String> {
    value.map(ToString::to_string)
}

/// The fields of a person whose origin is kept, with their values.
pub fn person_fields(person: &Person) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("givenName", person.name.given().map(str::to_owned)),
        ("familyName", person.name.family().map(str::to_owned)),
        ("email", text(person.email.as_ref())),
        ("phone", text(person.phone.as_ref())),
        ("language", text(person.language.as_ref())),
        ("country", text(person.country.as_ref())),
        ("subdivision", text(person.subdivision.as_ref())),
        ("postalCode", text(person.postal_code.as_ref())),
        ("city", text(person.city.as_ref())),
        ("jobTitle", text(person.job_title.as_ref())),
        ("company", text(person.company.as_ref())),
        ("buyingRole", text(person.buying_role.as_ref())),
    ]
}

/// The fields of a company whose origin is kept, with their values.
pub fn company_fields(company: &Company) -> Vec<(&'static str, Option<String>)> {
    vec![
        ("name", Some(company.name.to_string())),
        ("country", text(company.country.as_ref())),
        ("subdivision", text(company.subdivision.as_ref())),
        ("postalCode", text(company.postal_code.as_ref())),
        ("city", text(company.city.as_ref())),
        ("industry", text(company.industry.as_ref())),
        ("employees", text(company.employees.as_ref())),
        ("website", text(company.website.as_ref())),
        ("registerNumber", text(company.register_number.as_ref())),
        ("owner", text(company.owner.as_ref())),
    ]
}

impl Person {
    /// The person with the origin of whatever differs from `before`; of everything when there was nothing before.
    #[must_use]
    pub fn noting(self, before: Option<&Self>, origin: &FieldOrigin) -> Self {
        let known = before.map(person_fields).unwrap_or_default();
        let start = before.map_or_else(Origins::default, |before| before.origins.clone());
        let origins = start.after(&known, &person_fields(&self), origin);
        Self { origins, ..self }
    }
}

impl Company {
    /// The company with the origin of whatever differs from `before`; of everything when there was nothing before.
    #[must_use]
    pub fn noting(self, before: Option<&Self>, origin: &FieldOrigin) -> Self {
        let known = before.map(company_fields).unwrap_or_default();
        let start = before.map_or_else(Origins::default, |before| before.origins.clone());
        let origins = start.after(&known, &company_fields(&self), origin);
        Self { origins, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Change;
    use crate::id::PersonId;
    use crate::person::{PersonDraft, PersonPatch};
    use uuid::Uuid;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn captured() -> Person {
        let draft = PersonDraft {
            family_name: Some("Huber".to_owned()),
            country: Some("DE".to_owned()),
            city: Some("Ulm".to_owned()),
            ..PersonDraft::default()
        };
        let person = Person::new(PersonId::from(Uuid::from_u128(1)), draft.parse().unwrap(), at(0));
        person.noting(None, &FieldOrigin::of(Source::Capture, at(0)))
    }

    #[test]
    fn each_value_has_its_origin_and_gaps_have_none() {
        let person = captured();
        let known: Vec<_> = person.origins.iter().map(|(field, origin)| (field, origin.source)).collect();
        assert_eq!(known, [("city", Source::Capture), ("country", Source::Capture), ("familyName", Source::Capture)]);
        let json = serde_json::to_string(&person.origins).unwrap();
        assert_eq!(serde_json::from_str::<Origins>(&json).unwrap(), person.origins);
    }

    #[test]
    fn a_change_notes_what_differs_only() {
        let person = captured();
        let patch = PersonPatch {
            city: Change::Clear,
            country: Change::Set("DE".to_owned()),
            job_title: Change::Set("Einkauf".to_owned()),
            ..PersonPatch::default()
        };
        let changed =
            person.revise(patch.parse(&person).unwrap(), at(9)).noting(Some(&person), &FieldOrigin::of(Source::User, at(9)));
        assert_eq!(changed.origins.get("city"), None, "what was emptied comes from nowhere");
        assert_eq!(changed.origins.get("country").unwrap().source, Source::Capture, "the same value again keeps its origin");
        assert_eq!(changed.origins.get("jobTitle"), Some(&FieldOrigin::of(Source::User, at(9))));
    }

    #[test]
    fn what_is_worth_less_never_writes_over_what_is_worth_more() {
        let person = captured();
        assert!(person.origins.may_write("phone", false, Source::Request), "gaps are filled by anybody");
        assert!(!person.origins.may_write("city", true, Source::Provider));
        assert!(!person.origins.may_write("city", true, Source::Capture), "nor what is worth as much");
        assert!(person.origins.may_write("city", true, Source::User));
        assert!(!Origins::default().may_write("city", true, Source::Provider), "unknown counts as typed");
    }
}
