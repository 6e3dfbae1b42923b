//! What a replay of a score model found.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::id::LeadId;
use fairfall_domain::scoring::Grade;
use fairfall_domain::scoring::replay::{Compared, Moves, Quality, Replay};

use crate::app::score_model::Replayed;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::lead::LeadObject;
use super::score::ScoreFiguresObject;
use super::score_model::ScoreModelObject;

/// A model against the one in force, over stored leads. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ScoreReplay")]
pub struct ScoreReplayObject {
    /// The model in force.
    pub before: ScoreModelObject,
    /// The model that was tried.
    pub after: ScoreModelObject,
    /// The first moment that was looked at: leads captured and passages closed since.
    pub since: Timestamp,
    /// The moment at which open leads were scored.
    pub at: Timestamp,
    /// Whether there were more open leads or closed passages than were looked at; then these are the newest.
    pub cut_short: bool,
    /// Open and resting leads: how many would move.
    pub total: ScoreMovesObject,
    /// The same by the department that created the demand.
    pub by_origin: Vec<ScoreMovesByOriginObject>,
    /// The same by the channel that they came by.
    pub by_channel: Vec<ScoreMovesByChannelObject>,
    /// How many go from which grade to which; those that stay among them.
    pub grades: Vec<GradeMoveObject>,
    /// The leads whose grade or tier would change, those that move furthest first, at most 100.
    pub changes: Vec<ScoreChangeObject>,
    /// How good the model in force was.
    pub quality_before: ScoreQualityObject,
    /// How good the model that was tried would have been.
    pub quality_after: ScoreQualityObject,
}

impl From<Replayed> for ScoreReplayObject {
    fn from(replayed: Replayed) -> Self {
        let Replayed { before, after, since, at, figures, cut_short } = replayed;
        let Replay { total, by_origin, by_channel, grades, changes, closed, quality_before, quality_after } = figures;
        let origin =
            |(origin, moves): (Department, Moves)| ScoreMovesByOriginObject { origin: Coded(origin), moves: moves.into() };
        let channel =
            |(channel, moves): (Channel, Moves)| ScoreMovesByChannelObject { channel: Coded(channel), moves: moves.into() };
        let grade =
            |((from, to), leads): ((Grade, Grade), u64)| GradeMoveObject { from: Coded(from), to: Coded(to), leads: int(leads) };
        Self {
            before: before.into(),
            after: after.into(),
            since: Timestamp(since),
            at: Timestamp(at),
            cut_short,
            total: total.into(),
            by_origin: by_origin.into_iter().map(origin).collect(),
            by_channel: by_channel.into_iter().map(channel).collect(),
            grades: grades.into_iter().map(grade).collect(),
            changes: changes.into_iter().map(Into::into).collect(),
            quality_before: ScoreQualityObject::of(&quality_before, closed),
            quality_after: ScoreQualityObject::of(&quality_after, closed),
        }
    }
}

/// How many leads would move.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreMoves")]
pub struct ScoreMovesObject {
    /// Leads that were looked at.
    pub leads: i32,
    /// Those whose grade would change.
    pub grade_changed: i32,
    /// Those whose tier would change.
    pub tier_changed: i32,
    /// Those whose tier would rise.
    pub tier_up: i32,
    /// Those whose tier would fall.
    pub tier_down: i32,
}

impl From<Moves> for ScoreMovesObject {
    fn from(moves: Moves) -> Self {
        Self {
            leads: int(moves.leads),
            grade_changed: int(moves.grade_changed),
            tier_changed: int(moves.tier_changed()),
            tier_up: int(moves.tier_up),
            tier_down: int(moves.tier_down),
        }
    }
}

/// Moves of leads whose demand one department created.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreMovesByOrigin")]
pub struct ScoreMovesByOriginObject {
    /// The department.
    pub origin: Coded<Department>,
    /// The moves.
    pub moves: ScoreMovesObject,
}

/// Moves of leads that came by one channel.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreMovesByChannel")]
pub struct ScoreMovesByChannelObject {
    /// The channel.
    pub channel: Coded<Channel>,
    /// The moves.
    pub moves: ScoreMovesObject,
}

/// How many leads go from one grade to another.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "GradeMove")]
pub struct GradeMoveObject {
    /// The grade by the model in force.
    pub from: Coded<Grade>,
    /// The grade by the model that was tried.
    pub to: Coded<Grade>,
    /// How many leads.
    pub leads: i32,
}

/// A lead that would move.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreChange", complex)]
pub struct ScoreChangeObject {
    /// By the model in force.
    pub before: ScoreFiguresObject,
    /// By the model that was tried.
    pub after: ScoreFiguresObject,
    #[graphql(skip)]
    lead: LeadId,
}

impl From<Compared> for ScoreChangeObject {
    fn from(compared: Compared) -> Self {
        Self { before: compared.before.into(), after: compared.after.into(), lead: compared.lead }
    }
}

#[ComplexObject]
impl ScoreChangeObject {
    /// The id of the lead.
    async fn lead_id(&self) -> ID {
        id(self.lead)
    }

    /// The lead; absent when the viewer may not see it.
    async fn lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related(ctx, Some(self.lead)).await
    }
}

/// How good a model was on closed passages, scored as of their closing: with what was done up to then, and with what is known of person and
/// company today.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ScoreQuality")]
pub struct ScoreQualityObject {
    /// Closed passages that were looked at.
    pub closed: i32,
    /// The area under the ROC curve, 0 to 1: the chance that a won passage had a higher score than one that was not won. 0.5 is a coin; absent
    /// without one of each.
    pub auc: Option<f64>,
    /// What became of the passages of each grade.
    pub precision: Vec<GradePrecisionObject>,
}

impl ScoreQualityObject {
    fn of(quality: &Quality, closed: u64) -> Self {
        let share = |millionths: u32| f64::from(millionths) / 1_000_000.0;
        let precision = quality.precision.iter().map(|(grade, precision)| GradePrecisionObject {
            grade: Coded(*grade),
            closed: int(precision.closed),
            won: int(precision.won),
            won_share: precision.won_millionths().map(share),
        });
        Self { closed: int(closed), auc: quality.auc_millionths().map(share), precision: precision.collect() }
    }
}

/// What became of the closed passages of one grade.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "GradePrecision")]
pub struct GradePrecisionObject {
    /// The grade.
    pub grade: Coded<Grade>,
    /// Closed passages of the grade.
    pub closed: i32,
    /// Those that were won.
    pub won: i32,
    /// The share that was won, 0 to 1.
    pub won_share: Option<f64>,
}
