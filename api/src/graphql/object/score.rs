//! Scores and what made them.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::id::{ScoreModelId, UserId};
use fairfall_domain::scoring::evaluate::PARTS;
use fairfall_domain::scoring::{Axis, Grade, Hit, OverrideValue, Score, ScoreOverride, Tier};
use fairfall_domain::waterfall::measure::Found;

use crate::app::score_explain::Explained;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Period, Timestamp, int};

use super::label::LabelsObject;
use super::score_model::ScoreModelObject;
use super::user::UserObject;

/// The two figures of a score, what is read from them, and what made them.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Score", complex)]
pub struct ScoreObject {
    /// Points for who they are, 0 to 100.
    pub fit: i32,
    /// Points for what they did, 0 to 100; they sink with time.
    pub engagement: i32,
    /// The cell of the grade matrix.
    pub grade: Coded<Grade>,
    /// How the lead is to be treated.
    pub tier: Coded<Tier>,
    /// The grade that the rules alone give; other than `grade` while a score is set by hand, and for closed leads, which keep theirs.
    pub grade_by_rules: Coded<Grade>,
    /// The moment of the score: now, or when the lead was closed.
    pub at: Timestamp,
    /// When time alone will change the grade, if nothing else happens: by decay, or because what was set by hand ends.
    pub next_change_at: Option<Timestamp>,
    /// What each rule gave, fit before engagement, in the order of the rules.
    pub rules: Vec<ScoreHitObject>,
    /// What was set by hand, while it holds.
    #[graphql(name = "override")]
    pub by_hand: Option<ScoreOverrideObject>,
    #[graphql(skip)]
    model: ScoreModelId,
}

#[ComplexObject]
impl ScoreObject {
    /// The model that gave the points; absent when the viewer may not see models.
    async fn model(&self, ctx: &Context<'_>) -> Option<Result<ScoreModelObject>> {
        related(ctx, Some(self.model)).await
    }
}

impl From<Explained> for ScoreObject {
    fn from(explained: Explained) -> Self {
        let Explained { score, by_rules, hits, by_hand, model, at, next_change_at, lead: _ } = explained;
        let hit = |hit: Hit| ScoreHitObject {
            age: hit.last_at.map(|last| Period((at - last).max(chrono::TimeDelta::zero()))),
            ..hit.into()
        };
        Self {
            fit: int(score.fit()),
            engagement: int(score.engagement()),
            grade: Coded(score.grade()),
            tier: Coded(score.tier()),
            grade_by_rules: Coded(by_rules.grade()),
            at: Timestamp(at),
            next_change_at: next_change_at.map(Timestamp),
            rules: hits.into_iter().map(hit).collect(),
            by_hand: by_hand.map(Into::into),
            model,
        }
    }
}

/// Two figures without an explanation: points that were given or set.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScorePoints")]
pub struct ScorePointsObject {
    /// Points for who they are, 0 to 100.
    pub fit: i32,
    /// Points for what they did, 0 to 100.
    pub engagement: i32,
}

/// A score by one of two models.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreFigures")]
pub struct ScoreFiguresObject {
    /// Points for who they are, 0 to 100.
    pub fit: i32,
    /// Points for what they did, 0 to 100.
    pub engagement: i32,
    /// The cell of the grade matrix.
    pub grade: Coded<Grade>,
    /// How the lead would be treated.
    pub tier: Coded<Tier>,
}

impl From<Score> for ScoreFiguresObject {
    fn from(score: Score) -> Self {
        Self {
            fit: int(score.fit()),
            engagement: int(score.engagement()),
            grade: Coded(score.grade()),
            tier: Coded(score.tier()),
        }
    }
}

/// A rule's part in a score.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ScoreHit")]
pub struct ScoreHitObject {
    /// The rule's key.
    pub rule: String,
    /// The rule's name.
    pub labels: LabelsObject,
    /// The axis it counts on.
    pub axis: Coded<Axis>,
    /// The points that counted, to a hundredth. The points of an axis are the sum, rounded, within 0 to 100.
    pub points: f64,
    /// The points before the maximum of the rule's group.
    pub earned: f64,
    /// The key of the group that bounds it.
    pub group: Option<String>,
    /// How many facts or activities it stands on.
    pub evidence_count: i32,
    /// The latest of them; absent for what is known and was not done.
    pub last_at: Option<Timestamp>,
    /// How long ago that was.
    pub age: Option<Period>,
    /// What was found, for what is known; absent when the viewer may not see persons.
    pub found: Option<String>,
}

impl From<Hit> for ScoreHitObject {
    fn from(hit: Hit) -> Self {
        Self {
            rule: hit.rule.to_string(),
            labels: (&hit.labels).into(),
            axis: Coded(hit.axis),
            points: points(hit.points),
            earned: points(hit.earned),
            group: hit.group.as_ref().map(ToString::to_string),
            evidence_count: int(hit.count),
            last_at: hit.last_at.map(Timestamp),
            age: None,
            found: hit.found.filter(|found| *found != Found::Unknown).map(|found| found.to_string()),
        }
    }
}

/// Hundredths of a point as points.
fn points(hundredths: i64) -> f64 {
    let parts = i32::try_from(PARTS).unwrap_or(100);
    f64::from(i32::try_from(hundredths).unwrap_or(i32::MAX)) / f64::from(parts)
}

/// What was set by hand instead of what the rules say: a grade, or points.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ScoreOverride", complex)]
pub struct ScoreOverrideObject {
    /// The grade that was set; absent when points were.
    pub grade: Option<Coded<Grade>>,
    /// The points that were set; absent when a grade was.
    pub points: Option<ScorePointsObject>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// Until when it holds.
    pub until: Timestamp,
    #[graphql(skip)]
    by: UserId,
}

#[ComplexObject]
impl ScoreOverrideObject {
    /// Who set it; absent when the viewer may not see the user.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.by)).await
    }
}

impl From<ScoreOverride> for ScoreOverrideObject {
    fn from(said: ScoreOverride) -> Self {
        let (grade, points) = match said.value {
            OverrideValue::Grade { grade } => (Some(Coded(grade)), None),
            OverrideValue::Points { fit, engagement } => {
                (None, Some(ScorePointsObject { fit: int(fit), engagement: int(engagement) }))
            }
        };
        Self { grade, points, reason: said.reason.to_string(), at: Timestamp(said.at), until: Timestamp(said.until), by: said.by }
    }
}
