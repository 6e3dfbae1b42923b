//! Reason codes of acts. Free words go to the note; reports count codes.

use crate::code::codes;

codes! {
    /// Why the taking department returns an offer.
    pub enum RejectReason {
        /// Nobody could be reached with the data given.
        NotReachable = "NOT_REACHABLE",
        /// The criteria are not met after all.
        CriteriaNotMet = "CRITERIA_NOT_MET",
        /// What is known does not suffice to start.
        IncompleteRecord = "INCOMPLETE_RECORD",
        /// Already known or being worked on.
        Duplicate = "DUPLICATE",
        /// Belongs to another team or territory.
        WrongTerritory = "WRONG_TERRITORY",
        /// No capacity in time.
        NoCapacity = "NO_CAPACITY",
        /// Nobody answered in the promised time; it happened by itself.
        Lapsed = "LAPSED",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

codes! {
    /// Why a lead goes to another person.
    pub enum ReassignReason {
        /// It was routed to the wrong person; counted in the misrouted share, whose goal is 0.
        Misrouted = "MISROUTED",
        /// The owner is away.
        Absence = "ABSENCE",
        /// The owner left or changed team.
        MemberLeft = "MEMBER_LEFT",
        /// Load is balanced.
        Balance = "BALANCE",
        /// The contact asked for it.
        CustomerRequest = "CUSTOMER_REQUEST",
        /// The promised time lapsed.
        Escalation = "ESCALATION",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

codes! {
    /// Why a lead rests.
    pub enum RecycleReason {
        /// Too early for them.
        NotNow = "NOT_NOW",
        /// No answer after the agreed tries.
        NoResponse = "NO_RESPONSE",
        /// Money comes later.
        NoBudgetYet = "NO_BUDGET_YET",
        /// Bound to another supplier for a while.
        UnderContract = "UNDER_CONTRACT",
        /// Lost, but worth keeping warm.
        LostForNow = "LOST_FOR_NOW",
        /// Interest fell below what the agreement asks; it happened by itself.
        CooledDown = "COOLED_DOWN",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

codes! {
    /// Why a record is no lead.
    pub enum DisqualifyReason {
        /// A test, a joke, a machine.
        Spam = "SPAM",
        /// Does not fit what is sold.
        NoFit = "NO_FIT",
        /// A competitor, a student, an applicant.
        NotABuyer = "NOT_A_BUYER",
        /// Already exists.
        Duplicate = "DUPLICATE",
        /// Contact is not wanted.
        OptedOut = "OPTED_OUT",
        /// The data is false.
        InvalidContact = "INVALID_CONTACT",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

codes! {
    /// Why a lead was lost at its closing step.
    pub enum LoseReason {
        /// Too expensive.
        Price = "PRICE",
        /// A competitor won.
        Competitor = "COMPETITOR",
        /// The money went away.
        NoBudget = "NO_BUDGET",
        /// They decided to do nothing.
        NoDecision = "NO_DECISION",
        /// Something was missing in the offer.
        MissingFeature = "MISSING_FEATURE",
        /// Too late or too early.
        Timing = "TIMING",
        /// Contact broke off.
        NoResponse = "NO_RESPONSE",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}

codes! {
    /// Why a closed lead is opened again.
    pub enum ReopenReason {
        /// Closed by mistake.
        Mistake = "MISTAKE",
        /// They came back.
        CustomerReturned = "CUSTOMER_RETURNED",
        /// New facts.
        NewInformation = "NEW_INFORMATION",
        /// Another reason, told in the note.
        Other = "OTHER",
    }
}
