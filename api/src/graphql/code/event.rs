//! Codes of what happens to leads, and why.

use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::event::EventKind;
use fairfall_domain::waterfall::reason::{
    DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason,
};

use super::enum_codes;

enum_codes! {
    /// What can be done with a lead. Nobody sets a stage; there are only acts.
    Act as "Act" {
        Capture: "Opens a lead and its first passage.",
        Qualify: "Moves to the next step of the same department when its gate holds.",
        HandOver: "Offers the lead to the next department.",
        Accept: "Takes an offered lead.",
        Reject: "Returns an offered lead with a reason.",
        Withdraw: "Takes back an offer.",
        Reassign: "Gives the lead to another person or team.",
        Recycle: "Sends the lead to nurturing.",
        Reactivate: "Brings a nurtured lead back with a new passage.",
        Disqualify: "Closes what is no lead.",
        Win: "Closes as won.",
        Lose: "Closes as lost.",
        Reopen: "Takes back a loss or disqualification.",
        Retrack: "Moves to the track of another price band.",
    }

    /// What happened.
    EventKind as "EventKind" {
        LeadCaptured: "A lead was captured.",
        LeadUpdated: "What is known of the demand changed.",
        LeadScored: "Its grade or tier changed.",
        LeadQualified: "It reached the next step of the same department.",
        LeadHandedOver: "It was offered to the next department.",
        LeadTransferred: "It went to the next department without an offer, as its track says.",
        LeadAccepted: "An offer was taken.",
        LeadRejected: "An offer was returned.",
        LeadWithdrawn: "An offer was taken back.",
        LeadReassigned: "It went to another person or team.",
        LeadRecycled: "It was sent to nurturing.",
        LeadReactivated: "It came back from nurturing.",
        LeadDisqualified: "It was closed as no lead.",
        LeadWon: "It was closed as won.",
        LeadLost: "It was closed as lost.",
        LeadReopened: "It was opened again.",
        LeadRetracked: "It moved to another track.",
        OpportunityOpened: "Its opportunity was opened.",
        CustomerHandedOver: "A customer was handed to customer service.",
        CustomerTakenOver: "Customer service took a customer over.",
        PersonErased: "A person was erased; figures go on counting.",
        ConsentChanged: "A person said something new about being contacted.",
        PersonMerged: "Two persons were merged into one.",
        PersonUnmerged: "A merge of two persons was taken back.",
        CompanyMerged: "Two companies were merged into one.",
        CompanyUnmerged: "A merge of two companies was taken back.",
        LeadFed: "The same person asked again while the lead was open.",
        DuplicateFound: "Two records were found that are likely the same one.",
        SlaWarned: "A promise about a lead is about to lapse, and somebody was told.",
        SlaBreached: "A promise about a lead lapsed.",
        SlaEscalated: "Something was done because a promise lapsed.",
        SlaPaused: "A clock stands still.",
        SlaResumed: "A clock runs on.",
        SlaMet: "A promise about a lead was kept, in time or too late.",
        LeadRated: "The taker rated a lead it was given.",
        AgreementProposed: "A version of an agreement was proposed for signing.",
        AgreementWithdrawn: "A proposal was taken back: the version is a draft again, and a signature that it had is gone.",
        AgreementSigned: "One side signed a version of an agreement.",
        AgreementInForce: "A version of an agreement was signed by both sides; it holds from `payload.inForceFrom` on, which may be months away.",
        CalendarChanged: "A calendar changed, and with it what is due when.",
    }

    /// Why the taking department returns an offer.
    RejectReason as "RejectReason" {
        NotReachable: "Nobody could be reached with the data given.",
        CriteriaNotMet: "The criteria are not met after all.",
        IncompleteRecord: "What is known does not suffice to start.",
        Duplicate: "Already known or being worked on.",
        WrongTerritory: "Belongs to another team or territory.",
        NoCapacity: "No capacity in time.",
        Lapsed: "Nobody answered in the promised time; it happened by itself.",
        Other: "Another reason, told in the note.",
    }

    /// Why a lead goes to another person.
    ReassignReason as "ReassignReason" {
        Misrouted: "It was routed to the wrong person; counted in the misrouted share, whose goal is 0.",
        Absence: "The owner is away.",
        MemberLeft: "The owner left or changed team.",
        Balance: "Load is balanced.",
        CustomerRequest: "The contact asked for it.",
        Escalation: "The promised time lapsed.",
        Other: "Another reason, told in the note.",
    }

    /// Why a lead rests.
    RecycleReason as "RecycleReason" {
        NotNow: "Too early for them.",
        NoResponse: "No answer after the agreed tries.",
        NoBudgetYet: "Money comes later.",
        UnderContract: "Bound to another supplier for a while.",
        LostForNow: "Lost, but worth keeping warm.",
        CooledDown: "Interest fell below what the agreement asks; it happened by itself.",
        Other: "Another reason, told in the note.",
    }

    /// Why a record is no lead.
    DisqualifyReason as "DisqualifyReason" {
        Spam: "A test, a joke, a machine.",
        NoFit: "Does not fit what is sold.",
        NotABuyer: "A competitor, a student, an applicant.",
        Duplicate: "Already exists.",
        OptedOut: "Contact is not wanted.",
        InvalidContact: "The data is false.",
        Other: "Another reason, told in the note.",
    }

    /// Why a lead was lost at its closing step.
    LoseReason as "LoseReason" {
        Price: "Too expensive.",
        Competitor: "A competitor won.",
        NoBudget: "The money went away.",
        NoDecision: "They decided to do nothing.",
        MissingFeature: "Something was missing in the offer.",
        Timing: "Too late or too early.",
        NoResponse: "Contact broke off.",
        Other: "Another reason, told in the note.",
    }

    /// Why a closed lead is opened again.
    ReopenReason as "ReopenReason" {
        Mistake: "Closed by mistake.",
        CustomerReturned: "They came back.",
        NewInformation: "New facts.",
        Other: "Another reason, told in the note.",
    }
}
