#![doc = include_str!("../README.md")]

mod base64url;
mod connection;
mod entity;
mod lease;
mod mapper;
mod readable;
mod recordset;
mod sql;
mod write;

pub mod audit;
pub mod connect;
pub mod error;
pub mod idempotency;
pub mod inspect;
pub mod journal;
pub mod page;
pub mod repo;
pub mod report;
pub mod store;
pub mod unit_of_work;

#[cfg(test)]
mod tests;

pub use connect::{DatabaseConfig, connect};
pub use error::{DatabaseFault, Retryable, StoreError, Wait};
pub use page::{Cursor, MalformedCursor, Page, PageArgs, PageError, PageLimits};
pub use readable::Readable;
pub use store::{Backend, MigrationStatus, Reader, Store};
pub use unit_of_work::UnitOfWork;
