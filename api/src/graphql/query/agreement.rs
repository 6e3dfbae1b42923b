//! Agreements between departments.

use async_graphql::{Context, ID, InputObject, Object, Result};
use fairfall_domain::agreement::AgreementState;
use fairfall_domain::department::Department;
use fairfall_domain::id::AgreementId;
use fairfall_domain::value::Code;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::agreement::AgreementFilter;

use crate::app::{self, AppError};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::input::agreement::AgreementReplayInput;
use crate::graphql::loader::related;
use crate::graphql::object::agreement::AgreementObject;
use crate::graphql::object::agreement_replay::AgreementReplayObject;
use crate::graphql::page::Asked;

use super::connection::AgreementConnection;

/// Which versions of agreements a list shows; what is absent does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AgreementFilterInput {
    /// Only the versions of this key.
    pub key: Option<String>,
    /// Only those that are in one of these states now.
    pub states: Option<Vec<Coded<AgreementState>>>,
    /// Only those in which this department gives.
    pub giving: Option<Coded<Department>>,
    /// Only those in which this department takes.
    pub taking: Option<Coded<Department>>,
}

impl AgreementFilterInput {
    fn read(self) -> Result<AgreementFilter, Violations> {
        let mut faults = Violations::new();
        let key = self.key.map(|key| faults.check("filter.key", Code::parse(&key)));
        faults.into_result()?;
        Ok(AgreementFilter {
            key: key.flatten(),
            states: self.states.unwrap_or_default().into_iter().map(|state| state.0).collect(),
            giving: self.giving.map(|department| department.0),
            taking: self.taking.map(|department| department.0),
        })
    }
}

/// Agreements between departments.
#[derive(Default)]
pub struct AgreementQuery;

#[Object]
impl AgreementQuery {
    /// Versions of agreements, by key, the first version of each first.
    async fn agreements(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which versions; absent for all.")] filter: Option<AgreementFilterInput>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<AgreementConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
        Ok(app::agreement::page(app(ctx), caller(ctx)?, &filter, &args).await.or_fault(ctx)?.into())
    }

    /// A version of an agreement; absent when it does not exist for the viewer.
    async fn agreement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the version.")] id: ID,
    ) -> Option<Result<AgreementObject>> {
        related(ctx, AgreementId::parse(&id).ok()).await
    }

    /// Asks the gates of a version, usually a draft, of the leads that were captured in the last days: how many would pass more or fewer than did, by gate
    /// and source, and how many would be sent to rest. Looks at the newest 20,000 leads at most, writes nothing, and ends with the request. For managers of
    /// the two departments, and admins.
    async fn agreement_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The version, and how far back to look.")] input: AgreementReplayInput,
    ) -> Result<AgreementReplayObject> {
        let (agreement, days) = input.read().map_err(AppError::from).or_fault(ctx)?;
        Ok(Box::pin(app::agreement::replay(app(ctx), caller(ctx)?, agreement, days)).await.or_fault(ctx)?.into())
    }
}
