//! Single leads.

use fairfall_domain::access::Grant;
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::{QueryResult, Value};

use crate::error::StoreError;
use crate::mapper::lead::{READ, read};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};

/// A statement that reads leads; conditions follow.
pub(super) fn select() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM lead WHERE ");
    sql
}

/// Reads rows of [`select`].
pub(super) fn read_rows(rows: &[QueryResult]) -> Result<Vec<Lead>, StoreError> {
    rows.iter().map(|row| read(&mut Columns::of(row))).collect()
}

/// One lead, if the permission reaches it.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find(on: &impl Readable, grant: &Grant, id: LeadId) -> Result<Option<Lead>, StoreError> {
    let mut sql = select();
    scope::push_leads(&mut sql, grant);
    sql.push(" AND lead.id = ").bind(id.uuid());
    sql.one(on).await?.map(|row| read(&mut Columns::of(&row))).transpose()
}

/// Some leads, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[LeadId]) -> Result<Vec<Lead>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    scope::push_leads(&mut sql, grant);
    sql.push(" AND lead.id IN (").bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(")");
    read_rows(&sql.all(on).await?)
}

/// The leads of some people, in no order; those out of reach are left out. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_of_people(on: &impl Readable, grant: &Grant, people: &[PersonId]) -> Result<Vec<Lead>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    scope::push_leads(&mut sql, grant);
    sql.push(" AND lead.person_id IN (").bind_list(people.iter().map(|id| Value::from(id.uuid()))).push(")");
    read_rows(&sql.all(on).await?)
}
