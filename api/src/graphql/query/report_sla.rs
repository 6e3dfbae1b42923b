//! Figures of promises: what the fields of the report ask the use cases.

use async_graphql::{Context, Result};
use fairfall_domain::report::sla::SlaGroup;
use fairfall_domain::report::speed::SpeedStart;

use crate::app;
use crate::app::AppError;
use crate::app::report::Period;
use crate::app::report::hand_over::{CommitmentQuery, HandOverQuery};
use crate::app::report::sla::{SlaQuery, SpeedQuery};
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::input::report::{HandOverQualityFilter, SlaReportFilter, SpeedToLeadFilter};
use crate::graphql::object::hand_over_report::{CommitmentReportObject, HandOverReportObject};
use crate::graphql::object::sla_report::{SlaReportObject, SpeedReportObject};
use crate::graphql::scalar::Day;

/// How promises were kept.
pub(super) async fn sla(
    ctx: &Context<'_>,
    period: Period,
    by: Vec<SlaGroup>,
    filter: Option<SlaReportFilter>,
) -> Result<Option<SlaReportObject>> {
    let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
    let query = SlaQuery { period, by, filter };
    let found = app::report::sla::sla(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}

/// How fast leads were contacted.
pub(super) async fn speed_to_lead(
    ctx: &Context<'_>,
    period: Period,
    since: SpeedStart,
    filter: Option<SpeedToLeadFilter>,
) -> Result<Option<SpeedReportObject>> {
    let (filter, channel) = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
    let query = SpeedQuery { period, filter, channel, since };
    let found = app::report::sla::speed_to_lead(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}

/// How good hand-overs were.
pub(super) async fn hand_over_quality(
    ctx: &Context<'_>,
    period: Period,
    filter: Option<HandOverQualityFilter>,
) -> Result<Option<HandOverReportObject>> {
    let HandOverQualityFilter { giving, taking } = filter.unwrap_or_default();
    let query = HandOverQuery { period, giving: giving.map(|giving| giving.0), taking: taking.map(|taking| taking.0) };
    let found = app::report::hand_over::quality(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}

/// What was promised for months.
pub(super) async fn commitments(
    ctx: &Context<'_>,
    (from, to): (Day, Day),
    agreement: Option<String>,
) -> Result<Option<CommitmentReportObject>> {
    let query = CommitmentQuery { from: from.0, to: to.0, agreement };
    let found = app::report::hand_over::commitments(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}
