//! Pairs of records that may be the same one: row to domain and back.

use chrono::{DateTime, Utc};
use fairfall_domain::id::{DuplicateId, UserId};
use fairfall_domain::matching::duplicate::{Explanation, Settled};
use fairfall_domain::matching::{Duplicate, DuplicateKind, DuplicatePair};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::{Stored, to_json};
use crate::sql::Columns;

/// Every column with its `PostgreSQL` type, in the order of [`values`] and [`read`].
pub(crate) const COLUMNS: &[(&str, &str)] = &[
    ("id", "uuid"),
    ("kind", "text"),
    ("left_id", "uuid"),
    ("right_id", "uuid"),
    ("band", "text"),
    ("score", "integer"),
    ("explanation", "text"),
    ("state", "text"),
    ("found_at", "timestamptz"),
    ("settled_by", "uuid"),
    ("settled_at", "timestamptz"),
];

/// The columns that a pair is read back from.
pub(crate) const READ: &str = "duplicate.id, duplicate.kind, duplicate.left_id, duplicate.right_id, duplicate.band, duplicate.score, \
    duplicate.explanation, duplicate.state, duplicate.found_at, duplicate.settled_by, duplicate.settled_at";

/// The values of every column.
pub(crate) fn values(duplicate: &Duplicate) -> Result<Vec<Value>, StoreError> {
    let [left, right] = duplicate.pair.ids();
    Ok(vec![
        duplicate.id.uuid().into(),
        text(&duplicate.pair.kind()),
        left.uuid().into(),
        right.uuid().into(),
        text(&duplicate.band),
        duplicate.weight.into(),
        to_json(&Explanation { fields: duplicate.fields.clone() })?.into(),
        text(&duplicate.state),
        duplicate.found_at.into(),
        duplicate.settled.and_then(|settled| settled.by).map(UserId::uuid).into(),
        duplicate.settled.map(|settled| settled.at).into(),
    ])
}

/// Reads a pair from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Duplicate, StoreError> {
    let id = DuplicateId::from(row.next::<Uuid>()?);
    let stored = Stored::new("duplicate", id);
    let kind: DuplicateKind = stored.text("kind", &row.next::<String>()?)?;
    let (left, right): (Uuid, Uuid) = (row.next()?, row.next()?);
    let pair = match kind {
        DuplicateKind::Person => DuplicatePair::persons(left.into(), right.into()),
        DuplicateKind::Company => DuplicatePair::companies(left.into(), right.into()),
    };
    let band = stored.text("band", &row.next::<String>()?)?;
    let weight = row.next()?;
    let Explanation { fields } = stored.json("explanation", &row.next::<String>()?)?;
    let state = stored.text("state", &row.next::<String>()?)?;
    let found_at = row.next()?;
    let by = row.next::<Option<Uuid>>()?.map(UserId::from);
    let settled = row.next::<Option<DateTime<Utc>>>()?.map(|at| Settled { at, by });
    let pair = pair.ok_or_else(|| stored.corrupt("right_id"))?;
    Ok(Duplicate { id, pair, band, weight, fields, state, found_at, settled })
}
