//! Leads: finding, listing, queues, and writing what an act changed.
//!
//! Every finder takes a [`fairfall_domain::access::Grant`]; its scope is part of the statement (see `repo/scope.rs`), so that what one may not see
//! is neither found nor counted.

mod command;
mod filter;
mod find;
mod held;
mod history;
mod list;
mod queue;
mod record;
mod related;

pub(in crate::repo) use command::columns_of;
pub use command::{Dossier, due_for_resume, find_open, load_dossier, load_for_command};
pub use filter::{LIST_MAX, LeadFilter, LeadSort};
pub use find::{find, find_many, find_of_people};
pub use held::held_by;
pub use history::{find_passages, find_transitions};
pub use list::{count, page};
pub use queue::{QueueScope, queue_page};
pub use record::{Stamp, insert, record};
pub use related::{page_of_companies, page_of_people};

#[cfg(test)]
pub(crate) use {list::statement, queue::queue_statement};
