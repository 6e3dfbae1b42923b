//! Countries by ISO 3166-1 alpha-2.

use std::sync::LazyLock;

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

static COUNTRIES: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("../../reference/countries.txt").lines().collect());

/// A country's code of two letters, one of the known ones. `UK` is read as `GB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode(&'static str);

impl CountryCode {
    /// Reads a code in any case.
    ///
    /// # Errors
    /// Not two letters, or no country's code.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(ValueError::new(
                ViolationCode::Malformed,
                "expected a country code of two letters (ISO 3166-1), such as `DE`",
            ));
        }
        let upper = match text.to_ascii_uppercase() {
            alias if alias == "UK" => "GB".to_owned(),
            code => code,
        };
        Self::find(&upper)
            .ok_or_else(|| ValueError::new(ViolationCode::UnknownValue, format!("`{upper}` is no country code of ISO 3166-1")))
    }

    fn find(upper: &str) -> Option<Self> {
        let position = COUNTRIES.binary_search(&upper).ok()?;
        COUNTRIES.get(position).copied().map(Self)
    }

    /// Every known country, in order of the code.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.iter().copied().map(Self)
    }

    /// The two upper-case letters.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

text_value!(CountryCode, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        // 249 officially assigned codes, and Kosovo
        assert_eq!(CountryCode::all().count(), 250);
        assert!(COUNTRIES.is_sorted());
        assert_eq!(CountryCode::parse("NA").unwrap().as_str(), "NA");
    }

    #[test]
    fn reads_any_case_and_the_common_alias() {
        assert_eq!(CountryCode::parse(" de ").unwrap().as_str(), "DE");
        assert_eq!(CountryCode::parse("uk").unwrap().as_str(), "GB");
        assert_eq!(CountryCode::parse("ZZ").unwrap_err().code, ViolationCode::UnknownValue);
        assert_eq!(CountryCode::parse("DEU").unwrap_err().code, ViolationCode::Malformed);
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in "\\PC{0,4}") {
            if let Ok(country) = CountryCode::parse(&text) {
                prop_assert_eq!(CountryCode::parse(country.as_str()).unwrap(), country);
            }
        }
    }
}
