//! Keeping words: the record, what stands since, and the event that tells of it, all in one unit of work.

use chrono::{DateTime, Utc};
use fairfall_domain::consent::{ConsentDraft, ConsentStatus, ConsentWord};
use fairfall_domain::id::{AnyId, OptInId, UserId};
use fairfall_domain::person::Person;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_domain::waterfall::follow_up::Cause;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::{UnitOfWork, repo};
use serde_json::json;

use crate::app::rules::Rules;
use crate::app::score::{self, Occasion};
use crate::app::session::Client;
use crate::app::{AppError, link_audit};
use crate::clock::new_id;

/// Who says it, and in answer to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::app) struct Speaker {
    /// The user who records it; nobody when the person does it by a link.
    pub(in crate::app) actor: Option<UserId>,
    /// The request that it answers.
    pub(in crate::app) opt_in: Option<OptInId>,
}

impl Speaker {
    /// A user who records what a person said.
    pub(in crate::app) const fn user(user: UserId) -> Self {
        Self { actor: Some(user), opt_in: None }
    }
}

/// Reads typed words; their faults go under `field` and their number.
pub(in crate::app) fn read_words(
    typed: &[ConsentDraft],
    field: &str,
    now: DateTime<Utc>,
    faults: &mut Violations,
) -> Vec<ConsentWord> {
    let read = typed
        .iter()
        .enumerate()
        .filter_map(|(index, draft)| draft.parse(now).map_err(|found| faults.nest(&format!("{field}.{index}"), found)).ok());
    read.collect()
}

/// What the bases of the words need to be known of the person, and what they cannot take back; faults go under `consents` and their number.
pub(in crate::app) fn check_words(person: &Person, words: &[ConsentWord], faults: &mut Violations) {
    for (index, word) in words.iter().enumerate() {
        let mut found = Violations::new();
        word.check(person, &mut found);
        faults.nest(&format!("consents.{index}"), found);
    }
}

/// The person after the words, one version on if anything was said.
pub(in crate::app) fn hear(person: &Person, words: &[ConsentWord]) -> Person {
    let Some(last) = words.iter().map(|word| word.at).max() else { return person.clone() };
    let heard = words.iter().fold(person.clone(), |person, word| person.with_consent(word.state()));
    let updated_at = heard.updated_at.max(person.updated_at).max(last);
    Person { version: person.version.saturating_add(1), updated_at, ..heard }
}

/// The words that came along with other data, without those that would take a withdrawal back and those that say what is known.
pub(in crate::app) fn learned(person: &Person, words: &[ConsentWord], now: DateTime<Utc>) -> Vec<ConsentWord> {
    let tells = |word: &&ConsentWord| {
        let known = person.consent(word.purpose, word.channel);
        let opens = |person: &Person| person.may_contact(word.purpose, word.channel, now).is_allowed();
        match (known, word.status) {
            (ConsentStatus::Withdrawn, _) => false,
            // what stands is not said again, and a tick that nobody confirmed not twice
            (ConsentStatus::Granted, ConsentStatus::Granted) => !opens(person) && opens(&person.with_consent(word.state())),
            (ConsentStatus::Unknown | ConsentStatus::Granted, said) => known != said,
        }
    };
    words.iter().filter(tells).cloned().collect()
}

/// Keeps the words of a person who is stored with them, and tells followers.
pub(in crate::app) async fn keep(
    uow: &UnitOfWork,
    person: &Person,
    words: &[ConsentWord],
    speaker: Speaker,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if words.is_empty() {
        return Ok(());
    }
    let record = |word: &ConsentWord| word.clone().record((new_id(), person.id), speaker.actor, speaker.opt_in, now);
    let records: Vec<_> = words.iter().map(record).collect();
    repo::consent::append(uow, &records).await?;
    let changes: Vec<_> = words
        .iter()
        .map(|word| json!({ "purpose": word.purpose, "channel": word.channel, "status": word.status, "basis": word.basis }))
        .collect();
    let entry = NewEntry {
        event: new_id(),
        occurred_at: now,
        kind: EventKind::ConsentChanged,
        subject: AnyId::Person(person.id),
        subject_version: person.version,
        lead: None,
        actor: speaker.actor,
        payload: json!({ "event": "consent_changed", "changes": changes }),
    };
    Ok(journal::append(uow, &[entry]).await?)
}

/// Keeps the words of a person who followed a link: stores the person with them, does what follows for the person's leads, and writes who did it.
pub(super) async fn keep_by_link(
    uow: &UnitOfWork,
    rules: &Rules,
    client: &Client,
    person: &Person,
    words: &[ConsentWord],
    opt_in: Option<OptInId>,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if words.is_empty() {
        return Ok(());
    }
    let heard = hear(person, words);
    repo::person::update(uow, &heard, person.version).await?;
    keep(uow, &heard, words, Speaker { actor: None, opt_in }, now).await?;
    let occasion = Occasion { actor: None, request_id: Some(client.request_id.clone()), cause: Cause::Circumstance, at: now };
    score::refresh(uow, rules, &[person.id], &[], &occasion).await?;
    link_audit(uow, client, person.id, now).await
}
