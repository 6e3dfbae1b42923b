//! From a use case that failed to an error of the request.

use std::borrow::Borrow;
use std::error::Error as _;

use async_graphql::{Context, Error, ErrorExtensionValues, Name, Result, Value, indexmap::IndexMap};

use super::{ErrorCode, UserError};
use crate::app::{AppError, Rejection};
use crate::seam::RequestMeta;

/// Turns the failure of a use case into an error of the request.
pub trait OrFault<T> {
    /// The value, or the error with its code in `extensions.code`. Faults of ours are logged here, once, with the request's id.
    ///
    /// # Errors
    /// Whatever the use case failed with.
    fn or_fault(self, ctx: &Context<'_>) -> Result<T>;
}

impl<T, E: Borrow<AppError>> OrFault<T> for std::result::Result<T, E> {
    fn or_fault(self, ctx: &Context<'_>) -> Result<T> {
        self.map_err(|error| told(ctx, error.borrow()))
    }
}

/// An error of the request with a code.
pub fn coded(code: ErrorCode, message: impl Into<String>) -> Error {
    let mut error = Error::new(message);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
    error
}

/// The error of the request that stands for a failed use case, where no request is at hand; elsewhere use [`OrFault`].
pub fn fault(error: impl Borrow<AppError>) -> Error {
    shown("", error.borrow())
}

/// The error of this request that stands for a failed use case.
pub(in crate::graphql) fn told(ctx: &Context<'_>, error: &AppError) -> Error {
    shown(ctx.data_opt::<RequestMeta>().map_or("", |meta| meta.request_id.as_str()), error)
}

/// An argument of a query that is wrong.
pub fn bad_input(field: &str, message: impl Into<String>) -> Error {
    let mut error = coded(ErrorCode::BadUserInput, message);
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("field", field);
    error
}

/// The error that stands for a failed use case, in the request with this id.
pub(in crate::graphql) fn shown(request_id: &str, error: &AppError) -> Error {
    match error {
        AppError::Unauthenticated => coded(ErrorCode::Unauthenticated, "sign in first"),
        AppError::Rejected(rejections) => rejected(rejections),
        AppError::CursorExpired => coded(
            ErrorCode::CursorExpired,
            "the events after this cursor are not kept any more; read the current state and follow anew",
        ),
        AppError::Unavailable { retry_after_s } => unavailable(*retry_after_s),
        AppError::Contended(_) => unavailable(1),
        AppError::Timeout => coded(ErrorCode::Timeout, "it took too long and was given up"),
        AppError::Internal(_) => {
            tracing::error!(request_id, error = chain(error), "a use case failed");
            coded(ErrorCode::Internal, "internal error")
        }
    }
}

fn unavailable(retry_after_s: u32) -> Error {
    let mut error = coded(ErrorCode::Unavailable, "not available at the moment");
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("retryAfterSeconds", retry_after_s);
    error
}

/// Expected answers where there is no payload to carry them: in queries and subscriptions.
fn rejected(rejections: &[Rejection]) -> Error {
    let errors: Vec<UserError> = rejections.iter().cloned().map(UserError::from).collect();
    let own = |code: &ErrorCode| matches!(code, ErrorCode::NotAllowed | ErrorCode::SessionExpired);
    let code = errors.iter().map(UserError::error_code).find(own).unwrap_or(ErrorCode::BadUserInput);
    let mut error = coded(code, errors.first().map_or("rejected", UserError::text));
    let list = Value::List(errors.iter().map(entry).collect());
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("errors", list);
    error
}

fn entry(error: &UserError) -> Value {
    let mut object = IndexMap::new();
    object.insert(Name::new("code"), Value::from(error.error_code().as_str()));
    object.insert(Name::new("field"), error.field_name().map_or(Value::Null, Value::from));
    object.insert(Name::new("message"), Value::from(error.text()));
    Value::Object(object)
}

/// The whole chain of causes, outermost first.
fn chain(error: &AppError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
