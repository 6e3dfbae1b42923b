//! How fairly pools gave out their leads: what each member was entitled to and received, and what came of it.
//!
//! Two kinds of figures stand side by side. What somebody is entitled to and received is the pool's ledger as it is now, since the member joined:
//! the promise is kept in it, lead by lead, and a part of it would promise nothing. What was given in a period, was accepted and won is counted from
//! the decisions of that period. A lead counts for whoever it counts for in the ledger: if a colleague of the pool took it over, for the colleague.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::code::codes;
use crate::id::{PoolId, UserId};
use crate::routing::measure::{evenness, worst_deviation};
use crate::routing::{Account, Leads, Ledger, PoolState};
use crate::scoring::Tier;

codes! {
    /// How far apart the points of a course are.
    pub enum FairnessStep {
        /// A point for each day on which a lead was given.
        Day = "DAY",
        /// A point for each week, Monday to Sunday, in which one was: how it stood after the last of them.
        Week = "WEEK",
    }
}

/// Leads that were somebody's turn in the period, and what came of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TurnFigures {
    /// Leads given by turn in the period that count in the ledger.
    pub leads: u64,
    /// Of these, those that whoever they count for accepted. Leads that are to be worked on at once need no acceptance and are not among them.
    pub accepted: u64,
    /// Half of the accepted ones were accepted within so many whole seconds of the decision (nearest rank); nothing while none is.
    pub response_median_seconds: Option<u64>,
    /// Of the leads, those whose passage was won while no later decision of the same department had given them to somebody else.
    pub won: u64,
}

/// Leads of the period that stand beside the count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BesideFigures {
    /// Got because whoever sent them asked for this person, those left out that count in the ledger as this person's turn all the same.
    pub wished: u64,
    /// Got because the person owns the company.
    pub owned: u64,
    /// Given by turn and taken away again, so that they count for nobody.
    pub taken_back: u64,
}

impl BesideFigures {
    /// Leads that somebody has outside the count.
    pub const fn outside(&self) -> u64 {
        self.wished.saturating_add(self.owned)
    }

    fn add(&mut self, more: Self) {
        self.wished = self.wished.saturating_add(more.wished);
        self.owned = self.owned.saturating_add(more.owned);
        self.taken_back = self.taken_back.saturating_add(more.taken_back);
    }
}

/// How even a ledger is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Standing {
    /// How many members it holds.
    pub members: usize,
    /// Jain's index of leads received by leads entitled to, over members who are entitled to any: 1 when everybody got the same part of what
    /// they are entitled to. Nothing while nobody received any.
    pub jain: Option<f64>,
    /// The largest deviation of any member in leads, whatever its sign; nothing when nobody is in the ledger.
    pub worst: Option<Leads>,
}

impl Standing {
    /// Of a ledger.
    pub fn of(ledger: &Ledger) -> Self {
        let accounts = || ledger.accounts().values();
        let members = accounts().count();
        Self { members, jain: evenness(accounts()), worst: (members > 0).then(|| worst_deviation(accounts())) }
    }
}

/// A member in a tier of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberFairness {
    /// Who.
    pub user: UserId,
    /// The account; nothing for who is not in the ledger, or not any more.
    pub account: Option<Account>,
    /// What was given in the period, and what came of it.
    pub turns: TurnFigures,
    /// What stands beside the count.
    pub beside: BesideFigures,
}

/// A tier of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct TierFairness {
    /// The tier.
    pub tier: Tier,
    /// How even the ledger is now.
    pub standing: Standing,
    /// All members together.
    pub turns: TurnFigures,
    /// All members together.
    pub beside: BesideFigures,
    /// The members, in the order of their ids.
    pub members: Vec<MemberFairness>,
}

/// What was counted of decisions: by pool and tier, and by member where one is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedTurns {
    /// The pool.
    pub pool: PoolId,
    /// The tier.
    pub tier: Tier,
    /// For whom they count; nothing for all together.
    pub user: Option<UserId>,
    /// The figures.
    pub figures: TurnFigures,
}

/// What was counted beside the turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedBeside {
    /// The pool.
    pub pool: PoolId,
    /// The tier.
    pub tier: Tier,
    /// Who has or had them.
    pub user: UserId,
    /// The figures.
    pub figures: BesideFigures,
}

/// Puts the figures of a pool together, by tier: every tier that the ledger or a decision of the period knows.
pub fn assemble(pool: PoolId, state: Option<&PoolState>, turns: &[CountedTurns], beside: &[CountedBeside]) -> Vec<TierFairness> {
    let turns = || turns.iter().filter(|counted| counted.pool == pool);
    let beside = || beside.iter().filter(|counted| counted.pool == pool);
    let kept = state.into_iter().flat_map(|state| state.tiers.keys().copied());
    let tiers: BTreeSet<Tier> =
        kept.chain(turns().map(|counted| counted.tier)).chain(beside().map(|counted| counted.tier)).collect();
    let tier = |tier: Tier| {
        let ledger = state.and_then(|state| state.tiers.get(&tier));
        let mut members: BTreeMap<UserId, MemberFairness> = ledger
            .into_iter()
            .flat_map(Ledger::accounts)
            .map(|(user, account)| (*user, MemberFairness { account: Some(*account), ..nothing(*user) }))
            .collect();
        let mut whole = TurnFigures::default();
        for counted in turns().filter(|counted| counted.tier == tier) {
            match counted.user {
                Some(user) => members.entry(user).or_insert_with(|| nothing(user)).turns = counted.figures,
                None => whole = counted.figures,
            }
        }
        let mut around = BesideFigures::default();
        for counted in beside().filter(|counted| counted.tier == tier) {
            members.entry(counted.user).or_insert_with(|| nothing(counted.user)).beside.add(counted.figures);
            around.add(counted.figures);
        }
        let standing = ledger.map(Standing::of).unwrap_or_default();
        TierFairness { tier, standing, turns: whole, beside: around, members: members.into_values().collect() }
    };
    tiers.into_iter().map(tier).collect()
}

fn nothing(user: UserId) -> MemberFairness {
    MemberFairness { user, account: None, turns: TurnFigures::default(), beside: BesideFigures::default() }
}

/// How even a tier was at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FairnessPoint {
    /// The day, in the time zone of the pool's team.
    pub day: NaiveDate,
    /// The tier.
    pub tier: Tier,
    /// How even.
    pub standing: Standing,
}

/// The course of a pool from the last states of its days, which come in their order: one point a step and tier.
pub fn course(days: &[(NaiveDate, PoolState)], step: FairnessStep) -> Vec<FairnessPoint> {
    let mut last: BTreeMap<(i32, u32), &(NaiveDate, PoolState)> = BTreeMap::new();
    for kept in days {
        let week = kept.0.iso_week();
        let place = match step {
            FairnessStep::Day => (kept.0.year(), kept.0.ordinal()),
            FairnessStep::Week => (week.year(), week.week()),
        };
        last.insert(place, kept);
    }
    let points = |(day, state): &&(NaiveDate, PoolState)| {
        let day = *day;
        let point = move |(tier, ledger): (&Tier, &Ledger)| FairnessPoint { day, tier: *tier, standing: Standing::of(ledger) };
        state.tiers.iter().map(point).collect::<Vec<_>>()
    };
    last.values().flat_map(points).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::routing::fairness::{Balance, Contender, draw};

    fn user(number: u128) -> UserId {
        UserId::from(Uuid::from_u128(number))
    }

    fn pool(number: u128) -> PoolId {
        PoolId::from(Uuid::from_u128(number))
    }

    fn given(leads: usize, weights: [u32; 2]) -> PoolState {
        let contenders = [Contender { user: user(1), weight: weights[0] }, Contender { user: user(2), weight: weights[1] }];
        let mut state = PoolState::default();
        for _ in 0..leads {
            draw(state.tiers.entry(Tier::Hot).or_default(), &contenders, Some(1_000), Balance::Number).unwrap();
        }
        state
    }

    #[test]
    fn a_ledger_is_even_when_everybody_got_what_they_are_entitled_to() {
        let even = Standing::of(&given(4, [3, 1]).tiers[&Tier::Hot]);
        assert_eq!((even.members, even.worst), (2, Some(Leads::ZERO)));
        assert!((even.jain.unwrap() - 1.0).abs() < 1e-9);
        // one lead: one of two equals has it, and is half a lead ahead; the other has none of its half
        let one = Standing::of(&given(1, [1, 1]).tiers[&Tier::Hot]);
        assert!((one.worst.unwrap().figure() - 0.5).abs() < 1e-9 && (one.jain.unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(Standing::of(&Ledger::default()), Standing::default());
    }

    #[test]
    fn figures_of_members_come_from_ledger_and_decisions() {
        let state = given(4, [3, 1]);
        let figures = |leads| TurnFigures { leads, accepted: 1, response_median_seconds: Some(60), won: 0 };
        let turns = |user, leads| CountedTurns { pool: pool(1), tier: Tier::Hot, user, figures: figures(leads) };
        let wished = BesideFigures { wished: 2, owned: 0, taken_back: 0 };
        let beside = [
            CountedBeside { pool: pool(1), tier: Tier::Hot, user: user(3), figures: wished },
            CountedBeside { pool: pool(2), tier: Tier::Hot, user: user(3), figures: wished },
            CountedBeside { pool: pool(1), tier: Tier::Warm, user: user(1), figures: BesideFigures { owned: 1, ..wished } },
        ];
        let tiers = assemble(pool(1), Some(&state), &[turns(None, 4), turns(Some(user(1)), 3)], &beside);
        assert_eq!(tiers.iter().map(|tier| tier.tier).collect::<Vec<_>>(), [Tier::Warm, Tier::Hot]);
        let hot = &tiers[1];
        assert_eq!((hot.turns.leads, hot.beside.outside(), tiers[0].beside.outside()), (4, 2, 3));
        let members: Vec<_> =
            hot.members.iter().map(|one| (one.user, one.account.map(|account| account.received), one.turns.leads)).collect();
        // somebody who is asked for is no member of the pool, and has no account
        assert_eq!(members, [(user(1), Some(3), 3), (user(2), Some(1), 0), (user(3), None, 0)]);
    }

    #[test]
    fn a_course_has_a_point_a_day_or_the_last_of_each_week() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // a Thursday and a Sunday, and the Monday after: over the turn of the year, in one week and the next
        let days =
            [(day("2026-12-31"), given(1, [1, 1])), (day("2027-01-03"), given(2, [1, 1])), (day("2027-01-04"), given(3, [1, 1]))];
        let course = |step| course(&days, step).iter().map(|point| point.day.to_string()).collect::<Vec<_>>();
        assert_eq!(course(FairnessStep::Day), ["2026-12-31", "2027-01-03", "2027-01-04"]);
        assert_eq!(course(FairnessStep::Week), ["2027-01-03", "2027-01-04"]);
    }
}
