//! What workers leave in a database in memory.

use std::time::Duration;

use chrono::{DateTime, Utc};
use fairfall_persistence::{DatabaseConfig, connect};
use tokio_util::sync::CancellationToken;

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

#[tokio::test]
async fn an_empty_database_has_nothing_to_forget() {
    let store = connect(&DatabaseConfig::at("sqlite::memory:")).await.unwrap();
    store.migrate().await.unwrap();
    let now: DateTime<Utc> = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
    assert_eq!(round(&store, now, &CancellationToken::new()).await.unwrap(), Forgotten::default());
}
