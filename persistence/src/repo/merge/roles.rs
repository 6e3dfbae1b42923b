//! Roles in a company's decision to buy. Both records may have the same role, so that moving is copying aside, and taking back is restoring the copy.

use fairfall_domain::id::MergeId;
use uuid::Uuid;

use super::MergeSubject;
use crate::error::StoreError;
use crate::sql::Sql;
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

/// The columns that are copied.
const COPIED: &str = "company_id, person_id, product_area, role, noted_by, noted_at";

/// The columns that name a record, of which the merged one is replaced.
fn named<T: MergeSubject>() -> [&'static str; 2] {
    if T::ROLE_COLUMN == "person_id" { ["held.company_id", "$to"] } else { ["$to", "held.person_id"] }
}

/// A condition: the survivor has the same role.
fn has_same<T: MergeSubject>(sql: &mut Sql, to: Uuid) {
    let other = if T::ROLE_COLUMN == "person_id" { "company_id" } else { "person_id" };
    sql.push(&format!("EXISTS (SELECT 1 FROM buying_role AS own WHERE own.{} = ", T::ROLE_COLUMN)).bind(to);
    sql.push(&format!(" AND own.{other} = held.{other} AND own.product_area = held.product_area AND own.role = held.role)"));
}

/// Gives the roles of `from` to `to`, where it does not have them, and keeps a copy.
pub(super) async fn move_over<T: MergeSubject>(
    uow: &UnitOfWork,
    merge: MergeId,
    from: Uuid,
    to: Uuid,
) -> Result<u64, StoreError> {
    let cast = match uow.backend() {
        Backend::Postgres => "::uuid",
        Backend::Sqlite => "",
    };
    let mut copy = Sql::new(format!("INSERT INTO merge_moved_role (merge_id, {COPIED}, added) SELECT "));
    copy.bind(merge.uuid()).push(cast).push(", ").push(COPIED).push(", CASE WHEN ");
    has_same::<T>(&mut copy, to);
    copy.push(&format!(" THEN 0 ELSE 1 END FROM buying_role AS held WHERE held.{} = ", T::ROLE_COLUMN)).bind(from);
    let count = copy.run(uow).await?;
    if count == 0 {
        return Ok(0);
    }
    let mut add = Sql::new(format!("INSERT INTO buying_role ({COPIED}) SELECT "));
    for column in named::<T>() {
        match column {
            "$to" => add.bind(to).push(cast).push(", "),
            kept => add.push(kept).push(", "),
        };
    }
    add.push("held.product_area, held.role, held.noted_by, held.noted_at FROM merge_moved_role AS held WHERE held.added = 1 AND held.merge_id = ");
    add.bind(merge.uuid());
    add.run(uow).await?;
    let mut clear = Sql::new(format!("DELETE FROM buying_role WHERE {} = ", T::ROLE_COLUMN));
    clear.bind(from);
    clear.run(uow).await?;
    Ok(count)
}

/// Takes the roles that a merge gave from the survivor, and restores the copy.
pub(super) async fn move_back<T: MergeSubject>(uow: &UnitOfWork, merge: MergeId, from: Uuid) -> Result<u64, StoreError> {
    let other = if T::ROLE_COLUMN == "person_id" { "company_id" } else { "person_id" };
    let mut take = Sql::new(format!("DELETE FROM buying_role WHERE {} = ", T::ROLE_COLUMN));
    take.bind(from).push(" AND EXISTS (SELECT 1 FROM merge_moved_role AS moved WHERE moved.added = 1 AND moved.merge_id = ");
    take.bind(merge.uuid()).push(&format!(
        " AND moved.{other} = buying_role.{other} AND moved.product_area = buying_role.product_area AND moved.role = buying_role.role)"
    ));
    take.run(uow).await?;
    let mut restore =
        Sql::new(format!("INSERT INTO buying_role ({COPIED}) SELECT {COPIED} FROM merge_moved_role WHERE merge_id = "));
    restore.bind(merge.uuid()).push(" ON CONFLICT DO NOTHING");
    restore.run(uow).await
}
