//! The acts on a lead: one input each, all read the same way.

use async_graphql::{ID, InputObject};
use fairfall_domain::routing::place::Wish;
use fairfall_domain::value::Code;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::reason::{
    DisqualifyReason, LoseReason, ReassignReason, RecycleReason, RejectReason, ReopenReason,
};
use fairfall_domain::waterfall::stage::OpenStage;

use super::money::MoneyInput;
use super::{id, optional_id, whole};
use crate::app::draft::read_money;
use crate::app::lead::CommandInput;
use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

/// An input that is an act on a lead.
pub trait LeadAct {
    /// The act for the use case.
    ///
    /// # Errors
    /// Every fault of the input.
    fn read(self) -> Result<CommandInput, Violations>;
}

/// Declares the inputs: the fields that all acts have, their own, and the command they stand for.
macro_rules! acts {
    ($(
        $(#[$doc:meta])*
        $name:ident { $( $(#[$field_doc:meta])* $field:ident: $kind:ty, )* } = |$faults:ident| $command:expr;
    )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The lead.
            pub lead: ID,
            $( $(#[$field_doc])* pub $field: $kind, )*
            /// Free words for colleagues, kept with the transition; at most 2,000 characters.
            pub note: Option<String>,
            /// The version of the lead that the caller read; when it has changed since, nothing is done. Absent to act on whatever it is now.
            pub expected_version: Option<u32>,
        }

        impl LeadAct for $name {
            fn read(self) -> Result<CommandInput, Violations> {
                let Self { lead, $( $field, )* note, expected_version } = self;
                let mut faults = Violations::new();
                let lead = id(&mut faults, "lead", &lead);
                let $faults = &mut faults;
                let command: Option<Command> = $command;
                let read = lead.zip(command).map(|(lead, command)| CommandInput { lead, command, note, expected_version });
                whole(faults, read)
            }
        }
    )+ };
}

fn wish(faults: &mut Violations, assignee: Option<&ID>, team: Option<&ID>) -> Wish {
    Wish { person: optional_id(faults, "assignee", assignee), team: optional_id(faults, "team", team) }
}

acts! {
    /// Moves a lead to the next step of the same department.
    LeadQualifyInput {
        /// The stage to reach. Naming it makes a double click harmless.
        to: Coded<OpenStage>,
    } = |_faults| Some(Command::Qualify { to: to.0 });

    /// Offers a lead to the next department.
    LeadHandOverInput {
        /// The colleague to offer it to; absent for the team's queue.
        assignee: Option<ID>,
        /// The team to offer it to; absent for the one that serves the lead's country.
        team: Option<ID>,
    } = |faults| Some(Command::HandOver { wish: wish(faults, assignee.as_ref(), team.as_ref()) });

    /// Takes an offered lead, or picks one up from the team's queue.
    LeadAcceptInput {} = |_faults| Some(Command::Accept);

    /// Returns an offered lead to the department that gave it.
    LeadRejectInput {
        /// Why. Reports count it.
        reason: Coded<RejectReason>,
    } = |_faults| Some(Command::Reject { reason: reason.0 });

    /// Takes back an offer that nobody has taken yet.
    LeadWithdrawInput {} = |_faults| Some(Command::Withdraw);

    /// Gives a lead, or the offer of one, to another colleague or team.
    LeadReassignInput {
        /// The colleague who gets it; absent for the team's queue.
        assignee: Option<ID>,
        /// The team that gets it; absent for the team of the colleague.
        team: Option<ID>,
        /// Why. Reports count it; the goal for MISROUTED is none.
        reason: Coded<ReassignReason>,
    } = |faults| Some(Command::Reassign { wish: wish(faults, assignee.as_ref(), team.as_ref()), reason: reason.0 });

    /// Sends a lead to nurturing; its passage ends.
    LeadRecycleInput {
        /// Why. Reports count it.
        reason: Coded<RecycleReason>,
        /// When it comes back by itself; absent to let it rest until somebody brings it back.
        resume_at: Option<Timestamp>,
    } = |_faults| Some(Command::Recycle { reason: reason.0, resume_at: resume_at.map(|at| at.0) });

    /// Brings a lead back from nurturing; a new passage begins.
    LeadReactivateInput {} = |_faults| Some(Command::Reactivate);

    /// Closes what is no lead.
    LeadDisqualifyInput {
        /// Why. Reports count it.
        reason: Coded<DisqualifyReason>,
    } = |_faults| Some(Command::Disqualify { reason: reason.0 });

    /// Closes a lead as won at its closing step; the customer is handed to customer service.
    LeadWinInput {
        /// The amount that was won; absent when it is the expected value.
        amount: Option<MoneyInput>,
    } = |faults| match amount {
        Some(typed) => read_money(faults, "amount", &typed.into()).map(|amount| Command::Win { amount: Some(amount) }),
        None => Some(Command::Win { amount: None }),
    };

    /// Closes a lead as lost at its closing step.
    LeadLoseInput {
        /// Why. Reports count it.
        reason: Coded<LoseReason>,
    } = |_faults| Some(Command::Lose { reason: reason.0 });

    /// Takes back a loss or disqualification, within 30 days.
    LeadReopenInput {
        /// Why. Reports count it.
        reason: Coded<ReopenReason>,
    } = |_faults| Some(Command::Reopen { reason: reason.0 });

    /// Moves a lead to the same stage of another track.
    LeadRetrackInput {
        /// The key of the track, such as `field`; its newest version is taken.
        track: String,
    } = |faults| faults.check("track", Code::parse(&track)).map(|track| Command::Retrack { track });
}
