//! Scores: the one place that gives leads their points, whatever changed. Whoever comes here has the leads locked, or has just made them.

mod age;
mod beginning;
mod due;
mod follow;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::campaign::Campaign;
use fairfall_domain::id::{CompanyId, LeadId, PersonId, UserId};
use fairfall_domain::scoring::score_override::Standing;
use fairfall_domain::scoring::{Score, Tally};
use fairfall_domain::waterfall::event::LeadEvent;
use fairfall_domain::waterfall::follow_up::{Cause, Watch, counts_points};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::measure::Evidence;
use fairfall_domain::waterfall::rescore::{Rescored, is_scored, rescore};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::journal::{self, NewEntry};
use fairfall_persistence::repo;
use fairfall_persistence::repo::activity::HourCount;
use fairfall_persistence::repo::lead_score::{LeadScore, Scorable};

use super::rules::Rules;
use super::{AppError, Caller};
use crate::clock::new_id;

pub(super) use age::{age, age_for_replay};
pub(super) use beginning::{Beginning, before, first};
pub use due::{DUE_MAX, DueRound, rescore_due};
pub(super) use follow::follow;

/// How often a lead is looked at whose agreement asks for engagement points between two grades.
const POINTS_LOOK_EVERY: TimeDelta = TimeDelta::days(1);

/// On whose behalf scores change, and why.
#[derive(Clone, Debug)]
pub(super) struct Occasion {
    /// Who did what changes them; nobody when it is time.
    pub(super) actor: Option<UserId>,
    /// The request it came with.
    pub(super) request_id: Option<String>,
    /// Behaviour or circumstance.
    pub(super) cause: Cause,
    /// When.
    pub(super) at: DateTime<Utc>,
}

impl Occasion {
    /// Somebody recorded or changed something.
    pub(super) fn of(caller: &Caller, cause: Cause, at: DateTime<Utc>) -> Self {
        Self { actor: Some(caller.actor.user), request_id: Some(caller.request_id.clone()), cause, at }
    }

    /// Time passed.
    pub(super) const fn of_time(at: DateTime<Utc>) -> Self {
        Self { actor: None, request_id: None, cause: Cause::Circumstance, at }
    }
}

/// A lead after its score was looked at.
#[derive(Clone, Debug)]
pub(super) struct Looked {
    /// The score it had.
    pub(super) before: Score,
    /// The lead now, with what its score depends on.
    pub(super) now: Scorable,
    /// The campaign.
    pub(super) campaign: Option<Campaign>,
    /// What the journal is to keep.
    pub(super) event: Option<LeadEvent>,
    /// Whether the row of the lead changes.
    pub(super) moved: bool,
}

/// Looks at leads again because something about them became known: locks them, scores them and does what follows.
pub(super) async fn refresh(
    uow: &UnitOfWork,
    rules: &Rules,
    people: &[PersonId],
    leads: &[LeadId],
    occasion: &Occasion,
) -> Result<(), AppError> {
    let locked = repo::lead_score::lock(uow, people, leads).await?;
    let scorables = repo::lead_score::load(uow, &locked).await?;
    look(uow, rules, scorables, occasion).await.map(drop)
}

/// Most leads of a company that are scored with its change; what is beyond them is due at once.
const COMPANY_LEADS_MAX: u32 = 100;

/// Looks again at the leads of a company that changed.
pub(super) async fn refresh_company(
    uow: &UnitOfWork,
    rules: &Rules,
    company: CompanyId,
    occasion: &Occasion,
) -> Result<(), AppError> {
    let leads = repo::lead_score::leads_of_company(uow, company, COMPANY_LEADS_MAX).await?;
    if leads.len() >= usize::try_from(COMPANY_LEADS_MAX).unwrap_or(usize::MAX) {
        repo::lead_score::look_at_company(uow, company, occasion.at).await?;
    }
    refresh(uow, rules, &[], &leads, occasion).await
}

/// Counts anew what was recorded for leads, then scores them and does what follows: after their person became another one.
pub(super) async fn recount(uow: &UnitOfWork, rules: &Rules, leads: &[LeadId], occasion: &Occasion) -> Result<(), AppError> {
    let people = repo::subject::persons_of_leads(uow, &Grant::system(Action::RecordActivity), leads).await?;
    let people: Vec<PersonId> = people.into_values().collect();
    // people before leads, as recording does
    let counts = before(uow, &people).await?;
    let locked = repo::lead_score::lock(uow, &[], leads).await?;
    let mut scorables = repo::lead_score::load(uow, &locked).await?;
    for one in &mut scorables {
        let tally = tally_of(one.lead.id, counts.get(&one.lead.person).map_or(&[][..], Vec::as_slice));
        let mut score = one.score.take().unwrap_or_else(|| LeadScore::new(one.lead.id, occasion.at));
        score.tally = tally;
        one.score = Some(score);
    }
    look(uow, rules, scorables, occasion).await.map(drop)
}

/// What counts for a lead, of all that its person did.
pub(super) fn tally_of(lead: LeadId, counts: &[HourCount]) -> Tally {
    let mut tally = Tally::new();
    for count in counts.iter().filter(|count| count.lead.is_none_or(|of| of == lead)) {
        tally.add_many(count.channel, count.kind, count.at, count.count);
    }
    tally
}

/// Scores locked leads, stores what changed in three statements, and does what follows by itself. Answers the leads as they are after it.
pub(super) async fn look(
    uow: &UnitOfWork,
    rules: &Rules,
    scorables: Vec<Scorable>,
    occasion: &Occasion,
) -> Result<Vec<Looked>, AppError> {
    let named = scorables.iter().filter_map(|one| one.lead.origin.campaign).collect();
    let campaigns = rules.campaigns_of(uow, named).await?;
    let mut looked = Vec::with_capacity(scorables.len());
    for scorable in scorables.into_iter().filter(|one| is_scored(&one.lead)) {
        let campaign = scorable.lead.origin.campaign.and_then(|id| campaigns.get(&id).cloned());
        looked.push(scored(rules, scorable, campaign, occasion.at));
    }
    store(uow, &looked, occasion).await?;
    for one in &looked {
        follow(uow, rules, one, occasion).await?;
    }
    Ok(looked)
}

/// A lead with the score that the model, or somebody by hand, gives it at a moment.
fn scored(rules: &Rules, mut one: Scorable, campaign: Option<Campaign>, at: DateTime<Utc>) -> Looked {
    let mut score = one.score.take().unwrap_or_else(|| LeadScore::new(one.lead.id, at));
    score.by_hand = score.by_hand.filter(|said| said.holds_at(at));
    let standing = standing(rules, &evidence(&one, campaign.as_ref(), at), &score, at);
    score.model = Some(rules.score_model.id);
    score.scored_at = at;
    let before = one.lead.demand.score;
    let rescored = rescore(&one.lead, standing.score, score.model, at);
    let moved = rescored.is_some();
    let (lead, event) = rescored.map_or_else(|| (one.lead.clone(), None), |Rescored { lead, event }| (lead, event));
    one.lead = lead;
    score.next_change_at = next_look(rules, &one, campaign.as_ref(), standing.next_change_at, at);
    one.score = Some(score);
    Looked { before, now: one, campaign, event, moved }
}

fn evidence<'a>(one: &'a Scorable, campaign: Option<&'a Campaign>, at: DateTime<Utc>) -> Evidence<'a> {
    Evidence {
        demand: &one.lead.demand,
        origin: &one.lead.origin,
        person: &one.person,
        company: one.company.as_ref(),
        campaign,
        captured_at: one.lead.captured_at,
        now: at,
    }
}

fn standing(rules: &Rules, evidence: &Evidence<'_>, score: &LeadScore, at: DateTime<Utc>) -> Standing {
    let model = &rules.score_model;
    let by_rules = model.rules.score(evidence, &score.tally, at);
    Standing::of(&by_rules, score.by_hand.as_ref(), model.grading(), at)
}

/// When to look again: as the score says, and daily where an agreement asks for points that decay.
fn next_look(
    rules: &Rules,
    one: &Scorable,
    campaign: Option<&Campaign>,
    by_score: Option<DateTime<Utc>>,
    at: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let Some(track) = rules.track(one.lead.track.id) else { return by_score };
    let watch = Watch {
        track,
        agreements: &rules.agreements,
        directory: &rules.directory,
        person: &one.person,
        company: one.company.as_ref(),
        campaign,
    };
    let decays = one.lead.demand.score.engagement() > 0 && counts_points(&one.lead, &watch, at);
    let daily = decays.then(|| at + POINTS_LOOK_EVERY);
    by_score.into_iter().chain(daily).min()
}

async fn store(uow: &UnitOfWork, looked: &[Looked], occasion: &Occasion) -> Result<(), AppError> {
    let scores: Vec<LeadScore> = looked.iter().filter_map(|one| one.now.score.clone()).collect();
    repo::lead_score::put_many(uow, &scores).await?;
    let leads: Vec<&Lead> = looked.iter().filter(|one| one.moved).map(|one| &one.now.lead).collect();
    repo::lead_score::update_leads(uow, &leads).await?;
    let told = looked.iter().filter_map(|one| Some((&one.now.lead, one.event.as_ref()?)));
    let entries: Result<Vec<NewEntry>, _> =
        told.map(|(lead, event)| NewEntry::of_lead(lead, event, new_id(), occasion.actor, occasion.at)).collect();
    Ok(journal::append(uow, &entries?).await?)
}
