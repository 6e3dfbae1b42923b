//! What changed with an event, as typed fields. What does not belong to the kind of event is absent.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use fairfall_domain::consent::{ConsentStatus, ContactChannel, LegalBasis, Purpose};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{FeedbackRating, FeedbackReason};
use fairfall_domain::id::{AgreementId, CustomerId, TeamId, UserId};
use fairfall_domain::matching::MatchBand;
use fairfall_domain::routing::Placement;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::scoring::{Grade, Tier};
use fairfall_domain::sla::calendar::CalendarLevel;
use fairfall_domain::sla::{ClockKind, EscalationAct, SlaMoment};
use fairfall_domain::waterfall::event::{EventKind, LeadEvent};
use fairfall_domain::waterfall::stage::{OpenStage, Stage};
use fairfall_domain::waterfall::state::Place;
use fairfall_persistence::journal::JournalEntry;
use serde::Deserialize;

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::money::MoneyObject;
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::user::UserObject;
use crate::graphql::scalar::{self, Timestamp};

/// What changed with an event: ids, codes and figures, never personal data. Fields that do not belong to the kind of event are absent.
#[derive(Clone, Debug, Default, SimpleObject)]
#[graphql(complex)]
pub struct EventPayload {
    /// The stage before.
    pub stage_before: Option<Coded<Stage>>,
    /// The stage after. An offered lead still stands at the giver's stage.
    pub stage_after: Option<Coded<Stage>>,
    /// The department before.
    pub department_before: Option<Coded<Department>>,
    /// The department after.
    pub department_after: Option<Coded<Department>>,
    /// The department that the lead was offered to, or that returned the offer.
    pub offered_to: Option<Coded<Department>>,
    /// The stage that an offered lead enters when it is accepted.
    pub enters: Option<Coded<OpenStage>>,
    /// Why no person but a queue has it now.
    pub queue_reason: Option<Coded<QueueReason>>,
    /// Why: the reason's code, of the enum that belongs to the act (such as `RejectReason`).
    pub reason: Option<String>,
    /// When a resting lead comes back, or a clock that stands still runs on, by itself.
    pub resume_at: Option<Timestamp>,
    /// The names of the fields that an update changed.
    pub changed_fields: Option<Vec<String>>,
    /// The grade before.
    pub grade_before: Option<Coded<Grade>>,
    /// The grade after.
    pub grade_after: Option<Coded<Grade>>,
    /// The tier before.
    pub tier_before: Option<Coded<Tier>>,
    /// The tier after.
    pub tier_after: Option<Coded<Tier>>,
    /// The fit points after, 0 to 100.
    pub fit: Option<i32>,
    /// The engagement points after, 0 to 100.
    pub engagement: Option<i32>,
    /// The key of the track before.
    pub track_before: Option<String>,
    /// The key of the track after.
    pub track_after: Option<String>,
    /// The passage that began.
    pub passage: Option<ID>,
    /// The number of the passage that began, from 1.
    pub passage_number: Option<u32>,
    /// The amount that was won.
    pub amount: Option<MoneyObject>,
    /// The opportunity that was opened.
    pub opportunity: Option<ID>,
    /// The customer that was handed to customer service, or taken over.
    pub customer: Option<ID>,
    /// The merge that was made or taken back.
    pub merge: Option<ID>,
    /// The record that was merged away, or that is its own again.
    pub merged_away: Option<ID>,
    /// What the person said about being contacted.
    pub consents: Option<Vec<ConsentChangeObject>>,
    /// How sure it is that two records that were found are the same one.
    pub match_band: Option<Coded<MatchBand>>,
    /// The clock that the event is about.
    pub clock: Option<ID>,
    /// What that clock promises.
    pub clock_kind: Option<Coded<ClockKind>>,
    /// After how many percent of the promise.
    pub percent: Option<i32>,
    /// In which lap of the promise, from 1.
    pub lap: Option<i32>,
    /// When the promise is due.
    pub due_at: Option<Timestamp>,
    /// When the promise was kept, with `SLA_MET`.
    pub kept_at: Option<Timestamp>,
    /// Whether it was kept in time, with `SLA_MET`.
    pub in_time: Option<bool>,
    /// What the step of the escalation ladder did.
    pub escalation: Option<Coded<EscalationAct>>,
    /// How good the taker said that the lead was.
    pub rating: Option<Coded<FeedbackRating>>,
    /// What the taker said was good or missing.
    pub rating_reasons: Option<Vec<Coded<FeedbackReason>>>,
    /// Whose calendar changed.
    pub calendar_level: Option<Coded<CalendarLevel>>,
    /// From when the version of an agreement holds, once both sides signed it; before that the date that it asks for.
    pub in_force_from: Option<Timestamp>,
    #[graphql(skip)]
    agreement_id: Option<AgreementId>,
    #[graphql(skip)]
    person_id: Option<UserId>,
    #[graphql(skip)]
    team_id: Option<TeamId>,
}

#[ComplexObject]
impl EventPayload {
    /// The version of the agreement that the hand-over ran under, or that was proposed, taken back or signed.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, self.agreement_id).await
    }

    /// The colleague who has it now, or to whom it is offered.
    async fn assignee(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.person_id).await
    }

    /// The team that has it now, or to which it is offered; of a calendar the team whose it is.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.team_id).await
    }
}

impl EventPayload {
    /// Reads the payload of an event. What newer versions wrote and this one does not know is left out.
    pub fn of(entry: &JournalEntry) -> Self {
        match serde_json::from_value::<LeadEvent>(entry.payload.clone()) {
            Ok(event) => Self::of_lead(event),
            Err(_) if is_of_clock(entry) => Self::of_clock(entry),
            Err(_) => Self {
                customer: customer_of(entry).map(scalar::id),
                consents: consents_of(entry),
                merge: text_of(entry, "merge"),
                merged_away: text_of(entry, "loser"),
                match_band: written(entry, "band").map(Coded),
                changed_fields: written(entry, "fields"),
                rating: written(entry, "rating").map(Coded),
                rating_reasons: written::<Vec<_>>(entry, "reasons").map(|reasons| coded(&reasons)),
                calendar_level: written(entry, "level").filter(|_| entry.kind == EventKind::CalendarChanged).map(Coded),
                team_id: written(entry, "team").filter(|_| entry.kind == EventKind::CalendarChanged),
                agreement_id: written(entry, "agreement"),
                in_force_from: written(entry, "in_force_from").map(Timestamp),
                ..Self::default()
            },
        }
    }

    /// What the event of a clock tells; of one that moved the lead, who has it now.
    fn of_clock(entry: &JournalEntry) -> Self {
        let Ok(moment) = serde_json::from_value::<SlaMoment>(entry.payload.clone()) else { return Self::default() };
        let told = Self {
            clock: Some(scalar::id(moment.clock)),
            clock_kind: Some(moment.kind.into()),
            percent: moment.percent.map(scalar::int),
            lap: Some(scalar::int(moment.lap)),
            due_at: moment.due.map(Timestamp),
            kept_at: moment.kept_at.map(Timestamp),
            in_time: moment.in_time,
            escalation: moment.act.map(Into::into),
            reason: moment.pause.map(|pause| pause.reason.to_string()),
            resume_at: moment.pause.map(|pause| Timestamp(pause.until)),
            agreement_id: Some(moment.agreement.id),
            ..Self::default()
        };
        told.with(moment.to.unwrap_or(moment.holder))
    }

    #[expect(clippy::too_many_lines, reason = "one arm an event, so that none is forgotten")]
    fn of_lead(event: LeadEvent) -> Self {
        let empty = Self::default();
        match event {
            LeadEvent::Captured { place, passage, track } => Self {
                passage: Some(scalar::id(passage)),
                passage_number: Some(1),
                track_after: Some(track.key.to_string()),
                ..empty.at(place)
            },
            LeadEvent::Updated { fields } => Self { changed_fields: Some(fields), ..empty },
            LeadEvent::Scored { grade_before, grade, tier_before, tier, fit, engagement, model: _ } => Self {
                grade_before: Some(grade_before.into()),
                grade_after: Some(grade.into()),
                tier_before: Some(tier_before.into()),
                tier_after: Some(tier.into()),
                fit: Some(fit.into()),
                engagement: Some(engagement.into()),
                ..empty
            },
            LeadEvent::Qualified { from, place } => {
                Self { department_before: Some(place.department.into()), ..empty.at(place).came_from(from) }
            }
            LeadEvent::HandedOver { giver, taker, enters, placement, agreement } => Self {
                department_before: Some(giver.department.into()),
                offered_to: Some(taker.into()),
                enters: Some(enters.into()),
                agreement_id: Some(agreement.id),
                ..empty.at(giver).came_from(giver.stage).with(placement)
            },
            LeadEvent::Transferred { from, place, agreement } => {
                Self { agreement_id: Some(agreement.id), ..empty.at(place).came_from(from) }
            }
            LeadEvent::Accepted { from, place } => empty.at(place).came_from(from),
            LeadEvent::Rejected { taker, reason, place } => Self {
                offered_to: Some(taker.into()),
                reason: Some(reason.to_string()),
                ..empty.at(place).came_from(place.stage)
            },
            LeadEvent::Withdrawn { place } => empty.at(place).came_from(place.stage),
            LeadEvent::Reassigned { previous: _, placement, reason } => {
                Self { reason: Some(reason.to_string()), ..empty.with(placement) }
            }
            LeadEvent::Recycled { reason, resume_at, placement } => Self {
                stage_after: Some(Stage::Nurturing.into()),
                department_after: Some(Department::Marketing.into()),
                reason: Some(reason.to_string()),
                resume_at: resume_at.map(Timestamp),
                ..empty.with(placement)
            },
            LeadEvent::Reactivated { passage, number, track, place } => Self {
                stage_before: Some(Stage::Nurturing.into()),
                passage: Some(scalar::id(passage)),
                passage_number: Some(number),
                track_after: Some(track.key.to_string()),
                ..empty.at(place)
            },
            LeadEvent::Disqualified { reason } => {
                Self { stage_after: Some(Stage::Disqualified.into()), reason: Some(reason.to_string()), ..empty }
            }
            LeadEvent::Won { place, customer, amount } => Self {
                customer: Some(scalar::id(customer)),
                amount: amount.map(Into::into),
                ..empty.at(place).came_from(place.stage).into_stage(Stage::Won)
            },
            LeadEvent::Lost { place, reason } => {
                Self { reason: Some(reason.to_string()), ..empty.at(place).came_from(place.stage).into_stage(Stage::Lost) }
            }
            LeadEvent::Reopened { reason, state } => Self {
                department_after: Some(state.department().into()),
                reason: Some(reason.to_string()),
                ..empty.with(state.placement()).into_stage(state.stage())
            },
            LeadEvent::Retracked { from, to } => {
                Self { track_before: Some(from.key.to_string()), track_after: Some(to.key.to_string()), ..empty }
            }
            LeadEvent::OpportunityOpened { opportunity } => Self { opportunity: Some(scalar::id(opportunity)), ..empty },
            LeadEvent::CustomerHandedOver { customer, placement } => Self {
                customer: Some(scalar::id(customer)),
                offered_to: Some(Department::CustomerService.into()),
                ..empty.with(placement)
            },
        }
    }
}

impl EventPayload {
    /// The lead is at a place after it.
    fn at(self, place: Place) -> Self {
        let (stage_after, department_after) = (Some(Stage::from(place.stage).into()), Some(place.department.into()));
        Self { stage_after, department_after, ..self.with(place.placement) }
    }

    /// The lead was at a stage before it.
    fn came_from(self, stage: OpenStage) -> Self {
        Self { stage_before: Some(Stage::from(stage).into()), ..self }
    }

    /// The lead is at a stage after it.
    fn into_stage(self, stage: Stage) -> Self {
        Self { stage_after: Some(stage.into()), ..self }
    }

    /// A team and a person or queue have it after it.
    fn with(self, placement: Placement) -> Self {
        Self {
            team_id: placement.team,
            person_id: placement.person,
            queue_reason: placement.queue_reason.map(Into::into),
            ..self
        }
    }
}

/// Whether an event is about a clock.
fn is_of_clock(entry: &JournalEntry) -> bool {
    entry.payload.get("clock").is_some_and(serde_json::Value::is_string)
}

/// An id of the payload of an event of a merge.
fn text_of(entry: &JournalEntry, field: &str) -> Option<ID> {
    entry.payload.get(field).and_then(serde_json::Value::as_str).map(ID::from)
}

/// What the payload of an event that is not of the waterfall says in a field.
fn written<T: serde::de::DeserializeOwned>(entry: &JournalEntry, field: &str) -> Option<T> {
    serde_json::from_value(entry.payload.get(field)?.clone()).ok()
}

/// The customer that an event of a customer names.
fn customer_of(entry: &JournalEntry) -> Option<CustomerId> {
    entry.payload.get("customer").and_then(serde_json::Value::as_str).and_then(|text| CustomerId::parse(text).ok())
}

/// What a person said about one purpose and channel.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ConsentChange")]
pub struct ConsentChangeObject {
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which way.
    pub channel: Coded<ContactChannel>,
    /// Whether it is allowed.
    pub status: Coded<ConsentStatus>,
    /// What GRANTED rests on; absent with any other status.
    pub basis: Option<Coded<LegalBasis>>,
}

/// One word of the payload as it was written.
#[derive(Deserialize)]
struct WrittenChange {
    purpose: Purpose,
    channel: ContactChannel,
    status: ConsentStatus,
    basis: Option<LegalBasis>,
}

/// The words that an event of a person tells of.
fn consents_of(entry: &JournalEntry) -> Option<Vec<ConsentChangeObject>> {
    let changes = entry.payload.get("changes").filter(|_| entry.kind == EventKind::ConsentChanged)?;
    let written: Vec<WrittenChange> = serde_json::from_value(changes.clone()).ok()?;
    let shown = |change: WrittenChange| ConsentChangeObject {
        purpose: change.purpose.into(),
        channel: change.channel.into(),
        status: change.status.into(),
        basis: change.basis.map(Into::into),
    };
    Some(written.into_iter().map(shown).collect())
}
