//! `fairfall user create`: the way to the first admin, and to others for whoever may run commands on the machine.

use std::io::{BufRead, IsTerminal};

use fairfall_domain::access::{Action, Rank, RoleKind};
use fairfall_domain::user::{Seniority, User};
use fairfall_persistence::audit::{self, AuditOutcome, AuditRow};
use fairfall_persistence::{StoreError, repo};
use secrecy::SecretString;

use super::error::CliError;
use super::output::say;
use super::{RankArg, RoleArg, UserCreateArgs};
use crate::app::user::{UserInput, hash, read};
use crate::app::{App, AppError};
use crate::auth::password_policy;
use crate::clock::new_id;
use crate::config::Config;
use crate::startup::open_app;

/// The language of users whose language nobody told; they change it themselves.
const LANGUAGE: &str = "en";

/// Creates a user.
pub async fn create(config: &Config, args: &UserCreateArgs) -> Result<(), CliError> {
    let (role, rank) = (role_kind(args.role), rank(args.rank));
    if fairfall_domain::access::Role::restore(role, rank).is_none() {
        return Err(CliError::Usage(
            "--rank manager: only marketing, inside-sales, field-sales and customer-service have managers".to_owned(),
        ));
    }
    let app = open_app(config).await?;
    if repo::user::find_by_email_key(&app.store().reader(), &args.email.trim().to_lowercase()).await?.is_some() {
        return Err(taken(&args.email));
    }
    let password = if args.password_stdin { piped()? } else { asked(&args.email)? };
    let input = UserInput {
        email: args.email.clone(),
        name: args.name.clone(),
        role,
        rank,
        language: LANGUAGE.to_owned(),
        more_languages: Vec::new(),
        country: None,
        seniority: Seniority::Senior,
        password: Some(password),
        idempotency_key: None,
    };
    let user = read(&input, app.now()).map_err(AppError::from)?;
    let hash = hash(&app, input.password.as_ref()).await?;
    store(&app, &user, hash.as_deref(), &args.email).await?;
    app.store().close().await?;
    say(format!("{} was created with role {}.", user.email, user.role));
    Ok(())
}

fn taken(email: &str) -> CliError {
    CliError::Failed(format!("a user with the e-mail `{}` exists already", email.trim()))
}

/// Stores the user with its audit row. Nobody in particular did it: whoever may run commands here needs no account.
async fn store(app: &App, user: &User, hash: Option<&str>, email: &str) -> Result<(), CliError> {
    let now = app.now();
    let uow = app.store().begin().await?;
    let stored: Result<(), StoreError> = repo::user::insert(&uow, user, hash).await;
    stored.map_err(|error| if error.is_unique("user_account", &["email_key"]) { taken(email) } else { error.into() })?;
    let row = AuditRow {
        id: new_id(),
        at: now,
        actor: None,
        action: Action::ManageUser,
        subject_kind: "user".to_owned(),
        subject: Some(user.id.uuid()),
        request_id: None,
        outcome: AuditOutcome::Done,
        detail: None,
    };
    audit::append(&uow, &row).await?;
    Ok(uow.commit().await?)
}

/// The first line of standard input.
fn piped() -> Result<SecretString, CliError> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(CliError::Usage("--password-stdin: no password came from standard input".to_owned()));
    }
    Ok(password.into())
}

/// Asked for twice, not shown.
fn asked(email: &str) -> Result<SecretString, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::Usage("no terminal to ask for the password on: pipe it in with --password-stdin".to_owned()));
    }
    loop {
        let first = rpassword::prompt_password(format!("Password for {email} (12 characters or more): "))?;
        if let Err(fault) = password_policy::accept(&first, email) {
            say(format!("{fault}."));
            continue;
        }
        if rpassword::prompt_password("The same again: ")? == first {
            return Ok(first.into());
        }
        say("The two differ.");
    }
}

const fn role_kind(role: RoleArg) -> RoleKind {
    match role {
        RoleArg::Admin => RoleKind::Admin,
        RoleArg::Marketing => RoleKind::Marketing,
        RoleArg::InsideSales => RoleKind::InsideSales,
        RoleArg::FieldSales => RoleKind::FieldSales,
        RoleArg::CustomerService => RoleKind::CustomerService,
        RoleArg::Analyst => RoleKind::Analyst,
        RoleArg::Partner => RoleKind::Partner,
    }
}

const fn rank(rank: RankArg) -> Rank {
    match rank {
        RankArg::Member => Rank::Member,
        RankArg::Manager => Rank::Manager,
    }
}
