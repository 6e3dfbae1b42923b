//! Duplicates: who in a database is the same person, which company the same company.
//!
//! Records are folded once ([`PersonRecord`], [`CompanyRecord`]). Only those that share a blocking key ([`key`]) are compared, so that the work
//! grows with the records and not with their pairs. A comparison looks at each field that both sides have ([`compare`]), weighs what it finds
//! ([`weight`]) and gives an account ([`Assessment`]) with a band, a weight and the fields that speak for and against it.
//!
//! One setting is shipped for all data. The probabilities are reasoned in [`weight`], not fitted to a set.

pub mod assess;
pub mod compare;
pub mod duplicate;
pub mod field;
pub mod find;
pub mod form;
pub mod key;
pub mod phonetic;
pub mod record;
pub mod similarity;
pub mod stored;
#[cfg(test)]
mod tests;
pub mod weight;

pub use self::assess::{Assessment, FieldMatch, MatchBand};
pub use self::duplicate::{Duplicate, DuplicateKind, DuplicatePair, DuplicateState};
pub use self::field::{Agreement, MatchField};
pub use self::key::{BLOCK_MAX, BlockKey, Pass};
pub use self::record::{CompanyRecord, CompanyTexts, PersonRecord, PersonTexts};
