//! Each rule in its order: who keeps and who drops a candidate.

use super::support::*;
use crate::consent::ContactChannel;
use crate::routing::RosterTeam;
use crate::routing::decision::{CandidateRule, ChosenBy, TerritoryHit};
use crate::routing::member::{HourRange, LanguageLevel, Skill, Weekday, WorkingHours};
use crate::routing::place::QueueReason;
use crate::routing::pool::{Caps, LanguageRule, Otherwise};
use crate::routing::territory::MatchRules;
use crate::scoring::Tier;
use crate::value::TimeZoneName;
use CandidateRule::{Absent, Chosen, DayCap, Eligible, Excluded, Language, NotStarted, OpenCap, OutOfHours, Seniority};

#[test]
fn a_wish_comes_first_and_is_outside_the_count() {
    let mut desk = Desk::of(&[1, 1]);
    desk.profile(2).absences.push(absence("2026-01-01T00:00:00Z", None));
    let decision = desk.give(&Sent::standard().owned_by(1).wishing(Some(2), None));
    assert_eq!((receiver(&decision), chosen_by(&decision), decision.counted()), (Some(2), Some(ChosenBy::Wish), None));
    assert_eq!(decision.team, Some(team()));
}

#[test]
fn without_consent_for_any_channel_of_the_pool_nobody_gets_it() {
    let mut desk = Desk::of(&[1]);
    desk.pool().channels = vec![ContactChannel::Phone, ContactChannel::Email];
    assert_eq!(reason(&desk.give(&Sent::standard().owned_by(1))), Some(QueueReason::NoConsent));
    assert_eq!(reason(&desk.give(&Sent::standard().allowing(ContactChannel::Post))), Some(QueueReason::NoConsent));
    assert_eq!(receiver(&desk.give(&Sent::standard().allowing(ContactChannel::Email))), Some(1));
}

#[test]
fn the_owner_gets_it_within_the_days_and_outside_the_count() {
    let mut desk = Desk::of(&[1, 1]);
    let by = |desk: &mut Desk, seen: Option<&str>| {
        let sent = Sent { seen_at: seen.map(at), ..Sent::standard().owned_by(2) };
        chosen_by(&desk.give(&sent))
    };
    assert_eq!(by(&mut desk, None), Some(ChosenBy::Owner));
    desk.policy.owner_days_max = Some(90);
    assert_eq!(by(&mut desk, Some("2025-12-02T09:00:00Z")), Some(ChosenBy::Owner));
    assert_eq!(by(&mut desk, Some("2025-12-02T08:59:59Z")), Some(ChosenBy::Turn));
    assert_eq!(by(&mut desk, None), Some(ChosenBy::Turn));
    desk.policy.owner_days_max = Some(0);
    assert_eq!(by(&mut desk, Some("2026-03-02T09:00:00Z")), Some(ChosenBy::Turn));
    let received: i64 = desk.ledger(Tier::Standard).accounts().values().map(|account| account.received).sum();
    assert_eq!(received, 3);
}

#[test]
fn an_owner_who_is_not_there_or_gave_it_away_is_passed_over() {
    let mut desk = Desk::of(&[1, 1]);
    desk.profile(2).absences.push(absence("2026-03-01T00:00:00Z", Some("2026-03-09T00:00:00Z")));
    assert_eq!(chosen_by(&desk.give(&Sent::standard().owned_by(2))), Some(ChosenBy::Turn));
    desk.now = at("2026-03-09T00:00:00Z");
    assert_eq!(chosen_by(&desk.give(&Sent::standard().owned_by(2))), Some(ChosenBy::Owner));
    desk.profile(2).starts_at = Some(at("2026-04-01T00:00:00Z"));
    assert_eq!(chosen_by(&desk.give(&Sent::standard().owned_by(2))), Some(ChosenBy::Turn));
    desk.profile(2).starts_at = None;
    let decision = desk.give(&Sent::standard().owned_by(2).without(&[2]));
    assert_eq!((receiver(&decision), rules(&decision)), (Some(1), vec![Chosen, Excluded]));
}

#[test]
fn an_owner_of_another_team_does_not_take_back_what_was_given_to_a_team() {
    let mut desk = Desk::of(&[1]);
    let other = id(1_001);
    desk.teams.push(RosterTeam { id: other, department: DEPARTMENT, countries: Vec::new(), members: vec![user(7)] });
    desk.profiles.insert(user(7), profile(7));
    let decision = desk.give(&Sent::standard().owned_by(7).wishing(None, Some(team())));
    assert_eq!((receiver(&decision), chosen_by(&decision)), (Some(1), Some(ChosenBy::Turn)));
    let decision = desk.give(&Sent::standard().owned_by(7).wishing(None, Some(other)));
    assert_eq!((receiver(&decision), decision.team), (Some(7), Some(other)));
    // and without a wish the owner gets it with the owner's team
    assert_eq!(desk.give(&Sent::standard().owned_by(7)).team, Some(other));
}

#[test]
fn the_territory_names_the_team_and_a_parent_lends_its_own() {
    let mut desk = Desk::of(&[1]);
    let other = id(1_001);
    desk.teams.push(RosterTeam { id: other, department: DEPARTMENT, countries: vec![country("DE")], members: vec![user(7)] });
    desk.territories = vec![
        territory(1, "Europe", None, Some(team()), MatchRules::default()),
        territory(2, "Germany", Some(1), None, in_countries(&["DE"])),
        territory(3, "France", Some(1), Some(other), in_countries(&["FR"])),
    ];
    let german = desk.give(&Sent::standard());
    assert_eq!(german.territory, Some(TerritoryHit { territory: id(2), served_by: id(1), equal: Vec::new() }));
    assert_eq!((german.team, receiver(&german)), (Some(team()), Some(1)));
    let french = desk.give(&Sent::standard().from("FR"));
    assert_eq!((french.team, reason(&french)), (Some(other), Some(QueueReason::AwaitingPickUp)));
    // whoever names a team is not asked for a territory
    let asked = desk.give(&Sent::standard().from("PL").wishing(None, Some(team())));
    assert_eq!((asked.territory.clone(), receiver(&asked)), (None, Some(1)));
}

#[test]
fn equal_territories_are_told() {
    let mut desk = Desk::of(&[1]);
    let all = ["Beta", "Alpha"];
    desk.territories =
        (1..).zip(all).map(|(number, name)| territory(number, name, None, Some(team()), in_countries(&["DE"]))).collect();
    let hit = desk.give(&Sent::standard()).territory.unwrap();
    assert_eq!((hit.territory, hit.equal), (id(2), vec![id(1)]));
}

#[test]
fn hot_leads_go_to_seniors_first_and_standard_ones_to_juniors() {
    let mut desk = Desk::of(&[1, 1, 1]);
    desk.prefer();
    desk.senior(2);
    let decision = desk.give(&Sent::of(Tier::Hot));
    assert_eq!(rules(&decision), [Seniority, Chosen, Seniority]);
    let standard = desk.give_all(6, &Sent::standard());
    assert_eq!(counts(&standard), [(1, 3), (3, 3)].into());
    assert_eq!(counts(&desk.give_all(6, &Sent::of(Tier::Warm))), [(1, 2), (2, 2), (3, 2)].into());
    // without a senior anybody does, unless the pool says that it waits
    desk.profile(2).absences.push(absence("2026-01-01T00:00:00Z", None));
    assert!(receiver(&desk.give(&Sent::of(Tier::Hot))).is_some_and(|number| number != 2));
    desk.pool().tiers.iter_mut().for_each(|rule| rule.otherwise = Otherwise::Queue);
    assert_eq!(reason(&desk.give(&Sent::of(Tier::Hot))), Some(QueueReason::NoSeniority));
}

#[test]
fn whoever_must_have_a_seniority_is_not_dropped_for_being_at_home() {
    let mut desk = Desk::of(&[1, 1]);
    desk.prefer();
    desk.senior(2);
    desk.profile(2).hours = Some(WorkingHours { time_zone: TimeZoneName::UTC, ranges: Vec::new() });
    assert_eq!(rules(&desk.give(&Sent::of(Tier::Hot))), [Chosen, OutOfHours]);
    desk.pool().tiers.iter_mut().for_each(|rule| rule.otherwise = Otherwise::Queue);
    assert_eq!(rules(&desk.give(&Sent::of(Tier::Hot))), [Seniority, Chosen]);
}

#[test]
fn the_language_is_asked_for_at_its_level_then_the_fallbacks_in_their_order() {
    let mut desk = Desk::of(&[1, 1, 1]);
    let speak =
        |desk: &mut Desk, number, language, level| desk.profile(number).skills.push(Skill { language: tag(language), level });
    speak(&mut desk, 1, "fr", LanguageLevel::B1);
    speak(&mut desk, 2, "fr", LanguageLevel::C1);
    speak(&mut desk, 3, "en", LanguageLevel::B2);
    let fallbacks = vec![tag("es"), tag("en"), tag("de")];
    desk.pool().language = Some(LanguageRule { level: LanguageLevel::B2, fallbacks, otherwise: Otherwise::Queue });
    let french = desk.give(&Sent::standard().speaking("fr-CH"));
    assert_eq!(rules(&french), [Language, Chosen, Language]);
    assert_eq!((french.language, french.language_missed), (Some(tag("fr-CH")), None));
    assert_eq!(french.candidates[0].level, Some(LanguageLevel::B1));
    let polish = desk.give(&Sent::standard().speaking("pl"));
    assert_eq!(rules(&polish), [Language, Language, Chosen]);
    assert_eq!((polish.language, polish.language_missed), (Some(tag("en")), Some(tag("pl"))));
    desk.pool().language.as_mut().unwrap().fallbacks.clear();
    let waits = desk.give(&Sent::standard().speaking("pl"));
    assert_eq!((reason(&waits), rules(&waits)), (Some(QueueReason::NoLanguage), vec![Language; 3]));
    desk.pool().language.as_mut().unwrap().otherwise = Otherwise::Anybody;
    let anybody = desk.give(&Sent::standard().speaking("pl"));
    assert_eq!((receiver(&anybody).is_some(), anybody.language_missed), (true, Some(tag("pl"))));
}

#[test]
fn whoever_is_absent_or_has_not_started_gets_nothing() {
    let mut desk = Desk::of(&[1, 1, 1]);
    desk.profile(1).absences.push(absence("2026-03-02T09:00:00Z", Some("2026-03-02T10:00:00Z")));
    desk.profile(2).starts_at = Some(at("2026-03-02T09:00:01Z"));
    assert_eq!(rules(&desk.give(&Sent::of(Tier::Hot))), [Absent, NotStarted, Chosen]);
    desk.now = at("2026-03-02T10:00:00Z");
    assert_eq!(rules(&desk.give(&Sent::of(Tier::Warm))).iter().filter(|rule| rule.is_eligible()).count(), 3);
}

#[test]
fn hot_leads_ask_who_is_at_work_and_go_to_anybody_when_nobody_is() {
    let mut desk = Desk::of(&[1, 1]);
    let range = HourRange { day: Weekday::Monday, from_minute: 600, to_minute: 720 };
    let berlin = TimeZoneName::parse("Europe/Berlin").unwrap();
    desk.profile(1).hours = Some(WorkingHours { time_zone: berlin, ranges: vec![range] });
    desk.profile(2).hours = Some(WorkingHours { time_zone: TimeZoneName::UTC, ranges: vec![range] });
    assert_eq!(rules(&desk.give(&Sent::of(Tier::Hot))), [Chosen, OutOfHours]);
    let others = desk.give(&Sent::of(Tier::Warm));
    assert!(others.candidates.iter().all(|candidate| candidate.rule.is_eligible()) && !others.candidates[1].is_at_work);
    desk.now = at("2026-03-03T09:00:00Z");
    assert!(desk.give(&Sent::of(Tier::Hot)).candidates.iter().all(|candidate| candidate.rule.is_eligible()));
}

#[test]
fn a_day_cap_holds_for_the_day_of_the_teams_zone_and_hot_leads_pass_it() {
    let mut desk = Desk::of(&[1, 1]);
    desk.zones.insert(team(), TimeZoneName::parse("America/New_York").unwrap());
    desk.pool().caps = Caps { member_day_max: Some(2), ..Caps::default() };
    desk.pool().members[1].day_max = Some(1);
    assert_eq!(counts(&desk.give_all(3, &Sent::standard())), [(1, 2), (2, 1)].into());
    let full = desk.give(&Sent::standard());
    assert_eq!((reason(&full), rules(&full)), (Some(QueueReason::AllAtCap), vec![DayCap; 2]));
    // one minute before midnight in New York, which is the next day in UTC
    desk.now = at("2026-03-03T04:59:00Z");
    assert_eq!(reason(&desk.give(&Sent::standard())), Some(QueueReason::AllAtCap));
    desk.now = at("2026-03-03T05:00:00Z");
    // hot leads are counted
    assert_eq!(counts(&desk.give_all(4, &Sent::of(Tier::Hot))), [(1, 2), (2, 2)].into());
    assert_eq!(desk.give(&Sent::of(Tier::Hot)).candidates.iter().map(|candidate| candidate.today).collect::<Vec<_>>(), [2, 2]);
    assert_eq!(reason(&desk.give(&Sent::standard())), Some(QueueReason::AllAtCap));
}

#[test]
fn the_pools_cap_counts_all_members_and_hot_leads_pass_it() {
    let mut desk = Desk::of(&[1, 1]);
    desk.pool().caps = Caps { pool_day_max: Some(3), ..Caps::default() };
    desk.give_all(3, &Sent::standard());
    let full = desk.give(&Sent::of(Tier::Warm));
    assert_eq!((reason(&full), rules(&full)), (Some(QueueReason::PoolAtCap), vec![Eligible; 2]));
    assert!(receiver(&desk.give(&Sent::of(Tier::Hot))).is_some());
}

#[test]
fn open_leads_are_capped_for_hot_ones_too_however_they_were_got() {
    let mut desk = Desk::of(&[1, 1]);
    desk.pool().caps = Caps { member_open_max: Some(5), ..Caps::default() };
    desk.book.open.insert(user(1), 5);
    desk.book.open.insert(user(2), 2);
    let decision = desk.give(&Sent::of(Tier::Hot));
    assert_eq!((rules(&decision), decision.candidates[1].open), (vec![OpenCap, Chosen], Some(2)));
    // by wish and by ownership: open is open
    desk.give(&Sent::standard().wishing(Some(2), None));
    assert_eq!(desk.give(&Sent::standard()).candidates[1].open, Some(4));
    assert_eq!(reason(&desk.give(&Sent::of(Tier::Hot))), Some(QueueReason::AllAtCap));
    assert_eq!(receiver(&desk.give(&Sent::standard().owned_by(2))), Some(2));
    desk.pool().members[1].open_max = Some(8);
    let decision = desk.give(&Sent::standard());
    assert_eq!((receiver(&decision), decision.candidates[1].open), (Some(2), Some(6)));
}

#[test]
fn whoever_let_it_lapse_does_not_get_it_again() {
    let mut desk = Desk::of(&[1, 1]);
    assert_eq!(rules(&desk.give(&Sent::standard().without(&[1]))), [Excluded, Chosen]);
    let both = desk.give(&Sent::standard().without(&[1, 2]));
    assert_eq!((reason(&both), rules(&both)), (Some(QueueReason::NobodyElse), vec![Excluded; 2]));
}
