use super::*;
use crate::agreement::lifecycle::superseded;
use crate::agreement::{AgreementBook, AgreementFault, AgreementRefusal, AgreementScope, AgreementState};
use crate::change::Change;
use crate::waterfall::reason::RejectReason;

fn proposed(number: u128) -> Agreement {
    let attributes = AttributeBook::default();
    first(number, "a").revise(gate(12), catalogue(&attributes)).unwrap().propose(catalogue(&attributes)).unwrap()
}

#[test]
fn it_holds_when_both_have_signed_and_its_date_has_come() {
    let attributes = AttributeBook::default();
    let asked = AgreementPatch { in_force_from: Change::Set(at(60)), ..AgreementPatch::default() };
    let later = first(1, "a").revise(asked, catalogue(&attributes)).unwrap().propose(catalogue(&attributes)).unwrap();
    for (proposal, from) in [(proposed(1), at(5)), (later, at(60))] {
        let one = signed(&proposal, 1, GIVER, 3);
        assert_eq!((one.state, one.unsigned()), (AgreementState::Proposed, vec![Department::InsideSales]));
        assert!(!one.holds_at(at(1_000)), "one signature is none");
        let both = signed(&one, 2, TAKER, 5);
        assert_eq!((both.state, both.in_force_from), (AgreementState::InForce, Some(from)));
        assert!(both.holds_at(from) && !both.holds_at(from - TimeDelta::microseconds(1)));
        both.check().unwrap();
    }
}

#[test]
fn each_side_signs_once_and_nobody_for_both() {
    let one = signed(&proposed(1), 1, GIVER, 1);
    assert_eq!(one.sign(user(1), GIVER, at(2)), Ok(Signing::AlreadyDone));
    assert_eq!(one.sign(user(9), GIVER, at(2)), Ok(Signing::AlreadyDone), "the side has signed");
    let missing = vec![Department::InsideSales];
    let both = AgreementRefusal::SignedTheOtherSide { missing: missing.clone() };
    assert_eq!(one.sign(user(1), TAKER, at(2)), Err(both));
    for stranger in [None, Some(Department::FieldSales)] {
        assert_eq!(one.sign(user(7), stranger, at(2)), Err(AgreementRefusal::NotASigner { missing: missing.clone() }));
    }
    let both = signed(&one, 2, TAKER, 2);
    assert_eq!(both.sign(user(2), TAKER, at(3)), Ok(Signing::AlreadyDone), "a retry finds it in force");
    assert!(matches!(both.sign(user(8), TAKER, at(3)), Err(AgreementRefusal::WrongState { .. })));
    assert!(matches!(first(2, "b").sign(user(1), GIVER, at(1)), Err(AgreementRefusal::WrongState { .. })));
}

#[test]
fn a_withdrawn_proposal_has_no_signature_left() {
    let withdrawn = signed(&proposed(1), 1, GIVER, 1).withdraw().unwrap();
    assert_eq!((withdrawn.state, withdrawn.unsigned().len()), (AgreementState::Draft, 2));
    assert!(withdrawn.withdraw().is_err() && proposed(1).must_be_deletable().is_err());
    withdrawn.must_be_deletable().unwrap();
}

#[test]
fn what_was_read_is_what_is_signed() {
    let proposal = proposed(1);
    let one = signed(&proposal, 1, GIVER, 1);
    assert!(one.revision > proposal.revision);
    assert!(one.says_what_was_read_at(proposal.revision) && one.says_what_was_read_at(one.revision));
    assert!(!one.says_what_was_read_at(proposal.revision - 1) && !one.says_what_was_read_at(one.revision + 1));
    let attributes = AttributeBook::default();
    let again = one.withdraw().unwrap().revise(gate(6), catalogue(&attributes)).unwrap();
    assert!(!again.propose(catalogue(&attributes)).unwrap().says_what_was_read_at(proposal.revision));
}

#[test]
fn the_next_version_says_what_the_newest_said_and_there_is_one_at_a_time() {
    let running = signed(&signed(&proposed(1), 1, GIVER, 1), 2, TAKER, 2);
    let id = Uuid::from_u128(5).into();
    let next = Agreement::following(std::slice::from_ref(&running), id).unwrap().unwrap();
    assert_eq!((next.version, next.state, next.gates == running.gates), (2, AgreementState::Draft, true));
    assert_eq!(next.unsigned().len(), 2);
    let open = Agreement::following(&[running, next], id);
    assert_eq!(open, Err(AgreementRefusal::OpenVersion { id, version: 2 }));
    assert_eq!(Agreement::following(&[], id), Ok(None));
}

#[test]
fn a_successor_ends_a_version_when_its_date_comes_whether_or_not_that_was_noted() {
    let running = signed(&signed(&proposed(1), 1, GIVER, 1), 2, TAKER, 2);
    let next = Agreement { in_force_from: Some(at(60)), version: 2, id: Uuid::from_u128(5).into(), ..running.clone() };
    let versions = [running.clone(), next.clone()];
    assert_eq!(running.state_at(&versions, at(59)), AgreementState::InForce);
    assert_eq!(running.state_at(&versions, at(60)), AgreementState::Superseded);
    assert_eq!(next.state_at(&versions, at(59)), AgreementState::Signed, "its day has not come");
    assert_eq!(next.state_at(&versions, at(60)), AgreementState::InForce);
    assert!(superseded(&versions, at(59)).is_empty());
    let ended = superseded(&versions, at(60));
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].id, ended[0].state, ended[0].revision), (running.id, AgreementState::Superseded, running.revision + 1));
}

#[test]
fn faults_are_told_by_their_place_and_a_proposal_needs_defined_attributes() {
    let attributes = AttributeBook::default();
    let draft = first(1, "a");
    let Err(AgreementFault::Invalid(faults)) = draft.revise(gate(121), catalogue(&attributes)) else { panic!("a fault") };
    assert_eq!(faults.to_string(), "`gates.0.all.0.required`: measure TIMELINE_MONTHS takes a number from 0 to 120");
    let asks = Criterion { measure: Measure::Attribute { key: key("plan") }, ..months(7) };
    let patch = AgreementPatch { recycle_when: Some(vec![asks]), ..AgreementPatch::default() };
    let drafted = draft.revise(patch, catalogue(&attributes)).unwrap();
    let Err(AgreementFault::Invalid(faults)) = drafted.propose(catalogue(&attributes)) else { panic!("a fault") };
    assert_eq!(faults.as_slice()[0].field, "recycleWhen.0.attributeKey");
    let reasons = vec![RejectReason::Other, RejectReason::Other, RejectReason::Lapsed];
    let patch = AgreementPatch { reject_reasons: Some(reasons), ..AgreementPatch::default() };
    let Err(AgreementFault::Invalid(faults)) = draft.revise(patch, catalogue(&attributes)) else { panic!("a fault") };
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["rejectReasons.1", "rejectReasons.2"]);
}

#[test]
fn equally_narrow_scopes_are_told_and_one_governs() {
    let area = |areas: &[&str]| AgreementScope {
        product_areas: areas.iter().map(|area| key(area)).collect(),
        ..AgreementScope::default()
    };
    let running = |number: u128, text: &str, scope: AgreementScope| {
        let signed = signed(&signed(&proposed(number), 1, GIVER, 1), 2, TAKER, 2);
        Agreement { key: key(text), scope, ..signed }
    };
    let (wide, crm, both) =
        (running(1, "wide", area(&[])), running(2, "crm", area(&["crm"])), running(3, "both", area(&["erp", "crm"])));
    for agreements in [[wide.clone(), crm.clone(), both.clone()], [both.clone(), crm.clone(), wide.clone()]] {
        let book = AgreementBook::new(agreements.to_vec());
        let told = |own: &Agreement| book.overlapping(own, at(9)).map(|other| other.key.to_string()).collect::<Vec<_>>();
        assert_eq!((told(&wide), told(&crm), told(&both)), (vec![], vec!["both".to_owned()], vec!["crm".to_owned()]));
        let world = crate::waterfall::tests::support::World::on(crate::waterfall::tests::support::track("field"));
        let directory = crate::routing::Directory::default();
        let mut lead = world.lead;
        lead.demand.product_area = key("crm");
        let governing = |lead: &crate::waterfall::lead::Lead| {
            let matter = crate::agreement::Matter::of(lead, None, &directory);
            book.governing(Department::Marketing, Department::InsideSales, &matter, at(9)).unwrap().key.to_string()
        };
        assert_eq!(governing(&lead), "crm", "the key decides when nothing else does");
        lead.demand.product_area = key("hr");
        assert_eq!(governing(&lead), "wide");
    }
}
