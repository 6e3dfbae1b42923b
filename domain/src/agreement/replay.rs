//! What a draft would have done: which leads of a period would pass its gates, next to those that passed then.
//!
//! A gate is asked of the leads that stood before it: of those whose track has the step and that reached the one before it. What is looked at is
//! what is known of a lead now. Whoever passed a gate months ago may have been asked less than is known today; the figures say how strict the draft is on
//! the leads as they are, not what people knew then.

use std::collections::BTreeMap;

use crate::campaign::Channel;
use crate::department::Department;
use crate::id::CampaignId;
use crate::waterfall::gate::Criterion;
use crate::waterfall::lead::Lead;
use crate::waterfall::measure::Evidence;
use crate::waterfall::passage::StageSet;
use crate::waterfall::stage::OpenStage;
use crate::waterfall::state::LeadState;
use crate::waterfall::track::Track;

use super::{Agreement, Matter};

/// A lead with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The lead.
    pub lead: &'a Lead,
    /// Its track.
    pub track: &'a Track,
    /// What gates may look at.
    pub evidence: Evidence<'a>,
    /// What decides whether the agreement holds for it.
    pub matter: Matter<'a>,
    /// The stages that it reached on any of its passages.
    pub reached: StageSet,
}

/// Where leads came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The channel.
    pub channel: Channel,
    /// The campaign.
    pub campaign: Option<CampaignId>,
}

/// How many leads pass a gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passing {
    /// Those that stood before it.
    pub leads: u64,
    /// Those that passed it.
    pub passed: u64,
    /// Those that would pass the draft's.
    pub would_pass: u64,
    /// Those that did not pass and would.
    pub gained: u64,
    /// Those that passed and would not.
    pub lost: u64,
}

impl Passing {
    fn add(&mut self, passed: bool, would_pass: bool) {
        self.leads += 1;
        self.passed += u64::from(passed);
        self.would_pass += u64::from(would_pass);
        self.gained += u64::from(!passed && would_pass);
        self.lost += u64::from(passed && !would_pass);
    }
}

/// How many leads would be sent to rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resting {
    /// Those that the giver works on.
    pub leads: u64,
    /// Those of them that meet the draft's criteria to rest.
    pub would_rest: u64,
}

/// The figures of a gate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GateFigures {
    /// All leads.
    pub total: Passing,
    /// The same by where they came from.
    pub by_source: BTreeMap<Source, Passing>,
}

/// What a draft would have done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay<'a> {
    draft: &'a Agreement,
    /// Leads that were looked at.
    pub looked_at: u64,
    /// Those for which the draft would hold.
    pub in_scope: u64,
    /// By the stage that is entered.
    pub gates: BTreeMap<OpenStage, GateFigures>,
    /// What rests.
    pub rest: Resting,
}

impl<'a> Replay<'a> {
    /// A replay of a draft over no lead yet.
    pub fn of(draft: &'a Agreement) -> Self {
        Self { draft, looked_at: 0, in_scope: 0, gates: BTreeMap::new(), rest: Resting::default() }
    }

    /// Looks at a lead.
    pub fn add(&mut self, sample: &Sample<'_>) {
        self.looked_at += 1;
        let (giving, taking) = (self.draft.giving, self.draft.taking);
        let gives = sample.track.steps().iter().any(|step| step.department == giving);
        if !gives || sample.track.taker_after(giving) != taking || self.draft.scope.fit(&sample.matter).is_none() {
            return;
        }
        self.in_scope += 1;
        let source = Source { channel: sample.lead.origin.channel, campaign: sample.lead.origin.campaign };
        for (before, stage) in asked(sample.track, giving) {
            if !sample.reached.contains(before) {
                continue;
            }
            let gate = self.draft.gate(stage);
            let would_pass = gate.is_none_or(|gate| gate.unmet(&sample.evidence).is_empty());
            let passed = has_passed(sample, stage);
            let figures = self.gates.entry(stage).or_default();
            figures.total.add(passed, would_pass);
            figures.by_source.entry(source).or_default().add(passed, would_pass);
        }
        if let LeadState::Working { place } = &sample.lead.state
            && place.department == giving
        {
            self.rest.leads += 1;
            self.rest.would_rest += u64::from(hold(&self.draft.recycle_when, &sample.evidence));
        }
    }
}

/// The stages before which an agreement of the giving department has a gate, each with the stage before it: the steps of the giver that are entered by
/// criteria, and the first step of the taker. No gate is asked where a department accepts from itself.
fn asked(track: &Track, giving: Department) -> impl Iterator<Item = (OpenStage, OpenStage)> + '_ {
    let steps = track.steps().iter().zip(track.steps().iter().skip(1));
    let own = steps.filter(move |(before, _)| before.department == giving);
    own.filter(move |(_, step)| step.department != giving || !step.stage.is_accepted())
        .map(|(before, step)| (before.stage, step.stage))
}

/// Whether a lead passed the gate before a stage: it reached the stage or, where the taker must accept, it was offered.
fn has_passed(sample: &Sample<'_>, stage: OpenStage) -> bool {
    let offered =
        sample.track.step(stage).is_some_and(|step| stage.is_accepted() && sample.lead.touched.contains(step.department));
    sample.reached.contains(stage) || offered
}

/// Whether there are criteria and all hold.
fn hold(criteria: &[Criterion], evidence: &Evidence<'_>) -> bool {
    !criteria.is_empty() && criteria.iter().all(|criterion| criterion.holds(&criterion.measure.read(evidence)))
}
