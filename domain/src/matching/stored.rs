//! People and companies as records to compare.

use crate::company::Company;
use crate::matching::field::MatchField;
use crate::matching::record::{CompanyRecord, CompanyTexts, PersonRecord, PersonTexts};
use crate::person::Person;
use crate::value::{CountryCode, EmailAddress, HttpUrl, PhoneNumber, PostalCode, ShortText, SubdivisionCode};

impl PersonRecord {
    /// The record of a person; `company` is the name of the company the person works for.
    pub fn of_person(person: &Person, company: Option<&str>) -> Self {
        let employer = person.company.map(|company| company.to_string());
        Self::of(&PersonTexts {
            given: person.name.given(),
            family: person.name.family(),
            email: person.email.as_ref().map(EmailAddress::as_str),
            phone: person.phone.as_ref().map(PhoneNumber::as_str),
            company,
            employer: employer.as_deref(),
            street: None,
            postal_code: person.postal_code.as_ref().map(PostalCode::as_str),
            city: person.city.as_ref().map(ShortText::as_str),
            region: person.subdivision.map(SubdivisionCode::as_str),
            country: person.country.map(CountryCode::as_str),
        })
    }
}

impl CompanyRecord {
    /// The record of a company; `mail_domains` are those of its people's e-mail addresses.
    pub fn of_company(company: &Company, mail_domains: &[&str]) -> Self {
        let website = company.website.as_ref().map(HttpUrl::host);
        let domains: Vec<&str> = website.as_deref().into_iter().chain(mail_domains.iter().copied()).collect();
        Self::of(&CompanyTexts {
            name: company.name.as_str(),
            domains: &domains,
            register_number: company.register_number.as_ref().map(ShortText::as_str),
            postal_code: company.postal_code.as_ref().map(PostalCode::as_str),
            city: company.city.as_ref().map(ShortText::as_str),
            region: company.subdivision.map(SubdivisionCode::as_str),
            country: company.country.map(CountryCode::as_str),
        })
    }
}

/// What a person has in a field, for people who compare two; nothing where nothing is stored. The company's name is the company's to tell.
pub fn value_of_person(person: &Person, field: MatchField) -> Option<String> {
    match field {
        MatchField::GivenName => person.name.given().map(str::to_owned),
        MatchField::FamilyName => person.name.family().map(str::to_owned),
        MatchField::Email => person.email.as_ref().map(ToString::to_string),
        MatchField::Phone => person.phone.as_ref().map(ToString::to_string),
        MatchField::PostalCode => person.postal_code.as_ref().map(ToString::to_string),
        MatchField::City => person.city.as_ref().map(ToString::to_string),
        MatchField::Region => person.subdivision.map(|region| region.to_string()),
        MatchField::Country => person.country.map(|country| country.to_string()),
        MatchField::Company
        | MatchField::Street
        | MatchField::HouseNumber
        | MatchField::CompanyName
        | MatchField::Domain
        | MatchField::RegisterNumber => None,
    }
}

/// What a company has in a field, for people who compare two; nothing where nothing is stored.
pub fn value_of_company(company: &Company, field: MatchField) -> Option<String> {
    match field {
        MatchField::CompanyName => Some(company.name.to_string()),
        MatchField::Domain => company.website.as_ref().map(HttpUrl::host),
        MatchField::RegisterNumber => company.register_number.as_ref().map(ToString::to_string),
        MatchField::PostalCode => company.postal_code.as_ref().map(ToString::to_string),
        MatchField::City => company.city.as_ref().map(ToString::to_string),
        MatchField::Region => company.subdivision.map(|region| region.to_string()),
        MatchField::Country => company.country.map(|country| country.to_string()),
        MatchField::GivenName
        | MatchField::FamilyName
        | MatchField::Email
        | MatchField::Phone
        | MatchField::Company
        | MatchField::Street
        | MatchField::HouseNumber => None,
    }
}
