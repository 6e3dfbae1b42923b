use chrono::DateTime;
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::code::UnknownCode;
use fairfall_domain::department::Department;
use fairfall_domain::id::{AgreementId, AnyId, CustomerId, EventId, LeadId, TeamId};
use fairfall_domain::routing::Placement;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::sla::{ClockKind, EscalationAct, SlaMoment};
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::event::{EventKind, LeadEvent};
use fairfall_domain::waterfall::reason::RecycleReason;
use fairfall_domain::waterfall::stage::{OpenStage, Stage};
use fairfall_domain::waterfall::state::Place;
use fairfall_persistence::journal::JournalEntry;
use uuid::Uuid;

use super::payload::EventPayload;

fn entry(kind: EventKind, payload: serde_json::Value) -> JournalEntry {
    let one = Uuid::from_u128(1);
    JournalEntry {
        position: 7,
        event: EventId::from(one),
        occurred_at: DateTime::UNIX_EPOCH,
        kind,
        subject: AnyId::Lead(LeadId::from(one)),
        subject_version: 2,
        lead: Some(LeadId::from(one)),
        actor: None,
        payload,
    }
}

fn payload_of(event: &LeadEvent) -> EventPayload {
    EventPayload::of(&entry(event.kind(), serde_json::to_value(event).unwrap()))
}

fn place(stage: OpenStage, department: Department) -> Place {
    let team = Some(TeamId::from(Uuid::from_u128(3)));
    Place { stage, department, placement: Placement::queued(team, QueueReason::AwaitingPickUp) }
}

#[test]
fn an_offer_tells_both_departments_and_the_stage_it_leads_to() {
    let giver = place(OpenStage::Mql, Department::Marketing);
    let agreement = AgreementRef { id: AgreementId::from(Uuid::from_u128(4)), key: Code::parse("sla").unwrap(), version: 1 };
    let (taker, enters) = (Department::InsideSales, OpenStage::Tal);
    let told = payload_of(&LeadEvent::HandedOver { giver, taker, enters, placement: giver.placement, agreement });
    assert_eq!((told.stage_before, told.stage_after), (Some(Stage::Mql.into()), Some(Stage::Mql.into())));
    assert_eq!((told.offered_to, told.enters), (Some(taker.into()), Some(enters.into())));
    assert_eq!(told.queue_reason, Some(QueueReason::AwaitingPickUp.into()));
    assert_eq!(told.reason, None);
}

#[test]
fn rest_tells_why_and_until_when() -> Result<(), UnknownCode> {
    let resume_at = Some(DateTime::UNIX_EPOCH);
    let placement = Placement::queued(None, QueueReason::NoTeam);
    let told = payload_of(&LeadEvent::Recycled { reason: RecycleReason::NotNow, resume_at, placement });
    assert_eq!(told.stage_after, Some(Stage::Nurturing.into()));
    assert_eq!(told.reason.as_deref().unwrap_or_default().parse::<RecycleReason>()?, RecycleReason::NotNow);
    assert_eq!(told.resume_at.map(|at| at.0), resume_at);
    Ok(())
}

#[test]
fn events_of_customers_and_unknown_ones_are_told_as_far_as_they_are_known() {
    let customer = CustomerId::from(Uuid::from_u128(5));
    let taken = EventPayload::of(&entry(EventKind::CustomerTakenOver, serde_json::json!({ "customer": customer })));
    assert_eq!(taken.customer.unwrap().to_string(), customer.to_string());
    let foreign = EventPayload::of(&entry(EventKind::LeadUpdated, serde_json::json!({ "event": "dreamt" })));
    assert_eq!((foreign.customer, foreign.changed_fields), (None, None));
}

#[test]
fn events_of_clocks_tell_the_clock_the_step_and_who_has_the_lead_then() {
    let team = Some(TeamId::from(Uuid::from_u128(3)));
    let moment = SlaMoment {
        clock: Uuid::from_u128(6).into(),
        kind: ClockKind::Accept,
        agreement: AgreementRef { id: AgreementId::from(Uuid::from_u128(4)), key: Code::parse("sla").unwrap(), version: 1 },
        department: Department::InsideSales,
        holder: Placement::with(team, Uuid::from_u128(7).into()),
        lap: 2,
        due: Some(DateTime::UNIX_EPOCH),
        percent: Some(120),
        act: Some(EscalationAct::Reassign),
        instead_of: None,
        pause: None,
        to: Some(Placement::queued(team, QueueReason::NobodyElse)),
        kept_at: None,
        in_time: None,
    };
    let told = EventPayload::of(&entry(EventKind::SlaEscalated, serde_json::to_value(&moment).unwrap()));
    assert_eq!(told.clock.unwrap().to_string(), moment.clock.to_string());
    assert_eq!((told.clock_kind, told.escalation), (Some(ClockKind::Accept.into()), Some(EscalationAct::Reassign.into())));
    assert_eq!((told.percent, told.lap, told.due_at.map(|at| at.0)), (Some(120), Some(2), moment.due));
    assert_eq!(told.queue_reason, Some(QueueReason::NobodyElse.into()));
    let met = SlaMoment { kept_at: moment.due, in_time: Some(true), act: None, percent: None, ..moment.clone() };
    let told = EventPayload::of(&entry(EventKind::SlaMet, serde_json::to_value(&met).unwrap()));
    assert_eq!((told.kept_at.map(|at| at.0), told.in_time, told.escalation), (moment.due, Some(true), None));
    let cut = EventPayload::of(&entry(EventKind::SlaPaused, serde_json::json!({ "clock": moment.clock, "dreamt": true })));
    assert_eq!(cut.clock_kind, None);
}
