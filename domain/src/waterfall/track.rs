//! Tracks: the ordered steps that a lead takes from capture to its closing. A track is versioned data, checked here.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::TrackId;
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

use super::stage::OpenStage;

codes! {
    /// How a step of a track is entered.
    pub enum Entry {
        /// By capture: the first step only.
        Capture = "CAPTURE",
        /// By criteria: the gate of the step must hold.
        Qualify = "QUALIFY",
        /// By an act of the receiving department.
        Accept = "ACCEPT",
    }
}

codes! {
    /// Who closes a lead at the last step.
    pub enum Closing {
        /// A person of the last step's department.
        Department = "DEPARTMENT",
        /// A machine, for example the order of a web shop; a person may still do it.
        Automated = "AUTOMATED",
    }
}

/// One step of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The stage a lead stands at while in this step.
    pub stage: OpenStage,
    /// The department that works on it.
    pub department: Department,
    /// How it is entered.
    pub entry: Entry,
    /// Whether entering it opens the opportunity.
    #[serde(default)]
    pub opens_opportunity: bool,
}

/// Which version of which track a lead runs on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TrackRef {
    /// The id of this version.
    pub id: TrackId,
    /// The key shared by all versions, for example `field`.
    pub key: Code,
    /// The version, from 1.
    pub version: u32,
}

/// A checked track. A running passage keeps the version it started on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Track {
    id: TrackId,
    key: Code,
    version: u32,
    labels: Labels,
    steps: Vec<Step>,
    closing: Closing,
}

impl Track {
    /// Checks and makes a track.
    ///
    /// # Errors
    /// All violations of the track rules: it starts at LEAD in marketing by capture; no stage twice; each department's steps are one run;
    /// TAL and SAL are entered by ACCEPT, all others by QUALIFY; no department accepts twice in a row; exactly one step opens the opportunity.
    pub fn try_new(
        id: TrackId,
        key: Code,
        version: u32,
        labels: Labels,
        steps: Vec<Step>,
        closing: Closing,
    ) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        check_first(&steps, &mut faults);
        check_entries(&steps, &mut faults);
        check_runs(&steps, &mut faults);
        if steps.iter().filter(|step| step.opens_opportunity).count() != 1 {
            faults.add("steps", ViolationCode::Conflict, "exactly one step must open the opportunity");
        }
        if version == 0 {
            faults.add("version", ViolationCode::OutOfRange, "versions start at 1");
        }
        faults.into_result()?;
        Ok(Self { id, key, version, labels, steps, closing })
    }

    /// The id of this version.
    pub const fn id(&self) -> TrackId {
        self.id
    }

    /// The key shared by all versions.
    pub const fn key(&self) -> &Code {
        &self.key
    }

    /// The version, from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The names shown to people.
    pub const fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The steps in their order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Who closes at the last step.
    pub const fn closing(&self) -> Closing {
        self.closing
    }

    /// The reference that leads and passages keep.
    pub fn reference(&self) -> TrackRef {
        TrackRef { id: self.id, key: self.key.clone(), version: self.version }
    }

    /// The step of a stage, if the stage is on the track.
    pub fn step(&self, stage: OpenStage) -> Option<&Step> {
        self.steps.iter().find(|step| step.stage == stage)
    }

    /// The step after a stage; nothing at the closing step or when the stage is not on the track.
    pub fn next(&self, stage: OpenStage) -> Option<&Step> {
        self.steps.iter().skip_while(|step| step.stage != stage).nth(1)
    }

    /// Whether a lead can be won or lost at this stage: the last step.
    pub fn is_closing(&self, stage: OpenStage) -> bool {
        self.steps.last().is_some_and(|step| step.stage == stage)
    }

    /// The first step of a department on the track; where its own finds are captured.
    pub fn first_of(&self, department: Department) -> Option<&Step> {
        self.steps.iter().find(|step| step.department == department)
    }

    /// The department that takes over after this one; customer service after the last.
    pub fn taker_after(&self, department: Department) -> Department {
        let mut after = self.steps.iter().skip_while(|step| step.department != department);
        after.find(|step| step.department != department).map_or(Department::CustomerService, |step| step.department)
    }

    /// The stages from the first step up to and including `stage`.
    pub fn up_to(&self, stage: OpenStage) -> impl Iterator<Item = OpenStage> + '_ {
        let count = self.steps.iter().position(|step| step.stage == stage).map_or(0, |index| index + 1);
        self.steps.iter().take(count).map(|step| step.stage)
    }
}

fn check_first(steps: &[Step], faults: &mut Violations) {
    match steps.first() {
        Some(step)
            if step.stage == OpenStage::Lead && step.department == Department::Marketing && step.entry == Entry::Capture => {}
        Some(_) => {
            faults.add("steps", ViolationCode::Conflict, "the first step must be `LEAD` in `MARKETING`, entered by `CAPTURE`");
        }
        None => faults.add("steps", ViolationCode::Required, "a track needs steps"),
    }
}

fn check_entries(steps: &[Step], faults: &mut Violations) {
    for (before, step) in steps.iter().zip(steps.iter().skip(1)) {
        let accepted_twice = before.entry == Entry::Accept && step.entry == Entry::Accept;
        if accepted_twice && before.department == step.department {
            faults.add(
                "steps",
                ViolationCode::Conflict,
                "a department accepts once: two accepted stages must not follow each other",
            );
        }
        let lawful = if step.stage.is_accepted() { Entry::Accept } else { Entry::Qualify };
        if step.entry != lawful {
            faults.add("steps", ViolationCode::Conflict, format!("stage `{}` must be entered by `{lawful}`", step.stage));
        }
        if step.department == Department::CustomerService {
            faults.add("steps", ViolationCode::Conflict, "customer service takes over customers after the win and has no step");
        }
    }
}

fn check_runs(steps: &[Step], faults: &mut Violations) {
    let mut ended = Vec::new();
    let mut seen = Vec::new();
    let mut current = None;
    for step in steps {
        if seen.contains(&step.stage) {
            faults.add("steps", ViolationCode::Conflict, format!("stage `{}` stands twice", step.stage));
        }
        seen.push(step.stage);
        if current != Some(step.department) {
            if ended.contains(&step.department) {
                faults.add("steps", ViolationCode::Conflict, format!("the steps of `{}` must be one run", step.department));
            }
            ended.extend(current);
            current = Some(step.department);
        }
    }
}
