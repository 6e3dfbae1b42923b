//! Hot rules: points for how somebody came. Who fills in the contact form asks to be called; who answers a campaign for named companies was
//! wanted before they knew.

use serde::{Deserialize, Serialize};

use crate::campaign::{Channel, Targeting};
use crate::code::codes;
use crate::label::Labels;
use crate::value::Code;
use crate::violation::{ViolationCode, Violations};
use crate::waterfall::measure::Evidence;

use super::engagement::{check_half_life, half_life_default};
use super::rule::check_labels;

codes! {
    /// How somebody came.
    pub enum HotTrigger {
        /// By the contact form.
        ContactForm = "CONTACT_FORM",
        /// By a campaign for named companies.
        AccountBasedCampaign = "ACCOUNT_BASED_CAMPAIGN",
    }
}

impl HotTrigger {
    /// Whether the lead came so.
    pub(super) fn met(self, evidence: &Evidence<'_>) -> bool {
        match self {
            Self::ContactForm => evidence.origin.channel == Channel::ContactForm,
            Self::AccountBasedCampaign => evidence.campaign.is_some_and(|it| it.targeting == Targeting::AccountBased),
        }
    }
}

/// Points for how somebody came: those of fit stay, those of engagement sink from the capture on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HotRule {
    /// Its key within the model.
    pub key: Code,
    /// Its name for people.
    pub labels: Labels,
    /// When it holds.
    pub trigger: HotTrigger,
    /// Points for fit, 0 to 100.
    #[serde(default)]
    pub fit_points: u8,
    /// Points for engagement, 0 to 100.
    #[serde(default)]
    pub engagement_points: u8,
    /// After how many hours half of the engagement points are left, 1 to 8,760.
    #[serde(default = "half_life_default")]
    pub half_life_hours: u32,
}

impl HotRule {
    pub(super) fn check(&self, faults: &mut Violations) {
        let field = format!("hot.{}", self.key);
        check_labels(&field, &self.labels, faults);
        for (name, points) in [("fitPoints", self.fit_points), ("engagementPoints", self.engagement_points)] {
            if points > 100 {
                faults.add(format!("{field}.{name}"), ViolationCode::OutOfRange, "points are 0 to 100");
            }
        }
        if self.fit_points == 0 && self.engagement_points == 0 {
            faults.add(&field, ViolationCode::Required, "a rule gives points on at least one axis");
        }
        check_half_life(&field, self.half_life_hours, faults);
    }
}
