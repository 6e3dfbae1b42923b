//! What the domain makes of a capture.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::capture::{self as domain, CaptureDraws, CaptureOrder};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::lead::Origin;
use fairfall_domain::waterfall::track::Track;

use super::read::Read;
use crate::app::rules::Rules;
use crate::app::{AppError, Caller};
use crate::clock::new_id;

/// Whom and what a capture is about.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) person: &'a Person,
    pub(super) is_new: bool,
    pub(super) company: Option<&'a Company>,
    pub(super) campaign: Option<&'a Campaign>,
}

pub(super) fn decide(
    caller: &Caller,
    read: &Read,
    rules: &Rules,
    known: &Known<'_>,
    now: DateTime<Utc>,
) -> Result<Change, AppError> {
    let Known { person, is_new, company, campaign } = *known;
    // what is known of a person fills gaps only for those who may know it
    let may_know = is_new || caller.may(Action::ViewPerson).is_some();
    let mut demand = read.demand.clone().complete(may_know.then_some(person), company.filter(|_| may_know));
    read.visitor.note_device(&mut demand);
    let track = match &read.track {
        Some(key) => rules.newest(key).ok_or_else(|| AppError::not_found("track"))?,
        None => default_track(rules, demand.value.as_ref())?,
    };
    let channel = read.channel.or_else(|| campaign.map(|campaign| campaign.channel)).unwrap_or(Channel::Unknown);
    let order = CaptureOrder {
        draws: CaptureDraws { lead: new_id(), passage: new_id(), transition: new_id(), opportunity: new_id() },
        person: person.id,
        company: company.map(|company| company.id).or(person.company),
        origin: Origin {
            department: read.origin,
            direction: read.direction,
            channel,
            campaign: read.campaign,
            captured_by: Some(caller.actor.user),
        },
        demand,
        wish: read.wish,
    };
    Ok(domain::capture(order, track, &rules.roster, now)?)
}

fn default_track<'a>(rules: &'a Rules, value: Option<&Money>) -> Result<&'a Track, AppError> {
    rules.track_for(value).ok_or_else(|| AppError::internal("the price bands name a track that is not stored"))
}
