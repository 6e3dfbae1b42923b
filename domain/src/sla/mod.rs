//! Promises between departments and the clocks that keep them: business time, promised durations, running clocks, escalation.
//!
//! A clock is started by an act under a signed agreement, measures in the time its promise is meant in, and is closed by the act that keeps the
//! promise. What is due when is worked out when something changes and stored; nobody counts seconds.

pub mod book;
pub mod business_time;
pub mod calendar;
pub mod clock;
pub mod escalate;
pub mod follow;
pub mod happened;
pub mod holiday;
pub mod ics;
pub mod ladder;
pub mod moment;
pub mod pause;
pub mod promise;
pub mod rule;
mod wall_hours;

pub use book::CalendarBook;
pub use business_time::BusinessTime;
pub use calendar::{CalendarOwner, WorkCalendar};
pub use clock::{Clock, ClockState};
pub use ladder::{EscalationAct, LadderStep};
pub use moment::SlaMoment;
pub use pause::{Pause, PauseReason, PauseRefusal};
pub use promise::{Basis, Promise};
pub use rule::{ClockKind, ClockRule};

#[cfg(test)]
mod tests;
