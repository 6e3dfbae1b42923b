//! Free texts with a maximum.

use unicode_normalization::UnicodeNormalization;

use crate::value::text_value;
use crate::violation::{ValueError, ViolationCode};

/// One line as people type it: composed letters, runs of space made one, no control characters.
pub(crate) fn single_line(text: &str, chars_max: usize) -> Result<String, ValueError> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line: String = words.join(" ").nfc().collect();
    bounded(line, chars_max, char::is_control)
}

fn bounded(text: String, chars_max: usize, forbidden: fn(char) -> bool) -> Result<String, ValueError> {
    if text.is_empty() {
        return Err(ValueError::required());
    }
    if text.chars().nth(chars_max).is_some() {
        return Err(ValueError::too_long(chars_max));
    }
    if text.chars().any(forbidden) {
        return Err(ValueError::new(ViolationCode::Malformed, "control characters are not allowed"));
    }
    Ok(text)
}

/// One line of 1 to 200 characters: titles, cities, names of things.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShortText(String);

impl ShortText {
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 200;

    /// Reads one line; surrounding and repeated space is dropped.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        single_line(text, Self::CHARS_MAX).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(ShortText, |text| Self::parse(text));

/// A text of 1 to 2,000 characters that may have several lines: notes and descriptions.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LongText(String);

impl LongText {
    /// Most characters it may have.
    pub const CHARS_MAX: usize = 2000;

    /// Reads a text; surrounding space is dropped, line ends become `\n`.
    ///
    /// # Errors
    /// Empty, too long, or with control characters other than line end and tab.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let unix = text.trim().replace("\r\n", "\n").replace('\r', "\n");
        let forbidden = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
        bounded(unix.nfc().collect(), Self::CHARS_MAX, forbidden).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

text_value!(LongText, |text| Self::parse(text));

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_line_is_tidied() {
        assert_eq!(ShortText::parse("  Head \t of\n IT ").unwrap().as_str(), "Head of IT");
        assert_eq!(ShortText::parse(" \n ").unwrap_err().code, ViolationCode::Required);
        assert_eq!(ShortText::parse("a\u{0}b").unwrap_err().code, ViolationCode::Malformed);
        assert!(ShortText::parse(&"ü".repeat(200)).is_ok());
        assert_eq!(ShortText::parse(&"ü".repeat(201)).unwrap_err().code, ViolationCode::TooLong);
    }

    #[test]
    fn long_text_keeps_its_lines() {
        assert_eq!(LongText::parse("one\r\ntwo\rthree\n").unwrap().as_str(), "one\ntwo\nthree");
        assert_eq!(LongText::parse(&"x".repeat(2001)).unwrap_err().code, ViolationCode::TooLong);
        assert_eq!(LongText::parse("bell\u{7}").unwrap_err().code, ViolationCode::Malformed);
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same(text in any::<String>()) {
            if let Ok(value) = ShortText::parse(&text) {
                prop_assert_eq!(ShortText::parse(value.as_str()).unwrap(), value);
            }
            if let Ok(value) = LongText::parse(&text) {
                prop_assert_eq!(LongText::parse(value.as_str()).unwrap(), value);
            }
        }
    }
}
