//! The stories, told in memory against the shipped rules.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::agreement::shipped as agreements;
use fairfall_domain::routing::Book;
use fairfall_domain::scoring::shipped as scoring;
use fairfall_domain::sla::CalendarBook;
use fairfall_domain::waterfall::passage::PassageOutcome;
use fairfall_domain::waterfall::shipped as tracks;
use fairfall_domain::waterfall::state::StateKind;

use super::dice::Dice;
use super::life::{Life, Trace};
use super::story::{DAYS, stories};
use super::world::World;
use super::{address_of, ask, sign_in};

/// What a lead has come to: track, stage, state.
type Standing = (String, String, StateKind);

fn told(count: usize) -> (BTreeSet<Standing>, Vec<PassageOutcome>) {
    let now: DateTime<Utc> = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    let mut dice = Dice::new(1);
    let rules = (
        tracks::tracks().unwrap(),
        agreements::agreements(now).unwrap(),
        scoring::model_at(now).unwrap(),
        CalendarBook::default(),
    );
    let world = World::new(&mut dice, count, rules, now - TimeDelta::days(DAYS)).unwrap();
    let (mut standings, mut outcomes, mut book) = (BTreeSet::new(), Vec::new(), Book::default());
    for (number, mut story) in stories(&mut dice, &world.tracks, count, now).into_iter().enumerate() {
        let (at, _) = story.deeds.pop().unwrap();
        let (mut life, trace) = Life::begin(&world, &mut dice, number, &story, (&mut book, at)).unwrap();
        let mut last = match trace {
            Trace::Captured(change, ..) => change.lead,
            other => panic!("{other:?}"),
        };
        while let Some((at, deed)) = story.deeds.pop() {
            // INVARIANT of the scripts: the shipped rules refuse none of their acts
            if let Trace::Changed { change, .. } =
                life.go_on(&world, &mut dice, deed.clone(), (&mut book, at)).unwrap_or_else(|stop| panic!("{deed:?}: {stop}"))
            {
                outcomes.extend(change.passage.closed.as_ref().map(|closed| closed.outcome));
                last = change.lead;
            }
        }
        standings.insert((last.track.key.to_string(), last.state.stage().to_string(), last.state.kind()));
    }
    (standings, outcomes)
}

#[test]
fn every_stage_and_state_of_every_track_is_there() {
    let (standings, outcomes) = told(400);
    for track in tracks::tracks().unwrap() {
        let has = |stage: &str, state| standings.contains(&(track.key().to_string(), stage.to_owned(), state));
        for step in track.steps() {
            assert!(has(&step.stage.to_string(), StateKind::Working), "{} {}", track.key(), step.stage);
        }
        for state in [StateKind::Nurturing, StateKind::Won, StateKind::Lost, StateKind::Disqualified] {
            assert!(has(state.as_str(), state), "{} {state}", track.key());
        }
    }
    assert!(standings.iter().any(|(_, _, state)| *state == StateKind::Offered));
    for outcome in PassageOutcome::ALL {
        assert!(outcomes.contains(outcome), "{outcome}");
    }
}

#[test]
fn many_stories_are_told_to_their_end() {
    told(3_000);
}

#[test]
fn each_step_is_a_line_for_a_shell() {
    let api = "http://127.0.0.1:8080/graphql";
    assert_eq!(
        sign_in(api, "MARKETING", &address_of("marketing")),
        r#"   MARKETING=$(curl -s http://127.0.0.1:8080/graphql -H 'content-type: application/json' -d '{"query":"mutation($e:String!,$p:String!){sessionCreate(input:{email:$e,password:$p}){session{accessToken}}}","variables":{"e":"marketing@demo.example","p":"'"$PASSWORD"'"}}' | sed 's/.*"accessToken": *"\([^"]*\)".*/\1/')"#
    );
    assert_eq!(
        ask(api, "MARKETING", "{me{name}}"),
        r#"   curl -s http://127.0.0.1:8080/graphql -H 'content-type: application/json' -H "authorization: Bearer $MARKETING" -d '{"query":"{me{name}}"}'"#
    );
}
