//! Figures of promises, and of how fast leads were contacted.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::id::{AgreementId, TeamId, UserId};
use fairfall_domain::report::sla::{SlaRow, TakenFigures};
use fairfall_domain::report::speed::{SpeedBand, SpeedFigures};
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::{Basis, ClockKind};

use crate::app::report::sla::{Sla, Speed};
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::int;

use super::agreement::AgreementObject;
use super::report::{Definition, defined, share};
use super::team::TeamObject;
use super::user::UserObject;

const SLA_DEFINITIONS: [(&str, &str); 9] = [
    ("started", "clocks that were started in the period, by UTC days; the four ways in which they went add up to it"),
    ("attained", "kept within the promised time"),
    (
        "breached",
        "not kept within the promised time, whether kept later, given up later or open still; a clock that lapsed for one holder stays breached",
    ),
    ("running", "open, and the promised time is not over; clocks that stand still are among them"),
    ("cancelled", "came to nothing before the promised time was over: the offer was taken back, the lead closed"),
    ("attainedShare", "attained divided by attained and breached; absent while there are neither"),
    (
        "taken",
        "how long keeping took in the time in which the promise is meant, pauses left out, over all holders; one entry for each basis, since hours of \
         business and hours on the wall cannot be compared; of kept promises, in time or late",
    ),
    ("wall", "from start to the end of the same promises by the clock on the wall, pauses included"),
    ("medianSeconds, p90Seconds", "half, or nine of ten, took no longer; whole seconds, exact, of the nearest rank"),
];

/// How promises were kept.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "SlaReport")]
pub struct SlaReportObject {
    /// The rows, those with the most clocks first, at most 250; one row for all when they are told apart by nothing.
    pub rows: Vec<SlaRowObject>,
    /// How many rows are not told because there are more.
    pub more_rows: i32,
    /// How many rows are withheld: they hold fewer than 5 clocks and the viewer may not see personal data, or they tell of single colleagues and the
    /// viewer may not see colleagues.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

impl From<Sla> for SlaReportObject {
    fn from(sla: Sla) -> Self {
        Self {
            rows: sla.rows.into_iter().map(Into::into).collect(),
            more_rows: int(sla.more_rows),
            withheld_rows: int(sla.withheld),
            definitions: defined(&SLA_DEFINITIONS),
        }
    }
}

/// A row of the report about promises.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "SlaReportRow", complex)]
pub struct SlaRowObject {
    /// What is promised; absent when rows are not told apart by it.
    pub clock_kind: Option<Coded<ClockKind>>,
    /// The key of the agreement; absent when rows are not told apart by its version.
    pub agreement_key: Option<String>,
    /// The version of the agreement; absent when rows are not told apart by it.
    pub agreement_version: Option<i32>,
    /// The tier of the lead when the clock was started; absent when rows are not told apart by it.
    pub tier: Option<Coded<Tier>>,
    /// Clocks that were started in the period.
    pub started: i32,
    /// Kept within the promised time.
    pub attained: i32,
    /// Not kept within the promised time: kept later, given up later, or open still.
    pub breached: i32,
    /// Open, and the promised time is not over.
    pub running: i32,
    /// Came to nothing before the promised time was over.
    pub cancelled: i32,
    /// Attained divided by attained and breached, 0 to 1; absent while there are neither.
    pub attained_share: Option<f64>,
    /// How long keeping took in the time in which the promise is meant: an entry for each basis.
    pub taken: Vec<SlaTaken>,
    /// How long keeping took by the clock on the wall; absent while nothing was kept.
    pub wall: Option<SlaDurations>,
    #[graphql(skip)]
    agreement_id: Option<AgreementId>,
    #[graphql(skip)]
    team_id: Option<TeamId>,
    #[graphql(skip)]
    member_id: Option<UserId>,
}

#[ComplexObject]
impl SlaRowObject {
    /// The version of the agreement; absent when rows are not told apart by it, and when the viewer may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, self.agreement_id).await
    }

    /// The team that must keep it; absent when rows are not told apart by it, for what no team has, and when the viewer may not see teams.
    async fn team(&self, ctx: &Context<'_>) -> Option<Result<TeamObject>> {
        related(ctx, self.team_id).await
    }

    /// Who must keep it; absent when rows are not told apart by it, and for what nobody has in person.
    async fn member(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.member_id).await
    }
}

/// How long keeping promises of one basis took.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SlaTaken {
    /// In which time.
    pub basis: Coded<Basis>,
    /// How long.
    pub durations: SlaDurations,
}

/// How long keeping promises took.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct SlaDurations {
    /// Promises that were kept, in time or late.
    pub kept: i32,
    /// Half of them took no longer, in seconds.
    pub median_seconds: Option<i32>,
    /// Nine of ten took no longer, in seconds.
    pub p90_seconds: Option<i32>,
}

impl From<TakenFigures> for SlaDurations {
    fn from(taken: TakenFigures) -> Self {
        Self { kept: int(taken.kept), median_seconds: taken.median_seconds.map(int), p90_seconds: taken.p90_seconds.map(int) }
    }
}

impl From<SlaRow> for SlaRowObject {
    fn from(row: SlaRow) -> Self {
        let SlaRow { key, counts, taken, wall } = row;
        let agreement = key.agreement.as_ref();
        Self {
            clock_kind: key.kind.map(Coded),
            agreement_key: agreement.map(|(key, ..)| key.clone()),
            agreement_version: agreement.map(|(_, version, _)| int(*version)),
            tier: key.tier.map(Coded),
            started: int(counts.started()),
            attained: int(counts.attained),
            breached: int(counts.breached),
            running: int(counts.running),
            cancelled: int(counts.cancelled),
            attained_share: share(counts.attained, counts.judged()),
            taken: taken.into_iter().map(|(basis, taken)| SlaTaken { basis: Coded(basis), durations: taken.into() }).collect(),
            wall: (wall.kept > 0).then(|| wall.into()),
            agreement_id: agreement.map(|(_, _, id)| *id),
            team_id: key.team.flatten(),
            member_id: key.member.flatten(),
        }
    }
}

const SPEED_DEFINITIONS: [(&str, &str); 6] = [
    (
        "leads",
        "leads that were given in the period, by UTC days, to a department that promised to reach the person; each passage counts once, however many \
         departments it was given to: where the person was reached first, else where it was promised first",
    ),
    (
        "bands",
        "seconds by the clock on the wall to the first contact that reached the person: since the passage was opened (INQUIRY), since the last offer \
         to the department before it had the lead (OFFER), or since it had the lead (ACCEPTANCE); the bands of Oldroyd, McElheran and Elkington, The \
         Short Life of Online Sales Leads, Harvard Business Review, March 2011",
    ),
    ("share", "leads of the band divided by all leads"),
    ("contacted", "of these, those whose person was reached"),
    (
        "qualified",
        "of these, those that the department that reached the person, has to or promised to, took to a later qualified stage of the same \
         passage",
    ),
    ("won", "of these, those whose passage was won; both rise as long as passages are open"),
];

/// How fast leads were contacted, and what came of those that were contacted fast.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "SpeedToLeadReport")]
pub struct SpeedReportObject {
    /// All together; absent when withheld.
    pub total: Option<SpeedFiguresObject>,
    /// By how long it took, the fastest first.
    pub bands: Vec<SpeedBandObject>,
    /// How many of all these are withheld because they hold 1 to 4 leads and the viewer may not see personal data.
    pub withheld_rows: i32,
    /// What each figure means.
    pub definitions: Vec<Definition>,
}

/// A band of the report about speed.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "SpeedToLeadBand")]
pub struct SpeedBandObject {
    /// How long it took.
    pub band: Coded<SpeedBand>,
    /// The leads of the band divided by all leads, 0 to 1; absent when there are none, and when the whole is withheld.
    pub share: Option<f64>,
    /// What came of them.
    pub figures: SpeedFiguresObject,
}

/// What came of leads.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "SpeedToLeadFigures")]
pub struct SpeedFiguresObject {
    /// Leads that were given to a department that promised to reach the person; each once, however many departments there were.
    pub leads: i32,
    /// Those whose person was reached.
    pub contacted: i32,
    /// Contacted divided by leads, 0 to 1; absent when there are none.
    pub contacted_share: Option<f64>,
    /// Those that the department that reached the person, has to or promised to, took to a later qualified stage.
    pub qualified: i32,
    /// Qualified divided by leads, 0 to 1; absent when there are none.
    pub qualified_share: Option<f64>,
    /// Those whose passage was won.
    pub won: i32,
    /// Won divided by leads, 0 to 1; absent when there are none.
    pub won_share: Option<f64>,
}

impl From<SpeedFigures> for SpeedFiguresObject {
    fn from(figures: SpeedFigures) -> Self {
        let SpeedFigures { leads, contacted, qualified, won } = figures;
        Self {
            leads: int(leads),
            contacted: int(contacted),
            contacted_share: share(contacted, leads),
            qualified: int(qualified),
            qualified_share: share(qualified, leads),
            won: int(won),
            won_share: share(won, leads),
        }
    }
}

impl From<Speed> for SpeedReportObject {
    fn from(speed: Speed) -> Self {
        let total = speed.total;
        let band = |(band, figures): (SpeedBand, SpeedFigures)| SpeedBandObject {
            band: Coded(band),
            share: total.and_then(|total| share(figures.leads, total.leads)),
            figures: figures.into(),
        };
        Self {
            total: total.map(Into::into),
            bands: speed.bands.into_iter().map(band).collect(),
            withheld_rows: int(speed.withheld),
            definitions: defined(&SPEED_DEFINITIONS),
        }
    }
}
