//! Companies: row to domain and back.

use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, UserId};

use crate::entity::company::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for Company {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = CompanyId::from(row.id);
        let stored = Stored::new("company", id);
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            name: stored.text("name", &row.name)?,
            country: stored.maybe("country", row.country.as_deref())?,
            subdivision: stored.maybe("subdivision", row.subdivision.as_deref())?,
            postal_code: stored.maybe("postal_code", row.postal_code.as_deref())?,
            city: stored.maybe("city", row.city.as_deref())?,
            industry: stored.maybe("industry", row.industry.as_deref())?,
            employees: row.employees.map(|employees| stored.count("employees", employees)).transpose()?,
            website: stored.maybe("website", row.website.as_deref())?,
            register_number: stored.maybe("register_number", row.register_number.as_deref())?,
            owner: row.owner_id.map(UserId::from),
            origins: stored.json("origins", &row.origins)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

impl TryFrom<&Company> for Model {
    type Error = StoreError;

    fn try_from(company: &Company) -> Result<Self, StoreError> {
        Ok(Self {
            id: company.id.uuid(),
            version: to_count(company.version)?,
            name: company.name.to_string(),
            name_key: company.name.key(),
            country: company.country.map(|country| country.to_string()),
            subdivision: company.subdivision.map(|subdivision| subdivision.to_string()),
            postal_code: company.postal_code.as_ref().map(ToString::to_string),
            city: company.city.as_ref().map(ToString::to_string),
            industry: company.industry.as_ref().map(ToString::to_string),
            employees: company.employees.map(to_count).transpose()?,
            website: company.website.as_ref().map(ToString::to_string),
            register_number: company.register_number.as_ref().map(ToString::to_string),
            owner_id: company.owner.map(UserId::uuid),
            origins: to_json(&company.origins)?,
            created_at: company.created_at,
            updated_at: company.updated_at,
        })
    }
}
