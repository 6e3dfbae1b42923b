//! The ledgers of pools: what each member was entitled to and received, and how many leads each got today; the last state of each day besides, so
//! that what was can be told.
//!
//! Whoever gives leads or changes members locks the pools first, all at once and in one order: two that share pools wait for each other, and never
//! each for the other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use fairfall_domain::id::PoolId;
use fairfall_domain::routing::PoolState;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_json};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::locks;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

const LEDGER: &[(&str, &str)] = &[("pool_id", "uuid"), ("state", "text"), ("updated_at", "timestamptz")];
const DAY: &[(&str, &str)] = &[("pool_id", "uuid"), ("day", "date"), ("state", "text")];

/// The states of some pools for a change: others who want to change any of them wait until the unit of work ends. A pool that gave no lead yet has an
/// empty state.
///
/// # Errors
/// When a pool does not exist, the database fails or holds a corrupt row.
pub async fn lock(uow: &UnitOfWork, pools: &[PoolId], now: DateTime<Utc>) -> Result<BTreeMap<PoolId, PoolState>, StoreError> {
    let wanted: BTreeSet<PoolId> = pools.iter().copied().collect();
    let mut found = read(uow, &wanted, locks::for_update(uow)).await?;
    let missing = wanted.iter().filter(|pool| !found.contains_key(pool));
    let empty = to_json(&PoolState::default())?;
    let rows: Vec<Vec<Value>> = missing.map(|pool| vec![pool.uuid().into(), empty.clone().into(), now.into()]).collect();
    if !rows.is_empty() {
        // the first lead of a pool: a row that is not there cannot be locked
        recordset::insert(uow, "pool_ledger", &Recordset { columns: LEDGER, rows }, " ON CONFLICT (pool_id) DO NOTHING").await?;
        found = read(uow, &wanted, locks::for_update(uow)).await?;
    }
    Ok(found)
}

/// The states of some pools as they are; pools that gave no lead yet are left out.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, pools: &[PoolId]) -> Result<BTreeMap<PoolId, PoolState>, StoreError> {
    read(on, &pools.iter().copied().collect(), "").await
}

async fn read(on: &impl Readable, pools: &BTreeSet<PoolId>, tail: &str) -> Result<BTreeMap<PoolId, PoolState>, StoreError> {
    if pools.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT pool_id, state FROM pool_ledger WHERE ");
    push_among(&mut sql, on, "pool_id", pools.iter().map(|pool| pool.uuid()));
    sql.push(" ORDER BY pool_id").push(tail);
    let state = |row: &QueryResult| {
        let mut columns = Columns::of(row);
        let pool = PoolId::from(columns.next::<Uuid>()?);
        Ok((pool, Stored::new("pool_ledger", pool).json("state", &columns.next::<String>()?)?))
    };
    sql.all(on).await?.iter().map(state).collect()
}

/// Writes states of pools that are locked, each also as the last one of its day. Two statements.
///
/// # Errors
/// When a pool does not exist or the database fails.
pub async fn store(uow: &UnitOfWork, states: &BTreeMap<PoolId, PoolState>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (mut rows, mut days) = (Vec::new(), Vec::new());
    for (pool, state) in states {
        let text = to_json(state)?;
        if let Some(day) = state.day {
            days.push(vec![pool.uuid().into(), day.into(), text.clone().into()]);
        }
        rows.push(vec![pool.uuid().into(), text.into(), now.into()]);
    }
    let over = " ON CONFLICT (pool_id) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at";
    recordset::insert(uow, "pool_ledger", &Recordset { columns: LEDGER, rows }, over).await?;
    let over = " ON CONFLICT (pool_id, day) DO UPDATE SET state = excluded.state";
    recordset::insert(uow, "pool_ledger_day", &Recordset { columns: DAY, rows: days }, over).await?;
    Ok(())
}

/// The last state of each day of some pools, `from` and `to` included, by pool and day; days without leads are left out.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn history(
    on: &impl Readable,
    pools: &[PoolId],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(PoolId, NaiveDate, PoolState)>, StoreError> {
    if pools.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT pool_id, day, state FROM pool_ledger_day WHERE ");
    push_among(&mut sql, on, "pool_id", pools.iter().map(|pool| pool.uuid()));
    sql.push(" AND day >= ").bind(from).push(" AND day <= ").bind(to).push(" ORDER BY pool_id, day");
    let state = |row: &QueryResult| {
        let mut columns = Columns::of(row);
        let (pool, day) = (PoolId::from(columns.next::<Uuid>()?), columns.next()?);
        Ok((pool, day, Stored::new("pool_ledger_day", pool).json("state", &columns.next::<String>()?)?))
    };
    sql.all(on).await?.iter().map(state).collect()
}
