//! State x command for each shipped track, as one reviewed text.

use std::fmt::Write as _;

use crate::routing::place::Wish;
use crate::waterfall::change::Outcome;
use crate::waterfall::command::Command;
use crate::waterfall::facts::ActingParty;
use crate::waterfall::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use crate::waterfall::shipped;
use crate::waterfall::stage::OpenStage;

use super::support::{World, member};

pub fn commands(world: &World) -> Vec<Command> {
    let standing = world.lead.state.stage().open();
    let next = standing.and_then(|stage| world.track.next(stage)).map_or(OpenStage::Mql, |step| step.stage);
    let wish = Wish { person: Some(super::support::colleague(world.turn(&Command::Accept))), team: None };
    vec![
        Command::Qualify { to: next },
        Command::HandOver { wish: Wish::default() },
        Command::Accept,
        Command::Reject { reason: RejectReason::NotReachable },
        Command::Withdraw,
        Command::Reassign { wish, reason: ReassignReason::Balance },
        Command::Recycle { reason: RecycleReason::NotNow, resume_at: None },
        Command::Reactivate,
        Command::Disqualify { reason: DisqualifyReason::NoFit },
        Command::Win { amount: None },
        Command::Lose { reason: LoseReason::Price },
        Command::Reopen { reason: ReopenReason::Mistake },
    ]
}

/// Every state that a track can be in, by name.
pub fn states(key: &str) -> Vec<(String, World)> {
    let track = super::support::track(key);
    let mut states = Vec::new();
    for step in track.steps() {
        let world = World::on(track.clone()).walk_to(step.stage);
        let crosses = track.next(step.stage).is_some_and(|next| next.department != step.department && next.stage.is_accepted());
        states.push((format!("{} in {}", step.stage, step.department), world.clone()));
        if crosses {
            let mut offered = world;
            offered.act(Command::HandOver { wish: Wish::default() });
            states.push((format!("{} offered", step.stage), offered));
        }
    }
    let mut resting = World::on(track.clone());
    resting.act(Command::Recycle { reason: RecycleReason::NotNow, resume_at: None });
    states.push(("NURTURING".to_owned(), resting));
    let last = track.steps().last().unwrap().stage;
    for (name, command) in [("WON", Command::Win { amount: None }), ("LOST", Command::Lose { reason: LoseReason::Price })] {
        let mut closed = World::on(track.clone()).walk_to(last);
        closed.act(command);
        states.push((name.to_owned(), closed));
    }
    let mut disqualified = World::on(track);
    disqualified.act(Command::Disqualify { reason: DisqualifyReason::Spam });
    states.push(("DISQUALIFIED".to_owned(), disqualified));
    states
}

fn matrix(key: &str) -> String {
    let mut text = String::new();
    for (name, world) in states(key) {
        writeln!(text, "{name}").unwrap();
        for command in commands(&world) {
            let department = world.turn(&command);
            let actor = ActingParty { user: Some(member(department)), department: Some(department) };
            let mut fresh = world.clone();
            fresh.lead.last_act = None;
            let answer = match fresh.try_by(actor, command.clone()) {
                Ok(Outcome::Done(change)) => format!("{:?} -> {}", change.lead.state.kind(), change.lead.state.stage()),
                Ok(Outcome::AlreadyDone) => "already done".to_owned(),
                Err(refusal) => refusal.code().to_string(),
            };
            writeln!(text, "  {:12} {answer}", command.act().as_str()).unwrap();
        }
    }
    text
}

#[test]
fn state_by_command_of_each_shipped_track() {
    for track in shipped::tracks().unwrap() {
        insta::assert_snapshot!(format!("matrix_{}", track.key()), matrix(track.key().as_str()));
    }
}
