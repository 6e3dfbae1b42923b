//! Agreements between departments.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::agreement::{Agreement, AgreementState, HandOverMode, Signature};
use fairfall_domain::department::Department;
use fairfall_domain::id::UserId;

use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::gate::{CriterionObject, GateObject};
use super::label::LabelsObject;
use super::shows;
use super::user::UserObject;

/// A version of an agreement.
#[derive(Clone, Debug)]
pub struct AgreementObject(pub Agreement);

shows!(AgreementObject(Agreement));

/// One version of the agreement between a giving and a taking department: the criteria that both signed.
#[Object(name = "Agreement")]
impl AgreementObject {
    /// The id of this version.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// The key shared by all versions.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// The version, from 1.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// Its name for people.
    async fn labels(&self) -> LabelsObject {
        (&self.0.labels).into()
    }

    /// The department that gives.
    async fn giving(&self) -> Coded<Department> {
        Coded(self.0.giving)
    }

    /// The department that takes.
    async fn taking(&self) -> Coded<Department> {
        Coded(self.0.taking)
    }

    /// Its life.
    async fn state(&self) -> Coded<AgreementState> {
        Coded(self.0.state)
    }

    /// From when it holds.
    async fn in_force_from(&self) -> Option<Timestamp> {
        self.0.in_force_from.map(Timestamp)
    }

    /// The signature of the giving department's head.
    async fn signed_giving(&self) -> Option<SignatureObject> {
        self.0.signed_giving.map(Into::into)
    }

    /// The signature of the taking department's head.
    async fn signed_taking(&self) -> Option<SignatureObject> {
        self.0.signed_taking.map(Into::into)
    }

    /// Who starts a hand-over.
    async fn hand_over(&self) -> Coded<HandOverMode> {
        Coded(self.0.hand_over)
    }

    /// What must hold before each stage.
    async fn gates(&self) -> Vec<GateObject> {
        self.0.gates.iter().cloned().map(GateObject).collect()
    }

    /// When all of these hold, a lead that the giver works on is sent to nurturing by itself; never when there are none.
    async fn recycle_when(&self) -> Vec<CriterionObject> {
        self.0.recycle_when.iter().cloned().map(CriterionObject).collect()
    }

    /// When all of these hold after new behaviour, a resting lead comes back by itself; never when there are none.
    async fn reactivate_when(&self) -> Vec<CriterionObject> {
        self.0.reactivate_when.iter().cloned().map(CriterionObject).collect()
    }
}

/// A signature of a department's head.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "Signature", complex)]
pub struct SignatureObject {
    /// When it was signed.
    pub at: Timestamp,
    #[graphql(skip)]
    by: Option<UserId>,
}

impl From<Signature> for SignatureObject {
    fn from(signature: Signature) -> Self {
        Self { at: Timestamp(signature.at), by: signature.by }
    }
}

#[ComplexObject]
impl SignatureObject {
    /// Who signed; absent for the agreements that ship with the product.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.by).await
    }
}
