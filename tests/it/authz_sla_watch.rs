//! What is followed, and what one is told, among what is tried.

use fairfall_tests::socket::LEAD_EVENTS;
use serde_json::{Value, json};

/// Everything that can be followed, with what it is asked for.
pub(crate) const SUBSCRIPTIONS: [(&str, &str); 3] = [
    ("leadEvents", LEAD_EVENTS),
    ("notifications", "subscription($after: EventCursor) { notifications(after: $after) { cursor } }"),
    ("slaAlerts", "subscription($after: EventCursor) { slaAlerts(after: $after) { cursor } }"),
];

/// A notification that nobody has.
const NONE: &str = "notice_00000000000000000000000000";

/// Every query with what it is asked for.
pub(crate) fn queries() -> Vec<(&'static str, String)> {
    vec![
        ("notificationSettings", "notificationSettings { version }".to_owned()),
        ("notifications", "notifications(first: 100) { nodes { id } }".to_owned()),
    ]
}

/// Every mutation with an input that changes nothing even for those who may.
pub(crate) fn mutations() -> Vec<(&'static str, Value)> {
    vec![
        ("notificationSettingsUpdate", json!({ "mails": [], "expectedVersion": 999 })),
        ("notificationsRead", json!({ "ids": [NONE] })),
    ]
}

/// Every mutation by somebody who may not, and the code of the refusal.
pub(crate) fn tries() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    let quiet = json!({ "mails": [{ "kind": "LEAD_GIVEN", "wanted": false }] });
    vec![
        ("notificationSettingsUpdate", "partner", quiet, "NOT_ALLOWED"),
        ("notificationsRead", "partner", json!({ "upTo": NONE }), "NOT_ALLOWED"),
    ]
}
