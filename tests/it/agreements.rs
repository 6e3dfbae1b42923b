//! Agreements: written by one side, signed by both, in force for what comes after.

use chrono::{SecondsFormat, TimeDelta};
use fairfall_tests::factory::{Waterfall, text};
use fairfall_tests::wait::until;
use fairfall_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

/// The shipped agreement between marketing and inside sales.
pub(crate) const KEY: &str = "marketing-to-inside-sales";

const AGREEMENT: &str = "agreement { id key version revision state inForceFrom unsigned
    signedGiving { by { id } } signedTaking { by { id } } gates { stage all { key } } }";

/// A gate before MQL that a lead as it is captured does not pass: its timeline is not known.
pub(crate) fn strict() -> Value {
    let soon = json!({
        "key": "soon", "labels": { "de": "Bald", "en": "Soon" },
        "measure": "TIMELINE_MONTHS", "comparison": "AT_MOST", "required": ["6"],
    });
    json!([{ "stage": "MQL", "all": [soon] }])
}

/// An act on an agreement that must be done; answers the agreement.
pub(crate) async fn act(client: &Client, field: &str, input: Value) -> Value {
    let mut payload = client.mutate(field, input, AGREEMENT).await;
    assert_eq!(payload["errors"], json!([]), "{field}");
    payload["agreement"].take()
}

/// Signs what stands there now.
pub(crate) async fn sign(client: &Client, id: &str) -> Value {
    let read = client.query("query($id: ID!) { agreement(id: $id) { revision } }", json!({ "id": id })).await;
    act(client, "agreementSign", json!({ "agreement": id, "expectedVersion": read["agreement"]["revision"] })).await
}

/// Brings a next version of an agreement with other content to its signatures; answers its id.
pub(crate) async fn proposed(client: &Client, key: &str, content: Value) -> String {
    let input = crate::authz_coverage::merged(json!({ "key": key }), content);
    let id = text(&act(client, "agreementDraft", input).await["id"]);
    act(client, "agreementPropose", json!({ "agreement": id })).await;
    id
}

/// The same, signed by both.
pub(crate) async fn in_force(app: &TestApp, content: Value) -> String {
    let [giver, taker] = app.actors(["marketing.manager", "inside.manager"]).await;
    let id = proposed(&giver, KEY, content).await;
    for client in [&giver, &taker] {
        sign(client, &id).await;
    }
    id
}

/// The versions of the agreement with their state.
async fn states(client: &Client) -> Vec<(i64, String)> {
    let query = "query($key: String) { agreements(filter: { key: $key }) { nodes { version state } } }";
    let data = client.query(query, json!({ "key": KEY })).await;
    let own = data["agreements"]["nodes"].as_array().unwrap().iter();
    own.map(|one| (one["version"].as_i64().unwrap(), text(&one["state"]))).collect()
}

fn versions(told: &[(i64, &str)]) -> Vec<(i64, String)> {
    told.iter().map(|(version, state)| (*version, (*state).to_owned())).collect()
}

async fn passes(client: &Client, lead: &str) -> bool {
    let errors = client.act("leadQualify", json!({ "lead": lead, "to": "MQL" })).await["errors"].clone();
    match errors[0]["code"].as_str() {
        None => true,
        Some("GATE_UNMET") => {
            assert_eq!(errors[0]["criteria"][0]["criterion"]["key"], "soon");
            false
        }
        Some(other) => panic!("{other}"),
    }
}

fn why(errors: &Value) -> (&str, &Value) {
    assert_eq!(errors[0]["code"], "AGREEMENT_REFUSED", "{errors}");
    (errors[0]["why"].as_str().unwrap(), &errors[0]["signers"])
}

on_both_databases! {
    async fn it_takes_both_sides(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let [giver, taker] = app.actors(["marketing.manager", "inside.manager"]).await;
        let draft = act(&giver, "agreementDraft", json!({ "key": KEY, "idempotencyKey": "once" })).await;
        let again = act(&giver, "agreementDraft", json!({ "key": KEY, "idempotencyKey": "once" })).await;
        assert_eq!(draft, again, "a retry makes no second draft");
        assert_eq!((&draft["version"], &draft["state"], &draft["revision"]), (&json!(2), &json!("DRAFT"), &json!(1)));
        assert_eq!(draft["gates"][0]["all"][0]["key"], "country-known", "the next version says what the newest said");
        let id = &draft["id"];
        let change = json!({ "agreement": id, "gates": strict(), "expectedVersion": 1 });
        assert_eq!(act(&taker, "agreementUpdate", change.clone()).await["revision"], 2);
        let stale = giver.refused("agreementUpdate", change).await;
        assert_eq!((&stale[0]["code"], &stale[0]["current"]), (&json!("VERSION_CONFLICT"), &json!(2)));
        let proposal = act(&giver, "agreementPropose", json!({ "agreement": id, "expectedVersion": 2 })).await;
        assert_eq!((&proposal["state"], &proposal["revision"]), (&json!("PROPOSED"), &json!(3)));
        let frozen = giver.refused("agreementUpdate", json!({ "agreement": id, "gates": [] })).await;
        assert_eq!(why(&frozen).0, "WRONG_STATE");

        let signed = act(&giver, "agreementSign", json!({ "agreement": id, "expectedVersion": 3 })).await;
        assert_eq!((&signed["state"], &signed["unsigned"]), (&json!("PROPOSED"), &json!(["INSIDE_SALES"])));
        assert_eq!(signed["signedGiving"]["by"]["id"], app.organisation().user("marketing.manager"));
        let again = giver.mutate("agreementSign", json!({ "agreement": id, "expectedVersion": 3 }), "alreadyDone").await;
        assert_eq!(again, json!({ "alreadyDone": true, "errors": [] }));
        assert_eq!(states(&giver).await, versions(&[(1, "IN_FORCE"), (2, "PROPOSED")]));
        let before = way.captured(1).await;
        assert!(passes(&way.marketing, &before).await, "one side alone changes nothing");

        // what the taker read is what the giver signed meanwhile
        let both = act(&taker, "agreementSign", json!({ "agreement": id, "expectedVersion": 3 })).await;
        assert_eq!((&both["state"], &both["unsigned"]), (&json!("IN_FORCE"), &json!([])));
        assert_eq!(states(&giver).await, versions(&[(1, "SUPERSEDED"), (2, "IN_FORCE")]));
        let after = way.captured(2).await;
        assert!(!passes(&way.marketing, &after).await, "the new gate is asked");
        way.marketing.done("leadUpdate", json!({ "lead": after, "bant": { "timelineMonths": 6 } })).await;
        assert!(passes(&way.marketing, &after).await);
        let query = "{ events(first: 100, filter: { kinds: [AGREEMENT_PROPOSED, AGREEMENT_SIGNED, AGREEMENT_IN_FORCE] }) {
            nodes { type subjectVersion payload { agreement { version } inForceFrom } } } }";
        let events = until("all four events", || async {
            let events = taker.query(query, Value::Null).await;
            (events["events"]["nodes"].as_array().unwrap().len() == 4).then_some(events)
        })
        .await;
        let told: Vec<_> = events["events"]["nodes"].as_array().unwrap().iter().map(|event| {
            assert_eq!(event["payload"]["agreement"]["version"], 2);
            let holds = event["subjectVersion"] == 5;
            assert_eq!(event["payload"]["inForceFrom"], if holds { both["inForceFrom"].clone() } else { Value::Null });
            (text(&event["type"]), event["subjectVersion"].as_i64().unwrap())
        }).collect();
        let expected = [("AGREEMENT_PROPOSED", 3), ("AGREEMENT_SIGNED", 4), ("AGREEMENT_SIGNED", 5), ("AGREEMENT_IN_FORCE", 5)];
        assert_eq!(told, expected.map(|(kind, version)| (kind.to_owned(), version)));
    }

    async fn it_holds_from_its_date_on(app: TestApp) {
        let from = (app.clock().now() + TimeDelta::days(1)).to_rfc3339_opts(SecondsFormat::Micros, true);
        let id = in_force(&app, json!({ "gates": strict(), "inForceFrom": from })).await;
        let way = Waterfall::new(&app).await;
        let lead = way.captured(1).await;
        assert!(passes(&way.marketing, &lead).await, "its date has not come");
        assert_eq!(states(&way.marketing).await, versions(&[(1, "IN_FORCE"), (2, "SIGNED")]), "its day has not come");
        let shown = way.marketing.query("query($id: ID!) { agreement(id: $id) { inForceFrom } }", json!({ "id": id })).await;
        assert_eq!(shown["agreement"]["inForceFrom"], from);
        // told when both have signed, a day before it holds
        let query = "{ events(first: 100, filter: { kinds: [AGREEMENT_IN_FORCE] }) { nodes { payload { agreement { id } inForceFrom } } } }";
        let events = until("the event", || async {
            let nodes = way.marketing.query(query, Value::Null).await["events"]["nodes"].clone();
            (nodes != json!([])).then_some(nodes)
        })
        .await;
        assert_eq!(events, json!([{ "payload": { "agreement": { "id": id }, "inForceFrom": from } }]));

        app.clock().advance(TimeDelta::days(1) + TimeDelta::seconds(3));
        let way = Waterfall::new(&app).await;
        let lead = way.captured(2).await;
        assert!(!passes(&way.marketing, &lead).await);
        for _ in 0..2 {
            // as it is read, then as it was noted
            assert_eq!(states(&way.marketing).await, versions(&[(1, "SUPERSEDED"), (2, "IN_FORCE")]));
            fairfall::app::agreement::note_successors(app.app()).await.unwrap();
        }
        // a date in the past is the moment of the second signature
        let past = in_force(&app, json!({ "gates": [], "inForceFrom": "2020-01-01T00:00:00Z" })).await;
        let shown = way.marketing.query("query($id: ID!) { agreement(id: $id) { inForceFrom signedTaking { at } } }", json!({ "id": past })).await;
        assert_eq!(shown["agreement"]["inForceFrom"], shown["agreement"]["signedTaking"]["at"]);
        assert!(passes(&way.marketing, &lead).await);
    }

    async fn an_offer_runs_on_under_its_version(app: TestApp) {
        let way = Waterfall::new(&app).await;
        let [under_first, answered] = [way.offered(1).await, way.offered(2).await];
        in_force(&app, json!({ "rejectReasons": ["DUPLICATE", "WRONG_TERRITORY"] })).await;
        let under_second = way.offered(3).await;
        way.inside.done("leadReject", json!({ "lead": under_first, "reason": "NOT_REACHABLE" })).await;
        way.inside.done("leadAccept", json!({ "lead": answered })).await;
        for reason in ["NOT_REACHABLE", "LAPSED"] {
            let errors = way.inside.refused("leadReject", json!({ "lead": under_second, "reason": reason })).await;
            let told = (&errors[0]["code"], &errors[0]["field"], &errors[0]["allowed"]);
            assert_eq!(told, (&json!("REASON_NOT_AGREED"), &json!("reason"), &json!(["DUPLICATE", "WRONG_TERRITORY"])));
        }
        let query = "query($id: ID!) { lead(by: { id: $id }) { acts { act blocked { code } } transitions { act agreement { version } } } }";
        let lawful = way.inside.query(query, json!({ "id": under_second })).await;
        assert!(lawful["lead"]["acts"].as_array().unwrap().contains(&json!({ "act": "REJECT", "blocked": null })), "{lawful}");
        way.inside.done("leadReject", json!({ "lead": under_second, "reason": "DUPLICATE" })).await;
        for (lead, version, last) in [(&under_first, 1, "REJECT"), (&under_second, 2, "REJECT"), (&answered, 1, "ACCEPT")] {
            let told = app.actor("admin").await.query(query, json!({ "id": lead })).await;
            let cited: Vec<_> = told["lead"]["transitions"].as_array().unwrap().iter()
                .filter(|one| one["act"] != "CAPTURE")
                .map(|one| (text(&one["act"]), one["agreement"]["version"].as_i64())).collect();
            let step = |act: &str| (act.to_owned(), Some(version));
            assert_eq!(cited, [step("QUALIFY"), step("HAND_OVER"), step(last)]);
        }
    }

    async fn who_writes_and_who_signs(app: TestApp) {
        let [admin, giver, taker, stranger] = app.actors(["admin", "marketing.manager", "inside.manager", "field.manager"]).await;
        let [member, partner] = app.actors(["inside", "partner"]).await;
        for (client, code) in [(&member, "NOT_ALLOWED"), (&stranger, "NOT_ALLOWED"), (&partner, "NOT_ALLOWED")] {
            assert_eq!(client.refused("agreementDraft", json!({ "key": KEY })).await[0]["code"], code);
        }
        let id = proposed(&admin, KEY, json!({})).await;
        let input = json!({ "agreement": id, "expectedVersion": 2 });
        let missing = json!(["MARKETING", "INSIDE_SALES"]);
        for client in [&admin, &stranger] {
            let errors = client.refused("agreementSign", input.clone()).await;
            assert_eq!(why(&errors), ("NOT_A_SIGNER", &missing), "nobody signs for a department that is not theirs");
        }
        assert_eq!(member.refused("agreementSign", input.clone()).await[0]["code"], "NOT_ALLOWED");
        for field in ["agreementSign", "agreementUpdate", "agreementPropose", "agreementWithdraw", "agreementDelete"] {
            assert_eq!(partner.refused(field, input.clone()).await[0]["code"], "NOT_FOUND", "{field}");
            let foreign = json!({ "agreement": "agreement_00000000000000000000000000", "expectedVersion": 2 });
            assert_eq!(giver.refused(field, foreign).await[0]["code"], "NOT_FOUND", "{field}");
        }
        for field in ["agreementUpdate", "agreementPropose", "agreementWithdraw", "agreementDelete"] {
            assert_eq!(stranger.refused(field, input.clone()).await[0]["code"], "NOT_ALLOWED", "{field}");
        }
        let stale = taker.refused("agreementSign", json!({ "agreement": id, "expectedVersion": 1 })).await;
        assert_eq!(stale[0]["code"], "VERSION_CONFLICT", "what was not read is not signed");
        sign(&giver, &id).await;
        sign(&taker, &id).await;
    }

    async fn one_version_is_open_at_a_time_and_what_is_taken_back_is_unsigned(app: TestApp) {
        let [giver, taker] = app.actors(["marketing.manager", "inside.manager"]).await;
        let id = proposed(&giver, KEY, json!({ "gates": strict() })).await;
        let errors = taker.refused("agreementDraft", json!({ "key": KEY })).await;
        assert_eq!((why(&errors).0, &errors[0]["open"]), ("OPEN_VERSION", &json!(id)));
        sign(&giver, &id).await;
        assert_eq!(why(&giver.refused("agreementDelete", json!({ "agreement": id })).await).0, "WRONG_STATE");
        let draft = act(&taker, "agreementWithdraw", json!({ "agreement": id })).await;
        assert_eq!((&draft["state"], &draft["signedGiving"]), (&json!("DRAFT"), &Value::Null));
        assert_eq!(why(&taker.refused("agreementSign", json!({ "agreement": id, "expectedVersion": 2 })).await).0, "WRONG_STATE");
        act(&taker, "agreementUpdate", json!({ "agreement": id, "gates": null })).await;
        let again = act(&giver, "agreementPropose", json!({ "agreement": id })).await;
        let old = taker.refused("agreementSign", json!({ "agreement": id, "expectedVersion": 2 })).await;
        assert_eq!(old[0]["code"], "VERSION_CONFLICT", "it says something else than when it was read");
        act(&taker, "agreementSign", json!({ "agreement": id, "expectedVersion": again["revision"] })).await;
        act(&giver, "agreementWithdraw", json!({ "agreement": id })).await;
        let query = "{ events(first: 100, filter: { kinds: [AGREEMENT_WITHDRAWN] }) {
            nodes { subjectVersion actor { name } payload { agreement { id state } } } } }";
        let events = until("both events", || async {
            let nodes = giver.query(query, Value::Null).await["events"]["nodes"].clone();
            (nodes.as_array().unwrap().len() == 2).then_some(nodes)
        })
        .await;
        let told = |revision: i64, who: &str| {
            let payload = json!({ "agreement": { "id": id, "state": "DRAFT" } });
            json!({ "subjectVersion": revision, "actor": { "name": who }, "payload": payload })
        };
        assert_eq!(events, json!([told(4, "inside.manager"), told(8, "marketing.manager")]));
        let gone = giver.mutate("agreementDelete", json!({ "agreement": id }), "agreement").await;
        assert_eq!(gone, json!({ "agreement": id, "errors": [] }));
        assert_eq!(states(&giver).await, versions(&[(1, "IN_FORCE")]));
        assert_eq!(giver.refused("agreementDelete", json!({ "agreement": id })).await[0]["code"], "NOT_FOUND");
    }

    async fn the_list_is_cut_and_paged(app: TestApp) {
        let [giver, partner] = app.actors(["marketing.manager", "partner"]).await;
        in_force(&app, json!({ "gates": strict() })).await;
        act(&giver, "agreementDraft", json!({ "key": KEY })).await;
        let list = "query($filter: AgreementFilterInput, $first: Int, $after: String) { agreements(filter: $filter, first: $first, after: $after) {
            nodes { key version state } edges { cursor node { version } } pageInfo { hasNextPage endCursor } } }";
        let listed = async |filter: Value| {
            let data = giver.query(list, json!({ "filter": filter, "first": 100 })).await;
            let nodes = data["agreements"]["nodes"].as_array().unwrap().clone();
            nodes.iter().map(|one| (text(&one["key"]), one["version"].as_i64().unwrap())).collect::<Vec<_>>()
        };
        let own = |numbers: &[i64]| -> Vec<_> { numbers.iter().map(|version| (KEY.to_owned(), *version)).collect() };
        assert_eq!(listed(json!({ "key": KEY })).await, own(&[1, 2, 3]));
        assert_eq!(listed(json!({ "key": KEY, "states": ["DRAFT", "SUPERSEDED"] })).await, own(&[1, 3]));
        let between = json!({ "states": ["IN_FORCE"], "giving": "MARKETING", "taking": "INSIDE_SALES" });
        assert_eq!(listed(between).await, own(&[2]));
        assert_eq!(listed(json!({ "key": "nobody-has-it" })).await, []);
        let malformed = giver.ask(list, json!({ "filter": { "key": "no key" } })).await;
        assert_eq!(malformed.code(), "BAD_USER_INPUT");
        let whole = listed(Value::Null).await;
        assert_eq!(whole.len(), 8, "six that are shipped, and two more versions of one");
        let (mut found, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = giver.query(list, json!({ "first": 3, "after": after })).await;
            let page = &data["agreements"];
            found.extend(page["nodes"].as_array().unwrap().iter().map(|one| (text(&one["key"]), one["version"].as_i64().unwrap())));
            after = page["pageInfo"]["endCursor"].clone();
            assert_eq!(page["edges"].as_array().unwrap().last().unwrap()["cursor"], after);
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(found, whole);
        assert_eq!(partner.query(list, Value::Null).await["agreements"]["nodes"], json!([]));
    }

    async fn a_new_key_says_between_whom(app: TestApp) {
        let [admin, giver] = app.actors(["admin", "marketing.manager"]).await;
        let errors = giver.refused("agreementDraft", json!({ "key": "pumps" })).await;
        let fields: Vec<_> = errors.as_array().unwrap().iter().map(|error| text(&error["field"])).collect();
        assert_eq!(fields, ["labels", "giving", "taking"]);
        let labels = json!({ "de": "Pumpen", "en": "Pumps" });
        let input = json!({ "key": "pumps", "labels": labels, "giving": "MARKETING", "taking": "INSIDE_SALES",
            "scope": { "productAreas": ["pumps"], "tracks": ["field"] } });
        let first = act(&giver, "agreementDraft", input.clone()).await;
        assert_eq!((&first["version"], &first["gates"]), (&json!(1), &json!([])));
        let wrong = json!({ "key": KEY, "taking": "FIELD_SALES" });
        assert_eq!(giver.refused("agreementDraft", wrong).await[0]["field"], "taking", "a key stays between the same two");
        // two agreements that are as narrow as each other are told
        act(&admin, "agreementPropose", json!({ "agreement": first["id"] })).await;
        for who in ["marketing.manager", "inside.manager"] {
            sign(&app.actor(who).await, &text(&first["id"])).await;
        }
        let other = crate::authz_coverage::merged(input, json!({ "key": "pumps-too", "scope": { "productAreas": ["valves", "pumps"], "tracks": ["field"] } }));
        let second = act(&giver, "agreementDraft", other).await;
        let query = "query($id: ID!) { agreement(id: $id) { scope { productAreas tracks territories { key } territoryCount } overlaps { key } } }";
        let shown = giver.query(query, json!({ "id": second["id"] })).await;
        assert_eq!(shown["agreement"]["overlaps"], json!([{ "key": "pumps" }]));
        let nested = giver.ask("{ agreements { nodes { overlaps { overlaps { key } } } } }", Value::Null).await;
        assert_eq!(nested.code(), "GRAPHQL_VALIDATION_FAILED", "each level would multiply what is shown");
        let scope = json!({ "productAreas": ["valves", "pumps"], "tracks": ["field"], "territories": [], "territoryCount": 0 });
        assert_eq!(shown["agreement"]["scope"], scope);
    }
}
