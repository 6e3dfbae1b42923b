//! What a version of an agreement would have done, and what two versions say differently.

use async_graphql::{ComplexObject, Context, Result, SimpleObject};
use fairfall_domain::agreement::diff::{Difference, DifferenceKind};
use fairfall_domain::agreement::replay::{GateFigures, Passing, Resting, Source};
use fairfall_domain::campaign::Channel;
use fairfall_domain::id::CampaignId;
use fairfall_domain::waterfall::stage::OpenStage;

use crate::app::agreement::Replayed;
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, int};

use super::agreement::AgreementObject;
use super::campaign::CampaignObject;
use super::label::LabelsObject;

/// What a version would have done to the leads that were captured in the last days: its gates are asked of what is known of each lead now. A lead that
/// passed a gate in the past may have been asked less than is known of it today.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementReplay")]
pub struct AgreementReplayObject {
    /// The version that was tried.
    pub agreement: AgreementObject,
    /// Leads captured since were looked at.
    pub since: Timestamp,
    /// The moment as of which its gates were asked.
    pub at: Timestamp,
    /// Leads that were looked at.
    pub leads: i32,
    /// Those for which the version would hold: on a track on which its giver gives to its taker, and within its scope.
    pub in_scope: i32,
    /// Whether there were more leads than were looked at; then these are the newest.
    pub cut_short: bool,
    /// What passes before each stage, in the order of the stages.
    pub gates: Vec<AgreementReplayGateObject>,
    /// What would be sent to rest.
    pub resting: AgreementReplayRestingObject,
}

impl From<Replayed> for AgreementReplayObject {
    fn from(replayed: Replayed) -> Self {
        Self {
            agreement: replayed.agreement.into(),
            since: Timestamp(replayed.since),
            at: Timestamp(replayed.at),
            leads: int(replayed.looked_at),
            in_scope: int(replayed.in_scope),
            cut_short: replayed.cut_short,
            gates: replayed.gates.into_iter().map(Into::into).collect(),
            resting: replayed.rest.into(),
        }
    }
}

/// What passes before one stage.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementReplayGate")]
pub struct AgreementReplayGateObject {
    /// The stage that is entered.
    pub stage: Coded<OpenStage>,
    /// All leads.
    pub total: AgreementReplayPassingObject,
    /// The same by channel and campaign.
    pub by_source: Vec<AgreementReplaySourceObject>,
}

impl From<(OpenStage, GateFigures)> for AgreementReplayGateObject {
    fn from((stage, figures): (OpenStage, GateFigures)) -> Self {
        let by_source = figures.by_source.into_iter().map(Into::into).collect();
        Self { stage: Coded(stage), total: figures.total.into(), by_source }
    }
}

/// How many leads pass a gate.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "AgreementReplayPassing")]
pub struct AgreementReplayPassingObject {
    /// Leads that stood before the gate.
    pub leads: i32,
    /// Those that passed it: they reached the stage or, where the taker must accept, were offered.
    pub passed: i32,
    /// Those that would pass the version's gate now; all where it has none.
    pub would_pass: i32,
    /// Those that did not pass and would.
    pub gained: i32,
    /// Those that passed and would not.
    pub lost: i32,
}

impl From<Passing> for AgreementReplayPassingObject {
    fn from(passing: Passing) -> Self {
        Self {
            leads: int(passing.leads),
            passed: int(passing.passed),
            would_pass: int(passing.would_pass),
            gained: int(passing.gained),
            lost: int(passing.lost),
        }
    }
}

/// How many leads of one source pass a gate.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "AgreementReplaySource", complex)]
pub struct AgreementReplaySourceObject {
    /// The channel that they came by.
    pub channel: Coded<Channel>,
    /// How many pass.
    pub passing: AgreementReplayPassingObject,
    #[graphql(skip)]
    campaign_id: Option<CampaignId>,
}

impl From<(Source, Passing)> for AgreementReplaySourceObject {
    fn from((source, passing): (Source, Passing)) -> Self {
        Self { channel: Coded(source.channel), passing: passing.into(), campaign_id: source.campaign }
    }
}

#[ComplexObject]
impl AgreementReplaySourceObject {
    /// The campaign that they came from; absent for those of none.
    async fn campaign(&self, ctx: &Context<'_>) -> Option<Result<CampaignObject>> {
        related(ctx, self.campaign_id).await
    }
}

/// How many leads would be sent to rest.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "AgreementReplayResting")]
pub struct AgreementReplayRestingObject {
    /// Leads that the giver works on now.
    pub leads: i32,
    /// Those of them that meet the version's criteria to rest.
    pub would_rest: i32,
}

impl From<Resting> for AgreementReplayRestingObject {
    fn from(resting: Resting) -> Self {
        Self { leads: int(resting.leads), would_rest: int(resting.would_rest) }
    }
}

/// Something that two versions say differently.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "AgreementDifference")]
pub struct AgreementDifferenceObject {
    /// Where: parts joined by dots, criteria by their keys, such as `gates.MQL.all.soon`.
    pub path: String,
    /// How.
    pub kind: Coded<DifferenceKind>,
    /// What the earlier version says, in words; absent when it does not have it.
    pub before: Option<LabelsObject>,
    /// What the later version says, in words; absent when it does not have it.
    pub after: Option<LabelsObject>,
}

impl From<Difference> for AgreementDifferenceObject {
    fn from(difference: Difference) -> Self {
        let shown = |labels: Option<fairfall_domain::label::Labels>| labels.as_ref().map(Into::into);
        Self {
            path: difference.path,
            kind: Coded(difference.kind),
            before: shown(difference.before),
            after: shown(difference.after),
        }
    }
}
