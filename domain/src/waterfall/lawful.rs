//! What is lawful in a state, and for a given lead the reason why each other act is refused.

use chrono::{DateTime, Utc};

use super::act::Act;
use super::command::Command;
use super::decide::{agreed_reasons, decide};
use super::facts::Facts;
use super::lead::Lead;
use super::reason::{DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason};
use super::refusal::Refusal;
use super::stage::OpenStage;
use super::state::{Before, LeadState};
use super::track::{Entry, Track};
use crate::routing::place::Wish;

/// The acts that a state allows on a track, whoever asks and whatever the gates say.
pub fn in_state(state: &LeadState, track: &Track) -> Vec<Act> {
    match state {
        LeadState::Working { place } => {
            let next = track.next(place.stage);
            let same = next.filter(|next| next.department == place.department);
            let picks_up = place.placement.person.is_none() || same.is_some_and(|next| next.entry == Entry::Accept);
            let acts = [
                (same.is_some_and(|next| next.entry == Entry::Qualify), Act::Qualify),
                (next.is_some() && same.is_none(), Act::HandOver),
                (picks_up, Act::Accept),
                (true, Act::Reassign),
                (true, Act::Recycle),
                (true, Act::Disqualify),
                (track.is_closing(place.stage), Act::Win),
                (track.is_closing(place.stage), Act::Lose),
                (true, Act::Retrack),
            ];
            acts.into_iter().filter_map(|(lawful, act)| lawful.then_some(act)).collect()
        }
        LeadState::Offered { .. } => vec![Act::Accept, Act::Reject, Act::Withdraw, Act::Reassign],
        LeadState::Nurturing { .. } => vec![Act::Reactivate, Act::Disqualify],
        LeadState::Won { .. } => Vec::new(),
        LeadState::Lost { .. } => vec![Act::Recycle, Act::Reopen],
        LeadState::Disqualified { was: Before::Working { .. } | Before::Nurturing { .. }, .. } => vec![Act::Reopen],
    }
}

/// One act with the answer it would get now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActAnswer {
    /// The act.
    pub act: Act,
    /// The stage it would reach, for QUALIFY.
    pub to: Option<OpenStage>,
    /// Why it would be refused; nothing when it is lawful.
    pub refusal: Option<Refusal>,
}

/// Asks `decide` for every act, with arguments that are lawful by themselves, and tells each answer.
pub fn answers(lead: &Lead, facts: &Facts<'_>, now: DateTime<Utc>) -> Vec<ActAnswer> {
    probes(lead, facts)
        .into_iter()
        .map(|command| {
            // the last act is forgotten, else a possible repetition would count as lawful
            let fresh = Lead { last_act: None, ..lead.clone() };
            let refusal = decide(&fresh, &command, facts, now).err();
            let reachable = !matches!(refusal, Some(Refusal::InvalidTransition { .. }));
            let to = if let Command::Qualify { to } = command { Some(to).filter(|_| reachable) } else { None };
            ActAnswer { act: command.act(), to, refusal }
        })
        .collect()
}

/// A reason that the agreement of the offer knows, because it is asked whether the act is lawful and not the reason.
fn some_reason(lead: &Lead, facts: &Facts<'_>) -> RejectReason {
    let agreement =
        if let LeadState::Offered { agreement, .. } = &lead.state { facts.agreements.by_id(agreement.id) } else { None };
    agreed_reasons(agreement).last().copied().unwrap_or(RejectReason::Other)
}

fn probes(lead: &Lead, facts: &Facts<'_>) -> Vec<Command> {
    let standing = lead.state.stage().open();
    let next = standing.and_then(|stage| facts.track.next(stage)).map_or(OpenStage::Lead, |step| step.stage);
    let waiting = lead.state.offer().unwrap_or_else(|| lead.state.placement());
    let wish = Wish { person: None, team: waiting.team.or_else(|| facts.roster.teams().first().map(|team| team.id)) };
    vec![
        Command::Qualify { to: next },
        Command::HandOver { wish: Wish::default() },
        Command::Accept,
        Command::Reject { reason: some_reason(lead, facts) },
        Command::Withdraw,
        Command::Reassign { wish, reason: ReassignReason::Other },
        Command::Recycle { reason: RecycleReason::Other, resume_at: None },
        Command::Reactivate,
        Command::Disqualify { reason: DisqualifyReason::Other },
        Command::Win { amount: None },
        Command::Lose { reason: LoseReason::Other },
        Command::Reopen { reason: ReopenReason::Other },
    ]
}
