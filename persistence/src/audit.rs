//! The audit trail: who did or tried what, and how that ended.

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant, Scope};
use fairfall_domain::id::UserId;
use sea_orm::Value;
use uuid::Uuid;

use crate::error::StoreError;
use crate::mapper::lead::text;
use crate::mapper::stored::Stored;
use crate::page::{Direction, Key, KeyKind, Keyset, Page, PageArgs};
use crate::readable::Readable;
use crate::sql::{Columns, Sql};
use crate::unit_of_work::UnitOfWork;
use crate::write::{Part, together};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuditOutcome {
    /// It was done.
    Done,
    /// It had been done before.
    AlreadyDone,
    /// The rules refused it.
    Refused,
    /// The actor may not do it.
    Denied,
}

impl AuditOutcome {
    /// The stored code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "DONE",
            Self::AlreadyDone => "ALREADY_DONE",
            Self::Refused => "REFUSED",
            Self::Denied => "DENIED",
        }
    }

    fn parse(code: &str) -> Option<Self> {
        [Self::Done, Self::AlreadyDone, Self::Refused, Self::Denied].into_iter().find(|outcome| outcome.as_str() == code)
    }
}

/// One row of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: Uuid,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Who; nobody when it happened by itself.
    pub actor: Option<UserId>,
    /// What was done or tried.
    pub action: Action,
    /// The kind of thing, as the prefix of its id.
    pub subject_kind: String,
    /// The thing, if there is one.
    pub subject: Option<Uuid>,
    /// The request it came with.
    pub request_id: Option<String>,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Codes and figures that explain it; never personal data.
    pub detail: Option<serde_json::Value>,
}

const COLUMNS: &[&str] = &["id", "at", "actor_id", "action", "subject_kind", "subject_id", "request_id", "outcome", "detail"];

fn values(row: &AuditRow) -> Vec<Value> {
    vec![
        row.id.into(),
        row.at.into(),
        row.actor.map(UserId::uuid).into(),
        text(&row.action),
        row.subject_kind.clone().into(),
        row.subject.into(),
        row.request_id.as_deref().map(cut).into(),
        row.outcome.as_str().into(),
        row.detail.as_ref().map(ToString::to_string).into(),
    ]
}

/// A caller may send any request id; what is kept of it fits its column.
fn cut(request_id: &str) -> String {
    request_id.chars().take(64).collect()
}

/// Rows to be written with what they tell of.
pub(crate) fn part(rows: &[AuditRow]) -> Part {
    Part::insert("audit", COLUMNS, rows.iter().map(values).collect())
}

/// Adds a row.
///
/// # Errors
/// As the database tells.
pub async fn append(uow: &UnitOfWork, row: &AuditRow) -> Result<(), StoreError> {
    together(uow, vec![part(std::slice::from_ref(row))]).await
}

/// Which rows are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this thing.
    pub subject: Option<Uuid>,
    /// By this user.
    pub actor: Option<UserId>,
}

const NEWEST_FIRST: Keyset =
    Keyset { name: "audit.at", columns: &[("at", KeyKind::Time), ("id", KeyKind::Id)], direction: Direction::Descending };

/// A page of the trail, the newest first. Whose permission does not reach everything sees what they did themselves.
///
/// # Errors
/// [`StoreError::ForeignCursor`], [`StoreError::Corrupt`], or as the database tells.
pub async fn page(
    on: &impl Readable,
    grant: &Grant,
    filter: &AuditFilter,
    args: &PageArgs,
) -> Result<Page<AuditRow>, StoreError> {
    let mut sql =
        Sql::new("SELECT id, at, actor_id, action, subject_kind, subject_id, request_id, outcome, detail FROM audit WHERE 1 = 1");
    match grant.scope() {
        Scope::All => {}
        Scope::Own | Scope::Pool | Scope::Team | Scope::Department => {
            sql.push(" AND actor_id = ").bind(grant.user().map(UserId::uuid));
        }
    }
    if let Some(subject) = filter.subject {
        sql.push(" AND subject_id = ").bind(subject);
    }
    if let Some(actor) = filter.actor {
        sql.push(" AND actor_id = ").bind(actor.uuid());
    }
    NEWEST_FIRST.restrict(&mut sql, args)?;
    NEWEST_FIRST.order(&mut sql, args);
    let rows: Result<Vec<AuditRow>, StoreError> = sql.all(on).await?.iter().map(|row| read(&mut Columns::of(row))).collect();
    let keyed = rows?.into_iter().map(|row| (vec![Key::Time(row.at), Key::Id(row.id)], row)).collect();
    Ok(NEWEST_FIRST.page(args, keyed))
}

fn read(row: &mut Columns<'_>) -> Result<AuditRow, StoreError> {
    let id: Uuid = row.next()?;
    let stored = Stored::new("audit", id);
    Ok(AuditRow {
        id,
        at: row.next()?,
        actor: row.next::<Option<Uuid>>()?.map(UserId::from),
        action: stored.text("action", &row.next::<String>()?)?,
        subject_kind: row.next()?,
        subject: row.next()?,
        request_id: row.next()?,
        outcome: AuditOutcome::parse(&row.next::<String>()?).ok_or_else(|| stored.corrupt("outcome"))?,
        detail: row.next::<Option<String>>()?.map(|json| stored.json("detail", &json)).transpose()?,
    })
}
