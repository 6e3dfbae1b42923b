//! Opportunities: row to domain and back.

use fairfall_domain::id::{CompanyId, LeadId, OpportunityId, PassageId, PersonId};
use fairfall_domain::opportunity::{Opportunity, OpportunityState};
use fairfall_domain::value::Money;

use crate::entity::opportunity::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count};

impl TryFrom<Model> for Opportunity {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = OpportunityId::from(row.id);
        let stored = Stored::new("opportunity", id);
        let status = stored.text("state", &row.state)?;
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            lead: LeadId::from(row.lead_id),
            passage: PassageId::from(row.passage_id),
            person: PersonId::from(row.person_id),
            company: row.company_id.map(CompanyId::from),
            amount: stored.money("amount_minor", row.amount_minor, row.amount_currency.as_deref())?,
            opened_at: row.opened_at,
            state: OpportunityState::restore(status, row.closed_at).ok_or_else(|| stored.corrupt("closed_at"))?,
        })
    }
}

impl TryFrom<&Opportunity> for Model {
    type Error = StoreError;

    fn try_from(opportunity: &Opportunity) -> Result<Self, StoreError> {
        Ok(Self {
            id: opportunity.id.uuid(),
            version: to_count(opportunity.version)?,
            lead_id: opportunity.lead.uuid(),
            passage_id: opportunity.passage.uuid(),
            person_id: opportunity.person.uuid(),
            company_id: opportunity.company.map(CompanyId::uuid),
            amount_minor: opportunity.amount.map(Money::amount_minor),
            amount_currency: opportunity.amount.map(|amount| amount.currency().to_string()),
            opened_at: opportunity.opened_at,
            state: opportunity.state.status().to_string(),
            closed_at: opportunity.state.ended_at(),
        })
    }
}
