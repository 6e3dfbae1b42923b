//! Loads what many fields ask for in one statement, as far as the caller may see it.
//!
//! Nothing is kept beyond a batch: within one request a mutation may follow another, and each must see what the one before has done.
//!
//! What waits is boxed: the executor makes every field of an object as large as its largest one, and a page of 50 leads has hundreds of fields.

mod batch;
mod merged;
mod source;

use std::hash::Hash;
use std::sync::Arc;

use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::{Context, Result};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::app::{App, AppError, Caller};

use super::caller::acting;
use super::error::OrFault;
use batch::{NextTurn, OnTokio};
pub use merged::LeadsOf;
pub use source::{
    ClockOfCustomer, ClocksOf, CustomerOf, DaysOffOf, DecisionsOf, ErasedOf, FeedbackOf, HoldOf, OpeningOf, OpportunityOf,
    PassagesOf, PoolsOf, ProfileOf, ScoreOf, Source, TeamsOf, TransitionsOf,
};

/// Most keys of one statement.
pub const BATCH_MAX: usize = 250;

/// The loaders of one request, bound to its caller.
pub struct Loaders(DataLoader<Source>);

impl Loaders {
    /// Loaders for a caller.
    pub fn new(app: App, caller: Caller) -> Self {
        Self(DataLoader::new(Source { app, caller }, OnTokio, NextTurn).max_batch_size(BATCH_MAX))
    }

    /// What a key stands for, if it exists for the caller.
    ///
    /// # Errors
    /// Whatever the use case failed with, shared by all that waited for the batch.
    pub fn one<K>(&self, key: K) -> BoxFuture<'_, Found<K>>
    where
        K: Send + Sync + Hash + Eq + Clone + 'static,
        Source: Loader<K, Error = Arc<AppError>>,
    {
        self.0.load_one(key).boxed()
    }
}

/// What was found for a key.
pub type Found<K> = std::result::Result<Option<<Source as Loader<K>>::Value>, Arc<AppError>>;

/// The loaders of this request.
///
/// # Errors
/// UNAUTHENTICATED when nobody is signed in.
pub fn loaders<'a>(ctx: &Context<'a>) -> Result<&'a Loaders> {
    acting(ctx).map(|acting| &acting.loaders)
}

/// What a key stands for, or nothing when there is no key, or nothing that the caller may see.
///
/// # Errors
/// UNAUTHENTICATED, or whatever the use case failed with.
pub fn load<'a, 'c: 'a, K, O>(ctx: &'a Context<'c>, key: Option<K>) -> BoxFuture<'a, Result<Option<O>>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Source: Loader<K, Error = Arc<AppError>>,
    O: From<<Source as Loader<K>>::Value> + Send + 'static,
{
    async move {
        let Some(key) = key else { return Ok(None) };
        let found = loaders(ctx)?.one(key).await.or_fault(ctx)?;
        Ok(found.map(O::from))
    }
    .boxed()
}

/// The same for a field that may be null: its error does not take the fields beside it along.
pub fn related<'a, 'c: 'a, K, O>(ctx: &'a Context<'c>, key: Option<K>) -> BoxFuture<'a, Option<Result<O>>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Source: Loader<K, Error = Arc<AppError>>,
    O: From<<Source as Loader<K>>::Value> + Send + 'static,
{
    load(ctx, key).map(Result::transpose).boxed()
}
