//! Buying roles as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::buying_center::Participation;
use fairfall_domain::person::BuyingRole;
use fairfall_domain::value::Code;
use fairfall_domain::violation::Violations;

use super::{id, whole};
use crate::app::buying_center::NeedsInput;
use crate::graphql::code::{Coded, plain};

/// Declares inputs that name a person in a role, which are alike.
macro_rules! role_inputs {
    ($( $(#[$doc:meta])* $name:ident, )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, InputObject)]
        pub struct $name {
            /// The company that buys.
            pub company: ID,
            /// Who takes part; may work elsewhere, as a consultant does.
            pub person: ID,
            /// The key of the product area for which it counts; for all when absent.
            pub product_area: Option<String>,
            /// The role.
            pub role: Coded<BuyingRole>,
        }

        impl $name {
            /// Who plays which role where.
            ///
            /// # Errors
            /// Every malformed id or key.
            pub fn read(self) -> Result<Participation, Violations> {
                participation(&self.company, &self.person, self.product_area.as_deref(), self.role.0)
            }
        }
    )+ };
}

role_inputs! {
    /// Notes that a person plays a role.
    BuyingRolePutInput,
    /// Forgets that a person plays a role.
    BuyingRoleRemoveInput,
}

fn participation(company: &ID, person: &ID, area: Option<&str>, role: BuyingRole) -> Result<Participation, Violations> {
    let mut faults = Violations::new();
    let (company, person) = (id(&mut faults, "company", company), id(&mut faults, "person", person));
    let product_area = faults.check_optional("productArea", area, Code::parse);
    whole(faults, company.zip(person).map(|(company, person)| Participation { company, person, product_area, role }))
}

/// Which roles a sale needs, all of them.
#[derive(Clone, Debug, InputObject)]
pub struct BuyingNeedsUpdateInput {
    /// What is needed where a product area has no needs of its own.
    pub usual: Vec<Coded<BuyingRole>>,
    /// The product areas with needs of their own; at most 100.
    pub by_product_area: Option<Vec<ProductAreaBuyingNeedsInput>>,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to change whatever it is now.
    pub expected_version: Option<u32>,
}

/// The roles that one product area needs.
#[derive(Clone, Debug, InputObject)]
pub struct ProductAreaBuyingNeedsInput {
    /// The key of the product area.
    pub product_area: String,
    /// The roles; none for a product that needs nobody in particular.
    pub roles: Vec<Coded<BuyingRole>>,
}

impl From<BuyingNeedsUpdateInput> for NeedsInput {
    fn from(typed: BuyingNeedsUpdateInput) -> Self {
        let areas = typed.by_product_area.into_iter().flatten();
        Self {
            expected_version: typed.expected_version,
            usual: plain(Some(typed.usual)),
            by_product_area: areas.map(|area| (area.product_area, plain(Some(area.roles)))).collect(),
        }
    }
}
