//! Teams as they are typed.

use async_graphql::{ID, InputObject, MaybeUndefined};
use fairfall_domain::department::Department;
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::team::MemberRank;
use fairfall_domain::violation::Violations;

use super::{change, id, whole};
use crate::app::team::{TeamInput, TeamPatch};
use crate::graphql::code::Coded;

/// A new team.
#[derive(Clone, Debug, InputObject)]
pub struct TeamCreateInput {
    /// Key; unique. Letters, digits, `-`, `_` and `.`.
    pub key: String,
    /// Name.
    pub name: String,
    /// The department it belongs to; stays for ever.
    pub department: Coded<Department>,
    /// Countries it serves: codes of two letters such as `DE`; none for everywhere.
    pub countries: Option<Vec<String>>,
    /// Where it works: a name such as `Europe/Berlin`.
    pub time_zone: String,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl From<TeamCreateInput> for TeamInput {
    fn from(typed: TeamCreateInput) -> Self {
        Self {
            key: typed.key,
            name: typed.name,
            department: typed.department.0,
            countries: typed.countries.unwrap_or_default(),
            time_zone: typed.time_zone,
            idempotency_key: typed.idempotency_key,
        }
    }
}

/// A change of a team. Omitted fields stay.
#[derive(Clone, Debug, InputObject)]
pub struct TeamUpdateInput {
    /// The team.
    pub team: ID,
    /// Name.
    pub name: MaybeUndefined<String>,
    /// Countries it serves, all of them: codes of two letters such as `DE`; an empty list for everywhere.
    pub countries: Option<Vec<String>>,
    /// Where it works: a name such as `Europe/Berlin`.
    pub time_zone: MaybeUndefined<String>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

impl TeamUpdateInput {
    /// The change for the use case.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<TeamPatch, Violations> {
        let mut faults = Violations::new();
        let team = id(&mut faults, "team", &self.team);
        let read = team.map(|team| TeamPatch {
            team,
            expected_version: self.expected_version,
            name: change(self.name),
            countries: self.countries,
            time_zone: change(self.time_zone),
        });
        whole(faults, read)
    }
}

/// Puts a colleague into a team, or changes what the colleague is in it.
#[derive(Clone, Debug, InputObject)]
pub struct TeamPutMemberInput {
    /// The team.
    pub team: ID,
    /// The colleague.
    pub user: ID,
    /// As what; MEMBER when absent.
    pub rank: Option<Coded<MemberRank>>,
}

impl TeamPutMemberInput {
    /// The team, the colleague and the rank.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<(TeamId, UserId, MemberRank), Violations> {
        let mut faults = Violations::new();
        let (team, user) = (id(&mut faults, "team", &self.team), id(&mut faults, "user", &self.user));
        let rank = self.rank.map_or(MemberRank::Member, |code| code.0);
        whole(faults, team.zip(user).map(|(team, user)| (team, user, rank)))
    }
}

/// Takes a colleague out of a team.
#[derive(Clone, Debug, InputObject)]
pub struct TeamRemoveMemberInput {
    /// The team.
    pub team: ID,
    /// The colleague.
    pub user: ID,
}

impl TeamRemoveMemberInput {
    /// The team and the colleague.
    ///
    /// # Errors
    /// Every malformed id.
    pub fn read(self) -> Result<(TeamId, UserId), Violations> {
        let mut faults = Violations::new();
        let (team, user) = (id(&mut faults, "team", &self.team), id(&mut faults, "user", &self.user));
        whole(faults, team.zip(user))
    }
}
