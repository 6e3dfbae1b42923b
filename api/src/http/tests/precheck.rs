//! Each fault of a document, and the cost of measuring it.

use async_graphql::{Variables, parser::types::OperationType};
use serde_json::json;

use crate::{
    http::{
        fault::{Code, Fault},
        precheck::{Introspection, Prechecked, precheck},
    },
    limits::{Limits, PAGE_LIKE_LISTS},
};

fn check(query: &str) -> Result<Prechecked, Fault> {
    check_with(query, None, json!({}))
}

fn check_with(query: &str, name: Option<&str>, variables: serde_json::Value) -> Result<Prechecked, Fault> {
    precheck(query, name, &Variables::from_json(variables), &Limits::default(), Introspection::Allowed)
}

fn fault(query: &str) -> Code {
    check(query).unwrap_err().code
}

/// A chain of fragments of which each spreads the next one twice.
fn bomb(links: usize) -> String {
    let link = |at| format!("fragment A{at} on Q{{...A{next} ...A{next}}}", next = at + 1);
    let chain = (0..links).map(link).collect::<Vec<_>>().concat();
    format!("{{...A0}}{chain}fragment A{links} on Q{{a}}")
}

#[test]
fn a_fragment_bomb_is_measured_in_linear_steps_and_refused() {
    let bomb = bomb(32);
    assert!((800..1_300).contains(&bomb.len()), "{}", bomb.len());
    assert_eq!(fault(&bomb), Code::TooManySelections);
}

#[test]
fn each_fragment_is_measured_once() {
    // 2 to the 12th spreads of the last fragment, but 1 + 12 x 2 + 1 selections in the text.
    let limits = Limits { expanded_selections_max: u64::MAX, complexity_max: u64::MAX, ..Limits::default() };
    let steps = |links| {
        let limits = Limits { root_fields_max: u64::MAX, ..limits.clone() };
        precheck(&bomb(links), None, &Variables::default(), &limits, Introspection::Allowed).unwrap().steps
    };
    assert_eq!(steps(12), 26);
    assert_eq!(steps(24), 50);
    assert_eq!(steps(48), 98);
}

#[test]
fn a_bomb_in_an_operation_that_is_not_chosen_is_found_too() {
    let text = bomb(20).replacen("{...A0}", "query Small{a} query Big{...A0}", 1);
    assert_eq!(check_with(&text, Some("Small"), json!({})).unwrap_err().code, Code::TooManySelections);
}

#[test]
fn circles_and_unknown_fragments_are_refused() {
    assert_eq!(fault("{...A} fragment A on Q{...B} fragment B on Q{...A}"), Code::ValidationFailed);
    assert_eq!(fault("{a} fragment A on Q{b{...A}}"), Code::ValidationFailed);
    assert_eq!(fault("{...A}"), Code::ValidationFailed);
}

#[test]
fn every_number_is_held_at_its_edge() {
    let nested = |levels: usize| format!("{}{}", "{a".repeat(levels), "}".repeat(levels));
    let aliases = |count: usize| format!("{{r{{{}}}}}", (0..count).map(|at| format!("x{at}:a ")).collect::<Vec<_>>().concat());
    let roots = |kind: &str, count: usize| format!("{kind}{{{}}}", "a ".repeat(count));
    let directives = |count: usize| format!("{{a {}}}", "@d ".repeat(count));
    let list = |count: usize| format!("{{a(l:{{m:[{}]}})}}", "1 ".repeat(count));
    for (good, bad, code) in [
        (nested(15), nested(16), Code::TooDeep),
        (aliases(30), aliases(31), Code::TooManyAliases),
        (roots("query", 20), roots("query", 21), Code::TooManyRootFields),
        (roots("mutation", 10), roots("mutation", 11), Code::TooManyRootFields),
        (directives(5), directives(6), Code::TooManyDirectives),
        (list(250), list(251), Code::ListTooLong),
        ("{a(first:100){b}}".into(), "{a(first:101){b}}".into(), Code::PageTooLarge),
        (roots("subscription", 1), roots("subscription", 2), Code::ValidationFailed),
        (format!("{{a}}{}", " ".repeat(32_765)), format!("{{a}}{}", " ".repeat(32_766)), Code::DocumentTooLarge),
        (format!("{{r{{{}}}}}", "a ".repeat(3_995)), format!("{{r{{{}}}}}", "a ".repeat(3_996)), Code::TooManyTokens),
    ] {
        assert!(check(&good).is_ok(), "{code:?}: {:?}", check(&good));
        assert_eq!(fault(&bad), code);
    }
}

#[test]
fn brackets_of_any_kind_and_depth_do_not_reach_the_parser() {
    for open in ["{a", "[", "(", "query($a:["] {
        let text = open.repeat(3_000 / open.len());
        assert!(matches!(fault(&text), Code::TooDeep | Code::TooManyTokens), "{open}");
    }
    // The deepest that is let through must fit the stack of a worker.
    let inputs = format!("{{a(l:{}{})}}", "[".repeat(62), "]".repeat(62));
    assert!(check(&inputs).is_ok());
}

#[test]
fn the_cost_of_a_connection_is_two_and_its_entries_times_the_page() {
    for (query, cost) in [
        ("{a}", 1),
        ("{a{b c}}", 3),
        ("{l(first:10){nodes{id}}}", 2 + 10 * 2),
        ("{l(first:10){edges{node{id}}}}", 2 + 10 * 3),
        ("{l(first:10){nodes{id} totalCount pageInfo{x}}}", 2 + 10 * 2 + 1 + 2),
        ("{l{nodes{id}}}", 2 + 25 * 2),
        ("{l(last:3){a b}}", 2 + 3 * 2),
        ("{l(first:10){...P}} fragment P on C{nodes{...N}} fragment N on L{id}", 2 + 10 * 2),
        ("{l(first:10){nodes{m(first:10){nodes{id}}}}}", 2 + 10 * (1 + 2 + 10 * 2)),
        (r#"{nodes(ids:["a","b","c"]){id}}"#, 1 + 3),
        ("{l(first:0){nodes{id}}}", 2),
    ] {
        assert_eq!(check(query).unwrap().cost, cost, "{query}");
    }
    let deep = "{a(first:100){nodes{b(first:100){nodes{c(first:100){nodes{id}}}}}}}";
    assert_eq!(fault(deep), Code::TooComplex);
}

#[test]
fn lists_that_lead_back_to_their_lead_cost_a_usual_page() {
    for (query, cost) in [
        ("{lead{clocks{kind state}}}", 1 + 1 + 25 * 2),
        ("{lead{c:clocks{...C}}} fragment C on Clock{kind}", 1 + 1 + 25),
        ("{clocks(first:10){nodes{kind}}}", 2 + 10 * 2),
        ("{clocks{nodes{kind}}}", 2 + 25 * 2),
        ("{lead{clocks{lead{clocks{kind}}}}}", 1 + 1 + 25 * (1 + 1 + 25)),
        ("{leads(first:50){nodes{decisions{id}}}}", 2 + 50 * (1 + 1 + 25)),
    ] {
        assert_eq!(check(query).unwrap().cost, cost, "{query}");
    }
    for list in PAGE_LIKE_LISTS {
        let nested = |levels: usize| {
            format!("{{{}{list}{{id}}{}}}", format!("{list}{{lead{{").repeat(levels - 1), "}}".repeat(levels - 1))
        };
        assert!(check(&nested(2)).is_ok(), "{list}");
        assert_eq!(fault(&nested(3)), Code::TooComplex, "{list}");
    }
    let few = Limits { page_default: 5, ..Limits::default() };
    let query = "{lead{clocks{lead{clocks{lead{clocks{kind}}}}}}}";
    assert!(
        precheck(query, None, &Variables::default(), &few, Introspection::Allowed).is_ok(),
        "a page is what the operator says"
    );
}

#[test]
fn pages_and_lists_are_read_from_variables_and_their_defaults() {
    let query = "query($n:Int=7,$ids:[ID!]){l(first:$n){nodes{id}} nodes(ids:$ids){id}}";
    assert_eq!(check_with(query, None, json!({"ids": ["a", "b"]})).unwrap().cost, 2 + 7 * 2 + 1 + 2);
    assert_eq!(check_with(query, None, json!({"n": 3})).unwrap().cost, 2 + 3 * 2 + 1 + 1);
    assert_eq!(check_with(query, None, json!({"n": 101})).unwrap_err().code, Code::PageTooLarge);
    let long = vec!["a"; 251];
    assert_eq!(check_with(query, None, json!({"ids": long})).unwrap_err().code, Code::ListTooLong);
    assert_eq!(check_with(query, None, json!({"x": {"y": [long]}})).unwrap_err().code, Code::ListTooLong);
}

#[test]
fn a_required_variable_must_be_given() {
    let query = "query($a:Int!,$b:Int!=1,$c:Int){x(a:$a,b:$b,c:$c)}";
    assert!(check_with(query, None, json!({"a": 1})).is_ok());
    for variables in [json!({}), json!({"a": null}), json!({"a": 1, "b": null})] {
        assert_eq!(check_with(query, None, variables.clone()).unwrap_err().code, Code::ValidationFailed, "{variables}");
    }
}

#[test]
fn the_operation_is_chosen_by_its_name() {
    let query = "query A{a} mutation B{b}";
    let chosen = check_with(query, Some("B"), json!({})).unwrap();
    assert_eq!((chosen.kind, chosen.operation_name.as_deref()), (OperationType::Mutation, Some("B")));
    assert_eq!(check("query A{a}").unwrap().operation_name.as_deref(), Some("A"));
    assert_eq!(fault(query), Code::OperationNotFound);
    assert_eq!(check_with(query, Some("C"), json!({})).unwrap_err().code, Code::OperationNotFound);
    assert_eq!(check_with("{a}", Some("A"), json!({})).unwrap_err().code, Code::OperationNotFound);
    assert_eq!(fault("fragment A on Q{a}"), Code::ParseFailed);
}

#[test]
fn faults_of_grammar_tell_where_and_not_what_was_written() {
    let fault = check("{ lead(email: \"someone@example.org\" }").unwrap_err();
    assert_eq!(fault.code, Code::ParseFailed);
    assert!(fault.at.is_some_and(|at| at.line == 1));
    assert!(!fault.message.contains("someone"), "{}", fault.message);
    assert!(fault.message.starts_with("syntax error: expected"), "{}", fault.message);
}

const INTROSPECTION: &str = "query{__schema{queryType{name} types{kind name fields(includeDeprecated:true){name args{...I} \
    type{...T}} inputFields{...I} interfaces{...T} possibleTypes{...T}} directives{name args{...I}}}} \
    fragment I on __InputValue{name type{...T} defaultValue} fragment T on __Type{kind name ofType{kind name ofType{kind name \
    ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}}}}}}";

#[test]
fn the_usual_introspection_passes_and_a_circular_one_does_not() {
    assert!(check(INTROSPECTION).is_ok(), "{:?}", check(INTROSPECTION));
    let often = INTROSPECTION.replacen(
        "{__schema{queryType",
        "{a:__schema{...S} b:__schema{...S} c:__schema{...S} __schema{queryType",
        1,
    );
    let often = often + " fragment S on __Schema{types{fields{args{type{...T}} type{...T}} inputFields{...I} interfaces{...T}}}";
    assert_eq!(fault(&often), Code::TooComplex);
    let circular = "{__schema{types{fields{type{fields{type{fields{name}}}}}}}}";
    assert_eq!(fault(circular), Code::TooDeep);
    let refused = precheck(INTROSPECTION, None, &Variables::default(), &Limits::default(), Introspection::Refused);
    assert_eq!(refused.unwrap_err().code, Code::IntrospectionDisabled);
    let typename = precheck("{__typename}", None, &Variables::default(), &Limits::default(), Introspection::Refused);
    assert!(typename.is_ok());
}
