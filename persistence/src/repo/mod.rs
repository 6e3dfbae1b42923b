//! Repositories: one file a noun, functions over what can be read or a unit of work.

pub mod agreement;
pub mod api_key;
pub mod campaign;
pub mod company;
pub mod customer;
pub mod external_ref;
pub mod import;
pub mod lead;
pub mod login_throttle;
pub mod opportunity;
pub mod person;
pub mod price_band;
pub mod refresh_token;
pub mod session;
pub mod setting;
pub mod team;
pub mod track;
pub mod user;

mod locks;
mod paged;
pub(crate) mod scope;
pub(crate) mod search_token;
mod versioned;
