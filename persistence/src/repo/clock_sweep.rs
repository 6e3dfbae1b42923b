//! Sweeps: after a change of a calendar, all open clocks in business time are looked at again, a part at a time.
//!
//! A sweep goes over the clocks twice. The first pass begins at once, so that small organisations see the change at once. The second begins when no
//! node can decide by the calendars of before any more ([`SETTLE_MS`]): a clock that was started or passed on by them in between is put right.
//!
//! INVARIANT: the place that a sweep has come to moves in the transaction that changed the clocks up to it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::{ClockId, LeadId};
use fairfall_domain::sla::Clock;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::NEVER_DUE;
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::{clock, locks};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Clocks of one part.
pub const PART_MAX: u32 = 500;
/// How long after the change the second pass begins, in milliseconds: more than twice as long as a node keeps what it read.
pub const SETTLE_MS: i64 = 5_000;
/// Sweeps that are looked at in one round.
const SWEEPS_MAX: u32 = 100;

/// How far a sweep is.
const FIRST: i16 = 0;
const BETWEEN: i16 = 1;
const SECOND: i16 = 2;

/// A sweep, held until the unit of work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sweep {
    id: Uuid,
    after: Option<ClockId>,
    pass: i16,
}

/// A lead whose clocks are looked at, held until the unit of work ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweptLead {
    /// Which.
    pub id: LeadId,
    /// When the next promise about it is due, as it is stored.
    pub next_due: Option<DateTime<Utc>>,
    /// Its open clocks, the oldest first.
    pub clocks: Vec<Clock>,
    waits: bool,
}

/// A part of the open clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepPart {
    /// The leads of the part, with all of their open clocks.
    pub leads: Vec<SweptLead>,
    /// The last clock of the part; the sweep is through when absent.
    last: Option<ClockId>,
}

/// Asks for a sweep; to be written with the change that makes it necessary.
///
/// # Errors
/// As the database tells.
pub async fn request(uow: &UnitOfWork, id: Uuid, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut sql = Sql::new("INSERT INTO clock_sweep (id, requested_at, pass) VALUES (");
    sql.bind_list([id.into(), now.into(), FIRST.into()]).push(")");
    sql.run(uow).await.map(drop)
}

/// The sweeps that have something to do now, the oldest first. The calendars that they go by must be read after this.
///
/// # Errors
/// As the database tells.
pub async fn due(on: &impl Readable, now: DateTime<Utc>) -> Result<Vec<Uuid>, StoreError> {
    let mut sql = Sql::new("SELECT id FROM clock_sweep WHERE pass <> ");
    sql.bind(BETWEEN).push(" OR requested_at <= ").bind(settled(now));
    sql.push(&format!(" ORDER BY requested_at, id LIMIT {SWEEPS_MAX}"));
    sql.all(on).await?.iter().map(|row| Columns::of(row).next()).collect()
}

fn settled(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::milliseconds(SETTLE_MS)
}

/// Takes the oldest of some sweeps that no other node is at. One whose second pass can begin begins it, and takes along the others of which the same
/// holds: one pass does for all of them.
///
/// # Errors
/// As the database tells.
pub async fn take(uow: &UnitOfWork, ids: &[Uuid], now: DateTime<Utc>) -> Result<Option<Sweep>, StoreError> {
    if ids.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("SELECT id, after_id, pass, requested_at FROM clock_sweep WHERE ");
    push_among(&mut sql, uow, "id", ids.iter().copied());
    sql.push(" ORDER BY requested_at, id").push(locks::skip_locked(uow));
    let mut settled_ids = Vec::new();
    let mut taken: Option<Sweep> = None;
    for row in sql.all(uow).await? {
        let mut columns = Columns::of(&row);
        let (id, after, pass) = (columns.next()?, columns.next::<Option<Uuid>>()?.map(ClockId::from), columns.next()?);
        let can_begin = pass != SECOND && columns.next::<DateTime<Utc>>()? <= settled(now);
        match taken {
            None if can_begin => taken = Some(Sweep { id, after: None, pass: SECOND }),
            None if pass != BETWEEN => taken = Some(Sweep { id, after, pass }),
            Some(Sweep { after: None, pass: SECOND, .. }) if can_begin => settled_ids.push(id),
            None | Some(_) => {}
        }
    }
    if !settled_ids.is_empty() {
        let mut sql = Sql::new("DELETE FROM clock_sweep WHERE ");
        push_among(&mut sql, uow, "id", settled_ids);
        sql.run(uow).await?;
    }
    Ok(taken)
}

/// The next part of the open clocks: their leads are locked first, in one order, then all of the leads' open clocks.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn part(uow: &UnitOfWork, sweep: &Sweep) -> Result<SweepPart, StoreError> {
    let mut sql = Sql::new("SELECT id, lead_id FROM clock WHERE ended_at IS NULL AND basis = 'BUSINESS'");
    if let Some(after) = sweep.after {
        sql.push(" AND id > ").bind(after.uuid());
    }
    sql.push(&format!(" ORDER BY id LIMIT {PART_MAX}"));
    let (mut last, mut of_leads, mut count) = (None, std::collections::BTreeSet::new(), 0_u32);
    for row in sql.all(uow).await? {
        let mut columns = Columns::of(&row);
        last = Some(ClockId::from(columns.next::<Uuid>()?));
        of_leads.insert(columns.next::<Uuid>()?);
        count += 1;
    }
    let mut leads = hold(uow, of_leads.iter().copied().collect()).await?;
    for clock in clocks_of(uow, of_leads.into_iter().collect()).await? {
        if let Some(lead) = leads.get_mut(&clock.lead) {
            lead.clocks.push(clock);
        }
    }
    Ok(SweepPart { leads: leads.into_values().collect(), last: last.filter(|_| count == PART_MAX) })
}

async fn hold(uow: &UnitOfWork, ids: Vec<Uuid>) -> Result<BTreeMap<LeadId, SweptLead>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT id, next_due, waits_since FROM lead WHERE ");
    push_among(&mut sql, uow, "id", ids);
    sql.push(" ORDER BY id").push(locks::for_update(uow));
    let read = |row| {
        let mut columns = Columns::of(row);
        let id = LeadId::from(columns.next::<Uuid>()?);
        let (next_due, waits_since): (_, Option<DateTime<Utc>>) = (columns.next()?, columns.next()?);
        Ok((id, SweptLead { id, next_due, clocks: Vec::new(), waits: waits_since.is_some() }))
    };
    sql.all(uow).await?.iter().map(read).collect()
}

async fn clocks_of(uow: &UnitOfWork, leads: Vec<Uuid>) -> Result<Vec<Clock>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = clock::select();
    push_among(&mut sql, uow, "clock.lead_id", leads);
    sql.push(" AND clock.ended_at IS NULL ORDER BY clock.id").push(locks::for_update(uow));
    clock::all(uow, sql).await
}

/// Stores what is due when of clocks, and when the next promise about their leads is due. No lead gets another version: nobody did anything to it.
///
/// # Errors
/// As the database tells.
pub async fn move_due(uow: &UnitOfWork, clocks: &[Clock], leads: &[SweptLead]) -> Result<(), StoreError> {
    clock::put_due(uow, clocks).await?;
    let row = |lead: &SweptLead| -> Vec<Value> {
        let waits_due = lead.waits.then(|| lead.next_due.unwrap_or(NEVER_DUE));
        vec![lead.id.uuid().into(), lead.next_due.into(), waits_due.into()]
    };
    let columns = &[("id", "uuid"), ("next_due", "timestamptz"), ("waits_due", "timestamptz")];
    recordset::update(uow, "lead", &Recordset { columns, rows: leads.iter().map(row).collect() }).await
}

/// Notes how far a sweep is; tells whether there is more to do in this pass.
///
/// # Errors
/// As the database tells.
pub async fn advance(uow: &UnitOfWork, sweep: &Sweep, part: &SweepPart) -> Result<bool, StoreError> {
    let mut sql = match (part.last, sweep.pass) {
        (None, SECOND) => Sql::new("DELETE FROM clock_sweep"),
        (last, pass) => {
            let pass = if last.is_none() { BETWEEN } else { pass };
            let mut sql = Sql::new("UPDATE clock_sweep SET after_id = ");
            sql.bind(last.map(ClockId::uuid)).push(", pass = ").bind(pass);
            sql
        }
    };
    sql.push(" WHERE id = ").bind(sweep.id);
    sql.run(uow).await?;
    Ok(part.last.is_some())
}
