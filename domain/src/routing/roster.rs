//! The teams and their active members, as routing sees them.

use crate::department::Department;
use crate::id::{TeamId, UserId};
use crate::value::CountryCode;

/// A team that can take leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterTeam {
    /// Its id.
    pub id: TeamId,
    /// Its department.
    pub department: Department,
    /// The countries it serves; none means everywhere.
    pub countries: Vec<CountryCode>,
    /// Its active members, disabled users left out. In a roster they stand in the order of their ids.
    pub members: Vec<UserId>,
}

/// All teams, in the order of their ids so that every node chooses alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    teams: Vec<RosterTeam>,
}

impl Roster {
    /// A roster of these teams.
    pub fn new(mut teams: Vec<RosterTeam>) -> Self {
        teams.sort_by_key(|team| team.id);
        for team in &mut teams {
            team.members.sort_unstable();
        }
        Self { teams }
    }

    /// The teams.
    pub fn teams(&self) -> &[RosterTeam] {
        &self.teams
    }

    /// A team by its id.
    pub fn team(&self, id: TeamId) -> Option<&RosterTeam> {
        self.teams.iter().find(|team| team.id == id)
    }

    /// The team for a country: one that names it before one that serves everywhere; the oldest of several.
    pub fn serving(&self, department: Department, country: Option<CountryCode>) -> Option<&RosterTeam> {
        let of_department = || self.teams.iter().filter(|team| team.department == department);
        let named = country.and_then(|country| of_department().find(|team| team.countries.contains(&country)));
        named.or_else(|| of_department().find(|team| team.countries.is_empty()))
    }

    /// The team of a department that a user works in.
    pub fn team_of(&self, department: Department, user: UserId) -> Option<&RosterTeam> {
        self.teams.iter().find(|team| team.department == department && team.members.binary_search(&user).is_ok())
    }
}
