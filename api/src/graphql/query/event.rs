//! The journal, page by page.

use async_graphql::{Context, Object, Result, SimpleObject};

use crate::app;
use crate::app::AppError;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::{OrFault, bad_input};
use crate::graphql::input::event::EventFilter;
use crate::graphql::page::limits;
use crate::graphql::scalar::EventCursor;
use crate::graphql::subscription::object::EventObject;

/// A page of the journal.
#[derive(Debug, SimpleObject)]
pub struct EventPage {
    /// The events, oldest first.
    pub nodes: Vec<EventObject>,
    /// The place up to which the journal was read: give it back as `after` to go on. It moves on even when no event was found.
    pub end_cursor: EventCursor,
    /// Whether the page is full, so that there may be more at once.
    pub has_next_page: bool,
}

/// The journal.
#[derive(Default)]
pub struct EventQuery;

#[Object]
impl EventQuery {
    /// Events that the viewer may see now, oldest first, each once: for those who fetch instead of following the subscription `leadEvents`.
    async fn events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place after which to read; absent for all that is kept.")] after: Option<EventCursor>,
        #[graphql(desc = "How many events, 1 to 100; 25 when absent.")] first: Option<u32>,
        #[graphql(desc = "Which events; absent for all.")] filter: Option<EventFilter>,
    ) -> Result<EventPage> {
        let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
        let limit = size(ctx, first)?;
        let page =
            app::event::page_after(app(ctx), caller(ctx)?, &filter, after.map(|after| after.0), limit).await.or_fault(ctx)?;
        let nodes = page.entries.into_iter().map(EventObject).collect();
        Ok(EventPage { nodes, end_cursor: EventCursor(page.position), has_next_page: page.more })
    }
}

fn size(ctx: &Context<'_>, first: Option<u32>) -> Result<u32> {
    let limits = limits(ctx);
    let size = first.unwrap_or(limits.default);
    let fits = (1..=limits.max).contains(&size);
    if fits { Ok(size) } else { Err(bad_input("first", format!("a page has 1 to {} items", limits.max))) }
}
