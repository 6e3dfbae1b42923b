//! Records that may be the same one.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::id::{AnyId, DuplicateId};
use fairfall_domain::matching::duplicate::weight_of;
use fairfall_domain::matching::{DuplicateKind, DuplicateState, MatchBand};
use fairfall_persistence::repo::duplicate::DuplicateFilter;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::{OrFault, bad_input};
use crate::graphql::object::duplicate::DuplicateObject;
use crate::graphql::page::Asked;

use super::connection::DuplicateConnection;
use super::optional_id;

/// Records that may be the same one.
#[derive(Default)]
pub struct DuplicateQuery;

#[Object]
impl DuplicateQuery {
    /// A pair of records that may be the same one; absent when it does not exist for the viewer.
    async fn duplicate(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<DuplicateObject>> {
        let found = async {
            let Ok(id) = DuplicateId::parse(&id) else { return Ok(None) };
            app::duplicate::find(app(ctx), caller(ctx)?, id).await.or_fault(ctx)
        };
        found.await.map(|pair| pair.map(DuplicateObject)).transpose()
    }

    /// Pairs of records that may be the same one, the surest first. A pair of which the viewer may not see both sides does not exist.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn duplicates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this kind of record.")] kind: Option<Coded<DuplicateKind>>,
        #[graphql(desc = "Only at least this likely, in percent, 0 to 100; exact ones always.")] min_score: Option<i32>,
        #[graphql(desc = "Only this sure.")] band: Option<Coded<MatchBand>>,
        #[graphql(desc = "In which state; the open ones when absent.")] state: Option<Coded<DuplicateState>>,
        #[graphql(desc = "Only those of the record with this id.")] record: Option<ID>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<DuplicateConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = DuplicateFilter {
            kind: kind.map(|kind| kind.0),
            state: Some(state.map_or(DuplicateState::Open, |state| state.0)),
            band: band.map(|band| band.0),
            weight_min: min_score.map(least_weight).transpose()?.flatten(),
            record: optional_id::<AnyId>(ctx, "record", record.as_ref())?,
        };
        Ok(app::duplicate::page(app(ctx), caller(ctx)?, &filter, &args).await.or_fault(ctx)?.into())
    }
}

/// The weight from which a pair is this likely; nothing where all are.
fn least_weight(percent: i32) -> Result<Option<i32>> {
    let percent = u16::try_from(percent).ok().filter(|percent| *percent <= 100);
    let percent = percent.ok_or_else(|| bad_input("minScore", "0 to 100 percent are allowed"))?;
    Ok((percent > 0).then(|| weight_of(percent * 10)))
}
