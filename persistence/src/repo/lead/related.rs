//! The leads of several people or companies: a page each, in one statement.

use std::collections::BTreeMap;

use fairfall_domain::access::Grant;
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::Value;
use uuid::Uuid;

use super::filter::LeadSort;
use super::find::read_rows;
use crate::error::StoreError;
use crate::mapper::lead::READ;
use crate::page::{Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::Sql;

/// The order of these pages: changed last first.
const SORT: LeadSort = LeadSort::UpdatedDesc;

/// A page of the leads of each of these people, as far as the permission reaches them; people without any are left out. One statement.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page_of_people(
    on: &impl Readable,
    grant: &Grant,
    people: &[PersonId],
    args: &PageArgs,
) -> Result<BTreeMap<PersonId, Page<Lead>>, StoreError> {
    let ids = people.iter().map(|id| id.uuid()).collect();
    let rows = related(on, grant, "person_id", ids, args).await?;
    Ok(pages(args, rows, |lead| Some(lead.person)))
}

/// A page of the leads of each of these companies, as [`page_of_people`].
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page_of_companies(
    on: &impl Readable,
    grant: &Grant,
    companies: &[CompanyId],
    args: &PageArgs,
) -> Result<BTreeMap<CompanyId, Page<Lead>>, StoreError> {
    let ids = companies.iter().map(|id| id.uuid()).collect();
    let rows = related(on, grant, "company_id", ids, args).await?;
    Ok(pages(args, rows, |lead| lead.company))
}

async fn related(
    on: &impl Readable,
    grant: &Grant,
    column: &str,
    ids: Vec<Uuid>,
    args: &PageArgs,
) -> Result<Vec<Lead>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let order = SORT.keyset().ordered(args);
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(&format!(
        " FROM (SELECT lead.*, row_number() OVER (PARTITION BY lead.{column} ORDER BY {order}) AS nth FROM lead WHERE lead.{column} IN ("
    ));
    sql.bind_list(ids.into_iter().map(Value::from)).push(") AND ");
    scope::push_leads(&mut sql, grant);
    SORT.keyset().restrict(&mut sql, args)?;
    sql.push(&format!(") AS lead WHERE lead.nth <= {} ORDER BY {order}", Keyset::limit(args)));
    read_rows(&sql.all(on).await?)
}

fn pages<Id: Ord>(args: &PageArgs, leads: Vec<Lead>, whose: impl Fn(&Lead) -> Option<Id>) -> BTreeMap<Id, Page<Lead>> {
    let mut of: BTreeMap<Id, Vec<Lead>> = BTreeMap::new();
    for lead in leads {
        if let Some(id) = whose(&lead) {
            of.entry(id).or_default().push(lead);
        }
    }
    let page = |leads: Vec<Lead>| SORT.keyset().page(args, leads.into_iter().map(|lead| (SORT.keys(&lead), lead)).collect());
    of.into_iter().map(|(id, leads)| (id, page(leads))).collect()
}
