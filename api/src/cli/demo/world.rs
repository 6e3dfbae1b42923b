//! The world in which the stories happen: the rules as they are stored, the organisation, the market.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::agreement::{Agreement, AgreementBook};
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::routing::{Roster, RosterTeam};
use fairfall_domain::scoring::ScoreModel;
use fairfall_domain::sla::CalendarBook;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::track::Track;

use super::dice::Dice;
use super::market::{Firm, campaigns, firms};
use super::organisation::{Organisation, organisation};
use super::promises::agreements;
use super::routing::{Sharing, sharing};
use super::story::DAYS;

/// Everything that decisions of the stories look at.
#[derive(Debug)]
pub(super) struct World {
    pub(super) organisation: Organisation,
    pub(super) roster: Roster,
    pub(super) sharing: Sharing,
    pub(super) firms: Vec<Firm>,
    pub(super) campaigns: Vec<Campaign>,
    pub(super) tracks: Vec<Track>,
    pub(super) agreements: AgreementBook,
    /// What the made-up departments signed.
    pub(super) signed: Vec<Agreement>,
    pub(super) calendars: CalendarBook,
    /// When the demo begins.
    pub(super) now: DateTime<Utc>,
    pub(super) score_model: ScoreModel,
}

impl World {
    /// Makes the world as it was at `start`, with the rules of today.
    pub(super) fn new(
        dice: &mut Dice,
        leads: usize,
        rules: (Vec<Track>, Vec<Agreement>, ScoreModel, CalendarBook),
        start: DateTime<Utc>,
    ) -> Result<Self, Violations> {
        let organisation = organisation(start)?;
        let teams = organisation.teams.iter().map(|team| RosterTeam {
            id: team.id,
            department: team.department,
            countries: team.countries.clone(),
            members: team.members.iter().map(|member| member.user).collect(),
        });
        let (tracks, shipped, score_model, calendars) = rules;
        let signed = agreements(&shipped, &organisation, start)?;
        let now = start + TimeDelta::days(DAYS);
        Ok(Self {
            roster: Roster::new(teams.collect()),
            sharing: sharing(&organisation, now)?,
            organisation,
            firms: firms(dice, leads, start)?,
            campaigns: campaigns(start)?,
            tracks,
            score_model,
            calendars,
            now,
            agreements: AgreementBook::new(shipped.into_iter().chain(signed.iter().cloned()).collect()),
            signed,
        })
    }

    /// The campaign that could have brought a lead at a time; most leads come by one.
    pub(super) fn campaign(&self, dice: &mut Dice, at: DateTime<Utc>) -> Option<&Campaign> {
        let day = at.date_naive();
        let runs = |campaign: &&Campaign| {
            campaign.starts_on.is_none_or(|first| first <= day) && campaign.ends_on.is_none_or(|last| day <= last)
        };
        let running: Vec<&Campaign> = self.campaigns.iter().filter(runs).collect();
        if dice.chance(20) { None } else { dice.pick(&running).copied() }
    }
}

/// The channel of a lead that no campaign brought.
pub(super) fn channel(dice: &mut Dice) -> Channel {
    const CHANNELS: [(u32, Channel); 5] = [
        (40, Channel::OrganicSearch),
        (25, Channel::Direct),
        (15, Channel::ContactForm),
        (10, Channel::Phone),
        (10, Channel::Referral),
    ];
    dice.weighted(&CHANNELS).copied().unwrap_or(Channel::Unknown)
}
