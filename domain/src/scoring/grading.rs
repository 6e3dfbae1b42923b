//! From points to grades and from grades to tiers, as a model sets it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::violation::{ViolationCode, Violations};

use super::grade::{Grade, Level, Tier};
use super::score::Score;

/// From which points an axis counts as middle and as high, both inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Middle from here on; at least 1.
    pub middle: u8,
    /// High from here on; above middle, at most 100.
    pub high: u8,
}

impl Thresholds {
    /// The level of so many points.
    pub const fn level(self, points: u8) -> Level {
        if points >= self.high {
            Level::High
        } else if points >= self.middle {
            Level::Middle
        } else {
            Level::Low
        }
    }

    /// The points that a level begins at; 0 for low.
    pub const fn start(self, level: Level) -> u8 {
        match level {
            Level::High => self.high,
            Level::Middle => self.middle,
            Level::Low => 0,
        }
    }

    fn check(self, field: &str, faults: &mut Violations) {
        if self.middle == 0 || self.high > Score::POINTS_MAX {
            faults.add(field, ViolationCode::OutOfRange, "thresholds are 1 to 100");
        }
        if self.middle >= self.high {
            faults.add(field, ViolationCode::Conflict, "the high threshold must be above the middle one");
        }
    }
}

/// The thresholds of both axes and the tier of each grade.
///
/// INVARIANT: thresholds rise and every grade has a tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Grading {
    fit: Thresholds,
    engagement: Thresholds,
    tiers: BTreeMap<Grade, Tier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    fit: Thresholds,
    engagement: Thresholds,
    tiers: BTreeMap<Grade, Tier>,
}

impl TryFrom<Stored> for Grading {
    type Error = Violations;

    fn try_from(stored: Stored) -> Result<Self, Violations> {
        Self::try_new(stored.fit, stored.engagement, stored.tiers.into_iter().collect())
    }
}

impl Grading {
    /// Checks and makes a grading.
    ///
    /// # Errors
    /// All faults: thresholds outside 1 to 100 or not rising, a grade without a tier or with two, a grade that is at least as good as another on
    /// both axes and has a weaker tier.
    pub fn try_new(fit: Thresholds, engagement: Thresholds, given: Vec<(Grade, Tier)>) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        fit.check("fitThresholds", &mut faults);
        engagement.check("engagementThresholds", &mut faults);
        let mut tiers = BTreeMap::new();
        for (grade, tier) in given {
            if tiers.insert(grade, tier).is_some() {
                faults.add(format!("tiers.{grade}"), ViolationCode::Duplicate, "a grade has one tier");
            }
        }
        for grade in Grade::ALL.iter().filter(|grade| !tiers.contains_key(grade)) {
            faults.add(format!("tiers.{grade}"), ViolationCode::Required, "every grade needs a tier");
        }
        for (better, tier) in &tiers {
            let weaker =
                tiers.iter().filter(|(other, _)| better.fit() >= other.fit() && better.engagement() >= other.engagement());
            if weaker.into_iter().any(|(_, other)| other > tier) {
                faults.add(format!("tiers.{better}"), ViolationCode::Conflict, "a better grade cannot have a weaker tier");
            }
        }
        faults.into_result()?;
        Ok(Self { fit, engagement, tiers })
    }

    /// The thresholds of fit.
    pub const fn fit(&self) -> Thresholds {
        self.fit
    }

    /// The thresholds of engagement.
    pub const fn engagement(&self) -> Thresholds {
        self.engagement
    }

    /// The tier of a grade.
    pub fn tier(&self, grade: Grade) -> Tier {
        self.tiers.get(&grade).copied().unwrap_or(Tier::Weak)
    }

    /// Every grade with its tier, the best first.
    pub fn tiers(&self) -> impl Iterator<Item = (Grade, Tier)> {
        self.tiers.iter().map(|(grade, tier)| (*grade, *tier))
    }

    /// The grade of points.
    pub const fn grade(&self, fit: u8, engagement: u8) -> Grade {
        Grade::of(self.fit.level(fit), self.engagement.level(engagement))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiers() -> Vec<(Grade, Tier)> {
        Grade::ALL.iter().map(|grade| (*grade, if *grade == Grade::A1 { Tier::Hot } else { Tier::Weak })).collect()
    }

    const PLAIN: Thresholds = Thresholds { middle: 40, high: 70 };

    #[test]
    fn every_fault_names_its_field() {
        let mut given = tiers();
        given.retain(|(grade, _)| *grade != Grade::B2);
        given.push((Grade::C3, Tier::Warm));
        let faults =
            Grading::try_new(Thresholds { middle: 0, high: 70 }, Thresholds { middle: 70, high: 70 }, given).unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
        assert_eq!(
            found[..4],
            [
                ("fitThresholds", ViolationCode::OutOfRange),
                ("engagementThresholds", ViolationCode::Conflict),
                ("tiers.C3", ViolationCode::Duplicate),
                ("tiers.B2", ViolationCode::Required),
            ]
        );
        assert!(found[4..].iter().all(|(field, code)| *field != "tiers.A1" && *code == ViolationCode::Conflict), "{found:?}");
    }

    #[test]
    fn thresholds_are_inclusive() {
        let grading = Grading::try_new(PLAIN, Thresholds { middle: 1, high: 100 }, tiers()).unwrap();
        assert_eq!(grading.grade(70, 100), Grade::A1);
        assert_eq!(grading.grade(69, 99), Grade::B2);
        assert_eq!(grading.grade(39, 0), Grade::C3);
        assert_eq!(grading.tier(Grade::A1), Tier::Hot);
    }

    #[test]
    fn what_is_stored_is_checked_again() {
        let grading = Grading::try_new(PLAIN, PLAIN, tiers()).unwrap();
        let json = serde_json::to_string(&grading).unwrap();
        assert_eq!(serde_json::from_str::<Grading>(&json).unwrap(), grading);
        assert!(serde_json::from_str::<Grading>(&json.replace("\"C1\":\"WEAK\",", "")).is_err());
    }
}
