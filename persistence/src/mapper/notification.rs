//! Notifications and their settings: row to domain and back.

use fairfall_domain::id::{ClockId, EventId, LeadId, NotificationId, UserId};
use fairfall_domain::notification::{Notification, NotificationKind, NotificationSettings};
use sea_orm::Value;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::{Stored, to_json};
use crate::sql::Columns;

/// Every column with its `PostgreSQL` type, in the order of [`values`] and [`read`].
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("id", "uuid"),
    ("user_id", "uuid"),
    ("event_id", "uuid"),
    ("kind", "text"),
    ("lead_id", "uuid"),
    ("clock_id", "uuid"),
    ("content", "text"),
    ("at", "timestamptz"),
    ("read_at", "timestamptz"),
];

/// The columns that a notification is read back from.
pub(crate) const READ: &str = "notification.id, notification.user_id, notification.event_id, notification.kind, notification.lead_id, \
    notification.clock_id, notification.content, notification.at, notification.read_at";

/// The values of every column.
pub(crate) fn values(told: &Notification) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        told.id.uuid().into(),
        told.user.uuid().into(),
        told.event.uuid().into(),
        text(&told.kind),
        told.lead.map(LeadId::uuid).into(),
        told.clock.map(ClockId::uuid).into(),
        to_json(&told.content)?.into(),
        told.at.into(),
        told.read_at.into(),
    ])
}

/// Reads a notification from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Notification, StoreError> {
    let id = NotificationId::from(row.next::<Uuid>()?);
    let stored = Stored::new("notification", id);
    Ok(Notification {
        id,
        user: UserId::from(row.next::<Uuid>()?),
        event: EventId::from(row.next::<Uuid>()?),
        kind: stored.text("kind", &row.next::<String>()?)?,
        lead: row.next::<Option<Uuid>>()?.map(LeadId::from),
        clock: row.next::<Option<Uuid>>()?.map(ClockId::from),
        content: stored.json("content", &row.next::<String>()?)?,
        at: row.next()?,
        read_at: row.next()?,
    })
}

/// Settings as they are stored.
#[derive(Serialize, Deserialize)]
struct Definition {
    no_mail: Vec<NotificationKind>,
}

/// The settings of a user, from what is stored of them, if anything is.
pub(crate) fn settings_of(
    user: UserId,
    version: Option<i32>,
    definition: Option<&str>,
) -> Result<NotificationSettings, StoreError> {
    let (Some(version), Some(definition)) = (version, definition) else { return Ok(NotificationSettings::unsaid(user)) };
    let stored = Stored::new("notification_setting", user);
    let definition: Definition = stored.json("definition", definition)?;
    let version = stored.count("version", version)?;
    Ok(NotificationSettings { user, version, no_mail: definition.no_mail.into_iter().collect() })
}

/// What is stored of settings.
pub(crate) fn definition(settings: &NotificationSettings) -> Result<String, StoreError> {
    to_json(&Definition { no_mail: settings.no_mail.iter().copied().collect() })
}
