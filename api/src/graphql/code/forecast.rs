//! Codes of the learned chance to win.

use fairfall_domain::forecast::dataset::FieldRefusal;
use fairfall_domain::forecast::model::{Learner, TrainingReason, TrainingState};
use fairfall_domain::forecast::probability::{ProbabilityReason, ProbabilitySource};

use super::enum_codes;

enum_codes! {
    /// What fits the weights of a model.
    Learner as "ForecastLearner" {
        NaiveBayes: "Naive Bayes with smoothing: the baseline.",
        LogisticRegression: "Logistic regression with a ridge: the challenger.",
    }

    /// Where a training stands.
    TrainingState as "ForecastModelState" {
        Running: "The training runs, or waits for a node to take it up.",
        Rejected: "The model was not good enough, or there was too little to learn from; the rules stay in charge, or the model that was in force.",
        InForce: "The model gives the probabilities.",
        Retired: "The model gave them once.",
        Failed: "The training ended without a result.",
    }

    /// Why a training ended as it did.
    TrainingReason as "ForecastReason" {
        BetterThanRunning: "Better than the model in force, on passages that opened later than all that either has learned from.",
        BetterThanShare: "Better than giving everybody the share that was won; no model was in force.",
        TooFewWon: "Fewer than 40 won passages.",
        TooFewNotWon: "Fewer than 40 passages that closed otherwise.",
        LaterSliceTooThin: "The later passages are too few, or all ended alike: they cannot decide.",
        NoFields: "No field is known that may be learned from.",
        NotBetterThanShare: "No better than giving everybody the share that was won.",
        NotBetterThanRunning: "No better than the model in force.",
        Abandoned: "The node that trained it went away. Ask again.",
        Fault: "The node met a fault; its log tells which.",
    }

    /// Why a field is not learned from.
    FieldRefusal as "ForecastFieldRefusal" {
        KnownAfterOutcome: "Its value came after the outcome that it would foretell, at least once.",
        NamesOwner: "It says who worked on the lead.",
        TooManyFields: "More fields than are learned from; others are known more often.",
    }

    /// What a probability comes from.
    ProbabilitySource as "ProbabilitySource" {
        Learned: "The model in force.",
        GradeHistory: "The share of passages of the lead's grade that was won: rules are in charge.",
        None: "Nothing: rules are in charge, and no history bears a figure.",
    }

    /// Why a probability comes from there.
    ProbabilityReason as "ProbabilityReason" {
        ModelInForce: "A model is in force, and what was known when the passage opened was kept.",
        NoModelInForce: "No model is in force: too little has closed, or none was good enough.",
        OpeningNotKnown: "A model is in force, but what was known when the passage opened was not kept.",
        TooLittleHistory: "Too few passages have closed to read anything from grades.",
        NotOpen: "The lead is not open.",
    }
}
