//! The ledger of a pool and tier: what each member was entitled to and received.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::UserId;

use super::fairness::Contender;
use super::share::{Leads, split};

/// What is kept of a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    /// The sum of the shares of every lead that the member was eligible for.
    #[serde(rename = "e")]
    pub entitled: Leads,
    /// Leads received, those that were taken away again not counted.
    #[serde(rename = "r")]
    pub received: i64,
    /// The sum of the shares of their expected value, in minor units.
    #[serde(rename = "ev")]
    pub entitled_worth: i64,
    /// The expected value of the leads received, in minor units.
    #[serde(rename = "rv")]
    pub received_worth: i64,
}

impl Account {
    /// Entitled less received: positive when behind.
    pub fn deviation(&self) -> Leads {
        self.entitled - Leads::whole(self.received)
    }

    /// The same in expected value.
    pub const fn shortfall(&self) -> i64 {
        self.entitled_worth.saturating_sub(self.received_worth)
    }
}

/// What a walk over the accounts saw, after the shares were given.
pub(super) struct Seats {
    /// Of everybody, in the order of their ids.
    pub(super) deviations: Vec<i128>,
    /// Where among them each contender is.
    pub(super) places: Vec<usize>,
    /// How far each contender is behind in expected value.
    pub(super) shortfalls: Vec<i64>,
    received: i64,
    received_worth: i64,
}

impl Seats {
    fn with_capacity(count: usize) -> Self {
        let (deviations, places, shortfalls) = (Vec::with_capacity(count), Vec::with_capacity(count), Vec::with_capacity(count));
        Self { deviations, places, shortfalls, received: 0, received_worth: 0 }
    }

    /// How far each contender is behind.
    pub(super) fn behind(&self) -> Vec<i128> {
        self.places.iter().filter_map(|place| self.deviations.get(*place).copied()).collect()
    }

    /// The mean worth of the leads that the contenders received, with one more.
    pub(super) fn mean_with(&self, worth: i64) -> i64 {
        let all = self.received_worth.saturating_add(worth);
        all.checked_div_euclid(self.received.saturating_add(1)).unwrap_or(worth)
    }
}

/// What the members of a pool were entitled to and received in one tier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    #[serde(rename = "a", default)]
    accounts: BTreeMap<UserId, Account>,
    /// For which contenders and weights the promise of the whole lead is known to be kept from here on.
    #[serde(rename = "s", default)]
    pub(super) standing: Option<u64>,
}

impl Ledger {
    /// The accounts by member.
    pub const fn accounts(&self) -> &BTreeMap<UserId, Account> {
        &self.accounts
    }

    /// The account of a member; of somebody new it is empty, so that nobody starts behind or ahead.
    pub fn account(&self, user: UserId) -> Account {
        self.accounts.get(&user).copied().unwrap_or_default()
    }

    /// Gives each contender a share, in one walk over the accounts: contenders stand in the order of their ids. What it saw is the answer.
    pub(super) fn share_out(&mut self, contenders: &[Contender], shares: &[Leads], parts: &[i64]) -> Seats {
        let mut known = self.accounts.keys();
        let has_new = contenders.iter().any(|contender| !known.any(|user| *user == contender.user));
        if has_new {
            for contender in contenders {
                self.accounts.entry(contender.user).or_default();
            }
        }
        let mut seats = Seats::with_capacity(self.accounts.len());
        let mut next = contenders.iter().zip(shares).zip(parts).peekable();
        for (place, (user, account)) in self.accounts.iter_mut().enumerate() {
            if let Some(((_, share), worth)) = next.next_if(|((contender, _), _)| contender.user == *user) {
                account.entitled += *share;
                account.entitled_worth = account.entitled_worth.saturating_add(*worth);
                seats.places.push(place);
                seats.shortfalls.push(account.shortfall());
                seats.received = seats.received.saturating_add(account.received);
                seats.received_worth = seats.received_worth.saturating_add(account.received_worth);
            }
            seats.deviations.push(account.deviation().atoms());
        }
        seats
    }

    pub(super) fn accrue(&mut self, user: UserId, share: Leads, worth: i64) {
        let account = self.accounts.entry(user).or_default();
        account.entitled += share;
        account.entitled_worth = account.entitled_worth.saturating_add(worth);
    }

    pub(super) fn receive(&mut self, user: UserId, worth: i64) {
        let account = self.accounts.entry(user).or_default();
        account.received = account.received.saturating_add(1);
        account.received_worth = account.received_worth.saturating_add(worth);
    }

    /// A lead that `from` received is somebody else's of the pool after all: it counts for `to`, and `from` is given it back.
    pub fn give_on(&mut self, from: UserId, to: UserId, worth: i64) {
        self.give_back(from, worth);
        self.receive(to, worth);
    }

    /// A lead that `from` received left the pool: it is as if it had never been shared.
    pub fn undo(&mut self, from: UserId, worth: i64, shares: impl Iterator<Item = (UserId, Leads, i64)>) {
        self.give_back(from, worth);
        for (user, share, part) in shares {
            self.accrue(user, -share, part.saturating_neg());
        }
    }

    fn give_back(&mut self, from: UserId, worth: i64) {
        self.standing = None;
        let account = self.accounts.entry(from).or_default();
        account.received = account.received.saturating_sub(1);
        account.received_worth = account.received_worth.saturating_sub(worth);
    }

    /// Keeps the accounts of those who are still in the pool. What the others were behind or ahead is shared by those who stay, by weight: the
    /// deviations go on adding up to nothing, and nobody is owed a lead by who is not there.
    pub fn settle(&mut self, staying: &BTreeMap<UserId, u32>) {
        let gone: Vec<UserId> = self.accounts.keys().filter(|user| !staying.contains_key(user)).copied().collect();
        if gone.is_empty() {
            return;
        }
        self.standing = None;
        let gone: Vec<Account> = gone.into_iter().filter_map(|user| self.accounts.remove(&user)).collect();
        let left: i128 = gone.iter().map(|account| account.deviation().atoms()).sum();
        let worth: i64 = gone.iter().map(Account::shortfall).sum();
        let total = staying.values().map(|weight| u64::from(*weight)).sum();
        let parts: Vec<i128> = split(left, staying.values().copied(), total).collect();
        let worths: Vec<i128> = split(i128::from(worth), staying.values().copied(), total).collect();
        for ((user, part), worth) in staying.keys().zip(parts).zip(worths) {
            self.accrue(*user, Leads::of_atoms(part), i64::try_from(worth).unwrap_or(0));
        }
    }
}
