//! The schema as a whole.

use std::collections::BTreeSet;

use async_graphql::Schema;
use serde_json::Value;

use super::mutation::Mutation;
use super::query::Query;
use super::schema::sdl;
use super::subscription::Subscription;
use crate::limits::PAGE_LIKE_LISTS;

const INTROSPECTION: &str = "{ __schema { types { kind name description specifiedByURL
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description } type { name kind ofType { name } } }
    inputFields(includeDeprecated: true) { name description }
    enumValues(includeDeprecated: true) { name description } } } }";

/// Scalars of the GraphQL specification, which describe themselves there.
const BUILT_IN: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

async fn types() -> Vec<Value> {
    let schema = Schema::new(Query::default(), Mutation::default(), Subscription::default());
    let answer = schema.execute(INTROSPECTION).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let json = answer.data.into_json().unwrap();
    let all = json["__schema"]["types"].as_array().unwrap().clone();
    all.into_iter().filter(|one| !one["name"].as_str().unwrap().starts_with("__")).collect()
}

fn undescribed(owner: &str, list: &Value, faults: &mut Vec<String>) {
    for one in list.as_array().into_iter().flatten() {
        let name = format!("{owner}.{}", one["name"].as_str().unwrap());
        if one["description"].as_str().is_none_or(|text| text.trim().is_empty()) {
            faults.push(name.clone());
        }
        undescribed(&name, &one["args"], faults);
    }
}

#[tokio::test]
async fn everything_is_described() {
    let mut faults = Vec::new();
    for one in types().await {
        let name = one["name"].as_str().unwrap();
        if one["description"].as_str().is_none_or(|text| text.trim().is_empty()) && !BUILT_IN.contains(&name) {
            faults.push(name.to_owned());
        }
        for list in ["fields", "inputFields", "enumValues"] {
            undescribed(name, &one[list], &mut faults);
        }
    }
    assert!(faults.is_empty(), "without a description: {faults:#?}");
}

#[tokio::test]
async fn scalars_of_our_own_say_what_specifies_them() {
    let types = types().await;
    let scalars = types.iter().filter(|one| one["kind"] == "SCALAR");
    let own: Vec<&Value> = scalars.filter(|one| !BUILT_IN.contains(&one["name"].as_str().unwrap())).collect();
    let names: BTreeSet<&str> = own.iter().map(|one| one["name"].as_str().unwrap()).collect();
    let wanted = [
        "BigInt",
        "CountryCode",
        "Date",
        "DateTime",
        "Duration",
        "EmailAddress",
        "EventCursor",
        "LanguageTag",
        "PhoneNumber",
        "TimeZone",
        "URL",
    ];
    assert!(names.is_subset(&wanted.into()), "{names:?}");
    for scalar in own {
        assert!(scalar["specifiedByURL"].is_string(), "{scalar}");
    }
}

#[tokio::test]
async fn lists_that_can_grow_are_connections() {
    for one in types().await {
        let Some(name) = one["name"].as_str().filter(|name| name.ends_with("Connection")) else { continue };
        let fields: BTreeSet<&str> =
            one["fields"].as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert!(fields.is_superset(&["edges", "nodes", "pageInfo"].into()), "{name}: {fields:?}");
    }
}

#[test]
fn the_text_of_the_schema_is_whole_and_the_same_each_time() {
    let text = sdl();
    assert_eq!(text, sdl());
    for part in ["type Lead ", "interface Node ", "type Query ", "type Mutation ", "type Subscription ", "@specifiedBy", "@oneOf"]
    {
        assert!(text.contains(part), "no `{part}`");
    }
}

#[test]
fn lists_that_are_priced_like_pages_are_lists_of_the_schema() {
    let text = sdl();
    for name in PAGE_LIKE_LISTS {
        assert!(
            text.contains(&format!("\t{name}: [")),
            "no plain list `{name}`: it is called otherwise, or has become a connection"
        );
    }
}

#[tokio::test]
async fn nobody_is_told_to_sign_in_and_what_needs_nobody_is_answered() {
    let schema = Schema::new(Query::default(), Mutation::default(), Subscription::default());
    let answer = schema.execute("{ viewer { role } node(id: \"lead_00000000000000000000000000\") { id } }").await;
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["data"], serde_json::json!({ "viewer": null, "node": null }));
    assert_eq!(json["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
