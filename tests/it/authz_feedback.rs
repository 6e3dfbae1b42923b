//! Ratings and what is owed of them among what is tried.

use fairfall_tests::TestApp;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

/// Lets every rating that is promised be owed.
pub(crate) async fn owe(app: &TestApp) {
    let lapsed = "UPDATE clock SET breached_at = due_at WHERE kind = 'FEEDBACK' AND ended_at IS NULL";
    app.connection().await.execute_unprepared(lapsed).await.unwrap();
}

/// Every query with what it is asked for.
pub(crate) fn queries() -> Vec<(&'static str, String)> {
    vec![("feedbackOverdue", "feedbackOverdue(first: 100) { nodes { id } }".to_owned())]
}

/// Every mutation with an input that changes nothing even for those who may; inside sales has accepted the lead.
pub(crate) fn mutations(lead: &str) -> Vec<(&'static str, Value)> {
    vec![("leadRate", json!({ "lead": lead, "rating": "FAIR", "expectedVersion": 999 }))]
}

/// Every mutation with an input that would work for somebody who may, by somebody who may not; field sales has accepted the lead.
pub(crate) fn tries(lead: &str) -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![("leadRate", "field.fr", json!({ "lead": lead, "rating": "UNUSABLE" }), "NOT_FOUND")]
}
