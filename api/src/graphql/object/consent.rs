//! What people said about being contacted, and whether they may be.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::consent::{
    ConsentRecord, ConsentState, ConsentStatus, ContactChannel, DenyReason, How, LegalBasis, OptIn, OptInState, Permission,
    Proof, Purpose,
};
use fairfall_domain::value::{LanguageTag, LongText, ShortText};

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Text, Timestamp, id};

use super::shows;
use super::user::UserObject;

/// What stands for one purpose and channel since the person's last word. Whether it allows contact now, `Person.mayContact` tells.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Consent")]
pub struct ConsentObject {
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which way.
    pub channel: Coded<ContactChannel>,
    /// Whether it is allowed.
    pub status: Coded<ConsentStatus>,
    /// When it was said.
    pub recorded_at: Timestamp,
    /// What GRANTED rests on; absent with any other status.
    pub basis: Option<Coded<LegalBasis>>,
    /// Since when GRANTED stands; absent with any other status.
    pub since: Option<Timestamp>,
    /// When GRANTED lapses by itself; absent when it has no end.
    pub expires_at: Option<Timestamp>,
    /// Until when the person can still confirm what it was asked for last.
    pub pending_until: Option<Timestamp>,
}

impl From<ConsentState> for ConsentObject {
    fn from(state: ConsentState) -> Self {
        let basis = state.rests_on();
        Self {
            purpose: Coded(state.purpose),
            channel: Coded(state.channel),
            status: Coded(state.status),
            recorded_at: Timestamp(state.recorded_at),
            basis: basis.map(Coded),
            since: basis.map(|_| Timestamp(state.recorded_at)),
            expires_at: state.expires_at.map(Timestamp),
            pending_until: state.pending_until.map(Timestamp),
        }
    }
}

/// Whether a person may be contacted for a purpose over a channel now, and why.
#[derive(Clone, Debug, SimpleObject)]
pub struct ContactPermission {
    /// Whether it is allowed. Whatever is not allowed by a word that stands is not.
    pub allowed: bool,
    /// What the permission rests on; absent when it is denied.
    pub basis: Option<Coded<LegalBasis>>,
    /// Since when it is allowed; absent when it is denied.
    pub since: Option<Timestamp>,
    /// When the permission lapses by itself; absent when it is denied or has no end.
    pub expires_at: Option<Timestamp>,
    /// Why it is denied; absent when it is allowed.
    pub reason: Option<Coded<DenyReason>>,
}

impl From<Permission> for ContactPermission {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::Allowed { basis, since, until } => Self {
                allowed: true,
                basis: Some(Coded(basis)),
                since: Some(Timestamp(since)),
                expires_at: until.map(Timestamp),
                reason: None,
            },
            Permission::Denied { reason } => {
                Self { allowed: false, basis: None, since: None, expires_at: None, reason: Some(Coded(reason)) }
            }
        }
    }
}

/// What proves a word. What could lead back to a person is absent once it was erased.
#[derive(Clone, Debug, SimpleObject)]
pub struct ConsentProof {
    /// How the word came.
    pub how: Option<Coded<How>>,
    /// The text that the person was shown.
    pub text: Option<String>,
    /// Which version of that text.
    pub text_version: Option<String>,
    /// The language it was shown in.
    pub language: Option<Text<LanguageTag>>,
    /// When the person said it.
    pub given_at: Option<Timestamp>,
    /// The internet address it came from.
    pub address: Option<String>,
    /// The browser it came from.
    pub user_agent: Option<String>,
    /// When the person confirmed it by a link.
    pub confirmed_at: Option<Timestamp>,
    /// The internet address that the confirmation came from.
    pub confirmed_from: Option<String>,
    /// Why a basis that is not the person's own word holds.
    pub grounds: Option<String>,
}

impl From<Proof> for ConsentProof {
    fn from(proof: Proof) -> Self {
        let text = |text: Option<LongText>| text.map(|text| text.as_str().to_owned());
        Self {
            how: proof.how.map(Coded),
            text: text(proof.text),
            text_version: proof.text_version.as_ref().map(ShortText::as_str).map(str::to_owned),
            language: proof.language.map(Text),
            given_at: proof.given_at.map(Timestamp),
            address: proof.address.map(|address| address.to_string()),
            user_agent: proof.user_agent,
            confirmed_at: proof.confirmed_at.map(Timestamp),
            confirmed_from: proof.confirmed_from.map(|address| address.to_string()),
            grounds: text(proof.grounds),
        }
    }
}

/// A word about consent as it was recorded.
#[derive(Clone, Debug)]
pub struct ConsentRecordObject(pub ConsentRecord);

shows!(ConsentRecordObject(ConsentRecord));

/// A word about one purpose and channel as it was recorded. Records are never changed; an erasure takes the personal parts of the proof out.
#[Object(name = "ConsentRecord")]
impl ConsentRecordObject {
    /// The id.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What for.
    async fn purpose(&self) -> Coded<Purpose> {
        Coded(self.0.purpose)
    }

    /// Which way.
    async fn channel(&self) -> Coded<ContactChannel> {
        Coded(self.0.channel)
    }

    /// What was said.
    async fn status(&self) -> Coded<ConsentStatus> {
        Coded(self.0.status)
    }

    /// What GRANTED rests on; absent with any other status.
    async fn basis(&self) -> Option<Coded<LegalBasis>> {
        self.0.basis.map(Coded)
    }

    /// When GRANTED lapses by itself; absent when it has no end.
    async fn expires_at(&self) -> Option<Timestamp> {
        self.0.expires_at.map(Timestamp)
    }

    /// What proves it.
    async fn proof(&self) -> ConsentProof {
        self.0.proof.clone().into()
    }

    /// The request that it answers; absent when it answers none.
    async fn request(&self) -> Option<ID> {
        self.0.opt_in.map(id)
    }

    /// Who recorded it; absent when the person did it by a link, or when the viewer may not see the user.
    async fn recorded_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.actor).await
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> Timestamp {
        Timestamp(self.0.at)
    }

    /// When the personal parts of the proof were erased; absent when they were not.
    async fn erased_at(&self) -> Option<Timestamp> {
        self.0.erased_at.map(Timestamp)
    }
}

/// A request for consent that was sent by mail.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ConsentRequest", complex)]
pub struct ConsentRequestObject {
    /// The id.
    pub id: ID,
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which ways.
    pub channels: Vec<Coded<ContactChannel>>,
    /// What became of it.
    pub state: Coded<OptInState>,
    /// When it was made.
    pub requested_at: Timestamp,
    /// When its link stops working.
    pub expires_at: Timestamp,
    /// When something became of it; absent while it is open.
    pub closed_at: Option<Timestamp>,
    #[graphql(skip)]
    proof: Proof,
}

#[ComplexObject]
impl ConsentRequestObject {
    /// What the person was shown.
    async fn proof(&self) -> ConsentProof {
        self.proof.clone().into()
    }
}

impl From<OptIn> for ConsentRequestObject {
    fn from(opt_in: OptIn) -> Self {
        Self {
            id: id(opt_in.id),
            purpose: Coded(opt_in.purpose),
            channels: opt_in.channels.into_iter().map(Coded).collect(),
            state: Coded(opt_in.state),
            requested_at: Timestamp(opt_in.requested_at),
            expires_at: Timestamp(opt_in.expires_at),
            closed_at: opt_in.closed_at.map(Timestamp),
            proof: opt_in.proof,
        }
    }
}
