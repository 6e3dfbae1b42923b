//! People who may buy.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::code::codes;
pub use crate::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use crate::id::{CompanyId, PersonId};
use crate::value::{CountryCode, EmailAddress, LanguageTag, PersonName, PhoneNumber, PostalCode, ShortText, SubdivisionCode};
use crate::violation::{ValueError, ViolationCode, Violations};

codes! {
    /// The part a person plays in a company's decision to buy (the buying center of Webster and Wind, 1972).
    pub enum BuyingRole {
        /// Starts the purchase.
        Initiator = "INITIATOR",
        /// Works with what is bought.
        User = "USER",
        /// Is asked for advice.
        Influencer = "INFLUENCER",
        /// Decides.
        Decider = "DECIDER",
        /// Negotiates and orders.
        Buyer = "BUYER",
        /// Controls who speaks with whom.
        Gatekeeper = "GATEKEEPER",
    }
}

/// A person who may buy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Stable identity.
    pub id: PersonId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Name.
    pub name: PersonName,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Telephone number.
    pub phone: Option<PhoneNumber>,
    /// Language to speak and write in.
    pub language: Option<LanguageTag>,
    /// Country.
    pub country: Option<CountryCode>,
    /// Region within the country.
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Town.
    pub city: Option<ShortText>,
    /// Job title as typed.
    pub job_title: Option<ShortText>,
    /// Company the person works for.
    pub company: Option<CompanyId>,
    /// Part in the company's decision to buy.
    pub buying_role: Option<BuyingRole>,
    /// What the person allowed or forbade; at most one state for each purpose and channel.
    pub consents: Vec<ConsentState>,
    /// When the person became known.
    pub created_at: DateTime<Utc>,
    /// When the record last changed.
    pub updated_at: DateTime<Utc>,
}

/// The parsed fields that a user may type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFields {
    /// Name.
    pub name: PersonName,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Telephone number.
    pub phone: Option<PhoneNumber>,
    /// Language to speak and write in.
    pub language: Option<LanguageTag>,
    /// Country.
    pub country: Option<CountryCode>,
    /// Region; lies in the country.
    pub subdivision: Option<SubdivisionCode>,
    /// Postal code in the layout of the country.
    pub postal_code: Option<PostalCode>,
    /// Town.
    pub city: Option<ShortText>,
    /// Job title as typed.
    pub job_title: Option<ShortText>,
    /// Company the person works for.
    pub company: Option<CompanyId>,
    /// Part in the company's decision to buy.
    pub buying_role: Option<BuyingRole>,
}

/// A person as typed. Blank texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonDraft {
    /// Given name or names.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Telephone number; read as a national one of the country when it has no `+`.
    pub phone: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Region code, with or without the country in front.
    pub subdivision: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// Job title.
    pub job_title: Option<String>,
    /// Company's id.
    pub company: Option<String>,
    /// Buying role's code.
    pub buying_role: Option<String>,
}

/// A change of a person as typed; what is omitted stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonPatch {
    /// Given name or names.
    pub given_name: Change<String>,
    /// Family name.
    pub family_name: Change<String>,
    /// E-mail address.
    pub email: Change<String>,
    /// Telephone number.
    pub phone: Change<String>,
    /// Language tag.
    pub language: Change<String>,
    /// Country code.
    pub country: Change<String>,
    /// Region code.
    pub subdivision: Change<String>,
    /// Postal code.
    pub postal_code: Change<String>,
    /// Town.
    pub city: Change<String>,
    /// Job title.
    pub job_title: Change<String>,
    /// Company's id.
    pub company: Change<String>,
    /// Buying role's code.
    pub buying_role: Change<String>,
}

/// Reads a region: within the country if there is one, otherwise the whole code.
pub(crate) fn parse_subdivision(text: &str, country: Option<CountryCode>) -> Result<SubdivisionCode, ValueError> {
    match country {
        Some(country) => SubdivisionCode::parse_in(text, country),
        None => Err(ValueError::new(ViolationCode::Conflict, "a region needs its country")),
    }
}

impl PersonDraft {
    /// Reads every field.
    ///
    /// # Errors
    /// Every fault of the record, under the field names of the API (`givenName`, `postalCode`, ...).
    pub fn parse(&self) -> Result<PersonFields, Violations> {
        let mut faults = Violations::new();
        let name = match PersonName::parse(self.given_name.as_deref(), self.family_name.as_deref()) {
            Ok(name) => Some(name),
            Err(in_name) => {
                faults.append(in_name);
                None
            }
        };
        let email = faults.check_optional("email", self.email.as_deref(), EmailAddress::parse);
        let country = faults.check_optional("country", self.country.as_deref(), CountryCode::parse);
        let phone = faults.check_optional("phone", self.phone.as_deref(), |text| PhoneNumber::parse(text, country));
        let language = faults.check_optional("language", self.language.as_deref(), LanguageTag::parse);
        let subdivision =
            faults.check_optional("subdivision", self.subdivision.as_deref(), |text| parse_subdivision(text, country));
        let postal_code =
            faults.check_optional("postalCode", self.postal_code.as_deref(), |text| PostalCode::parse(text, country));
        let city = faults.check_optional("city", self.city.as_deref(), ShortText::parse);
        let job_title = faults.check_optional("jobTitle", self.job_title.as_deref(), ShortText::parse);
        let company = faults.check_optional("company", self.company.as_deref(), CompanyId::parse);
        let buying_role = faults.check_optional("buyingRole", self.buying_role.as_deref(), str::parse::<BuyingRole>);
        let (Some(name), true) = (name, faults.is_empty()) else {
            return Err(faults);
        };
        Ok(PersonFields {
            name,
            email,
            phone,
            language,
            country,
            subdivision,
            postal_code,
            city,
            job_title,
            company,
            buying_role,
        })
    }
}

impl PersonPatch {
    /// Reads the person's fields as they are after the change. Fields hang together (a region lies in its country), so that a change of one can
    /// make another one faulty.
    ///
    /// # Errors
    /// Every fault of the record after the change.
    pub fn parse(&self, current: &Person) -> Result<PersonFields, Violations> {
        PersonDraft {
            given_name: self.given_name.over(current.name.given().as_ref()),
            family_name: self.family_name.over(current.name.family().as_ref()),
            email: self.email.over(current.email.as_ref()),
            phone: self.phone.over(current.phone.as_ref()),
            language: self.language.over(current.language.as_ref()),
            country: self.country.over(current.country.as_ref()),
            subdivision: self.subdivision.over(current.subdivision.as_ref()),
            postal_code: self.postal_code.over(current.postal_code.as_ref()),
            city: self.city.over(current.city.as_ref()),
            job_title: self.job_title.over(current.job_title.as_ref()),
            company: self.company.over(current.company.as_ref()),
            buying_role: self.buying_role.over(current.buying_role.as_ref()),
        }
        .parse()
    }
}

impl Person {
    /// A person who became known `now`, with nothing said about consent.
    pub fn new(id: PersonId, fields: PersonFields, now: DateTime<Utc>) -> Self {
        Self::assemble((id, 1), fields, Vec::new(), (now, now))
    }

    /// The person with other fields, one version on.
    #[must_use]
    pub fn revise(&self, fields: PersonFields, now: DateTime<Utc>) -> Self {
        let identity = (self.id, self.version.saturating_add(1));
        Self::assemble(identity, fields, self.consents.clone(), (self.created_at, now))
    }

    fn assemble(
        identity: (PersonId, u32),
        fields: PersonFields,
        consents: Vec<ConsentState>,
        times: (DateTime<Utc>, DateTime<Utc>),
    ) -> Self {
        Self {
            id: identity.0,
            version: identity.1,
            name: fields.name,
            email: fields.email,
            phone: fields.phone,
            language: fields.language,
            country: fields.country,
            subdivision: fields.subdivision,
            postal_code: fields.postal_code,
            city: fields.city,
            job_title: fields.job_title,
            company: fields.company,
            buying_role: fields.buying_role,
            consents,
            created_at: times.0,
            updated_at: times.1,
        }
    }

    /// What the person said about a purpose and channel; UNKNOWN when nothing.
    pub fn consent(&self, purpose: Purpose, channel: ContactChannel) -> ConsentStatus {
        self.consents
            .iter()
            .find(|state| state.purpose == purpose && state.channel == channel)
            .map_or(ConsentStatus::Unknown, |state| state.status)
    }

    /// The person with a newer word about one purpose and channel; the last word counts, whichever order they arrive in.
    #[must_use]
    pub fn with_consent(&self, state: ConsentState) -> Self {
        let mut person = self.clone();
        let same = |known: &&mut ConsentState| known.purpose == state.purpose && known.channel == state.channel;
        match person.consents.iter_mut().find(same) {
            Some(known) if known.recorded_at <= state.recorded_at => *known = state,
            Some(_) => return person,
            None => person.consents.push(state),
        }
        person.version = person.version.saturating_add(1);
        person.updated_at = person.updated_at.max(state.recorded_at);
        person
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn text(typed: &str) -> String {
        typed.to_owned()
    }

    fn draft() -> PersonDraft {
        PersonDraft {
            given_name: Some(text("Anna")),
            family_name: Some(text("Müller")),
            email: Some(text("Anna@Example.com")),
            phone: Some(text("089 12345678")),
            language: Some(text("de-de")),
            country: Some(text("de")),
            subdivision: Some(text("by")),
            postal_code: Some(text("D-80331")),
            buying_role: Some(text("DECIDER")),
            ..PersonDraft::default()
        }
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn person() -> Person {
        Person::new(PersonId::from(Uuid::from_u128(1)), draft().parse().unwrap(), at(0))
    }

    #[test]
    fn a_good_record_is_read_in_canonical_form() {
        let person = person();
        assert_eq!(person.phone.as_ref().unwrap().as_str(), "+498912345678");
        assert_eq!(person.subdivision.unwrap().as_str(), "DE-BY");
        assert_eq!(person.postal_code.as_ref().unwrap().as_str(), "80331");
        let json = serde_json::to_string(&person).unwrap();
        assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), person);
    }

    #[test]
    fn every_fault_is_reported() {
        let faults = PersonDraft {
            given_name: None,
            family_name: Some(text(" ")),
            email: Some(text("anna")),
            phone: Some(text("x")),
            subdivision: Some(text("AT-9")),
            postal_code: Some(text("1")),
            company: Some(text("lead_00000000000000000000000000")),
            buying_role: Some(text("KING")),
            ..draft()
        }
        .parse()
        .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["familyName", "email", "phone", "subdivision", "postalCode", "company", "buyingRole"]);
    }

    #[test]
    fn a_patch_keeps_clears_and_sets() {
        let person = person();
        let patch = PersonPatch { email: Change::Clear, city: Change::Set("München".to_owned()), ..PersonPatch::default() };
        let revised = person.revise(patch.parse(&person).unwrap(), at(9));
        assert_eq!((revised.version, revised.created_at, revised.updated_at), (2, at(0), at(9)));
        assert_eq!(revised.email, None);
        assert_eq!(revised.city.unwrap().as_str(), "München");
        assert_eq!(revised.phone, person.phone);
        let same = PersonPatch::default().parse(&person).unwrap();
        assert_eq!(same, draft().parse().unwrap());
    }

    #[test]
    fn a_change_of_country_shows_what_no_longer_fits() {
        let patch = PersonPatch { country: Change::Set("AT".to_owned()), ..PersonPatch::default() };
        let faults = patch.parse(&person()).unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["subdivision", "postalCode"]);
    }

    #[test]
    fn consent_is_denied_until_given_and_the_last_word_counts() {
        let said = |status, seconds| ConsentState {
            purpose: Purpose::Marketing,
            channel: ContactChannel::Email,
            status,
            recorded_at: at(seconds),
        };
        let person = person();
        assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Email), ConsentStatus::Unknown);
        let person = person.with_consent(said(ConsentStatus::Withdrawn, 20)).with_consent(said(ConsentStatus::Granted, 10));
        assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Email), ConsentStatus::Withdrawn);
        assert_eq!(person.consent(Purpose::Marketing, ContactChannel::Phone), ConsentStatus::Unknown);
        assert_eq!(person.consents.len(), 1);
    }
}
