//! The transport: GraphQL over HTTP, WebSocket and server-sent events.
//!
//! It knows nothing of leads, tables or tokens. What it needs from the rest of the crate stands in [`seam`]; what it
//! refuses, and with which code, stands in [`fault`]. A document is parsed once, measured by [`precheck`] and only then
//! handed to the executor.
//!
//! To add an end point: write its handler in a file of its own and name it in [`server::routes`].

pub mod accept;
pub mod admission;
pub mod answer;
pub mod caller;
pub mod config;
pub mod consent;
pub mod edge;
pub mod fault;
pub mod graphiql;
pub mod graphql;
pub mod health;
pub mod hygiene;
pub mod lexer;
pub mod measure;
pub mod metrics;
pub mod operation;
pub mod params;
pub mod precheck;
pub use crate::seam;
pub mod server;
pub mod socket;
pub mod socket_message;
pub mod socket_operation;
pub mod sse;
pub mod transport;
pub mod variables;

#[cfg(test)]
mod tests;

pub use config::{Graphiql, Mode, TransportConfig, TrustedDocuments};
pub use seam::{AuthFault, Authenticate, Authenticated, CursorSlot, Readiness, RequestMeta, ResumeFrom};
pub use server::{build, until_signal};
