//! Score models.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::scoring::engagement::MatrixRule;
use fairfall_domain::scoring::fit::FitRule;
use fairfall_domain::scoring::grading::Thresholds;
use fairfall_domain::scoring::hot::{HotRule, HotTrigger};
use fairfall_domain::scoring::rule::Group;
use fairfall_domain::scoring::{ActivityKind, Axis, Grade, ModelState, ScoreModel, Tier};
use fairfall_domain::value::LongText;

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::gate::CriterionObject;
use super::label::LabelsObject;
use super::shows;
use super::user::UserObject;

/// A score model.
#[derive(Clone, Debug)]
pub struct ScoreModelObject(pub ScoreModel);

shows!(ScoreModelObject(ScoreModel));

/// A version of the rules by which leads are scored. One is in force; drafts are tried on stored leads by `scoreModelReplay` before they are
/// published.
#[Object(name = "ScoreModel")]
impl ScoreModelObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Which model it is, from 1; a later one has a higher number.
    async fn number(&self) -> i32 {
        int(self.0.number)
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// What is new in it, or why it was made.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_ref().map(LongText::as_str)
    }

    /// Its life.
    async fn state(&self) -> Coded<ModelState> {
        Coded(self.0.state)
    }

    /// Groups of rules with the most points that they give together.
    async fn groups(&self) -> Vec<ScoreGroupObject> {
        self.0.rules.groups.iter().map(Into::into).collect()
    }

    /// Points for who they are.
    async fn fit(&self) -> Vec<FitRuleObject> {
        self.0.rules.fit.iter().map(Into::into).collect()
    }

    /// Points for what they did: channel by activity.
    async fn matrix(&self) -> Vec<MatrixRuleObject> {
        self.0.rules.matrix.iter().map(Into::into).collect()
    }

    /// Points for how they came.
    async fn hot(&self) -> Vec<HotRuleObject> {
        self.0.rules.hot.iter().map(Into::into).collect()
    }

    /// From which points fit counts as middle and as high.
    async fn fit_thresholds(&self) -> ThresholdsObject {
        self.0.grading().fit().into()
    }

    /// From which points engagement counts as middle and as high.
    async fn engagement_thresholds(&self) -> ThresholdsObject {
        self.0.grading().engagement().into()
    }

    /// The tier of each grade.
    async fn tiers(&self) -> Vec<GradeTierObject> {
        self.0.grading().tiers().map(|(grade, tier)| GradeTierObject { grade: Coded(grade), tier: Coded(tier) }).collect()
    }

    /// The model that it was made from.
    async fn based_on(&self, ctx: &Context<'_>) -> Option<Result<ScoreModelObject>> {
        related(ctx, self.0.based_on).await
    }

    /// Who made it; absent for the one that ships with the product and when the viewer may not see the user.
    async fn created_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.created_by).await
    }

    /// When it was made.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When it last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }

    /// Since when it is or was in force.
    async fn published_at(&self) -> Option<Timestamp> {
        self.0.published_at.map(Timestamp)
    }

    /// Since when it is no more in force.
    async fn retired_at(&self) -> Option<Timestamp> {
        self.0.retired_at.map(Timestamp)
    }
}

/// Rules whose points count together up to a maximum.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ScoreGroup")]
pub struct ScoreGroupObject {
    /// Its key within the model.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsObject,
    /// The axis of its rules.
    pub axis: Coded<Axis>,
    /// The most points that its rules give together, 1 to 100.
    pub points_max: i32,
}

impl From<&Group> for ScoreGroupObject {
    fn from(group: &Group) -> Self {
        Self {
            key: group.key.to_string(),
            labels: (&group.labels).into(),
            axis: Coded(group.axis),
            points_max: int(group.points_max),
        }
    }
}

/// Points for something that is known. They do not decay.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "FitRule")]
pub struct FitRuleObject {
    /// What must hold, with the rule's key and name.
    pub criterion: CriterionObject,
    /// What it gives, -100 to 100.
    pub points: i32,
    /// The key of the group that bounds it.
    pub group: Option<String>,
}

impl From<&FitRule> for FitRuleObject {
    fn from(rule: &FitRule) -> Self {
        Self {
            criterion: CriterionObject(rule.criterion.clone()),
            points: rule.points.into(),
            group: rule.group.as_ref().map(ToString::to_string),
        }
    }
}

/// A cell of the engagement matrix: points for each activity of a kind by a channel, less with time.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MatrixRule")]
pub struct MatrixRuleObject {
    /// Its key within the model.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsObject,
    /// The channel; absent for all channels for which no rule names this activity.
    pub channel: Option<Coded<Channel>>,
    /// The activity.
    pub kind: Coded<ActivityKind>,
    /// What each gives, 1 to 100.
    pub points: i32,
    /// After how many hours half of the points are left.
    pub half_life_hours: i32,
    /// The key of the group that bounds it.
    pub group: Option<String>,
}

impl From<&MatrixRule> for MatrixRuleObject {
    fn from(rule: &MatrixRule) -> Self {
        Self {
            key: rule.key.to_string(),
            labels: (&rule.labels).into(),
            channel: rule.channel.map(Coded),
            kind: Coded(rule.kind),
            points: int(rule.points),
            half_life_hours: int(rule.half_life_hours),
            group: rule.group.as_ref().map(ToString::to_string),
        }
    }
}

/// Points for how somebody came. Those of fit stay, those of engagement sink from the capture on.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "HotRule")]
pub struct HotRuleObject {
    /// Its key within the model.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsObject,
    /// When it holds.
    pub trigger: Coded<HotTrigger>,
    /// Points for fit, 0 to 100.
    pub fit_points: i32,
    /// Points for engagement, 0 to 100.
    pub engagement_points: i32,
    /// After how many hours half of the engagement points are left.
    pub half_life_hours: i32,
}

impl From<&HotRule> for HotRuleObject {
    fn from(rule: &HotRule) -> Self {
        Self {
            key: rule.key.to_string(),
            labels: (&rule.labels).into(),
            trigger: Coded(rule.trigger),
            fit_points: int(rule.fit_points),
            engagement_points: int(rule.engagement_points),
            half_life_hours: int(rule.half_life_hours),
        }
    }
}

/// From which points an axis counts as middle and as high, both inclusive.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "ScoreThresholds")]
pub struct ThresholdsObject {
    /// Middle from here on.
    pub middle: i32,
    /// High from here on.
    pub high: i32,
}

impl From<Thresholds> for ThresholdsObject {
    fn from(thresholds: Thresholds) -> Self {
        Self { middle: int(thresholds.middle), high: int(thresholds.high) }
    }
}

/// A grade and its tier.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "GradeTier")]
pub struct GradeTierObject {
    /// The grade.
    pub grade: Coded<Grade>,
    /// Its tier.
    pub tier: Coded<Tier>,
}
