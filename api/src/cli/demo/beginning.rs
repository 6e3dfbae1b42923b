//! How a made-up lead begins, and what is learned of it.

use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::company::Company;
use fairfall_domain::department::Department;
use fairfall_domain::waterfall::bant::{Authority, Bant, Budget, Need};
use fairfall_domain::waterfall::lead::{Direction, Origin};

use super::dice::Dice;
use super::life::one_of;
use super::script::Learned;
use super::world::{World, channel};

pub(super) fn bant(learned: Learned, known: Bant) -> Bant {
    match learned {
        Learned::Interest => Bant {
            budget: known.budget.max(Some(Budget::Planned)),
            authority: known.authority.max(Some(Authority::Influencer)),
            need: known.need.max(Some(Need::Recognised)),
            timeline_months: known.timeline_months.or(Some(9)),
        },
        Learned::Readiness => Bant {
            budget: Some(Budget::Approved),
            authority: Some(Authority::Decider),
            need: known.need.max(Some(Need::Recognised)),
            timeline_months: Some(4),
        },
    }
}

/// Forms capture by themselves; whoever calls, visits or hears of a demand captures it.
pub(super) fn origin(world: &World, dice: &mut Dice, department: Department, of: (Option<&Campaign>, &Company)) -> Origin {
    let (campaign, company) = of;
    let colleague = |dice: &mut Dice| {
        let team = world.roster.serving(department, company.country)?;
        one_of(dice, world.organisation.crew(team.id))
    };
    if department != Department::Marketing {
        let captured_by = colleague(dice);
        return Origin { department, direction: Direction::Outbound, channel: Channel::Phone, campaign: None, captured_by };
    }
    let channel = campaign.map_or_else(|| channel(dice), |campaign| campaign.channel);
    let (direction, captured_by) = match channel {
        Channel::Partner => (Direction::Inbound, world.organisation.partner),
        Channel::Phone => (Direction::Outbound, colleague(dice)),
        Channel::Event => (Direction::Inbound, colleague(dice)),
        Channel::OrganicSearch
        | Channel::PaidSearch
        | Channel::Social
        | Channel::Email
        | Channel::Referral
        | Channel::Direct
        | Channel::Display
        | Channel::Content
        | Channel::ContactForm
        | Channel::Other
        | Channel::Unknown => (Direction::Inbound, None),
    };
    Origin { department, direction, channel, campaign: campaign.map(|campaign| campaign.id), captured_by }
}
