//! Overrides: somebody who knows better says so, with a reason and until when.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::id::UserId;
use crate::value::ShortText;
use crate::violation::{ValueError, ViolationCode, Violations};

use super::evaluate::Scored;
use super::grade::Grade;
use super::grading::Grading;
use super::score::Score;

/// Longest life of an override, in days: what is known better today is not known better for ever.
pub const OVERRIDE_DAYS_MAX: i64 = 90;

/// What is said instead of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum OverrideValue {
    /// This grade; the points stay those of the rules.
    Grade {
        /// The grade.
        grade: Grade,
    },
    /// These points; the grade is read from them.
    Points {
        /// Points for who they are, 0 to 100.
        fit: u8,
        /// Points for what they did, 0 to 100. They do not decay.
        engagement: u8,
    },
}

/// An override of a lead's score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreOverride {
    /// What is said.
    pub value: OverrideValue,
    /// Why.
    pub reason: ShortText,
    /// Who said it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Until when it holds; from then on the rules speak again.
    pub until: DateTime<Utc>,
}

/// An override as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OverrideDraft {
    /// The grade, or the points are given.
    pub grade: Option<Grade>,
    /// Fit and engagement, or the grade is given.
    pub points: Option<(i64, i64)>,
    /// Why; must be given.
    pub reason: Option<String>,
    /// Until when; must be given.
    pub until: Option<DateTime<Utc>>,
}

impl OverrideDraft {
    /// Checks what was typed by a user at a moment.
    ///
    /// # Errors
    /// All faults: neither or both of grade and points, points outside 0 to 100, no reason, an end that is missing, past, or more than
    /// [`OVERRIDE_DAYS_MAX`] days away.
    pub fn parse(&self, by: UserId, now: DateTime<Utc>) -> Result<ScoreOverride, Violations> {
        let mut faults = Violations::new();
        let value = match (self.grade, self.points) {
            (Some(grade), None) => Some(OverrideValue::Grade { grade }),
            (None, Some((fit, engagement))) => points_of(fit, engagement, &mut faults),
            (None, None) => {
                faults.check("grade", Err(ValueError::new(ViolationCode::Required, "a grade or points must be given")))
            }
            (Some(_), Some(_)) => {
                faults.check("points", Err(ValueError::new(ViolationCode::Conflict, "points are not given beside a grade")))
            }
        };
        let reason = faults.check_required("reason", self.reason.as_deref(), ShortText::parse);
        let until = faults.check("until", self.until.ok_or_else(ValueError::required).and_then(|until| ending(until, now)));
        match (value, reason, until) {
            (Some(value), Some(reason), Some(until)) if faults.is_empty() => {
                Ok(ScoreOverride { value, reason, by, at: now, until })
            }
            _ => Err(faults),
        }
    }
}

fn points_of(fit: i64, engagement: i64, faults: &mut Violations) -> Option<OverrideValue> {
    let range = |value: i64| {
        let points = u8::try_from(value).ok().filter(|points| *points <= Score::POINTS_MAX);
        points.ok_or_else(|| ValueError::new(ViolationCode::OutOfRange, "points are 0 to 100"))
    };
    let (fit, engagement) = (faults.check("points.fit", range(fit)), faults.check("points.engagement", range(engagement)));
    Some(OverrideValue::Points { fit: fit?, engagement: engagement? })
}

fn ending(until: DateTime<Utc>, now: DateTime<Utc>) -> Result<DateTime<Utc>, ValueError> {
    if until <= now {
        return Err(ValueError::new(ViolationCode::OutOfRange, "must be in the future"));
    }
    if until - now > TimeDelta::days(OVERRIDE_DAYS_MAX) {
        return Err(ValueError::new(ViolationCode::OutOfRange, format!("at most {OVERRIDE_DAYS_MAX} days from now")));
    }
    Ok(until)
}

impl ScoreOverride {
    /// Whether it still holds.
    pub fn holds_at(&self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// The score that it makes of the one by the rules.
    pub fn over(&self, by_rules: Score, grading: &Grading) -> Score {
        match self.value {
            OverrideValue::Grade { grade } => by_rules.with_grade(grade, grading),
            OverrideValue::Points { fit, engagement } => Score::graded(fit, engagement, grading),
        }
    }
}

/// The score that counts for a lead, and when it has to be looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The score that counts.
    pub score: Score,
    /// When the override ends, else when decay lowers the grade.
    pub next_change_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// By the rules, or by the override while it holds.
    pub fn of(scored: &Scored, said: Option<&ScoreOverride>, grading: &Grading, now: DateTime<Utc>) -> Self {
        match said.filter(|said| said.holds_at(now)) {
            Some(said) => Self { score: said.over(scored.score, grading), next_change_at: Some(said.until) },
            None => Self { score: scored.score, next_change_at: scored.next_change_at },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::{Tier, shipped};
    use uuid::Uuid;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + day * 86_400, 0).unwrap()
    }

    fn draft() -> OverrideDraft {
        OverrideDraft { grade: Some(Grade::A1), points: None, reason: Some("met at the fair".to_owned()), until: Some(at(7)) }
    }

    fn someone() -> UserId {
        UserId::from(Uuid::from_u128(1))
    }

    #[test]
    fn every_fault_names_its_field() {
        let fields = |draft: OverrideDraft| {
            let faults = draft.parse(someone(), at(0)).unwrap_err();
            faults.iter().map(|fault| fault.field.clone()).collect::<Vec<_>>()
        };
        assert_eq!(fields(OverrideDraft::default()), ["grade", "reason", "until"]);
        assert_eq!(fields(OverrideDraft { points: Some((1, 2)), ..draft() }), ["points"]);
        assert_eq!(
            fields(OverrideDraft { grade: None, points: Some((101, -1)), ..draft() }),
            ["points.fit", "points.engagement"]
        );
        assert_eq!(fields(OverrideDraft { until: Some(at(0)), ..draft() }), ["until"]);
        assert_eq!(fields(OverrideDraft { until: Some(at(91)), ..draft() }), ["until"]);
        assert!(OverrideDraft { until: Some(at(90)), ..draft() }.parse(someone(), at(0)).is_ok());
    }

    #[test]
    fn it_holds_until_its_end_and_then_the_rules_speak_again() {
        let model = shipped::model().unwrap();
        let grading = model.grading();
        let by_rules = Score::try_new(30, 20, grading).unwrap();
        let scored = Scored { score: by_rules, fit: vec![], engagement: vec![], next_change_at: None };
        let said = draft().parse(someone(), at(0)).unwrap();
        let standing = Standing::of(&scored, Some(&said), grading, at(6));
        assert_eq!((standing.score.grade(), standing.score.tier(), standing.score.fit()), (Grade::A1, Tier::Hot, 30));
        assert_eq!(standing.next_change_at, Some(at(7)));
        assert_eq!(Standing::of(&scored, Some(&said), grading, at(7)).score, by_rules);
        let points = OverrideDraft { grade: None, points: Some((90, 10)), ..draft() }.parse(someone(), at(0)).unwrap();
        assert_eq!(points.over(by_rules, grading), Score::try_new(90, 10, grading).unwrap());
        let json = serde_json::to_string(&points).unwrap();
        assert_eq!(serde_json::from_str::<ScoreOverride>(&json).unwrap(), points);
    }
}
