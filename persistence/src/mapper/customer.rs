//! Customers: row to domain and back.

use fairfall_domain::customer::{Customer, CustomerState, CustomerStatus};
use fairfall_domain::id::{CompanyId, CustomerId, LeadId, OpportunityId, PersonId, TeamId, UserId};

use crate::entity::customer::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count};

impl TryFrom<Model> for Customer {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = CustomerId::from(row.id);
        let stored = Stored::new("customer", id);
        let status: CustomerStatus = stored.text("state", &row.state)?;
        let since = match status {
            CustomerStatus::HandedOver | CustomerStatus::Imported => Some(row.handed_over_at),
            CustomerStatus::TakenOver => row.taken_over_at,
        };
        let state = since.and_then(|at| CustomerState::restore(status, at, row.taken_over_by.map(UserId::from)));
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            lead: LeadId::from(row.lead_id),
            opportunity: row.opportunity_id.map(OpportunityId::from),
            person: PersonId::from(row.person_id),
            company: row.company_id.map(CompanyId::from),
            team: row.team_id.map(TeamId::from),
            state: state.ok_or_else(|| stored.corrupt("state"))?,
        })
    }
}

impl TryFrom<&Customer> for Model {
    type Error = StoreError;

    /// The row of a customer. A customer that was taken over says only when that was: an update leaves `handed_over_at` as it is.
    fn try_from(customer: &Customer) -> Result<Self, StoreError> {
        let taken_over_at = match customer.state {
            CustomerState::HandedOver { .. } | CustomerState::Imported { .. } => None,
            CustomerState::TakenOver { at, .. } => Some(at),
        };
        Ok(Self {
            id: customer.id.uuid(),
            version: to_count(customer.version)?,
            lead_id: customer.lead.uuid(),
            opportunity_id: customer.opportunity.map(OpportunityId::uuid),
            person_id: customer.person.uuid(),
            company_id: customer.company.map(CompanyId::uuid),
            team_id: customer.team.map(TeamId::uuid),
            state: customer.state.status().to_string(),
            handed_over_at: customer.state.since(),
            taken_over_at,
            taken_over_by: customer.state.taken_by().map(UserId::uuid),
        })
    }
}
