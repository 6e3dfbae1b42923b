//! Users: colleagues, and the machines of partners.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::code::codes;
use crate::id::UserId;
use crate::value::{CountryCode, EmailAddress, LanguageTag, ShortText};

codes! {
    /// How experienced a colleague is; hot leads prefer seniors.
    pub enum Seniority {
        /// Less experienced.
        Junior = "JUNIOR",
        /// More experienced.
        Senior = "SENIOR",
    }
}

codes! {
    /// Whether a user may sign in and receive leads.
    pub enum UserStatus {
        /// May.
        Active = "ACTIVE",
        /// May not, and keeps a name in the history.
        Disabled = "DISABLED",
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// Stable identity.
    pub id: UserId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Address to sign in with; unique by its key.
    pub email: EmailAddress,
    /// Name as colleagues see it.
    pub name: ShortText,
    /// What the user may do.
    pub role: Role,
    /// First language, also of the texts that the user reads here.
    pub language: LanguageTag,
    /// Languages that the user also works in.
    pub more_languages: Vec<LanguageTag>,
    /// Country of work.
    pub country: Option<CountryCode>,
    /// How experienced the user is.
    pub seniority: Seniority,
    /// Whether the user may sign in.
    pub status: UserStatus,
    /// When the user was made.
    pub created_at: DateTime<Utc>,
    /// When the user last changed.
    pub updated_at: DateTime<Utc>,
}

impl User {
    /// Whether the user works in a language; region and script do not matter.
    pub fn speaks(&self, language: &LanguageTag) -> bool {
        self.languages().any(|own| own.primary() == language.primary())
    }

    /// Every language the user works in, the first one first.
    pub fn languages(&self) -> impl Iterator<Item = &LanguageTag> {
        std::iter::once(&self.language).chain(&self.more_languages)
    }

    /// Whether the user may sign in and receive leads.
    pub const fn is_active(&self) -> bool {
        matches!(self.status, UserStatus::Active)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn speaks_a_language_whatever_its_region() {
        let tag = |text| LanguageTag::parse(text).unwrap();
        let user = User {
            id: Uuid::from_u128(1).into(),
            version: 1,
            email: EmailAddress::parse("anna@example.com").unwrap(),
            name: ShortText::parse("Anna").unwrap(),
            role: Role::Analyst,
            language: tag("de-AT"),
            more_languages: vec![tag("en")],
            country: None,
            seniority: Seniority::Senior,
            status: UserStatus::Active,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        assert!(user.speaks(&tag("de")) && user.speaks(&tag("en-GB")) && !user.speaks(&tag("fr")));
        let json = serde_json::to_string(&user).unwrap();
        assert_eq!(serde_json::from_str::<User>(&json).unwrap(), user);
    }
}
