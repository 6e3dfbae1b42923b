//! Transitions: row to domain and back.

use fairfall_domain::id::{LeadId, PassageId, TeamId, TransitionId, UserId};
use fairfall_domain::routing::Placement;
use fairfall_domain::waterfall::transition::Transition;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::{maybe_text, text};
use crate::mapper::stored::{Stored, to_count, to_json};
use crate::sql::Columns;

/// Every column.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "lead_id",
    "passage_id",
    "lead_version",
    "step",
    "at",
    "act",
    "from_stage",
    "to_stage",
    "from_department",
    "to_department",
    "actor_id",
    "team_id",
    "person_id",
    "queue_reason",
    "reason",
    "note",
    "agreement",
];

/// The columns of the table called `t`, in the order in which [`read`] takes them.
pub(crate) const READ: &str = "t.id, t.lead_id, t.passage_id, t.lead_version, t.step, t.at, t.act, t.from_stage, t.to_stage, \
    t.from_department, t.to_department, t.actor_id, t.team_id, t.person_id, t.queue_reason, t.reason, t.note, t.agreement";

/// The values of every column.
pub(crate) fn values(transition: &Transition) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        transition.id.uuid().into(),
        transition.lead.uuid().into(),
        transition.passage.uuid().into(),
        to_count(transition.lead_version)?.into(),
        i16::from(transition.step).into(),
        transition.at.into(),
        text(&transition.act),
        maybe_text(transition.from_stage.as_ref()),
        text(&transition.to_stage),
        maybe_text(transition.from_department.as_ref()),
        text(&transition.to_department),
        transition.actor.map(UserId::uuid).into(),
        transition.placement.team.map(TeamId::uuid).into(),
        transition.placement.person.map(UserId::uuid).into(),
        maybe_text(transition.placement.queue_reason.as_ref()),
        transition.reason.clone().into(),
        maybe_text(transition.note.as_ref()),
        transition.agreement.as_ref().map(to_json).transpose()?.into(),
    ])
}

/// Reads a transition from the columns of [`READ`].
pub(crate) fn read(row: &mut Columns<'_>) -> Result<Transition, StoreError> {
    let id = TransitionId::from(row.next::<Uuid>()?);
    let stored = Stored::new("transition", id);
    Ok(Transition {
        id,
        lead: LeadId::from(row.next::<Uuid>()?),
        passage: PassageId::from(row.next::<Uuid>()?),
        lead_version: stored.count("lead_version", row.next()?)?,
        step: u8::try_from(row.next::<i16>()?).map_err(|_| stored.corrupt("step"))?,
        at: row.next()?,
        act: stored.text("act", &row.next::<String>()?)?,
        from_stage: stored.maybe("from_stage", row.next::<Option<String>>()?.as_deref())?,
        to_stage: stored.text("to_stage", &row.next::<String>()?)?,
        from_department: stored.maybe("from_department", row.next::<Option<String>>()?.as_deref())?,
        to_department: stored.text("to_department", &row.next::<String>()?)?,
        actor: row.next::<Option<Uuid>>()?.map(UserId::from),
        placement: Placement {
            team: row.next::<Option<Uuid>>()?.map(TeamId::from),
            person: row.next::<Option<Uuid>>()?.map(UserId::from),
            queue_reason: stored.maybe("queue_reason", row.next::<Option<String>>()?.as_deref())?,
        },
        reason: row.next()?,
        note: stored.maybe("note", row.next::<Option<String>>()?.as_deref())?,
        agreement: row.next::<Option<String>>()?.map(|json| stored.json("agreement", &json)).transpose()?,
    })
}
