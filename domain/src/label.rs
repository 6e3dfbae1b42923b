//! Names shown to people, in the two languages of the product.

use serde::{Deserialize, Serialize};

use crate::violation::{ViolationCode, Violations};

/// A name in German and English, each 1 to 200 characters when it comes from a user (checked where it is parsed).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    /// German.
    pub de: String,
    /// English.
    pub en: String,
}

impl Labels {
    /// Both names.
    pub fn new(de: &str, en: &str) -> Self {
        Self { de: de.to_owned(), en: en.to_owned() }
    }
}

/// The longest name, in characters.
pub const LABEL_CHARS_MAX: usize = 200;

/// Checks names that somebody typed, each 1 to [`LABEL_CHARS_MAX`] characters; faults are named below `field`.
pub fn check_labels(field: &str, labels: &Labels, faults: &mut Violations) {
    for (language, text) in [("de", &labels.de), ("en", &labels.en)] {
        if text.trim().is_empty() {
            faults.add(format!("{field}.{language}"), ViolationCode::Required, "must be given");
        } else if text.chars().nth(LABEL_CHARS_MAX).is_some() {
            let message = format!("at most {LABEL_CHARS_MAX} characters are allowed");
            faults.add(format!("{field}.{language}"), ViolationCode::TooLong, message);
        }
    }
}
