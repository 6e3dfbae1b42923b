//! Scores on two axes, never one sum: fit (who they are) and engagement (what they did).

pub mod grade;
pub mod score;

pub use grade::{Grade, Tier};
pub use score::Score;
