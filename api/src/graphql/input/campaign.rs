//! Campaigns as they are typed.

use async_graphql::{ID, MaybeUndefined};
use fairfall_domain::campaign::{CampaignDraft, CampaignPatch, Channel, Targeting};
use fairfall_domain::change::Change;
use fairfall_domain::id::CampaignId;
use fairfall_domain::violation::Violations;

use super::money::MoneyInput;
use super::record::{draft, patch};
use super::{change, id, whole};
use crate::app::draft::read_money;
use crate::graphql::code::Coded;

/// The fields of a campaign that people type.
macro_rules! campaign_fields {
    ($then:ident! { $($head:tt)* }) => {
        $then! {
            $($head)*
            required {
                /// Key by which forms, imports and partners name the campaign; unique. Letters, digits, `-`, `_` and `.`.
                key: String,
                /// Name.
                name: String,
            }
            optional {
                /// The way by which its leads come; UNKNOWN when not told.
                channel: Coded<Channel>,
                /// First day, such as `2026-03-01`.
                starts_on: String,
                /// Last day, such as `2026-03-31`; not before the first.
                ends_on: String,
                /// How many marketing leads (MQL) it should bring.
                goal_marketing_leads: u32,
                /// How many leads accepted by sales it should bring.
                goal_sales_leads: u32,
                /// Whom it is meant for; BROAD when not told.
                targeting: Coded<Targeting>,
            }
        }
    };
}

campaign_fields! { draft! {
    /// A new campaign.
    CampaignCreateInput => CampaignDraft
    extra {
        /// What it cost.
        cost: Option<MoneyInput>,
        /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
        idempotency_key: Option<String>,
    }
    rest {
        cost: None,
    }
} }

campaign_fields! { patch! {
    /// A change of a campaign. Omitted fields stay, null empties a field.
    CampaignUpdateInput => CampaignPatch
    extra {
        /// The campaign.
        campaign: ID,
        /// What it cost.
        cost: MaybeUndefined<MoneyInput>,
    }
    rest {
        cost: Change::Keep,
    }
} }

impl CampaignCreateInput {
    /// The draft and the idempotency key.
    ///
    /// # Errors
    /// Every fault of the campaign when the cost is at fault; else the use case tells them.
    pub fn read(self) -> Result<(CampaignDraft, Option<String>), Violations> {
        let mut faults = Violations::new();
        let mut draft = self.draft();
        draft.cost = self.cost.and_then(|typed| read_money(&mut faults, "cost", &typed.into()));
        if !faults.is_empty()
            && let Err(more) = draft.parse()
        {
            faults.append(more);
        }
        whole(faults, Some((draft, self.idempotency_key)))
    }
}

impl CampaignUpdateInput {
    /// The campaign, the version that the caller read, and the change.
    ///
    /// # Errors
    /// A malformed id or cost.
    pub fn read(self) -> Result<(CampaignId, Option<u32>, CampaignPatch), Violations> {
        let mut faults = Violations::new();
        let campaign = id(&mut faults, "campaign", &self.campaign);
        let mut patch = self.patch();
        patch.cost = match change(self.cost) {
            Change::Keep => Change::Keep,
            Change::Clear => Change::Clear,
            Change::Set(typed) => read_money(&mut faults, "cost", &typed.into()).map_or(Change::Keep, Change::Set),
        };
        whole(faults, campaign.map(|campaign| (campaign, self.expected_version, patch)))
    }
}
