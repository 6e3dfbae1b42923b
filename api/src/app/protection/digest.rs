//! What is kept of an erased address: a keyed digest, by which the address is known again and from which it cannot be read.
//!
//! Addresses are few enough to be tried one by one, so a plain hash would hide nothing. The key (256 bits, drawn once) is kept in the database:
//! whoever holds the whole database could still try addresses, but no export, log or backup of single tables tells any.

use fairfall_domain::person::Person;
use fairfall_domain::value::{EmailAddress, PhoneNumber};
use fairfall_persistence::repo::protection::Address;
use fairfall_persistence::repo::setting;
use fairfall_persistence::{Readable, UnitOfWork};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::app::AppError;
use crate::auth::random_bytes;

const KEY: &str = "suppression_key";

/// Makes digests.
#[derive(Clone)]
pub(super) struct Digester([u8; 32]);

impl Digester {
    /// With the key of this database; nothing when nobody was ever erased.
    pub(super) async fn read(on: &impl Readable) -> Result<Option<Self>, AppError> {
        let Some(text) = setting::get::<String>(on, KEY).await? else { return Ok(None) };
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(|bytes| Some(Self(bytes))).ok_or_else(|| AppError::internal("the suppression key is malformed"))
    }

    /// With the key of this database, drawn when there is none.
    pub(super) async fn ensure(uow: &UnitOfWork) -> Result<Self, AppError> {
        if let Some(known) = Self::read(uow).await? {
            return Ok(known);
        }
        let key: [u8; 32] = random_bytes();
        setting::put(uow, KEY, &hex::encode(key)).await?;
        Ok(Self(key))
    }

    fn of(&self, kind: Address, text: &str) -> String {
        // a key of any length is taken
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(kind.as_str().as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// The digest of an e-mail address, whatever its spelling.
    pub(super) fn email(&self, email: &EmailAddress) -> String {
        self.of(Address::Email, &email.key())
    }

    /// The digest of a telephone number.
    pub(super) fn phone(&self, phone: &PhoneNumber) -> String {
        self.of(Address::Phone, phone.as_str())
    }

    /// The digests of all addresses of a person.
    pub(super) fn person(&self, person: &Person) -> Vec<(Address, String)> {
        let email = person.email.as_ref().map(|email| (Address::Email, self.email(email)));
        let phone = person.phone.as_ref().map(|phone| (Address::Phone, self.phone(phone)));
        email.into_iter().chain(phone).collect()
    }
}
