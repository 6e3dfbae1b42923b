//! How fast leads were contacted, and what came of those that were contacted fast.
//!
//! The bands are those of the research that the promise rests on: Oldroyd and others, "The Short Life of Online Sales Leads", Harvard
//! Business Review, March 2011: firms that tried within an hour were nearly seven times as likely to qualify the lead as those that tried an hour
//! later, and more than 60 times as likely as those that waited a day.
//!
//! Their clock starts when somebody asks; a department can only answer for the time since it was offered the lead, or had it. So the moment from which
//! is told is chosen: [`SpeedStart`]. A passage counts once, however many departments promised to reach the person: else a lead that is won would be
//! won once for each of them. What counts is the first contact that reached the person; while nobody did, the promise of one
//! that is still open, else the first.

use std::collections::BTreeMap;

use crate::code::codes;

codes! {
    /// From when on it is told how long reaching a person took.
    #[derive(Default)]
    pub enum SpeedStart {
        /// From the moment at which the person asked, or was found: when the passage was opened.
        Inquiry = "INQUIRY",
        /// From the offer to the department that promised to reach the person: the last one before it had the lead. Where nothing was offered, from
        /// when it had the lead.
        #[default]
        Offer = "OFFER",
        /// From when that department had the lead: it accepted the offer, or got the lead without one.
        Acceptance = "ACCEPTANCE",
    }
}

codes! {
    /// How long it took from a [`SpeedStart`] to reaching the person, by the clock on the wall.
    pub enum SpeedBand {
        /// Up to 5 minutes.
        FiveMinutes = "FIVE_MINUTES",
        /// Longer, up to an hour.
        Hour = "HOUR",
        /// Longer, up to 24 hours.
        Day = "DAY",
        /// Longer.
        Longer = "LONGER",
        /// The lead was closed, sent to rest or given away before anybody reached the person.
        Never = "NEVER",
        /// Nobody has reached the person, and it is still to be done.
        NotYet = "NOT_YET",
    }
}

impl SpeedBand {
    /// The longest duration of the band in whole seconds; nothing for those without an end.
    pub const fn seconds_max(self) -> Option<u32> {
        match self {
            Self::FiveMinutes => Some(300),
            Self::Hour => Some(3_600),
            Self::Day => Some(86_400),
            Self::Longer | Self::Never | Self::NotYet => None,
        }
    }

    /// Whether the person was reached.
    pub const fn is_contacted(self) -> bool {
        match self {
            Self::FiveMinutes | Self::Hour | Self::Day | Self::Longer => true,
            Self::Never | Self::NotYet => false,
        }
    }

    /// The band of a contact after so many whole seconds.
    pub fn of(seconds: u32) -> Self {
        let within = |band: &&Self| band.seconds_max().is_some_and(|max| seconds <= max);
        Self::ALL.iter().find(within).copied().unwrap_or(Self::Longer)
    }
}

/// What came of leads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpeedFigures {
    /// Passages that were given to a department that promised to reach the person; each once, however many departments there were.
    pub leads: u64,
    /// Of these, those whose person was reached.
    pub contacted: u64,
    /// Of these, those that the department that reached the person, has to or promised to, took to a later qualified stage.
    pub qualified: u64,
    /// Of these, those whose passage was won.
    pub won: u64,
}

impl SpeedFigures {
    /// Adds others.
    pub const fn add(&mut self, more: Self) {
        self.leads = self.leads.saturating_add(more.leads);
        self.contacted = self.contacted.saturating_add(more.contacted);
        self.qualified = self.qualified.saturating_add(more.qualified);
        self.won = self.won.saturating_add(more.won);
    }
}

/// The report: every band, and all together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpeedToLead {
    /// All together.
    pub total: SpeedFigures,
    /// By band; each is there.
    pub bands: BTreeMap<SpeedBand, SpeedFigures>,
}

impl SpeedToLead {
    /// Puts together what was counted.
    pub fn of(counted: &[(SpeedBand, SpeedFigures)]) -> Self {
        let bands = SpeedBand::ALL.iter().map(|band| (*band, SpeedFigures::default())).collect();
        let mut all = Self { bands, ..Self::default() };
        for (band, figures) in counted {
            all.total.add(*figures);
            all.bands.entry(*band).or_default().add(*figures);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_holds_its_last_second() {
        for (seconds, band) in [
            (0, SpeedBand::FiveMinutes),
            (300, SpeedBand::FiveMinutes),
            (301, SpeedBand::Hour),
            (3_600, SpeedBand::Hour),
            (3_601, SpeedBand::Day),
            (86_400, SpeedBand::Day),
            (86_401, SpeedBand::Longer),
            (u32::MAX, SpeedBand::Longer),
        ] {
            assert_eq!(SpeedBand::of(seconds), band, "{seconds}");
        }
    }

    #[test]
    fn every_band_is_told_and_they_add_up() {
        let figures = |leads, contacted| SpeedFigures { leads, contacted, qualified: 1, won: 0 };
        let all = SpeedToLead::of(&[
            (SpeedBand::Hour, figures(3, 3)),
            (SpeedBand::Never, figures(2, 0)),
            (SpeedBand::Hour, figures(1, 1)),
        ]);
        assert_eq!(all.bands.keys().copied().collect::<Vec<_>>(), SpeedBand::ALL);
        assert_eq!(all.bands[&SpeedBand::Hour], SpeedFigures { leads: 4, contacted: 4, qualified: 2, won: 0 });
        assert_eq!(all.total, SpeedFigures { leads: 6, contacted: 4, qualified: 3, won: 0 });
        assert_eq!(SpeedBand::ALL.iter().filter(|band| band.is_contacted()).count(), 4);
    }
}
