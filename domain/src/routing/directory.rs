//! Everything that routing looks at beside the lead and the ledger, made ready once.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::company::Company;
use crate::id::{PoolId, TeamId, UserId};
use crate::scoring::Tier;
use crate::value::{LanguageTag, TimeZoneName};
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::lead::Demand;

use super::member::MemberProfile;
use super::pool::Pool;
use super::reference::{CountryLanguages, PostalRegions};
use super::territory::{RoutingStatus, Territory};
use super::territory_map::{Spot, TerritoryMap};

/// What holds for all routing of the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingPolicy {
    /// Counts the changes, from 1.
    pub version: u32,
    /// A company's owner gets its leads when the company had another lead within so many days; always when absent; never when 0.
    pub owner_days_max: Option<u32>,
}

impl Default for RoutingPolicy {
    fn default() -> Self {
        Self { version: 1, owner_days_max: None }
    }
}

/// Most days of [`RoutingPolicy::owner_days_max`].
pub const OWNER_DAYS_MAX: u32 = 3_650;

impl RoutingPolicy {
    /// Checks what was typed or stored.
    ///
    /// # Errors
    /// Days out of range.
    pub fn check(&self) -> Result<(), Violations> {
        if self.owner_days_max.is_some_and(|days| days > OWNER_DAYS_MAX) {
            return Err(Violations::one(
                "ownerDaysMax",
                ViolationCode::OutOfRange,
                format!("0 to {OWNER_DAYS_MAX} days are allowed"),
            ));
        }
        Ok(())
    }
}

/// What is looked up to explain the world: it is loaded, not typed.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    /// The states that postal codes lie in.
    pub regions: PostalRegions,
    /// The languages of countries.
    pub languages: CountryLanguages,
}

/// The configuration of routing, made ready for deciding.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    /// What holds for all.
    pub policy: RoutingPolicy,
    /// Which territory takes a lead.
    pub territories: TerritoryMap,
    pools: BTreeMap<TeamId, Vec<Pool>>,
    members: BTreeMap<UserId, MemberProfile>,
    zones: BTreeMap<TeamId, TimeZoneName>,
    /// What is looked up.
    pub reference: Arc<Reference>,
}

impl Directory {
    /// Makes a configuration ready. Only pools in use count; `members` are active colleagues, `zones` the time zones of teams.
    pub fn new(
        policy: RoutingPolicy,
        territories: &[Territory],
        pools: impl IntoIterator<Item = Pool>,
        members: impl IntoIterator<Item = MemberProfile>,
        zones: BTreeMap<TeamId, TimeZoneName>,
        reference: Arc<Reference>,
    ) -> Self {
        let mut of_teams: BTreeMap<TeamId, Vec<Pool>> = BTreeMap::new();
        for mut pool in pools.into_iter().filter(|pool| pool.status == RoutingStatus::Active) {
            pool.sort();
            of_teams.entry(pool.team).or_default().push(pool);
        }
        for pools in of_teams.values_mut() {
            pools.sort_by_key(|pool| pool.id);
        }
        Self {
            policy,
            territories: TerritoryMap::new(territories),
            pools: of_teams,
            members: members.into_iter().map(|member| (member.user, member)).collect(),
            zones,
            reference,
        }
    }

    /// The same with other pools, as a draft has them.
    #[must_use]
    pub fn with_pools(&self, pools: impl IntoIterator<Item = Pool>) -> Self {
        let members = self.members.values().cloned();
        let fresh = Self::new(self.policy, &[], pools, members, self.zones.clone(), Arc::clone(&self.reference));
        Self { territories: self.territories.clone(), ..fresh }
    }

    /// The same with other territories and pools, as a draft has them.
    #[must_use]
    pub fn with_draft(&self, territories: &[Territory], pools: impl IntoIterator<Item = Pool>) -> Self {
        Self { territories: TerritoryMap::new(territories), ..self.with_pools(pools) }
    }

    /// The pools of a team, those that take `tier`: one at most.
    pub fn pool(&self, team: TeamId, tier: Tier) -> Option<&Pool> {
        self.pools.get(&team)?.iter().find(|pool| pool.tier(tier).is_some())
    }

    /// Whether a team's leads are given to persons at all.
    pub fn has_pools(&self, team: TeamId) -> bool {
        self.pools.contains_key(&team)
    }

    /// A pool in use.
    pub fn pool_by_id(&self, id: PoolId) -> Option<&Pool> {
        self.pools.values().flatten().find(|pool| pool.id == id)
    }

    /// All pools in use.
    pub fn pools(&self) -> impl Iterator<Item = &Pool> {
        self.pools.values().flatten()
    }

    /// What is known of an active colleague.
    pub fn member(&self, user: UserId) -> Option<&MemberProfile> {
        self.members.get(&user)
    }

    /// The time zone of a team, in which its days are counted.
    pub fn zone(&self, team: TeamId) -> TimeZoneName {
        self.zones.get(&team).copied().unwrap_or(TimeZoneName::UTC)
    }

    /// Asks something of the territories about a demand.
    pub fn at_spot<T>(&self, demand: &Demand, company: Option<&Company>, ask: impl FnOnce(&Spot<'_>) -> T) -> T {
        let states = self.reference.regions.of(demand.subdivision, demand.country, demand.postal_code.as_ref());
        let language = self.language(demand.language.as_ref(), demand.country);
        ask(&Spot {
            country: demand.country,
            subdivisions: &states,
            postal_code: demand.postal_code.as_ref(),
            product: Some(&demand.product_area),
            industry: company.and_then(|company| company.industry.as_ref()),
            employees: company.and_then(|company| company.employees),
            language: language.as_ref(),
        })
    }

    /// The language that a lead needs: its own, else the one that most people of its country speak.
    pub fn language(&self, own: Option<&LanguageTag>, country: Option<crate::value::CountryCode>) -> Option<LanguageTag> {
        own.cloned().or_else(|| country.and_then(|country| self.reference.languages.main(country).cloned()))
    }
}
