//! Users as they are typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::access::{Rank, RoleKind};
use fairfall_domain::id::UserId;
use fairfall_domain::user::{Seniority, UserStatus};
use fairfall_domain::violation::Violations;
use secrecy::SecretString;

use super::{change, id, whole};
use crate::app::user::{UserInput, UserPatch};
use crate::graphql::code::Coded;

/// A new user: a colleague, or the machine of a partner.
#[derive(InputObject)]
pub struct UserCreateInput {
    /// E-mail address to sign in with; unique.
    pub email: String,
    /// Name as colleagues see it.
    pub name: String,
    /// What the user may do.
    pub role: Coded<RoleKind>,
    /// Whether the user leads in the department; MEMBER when absent. Only roles of a department have managers.
    pub rank: Option<Coded<Rank>>,
    /// First language: a tag such as `de`.
    pub language: String,
    /// Languages that the user also works in; at most 20.
    pub more_languages: Option<Vec<String>>,
    /// Country of work: a code of two letters such as `DE`.
    pub country: Option<String>,
    /// How experienced the user is; JUNIOR when absent.
    pub seniority: Option<Coded<Seniority>>,
    /// First password, 12 to 128 characters; without one the user cannot sign in until one is set. Machines of partners need none.
    #[graphql(secret)]
    pub password: Option<String>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl From<UserCreateInput> for UserInput {
    fn from(typed: UserCreateInput) -> Self {
        Self {
            email: typed.email,
            name: typed.name,
            role: typed.role.0,
            rank: typed.rank.map_or(Rank::Member, |code| code.0),
            language: typed.language,
            more_languages: typed.more_languages.unwrap_or_default(),
            country: typed.country,
            seniority: typed.seniority.map_or(Seniority::Junior, |code| code.0),
            password: typed.password.map(SecretString::from),
            idempotency_key: typed.idempotency_key,
        }
    }
}

/// A change of a user. Omitted fields stay. Disabling a user ends all sessions.
#[derive(Clone, Debug, InputObject)]
pub struct UserUpdateInput {
    /// The user.
    pub user: ID,
    /// Name as colleagues see it.
    pub name: MaybeUndefined<String>,
    /// What the user may do. Without a rank beside it the user becomes a MEMBER.
    pub role: Option<Coded<RoleKind>>,
    /// Whether the user leads in the department.
    pub rank: Option<Coded<Rank>>,
    /// Whether the user may sign in and receive leads.
    pub status: Option<Coded<UserStatus>>,
    /// First language: a tag such as `de`.
    pub language: MaybeUndefined<String>,
    /// Languages that the user also works in, all of them; at most 20.
    pub more_languages: Option<Vec<String>>,
    /// Country of work: a code of two letters such as `DE`; null empties it.
    pub country: MaybeUndefined<String>,
    /// How experienced the user is.
    pub seniority: Option<Coded<Seniority>>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl UserUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<UserPatch, Violations> {
        let mut faults = Violations::new();
        let user = id(&mut faults, "user", &self.user);
        let read = user.map(|user| UserPatch {
            user,
            expected_version: self.expected_version,
            name: change(self.name),
            role: self.role.map(|code| code.0),
            rank: self.rank.map(|code| code.0),
            status: self.status.map(|code| code.0),
            language: change(self.language),
            more_languages: self.more_languages,
            country: change(self.country),
            seniority: self.seniority.map(|code| code.0),
        });
        whole(faults, read)
    }
}

/// Sets a password. All sessions of the user end.
#[derive(InputObject)]
pub struct UserSetPasswordInput {
    /// The user; absent for the caller's own password.
    pub user: Option<ID>,
    /// The new password: 12 to 128 characters, not a common one.
    #[graphql(name = "new", secret)]
    pub new_password: String,
    /// The current password; needed for the caller's own.
    #[graphql(name = "current", secret)]
    pub current_password: Option<String>,
}

/// A password to be set.
pub struct PasswordChange {
    /// Whose; `own` of [`UserSetPasswordInput::read`] when it was not told.
    pub user: UserId,
    /// The new one.
    pub new: SecretString,
    /// The current one.
    pub current: Option<SecretString>,
}

impl UserSetPasswordInput {
    /// The change for the use case; `own` is the caller.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self, own: UserId) -> Result<PasswordChange, Violations> {
        let mut faults = Violations::new();
        let user = match &self.user {
            Some(typed) => id(&mut faults, "user", typed),
            None => Some(own),
        };
        let (new, current) = (self.new_password.into(), self.current_password.map(Into::into));
        whole(faults, user.map(|user| PasswordChange { user, new, current }))
    }
}
