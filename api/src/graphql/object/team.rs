//! Teams.

use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use fairfall_domain::department::Department;
use fairfall_domain::id::UserId;
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::value::{CountryCode, TimeZoneName};

use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{PoolsOf, loaders, related};
use crate::graphql::scalar::{Text, id, int, texts};

use super::pool::PoolObject;
use super::shows;
use super::user::UserObject;

/// A team.
#[derive(Clone, Debug)]
pub struct TeamObject(pub Team);

shows!(TeamObject(Team));

/// Colleagues of one department who share a queue.
#[Object(name = "Team")]
impl TeamObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The key.
    async fn key(&self) -> &str {
        self.0.key.as_str()
    }

    /// The name.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The department it belongs to.
    async fn department(&self) -> Coded<Department> {
        Coded(self.0.department)
    }

    /// The countries it serves; none means everywhere.
    async fn countries(&self) -> Vec<Text<CountryCode>> {
        texts(&self.0.countries)
    }

    /// The time zone in which it works.
    async fn time_zone(&self) -> Text<TimeZoneName> {
        Text(self.0.time_zone)
    }

    /// Who is in it.
    async fn members(&self) -> Vec<TeamMemberObject> {
        self.0.members.iter().copied().map(Into::into).collect()
    }

    /// The pools that give its leads to its members, by key, archived ones too; none when the viewer may not see how leads are routed.
    async fn pools(&self, ctx: &Context<'_>) -> Result<Vec<PoolObject>> {
        let pools = loaders(ctx)?.one(PoolsOf(self.0.id)).await.or_fault(ctx)?;
        Ok(pools.into_iter().flatten().map(PoolObject).collect())
    }
}

/// A user's place in a team.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "TeamMember", complex)]
pub struct TeamMemberObject {
    /// What the user is in the team.
    pub rank: Coded<MemberRank>,
    #[graphql(skip)]
    user: UserId,
}

impl From<Membership> for TeamMemberObject {
    fn from(membership: Membership) -> Self {
        Self { rank: Coded(membership.rank), user: membership.user }
    }
}

#[ComplexObject]
impl TeamMemberObject {
    /// The user; absent when the viewer may not see it.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, Some(self.user)).await
    }
}
