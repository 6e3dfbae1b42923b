//! The chance to win a lead, and what it makes of its value.

use async_graphql::{Context, Object, Result, SimpleObject};
use fairfall_domain::forecast::linear::Contribution;
use fairfall_domain::forecast::probability::{Probability, ProbabilityReason, ProbabilitySource};
use fairfall_domain::waterfall::lead::Lead;

use crate::app::forecast;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{OpeningOf, loaders, related};

use super::forecast::ForecastModelObject;
use super::money::MoneyObject;

/// The chance to win a lead.
#[derive(Clone, Debug)]
pub struct LeadProbabilityObject(pub Probability);

/// The chance to win a lead, with where it comes from. It never depends on who has the lead.
#[Object(name = "LeadProbability")]
impl LeadProbabilityObject {
    /// Between 0 and 1; absent when the lead is not open, or too little has closed to tell.
    async fn value(&self) -> Option<f64> {
        self.0.value
    }

    /// What it comes from: unless it is LEARNED, rules are in charge.
    async fn source(&self) -> Coded<ProbabilitySource> {
        Coded(self.0.source)
    }

    /// Why it comes from there.
    async fn reason(&self) -> Coded<ProbabilityReason> {
        Coded(self.0.reason)
    }

    /// What each field adds, the strongest first; empty unless learned. With `baseLogOdds` they sum up to the log-odds of `value`.
    async fn contributions(&self) -> Vec<ContributionObject> {
        self.0.contributions.iter().map(Into::into).collect()
    }

    /// The log-odds that the contributions start from; absent unless learned.
    async fn base_log_odds(&self) -> Option<f64> {
        self.0.base
    }

    /// The model; absent unless learned.
    async fn model(&self, ctx: &Context<'_>) -> Option<Result<ForecastModelObject>> {
        related(ctx, self.0.model).await
    }
}

/// What a field adds to a lead's chance.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ProbabilityContribution")]
pub struct ContributionObject {
    /// The field, such as `channel` or `attribute.landing_page`.
    field: String,
    /// Its value when the passage opened; absent when it was empty.
    value: Option<String>,
    /// What the value adds to the log-odds: above zero speaks for a win, below against it.
    log_odds: f64,
}

impl From<&Contribution> for ContributionObject {
    fn from(contribution: &Contribution) -> Self {
        let Contribution { field, value, log_odds } = contribution;
        Self { field: field.to_string(), value: value.clone(), log_odds: *log_odds }
    }
}

/// The chance to win a lead; nothing for who may not see it.
pub(super) async fn of(ctx: &Context<'_>, lead: &Lead) -> Result<Option<LeadProbabilityObject>> {
    let caller = caller(ctx)?;
    let wanted = lead.state.is_open() && forecast::may_see(caller);
    let opening = if wanted { loaders(ctx)?.one(OpeningOf(lead.id)).await.or_fault(ctx)? } else { None };
    let found = forecast::probability(app(ctx), caller, lead, opening.as_ref()).await.or_fault(ctx)?;
    Ok(found.map(LeadProbabilityObject))
}

/// Probability times amount.
pub(super) async fn expected_value(ctx: &Context<'_>, lead: &Lead) -> Result<Option<MoneyObject>> {
    let found = of(ctx, lead).await?;
    Ok(found.and_then(|found| found.0.expected(lead.demand.value)).map(Into::into))
}
