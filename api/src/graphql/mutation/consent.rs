//! Asking people whether they may be contacted, and what they answer by the links of mails.

use async_graphql::{Context, Object, Result};

use super::payload::payloads;
use super::{acted, answer};
use crate::app::consent::{self, Asked};
use crate::graphql::caller::{app, client};
use crate::graphql::input::consent::{ConsentConfirmInput, ConsentRequestInput, ConsentWithdrawInput};
use crate::graphql::object::consent::ConsentRequestObject;
use crate::graphql::object::person::PersonObject;

payloads! {
    /// What `consentRequest` answers.
    ConsentRequestPayload = |done: Asked| {
        /// The request; absent when the person was not asked.
        request: ConsentRequestObject = Some(done.opt_in.into()),
        /// The person; absent when they were not asked.
        person: PersonObject = Some(done.person.into()),
    }

    /// What `consentConfirm` answers: the same for every secret, so that nobody learns which ones are good.
    ConsentConfirmPayload = |_done: ()| {
        ;
        /// Whether the secret was looked at. If it was good, consent is given now.
        received = true,
    }

    /// What `consentWithdraw` answers: the same for every secret, so that nobody learns which ones are good.
    ConsentWithdrawPayload = |_done: ()| {
        ;
        /// Whether the secret was looked at. If it was good, consent is taken back now.
        received = true,
    }
}

/// Asking for consent.
#[derive(Default)]
pub struct ConsentMutation;

/// Asking for consent.
#[Object]
impl ConsentMutation {
    /// Asks a person for consent: a mail goes to their address with a link that can be followed once within 100 hours. Until then nothing is
    /// allowed that was not allowed before. A request for the same purpose that still waits is taken back. Each person is asked at most three
    /// times within 24 hours.
    async fn consent_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom to ask for what.")] input: ConsentRequestInput,
    ) -> Result<ConsentRequestPayload> {
        acted!(ctx, |app, caller| {
            let (person, draft, key) = input.read()?;
            consent::request(app, caller, person, draft, key).await
        })
    }

    /// Gives the consent that a mail asked for. Needs no session: the secret proves that its holder has read the mail.
    async fn consent_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link.")] input: ConsentConfirmInput,
    ) -> Result<ConsentConfirmPayload> {
        answer(ctx, consent::confirm(app(ctx), &client(ctx), &input.token).await)
    }

    /// Takes consent back, over every channel. Needs no session; the link of each mail stays good for ever.
    async fn consent_withdraw(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret of the link, and what is not wanted any more.")] input: ConsentWithdrawInput,
    ) -> Result<ConsentWithdrawPayload> {
        let purposes = input.purposes.unwrap_or_default().into_iter().map(|purpose| purpose.0).collect();
        answer(ctx, consent::withdraw(app(ctx), &client(ctx), &input.token, purposes).await)
    }
}
