//! Engagement: points for what they did, by channel and activity, less with time.

use serde::{Deserialize, Serialize};

use crate::campaign::Channel;
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

use super::activity::ActivityKind;
use super::rule::check_labels;

/// Half-life of a rule that names none: two weeks, about the time in which half of those who showed interest decide or turn away.
pub const HALF_LIFE_HOURS_DEFAULT: u32 = 14 * 24;
/// Longest half-life: a year.
pub const HALF_LIFE_HOURS_MAX: u32 = 365 * 24;

pub(super) const fn half_life_default() -> u32 {
    HALF_LIFE_HOURS_DEFAULT
}

/// A cell of the matrix: points for each activity of a kind, by a channel or by any.
///
/// It gives points and never takes them: what speaks against somebody is a fit rule, and who wants no more mail has withdrawn a consent, which
/// gates ask for. So a score can only sink while nothing happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixRule {
    /// Its key within the model.
    pub key: Code,
    /// Its name for people.
    pub labels: Labels,
    /// The channel; `None` for all channels for which no rule names this activity.
    #[serde(default)]
    pub channel: Option<Channel>,
    /// The activity.
    pub kind: ActivityKind,
    /// What each gives, 1 to 100.
    pub points: u8,
    /// After how many hours half of the points are left, 1 to 8,760.
    #[serde(default = "half_life_default")]
    pub half_life_hours: u32,
    /// The group that bounds it.
    #[serde(default)]
    pub group: Option<Code>,
}

impl MatrixRule {
    pub(super) fn check(&self, faults: &mut Violations) {
        let field = format!("matrix.{}", self.key);
        check_labels(&field, &self.labels, faults);
        if self.points == 0 || self.points > 100 {
            faults.add(format!("{field}.points"), ViolationCode::OutOfRange, "points are 1 to 100");
        }
        check_half_life(&field, self.half_life_hours, faults);
    }
}

pub(super) fn check_half_life(field: &str, hours: u32, faults: &mut Violations) {
    if hours == 0 || hours > HALF_LIFE_HOURS_MAX {
        faults.add(format!("{field}.halfLifeHours"), ViolationCode::OutOfRange, "a half-life is 1 hour to 8760 hours (365 days)");
    }
}

/// The rule for a channel and an activity: the cell of that channel, else the one of all channels.
pub(super) fn rule_for(rules: &[MatrixRule], channel: Channel, kind: ActivityKind) -> Option<usize> {
    let of = |wanted: Option<Channel>| rules.iter().position(|rule| rule.kind == kind && rule.channel == wanted);
    of(Some(channel)).or_else(|| of(None))
}
