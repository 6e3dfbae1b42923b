//! Whoever asks.

use async_graphql::{Context, Object, Result};

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::{TeamsOf, loaders};
use crate::graphql::object::team::TeamObject;
use crate::graphql::object::viewer::ViewerObject;

/// Whoever asks.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Whoever makes this request, with its role, teams and permissions; absent when nobody is signed in.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Result<ViewerObject>> {
        caller(ctx).ok()?;
        Some(viewer(ctx).await)
    }
}

async fn viewer(ctx: &Context<'_>) -> Result<ViewerObject> {
    let caller = caller(ctx)?;
    let user = app::user::viewer(app(ctx), caller).await.or_fault(ctx)?;
    let teams = loaders(ctx)?.one(TeamsOf(user.id)).await.or_fault(ctx)?;
    let teams = teams.into_iter().flatten().map(TeamObject).collect();
    Ok(ViewerObject { actor: caller.actor.clone(), user, teams })
}
