//! Routing of real acts: the pool is locked, the lead routed, and with the act its account is stored and the ledger moved, all in one transaction.
//!
//! Two that want the same pool at the same time wait for each other, on whatever node they run: caps and the promise of fairness hold exactly.
//! When a lead goes elsewhere by hand, the ledger is put right in the same transaction ([`Correction`]).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::company::Company;
use fairfall_domain::id::{CompanyId, LeadId, PoolId, RoutingDecisionId, UserId};
use fairfall_domain::person::Person;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::routing::{Book, Directory, Pool, PoolState, RoutingCause, RoutingDecision, RoutingRequest, pool_of, route};
use fairfall_domain::waterfall::change::Change;
use fairfall_domain::waterfall::command::Command;
use fairfall_domain::waterfall::correction::{correct, gives_back, holder, is_misrouted, takes_away};
use fairfall_domain::waterfall::facts::ActingParty;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::reason::ReassignReason;
use fairfall_domain::waterfall::routed::{self, RoutingNeed};
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::repo::routing_decision::StoredDecision;
use fairfall_persistence::{UnitOfWork, repo};

use super::command::track_of;
use crate::app::AppError;
use crate::app::rules::Rules;
use crate::clock::new_id;

/// A routing that was worked out for an act, and what it does to the ledgers; kept with [`Routed::keep`] once the act is decided.
#[derive(Debug, Default)]
pub(in crate::app) struct Routed {
    decision: Option<RoutingDecision>,
    correction: Correction,
    pools: BTreeMap<PoolId, PoolState>,
}

/// What a lead's going elsewhere by hand does to the decisions that brought it where it was.
#[derive(Clone, Copy, Debug, Default)]
struct Correction {
    /// The decision that counted as a turn, and whose turn it counts as now.
    turn: Option<(RoutingDecisionId, Option<UserId>)>,
    /// The decision that sent it to the wrong one.
    misrouted: Option<RoutingDecisionId>,
}

/// Works out the routing that a command asks for; nothing when it sends the lead nowhere.
pub(in crate::app) async fn routed(
    uow: &UnitOfWork,
    rules: &Rules,
    dossier: &Dossier,
    command: &Command,
    actor: ActingParty,
    now: DateTime<Utc>,
) -> Result<Routed, AppError> {
    let lead = &dossier.lead;
    let need =
        routed::need(lead, command, dossier.company.as_ref(), track_of(rules, lead)?, (&rules.agreements, &rules.directory), now);
    let decisions = decisions_before(uow, lead, command, actor).await?;
    let turn = given_back(&decisions, lead, command);
    let turned = turn.and_then(|(decision, _)| decision.pool);
    let Some(need) = need else {
        let mut book = open_book(uow, std::iter::empty(), turned, now).await?;
        let correction = corrected(&mut book, &rules.directory, (&decisions, turn), command, actor);
        return Ok(Routed { decision: None, correction, pools: book.pools });
    };
    let subject = Subject { lead, person: &dossier.person, company: dossier.company.as_ref() };
    let seen = companies_seen(uow, rules, std::iter::once(&subject)).await?;
    let holder = holder(lead).filter(|_| need.cause == RoutingCause::Reassignment && need.wish.person.is_none());
    let excluded: Vec<UserId> = holder.into_iter().chain(who_let_it_lapse(dossier, command)).collect();
    let request = subject.request(rules, need, &excluded, &seen);
    let pool = pool_of(&request, &rules.directory, &rules.roster);
    let mut book = open_book(uow, pool.into_iter(), turned, now).await?;
    let correction = corrected(&mut book, &rules.directory, (&decisions, turn), command, actor);
    // somebody or a team that is not the department's: the waterfall refuses it and says so
    let decision = route(&request, &rules.directory, &rules.roster, &mut book, now).ok();
    Ok(Routed { decision, correction, pools: book.pools })
}

/// Whoever let a promise about the lead lapse does not get it again because of that.
fn who_let_it_lapse<'d>(dossier: &'d Dossier, command: &Command) -> impl Iterator<Item = UserId> + 'd {
    let escalates = matches!(command, Command::Reassign { reason: ReassignReason::Escalation, .. });
    dossier.clocks.iter().filter(move |_| escalates).flat_map(|clock| clock.lapsed.iter().copied())
}

impl Routed {
    /// What the decision of the act looks at.
    pub(in crate::app) const fn decision(&self) -> Option<&RoutingDecision> {
        self.decision.as_ref()
    }

    /// Moves the ledgers, once the act was decided so that it uses the routing.
    pub(in crate::app) async fn keep(&self, uow: &UnitOfWork, change: &Change, now: DateTime<Utc>) -> Result<(), AppError> {
        let counts = change.routing.as_ref().is_some_and(|decision| decision.counted().is_some());
        if counts || self.correction.turn.is_some() {
            repo::pool_ledger::store(uow, &self.pools, now).await?;
        }
        if let Some((decision, counts_for)) = self.correction.turn {
            repo::routing_decision::settle(uow, decision, counts_for).await?;
        }
        if let Some(decision) = self.correction.misrouted {
            repo::routing_decision::mark_misrouted(uow, decision, now).await?;
        }
        Ok(())
    }
}

/// Whom and what a routing is about.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Subject<'a> {
    pub(in crate::app) lead: &'a Lead,
    pub(in crate::app) person: &'a Person,
    pub(in crate::app) company: Option<&'a Company>,
}

impl<'a> Subject<'a> {
    fn request(
        &self,
        rules: &Rules,
        need: RoutingNeed,
        excluded: &'a [UserId],
        seen: &BTreeMap<CompanyId, DateTime<Utc>>,
    ) -> RoutingRequest<'a> {
        RoutingRequest {
            id: new_id(),
            lead: self.lead.id,
            passage: self.lead.passage,
            cause: need.cause,
            department: need.department,
            demand: &self.lead.demand,
            person: self.person,
            company: self.company,
            company_seen_at: self.company.and_then(|company| seen.get(&company.id)).copied(),
            worth: rules.worth(self.lead),
            wish: need.wish,
            excluded,
        }
    }
}

/// Routes leads that were just captured or imported and that nobody has yet, in their order, and puts them where they go: the same whether
/// they come one by one or many at once.
pub(in crate::app) async fn route_new(
    uow: &UnitOfWork,
    rules: &Rules,
    fresh: &mut [(&mut Change, Subject<'_>)],
    wish: Wish,
    cause: RoutingCause,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let subjects = || fresh.iter().map(|(_, subject)| subject);
    let seen = companies_seen(uow, rules, subjects()).await?;
    let requests: Vec<Option<RoutingRequest<'_>>> = fresh
        .iter()
        .map(|(change, subject)| {
            let department = routed::awaits(change)?;
            Some(subject.request(rules, RoutingNeed { department, wish, cause }, &[], &seen))
        })
        .collect();
    let pools = requests.iter().flatten().filter_map(|request| pool_of(request, &rules.directory, &rules.roster));
    let mut book = open_book(uow, pools, None, now).await?;
    let mut counts = false;
    for ((change, _), request) in fresh.iter_mut().zip(&requests) {
        let Some(request) = request else { continue };
        // what was asked for was looked at when the lead was captured
        let Ok(decision) = route(request, &rules.directory, &rules.roster, &mut book, now) else { continue };
        counts |= decision.counted().is_some();
        routed::put(change, decision);
    }
    if counts {
        repo::pool_ledger::store(uow, &book.pools, now).await?;
    }
    Ok(())
}

/// Locks pools and reads their state, and how many open leads their members have where a cap asks for it.
async fn open_book<'p>(
    uow: &UnitOfWork,
    pools: impl Iterator<Item = &'p Pool>,
    beside: Option<PoolId>,
    now: DateTime<Utc>,
) -> Result<Book, AppError> {
    let pools: BTreeMap<PoolId, &Pool> = pools.map(|pool| (pool.id, pool)).collect();
    let ids: BTreeSet<PoolId> = pools.keys().copied().chain(beside).collect();
    if ids.is_empty() {
        return Ok(Book::default());
    }
    let states = repo::pool_ledger::lock(uow, &ids.into_iter().collect::<Vec<_>>(), now).await?;
    let asks = |pool: &&&Pool| pool.caps.member_open_max.is_some() || pool.members.iter().any(|member| member.open_max.is_some());
    let users: BTreeSet<UserId> =
        pools.values().filter(asks).flat_map(|pool| pool.members.iter().map(|member| member.user)).collect();
    let open = repo::routing_decision::open_leads(uow, &users.into_iter().collect::<Vec<_>>()).await?;
    Ok(Book { pools: states, open })
}

/// When owned companies had another lead last, where that decides whether their owner counts.
async fn companies_seen<'s, 'a: 's>(
    uow: &UnitOfWork,
    rules: &Rules,
    subjects: impl Iterator<Item = &'s Subject<'a>>,
) -> Result<BTreeMap<CompanyId, DateTime<Utc>>, AppError> {
    if rules.directory.policy.owner_days_max.is_none_or(|days| days == 0) {
        return Ok(BTreeMap::new());
    }
    let owned = subjects.filter_map(|subject| {
        let company = subject.company.filter(|company| company.owner.is_some())?;
        Some((company.id, subject.lead.id))
    });
    let (companies, leads): (BTreeSet<CompanyId>, Vec<LeadId>) = owned.unzip();
    Ok(repo::routing_decision::companies_seen(uow, &companies.into_iter().collect::<Vec<_>>(), &leads).await?)
}

/// The decisions about the passage, the newest first, when a command takes the lead by hand from where they brought it.
async fn decisions_before(
    uow: &UnitOfWork,
    lead: &Lead,
    command: &Command,
    actor: ActingParty,
) -> Result<Vec<StoredDecision>, AppError> {
    if !takes_away(lead, command, actor.user) {
        return Ok(Vec::new());
    }
    Ok(repo::routing_decision::of_passage(uow, lead.id, lead.passage).await?)
}

/// The newest decision that counts as a turn which a command gives back, and whose turn it is.
fn given_back<'d>(decisions: &'d [StoredDecision], lead: &Lead, command: &Command) -> Option<(&'d RoutingDecision, UserId)> {
    let mut turns = decisions.iter().filter_map(|stored| Some((&stored.decision, stored.counts_for?)));
    turns.find(|(decision, counts_for)| gives_back(lead, command, decision, *counts_for))
}

/// Puts the ledgers right for what a command takes away.
fn corrected(
    book: &mut Book,
    directory: &Directory,
    (decisions, turn): (&[StoredDecision], Option<(&RoutingDecision, UserId)>),
    command: &Command,
    actor: ActingParty,
) -> Correction {
    let settled = turn.and_then(|turn| {
        let corrected = correct(book, directory, turn, command, actor.user)?;
        Some((turn.0.id, corrected.counts_for))
    });
    Correction { turn: settled, misrouted: decisions.first().filter(|_| is_misrouted(command)).map(|stored| stored.decision.id) }
}
