//! The limits of a document, at their edges and beyond.

use fairfall_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

/// Refused by the schema: the document was within every limit.
const WITHIN: &str = "GRAPHQL_VALIDATION_FAILED";

fn repeated(what: impl Fn(usize) -> String, count: usize) -> String {
    (0..count).map(what).collect()
}

/// A chain of fragments of which each spreads the next one twice: its size doubles with each link.
fn bomb(links: usize) -> String {
    let chain = repeated(|at| format!("fragment f{at} on Query{{...f{next} ...f{next}}}", next = at + 1), links);
    format!("{{...f0}}{chain}fragment f{links} on Query{{a}}")
}

/// Documents at an edge, beyond it, and the code of the refusal.
fn edges() -> Vec<(&'static str, String, String)> {
    let nested = |levels: usize| format!("{}{}", "{a".repeat(levels), "}".repeat(levels));
    let aliases = |count: usize| format!("{{r{{{}}}}}", repeated(|at| format!("x{at}:a "), count));
    let roots = |kind: &str, count: usize| format!("{kind}{{{}}}", repeated(|at| format!("a{at} "), count));
    let directives = |count: usize| format!("{{a {}}}", "@d ".repeat(count));
    let list = |count: usize| format!("{{a(l:[{}])}}", "1 ".repeat(count));
    let bytes = |count: usize| format!("{{a}}{}", " ".repeat(count - 3));
    let tokens = |count: usize| format!("{{r{{{}}}}}", "a ".repeat(count - 5));
    let page = |argument: &str, count: usize| format!("{{leads({argument}:{count}){{nodes{{a}}}}}}");
    let cost = |fields: usize| format!("{{leads(first:100){{nodes{{{}}}}}}}", "a ".repeat(fields));
    vec![
        ("TOO_DEEP", nested(15), nested(16)),
        ("TOO_MANY_ALIASES", aliases(30), aliases(31)),
        ("TOO_MANY_ROOT_FIELDS", roots("query", 20), roots("query", 21)),
        ("TOO_MANY_ROOT_FIELDS", roots("mutation", 10), roots("mutation", 11)),
        ("TOO_MANY_DIRECTIVES", directives(5), directives(6)),
        ("LIST_TOO_LONG", list(250), list(251)),
        ("DOCUMENT_TOO_LARGE", bytes(32_768), bytes(32_769)),
        ("TOO_MANY_TOKENS", tokens(4_000), tokens(4_001)),
        ("PAGE_TOO_LARGE", page("first", 100), page("first", 101)),
        ("PAGE_TOO_LARGE", page("last", 100), page("last", 101)),
        ("TOO_COMPLEX", cost(98), cost(99)),
    ]
}

on_both_databases! {
    async fn every_limit_holds_at_its_edge(app: TestApp) {
        let client = app.anonymous();
        for (code, within, beyond) in edges() {
            assert_eq!(client.ask(&within, Value::Null).await.refusal(), (400, WITHIN.to_owned()), "{code} comes too early");
            let reply = client.ask(&beyond, Value::Null).await;
            assert_eq!(reply.refusal(), (400, code.to_owned()));
            assert!(reply.text.len() < 4_096 && reply.json().get("data").is_none(), "{}", reply.text);
        }
    }

    async fn selections_are_counted_after_fragments_are_spread(app: TestApp) {
        let client = app.anonymous();
        let spread = |fields: usize, spreads: usize| {
            let fragment = format!("fragment f on Query{{{}}}", "a ".repeat(fields));
            format!("{{r{{{}}}}}{fragment}", "...f ".repeat(spreads))
        };
        assert_eq!(client.ask(&spread(90, 100), Value::Null).await.code(), WITHIN);
        assert_eq!(client.ask(&spread(100, 100), Value::Null).await.code(), "TOO_MANY_SELECTIONS");
    }

    async fn pages_and_lists_hide_in_no_variable(app: TestApp) {
        let inside = app.actor("inside").await;
        let page = "query($n: Int) { leads(first: $n) { nodes { id } } }";
        assert_eq!(inside.ask(page, json!({ "n": 100 })).await.status, 200);
        assert_eq!(inside.ask(page, json!({ "n": 101 })).await.code(), "PAGE_TOO_LARGE");
        let default = "query($n: Int = 101) { leads(first: $n) { nodes { id } } }";
        assert_eq!(inside.ask(default, json!({})).await.code(), "PAGE_TOO_LARGE");
        let list = "query($f: LeadFilter) { leads(filter: $f) { nodes { id } } }";
        let countries = |count: usize| json!({ "f": { "countries": vec!["DE"; count] } });
        assert_eq!(inside.ask(list, countries(250)).await.status, 200);
        assert_eq!(inside.ask(list, countries(251)).await.code(), "LIST_TOO_LONG");
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let ids = |count: usize| json!({ "ids": vec!["lead_00000000000000000000000000"; count] });
        assert_eq!(inside.ask(nodes, ids(100)).await.status, 200);
        assert_eq!(inside.ask(nodes, ids(101)).await.code(), "BAD_USER_INPUT");
    }

    async fn lists_that_lead_back_to_their_lead_are_not_nested_for_nothing(app: TestApp) {
        let inside = app.actor("inside").await;
        let nested = |list: &str, levels: usize| {
            let (open, close) = (format!("{{ {list} {{ lead ").repeat(levels - 1), " } }".repeat(levels - 1));
            format!("query($id: ID!) {{ lead(by: {{ id: $id }}) {open}{{ {list} {{ id }} }}{close} }}")
        };
        let lead = json!({ "id": "lead_00000000000000000000000000" });
        for list in ["clocks", "decisions"] {
            for levels in [1, 2] {
                assert_eq!(inside.ask(&nested(list, levels), lead.clone()).await.status, 200, "{list} {levels}");
            }
            assert_eq!(inside.ask(&nested(list, 3), lead.clone()).await.refusal(), (400, "TOO_COMPLEX".to_owned()), "{list}");
        }
        // what a list of leads shows of each, with its promises and how it was routed
        let usual = "{ leads(first: 50) { nodes { id title stage clocks { kind state dueAt } decisions { id cause } transitions { act at } } } }";
        assert_eq!(inside.ask(usual, Value::Null).await.status, 200);
    }

    async fn a_circle_of_fragments_is_refused(app: TestApp) {
        let client = app.anonymous();
        for circle in ["{...a}fragment a on Query{...a}", "{...a}fragment a on Query{...b}fragment b on Query{...a}", "{...a}"] {
            assert_eq!(client.ask(circle, Value::Null).await.refusal(), (400, WITHIN.to_owned()), "{circle}");
        }
    }

    settings [("LIMITS__DEPTH_MAX", "6"), ("LIMITS__PAGE_MAX", "5"), ("LIMITS__COMPLEXITY_MAX", "120"), ("LIMITS__NAME_BYTES_MAX", "40"), ("LIMITS__ALIASES_MAX", "4")]
    async fn limits_are_configurable(app: TestApp) {
        let inside = app.actor("inside").await;
        assert_eq!(inside.ask("{ leads(first: 5) { nodes { id } } }", Value::Null).await.status, 200);
        assert_eq!(inside.ask("{a{a{a{a{a{a{a}}}}}}}", Value::Null).await.code(), "TOO_DEEP");
        assert_eq!(inside.ask("{ r { a: x b: x c: x d: x e: x } }", Value::Null).await.code(), "TOO_MANY_ALIASES");
        assert_eq!(inside.ask("{ leads(first: 6) { nodes { id } } }", Value::Null).await.code(), "PAGE_TOO_LARGE");
        assert_eq!(inside.ask(&format!("{{ {} }}", "x".repeat(41)), Value::Null).await.code(), "DOCUMENT_TOO_LARGE");
        let many = format!("{{ leads(first: 5) {{ nodes {{ {} }} }} }}", "id ".repeat(24));
        assert_eq!(inside.ask(&many, Value::Null).await.code(), "TOO_COMPLEX");
    }
}

/// What measures time runs while nothing else does.
mod alone {
    use std::time::{Duration, Instant};

    use super::{bomb, repeated};
    use fairfall_tests::{TestApp, on_both_databases};
    use serde_json::Value;

    /// Without optimisation and over a connection; the bound of 10 ms is measured on the release build. What these documents cost a server
    /// without a check of its own is told in seconds, and doubles with each link.
    const ANSWERED: Duration = Duration::from_millis(500);

    on_both_databases! {
        async fn whatever_is_over_a_limit_is_answered_quickly_and_briefly(app: TestApp) {
            let client = app.anonymous();
            client.ask("{ __typename }", Value::Null).await;
            let bomb = bomb(24);
            assert!((850..=900).contains(&bomb.len()), "{} bytes", bomb.len());
            for query in [
                bomb,
                format!("{{ lead {{ {} }} }}", repeated(|at| format!("wrong{at} "), 1_900)),
                format!("{{ {} }}", repeated(|at| format!("a{at}: viewer {{ role }} a{at}: leads {{ totalCount }} "), 15)),
                "{".repeat(30_000),
                "{ viewer ".repeat(2_000),
                format!("{{ {} }}", "x".repeat(32_000)),
                format!("query($a: {}Int{}) {{ a }}", "[".repeat(1_500), "]".repeat(1_500)),
                repeated(|at| format!("query q{at} {{ a }} "), 700),
            ] {
                let started = Instant::now();
                let reply = client.ask(&query, Value::Null).await;
                let took = started.elapsed();
                let start = &query[..40];
                assert!(reply.status == 400 && !reply.code().is_empty(), "{} {start}", reply.status);
                assert!(reply.text.len() < 4_096, "{} bytes: {start}", reply.text.len());
                assert!(took < ANSWERED, "{took:?}: {start}");
            }
        }
    }
}
