//! Acts on running promises.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::sla::clock::{self, Paused};
use crate::graphql::input::clock::{ClockPauseInput, ClockResumeInput};
use crate::graphql::object::clock::ClockObject;

payloads! {
    /// What came of letting a clock stand still.
    ClockPausePayload = |done: Paused| {
        /// The clock after it.
        clock: ClockObject = Some(ClockObject(done.reading)),
        ;
        /// Whether it stood still for this reason and as long before.
        already_done = done.already_done,
    }

    /// What came of letting a clock run on.
    ClockResumePayload = |done: Paused| {
        /// The clock after it.
        clock: ClockObject = Some(ClockObject(done.reading)),
        ;
        /// Whether it ran before.
        already_done = done.already_done,
    }
}

/// Acts on running promises.
#[derive(Default)]
pub struct ClockMutation;

/// Acts on running promises.
#[Object]
impl ClockMutation {
    /// Lets a clock stand still for a reason, as long as its agreement allows. For whoever has the lead, and managers.
    async fn clock_pause(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The clock and why.")] input: ClockPauseInput,
    ) -> Result<ClockPausePayload> {
        acted!(ctx, |app, caller| {
            let (id, reason, until) = input.read()?;
            clock::pause(app, caller, id, reason, until).await
        })
    }

    /// Lets a clock run on before its pause is over.
    async fn clock_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The clock.")] input: ClockResumeInput,
    ) -> Result<ClockResumePayload> {
        acted!(ctx, |app, caller| clock::resume(app, caller, input.read()?).await)
    }
}
