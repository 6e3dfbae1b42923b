//! The one who asks.

use async_graphql::{Object, SimpleObject};
use fairfall_domain::access::{Action, Actor, Rank, RoleKind, Scope, grant};
use fairfall_domain::department::Department;
use fairfall_domain::user::User;

use crate::graphql::code::Coded;

use super::team::TeamObject;
use super::user::UserObject;

/// The viewer with its account and teams.
#[derive(Clone, Debug)]
pub struct ViewerObject {
    /// Who acts, as the access table sees it.
    pub actor: Actor,
    /// The account.
    pub user: User,
    /// The teams.
    pub teams: Vec<TeamObject>,
}

/// Whoever makes this request.
#[Object(name = "Viewer")]
impl ViewerObject {
    /// The viewer's account.
    async fn user(&self) -> UserObject {
        self.user.clone().into()
    }

    /// What the viewer is in the organisation.
    async fn role(&self) -> Coded<RoleKind> {
        Coded(self.actor.role.kind())
    }

    /// Whether the viewer works or leads; MEMBER for roles outside the departments.
    async fn rank(&self) -> Coded<Rank> {
        Coded(self.actor.role.rank())
    }

    /// The viewer's department; absent for roles outside the departments.
    async fn department(&self) -> Option<Coded<Department>> {
        self.actor.role.department().map(Coded)
    }

    /// The teams that the viewer is in.
    async fn teams(&self) -> &[TeamObject] {
        &self.teams
    }

    /// The teams that the viewer leads.
    async fn managed_teams(&self) -> Vec<&TeamObject> {
        self.teams.iter().filter(|team| self.actor.managed.contains(&team.0.id)).collect()
    }

    /// Everything that the viewer may do, and how far it reaches. What is not listed is not allowed.
    async fn permissions(&self) -> Vec<Permission> {
        let granted = Action::ALL.iter().filter_map(|action| grant(&self.actor, *action).ok());
        granted.map(|grant| Permission { action: Coded(grant.action()), scope: Coded(grant.scope()) }).collect()
    }
}

/// Something that the viewer may do.
#[derive(Clone, Debug, SimpleObject)]
pub struct Permission {
    /// What.
    pub action: Coded<Action>,
    /// How far it reaches.
    pub scope: Coded<Scope>,
}
