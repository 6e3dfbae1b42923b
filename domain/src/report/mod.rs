//! Figures: what they mean and the arithmetic behind them. Counting is done where the rows are.

pub mod bucket;
pub mod funnel;

pub use bucket::Histogram;
pub use funnel::{CampaignGroup, DurationFigures, FunnelGroup, FunnelRow, GroupKey, OutcomeCounts};
