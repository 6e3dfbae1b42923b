//! Why a lead waits, and that nobody is flooded who was away.

use super::support::*;
use crate::routing::place::QueueReason;
use crate::routing::pool::TierRule;
use crate::routing::territory::RoutingStatus;
use crate::routing::{RosterTeam, pool_of};
use crate::scoring::Tier;

#[test]
fn each_reason_is_told_where_nothing_else_stands_in_the_way() {
    let waits = |change: fn(&mut Desk), sent: &Sent| {
        let mut desk = Desk::of(&[1, 1]);
        change(&mut desk);
        let decision = desk.give(sent);
        (reason(&decision).unwrap(), decision.team)
    };
    let (standard, weak) = (Sent::standard(), Sent::of(Tier::Weak));
    let here = Some(team());
    assert_eq!(waits(|desk| desk.teams.clear(), &standard), (QueueReason::NoTeam, None));
    assert_eq!(waits(|desk| desk.teams[0].countries = vec![country("AT")], &standard), (QueueReason::NoTeam, None));
    assert_eq!(waits(|desk| desk.pools.clear(), &standard), (QueueReason::AwaitingPickUp, here));
    assert_eq!(waits(|desk| desk.pool().status = RoutingStatus::Archived, &standard), (QueueReason::AwaitingPickUp, here));
    let nobody = |desk: &mut Desk| {
        desk.pools.clear();
        desk.teams[0].members.clear();
    };
    assert_eq!(waits(nobody, &standard), (QueueReason::NobodyActive, here));
    assert_eq!(waits(|desk| desk.pool().members.clear(), &standard), (QueueReason::NobodyActive, here));
    assert_eq!(waits(|desk| desk.pool().tiers.retain(|rule| rule.tier == Tier::Hot), &standard), (QueueReason::NoPool, here));
    assert_eq!(waits(|_| (), &weak), (QueueReason::FilteredWeak, here));
    let abroad = |desk: &mut Desk| desk.territories = vec![territory(1, "Austria", None, Some(team()), in_countries(&["AT"]))];
    assert_eq!(waits(abroad, &standard), (QueueReason::NoTerritory, None));
    let foreign = |desk: &mut Desk| desk.territories = vec![territory(1, "Germany", None, Some(id(77)), in_countries(&["DE"]))];
    assert_eq!(waits(foreign, &standard), (QueueReason::NoTerritory, None));
    let away = |desk: &mut Desk| {
        for number in 1..=2 {
            desk.profile(number).absences.push(absence("2026-01-01T00:00:00Z", None));
        }
    };
    assert_eq!(waits(away, &standard), (QueueReason::AllAbsent, here));
}

#[test]
fn a_weak_lead_goes_to_a_pool_that_takes_it() {
    let mut desk = Desk::of(&[1]);
    desk.pool().tiers.push(TierRule::usual(Tier::Weak));
    assert_eq!(receiver(&desk.give(&Sent::of(Tier::Weak))), Some(1));
}

#[test]
fn the_pool_that_must_be_locked_is_the_one_that_is_asked() {
    let mut desk = Desk::of(&[1]);
    let (directory, roster) = (desk.directory(), desk.roster());
    let sent = Sent::standard();
    assert_eq!(pool_of(&sent.request(1), &directory, &roster).map(|pool| pool.id), desk.give(&sent).pool);
    for other in [Sent::of(Tier::Weak), Sent::standard().wishing(Some(1), None)] {
        assert!(pool_of(&other.request(1), &directory, &roster).is_none());
    }
}

#[test]
fn each_tier_and_each_pool_has_its_own_count() {
    let mut desk = Desk::of(&[1, 1]);
    desk.give_all(3, &Sent::standard());
    assert!(desk.ledger(Tier::Hot).accounts().is_empty());
    let (pools, teams) = (desk.pools.clone(), desk.teams.clone());
    desk.pools[0].team = id(1_001);
    desk.pools[0].id = id(2_001);
    desk.teams.push(RosterTeam { id: id(1_001), ..teams[0].clone() });
    desk.pools.extend(pools);
    desk.give(&Sent::standard().wishing(None, Some(id(1_001))));
    let received = |number| -> i64 {
        let state = &desk.book.pools[&id(number)];
        state.tiers[&Tier::Standard].accounts().values().map(|account| account.received).sum()
    };
    assert_eq!((received(2_000), received(2_001)), (3, 1));
}

/// What a member gets in one round of the pool after coming (back) is the fair part of that round, and one more at most.
#[test]
fn nobody_is_flooded_after_a_vacation_or_as_a_joiner() {
    let mut desk = Desk::of(&[2, 2, 2, 1]);
    let sent = Sent::standard();
    desk.give_all(50, &sent);
    let before = desk.ledger(Tier::Standard).account(user(1));
    desk.profile(1).absences.push(absence("2026-03-02T09:00:00Z", Some("2026-03-23T09:00:00Z")));
    assert_eq!(counts(&desk.give_all(300, &sent)).get(&1), None);
    assert_eq!(desk.ledger(Tier::Standard).account(user(1)), before);
    desk.now = at("2026-03-23T09:00:00Z");
    assert!(counts(&desk.give_all(7, &sent))[&1] <= 3);
    desk.add(9, 2);
    assert!(counts(&desk.give_all(9, &sent))[&9] <= 3);
    let year = counts(&desk.give_all(90, &sent));
    assert_eq!(year.values().sum::<usize>(), 90);
    assert!(year.iter().all(|(number, got)| got.abs_diff(if *number == 4 { 10 } else { 20 }) <= 1), "{year:?}");
}
