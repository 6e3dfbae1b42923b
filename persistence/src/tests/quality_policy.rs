//! What is done about findings.

use fairfall_domain::quality::{QualityCheck, QualityPolicy, Severity};

use super::support::databases;
use crate::repo::{quality_policy, setting};

#[tokio::test]
async fn the_policy_is_the_shipped_one_until_it_is_changed() {
    for database in databases().await {
        let reader = database.store.reader();
        assert_eq!(quality_policy::get(&reader).await.unwrap(), QualityPolicy::shipped());
        let uow = database.store.begin().await.unwrap();
        let known = quality_policy::load_for_command(&uow).await.unwrap();
        let changed = known.revise(&[(QualityCheck::EmailFree, Severity::Reject)]).unwrap();
        quality_policy::put(&uow, &changed).await.unwrap();
        uow.commit().await.unwrap();
        let stored = quality_policy::get(&reader).await.unwrap();
        assert_eq!((stored.version(), stored.severity(QualityCheck::EmailFree)), (2, Severity::Reject));
        assert_eq!(stored, changed);
    }
}

#[tokio::test]
async fn a_corrupt_policy_is_told() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        setting::put(&uow, "quality_policy", &"strict").await.unwrap();
        assert!(quality_policy::get(&uow).await.is_err());
    }
}
