//! Mutations: acts. Each reads its input, calls one use case, and wraps the answer.

pub mod activity;
pub mod agreement;
pub mod agreement_payload;
pub mod api_key;
pub mod buying_center;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod company;
pub mod consent;
pub mod customer;
pub mod duplicate;
pub mod enrichment;
pub mod feedback;
pub mod forecast;
pub mod lead;
pub mod lead_act;
pub mod member;
pub mod merge;
pub mod notification;
pub mod payload;
pub mod person;
pub mod pool;
pub mod protection;
pub mod quality;
pub mod rebalance;
pub mod routing_draft;
pub mod score_model;
pub mod score_payload;
pub mod session;
pub mod team;
pub mod territory;
pub mod user;

use async_graphql::{Context, MergedObject, Result};

use super::error::{OrFault, UserError};
use crate::app::AppError;
use payload::Payload;

/// Everything that changes something. A mutation is an act: it takes one input, and answers a payload with what it acted on and the reasons
/// when it was not done.
#[derive(Default, MergedObject)]
pub struct Mutation(
    lead::LeadMutation,
    lead_act::LeadActMutation,
    feedback::FeedbackMutation,
    activity::ActivityMutation,
    person::PersonMutation,
    consent::ConsentMutation,
    company::CompanyMutation,
    enrichment::EnrichmentMutation,
    duplicate::DuplicateMutation,
    merge::MergeMutation,
    buying_center::BuyingCenterMutation,
    quality::QualityMutation,
    campaign::CampaignMutation,
    customer::CustomerMutation,
    clock::ClockMutation,
    forecast::ForecastMutation,
    user::UserMutation,
    team::TeamMutation,
    territory::TerritoryMutation,
    pool::PoolMutation,
    member::MemberMutation,
    calendar::CalendarMutation,
    routing_draft::RoutingDraftMutation,
    rebalance::RebalanceMutation,
    score_model::ScoreModelMutation,
    protection::ProtectionMutation,
    session::SessionMutation,
    api_key::ApiKeyMutation,
    notification::NotificationMutation,
    agreement::AgreementMutation,
);

/// Wraps what a use case answered: what the caller can act upon goes into the payload, all else is an error of the request.
fn answer<P: Payload>(ctx: &Context<'_>, answer: std::result::Result<P::Done, AppError>) -> Result<P> {
    match answer {
        Ok(done) => Ok(P::done(done)),
        Err(AppError::Rejected(rejections)) => Ok(P::refused(rejections.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error).or_fault(ctx),
    }
}

/// The body of a mutation that needs a session. The expression sees the app and the caller, and may use `?` on faults of the input.
macro_rules! acted {
    ($ctx:ident, |$app:ident, $caller:ident| $body:expr) => {{
        let ($app, $caller) = ($crate::graphql::caller::app($ctx), $crate::graphql::caller::caller($ctx)?);
        let done: Result<_, $crate::app::AppError> = Box::pin(async { $body }).await;
        $crate::graphql::mutation::answer($ctx, done)
    }};
}
use acted;
