//! Clocks: the promises that run.
//!
//! INVARIANT: who changes a clock holds its row until the unit of work ends; who wants the row of its lead too takes that first.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Grant, Scope};
use fairfall_domain::id::{CalendarId, ClockId, CustomerId, LeadId, PersonId, TeamId, UserId};
use fairfall_domain::sla::{Clock, ClockKind};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::clock::{COLUMNS, READ, read, values};
use crate::mapper::lead::NEVER_DUE;
use crate::mapper::stored::Stored;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::locks::for_update;
use crate::repo::scope::{self, Looking};
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, together};

/// The open clocks of a lead, the oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn open_of_lead(on: &impl Readable, lead: LeadId) -> Result<Vec<Clock>, StoreError> {
    all(on, of_lead(lead, None)).await
}

/// The same to be changed, with those that ended at `revocable`, because what ended them may be taken back: their rows are held until the unit of work
/// ends. The lead's row must be held before.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn hold_of_lead(uow: &UnitOfWork, lead: LeadId, revocable: Option<DateTime<Utc>>) -> Result<Vec<Clock>, StoreError> {
    let mut sql = of_lead(lead, revocable);
    sql.push(for_update(uow));
    all(uow, sql).await
}

fn of_lead(lead: LeadId, revocable: Option<DateTime<Utc>>) -> Sql {
    let mut sql = select();
    sql.push("clock.lead_id = ").bind(lead.uuid()).push(" AND (clock.ended_at IS NULL");
    if let Some(at) = revocable {
        sql.push(" OR clock.ended_at = ").bind(at);
    }
    sql.push(") ORDER BY clock.started_at, clock.id");
    sql
}

/// Some clocks, in no order. Whoever asks says who may see them.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find_some(on: &impl Readable, ids: &[ClockId]) -> Result<Vec<Clock>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    push_among(&mut sql, on, "clock.id", ids.iter().map(|id| id.uuid()));
    all(on, sql).await
}

/// `SELECT ... WHERE `, to be continued.
pub(in crate::repo) fn select() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM clock WHERE ");
    sql
}

/// Runs a statement that selects [`READ`].
pub(in crate::repo) async fn all(on: &impl Readable, sql: Sql) -> Result<Vec<Clock>, StoreError> {
    sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect()
}

/// What writes clocks that began or changed.
pub(in crate::repo) fn parts(clocks: &[Clock]) -> Result<Vec<Part>, StoreError> {
    clocks.iter().map(|clock| Ok(Part::Upsert { table: "clock", columns: COLUMNS.into(), row: values(clock)? })).collect()
}

/// Stores clocks that began or changed.
///
/// # Errors
/// As the database tells.
pub async fn put(uow: &UnitOfWork, clocks: &[Clock]) -> Result<(), StoreError> {
    if clocks.is_empty() {
        return Ok(());
    }
    together(uow, parts(clocks)?).await
}

/// An open clock of a first contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactClock {
    /// The clock.
    pub clock: Clock,
    /// Who is to be reached.
    pub person: PersonId,
    /// The version of its lead.
    pub lead_version: u32,
}

/// The open clocks of first contacts of leads that the unit of work holds, held until it ends, in the order of their ids.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn first_contacts(uow: &UnitOfWork, leads: &[LeadId]) -> Result<Vec<ContactClock>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql =
        Sql::new(format!("SELECT {READ}, lead.person_id, lead.version FROM clock JOIN lead ON lead.id = clock.lead_id WHERE "));
    sql.push("clock.kind = 'FIRST_CONTACT' AND clock.ended_at IS NULL AND ");
    push_among(&mut sql, uow, "clock.lead_id", leads.iter().map(|lead| lead.uuid()));
    sql.push(" ORDER BY clock.id").push(match uow.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE OF clock",
    });
    let read_one = |row| {
        let mut columns = Columns::of(row);
        let clock = read(&mut columns)?;
        let person = PersonId::from(columns.next::<Uuid>()?);
        let lead_version = Stored::new("lead", clock.lead).count("version", columns.next::<i32>()?)?;
        Ok(ContactClock { clock, person, lead_version })
    };
    sql.all(uow).await?.iter().map(read_one).collect()
}

/// When the next promise about a lead is due that whoever has it must keep.
const NEXT_DUE: &str = "(SELECT min(clock.due_at) FROM clock WHERE clock.lead_id = lead.id AND clock.ended_at IS NULL \
    AND clock.kind IN ('ACCEPT', 'FIRST_CONTACT', 'QUALIFY'))";

/// Works out anew when the next promise about leads is due, after their clocks changed otherwise than by an act: [`next_due`] in SQL. The leads'
/// rows are held by the unit of work.
///
/// [`next_due`]: fairfall_domain::sla::follow::next_due
///
/// # Errors
/// As the database tells.
pub async fn settle_due(uow: &UnitOfWork, leads: &[LeadId]) -> Result<(), StoreError> {
    if leads.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new(format!(
        "UPDATE lead SET next_due = {NEXT_DUE}, waits_due = CASE WHEN waits_since IS NULL THEN NULL ELSE coalesce({NEXT_DUE}, "
    ));
    sql.bind(NEVER_DUE).push(") END WHERE ");
    push_among(&mut sql, uow, "lead.id", leads.iter().map(|lead| lead.uuid()));
    sql.run(uow).await?;
    Ok(())
}

/// The open clocks of a customer that waits for customer service, locked until the unit of work ends, each with the version of its lead.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_customer(uow: &UnitOfWork, customer: CustomerId) -> Result<Vec<(Clock, u32)>, StoreError> {
    let mut sql = Sql::new(format!("SELECT {READ}, (SELECT version FROM lead WHERE lead.id = clock.lead_id) FROM clock WHERE "));
    sql.push("clock.customer_id = ").bind(customer.uuid()).push(" AND clock.ended_at IS NULL").push(for_update(uow));
    let read_one = |row| {
        let mut columns = Columns::of(row);
        let clock = read(&mut columns)?;
        let version = Stored::new("lead", clock.lead).count("version", columns.next::<i32>()?)?;
        Ok((clock, version))
    };
    sql.all(uow).await?.iter().map(read_one).collect()
}

/// The open clocks of some customers, the oldest first. Whoever asks says who may see the customers. One statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_customers(on: &impl Readable, customers: &[CustomerId]) -> Result<Vec<Clock>, StoreError> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = select();
    // word for word what the index holds
    sql.push("clock.customer_id IS NOT NULL AND clock.ended_at IS NULL AND ");
    push_among(&mut sql, on, "clock.customer_id", customers.iter().map(|customer| customer.uuid()));
    sql.push(" ORDER BY clock.started_at, clock.id");
    all(on, sql).await
}

/// A clock whose lead the permission reaches.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find(on: &impl Readable, grant: &Grant, id: ClockId) -> Result<Option<Clock>, StoreError> {
    let mut sql = joined();
    sql.push("clock.id = ").bind(id.uuid()).push(" AND ");
    scope::push_leads(&mut sql, grant);
    Ok(all(on, sql).await?.pop())
}

/// The newest clocks of leads that the permission reaches, at most [`OF_LEAD_MAX`] a lead, the oldest first within each.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn of_leads(on: &impl Readable, grant: &Grant, leads: &[LeadId]) -> Result<Vec<Clock>, StoreError> {
    if leads.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(format!(
        "SELECT {READ} FROM (SELECT clock.*, row_number() OVER (PARTITION BY clock.lead_id ORDER BY clock.started_at DESC, clock.id DESC) AS place \
         FROM clock JOIN lead ON lead.id = clock.lead_id WHERE "
    ));
    push_among(&mut sql, on, "clock.lead_id", leads.iter().map(|lead| lead.uuid()));
    sql.push(" AND ");
    scope::push_leads(&mut sql, grant);
    sql.push(&format!(") AS clock WHERE clock.place <= {OF_LEAD_MAX} ORDER BY clock.lead_id, clock.started_at, clock.id"));
    all(on, sql).await
}

/// Most clocks of a lead that are shown.
pub const OF_LEAD_MAX: usize = 50;

fn joined() -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM clock JOIN lead ON lead.id = clock.lead_id WHERE ");
    sql
}

/// Which clocks a list shows. All of them run: what stands still or has ended is not due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClockFilter {
    /// What somebody must keep.
    pub user: Option<UserId>,
    /// What a team must keep.
    pub team: Option<TeamId>,
    /// What is promised; all when there are none.
    pub kinds: Vec<ClockKind>,
    /// Only what has lapsed.
    pub lapsed: Option<Lapsed>,
}

/// Only clocks that have lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lapsed;

const DUE_FIRST: Keyset = Keyset {
    name: "clock.due",
    columns: &[("clock.due_at", KeyKind::Time), ("clock.id", KeyKind::Id)],
    direction: Direction::Ascending,
};

/// A page of running clocks of leads that the permission reaches, what is due first comes first. Who asks for what they must keep themselves also gets
/// the ratings that they owe of leads that went on since.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(on: &impl Readable, grant: &Grant, filter: &ClockFilter, args: &PageArgs) -> Result<Page<Clock>, StoreError> {
    let clocks = all(on, page_statement(grant, filter, args)?).await?;
    let keyed = clocks.into_iter().filter_map(|clock| Some((vec![Key::Time(clock.due_at?), Key::Id(clock.id.uuid())], clock)));
    Ok(DUE_FIRST.page(args, keyed.collect()))
}

/// The statement of a page of [`page`].
pub(crate) fn page_statement(grant: &Grant, filter: &ClockFilter, args: &PageArgs) -> Result<Sql, StoreError> {
    let mut sql = select();
    // word for word what the indexes hold that have the order of the list
    sql.push("clock.ended_at IS NULL AND clock.due_at IS NOT NULL");
    if filter.lapsed.is_some() {
        sql.push(" AND clock.breached_at IS NOT NULL");
    }
    if let Some(user) = filter.user {
        sql.push(" AND clock.user_id = ").bind(user.uuid());
    }
    if let Some(team) = filter.team {
        sql.push(" AND clock.team_id = ").bind(team.uuid());
    }
    if !filter.kinds.is_empty() {
        sql.push(" AND clock.kind IN (").bind_list(filter.kinds.iter().map(|kind| Value::from(kind.as_str()))).push(")");
    }
    push_seen(&mut sql, grant, filter);
    DUE_FIRST.restrict(&mut sql, args)?;
    DUE_FIRST.order(&mut sql, args);
    Ok(sql)
}

/// Adds one more condition, which holds for the clocks that are seen. The leads are not joined: the list is gone through in its order, and each clock is
/// asked whether its lead is reached.
fn push_seen(sql: &mut Sql, grant: &Grant, filter: &ClockFilter) {
    if grant.scope() == Scope::All {
        return;
    }
    // a rating is owed wherever the lead is by now: whoever must give it has to find it
    let owes = filter.user.is_some() && filter.user == grant.user();
    sql.push(if owes { " AND (clock.kind = 'FEEDBACK' OR " } else { " AND (" });
    scope::push_tied(sql, grant, "lead.id", "clock.lead_id", Looking::Through);
    sql.push(")");
}

/// Ends the open clocks of erased people's leads: nobody can keep a promise to them any more.
///
/// # Errors
/// As the database tells.
pub(crate) async fn cancel_of_people(uow: &UnitOfWork, people: &[Uuid], now: DateTime<Utc>) -> Result<(), StoreError> {
    let theirs = |sql: &mut Sql, column: &str| {
        sql.push(column).push(" IN (SELECT lead.id FROM lead WHERE lead.person_id IN (");
        sql.bind_list(people.iter().map(|id| Value::from(*id))).push("))");
    };
    // what was over by then has lapsed, although nobody noticed
    let mut sql = Sql::new(
        "UPDATE clock SET breached_at = due_at, breached_team_id = team_id, breached_user_id = user_id WHERE ended_at IS NULL",
    );
    sql.push(" AND breached_at IS NULL AND due_at < ").bind(now).push(" AND ");
    theirs(&mut sql, "lead_id");
    sql.run(uow).await?;
    let mut sql = Sql::new("UPDATE clock SET state = 'CANCELLED', ended_how = 'CANCELLED', ended_at = ");
    sql.bind(now).push(", segment_from = NULL, due_at = NULL, next_at = NULL, pause = NULL WHERE ended_at IS NULL AND ");
    theirs(&mut sql, "lead_id");
    sql.run(uow).await?;
    let mut sql = Sql::new("UPDATE lead SET next_due = NULL, waits_due = CASE WHEN waits_since IS NULL THEN NULL ELSE ");
    sql.bind(NEVER_DUE).push(" END WHERE next_due IS NOT NULL AND person_id IN (");
    sql.bind_list(people.iter().map(|id| Value::from(*id))).push(")");
    sql.run(uow).await?;
    Ok(())
}

/// Stores whose hours count and what is due when of clocks that are there, and nothing else of them. One statement on `PostgreSQL`.
pub(in crate::repo) async fn put_due(uow: &UnitOfWork, clocks: &[Clock]) -> Result<(), StoreError> {
    let row = |clock: &Clock| -> Vec<Value> {
        let calendar = clock.calendar.map(CalendarId::uuid);
        vec![clock.id.uuid().into(), calendar.into(), clock.due_at.into(), clock.next_at.into()]
    };
    let columns = &[("id", "uuid"), ("calendar_id", "uuid"), ("due_at", "timestamptz"), ("next_at", "timestamptz")];
    recordset::update(uow, "clock", &Recordset { columns, rows: clocks.iter().map(row).collect() }).await
}
