//! Codes of drafts of another routing.

use fairfall_domain::routing::DraftState;

use super::enum_codes;

enum_codes! {
    /// The life of a draft of another routing.
    DraftState as "RoutingDraftState" {
        Draft: "Can be changed and tried.",
        Published: "Was put in force.",
        Discarded: "Was given up.",
    }
}
