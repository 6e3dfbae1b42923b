//! Which events a subscriber wants.

use async_graphql::{ID, InputObject};
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::event::EventKind;

use super::{ids, whole};
use crate::app::event;
use crate::graphql::code::{Coded, plain};

/// Which events to follow. Of those that the caller may see, the ones that meet every part that is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct EventFilter {
    /// Kinds of events; absent or empty for all.
    pub kinds: Option<Vec<Coded<EventKind>>>,
    /// Leads; absent or empty for all.
    pub leads: Option<Vec<ID>>,
}

impl EventFilter {
    /// The filter for the use case.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<event::EventFilter, Violations> {
        let mut faults = Violations::new();
        let leads = ids(&mut faults, "filter.leads", &self.leads.unwrap_or_default());
        whole(faults, Some(event::EventFilter { kinds: plain(self.kinds), leads }))
    }
}
