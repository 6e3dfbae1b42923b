//! One routing: from a lead, the directory, the ledgers and the time to a decision. The order is fixed, and each step says what it found.
//!
//! 1. Whoever is asked for gets it.
//! 2. The territory that takes it names the team; without territories the team that serves its country does.
//! 3. Consent: somebody must be allowed to speak to the contact.
//! 4. The company's owner gets it; when a team was asked for, an owner of that team.
//! 5. The tier finds the pool; weak leads go to nobody unless a pool takes them.
//! 6. Of the pool: active, started, present; by language and its fallbacks; below their caps, which hot leads pass where they count days; of the
//!    seniority that is a must; at work, for hot leads; of the seniority that is preferred.
//! 7. Of those left, whose turn it is.
//!
//! Otherwise the lead waits in the queue of the team, with the reason.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::company::Company;
use crate::consent::{Purpose, may_contact};
use crate::department::Department;
use crate::id::{LeadId, PassageId, PoolId, RoutingDecisionId, TeamId, UserId};
use crate::person::Person;
use crate::scoring::Tier;
use crate::waterfall::lead::Demand;

use super::candidates::{Gathering, gather};
use super::decision::{CandidateRule, ChosenBy, RoutingCause, RoutingDecision, RoutingOutcome, TerritoryHit};
use super::directory::Directory;
use super::fairness::{Balance, Contender, draw};
use super::ledger::Ledger;
use super::place::{PlaceFault, QueueReason, Wish, place};
use super::pool::Pool;
use super::roster::Roster;

/// A lead to be routed.
#[derive(Clone, Copy, Debug)]
pub struct RoutingRequest<'a> {
    /// The id of the decision.
    pub id: RoutingDecisionId,
    /// Which lead.
    pub lead: LeadId,
    /// On which passage.
    pub passage: PassageId,
    /// Why.
    pub cause: RoutingCause,
    /// The department that is to get it.
    pub department: Department,
    /// What is known of it.
    pub demand: &'a Demand,
    /// Whose it is.
    pub person: &'a Person,
    /// The company.
    pub company: Option<&'a Company>,
    /// When the company had another lead last.
    pub company_seen_at: Option<DateTime<Utc>>,
    /// The expected value, in minor units of the organisation's currency.
    pub worth: Option<i64>,
    /// Whom the sender asked for.
    pub wish: Wish,
    /// Who shall not get it.
    pub excluded: &'a [UserId],
}

/// What is kept of a pool: its ledgers, and how many leads each member got today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PoolState {
    /// The ledger of each tier.
    pub tiers: BTreeMap<Tier, Ledger>,
    /// The day that `today` counts, in the team's time zone.
    pub day: Option<NaiveDate>,
    /// Leads got by turn on that day.
    pub today: BTreeMap<UserId, u32>,
}

impl PoolState {
    fn begin_day(&mut self, day: NaiveDate) {
        if self.day != Some(day) {
            self.day = Some(day);
            self.today.clear();
        }
    }
}

/// The state of the pools that may be asked, and how many open leads their members have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// By pool; one that is missing starts empty.
    pub pools: BTreeMap<PoolId, PoolState>,
    /// Open leads by member; whoever is missing has none.
    pub open: BTreeMap<UserId, u32>,
}

impl Book {
    /// Whoever gets a lead has one more open, by whatever rule: leads routed in one book must see the same caps as leads routed one by one.
    fn open_one(&mut self, user: UserId) {
        let open = self.open.entry(user).or_default();
        *open = open.saturating_add(1);
    }
}

/// Which team a lead goes to, before anything of its members is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    territory: Option<TerritoryHit>,
    team: Result<TeamId, QueueReason>,
}

/// The pool whose state a request looks at, if it looks at any: what must be locked and loaded before [`route`].
pub fn pool_of<'a>(request: &RoutingRequest<'_>, directory: &'a Directory, roster: &Roster) -> Option<&'a Pool> {
    if request.wish.person.is_some() {
        return None;
    }
    let team = target(request, directory, roster).ok()?.team.ok()?;
    directory.pool(team, request.demand.score.tier())
}

/// Routes a lead, and writes it into the book.
///
/// # Errors
/// When the wish names a person or a team that is not the department's.
pub fn route(
    request: &RoutingRequest<'_>,
    directory: &Directory,
    roster: &Roster,
    book: &mut Book,
    now: DateTime<Utc>,
) -> Result<RoutingDecision, PlaceFault> {
    let mut decision = blank(request, now);
    if request.wish.person.is_some() {
        let placed = place(roster, request.department, request.demand.country, request.wish)?;
        decision.team = placed.team;
        decision.outcome = match (placed.person, placed.queue_reason) {
            (Some(user), _) => {
                book.open_one(user);
                RoutingOutcome::Assigned { user, by: ChosenBy::Wish }
            }
            (None, reason) => RoutingOutcome::Queued { reason: reason.unwrap_or(QueueReason::AwaitingPickUp) },
        };
        return Ok(decision);
    }
    let Target { territory, team } = target(request, directory, roster)?;
    decision.territory = territory;
    let team = match team {
        Ok(team) => team,
        Err(reason) => return Ok(queued(decision, reason)),
    };
    decision.team = Some(team);
    let pool = directory.pool(team, decision.tier);
    if pool.is_some_and(|pool| !may_be_contacted(pool, request, now)) {
        return Ok(queued(decision, QueueReason::NoConsent));
    }
    if let Some((owner, team)) = owner(request, directory, roster, now) {
        decision.team = Some(team);
        book.open_one(owner);
        decision.outcome = RoutingOutcome::Assigned { user: owner, by: ChosenBy::Owner };
        return Ok(decision);
    }
    match pool {
        Some(pool) => Ok(from_pool(decision, pool, request, (directory, roster), book, now)),
        None if !directory.has_pools(team) => Ok(queued(decision, without_pools(roster, team))),
        None if decision.tier == Tier::Weak => Ok(queued(decision, QueueReason::FilteredWeak)),
        None => Ok(queued(decision, QueueReason::NoPool)),
    }
}

fn blank(request: &RoutingRequest<'_>, now: DateTime<Utc>) -> RoutingDecision {
    RoutingDecision {
        id: request.id,
        lead: request.lead,
        passage: request.passage,
        at: now,
        cause: request.cause,
        department: request.department,
        tier: request.demand.score.tier(),
        wish: request.wish,
        territory: None,
        team: None,
        pool: None,
        language: None,
        language_missed: None,
        worth: request.worth,
        candidates: Vec::new(),
        rule: None,
        outcome: RoutingOutcome::Queued { reason: QueueReason::NoTeam },
    }
}

fn queued(decision: RoutingDecision, reason: QueueReason) -> RoutingDecision {
    RoutingDecision { outcome: RoutingOutcome::Queued { reason }, ..decision }
}

/// A team that gives its leads to nobody in particular.
fn without_pools(roster: &Roster, team: TeamId) -> QueueReason {
    let is_empty = roster.team(team).is_none_or(|team| team.members.is_empty());
    if is_empty { QueueReason::NobodyActive } else { QueueReason::AwaitingPickUp }
}

/// The team that was asked for, else the one of the territory, else the one that serves the country.
fn target(request: &RoutingRequest<'_>, directory: &Directory, roster: &Roster) -> Result<Target, PlaceFault> {
    let by_team = |wish| -> Result<Target, PlaceFault> {
        let placed = place(roster, request.department, request.demand.country, wish)?;
        Ok(Target { territory: None, team: placed.team.ok_or(QueueReason::NoTeam) })
    };
    if request.wish.team.is_some() || !directory.territories.serves(request.department) {
        return by_team(Wish { person: None, team: request.wish.team });
    }
    let found = directory.at_spot(request.demand, request.company, |spot| directory.territories.find(spot, request.department));
    Ok(match found {
        Some(found) if roster.team(found.team).is_some_and(|team| team.department == request.department) => Target {
            territory: Some(TerritoryHit { territory: found.territory, served_by: found.served_by, equal: found.equal }),
            team: Ok(found.team),
        },
        Some(_) | None => Target { territory: None, team: Err(QueueReason::NoTerritory) },
    })
}

fn may_be_contacted(pool: &Pool, request: &RoutingRequest<'_>, now: DateTime<Utc>) -> bool {
    let allowed = |channel| may_contact(&request.person.consents, Purpose::SalesContact, channel, now).is_allowed();
    pool.channels.is_empty() || pool.channels.iter().any(|channel| allowed(*channel))
}

/// The company's owner with the team, when the owner works in the department, is there, and the company was seen lately enough. When a team was
/// asked for, the owner must be of that team: otherwise whoever gives a lead to another team would be given it back.
fn owner(request: &RoutingRequest<'_>, directory: &Directory, roster: &Roster, now: DateTime<Utc>) -> Option<(UserId, TeamId)> {
    let owner = request.company?.owner.filter(|owner| !request.excluded.contains(owner))?;
    let is_near = match directory.policy.owner_days_max {
        None => true,
        Some(days) => request.company_seen_at.is_some_and(|seen| now - seen <= TimeDelta::days(i64::from(days)) && days > 0),
    };
    let asked = request.wish.team.map(|team| roster.team(team).filter(|team| team.members.contains(&owner)));
    let team = asked.unwrap_or_else(|| roster.team_of(request.department, owner))?;
    let is_there = directory.member(owner).is_none_or(|member| member.has_started(now) && !member.is_absent(now));
    (is_near && is_there).then_some((owner, team.id))
}

/// Chooses among the members of a pool.
fn from_pool(
    mut decision: RoutingDecision,
    pool: &Pool,
    request: &RoutingRequest<'_>,
    (directory, roster): (&Directory, &Roster),
    book: &mut Book,
    now: DateTime<Utc>,
) -> RoutingDecision {
    decision.pool = Some(pool.id);
    let Book { pools, open } = book;
    let state = pools.entry(pool.id).or_default();
    state.begin_day(now.with_timezone(&directory.zone(pool.team).tz()).date_naive());
    let Gathering { mut candidates, language, language_missed, empty } =
        gather(pool, request, (directory, roster), state, open, now);
    (decision.language, decision.language_missed) = (language, language_missed);
    if let Some(reason) = empty {
        decision.candidates = candidates;
        return queued(decision, reason);
    }
    let eligible: Vec<Contender> = candidates
        .iter()
        .filter(|candidate| candidate.rule.is_eligible())
        .map(|candidate| Contender { user: candidate.user, weight: candidate.weight })
        .collect();
    let balance = if pool.balances_worth { Balance::Worth } else { Balance::Number };
    let Some(drawn) = draw(state.tiers.entry(decision.tier).or_default(), &eligible, request.worth, balance) else {
        decision.candidates = candidates;
        return queued(decision, QueueReason::NobodyActive);
    };
    let entitled = candidates.iter_mut().filter(|candidate| candidate.rule.is_eligible());
    for (candidate, (share, worth)) in entitled.zip(drawn.shares.iter().zip(&drawn.worth)) {
        (candidate.share, candidate.worth) = (*share, *worth);
        if candidate.user == drawn.chosen {
            candidate.rule = CandidateRule::Chosen;
        }
    }
    let today = state.today.entry(drawn.chosen).or_default();
    *today = today.saturating_add(1);
    book.open_one(drawn.chosen);
    decision.candidates = candidates;
    decision.rule = Some(drawn.rule);
    decision.outcome = RoutingOutcome::Assigned { user: drawn.chosen, by: ChosenBy::Turn };
    decision
}
