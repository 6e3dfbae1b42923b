//! Opportunities: what a lead becomes for sales at the step that opens it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{CompanyId, LeadId, OpportunityId, PassageId, PersonId};
use crate::value::Money;

/// Where an opportunity stands, with the time of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpportunityState {
    /// Sales works on it.
    Open,
    /// The order came.
    Won {
        /// When.
        at: DateTime<Utc>,
    },
    /// The order went elsewhere or nowhere.
    Lost {
        /// When.
        at: DateTime<Utc>,
    },
    /// The lead went back to rest or was disqualified before a decision.
    Abandoned {
        /// When.
        at: DateTime<Utc>,
    },
}

codes! {
    /// Where an opportunity stands, without the time.
    pub enum OpportunityStatus {
        /// Sales works on it.
        Open = "OPEN",
        /// The order came.
        Won = "WON",
        /// The order went elsewhere or nowhere.
        Lost = "LOST",
        /// The lead went back to rest or was disqualified before a decision.
        Abandoned = "ABANDONED",
    }
}

impl OpportunityState {
    /// The state without its time.
    pub const fn status(self) -> OpportunityStatus {
        match self {
            Self::Open => OpportunityStatus::Open,
            Self::Won { .. } => OpportunityStatus::Won,
            Self::Lost { .. } => OpportunityStatus::Lost,
            Self::Abandoned { .. } => OpportunityStatus::Abandoned,
        }
    }

    /// When it ended, if it did.
    pub const fn ended_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Open => None,
            Self::Won { at } | Self::Lost { at } | Self::Abandoned { at } => Some(at),
        }
    }

    /// From the stored pair; `None` when an end has no time or an open one has.
    pub const fn restore(status: OpportunityStatus, ended_at: Option<DateTime<Utc>>) -> Option<Self> {
        match (status, ended_at) {
            (OpportunityStatus::Open, None) => Some(Self::Open),
            (OpportunityStatus::Won, Some(at)) => Some(Self::Won { at }),
            (OpportunityStatus::Lost, Some(at)) => Some(Self::Lost { at }),
            (OpportunityStatus::Abandoned, Some(at)) => Some(Self::Abandoned { at }),
            (OpportunityStatus::Open, Some(_))
            | (OpportunityStatus::Won | OpportunityStatus::Lost | OpportunityStatus::Abandoned, None) => None,
        }
    }
}

/// The opportunity has ended another way, so that it cannot end this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the opportunity is `{found}` and cannot become `{wanted}`")]
pub struct OpportunityRefusal {
    /// How it stands.
    pub found: OpportunityStatus,
    /// How it should have become.
    pub wanted: OpportunityStatus,
}

/// What came of an act on an opportunity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpportunityDecision {
    /// The opportunity as it is now.
    Changed(Opportunity),
    /// It was so before.
    AlreadyDone,
}

/// A sales opportunity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opportunity {
    /// Stable identity.
    pub id: OpportunityId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// The lead it came from.
    pub lead: LeadId,
    /// The passage on which it was opened.
    pub passage: PassageId,
    /// The person it is with.
    pub person: PersonId,
    /// The company it is with.
    pub company: Option<CompanyId>,
    /// Expected or, when won, agreed amount.
    pub amount: Option<Money>,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// Where it stands.
    pub state: OpportunityState,
}

/// What a new opportunity is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpportunityOpening {
    /// Its id.
    pub id: OpportunityId,
    /// The lead it comes from.
    pub lead: LeadId,
    /// The running passage.
    pub passage: PassageId,
    /// The person it is with.
    pub person: PersonId,
    /// The company it is with.
    pub company: Option<CompanyId>,
    /// Expected amount.
    pub amount: Option<Money>,
}

impl Opportunity {
    /// Opens an opportunity.
    pub fn open(opening: OpportunityOpening, now: DateTime<Utc>) -> Self {
        Self {
            id: opening.id,
            version: 1,
            lead: opening.lead,
            passage: opening.passage,
            person: opening.person,
            company: opening.company,
            amount: opening.amount,
            opened_at: now,
            state: OpportunityState::Open,
        }
    }

    /// Ends it as won, with the agreed amount if that is known.
    ///
    /// # Errors
    /// When it has ended another way.
    pub fn win(&self, amount: Option<Money>, now: DateTime<Utc>) -> Result<OpportunityDecision, OpportunityRefusal> {
        self.end(OpportunityState::Won { at: now }, amount)
    }

    /// Ends it as lost.
    ///
    /// # Errors
    /// When it has ended another way.
    pub fn lose(&self, now: DateTime<Utc>) -> Result<OpportunityDecision, OpportunityRefusal> {
        self.end(OpportunityState::Lost { at: now }, None)
    }

    /// Ends it without a decision of the buyer.
    ///
    /// # Errors
    /// When it has ended another way.
    pub fn abandon(&self, now: DateTime<Utc>) -> Result<OpportunityDecision, OpportunityRefusal> {
        self.end(OpportunityState::Abandoned { at: now }, None)
    }

    fn end(&self, state: OpportunityState, amount: Option<Money>) -> Result<OpportunityDecision, OpportunityRefusal> {
        let (found, wanted) = (self.state.status(), state.status());
        if found == wanted {
            return Ok(OpportunityDecision::AlreadyDone);
        }
        if found != OpportunityStatus::Open {
            return Err(OpportunityRefusal { found, wanted });
        }
        Ok(OpportunityDecision::Changed(Self {
            version: self.version.saturating_add(1),
            amount: amount.or(self.amount),
            state,
            ..self.clone()
        }))
    }

    /// Opens a lost or abandoned one again, when its lead is reopened.
    ///
    /// # Errors
    /// When it was won.
    pub fn reopen(&self) -> Result<OpportunityDecision, OpportunityRefusal> {
        match self.state {
            OpportunityState::Open => Ok(OpportunityDecision::AlreadyDone),
            OpportunityState::Lost { .. } | OpportunityState::Abandoned { .. } => Ok(OpportunityDecision::Changed(Self {
                version: self.version.saturating_add(1),
                state: OpportunityState::Open,
                ..self.clone()
            })),
            OpportunityState::Won { .. } => {
                Err(OpportunityRefusal { found: self.state.status(), wanted: OpportunityStatus::Open })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn opportunity() -> Opportunity {
        let one = Uuid::from_u128(1);
        let opening = OpportunityOpening {
            id: one.into(),
            lead: one.into(),
            passage: one.into(),
            person: one.into(),
            company: None,
            amount: None,
        };
        Opportunity::open(opening, DateTime::UNIX_EPOCH)
    }

    fn changed(decision: OpportunityDecision) -> Opportunity {
        match decision {
            OpportunityDecision::Changed(opportunity) => opportunity,
            OpportunityDecision::AlreadyDone => panic!("expected a change"),
        }
    }

    #[test]
    fn ends_once() {
        let amount = Money::parse_decimal("10", "EUR").ok();
        let won = changed(opportunity().win(amount, DateTime::UNIX_EPOCH).unwrap());
        assert_eq!((won.version, won.amount), (2, amount));
        assert_eq!(won.win(None, DateTime::UNIX_EPOCH), Ok(OpportunityDecision::AlreadyDone));
        let refusal = won.lose(DateTime::UNIX_EPOCH).unwrap_err();
        assert_eq!(refusal.to_string(), "the opportunity is `WON` and cannot become `LOST`");
        assert!(won.abandon(DateTime::UNIX_EPOCH).is_err());
        assert!(won.reopen().is_err());
    }

    #[test]
    fn a_lost_one_can_be_opened_again() {
        let lost = changed(opportunity().lose(DateTime::UNIX_EPOCH).unwrap());
        let open = changed(lost.reopen().unwrap());
        assert_eq!((open.state, open.version), (OpportunityState::Open, 3));
        assert_eq!(open.reopen(), Ok(OpportunityDecision::AlreadyDone));
    }

    #[test]
    fn the_stored_pair_is_checked() {
        let at = Some(DateTime::UNIX_EPOCH);
        for status in OpportunityStatus::ALL {
            let ended = if *status == OpportunityStatus::Open { None } else { at };
            let state = OpportunityState::restore(*status, ended).unwrap();
            assert_eq!((state.status(), state.ended_at()), (*status, ended));
        }
        assert_eq!(OpportunityState::restore(OpportunityStatus::Open, at), None);
        assert_eq!(OpportunityState::restore(OpportunityStatus::Won, None), None);
    }
}
