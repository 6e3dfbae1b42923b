//! The schema. Resolvers ask one use case or one loader and show the answer; they decide nothing.

pub mod caller;
pub mod code;
pub mod error;
pub mod input;
pub mod loader;
pub mod mutation;
pub mod object;
pub mod page;
pub mod query;
pub mod scalar;
pub mod schema;
pub mod subscription;

#[cfg(test)]
mod tests;
