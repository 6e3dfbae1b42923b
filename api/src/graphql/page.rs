//! Pages of lists that can grow (Relay's connections): by place, never by number.

use std::str::FromStr as _;

use async_graphql::{Context, Result, SimpleObject};
use fairfall_persistence::{Cursor, Page, PageArgs, PageLimits};

use crate::limits::{Limits, PAGE_DEFAULT, PAGE_MAX};

use super::error::bad_input;

/// Where a page lies in its list.
#[derive(Clone, Debug, Default, SimpleObject)]
pub struct PageInfo {
    /// Whether there are more entries after this page.
    pub has_next_page: bool,
    /// Whether there are more entries before this page.
    pub has_previous_page: bool,
    /// The place of the first entry; absent on an empty page.
    pub start_cursor: Option<String>,
    /// The place of the last entry; absent on an empty page.
    pub end_cursor: Option<String>,
}

impl<T> From<&Page<T>> for PageInfo {
    fn from(page: &Page<T>) -> Self {
        let place = |entry: Option<&(Cursor, T)>| entry.map(|(cursor, _)| cursor.to_string());
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: place(page.items.first()),
            end_cursor: place(page.items.last()),
        }
    }
}

/// The page that a query asks for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// How many from the start.
    pub first: Option<u32>,
    /// After which place.
    pub after: Option<String>,
    /// How many from the end.
    pub last: Option<u32>,
    /// Before which place.
    pub before: Option<String>,
}

impl Asked {
    /// The checked page.
    ///
    /// # Errors
    /// `BAD_USER_INPUT` for both `first` and `last`, a size out of bounds, or a text that is no cursor.
    pub fn read(&self, ctx: &Context<'_>) -> Result<PageArgs> {
        let after = cursor("after", self.after.as_deref())?;
        let before = cursor("before", self.before.as_deref())?;
        let field = if self.last.is_some() { "last" } else { "first" };
        PageArgs::try_new(self.first, after, self.last, before, limits(ctx)).map_err(|error| bad_input(field, error.to_string()))
    }
}

fn cursor(field: &str, text: Option<&str>) -> Result<Option<Cursor>> {
    text.map(Cursor::from_str).transpose().map_err(|error| bad_input(field, error.to_string()))
}

/// How large pages are.
pub fn limits(ctx: &Context<'_>) -> PageLimits {
    let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let (default, max) =
        ctx.data_opt::<Limits>().map_or((PAGE_DEFAULT, PAGE_MAX), |limits| (limits.page_default, limits.page_max));
    PageLimits { default: narrow(default), max: narrow(max) }
}

/// Makes a connection and its edge for a type of entry.
macro_rules! connections {
    ($( $connection:ident as $connection_name:literal, $edge:ident as $edge_name:literal, $node:ty: $doc:literal; )+) => {
        $(
            #[doc = $doc]
            #[derive(Clone, Debug)]
            pub struct $connection {
                edges: Vec<$edge>,
                page_info: $crate::graphql::page::PageInfo,
            }

            #[doc = $doc]
            #[::async_graphql::Object(name = $connection_name)]
            impl $connection {
                /// The entries with their places.
                async fn edges(&self) -> &[$edge] {
                    &self.edges
                }

                /// The entries.
                async fn nodes(&self) -> Vec<&$node> {
                    self.edges.iter().map(|edge| &edge.node).collect()
                }

                /// Where the page lies in the list.
                async fn page_info(&self) -> &$crate::graphql::page::PageInfo {
                    &self.page_info
                }
            }

            /// An entry of a list with its place.
            #[derive(Clone, Debug, ::async_graphql::SimpleObject)]
            #[graphql(name = $edge_name)]
            pub struct $edge {
                /// The place, to go on from with `after` or `before`. Opaque, and of this order of the list alone.
                pub cursor: String,
                /// The entry.
                pub node: $node,
            }

            impl<T> From<::fairfall_persistence::Page<T>> for $connection
            where
                $node: From<T>,
            {
                fn from(page: ::fairfall_persistence::Page<T>) -> Self {
                    let page_info = $crate::graphql::page::PageInfo::from(&page);
                    let entries = page.items.into_iter();
                    let edges = entries.map(|(cursor, item)| $edge { cursor: cursor.to_string(), node: item.into() });
                    Self { edges: edges.collect(), page_info }
                }
            }
        )+
    };
}

pub(super) use connections;
