//! Figures.

use async_graphql::{Context, ID, Object, Result};
use chrono::Datelike as _;
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::report::FunnelGroup;
use fairfall_domain::report::sla::SlaGroup;
use fairfall_domain::report::speed::SpeedStart;
use fairfall_domain::value::Code;
use fairfall_domain::waterfall::passage::CohortMonth;
use fairfall_persistence::report::funnel::FunnelQuery;

use crate::app;
use crate::app::report::Period;
use crate::app::report::fairness::FairnessQuery;
use crate::app::report::misrouting::MisroutingQuery;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::{Coded, plain};
use crate::graphql::error::{OrFault, bad_input};
use crate::graphql::input::report::{HandOverQualityFilter, SlaReportFilter, SpeedToLeadFilter};
use crate::graphql::object::fairness::FairnessObject;
use crate::graphql::object::hand_over_report::{CommitmentReportObject, HandOverReportObject};
use crate::graphql::object::misrouting::MisroutingObject;
use crate::graphql::object::report::FunnelObject;
use crate::graphql::object::sla_report::{SlaReportObject, SpeedReportObject};
use crate::graphql::scalar::Day;

use super::{optional_id, report_sla};

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

    /// How fairly pools gave out their leads: what members are entitled to and received, by the ledger as it is now, and what was given, accepted
    /// and won in a period, at most 366 days; absent when the viewer may not see figures.
    async fn fairness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by UTC.")] from: Day,
        #[graphql(desc = "The last day, by UTC; inclusive.")] to: Day,
        #[graphql(desc = "Only the pool with this id, also when it is not used any more.")] pool: Option<ID>,
        #[graphql(desc = "Only pools of the team with this id.")] team: Option<ID>,
        #[graphql(desc = "Only pools of teams of this department.")] department: Option<Coded<Department>>,
    ) -> Option<Result<FairnessObject>> {
        let period = Period { from: from.0, to: to.0 };
        fairness(ctx, period, [pool, team], department).await.transpose()
    }

    /// How many routings of a period were wrong, by territory, by what decided and by department, at most 366 days; absent when the viewer may not see
    /// figures. The goal is 0.
    async fn misrouting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by UTC.")] from: Day,
        #[graphql(desc = "The last day, by UTC; inclusive.")] to: Day,
        #[graphql(desc = "Only leads sent to the team with this id.")] team: Option<ID>,
        #[graphql(desc = "Only leads that this department was to get.")] department: Option<Coded<Department>>,
    ) -> Option<Result<MisroutingObject>> {
        misrouting(ctx, Period { from: from.0, to: to.0 }, team, department).await.transpose()
    }

    /// How the promises of a period were kept: clocks that were started in it, at most 366 days; absent when the viewer may not see figures. Attained:
    /// kept in time. Breached: not kept in time, whether kept later or not. Running: open, with time left. Cancelled: came to nothing before.
    async fn sla(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by UTC.")] from: Day,
        #[graphql(desc = "The last day, by UTC; inclusive.")] to: Day,
        #[graphql(desc = "What rows are told apart by; one row for all when absent.", validator(max_items = 5))] by: Option<
            Vec<Coded<SlaGroup>>,
        >,
        #[graphql(desc = "Which clocks; all when absent.")] filter: Option<SlaReportFilter>,
    ) -> Option<Result<SlaReportObject>> {
        report_sla::sla(ctx, Period { from: from.0, to: to.0 }, plain(by), filter).await.transpose()
    }

    /// How fast the persons of leads that were given in a period were reached, in bands, and what came of the leads of each, at most 366 days; absent when
    /// the viewer may not see figures. Leads given to a department that promised no first contact are not among them; a lead counts once, however many
    /// departments promised one.
    async fn speed_to_lead(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by UTC.")] from: Day,
        #[graphql(desc = "The last day, by UTC; inclusive.")] to: Day,
        #[graphql(desc = "From when on the time until the contact is taken.", default_with = "Coded(SpeedStart::default())")]
        since: Coded<SpeedStart>,
        #[graphql(desc = "Which leads; all when absent.")] filter: Option<SpeedToLeadFilter>,
    ) -> Option<Result<SpeedReportObject>> {
        report_sla::speed_to_lead(ctx, Period { from: from.0, to: to.0 }, since.0, filter).await.transpose()
    }

    /// How good the hand-overs of a period were, by giver, taker and version of the agreement, at most 366 days: what became of the offers, what the
    /// accepted ones became, and what the takers said; absent when the viewer may not see figures.
    async fn hand_over_quality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day, by UTC.")] from: Day,
        #[graphql(desc = "The last day, by UTC; inclusive.")] to: Day,
        #[graphql(desc = "Which hand-overs; all when absent.")] filter: Option<HandOverQualityFilter>,
    ) -> Option<Result<HandOverReportObject>> {
        report_sla::hand_over_quality(ctx, Period { from: from.0, to: to.0 }, filter).await.transpose()
    }

    /// What departments promised each other for months, and whether they kept it, at most 24 months; absent when the viewer may not see figures. Months of
    /// the future are left out.
    async fn commitments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first month, named by any of its days.")] from: Day,
        #[graphql(desc = "The last month, named by any of its days; inclusive.")] to: Day,
        #[graphql(desc = "Only the agreement with this key; all when absent.")] agreement: Option<String>,
    ) -> Option<Result<CommitmentReportObject>> {
        report_sla::commitments(ctx, (from, to), agreement).await.transpose()
    }
}

async fn fairness(
    ctx: &Context<'_>,
    period: Period,
    [pool, team]: [Option<ID>; 2],
    department: Option<Coded<Department>>,
) -> Result<Option<FairnessObject>> {
    let query = FairnessQuery {
        period,
        pool: optional_id(ctx, "pool", pool.as_ref())?,
        team: optional_id(ctx, "team", team.as_ref())?,
        department: department.map(|department| department.0),
    };
    let found = app::report::fairness::fairness(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
}

async fn misrouting(
    ctx: &Context<'_>,
    period: Period,
    team: Option<ID>,
    department: Option<Coded<Department>>,
) -> Result<Option<MisroutingObject>> {
    let team = optional_id(ctx, "team", team.as_ref())?;
    let query = MisroutingQuery { period, team, department: department.map(|department| department.0) };
    let found = app::report::misrouting::misrouting(app(ctx), caller(ctx)?, &query).await.or_fault(ctx)?;
    Ok(found.map(Into::into))
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
