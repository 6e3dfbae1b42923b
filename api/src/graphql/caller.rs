//! Who calls, as resolvers see it.

use async_graphql::{Context, Result};

use crate::app::session::Client;
use crate::app::{App, AppError, Caller};
use crate::auth::session::Viewer;
use crate::seam::RequestMeta;

use super::error::fault;
use super::loader::Loaders;

/// What each request of somebody signed in carries.
pub(super) struct Acting {
    /// Who calls.
    pub(super) caller: Caller,
    /// Loads what belongs together in one statement.
    pub(super) loaders: Loaders,
}

impl Acting {
    pub(super) fn new(app: &App, viewer: &Viewer, meta: Option<&RequestMeta>) -> Self {
        let caller = viewer.caller(meta.map(|meta| meta.request_id.clone()).unwrap_or_default());
        let loaders = Loaders::new(app.clone(), caller.clone());
        Self { caller, loaders }
    }
}

pub(super) fn acting<'a>(ctx: &Context<'a>) -> Result<&'a Acting> {
    ctx.data_opt::<Acting>().ok_or_else(|| fault(AppError::Unauthenticated))
}

/// Who calls.
///
/// # Errors
/// UNAUTHENTICATED when nobody is signed in.
pub fn caller<'a>(ctx: &Context<'a>) -> Result<&'a Caller> {
    acting(ctx).map(|acting| &acting.caller)
}

/// The use cases that the schema was built with.
pub fn app<'a>(ctx: &Context<'a>) -> &'a App {
    ctx.data_unchecked::<App>()
}

/// Where a request comes from that needs no session.
pub fn client(ctx: &Context<'_>) -> Client {
    let meta = ctx.data_opt::<RequestMeta>();
    Client {
        ip: meta.and_then(|meta| meta.client_ip),
        user_agent: meta.and_then(|meta| meta.user_agent.clone()),
        request_id: meta.map(|meta| meta.request_id.clone()).unwrap_or_default(),
    }
}
