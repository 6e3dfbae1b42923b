//! People who may buy.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::code::codes;
pub use crate::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use crate::consent::{Permission, may_contact};
use crate::id::{CompanyId, PersonId};
use crate::origin::Origins;
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
    /// Where its fields come from.
    #[serde(default)]
    pub origins: Origins,
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
        self.draft(current).parse()
    }

    /// The person after the change, as if it had been typed anew.
    #[must_use]
    pub fn draft(&self, current: &Person) -> PersonDraft {
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
        Self { origins: self.origins.clone(), ..Self::assemble(identity, fields, self.consents.clone(), (self.created_at, now)) }
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
            origins: Origins::default(),
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
            Some(known) if known.recorded_at <= state.recorded_at && !known.outlasts(&state) => *known = state,
            Some(_) => return person,
            None => person.consents.push(state),
        }
        person.version = person.version.saturating_add(1);
        person.updated_at = person.updated_at.max(state.recorded_at);
        person
    }

    /// The person while a request for consent waits to be confirmed. What stands goes on standing until then.
    #[must_use]
    pub fn with_request(&self, purpose: Purpose, channels: &[ContactChannel], now: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let mut person = self.clone();
        for channel in channels {
            if let Some(known) = person.consents.iter_mut().find(|known| known.is_about(purpose, *channel)) {
                known.pending_until = Some(until);
            } else {
                let said = ConsentState::said(purpose, *channel, ConsentStatus::Unknown, now);
                person.consents.push(ConsentState { pending_until: Some(until), ..said });
            }
        }
        person.version = person.version.saturating_add(1);
        person.updated_at = person.updated_at.max(now);
        person
    }

    /// Whether the person may be contacted for a purpose over a channel at `now`: the one gate.
    pub fn may_contact(&self, purpose: Purpose, channel: ContactChannel, now: DateTime<Utc>) -> Permission {
        may_contact(&self.consents, purpose, channel, now)
    }
}

#[cfg(test)]
mod tests;
