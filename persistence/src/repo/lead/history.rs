//! The passages and transitions of leads.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::LeadId;
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::transition::Transition;
use sea_orm::Value;

use crate::error::StoreError;
use crate::mapper::{passage, transition};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};

/// Adds the ids, and what the permission reaches of them.
fn push_of(sql: &mut Sql, column: &str, grant: &Grant, ids: &[LeadId]) {
    sql.push(column).push(" IN (").bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(")");
    match grant.scope() {
        Scope::All => {}
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            sql.push(" AND EXISTS (SELECT 1 FROM lead WHERE lead.id = ").push(column).push(" AND ");
            scope::push_leads(sql, grant);
            sql.push(")");
        }
    }
}

/// The passages of some leads that the permission reaches, by lead and number. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_passages(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Passage>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(passage::READ).push(" FROM passage AS p WHERE ");
    push_of(&mut sql, "p.lead_id", grant, leads);
    sql.push(" ORDER BY p.lead_id, p.number");
    sql.all(on).await?.iter().map(|row| passage::read(&mut Columns::of(row))).collect()
}

/// The transitions of some leads that the permission reaches, by lead and in the order in which they happened. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_transitions(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Transition>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(transition::READ).push(" FROM transition AS t WHERE ");
    push_of(&mut sql, "t.lead_id", grant, leads);
    sql.push(" ORDER BY t.lead_id, t.lead_version, t.step");
    sql.all(on).await?.iter().map(|row| transition::read(&mut Columns::of(row))).collect()
}
