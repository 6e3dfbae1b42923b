//! Price bands: which track a lead takes by its expected value.

use serde::{Deserialize, Serialize};

use crate::value::{Code, Currency, Money};
use crate::violation::{ViolationCode, Violations};

/// From this amount on (inclusive, minor units) the band's track is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Lower bound in minor units of the bands' currency, inclusive.
    pub from_minor: i64,
    /// The key of the track.
    pub track: Code,
}

/// All bands of the organisation, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceBands {
    currency: Currency,
    bands: Vec<Band>,
    default_track: Code,
}

impl PriceBands {
    /// Checks and makes bands.
    ///
    /// # Errors
    /// Bands must start at 0 and rise.
    pub fn try_new(currency: Currency, bands: Vec<Band>, default_track: Code) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        if bands.first().is_none_or(|band| band.from_minor != 0) {
            faults.add("bands", ViolationCode::OutOfRange, "the first band must start at 0");
        }
        if !bands.is_sorted_by(|a, b| a.from_minor < b.from_minor) {
            faults.add("bands", ViolationCode::Conflict, "bands must rise strictly");
        }
        faults.into_result()?;
        Ok(Self { currency, bands, default_track })
    }

    /// The currency that amounts are compared in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// The bands from low to high.
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }

    /// The track of leads whose value is unknown or in another currency: no rate is guessed.
    pub const fn default_track(&self) -> &Code {
        &self.default_track
    }

    /// The key of the track for a value.
    pub fn track_for(&self, value: Option<&Money>) -> &Code {
        let Some(amount) = value.filter(|money| money.currency() == self.currency) else {
            return &self.default_track;
        };
        let fitting = self.bands.iter().rev().find(|band| band.from_minor <= amount.amount_minor());
        fitting.map_or(&self.default_track, |band| &band.track)
    }
}
