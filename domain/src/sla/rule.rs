//! What an agreement promises: a kind of clock, for which tiers, how long, and what happens on the way.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::scoring::Tier;
use crate::violation::{ViolationCode, Violations};

use super::ladder::{EscalationAct, LAPS_MAX, LadderStep, PERCENT_MAX, STEPS_MAX};
use super::promise::{PROMISE_SECONDS_MAX, Promise};

codes! {
    /// What is promised.
    pub enum ClockKind {
        /// The taker answers the offer: accepts or rejects it. Runs from the offer.
        Accept = "ACCEPT",
        /// The taker reaches the person. Runs from the acceptance.
        FirstContact = "FIRST_CONTACT",
        /// The taker decides what the lead is: the next step, the next department, rest or an end. Runs from the acceptance.
        Qualify = "QUALIFY",
        /// The taker rates what it was given. Runs from the acceptance.
        Feedback = "FEEDBACK",
        /// Customer service takes a customer over. Runs from the win.
        ServiceAccept = "SERVICE_ACCEPT",
    }
}

/// A promise of an agreement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// What is promised.
    pub kind: ClockKind,
    /// For which tiers; for every tier without a rule of its own when empty.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// How long it may take.
    pub promise: Promise,
    /// For how many seconds the clock may stand still in all; it cannot be paused when absent.
    #[serde(default)]
    pub pause_seconds_max: Option<u32>,
    /// What happens on the way and after.
    #[serde(default)]
    pub ladder: Vec<LadderStep>,
}

/// Most promises of an agreement.
pub const RULES_MAX: usize = 25;

impl ClockRule {
    /// Checks the rule; faults are named below `field`.
    pub fn check(&self, field: &str, faults: &mut Violations) {
        if self.pause_seconds_max.is_some_and(|max| max == 0 || max > PROMISE_SECONDS_MAX) {
            let message = format!("a pause takes 1 to {PROMISE_SECONDS_MAX} seconds");
            faults.add(format!("{field}.pauseMax"), ViolationCode::OutOfRange, message);
        }
        if self.ladder.len() > STEPS_MAX {
            faults.add(format!("{field}.ladder"), ViolationCode::TooLong, format!("at most {STEPS_MAX} steps are allowed"));
        }
        for (index, step) in self.ladder.iter().enumerate() {
            self.check_step(&format!("{field}.ladder.{index}"), *step, faults);
            if self.ladder.iter().take(index).any(|other| other == step) {
                faults.add(format!("{field}.ladder.{index}"), ViolationCode::Duplicate, "the same step is there already");
            }
        }
    }

    fn check_step(&self, field: &str, step: LadderStep, faults: &mut Violations) {
        if step.at_percent == 0 || step.at_percent > PERCENT_MAX {
            let message = format!("a step comes after 1 to {PERCENT_MAX} percent");
            faults.add(format!("{field}.atPercent"), ViolationCode::OutOfRange, message);
        }
        if step.lap.is_some_and(|lap| lap == 0 || lap > LAPS_MAX) {
            faults.add(format!("{field}.lap"), ViolationCode::OutOfRange, format!("there are laps 1 to {LAPS_MAX}"));
        }
        let lawful = match step.act {
            EscalationAct::NotifyAssignee | EscalationAct::NotifyManager => true,
            EscalationAct::Reassign => matches!(self.kind, ClockKind::Accept | ClockKind::FirstContact | ClockKind::Qualify),
            EscalationAct::ReturnToGiver => self.kind == ClockKind::Accept,
        };
        if !lawful {
            let message = format!("`{}` is no step of a clock of kind `{}`", step.act, self.kind);
            faults.add(format!("{field}.act"), ViolationCode::Conflict, message);
        }
        let acts = matches!(step.act, EscalationAct::Reassign | EscalationAct::ReturnToGiver);
        if acts && step.at_percent < super::ladder::LAPSE_PERCENT {
            faults.add(
                format!("{field}.atPercent"),
                ViolationCode::Conflict,
                "nobody loses a lead before the promise has lapsed",
            );
        }
    }
}

/// Checks all rules of an agreement; faults are named below `clocks`.
pub fn check_rules(rules: &[ClockRule], faults: &mut Violations) {
    if rules.len() > RULES_MAX {
        faults.add("clocks", ViolationCode::TooLong, format!("at most {RULES_MAX} clocks are allowed"));
    }
    for (index, rule) in rules.iter().enumerate() {
        let field = format!("clocks.{index}");
        rule.check(&field, faults);
        let clash = |other: &ClockRule| {
            let both_all = other.tiers.is_empty() && rule.tiers.is_empty();
            other.kind == rule.kind && (both_all || other.tiers.iter().any(|tier| rule.tiers.contains(tier)))
        };
        if rules.iter().take(index).any(clash) {
            let message = format!("there is another clock of kind `{}` for the same tier", rule.kind);
            faults.add(format!("{field}.tiers"), ViolationCode::Duplicate, message);
        }
    }
}

/// The rule for a kind and tier: one for the tier, else the one for every tier.
pub fn rule_for(rules: &[ClockRule], kind: ClockKind, tier: Tier) -> Option<&ClockRule> {
    let of_kind = || rules.iter().filter(|rule| rule.kind == kind);
    of_kind().find(|rule| rule.tiers.contains(&tier)).or_else(|| of_kind().find(|rule| rule.tiers.is_empty()))
}
