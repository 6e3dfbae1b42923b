//! How far a permission reaches.

use crate::code::codes;
use crate::department::DepartmentSet;
use crate::id::{TeamId, UserId};

codes! {
    /// How far a permission reaches, from narrow to broad. Each includes the ones before it.
    pub enum Scope {
        /// What is mine: I am the owner or the assignee; for a partner, what it captured.
        Own = "OWN",
        /// And what is offered to one of my teams, or waits in its queue for anybody to take.
        Pool = "POOL",
        /// And what one of my teams is responsible for or gave away.
        Team = "TEAM",
        /// And what is or was in my department, or is offered to it.
        Department = "DEPARTMENT",
        /// Everything.
        All = "ALL",
    }
}

/// What of a lead (or a thing that hangs on one) decides whether a permission reaches it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Subject {
    /// Who owns it.
    pub owner: Option<UserId>,
    /// To whom it is offered.
    pub assignee: Option<UserId>,
    /// Who captured it.
    pub captured_by: Option<UserId>,
    /// The team that is responsible, or that gave it while it is offered.
    pub team: Option<TeamId>,
    /// The team that it is offered to.
    pub offered_team: Option<TeamId>,
    /// The departments in which it is or was, and the one that it is offered to.
    pub departments: DepartmentSet,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_ordered_by_breadth() {
        assert!(Scope::ALL.is_sorted());
        assert_eq!(Scope::ALL.first(), Some(&Scope::Own));
        assert_eq!(Scope::ALL.last(), Some(&Scope::All));
    }
}
