//! Passages: row to domain and back.

use fairfall_domain::id::{CampaignId, LeadId, PassageId, TrackId};
use fairfall_domain::report::bucket::bucket_of;
use fairfall_domain::waterfall::passage::{Closed, Passage, PassageOutcome, PerStage, StageSet};
use fairfall_domain::waterfall::track::TrackRef;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::{Stored, to_count};
use crate::sql::Columns;

/// Columns that are written once.
const FIXED: usize = 8;

/// Every column: first those written once, then those that change.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "lead_id",
    "number",
    "origin_department",
    "channel",
    "campaign_id",
    "opened_at",
    "cohort_month",
    // what changes
    "track_id",
    "track_key",
    "track_version",
    "reached",
    "stage",
    "stage_since",
    "closed_at",
    "outcome",
    "seconds_lead",
    "seconds_mql",
    "seconds_srl",
    "seconds_tal",
    "seconds_tql",
    "seconds_sal",
    "seconds_sql",
    "bucket_lead",
    "bucket_mql",
    "bucket_srl",
    "bucket_tal",
    "bucket_tql",
    "bucket_sal",
    "bucket_sql",
    "bucket_won",
];

/// The columns that a passage is read back from, of the table called `p`, in the order in which [`read`] takes them.
pub(crate) const READ: &str = "p.id, p.lead_id, p.number, p.track_id, p.track_key, p.track_version, p.origin_department, p.channel, \
    p.campaign_id, p.opened_at, p.reached, p.seconds_lead, p.seconds_mql, p.seconds_srl, p.seconds_tal, p.seconds_tql, p.seconds_sal, \
    p.seconds_sql, p.stage, p.stage_since, p.closed_at, p.outcome";

/// The columns that change.
pub(crate) fn changing_columns() -> &'static [&'static str] {
    COLUMNS.get(FIXED..).unwrap_or_default()
}

/// The values of every column.
pub(crate) fn values(passage: &Passage) -> Result<Vec<Value>, StoreError> {
    let mut values: Vec<Value> = vec![
        passage.id.uuid().into(),
        passage.lead.uuid().into(),
        to_count(passage.number)?.into(),
        text(&passage.origin),
        text(&passage.channel),
        passage.campaign.map(CampaignId::uuid).into(),
        passage.opened_at.into(),
        passage.cohort().number().into(),
    ];
    values.extend(changing_values(passage)?);
    Ok(values)
}

/// The values of the columns that change.
pub(crate) fn changing_values(passage: &Passage) -> Result<Vec<Value>, StoreError> {
    let mut values: Vec<Value> = vec![
        passage.track.id.uuid().into(),
        text(&passage.track.key),
        to_count(passage.track.version)?.into(),
        i16::from(passage.reached.bits()).into(),
        text(&passage.stage),
        passage.stage_since.into(),
        passage.closed.map(|closed| closed.at).into(),
        maybe_text(passage.closed.map(|closed| closed.outcome).as_ref()),
    ];
    values.extend(passage.seconds.iter().map(|seconds| Value::from(*seconds)));
    // INVARIANT: a bucket is always that of the seconds beside it, so that figures and rows agree
    values.extend(passage.seconds.iter().map(|seconds| Value::from(seconds.map(bucket_of))));
    values.push(passage.seconds_to_won().map(bucket_of).into());
    Ok(values)
}

/// Reads a passage from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Passage, StoreError> {
    let id = PassageId::from(row.next::<Uuid>()?);
    let stored = Stored::new("passage", id);
    Ok(Passage {
        id,
        lead: LeadId::from(row.next::<Uuid>()?),
        number: stored.count("number", row.next()?)?,
        track: TrackRef {
            id: TrackId::from(row.next::<Uuid>()?),
            key: stored.text("track_key", &row.next::<String>()?)?,
            version: stored.count("track_version", row.next()?)?,
        },
        origin: stored.text("origin_department", &row.next::<String>()?)?,
        channel: stored.text("channel", &row.next::<String>()?)?,
        campaign: row.next::<Option<Uuid>>()?.map(CampaignId::from),
        opened_at: row.next()?,
        reached: StageSet::from_bits(u8::try_from(row.next::<i16>()?).map_err(|_| stored.corrupt("reached"))?),
        seconds: read_seconds(row)?,
        stage: stored.text("stage", &row.next::<String>()?)?,
        stage_since: row.next()?,
        closed: {
            let at = row.next()?;
            let outcome: Option<PassageOutcome> = stored.maybe("outcome", row.next::<Option<String>>()?.as_deref())?;
            match (at, outcome) {
                (None, None) => None,
                (Some(at), Some(outcome)) => Some(Closed { at, outcome }),
                (Some(_), None) | (None, Some(_)) => return Err(stored.corrupt("outcome")),
            }
        },
    })
}

fn read_seconds(row: &mut Columns<'_>) -> Result<PerStage<Option<i64>>, StoreError> {
    let mut seconds = [None; 7];
    for one in &mut seconds {
        *one = row.next()?;
    }
    Ok(seconds)
}
