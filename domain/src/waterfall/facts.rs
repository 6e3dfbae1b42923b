//! Everything a decision needs beside the lead and the command. Time, ids and draws are arguments: the domain has none of its own.

use chrono::{DateTime, Utc};

use crate::agreement::{Agreement, AgreementBook, Matter};
use crate::campaign::Campaign;
use crate::company::Company;
use crate::department::Department;
use crate::id::{ClockId, CustomerId, OpportunityId, PassageId, TransitionId, UserId};
use crate::opportunity::Opportunity;
use crate::person::Person;
use crate::routing::{Directory, Roster, RoutingDecision};
use crate::sla::follow::STARTED_MAX;
use crate::sla::{CalendarBook, Clock};

use super::lead::Lead;
use super::measure::Evidence;
use super::track::Track;

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActingParty {
    /// The user; nobody when it happens by itself.
    pub user: Option<UserId>,
    /// The department it acts for; none for an admin and for what happens by itself, which may act for each.
    pub department: Option<Department>,
}

impl ActingParty {
    /// What happens by itself.
    pub const ITSELF: Self = Self { user: None, department: None };
}

/// Ids drawn beforehand, used when the decision needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draws {
    /// For a new passage.
    pub passage: PassageId,
    /// For an opportunity.
    pub opportunity: OpportunityId,
    /// For a customer.
    pub customer: CustomerId,
    /// For the first transition.
    pub transition: TransitionId,
    /// For a transition that follows by itself.
    pub follow_up: TransitionId,
    /// For clocks that begin.
    pub clocks: [ClockId; STARTED_MAX],
}

/// The facts of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Who acts.
    pub actor: ActingParty,
    /// The track version of the running passage.
    pub track: &'a Track,
    /// The track to move to: the target of a retrack, or the newest version for a new passage.
    pub other_track: Option<&'a Track>,
    /// The agreements that were signed.
    pub agreements: &'a AgreementBook,
    /// The teams and their active members.
    pub roster: &'a Roster,
    /// The lead's person.
    pub person: &'a Person,
    /// Whether the person was erased: nobody can keep a promise to them, so none begins.
    pub erased: bool,
    /// The lead's company.
    pub company: Option<&'a Company>,
    /// The lead's campaign.
    pub campaign: Option<&'a Campaign>,
    /// The passage's opportunity, when it was opened.
    pub opportunity: Option<&'a Opportunity>,
    /// How routing decided where the lead goes, when the act sends it somewhere and this is known. Without it the team that serves the country
    /// gets it.
    pub routed: Option<&'a RoutingDecision>,
    /// Territories: agreements may hold for some only.
    pub directory: &'a Directory,
    /// The lead's open clocks, and those that the end of the lead ended.
    pub clocks: &'a [Clock],
    /// Whose hours count for whom.
    pub calendars: &'a CalendarBook,
    /// Fresh ids.
    pub draws: Draws,
}

impl<'a> Facts<'a> {
    /// What gates may look at when it is `now`.
    pub const fn evidence(&self, lead: &'a Lead, now: DateTime<Utc>) -> Evidence<'a> {
        Evidence {
            demand: &lead.demand,
            origin: &lead.origin,
            person: self.person,
            company: self.company,
            campaign: self.campaign,
            captured_at: lead.captured_at,
            now,
        }
    }

    /// The agreement that governs a lead's way from one department to another.
    pub fn governing(&self, lead: &Lead, giving: Department, taking: Department, now: DateTime<Utc>) -> Option<&'a Agreement> {
        self.agreements.governing(giving, taking, &Matter::of(lead, self.company, self.directory), now)
    }
}
