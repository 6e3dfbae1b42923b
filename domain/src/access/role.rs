//! Roles of users.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::code::{UnknownCode, codes};
use crate::department::Department;

/// What a user is in the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Keeps users, teams, tracks and keys.
    Admin,
    /// Works in a department.
    Member(Department),
    /// Leads in a department.
    Manager(Department),
    /// Reads figures, no personal data.
    Analyst,
    /// A partner's machine: what it may do is narrowed by the scopes of its key.
    Partner,
}

codes! {
    /// A role's first stored part.
    pub enum RoleKind {
        /// Administration.
        Admin = "ADMIN",
        /// Marketing.
        Marketing = "MARKETING",
        /// Inside sales.
        InsideSales = "INSIDE_SALES",
        /// Field sales.
        FieldSales = "FIELD_SALES",
        /// Customer service.
        CustomerService = "CUSTOMER_SERVICE",
        /// Analysis.
        Analyst = "ANALYST",
        /// A partner's machine.
        Partner = "PARTNER",
    }
}

codes! {
    /// A role's second stored part; only departments have managers.
    pub enum Rank {
        /// Works.
        Member = "MEMBER",
        /// Leads.
        Manager = "MANAGER",
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 11] = [
        Self::Admin,
        Self::Member(Department::Marketing),
        Self::Manager(Department::Marketing),
        Self::Member(Department::InsideSales),
        Self::Manager(Department::InsideSales),
        Self::Member(Department::FieldSales),
        Self::Manager(Department::FieldSales),
        Self::Member(Department::CustomerService),
        Self::Manager(Department::CustomerService),
        Self::Analyst,
        Self::Partner,
    ];

    /// The first stored part.
    pub const fn kind(self) -> RoleKind {
        match self {
            Self::Admin => RoleKind::Admin,
            Self::Analyst => RoleKind::Analyst,
            Self::Partner => RoleKind::Partner,
            Self::Member(department) | Self::Manager(department) => match department {
                Department::Marketing => RoleKind::Marketing,
                Department::InsideSales => RoleKind::InsideSales,
                Department::FieldSales => RoleKind::FieldSales,
                Department::CustomerService => RoleKind::CustomerService,
            },
        }
    }

    /// The second stored part; MEMBER for roles without a department.
    pub const fn rank(self) -> Rank {
        match self {
            Self::Manager(_) => Rank::Manager,
            Self::Admin | Self::Member(_) | Self::Analyst | Self::Partner => Rank::Member,
        }
    }

    /// From the stored parts; `None` for a manager without a department.
    pub const fn restore(kind: RoleKind, rank: Rank) -> Option<Self> {
        let department = match kind {
            RoleKind::Admin => return Self::unranked(Self::Admin, rank),
            RoleKind::Analyst => return Self::unranked(Self::Analyst, rank),
            RoleKind::Partner => return Self::unranked(Self::Partner, rank),
            RoleKind::Marketing => Department::Marketing,
            RoleKind::InsideSales => Department::InsideSales,
            RoleKind::FieldSales => Department::FieldSales,
            RoleKind::CustomerService => Department::CustomerService,
        };
        Some(match rank {
            Rank::Member => Self::Member(department),
            Rank::Manager => Self::Manager(department),
        })
    }

    const fn unranked(role: Self, rank: Rank) -> Option<Self> {
        match rank {
            Rank::Member => Some(role),
            Rank::Manager => None,
        }
    }

    /// The department, for those who have one.
    pub const fn department(self) -> Option<Department> {
        match self {
            Self::Member(department) | Self::Manager(department) => Some(department),
            Self::Admin | Self::Analyst | Self::Partner => None,
        }
    }

    /// The role as one code: the kind, with `_MANAGER` behind it for managers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin | Self::Analyst | Self::Partner | Self::Member(_) => self.kind().as_str(),
            Self::Manager(Department::Marketing) => "MARKETING_MANAGER",
            Self::Manager(Department::InsideSales) => "INSIDE_SALES_MANAGER",
            Self::Manager(Department::FieldSales) => "FIELD_SALES_MANAGER",
            Self::Manager(Department::CustomerService) => "CUSTOMER_SERVICE_MANAGER",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownCode::new("Role", text))
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Role {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_role_has_its_own_code_and_parts() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert_eq!(Role::restore(role.kind(), role.rank()), Some(role));
        }
        assert_eq!(Role::ALL.into_iter().collect::<BTreeSet<_>>().len(), Role::ALL.len());
        assert_eq!(Role::restore(RoleKind::Admin, Rank::Manager), None);
    }

    #[test]
    fn every_department_has_members_and_managers() {
        for department in Department::ALL {
            assert!(Role::ALL.contains(&Role::Member(*department)));
            assert!(Role::ALL.contains(&Role::Manager(*department)));
        }
    }
}
