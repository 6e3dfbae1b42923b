//! Users: who works with Fairfall, in which role.

use fairfall_domain::access::{Action, Rank, Role, RoleKind};
use fairfall_domain::change::Change;
use fairfall_domain::id::UserId;
use fairfall_domain::user::{Seniority, User, UserStatus};
use fairfall_domain::value::{CountryCode, EmailAddress, LanguageTag, ShortText};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_persistence::repo;
use fairfall_persistence::repo::session::EndReason;
use fairfall_persistence::repo::user::UserFilter;
use fairfall_persistence::{Page, PageArgs, UnitOfWork};
use secrecy::{ExposeSecret, SecretString};

use crate::auth::password_policy;
use crate::clock::new_id;

use super::idempotency::{Keyed, Once, once};
use super::{App, AppError, Caller, Rejection};

/// The most languages a user speaks beside the first.
pub const LANGUAGES_MAX: usize = 20;

/// A user as typed.
#[derive(Clone, Debug)]
pub struct UserInput {
    /// E-mail address; the name to sign in with.
    pub email: String,
    /// The name shown to colleagues.
    pub name: String,
    /// The role.
    pub role: RoleKind,
    /// Member or manager; managers exist in departments only.
    pub rank: Rank,
    /// First language.
    pub language: String,
    /// Further languages.
    pub more_languages: Vec<String>,
    /// Country of work.
    pub country: Option<String>,
    /// Junior or senior.
    pub seniority: Seniority,
    /// The first password; none for accounts that cannot sign in yet.
    pub password: Option<SecretString>,
    /// Makes a retry harmless.
    pub idempotency_key: Option<String>,
}

/// Changes of a user.
#[derive(Clone, Debug)]
pub struct UserPatch {
    /// Who.
    pub user: UserId,
    /// The version the caller read.
    pub expected_version: Option<u32>,
    /// The name.
    pub name: Change<String>,
    /// The role.
    pub role: Option<RoleKind>,
    /// The rank.
    pub rank: Option<Rank>,
    /// Active or disabled.
    pub status: Option<UserStatus>,
    /// First language.
    pub language: Change<String>,
    /// Further languages.
    pub more_languages: Option<Vec<String>>,
    /// Country of work.
    pub country: Change<String>,
    /// Junior or senior.
    pub seniority: Option<Seniority>,
}

/// The caller as a user.
pub async fn viewer(app: &App, caller: &Caller) -> Result<User, AppError> {
    let found = repo::user::find_credentials(&app.reader(), caller.actor.user).await?;
    Ok(found.ok_or(AppError::Unauthenticated)?.user)
}

/// Several users, in no order; those the caller may not see are left out.
pub async fn find_many(app: &App, caller: &Caller, ids: &[UserId]) -> Result<Vec<User>, AppError> {
    let Some(grant) = caller.may(Action::ViewUser) else { return Ok(Vec::new()) };
    Ok(repo::user::find_many(&app.reader(), &grant, ids).await?)
}

/// A page of users, oldest accounts first.
#[tracing::instrument(name = "app.user.page", skip_all)]
pub async fn page(app: &App, caller: &Caller, filter: UserFilter, args: &PageArgs) -> Result<Page<User>, AppError> {
    let Some(grant) = caller.may(Action::ViewUser) else { return Ok(Page::empty()) };
    Ok(repo::user::page(&app.reader(), &grant, filter, args).await?)
}

/// Whether the caller may see e-mail addresses of a user: its own, or as one who manages users.
pub fn sees_email(caller: &Caller, user: UserId) -> bool {
    caller.actor.user == user || caller.may(Action::ManageUser).is_some()
}

/// Reads a user.
///
/// # Errors
/// All faults at once.
pub fn read(input: &UserInput, now: chrono::DateTime<chrono::Utc>) -> Result<User, Violations> {
    let mut faults = Violations::new();
    let email = faults.check_required("email", Some(&input.email), EmailAddress::parse);
    let name = faults.check_required("name", Some(&input.name), ShortText::parse);
    let role = read_role(&mut faults, input.role, input.rank);
    let language = faults.check_required("language", Some(&input.language), LanguageTag::parse);
    let more_languages = read_languages(&mut faults, &input.more_languages);
    let country = faults.check_optional("country", input.country.as_deref(), CountryCode::parse);
    if let Some(password) = &input.password
        && let Err(fault) = password_policy::accept(password.expose_secret(), &input.email)
    {
        faults.add("password", ViolationCode::OutOfRange, fault.to_string());
    }
    let (Some(email), Some(name), Some(role), Some(language)) = (email, name, role, language) else { return Err(faults) };
    faults.into_result()?;
    Ok(User {
        id: new_id(),
        version: 1,
        email,
        name,
        role,
        language,
        more_languages,
        country,
        seniority: input.seniority,
        status: UserStatus::Active,
        created_at: now,
        updated_at: now,
    })
}

fn read_role(faults: &mut Violations, kind: RoleKind, rank: Rank) -> Option<Role> {
    let role = Role::restore(kind, rank);
    if role.is_none() {
        faults.add("rank", ViolationCode::Conflict, format!("role `{kind}` has no `{rank}`"));
    }
    role
}

fn read_languages(faults: &mut Violations, typed: &[String]) -> Vec<LanguageTag> {
    if typed.len() > LANGUAGES_MAX {
        faults.add("moreLanguages", ViolationCode::TooLong, format!("at most {LANGUAGES_MAX} languages are allowed"));
    }
    typed.iter().filter_map(|text| faults.check("moreLanguages", LanguageTag::parse(text))).collect()
}

/// Stores a new user.
///
/// # Errors
/// All faults at once; `Taken` when the e-mail address is.
#[tracing::instrument(name = "app.user.create", skip_all)]
pub async fn create(app: &App, caller: &Caller, input: UserInput) -> Result<User, AppError> {
    caller.must(Action::ManageUser)?;
    let keyed = Keyed::read(input.idempotency_key.as_deref(), &input)?;
    let now = app.now();
    let user = read(&input, now)?;
    let hash = hash(app, input.password.as_ref()).await?;
    let created = app
        .store()
        .transact(move |uow| {
            let (caller, keyed, user, hash) = (caller.clone(), keyed.clone(), user.clone(), hash.clone());
            Box::pin(async move {
                let work = || async {
                    let stored = repo::user::insert(uow, &user, hash.as_deref()).await;
                    stored.map_err(|error| AppError::taken(error, "user_account", &["email_key"], "email"))?;
                    caller.audit(uow, Action::ManageUser, "user", user.id.uuid(), now).await?;
                    Ok((user.id, user.clone()))
                };
                match once::<UserId, _, _>(uow, &caller, "userCreate", keyed.as_ref(), now, work).await? {
                    Once::New(user) => Ok(user),
                    Once::Before(id) => {
                        let grant = caller.must(Action::ManageUser)?;
                        repo::user::find(uow, &grant, id).await?.ok_or_else(|| AppError::not_found("idempotencyKey"))
                    }
                }
            })
        })
        .await?;
    app.forget_rules();
    Ok(created)
}

/// The hash of a password that passed the policy.
///
/// # Errors
/// When hashing fails.
pub async fn hash(app: &App, password: Option<&SecretString>) -> Result<Option<String>, AppError> {
    match password {
        Some(password) => Ok(Some(app.0.passwords.hash(password).await.map_err(AppError::internal)?)),
        None => Ok(None),
    }
}

/// Changes a user. Disabling ends all sessions; a change of role acts with the next request.
///
/// # Errors
/// All faults at once; `NotFound`, `VersionConflict`; nobody disables or demotes itself.
#[tracing::instrument(name = "app.user.update", skip_all)]
pub async fn update(app: &App, caller: &Caller, patch: UserPatch) -> Result<User, AppError> {
    let grant = caller.must(Action::ManageUser)?;
    let now = app.now();
    let patch = std::sync::Arc::new(patch);
    let updated = app
        .store()
        .transact(move |uow| {
            let (caller, grant, patch) = (caller.clone(), grant.clone(), patch.clone());
            Box::pin(async move {
                let seen = repo::user::find(uow, &grant, patch.user).await?.ok_or_else(|| AppError::not_found("user"))?;
                let expected = patch.expected_version.unwrap_or(seen.version);
                if expected != seen.version {
                    return Err(Rejection::VersionConflict { current: Some(seen.version) }.into());
                }
                let changed = revise(&seen, &patch, now)?;
                let own_power = changed.role != seen.role || !changed.is_active();
                if seen.id == caller.actor.user && own_power {
                    return Err(Violations::one("user", ViolationCode::Conflict, "nobody disables or demotes itself").into());
                }
                repo::user::update(uow, &changed, expected).await?;
                if changed.role.department() != seen.role.department() {
                    leave_teams(uow, changed.id, now).await?;
                }
                if !changed.is_active() {
                    repo::session::end_all_of_user(uow, changed.id, EndReason::UserDisabled, now).await?;
                }
                caller.audit(uow, Action::ManageUser, "user", changed.id.uuid(), now).await?;
                Ok::<_, AppError>(changed)
            })
        })
        .await?;
    app.forget_rules();
    app.forget_sessions();
    Ok(updated)
}

/// Who changes department leaves the teams of the old one; else it would go on seeing their leads.
async fn leave_teams(uow: &UnitOfWork, user: UserId, now: chrono::DateTime<chrono::Utc>) -> Result<(), AppError> {
    let of = repo::team::teams_of(uow, user).await?;
    let all: std::collections::BTreeSet<_> = of.teams.into_iter().chain(of.managed).collect();
    for team in all {
        repo::team::remove_member(uow, team, user, now).await?;
    }
    Ok(())
}

fn revise(seen: &User, patch: &UserPatch, now: chrono::DateTime<chrono::Utc>) -> Result<User, Violations> {
    let mut faults = Violations::new();
    let name = required(&mut faults, "name", &patch.name, &seen.name, ShortText::parse);
    let language = required(&mut faults, "language", &patch.language, &seen.language, LanguageTag::parse);
    let kind = patch.role.unwrap_or_else(|| seen.role.kind());
    let rank = patch.rank.or_else(|| patch.role.is_none().then(|| seen.role.rank())).unwrap_or(Rank::Member);
    let role = read_role(&mut faults, kind, rank);
    let more_languages =
        patch.more_languages.as_ref().map_or_else(|| seen.more_languages.clone(), |typed| read_languages(&mut faults, typed));
    let country = match &patch.country {
        Change::Keep => seen.country,
        Change::Clear => None,
        Change::Set(text) => faults.check_optional("country", Some(text), CountryCode::parse),
    };
    faults.into_result()?;
    Ok(User {
        version: seen.version.saturating_add(1),
        name: name.unwrap_or_else(|| seen.name.clone()),
        language: language.unwrap_or_else(|| seen.language.clone()),
        role: role.unwrap_or(seen.role),
        more_languages,
        country,
        seniority: patch.seniority.unwrap_or(seen.seniority),
        status: patch.status.unwrap_or(seen.status),
        updated_at: now,
        ..seen.clone()
    })
}

/// A required field after its patch.
pub(super) fn required<T: Clone>(
    faults: &mut Violations,
    field: &str,
    patch: &Change<String>,
    seen: &T,
    parse: impl FnOnce(&str) -> Result<T, fairfall_domain::value::ValueError>,
) -> Option<T> {
    match patch {
        Change::Keep => Some(seen.clone()),
        Change::Clear => faults.check_required(field, None, parse),
        Change::Set(text) => faults.check_required(field, Some(text), parse),
    }
}

/// Sets a password: the caller's own with the current one, or another's by those who manage users. All other sessions of that user end.
///
/// # Errors
/// All faults at once; `BadCredentials` when the current password is wrong; `NotFound`.
#[tracing::instrument(name = "app.user.set_password", skip_all)]
pub async fn set_password(
    app: &App,
    caller: &Caller,
    user: UserId,
    new: SecretString,
    current: Option<SecretString>,
) -> Result<(), AppError> {
    let own = caller.actor.user == user;
    if !own {
        caller.must(Action::ManageUser)?;
    }
    let found = repo::user::find_credentials(&app.reader(), user).await?.ok_or_else(|| AppError::not_found("user"))?;
    if own {
        let stored = found.password_hash.ok_or(Rejection::BadCredentials)?;
        let current = current.ok_or_else(|| Violations::one("current", ViolationCode::Required, "must be given"))?;
        let verified = app.0.passwords.verify_and_upgrade(&current, &stored).await.map_err(AppError::internal)?;
        if !verified.matches {
            return Err(Rejection::BadCredentials.into());
        }
    }
    let accepted = password_policy::accept(new.expose_secret(), found.user.email.as_str());
    let accepted = accepted.map_err(|fault| Violations::one("new", ViolationCode::OutOfRange, fault.to_string()))?;
    let hash = app.0.passwords.hash(&accepted).await.map_err(AppError::internal)?;
    let (now, caller) = (app.now(), caller.clone());
    app.store()
        .transact(move |uow| {
            let (hash, caller) = (hash.clone(), caller.clone());
            Box::pin(async move {
                repo::user::set_password_hash(uow, user, &hash, now).await?;
                repo::session::end_all_of_user(uow, user, EndReason::PasswordChanged, now).await?;
                caller.audit(uow, Action::ManageUser, "user", user.uuid(), now).await
            })
        })
        .await?;
    app.forget_sessions();
    Ok(())
}
