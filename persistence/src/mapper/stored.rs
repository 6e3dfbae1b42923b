//! Reading columns: every value is parsed again, and what does not parse names its table, column and row.

use std::str::FromStr;

use fairfall_domain::value::{Currency, Money};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StoreError;

/// The row that is being read, for the error that names it.
pub(crate) struct Stored {
    table: &'static str,
    id: String,
}

impl Stored {
    /// The row `id` of `table`.
    pub(crate) fn new(table: &'static str, id: impl ToString + Copy) -> Self {
        Self { table, id: id.to_string() }
    }

    /// The error that the value of `column` is none that was ever written.
    pub(crate) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, id: self.id.clone() }
    }

    /// Reads a text column.
    pub(crate) fn text<T: FromStr>(&self, column: &'static str, text: &str) -> Result<T, StoreError> {
        text.parse().map_err(|_| self.corrupt(column))
    }

    /// Reads a text column that may be null.
    pub(crate) fn maybe<T: FromStr>(&self, column: &'static str, text: Option<&str>) -> Result<Option<T>, StoreError> {
        text.map(|text| self.text(column, text)).transpose()
    }

    /// Reads a column that holds JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: &'static str, json: &str) -> Result<T, StoreError> {
        serde_json::from_str(json).map_err(|_| self.corrupt(column))
    }

    /// Reads a count, which is never negative.
    pub(crate) fn count(&self, column: &'static str, count: i32) -> Result<u32, StoreError> {
        u32::try_from(count).map_err(|_| self.corrupt(column))
    }

    /// Reads an amount, of which both columns are null or neither.
    pub(crate) fn money(
        &self,
        column: &'static str,
        minor: Option<i64>,
        currency: Option<&str>,
    ) -> Result<Option<Money>, StoreError> {
        match (minor, currency) {
            (None, None) => Ok(None),
            (Some(minor), Some(currency)) => {
                let currency: Currency = self.text(column, currency)?;
                Money::try_new(minor, currency).map(Some).map_err(|_| self.corrupt(column))
            }
            (Some(_), None) | (None, Some(_)) => Err(self.corrupt(column)),
        }
    }
}

/// Writes a value as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::unstorable("json"))
}

/// Writes a count into an integer column.
pub(crate) fn to_count(count: u32) -> Result<i32, StoreError> {
    i32::try_from(count).map_err(|_| StoreError::unstorable("count"))
}
