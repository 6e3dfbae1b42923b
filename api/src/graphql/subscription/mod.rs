//! Subscriptions: few and coarse.

mod event;
mod object;
mod payload;

use async_graphql::MergedSubscription;

/// What can be followed as it happens, over the WebSocket or the event stream.
#[derive(Default, MergedSubscription)]
pub struct Subscription(event::EventSubscription);
