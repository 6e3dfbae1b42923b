//! Giving somebody's open leads to colleagues of the pool: a plan to look at, and the same plan applied in one act.
//!
//! Both are worked out by the same pure function from what is stored. When it is applied, the leads and then the ledger are locked, in the order in
//! which single acts lock them, and the plan is made anew: unless it is the one that was looked at, nothing is done.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Action, Grant};
use fairfall_domain::company::Company;
use fairfall_domain::department::Department;
use fairfall_domain::id::{CompanyId, LeadId, PoolId, UserId};
use fairfall_domain::person::Person;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::routing::rebalance::{Held, LEADS_MAX, RebalanceReason, Step, digest, plan as plan_of};
use fairfall_domain::routing::{Book, Pool, RoutingCause, RoutingRequest};
use fairfall_domain::value::LongText;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::change::Outcome;
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::state::LeadState;
use fairfall_persistence::repo::lead::Dossier;
use fairfall_persistence::{Readable, UnitOfWork, repo};

use super::{leads, not_allowed};
use crate::app::lead::facts;
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller, Rejection};
use crate::clock::new_id;

/// What is to be applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebalanceInput {
    /// The pool.
    pub pool: PoolId,
    /// Who gives.
    pub user: UserId,
    /// Why.
    pub reason: RebalanceReason,
    /// The digest of the plan that was looked at.
    pub expected_plan: String,
    /// Free words, kept with each lead.
    pub note: Option<String>,
}

/// Who receives what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebalancePlan {
    /// The pool.
    pub pool: PoolId,
    /// Who gives.
    pub user: UserId,
    /// The digest to apply it by.
    pub digest: String,
    /// What becomes of each lead, in the order in which they are given.
    pub steps: Vec<Step>,
    /// Whether there are more leads than one plan holds.
    pub has_more: bool,
}

/// A lead with what routing looks at.
#[derive(Clone, Debug)]
struct Given {
    lead: Lead,
    person: Person,
    company: Option<Company>,
}

/// What a plan is made from, beside the rules.
struct Basis {
    given: Vec<Given>,
    seen: BTreeMap<CompanyId, DateTime<Utc>>,
}

/// How a colleague's open leads would be given to others of the pool. Nothing is written.
///
/// # Errors
/// `NotFound` for a pool or user that does not exist for the caller; `NotAllowed` for those who do not lead the team.
#[tracing::instrument(name = "app.pool.rebalance_plan", skip_all)]
pub async fn plan(app: &App, caller: &Caller, pool: PoolId, user: UserId) -> Result<RebalancePlan, AppError> {
    let rules = app.rules().await?;
    let reader = app.reader();
    let pool = permitted(caller, &rules, &reader, pool, user).await?;
    let ids = repo::lead::held_by(&reader, user, pool.team, LEADS_MAX + 1).await?;
    let has_more = ids.len() > LEADS_MAX;
    let ids: Vec<LeadId> = ids.into_iter().take(LEADS_MAX).collect();
    let found = repo::score_replay::of_leads(&reader, &Grant::system(Action::ViewLead), &ids).await?;
    let given = found.into_iter().map(|one| Given { lead: one.lead, person: one.person, company: one.company });
    let basis = basis(&reader, &rules, pool, given.collect()).await?;
    let states = repo::pool_ledger::find(&reader, &[pool.id]).await?;
    let mut book = Book { pools: states, open: open(&reader, pool).await? };
    let steps = work_out(&rules, pool, user, &basis, &mut book, app.now())?;
    Ok(RebalancePlan { pool: pool.id, user, digest: digest(&steps), steps, has_more })
}

/// Gives a colleague's open leads to others of the pool, as the plan says that was looked at.
///
/// # Errors
/// As [`plan`]; `PlanChanged` when it would come out otherwise now.
#[tracing::instrument(name = "app.pool.rebalance", skip_all)]
pub async fn rebalance(app: &App, caller: &Caller, input: RebalanceInput) -> Result<RebalancePlan, AppError> {
    let mut faults = Violations::new();
    let note = faults.check_optional("note", input.note.as_deref(), LongText::parse);
    faults.into_result()?;
    let rules = app.rules().await?;
    app.store()
        .transact(move |uow| {
            let (app, caller, rules) = (app.clone(), caller.clone(), rules.clone());
            let (input, note) = (input.clone(), note.clone());
            Box::pin(async move { apply(&app, &caller, uow, &rules, &input, note).await })
        })
        .await
}

async fn apply(
    app: &App,
    caller: &Caller,
    uow: &UnitOfWork,
    rules: &Rules,
    input: &RebalanceInput,
    note: Option<LongText>,
) -> Result<RebalancePlan, AppError> {
    let RebalanceInput { user, reason, .. } = *input;
    let pool = permitted(caller, rules, uow, input.pool, user).await?;
    let mut ids = repo::lead::held_by(uow, user, pool.team, LEADS_MAX + 1).await?;
    let has_more = ids.len() > LEADS_MAX;
    ids.truncate(LEADS_MAX);
    let mut dossiers = lock(uow, ids).await?;
    // whoever was first with one of them has changed what the plan is made from
    dossiers.retain(|_, dossier| has(&dossier.lead, user, pool));
    let given =
        dossiers.values().map(|one| Given { lead: one.lead.clone(), person: one.person.clone(), company: one.company.clone() });
    let basis = basis(uow, rules, pool, given.collect()).await?;
    let now = app.now();
    let states = repo::pool_ledger::lock(uow, &[pool.id], now).await?;
    let mut book = Book { pools: states, open: open(uow, pool).await? };
    let steps = work_out(rules, pool, user, &basis, &mut book, now)?;
    let digest = digest(&steps);
    if digest != input.expected_plan {
        return Err(Rejection::PlanChanged { digest }.into());
    }
    let mut moved = false;
    for step in steps.iter().filter(|step| step.receiver().is_some()) {
        let Some(dossier) = dossiers.get_mut(&step.decision.lead) else { continue };
        give(uow, caller, rules, dossier, step, (reason, note.clone().filter(|_| !dossier.erased)), now).await?;
        moved = true;
    }
    if moved {
        repo::pool_ledger::store(uow, &book.pools, now).await?;
        caller.audit(uow, Action::RebalancePool, PoolId::PREFIX, pool.id.uuid(), now).await?;
    }
    Ok(RebalancePlan { pool: pool.id, user, digest, steps, has_more })
}

/// The pool, for somebody who may give away what its members have.
async fn permitted<'r>(
    caller: &Caller,
    rules: &'r Rules,
    on: &impl Readable,
    pool: PoolId,
    user: UserId,
) -> Result<&'r Pool, AppError> {
    let sees = caller.may(Action::ViewRouting).zip(caller.may(Action::ViewUser));
    let Some((_, users)) = sees else { return Err(not_allowed(Action::RebalancePool)) };
    let grant = caller.must(Action::RebalancePool)?;
    let pool = rules.directory.pool_by_id(pool).ok_or_else(|| AppError::not_found("pool"))?;
    if !leads(&grant, pool.team) {
        return Err(not_allowed(Action::RebalancePool));
    }
    repo::user::find(on, &users, user).await?.ok_or_else(|| AppError::not_found("user"))?;
    Ok(pool)
}

/// Locks leads in the order of their ids, so that two who want the same ones wait for each other and not crosswise.
async fn lock(uow: &UnitOfWork, mut ids: Vec<LeadId>) -> Result<BTreeMap<LeadId, Dossier>, AppError> {
    ids.sort_unstable();
    let mut dossiers = BTreeMap::new();
    for id in ids {
        if let Some(dossier) = repo::lead::load_for_command(uow, id).await? {
            dossiers.insert(id, dossier);
        }
    }
    Ok(dossiers)
}

/// The department that has a lead, or is offered it.
const fn department(lead: &Lead) -> Department {
    match &lead.state {
        LeadState::Offered { taker, .. } => *taker,
        LeadState::Working { .. }
        | LeadState::Nurturing { .. }
        | LeadState::Won { .. }
        | LeadState::Lost { .. }
        | LeadState::Disqualified { .. } => lead.state.department(),
    }
}

/// Whether somebody works on a lead of the pool's team or is offered it.
fn has(lead: &Lead, user: UserId, pool: &Pool) -> bool {
    let placement = match &lead.state {
        LeadState::Working { place } => place.placement,
        LeadState::Offered { placement, .. } => *placement,
        LeadState::Nurturing { .. } | LeadState::Won { .. } | LeadState::Lost { .. } | LeadState::Disqualified { .. } => {
            return false;
        }
    };
    placement.person == Some(user) && placement.team == Some(pool.team)
}

/// What the plan is made from: leads of other pools of the team are left to those, the hottest come first, then the oldest.
async fn basis(on: &impl Readable, rules: &Rules, pool: &Pool, given: Vec<Given>) -> Result<Basis, AppError> {
    let is_ours =
        |one: &Given| rules.directory.pool(pool.team, one.lead.demand.score.tier()).is_none_or(|other| other.id == pool.id);
    let mut given: Vec<Given> = given.into_iter().filter(is_ours).collect();
    given.sort_by_key(|one| (std::cmp::Reverse(one.lead.demand.score.tier()), one.lead.captured_at, one.lead.id));
    let ids: Vec<LeadId> = given.iter().map(|one| one.lead.id).collect();
    let owned = given.iter().filter_map(|one| one.company.as_ref()).filter(|company| company.owner.is_some());
    let companies: BTreeSet<CompanyId> = owned.map(|company| company.id).collect();
    let asks = rules.directory.policy.owner_days_max.is_some_and(|days| days > 0);
    let companies: Vec<CompanyId> = companies.into_iter().filter(|_| asks).collect();
    let seen = repo::routing_decision::companies_seen(on, &companies, &ids).await?;
    Ok(Basis { given, seen })
}

async fn open(on: &impl Readable, pool: &Pool) -> Result<BTreeMap<UserId, u32>, AppError> {
    let users: Vec<UserId> = pool.members.iter().map(|member| member.user).collect();
    Ok(repo::routing_decision::open_leads(on, &users).await?)
}

fn work_out(
    rules: &Rules,
    pool: &Pool,
    user: UserId,
    basis: &Basis,
    book: &mut Book,
    now: DateTime<Utc>,
) -> Result<Vec<Step>, AppError> {
    let excluded = [user];
    let held: Vec<Held<'_>> = basis
        .given
        .iter()
        .map(|one| {
            let department = department(&one.lead);
            let company = one.company.as_ref();
            let request = RoutingRequest {
                id: new_id(),
                lead: one.lead.id,
                passage: one.lead.passage,
                cause: RoutingCause::Reassignment,
                department,
                demand: &one.lead.demand,
                person: &one.person,
                company,
                company_seen_at: company.and_then(|company| basis.seen.get(&company.id)).copied(),
                worth: rules.worth(&one.lead),
                wish: Wish { person: None, team: Some(pool.team) },
                excluded: &excluded,
            };
            Held { request, version: one.lead.version }
        })
        .collect();
    let refused = |_| match basis.given.first() {
        Some(one) => AppError::from(Refusal::UnknownTaker { act: Act::Reassign, department: department(&one.lead) }),
        None => AppError::not_found("pool"),
    };
    plan_of(&held, &rules.directory, &rules.roster, book, now).map_err(refused)
}

/// Gives one lead away.
async fn give(
    uow: &UnitOfWork,
    caller: &Caller,
    rules: &Rules,
    dossier: &mut Dossier,
    step: &Step,
    (reason, note): (RebalanceReason, Option<LongText>),
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    // the words may be those of the rebalancing before, which brought the lead here; this one is another act
    dossier.lead.last_act = None;
    let command = Command::Reassign { wish: step.decision.wish, reason: reason.of_lead() };
    let order = Order { command, note };
    let rules = &*rules.knowing(uow, dossier).await?;
    let campaign = rules.campaign(uow, &dossier.lead).await?;
    let facts = facts(dossier, campaign.as_ref(), rules, caller.party(), &order.command, Some(&step.decision))?;
    let Outcome::Done(change) = execute(&dossier.lead, &dossier.passage, &order, &facts, now)? else {
        return Err(AppError::internal("a lead of a plan was given away before"));
    };
    let stamp = caller.stamp(Action::RebalancePool, now, change.entries());
    Ok(repo::lead::record(uow, &change, dossier.lead.version, &stamp).await?)
}
