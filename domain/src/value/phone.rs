//! Telephone numbers in the international form E.164.

use phonenumber::Mode;

use crate::value::{CountryCode, text_value};
use crate::violation::{ValueError, ViolationCode};

/// A number that its country's plan knows, such as `+498912345678`. An extension is not part of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Most characters a typed number may have.
    pub const TYPED_CHARS_MAX: usize = 64;

    /// Reads a number as people write it. One without `+` or `00` in front is read as a national number of `country`. An extension is dropped.
    ///
    /// # Errors
    /// Empty, too long, not a number, or one that no country's plan has.
    pub fn parse(text: &str, country: Option<CountryCode>) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if text.chars().nth(Self::TYPED_CHARS_MAX).is_some() {
            return Err(ValueError::too_long(Self::TYPED_CHARS_MAX));
        }
        if text.chars().any(char::is_control) {
            return Err(malformed());
        }
        // 00 stands for + wherever no country tells another way to dial abroad
        let international = match (text.strip_prefix("00"), country) {
            (Some(rest), None) => format!("+{rest}"),
            (Some(_) | None, _) => text.to_owned(),
        };
        let region = country.and_then(|code| code.as_str().parse::<phonenumber::country::Id>().ok());
        if region.is_none() && !international.starts_with('+') && !international.starts_with("tel:") {
            return Err(ValueError::new(
                ViolationCode::Malformed,
                "expected an international number such as `+49 89 12345678`, or a country to read it by",
            ));
        }
        let number = phonenumber::parse(region, &international).map_err(|_| malformed())?;
        if !number.is_valid() {
            return Err(ValueError::new(ViolationCode::UnknownValue, "no country's numbering plan has this telephone number"));
        }
        Ok(Self(number.format().mode(Mode::E164).to_string()))
    }

    /// The number with `+` and digits only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn malformed() -> ValueError {
    ValueError::new(ViolationCode::Malformed, "expected a telephone number such as `+49 89 12345678`")
}

text_value!(PhoneNumber, |text| Self::parse(text, None));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, country: &str) -> String {
        let country = CountryCode::parse(country).ok();
        PhoneNumber::parse(text, country).unwrap().as_str().to_owned()
    }

    #[test]
    fn reads_numbers_as_people_write_them() {
        for (text, country, expected) in [
            ("089 / 123 456 78", "DE", "+498912345678"),
            ("+49 (0)89 12345678", "", "+498912345678"),
            ("0049 89 12345678", "", "+498912345678"),
            ("0049 89 12345678", "AT", "+498912345678"),
            ("044 668 18 00", "CH", "+41446681800"),
            ("020 7946 0018", "GB", "+442079460018"),
            ("(650) 253-0000", "US", "+16502530000"),
            ("01 53 01 82 00", "FR", "+33153018200"),
        ] {
            assert_eq!(read(text, country), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_no_plan_has() {
        let refused = |text: &str, country: &str| PhoneNumber::parse(text, CountryCode::parse(country).ok()).unwrap_err().code;
        assert_eq!(refused("089 12345678", ""), ViolationCode::Malformed);
        assert_eq!(refused("call me", "DE"), ViolationCode::Malformed);
        assert_eq!(refused("+1 555 000 0000", ""), ViolationCode::UnknownValue);
        assert_eq!(refused("", "DE"), ViolationCode::Required);
        assert_eq!(refused(&"1".repeat(65), "DE"), ViolationCode::TooLong);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,30}", digits in "[+0-9 ()/.;=a-z-]{0,30}") {
            let germany = CountryCode::parse("DE").ok();
            let _ = PhoneNumber::parse(&text, germany);
            let _ = PhoneNumber::parse(&text, None);
            let _ = PhoneNumber::parse(&digits, germany);
            if let Ok(number) = PhoneNumber::parse(&digits, None) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str(), None).unwrap(), number);
            }
        }
    }
}
