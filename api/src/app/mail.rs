//! Mails: written with what they tell of, in the same unit of work, and sent afterwards by whichever node takes them.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::consent::{ContactChannel, OptIn, Purpose};
use fairfall_domain::id::{LeadId, OptInId, PersonId};
use fairfall_domain::mail::{MailFault, MailKind, retry_at};
use fairfall_domain::notification::{Notification, NotificationContent, NotificationKind};
use fairfall_domain::value::{EmailAddress, LanguageTag, LongText};
use fairfall_persistence::repo::escalation::Recipient;
use fairfall_persistence::repo::mail::{HeldMail, NewMail, Outbox, Tried};
use fairfall_persistence::{UnitOfWork, repo};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{App, AppError};
use crate::auth::link::LinkToken;
use crate::clock::new_id;

/// How long a node may take over the mails it holds. Far longer than the mail server has to answer, so that nobody sends a mail twice.
const HELD: TimeDelta = TimeDelta::minutes(10);

/// What the mail that asks for consent is made of. It is kept in the outbox alone, until the mail is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRequestMail {
    /// The language to write in.
    pub language: LanguageTag,
    /// What for.
    pub purpose: Purpose,
    /// Over which channels.
    pub channels: Vec<ContactChannel>,
    /// The text that the person agrees to.
    pub text: Option<LongText>,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
    /// The secret of the link that gives consent.
    pub confirm: String,
    /// The secret of the link that takes it back.
    pub withdraw: String,
}

impl ConsentRequestMail {
    /// The mail for a request, with the secrets that give consent and take it back.
    pub(super) fn new(opt_in: &OptIn, language: LanguageTag, links: (&LinkToken, &LinkToken)) -> Self {
        Self {
            language,
            purpose: opt_in.purpose,
            channels: opt_in.channels.clone(),
            text: opt_in.proof.text.clone(),
            expires_at: opt_in.expires_at,
            confirm: links.0.expose().to_owned(),
            withdraw: links.1.expose().to_owned(),
        }
    }
}

/// Writes a mail into the outbox. It is not sent any more once the request is over.
pub(super) async fn post(
    uow: &UnitOfWork,
    to: (PersonId, EmailAddress),
    opt_in: OptInId,
    mail: &ConsentRequestMail,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let (person, recipient) = to;
    let content = serde_json::to_value(mail).map_err(AppError::internal)?;
    let digest = digest(&recipient, &content);
    let new = NewMail {
        id: new_id(),
        kind: MailKind::ConsentRequest,
        person: Some(person),
        user: None,
        opt_in: Some(opt_in),
        recipient,
        content,
        digest,
        expires_at: mail.expires_at,
    };
    Ok(repo::mail::insert(uow, &new, now).await?)
}

/// For how long a mail about a promise is worth sending.
const NOTICE_LIVES: TimeDelta = TimeDelta::days(7);

/// What the mail that tells a colleague of a promise is made of: codes and ids, as the notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlaNoticeMail {
    /// The language to write in.
    pub language: LanguageTag,
    /// What is told.
    pub kind: NotificationKind,
    /// What the words are made of.
    pub content: NotificationContent,
    /// The lead.
    pub lead: Option<LeadId>,
}

impl SlaNoticeMail {
    /// The mail for a notification.
    pub(super) fn new(recipient: &Recipient, told: &Notification) -> Self {
        Self { language: recipient.language.clone(), kind: told.kind, content: told.content.clone(), lead: told.lead }
    }
}

/// Writes mails to colleagues into the outbox.
pub(super) async fn post_notices(
    uow: &UnitOfWork,
    mails: &[(&Recipient, SlaNoticeMail)],
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let new = mails.iter().map(|(to, mail)| {
        let content = serde_json::to_value(mail).map_err(AppError::internal)?;
        Ok(NewMail {
            id: new_id(),
            kind: MailKind::SlaNotice,
            person: None,
            user: Some(to.user),
            opt_in: None,
            digest: digest(&to.email, &content),
            recipient: to.email.clone(),
            content,
            expires_at: now + NOTICE_LIVES,
        })
    });
    let new: Result<Vec<NewMail>, AppError> = new.collect();
    Ok(repo::mail::insert_many(uow, &new?, now).await?)
}

/// A digest of where a mail goes and what is in it.
fn digest(recipient: &EmailAddress, content: &serde_json::Value) -> String {
    hex::encode(Sha256::digest(format!("{recipient}\0{content}").as_bytes()))
}

/// Takes mails that are due, at most `limit`, and gives up those whose time is over. Each of them must be answered for with [`answer`].
pub async fn take(app: &App, limit: u32) -> Result<Vec<HeldMail>, AppError> {
    let now = app.now();
    app.store()
        .transact(move |uow| {
            Box::pin(async move {
                repo::mail::expire(uow, now).await?;
                Ok::<_, AppError>(repo::mail::take(uow, now, HELD, limit).await?)
            })
        })
        .await
}

/// Gives up the mails whose time is over before they could be sent; tells how many.
pub async fn expire(app: &App) -> Result<u64, AppError> {
    let now = app.now();
    app.store().transact(move |uow| Box::pin(async move { Ok::<_, AppError>(repo::mail::expire(uow, now).await?) })).await
}

/// Writes what came of a try: a passing fault is tried again, with longer and longer waits between, until the mail's time is over.
pub async fn answer(app: &App, mail: &HeldMail, fault: Option<MailFault>) -> Result<Tried, AppError> {
    let now = app.now();
    let outcome = match fault {
        None => Tried::Sent,
        Some(fault) => match retry_at(mail.tries, mail.fault, fault, now) {
            Some(at) => Tried::Again { fault, at },
            None => Tried::Dead { fault },
        },
    };
    let held = mail.clone();
    app.store()
        .transact(move |uow| {
            let held = held.clone();
            Box::pin(async move { Ok::<_, AppError>(repo::mail::tried(uow, &held, outcome, now).await?) })
        })
        .await?;
    Ok(outcome)
}

/// How full the outbox is.
pub async fn outbox(app: &App) -> Result<Outbox, AppError> {
    Ok(repo::mail::outbox(&app.reader(), app.now()).await?)
}
