//! Queues: what waits for somebody, the longest waiting first.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::id::UserId;
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::Value;

use crate::error::StoreError;
use crate::mapper::lead::{READ, read};
use crate::mapper::stored::Stored;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::repo::scope;
use crate::sql::{Columns, Sql};

/// Whose queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueueScope {
    /// What waits for the actor in person.
    Mine,
    /// What waits for the actor's teams, and what waits for the actor's department and no team of it serves.
    Team,
}

const LONGEST_FIRST: Keyset = Keyset {
    name: "lead.queue",
    columns: &[("lead.waits_since", KeyKind::Time), ("lead.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// A page of a queue of the actor whose permission this is. Nothing waits for the system.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn queue_page(on: &impl Readable, grant: &Grant, queue: QueueScope, args: &PageArgs) -> Result<Page<Lead>, StoreError> {
    let found = queue_statement(grant, queue, args)?.all(on).await?;
    let rows: Result<Vec<_>, StoreError> = found.iter().map(|row| read_keyed(&mut Columns::of(row))).collect();
    Ok(LONGEST_FIRST.page(args, rows?))
}

/// The statement of a page.
pub(crate) fn queue_statement(grant: &Grant, queue: QueueScope, args: &PageArgs) -> Result<Sql, StoreError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(", lead.waits_since FROM lead WHERE lead.waits_since IS NOT NULL AND ");
    match queue {
        QueueScope::Mine => {
            sql.push("lead.waits_user_id = ").bind(grant.user().map(UserId::uuid));
        }
        QueueScope::Team => push_team(&mut sql, grant),
    }
    // what waits for a department is seen by those of it whose permission reaches that far
    sql.push(" AND ");
    scope::push_leads(&mut sql, grant);
    LONGEST_FIRST.restrict(&mut sql, args)?;
    LONGEST_FIRST.order(&mut sql, args);
    Ok(sql)
}

fn read_keyed(row: &mut Columns<'_>) -> Result<(Vec<Key>, Lead), StoreError> {
    let lead = read(row)?;
    let since: Option<DateTime<Utc>> = row.next()?;
    let since = since.ok_or_else(|| Stored::new("lead", lead.id).corrupt("waits_since"))?;
    Ok((vec![Key::Time(since), Key::Id(lead.id.uuid())], lead))
}

fn push_team(sql: &mut Sql, grant: &Grant) {
    // every part of the alternative is one that an index answers; `1 = 0` beside them would be none
    let mut glue = "(";
    if !grant.teams().is_empty() {
        let teams = grant.teams().iter().map(|team| Value::from(team.uuid()));
        sql.push(glue).push("lead.waits_team_id IN (").bind_list(teams).push(")");
        glue = " OR ";
    }
    if let Some(department) = grant.department() {
        // without a team and without a person: the placement found no team, and the whole department waits
        sql.push(glue).push("(lead.waits_team_id IS NULL AND lead.waits_user_id IS NULL");
        sql.push(" AND coalesce(lead.offered_department, lead.department) = ").bind(department.as_str()).push(")");
        glue = " OR ";
    }
    sql.push(if glue == "(" { "(1 = 0)" } else { ")" });
}
