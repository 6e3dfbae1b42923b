//! Blocking keys: only records that share a key are compared.

use std::collections::BTreeSet;

use crate::code::codes;
use crate::matching::form::Form;
use crate::matching::phonetic::{cologne, metaphone};
use crate::matching::record::{CompanyRecord, PersonRecord};

codes! {
    /// What a blocking key is made of. Each finds what another one misses, because errors seldom hit all fields of a record.
    pub enum Pass {
        /// The whole e-mail address.
        Email = "EMAIL",
        /// The part of the address before the `@`.
        Mailbox = "MAILBOX",
        /// The last digits of the telephone number.
        Phone = "PHONE",
        /// Both names by sound, in any order.
        Names = "NAMES",
        /// A name by sound with the postal code.
        NameAndPostalCode = "NAME_POSTAL_CODE",
        /// A name by sound with the town by sound.
        NameAndCity = "NAME_CITY",
        /// A name by sound with the company.
        NameAndCompany = "NAME_COMPANY",
        /// A name by sound with the street by sound.
        NameAndStreet = "NAME_STREET",
        /// The street by sound with the house number.
        StreetAndNumber = "STREET_NUMBER",
        /// The street by sound with the postal code.
        StreetAndPostalCode = "STREET_POSTAL_CODE",
        /// The street by sound with the town by sound.
        StreetAndCity = "STREET_CITY",
        /// The house number with postal code and town by sound.
        NumberAndPlace = "NUMBER_PLACE",
        /// The company's name without its legal form.
        CompanyName = "COMPANY_NAME",
        /// The company's name by sound with the town by sound.
        CompanyAndCity = "COMPANY_CITY",
        /// The company's name by sound with the postal code.
        CompanyAndPostalCode = "COMPANY_POSTAL_CODE",
        /// A domain of the company.
        Domain = "DOMAIN",
        /// The digits of the number in the register of companies.
        RegisterNumber = "REGISTER_NUMBER",
    }
}

/// Most records of one block that are compared with a new one. A block with more holds no one in particular (`info` of a shared address, the
/// commonest name of a big town); whoever is in it by right shares other keys.
pub const BLOCK_MAX: usize = 200;

/// Shortest mailbox that is a key: shorter ones (`max`, `anna`) are too common.
const MAILBOX_CHARS_MIN: usize = 5;

/// Digits of a telephone number that are a key: a number written with and without its prefix has them in common.
const PHONE_DIGITS: usize = 8;

/// A key under which a record is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockKey {
    /// What it is made of.
    pub pass: Pass,
    /// Sounds and codes parted by a stroke.
    pub text: String,
}

impl BlockKey {
    /// The key as a number, the same on every machine (FNV-1a of 64 bits): names and addresses cannot be read from what is stored. Two keys with
    /// one number bring records into comparison in vain, nothing more.
    pub fn number(&self) -> i64 {
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0000_0100_0000_01b3;
        let bytes = self.pass.as_str().bytes().chain(std::iter::once(b'|')).chain(self.text.bytes());
        let hash = bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME));
        i64::from_ne_bytes(hash.to_ne_bytes())
    }
}

/// Collects the keys whose parts are all known.
#[derive(Default)]
struct Keys(BTreeSet<BlockKey>);

impl Keys {
    fn add<const PARTS: usize>(&mut self, pass: Pass, parts: [Option<&str>; PARTS]) {
        let known: Option<Vec<&str>> = parts.into_iter().collect();
        self.0.extend(known.map(|parts| BlockKey { pass, text: parts.join("|") }));
    }
}

/// The keys of a person, at most 17, none twice.
pub fn of_person(person: &PersonRecord) -> BTreeSet<BlockKey> {
    let mut keys = Keys::default();
    let email = person.email.as_ref();
    let mailbox = email.and_then(|email| email.mailbox.as_deref());
    keys.add(Pass::Email, [email.map(|email| email.key.as_str())]);
    keys.add(Pass::Mailbox, [mailbox.filter(|mailbox| mailbox.chars().count() >= MAILBOX_CHARS_MIN)]);
    keys.add(Pass::Phone, [person.phone.as_deref().and_then(last_digits)]);
    let sounds = [sound(person.given.as_ref()), sound(person.family.as_ref())];
    if let [Some(given), Some(family)] = &sounds {
        keys.add(Pass::Names, [Some(given.min(family)), Some(given.max(family))]);
    }
    let city = sound(person.city.as_ref());
    let street = person.street.as_ref().map(|street| metaphone(street.first()).unwrap_or_else(|| street.first().to_owned()));
    let postal_code = person.postal_code.as_deref().map(in_order);
    let (city, street, postal_code) = (city.as_deref(), street.as_deref(), postal_code.as_deref());
    for name in sounds.iter().flatten() {
        keys.add(Pass::NameAndPostalCode, [Some(name), postal_code]);
        keys.add(Pass::NameAndCity, [Some(name), city]);
        keys.add(Pass::NameAndCompany, [Some(name), person.employer.as_deref()]);
        keys.add(Pass::NameAndStreet, [Some(name), street]);
    }
    keys.add(Pass::StreetAndNumber, [street, person.house_number.as_deref()]);
    keys.add(Pass::StreetAndPostalCode, [street, postal_code]);
    keys.add(Pass::StreetAndCity, [street, city]);
    keys.add(Pass::NumberAndPlace, [person.house_number.as_deref(), city, postal_code]);
    keys.0
}

/// The keys of a company, none twice.
pub fn of_company(company: &CompanyRecord) -> BTreeSet<BlockKey> {
    let mut keys = Keys::default();
    let name = company.name.as_ref();
    let heard = sound(name);
    let postal_code = company.postal_code.as_deref().map(in_order);
    keys.add(Pass::CompanyName, [name.map(|name| name.compact.as_str())]);
    keys.add(Pass::CompanyAndCity, [heard.as_deref(), sound(company.city.as_ref()).as_deref()]);
    keys.add(Pass::CompanyAndPostalCode, [heard.as_deref(), postal_code.as_deref()]);
    keys.add(Pass::RegisterNumber, [company.register_number.as_deref().and_then(register_digits).as_deref()]);
    for domain in &company.domains {
        keys.add(Pass::Domain, [Some(domain)]);
    }
    keys.0
}

/// The key of an e-mail domain, under which a company is found by its people; `None` for free mail.
pub fn of_domain(domain: &str) -> Option<BlockKey> {
    crate::matching::record::company_domain(domain).map(|text| BlockKey { pass: Pass::Domain, text })
}

/// The key of a telephone number; `None` for one that is too short to be one.
pub fn of_phone(phone: &str) -> Option<BlockKey> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    last_digits(&digits).map(|text| BlockKey { pass: Pass::Phone, text: text.to_owned() })
}

fn sound(form: Option<&Form>) -> Option<String> {
    form.map(|form| cologne(&form.compact).unwrap_or_else(|| form.compact.clone()))
}

/// The letters of a code in order: two that were swapped make no difference.
fn in_order(code: &str) -> String {
    let mut letters: Vec<char> = code.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

fn last_digits(phone: &str) -> Option<&str> {
    phone.len().checked_sub(PHONE_DIGITS).and_then(|from| phone.get(from..))
}

/// The digits: the court and the register are written in many ways.
fn register_digits(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}
