//! What the request behind a form tells: the country of the address, the language of the browser, the device.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use fairfall_domain::origin::{FieldOrigin, Source};
use fairfall_domain::person::Person;
use fairfall_domain::value::{Code, CountryCode, LanguageTag, ShortText};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::visitor::{Device, preferred_language};
use fairfall_domain::waterfall::lead::{ATTRIBUTES_MAX, AttributeValue, Demand};

use super::GeoDatabase;

/// The custom attribute that holds the visitor's device.
pub const DEVICE_ATTRIBUTE: &str = "visitor.device";

/// Most characters of a header that are read.
const HEADER_CHARS_MAX: usize = 1_000;

/// The request of a visitor, as whoever captures tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitorInput {
    /// The address.
    pub ip_address: Option<String>,
    /// The header `Accept-Language`.
    pub accept_language: Option<String>,
    /// The header `User-Agent`.
    pub user_agent: Option<String>,
}

/// What a visitor's request tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    country: Option<CountryCode>,
    language: Option<LanguageTag>,
    device: Option<Device>,
}

impl VisitorInput {
    /// Reads the request. The address itself is not kept.
    pub fn read(&self, faults: &mut Violations, geo: Option<&GeoDatabase>) -> Visitor {
        let malformed = || fairfall_domain::value::ValueError::new(ViolationCode::Malformed, "expected an IPv4 or IPv6 address");
        let address = faults.check_optional("visitor.ipAddress", self.ip_address.as_deref(), |text| {
            text.parse::<IpAddr>().map_err(|_| malformed())
        });
        let mut header = |field: &str, text: Option<&str>| {
            let too_long = text.is_some_and(|text| text.chars().count() > HEADER_CHARS_MAX);
            if too_long {
                faults.add(field, ViolationCode::TooLong, format!("at most {HEADER_CHARS_MAX} characters are allowed"));
            }
            text.filter(|_| !too_long).map(str::to_owned)
        };
        let accept_language = header("visitor.acceptLanguage", self.accept_language.as_deref());
        let user_agent = header("visitor.userAgent", self.user_agent.as_deref());
        Visitor {
            country: address.zip(geo).and_then(|(address, geo)| geo.country(address)),
            language: accept_language.as_deref().and_then(preferred_language),
            device: user_agent.as_deref().map(Device::of_user_agent),
        }
    }
}

impl Visitor {
    /// The person with the gaps filled that this request can fill; the same person when there are none.
    pub fn complete(&self, person: Person, now: DateTime<Utc>) -> Person {
        let fills = |field: &str, has_value: bool| person.origins.may_write(field, has_value, Source::Request);
        let country = self.country.filter(|_| fills("country", person.country.is_some()));
        let language = self.language.clone().filter(|_| fills("language", person.language.is_some()));
        if country.is_none() && language.is_none() {
            return person;
        }
        let filled = Person {
            country: country.or(person.country),
            language: language.or_else(|| person.language.clone()),
            ..person.clone()
        };
        filled.noting(Some(&person), &FieldOrigin::of(Source::Request, now))
    }

    /// Notes the device at the demand, if it is told and there is room.
    pub fn note_device(&self, demand: &mut Demand) {
        let (Some(device), Ok(key)) = (self.device, Code::parse(DEVICE_ATTRIBUTE)) else { return };
        if demand.attributes.len() < ATTRIBUTES_MAX
            && let Ok(text) = ShortText::parse(device.as_str())
        {
            demand.attributes.entry(key).or_insert(AttributeValue::Text(text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fairfall_domain::id::PersonId;
    use fairfall_domain::person::PersonDraft;

    fn visitor() -> VisitorInput {
        VisitorInput {
            ip_address: Some("192.0.2.7".to_owned()),
            accept_language: Some("fr-CH, fr;q=0.9".to_owned()),
            user_agent: Some("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15".to_owned()),
        }
    }

    fn person(language: Option<&str>) -> Person {
        let draft = PersonDraft {
            family_name: Some("Favre".to_owned()),
            language: language.map(str::to_owned),
            ..PersonDraft::default()
        };
        Person::new(PersonId::from(uuid::Uuid::from_u128(1)), draft.parse().unwrap(), DateTime::UNIX_EPOCH)
    }

    #[test]
    fn gaps_are_filled_and_say_so() {
        let read = visitor().read(&mut Violations::new(), None);
        let filled = read.complete(person(None), DateTime::UNIX_EPOCH);
        assert_eq!(filled.language.as_ref().unwrap().to_string(), "fr-CH");
        assert_eq!(filled.origins.get("language").unwrap().source, Source::Request);
        assert_eq!(filled.country, None, "no file, no country");
        let typed = person(Some("de"));
        assert_eq!(read.complete(typed.clone(), DateTime::UNIX_EPOCH), typed, "what was typed stays");
    }

    #[test]
    fn every_fault_is_told() {
        let wrong = VisitorInput {
            ip_address: Some("not an address".to_owned()),
            accept_language: Some("x".repeat(HEADER_CHARS_MAX + 1)),
            ..VisitorInput::default()
        };
        let mut faults = Violations::new();
        wrong.read(&mut faults, None);
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["visitor.ipAddress", "visitor.acceptLanguage"]);
    }
}
