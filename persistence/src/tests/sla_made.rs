//! Clocks and ratings as tests need them.

use chrono::TimeDelta;
use fairfall_domain::agreement::AgreementRef;
use fairfall_domain::department::Department;
use fairfall_domain::feedback::{Feedback, FeedbackRating};
use fairfall_domain::routing::Placement;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::{Basis, Clock, ClockKind, Promise};

use crate::Store;
use crate::repo::clock;
use crate::tests::support::{at, id, lead_id, team, user};

/// A version of an agreement from marketing to inside sales.
pub(super) fn agreement(version: u32) -> AgreementRef {
    AgreementRef { id: id(7, u128::from(version)), key: "marketing-inside".parse().unwrap(), version }
}

/// A clock of a lead and of its passage that runs since [`super::support::start`], an hour of wall time.
pub(super) fn a_clock(number: u128, lead: u128, kind: ClockKind) -> Clock {
    Clock {
        id: id(30, number),
        lead: lead_id(lead),
        passage: id(8, lead),
        customer: None,
        kind,
        agreement: agreement(1),
        tier: Tier::Hot,
        promise: Promise::try_new(Basis::Wall, 3_600).unwrap(),
        giving: Department::Marketing,
        department: Department::InsideSales,
        holder: Placement::with(Some(team(1)), user(1)),
        calendar: None,
        started_at: at(0),
        lap: 1,
        lapsed: Vec::new(),
        climbed_percent: 0,
        segment_from: Some(at(0)),
        lap_spent: TimeDelta::zero(),
        total_spent: TimeDelta::zero(),
        due_at: Some(at(60)),
        next_at: Some(at(60)),
        breached_at: None,
        breached_by: None,
        pause: None,
        paused: TimeDelta::zero(),
        end: None,
    }
}

/// Stores clocks.
pub(super) async fn store_clocks(store: &Store, clocks: &[Clock]) {
    let uow = store.begin().await.unwrap();
    for some in clocks.chunks(50) {
        clock::put(&uow, some).await.unwrap();
    }
    uow.commit().await.unwrap();
}

/// What inside sales says about the passage of a lead.
pub(super) fn a_rating(number: u128, lead: u128, rating: FeedbackRating) -> Feedback {
    Feedback {
        id: id(31, number),
        version: 1,
        lead: lead_id(lead),
        passage: id(8, lead),
        department: Department::InsideSales,
        giving: Department::Marketing,
        agreement: agreement(1),
        rating,
        reasons: std::collections::BTreeSet::new(),
        note: None,
        by: Some(user(1)),
        at: at(90),
        updated_at: at(90),
    }
}
