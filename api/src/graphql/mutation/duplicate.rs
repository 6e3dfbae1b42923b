//! What becomes of pairs of records that may be the same one. They are merged by `personMerge` and `companyMerge`.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::payloads;
use crate::app::duplicate;
use crate::graphql::input::duplicate::DuplicateDismissInput;
use crate::graphql::object::duplicate::DuplicateObject;

payloads! {
    /// What `duplicateDismiss` answers.
    DuplicateDismissPayload = |done: duplicate::Dismissed| {
        /// The pair; absent when nothing was dismissed.
        duplicate: DuplicateObject = Some(done.duplicate.into()),
        ;
        /// Whether it was dismissed before, so that nothing changed now.
        already_done = done.already_done,
    }
}

/// Records that may be the same one.
#[derive(Default)]
pub struct DuplicateMutation;

/// Records that may be the same one.
#[Object]
impl DuplicateMutation {
    /// Says that two records are two. The pair is not proposed again, whatever changes in either record. Needs to see both and the permission to
    /// merge them.
    async fn duplicate_dismiss(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pair.")] input: DuplicateDismissInput,
    ) -> Result<DuplicateDismissPayload> {
        acted!(ctx, |app, caller| duplicate::dismiss(app, caller, input.read()?).await)
    }
}
