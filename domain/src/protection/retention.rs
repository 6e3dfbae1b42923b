//! For how long people are kept who bring no business any more (storage limitation, Art. 5(1)(e) GDPR). Rules are rehearsed before they act.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::violation::{ViolationCode, Violations};

codes! {
    /// What stands between us and a person.
    pub enum RetentionCase {
        /// No lead at all.
        NoLead = "NO_LEAD",
        /// A lead at rest.
        Nurturing = "NURTURING",
        /// A lost lead.
        Lost = "LOST",
        /// A disqualified lead.
        Disqualified = "DISQUALIFIED",
        /// A won lead: the person bought. Commercial and tax law ask for years (§ 257 HGB, § 147 AO).
        Won = "WON",
    }
}

/// Shortest time a rule may set, in days.
pub const DAYS_MIN: u32 = 1;

/// Longest time a rule may set, in days: thirty years, as long as the longest period of limitation (§ 197 BGB).
pub const DAYS_MAX: u32 = 10_958;

/// How long a case is kept after its last change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRule {
    /// The case.
    pub case: RetentionCase,
    /// Days after the last change of the lead, or of the person without one.
    pub after_days: u32,
}

/// The rules, and whether they act by themselves.
///
/// INVARIANT: rules act only when exactly this version of them was rehearsed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionPolicy {
    version: u32,
    days: BTreeMap<RetentionCase, u32>,
    rehearsed_at: Option<DateTime<Utc>>,
    armed: bool,
}

impl Default for RetentionPolicy {
    /// No rule: nothing is erased by itself before somebody decided so.
    fn default() -> Self {
        Self { version: 1, days: BTreeMap::new(), rehearsed_at: None, armed: false }
    }
}

impl RetentionPolicy {
    /// The next version with other rules. It has to be rehearsed before it acts.
    ///
    /// # Errors
    /// Days out of range, a case that stands twice.
    pub fn revise(&self, rules: &[RetentionRule]) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        let mut days = BTreeMap::new();
        for (index, rule) in rules.iter().enumerate() {
            if !(DAYS_MIN..=DAYS_MAX).contains(&rule.after_days) {
                let message = format!("{DAYS_MIN} to {DAYS_MAX} days are allowed");
                faults.add(format!("rules.{index}.afterDays"), ViolationCode::OutOfRange, message);
            }
            if days.insert(rule.case, rule.after_days).is_some() {
                faults.add(format!("rules.{index}.case"), ViolationCode::Duplicate, "the case stands here twice");
            }
        }
        faults.into_result()?;
        Ok(Self { version: self.version.saturating_add(1), days, rehearsed_at: None, armed: false })
    }

    /// The same rules after a rehearsal.
    #[must_use]
    pub fn rehearsed(&self, now: DateTime<Utc>) -> Self {
        Self { rehearsed_at: Some(now), ..self.clone() }
    }

    /// The same rules, acting by themselves from now on.
    ///
    /// # Errors
    /// When they were not rehearsed, or there is none.
    pub fn arm(&self) -> Result<Self, Violations> {
        if self.days.is_empty() {
            return Err(Violations::one("armed", ViolationCode::Conflict, "there is no rule yet"));
        }
        if self.rehearsed_at.is_none() {
            return Err(Violations::one("armed", ViolationCode::Conflict, "these rules were not rehearsed yet"));
        }
        Ok(Self { armed: true, ..self.clone() })
    }

    /// The same rules, acting on command only.
    #[must_use]
    pub fn disarm(&self) -> Self {
        Self { armed: false, ..self.clone() }
    }

    /// Counts the changes of the rules from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The rules, by case.
    pub fn rules(&self) -> impl Iterator<Item = RetentionRule> {
        self.days.iter().map(|(case, after_days)| RetentionRule { case: *case, after_days: *after_days })
    }

    /// When exactly these rules were rehearsed.
    pub const fn rehearsed_at(&self) -> Option<DateTime<Utc>> {
        self.rehearsed_at
    }

    /// Whether they act by themselves.
    pub const fn is_armed(&self) -> bool {
        self.armed
    }

    /// The moment before which a case must have changed last for its time to be over; none when no rule speaks of it.
    pub fn over_before(&self, case: RetentionCase, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let days = self.days.get(&case)?;
        now.checked_sub_signed(TimeDelta::days(i64::from(*days)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(day * 86_400, 0).unwrap()
    }

    fn rule(case: RetentionCase, after_days: u32) -> RetentionRule {
        RetentionRule { case, after_days }
    }

    #[test]
    fn rules_act_only_after_a_rehearsal_of_this_version() {
        let none = RetentionPolicy::default();
        assert_eq!(none.arm().unwrap_err().iter().next().unwrap().field, "armed");
        let rules = none.revise(&[rule(RetentionCase::Lost, 90)]).unwrap();
        assert!(rules.arm().is_err(), "never rehearsed");
        let armed = rules.rehearsed(at(1)).arm().unwrap();
        assert!(armed.is_armed() && !armed.disarm().is_armed());
        let changed = armed.revise(&[rule(RetentionCase::Lost, 30)]).unwrap();
        assert_eq!(
            (changed.version(), changed.is_armed(), changed.rehearsed_at()),
            (3, false, None),
            "a change must be rehearsed again"
        );
    }

    #[test]
    fn time_is_over_days_after_the_last_change() {
        let rules = RetentionPolicy::default().revise(&[rule(RetentionCase::Nurturing, 10)]).unwrap();
        assert_eq!(rules.over_before(RetentionCase::Nurturing, at(100)), Some(at(90)));
        assert_eq!(rules.over_before(RetentionCase::Won, at(100)), None, "no rule, no end");
    }

    #[test]
    fn every_fault_is_told() {
        let faults = RetentionPolicy::default()
            .revise(&[rule(RetentionCase::Lost, 0), rule(RetentionCase::Lost, DAYS_MAX + 1)])
            .unwrap_err();
        let fields: Vec<_> = faults.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["rules.0.afterDays", "rules.1.afterDays", "rules.1.case"]);
    }
}
