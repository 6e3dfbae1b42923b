//! Codes of ratings.

use fairfall_domain::feedback::{FeedbackRating, FeedbackReason};

use super::enum_codes;

enum_codes! {
    /// How good a lead was that the taker accepted.
    FeedbackRating as "FeedbackRating" {
        Unusable: "It should never have been handed over: 1 point.",
        Poor: "Hardly worth the work: 2 points.",
        Fair: "As agreed: 3 points.",
        Good: "Better than agreed: 4 points.",
        Excellent: "As one wishes for: 5 points.",
    }

    /// What was good about a lead, or missing.
    FeedbackReason as "FeedbackReason" {
        WellPrepared: "The contact was prepared: knew of us and expected the call.",
        NeedConfirmed: "The need is as it was told.",
        RightPerson: "The contact decides, or leads to those who do.",
        RightTiming: "It came at the right time.",
        GoodRecord: "What was written down saved work.",
        ContactDataWrong: "Telephone number or address were wrong.",
        NeedNotReal: "There is no such need.",
        WrongPerson: "The contact has no say.",
        WrongTiming: "Too early or too late.",
        NoBudget: "There is no money for it.",
        WrongCompany: "The company is none that we serve.",
        RecordIncomplete: "What was known was not written down.",
        NotExpectingUs: "The contact knew nothing of us, or did not want to be called.",
        Other: "Another reason, told in the note.",
    }
}
