//! Calendars: row to domain and back.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use fairfall_domain::id::{CalendarId, TeamId, UserId};
use fairfall_domain::routing::member::HourRange;
use fairfall_domain::sla::calendar::{CalendarLevel, HolidayRegion, SpecialDay};
use fairfall_domain::sla::{CalendarOwner, WorkCalendar};
use fairfall_domain::value::TimeZoneName;
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::sql::Columns;

/// The column `definition`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Definition {
    time_zone: TimeZoneName,
    weekly: Vec<HourRange>,
    holidays: Option<HolidayRegion>,
    special_days: BTreeMap<NaiveDate, SpecialDay>,
}

/// The columns that a calendar is read back from, of the table `calendar`.
pub(crate) const READ: &str =
    "calendar.id, calendar.version, calendar.name, calendar.level, calendar.owner_id, calendar.definition, calendar.updated_at";

/// The columns that are written, without `created_at`.
pub(crate) const COLUMNS: &[&str] = &["id", "version", "name", "level", "owner_id", "definition", "updated_at"];

/// The values of [`COLUMNS`].
pub(crate) fn values(calendar: &WorkCalendar) -> Result<Vec<Value>, StoreError> {
    let definition = Definition {
        time_zone: calendar.time_zone,
        weekly: calendar.weekly.clone(),
        holidays: calendar.holidays,
        special_days: calendar.special_days.clone(),
    };
    let owner = match calendar.owner {
        CalendarOwner::Organisation => None,
        CalendarOwner::Team(team) => Some(team.uuid()),
        CalendarOwner::User(user) => Some(user.uuid()),
    };
    Ok(vec![
        calendar.id.uuid().into(),
        to_count(calendar.version)?.into(),
        text(&calendar.name),
        text(&calendar.owner.level()),
        owner.into(),
        to_json(&definition)?.into(),
        calendar.updated_at.into(),
    ])
}

/// Reads a calendar from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<WorkCalendar, StoreError> {
    let id = CalendarId::from(row.next::<Uuid>()?);
    let stored = Stored::new("calendar", id);
    let version = stored.count("version", row.next()?)?;
    let name = stored.text("name", &row.next::<String>()?)?;
    let level: CalendarLevel = stored.text("level", &row.next::<String>()?)?;
    let owner = match (level, row.next::<Option<Uuid>>()?) {
        (CalendarLevel::Organisation, None) => CalendarOwner::Organisation,
        (CalendarLevel::Team, Some(team)) => CalendarOwner::Team(TeamId::from(team)),
        (CalendarLevel::User, Some(user)) => CalendarOwner::User(UserId::from(user)),
        (CalendarLevel::Organisation, Some(_)) | (CalendarLevel::Team | CalendarLevel::User, None) => {
            return Err(stored.corrupt("owner_id"));
        }
    };
    let definition: Definition = stored.json("definition", &row.next::<String>()?)?;
    Ok(WorkCalendar {
        id,
        version,
        name,
        owner,
        time_zone: definition.time_zone,
        weekly: definition.weekly,
        holidays: definition.holidays,
        special_days: definition.special_days,
        updated_at: row.next()?,
    })
}
