//! Merges, and what they would do.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::company::Company;
use fairfall_domain::id::{AnyId, MergeId};
use fairfall_domain::merging::{MergeKind, MergeState};
use fairfall_domain::person::Person;
use fairfall_persistence::repo::merge::MergeFilter;

use crate::app::{self, AppError};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::input::merge::{MergeChoiceInput, order};
use crate::graphql::object::merge::{CompanyMergePreviewObject, MergeObject, PersonMergePreviewObject};
use crate::graphql::page::Asked;

use super::connection::MergeConnection;
use super::optional_id;

/// Merges.
#[derive(Default)]
pub struct MergeQuery;

#[Object]
impl MergeQuery {
    /// What merging two persons would do: the survivor as it would be, which field comes from which side and why, what becomes of consents, what
    /// moves. Nothing is written. Absent when both are one already.
    async fn person_merge_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the person who goes on.")] survivor: ID,
        #[graphql(desc = "The id of the person who would be merged away.")] loser: ID,
        #[graphql(desc = "Which side wins which fields; the others go by the rules.")] choices: Option<Vec<MergeChoiceInput>>,
    ) -> Result<Option<PersonMergePreviewObject>> {
        let order = order::<Person>(&survivor, &loser, choices.unwrap_or_default(), (None, None));
        let order = order.map_err(AppError::from).or_fault(ctx)?;
        Ok(app::merge::preview(app(ctx), caller(ctx)?, &order).await.or_fault(ctx)?.map(Into::into))
    }

    /// What merging two companies would do. Nothing is written. Absent when both are one already.
    async fn company_merge_preview(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the company that goes on.")] survivor: ID,
        #[graphql(desc = "The id of the company that would be merged away.")] loser: ID,
        #[graphql(desc = "Which side wins which fields; the others go by the rules.")] choices: Option<Vec<MergeChoiceInput>>,
    ) -> Result<Option<CompanyMergePreviewObject>> {
        let order = order::<Company>(&survivor, &loser, choices.unwrap_or_default(), (None, None));
        let order = order.map_err(AppError::from).or_fault(ctx)?;
        Ok(app::merge::preview(app(ctx), caller(ctx)?, &order).await.or_fault(ctx)?.map(Into::into))
    }

    /// A merge; absent when it does not exist for the viewer. Whoever may merge sees the merges of the records that they see.
    async fn merge(&self, ctx: &Context<'_>, #[graphql(desc = "The id.")] id: ID) -> Option<Result<MergeObject>> {
        let found = async {
            let Ok(id) = MergeId::parse(&id) else { return Ok(None) };
            app::merge::find(app(ctx), caller(ctx)?, id).await.or_fault(ctx)
        };
        found.await.map(|merge| merge.map(MergeObject)).transpose()
    }

    /// Merges of the records that the viewer sees, the last first.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn merges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this kind of record.")] kind: Option<Coded<MergeKind>>,
        #[graphql(desc = "Only those in which the record with this id took part, on either side.")] record: Option<ID>,
        #[graphql(desc = "Only those that stand, or only those that were taken back.")] state: Option<Coded<MergeState>>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<MergeConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let record: Option<AnyId> = optional_id(ctx, "record", record.as_ref())?;
        let filter = MergeFilter { kind: kind.map(|kind| kind.0), record, state: state.map(|state| state.0) };
        Ok(app::merge::page(app(ctx), caller(ctx)?, &filter, &args).await.or_fault(ctx)?.into())
    }
}
