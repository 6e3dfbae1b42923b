//! Clocks: row to domain and back.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::id::{AgreementId, CalendarId, ClockId, CustomerId, LeadId, PassageId, TeamId, UserId};
use fairfall_domain::routing::Placement;
use fairfall_domain::sla::{Clock, Promise};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::sql::Columns;

/// Every column, in the order in which [`read`] takes them.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "lead_id",
    "passage_id",
    "customer_id",
    "kind",
    "agreement_id",
    "agreement_key",
    "agreement_version",
    "tier",
    "basis",
    "promise_seconds",
    "giving",
    "started_at",
    "department",
    "team_id",
    "user_id",
    "queue_reason",
    "calendar_id",
    "state",
    "lap",
    "lapsed",
    "climbed_percent",
    "segment_from",
    "lap_spent_us",
    "total_spent_us",
    "due_at",
    "next_at",
    "breached_at",
    "breached_team_id",
    "breached_user_id",
    "pause",
    "paused_us",
    "ended_how",
    "ended_at",
];

/// The columns that a clock is read back from, of the table `clock`.
pub(crate) const READ: &str = "clock.id, clock.lead_id, clock.passage_id, clock.customer_id, clock.kind, clock.agreement_id, clock.agreement_key, \
    clock.agreement_version, clock.tier, clock.basis, clock.promise_seconds, clock.giving, clock.started_at, clock.department, clock.team_id, \
    clock.user_id, clock.queue_reason, clock.calendar_id, clock.state, clock.lap, clock.lapsed, clock.climbed_percent, clock.segment_from, \
    clock.lap_spent_us, clock.total_spent_us, clock.due_at, clock.next_at, clock.breached_at, clock.breached_team_id, \
    clock.breached_user_id, clock.pause, clock.paused_us, clock.ended_how, clock.ended_at";

/// The values of every column.
pub(crate) fn values(clock: &Clock) -> Result<Vec<Value>, StoreError> {
    let promised = i32::try_from(clock.promise.seconds()).map_err(|_| StoreError::unstorable("promise_seconds"))?;
    let climbed = i16::try_from(clock.climbed_percent).map_err(|_| StoreError::unstorable("climbed_percent"))?;
    let (how, at) = clock.end.map_or((None, None), |(how, at)| (Some(how), Some(at)));
    Ok(vec![
        clock.id.uuid().into(),
        clock.lead.uuid().into(),
        clock.passage.uuid().into(),
        clock.customer.map(CustomerId::uuid).into(),
        text(&clock.kind),
        clock.agreement.id.uuid().into(),
        text(&clock.agreement.key),
        to_count(clock.agreement.version)?.into(),
        text(&clock.tier),
        text(&clock.promise.basis()),
        promised.into(),
        text(&clock.giving),
        clock.started_at.into(),
        text(&clock.department),
        clock.holder.team.map(TeamId::uuid).into(),
        clock.holder.person.map(UserId::uuid).into(),
        maybe_text(clock.holder.queue_reason.as_ref()),
        clock.calendar.map(CalendarId::uuid).into(),
        text(&clock.state()),
        i16::from(clock.lap).into(),
        to_json(&clock.lapsed)?.into(),
        climbed.into(),
        clock.segment_from.into(),
        micros(clock.lap_spent)?.into(),
        micros(clock.total_spent)?.into(),
        clock.due_at.into(),
        clock.next_at.into(),
        clock.breached_at.into(),
        clock.breached_by.and_then(|by| by.team).map(TeamId::uuid).into(),
        clock.breached_by.and_then(|by| by.person).map(UserId::uuid).into(),
        clock.pause.as_ref().map(to_json).transpose()?.into(),
        micros(clock.paused)?.into(),
        maybe_text(how.as_ref()),
        at.into(),
    ])
}

fn micros(time: TimeDelta) -> Result<i64, StoreError> {
    time.num_microseconds().ok_or_else(|| StoreError::unstorable("a duration"))
}

/// Reads a clock from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Clock, StoreError> {
    let id = ClockId::from(row.next::<Uuid>()?);
    let stored = Stored::new("clock", id);
    let (lead, passage) = (LeadId::from(row.next::<Uuid>()?), PassageId::from(row.next::<Uuid>()?));
    let customer = row.next::<Option<Uuid>>()?.map(CustomerId::from);
    let kind = stored.text("kind", &row.next::<String>()?)?;
    let agreement = AgreementRef {
        id: AgreementId::from(row.next::<Uuid>()?),
        key: stored.text("agreement_key", &row.next::<String>()?)?,
        version: stored.count("agreement_version", row.next()?)?,
    };
    let tier = stored.text("tier", &row.next::<String>()?)?;
    let basis = stored.text("basis", &row.next::<String>()?)?;
    let seconds = stored.count("promise_seconds", row.next()?)?;
    let promise = Promise::try_new(basis, seconds).map_err(|_| stored.corrupt("promise_seconds"))?;
    let giving = stored.text("giving", &row.next::<String>()?)?;
    let started_at = row.next()?;
    let department = stored.text("department", &row.next::<String>()?)?;
    let holder = Placement {
        team: row.next::<Option<Uuid>>()?.map(TeamId::from),
        person: row.next::<Option<Uuid>>()?.map(UserId::from),
        queue_reason: stored.maybe("queue_reason", row.next::<Option<String>>()?.as_deref())?,
    };
    let calendar = row.next::<Option<Uuid>>()?.map(CalendarId::from);
    let _state: String = row.next()?;
    Ok(Clock {
        id,
        lead,
        passage,
        customer,
        kind,
        agreement,
        tier,
        promise,
        giving,
        department,
        holder,
        calendar,
        started_at,
        lap: u8::try_from(row.next::<i16>()?).map_err(|_| stored.corrupt("lap"))?,
        lapsed: stored.json("lapsed", &row.next::<String>()?)?,
        climbed_percent: u16::try_from(row.next::<i16>()?).map_err(|_| stored.corrupt("climbed_percent"))?,
        segment_from: row.next()?,
        lap_spent: TimeDelta::microseconds(row.next()?),
        total_spent: TimeDelta::microseconds(row.next()?),
        due_at: row.next()?,
        next_at: row.next()?,
        breached_at: row.next()?,
        breached_by: {
            let (team, person) = (row.next::<Option<Uuid>>()?.map(TeamId::from), row.next::<Option<Uuid>>()?.map(UserId::from));
            (team.is_some() || person.is_some()).then_some(Placement { team, person, queue_reason: None })
        },
        pause: row.next::<Option<String>>()?.map(|json| stored.json("pause", &json)).transpose()?,
        paused: TimeDelta::microseconds(row.next()?),
        end: {
            let how = stored.maybe("ended_how", row.next::<Option<String>>()?.as_deref())?;
            how.zip(row.next::<Option<DateTime<Utc>>>()?)
        },
    })
}
