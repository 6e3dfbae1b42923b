//! Reads what callers typed about a demand. Every fault is told, with the field's name as the API spells it.

use std::collections::BTreeMap;

use fairfall_domain::attribute::AttributeBook;
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::scoring::Score;
use fairfall_domain::value::{Code, CountryCode, Currency, LanguageTag, Money, PostalCode, ShortText, SubdivisionCode};
use fairfall_domain::violation::{ValueError, ViolationCode, Violations};
use fairfall_domain::waterfall::bant::{Bant, TIMELINE_MONTHS_MAX};
use fairfall_domain::waterfall::lead::{ATTRIBUTES_MAX, AttributeValue, Demand};

/// An amount as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyInput {
    /// Minor units, for example cents.
    pub amount_minor: i64,
    /// ISO 4217 code.
    pub currency: String,
}

/// A custom attribute as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeInput {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A short text.
    Text(String),
}

/// A demand as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DemandInput {
    /// What they may buy: a code.
    pub product_area: String,
    /// A short name for lists.
    pub title: Option<String>,
    /// The expected value.
    pub value: Option<MoneyInput>,
    /// Budget, authority, need, timeline.
    pub bant: Bant,
    /// Country code; the person's or the company's when absent.
    pub country: Option<String>,
    /// Subdivision code.
    pub subdivision: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Language tag; the person's when absent.
    pub language: Option<String>,
    /// Custom attributes.
    pub attributes: Vec<(String, AttributeInput)>,
}

/// A demand that was read; places and language still need the person and the company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemandRead {
    demand: Demand,
}

impl DemandInput {
    /// Reads the demand.
    pub fn read(&self, defined: &AttributeBook, faults: &mut Violations) -> Option<DemandRead> {
        let product_area = faults.check_required("productArea", Some(&self.product_area), Code::parse);
        let title = faults.check_optional("title", self.title.as_deref(), ShortText::parse);
        let value = self.value.as_ref().and_then(|typed| read_money(faults, "value", typed));
        let country = faults.check_optional("country", self.country.as_deref(), CountryCode::parse);
        let subdivision = read_subdivision(faults, self.subdivision.as_deref(), country);
        let postal_code =
            faults.check_optional("postalCode", self.postal_code.as_deref(), |text| PostalCode::parse(text, country));
        let language = faults.check_optional("language", self.language.as_deref(), LanguageTag::parse);
        check_timeline(faults, &self.bant);
        let attributes = read_attributes(faults, &self.attributes, defined);
        let demand = Demand {
            product_area: product_area?,
            title,
            value,
            bant: self.bant,
            score: Score::default(),
            country,
            subdivision,
            postal_code,
            language,
            attributes,
        };
        Some(DemandRead { demand })
    }
}

impl DemandRead {
    /// What they may buy.
    pub const fn product_area(&self) -> &Code {
        &self.demand.product_area
    }

    /// The demand, with place and language taken from the person, else the company, where none was typed.
    pub fn complete(self, person: Option<&Person>, company: Option<&Company>) -> Demand {
        let mut demand = self.demand;
        if demand.country.is_none() {
            if let Some(person) = person.filter(|person| person.country.is_some()) {
                (demand.country, demand.subdivision) = (person.country, person.subdivision);
                demand.postal_code.clone_from(&person.postal_code);
            } else if let Some(company) = company {
                (demand.country, demand.subdivision) = (company.country, company.subdivision);
                demand.postal_code.clone_from(&company.postal_code);
            }
        }
        demand.language = demand.language.or_else(|| person.and_then(|person| person.language.clone()));
        demand
    }
}

/// Reads an amount.
pub fn read_money(faults: &mut Violations, field: &str, typed: &MoneyInput) -> Option<Money> {
    let currency = faults.check(format!("{field}.currency"), Currency::parse(&typed.currency))?;
    faults.check(format!("{field}.amountMinor"), Money::try_new(typed.amount_minor, currency))
}

/// Reads a subdivision; it must lie in the country when one is given.
pub fn read_subdivision(faults: &mut Violations, typed: Option<&str>, country: Option<CountryCode>) -> Option<SubdivisionCode> {
    faults.check_optional("subdivision", typed, |text| match country {
        Some(country) => SubdivisionCode::parse_in(text, country),
        None => SubdivisionCode::parse(text),
    })
}

/// Checks the months of a timeline.
pub fn check_timeline(faults: &mut Violations, bant: &Bant) {
    if bant.timeline_months.is_some_and(|months| months > TIMELINE_MONTHS_MAX) {
        faults.add("bant.timelineMonths", ViolationCode::OutOfRange, format!("0 to {TIMELINE_MONTHS_MAX} months are allowed"));
    }
}

/// Reads custom attributes; those that were defined must fit their definition.
pub fn read_attributes(
    faults: &mut Violations,
    typed: &[(String, AttributeInput)],
    defined: &AttributeBook,
) -> BTreeMap<Code, AttributeValue> {
    let mut read = BTreeMap::new();
    for (key, value) in typed {
        let field = format!("attributes.{key}");
        let Some(key) = faults.check(&field, Code::parse(key)) else { continue };
        if let Some(value) = faults.check(&field, read_attribute(&key, value, defined)) {
            read.insert(key, value);
        }
    }
    if read.len() > ATTRIBUTES_MAX {
        faults.add("attributes", ViolationCode::TooLong, format!("at most {ATTRIBUTES_MAX} attributes are allowed"));
    }
    read
}

/// Reads the value of a custom attribute.
pub fn read_attribute(key: &Code, typed: &AttributeInput, defined: &AttributeBook) -> Result<AttributeValue, ValueError> {
    let value = match typed {
        AttributeInput::Flag(flag) => AttributeValue::Flag(*flag),
        AttributeInput::Number(number) => AttributeValue::Number(*number),
        AttributeInput::Text(text) => AttributeValue::Text(ShortText::parse(text)?),
    };
    defined.check_value(key, &value)?;
    Ok(value)
}
