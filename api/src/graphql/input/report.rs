//! What reports about promises are cut by.

use async_graphql::{ID, InputObject};
use fairfall_domain::campaign::Channel;
use fairfall_domain::department::Department;
use fairfall_domain::scoring::Tier;
use fairfall_domain::sla::ClockKind;
use fairfall_domain::value::Code;
use fairfall_domain::violation::Violations;
use fairfall_persistence::report::sla::ClockCut;

use super::{optional_id, whole};
use crate::graphql::code::Coded;

/// Which clocks are counted: those that meet every part that is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SlaReportFilter {
    /// Only promises of this kind.
    pub clock_kind: Option<Coded<ClockKind>>,
    /// Only of leads that this department gave.
    pub giving: Option<Coded<Department>>,
    /// Only those that this department must keep.
    pub taking: Option<Coded<Department>>,
    /// Only those of the agreement with this key, whatever version.
    pub agreement: Option<String>,
    /// Only those that the team with this id let lapse, must keep, or had to last.
    pub team: Option<ID>,
    /// Only those that the user with this id let lapse, must keep, or had to last.
    pub member: Option<ID>,
    /// Only of leads that had this tier when the clock was started.
    pub tier: Option<Coded<Tier>>,
}

/// Which leads are counted: those that meet every part that is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct SpeedToLeadFilter {
    /// Only those that this department gave.
    pub giving: Option<Coded<Department>>,
    /// Only those that this department was given.
    pub taking: Option<Coded<Department>>,
    /// Only those given under the agreement with this key, whatever version.
    pub agreement: Option<String>,
    /// Only those that the team with this id has, or had last.
    pub team: Option<ID>,
    /// Only those that had this tier when they were given.
    pub tier: Option<Coded<Tier>>,
    /// Only those that came through this channel.
    pub channel: Option<Coded<Channel>>,
}

/// Which hand-overs are counted: those that meet every part that is given.
#[derive(Clone, Debug, Default, InputObject)]
pub struct HandOverQualityFilter {
    /// Only those by this department.
    pub giving: Option<Coded<Department>>,
    /// Only those to this department.
    pub taking: Option<Coded<Department>>,
}

impl SlaReportFilter {
    /// The filter for the use case.
    ///
    /// # Errors
    /// Every malformed id and key.
    pub fn read(self) -> Result<ClockCut, Violations> {
        let mut faults = Violations::new();
        let cut = ClockCut {
            kind: self.clock_kind.map(|kind| kind.0),
            giving: self.giving.map(|giving| giving.0),
            taking: self.taking.map(|taking| taking.0),
            agreement: faults.check_optional("filter.agreement", self.agreement.as_deref(), Code::parse),
            team: optional_id(&mut faults, "filter.team", self.team.as_ref()),
            member: optional_id(&mut faults, "filter.member", self.member.as_ref()),
            tier: self.tier.map(|tier| tier.0),
        };
        whole(faults, Some(cut))
    }
}

impl SpeedToLeadFilter {
    /// The filter for the use case, and the channel.
    ///
    /// # Errors
    /// Every malformed id and key.
    pub fn read(self) -> Result<(ClockCut, Option<Channel>), Violations> {
        let Self { giving, taking, agreement, team, tier, channel } = self;
        let cut = SlaReportFilter { giving, taking, agreement, team, tier, ..SlaReportFilter::default() };
        Ok((cut.read()?, channel.map(|channel| channel.0)))
    }
}
