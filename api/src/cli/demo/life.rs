//! The life of one made-up lead: each deed is decided by the domain, at its time, by somebody whose turn it is.

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::campaign::Campaign;
use fairfall_domain::customer::{Customer, CustomerDecision};
use fairfall_domain::department::Department;
use fairfall_domain::feedback::Feedback;
use fairfall_domain::id::{RoutingDecisionId, TeamId, UserId};
use fairfall_domain::opportunity::Opportunity;
use fairfall_domain::person::Person;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::routing::{Book, RoutingCause, RoutingDecision, RoutingRequest, route};
use fairfall_domain::sla::follow::next_due;
use fairfall_domain::sla::{Clock, ClockKind};
use fairfall_domain::value::Money;
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::capture::{CaptureDraws, CaptureOrder, capture};
use fairfall_domain::waterfall::change::{Change, Outcome};
use fairfall_domain::waterfall::command::{Command, Order};
use fairfall_domain::waterfall::execute::execute;
use fairfall_domain::waterfall::facts::{ActingParty, Draws, Facts};
use fairfall_domain::waterfall::lead::{Demand, Lead};
use fairfall_domain::waterfall::passage::Passage;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::routed::{self, RoutingNeed};
use fairfall_domain::waterfall::state::LeadState;
use fairfall_domain::waterfall::update::{UpdateOrder, update};
use fairfall_persistence::repo::lead_score::LeadScore;

use super::beginning::{bant, origin};
use super::behaviour::{Whose, score};
use super::dice::Dice;
use super::market::{Firm, demand, person, pick};
use super::promises::{Kept, caught_up, opinion};
use super::script::{Deed, Learned};
use super::story::{Story, newest};
use super::world::World;
use crate::clock::new_id;

/// How often the first of a team, the account to sign in with, does the work.
const FIRST_PERCENT: u32 = 40;

/// A lead that was captured, with what surrounds it.
#[derive(Debug)]
pub(super) struct Life<'w> {
    lead: Lead,
    passage: Passage,
    person: Person,
    firm: &'w Firm,
    campaign: Option<&'w Campaign>,
    opportunity: Option<Opportunity>,
    customer: Option<Customer>,
    clocks: Vec<Clock>,
    /// The decision that counts as somebody's turn.
    turn: Option<RoutingDecision>,
}

/// What a deed leaves to be stored.
#[derive(Debug)]
pub(super) enum Trace {
    /// A lead came in, with its person and what its score is made from.
    Captured(Box<Change>, Box<Person>, Box<LeadScore>),
    /// It changed from this version, by somebody's act; with a decision that counts as a colleague's turn from now on.
    Changed { change: Box<Change>, from: u32, by: Option<UserId>, action: Action, moved: Option<(RoutingDecisionId, UserId)> },
    /// Its customer was taken over.
    Served { customer: Customer, from: u32, by: UserId, kept: Kept },
    /// Its person was reached, or it was rated.
    Kept(Kept, Option<(Box<Feedback>, UserId)>),
    /// Nothing: it was so already.
    Nothing,
}

/// Why a story does not go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// The rules stored here do not allow it. They may be others than the shipped ones.
    #[error("the rules do not allow it: {0}")]
    Refused(#[from] Refusal),
    /// A made-up value is none.
    #[error("a made-up value is not valid: {0:?}")]
    Invalid(Violations),
    /// There is nobody or nothing to do it with.
    #[error("there is no {0}")]
    Missing(&'static str),
}

impl From<Violations> for Stop {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl<'w> Life<'w> {
    /// The demand comes in; `number` tells its person from all others.
    pub(super) fn begin(
        world: &'w World,
        dice: &mut Dice,
        number: usize,
        story: &Story,
        (book, at): (&mut Book, DateTime<Utc>),
    ) -> Result<(Self, Trace), Stop> {
        let track = newest(&world.tracks, story.track).ok_or(Stop::Missing("track"))?;
        let firm = pick(dice, &world.firms, story.country).ok_or(Stop::Missing("company"))?;
        let person = person(dice, firm, number, at)?;
        let campaign = world.campaign(dice, at);
        let order = CaptureOrder {
            draws: CaptureDraws { lead: new_id(), passage: new_id(), transition: new_id(), opportunity: new_id() },
            person: person.id,
            company: Some(firm.company.id),
            origin: origin(world, dice, story.origin, (campaign, &firm.company)),
            demand: demand(dice, firm, story.worth, story.area)?,
            wish: Wish::default(),
        };
        let mut change = capture(order, track, &world.roster, at)?;
        let whose = Whose { person: &person, company: &firm.company, campaign };
        let score = score(&world.score_model, dice, &mut change.lead, whose, at);
        let mut life = Self {
            lead: change.lead.clone(),
            passage: change.passage.clone(),
            person: person.clone(),
            firm,
            campaign,
            opportunity: change.opportunity.clone(),
            customer: None,
            clocks: Vec::new(),
            turn: None,
        };
        if let Some(department) = routed::awaits(&change) {
            let need = RoutingNeed { department, wish: Wish::default(), cause: RoutingCause::Capture };
            if let Some((decision, after)) = life.route(world, book, need, at) {
                *book = after;
                life.keep_turn(&decision);
                routed::put(&mut change, decision);
                life.lead = change.lead.clone();
            }
        }
        Ok((life, Trace::Captured(Box::new(change), Box::new(person), Box::new(score))))
    }

    /// The next deed happens.
    pub(super) fn go_on(
        &mut self,
        world: &World,
        dice: &mut Dice,
        deed: Deed,
        (book, at): (&mut Book, DateTime<Utc>),
    ) -> Result<Trace, Stop> {
        match deed {
            Deed::Capture => Err(Stop::Missing("second capture")),
            Deed::Learn(learned) => self.learn(world, dice, learned, at),
            Deed::Act(command) => self.act(world, dice, command, (book, at)),
            Deed::Rest(reason, after) => {
                let resume_at = after.map(|after| at + after);
                self.act(world, dice, Command::Recycle { reason, resume_at }, (book, at))
            }
            Deed::GiveOn(reason) => {
                let owner = self.lead.state.placement();
                let colleagues: Vec<UserId> = owner.team.map(|team| world.organisation.crew(team)).unwrap_or_default().to_vec();
                let others: Vec<UserId> = colleagues.into_iter().filter(|user| Some(*user) != owner.person).collect();
                let wish = Wish { person: Some(*dice.pick(&others).ok_or(Stop::Missing("colleague"))?), team: owner.team };
                self.act(world, dice, Command::Reassign { wish, reason }, (book, at))
            }
            Deed::Reach => Ok(self.reach(world, at)),
            Deed::Rate => Ok(self.rate(world, dice, at)),
            Deed::TakeOver => self.serve(world, dice, at),
        }
    }

    fn learn(&mut self, world: &World, dice: &mut Dice, learned: Learned, at: DateTime<Utc>) -> Result<Trace, Stop> {
        let track = world.tracks.iter().find(|track| track.id() == self.lead.track.id).ok_or(Stop::Missing("track"))?;
        let demand = Demand { bant: bant(learned, self.lead.demand.bant), ..self.lead.demand.clone() };
        let by = self.worker(world, dice, self.lead.state.department());
        let order = UpdateOrder { demand, company: self.lead.company };
        let outcome = update(&self.lead, &self.passage, order, track, at)?;
        Ok(self.keep(outcome, by, Action::UpdateLead))
    }

    fn act(
        &mut self,
        world: &World,
        dice: &mut Dice,
        command: Command,
        (book, at): (&mut Book, DateTime<Utc>),
    ) -> Result<Trace, Stop> {
        let track = world.tracks.iter().find(|track| track.id() == self.lead.track.id).ok_or(Stop::Missing("track"))?;
        let actor = self.actor(world, dice, &command);
        let action = command.act().action();
        let need = routed::need(
            &self.lead,
            &command,
            Some(&self.firm.company),
            track,
            (&world.agreements, &world.sharing.directory),
            at,
        );
        let routed = need.and_then(|need| self.route(world, book, need, at));
        let given = if let Command::Reassign { wish, .. } = &command { wish.person } else { None };
        let facts = Facts {
            actor,
            track,
            other_track: newest(&world.tracks, track.key().as_str()),
            agreements: &world.agreements,
            directory: &world.sharing.directory,
            clocks: &self.clocks,
            calendars: &world.calendars,
            roster: &world.roster,
            person: &self.person,
            erased: false,
            company: Some(&self.firm.company),
            campaign: self.campaign,
            opportunity: self.opportunity.as_ref(),
            routed: routed.as_ref().map(|(decision, _)| decision),
            draws: Draws {
                passage: new_id(),
                opportunity: new_id(),
                customer: new_id(),
                transition: new_id(),
                follow_up: new_id(),
                clocks: std::array::from_fn(|_| new_id()),
            },
        };
        let outcome = execute(&self.lead, &self.passage, &Order { command, note: None }, &facts, at)?;
        let is_used = matches!(&outcome, Outcome::Done(change) if change.routing.is_some());
        if let Some((decision, after)) = routed.filter(|_| is_used) {
            *book = after;
            self.keep_turn(&decision);
        }
        let moved = given.and_then(|to| self.give_on(world, book, to));
        Ok(match self.keep(outcome, actor.user, action) {
            Trace::Changed { change, from, by, action, moved: _ } => Trace::Changed { change, from, by, action, moved },
            other => other,
        })
    }

    /// The department that has the lead reaches the person.
    fn reach(&mut self, world: &World, at: DateTime<Utc>) -> Trace {
        let department = self.lead.state.department();
        let theirs = |clock: &Clock| clock.kind == ClockKind::FirstContact && clock.department == department;
        self.kept(Kept::of(&self.clocks, theirs, (&self.lead, &world.calendars), at), None)
    }

    /// The department that has the lead says how good it was.
    fn rate(&mut self, world: &World, dice: &mut Dice, at: DateTime<Utc>) -> Trace {
        let department = self.lead.state.department();
        let theirs = |clock: &Clock| clock.kind == ClockKind::Feedback && clock.department == department;
        let kept = Kept::of(&self.clocks, theirs, (&self.lead, &world.calendars), at);
        let Some(said) = kept.clocks.first().and_then(|clock| opinion(dice, clock, at)) else { return Trace::Nothing };
        self.kept(kept, Some(said))
    }

    fn kept(&mut self, kept: Kept, said: Option<(Box<Feedback>, UserId)>) -> Trace {
        self.clocks.retain(|clock| kept.clocks.iter().all(|ended| ended.id != clock.id));
        self.lead.next_due = next_due(&self.clocks);
        Trace::Kept(kept, said)
    }

    /// The clocks that are open when the demo begins.
    pub(super) fn open_clocks(&self, world: &World) -> Vec<Clock> {
        let mut clocks: Vec<Clock> = self.clocks.iter().filter(|clock| clock.is_open()).cloned().collect();
        for clock in &mut clocks {
            caught_up(clock, &world.agreements, &world.calendars, world.now);
        }
        clocks
    }

    /// Where the lead would go, and the book after it.
    fn route(&self, world: &World, book: &Book, need: RoutingNeed, at: DateTime<Utc>) -> Option<(RoutingDecision, Book)> {
        let mut after = book.clone();
        let request = RoutingRequest {
            id: new_id(),
            lead: self.lead.id,
            passage: self.lead.passage,
            cause: need.cause,
            department: need.department,
            demand: &self.lead.demand,
            person: &self.person,
            company: Some(&self.firm.company),
            company_seen_at: None,
            worth: self.lead.demand.value.map(Money::amount_minor),
            wish: need.wish,
            excluded: &[],
        };
        let decision = route(&request, &world.sharing.directory, &world.roster, &mut after, at).ok()?;
        Some((decision, after))
    }

    fn keep_turn(&mut self, decision: &RoutingDecision) {
        if decision.counted().is_some() {
            self.turn = Some(decision.clone());
        }
    }

    /// The lead is a colleague's now: where both are in the pool, it counts for the colleague.
    fn give_on(&mut self, world: &World, book: &mut Book, to: UserId) -> Option<(RoutingDecisionId, UserId)> {
        let decision = self.turn.take()?;
        let (pool, from) = decision.counted()?;
        world.sharing.directory.pool_by_id(pool)?.member(to)?;
        book.pools.get_mut(&pool)?.tiers.get_mut(&decision.tier)?.give_on(from, to, decision.worth.unwrap_or(0));
        Some((decision.id, to))
    }

    fn serve(&mut self, world: &World, dice: &mut Dice, at: DateTime<Utc>) -> Result<Trace, Stop> {
        let waiting = self.customer.as_ref().ok_or(Stop::Missing("customer"))?;
        let crew = waiting.team.map(|team| world.organisation.crew(team)).unwrap_or_default();
        let by = one_of(dice, crew).ok_or(Stop::Missing("colleague of customer service"))?;
        match waiting.take_over(by, at) {
            Ok(CustomerDecision::TakenOver(customer)) => {
                let from = waiting.version;
                self.customer = Some(customer.clone());
                let waited = |clock: &Clock| clock.customer == Some(customer.id);
                let kept = Kept::of(&self.clocks, waited, (&self.lead, &world.calendars), at);
                self.clocks.retain(|clock| !waited(clock));
                Ok(Trace::Served { customer, from, by, kept })
            }
            Ok(CustomerDecision::AlreadyDone) | Err(_) => Ok(Trace::Nothing),
        }
    }

    fn keep(&mut self, outcome: Outcome, by: Option<UserId>, action: Action) -> Trace {
        let Outcome::Done(change) = outcome else { return Trace::Nothing };
        let from = self.lead.version;
        self.lead = change.lead.clone();
        match &change.opened {
            Some(opened) => {
                self.passage = opened.clone();
                self.opportunity = None;
            }
            None => self.passage = change.passage.clone(),
        }
        if change.opportunity.is_some() && change.opened.is_none() {
            self.opportunity.clone_from(&change.opportunity);
        }
        if change.customer.is_some() {
            self.customer.clone_from(&change.customer);
        }
        self.clocks.retain(|clock| change.clocks.iter().all(|changed| changed.id != clock.id));
        let revocable = change.lead.state.revocable_since();
        let may_run_on = |clock: &&Clock| clock.end.is_none_or(|(_, at)| revocable == Some(at));
        self.clocks.extend(change.clocks.iter().filter(may_run_on).cloned());
        Trace::Changed { change, from, by, action, moved: None }
    }

    /// Whose turn it is for a command.
    fn actor(&self, world: &World, dice: &mut Dice, command: &Command) -> ActingParty {
        let state = &self.lead.state;
        let department = match (command, state) {
            (Command::Accept | Command::Reject { .. }, LeadState::Offered { taker, .. }) => *taker,
            (Command::Reactivate, _) => Department::Marketing,
            _giver => state.department(),
        };
        let manager = || state.placement().team.and_then(|team| world.organisation.manager(team));
        let user = match command {
            Command::Reassign { .. } | Command::Withdraw | Command::Reopen { .. } => {
                manager().or_else(|| self.worker(world, dice, department))
            }
            Command::Accept | Command::Reject { .. } => state.offer().and_then(|placement| placement.person).or_else(|| {
                let team = state.offer().or_else(|| state.waits_for()).and_then(|placement| placement.team);
                self.of_team(world, dice, team, department)
            }),
            Command::Qualify { .. }
            | Command::HandOver { .. }
            | Command::Recycle { .. }
            | Command::Reactivate
            | Command::Disqualify { .. }
            | Command::Win { .. }
            | Command::Lose { .. }
            | Command::Retrack { .. } => self.worker(world, dice, department),
        };
        ActingParty { user, department: Some(department) }
    }

    /// The owner, else somebody of the team it waits for.
    fn worker(&self, world: &World, dice: &mut Dice, department: Department) -> Option<UserId> {
        let placement = self.lead.state.placement();
        placement.person.or_else(|| self.of_team(world, dice, placement.team, department))
    }

    fn of_team(&self, world: &World, dice: &mut Dice, team: Option<TeamId>, department: Department) -> Option<UserId> {
        let team = team.or_else(|| world.roster.serving(department, self.lead.demand.country).map(|team| team.id))?;
        one_of(dice, world.organisation.crew(team))
    }
}

pub(super) fn one_of(dice: &mut Dice, crew: &[UserId]) -> Option<UserId> {
    if dice.chance(FIRST_PERCENT) { crew.first().copied() } else { dice.pick(crew).copied() }
}
