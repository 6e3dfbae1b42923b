//! What people did before they came, and the score that the model in force gives them for it.

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::campaign::{Campaign, Channel};
use fairfall_domain::company::Company;
use fairfall_domain::person::Person;
use fairfall_domain::scoring::{ActivityKind, ScoreModel, Tally};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::measure::Evidence;
use fairfall_persistence::repo::lead_score::LeadScore;

use super::dice::Dice;

/// For how many days before the capture something may have been done.
const DAYS_BEFORE: i64 = 30;
/// Most kinds of things that one person did.
const KINDS_MAX: i64 = 5;

/// How often which thing is done, by which channel.
const DONE: [(u32, (Channel, ActivityKind)); 10] = [
    (30, (Channel::OrganicSearch, ActivityKind::PageView)),
    (14, (Channel::Direct, ActivityKind::PricingView)),
    (14, (Channel::Email, ActivityKind::EmailOpen)),
    (12, (Channel::Email, ActivityKind::Click)),
    (10, (Channel::Content, ActivityKind::ContentDownload)),
    (6, (Channel::Event, ActivityKind::EventAttend)),
    (5, (Channel::Phone, ActivityKind::Call)),
    (4, (Channel::Direct, ActivityKind::DemoRequest)),
    (3, (Channel::ContactForm, ActivityKind::ContactRequest)),
    (2, (Channel::Phone, ActivityKind::Meeting)),
];

/// What somebody did in the weeks before a moment.
fn tally(dice: &mut Dice, at: DateTime<Utc>) -> Tally {
    let mut tally = Tally::new();
    for _ in 0..dice.between(0, KINDS_MAX) {
        let Some((channel, kind)) = dice.weighted(&DONE).copied() else { continue };
        let often = u32::try_from(dice.between(1, 3)).unwrap_or(1);
        tally.add_many(channel, kind, at - dice.minutes(0, TimeDelta::days(DAYS_BEFORE).num_minutes()), often);
    }
    tally
}

/// Whose behaviour it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose<'a> {
    pub(super) person: &'a Person,
    pub(super) company: &'a Company,
    pub(super) campaign: Option<&'a Campaign>,
}

/// Scores a lead as it comes in, and answers what the score is made from.
pub(super) fn score(model: &ScoreModel, dice: &mut Dice, lead: &mut Lead, whose: Whose<'_>, at: DateTime<Utc>) -> LeadScore {
    let Whose { person, company, campaign } = whose;
    let tally = tally(dice, at);
    let scored = {
        let evidence = Evidence {
            demand: &lead.demand,
            origin: &lead.origin,
            person,
            company: Some(company),
            campaign,
            captured_at: at,
            now: at,
        };
        model.rules.score(&evidence, &tally, at)
    };
    lead.demand.score = scored.score;
    LeadScore { tally, model: Some(model.id), next_change_at: scored.next_change_at, ..LeadScore::new(lead.id, at) }
}
