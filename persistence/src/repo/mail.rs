//! Mails on their way. A mail is stored with what it tells of, and sent after the commit by whichever node takes it first.
//!
//! INVARIANT: a mail that waits is held by one node at a time: taking it moves its due time into the future, and what came of it is written only
//! by the node whose try it still is. A node that dies meanwhile leaves the mail to the others, once that time has come.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::id::{OptInId, PersonId, UserId};
use fairfall_domain::mail::{MailFault, MailKind, MailState};
use fairfall_domain::value::EmailAddress;
use sea_orm::{ColumnTrait, EntityTrait, NotSet, QueryFilter, Set};
use uuid::Uuid;

use crate::entity::mail_outbox::{ActiveModel, Column, Entity, Model};
use crate::error::StoreError;
use crate::mapper::rows::models;
use crate::mapper::stored::{Stored, to_count};
use crate::readable::Readable;
use crate::repo::locks::skip_locked;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, bulk};

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// Stable identity; the mail's own message id is made of it, so that a second copy is known as one.
    pub id: Uuid,
    /// What it is for.
    pub kind: MailKind,
    /// The person who gets it, when it is none of ours.
    pub person: Option<PersonId>,
    /// The colleague who gets it.
    pub user: Option<UserId>,
    /// The request it belongs to.
    pub opt_in: Option<OptInId>,
    /// Where it goes.
    pub recipient: EmailAddress,
    /// What the text is made of.
    pub content: serde_json::Value,
    /// A digest of recipient and content, which stays.
    pub digest: String,
    /// After this it is not sent any more.
    pub expires_at: DateTime<Utc>,
}

/// A mail that one node holds to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldMail {
    /// Stable identity.
    pub id: Uuid,
    /// What it is for.
    pub kind: MailKind,
    /// Where it goes.
    pub recipient: EmailAddress,
    /// What the text is made of.
    pub content: serde_json::Value,
    /// The number of this try, from 1.
    pub tries: u32,
    /// Why the try before failed.
    pub fault: Option<MailFault>,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// A mail server took it.
    Sent,
    /// It failed and is tried again.
    Again {
        /// Why it failed.
        fault: MailFault,
        /// When.
        at: DateTime<Utc>,
    },
    /// It failed for good.
    Dead {
        /// Why it failed.
        fault: MailFault,
    },
}

/// How full the outbox is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Mails that wait, counted to 10,000.
    pub waiting: u64,
    /// When the oldest of them was written.
    pub oldest: Option<DateTime<Utc>>,
    /// Mails given up within the last week, counted to 10,000.
    pub dead: u64,
}

/// Where the counts of [`outbox`] end.
const COUNTED_MAX: u32 = 10_000;

/// How long given up mails are told of.
const DEAD_TOLD: TimeDelta = TimeDelta::days(7);

/// Stores a mail that waits to be sent at once.
///
/// # Errors
/// When the database fails.
pub async fn insert(uow: &UnitOfWork, mail: &NewMail, now: DateTime<Utc>) -> Result<(), StoreError> {
    insert_many(uow, std::slice::from_ref(mail), now).await
}

/// Stores mails that wait to be sent at once.
///
/// # Errors
/// When the database fails.
pub async fn insert_many(uow: &UnitOfWork, mails: &[NewMail], now: DateTime<Utc>) -> Result<(), StoreError> {
    if mails.is_empty() {
        return Ok(());
    }
    let rows: Vec<Model> = mails.iter().map(|mail| waiting(mail, now)).collect();
    bulk(uow, Part::insert_models("mail_outbox", &rows)).await
}

fn waiting(mail: &NewMail, now: DateTime<Utc>) -> Model {
    Model {
        id: mail.id,
        kind: mail.kind.to_string(),
        person_id: mail.person.map(PersonId::uuid),
        user_id: mail.user.map(UserId::uuid),
        optin_id: mail.opt_in.map(OptInId::uuid),
        recipient: Some(mail.recipient.to_string()),
        content: Some(mail.content.to_string()),
        digest: mail.digest.clone(),
        state: MailState::Waiting.to_string(),
        tries: 0,
        due_at: now,
        expires_at: mail.expires_at,
        created_at: now,
        closed_at: None,
        fault: None,
    }
}

/// Takes mails that are due, the longest waiting first, for `held` from now. Commit before sending.
///
/// # Errors
/// When the database fails or holds a corrupt row.
pub async fn take(uow: &UnitOfWork, now: DateTime<Utc>, held: TimeDelta, limit: u32) -> Result<Vec<HeldMail>, StoreError> {
    let mut sql = Sql::new("UPDATE mail_outbox SET tries = tries + 1, due_at = ");
    sql.bind(now + held).push(" WHERE id IN (SELECT id FROM mail_outbox WHERE state = 'WAITING' AND due_at <= ").bind(now);
    sql.push(" ORDER BY due_at, id LIMIT ").push(&limit.to_string()).push(skip_locked(uow)).push(") RETURNING *");
    models::<Model>(&sql.all(uow).await?)?.into_iter().map(held_mail).collect()
}

fn held_mail(row: Model) -> Result<HeldMail, StoreError> {
    let stored = Stored::new("mail_outbox", row.id);
    let recipient = row.recipient.ok_or_else(|| stored.corrupt("recipient"))?;
    let content = row.content.ok_or_else(|| stored.corrupt("content"))?;
    Ok(HeldMail {
        id: row.id,
        kind: stored.text("kind", &row.kind)?,
        recipient: stored.text("recipient", &recipient)?,
        content: stored.json("content", &content)?,
        tries: stored.count("tries", row.tries)?,
        fault: stored.maybe("fault", row.fault.as_deref())?,
    })
}

/// Writes what came of a try; false when the mail is not this try's any more. A mail that is done with loses its recipient and content.
///
/// # Errors
/// When the database fails.
pub async fn tried(uow: &UnitOfWork, mail: &HeldMail, outcome: Tried, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let change = match outcome {
        Tried::Sent => closing(MailState::Sent, None, now),
        Tried::Dead { fault } => closing(MailState::Dead, Some(fault), now),
        Tried::Again { fault, at } => ActiveModel { due_at: Set(at), fault: Set(Some(fault.to_string())), ..Default::default() },
    };
    let ours = Entity::update_many().set(change).filter(Column::Id.eq(mail.id)).filter(Column::Tries.eq(to_count(mail.tries)?));
    Ok(ours.filter(Column::State.eq(MailState::Waiting.as_str())).exec(uow.conn()).await?.rows_affected > 0)
}

fn closing(state: MailState, fault: Option<MailFault>, at: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        state: Set(state.to_string()),
        recipient: Set(None),
        content: Set(None),
        closed_at: Set(Some(at)),
        fault: fault.map_or(NotSet, |fault| Set(Some(fault.to_string()))),
        ..Default::default()
    }
}

/// Gives up the mails whose time is over before they could be sent; tells how many.
///
/// # Errors
/// When the database fails.
pub async fn expire(uow: &UnitOfWork, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let over = Entity::update_many().set(closing(MailState::Expired, None, now)).filter(Column::ExpiresAt.lte(now));
    Ok(over.filter(Column::State.eq(MailState::Waiting.as_str())).exec(uow.conn()).await?.rows_affected)
}

/// Takes the mails of a request back that are still waiting.
///
/// # Errors
/// When the database fails.
pub async fn cancel(uow: &UnitOfWork, opt_in: OptInId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mails = Entity::update_many().set(closing(MailState::Cancelled, None, now)).filter(Column::OptinId.eq(opt_in.uuid()));
    mails.filter(Column::State.eq(MailState::Waiting.as_str())).exec(uow.conn()).await?;
    Ok(())
}

/// Forgets at most `limit` mails to colleagues that were closed before a time; tells how many. Those that asked for consent stay: they belong to
/// its proof.
///
/// What was closed before a time was also written before it, so that the index on when mails were written leads to the old ones.
///
/// # Errors
/// When the database fails.
pub async fn prune(uow: &UnitOfWork, closed_before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
    let mut sql = Sql::new("DELETE FROM mail_outbox WHERE id IN (SELECT id FROM mail_outbox WHERE kind = ");
    sql.bind(MailKind::SlaNotice.as_str()).push(" AND closed_at < ").bind(closed_before);
    sql.push(" AND created_at < ").bind(closed_before).push(" ORDER BY created_at LIMIT ").push(&limit.to_string()).push(")");
    sql.run(uow).await
}

/// How full the outbox is.
///
/// # Errors
/// When the database fails.
pub async fn outbox(on: &impl Readable, now: DateTime<Utc>) -> Result<Outbox, StoreError> {
    let mut sql = Sql::new("SELECT (SELECT count(*) FROM (SELECT 1 FROM mail_outbox WHERE state = 'WAITING' LIMIT ");
    sql.push(&COUNTED_MAX.to_string()).push(") AS waiting), (SELECT min(created_at) FROM mail_outbox WHERE state = 'WAITING'), ");
    sql.push("(SELECT count(*) FROM (SELECT 1 FROM mail_outbox WHERE state = 'DEAD' AND created_at > ").bind(now - DEAD_TOLD);
    sql.push(" LIMIT ").push(&COUNTED_MAX.to_string()).push(") AS dead)");
    let Some(row) = sql.one(on).await? else { return Ok(Outbox::default()) };
    let mut columns = Columns::of(&row);
    let (waiting, oldest, dead): (i64, Option<DateTime<Utc>>, i64) = (columns.next()?, columns.next()?, columns.next()?);
    Ok(Outbox { waiting: u64::try_from(waiting).unwrap_or(0), oldest, dead: u64::try_from(dead).unwrap_or(0) })
}
