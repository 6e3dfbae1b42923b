//! Why two records are not merged, or a merge is not taken back.

use crate::code::codes;
use crate::id::{AnyId, MergeId};

use super::{MergeField, MergeKind, MergeSide};

codes! {
    /// Why two records are not merged, or a merge is not taken back.
    pub enum MergeRefusalKind {
        /// Both ids name the same record.
        SameRecord = "SAME_RECORD",
        /// One of the two was merged into a third record before.
        MergedAway = "MERGED_AWAY",
        /// One of the two was changed since the caller read it.
        Stale = "STALE",
        /// A later merge of the same record must be taken back first.
        Blocked = "BLOCKED",
        /// The data of one of the two was erased since; nothing is left to restore.
        Erased = "ERASED",
    }
}

/// Why two records are not merged, or a merge is not taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeRefusal {
    /// Both ids name the same record.
    #[error("a record cannot be merged with itself")]
    SameRecord,
    /// One of the two was merged into a third record before.
    #[error("the record was merged into `{into}` by `{merge}`")]
    MergedAway {
        /// Which of the two.
        side: MergeSide,
        /// The record that its id leads to.
        into: AnyId,
        /// The merge.
        merge: MergeId,
    },
    /// One of the two was changed since the caller read it.
    #[error("the record was changed since you read it")]
    Stale {
        /// Which of the two.
        side: MergeSide,
        /// Its version now.
        current: u32,
    },
    /// A later merge of the same record must be taken back first.
    #[error("the later merge `{by}` must be taken back first")]
    Blocked {
        /// The later merge.
        by: MergeId,
    },
    /// The data of one of the two was erased since.
    #[error("the data of the merged record was erased, nothing is left to restore")]
    Erased,
}

impl MergeRefusal {
    /// The kind, for programs.
    pub const fn kind(&self) -> MergeRefusalKind {
        match self {
            Self::SameRecord => MergeRefusalKind::SameRecord,
            Self::MergedAway { .. } => MergeRefusalKind::MergedAway,
            Self::Stale { .. } => MergeRefusalKind::Stale,
            Self::Blocked { .. } => MergeRefusalKind::Blocked,
            Self::Erased => MergeRefusalKind::Erased,
        }
    }
}

/// The fields that records of a kind do not have but a caller chose a side for.
pub fn foreign_fields(kind: MergeKind, chosen: impl IntoIterator<Item = MergeField>) -> Vec<MergeField> {
    let own = match kind {
        MergeKind::Person => super::person::FIELDS,
        MergeKind::Company => super::company::FIELDS,
    };
    chosen.into_iter().filter(|field| !own.contains(field)).collect()
}
