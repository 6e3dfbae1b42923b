//! Users: row to domain and back. The hash of the password is no part of a user.

use fairfall_domain::access::Role;
use fairfall_domain::id::UserId;
use fairfall_domain::user::User;

use crate::entity::user_account::Model;
use crate::error::StoreError;
use crate::mapper::stored::{Stored, to_count, to_json};

impl TryFrom<Model> for User {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, StoreError> {
        let id = UserId::from(row.id);
        let stored = Stored::new("user_account", id);
        let role = Role::restore(stored.text("role", &row.role)?, stored.text("rank", &row.rank)?);
        Ok(Self {
            id,
            version: stored.count("version", row.version)?,
            email: stored.text("email", &row.email)?,
            name: stored.text("name", &row.name)?,
            role: role.ok_or_else(|| stored.corrupt("rank"))?,
            language: stored.text("language", &row.language)?,
            more_languages: stored.json("languages", &row.languages)?,
            country: stored.maybe("country", row.country.as_deref())?,
            seniority: stored.text("seniority", &row.seniority)?,
            status: stored.text("status", &row.status)?,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}

/// The row of a user who cannot sign in with a password yet.
pub(crate) fn to_row(user: &User) -> Result<Model, StoreError> {
    Ok(Model {
        id: user.id.uuid(),
        version: to_count(user.version)?,
        email: user.email.to_string(),
        email_key: user.email.key(),
        name: user.name.to_string(),
        role: user.role.kind().to_string(),
        rank: user.role.rank().to_string(),
        language: user.language.to_string(),
        languages: to_json(&user.more_languages)?,
        country: user.country.map(|country| country.to_string()),
        seniority: user.seniority.to_string(),
        status: user.status.to_string(),
        password_hash: None,
        created_at: user.created_at,
        updated_at: user.updated_at,
    })
}
