//! Companies that may buy.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::id::{CompanyId, UserId};
use crate::origin::Origins;
use crate::person::parse_subdivision;
use crate::value::{Code, CompanyName, CountryCode, HttpUrl, PostalCode, ShortText, SubdivisionCode};
use crate::violation::{ValueError, ViolationCode, Violations};

/// Most employees a company can have here: more than any has.
pub const EMPLOYEES_MAX: u32 = 10_000_000;

/// A company that may buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Stable identity.
    pub id: CompanyId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Name as written.
    pub name: CompanyName,
    /// Country of the seat.
    pub country: Option<CountryCode>,
    /// Region of the seat.
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code of the seat.
    pub postal_code: Option<PostalCode>,
    /// Town of the seat.
    pub city: Option<ShortText>,
    /// Key of the industry.
    pub industry: Option<Code>,
    /// How many people work there.
    pub employees: Option<u32>,
    /// Address in the web.
    pub website: Option<HttpUrl>,
    /// Number in the register of companies.
    pub register_number: Option<ShortText>,
    /// The colleague whose customer it is; leads of the company go there first.
    pub owner: Option<UserId>,
    /// Where its fields come from.
    #[serde(default)]
    pub origins: Origins,
    /// When the company became known.
    pub created_at: DateTime<Utc>,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
}

/// The parsed fields that a user may type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyFields {
    /// Name as written.
    pub name: CompanyName,
    /// Country of the seat.
    pub country: Option<CountryCode>,
    /// Region of the seat; lies in the country.
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code in the layout of the country.
    pub postal_code: Option<PostalCode>,
    /// Town of the seat.
    pub city: Option<ShortText>,
    /// Key of the industry.
    pub industry: Option<Code>,
    /// How many people work there.
    pub employees: Option<u32>,
    /// Address in the web.
    pub website: Option<HttpUrl>,
    /// Number in the register of companies.
    pub register_number: Option<ShortText>,
    /// The colleague whose customer it is.
    pub owner: Option<UserId>,
}

/// A company as typed. Blank texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyDraft {
    /// Name; must be given.
    pub name: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Region code, with or without the country in front.
    pub subdivision: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Key of the industry.
    pub industry: Option<String>,
    /// How many people work there, as a whole number.
    pub employees: Option<String>,
    /// Address in the web.
    pub website: Option<String>,
    /// Number in the register of companies.
    pub register_number: Option<String>,
    /// Owner's id.
    pub owner: Option<String>,
}

/// A change of a company as typed; what is omitted stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyPatch {
    /// Name; cannot be cleared.
    pub name: Change<String>,
    /// Country code.
    pub country: Change<String>,
    /// Region code.
    pub subdivision: Change<String>,
    /// Postal code.
    pub postal_code: Change<String>,
    /// Town.
    pub city: Change<String>,
    /// Key of the industry.
    pub industry: Change<String>,
    /// How many people work there, as a whole number.
    pub employees: Change<String>,
    /// Address in the web.
    pub website: Change<String>,
    /// Number in the register of companies.
    pub register_number: Change<String>,
    /// Owner's id.
    pub owner: Change<String>,
}

fn parse_employees(text: &str) -> Result<u32, ValueError> {
    let count: u32 = text.parse().map_err(|_| ValueError::new(ViolationCode::Malformed, "expected a whole number of people"))?;
    if count > EMPLOYEES_MAX {
        let message = format!("at most {EMPLOYEES_MAX} people are allowed");
        return Err(ValueError::new(ViolationCode::OutOfRange, message));
    }
    Ok(count)
}

impl CompanyDraft {
    /// Reads every field.
    ///
    /// # Errors
    /// Every fault of the record, under the field names of the API (`postalCode`, `registerNumber`, ...).
    pub fn parse(&self) -> Result<CompanyFields, Violations> {
        let mut faults = Violations::new();
        let name = faults.check_required("name", self.name.as_deref(), CompanyName::parse);
        let country = faults.check_optional("country", self.country.as_deref(), CountryCode::parse);
        let subdivision =
            faults.check_optional("subdivision", self.subdivision.as_deref(), |text| parse_subdivision(text, country));
        let postal_code =
            faults.check_optional("postalCode", self.postal_code.as_deref(), |text| PostalCode::parse(text, country));
        let city = faults.check_optional("city", self.city.as_deref(), ShortText::parse);
        let industry = faults.check_optional("industry", self.industry.as_deref(), Code::parse);
        let employees = faults.check_optional("employees", self.employees.as_deref(), parse_employees);
        let website = faults.check_optional("website", self.website.as_deref(), HttpUrl::parse);
        let register_number = faults.check_optional("registerNumber", self.register_number.as_deref(), ShortText::parse);
        let owner = faults.check_optional("owner", self.owner.as_deref(), UserId::parse);
        let (Some(name), true) = (name, faults.is_empty()) else {
            return Err(faults);
        };
        Ok(CompanyFields { name, country, subdivision, postal_code, city, industry, employees, website, register_number, owner })
    }
}

impl CompanyPatch {
    /// Reads the company's fields as they are after the change.
    ///
    /// # Errors
    /// Every fault of the record after the change.
    pub fn parse(&self, current: &Company) -> Result<CompanyFields, Violations> {
        self.draft(current).parse()
    }

    /// The company after the change, as if it had been typed anew.
    #[must_use]
    pub fn draft(&self, current: &Company) -> CompanyDraft {
        CompanyDraft {
            name: self.name.over(Some(&current.name)),
            country: self.country.over(current.country.as_ref()),
            subdivision: self.subdivision.over(current.subdivision.as_ref()),
            postal_code: self.postal_code.over(current.postal_code.as_ref()),
            city: self.city.over(current.city.as_ref()),
            industry: self.industry.over(current.industry.as_ref()),
            employees: self.employees.over(current.employees.as_ref()),
            website: self.website.over(current.website.as_ref()),
            register_number: self.register_number.over(current.register_number.as_ref()),
            owner: self.owner.over(current.owner.as_ref()),
        }
    }
}

impl Company {
    /// A company that became known `now`.
    pub fn new(id: CompanyId, fields: CompanyFields, now: DateTime<Utc>) -> Self {
        Self::assemble((id, 1), fields, (now, now))
    }

    /// The company with other fields, one version on.
    #[must_use]
    pub fn revise(&self, fields: CompanyFields, now: DateTime<Utc>) -> Self {
        let identity = (self.id, self.version.saturating_add(1));
        Self { origins: self.origins.clone(), ..Self::assemble(identity, fields, (self.created_at, now)) }
    }

    fn assemble(identity: (CompanyId, u32), fields: CompanyFields, times: (DateTime<Utc>, DateTime<Utc>)) -> Self {
        Self {
            id: identity.0,
            version: identity.1,
            name: fields.name,
            country: fields.country,
            subdivision: fields.subdivision,
            postal_code: fields.postal_code,
            city: fields.city,
            industry: fields.industry,
            employees: fields.employees,
            website: fields.website,
            register_number: fields.register_number,
            owner: fields.owner,
            origins: Origins::default(),
            created_at: times.0,
            updated_at: times.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn company() -> Company {
        let draft = CompanyDraft {
            name: Some("Müller GmbH".to_owned()),
            country: Some("DE".to_owned()),
            employees: Some("250".to_owned()),
            ..CompanyDraft::default()
        };
        Company::new(CompanyId::from(Uuid::from_u128(1)), draft.parse().unwrap(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn every_fault_is_reported() {
        let faults = CompanyDraft {
            country: Some("XX".to_owned()),
            subdivision: Some("BY".to_owned()),
            employees: Some("many".to_owned()),
            website: Some("example".to_owned()),
            ..CompanyDraft::default()
        }
        .parse()
        .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["name", "country", "subdivision", "employees", "website"]);
        assert_eq!(parse_employees("10000001").unwrap_err().code, ViolationCode::OutOfRange);
    }

    #[test]
    fn a_patch_keeps_what_it_does_not_name() {
        let patch = CompanyPatch { employees: Change::Set("300".to_owned()), country: Change::Clear, ..CompanyPatch::default() };
        let revised = company().revise(patch.parse(&company()).unwrap(), DateTime::UNIX_EPOCH);
        assert_eq!((revised.version, revised.employees, revised.country), (2, Some(300), None));
        assert_eq!(revised.name, company().name);
    }

    #[test]
    fn the_name_cannot_be_cleared() {
        let patch = CompanyPatch { name: Change::Clear, ..CompanyPatch::default() };
        assert_eq!(patch.parse(&company()).unwrap_err().as_slice()[0].code, ViolationCode::Required);
    }
}
