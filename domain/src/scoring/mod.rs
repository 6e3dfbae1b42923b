//! Scores on two axes, never one sum: fit (who they are) and engagement (what they did).
//!
//! A [`ScoreModel`] is a version of the rules; one is in force. Its [`ScoreRules`] turn what is known of a lead and the [`Tally`] of what its
//! people did into a [`Scored`]: points, grade, tier, each rule's part in it, and when decay will lower the grade. All arithmetic is in
//! integers, so that every machine comes to the same figures, in whatever order things were done.

pub mod activity;
pub mod activity_draft;
pub mod auc;
pub mod decay;
pub mod engagement;
pub mod evaluate;
pub mod fit;
pub mod grade;
pub mod grading;
pub mod hot;
pub mod model;
pub mod replay;
pub mod rule;
pub mod score;
pub mod score_override;
pub mod shipped;
pub mod tally;

pub use activity::{Activity, ActivityKind};
pub use evaluate::{Hit, Scored};
pub use grade::{Grade, Tier};
pub use grading::Grading;
pub use model::{ModelState, ScoreModel};
pub use rule::{Axis, ScoreRules};
pub use score::Score;
pub use score_override::{OverrideValue, ScoreOverride};
pub use tally::Tally;

#[cfg(test)]
mod tests;
