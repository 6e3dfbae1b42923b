//! The names that other systems have for a record: they lead to the survivor.

use fairfall_domain::id::MergeId;
use uuid::Uuid;

use crate::error::StoreError;
use crate::repo::external_ref::{Referable, code_of};
use crate::sql::Sql;
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// Lets the names of `from` lead to `to`, and notes each.
pub(super) async fn move_over<Id: Referable>(uow: &UnitOfWork, merge: MergeId, from: Uuid, to: Uuid) -> Result<u64, StoreError> {
    let mut sql = Sql::new("INSERT INTO merge_moved_name (merge_id, source, external_id) SELECT ");
    match uow.backend() {
        Backend::Postgres => sql.bind(merge.uuid()).push("::uuid"),
        Backend::Sqlite => sql.bind(merge.uuid()),
    };
    sql.push(", source, external_id FROM external_ref WHERE subject_id = ").bind(from);
    sql.push(" AND kind = ").bind(code_of::<Id>());
    let count = sql.run(uow).await?;
    if count > 0 {
        set::<Id>(uow, merge, from, to).await?;
    }
    Ok(count)
}

/// Lets the names that a merge moved lead to `to` again, unless they were given away since.
pub(super) async fn move_back<Id: Referable>(uow: &UnitOfWork, merge: MergeId, from: Uuid, to: Uuid) -> Result<u64, StoreError> {
    set::<Id>(uow, merge, from, to).await
}

async fn set<Id: Referable>(uow: &UnitOfWork, merge: MergeId, from: Uuid, to: Uuid) -> Result<u64, StoreError> {
    let mut sql = Sql::new("UPDATE external_ref SET subject_id = ");
    sql.bind(to).push(" WHERE subject_id = ").bind(from).push(" AND kind = ").bind(code_of::<Id>());
    sql.push(" AND EXISTS (SELECT 1 FROM merge_moved_name AS moved WHERE moved.merge_id = ").bind(merge.uuid());
    sql.push(" AND moved.source = external_ref.source AND moved.external_id = external_ref.external_id)");
    sql.run(uow).await
}
