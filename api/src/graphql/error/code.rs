//! The one list of error codes.

use async_graphql::Enum;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $text:tt,)+) => {
        /// Every code that an error can carry: in the field `code` of a `UserError` when an act was refused, or in `extensions.code` of an
        /// error of the whole request. Codes are never renamed.
        #[derive(Clone, Copy, Debug, Enum, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* #[graphql(name = $text)] $name,)+
        }

        impl ErrorCode {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code as it stands in `extensions.code`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

error_codes! {
    /// A field of the input is wrong.
    InvalidInput = "INVALID_INPUT",
    /// The act is not lawful in the state that the lead is in.
    InvalidTransition = "INVALID_TRANSITION",
    /// The criteria for the next stage are not met.
    GateUnmet = "GATE_UNMET",
    /// No agreement between the giving and the taking department is in force.
    NoAgreement = "NO_AGREEMENT",
    /// It is another department's turn.
    WrongDepartment = "WRONG_DEPARTMENT",
    /// The offer waits for another person or team.
    NotTheTaker = "NOT_THE_TAKER",
    /// The person or team asked for cannot take the lead.
    UnknownTaker = "UNKNOWN_TAKER",
    /// The agreement that the offer runs under does not know the reason.
    ReasonNotAgreed = "REASON_NOT_AGREED",
    /// An agreement is not drafted, changed, proposed or signed.
    AgreementRefused = "AGREEMENT_REFUSED",
    /// The time in which the act was lawful is over.
    TooLate = "TOO_LATE",
    /// The date on which the lead should come back lies in the past.
    ResumeInPast = "RESUME_IN_PAST",
    /// The other track does not have the stage that the lead stands at.
    StageNotOnTrack = "STAGE_NOT_ON_TRACK",
    /// A closed lead is not changed any more.
    LeadClosed = "LEAD_CLOSED",
    /// The caller's role does not allow it.
    NotAllowed = "NOT_ALLOWED",
    /// It does not exist, or the caller may not know of it.
    NotFound = "NOT_FOUND",
    /// Somebody else made a change since the caller read it.
    VersionConflict = "VERSION_CONFLICT",
    /// What was looked at would come out otherwise now.
    PlanChanged = "PLAN_CHANGED",
    /// The person has an open lead for the same product area.
    DuplicateLead = "DUPLICATE_LEAD",
    /// A key or address that must be unique is taken.
    Taken = "TAKEN",
    /// The idempotency key was used for a different request.
    IdempotencyConflict = "IDEMPOTENCY_CONFLICT",
    /// A request with this idempotency key is being worked on.
    IdempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS",
    /// Two records are not merged, or a merge is not taken back.
    MergeRefused = "MERGE_REFUSED",
    /// A legal reason keeps the data from being erased.
    OnHold = "ON_HOLD",
    /// The data provider gave no answer.
    ProviderFailed = "PROVIDER_FAILED",
    /// A colleague took the customer over first.
    TakenByColleague = "TAKEN_BY_COLLEAGUE",
    /// Unknown address or wrong password.
    BadCredentials = "BAD_CREDENTIALS",
    /// Too many failed tries; wait.
    Throttled = "THROTTLED",
    /// The person was asked for consent too often; wait.
    AskedTooOften = "ASKED_TOO_OFTEN",
    /// The session has ended, or the refresh token is not valid any more.
    SessionExpired = "SESSION_EXPIRED",
    /// An argument of a query is wrong.
    BadUserInput = "BAD_USER_INPUT",
    /// The cursor is not one of this event stream.
    BadCursor = "BAD_CURSOR",
    /// The events after the cursor are not kept any more; read the current state and follow anew.
    CursorExpired = "CURSOR_EXPIRED",
    /// Nobody is signed in, or the token does not hold.
    Unauthenticated = "UNAUTHENTICATED",
    /// A part that is needed does not answer; try again after `extensions.retryAfterSeconds`.
    Unavailable = "UNAVAILABLE",
    /// It took too long and was given up.
    Timeout = "TIMEOUT",
    /// A fault of the server; `extensions.requestId` finds it in the log.
    Internal = "INTERNAL",
    /// The request is not JSON, or a parameter has the wrong type.
    BadRequest = "BAD_REQUEST",
    /// Several operations came in one request.
    BatchingUnsupported = "BATCHING_UNSUPPORTED",
    /// A GET came without a header that makes browsers ask first.
    PreflightRequired = "PREFLIGHT_REQUIRED",
    /// Not with this HTTP method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED",
    /// None of the media types that the client accepts can be made.
    NotAcceptable = "NOT_ACCEPTABLE",
    /// The body took too long to arrive.
    BodyTimeout = "BODY_TIMEOUT",
    /// The body is over its limit.
    BodyTooLarge = "BODY_TOO_LARGE",
    /// The body is not `application/json` in UTF-8.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE",
    /// The points of this minute are used up.
    RateLimited = "RATE_LIMITED",
    /// The caller has too many operations in flight.
    TooManyInFlight = "TOO_MANY_IN_FLIGHT",
    /// The caller has too many subscriptions open.
    TooManySubscriptions = "TOO_MANY_SUBSCRIPTIONS",
    /// The socket has too many operations open.
    TooManyOperations = "TOO_MANY_OPERATIONS",
    /// The server has too many operations in flight.
    Overloaded = "OVERLOADED",
    /// The document is over its limit of bytes.
    DocumentTooLarge = "DOCUMENT_TOO_LARGE",
    /// The document has too many tokens.
    TooManyTokens = "TOO_MANY_TOKENS",
    /// Fields, brackets or fragments nest too deep.
    TooDeep = "TOO_DEEP",
    /// Too many aliases.
    TooManyAliases = "TOO_MANY_ALIASES",
    /// Too many directives in one place.
    TooManyDirectives = "TOO_MANY_DIRECTIVES",
    /// Too many fields at the root.
    TooManyRootFields = "TOO_MANY_ROOT_FIELDS",
    /// Too many selections once fragments are spread.
    TooManySelections = "TOO_MANY_SELECTIONS",
    /// The operation costs too much.
    TooComplex = "TOO_COMPLEX",
    /// `first` or `last` is over the largest page.
    PageTooLarge = "PAGE_TOO_LARGE",
    /// A list of an argument or variable is too long.
    ListTooLong = "LIST_TOO_LONG",
    /// The document is not GraphQL.
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED",
    /// The document does not fit the schema, or its variables do not fit the document.
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED",
    /// No operation of that name, or several and no name.
    OperationNotFound = "OPERATION_NOT_FOUND",
    /// Subscriptions need the WebSocket or the event stream.
    SubscriptionUnsupported = "SUBSCRIPTION_UNSUPPORTED",
    /// The schema is not shown to the anonymous.
    IntrospectionDisabled = "INTROSPECTION_DISABLED",
    /// No trusted document of that id.
    DocumentNotFound = "DOCUMENT_NOT_FOUND",
    /// Only trusted documents are run here.
    DocumentNotTrusted = "DOCUMENT_NOT_TRUSTED",
}
