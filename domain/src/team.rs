//! Teams: colleagues of one department who share a queue.

use serde::{Deserialize, Serialize};

use crate::code::codes;
use crate::department::Department;
use crate::id::{TeamId, UserId};
use crate::value::{Code, CountryCode, ShortText, TimeZoneName};

codes! {
    /// What somebody is in a team.
    pub enum MemberRank {
        /// Works in it.
        Member = "MEMBER",
        /// Leads it.
        Manager = "MANAGER",
    }
}

/// One user's place in a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Membership {
    /// Who.
    pub user: UserId,
    /// As what.
    pub rank: MemberRank,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Stable identity.
    pub id: TeamId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Key; unique.
    pub key: Code,
    /// Name.
    pub name: ShortText,
    /// The department it belongs to.
    pub department: Department,
    /// Countries it serves; none means everywhere.
    pub countries: Vec<CountryCode>,
    /// Where it works.
    pub time_zone: TimeZoneName,
    /// Who is in it; nobody twice.
    pub members: Vec<Membership>,
}

impl Team {
    /// Whether the team serves a country. A team for everywhere does, and the only one that serves the unknown.
    pub fn serves(&self, country: Option<CountryCode>) -> bool {
        self.countries.is_empty() || country.is_some_and(|country| self.countries.contains(&country))
    }

    /// What a user is in the team, if anything.
    pub fn rank_of(&self, user: UserId) -> Option<MemberRank> {
        self.members.iter().find(|member| member.user == user).map(|member| member.rank)
    }

    /// Those who lead the team.
    pub fn managers(&self) -> impl Iterator<Item = UserId> {
        self.members.iter().filter(|member| member.rank == MemberRank::Manager).map(|member| member.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_team_without_countries_serves_everywhere() {
        let country = |code| Some(CountryCode::parse(code).unwrap());
        let user = UserId::from(Uuid::from_u128(2));
        let mut team = Team {
            id: Uuid::from_u128(1).into(),
            version: 1,
            key: Code::parse("inside-dach").unwrap(),
            name: ShortText::parse("Inside DACH").unwrap(),
            department: Department::InsideSales,
            countries: vec![],
            time_zone: TimeZoneName::parse("Europe/Berlin").unwrap(),
            members: vec![Membership { user, rank: MemberRank::Manager }],
        };
        assert!(team.serves(country("BR")) && team.serves(None));
        team.countries = vec![country("DE").unwrap()];
        assert!(team.serves(country("DE")) && !team.serves(country("BR")) && !team.serves(None));
        assert_eq!(team.rank_of(user), Some(MemberRank::Manager));
        assert_eq!(team.managers().collect::<Vec<_>>(), [user]);
    }
}
