//! Reference data of places, as far as its licences ask that it is told.

use async_graphql::SimpleObject;
use fairfall_persistence::repo::reference::ReferenceSet;

use crate::graphql::scalar::{Timestamp, int};

/// A set of reference data that was loaded. Where it is used, its notice must be readable for people.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "ReferenceSet")]
pub struct ReferenceSetObject {
    /// What it holds, such as `postal-codes-de` or `country-languages`.
    pub key: String,
    /// Who made it.
    pub source: String,
    /// The licence under which it was given, such as `ODbL-1.0`.
    pub licence: String,
    /// What the licence asks to be shown; empty when it asks for nothing.
    pub notice: String,
    /// How many rows it has.
    pub rows: i32,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

impl From<ReferenceSet> for ReferenceSetObject {
    fn from(set: ReferenceSet) -> Self {
        let ReferenceSet { key, source, licence, notice, rows, loaded_at } = set;
        Self { key, source, licence, notice, rows: int(rows), loaded_at: loaded_at.into() }
    }
}
