//! What other systems call our things: a name of a source leads to at most one thing of each kind.

use std::collections::BTreeMap;

use fairfall_domain::id::{CampaignId, CompanyId, LeadId, PersonId, UserId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::entity::external_ref::{Column, Entity, Model};
use crate::error::StoreError;
use crate::readable::Readable;
use crate::unit_of_work::UnitOfWork;

mod sealed {
    use uuid::Uuid;

    pub trait Kind: Copy + Ord + From<Uuid> {
        /// The stored code.
        const CODE: &'static str;

        fn bits(self) -> Uuid;
    }
}

/// An id of a thing that other systems may name: a lead, a person, a company, a user or a campaign.
pub trait Referable: sealed::Kind {}

macro_rules! referable {
    ($($id:ident, $code:literal;)+) => {
        $(
            impl sealed::Kind for $id {
                const CODE: &'static str = $code;

                fn bits(self) -> Uuid {
                    self.uuid()
                }
            }

            impl Referable for $id {}
        )+
    };
}

referable! {
    LeadId, "LEAD";
    PersonId, "PERSON";
    CompanyId, "COMPANY";
    UserId, "USER";
    CampaignId, "CAMPAIGN";
}

/// The stored code of a kind of thing.
pub(crate) const fn code_of<Id: Referable>() -> &'static str {
    Id::CODE
}

/// The UUID of a thing.
pub(crate) fn uuid_of<Id: Referable>(id: Id) -> Uuid {
    id.bits()
}

/// A name that another system gave.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalRef {
    /// The system, at most 100 characters.
    pub source: String,
    /// Its id, at most 200 characters.
    pub external_id: String,
}

/// What came of naming a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named<Id> {
    /// The name leads to the thing, now or since before.
    Stored,
    /// The name leads to another thing of the kind, and still does.
    Taken {
        /// The other thing.
        by: Id,
    },
}

/// The thing that goes by a name. What its viewer may see is for the finder of that thing to tell.
///
/// # Errors
/// When the database fails.
pub async fn find<Id: Referable>(on: &impl Readable, name: &ExternalRef) -> Result<Option<Id>, StoreError> {
    let key = (name.source.clone(), name.external_id.clone(), Id::CODE.to_owned());
    Ok(Entity::find_by_id(key).one(on.conn()).await?.map(|row| Id::from(row.subject_id)))
}

/// The things that one source names, by its names; unknown ones are left out. One statement.
///
/// # Errors
/// When the database fails.
pub async fn find_many<Id: Referable>(
    on: &impl Readable,
    source: &str,
    external_ids: &[&str],
) -> Result<BTreeMap<String, Id>, StoreError> {
    if external_ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = Entity::find()
        .filter(Column::Source.eq(source))
        .filter(Column::Kind.eq(Id::CODE))
        .filter(Column::ExternalId.is_in(external_ids.iter().copied()))
        .all(on.conn())
        .await?;
    Ok(rows.into_iter().map(|row| (row.external_id, Id::from(row.subject_id))).collect())
}

/// The names of some things, by thing. One statement.
///
/// # Errors
/// When the database fails.
pub async fn names_of<Id: Referable>(on: &impl Readable, things: &[Id]) -> Result<BTreeMap<Id, Vec<ExternalRef>>, StoreError> {
    let mut names: BTreeMap<Id, Vec<ExternalRef>> = BTreeMap::new();
    if things.is_empty() {
        return Ok(names);
    }
    let rows = Entity::find()
        .filter(Column::SubjectId.is_in(things.iter().map(|thing| thing.bits())))
        .filter(Column::Kind.eq(Id::CODE))
        .order_by_asc(Column::Source)
        .order_by_asc(Column::ExternalId)
        .all(on.conn())
        .await?;
    for row in rows {
        let name = ExternalRef { source: row.source, external_id: row.external_id };
        names.entry(Id::from(row.subject_id)).or_default().push(name);
    }
    Ok(names)
}

/// Gives a thing a name, unless another thing of the kind has it.
///
/// # Errors
/// When the database fails.
pub async fn put<Id: Referable>(uow: &UnitOfWork, name: &ExternalRef, thing: Id) -> Result<Named<Id>, StoreError> {
    let row = Model {
        source: name.source.clone(),
        external_id: name.external_id.clone(),
        kind: Id::CODE.to_owned(),
        subject_id: thing.bits(),
    };
    let insert = Entity::insert(row.into_active_model().reset_all()).on_conflict_do_nothing();
    insert.exec_without_returning(uow.conn()).await?;
    Ok(match find::<Id>(uow, name).await? {
        Some(by) if by != thing => Named::Taken { by },
        Some(_) | None => Named::Stored,
    })
}
