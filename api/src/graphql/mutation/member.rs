//! What routing knows of colleagues, and what holds for all of it.

use async_graphql::{Context, Object, Result};
use fairfall_domain::routing::{MemberProfile, RoutingPolicy};

use super::acted;
use super::payload::payloads;
use crate::app::routing::{member, policy};
use crate::graphql::input::change;
use crate::graphql::input::member::{AbsenceCancelInput, MemberAwayInput, MemberBackInput, MemberProfileUpdateInput};
use crate::graphql::input::routing_policy::RoutingPolicyUpdateInput;
use crate::graphql::object::member::MemberProfileObject;
use crate::graphql::object::routing_policy::RoutingPolicyObject;

/// Declares payloads of acts on a profile, which are alike.
macro_rules! profile_payloads {
    ($( $name:ident $act:literal, )+) => { payloads! { $(
        #[doc = concat!("What `", $act, "` answers.")]
        $name = |done: MemberProfile| {
            /// What is known of the colleague now; absent when nothing was changed because of errors.
            member_profile: MemberProfileObject = Some(done.into()),
        }
    )+ } };
}

profile_payloads! {
    MemberProfileUpdatePayload "memberProfileUpdate",
    MemberAwayPayload "memberAway",
    MemberBackPayload "memberBack",
    AbsenceCancelPayload "absenceCancel",
}

payloads! {
    /// What `routingPolicyUpdate` answers.
    RoutingPolicyUpdatePayload = |done: RoutingPolicy| {
        /// The policy after the change; absent when nothing was changed.
        routing_policy: RoutingPolicyObject = Some(done.into()),
    }
}

/// What routing knows of colleagues, and what holds for all of it.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Says what routing knows of a colleague: languages, working hours, the first day. For oneself, for managers of a team the colleague is in, and
    /// for administrators.
    async fn member_profile_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague and what changes.")] input: MemberProfileUpdateInput,
    ) -> Result<MemberProfileUpdatePayload> {
        acted!(ctx, |app, caller| member::update(app, caller, input.read()?).await)
    }

    /// Notes that a colleague gets nothing for a time: from now on, or planned. Who may is told with `memberProfileUpdate`.
    async fn member_away(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague and the time.")] input: MemberAwayInput,
    ) -> Result<MemberAwayPayload> {
        acted!(ctx, |app, caller| member::away(app, caller, input.read()?).await)
    }

    /// Notes that a colleague is there again: ends the absences that last now. Doing it again changes nothing.
    async fn member_back(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague.")] input: MemberBackInput,
    ) -> Result<MemberBackPayload> {
        acted!(ctx, |app, caller| member::back(app, caller, input.read()?).await)
    }

    /// Takes back an absence that is planned or lasts.
    async fn absence_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The colleague and the absence.")] input: AbsenceCancelInput,
    ) -> Result<AbsenceCancelPayload> {
        acted!(ctx, |app, caller| {
            let (user, absence) = input.read()?;
            member::cancel_absence(app, caller, user, absence).await
        })
    }

    /// Changes what holds for all routing. It holds for what is routed from now on. For administrators.
    async fn routing_policy_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: RoutingPolicyUpdateInput,
    ) -> Result<RoutingPolicyUpdatePayload> {
        acted!(ctx, |app, caller| policy::update(app, caller, change(input.owner_days_max), input.expected_version).await)
    }
}
