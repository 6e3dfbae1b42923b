//! Cleans what the executor answers before it leaves the house: every error has a code, none tells of our insides, and the
//! whole is bounded.

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};

use super::fault::Code;
use crate::limits::Limits;

/// Whether messages may name what the caller could have meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suggestions {
    /// "Did you mean" stays.
    Kept,
    /// "Did you mean" is cut away: it tells the schema to those who may not read it.
    Stripped,
}

/// How the answers of one request are cleaned.
#[derive(Clone, Copy, Debug)]
pub struct Hygiene<'a> {
    /// What an internal error tells, and all that it tells.
    pub request_id: &'a str,
    /// What happens to suggestions.
    pub suggestions: Suggestions,
    /// The bounds.
    pub limits: &'a Limits,
}

/// Whether the answer was refused before execution: it then has no `data` at all.
pub fn is_refused(response: &Response) -> bool {
    response.data == Value::Null && !response.errors.is_empty() && response.errors.iter().all(|error| error.path.is_empty())
}

impl Hygiene<'_> {
    /// Cleans the errors of a request that was refused before execution, within the limit of bytes.
    pub fn refused(&self, errors: Vec<ServerError>) -> Vec<ServerError> {
        let mut bytes = 0_usize;
        let mut kept = Vec::new();
        for error in errors {
            let error = self.clean(error);
            let size = serde_json::to_string(&error).map_or(usize::MAX, |text| text.len());
            bytes = bytes.saturating_add(size);
            if !kept.is_empty() && bytes > self.limits.error_bytes_max {
                break;
            }
            kept.push(error);
        }
        kept
    }

    /// Cleans the errors of fields, of which there may be many.
    pub fn executed(&self, errors: Vec<ServerError>) -> Vec<ServerError> {
        errors.into_iter().take(self.limits.field_errors_max).map(|error| self.clean(error)).collect()
    }

    fn clean(&self, mut error: ServerError) -> ServerError {
        let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code")).cloned();
        match code {
            Some(Value::String(code)) if code != Code::Internal.as_str() => {}
            Some(_) => return self.internal(error),
            None if is_of_client(&error) => {
                let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
                extensions.set("code", Code::ValidationFailed.as_str());
            }
            None => {
                tracing::error!(request_id = self.request_id, error = %error.message, "a resolver failed without a code");
                return self.internal(error);
            }
        }
        if self.suggestions == Suggestions::Stripped
            && let Some(at) = error.message.find(" Did you mean")
        {
            error.message.truncate(at);
        }
        cut(&mut error.message, self.limits.error_message_bytes_max);
        error.locations.truncate(2);
        error
    }

    fn internal(&self, error: ServerError) -> ServerError {
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", Code::Internal.as_str());
        extensions.set("requestId", self.request_id);
        ServerError { message: "internal error".to_owned(), extensions: Some(extensions), source: None, ..error }
    }
}

/// Whether an error without a code comes from the document or its values: from validation, which knows no path, or from the
/// parsing of a scalar, which tells it in these words.
fn is_of_client(error: &ServerError) -> bool {
    error.path.is_empty()
        || ["Failed to parse \"", "Expected input type \"", "Invalid value for argument "]
            .iter()
            .any(|start| error.message.starts_with(start))
}

fn cut(message: &mut String, bytes_max: usize) {
    if message.len() > bytes_max {
        let end = (0..=bytes_max).rev().find(|&at| message.is_char_boundary(at)).unwrap_or(0);
        message.truncate(end);
        message.push('…');
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn clean(error: ServerError, suggestions: Suggestions) -> serde_json::Value {
        let limits = Limits::default();
        let hygiene = Hygiene { request_id: "r1", suggestions, limits: &limits };
        serde_json::to_value(hygiene.executed(vec![error]).remove(0)).unwrap()
    }

    fn at_field(message: &str) -> ServerError {
        ServerError::new(message, None).with_path(vec![PathSegment::Field("a".into())])
    }

    #[test]
    fn an_error_without_code_tells_nothing_of_our_insides() {
        let cleaned = clean(at_field("connection to 10.0.0.5 refused"), Suggestions::Kept);
        assert_eq!(cleaned["message"], "internal error");
        assert_eq!(cleaned["extensions"], serde_json::json!({"code": "INTERNAL", "requestId": "r1"}));
    }

    #[test]
    fn an_internal_code_loses_all_but_the_request_id() {
        let mut error = at_field("secret");
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", "INTERNAL");
        extensions.set("sql", "select");
        error.extensions = Some(extensions);
        let text = clean(error, Suggestions::Kept).to_string();
        assert!(!text.contains("secret") && !text.contains("select"), "{text}");
    }

    #[test]
    fn errors_of_values_stay_readable() {
        let cleaned = clean(at_field("Failed to parse \"Date\": no date"), Suggestions::Kept);
        assert_eq!(cleaned["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
        assert_eq!(cleaned["message"], "Failed to parse \"Date\": no date");
    }

    #[test]
    fn suggestions_are_stripped_for_those_who_may_not_read_the_schema() {
        let error = ServerError::new("Unknown field \"x\" on type \"Query\". Did you mean \"y\"?", None);
        assert_eq!(clean(error.clone(), Suggestions::Stripped)["message"], "Unknown field \"x\" on type \"Query\".");
        assert!(clean(error, Suggestions::Kept)["message"].as_str().unwrap().contains("Did you mean"));
    }

    #[test]
    fn refusals_stay_small() {
        let limits = Limits::default();
        let hygiene = Hygiene { request_id: "r1", suggestions: Suggestions::Kept, limits: &limits };
        let errors = vec![ServerError::new("\"ä\u{1}".repeat(10_000), None); 5_000];
        let kept = hygiene.refused(errors);
        assert!(!kept.is_empty());
        assert!(serde_json::to_string(&kept).unwrap().len() < 4_000);
    }
}
