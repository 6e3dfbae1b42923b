//! What the transport refuses, each with a stable code and an HTTP status.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use async_graphql::{ErrorExtensionValues, Pos, ServerError};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:ident;)*) => {
        /// The stable code of a refusal, as clients find it in `extensions.code`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// The text on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
        }
    };
}

codes! {
    /// The request is not JSON, or a parameter has the wrong type.
    BadRequest = "BAD_REQUEST", BAD_REQUEST;
    /// Several operations came in one request.
    BatchingUnsupported = "BATCHING_UNSUPPORTED", BAD_REQUEST;
    /// A GET came without a header that makes browsers ask first.
    PreflightRequired = "PREFLIGHT_REQUIRED", BAD_REQUEST;
    /// The token does not hold.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED;
    /// There is nothing here.
    NotFound = "NOT_FOUND", NOT_FOUND;
    /// Not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED;
    /// None of the media types that the client accepts can be made.
    NotAcceptable = "NOT_ACCEPTABLE", NOT_ACCEPTABLE;
    /// The body took too long to arrive.
    BodyTimeout = "BODY_TIMEOUT", REQUEST_TIMEOUT;
    /// The body is over its limit.
    BodyTooLarge = "BODY_TOO_LARGE", PAYLOAD_TOO_LARGE;
    /// The body is not `application/json` in UTF-8.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", UNSUPPORTED_MEDIA_TYPE;
    /// The points of this minute are used up.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS;
    /// The caller has too many operations in flight.
    TooManyInFlight = "TOO_MANY_IN_FLIGHT", SERVICE_UNAVAILABLE;
    /// The caller has too many subscriptions open.
    TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS", SERVICE_UNAVAILABLE;
    /// The socket has too many operations open.
    TooManyOperations = "TOO_MANY_OPERATIONS", SERVICE_UNAVAILABLE;
    /// The node has too many operations in flight.
    Overloaded = "OVERLOADED", SERVICE_UNAVAILABLE;
    /// A part that is needed does not answer.
    Unavailable = "UNAVAILABLE", SERVICE_UNAVAILABLE;
    /// Execution took too long and was given up.
    Timeout = "TIMEOUT", GATEWAY_TIMEOUT;
    /// A bug of ours; the log knows more under the request id.
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR;
    /// The document is over its limit of bytes.
    DocumentTooLarge = "DOCUMENT_TOO_LARGE", BAD_REQUEST;
    /// The document has too many tokens.
    TooManyTokens = "TOO_MANY_TOKENS", BAD_REQUEST;
    /// Fields, brackets or fragments nest too deep.
    TooDeep = "TOO_DEEP", BAD_REQUEST;
    /// Too many aliases.
    TooManyAliases = "TOO_MANY_ALIASES", BAD_REQUEST;
    /// Too many directives in one place.
    TooManyDirectives = "TOO_MANY_DIRECTIVES", BAD_REQUEST;
    /// Too many fields at the root.
    TooManyRootFields = "TOO_MANY_ROOT_FIELDS", BAD_REQUEST;
    /// Too many selections once fragments are spread.
    TooManySelections = "TOO_MANY_SELECTIONS", BAD_REQUEST;
    /// The operation costs too much.
    TooComplex = "TOO_COMPLEX", BAD_REQUEST;
    /// `first` or `last` is over the largest page.
    PageTooLarge = "PAGE_TOO_LARGE", BAD_REQUEST;
    /// A list of an argument or variable is too long.
    ListTooLong = "LIST_TOO_LONG", BAD_REQUEST;
    /// The document is not GraphQL.
    ParseFailed = "GRAPHQL_PARSE_FAILED", BAD_REQUEST;
    /// The document does not fit the schema, or its variables do not fit the document.
    ValidationFailed = "GRAPHQL_VALIDATION_FAILED", BAD_REQUEST;
    /// No operation of that name, or several and no name.
    OperationNotFound = "OPERATION_NOT_FOUND", BAD_REQUEST;
    /// Subscriptions need the WebSocket or the event stream.
    SubscriptionUnsupported = "SUBSCRIPTION_UNSUPPORTED", BAD_REQUEST;
    /// The schema is not shown to the anonymous.
    IntrospectionDisabled = "INTROSPECTION_DISABLED", BAD_REQUEST;
    /// No trusted document of that id.
    DocumentNotFound = "DOCUMENT_NOT_FOUND", BAD_REQUEST;
    /// Only trusted documents are run here.
    DocumentNotTrusted = "DOCUMENT_NOT_TRUSTED", BAD_REQUEST;
}

impl Code {
    /// Whether the request itself was well formed and only its document is at fault: such answers carry 200 under
    /// `application/json` (GraphQL over HTTP, section 6.4.1).
    pub const fn is_of_document(self) -> bool {
        matches!(
            self,
            Self::DocumentTooLarge
                | Self::TooManyTokens
                | Self::TooDeep
                | Self::TooManyAliases
                | Self::TooManyDirectives
                | Self::TooManyRootFields
                | Self::TooManySelections
                | Self::TooComplex
                | Self::PageTooLarge
                | Self::ListTooLong
                | Self::ParseFailed
                | Self::ValidationFailed
                | Self::OperationNotFound
                | Self::SubscriptionUnsupported
                | Self::IntrospectionDisabled
                | Self::DocumentNotFound
                | Self::DocumentNotTrusted
        )
    }
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its stable code.
    pub code: Code,
    /// What to tell the client.
    pub message: Cow<'static, str>,
    /// Where in the document.
    pub at: Option<Pos>,
    /// After how many seconds a second try makes sense.
    pub retry_after_s: Option<u64>,
    /// The methods that would be allowed.
    pub allow: Option<&'static str>,
}

impl Fault {
    /// A refusal with a message in lower case and without full stop.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), at: None, retry_after_s: None, allow: None }
    }

    /// Says where in the document.
    #[must_use]
    pub fn at(mut self, position: Pos) -> Self {
        self.at = Some(position);
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// A refusal of the method, with those that are allowed.
    pub fn method(allow: &'static str, message: &'static str) -> Self {
        Self { allow: Some(allow), ..Self::new(Code::MethodNotAllowed, message) }
    }

    /// The GraphQL error that tells it.
    pub fn to_error(&self) -> ServerError {
        let mut error = ServerError::new(self.message.clone(), self.at);
        let mut extensions = ErrorExtensionValues::default();
        extensions.set("code", self.code.as_str());
        if let Some(seconds) = self.retry_after_s {
            extensions.set("retryAfterSeconds", seconds);
        }
        error.extensions = Some(extensions);
        error
    }
}
