//! A page costs a handful of statements, however many entries it has.

use fairfall_tests::factory::Capture;
use fairfall_tests::statements::during;
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::Value;

/// The most that a page of 100 with five relations may send.
const STATEMENTS_MAX: usize = 8;

const PAGE: &str = "{ leads(first: 100) { nodes {
    id person { id email } company { id name } owner { id name } team { id key } transitions { id act }
} } }";

/// The page, once it was answered with no more statements than it may send. Whatever else the process does meanwhile only adds to the count, so
/// that one measurement within the limit proves it.
async fn within_the_limit(client: &Client) -> Value {
    // sessions and rules are known after the first time
    client.query(PAGE, Value::Null).await;
    until("a page with few statements", || async {
        let (count, data) = during(client.query(PAGE, Value::Null)).await;
        (1..=STATEMENTS_MAX).contains(&count).then_some(data)
    })
    .await
}

on_both_databases! {
    settings [("LIMITS__COMPLEXITY_MAX", "20000")]
    async fn a_page_of_a_hundred_leads_with_five_relations(app: TestApp) {
        let marketing = app.actor("marketing").await;
        for n in 0..100 {
            Capture::new(n).by(&marketing).await;
        }
        let data = within_the_limit(&marketing).await;
        let nodes = data["leads"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 100);
        assert!(nodes.iter().all(|lead| lead["person"]["email"].is_string() && lead["transitions"][0]["act"] == "CAPTURE"));
    }
}
