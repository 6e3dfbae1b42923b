//! Lists of merges. Whoever may see what lives of a merge may see the merge.

use fairfall_domain::access::Grant;
use fairfall_domain::id::{AnyId, MergeId};
use fairfall_domain::merging::{Merge, MergeKind, MergeState};

use super::{READ, read};
use crate::error::StoreError;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::scope::Looking;
use crate::repo::{company, person};
use crate::sql::Sql;

/// Which merges a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MergeFilter {
    /// Only of this kind.
    pub kind: Option<MergeKind>,
    /// Only those in which this record took part, on either side.
    pub record: Option<AnyId>,
    /// Only those that stand, or only those that were taken back.
    pub state: Option<MergeState>,
}

/// Who asks for merges.
#[derive(Clone, Copy, Debug)]
pub struct MergeSight<'a> {
    /// The permission to see persons; none sees no merges of persons.
    pub person: Option<&'a Grant>,
    /// The permission to see companies.
    pub company: Option<&'a Grant>,
}

const NEWEST_FIRST: Keyset = Keyset {
    name: "merge.merged",
    columns: &[("merge.merged_at", KeyKind::Time), ("merge.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Adds what may be seen as one more condition: asked of what lives of the survivor now.
fn push_seen(sql: &mut Sql, sight: MergeSight<'_>) {
    sql.push(" AND (1 = 0");
    if let Some(grant) = sight.person {
        sql.push(
            " OR (merge.kind = 'PERSON' AND EXISTS (SELECT 1 FROM person AS kept JOIN person ON person.id = coalesce(kept.merged_into, kept.id) \
             WHERE kept.id = merge.survivor_id",
        );
        person::push_seen(sql, grant, Looking::ByKey);
        sql.push("))");
    }
    if let Some(grant) = sight.company {
        sql.push(
            " OR (merge.kind = 'COMPANY' AND EXISTS (SELECT 1 FROM company AS kept JOIN company ON company.id = coalesce(kept.merged_into, kept.id) \
             WHERE kept.id = merge.survivor_id",
        );
        company::push_seen(sql, grant, Looking::ByKey);
        sql.push("))");
    }
    sql.push(")");
}

/// One merge, if it may be seen.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn find(on: &impl Readable, sight: MergeSight<'_>, id: MergeId) -> Result<Option<Merge>, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM merge WHERE merge.id = ").bind(id.uuid());
    push_seen(&mut sql, sight);
    sql.one(on).await?.as_ref().map(read).transpose()
}

/// A page of the merges that may be seen, the last first.
///
/// # Errors
/// [`StoreError::ForeignCursor`]; when the database fails or holds a corrupt row.
pub async fn page(
    on: &impl Readable,
    sight: MergeSight<'_>,
    filter: &MergeFilter,
    args: &PageArgs,
) -> Result<Page<Merge>, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM merge WHERE 1 = 1");
    if let Some(kind) = filter.kind {
        sql.push(" AND merge.kind = ").bind(kind.as_str());
    }
    if let Some(record) = filter.record {
        sql.push(" AND (merge.survivor_id = ").bind(record.uuid()).push(" OR merge.loser_id = ").bind(record.uuid()).push(")");
    }
    match filter.state {
        None => {}
        Some(MergeState::Merged) => {
            sql.push(" AND merge.undone_at IS NULL");
        }
        Some(MergeState::Undone) => {
            sql.push(" AND merge.undone_at IS NOT NULL");
        }
    }
    push_seen(&mut sql, sight);
    NEWEST_FIRST.restrict(&mut sql, args)?;
    NEWEST_FIRST.order(&mut sql, args);
    let merges: Vec<Merge> = sql.all(on).await?.iter().map(read).collect::<Result<_, _>>()?;
    let keyed = merges.into_iter().map(|merge| (vec![Key::Time(merge.merged_at), Key::Id(merge.id.uuid())], merge));
    Ok(NEWEST_FIRST.page(args, keyed.collect()))
}
