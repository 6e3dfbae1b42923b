//! Buying centers.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::buying_center::{BuyingCenter, BuyingNeeds, RoleCoverage};
use fairfall_domain::person::BuyingRole;
use fairfall_domain::value::Code;

use crate::graphql::code::{Coded, coded};
use crate::graphql::loader::{load, related};
use crate::graphql::scalar::{id, int};

use super::company::CompanyObject;
use super::person::PersonObject;
use super::shows;

/// A buying center.
#[derive(Clone, Debug)]
pub struct BuyingCenterObject(pub BuyingCenter);

shows!(BuyingCenterObject(BuyingCenter));

/// Who takes part when a company buys, and who is still missing.
#[Object(name = "BuyingCenter")]
impl BuyingCenterObject {
    /// The company.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        related(ctx, Some(self.0.company)).await
    }

    /// The company's id.
    async fn company_id(&self) -> ID {
        id(self.0.company)
    }

    /// The product area that is looked at; all when absent.
    async fn product_area(&self) -> Option<&str> {
        self.0.product_area.as_ref().map(Code::as_str)
    }

    /// Every role with who plays it.
    async fn roles(&self) -> Vec<RoleCoverageObject> {
        self.0.roles.iter().cloned().map(RoleCoverageObject).collect()
    }

    /// The roles that this product area needs and that nobody is known to play.
    async fn missing(&self) -> Vec<Coded<BuyingRole>> {
        coded(&self.0.missing())
    }

    /// The share of the needed roles that somebody plays, 0 to 100; 100 where none is needed.
    async fn covered_percent(&self) -> i32 {
        int(u32::from(self.0.covered_percent()))
    }
}

/// How well one role is known.
#[derive(Clone, Debug)]
pub struct RoleCoverageObject(pub RoleCoverage);

/// Who plays one role of a buying center.
#[Object(name = "BuyingRoleCoverage")]
impl RoleCoverageObject {
    /// The role.
    async fn role(&self) -> Coded<BuyingRole> {
        Coded(self.0.role)
    }

    /// Whether the product area needs it.
    async fn needed(&self) -> bool {
        self.0.is_needed
    }

    /// How many people play it, also those that the viewer may not see.
    async fn count(&self) -> i32 {
        i32::try_from(self.0.people.len()).unwrap_or(i32::MAX)
    }

    /// Who plays it, as far as the viewer may see them.
    async fn people(&self, ctx: &Context<'_>) -> Result<Vec<PersonObject>> {
        let asked = self.0.people.iter().map(|person| load(ctx, Some(*person)));
        let found: Vec<Option<PersonObject>> = futures_util::future::try_join_all(asked).await?;
        Ok(found.into_iter().flatten().collect())
    }
}

/// Which roles must be known before a sale is well prepared.
#[derive(Debug, SimpleObject)]
#[graphql(name = "BuyingNeeds")]
pub struct BuyingNeedsObject {
    /// Counts the changes from 1; send it as `expectedVersion`.
    version: i32,
    /// What is needed where a product area has no needs of its own.
    usual: Vec<Coded<BuyingRole>>,
    /// The product areas with needs of their own.
    by_product_area: Vec<AreaNeedsObject>,
}

/// The roles that one product area needs.
#[derive(Debug, SimpleObject)]
#[graphql(name = "ProductAreaBuyingNeeds")]
pub struct AreaNeedsObject {
    /// The key of the product area.
    product_area: String,
    /// The roles.
    roles: Vec<Coded<BuyingRole>>,
}

impl From<BuyingNeeds> for BuyingNeedsObject {
    fn from(needs: BuyingNeeds) -> Self {
        let all = |roles: &std::collections::BTreeSet<BuyingRole>| roles.iter().copied().map(Coded).collect();
        let areas = needs.by_product_area().iter();
        Self {
            version: int(needs.version()),
            usual: all(needs.usual()),
            by_product_area: areas
                .map(|(area, roles)| AreaNeedsObject { product_area: area.to_string(), roles: all(roles) })
                .collect(),
        }
    }
}
