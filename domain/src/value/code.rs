//! Keys that people give to things of their own: product areas, campaigns, teams, custom attributes.

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// A key of 1 to 64 letters, digits and `-`, `_`, `.`; case matters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(String);

impl Code {
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 64;

    /// Reads a key; surrounding space is dropped.
    ///
    /// # Errors
    /// Empty, too long, or with other characters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ValueError::required());
        }
        if !text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')) {
            return Err(ValueError::new(ViolationCode::Malformed, "expected letters a to z, digits, `-`, `_` and `.` only"));
        }
        if text.len() > Self::CHARS_MAX {
            return Err(ValueError::too_long(Self::CHARS_MAX));
        }
        Ok(Self(text.to_owned()))
    }

    /// The key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(Code, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_keys_only() {
        assert_eq!(Code::parse(" crm-suite_2.0 ").unwrap().as_str(), "crm-suite_2.0");
        assert_eq!(Code::parse("").unwrap_err().code, ViolationCode::Required);
        assert_eq!(Code::parse("two words").unwrap_err().code, ViolationCode::Malformed);
        assert_eq!(Code::parse("größe").unwrap_err().code, ViolationCode::Malformed);
        assert_eq!(Code::parse(&"a".repeat(65)).unwrap_err().code, ViolationCode::TooLong);
    }

    proptest! {
        #[test]
        fn never_panics_and_round_trips(text in any::<String>()) {
            if let Ok(code) = Code::parse(&text) {
                prop_assert_eq!(Code::parse(code.as_str()).unwrap(), code);
            }
        }
    }
}
