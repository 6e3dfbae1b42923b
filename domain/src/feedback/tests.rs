//! Who may rate what, and when.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::id::{AgreementId, TeamId, TransitionId};
use crate::waterfall::stage::Stage;

fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn agreement(number: u128) -> AgreementRef {
    AgreementRef { id: id::<AgreementId>(number), key: "marketing-inside".parse().unwrap(), version: 1 }
}

fn placement(number: u128) -> Placement {
    Placement::with(Some(id::<TeamId>(number)), id::<UserId>(number))
}

const MARKETING: Department = Department::Marketing;
const INSIDE: Department = Department::InsideSales;
const FIELD: Department = Department::FieldSales;

fn step(act: Act, (from, from_stage): (Department, Stage), (to, to_stage): (Department, Stage), holder: u128) -> Transition {
    Transition {
        id: id::<TransitionId>(1),
        lead: id(1),
        passage: id(1),
        lead_version: 1,
        step: 0,
        at: at(),
        act,
        from_stage: Some(from_stage),
        to_stage,
        from_department: Some(from),
        to_department: to,
        actor: None,
        placement: placement(holder),
        reason: None,
        note: None,
        agreement: (act == Act::HandOver).then(|| agreement(7)),
    }
}

fn offered() -> Transition {
    step(Act::HandOver, (MARKETING, Stage::Mql), (INSIDE, Stage::Mql), 2)
}

fn accepted() -> Transition {
    step(Act::Accept, (MARKETING, Stage::Mql), (INSIDE, Stage::Tal), 3)
}

fn taken(holder: u128) -> Taken {
    Taken { passage: id(1), department: INSIDE, giving: MARKETING, agreement: agreement(7), holder: placement(holder) }
}

#[test]
fn what_was_accepted_is_taken_by_whoever_has_it_last() {
    assert_eq!(Taken::all(&[offered()]), []);
    assert_eq!(Taken::all(&[offered(), accepted()]), [taken(3)]);
    let given_on = step(Act::Reassign, (INSIDE, Stage::Tal), (INSIDE, Stage::Tal), 4);
    let forth = step(Act::HandOver, (INSIDE, Stage::Tql), (FIELD, Stage::Tql), 5);
    assert_eq!(Taken::all(&[offered(), accepted(), given_on.clone(), forth.clone()]), [taken(4)], "an offer changes no holder");
    let passed_on = step(Act::Reassign, (INSIDE, Stage::Tql), (FIELD, Stage::Tql), 6);
    let won = step(Act::Accept, (INSIDE, Stage::Tql), (FIELD, Stage::Sal), 6);
    let all = Taken::all(&[offered(), accepted(), given_on, forth, passed_on, won]);
    assert_eq!(all.iter().map(|one| (one.department, one.giving)).collect::<Vec<_>>(), [(INSIDE, MARKETING), (FIELD, INSIDE)]);
    assert_eq!((all[0].holder, all[1].holder), (placement(4), placement(6)));
}

#[test]
fn what_was_returned_or_taken_back_is_not_taken() {
    for act in [Act::Reject, Act::Withdraw] {
        let back = step(act, (MARKETING, Stage::Mql), (MARKETING, Stage::Mql), 1);
        assert_eq!(Taken::all(&[offered(), back.clone()]), []);
        assert_eq!(Taken::all(&[offered(), back, offered(), accepted()]), [taken(3)]);
    }
}

#[test]
fn what_goes_without_an_offer_is_taken_at_once() {
    let sent = step(Act::HandOver, (MARKETING, Stage::Mql), (FIELD, Stage::Sql), 3);
    let found = Taken::all(std::slice::from_ref(&sent));
    assert_eq!((found[0].department, found[0].holder), (FIELD, placement(3)));
    // an accepted stage within a department is no crossing, and a history without agreements promised nothing
    let within = step(Act::Accept, (FIELD, Stage::Sql), (FIELD, Stage::Sal), 3);
    assert_eq!(Taken::all(&[sent.clone(), within]).len(), 1);
    assert_eq!(Taken::all(&[Transition { agreement: None, ..sent }]), []);
}

#[test]
fn each_passage_has_its_own() {
    let second = |one: Transition| Transition { passage: id(2), ..one };
    let all =
        Taken::all(&[offered(), accepted(), second(offered()), Transition { placement: placement(9), ..second(accepted()) }]);
    assert_eq!(all[0], taken(3));
    assert_eq!(all[1], Taken { passage: id(2), ..taken(9) });
}

#[test]
fn another_opinion_replaces_the_first() {
    let draft = |rating, note: Option<&str>| FeedbackDraft {
        rating,
        reasons: vec![FeedbackReason::RightPerson, FeedbackReason::WellPrepared, FeedbackReason::RightPerson],
        note: note.map(str::to_owned),
    };
    let good = draft(FeedbackRating::Good, Some(" ready  ")).parse().unwrap();
    let first = taken(3).rate(id(8), id(1), good.clone(), id(3), at());
    assert!(first.says(&good));
    assert_eq!(first.reasons.iter().copied().collect::<Vec<_>>(), [FeedbackReason::WellPrepared, FeedbackReason::RightPerson]);
    let poor = draft(FeedbackRating::Poor, None).parse().unwrap();
    let later = at() + chrono::TimeDelta::days(1);
    let second = first.replaced(poor.clone(), id(4), later);
    assert!(second.says(&poor) && !second.says(&good));
    assert_eq!((second.version, second.by, second.at, second.updated_at), (2, Some(id(4)), at(), later));
    assert_eq!((second.id, second.agreement, second.note), (first.id, first.agreement, None));
}

#[test]
fn faults_are_told_by_field() {
    let draft =
        FeedbackDraft { rating: FeedbackRating::Fair, reasons: vec![FeedbackReason::Other], note: Some("x".repeat(2_001)) };
    let codes = |draft: &FeedbackDraft| -> Vec<_> {
        draft.parse().unwrap_err().iter().map(|fault| (fault.field.clone(), fault.code)).collect()
    };
    assert_eq!(codes(&draft), [("note".to_owned(), ViolationCode::TooLong)]);
    assert_eq!(codes(&FeedbackDraft { note: Some("  ".to_owned()), ..draft }), [("note".to_owned(), ViolationCode::Required)]);
}

#[test]
fn points_and_ratings_are_the_same() {
    assert_eq!(FeedbackRating::ALL.iter().map(|rating| rating.points()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert!((0..=255).all(|points| FeedbackRating::from_points(points).is_none_or(|rating| rating.points() == points)));
    assert_eq!((FeedbackRating::from_points(0), FeedbackRating::from_points(6)), (None, None));
}

proptest! {
    #[test]
    fn nobody_takes_what_was_not_accepted(acts in prop::collection::vec(0_usize..4, 0..12)) {
        let steps: Vec<Transition> = acts.iter().map(|act| match act {
            0 => offered(),
            1 => accepted(),
            2 => step(Act::Reject, (MARKETING, Stage::Mql), (MARKETING, Stage::Mql), 1),
            _ => step(Act::Withdraw, (MARKETING, Stage::Mql), (MARKETING, Stage::Mql), 1),
        }).collect();
        let answered = acts.windows(2).filter(|pair| pair[0] == 0 && pair[1] == 1).count();
        prop_assert_eq!(Taken::all(&steps).len(), answered);
    }
}
