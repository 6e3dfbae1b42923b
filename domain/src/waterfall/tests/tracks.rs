//! The rules of tracks and price bands.

use crate::department::Department::{FieldSales, InsideSales, Marketing};
use crate::label::Labels;
use crate::value::{Code, Money};
use crate::waterfall::shipped;
use crate::waterfall::stage::OpenStage::{self, Lead, Mql, Sal, Sql, Tal};
use crate::waterfall::track::{Closing, Entry, Step, Track};

use super::support::id;

fn step(stage: OpenStage, department: crate::department::Department, entry: Entry, opens_opportunity: bool) -> Step {
    Step { stage, department, entry, opens_opportunity }
}

fn faults(steps: Vec<Step>) -> String {
    let made = Track::try_new(id(1), Code::parse("x").unwrap(), 1, Labels::new("x", "x"), steps, Closing::Department);
    made.expect_err("a fault").to_string()
}

#[test]
fn the_six_shipped_tracks_hold_the_rules_and_open_one_opportunity() {
    let tracks = shipped::tracks().unwrap();
    let keys: Vec<&str> = tracks.iter().map(|track| track.key().as_str()).collect();
    assert_eq!(keys, ["field", "inside", "self-service", "two-step", "direct", "sales-ready"]);
}

#[test]
fn a_track_starts_at_lead_in_marketing() {
    let text = faults(vec![step(Mql, Marketing, Entry::Capture, true)]);
    assert!(text.contains("the first step must be `LEAD` in `MARKETING`"), "{text}");
    assert!(faults(Vec::new()).contains("a track needs steps"));
}

#[test]
fn every_fault_of_a_track_is_told_at_once() {
    let text = faults(vec![
        step(Lead, Marketing, Entry::Capture, false),
        step(Tal, InsideSales, Entry::Qualify, false),
        step(Mql, Marketing, Entry::Qualify, true),
        step(Mql, Marketing, Entry::Qualify, true),
        step(Sal, FieldSales, Entry::Accept, false),
    ]);
    for expected in [
        "stage `TAL` must be entered by `ACCEPT`",
        "stage `MQL` stands twice",
        "the steps of `MARKETING` must be one run",
        "exactly one step must open the opportunity",
    ] {
        assert!(text.contains(expected), "{expected} not in {text}");
    }
}

#[test]
fn each_departments_steps_are_one_run() {
    let text = faults(vec![
        step(Lead, Marketing, Entry::Capture, false),
        step(Tal, InsideSales, Entry::Accept, false),
        step(Sal, FieldSales, Entry::Accept, false),
        step(Sql, InsideSales, Entry::Qualify, true),
    ]);
    assert!(text.contains("the steps of `INSIDE_SALES` must be one run"), "{text}");
}

#[test]
fn price_bands_choose_the_track() {
    let bands = shipped::price_bands().unwrap();
    let chosen =
        |amount: &str, currency: &str| bands.track_for(Some(&Money::parse_decimal(amount, currency).unwrap())).to_string();
    assert_eq!(chosen("9999.99", "EUR"), "self-service");
    assert_eq!(chosen("10000", "EUR"), "inside");
    assert_eq!(chosen("100000", "EUR"), "inside");
    assert_eq!(chosen("100000.01", "EUR"), "field");
    assert_eq!(chosen("5", "USD"), "inside", "no rate is guessed for another currency");
    assert_eq!(bands.track_for(None).as_str(), "inside");
}
