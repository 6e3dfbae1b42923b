//! Sorted lists of words, one a line.

use std::sync::LazyLock;

/// A sorted list; it costs a pointer a line.
pub(super) struct List(LazyLock<Vec<&'static str>>);

impl List {
    pub(super) const fn new(read: fn() -> Vec<&'static str>) -> Self {
        Self(LazyLock::new(read))
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.binary_search(&word).is_ok()
    }

    #[cfg(test)]
    pub(super) fn is_sorted(&self) -> bool {
        self.0.is_sorted_by(|a, b| a < b)
    }
}
