//! What the waterfall promises: snapshots of state x command, properties over random tracks and commands, and the rules one by one.

mod capture;
mod clocks;
mod closing;
mod follow_up;
mod gates;
mod history;
mod matrix;
mod properties;
mod reach;
pub(crate) mod support;
mod tracks;
