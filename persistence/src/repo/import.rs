//! Imports: many leads at once, in chunks that are stored whole or not at all, and runs that go on where they stopped.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::company::Company;
use fairfall_domain::id::{EventId, ImportId, LeadId, UserId};
use fairfall_domain::person::Person;
use fairfall_domain::waterfall::change::Change;
use sea_orm::Value;
use uuid::Uuid;

use crate::audit::{self, AuditOutcome, AuditRow};
use crate::entity::{company, customer, external_ref, opportunity, person};
use crate::error::StoreError;
use crate::journal::{self, NewEntry};
use crate::mapper::stored::Stored;
use crate::mapper::{lead, passage, transition};
use crate::readable::Readable;
use crate::repo::external_ref::{self as refs, ExternalRef, Referable};
use crate::repo::match_key::{self, NewKeys};
use crate::repo::routing_decision;
use crate::repo::search_token::{self, Found};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, bulk};

/// A lead to be stored, with what is new beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedLead {
    /// The lead with its history.
    pub change: Change,
    /// Its person, when it is new.
    pub person: Option<Person>,
    /// Its company, when it is new.
    pub company: Option<Company>,
    /// What other systems call what is new.
    pub refs: Vec<ImportedRef>,
    /// One id per event of the change, at least.
    pub event_ids: Vec<EventId>,
}

/// What another system calls something new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedRef {
    name: ExternalRef,
    kind: &'static str,
    subject: Uuid,
}

impl ImportedRef {
    /// The name of a lead, a person, a company, a user or a campaign.
    pub fn new<Id: Referable>(name: ExternalRef, subject: Id) -> Self {
        Self { name, kind: refs::code_of::<Id>(), subject: refs::uuid_of(subject) }
    }
}

/// Who imports, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportStamp {
    /// Who; nobody from the command line.
    pub actor: Option<UserId>,
    /// When, UTC: the time of the journal's entries. Passages and transitions keep the times of the history.
    pub at: DateTime<Utc>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// The id of the audit row that the chunk leaves.
    pub audit_id: Uuid,
}

/// Stores a chunk of new leads with their persons, companies, histories and names; the chunk leaves one audit row.
///
/// # Errors
/// [`StoreError::Unique`] when a name or an id is taken already, or as the database tells. The unit of work is of no more use then.
pub async fn import_chunk(
    uow: &UnitOfWork,
    leads: &[ImportedLead],
    import: ImportId,
    stamp: &ImportStamp,
) -> Result<(), StoreError> {
    insert_subjects(uow, leads).await?;
    insert_leads(uow, leads).await?;
    insert_names(uow, leads).await?;
    insert_traces(uow, leads, import, stamp).await
}

async fn insert_subjects(uow: &UnitOfWork, leads: &[ImportedLead]) -> Result<(), StoreError> {
    let new_companies = || leads.iter().filter_map(|lead| lead.company.as_ref());
    let new_persons = || leads.iter().filter_map(|lead| lead.person.as_ref());
    let companies: Result<Vec<company::Model>, StoreError> = new_companies().map(company::Model::try_from).collect();
    let persons: Result<Vec<person::Model>, StoreError> = new_persons().map(person::Model::try_from).collect();
    bulk(uow, Part::insert_models("company", &companies?)).await?;
    bulk(uow, Part::insert_models("person", &persons?)).await?;
    let found: Vec<Found> = new_companies().map(Found::from).chain(new_persons().map(Found::from)).collect();
    bulk(uow, Part::insert_models("search_token", &search_token::rows(&found))).await?;
    match_key::add(uow, NewKeys::of(new_companies(), new_persons())).await
}

fn rows_of<'a, T: 'a>(
    things: impl Iterator<Item = &'a T>,
    values: impl Fn(&T) -> Result<Vec<Value>, StoreError>,
) -> Result<Vec<Vec<Value>>, StoreError> {
    things.map(values).collect()
}

async fn insert_leads(uow: &UnitOfWork, leads: &[ImportedLead]) -> Result<(), StoreError> {
    let changes = || leads.iter().map(|lead| &lead.change);
    let rows = rows_of(changes().map(|change| &change.lead), lead::values)?;
    bulk(uow, Part::insert("lead", lead::COLUMNS, rows)).await?;
    let passages = changes().flat_map(|change| std::iter::once(&change.passage).chain(&change.opened));
    bulk(uow, Part::insert("passage", passage::COLUMNS, rows_of(passages, passage::values)?)).await?;
    let transitions = changes().flat_map(|change| &change.transitions);
    bulk(uow, Part::insert("transition", transition::COLUMNS, rows_of(transitions, transition::values)?)).await?;
    routing_decision::insert_many(uow, changes().filter_map(|change| change.routing.as_deref())).await?;
    let opportunities: Result<Vec<opportunity::Model>, StoreError> =
        changes().filter_map(|change| change.opportunity.as_ref()).map(opportunity::Model::try_from).collect();
    bulk(uow, Part::insert_models("opportunity", &opportunities?)).await?;
    let customers: Result<Vec<customer::Model>, StoreError> =
        changes().filter_map(|change| change.customer.as_ref()).map(customer::Model::try_from).collect();
    bulk(uow, Part::insert_models("customer", &customers?)).await
}

async fn insert_names(uow: &UnitOfWork, leads: &[ImportedLead]) -> Result<(), StoreError> {
    let named = leads.iter().flat_map(|lead| &lead.refs).map(|one| external_ref::Model {
        source: one.name.source.clone(),
        external_id: one.name.external_id.clone(),
        kind: one.kind.to_owned(),
        subject_id: one.subject,
    });
    bulk(uow, Part::insert_models("external_ref", &named.collect::<Vec<_>>())).await
}

async fn insert_traces(
    uow: &UnitOfWork,
    leads: &[ImportedLead],
    import: ImportId,
    stamp: &ImportStamp,
) -> Result<(), StoreError> {
    let mut entries = Vec::with_capacity(leads.len());
    for imported in leads {
        let Change { lead, events, .. } = &imported.change;
        if imported.event_ids.len() < events.len() {
            return Err(StoreError::unstorable("event_ids"));
        }
        for (event, id) in events.iter().zip(&imported.event_ids) {
            entries.push(NewEntry::of_lead(lead, event, *id, stamp.actor, stamp.at)?);
        }
    }
    bulk(uow, journal::part(uow, &entries).await?).await?;
    let row = AuditRow {
        id: stamp.audit_id,
        at: stamp.at,
        actor: stamp.actor,
        action: Action::CaptureLead,
        subject_kind: ImportId::PREFIX.to_owned(),
        subject: Some(import.uuid()),
        request_id: stamp.request_id.clone(),
        outcome: AuditOutcome::Done,
        detail: Some(serde_json::json!({ "leads": leads.len() })),
    };
    audit::append(uow, &row).await
}

/// The things that a source's names lead to already; unknown names are left out. One statement.
///
/// # Errors
/// As the database tells.
pub async fn known_refs<Id: Referable>(
    on: &impl Readable,
    source: &str,
    external_ids: &[&str],
) -> Result<BTreeMap<String, Id>, StoreError> {
    refs::find_many(on, source, external_ids).await
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Rows of the file that were looked at, from its start.
    pub rows_done: u64,
    /// Rows that became leads.
    pub accepted: u64,
    /// Rows that had faults.
    pub rejected: u64,
}

/// Whether a run has come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImportState {
    /// It has not, or was interrupted.
    Running,
    /// It has.
    Finished,
}

impl ImportState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Finished => "FINISHED",
        }
    }
}

/// A run of an import: one file of one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRun {
    /// Its id.
    pub id: ImportId,
    /// The source, at most 100 characters.
    pub source: String,
    /// SHA-256 of the file in hexadecimal.
    pub fingerprint: String,
    /// How far it has come.
    pub progress: ImportProgress,
    /// Whether it has ended.
    pub state: ImportState,
    /// When it started first, UTC.
    pub started_at: DateTime<Utc>,
}

/// Begins a run, or finds the one that this file of this source had before: it goes on after the rows that were done.
///
/// # Errors
/// As the database tells.
pub async fn begin(
    uow: &UnitOfWork,
    id: ImportId,
    source: &str,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<ImportRun, StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO import_run (id, source, fingerprint, rows_done, accepted, rejected, state, started_at, updated_at) VALUES (",
    );
    sql.bind(id.uuid()).push(", ").bind(source).push(", ").bind(fingerprint).push(", 0, 0, 0, ");
    sql.bind(ImportState::Running.as_str()).push(", ").bind(now).push(", ").bind(now);
    // the update changes nothing but lets the statement answer with the row that was there
    sql.push(
        ") ON CONFLICT (source, fingerprint) DO UPDATE SET updated_at = excluded.updated_at \
         RETURNING id, source, fingerprint, rows_done, accepted, rejected, state, started_at",
    );
    let row = sql.one(uow).await?.ok_or_else(|| StoreError::unstorable("import_run"))?;
    read(&mut Columns::of(&row))
}

fn read(row: &mut Columns<'_>) -> Result<ImportRun, StoreError> {
    let id = ImportId::from(row.next::<Uuid>()?);
    let stored = Stored::new("import_run", id);
    let figure = |value: i64| u64::try_from(value).map_err(|_| stored.corrupt("rows_done"));
    Ok(ImportRun {
        id,
        source: row.next()?,
        fingerprint: row.next()?,
        progress: ImportProgress {
            rows_done: figure(row.next()?)?,
            accepted: figure(row.next()?)?,
            rejected: figure(row.next()?)?,
        },
        state: {
            let code: String = row.next()?;
            let known = [ImportState::Running, ImportState::Finished].into_iter().find(|state| state.as_str() == code);
            known.ok_or_else(|| stored.corrupt("state"))?
        },
        started_at: row.next()?,
    })
}

/// Notes how far a run has come, in the unit of work that stored the chunk: after a crash neither is there, or both.
///
/// # Errors
/// As the database tells.
pub async fn advance(uow: &UnitOfWork, id: ImportId, progress: ImportProgress, now: DateTime<Utc>) -> Result<(), StoreError> {
    note(uow, id, progress, ImportState::Running, now).await
}

/// Notes that a run has come to its end.
///
/// # Errors
/// As the database tells.
pub async fn finish(uow: &UnitOfWork, id: ImportId, progress: ImportProgress, now: DateTime<Utc>) -> Result<(), StoreError> {
    note(uow, id, progress, ImportState::Finished, now).await
}

async fn note(
    uow: &UnitOfWork,
    id: ImportId,
    progress: ImportProgress,
    state: ImportState,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let figure = |value: u64| i64::try_from(value).map_err(|_| StoreError::unstorable("rows_done"));
    let mut sql = Sql::new("UPDATE import_run SET rows_done = ");
    sql.bind(figure(progress.rows_done)?).push(", accepted = ").bind(figure(progress.accepted)?);
    sql.push(", rejected = ").bind(figure(progress.rejected)?).push(", state = ").bind(state.as_str());
    sql.push(", updated_at = ").bind(now).push(" WHERE id = ").bind(id.uuid());
    sql.run(uow).await?;
    Ok(())
}

/// The lead that a name of a source leads to, whoever may see it: for telling "imported before".
///
/// # Errors
/// As the database tells.
pub async fn find_imported(on: &impl Readable, name: &ExternalRef) -> Result<Option<LeadId>, StoreError> {
    refs::find(on, name).await
}
