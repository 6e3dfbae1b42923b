//! People. Whoever may see a lead may see its person; nobody else does, but for those who see everything.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::id::{CompanyId, PersonId};
use fairfall_domain::person::Person;
use fairfall_domain::value::CountryCode;
use sea_orm::{ActiveModelTrait, EntityTrait, FromQueryResult, IntoActiveModel, NotSet, Value};

use crate::entity::person::{self as table, Column, Model};
use crate::error::StoreError;
use crate::mapper::rows::{models, read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::match_key::{self, NewKeys};
use crate::repo::merge::asked::{EMAIL, push_asked};
use crate::repo::scope::{self, Looking};
use crate::repo::search_token::{self, Found, SubjectKind};
use crate::repo::versioned::{Versioned, write_over};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// Most people with one address that [`find_by_email_key`] answers.
pub const SAME_EMAIL_MAX: u64 = 10;

/// People of one insert: 19 parameters each, below the 32,766 that SQLite takes.
const ROWS_PER_INSERT: usize = 1_000;

/// Which people a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonFilter {
    /// Only those whose name or whose company's name has all these words, each from its start on.
    pub search: Option<String>,
    /// Only of this company.
    pub company: Option<CompanyId>,
    /// Only of this country.
    pub country: Option<CountryCode>,
}

const BY_UPDATED: Keyset = Keyset {
    name: "person.updated",
    columns: &[("person.updated_at", KeyKind::Time), ("person.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Adds what a permission reaches as one more condition. Whoever was merged into another is reached by nobody: their id leads to the other.
pub(super) fn push_seen(sql: &mut Sql, grant: &Grant, looking: Looking) {
    sql.push(" AND person.merged_into IS NULL");
    match grant.scope() {
        Scope::All => {}
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            sql.push(" AND (");
            scope::push_tied(sql, grant, "lead.person_id", "person.id", looking);
            // somebody without any demand yet is of no department; a partner only knows whom it captured
            if grant.department().is_some() {
                sql.push(" OR NOT EXISTS (SELECT 1 FROM lead WHERE lead.person_id = person.id)");
            }
            sql.push(")");
        }
    }
}

/// One person, if the permission reaches them.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(find_many(on, grant, &[id]).await?.pop())
}

/// Some people, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT person.* FROM person WHERE person.id IN (");
    sql.bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(")");
    push_seen(&mut sql, grant, Looking::ByKey);
    read_all(models::<Model>(&sql.all(on).await?)?)
}

/// The people with an address, by its key, the first known first, at most [`SAME_EMAIL_MAX`].
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_email_key(on: &impl Readable, grant: &Grant, email_key: &str) -> Result<Vec<Person>, StoreError> {
    let mut sql = Sql::new("SELECT person.* FROM person WHERE person.email_key = ");
    sql.bind(email_key);
    push_seen(&mut sql, grant, Looking::ByKey);
    sql.push(" ORDER BY person.created_at, person.id LIMIT ").push(&SAME_EMAIL_MAX.to_string());
    read_all(models::<Model>(&sql.all(on).await?)?)
}

/// A page of the people that the permission reaches, the last changed first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(on: &impl Readable, grant: &Grant, filter: &PersonFilter, args: &PageArgs) -> Result<Page<Person>, StoreError> {
    let mut sql = Sql::new("SELECT person.* FROM person WHERE person.erased_at IS NULL");
    if let Some(text) = &filter.search {
        push_search(&mut sql, text);
    }
    if let Some(company) = filter.company {
        sql.push(" AND person.company_id = ").bind(company.uuid());
    }
    if let Some(country) = filter.country {
        sql.push(" AND person.country = ").bind(country.as_str());
    }
    push_seen(&mut sql, grant, Looking::Through);
    BY_UPDATED.restrict(&mut sql, args)?;
    BY_UPDATED.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.updated_at), Key::Id(row.id)], row));
    BY_UPDATED.page(args, keyed.collect()).try_map(Person::try_from)
}

/// A text without a word finds nobody, rather than everybody.
fn push_search(sql: &mut Sql, text: &str) {
    let words = search_token::words(text);
    if words.is_empty() {
        sql.push(" AND 1 = 0");
    }
    for word in words {
        sql.push(" AND (");
        search_token::push_matching(sql, SubjectKind::Person, "person.id", &word);
        sql.push(" OR ");
        search_token::push_matching(sql, SubjectKind::Company, "person.company_id", &word);
        sql.push(")");
    }
}

/// The person with an address that a capture attaches to: the first known one, whoever may see them. The address of somebody who was merged into
/// another leads to the other. Nothing without a permission to capture.
///
/// Captures of one address wait for each other until the unit of work ends, so that two at once do not make two people.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_for_capture(uow: &UnitOfWork, grant: &Grant, email_key: &str) -> Result<Option<Person>, StoreError> {
    Ok(find_many_for_capture(uow, grant, &[email_key]).await?.remove(email_key))
}

/// [`find_for_capture`] for many addresses at once, by the address's key.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many_for_capture(
    uow: &UnitOfWork,
    grant: &Grant,
    email_keys: &[&str],
) -> Result<BTreeMap<String, Person>, StoreError> {
    let mut known = BTreeMap::new();
    if email_keys.is_empty() || grant.action() != Action::CaptureLead {
        return Ok(known);
    }
    locks::hold(uow, "person.email_key", email_keys).await?;
    // whoever has the address now comes before whoever was merged with somebody who had it
    let mut sql = Sql::new("SELECT asked.key AS asked_for, person.* FROM ");
    push_asked(&mut sql, EMAIL, |sql, column| {
        sql.push(column).push(" IN (").bind_list(email_keys.iter().map(|key| Value::from(*key))).push(")");
    });
    sql.push(" JOIN person ON person.id = asked.id ORDER BY asked.nth, asked.created_at, asked.own");
    for row in sql.all(uow).await? {
        let key: String = row.try_get("", "asked_for")?;
        // the first known one stays
        if let Entry::Vacant(place) = known.entry(key) {
            place.insert(Person::try_from(Model::from_query_result(&row, "")?)?);
        }
    }
    Ok(known)
}

/// Reads a person that is about to be changed, if the permission reaches them; on `PostgreSQL` others wait until the unit of work ends.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(uow: &UnitOfWork, grant: &Grant, id: PersonId) -> Result<Option<Person>, StoreError> {
    let mut sql = Sql::new("SELECT person.* FROM person WHERE person.id = ");
    sql.bind(id.uuid());
    push_seen(&mut sql, grant, Looking::ByKey);
    sql.push(locks::for_update(uow));
    read_one(models::<Model>(&sql.all(uow).await?)?.pop())
}

/// Stores a new person, to be found by the words of the name.
///
/// # Errors
/// When the database fails, or the company does not exist.
pub async fn insert(uow: &UnitOfWork, person: &Person) -> Result<(), StoreError> {
    insert_many(uow, std::slice::from_ref(person)).await
}

/// Stores new people, to be found by the words of their names.
///
/// # Errors
/// When the database fails, or a company does not exist.
pub async fn insert_many(uow: &UnitOfWork, people: &[Person]) -> Result<(), StoreError> {
    for chunk in people.chunks(ROWS_PER_INSERT) {
        let rows: Vec<Model> = chunk.iter().map(Model::try_from).collect::<Result<_, _>>()?;
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        table::Entity::insert_many(rows).exec_without_returning(uow.conn()).await?;
    }
    let found: Vec<Found> = people.iter().map(Found::from).collect();
    search_token::add(uow.conn(), &found).await?;
    match_key::add(uow, NewKeys::of([], people)).await
}

/// Writes a changed person over the version they were read at, and the words under which they are found.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, person: &Person, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(person)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, person.id.uuid(), expected_version, row).await?;
    search_token::replace(uow.conn(), &Found::from(person)).await?;
    match_key::replace_person(uow, person).await
}
