//! A merge as it is kept.

use chrono::{DateTime, Utc};

use crate::company::Company;
use crate::id::{AnyId, CompanyId, MergeId, PersonId, UserId};
use crate::person::Person;

use super::{MergeKind, MergeRecord, MergeState, Provenance};

/// The two records of a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MergePair {
    /// Two persons.
    Persons {
        /// Who goes on.
        survivor: PersonId,
        /// Who was merged away.
        loser: PersonId,
    },
    /// Two companies.
    Companies {
        /// Which goes on.
        survivor: CompanyId,
        /// Which was merged away.
        loser: CompanyId,
    },
}

impl MergePair {
    /// What kind of records they are.
    pub const fn kind(&self) -> MergeKind {
        match self {
            Self::Persons { .. } => MergeKind::Person,
            Self::Companies { .. } => MergeKind::Company,
        }
    }

    /// The record that goes on.
    pub const fn survivor(&self) -> AnyId {
        match *self {
            Self::Persons { survivor, .. } => AnyId::Person(survivor),
            Self::Companies { survivor, .. } => AnyId::Company(survivor),
        }
    }

    /// The record that was merged away.
    pub const fn loser(&self) -> AnyId {
        match *self {
            Self::Persons { loser, .. } => AnyId::Person(loser),
            Self::Companies { loser, .. } => AnyId::Company(loser),
        }
    }
}

/// What a merge keeps of its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeAccount {
    /// Of two persons.
    Persons(Box<MergeRecord<Person>>),
    /// Of two companies.
    Companies(Box<MergeRecord<Company>>),
    /// The data of one of the two was erased, and with it what could be restored.
    Erased,
}

/// When a merge was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<UserId>,
}

/// A merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Stable identity.
    pub id: MergeId,
    /// The two records.
    pub pair: MergePair,
    /// The version of the survivor that the merge made: orders the merges of one survivor.
    pub survivor_version: u32,
    /// When, UTC.
    pub merged_at: DateTime<Utc>,
    /// By whom.
    pub actor: Option<UserId>,
    /// When it was taken back, if it was.
    pub undone: Option<Undone>,
    /// What it keeps.
    pub account: MergeAccount,
}

impl Merge {
    /// Whether it stands.
    pub const fn state(&self) -> MergeState {
        match self.undone {
            None => MergeState::Merged,
            Some(_) => MergeState::Undone,
        }
    }

    /// Which side won each field, and what the other one had; nothing after an erasure.
    pub fn fields(&self) -> &[Provenance] {
        match &self.account {
            MergeAccount::Persons(record) => &record.fields,
            MergeAccount::Companies(record) => &record.fields,
            MergeAccount::Erased => &[],
        }
    }
}
