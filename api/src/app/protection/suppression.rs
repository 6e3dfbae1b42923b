//! Erased people do not come back by a list. They may come back by their own word: a consent that is younger than the erasure.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::consent::{ConsentStatus, ConsentWord};
use fairfall_domain::value::{EmailAddress, PhoneNumber};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo::protection as repo;
use fairfall_persistence::{Readable, UnitOfWork};

use super::digest::Digester;
use crate::app::{App, AppError, Caller};

/// What is said of an address that is kept away.
const MESSAGE: &str = "the person behind this address was erased and must not be taken up again without a new consent";

/// Which addresses of some records are kept away.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    emails: BTreeMap<String, DateTime<Utc>>,
    phones: BTreeMap<String, DateTime<Utc>>,
}

impl Kept {
    /// Since when an address is kept away.
    fn since(&self, email: Option<&EmailAddress>, phone: Option<&PhoneNumber>) -> Vec<(&'static str, DateTime<Utc>)> {
        let email = email.and_then(|email| self.emails.get(&email.key())).map(|since| ("email", *since));
        let phone = phone.and_then(|phone| self.phones.get(phone.as_str())).map(|since| ("phone", *since));
        email.into_iter().chain(phone).collect()
    }

    /// Notes the addresses of one record that must not come in; `name` tells how a field is called where it was typed.
    pub(crate) fn check_named<N: Into<String>>(
        &self,
        name: &dyn Fn(&'static str) -> N,
        email: Option<&EmailAddress>,
        phone: Option<&PhoneNumber>,
        faults: &mut Violations,
    ) {
        for (field, _) in self.since(email, phone) {
            faults.add(name(field), ViolationCode::Suppressed, MESSAGE);
        }
    }
}

/// Looks up the addresses of many records at once.
pub(crate) async fn screen<'a>(
    on: &impl Readable,
    addresses: impl Iterator<Item = (Option<&'a EmailAddress>, Option<&'a PhoneNumber>)>,
) -> Result<Kept, AppError> {
    let mut kept = Kept::default();
    let Some(digester) = Digester::read(on).await? else { return Ok(kept) };
    if !repo::any_suppressed(on).await? {
        return Ok(kept);
    }
    let (mut emails, mut phones) = (BTreeMap::new(), BTreeMap::new());
    for (email, phone) in addresses {
        emails.extend(email.map(|email| (digester.email(email), email.key())));
        phones.extend(phone.map(|phone| (digester.phone(phone), phone.as_str().to_owned())));
    }
    let digests: Vec<&str> = emails.keys().chain(phones.keys()).map(String::as_str).collect();
    for (digest, since) in repo::suppressed(on, &digests).await? {
        if let Some(key) = emails.remove(&digest) {
            kept.emails.insert(key, since);
        } else if let Some(number) = phones.remove(&digest) {
            kept.phones.insert(number, since);
        }
    }
    Ok(kept)
}

/// Refuses a record whose address is kept away, unless it brings a consent that was given after the erasure: then the address is let in again.
pub(crate) async fn refuse_suppressed(
    uow: &UnitOfWork,
    prefix: &str,
    email: Option<&EmailAddress>,
    phone: Option<&PhoneNumber>,
    words: &[ConsentWord],
) -> Result<(), AppError> {
    let kept = screen(uow, std::iter::once((email, phone))).await?;
    let since = kept.since(email, phone);
    let Some(last) = since.iter().map(|(_, since)| *since).max() else { return Ok(()) };
    let renewed =
        |word: &&ConsentWord| word.status == ConsentStatus::Granted && word.proof.given_at.is_some_and(|given| given > last);
    if words.iter().find(renewed).is_none() {
        let mut faults = Violations::new();
        kept.check_named(&|field| format!("{prefix}{field}"), email, phone, &mut faults);
        return Err(faults.into());
    }
    let Some(digester) = Digester::read(uow).await? else { return Ok(()) };
    let digests: Vec<String> =
        email.map(|email| digester.email(email)).into_iter().chain(phone.map(|phone| digester.phone(phone))).collect();
    repo::lift(uow, &digests.iter().map(String::as_str).collect::<Vec<_>>()).await?;
    Ok(())
}

/// Lets an address in again; true when it was kept away.
///
/// # Errors
/// `NotAllowed`; a fault when neither an e-mail address nor a telephone number is given, or one is malformed.
#[tracing::instrument(name = "app.protection.lift", skip_all)]
pub async fn lift(app: &App, caller: &Caller, email: Option<String>, phone: Option<String>) -> Result<bool, AppError> {
    caller.must(Action::ManageProtection)?;
    let mut faults = Violations::new();
    let email = faults.check_optional("email", email.as_deref(), EmailAddress::parse);
    let phone = faults.check_optional("phone", phone.as_deref(), |text| PhoneNumber::parse(text, None));
    if email.is_none() && phone.is_none() && faults.is_empty() {
        faults.add("email", ViolationCode::Required, "an e-mail address or a telephone number must be given");
    }
    faults.into_result()?;
    let now = app.now();
    app.store()
        .transact(move |uow| {
            let (caller, email, phone) = (caller.clone(), email.clone(), phone.clone());
            Box::pin(async move {
                let Some(digester) = Digester::read(uow).await? else { return Ok(false) };
                let email = email.as_ref().map(|email| digester.email(email));
                let phone = phone.as_ref().map(|phone| digester.phone(phone));
                let digests: Vec<&str> = email.iter().chain(phone.iter()).map(String::as_str).collect();
                let was = repo::lift(uow, &digests).await? > 0;
                caller.audit_plain(uow, Action::ManageProtection, "suppression", now).await?;
                Ok(was)
            })
        })
        .await
}
