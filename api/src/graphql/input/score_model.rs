//! Score models as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::id::ScoreModelId;
use fairfall_domain::scoring::engagement::{HALF_LIFE_HOURS_DEFAULT, MatrixRule};
use fairfall_domain::scoring::fit::FitRule;
use fairfall_domain::scoring::grading::Thresholds;
use fairfall_domain::scoring::hot::{HotRule, HotTrigger};
use fairfall_domain::scoring::rule::Group;
use fairfall_domain::scoring::{ActivityKind, Axis, Grade, Grading, ScoreRules, Tier};
use fairfall_domain::value::Code;
use fairfall_domain::violation::{ViolationCode, Violations};

use super::criterion::{CriterionInput, LabelsInput};
use super::{id, optional_id, whole};
use crate::app::score_model::{ModelDraft, ModelPatch, ReplayInput};
use crate::graphql::code::Coded;

/// A draft of a score model.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreModelDraftInput {
    /// The name; that of the model it is made from when absent.
    pub name: Option<String>,
    /// What is new in it, at most 2,000 characters.
    pub note: Option<String>,
    /// The model that it is made from; the one in force when absent.
    pub based_on: Option<ID>,
    /// The rules; those of the model it is made from when absent.
    pub rules: Option<ScoreRulesInput>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

/// A change of a draft. What is omitted stays.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreModelUpdateInput {
    /// The draft.
    pub model: ID,
    /// The name.
    pub name: Option<String>,
    /// What is new in it, at most 2,000 characters.
    pub note: Option<String>,
    /// The rules, whole: what is not in them is gone.
    pub rules: Option<ScoreRulesInput>,
    /// The `version` that the change was made on; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// What is put in force.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreModelPublishInput {
    /// The draft.
    pub model: ID,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// What is put in force again.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreModelRevertInput {
    /// The retired model.
    pub model: ID,
    /// The `version` that was looked at; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// Which model is tried on which leads.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreModelReplayInput {
    /// The model that is compared with the one in force.
    pub model: ID,
    /// Leads captured and passages closed within so many days, 1 to 730.
    #[graphql(default = 90)]
    pub days: u32,
    /// At most so many open leads and so many closed passages, the newest, 1 to 10,000.
    #[graphql(default = 5000)]
    pub leads_max: u32,
}

/// Everything that a model says.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreRulesInput {
    /// Groups of rules with the most points that they give together; at most 50.
    pub groups: Vec<ScoreGroupInput>,
    /// Points for who they are; at most 200.
    pub fit: Vec<FitRuleInput>,
    /// Points for what they did: channel by activity; at most 200.
    pub matrix: Vec<MatrixRuleInput>,
    /// Points for how they came.
    pub hot: Vec<HotRuleInput>,
    /// From which points fit counts as middle and as high.
    pub fit_thresholds: ScoreThresholdsInput,
    /// From which points engagement counts as middle and as high.
    pub engagement_thresholds: ScoreThresholdsInput,
    /// The tier of each of the nine grades. A better grade cannot have a weaker tier.
    pub tiers: Vec<GradeTierInput>,
}

/// Rules whose points count together up to a maximum.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreGroupInput {
    /// Its key within the model: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsInput,
    /// The axis of its rules.
    pub axis: Coded<Axis>,
    /// The most points that its rules give together, 1 to 100.
    pub points_max: i32,
}

/// Points for something that is known.
#[derive(Clone, Debug, InputObject)]
pub struct FitRuleInput {
    /// What must hold, with the rule's key and name. It cannot ask for the score.
    pub criterion: CriterionInput,
    /// What it gives, -100 to 100 and not 0.
    pub points: i32,
    /// The key of the group that bounds it.
    pub group: Option<String>,
}

/// A cell of the engagement matrix.
#[derive(Clone, Debug, InputObject)]
pub struct MatrixRuleInput {
    /// Its key within the model: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsInput,
    /// The channel; absent for all channels for which no rule names this activity.
    pub channel: Option<Coded<Channel>>,
    /// The activity.
    pub kind: Coded<ActivityKind>,
    /// What each gives, 1 to 100.
    pub points: i32,
    /// After how many hours half of the points are left, 1 to 8,760 (a year); two weeks when absent.
    pub half_life_hours: Option<i32>,
    /// The key of the group that bounds it.
    pub group: Option<String>,
}

/// Points for how somebody came.
#[derive(Clone, Debug, InputObject)]
pub struct HotRuleInput {
    /// Its key within the model: letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Its name for people.
    pub labels: LabelsInput,
    /// When it holds.
    pub trigger: Coded<HotTrigger>,
    /// Points for fit, 0 to 100.
    #[graphql(default = 0)]
    pub fit_points: i32,
    /// Points for engagement, 0 to 100.
    #[graphql(default = 0)]
    pub engagement_points: i32,
    /// After how many hours half of the engagement points are left, 1 to 8,760 (a year); two weeks when absent.
    pub half_life_hours: Option<i32>,
}

/// From which points an axis counts as middle and as high, both inclusive.
#[derive(Clone, Debug, InputObject)]
pub struct ScoreThresholdsInput {
    /// Middle from here on; at least 1.
    pub middle: i32,
    /// High from here on; above middle, at most 100.
    pub high: i32,
}

/// A grade and its tier.
#[derive(Clone, Debug, InputObject)]
pub struct GradeTierInput {
    /// The grade.
    pub grade: Coded<Grade>,
    /// Its tier.
    pub tier: Coded<Tier>,
}

/// A number of a small type; what does not fit it is out of range whatever the limits are.
fn small<T: TryFrom<i32>>(faults: &mut Violations, field: String, typed: i32) -> Option<T> {
    let read = T::try_from(typed).ok();
    if read.is_none() {
        faults.add(field, ViolationCode::OutOfRange, "far out of range");
    }
    read
}

fn optional_key(faults: &mut Violations, field: &str, typed: Option<&str>) -> Option<Code> {
    faults.check_optional(field, typed, Code::parse)
}

fn hours(faults: &mut Violations, field: String, typed: Option<i32>) -> Option<u32> {
    typed.map_or(Some(HALF_LIFE_HOURS_DEFAULT), |typed| small(faults, field, typed))
}

/// Reads each entry of a list; faults are under its place.
fn each<T, U>(typed: Vec<T>, list: &str, mut read: impl FnMut(&str, T) -> Option<U>) -> Vec<U> {
    typed.into_iter().enumerate().filter_map(|(place, one)| read(&format!("{list}.{place}"), one)).collect()
}

impl ScoreGroupInput {
    fn read(self, field: &str, faults: &mut Violations) -> Option<Group> {
        let key = faults.check(format!("{field}.key"), Code::parse(&self.key));
        let points_max = small(faults, format!("{field}.pointsMax"), self.points_max);
        Some(Group { key: key?, labels: self.labels.into(), axis: self.axis.0, points_max: points_max? })
    }
}

impl FitRuleInput {
    fn read(self, field: &str, faults: &mut Violations) -> Option<FitRule> {
        let criterion = self.criterion.read(field, faults);
        let points = small(faults, format!("{field}.points"), self.points);
        let group = optional_key(faults, &format!("{field}.group"), self.group.as_deref());
        Some(FitRule { criterion: criterion?, points: points?, group })
    }
}

impl MatrixRuleInput {
    fn read(self, field: &str, faults: &mut Violations) -> Option<MatrixRule> {
        let key = faults.check(format!("{field}.key"), Code::parse(&self.key));
        let points = small(faults, format!("{field}.points"), self.points);
        let half_life_hours = hours(faults, format!("{field}.halfLifeHours"), self.half_life_hours);
        let group = optional_key(faults, &format!("{field}.group"), self.group.as_deref());
        Some(MatrixRule {
            key: key?,
            labels: self.labels.into(),
            channel: self.channel.map(|code| code.0),
            kind: self.kind.0,
            points: points?,
            half_life_hours: half_life_hours?,
            group,
        })
    }
}

impl HotRuleInput {
    fn read(self, field: &str, faults: &mut Violations) -> Option<HotRule> {
        let key = faults.check(format!("{field}.key"), Code::parse(&self.key));
        let fit_points = small(faults, format!("{field}.fitPoints"), self.fit_points);
        let engagement_points = small(faults, format!("{field}.engagementPoints"), self.engagement_points);
        let half_life_hours = hours(faults, format!("{field}.halfLifeHours"), self.half_life_hours);
        Some(HotRule {
            key: key?,
            labels: self.labels.into(),
            trigger: self.trigger.0,
            fit_points: fit_points?,
            engagement_points: engagement_points?,
            half_life_hours: half_life_hours?,
        })
    }
}

impl ScoreThresholdsInput {
    fn read(&self, field: &str, faults: &mut Violations) -> Option<Thresholds> {
        let middle = small(faults, format!("{field}.middle"), self.middle);
        let high = small(faults, format!("{field}.high"), self.high);
        Some(Thresholds { middle: middle?, high: high? })
    }
}

impl ScoreRulesInput {
    /// Reads the rules. What only shows when they are all read is told by the use case.
    fn read(self, outer: &mut Violations) -> Option<ScoreRules> {
        let mut faults = Violations::new();
        let groups = each(self.groups, "groups", |field, one| one.read(field, &mut faults));
        let fit = each(self.fit, "fit", |field, one| one.read(field, &mut faults));
        let matrix = each(self.matrix, "matrix", |field, one| one.read(field, &mut faults));
        let hot = each(self.hot, "hot", |field, one| one.read(field, &mut faults));
        let fit_thresholds = self.fit_thresholds.read("fitThresholds", &mut faults);
        let engagement_thresholds = self.engagement_thresholds.read("engagementThresholds", &mut faults);
        let tiers = self.tiers.into_iter().map(|one| (one.grade.0, one.tier.0)).collect();
        let grading = match (fit_thresholds, engagement_thresholds) {
            (Some(fit), Some(engagement)) => Grading::try_new(fit, engagement, tiers).map_err(|more| faults.append(more)).ok(),
            (Some(_) | None, _) => None,
        };
        let whole = faults.is_empty();
        outer.nest("rules", faults);
        grading.filter(|_| whole).map(|grading| ScoreRules { groups, fit, matrix, hot, grading })
    }
}

impl ScoreModelDraftInput {
    /// The draft and the idempotency key.
    ///
    /// # Errors
    /// Every fault of the rules and a malformed id.
    pub fn read(self) -> Result<(ModelDraft, Option<String>), Violations> {
        let mut faults = Violations::new();
        let based_on = optional_id(&mut faults, "basedOn", self.based_on.as_ref());
        let rules = self.rules.and_then(|rules| rules.read(&mut faults));
        let draft = ModelDraft { name: self.name, note: self.note, based_on, rules };
        whole(faults, Some((draft, self.idempotency_key)))
    }
}

impl ScoreModelUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// Every fault of the rules and a malformed id.
    pub fn read(self) -> Result<ModelPatch, Violations> {
        let mut faults = Violations::new();
        let model = id(&mut faults, "model", &self.model);
        let rules = self.rules.and_then(|rules| rules.read(&mut faults));
        let (name, note, expected_version) = (self.name, self.note, self.expected_version);
        whole(faults, model.map(|model| ModelPatch { model, expected_version, name, note, rules }))
    }
}

impl ScoreModelPublishInput {
    /// The model and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(ScoreModelId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let model = id(&mut faults, "model", &self.model);
        whole(faults, model.map(|model| (model, self.expected_version)))
    }
}

impl ScoreModelRevertInput {
    /// The model and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<(ScoreModelId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let model = id(&mut faults, "model", &self.model);
        whole(faults, model.map(|model| (model, self.expected_version)))
    }
}

impl ScoreModelReplayInput {
    /// What is replayed.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<ReplayInput, Violations> {
        let mut faults = Violations::new();
        let model = id(&mut faults, "model", &self.model);
        whole(faults, model.map(|model| ReplayInput { model, days: self.days, leads_max: self.leads_max }))
    }
}
