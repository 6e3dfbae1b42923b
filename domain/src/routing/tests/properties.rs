//! What holds whatever is set up.

use proptest::prelude::*;

use super::support::*;
use crate::routing::decision::{ChosenBy, RoutingOutcome};
use crate::routing::member::{HourRange, LanguageLevel, Skill, Weekday, WorkingHours};
use crate::routing::pool::{Caps, LanguageRule, Otherwise, TierRule};
use crate::routing::{PoolState, RosterTeam, route};
use crate::scoring::Tier;
use crate::user::Seniority;
use crate::value::TimeZoneName;

/// What a colleague is: weight, and one bit each for being in the team, known, absent, started, senior, French, at work.
type Trait = (u32, u8);

fn desks() -> impl Strategy<Value = Desk> {
    let caps = (prop::option::of(1_u32..6), prop::option::of(1_u32..6), prop::option::of(1_u32..12));
    let members = prop::collection::vec((1_u32..=100, any::<u8>()), 0..8);
    (members, caps, any::<u8>()).prop_map(|(members, caps, rules)| desk(&members, caps, rules))
}

fn desk(members: &[Trait], caps: (Option<u32>, Option<u32>, Option<u32>), rules: u8) -> Desk {
    let weights: Vec<u32> = members.iter().map(|(weight, _)| *weight).collect();
    let mut desk = Desk::of(&weights);
    for (number, (_, bits)) in (1..).zip(members) {
        let has = |bit: u8| bits >> bit & 1 == 1;
        let profile = desk.profile(number);
        if has(0) && has(1) {
            profile.absences.push(absence("2026-03-02T00:00:00Z", Some("2026-03-02T18:00:00Z")));
        }
        if has(1) && has(2) {
            profile.starts_at = Some(at("2026-03-02T12:00:00Z"));
        }
        if has(3) {
            profile.seniority = Seniority::Senior;
        }
        if has(4) {
            profile.skills.push(Skill { language: tag("fr"), level: LanguageLevel::C1 });
        }
        if has(5) {
            let ranges = vec![HourRange { day: Weekday::Monday, from_minute: 0, to_minute: 600 }];
            profile.hours = Some(WorkingHours { time_zone: TimeZoneName::UTC, ranges });
        }
        if has(6) && has(7) {
            desk.teams[0].members.retain(|member| *member != user(number));
        }
        if has(5) && has(6) {
            desk.profiles.remove(&user(number));
        }
    }
    let has = |bit: u8| rules >> bit & 1 == 1;
    let otherwise = if has(0) { Otherwise::Anybody } else { Otherwise::Queue };
    let pool = desk.pool();
    let (member_day_max, member_open_max, pool_day_max) = caps;
    pool.caps = Caps { member_day_max, member_open_max, pool_day_max };
    pool.language = has(1).then(|| LanguageRule { level: LanguageLevel::B2, fallbacks: Vec::new(), otherwise });
    if has(2) {
        pool.tiers = Tier::ALL.iter().map(|tier| TierRule { otherwise, ..TierRule::usual(*tier) }).collect();
    }
    pool.balances_worth = has(3);
    if has(4) {
        desk.territories = vec![territory(1, "Germany", None, Some(team()), in_countries(&["DE"]))];
    }
    desk.teams.push(RosterTeam { id: id(1_001), department: DEPARTMENT, countries: vec![country("FR")], members: Vec::new() });
    desk
}

fn leads() -> impl Strategy<Value = Vec<(Sent, i64)>> {
    let tiers = prop::sample::select(Tier::ALL.to_vec());
    let lead = (tiers, any::<u8>(), 1_u128..9, prop::option::of(0_i64..1_000_000), 0_i64..20).prop_map(
        |(tier, bits, number, worth, hours)| {
            let has = |bit: u8| bits >> bit & 1 == 1;
            let mut sent =
                Sent::of(tier).speaking(if has(0) { "de" } else { "fr" }).from(if has(1) && has(2) { "FR" } else { "DE" });
            if has(3) && has(4) {
                sent = sent.owned_by(number);
            }
            if has(5) {
                sent = sent.without(&[number % 3, number]);
            }
            if has(6) && has(7) {
                sent = sent.wishing(Some(number), None);
            }
            (Sent { worth, ..sent }, hours)
        },
    );
    prop::collection::vec(lead, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Nobody inactive gets a lead, nobody absent by turn or as owner; it is assigned or waits for a reason; and what was seen adds up.
    #[test]
    fn a_lead_is_never_lost_and_never_given_to_somebody_who_is_not_there(mut desk in desks(), leads in leads()) {
        let (directory, roster) = (desk.directory(), desk.roster());
        for (number, (sent, hours)) in (1..).zip(&leads) {
            let now = monday() + chrono::TimeDelta::hours(*hours);
            let mut again = desk.book.clone();
            let decision = route(&sent.request(number), &directory, &roster, &mut desk.book, now);
            prop_assert_eq!(&decision, &route(&sent.request(number), &directory, &roster, &mut again, now));
            prop_assert_eq!(&again, &desk.book);
            // only a wish that cannot be met is refused
            let Ok(decision) = decision else {
                prop_assert!(sent.wish.person.is_some());
                continue;
            };
            let placement = decision.placement();
            prop_assert_eq!(placement.person.is_some(), placement.queue_reason.is_none());
            if let RoutingOutcome::Assigned { user, by } = decision.outcome {
                prop_assert!(roster.team(decision.team.unwrap()).unwrap().members.contains(&user));
                let is_there = directory.member(user).is_none_or(|member| member.has_started(now) && !member.is_absent(now));
                prop_assert!(by == ChosenBy::Wish || (is_there && !sent.excluded.contains(&user)));
                prop_assert!(by != ChosenBy::Turn || directory.member(user).is_some());
                let shared: crate::routing::Leads = decision.shares().map(|(_, share, _)| share).sum();
                prop_assert_eq!(by == ChosenBy::Turn, shared == crate::routing::Leads::ONE);
            }
        }
    }

    /// Leads routed in one book, as an import does, go where they go when the state is stored and read again after each.
    #[test]
    fn leads_in_one_book_go_where_they_go_one_by_one(mut desk in desks(), leads in leads()) {
        let (directory, roster) = (desk.directory(), desk.roster());
        let mut stored = desk.book.clone();
        for (number, (sent, hours)) in (1..).zip(&leads) {
            let now = monday() + chrono::TimeDelta::hours(*hours);
            let together = route(&sent.request(number), &directory, &roster, &mut desk.book, now);
            let alone = route(&sent.request(number), &directory, &roster, &mut stored, now);
            prop_assert_eq!(together, alone);
            for state in stored.pools.values_mut() {
                let text = serde_json::to_string(&state).unwrap();
                *state = serde_json::from_str::<PoolState>(&text).unwrap();
            }
        }
        prop_assert_eq!(stored, desk.book);
    }
}
