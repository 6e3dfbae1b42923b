//! What mutations take, and how it is read.
//!
//! An input's `read` turns it into the argument of a use case. Values that people type stay texts until the use case parses them, so that
//! every fault of a record is told at once; ids are read here. Lists are bounded by the transport (`Limits::list_max`) before anything is read.

pub mod activity;
pub mod agreement;
pub mod api_key;
pub mod attribute;
pub mod buying_center;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod command;
pub mod company;
pub mod consent;
pub mod criterion;
pub mod customer;
pub mod duplicate;
pub mod event;
pub mod feedback;
pub mod forecast;
pub mod lead;
pub mod member;
pub mod merge;
pub mod money;
pub mod notification;
pub mod person;
pub mod pool;
pub mod quality;
pub mod rebalance;
mod record;
pub mod report;
pub mod routing_draft;
pub mod routing_policy;
pub mod routing_simulation;
pub mod score_model;
pub mod score_override;
pub mod session;
pub mod team;
pub mod territory;
#[cfg(test)]
mod tests;
pub mod user;

use std::str::FromStr;

use async_graphql::{ID, MaybeUndefined};
use fairfall_domain::change::Change;
use fairfall_domain::id::IdError;
use fairfall_domain::violation::Violations;

/// Reads an id; a malformed one is a fault of `field`.
pub fn id<T: FromStr<Err = IdError>>(faults: &mut Violations, field: &str, typed: &ID) -> Option<T> {
    faults.check(field, typed.as_str().parse::<T>())
}

/// Reads an id that may be absent.
pub fn optional_id<T: FromStr<Err = IdError>>(faults: &mut Violations, field: &str, typed: Option<&ID>) -> Option<T> {
    typed.and_then(|typed| id(faults, field, typed))
}

/// Reads a list of ids; each malformed one is a fault of its place in `field`.
pub fn ids<T: FromStr<Err = IdError>>(faults: &mut Violations, field: &str, typed: &[ID]) -> Vec<T> {
    let read = typed.iter().enumerate().map(|(position, typed)| id(faults, &format!("{field}.{position}"), typed));
    read.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// What a patch says about a field: omitted keeps it, null empties it.
pub fn change<T>(typed: MaybeUndefined<T>) -> Change<T> {
    match typed {
        MaybeUndefined::Undefined => Change::Keep,
        MaybeUndefined::Null => Change::Clear,
        MaybeUndefined::Value(value) => Change::Set(value),
    }
}

/// Reads what a patch says about a field that is an id.
pub fn id_change<T: FromStr<Err = IdError>>(faults: &mut Violations, field: &str, typed: MaybeUndefined<ID>) -> Change<T> {
    match change(typed) {
        Change::Keep => Change::Keep,
        Change::Clear => Change::Clear,
        Change::Set(typed) => id(faults, field, &typed).map_or(Change::Keep, Change::Set),
    }
}

/// The record when nothing was at fault.
///
/// # Errors
/// All faults. A record without faults is always whole, since whatever is missing was noted as one.
pub fn whole<T>(faults: Violations, record: Option<T>) -> Result<T, Violations> {
    match record {
        Some(record) if faults.is_empty() => Ok(record),
        Some(_) | None => Err(faults),
    }
}
