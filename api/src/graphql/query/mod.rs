//! What can be asked.

pub mod agreement;
pub mod attribute;
pub mod buying_center;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod company;
pub mod connection;
pub mod customer;
pub mod duplicate;
pub mod event;
pub mod feedback;
pub mod forecast;
pub mod lead;
pub mod lead_filter;
pub mod member;
pub mod merge;
pub mod node;
pub mod notification;
pub mod person;
pub mod pool;
pub mod protection;
pub mod quality;
pub mod rebalance;
pub mod reference;
pub mod report;
mod report_sla;
pub mod routing_decision;
pub mod routing_draft;
pub mod routing_simulation;
pub mod score_model;
pub mod session;
pub mod team;
pub mod territory;
pub mod track;
pub mod user;
pub mod viewer;

use std::str::FromStr;

use async_graphql::{Context, ID, MergedObject, Result};
use fairfall_domain::id::IdError;
use fairfall_domain::value::ShortText;
use fairfall_domain::violation::Violations;

use crate::app::AppError;

use super::error::OrFault;
use super::input;

/// What can be asked. Only what the viewer may see exists here: the rest is null, or left out of lists.
#[derive(Default, MergedObject)]
pub struct Query(
    viewer::ViewerQuery,
    node::NodeQuery,
    lead::LeadQuery,
    feedback::FeedbackQuery,
    customer::CustomerQuery,
    clock::ClockQuery,
    person::PersonQuery,
    company::CompanyQuery,
    duplicate::DuplicateQuery,
    merge::MergeQuery,
    buying_center::BuyingCenterQuery,
    campaign::CampaignQuery,
    quality::QualityQuery,
    track::TrackQuery,
    agreement::AgreementQuery,
    attribute::AttributeQuery,
    user::UserQuery,
    team::TeamQuery,
    territory::TerritoryQuery,
    pool::PoolQuery,
    member::MemberQuery,
    calendar::CalendarQuery,
    routing_decision::RoutingDecisionQuery,
    routing_draft::RoutingDraftQuery,
    routing_simulation::RoutingSimulationQuery,
    forecast::ForecastQuery,
    protection::ProtectionQuery,
    reference::ReferenceQuery,
    report::ReportQuery,
    rebalance::RebalanceQuery,
    score_model::ScoreModelQuery,
    session::SessionQuery,
    event::EventQuery,
    notification::NotificationQuery,
);

/// An id by which a list is cut; a malformed one is a fault.
fn optional_id<T: FromStr<Err = IdError>>(ctx: &Context<'_>, field: &str, typed: Option<&ID>) -> Result<Option<T>> {
    let mut faults = Violations::new();
    let read = input::optional_id(&mut faults, field, typed);
    faults.into_result().map_err(AppError::from).or_fault(ctx)?;
    Ok(read)
}

/// The words that are searched for; none when blank.
fn searched(ctx: &Context<'_>, typed: Option<&str>) -> Result<Option<String>> {
    let mut faults = Violations::new();
    let read = faults.check_optional("search", typed, ShortText::parse);
    faults.into_result().map_err(AppError::from).or_fault(ctx)?;
    Ok(read.map(|words| words.to_string()))
}
