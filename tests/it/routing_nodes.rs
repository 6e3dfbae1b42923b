//! Two nodes that hand over at the same time: caps and turns hold exactly, because whoever routes holds the pool.

use std::collections::BTreeMap;

use fairfall_tests::app::prepare;
use fairfall_tests::clock::TestClock;
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::factory::{Capture, text};
use fairfall_tests::process::ServerProcess;
use fairfall_tests::{Client, actor};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Leads that are handed over at once, half of them through each node.
const LEADS: usize = 16;

const OFFER: &str = "query($id: ID!) { lead(by: { id: $id }) { offer { queueReason assignee { id } } } }";

/// Hands leads over through both nodes at once; answers how many each colleague was offered, and how many wait for a reason.
async fn handed_over(caps: Value) -> Option<(Vec<usize>, BTreeMap<String, usize>)> {
    let database = TestDatabase::of(Kind::Postgres).await?;
    let organisation = prepare(&database, &TestClock::default()).await;
    let (one, other) = (ServerProcess::serve(&database, &[]).await, ServerProcess::serve(&database, &[]).await);
    let admin = actor::sign_in(&one.client(), "admin").await;
    let members: Vec<Value> =
        ["inside", "inside.colleague"].iter().map(|who| json!({ "user": organisation.user(who), "weight": 10 })).collect();
    let tiers = json!([{ "tier": "HOT", "prefer": null }, { "tier": "WARM" }, { "tier": "STANDARD", "prefer": null }, { "tier": "WEAK" }]);
    let team = organisation.team("inside-dach");
    let pool = json!({ "key": "pool", "name": "Pool", "team": team, "tiers": tiers, "members": members, "caps": caps });
    let made = admin.mutate("poolCreate", pool, "errors { code field message }").await;
    assert_eq!(made["errors"], json!([]));
    let here = actor::sign_in(&one.client(), "marketing").await;
    let there = here.at(other.address());
    let mut leads = Vec::new();
    for n in 0..LEADS {
        let lead = Capture::new(n).by(&here).await;
        here.done("leadQualify", json!({ "lead": lead, "to": "MQL" })).await;
        leads.push(lead);
    }
    let mut handing = JoinSet::new();
    for (n, lead) in leads.iter().cloned().enumerate() {
        let client: Client = if n % 2 == 0 { here.clone() } else { there.clone() };
        handing.spawn(async move { client.done("leadHandOver", json!({ "lead": lead })).await });
    }
    handing.join_all().await;
    let (mut offered, mut waiting) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    for lead in &leads {
        let offer = admin.query(OFFER, json!({ "id": lead })).await["lead"]["offer"].clone();
        match offer["assignee"]["id"].as_str() {
            Some(user) => *offered.entry(user.to_owned()).or_default() += 1,
            None => *waiting.entry(text(&offer["queueReason"])).or_default() += 1,
        }
    }
    Some((offered.into_values().collect(), waiting))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_are_exact_with_two_nodes() {
    let Some((offered, waiting)) = handed_over(json!({})).await else { return };
    assert_eq!(offered, [LEADS / 2, LEADS / 2]);
    assert_eq!(waiting, BTreeMap::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn caps_are_exact_with_two_nodes() {
    let Some((offered, waiting)) = handed_over(json!({ "memberOpenMax": 5 })).await else { return };
    assert_eq!(offered, [5, 5]);
    assert_eq!(waiting, BTreeMap::from([("ALL_AT_CAP".to_owned(), LEADS - 10)]));
}
