//! Companies.

use std::collections::BTreeSet;

use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, UserId};
use fairfall_domain::value::CountryCode;
use sea_orm::{ActiveModelTrait, EntityTrait, FromQueryResult, IntoActiveModel, NotSet, Value};

use crate::entity::company::{Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::{models, read_all, read_one};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::locks;
use crate::repo::match_key::{self, NewKeys};
use crate::repo::merge::asked::{NAME, push_asked};
use crate::repo::scope::{self, Looking};
use crate::repo::search_token::{self, Found, SubjectKind};
use crate::repo::versioned::{Versioned, write_over};
use crate::sql::Sql;
use crate::unit_of_work::UnitOfWork;

/// Companies of one insert: 16 parameters each, below the 32,766 that SQLite takes.
const ROWS_PER_INSERT: usize = 1_000;

/// Which companies a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyFilter {
    /// Only those whose name has all these words, each from its start on.
    pub search: Option<String>,
    /// Only of this country.
    pub country: Option<CountryCode>,
    /// Only those of this colleague.
    pub owner: Option<UserId>,
}

const BY_UPDATED: Keyset = Keyset {
    name: "company.updated",
    columns: &[("company.updated_at", KeyKind::Time), ("company.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Adds what a permission reaches as one more condition: below everything, the companies one owns and those of the leads that it reaches. What was
/// merged into another is reached by nobody: its id leads to the other.
pub(super) fn push_seen(sql: &mut Sql, grant: &Grant, looking: Looking) {
    sql.push(" AND company.merged_into IS NULL");
    match grant.scope() {
        Scope::All => {}
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            sql.push(" AND (");
            if let Some(user) = grant.user() {
                sql.push("company.owner_id = ").bind(user.uuid()).push(" OR ");
            }
            scope::push_tied(sql, grant, "lead.company_id", "company.id", looking);
            // a company without any demand yet is of no department, and may be brought together with its double
            if grant.action() == Action::MergeRecord {
                sql.push(" OR NOT EXISTS (SELECT 1 FROM lead WHERE lead.company_id = company.id)");
            }
            sql.push(")");
        }
    }
}

/// One company, if the permission reaches it.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, grant: &Grant, id: CompanyId) -> Result<Option<Company>, StoreError> {
    Ok(find_many(on, grant, &[id]).await?.pop())
}

/// Some companies, in no order; those that do not exist or are out of reach are left out. One statement.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many(on: &impl Readable, grant: &Grant, ids: &[CompanyId]) -> Result<Vec<Company>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new("SELECT company.* FROM company WHERE company.id IN (");
    sql.bind_list(ids.iter().map(|id| Value::from(id.uuid()))).push(")");
    push_seen(&mut sql, grant, Looking::ByKey);
    read_all(models::<Model>(&sql.all(on).await?)?)
}

/// A page of the companies that the permission reaches, the last changed first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: &CompanyFilter,
    args: &PageArgs,
) -> Result<Page<Company>, StoreError> {
    let mut sql = Sql::new("SELECT company.* FROM company WHERE 1 = 1");
    if let Some(text) = &filter.search {
        push_search(&mut sql, text);
    }
    if let Some(country) = filter.country {
        sql.push(" AND company.country = ").bind(country.as_str());
    }
    if let Some(owner) = filter.owner {
        sql.push(" AND company.owner_id = ").bind(owner.uuid());
    }
    push_seen(&mut sql, grant, Looking::Through);
    BY_UPDATED.restrict(&mut sql, args)?;
    BY_UPDATED.order(&mut sql, args);
    let rows = models::<Model>(&sql.all(on).await?)?;
    let keyed = rows.into_iter().map(|row| (vec![Key::Time(row.updated_at), Key::Id(row.id)], row));
    BY_UPDATED.page(args, keyed.collect()).try_map(Company::try_from)
}

/// A text without a word finds nothing, rather than everything.
fn push_search(sql: &mut Sql, text: &str) {
    let words = search_token::words(text);
    if words.is_empty() {
        sql.push(" AND 1 = 0");
    }
    for word in words {
        sql.push(" AND ");
        search_token::push_matching(sql, SubjectKind::Company, "company.id", &word);
    }
}

/// The company that a capture attaches to: the first known one whose name has the key, in the country if one is given. A company of unknown
/// country is taken for one of any, and the name of a company that was merged into another leads to the other. Nothing without a permission to
/// capture.
///
/// Captures of one name wait for each other until the unit of work ends, so that two at once do not make two companies.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_by_name_key_and_country(
    uow: &UnitOfWork,
    grant: &Grant,
    name_key: &str,
    country: Option<CountryCode>,
) -> Result<Option<Company>, StoreError> {
    if grant.action() != Action::CaptureLead {
        return Ok(None);
    }
    locks::hold(uow, "company.name_key", &[name_key]).await?;
    let mut sql = Sql::new("SELECT company.* FROM ");
    push_asked(&mut sql, NAME, |sql, column| {
        sql.push(column).push(" = ").bind(name_key);
    });
    sql.push(" JOIN company ON company.id = asked.id");
    if let Some(country) = country {
        sql.push(" WHERE (company.country = ").bind(country.as_str()).push(" OR company.country IS NULL)");
    }
    // the known country before the unknown one, and whose name it is before what was merged with one of that name
    sql.push(" ORDER BY company.country IS NULL, asked.nth, company.created_at, company.id LIMIT 1");
    read_one(models::<Model>(&sql.all(uow).await?)?.pop())
}

/// The companies whose names have these keys, with the key that led to each, the first known first: what an import looks up for a whole chunk. The
/// name of a company that was merged into another leads to the other. Nothing without a permission to capture. One statement, and one to wait for
/// other captures.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find_many_for_capture(
    uow: &UnitOfWork,
    grant: &Grant,
    name_keys: &[&str],
) -> Result<Vec<(String, Company)>, StoreError> {
    if name_keys.is_empty() || grant.action() != Action::CaptureLead {
        return Ok(Vec::new());
    }
    locks::hold(uow, "company.name_key", name_keys).await?;
    let mut sql = Sql::new("SELECT asked.key AS asked_for, company.* FROM ");
    push_asked(&mut sql, NAME, |sql, column| {
        sql.push(column).push(" IN (").bind_list(name_keys.iter().map(|key| Value::from(*key))).push(")");
    });
    sql.push(" JOIN company ON company.id = asked.id ORDER BY asked.nth, company.created_at, company.id");
    let rows = sql.all(uow).await?;
    let mut found: Vec<(String, Company)> = Vec::with_capacity(rows.len());
    // the same one may have a name of its own and by what was merged into it
    let mut seen = BTreeSet::new();
    for row in &rows {
        let (key, company): (String, Model) = (row.try_get("", "asked_for")?, Model::from_query_result(row, "")?);
        if seen.insert((key.clone(), company.id)) {
            found.push((key, company.try_into()?));
        }
    }
    Ok(found)
}

/// Reads a company that is about to be changed, if the permission reaches it; on `PostgreSQL` others wait until the unit of work ends.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn load_for_command(uow: &UnitOfWork, grant: &Grant, id: CompanyId) -> Result<Option<Company>, StoreError> {
    let mut sql = Sql::new("SELECT company.* FROM company WHERE company.id = ");
    sql.bind(id.uuid());
    push_seen(&mut sql, grant, Looking::ByKey);
    sql.push(locks::for_update(uow));
    read_one(models::<Model>(&sql.all(uow).await?)?.pop())
}

/// Stores a new company, to be found by the words of its name.
///
/// # Errors
/// When the database fails, or the owner does not exist.
pub async fn insert(uow: &UnitOfWork, company: &Company) -> Result<(), StoreError> {
    insert_many(uow, std::slice::from_ref(company)).await
}

/// Stores new companies, to be found by the words of their names.
///
/// # Errors
/// When the database fails, or an owner does not exist.
pub async fn insert_many(uow: &UnitOfWork, companies: &[Company]) -> Result<(), StoreError> {
    for chunk in companies.chunks(ROWS_PER_INSERT) {
        let rows: Vec<Model> = chunk.iter().map(Model::try_from).collect::<Result<_, _>>()?;
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(uow.conn()).await?;
    }
    let found: Vec<Found> = companies.iter().map(Found::from).collect();
    search_token::add(uow.conn(), &found).await?;
    match_key::add(uow, NewKeys::of(companies, [])).await
}

/// Writes a changed company over the version it was read at, and the words under which it is found.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn update(uow: &UnitOfWork, company: &Company, expected_version: u32) -> Result<(), StoreError> {
    let mut row = Model::try_from(company)?.into_active_model().reset_all();
    row.id = NotSet;
    row.created_at = NotSet;
    let columns = Versioned { id: Column::Id, version: Column::Version };
    write_over(uow, columns, company.id.uuid(), expected_version, row).await?;
    search_token::replace(uow.conn(), &Found::from(company)).await?;
    match_key::replace_company(uow, company).await
}
