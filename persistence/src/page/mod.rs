//! Pages: keyset cursors in both directions.
//!
//! A cursor holds the sort keys of one row and a fingerprint of the list and order that it was made for. A page goes on from there by
//! comparing keys, so rows that come or go elsewhere neither shift nor double what is seen.

mod cursor;
mod keyset;

use crate::error::StoreError;

pub use cursor::{Cursor, MalformedCursor};
pub(crate) use cursor::{Key, KeyKind};
pub(crate) use keyset::{Direction, Keyset};

/// Why a page cannot be asked for like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Both ends were counted from.
    #[error("`first` and `last` exclude each other")]
    BothEnds,
    /// The size is zero or too large.
    #[error("a page has 1 to {max} items")]
    Size {
        /// The largest page.
        max: u32,
    },
}

/// How large pages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// When nothing is said.
    pub default: u32,
    /// At most.
    pub max: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Towards {
    End,
    Start,
}

/// Which page of a list: checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageArgs {
    size: u32,
    towards: Towards,
    after: Option<Cursor>,
    before: Option<Cursor>,
}

impl PageArgs {
    /// The `first` items after `after`, or the `last` ones before `before`; of the whole list when no cursor is given.
    ///
    /// # Errors
    /// Both `first` and `last`, or a size outside 1 to `limits.max`.
    pub fn try_new(
        first: Option<u32>,
        after: Option<Cursor>,
        last: Option<u32>,
        before: Option<Cursor>,
        limits: PageLimits,
    ) -> Result<Self, PageError> {
        let (size, towards) = match (first, last) {
            (Some(_), Some(_)) => return Err(PageError::BothEnds),
            (None, Some(last)) => (last, Towards::Start),
            (Some(first), None) => (first, Towards::End),
            (None, None) if before.is_some() && after.is_none() => (limits.default, Towards::Start),
            (None, None) => (limits.default, Towards::End),
        };
        if size == 0 || size > limits.max {
            return Err(PageError::Size { max: limits.max });
        }
        Ok(Self { size, towards, after, before })
    }

    /// The first `size` items of a list.
    pub const fn first(size: u32) -> Self {
        Self { size, towards: Towards::End, after: None, before: None }
    }

    /// How many items the page has at most.
    pub const fn size(&self) -> u32 {
        self.size
    }
}

/// A page of a list, in the list's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items with their places.
    pub items: Vec<(Cursor, T)>,
    /// Whether there are more after the last item.
    pub has_next: bool,
    /// Whether there are more before the first item.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// A page without items.
    pub const fn empty() -> Self {
        Self { items: Vec::new(), has_next: false, has_previous: false }
    }

    /// The page with each item turned into another.
    pub fn map<U>(self, turn: impl Fn(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(|(cursor, item)| (cursor, turn(item))).collect();
        Page { items, has_next: self.has_next, has_previous: self.has_previous }
    }

    /// The page with each item turned into another, unless one cannot be.
    ///
    /// # Errors
    /// The first that `turn` returns.
    pub(crate) fn try_map<U>(self, turn: impl Fn(T) -> Result<U, StoreError>) -> Result<Page<U>, StoreError> {
        let items: Result<Vec<_>, StoreError> = self.items.into_iter().map(|(cursor, item)| Ok((cursor, turn(item)?))).collect();
        Ok(Page { items: items?, has_next: self.has_next, has_previous: self.has_previous })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: PageLimits = PageLimits { default: 25, max: 100 };

    #[test]
    fn sizes_have_limits() {
        for size in [0, 101] {
            assert_eq!(PageArgs::try_new(Some(size), None, None, None, LIMITS), Err(PageError::Size { max: 100 }));
        }
        assert_eq!(PageArgs::try_new(Some(1), None, Some(1), None, LIMITS), Err(PageError::BothEnds));
        assert_eq!(PageArgs::try_new(None, None, None, None, LIMITS).unwrap().size(), 25);
    }
}
