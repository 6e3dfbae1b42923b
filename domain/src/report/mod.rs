//! Figures: what they mean and the arithmetic behind them. Counting is done where the rows are.

pub mod bucket;
pub mod commitment;
pub mod fairness;
pub mod funnel;
pub mod hand_over;
pub mod misrouting;
pub mod sla;
pub mod speed;

pub use bucket::Histogram;
pub use funnel::{CampaignGroup, DurationFigures, FunnelGroup, FunnelRow, GroupKey, OutcomeCounts};
