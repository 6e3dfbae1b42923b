//! Protection of people's data: subject access, erasure, legal holds, retention.

mod digest;
mod erase;
pub mod export;
mod hold;
pub mod retention;
mod suppression;

pub use erase::{Erased, erase, find_erased};
pub use hold::{hold, holds, release};
pub use suppression::lift;
pub(crate) use suppression::{Kept, refuse_suppressed, screen};
