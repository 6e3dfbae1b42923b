//! Time zones by their name in the IANA database.

use chrono_tz::Tz;

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// A time zone of the IANA database, such as `Europe/Berlin`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZoneName(Tz);

impl TimeZoneName {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Tz::UTC);

    /// Reads a name; case matters.
    ///
    /// # Errors
    /// Empty, or no known zone.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        text.parse::<Tz>().map(Self).map_err(|_| {
            ValueError::new(ViolationCode::UnknownValue, "expected a time zone of the IANA database such as `Europe/Berlin`")
        })
    }

    /// The zone to calculate with.
    pub const fn tz(self) -> Tz {
        self.0
    }

    /// The name.
    pub fn as_str(self) -> &'static str {
        self.0.name()
    }
}

impl From<Tz> for TimeZoneName {
    fn from(zone: Tz) -> Self {
        Self(zone)
    }
}

text_value!(TimeZoneName, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_is_read_back() {
        for zone in chrono_tz::TZ_VARIANTS {
            assert_eq!(TimeZoneName::parse(zone.name()).unwrap().tz(), zone);
        }
        assert_eq!(TimeZoneName::parse("Berlin").unwrap_err().code, ViolationCode::UnknownValue);
    }
}
