//! Properties over random valid tracks and random sequences of commands.

use proptest::prelude::*;

use crate::department::Department::{self, FieldSales, InsideSales, Marketing};
use crate::label::Labels;
use crate::value::Code;
use crate::waterfall::apply::apply;
use crate::waterfall::change::{Change, Outcome};
use crate::waterfall::command::Command;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::stage::OpenStage::{self, Lead, Mql, Sal, Sql, Srl, Tal, Tql};
use crate::waterfall::state::LeadState;
use crate::waterfall::track::{Closing, Entry, Step, Track};

use super::matrix::commands;
use super::support::{World, colleague, id, member};

/// Any valid track: marketing's LEAD, then any choice of later stages, cut into runs of departments, one of them opening the opportunity.
pub fn any_track() -> impl Strategy<Value = Track> {
    let stages = proptest::sample::subsequence(vec![Mql, Srl, Tal, Tql, Sal, Sql], 0..=6).prop_shuffle();
    let cuts = (0..=6_usize, 0..=6_usize);
    (stages, cuts, any::<prop::sample::Index>(), any::<bool>()).prop_filter_map(
        "a valid track",
        |(later, (one, two), opener, swap)| {
            let stages: Vec<OpenStage> = std::iter::once(Lead).chain(later).collect();
            let (first, second) = (one.min(two), one.max(two));
            let sales = if swap { [FieldSales, InsideSales] } else { [InsideSales, FieldSales] };
            let opens = opener.index(stages.len());
            let steps = stages.iter().enumerate().map(|(index, stage)| Step {
                stage: *stage,
                department: if index <= first { Marketing } else { sales[usize::from(index > second)] },
                entry: match (index, stage.is_accepted()) {
                    (0, _) => Entry::Capture,
                    (_, true) => Entry::Accept,
                    (_, false) => Entry::Qualify,
                },
                opens_opportunity: index == opens,
            });
            Track::try_new(id(77), Code::parse("any").unwrap(), 1, Labels::new("x", "x"), steps.collect(), Closing::Department)
                .ok()
        },
    )
}

/// One move: which command, by whom.
fn any_move() -> impl Strategy<Value = (prop::sample::Index, u8)> {
    (any::<prop::sample::Index>(), 0..8_u8)
}

fn actor(world: &World, command: &Command, choice: u8) -> ActingParty {
    let turn = world.turn(command);
    match choice {
        0 => ActingParty::ITSELF,
        1 => ActingParty { user: Some(colleague(turn)), department: Some(turn) },
        2 => ActingParty { user: Some(member(FieldSales)), department: Some(FieldSales) },
        _ => ActingParty { user: Some(member(turn)), department: Some(turn) },
    }
}

/// The numbered invariants of the crate's README.
fn hold(world: &World, before: &World, change: &Change) {
    let lead = &change.lead;
    // 1: a lead stands at a step of its track, in the department of that step
    if let LeadState::Working { place } | LeadState::Offered { giver: place, .. } = &lead.state {
        let step = world.track.step(place.stage).expect("a stage of the track");
        assert_eq!(step.department, place.department);
    }
    if let LeadState::Offered { taker, enters, giver, .. } = &lead.state {
        let next = world.track.next(giver.stage).expect("a next step");
        assert_eq!((next.department, next.stage), (*taker, *enters));
    }
    // 2: the passage is open exactly while the lead is worked on or offered
    assert_eq!(world.passage.closed.is_none(), lead.state.is_open());
    assert_eq!((world.passage.id, world.passage.lead), (lead.passage, lead.id));
    assert!(world.passage.reached.contains(world.passage.stage));
    // 3: applying the events to the lead before gives the lead after
    let mut replayed = before.lead.clone();
    change.events.iter().for_each(|event| apply(&mut replayed, event, world.now));
    assert_eq!(replayed.state, lead.state);
    assert_eq!((replayed.track, replayed.passage, replayed.touched), (lead.track.clone(), lead.passage, lead.touched));
    // 5: each change makes exactly one version and at least one account
    assert_eq!(lead.version, before.lead.version + 1);
    assert!(
        !change.transitions.is_empty() && change.transitions.iter().all(|transition| transition.lead_version == lead.version)
    );
    // 6: whoever has it is or was in a team of the department; nothing is without a place
    let placement = lead.state.placement();
    assert!(placement.person.is_some() != placement.queue_reason.is_some());
    assert!(lead.touched.contains(lead.state.department()));
    // 7: an opportunity is open only while the lead is
    if let Some(opportunity) = &world.opportunity {
        assert!(opportunity.state.ended_at().is_some() || lead.state.is_open());
    }
    // 8: times never run backwards
    assert!(lead.updated_at >= before.lead.updated_at && lead.stage_since <= lead.updated_at);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_commands_on_any_valid_track_keeps_every_invariant(
        track in any_track(),
        moves in prop::collection::vec(any_move(), 1..40),
    ) {
        let mut world = World::on(track);
        for (choice, who) in moves {
            let all = commands(&world);
            let command = all[choice.index(all.len())].clone();
            let party = actor(&world, &command, who);
            let before = world.clone();
            if let Ok(Outcome::Done(change)) = world.by(party, command.clone()) {
                hold(&world, &before, &change);
                // 4: the same command sent twice is already done
                prop_assert_eq!(world.by(party, command), Ok(Outcome::AlreadyDone));
            } else {
                prop_assert_eq!(&world.lead, &before.lead);
            }
        }
    }
}

#[test]
fn departments_of_a_random_track_are_runs() {
    let departments: Vec<Department> = super::support::track("field").steps().iter().map(|step| step.department).collect();
    assert_eq!(departments, [Marketing, Marketing, InsideSales, InsideSales, FieldSales, FieldSales]);
}
