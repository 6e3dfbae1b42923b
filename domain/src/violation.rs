//! Faults in what somebody typed or sent.
//!
//! A record is parsed field by field into a [`Violations`] collector, so that the sender learns every fault at once and not only the first.
//! Messages never repeat personal data: they say what is expected.

use std::fmt;

use crate::code::{UnknownCode, codes};
use crate::id::IdError;

codes! {
    /// What kind of fault a field has.
    pub enum ViolationCode {
        /// The field must be given.
        Required = "REQUIRED",
        /// Longer than its maximum.
        TooLong = "TOO_LONG",
        /// Shorter than its minimum.
        TooShort = "TOO_SHORT",
        /// Not in the form that this field has.
        Malformed = "MALFORMED",
        /// Well formed, but not one of the known values.
        UnknownValue = "UNKNOWN_VALUE",
        /// A figure or date outside its limits.
        OutOfRange = "OUT_OF_RANGE",
        /// Given twice, or taken already.
        Duplicate = "DUPLICATE",
        /// Contradicts another field.
        Conflict = "CONFLICT",
        /// Names something that does not exist.
        NotFound = "NOT_FOUND",
        /// Well formed, but of a kind that the organisation does not take.
        NotAccepted = "NOT_ACCEPTED",
        /// Belongs to somebody who was erased and must not be taken up again.
        Suppressed = "SUPPRESSED",
    }
}

/// Why one value could not be read: the kind of fault and a message for the sender, without the field's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ValueError {
    /// The kind of fault.
    pub code: ViolationCode,
    /// What is expected instead.
    pub message: String,
}

impl ValueError {
    /// A fault of kind `code`, explained by `message`.
    pub fn new(code: ViolationCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// The field must be given.
    pub fn required() -> Self {
        Self::new(ViolationCode::Required, "must be given")
    }

    /// The value has more than `chars_max` characters.
    pub fn too_long(chars_max: usize) -> Self {
        Self::new(ViolationCode::TooLong, format!("at most {chars_max} characters are allowed"))
    }
}

impl From<UnknownCode> for ValueError {
    fn from(error: UnknownCode) -> Self {
        Self::new(ViolationCode::UnknownValue, error.to_string())
    }
}

impl From<IdError> for ValueError {
    fn from(error: IdError) -> Self {
        Self::new(ViolationCode::Malformed, error.to_string())
    }
}

/// One fault of one field of a record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Violation {
    /// The field as the sender knows it; parts of nested records are joined by dots.
    pub field: String,
    /// The kind of fault.
    pub code: ViolationCode,
    /// What is expected instead.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.field, self.message)
    }
}

/// Every fault of a record, in the order in which the fields were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// No fault yet.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Exactly one fault.
    pub fn one(field: impl Into<String>, code: ViolationCode, message: impl Into<String>) -> Self {
        let mut faults = Self::new();
        faults.add(field, code, message);
        faults
    }

    /// Keeps the value of a good result, notes the fault of a bad one under `field`.
    pub fn check<T, E: Into<ValueError>>(&mut self, field: impl Into<String>, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let ValueError { code, message } = error.into();
                self.add(field, code, message);
                None
            }
        }
    }

    /// Reads a field that must be given: absent and blank are [`ViolationCode::Required`].
    pub fn check_required<T, E: Into<ValueError>>(
        &mut self,
        field: &str,
        typed: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match given(typed) {
            Some(text) => self.check(field, parse(text)),
            None => self.check(field, Err(ValueError::required())),
        }
    }

    /// Reads a field that may be absent: absent and blank are `None` and no fault.
    pub fn check_optional<T, E: Into<ValueError>>(
        &mut self,
        field: &str,
        typed: Option<&str>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        given(typed).and_then(|text| self.check(field, parse(text)))
    }

    /// Notes a fault.
    pub fn add(&mut self, field: impl Into<String>, code: ViolationCode, message: impl Into<String>) {
        self.0.push(Violation { field: field.into(), code, message: message.into() });
    }

    /// Takes over the faults of a nested record, its fields under `prefix` and a dot.
    pub fn nest(&mut self, prefix: &str, inner: Self) {
        self.0.extend(inner.0.into_iter().map(|fault| Violation { field: format!("{prefix}.{}", fault.field), ..fault }));
    }

    /// Takes over faults as they are.
    pub fn append(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether no fault was noted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many faults were noted.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The faults in order.
    pub fn as_slice(&self) -> &[Violation] {
        &self.0
    }

    /// The faults in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// `Ok` when no fault was noted.
    ///
    /// # Errors
    /// All noted faults.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// The typed text without surrounding space, if there is any.
fn given(typed: Option<&str>) -> Option<&str> {
    typed.map(str::trim).filter(|text| !text.is_empty())
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.0.iter().enumerate() {
            if position > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

impl From<Violation> for Violations {
    fn from(fault: Violation) -> Self {
        Self(vec![fault])
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Result<u8, ValueError> {
        text.parse().map_err(|_| ValueError::new(ViolationCode::Malformed, "expected a number up to 255"))
    }

    #[test]
    fn reports_every_fault_and_not_only_the_first() {
        let mut faults = Violations::new();
        assert_eq!(faults.check("a", number("7")), Some(7));
        assert_eq!(faults.check("b", number("x")), None);
        assert_eq!(faults.check_required("c", Some("  "), number), None);
        assert_eq!(faults.check_optional("d", Some("  "), number), None);
        assert_eq!(faults.check_optional("e", Some(" 300 "), number), None);
        let mut outer = Violations::new();
        outer.nest("person", faults);
        let faults = outer.into_result().unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [
                ("person.b", ViolationCode::Malformed),
                ("person.c", ViolationCode::Required),
                ("person.e", ViolationCode::Malformed),
            ]
        );
        assert_eq!(
            faults.to_string(),
            "`person.b`: expected a number up to 255; `person.c`: must be given; `person.e`: expected a number up to 255"
        );
    }

    #[test]
    fn without_a_fault_the_record_is_good() {
        assert_eq!(Violations::new().into_result(), Ok(()));
    }
}
