//! Placement: the person asked for, else the queue of the team that serves the lead's country. Nothing is ever lost: without a team the lead
//! waits with a reason code.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{TeamId, UserId};
use crate::value::CountryCode;

use super::roster::Roster;

codes! {
    /// Why a lead waits in a queue instead of with a person.
    pub enum QueueReason {
        /// Open to whoever of the team picks it up.
        AwaitingPickUp = "AWAITING_PICK_UP",
        /// No team of the department serves the lead's country.
        NoTeam = "NO_TEAM",
        /// The team has no active member.
        NobodyActive = "NOBODY_ACTIVE",
        /// No territory takes the lead, or none that takes it is served by the department.
        NoTerritory = "NO_TERRITORY",
        /// No pool of the team takes leads of this tier.
        NoPool = "NO_POOL",
        /// A weak lead: nobody is given it, it is for nurturing.
        FilteredWeak = "FILTERED_WEAK",
        /// The contact may not be spoken to on any of the pool's channels.
        NoConsent = "NO_CONSENT",
        /// Every active member is absent.
        AllAbsent = "ALL_ABSENT",
        /// There is nobody but those who had it and let it lapse, or who give it away.
        NobodyElse = "NOBODY_ELSE",
        /// Nobody speaks the lead's language, nor one of the fallbacks.
        NoLanguage = "NO_LANGUAGE",
        /// Every member who could take it has as many leads as the caps allow.
        AllAtCap = "ALL_AT_CAP",
        /// The pool has got as many leads today as its cap allows.
        PoolAtCap = "POOL_AT_CAP",
        /// Nobody has the seniority that the tier asks for.
        NoSeniority = "NO_SENIORITY",
    }
}

/// Where a lead is put: a team, and a person or the reason why none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// The team responsible.
    pub team: Option<TeamId>,
    /// The person responsible.
    pub person: Option<UserId>,
    /// Why no person is responsible; absent when one is.
    pub queue_reason: Option<QueueReason>,
}

impl Placement {
    /// With a person of a team.
    pub const fn with(team: Option<TeamId>, person: UserId) -> Self {
        Self { team, person: Some(person), queue_reason: None }
    }

    /// In a queue.
    pub const fn queued(team: Option<TeamId>, reason: QueueReason) -> Self {
        Self { team, person: None, queue_reason: Some(reason) }
    }
}

/// Why a person or team that was asked for cannot be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceFault {
    /// The person is in no team of the department, or not active.
    #[error("the person is not an active member of a team of `{department}`")]
    NotInDepartment {
        /// The department that takes the lead.
        department: Department,
    },
    /// The team is of another department.
    #[error("the team is not one of `{department}`")]
    ForeignTeam {
        /// The department that takes the lead.
        department: Department,
    },
}

/// Whom the sender asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wish {
    /// A person.
    pub person: Option<UserId>,
    /// A team.
    pub team: Option<TeamId>,
}

/// Chooses a place in `department` for a lead of `country`.
///
/// # Errors
/// When the wish names a person or a team that is not the department's.
pub fn place(roster: &Roster, department: Department, country: Option<CountryCode>, wish: Wish) -> Result<Placement, PlaceFault> {
    let asked = wish.team.map(|id| roster.team(id).filter(|team| team.department == department));
    let asked = asked.map(|team| team.ok_or(PlaceFault::ForeignTeam { department })).transpose()?;
    if let Some(person) = wish.person {
        let in_asked = asked.filter(|team| team.members.contains(&person));
        let team = if asked.is_some() { in_asked } else { roster.team_of(department, person) };
        return team.map(|team| Placement::with(Some(team.id), person)).ok_or(PlaceFault::NotInDepartment { department });
    }
    Ok(match asked.or_else(|| roster.serving(department, country)) {
        None => Placement::queued(None, QueueReason::NoTeam),
        Some(team) if team.members.is_empty() => Placement::queued(Some(team.id), QueueReason::NobodyActive),
        Some(team) => Placement::queued(Some(team.id), QueueReason::AwaitingPickUp),
    })
}
