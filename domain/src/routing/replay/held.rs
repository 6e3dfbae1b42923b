//! Who has which lead open at a moment of a replay.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::id::{LeadId, UserId};

/// Leads that are open, by whom they are held.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    holders: BTreeMap<LeadId, (UserId, Option<DateTime<Utc>>)>,
    ends: BTreeSet<(DateTime<Utc>, LeadId)>,
}

impl Held {
    /// A lead is held by somebody until its passage closes.
    pub(super) fn hold(&mut self, lead: LeadId, user: UserId, until: Option<DateTime<Utc>>) {
        self.holders.insert(lead, (user, until));
        if let Some(until) = until {
            self.ends.insert((until, lead));
        }
    }

    /// A lead is held by nobody any more.
    pub(super) fn release(&mut self, lead: LeadId, open: &mut BTreeMap<UserId, u32>) {
        let Some((user, until)) = self.holders.remove(&lead) else { return };
        if let Some(until) = until {
            self.ends.remove(&(until, lead));
        }
        if let Some(count) = open.get_mut(&user) {
            *count = count.saturating_sub(1);
        }
    }

    /// Leads whose passage has closed are held by nobody any more.
    pub(super) fn release_until(&mut self, now: DateTime<Utc>, open: &mut BTreeMap<UserId, u32>) {
        while let Some((_, lead)) = self.ends.first().copied().filter(|(until, _)| *until <= now) {
            self.release(lead, open);
        }
    }
}
