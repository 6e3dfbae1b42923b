//! The schema as a whole.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::Schema;
use serde_json::Value;

use super::mutation::Mutation;
use super::query::Query;
use super::schema::sdl;
use super::subscription::Subscription;
use crate::limits::{PAGE_LIKE_LISTS, SHORT_LISTS};

const INTROSPECTION: &str = "{ __schema { types { kind name description specifiedByURL
    fields(includeDeprecated: true) { name description args(includeDeprecated: true) { name description }
        type { name kind ofType { name kind ofType { name kind ofType { name } } } } }
    possibleTypes { name }
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

/// The fields of each type: name, the type that is named in the end, whether it is a list of these. Interfaces and unions lead to what they may be.
fn fields_by_type(types: &[Value]) -> BTreeMap<String, Vec<(String, String, bool)>> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let named = |mut of: &Value| {
        let mut is_list = false;
        while of["name"].is_null() {
            is_list |= of["kind"] == "LIST";
            of = &of["ofType"];
        }
        (text(&of["name"]), is_list)
    };
    let of = |one: &Value| {
        let fields = one["fields"].as_array().into_iter().flatten().map(|field| {
            let (of, is_list) = named(&field["type"]);
            (text(&field["name"]), of, is_list)
        });
        let possible = one["possibleTypes"].as_array().into_iter().flatten();
        (text(&one["name"]), fields.chain(possible.map(|one| (String::new(), text(&one["name"]), false))).collect())
    };
    types.iter().map(of).collect()
}

/// Everything that can be asked for below a type.
fn below<'a>(graph: &'a BTreeMap<String, Vec<(String, String, bool)>>, from: &'a str) -> BTreeSet<&'a str> {
    let (mut found, mut rest) = (BTreeSet::new(), vec![from]);
    while let Some(next) = rest.pop() {
        if found.insert(next) {
            rest.extend(graph.get(next).into_iter().flatten().map(|(_, of, _)| of.as_str()));
        }
    }
    found
}

#[tokio::test]
async fn every_list_that_leads_back_to_what_it_hangs_on_is_priced_and_no_other() {
    let graph = fields_by_type(&types().await);
    let mut found = BTreeSet::new();
    let is_root = |name: &str| ["Query", "Mutation", "Subscription"].contains(&name);
    // the entries of connections are priced by their page
    for (owner, fields) in graph.iter().filter(|(name, _)| !is_root(name) && !name.ends_with("Connection")) {
        let lists = fields.iter().filter(|(_, of, is_list)| *is_list && below(&graph, of).contains(owner.as_str()));
        found.extend(lists.map(|(name, ..)| name.as_str()));
    }
    let priced: BTreeSet<&str> = PAGE_LIKE_LISTS.into_iter().chain(SHORT_LISTS).collect();
    assert_eq!(found, priced, "asked for inside each other, such lists multiply what is read");
}

#[tokio::test]
async fn nobody_is_told_to_sign_in_and_what_needs_nobody_is_answered() {
    let schema = Schema::new(Query::default(), Mutation::default(), Subscription::default());
    let answer = schema.execute("{ viewer { role } node(id: \"lead_00000000000000000000000000\") { id } }").await;
    let json = serde_json::to_value(&answer).unwrap();
    assert_eq!(json["data"], serde_json::json!({ "viewer": null, "node": null }));
    assert_eq!(json["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
