//! Pages of what sea-orm queries.

use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::error::StoreError;
use crate::page::{Keyset, PageArgs};

impl Keyset {
    /// The query for the rows of one page, and one more.
    pub(crate) fn paged<E: EntityTrait>(&self, query: Select<E>, args: &PageArgs) -> Result<Select<E>, StoreError> {
        let within = self.conditions(args)?.into_iter().fold(query, QueryFilter::filter);
        let ordered = self.orders(args).into_iter().fold(within, |query, (key, order)| query.order_by(key, order));
        Ok(ordered.limit(Self::limit(args)))
    }
}
