//! Who may do what, on whose leads.
//!
//! One table ([`policy()`]) tells for each role and action how far it reaches. A use case asks [`grant`] for a [`Grant`], and every finder takes
//! one, so that forgetting to ask does not compile. What a grant does not cover does not exist for the actor.

pub mod action;
pub mod actor;
pub mod policy;
pub mod role;
pub mod scope;

pub use self::action::Action;
pub use self::actor::{Actor, Denied, Grant, PartnerScope, grant};
pub use self::policy::policy;
pub use self::role::{Rank, Role, RoleKind};
pub use self::scope::{Scope, Subject};
pub use crate::department::DepartmentSet;
