//! Fit: points for who they are. They do not decay.

use serde::{Deserialize, Serialize};

use crate::attribute::AttributeBook;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::gate::Criterion;
use crate::waterfall::measure::{Evidence, Found, Measure};

use super::rule::check_labels;

/// Points for something that is known, if it meets a criterion; points may be taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitRule {
    /// What must hold, with the rule's key and name. It may ask everything that a gate may ask, but for the score itself.
    pub criterion: Criterion,
    /// What it gives, -100 to 100 and not 0.
    pub points: i16,
    /// The group that bounds it.
    #[serde(default)]
    pub group: Option<Code>,
}

impl FitRule {
    /// The rule's key within the model.
    pub const fn key(&self) -> &Code {
        &self.criterion.key
    }

    /// What was found, if it earns the points.
    pub(super) fn met(&self, evidence: &Evidence<'_>) -> Option<Found> {
        let found = self.criterion.measure.read(evidence);
        self.criterion.holds(&found).then_some(found)
    }

    pub(super) fn check(&self, faults: &mut Violations) {
        let field = format!("fit.{}", self.key());
        check_labels(&field, &self.criterion.labels, faults);
        if self.points == 0 || !(-100..=100).contains(&self.points) {
            faults.add(format!("{field}.points"), ViolationCode::OutOfRange, "points are -100 to 100 and not 0");
        }
        if asks_for_score(&self.criterion.measure) {
            faults.add(format!("{field}.measure"), ViolationCode::Conflict, "a score cannot be measured by itself");
        }
        let mut inner = Violations::new();
        self.criterion.check_shape("required", &mut inner);
        for fault in &inner {
            faults.add(format!("{field}.required"), fault.code, fault.message.clone());
        }
    }

    /// Notes a comparison that is shaped as the measure's value is, and yet none that the measure takes.
    pub(super) fn check_comparison(&self, faults: &mut Violations) {
        let values = self.criterion.measure.values(&AttributeBook::default()).filter(|_| self.criterion.is_shaped());
        if let Some(message) = values.and_then(|values| self.criterion.misfit(&values)) {
            faults.add(format!("fit.{}.comparison", self.key()), ViolationCode::Conflict, message);
        }
    }
}

/// Whether a measure reads the score, on which a rule of the score cannot stand.
const fn asks_for_score(measure: &Measure) -> bool {
    matches!(measure, Measure::FitPoints | Measure::EngagementPoints | Measure::Grade | Measure::Tier)
}
