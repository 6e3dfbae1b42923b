//! Figures.

use async_graphql::{Context, ID, Object, Result};
use chrono::Datelike as _;
use fairfall_domain::campaign::Channel;
use fairfall_domain::report::FunnelGroup;
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::passage::CohortMonth;
use fairfall_persistence::report::funnel::FunnelQuery;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::{Coded, plain};
use crate::graphql::error::{OrFault, bad_input};
use crate::graphql::object::report::FunnelObject;
use crate::graphql::scalar::Day;

use super::optional_id;

/// Figures.
#[derive(Default)]
pub struct ReportQuery;

#[Object]
impl ReportQuery {
    /// Figures, the same for everyone who may see them.
    async fn report(&self) -> Report {
        Report
    }
}

/// Figures.
#[derive(Debug)]
pub struct Report;

/// Figures, the same for everyone who may see them. Each comes with its definition.
#[Object]
impl Report {
    /// The funnel of the passages that were opened in a period, at most 120 months; absent when the viewer may not see figures.
    #[expect(clippy::too_many_arguments, reason = "the ways to cut a funnel")]
    async fn funnel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month, named by any of its days.")] from: Day,
        #[graphql(desc = "The last month, named by any of its days; inclusive.")] to: Day,
        #[graphql(desc = "What rows are told apart by; one row for all when absent.", validator(max_items = 4))] group_by: Option<
            Vec<Coded<FunnelGroup>>,
        >,
        #[graphql(desc = "Only passages on the track with this key, whatever version.")] track: Option<String>,
        #[graphql(desc = "Only passages of the campaign with this id.")] campaign: Option<ID>,
        #[graphql(desc = "Only passages through this channel.")] channel: Option<Coded<Channel>>,
    ) -> Option<Result<FunnelObject>> {
        let cut = Cut { from, to, group_by, track, campaign, channel };
        funnel(ctx, cut).await.transpose()
    }
}

struct Cut {
    from: Day,
    to: Day,
    group_by: Option<Vec<Coded<FunnelGroup>>>,
    track: Option<String>,
    campaign: Option<ID>,
    channel: Option<Coded<Channel>>,
}

async fn funnel(ctx: &Context<'_>, cut: Cut) -> Result<Option<FunnelObject>> {
    let caller = caller(ctx)?;
    let track = cut.track.as_deref().map(Code::parse).transpose().map_err(|error| bad_input("track", error.message))?;
    let query = FunnelQuery {
        from_month: month("from", cut.from)?,
        to_month: month("to", cut.to)?,
        group_by: plain(cut.group_by),
        track,
        campaign: optional_id(ctx, "campaign", cut.campaign.as_ref())?,
        channel: cut.channel.map(|channel| channel.0),
    };
    let funnel = app::report::funnel(app(ctx), caller, &query).await.or_fault(ctx)?;
    Ok(funnel.map(Into::into))
}

fn month(field: &str, day: Day) -> Result<CohortMonth> {
    let month = i32::try_from(day.0.month()).ok().and_then(|month| day.0.year().checked_mul(100)?.checked_add(month));
    month.and_then(CohortMonth::from_number).ok_or_else(|| bad_input(field, "expected a day of a month after the year 0"))
}
