//! Subscriptions: few and coarse.

pub mod event;
pub mod object;
pub mod payload;
pub mod sla;
#[cfg(test)]
mod tests;

use async_graphql::MergedSubscription;

/// What can be followed as it happens, over the WebSocket or the event stream.
#[derive(Default, MergedSubscription)]
pub struct Subscription(event::EventSubscription, sla::SlaSubscription);
