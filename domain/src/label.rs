//! Names shown to people, in the two languages of the product.

use serde::{Deserialize, Serialize};

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
