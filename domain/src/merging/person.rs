//! People as they are merged.

use chrono::{DateTime, Utc};

use crate::person::Person;
use crate::value::EmailAddress;

use super::{MergeField, MergeKind, Mergeable, consent};

/// The fields of a person: the company before what goes with it.
pub const FIELDS: &[MergeField] = &[
    MergeField::Name,
    MergeField::Email,
    MergeField::Phone,
    MergeField::Language,
    MergeField::Address,
    MergeField::Company,
    MergeField::JobTitle,
    MergeField::BuyingRole,
];

/// The known parts with commas between.
pub(super) fn one_line(parts: &[Option<String>]) -> Option<String> {
    let known: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    if known.is_empty() { None } else { Some(known.join(", ")) }
}

impl Mergeable for Person {
    const KIND: MergeKind = MergeKind::Person;
    const FIELDS: &'static [MergeField] = FIELDS;

    fn fullness(&self, field: MergeField) -> usize {
        let one = usize::from;
        match field {
            MergeField::Name => one(self.name.given().is_some()) + one(self.name.family().is_some()),
            MergeField::Email => one(self.email.is_some()),
            MergeField::Phone => one(self.phone.is_some()),
            MergeField::Language => one(self.language.is_some()),
            MergeField::Address => {
                one(self.country.is_some())
                    + one(self.subdivision.is_some())
                    + one(self.postal_code.is_some())
                    + one(self.city.is_some())
            }
            MergeField::Company => one(self.company.is_some()),
            MergeField::JobTitle => one(self.job_title.is_some()),
            MergeField::BuyingRole => one(self.buying_role.is_some()),
            MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => 0,
        }
    }

    fn equals(&self, other: &Self, field: MergeField) -> bool {
        match field {
            MergeField::Name => self.name == other.name,
            MergeField::Email => self.email == other.email,
            MergeField::Phone => self.phone == other.phone,
            MergeField::Language => self.language == other.language,
            MergeField::Address => {
                self.country == other.country
                    && self.subdivision == other.subdivision
                    && self.postal_code == other.postal_code
                    && self.city == other.city
            }
            MergeField::Company => self.company == other.company,
            MergeField::JobTitle => self.job_title == other.job_title,
            MergeField::BuyingRole => self.buying_role == other.buying_role,
            MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => true,
        }
    }

    fn agrees(&self, other: &Self, field: MergeField) -> bool {
        match field {
            // an address is the same however its letters are cased
            MergeField::Email => self.email.as_ref().map(EmailAddress::key) == other.email.as_ref().map(EmailAddress::key),
            MergeField::Name
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Address
            | MergeField::Company
            | MergeField::JobTitle
            | MergeField::BuyingRole
            | MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => self.equals(other, field),
        }
    }

    fn take(&mut self, field: MergeField, from: &Self) {
        self.origins.take(field.parts(Self::KIND), &from.origins);
        match field {
            MergeField::Name => self.name.clone_from(&from.name),
            MergeField::Email => self.email.clone_from(&from.email),
            MergeField::Phone => self.phone.clone_from(&from.phone),
            MergeField::Language => self.language.clone_from(&from.language),
            MergeField::Address => {
                (self.country, self.subdivision) = (from.country, from.subdivision);
                self.postal_code.clone_from(&from.postal_code);
                self.city.clone_from(&from.city);
            }
            MergeField::Company => self.company = from.company,
            MergeField::JobTitle => self.job_title.clone_from(&from.job_title),
            MergeField::BuyingRole => self.buying_role = from.buying_role,
            MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => {}
        }
    }

    fn shown(&self, field: MergeField) -> Option<String> {
        match field {
            MergeField::Name => Some(self.name.full()),
            MergeField::Email => self.email.as_ref().map(ToString::to_string),
            MergeField::Phone => self.phone.as_ref().map(ToString::to_string),
            MergeField::Language => self.language.as_ref().map(ToString::to_string),
            MergeField::Address => one_line(&[
                self.city.as_ref().map(ToString::to_string),
                self.postal_code.as_ref().map(ToString::to_string),
                self.subdivision.map(|subdivision| subdivision.to_string()),
                self.country.map(|country| country.to_string()),
            ]),
            MergeField::Company => self.company.map(|company| company.to_string()),
            MergeField::JobTitle => self.job_title.as_ref().map(ToString::to_string),
            MergeField::BuyingRole => self.buying_role.map(|role| role.to_string()),
            MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => None,
        }
    }

    fn goes_with(field: MergeField) -> Option<MergeField> {
        match field {
            MergeField::JobTitle | MergeField::BuyingRole => Some(MergeField::Company),
            MergeField::Name
            | MergeField::Email
            | MergeField::Phone
            | MergeField::Language
            | MergeField::Address
            | MergeField::Company
            | MergeField::Industry
            | MergeField::Employees
            | MergeField::Website
            | MergeField::RegisterNumber
            | MergeField::Owner => None,
        }
    }

    fn changed_at(&self) -> DateTime<Utc> {
        self.updated_at
    }

    fn touch(&mut self, now: DateTime<Utc>) {
        self.version = self.version.saturating_add(1);
        self.updated_at = now;
    }

    fn join(&mut self, other: &Self, now: DateTime<Utc>) {
        self.consents = consent::merged(&self.consents, &other.consents, now);
    }

    fn part(&mut self, before: &Self, after: &Self, loser: &mut Self) {
        let (survivor, loser_consents) = consent::parted(&before.consents, &after.consents, &self.consents, &loser.consents);
        self.consents = survivor;
        loser.consents = loser_consents;
    }
}
