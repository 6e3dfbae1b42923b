//! The rules of a model: what gives points, how they are bounded, and how they are graded.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

use super::engagement::MatrixRule;
use super::fit::FitRule;
use super::grading::Grading;
use super::hot::HotRule;

codes! {
    /// One of the two axes of a score.
    pub enum Axis {
        /// Who they are.
        Fit = "FIT",
        /// What they did.
        Engagement = "ENGAGEMENT",
    }
}

/// Most rules of one kind in a model.
pub const RULES_MAX: usize = 200;
/// Most groups in a model.
pub const GROUPS_MAX: usize = 50;

/// Rules whose points count together up to a maximum: a hundred page views are no better than ten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its key within the model.
    pub key: Code,
    /// Its name for people.
    pub labels: Labels,
    /// The axis of its rules.
    pub axis: Axis,
    /// The most points that its rules give together, 1 to 100.
    pub points_max: u8,
}

/// Everything that a model says.
///
/// INVARIANT: what [`ScoreRules::check`] asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRules {
    /// Groups with their maxima.
    pub groups: Vec<Group>,
    /// Points for who they are.
    pub fit: Vec<FitRule>,
    /// Points for what they did: channel by activity.
    pub matrix: Vec<MatrixRule>,
    /// Points for how they came.
    pub hot: Vec<HotRule>,
    /// Thresholds and tiers.
    pub grading: Grading,
}

/// The group that a rule names and the axis the rule counts on.
struct Grouped<'a> {
    field: String,
    group: &'a Code,
    axis: Axis,
}

impl ScoreRules {
    /// Checks everything that a type cannot hold.
    ///
    /// # Errors
    /// All faults, each under the list it is in and the rule's key: too many rules, keys or cells used twice, unknown groups or those of the other
    /// axis, points and half-lives out of range, criteria that do not fit their measure or ask for the score itself, labels that are missing.
    pub fn check(&self) -> Result<(), Violations> {
        let mut faults = Violations::new();
        self.check_sizes(&mut faults);
        self.check_keys(&mut faults);
        for group in &self.groups {
            let field = format!("groups.{}", group.key);
            check_labels(&field, &group.labels, &mut faults);
            if group.points_max == 0 || group.points_max > 100 {
                faults.add(format!("{field}.pointsMax"), ViolationCode::OutOfRange, "a maximum is 1 to 100 points");
            }
        }
        self.fit.iter().for_each(|rule| rule.check(&mut faults));
        self.matrix.iter().for_each(|rule| rule.check(&mut faults));
        self.hot.iter().for_each(|rule| rule.check(&mut faults));
        self.check_groups(&mut faults);
        self.check_cells(&mut faults);
        faults.into_result()
    }

    /// Checks what somebody writes: what was stored before may ask more.
    ///
    /// # Errors
    /// The same, and rules that ask whether something is known that always is.
    pub fn check_written(&self) -> Result<(), Violations> {
        let mut faults = self.check().err().unwrap_or_default();
        self.fit.iter().for_each(|rule| rule.check_comparison(&mut faults));
        faults.into_result()
    }

    fn check_sizes(&self, faults: &mut Violations) {
        for (field, count, max) in [
            ("groups", self.groups.len(), GROUPS_MAX),
            ("fit", self.fit.len(), RULES_MAX),
            ("matrix", self.matrix.len(), RULES_MAX),
            ("hot", self.hot.len(), RULES_MAX),
        ] {
            if count > max {
                faults.add(field, ViolationCode::OutOfRange, format!("at most {max} are allowed"));
            }
        }
    }

    fn check_keys(&self, faults: &mut Violations) {
        let mut groups = BTreeSet::new();
        for group in &self.groups {
            if !groups.insert(&group.key) {
                faults.add(format!("groups.{}.key", group.key), ViolationCode::Duplicate, "the key is used twice");
            }
        }
        // rules of all kinds share one space, so that a key names one rule wherever points are explained
        let mut rules = BTreeSet::new();
        for (list, key) in self.rule_keys() {
            if !rules.insert(key) {
                faults.add(format!("{list}.{key}.key"), ViolationCode::Duplicate, "the key is used twice");
            }
        }
    }

    fn rule_keys(&self) -> impl Iterator<Item = (&'static str, &Code)> {
        let fit = self.fit.iter().map(|rule| ("fit", rule.key()));
        let matrix = self.matrix.iter().map(|rule| ("matrix", &rule.key));
        fit.chain(matrix).chain(self.hot.iter().map(|rule| ("hot", &rule.key)))
    }

    fn check_groups(&self, faults: &mut Violations) {
        let fit = self.fit.iter().filter_map(|rule| {
            let group = rule.group.as_ref()?;
            Some(Grouped { field: format!("fit.{}.group", rule.key()), group, axis: Axis::Fit })
        });
        let matrix = self.matrix.iter().filter_map(|rule| {
            let group = rule.group.as_ref()?;
            Some(Grouped { field: format!("matrix.{}.group", rule.key), group, axis: Axis::Engagement })
        });
        for grouped in fit.chain(matrix) {
            match self.groups.iter().find(|group| group.key == *grouped.group) {
                None => faults.add(grouped.field, ViolationCode::NotFound, format!("there is no group `{}`", grouped.group)),
                Some(group) if group.axis != grouped.axis => {
                    faults.add(grouped.field, ViolationCode::Conflict, format!("group `{}` is of the other axis", grouped.group));
                }
                Some(_) => {}
            }
        }
    }

    fn check_cells(&self, faults: &mut Violations) {
        let mut cells = BTreeSet::new();
        for rule in &self.matrix {
            if !rule.kind.shows_interest() {
                let message = format!("an activity of kind `{}` says nothing of interest", rule.kind);
                faults.add(format!("matrix.{}.kind", rule.key), ViolationCode::Conflict, message);
            }
            if !cells.insert((rule.channel, rule.kind)) {
                faults.add(
                    format!("matrix.{}", rule.key),
                    ViolationCode::Duplicate,
                    "another rule has this channel and activity",
                );
            }
        }
        let mut triggers = BTreeSet::new();
        for rule in &self.hot {
            if !triggers.insert(rule.trigger) {
                faults.add(format!("hot.{}", rule.key), ViolationCode::Duplicate, "another rule has this trigger");
            }
        }
    }
}

/// Labels in both languages, 1 to 200 characters each.
pub(super) fn check_labels(field: &str, labels: &Labels, faults: &mut Violations) {
    crate::label::check_labels(&format!("{field}.labels"), labels, faults);
}
