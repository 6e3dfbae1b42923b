//! Running promises.

use async_graphql::{Context, ID, InputObject, Object, Result};
use fairfall_domain::id::TeamId;
use fairfall_domain::sla::ClockKind;
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::clock::Lapsed;

use crate::app::AppError;
use crate::app::sla::clock::{self, ClockListFilter, Mine};
use crate::graphql::caller::{app, caller};
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::input::id;
use crate::graphql::page::Asked;

use super::connection::ClockConnection;

/// Which clocks a list shows; what is absent does not matter.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ClockFilterInput {
    /// Only what the viewer must keep, with the ratings that the viewer owes of leads that left their sight.
    pub mine: Option<bool>,
    /// Only what a team must keep.
    pub team: Option<ID>,
    /// What is promised.
    pub kinds: Option<Vec<Coded<ClockKind>>>,
    /// Only what has lapsed and is still open.
    pub breached: Option<bool>,
}

impl ClockFilterInput {
    fn read(self) -> Result<ClockListFilter, Violations> {
        let mut faults = Violations::new();
        let team: Option<Option<TeamId>> = self.team.map(|team| id(&mut faults, "filter.team", &team));
        faults.into_result()?;
        Ok(ClockListFilter {
            mine: self.mine.unwrap_or_default().then_some(Mine),
            team: team.flatten(),
            kinds: self.kinds.unwrap_or_default().into_iter().map(|kind| kind.0).collect(),
            lapsed: self.breached.unwrap_or_default().then_some(Lapsed),
        })
    }
}

/// Running promises.
#[derive(Default)]
pub struct ClockQuery;

#[Object]
impl ClockQuery {
    /// Promises that run about leads that the viewer may see, what is due first comes first. `mine` has the ratings as well that the viewer owes of leads
    /// that went on. What stands still or has ended is found at its lead.
    async fn clocks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which promises; absent for all.")] filter: Option<ClockFilterInput>,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<ClockConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = filter.unwrap_or_default().read().map_err(AppError::from).or_fault(ctx)?;
        Ok(clock::page(app(ctx), caller(ctx)?, filter, &args).await.or_fault(ctx)?.into())
    }
}
