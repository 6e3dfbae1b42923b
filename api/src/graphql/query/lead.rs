//! Leads: one, lists, queues.

use async_graphql::{Context, Enum, ID, InputObject, Object, OneofObject, Result};
use fairfall_domain::id::LeadId;
use fairfall_persistence::repo::lead as repo;
use fairfall_persistence::{Cursor, Page};
use tokio::sync::OnceCell;

use crate::app;
use crate::graphql::caller::{app, caller};
use crate::graphql::error::OrFault;
use crate::graphql::loader::load;
use crate::graphql::object::lead::LeadObject;
use crate::graphql::page::{Asked, PageInfo};
use crate::graphql::scalar::int;

use super::connection::QueueConnection;
use super::lead_filter::LeadFilter;

/// Which lead is meant.
#[derive(Debug, OneofObject)]
pub enum LeadBy {
    /// By its id.
    Id(ID),
    /// By the name that another system has for it.
    External(ExternalName),
}

/// The name that another system has for something.
#[derive(Debug, InputObject)]
#[graphql(name = "ExternalName")]
pub struct ExternalName {
    /// The system.
    pub source: String,
    /// The id in that system.
    pub id: String,
}

/// The order of a list of leads.
#[derive(Clone, Copy, Debug, Default, Enum, PartialEq, Eq)]
#[graphql(remote = "repo::LeadSort")]
pub enum LeadSort {
    /// The best score first.
    ScoreDesc,
    /// The weakest score first.
    ScoreAsc,
    /// Captured last, first.
    CreatedDesc,
    /// Captured first, first.
    CreatedAsc,
    /// Changed last, first.
    #[default]
    UpdatedDesc,
    /// Changed longest ago, first.
    UpdatedAsc,
}

/// Whose queue.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "repo::QueueScope")]
pub enum QueueScope {
    /// What waits for the viewer in person.
    Mine,
    /// What waits for the viewer's teams, and what waits for the department and no team serves.
    Team,
}

/// A page of leads.
#[derive(Debug)]
pub struct LeadConnection {
    edges: Vec<LeadEdge>,
    page_info: PageInfo,
    filter: repo::LeadFilter,
    count: OnceCell<u64>,
}

/// An entry of a list of leads with its place.
#[derive(Clone, Debug, async_graphql::SimpleObject)]
pub struct LeadEdge {
    /// The place, to go on from with `after` or `before`. Opaque, and of this order of the list alone.
    pub cursor: String,
    /// The lead.
    pub node: LeadObject,
}

impl LeadConnection {
    fn new(page: Page<fairfall_domain::waterfall::lead::Lead>, filter: repo::LeadFilter) -> Self {
        let page_info = PageInfo::from(&page);
        let edge = |(cursor, lead): (Cursor, _)| LeadEdge { cursor: cursor.to_string(), node: LeadObject(lead) };
        Self { edges: page.items.into_iter().map(edge).collect(), page_info, filter, count: OnceCell::new() }
    }

    async fn count(&self, ctx: &Context<'_>) -> Result<u64> {
        let count = || async { app::lead::count(app(ctx), caller(ctx)?, &self.filter).await.or_fault(ctx) };
        self.count.get_or_try_init(count).await.copied()
    }
}

/// A page of leads.
#[Object]
impl LeadConnection {
    /// The entries with their places.
    async fn edges(&self) -> &[LeadEdge] {
        &self.edges
    }

    /// The leads.
    async fn nodes(&self) -> Vec<&LeadObject> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where the page lies in the list.
    async fn page_info(&self) -> &PageInfo {
        &self.page_info
    }

    /// How many leads the whole list has, counted only when asked for and up to 10,000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(self.count(ctx).await?.min(app::lead::COUNT_MAX)))
    }

    /// Whether `totalCount` is the whole number; if not, there are more.
    async fn total_count_is_exact(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(self.count(ctx).await? <= app::lead::COUNT_MAX)
    }
}

/// Leads.
#[derive(Default)]
pub struct LeadQuery;

#[Object]
impl LeadQuery {
    /// A lead; absent when it does not exist for the viewer.
    async fn lead(&self, ctx: &Context<'_>, #[graphql(desc = "Which one.")] by: LeadBy) -> Option<Result<LeadObject>> {
        match by {
            LeadBy::Id(id) => load(ctx, LeadId::parse(&id).ok()).await.transpose(),
            LeadBy::External(name) => named(ctx, &name).await.transpose(),
        }
    }

    /// Leads that the viewer may see.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn leads(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which leads; absent for all.")] filter: Option<LeadFilter>,
        #[graphql(desc = "The order.", default)] sort: LeadSort,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<LeadConnection> {
        let caller = caller(ctx)?;
        let args = Asked { first, after, last, before }.read(ctx)?;
        let filter = filter.unwrap_or_default().read().or_fault(ctx)?;
        let page = app::lead::page(app(ctx), caller, &filter, sort.into(), &args).await.or_fault(ctx)?;
        Ok(LeadConnection::new(page, filter))
    }

    /// Leads that wait for somebody to take them: offers, and leads without an owner. What is due first by a promise comes first, then the longest
    /// waiting; `nextClock` tells what is promised and how much time is left.
    async fn queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose queue.")] scope: QueueScope,
        #[graphql(desc = "How many entries from the start, 1 to 100; 25 when neither `first` nor `last` is given.")]
        first: Option<u32>,
        #[graphql(desc = "The place after which the page starts: an entry's `cursor` or a page's `endCursor`.")] after: Option<
            String,
        >,
        #[graphql(desc = "How many entries from the end, 1 to 100; excludes `first`.")] last: Option<u32>,
        #[graphql(desc = "The place before which the page ends: an entry's `cursor` or a page's `startCursor`.")] before: Option<
            String,
        >,
    ) -> Result<QueueConnection> {
        let args = Asked { first, after, last, before }.read(ctx)?;
        Ok(app::lead::queue(app(ctx), caller(ctx)?, scope.into(), &args).await.or_fault(ctx)?.into())
    }
}

async fn named(ctx: &Context<'_>, name: &ExternalName) -> Result<Option<LeadObject>> {
    let found = app::lead::find_external(app(ctx), caller(ctx)?, &name.source, &name.id).await.or_fault(ctx)?;
    Ok(found.map(LeadObject))
}
