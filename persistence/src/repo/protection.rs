//! Who must not come back by a list, who must not be erased, and whose time is over.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::code::UnknownCode;
use fairfall_domain::id::{PersonId, UserId};
use fairfall_domain::protection::{RetentionCase, RetentionPolicy};
use fairfall_domain::value::LongText;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::Stored;
use crate::readable::Readable;
use crate::repo::setting;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

const POLICY: &str = "retention";

/// What a suppression keeps away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
}

impl Address {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
        }
    }
}

impl std::str::FromStr for Address {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        match text {
            "EMAIL" => Ok(Self::Email),
            "PHONE" => Ok(Self::Phone),
            other => Err(UnknownCode::new("Address", other)),
        }
    }
}

/// Keeps addresses away, by their digests. Those kept away before stay so since then.
///
/// # Errors
/// When the database fails.
pub async fn suppress(uow: &UnitOfWork, digests: &[(Address, String)], since: DateTime<Utc>) -> Result<(), StoreError> {
    for (kind, digest) in digests {
        let mut sql = Sql::new("INSERT INTO suppression (digest, kind, since) VALUES (");
        sql.bind(digest.as_str()).push(", ").bind(kind.as_str()).push(", ").bind(since).push(") ON CONFLICT DO NOTHING");
        sql.run(uow).await?;
    }
    Ok(())
}

/// Which of these digests are kept away, since when. One statement.
///
/// # Errors
/// When the database fails.
pub async fn suppressed(on: &impl Readable, digests: &[&str]) -> Result<BTreeMap<String, DateTime<Utc>>, StoreError> {
    if digests.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT digest, since FROM suppression WHERE digest IN (");
    sql.bind_list(digests.iter().map(|digest| Value::from(*digest))).push(")");
    let rows = sql.all(on).await?;
    let read = |row| {
        let mut columns = Columns::of(row);
        Ok((columns.next()?, columns.next()?))
    };
    rows.iter().map(read).collect()
}

/// Whether anybody is kept away at all.
///
/// # Errors
/// When the database fails.
pub async fn any_suppressed(on: &impl Readable) -> Result<bool, StoreError> {
    Ok(Sql::new("SELECT digest FROM suppression LIMIT 1").one(on).await?.is_some())
}

/// Lets addresses in again; how many were kept away.
///
/// # Errors
/// When the database fails.
pub async fn lift(uow: &UnitOfWork, digests: &[&str]) -> Result<u64, StoreError> {
    if digests.is_empty() {
        return Ok(0);
    }
    let mut sql = Sql::new("DELETE FROM suppression WHERE digest IN (");
    sql.bind_list(digests.iter().map(|digest| Value::from(*digest))).push(")");
    sql.run(uow).await
}

/// A person whose data must be kept for a legal reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegalHold {
    /// Whose.
    pub person: PersonId,
    /// Why.
    pub reason: LongText,
    /// Who said so.
    pub by: Option<UserId>,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// Holds a person's data, with the newest reason.
///
/// # Errors
/// When the database fails, or the person does not exist.
pub async fn hold(uow: &UnitOfWork, hold: &LegalHold) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO legal_hold (person_id, reason, held_by, held_at) VALUES (");
    sql.bind(hold.person.uuid()).push(", ").bind(hold.reason.as_str()).push(", ").bind(hold.by.map(UserId::uuid)).push(", ");
    sql.bind(hold.since).push(") ON CONFLICT (person_id) DO UPDATE SET reason = excluded.reason, held_by = excluded.held_by");
    sql.run(uow).await.map(drop)
}

/// Lets a person's data go; false when it was not held.
///
/// # Errors
/// When the database fails.
pub async fn release(uow: &UnitOfWork, person: PersonId) -> Result<bool, StoreError> {
    let mut sql = Sql::new("DELETE FROM legal_hold WHERE person_id = ");
    sql.bind(person.uuid());
    Ok(sql.run(uow).await? == 1)
}

/// Which of some people are held.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_holds(on: &impl Readable, people: &[PersonId]) -> Result<Vec<LegalHold>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT person_id, reason, held_by, held_at FROM legal_hold WHERE person_id IN (");
    sql.bind_list(people.iter().map(|id| Value::from(id.uuid()))).push(")");
    sql.all(on).await?.iter().map(read_hold).collect()
}

fn read_hold(row: &QueryResult) -> Result<LegalHold, StoreError> {
    let mut columns = Columns::of(row);
    let person = PersonId::from(columns.next::<Uuid>()?);
    let reason: String = columns.next()?;
    Ok(LegalHold {
        person,
        reason: Stored::new("legal_hold", person).text("reason", &reason)?,
        by: columns.next::<Option<Uuid>>()?.map(UserId::from),
        since: columns.next()?,
    })
}

/// The rules of retention: those that were set, else none.
///
/// # Errors
/// When the database fails or the setting is corrupt.
pub async fn policy(on: &impl Readable) -> Result<RetentionPolicy, StoreError> {
    Ok(setting::get(on, POLICY).await?.unwrap_or_default())
}

/// Writes the rules over those before.
///
/// # Errors
/// When the database fails.
pub async fn put_policy(uow: &UnitOfWork, policy: &RetentionPolicy) -> Result<(), StoreError> {
    setting::put(uow, POLICY, policy).await
}

/// A person whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub person: PersonId,
    /// Whether a legal reason keeps the data.
    pub is_held: bool,
}

/// Some people whose time is over by the rules, in the order of their ids after `after`. Somebody with any lead that no rule speaks of, or
/// whose time is not over, is not among them; nor is whoever was erased or merged away.
///
/// # Errors
/// When the database fails.
pub async fn due(
    on: &impl Readable,
    policy: &RetentionPolicy,
    now: DateTime<Utc>,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<Due>, StoreError> {
    let states = [RetentionCase::Nurturing, RetentionCase::Lost, RetentionCase::Disqualified, RetentionCase::Won];
    let over: Vec<_> = states.iter().filter_map(|case| Some((*case, policy.over_before(*case, now)?))).collect();
    let mut sql =
        Sql::new("SELECT person.id, EXISTS (SELECT 1 FROM legal_hold WHERE legal_hold.person_id = person.id) FROM person");
    sql.push(" WHERE person.erased_at IS NULL AND person.merged_into IS NULL AND (1 = 0");
    if let Some(before) = policy.over_before(RetentionCase::NoLead, now) {
        sql.push(" OR (person.updated_at < ").bind(before);
        sql.push(" AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.person_id = person.id))");
    }
    if !over.is_empty() {
        sql.push(" OR (EXISTS (SELECT 1 FROM lead WHERE lead.person_id = person.id)");
        sql.push(" AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.person_id = person.id AND NOT (1 = 0");
        for (case, before) in over {
            sql.push(" OR (lead.state = ").bind(case.as_str()).push(" AND lead.updated_at < ").bind(before).push(")");
        }
        sql.push(")))");
    }
    sql.push(")");
    if let Some(after) = after {
        sql.push(" AND person.id > ").bind(after.uuid());
    }
    sql.push(" ORDER BY person.id LIMIT ").push(&limit.to_string());
    let rows = sql.all(on).await?;
    let read = |row| {
        let mut columns = Columns::of(row);
        Ok(Due { person: PersonId::from(columns.next::<Uuid>()?), is_held: columns.next()? })
    };
    rows.iter().map(read).collect()
}

/// One run of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionRun {
    /// Which.
    pub id: Uuid,
    /// The version of the rules.
    pub policy_version: u32,
    /// Whether it only counted.
    pub is_rehearsal: bool,
    /// Whose time was over.
    pub due: u32,
    /// How many of them were erased.
    pub erased: u32,
    /// How many are held for a legal reason.
    pub held: u32,
    /// Who started it; nobody when it started by itself.
    pub by: Option<UserId>,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Keeps what a run did.
///
/// # Errors
/// When the database fails.
pub async fn put_run(uow: &UnitOfWork, run: &RetentionRun) -> Result<(), StoreError> {
    let mut sql = Sql::new(
        "INSERT INTO retention_run (id, policy_version, is_rehearsal, due, erased, held, started_by, started_at, finished_at) VALUES (",
    );
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    sql.bind(run.id).push(", ").bind(count(run.policy_version)).push(", ").bind(i16::from(run.is_rehearsal)).push(", ");
    sql.bind(count(run.due)).push(", ").bind(count(run.erased)).push(", ").bind(count(run.held)).push(", ");
    sql.bind(run.by.map(UserId::uuid)).push(", ").bind(run.started_at).push(", ").bind(run.finished_at).push(")");
    sql.run(uow).await.map(drop)
}

/// The newest runs.
///
/// # Errors
/// When the database fails.
pub async fn runs(on: &impl Readable, limit: u32) -> Result<Vec<RetentionRun>, StoreError> {
    let mut sql = Sql::new(
        "SELECT id, policy_version, is_rehearsal, due, erased, held, started_by, started_at, finished_at FROM retention_run ORDER BY started_at DESC, id DESC LIMIT ",
    );
    sql.push(&limit.to_string());
    sql.all(on).await?.iter().map(read_run).collect()
}

fn read_run(row: &QueryResult) -> Result<RetentionRun, StoreError> {
    let mut columns = Columns::of(row);
    let id: Uuid = columns.next()?;
    let stored = Stored::new("retention_run", id);
    Ok(RetentionRun {
        id,
        policy_version: stored.count("policy_version", columns.next()?)?,
        is_rehearsal: columns.next::<i16>()? != 0,
        due: stored.count("due", columns.next()?)?,
        erased: stored.count("erased", columns.next()?)?,
        held: stored.count("held", columns.next()?)?,
        by: columns.next::<Option<Uuid>>()?.map(UserId::from),
        started_at: columns.next()?,
        finished_at: columns.next()?,
    })
}
