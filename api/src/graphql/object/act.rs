//! What can be done with a lead now.

use async_graphql::SimpleObject;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::stage::OpenStage;

use crate::app::Rejection;
use crate::app::lead::{ActOption, Blocked};
use crate::graphql::code::Coded;
use crate::graphql::error::{UserError, user_error};

/// An act with the answer that the viewer would get now.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ActOption")]
pub struct ActOptionObject {
    /// The act.
    pub act: Coded<Act>,
    /// The stage that it would reach, for QUALIFY where there is such a step.
    pub to: Option<Coded<OpenStage>>,
    /// Why it is not open to the viewer; absent when it is.
    pub blocked: Option<UserError>,
}

impl From<ActOption> for ActOptionObject {
    fn from(option: ActOption) -> Self {
        let to = option.to.filter(|_| has_next_step(option.blocked.as_ref()));
        let blocked = option.blocked.map(|blocked| match blocked {
            Blocked::Refused(refusal) => Rejection::Refused(refusal),
            Blocked::NotAllowed { action } => Rejection::NotAllowed { action },
        });
        Self { act: Coded(option.act), to: to.map(Coded), blocked: blocked.map(user_error) }
    }
}

/// Whether the answer is about a step that exists, open or not.
const fn has_next_step(blocked: Option<&Blocked>) -> bool {
    match blocked {
        None | Some(Blocked::NotAllowed { .. }) => true,
        Some(Blocked::Refused(refusal)) => !matches!(refusal, Refusal::InvalidTransition { .. }),
    }
}
