//! The two figures of a lead's score, with the grade and the tier that the model in force read from them.

use serde::{Deserialize, Serialize};

use crate::violation::{ValueError, ViolationCode};

use super::grade::{Grade, Tier};
use super::grading::Grading;

/// Fit and engagement, 0 to 100 points each, their grade and its tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Score {
    fit: u8,
    engagement: u8,
    grade: Grade,
    tier: Tier,
}

impl Default for Score {
    /// Nothing known, nothing done.
    fn default() -> Self {
        Self { fit: 0, engagement: 0, grade: Grade::C3, tier: Tier::Weak }
    }
}

impl Score {
    /// The highest number of points on either axis.
    pub const POINTS_MAX: u8 = 100;

    /// Checks points and reads grade and tier from them.
    ///
    /// # Errors
    /// Points outside 0 to 100.
    pub fn try_new(fit: i64, engagement: i64, grading: &Grading) -> Result<Self, ValueError> {
        Ok(Self::graded(points(fit)?, points(engagement)?, grading))
    }

    /// Points that are known to be in range.
    pub(super) fn graded(fit: u8, engagement: u8, grading: &Grading) -> Self {
        let (fit, engagement) = (fit.min(Self::POINTS_MAX), engagement.min(Self::POINTS_MAX));
        let grade = grading.grade(fit, engagement);
        Self { fit, engagement, grade, tier: grading.tier(grade) }
    }

    /// A score as it was stored. Grade and tier may be other than today's model would read: an override, or a model of before.
    ///
    /// # Errors
    /// Points outside 0 to 100.
    pub fn restore(fit: i64, engagement: i64, grade: Grade, tier: Tier) -> Result<Self, ValueError> {
        Ok(Self { fit: points(fit)?, engagement: points(engagement)?, grade, tier })
    }

    /// The same points with another grade.
    #[must_use]
    pub fn with_grade(self, grade: Grade, grading: &Grading) -> Self {
        Self { grade, tier: grading.tier(grade), ..self }
    }

    /// The same points and grade, treated as another tier: as it was decided once, or as it is assumed.
    #[must_use]
    pub const fn with_tier(self, tier: Tier) -> Self {
        Self { tier, ..self }
    }

    /// Points for who they are.
    pub const fn fit(self) -> u8 {
        self.fit
    }

    /// Points for what they did.
    pub const fn engagement(self) -> u8 {
        self.engagement
    }

    /// The cell of the grade matrix.
    pub const fn grade(self) -> Grade {
        self.grade
    }

    /// The tier read from the grade.
    pub const fn tier(self) -> Tier {
        self.tier
    }

    /// One figure to sort by: better grades first, then fit, then engagement. It orders and means nothing else.
    pub fn rank(self) -> i32 {
        i32::from(self.grade.order()) * 100_000 + i32::from(self.fit) * 200 + i32::from(self.engagement)
    }
}

fn points(value: i64) -> Result<u8, ValueError> {
    let fits = u8::try_from(value).ok().filter(|points| *points <= Score::POINTS_MAX);
    fits.ok_or_else(|| ValueError::new(ViolationCode::OutOfRange, "points are 0 to 100"))
}
