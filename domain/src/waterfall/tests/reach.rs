//! Ends can be reached from everywhere: a search over all lawful acts of a world in which every criterion holds.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::waterfall::change::Outcome;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::stage::Stage;

use super::matrix::commands;
use super::properties::any_track;
use super::support::{World, member};

fn key(world: &World) -> String {
    let place = world.lead.state.placement().person.is_some();
    format!("{:?} {} {place}", world.lead.state.kind(), world.lead.state.stage())
}

fn successors(world: &World) -> Vec<World> {
    let mut found = Vec::new();
    for command in commands(world) {
        let turn = world.turn(&command);
        let mut next = world.clone();
        let actor = ActingParty { user: Some(member(turn)), department: Some(turn) };
        if matches!(next.by(actor, command), Ok(Outcome::Done(_))) {
            found.push(next);
        }
    }
    found
}

/// The closed stages that can be reached from a world.
fn reachable_ends(from: &World) -> BTreeSet<Stage> {
    let mut seen = BTreeSet::from([key(from)]);
    let mut open = vec![from.clone()];
    let mut ends = BTreeSet::new();
    while let Some(world) = open.pop() {
        for next in successors(&world) {
            let stage = next.lead.state.stage();
            if stage.open().is_none() && stage != Stage::Nurturing {
                ends.insert(stage);
            }
            if seen.insert(key(&next)) {
                open.push(next);
            }
        }
    }
    ends
}

fn every_world(start: World) -> Vec<World> {
    let mut seen = BTreeSet::from([key(&start)]);
    let mut all = vec![start];
    let mut index = 0;
    while let Some(world) = all.get(index).cloned() {
        index += 1;
        all.extend(successors(&world).into_iter().filter(|next| seen.insert(key(next))));
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn a_win_and_a_disqualification_can_be_reached_from_every_state_but_won(track in any_track()) {
        for world in every_world(World::on(track)) {
            if world.lead.state.stage() == Stage::Won {
                continue;
            }
            let ends = reachable_ends(&world);
            prop_assert!(ends.contains(&Stage::Won) && ends.contains(&Stage::Disqualified), "{} reaches {ends:?}", key(&world));
        }
    }
}
