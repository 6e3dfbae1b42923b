//! What mutations of agreements and custom attributes answer.

use async_graphql::ID;
use fairfall_domain::agreement::Agreement;
use fairfall_domain::attribute::CustomAttribute;
use fairfall_domain::id::AgreementId;

use super::payload::payloads;
use crate::app::agreement::Signed;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::attribute::CustomAttributeObject;
use crate::graphql::scalar::id;

payloads! {
    /// What `agreementDraft` answers.
    AgreementDraftPayload = |done: Agreement| {
        /// The draft; absent when none was made.
        agreement: AgreementObject = Some(done.into()),
    }

    /// What `agreementUpdate` answers.
    AgreementUpdatePayload = |done: Agreement| {
        /// The draft after the change; absent when nothing was changed.
        agreement: AgreementObject = Some(done.into()),
    }

    /// What `agreementPropose` answers.
    AgreementProposePayload = |done: Agreement| {
        /// The proposal; absent when none was made.
        agreement: AgreementObject = Some(done.into()),
    }

    /// What `agreementWithdraw` answers.
    AgreementWithdrawPayload = |done: Agreement| {
        /// The draft that it is again; absent when nothing was taken back.
        agreement: AgreementObject = Some(done.into()),
    }

    /// What `agreementDelete` answers.
    AgreementDeletePayload = |done: AgreementId| {
        /// The id of the draft that is gone; absent when none was deleted.
        agreement: ID = Some(id(done)),
    }

    /// What `agreementSign` answers.
    AgreementSignPayload = |done: Signed| {
        /// The version with the signature; absent when it was not signed.
        agreement: AgreementObject = Some(done.agreement.into()),
        ;
        /// Whether the caller's side had signed before, so that nothing changed now.
        already_done = done.already_done,
    }

    /// What `attributeCreate` answers.
    AttributeCreatePayload = |done: CustomAttribute| {
        /// The new attribute; absent when none was made.
        attribute: CustomAttributeObject = Some(done.into()),
    }

    /// What `attributeUpdate` answers.
    AttributeUpdatePayload = |done: CustomAttribute| {
        /// The attribute after the change; absent when nothing was changed.
        attribute: CustomAttributeObject = Some(done.into()),
    }
}
