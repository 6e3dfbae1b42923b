//! Regions within a country by ISO 3166-2.

use std::sync::LazyLock;

use crate::value::{CountryCode, text_value};
use crate::violation::{ValueError, ViolationCode};

/// Code and English name, sorted by code.
static SUBDIVISIONS: LazyLock<Vec<(&'static str, &'static str)>> =
    LazyLock::new(|| include_str!("../../reference/subdivisions.tsv").lines().filter_map(|line| line.split_once('\t')).collect());

/// A region's code with its country's in front, such as `DE-BY`: one of the known ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubdivisionCode {
    country: CountryCode,
    code: &'static str,
}

impl SubdivisionCode {
    /// Reads a whole code in any case.
    ///
    /// # Errors
    /// Not in the form of ISO 3166-2, or no known region's code.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        let upper = text.to_ascii_uppercase();
        let well_formed = upper.split_once('-').is_some_and(|(country, region)| {
            country.len() == 2 && (1..=3).contains(&region.len()) && region.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if !well_formed {
            return Err(ValueError::new(
                ViolationCode::Malformed,
                "expected a region code with its country (ISO 3166-2), such as `DE-BY`",
            ));
        }
        Self::find(&upper)
            .ok_or_else(|| ValueError::new(ViolationCode::UnknownValue, format!("`{upper}` is no region code of ISO 3166-2")))
    }

    /// Reads a region of `country`: the whole code, or only the part after the hyphen.
    ///
    /// # Errors
    /// As [`SubdivisionCode::parse`], and [`ViolationCode::Conflict`] when the region lies in another country.
    pub fn parse_in(text: &str, country: CountryCode) -> Result<Self, ValueError> {
        let text = text.trim();
        let short = !text.is_empty() && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let region = if short { Self::parse(&format!("{country}-{text}"))? } else { Self::parse(text)? };
        if region.country == country {
            Ok(region)
        } else {
            Err(ValueError::new(ViolationCode::Conflict, format!("region `{region}` does not belong to country `{country}`")))
        }
    }

    fn find(upper: &str) -> Option<Self> {
        let position = SUBDIVISIONS.binary_search_by_key(&upper, |(code, _)| *code).ok()?;
        let (code, _) = SUBDIVISIONS.get(position)?;
        let (country, _) = code.split_once('-')?;
        let country = CountryCode::parse(country).ok()?;
        Some(Self { country, code })
    }

    /// The country the region lies in.
    pub const fn country(self) -> CountryCode {
        self.country
    }

    /// The region's name in English.
    pub fn name_en(self) -> &'static str {
        SUBDIVISIONS
            .binary_search_by_key(&self.code, |(code, _)| *code)
            .ok()
            .and_then(|position| SUBDIVISIONS.get(position))
            .map_or(self.code, |(_, name)| *name)
    }

    /// The upper-case code with its country.
    pub const fn as_str(self) -> &'static str {
        self.code
    }
}

text_value!(SubdivisionCode, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_list_is_sorted_and_every_region_has_a_country() {
        assert!(SUBDIVISIONS.is_sorted_by_key(|(code, _)| *code));
        assert!(SUBDIVISIONS.len() > 5000);
        for (code, name) in SUBDIVISIONS.iter() {
            let region = SubdivisionCode::parse(code).unwrap();
            assert_eq!(region.country().as_str(), &code[..2]);
            assert_eq!(region.name_en(), *name);
        }
    }

    #[test]
    fn a_region_belongs_to_its_country() {
        let germany = CountryCode::parse("DE").unwrap();
        assert_eq!(SubdivisionCode::parse_in("by", germany).unwrap().as_str(), "DE-BY");
        assert_eq!(SubdivisionCode::parse_in("de-by", germany).unwrap().name_en(), "Bavaria");
        assert_eq!(SubdivisionCode::parse_in("AT-9", germany).unwrap_err().code, ViolationCode::Conflict);
        assert_eq!(SubdivisionCode::parse("DE-ZZ").unwrap_err().code, ViolationCode::UnknownValue);
        assert_eq!(SubdivisionCode::parse("Bayern").unwrap_err().code, ViolationCode::Malformed);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,8}") {
            let _ = SubdivisionCode::parse(&text);
            let _ = SubdivisionCode::parse_in(&text, CountryCode::parse("FR").unwrap());
        }
    }
}
