//! Records as they are compared: each field folded once.

use std::collections::BTreeSet;

use crate::matching::form::{Form, Street};
use crate::quality::is_throwaway;
use crate::value::CompanyName;
use crate::value::fold::{Umlauts, fold};
use crate::value::free_mail::is_free_mail;

/// A person's fields as stored or typed; what is unknown is `None` or blank.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonTexts<'a> {
    /// Given name or names.
    pub given: Option<&'a str>,
    /// Family name.
    pub family: Option<&'a str>,
    /// E-mail address.
    pub email: Option<&'a str>,
    /// Telephone number, E.164.
    pub phone: Option<&'a str>,
    /// Name of the company the person works for.
    pub company: Option<&'a str>,
    /// What the company is known by whatever its name is; its name's first word when absent.
    pub employer: Option<&'a str>,
    /// Address line with street and house number.
    pub street: Option<&'a str>,
    /// Postal code.
    pub postal_code: Option<&'a str>,
    /// Town.
    pub city: Option<&'a str>,
    /// Region code.
    pub region: Option<&'a str>,
    /// Country code.
    pub country: Option<&'a str>,
}

/// An e-mail address as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailForm {
    /// All of it in lower case.
    pub key: String,
    /// Letters and digits before the `@`, without what follows a `+`; `None` for a mailbox that many read (`info@`).
    pub mailbox: Option<String>,
}

/// A person as compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRecord {
    /// Given name or names.
    pub given: Option<Form>,
    /// Family name.
    pub family: Option<Form>,
    /// E-mail address.
    pub email: Option<EmailForm>,
    /// Telephone number: digits with the country in front.
    pub phone: Option<String>,
    /// Name of the company without its legal form.
    pub company: Option<Form>,
    /// What the company is looked for by.
    pub employer: Option<String>,
    /// Street or building.
    pub street: Option<Form>,
    /// House number.
    pub house_number: Option<String>,
    /// Postal code without spaces.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<Form>,
    /// Region code.
    pub region: Option<String>,
    /// Country code.
    pub country: Option<String>,
}

impl PersonRecord {
    /// Folds the fields of a person.
    pub fn of(texts: &PersonTexts<'_>) -> Self {
        let street = texts.street.map(Street::of);
        let company = texts.company.and_then(company_form);
        let (house_number, street) = street.map_or((None, None), |street| (street.number, street.name));
        Self {
            given: texts.given.and_then(Form::of),
            family: texts.family.and_then(Form::of),
            email: texts.email.and_then(EmailForm::of),
            phone: texts.phone.and_then(digits),
            employer: texts.employer.map(str::to_owned).or_else(|| company.as_ref().map(|name| name.first().to_owned())),
            company,
            street,
            house_number,
            postal_code: texts.postal_code.and_then(compact),
            city: texts.city.and_then(Form::of),
            region: texts.region.and_then(compact),
            country: texts.country.and_then(compact),
        }
    }
}

/// A company's fields as stored or typed; what is unknown is `None` or blank.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompanyTexts<'a> {
    /// Name as written.
    pub name: &'a str,
    /// Hosts of its website and of its people's e-mail addresses; those of free mail say nothing and are left out.
    pub domains: &'a [&'a str],
    /// Number in the register of companies.
    pub register_number: Option<&'a str>,
    /// Postal code of the seat.
    pub postal_code: Option<&'a str>,
    /// Town of the seat.
    pub city: Option<&'a str>,
    /// Region code.
    pub region: Option<&'a str>,
    /// Country code.
    pub country: Option<&'a str>,
}

/// A company as compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyRecord {
    /// Name without its legal form.
    pub name: Option<Form>,
    /// Domains without `www`.
    pub domains: BTreeSet<String>,
    /// Letters and digits of the register number.
    pub register_number: Option<String>,
    /// Postal code without spaces.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<Form>,
    /// Region code.
    pub region: Option<String>,
    /// Country code.
    pub country: Option<String>,
}

impl CompanyRecord {
    /// Folds the fields of a company.
    pub fn of(texts: &CompanyTexts<'_>) -> Self {
        Self {
            name: company_form(texts.name),
            domains: texts.domains.iter().filter_map(|host| company_domain(host)).collect(),
            register_number: texts.register_number.and_then(compact),
            postal_code: texts.postal_code.and_then(compact),
            city: texts.city.and_then(Form::of),
            region: texts.region.and_then(compact),
            country: texts.country.and_then(compact),
        }
    }
}

/// Mailboxes that many read: the part before the `@` names no person (RFC 2142 and everyday use in German and English).
const SHARED_MAILBOXES: &[&str] = &[
    "abuse",
    "accounting",
    "admin",
    "administration",
    "anfrage",
    "billing",
    "bestellung",
    "buchhaltung",
    "buero",
    "contact",
    "datenschutz",
    "einkauf",
    "empfang",
    "enquiries",
    "hello",
    "help",
    "hr",
    "info",
    "inquiries",
    "invoice",
    "jobs",
    "karriere",
    "kontakt",
    "kundenservice",
    "mail",
    "marketing",
    "noreply",
    "office",
    "orders",
    "post",
    "postmaster",
    "presse",
    "press",
    "privacy",
    "purchasing",
    "rechnung",
    "sales",
    "sekretariat",
    "service",
    "support",
    "team",
    "verkauf",
    "vertrieb",
    "webmaster",
    "welcome",
    "zentrale",
];

impl EmailForm {
    fn of(text: &str) -> Option<Self> {
        let key = text.trim().to_lowercase();
        let (local, _) = key.rsplit_once('@')?;
        let person = local.split_once('+').map_or(local, |(person, _)| person);
        let mailbox = compact(person).filter(|mailbox| !SHARED_MAILBOXES.contains(&mailbox.as_str()));
        Some(Self { key, mailbox })
    }
}

/// Letters and digits, folded.
fn compact(text: &str) -> Option<String> {
    let kept: String = fold(text, Umlauts::Expanded).chars().filter(|letter| letter.is_alphanumeric()).collect();
    (!kept.is_empty()).then_some(kept)
}

/// Digits of a telephone number.
fn digits(text: &str) -> Option<String> {
    let kept: String = text.chars().filter(char::is_ascii_digit).collect();
    (!kept.is_empty()).then_some(kept)
}

/// A company's own domain without `www`, lower case; `None` for free mail and what is no domain.
pub(super) fn company_domain(host: &str) -> Option<String> {
    let host = host.trim().trim_end_matches('.').to_lowercase();
    let domain = host.strip_prefix("www.").unwrap_or(&host);
    (domain.contains('.') && !is_free_mail(domain) && !is_throwaway(domain)).then(|| domain.to_owned())
}

/// Words that join others and are written as `&`, `+` or not at all.
const JOINTS: &[&str] = &["and", "e", "et", "i", "u", "und", "y"];

/// The name without its legal form and joining words.
fn company_form(name: &str) -> Option<Form> {
    let key = CompanyName::parse(name).map_or_else(|_| name.to_owned(), |name| name.key());
    let form = Form::of(&key)?;
    let telling = form.words.iter().filter(|word| !JOINTS.contains(&word.as_str())).cloned();
    Form::of_words(telling).or(Some(form))
}
