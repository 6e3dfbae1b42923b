//! People who may buy.

use async_graphql::{Context, Object, Result};

use super::acted;
use super::payload::{PersonConsentRecordPayload, PersonCreatePayload, PersonUpdatePayload};
use crate::app::{consent, person};
use crate::graphql::input::person::{PersonConsentRecordInput, PersonCreateInput, PersonUpdateInput};

/// People who may buy.
#[derive(Default)]
pub struct PersonMutation;

/// People who may buy.
#[Object]
impl PersonMutation {
    /// Makes a person known. All faults of the input are reported at once.
    async fn person_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person.")] input: PersonCreateInput,
    ) -> Result<PersonCreatePayload> {
        acted!(ctx, |app, caller| {
            let (draft, consents, key) = input.read();
            person::create(app, caller, draft, consents, key).await
        })
    }

    /// Changes a person.
    async fn person_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person and what changes.")] input: PersonUpdateInput,
    ) -> Result<PersonUpdatePayload> {
        acted!(ctx, |app, caller| {
            let (person, expected, patch) = input.read()?;
            person::update(app, caller, person, expected, patch).await
        })
    }

    /// Records what a person said about being contacted. The latest word counts; everything but GRANTED means no.
    async fn person_consent_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person and what was said.")] input: PersonConsentRecordInput,
    ) -> Result<PersonConsentRecordPayload> {
        acted!(ctx, |app, caller| {
            let (person, expected, consents) = input.read()?;
            consent::record(app, caller, person, expected, consents).await
        })
    }
}
