//! What use cases answer when they do not do what was asked.

use super::enrichment::ProviderFault;
use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::AgreementRefusal;
use fairfall_domain::id::LeadId;
use fairfall_domain::merging::MergeRefusal;
use fairfall_domain::violation::{Violation, Violations};
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_persistence::{Retryable, StoreError, Wait};

/// An expected answer: the caller can do something about it. Mutations carry it in their payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// A field of the input is wrong.
    Invalid(Violation),
    /// The waterfall does not allow it.
    Refused(Refusal),
    /// The role does not cover it, on something that the caller may see.
    NotAllowed {
        /// The action of the access table.
        action: Action,
    },
    /// It does not exist, or the caller may not know of it.
    NotFound {
        /// The field that names it.
        field: String,
    },
    /// Somebody else changed it since the caller read it.
    VersionConflict {
        /// The version it has now, if it still exists.
        current: Option<u32>,
    },
    /// What was looked at would come out otherwise now.
    PlanChanged {
        /// The digest of the plan as it is now.
        digest: String,
    },
    /// The person has an open lead for the same product area.
    DuplicateLead {
        /// That lead, if the caller may see it.
        existing: Option<LeadId>,
    },
    /// A unique key is taken.
    Taken {
        /// The field that carries it.
        field: String,
    },
    /// The idempotency key was used for a different request.
    IdempotencyKeyReused,
    /// The request with this idempotency key is being worked on.
    IdempotencyInProgress {
        /// When to ask again, in seconds.
        retry_after_s: u32,
    },
    /// Two records are not merged, or a merge is not taken back.
    MergeRefused(MergeRefusal),
    /// An agreement is not drafted, changed, proposed or signed.
    AgreementRefused(AgreementRefusal),
    /// A legal reason keeps the data.
    OnHold {
        /// Since when, UTC.
        since: DateTime<Utc>,
    },
    /// The data provider gave no answer.
    ProviderFailed(ProviderFault),
    /// A colleague took the customer over first.
    TakenByColleague,
    /// Unknown address or wrong password; which of them is not told.
    BadCredentials,
    /// Too many failed tries.
    Throttled {
        /// When the next try is accepted, UTC.
        until: DateTime<Utc>,
    },
    /// The person was asked for consent too often.
    AskedTooOften {
        /// When the person can be asked again, UTC.
        until: DateTime<Utc>,
    },
    /// The session has ended or the refresh token is not valid any more.
    SessionExpired,
}

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Unauthenticated,
    /// Expected answers, at least one.
    #[error("rejected")]
    Rejected(Vec<Rejection>),
    /// The cursor of an event stream is older than what is kept.
    #[error("the cursor has expired")]
    CursorExpired,
    /// The database cannot be reached or is in contention; asking again may help.
    #[error("unavailable")]
    Unavailable {
        /// When to ask again, in seconds.
        retry_after_s: u32,
    },
    /// A promised time ran out.
    #[error("timed out")]
    Timeout,
    /// Another transaction was in the way; `transact` does the work again before anybody sees this.
    #[error("contended")]
    Contended(#[source] StoreError),
    /// A fault of ours.
    #[error("internal fault")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl AppError {
    /// A fault of ours.
    pub fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(error.into())
    }

    /// Something the caller named does not exist for it.
    pub fn not_found(field: &str) -> Self {
        Rejection::NotFound { field: field.to_owned() }.into()
    }

    /// Turns the breach of a unique constraint into `Taken`.
    pub(super) fn taken(error: StoreError, table: &str, columns: &[&str], field: &str) -> Self {
        if error.is_unique(table, columns) { Rejection::Taken { field: field.to_owned() }.into() } else { error.into() }
    }
}

impl From<Rejection> for AppError {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(vec![rejection])
    }
}

impl From<Violations> for AppError {
    fn from(violations: Violations) -> Self {
        Self::Rejected(violations.into_iter().map(Rejection::Invalid).collect())
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        Rejection::Refused(refusal).into()
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::VersionConflict { current } => Rejection::VersionConflict { current }.into(),
            StoreError::ForeignCursor => {
                let violation = Violations::one(
                    "after",
                    fairfall_domain::violation::ViolationCode::Malformed,
                    "the cursor is of another list or order",
                );
                violation.into()
            }
            StoreError::Unavailable(_) | StoreError::Timeout(Wait::Connection) => Self::Unavailable { retry_after_s: 1 },
            StoreError::Timeout(_) => Self::Timeout,
            StoreError::Conflict(_) => Self::Contended(error),
            StoreError::Unique { .. } | StoreError::Corrupt { .. } | StoreError::Database(_) => Self::internal(error),
        }
    }
}

impl Retryable for AppError {
    fn is_conflict(&self) -> bool {
        matches!(self, Self::Contended(_))
    }
}
