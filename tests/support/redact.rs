//! Answers without what differs from run to run.

use serde_json::Value;

/// Replaces ids that have a name, other ids by their kind, and times.
pub fn redact(value: &Value, names: &[(String, String)]) -> Value {
    match value {
        Value::String(text) => Value::String(redacted(text, names)),
        Value::Array(items) => items.iter().map(|item| redact(item, names)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), redact(field, names))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn redacted(text: &str, names: &[(String, String)]) -> String {
    if let Some((_, name)) = names.iter().find(|(id, _)| id == text) {
        return name.clone();
    }
    match text.rsplit_once('_') {
        Some((kind, suffix))
            if suffix.len() == 26 && suffix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) =>
        {
            format!("[{kind}]")
        }
        _ if chrono::DateTime::parse_from_rfc3339(text).is_ok() => "[time]".to_owned(),
        _ => text.to_owned(),
    }
}
