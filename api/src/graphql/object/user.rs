//! Users: colleagues and the machines of partners.

use async_graphql::{Context, ID, Object, Result};
use fairfall_domain::access::{Rank, RoleKind};
use fairfall_domain::department::Department;
use fairfall_domain::user::{Seniority, User, UserStatus};
use fairfall_domain::value::{CountryCode, EmailAddress, LanguageTag};

use crate::app::user::sees_email;
use crate::graphql::caller::caller;
use crate::graphql::code::Coded;
use crate::graphql::error::OrFault;
use crate::graphql::loader::{ProfileOf, TeamsOf, loaders, related};
use crate::graphql::scalar::{Text, Timestamp, id, int, texts};

use super::member::MemberProfileObject;
use super::shows;
use super::team::TeamObject;

/// A user.
#[derive(Clone, Debug)]
pub struct UserObject(pub User);

shows!(UserObject(User));

/// A colleague, or the machine of a partner.
#[Object(name = "User")]
impl UserObject {
    /// The id.
    pub async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// Counts the changes from 1; send it as `expectedVersion` so that nobody's change is overwritten unseen.
    async fn version(&self) -> i32 {
        int(self.0.version)
    }

    /// The name as colleagues see it.
    async fn name(&self) -> &str {
        self.0.name.as_str()
    }

    /// The address to sign in with; only for the user and for those who manage users.
    async fn email(&self, ctx: &Context<'_>) -> Option<Text<EmailAddress>> {
        let caller = caller(ctx).ok()?;
        sees_email(caller, self.0.id).then(|| Text(self.0.email.clone()))
    }

    /// What the user is in the organisation.
    async fn role(&self) -> Coded<RoleKind> {
        Coded(self.0.role.kind())
    }

    /// Whether the user works or leads; MEMBER for roles outside the departments.
    async fn rank(&self) -> Coded<Rank> {
        Coded(self.0.role.rank())
    }

    /// The department; absent for roles outside the departments.
    async fn department(&self) -> Option<Coded<Department>> {
        self.0.role.department().map(Coded)
    }

    /// The first language, in which the user reads the product.
    async fn language(&self) -> Text<LanguageTag> {
        Text(self.0.language.clone())
    }

    /// Every language that the user works in, the first one first.
    async fn languages(&self) -> Vec<Text<LanguageTag>> {
        let languages: Vec<LanguageTag> = self.0.languages().cloned().collect();
        texts(&languages)
    }

    /// The country of work.
    async fn country(&self) -> Option<Text<CountryCode>> {
        self.0.country.map(Text)
    }

    /// How experienced the user is.
    async fn seniority(&self) -> Coded<Seniority> {
        Coded(self.0.seniority)
    }

    /// Whether the user may sign in and receive leads.
    async fn status(&self) -> Coded<UserStatus> {
        Coded(self.0.status)
    }

    /// The teams that the user is in; none when the viewer may not see teams.
    async fn teams(&self, ctx: &Context<'_>) -> Result<Vec<TeamObject>> {
        let teams = loaders(ctx)?.one(TeamsOf(self.0.id)).await.or_fault(ctx)?;
        Ok(teams.into_iter().flatten().map(TeamObject).collect())
    }

    /// What routing knows of the user; absent when the viewer may not see how leads are routed.
    async fn member_profile(&self, ctx: &Context<'_>) -> Option<Result<MemberProfileObject>> {
        related(ctx, Some(ProfileOf(self.0.id))).await
    }

    /// When the account was made.
    async fn created_at(&self) -> Timestamp {
        Timestamp(self.0.created_at)
    }

    /// When the account last changed.
    async fn updated_at(&self) -> Timestamp {
        Timestamp(self.0.updated_at)
    }
}
