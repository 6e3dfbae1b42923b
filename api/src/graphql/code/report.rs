//! Codes of reports about promises.

use fairfall_domain::report::commitment::{CommitmentKind, CommitmentStatus};
use fairfall_domain::report::sla::SlaGroup;
use fairfall_domain::report::speed::{SpeedBand, SpeedStart};

use super::enum_codes;

enum_codes! {
    /// What the rows of the report about promises are told apart by.
    SlaGroup as "SlaReportGroup" {
        ClockKind: "What is promised.",
        AgreementVersion: "The version of the agreement that promises it.",
        Team: "The team that had to keep it when it lapsed; of what has not lapsed the one that must keep it now, or had to last.",
        Member: "Who had to keep it when it lapsed; of what has not lapsed who must keep it now, or had to last.",
        Tier: "The tier of the lead when the clock was started.",
    }

    /// From when on it is told how long reaching a person took.
    SpeedStart as "SpeedStart" {
        Inquiry: "From when the person asked, or was found: the passage was opened.",
        Offer: "From the offer to the department that promised to reach the person; from when it had the lead where nothing was offered.",
        Acceptance: "From when that department had the lead: it accepted the offer, or got the lead without one.",
    }

    /// How long reaching the person took, by the clock on the wall.
    SpeedBand as "SpeedBand" {
        FiveMinutes: "Up to 5 minutes.",
        Hour: "Longer than 5 minutes, up to an hour.",
        Day: "Longer than an hour, up to 24 hours.",
        Longer: "Longer than 24 hours.",
        Never: "The lead was closed, sent to rest or given away before anybody reached the person.",
        NotYet: "Nobody has reached the person, and it is still to be done.",
    }

    /// What departments can promise each other for a month.
    CommitmentKind as "CommitmentKind" {
        Volume: "The giver: at least so many leads are handed over.",
        AcceptedShare: "The giver: at least so many percent of the answered offers are accepted.",
        InTimeShare: "The taker: at least so many percent of the clocks are kept in time.",
        FeedbackShare: "The taker: at least so many percent of what it took is rated.",
    }

    /// Whether a promise for a month was kept.
    CommitmentStatus as "CommitmentStatus" {
        Kept: "It was.",
        Missed: "It was not.",
        Running: "The month is not over.",
    }
}
