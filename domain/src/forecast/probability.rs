//! The chance to win one lead, where it comes from, and what it makes of the lead's value.

use crate::code::codes;
use crate::id::ForecastModelId;
use crate::scoring::Grade;
use crate::value::Money;

use super::history::GradeHistory;
use super::linear::Contribution;
use super::model::Model;
use super::snapshot::Snapshot;

codes! {
    /// What a probability comes from.
    pub enum ProbabilitySource {
        /// The model in force.
        Learned = "LEARNED",
        /// The history of the lead's grade: rules are in charge.
        GradeHistory = "GRADE_HISTORY",
        /// Nothing; rules are in charge, and no history bears a figure.
        None = "NONE",
    }
}

codes! {
    /// Why it comes from there.
    pub enum ProbabilityReason {
        /// A model is in force and knows of the lead's opening.
        ModelInForce = "MODEL_IN_FORCE",
        /// No model is in force: too little has closed, or none was good enough.
        NoModelInForce = "NO_MODEL_IN_FORCE",
        /// A model is in force, but what was known when the passage opened was not kept.
        OpeningNotKnown = "OPENING_NOT_KNOWN",
        /// Too few passages have closed to read anything from grades.
        TooLittleHistory = "TOO_LITTLE_HISTORY",
        /// The lead is not open.
        NotOpen = "NOT_OPEN",
    }
}

/// The chance to win a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Probability {
    /// Between 0 and 1; nothing when no history bears a figure.
    pub value: Option<f64>,
    /// What it comes from.
    pub source: ProbabilitySource,
    /// Why.
    pub reason: ProbabilityReason,
    /// What each field adds, the strongest first; empty unless learned.
    pub contributions: Vec<Contribution>,
    /// The log-odds that the contributions start from; nothing unless learned.
    pub base: Option<f64>,
    /// The model; nothing unless learned.
    pub model: Option<ForecastModelId>,
}

impl Probability {
    /// Nothing, for a reason.
    pub const fn none(reason: ProbabilityReason) -> Self {
        let source = ProbabilitySource::None;
        Self { value: None, source, reason, contributions: Vec::new(), base: None, model: None }
    }

    /// What a model says of the opening of a passage.
    pub fn learned(id: ForecastModelId, model: &Model, opening: &Snapshot) -> Self {
        Self {
            value: Some(model.linear.probability(opening)),
            source: ProbabilitySource::Learned,
            reason: ProbabilityReason::ModelInForce,
            contributions: model.linear.contributions(opening),
            base: Some(model.linear.base),
            model: Some(id),
        }
    }

    /// What the grade's history says, with the reason why no model does.
    pub fn of_grade(history: &GradeHistory, grade: Grade, reason: ProbabilityReason) -> Self {
        match history.probability(grade) {
            None => Self::none(ProbabilityReason::TooLittleHistory),
            Some(value) => Self { value: Some(value), source: ProbabilitySource::GradeHistory, ..Self::none(reason) },
        }
    }

    /// Probability times amount, rounded half up to the minor unit; nothing when either is not known.
    pub fn expected(&self, amount: Option<Money>) -> Option<Money> {
        let (value, amount) = (self.value?, amount?);
        // a share in thousand millionths keeps the product exact in integers
        let billionths: i128 = format!("{:.0}", value.clamp(0.0, 1.0) * 1e9).parse().ok()?;
        let minor = (i128::from(amount.amount_minor()) * billionths + 500_000_000) / 1_000_000_000;
        Money::try_new(i64::try_from(minor).ok()?, amount.currency()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Currency;

    #[test]
    fn the_expected_value_is_probability_times_amount() {
        let probability = Probability { value: Some(0.13), ..Probability::none(ProbabilityReason::NoModelInForce) };
        let euros = |minor| Money::try_new(minor, Currency::EUR).unwrap();
        assert_eq!(probability.expected(Some(euros(5_000_050))), Some(euros(650_007)));
        assert_eq!(probability.expected(Some(euros(i64::MAX))).unwrap().amount_minor(), 1_199_038_364_791_120_855);
        assert_eq!(probability.expected(None), None);
        assert_eq!(Probability::none(ProbabilityReason::NotOpen).expected(Some(euros(1))), None);
    }
}
