//! Whole answers of the database at once.

use sea_orm::{FromQueryResult, QueryResult};

use crate::error::StoreError;

/// Reads every row, or names the first that is corrupt.
pub(crate) fn read_all<M, T: TryFrom<M, Error = StoreError>>(rows: Vec<M>) -> Result<Vec<T>, StoreError> {
    rows.into_iter().map(T::try_from).collect()
}

/// Reads the row, if there is one.
pub(crate) fn read_one<M, T: TryFrom<M, Error = StoreError>>(row: Option<M>) -> Result<Option<T>, StoreError> {
    row.map(T::try_from).transpose()
}

/// The rows of a statement written by hand that selects every column of one table.
pub(crate) fn models<M: FromQueryResult>(rows: &[QueryResult]) -> Result<Vec<M>, StoreError> {
    rows.iter().map(|row| M::from_query_result(row, "").map_err(StoreError::from)).collect()
}
