//! Ratings of leads by whoever took them, and those that are owed.
//!
//! INVARIANT: who writes a rating holds its lead's row until the unit of work ends, so that a passage has one rating a department.

use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::Feedback;
use fairfall_domain::id::{FeedbackId, LeadId, PassageId, UserId};
use fairfall_domain::sla::Clock;
use sea_orm::Value;

use crate::audit::{self, AuditRow};
use crate::error::StoreError;
use crate::journal::{self, NewEntry};
use crate::mapper::feedback::{COLUMNS, READ, read, values};
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::clock;
use crate::repo::scope::{self, Looking};
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, together};

fn select() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM lead_feedback AS f WHERE ");
    sql
}

async fn all(on: &impl Readable, sql: Sql) -> Result<Vec<Feedback>, StoreError> {
    sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect()
}

/// The ratings of some leads that the permission reaches, by lead, the first given first. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_leads(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Feedback>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    sql.push("f.lead_id IN (").bind_list(leads.iter().map(|lead| Value::from(lead.uuid()))).push(") AND ");
    scope::push_tied(&mut sql, grant, "lead.id", "f.lead_id", Looking::ByKey);
    sql.push(" ORDER BY f.lead_id, f.at, f.id");
    all(on, sql).await
}

/// A rating, whoever may see it.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find(on: &impl Readable, id: FeedbackId) -> Result<Option<Feedback>, StoreError> {
    let mut sql = select();
    sql.push("f.id = ").bind(id.uuid());
    Ok(all(on, sql).await?.pop())
}

/// What a department said about a passage, whoever may see it.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_passage(on: &impl Readable, passage: PassageId, department: Department) -> Result<Option<Feedback>, StoreError> {
    let mut sql = select();
    sql.push("f.passage_id = ").bind(passage.uuid()).push(" AND f.department = ").bind(department.as_str());
    Ok(all(on, sql).await?.pop())
}

/// Stores a rating, new or changed, with the clocks that it met, its event and its row of the audit trail: all or nothing, and on `PostgreSQL` in
/// one statement. The lead's row must be held.
///
/// # Errors
/// [`StoreError::Unique`] when there is another rating of the passage and department; as the database tells.
pub async fn put(
    uow: &UnitOfWork,
    feedback: &Feedback,
    met: &[Clock],
    entries: &[NewEntry],
    audit: &AuditRow,
) -> Result<(), StoreError> {
    let mut parts = vec![
        Part::Upsert { table: "lead_feedback", columns: COLUMNS.into(), row: values(feedback)? },
        journal::part(uow, entries).await?,
        audit::part(std::slice::from_ref(audit)),
    ];
    parts.extend(clock::parts(met)?);
    together(uow, parts).await
}

const LONGEST_OWED: Keyset = Keyset {
    name: "feedback.overdue",
    columns: &[("clock.breached_at", KeyKind::Time), ("clock.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// Which ratings that are owed a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed<'a> {
    /// For a department those that it owes and those that it is owed; all when the permission reaches all.
    Reached(&'a Grant),
    /// Those that somebody owes in person.
    By(UserId),
}

/// The statement of a page of [`overdue`].
pub(crate) fn overdue_statement(owed: Owed<'_>, args: &PageArgs) -> Result<Sql, StoreError> {
    let mut sql = clock::select();
    // word for word what the index holds
    sql.push("clock.kind = 'FEEDBACK' AND clock.ended_at IS NULL AND clock.breached_at IS NOT NULL");
    match owed {
        Owed::Reached(grant) => push_reached(&mut sql, grant),
        Owed::By(user) => {
            sql.push(" AND clock.user_id = ").bind(user.uuid());
        }
    }
    LONGEST_OWED.restrict(&mut sql, args)?;
    LONGEST_OWED.order(&mut sql, args);
    Ok(sql)
}

fn push_reached(sql: &mut Sql, grant: &Grant) {
    match (grant.scope(), grant.department()) {
        (Scope::All, _) => {}
        (Scope::Department, Some(department)) => {
            sql.push(" AND (clock.department = ").bind(department.as_str());
            sql.push(" OR clock.giving = ").bind(department.as_str()).push(")");
        }
        (Scope::Own | Scope::Pool | Scope::Team | Scope::Department, _) => {
            sql.push(" AND 1 = 0");
        }
    }
}

/// A page of the clocks of ratings that are owed and were not given in the promised time, the longest owed first.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn overdue(on: &impl Readable, owed: Owed<'_>, args: &PageArgs) -> Result<Page<Clock>, StoreError> {
    let clocks = clock::all(on, overdue_statement(owed, args)?).await?;
    let keyed = clocks.into_iter().filter_map(|clock| {
        let since = clock.breached_at?;
        Some((vec![Key::Time(since), Key::Id(clock.id.uuid())], clock))
    });
    Ok(LONGEST_OWED.page(args, keyed.collect()))
}
