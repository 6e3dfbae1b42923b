//! The events of leads.

use async_graphql::{Context, Error, Result, Subscription};
use futures_util::{Stream, StreamExt as _};

use crate::app::event::subscribe;
use crate::app::{AppError, Rejection};
use crate::graphql::caller::{app, caller, client};
use crate::graphql::error::{ErrorCode, OrFault, coded, shown, told};
use crate::graphql::input::event::EventFilter;
use crate::graphql::scalar::EventCursor;
use crate::seam::{CursorSlot, ResumeFrom};

pub use super::object::EventObject;

/// The events of leads.
#[derive(Default)]
pub struct EventSubscription;

/// The events of leads.
#[Subscription]
impl EventSubscription {
    /// Events of the leads that the caller may see at the moment of each event, in order, each once. With a cursor, those behind it are
    /// replayed first; events are kept for 30 days. Over the event stream `Last-Event-ID` stands for an absent `after`.
    async fn lead_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which events; absent for all.")] filter: Option<EventFilter>,
        #[graphql(desc = "The cursor of the event that was seen last; absent to begin now.")] after: Option<EventCursor>,
    ) -> Result<impl Stream<Item = Result<EventObject>> + use<>> {
        let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
        let events = subscribe(app(ctx), caller(ctx)?, filter, position(ctx, after)?).await;
        let events = events.map_err(|error| begin_fault(ctx, &error))?;
        let show = resumable(ctx);
        Ok(events.map(move |seen| show(seen.map(|seen| (seen.entry.position, EventObject(seen.entry.clone()))))))
    }
}

/// Shows what a stream yields, and tells the transport the position to go on from after it.
pub(super) fn resumable<T>(ctx: &Context<'_>) -> impl Fn(std::result::Result<(u64, T), AppError>) -> Result<T> + use<T> {
    let (request_id, slot) = (client(ctx).request_id, ctx.data_opt::<CursorSlot>().cloned());
    move |yielded| {
        let (position, item) = yielded.map_err(|error| shown(&request_id, &error))?;
        if let Some(slot) = &slot {
            slot.set(EventCursor(position).to_text());
        }
        Ok(item)
    }
}

/// Where to go on: behind the argument, else behind what the transport tells.
pub(super) fn position(ctx: &Context<'_>, after: Option<EventCursor>) -> Result<Option<u64>> {
    if let Some(after) = after {
        return Ok(Some(after.0));
    }
    let resumed = ctx.data_opt::<ResumeFrom>().and_then(|resume| resume.0.as_deref());
    resumed.map(|text| EventCursor::parse_text(text).map(|after| after.0).ok_or_else(bad_cursor)).transpose()
}

fn bad_cursor() -> Error {
    coded(ErrorCode::BadCursor, "the cursor is not one of this stream of events")
}

/// A fault of the cursor has a code of its own.
pub(super) fn begin_fault(ctx: &Context<'_>, error: &AppError) -> Error {
    let of_cursor = |rejection: &Rejection| matches!(rejection, Rejection::Invalid(fault) if fault.field == "after");
    if let AppError::Rejected(rejections) = error
        && rejections.iter().any(of_cursor)
    {
        return bad_cursor();
    }
    told(ctx, error)
}
