use super::*;
use crate::agreement::replay::{Passing, Replay, Sample};
use crate::agreement::{AgreementScope, Matter};
use crate::campaign::Channel;
use crate::routing::Directory;
use crate::waterfall::gate::AnyOf;
use crate::waterfall::passage::StageSet;
use crate::waterfall::tests::support::{World, track};

/// A lead that walked so far, with a timeline.
fn walked(stage: OpenStage, timeline: Option<u16>, channel: Channel) -> World {
    let mut world = World::on(track("field")).walk_to(stage);
    world.lead.demand.bant.timeline_months = timeline;
    world.lead.origin.channel = channel;
    world
}

/// A gate with who passes it, in all and by channel.
type Found = (OpenStage, Passing, Vec<(Channel, u64)>);

fn look(draft: &Agreement, worlds: &[World]) -> Vec<Found> {
    let directory = Directory::default();
    let mut replay = Replay::of(draft);
    for world in worlds {
        let facts = world.facts(crate::waterfall::facts::ActingParty::ITSELF);
        let reached = world.track.up_to(world.lead.state.stage().open().unwrap()).fold(StageSet::EMPTY, StageSet::with);
        replay.add(&Sample {
            lead: &world.lead,
            track: &world.track,
            evidence: facts.evidence(&world.lead, world.now),
            matter: Matter::of(&world.lead, None, &directory),
            reached,
        });
    }
    let gates = replay.gates.into_iter();
    let shown = gates.map(|(stage, figures)| {
        let sources = figures.by_source.iter().map(|(source, passing)| (source.channel, passing.would_pass)).collect();
        (stage, figures.total, sources)
    });
    shown.collect()
}

#[test]
fn the_gates_of_a_draft_are_asked_of_those_that_stood_before_them() {
    let attributes = AttributeBook::default();
    let draft = first(1, "a").revise(gate(6), catalogue(&attributes)).unwrap();
    let worlds = [
        walked(OpenStage::Lead, Some(3), Channel::Phone),
        walked(OpenStage::Lead, None, Channel::Phone),
        walked(OpenStage::Mql, Some(12), Channel::Event),
        walked(OpenStage::Tal, Some(6), Channel::Event),
    ];
    let told = look(&draft, &worlds);
    assert_eq!(told.len(), 2, "the giver's own step, and the taker's first");
    let mql = Passing { leads: 4, passed: 2, would_pass: 2, gained: 1, lost: 1 };
    assert_eq!(told[0], (OpenStage::Mql, mql, vec![(Channel::Event, 1), (Channel::Phone, 1)]));
    // no gate before TAL: of the two that reached MQL one was offered and accepted
    let tal = Passing { leads: 2, passed: 1, would_pass: 2, gained: 1, lost: 0 };
    assert_eq!((told[1].0, told[1].1), (OpenStage::Tal, tal));
}

#[test]
fn only_leads_for_which_it_would_hold_count_and_what_rests_is_told() {
    let other = AgreementScope { product_areas: vec![key("something-else")], ..AgreementScope::default() };
    let worlds = [walked(OpenStage::Lead, Some(3), Channel::Phone), walked(OpenStage::Tal, Some(3), Channel::Phone)];
    assert_eq!(look(&Agreement { scope: other, ..first(1, "a") }, &worlds), []);
    let between_others = Agreement { giving: Department::FieldSales, ..first(1, "a") };
    assert_eq!(look(&between_others, &worlds), []);

    let draft = Agreement { recycle_when: vec![months(3)], ..first(1, "a") };
    let directory = Directory::default();
    let mut replay = Replay::of(&draft);
    for world in &worlds {
        let facts = world.facts(crate::waterfall::facts::ActingParty::ITSELF);
        let (evidence, matter) = (facts.evidence(&world.lead, world.now), Matter::of(&world.lead, None, &directory));
        replay.add(&Sample { lead: &world.lead, track: &world.track, evidence, matter, reached: StageSet::EMPTY });
    }
    assert_eq!((replay.looked_at, replay.in_scope), (2, 2));
    assert_eq!((replay.rest.leads, replay.rest.would_rest), (1, 1), "the other one is with the taker");
    // a group of which one criterion holds is open
    let group = AnyOf { criteria: vec![months(1), Criterion { key: key("later"), ..months(6) }] };
    let gate = Gate { stage: OpenStage::Mql, all: Vec::new(), any: vec![group] };
    let told = look(&Agreement { gates: vec![gate], ..first(1, "a") }, &worlds);
    assert_eq!(told[0].1.would_pass, 2);
}
