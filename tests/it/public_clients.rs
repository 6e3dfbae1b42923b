//! The conformance suite and the client that others wrote.

use fairfall_tests::node;
use fairfall_tests::{TestApp, on_both_databases};
use serde_json::Value;

on_both_databases! {
    async fn the_suite_of_graphql_over_http_finds_nothing(app: TestApp) {
        if !node::is_there() {
            return;
        }
        let url = format!("http://{}/graphql", app.address());
        for token in [None, Some(app.actor("inside").await.token().to_owned())] {
            let arguments: Vec<&str> = [url.as_str()].into_iter().chain(token.as_deref()).collect();
            let said = node::run("audit.mjs", &arguments).await;
            let audits = said.json();
            let found: Vec<&Value> = audits.as_array().unwrap().iter().filter(|audit| audit["status"] != "ok").collect();
            assert!(said.well && found.is_empty(), "{found:#?}");
            assert!(audits.as_array().unwrap().len() > 50, "{} audits ran", audits.as_array().unwrap().len());
        }
    }
}
