//! Fills an empty database in one transaction: either all of the demo is there, or nothing.
//!
//! All stories are told at once, in the order of time, so that the journal reads like months of work and not like an import.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::error::Error;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::company::Company;
use fairfall_domain::consent::{ConsentRecord, ConsentState, How, Proof};
use fairfall_domain::forecast::snapshot::{Beside, Snapshot};
use fairfall_domain::id::{AnyId, FeedbackId, PoolId};
use fairfall_domain::person::Person;
use fairfall_domain::routing::{Book, PoolState};
use fairfall_domain::sla::escalate::ClockStep;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_persistence::audit::{AuditOutcome, AuditRow};
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo;
use fairfall_persistence::repo::lead::Stamp;
use fairfall_persistence::repo::passage_features::Opening;
use fairfall_persistence::{Store, StoreError, UnitOfWork};
use serde::{Deserialize, Serialize};

use super::dice::Dice;
use super::life::{Life, Stop, Trace};
use super::promises::Kept;
use super::story::{DAYS, Story, stories, to_watch};
use super::world::World;
use crate::app::feedback::rated;
use crate::cli::CliError;
use crate::clock::new_id;

/// The setting that tells that the demo is there.
const MARKER: &str = "demo";

/// The same seed, the same organisation.
const SEED: u64 = 0x0fa1_0fa1;

/// What the setting holds.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Marker {
    /// When it was made, UTC.
    pub(super) made_at: DateTime<Utc>,
    /// How many leads were made.
    pub(super) leads: u32,
}

/// The marker, when the demo is there.
pub(super) async fn marker(store: &Store) -> Result<Option<Marker>, StoreError> {
    repo::setting::get(&store.reader(), MARKER).await
}

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Filled {
    pub(super) leads: usize,
    pub(super) companies: usize,
    pub(super) users: usize,
    /// Stories that ended before their end, because the rules of this database do not allow it.
    pub(super) cut_short: usize,
}

/// Makes organisation, market and `leads` leads; all accounts get the password with this hash.
pub(super) async fn fill(store: &Store, leads: u32, hash: &str, now: DateTime<Utc>) -> Result<Filled, CliError> {
    let mut dice = Dice::new(SEED);
    let count = usize::try_from(leads).unwrap_or(usize::MAX);
    let reader = store.reader();
    let model = repo::score_model::in_force(&reader).await?;
    let model = model.ok_or_else(|| CliError::Failed("no score model is in force".to_owned()))?;
    let calendars = repo::calendar::book(&reader).await?;
    let rules = (repo::track::all(&reader).await?, repo::agreement::all(&reader).await?, model, calendars);
    let world = World::new(&mut dice, count, rules, now - TimeDelta::days(DAYS)).map_err(|faults| invalid(&faults))?;
    let mut stories = stories(&mut dice, &world.tracks, count, now);
    if let Some(last) = stories.last_mut() {
        *last = to_watch(now);
    }
    let uow = store.begin().await?;
    insert_world(&uow, &world, hash, now).await?;
    let mut filled = Filled { users: world.organisation.users.len(), companies: world.firms.len(), ..Filled::default() };
    tell(&uow, &world, &mut dice, stories, &mut filled).await?;
    repo::setting::put(&uow, MARKER, &Marker { made_at: now, leads }).await?;
    uow.commit().await?;
    Ok(filled)
}

fn invalid(faults: &Violations) -> CliError {
    let told: Vec<String> = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message)).collect();
    CliError::Failed(format!("a made-up value is not valid: {}", told.join(", ")))
}

async fn insert_world(uow: &UnitOfWork, world: &World, hash: &str, now: DateTime<Utc>) -> Result<(), CliError> {
    for user in &world.organisation.users {
        repo::user::insert(uow, user, Some(hash)).await?;
    }
    for team in &world.organisation.teams {
        repo::team::insert(uow, team, now).await?;
    }
    for territory in &world.sharing.territories {
        repo::territory::insert(uow, territory, now).await?;
    }
    for pool in &world.sharing.pools {
        repo::pool::insert(uow, pool, now).await?;
    }
    for profile in &world.sharing.profiles {
        repo::member_profile::put(uow, profile, 0, now).await?;
    }
    for agreement in &world.signed {
        repo::agreement::insert(uow, agreement, now).await?;
    }
    for campaign in &world.campaigns {
        repo::campaign::insert(uow, campaign).await?;
    }
    let companies: Vec<Company> = world.firms.iter().map(|firm| firm.company.clone()).collect();
    Ok(repo::company::insert_many(uow, &companies).await?)
}

/// Tells all stories, the earliest deed first.
async fn tell(
    uow: &UnitOfWork,
    world: &World,
    dice: &mut Dice,
    mut stories: Vec<Story>,
    filled: &mut Filled,
) -> Result<(), CliError> {
    let mut lives: Vec<Option<Life<'_>>> = stories.iter().map(|_| None).collect();
    let first = |(number, story): (usize, &Story)| story.deeds.last().map(|(at, _)| Reverse((*at, number)));
    let (mut book, mut days) = (Book::default(), Days::new());
    let mut next: BinaryHeap<_> = stories.iter().enumerate().filter_map(first).collect();
    while let Some(Reverse((at, number))) = next.pop() {
        let (Some(story), Some(life)) = (stories.get_mut(number), lives.get_mut(number)) else { continue };
        let Some((_, deed)) = story.deeds.pop() else { continue };
        let done = match life {
            Some(life) => life.go_on(world, dice, deed, (&mut book, at)),
            None => Life::begin(world, dice, number, story, (&mut book, at)).map(|(begun, trace)| {
                *life = Some(begun);
                filled.leads = filled.leads.saturating_add(1);
                trace
            }),
        };
        match done {
            Ok(trace) => {
                store(uow, trace, at).await?;
                note(&mut days, &book, at);
            }
            Err(Stop::Invalid(faults)) => return Err(invalid(&faults)),
            Err(stop @ (Stop::Refused(_) | Stop::Missing(_))) => {
                let error: &(dyn Error + 'static) = &stop;
                tracing::debug!(error, "a made-up story is cut short");
                filled.cut_short = filled.cut_short.saturating_add(1);
                story.deeds.clear();
            }
        }
        match story.deeds.last() {
            Some((at, _)) => next.push(Reverse((*at, number))),
            // what is over needs no memory
            None => {
                if let Some(life) = life.take() {
                    catch_up(uow, world, &life).await?;
                }
            }
        }
    }
    for (_, (at, pools)) in days {
        repo::pool_ledger::store(uow, &pools, at).await?;
    }
    Ok(())
}

/// Stores how far the ladders of open clocks count as climbed.
async fn catch_up(uow: &UnitOfWork, world: &World, life: &Life<'_>) -> Result<(), StoreError> {
    let clocks = life.open_clocks(world);
    repo::clock::put(uow, &clocks).await
}

/// The states of the pools that gave leads on a day, and when that was.
type Days = BTreeMap<NaiveDate, (DateTime<Utc>, BTreeMap<PoolId, PoolState>)>;

/// Notes the states of the pools that gave a lead on the day of `at`, as they are after it.
fn note(days: &mut Days, book: &Book, at: DateTime<Utc>) {
    let day = at.date_naive();
    let gave = book.pools.iter().filter(|(_, state)| state.day == Some(day));
    let pools: BTreeMap<PoolId, PoolState> = gave.map(|(pool, state)| (*pool, state.clone())).collect();
    if !pools.is_empty() {
        days.insert(day, (at, pools));
    }
}

async fn store(uow: &UnitOfWork, trace: Trace, at: DateTime<Utc>) -> Result<(), StoreError> {
    let stamp = |actor, action, entries| Stamp {
        actor,
        at,
        request_id: None,
        event_ids: std::iter::repeat_with(new_id).take(entries).collect(),
        audit_id: new_id(),
        action,
    };
    let audit = |by, action, kind: &str, subject| AuditRow {
        id: new_id(),
        at,
        actor: Some(by),
        action,
        subject_kind: kind.to_owned(),
        subject: Some(subject),
        request_id: None,
        outcome: AuditOutcome::Done,
        detail: None,
    };
    match trace {
        Trace::Nothing => Ok(()),
        Trace::Captured(change, person, score) => {
            repo::person::insert(uow, &person).await?;
            repo::consent::append(uow, &said(&person)).await?;
            let stamp = stamp(change.lead.origin.captured_by, Action::CaptureLead, change.entries());
            repo::lead::insert(uow, &change, &stamp).await?;
            keep_opening(uow, &change, &person, at).await?;
            repo::lead_score::put_many(uow, std::slice::from_ref(&*score)).await
        }
        Trace::Changed { change, from, by, action, moved } => {
            let stamp = stamp(by, action, change.entries());
            repo::lead::record(uow, &change, from, &stamp).await?;
            match moved {
                Some((decision, to)) => repo::routing_decision::settle(uow, decision, Some(to)).await,
                None => Ok(()),
            }
        }
        Trace::Served { customer, from, by, kept } => {
            let event = NewEntry {
                event: new_id(),
                occurred_at: at,
                kind: EventKind::CustomerTakenOver,
                subject: AnyId::Customer(customer.id),
                subject_version: customer.version,
                lead: Some(customer.lead),
                actor: Some(by),
                payload: serde_json::json!({ "customer": customer.id, "by": by }),
            };
            let audit = audit(by, Action::AcceptCustomer, "customer", customer.id.uuid());
            repo::customer::record(uow, &customer, from, &event, &audit).await?;
            repo::clock::put(uow, &kept.clocks).await?;
            journal::append_many(uow, &kept_entries(&kept, at)?).await
        }
        Trace::Kept(kept, Some((feedback, by))) => {
            let entries = std::iter::once(rated(&feedback, by, at)).chain(kept_entries(&kept, at)?).collect::<Vec<_>>();
            let audit = audit(by, Action::RateLead, FeedbackId::PREFIX, feedback.id.uuid());
            repo::feedback::put(uow, &feedback, &kept.clocks, &entries, &audit).await
        }
        Trace::Kept(kept, None) => {
            repo::clock::put(uow, &kept.clocks).await?;
            repo::clock::settle_due(uow, &[kept.lead.0]).await?;
            journal::append_many(uow, &kept_entries(&kept, at)?).await
        }
    }
}

/// What the journal keeps of promises that were kept, by whoever kept them.
fn kept_entries(kept: &Kept, at: DateTime<Utc>) -> Result<Vec<NewEntry>, StoreError> {
    let entry = |step: &ClockStep| {
        let actor = step.moment.holder.person.filter(|_| step.is_kept());
        NewEntry::of_clock(kept.lead, step, new_id(), actor, at)
    };
    kept.steps.iter().map(entry).collect()
}

/// Keeps what was known when the lead was captured: the demo's wins can be foretold, too.
async fn keep_opening(uow: &UnitOfWork, change: &Change, person: &Person, at: DateTime<Utc>) -> Result<(), StoreError> {
    let beside = Beside { has_title: person.job_title.is_some(), ..Beside::default() };
    let snapshot = Snapshot::of(&change.lead, &beside, at);
    repo::passage_features::insert_many(uow, &[Opening { passage: change.lead.passage, snapshot, grade: None }]).await
}

/// What the person said before the demo begins, as it would have been recorded.
fn said(person: &Person) -> Vec<ConsentRecord> {
    let record = |state: &ConsentState| ConsentRecord {
        id: new_id(),
        person: person.id,
        purpose: state.purpose,
        channel: state.channel,
        status: state.status,
        basis: state.rests_on(),
        expires_at: state.expires_at,
        proof: Proof { how: Some(How::Message), given_at: Some(state.recorded_at), ..Proof::default() },
        actor: None,
        opt_in: None,
        at: state.recorded_at,
        erased_at: None,
    };
    person.consents.iter().map(record).collect()
}
