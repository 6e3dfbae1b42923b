//! Codes of decisions about who gets a lead.

use fairfall_domain::routing::fairness::FairRule;
use fairfall_domain::routing::{CandidateRule, ChosenBy, RoutingCause};

use super::enum_codes;

enum_codes! {
    /// Why a lead was routed.
    RoutingCause as "RoutingCause" {
        Capture: "It came in.",
        Import: "It was imported.",
        HandOver: "It was handed over.",
        Reactivation: "It came back from nurturing.",
        Reassignment: "It was given to another person or team.",
    }

    /// What decided who got a lead.
    ChosenBy as "ChosenBy" {
        Wish: "Whoever sent it asked for this person. Outside the count of fairness.",
        Owner: "The person owns the company. Outside the count of fairness.",
        Turn: "It was this person's turn.",
    }

    /// The rule that kept or dropped a candidate.
    CandidateRule as "CandidateRule" {
        Chosen: "Got the lead.",
        Eligible: "Could have got it, and is entitled to a share of it.",
        NotActive: "Is no active member of the team.",
        NotStarted: "Has not started yet.",
        Absent: "Is absent.",
        Excluded: "Had it and let the promised time lapse, or gave it away.",
        Language: "Does not speak the language well enough.",
        DayCap: "Has as many leads today as the cap allows.",
        OpenCap: "Has as many open leads as the cap allows.",
        OutOfHours: "Is not at work now, while others are; asked for hot leads.",
        Seniority: "Others have the seniority that is preferred.",
    }

    /// By which rule the next member was chosen.
    FairRule as "FairRule" {
        Alone: "There was one member only.",
        DueFirst: "The next lead of this member was due first.",
        FurthestBehind: "This member was the furthest behind in leads.",
        LeastWorth: "In number it could have been several; of them it was this member with whom expected value is the most even.",
    }
}
