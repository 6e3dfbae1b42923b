//! Input about records that may be the same one.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::DuplicateId;
use fairfall_domain::violation::Violations;

use super::{id, whole};

/// Says that two records are two.
#[derive(Clone, Debug, InputObject)]
pub struct DuplicateDismissInput {
    /// The pair.
    pub duplicate: ID,
}

impl DuplicateDismissInput {
    /// The pair.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(&self) -> Result<DuplicateId, Violations> {
        let mut faults = Violations::new();
        let duplicate = id(&mut faults, "duplicate", &self.duplicate);
        whole(faults, duplicate)
    }
}
