//! Agreements between departments.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::agreement::diff::diff;
use fairfall_domain::agreement::{Agreement, AgreementState, HandOverMode, Signature};
use fairfall_domain::department::Department;
use fairfall_domain::id::{AgreementId, UserId};
use fairfall_domain::waterfall::reason::RejectReason;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::code::{Coded, coded};
use crate::graphql::error::OrFault;
use crate::graphql::loader::{loaders, related};
use crate::graphql::scalar::{Timestamp, id, int};

use super::agreement_replay::AgreementDifferenceObject;
use super::agreement_terms::{AgreementClockObject, AgreementCommitmentsObject, AgreementScopeObject};
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

    /// Counts the changes of this version from 1, signatures among them; send it as `expectedVersion` so that nobody's change is overwritten unseen, and
    /// nothing is signed that was not read.
    async fn revision(&self) -> i32 {
        int(self.0.revision)
    }

    /// Its life as of now: a version whose successor's date has come is superseded.
    async fn state(&self) -> Coded<AgreementState> {
        Coded(self.0.state)
    }

    /// From when it holds: the later of the date that was asked for and the second signature. As long as it is not signed by both, the date that is asked
    /// for.
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

    /// The departments of which a manager has not signed yet.
    async fn unsigned(&self) -> Vec<Coded<Department>> {
        coded(&self.0.unsigned())
    }

    /// For which leads it holds.
    async fn scope(&self) -> AgreementScopeObject {
        (&self.0.scope).into()
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

    /// How fast the taker acts, and what happens when it does not.
    async fn clocks(&self) -> Vec<AgreementClockObject> {
        self.0.clocks.iter().map(Into::into).collect()
    }

    /// The reasons for which the taker may return an offer; all but LAPSED when there are none.
    async fn reject_reasons(&self) -> Vec<Coded<RejectReason>> {
        coded(&self.0.reject_reasons)
    }

    /// What both sides promise for each month.
    async fn commitments(&self) -> AgreementCommitmentsObject {
        self.0.commitments.into()
    }

    /// What this version says other than another one, field by field: criteria, clocks and steps that were added, removed or changed. Absent when the other
    /// one does not exist for the viewer.
    async fn diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the version that is compared with: usually the one before.")] with: ID,
    ) -> Option<Result<Vec<AgreementDifferenceObject>>> {
        differences(ctx, &self.0, &with).await.transpose()
    }

    /// Agreements of other keys between the same departments that hold or will hold and are as narrow for some lead, so that for such a lead not the scope
    /// decides but the date: the one that came in force last governs. A warning, and no fault.
    async fn overlaps(&self, ctx: &Context<'_>) -> Result<Vec<AgreementOverlapObject>> {
        let found = app::agreement::overlapping(app(ctx), caller(ctx)?, &self.0).await.or_fault(ctx)?;
        Ok(found.iter().map(Into::into).collect())
    }
}

async fn differences(ctx: &Context<'_>, own: &Agreement, with: &ID) -> Result<Option<Vec<AgreementDifferenceObject>>> {
    let Ok(with) = AgreementId::parse(with) else { return Ok(None) };
    let other = loaders(ctx)?.one(with).await.or_fault(ctx)?;
    Ok(other.map(|other| diff(&other, own).into_iter().map(Into::into).collect()))
}

/// An agreement that is as narrow as another one for some lead.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementOverlap")]
pub struct AgreementOverlapObject {
    /// The id of the version.
    pub id: ID,
    /// The key shared by all versions.
    pub key: String,
    /// The version, from 1.
    pub version: i32,
    /// Its name for people.
    pub labels: LabelsObject,
    /// From when on it holds; absent until both have signed.
    pub in_force_from: Option<Timestamp>,
    /// For which leads it holds.
    pub scope: AgreementScopeObject,
}

impl From<&Agreement> for AgreementOverlapObject {
    fn from(agreement: &Agreement) -> Self {
        Self {
            id: id(agreement.id),
            key: agreement.key.to_string(),
            version: int(agreement.version),
            labels: (&agreement.labels).into(),
            in_force_from: agreement.in_force_from.map(Timestamp),
            scope: (&agreement.scope).into(),
        }
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
