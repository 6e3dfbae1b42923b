//! The schema as committed, and what stands in it for those who use it.

use fairfall::graphql::schema;
use fairfall_tests::{TestApp, environment, on_both_databases};
use serde_json::{Value, json};

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

/// Scalars of the language itself.
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];

/// What has a name and no description; deprecations without a date.
fn faults(types: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for kind in types.as_array().unwrap() {
        let name = kind["name"].as_str().unwrap();
        if name.starts_with("__") || BUILT_IN.contains(&name) {
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
        let own = scalars.filter(|kind| !BUILT_IN.contains(&kind["name"].as_str().unwrap()));
        let silent: Vec<_> = own.filter(|kind| kind["specifiedByURL"].is_null()).map(|kind| kind["name"].clone()).collect();
        assert_eq!(silent, [""; 0]);
    }
}

const MUTATIONS: &str = "{ __schema { mutationType { fields {
    name args { name type { kind ofType { name } } }
    type { kind ofType { name fields { name type { kind ofType { kind ofType { kind ofType { name } } } } } } }
} } } }";

on_both_databases! {
    /// Patterns of the contract that hold for every mutation.
    settings [("LIMITS__COMPLEXITY_MAX", "100000")]
    async fn mutations_take_one_input_and_answer_errors(app: TestApp) {
        let data = app.anonymous().query(MUTATIONS, Value::Null).await;
        let mutations = data["__schema"]["mutationType"]["fields"].as_array().unwrap();
        for mutation in mutations {
            let name = mutation["name"].as_str().unwrap();
            let (first, rest) = name.split_at(1);
            let stem = format!("{}{rest}", first.to_uppercase());
            let input = json!([{ "name": "input", "type": { "kind": "NON_NULL", "ofType": { "name": format!("{stem}Input") } } }]);
            assert_eq!(mutation["args"], input, "{name}");
            let payload = &mutation["type"]["ofType"];
            assert_eq!((&mutation["type"]["kind"], &payload["name"]), (&json!("NON_NULL"), &json!(format!("{stem}Payload"))), "{name}");
            let errors = payload["fields"].as_array().unwrap().iter().find(|field| field["name"] == "errors").unwrap();
            let item = json!({ "kind": "NON_NULL", "ofType": { "name": "UserError" } });
            let list = json!({ "kind": "NON_NULL", "ofType": { "kind": "LIST", "ofType": item } });
            assert_eq!(errors["type"], list, "{name}");
        }
        assert!(mutations.len() >= 30, "{} mutations were read", mutations.len());
    }
}
