//! Histories with their original times.

use chrono::{DateTime, TimeDelta, Utc};

use crate::department::Department::{FieldSales, InsideSales, Marketing};
use crate::violation::Violations;
use crate::waterfall::change::Change;
use crate::waterfall::history::{Past, PastDraws, PastEnd, PastOutcome, PastStep, write};
use crate::waterfall::passage::PassageOutcome;
use crate::waterfall::stage::{OpenStage, Stage};

use super::support::{id, member, order, roster, start, track};

fn written(past: &Past, captured_at: DateTime<Utc>) -> Result<Change, Violations> {
    let draws = PastDraws { transitions: vec![id(21), id(22), id(23)], customer: id(24) };
    write(order(Marketing, None), past, &draws, &track("field"), &roster(), captured_at, start())
}

fn step(stage: OpenStage, at: DateTime<Utc>, by: Option<crate::id::UserId>) -> PastStep {
    PastStep { stage, at, by, field: stage.to_string().to_lowercase() }
}

#[test]
fn a_won_history_reaches_every_stage_and_makes_up_no_times() {
    let captured_at = start() - TimeDelta::days(100);
    let won_at = captured_at + TimeDelta::days(12);
    let past = Past {
        steps: vec![
            step(OpenStage::Mql, captured_at, None),
            step(OpenStage::Tal, captured_at + TimeDelta::days(2), Some(member(InsideSales))),
        ],
        end: Some(PastEnd { outcome: PastOutcome::Won, at: won_at, by: Some(member(FieldSales)), field: "won_at".to_owned() }),
    };
    let change = written(&past, captured_at).unwrap();
    assert_eq!(change.passage.closed.unwrap().outcome, PassageOutcome::Won);
    assert_eq!(change.passage.seconds_to_won(), Some(12 * 86_400));
    for stage in [OpenStage::Lead, OpenStage::Mql, OpenStage::Tal, OpenStage::Tql, OpenStage::Sal, OpenStage::Sql] {
        assert!(change.passage.reached.contains(stage), "{stage}");
    }
    assert_eq!(change.passage.seconds[OpenStage::Mql.index()], Some(2 * 86_400));
    assert_eq!(change.passage.seconds[OpenStage::Tal.index()], None, "the way from TAL to SQL is not known");
    assert_eq!((change.lead.state.stage(), change.lead.version), (Stage::Won, 4));
    assert_eq!(change.lead.state.placement().person, Some(member(FieldSales)));
    assert_eq!(change.transitions.len(), 4);
    assert!(change.opportunity.is_some() && change.customer.is_some());
    assert_eq!(change.lead.updated_at, won_at);
}

#[test]
fn won_before_captured_is_a_fault_that_names_both() {
    let captured_at = start() - TimeDelta::days(10);
    let end = PastEnd { outcome: PastOutcome::Won, at: captured_at - TimeDelta::days(1), by: None, field: "won_at".to_owned() };
    let faults = written(&Past { steps: Vec::new(), end: Some(end) }, captured_at).unwrap_err();
    assert_eq!(faults.to_string(), "`won_at`: lies before `captured_at`");
}

#[test]
fn the_future_and_a_wrong_order_of_stages_are_faults() {
    let captured_at = start() - TimeDelta::days(10);
    let steps = vec![step(OpenStage::Tal, captured_at, None), step(OpenStage::Mql, start() + TimeDelta::days(1), None)];
    let faults = written(&Past { steps, end: None }, captured_at).unwrap_err().to_string();
    assert!(faults.contains("`MQL` does not come after `TAL`") && faults.contains("lies in the future"), "{faults}");
}
