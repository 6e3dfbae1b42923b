//! Merges of persons and of companies that lie over each other, and are taken back in any order.

use fairfall_domain::id::{CompanyId, MergeId};
use fairfall_domain::merging::{Merge, MergeAccount, MergePair};
use sea_orm::QueryResult;
use uuid::Uuid;

use super::{READ, read};
use crate::error::StoreError;
use crate::mapper::stored::to_json;
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;

/// Adds a condition that holds for `later` merges than one.
pub(super) fn push_later(sql: &mut Sql, merge: &Merge) {
    sql.push(" AND (later.merged_at, later.id) > (").bind(merge.merged_at).push(", ").bind(merge.id.uuid()).push(")");
}

/// A later merge of the other kind that moved a role on which this one had moved: that role lies where the later one put it.
pub(super) async fn moved_roles_on(on: &impl Readable, merge: &Merge) -> Result<Option<MergeId>, StoreError> {
    let mut sql = Sql::new(
        "SELECT later.id FROM merge AS later JOIN merge_moved_role AS theirs ON theirs.merge_id = later.id \
         JOIN merge_moved_role AS own ON own.product_area = theirs.product_area AND own.role = theirs.role \
         WHERE later.undone_at IS NULL AND own.merge_id = ",
    );
    sql.bind(merge.id.uuid());
    match merge.pair {
        MergePair::Persons { survivor, .. } => sql
            .push(" AND later.kind = 'COMPANY' AND theirs.company_id = own.company_id AND theirs.person_id = ")
            .bind(survivor.uuid()),
        MergePair::Companies { survivor, .. } => sql
            .push(" AND later.kind = 'PERSON' AND theirs.person_id = own.person_id AND theirs.company_id = ")
            .bind(survivor.uuid()),
    };
    push_later(&mut sql, merge);
    sql.push(" ORDER BY later.merged_at DESC, later.id DESC LIMIT 1");
    let row = sql.one(on).await?;
    row.map(|row| Ok(MergeId::from(Columns::of(&row).next::<Uuid>()?))).transpose()
}

/// Lets later merges of people give back the company that they had before a merge of companies which is taken back now. How many merges it were.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn restore_companies(uow: &UnitOfWork, merge: &Merge) -> Result<usize, StoreError> {
    let MergePair::Companies { survivor, loser } = merge.pair else { return Ok(0) };
    let mut sql = Sql::new("SELECT ");
    sql.push(&READ.replace("merge.", "later."))
        .push(" FROM merge AS later WHERE later.undone_at IS NULL AND later.kind = 'PERSON'");
    sql.push(" AND later.survivor_id IN (SELECT row_id FROM merge_moved WHERE relation = 'person.company_id' AND merge_id = ");
    sql.bind(merge.id.uuid()).push(")");
    push_later(&mut sql, merge);
    let rows: Vec<QueryResult> = sql.all(uow).await?;
    let mut changed = 0;
    for row in &rows {
        let later = read(row)?;
        let MergeAccount::Persons(mut record) = later.account else { continue };
        let back = |company: Option<CompanyId>| if company == Some(survivor) { Some(loser) } else { company };
        (record.before.company, record.after.company) = (back(record.before.company), back(record.after.company));
        let mut sql = Sql::new("UPDATE merge SET snapshot = ");
        sql.bind(to_json(&record)?).push(" WHERE id = ").bind(later.id.uuid());
        sql.run(uow).await?;
        changed += 1;
    }
    Ok(changed)
}
