//! Customers: what a won lead becomes, handed over to customer service.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::id::{CompanyId, CustomerId, LeadId, OpportunityId, PersonId, TeamId, UserId};

/// Where the hand-over to customer service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerState {
    /// Waits for customer service.
    HandedOver {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// Somebody of customer service looks after the customer.
    TakenOver {
        /// Since when.
        at: DateTime<Utc>,
        /// Who.
        by: UserId,
    },
    /// Bought before Fairfall was used, as an imported history tells; nothing is waiting.
    Imported {
        /// When it was won.
        at: DateTime<Utc>,
    },
}

codes! {
    /// Where the hand-over to customer service stands, without the details.
    pub enum CustomerStatus {
        /// Waits for customer service.
        HandedOver = "HANDED_OVER",
        /// Somebody of customer service looks after the customer.
        TakenOver = "TAKEN_OVER",
        /// Bought before Fairfall was used; nothing is waiting.
        Imported = "IMPORTED",
    }
}

impl CustomerState {
    /// The state without its details.
    pub const fn status(self) -> CustomerStatus {
        match self {
            Self::HandedOver { .. } => CustomerStatus::HandedOver,
            Self::TakenOver { .. } => CustomerStatus::TakenOver,
            Self::Imported { .. } => CustomerStatus::Imported,
        }
    }

    /// Since when it stands so.
    pub const fn since(self) -> DateTime<Utc> {
        match self {
            Self::HandedOver { at } | Self::TakenOver { at, .. } | Self::Imported { at } => at,
        }
    }

    /// Who looks after the customer, if anybody does.
    pub const fn taken_by(self) -> Option<UserId> {
        match self {
            Self::HandedOver { .. } | Self::Imported { .. } => None,
            Self::TakenOver { by, .. } => Some(by),
        }
    }

    /// From the stored parts; `None` when they contradict each other.
    pub const fn restore(status: CustomerStatus, at: DateTime<Utc>, by: Option<UserId>) -> Option<Self> {
        match (status, by) {
            (CustomerStatus::HandedOver, None) => Some(Self::HandedOver { at }),
            (CustomerStatus::TakenOver, Some(by)) => Some(Self::TakenOver { at, by }),
            (CustomerStatus::Imported, None) => Some(Self::Imported { at }),
            (CustomerStatus::HandedOver | CustomerStatus::Imported, Some(_)) | (CustomerStatus::TakenOver, None) => None,
        }
    }
}

/// Why a customer is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CustomerRefusal {
    /// A colleague was first.
    #[error("the customer was taken over by a colleague before")]
    TakenByColleague {
        /// The colleague.
        by: UserId,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What came of taking a customer over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerDecision {
    /// The customer as it is now.
    TakenOver(Customer),
    /// The same user took it over before.
    AlreadyDone,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Stable identity.
    pub id: CustomerId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// The lead that was won.
    pub lead: LeadId,
    /// The opportunity that was won.
    pub opportunity: Option<OpportunityId>,
    /// The person who bought.
    pub person: PersonId,
    /// The company that bought.
    pub company: Option<CompanyId>,
    /// The team of customer service that it was handed to.
    pub team: Option<TeamId>,
    /// Where the hand-over stands.
    pub state: CustomerState,
}

impl Customer {
    /// Takes the customer over.
    ///
    /// # Errors
    /// [`CustomerRefusal::TakenByColleague`] when somebody else did before.
    pub fn take_over(&self, by: UserId, now: DateTime<Utc>) -> Result<CustomerDecision, CustomerRefusal> {
        match self.state {
            CustomerState::HandedOver { .. } | CustomerState::Imported { .. } => Ok(CustomerDecision::TakenOver(Self {
                version: self.version.saturating_add(1),
                state: CustomerState::TakenOver { at: now, by },
                ..self.clone()
            })),
            CustomerState::TakenOver { by: colleague, .. } if colleague == by => Ok(CustomerDecision::AlreadyDone),
            CustomerState::TakenOver { by, at } => Err(CustomerRefusal::TakenByColleague { by, at }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn is_taken_over_once() {
        let one = Uuid::from_u128(1);
        let customer = Customer {
            id: one.into(),
            version: 1,
            lead: one.into(),
            opportunity: None,
            person: one.into(),
            company: None,
            team: None,
            state: CustomerState::HandedOver { at: DateTime::UNIX_EPOCH },
        };
        let (anna, bert) = (UserId::from(one), UserId::from(Uuid::from_u128(2)));
        let Ok(CustomerDecision::TakenOver(taken)) = customer.take_over(anna, DateTime::UNIX_EPOCH) else {
            panic!("expected the customer to be taken over");
        };
        assert_eq!((taken.version, taken.state.taken_by()), (2, Some(anna)));
        assert_eq!(taken.take_over(anna, DateTime::UNIX_EPOCH), Ok(CustomerDecision::AlreadyDone));
        assert!(
            matches!(taken.take_over(bert, DateTime::UNIX_EPOCH), Err(CustomerRefusal::TakenByColleague { by, .. }) if by == anna)
        );
    }

    #[test]
    fn the_stored_parts_are_checked() {
        let at = DateTime::UNIX_EPOCH;
        let user = Some(UserId::from(Uuid::from_u128(1)));
        assert!(CustomerState::restore(CustomerStatus::HandedOver, at, None).is_some());
        assert!(CustomerState::restore(CustomerStatus::TakenOver, at, user).is_some());
        assert_eq!(CustomerState::restore(CustomerStatus::HandedOver, at, user), None);
        assert_eq!(CustomerState::restore(CustomerStatus::TakenOver, at, None), None);
    }
}
