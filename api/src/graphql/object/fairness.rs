//! How fairly pools gave out their leads.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::report::fairness::{BesideFigures, FairnessStep, MemberFairness, Standing, TierFairness, TurnFigures};
use fairfall_domain::routing::Leads;
use fairfall_domain::scoring::Tier;

use crate::app;
use crate::app::report::fairness::{CoursePoint, Fairness, PoolFairness};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::related;
use crate::graphql::scalar::{BigInt, Day, id, int};

use super::report::{Definition, defined};
use super::team::TeamObject;
use super::user::UserObject;

const DEFINITIONS: [(&str, &str); 13] = [
    (
        "entitled",
        "the sum of the member's shares, by weight, of every lead of the tier for which the member was eligible since joining the pool: the \
         ledger as it is now, whatever the period",
    ),
    (
        "received",
        "leads of the tier that count for the member in the ledger since joining; those taken away again are not among them",
    ),
    ("deviation", "entitled less received: positive when behind"),
    ("entitledWorth, receivedWorth", "the same of the leads' expected value, in minor units of the organisation's currency"),
    ("byTurn", "leads given by turn in the period, by UTC days, that count for the member; a colleague who took one over has it"),
    (
        "wished, owned",
        "leads of the period got because the sender asked for the person, or because the person owns the company: outside the count",
    ),
    ("takenBack", "leads given by turn in the period that went to somebody outside the pool since, and count for nobody"),
    (
        "accepted",
        "of byTurn, those that whoever they count for accepted; leads to be worked on at once need no acceptance and are not among them",
    ),
    ("responseMedianSeconds", "half of the accepted ones were accepted within so many seconds of the decision; exact"),
    (
        "won",
        "of byTurn, those whose passage was won by now while no later decision of the same department had given them to somebody else",
    ),
    (
        "jain",
        "Jain's index of received by entitled over the tier's members: 1 when everybody got the same part of what they are entitled to",
    ),
    ("worstDeviation", "the largest deviation of any member, whatever its sign, in leads"),
    ("course", "jain and worstDeviation at the end of a day by the time zone of the pool's team"),
];

/// How fairly pools gave out their leads.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FairnessReport", complex)]
pub struct FairnessObject {
    /// The pools by key, at most 50; those without any figure are left out.
    pub pools: Vec<PoolFairnessObject>,
    /// How many pools were not looked at because there are more; ask for a team or a department.
    pub more_pools: i32,
    /// How many tiers of pools are withheld because they hold fewer than 5 leads in the period or fewer than 2 members and the viewer may not see
    /// personal data.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
    #[graphql(skip)]
    report: Fairness,
}

#[ComplexObject]
impl FairnessObject {
    /// How even the tiers were over the period, by pool and day.
    async fn course(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "How far apart the points are; a point a day for at most 92 days.",
            default_with = "Coded(FairnessStep::Week)"
        )]
        step: Coded<FairnessStep>,
    ) -> Result<Vec<FairnessPointObject>> {
        let points = app::report::fairness::course(app(ctx), caller(ctx)?, &self.report, step.0).await.or_fault(ctx)?;
        Ok(points.into_iter().map(Into::into).collect())
    }
}

impl From<Fairness> for FairnessObject {
    fn from(report: Fairness) -> Self {
        let pool = |pool: &PoolFairness| PoolFairnessObject {
            id: id(pool.pool.id),
            key: pool.pool.key.to_string(),
            name: pool.pool.name.to_string(),
            tiers: pool.tiers.iter().map(|tier| TierFairnessObject::of(tier, report.shows_members)).collect(),
            team_id: pool.pool.team,
        };
        Self {
            pools: report.pools.iter().map(pool).collect(),
            more_pools: int(report.more_pools),
            withheld_rows: int(report.withheld),
            definitions: defined(&DEFINITIONS),
            report,
        }
    }
}

/// A pool with its figures.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PoolFairness", complex)]
pub struct PoolFairnessObject {
    /// The id of the pool.
    pub id: ID,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its tiers, as far as the ledger or the period knows them.
    pub tiers: Vec<TierFairnessObject>,
    #[graphql(skip)]
    team_id: TeamId,
}

#[ComplexObject]
impl PoolFairnessObject {
    /// The team whose members it is made of.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, Some(self.team_id)).await
    }
}

/// A tier of a pool with its figures.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TierFairness")]
pub struct TierFairnessObject {
    /// The tier.
    pub tier: Coded<Tier>,
    /// How many members the ledger holds.
    pub member_count: i32,
    /// Jain's index now; absent while nobody received any.
    pub jain: Option<f64>,
    /// The largest deviation of any member in leads now; absent while the ledger is empty.
    pub worst_deviation: Option<f64>,
    /// What all members got in the period.
    pub period: FairnessFigures,
    /// The members; absent when the viewer may not see colleagues.
    pub members: Option<Vec<MemberFairnessObject>>,
}

impl TierFairnessObject {
    fn of(tier: &TierFairness, shows_members: bool) -> Self {
        let Standing { members, jain, worst } = tier.standing;
        Self {
            tier: Coded(tier.tier),
            member_count: int(members),
            jain: jain.map(rounded),
            worst_deviation: worst.map(leads),
            period: FairnessFigures::of(tier.turns, tier.beside),
            members: shows_members.then(|| tier.members.iter().map(Into::into).collect()),
        }
    }
}

/// What was given in a period, and what came of it.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct FairnessFigures {
    /// Leads given by turn that count.
    pub by_turn: i32,
    /// Of these, those that were accepted.
    pub accepted: i32,
    /// Half of the accepted ones were accepted within so many seconds; absent while none is.
    pub response_median_seconds: Option<i32>,
    /// Of the leads given by turn, those that were won by now.
    pub won: i32,
    /// Leads got beside the count because the sender asked for the person.
    pub wished: i32,
    /// Leads got beside the count because the person owns the company.
    pub owned: i32,
    /// Leads given by turn that count for nobody any more.
    pub taken_back: i32,
}

impl FairnessFigures {
    fn of(turns: TurnFigures, beside: BesideFigures) -> Self {
        Self {
            by_turn: int(turns.leads),
            accepted: int(turns.accepted),
            response_median_seconds: turns.response_median_seconds.map(int),
            won: int(turns.won),
            wished: int(beside.wished),
            owned: int(beside.owned),
            taken_back: int(beside.taken_back),
        }
    }
}

/// A member in a tier of a pool.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MemberFairness", complex)]
pub struct MemberFairnessObject {
    /// The account in the ledger now; absent for who is not in it, or not any more.
    pub account: Option<FairnessAccount>,
    /// What the member got in the period.
    pub period: FairnessFigures,
    #[graphql(skip)]
    user_id: UserId,
}

#[ComplexObject]
impl MemberFairnessObject {
    /// Who.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user_id)).await
    }
}

impl From<&MemberFairness> for MemberFairnessObject {
    fn from(member: &MemberFairness) -> Self {
        let account = member.account.map(|account| FairnessAccount {
            entitled: leads(account.entitled),
            received: int(account.received),
            deviation: leads(account.deviation()),
            entitled_worth: BigInt(account.entitled_worth),
            received_worth: BigInt(account.received_worth),
        });
        Self { account, period: FairnessFigures::of(member.turns, member.beside), user_id: member.user }
    }
}

/// What a member is entitled to and received since joining the pool.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct FairnessAccount {
    /// Leads that the member is entitled to.
    pub entitled: f64,
    /// Leads that the member received.
    pub received: i32,
    /// Entitled less received: positive when behind.
    pub deviation: f64,
    /// The expected value that the member is entitled to, in minor units of the organisation's currency.
    pub entitled_worth: BigInt,
    /// The expected value of the leads that the member received, in minor units of the organisation's currency.
    pub received_worth: BigInt,
}

/// How even a tier of a pool was at the end of a day.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FairnessPoint")]
pub struct FairnessPointObject {
    /// The id of the pool.
    pub pool: ID,
    /// The tier.
    pub tier: Coded<Tier>,
    /// The day, in the time zone of the pool's team.
    pub day: Day,
    /// Jain's index; absent while nobody had received any.
    pub jain: Option<f64>,
    /// The largest deviation of any member in leads.
    pub worst_deviation: Option<f64>,
}

impl From<CoursePoint> for FairnessPointObject {
    fn from(CoursePoint { pool, point }: CoursePoint) -> Self {
        Self {
            pool: id(pool),
            tier: Coded(point.tier),
            day: Day(point.day),
            jain: point.standing.jain.map(rounded),
            worst_deviation: point.standing.worst.map(leads),
        }
    }
}

/// Six decimals: what is promised is kept far more exactly.
fn rounded(figure: f64) -> f64 {
    (figure * 1_000_000.0).round() / 1_000_000.0
}

fn leads(leads: Leads) -> f64 {
    rounded(leads.figure())
}
