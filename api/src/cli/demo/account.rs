//! The accounts of the demo: one password for all, and the key of the partner's machine.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant, PartnerScope, Rank, RoleKind};
use fairfall_domain::id::UserId;
use fairfall_domain::user::User;
use fairfall_domain::value::ShortText;
use fairfall_persistence::repo;
use fairfall_persistence::repo::session::EndReason;
use fairfall_persistence::repo::user::UserFilter;
use fairfall_persistence::{PageArgs, UnitOfWork};
use secrecy::{ExposeSecret, SecretString};

use super::organisation::{DOMAIN, ROLES, address};
use crate::app::App;
use crate::app::user::hash;
use crate::auth::api_key::ApiKey as Secret;
use crate::auth::password::PasswordHasherPool;
use crate::auth::{password_policy, random_bytes};
use crate::cli::CliError;
use crate::clock::new_id;
use crate::config::Config;

/// What the partner's key is called.
const KEY_NAME: &str = "demo";

/// Users read at once.
const PAGE: u32 = 100;

/// The variable that sets the password.
pub(super) const VARIABLE: &str = "FAIRFALL_DEMO_PASSWORD";

/// The password of all accounts.
#[derive(Clone, Debug)]
pub(super) struct Password {
    pub(super) text: SecretString,
    /// Whether it is from the configuration, and so known already.
    pub(super) chosen: bool,
}

impl Password {
    /// The configured password, else a fresh one of four pieces that can be read out.
    pub(super) fn of(config: &Config) -> Result<Self, CliError> {
        let Some(text) = config.demo_password.clone() else { return Ok(Self { text: generated(), chosen: false }) };
        for role in ROLES {
            for rank in [Rank::Member, Rank::Manager] {
                let address = address(role.name, rank);
                if let Err(fault) = password_policy::accept(text.expose_secret(), &address) {
                    return Err(CliError::Usage(format!("{VARIABLE}, for the account {address}: {fault}")));
                }
            }
        }
        Ok(Self { text, chosen: true })
    }

    /// Its hash.
    pub(super) async fn hash(&self, app: &App) -> Result<String, CliError> {
        hash(app, Some(&self.text)).await?.ok_or_else(|| CliError::Failed("a password could not be hashed".to_owned()))
    }
}

/// 80 random bits in letters that are not mistaken for each other, such as `k7qm-x2vd-9fhw-t3ps`.
fn generated() -> SecretString {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567899";
    let letters = random_bytes::<16>().map(|byte| LETTERS.get(usize::from(byte & 31)).copied().map_or('x', char::from));
    let pieces: Vec<String> = letters.chunks(4).map(|piece| piece.iter().collect()).collect();
    pieces.join("-").into()
}

/// Sets the password of all accounts of the demo, unless it is theirs already. Tells whether it was set. Sessions end with the old password.
pub(super) async fn reset(app: &App, password: &Password) -> Result<bool, CliError> {
    if password.chosen && holds(app, password).await? {
        return Ok(false);
    }
    let hash = password.hash(app).await?;
    let (accounts, now) = (accounts(app).await?, app.now());
    let uow = app.store().begin().await?;
    for account in accounts {
        repo::user::set_password_hash(&uow, account.id, &hash, now).await?;
        repo::session::end_all_of_user(&uow, account.id, EndReason::PasswordChanged, now).await?;
    }
    uow.commit().await?;
    Ok(true)
}

async fn holds(app: &App, password: &Password) -> Result<bool, CliError> {
    let admin = repo::user::find_by_email_key(&app.store().reader(), &address("admin", Rank::Member)).await?;
    let Some(stored) = admin.and_then(|admin| admin.password_hash) else { return Ok(false) };
    let pool = PasswordHasherPool::for_this_machine().map_err(|error| CliError::because(&error))?;
    let verified = pool.verify_and_upgrade(&password.text, &stored).await.map_err(|error| CliError::because(&error))?;
    Ok(verified.matches)
}

/// Every user whose address is of the demo.
async fn accounts(app: &App) -> Result<Vec<User>, CliError> {
    let grant = Grant::system(Action::ManageUser);
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let limits = fairfall_persistence::PageLimits { default: PAGE, max: PAGE };
        let args = PageArgs::try_new(Some(PAGE), after, None, None, limits).map_err(|error| CliError::because(&error))?;
        let page = repo::user::page(&app.store().reader(), &grant, UserFilter::default(), &args).await?;
        let more = page.has_next;
        after = page.items.last().map(|(cursor, _)| cursor.clone());
        found.extend(page.items.into_iter().map(|(_, user)| user).filter(|user| user.email.domain() == DOMAIN));
        if !more {
            return Ok(found);
        }
    }
}

/// Makes the key of the partner's machine, and revokes the one it had before. Shown here and never again.
pub(super) async fn renew_key(app: &App) -> Result<Option<String>, CliError> {
    let found = repo::user::find_by_email_key(&app.store().reader(), &address("partner", Rank::Member)).await?;
    let Some(partner) = found.map(|found| found.user).filter(|user| user.role.kind() == RoleKind::Partner) else {
        return Ok(None);
    };
    let former = repo::api_key::list(&app.store().reader(), &Grant::system(Action::ManageApiKey)).await?;
    let uow = app.store().begin().await?;
    for key in former.iter().filter(|key| key.user == partner.id && key.name.as_str() == KEY_NAME && key.revoked_at.is_none()) {
        repo::api_key::revoke(&uow, key.id, app.now()).await?;
    }
    let secret = insert_key(&uow, partner.id, app.now()).await?;
    uow.commit().await?;
    Ok(Some(secret.expose().to_owned()))
}

async fn insert_key(uow: &UnitOfWork, user: UserId, now: DateTime<Utc>) -> Result<Secret, CliError> {
    let secret = Secret::generate(new_id());
    let name = ShortText::parse(KEY_NAME).map_err(|error| CliError::Failed(error.message))?;
    let key = repo::api_key::ApiKey {
        id: secret.id(),
        user,
        name,
        scopes: PartnerScope::ALL.to_vec(),
        created_at: now,
        revoked_at: None,
        last_used_at: None,
    };
    repo::api_key::insert(uow, &key, &secret.hash().to_hex()).await?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_pass_the_policy() {
        for _ in 0..100 {
            let text = generated();
            assert_eq!(text.expose_secret().len(), 19);
            password_policy::accept(text.expose_secret(), "admin@demo.example").unwrap();
        }
        assert_ne!(generated().expose_secret(), generated().expose_secret());
    }
}
