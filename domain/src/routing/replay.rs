//! Replay: how the leads of a period would have been routed under a configuration. Nothing is written.
//!
//! Leads come in the order in which they were routed, each with the tier and expected value that it had then and with the sender's wish, and go
//! through the same [`route`] as in earnest. What differs from then is told here: the rest of the demand, consent, companies' owners, colleagues,
//! teams and reference data are those of today; absences and working hours are asked as of then. The ledgers begin empty, and nobody has an open
//! lead at the beginning. A lead counts as open from its routing until its passage closes or it is routed again.

mod figures;
mod held;

use chrono::{DateTime, NaiveDate, Utc};

use crate::company::Company;
use crate::id::{LeadId, RoutingDecisionId, TeamId, UserId};
use crate::person::Person;
use crate::waterfall::lead::Demand;

use super::decision::{CandidateRule, ChosenBy, RoutingDecision, RoutingOutcome};
use super::directory::Directory;
use super::measure::worst_deviation;
use super::place::Wish;
use super::roster::Roster;
use super::route::{Book, RoutingRequest, route};

pub use figures::{CapHits, DayLoad, Fairness, MemberFigures, Outcomes, PoolFigures, ReplayFigures};
use figures::{PoolTally, Side};
use held::Held;

/// Most single differences that a replay lists.
pub const DIFFERENCES_MAX: usize = 100;
/// Most rows of load, a member and day each, that a replay keeps.
pub const LOAD_ROWS_MAX: usize = 5_000;

/// A routing as it was stored, with what it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// What was decided then.
    pub decided: RoutingDecision,
    /// What is known of the demand today.
    pub demand: Demand,
    /// Whose it is.
    pub person: Person,
    /// The company.
    pub company: Option<Company>,
    /// When the company had another lead last, as of then.
    pub company_seen_at: Option<DateTime<Utc>>,
    /// When the passage closed; still open when absent.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A lead that would have gone elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The lead.
    pub lead: LeadId,
    /// The decision of then.
    pub decision: RoutingDecisionId,
    /// When it was routed.
    pub at: DateTime<Utc>,
    /// What came of it then.
    pub before: RoutingOutcome,
    /// What would have come of it.
    pub after: RoutingOutcome,
}

/// A replay that is being fed.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    book: Book,
    held: Held,
    figures: ReplayFigures,
    pools: std::collections::BTreeMap<(crate::id::PoolId, crate::scoring::Tier), PoolTally>,
    rows: usize,
}

impl Replay {
    /// One that saw nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Routes what was routed then. Whoever was asked for and is not there any more counts as not asked for.
    pub fn add(&mut self, occasion: Occasion, directory: &Directory, roster: &Roster) {
        let at = occasion.decided.at;
        self.held.release_until(at, &mut self.book.open);
        self.held.release(occasion.decided.lead, &mut self.book.open);
        let Occasion { decided, mut demand, person, company, company_seen_at, closed_at } = occasion;
        demand.score = demand.score.with_tier(decided.tier);
        let excluded: Vec<UserId> =
            decided.candidates.iter().filter(|one| one.rule == CandidateRule::Excluded).map(|one| one.user).collect();
        let request = RoutingRequest {
            id: decided.id,
            lead: decided.lead,
            passage: decided.passage,
            cause: decided.cause,
            department: decided.department,
            demand: &demand,
            person: &person,
            company: company.as_ref(),
            company_seen_at,
            worth: decided.worth,
            wish: decided.wish,
            excluded: &excluded,
        };
        let routed = route(&request, directory, roster, &mut self.book, at).or_else(|_| {
            self.figures.wishes_lost = self.figures.wishes_lost.saturating_add(1);
            route(&RoutingRequest { wish: Wish::default(), ..request }, directory, roster, &mut self.book, at)
        });
        // without a wish nothing can be at fault
        let Ok(after) = routed else { return };
        self.hold(&after, closed_at);
        self.count(&decided, &after, directory);
    }

    /// Whoever got the lead has it open; the fair draw counted those it gave itself.
    fn hold(&mut self, after: &RoutingDecision, closed_at: Option<DateTime<Utc>>) {
        let RoutingOutcome::Assigned { user, by } = after.outcome else { return };
        match by {
            ChosenBy::Turn => {}
            ChosenBy::Wish | ChosenBy::Owner => {
                let open = self.book.open.entry(user).or_default();
                *open = open.saturating_add(1);
            }
        }
        self.held.hold(after.lead, user, closed_at);
        self.held.release_until(after.at, &mut self.book.open);
    }

    fn count(&mut self, before: &RoutingDecision, after: &RoutingDecision, directory: &Directory) {
        self.figures.occasions = self.figures.occasions.saturating_add(1);
        self.figures.before.add(before);
        self.figures.after.add(after);
        if owner(before) != owner(after) {
            self.figures.owners_differ = self.figures.owners_differ.saturating_add(1);
            if self.figures.differences.len() < DIFFERENCES_MAX {
                self.figures.differences.push(Difference {
                    lead: after.lead,
                    decision: before.id,
                    at: after.at,
                    before: before.outcome,
                    after: after.outcome,
                });
            }
        }
        if let Some((pool, user)) = before.counted() {
            self.pools.entry((pool, before.tier)).or_default().before.give(before, user);
        }
        if let Some((pool, _)) = after.counted() {
            let ledger = self.book.pools.get(&pool).and_then(|state| state.tiers.get(&after.tier));
            let worst = ledger.map(|ledger| worst_deviation(ledger.accounts().values())).unwrap_or_default();
            self.pools.entry((pool, after.tier)).or_default().after.saw(worst);
        }
        self.load(before, directory, |load| load.before = load.before.saturating_add(1));
        self.load(after, directory, |load| load.after = load.after.saturating_add(1));
    }

    fn load(&mut self, decision: &RoutingDecision, directory: &Directory, count: impl FnOnce(&mut DayLoad)) {
        let Some(user) = owner(decision) else { return };
        let day = day(decision.team, decision.at, directory);
        let days = self.figures.load.entry(user).or_default();
        if !days.contains_key(&day) {
            if self.rows >= LOAD_ROWS_MAX {
                self.figures.load_cut_short = true;
                return;
            }
            self.rows = self.rows.saturating_add(1);
        }
        count(days.entry(day).or_default());
    }

    /// The figures when all was fed.
    #[must_use]
    pub fn finished(self) -> ReplayFigures {
        let Self { book, pools, mut figures, .. } = self;
        figures.pools = pools
            .into_iter()
            .map(|((pool, tier), tally)| {
                let ledger = book.pools.get(&pool).and_then(|state| state.tiers.get(&tier)).cloned().unwrap_or_default();
                let PoolTally { before, after } = tally;
                PoolFigures::of(pool, tier, &before, &Side { ledger, ..after })
            })
            .collect();
        figures
    }
}

fn owner(decision: &RoutingDecision) -> Option<UserId> {
    match decision.outcome {
        RoutingOutcome::Assigned { user, .. } => Some(user),
        RoutingOutcome::Queued { .. } => None,
    }
}

/// The day on which a team's lead was routed, in its time zone.
fn day(team: Option<TeamId>, at: DateTime<Utc>, directory: &Directory) -> NaiveDate {
    match team {
        Some(team) => at.with_timezone(&directory.zone(team).tz()).date_naive(),
        None => at.date_naive(),
    }
}

#[cfg(test)]
mod tests;
