//! Who gets a lead. The roster names the teams; [`place::place`] chooses a team's queue or the person asked for.

pub mod place;
pub mod roster;

pub use place::{PlaceFault, Placement, QueueReason, place};
pub use roster::{Roster, RosterTeam};
