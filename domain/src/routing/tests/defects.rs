//! What other products get wrong, each under its name.

use chrono::TimeDelta;

use super::support::*;
use crate::routing::decision::{CandidateRule, ChosenBy};
use crate::routing::place::{PlaceFault, QueueReason};
use crate::routing::{Account, Leads, route};
use crate::scoring::Tier;

/// Salesforce: leads of a queue do not rotate by themselves. Here each round of four reaches all four.
#[test]
fn salesforce_has_no_native_round_robin() {
    let mut desk = Desk::of(&[1, 1, 1, 1]);
    let receivers = desk.give_all(40, &Sent::standard());
    for round in receivers.chunks(4) {
        assert_eq!(counts(round).len(), 4, "{receivers:?}");
    }
}

/// Odoo: a capacity of a month is turned into a daily quota, which is rounded down to 0 for the small ones. Here weights of 1 to 14 all come true.
#[test]
fn odoo_starves_members_with_small_capacity() {
    let weights: Vec<u32> = (1..=14).collect();
    let mut desk = Desk::of(&weights);
    for month in 1..=3 {
        // 105 leads a month, three or four a day
        for day in 0..30 {
            desk.now = monday() + TimeDelta::days(30 * month + day);
            desk.give_all(if day % 2 == 0 { 4 } else { 3 }, &Sent::standard());
        }
        let ledger = desk.ledger(Tier::Standard);
        for (number, weight) in (1..).zip(&weights) {
            assert_eq!(ledger.account(user(number)).received, i64::from(*weight) * month, "member {number} after {month} months");
        }
    }
}

/// Odoo: thirty equal leads went to one of three equal members.
#[test]
fn odoo_gave_thirty_of_thirty_equal_leads_to_one_member() {
    let mut desk = Desk::of(&[1, 1, 1]);
    let sent = Sent { worth: Some(100_000), ..Sent::standard() };
    let even = [(1, 10), (2, 10), (3, 10)].into();
    assert_eq!(counts(&desk.give_all(30, &sent)), even);
    desk.pool().balances_worth = true;
    assert_eq!(counts(&desk.give_all(30, &sent)), even);
}

/// `EspoCRM`: who is next is read from who owns the latest record, so that editing an owner moves the turn. Here a wish is outside the count.
#[test]
fn espocrm_moves_its_pointer_when_an_owner_is_edited() {
    let mut untouched = Desk::of(&[3, 1, 2]);
    let mut edited = untouched.clone();
    let (sent, by_hand) = (Sent::standard(), Sent::standard().wishing(Some(2), None));
    for _ in 0..60 {
        let expected = untouched.give(&sent);
        assert_eq!(chosen_by(&edited.give(&by_hand)), Some(ChosenBy::Wish));
        assert_eq!(receiver(&edited.give(&sent)), receiver(&expected));
    }
    assert_eq!(edited.ledger(Tier::Standard), untouched.ledger(Tier::Standard));
}

/// `HubSpot`: counters begin anew whenever the list is edited. Here what each is behind or ahead stays, and all of it adds up to nothing.
#[test]
fn hubspot_resets_its_counters_when_the_list_is_edited() {
    let mut desk = Desk::of(&[5, 3, 2, 1]);
    let sent = Sent::standard();
    desk.give_all(37, &sent);
    let before = desk.ledger(Tier::Standard);
    desk.pool().members[0].weight = 1;
    desk.add(9, 4);
    let unasked = desk.give(&sent.clone().without(&[1, 2, 3, 4, 9]));
    assert_eq!(reason(&unasked), Some(QueueReason::NobodyElse));
    let after = desk.ledger(Tier::Standard);
    for number in 1..=4 {
        assert_eq!(after.account(user(number)), before.account(user(number)));
    }
    assert_eq!(after.account(user(9)), Account::default());
    let sum = |desk: &Desk| -> Leads { desk.ledger(Tier::Standard).accounts().values().map(Account::deviation).sum() };
    desk.remove(2);
    assert_eq!(sum(&desk), Leads::ZERO);
    // what the others are behind is what they were behind, and their part of what was left over
    let left = before.account(user(2)).deviation();
    let moved: Leads = [1, 3, 4, 9]
        .map(|number| desk.ledger(Tier::Standard).account(user(number)).deviation() - before.account(user(number)).deviation())
        .into_iter()
        .sum();
    assert_eq!(moved, left);
    desk.give_all(80, &sent);
    assert_eq!(sum(&desk), Leads::ZERO);
    assert!(desk.ledger(Tier::Standard).accounts().values().all(|account| account.deviation().abs() < Leads::ONE));
}

/// `SuiteCRM`: the rotation goes on over users who were disabled. Here they get nothing, by turn, as owner, or when asked for.
#[test]
fn suitecrm_assigns_to_inactive_users() {
    let mut desk = Desk::of(&[1, 1, 1]);
    // disabled: no member of the team, and no profile
    desk.teams[0].members.retain(|member| *member != user(2));
    desk.profiles.remove(&user(2));
    let decision = desk.give(&Sent::standard());
    assert_eq!(candidate(&decision, 2).rule, CandidateRule::NotActive);
    assert_eq!(counts(&desk.give_all(39, &Sent::standard())).get(&2), None);
    assert_ne!(receiver(&desk.give(&Sent::standard().owned_by(2))), Some(2));
    let asked = Sent::standard().wishing(Some(2), None);
    let refused = route(&asked.request(99), &desk.directory(), &desk.roster(), &mut desk.book, desk.now);
    assert_eq!(refused.unwrap_err(), PlaceFault::NotInDepartment { department: DEPARTMENT });
    desk.teams[0].members.clear();
    assert_eq!(reason(&desk.give(&Sent::standard())), Some(QueueReason::NobodyActive));
}
