//! Codes of agreements and custom attributes.

use fairfall_domain::agreement::diff::DifferenceKind;
use fairfall_domain::agreement::refusal::AgreementRefusalKind;
use fairfall_domain::attribute::{AttributeStatus, AttributeType};
use fairfall_domain::waterfall::measure::MeasureType;

use super::enum_codes;

enum_codes! {
    /// Why an act on an agreement was refused.
    AgreementRefusalKind as "AgreementRefusal" {
        WrongState: "The act belongs to another part of its life: `state` is where it is, `needed` where it would have to be.",
        OpenVersion: "Another version of the key is a draft or a proposal: `open` names it.",
        NotASigner: "Only a manager of the giving and one of the taking department sign: `signers` names the departments that have not.",
        SignedTheOtherSide: "The caller signed for the other side; nobody signs for both: `signers` names the department that has not signed.",
    }

    /// How something is different between two versions of an agreement.
    DifferenceKind as "DifferenceKind" {
        Added: "Only the later version has it.",
        Removed: "Only the earlier version has it.",
        Changed: "Both have it and say something else.",
    }

    /// What kind of value a custom attribute has.
    AttributeType as "AttributeKind" {
        Flag: "Yes or no.",
        Number: "A whole number within bounds.",
        Text: "A short text.",
        Code: "One of the options.",
    }

    /// Whether a custom attribute is used.
    AttributeStatus as "AttributeStatus" {
        Active: "It can be asked for by new criteria.",
        Retired: "No new criterion asks for it. What there is goes on, and values are checked as before.",
    }

    /// The type of a measure's value, which decides the lawful comparisons.
    MeasureType as "MeasureType" {
        Number: "A whole number.",
        Ordinal: "One of ordered codes.",
        Code: "One of unordered codes.",
        Flag: "Yes or no.",
        Any: "Decided by the attribute's value.",
    }
}
