//! Codes of tracks and agreements.

use fairfall_domain::agreement::{AgreementState, HandOverMode};
use fairfall_domain::waterfall::gate::Comparison;
use fairfall_domain::waterfall::track::{Closing, Entry};

use super::enum_codes;

enum_codes! {
    /// How a step of a track is entered.
    Entry as "StepEntry" {
        Capture: "By capture: the first step only.",
        Qualify: "By criteria: the gate of the step must hold.",
        Accept: "By an act of the receiving department.",
    }

    /// Who closes a lead at the last step.
    Closing as "TrackClosing" {
        Department: "A person of the last step's department.",
        Automated: "A machine, for example the order of a web shop; a person may still do it.",
    }

    /// How a found value is compared with the required one.
    Comparison as "Comparison" {
        AtLeast: "At least; numbers and ordered codes.",
        AtMost: "At most; numbers and ordered codes.",
        Equals: "The same.",
        OneOf: "One of several codes.",
        NoneOf: "None of several codes; unknown does not meet it.",
        Known: "Something is known; the required value is ignored and must be absent.",
    }

    /// The life of an agreement's version.
    AgreementState as "AgreementState" {
        Draft: "Being written.",
        Proposed: "Waiting for signatures.",
        Signed: "Signed by both heads; its day has not come.",
        InForce: "Signed by both heads and running.",
        Superseded: "Followed by a newer version.",
    }

    /// Who starts a hand-over.
    HandOverMode as "HandOverMode" {
        Manual: "A person of the giving department.",
        Automatic: "It happens by itself when the last gate of the giver holds.",
    }
}
