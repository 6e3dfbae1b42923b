//! Pairs of records that may be the same one. Whoever may see both records may see the pair; to others it does not exist.

use std::collections::BTreeSet;

use fairfall_domain::access::Grant;
use fairfall_domain::id::{AnyId, DuplicateId, UserId};
use fairfall_domain::matching::duplicate::Settled;
use fairfall_domain::matching::{Duplicate, DuplicateKind, DuplicatePair, DuplicateState, MatchBand};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::duplicate::{COLUMNS, READ, read, values};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::scope::Looking;
use crate::repo::{company, locks, person};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Which pairs a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuplicateFilter {
    /// Only of this kind.
    pub kind: Option<DuplicateKind>,
    /// Only in this state.
    pub state: Option<DuplicateState>,
    /// Only this sure.
    pub band: Option<MatchBand>,
    /// Only with at least this weight, in hundredths of a bit; exact ones always.
    pub weight_min: Option<i32>,
    /// Only those of this record.
    pub record: Option<AnyId>,
}

/// Who asks: every permission that is given must reach both records.
#[derive(Clone, Debug, Default)]
pub struct DuplicateSight {
    /// The permissions that must reach both people; none sees no pairs of people.
    pub person: Vec<Grant>,
    /// The permissions that must reach both companies; none sees no pairs of companies.
    pub company: Vec<Grant>,
}

const SUREST_FIRST: Keyset = Keyset {
    name: "duplicate.score",
    columns: &[("duplicate.score", KeyKind::Number), ("duplicate.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Adds what may be seen as one more condition. A record that was merged away is seen through the one that it became, but for open pairs, of which both
/// sides live.
fn push_seen(sql: &mut Sql, sight: &DuplicateSight) {
    sql.push(" AND (1 = 0");
    if !sight.person.is_empty() {
        sql.push(" OR (duplicate.kind = 'PERSON'");
        for side in ["left_id", "right_id"] {
            sql.push(
                " AND EXISTS (SELECT 1 FROM person AS kept JOIN person ON person.id = coalesce(kept.merged_into, kept.id) WHERE kept.id = duplicate.",
            );
            sql.push(side).push(LIVES);
            sight.person.iter().for_each(|grant| person::push_seen(sql, grant, Looking::ByKey));
            sql.push(")");
        }
        sql.push(")");
    }
    if !sight.company.is_empty() {
        sql.push(" OR (duplicate.kind = 'COMPANY'");
        for side in ["left_id", "right_id"] {
            sql.push(
                " AND EXISTS (SELECT 1 FROM company AS kept JOIN company ON company.id = coalesce(kept.merged_into, kept.id) WHERE kept.id = duplicate.",
            );
            sql.push(side).push(LIVES);
            sight.company.iter().for_each(|grant| company::push_seen(sql, grant, Looking::ByKey));
            sql.push(")");
        }
        sql.push(")");
    }
    sql.push(")");
}

/// That a side of an open pair was not merged away.
const LIVES: &str = " AND (kept.merged_into IS NULL OR duplicate.state <> 'OPEN')";

fn select() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM duplicate WHERE 1 = 1");
    sql
}

/// One pair, if both sides may be seen.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, sight: &DuplicateSight, id: DuplicateId) -> Result<Option<Duplicate>, StoreError> {
    let mut sql = select();
    sql.push(" AND duplicate.id = ").bind(id.uuid());
    push_seen(&mut sql, sight);
    sql.one(on).await?.map(|row| read(&mut Columns::of(&row))).transpose()
}

/// The records of pairs, whoever may see them: for asking who may. Unknown ones are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn pairs(on: &impl Readable, ids: &[DuplicateId]) -> Result<Vec<(DuplicateId, DuplicatePair)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    sql.push(" AND ");
    push_among(&mut sql, on, "duplicate.id", ids.iter().map(|id| id.uuid()));
    let rows = sql.all(on).await?;
    rows.iter().map(|row| read(&mut Columns::of(row)).map(|one| (one.id, one.pair))).collect()
}

/// Reads a pair that is about to be settled, if both sides may be seen; on `PostgreSQL` others wait until the unit of work ends.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(
    uow: &UnitOfWork,
    sight: &DuplicateSight,
    id: DuplicateId,
) -> Result<Option<Duplicate>, StoreError> {
    let mut sql = select();
    sql.push(" AND duplicate.id = ").bind(id.uuid());
    push_seen(&mut sql, sight);
    sql.push(locks::for_update(uow));
    sql.one(uow).await?.map(|row| read(&mut Columns::of(&row))).transpose()
}

/// A page of the pairs of which both sides may be seen, the surest first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    sight: &DuplicateSight,
    filter: &DuplicateFilter,
    args: &PageArgs,
) -> Result<Page<Duplicate>, StoreError> {
    let mut sql = select();
    push_filter(&mut sql, filter);
    push_seen(&mut sql, sight);
    SUREST_FIRST.restrict(&mut sql, args)?;
    SUREST_FIRST.order(&mut sql, args);
    let rows = sql.all(on).await?;
    let pairs: Vec<Duplicate> = rows.iter().map(|row| read(&mut Columns::of(row))).collect::<Result<_, _>>()?;
    let keyed = pairs.into_iter().map(|pair| (vec![Key::Number(pair.weight.into()), Key::Id(pair.id.uuid())], pair));
    Ok(SUREST_FIRST.page(args, keyed.collect()))
}

fn push_filter(sql: &mut Sql, filter: &DuplicateFilter) {
    if let Some(kind) = filter.kind {
        sql.push(" AND duplicate.kind = ").bind(kind.as_str());
    }
    if let Some(state) = filter.state {
        sql.push(" AND duplicate.state = ").bind(state.as_str());
    }
    if let Some(band) = filter.band {
        sql.push(" AND duplicate.band = ").bind(band.as_str());
    }
    if let Some(weight) = filter.weight_min {
        sql.push(" AND (duplicate.band = 'EXACT' OR duplicate.score >= ").bind(weight).push(")");
    }
    if let Some(record) = filter.record {
        sql.push(" AND (duplicate.left_id = ")
            .bind(record.uuid())
            .push(" OR duplicate.right_id = ")
            .bind(record.uuid())
            .push(")");
    }
}

/// Keeps pairs that were found; one that is known and open gets the new account, a settled one stays. Answers those that are new.
///
/// # Errors
/// When the database fails.
pub async fn put(uow: &UnitOfWork, found: &[Duplicate]) -> Result<Vec<DuplicateId>, StoreError> {
    let mut ordered: Vec<&Duplicate> = found.iter().collect();
    // units of work that find the same pairs wait for each other in one order; a statement cannot touch a row twice
    ordered.sort_by_key(|one| one.pair);
    ordered.dedup_by_key(|one| one.pair);
    let rows: Vec<_> = ordered.iter().map(|one| values(one)).collect::<Result<_, _>>()?;
    let tail = " ON CONFLICT (left_id, right_id) DO UPDATE SET band = excluded.band, score = excluded.score, \
        explanation = excluded.explanation WHERE duplicate.state = 'OPEN' RETURNING id";
    let stored = recordset::insert(uow, "duplicate", &Recordset { columns: COLUMNS, rows }, tail).await?;
    let stored: BTreeSet<Uuid> = stored.iter().map(|row| Columns::of(row).next()).collect::<Result<_, _>>()?;
    // a pair that was there answers with the id that it had
    Ok(ordered.iter().map(|one| one.id).filter(|id| stored.contains(&id.uuid())).collect())
}

/// Takes away the open pairs of a record but for those with these others: what is not found any more need not be looked at.
///
/// # Errors
/// When the database fails.
pub async fn keep_open(uow: &UnitOfWork, record: AnyId, pairs: &[DuplicatePair]) -> Result<(), StoreError> {
    let others: Vec<Uuid> =
        pairs.iter().flat_map(DuplicatePair::ids).map(AnyId::uuid).filter(|id| *id != record.uuid()).collect();
    for (own, other) in [("left_id", "right_id"), ("right_id", "left_id")] {
        let mut sql = Sql::new(format!("DELETE FROM duplicate WHERE state = 'OPEN' AND {own} = "));
        sql.bind(record.uuid());
        if !others.is_empty() {
            sql.push(" AND NOT (");
            push_among(&mut sql, uow, other, others.iter().copied());
            sql.push(")");
        }
        sql.run(uow).await?;
    }
    Ok(())
}

/// Writes what became of a pair.
///
/// # Errors
/// When the database fails.
pub async fn settle(uow: &UnitOfWork, pair: &Duplicate) -> Result<(), StoreError> {
    let mut sql = Sql::new("UPDATE duplicate SET state = ");
    sql.bind(pair.state.as_str()).push(", settled_by = ").bind(pair.settled.and_then(|settled| settled.by).map(UserId::uuid));
    sql.push(", settled_at = ").bind(pair.settled.map(|settled| settled.at)).push(" WHERE id = ").bind(pair.id.uuid());
    sql.run(uow).await.map(drop)
}

/// Notes that two records were merged, if they were known as a pair. The open pairs of the one that is merged away are not listed while the merge stands.
///
/// # Errors
/// When the database fails.
pub async fn merged(uow: &UnitOfWork, pair: DuplicatePair, settled: Settled) -> Result<(), StoreError> {
    let [left, right] = pair.ids();
    let mut sql = Sql::new("UPDATE duplicate SET state = 'MERGED', settled_by = ");
    sql.bind(settled.by.map(UserId::uuid)).push(", settled_at = ").bind(settled.at);
    sql.push(" WHERE left_id = ").bind(left.uuid()).push(" AND right_id = ").bind(right.uuid());
    sql.run(uow).await.map(drop)
}

/// Notes that a merge of two records was taken back: they are two, as somebody said, and are not proposed again.
///
/// # Errors
/// When the database fails.
pub async fn unmerged(uow: &UnitOfWork, pair: DuplicatePair, settled: Settled) -> Result<(), StoreError> {
    let [left, right] = pair.ids();
    let mut sql = Sql::new("UPDATE duplicate SET state = 'DISMISSED', settled_by = ");
    sql.bind(settled.by.map(UserId::uuid)).push(", settled_at = ").bind(settled.at);
    sql.push(" WHERE state = 'MERGED' AND left_id = ").bind(left.uuid()).push(" AND right_id = ").bind(right.uuid());
    sql.run(uow).await.map(drop)
}
