//! People: row to domain and back.

use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::person::Person;
use fairfall_domain::value::{EmailAddress, PersonName};

use crate::entity::person::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for Person {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = PersonId::from(row.id);
        let stored = Stored::new("person", id);
        let name = PersonName::parse(row.given_name.as_deref(), row.family_name.as_deref());
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            name: name.map_err(|_| stored.corrupt("family_name"))?,
            email: stored.maybe("email", row.email.as_deref())?,
            phone: stored.maybe("phone", row.phone.as_deref())?,
            language: stored.maybe("language", row.language.as_deref())?,
            country: stored.maybe("country", row.country.as_deref())?,
            subdivision: stored.maybe("subdivision", row.subdivision.as_deref())?,
            postal_code: stored.maybe("postal_code", row.postal_code.as_deref())?,
            city: stored.maybe("city", row.city.as_deref())?,
            job_title: stored.maybe("job_title", row.job_title.as_deref())?,
            company: row.company_id.map(CompanyId::from),
            buying_role: stored.maybe("buying_role", row.buying_role.as_deref())?,
            consents: stored.json("consents", &row.consents)?,
            origins: stored.json("origins", &row.origins)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<&Person> for Model {
    type Error = StoreError;

    fn try_from(person: &Person) -> Result<Self, StoreError> {
        Ok(Self {
            id: person.id.uuid(),
            version: to_count(person.version)?,
            given_name: person.name.given().map(str::to_owned),
            family_name: person.name.family().map(str::to_owned),
            email: person.email.as_ref().map(ToString::to_string),
            email_key: person.email.as_ref().map(EmailAddress::key),
            phone: person.phone.as_ref().map(ToString::to_string),
            language: person.language.as_ref().map(ToString::to_string),
            country: person.country.map(|country| country.to_string()),
            subdivision: person.subdivision.map(|subdivision| subdivision.to_string()),
            postal_code: person.postal_code.as_ref().map(ToString::to_string),
            city: person.city.as_ref().map(ToString::to_string),
            job_title: person.job_title.as_ref().map(ToString::to_string),
            company_id: person.company.map(CompanyId::uuid),
            buying_role: person.buying_role.map(|role| role.to_string()),
            consents: to_json(&person.consents)?,
            origins: to_json(&person.origins)?,
            created_at: person.created_at,
            updated_at: person.updated_at,
        })
    }
}
