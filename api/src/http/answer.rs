//! Writes answers: the status, the body, the headers.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE},
    },
};
use async_graphql::{ServerError, Value};
use serde::Serialize;

use super::{
    accept::Media,
    fault::{Code, Fault},
};

/// The body of an answer as it goes over the wire, on every transport.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// What went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ServerError>,
    /// The result; absent when the request was refused before execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// What is told beside, `cost` among it.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub extensions: serde_json::Map<String, serde_json::Value>,
    /// What the answer is about, for the status.
    #[serde(skip)]
    pub fault: Option<Fault>,
}

impl Answer {
    /// The answer that tells a refusal.
    pub fn refusal(fault: Fault) -> Self {
        Self { errors: vec![fault.to_error()], data: None, extensions: serde_json::Map::new(), fault: Some(fault) }
    }

    /// The text on the wire.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|error| {
            tracing::error!(%error, "an answer cannot be written");
            r#"{"errors":[{"message":"internal error","extensions":{"code":"INTERNAL"}}]}"#.to_owned()
        })
    }

    /// The status in a media type: 200 for whatever was executed; faults of the document are 200 too under
    /// `application/json`.
    fn status(&self, media: Media) -> StatusCode {
        match &self.fault {
            None => StatusCode::OK,
            Some(fault) if media == Media::Json && fault.code.is_of_document() => StatusCode::OK,
            Some(fault) => fault.code.status(),
        }
    }

    /// The whole HTTP answer.
    pub fn respond(&self, media: Media) -> HttpResponse {
        let mut response = HttpResponse::build(self.status(media));
        response
            .insert_header((CONTENT_TYPE, media.content_type()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .append_header((VARY, "Accept"));
        if let Some(fault) = &self.fault {
            if let Some(seconds) = fault.retry_after_s {
                response.insert_header((RETRY_AFTER, seconds));
            }
            if let Some(allow) = fault.allow {
                response.insert_header((ALLOW, allow));
            }
            if fault.code == Code::Unauthenticated {
                response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"fairfall\", error=\"invalid_token\""));
            }
        }
        response.body(self.to_json())
    }
}
