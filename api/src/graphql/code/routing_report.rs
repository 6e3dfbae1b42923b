//! Codes of reports about routing.

use fairfall_domain::report::fairness::FairnessStep;
use fairfall_domain::routing::rebalance::RebalanceReason;

use super::enum_codes;

enum_codes! {
    /// How far apart the points of a course are.
    FairnessStep as "FairnessStep" {
        Day: "A point for each day on which a lead was given.",
        Week: "A point for each week, Monday to Sunday, in which one was: how it stood after the last of them.",
    }

    /// Why leads are given to colleagues.
    RebalanceReason as "RebalanceReason" {
        Absence: "Whoever has them is away for long.",
        MemberLeft: "Whoever has them left, or changed team.",
    }
}
