//! Companies as they are merged.

use chrono::{DateTime, Utc};

use crate::company::Company;

use super::{MergeField, MergeKind, Mergeable};

/// The fields of a company.
pub const FIELDS: &[MergeField] = &[
    MergeField::Name,
    MergeField::Address,
    MergeField::Industry,
    MergeField::Employees,
    MergeField::Website,
    MergeField::RegisterNumber,
    MergeField::Owner,
];

impl Mergeable for Company {
    const KIND: MergeKind = MergeKind::Company;
    const FIELDS: &'static [MergeField] = FIELDS;

    fn fullness(&self, field: MergeField) -> usize {
        let one = usize::from;
        match field {
            MergeField::Name => 1,
            MergeField::Address => {
                one(self.country.is_some())
                    + one(self.subdivision.is_some())
                    + one(self.postal_code.is_some())
                    + one(self.city.is_some())
            }
            MergeField::Industry => one(self.industry.is_some()),
            MergeField::Employees => one(self.employees.is_some()),
            MergeField::Website => one(self.website.is_some()),
            MergeField::RegisterNumber => one(self.register_number.is_some()),
            MergeField::Owner => one(self.owner.is_some()),
            MergeField::Email
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Company
            | MergeField::JobTitle
            | MergeField::BuyingRole => 0,
        }
    }

    fn equals(&self, other: &Self, field: MergeField) -> bool {
        match field {
            MergeField::Name => self.name.as_str() == other.name.as_str(),
            MergeField::Address => {
                self.country == other.country
                    && self.subdivision == other.subdivision
                    && self.postal_code == other.postal_code
                    && self.city == other.city
            }
            MergeField::Industry => self.industry == other.industry,
            MergeField::Employees => self.employees == other.employees,
            MergeField::Website => self.website == other.website,
            MergeField::RegisterNumber => self.register_number == other.register_number,
            MergeField::Owner => self.owner == other.owner,
            MergeField::Email
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Company
            | MergeField::JobTitle
            | MergeField::BuyingRole => true,
        }
    }

    fn take(&mut self, field: MergeField, from: &Self) {
        self.origins.take(field.parts(Self::KIND), &from.origins);
        match field {
            MergeField::Name => self.name.clone_from(&from.name),
            MergeField::Address => {
                (self.country, self.subdivision) = (from.country, from.subdivision);
                self.postal_code.clone_from(&from.postal_code);
                self.city.clone_from(&from.city);
            }
            MergeField::Industry => self.industry.clone_from(&from.industry),
            MergeField::Employees => self.employees = from.employees,
            MergeField::Website => self.website.clone_from(&from.website),
            MergeField::RegisterNumber => self.register_number.clone_from(&from.register_number),
            MergeField::Owner => self.owner = from.owner,
            MergeField::Email
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Company
            | MergeField::JobTitle
            | MergeField::BuyingRole => {}
        }
    }

    fn shown(&self, field: MergeField) -> Option<String> {
        match field {
            MergeField::Name => Some(self.name.to_string()),
            MergeField::Address => super::person::one_line(&[
                self.city.as_ref().map(ToString::to_string),
                self.postal_code.as_ref().map(ToString::to_string),
                self.subdivision.map(|subdivision| subdivision.to_string()),
                self.country.map(|country| country.to_string()),
            ]),
            MergeField::Industry => self.industry.as_ref().map(ToString::to_string),
            MergeField::Employees => self.employees.map(|employees| employees.to_string()),
            MergeField::Website => self.website.as_ref().map(ToString::to_string),
            MergeField::RegisterNumber => self.register_number.as_ref().map(ToString::to_string),
            MergeField::Owner => self.owner.map(|owner| owner.to_string()),
            MergeField::Email
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Company
            | MergeField::JobTitle
            | MergeField::BuyingRole => None,
        }
    }

    fn changed_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version = self.version.saturating_add(1);
        self.updated_at = now;
    }
}
