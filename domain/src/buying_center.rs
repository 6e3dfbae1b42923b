//! The buying center: who takes part when a company buys, and who is still missing.
//!
//! The roles are those of Webster and Wind (*A General Model for Understanding Organizational Buying Behavior*, 1972) with the initiator that
//! Bonoma added (*Major Sales: Who Really Does the Buying?*, 1982). Which of them a sale needs differs by product, so it is a setting.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{CompanyId, PersonId, UserId};
use crate::person::BuyingRole;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};

/// Most roles that are kept of one company: a buying center has a handful of people, rarely more than twenty.
pub const PARTICIPATIONS_MAX: usize = 200;

/// Most product areas with needs of their own.
pub const NEEDS_MAX: usize = 100;

/// One person in one role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Participation {
    /// The company that buys.
    pub company: CompanyId,
    /// Who takes part; may work elsewhere, as a consultant does.
    pub person: PersonId,
    /// For which product area only; for all when absent.
    pub product_area: Option<Code>,
    /// In which role.
    pub role: BuyingRole,
}

/// A participation, by whom and when it was noted. What a person's own record says of their role at their company is one, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Who plays which role.
    pub participation: Participation,
    /// Who said so.
    pub by: Option<UserId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Which roles must be known before a sale is well prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyingNeeds {
    version: u32,
    usual: BTreeSet<BuyingRole>,
    by_product_area: BTreeMap<Code, BTreeSet<BuyingRole>>,
}

impl Default for BuyingNeeds {
    /// Shipped: who decides, who orders, who uses and who advises.
    fn default() -> Self {
        let usual = [BuyingRole::Decider, BuyingRole::Buyer, BuyingRole::User, BuyingRole::Influencer];
        Self { version: 1, usual: usual.into(), by_product_area: BTreeMap::new() }
    }
}

impl BuyingNeeds {
    /// Checks and makes the next version of the needs.
    ///
    /// # Errors
    /// More than [`NEEDS_MAX`] product areas.
    pub fn revise(
        &self,
        usual: BTreeSet<BuyingRole>,
        by_product_area: BTreeMap<Code, BTreeSet<BuyingRole>>,
    ) -> Result<Self, Violations> {
        let mut faults = Violations::new();
        if by_product_area.len() > NEEDS_MAX {
            faults.add("byProductArea", ViolationCode::TooLong, format!("at most {NEEDS_MAX} product areas are allowed"));
        }
        faults.into_result()?;
        Ok(Self { version: self.version.saturating_add(1), usual, by_product_area })
    }

    /// Counts the changes from 1.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// What is needed where a product area has no needs of its own.
    pub const fn usual(&self) -> &BTreeSet<BuyingRole> {
        &self.usual
    }

    /// The product areas with needs of their own.
    pub const fn by_product_area(&self) -> &BTreeMap<Code, BTreeSet<BuyingRole>> {
        &self.by_product_area
    }

    /// What is needed for a product area.
    pub fn needed(&self, product_area: Option<&Code>) -> &BTreeSet<BuyingRole> {
        product_area.and_then(|area| self.by_product_area.get(area)).unwrap_or(&self.usual)
    }
}

/// How well one role is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleCoverage {
    /// The role.
    pub role: BuyingRole,
    /// Whether the product area needs it.
    pub is_needed: bool,
    /// Who plays it, in a fixed order.
    pub people: Vec<PersonId>,
}

/// What is known of a company's buying center for a product area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuyingCenter {
    /// The company.
    pub company: CompanyId,
    /// The product area; all when absent.
    pub product_area: Option<Code>,
    /// Every role, in the order of the codes.
    pub roles: Vec<RoleCoverage>,
}

impl BuyingCenter {
    /// What is known, from the roles that were noted.
    ///
    /// A role without a product area counts for every area. With no area asked for, every role noted counts.
    pub fn of(company: CompanyId, product_area: Option<&Code>, needs: &BuyingNeeds, noted: &[Noted]) -> Self {
        let counts = |participation: &Participation| {
            participation.company == company
                && (product_area.is_none()
                    || participation.product_area.is_none()
                    || participation.product_area.as_ref() == product_area)
        };
        let mut by_role: BTreeMap<BuyingRole, BTreeSet<PersonId>> = BTreeMap::new();
        for Noted { participation, .. } in noted.iter().filter(|noted| counts(&noted.participation)) {
            by_role.entry(participation.role).or_default().insert(participation.person);
        }
        let needed = needs.needed(product_area);
        let coverage = |role: &BuyingRole| RoleCoverage {
            role: *role,
            is_needed: needed.contains(role),
            people: by_role.get(role).map(|people| people.iter().copied().collect()).unwrap_or_default(),
        };
        Self { company, product_area: product_area.cloned(), roles: BuyingRole::ALL.iter().map(coverage).collect() }
    }

    /// The needed roles that nobody is known to play.
    pub fn missing(&self) -> Vec<BuyingRole> {
        self.roles.iter().filter(|one| one.is_needed && one.people.is_empty()).map(|one| one.role).collect()
    }

    /// The share of the needed roles that somebody plays, in percent; 100 where none is needed.
    pub fn covered_percent(&self) -> u8 {
        let needed = self.roles.iter().filter(|one| one.is_needed).count();
        let known = needed.saturating_sub(self.missing().len());
        (known * 100).checked_div(needed).and_then(|percent| u8::try_from(percent).ok()).unwrap_or(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn company(n: u128) -> CompanyId {
        CompanyId::from(Uuid::from_u128(n))
    }

    fn somebody(n: u128) -> PersonId {
        PersonId::from(Uuid::from_u128(n))
    }

    fn noted(company: CompanyId, person: PersonId, area: Option<&str>, role: BuyingRole) -> Noted {
        let product_area = area.map(|area| Code::parse(area).unwrap());
        Noted { participation: Participation { company, person, product_area, role }, by: None, at: DateTime::UNIX_EPOCH }
    }

    fn area(key: &str) -> Code {
        Code::parse(key).unwrap()
    }

    #[test]
    fn who_is_missing_depends_on_the_product() {
        let needs = BuyingNeeds::default();
        let own: BTreeMap<_, _> = [(area("pumps"), BTreeSet::from([BuyingRole::Decider, BuyingRole::Gatekeeper]))].into();
        let needs = needs.revise(needs.usual().clone(), own).unwrap();
        assert_eq!(needs.version(), 2);
        let roles = [
            noted(company(1), somebody(1), None, BuyingRole::Decider),
            noted(company(1), somebody(2), Some("pumps"), BuyingRole::User),
            noted(company(2), somebody(3), None, BuyingRole::Buyer),
        ];
        let pumps = BuyingCenter::of(company(1), Some(&area("pumps")), &needs, &roles);
        assert_eq!(pumps.missing(), [BuyingRole::Gatekeeper]);
        assert_eq!(pumps.covered_percent(), 50);
        let valves = BuyingCenter::of(company(1), Some(&area("valves")), &needs, &roles);
        assert_eq!(valves.missing(), [BuyingRole::User, BuyingRole::Influencer, BuyingRole::Buyer]);
        assert_eq!(valves.covered_percent(), 25);
        let all = BuyingCenter::of(company(1), None, &needs, &roles);
        assert_eq!(all.missing(), [BuyingRole::Influencer, BuyingRole::Buyer]);
    }

    #[test]
    fn nothing_needed_is_wholly_covered() {
        let needs = BuyingNeeds::default().revise(BTreeSet::new(), BTreeMap::new()).unwrap();
        assert_eq!(BuyingCenter::of(company(1), None, &needs, &[]).covered_percent(), 100);
    }

    #[test]
    fn areas_with_needs_of_their_own_are_bounded() {
        let many = (0..=NEEDS_MAX).map(|n| (area(&format!("area-{n}")), BTreeSet::new())).collect();
        let faults = BuyingNeeds::default().revise(BTreeSet::new(), many).unwrap_err();
        assert_eq!(faults.iter().next().unwrap().field, "byProductArea");
    }
}
