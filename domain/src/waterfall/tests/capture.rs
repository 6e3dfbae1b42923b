//! Capture: where a lead starts and who has it.

use crate::department::Department::{self, CustomerService, FieldSales, InsideSales, Marketing};
use crate::routing::{QueueReason, Roster};
use crate::waterfall::capture::capture;
use crate::waterfall::event::LeadEvent;
use crate::waterfall::refusal::RefusalCode;

use super::support::{member, order, roster, start, track};

fn captured(key: &str, origin: Department, by: Option<Department>) -> (String, Option<crate::id::UserId>, Option<QueueReason>) {
    let change = capture(order(origin, by.map(member)), &track(key), &roster(), start()).unwrap();
    let placement = change.lead.state.placement();
    (format!("{} in {}", change.lead.state.stage(), change.lead.state.department()), placement.person, placement.queue_reason)
}

#[test]
fn a_lead_starts_at_the_first_step_of_the_department_that_created_it() {
    assert_eq!(captured("field", Marketing, Some(Marketing)), ("LEAD in MARKETING".to_owned(), Some(member(Marketing)), None));
    assert_eq!(captured("field", InsideSales, Some(InsideSales)).0, "TAL in INSIDE_SALES");
    assert_eq!(captured("field", FieldSales, Some(FieldSales)).0, "SAL in FIELD_SALES");
}

#[test]
fn a_department_without_a_step_captures_into_marketings_queue() {
    let queued = Some(QueueReason::AwaitingPickUp);
    assert_eq!(captured("field", CustomerService, Some(CustomerService)), ("LEAD in MARKETING".to_owned(), None, queued));
    assert_eq!(captured("inside", FieldSales, Some(FieldSales)).0, "LEAD in MARKETING");
}

#[test]
fn without_any_team_a_lead_waits_with_a_reason_and_is_not_lost() {
    let change = capture(order(Marketing, None), &track("field"), &Roster::default(), start()).unwrap();
    assert_eq!(change.lead.state.placement().queue_reason, Some(QueueReason::NoTeam));
    assert!(change.lead.state.waits_for().is_some());
}

#[test]
fn a_wish_for_somebody_of_another_department_is_refused() {
    let mut wished = order(Marketing, None);
    wished.wish.person = Some(member(FieldSales));
    let refusal = capture(wished, &track("field"), &roster(), start()).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::UnknownTaker);
}

#[test]
fn a_first_step_that_opens_the_opportunity_opens_it() {
    let change = capture(order(FieldSales, Some(member(FieldSales))), &track("direct"), &roster(), start()).unwrap();
    assert!(change.opportunity.is_some());
    assert!(matches!(change.events.as_slice(), [LeadEvent::Captured { .. }, LeadEvent::OpportunityOpened { .. }]));
}
