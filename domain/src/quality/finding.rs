//! What a review found.

use super::check::{QualityCheck, Severity};

/// Something that a review found in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: QualityCheck,
    /// What came of it.
    pub severity: Severity,
    /// The field, as the API names it.
    pub field: String,
    /// What is wrong; names no personal data.
    pub message: String,
    /// The value as it was.
    pub was: Option<String>,
    /// The value as it is now ([`Severity::Fix`]), or as it could be; nothing when it was left out, or nothing better is known.
    pub now: Option<String>,
}

impl Finding {
    /// The finding in a record that is part of another, under `prefix`.
    #[must_use]
    pub fn nested(self, prefix: &str) -> Self {
        Self { field: format!("{prefix}.{}", self.field), ..self }
    }
}
