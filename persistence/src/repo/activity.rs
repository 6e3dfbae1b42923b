//! Activities: recorded many at once, never changed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::Grant;
use fairfall_domain::campaign::Channel;
use fairfall_domain::id::{ActivityId, LeadId, PersonId, UserId};
use fairfall_domain::scoring::activity::{Activity, ActivityKind, ActivityRef};
use fairfall_domain::waterfall::lead::Lead;
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::activity::{COLUMNS, READ, read, values};
use crate::mapper::stored::Stored;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::recordset::{self, Recordset, push_among};
use crate::repo::locks::{self, Sharing};
use crate::repo::{person, scope};
use crate::sql::{Columns, Sql};
use crate::store::Backend;
use crate::unit_of_work::UnitOfWork;

const BY_TIME: Keyset = Keyset {
    name: "activity.occurred",
    columns: &[("activity.occurred_at", KeyKind::Time), ("activity.id", KeyKind::Id)],
    direction: Direction::Descending,
};

/// Hours of one person that [`counts_of`] reads, at most: five times what a tally keeps.
const HOURS_PER_PERSON_MAX: usize = 10_000;

/// Hours that it reads in all, at most.
const HOURS_MAX: usize = 200_000;

/// Stores activities, but for those whose source and external id are known; answers which were stored. One statement on `PostgreSQL`.
///
/// # Errors
/// As the database tells.
pub async fn insert_many(uow: &UnitOfWork, activities: &[Activity]) -> Result<BTreeSet<ActivityId>, StoreError> {
    let mut ordered: Vec<&Activity> = activities.iter().collect();
    // units of work that bring the same names at the same moment wait for each other in one order
    ordered.sort_by(|a, b| (&a.reference, a.id).cmp(&(&b.reference, b.id)));
    let set = Recordset { columns: COLUMNS, rows: ordered.into_iter().map(values).collect() };
    let stored = recordset::insert(uow, "activity", &set, " ON CONFLICT DO NOTHING RETURNING id").await?;
    stored.iter().map(|row| Ok(ActivityId::from(Columns::of(row).next::<Uuid>()?))).collect()
}

/// The activities that go by these names, by name; unknown ones are left out. One statement a source.
///
/// # Errors
/// As the database tells.
pub async fn find_known(on: &impl Readable, names: &[&ActivityRef]) -> Result<BTreeMap<ActivityRef, ActivityId>, StoreError> {
    let sources: BTreeSet<&str> = names.iter().map(|name| name.source.as_str()).collect();
    let mut known = BTreeMap::new();
    for source in sources {
        let of_source = names.iter().filter(|name| name.source.as_str() == source);
        let mut sql = Sql::new("SELECT id, external_id FROM activity WHERE source = ");
        sql.bind(source).push(" AND external_id IN (");
        sql.bind_list(of_source.clone().map(|name| Value::from(name.external_id.to_string()))).push(")");
        for row in sql.all(on).await? {
            let mut columns = Columns::of(&row);
            let (id, external_id) = (ActivityId::from(columns.next::<Uuid>()?), columns.next::<String>()?);
            if let Some(name) = of_source.clone().find(|name| name.external_id.as_str() == external_id) {
                known.insert((*name).clone(), id);
            }
        }
    }
    Ok(known)
}

/// An activity, if the permission reaches its person.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn find(on: &impl Readable, grant: &Grant, id: ActivityId) -> Result<Option<Activity>, StoreError> {
    let mut sql = select("activity.id = ");
    sql.bind(id.uuid()).push(" AND EXISTS (SELECT 1 FROM person WHERE person.id = activity.person_id");
    person::push_seen(&mut sql, grant, scope::Looking::ByKey);
    sql.push(")");
    sql.one(on).await?.map(|row| read(&mut Columns::of(&row))).transpose()
}

/// A page of what counts for a lead that the permission reaches, the latest first; with `recorded_by` only what that user recorded.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page_of_lead(
    on: &impl Readable,
    grant: &Grant,
    lead: &Lead,
    recorded_by: Option<UserId>,
    args: &PageArgs,
) -> Result<Page<Activity>, StoreError> {
    let mut sql = select("activity.person_id = ");
    sql.bind(lead.person.uuid()).push(" AND (activity.lead_id IS NULL OR activity.lead_id = ").bind(lead.id.uuid()).push(")");
    if let Some(user) = recorded_by {
        sql.push(" AND activity.recorded_by = ").bind(user.uuid());
    }
    sql.push(" AND EXISTS (SELECT 1 FROM lead WHERE lead.id = ").bind(lead.id.uuid()).push(" AND ");
    scope::push_leads(&mut sql, grant);
    sql.push(")");
    paged(on, sql, args).await
}

/// A page of what a person did whom the permission reaches, the latest first.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page_of_person(
    on: &impl Readable,
    grant: &Grant,
    id: PersonId,
    args: &PageArgs,
) -> Result<Page<Activity>, StoreError> {
    let mut sql = select("activity.person_id = ");
    sql.bind(id.uuid()).push(" AND EXISTS (SELECT 1 FROM person WHERE person.id = ").bind(id.uuid());
    person::push_seen(&mut sql, grant, scope::Looking::ByKey);
    sql.push(")");
    paged(on, sql, args).await
}

fn select(condition: &str) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(READ).push(" FROM activity WHERE ").push(condition);
    sql
}

async fn paged(on: &impl Readable, mut sql: Sql, args: &PageArgs) -> Result<Page<Activity>, StoreError> {
    BY_TIME.restrict(&mut sql, args)?;
    BY_TIME.order(&mut sql, args);
    let read: Result<Vec<Activity>, StoreError> = sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect();
    let keyed = read?.into_iter().map(|one| (vec![Key::Time(one.occurred_at), Key::Id(one.id.uuid())], one));
    Ok(BY_TIME.page(args, keyed.collect()))
}

/// How often somebody did something within an hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourCount {
    /// The lead it counts for; all of the person's when there is none.
    pub lead: Option<LeadId>,
    /// By which way.
    pub channel: Channel,
    /// What.
    pub kind: ActivityKind,
    /// The last time within the hour, UTC.
    pub at: DateTime<Utc>,
    /// How often.
    pub count: u32,
}

/// What some people did, counted by hour: what tallies are made from anew. The latest hours, should there be more than a tally can keep. One
/// statement.
///
/// # Errors
/// [`StoreError::Corrupt`], or as the database tells.
pub async fn counts_of(on: &impl Readable, people: &[PersonId]) -> Result<BTreeMap<PersonId, Vec<HourCount>>, StoreError> {
    let mut counts: BTreeMap<PersonId, Vec<HourCount>> = BTreeMap::new();
    if people.is_empty() {
        return Ok(counts);
    }
    let hour = match on.database() {
        Backend::Postgres => "floor(extract(epoch FROM occurred_at) / 3600)",
        Backend::Sqlite => "strftime('%s', substr(occurred_at, 1, 19)) / 3600",
    };
    let mut sql = Sql::new("SELECT person_id, lead_id, channel, kind, max(occurred_at), count(*) FROM activity WHERE ");
    push_among(&mut sql, on, "person_id", people.iter().map(|person| person.uuid()));
    // what `Activity::shows_interest` lets count
    sql.push(" AND kind NOT IN ('EMAIL', 'NOTE') AND (outcome IS NULL OR outcome = 'REACHED')");
    sql.push(" GROUP BY person_id, lead_id, channel, kind, ").push(hour).push(" ORDER BY 5 DESC LIMIT ");
    sql.push(&people.len().saturating_mul(HOURS_PER_PERSON_MAX).min(HOURS_MAX).to_string());
    for row in sql.all(on).await? {
        let (person, count) = read_count(&row)?;
        counts.entry(person).or_default().push(count);
    }
    Ok(counts)
}

fn read_count(row: &QueryResult) -> Result<(PersonId, HourCount), StoreError> {
    let mut row = Columns::of(row);
    let person = PersonId::from(row.next::<Uuid>()?);
    let stored = Stored::new("activity", person);
    let count = HourCount {
        lead: row.next::<Option<Uuid>>()?.map(LeadId::from),
        channel: stored.text("channel", &row.next::<String>()?)?,
        kind: stored.text("kind", &row.next::<String>()?)?,
        at: row.next()?,
        count: u32::try_from(row.next::<i64>()?).unwrap_or(u32::MAX),
    };
    Ok((person, count))
}

/// Whether others may record for the same people meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// Recording: others may record too.
    Shared,
    /// Counting anew what was recorded: nobody may.
    Alone,
}

/// Keeps recording for some people apart from counting it anew until the unit of work ends: what is recorded while a lead of the same person is
/// captured is counted for it, and once. SQLite has one writer.
///
/// # Errors
/// [`StoreError::Timeout`] when others hold the people too long, or as the database tells.
pub async fn hold(uow: &UnitOfWork, people: &[PersonId], holding: Holding) -> Result<(), StoreError> {
    let sharing = match holding {
        Holding::Shared => Sharing::Shared,
        Holding::Alone => Sharing::Alone,
    };
    locks::hold_stripes(uow, "activity", people.iter().map(|person| person.uuid()), sharing).await
}
