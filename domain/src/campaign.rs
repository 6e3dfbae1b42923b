//! Campaigns: what was done to bring leads, what it should bring, and what it cost.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::code::codes;
use crate::id::CampaignId;
use crate::value::{Code, Money, ShortText};
use crate::violation::{ValueError, ViolationCode, Violations};

/// Most leads a campaign can aim at.
pub const GOAL_LEADS_MAX: u32 = 10_000_000;

codes! {
    /// The way by which a campaign's leads come.
    pub enum Channel {
        /// Unpaid search results.
        OrganicSearch = "ORGANIC_SEARCH",
        /// Paid search results.
        PaidSearch = "PAID_SEARCH",
        /// Social networks.
        Social = "SOCIAL",
        /// Mailings.
        Email = "EMAIL",
        /// Links from other sites, recommendations.
        Referral = "REFERRAL",
        /// The site's address typed in.
        Direct = "DIRECT",
        /// Banners.
        Display = "DISPLAY",
        /// Fairs, webinars, visits.
        Event = "EVENT",
        /// Papers, videos and posts of our own.
        Content = "CONTENT",
        /// Calls.
        Phone = "PHONE",
        /// Partners that push leads in.
        Partner = "PARTNER",
        /// The contact form.
        ContactForm = "CONTACT_FORM",
        /// Something else that is known.
        Other = "OTHER",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// Whom a campaign is meant for.
    pub enum Targeting {
        /// A market.
        Broad = "BROAD",
        /// Named companies (account-based marketing).
        AccountBased = "ACCOUNT_BASED",
    }
}

/// A campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Stable identity.
    pub id: CampaignId,
    /// Counts the changes, from 1.
    pub version: u32,
    /// Key by which forms, imports and partners name the campaign; unique.
    pub key: Code,
    /// Name.
    pub name: ShortText,
    /// The way by which its leads come.
    pub channel: Channel,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day; not before the first.
    pub ends_on: Option<NaiveDate>,
    /// How many marketing leads (MQL) it should bring.
    pub goal_marketing_leads: u32,
    /// How many sales leads (accepted by sales) it should bring.
    pub goal_sales_leads: u32,
    /// What it cost.
    pub cost: Option<Money>,
    /// Whom it is meant for.
    pub targeting: Targeting,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The parsed fields that a user may type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignFields {
    /// Key; unique.
    pub key: Code,
    /// Name.
    pub name: ShortText,
    /// The way by which its leads come.
    pub channel: Channel,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day; not before the first.
    pub ends_on: Option<NaiveDate>,
    /// How many marketing leads it should bring.
    pub goal_marketing_leads: u32,
    /// How many sales leads it should bring.
    pub goal_sales_leads: u32,
    /// What it cost.
    pub cost: Option<Money>,
    /// Whom it is meant for.
    pub targeting: Targeting,
}

/// A campaign as typed. Blank texts count as absent; goals default to 0, the channel to UNKNOWN, targeting to BROAD.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignDraft {
    /// Key; must be given.
    pub key: Option<String>,
    /// Name; must be given.
    pub name: Option<String>,
    /// Channel's code.
    pub channel: Option<String>,
    /// First day as `2026-03-01`.
    pub starts_on: Option<String>,
    /// Last day as `2026-03-31`.
    pub ends_on: Option<String>,
    /// How many marketing leads it should bring, as a whole number.
    pub goal_marketing_leads: Option<String>,
    /// How many sales leads it should bring, as a whole number.
    pub goal_sales_leads: Option<String>,
    /// What it cost.
    pub cost: Option<Money>,
    /// Targeting's code.
    pub targeting: Option<String>,
}

/// A change of a campaign as typed; what is omitted stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignPatch {
    /// Key; cannot be cleared.
    pub key: Change<String>,
    /// Name; cannot be cleared.
    pub name: Change<String>,
    /// Channel's code; cleared it is UNKNOWN.
    pub channel: Change<String>,
    /// First day.
    pub starts_on: Change<String>,
    /// Last day.
    pub ends_on: Change<String>,
    /// Marketing leads; cleared it is 0.
    pub goal_marketing_leads: Change<String>,
    /// Sales leads; cleared it is 0.
    pub goal_sales_leads: Change<String>,
    /// What it cost.
    pub cost: Change<Money>,
    /// Targeting's code; cleared it is BROAD.
    pub targeting: Change<String>,
}

fn parse_date(text: &str) -> Result<NaiveDate, ValueError> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_| ValueError::new(ViolationCode::Malformed, "expected a date such as `2026-03-31`"))
}

fn parse_goal(text: &str) -> Result<u32, ValueError> {
    let goal: u32 = text.parse().map_err(|_| ValueError::new(ViolationCode::Malformed, "expected a whole number of leads"))?;
    if goal > GOAL_LEADS_MAX {
        let message = format!("at most {GOAL_LEADS_MAX} leads are allowed");
        return Err(ValueError::new(ViolationCode::OutOfRange, message));
    }
    Ok(goal)
}

impl CampaignDraft {
    /// Reads every field.
    ///
    /// # Errors
    /// Every fault of the record, under the field names of the API (`startsOn`, `goalSalesLeads`, ...).
    pub fn parse(&self) -> Result<CampaignFields, Violations> {
        let mut faults = Violations::new();
        let key = faults.check_required("key", self.key.as_deref(), Code::parse);
        let name = faults.check_required("name", self.name.as_deref(), ShortText::parse);
        let channel = faults.check_optional("channel", self.channel.as_deref(), str::parse::<Channel>);
        let starts_on = faults.check_optional("startsOn", self.starts_on.as_deref(), parse_date);
        let ends_on = faults.check_optional("endsOn", self.ends_on.as_deref(), parse_date);
        if let (Some(first), Some(last)) = (starts_on, ends_on)
            && last < first
        {
            faults.add("endsOn", ViolationCode::Conflict, "the last day must not be before the first");
        }
        let goal_marketing_leads = faults.check_optional("goalMarketingLeads", self.goal_marketing_leads.as_deref(), parse_goal);
        let goal_sales_leads = faults.check_optional("goalSalesLeads", self.goal_sales_leads.as_deref(), parse_goal);
        let targeting = faults.check_optional("targeting", self.targeting.as_deref(), str::parse::<Targeting>);
        let (Some(key), Some(name), true) = (key, name, faults.is_empty()) else {
            return Err(faults);
        };
        Ok(CampaignFields {
            key,
            name,
            channel: channel.unwrap_or(Channel::Unknown),
            starts_on,
            ends_on,
            goal_marketing_leads: goal_marketing_leads.unwrap_or(0),
            goal_sales_leads: goal_sales_leads.unwrap_or(0),
            cost: self.cost,
            targeting: targeting.unwrap_or(Targeting::Broad),
        })
    }
}

impl CampaignPatch {
    /// Reads the campaign's fields as they are after the change.
    ///
    /// # Errors
    /// Every fault of the record after the change.
    pub fn parse(&self, current: &Campaign) -> Result<CampaignFields, Violations> {
        CampaignDraft {
            key: self.key.over(Some(&current.key)),
            name: self.name.over(Some(&current.name)),
            channel: self.channel.over(Some(&current.channel)),
            starts_on: self.starts_on.over(current.starts_on.as_ref()),
            ends_on: self.ends_on.over(current.ends_on.as_ref()),
            goal_marketing_leads: self.goal_marketing_leads.over(Some(&current.goal_marketing_leads)),
            goal_sales_leads: self.goal_sales_leads.over(Some(&current.goal_sales_leads)),
            cost: self.cost.apply(current.cost),
            targeting: self.targeting.over(Some(&current.targeting)),
        }
        .parse()
    }
}

impl Campaign {
    /// A campaign made `now`.
    pub fn new(id: CampaignId, fields: CampaignFields, now: DateTime<Utc>) -> Self {
        Self::assemble((id, 1), fields, (now, now))
    }

    /// The campaign with other fields, one version on.
    #[must_use]
    pub fn revise(&self, fields: CampaignFields, now: DateTime<Utc>) -> Self {
        Self::assemble((self.id, self.version.saturating_add(1)), fields, (self.created_at, now))
    }

    fn assemble(identity: (CampaignId, u32), fields: CampaignFields, times: (DateTime<Utc>, DateTime<Utc>)) -> Self {
        Self {
            id: identity.0,
            version: identity.1,
            key: fields.key,
            name: fields.name,
            channel: fields.channel,
            starts_on: fields.starts_on,
            ends_on: fields.ends_on,
            goal_marketing_leads: fields.goal_marketing_leads,
            goal_sales_leads: fields.goal_sales_leads,
            cost: fields.cost,
            targeting: fields.targeting,
            created_at: times.0,
            updated_at: times.1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn draft() -> CampaignDraft {
        CampaignDraft {
            key: Some("fair-2026".to_owned()),
            name: Some("Hannover Messe".to_owned()),
            channel: Some("EVENT".to_owned()),
            starts_on: Some("2026-04-20".to_owned()),
            ends_on: Some("2026-04-24".to_owned()),
            goal_marketing_leads: Some("120".to_owned()),
            ..CampaignDraft::default()
        }
    }

    #[test]
    fn the_last_day_is_not_before_the_first() {
        let faults = CampaignDraft {
            ends_on: Some("2026-04-19".to_owned()),
            channel: Some("fair".to_owned()),
            goal_sales_leads: Some("-1".to_owned()),
            ..draft()
        }
        .parse()
        .unwrap_err();
        let found: Vec<_> = faults.iter().map(|fault| (fault.field.as_str(), fault.code)).collect();
        assert_eq!(
            found,
            [
                ("channel", ViolationCode::UnknownValue),
                ("endsOn", ViolationCode::Conflict),
                ("goalSalesLeads", ViolationCode::Malformed),
            ]
        );
    }

    #[test]
    fn a_patch_keeps_what_it_does_not_name() {
        let campaign = Campaign::new(CampaignId::from(Uuid::from_u128(1)), draft().parse().unwrap(), DateTime::UNIX_EPOCH);
        let patch =
            CampaignPatch { ends_on: Change::Clear, goal_sales_leads: Change::Set("12".to_owned()), ..CampaignPatch::default() };
        let revised = campaign.revise(patch.parse(&campaign).unwrap(), DateTime::UNIX_EPOCH);
        assert_eq!((revised.ends_on, revised.goal_sales_leads, revised.goal_marketing_leads), (None, 12, 120));
        assert_eq!(revised.starts_on, campaign.starts_on);
        assert_eq!(revised.channel, Channel::Event);
    }
}
