//! What is simulated, as it is typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::consent::ContactChannel;
use fairfall_domain::department::Department;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::scoring::Tier;
use fairfall_domain::violation::{ViolationCode, Violations};

use super::routing_draft::RoutingChangesInput;
use super::{id, ids, optional_id, whole};
use crate::app::routing::replay::ReplayInput;
use crate::app::routing::simulate::TypedLead;
use crate::app::routing::tried::Tried;
use crate::graphql::code::{Coded, plain};
use crate::graphql::scalar::{BigInt, Timestamp};

/// A lead that is not stored, and the configuration under which it is routed: the one in force, a draft, or changes that are not kept.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingSimulateInput {
    /// The department that is to get it.
    pub department: Coded<Department>,
    /// The tier.
    pub tier: Coded<Tier>,
    /// What they may buy: the key of a product area.
    pub product_area: String,
    /// The country: a code of two letters such as `DE`.
    pub country: Option<String>,
    /// The state or province, such as `DE-BY` or, with a country, `BY`; when absent, those in which the postal code lies.
    pub subdivision: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The language of the contact, such as `de`; when absent, the one that most people of the country speak.
    pub language: Option<String>,
    /// The industry of the company.
    pub industry: Option<String>,
    /// How many people work at the company.
    pub employees: Option<u32>,
    /// The user who owns the company.
    pub company_owner: Option<ID>,
    /// When the company had another lead last; lately when absent.
    pub company_seen_at: Option<Timestamp>,
    /// The expected value, in minor units of the price bands' currency.
    pub worth_minor: Option<BigInt>,
    /// The channels on which the contact may be called about the demand; all when absent.
    pub channels: Option<Vec<Coded<ContactChannel>>>,
    /// The person that the sender asks for.
    pub person: Option<ID>,
    /// The team that the sender asks for.
    pub team: Option<ID>,
    /// Users who shall not get it, at most 50.
    pub excluded: Option<Vec<ID>>,
    /// When it is routed; now when absent.
    pub at: Option<Timestamp>,
    /// The draft that is tried; the configuration in force when absent.
    pub draft: Option<ID>,
    /// Changes that are tried over the configuration in force and not kept. Excludes `draft`.
    pub changes: Option<RoutingChangesInput>,
}

impl RoutingSimulateInput {
    /// The lead and what is tried.
    ///
    /// # Errors
    /// Every malformed id; a draft and changes at once. Other faults are told by the use case.
    pub fn read(self) -> Result<(TypedLead, Tried), Violations> {
        let mut faults = Violations::new();
        let tried = tried(&mut faults, self.draft.as_ref(), self.changes);
        let lead = TypedLead {
            department: self.department.0,
            tier: self.tier.0,
            product_area: self.product_area,
            country: self.country,
            subdivision: self.subdivision,
            postal_code: self.postal_code,
            language: self.language,
            industry: self.industry,
            employees: self.employees,
            company_owner: optional_id(&mut faults, "companyOwner", self.company_owner.as_ref()),
            company_seen_at: self.company_seen_at.map(|at| at.0),
            worth: self.worth_minor.map(|worth| worth.0),
            channels: self.channels.map(|channels| plain(Some(channels))),
            wish: Wish {
                person: optional_id(&mut faults, "person", self.person.as_ref()),
                team: optional_id(&mut faults, "team", self.team.as_ref()),
            },
            excluded: ids(&mut faults, "excluded", &self.excluded.unwrap_or_default()),
            at: self.at.map(|at| at.0),
        };
        whole(faults, Some((lead, tried)))
    }
}

/// A period, and the configuration under which its leads are routed anew: the one in force, a draft, or changes that are not kept.
#[derive(Clone, Debug, InputObject)]
pub struct RoutingReplayInput {
    /// From when.
    pub from: Timestamp,
    /// Until when, not included; now when absent. At most 366 days after `from`.
    pub to: Option<Timestamp>,
    /// At most so many routings, the first of the period, 1 to 20,000.
    #[graphql(default = 5000)]
    pub routings_max: u32,
    /// The draft that is tried; the configuration in force when absent.
    pub draft: Option<ID>,
    /// Changes that are tried over the configuration in force and not kept. Excludes `draft`.
    pub changes: Option<RoutingChangesInput>,
}

impl RoutingReplayInput {
    /// The replay for the use case.
    ///
    /// # Errors
    /// Every malformed id; a draft and changes at once. Other faults are told by the use case.
    pub fn read(self) -> Result<ReplayInput, Violations> {
        let mut faults = Violations::new();
        let tried = tried(&mut faults, self.draft.as_ref(), self.changes);
        let read = ReplayInput { tried, from: self.from.0, to: self.to.map(|to| to.0), routings_max: self.routings_max };
        whole(faults, Some(read))
    }
}

fn tried(faults: &mut Violations, draft: Option<&ID>, changes: Option<RoutingChangesInput>) -> Tried {
    let changes = match changes.map(RoutingChangesInput::read).transpose() {
        Ok(changes) => changes,
        Err(more) => {
            faults.nest("changes", more);
            None
        }
    };
    match (draft, changes) {
        (None, None) => Tried::InForce,
        (None, Some(changes)) => Tried::Changes(Box::new(changes)),
        (Some(typed), changes) => {
            if changes.is_some() {
                faults.add("changes", ViolationCode::Conflict, "either a draft or changes are tried");
            }
            id(faults, "draft", typed).map_or(Tried::InForce, Tried::Draft)
        }
    }
}
