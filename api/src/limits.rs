//! Every outward limit of the API in one place: named, documented with its unit, configurable.
//!
//! The unit stands last in each name: `_bytes`, `_ms`, `_s`; a name without one is a count.

use std::time::Duration;

use serde::{Deserialize, Serialize};

macro_rules! limits {
    ($($(#[$doc:meta])* $field:ident: $kind:ty, $constant:ident = $value:expr;)*) => {
        $($(#[$doc])* pub const $constant: $kind = $value;)*

        /// The limits in force. Each field falls back to the constant of the same name.
        #[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits {
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $constant,)* }
            }
        }
    };
}

limits! {
    /// Largest GraphQL document, in bytes of UTF-8.
    document_bytes_max: usize, DOCUMENT_BYTES_MAX = 32_768;
    /// Most lexical tokens in a document (GraphQL specification, section 2.1.6).
    tokens_max: u64, TOKENS_MAX = 4_000;
    /// Longest name in a document, in bytes: what is like an unknown name is looked for among all that there are.
    name_bytes_max: usize, NAME_BYTES_MAX = 256;
    /// Deepest nesting of brackets of any kind, and of selections and fragments inside each other, in levels.
    nesting_max: usize, NESTING_MAX = 64;
    /// Deepest nesting of fields, in levels; fragments do not count.
    depth_max: u64, DEPTH_MAX = 15;
    /// Deepest nesting of fields below `__schema` and `__type`, in levels; the usual introspection query needs 15.
    introspection_depth_max: u64, INTROSPECTION_DEPTH_MAX = 18;
    /// Most lists of fields, interfaces and the like inside each other below `__schema` and `__type`.
    introspection_lists_max: u64, INTROSPECTION_LISTS_MAX = 2;
    /// What each point below `__schema` costs: every type of the schema answers it.
    introspection_factor: u64, INTROSPECTION_FACTOR = 20;
    /// Most aliases in an operation after its fragments are spread.
    aliases_max: u64, ALIASES_MAX = 30;
    /// Most directives on one field, fragment or operation.
    directives_per_field_max: usize, DIRECTIVES_PER_FIELD_MAX = 5;
    /// Most fields at the root of a query after its fragments are spread.
    root_fields_max: u64, ROOT_FIELDS_MAX = 20;
    /// Most fields at the root of a mutation after its fragments are spread.
    mutation_root_fields_max: u64, MUTATION_ROOT_FIELDS_MAX = 10;
    /// Most selections in a document after its fragments are spread.
    expanded_selections_max: u64, EXPANDED_SELECTIONS_MAX = 10_000;
    /// Highest cost of one operation, in points: a field 1, a connection 2 + first x child, one of [`PAGE_LIKE_LISTS`] 1 + a usual page x child, one
    /// of [`SHORT_LISTS`] 1 + [`SHORT_LIST`] x child.
    complexity_max: u64, COMPLEXITY_MAX = 10_000;
    /// Largest page that `first` and `last` may ask for.
    page_max: u64, PAGE_MAX = 100;
    /// Size of a page when neither `first` nor `last` is given.
    page_default: u64, PAGE_DEFAULT = 25;
    /// Most entries in one list of an argument or variable.
    list_max: usize, LIST_MAX = 250;
    /// Largest HTTP request body, in bytes.
    body_bytes_max: usize, BODY_BYTES_MAX = 262_144;
    /// Longest time a client may take to send a request body, in milliseconds.
    body_ms_max: u64, BODY_MS_MAX = 10_000;
    /// Longest execution of a query or mutation, in milliseconds.
    execution_ms_max: u64, EXECUTION_MS_MAX = 10_000;
    /// Longest database statement, in milliseconds.
    statement_ms_max: u64, STATEMENT_MS_MAX = 5_000;
    /// Longest wait for a database lock, in milliseconds.
    lock_wait_ms_max: u64, LOCK_WAIT_MS_MAX = 2_000;
    /// Most queries and mutations of one user (or one address, when anonymous) in flight at once.
    operations_in_flight_per_user_max: usize, OPERATIONS_IN_FLIGHT_PER_USER_MAX = 20;
    /// Most queries and mutations in flight at once on this node.
    operations_in_flight_max: usize, OPERATIONS_IN_FLIGHT_MAX = 512;
    /// Most open subscriptions of one user (or one address, when anonymous) on this node.
    subscriptions_per_user_max: usize, SUBSCRIPTIONS_PER_USER_MAX = 2_000;
    /// Most open subscriptions on this node.
    subscriptions_max: usize, SUBSCRIPTIONS_MAX = 20_000;
    /// Largest WebSocket message from a client, in bytes.
    websocket_message_bytes_max: usize, WEBSOCKET_MESSAGE_BYTES_MAX = 65_536;
    /// Most operations open at once on one WebSocket.
    websocket_operations_max: usize, WEBSOCKET_OPERATIONS_MAX = 50;
    /// Longest wait for `connection_init`, in milliseconds.
    websocket_init_ms_max: u64, WEBSOCKET_INIT_MS_MAX = 5_000;
    /// Time between two pings of an open WebSocket, in seconds; a peer silent for two of them is gone.
    websocket_ping_s: u64, WEBSOCKET_PING_S = 30;
    /// Time between two checks of the session behind an open WebSocket or event stream, in seconds.
    websocket_recheck_s: u64, WEBSOCKET_RECHECK_S = 60;
    /// Most messages that wait for a slow reader of a WebSocket.
    subscriber_queue_max: usize, SUBSCRIBER_QUEUE_MAX = 256;
    /// Longest time that the queue of a slow reader may stay full before the socket is closed, in milliseconds.
    subscriber_stall_ms_max: u64, SUBSCRIBER_STALL_MS_MAX = 10_000;
    /// Time between two heartbeats of an event stream, in seconds.
    sse_heartbeat_s: u64, SSE_HEARTBEAT_S = 12;
    /// Points a minute of one user (or one address, when anonymous); 0 switches the rate limit off.
    rate_points_per_minute: u32, RATE_POINTS_PER_MINUTE = 1_000_000;
    /// Most bytes of errors in an answer to a request that was refused before execution.
    error_bytes_max: usize, ERROR_BYTES_MAX = 3_072;
    /// Longest message of one error, in bytes of UTF-8.
    error_message_bytes_max: usize, ERROR_MESSAGE_BYTES_MAX = 256;
    /// Most errors in an answer that was executed.
    field_errors_max: usize, FIELD_ERRORS_MAX = 100;
    /// Most operation names that the metrics tell apart; the rest is `other`.
    metric_names_max: usize, METRIC_NAMES_MAX = 200;
}

/// Plain lists that are priced like a page of [`Limits::page_default`] entries, by the names of their fields: they lead back to what they hang on, so
/// that each time they are asked for inside each other multiplies what is read.
pub const PAGE_LIKE_LISTS: [&str; 3] = ["clocks", "decisions", "people"];

/// Plain lists that lead back to what they hang on and are short, by the names of their fields: priced as [`SHORT_LIST`] entries.
pub const SHORT_LISTS: [&str; 5] = ["acts", "members", "pools", "roles", "teams"];

/// How many entries a short list is priced as.
pub const SHORT_LIST: u64 = 5;

impl Limits {
    /// How long a query or mutation may run.
    pub const fn execution(&self) -> Duration {
        Duration::from_millis(self.execution_ms_max)
    }

    /// How long the queue of a slow reader may stay full.
    pub const fn subscriber_stall(&self) -> Duration {
        Duration::from_millis(self.subscriber_stall_ms_max)
    }

    /// How often the session behind a long-lived connection is checked.
    pub const fn recheck(&self) -> Duration {
        Duration::from_secs(self.websocket_recheck_s)
    }
}

/// Widens a count without a cast; saturates where `usize` is wider than 64 bits.
pub(crate) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_limits_may_be_set_and_unknown_ones_are_refused() {
        let limits: Limits = serde_json::from_str(r#"{"depth_max": 3}"#).unwrap();
        assert_eq!(limits, Limits { depth_max: 3, ..Limits::default() });
        assert!(serde_json::from_str::<Limits>(r#"{"deep_max": 3}"#).is_err());
    }
}
