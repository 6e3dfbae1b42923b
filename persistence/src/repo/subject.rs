//! Whom activities are about: many names at once, each looked up only as far as a permission reaches.

use std::collections::BTreeMap;

use fairfall_domain::access::Grant;
use fairfall_domain::id::{LeadId, PersonId};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::readable::Readable;
use crate::recordset::push_among;
use crate::repo::external_ref::{ExternalRef, code_of};
use crate::repo::merge::asked::{EMAIL, push_asked};
use crate::repo::person::push_seen;
use crate::repo::scope::{self, Looking};
use crate::sql::{Columns, Sql};
use crate::store::Backend;

/// The persons of some leads that the permission reaches, by lead; of erased ones nothing is told any more. One statement.
///
/// # Errors
/// As the database tells.
pub async fn persons_of_leads(
    on: &impl Readable,
    grant: &Grant,
    leads: &[LeadId],
) -> Result<BTreeMap<LeadId, PersonId>, StoreError> {
    if leads.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new(
        "SELECT lead.id, lead.person_id FROM lead JOIN person ON person.id = lead.person_id WHERE person.erased_at IS NULL AND ",
    );
    push_among(&mut sql, on, "lead.id", leads.iter().map(|lead| lead.uuid()));
    sql.push(" AND ");
    scope::push_leads(&mut sql, grant);
    let rows = sql.all(on).await?;
    rows.iter().map(|row| pair(row).map(|(lead, person)| (LeadId::from(lead), PersonId::from(person)))).collect()
}

fn pair(row: &sea_orm::QueryResult) -> Result<(Uuid, Uuid), StoreError> {
    let mut columns = Columns::of(row);
    Ok((columns.next()?, columns.next()?))
}

/// Those of some persons whom the permission reaches; whoever was merged into another is the other. One statement.
///
/// # Errors
/// As the database tells.
pub async fn known_persons(
    on: &impl Readable,
    grant: &Grant,
    people: &[PersonId],
) -> Result<BTreeMap<PersonId, PersonId>, StoreError> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new(
        "SELECT asked.id, person.id FROM person AS asked JOIN person ON person.id = coalesce(asked.merged_into, asked.id) \
         WHERE person.erased_at IS NULL AND ",
    );
    push_among(&mut sql, on, "asked.id", people.iter().map(|person| person.uuid()));
    push_seen(&mut sql, grant, Looking::ByKey);
    let rows = sql.all(on).await?;
    rows.iter().map(|row| pair(row).map(|(asked, living)| (PersonId::from(asked), PersonId::from(living)))).collect()
}

/// The first known person of each address, by the address's key, whom the permission reaches. The address of somebody who was merged into another
/// leads to the other. One statement.
///
/// # Errors
/// As the database tells.
pub async fn persons_by_email(
    on: &impl Readable,
    grant: &Grant,
    email_keys: &[&str],
) -> Result<BTreeMap<String, PersonId>, StoreError> {
    if email_keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new("SELECT asked.key, person.id FROM ");
    push_asked(&mut sql, EMAIL, |sql, column| push_texts(sql, on, column, email_keys));
    sql.push(" JOIN person ON person.id = asked.id WHERE 1 = 1");
    push_seen(&mut sql, grant, Looking::ByKey);
    // of several people with one address the first known one comes last, and stays; whose it was before a merge comes first
    sql.push(" ORDER BY asked.nth DESC, asked.created_at DESC, asked.own DESC");
    let rows = sql.all(on).await?;
    let read = rows.iter().map(|row| {
        let mut columns = Columns::of(row);
        Ok((columns.next::<String>()?, PersonId::from(columns.next::<Uuid>()?)))
    });
    read.collect()
}

/// What a name of another system leads to: a lead, else a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedSubject {
    /// A lead.
    Lead(LeadId),
    /// A person.
    Person(PersonId),
}

/// What some names of other systems lead to, whoever may see it. One statement a source.
///
/// # Errors
/// As the database tells.
pub async fn named(on: &impl Readable, names: &[&ExternalRef]) -> Result<BTreeMap<ExternalRef, NamedSubject>, StoreError> {
    let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for name in names {
        by_source.entry(&name.source).or_default().push(&name.external_id);
    }
    let mut found = BTreeMap::new();
    for (source, ids) in by_source {
        let mut sql = Sql::new("SELECT external_id, kind, subject_id FROM external_ref WHERE source = ");
        sql.bind(source).push(" AND ");
        push_texts(&mut sql, on, "external_id", &ids);
        sql.push(" AND kind IN (").bind(code_of::<LeadId>()).push(", ").bind(code_of::<PersonId>());
        // a lead comes after a person of the same name, and stays
        sql.push(") ORDER BY kind DESC");
        for row in sql.all(on).await? {
            let mut columns = Columns::of(&row);
            let (external_id, kind, subject): (String, String, Uuid) = (columns.next()?, columns.next()?, columns.next()?);
            let is_lead = kind == code_of::<LeadId>();
            let subject = if is_lead { NamedSubject::Lead(subject.into()) } else { NamedSubject::Person(subject.into()) };
            found.insert(ExternalRef { source: source.to_owned(), external_id }, subject);
        }
    }
    Ok(found)
}

fn push_texts(sql: &mut Sql, on: &impl Readable, column: &str, texts: &[&str]) {
    sql.push(column);
    match on.database() {
        Backend::Postgres => {
            sql.push(" = ANY(").bind(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>()).push(")");
        }
        Backend::Sqlite => {
            sql.push(" IN (").bind_list(texts.iter().map(|text| Value::from(*text))).push(")");
        }
    }
}
