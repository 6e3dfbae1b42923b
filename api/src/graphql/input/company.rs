//! Companies as they are typed.

use async_graphql::ID;
use fairfall_domain::company::{CompanyDraft, CompanyPatch};
use fairfall_domain::id::CompanyId;
use fairfall_domain::violation::Violations;

use super::record::{draft, patch};
use super::{id, whole};

/// The fields of a company that people type.
macro_rules! company_fields {
    ($then:ident! { $($head:tt)* }) => {
        $then! {
            $($head)*
            required {
                /// Name as the company writes it.
                name: String,
            }
            optional {
                /// Country of the seat: a code of two letters such as `DE`.
                country: String,
                /// Region of the seat: a code such as `DE-BY`, or without the country in front.
                subdivision: String,
                /// Postal code of the seat in the layout of the country.
                postal_code: String,
                /// Town of the seat.
                city: String,
                /// Key of the industry.
                industry: String,
                /// How many people work there.
                employees: u32,
                /// Address in the web.
                website: String,
                /// Number in the register of companies.
                register_number: String,
                /// The colleague whose customer it is.
                owner: ID,
            }
        }
    };
}

company_fields! { draft! {
    /// A company that is not known yet.
    CompanyDraftInput => CompanyDraft
    extra {}
    rest {}
} }

company_fields! { draft! {
    /// A new company.
    CompanyCreateInput => CompanyDraft
    extra {
        /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
        idempotency_key: Option<String>,
    }
    rest {}
} }

company_fields! { patch! {
    /// A change of a company. Omitted fields stay, null empties a field.
    CompanyUpdateInput => CompanyPatch
    extra {
        /// The company.
        company: ID,
    }
    rest {}
} }

impl CompanyUpdateInput {
    /// The company, the version that the caller read, and the change.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(CompanyId, Option<u32>, CompanyPatch), Violations> {
        let mut faults = Violations::new();
        let company = id(&mut faults, "company", &self.company);
        whole(faults, company.map(|company| (company, self.expected_version, self.patch())))
    }
}
