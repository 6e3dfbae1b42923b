//! The two figures of a lead's score.

use serde::{Deserialize, Serialize};

use crate::violation::{ValueError, ViolationCode};

use super::grade::{Grade, Tier};

/// Fit and engagement, 0 to 100 points each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Score {
    fit: u8,
    engagement: u8,
}

impl Score {
    /// The highest number of points on either axis.
    pub const POINTS_MAX: u8 = 100;

    /// Checks and makes a score.
    ///
    /// # Errors
    /// Points outside 0 to 100.
    pub fn try_new(fit: i64, engagement: i64) -> Result<Self, ValueError> {
        let points = |value: i64| {
            let fits = u8::try_from(value).ok().filter(|points| *points <= Self::POINTS_MAX);
            fits.ok_or_else(|| ValueError::new(ViolationCode::OutOfRange, "points are 0 to 100"))
        };
        Ok(Self { fit: points(fit)?, engagement: points(engagement)? })
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
        Grade::of(self)
    }

    /// The tier read from the grade.
    pub const fn tier(self) -> Tier {
        self.grade().tier()
    }

    /// One figure to sort by: better grades first, then fit, then engagement. It orders and means nothing else.
    pub fn rank(self) -> i32 {
        i32::from(self.grade().order()) * 100_000 + i32::from(self.fit) * 200 + i32::from(self.engagement)
    }
}
