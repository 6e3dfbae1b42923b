//! What is the same for persons and companies when they are merged.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;

use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, MergeId, PersonId};
use fairfall_domain::merging::{Merge, MergeRecord, Mergeable};
use fairfall_domain::person::Person;
use fairfall_domain::value::EmailAddress;
use sea_orm::{FromQueryResult, QueryResult, Value};
use uuid::Uuid;

use super::interlaced::moved_roles_on;
use super::moving::Relation;
use crate::entity;
use crate::error::StoreError;
use crate::readable::Readable;
use crate::repo::external_ref::Referable;
use crate::repo::search_token::{self, Found};
use crate::repo::{company, locks, person};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

mod sealed {
    pub trait Sealed {}

    impl Sealed for fairfall_domain::person::Person {}
    impl Sealed for fairfall_domain::company::Company {}
}

/// A person or a company, as the store merges it.
pub trait MergeSubject: Mergeable + Send + Sync + 'static + sealed::Sealed {
    /// Its id.
    type Id: Referable + Copy + Ord + Debug + Send + Sync + From<Uuid>;

    /// Its table.
    #[doc(hidden)]
    const TABLE: &'static str;

    /// What refers to it and moves with it.
    #[doc(hidden)]
    const RELATIONS: &'static [Relation];

    /// The column of a buying role that names it.
    #[doc(hidden)]
    const ROLE_COLUMN: &'static str;

    /// Under which names captures wait for each other, and the name of this record.
    #[doc(hidden)]
    fn capture_key(&self) -> Option<(&'static str, String)>;

    /// The UUID of an id.
    fn uuid(id: Self::Id) -> Uuid;

    /// The record's id.
    fn id(&self) -> Self::Id;

    /// The record's version.
    fn version(&self) -> u32;

    /// The words under which it is found.
    #[doc(hidden)]
    fn words(&self) -> SearchWords;

    /// Reads a row with every column of the table.
    #[doc(hidden)]
    fn read(row: &QueryResult) -> Result<Self, StoreError>;

    /// Writes the record over the version it was read at.
    #[doc(hidden)]
    fn write(&self, uow: &UnitOfWork, expected: u32) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// The words under which a record is found; opaque.
#[derive(Clone, Debug)]
pub struct SearchWords(pub(crate) Found);

impl MergeSubject for Person {
    type Id = PersonId;

    const TABLE: &'static str = "person";
    const ROLE_COLUMN: &'static str = "person_id";
    const RELATIONS: &'static [Relation] = &[
        Relation::new("lead", "person_id"),
        Relation::new("opportunity", "person_id"),
        Relation::new("customer", "person_id"),
        Relation::new("activity", "person_id"),
        Relation::new("consent_record", "person_id"),
        Relation::new("person", "merged_into"),
    ];

    fn capture_key(&self) -> Option<(&'static str, String)> {
        self.email.as_ref().map(EmailAddress::key).map(|key| ("person.email_key", key))
    }

    fn uuid(id: PersonId) -> Uuid {
        id.uuid()
    }

    fn id(&self) -> PersonId {
        self.id
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn words(&self) -> SearchWords {
        SearchWords(Found::from(self))
    }

    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        Self::try_from(entity::person::Model::from_query_result(row, "")?)
    }

    async fn write(&self, uow: &UnitOfWork, expected: u32) -> Result<(), StoreError> {
        person::update(uow, self, expected).await
    }
}

impl MergeSubject for Company {
    type Id = CompanyId;

    const TABLE: &'static str = "company";
    const ROLE_COLUMN: &'static str = "company_id";
    const RELATIONS: &'static [Relation] = &[
        Relation::new("lead", "company_id"),
        Relation::new("opportunity", "company_id"),
        Relation::new("customer", "company_id"),
        Relation::new("person", "company_id"),
        Relation::new("company", "merged_into"),
    ];

    fn capture_key(&self) -> Option<(&'static str, String)> {
        Some(("company.name_key", self.name.key()))
    }

    fn uuid(id: CompanyId) -> Uuid {
        id.uuid()
    }

    fn id(&self) -> CompanyId {
        self.id
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn words(&self) -> SearchWords {
        SearchWords(Found::from(self))
    }

    fn read(row: &QueryResult) -> Result<Self, StoreError> {
        Self::try_from(entity::company::Model::from_query_result(row, "")?)
    }

    async fn write(&self, uow: &UnitOfWork, expected: u32) -> Result<(), StoreError> {
        company::update(uow, self, expected).await
    }
}

/// The address or name that the survivor gave up: it leads to it still.
pub(super) fn given_up<T: MergeSubject>(record: &MergeRecord<T>) -> Option<String> {
    let (_, before) = record.before.capture_key()?;
    let kept = record.after.capture_key().is_some_and(|(_, after)| after == before);
    (!kept).then_some(before)
}

/// A record that is held for a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<T: MergeSubject> {
    /// The record.
    pub record: T,
    /// What its id leads to, when it was merged away.
    pub merged_into: Option<T::Id>,
}

/// Reads two records that are about to be merged or taken apart, whoever may see them; on `PostgreSQL` others wait until the unit of work ends.
/// Captures of their addresses or names wait too. Locks are taken in the order of the ids; what does not exist is left out.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn hold<T: MergeSubject>(uow: &UnitOfWork, ids: [T::Id; 2]) -> Result<Vec<Held<T>>, StoreError> {
    // a capture holds its name before it touches the record, and so does this: no two wait for each other
    let seen = rows::<T>(uow, &ids, "").await?;
    let keys: Vec<(&'static str, String)> = seen.iter().filter_map(|held| held.record.capture_key()).collect();
    if let Some((space, _)) = keys.first() {
        let names: Vec<&str> = keys.iter().map(|(_, key)| key.as_str()).collect();
        locks::hold(uow, space, &names).await?;
    }
    rows::<T>(uow, &ids, locks::for_update(uow)).await
}

async fn rows<T: MergeSubject>(uow: &UnitOfWork, ids: &[T::Id], tail: &str) -> Result<Vec<Held<T>>, StoreError> {
    let mut sql = Sql::new(format!("SELECT * FROM {} WHERE id IN (", T::TABLE));
    sql.bind_list(ids.iter().map(|id| Value::from(T::uuid(*id)))).push(") ORDER BY id").push(tail);
    let read = |row: &QueryResult| -> Result<Held<T>, StoreError> {
        let merged_into: Option<Uuid> = row.try_get("", "merged_into")?;
        Ok(Held { record: T::read(row)?, merged_into: merged_into.map(T::Id::from) })
    };
    sql.all(uow).await?.iter().map(read).collect()
}

/// What some ids lead to, of those that were merged away. One statement.
///
/// # Errors
/// When the database fails.
pub async fn moved_into<T: MergeSubject>(on: &impl Readable, ids: &[T::Id]) -> Result<BTreeMap<T::Id, T::Id>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::new(format!("SELECT id, merged_into FROM {} WHERE merged_into IS NOT NULL AND id IN (", T::TABLE));
    sql.bind_list(ids.iter().map(|id| Value::from(T::uuid(*id)))).push(")");
    let read = |row: &QueryResult| -> Result<(T::Id, T::Id), StoreError> {
        let mut columns = Columns::of(row);
        Ok((T::Id::from(columns.next::<Uuid>()?), T::Id::from(columns.next::<Uuid>()?)))
    };
    sql.all(on).await?.iter().map(read).collect()
}

/// The record that lives under an id: the one it was merged into, or itself.
///
/// # Errors
/// When the database fails.
pub async fn living<T: MergeSubject>(on: &impl Readable, id: T::Id) -> Result<T::Id, StoreError> {
    Ok(moved_into::<T>(on, &[id]).await?.remove(&id).unwrap_or(id))
}

/// Writes the survivor of a merge, and marks the other record as merged away: it is found by its words no more.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn write_merged<T: MergeSubject>(uow: &UnitOfWork, survivor: (&T, u32), loser: (&T, u32)) -> Result<(), StoreError> {
    survivor.0.write(uow, survivor.1).await?;
    loser.0.write(uow, loser.1).await?;
    let mut sql = Sql::new(format!("UPDATE {} SET merged_into = ", T::TABLE));
    sql.bind(T::uuid(survivor.0.id())).push(" WHERE id = ").bind(T::uuid(loser.0.id()));
    sql.run(uow).await?;
    search_token::remove(uow.conn(), &loser.0.words().0).await
}

/// Writes both records of a merge that is taken back; the one that was merged away is found again.
///
/// # Errors
/// [`StoreError::VersionConflict`]; when the database fails.
pub async fn revive<T: MergeSubject>(uow: &UnitOfWork, survivor: (&T, u32), loser: (&T, u32)) -> Result<(), StoreError> {
    let mut sql = Sql::new(format!("UPDATE {} SET merged_into = NULL WHERE id = ", T::TABLE));
    sql.bind(T::uuid(loser.0.id()));
    sql.run(uow).await?;
    survivor.0.write(uow, survivor.1).await?;
    loser.0.write(uow, loser.1).await
}

/// The merge that must be taken back before another one: the last later one of the same survivor, the one that merged the survivor away, or a later
/// one of the other kind that moved roles on.
///
/// # Errors
/// When the database fails.
pub async fn blocking(on: &impl Readable, merge: &Merge) -> Result<Option<MergeId>, StoreError> {
    let survivor = merge.pair.survivor().uuid();
    let mut sql = Sql::new("SELECT id FROM merge WHERE undone_at IS NULL AND (loser_id = ");
    sql.bind(survivor).push(" OR (survivor_id = ").bind(survivor).push(" AND survivor_version > ");
    sql.bind(crate::mapper::stored::to_count(merge.survivor_version)?);
    // what took the survivor in came last
    sql.push(")) ORDER BY CASE WHEN loser_id = ").bind(survivor).push(" THEN 0 ELSE 1 END, survivor_version DESC LIMIT 1");
    match sql.one(on).await? {
        Some(row) => Ok(Some(MergeId::from(Columns::of(&row).next::<Uuid>()?))),
        None => moved_roles_on(on, merge).await,
    }
}
