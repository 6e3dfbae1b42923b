//! Agreements and custom attributes.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::agreement_payload::{
    AgreementDeletePayload, AgreementDraftPayload, AgreementProposePayload, AgreementSignPayload, AgreementUpdatePayload,
    AgreementWithdrawPayload, AttributeCreatePayload, AttributeUpdatePayload,
};
use crate::app::{agreement, attribute};
use crate::graphql::input::agreement::{
    AgreementDeleteInput, AgreementDraftInput, AgreementProposeInput, AgreementSignInput, AgreementUpdateInput,
    AgreementWithdrawInput,
};
use crate::graphql::input::attribute::{AttributeCreateInput, AttributeUpdateInput};

/// Agreements and custom attributes.
#[derive(Default)]
pub struct AgreementMutation;

/// Agreements and custom attributes.
#[Object]
impl AgreementMutation {
    /// Drafts an agreement: the first version of a new key, or the next version of one that there is. A key has one open version at a time. All faults
    /// are reported at once. For managers of the two departments, and admins.
    async fn agreement_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The key, and what it says.")] input: AgreementDraftInput,
    ) -> Result<AgreementDraftPayload> {
        acted!(ctx, |app, caller| agreement::draft(app, caller, input.read()?).await)
    }

    /// Changes a draft. For managers of the two departments, and admins.
    async fn agreement_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft and what changes.")] input: AgreementUpdateInput,
    ) -> Result<AgreementUpdatePayload> {
        acted!(ctx, |app, caller| agreement::update(app, caller, input.read()?).await)
    }

    /// Proposes a draft for signing. What it says is frozen from then on. For managers of the two departments, and admins.
    async fn agreement_propose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: AgreementProposeInput,
    ) -> Result<AgreementProposePayload> {
        acted!(ctx, |app, caller| {
            let (agreement, expected) = input.read()?;
            agreement::propose(app, caller, agreement, expected).await
        })
    }

    /// Takes a proposal back, so that it can be changed; a signature that it had is gone. For managers of the two departments, and admins.
    async fn agreement_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal.")] input: AgreementWithdrawInput,
    ) -> Result<AgreementWithdrawPayload> {
        acted!(ctx, |app, caller| {
            let (agreement, expected) = input.read()?;
            agreement::withdraw(app, caller, agreement, expected).await
        })
    }

    /// Gives a draft up. For managers of the two departments, and admins.
    async fn agreement_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The draft.")] input: AgreementDeleteInput,
    ) -> Result<AgreementDeletePayload> {
        acted!(ctx, |app, caller| {
            let (agreement, expected) = input.read()?;
            agreement::delete(app, caller, agreement, expected).await
        })
    }

    /// Signs a proposal for the caller's department: a manager of the giving and another one of the taking department. With the second signature it is in
    /// force, from the date that was asked for or at once; a version before it is superseded from then on. An admin signs for nobody.
    async fn agreement_sign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The proposal, and what was read of it.")] input: AgreementSignInput,
    ) -> Result<AgreementSignPayload> {
        acted!(ctx, |app, caller| {
            let (agreement, expected) = input.read()?;
            agreement::sign(app, caller, agreement, expected).await
        })
    }

    /// Defines an attribute of leads beside the usual ones. Values that come in from then on are checked. For admins.
    async fn attribute_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attribute.")] input: AttributeCreateInput,
    ) -> Result<AttributeCreatePayload> {
        acted!(ctx, |app, caller| attribute::create(app, caller, input.read()?).await)
    }

    /// Changes an attribute, or retires it. Its kind stays. For admins.
    async fn attribute_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The attribute and what changes.")] input: AttributeUpdateInput,
    ) -> Result<AttributeUpdatePayload> {
        acted!(ctx, |app, caller| attribute::update(app, caller, input.read()?).await)
    }
}
