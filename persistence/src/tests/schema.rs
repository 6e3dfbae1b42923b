//! The schema goes up, down and up again.

use super::support;

support::on_both!(goes_up_down_and_up, a_second_node_finds_it_done, unique_violations_read_alike);

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

#[tokio::test]
async fn a_malformed_address_is_an_error_without_the_address() {
    for url in [
        "",
        "secret",
        "mysql://a:secret@b/c",
        "postgres://a:secret@[b/c",
        "postgres://a:secret@127.0.0.1:1/c",
        "sqlite:///no/secret/x.db",
    ] {
        let config = crate::DatabaseConfig { acquire_ms: 300, ..crate::DatabaseConfig::at(url) };
        let error = crate::connect(&config).await.unwrap_err();
        assert!(matches!(error, crate::StoreError::Unavailable(_) | crate::StoreError::Timeout(_)), "{url}: {error:?}");
        assert!(!format!("{error:?} {config:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_database_in_memory_is_one_for_all() {
    let store = crate::connect(&crate::DatabaseConfig::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    support::prepare(&store).await;
    assert!(store.migration_status().await.unwrap().iter().all(|one| one.applied));
}
