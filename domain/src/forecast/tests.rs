//! Learning on made passages, of which it is known what is to be found.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::calibrate;
use super::dataset::{Dataset, Ended, FieldRefusal, Gathering};
use super::evaluate::{auc, evaluate};
use super::field::Field;
use super::model::{Learner, Model, TrainingReason};
use super::snapshot::Snapshot;
use super::train::train;
use super::{logistic_of, logit};

fn day(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(17_000 + number)
}

fn opening(at: DateTime<Utc>, fields: &[(&'static str, &str)]) -> Snapshot {
    let mut snapshot = Snapshot { taken_at: at, complete: true, fields: BTreeMap::new() };
    for (name, value) in fields {
        snapshot.learn(Field::of(name), Some((*value).to_owned()), at);
    }
    snapshot
}

fn ended(opened: i64, won: bool) -> Ended {
    Ended { won, opened_at: day(opened), closed_at: day(opened) + TimeDelta::hours(5) }
}

/// Passages, one a day: 50 in 100 of the good channel are won, 10 in 100 of the bad one; the campaign repeats the channel; the colour says nothing.
fn made(count: i64) -> Gathering {
    let mut gathering = Gathering::default();
    for number in 0..count {
        let good = number % 3 == 0;
        let share = if good { 50 } else { 10 };
        // a walk through all remainders, so that every stretch of time is like every other
        let won = (number / 3 * 37) % 100 < share;
        let channel = if good { "GOOD" } else { "BAD" };
        let colour = ["RED", "GREEN", "BLUE"][usize::try_from(number * 7 % 11 % 3).unwrap()];
        let fields = [("channel", channel), ("campaign", channel), ("colour", colour)];
        gathering.push(&opening(day(number), &fields), ended(number, won));
    }
    gathering
}

fn table(count: i64) -> Dataset {
    made(count).table()
}

fn silent() -> impl FnMut(u8) {
    |_| {}
}

#[test]
fn both_learners_find_what_was_put_in() {
    let data = table(3_000);
    for learner in Learner::ALL.iter().copied() {
        let linear = learner.fit(&data.rows());
        let chance =
            |channel| linear.probability(&opening(day(0), &[("channel", channel), ("campaign", channel), ("colour", "RED")]));
        assert!(chance("GOOD") > 0.45 && chance("BAD") < 0.13, "{learner}: {} {}", chance("GOOD"), chance("BAD"));
        let told = linear.contributions(&opening(day(0), &[("channel", "GOOD"), ("campaign", "GOOD"), ("colour", "RED")]));
        assert!(
            told[0].log_odds > 0.3 && told[2].field == Field::of("colour") && told[2].log_odds.abs() < 0.1,
            "{learner}: {told:?}"
        );
    }
}

#[test]
fn the_challenger_counts_once_what_two_fields_say() {
    let data = table(3_000);
    let both = [("channel", "GOOD"), ("campaign", "GOOD"), ("colour", "RED")];
    let chance = |learner: Learner| learner.fit(&data.rows()).probability(&opening(day(0), &both));
    assert!((chance(Learner::LogisticRegression) - 0.5).abs() < 0.02);
    assert!(chance(Learner::NaiveBayes) > 0.65);
    let trained = train(&data, None, &mut silent());
    let least = trained.findings.candidates.iter().min_by(|a, b| a.log_loss.total_cmp(&b.log_loss)).unwrap();
    assert_eq!(trained.model.unwrap().learner, least.learner, "the one that is surprised less is chosen");
}

#[test]
fn a_first_model_is_put_in_force_and_explains_itself() {
    let mut percents = Vec::new();
    let trained = train(&table(1_000), None, &mut |percent| percents.push(percent));
    assert_eq!(trained.reason, TrainingReason::BetterThanShare);
    let (model, findings) = (trained.model.unwrap(), trained.findings);
    assert!(percents.is_sorted() && percents.last() == Some(&100));
    let judged = findings.judged.unwrap();
    assert!(model.learned_until < judged.from && findings.learned.unwrap().to < findings.calibrated.unwrap().from);
    assert_eq!((findings.passages, judged.passages, findings.candidates.len()), (1_000, 200, 2));
    let found = findings.evaluation.unwrap();
    assert!(found.auc > 0.7 && found.calibration_error < 0.1 && found.lift_of_tenth > 1.5, "{found:?}");
    assert_eq!(found.bins.iter().map(|bin| bin.passages).sum::<u32>(), 200);
    let seen = opening(day(0), &[("channel", "GOOD"), ("colour", "RED")]);
    let sum = model.linear.contributions(&seen).iter().fold(model.linear.base, |sum, told| sum + told.log_odds);
    assert!((logistic_of(sum) - model.linear.probability(&seen)).abs() < 1e-12);
    assert_eq!(findings.importance.last().unwrap().field, Field::of("colour"));
}

#[test]
fn what_is_no_better_than_the_model_in_force_is_rejected() {
    let data = table(1_000);
    let first = train(&data, None, &mut silent()).model.unwrap();
    let again = train(&data, Some(&first), &mut silent());
    assert_eq!((again.model, again.reason), (None, TrainingReason::NotBetterThanRunning));
    assert!(again.findings.running.is_some());
    let worse = Model { linear: first.linear.clone().stretched(-1.0, 0.0), ..first };
    let better = train(&data, Some(&worse), &mut silent());
    assert_eq!(better.reason, TrainingReason::BetterThanRunning);
    assert!(better.model.is_some());
}

#[test]
fn thin_data_leave_the_rules_in_charge() {
    let outcomes = |won: i64, rest: i64| {
        let mut gathering = Gathering::default();
        for number in 0..won + rest {
            gathering.push(&opening(day(number), &[("channel", "WEB")]), ended(number, number < won));
        }
        train(&gathering.table(), None, &mut silent()).reason
    };
    assert_eq!(outcomes(39, 400), TrainingReason::TooFewWon);
    assert_eq!(outcomes(400, 39), TrainingReason::TooFewNotWon);
    assert_eq!(outcomes(40, 400), TrainingReason::LaterSliceTooThin, "all that was won is old");
}

#[test]
fn noise_is_not_put_in_force() {
    let mut gathering = Gathering::default();
    for number in 0..1_000 {
        let colour = ["RED", "GREEN", "BLUE"][usize::try_from(number * 7 % 11 % 3).unwrap()];
        gathering.push(&opening(day(number), &[("colour", colour)]), ended(number, number % 5 == 0));
    }
    let trained = train(&gathering.table(), None, &mut silent());
    assert_eq!((trained.model, trained.reason), (None, TrainingReason::NotBetterThanShare));
}

#[test]
fn a_field_known_only_after_the_outcome_is_refused() {
    let mut gathering = Gathering::default();
    for number in 0..400 {
        let won = number % 4 == 0;
        let mut snapshot = opening(day(number), &[("channel", if won { "GOOD" } else { "BAD" })]);
        let outcome = ended(number, won);
        if won {
            // filled in by whoever closed the deal
            snapshot.learn(Field::of("segment"), Some("PETS".to_owned()), outcome.closed_at + TimeDelta::seconds(1));
        }
        gathering.push(&snapshot, outcome);
    }
    let data = gathering.table();
    let names: Vec<_> = data.columns().iter().map(|column| column.field.as_str()).collect();
    assert_eq!(names, ["channel"]);
    let refused = &data.refused()[0];
    assert_eq!((refused.field.as_str(), refused.reason, refused.passages), ("segment", FieldRefusal::KnownAfterOutcome, 100));
    let model = train(&data, None, &mut silent()).model.unwrap();
    assert!(!model.linear.weights.contains_key(&Field::of("segment")));
}

#[test]
fn the_owner_is_never_learned_from() {
    let mut gathering = Gathering::default();
    for number in 0..100 {
        let seller = if number % 2 == 0 { "user_01h455vb4pex5vsknk084sn02q" } else { "somebody" };
        gathering.push(&opening(day(number), &[("owner", "me"), ("handled", seller), ("channel", "WEB")]), ended(number, true));
    }
    let data = gathering.table();
    let refused: Vec<_> = data.refused().iter().map(|refused| (refused.field.as_str(), refused.reason)).collect();
    assert_eq!(refused, [("handled", FieldRefusal::NamesOwner), ("owner", FieldRefusal::NamesOwner)]);
}

#[test]
fn only_cohorts_that_have_settled_are_learned_from() {
    // wins come within a day, losses after 60: of the last 60 days only wins are closed
    let mut gathering = Gathering::default();
    let now = 500;
    for number in 0..now {
        let won = number % 5 == 0;
        let closes = number + if won { 0 } else { 60 };
        if closes < now {
            let outcome = Ended { won, opened_at: day(number), closed_at: day(closes) + TimeDelta::hours(1) };
            gathering.push(&opening(day(number), &[("channel", "WEB")]), outcome);
        }
    }
    let data = gathering.settle(day(now));
    let share = f64::from(u32::try_from(data.rows().won()).unwrap()) / f64::from(u32::try_from(data.rows().len()).unwrap());
    assert!((share - 0.2).abs() < 0.005, "{share}");
}

#[test]
fn what_nobody_knows_is_neither_empty_nor_a_value() {
    let mut gathering = Gathering::default();
    for number in 0..300 {
        let won = number % 3 == 0;
        let mut snapshot = opening(day(number), if won { &[("page", "A")] } else { &[] });
        if number % 2 == 0 {
            snapshot = Snapshot { complete: false, fields: BTreeMap::new(), ..snapshot };
        }
        gathering.push(&snapshot, ended(number, won));
    }
    let linear = Learner::NaiveBayes.fit(&gathering.table().rows());
    let empty = opening(day(0), &[]);
    let unknown = Snapshot { complete: false, ..empty.clone() };
    assert!(linear.log_odds(&empty) < linear.base);
    assert!((linear.log_odds(&unknown) - linear.base).abs() < 1e-12);
    assert!(linear.contributions(&unknown).is_empty());
}

#[test]
fn rare_values_have_no_weight_and_a_model_is_read_back_as_written() {
    let mut gathering = made(600);
    for number in 600..604 {
        gathering.push(&opening(day(number), &[("channel", "RARE")]), ended(number, true));
    }
    let trained = train(&gathering.table(), None, &mut silent());
    let model = trained.model.unwrap();
    assert!(model.linear.weights.values().all(|weights| !weights.contains_key("RARE")));
    let json = serde_json::to_string(&model).unwrap();
    let back: Model = serde_json::from_str(&json).unwrap();
    assert_eq!(back.learner, model.learner);
    assert!((back.linear.base - model.linear.base).abs() < 1e-12);
}

#[test]
fn known_figures_come_out() {
    let scores = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)];
    assert_eq!(auc(&scores), Some(0.75));
    assert_eq!(auc(&[(0.5, true), (0.5, false)]), Some(0.5));
    assert_eq!(auc(&[(0.5, true)]), None);
    let log_odds = [(logit(0.9), true), (logit(0.2), false)];
    let found = evaluate(&log_odds, 0.5).unwrap();
    assert!((found.brier - f64::midpoint(0.01, 0.04)).abs() < 1e-12);
    assert!((found.log_loss + f64::midpoint(0.9_f64.ln(), 0.8_f64.ln())).abs() < 1e-12);
    assert!((found.log_loss_of_share - 2.0_f64.ln()).abs() < 1e-12);
}

#[test]
fn calibration_mends_a_learner_that_is_too_sure() {
    // told log-odds of 4 and -4, true odds of 4 to 1
    let scores: Vec<(f64, bool)> =
        (0..2_000).map(|number| (if number % 2 == 0 { 4.0 } else { -4.0 }, (number % 10 < 8) == (number % 2 == 0))).collect();
    let fit = calibrate::fit(&scores);
    let told = logistic_of(fit.apply(4.0));
    let came = scores.iter().filter(|(x, won)| *x > 0.0 && *won).count();
    assert!((told - f64::from(u32::try_from(came).unwrap()) / 1_000.0).abs() < 0.01, "{told} {came}");
    assert!(fit.slope > 0.0 && fit.slope < 1.0);
    let contrary: Vec<(f64, bool)> = scores.iter().map(|(x, won)| (-x, *won)).collect();
    assert!(calibrate::fit(&contrary).slope.abs() < 1e-12);
}

proptest! {
    #[test]
    fn a_probability_is_one_whatever_is_known(values in prop::collection::vec("[A-C]?", 3), complete in any::<bool>()) {
        let data = table(300);
        let mut snapshot = opening(day(0), &[("channel", &values[0]), ("campaign", &values[1]), ("colour", &values[2])]);
        snapshot.complete = complete;
        for learner in Learner::ALL.iter().copied() {
            let chance = learner.fit(&data.rows()).probability(&snapshot);
            prop_assert!(chance > 0.0 && chance < 1.0);
        }
    }

    #[test]
    fn the_area_is_turned_by_turning_the_order(scores in prop::collection::vec((-5i32..5, any::<bool>()), 2..60)) {
        let as_told: Vec<(f64, bool)> = scores.iter().map(|(score, won)| (f64::from(*score), *won)).collect();
        let turned: Vec<(f64, bool)> = as_told.iter().map(|(score, won)| (-score, *won)).collect();
        if let (Some(one), Some(other)) = (auc(&as_told), auc(&turned)) {
            prop_assert!((one + other - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_order_of_arrival_makes_no_difference(seed in 0usize..50) {
        let mut rows: Vec<(Snapshot, Ended)> = (0..60).map(|number| {
            (opening(day(number), &[("page", ["A", "B", "C"][usize::try_from(number % 3).unwrap()])]), ended(number, number % 4 == 0))
        }).collect();
        let fit = |rows: &[(Snapshot, Ended)]| {
            let mut gathering = Gathering::default();
            for (snapshot, ended) in rows {
                gathering.push(snapshot, *ended);
            }
            Learner::NaiveBayes.fit(&gathering.table().rows())
        };
        let straight = fit(&rows);
        rows.rotate_left(seed);
        prop_assert_eq!(fit(&rows), straight);
    }
}
