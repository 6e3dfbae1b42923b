//! The promises of the journal: J1 no gaps, J2 nothing appears at or below what was seen.

super::support::on_both!(
    j1_j2_hold_with_sixteen_writers,
    two_would_be_leaders_give_each_position_once,
    who_listens_is_told,
    the_old_is_forgotten
);

mod run {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use chrono::TimeDelta;
    use fairfall_domain::waterfall::event::EventKind;
    use futures_util::future::join_all;

    use crate::journal::{self, JournalLeader, NewEntry};
    use crate::tests::support::{Draws, at, id, lead_id, user};
    use crate::{Backend, Store, StoreError};

    const WRITERS: u64 = 16;
    const EACH: u64 = 20;

    fn entry(number: u64) -> NewEntry {
        NewEntry {
            event: id(10, u128::from(number)),
            occurred_at: at(i64::try_from(number).unwrap()),
            kind: EventKind::LeadUpdated,
            subject: lead_id(u128::from(number)).into(),
            subject_version: 3,
            lead: Some(lead_id(u128::from(number))),
            actor: Some(user(1)),
            payload: serde_json::json!({ "number": number }),
        }
    }

    /// Writes in transactions of one to three events that commit in another order than they write; some are undone.
    async fn write(store: Store, writer: u64) -> u64 {
        let mut draws = Draws(writer);
        let mut kept = 0;
        for round in 0..EACH {
            let first = (writer * EACH + round) * 3;
            let count = 1 + draws.below(3);
            let entries: Vec<NewEntry> = (first..first + count).map(entry).collect();
            let undone = draws.below(8) == 0;
            let pause = Duration::from_micros(draws.below(3_000));
            let done: Result<(), StoreError> = store
                .transact(|uow| {
                    let entries = entries.clone();
                    Box::pin(async move {
                        journal::append(uow, &entries).await?;
                        tokio::time::sleep(pause).await;
                        if undone { Err(StoreError::ForeignCursor) } else { Ok(()) }
                    })
                })
                .await;
            assert_eq!(done.is_err(), undone, "{done:?}");
            kept += if undone { 0 } else { count };
        }
        kept
    }

    /// Reads on from what was seen, as a subscription does; panics when a position is skipped.
    async fn follow(store: &Store, finished: &AtomicBool) -> Vec<u64> {
        let mut seen: Vec<u64> = Vec::new();
        loop {
            let last_round = finished.load(Ordering::Acquire);
            let last = seen.last().copied().unwrap_or(0);
            let new = journal::read_after(&store.reader(), last, 50).await.unwrap();
            for entry in &new {
                assert_eq!(entry.position, seen.last().copied().unwrap_or(0) + 1, "J1");
                seen.push(entry.position);
            }
            if last_round && new.is_empty() {
                return seen;
            }
            tokio::task::yield_now().await;
        }
    }

    async fn lead_and_stamp(store: &Store, finished: &AtomicBool) {
        while !finished.load(Ordering::Acquire) {
            journal::stamp(store).await.unwrap();
            tokio::task::yield_now().await;
        }
        while journal::stamp(store).await.unwrap() > 0 {}
    }

    async fn hold_with_leaders(store: Store, leaders: usize) {
        let (written, stamped) = (AtomicBool::new(false), AtomicBool::new(false));
        let writing = async {
            let writers = (0..WRITERS).map(|writer| tokio::spawn(write(store.clone(), writer)));
            let kept: u64 = join_all(writers).await.into_iter().map(Result::unwrap).sum();
            written.store(true, Ordering::Release);
            kept
        };
        let stamping = async {
            join_all((0..leaders).map(|_| lead_and_stamp(&store, &written))).await;
            journal::stamp(&store).await.unwrap();
            stamped.store(true, Ordering::Release);
        };
        let following = join_all((0..2).map(|_| follow(&store, &stamped)));
        let (kept, (), seen) = futures_util::future::join3(writing, stamping, following).await;
        for one in &seen {
            assert_eq!(one.len(), usize::try_from(kept).unwrap());
        }
        // J2: what is there at the end is what was seen on the way, in the same places
        let all = journal::read_after(&store.reader(), 0, u32::MAX).await.unwrap();
        assert_eq!(all.iter().map(|entry| entry.position).collect::<Vec<_>>(), seen[0]);
        let events: BTreeSet<_> = all.iter().map(|entry| entry.event).collect();
        assert_eq!(events.len(), all.len());
        assert_eq!(journal::head(&store.reader()).await.unwrap(), kept);
        assert_eq!(journal::oldest(&store.reader()).await.unwrap(), Some(1));
    }

    pub(super) async fn j1_j2_hold_with_sixteen_writers(store: Store) {
        hold_with_leaders(store, 1).await;
    }

    pub(super) async fn two_would_be_leaders_give_each_position_once(store: Store) {
        if store.backend() == Backend::Postgres {
            let first = JournalLeader::try_lead(&store).await.unwrap().unwrap();
            assert!(JournalLeader::try_lead(&store).await.unwrap().is_none());
            first.resign().await.unwrap();
        }
        hold_with_leaders(store, 3).await;
    }

    pub(super) async fn who_listens_is_told(store: Store) {
        let mut signal = journal::listen(&store).await.unwrap();
        let mut hints = store.journal_hints();
        let uow = store.begin().await.unwrap();
        journal::append(&uow, &[entry(1)]).await.unwrap();
        assert!(!hints.has_changed().unwrap());
        uow.commit().await.unwrap();
        hints.changed().await.unwrap();
        journal::stamp(&store).await.unwrap();
        tokio::time::timeout(Duration::from_secs(20), signal.wait()).await.unwrap();
        let kept = journal::read_after(&store.reader(), 0, 10).await.unwrap();
        assert_eq!((kept.len(), kept[0].subject_version, &kept[0].payload), (1, 3, &entry(1).payload));
        assert_eq!((kept[0].occurred_at, kept[0].actor), (at(1), Some(user(1))));
    }

    pub(super) async fn the_old_is_forgotten(store: Store) {
        let uow = store.begin().await.unwrap();
        let mut entries: Vec<NewEntry> = (1..=10).map(entry).collect();
        // a late one among the old does not tear a gap
        entries[4].occurred_at = at(5_000);
        journal::append(&uow, &entries).await.unwrap();
        uow.commit().await.unwrap();
        journal::stamp(&store).await.unwrap();
        let month = TimeDelta::days(30);
        assert_eq!(journal::prune(&store, at(3) + month, month).await.unwrap(), 2);
        assert_eq!(journal::oldest(&store.reader()).await.unwrap(), Some(3));
        assert_eq!(journal::prune(&store, at(100) + month, month).await.unwrap(), 2);
        assert_eq!(journal::oldest(&store.reader()).await.unwrap(), Some(5));
        assert_eq!(journal::prune(&store, at(90_000) + month, month).await.unwrap(), 5);
        let uow = store.begin().await.unwrap();
        journal::append(&uow, &[entry(11)]).await.unwrap();
        uow.commit().await.unwrap();
        journal::stamp(&store).await.unwrap();
        assert_eq!(journal::head(&store.reader()).await.unwrap(), 11);
    }
}
