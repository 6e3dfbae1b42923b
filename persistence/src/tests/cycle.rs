//! Units of work and requests sent twice.

super::support::on_both!(
    work_is_done_again_after_a_conflict,
    an_error_leaves_nothing,
    a_request_has_its_effect_once,
    parallel_requests_meet
);

mod run {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use chrono::TimeDelta;

    use crate::idempotency::{Claim, Request, claim, complete, prune};
    use crate::repo::setting;
    use crate::tests::support::{at, user};
    use crate::{DatabaseFault, Store, StoreError};

    fn conflict() -> StoreError {
        StoreError::Conflict(DatabaseFault::new("made up"))
    }

    pub(super) async fn work_is_done_again_after_a_conflict(store: Store) {
        let tries = Arc::new(AtomicU32::new(0));
        let done: Result<u32, StoreError> = store
            .transact(|uow| {
                let tries = Arc::clone(&tries);
                Box::pin(async move {
                    setting::put(uow, "k", &serde_json::json!(1)).await?;
                    let count = tries.fetch_add(1, Ordering::Relaxed) + 1;
                    if count < 3 { Err(conflict()) } else { Ok(count) }
                })
            })
            .await;
        assert_eq!(done, Ok(3));
        let given_up: Result<(), StoreError> = store
            .transact(|_| {
                tries.fetch_add(1, Ordering::Relaxed);
                Box::pin(async { Err(conflict()) })
            })
            .await;
        assert_eq!((given_up, tries.load(Ordering::Relaxed)), (Err(conflict()), 3 + 4));
    }

    pub(super) async fn an_error_leaves_nothing(store: Store) {
        let failed: Result<(), StoreError> = store
            .transact(|uow| {
                Box::pin(async move {
                    setting::put(uow, "k", &serde_json::json!(1)).await?;
                    Err(StoreError::ForeignCursor)
                })
            })
            .await;
        assert_eq!(failed, Err(StoreError::ForeignCursor));
        let found: Option<serde_json::Value> = setting::get(&store.reader(), "k").await.unwrap();
        assert_eq!(found, None);
    }

    fn request(key: &'static str, fingerprint: &'static str) -> Request<'static> {
        Request { actor: user(1), key, operation: "leadCapture", fingerprint }
    }

    pub(super) async fn a_request_has_its_effect_once(store: Store) {
        let answer = serde_json::json!({ "lead": "lead_1" });
        let uow = store.begin().await.unwrap();
        assert_eq!(claim(&uow, request("a", "f1"), at(0)).await.unwrap(), Claim::New);
        complete(&uow, request("a", "f1"), &answer).await.unwrap();
        uow.commit().await.unwrap();

        let uow = store.begin().await.unwrap();
        assert_eq!(claim(&uow, request("a", "f1"), at(1)).await.unwrap(), Claim::Done(answer.clone()));
        assert_eq!(claim(&uow, request("a", "f2"), at(1)).await.unwrap(), Claim::DifferentRequest);
        assert_eq!(
            claim(&uow, Request { operation: "other", ..request("a", "f1") }, at(1)).await.unwrap(),
            Claim::DifferentRequest
        );
        assert_eq!(claim(&uow, Request { actor: user(2), ..request("a", "f2") }, at(1)).await.unwrap(), Claim::New);
        uow.rollback().await.unwrap();

        // work that was undone leaves the key free, and so does a day
        let uow = store.begin().await.unwrap();
        assert_eq!(claim(&uow, Request { actor: user(2), ..request("a", "f2") }, at(2)).await.unwrap(), Claim::New);
        assert_eq!(claim(&uow, request("a", "f2"), at(0) + TimeDelta::hours(25)).await.unwrap(), Claim::New);
        uow.rollback().await.unwrap();
        let uow = store.begin().await.unwrap();
        assert_eq!(prune(&uow, at(0) + TimeDelta::hours(23), 10).await.unwrap(), 0);
        assert_eq!(prune(&uow, at(0) + TimeDelta::hours(25), 10).await.unwrap(), 1);
    }

    pub(super) async fn parallel_requests_meet(store: Store) {
        let worked = Arc::new(AtomicU32::new(0));
        let send = async || {
            store
                .transact(|uow| {
                    let worked = Arc::clone(&worked);
                    Box::pin(async move {
                        let claimed = claim(uow, request("a", "f1"), at(0)).await?;
                        if claimed == Claim::New {
                            worked.fetch_add(1, Ordering::Relaxed);
                            tokio::task::yield_now().await;
                            complete(uow, request("a", "f1"), &serde_json::json!(7)).await?;
                        }
                        Ok::<_, StoreError>(claimed)
                    })
                })
                .await
        };
        let all = futures_util::future::join_all((0..8).map(|_| send())).await;
        assert_eq!(worked.load(Ordering::Relaxed), 1);
        let done = all.iter().filter(|one| **one == Ok(Claim::Done(serde_json::json!(7)))).count();
        assert_eq!(done, 7, "{all:?}");
    }
}
