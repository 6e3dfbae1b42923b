//! Consents that come with a capture: each with its proof. They never take a withdrawal back.

use chrono::{DateTime, Utc};
use fairfall_domain::consent::ConsentWord;
use fairfall_domain::person::Person;
use fairfall_domain::violation::Violations;
use fairfall_persistence::{UnitOfWork, repo};

use crate::app::consent::{Speaker, check_words, hear, keep, learned};
use crate::app::{AppError, Caller};

/// The person of a capture with what was said, before it is stored for the first time.
pub(super) fn said(person: &Person, words: &[ConsentWord]) -> Person {
    Person { version: person.version, ..hear(person, words) }
}

/// Keeps what somebody new said, once the person is stored.
pub(super) async fn keep_new(
    caller: &Caller,
    uow: &UnitOfWork,
    person: &Person,
    words: &[ConsentWord],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    check(person, words)?;
    keep(uow, person, words, Speaker::user(caller.actor.user), now).await
}

/// A known person with what is new of what was said.
pub(super) async fn learn(
    caller: &Caller,
    uow: &UnitOfWork,
    known: Person,
    words: &[ConsentWord],
    now: DateTime<Utc>,
) -> Result<Person, AppError> {
    let words = learned(&known, words, now);
    if words.is_empty() {
        return Ok(known);
    }
    check(&known, &words)?;
    let person = Person { updated_at: now, ..hear(&known, &words) };
    repo::person::update(uow, &person, known.version).await?;
    keep(uow, &person, &words, Speaker::user(caller.actor.user), now).await?;
    Ok(person)
}

/// What the bases of the words need to be known.
fn check(person: &Person, words: &[ConsentWord]) -> Result<(), AppError> {
    let mut faults = Violations::new();
    check_words(person, words, &mut faults);
    Ok(faults.into_result()?)
}
