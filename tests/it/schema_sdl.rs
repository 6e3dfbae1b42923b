//! The schema as committed, and what stands in it for those who use it.

use fairfall::graphql::schema;
use fairfall_tests::{TestApp, environment, on_both_databases};
use serde_json::Value;

#[test]
fn the_committed_schema_is_the_generated_one() {
    let file = environment::repository().join("schema.graphql");
    let committed = std::fs::read_to_string(file).unwrap();
    let generated = schema::sdl();
    let first = committed.lines().zip(generated.lines()).position(|(one, other)| one != other);
    assert!(committed == generated, "they differ from line {first:?} on; write it with: fairfall schema --out schema.graphql");
}

const TYPES: &str = "{ __schema { types {
    kind name description specifiedByURL
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { name description } }
    inputFields { name description } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
} } }";

/// What has a name and no description; deprecations without a date.
fn faults(types: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for kind in types.as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        if name.starts_with("__") {
            continue;
        }
        note(&mut faults, name, kind);
        for list in ["fields", "inputFields", "enumValues"] {
            for part in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", part["name"].as_str().unwrap());
                note(&mut faults, &path, part);
                for argument in part["args"].as_array().into_iter().flatten() {
                    note(&mut faults, &format!("{path}({})", argument["name"].as_str().unwrap()), argument);
                }
            }
        }
    }
    faults
}

fn note(faults: &mut Vec<String>, path: &str, part: &Value) {
    let description = part["description"].as_str().unwrap_or_default().trim();
    if description.len() < 4 {
        faults.push(format!("{path} has no description"));
    }
    let has_date = part["deprecationReason"].as_str().is_some_and(|reason| reason.contains("20"));
    if part["isDeprecated"] == true && !has_date {
        faults.push(format!("{path} is deprecated without a date"));
    }
}

on_both_databases! {
    settings [("LIMITS__COMPLEXITY_MAX", "100000")]
    async fn everything_that_a_user_sees_is_described(app: TestApp) {
        let data = app.anonymous().query(TYPES, Value::Null).await;
        let types = &data["__schema"]["types"];
        assert!(types.as_array().unwrap().len() > 100);
        assert_eq!(faults(types), [""; 0]);
    }

    settings [("LIMITS__COMPLEXITY_MAX", "100000")]
    async fn scalars_of_our_own_say_where_they_are_specified(app: TestApp) {
        let data = app.anonymous().query(TYPES, Value::Null).await;
        let scalars = data["__schema"]["types"].as_array().unwrap().iter().filter(|kind| kind["kind"] == "SCALAR");
        let built_in = ["Boolean", "Float", "ID", "Int", "String"];
        let own = scalars.filter(|kind| !built_in.contains(&kind["name"].as_str().unwrap()));
        let silent: Vec<_> = own.filter(|kind| kind["specifiedByURL"].is_null()).map(|kind| kind["name"].clone()).collect();
        assert_eq!(silent, [""; 0]);
    }
}

/// Patterns of the contract that hold for every mutation.
#[test]
fn mutations_take_one_input_and_answer_errors() {
    let sdl = schema::sdl();
    let mutations = sdl.split_once("type Mutation {").unwrap().1.split_once("\n}").unwrap().0;
    let mut count = 0;
    for line in mutations.lines().map(str::trim).filter(|line| line.contains("): ")) {
        let name = line.split_once('(').unwrap().0;
        let (first, rest) = name.split_at(1);
        let stem = format!("{}{rest}", first.to_uppercase());
        assert_eq!(
            line,
            format!("{name}(input: {stem}Input!): {stem}Payload!").as_str(),
            "it takes one input and answers its payload"
        );
        let payload = sdl.split_once(&format!("type {stem}Payload {{")).unwrap().1.split_once("\n}").unwrap().0;
        assert!(payload.contains("errors: [UserError!]!"), "{stem}Payload");
        count += 1;
    }
    assert!(count >= 30, "{count} mutations were read");
}
