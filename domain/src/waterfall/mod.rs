//! The demand waterfall: tracks, the lead and its states, the acts, and the one place that decides them.

pub mod act;
pub mod apply;
pub mod band;
pub mod bant;
pub mod capture;
pub mod catalogue;
pub mod change;
pub mod command;
pub mod correction;
pub mod decide;
pub mod event;
pub mod execute;
pub mod facts;
pub mod feed;
pub mod follow_up;
pub mod gate;
pub mod history;
pub mod lawful;
pub mod lead;
pub mod measure;
pub mod passage;
pub mod reason;
pub mod refusal;
pub mod rescore;
pub mod routed;
pub mod shipped;
pub mod stage;
pub mod state;
pub mod track;
pub mod transition;
pub mod update;

#[cfg(test)]
pub(crate) mod tests;
