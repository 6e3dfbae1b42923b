//! What a patch says about one field: nothing, "empty it", or a new value.

use serde::{Deserialize, Serialize};

use crate::violation::ValueError;

/// A change of one field. An omitted field is [`Change::Keep`], an explicit null is [`Change::Clear`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change<T> {
    /// The field stays as it is.
    #[default]
    Keep,
    /// The field becomes empty.
    Clear,
    /// The field gets this value.
    Set(T),
}

impl<T> Change<T> {
    /// From "was it named" and "has it a value": outer `None` is omitted, inner `None` is null.
    pub fn from_nested(given: Option<Option<T>>) -> Self {
        match given {
            None => Self::Keep,
            Some(None) => Self::Clear,
            Some(Some(value)) => Self::Set(value),
        }
    }

    /// Whether the field stays as it is.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The field after the change.
    pub fn apply(self, current: Option<T>) -> Option<T> {
        match self {
            Self::Keep => current,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }

    /// The field after the change, for a field that cannot be empty.
    ///
    /// # Errors
    /// [`crate::violation::ViolationCode::Required`] when the change would empty it.
    pub fn apply_required(self, current: T) -> Result<T, ValueError> {
        match self {
            Self::Keep => Ok(current),
            Self::Clear => Err(ValueError::required()),
            Self::Set(value) => Ok(value),
        }
    }

    /// The change with its value turned into another.
    pub fn map<U>(self, turn: impl FnOnce(T) -> U) -> Change<U> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(turn(value)),
        }
    }

    /// The change by reference.
    pub const fn as_ref(&self) -> Change<&T> {
        match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::Set(value) => Change::Set(value),
        }
    }
}

impl Change<String> {
    /// The typed field after the change, where the current value is shown as text.
    pub(crate) fn over<D: std::fmt::Display>(&self, current: Option<&D>) -> Option<String> {
        self.clone().apply(current.map(ToString::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn omitted_and_null_differ() {
        assert_eq!(Change::from_nested(None).apply(Some(1)), Some(1));
        assert_eq!(Change::from_nested(Some(None)).apply(Some(1)), None);
        assert_eq!(Change::from_nested(Some(Some(2))).apply(Some(1)), Some(2));
        assert_eq!(Change::Clear.apply_required(1), Err(ValueError::required()));
        assert_eq!(Change::<u8>::default().apply_required(1), Ok(1));
    }
}
