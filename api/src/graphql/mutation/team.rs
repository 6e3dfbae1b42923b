//! Teams: colleagues of one department who share a queue.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{TeamCreatePayload, TeamPutMemberPayload, TeamRemoveMemberPayload, TeamUpdatePayload};
use crate::app::team;
use crate::graphql::input::team::{TeamCreateInput, TeamPutMemberInput, TeamRemoveMemberInput, TeamUpdateInput};

/// Teams: colleagues of one department who share a queue.
#[derive(Default)]
pub struct TeamMutation;

/// Teams: colleagues of one department who share a queue.
#[Object]
impl TeamMutation {
    /// Makes a team. All faults of the input are reported at once. For administrators.
    async fn team_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team.")] input: TeamCreateInput,
    ) -> Result<TeamCreatePayload> {
        acted!(ctx, |app, caller| team::create(app, caller, input.into()).await)
    }

    /// Changes a team. For administrators, and for managers of the team.
    async fn team_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team and what changes.")] input: TeamUpdateInput,
    ) -> Result<TeamUpdatePayload> {
        acted!(ctx, |app, caller| team::update(app, caller, input.read()?).await)
    }

    /// Puts a colleague into a team, or changes what the colleague is in it; doing it again changes nothing.
    async fn team_put_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team and the colleague.")] input: TeamPutMemberInput,
    ) -> Result<TeamPutMemberPayload> {
        acted!(ctx, |app, caller| {
            let (team, user, rank) = input.read()?;
            team::put_member(app, caller, team, user, rank).await
        })
    }

    /// Takes a colleague out of a team; doing it again changes nothing.
    async fn team_remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The team and the colleague.")] input: TeamRemoveMemberInput,
    ) -> Result<TeamRemoveMemberPayload> {
        acted!(ctx, |app, caller| {
            let (team, user) = input.read()?;
            team::remove_member(app, caller, team, user).await
        })
    }
}
