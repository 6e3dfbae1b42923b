//! Scalars of the API. Each says by a URL what its text looks like.

mod duration;
mod number;
mod text;
mod time;

pub use duration::Period;
pub use number::{BigInt, EventCursor};
pub use text::{Text, TextScalar, texts};
pub use time::{Day, Timestamp};

use std::fmt::Display;

use async_graphql::ID;

/// An id as the API shows it.
pub fn id(id: impl Display) -> ID {
    ID(id.to_string())
}

/// A count as the API shows it: the largest `Int` stands for all that is larger.
pub fn int(count: impl TryInto<i32>) -> i32 {
    count.try_into().unwrap_or(i32::MAX)
}
