use std::fmt::Write as _;

use super::*;
use crate::agreement::diff::diff;
use crate::agreement::{AgreementScope, Commitments, HandOverMode};
use crate::scoring::Tier;
use crate::sla::ladder::{EscalationAct, LadderStep};
use crate::sla::{ClockKind, ClockRule};
use crate::waterfall::gate::AnyOf;
use crate::waterfall::reason::RejectReason;

fn criterion(text: &str, measure: Measure, comparison: Comparison, required: Required) -> Criterion {
    Criterion { key: key(text), labels: Labels::new(&format!("{text} (de)"), text), measure, comparison, required }
}

fn step(lap: Option<u8>, at_percent: u16, act: EscalationAct) -> LadderStep {
    LadderStep { lap, at_percent, act }
}

fn clock(kind: ClockKind, tiers: &[Tier], promise: &str, ladder: Vec<LadderStep>) -> ClockRule {
    ClockRule { kind, tiers: tiers.to_vec(), promise: promise.parse().unwrap(), pause_seconds_max: None, ladder }
}

fn before() -> Agreement {
    let known = criterion("country", Measure::Country, Comparison::Known, Required::Nothing);
    let email = criterion("email", Measure::PersonEmailKnown, Comparison::Equals, Required::Flag(true));
    let phone = criterion("phone", Measure::PersonPhoneKnown, Comparison::Equals, Required::Flag(true));
    let mql = Gate { stage: OpenStage::Mql, all: vec![known, months(12)], any: vec![AnyOf { criteria: vec![email, phone] }] };
    let tal = Gate { stage: OpenStage::Tal, all: Vec::new(), any: Vec::new() };
    let ladder = vec![step(None, 80, EscalationAct::NotifyAssignee), step(Some(1), 100, EscalationAct::Reassign)];
    Agreement {
        gates: vec![mql, tal],
        clocks: vec![
            clock(ClockKind::Accept, &[], "business 4h", ladder),
            clock(ClockKind::Feedback, &[], "wall 14d", Vec::new()),
        ],
        commitments: Commitments { volume_per_month: Some(100), in_time_percent: Some(90), ..Commitments::default() },
        ..first(1, "a")
    }
}

fn after() -> Agreement {
    let mut after = Agreement { version: 2, hand_over: HandOverMode::Automatic, ..before() };
    let cold = criterion("cold", Measure::EngagementPoints, Comparison::AtMost, Required::Number(5));
    let area = Required::Codes(vec!["crm".to_owned(), "erp".to_owned()]);
    let areas = criterion("areas", Measure::ProductArea, Comparison::OneOf, area);
    after.gates.pop();
    after.gates[0].all = vec![months(6), areas];
    after.gates[0].any[0].criteria.pop();
    after.recycle_when = vec![cold];
    let ladder = vec![step(None, 80, EscalationAct::NotifyAssignee), step(Some(2), 100, EscalationAct::ReturnToGiver)];
    after.clocks = vec![
        ClockRule { pause_seconds_max: Some(93_600), ..clock(ClockKind::Accept, &[], "business 2h 30m", ladder) },
        clock(ClockKind::Accept, &[Tier::Hot, Tier::Warm], "wall 30m", vec![step(None, 100, EscalationAct::NotifyManager)]),
    ];
    after.scope = AgreementScope { product_areas: vec![key("crm"), key("erp")], ..AgreementScope::default() };
    after.reject_reasons = vec![RejectReason::Duplicate, RejectReason::Other];
    after.commitments = Commitments { volume_per_month: Some(120), feedback_percent: Some(80), ..Commitments::default() };
    after
}

#[test]
fn what_is_different_is_told_in_both_languages() {
    let mut told = String::new();
    for difference in diff(&before(), &after()) {
        writeln!(told, "{} {}", difference.path, difference.kind).unwrap();
        for (sign, labels) in [("-", difference.before), ("+", difference.after)] {
            if let Some(labels) = labels {
                writeln!(told, "  {sign} {}\n  {sign} {}", labels.de, labels.en).unwrap();
            }
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn what_is_the_same_is_not_told_and_the_way_back_is_the_opposite() {
    assert!(diff(&before(), &before()).is_empty());
    let (there, back) = (diff(&before(), &after()), diff(&after(), &before()));
    assert_eq!(there.len(), back.len());
    for one in &there {
        let opposite =
            back.iter().any(|other| (&one.path, &one.before, &one.after) == (&other.path, &other.after, &other.before));
        assert!(opposite, "{one:?}");
    }
}
