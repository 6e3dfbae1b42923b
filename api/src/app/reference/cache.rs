//! Reference data in memory: thousands of rows that change once a year are not read with every decision.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::routing::Reference;
use fairfall_persistence::repo;

use crate::app::{App, AppError};

/// For how long nobody looks whether other data was loaded, in milliseconds.
pub const REFERENCE_MS_MAX: i64 = 60_000;

/// When each set was loaded: tells one state of the data from another.
type Stamp = Vec<(String, DateTime<Utc>)>;

#[derive(Clone, Debug)]
struct Kept {
    looked_at: DateTime<Utc>,
    stamp: Stamp,
    reference: Arc<Reference>,
}

/// The data as it was read, and when.
#[derive(Debug, Default)]
pub struct ReferenceCache {
    kept: RwLock<Option<Kept>>,
    /// Counts what was loaded on this node: what was looked at before is not taken for fresh after it.
    changes: AtomicU64,
    /// One reader at a time; the others take what it read.
    reading: tokio::sync::Mutex<()>,
}

impl ReferenceCache {
    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn fresh(&self, now: DateTime<Utc>) -> Option<Arc<Reference>> {
        let kept = self.kept()?;
        let age = now - kept.looked_at;
        (age >= TimeDelta::zero() && age <= TimeDelta::milliseconds(REFERENCE_MS_MAX)).then_some(kept.reference)
    }
}

impl App {
    /// The reference data of places. Whether other data was loaded is looked for each [`REFERENCE_MS_MAX`], and at once when this node loaded it;
    /// the rows are read only then.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reference(&self) -> Result<Arc<Reference>, AppError> {
        let cache = &self.0.reference;
        if let Some(reference) = cache.fresh(self.now()) {
            return Ok(reference);
        }
        let _reading = cache.reading.lock().await;
        if let Some(reference) = cache.fresh(self.now()) {
            return Ok(reference);
        }
        let (now, changes) = (self.now(), cache.changes.load(Ordering::SeqCst));
        let reader = self.reader();
        // read before the rows: what is loaded in between is seen at the next look
        let sets = repo::reference::list(&reader).await?;
        let stamp: Stamp = sets.into_iter().map(|set| (set.key, set.loaded_at)).collect();
        let reference = match cache.kept().filter(|kept| kept.stamp == stamp) {
            Some(kept) => kept.reference,
            None => Arc::new(repo::reference::load(&reader).await?),
        };
        if cache.changes.load(Ordering::SeqCst) == changes {
            let kept = Kept { looked_at: now, stamp, reference: Arc::clone(&reference) };
            *cache.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        }
        Ok(reference)
    }

    /// Forgets what is kept after data was loaded here.
    pub(super) fn forget_reference(&self) {
        self.0.reference.changes.fetch_add(1, Ordering::SeqCst);
        *self.0.reference.kept.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
