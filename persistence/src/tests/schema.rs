//! The schema goes up, down and up again.

super::support::on_both!(goes_up_down_and_up, a_second_node_finds_it_done, unique_violations_read_alike);

mod run {
    use fairfall_domain::waterfall::track::Track;

    use crate::repo::track;
    use crate::tests::support::{field_track, id, prepare, start};
    use crate::{Store, StoreError};

    pub(super) async fn goes_up_down_and_up(store: Store) {
        let known = store.migration_status().await.unwrap();
        assert!(known.iter().all(|one| one.applied));
        store.migrate_down(u32::try_from(known.len()).unwrap()).await.unwrap();
        assert!(store.migration_status().await.unwrap().iter().all(|one| !one.applied));
        store.migrate().await.unwrap();
        assert_eq!(store.migration_status().await.unwrap(), known);
        store.migrate_down(2).await.unwrap();
        store.migrate().await.unwrap();
        prepare(&store).await;
    }

    pub(super) async fn a_second_node_finds_it_done(store: Store) {
        let both = futures_util::future::join(store.migrate(), store.migrate()).await;
        assert_eq!(both, (Ok(()), Ok(())));
        store.ping().await.unwrap();
    }

    pub(super) async fn unique_violations_read_alike(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        let stored = field_track();
        let (key, labels, steps) = (stored.key().clone(), stored.labels().clone(), stored.steps().to_vec());
        let twin = Track::try_new(id(20, 1), key, stored.version(), labels, steps, stored.closing()).unwrap();
        let error = track::insert_version(&uow, &twin, start()).await.unwrap_err();
        assert_eq!(error, StoreError::Unique { constraint: "track(key, version)".to_owned() });
        assert!(error.is_unique("track", &["key", "version"]));
        uow.rollback().await.unwrap();
    }
}
