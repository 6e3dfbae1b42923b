//! Orders: what makes a list go on from a cursor.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Order, SimpleExpr};

use super::cursor::{Cursor, Key, KeyKind};
use super::{Page, PageArgs, Towards};
use crate::error::StoreError;
use crate::sql::Sql;

/// The direction of an order; all its columns go the same way, so that one comparison of rows finds a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    const fn turned(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// One list in one order. The last column must be unique, and none may be null.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keyset {
    /// Names list and order: what the fingerprint is made of.
    pub(crate) name: &'static str,
    /// The columns as SQL names them, and what they hold.
    pub(crate) columns: &'static [(&'static str, KeyKind)],
    /// The direction of all of them.
    pub(crate) direction: Direction,
}

impl Keyset {
    /// FNV-1a over the name.
    fn fingerprint(&self) -> u32 {
        self.name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
    }

    /// The place of a row with these keys.
    pub(crate) fn cursor(&self, keys: Vec<Key>) -> Cursor {
        Cursor { fingerprint: self.fingerprint(), keys }
    }

    fn check<'a>(&self, cursor: &'a Cursor) -> Result<&'a [Key], StoreError> {
        let kinds = cursor.keys.iter().map(Key::kind);
        let fits = cursor.fingerprint == self.fingerprint() && kinds.eq(self.columns.iter().map(|(_, kind)| *kind));
        if fits { Ok(&cursor.keys) } else { Err(StoreError::ForeignCursor) }
    }

    const fn beyond(&self, end: Towards) -> &'static str {
        match (self.direction, end) {
            (Direction::Ascending, Towards::End) | (Direction::Descending, Towards::Start) => ">",
            (Direction::Descending, Towards::End) | (Direction::Ascending, Towards::Start) => "<",
        }
    }

    const fn reading(&self, args: &PageArgs) -> Direction {
        match args.towards {
            Towards::End => self.direction,
            Towards::Start => self.direction.turned(),
        }
    }

    /// Adds ` AND` conditions for the cursors of `args`.
    pub(crate) fn restrict(&self, sql: &mut Sql, args: &PageArgs) -> Result<(), StoreError> {
        for (cursor, end) in [(&args.after, Towards::End), (&args.before, Towards::Start)] {
            let Some(cursor) = cursor else { continue };
            let keys = self.check(cursor)?;
            let columns: Vec<&str> = self.columns.iter().map(|(column, _)| *column).collect();
            sql.push(" AND (").push(&columns.join(", ")).push(") ").push(self.beyond(end)).push(" (");
            sql.bind_list(keys.iter().map(Key::value)).push(")");
        }
        Ok(())
    }

    /// Adds the order and a literal limit of one row more than the page has, which tells whether there are more.
    pub(crate) fn order(&self, sql: &mut Sql, args: &PageArgs) {
        sql.push(" ORDER BY ").push(&self.ordered(args)).push(" LIMIT ").push(&(u64::from(args.size) + 1).to_string());
    }

    /// The columns with their direction, as they stand behind `ORDER BY`.
    pub(crate) fn ordered(&self, args: &PageArgs) -> String {
        let direction = self.reading(args).sql();
        let columns: Vec<String> = self.columns.iter().map(|(column, _)| format!("{column} {direction}")).collect();
        columns.join(", ")
    }

    /// The same conditions for a query that sea-orm builds.
    pub(crate) fn conditions(&self, args: &PageArgs) -> Result<Vec<SimpleExpr>, StoreError> {
        let mut conditions = Vec::new();
        for (cursor, end) in [(&args.after, Towards::End), (&args.before, Towards::Start)] {
            let Some(cursor) = cursor else { continue };
            let keys = Expr::tuple(self.check(cursor)?.iter().map(|key| Expr::val(key.value())));
            let columns = Expr::tuple(self.columns.iter().map(|(column, _)| Expr::cust(*column)));
            let comparison = if self.beyond(end) == "<" { BinOper::SmallerThan } else { BinOper::GreaterThan };
            conditions.push(columns.binary(comparison, keys));
        }
        Ok(conditions)
    }

    /// The same order for a query that sea-orm builds; its limit is [`Keyset::limit`].
    pub(crate) fn orders(&self, args: &PageArgs) -> Vec<(SimpleExpr, Order)> {
        let order = match self.reading(args) {
            Direction::Ascending => Order::Asc,
            Direction::Descending => Order::Desc,
        };
        self.columns.iter().map(|(column, _)| (Expr::cust(*column), order.clone())).collect()
    }

    /// One row more than the page has.
    pub(crate) fn limit(args: &PageArgs) -> u64 {
        u64::from(args.size) + 1
    }

    /// Makes the page of the rows that were read, each with its keys: drops the one too many and puts them in the list's order.
    pub(crate) fn page<T>(&self, args: &PageArgs, rows: Vec<(Vec<Key>, T)>) -> Page<T> {
        let size = usize::try_from(args.size).unwrap_or(usize::MAX);
        let more = rows.len() > size;
        let mut items: Vec<(Cursor, T)> = rows.into_iter().take(size).map(|(keys, item)| (self.cursor(keys), item)).collect();
        match args.towards {
            Towards::End => Page { items, has_next: more, has_previous: args.after.is_some() },
            Towards::Start => {
                items.reverse();
                Page { items, has_next: args.before.is_some(), has_previous: more }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::page::PageLimits;

    const BY_TIME: Keyset =
        Keyset { name: "thing.time", columns: &[("at", KeyKind::Time), ("id", KeyKind::Id)], direction: Direction::Descending };
    const LIMITS: PageLimits = PageLimits { default: 25, max: 100 };

    fn cursor() -> Cursor {
        BY_TIME.cursor(vec![Key::Time(DateTime::from_timestamp_micros(1_234_567).unwrap()), Key::Id(Uuid::from_u128(7))])
    }

    #[test]
    fn a_cursor_of_another_order_is_refused() {
        let other = Keyset { name: "thing.rank", ..BY_TIME };
        let args = PageArgs::try_new(Some(3), Some(cursor()), None, None, LIMITS).unwrap();
        assert!(BY_TIME.restrict(&mut Sql::new(""), &args).is_ok());
        assert_eq!(other.restrict(&mut Sql::new(""), &args), Err(StoreError::ForeignCursor));
        assert_eq!(other.conditions(&args), Err(StoreError::ForeignCursor));
    }
}
