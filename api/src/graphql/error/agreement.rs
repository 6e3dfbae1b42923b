//! What agreements refuse.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use fairfall_domain::agreement::refusal::AgreementRefusalKind;
use fairfall_domain::agreement::{AgreementRef, AgreementRefusal, AgreementState};
use fairfall_domain::department::Department;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::reason::RejectReason;

use super::{ErrorCode, UserError};
use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::scalar::id;

/// The agreement that the offer runs under does not know the reason for which it should be returned.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct ReasonNotAgreed {
    /// What went wrong, in words for people; without personal data.
    pub message: String,
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// The field of the input that it is about; absent when it is about the act as a whole.
    pub field: Option<String>,
    /// The act that was asked for.
    pub act: Coded<Act>,
    /// The reason that was given.
    pub given: Coded<RejectReason>,
    /// The reasons that both departments agreed on.
    pub allowed: Vec<Coded<RejectReason>>,
    /// The version of the agreement that names the reasons.
    #[graphql(skip)]
    pub set_by: AgreementRef,
}

#[ComplexObject]
impl ReasonNotAgreed {
    /// The version of the agreement that names the reasons; absent when the caller may not see agreements.
    async fn agreement(&self, ctx: &Context<'_>) -> Option<Result<AgreementObject>> {
        related(ctx, Some(self.set_by.id)).await
    }
}

/// An agreement is not drafted, changed, proposed, taken back, deleted or signed.
#[derive(Clone, Debug, SimpleObject)]
pub struct AgreementRefused {
    /// What went wrong, in words for people; without personal data.
    pub message: String,
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// The field of the input that it is about; absent when it is about the act as a whole.
    pub field: Option<String>,
    /// Why.
    pub reason: Coded<AgreementRefusalKind>,
    /// The state that the version is in.
    pub state: Option<Coded<AgreementState>>,
    /// The state that it would have to be in.
    pub needed: Option<Coded<AgreementState>>,
    /// The version of the same key that is open.
    pub open: Option<ID>,
    /// The departments of which a manager must sign.
    pub signers: Vec<Coded<Department>>,
}

impl From<AgreementRefusal> for UserError {
    fn from(refusal: AgreementRefusal) -> Self {
        let mut error = AgreementRefused {
            message: refusal.to_string(),
            code: ErrorCode::AgreementRefused,
            field: None,
            reason: refusal.kind().into(),
            state: None,
            needed: None,
            open: None,
            signers: Vec::new(),
        };
        match refusal {
            AgreementRefusal::WrongState { state, needed } => {
                (error.state, error.needed) = (Some(state.into()), Some(needed.into()));
            }
            AgreementRefusal::OpenVersion { id: open, version: _ } => error.open = Some(id(open)),
            AgreementRefusal::NotASigner { missing } | AgreementRefusal::SignedTheOtherSide { missing } => {
                error.signers = coded(&missing);
            }
        }
        Self::AgreementRefused(error)
    }
}
