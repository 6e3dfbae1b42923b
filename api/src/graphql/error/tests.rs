use std::collections::BTreeSet;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, Value};
use fairfall_domain::access::Action;
use fairfall_domain::agreement::AgreementRefusal;
use fairfall_domain::department::Department;
use fairfall_domain::merging::MergeRefusal;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::act::Act;
use fairfall_domain::waterfall::refusal::Refusal;
use fairfall_domain::waterfall::stage::Stage;
use fairfall_domain::waterfall::state::StateKind;

use super::{ErrorCode, UserError, fault};
use crate::app::{AppError, Rejection};

fn every_simple_rejection() -> Vec<Rejection> {
    let violations = Violations::one("person.email", ViolationCode::Malformed, "expected an address such as `anna@example.com`");
    let until = chrono::DateTime::UNIX_EPOCH;
    let act = Act::Qualify;
    let mut all: Vec<Rejection> = violations.into_iter().map(Rejection::Invalid).collect();
    all.extend([
        Rejection::NotAllowed { action: Action::WinLead },
        Rejection::NotFound { field: "lead".to_owned() },
        Rejection::VersionConflict { current: Some(3) },
        Rejection::PlanChanged { digest: "0".to_owned() },
        Rejection::DuplicateLead { existing: None },
        Rejection::Taken { field: "key".to_owned() },
        Rejection::IdempotencyKeyReused,
        Rejection::IdempotencyInProgress { retry_after_s: 1 },
        Rejection::MergeRefused(MergeRefusal::SameRecord),
        Rejection::AgreementRefused(AgreementRefusal::NotASigner { missing: vec![Department::Marketing] }),
        Rejection::TakenByColleague,
        Rejection::BadCredentials,
        Rejection::Throttled { until },
        Rejection::AskedTooOften { until },
        Rejection::SessionExpired,
    ]);
    let refusals = [
        Refusal::InvalidTransition { act, state: StateKind::Won, stage: Stage::Won, lawful: vec![] },
        Refusal::NoAgreement { act, giving: Department::Marketing, taking: Department::InsideSales },
        Refusal::Closed { stage: Stage::Lost, lawful: vec![Act::Reopen] },
        Refusal::WrongDepartment { act, department: Department::Marketing },
        Refusal::NotTheTaker { act },
        Refusal::UnknownTaker { act, department: Department::FieldSales },
        Refusal::TooLate { act, until },
        Refusal::ResumeInPast { act },
    ];
    all.extend(refusals.map(Rejection::Refused));
    all
}

#[test]
fn each_kind_of_refusal_has_a_code_of_its_own() {
    let errors: Vec<UserError> = every_simple_rejection().into_iter().map(UserError::from).collect();
    let codes: BTreeSet<&str> = errors.iter().map(|error| error.error_code().as_str()).collect();
    assert_eq!(codes.len(), errors.len());
}

#[test]
fn messages_are_lower_case_without_full_stop() {
    for error in every_simple_rejection().into_iter().map(UserError::from) {
        let text = error.text();
        assert!(text.starts_with(|first: char| first.is_lowercase() || first == '`'), "{text}");
        assert!(!text.ends_with('.'), "{text}");
    }
}

#[test]
fn codes_are_unique_and_hold_those_of_the_transport() {
    let codes: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(codes.len(), ErrorCode::ALL.len());
    let transport = include_str!("../../http/fault.rs").lines().filter_map(|line| {
        let (_, rest) = line.split_once(" = \"")?;
        let (code, status) = rest.split_once("\", ")?;
        status.ends_with(';').then_some(code)
    });
    let missing: Vec<&str> = transport.filter(|code| !codes.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn code_of(error: AppError) -> Option<Value> {
    fault(error).extensions.and_then(|extensions| extensions.get("code").cloned())
}

#[test]
fn failures_become_errors_with_codes_and_tell_nothing_of_our_insides() {
    let code = |text: &str| Some(Value::from(text));
    assert_eq!(code_of(AppError::Unauthenticated), code("UNAUTHENTICATED"));
    assert_eq!(code_of(AppError::Timeout), code("TIMEOUT"));
    assert_eq!(code_of(AppError::CursorExpired), code("CURSOR_EXPIRED"));
    assert_eq!(code_of(AppError::not_found("lead")), code("BAD_USER_INPUT"));
    assert_eq!(code_of(Rejection::SessionExpired.into()), code("SESSION_EXPIRED"));
    assert_eq!(code_of(Rejection::NotAllowed { action: Action::ViewReport }.into()), code("NOT_ALLOWED"));
    let internal = fault(AppError::internal("a secret of ours"));
    assert_eq!(internal.message, "internal error");
    let unavailable = fault(AppError::Unavailable { retry_after_s: 7 });
    assert_eq!(unavailable.extensions.unwrap().get("retryAfterSeconds"), Some(&Value::from(7)));
}

struct Query;

#[Object]
impl Query {
    async fn errors(&self) -> Vec<UserError> {
        every_simple_rejection().into_iter().map(UserError::from).collect()
    }
}

#[tokio::test]
async fn every_member_answers_the_common_fields_and_its_own() {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let answer = schema
        .execute(
            "{ errors { __typename message code field ... on InvalidInput { violation } ... on VersionConflict { current }
             ... on LeadClosed { lawful } ... on Throttled { until } ... on NotAllowed { action } } }",
        )
        .await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data.into_json().unwrap();
    let errors = data["errors"].as_array().unwrap();
    let first = serde_json::json!({
        "__typename": "InvalidInput",
        "message": "expected an address such as `anna@example.com`",
        "code": "INVALID_INPUT",
        "field": "person.email",
        "violation": "MALFORMED",
    });
    assert_eq!(errors[0], first);
    let closed = errors.iter().find(|error| error["code"] == "LEAD_CLOSED").unwrap();
    assert_eq!(closed["lawful"], serde_json::json!(["REOPEN"]));
    for error in errors {
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
}
