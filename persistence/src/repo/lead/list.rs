//! Lists of leads.

use fairfall_domain::access::Grant;
use fairfall_domain::waterfall::lead::Lead;

use super::filter::{self, LeadFilter, LeadSort};
use super::find::{read_rows, select};
use crate::error::StoreError;
use crate::page::{Page, PageArgs};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};

/// The statement of a page.
pub(crate) fn statement(grant: &Grant, filter: &LeadFilter, sort: LeadSort, args: &PageArgs) -> Result<Sql, StoreError> {
    let mut sql = select();
    scope::push_leads(&mut sql, grant);
    filter::push(&mut sql, filter);
    sort.keyset().restrict(&mut sql, args)?;
    sort.keyset().order(&mut sql, args);
    Ok(sql)
}

/// A page of the leads that the permission reaches and that meet the filter.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: &LeadFilter,
    sort: LeadSort,
    args: &PageArgs,
) -> Result<Page<Lead>, StoreError> {
    let rows = read_rows(&statement(grant, filter, sort, args)?.all_planned(on).await?)?;
    let keyed = rows.into_iter().map(|lead| (sort.keys(&lead), lead)).collect();
    Ok(sort.keyset().page(args, keyed))
}

/// How many leads the permission reaches and the filter lets through: exact up to `cap`, and `cap + 1` when there are more.
///
/// # Errors
/// As the database tells.
pub async fn count(on: &impl Readable, grant: &Grant, filter: &LeadFilter, cap: u64) -> Result<u64, StoreError> {
    let mut sql = Sql::new("SELECT count(*) FROM (SELECT 1 FROM lead WHERE ");
    scope::push_leads(&mut sql, grant);
    filter::push(&mut sql, filter);
    sql.push(" LIMIT ").push(&cap.saturating_add(1).min(1_000_000_000).to_string()).push(") AS counted");
    let rows = sql.all_planned(on).await?;
    let Some(row) = rows.first() else { return Ok(0) };
    let found: i64 = Columns::of(row).next()?;
    Ok(found.unsigned_abs())
}
