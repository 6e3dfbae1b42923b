//! Codes of promises and their clocks, and of what colleagues are told of them.

use fairfall_domain::notification::NotificationKind;
use fairfall_domain::sla::clock::ClockState;
use fairfall_domain::sla::pause::PauseReason;
use fairfall_domain::sla::{Basis, ClockKind, EscalationAct};

use super::enum_codes;

enum_codes! {
    /// What is promised.
    ClockKind as "ClockKind" {
        Accept: "The taker answers the offer: accepts or rejects it. Runs from the offer.",
        FirstContact: "The taker reaches the person. Runs from the acceptance.",
        Qualify: "The taker decides what the lead is: the next step, the next department, rest or an end. Runs from the acceptance.",
        Feedback: "The taker rates what it was given. Runs from the acceptance.",
        ServiceAccept: "Customer service takes a customer over. Runs from the win.",
    }

    /// Where a clock stands.
    ClockState as "ClockState" {
        Running: "It runs and nothing has lapsed.",
        Paused: "It stands still for a reason.",
        Breached: "The promised time is over and the promise is still open: it goes on measuring.",
        Met: "The promise was kept in time.",
        MetLate: "The promise was kept too late.",
        Cancelled: "The promise came to nothing: the offer was taken back, the lead closed.",
    }

    /// Why a clock stands still.
    PauseReason as "ClockPauseReason" {
        ContactAskedLater: "The contact asked for a later date.",
        ContactAway: "The contact is away.",
        WaitingForOthers: "Something is waited for that the contact or another company must deliver.",
        SystemFault: "A fault of systems keeps people from working.",
    }

    /// In which time a promise is meant.
    Basis as "PromiseBasis" {
        Business: "Only the hours of the calendar count.",
        Wall: "Every second counts.",
    }

    /// What a step of an escalation ladder does.
    EscalationAct as "EscalationAct" {
        NotifyAssignee: "Tell whoever has the lead; the team's managers when nobody has it.",
        NotifyManager: "Tell the managers of the team, or of the department when no team has it.",
        Reassign: "Give the lead to somebody else of the pool, without those who let it lapse. The total clock goes on.",
        ReturnToGiver: "Return an offer to the giver.",
    }

    /// What somebody is told.
    NotificationKind as "NotificationKind" {
        PromiseWarned: "A promise is about to lapse.",
        PromiseLapsed: "A promise has lapsed.",
        LeadGiven: "A lead came to whoever is told, because somebody else let its promise lapse.",
        LeadTaken: "A lead went from whoever is told to somebody else, because its promise lapsed.",
        LeadQueued: "A lead waits in the queue of a team: its promise lapsed and nobody else was found.",
        LeadReturned: "An offer came back to the giver, because nobody answered.",
        StepFailed: "A step of the ladder could not be done; somebody must see to the lead.",
    }
}
