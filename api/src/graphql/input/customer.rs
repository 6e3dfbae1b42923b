//! Acts on customers.

use async_graphql::{ID, InputObject};
use fairfall_domain::id::CustomerId;
use fairfall_domain::violation::Violations;

use super::{id, whole};

/// Takes a customer over from sales.
#[derive(Clone, Debug, InputObject)]
pub struct CustomerTakeOverInput {
    /// The customer.
    pub customer: ID,
    /// The version that the caller read; when it has changed since, nothing is done. Absent to act on whatever it is now.
    pub expected_version: Option<u32>,
}

impl CustomerTakeOverInput {
    /// The customer and the version that the caller read.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(CustomerId, Option<u32>), Violations> {
        let mut faults = Violations::new();
        let customer = id(&mut faults, "customer", &self.customer);
        whole(faults, customer.map(|customer| (customer, self.expected_version)))
    }
}
