//! What workers leave in a database in memory.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::mail::MailKind;
use fairfall_persistence::repo::mail::{NewMail, Tried};
use fairfall_persistence::{DatabaseConfig, Store, connect, repo};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::prune::{Forgotten, round};
use super::trouble::Trouble;

#[test]
fn waits_double_and_reach_their_limit() {
    let mut trouble = Trouble::new("test", Duration::from_secs(2));
    let error = std::io::Error::other("gone");
    let waits: Vec<u128> = (0..5).map(|_| trouble.met(&error).as_millis()).collect();
    assert_eq!(waits, [250, 500, 1_000, 2_000, 2_000]);
    trouble.over();
    assert_eq!(trouble.met(&error).as_millis(), 250);
}

async fn empty() -> Store {
    let store = connect(&DatabaseConfig::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    store
}

#[tokio::test]
async fn an_empty_database_has_nothing_to_forget() {
    let store = empty().await;
    let now: DateTime<Utc> = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    assert_eq!(round(&store, now, &CancellationToken::new()).await.unwrap(), Forgotten::default());
}

#[tokio::test]
async fn mails_to_colleagues_are_forgotten_a_month_after_they_were_sent() {
    let store = empty().await;
    let sent_at: DateTime<Utc> = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    let mail = NewMail {
        id: Uuid::from_u128(1),
        kind: MailKind::SlaNotice,
        person: None,
        user: None,
        opt_in: None,
        recipient: "anna@example.com".parse().unwrap(),
        content: serde_json::json!({}),
        digest: "digest".to_owned(),
        expires_at: sent_at + TimeDelta::days(7),
    };
    let uow = store.begin().await.unwrap();
    repo::mail::insert(&uow, &mail, sent_at).await.unwrap();
    let held = repo::mail::take(&uow, sent_at, TimeDelta::minutes(10), 1).await.unwrap().remove(0);
    assert!(repo::mail::tried(&uow, &held, Tried::Sent, sent_at).await.unwrap());
    uow.commit().await.unwrap();
    let stop = CancellationToken::new();
    let month = sent_at + TimeDelta::days(30);
    assert_eq!(round(&store, month, &stop).await.unwrap(), Forgotten::default());
    let forgotten = round(&store, month + TimeDelta::seconds(1), &stop).await.unwrap();
    assert_eq!(forgotten, Forgotten { mails: 1, ..Forgotten::default() });
}
