//! Who may come in now: how many at once, and how many points a minute.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};

use super::fault::{Code, Fault};

/// Counts what is inside at once, for each key and in all.
#[derive(Debug)]
pub struct Room {
    per_key_max: usize,
    total_max: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    total: usize,
    keys: HashMap<String, usize>,
}

/// Why nobody more comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// This key has as many inside as it may.
    ForKey,
    /// The node has as many inside as it may.
    ForNode,
}

/// A place inside; free again when dropped.
#[derive(Debug)]
pub struct Permit {
    room: Arc<Room>,
    key: String,
}

impl Room {
    /// An empty room.
    pub fn new(per_key_max: usize, total_max: usize) -> Arc<Self> {
        Arc::new(Self { per_key_max, total_max, inside: Mutex::default() })
    }

    /// Takes a place for `key`.
    pub fn enter(self: &Arc<Self>, key: &str) -> Result<Permit, Full> {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.total >= self.total_max {
            return Err(Full::ForNode);
        }
        let of_key = inside.keys.get(key).copied().unwrap_or(0);
        if of_key >= self.per_key_max {
            return Err(Full::ForKey);
        }
        inside.keys.insert(key.to_owned(), of_key.saturating_add(1));
        inside.total = inside.total.saturating_add(1);
        Ok(Permit { room: Arc::clone(self), key: key.to_owned() })
    }

    /// How many are inside.
    pub fn total(&self) -> usize {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut inside = self.room.inside.lock().unwrap_or_else(PoisonError::into_inner);
        inside.total = inside.total.saturating_sub(1);
        let left = inside.keys.get(&self.key).copied().unwrap_or(0).saturating_sub(1);
        if left == 0 {
            inside.keys.remove(&self.key);
        } else {
            inside.keys.insert(self.key.clone(), left);
        }
    }
}

/// What is left of a caller's points, as the `RateLimit` headers tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateState {
    /// Points a minute.
    pub limit: u32,
    /// Points left now.
    pub remaining: u32,
    /// Seconds until all are there again.
    pub reset_s: u64,
}

type Limiter = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Points a minute for each key, refilled steadily.
pub struct Rates {
    limiter: Option<Limiter>,
    limit: u32,
    charges: AtomicU32,
}

impl std::fmt::Debug for Rates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rates").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// After so many charges the keys that are full again are forgotten.
const CHARGES_BETWEEN_SWEEPS: u32 = 8_192;

impl Rates {
    /// 0 points a minute switches the limit off.
    pub fn new(points_per_minute: u32) -> Self {
        let quota = NonZeroU32::new(points_per_minute).map(Quota::per_minute);
        let limiter = quota.map(|quota| RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>());
        Self { limiter, limit: points_per_minute, charges: AtomicU32::new(0) }
    }

    /// Takes points from a key; none when the limit is off.
    pub fn charge(&self, key: &String, points: u64) -> Result<Option<RateState>, Fault> {
        let Some(limiter) = &self.limiter else { return Ok(None) };
        if self.charges.fetch_add(1, Ordering::Relaxed).is_multiple_of(CHARGES_BETWEEN_SWEEPS) {
            limiter.retain_recent();
        }
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        let Some(points) = NonZeroU32::new(points) else { return Ok(None) };
        match limiter.check_key_n(key, points) {
            Ok(Ok(snapshot)) => Ok(Some(self.state(snapshot.remaining_burst_capacity()))),
            Ok(Err(not_until)) => {
                let wait = not_until.wait_time_from(DefaultClock::default().now());
                Err(refused("the points of this minute are used up").retry_after(wait.as_secs().saturating_add(1)))
            }
            Err(_) => Err(refused("the operation costs more points than a minute has")),
        }
    }

    /// What the headers tell when nothing is left; none when the limit is off.
    pub fn exhausted(&self) -> Option<RateState> {
        self.limiter.as_ref().map(|_| self.state(0))
    }

    fn state(&self, remaining: u32) -> RateState {
        let missing = u64::from(self.limit.saturating_sub(remaining));
        let reset_s = missing.saturating_mul(60).div_ceil(u64::from(self.limit.max(1)));
        RateState { limit: self.limit, remaining, reset_s }
    }
}

fn refused(message: &'static str) -> Fault {
    Fault::new(Code::RateLimited, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_holds_its_numbers_and_empties_itself() {
        let room = Room::new(2, 3);
        let first = room.enter("a").unwrap();
        let _second = room.enter("a").unwrap();
        assert_eq!(room.enter("a").unwrap_err(), Full::ForKey);
        let _third = room.enter("b").unwrap();
        assert_eq!(room.enter("c").unwrap_err(), Full::ForNode);
        drop(first);
        assert_eq!(room.total(), 2);
        assert!(room.enter("a").is_ok());
    }

    #[test]
    fn points_run_out_for_one_key_and_not_for_another() {
        let rates = Rates::new(60);
        let state = rates.charge(&"a".to_owned(), 50).unwrap().unwrap();
        assert_eq!((state.limit, state.remaining, state.reset_s), (60, 10, 50));
        let fault = rates.charge(&"a".to_owned(), 20).unwrap_err();
        assert_eq!(fault.code, Code::RateLimited);
        assert!(fault.retry_after_s.is_some_and(|seconds| (1..=12).contains(&seconds)));
        assert!(rates.charge(&"b".to_owned(), 20).is_ok());
        assert!(rates.charge(&"a".to_owned(), 61).unwrap_err().retry_after_s.is_none());
        assert_eq!(Rates::new(0).charge(&"a".to_owned(), 1_000).unwrap(), None);
    }
}
