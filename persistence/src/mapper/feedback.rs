//! Ratings of leads: row to domain and back.

use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::feedback::{Feedback, FeedbackRating};
use fairfall_domain::id::{AgreementId, FeedbackId, LeadId, PassageId, UserId};
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::sql::Columns;

/// Every column, in the order in which [`read`] takes them.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "version",
    "lead_id",
    "passage_id",
    "department",
    "giving",
    "agreement_id",
    "agreement_key",
    "agreement_version",
    "rating",
    "reasons",
    "note",
    "by_user",
    "at",
    "updated_at",
];

/// The columns that a rating is read back from, of the table called `f`.
pub(crate) const READ: &str = "f.id, f.version, f.lead_id, f.passage_id, f.department, f.giving, f.agreement_id, f.agreement_key, \
    f.agreement_version, f.rating, f.reasons, f.note, f.by_user, f.at, f.updated_at";

/// The values of every column.
pub(crate) fn values(feedback: &Feedback) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        feedback.id.uuid().into(),
        to_count(feedback.version)?.into(),
        feedback.lead.uuid().into(),
        feedback.passage.uuid().into(),
        text(&feedback.department),
        text(&feedback.giving),
        feedback.agreement.id.uuid().into(),
        text(&feedback.agreement.key),
        to_count(feedback.agreement.version)?.into(),
        i16::from(feedback.rating.points()).into(),
        to_json(&feedback.reasons)?.into(),
        maybe_text(feedback.note.as_ref()),
        feedback.by.map(UserId::uuid).into(),
        feedback.at.into(),
        feedback.updated_at.into(),
    ])
}

/// A rating from its points.
pub(crate) fn rating(stored: &Stored, points: i16) -> Result<FeedbackRating, StoreError> {
    let points = u8::try_from(points).ok();
    points.and_then(FeedbackRating::from_points).ok_or_else(|| stored.corrupt("rating"))
}

/// Reads a rating from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Feedback, StoreError> {
    let id = FeedbackId::from(row.next::<Uuid>()?);
    let stored = Stored::new("lead_feedback", id);
    Ok(Feedback {
        id,
        version: stored.count("version", row.next()?)?,
        lead: LeadId::from(row.next::<Uuid>()?),
        passage: PassageId::from(row.next::<Uuid>()?),
        department: stored.text("department", &row.next::<String>()?)?,
        giving: stored.text("giving", &row.next::<String>()?)?,
        agreement: AgreementRef {
            id: AgreementId::from(row.next::<Uuid>()?),
            key: stored.text("agreement_key", &row.next::<String>()?)?,
            version: stored.count("agreement_version", row.next()?)?,
        },
        rating: rating(&stored, row.next()?)?,
        reasons: stored.json("reasons", &row.next::<String>()?)?,
        note: stored.maybe("note", row.next::<Option<String>>()?.as_deref())?,
        by: row.next::<Option<Uuid>>()?.map(UserId::from),
        at: row.next()?,
        updated_at: row.next()?,
    })
}
