//! Activities: row to domain and back.

use fairfall_domain::id::{ActivityId, CampaignId, LeadId, PersonId, UserId};
use fairfall_domain::scoring::activity::{Activity, ActivityRef};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::Stored;
use crate::sql::Columns;

/// Every column with its `PostgreSQL` type, in the order of [`values`] and [`read`].
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("id", "uuid"),
    ("person_id", "uuid"),
    ("lead_id", "uuid"),
    ("channel", "text"),
    ("kind", "text"),
    ("outcome", "text"),
    ("note", "text"),
    ("campaign_id", "uuid"),
    ("occurred_at", "timestamptz"),
    ("recorded_at", "timestamptz"),
    ("recorded_by", "uuid"),
    ("source", "text"),
    ("external_id", "text"),
];

/// The columns that an activity is read back from.
pub(crate) const READ: &str = "activity.id, activity.person_id, activity.lead_id, activity.channel, activity.kind, activity.outcome, activity.note, activity.campaign_id, \
    activity.occurred_at, activity.recorded_at, activity.recorded_by, activity.source, activity.external_id";

/// The values of every column.
pub(crate) fn values(activity: &Activity) -> Vec<Value> {
    let reference = activity.reference.as_ref();
    vec![
        activity.id.uuid().into(),
        activity.person.uuid().into(),
        activity.lead.map(LeadId::uuid).into(),
        text(&activity.channel),
        text(&activity.kind),
        maybe_text(activity.outcome.as_ref()),
        maybe_text(activity.note.as_ref()),
        activity.campaign.map(CampaignId::uuid).into(),
        activity.occurred_at.into(),
        activity.recorded_at.into(),
        activity.recorded_by.map(UserId::uuid).into(),
        reference.map(|reference| reference.source.to_string()).into(),
        reference.map(|reference| reference.external_id.to_string()).into(),
    ]
}

/// Reads an activity from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Activity, StoreError> {
    let id = ActivityId::from(row.next::<Uuid>()?);
    let stored = Stored::new("activity", id);
    Ok(Activity {
        id,
        person: PersonId::from(row.next::<Uuid>()?),
        lead: row.next::<Option<Uuid>>()?.map(LeadId::from),
        channel: stored.text("channel", &row.next::<String>()?)?,
        kind: stored.text("kind", &row.next::<String>()?)?,
        outcome: stored.maybe("outcome", row.next::<Option<String>>()?.as_deref())?,
        note: stored.maybe("note", row.next::<Option<String>>()?.as_deref())?,
        campaign: row.next::<Option<Uuid>>()?.map(CampaignId::from),
        occurred_at: row.next()?,
        recorded_at: row.next()?,
        recorded_by: row.next::<Option<Uuid>>()?.map(UserId::from),
        reference: read_reference(row, &stored)?,
    })
}

fn read_reference(row: &mut Columns<'_>, stored: &Stored) -> Result<Option<ActivityRef>, StoreError> {
    let source = stored.maybe("source", row.next::<Option<String>>()?.as_deref())?;
    let external_id = stored.maybe("external_id", row.next::<Option<String>>()?.as_deref())?;
    match (source, external_id) {
        (Some(source), Some(external_id)) => Ok(Some(ActivityRef { source, external_id })),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(stored.corrupt("external_id")),
    }
}
